/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Each of the 14 requests, whole, from a device of which everything is configured and from one of
 * which nothing is. */

#include "alexa-fixture.h"
#include "alexa/alexa-request.h"

/* 2025-03-09T18:20:05Z */
#define NOW_S 1741544405

#define APPLICATION "\"application\":{\"applicationId\":\"amzn1.ask.skill.1\"}"
#define FULL_USER "\"user\":{\"userId\":\"amzn1.ask.account.1\",\"accessToken\":\"Atza|A\"}"
#define FULL_PERSON "\"person\":{\"personId\":\"amzn1.ask.person.1\",\"accessToken\":\"Atza|B\"},"
#define FULL_SYSTEM(person)                                                                        \
  "\"System\":{" APPLICATION "," FULL_USER "," person                                              \
  "\"unit\":{\"unitId\":\"amzn1.ask.unit.1\",\"persistentUnitId\":\"amzn1.alexa.unit.did.1\"},"    \
  "\"device\":{\"deviceId\":\"amzn1.ask.device.1\",\"supportedInterfaces\":{\"AudioPlayer\":{}},"  \
  "\"persistentEndpointId\":\"amzn1.alexa.endpoint.1\"},"                                          \
  "\"apiEndpoint\":\"http://127.0.0.1:1\",\"apiAccessToken\":\"secret\"}"
#define FULL_CONTEXT(person)                                                                       \
  "\"context\":{\"AudioPlayer\":{\"token\":\"t1\",\"offsetInMilliseconds\":4120,"                  \
  "\"playerActivity\":\"PLAYING\"}," FULL_SYSTEM (                                                 \
      person) ","                                                                                  \
              "\"Advertising\":{\"advertisingId\":\"8d5e2120-165b-4ca0-909b-c86b9cee0111\","       \
              "\"limitAdTracking\":true}},"
#define FULL_SESSION                                                                               \
  "\"session\":{\"new\":false,\"sessionId\":\"amzn1.echo-api.session.1\"," APPLICATION ","         \
  "\"attributes\":{\"key\":[null,{}]}," FULL_USER "},"

#define BARE_USER "\"user\":{\"userId\":\"amzn1.ask.account.1\"}"
#define BARE_SYSTEM                                                                                \
  "\"System\":{" APPLICATION "," BARE_USER ",\"device\":{\"deviceId\":\"amzn1.ask.device.1\","     \
  "\"supportedInterfaces\":{\"AudioPlayer\":{}}},\"apiEndpoint\":\"http://127.0.0.1:9\","          \
  "\"apiAccessToken\":\"secret\"}"
#define BARE_CONTEXT "\"context\":{\"AudioPlayer\":{\"playerActivity\":\"IDLE\"}," BARE_SYSTEM "},"
#define BARE_EVENT_CONTEXT "\"context\":{" BARE_SYSTEM "},"
#define BARE_SESSION                                                                               \
  "\"session\":{\"new\":true,\"sessionId\":\"amzn1.echo-api.session.1\"," APPLICATION ","          \
  "\"attributes\":{}," BARE_USER "},"

#define COMMON                                                                                     \
  "\"requestId\":\"amzn1.echo-api.request.1\",\"timestamp\":\"2025-03-09T18:20:05Z\",\"locale\":"  \
  "\"de-DE\""
#define INTENT                                                                                     \
  "\"intent\":{\"name\":\"PlaySong\",\"confirmationStatus\":\"NONE\",\"slots\":{\"song\":{"        \
  "\"name\":\"song\",\"value\":\"x\",\"confirmationStatus\":\"NONE\",\"source\":\"USER\","         \
  "\"slotValue\":{\"type\":\"Simple\",\"value\":\"x\"}}}}"
#define FAULT "\"error\":{\"type\":\"INVALID_RESPONSE\",\"message\":\"why\"}"

typedef struct
{
  const char *type;
  const char *members;  /* beyond the common four */
  gboolean has_session; /* somebody speaks: with session and person */
  gboolean is_event;    /* nobody has caused it: AudioPlayer may be left out of the context */
} Golden;

/* As many as there are types, in their order. */
static const Golden goldens[] = {
  { "LaunchRequest", "", TRUE, FALSE },
  { "IntentRequest", "," INTENT, TRUE, FALSE },
  { "CanFulfillIntentRequest", "," INTENT, TRUE, FALSE },
  { "SessionEndedRequest", ",\"reason\":\"ERROR\"," FAULT, TRUE, FALSE },
  { "AudioPlayer.PlaybackStarted", ",\"token\":\"t1\",\"offsetInMilliseconds\":4120", FALSE, TRUE },
  { "AudioPlayer.PlaybackNearlyFinished", ",\"token\":\"t1\",\"offsetInMilliseconds\":4120", FALSE,
    TRUE },
  { "AudioPlayer.PlaybackFinished", ",\"token\":\"t1\",\"offsetInMilliseconds\":4120", FALSE,
    TRUE },
  { "AudioPlayer.PlaybackStopped", ",\"token\":\"t1\",\"offsetInMilliseconds\":4120", FALSE, TRUE },
  { "AudioPlayer.PlaybackFailed",
    ",\"token\":\"t1\",\"error\":{\"type\":\"MEDIA_ERROR_SERVICE_UNAVAILABLE\",\"message\":\"no\"},"
    "\"currentPlaybackState\":{\"token\":\"t0\",\"offsetInMilliseconds\":7,\"playerActivity\":"
    "\"BUFFER_UNDERRUN\"}",
    FALSE, TRUE },
  { "PlaybackController.PlayCommandIssued", "", FALSE, FALSE },
  { "PlaybackController.PauseCommandIssued", "", FALSE, FALSE },
  { "PlaybackController.NextCommandIssued", "", FALSE, FALSE },
  { "PlaybackController.PreviousCommandIssued", "", FALSE, FALSE },
  { "System.ExceptionEncountered",
    "," FAULT ",\"cause\":{\"requestId\":\"amzn1.echo-api.request.0\"}", FALSE, TRUE },
};

static PlayerReport *
make_report (AlexaRequestType type)
{
  static const PlayerReportType types[] = {
    [ALEXA_REQUEST_PLAYBACK_STARTED] = PLAYER_REPORT_STARTED,
    [ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED] = PLAYER_REPORT_NEARLY_FINISHED,
    [ALEXA_REQUEST_PLAYBACK_FINISHED] = PLAYER_REPORT_FINISHED,
    [ALEXA_REQUEST_PLAYBACK_STOPPED] = PLAYER_REPORT_STOPPED,
  };
  g_autoptr (PlayerItem) item = player_item_new ("https://h/a", "t1", 0, "skill", NULL);
  if (type == ALEXA_REQUEST_PLAYBACK_FAILED)
    return player_report_new_failed (1, item, PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE, "no",
                                     PLAYER_ACTIVITY_BUFFER_UNDERRUN, "t0", 7);
  return player_report_new (types[type], 1, item, 4120);
}

static AlexaRequest *
make_request (AlexaRequestType type)
{
  g_autoptr (GPtrArray) slots = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_slot_free);
  g_ptr_array_add (slots, alexa_slot_new ("song", "x"));
  AlexaRequest *request = NULL;
  if (type == ALEXA_REQUEST_INTENT)
    request = alexa_request_new_intent ("PlaySong", slots);
  else if (type == ALEXA_REQUEST_CAN_FULFILL_INTENT)
    request = alexa_request_new_can_fulfill ("PlaySong", slots);
  else if (type == ALEXA_REQUEST_SESSION_ENDED)
    request = alexa_request_new_session_ended (ALEXA_ENDED_ERROR, "INVALID_RESPONSE", "why");
  else if (type == ALEXA_REQUEST_EXCEPTION_ENCOUNTERED)
    request = alexa_request_new_exception ("INVALID_RESPONSE", "why", "amzn1.echo-api.request.0");
  else if (type >= ALEXA_REQUEST_PLAYBACK_STARTED && type <= ALEXA_REQUEST_PLAYBACK_FAILED)
    {
      g_autoptr (PlayerReport) report = make_report (type);
      request = alexa_request_new_playback (report);
    }
  else
    request = alexa_request_new (type);
  g_free (request->request_id);
  request->request_id = g_strdup ("amzn1.echo-api.request.1");
  return request;
}

static AlexaSession *
make_session (void)
{
  AlexaSession *session = alexa_session_new ();
  g_free (session->id);
  session->id = g_strdup ("amzn1.echo-api.session.1");
  return session;
}

static void
check (AlexaRequestType type,
       const AlexaEnvelope *envelope,
       const char *session,
       const char *context)
{
  const Golden *golden = &goldens[type];
  g_autoptr (AlexaRequest) request = make_request (type);
  g_autoptr (GBytes) bytes = alexa_request_build (request, envelope);
  g_autofree char *expected
      = g_strdup_printf ("{\"version\":\"1.0\",%s%s\"request\":{\"type\":\"%s\"," COMMON "%s}}",
                         session, context, golden->type, golden->members);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) body = alexa_json_parse (bytes, G_MAXSIZE, &error);
  g_assert_no_error (error);
  g_test_message ("%s", golden->type);
  fixture_assert_json (body, expected);
}

static void
test_everything (void)
{
  g_autoptr (AlexaSession) session = make_session ();
  g_autoptr (GBytes) attributes = fixture_bytes ("{\"key\":[null,{}]}");
  alexa_session_answered (session, attributes);
  g_autoptr (PlayerSnapshot) snapshot = player_snapshot_new ();
  snapshot->activity = PLAYER_ACTIVITY_PLAYING;
  snapshot->item = player_item_new ("https://h/secret", "t1", 0, "skill", NULL);
  snapshot->offset_ms = 4120;
  AlexaEnvelope envelope = {
    .application_id = "amzn1.ask.skill.1",
    .user_id = "amzn1.ask.account.1",
    .user_access_token = "Atza|A",
    .person_id = "amzn1.ask.person.1",
    .person_access_token = "Atza|B",
    .unit_id = "amzn1.ask.unit.1",
    .persistent_unit_id = "amzn1.alexa.unit.did.1",
    .device_id = "amzn1.ask.device.1",
    .persistent_endpoint_id = "amzn1.alexa.endpoint.1",
    .advertising_id = "8d5e2120-165b-4ca0-909b-c86b9cee0111",
    .limit_ad_tracking = TRUE,
    .api_endpoint = "http://127.0.0.1:1",
    .api_access_token = "secret",
    .locale = "de-DE",
    .session = session,
    .snapshot = snapshot,
    .owns_audio = TRUE,
    .audio_context_in_events = TRUE,
    .now_s = NOW_S,
  };
  for (guint i = 0; i < G_N_ELEMENTS (goldens); i++)
    check (i, &envelope, goldens[i].has_session ? FULL_SESSION : "",
           goldens[i].has_session ? FULL_CONTEXT (FULL_PERSON) : FULL_CONTEXT (""));
}

static void
test_nothing (void)
{
  g_autoptr (AlexaSession) session = make_session ();
  g_autoptr (PlayerSnapshot) idle = player_snapshot_new ();
  AlexaEnvelope envelope = {
    .application_id = "amzn1.ask.skill.1",
    .user_id = "amzn1.ask.account.1",
    .person_access_token = "Atza|B", /* of nobody */
    .device_id = "amzn1.ask.device.1",
    .limit_ad_tracking = TRUE, /* of no advertising id */
    .api_endpoint = "http://127.0.0.1:9",
    .api_access_token = "secret",
    .locale = "de-DE",
    .session = session,
    .snapshot = idle,
    .now_s = NOW_S,
  };
  for (guint i = 0; i < G_N_ELEMENTS (goldens); i++)
    check (i, &envelope, goldens[i].has_session ? BARE_SESSION : "",
           goldens[i].is_event ? BARE_EVENT_CONTEXT : BARE_CONTEXT);
}

/* What is configured in part is sent in part. */
static void
test_parts (void)
{
  g_autoptr (PlayerSnapshot) idle = player_snapshot_new ();
  g_autoptr (AlexaSession) session = make_session ();
  AlexaEnvelope envelope = { .session = session, .snapshot = idle, .person_id = "p" };
  envelope.persistent_unit_id = "u";
  envelope.advertising_id = "a";
  g_autoptr (AlexaRequest) request = make_request (ALEXA_REQUEST_LAUNCH);
  g_autoptr (GBytes) bytes = alexa_request_build (request, &envelope);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_nonnull (strstr (text, "\"person\":{\"personId\":\"p\"}"));
  g_assert_nonnull (strstr (text, "\"unit\":{\"persistentUnitId\":\"u\"}"));
  g_assert_nonnull (
      strstr (text, "\"Advertising\":{\"advertisingId\":\"a\",\"limitAdTracking\":false}"));
}

/* The names of the goldens are those of the types, and there is no further one. */
static void
test_complete (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (goldens); i++)
    g_assert_cmpstr (alexa_request_type_to_string (i), ==, goldens[i].type);
  g_assert_cmpuint (G_N_ELEMENTS (goldens), ==, ALEXA_REQUEST_EXCEPTION_ENCOUNTERED + 1);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alexa/request-envelope/everything", test_everything);
  g_test_add_func ("/alexa/request-envelope/nothing", test_nothing);
  g_test_add_func ("/alexa/request-envelope/parts", test_parts);
  g_test_add_func ("/alexa/request-envelope/complete", test_complete);
  return g_test_run ();
}
