/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-transfer.h"

#include "player-gst-request.h"
#include "player-gst-resource.h"

#define BACK_OFF_MIN_MS 100
#define BACK_OFF_MAX_MS 5000
#define CONNECT_TRIES 3
#define SERVER_ERROR_RETRIES 2

typedef struct
{
  PlayerGstFetch *fetch;                /* (owned) */
  const PlayerGstFetchOptions *options; /* (unowned) */
  GTlsDatabase *ca;                     /* (owned) (nullable) */
  PlayerGstAddress *address;            /* (owned) */
  PlayerGstResource resource;
  gboolean had_byte; /* of this resource, in any course */

  /* the course under way */
  guint64 course;
  guint64 position;    /* next byte wanted */
  gint64 last_byte_us; /* when something new came last, or began to be wanted */
  guint back_off_ms;
  guint connect_tries;
  guint server_errors;
  gboolean doubted; /* it seems to have ended at position; the next attempt looks whether it has */
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

static void
mark_progress (Transfer *self)
{
  self->last_byte_us = g_get_monotonic_time ();
  self->back_off_ms = BACK_OFF_MIN_MS;
  self->connect_tries = 0;
  self->server_errors = 0;
  self->doubted = FALSE;
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
  return player_gst_fault_new (self->had_byte ? PLAYER_GST_FAULT_BROKEN : PLAYER_GST_FAULT_FINAL,
                               PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, "no answer within %u ms",
                               self->options->headers_ms);
}

static PlayerGstFault *
fault_truncated (Transfer *self, PlayerGstFaultKind kind)
{
  return player_gst_fault_new (kind, PLAYER_MEDIA_ERROR_INTERNAL_SERVER_ERROR,
                               "transfer ended at byte %" G_GUINT64_FORMAT " of %" G_GINT64_FORMAT,
                               self->position, self->resource.size_bytes);
}

/* The body has ended, or seems to have. Where no length was announced and the end is in doubt, ask
 * for what comes behind it, once. */
static Attempt
end_of_body (Transfer *self, PlayerGstRequest *request, PlayerGstFault **fault)
{
  if (self->resource.size_bytes >= 0 && !is_at_end (self))
    {
      *fault = fault_truncated (self, PLAYER_GST_FAULT_BROKEN);
      return ATTEMPT_FAULT;
    }
  if (self->resource.size_bytes >= 0 || self->doubted || self->position == 0
      || !player_gst_request_is_end_doubtful (request))
    return ATTEMPT_COMPLETE;
  self->doubted = TRUE;
  *fault = player_gst_fault_new (PLAYER_GST_FAULT_BROKEN, PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE,
                                 "connection closed, the stream may be cut off");
  return ATTEMPT_FAULT;
}

/* Hands on what lies beyond *@skip bytes, which repeat what we have. */
static void
deliver (Transfer *self, const guint8 *data, gsize length, guint64 *skip)
{
  gsize dropped = MIN (*skip, length);
  *skip -= dropped;
  if (dropped == length)
    return;
  player_gst_fetch_push (self->fetch, self->course, data + dropped, length - dropped);
  self->position += length - dropped;
  self->had_byte = TRUE;
  mark_progress (self);
}

static Attempt
read_body (Transfer *self, PlayerGstRequest *request, guint64 start, PlayerGstFault **fault)
{
  guint8 data[PLAYER_GST_FETCH_CHUNK_BYTES];
  guint64 skip = self->position - start;

  while (skip > 0 || !is_at_end (self))
    {
      gboolean waited = FALSE;
      gsize room = sizeof data;
      if (skip == 0)
        room = player_gst_fetch_wait_room (self->fetch, self->course, sizeof data, &waited);
      if (room == 0)
        return ATTEMPT_INTERRUPTED;
      if (waited)
        self->last_byte_us = g_get_monotonic_time ();

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
      deliver (self, data, length, &skip);
    }
  return ATTEMPT_COMPLETE;
}

static Attempt
take_answer (Transfer *self, PlayerGstRequest *request, PlayerGstFault **fault)
{
  SoupMessage *message = player_gst_request_get_message (request);
  guint status = soup_message_get_status (message);
  SoupMessageHeaders *headers = soup_message_get_response_headers (message);
  guint64 start = 0;

  switch (player_gst_resource_judge (&self->resource, status, headers, self->position, &start))
    {
    case PLAYER_GST_ANSWER_DATA:
      break;
    case PLAYER_GST_ANSWER_END:
      return ATTEMPT_COMPLETE;
    case PLAYER_GST_ANSWER_SHORT:
      *fault = fault_truncated (self, PLAYER_GST_FAULT_FINAL);
      return ATTEMPT_FAULT;
    case PLAYER_GST_ANSWER_CHANGED:
      g_debug ("byte %" G_GUINT64_FORMAT ": the stream has changed on the server", self->position);
      return ATTEMPT_CUT;
    case PLAYER_GST_ANSWER_UNPROVEN:
      g_debug ("byte %" G_GUINT64_FORMAT ": the server cannot go on there", self->position);
      return ATTEMPT_CUT;
    case PLAYER_GST_ANSWER_NONE:
    default:
      *fault = player_gst_fault_new_http (status);
      return ATTEMPT_FAULT;
    }

  g_autofree char *url = g_uri_to_string (soup_message_get_uri (message));
  gboolean seekable = self->resource.ranges && self->resource.size_bytes >= 0;
  player_gst_fetch_tell (self->fetch, self->course, self->resource.size_bytes, seekable, url);
  return read_body (self, request, start, fault);
}

static Attempt
attempt (Transfer *self, PlayerGstFault **fault)
{
  if (is_at_end (self))
    return ATTEMPT_COMPLETE;

  g_autoptr (PlayerGstRequest) request = player_gst_request_new (
      player_gst_fetch_get_context (self->fetch), self->ca, is_interrupted, self);
  switch (player_gst_request_send (request, self->address, self->position,
                                   player_gst_resource_get_validator (&self->resource),
                                   deadline_in (self->options->headers_ms), fault))
    {
    case PLAYER_GST_REQUEST_DONE:
      return take_answer (self, request, fault);
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

static gboolean
may_retry (Transfer *self, const PlayerGstFault *fault)
{
  if (fault->kind == PLAYER_GST_FAULT_FINAL)
    return FALSE;
  if (fault->kind == PLAYER_GST_FAULT_CONNECT && !self->had_byte)
    return ++self->connect_tries < CONNECT_TRIES;
  if (fault->kind == PLAYER_GST_FAULT_SERVER && ++self->server_errors > SERVER_ERROR_RETRIES)
    return FALSE;

  gint64 next_try_us = g_get_monotonic_time () + self->back_off_ms * G_TIME_SPAN_MILLISECOND;
  return next_try_us < self->last_byte_us + self->options->give_up_ms * G_TIME_SPAN_MILLISECOND;
}

/* The address has expired, and another one may be had. */
static gboolean
is_refused (Transfer *self, const PlayerGstFault *fault)
{
  return self->address->renewable
         && (fault->http_status == 401 || fault->http_status == 403 || fault->http_status == 410);
}

static void
take_address (Transfer *self)
{
  g_clear_pointer (&self->address, player_gst_address_unref);
  self->address = player_gst_fetch_get_address (self->fetch);
}

/* TRUE = try again. */
static gboolean
step (Transfer *self)
{
  g_autoptr (PlayerGstFault) fault = NULL;

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
      break;
    }

  if (self->doubted && fault->kind == PLAYER_GST_FAULT_FINAL)
    {
      player_gst_fetch_complete (self->fetch, self->course);
      return FALSE;
    }
  if (is_refused (self, fault)
      && !player_gst_fetch_wait_renewal (self->fetch, self->course, fault->http_status))
    return FALSE;
  if (is_refused (self, fault) || !may_retry (self, fault))
    {
      player_gst_fetch_fail (self->fetch, self->course, g_steal_pointer (&fault));
      return FALSE;
    }
  g_debug ("byte %" G_GUINT64_FORMAT ": %s; trying again in %u ms", self->position, fault->message,
           self->back_off_ms);
  guint wait_ms = self->back_off_ms;
  self->back_off_ms = MIN (2 * self->back_off_ms, BACK_OFF_MAX_MS);
  return player_gst_fetch_sleep (self->fetch, self->course, wait_ms);
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

  GMainContext *context = player_gst_fetch_get_context (fetch);
  g_main_context_push_thread_default (context);
  while ((self.course = player_gst_fetch_wait_course (fetch, &self.position)) != 0)
    {
      mark_progress (&self);
      take_address (&self);
      if (!load_ca (&self))
        continue;
      while (step (&self))
        continue;
    }
  g_main_context_pop_thread_default (context);

  g_clear_pointer (&self.address, player_gst_address_unref);
  g_clear_object (&self.ca);
  player_gst_resource_clear (&self.resource);
  player_gst_fetch_unref (fetch);
  return NULL;
}
