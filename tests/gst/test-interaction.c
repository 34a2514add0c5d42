/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-controller.h"
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-rig.h"

/* Somebody speaks: what the decisions order is what is heard of the audio, in both models. */

#define RATE 44100
#define DUCK 0.25
#define A GST_RIG_FILE_A
#define B GST_RIG_FILE_B
#define C GST_RIG_FILE_C

typedef struct
{
  GstRig *rig;
  PlayerClock *clock;           /* (owned) */
  PlayerController *controller; /* (owned) */
  GString *log;                 /* (owned): reports, in order */
} Fixture;

static void
on_report (PlayerController *controller, PlayerReport *report, Fixture *fixture)
{
  g_string_append_printf (fixture->log, "%s(%s) ",
                          player_report_type_to_string (report->type) + 8, /* "Playback" */
                          report->item->token);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->rig = gst_rig_new (TRUE);
  fixture->clock = player_main_clock_new ();
  fixture->controller = player_controller_new (fixture->rig->engine, fixture->clock,
                                               PLAYER_NEARLY_FINISHED_BUFFERED);
  fixture->log = g_string_new (NULL);
  player_controller_set_duck (fixture->controller, DUCK);
  g_signal_connect (fixture->controller, "report", G_CALLBACK (on_report), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_clear_object (&fixture->controller);
  g_clear_object (&fixture->clock);
  gst_rig_free (fixture->rig);
  g_string_free (fixture->log, TRUE);
}

static void
play (Fixture *fixture, PlayerPlayBehavior behavior, const char *name)
{
  g_autofree char *url = gst_rig_url (name);
  g_autoptr (PlayerItem) item = player_item_new (url, name, 0, "", NULL);
  g_autoptr (PlayerCommand) command = player_command_new_play (item, behavior, NULL);
  g_assert_cmpint (player_controller_submit (fixture->controller, command), ==,
                   PLAYER_VERDICT_DONE);
}

static void
submit (Fixture *fixture, PlayerCommandType type)
{
  g_autoptr (PlayerCommand) command = player_command_new_simple (type);
  g_assert_cmpint (player_controller_submit (fixture->controller, command), ==,
                   PLAYER_VERDICT_DONE);
}

/* What was told since the last time. */
static void
assert_told (Fixture *fixture, const char *expected)
{
  g_assert_cmpstr (fixture->log->str, ==, expected);
  g_string_truncate (fixture->log, 0);
}

/* c.flac sounds, and so much of it has been heard. */
static void
play_c (Fixture *fixture)
{
  play (fixture, PLAYER_PLAY_REPLACE_ALL, "c.flac");
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_STARTED, 1);
  gst_rig_wait_frames (fixture->rig, RATE / 5);
  g_string_truncate (fixture->log, 0);
}

static gboolean
is_soft (guint32 heard, guint32 loud)
{
  const int left = (gint16)(heard & 0xffff) - (int)((gint16)(loud & 0xffff) * DUCK);
  const int right = (gint16)(heard >> 16) - (int)((gint16)(loud >> 16) * DUCK);
  return ABS (left) <= 2 && ABS (right) <= 2;
}

/* Frames from @from on of @file lie at @at, softly. */
static void
assert_soft (GArray *heard, guint at, guint file, guint from, guint frames)
{
  g_assert_cmpuint (at + frames, <=, heard->len);
  for (guint i = 0; i < frames; i++)
    g_assert_true (
        is_soft (g_array_index (heard, guint32, at + i), gst_audio_code (file, from + i)));
}

/* Nothing was heard while @generation waited, for as long as it may take to be decoded and more. */
static void
assert_waits (Fixture *fixture, guint64 generation)
{
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_READY, generation);
  gst_rig_run (fixture->rig, 200);
  g_assert_cmpuint (gst_rig_count (fixture->rig, PLAYER_ENGINE_STARTED, generation), ==, 0);
}

/* The last thing heard is all of a.flac, loud from the first sample on. */
static void
assert_all_of_a (Fixture *fixture, guint64 generation, guint from)
{
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, generation);
  gst_rig_settle (fixture->rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&fixture->rig->tap);
  const guint begin = gst_audio_skip_silence (heard, from);
  const guint end = gst_audio_assert_run (heard, begin, A, 0, GST_RIG_FRAMES_A);
  gst_audio_assert_silent_end (heard, end);
  assert_told (fixture, "Started(a.flac) NearlyFinished(a.flac) Finished(a.flac) ");
}

static void
test_from_rest (Fixture *fixture, gconstpointer end)
{
  submit (fixture, GPOINTER_TO_INT (end) == PLAYER_COMMAND_DUCK_END ? PLAYER_COMMAND_DUCK
                                                                    : PLAYER_COMMAND_INTERRUPT);
  play (fixture, PLAYER_PLAY_REPLACE_ALL, "a.flac");
  assert_waits (fixture, 1);
  g_assert_cmpint (fixture->rig->tap.first_us, ==, 0);
  assert_told (fixture, "");
  submit (fixture, GPOINTER_TO_INT (end));
  assert_all_of_a (fixture, 1, 0);
}

/* It was being opened when somebody began to speak. */
static void
test_loading (Fixture *fixture, gconstpointer end)
{
  play (fixture, PLAYER_PLAY_REPLACE_ALL, "a.flac");
  submit (fixture, GPOINTER_TO_INT (end) == PLAYER_COMMAND_DUCK_END ? PLAYER_COMMAND_DUCK
                                                                    : PLAYER_COMMAND_INTERRUPT);
  assert_waits (fixture, 1);
  g_assert_cmpint (fixture->rig->tap.first_us, ==, 0);
  submit (fixture, GPOINTER_TO_INT (end));
  assert_all_of_a (fixture, 1, 0);
}

static void
test_duck (Fixture *fixture, gconstpointer data)
{
  play_c (fixture);
  submit (fixture, PLAYER_COMMAND_DUCK);
  const guint asked = gst_tap_count (&fixture->rig->tap);
  gst_rig_wait_frames (fixture->rig, asked + RATE);
  submit (fixture, PLAYER_COMMAND_DUCK_END);
  const guint over = gst_tap_count (&fixture->rig->tap);
  gst_rig_wait_frames (fixture->rig, over + RATE);
  assert_told (fixture, "");

  g_autoptr (GArray) heard = gst_tap_dup_frames (&fixture->rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  const guint soft = gst_audio_follow (heard, begin, C, 0);
  g_assert_cmpuint (soft, >=, asked); /* loud until then */
  g_assert_cmpuint (soft, <, asked + RATE / 2);
  assert_soft (heard, asked + RATE / 2, C, asked + RATE / 2 - begin, RATE / 4);
  const guint loud = over + RATE / 2;
  g_assert_cmpuint (gst_audio_follow (heard, loud, C, loud - begin), ==, heard->len);
}

/* The old one ends at once, and nothing is heard before the interaction is over. */
static void
test_replace (Fixture *fixture, gconstpointer end)
{
  const gboolean ducks = GPOINTER_TO_INT (end) == PLAYER_COMMAND_DUCK_END;
  play_c (fixture);
  submit (fixture, ducks ? PLAYER_COMMAND_DUCK : PLAYER_COMMAND_INTERRUPT);
  assert_told (fixture, ducks ? "" : "Stopped(c.flac) ");
  gst_rig_run (fixture->rig, 300);
  play (fixture, PLAYER_PLAY_REPLACE_ALL, "a.flac");
  assert_told (fixture, ducks ? "Stopped(c.flac) " : "");
  const guint before = gst_tap_count (&fixture->rig->tap);
  assert_waits (fixture, 2);
  const guint after = gst_tap_count (&fixture->rig->tap);
  submit (fixture, GPOINTER_TO_INT (end));
  g_autoptr (GArray) heard = gst_tap_dup_frames (&fixture->rig->tap);
  for (guint i = before + RATE / 10; i < after; i++) /* what was on its way and the fade, at most */
    g_assert_cmpuint (g_array_index (heard, guint32, i), ==, 0);
  assert_all_of_a (fixture, 2, MIN (before + RATE / 10, after));
}

/* The next stream joins on in the interaction: softly, and without a sample between. */
static void
test_joint (Fixture *fixture, gconstpointer data)
{
  play (fixture, PLAYER_PLAY_REPLACE_ALL, "a.flac");
  play (fixture, PLAYER_PLAY_ENQUEUE, "b.flac");
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_STARTED, 1);
  submit (fixture, PLAYER_COMMAND_DUCK);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, 2);
  gst_rig_settle (fixture->rig);
  submit (fixture, PLAYER_COMMAND_DUCK_END);
  assert_told (fixture, "Started(a.flac) NearlyFinished(a.flac) Finished(a.flac) "
                        "Started(b.flac) NearlyFinished(b.flac) Finished(b.flac) ");

  g_autoptr (GArray) heard = gst_tap_dup_frames (&fixture->rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);
  assert_soft (heard, begin + GST_RIG_FRAMES_A - 100, A, GST_RIG_FRAMES_A - 100, 100);
  assert_soft (heard, begin + GST_RIG_FRAMES_A, B, 0, GST_RIG_FRAMES_B);
  gst_audio_assert_silent_end (heard, begin + GST_RIG_FRAMES_A + GST_RIG_FRAMES_B);
}

#define ADD(name, end, func)                                                                       \
  g_test_add ("/interaction/" name, Fixture, GINT_TO_POINTER (end), set_up, func, tear_down)

static void
add_tests (void)
{
  ADD ("duck", 0, test_duck);
  ADD ("duck-joint", 0, test_joint);
  ADD ("duck-from-rest", PLAYER_COMMAND_DUCK_END, test_from_rest);
  ADD ("duck-loading", PLAYER_COMMAND_DUCK_END, test_loading);
  ADD ("duck-replace", PLAYER_COMMAND_DUCK_END, test_replace);
  ADD ("interrupt-from-rest", PLAYER_COMMAND_INTERRUPT_END, test_from_rest);
  ADD ("interrupt-loading", PLAYER_COMMAND_INTERRUPT_END, test_loading);
  ADD ("interrupt-replace", PLAYER_COMMAND_INTERRUPT_END, test_replace);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}
