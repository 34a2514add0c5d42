/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-talk.h"

/* What is spoken, alone: every sample of it, in order, and nothing else. */

#define RATE 48000
#define P 5
#define FRAMES_P 30011
#define Q 6
#define FRAMES_Q 20219

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
  gst_rig_settle (rig);
  g_assert_cmpuint (rig->tap.rate, ==, RATE);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  const guint at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), P, 0, FRAMES_P);
  gst_audio_assert_silent_end (heard, at);
}

static void
test_parts (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *p = gst_talk_file ("p.wav");
  g_autofree char *q_url = gst_rig_url ("q.wav");
  g_autofree char *q = g_strconcat ("audio:", q_url, NULL);
  const guint64 id = gst_talk_say (talk, 0, p, q, "break:500", p, NULL);

  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  g_assert_cmpuint (talk->problems->len, ==, 0);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), P, 0, FRAMES_P);
  at = gst_audio_assert_run (heard, at, Q, 0, FRAMES_Q);
  g_assert_cmpuint (gst_audio_skip_silence (heard, at), ==, at + RATE / 2);
  at = gst_audio_assert_run (heard, at + RATE / 2, P, 0, FRAMES_P);
  gst_audio_assert_silent_end (heard, at);
}

static void
add_tests (void)
{
  g_autofree char *p = gst_rig_path ("p.wav");
  g_autofree char *q = gst_rig_path ("q.wav");

  gst_audio_write_wav (p, P, FRAMES_P, RATE);
  gst_audio_write_wav (q, Q, FRAMES_Q, RATE);
  g_test_add_func ("/speech/words", test_words);
  g_test_add_func ("/speech/parts", test_parts);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}
