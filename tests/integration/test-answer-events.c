/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Answers to events and buttons: whatever a skill says, or fails to say, what plays is not touched by
 * it. */

#include "answers-fixture.h"

/* ---- HTTP ------------------------------------------------------------------------------------- */

static const char *const events[] = {
  "AudioPlayer.PlaybackStarted",  "AudioPlayer.PlaybackNearlyFinished",
  "AudioPlayer.PlaybackFinished", "AudioPlayer.PlaybackStopped",
  "AudioPlayer.PlaybackFailed",   "PlaybackController.NextCommandIssued",
};

/* Status 400 without a body to all events and buttons: what plays goes on, to the very end. */
static void
test_status_400 (gconstpointer data)
{
  const char *skill = data;
  g_autoptr (Harness) h = set_up ();
  for (guint i = 0; i < G_N_ELEMENTS (events); i++)
    script_as (h, events[i], 0, 400, "text/html", "");
  play (h, skill);
  harness_expect (h, "ExceptionEncountered INVALID_RESPONSE", NULL);
  harness_press (h, "Next");
  harness_expect (h, "NextCommandIssued", "ExceptionEncountered INVALID_RESPONSE", NULL);
  assert_goes_on (h);
  script (h, "LaunchRequest", DIRECTIVES (PLAY ("'url':'@M@c.wav','token':'c'," OFFSET)));
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", skill));
  harness_wait_activity (h, "FINISHED");
}

/* Status 500 with a page to an intent that the skill does not know. */
static void
test_status_500 (gconstpointer data)
{
  const char *skill = data;
  g_autoptr (Harness) h = set_up ();
  play (h, skill);
  script_as (h, "Unheard", 1, 500, "text/html", "<!DOCTYPE html><html><h1>Oops</h1></html>");
  g_autofree char *error = harness_call_error (
      h, HARNESS_CONVERSATION, "Intent",
      g_variant_new ("(ss@a{ss})", skill, "Unheard", g_variant_new_parsed ("@a{ss} {}")), NULL);
  g_assert_cmpstr (error, ==, "Http");
  harness_expect (h, "PlaybackStopped t *", "IntentRequest Unheard", "SessionEndedRequest ERROR",
                  NULL);
  g_assert_cmpstr (get_text (last_request (h), "error", "message"), ==,
                   "An exception occurred while dispatching the request to the skill.");
  harness_expect (h, "PlaybackStarted t *", NULL);
  assert_goes_on (h);
}

/* Good JSON as text/html in answer to an event is obeyed. */
static void
test_text_html (gconstpointer data)
{
  const char *skill = data;
  g_autoptr (Harness) h = set_up ();
  script (h, "LaunchRequest", DIRECTIVES (PLAY ("'url':'@M@c.wav','token':'c'," OFFSET)));
  script_as (h, "AudioPlayer.PlaybackNearlyFinished", 1, 200, "text/html",
             DIRECTIVES (PLAY_AS ("ENQUEUE", URL TOKEN OFFSET ",'expectedPreviousToken':'c'")));
  start (h, skill);
  harness_expect (h, "PlaybackStarted c 0", "PlaybackNearlyFinished c *", "PlaybackFinished c *",
                  STARTED, NULL);
  harness_wait_signal (h, "Finding", "content-type");
  g_assert_cmpuint (harness_count_signals (h, "RequestFailed"), ==, 0);
}

/* ---- events ----------------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  const char *body;
  const char *finding;
  const char *message; /* what a strict skill is told; (nullable): it is no fault */
} Event;

#define NOT_SUPPORTED "The following directives are not supported: "
#define WITH(member) "{'version':'1.0','response':{" member ",'directives':[" GOOD_NEXT "]}}"
#define GOOD_NEXT PLAY ("'url':'@M@long.wav','token':'next'," OFFSET)

/* Answers to the button Next; each has a good Play. */
static const Event members[] = {
  { "speech", WITH ("'outputSpeech':{'type':'PlainText','text':'Next.'}"), "speech-forbidden",
    NOT_SUPPORTED "Response may not contain an outputSpeech" },
  { "card", WITH ("'card':{'type':'Simple','title':'T','content':'C'}"), "card-forbidden",
    NOT_SUPPORTED "Response may not contain a card" },
  { "reprompt", WITH ("'reprompt':{'outputSpeech':{'type':'PlainText','text':'Well?'}}"),
    "reprompt-forbidden", NOT_SUPPORTED "Response may not contain a reprompt" },
  { "end-session-false", WITH ("'shouldEndSession':false"), "end-session-forbidden",
    NOT_SUPPORTED "Response may not have shouldEndSession set to false" },
  { "end-session-true", WITH ("'shouldEndSession':true"), NULL, NULL },
  { "end-session-null", WITH ("'shouldEndSession':null"), NULL, NULL },
  { "session-attributes",
    "{'version':'1.0','sessionAttributes':{'a':1},'response':{'directives':[" GOOD_NEXT "]}}",
    "session-attributes-ignored", NULL },
};

/* Lenient drops the member and obeys the rest. */
static void
test_member_lenient (gconstpointer data)
{
  const Event *event = data;
  g_autoptr (Harness) h = set_up ();
  play (h, "radio");
  script (h, "PlaybackController.NextCommandIssued", event->body);
  harness_press (h, "Next");
  harness_expect (h, "NextCommandIssued", NULL);
  if (event->finding != NULL)
    harness_wait_signal (h, "Finding", event->finding);
  harness_expect (h, "PlaybackStopped t *", "PlaybackStarted next 0", NULL);
  harness_expect_quiet (h, 150);
  g_assert_cmpuint (harness_count_signals (h, "Card"), ==, 0);
  g_assert_cmpuint (harness_count_signals (h, "Speech"), ==, 0);
}

/* The last request is an exception about @cause with these words. */
static void
assert_told (Harness *h, const char *cause, const char *message)
{
  g_assert_cmpstr (get_text (last_request (h), "error", "message"), ==, message);
  g_assert_cmpstr (get_text (last_request (h), "cause", "requestId"), ==, cause);
}

/* Strict voids the whole answer, tells the skill why, and lets play what plays. */
static void
test_member_strict (gconstpointer data)
{
  const Event *event = data;
  g_autoptr (Harness) h = set_up ();
  play (h, "judge");
  script (h, "PlaybackController.NextCommandIssued", event->body);
  script (h, "System.ExceptionEncountered", event->body); /* nobody is told of that */
  harness_press (h, "Next");
  harness_expect (h, "NextCommandIssued", NULL);
  g_autofree char *cause = g_strdup (get_text (last_request (h), NULL, "requestId"));
  if (event->message == NULL)
    {
      harness_expect (h, "PlaybackStopped t *", "PlaybackStarted next 0", NULL);
      return;
    }
  harness_expect (h, "ExceptionEncountered INVALID_RESPONSE", NULL);
  assert_told (h, cause, event->message);
  assert_goes_on (h);
  harness_expect_quiet (h, 150);
}

/* Answers of which the skill is told in strict; the number of them in lenient. */
static const struct
{
  const char *name;
  const char *body;
  const char *message;
  gboolean lenient_tells;
} buttons[] = {
  { "null", "null", "SpeechletResponse was null", FALSE },
  { "empty-string", "\"\"", "SpeechletResponse was null", FALSE },
  { "no-response", "{'version':'1.0'}", "SpeechletResponse was null", FALSE },
  { "empty-object", "{}", "SpeechletResponse was null", FALSE },
  { "array", "[]", DISPATCH, TRUE },
  { "html", "<html></html>", DISPATCH, TRUE },
  { "apl", DIRECTIVES ("{'type':'Alexa.Presentation.APL.RenderDocument'}"),
    NOT_SUPPORTED "Alexa.Presentation.APL.RenderDocument", TRUE },
  { "dialog", DIRECTIVES ("{'type':'Dialog.Delegate'}"), NOT_SUPPORTED "Dialog.Delegate", TRUE },
  { "file-url", DIRECTIVES (PLAY ("'url':'file:///x'," TOKEN OFFSET)),
    "The URL specified in the Play directive must be HTTPS", FALSE },
  { "no-url", DIRECTIVES (PLAY (TOKEN OFFSET)),
    "The URL specified in the Play directive must be defined and a valid HTTPS url", FALSE },
};

/* One daemon for all: what plays is never touched by any of them. */
static void
test_buttons (gconstpointer data)
{
  const char *skill = data;
  gboolean strict = g_str_equal (skill, "judge");
  g_autoptr (Harness) h = set_up ();
  play (h, skill);
  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      g_test_message ("%s", buttons[i].name);
      script (h, "PlaybackController.NextCommandIssued", buttons[i].body);
      harness_press (h, "Next");
      harness_expect (h, "NextCommandIssued", NULL);
      g_autofree char *cause = g_strdup (get_text (last_request (h), NULL, "requestId"));
      if (strict || buttons[i].lenient_tells)
        {
          harness_expect (h, "ExceptionEncountered INVALID_RESPONSE", NULL);
          assert_told (h, cause, buttons[i].message);
        }
      assert_goes_on (h);
    }
  harness_expect_quiet (h, 150);
}

/* A Play in the answer to PlaybackStarted. */
static void
test_play_to_started (gconstpointer data)
{
  const char *skill = data;
  g_autoptr (Harness) h = set_up ();
  script (h, "AudioPlayer.PlaybackStarted", DIRECTIVES (GOOD_NEXT));
  play (h, skill);
  g_autofree char *cause = g_strdup (get_text (last_request (h), NULL, "requestId"));
  harness_expect (h, "ExceptionEncountered INVALID_RESPONSE", NULL);
  assert_told (h, cause, "Can't respond with more than 0 play directives");
  assert_goes_on (h);
  harness_expect_quiet (h, 150);
}

/* Speech beside a good ENQUEUE in the answer to PlaybackNearlyFinished. */
static void
test_nearly_finished (gconstpointer data)
{
  const char *skill = data;
  g_autoptr (Harness) h = set_up ();
  script (h, "LaunchRequest", DIRECTIVES (PLAY ("'url':'@M@c.wav','token':'c'," OFFSET)));
  script (
      h, "AudioPlayer.PlaybackNearlyFinished",
      "{'version':'1.0','response':{'outputSpeech':{'type':'PlainText','text':'Next.'},"
      "'directives':[" PLAY_AS ("ENQUEUE", URL TOKEN OFFSET ",'expectedPreviousToken':'c'") "]}}");
  start (h, skill);
  harness_expect (h, "PlaybackStarted c 0", "PlaybackNearlyFinished c *", NULL);
  g_autofree char *cause = g_strdup (get_text (last_request (h), NULL, "requestId"));
  if (g_str_equal (skill, "radio"))
    {
      harness_expect (h, "PlaybackFinished c *", STARTED, NULL);
      return;
    }
  harness_expect (h, "ExceptionEncountered INVALID_RESPONSE", NULL);
  assert_told (h, cause, NOT_SUPPORTED "Response may not contain an outputSpeech");
  harness_expect (h, "PlaybackFinished c *", NULL);
  harness_wait_activity (h, "FINISHED");
  harness_expect_quiet (h, 150);
}

/* Answers to PlaybackStopped, SessionEndedRequest and an exception: whatever comes is no fault. */
static void
test_no_answer (gconstpointer data)
{
  const char *skill = data;
  static const char *const bodies[]
      = { "", "null", "{}", "{'response':{}}", "<html>", DIRECTIVES (GOOD_NEXT) };
  g_autoptr (Harness) h = set_up ();
  for (guint i = 0; i < G_N_ELEMENTS (bodies); i++)
    {
      script (h, "AudioPlayer.PlaybackStopped", bodies[i]);
      script (h, "SessionEndedRequest", bodies[i]);
      play (h, skill);
      harness_press (h, "Stop");
      harness_expect (h, "PlaybackStopped t *", NULL);
      script (h, "LaunchRequest", "{'version':'1.0','response':{'shouldEndSession':false}}");
      start (h, skill);
      g_autoptr (GVariant) reply
          = harness_call (h, HARNESS_CONVERSATION, "EndSession", g_variant_new ("(s)", skill));
      harness_expect (h, "SessionEndedRequest USER_INITIATED", NULL);
      harness_wait_activity (h, "STOPPED");
    }
  harness_expect_quiet (h, 150);
  g_assert_cmpuint (harness_count_signals (h, "RequestFailed"), ==, 0);
}

/* ---- requests --------------------------------------------------------------------------------- */

/* What real skills look for is in each request: of a person, of the player, of a button, of the
 * service. */
static void
assert_complete (JsonObject *body)
{
  JsonObject *context = json_object_get_object_member (body, "context");
  JsonObject *system = json_object_get_object_member (context, "System");
  JsonObject *device = json_object_get_object_member (system, "device");
  JsonObject *interfaces = json_object_get_object_member (device, "supportedInterfaces");
  JsonObject *request = json_object_get_object_member (body, "request");
  g_test_message ("%s", get_text (request, NULL, "type"));
  g_assert_nonnull (json_object_get_object_member (interfaces, "AudioPlayer"));
  g_assert_true (g_str_has_prefix (get_text (device, NULL, "deviceId"), "amzn1.ask.device."));
  g_assert_cmpstr (get_text (system, NULL, "apiEndpoint"), !=, "");
  g_assert_cmpstr (get_text (system, NULL, "apiAccessToken"), !=, "");
  g_assert_nonnull (
      get_text (json_object_get_object_member (context, "AudioPlayer"), NULL, "playerActivity"));
  g_autoptr (GDateTime) sent
      = g_date_time_new_from_iso8601 (get_text (request, NULL, "timestamp"), NULL);
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_assert_cmpint (g_date_time_difference (now, sent), >=, 0);
  g_assert_cmpint (g_date_time_difference (now, sent), <=, 3 * G_USEC_PER_SEC);
}

static void
test_needs (void)
{
  g_autoptr (Harness) h = set_up ();
  script (h, "AudioPlayer.PlaybackStarted", "[]");
  play (h, "radio");
  assert_complete (harness_request (h, 0));
  assert_complete (harness_request (h, 1));
  harness_expect (h, "ExceptionEncountered INVALID_RESPONSE", NULL);
  assert_complete (harness_request (h, 0));
  script (h, "PlaybackController.PreviousCommandIssued", DIRECTIVES (""));
  harness_press (h, "Previous");
  harness_expect (h, "PreviousCommandIssued", NULL);
  assert_complete (harness_request (h, 0));
  script (h, "AskIntent", "{'version':'1.0','response':{'shouldEndSession':false}}");
  g_autoptr (GVariant) slots = g_variant_ref_sink (g_variant_new_parsed ("{'what': 'this'}"));
  g_autoptr (GVariant) reply = harness_call (
      h, HARNESS_CONVERSATION, "Intent", g_variant_new ("(ss@a{ss})", "radio", "AskIntent", slots));
  harness_expect (h, "PlaybackStopped t *", "IntentRequest AskIntent", NULL);
  JsonObject *intent = json_object_get_object_member (last_request (h), "intent");
  JsonObject *slot
      = json_object_get_object_member (json_object_get_object_member (intent, "slots"), "what");
  g_assert_cmpstr (get_text (slot, NULL, "value"), ==, "this");
  g_assert_cmpstr (get_text (slot, "slotValue", "type"), ==, "Simple");
  g_assert_cmpstr (get_text (slot, "slotValue", "value"), ==, "this");
  for (guint i = 0; i < 2; i++)
    assert_complete (harness_request (h, i));
  g_autoptr (GVariant) left
      = harness_call (h, HARNESS_CONVERSATION, "EndSession", g_variant_new ("(s)", "radio"));
  harness_expect (h, "SessionEndedRequest USER_INITIATED", NULL);
  assert_complete (harness_request (h, 0));
}

/* ---- loops ------------------------------------------------------------------------------------ */

/* A dead URL that is wanted again and again: 1 s, 2 s …, not a storm. */
static void
test_loop_failed (gconstpointer data)
{
  const char *skill = data;
  static const char dead[] = DIRECTIVES (PLAY ("'url':'@M@nothing.wav','token':'dead'," OFFSET));
  g_autoptr (Harness) h = set_up ();
  script (h, "LaunchRequest", dead);
  script_as (h, "AudioPlayer.PlaybackFailed", 0, 200, NULL, dead);
  start (h, skill);
  gint64 start_us = g_get_monotonic_time ();
  for (guint i = 0; i < 3; i++)
    harness_expect (h, "PlaybackFailed dead MEDIA_ERROR_INVALID_REQUEST", NULL);
  g_assert_cmpint (g_get_monotonic_time () - start_us, >=, 2900 * 1000);
  harness_wait_signal (h, "Directive", "delayed 1000 ms");
  harness_wait_signal (h, "Directive", "delayed 2000 ms");
  harness_expect_quiet (h, 500);
}

/* The same stream again and again is legal as long as it plays: no delay, and under one token. */
static void
test_loop_nearly_finished (gconstpointer data)
{
  const char *skill = data;
  g_autoptr (Harness) h = set_up ();
  script (h, "LaunchRequest", DIRECTIVES (PLAY ("'url':'@M@c.wav','token':'c'," OFFSET)));
  script_as (h, "AudioPlayer.PlaybackNearlyFinished", 0, 200, NULL,
             DIRECTIVES (PLAY_AS ("ENQUEUE", "'url':'@M@c.wav','token':'c'," OFFSET
                                             ",'expectedPreviousToken':'c'")));
  start (h, skill);
  for (guint i = 0; i < 3; i++)
    harness_expect (h, "PlaybackStarted c 0", "PlaybackNearlyFinished c *", "PlaybackFinished c *",
                    NULL);
  harness_expect (h, "PlaybackStarted c 0", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autofree char *lenient = g_strdup_printf ("/answers/event/%s/lenient", members[i].name);
      g_autofree char *strict = g_strdup_printf ("/answers/event/%s/strict", members[i].name);
      g_test_add_data_func (lenient, &members[i], test_member_lenient);
      g_test_add_data_func (strict, &members[i], test_member_strict);
    }
  add_in_both ("status-400", test_status_400);
  add_in_both ("status-500", test_status_500);
  add_in_both ("text-html", test_text_html);
  add_in_both ("buttons", test_buttons);
  add_in_both ("play-to-started", test_play_to_started);
  add_in_both ("nearly-finished", test_nearly_finished);
  g_test_add_func ("/answers/needs", test_needs);
  add_in_both ("no-answer", test_no_answer);
  add_in_both ("loop-failed", test_loop_failed);
  add_in_both ("loop-nearly-finished", test_loop_nearly_finished);
  return g_test_run ();
}
