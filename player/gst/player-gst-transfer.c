/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-transfer.h"

#include <string.h>

#include "player-gst-icy.h"
#include "player-gst-patience.h"
#include "player-gst-request.h"
#include "player-gst-resource.h"

typedef struct
{
  PlayerGstFetch *fetch;                /* (owned) */
  const PlayerGstFetchOptions *options; /* (unowned) */
  GTlsDatabase *ca;                     /* (owned) (nullable) */
  PlayerGstAddress *address;            /* (owned) (nullable) before the first course */
  gboolean asked;                       /* the address, at least once */
  PlayerGstResource resource;
  PlayerGstPatience patience;

  /* the course under way */
  guint64 course;
  guint64 position; /* next byte wanted */
  gboolean doubted; /* it seems to have ended at position; the next attempt looks whether it has */
  gboolean closed;  /* a broadcast has ended as if it were over; the next attempt tells */

  /* the answer under way */
  guint64 begun; /* position when it was asked for */
  guint64 skip;  /* bytes that repeat what we have */
  GByteArray
      *repeat;       /* (owned) (nullable): what it begins with, to be compared with what we have */
  PlayerGstIcy *icy; /* (owned) (nullable): titles lie between its bytes */
  char *station;     /* (owned) (nullable): says so of itself */
} Transfer;

typedef enum
{
  ATTEMPT_COMPLETE,
  ATTEMPT_INTERRUPTED,
  ATTEMPT_CUT, /* the rest cannot be had at this byte */
  ATTEMPT_FAULT,
} Attempt;

static gboolean
is_interrupted (gpointer user_data)
{
  Transfer *self = user_data;
  return !player_gst_fetch_is_current (self->fetch, self->course);
}

static gint64
deadline_in (guint ms)
{
  return g_get_monotonic_time () + ms * G_TIME_SPAN_MILLISECOND;
}

static gboolean
is_at_end (Transfer *self)
{
  return self->resource.size_bytes >= 0 && self->position >= (guint64)self->resource.size_bytes;
}

/* Before the first byte silence is an answer; later it is worth another try. */
static PlayerGstFault *
fault_no_answer (Transfer *self)
{
  return player_gst_fault_new (
      self->patience.had_byte ? PLAYER_GST_FAULT_BROKEN : PLAYER_GST_FAULT_FINAL,
      PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, "no answer within %u ms", self->options->headers_ms);
}

/* If nothing has come at all, the line has not broken: what has been announced is not there. */
static PlayerGstFault *
fault_truncated (Transfer *self)
{
  return player_gst_fault_new (self->position > self->begun ? PLAYER_GST_FAULT_BROKEN
                                                            : PLAYER_GST_FAULT_FEW,
                               PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR,
                               "transfer ended at byte %" G_GUINT64_FORMAT " of %" G_GINT64_FORMAT,
                               self->position, self->resource.size_bytes);
}

/* -- the body of an answer -- */

/* The body has ended, or seems to have. Where no length was announced and the end is in doubt, ask
 * for what comes behind it, once. A broadcast has no end, unless nobody answers any more. */
static Attempt
end_of_body (Transfer *self, PlayerGstRequest *request, PlayerGstFault **fault)
{
  if (self->resource.size_bytes >= 0 && !is_at_end (self))
    {
      *fault = fault_truncated (self);
      return ATTEMPT_FAULT;
    }
  if (!self->resource.live
      && (self->resource.size_bytes >= 0 || self->doubted || self->position == 0
          || !player_gst_request_is_end_doubtful (request)))
    return ATTEMPT_COMPLETE;
  self->doubted = !self->resource.live;
  self->closed = self->resource.live;
  *fault = player_gst_fault_new (PLAYER_GST_FAULT_BROKEN, PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE,
                                 "connection closed, the stream may be cut off");
  return ATTEMPT_FAULT;
}

/* What has not been there before goes into the ring; there is room. */
static void
deliver (Transfer *self, const guint8 *data, gsize length)
{
  player_gst_resource_note (&self->resource, self->position, data, length);
  player_gst_fetch_push (self->fetch, self->course, data, length);
  self->position += length;
  self->doubted = FALSE;
  self->closed = FALSE;
  player_gst_patience_progress (&self->patience, g_get_monotonic_time ());
}

/* -- titles of a broadcast -- */

/* A station without a title goes by its name. */
static void
on_title (const char *title, guint64 at, gpointer data)
{
  Transfer *self = data;
  player_gst_fetch_push_title (self->fetch, self->course, self->begun + at,
                               title != NULL ? title : self->station);
}

/* Each connection begins to count anew. */
static void
expect_titles (Transfer *self, SoupMessageHeaders *headers)
{
  const char *interval = soup_message_headers_get_one (headers, "icy-metaint");
  const char *name = soup_message_headers_get_one (headers, "icy-name");
  guint64 bytes = 0;

  g_clear_pointer (&self->icy, player_gst_icy_free);
  g_clear_pointer (&self->station, g_free);
  if (self->skip > 0 || self->begun != self->position)
    return;
  if (name != NULL)
    self->station = player_gst_icy_decode (name, -1);
  if (self->station != NULL && self->position == 0)
    on_title (NULL, 0, self);
  if (interval != NULL && g_ascii_string_to_unsigned (interval, 10, 1, G_MAXINT, &bytes, NULL))
    self->icy = player_gst_icy_new ((guint)bytes, on_title, self);
}

/* -- the body goes on -- */

/* The answer has begun as what we have does, or otherwise: then it is a broadcast, and all of it is new.
 * FALSE = the course is over. */
static gboolean
compare (Transfer *self)
{
  g_autoptr (GByteArray) repeat = g_steal_pointer (&self->repeat);
  gboolean waited;

  if (memcmp (repeat->data, self->resource.head->data, repeat->len) == 0)
    return TRUE;
  g_debug ("byte %" G_GUINT64_FORMAT ": it is a broadcast", self->position);
  self->resource.live = TRUE;
  self->skip = 0;
  for (guint done = 0; done < repeat->len;)
    {
      gsize room
          = player_gst_fetch_wait_room (self->fetch, self->course, repeat->len - done, &waited);
      if (room == 0)
        return FALSE;
      deliver (self, repeat->data + done, room);
      done += (guint)room;
    }
  return TRUE;
}

/* What comes again, in place of a part. FALSE = the course is over. */
static gboolean
drop (Transfer *self, const guint8 *data, gsize length)
{
  self->skip -= length;
  if (self->repeat == NULL)
    return TRUE;
  g_byte_array_append (self->repeat, data, (guint)length);
  return self->repeat->len < self->resource.head->len ? TRUE : compare (self);
}

/* How much may be read now, into @max_bytes; 0 = the course is over. */
static gsize
wait_room (Transfer *self, gsize max_bytes)
{
  gboolean waited = FALSE;

  if (self->repeat != NULL)
    return self->resource.head->len - self->repeat->len;
  if (self->skip > 0)
    return MIN (max_bytes, self->skip);
  gsize room = player_gst_fetch_wait_room (self->fetch, self->course, max_bytes, &waited);
  if (waited)
    self->patience.since_us = g_get_monotonic_time ();
  return room;
}

static Attempt
read_body (Transfer *self, PlayerGstRequest *request, PlayerGstFault **fault)
{
  guint8 data[PLAYER_GST_FETCH_CHUNK_BYTES];

  while (self->skip > 0 || !is_at_end (self))
    {
      gsize room = wait_room (self, sizeof data);
      if (room == 0)
        return ATTEMPT_INTERRUPTED;

      gsize length = 0;
      switch (player_gst_request_read (request, data, room, deadline_in (self->options->stall_ms),
                                       &length, fault))
        {
        case PLAYER_GST_REQUEST_DONE:
          break;
        case PLAYER_GST_REQUEST_INTERRUPTED:
          return ATTEMPT_INTERRUPTED;
        case PLAYER_GST_REQUEST_TIMED_OUT:
          *fault = player_gst_fault_new (PLAYER_GST_FAULT_BROKEN,
                                         PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE,
                                         "no data for %u ms", self->options->stall_ms);
          return ATTEMPT_FAULT;
        case PLAYER_GST_REQUEST_FAULT:
        default:
          return ATTEMPT_FAULT;
        }
      if (length == 0)
        return end_of_body (self, request, fault);
      if (self->icy != NULL)
        length = player_gst_icy_strip (self->icy, data, length);
      if (self->skip == 0)
        deliver (self, data, length);
      else if (!drop (self, data, length))
        return ATTEMPT_INTERRUPTED;
    }
  return ATTEMPT_COMPLETE;
}

/* -- one attempt -- */

/* What the answer's headers tell before its body. */
static Attempt
begin_body (Transfer *self, PlayerGstRequest *request, guint64 start, PlayerGstFault **fault)
{
  SoupMessage *message = player_gst_request_get_message (request);
  g_autofree char *url = g_uri_to_string (soup_message_get_uri (message));
  gboolean seekable = self->resource.ranges && self->resource.size_bytes >= 0;

  player_gst_fetch_tell (self->fetch, self->course, self->resource.size_bytes, seekable, url);
  self->skip = self->position - start;
  expect_titles (self, soup_message_get_response_headers (message));
  return read_body (self, request, fault);
}

static Attempt
judge (Transfer *self, PlayerGstRequest *request, PlayerGstFault **fault)
{
  SoupMessage *message = player_gst_request_get_message (request);
  guint64 start = 0;

  switch (player_gst_resource_judge (
      &self->resource, soup_message_get_status (message), soup_message_get_uri (message),
      soup_message_get_response_headers (message), self->position, &start))
    {
    case PLAYER_GST_ANSWER_DATA:
      return begin_body (self, request, start, fault);
    case PLAYER_GST_ANSWER_LIVE:
      return begin_body (self, request, self->position, fault);
    case PLAYER_GST_ANSWER_COMPARE:
      self->repeat = g_byte_array_new ();
      return begin_body (self, request, 0, fault);
    case PLAYER_GST_ANSWER_END:
      return ATTEMPT_COMPLETE;
    case PLAYER_GST_ANSWER_CHANGED:
      g_debug ("byte %" G_GUINT64_FORMAT ": the stream has changed on the server", self->position);
      return ATTEMPT_CUT;
    case PLAYER_GST_ANSWER_UNPROVEN:
      g_debug ("byte %" G_GUINT64_FORMAT ": the server cannot go on there", self->position);
      return ATTEMPT_CUT;
    case PLAYER_GST_ANSWER_NONE:
    default:
      *fault = player_gst_request_get_refusal (request, self->resource.known, self->position);
      return ATTEMPT_FAULT;
    }
}

static Attempt
ask (Transfer *self, PlayerGstRequest *request, PlayerGstFault **fault)
{
  switch (player_gst_request_send (request, self->address, self->resource.live ? 0 : self->position,
                                   player_gst_resource_get_validator (&self->resource),
                                   deadline_in (self->options->headers_ms), fault))
    {
    case PLAYER_GST_REQUEST_DONE:
      return judge (self, request, fault);
    case PLAYER_GST_REQUEST_INTERRUPTED:
      return ATTEMPT_INTERRUPTED;
    case PLAYER_GST_REQUEST_TIMED_OUT:
      *fault = fault_no_answer (self);
      return ATTEMPT_FAULT;
    case PLAYER_GST_REQUEST_FAULT:
    default:
      return ATTEMPT_FAULT;
    }
}

/* An address may be asked as long as it is valid, and once in any case: whether that is worth while is
 * for whoever gave it. */
static gboolean
is_expired (const Transfer *self)
{
  return self->asked && self->address->valid_until_us > 0
         && g_get_monotonic_time () > self->address->valid_until_us;
}

static Attempt
attempt (Transfer *self, PlayerGstFault **fault)
{
  if (is_at_end (self))
    return ATTEMPT_COMPLETE;
  if (is_expired (self))
    {
      *fault = player_gst_fault_new_expired ();
      return ATTEMPT_FAULT;
    }

  self->asked = TRUE;
  g_clear_pointer (&self->repeat, g_byte_array_unref);
  self->begun = self->position;
  g_autoptr (PlayerGstRequest) request = player_gst_request_new (
      player_gst_fetch_get_context (self->fetch), self->ca, is_interrupted, self);
  Attempt result = ask (self, request, fault);
  if (player_gst_request_is_stuck (request))
    player_gst_fetch_leave_context (self->fetch);
  return result;
}

/* -- one attempt after the other -- */

/* The address has expired, and another one may be had. */
static gboolean
is_refused (Transfer *self, const PlayerGstFault *fault)
{
  return self->address->renewable
         && (fault->expired || fault->http_status == 401 || fault->http_status == 403
             || fault->http_status == 410);
}

/* Nobody says that what seemed to have ended has not. */
static gboolean
has_ended (Transfer *self, const PlayerGstFault *fault)
{
  const gboolean answered
      = fault->kind == PLAYER_GST_FAULT_FINAL || fault->kind == PLAYER_GST_FAULT_FEW;

  return (self->doubted && answered) || self->closed;
}

static gboolean
give_up (Transfer *self, PlayerGstFault *fault)
{
  if (has_ended (self, fault))
    {
      player_gst_fetch_complete (self->fetch, self->course);
      player_gst_fault_free (fault);
    }
  else
    player_gst_fetch_fail (self->fetch, self->course, fault);
  return FALSE;
}

static gboolean
recover (Transfer *self, PlayerGstFault *fault)
{
  g_autoptr (PlayerGstFault) owned = fault;

  if (is_refused (self, fault))
    {
      if (!player_gst_fetch_wait_renewal (self->fetch, self->course, fault->http_status))
        return FALSE;
      return give_up (self, g_steal_pointer (&owned));
    }
  if (fault->no_way && !player_gst_web_is_online (self->options->web))
    fault->kind = PLAYER_GST_FAULT_OFFLINE;
  gint64 wait_ms = player_gst_patience_ask (&self->patience, fault, self->options->give_up_ms,
                                            g_get_monotonic_time ());
  if (wait_ms < 0)
    return give_up (self, g_steal_pointer (&owned));
  g_debug ("byte %" G_GUINT64_FORMAT ": %s; trying again in %" G_GINT64_FORMAT " ms",
           self->position, fault->message, wait_ms);
  return player_gst_fetch_wait_try (self->fetch, self->course, (guint)wait_ms);
}

/* TRUE = try again. */
static gboolean
step (Transfer *self)
{
  PlayerGstFault *fault = NULL;

  switch (attempt (self, &fault))
    {
    case ATTEMPT_COMPLETE:
      player_gst_fetch_complete (self->fetch, self->course);
      return FALSE;
    case ATTEMPT_INTERRUPTED:
      return FALSE;
    case ATTEMPT_CUT:
      /* Where it seemed to have ended, nothing says that it has not. */
      if (self->doubted)
        player_gst_fetch_complete (self->fetch, self->course);
      else
        player_gst_fetch_cut (self->fetch, self->course);
      return FALSE;
    case ATTEMPT_FAULT:
    default:
      return recover (self, fault);
    }
}

/* Since the last course it may have been renewed. */
static void
take_address (Transfer *self)
{
  PlayerGstAddress *address = player_gst_fetch_get_address (self->fetch);

  self->asked &= address == self->address;
  self->resource.moved |= self->address != NULL && address != self->address;
  g_clear_pointer (&self->address, player_gst_address_unref);
  self->address = address;
}

static void
begin_course (Transfer *self)
{
  player_gst_patience_begin (&self->patience, g_get_monotonic_time ());
  self->doubted = FALSE;
  self->closed = FALSE;
  take_address (self);
}

/* FALSE = the named CA file cannot be used; told. */
static gboolean
load_ca (Transfer *self)
{
  g_autoptr (GError) error = NULL;
  if (player_gst_web_load_ca (self->options->web, &self->ca, &error))
    return TRUE;
  player_gst_fetch_fail (self->fetch, self->course,
                         player_gst_fault_new (PLAYER_GST_FAULT_FINAL,
                                               PLAYER_MEDIA_ERROR_INTERNAL_DEVICE_ERROR,
                                               "CA file: %s", error->message));
  return FALSE;
}

gpointer
player_gst_transfer_thread (gpointer data)
{
  PlayerGstFetch *fetch = data;
  Transfer self = { .fetch = fetch, .options = player_gst_fetch_get_options (fetch) };
  player_gst_resource_clear (&self.resource);

  g_main_context_push_thread_default (player_gst_fetch_get_context (fetch));
  while ((self.course = player_gst_fetch_wait_course (fetch, &self.position)) != 0)
    {
      begin_course (&self);
      if (!load_ca (&self))
        continue;
      while (step (&self))
        continue;
    }
  g_main_context_pop_thread_default (player_gst_fetch_get_context (fetch));

  g_clear_pointer (&self.address, player_gst_address_unref);
  g_clear_pointer (&self.repeat, g_byte_array_unref);
  g_clear_pointer (&self.icy, player_gst_icy_free);
  g_free (self.station);
  g_clear_object (&self.ca);
  player_gst_resource_clear (&self.resource);
  player_gst_fetch_unref (fetch);
  return NULL;
}
