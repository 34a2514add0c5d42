/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <glib/gstdio.h>

#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-card.h"
#include "tests/gst/gst-rig.h"
#include "tests/gst/gst-sound-server.h"
#include "tests/gst/gst-stall.h"

/* A real sound server: what its null sink plays is what is heard. */

#define C GST_RIG_FILE_C
#define RATE 44100
#define FADE 441
/* What "auto" takes, and what others may name. */
#define OURS "seguepulsesink"
#define GSTREAMERS "pulsesink"
/* A device of ALSA's with a clock: its plug-in that plays through the server. */
#define ALSAS "alsasink device=server"

/* The engine plays here; $PULSE_SERVER says so. */
static char *
dup_socket (void)
{
  return gst_rig_path ("sound");
}

static GstSoundServer *
serve (const char *name)
{
  g_autofree char *directory = gst_rig_path ("");
  g_autofree char *socket = dup_socket ();

  return gst_sound_server_new (directory, name, socket);
}

static GstRig *
rig_with (const char *sink, guint idle_ms)
{
  PlayerGstEngineOptions options = PLAYER_GST_ENGINE_OPTIONS_INIT;
  GstRig *rig = gst_rig_new_with_sink (NULL);

  options.sink = sink;
  options.buffer_ms = 200; /* whatever else the machine does */
  options.idle_ms = idle_ms;
  gst_rig_start (rig, &options);
  return rig;
}

/* The frame of C after those which lie at @at, without a fault. */
static guint
follow (GArray *heard, guint at, guint from)
{
  return from + gst_audio_follow (heard, at, C, from) - at;
}

/* Bit by bit, paused at the very sample that is said, and gone on with it. (Of ours, see output-rewind.) */
static void
test_pause (gconstpointer data)
{
  g_autoptr (GstSoundServer) server = serve ("one");
  g_autoptr (GstRig) rig = rig_with (data, 2000);
  const guint64 c = gst_rig_load_file (rig, "c.flac");

  gst_rig_wait_position_ms (rig, c, 400);
  player_engine_pause (rig->engine);
  const gint64 paused_ms = gst_rig_find (rig, PLAYER_ENGINE_SILENCED, c)->offset_ms;
  gst_rig_wait_position_ms (rig, c, paused_ms);
  gst_rig_run (rig, 200);
  g_assert_cmpint (gst_rig_get_position_ms (rig, c), ==, paused_ms);
  player_engine_resume (rig->engine);
  g_assert_cmpint (gst_rig_get_position_ms (rig, c), ==, paused_ms);
  gst_rig_wait_position_ms (rig, c, paused_ms + 400);
  g_autoptr (GArray) heard = gst_sound_server_dup_heard (server);
  guint at = gst_audio_skip_silence (heard, 0);
  const guint end = gst_audio_find_fade (heard, at, C, 0, FADE);
  const guint n = end - at;
  at = gst_audio_assert_fade (heard, end, C, n, FADE, TRUE);
  g_assert_cmpint (paused_ms, ==, ((n + FADE) * (gint64)1000 + RATE / 2) / RATE);
  at = gst_audio_skip_silence (heard, at);
  gst_audio_assert_run (heard, gst_audio_assert_fade (heard, at, C, n + FADE, FADE, FALSE), C,
                        n + 2 * FADE, n + 2 * FADE + 8000);
}

/* The server dies; what plays waits for the next one and goes on where it was heard last, to what it
 * may have held: a server that is gone does not say what it has played. */
static void
test_dies (gconstpointer data)
{
  g_autoptr (GstSoundServer) one = serve ("one");
  g_autoptr (GstRig) rig = rig_with (data, 2000);
  const guint64 c = gst_rig_load_file (rig, "c.flac");

  gst_rig_wait_position_ms (rig, c, 600);
  gst_sound_server_kill (one);
  const gint64 lost_ms = gst_rig_wait (rig, PLAYER_ENGINE_UNDERRUN, c)->offset_ms;
  gst_rig_run (rig, 500);
  g_assert_cmpint (gst_rig_get_position_ms (rig, c), >=, lost_ms);
  g_autoptr (GstSoundServer) two = serve ("two");
  gst_rig_wait (rig, PLAYER_ENGINE_REFILLED, c);
  gst_rig_wait_position_ms (rig, c, lost_ms + 500);
  g_autoptr (GArray) before = gst_sound_server_dup_heard (one);
  g_autoptr (GArray) after = gst_sound_server_dup_heard (two);
  const guint last = follow (before, gst_audio_skip_silence (before, 0), 0);
  const guint at = gst_audio_skip_silence (after, 0) + FADE;
  const guint32 code = g_array_index (after, guint32, at);
  const guint first = (code & 0xffff) | (code >> 16 & 0xff) << 16;
  g_test_message ("heard up to %u, from %u on, said %" G_GINT64_FORMAT " ms", last, first - FADE,
                  lost_ms);
  g_assert_cmpuint (follow (after, at, first), >, first + RATE / 4);
  g_assert_cmpint ((gint64)first - FADE - last, <=, RATE / 4);
  g_assert_cmpint ((gint64)first - FADE - last, >=, -RATE / 4);
}

/* None is there yet: it is waited for, and heard from the first frame on. */
static void
test_appears (void)
{
  g_autoptr (GstRig) rig = rig_with (OURS, 2000);
  const guint64 c = gst_rig_load_file (rig, "c.flac");

  gst_rig_wait (rig, PLAYER_ENGINE_READY, c);
  gst_rig_run (rig, 700);
  g_autoptr (GstSoundServer) server = serve ("one");
  gst_rig_wait_position_ms (rig, c, 400);
  g_autoptr (GArray) heard = gst_sound_server_dup_heard (server);
  gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), C, 0, 10000);
}

/* Frames of C from the first to at least @to lie in @heard, each once, in order; returns how many
 * silences lie between them. */
static guint
assert_whole (GArray *heard, guint to)
{
  guint at = gst_audio_skip_silence (heard, 0);
  guint next = follow (heard, at, 0);
  guint silences = 0;

  g_assert_cmpuint (next, >, 0);
  for (at += next; next < to; silences++)
    {
      const guint begin = gst_audio_skip_silence (heard, at);
      const guint end = follow (heard, begin, next);

      g_test_message ("%u frames of silence before frame %u", begin - at, next);
      g_assert_cmpuint (end, >, next);
      at = begin + end - next;
      next = end;
    }
  return silences;
}

static gint
compare_gaps (gconstpointer a, gconstpointer b)
{
  return *(const gint64 *)a < *(const gint64 *)b ? -1 : *(const gint64 *)a > *(const gint64 *)b;
}

/* How far the position is ahead of what has been heard, in ms: in the middle of many looks. */
static gint64
measure_lead (GstRig *rig, GstSoundServer *server, guint64 generation, gint64 until_ms)
{
  g_autoptr (GArray) leads = g_array_new (FALSE, FALSE, sizeof (gint64));
  gint64 position_ms;

  while ((position_ms = gst_rig_get_position_ms (rig, generation)) < until_ms)
    {
      g_autoptr (GArray) heard = gst_sound_server_dup_heard (server);
      const guint32 code = heard->len > 0 ? g_array_index (heard, guint32, heard->len - 1) : 0;
      const gint64 frame = (code & 0xffff) | (code >> 16 & 0xff) << 16;
      const gint64 lead = position_ms - frame * 1000 / RATE;

      if (code != 0)
        g_array_append_val (leads, lead);
      gst_rig_run (rig, 20);
    }
  g_assert_cmpuint (leads->len, >, 10);
  g_array_sort (leads, compare_gaps);
  g_test_message ("leads by %" G_GINT64_FORMAT " ms, of %u looks",
                  g_array_index (leads, gint64, leads->len / 2), leads->len);
  return g_array_index (leads, gint64, leads->len / 2);
}

/* The machine has no time for longer than the sink's buffer lasts, again and again: what comes late is
 * delayed, not lost, and the position is that of what is heard. */
static void
test_late (gconstpointer data)
{
  g_autoptr (GstSoundServer) server = serve ("one");
  g_autofree char *sink = g_strconcat ("seguestall every=40 ms=350 ! ", data, NULL);
  g_autoptr (GstRig) rig = rig_with (sink, 2000);
  const guint64 c = gst_rig_load_file (rig, "c.flac");

  gst_rig_wait_position_ms (rig, c, 1000);
  const gint64 lead_ms = measure_lead (rig, server, c, 3500);
  player_engine_pause (rig->engine);
  const gint64 paused_ms = gst_rig_find (rig, PLAYER_ENGINE_SILENCED, c)->offset_ms;
  gst_rig_run (rig, 800);
  g_autoptr (GArray) heard = gst_sound_server_dup_heard (server);
  g_assert_cmpuint (assert_whole (heard, (paused_ms - 20) * RATE / 1000), >=, 3);
  g_assert_cmpint (ABS (lead_ms), <, 80);
}

/* Likewise with a sound card, which reads its ring in time; and not at all with a sink that plays what it is
 * given when it comes. */
static void
test_late_others (gconstpointer data)
{
  const char *sink = data;
  g_autofree char *description = NULL;
  g_autoptr (GstRig) rig = gst_rig_new_with_sink (NULL);
  PlayerGstEngineOptions options = PLAYER_GST_ENGINE_OPTIONS_INIT;
  const gboolean card = g_str_equal (sink, "seguecardsink");

  description = g_strdup_printf ("seguestall every=40 ms=350 ! %s tap=%" G_GUINT64_FORMAT, sink,
                                 (guint64)GPOINTER_TO_SIZE (&rig->tap));
  options.sink = description;
  options.buffer_ms = 200;
  gst_rig_start (rig, &options);
  const guint64 c = gst_rig_load_file (rig, "c.flac");
  gst_rig_wait_position_ms (rig, c, 3500);
  player_engine_pause (rig->engine);
  const gint64 paused_ms = gst_rig_find (rig, PLAYER_ENGINE_SILENCED, c)->offset_ms;
  gst_rig_run (rig, 800);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint silences = assert_whole (heard, (paused_ms - 20) * RATE / 1000);
  g_assert_cmpuint (silences, >=, card ? 3 : 0);
  g_assert_cmpuint (silences, <=, card ? G_MAXUINT : 0);
}

/* "auto" chooses anew each time the output is opened: ALSA while there is no server, then that. */
static void
test_auto (void)
{
  g_autoptr (GstRig) rig = rig_with ("auto", 0);
  PlayerGstEngine *engine = PLAYER_GST_ENGINE (rig->engine);

  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, gst_rig_load_file (rig, "a.flac"));
  g_assert_cmpstr (player_gst_engine_get_sink_name (engine), ==, "alsasink");
  gst_rig_run (rig, 200);
  g_autoptr (GstSoundServer) server = serve ("one");
  const guint64 c = gst_rig_load_file (rig, "c.flac");
  gst_rig_wait_position_ms (rig, c, 400);
  g_assert_cmpstr (player_gst_engine_get_sink_name (engine), ==, OURS);
  g_autoptr (GArray) heard = gst_sound_server_dup_heard (server);
  gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), C, 0, 10000);
}

static void
add_tests (void)
{
  g_autofree char *socket = dup_socket ();
  g_autofree char *address = g_strconcat ("unix:", socket, NULL);
  g_autofree char *directory = gst_rig_path ("");
  g_autofree char *alsa = gst_rig_path ("asound.conf");

  g_assert_true (g_file_set_contents (
      alsa, "pcm.!default { type null }\npcm.server { type pulse }\n", -1, NULL));
  g_assert_true (gst_stall_register ());
  g_assert_true (gst_card_register ());
  g_setenv ("ALSA_CONFIG_PATH", alsa, TRUE);
  g_setenv ("PULSE_SERVER", address, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", directory, TRUE);
  g_setenv ("PULSE_RUNTIME_PATH", directory, TRUE);
  g_setenv ("PIPEWIRE_REMOTE", "none", TRUE);
  g_test_add_data_func ("/output/pulse/pause", GSTREAMERS, test_pause);
  g_test_add_data_func ("/output/alsa/pause", ALSAS, test_pause);
  g_test_add_data_func ("/output/pulse/dies", OURS, test_dies);
  g_test_add_data_func ("/output/pulse/dies/pulsesink", GSTREAMERS, test_dies);
  g_test_add_func ("/output/pulse/appears", test_appears);
  g_test_add_data_func ("/output/pulse/late", OURS, test_late);
  g_test_add_data_func ("/output/pulse/late/pulsesink", GSTREAMERS, test_late);
  g_test_add_data_func ("/output/card/late", "seguecardsink", test_late_others);
  g_test_add_data_func ("/output/tap/late", "seguetapsink sync=true", test_late_others);
  g_test_add_func ("/output/auto", test_auto);
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
