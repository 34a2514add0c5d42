/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-fixture.h"

#define PLAY(behavior, token)                                                                      \
  "{\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"" behavior "\",\"audioItem\":{\"stream\":{"   \
  "\"url\":\"https://h/" token "\",\"token\":\"" token "\",\"offsetInMilliseconds\":0}}}"
#define STOP "{\"type\":\"AudioPlayer.Stop\"}"
#define CLEAR "{\"type\":\"AudioPlayer.ClearQueue\",\"clearBehavior\":\"CLEAR_ENQUEUED\"}"
#define BODY(response) "{\"version\":\"1.0\",\"response\":{" response "}}"
#define DIRECTIVES(list) BODY ("\"directives\":[" list "]")

static const AlexaRequestType event_types[] = {
  ALEXA_REQUEST_PLAYBACK_STARTED,  ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED,
  ALEXA_REQUEST_PLAYBACK_FINISHED, ALEXA_REQUEST_PLAYBACK_STOPPED,
  ALEXA_REQUEST_PLAYBACK_FAILED,   ALEXA_REQUEST_PLAY_COMMAND,
  ALEXA_REQUEST_PAUSE_COMMAND,     ALEXA_REQUEST_NEXT_COMMAND,
  ALEXA_REQUEST_PREVIOUS_COMMAND,
};

static gboolean
takes_no_answer (AlexaRequestType type)
{
  return type == ALEXA_REQUEST_PLAYBACK_STOPPED || type == ALEXA_REQUEST_SESSION_ENDED
         || type == ALEXA_REQUEST_EXCEPTION_ENCOUNTERED;
}

static void
assert_void (
    const char *text, gssize size, AlexaRequestType type, AlexaResponseError code, const char *part)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, size < 0 ? strlen (text) : (gsize)size);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaResponse) response = alexa_response_parse (bytes, type, FALSE, "skill", &error);
  g_assert_null (response);
  g_assert_error (error, ALEXA_RESPONSE_ERROR, (int)code);
  g_test_message ("%s", error->message);
  if (part != NULL)
    g_assert_nonnull (strstr (error->message, part));
}

/* "token token! STOP" in order; '!' marks a refused one */
static char *
describe_directives (GPtrArray *directives)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (guint i = 0; i < directives->len; i++)
    {
      const AlexaDirective *directive = g_ptr_array_index (directives, i);
      g_assert_true (directive->refused == NULL || directive->command == NULL);
      const char *name = strrchr (directive->type, '.');
      if (directive->command != NULL && directive->command->type == PLAYER_COMMAND_PLAY)
        name = directive->command->item->token;
      else
        name = name != NULL ? name + 1 : directive->type;
      g_string_append_printf (out, "%s%s%s", i > 0 ? " " : "", name,
                              directive->refused != NULL ? "!" : "");
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
assert_directives (const AlexaResponse *response, const char *expected)
{
  g_autofree char *seen = describe_directives (response->directives);
  g_assert_cmpstr (seen, ==, expected);
}

static void
test_full (void)
{
  g_autoptr (AlexaResponse) response = fixture_response (
      "{\"version\":\"1.0\",\"userAgent\":\"ask-node/2.14.0 Node/v20\","
      "\"sessionAttributes\":{\"a\":null,\"n\":9007199254740993,\"u\":\"\xc3\xa4\"},"
      "\"response\":{\"type\":\"_DEFAULT_RESPONSE\",\"experimentation\":{},\"speechletResponse\":1,"
      "\"outputSpeech\":{\"type\":\"SSML\",\"ssml\":\"<speak>Hi</"
      "speak>\",\"playBehavior\":\"REPLACE_ENQUEUED\"},"
      "\"card\":{\"type\":\"Standard\",\"title\":\"T\",\"text\":\"X\",\"image\":{"
      "\"smallImageUrl\":\"https://i/s\",\"largeImageUrl\":\"https://i/l\"}},"
      "\"reprompt\":{\"outputSpeech\":{\"type\":\"PlainText\",\"text\":\"Well?\"}},"
      "\"canFulfillIntent\":{\"canFulfill\":\"YES\"},\"apiResponse\":{\"x\":1},"
      "\"directives\":[" CLEAR "," PLAY ("REPLACE_ALL", "t") "],"
                                                             "\"shouldEndSession\":false}}",
      ALEXA_REQUEST_INTENT);
  g_assert_cmpstr (response->version, ==, "1.0");
  g_assert_true (response->has_response);
  g_assert_cmpint (response->speech->type, ==, ALEXA_SPEECH_SSML);
  g_assert_cmpstr (response->speech->text, ==, "<speak>Hi</speak>");
  g_assert_cmpint (response->speech->play_behavior, ==, PLAYER_PLAY_REPLACE_ENQUEUED);
  g_assert_cmpint (response->reprompt->type, ==, ALEXA_SPEECH_PLAIN_TEXT);
  g_assert_cmpstr (response->reprompt->text, ==, "Well?");
  g_assert_cmpint (response->reprompt->play_behavior, ==, PLAYER_PLAY_ENQUEUE);
  g_assert_cmpstr (response->card->type, ==, "Standard");
  g_assert_cmpstr (response->card->title, ==, "T");
  g_assert_cmpstr (response->card->text, ==, "X");
  g_assert_null (response->card->content);
  g_assert_cmpstr (response->card->small_image_url, ==, "https://i/s");
  g_assert_cmpstr (response->card->large_image_url, ==, "https://i/l");
  g_assert_true (JSON_NODE_HOLDS_OBJECT (response->card_node));
  fixture_assert_json (response->can_fulfill_intent, "{\"canFulfill\":\"YES\"}");
  fixture_assert_json (response->api_response, "{\"x\":1}");
  g_assert_cmpint (response->should_end_session, ==, ALEXA_END_SESSION_FALSE);
  assert_directives (response, "ClearQueue t");
  fixture_assert_findings (response->findings, "play-session-open@response.directives[1]");
  g_assert_cmpint (alexa_session_attributes_kind (response->session_attributes), ==,
                   ALEXA_SESSION_ATTRIBUTES_OBJECT);
  g_autoptr (AlexaResponse) again = alexa_response_ref (response);
  g_assert_true (again == response);
}

static void
test_void (void)
{
  static const char *const empty[]
      = { "", " \n", "null", "\"\"", "{}", "{\"version\":\"1.0\"}", "{\"response\":null}" };
  for (guint i = 0; i < G_N_ELEMENTS (empty); i++)
    {
      assert_void (empty[i], -1, ALEXA_REQUEST_LAUNCH, ALEXA_RESPONSE_ERROR_NULL,
                   "SpeechletResponse was null");
      assert_void (empty[i], -1, ALEXA_REQUEST_INTENT, ALEXA_RESPONSE_ERROR_NULL,
                   "SpeechletResponse was null");
      for (AlexaRequestType t = ALEXA_REQUEST_SESSION_ENDED;
           t <= ALEXA_REQUEST_EXCEPTION_ENCOUNTERED; t++)
        {
          g_autoptr (AlexaResponse) response = fixture_response (empty[i], t);
          g_assert_false (response->has_response);
          g_assert_cmpuint (response->directives->len, ==, 0);
          const AlexaFinding *finding = fixture_find (response->findings, "response-missing");
          g_assert_true ((finding == NULL) == takes_no_answer (t));
          if (finding != NULL)
            g_assert_cmpint (finding->severity, ==, ALEXA_SEVERITY_ERROR);
        }
    }
}

static void
test_wrong_types (void)
{
  static const struct
  {
    const char *text;
    const char *part;
  } cases[] = {
    { "[]", "The document is of type array" },
    { "5", "The document is of type integer" },
    { "\"x\"", "The document is of type string" },
    { "true", "The document is of type boolean" },
    { "{\"response\":[]}", "response is of type array" },
    { "{\"response\":\"x\"}", "response is of type string" },
    { BODY ("\"directives\":\"x\""), "response.directives is of type string" },
    { BODY ("\"directives\":{\"type\":\"AudioPlayer.Stop\"}"),
      "response.directives is of type object" },
    { BODY ("\"shouldEndSession\":\"true\""), "response.shouldEndSession is of type string" },
    { BODY ("\"shouldEndSession\":0"), "response.shouldEndSession is of type integer" },
    { BODY ("\"shouldEndSession\":{}"), "response.shouldEndSession is of type object" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      assert_void (cases[i].text, -1, ALEXA_REQUEST_LAUNCH, ALEXA_RESPONSE_ERROR_TYPE,
                   cases[i].part);
      assert_void (cases[i].text, -1, ALEXA_REQUEST_NEXT_COMMAND, ALEXA_RESPONSE_ERROR_TYPE,
                   cases[i].part);
      g_autoptr (AlexaResponse) response
          = fixture_response (cases[i].text, ALEXA_REQUEST_PLAYBACK_STOPPED);
      fixture_assert_findings (response->findings, "answer-ignored@");
    }
  assert_void ("<html>", -1, ALEXA_REQUEST_LAUNCH, ALEXA_RESPONSE_ERROR_NOT_JSON,
               "line 1, column 1");
  assert_void ("{\"response\":{}", -1, ALEXA_REQUEST_LAUNCH, ALEXA_RESPONSE_ERROR_NOT_JSON,
               "byte 14");
  assert_void ("\0", 1, ALEXA_REQUEST_LAUNCH, ALEXA_RESPONSE_ERROR_NOT_JSON, "NUL");
}

/* Pads a good answer with white space to @size bytes. */
static GBytes *
padded (gsize size)
{
  static const char text[] = BODY ("\"directives\":[]");
  char *data = g_malloc (size);
  memset (data, ' ', size);
  memcpy (data, text, sizeof text - 1);
  return g_bytes_new_take (data, size);
}

static void
test_size (void)
{
  static const struct
  {
    gsize size;
    const char *findings; /* NULL: too large */
  } cases[] = {
    { 120000, "" },
    { 120001, "body-large@" },
    { ALEXA_RESPONSE_MAX_BYTES, "body-large@" },
    { ALEXA_RESPONSE_MAX_BYTES + 1, NULL },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = padded (cases[i].size);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlexaResponse) response
          = alexa_response_parse (bytes, ALEXA_REQUEST_LAUNCH, FALSE, "skill", &error);
      g_assert_true ((response == NULL) == (cases[i].findings == NULL));
      if (response != NULL)
        fixture_assert_findings (response->findings, cases[i].findings);
      else
        g_assert_error (error, ALEXA_RESPONSE_ERROR, ALEXA_RESPONSE_ERROR_TOO_LARGE);
    }
  g_autofree char *blank = fixture_repeat (" ", ALEXA_RESPONSE_MAX_BYTES + 1);
  assert_void (blank, -1, ALEXA_REQUEST_LAUNCH, ALEXA_RESPONSE_ERROR_TOO_LARGE, NULL);
}

typedef struct
{
  const char *text;
  const char *findings;
} Lint;

static void
check_lints (const Lint *cases, guint n_cases)
{
  for (guint i = 0; i < n_cases; i++)
    {
      g_test_message ("case %u", i);
      g_autoptr (AlexaResponse) response = fixture_response (cases[i].text, ALEXA_REQUEST_LAUNCH);
      fixture_assert_findings (response->findings, cases[i].findings);
    }
}

static void
test_envelope (void)
{
  static const Lint cases[] = {
    { BODY (""), "" },
    { "{\"response\":{}}", "version@version" },
    { "{\"version\":null,\"response\":{}}", "version@version" },
    { "{\"version\":\"2.0\",\"response\":{}}", "version@version" },
    { "{\"version\":1.0,\"response\":{}}", "version@version" },
    { "\xef\xbb\xbf" BODY (""), "body-bom@" },
    { "\r\n  " BODY ("") "  \n", "" },
    { BODY ("\"card\":null,\"reprompt\":null,\"outputSpeech\":null,\"directives\":null"), "" },
    { BODY ("\"card\":{},\"reprompt\":{},\"outputSpeech\":{},\"directives\":{}"),
      "empty-object@response.outputSpeech empty-object@response.reprompt "
      "empty-object@response.card "
      "empty-object@response.directives" },
    { BODY ("\"directives\":[]"), "" },
    { BODY ("\"card\":5,\"reprompt\":[],\"outputSpeech\":\"Hi\""),
      "member-type@response.outputSpeech member-type@response.reprompt member-type@response.card" },
    { "{\"version\":\"1.0\",\"sessionAttributes\":[ ],\"response\":{}}",
      "session-attributes-array@sessionAttributes" },
    { "{\"version\":\"1.0\",\"sessionAttributes\":{\"a\":1e400,\"b\":\"\\u0000\"},"
      "\"response\":{}}",
      "" },
    { BODY ("\"x\":1e400"), "body-number@" },
    { BODY ("\"x\":[123456789012345678901234567890]"), "body-number@" },
    { BODY ("\"x\":\"a\\u0000\""), "body-character@" },
    { BODY ("\"x\":\"\\udc00\""), "body-character@" },
    { "{\"version\":\"1.0\",\"sessionAttributes\":[1],\"response\":{}}",
      "member-type@sessionAttributes" },
    { "{\"version\":\"1.0\",\"sessionAttributes\":\"x\",\"response\":{}}",
      "member-type@sessionAttributes" },
    { "{\"version\":\"1.0\",\"sessionAttributes\":null,\"response\":{}}", "" },
  };
  check_lints (cases, G_N_ELEMENTS (cases));
}

static void
test_end_session (void)
{
  static const struct
  {
    const char *text;
    AlexaEndSession expected;
  } cases[] = {
    { BODY (""), ALEXA_END_SESSION_ABSENT },
    { BODY ("\"shouldEndSession\":null"), ALEXA_END_SESSION_NULL },
    { BODY ("\"shouldEndSession\":true"), ALEXA_END_SESSION_TRUE },
    { BODY ("\"shouldEndSession\":false"), ALEXA_END_SESSION_FALSE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlexaResponse) response = fixture_response (cases[i].text, ALEXA_REQUEST_INTENT);
      g_assert_cmpint (response->should_end_session, ==, cases[i].expected);
      g_assert_cmpuint (response->findings->len, ==, 0);
      for (guint k = 0; k < G_N_ELEMENTS (event_types); k++)
        {
          g_autoptr (AlexaResponse) event = fixture_response (cases[i].text, event_types[k]);
          gboolean is_false = cases[i].expected == ALEXA_END_SESSION_FALSE;
          g_assert_cmpint (event->should_end_session, ==, ALEXA_END_SESSION_ABSENT);
          fixture_assert_findings (
              event->findings, is_false ? "end-session-forbidden@response.shouldEndSession" : "");
        }
    }
}

#define SPEECH(speech) BODY ("\"outputSpeech\":{" speech "}")
#define AT_SPEECH "@response.outputSpeech"

static void
test_speech (void)
{
  static const struct
  {
    const char *text;
    const char *result; /* NULL: no speech */
    const char *findings;
  } cases[] = {
    { SPEECH ("\"type\":\"PlainText\",\"text\":\"Hi\""), "0 Hi", "" },
    { SPEECH ("\"type\":\"SSML\",\"ssml\":\"<speak>Hi</speak>\""), "1 <speak>Hi</speak>", "" },
    { SPEECH ("\"type\":\"SSML\",\"ssml\":\" <speak version='1.0'>Hi</speak>\""),
      "1  <speak version='1.0'>Hi</speak>", "" },
    { SPEECH ("\"type\":\"SSML\",\"ssml\":\"Hi\""), "1 Hi",
      "speech-no-speak-element" AT_SPEECH ".ssml" },
    { SPEECH ("\"type\":\"SSML\",\"ssml\":\"<speaker/>\""), "1 <speaker/>",
      "speech-no-speak-element" AT_SPEECH ".ssml" },
    { SPEECH ("\"type\":\"PlainText\",\"text\":\"Hi\",\"ssml\":\"<speak/>\""), "0 Hi", "" },
    { SPEECH ("\"text\":\"Hi\""), "0 Hi", "speech-type" AT_SPEECH ".type" },
    { SPEECH ("\"ssml\":\"<speak>Hi</speak>\""), "1 <speak>Hi</speak>",
      "speech-type" AT_SPEECH ".type" },
    { SPEECH ("\"type\":\"plaintext\",\"text\":\"Hi\""), "0 Hi", "speech-type" AT_SPEECH ".type" },
    { SPEECH ("\"type\":\"SSML\",\"text\":\"Hi\""), "0 Hi", "speech-type" AT_SPEECH ".type" },
    { SPEECH ("\"type\":\"PlainText\",\"ssml\":\"<speak/>\""), "1 <speak/>",
      "speech-type" AT_SPEECH ".type" },
    { SPEECH ("\"type\":\"PlainText\""), NULL, "speech-text-missing" AT_SPEECH ".text" },
    { SPEECH ("\"type\":\"PlainText\",\"text\":null"), NULL,
      "speech-text-missing" AT_SPEECH ".text" },
    { SPEECH ("\"type\":\"PlainText\",\"text\":\"\""), NULL,
      "speech-text-missing" AT_SPEECH ".text" },
    { SPEECH ("\"type\":\"SSML\",\"ssml\":\"\""), NULL, "speech-text-missing" AT_SPEECH ".ssml" },
    { SPEECH ("\"type\":\"PlainText\",\"text\":5"), NULL,
      "member-type" AT_SPEECH ".text speech-text-missing" AT_SPEECH ".text" },
    { SPEECH ("\"type\":\"PlainText\",\"text\":\"Hi\",\"playBehavior\":\"X\""), "0 Hi",
      "speech-play-behavior" AT_SPEECH ".playBehavior" },
    { SPEECH ("\"type\":\"PlainText\",\"text\":\"Hi\",\"playBehavior\":\"REPLACE_ALL\""), "0 Hi",
      "" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlexaResponse) response = fixture_response (cases[i].text, ALEXA_REQUEST_LAUNCH);
      g_autofree char *result = NULL;
      if (response->speech != NULL)
        result = g_strdup_printf ("%d %s", response->speech->type, response->speech->text);
      g_assert_cmpstr (result, ==, cases[i].result);
      fixture_assert_findings (response->findings, cases[i].findings);
    }
}

static void
test_speech_limit (void)
{
  static const struct
  {
    const char *character;
    gsize n;
    const char *findings;
  } cases[] = {
    { "x", 8000, "" },
    { "x", 8001, "speech-too-long" AT_SPEECH ".text" },
    { "\xe2\x82\xac", 8000, "" },
    { "\xe2\x82\xac", 8001, "speech-too-long" AT_SPEECH ".text" },
    { "\xf0\x9f\x98\x80", 4000, "" },
    { "\xf0\x9f\x98\x80", 4001, "text-utf16" AT_SPEECH ".text" },
    { "\xf0\x9f\x98\x80", 8000, "text-utf16" AT_SPEECH ".text" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *filling = fixture_repeat (cases[i].character, cases[i].n);
      g_autofree char *text = g_strdup_printf (
          BODY ("\"outputSpeech\":{\"type\":\"PlainText\",\"text\":\"%s\"},\"directives\":[" STOP
                "]"),
          filling);
      g_autoptr (AlexaResponse) response = fixture_response (text, ALEXA_REQUEST_LAUNCH);
      fixture_assert_findings (response->findings, cases[i].findings);
      g_assert_cmpstr (response->speech->text, ==, filling); /* what was meant is plain */
      assert_directives (response, "Stop");
    }
}

#define REPROMPT(reprompt) BODY ("\"shouldEndSession\":false,\"reprompt\":{" reprompt "}")

static void
test_reprompt (void)
{
  static const Lint cases[] = {
    { REPROMPT ("\"outputSpeech\":{\"type\":\"PlainText\",\"text\":\"Hm?\"}"), "" },
    { REPROMPT ("\"outputSpeech\":{\"type\":\"PlainText\",\"text\":null}"), "" },
    { REPROMPT ("\"outputSpeech\":{\"type\":\"PlainText\",\"text\":\"\"}"), "" },
    { REPROMPT ("\"outputSpeech\":null"), "" },
    { REPROMPT ("\"directives\":[]"), "" },
    { REPROMPT ("\"directives\":[{\"type\":\"Alexa.Presentation.APLA.RenderDocument\"}]"),
      "directive-apla@response.reprompt.directives[0]" },
    { REPROMPT ("\"directives\":[" STOP "]"),
      "reprompt-directive@response.reprompt.directives[0]" },
    { REPROMPT ("\"directives\":[" PLAY ("REPLACE_ALL", "t") "]"),
      "reprompt-directive@response.reprompt.directives[0]" },
    { REPROMPT ("\"directives\":{}"), "member-type@response.reprompt.directives" },
    { BODY ("\"shouldEndSession\":true,\"reprompt\":{\"outputSpeech\":{\"type\":\"PlainText\","
            "\"text\":\"Hm?\"}}"),
      "reprompt-unused@response.reprompt" },
    { BODY ("\"reprompt\":{\"outputSpeech\":{\"type\":\"PlainText\",\"text\":\"Hm?\"}}"),
      "reprompt-unused@response.reprompt" },
    { BODY ("\"shouldEndSession\":null,\"reprompt\":{\"outputSpeech\":{\"type\":\"PlainText\","
            "\"text\":\"Hm?\"}}"),
      "" },
    { BODY ("\"shouldEndSession\":true,\"reprompt\":{\"outputSpeech\":{\"type\":\"PlainText\","
            "\"text\":null}}"),
      "" },
  };
  check_lints (cases, G_N_ELEMENTS (cases));
  g_autoptr (AlexaResponse) kept = fixture_response (cases[7].text, ALEXA_REQUEST_LAUNCH);
  g_assert_null (kept->reprompt);
  g_autofree char *directives = describe_directives (kept->reprompt_directives);
  g_assert_cmpstr (directives, ==, "Play!");
  g_autoptr (AlexaResponse) none = fixture_response (cases[1].text, ALEXA_REQUEST_LAUNCH);
  g_assert_null (none->reprompt);
}

#define CARD(card) BODY ("\"card\":{" card "}")

static void
test_card (void)
{
  static const struct
  {
    const char *text;
    const char *result; /* type|title|content|text|small|large|permissions */
    const char *findings;
  } cases[] = {
    { CARD ("\"type\":\"Simple\",\"title\":\"T\",\"content\":\"C\""), "Simple|T|C||||", "" },
    { CARD ("\"type\":\"Simple\",\"title\":\"T\",\"content\":null"), "Simple|T|||||", "" },
    { CARD ("\"type\":\"Simple\",\"title\":\"T\",\"text\":\"X\",\"image\":{\"smallImageUrl\":"
            "\"https://i\"}"),
      "Simple|T|||||",
      "card-member-unused@response.card.text card-member-unused@response.card.image" },
    { CARD ("\"type\":\"Standard\",\"text\":\"X\",\"image\":{\"largeImageUrl\":\"https://i\"}"),
      "Standard|||X||https://i|", "" },
    { CARD ("\"type\":\"Standard\",\"image\":{}"), "Standard||||||",
      "empty-object@response.card.image" },
    { CARD ("\"type\":\"LinkAccount\""), "LinkAccount||||||", "" },
    { CARD ("\"type\":\"AskForPermissionsConsent\",\"permissions\":[\"a\",5,\"b\"]"),
      "AskForPermissionsConsent||||||a,b", "" },
    { CARD ("\"type\":\"AskForPermissionsConsent\""), "AskForPermissionsConsent||||||",
      "card-permissions-missing@response.card.permissions" },
    { CARD ("\"type\":\"AskForPermissionsConsent\",\"permissions\":{}"),
      "AskForPermissionsConsent||||||", "card-permissions-missing@response.card.permissions" },
    { CARD ("\"title\":\"T\""), NULL, "card-type@response.card.type" },
    { CARD ("\"type\":\"simple\""), NULL, "card-type@response.card.type" },
    { CARD ("\"type\":5"), NULL, "member-type@response.card.type card-type@response.card.type" },
    { CARD ("\"type\":\"Simple\",\"title\":[],\"content\":\"C\""), "Simple||C||||",
      "member-type@response.card.title" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlexaResponse) response = fixture_response (cases[i].text, ALEXA_REQUEST_LAUNCH);
      const AlexaCard *card = response->card;
      g_autofree char *permissions
          = card != NULL && card->permissions != NULL ? g_strjoinv (",", card->permissions) : NULL;
      g_autofree char *result = NULL;
      if (card != NULL)
        result = g_strdup_printf (
            "%s|%s|%s|%s|%s|%s|%s", card->type, card->title != NULL ? card->title : "",
            card->content != NULL ? card->content : "", card->text != NULL ? card->text : "",
            card->small_image_url != NULL ? card->small_image_url : "",
            card->large_image_url != NULL ? card->large_image_url : "",
            permissions != NULL ? permissions : "");
      g_assert_cmpstr (result, ==, cases[i].result);
      g_assert_true ((response->card_node == NULL) == (card == NULL));
      fixture_assert_findings (response->findings, cases[i].findings);
    }
}

static void
test_card_limits (void)
{
  static const struct
  {
    gsize text;
    gsize url;
    const char *findings;
  } cases[] = {
    { 10, 2000, "" },   { 10, 2001, "card-image-url-too-long@response.card.image.smallImageUrl" },
    { 5998, 2000, "" }, { 5999, 2000, "card-too-long@response.card" },
    { 7988, 10, "" },   { 7989, 10, "card-too-long@response.card" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *content = fixture_repeat ("x", cases[i].text);
      g_autofree char *url = fixture_repeat ("u", cases[i].url);
      g_autofree char *text
          = g_strdup_printf (CARD ("\"type\":\"Standard\",\"title\":\"TT\",\"text\":\"%s\","
                                   "\"image\":{\"smallImageUrl\":\"%s\"}"),
                             content, url);
      g_autoptr (AlexaResponse) response = fixture_response (text, ALEXA_REQUEST_LAUNCH);
      g_assert_cmpstr (response->card->text, ==, content);
      g_assert_cmpstr (response->card->small_image_url, ==, url);
      fixture_assert_findings (response->findings, cases[i].findings);
    }
}

/* The examples of the reference itself: nothing but the missing expectedPreviousToken to say. */
static void
test_reference_examples (void)
{
  g_autoptr (AlexaResponse) intent = fixture_response (
      "{\"version\":\"1.0\",\"sessionAttributes\":{},\"response\":{"
      "\"outputSpeech\":{\"type\":\"PlainText\",\"text\":\"Playing the requested song.\"},"
      "\"card\":{\"type\":\"Simple\",\"title\":\"Play Audio\",\"content\":\"Playing the requested "
      "song.\"},"
      "\"reprompt\":{\"outputSpeech\":{\"type\":\"PlainText\",\"text\":null}},"
      "\"directives\":[" PLAY ("ENQUEUE",
                               "this-is-the-audio-token") "],\"shouldEndSession\":true}}",
      ALEXA_REQUEST_INTENT);
  fixture_assert_findings (
      intent->findings,
      "play-previous-token-missing@response.directives[0].audioItem.stream.expectedPreviousToken");
  assert_directives (intent, "this-is-the-audio-token");
  fixture_assert_bytes (intent->session_attributes, "{}");
  g_autoptr (AlexaResponse) event = fixture_response (
      DIRECTIVES (PLAY ("REPLACE_ALL", "track2-long-audio")), ALEXA_REQUEST_NEXT_COMMAND);
  fixture_assert_findings (event->findings, "");
  assert_directives (event, "track2-long-audio");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alexa/response/full", test_full);
  g_test_add_func ("/alexa/response/void", test_void);
  g_test_add_func ("/alexa/response/wrong-types", test_wrong_types);
  g_test_add_func ("/alexa/response/size", test_size);
  g_test_add_func ("/alexa/response/envelope", test_envelope);
  g_test_add_func ("/alexa/response/end-session", test_end_session);
  g_test_add_func ("/alexa/response/speech", test_speech);
  g_test_add_func ("/alexa/response/speech-limit", test_speech_limit);
  g_test_add_func ("/alexa/response/reprompt", test_reprompt);
  g_test_add_func ("/alexa/response/card", test_card);
  g_test_add_func ("/alexa/response/card-limits", test_card_limits);
  g_test_add_func ("/alexa/response/reference-examples", test_reference_examples);
  return g_test_run ();
}
