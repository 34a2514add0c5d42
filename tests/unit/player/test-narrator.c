/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-narrator.h"
#include "tests/dummies/player-dummy-speech.h"

typedef struct _Fixture Fixture;

struct _Fixture
{
  PlayerDummySpeech *speech; /* (owned) */
  PlayerNarrator *narrator;  /* (owned) */
  GString *log;              /* (owned): events, in order, each as "what(ID)" */
  const char *on;            /* (nullable): do @deed once, as soon as this is written down */
  void (*deed) (Fixture *fixture);
};

static void
say (Fixture *fixture, const char *id, PlayerPlayBehavior behavior)
{
  g_autoptr (GPtrArray) parts
      = g_ptr_array_new_with_free_func ((GDestroyNotify)player_speech_part_free);
  g_ptr_array_add (parts, player_speech_part_new_say ("<speak>hello</speak>"));
  g_autoptr (PlayerUtterance) utterance = player_utterance_new (id, "", "en-US", parts, 0);
  player_narrator_say (fixture->narrator, utterance, behavior);
}

static void
write_down (Fixture *fixture, const char *line)
{
  g_string_append_printf (fixture->log, "%s ", line);
  if (g_strcmp0 (fixture->on, line) != 0)
    return;
  fixture->on = NULL;
  fixture->deed (fixture);
  g_string_append (fixture->log, "| "); /* the handler returns */
}

static void
on_event (PlayerNarrator *narrator,
          PlayerUtterance *utterance,
          const PlayerSpeechEvent *event,
          Fixture *fixture)
{
  g_autofree char *message
      = event->error_message != NULL ? g_strconcat (": ", event->error_message, NULL) : NULL;
  g_autofree char *line
      = g_strdup_printf ("%s(%s%s)", player_speech_event_type_to_string (event->type),
                         utterance->id, message != NULL ? message : "");
  write_down (fixture, line);
}

static void
on_idle (PlayerNarrator *narrator, Fixture *fixture)
{
  g_assert_false (player_narrator_is_busy (narrator));
  write_down (fixture, "idle");
}

static void
use_narrator (Fixture *fixture, PlayerSpeech *speech)
{
  fixture->narrator = player_narrator_new (speech);
  g_signal_connect (fixture->narrator, "event", G_CALLBACK (on_event), fixture);
  g_signal_connect (fixture->narrator, "idle", G_CALLBACK (on_idle), fixture);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->speech = player_dummy_speech_new ();
  fixture->log = g_string_new (NULL);
  use_narrator (fixture, PLAYER_SPEECH (fixture->speech));
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  g_assert_null (fixture->on);
  if (fixture->narrator != NULL)
    g_assert_finalize_object (fixture->narrator);
  g_assert_finalize_object (fixture->speech);
  g_string_free (fixture->log, TRUE);
}

static void
assert_calls (Fixture *fixture, const char *expected)
{
  g_auto (GStrv) calls = player_dummy_speech_take_calls (fixture->speech);
  g_autofree char *joined = g_strjoinv (", ", calls);
  g_assert_cmpstr (joined, ==, expected);
}

/* What was written down since the last time. */
static void
assert_log (Fixture *fixture, const char *expected)
{
  g_assert_cmpstr (fixture->log->str, ==, expected);
  g_string_truncate (fixture->log, 0);
}

static void
test_order (Fixture *fixture, gconstpointer data)
{
  g_assert_false (player_narrator_is_busy (fixture->narrator));
  say (fixture, "a", PLAYER_PLAY_ENQUEUE);
  say (fixture, "b", PLAYER_PLAY_ENQUEUE);
  say (fixture, "c", PLAYER_PLAY_ENQUEUE);
  assert_calls (fixture, "say 1 a");
  assert_log (fixture, "");
  g_assert_true (player_narrator_is_busy (fixture->narrator));

  player_dummy_speech_start (fixture->speech);
  player_dummy_speech_finish (fixture->speech);
  assert_calls (fixture, "say 2 b");
  assert_log (fixture, "started(a) finished(a) ");
  player_dummy_speech_start (fixture->speech);
  player_dummy_speech_fault (fixture->speech, 0, "HTTP 404");
  player_dummy_speech_finish (fixture->speech);
  assert_log (fixture, "started(b) fault(b: HTTP 404) finished(b) ");
  g_assert_true (player_narrator_is_busy (fixture->narrator));
  player_dummy_speech_start (fixture->speech);
  player_dummy_speech_finish (fixture->speech);
  assert_calls (fixture, "say 3 c");
  assert_log (fixture, "started(c) finished(c) idle ");
  g_assert_false (player_narrator_is_busy (fixture->narrator));
}

/* What cannot be said does not keep the rest from being said. */
static void
test_failure (Fixture *fixture, gconstpointer data)
{
  say (fixture, "a", PLAYER_PLAY_ENQUEUE);
  say (fixture, "b", PLAYER_PLAY_ENQUEUE);
  player_dummy_speech_fail (fixture->speech, "exit status 1");
  assert_calls (fixture, "say 1 a, say 2 b");
  player_dummy_speech_finish (fixture->speech);
  assert_log (fixture, "failed(a: exit status 1) finished(b) idle ");
}

static void
test_replace_all (Fixture *fixture, gconstpointer data)
{
  say (fixture, "a", PLAYER_PLAY_ENQUEUE);
  say (fixture, "b", PLAYER_PLAY_ENQUEUE);
  say (fixture, "c", PLAYER_PLAY_ENQUEUE);
  player_dummy_speech_start (fixture->speech);
  say (fixture, "d", PLAYER_PLAY_REPLACE_ALL);
  assert_calls (fixture, "say 1 a, stop, say 2 d");
  assert_log (fixture, "started(a) stopped(a) stopped(b) stopped(c) ");
  player_dummy_speech_finish (fixture->speech);
  assert_log (fixture, "finished(d) idle ");
}

static void
test_replace_all_of_nothing (Fixture *fixture, gconstpointer data)
{
  say (fixture, "a", PLAYER_PLAY_REPLACE_ALL);
  assert_calls (fixture, "say 1 a");
  player_dummy_speech_finish (fixture->speech);
  assert_log (fixture, "finished(a) idle ");
}

static void
test_replace_enqueued (Fixture *fixture, gconstpointer data)
{
  say (fixture, "a", PLAYER_PLAY_ENQUEUE);
  say (fixture, "b", PLAYER_PLAY_ENQUEUE);
  say (fixture, "c", PLAYER_PLAY_ENQUEUE);
  say (fixture, "d", PLAYER_PLAY_REPLACE_ENQUEUED);
  assert_calls (fixture, "say 1 a");
  assert_log (fixture, "stopped(b) stopped(c) ");
  player_dummy_speech_finish (fixture->speech);
  assert_calls (fixture, "say 2 d");
  player_dummy_speech_finish (fixture->speech);
  assert_log (fixture, "finished(a) finished(d) idle ");
}

static void
test_hush (Fixture *fixture, gconstpointer data)
{
  player_narrator_hush (fixture->narrator);
  assert_calls (fixture, "");
  assert_log (fixture, ""); /* it was quiet, and nobody need be told */
  say (fixture, "a", PLAYER_PLAY_ENQUEUE);
  say (fixture, "b", PLAYER_PLAY_ENQUEUE);
  player_narrator_hush (fixture->narrator);
  assert_calls (fixture, "say 1 a, stop");
  assert_log (fixture, "stopped(a) stopped(b) idle ");
  player_narrator_hush (fixture->narrator);
  assert_log (fixture, "");
}

static void
hush (Fixture *fixture)
{
  player_narrator_hush (fixture->narrator);
  g_assert_false (player_narrator_is_busy (fixture->narrator));
}

/* Between two utterances: the second one is never said. */
static void
test_hush_on_finished (Fixture *fixture, gconstpointer data)
{
  fixture->on = "finished(a)";
  fixture->deed = hush;
  say (fixture, "a", PLAYER_PLAY_ENQUEUE);
  say (fixture, "b", PLAYER_PLAY_ENQUEUE);
  player_dummy_speech_finish (fixture->speech);
  assert_calls (fixture, "say 1 a");
  assert_log (fixture, "finished(a) | stopped(b) idle ");
}

static void
test_hush_on_started (Fixture *fixture, gconstpointer data)
{
  fixture->on = "started(a)";
  fixture->deed = hush;
  say (fixture, "a", PLAYER_PLAY_ENQUEUE);
  say (fixture, "b", PLAYER_PLAY_ENQUEUE);
  player_dummy_speech_start (fixture->speech);
  assert_calls (fixture, "say 1 a, stop");
  assert_log (fixture, "started(a) | stopped(a) stopped(b) idle ");
}

static void
say_more (Fixture *fixture)
{
  say (fixture, "x", PLAYER_PLAY_ENQUEUE);
  g_assert_true (player_narrator_is_busy (fixture->narrator));
}

static void
test_say_on_finished (Fixture *fixture, gconstpointer data)
{
  fixture->on = "finished(a)";
  fixture->deed = say_more;
  say (fixture, "a", PLAYER_PLAY_ENQUEUE);
  say (fixture, "b", PLAYER_PLAY_ENQUEUE);
  player_dummy_speech_finish (fixture->speech);
  assert_calls (fixture, "say 1 a, say 2 b");
  player_dummy_speech_finish (fixture->speech);
  assert_calls (fixture, "say 3 x");
  player_dummy_speech_finish (fixture->speech);
  assert_log (fixture, "finished(a) | finished(b) finished(x) idle ");
}

static void
test_say_on_idle (Fixture *fixture, gconstpointer data)
{
  fixture->on = "idle";
  fixture->deed = say_more;
  say (fixture, "a", PLAYER_PLAY_ENQUEUE);
  player_dummy_speech_finish (fixture->speech);
  assert_calls (fixture, "say 1 a, say 2 x");
  player_dummy_speech_finish (fixture->speech);
  assert_log (fixture, "finished(a) idle | finished(x) idle ");
}

static void
say_in_place_of_all (Fixture *fixture)
{
  say (fixture, "x", PLAYER_PLAY_REPLACE_ALL);
}

/* The event of one that is dropped drops another one. */
static void
test_replace_on_stopped (Fixture *fixture, gconstpointer data)
{
  fixture->on = "stopped(b)";
  fixture->deed = say_in_place_of_all;
  say (fixture, "a", PLAYER_PLAY_ENQUEUE);
  say (fixture, "b", PLAYER_PLAY_ENQUEUE);
  say (fixture, "c", PLAYER_PLAY_REPLACE_ALL);
  assert_calls (fixture, "say 1 a, stop, say 2 x"); /* c was wanted, but is never begun */
  assert_log (fixture, "stopped(a) stopped(b) | stopped(c) ");
  player_dummy_speech_finish (fixture->speech);
  assert_log (fixture, "finished(x) idle ");
}

/* One handler's doing does not reach another one before what has caused it. */
static void
test_two_handlers (Fixture *fixture, gconstpointer data)
{
  Fixture second = { .log = g_string_new (NULL) };
  gulong id = g_signal_connect (fixture->narrator, "event", G_CALLBACK (on_event), &second);
  fixture->on = "started(a)";
  fixture->deed = hush;
  say (fixture, "a", PLAYER_PLAY_ENQUEUE);
  player_dummy_speech_start (fixture->speech);
  g_assert_cmpstr (second.log->str, ==, "started(a) stopped(a) ");
  g_signal_handler_disconnect (fixture->narrator, id);
  g_string_free (second.log, TRUE);
}

/* What was on its way already about an utterance that is over. */
static void
test_stale (Fixture *fixture, gconstpointer data)
{
  PlayerSpeechEvent event = { .type = PLAYER_SPEECH_FINISHED, .generation = 1 };

  player_speech_emit (PLAYER_SPEECH (fixture->speech), &event);
  say (fixture, "a", PLAYER_PLAY_ENQUEUE);
  say (fixture, "b", PLAYER_PLAY_REPLACE_ALL);
  player_speech_emit (PLAYER_SPEECH (fixture->speech), &event);
  assert_log (fixture, "stopped(a) ");
  g_assert_true (player_narrator_is_busy (fixture->narrator));
}

static void
test_dispose_while_speaking (Fixture *fixture, gconstpointer data)
{
  say (fixture, "a", PLAYER_PLAY_ENQUEUE);
  say (fixture, "b", PLAYER_PLAY_ENQUEUE);
  player_dummy_speech_start (fixture->speech);
  assert_log (fixture, "started(a) ");
  g_assert_finalize_object (g_steal_pointer (&fixture->narrator));
  assert_calls (fixture, "say 1 a, stop");
  assert_log (fixture, "");
  g_assert_cmpuint (player_dummy_speech_get_generation (fixture->speech), ==, 0);
}

static void
drop_narrator (Fixture *fixture)
{
  g_clear_object (&fixture->narrator);
}

static void
test_dispose_in_handler (Fixture *fixture, gconstpointer data)
{
  fixture->on = "started(a)";
  fixture->deed = drop_narrator;
  say (fixture, "a", PLAYER_PLAY_ENQUEUE);
  say (fixture, "b", PLAYER_PLAY_ENQUEUE);
  player_dummy_speech_start (fixture->speech);
  assert_calls (fixture, "say 1 a, stop");
  assert_log (fixture, "started(a) | ");
}

/* Nobody can speak: each fails at once, in the order of what has been said. */
static void
test_no_speech (Fixture *fixture, gconstpointer data)
{
  g_assert_finalize_object (g_steal_pointer (&fixture->narrator));
  use_narrator (fixture, NULL);
  fixture->on = "failed(a: no synthesiser is configured)";
  fixture->deed = say_more;
  say (fixture, "a", PLAYER_PLAY_ENQUEUE);
  assert_log (fixture, "failed(a: no synthesiser is configured) | "
                       "failed(x: no synthesiser is configured) idle ");
  g_assert_false (player_narrator_is_busy (fixture->narrator));
  say (fixture, "b", PLAYER_PLAY_REPLACE_ALL);
  player_narrator_hush (fixture->narrator);
  assert_log (fixture, "failed(b: no synthesiser is configured) idle ");
}

/* --- A voice that does not keep its promise --------------------------------------------------- */

#define TEST_TYPE_MUTE_SPEECH (test_mute_speech_get_type ())
G_DECLARE_FINAL_TYPE (TestMuteSpeech, test_mute_speech, TEST, MUTE_SPEECH, GObject)

struct _TestMuteSpeech
{
  GObject parent_instance;
};

static void test_mute_speech_iface_init (PlayerSpeechInterface *iface);
G_DEFINE_FINAL_TYPE_WITH_CODE (TestMuteSpeech,
                               test_mute_speech,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (PLAYER_TYPE_SPEECH,
                                                      test_mute_speech_iface_init))

static void
mute_say (PlayerSpeech *speech, guint64 generation, PlayerUtterance *utterance)
{
}

static void
mute_stop (PlayerSpeech *speech)
{
}

static void
test_mute_speech_iface_init (PlayerSpeechInterface *iface)
{
  iface->say = mute_say;
  iface->stop = mute_stop;
}

static void
test_mute_speech_class_init (TestMuteSpeechClass *klass)
{
}

static void
test_mute_speech_init (TestMuteSpeech *self)
{
}

/* Nobody waits for ever for the end of what it says. */
static void
test_missing_end (void)
{
  if (g_test_subprocess ())
    {
      g_log_set_always_fatal (G_LOG_LEVEL_ERROR);
      g_autoptr (PlayerSpeech) speech = g_object_new (TEST_TYPE_MUTE_SPEECH, NULL);
      Fixture fixture = { .log = g_string_new (NULL) };
      use_narrator (&fixture, speech);
      say (&fixture, "a", PLAYER_PLAY_ENQUEUE);
      player_narrator_hush (fixture.narrator);
      assert_log (&fixture, "stopped(a) idle ");
      g_object_unref (fixture.narrator);
      g_string_free (fixture.log, TRUE);
      return;
    }
  g_test_trap_subprocess (NULL, 0, 0);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*ended generation 1 without saying so*");
}

#define ADD(name, func)                                                                            \
  g_test_add ("/player/narrator/" name, Fixture, NULL, set_up, func, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("order", test_order);
  ADD ("failure", test_failure);
  ADD ("replace-all", test_replace_all);
  ADD ("replace-all-of-nothing", test_replace_all_of_nothing);
  ADD ("replace-enqueued", test_replace_enqueued);
  ADD ("hush", test_hush);
  ADD ("hush-on-finished", test_hush_on_finished);
  ADD ("hush-on-started", test_hush_on_started);
  ADD ("say-on-finished", test_say_on_finished);
  ADD ("say-on-idle", test_say_on_idle);
  ADD ("replace-on-stopped", test_replace_on_stopped);
  ADD ("two-handlers", test_two_handlers);
  ADD ("stale", test_stale);
  ADD ("dispose-while-speaking", test_dispose_while_speaking);
  ADD ("dispose-in-handler", test_dispose_in_handler);
  ADD ("no-speech", test_no_speech);
  g_test_add_func ("/player/narrator/missing-end", test_missing_end);
  return g_test_run ();
}
