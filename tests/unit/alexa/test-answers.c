/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Answers as skills and their libraries write them: what is made of each, and what is said of it. */
#include "alexa-fixture.h"

#include "alexa/alexa-ssml.h"

#define BODY(response) "{'version':'1.0','response':{" response "}}"
#define DIRECTIVES(list) BODY ("'directives':[" list "]")
#define PLAY_OF(behavior, stream)                                                                  \
  "{'type':'AudioPlayer.Play','playBehavior':'" behavior "','audioItem':{'stream':{" stream "}}}"
#define STREAM "'url':'https://h/a.mp3','token':'t','offsetInMilliseconds':0"
#define GOOD PLAY_OF ("REPLACE_ALL", STREAM)
#define PLAY(stream) DIRECTIVES (PLAY_OF ("REPLACE_ALL", stream))
#define AT_STREAM "@response.directives[0].audioItem.stream"

/**
 * Answer:
 * @does: the directives: PlayBehavior token offset url, STOP, CLEAR, or the type with '!' if refused
 *   and '?' if it is handed on
 * @says: (nullable): the words
 * @end: what becomes of the session
 * @findings: "id@path" of all, in order
 */
typedef struct
{
  const char *name;
  AlexaRequestType type;
  const char *body;
  const char *does;
  const char *says;
  AlexaEndSession end;
  const char *findings;
} Answer;

static const Answer answers[] = {
  /* Libraries. */
  { "node-sdk", ALEXA_REQUEST_LAUNCH,
    "{'version':'1.0','response':{'outputSpeech':{'type':'SSML','ssml':'<speak>Welcome.</speak>'},"
    "'reprompt':{'outputSpeech':{'type':'SSML','ssml':'<speak>Well?</speak>'}},"
    "'shouldEndSession':false},'userAgent':'ask-node/2.14.0 Node/v20','sessionAttributes':{}}",
    "", "Welcome.", ALEXA_END_SESSION_FALSE, "" },
  { "node-sdk-event", ALEXA_REQUEST_PLAYBACK_STARTED,
    "{'version':'1.0','response':{},'userAgent':'ask-node/2.14.0'}", "", NULL,
    ALEXA_END_SESSION_ABSENT, "" },
  { "node-sdk-undefined", ALEXA_REQUEST_PLAYBACK_FAILED,
    "{'version':'1.0','userAgent':'ask-node/2.14.0'}", "", NULL, ALEXA_END_SESSION_ABSENT,
    "response-missing@response" },
  { "node-sdk-undefined-stopped", ALEXA_REQUEST_PLAYBACK_STOPPED,
    "{'version':'1.0','userAgent':'ask-node/2.14.0'}", "", NULL, ALEXA_END_SESSION_ABSENT, "" },
  { "default-response-type", ALEXA_REQUEST_INTENT,
    BODY ("'type':'_DEFAULT_RESPONSE','shouldEndSession':true,'directives':[" GOOD "]"),
    "REPLACE_ALL t 0 https://h/a.mp3", NULL, ALEXA_END_SESSION_TRUE, "" },
  { "speechlet-response", ALEXA_REQUEST_INTENT,
    "{'version':'1.0','speechletResponse':{'shouldEndSession':true},'response':{'shouldEndSession':"
    "true,'outputSpeech':{'type':'PlainText','text':'Bye','id':null}}}",
    "", "Bye", ALEXA_END_SESSION_TRUE, "" },
  { "more-members", ALEXA_REQUEST_INTENT,
    "{'version':'1.0','response':{'apiResponse':{'a':[1]},'experimentation':{},'canFulfillIntent':"
    "null,'directives':[" GOOD "]},'x':1}",
    "REPLACE_ALL t 0 https://h/a.mp3", NULL, ALEXA_END_SESSION_ABSENT, "" },
  { "nulls", ALEXA_REQUEST_INTENT,
    BODY ("'outputSpeech':null,'card':null,'reprompt':null,'directives':null,'apiResponse':null,"
          "'shouldEndSession':null"),
    "", NULL, ALEXA_END_SESSION_NULL, "" },
  { "empty-objects", ALEXA_REQUEST_INTENT,
    BODY ("'outputSpeech':{},'card':{},'reprompt':{},'directives':[],'shouldEndSession':true"), "",
    NULL, ALEXA_END_SESSION_TRUE,
    "empty-object@response.outputSpeech empty-object@response.reprompt "
    "empty-object@response.card" },
  { "reprompt-of-nulls", ALEXA_REQUEST_INTENT,
    BODY ("'reprompt':{'outputSpeech':{'type':'PlainText','text':null,'ssml':null}},"
          "'shouldEndSession':false"),
    "", NULL, ALEXA_END_SESSION_FALSE, "" },
  { "version-missing", ALEXA_REQUEST_NEXT_COMMAND, "{'response':{'directives':[" GOOD "]}}",
    "REPLACE_ALL t 0 https://h/a.mp3", NULL, ALEXA_END_SESSION_ABSENT, "version@version" },
  { "byte-order-mark", ALEXA_REQUEST_INTENT, "\xef\xbb\xbf\r\n" DIRECTIVES (GOOD) "\r\n",
    "REPLACE_ALL t 0 https://h/a.mp3", NULL, ALEXA_END_SESSION_ABSENT, "body-bom@" },
  { "attributes-with-nulls", ALEXA_REQUEST_INTENT,
    "{'version':'1.0','sessionAttributes':{'a':null,'b':[null]},'response':{'shouldEndSession':"
    "false}}",
    "", NULL, ALEXA_END_SESSION_FALSE, "" },
  { "stop-with-play-members", ALEXA_REQUEST_INTENT,
    DIRECTIVES ("{'type':'AudioPlayer.Stop','playBehavior':'','audioItem':{}}"), "STOP", NULL,
    ALEXA_END_SESSION_ABSENT, "" },
  { "clear-without-behavior", ALEXA_REQUEST_INTENT,
    DIRECTIVES ("{'type':'AudioPlayer.ClearQueue'}," GOOD),
    "CLEAR; REPLACE_ALL t 0 https://h/a.mp3", NULL, ALEXA_END_SESSION_ABSENT,
    "clear-behavior-missing@response.directives[0].clearBehavior" },
  /* Streams. */
  { "token-number", ALEXA_REQUEST_INTENT,
    PLAY ("'url':'https://h/a.mp3','token':0,'offsetInMilliseconds':0"),
    "REPLACE_ALL 0 0 https://h/a.mp3", NULL, ALEXA_END_SESSION_ABSENT,
    "play-token-type" AT_STREAM ".token" },
  { "offset-string", ALEXA_REQUEST_INTENT,
    PLAY ("'url':'https://h/a.mp3','token':'t','offsetInMilliseconds':'4000'"),
    "REPLACE_ALL t 4000 https://h/a.mp3", NULL, ALEXA_END_SESSION_ABSENT,
    "play-offset-type" AT_STREAM ".offsetInMilliseconds" },
  { "offset-missing", ALEXA_REQUEST_INTENT, PLAY ("'url':'https://h/a.mp3','token':'t'"),
    "REPLACE_ALL t 0 https://h/a.mp3", NULL, ALEXA_END_SESSION_ABSENT,
    "play-offset-missing" AT_STREAM ".offsetInMilliseconds" },
  { "all-empty", ALEXA_REQUEST_INTENT, PLAY ("'url':'','token':'','offsetInMilliseconds':0"),
    "AudioPlayer.Play!", NULL, ALEXA_END_SESSION_ABSENT,
    "play-url-missing" AT_STREAM ".url play-token-missing" AT_STREAM ".token" },
  { "all-missing", ALEXA_REQUEST_INTENT, PLAY ("'offsetInMilliseconds':0"), "AudioPlayer.Play!",
    NULL, ALEXA_END_SESSION_ABSENT,
    "play-url-missing" AT_STREAM ".url play-token-missing" AT_STREAM ".token" },
  { "previous-token-null", ALEXA_REQUEST_INTENT, PLAY (STREAM ",'expectedPreviousToken':null"),
    "REPLACE_ALL t 0 https://h/a.mp3", NULL, ALEXA_END_SESSION_ABSENT, "" },
  { "previous-token-own", ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED,
    DIRECTIVES (PLAY_OF ("ENQUEUE", STREAM ",'expectedPreviousToken':'t'")),
    "ENQUEUE t 0 https://h/a.mp3", NULL, ALEXA_END_SESSION_ABSENT, "" },
  { "url-without-path", ALEXA_REQUEST_INTENT,
    PLAY ("'url':'https://host','token':'t','offsetInMilliseconds':0"),
    "REPLACE_ALL t 0 https://host", NULL, ALEXA_END_SESSION_ABSENT, "" },
  { "url-unescaped", ALEXA_REQUEST_INTENT,
    PLAY ("'url':'https://h/my song.mp3?q=a b','token':'t','offsetInMilliseconds':0"),
    "REPLACE_ALL t 0 https://h/my%20song.mp3?q=a%20b", NULL, ALEXA_END_SESSION_ABSENT,
    "play-url-escaped" AT_STREAM ".url" },
  { "url-http", ALEXA_REQUEST_INTENT,
    PLAY ("'url':'http://h/a.mp3','token':'t','offsetInMilliseconds':0"), "AudioPlayer.Play!", NULL,
    ALEXA_END_SESSION_ABSENT, "play-url-scheme" AT_STREAM ".url" },
  { "caption-data", ALEXA_REQUEST_INTENT,
    PLAY (STREAM ",'captionData':{'type':'WEBVTT','content':'WEBVTT'}"),
    "REPLACE_ALL t 0 https://h/a.mp3", NULL, ALEXA_END_SESSION_ABSENT, "" },
  /* Answers to events that say too much. */
  { "button-with-speech", ALEXA_REQUEST_NEXT_COMMAND,
    "{'version':'1.0','sessionAttributes':{'n':1},'response':{'outputSpeech':{'type':'SSML','ssml':"
    "'<speak>This is next.</speak>'},'card':{'type':'Simple','title':'Next'},'shouldEndSession':"
    "true,'directives':[" GOOD "]}}",
    "REPLACE_ALL t 0 https://h/a.mp3", NULL, ALEXA_END_SESSION_ABSENT,
    "speech-forbidden@response.outputSpeech card-forbidden@response.card "
    "session-attributes-ignored@sessionAttributes" },
  { "event-session-open", ALEXA_REQUEST_PLAYBACK_STARTED, BODY ("'shouldEndSession':false"), "",
    NULL, ALEXA_END_SESSION_ABSENT, "end-session-forbidden@response.shouldEndSession" },
  { "finished-with-play", ALEXA_REQUEST_PLAYBACK_FINISHED, DIRECTIVES (GOOD), "AudioPlayer.Play!",
    NULL, ALEXA_END_SESSION_ABSENT, "play-forbidden@response.directives[0]" },
  { "nearly-with-replace-all", ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED, DIRECTIVES (GOOD),
    "REPLACE_ALL t 0 https://h/a.mp3", NULL, ALEXA_END_SESSION_ABSENT,
    "play-cuts-current@response.directives[0].playBehavior" },
  /* Screens and dialogs. */
  { "hint", ALEXA_REQUEST_INTENT,
    DIRECTIVES (GOOD ",{'type':'Hint','hint':{'type':'PlainText','text':'play'}}"),
    "REPLACE_ALL t 0 https://h/a.mp3; Hint!", NULL, ALEXA_END_SESSION_ABSENT,
    "directive-screen@response.directives[1]" },
  { "display", ALEXA_REQUEST_INTENT,
    DIRECTIVES ("{'type':'Display.RenderTemplate','template':{'type':'BodyTemplate1'}}," GOOD),
    "Display.RenderTemplate!; REPLACE_ALL t 0 https://h/a.mp3", NULL, ALEXA_END_SESSION_ABSENT,
    "directive-screen@response.directives[0]" },
  { "apl", ALEXA_REQUEST_INTENT,
    DIRECTIVES ("{'type':'Alexa.Presentation.APL.RenderDocument','document':{}}," GOOD),
    "Alexa.Presentation.APL.RenderDocument!; REPLACE_ALL t 0 https://h/a.mp3", NULL,
    ALEXA_END_SESSION_ABSENT, "directive-unsupported@response.directives[0]" },
  { "aplt", ALEXA_REQUEST_INTENT, DIRECTIVES ("{'type':'Alexa.Presentation.APLT.RenderDocument'}"),
    "Alexa.Presentation.APLT.RenderDocument!", NULL, ALEXA_END_SESSION_ABSENT,
    "directive-unsupported@response.directives[0]" },
  { "apla", ALEXA_REQUEST_INTENT, DIRECTIVES ("{'type':'Alexa.Presentation.APLA.RenderDocument'}"),
    "Alexa.Presentation.APLA.RenderDocument!", NULL, ALEXA_END_SESSION_ABSENT,
    "directive-apla@response.directives[0]" },
  { "html", ALEXA_REQUEST_INTENT, DIRECTIVES ("{'type':'Alexa.Presentation.HTML.Start'}"),
    "Alexa.Presentation.HTML.Start!", NULL, ALEXA_END_SESSION_ABSENT,
    "directive-unsupported@response.directives[0]" },
  { "video", ALEXA_REQUEST_INTENT, DIRECTIVES ("{'type':'VideoApp.Launch','videoItem':{}}"),
    "VideoApp.Launch!", NULL, ALEXA_END_SESSION_ABSENT,
    "directive-unsupported@response.directives[0]" },
  { "video-in-session", ALEXA_REQUEST_INTENT,
    BODY ("'shouldEndSession':true,'directives':[{'type':'VideoApp.Launch'}]"), "VideoApp.Launch!",
    NULL, ALEXA_END_SESSION_TRUE,
    "directive-unsupported@response.directives[0] video-end-session@response.shouldEndSession" },
  { "unknown", ALEXA_REQUEST_INTENT, DIRECTIVES ("{'type':'Acme.Do'},'x',null,{}," GOOD),
    "Acme.Do!; !; !; !; REPLACE_ALL t 0 https://h/a.mp3", NULL, ALEXA_END_SESSION_ABSENT,
    "directive-unsupported@response.directives[0] directive-type@response.directives[1] "
    "directive-type@response.directives[2] directive-type@response.directives[3]" },
  { "dialog", ALEXA_REQUEST_INTENT,
    BODY ("'shouldEndSession':false,'directives':[{'type':'Dialog.Delegate','updatedIntent':{'name'"
          ":'I'}},{'type':'Dialog.ElicitSlot','slotToElicit':'s'},{'type':'Dialog.ConfirmSlot',"
          "'slotToConfirm':'s'},{'type':'Dialog.ConfirmIntent'}]"),
    "Dialog.Delegate?; Dialog.ElicitSlot?; Dialog.ConfirmSlot?; Dialog.ConfirmIntent?", NULL,
    ALEXA_END_SESSION_FALSE, "" },
  { "dialog-without-slot", ALEXA_REQUEST_INTENT,
    BODY ("'shouldEndSession':false,'directives':[{'type':'Dialog.ElicitSlot'},"
          "{'type':'Dialog.ConfirmSlot','slotToConfirm':''}]"),
    "Dialog.ElicitSlot?; Dialog.ConfirmSlot?", NULL, ALEXA_END_SESSION_FALSE,
    "dialog-slot-missing@response.directives[0].slotToElicit "
    "dialog-slot-missing@response.directives[1].slotToConfirm" },
  { "dialog-session-ends", ALEXA_REQUEST_INTENT,
    BODY ("'shouldEndSession':true,'directives':[{'type':'Dialog.UpdateDynamicEntities'},{'type':"
          "'Dialog.Delegate'}]"),
    "Dialog.UpdateDynamicEntities?; Dialog.Delegate?", NULL, ALEXA_END_SESSION_TRUE,
    "dialog-session-ends@response.directives[1]" },
  { "dialog-and-play-to-event", ALEXA_REQUEST_NEXT_COMMAND,
    DIRECTIVES ("{'type':'Dialog.Delegate'}," GOOD),
    "Dialog.Delegate!; REPLACE_ALL t 0 https://h/a.mp3", NULL, ALEXA_END_SESSION_ABSENT,
    "directive-forbidden@response.directives[0]" },
  { "dialog-to-event", ALEXA_REQUEST_NEXT_COMMAND, DIRECTIVES ("{'type':'Dialog.Delegate'}"),
    "Dialog.Delegate!", NULL, ALEXA_END_SESSION_ABSENT,
    "directive-forbidden@response.directives[0]" },
  { "odd-entities", ALEXA_REQUEST_INTENT,
    DIRECTIVES ("{'type':'Dialog.UpdateDynamicEntities','types':[1,{'values':[2,{'name':3},"
                "{'name':{'value':4,'synonyms':[5,null]}}]},{'values':{}}]}"),
    "Dialog.UpdateDynamicEntities?", NULL, ALEXA_END_SESSION_ABSENT, "" },
  /* Speech. */
  { "ssml-ampersand", ALEXA_REQUEST_INTENT,
    BODY ("'outputSpeech':{'type':'SSML','ssml':'<speak>Salt & <b>pepper</b></speak>'}"), "",
    "Salt & pepper", ALEXA_END_SESSION_ABSENT, "speech-ssml-invalid@response.outputSpeech.ssml" },
  { "ssml-unknown-element", ALEXA_REQUEST_INTENT,
    BODY ("'outputSpeech':{'type':'SSML','ssml':'<speak>Hello <blink>you</blink></speak>'}"), "",
    "Hello you", ALEXA_END_SESSION_ABSENT, "speech-ssml-invalid@response.outputSpeech.ssml" },
  { "ssml-without-speak", ALEXA_REQUEST_INTENT,
    BODY ("'outputSpeech':{'type':'SSML','ssml':'Hello'}"), "", "Hello", ALEXA_END_SESSION_ABSENT,
    "speech-no-speak-element@response.outputSpeech.ssml" },
  { "ssml-nothing-left", ALEXA_REQUEST_INTENT,
    BODY ("'outputSpeech':{'type':'SSML','ssml':'<speak><'}"), "", "<", ALEXA_END_SESSION_ABSENT,
    "speech-ssml-invalid@response.outputSpeech.ssml" },
  { "ssml-as-text", ALEXA_REQUEST_INTENT,
    BODY ("'outputSpeech':{'type':'PlainText','text':'<speak>Hi</speak>'}"), "",
    "<speak>Hi</speak>", ALEXA_END_SESSION_ABSENT, "" },
  { "speech-type-missing", ALEXA_REQUEST_INTENT, BODY ("'outputSpeech':{'text':'Hi'}"), "", "Hi",
    ALEXA_END_SESSION_ABSENT, "speech-type@response.outputSpeech.type" },
};

static char *
describe_directive (const AlexaDirective *directive)
{
  const PlayerCommand *command = directive->command;
  g_assert_true (command == NULL || directive->refused == NULL);
  if (command == NULL)
    return g_strconcat (directive->type, directive->refused != NULL ? "!" : "?", NULL);
  if (command->type == PLAYER_COMMAND_PLAY)
    return g_strdup_printf ("%s %s %" G_GINT64_FORMAT " %s",
                            player_play_behavior_to_string (command->play_behavior),
                            command->item->token, command->item->offset_ms, command->item->url);
  return g_strdup (command->type == PLAYER_COMMAND_STOP ? "STOP" : "CLEAR");
}

static char *
describe_directives (const GPtrArray *directives)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (guint i = 0; i < directives->len; i++)
    {
      g_autofree char *one = describe_directive (g_ptr_array_index (directives, i));
      g_string_append_printf (out, "%s%s", i > 0 ? "; " : "", one);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* (transfer full) (nullable): the words that would be heard. */
static char *
describe_speech (const AlexaSpeech *speech)
{
  if (speech == NULL)
    return NULL;
  g_autoptr (GString) out = g_string_new (NULL);
  for (guint i = 0; i < speech->parts->len; i++)
    {
      const PlayerSpeechPart *part = g_ptr_array_index (speech->parts, i);
      g_assert_cmpint (part->type, ==, PLAYER_SPEECH_PART_SAY);
      g_autofree char *words = alexa_ssml_to_text (part->ssml);
      g_string_append (out, words);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
test_answer (gconstpointer data)
{
  const Answer *answer = data;
  g_autofree char *text = fixture_write (answer->body);
  g_autoptr (AlexaResponse) response = fixture_response (text, answer->type);
  g_autofree char *does = describe_directives (response->directives);
  g_assert_cmpstr (does, ==, answer->does);
  g_autofree char *says = describe_speech (response->speech);
  g_assert_cmpstr (says, ==, answer->says);
  g_assert_cmpint (response->should_end_session, ==, answer->end);
  fixture_assert_findings (response->findings, answer->findings);
}

/* Where the fault is stands in the finding, and in the words of the service. */
static void
test_ssml_position (void)
{
  g_autofree char *text = fixture_write (
      BODY ("'outputSpeech':{'type':'SSML','ssml':'<speak>Salt\\n and & pepper</speak>'}"));
  g_autoptr (AlexaResponse) response = fixture_response (text, ALEXA_REQUEST_INTENT);
  const AlexaFinding *finding = alexa_lint_find_void (response->findings);
  g_assert_cmpstr (finding->id, ==, "speech-ssml-invalid");
  g_assert_nonnull (strstr (finding->message, "Line 2, column 6: "));
  g_autofree char *told = alexa_finding_to_skill_message (finding, "amzn1.echo-api.request.1");
  g_autofree char *expected = g_strdup_printf (
      "Invalid SSML Output Speech for requestId amzn1.echo-api.request.1. Error: %s",
      finding->message);
  g_assert_cmpstr (told, ==, expected);
}

/* Of several faults the skill is told of what may not be there at all, then of what the service has
 * words for. */
static void
test_order_of_faults (void)
{
  static const struct
  {
    AlexaRequestType type;
    const char *body;
    const char *id; /* (nullable) */
  } cases[] = {
    { ALEXA_REQUEST_INTENT, BODY (""), NULL },
    { ALEXA_REQUEST_INTENT, "{'response':{}}", NULL },
    { ALEXA_REQUEST_INTENT, DIRECTIVES (PLAY_OF ("REPLACE_ALL", "'url':'http://h/a'")),
      "play-url-scheme" },
    { ALEXA_REQUEST_INTENT,
      BODY ("'card':{'type':'X'},'directives':[" PLAY_OF ("REPLACE_ALL", "'token':'t'") "]"),
      "play-url-missing" },
    { ALEXA_REQUEST_INTENT,
      BODY ("'card':{'type':'X'},'directives':[" GOOD "," PLAY_OF ("ENQUEUE", STREAM) "]"),
      "play-more-than-one" },
    { ALEXA_REQUEST_NEXT_COMMAND,
      BODY ("'outputSpeech':{'type':'SSML','ssml':'&'},'shouldEndSession':false,'directives':["
            "{'type':'Hint'}]"),
      "speech-forbidden" },
    { ALEXA_REQUEST_PLAYBACK_STARTED, DIRECTIVES (PLAY_OF ("REPLACE_ALL", "'url':'http://h/a'")),
      "play-forbidden" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = fixture_write (cases[i].body);
      g_autoptr (AlexaResponse) response = fixture_response (text, cases[i].type);
      const AlexaFinding *finding = alexa_lint_find_void (response->findings);
      g_assert_cmpstr (finding != NULL ? finding->id : NULL, ==, cases[i].id);
    }
}

/* Without a screen a missing shouldEndSession ends the session, unless a dialog goes on. */
static void
test_session (void)
{
  static const struct
  {
    const char *body;
    gboolean kept;
  } cases[] = {
    { BODY (""), FALSE },
    { BODY ("'shouldEndSession':true"), FALSE },
    { BODY ("'shouldEndSession':false"), TRUE },
    { BODY ("'shouldEndSession':null"), TRUE },
    { DIRECTIVES (GOOD), FALSE },
    { DIRECTIVES ("{'type':'Dialog.Delegate'}"), TRUE },
    { DIRECTIVES ("{'type':'Dialog.ElicitSlot','slotToElicit':'s'}"), TRUE },
    { DIRECTIVES ("{'type':'Dialog.UpdateDynamicEntities'}"), FALSE },
    { BODY ("'shouldEndSession':true,'directives':[{'type':'Dialog.Delegate'}]"), FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = fixture_write (cases[i].body);
      g_autoptr (AlexaResponse) response = fixture_response (text, ALEXA_REQUEST_INTENT);
      g_assert_cmpint (alexa_response_keeps_session (response), ==, cases[i].kept);
    }
}

static void
test_can_fulfill (void)
{
  static const struct
  {
    const char *body;
    const char *findings;
  } cases[] = {
    { "'canFulfillIntent':{'canFulfill':'MAYBE'}", "" },
    { "'canFulfillIntent':{'canFulfill':'NO','slots':{}}",
      "empty-object@response.canFulfillIntent.slots" },
    { "'canFulfillIntent':{'canFulfill':'YES','slots':{'a':{'canUnderstand':'MAYBE','canFulfill':"
      "'NO'},'b':{'canUnderstand':'YES'}}}",
      "" },
    { "", "can-fulfill-missing@response.canFulfillIntent.canFulfill" },
    { "'canFulfillIntent':null", "can-fulfill-missing@response.canFulfillIntent.canFulfill" },
    { "'canFulfillIntent':{'slots':{'a':{'canFulfill':'YES'}}}",
      "can-fulfill-missing@response.canFulfillIntent.canFulfill" },
    { "'canFulfillIntent':{'canFulfill':'yes'}",
      "can-fulfill-value@response.canFulfillIntent.canFulfill" },
    { "'canFulfillIntent':{'canFulfill':true,'slots':{'a':1,'b':{'canUnderstand':'X','canFulfill':"
      "'MAYBE'}}}",
      "can-fulfill-value@response.canFulfillIntent.canFulfill "
      "can-fulfill-value@response.canFulfillIntent.slots.a "
      "can-fulfill-value@response.canFulfillIntent.slots.b.canUnderstand "
      "can-fulfill-value@response.canFulfillIntent.slots.b.canFulfill" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *body = g_strdup_printf ("{'version':'1.0','response':{%s}}", cases[i].body);
      g_autofree char *text = fixture_write (body);
      g_autoptr (AlexaResponse) query = fixture_response (text, ALEXA_REQUEST_CAN_FULFILL_INTENT);
      fixture_assert_findings (query->findings, cases[i].findings);
      /* In other answers nobody looks at it. */
      g_autoptr (AlexaResponse) intent = fixture_response (text, ALEXA_REQUEST_INTENT);
      fixture_assert_findings (intent->findings, "");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (answers); i++)
    {
      g_autofree char *path = g_strconcat ("/alexa/answers/", answers[i].name, NULL);
      g_test_add_data_func (path, &answers[i], test_answer);
    }
  g_test_add_func ("/alexa/answers/ssml-position", test_ssml_position);
  g_test_add_func ("/alexa/answers/order-of-faults", test_order_of_faults);
  g_test_add_func ("/alexa/answers/session", test_session);
  g_test_add_func ("/alexa/answers/can-fulfill", test_can_fulfill);
  return g_test_run ();
}
