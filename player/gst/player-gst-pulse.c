/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-pulse.h"

#include <gio/gio.h>
#include <string.h>

#include "player-gst-libpulse.h"

#define CLIENT_NAME "Segue"
#define CLIENT_ICON "multimedia-player"
#define CLIENT_ROLE "music"
/* What the server takes for its device lies beyond reach; it may be about to take some more. */
#define MARGIN_US 3000
/* … and on a busy machine hears of it later. */
#define MAX_MARGIN_US 24000
#define PREBUF_MS 20
/* More than a server ever lets wait in a stream whose buffer is full. */
#define MORE_BUFFER_MS 200

struct _PlayerGstPulse
{
  PlayerGstLibpulse pa;
  pa_threaded_mainloop *loop; /* (owned) */

  /* All below: under the loop's lock. */
  pa_context *context; /* (owned) (nullable) */
  pa_stream *stream;   /* (owned) (nullable) */
  gboolean interrupted;
  gboolean told;        /* which server it is … */
  gboolean is_pipewire; /* … and that it is not PulseAudio */
  guint rate;
  guint frame_bytes;
  gsize period_bytes;
  guint64 written; /* frames */
  guint8 *recent;  /* (owned) (nullable): those written last; frame n at n % recent_frames */
  guint64 recent_frames;
  gboolean withdrawn;    /* some have been taken back, and nothing has come instead */
  guint64 kept;          /* frames, when it was */
  gboolean kept_silence; /* and what followed them was silence */
  pa_operation *asking;  /* (owned) (nullable): how far the server had read then */
  gint64 late;           /* frames, that were read and should not have been */
  guint64 margin_us;     /* so much more than the device holds is kept */
  guint64 shift;         /* by so many frames the server's count is ahead of ours, from … */
  guint64 shift_begin;   /* … this frame on … */
  guint64 shift_before;  /* … and by so many before it */
  gsize credit_bytes;    /* of room that this made, and that the server need not tell first */
  pa_usec_t heard_us;    /* when it was asked last … */
  gint64 asked_us;       /* … by the monotonic clock */
  gint64 broken_us;      /* when it broke, 0: it has not */
};

/* --- the loop's thread --- */

static gboolean
pulse_is_good (PlayerGstPulse *self)
{
  return self->context != NULL && PA_CONTEXT_IS_GOOD (self->pa.context_get_state (self->context));
}

static void
pulse_on_context (pa_context *context, void *data)
{
  PlayerGstPulse *self = data;

  if (!pulse_is_good (self) && self->broken_us == 0)
    self->broken_us = g_get_monotonic_time ();
  self->pa.threaded_mainloop_signal (self->loop, 0);
}

static void
pulse_on_server (pa_context *context, const pa_server_info *info, void *data)
{
  PlayerGstPulse *self = data;

  self->told = TRUE;
  self->is_pipewire
      = info != NULL && info->server_name != NULL && strstr (info->server_name, "PipeWire") != NULL;
  self->pa.threaded_mainloop_signal (self->loop, 0);
}

static void
pulse_on_stream (pa_stream *stream, void *data)
{
  PlayerGstPulse *self = data;

  if (!PA_STREAM_IS_GOOD (self->pa.stream_get_state (stream)) && self->broken_us == 0)
    self->broken_us = g_get_monotonic_time ();
  if (self->pa.stream_get_state (stream) == PA_STREAM_READY)
    self->period_bytes = self->pa.stream_get_buffer_attr (stream)->minreq;
  self->pa.threaded_mainloop_signal (self->loop, 0);
}

static void
pulse_on_room (pa_stream *stream, size_t bytes, void *data)
{
  PlayerGstPulse *self = data;

  self->pa.threaded_mainloop_signal (self->loop, 0);
}

/* --- the connection --- */

static void
pulse_forget_asking (PlayerGstPulse *self)
{
  if (self->asking == NULL)
    return;
  self->pa.operation_cancel (self->asking);
  self->pa.operation_unref (self->asking);
  self->asking = NULL;
}

static void
pulse_drop_stream (PlayerGstPulse *self)
{
  if (self->stream == NULL)
    return;
  pulse_forget_asking (self);
  self->pa.stream_set_state_callback (self->stream, NULL, NULL);
  self->pa.stream_set_write_callback (self->stream, NULL, NULL);
  self->pa.stream_disconnect (self->stream);
  self->pa.stream_unref (self->stream);
  self->stream = NULL;
}

static void
pulse_drop_context (PlayerGstPulse *self)
{
  pulse_drop_stream (self);
  if (self->context == NULL)
    return;
  self->pa.context_set_state_callback (self->context, NULL, NULL);
  self->pa.context_disconnect (self->context);
  self->pa.context_unref (self->context);
  self->context = NULL;
}

static gboolean
pulse_fail (PlayerGstPulse *self, GIOErrorEnum code, GError **error)
{
  g_set_error_literal (error, G_IO_ERROR, code,
                       self->context != NULL
                           ? self->pa.strerror (self->pa.context_errno (self->context))
                           : "Not connected");
  return FALSE;
}

static gboolean
pulse_connect (PlayerGstPulse *self)
{
  pa_proplist *properties = self->pa.proplist_new ();

  self->pa.proplist_sets (properties, PA_PROP_APPLICATION_NAME, CLIENT_NAME);
  self->pa.proplist_sets (properties, PA_PROP_APPLICATION_ICON_NAME, CLIENT_ICON);
  self->context = self->pa.context_new_with_proplist (
      self->pa.threaded_mainloop_get_api (self->loop), CLIENT_NAME, properties);
  self->pa.proplist_free (properties);
  self->pa.context_set_state_callback (self->context, pulse_on_context, self);
  if (self->pa.context_connect (self->context, NULL, PA_CONTEXT_NOAUTOSPAWN, NULL) < 0)
    return FALSE;
  while (pulse_is_good (self) && self->pa.context_get_state (self->context) != PA_CONTEXT_READY)
    self->pa.threaded_mainloop_wait (self->loop);
  return pulse_is_good (self);
}

/* Which server it is. */
static gboolean
pulse_ask (PlayerGstPulse *self)
{
  pa_operation *asking = self->pa.context_get_server_info (self->context, pulse_on_server, self);

  if (asking != NULL)
    self->pa.operation_unref (asking);
  while (asking != NULL && !self->told && pulse_is_good (self))
    self->pa.threaded_mainloop_wait (self->loop);
  return self->told;
}

gboolean
player_gst_pulse_open (PlayerGstPulse *self, GError **error)
{
  gboolean done = FALSE;

  self->pa.threaded_mainloop_lock (self->loop);
  pulse_drop_context (self);
  self->told = FALSE;
  self->broken_us = 0;
  if (!pulse_connect (self) || !pulse_ask (self))
    pulse_fail (self, G_IO_ERROR_CONNECTION_REFUSED, error);
  else if (self->is_pipewire)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_SUPPORTED, "The server is PipeWire");
  else
    done = TRUE;
  if (!done)
    pulse_drop_context (self);
  self->pa.threaded_mainloop_unlock (self->loop);
  return done;
}

void
player_gst_pulse_close (PlayerGstPulse *self)
{
  self->pa.threaded_mainloop_lock (self->loop);
  pulse_drop_context (self);
  self->pa.threaded_mainloop_unlock (self->loop);
}

gboolean
player_gst_pulse_is_open (PlayerGstPulse *self)
{
  self->pa.threaded_mainloop_lock (self->loop);
  const gboolean open = pulse_is_good (self);
  self->pa.threaded_mainloop_unlock (self->loop);
  return open;
}

/* --- the stream --- */

/* The server plays when so much has come, and waits for that after it has run dry. */
static gboolean
pulse_connect_stream (PlayerGstPulse *self, const PlayerGstPulseFormat *format)
{
  const pa_sample_spec spec = { format->is_float ? PA_SAMPLE_FLOAT32NE : PA_SAMPLE_S16NE,
                                format->rate, (uint8_t)format->channels };
  const gsize bytes_per_ms = self->frame_bytes * format->rate / 1000;
  const pa_buffer_attr buffer
      = { .maxlength = (uint32_t)-1,
          .tlength = (uint32_t)(bytes_per_ms * format->buffer_ms),
          .prebuf = (uint32_t)(bytes_per_ms * MIN (format->period_ms, PREBUF_MS)),
          .minreq = (uint32_t)(bytes_per_ms * format->period_ms),
          .fragsize = (uint32_t)-1 };
  pa_proplist *properties = self->pa.proplist_new ();

  self->pa.proplist_sets (properties, PA_PROP_MEDIA_ROLE, CLIENT_ROLE);
  self->stream
      = self->pa.stream_new_with_proplist (self->context, CLIENT_NAME, &spec, NULL, properties);
  self->pa.proplist_free (properties);
  if (self->stream == NULL)
    return FALSE;
  self->pa.stream_set_state_callback (self->stream, pulse_on_stream, self);
  self->pa.stream_set_write_callback (self->stream, pulse_on_room, self);
  return self->pa.stream_connect_playback (
             self->stream, format->device, &buffer,
             PA_STREAM_INTERPOLATE_TIMING | PA_STREAM_AUTO_TIMING_UPDATE | PA_STREAM_ADJUST_LATENCY,
             NULL, NULL)
         >= 0;
}

static gboolean
pulse_stream_is_good (PlayerGstPulse *self)
{
  return self->stream != NULL && pulse_is_good (self)
         && PA_STREAM_IS_GOOD (self->pa.stream_get_state (self->stream));
}

static gboolean
pulse_wait (PlayerGstPulse *self, GError **error)
{
  if (!pulse_stream_is_good (self))
    return pulse_fail (self, G_IO_ERROR_FAILED, error);
  if (self->interrupted)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_CANCELLED, "Interrupted");
      return FALSE;
    }
  self->pa.threaded_mainloop_wait (self->loop);
  return TRUE;
}

static gboolean
pulse_start (PlayerGstPulse *self, const PlayerGstPulseFormat *format, GError **error)
{
  pulse_drop_stream (self);
  if (!pulse_is_good (self))
    return pulse_fail (self, G_IO_ERROR_FAILED, error);
  self->rate = format->rate;
  self->frame_bytes = format->channels * (format->is_float ? sizeof (float) : sizeof (gint16));
  self->written = 0;
  self->recent_frames = (guint64)format->rate * (format->buffer_ms + MORE_BUFFER_MS) / 1000;
  g_free (self->recent);
  self->recent = g_malloc0 (self->recent_frames * self->frame_bytes);
  self->withdrawn = FALSE;
  self->credit_bytes = 0;
  self->shift = 0;
  self->shift_begin = 0;
  self->shift_before = 0;
  self->heard_us = 0;
  self->asked_us = g_get_monotonic_time ();
  self->broken_us = 0;
  if (!pulse_connect_stream (self, format))
    return pulse_fail (self, G_IO_ERROR_FAILED, error);
  return TRUE;
}

gboolean
player_gst_pulse_start (PlayerGstPulse *self, const PlayerGstPulseFormat *format, GError **error)
{
  self->pa.threaded_mainloop_lock (self->loop);
  const gboolean done = pulse_start (self, format, error);
  if (!done)
    pulse_drop_stream (self);
  self->pa.threaded_mainloop_unlock (self->loop);
  return done;
}

void
player_gst_pulse_stop (PlayerGstPulse *self)
{
  self->pa.threaded_mainloop_lock (self->loop);
  pulse_drop_stream (self);
  self->pa.threaded_mainloop_unlock (self->loop);
}

void
player_gst_pulse_set_corked (PlayerGstPulse *self, gboolean corked)
{
  self->pa.threaded_mainloop_lock (self->loop);
  if (pulse_stream_is_good (self))
    {
      pa_operation *corking = self->pa.stream_cork (self->stream, corked, NULL, NULL);

      if (corking != NULL)
        self->pa.operation_unref (corking);
    }
  self->pa.threaded_mainloop_unlock (self->loop);
}

void
player_gst_pulse_set_interrupted (PlayerGstPulse *self, gboolean interrupted)
{
  self->pa.threaded_mainloop_lock (self->loop);
  self->interrupted = interrupted;
  self->pa.threaded_mainloop_signal (self->loop, 0);
  self->pa.threaded_mainloop_unlock (self->loop);
}

/* --- frames --- */

static void
pulse_remember (PlayerGstPulse *self, const guint8 *frames, guint64 count)
{
  const guint64 some = MIN (count, self->recent_frames);
  const guint64 first = (self->written + count - some) % self->recent_frames;
  const guint64 before_end = MIN (some, self->recent_frames - first);
  const guint8 *last = frames + (count - some) * self->frame_bytes;

  memcpy (self->recent + first * self->frame_bytes, last, before_end * self->frame_bytes);
  memcpy (self->recent, last + before_end * self->frame_bytes,
          (some - before_end) * self->frame_bytes);
}

/* From frame @at on. */
static gboolean
pulse_put (PlayerGstPulse *self, const guint8 *frames, gsize bytes, guint64 at)
{
  return self->pa.stream_write (self->stream, frames, bytes, NULL,
                                (gint64)((at + self->shift) * self->frame_bytes), PA_SEEK_ABSOLUTE)
         >= 0;
}

static gboolean
pulse_send (PlayerGstPulse *self, const guint8 *frames, gsize bytes)
{
  const guint64 at = self->written;

  self->credit_bytes -= MIN (self->credit_bytes, bytes);
  pulse_remember (self, frames, bytes / self->frame_bytes);
  self->written += bytes / self->frame_bytes;
  return pulse_put (self, frames, bytes, at);
}

/* As many as there is room for; as soon as there is room for a period, not for single frames. None
 * before the stream has been made. */
static gsize
pulse_count_room (PlayerGstPulse *self, gsize bytes)
{
  const gsize room = self->pa.stream_writable_size (self->stream);

  if (room == (gsize)-1)
    return 0;
  if (room < MIN (bytes, self->period_bytes))
    return MIN (self->credit_bytes, bytes);
  return MIN (room / self->frame_bytes * self->frame_bytes, bytes);
}

static gboolean
pulse_was_silent (PlayerGstPulse *self, guint64 frame)
{
  const guint8 *bytes = self->recent + frame % self->recent_frames * self->frame_bytes;

  for (guint i = 0; i < self->frame_bytes; i++)
    if (bytes[i] != 0)
      return FALSE;
  return TRUE;
}

/* How far it had read when it heard of what was taken back. Where it hears late, more is left to it the
 * next time. */
static void
pulse_on_cut (pa_stream *stream, int success, void *data)
{
  PlayerGstPulse *self = data;
  const pa_timing_info *timing = self->pa.stream_get_timing_info (stream);

  self->pa.operation_unref (self->asking);
  self->asking = NULL;
  self->late = 0;
  if (success && timing != NULL)
    self->late
        = timing->read_index / (gint64)self->frame_bytes - (gint64)(self->kept + self->shift);
  if (self->late > 0)
    {
      g_debug ("The server had read %" G_GINT64_FORMAT " frames too many", self->late);
      self->margin_us = MIN (2 * self->margin_us, MAX_MARGIN_US);
    }
  else
    self->margin_us -= (self->margin_us - MARGIN_US) / 16;
  self->pa.threaded_mainloop_signal (self->loop, 0);
}

/* From frame @kept on nothing is heard before something else comes: what lies there is silent, and the
 * server's queue ends where the last frame before it has been written once more. What fails is about to
 * break, and says so. */
static void
pulse_cut (PlayerGstPulse *self, guint64 kept)
{
  const gsize gone = (gsize)(self->written - kept) * self->frame_bytes;
  const guint8 *last = self->recent + (kept - 1) % self->recent_frames * self->frame_bytes;
  g_autofree guint8 *silence = g_malloc0 (gone);

  self->kept = kept;
  self->kept_silence = pulse_was_silent (self, kept) && pulse_was_silent (self, self->written - 1);
  self->written = kept;
  self->credit_bytes = gone;
  pulse_put (self, silence, gone, kept);
  pulse_put (self, last, self->frame_bytes, kept - 1);
  pulse_forget_asking (self);
  self->late = 0;
  self->asking = self->pa.stream_update_timing_info (self->stream, pulse_on_cut, self);
}

/* The server may have read on into what was taken back before it heard of that. If that was silence, what
 * comes instead is put off by as much. (If it was not, what comes has those very frames, and goes on
 * among them.) */
static gboolean
pulse_settle (PlayerGstPulse *self, GError **error)
{
  while (self->asking != NULL)
    if (!pulse_wait (self, error))
      return FALSE;
  if (self->late > 0)
    {
      self->shift_before = self->shift;
      self->shift_begin = self->kept;
      self->shift += (guint64)self->late;
    }
  return TRUE;
}

static gboolean
pulse_write (
    PlayerGstPulse *self, const guint8 *frames, gsize bytes, gboolean again, GError **error)
{
  if (!pulse_stream_is_good (self))
    return pulse_fail (self, G_IO_ERROR_FAILED, error);
  if (self->withdrawn && again)
    {
      if (self->kept_silence && !pulse_settle (self, error))
        return FALSE;
      /* more than there was, if need be: it is awaited */
      self->withdrawn = FALSE;
      return pulse_send (self, frames, bytes) || pulse_fail (self, G_IO_ERROR_FAILED, error);
    }
  while (bytes > 0 && !self->withdrawn)
    {
      const gsize some = pulse_stream_is_good (self) ? pulse_count_room (self, bytes) : 0;

      if (some == 0 && !pulse_wait (self, error))
        return FALSE;
      if (some > 0 && !pulse_send (self, frames, some))
        return pulse_fail (self, G_IO_ERROR_FAILED, error);
      frames += some;
      bytes -= some;
    }
  return TRUE;
}

/* What is the server's frame @at for us. */
static guint64
pulse_unshift (PlayerGstPulse *self, guint64 at)
{
  if (at >= self->shift_begin + self->shift)
    return at - self->shift;
  return MIN (at - MIN (at, self->shift_before), self->shift_begin);
}

/* Until it broke, where it has. */
static guint64
pulse_get_heard (PlayerGstPulse *self)
{
  pa_usec_t now_us = self->heard_us;

  if (self->stream == NULL)
    return 0;
  if (self->broken_us != 0)
    now_us += (pa_usec_t)MAX (self->broken_us - self->asked_us, 0);
  else if (self->pa.stream_get_time (self->stream, &now_us) >= 0)
    {
      self->heard_us = now_us;
      self->asked_us = g_get_monotonic_time ();
    }
  return MIN (pulse_unshift (self, (now_us * self->rate + G_USEC_PER_SEC / 2) / G_USEC_PER_SEC),
              self->written);
}

gboolean
player_gst_pulse_write (
    PlayerGstPulse *self, gconstpointer frames, guint64 count, gboolean again, GError **error)
{
  self->pa.threaded_mainloop_lock (self->loop);
  const gboolean done = pulse_write (self, frames, count * self->frame_bytes, again, error);
  if (done)
    pulse_get_heard (self); /* in case it breaks */
  self->pa.threaded_mainloop_unlock (self->loop);
  return done;
}

guint64
player_gst_pulse_get_heard (PlayerGstPulse *self)
{
  self->pa.threaded_mainloop_lock (self->loop);
  const guint64 heard = pulse_get_heard (self);
  self->pa.threaded_mainloop_unlock (self->loop);
  return heard;
}

/* The server reads ahead of what is heard by what its device holds. */
static gboolean
pulse_take_back (PlayerGstPulse *self, guint64 earliest, guint64 *kept)
{
  if (!pulse_stream_is_good (self) || self->withdrawn)
    return FALSE;
  const pa_timing_info *timing = self->pa.stream_get_timing_info (self->stream);
  if (timing == NULL || !timing->playing)
    return FALSE;
  const pa_usec_t ahead_us = timing->configured_sink_usec + self->margin_us;
  const guint64 safe
      = pulse_get_heard (self) + (ahead_us * self->rate + G_USEC_PER_SEC - 1) / G_USEC_PER_SEC;
  *kept = MAX (safe, earliest);
  if (*kept >= self->written || self->written - *kept >= self->recent_frames)
    return FALSE;
  self->withdrawn = TRUE;
  self->pa.threaded_mainloop_signal (self->loop, 0);
  pulse_cut (self, *kept);
  return TRUE;
}

gboolean
player_gst_pulse_take_back (PlayerGstPulse *self, guint64 earliest, guint64 *kept)
{
  self->pa.threaded_mainloop_lock (self->loop);
  const gboolean done = pulse_take_back (self, earliest, kept);
  self->pa.threaded_mainloop_unlock (self->loop);
  return done;
}

/* --- */

PlayerGstPulse *
player_gst_pulse_new (void)
{
  PlayerGstPulse *self = g_new0 (PlayerGstPulse, 1);

  if (!player_gst_libpulse_load (&self->pa))
    {
      g_free (self);
      return NULL;
    }
  self->margin_us = MARGIN_US;
  self->loop = self->pa.threaded_mainloop_new ();
  self->pa.threaded_mainloop_start (self->loop);
  return self;
}

void
player_gst_pulse_free (PlayerGstPulse *self)
{
  player_gst_pulse_close (self);
  self->pa.threaded_mainloop_stop (self->loop);
  self->pa.threaded_mainloop_free (self->loop);
  g_free (self->recent);
  g_free (self);
}
