/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-fixture.h"

#define NOT_HTTPS "The URL specified in the Play directive must be HTTPS"
#define NO_HTTPS_URL "The URL specified in the Play directive must be defined and a valid HTTPS url"

typedef struct
{
  const char *json;
  const char *result;   /* what describe() says */
  const char *findings; /* ids and paths, in order */
} Case;

/* "PLAY ENQUEUE url token offset [previous]", "STOP", "CLEAR_ALL", "refused: why", "nothing" */
static char *
describe (const AlexaDirective *directive)
{
  const PlayerCommand *command = directive->command;
  g_assert_true (command == NULL || directive->refused == NULL);
  if (directive->refused != NULL)
    return g_strconcat ("refused: ", directive->refused, NULL);
  if (command == NULL)
    return g_strdup ("nothing");
  if (command->type == PLAYER_COMMAND_STOP)
    return g_strdup ("STOP");
  if (command->type == PLAYER_COMMAND_CLEAR_QUEUE)
    return g_strdup (player_clear_behavior_to_string (command->clear_behavior));
  g_assert_cmpint (command->type, ==, PLAYER_COMMAND_PLAY);
  g_assert_cmpstr (command->item->origin, ==, "skill");
  return g_strdup_printf (
      "PLAY %s %s %s %" G_GINT64_FORMAT "%s%s",
      player_play_behavior_to_string (command->play_behavior), command->item->url,
      command->item->token, command->item->offset_ms,
      command->expected_previous_token != NULL ? " " : "",
      command->expected_previous_token != NULL ? command->expected_previous_token : "");
}

static AlexaDirective *
parse (const char *json, gboolean http_media, GPtrArray **findings)
{
  g_autoptr (JsonNode) node = fixture_json (json);
  *findings = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_finding_free);
  return alexa_directive_parse (node, "d", http_media, "skill", *findings);
}

static void
check (const Case *cases, guint n_cases, gboolean http_media)
{
  for (guint i = 0; i < n_cases; i++)
    {
      g_test_message ("case %u", i);
      g_autoptr (GPtrArray) findings = NULL;
      g_autoptr (AlexaDirective) directive = parse (cases[i].json, http_media, &findings);
      g_autofree char *result = describe (directive);
      g_assert_cmpstr (result, ==, cases[i].result);
      fixture_assert_findings (findings, cases[i].findings);
    }
}

#define PLAY(behavior, stream)                                                                     \
  "{\"type\":\"AudioPlayer.Play\"," behavior "\"audioItem\":{\"stream\":{" stream "}}}"
#define REPLACE_ALL "\"playBehavior\":\"REPLACE_ALL\","
#define ENQUEUE "\"playBehavior\":\"ENQUEUE\","
#define REST "\"url\":\"https://h/a\",\"token\":\"t\","
#define STREAM "d.audioItem.stream"

static void
test_behavior (void)
{
  static const Case cases[] = {
    { PLAY (REPLACE_ALL, REST "\"offsetInMilliseconds\":0"), "PLAY REPLACE_ALL https://h/a t 0",
      "" },
    { PLAY ("\"playBehavior\":\"REPLACE_ENQUEUED\",", REST "\"offsetInMilliseconds\":12"),
      "PLAY REPLACE_ENQUEUED https://h/a t 12", "" },
    { PLAY (ENQUEUE, REST "\"offsetInMilliseconds\":0,\"expectedPreviousToken\":\"p\""),
      "PLAY ENQUEUE https://h/a t 0 p", "" },
    { PLAY (ENQUEUE, REST "\"offsetInMilliseconds\":0"), "PLAY ENQUEUE https://h/a t 0",
      "play-previous-token-missing@" STREAM ".expectedPreviousToken" },
    { PLAY ("", REST "\"offsetInMilliseconds\":0,\"expectedPreviousToken\":\"p\""),
      "PLAY ENQUEUE https://h/a t 0 p", "play-behavior-missing@d.playBehavior" },
    { PLAY ("\"playBehavior\":null,",
            REST "\"offsetInMilliseconds\":0,\"expectedPreviousToken\":\"p\""),
      "PLAY ENQUEUE https://h/a t 0 p", "play-behavior-missing@d.playBehavior" },
    { PLAY ("\"playBehavior\":\"replace_all\",", REST "\"offsetInMilliseconds\":0"),
      "refused: The playBehavior is unknown.",
      "play-behavior-unknown@d.playBehavior "
      "play-previous-token-missing@" STREAM ".expectedPreviousToken" },
    { PLAY ("\"playBehavior\":1,",
            REST "\"offsetInMilliseconds\":0,\"expectedPreviousToken\":\"p\""),
      "refused: The playBehavior is unknown.", "play-behavior-unknown@d.playBehavior" },
    { "{\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"REPLACE_ALL\"}",
      "refused: The directive has no audioItem.stream object.", "play-stream-missing@d.audioItem" },
    { "{\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"REPLACE_ALL\",\"audioItem\":[]}",
      "refused: The directive has no audioItem.stream object.", "play-stream-missing@d.audioItem" },
    { "{\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"REPLACE_ALL\",\"audioItem\":{}}",
      "refused: The directive has no audioItem.stream object.",
      "play-stream-missing@d.audioItem.stream" },
    { "{\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"REPLACE_ALL\",\"audioItem\":{\"stream\":"
      "\"x\"}}",
      "refused: The directive has no audioItem.stream object.",
      "play-stream-missing@d.audioItem.stream" },
    /* Captions have no screen, unknown members no meaning. */
    { "{\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"REPLACE_ALL\",\"x\":1,\"audioItem\":{"
      "\"y\":{},"
      "\"stream\":{\"url\":\"https://h/a\",\"token\":\"t\",\"offsetInMilliseconds\":0,\"z\":[],"
      "\"captionData\":{\"type\":\"WEBVTT\",\"content\":\"WEBVTT\"}}}}",
      "PLAY REPLACE_ALL https://h/a t 0", "" },
  };
  check (cases, G_N_ELEMENTS (cases), FALSE);
}

#define TOKEN(token) PLAY (REPLACE_ALL, "\"url\":\"https://h/a\",\"offsetInMilliseconds\":0" token)

static void
test_token (void)
{
  static const Case cases[] = {
    { TOKEN (",\"token\":0"), "PLAY REPLACE_ALL https://h/a 0 0",
      "play-token-type@" STREAM ".token" },
    { TOKEN (",\"token\":1"), "PLAY REPLACE_ALL https://h/a 1 0",
      "play-token-type@" STREAM ".token" },
    { TOKEN (",\"token\":9007199254740993"), "PLAY REPLACE_ALL https://h/a 9007199254740993 0",
      "play-token-type@" STREAM ".token" },
    { TOKEN (",\"token\":1.5"), "PLAY REPLACE_ALL https://h/a 1.5 0",
      "play-token-type@" STREAM ".token" },
    { TOKEN (",\"token\":true"), "PLAY REPLACE_ALL https://h/a true 0",
      "play-token-type@" STREAM ".token" },
    { TOKEN (",\"token\":\" \""), "PLAY REPLACE_ALL https://h/a   0", "" },
    { TOKEN (",\"token\":\"\""), "refused: The stream has no token.",
      "play-token-missing@" STREAM ".token" },
    { TOKEN (",\"token\":null"), "refused: The stream has no token.",
      "play-token-missing@" STREAM ".token" },
    { TOKEN (""), "refused: The stream has no token.", "play-token-missing@" STREAM ".token" },
    { TOKEN (",\"token\":{}"), "refused: The token is not a string.",
      "play-token-invalid@" STREAM ".token" },
    { TOKEN (",\"token\":[1]"), "refused: The token is not a string.",
      "play-token-invalid@" STREAM ".token" },
    /* Seen together in the wild; both are told. */
    { PLAY (REPLACE_ALL, "\"url\":\"\",\"token\":\"\",\"offsetInMilliseconds\":0"),
      "refused: " NO_HTTPS_URL,
      "play-url-missing@" STREAM ".url play-token-missing@" STREAM ".token" },
    { PLAY (REPLACE_ALL, "\"offsetInMilliseconds\":0"), "refused: " NO_HTTPS_URL,
      "play-url-missing@" STREAM ".url play-token-missing@" STREAM ".token" },
    { PLAY (REPLACE_ALL, ""), "refused: " NO_HTTPS_URL,
      "play-url-missing@" STREAM ".url play-token-missing@" STREAM ".token "
      "play-offset-missing@" STREAM ".offsetInMilliseconds" },
  };
  check (cases, G_N_ELEMENTS (cases), FALSE);
}

#define URL(url) PLAY (REPLACE_ALL, "\"token\":\"t\",\"offsetInMilliseconds\":0,\"url\":" url)
#define ESCAPED "play-url-escaped@" STREAM ".url"

static void
test_url (void)
{
  static const Case cases[] = {
    { URL ("\"https://host\""), "PLAY REPLACE_ALL https://host t 0", "" },
    { URL ("\"HTTPS://host:8001/\""), "PLAY REPLACE_ALL HTTPS://host:8001/ t 0", "" },
    { URL ("\"https://u:p@host/a?x=[1]&y=%C3%A4#f\""),
      "PLAY REPLACE_ALL https://u:p@host/a?x=[1]&y=%C3%A4#f t 0", "" },
    { URL ("\"https://[::1]:8443/a\""), "PLAY REPLACE_ALL https://[::1]:8443/a t 0", "" },
    { URL ("\"https://host/a b c.mp3\""), "PLAY REPLACE_ALL https://host/a%20b%20c.mp3 t 0",
      ESCAPED },
    { URL ("\" https://host/a\\n\""), "PLAY REPLACE_ALL https://host/a t 0", ESCAPED },
    { URL ("\"https://host/\xc3\xa4?q=50%\""), "PLAY REPLACE_ALL https://host/%C3%A4?q=50%25 t 0",
      ESCAPED },
    { URL ("\"https://host/{id}|x\""), "PLAY REPLACE_ALL https://host/%7Bid%7D%7Cx t 0", ESCAPED },
    { URL ("\"http://host/a\""), "refused: " NOT_HTTPS, "play-url-scheme@" STREAM ".url" },
    { URL ("\"file:///etc/passwd\""), "refused: " NOT_HTTPS, "play-url-scheme@" STREAM ".url" },
    { URL ("\"ftp://host/a\""), "refused: " NOT_HTTPS, "play-url-scheme@" STREAM ".url" },
    { URL ("\"data:audio/mpeg;base64,AA\""), "refused: " NOT_HTTPS,
      "play-url-scheme@" STREAM ".url" },
    { URL ("\"host/a.mp3\""), "refused: " NO_HTTPS_URL, "play-url-invalid@" STREAM ".url" },
    { URL ("\"//host/a.mp3\""), "refused: " NO_HTTPS_URL, "play-url-invalid@" STREAM ".url" },
    { URL ("\"https://\""), "refused: " NO_HTTPS_URL, "play-url-invalid@" STREAM ".url" },
    { URL ("\"https:///a\""), "refused: " NO_HTTPS_URL, "play-url-invalid@" STREAM ".url" },
    { URL ("\"https://host:99999/a\""), "refused: " NO_HTTPS_URL,
      "play-url-invalid@" STREAM ".url" },
    { URL ("\"https://ho\\nst/a\""), "refused: " NO_HTTPS_URL, "play-url-invalid@" STREAM ".url" },
    { URL ("\"   \""), "refused: " NO_HTTPS_URL, "play-url-invalid@" STREAM ".url" },
    { URL ("\"\""), "refused: " NO_HTTPS_URL, "play-url-missing@" STREAM ".url" },
    { URL ("null"), "refused: " NO_HTTPS_URL, "play-url-missing@" STREAM ".url" },
    { URL ("5"), "refused: " NO_HTTPS_URL, "play-url-missing@" STREAM ".url" },
    { URL ("{}"), "refused: " NO_HTTPS_URL, "play-url-missing@" STREAM ".url" },
  };
  static const Case http_cases[] = {
    { URL ("\"http://127.0.0.1:3000/a.mp3\""), "PLAY REPLACE_ALL http://127.0.0.1:3000/a.mp3 t 0",
      "play-url-http@" STREAM ".url" },
    { URL ("\"http://[::1]/a.mp3\""), "PLAY REPLACE_ALL http://[::1]/a.mp3 t 0",
      "play-url-http@" STREAM ".url" },
    { URL ("\"http://media.localhost/a.mp3\""), "PLAY REPLACE_ALL http://media.localhost/a.mp3 t 0",
      "play-url-http@" STREAM ".url" },
    { URL ("\"http://192.0.2.1/a.mp3\""), "PLAY REPLACE_ALL http://192.0.2.1/a.mp3 t 0",
      "play-url-http-elsewhere@" STREAM ".url" },
    { URL ("\"http://localhost.example/a\""), "PLAY REPLACE_ALL http://localhost.example/a t 0",
      "play-url-http-elsewhere@" STREAM ".url" },
    { URL ("\"https://h/a\""), "PLAY REPLACE_ALL https://h/a t 0", "" },
    { URL ("\"file:///etc/passwd\""), "refused: " NOT_HTTPS, "play-url-scheme@" STREAM ".url" },
    { URL ("\"http://\""), "refused: " NO_HTTPS_URL, "play-url-invalid@" STREAM ".url" },
  };
  check (cases, G_N_ELEMENTS (cases), FALSE);
  check (http_cases, G_N_ELEMENTS (http_cases), TRUE);
}

#define OFFSET(offset) PLAY (REPLACE_ALL, "\"token\":\"t\",\"url\":\"https://h/a\"" offset)
#define AT_OFFSET "@" STREAM ".offsetInMilliseconds"
#define BAD_OFFSET "refused: The offsetInMilliseconds is not a whole number of 0 or more."

static void
test_offset (void)
{
  static const Case cases[] = {
    { OFFSET (",\"offsetInMilliseconds\":12000"), "PLAY REPLACE_ALL https://h/a t 12000", "" },
    { OFFSET (""), "PLAY REPLACE_ALL https://h/a t 0", "play-offset-missing" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":null"), "PLAY REPLACE_ALL https://h/a t 0",
      "play-offset-missing" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":\"0\""), "PLAY REPLACE_ALL https://h/a t 0",
      "play-offset-type" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":\"12345\""), "PLAY REPLACE_ALL https://h/a t 12345",
      "play-offset-type" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":1500.0"), "PLAY REPLACE_ALL https://h/a t 1500",
      "play-offset-type" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":1500.9"), "PLAY REPLACE_ALL https://h/a t 1500",
      "play-offset-type" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":9223372036854"),
      "PLAY REPLACE_ALL https://h/a t 9223372036854", "" },
    { OFFSET (",\"offsetInMilliseconds\":9223372036855"), BAD_OFFSET,
      "play-offset-invalid" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":9223372036854775807"), BAD_OFFSET,
      "play-offset-invalid" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":1e300"), BAD_OFFSET, "play-offset-invalid" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":-1"), BAD_OFFSET, "play-offset-invalid" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":-0.5"), BAD_OFFSET, "play-offset-invalid" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":\"-1\""), BAD_OFFSET, "play-offset-invalid" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":\"\""), BAD_OFFSET, "play-offset-invalid" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":\" 1\""), BAD_OFFSET, "play-offset-invalid" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":\"12.5\""), BAD_OFFSET, "play-offset-invalid" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":\"99999999999999999999\""), BAD_OFFSET,
      "play-offset-invalid" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":true"), BAD_OFFSET, "play-offset-invalid" AT_OFFSET },
    { OFFSET (",\"offsetInMilliseconds\":{}"), BAD_OFFSET, "play-offset-invalid" AT_OFFSET },
  };
  check (cases, G_N_ELEMENTS (cases), FALSE);
}

#define PREVIOUS(behavior, token)                                                                  \
  PLAY (behavior, REST "\"offsetInMilliseconds\":0,\"expectedPreviousToken\":" token)
#define AT_PREVIOUS "@" STREAM ".expectedPreviousToken"

static void
test_previous_token (void)
{
  static const Case cases[] = {
    { PREVIOUS (ENQUEUE, "\"t\""), "PLAY ENQUEUE https://h/a t 0 t", "" },
    { PREVIOUS (ENQUEUE, "7"), "PLAY ENQUEUE https://h/a t 0 7",
      "play-previous-token-type" AT_PREVIOUS },
    { PREVIOUS (ENQUEUE, "null"), "PLAY ENQUEUE https://h/a t 0",
      "play-previous-token-missing" AT_PREVIOUS },
    { PREVIOUS (ENQUEUE, "\"\""), "PLAY ENQUEUE https://h/a t 0",
      "play-previous-token-missing" AT_PREVIOUS },
    { PREVIOUS (ENQUEUE, "[]"), "refused: The expectedPreviousToken is not a string.",
      "play-previous-token-invalid" AT_PREVIOUS },
    { PREVIOUS (REPLACE_ALL, "null"), "PLAY REPLACE_ALL https://h/a t 0", "" },
    { PREVIOUS ("\"playBehavior\":\"REPLACE_ENQUEUED\",", "null"),
      "PLAY REPLACE_ENQUEUED https://h/a t 0", "" },
    { PREVIOUS (REPLACE_ALL, "\"p\""), "PLAY REPLACE_ALL https://h/a t 0",
      "play-previous-token-forbidden" AT_PREVIOUS },
    { PREVIOUS ("\"playBehavior\":\"REPLACE_ENQUEUED\",", "\"p\""),
      "PLAY REPLACE_ENQUEUED https://h/a t 0", "play-previous-token-forbidden" AT_PREVIOUS },
  };
  check (cases, G_N_ELEMENTS (cases), FALSE);
}

/* Characters are code points: n times an umlaut (2 bytes) or an emoji (2 UTF-16 units). */
static void
test_limits (void)
{
  static const struct
  {
    const char *member;
    const char *prefix;
    const char *character;
    gsize n;
    const char *finding; /* NULL: all is well */
    gboolean refused;
  } cases[] = {
    { "token", "", "x", 1024, NULL, FALSE },
    { "token", "", "x", 1025, "play-token-too-long", TRUE },
    { "token", "", "\xc3\xa4", 1024, NULL, FALSE },
    { "token", "", "\xc3\xa4", 1025, "play-token-too-long", TRUE },
    { "token", "", "\xf0\x9f\x98\x80", 512, NULL, FALSE },
    { "token", "", "\xf0\x9f\x98\x80", 513, "text-utf16", FALSE },
    { "token", "", "\xf0\x9f\x98\x80", 1024, "text-utf16", FALSE },
    { "token", "", "\xf0\x9f\x98\x80", 1025, "play-token-too-long", TRUE },
    { "url", "https://h/", "x", 7990, NULL, FALSE },
    { "url", "https://h/", "x", 7991, "play-url-too-long", TRUE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *filling = fixture_repeat (cases[i].character, cases[i].n);
      gboolean is_url = g_str_equal (cases[i].member, "url");
      g_autofree char *json
          = g_strdup_printf ("{\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"REPLACE_ALL\","
                             "\"audioItem\":{\"stream\":{"
                             "\"%s\":\"%s\",\"%s\":\"%s%s\",\"offsetInMilliseconds\":0}}}",
                             is_url ? "token" : "url", is_url ? "t" : "https://h/", cases[i].member,
                             cases[i].prefix, filling);
      g_autoptr (GPtrArray) findings = NULL;
      g_autoptr (AlexaDirective) directive = parse (json, FALSE, &findings);
      g_assert_true ((directive->refused != NULL) == cases[i].refused);
      g_assert_true ((directive->command == NULL) == cases[i].refused);
      g_assert_cmpuint (findings->len, ==, cases[i].finding != NULL ? 1 : 0);
      if (cases[i].finding != NULL)
        g_assert_nonnull (fixture_find (findings, cases[i].finding));
    }
}

#define METADATA(metadata)                                                                         \
  "{\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"REPLACE_ALL\",\"audioItem\":{\"stream\":"     \
  "{" REST "\"offsetInMilliseconds\":0},\"metadata\":" metadata "}}"
#define IN_METADATA "d.audioItem.metadata"

static void
test_metadata (void)
{
  static const struct
  {
    const char *json;
    const char *result; /* title|subtitle|art|background */
    const char *findings;
  } cases[] = {
    { METADATA ("null"), NULL, "" },
    { METADATA ("{}"), NULL, "empty-object@" IN_METADATA },
    { METADATA ("\"x\""), NULL, "member-type@" IN_METADATA },
    { METADATA ("{\"title\":null,\"subtitle\":null,\"art\":null,\"backgroundImage\":null}"), NULL,
      "" },
    { METADATA ("{\"title\":\"T\"}"), "T|||", "" },
    { METADATA ("{\"title\":5,\"subtitle\":\"S\"}"), "|S||", "member-type@" IN_METADATA ".title" },
    { METADATA (
          "{\"art\":{\"contentDescription\":\"c\",\"sources\":[{\"url\":\"https://i/1\"}]},"
          "\"backgroundImage\":{\"sources\":[{\"url\":\"https://i/2\",\"size\":\"SMALL\"}]}}"),
      "||https://i/1|https://i/2", "" },
    { METADATA ("{\"art\":{\"sources\":[{\"url\":\"https://i/s\",\"size\":\"X_SMALL\"},"
                "{\"url\":\"https://i/x\",\"size\":\"X_LARGE\"},{\"url\":\"https://i/"
                "l\",\"size\":\"LARGE\"}]}}"),
      "||https://i/x|", "" },
    { METADATA (
          "{\"art\":{\"sources\":[{\"url\":\"https://i/"
          "1\",\"widthPixels\":100,\"heightPixels\":100},"
          "{\"url\":\"https://i/2\",\"widthPixels\":3000,\"heightPixels\":3000},"
          "{\"url\":\"https://i/3\",\"size\":\"X_LARGE\",\"widthPixels\":0,\"heightPixels\":0}]}}"),
      "||https://i/2|", "" },
    { METADATA ("{\"art\":{\"sources\":[{\"url\":\"\"},{\"url\":\"file:///x\"},null,"
                "{\"url\":\"http://i/1\"}]}}"),
      "||http://i/1|",
      "play-metadata@" IN_METADATA ".art.sources[1].url play-metadata@" IN_METADATA
      ".art.sources[2]" },
    { METADATA ("{\"art\":{\"sources\":{}},\"title\":\"T\"}"), "T|||",
      "play-metadata@" IN_METADATA ".art.sources" },
    { METADATA ("{\"art\":{\"sources\":[]},\"title\":\"T\"}"), "T|||", "" },
    { METADATA ("{\"art\":[],\"title\":\"T\"}"), "T|||", "member-type@" IN_METADATA ".art" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) findings = NULL;
      g_autoptr (AlexaDirective) directive = parse (cases[i].json, FALSE, &findings);
      g_assert_null (directive->refused);
      const PlayerMetadata *metadata = directive->command->item->metadata;
      g_autofree char *result = NULL;
      if (metadata != NULL)
        result = g_strdup_printf ("%s|%s|%s|%s", metadata->title != NULL ? metadata->title : "",
                                  metadata->subtitle != NULL ? metadata->subtitle : "",
                                  metadata->art_url != NULL ? metadata->art_url : "",
                                  metadata->background_url != NULL ? metadata->background_url : "");
      g_assert_cmpstr (result, ==, cases[i].result);
      fixture_assert_findings (findings, cases[i].findings);
    }
}

static void
test_long_art (void)
{
  g_autofree char *tail = g_strnfill (8000, 'x');
  g_autofree char *json
      = g_strdup_printf (METADATA ("{\"art\":{\"sources\":[{\"url\":\"https://i/%s\"}]}}"), tail);
  g_autoptr (GPtrArray) findings = NULL;
  g_autoptr (AlexaDirective) directive = parse (json, FALSE, &findings);
  const PlayerMetadata *metadata = directive->command->item->metadata;

  g_assert_true (metadata == NULL || metadata->art_url == NULL);
  fixture_assert_findings (findings, "play-metadata@" IN_METADATA ".art.sources[0].url");
}

#define UNSUPPORTED                                                                                \
  ": The device does not support this interface; the directive is not carried out."
#define SCREEN ": The device has no screen; the directive is not carried out."

static void
test_others (void)
{
  static const Case cases[] = {
    { "{\"type\":\"AudioPlayer.Stop\"}", "STOP", "" },
    { "{\"type\":\"AudioPlayer.Stop\",\"playBehavior\":\"\",\"audioItem\":{}}", "STOP", "" },
    { "{\"type\":\"AudioPlayer.ClearQueue\",\"clearBehavior\":\"CLEAR_ALL\"}", "CLEAR_ALL", "" },
    { "{\"type\":\"AudioPlayer.ClearQueue\",\"clearBehavior\":\"CLEAR_ENQUEUED\"}",
      "CLEAR_ENQUEUED", "" },
    { "{\"type\":\"AudioPlayer.ClearQueue\"}", "CLEAR_ENQUEUED",
      "clear-behavior-missing@d.clearBehavior" },
    { "{\"type\":\"AudioPlayer.ClearQueue\",\"clearBehavior\":null}", "CLEAR_ENQUEUED",
      "clear-behavior-missing@d.clearBehavior" },
    { "{\"type\":\"AudioPlayer.ClearQueue\",\"clearBehavior\":\"CLEAR\"}",
      "refused: The clearBehavior is unknown.", "clear-behavior-unknown@d.clearBehavior" },
    { "{\"type\":\"AudioPlayer.ClearQueue\",\"clearBehavior\":1}",
      "refused: The clearBehavior is unknown.", "clear-behavior-unknown@d.clearBehavior" },
    { "{}", "refused: The directive is not an object with a type.", "directive-type@d" },
    { "null", "refused: The directive is not an object with a type.", "directive-type@d" },
    { "\"AudioPlayer.Stop\"", "refused: The directive is not an object with a type.",
      "directive-type@d" },
    { "[]", "refused: The directive is not an object with a type.", "directive-type@d" },
    { "{\"type\":5}", "refused: The directive is not an object with a type.", "directive-type@d" },
    { "{\"type\":\"\"}", "refused: The directive is not an object with a type.",
      "directive-type@d" },
    { "{\"type\":\"Dialog.ElicitSlot\",\"slotToElicit\":\"s\"}", "nothing", "" },
    { "{\"type\":\"AudioPlayer.Pause\"}", "refused: AudioPlayer.Pause" UNSUPPORTED,
      "directive-unsupported@d" },
    { "{\"type\":\"audioplayer.play\"}", "refused: audioplayer.play" UNSUPPORTED,
      "directive-unsupported@d" },
    { "{\"type\":\"Alexa.Presentation.APL.RenderDocument\"}",
      "refused: Alexa.Presentation.APL.RenderDocument" UNSUPPORTED, "directive-unsupported@d" },
    { "{\"type\":\"VideoApp.Launch\"}", "refused: VideoApp.Launch" UNSUPPORTED,
      "directive-unsupported@d" },
    { "{\"type\":\"Display.RenderTemplate\"}", "refused: Display.RenderTemplate" SCREEN,
      "directive-screen@d" },
    { "{\"type\":\"Hint\"}", "refused: Hint" SCREEN, "directive-screen@d" },
    { "{\"type\":\"Alexa.Presentation.APLA.RenderDocument\"}",
      "refused: Alexa.Presentation.APLA.RenderDocument: APLA audio is not rendered; the directive "
      "is "
      "not carried out.",
      "directive-apla@d" },
  };
  check (cases, G_N_ELEMENTS (cases), FALSE);
}

static void
test_payload (void)
{
  for (gsize n = 1000; n <= 1001; n++)
    {
      g_autofree char *filling = fixture_repeat ("x", n - strlen ("{\"a\":\"\"}"));
      g_autofree char *json
          = g_strdup_printf ("{\"type\":\"CustomInterfaceController.SendDirective\","
                             "\"payload\": { \"a\" : \"%s\" } }",
                             filling);
      g_autoptr (GPtrArray) findings = NULL;
      g_autoptr (AlexaDirective) directive = parse (json, FALSE, &findings);
      g_assert_nonnull (directive->refused);
      g_assert_true ((fixture_find (findings, "directive-payload-too-large") != NULL)
                     == (n > 1000));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alexa/directive/play-behavior", test_behavior);
  g_test_add_func ("/alexa/directive/token", test_token);
  g_test_add_func ("/alexa/directive/url", test_url);
  g_test_add_func ("/alexa/directive/offset", test_offset);
  g_test_add_func ("/alexa/directive/previous-token", test_previous_token);
  g_test_add_func ("/alexa/directive/limits", test_limits);
  g_test_add_func ("/alexa/directive/metadata", test_metadata);
  g_test_add_func ("/alexa/directive/long-art", test_long_art);
  g_test_add_func ("/alexa/directive/others", test_others);
  g_test_add_func ("/alexa/directive/payload", test_payload);
  return g_test_run ();
}
