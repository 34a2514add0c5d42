/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-pipewire-stream.h"

#include <errno.h>
#include <gio/gio.h>
#include <spa/param/audio/format-utils.h>
#include <spa/utils/result.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include "player-gst-libpipewire.h"
#include "player-gst-pipewire-format.h"
#include "player-gst-pipewire-marks.h"
#include "player-gst-pipewire-queue.h"

#define TIMEOUT_S 2
/* PipeWire's longest cycle is 8192 frames of 48000 per second; two of them have to fit in. */
#define MOST_QUEUED_NS (342 * GST_MSECOND)
/* How often it is looked whether all has been heard. */
#define DRAIN_LOOK_MS 5
/* So long before a cycle of the graph nothing can be done about it any more. */
#define MARGIN_NS (5 * (gint64)GST_MSECOND)
/* Threads that may use the real-time priorities that the system grants. */
#define CONFIG_NAME "client-rt.conf"

struct _PlayerGstPipewireStream
{
  PlayerGstPipewireSetup setup; /* strings: (owned) */
  PlayerGstLibpipewire pw;

  struct pw_thread_loop *loop; /* (owned): its lock guards what PipeWire gives, below */
  struct pw_context *context;  /* (owned) */
  struct pw_core *core;        /* (owned) (nullable) */
  struct spa_hook core_listener;
  struct pw_stream *stream; /* (owned) (nullable) */
  struct spa_hook stream_listener;
  gint pending;  /* answer that is waited for */
  gboolean sink; /* there is one */
  gboolean active;

  GstAudioInfo info;
  gint64 end; /* the writer's: count of the next frame to be written */
  int wake; /* (owned): eventfd, made ready when there is room, or for the sake of an interruption */

  gint interrupted; /* atomic */
  gint broken;      /* atomic */
  gint held;        /* atomic */
  gint ended;       /* atomic */
  gint wanted;      /* atomic: so many frames shall fit in; 0: nobody waits for that */
  gint most;        /* atomic: most frames that a cycle has asked for */
  PlayerGstPipewireQueue queue;
  PlayerGstPipewireMarks marks;

  /* The data thread's. */
  gint64 taken;  /* count of the next frame to be taken */
  gint64 now_ns; /* of the cycle */
  gboolean dry;  /* nothing is given before there is enough */
};

/* --- PipeWire's data thread: must not wait, nor allocate --- */

static guint
stream_get_limit (PlayerGstPipewireStream *self)
{
  const guint usual = (guint)gst_util_uint64_scale (self->setup.queue_ns,
                                                    GST_AUDIO_INFO_RATE (&self->info), GST_SECOND);
  const guint needed = 2 * (guint)g_atomic_int_get (&self->most);

  return MIN (MAX (usual, needed), self->queue.capacity);
}

static guint
stream_get_room (PlayerGstPipewireStream *self)
{
  const guint limit = stream_get_limit (self);

  const guint length = player_gst_pipewire_queue_get_length (&self->queue);
  return limit - MIN (limit, length);
}

static void
stream_wake (PlayerGstPipewireStream *self)
{
  const guint64 one = 1;

  if (write (self->wake, &one, sizeof one) < 0)
    return; /* it is ready already */
}

/* Wakes up whoever waits for room, once. */
static void
stream_tell_room (PlayerGstPipewireStream *self)
{
  const guint wanted = (guint)g_atomic_int_get (&self->wanted);

  if (wanted == 0 || stream_get_room (self) < wanted)
    return;
  g_atomic_int_set (&self->wanted, 0);
  stream_wake (self);
}

/* After it has run dry, and at first, one cycle has to be full. */
static guint
stream_take (PlayerGstPipewireStream *self, guint8 *data, guint frames)
{
  const guint length = player_gst_pipewire_queue_get_length (&self->queue);

  if (g_atomic_int_get (&self->held))
    return 0;
  if (self->dry && length < frames && !g_atomic_int_get (&self->ended))
    return 0;
  const guint taken = player_gst_pipewire_queue_read (&self->queue, data, frames);
  self->dry = taken < frames;
  self->taken += taken;
  return taken;
}

/* What is given now comes behind what waits in the resampler; the first of that is heard when all that
 * lies behind the resampler has been. */
static void
stream_mark (PlayerGstPipewireStream *self, const struct pw_time *time, guint asked, guint taken)
{
  const gint64 cycle_ns = (gint64)asked * (gint64)GST_SECOND / GST_AUDIO_INFO_RATE (&self->info);

  if (time->now == self->now_ns || time->rate.denom == 0)
    {
      player_gst_pipewire_marks_extend (&self->marks, taken);
      return;
    }
  const gint64 delay_ns
      = time->delay * (gint64)time->rate.num * (gint64)GST_SECOND / time->rate.denom;
  const guint buffered = (guint)(time->buffered + time->queued);
  const PlayerGstPipewireMark mark = { .time_ns = time->now + delay_ns,
                                       .frame = self->taken - taken - buffered,
                                       .frames = taken > 0 ? taken : buffered,
                                       .next_ns = time->now + cycle_ns };
  self->now_ns = time->now;
  player_gst_pipewire_marks_add (&self->marks, &mark);
}

static void
stream_fill (PlayerGstPipewireStream *self, struct pw_buffer *buffer)
{
  struct spa_data *data = &buffer->buffer->datas[0];
  const guint frame_bytes = self->queue.frame_bytes;
  const guint room = data->maxsize / frame_bytes;
  const guint frames = buffer->requested > 0 ? (guint)MIN (buffer->requested, room) : room;
  struct pw_time time = { 0 };

  if (frames > (guint)g_atomic_int_get (&self->most))
    g_atomic_int_set (&self->most, (gint)frames);
  self->pw.stream_get_time_n (self->stream, &time, sizeof time);
  const guint taken = stream_take (self, data->data, frames);
  memset ((guint8 *)data->data + (gsize)taken * frame_bytes, 0,
          (gsize)(frames - taken) * frame_bytes);
  stream_mark (self, &time, frames, taken);
  data->chunk->offset = 0;
  data->chunk->stride = (gint32)frame_bytes;
  data->chunk->size = frames * frame_bytes;
  buffer->size = frames;
}

static void
stream_on_process (void *data)
{
  PlayerGstPipewireStream *self = data;
  struct pw_buffer *buffer = self->pw.stream_dequeue_buffer (self->stream);

  if (buffer == NULL)
    return;
  if (buffer->buffer->datas[0].data != NULL)
    stream_fill (self, buffer);
  self->pw.stream_queue_buffer (self->stream, buffer);
  stream_tell_room (self);
}

/* --- PipeWire's main thread, with the lock of the loop --- */

static void
stream_break (PlayerGstPipewireStream *self, const char *message)
{
  if (!g_atomic_int_compare_and_exchange (&self->broken, FALSE, TRUE))
    return;
  stream_wake (self);
  self->pw.thread_loop_signal (self->loop, FALSE);
  self->setup.broken (message, self->setup.data);
}

static void
stream_on_state (void *data,
                 enum pw_stream_state old,
                 enum pw_stream_state state,
                 const char *error)
{
  PlayerGstPipewireStream *self = data;

  g_debug ("PipeWire's stream: %s", self->pw.stream_state_as_string (state));
  if (state == PW_STREAM_STATE_ERROR)
    stream_break (self, error != NULL ? error : "the stream broke");
  else if (state == PW_STREAM_STATE_UNCONNECTED)
    stream_break (self, "the stream was taken away");
}

static const struct pw_stream_events stream_events = {
  PW_VERSION_STREAM_EVENTS,
  .state_changed = stream_on_state,
  .process = stream_on_process,
};

static void
stream_on_core_done (void *data, guint32 id, int seq)
{
  PlayerGstPipewireStream *self = data;

  if (id != PW_ID_CORE || seq != self->pending)
    return;
  self->pending = 0;
  self->pw.thread_loop_signal (self->loop, FALSE);
}

static void
stream_on_core_error (void *data, guint32 id, int seq, int result, const char *message)
{
  if (id == PW_ID_CORE && result == -EPIPE)
    stream_break (data, "the server has gone");
  else
    g_debug ("PipeWire: %s (%s)", message, spa_strerror (result));
}

static const struct pw_core_events core_events = {
  PW_VERSION_CORE_EVENTS,
  .done = stream_on_core_done,
  .error = stream_on_core_error,
};

static void
stream_on_global (void *data,
                  guint32 id,
                  guint32 permissions,
                  const char *type,
                  guint32 version,
                  const struct spa_dict *properties)
{
  PlayerGstPipewireStream *self = data;

  if (g_strcmp0 (type, PW_TYPE_INTERFACE_Node) == 0 && properties != NULL)
    self->sink |= g_strcmp0 (spa_dict_lookup (properties, PW_KEY_MEDIA_CLASS), "Audio/Sink") == 0;
}

static const struct pw_registry_events registry_events = {
  PW_VERSION_REGISTRY_EVENTS,
  .global = stream_on_global,
};

/* --- connecting --- */

/* Until the server has said all. */
static void
stream_wait_for_core (PlayerGstPipewireStream *self)
{
  const gint64 deadline_us = g_get_monotonic_time () + TIMEOUT_S * G_USEC_PER_SEC;

  self->pending = pw_core_sync (self->core, PW_ID_CORE, 0);
  while (self->pending != 0 && !g_atomic_int_get (&self->broken)
         && g_get_monotonic_time () < deadline_us)
    self->pw.thread_loop_timed_wait (self->loop, 1);
}

static void
stream_find_sink (PlayerGstPipewireStream *self)
{
  struct pw_registry *registry = pw_core_get_registry (self->core, PW_VERSION_REGISTRY, 0);
  struct spa_hook listener = { 0 };

  if (registry == NULL)
    return;
  pw_registry_add_listener (registry, &listener, &registry_events, self);
  stream_wait_for_core (self);
  spa_hook_remove (&listener);
  self->pw.proxy_destroy ((struct pw_proxy *)registry);
}

static gboolean
stream_connect (PlayerGstPipewireStream *self, GError **error)
{
  struct pw_properties *properties = self->pw.properties_new (
      PW_KEY_APP_NAME, self->setup.client_name, PW_KEY_APP_ICON_NAME, "multimedia-player", NULL);

  self->core = self->pw.context_connect (self->context, properties, 0);
  if (self->core == NULL)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "PipeWire cannot be reached: %s",
                   g_strerror (errno));
      return FALSE;
    }
  pw_core_add_listener (self->core, &self->core_listener, &core_events, self);
  stream_find_sink (self);
  if (!self->sink)
    g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "PipeWire has no audio output");
  return self->sink;
}

static gboolean
stream_open (PlayerGstPipewireStream *self, GError **error)
{
  self->loop = self->pw.thread_loop_new ("segue-pipewire", NULL);
  if (self->loop != NULL)
    self->context
        = self->pw.context_new (self->pw.thread_loop_get_loop (self->loop),
                                self->pw.properties_new (PW_KEY_CONFIG_NAME, CONFIG_NAME, NULL), 0);
  if (self->context == NULL || self->pw.thread_loop_start (self->loop) < 0)
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "PipeWire cannot be used: %s",
                   g_strerror (errno));
      return FALSE;
    }
  self->pw.thread_loop_lock (self->loop);
  const gboolean connected = stream_connect (self, error);
  self->pw.thread_loop_unlock (self->loop);
  return connected;
}

PlayerGstPipewireStream *
player_gst_pipewire_stream_new (const PlayerGstPipewireSetup *setup, GError **error)
{
  g_autofree PlayerGstPipewireStream *self = g_new0 (PlayerGstPipewireStream, 1);

  if (!player_gst_libpipewire_load (&self->pw))
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "PipeWire's library is not installed");
      return NULL;
    }
  self->pw.init (NULL, NULL);
  self->setup = *setup;
  self->setup.client_name = g_strdup (setup->client_name);
  self->setup.target = g_strdup (setup->target);
  self->wake = eventfd (0, EFD_CLOEXEC | EFD_NONBLOCK);
  self->held = TRUE;
  if (stream_open (self, error))
    return g_steal_pointer (&self);
  player_gst_pipewire_stream_free (g_steal_pointer (&self));
  return NULL;
}

/* With the lock of the loop. */
static void
stream_drop (PlayerGstPipewireStream *self)
{
  if (self->stream == NULL)
    return;
  spa_hook_remove (&self->stream_listener);
  self->pw.stream_destroy (g_steal_pointer (&self->stream));
}

void
player_gst_pipewire_stream_free (PlayerGstPipewireStream *self)
{
  if (self->core != NULL)
    {
      self->pw.thread_loop_lock (self->loop);
      stream_drop (self);
      spa_hook_remove (&self->core_listener);
      self->pw.core_disconnect (self->core);
      self->pw.thread_loop_unlock (self->loop);
    }
  if (self->loop != NULL)
    self->pw.thread_loop_stop (self->loop);
  if (self->context != NULL)
    self->pw.context_destroy (self->context);
  if (self->loop != NULL)
    self->pw.thread_loop_destroy (self->loop);
  self->pw.deinit ();
  player_gst_pipewire_queue_clear (&self->queue);
  if (self->wake >= 0)
    close (self->wake);
  g_free ((char *)self->setup.client_name);
  g_free ((char *)self->setup.target);
  g_free (self);
}

/* --- the stream --- */

/* Two cycles fill the queue. */
static struct pw_properties *
stream_make_properties (PlayerGstPipewireStream *self)
{
  const guint rate = (guint)GST_AUDIO_INFO_RATE (&self->info);
  const guint cycle = (guint)gst_util_uint64_scale (self->setup.queue_ns / 2, rate, GST_SECOND);
  struct pw_properties *properties = self->pw.properties_new (
      PW_KEY_MEDIA_TYPE, "Audio", PW_KEY_MEDIA_CATEGORY, "Playback", PW_KEY_MEDIA_ROLE, "Music",
      PW_KEY_APP_NAME, self->setup.client_name, PW_KEY_NODE_NAME, self->setup.client_name, NULL);

  self->pw.properties_setf (properties, PW_KEY_NODE_LATENCY, "%u/%u", cycle, rate);
  self->pw.properties_setf (properties, PW_KEY_NODE_RATE, "1/%u", rate);
  if (self->setup.target != NULL)
    self->pw.properties_set (properties, PW_KEY_TARGET_OBJECT, self->setup.target);
  return properties;
}

/* With the lock of the loop. */
static gboolean
stream_make (PlayerGstPipewireStream *self)
{
  guint8 space[1024];
  struct spa_pod_builder builder = SPA_POD_BUILDER_INIT (space, sizeof space);
  struct spa_audio_info_raw raw = player_gst_pipewire_format_make (&self->info);
  const struct spa_pod *params[]
      = { spa_format_audio_raw_build (&builder, SPA_PARAM_EnumFormat, &raw) };
  const enum pw_stream_flags flags = PW_STREAM_FLAG_AUTOCONNECT | PW_STREAM_FLAG_MAP_BUFFERS
                                     | PW_STREAM_FLAG_RT_PROCESS
                                     | (self->active ? 0 : PW_STREAM_FLAG_INACTIVE);

  self->stream
      = self->pw.stream_new (self->core, self->setup.client_name, stream_make_properties (self));
  if (self->stream == NULL)
    return FALSE;
  self->pw.stream_add_listener (self->stream, &self->stream_listener, &stream_events, self);
  return self->pw.stream_connect (self->stream, PW_DIRECTION_OUTPUT, PW_ID_ANY, flags, params,
                                  G_N_ELEMENTS (params))
         >= 0;
}

gboolean
player_gst_pipewire_stream_set_format (PlayerGstPipewireStream *self, const GstAudioInfo *info)
{
  const guint rate = (guint)GST_AUDIO_INFO_RATE (info);
  const guint most = (guint)gst_util_uint64_scale_ceil (MAX (self->setup.queue_ns, MOST_QUEUED_NS),
                                                        rate, GST_SECOND);

  if (self->stream != NULL && gst_audio_info_is_equal (info, &self->info))
    return TRUE;
  self->pw.thread_loop_lock (self->loop);
  stream_drop (self);
  self->info = *info;
  self->most = 0;
  self->dry = TRUE;
  self->taken = self->end;
  player_gst_pipewire_queue_init (&self->queue, (guint)GST_AUDIO_INFO_BPF (info), most);
  const gboolean made = !g_atomic_int_get (&self->broken) && stream_make (self);
  self->pw.thread_loop_unlock (self->loop);
  return made;
}

/* --- what it does --- */

void
player_gst_pipewire_stream_set_active (PlayerGstPipewireStream *self, gboolean active)
{
  self->pw.thread_loop_lock (self->loop);
  self->active = active;
  if (self->stream != NULL)
    self->pw.stream_set_active (self->stream, active);
  self->pw.thread_loop_unlock (self->loop);
}

void
player_gst_pipewire_stream_hold (PlayerGstPipewireStream *self, gboolean hold)
{
  g_atomic_int_set (&self->held, hold);
}

guint
player_gst_pipewire_stream_write (PlayerGstPipewireStream *self, const guint8 *data, guint frames)
{
  const guint room = stream_get_room (self);
  const guint some = player_gst_pipewire_queue_write (&self->queue, data, MIN (frames, room));

  self->end += some;
  return some;
}

static gboolean
stream_is_interrupted (PlayerGstPipewireStream *self)
{
  return g_atomic_int_get (&self->interrupted) || g_atomic_int_get (&self->broken);
}

static void
stream_sleep (PlayerGstPipewireStream *self, gint timeout_ms)
{
  GPollFD poll = { .fd = self->wake, .events = G_IO_IN };
  guint64 count;

  g_poll (&poll, 1, timeout_ms);
  if (read (self->wake, &count, sizeof count) < 0)
    return; /* nobody has waked us */
}

gboolean
player_gst_pipewire_stream_wait (PlayerGstPipewireStream *self, guint frames)
{
  const guint wanted = CLAMP (frames, 1, stream_get_limit (self));

  while (!stream_is_interrupted (self) && stream_get_room (self) < wanted)
    {
      g_atomic_int_set (&self->wanted, (gint)wanted);
      if (stream_get_room (self) < wanted && !stream_is_interrupted (self))
        stream_sleep (self, -1);
      g_atomic_int_set (&self->wanted, 0);
    }
  return !stream_is_interrupted (self);
}

gboolean
player_gst_pipewire_stream_drain (PlayerGstPipewireStream *self)
{
  const gint64 rate = GST_AUDIO_INFO_RATE (&self->info);
  gint64 frame = G_MININT64;
  gint64 elapsed_ns = 0;

  g_atomic_int_set (&self->ended, TRUE);
  while (rate > 0 && !stream_is_interrupted (self)
         && (!player_gst_pipewire_marks_find (&self->marks, g_get_monotonic_time () * 1000,
                                              (guint)rate, &frame, &elapsed_ns)
             || frame + elapsed_ns * rate / (gint64)GST_SECOND + 1 < self->end))
    stream_sleep (self, DRAIN_LOOK_MS);
  g_atomic_int_set (&self->ended, FALSE);
  return !stream_is_interrupted (self);
}

/* What the next cycle asks for has to be there in time. */
static guint
stream_get_margin (PlayerGstPipewireStream *self)
{
  PlayerGstPipewireMark mark;

  if (!player_gst_pipewire_marks_get_last (&self->marks, &mark)
      || mark.next_ns - g_get_monotonic_time () * 1000 > MARGIN_NS)
    return 0;
  return (guint)g_atomic_int_get (&self->most);
}

gint64
player_gst_pipewire_stream_cut (PlayerGstPipewireStream *self, gint64 frame)
{
  const guint margin = stream_get_margin (self);
  const guint length = player_gst_pipewire_queue_get_length (&self->queue);
  const gint64 frames = MIN (self->end - frame, (gint64)length - margin);

  if (frames > 0)
    self->end -= player_gst_pipewire_queue_cut (&self->queue, (guint)frames);
  stream_wake (self);
  return self->end;
}

void
player_gst_pipewire_stream_flush (PlayerGstPipewireStream *self)
{
  self->end -= player_gst_pipewire_queue_cut (&self->queue, G_MAXUINT);
}

void
player_gst_pipewire_stream_interrupt (PlayerGstPipewireStream *self, gboolean interrupt)
{
  g_atomic_int_set (&self->interrupted, interrupt);
  if (interrupt)
    stream_wake (self);
}

gboolean
player_gst_pipewire_stream_is_broken (PlayerGstPipewireStream *self)
{
  return g_atomic_int_get (&self->broken);
}

gint64
player_gst_pipewire_stream_get_end (PlayerGstPipewireStream *self)
{
  return self->end;
}

gboolean
player_gst_pipewire_stream_get_heard (PlayerGstPipewireStream *self,
                                      gint64 origin,
                                      GstClockTime *heard_ns)
{
  const gint64 rate = GST_AUDIO_INFO_RATE (&self->info);
  gint64 frame;
  gint64 elapsed_ns;

  if (rate == 0
      || !player_gst_pipewire_marks_find (&self->marks, g_get_monotonic_time () * 1000, (guint)rate,
                                          &frame, &elapsed_ns))
    return FALSE;
  const gint64 since_ns = (frame - origin) * (gint64)GST_SECOND / rate + elapsed_ns;
  *heard_ns = (GstClockTime)MAX (since_ns, 0);
  return TRUE;
}
