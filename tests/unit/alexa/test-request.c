/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <gio/gio.h>

#include "alexa-fixture.h"
#include "alexa/alexa-request.h"

/* 2025-03-09T18:20:05Z */
#define NOW_S 1741544405

#define SYSTEM                                                                                     \
  "\"System\":{\"application\":{\"applicationId\":\"amzn1.ask.skill.1\"},\"user\":{\"userId\":"    \
  "\"amzn1.ask."                                                                                   \
  "account.1\"},\"device\":{\"deviceId\":\"amzn1.ask.device.1\",\"supportedInterfaces\":{"         \
  "\"AudioPlayer\":"                                                                               \
  "{}}},\"apiEndpoint\":\"http://127.0.0.1:1\",\"apiAccessToken\":\"secret\"}"
#define OWNER                                                                                      \
  "\"AudioPlayer\":{\"token\":\"t1\",\"offsetInMilliseconds\":4120,\"playerActivity\":"            \
  "\"PLAYING\"},"
#define STRANGER "\"AudioPlayer\":{\"playerActivity\":\"PLAYING\"},"
#define COMMON                                                                                     \
  "\"requestId\":\"amzn1.echo-api.request.1\",\"timestamp\":\"2025-03-09T18:20:05Z\",\"locale\":"  \
  "\"en-GB\""
#define SESSION                                                                                    \
  "\"session\":{\"new\":true,\"sessionId\":\"amzn1.echo-api.session.1\",\"application\":{"         \
  "\"applicationId\":\"amzn1.ask.skill.1\"},\"attributes\":{},\"user\":{\"userId\":\"amzn1.ask."   \
  "account.1\"}},"
#define BODY(session, audio, request)                                                              \
  "{\"version\":\"1.0\"," session "\"context\":{" audio SYSTEM "},\"request\":{" COMMON            \
  "," request "}}"

static PlayerSnapshot *
snapshot_new (void)
{
  PlayerSnapshot *snapshot = player_snapshot_new ();
  snapshot->activity = PLAYER_ACTIVITY_PLAYING;
  snapshot->item = player_item_new ("https://h/secret", "t1", 0, "skill", NULL);
  snapshot->offset_ms = 4120;
  return snapshot;
}

static AlexaSession *
session_new (void)
{
  AlexaSession *session = alexa_session_new ();
  g_free (session->id);
  session->id = g_strdup ("amzn1.echo-api.session.1");
  return session;
}

static AlexaEnvelope
envelope_new (const AlexaSession *session, const PlayerSnapshot *snapshot)
{
  return (AlexaEnvelope){
    .application_id = "amzn1.ask.skill.1",
    .user_id = "amzn1.ask.account.1",
    .device_id = "amzn1.ask.device.1",
    .api_endpoint = "http://127.0.0.1:1",
    .api_access_token = "secret",
    .locale = "en-GB",
    .session = session,
    .snapshot = snapshot,
    .owns_audio = TRUE,
    .audio_context_in_events = TRUE,
    .now_s = NOW_S,
  };
}

static void
assert_built (const AlexaRequest *request, const AlexaEnvelope *envelope, const char *expected)
{
  g_autoptr (GBytes) bytes = alexa_request_build (request, envelope);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) body = alexa_json_parse (bytes, G_MAXSIZE, &error);
  g_assert_no_error (error);
  fixture_assert_json (body, expected);
}

/* Takes @request, under a known id. */
static void
check (AlexaRequest *request, const char *expected)
{
  g_autoptr (AlexaRequest) self = request;
  g_autoptr (AlexaSession) session = session_new ();
  g_autoptr (PlayerSnapshot) snapshot = snapshot_new ();
  AlexaEnvelope envelope = envelope_new (session, snapshot);
  g_free (self->request_id);
  self->request_id = g_strdup ("amzn1.echo-api.request.1");
  assert_built (self, &envelope, expected);

  /* And by way of the outbox. */
  g_autoptr (JsonNode) node = alexa_request_to_node (self);
  g_assert_false (json_object_has_member (json_node_get_object (node), "requestId"));
  g_assert_false (json_object_has_member (json_node_get_object (node), "timestamp"));
  g_assert_false (json_object_has_member (json_node_get_object (node), "locale"));
  g_autoptr (GBytes) stored = alexa_json_to_bytes (node);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) read = alexa_json_parse (stored, G_MAXSIZE, &error);
  g_assert_no_error (error);
  g_autoptr (AlexaRequest) again = alexa_request_from_node (read, self->request_id, &error);
  g_assert_no_error (error);
  assert_built (again, &envelope, expected);
}

static PlayerReport *
report_new (PlayerReportType type, gint64 offset_ms)
{
  g_autoptr (PlayerItem) item = player_item_new ("https://h/a", "t1", 0, "skill", NULL);
  return player_report_new (type, 1, item, offset_ms);
}

static void
test_session_requests (void)
{
  check (alexa_request_new (ALEXA_REQUEST_LAUNCH),
         BODY (SESSION, OWNER, "\"type\":\"LaunchRequest\""));
  check (alexa_request_new_intent ("AMAZON.PauseIntent", NULL),
         BODY (SESSION, OWNER,
               "\"type\":\"IntentRequest\",\"intent\":{\"name\":\"AMAZON.PauseIntent\","
               "\"confirmationStatus\":\"NONE\"}"));
  g_autoptr (GPtrArray) slots = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_slot_free);
  check (alexa_request_new_intent ("AMAZON.NextIntent", slots),
         BODY (SESSION, OWNER,
               "\"type\":\"IntentRequest\",\"intent\":{\"name\":\"AMAZON.NextIntent\","
               "\"confirmationStatus\":\"NONE\"}"));
  g_ptr_array_add (slots, alexa_slot_new ("song", "Fr\xc3\xbchling \"\xf0\x9f\x8e\xb5\""));
  g_ptr_array_add (slots, alexa_slot_new ("artist", NULL));
  check (
      alexa_request_new_intent ("PlaySong", slots),
      BODY (
          SESSION, OWNER,
          "\"type\":\"IntentRequest\",\"intent\":{\"name\":\"PlaySong\",\"confirmationStatus\":"
          "\"NONE\","
          "\"slots\":{\"song\":{\"name\":\"song\",\"value\":\"Fr\xc3\xbchling "
          "\\\"\xf0\x9f\x8e\xb5\\\"\","
          "\"confirmationStatus\":\"NONE\",\"source\":\"USER\",\"slotValue\":{\"type\":\"Simple\","
          "\"value\":\"Fr\xc3\xbchling \\\"\xf0\x9f\x8e\xb5\\\"\"}},"
          "\"artist\":{\"name\":\"artist\",\"confirmationStatus\":\"NONE\",\"source\":\"USER\"}}"
          "}"));
}

static void
test_can_fulfill (void)
{
  g_autoptr (GPtrArray) slots = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_slot_free);
  check (alexa_request_new_can_fulfill ("PlaySong", NULL),
         BODY (SESSION, OWNER,
               "\"type\":\"CanFulfillIntentRequest\",\"intent\":{\"name\":\"PlaySong\","
               "\"confirmationStatus\":\"NONE\"}"));
  g_ptr_array_add (slots, alexa_slot_new ("song", "x"));
  check (alexa_request_new_can_fulfill ("PlaySong", slots),
         BODY (SESSION, OWNER,
               "\"type\":\"CanFulfillIntentRequest\",\"intent\":{\"name\":\"PlaySong\","
               "\"confirmationStatus\":\"NONE\",\"slots\":{\"song\":{\"name\":\"song\","
               "\"value\":\"x\",\"confirmationStatus\":\"NONE\",\"source\":\"USER\","
               "\"slotValue\":{\"type\":\"Simple\",\"value\":\"x\"}}}}"));
}

static void
test_session_ended (void)
{
  check (alexa_request_new_session_ended (ALEXA_ENDED_USER_INITIATED, "INVALID_RESPONSE", "no"),
         BODY (SESSION, OWNER, "\"type\":\"SessionEndedRequest\",\"reason\":\"USER_INITIATED\""));
  check (alexa_request_new_session_ended (ALEXA_ENDED_EXCEEDED_MAX_REPROMPTS, NULL, NULL),
         BODY (SESSION, OWNER,
               "\"type\":\"SessionEndedRequest\",\"reason\":\"EXCEEDED_MAX_REPROMPTS\""));
  check (alexa_request_new_session_ended (ALEXA_ENDED_ERROR, "ENDPOINT_TIMEOUT", "late"),
         BODY (SESSION, OWNER,
               "\"type\":\"SessionEndedRequest\",\"reason\":\"ERROR\",\"error\":{"
               "\"type\":\"ENDPOINT_TIMEOUT\",\"message\":\"late\"}"));
}

static void
test_playback (void)
{
  static const struct
  {
    PlayerReportType type;
    gint64 offset_ms;
    const char *expected;
  } cases[] = {
    { PLAYER_REPORT_STARTED, 0,
      BODY (
          "", OWNER,
          "\"type\":\"AudioPlayer.PlaybackStarted\",\"token\":\"t1\",\"offsetInMilliseconds\":0") },
    { PLAYER_REPORT_NEARLY_FINISHED, 4120,
      BODY ("", OWNER,
            "\"type\":\"AudioPlayer.PlaybackNearlyFinished\",\"token\":\"t1\","
            "\"offsetInMilliseconds\":4120") },
    { PLAYER_REPORT_FINISHED, 5000000000,
      BODY ("", OWNER,
            "\"type\":\"AudioPlayer.PlaybackFinished\",\"token\":\"t1\","
            "\"offsetInMilliseconds\":5000000000") },
    { PLAYER_REPORT_STOPPED, 12000,
      BODY ("", OWNER,
            "\"type\":\"AudioPlayer.PlaybackStopped\",\"token\":\"t1\","
            "\"offsetInMilliseconds\":12000") },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (PlayerReport) report = report_new (cases[i].type, cases[i].offset_ms);
      check (alexa_request_new_playback (report), cases[i].expected);
    }
}

static void
test_playback_failed (void)
{
  g_autoptr (PlayerItem) item = player_item_new ("https://h/b", "t2", 700, "skill", NULL);
  g_autoptr (PlayerReport) next
      = player_report_new_failed (2, item, PLAYER_MEDIA_ERROR_INVALID_REQUEST, "HTTP 404",
                                  PLAYER_ACTIVITY_PLAYING, "t1", 97500);
  check (alexa_request_new_playback (next),
         BODY ("", OWNER,
               "\"type\":\"AudioPlayer.PlaybackFailed\",\"token\":\"t2\",\"error\":{"
               "\"type\":\"MEDIA_ERROR_INVALID_REQUEST\",\"message\":\"HTTP 404\"},"
               "\"currentPlaybackState\":{\"token\":\"t1\",\"offsetInMilliseconds\":97500,"
               "\"playerActivity\":\"PLAYING\"}"));
  g_autoptr (PlayerReport) first = player_report_new_failed (1, item, PLAYER_MEDIA_ERROR_UNKNOWN,
                                                             NULL, PLAYER_ACTIVITY_IDLE, NULL, 0);
  check (alexa_request_new_playback (first),
         BODY ("", OWNER,
               "\"type\":\"AudioPlayer.PlaybackFailed\",\"token\":\"t2\",\"error\":{"
               "\"type\":\"MEDIA_ERROR_UNKNOWN\"},\"currentPlaybackState\":{\"playerActivity\":"
               "\"IDLE\"}"));
}

static void
test_buttons_and_exception (void)
{
  check (alexa_request_new (ALEXA_REQUEST_PLAY_COMMAND),
         BODY ("", OWNER, "\"type\":\"PlaybackController.PlayCommandIssued\""));
  check (alexa_request_new (ALEXA_REQUEST_PAUSE_COMMAND),
         BODY ("", OWNER, "\"type\":\"PlaybackController.PauseCommandIssued\""));
  check (alexa_request_new (ALEXA_REQUEST_NEXT_COMMAND),
         BODY ("", OWNER, "\"type\":\"PlaybackController.NextCommandIssued\""));
  check (alexa_request_new (ALEXA_REQUEST_PREVIOUS_COMMAND),
         BODY ("", OWNER, "\"type\":\"PlaybackController.PreviousCommandIssued\""));
  check (alexa_request_new_exception ("INVALID_RESPONSE", "why", "amzn1.echo-api.request.0"),
         BODY ("", OWNER,
               "\"type\":\"System.ExceptionEncountered\",\"error\":{\"type\":\"INVALID_RESPONSE\","
               "\"message\":\"why\"},\"cause\":{\"requestId\":\"amzn1.echo-api.request.0\"}"));
}

/* Who sees how much of the player. */
static void
test_audio_context (void)
{
  g_autoptr (AlexaSession) session = session_new ();
  g_autoptr (PlayerSnapshot) snapshot = snapshot_new ();
  for (AlexaRequestType t = ALEXA_REQUEST_LAUNCH; t <= ALEXA_REQUEST_EXCEPTION_ENCOUNTERED; t++)
    {
      g_autoptr (AlexaRequest) request = alexa_request_new (t);
      AlexaEnvelope envelope = envelope_new (session, snapshot);
      envelope.audio_context_in_events = FALSE;
      envelope.owns_audio = FALSE;
      g_autoptr (GBytes) bytes = alexa_request_build (request, &envelope);
      g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      const char *name = alexa_request_type_to_string (t);
      gboolean is_event
          = g_str_has_prefix (name, "AudioPlayer.") || g_str_has_prefix (name, "System.");
      g_assert_true ((strstr (text, STRANGER) != NULL) == !is_event);
      g_assert_true ((strstr (text, "\"playerActivity\":\"PLAYING\"") != NULL) == !is_event);
      g_assert_null (strstr (text, "t1"));
      g_assert_null (strstr (text, "4120"));
      g_assert_true ((strstr (text, "\"session\"") != NULL) == alexa_request_type_has_session (t));
      envelope.audio_context_in_events = TRUE;
      g_autoptr (GBytes) all = alexa_request_build (request, &envelope);
      g_assert_nonnull (
          g_strstr_len (g_bytes_get_data (all, NULL), (gssize)g_bytes_get_size (all), STRANGER));
    }
}

static void
test_idle (void)
{
  g_autoptr (AlexaSession) session = session_new ();
  g_autoptr (PlayerSnapshot) idle = player_snapshot_new ();
  AlexaEnvelope envelope = envelope_new (session, idle);
  g_autoptr (AlexaRequest) request = alexa_request_new (ALEXA_REQUEST_LAUNCH);
  g_free (request->request_id);
  request->request_id = g_strdup ("amzn1.echo-api.request.1");
  assert_built (request, &envelope,
                BODY (SESSION, "\"AudioPlayer\":{\"playerActivity\":\"IDLE\"},",
                      "\"type\":\"LaunchRequest\""));
  envelope.session = NULL;
  assert_built (
      request, &envelope,
      BODY ("", "\"AudioPlayer\":{\"playerActivity\":\"IDLE\"},", "\"type\":\"LaunchRequest\""));
}

/* What a skill gave comes back byte for byte: nulls, numbers of any size and writing, escapes that no
 * text can hold, names given twice, order, white space. */
static void
test_attributes (void)
{
  static const char attributes[]
      = "{\"z\":null,\"a\":[9007199254740993,9223372036854775807,-1,1.0,1,1E2,-0,"
        "0.1,1e+300,1e400,123456789012345678901234567890,0.1000000000000000055511],"
        "\"\":\"\xc3\xa4\\n\\u00e4\\/\\u0000\\ud800x\\ude00\\ud83d\\ude00\", \"a\\u0000b\":{ },\n"
        "\"o\":{\"p\":{},\"q\":[null,true],\"p\":2}}";
  g_autofree char *answer = g_strdup_printf (
      "{\"version\":\"1.0\",\"sessionAttributes\":%s,\"response\":{}}", attributes);
  g_autoptr (AlexaResponse) response = fixture_response (answer, ALEXA_REQUEST_LAUNCH);
  g_autoptr (AlexaSession) session = alexa_session_new ();
  g_assert_true (session->is_new);
  g_assert_true (
      g_regex_match_simple ("^amzn1\\.echo-api\\.session\\.[0-9a-f-]{36}$", session->id, 0, 0));
  g_autofree char *id = g_strdup (session->id);
  alexa_session_answered (session, response->session_attributes);
  g_assert_false (session->is_new);
  alexa_session_answered (session, NULL);
  g_assert_cmpstr (session->id, ==, id);

  g_autoptr (PlayerSnapshot) snapshot = player_snapshot_new ();
  AlexaEnvelope envelope = envelope_new (session, snapshot);
  g_autoptr (AlexaRequest) request = alexa_request_new (ALEXA_REQUEST_LAUNCH);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GBytes) bytes = alexa_request_build (request, &envelope);
      g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      g_autofree char *part = g_strdup_printf ("\"attributes\":%s,", attributes);
      g_assert_nonnull (strstr (text, part));
      g_assert_nonnull (strstr (text, "\"new\":false"));
    }
  g_autoptr (GBytes) other = g_bytes_new_static ("{}", 2);
  alexa_session_answered (session, other);
  g_autoptr (GBytes) empty = alexa_request_build (request, &envelope);
  g_assert_nonnull (g_strstr_len (g_bytes_get_data (empty, NULL), (gssize)g_bytes_get_size (empty),
                                  "\"attributes\":{},"));
}

static void
test_access_token (void)
{
  g_autoptr (AlexaSession) session = session_new ();
  g_autoptr (PlayerSnapshot) snapshot = snapshot_new ();
  AlexaEnvelope envelope = envelope_new (session, snapshot);
  envelope.user_access_token = "Atza|1";
  g_autoptr (AlexaRequest) request = alexa_request_new (ALEXA_REQUEST_LAUNCH);
  g_autoptr (GBytes) bytes = alexa_request_build (request, &envelope);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  static const char user[]
      = "\"user\":{\"userId\":\"amzn1.ask.account.1\",\"accessToken\":\"Atza|1\"}";
  const char *first = strstr (text, user);
  g_assert_nonnull (first);
  g_assert_nonnull (strstr (first + 1, user));
}

static void
test_timestamp (void)
{
  static const struct
  {
    gint64 now_s;
    const char *expected;
  } cases[] = {
    { 0, "\"timestamp\":\"1970-01-01T00:00:00Z\"" },
    { 1531645036, "\"timestamp\":\"2018-07-15T08:57:16Z\"" },
    { 4102444799, "\"timestamp\":\"2099-12-31T23:59:59Z\"" },
    { G_MAXINT64, "\"timestamp\":\"1970-01-01T00:00:00Z\"" },
  };
  g_autoptr (PlayerSnapshot) snapshot = player_snapshot_new ();
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      AlexaEnvelope envelope = envelope_new (NULL, snapshot);
      envelope.now_s = cases[i].now_s;
      g_autoptr (AlexaRequest) request = alexa_request_new (ALEXA_REQUEST_PLAY_COMMAND);
      g_autoptr (GBytes) bytes = alexa_request_build (request, &envelope);
      g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      g_assert_nonnull (strstr (text, cases[i].expected));
    }
}

static void
test_names (void)
{
  for (AlexaRequestType t = ALEXA_REQUEST_LAUNCH; t <= ALEXA_REQUEST_EXCEPTION_ENCOUNTERED; t++)
    {
      AlexaRequestType back;
      g_assert_true (alexa_request_type_from_string (alexa_request_type_to_string (t), &back));
      g_assert_cmpint (back, ==, t);
      g_assert_true (alexa_request_type_has_session (t) == (t <= ALEXA_REQUEST_SESSION_ENDED));
    }
  AlexaRequestType type;
  g_assert_false (alexa_request_type_from_string ("launchrequest", &type));
  g_assert_false (alexa_request_type_from_string ("", &type));
  g_assert_false (alexa_request_type_from_string (NULL, &type));
  g_assert_cmpuint (g_strv_length ((GStrv)alexa_locales ()), ==, 17);
  g_assert_true (g_strv_contains (alexa_locales (), "pt-BR"));
  g_autofree char *one = alexa_request_id_new ();
  g_autofree char *two = alexa_request_id_new ();
  g_assert_true (g_regex_match_simple ("^amzn1\\.echo-api\\.request\\.[0-9a-f-]{36}$", one, 0, 0));
  g_assert_cmpstr (one, !=, two);
}

/* A damaged outbox must not bring the daemon down. */
static void
test_from_bad_node (void)
{
  static const char *const cases[] = {
    "null",
    "5",
    "[]",
    "{}",
    "{\"type\":5}",
    "{\"type\":\"Nonsense\"}",
    "{\"type\":\"IntentRequest\"}",
    "{\"type\":\"IntentRequest\",\"intent\":[]}",
    "{\"type\":\"IntentRequest\",\"intent\":{}}",
    "{\"type\":\"IntentRequest\",\"intent\":{\"name\":\"x\",\"slots\":{\"a\":null}}}",
    "{\"type\":\"SessionEndedRequest\"}",
    "{\"type\":\"SessionEndedRequest\",\"reason\":\"BORED\"}",
    "{\"type\":\"AudioPlayer.PlaybackStarted\"}",
    "{\"type\":\"AudioPlayer.PlaybackStarted\",\"token\":\"t\"}",
    "{\"type\":\"AudioPlayer.PlaybackStarted\",\"token\":\"t\",\"offsetInMilliseconds\":\"0\"}",
    "{\"type\":\"AudioPlayer.PlaybackStarted\",\"token\":\"t\",\"offsetInMilliseconds\":-1}",
    "{\"type\":\"AudioPlayer.PlaybackStarted\",\"token\":1,\"offsetInMilliseconds\":0}",
    "{\"type\":\"AudioPlayer.PlaybackFailed\",\"token\":\"t\"}",
    "{\"type\":\"AudioPlayer.PlaybackFailed\",\"token\":\"t\",\"error\":{\"type\":\"x\"}}",
    "{\"type\":\"System.ExceptionEncountered\",\"error\":5}",
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("case %u", i);
      g_autoptr (JsonNode) node = fixture_json (cases[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlexaRequest) request = alexa_request_from_node (node, "id", &error);
      g_assert_null (request);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alexa/request/session-requests", test_session_requests);
  g_test_add_func ("/alexa/request/can-fulfill", test_can_fulfill);
  g_test_add_func ("/alexa/request/session-ended", test_session_ended);
  g_test_add_func ("/alexa/request/playback", test_playback);
  g_test_add_func ("/alexa/request/playback-failed", test_playback_failed);
  g_test_add_func ("/alexa/request/buttons-and-exception", test_buttons_and_exception);
  g_test_add_func ("/alexa/request/audio-context", test_audio_context);
  g_test_add_func ("/alexa/request/idle", test_idle);
  g_test_add_func ("/alexa/request/attributes", test_attributes);
  g_test_add_func ("/alexa/request/access-token", test_access_token);
  g_test_add_func ("/alexa/request/timestamp", test_timestamp);
  g_test_add_func ("/alexa/request/names", test_names);
  g_test_add_func ("/alexa/request/from-bad-node", test_from_bad_node);
  return g_test_run ();
}
