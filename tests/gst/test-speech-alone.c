/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <glib/gstdio.h>
#include <sys/wait.h>

#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-talk.h"
#include "tests/gst/gst-usage.h"

/* What is spoken where nothing plays: every sample of it, in order, and nothing else. */

#define RATE GST_TALK_RATE
#define P GST_TALK_FILE_P
#define FRAMES_P GST_TALK_FRAMES_P
#define Q GST_TALK_FILE_Q
#define FRAMES_Q GST_TALK_FRAMES_Q
#define FADE (RATE / 100)

/* All of p.wav lies at @at and then only silence. */
static void
assert_p (GstRig *rig)
{
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), P, 0, FRAMES_P);
  gst_audio_assert_silent_end (heard, at);
}

static void
test_words (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *p = gst_talk_file ("p.wav");
  const guint64 id = gst_talk_say (talk, 0, p, NULL);

  gst_talk_wait (talk, PLAYER_SPEECH_STARTED, id);
  g_assert_cmpuint (gst_talk_count (talk, PLAYER_SPEECH_FINISHED, id), ==, 0);
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  g_assert_cmpuint (gst_tap_count (&rig->tap), >=, FRAMES_P);
  g_assert_cmpuint (rig->tap.rate, ==, RATE);
  assert_p (rig);
}

/* One after another without a lost or added sample, and the pause to the frame. */
static void
test_parts (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *p = gst_talk_file ("p.wav");
  g_autofree char *q = gst_talk_recording ("q.wav");
  const guint64 id = gst_talk_say (talk, 0, "break:100", p, q, "break:500", p, "break:300", NULL);

  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  g_assert_cmpuint (talk->problems->len, ==, 0);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_skip_silence (heard, 0);
  g_assert_cmpuint (at, >=, RATE / 10);
  at = gst_audio_assert_run (heard, at, P, 0, FRAMES_P);
  at = gst_audio_assert_run (heard, at, Q, 0, FRAMES_Q);
  g_assert_cmpuint (gst_audio_skip_silence (heard, at), ==, at + RATE / 2);
  at = gst_audio_assert_run (heard, at + RATE / 2, P, 0, FRAMES_P);
  gst_audio_assert_silent_end (heard, at);
  g_assert_cmpuint (heard->len, >=, at + RATE * 3 / 10);
}

static void
test_pause_alone (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  const guint64 id = gst_talk_say (talk, 0, "break:200", NULL);

  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  g_assert_cmpuint (gst_tap_count (&rig->tap), >=, RATE / 5);
  const guint64 nothing = gst_talk_say (talk, 0, "break:0", NULL);
  gst_talk_wait (talk, PLAYER_SPEECH_FAILED, nothing);
}

/* One utterance after another; the second is asked for while the first one's last event is told. */
static void
say_again (PlayerSpeech *speech, const PlayerSpeechEvent *event, gpointer data)
{
  GstTalk *talk = data;
  g_autofree char *q = gst_talk_file ("q.wav");

  if (event->type == PLAYER_SPEECH_FINISHED && event->generation == 1)
    gst_talk_say (talk, 0, q, NULL);
}

static void
test_two (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *p = gst_talk_file ("p.wav");

  g_signal_connect (talk->speech, "event", G_CALLBACK (say_again), talk);
  gst_talk_say (talk, 0, p, NULL);
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, 2);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), P, 0, FRAMES_P);
  at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, at), Q, 0, FRAMES_Q);
  gst_audio_assert_silent_end (heard, at);
  g_assert_cmpuint (rig->tap.opened, ==, 1);
}

/* As programs write it that do not know yet how much will come. */
static void
test_bogus_length (gconstpointer data)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *from = gst_rig_path ("p.wav");
  g_autofree char *to = gst_rig_path ("bogus.wav");
  g_autofree char *bogus = gst_talk_file ("bogus.wav");
  g_autofree char *bytes = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (from, &bytes, &length, NULL));
  const guint32 size = GUINT32_TO_LE (GPOINTER_TO_UINT (data));
  memcpy (bytes + 4, &size, 4);
  memcpy (bytes + 40, &size, 4);
  g_assert_true (g_file_set_contents (to, bytes, (gssize)length, NULL));
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, gst_talk_say (talk, 0, bogus, NULL));
  g_assert_cmpuint (talk->problems->len, ==, 0);
  assert_p (rig);
}

/* The words of the command: quotes, the locale, the percent sign. */
static void
test_command (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autofree char *path = gst_rig_path ("p.wav");
  g_autofree char *command = g_strconcat ("sh -c 'test \"$1\" = en-US-x%%l%%%%z && exec cat \"$2\"'"
                                          " sh %l-x%%l%%%%z ",
                                          path, NULL);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, command, 5000);

  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, gst_talk_say (talk, 0, "say:<speak/>", NULL));
  assert_p (rig);
}

static void
test_volume (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *p = gst_talk_file ("p.wav");

  player_engine_set_volume (rig->engine, 0.5, FALSE);
  player_engine_set_duck (rig->engine, 0.1); /* is not for speech */
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, gst_talk_say (talk, 0, p, NULL));
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint at = gst_audio_skip_silence (heard, 0);
  for (guint i = 0; i < 20000; i++)
    g_assert_cmpfloat_with_epsilon ((gint16)g_array_index (heard, guint32, at + i),
                                    (gint16)gst_audio_code (P, i) * 0.125, 1.0);
  const guint count = heard->len;
  player_engine_set_volume (rig->engine, 1.0, TRUE);
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, gst_talk_say (talk, 0, p, NULL));
  gst_rig_settle (rig);
  g_autoptr (GArray) all = gst_tap_dup_frames (&rig->tap);
  g_assert_cmpuint (all->len, >=, count + FRAMES_P);
  gst_audio_assert_silent_end (all, count + 3 * FADE); /* the volume has its ramp */
}

/* --- stop --- */

static void
test_stop (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *p = gst_talk_file ("p.wav");
  const guint64 id = gst_talk_say (talk, 0, p, p, p, NULL);

  gst_rig_wait_frames (rig, RATE / 5);
  player_speech_stop (talk->speech);
  g_assert_cmpuint (gst_talk_count (talk, PLAYER_SPEECH_STOPPED, id), ==, 1);
  player_speech_stop (talk->speech);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  const guint fade = gst_audio_find_fade (heard, begin, P, 0, FADE);
  g_assert_cmpuint (fade, <, begin + RATE / 2);
  const guint end = gst_audio_assert_fade (heard, fade, P, fade - begin, FADE, TRUE);
  gst_audio_assert_silent_end (heard, end);
  g_assert_cmpuint (gst_talk_count (talk, PLAYER_SPEECH_STOPPED, id), ==, 1);
}

/* What is said next is whole, and the end of what was said before is not taken for it. */
static void
test_stop_and_say (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *p = gst_talk_recording ("p.wav");
  g_autofree char *q = gst_talk_recording ("q.wav");

  gst_talk_say (talk, 0, p, NULL);
  gst_rig_wait_frames (rig, RATE / 5);
  player_speech_stop (talk->speech);
  const guint64 id = gst_talk_say (talk, 0, q, NULL);
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  guint at = gst_audio_find_fade (heard, begin, P, 0, FADE);
  at = gst_audio_skip_silence (heard, at + FADE);
  gst_audio_assert_silent_end (heard, gst_audio_assert_run (heard, at, Q, 0, FRAMES_Q));
}

static void
test_stop_at_once (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *p = gst_talk_file ("p.wav");

  for (guint i = 0; i < 20; i++)
    {
      const guint64 id = gst_talk_say (talk, 0, p, p, NULL);

      gst_rig_run (rig, i);
      player_speech_stop (talk->speech);
      g_assert_cmpuint (gst_talk_count (talk, PLAYER_SPEECH_STOPPED, id), ==, 1);
    }
  player_speech_stop (talk->speech);
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, gst_talk_say (talk, 0, p, NULL));
}

/* Dropped in the middle of it. */
static void
test_drop (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autofree char *p = gst_talk_file ("p.wav");
  {
    g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);

    gst_talk_say (talk, 0, p, p, NULL);
    gst_rig_wait_frames (rig, RATE / 5);
  }
  gst_rig_settle (rig);
  g_autoptr (GstTalk) other = gst_talk_new (rig, GST_TALK_CAT, 5000);
  gst_talk_wait (other, PLAYER_SPEECH_FINISHED, gst_talk_say (other, 0, p, NULL));
}

/* --- what is left behind --- */

static void
test_nothing_left (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  const gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  g_autofree char *s = gst_talk_file ("s.wav");
  guint warm = 0;

  for (guint i = 0; i < 40; i++)
    {
      const guint64 id = gst_talk_say (talk, 0, s, "break:10", s, NULL);

      if (i == 5)
        {
          gst_rig_run (rig, 500);
          warm = gst_usage_count_fds ();
        }
      if (i % 3 == 0)
        player_speech_stop (talk->speech);
      else
        gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
    }
  while (gst_usage_count_fds () > warm || waitpid (-1, NULL, WNOHANG | WNOWAIT) != -1)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      gst_rig_run (rig, 10);
    }
}

/* The synthesiser that everybody has: what it says is heard, and is as long as it wrote. */
static void
test_espeak (gconstpointer data)
{
  const char *const locale_and_text = data;
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autofree char *command
      = g_strdup_printf ("espeak-ng -m -v %s --stdin --stdout", locale_and_text);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, command, 10000);
  const guint64 id = gst_talk_say (talk, 0,
                                   "say:<speak>Hello <break time=\"200ms\"/> <prosody "
                                   "rate=\"fast\">world</prosody></speak>",
                                   NULL);
  guint loud = 0;

  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  g_assert_cmpuint (talk->problems->len, ==, 0);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  for (guint i = 0; i < heard->len; i++)
    loud += ABS ((gint16)g_array_index (heard, guint32, i)) > 1000;
  g_assert_cmpuint (loud, >, RATE / 20);
  g_assert_cmpuint (heard->len, >, RATE / 2);
  g_assert_cmpuint (heard->len, <, RATE * 5);
}

static void
add_tests (void)
{
  g_autofree char *s = gst_rig_path ("s.wav");

  gst_talk_make_audio ();
  gst_audio_write_wav (s, P, RATE / 50, RATE);
  g_test_add_func ("/speech/words", test_words);
  g_test_add_func ("/speech/parts", test_parts);
  g_test_add_func ("/speech/pause-alone", test_pause_alone);
  g_test_add_func ("/speech/two", test_two);
  g_test_add_data_func ("/speech/length/espeak", GUINT_TO_POINTER (0x7ffff000), test_bogus_length);
  g_test_add_data_func ("/speech/length/all-ones", GUINT_TO_POINTER (0xffffffff),
                        test_bogus_length);
  g_test_add_data_func ("/speech/length/zero", GUINT_TO_POINTER (0), test_bogus_length);
  g_test_add_func ("/speech/command", test_command);
  g_test_add_func ("/speech/volume", test_volume);
  g_test_add_func ("/speech/stop", test_stop);
  g_test_add_func ("/speech/stop-and-say", test_stop_and_say);
  g_test_add_func ("/speech/stop-at-once", test_stop_at_once);
  g_test_add_func ("/speech/drop", test_drop);
  g_test_add_func ("/speech/nothing-left", test_nothing_left);
  g_test_add_data_func ("/speech/espeak/locale", "%l", test_espeak);
  g_test_add_data_func ("/speech/espeak/german", "de-DE", test_espeak);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}
