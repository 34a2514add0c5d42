/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Answers as real skills send them: a body for each, over real HTTP, to a real daemon. "radio" is
 * lenient, "judge" strict; both are the demo skill, whose answers are scripted here. */

#include <string.h>

#include "harness.h"

#define CONFIG                                                                                     \
  "[player]\nnearly-finished = late\n[speech]\ncommand =\n"                                        \
  "[skill radio]\nendpoint = @URL@\n[skill judge]\nendpoint = @URL@?judge\nconformance = strict\n"

/* Bodies are written with ' in place of ", and @M@ for the URL of the media. */
#define DIRECTIVES(list) "{'version':'1.0','response':{'directives':[" list "]}}"
#define PLAY_AS(behavior, stream)                                                                  \
  "{'type':'AudioPlayer.Play','playBehavior':'" behavior "','audioItem':{'stream':{" stream "}}}"
#define PLAY(stream) PLAY_AS ("REPLACE_ALL", stream)
#define URL "'url':'@M@long.wav',"
#define TOKEN "'token':'t',"
#define OFFSET "'offsetInMilliseconds':0"
#define GOOD PLAY (URL TOKEN OFFSET)

static char *
fill_in (Harness *h, const char *text)
{
  g_autofree char *media = g_strdup_printf ("%smedia/", harness_url (h));
  g_autoptr (GString) out = g_string_new (text);
  g_string_replace (out, "'", "\"", 0);
  g_string_replace (out, "@M@", media, 0);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* @count (0: all) requests of type @on are answered like this. */
static void
script_as (
    Harness *h, const char *on, guint count, guint status, const char *type, const char *body)
{
  g_autoptr (JsonObject) fault = json_object_new ();
  g_autofree char *text = fill_in (h, body);
  g_autoptr (GError) error = NULL;
  json_object_set_string_member (fault, "fault", "body");
  json_object_set_string_member (fault, "on", on);
  json_object_set_int_member (fault, "count", count);
  json_object_set_int_member (fault, "status", status);
  if (type != NULL)
    json_object_set_string_member (fault, "content_type", type);
  json_object_set_string_member (fault, "body", text);
  DemoFault *parsed = demo_fault_new (fault, &error);
  g_assert_no_error (error);
  demo_server_add_fault (harness_skill (h), parsed);
}

static void
script (Harness *h, const char *on, const char *body)
{
  script_as (h, on, 1, 200, NULL, body);
}

static Harness *
set_up (void)
{
  Harness *h = harness_new (CONFIG);
  g_autofree char *path = g_build_filename (harness_media_dir (h), "long.wav", NULL);
  g_autofree char *spaced = g_build_filename (harness_media_dir (h), "my long.wav", NULL);
  harness_write_wav (path, 9, 44100 * 30);
  harness_write_wav (spaced, 9, 44100 * 30);
  return h;
}

static void
start (Harness *h, const char *skill)
{
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", skill));
  harness_expect (h, "LaunchRequest", NULL);
}

/* @skill plays the long stream under the token "t". */
static void
play (Harness *h, const char *skill)
{
  script (h, "LaunchRequest", DIRECTIVES (GOOD));
  start (h, skill);
  harness_expect (h, "PlaybackStarted t 0", NULL);
  harness_wait_activity (h, "PLAYING");
}

static void
press (Harness *h, const char *button)
{
  g_autoptr (GVariant) reply = harness_call (h, HARNESS_PLAYER, button, NULL);
}

/* What plays is the very stream, and it goes on. */
static void
assert_goes_on (Harness *h)
{
  gint64 offset_ms = harness_get_int64 (h, HARNESS_PLAYER, "OffsetInMilliseconds");
  harness_wait_offset (h, offset_ms + 150);
  harness_wait_activity (h, "PLAYING");
  g_autofree char *token = harness_get_string (h, HARNESS_PLAYER, "Token");
  g_assert_cmpstr (token, ==, "t");
}

static JsonObject *
last_request (Harness *h)
{
  return json_object_get_object_member (harness_request (h, 0), "request");
}

static const char *
get_text (JsonObject *request, const char *object, const char *member)
{
  if (object != NULL)
    request = json_object_get_object_member (request, object);
  return json_object_get_string_member (request, member);
}

/* ---- answers to a launch ---------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  const char *body;
  const char *content_type; /* (nullable) */
  const char *reported;     /* the next request; (nullable): nothing plays */
  const char *finding;      /* (nullable) */
} Launch;

#define STARTED "PlaybackStarted t 0"

static const Launch launches[] = {
  { "token-number", DIRECTIVES (PLAY (URL OFFSET ",'token':0")), NULL, "PlaybackStarted 0 0",
    "play-token-type" },
  { "token-and-url-empty", DIRECTIVES (PLAY ("'url':'','token':''," OFFSET)), NULL, NULL,
    "play-url-missing" },
  { "no-token-no-url", DIRECTIVES (PLAY (OFFSET)), NULL, NULL, "play-token-missing" },
  { "offset-string", DIRECTIVES (PLAY (URL TOKEN "'offsetInMilliseconds':'250'")), NULL,
    "PlaybackStarted t 250", "play-offset-type" },
  { "no-offset", DIRECTIVES (PLAY (URL "'token':'t'")), NULL, STARTED, "play-offset-missing" },
  { "previous-token-null", DIRECTIVES (PLAY (URL TOKEN OFFSET ",'expectedPreviousToken':null")),
    NULL, STARTED, NULL },
  { "previous-token-null-replace-enqueued",
    DIRECTIVES (PLAY_AS ("REPLACE_ENQUEUED", URL TOKEN OFFSET ",'expectedPreviousToken':null")),
    NULL, STARTED, NULL },
  { "url-no-scheme-to-play", DIRECTIVES (PLAY ("'url':'file:///etc/passwd'," TOKEN OFFSET)), NULL,
    NULL, "play-url-scheme" },
  { "url-no-path", DIRECTIVES (PLAY ("'url':'http://127.0.0.1:9'," TOKEN OFFSET)), NULL,
    "PlaybackFailed t *", "play-url-http" },
  { "url-spaces", DIRECTIVES (PLAY ("'url':' @M@my long.wav '," TOKEN OFFSET)), NULL, STARTED,
    "play-url-escaped" },
  { "url-query", DIRECTIVES (PLAY ("'url':'@M@long.wav?a=%20&b=[c]&d=e/f?g'," TOKEN OFFSET)), NULL,
    STARTED, NULL },
  { "user-agent",
    "{'version':'1.0','userAgent':'ask-node/2.14.0 Node/v20','response':{'type':"
    "'_DEFAULT_RESPONSE','apiResponse':{},'directives':[" GOOD "]},'speechletResponse':{}}",
    NULL, STARTED, NULL },
  { "no-version", "{'response':{'directives':[" GOOD "]}}", NULL, STARTED, "version" },
  { "directives-empty", DIRECTIVES (""), NULL, NULL, NULL },
  { "directives-null", "{'version':'1.0','response':{'directives':null}}", NULL, NULL, NULL },
  { "nulls",
    "{'version':'1.0','sessionAttributes':null,'response':{'outputSpeech':null,'card':null,"
    "'reprompt':null,'shouldEndSession':true,'directives':[" GOOD "]}}",
    NULL, STARTED, NULL },
  { "empty-objects",
    "{'version':'1.0','response':{'outputSpeech':{},'card':{},'reprompt':{},"
    "'directives':[" GOOD "]}}",
    NULL, STARTED, "empty-object" },
  { "card-content-null",
    "{'version':'1.0','response':{'card':{'type':'Simple','title':'T','content':null},"
    "'directives':[" GOOD "]}}",
    NULL, STARTED, NULL },
  { "text-html", DIRECTIVES (GOOD), "text/html; charset=utf-8", STARTED, "content-type" },
  { "byte-order-mark", "\xef\xbb\xbf\r\n" DIRECTIVES (GOOD) "\n", NULL, STARTED, "body-bom" },
  { "hint", DIRECTIVES (GOOD ",{'type':'Hint','hint':{'type':'PlainText','text':'x'}}"), NULL,
    STARTED, "directive-screen" },
  { "display-template",
    DIRECTIVES ("{'type':'Display.RenderTemplate','template':{'type':'BodyTemplate1'}}," GOOD),
    NULL, STARTED, "directive-screen" },
  { "apl",
    DIRECTIVES ("{'type':'Alexa.Presentation.APL.RenderDocument','token':'x','document':{}}," GOOD),
    NULL, STARTED, "directive-unsupported" },
  { "extra-members-of-stop",
    DIRECTIVES ("{'type':'AudioPlayer.Stop','playBehavior':'','audioItem':{}}," GOOD), NULL,
    STARTED, NULL },
  { "two-plays", DIRECTIVES (GOOD "," PLAY (URL "'token':'u'," OFFSET)), NULL, STARTED,
    "play-more-than-one" },
};

/* Lenient: what was meant is played, and what is odd about it is told. */
static void
test_launch (gconstpointer data)
{
  const Launch *launch = data;
  g_autoptr (Harness) h = set_up ();
  script_as (h, "LaunchRequest", 1, 200, launch->content_type, launch->body);
  start (h, "radio");
  if (launch->finding != NULL)
    harness_wait_signal (h, "Finding", launch->finding);
  if (launch->reported != NULL)
    harness_expect (h, launch->reported, NULL);
  harness_expect_quiet (h, 150);
  g_assert_cmpuint (harness_count_signals (h, "RequestFailed"), ==, 0);
}

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
  press (h, "Next");
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
  press (h, "Next");
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
  press (h, "Next");
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

#define DISPATCH "An exception occurred while dispatching the request to the skill."

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
      press (h, "Next");
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
      press (h, "Stop");
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

/* ---- sessions --------------------------------------------------------------------------------- */

/* What strict says to a skill whose Launch answer is void; lenient only where `lenient` is set. */
static const struct
{
  const char *name;
  const char *body;
  const char *message;
  gboolean lenient;
} sessions[] = {
  { "null", "null", "SpeechletResponse was null", TRUE },
  { "no-response", "{'version':'1.0'}", "SpeechletResponse was null", TRUE },
  { "html", "<html></html>", DISPATCH, TRUE },
  { "array", "[]", DISPATCH, TRUE },
  { "file-url", DIRECTIVES (PLAY ("'url':'file:///x'," TOKEN OFFSET)),
    "The URL specified in the Play directive must be HTTPS", FALSE },
  { "no-url", DIRECTIVES (PLAY (TOKEN OFFSET)),
    "The URL specified in the Play directive must be defined and a valid HTTPS url", FALSE },
  { "no-token", DIRECTIVES (PLAY (URL OFFSET)), NULL, FALSE },
  { "previous-token", DIRECTIVES (PLAY (URL TOKEN OFFSET ",'expectedPreviousToken':'p'")), NULL,
    FALSE },
  { "two-plays", DIRECTIVES (GOOD "," GOOD), NULL, FALSE },
  { "apl", DIRECTIVES (GOOD ",{'type':'Alexa.Presentation.APL.RenderDocument'}"), NULL, FALSE },
};

static void
test_sessions (gconstpointer data)
{
  const char *skill = data;
  gboolean strict = g_str_equal (skill, "judge");
  g_autoptr (Harness) h = set_up ();
  for (guint i = 0; i < G_N_ELEMENTS (sessions); i++)
    {
      g_test_message ("%s", sessions[i].name);
      if (!strict && !sessions[i].lenient)
        continue;
      script (h, "LaunchRequest", sessions[i].body);
      g_autofree char *error = harness_call_error (h, HARNESS_CONVERSATION, "Launch",
                                                   g_variant_new ("(s)", skill), NULL);
      g_assert_cmpstr (error, ==, "InvalidResponse");
      harness_expect (h, "LaunchRequest", "SessionEndedRequest ERROR", NULL);
      g_assert_cmpstr (get_text (last_request (h), "error", "type"), ==, "INVALID_RESPONSE");
      if (sessions[i].message != NULL)
        g_assert_cmpstr (get_text (last_request (h), "error", "message"), ==, sessions[i].message);
      harness_expect_quiet (h, 100);
      harness_wait_activity (h, "IDLE");
    }
}

/* Attributes of all kinds come back in the next request as they were. */
static void
test_attributes (void)
{
  static const char given[] = "{'z':null,'n':9007199254740993,'u':'\xc3\xa4\xf0\x9f\x8e\xb5',"
                              "'a':[1.5,null,{'b':{}}],'e':''}";
  g_autoptr (Harness) h = set_up ();
  g_autofree char *body = g_strdup_printf (
      "{'version':'1.0','sessionAttributes':%s,'response':{'shouldEndSession':false}}", given);
  script (h, "LaunchRequest", body);
  start (h, "radio");
  g_autoptr (GVariant) reply = harness_call (
      h, HARNESS_CONVERSATION, "Intent",
      g_variant_new ("(ss@a{ss})", "radio", "AskIntent", g_variant_new_parsed ("@a{ss} {}")));
  harness_expect (h, "IntentRequest AskIntent", NULL);
  JsonObject *session = json_object_get_object_member (harness_request (h, 0), "session");
  g_autofree char *expected = fill_in (h, given);
  g_autoptr (JsonNode) golden = json_from_string (expected, NULL);
  g_assert_true (json_node_equal (json_object_get_member (session, "attributes"), golden));
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

/* ---- size ------------------------------------------------------------------------------------- */

/* An answer of 122,880 bytes is obeyed, one of a byte more is void. */
static void
test_size (void)
{
  g_autoptr (Harness) h = set_up ();
  g_autofree char *good = fill_in (h, DIRECTIVES (GOOD));
  g_autofree char *blanks = g_strnfill (122880 - strlen (good), ' ');
  g_autofree char *largest = g_strconcat (good, blanks, NULL);
  g_autofree char *larger = g_strconcat (largest, " ", NULL);
  script (h, "LaunchRequest", larger);
  g_autofree char *error = harness_call_error (h, HARNESS_CONVERSATION, "Launch",
                                               g_variant_new ("(s)", "radio"), NULL);
  g_assert_cmpstr (error, ==, "InvalidResponse");
  harness_expect (h, "LaunchRequest", "SessionEndedRequest ERROR", NULL);
  script (h, "LaunchRequest", largest);
  start (h, "radio");
  harness_expect (h, STARTED, NULL);
  harness_wait_signal (h, "Finding", "body-large");
}

static void
add_in_both (const char *name, GTestDataFunc func)
{
  g_autofree char *lenient = g_strdup_printf ("/answers/%s/lenient", name);
  g_autofree char *strict = g_strdup_printf ("/answers/%s/strict", name);
  g_test_add_data_func (lenient, "radio", func);
  g_test_add_data_func (strict, "judge", func);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (launches); i++)
    {
      g_autofree char *path = g_strdup_printf ("/answers/launch/%s", launches[i].name);
      g_test_add_data_func (path, &launches[i], test_launch);
    }
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
  add_in_both ("no-answer", test_no_answer);
  add_in_both ("sessions", test_sessions);
  add_in_both ("loop-failed", test_loop_failed);
  add_in_both ("loop-nearly-finished", test_loop_nearly_finished);
  g_test_add_func ("/answers/attributes", test_attributes);
  g_test_add_func ("/answers/size", test_size);
  return g_test_run ();
}
