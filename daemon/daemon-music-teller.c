/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-teller.h"

#include "daemon-music-fault.h"
#include "daemon-music-retry.h"

#include <string.h>

#define MAX_ATTEMPTS 3

struct _DaemonMusicTeller
{
  DaemonMusicAccount *account; /* (owned) */
  const DaemonMusicStanding *standing;
  PlayerClock *clock;     /* (owned) */
  GQueue waiting;         /* (owned) (element-type News): the first is the one in flight */
  GSource *kick;          /* (owned) (nullable): sends from the main loop */
  guint alarm;            /* not 0: before the next attempt */
  struct _Flight *flight; /* (nullable): under way, and not owned: its answer owns it */
  gboolean unwanted;
};

typedef struct
{
  AlexaMusicEvent *event; /* (owned) */
  gint64 wall_us;
  guint attempts;
} News;

typedef struct _Flight
{
  DaemonMusicTeller *teller;   /* (nullable): it is gone */
  DaemonMusicAccount *account; /* (owned) */
  GCancellable *cancellable;   /* (owned) */
  char *message_id;            /* (owned) */
} Flight;

static void
news_free (News *self)
{
  alexa_music_event_unref (self->event);
  g_free (self);
}

static void
flight_free (Flight *self)
{
  daemon_music_account_unref (self->account);
  g_object_unref (self->cancellable);
  g_free (self->message_id);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Flight, flight_free)

DaemonMusicTeller *
daemon_music_teller_new (DaemonMusicAccount *account, const DaemonMusicStanding *standing)
{
  g_return_val_if_fail (account != NULL && standing != NULL, NULL);
  DaemonMusicTeller *self = g_new0 (DaemonMusicTeller, 1);
  self->account = daemon_music_account_ref (account);
  self->standing = standing;
  self->clock = g_object_ref (daemon_music_account_get_context (account)->clock);
  g_queue_init (&self->waiting);
  return self;
}

static void
clear_kick (DaemonMusicTeller *self)
{
  if (self->kick != NULL)
    g_source_destroy (self->kick);
  g_clear_pointer (&self->kick, g_source_unref);
}

void
daemon_music_teller_free (DaemonMusicTeller *self)
{
  if (self == NULL)
    return;
  clear_kick (self);
  player_clock_remove_alarm (self->clock, self->alarm);
  if (self->flight != NULL)
    {
      self->flight->teller = NULL;
      g_cancellable_cancel (self->flight->cancellable);
    }
  g_queue_clear_full (&self->waiting, (GDestroyNotify)news_free);
  g_object_unref (self->clock);
  daemon_music_account_unref (self->account);
  g_free (self);
}

static void advance (DaemonMusicTeller *self);

static void
drop_first (DaemonMusicTeller *self)
{
  news_free (g_queue_pop_head (&self->waiting));
}

static void
on_alarm (gpointer user_data)
{
  DaemonMusicTeller *self = user_data;
  self->alarm = 0;
  advance (self);
}

/* (nullable): why what came is no "{}". */
static char *
find_refusal (GBytes *body, AlexaMusicErrorType *type)
{
  g_autoptr (GPtrArray) findings
      = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_finding_free);
  /* Any message will do: only an ErrorResponse is of interest. */
  g_autoptr (AlexaMusicAnswer) answer
      = alexa_music_answer_parse (ALEXA_MUSIC_SET_LOOP, body, FALSE, findings, NULL);
  *type = answer != NULL ? answer->error : ALEXA_MUSIC_ERROR_NONE;
  return *type != ALEXA_MUSIC_ERROR_NONE ? g_strdup (answer->error_name) : NULL;
}

/* The first event has come back with @answer, or @error. */
static void
settle (DaemonMusicTeller *self, const DaemonAnswer *answer, const GError *error, guint status)
{
  const char *origin = daemon_music_account_get_origin (self->account);
  News *first = g_queue_peek_head (&self->waiting);
  if (answer == NULL && daemon_music_fault_is_passing (error, status)
      && first->attempts < MAX_ATTEMPTS)
    {
      guint wait_ms = daemon_music_retry_get_wait_ms (first->attempts);
      self->alarm = player_clock_add_alarm (self->clock, wait_ms, on_alarm, self);
      return;
    }
  AlexaMusicErrorType type = ALEXA_MUSIC_ERROR_NONE;
  g_autofree char *refusal = answer != NULL ? find_refusal (answer->body, &type) : NULL;
  if (answer == NULL || refusal != NULL)
    g_message ("%s: it could not be told of %s: %s", origin,
               alexa_music_event_type_to_string (first->event->type),
               answer == NULL ? error->message : refusal);
  self->unwanted = type == ALEXA_MUSIC_ERROR_INVALID_DIRECTIVE;
  drop_first (self);
  if (self->unwanted)
    g_queue_clear_full (&self->waiting, (GDestroyNotify)news_free);
  advance (self);
}

static void
on_posted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Flight) flight = user_data;
  g_autoptr (GError) error = NULL;
  guint status = 0;
  g_autoptr (DaemonAnswer) answer = daemon_music_account_post_finish (
      flight->account, flight->message_id, result, &status, &error);
  DaemonMusicTeller *self = flight->teller;
  if (self == NULL)
    return;
  self->flight = NULL;
  settle (self, answer, error, status);
}

static void
send_first (DaemonMusicTeller *self, const char *token)
{
  News *first = g_queue_peek_head (&self->waiting);
  Flight *flight = g_new0 (Flight, 1);
  flight->teller = self;
  flight->account = daemon_music_account_ref (self->account);
  flight->cancellable = g_cancellable_new ();
  flight->message_id = g_uuid_string_random ();
  self->flight = flight;
  first->attempts++;

  AlexaMusicEnvelope envelope
      = daemon_music_account_get_envelope (self->account, flight->message_id, token);
  g_autoptr (GBytes) body
      = alexa_music_event_build (first->event, &envelope, first->wall_us,
                                 daemon_music_account_get_context (self->account)->device_id);
  daemon_music_account_post (self->account, flight->message_id,
                             alexa_music_event_type_to_string (first->event->type), body,
                             flight->cancellable, on_posted, flight);
}

static gboolean
on_kick (gpointer user_data)
{
  DaemonMusicTeller *self = user_data;
  clear_kick (self);
  gint64 wait_ms = daemon_music_standing_get_wait_ms (self->standing);
  if (wait_ms > 0)
    {
      self->alarm = player_clock_add_alarm (self->clock, wait_ms, on_alarm, self);
      return G_SOURCE_REMOVE;
    }
  g_autofree char *token = daemon_music_account_read_token (self->account);
  if (daemon_music_standing_takes (self->standing, token, FALSE))
    send_first (self, token);
  else
    g_queue_clear_full (&self->waiting, (GDestroyNotify)news_free);
  return G_SOURCE_REMOVE;
}

static void
advance (DaemonMusicTeller *self)
{
  if (self->kick != NULL || self->flight != NULL || self->alarm != 0
      || g_queue_is_empty (&self->waiting))
    return;
  self->kick = g_idle_source_new ();
  g_source_set_callback (self->kick, on_kick, self, NULL);
  g_source_attach (self->kick, g_main_context_get_thread_default ());
}

void
daemon_music_teller_push (DaemonMusicTeller *self, AlexaMusicEvent *event)
{
  g_return_if_fail (self != NULL && event != NULL);
  if (self->unwanted)
    return;
  if (self->waiting.length >= DAEMON_MUSIC_TELLER_MAX)
    {
      /* Not the one that is under way. */
      news_free (g_queue_pop_nth (&self->waiting, self->flight != NULL ? 1 : 0));
      g_message ("%s: too many events wait; the oldest is dropped",
                 daemon_music_account_get_origin (self->account));
    }
  News *news = g_new0 (News, 1);
  news->event = alexa_music_event_ref (event);
  news->wall_us = g_get_real_time ();
  g_queue_push_tail (&self->waiting, news);
  advance (self);
}

void
daemon_music_teller_hurry (DaemonMusicTeller *self)
{
  g_return_if_fail (self != NULL);
  player_clock_remove_alarm (self->clock, self->alarm);
  self->alarm = 0;
  advance (self);
}
