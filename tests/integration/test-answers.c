/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Answers to a launch as real skills send them: a body for each, over real HTTP, to a real daemon. */

#include "answers-fixture.h"

/* ---- answers to a launch ---------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  const char *body;
  const char *content_type; /* (nullable) */
  const char *reported;     /* the next request; (nullable): nothing plays */
  const char *finding;      /* (nullable) */
} Launch;

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
  { "reference-standard",
    "{'version':'1.0','sessionAttributes':{'supported':{'daily':true,'weekly':false}},'response':{"
    "'outputSpeech':{'type':'PlainText','text':'You will learn.'},"
    "'card':{'type':'Simple','title':'Horoscope','content':'You will learn.'},"
    "'reprompt':{'outputSpeech':{'type':'PlainText','text':'Anything else?'}},"
    "'shouldEndSession':false}}",
    NULL, NULL, NULL },
  { "reference-directives",
    "{'version':'1.0','sessionAttributes':{},'response':{"
    "'outputSpeech':{'type':'PlainText','text':'Playing the song.'},"
    "'card':{'type':'Simple','title':'Play Audio','content':'Playing the song.'},"
    "'reprompt':{'outputSpeech':{'type':'PlainText','text':null}},"
    "'directives':[" PLAY_AS ("ENQUEUE", TOKEN URL OFFSET) "],'shouldEndSession':true}}",
    NULL, STARTED, "play-previous-token-missing" },
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

/* The attributes @given by one answer are those of the next request. */
static void
assert_come_back (Harness *h, const char *given)
{
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

/* Of all kinds, and more than most skills would take. */
static void
test_attributes (void)
{
  g_autoptr (Harness) h = set_up ();
  assert_come_back (h, "{'z':null,'n':9007199254740993,'u':'\xc3\xa4\xf0\x9f\x8e\xb5',"
                       "'a':[1.5,null,{'b':{}}],'e':''}");
  g_autofree char *filling = g_strnfill (110 * 1024, 'x');
  g_autofree char *large = g_strdup_printf ("{'large':'%s'}", filling);
  assert_come_back (h, large);
}

/* ---- limits ----------------------------------------------------------------------------------- */

typedef struct
{
  const char *name;
  const char *before; /* what stands before the filling, ... */
  const char *prefix; /* (nullable): what of that counts */
  const char *after;  /* ... and behind it */
  gsize limit;
  const char *finding;
  gboolean plays; /* whether a stream begins all the same in lenient */
} Limit;

#define BEFORE_PLAY(stream)                                                                        \
  "{'version':'1.0','response':{'directives':[{'type':'AudioPlayer.Play','playBehavior':"          \
  "'REPLACE_ALL','audioItem':{'stream':{" stream
#define AND_GOOD ",'directives':[" GOOD "]}}"

static const Limit limits[] = {
  { "token", BEFORE_PLAY (URL OFFSET ",'token':'"), NULL, "'}}}]}}", 1024, "play-token-too-long",
    FALSE },
  { "url", BEFORE_PLAY (TOKEN OFFSET ",'url':'@M@long.wav?"), "@M@long.wav?", "'}}}]}}", 8000,
    "play-url-too-long", FALSE },
  { "speech", "{'version':'1.0','response':{'outputSpeech':{'type':'PlainText','text':'", NULL,
    "'}" AND_GOOD, 8000, "speech-too-long", TRUE },
  { "card", "{'version':'1.0','response':{'card':{'type':'Simple','title':'Four','content':'",
    "Four", "'}" AND_GOOD, 8000, "card-too-long", TRUE },
  { "image-url",
    "{'version':'1.0','response':{'card':{'type':'Standard','image':{'smallImageUrl':'https://i/",
    "https://i/", "'}}" AND_GOOD, 2000, "card-image-url-too-long", TRUE },
};

/* An answer with a member of @limit + @more characters. */
static char *
make_limit (Harness *h, const Limit *limit, gsize more)
{
  g_autofree char *prefix = fill_in (h, limit->prefix != NULL ? limit->prefix : "");
  g_autofree char *filling = g_strnfill (limit->limit + more - strlen (prefix), 'x');
  return g_strconcat (limit->before, filling, limit->after, NULL);
}

/* At the limit all is well; one beyond, lenient does what can be done, and strict nothing. */
static void
test_limit (const Limit *limit, const char *skill)
{
  gboolean strict = g_str_equal (skill, "judge");
  g_autoptr (Harness) h = set_up ();
  g_autofree char *at = make_limit (h, limit, 0);
  g_autofree char *beyond = make_limit (h, limit, 1);
  script (h, "LaunchRequest", at);
  start (h, skill);
  harness_expect (h, "PlaybackStarted * 0", NULL);
  harness_press (h, "Stop");
  harness_expect (h, "PlaybackStopped * *", NULL);
  script (h, "LaunchRequest", beyond);
  if (!strict)
    {
      start (h, skill);
      harness_wait_signal (h, "Finding", limit->finding);
      if (limit->plays)
        harness_expect (h, STARTED, NULL);
      harness_expect_quiet (h, 150);
      return;
    }
  g_autofree char *error
      = harness_call_error (h, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", skill), NULL);
  g_assert_cmpstr (error, ==, "InvalidResponse");
  harness_expect (h, "LaunchRequest", "SessionEndedRequest ERROR", NULL);
  harness_wait_signal (h, "Finding", limit->finding);
  harness_expect_quiet (h, 150);
}

static void
test_limit_lenient (gconstpointer data)
{
  test_limit (data, "radio");
}

static void
test_limit_strict (gconstpointer data)
{
  test_limit (data, "judge");
}

#define BAD_SSML                                                                                   \
  "{'version':'1.0','response':{'outputSpeech':{'type':'SSML','ssml':'<speak>You & I</speak>'},"   \
  "'shouldEndSession':true" AND_GOOD

/* SSML that is not well-formed: said as text in lenient, told in the service's words in strict. */
static void
test_ssml (gconstpointer data)
{
  const char *skill = data;
  g_autoptr (Harness) h = set_up ();
  script (h, "LaunchRequest", BAD_SSML);
  if (g_str_equal (skill, "radio"))
    {
      start (h, skill);
      harness_wait_signal (h, "Finding", "speech-ssml-invalid");
      harness_expect (h, STARTED, NULL);
      return;
    }
  g_autofree char *error
      = harness_call_error (h, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", skill), NULL);
  g_assert_cmpstr (error, ==, "InvalidResponse");
  harness_expect (h, "LaunchRequest", NULL);
  g_autofree char *begin = g_strdup_printf ("Invalid SSML Output Speech for requestId %s. Error: ",
                                            get_text (last_request (h), NULL, "requestId"));
  harness_expect (h, "SessionEndedRequest ERROR", NULL);
  g_assert_true (g_str_has_prefix (get_text (last_request (h), "error", "message"), begin));
  harness_expect_quiet (h, 150);
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

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (launches); i++)
    {
      g_autofree char *path = g_strdup_printf ("/answers/launch/%s", launches[i].name);
      g_test_add_data_func (path, &launches[i], test_launch);
    }
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autofree char *lenient = g_strdup_printf ("/answers/limit/%s/lenient", limits[i].name);
      g_autofree char *strict = g_strdup_printf ("/answers/limit/%s/strict", limits[i].name);
      g_test_add_data_func (lenient, &limits[i], test_limit_lenient);
      g_test_add_data_func (strict, &limits[i], test_limit_strict);
    }
  add_in_both ("ssml", test_ssml);
  add_in_both ("sessions", test_sessions);
  g_test_add_func ("/answers/attributes", test_attributes);
  g_test_add_func ("/answers/size", test_size);
  return g_test_run ();
}
