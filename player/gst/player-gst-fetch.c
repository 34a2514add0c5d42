/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-fetch.h"

#include "player-gst-ring.h"
#include "player-gst-transfer.h"

struct _PlayerGstFetch
{
  gatomicrefcount ref_count;
  PlayerGstFetchOptions options; /* constant after creation but for the address */
  GWeakRef owner;
  GMainContext *context; /* (owned) of the fetch thread */

  GMutex lock;
  GCond changed;        /* anything below */
  PlayerGstRing *ring;  /* (owned) */
  gboolean stopped;     /* the source has let go */
  gboolean flushing;    /* pull() must not wait */
  gboolean hurried;     /* the network has changed since the last try */
  gboolean resting;     /* the ring has been full: nothing is read until a burst fits in */
  guint64 course;       /* serial number, > 0 */
  guint64 course_start; /* its first byte */
  PlayerGstFetchInfo info;
  PlayerGstFault *fault; /* (owned) (nullable) */
  gboolean cut;          /* the rest cannot be had at the byte behind the ring */
  gboolean told;         /* pull() has told of the end, the cut or the fault */
  GQueue titles;         /* (element-type Title): to come, in order */
  char *title;           /* (owned) (nullable): see player_gst_fetch_take_title() */
};

/* What a broadcast is called from a byte on. */
typedef struct
{
  guint64 position;
  char *text; /* (owned) */
} Title;

static void
title_free (gpointer data)
{
  Title *title = data;

  g_free (title->text);
  g_free (title);
}

void
player_gst_fetch_info_clear (PlayerGstFetchInfo *self)
{
  g_clear_pointer (&self->url, g_free);
}

static PlayerGstFetch *
fetch_ref (PlayerGstFetch *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
player_gst_fetch_unref (PlayerGstFetch *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;

  player_gst_web_remove_listener (self->options.web, self);
  g_clear_pointer (&self->ring, player_gst_ring_free);
  g_clear_pointer (&self->fault, player_gst_fault_free);
  player_gst_fetch_info_clear (&self->info);
  g_queue_clear_full (&self->titles, title_free);
  g_free (self->title);
  g_main_context_unref (self->context);
  g_mutex_clear (&self->lock);
  g_cond_clear (&self->changed);
  g_weak_ref_clear (&self->owner);
  player_gst_address_unref (self->options.address);
  player_gst_web_unref (self->options.web);
  g_free (self);
}

/* Whoever waits for the next try does not wait any longer. */
static void
on_network (gpointer data)
{
  PlayerGstFetch *self = data;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  self->hurried = TRUE;
  g_cond_broadcast (&self->changed);
}

PlayerGstFetch *
player_gst_fetch_new (PlayerGstFetchOptions *options)
{
  PlayerGstFetch *self = g_new0 (PlayerGstFetch, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->options = *options;
  *options = (PlayerGstFetchOptions){ 0 };
  g_weak_ref_init (&self->owner, self->options.owner);
  self->context = g_main_context_new ();
  g_mutex_init (&self->lock);
  g_cond_init (&self->changed);
  self->ring = player_gst_ring_new (self->options.ring_bytes);
  self->course = 1;
  self->info.size_bytes = -1;
  self->info.seekable = TRUE;
  player_gst_web_add_listener (self->options.web, on_network, self);

  g_thread_unref (g_thread_new ("segue-fetch", player_gst_transfer_thread, fetch_ref (self)));
  return self;
}

/* Less than this is not worth a read: the reader would be woken for crumbs. */
static gsize
enough_room (PlayerGstFetch *self, gsize max_bytes)
{
  return MIN (max_bytes, (self->ring->capacity + 3) / 4);
}

/* For less than this a thread that rests is not woken: it reads in bursts. Not in great ones, for
 * servers close connections on which nothing is read for long. */
static gsize
worth_a_burst (PlayerGstFetch *self)
{
  return MAX (self->ring->capacity / 8, enough_room (self, PLAYER_GST_FETCH_CHUNK_BYTES));
}

/* With the lock held: something has been taken out of the ring. */
static void
end_rest (PlayerGstFetch *self)
{
  if (!self->resting || self->ring->capacity - self->ring->fill_bytes < worth_a_burst (self))
    return;
  self->resting = FALSE;
  g_cond_broadcast (&self->changed);
}

/* With the lock held: makes both sides look again. */
static void
notify (PlayerGstFetch *self)
{
  g_cond_broadcast (&self->changed);
  g_main_context_wakeup (self->context);
}

void
player_gst_fetch_abandon (PlayerGstFetch *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  self->stopped = TRUE;
  notify (self);
}

void
player_gst_fetch_release (PlayerGstFetch *self)
{
  player_gst_fetch_abandon (self);
  player_gst_fetch_unref (self);
}

/* With the lock held: another course, from @position on. */
static void
begin_course (PlayerGstFetch *self, guint64 position)
{
  self->course++;
  self->course_start = position;
  self->resting = FALSE;
  self->info.complete = FALSE;
  self->cut = FALSE;
  self->told = FALSE;
  g_clear_pointer (&self->fault, player_gst_fault_free);
  notify (self);
}

void
player_gst_fetch_seek (PlayerGstFetch *self, guint64 position)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  if (player_gst_ring_seek (self->ring, position))
    end_rest (self);
  else
    begin_course (self, position);
}

/* What has come to its end, or has been told to have failed, stays so; a seek reads from there. */
void
player_gst_fetch_renew (PlayerGstFetch *self, PlayerGstAddress *address)
{
  g_autoptr (PlayerGstAddress) old = NULL;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  old = self->options.address;
  self->options.address = address;
  if (!self->info.complete && !self->told)
    begin_course (self, self->ring->position + self->ring->fill_bytes);
}

void
player_gst_fetch_give_up (PlayerGstFetch *self, PlayerGstFault *fault)
{
  g_autoptr (PlayerGstFault) owned = fault;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  if (self->info.complete || self->told)
    return;
  begin_course (self, self->ring->position + self->ring->fill_bytes);
  self->fault = g_steal_pointer (&owned);
}

guint64
player_gst_fetch_get_ahead (PlayerGstFetch *self, gboolean *full)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  *full = self->info.complete || self->cut || self->fault != NULL || self->resting
          || self->ring->capacity - self->ring->fill_bytes
                 < enough_room (self, 2 * PLAYER_GST_FETCH_CHUNK_BYTES);
  return self->ring->fill_bytes;
}

void
player_gst_fetch_set_flushing (PlayerGstFetch *self, gboolean flushing)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  self->flushing = flushing;
  g_cond_broadcast (&self->changed);
}

void
player_gst_fetch_get_info (PlayerGstFetch *self, PlayerGstFetchInfo *info)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  *info = self->info;
  info->url = g_strdup (self->info.url);
}

/* With the lock held: what is due where the ring begins now. Returns how much may be taken before the
 * next one is. */
static guint64
reach_titles (PlayerGstFetch *self)
{
  Title *next;

  while ((next = g_queue_peek_head (&self->titles)) != NULL
         && next->position <= self->ring->position)
    {
      g_free (self->title);
      self->title = g_steal_pointer (&next->text);
      title_free (g_queue_pop_head (&self->titles));
    }
  return next != NULL ? next->position - self->ring->position : G_MAXUINT64;
}

static GstBuffer *
take_buffer (PlayerGstFetch *self, gsize max_bytes)
{
  gsize length = (gsize)MIN (reach_titles (self), MIN (max_bytes, self->ring->fill_bytes));
  guint8 *data = g_malloc (length);
  player_gst_ring_pull (self->ring, data, length);
  end_rest (self);
  return gst_buffer_new_wrapped (data, length);
}

PlayerGstPull
player_gst_fetch_pull (PlayerGstFetch *self,
                       gsize max_bytes,
                       GstBuffer **buffer,
                       const PlayerGstFault **fault)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (!self->flushing && !self->stopped && self->ring->fill_bytes == 0 && !self->info.complete
         && !self->cut && self->fault == NULL)
    g_cond_wait (&self->changed, &self->lock);

  if (self->flushing)
    return PLAYER_GST_PULL_FLUSHING;
  if (self->stopped)
    return PLAYER_GST_PULL_END;
  if (self->ring->fill_bytes > 0)
    {
      *buffer = take_buffer (self, max_bytes);
      return PLAYER_GST_PULL_DATA;
    }
  self->told = TRUE;
  if (self->cut)
    return PLAYER_GST_PULL_CUT;
  if (self->fault == NULL)
    return PLAYER_GST_PULL_END;
  *fault = self->fault;
  return PLAYER_GST_PULL_FAULT;
}

char *
player_gst_fetch_take_title (PlayerGstFetch *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  return g_steal_pointer (&self->title);
}

const PlayerGstFetchOptions *
player_gst_fetch_get_options (PlayerGstFetch *self)
{
  return &self->options;
}

GMainContext *
player_gst_fetch_get_context (PlayerGstFetch *self)
{
  return self->context;
}

void
player_gst_fetch_leave_context (PlayerGstFetch *self)
{
  GMainContext *stuck = self->context;

  g_main_context_pop_thread_default (stuck);
  g_mutex_lock (&self->lock);
  self->context = g_main_context_new ();
  g_mutex_unlock (&self->lock);
  g_main_context_push_thread_default (self->context);
}

static gboolean
is_current_unlocked (PlayerGstFetch *self, guint64 course)
{
  return !self->stopped && self->course == course;
}

guint64
player_gst_fetch_wait_course (PlayerGstFetch *self, guint64 *position)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  while (!self->stopped && (self->info.complete || self->cut || self->fault != NULL))
    g_cond_wait (&self->changed, &self->lock);

  *position = self->course_start;
  return self->stopped ? 0 : self->course;
}

gboolean
player_gst_fetch_is_current (PlayerGstFetch *self, guint64 course)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  return is_current_unlocked (self, course);
}

gsize
player_gst_fetch_wait_room (PlayerGstFetch *self, guint64 course, gsize max_bytes, gboolean *waited)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  gsize enough = enough_room (self, max_bytes);

  *waited = FALSE;
  self->resting |= self->ring->capacity - self->ring->fill_bytes < enough;
  while (is_current_unlocked (self, course) && self->resting)
    {
      *waited = TRUE;
      g_cond_wait (&self->changed, &self->lock);
    }
  if (!is_current_unlocked (self, course))
    return 0;
  return MIN (max_bytes, self->ring->capacity - self->ring->fill_bytes);
}

PlayerGstAddress *
player_gst_fetch_get_address (PlayerGstFetch *self)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  return player_gst_address_ref (self->options.address);
}

/* FALSE = the course is over. */
static gboolean
wait_ms (PlayerGstFetch *self, guint64 course, guint ms)
{
  gint64 until = g_get_monotonic_time () + ms * G_TIME_SPAN_MILLISECOND;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (is_current_unlocked (self, course)
         && g_cond_wait_until (&self->changed, &self->lock, until))
    continue;
  return is_current_unlocked (self, course);
}

gboolean
player_gst_fetch_wait_renewal (PlayerGstFetch *self, guint64 course, guint http_status)
{
  g_autoptr (GObject) owner = g_weak_ref_get (&self->owner);
  if (owner != NULL && self->options.refused != NULL && player_gst_fetch_is_current (self, course))
    self->options.refused (owner, http_status);
  g_clear_object (&owner);
  return wait_ms (self, course, self->options.renewal_ms);
}

gboolean
player_gst_fetch_wait_try (PlayerGstFetch *self, guint64 course, guint ms)
{
  gint64 until = g_get_monotonic_time () + ms * G_TIME_SPAN_MILLISECOND;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);

  while (is_current_unlocked (self, course) && !self->hurried
         && g_cond_wait_until (&self->changed, &self->lock, until))
    continue;
  self->hurried = FALSE;
  return is_current_unlocked (self, course);
}

void
player_gst_fetch_push (PlayerGstFetch *self, guint64 course, const guint8 *data, gsize length)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  if (!is_current_unlocked (self, course))
    return;
  player_gst_ring_push (self->ring, data, length);
  g_cond_broadcast (&self->changed);
}

void
player_gst_fetch_push_title (PlayerGstFetch *self,
                             guint64 course,
                             guint64 position,
                             const char *title)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  if (!is_current_unlocked (self, course))
    return;
  Title *one = g_new (Title, 1);
  one->position = position;
  one->text = g_strdup (title != NULL ? title : "");
  g_queue_push_tail (&self->titles, one);
}

void
player_gst_fetch_tell (
    PlayerGstFetch *self, guint64 course, gint64 size_bytes, gboolean seekable, const char *url)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  if (!is_current_unlocked (self, course))
    return;
  self->info.known = TRUE;
  self->info.size_bytes = size_bytes;
  self->info.seekable = seekable;
  g_free (self->info.url);
  self->info.url = g_strdup (url);
}

void
player_gst_fetch_complete (PlayerGstFetch *self, guint64 course)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  if (!is_current_unlocked (self, course))
    return;
  self->info.complete = TRUE;
  g_cond_broadcast (&self->changed);
}

void
player_gst_fetch_cut (PlayerGstFetch *self, guint64 course)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  if (!is_current_unlocked (self, course))
    return;
  self->cut = TRUE;
  g_cond_broadcast (&self->changed);
}

void
player_gst_fetch_fail (PlayerGstFetch *self, guint64 course, PlayerGstFault *fault)
{
  g_autoptr (PlayerGstFault) owned = fault;
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  if (!is_current_unlocked (self, course))
    return;
  self->fault = g_steal_pointer (&owned);
  g_cond_broadcast (&self->changed);
}
