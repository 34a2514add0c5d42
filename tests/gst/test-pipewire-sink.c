/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/gst/player-gst-rewind.h"
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-pipewire-server.h"
#include "tests/gst/gst-rig.h"

/* Segue's sink for PipeWire by itself, and what the engine makes of its faults. */

#define A GST_RIG_FILE_A
#define B GST_RIG_FILE_B
#define C GST_RIG_FILE_C
#define RATE GST_PIPEWIRE_SERVER_RATE
#define FADE 441
/* Long cycles are not missed by a busy machine. */
#define QUANTUM 2048
#define BLOCK 441
#define ATTEMPTS 5
#define BUFFER_MS 200 /* whatever else the machine does */
#define LARGE_MS 1000
#define PAUSES 10
#define DEADLINE_US (20 * G_USEC_PER_SEC)

static GstPipewireServer *
serve (guint quantum)
{
  g_autofree char *directory = gst_rig_path ("home");

  return gst_pipewire_server_new (directory, quantum);
}

/* Tries it again where the machine was too busy for the ear or the decoder, but not for ever. */
static void
try (gboolean (*func) (gconstpointer data, gboolean last), gconstpointer data)
{
  for (guint i = 1; !func (data, i == ATTEMPTS); i++)
    g_test_message ("the machine is busy");
}

static void
wait_heard (GstPipewireServer *server, guint more)
{
  const gint64 deadline = g_get_monotonic_time () + DEADLINE_US;
  const guint until = gst_pipewire_server_count (server) + more;

  while (gst_pipewire_server_count (server) < until)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (5000);
    }
}

/* (transfer full) (element-type guint32): all that sounds. */
static GArray *
dup_sounding (GstPipewireServer *server)
{
  g_autoptr (GArray) heard = gst_pipewire_server_dup_heard (server);
  GArray *sounding = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < heard->len; i++)
    if (g_array_index (heard, guint32, i) != 0)
      g_array_append_val (sounding, g_array_index (heard, guint32, i));
  return sounding;
}

static guint
get_index (guint32 code)
{
  return (code & 0xffff) | (code >> 16 & 0xff) << 16;
}

/* --- the element --- */

typedef struct
{
  GstElement *pipeline; /* (owned) */
  GstElement *source;   /* (owned) */
  GstElement *sink;     /* (owned) */
} Player;

static void
player_clear (Player *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  g_clear_object (&self->source);
  g_clear_object (&self->sink);
  g_clear_object (&self->pipeline);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Player, player_clear)

static void
player_open (Player *self, const char *description)
{
  g_autoptr (GError) error = NULL;

  self->pipeline = gst_parse_launch (description, &error);
  g_assert_no_error (error);
  gst_object_ref_sink (self->pipeline);
  self->source = gst_bin_get_by_name (GST_BIN (self->pipeline), "source");
  self->sink = gst_bin_get_by_name (GST_BIN (self->pipeline), "sink");
}

/* -1: it is not known yet. */
static gint64
player_get_position_us (Player *self)
{
  gint64 position_ns = -1;

  return gst_element_query_position (self->pipeline, GST_FORMAT_TIME, &position_ns)
             ? position_ns / 1000
             : -1;
}

static void
player_wait_position (Player *self, gint64 position_us)
{
  const gint64 deadline = g_get_monotonic_time () + DEADLINE_US;

  while (player_get_position_us (self) < position_us)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (2000);
    }
}

static void
player_set_state (Player *self, GstState state)
{
  gst_element_set_state (self->pipeline, state);
  g_assert_cmpint (gst_element_get_state (self->pipeline, NULL, NULL, DEADLINE_US * GST_USECOND),
                   ==, GST_STATE_CHANGE_SUCCESS);
}

static void
player_wait_eos (Player *self)
{
  g_autoptr (GstBus) bus = gst_element_get_bus (self->pipeline);
  g_autoptr (GstMessage) message = gst_bus_timed_pop_filtered (bus, DEADLINE_US * GST_USECOND,
                                                               GST_MESSAGE_EOS | GST_MESSAGE_ERROR);

  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
}

/* Paused over and over, and at once: nothing is lost, and the end is told when all has been heard. */
static gboolean
try_pauses (gconstpointer data, gboolean last)
{
  g_autoptr (GstPipewireServer) server = serve (QUANTUM);
  g_auto (Player) player = { 0 };
  g_autofree char *path = gst_rig_path ("a.wav");
  g_autofree char *description
      = g_strdup_printf ("filesrc location=%s ! wavparse ! seguepipewiresink name=sink", path);

  player_open (&player, description);
  for (gint64 ms = 0; ms < 500; ms += 60)
    {
      player_set_state (&player, GST_STATE_PLAYING);
      player_wait_position (&player, ms * 1000);
      player_set_state (&player, GST_STATE_PAUSED);
      if (ms % 120 == 0)
        wait_heard (server, 3 * QUANTUM);
    }
  player_set_state (&player, GST_STATE_PLAYING);
  player_wait_eos (&player);
  const gint64 end_us = player_get_position_us (&player);
  g_assert_cmpint (ABS (end_us - (gint64)GST_RIG_FRAMES_A * G_USEC_PER_SEC / RATE), <=, 100);
  wait_heard (server, RATE / 4);
  if (!last && !gst_pipewire_server_is_whole (server))
    return FALSE;
  g_autoptr (GArray) heard = dup_sounding (server);
  g_assert_cmpuint (gst_audio_assert_run (heard, 0, A, 0, GST_RIG_FRAMES_A), ==, heard->len);
  return TRUE;
}

static void
test_pauses (void)
{
  try (try_pauses, NULL);
}

/* From READY on it begins anew, over the same connection, and at another rate. */
static gboolean
try_again (gconstpointer data, gboolean last)
{
  g_autoptr (GstPipewireServer) server = serve (QUANTUM);
  g_auto (Player) player = { 0 };
  g_autofree char *path = gst_rig_path ("a.wav");
  g_autofree char *description = g_strdup_printf (
      "filesrc location=%s ! wavparse ! seguepipewiresink name=sink buffer-time=200000", path);

  player_open (&player, description);
  player_set_state (&player, GST_STATE_PLAYING);
  player_wait_position (&player, 200000);
  player_set_state (&player, GST_STATE_READY);
  wait_heard (server, RATE / 4);
  const guint before = dup_sounding (server)->len;
  player_set_state (&player, GST_STATE_PLAYING);
  player_wait_eos (&player);
  wait_heard (server, RATE / 4);
  if (!last && !gst_pipewire_server_is_whole (server))
    return FALSE;
  g_autoptr (GArray) heard = dup_sounding (server);
  g_assert_cmpuint (before, <, RATE * 2 / 5);
  gst_audio_assert_run (heard, 0, A, 0, before);
  g_assert_cmpuint (gst_audio_assert_run (heard, before, A, 0, GST_RIG_FRAMES_A), ==, heard->len);
  return TRUE;
}

static void
test_again (void)
{
  try (try_again, NULL);
}

/* Blocks of @file from frame @from to @to; the first of them with GST_BUFFER_FLAG_DISCONT. */
static void
player_push (Player *self, guint file, guint from, guint to)
{
  for (guint at = from; at < to; at += BLOCK)
    {
      const guint frames = MIN (BLOCK, to - at);
      guint32 *codes = g_new (guint32, frames);
      GstFlowReturn flow;

      for (guint i = 0; i < frames; i++)
        codes[i] = GUINT32_TO_LE (gst_audio_code (file, at + i));
      g_autoptr (GstBuffer) buffer = gst_buffer_new_wrapped (codes, frames * sizeof *codes);
      GST_BUFFER_PTS (buffer) = gst_util_uint64_scale (at, GST_SECOND, RATE);
      if (at == from)
        GST_BUFFER_FLAG_SET (buffer, GST_BUFFER_FLAG_DISCONT);
      g_signal_emit_by_name (self->source, "push-buffer", buffer, &flow);
      g_assert_cmpint (flow, ==, GST_FLOW_OK);
    }
}

/* A second is queued; what is not heard yet is taken back, and something else is heard in its place, to
 * the very frame. What was on its way is thrown away. */
static gboolean
try_rewind (gconstpointer data, gboolean last)
{
  const guint quantum = GPOINTER_TO_UINT (data);
  g_autoptr (GstPipewireServer) server = serve (quantum);
  g_auto (Player) player = { 0 };
  GstClockTime kept_ns = 0;
  GstFlowReturn flow;

  player_open (&player, "appsrc name=source format=time caps=audio/x-raw,format=S16LE,rate=44100,"
                        "channels=2,layout=interleaved ! seguepipewiresink name=sink "
                        "buffer-time=1000000");
  player_push (&player, A, 0, 3 * RATE);
  player_set_state (&player, GST_STATE_PLAYING);
  player_wait_position (&player, 300000);
  const gint64 asked_us = player_get_position_us (&player);
  g_assert_true (player_gst_rewind (PLAYER_GST_REWIND (player.sink), 0, &kept_ns));
  const guint kept = (guint)gst_util_uint64_scale_round (kept_ns, RATE, GST_SECOND);
  player_push (&player, B, kept, kept + RATE / 2);
  g_signal_emit_by_name (player.source, "end-of-stream", &flow);
  player_wait_eos (&player);
  wait_heard (server, RATE / 4);
  g_test_message ("asked at %" G_GINT64_FORMAT " us, kept %u frames more", asked_us,
                  kept - (guint)(asked_us * RATE / G_USEC_PER_SEC));
  if (!last && !gst_pipewire_server_is_whole (server))
    return FALSE;
  g_assert_cmpint ((gint64)kept * G_USEC_PER_SEC / RATE, >=, asked_us);
  g_autoptr (GArray) heard = dup_sounding (server);
  const guint end = gst_audio_assert_run (heard, 0, A, 0, kept);
  g_assert_cmpuint (gst_audio_assert_run (heard, end, B, kept, kept + RATE / 2), ==, heard->len);
  /* Of the second, most has been taken back, whatever the machine does meanwhile. */
  g_assert_cmpuint (kept, <, RATE * 3 / 10 + RATE / 2);
  return TRUE;
}

static void
test_rewind (gconstpointer data)
{
  try (try_rewind, data);
}

/* Neither frames from before the earliest that may go, nor frames after a second one. */
static gboolean
try_rewind_some (gconstpointer data, gboolean last)
{
  g_autoptr (GstPipewireServer) server = serve (QUANTUM);
  g_auto (Player) player = { 0 };
  GstClockTime kept_ns = 0;
  GstFlowReturn flow;
  const guint until = RATE * 9 / 10;

  player_open (&player, "appsrc name=source format=time caps=audio/x-raw,format=S16LE,rate=44100,"
                        "channels=2,layout=interleaved ! seguepipewiresink name=sink "
                        "buffer-time=1000000");
  player_push (&player, A, 0, 3 * RATE);
  player_set_state (&player, GST_STATE_PLAYING);
  player_wait_position (&player, 100000);
  player_gst_rewind (PLAYER_GST_REWIND (player.sink),
                     gst_util_uint64_scale (until, GST_SECOND, RATE), &kept_ns);
  player_push (&player, B, (guint)gst_util_uint64_scale_round (kept_ns, RATE, GST_SECOND),
               3 * RATE);
  const gint64 deadline = g_get_monotonic_time () + DEADLINE_US;
  while (!player_gst_rewind (PLAYER_GST_REWIND (player.sink), 0, &kept_ns))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (1000);
    }
  const guint kept = (guint)gst_util_uint64_scale_round (kept_ns, RATE, GST_SECOND);
  player_push (&player, C, kept, kept + RATE / 4);
  g_signal_emit_by_name (player.source, "end-of-stream", &flow);
  player_wait_eos (&player);
  wait_heard (server, RATE / 4);
  if (!last && !gst_pipewire_server_is_whole (server))
    return FALSE;
  g_autoptr (GArray) heard = dup_sounding (server);
  const guint end = gst_audio_assert_run (heard, 0, A, 0, MIN (kept, until));
  g_assert_cmpuint (gst_audio_assert_run (heard, end, C, kept, kept + RATE / 4), ==, heard->len);
  return TRUE;
}

static void
test_rewind_twice (void)
{
  try (try_rewind_some, NULL);
}

/* PipeWire runs, and has no output; or it does not run. */
static void
test_no_output (void)
{
  g_auto (Player) player = { 0 };

  player_open (&player, "audiotestsrc ! seguepipewiresink name=sink");
  g_assert_cmpint (gst_element_set_state (player.sink, GST_STATE_READY), ==,
                   GST_STATE_CHANGE_FAILURE);
  g_autoptr (GstPipewireServer) server = serve (0);
  g_assert_cmpint (gst_element_set_state (player.sink, GST_STATE_READY), ==,
                   GST_STATE_CHANGE_FAILURE);
  g_autoptr (GstBus) bus = gst_element_get_bus (player.pipeline);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GstMessage) message = gst_bus_pop_filtered (bus, GST_MESSAGE_ERROR);
      g_autoptr (GError) error = NULL;

      g_assert_nonnull (message);
      gst_message_parse_error (message, &error, NULL);
      g_test_message ("%s", error->message);
      g_assert_error (error, GST_RESOURCE_ERROR, GST_RESOURCE_ERROR_OPEN_WRITE);
    }
}

/* --- the engine --- */

static GstRig *
rig_with (const char *sink, guint buffer_ms)
{
  PlayerGstEngineOptions options = PLAYER_GST_ENGINE_OPTIONS_INIT;
  GstRig *rig = gst_rig_new_with_sink (NULL);

  options.sink = sink;
  options.buffer_ms = buffer_ms;
  gst_rig_start (rig, &options);
  return rig;
}

/* The server dies; what plays waits for the next one and goes on where it was heard last. The ear may not
 * have heard the last cycles that the server has played. */
static gboolean
try_dies (gconstpointer data, gboolean last_try)
{
  g_autoptr (GstPipewireServer) one = serve (QUANTUM);
  g_autoptr (GstRig) rig = rig_with ("pipewire", BUFFER_MS);
  const guint64 c = gst_rig_load_file (rig, "c.flac");

  gst_rig_wait_position_ms (rig, c, 600);
  gst_pipewire_server_kill (one);
  const gint64 lost_ms = gst_rig_wait (rig, PLAYER_ENGINE_UNDERRUN, c)->offset_ms;
  gst_rig_run (rig, 500);
  g_assert_cmpint (gst_rig_get_position_ms (rig, c), >=, lost_ms);
  g_autoptr (GstPipewireServer) two = serve (QUANTUM);
  gst_rig_wait (rig, PLAYER_ENGINE_REFILLED, c);
  gst_rig_wait_position_ms (rig, c, lost_ms + 500);
  if (!last_try && !(gst_pipewire_server_is_whole (one) && gst_pipewire_server_is_whole (two)))
    return FALSE;
  g_autoptr (GArray) before = dup_sounding (one);
  g_autoptr (GArray) after = dup_sounding (two);
  const guint last = gst_audio_follow (before, 0, C, 0);
  const guint first = get_index (g_array_index (after, guint32, FADE));
  g_test_message ("heard up to %u, from %u on, said %" G_GINT64_FORMAT " ms", last, first - FADE,
                  lost_ms);
  g_assert_cmpuint (last, >, RATE / 2);
  g_assert_cmpuint (gst_audio_follow (after, FADE, C, first), >, FADE + RATE / 4);
  g_assert_cmpint ((gint64)first - FADE - last, <=, 3 * QUANTUM);
  g_assert_cmpint ((gint64)first - FADE - last, >=, -3 * QUANTUM);
  return TRUE;
}

static void
test_dies (void)
{
  try (try_dies, NULL);
}

/* None is there yet: it is waited for, and heard from the first frame on. "auto" chooses it, though
 * there is PulseAudio's protocol, too. */
static gboolean
try_appears (gconstpointer data, gboolean last)
{
  g_autoptr (GstRig) rig = rig_with ("auto", BUFFER_MS);
  PlayerGstEngine *engine = PLAYER_GST_ENGINE (rig->engine);

  g_autoptr (GstPipewireServer) server = serve (QUANTUM);
  const guint64 c = gst_rig_load_file (rig, "c.flac");
  gst_rig_wait_position_ms (rig, c, 400);
  g_assert_cmpstr (player_gst_engine_get_sink_name (engine), ==, "seguepipewiresink");
  if (!last && !gst_pipewire_server_is_whole (server))
    return FALSE;
  g_autoptr (GArray) heard = dup_sounding (server);
  gst_audio_assert_run (heard, 0, C, 0, 10000);
  return TRUE;
}

static void
test_appears (void)
{
  try (try_appears, NULL);
}

static gint64
to_ms (guint frame)
{
  return (frame * (gint64)1000 + RATE / 2) / RATE;
}

static gboolean
went_well (GstRig *rig, guint64 generation, GstPipewireServer *server)
{
  return gst_pipewire_server_is_whole (server)
         && gst_rig_count (rig, PLAYER_ENGINE_UNDERRUN, generation) == 0;
}

/* Each pause is told to the frame, faded there, and gone on with the very next one, though what was queued is
 * taken back each time. */
static gboolean
try_engine_pauses (gconstpointer data, gboolean last)
{
  g_autoptr (GstPipewireServer) server = serve (QUANTUM);
  g_autoptr (GstRig) rig = rig_with ("pipewire", BUFFER_MS);
  const guint64 c = gst_rig_load_file (rig, "c.flac");
  gint64 told_ms[PAUSES];

  gst_rig_wait_position_ms (rig, c, 100);
  for (guint i = 0; i < PAUSES; i++)
    {
      gst_rig_run (rig, (guint)g_test_rand_int_range (150, 250));
      player_engine_pause (rig->engine);
      told_ms[i] = gst_rig_find (rig, PLAYER_ENGINE_SILENCED, c)->offset_ms;
      gst_rig_run (rig, (guint)g_test_rand_int_range (60, 120));
      player_engine_resume (rig->engine);
    }
  gst_rig_wait_position_ms (rig, c, told_ms[PAUSES - 1] + 300);
  if (!last && !went_well (rig, c, server))
    return FALSE;
  g_autoptr (GArray) heard = dup_sounding (server);
  guint at = 0;
  guint frame = 0;
  for (guint i = 0; i < PAUSES; i++)
    {
      const guint end = gst_audio_find_fade (heard, at, C, frame, FADE);

      frame += end - at;
      at = gst_audio_assert_fade (heard, end, C, frame, FADE, TRUE);
      frame += FADE;
      g_assert_cmpint (told_ms[i], ==, to_ms (frame));
      at = gst_audio_assert_fade (heard, at, C, frame, FADE, FALSE);
      frame += FADE;
    }
  gst_audio_assert_run (heard, at, C, frame, frame + RATE / 10);
  return TRUE;
}

static void
test_engine_pauses (void)
{
  try (try_engine_pauses, NULL);
}

/* Whether there is silence between what sounds: something has come too late. */
static gboolean
has_hole (GstPipewireServer *server)
{
  g_autoptr (GArray) heard = gst_pipewire_server_dup_heard (server);
  guint last = heard->len;

  while (last > 0 && g_array_index (heard, guint32, last - 1) == 0)
    last--;
  for (guint at = gst_audio_skip_silence (heard, 0); at < last; at++)
    if (g_array_index (heard, guint32, at) == 0)
      return TRUE;
  return FALSE;
}

/* Of a second that is queued, little is heard after a command. */
static gboolean
try_engine_cut (gconstpointer data, gboolean last)
{
  const gboolean stop = GPOINTER_TO_INT (data);
  g_autoptr (GstPipewireServer) server = serve (QUANTUM);
  g_autoptr (GstRig) rig = rig_with ("pipewire", LARGE_MS);
  const guint64 c = gst_rig_load_file (rig, "c.flac");

  gst_rig_wait_position_ms (rig, c, 500);
  const gint64 before_ms = gst_rig_get_position_ms (rig, c);
  if (stop)
    player_engine_silence (rig->engine);
  else
    player_engine_pause (rig->engine);
  const gint64 told_ms = gst_rig_wait (rig, PLAYER_ENGINE_SILENCED, c)->offset_ms;
  g_test_message ("%" G_GINT64_FORMAT " ms were heard, then up to %" G_GINT64_FORMAT, before_ms,
                  told_ms);
  gst_rig_run (rig, 600);
  if (!last && (has_hole (server) || !went_well (rig, c, server)))
    return FALSE;
  g_assert_cmpint (told_ms - before_ms, <, LARGE_MS / 2);
  g_autoptr (GArray) heard = dup_sounding (server);
  const guint end = gst_audio_find_fade (heard, 0, C, 0, FADE);
  g_assert_cmpuint (gst_audio_assert_fade (heard, end, C, end, FADE, TRUE), ==, heard->len);
  g_assert_cmpint (to_ms (heard->len), ==, told_ms);
  return TRUE;
}

static void
test_engine_cut (gconstpointer data)
{
  try (try_engine_cut, data);
}

static void
add_tests (void)
{
  g_autofree char *directory = gst_rig_path ("home");

  gst_pipewire_server_set_environment (directory);
  g_test_add_func ("/pipewire/sink/pauses", test_pauses);
  g_test_add_func ("/pipewire/sink/again", test_again);
  g_test_add_data_func ("/pipewire/sink/rewind/2048", GUINT_TO_POINTER (2048), test_rewind);
  g_test_add_data_func ("/pipewire/sink/rewind/4096", GUINT_TO_POINTER (4096), test_rewind);
  g_test_add_func ("/pipewire/sink/rewind/twice", test_rewind_twice);
  g_test_add_func ("/pipewire/sink/no-output", test_no_output);
  g_test_add_func ("/pipewire/engine/pauses", test_engine_pauses);
  g_test_add_data_func ("/pipewire/engine/cut/pause", GINT_TO_POINTER (FALSE), test_engine_cut);
  g_test_add_data_func ("/pipewire/engine/cut/stop", GINT_TO_POINTER (TRUE), test_engine_cut);
  g_test_add_func ("/pipewire/engine/dies", test_dies);
  g_test_add_func ("/pipewire/engine/appears", test_appears);
}

/* Warnings are fatal here, but for the one which the tests provoke. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE")
        && g_str_has_prefix (fields[i].value, "The audio output is away"))
      return G_LOG_WRITER_HANDLED;
  return g_log_writer_default (level, fields, n_fields, data);
}

int
main (int argc, char **argv)
{
  g_log_set_writer_func (write_log, NULL, NULL);
  return gst_rig_main (argc, argv, add_tests);
}
