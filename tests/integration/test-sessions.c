/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Sessions, turns and a voice front end, over real HTTP and a real bus. The time that a microphone
 * is open is tested with a clock of its own, see tests/unit/daemon/test-voice.c. */

#include <signal.h>
#include <string.h>

#include "harness.h"

#define TWO_SKILLS "[skill one]\nendpoint = @URL@\n[skill two]\nendpoint = @URL@?two\n"
#define OPEN "{\"version\":\"1.0\",\"response\":{\"shouldEndSession\":false}}"

static JsonObject *
request_session (Harness *h)
{
  return json_object_get_object_member (harness_request (h, 0), "session");
}

static const char *
request_member (Harness *h, const char *name)
{
  return json_object_get_string_member (
      json_object_get_object_member (harness_request (h, 0), "request"), name);
}

static void
end_session (Harness *h)
{
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_CONVERSATION, "EndSession", g_variant_new ("(s)", ""));
}

static void
assert_session_open (Harness *h, gboolean open)
{
  g_autoptr (GVariant) skills = harness_get (h, HARNESS_ROOT, "Skills");
  g_autofree char *text = g_variant_print (skills, FALSE);
  g_assert_cmpint (strstr (text, "true") != NULL, ==, open);
}

/* What comes back is what was given, to the last digit. */
static void
test_attributes (void)
{
  static const char attributes[]
      = "{\"big\":9007199254740993,\"bigger\":123456789012345678901234567890,"
        "\"exact\":0.1000000000000000055511151231257827,\"none\":null,"
        "\"text\":\"Zoë \\u2028 \\\"quoted\\\" 😀\",\"deep\":[{\"a\":[]},{}]}";
  g_autoptr (Harness) h = harness_new (NULL);
  g_autofree char *answer = g_strdup_printf (
      "{\"version\":\"1.0\",\"sessionAttributes\":%s,\"response\":{\"shouldEndSession\":false}}",
      attributes);
  /* as text, for the answer would pass another parser otherwise */
  g_autoptr (JsonObject) fault = json_object_new ();
  json_object_set_string_member (fault, "fault", "body");
  json_object_set_string_member (fault, "on", "LaunchRequest");
  json_object_set_string_member (fault, "body", answer);
  g_autoptr (GError) error = NULL;
  DemoFault *parsed = demo_fault_new (fault, &error);
  g_assert_no_error (error);
  demo_server_add_fault (harness_skill (h), parsed);

  harness_launch (h);
  harness_expect (h, "LaunchRequest", NULL);
  g_assert_true (json_object_get_boolean_member (request_session (h), "new"));
  g_assert_cmpuint (
      json_object_get_size (json_object_get_object_member (request_session (h), "attributes")), ==,
      0);
  g_autofree char *id = g_strdup (json_object_get_string_member (request_session (h), "sessionId"));
  g_assert_true (g_regex_match_simple ("^amzn1\\.echo-api\\.session\\.[0-9a-f-]{36}$", id, 0, 0));

  harness_intent (h, "AskIntent", NULL);
  harness_expect (h, "IntentRequest AskIntent", NULL);
  g_assert_false (json_object_get_boolean_member (request_session (h), "new"));
  g_assert_cmpstr (json_object_get_string_member (request_session (h), "sessionId"), ==, id);
  const char *sent = NULL;
  g_variant_get_child (harness_wait_signal (h, "RequestSent", "IntentRequest"), 3, "&s", &sent);
  g_assert_nonnull (strstr (sent, attributes));
  JsonObject *back = json_object_get_object_member (request_session (h), "attributes");
  g_assert_cmpuint (json_object_get_size (back), ==, 6);
  g_assert_cmpstr (json_object_get_string_member (back, "text"), ==,
                   "Zoë \xe2\x80\xa8 \"quoted\" 😀");
  g_assert_true (json_object_get_null_member (back, "none"));
}

static void
check_should_end (Harness *h, const char *member, gboolean stays_open)
{
  g_autofree char *answer = g_strdup_printf ("{\"version\":\"1.0\",\"response\":{%s}}", member);
  g_test_message ("%s", answer);
  harness_answer (h, "LaunchRequest", answer, 0);
  harness_launch (h);
  harness_expect (h, "LaunchRequest", NULL);
  assert_session_open (h, stays_open);
  harness_wait_property (h, HARNESS_CONVERSATION, "MicrophoneOpen", stays_open ? "true" : "false");
  if (!stays_open)
    return;
  end_session (h);
  harness_expect (h, "SessionEndedRequest USER_INITIATED", NULL);
}

/* true, false, null and absent. */
static void
test_should_end (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  check_should_end (h, "\"shouldEndSession\":true", FALSE);
  check_should_end (h, "\"shouldEndSession\":false", TRUE);
  check_should_end (h, "\"shouldEndSession\":null", TRUE);
  check_should_end (h, "", FALSE);
  harness_expect_quiet (h, 200); /* the skill's own end is not told */
}

static void
test_microphone (void)
{
  g_autoptr (Harness) h = harness_new ("[skill quiz]\nendpoint = @URL@\n");
  harness_intent (h, "QuizIntent", NULL);
  harness_wait_property (h, HARNESS_CONVERSATION, "MicrophoneOpen", "true");
  harness_wait_property (h, HARNESS_CONVERSATION, "MicrophoneSkill", "'quiz'");
  g_autoptr (GVariant) left = harness_get (h, HARNESS_CONVERSATION, "MicrophoneTimeLeft");
  g_assert_cmpuint (g_variant_get_uint32 (left), >, 4000);
  g_assert_cmpuint (g_variant_get_uint32 (left), <=, 8000);
  harness_wait_signal (h, "PropertiesChanged", "MicrophoneOpen");
  end_session (h);
  harness_wait_property (h, HARNESS_CONVERSATION, "MicrophoneOpen", "false");
  harness_wait_property (h, HARNESS_CONVERSATION, "MicrophoneTimeLeft", "0");
}

/* An error ends the session with its kind and the service's words, once. */
static void
test_error (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  harness_intent (h, "QuizIntent", NULL);
  harness_fault (h, "garbage@QuizIntent");
  harness_fault (h, "status@SessionEndedRequest");
  g_autofree char *error
      = harness_call_error (h, HARNESS_CONVERSATION, "Intent",
                            g_variant_new ("(ss@a{ss})", harness_url (h), "QuizIntent",
                                           g_variant_new_parsed ("@a{ss} {}")),
                            NULL);
  g_assert_cmpstr (error, ==, "InvalidResponse");
  harness_expect (h, "IntentRequest QuizIntent", "IntentRequest QuizIntent",
                  "SessionEndedRequest ERROR", NULL);
  JsonObject *told = json_object_get_object_member (
      json_object_get_object_member (harness_request (h, 0), "request"), "error");
  g_assert_cmpstr (json_object_get_string_member (told, "type"), ==, "INVALID_RESPONSE");
  g_assert_cmpstr (json_object_get_string_member (told, "message"), ==,
                   "An exception occurred while dispatching the request to the skill.");
  harness_expect_quiet (h, 300);
  assert_session_open (h, FALSE);
}

/* Opening another skill leaves the one before; what has not left yet never does. */
static void
test_other_skill (void)
{
  g_autoptr (Harness) h = harness_new (TWO_SKILLS);
  harness_answer (h, "LaunchRequest", OPEN, 0);
  g_autoptr (GVariant) one
      = harness_call (h, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", "one"));
  harness_expect (h, "LaunchRequest", NULL);
  g_autofree char *id = g_strdup (json_object_get_string_member (request_session (h), "sessionId"));
  harness_answer (h, "SlowIntent", OPEN, 1500);
  harness_send (
      h, HARNESS_CONVERSATION, "Intent",
      g_variant_new ("(ss@a{ss})", "one", "SlowIntent", g_variant_new_parsed ("@a{ss} {}")));
  harness_expect (h, "IntentRequest SlowIntent", NULL);
  harness_send (
      h, HARNESS_CONVERSATION, "Intent",
      g_variant_new ("(ss@a{ss})", "one", "NeverIntent", g_variant_new_parsed ("@a{ss} {}")));
  g_autoptr (GVariant) two = harness_call (
      h, HARNESS_CONVERSATION, "Intent",
      g_variant_new ("(ss@a{ss})", "two", "AskIntent", g_variant_new_parsed ("@a{ss} {}")));
  harness_expect (h, "IntentRequest AskIntent", "SessionEndedRequest USER_INITIATED", NULL);
  g_assert_cmpstr (json_object_get_string_member (request_session (h), "sessionId"), ==, id);
  harness_expect_quiet (h, 300);
  assert_session_open (h, FALSE);
}

/* Playback events and buttons have no session, and leave the open one alone. */
static void
test_events_aside (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  harness_intent (h, "PlayIntent", "{'track': '3'}");
  harness_expect (h, "IntentRequest PlayIntent", "PlaybackStarted track-3 0", NULL);
  g_assert_false (json_object_has_member (harness_request (h, 0), "session"));
  harness_intent (h, "QuizIntent", NULL);
  harness_fault (h,
                 "{\"fault\":\"answer\",\"on\":\"PlaybackController.NextCommandIssued\",\"answer\":"
                 "{\"version\":\"1.0\",\"sessionAttributes\":{\"count\":77},\"response\":"
                 "{\"shouldEndSession\":true}}}");
  harness_press (h, "Next");
  harness_expect (h, "PlaybackNearlyFinished track-3 *", "PlaybackStopped track-3 *",
                  "IntentRequest QuizIntent", "NextCommandIssued", NULL);
  g_assert_false (json_object_has_member (harness_request (h, 0), "session"));
  harness_wait_signal (h, "AnswerReceived", "77");
  assert_session_open (h, TRUE);
  harness_intent (h, "QuizIntent", NULL);
  harness_expect (h, "IntentRequest QuizIntent", NULL);
  JsonObject *attributes = json_object_get_object_member (request_session (h), "attributes");
  g_assert_cmpint (json_object_get_int_member (attributes, "count"), ==, 1);
}

/* The end of the daemon ends the session as a user does. */
static void
test_shut_down (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  harness_intent (h, "QuizIntent", NULL);
  g_assert_cmpint (harness_end_daemon (h, SIGTERM), ==, 0);
  harness_expect (h, "IntentRequest QuizIntent", "SessionEndedRequest USER_INITIATED", NULL);
}

/* --- A voice front end -------------------------------------------------------------------------- */

static void
end_user_speech (Harness *h, gboolean understood)
{
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_CONVERSATION, "EndUserSpeech", g_variant_new ("(b)", understood));
}

static void
begin_user_speech (Harness *h)
{
  g_autoptr (GVariant) reply = harness_call (h, HARNESS_CONVERSATION, "BeginUserSpeech", NULL);
}

/* What plays gives way as soon as somebody begins to speak, and goes on after the answer. */
static void
test_user_speech (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  harness_launch (h);
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0",
                  "PlaybackNearlyFinished track-1 *", NULL);
  begin_user_speech (h);
  harness_expect (h, "PlaybackStopped track-1 *", NULL);
  harness_wait_activity (h, "PAUSED");
  end_user_speech (h, TRUE);
  harness_expect_quiet (h, 300);
  harness_intent (h, "AskIntent", NULL);
  harness_expect (h, "IntentRequest AskIntent", "PlaybackStarted track-1 *", NULL);
  g_autofree char *error = harness_call_error (h, HARNESS_CONVERSATION, "EndUserSpeech",
                                               g_variant_new ("(b)", FALSE), NULL);
  g_assert_cmpstr (error, ==, "NotSpeaking");
}

/* Not understood: the reprompt, and then the end. */
static void
test_not_understood (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  harness_intent (h, "QuizIntent", NULL);
  begin_user_speech (h);
  harness_wait_property (h, HARNESS_CONVERSATION, "MicrophoneTimeLeft", "0");
  end_user_speech (h, FALSE);
  harness_wait_signal (h, "Speech", "I asked what is playing.', true");
  harness_wait_property (h, HARNESS_CONVERSATION, "MicrophoneOpen", "true");
  begin_user_speech (h);
  end_user_speech (h, FALSE);
  harness_expect (h, "IntentRequest QuizIntent", "SessionEndedRequest EXCEEDED_MAX_REPROMPTS",
                  NULL);
}

/* A front end that crashes has not understood anything. */
static void
test_front_end_crashes (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  g_autoptr (GError) error = NULL;
  harness_launch (h);
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0",
                  "PlaybackNearlyFinished track-1 *", NULL);
  g_assert_cmpint (harness_run (h, NULL, NULL, "gdbus", "call", "--session", "--dest",
                                "org.segue.Segue1", "--object-path", HARNESS_PATH, "--method",
                                HARNESS_CONVERSATION ".BeginUserSpeech", NULL),
                   ==, 0);
  harness_expect (h, "PlaybackStopped track-1 *", "PlaybackStarted track-1 *", NULL);
  harness_wait_activity (h, "PLAYING");
}

/* --- Words, questions, the locale ------------------------------------------------------------- */

static void
say (Harness *h, const char *word)
{
  g_autoptr (GVariant) reply = harness_call (h, HARNESS_CONVERSATION, "BuiltInIntent",
                                             g_variant_new ("(ss)", harness_url (h), word));
}

/* "stop" outside of a session is PauseIntent, in a fresh one; in a session it is StopIntent, which
 * ends it whatever the skill says. */
static void
test_stop (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  harness_launch (h);
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0",
                  "PlaybackNearlyFinished track-1 *", NULL);
  say (h, "stop");
  harness_expect (h, "PlaybackStopped track-1 *", "IntentRequest AMAZON.PauseIntent", NULL);
  g_assert_true (json_object_get_boolean_member (request_session (h), "new"));
  harness_wait_activity (h, "STOPPED");
  say (h, "resume");
  harness_expect (h, "IntentRequest AMAZON.ResumeIntent", "PlaybackStarted track-1 *", NULL);
  harness_intent (h, "QuizIntent", NULL);
  harness_expect (h, "PlaybackNearlyFinished track-1 *", "PlaybackStopped track-1 *",
                  "IntentRequest QuizIntent", NULL);
  harness_answer (h, "AMAZON.StopIntent", OPEN, 0);
  say (h, "stop");
  harness_expect (h, "IntentRequest AMAZON.StopIntent", NULL);
  harness_wait_signal (h, "Finding", "stop-intent-session-open");
  assert_session_open (h, FALSE);
  g_autofree char *error
      = harness_call_error (h, HARNESS_CONVERSATION, "BuiltInIntent",
                            g_variant_new ("(ss)", harness_url (h), "dance"), NULL);
  g_assert_cmpstr (error, ==, "InvalidArgument");
}

/* A question whose answer has no effect. */
static void
test_can_fulfill (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  harness_launch (h);
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0",
                  "PlaybackNearlyFinished track-1 *", NULL);
  harness_answer (h, "CanFulfillIntentRequest",
                  "{\"version\":\"1.0\",\"response\":{\"canFulfillIntent\":{\"canFulfill\":\"YES\","
                  "\"slots\":{\"song\":{\"canUnderstand\":\"YES\",\"canFulfill\":\"MAYBE\"}}}}}",
                  0);
  g_autofree char *out = NULL;
  g_assert_cmpint (harness_run (h, &out, NULL, SEGUECTL, "can-fulfill", "-s", harness_url (h),
                                "PlaySong", "song=Imagine", NULL),
                   ==, 0);
  g_assert_cmpstr (out, ==, "YES\n");
  harness_expect (h, "CanFulfillIntentRequest", NULL);
  g_assert_cmpstr (
      json_object_get_string_member (
          json_object_get_object_member (
              json_object_get_object_member (harness_request (h, 0), "request"), "intent"),
          "name"),
      ==, "PlaySong");
  harness_wait_signal (h, "CanFulfillAnswered", "MAYBE");
  harness_wait_activity (h, "PLAYING");
  assert_session_open (h, FALSE);
  g_assert_cmpuint (harness_count_signals (h, "Session"), ==, 2); /* those of the launch */
}

static void
test_locale (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  g_autofree char *out = NULL;
  harness_intent (h, "AskIntent", NULL);
  harness_expect (h, "IntentRequest AskIntent", NULL);
  g_assert_cmpstr (request_member (h, "locale"), ==, "en-US");
  g_assert_cmpint (harness_run (h, NULL, NULL, SEGUECTL, "locale", "fr-CA", NULL), ==, 0);
  harness_intent (h, "AskIntent", NULL);
  harness_expect (h, "IntentRequest AskIntent", NULL);
  g_assert_cmpstr (request_member (h, "locale"), ==, "fr-CA");
  g_assert_cmpint (harness_run (h, NULL, NULL, SEGUECTL, "locale", "fr-XX", NULL), ==, 64);
  g_assert_cmpint (harness_run (h, &out, NULL, SEGUECTL, "locale", NULL), ==, 0);
  g_assert_cmpstr (out, ==, "fr-CA\n");
}

static void
test_card (void)
{
  g_autoptr (Harness) h = harness_new ("[skill radio]\nendpoint = @URL@\n");
  g_autofree char *out = NULL;
  g_assert_cmpint (harness_run (h, NULL, NULL, SEGUECTL, "card", NULL), ==, 1);
  harness_launch (h);
  g_assert_cmpint (harness_run (h, &out, NULL, SEGUECTL, "card", NULL), ==, 0);
  g_assert_nonnull (strstr (out, "radio"));
  g_assert_nonnull (strstr (out, "Three little tracks"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/sessions/attributes", test_attributes);
  g_test_add_func ("/sessions/should-end", test_should_end);
  g_test_add_func ("/sessions/microphone", test_microphone);
  g_test_add_func ("/sessions/error", test_error);
  g_test_add_func ("/sessions/other-skill", test_other_skill);
  g_test_add_func ("/sessions/events-aside", test_events_aside);
  g_test_add_func ("/sessions/shut-down", test_shut_down);
  g_test_add_func ("/sessions/user-speech", test_user_speech);
  g_test_add_func ("/sessions/not-understood", test_not_understood);
  g_test_add_func ("/sessions/front-end-crashes", test_front_end_crashes);
  g_test_add_func ("/sessions/stop", test_stop);
  g_test_add_func ("/sessions/can-fulfill", test_can_fulfill);
  g_test_add_func ("/sessions/locale", test_locale);
  g_test_add_func ("/sessions/card", test_card);
  return g_test_run ();
}
