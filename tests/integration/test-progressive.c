/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Progressive responses: a skill that takes its time posts what is to be said meanwhile to the place
 * and with the key that its request named. The daemon is real, so are HTTP and sound. */

#include <libsoup/soup.h>
#include <string.h>

#include "harness.h"

#define WAIT_MS 15000
/* The skill takes its time over a LaunchRequest and then has nothing to say. */
#define SLOW(ms)                                                                                   \
  "{\"fault\":\"answer\",\"on\":\"LaunchRequest\",\"delay_ms\":" #ms                               \
  ",\"answer\":{\"version\":\"1.0\",\"response\":{\"shouldEndSession\":true}}}"

/* --- The skill's side -------------------------------------------------------------------------- */

/* What a request tells the skill of the service; borrowed from the harness. */
typedef struct
{
  const char *endpoint;
  const char *token;
  const char *request_id;
} Leave;

static Leave
get_leave (Harness *h)
{
  JsonObject *body = harness_request (h, 0);
  JsonObject *system
      = json_object_get_object_member (json_object_get_object_member (body, "context"), "System");
  return (Leave){
    json_object_get_string_member (system, "apiEndpoint"),
    json_object_get_string_member (system, "apiAccessToken"),
    json_object_get_string_member (json_object_get_object_member (body, "request"), "requestId"),
  };
}

typedef struct
{
  GBytes *bytes; /* (owned) (nullable) */
  GError *error; /* (owned) (nullable) */
  gboolean done;
} Post;

static void
on_posted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Post *post = user_data;
  post->bytes = soup_session_send_and_read_finish (SOUP_SESSION (source), result, &post->error);
  post->done = TRUE;
}

static gboolean
is_posted (gpointer user_data)
{
  return ((Post *)user_data)->done;
}

/* The status, or 0 if the connection broke; @answer (nullable) gets the body. */
static guint
send (const char *method, const char *url, const char *token, GBytes *body, char **answer)
{
  g_autoptr (SoupSession) session = soup_session_new ();
  g_autoptr (SoupMessage) message = soup_message_new (method, url);
  if (token != NULL)
    {
      g_autofree char *value = g_strconcat ("Bearer ", token, NULL);
      soup_message_headers_replace (soup_message_get_request_headers (message), "Authorization",
                                    value);
    }
  soup_message_set_request_body_from_bytes (message, "application/json", body);
  Post post = { 0 };
  soup_session_send_and_read_async (session, message, G_PRIORITY_DEFAULT, NULL, on_posted, &post);
  g_assert_true (harness_wait (WAIT_MS, is_posted, &post));
  g_autoptr (GBytes) bytes = post.bytes;
  g_autoptr (GError) error = post.error;
  if (answer != NULL)
    *answer = bytes != NULL ? g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes))
                            : g_strdup ("");
  return bytes != NULL ? soup_message_get_status (message) : 0;
}

static guint
post_text (const Leave *leave, const char *token, const char *text, char **answer)
{
  g_autofree char *url = g_strconcat (leave->endpoint, "/v1/directives", NULL);
  g_autoptr (GBytes) body = g_bytes_new (text, strlen (text));
  return send ("POST", url, token, body, answer);
}

static guint
post_as (const Leave *leave, const char *request_id, const char *speech, char **answer)
{
  g_autofree char *text
      = g_strdup_printf ("{\"header\":{\"requestId\":\"%s\"},\"directive\":{\"type\":"
                         "\"VoicePlayer.Speak\",\"speech\":\"%s\"}}",
                         request_id, speech);
  return post_text (leave, leave->token, text, answer);
}

static guint
say (const Leave *leave, const char *speech)
{
  return post_as (leave, leave->request_id, speech, NULL);
}

/* --- The user's side --------------------------------------------------------------------------- */

static void
launch (Harness *h)
{
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", harness_url (h)));
}

static void
on_launched (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_assert_no_error (error);
  *(gboolean *)user_data = TRUE;
}

static gboolean
is_true (gpointer user_data)
{
  return *(gboolean *)user_data;
}

/* The call lasts until the answer has been obeyed; the request has arrived when this returns. */
static Leave
start_launch (Harness *h, const char *fault, gboolean *answered)
{
  harness_fault (h, fault);
  *answered = FALSE;
  g_dbus_connection_call (harness_connection (h), "org.segue.Segue1", HARNESS_PATH,
                          HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", harness_url (h)),
                          NULL, G_DBUS_CALL_FLAGS_NONE, 2 * WAIT_MS, NULL, on_launched, answered);
  harness_expect (h, "LaunchRequest", NULL);
  return get_leave (h);
}

static void
assert_told_without (GVariant *signal, const char *secret)
{
  g_autofree char *text = g_variant_print (signal, FALSE);
  g_assert_null (strstr (text, secret));
  g_assert_nonnull (strstr (text, "<redacted>"));
}

/* --- Tests ------------------------------------------------------------------------------------- */

/* It is heard while the skill is still at work; then the answer comes, and the key is void. */
static void
test_spoken (void)
{
  g_autoptr (Harness) h
      = harness_new ("[speech]\ncommand = cat @DIR@/voice.wav\n[skill demo]\nendpoint = @URL@\n");
  g_autofree char *voice = g_build_filename (harness_dir (h), "voice.wav", NULL);
  harness_write_wav (voice, 7, 4410);
  gboolean answered;
  Leave leave = start_launch (h, "{\"fault\":\"late\",\"on\":\"LaunchRequest\",\"delay_ms\":2000}",
                              &answered);
  assert_told_without (harness_wait_signal (h, "RequestSent", "LaunchRequest"), leave.token);
  g_autofree char *endpoint = harness_get_string (h, HARNESS_ROOT, "DirectiveEndpoint");
  g_assert_cmpstr (leave.endpoint, ==, endpoint);

  g_assert_cmpuint (say (&leave, "<speak>One <break time='10ms'/> moment</speak>"), ==, 204);
  harness_wait_signal (h, "Speech", "One <break");
  harness_wait_signal (h, "SpeechState", "'started'");
  g_assert_cmpuint (say (&leave, "Still here"), ==, 204);
  harness_wait_signal (h, "Speech", "('demo', ");
  harness_wait_signal (h, "SpeechState", "'finished'");
  g_assert_false (answered);
  harness_wait_signal (h, "AnswerReceived", leave.request_id);
  g_assert_true (harness_wait (WAIT_MS, is_true, &answered));
  g_autofree char *why = NULL;
  g_assert_cmpuint (post_as (&leave, leave.request_id, "Too late", &why), ==, 401);
  g_assert_nonnull (strstr (why, "\"type\":\"UNAUTHORIZED\""));
  harness_expect (h, "PlaybackStarted track-1 0", NULL);
}

/* A daemon that speaks nothing shows what would be said. */
static void
test_limits (void)
{
  g_autoptr (Harness) h = harness_new ("[speech]\ncommand =\n");
  gboolean answered;
  Leave leave = start_launch (h, SLOW (4000), &answered);
  g_autofree char *long_speech = g_strnfill (601, 'x');
  g_autofree char *why = NULL;
  g_assert_cmpuint (post_as (&leave, leave.request_id, long_speech, &why), ==, 400);
  g_assert_nonnull (strstr (why, "600 characters"));
  g_assert_cmpuint (say (&leave, "<speak>Fish & chips</speak>"), ==, 400);
  g_assert_cmpuint (post_as (&leave, "amzn1.echo-api.request.0", "x", NULL), ==, 400);
  g_assert_cmpuint (post_text (&leave, leave.token, "<html>", NULL), ==, 400);
  g_assert_cmpuint (post_text (&leave, leave.token, "", NULL), ==, 400);
  g_assert_cmpuint (post_text (&leave, NULL, "{}", NULL), ==, 401);
  g_assert_cmpuint (post_text (&leave, "guessed", "{}", NULL), ==, 401);
  for (guint i = 1; i <= 5; i++)
    {
      g_autofree char *text = g_strdup_printf ("number %u", i);
      g_assert_cmpuint (say (&leave, text), ==, 204);
      harness_wait_signal (h, "Speech", text);
    }
  g_assert_cmpuint (say (&leave, "number 6"), ==, 429);
  g_assert_false (answered);
  g_assert_true (harness_wait (WAIT_MS, is_true, &answered));

  /* The next request has a key and a count of its own. */
  Leave next = start_launch (h, SLOW (1000), &answered);
  g_assert_cmpstr (next.token, !=, leave.token);
  g_assert_cmpuint (say (&next, "again"), ==, 204);
  harness_wait_signal (h, "Speech", "again");
  g_assert_true (harness_wait (WAIT_MS, is_true, &answered));
}

/* Other parts of the Alexa API, and those who come with ill intent. */
static void
test_strangers (void)
{
  g_autoptr (Harness) h = harness_new ("[speech]\ncommand =\n");
  gboolean answered;
  Leave leave = start_launch (h, SLOW (4000), &answered);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autofree char *address = g_strconcat (
      leave.endpoint, "/v1/devices/amzn1.ask.device.1/settings/address/countryAndPostalCode", NULL);
  g_autofree char *why = NULL;
  g_assert_cmpuint (send ("GET", address, leave.token, nothing, &why), ==, 404);
  g_assert_nonnull (strstr (why, "\"code\":404,\"type\":\"NOT_FOUND\",\"message\":\""));
  g_autofree char *directives = g_strconcat (leave.endpoint, "/v1/directives", NULL);
  g_assert_cmpuint (send ("PUT", directives, leave.token, nothing, NULL), ==, 405);

  g_autofree char *much = g_strnfill (32 * 1024 * 1024, ' ');
  g_autoptr (GBytes) huge = g_bytes_new (much, strlen (much));
  guint status = send ("POST", directives, leave.token, huge, NULL);
  if (status != 0) /* cut off before it could see the answer */
    g_assert_cmpuint (status, ==, 413);
  g_autoptr (GBytes) large = g_bytes_new (much, 20000);
  g_assert_cmpuint (send ("POST", directives, leave.token, large, NULL), ==, 413);

  /* A slow one holds up nobody. */
  g_autoptr (GUri) uri = g_uri_parse (leave.endpoint, G_URI_FLAGS_NONE, NULL);
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) slow = g_socket_client_connect_to_host (
      client, "127.0.0.1", (guint16)g_uri_get_port (uri), NULL, &error);
  g_assert_no_error (error);
  g_autofree char *head
      = g_strdup_printf ("POST /v1/directives HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer %s\r\n"
                         "Content-Length: 100\r\n\r\n{",
                         leave.token);
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (slow)), head,
                             strlen (head), NULL, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (say (&leave, "fast"), ==, 204);
  harness_wait_signal (h, "Speech", "fast");
  g_assert_false (answered);
  g_assert_true (harness_wait (WAIT_MS, is_true, &answered));
}

/* Somebody leaves the session while the skill is at work: it is not listened to any more. */
static void
test_left (void)
{
  g_autoptr (Harness) h = harness_new ("[speech]\ncommand =\n");
  gboolean answered;
  Leave leave = start_launch (h, SLOW (2000), &answered);
  g_assert_cmpuint (say (&leave, "One moment"), ==, 204);
  harness_wait_signal (h, "Speech", "One moment");
  gboolean left = FALSE; /* when the skill has been told, which is after its answer */
  g_dbus_connection_call (harness_connection (h), "org.segue.Segue1", HARNESS_PATH,
                          HARNESS_CONVERSATION, "EndSession",
                          g_variant_new ("(s)", harness_url (h)), NULL, G_DBUS_CALL_FLAGS_NONE,
                          2 * WAIT_MS, NULL, on_launched, &left);
  harness_wait_signal (h, "Session", "USER_INITIATED");
  g_autofree char *why = NULL;
  g_assert_cmpuint (post_as (&leave, leave.request_id, "Hello?", &why), ==, 403);
  g_assert_nonnull (strstr (why, "left the session"));
  g_assert_true (harness_wait (WAIT_MS, is_true, &answered));
  harness_expect (h, "SessionEndedRequest USER_INITIATED", NULL);
  g_assert_true (harness_wait (WAIT_MS, is_true, &left));
  g_assert_cmpuint (harness_count_signals (h, "Speech"), ==, 1);
}

static void
on_launch_failed (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (GError) error = NULL;
  g_assert_null (g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error));
  g_assert_nonnull (error);
  *(gboolean *)user_data = TRUE;
}

/* A request that fails is over, too. */
static void
test_failed (void)
{
  g_autoptr (Harness) h = harness_new ("[speech]\ncommand =\n");
  harness_fault (h, "{\"fault\":\"status\",\"on\":\"LaunchRequest\",\"delay_ms\":1000}");
  gboolean failed = FALSE;
  g_dbus_connection_call (harness_connection (h), "org.segue.Segue1", HARNESS_PATH,
                          HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", harness_url (h)),
                          NULL, G_DBUS_CALL_FLAGS_NONE, 2 * WAIT_MS, NULL, on_launch_failed,
                          &failed);
  harness_expect (h, "LaunchRequest", NULL);
  Leave leave = get_leave (h);
  g_assert_cmpuint (say (&leave, "One moment"), ==, 204);
  g_assert_true (harness_wait (WAIT_MS, is_true, &failed));
  g_assert_cmpuint (say (&leave, "Hello?"), ==, 401);
}

/* What reports an event or a button has no key to speak with. */
static void
test_events (void)
{
  g_autoptr (Harness) h = harness_new ("[speech]\ncommand =\n");
  launch (h);
  harness_expect (h, "LaunchRequest", NULL);
  Leave spoken = get_leave (h);
  harness_fault (h,
                 "{\"fault\":\"late\",\"on\":\"AudioPlayer.PlaybackStarted\",\"delay_ms\":1500}");
  harness_expect (h, "PlaybackStarted track-1 0", NULL);
  Leave event = get_leave (h);
  g_assert_cmpstr (event.endpoint, ==, spoken.endpoint);
  g_assert_cmpstr (event.token, !=, spoken.token);
  g_autofree char *why = NULL;
  g_assert_cmpuint (post_as (&event, event.request_id, "x", &why), ==, 403);
  g_assert_nonnull (strstr (why, "LaunchRequest"));
  g_assert_cmpuint (say (&spoken, "x"), ==, 401);
}

static gboolean
is_free (guint port)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, (guint16)port);
  return g_socket_listener_add_address (listener, address, G_SOCKET_TYPE_STREAM,
                                        G_SOCKET_PROTOCOL_TCP, NULL, NULL, NULL);
}

static void
test_off (void)
{
  g_autoptr (Harness) h = harness_new ("[directive-service]\nenabled = false\nport = 0\n");
  gboolean answered;
  Leave leave = start_launch (h, SLOW (500), &answered);
  g_assert_cmpstr (leave.endpoint, ==, "http://127.0.0.1:9");
  g_assert_cmpuint (strlen (leave.token), >, 20);
  g_autofree char *endpoint = harness_get_string (h, HARNESS_ROOT, "DirectiveEndpoint");
  g_assert_cmpstr (endpoint, ==, "");
  g_assert_cmpuint (say (&leave, "x"), ==, 0);
  g_assert_true (harness_wait (WAIT_MS, is_true, &answered));
}

/* Another address may be told, behind which somebody passes on to the port. */
static void
test_behind_proxy (void)
{
  guint port = 0;
  {
    g_autoptr (GSocketListener) listener = g_socket_listener_new ();
    port = g_socket_listener_add_any_inet_port (listener, NULL, NULL);
  }
  g_autofree char *config
      = g_strdup_printf ("[device]\napi-endpoint = https://proxy.example\n[speech]\ncommand =\n"
                         "[directive-service]\nport = %u\n",
                         port);
  g_autoptr (Harness) h = harness_new (config);
  gboolean answered;
  Leave leave = start_launch (h, SLOW (1500), &answered);
  g_assert_cmpstr (leave.endpoint, ==, "https://proxy.example");
  g_autofree char *expected = g_strdup_printf ("http://127.0.0.1:%u", port);
  g_autofree char *endpoint = harness_get_string (h, HARNESS_ROOT, "DirectiveEndpoint");
  g_assert_cmpstr (endpoint, ==, expected);
  leave.endpoint = endpoint;
  g_assert_cmpuint (say (&leave, "passed on"), ==, 204);
  harness_wait_signal (h, "Speech", "passed on");
  g_assert_true (harness_wait (WAIT_MS, is_true, &answered));
  g_assert_cmpint (harness_end_daemon (h, 15), ==, 0);
  g_assert_true (is_free (port));
}

/* The port is taken: everything else goes on. */
static void
test_port_taken (void)
{
  g_autoptr (GSocketListener) listener = g_socket_listener_new ();
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_autoptr (GSocketAddress) taken = NULL;
  g_assert_true (g_socket_listener_add_address (listener, any, G_SOCKET_TYPE_STREAM,
                                                G_SOCKET_PROTOCOL_TCP, NULL, &taken, NULL));
  g_autofree char *config
      = g_strdup_printf ("[directive-service]\nport = %u\n",
                         g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (taken)));
  g_unsetenv ("G_DEBUG"); /* the daemon warns */
  g_autoptr (Harness) h = harness_new (config);
  launch (h);
  harness_expect (h, "LaunchRequest", NULL);
  g_assert_cmpstr (get_leave (h).endpoint, ==, "http://127.0.0.1:9");
  g_autofree char *endpoint = harness_get_string (h, HARNESS_ROOT, "DirectiveEndpoint");
  g_assert_cmpstr (endpoint, ==, "");
}

/* All that can be configured of the device is in the request; the secrets are not told on. */
static void
test_device (void)
{
  g_autoptr (Harness) h = harness_new (
      "[device]\npersistent-endpoint-id = amzn1.alexa.endpoint.1\nperson-id = amzn1.ask.person.1\n"
      "person-access-token-file = @DIR@/person\nunit-id = amzn1.ask.unit.1\n"
      "persistent-unit-id = amzn1.alexa.unit.did.1\n"
      "advertising-id = 8d5e2120-165b-4ca0-909b-c86b9cee0111\nlimit-ad-tracking = true\n"
      "[skill demo]\nendpoint = @URL@\naccess-token-file = @DIR@/user\n");
  g_autofree char *person_file = g_build_filename (harness_dir (h), "person", NULL);
  g_autofree char *user_file = g_build_filename (harness_dir (h), "user", NULL);
  g_assert_true (g_file_set_contents (person_file, "Atza|PersonSecret\n", -1, NULL));
  g_assert_true (g_file_set_contents (user_file, "Atza|UserSecret\n", -1, NULL));
  launch (h);
  harness_expect (h, "LaunchRequest", NULL);
  g_autoptr (JsonNode) node = json_node_init_object (
      json_node_alloc (), json_object_get_object_member (harness_request (h, 0), "context"));
  g_autofree char *context = json_to_string (node, FALSE);
  static const char *const parts[] = {
    "\"persistentEndpointId\":\"amzn1.alexa.endpoint.1\"",
    "\"person\":{\"personId\":\"amzn1.ask.person.1\",\"accessToken\":\"Atza|PersonSecret\"}",
    "\"unit\":{\"unitId\":\"amzn1.ask.unit.1\",\"persistentUnitId\":\"amzn1.alexa.unit.did.1\"}",
    "\"Advertising\":{\"advertisingId\":\"8d5e2120-165b-4ca0-909b-c86b9cee0111\",",
    "\"limitAdTracking\":true}",
    "\"accessToken\":\"Atza|UserSecret\"",
  };
  for (guint i = 0; i < G_N_ELEMENTS (parts); i++)
    {
      g_test_message ("%s", parts[i]);
      g_assert_nonnull (strstr (context, parts[i]));
    }
  GVariant *told = harness_wait_signal (h, "RequestSent", "LaunchRequest");
  assert_told_without (told, "PersonSecret");
  assert_told_without (told, "UserSecret");
  g_autofree char *text = g_variant_print (told, FALSE);
  g_assert_nonnull (strstr (text, "amzn1.ask.person.1"));

  harness_expect (h, "PlaybackStarted track-1 0", NULL);
  JsonObject *event = json_object_get_object_member (
      json_object_get_object_member (harness_request (h, 0), "context"), "System");
  g_assert_false (json_object_has_member (event, "person"));
  g_assert_true (json_object_has_member (event, "unit"));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/progressive/spoken", test_spoken);
  g_test_add_func ("/progressive/limits", test_limits);
  g_test_add_func ("/progressive/strangers", test_strangers);
  g_test_add_func ("/progressive/left", test_left);
  g_test_add_func ("/progressive/failed", test_failed);
  g_test_add_func ("/progressive/events", test_events);
  g_test_add_func ("/progressive/off", test_off);
  g_test_add_func ("/progressive/behind-proxy", test_behind_proxy);
  g_test_add_func ("/progressive/port-taken", test_port_taken);
  g_test_add_func ("/progressive/device", test_device);
  return g_test_run ();
}
