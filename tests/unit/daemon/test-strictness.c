/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* What becomes of an answer that the Alexa service refuses: in mode strict as with the service, in
 * mode lenient what was meant is done. */
#include <string.h>

#include "daemon/daemon-fault.h"
#include "test-house.h"

/* Bodies are written with ' in place of ". */
#define BODY(response) "{'version':'1.0','response':{" response "}}"
#define PLAY_OF(behavior, stream)                                                                  \
  "{'type':'AudioPlayer.Play','playBehavior':'" behavior "','audioItem':{'stream':{" stream "}}}"
#define URL "'url':'https://media.example/a.flac'"
#define TOKEN "'token':'t1'"
#define OFFSET "'offsetInMilliseconds':0"
#define GOOD PLAY_OF ("REPLACE_ALL", URL "," TOKEN "," OFFSET)
#define PLAY(stream) BODY (END ",'directives':[" PLAY_OF ("REPLACE_ALL", stream) "]")
#define END "'shouldEndSession':true"
#define WITH(member) BODY (END "," member ",'directives':[" GOOD "]")
#define TEXT(text) "'outputSpeech':{'type':'PlainText','text':'" text "'}"
#define SSML(ssml) "'outputSpeech':{'type':'SSML','ssml':'" ssml "'}"
#define NOT_SUPPORTED "The following directives are not supported: "

/**
 * Row:
 * @type: what is asked
 * @body: the answer; @X…@ is a row of x of that length
 * @finding: id that is told in both modes
 * @strict: what the skill is told in strict; <id> stands for the id of the request. It ends there if
 *   what follows depends on the part that reads the SSML
 * @lenient: (nullable): what it is told in lenient
 * @plays: whether the stream of the answer is played in lenient
 */
typedef struct
{
  const char *name;
  AlexaRequestType type;
  const char *body;
  const char *finding;
  const char *strict;
  const char *lenient;
  gboolean plays;
} Row;

static const Row rows[] = {
  /* The answer opens or goes on with a session: it ends by an error. */
  { "launch/not-json", ALEXA_REQUEST_LAUNCH, "<html>", "body-not-json",
    DAEMON_FAULT_DISPATCH_MESSAGE, DAEMON_FAULT_DISPATCH_MESSAGE, FALSE },
  { "launch/wrong-type", ALEXA_REQUEST_LAUNCH, "{'response':[]}", "body-structure",
    DAEMON_FAULT_DISPATCH_MESSAGE, DAEMON_FAULT_DISPATCH_MESSAGE, FALSE },
  { "launch/too-large", ALEXA_REQUEST_LAUNCH, WITH ("'x':'@X122880@'"), "body-too-large",
    "The document is larger than 120 KB.", "The document is larger than 120 KB.", FALSE },
  { "launch/null", ALEXA_REQUEST_LAUNCH, "null", "response-missing", "SpeechletResponse was null",
    "SpeechletResponse was null", FALSE },
  { "launch/no-response", ALEXA_REQUEST_LAUNCH, "{'version':'1.0'}", "response-missing",
    "SpeechletResponse was null", "SpeechletResponse was null", FALSE },
  { "launch/end-session-string", ALEXA_REQUEST_LAUNCH, BODY ("'shouldEndSession':'false'"),
    "body-structure", DAEMON_FAULT_DISPATCH_MESSAGE, DAEMON_FAULT_DISPATCH_MESSAGE, FALSE },
  { "launch/ssml-ampersand", ALEXA_REQUEST_LAUNCH, WITH (SSML ("<speak>salt & pepper</speak>")),
    "speech-ssml-invalid", "Invalid SSML Output Speech for requestId <id>. Error: ", NULL, TRUE },
  { "launch/ssml-no-root", ALEXA_REQUEST_LAUNCH, WITH (SSML ("salt")), "speech-no-speak-element",
    "Invalid SSML Output Speech for requestId <id>. Error: ", NULL, TRUE },
  { "launch/speech-too-long", ALEXA_REQUEST_LAUNCH, WITH (TEXT ("@X8001@")), "speech-too-long",
    "The speech is longer than 8000 characters.", NULL, TRUE },
  { "launch/card-too-long", ALEXA_REQUEST_LAUNCH,
    WITH ("'card':{'type':'Simple','title':'T','content':'@X8000@'}"), "card-too-long",
    "The texts and URLs of the card are longer than 8000 characters together.", NULL, TRUE },
  { "launch/card-type", ALEXA_REQUEST_LAUNCH, WITH ("'card':{'type':'Large'}"), "card-type",
    "The type of the card is not one of the four.", NULL, TRUE },
  { "launch/reprompt-directive", ALEXA_REQUEST_LAUNCH,
    WITH ("'reprompt':{'directives':[{'type':'AudioPlayer.Stop'}]}"), "reprompt-directive",
    "A reprompt may hold Alexa.Presentation.APLA.RenderDocument only.", NULL, TRUE },
  { "launch/apl", ALEXA_REQUEST_LAUNCH,
    BODY (END ",'directives':[{'type':'Alexa.Presentation.APL.RenderDocument'}," GOOD "]"),
    "directive-unsupported",
    "Alexa.Presentation.APL.RenderDocument: The device does not support this interface; the "
    "directive is not carried out.",
    NULL, TRUE },
  { "launch/video", ALEXA_REQUEST_LAUNCH, BODY ("'directives':[{'type':'VideoApp.Launch'}]"),
    "directive-unsupported",
    "VideoApp.Launch: The device does not support this interface; the directive is not carried "
    "out.",
    NULL, FALSE },
  { "launch/no-url", ALEXA_REQUEST_LAUNCH, PLAY (TOKEN "," OFFSET), "play-url-missing",
    "The URL specified in the Play directive must be defined and a valid HTTPS url", NULL, FALSE },
  { "launch/bad-url", ALEXA_REQUEST_LAUNCH, PLAY ("'url':'a.flac'," TOKEN "," OFFSET),
    "play-url-invalid",
    "The URL specified in the Play directive must be defined and a valid HTTPS url", NULL, FALSE },
  { "launch/ftp-url", ALEXA_REQUEST_LAUNCH, PLAY ("'url':'ftp://h/a.flac'," TOKEN "," OFFSET),
    "play-url-scheme", "The URL specified in the Play directive must be HTTPS", NULL, FALSE },
  { "launch/http-url-elsewhere", ALEXA_REQUEST_LAUNCH,
    PLAY ("'url':'http://media.example/a.flac'," TOKEN "," OFFSET), "play-url-http-elsewhere",
    "The URL specified in the Play directive must be HTTPS", NULL, TRUE },
  { "launch/url-too-long", ALEXA_REQUEST_LAUNCH,
    PLAY ("'url':'https://h/@X7991@'," TOKEN "," OFFSET), "play-url-too-long",
    "The url is longer than 8000 characters.", NULL, FALSE },
  { "launch/no-token", ALEXA_REQUEST_LAUNCH, PLAY (URL "," OFFSET), "play-token-missing",
    "The stream has no token.", NULL, FALSE },
  { "launch/token-too-long", ALEXA_REQUEST_LAUNCH, PLAY (URL ",'token':'@X1025@'," OFFSET),
    "play-token-too-long", "The token is longer than 1024 characters.", NULL, FALSE },
  { "launch/negative-offset", ALEXA_REQUEST_LAUNCH,
    PLAY (URL "," TOKEN ",'offsetInMilliseconds':-1"), "play-offset-invalid",
    "The offsetInMilliseconds is not a whole number of 0 or more.", NULL, FALSE },
  { "launch/previous-token", ALEXA_REQUEST_LAUNCH,
    PLAY (URL "," TOKEN "," OFFSET ",'expectedPreviousToken':'t0'"),
    "play-previous-token-forbidden",
    "An expectedPreviousToken is allowed with ENQUEUE only; it is ignored.", NULL, TRUE },
  { "launch/no-previous-token", ALEXA_REQUEST_LAUNCH,
    BODY (END ",'directives':[" PLAY_OF ("ENQUEUE", URL "," TOKEN "," OFFSET) "]"),
    "play-previous-token-missing",
    "ENQUEUE without expectedPreviousToken: added to the queue without a check.", NULL, TRUE },
  { "launch/two-plays", ALEXA_REQUEST_LAUNCH, BODY (END ",'directives':[" GOOD "," GOOD "]"),
    "play-more-than-one", "Can't respond with more than 1 play directives", NULL, TRUE },
  /* It answers a button or an event: System.ExceptionEncountered. */
  { "button/not-json", ALEXA_REQUEST_NEXT_COMMAND, "", "response-missing",
    "SpeechletResponse was null", NULL, FALSE },
  { "button/html", ALEXA_REQUEST_NEXT_COMMAND, "<html>", "body-not-json",
    DAEMON_FAULT_DISPATCH_MESSAGE, DAEMON_FAULT_DISPATCH_MESSAGE, FALSE },
  { "button/speech", ALEXA_REQUEST_NEXT_COMMAND, WITH (TEXT ("Hi")), "speech-forbidden",
    NOT_SUPPORTED "Response may not contain an outputSpeech", NULL, TRUE },
  { "button/broken-speech", ALEXA_REQUEST_NEXT_COMMAND, WITH (SSML ("<speak>&</speak>")),
    "speech-forbidden", NOT_SUPPORTED "Response may not contain an outputSpeech", NULL, TRUE },
  { "button/card", ALEXA_REQUEST_NEXT_COMMAND, WITH ("'card':{'type':'LinkAccount'}"),
    "card-forbidden", NOT_SUPPORTED "Response may not contain a card", NULL, TRUE },
  { "button/reprompt", ALEXA_REQUEST_NEXT_COMMAND, WITH ("'reprompt':{" TEXT ("Hm?") "}"),
    "reprompt-forbidden", NOT_SUPPORTED "Response may not contain a reprompt", NULL, TRUE },
  { "button/end-session-false", ALEXA_REQUEST_NEXT_COMMAND,
    BODY ("'shouldEndSession':false,'directives':[" GOOD "]"), "end-session-forbidden",
    NOT_SUPPORTED "Response may not have shouldEndSession set to false", NULL, TRUE },
  { "button/apl", ALEXA_REQUEST_NEXT_COMMAND,
    BODY ("'directives':[" GOOD ",{'type':'Alexa.Presentation.APL.RenderDocument'}]"),
    "directive-forbidden", NOT_SUPPORTED "Alexa.Presentation.APL.RenderDocument",
    NOT_SUPPORTED "Alexa.Presentation.APL.RenderDocument", TRUE },
  { "button/hint", ALEXA_REQUEST_NEXT_COMMAND, BODY ("'directives':[" GOOD ",{'type':'Hint'}]"),
    "directive-forbidden", NOT_SUPPORTED "Hint", NOT_SUPPORTED "Hint", TRUE },
  { "button/dialog", ALEXA_REQUEST_NEXT_COMMAND,
    BODY ("'directives':[{'type':'Dialog.Delegate'}," GOOD "]"), "directive-forbidden",
    NOT_SUPPORTED "Dialog.Delegate", NOT_SUPPORTED "Dialog.Delegate", TRUE },
  { "button/no-token", ALEXA_REQUEST_NEXT_COMMAND, PLAY (URL "," OFFSET), "play-token-missing",
    "The stream has no token.", NULL, FALSE },
  { "button/two-plays", ALEXA_REQUEST_NEXT_COMMAND, BODY ("'directives':[" GOOD "," GOOD "]"),
    "play-more-than-one", "Can't respond with more than 1 play directives", NULL, TRUE },
  { "button/size", ALEXA_REQUEST_NEXT_COMMAND, PLAY (URL ",'token':'@X1025@'," OFFSET),
    "play-token-too-long", "The token is longer than 1024 characters.", NULL, FALSE },
  { "started/play", ALEXA_REQUEST_PLAYBACK_STARTED, BODY ("'directives':[" GOOD "]"),
    "play-forbidden", "Can't respond with more than 0 play directives",
    "Can't respond with more than 0 play directives", FALSE },
  { "started/null", ALEXA_REQUEST_PLAYBACK_STARTED, "null", "response-missing",
    "SpeechletResponse was null", NULL, FALSE },
};

/* (transfer full): the body as it is sent. */
static char *
write_body (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (const char *p = text; *p != '\0'; p++)
    if (g_str_has_prefix (p, "@X"))
      {
        char *end = NULL;
        guint64 n = g_ascii_strtoull (p + 2, &end, 10);
        g_assert_true (*end == '@');
        g_autofree char *filling = g_strnfill (n, 'x');
        g_string_append (out, filling);
        p = end;
      }
    else
      g_string_append_c (out, *p == '\'' ? '"' : *p);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
ask (House *house, const char *skill, AlexaRequestType type)
{
  g_autoptr (AlexaRequest) request = alexa_request_new (type);
  DaemonConversation *conversation = daemon_skills_find (house->skills, skill);
  g_assert_true (daemon_conversation_ask (conversation, request, NULL, NULL, NULL));
}

/* @skill has played, and goes on with the request of @row: (transfer full): its body. */
static JsonObject *
reach (House *house, const char *skill, const Row *row)
{
  if (row->type != ALEXA_REQUEST_PLAYBACK_STARTED)
    {
      ask (house, skill, row->type);
      return house_expect (house, alexa_request_type_to_string (row->type));
    }
  g_autofree char *play
      = write_body (PLAY ("'url':'https://media.example/0.flac'," TOKEN "," OFFSET));
  ask (house, skill, ALEXA_REQUEST_LAUNCH);
  house_exchange (house, "LaunchRequest", play);
  house_start_sound (house, 0);
  return house_expect (house, "AudioPlayer.PlaybackStarted");
}

static gboolean
is_loaded (House *house)
{
  gboolean loaded = FALSE;
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  for (guint i = 0; calls[i] != NULL; i++)
    loaded = loaded || strstr (calls[i], "/a.flac") != NULL;
  return loaded;
}

/* The skill is told @message of the request @asked, once, and whatever it says to that is well. */
static void
expect_told (House *house, const Row *row, JsonObject *asked, const char *message)
{
  gboolean in_session = alexa_request_type_has_session (row->type);
  g_autofree char *id = house_get (asked, "request/requestId");
  g_autoptr (GString) expected = g_string_new (message);
  g_string_replace (expected, "<id>", id, 1);
  g_autoptr (JsonObject) told
      = house_expect (house, in_session ? "SessionEndedRequest" : "System.ExceptionEncountered");
  g_autofree char *seen = house_get (told, "request/error/message");
  if (!g_str_has_prefix (seen, expected->str)
      || (!g_str_has_suffix (expected->str, ": ") && strlen (seen) != expected->len))
    g_assert_cmpstr (seen, ==, expected->str);
  house_assert (told, "request/error/type", "INVALID_RESPONSE");
  house_assert (told, "request/reason", in_session ? "ERROR" : NULL);
  house_assert (told, "request/cause/requestId", in_session ? NULL : id);
  house_answer (house, "<html>");
  house_expect_none (house);
}

static void
check (House *house, const Row *row, const char *skill)
{
  gboolean strict = g_str_equal (skill, "judge");
  g_autofree char *body = write_body (row->body);
  g_autoptr (JsonObject) asked = reach (house, skill, row);
  PlayerActivity before = house_get_activity (house);
  is_loaded (house);
  house_answer (house, body);
  g_autofree char *finding = g_strdup_printf ("Finding %s %s ", skill, row->finding);
  g_assert_true (house_saw (house, finding));
  g_assert_true (is_loaded (house) == (row->plays && !strict));
  if (strict)
    {
      g_assert_false (house_saw (house, "Directive judge "));
      g_assert_false (house_saw (house, "Speech judge "));
      g_assert_cmpint (house_get_activity (house), ==, before);
    }
  const char *message = strict ? row->strict : row->lenient;
  if (message != NULL)
    expect_told (house, row, asked, message);
  else
    house_expect_none (house);
}

static void
test_row (House *house, gconstpointer data)
{
  const char *path = g_test_get_path ();
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *lenient
          = g_strconcat ("/daemon/strictness/", rows[i].name, "/lenient", NULL);
      g_autofree char *strict = g_strconcat ("/daemon/strictness/", rows[i].name, "/strict", NULL);
      if (g_str_equal (path, lenient))
        check (house, &rows[i], "radio");
      else if (g_str_equal (path, strict))
        check (house, &rows[i], "judge");
    }
}

/* A directive that waits for the user keeps the session, also without shouldEndSession. */
static void
test_dialog (House *house, gconstpointer data)
{
  static const struct
  {
    const char *body;
    gboolean kept;
  } cases[] = {
    { BODY ("'directives':[{'type':'Dialog.ElicitSlot','slotToElicit':'s'}]"), TRUE },
    { BODY ("'directives':[{'type':'Dialog.UpdateDynamicEntities'}]"), FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = write_body (cases[i].body);
      ask (house, "judge", ALEXA_REQUEST_LAUNCH);
      house_exchange (house, "LaunchRequest", body);
      g_assert_true (house_saw (house, "Directive judge Dialog."));
      DaemonSkill *skill
          = daemon_conversation_get_skill (daemon_skills_find (house->skills, "judge"));
      g_assert_true ((daemon_skill_get_session (skill) != NULL) == cases[i].kept);
      house_advance (house, 8000);
      if (cases[i].kept)
        house_exchange (house, "SessionEndedRequest", "{}");
      house_expect_none (house);
    }
}

/* Directives of a reprompt are told as all others, behind them; none is carried out. */
static void
test_reprompt_directives (House *house, gconstpointer data)
{
  g_autofree char *body = write_body (
      BODY ("'shouldEndSession':false,'directives':[{'type':'AudioPlayer.Stop'}],'reprompt':{"
            "'directives':[{'type':'Alexa.Presentation.APLA.RenderDocument'}," GOOD "]}"));
  ask (house, "radio", ALEXA_REQUEST_LAUNCH);
  house_exchange (house, "LaunchRequest", body);
  g_assert_true (house_saw (house, "Directive radio AudioPlayer.Stop"));
  g_assert_true (house_saw (house, "Directive radio Alexa.Presentation.APLA.RenderDocument"));
  g_assert_true (house_saw (house, "Directive radio AudioPlayer.Play"));
  g_assert_false (is_loaded (house));
  house_advance (house, 8000);
  house_exchange (house, "SessionEndedRequest", "{}");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *lenient
          = g_strconcat ("/daemon/strictness/", rows[i].name, "/lenient", NULL);
      g_autofree char *strict = g_strconcat ("/daemon/strictness/", rows[i].name, "/strict", NULL);
      g_test_add (lenient, House, NULL, house_set_up, test_row, house_tear_down);
      g_test_add (strict, House, NULL, house_set_up, test_row, house_tear_down);
    }
#define ADD(name, func)                                                                            \
  g_test_add ("/daemon/strictness/" name, House, NULL, house_set_up, func, house_tear_down)
  ADD ("dialog", test_dialog);
  ADD ("reprompt-directives", test_reprompt_directives);
#undef ADD
  return g_test_run ();
}
