/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* The fixture of other tests must itself be right: the demo music skill, asked over HTTP. */

#include <libsoup/soup.h>
#include <string.h>

#include "demo-json.h"
#include "demo-music-server.h"

/* As long as noon.mp3 at its lowest bit rate. */
#define SOME_BYTES 100000

typedef struct
{
  DemoMusicServer *server; /* (owned) */
  SoupSession *session;    /* (owned) */
  char *queue;             /* (owned) (nullable): of the last Initiate */
  char *content;           /* (owned) (nullable) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer media_dir)
{
  static const char *const tracks[] = { "morning.flac", "noon.mp3", "evening.m4a", NULL };
  g_autoptr (GError) error = NULL;
  fixture->server = demo_music_server_new (0, media_dir, tracks, &error);
  g_assert_no_error (error);
  fixture->session = soup_session_new ();
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  soup_session_abort (fixture->session);
  g_object_unref (fixture->session);
  g_object_unref (fixture->server);
  g_free (fixture->queue);
  g_free (fixture->content);
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
  g_autofree char *url = g_strconcat (demo_music_server_get_url (fixture->server), path, NULL);
  g_autoptr (SoupMessage) msg = soup_message_new ("POST", url);
  g_autoptr (GBytes) body = g_bytes_new (json, strlen (json));
  soup_message_set_request_body_from_bytes (msg, "application/json", body);
  g_autoptr (GBytes) answer = send (fixture, msg, NULL);
  *status = soup_message_get_status (msg);
  if (answer == NULL)
    return NULL;
  return g_strndup (g_bytes_get_data (answer, NULL), g_bytes_get_size (answer));
}

static void
control (Fixture *fixture, const char *json)
{
  guint status = 0;
  g_free (post (fixture, "control", json, &status));
  g_assert_cmpuint (status, ==, 204);
}

/* The answer to message @name of "Alexa.@namespace" with the members @payload. */
static JsonObject *
ask (Fixture *fixture, const char *namespace, const char *name, const char *payload)
{
  g_autofree char *request = g_strdup_printf (
      "{\"header\":{\"messageId\":\"m\",\"namespace\":\"Alexa.%s\",\"name\":\"%s\","
      "\"payloadVersion\":\"1.0\"},\"payload\":{\"requestContext\":{\"user\":{\"id\":\"u\","
      "\"accessToken\":\"t\"}}%s%s}}",
      namespace, name, payload[0] != '\0' ? "," : "", payload);
  guint status = 0;
  g_autofree char *text = post (fixture, "", request, &status);
  g_assert_cmpuint (status, ==, 200);
  g_autoptr (GError) error = NULL;
  JsonObject *answer = demo_json_parse_object (text, -1, &error);
  g_assert_no_error (error);
  return answer;
}

/* The same, of the item @id of the last queue, with its reference flat, wrapped or as a string. */
typedef enum
{
  FLAT,
  WRAPPED,
  TEXT,
} Form;

static JsonObject *
ask_about (Fixture *fixture,
           const char *namespace,
           const char *name,
           Form form,
           const char *id,
           const char *more)
{
  static const char *const forms[]
      = { "%s", "{\"namespace\":\"Alexa.Audio.PlayQueue\",\"name\":\"item\",\"value\":%s}",
          "{\"name\":\"item\",\"value\":\"%s\"}" };
  g_autofree char *flat
      = g_strdup_printf ("{\"id\":\"%s\",\"queueId\":\"%s\",\"contentId\":\"%s\"}", id,
                         fixture->queue, fixture->content);
  g_autofree char *inner = form == TEXT ? g_strescape (flat, NULL) : g_strdup (flat);
  g_auto (GStrv) parts = g_strsplit (forms[form], "%s", 2);
  const char *member
      = g_str_equal (name, "GetItem") ? "targetItemReference" : "currentItemReference";
  g_autofree char *payload
      = g_strdup_printf ("\"%s\":%s%s%s%s", member, parts[0], inner, parts[1], more);
  return ask (fixture, namespace, name, payload);
}

static void
assert_string (JsonObject *answer, const char *path, const char *expected)
{
  g_assert_cmpstr (demo_json_get_string (answer, path), ==, expected);
}

/* Takes @answer. */
static void
assert_refused (JsonObject *answer, const char *namespace, const char *type)
{
  assert_string (answer, "header.name", "ErrorResponse");
  assert_string (answer, "header.namespace", namespace);
  assert_string (answer, "payload.type", type);
  json_object_unref (answer);
}

/* Takes @answer. */
static void
assert_item (JsonObject *answer, const char *id)
{
  assert_string (answer, "header.namespace", "Alexa.Audio.PlayQueue");
  assert_string (answer, "payload.item.id", id);
  json_object_unref (answer);
}

static JsonObject *
initiate (Fixture *fixture, const char *content, const char *modes)
{
  g_autofree char *payload
      = g_strdup_printf ("\"contentId\":\"%s\",\"playbackModes\":{%s}", content, modes);
  JsonObject *answer = ask (fixture, "Media.Playback", "Initiate", payload);
  assert_string (answer, "header.name", "Initiate.Response");
  g_free (fixture->queue);
  g_free (fixture->content);
  fixture->queue = g_strdup (demo_json_get_string (answer, "payload.playbackMethod.id"));
  fixture->content = g_strdup (content);
  return answer;
}

static JsonObject *
next (Fixture *fixture, const char *id, gboolean user)
{
  return ask_about (fixture, "Audio.PlayQueue", "GetNextItem", FLAT, id,
                    user ? ",\"isUserInitiated\":true" : ",\"isUserInitiated\":false");
}

static void
test_search (Fixture *fixture, gconstpointer data)
{
  static const char *const rows[][2] = {
    { "album-2", "album-2" },      { "album-3:2", "album-3:2" }, { "after RAIN", "album-2" },
    { "slow harbour", "album-3" }, { "noon", "album-1:2" },      { "segue", "radio" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *payload = g_strdup_printf (
          "\"selectionCriteria\":{\"attributes\":[{\"type\":\"TRACK\",\"entityId\":\"%s\"}]}",
          rows[i][0]);
      g_autoptr (JsonObject) answer = ask (fixture, "Media.Search", "GetPlayableContent", payload);
      assert_string (answer, "header.name", "GetPlayableContent.Response");
      assert_string (answer, "payload.content.id", rows[i][1]);
    }
  assert_refused (
      ask (fixture, "Media.Search", "GetPlayableContent",
           "\"selectionCriteria\":{\"attributes\":[{\"type\":\"TRACK\",\"entityId\":\"zebra\"}]}"),
      "Alexa.Media", "CONTENT_NOT_FOUND");
}

static void
test_album (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) answer = initiate (fixture, "album-1", "");
  assert_string (answer, "header.namespace", "Alexa.Media.Playback");
  assert_string (answer, "payload.playbackMethod.firstItem.id", "album-1.track-1");
  assert_string (answer, "payload.playbackMethod.firstItem.metadata.album.name", "Light of Day");
  g_assert_nonnull (
      demo_json_get_string (answer, "payload.playbackMethod.firstItem.stream.validUntil"));

  assert_item (next (fixture, "album-1.track-1", FALSE), "album-1.track-2");
  assert_item (next (fixture, "album-1.track-2", TRUE), "album-1.track-3");
  g_autoptr (JsonObject) end = next (fixture, "album-1.track-3", FALSE);
  g_assert_true (json_node_get_boolean (demo_json_get (end, "payload.isQueueFinished")));
  g_assert_null (demo_json_get (end, "payload.item"));

  assert_item (
      ask_about (fixture, "Audio.PlayQueue", "GetPreviousItem", FLAT, "album-1.track-2", ""),
      "album-1.track-1");
  assert_refused (
      ask_about (fixture, "Audio.PlayQueue", "GetPreviousItem", FLAT, "album-1.track-1", ""),
      "Alexa.Media", "ITEM_NOT_FOUND");
  assert_item (ask_about (fixture, "Audio.PlayQueue", "JumpToItem", FLAT, "album-1.track-1",
                          ",\"targetItemId\":\"album-1.track-3\""),
               "album-1.track-3");
  assert_refused (ask_about (fixture, "Audio.PlayQueue", "JumpToItem", FLAT, "album-1.track-1",
                             ",\"targetItemId\":\"x\""),
                  "Alexa.Media", "INVALID_ITEM");
}

static void
test_references (Fixture *fixture, gconstpointer data)
{
  json_object_unref (initiate (fixture, "album-2:2", ""));
  for (Form form = FLAT; form <= TEXT; form++)
    assert_item (ask_about (fixture, "Media.PlayQueue", "GetItem", form, "album-2.track-2", ""),
                 "album-2.track-2");
  assert_refused (ask_about (fixture, "Media.PlayQueue", "GetItem", WRAPPED, "gone", ""),
                  "Alexa.Audio", "ITEM_NOT_FOUND");
  assert_refused (ask_about (fixture, "Audio.PlayQueue", "GetItem", WRAPPED, "album-2.track-2", ""),
                  "Alexa", "INVALID_DIRECTIVE");

  g_autoptr (JsonObject) view
      = ask_about (fixture, "Media.PlayQueue", "GetView", WRAPPED, "album-2.track-2", "");
  JsonArray *items = json_node_get_array (demo_json_get (view, "payload.items"));
  g_assert_cmpuint (json_array_get_length (items), ==, 2);
  assert_string (json_array_get_object_element (items, 0), "id", "album-2.track-2");
  g_assert_null (demo_json_get (json_array_get_object_element (items, 0), "stream"));

  GPtrArray *log = demo_music_server_get_log (fixture->server);
  JsonObject *first = g_ptr_array_index (log, 2); /* behind Initiate and its answer */
  assert_string (first, "name", "GetItem");
  assert_string (first, "item", "album-2.track-2");
  assert_string (first, "queue", fixture->queue);
  assert_string (first, "content", "album-2:2");
}

static void
set_mode (Fixture *fixture, const char *name, const char *value)
{
  g_autoptr (JsonObject) answer
      = ask_about (fixture, "Media.PlayQueue", name, WRAPPED, "album-1.track-1", value);
  assert_string (answer, "header.namespace", "Alexa");
  assert_string (answer, "header.name", "Response");
  assert_string (answer, "header.payloadVersion", "3.0");
}

static void
test_modes (Fixture *fixture, gconstpointer data)
{
  json_object_unref (initiate (fixture, "album-1", ""));
  set_mode (fixture, "SetShuffle", ",\"enable\":true");
  assert_item (next (fixture, "album-1.track-1", FALSE), "album-1.track-3");
  assert_item (next (fixture, "album-1.track-3", FALSE), "album-1.track-2");
  set_mode (fixture, "SetShuffle", ",\"enable\":false");
  set_mode (fixture, "SetLoop", ",\"enable\":true");
  assert_item (next (fixture, "album-1.track-3", FALSE), "album-1.track-1");
  assert_item (
      ask_about (fixture, "Audio.PlayQueue", "GetPreviousItem", FLAT, "album-1.track-1", ""),
      "album-1.track-3");
  set_mode (fixture, "SetRepeat", ",\"mode\":{\"status\":\"ON\"}");
  assert_item (next (fixture, "album-1.track-2", FALSE), "album-1.track-2");
  assert_item (next (fixture, "album-1.track-2", TRUE), "album-1.track-3");
}

static void
test_limits (Fixture *fixture, gconstpointer data)
{
  control (fixture, "{\"skip_limit\":1,\"ads_every\":1,\"one_queue\":true}");
  json_object_unref (initiate (fixture, "album-1", ""));
  g_autoptr (JsonObject) ad = next (fixture, "album-1.track-1", FALSE);
  assert_string (ad, "payload.item.id", "ad-1");
  assert_string (ad, "payload.item.playbackInfo.type", "AD");
  assert_item (next (fixture, "ad-1", FALSE), "album-1.track-2");
  assert_item (next (fixture, "album-1.track-1", TRUE), "ad-1");
  assert_refused (next (fixture, "album-1.track-1", TRUE), "Alexa.Audio", "SKIP_LIMIT_REACHED");
  assert_item (next (fixture, "album-1.track-1", FALSE), "ad-1");

  g_autofree char *first = g_strdup (fixture->queue);
  g_autoptr (JsonObject) second = initiate (fixture, "album-2", "");
  JsonArray *others
      = json_node_get_array (demo_json_get (second, "payload.playbackMethod.queueIdsToDeactivate"));
  g_assert_cmpstr (json_array_get_string_element (others, 0), ==, first);
}

static void
test_tokens (Fixture *fixture, gconstpointer data)
{
  control (fixture, "{\"token\":\"new\",\"expired_token\":\"t\"}");
  assert_refused (ask (fixture, "Media.Playback", "Initiate", "\"contentId\":\"album-1\""), "Alexa",
                  "EXPIRED_AUTHORIZATION_CREDENTIAL");
  control (fixture, "{\"expired_token\":\"\"}");
  assert_refused (ask (fixture, "Media.Playback", "Initiate", "\"contentId\":\"album-1\""), "Alexa",
                  "INVALID_AUTHORIZATION_CREDENTIAL");
  control (fixture, "{\"token\":\"t\"}");
  json_object_unref (initiate (fixture, "album-1", ""));
}

static void
test_feedback (Fixture *fixture, gconstpointer data)
{
  json_object_unref (initiate (fixture, "album-1", ""));
  g_autofree char *payload = g_strdup_printf (
      "\"activeContext\":{\"content\":[{\"namespace\":\"Alexa.Audio.PlayQueue\",\"name\":\"item\","
      "\"value\":{\"id\":\"album-1.track-2\",\"queueId\":\"%s\",\"contentId\":\"album-1\"}}]},"
      "\"feedback\":{\"type\":\"PREFERENCE\",\"value\":\"NEGATIVE\"}",
      fixture->queue);
  g_autoptr (JsonObject) answer = ask (fixture, "UserPreference", "ReceiveFeedback", payload);
  assert_string (answer, "header.name", "ReceiveFeedback.Response");
  g_assert_true (json_node_get_boolean (demo_json_get (answer, "payload.skip")));
  g_autoptr (JsonObject) item = next (fixture, "album-1.track-1", FALSE);
  assert_string (item, "payload.item.feedback.value", "NEGATIVE");
}

static void
test_events (Fixture *fixture, gconstpointer data)
{
  guint status = 0;
  g_autofree char *answer
      = post (fixture, "",
              "{\"version\":\"1.0\",\"context\":{},\"request\":{\"type\":"
              "\"AlexaAudioPlayQueueEvent.ItemPlaybackStarted\",\"body\":{"
              "\"offsetInMilliseconds\":7,\"item\":{\"id\":\"i\",\"queueId\":\"q\","
              "\"contentId\":\"c\"}}}}",
              &status);
  g_assert_cmpstr (answer, ==, "{}");
  g_assert_cmpuint (demo_music_server_count (fixture->server, "event", "ItemPlaybackStarted"), ==,
                    1);
  JsonObject *event = g_ptr_array_index (demo_music_server_get_log (fixture->server), 0);
  assert_string (event, "item", "i");
  g_assert_cmpint (demo_json_get_int (event, "offset_ms", -1), ==, 7);
}

static void
add_fault (Fixture *fixture, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_assert_true (demo_music_server_add_fault (fixture->server, text, &error));
  g_assert_no_error (error);
}

#define STREAM "payload.item.stream"

static JsonObject *
spoilt_next (Fixture *fixture, const char *fault)
{
  add_fault (fixture, fault);
  return next (fixture, "album-1.track-1", FALSE);
}

static void
test_faults (Fixture *fixture, gconstpointer data)
{
  json_object_unref (initiate (fixture, "album-1", ""));
  assert_refused (spoilt_next (fixture, "{\"fault\":\"error\",\"type\":\"ITEM_NOT_FOUND\"}"),
                  "Alexa.Audio", "ITEM_NOT_FOUND");
  assert_refused (spoilt_next (fixture, "error@GetNextItem"), "Alexa", "INTERNAL_ERROR");
  g_autoptr (JsonObject) stale = spoilt_next (fixture, "stale");
  assert_string (stale, STREAM ".validUntil", "2018-05-10T19:11:35Z");
  g_autoptr (JsonObject) none = spoilt_next (fixture, "no-valid-until");
  assert_string (none, STREAM ".validUntil", NULL);
  g_autoptr (JsonObject) garbage
      = spoilt_next (fixture, "{\"fault\":\"valid-until\",\"value\":\"soon\"}");
  assert_string (garbage, STREAM ".validUntil", "soon");
  g_autoptr (JsonObject) null = spoilt_next (fixture, "null-item");
  g_assert_true (JSON_NODE_HOLDS_NULL (demo_json_get (null, "payload.item")));
  g_autoptr (JsonObject) other = spoilt_next (fixture, "other-item");
  assert_string (other, "payload.item.id", "other");

  add_fault (fixture, "request-namespace@GetItem");
  g_autoptr (JsonObject) item
      = ask_about (fixture, "Media.PlayQueue", "GetItem", WRAPPED, "album-1.track-1", "");
  assert_string (item, "header.namespace", "Alexa.Media.PlayQueue");

  guint status = 0;
  add_fault (fixture, "{\"fault\":\"status\",\"status\":503,\"count\":2}");
  for (int i = 0; i < 2; i++)
    {
      g_free (post (fixture, "", "{}", &status));
      g_assert_cmpuint (status, ==, 503);
    }
  assert_item (next (fixture, "album-1.track-1", FALSE), "album-1.track-2");
  control (fixture, "{\"fault\":\"garbage\"}");
  control (fixture, "{\"reset\":true}");
  assert_item (next (fixture, "album-1.track-1", FALSE), "album-1.track-2");
  g_autofree char *why = post (fixture, "control", "{\"fault\":\"sloth\"}", &status);
  g_assert_cmpuint (status, ==, 400);
  g_assert_nonnull (strstr (why, "dead-uri"));
}

/* An answer that nobody waits for any more when the server goes. */
static void
test_hang (Fixture *fixture, gconstpointer data)
{
  add_fault (fixture, "{\"fault\":\"late\",\"delay_ms\":3600000}");
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (SoupMessage) msg
      = soup_message_new ("POST", demo_music_server_get_url (fixture->server));
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (GCancellable) cancellable = g_cancellable_new ();
  soup_message_set_request_body_from_bytes (msg, "application/json", body);
  soup_session_send_and_read_async (fixture->session, msg, 0, cancellable, on_done, &result);
  while (demo_music_server_get_log (fixture->server)->len == 0)
    g_main_context_iteration (NULL, TRUE);
  g_cancellable_cancel (cancellable);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_assert_null (soup_session_send_and_read_finish (fixture->session, result, NULL));
}

/* Gets @url, from byte @from to byte @to if not 0; the body as far as it came. */
static GBytes *
get (Fixture *fixture, const char *url, goffset from, goffset to, guint *status)
{
  g_autoptr (SoupMessage) msg = soup_message_new ("GET", url);
  if (to > 0)
    soup_message_headers_set_range (soup_message_get_request_headers (msg), from, to);
  GBytes *bytes = send (fixture, msg, NULL);
  *status = soup_message_get_status (msg);
  return bytes;
}

/* URL of the second track of album 1, which is MP3. */
static char *
get_url (Fixture *fixture)
{
  g_autoptr (JsonObject) answer = next (fixture, "album-1.track-1", FALSE);
  return g_strdup (demo_json_get_string (answer, STREAM ".uri"));
}

static GBytes *
read_noon (const char *media_dir)
{
  g_autofree char *path = g_build_filename (media_dir, "noon.mp3", NULL);
  char *text = NULL;
  gsize size = 0;
  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  return g_bytes_new_take (text, size);
}

static void
test_media (Fixture *fixture, gconstpointer media_dir)
{
  g_autoptr (GBytes) noon = read_noon (media_dir);
  g_autoptr (GBytes) some = g_bytes_new_from_bytes (noon, 1000, 500);
  json_object_unref (initiate (fixture, "album-1", ""));
  g_autofree char *url = get_url (fixture);
  guint status = 0;
  g_autoptr (GBytes) whole = get (fixture, url, 0, 0, &status);
  g_assert_cmpuint (status, ==, 200);
  g_assert_true (g_bytes_equal (whole, noon));
  g_autoptr (GBytes) part = get (fixture, url, 1000, 1499, &status);
  g_assert_cmpuint (status, ==, 206);
  g_assert_true (g_bytes_equal (part, some));

  control (fixture, "{\"rate\":1000000}");
  g_autoptr (GBytes) slow = get (fixture, url, 0, 0, &status);
  g_assert_true (g_bytes_equal (slow, noon));
  control (fixture, "{\"rate\":0,\"cut\":50000}");
  g_autoptr (GBytes) cut = get (fixture, url, 0, 0, &status);
  g_assert_true (cut == NULL || g_bytes_get_size (cut) < SOME_BYTES);
  g_autoptr (GBytes) again = get (fixture, url, 0, 0, &status);
  g_assert_true (g_bytes_equal (again, noon));
}

static void
assert_expired (Fixture *fixture, const char *url, guint expected)
{
  guint status = 0;
  g_autoptr (GBytes) body = get (fixture, url, 0, 0, &status);
  g_assert_nonnull (body);
  g_assert_cmpuint (status, ==, expected);
}

static void
test_expiry (Fixture *fixture, gconstpointer data)
{
  json_object_unref (initiate (fixture, "album-1", ""));
  g_autofree char *lasting = get_url (fixture);
  assert_expired (fixture, lasting, 200);
  g_autofree char *forged = g_strconcat (lasting, "0", NULL);
  assert_expired (fixture, forged, 403);
  control (fixture, "{\"expire\":true,\"refusal\":410}");
  assert_expired (fixture, lasting, 410);

  control (fixture, "{\"lifetime_ms\":100,\"refusal\":403}");
  g_autofree char *brief = get_url (fixture);
  gint64 until_us = g_get_monotonic_time () + 101000;
  while (g_get_monotonic_time () < until_us)
    g_main_context_iteration (NULL, FALSE);
  assert_expired (fixture, brief, 403);

  control (fixture, "{\"lifetime_ms\":0}");
  g_autoptr (JsonObject) answer = next (fixture, "album-1.track-1", FALSE);
  assert_string (answer, STREAM ".validUntil", NULL);
  assert_expired (fixture, demo_json_get_string (answer, STREAM ".uri"), 200);
}

static void
on_live_read (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gssize *n = user_data;
  *n = g_input_stream_read_finish (G_INPUT_STREAM (source), result, NULL);
}

static void
test_live (Fixture *fixture, gconstpointer data)
{
  g_autoptr (JsonObject) answer = initiate (fixture, "radio", "");
  g_assert_null (demo_json_get (answer, "payload.playbackMethod.firstItem.durationInMilliseconds"));
  const char *url = demo_json_get_string (answer, "payload.playbackMethod.firstItem.stream.uri");
  g_autoptr (SoupMessage) msg = soup_message_new ("GET", url);
  g_autoptr (GAsyncResult) result = NULL;
  soup_session_send_async (fixture->session, msg, 0, NULL, on_done, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_autoptr (GInputStream) stream = soup_session_send_finish (fixture->session, result, NULL);
  g_assert_nonnull (stream);
  /* more than there is in the file: it goes on from its beginning */
  g_autofree char *buffer = g_malloc (16384);
  for (gsize total = 0; total < 130 * 1024;)
    {
      gssize n = -2;
      g_input_stream_read_async (stream, buffer, 16384, 0, NULL, on_live_read, &n);
      while (n == -2)
        g_main_context_iteration (NULL, TRUE);
      g_assert_cmpint (n, >, 0);
      total += (gsize)n;
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
#define ADD(name, func) g_test_add ("/demo-music/" name, Fixture, argv[1], set_up, func, tear_down)
  ADD ("search", test_search);
  ADD ("album", test_album);
  ADD ("references", test_references);
  ADD ("modes", test_modes);
  ADD ("limits", test_limits);
  ADD ("tokens", test_tokens);
  ADD ("feedback", test_feedback);
  ADD ("events", test_events);
  ADD ("faults", test_faults);
  ADD ("hang", test_hang);
  ADD ("media", test_media);
  ADD ("expiry", test_expiry);
  ADD ("live", test_live);
  return g_test_run ();
}
