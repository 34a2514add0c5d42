/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* The fixture of other tests must itself be right: the demo skill, asked over HTTP. */

#include <libsoup/soup.h>
#include <string.h>

#include "demo-json.h"
#include "demo-server.h"

typedef struct
{
  DemoServer *server;   /* (owned) */
  SoupSession *session; /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer media_dir)
{
  static const char *const tracks[] = { "morning.flac", "noon.mp3", "evening.m4a", NULL };
  g_autoptr (GError) error = NULL;
  fixture->server = demo_server_new (0, media_dir, tracks, &error);
  g_assert_no_error (error);
  fixture->session = soup_session_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  soup_session_abort (fixture->session);
  g_object_unref (fixture->session);
  g_object_unref (fixture->server);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;
  *slot = g_object_ref (result);
}

static GBytes *
send (Fixture *fixture, SoupMessage *msg, GError **error)
{
  g_autoptr (GAsyncResult) result = NULL;
  soup_session_send_and_read_async (fixture->session, msg, 0, NULL, on_done, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return soup_session_send_and_read_finish (fixture->session, result, error);
}

/* Posts @json to @path; the answer as text, NULL if the transfer broke. */
static char *
post (Fixture *fixture, const char *path, const char *json, guint *status)
{
  g_autofree char *url = g_strconcat (demo_server_get_url (fixture->server), path, NULL);
  g_autoptr (SoupMessage) msg = soup_message_new ("POST", url);
  g_autoptr (GBytes) body = g_bytes_new (json, strlen (json));
  soup_message_set_request_body_from_bytes (msg, "application/json", body);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) answer = send (fixture, msg, &error);
  if (status != NULL)
    *status = soup_message_get_status (msg);
  if (answer == NULL)
    return NULL;
  return g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
}

static JsonObject *
ask (Fixture *fixture, const char *request)
{
  guint status = 0;
  g_autofree char *text = post (fixture, "", request, &status);
  g_assert_cmpint (status, ==, 200);
  g_autoptr (GError) error = NULL;
  JsonObject *answer = demo_json_parse_object (text, -1, &error);
  g_assert_no_error (error);
  return answer;
}

/* The only directive of the answer to @request, in short; "" for none. */
static char *
directive (Fixture *fixture, const char *request)
{
  g_autoptr (JsonObject) answer = ask (fixture, request);
  JsonNode *node = demo_json_get (answer, "response.directives");
  if (node == NULL)
    return g_strdup ("");
  JsonArray *directives = json_node_get_array (node);
  g_assert_cmpint (json_array_get_length (directives), ==, 1);
  JsonObject *first = json_array_get_object_element (directives, 0);
  const char *type = demo_json_get_string (first, "type");
  if (g_strcmp0 (type, "AudioPlayer.Play") != 0)
    {
      const char *clear = demo_json_get_string (first, "clearBehavior");
      return g_strdup_printf ("%s%s%s", type, clear != NULL ? " " : "", clear != NULL ? clear : "");
    }
  const char *previous = demo_json_get_string (first, "audioItem.stream.expectedPreviousToken");
  return g_strdup_printf ("%s %s %" G_GINT64_FORMAT "%s%s",
                          demo_json_get_string (first, "playBehavior"),
                          demo_json_get_string (first, "audioItem.stream.token"),
                          demo_json_get_int (first, "audioItem.stream.offsetInMilliseconds", -1),
                          previous != NULL ? " after " : "", previous != NULL ? previous : "");
}

#define CONTEXT(token, offset)                                                                     \
  "\"context\":{\"AudioPlayer\":{\"token\":\"" token "\",\"offsetInMilliseconds\":" #offset "}}"
#define REQUEST(type) "{\"request\":{\"type\":\"" type "\"}}"
#define EVENT(type, token, offset)                                                                 \
  "{\"request\":{\"type\":\"AudioPlayer." type "\",\"token\":\"" token                             \
  "\",\"offsetInMilliseconds\":" #offset "}}"
#define INTENT(name) "{\"request\":{\"type\":\"IntentRequest\",\"intent\":{\"name\":\"" name "\"}}}"
#define BUTTON(name, token, offset)                                                                \
  "{" CONTEXT (token, offset) ",\"request\":{\"type\":\"PlaybackController." name                  \
                              "CommandIssued\"}}"

static void
check (Fixture *fixture, const char *request, const char *expected)
{
  g_autofree char *got = directive (fixture, request);
  g_test_message ("%s", request);
  g_assert_cmpstr (got, ==, expected);
}

static void
test_play_list (Fixture *fixture, gconstpointer data)
{
  check (fixture, REQUEST ("LaunchRequest"), "REPLACE_ALL track-1 0");
  check (fixture, EVENT ("PlaybackStarted", "track-1", 0), "");
  check (fixture, EVENT ("PlaybackNearlyFinished", "track-1", 5),
         "ENQUEUE track-2 0 after track-1");
  check (fixture, EVENT ("PlaybackNearlyFinished", "track-2", 5),
         "ENQUEUE track-3 0 after track-2");
  check (fixture, EVENT ("PlaybackNearlyFinished", "track-3", 5), "");
  check (fixture, EVENT ("PlaybackNearlyFinished", "other", 5), "");
  check (fixture, EVENT ("PlaybackFailed", "track-1", 0), "REPLACE_ENQUEUED track-2 0");
  check (fixture, EVENT ("PlaybackFailed", "track-3", 0), "");
}

static void
test_buttons (Fixture *fixture, gconstpointer data)
{
  check (fixture, BUTTON ("Next", "track-1", 0), "REPLACE_ALL track-2 0");
  check (fixture, BUTTON ("Next", "track-3", 0), "");
  check (fixture, BUTTON ("Previous", "track-3", 0), "REPLACE_ALL track-2 0");
  check (fixture, BUTTON ("Previous", "track-1", 0), "REPLACE_ALL track-1 0");
  check (fixture, BUTTON ("Pause", "track-2", 900), "AudioPlayer.Stop");
  check (fixture, BUTTON ("Play", "track-2", 900), "REPLACE_ALL track-2 900");
  check (fixture, EVENT ("PlaybackStopped", "track-3", 1234), "");
  check (fixture, INTENT ("AMAZON.ResumeIntent"), "REPLACE_ALL track-3 1234");
  check (fixture, INTENT ("AMAZON.StartOverIntent"), "REPLACE_ALL track-3 0");
  check (fixture, INTENT ("AMAZON.StopIntent"), "AudioPlayer.Stop");
  check (fixture, INTENT ("ClearIntent"), "AudioPlayer.ClearQueue CLEAR_ENQUEUED");
  check (fixture, INTENT ("AskIntent"), "");
}

static void
test_session (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) first = ask (fixture, INTENT ("QuizIntent"));
  g_assert_cmpint (demo_json_get_int (first, "sessionAttributes.count", 0), ==, 1);
  g_assert_nonnull (demo_json_get_string (first, "response.reprompt.outputSpeech.text"));
  g_autoptr (JsonObject) second
      = ask (fixture, "{\"session\":{\"attributes\":{\"count\":1}},\"request\":{\"type\":"
                      "\"IntentRequest\",\"intent\":{\"name\":\"QuizIntent\"}}}");
  g_assert_cmpint (demo_json_get_int (second, "sessionAttributes.count", 0), ==, 2);
}

static void
add_fault (Fixture *fixture, const char *description)
{
  g_autoptr (GError) error = NULL;
  DemoFault *fault = demo_fault_new_parse (description, &error);
  g_assert_no_error (error);
  demo_server_add_fault (fixture->server, fault);
}

static void
test_faults (Fixture *fixture, gconstpointer data)
{
  guint status = 0;
  add_fault (fixture, "cut");
  g_assert_null (post (fixture, "", REQUEST ("LaunchRequest"), NULL));

  add_fault (fixture, "{\"fault\":\"status\",\"status\":403,\"on\":\"AskIntent\"}");
  g_free (post (fixture, "", REQUEST ("LaunchRequest"), &status));
  g_assert_cmpint (status, ==, 200); /* not meant */
  g_free (post (fixture, "", INTENT ("AskIntent"), &status));
  g_assert_cmpint (status, ==, 403);
  g_free (post (fixture, "", INTENT ("AskIntent"), &status));
  g_assert_cmpint (status, ==, 200); /* used up */

  add_fault (fixture, "too-large@LaunchRequest");
  g_autofree char *large = post (fixture, "", REQUEST ("LaunchRequest"), NULL);
  g_assert_cmpint (strlen (large), >, 120 * 1024);

  add_fault (fixture, "{\"fault\":\"answer\",\"answer\":{\"x\":1},\"count\":2}");
  for (int i = 0; i < 2; i++)
    {
      g_autofree char *text = post (fixture, "", REQUEST ("LaunchRequest"), NULL);
      g_assert_cmpstr (text, ==, "{\"x\":1}");
    }
  add_fault (fixture, "{\"fault\":\"late\",\"delay_ms\":300}");
  gint64 start_us = g_get_monotonic_time ();
  check (fixture, REQUEST ("LaunchRequest"), "REPLACE_ALL track-1 0");
  g_assert_cmpint (g_get_monotonic_time () - start_us, >=, 300000);

  g_free (post (fixture, "control", "{\"fault\":\"garbage\"}", &status));
  g_assert_cmpint (status, ==, 204);
  g_free (post (fixture, "control", "{\"reset\":true}", &status));
  check (fixture, REQUEST ("LaunchRequest"), "REPLACE_ALL track-1 0");
  g_autofree char *why = post (fixture, "control", "{\"fault\":\"sloth\"}", &status);
  g_assert_cmpint (status, ==, 400);
  g_assert_nonnull (strstr (why, "too-large"));
  g_free (post (fixture, "", "[]", &status));
  g_assert_cmpint (status, ==, 400);
}

/* An answer that nobody waits for any more when the server goes. */
static void
test_hang (Fixture *fixture, gconstpointer data)
{
  add_fault (fixture, "{\"fault\":\"late\",\"delay_ms\":3600000}");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (SoupMessage) msg = soup_message_new ("POST", demo_server_get_url (fixture->server));
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  soup_message_set_request_body_from_bytes (msg, "application/json", body);
  soup_session_send_and_read_async (fixture->session, msg, 0, cancellable, on_done, &result);
  while (demo_server_get_log (fixture->server)->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (soup_session_send_and_read_finish (fixture->session, result, NULL));
}

static void
test_media (Fixture *fixture, gconstpointer data)
{
  g_autofree char *url
      = g_strconcat (demo_server_get_url (fixture->server), "media/noon.mp3", NULL);
  g_autoptr (SoupMessage) part = soup_message_new ("GET", url);
  soup_message_headers_set_range (soup_message_get_request_headers (part), 1000, 1499);
  g_autoptr (GBytes) bytes = send (fixture, part, NULL);
  g_assert_cmpint (soup_message_get_status (part), ==, 206);
  g_assert_cmpint (g_bytes_get_size (bytes), ==, 500);

  g_autoptr (SoupMessage) head = soup_message_new ("HEAD", url);
  g_autoptr (GBytes) nothing = send (fixture, head, NULL);
  g_assert_cmpint (soup_message_get_status (head), ==, 200);
  g_assert_cmpint (g_bytes_get_size (nothing), ==, 0);
  g_assert_cmpint (
      soup_message_headers_get_content_length (soup_message_get_response_headers (head)), >,
      100000);

  GPtrArray *log = demo_server_get_log (fixture->server);
  g_assert_cmpint (log->len, ==, 2);
  g_assert_cmpstr (demo_json_get_string (log->pdata[0], "range"), ==, "bytes=1000-1499");
  g_assert_cmpstr (demo_json_get_string (log->pdata[1], "method"), ==, "HEAD");
}

static void
test_log (Fixture *fixture, gconstpointer data)
{
  check (fixture, EVENT ("PlaybackStarted", "track-1", 17), "");
  GPtrArray *log = demo_server_get_log (fixture->server);
  g_assert_cmpint (log->len, ==, 2);
  JsonObject *request = log->pdata[0];
  g_assert_cmpstr (demo_json_get_string (request, "kind"), ==, "request");
  g_assert_cmpstr (demo_json_get_string (request, "type"), ==, "AudioPlayer.PlaybackStarted");
  g_assert_cmpstr (demo_json_get_string (request, "token"), ==, "track-1");
  g_assert_cmpint (demo_json_get_int (request, "offset_ms", -1), ==, 17);
  g_assert_cmpstr (demo_json_get_string (request, "body.request.token"), ==, "track-1");
  g_assert_cmpstr (demo_json_get_string (log->pdata[1], "kind"), ==, "answer");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
#define ADD(name, func) g_test_add ("/demo-skill/" name, Fixture, argv[1], set_up, func, tear_down)
  ADD ("play-list", test_play_list);
  ADD ("buttons", test_buttons);
  ADD ("session", test_session);
  ADD ("faults", test_faults);
  ADD ("hang", test_hang);
  ADD ("media", test_media);
  ADD ("log", test_log);
  return g_test_run ();
}
