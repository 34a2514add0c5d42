/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <math.h>

#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-rig.h"
#include "tests/gst/gst-sound-server.h"
#include "tests/gst/gst-talk.h"

/* Commands are heard at once: what the server has and has not played is taken back. All of it is judged by
 * what a real server's null sink has played, in frames. */

#define C GST_RIG_FILE_C
#define RATE 44100
#define FADE 441
#define SINK "seguepulsesink"
#define PAUSES 20
#define SWITCHES 10
#define VOLUMES 11
/* What the large buffer holds; a server that took nothing back would play nearly all of it. */
#define LARGE_MS 1000
#define STORM_COMMANDS 120
/* Values of the quiet files: each in its own channel, so that they can be told apart when mixed. */
#define QUIET_VALUES 8191
#define TONE_HZ 441
#define TONE_LEVEL 12000

static GstSoundServer *
serve (void)
{
  g_autofree char *directory = gst_rig_path ("");
  g_autofree char *socket = gst_rig_path ("sound");

  return gst_sound_server_new (directory, "one", socket);
}

static GstRig *
rig_with (guint buffer_ms)
{
  PlayerGstEngineOptions options = PLAYER_GST_ENGINE_OPTIONS_INIT;
  GstRig *rig = gst_rig_new_with_sink (NULL);

  options.sink = SINK;
  options.buffer_ms = buffer_ms;
  gst_rig_start (rig, &options);
  return rig;
}

/* What sounded, one frame after another: pauses, and what a busy machine does to a server, left out. */
static GArray *
dup_sound (GstSoundServer *server)
{
  g_autoptr (GArray) heard = gst_sound_server_dup_heard (server);
  GArray *sound = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < heard->len; i++)
    if (g_array_index (heard, guint32, i) != 0)
      g_array_append_val (sound, g_array_index (heard, guint32, i));
  return sound;
}

static guint
get_index (GArray *sound, guint at)
{
  const guint32 code = g_array_index (sound, guint32, at);

  return (code & 0xffff) | (code >> 16 & 0xff) << 16;
}

static gint64
to_ms (guint frame)
{
  return (frame * (gint64)1000 + RATE / 2) / RATE;
}

/* --- pauses --- */

/* Each at another place: told to the frame, faded there, and gone on with the very next one: each frame is
 * heard once, and in order. */
static gboolean
pause_often (void)
{
  g_autoptr (GstSoundServer) server = serve ();
  g_autoptr (GstRig) rig = rig_with (200);
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
  g_autoptr (GArray) heard = dup_sound (server);
  guint exact = 0;
  for (guint at = 0, i = 0; at < heard->len && i < PAUSES; i++)
    {
      const guint end = gst_audio_follow (heard, at, C, at);

      /* A server that hears of it late on a busy machine may lack the begin of the fade. */
      const guint told = (guint)(told_ms[i] * RATE / 1000);
      if (end >= told || end + FADE + 64 <= told)
        return FALSE;
      const guint fade = gst_audio_find_fade (heard, at, C, at, FADE);
      exact += to_ms (fade + FADE) == told_ms[i];
      at = told + 2 * FADE;
      if (get_index (heard, at) != at)
        return FALSE;
    }
  return exact >= PAUSES / 2;
}

/* A server that hears of it much too late plays on: not each time. */
static void
test_pauses (void)
{
  guint tries = 0;

  while (!pause_often ())
    g_assert_cmpuint (++tries, <, 4);
}

/* --- a large buffer: how much of it is still heard --- */

typedef enum
{
  PAUSE,
  STOP,
  SWITCH,
} Way;

static void
carry_out (GstRig *rig, Way way)
{
  if (way == PAUSE)
    player_engine_pause (rig->engine);
  else if (way == STOP)
    player_engine_silence (rig->engine);
  else
    gst_rig_load_file (rig, "b.wav");
}

/* Without it being taken back, what was heard would be nearly as much behind as the buffer holds. */
static void
test_cut (gconstpointer data)
{
  const Way way = GPOINTER_TO_UINT (data);
  g_autoptr (GstSoundServer) server = serve ();
  g_autoptr (GstRig) rig = rig_with (LARGE_MS);
  const guint64 c = gst_rig_load_file (rig, "c.flac");

  gst_rig_wait_position_ms (rig, c, 500);
  if (way == SWITCH) /* ready before it is asked for */
    {
      g_autofree char *url = gst_rig_url ("b.wav");

      gst_rig_wait (rig, PLAYER_ENGINE_READY, gst_rig_load (rig, url, 0, PLAYER_LOAD_NEXT));
    }
  const gint64 before_ms = gst_rig_get_position_ms (rig, c);
  carry_out (rig, way);
  const gint64 told_ms = gst_rig_wait (rig, PLAYER_ENGINE_SILENCED, c)->offset_ms;
  g_test_message ("%" G_GINT64_FORMAT " ms were heard, then up to %" G_GINT64_FORMAT, before_ms,
                  told_ms);
  g_assert_cmpint (told_ms - before_ms, <, LARGE_MS / 2);
  gst_rig_run (rig, 600);
  g_autoptr (GArray) heard = dup_sound (server);
  if (way == SWITCH)
    {
      g_assert_cmpint (ABS (to_ms (gst_audio_follow (heard, 0, C, 0) + FADE) - told_ms), <=, 1);
      return;
    }
  g_assert_cmpuint (gst_audio_follow (heard, 0, C, 0), >, RATE / 10);
  g_assert_cmpint (to_ms (heard->len) - told_ms, >=, -1);
  g_assert_cmpint (to_ms (heard->len) - told_ms, <, 50);
}

/* Muted and loud again: both are heard soon, and what plays goes on underneath, frame by frame. */
static void
test_mute (void)
{
  g_autoptr (GstSoundServer) server = serve ();
  g_autoptr (GstRig) rig = rig_with (LARGE_MS);
  const guint64 c = gst_rig_load_file (rig, "c.flac");

  gst_rig_wait_position_ms (rig, c, 500);
  const gint64 muted_ms = gst_rig_get_position_ms (rig, c);
  player_engine_set_volume (rig->engine, 1.0, TRUE);
  gst_rig_wait_position_ms (rig, c, muted_ms + 700);
  const gint64 loud_ms = gst_rig_get_position_ms (rig, c);
  player_engine_set_volume (rig->engine, 1.0, FALSE);
  gst_rig_wait_position_ms (rig, c, loud_ms + 700);
  g_autoptr (GArray) heard = dup_sound (server);
  const gint64 whole_ms = to_ms (gst_audio_follow (heard, 0, C, 0));
  g_assert_cmpint (whole_ms, >=, muted_ms - 5);
  g_assert_cmpint (whole_ms, <, muted_ms + LARGE_MS / 2);
  const guint at = gst_audio_follow (heard, 0, C, 0) + 5 * FADE;
  const guint frame = get_index (heard, at);
  g_assert_cmpint (to_ms (frame), >=, loud_ms - 5);
  g_assert_cmpint (to_ms (frame), <, loud_ms + LARGE_MS / 2);
  gst_audio_assert_run (heard, at, C, frame, frame + RATE / 10);
}

/* --- a switch --- */

/* A tone in one of the channels. */
static void
write_tone (const char *name, gboolean right)
{
  g_autofree char *path = gst_rig_path (name);
  g_autoptr (GArray) frames = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < 5 * RATE; i++)
    {
      const gint16 value = (gint16)(TONE_LEVEL * sin (2 * G_PI * TONE_HZ * i / RATE));
      const guint32 frame = (guint32)(guint16)value << (right ? 16 : 0);

      g_array_append_val (frames, frame);
    }
  gst_audio_write_frames (path, frames, RATE, 2);
}

static gint
get_sample (GArray *heard, guint at, gboolean right)
{
  return (gint16)(g_array_index (heard, guint32, at) >> (right ? 16 : 0));
}

/* The loudest of a tone's period that ends at @at, of both channels. */
static gint
find_level (GArray *heard, guint at)
{
  gint level = 0;

  for (guint i = at + 1 - RATE / TONE_HZ; i <= at; i++)
    level
        = MAX (level, MAX (ABS (get_sample (heard, i, FALSE)), ABS (get_sample (heard, i, TRUE))));
  return level;
}

/* From one tone to the other without a silence and without a click: how often; 0: there was one. */
static guint
count_clean_switches (GArray *heard)
{
  const double steepest = TONE_LEVEL * 2 * G_PI * TONE_HZ / RATE * 1.3;
  gboolean right = FALSE;
  guint switches = 0;

  for (guint at = gst_audio_skip_silence (heard, 0) + RATE / 50; at < heard->len; at++)
    {
      for (guint c = 0; c < 2; c++)
        if (ABS (get_sample (heard, at, c) - get_sample (heard, at - 1, c)) > steepest)
          return 0;
      if (find_level (heard, at) < TONE_LEVEL / 2)
        return 0;
      if (ABS (get_sample (heard, at, !right)) > TONE_LEVEL * 9 / 10)
        {
          right = !right;
          switches++;
        }
    }
  return switches;
}

static guint
switch_tones (void)
{
  g_autoptr (GstSoundServer) server = serve ();
  g_autoptr (GstRig) rig = rig_with (200);

  for (guint i = 0; i <= SWITCHES; i++)
    {
      const guint64 id = gst_rig_load_file (rig, i % 2 ? "right.wav" : "left.wav");

      gst_rig_wait (rig, PLAYER_ENGINE_STARTED, id);
      gst_rig_run (rig, (guint)g_test_rand_int_range (180, 260));
    }
  g_autoptr (GArray) heard = gst_sound_server_dup_heard (server);
  return count_clean_switches (heard);
}

/* A server that runs dry on a busy machine is a silence of its own: not each time. */
static void
test_switch (void)
{
  guint tries = 0;

  write_tone ("left.wav", FALSE);
  write_tone ("right.wav", TRUE);
  while (switch_tones () < SWITCHES - 1)
    g_assert_cmpuint (++tries, <, 4);
}

/* --- the volume --- */

/* Turned down and up again and again: heard long before the buffer would have run out, and no frame is lost
 * or comes again by it. */
static void
test_volume (void)
{
  g_autoptr (GstSoundServer) server = serve ();
  g_autoptr (GstRig) rig = rig_with (LARGE_MS);
  const guint64 c = gst_rig_load_file (rig, "c.flac");

  gst_rig_wait_position_ms (rig, c, 500);
  const gint64 before_ms = gst_rig_get_position_ms (rig, c);
  for (guint i = 0; i < VOLUMES; i++)
    {
      player_engine_set_volume (rig->engine, i % 2 == 0 ? 0.5 : 1.0, FALSE);
      gst_rig_run (rig, (guint)g_test_rand_int_range (20, 200));
    }
  player_engine_set_volume (rig->engine, 1.0, FALSE);
  gst_rig_wait_position_ms (rig, c, gst_rig_get_position_ms (rig, c) + LARGE_MS + 300);
  g_autoptr (GArray) heard = dup_sound (server);
  const guint turned = gst_audio_follow (heard, 0, C, 0);
  g_test_message ("%" G_GINT64_FORMAT " ms were heard, then turned down at %" G_GINT64_FORMAT,
                  before_ms, to_ms (turned));
  g_assert_cmpint (to_ms (turned) - before_ms, <, LARGE_MS / 2);
  const guint last = heard->len - RATE / 10;
  gst_audio_assert_run (heard, last, C, last, last + RATE / 20);
}

/* --- speech --- */

static void
write_quiet (const char *name, guint frames, gboolean right)
{
  g_autofree char *path = gst_rig_path (name);
  g_autoptr (GArray) values = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < frames; i++)
    {
      const guint32 value = (1 + i % QUIET_VALUES) << (right ? 16 : 0);

      g_array_append_val (values, value);
    }
  gst_audio_write_frames (path, values, RATE, 2);
}

/* How many frames of speech have been heard, each once and in order. A server that ran dry is forgiven. */
static guint
count_spoken (GArray *heard)
{
  guint spoken = 0;

  for (guint at = 0; at < heard->len; at++)
    {
      const gint value = get_sample (heard, at, TRUE);

      if (value != 0)
        g_assert_cmpint (value, ==, (gint)(1 + spoken++ % QUIET_VALUES));
    }
  return spoken;
}

/* What is spoken is never taken back, whatever is done with the music meanwhile. */
static void
test_speech (void)
{
  g_autoptr (GstSoundServer) server = serve ();
  g_autoptr (GstRig) rig = rig_with (100);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  const guint frames = 3 * RATE + 11;

  write_quiet ("music.wav", 16 * RATE, FALSE);
  write_quiet ("speech.wav", frames, TRUE);
  g_autofree char *part = gst_talk_recording ("speech.wav");
  const guint64 music = gst_rig_load_file (rig, "music.wav");
  gst_rig_wait_position_ms (rig, music, 300);
  const guint64 id = gst_talk_say (talk, 0, part, NULL);
  while (gst_talk_count (talk, PLAYER_SPEECH_FINISHED, id) == 0)
    {
      gst_rig_run (rig, (guint)g_test_rand_int_range (10, 120));
      player_engine_pause (rig->engine);
      gst_rig_run (rig, (guint)g_test_rand_int_range (0, 60));
      player_engine_resume (rig->engine);
      if (g_test_rand_int_range (0, 4) == 0)
        player_engine_seek (rig->engine, music, g_test_rand_int_range (0, 10000));
    }
  g_autoptr (GArray) heard = gst_sound_server_dup_heard (server);
  g_assert_cmpuint (count_spoken (heard), ==, frames);
}

/* --- a storm --- */

/* Whether frames of C go on from @at for long enough not to be part of a fade. */
static gboolean
begins_run (GArray *heard, guint at, guint *frame)
{
  *frame = get_index (heard, at);
  return g_array_index (heard, guint32, at) >> 24 == C
         && gst_audio_follow (heard, at, C, *frame) - at > FADE;
}

/* How often something began to sound. */
static guint
count_runs (GArray *heard)
{
  guint runs = 0;
  guint frame;

  for (guint at = 0; at < heard->len;)
    {
      if (!begins_run (heard, at, &frame))
        {
          at++;
          continue;
        }
      at = gst_audio_follow (heard, at, C, frame);
      runs++;
    }
  return runs;
}

/* Commands at random, some at once after another: nothing that was taken back is heard, nothing comes
 * again, and the end is where it is told. */
static void
test_storm (void)
{
  g_autoptr (GstSoundServer) server = serve ();
  g_autoptr (GstRig) rig = rig_with (100);
  g_autofree char *url = gst_rig_url ("c.flac");
  guint starts = 1;
  guint64 c = gst_rig_load_file (rig, "c.flac");

  for (guint i = 0; i < STORM_COMMANDS; i++)
    {
      const gint32 which = g_test_rand_int_range (0, 7);

      if (which < 3)
        player_engine_pause (rig->engine);
      else if (which < 5)
        player_engine_resume (rig->engine);
      else if (which < 6)
        player_engine_seek (rig->engine, c, g_test_rand_int_range (0, 10000));
      else
        c = gst_rig_load (rig, url, g_test_rand_int_range (0, 10000), PLAYER_LOAD_CURRENT);
      starts += which >= 3;
      if (g_test_rand_bit ())
        gst_rig_run (rig, (guint)g_test_rand_int_range (0, 150));
    }
  const guint64 last = gst_rig_load_file (rig, "c.flac");
  player_engine_resume (rig->engine);
  gst_rig_wait_position_ms (rig, last, 400);
  player_engine_pause (rig->engine);
  const gint64 told_ms = gst_rig_find (rig, PLAYER_ENGINE_SILENCED, last)->offset_ms;
  gst_rig_run (rig, 400);
  g_autoptr (GArray) heard = dup_sound (server);
  g_assert_cmpuint (count_runs (heard), <=, starts + 1);
  g_assert_cmpint (ABS (to_ms (get_index (heard, heard->len - 2 * FADE) + 2 * FADE) - told_ms), <=,
                   1);
}

static void
add_tests (void)
{
  g_autofree char *socket = gst_rig_path ("sound");
  g_autofree char *address = g_strconcat ("unix:", socket, NULL);
  g_autofree char *directory = gst_rig_path ("");

  g_setenv ("PULSE_SERVER", address, TRUE);
  g_setenv ("XDG_RUNTIME_DIR", directory, TRUE);
  g_setenv ("PULSE_RUNTIME_PATH", directory, TRUE);
  g_test_add_func ("/output/rewind/pauses", test_pauses);
  g_test_add_data_func ("/output/rewind/cut/pause", GUINT_TO_POINTER (PAUSE), test_cut);
  g_test_add_data_func ("/output/rewind/cut/stop", GUINT_TO_POINTER (STOP), test_cut);
  g_test_add_data_func ("/output/rewind/cut/switch", GUINT_TO_POINTER (SWITCH), test_cut);
  g_test_add_func ("/output/rewind/mute", test_mute);
  g_test_add_func ("/output/rewind/switch", test_switch);
  g_test_add_func ("/output/rewind/volume", test_volume);
  g_test_add_func ("/output/rewind/speech", test_speech);
  g_test_add_func ("/output/rewind/storm", test_storm);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}
