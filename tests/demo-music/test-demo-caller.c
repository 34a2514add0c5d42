/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* The caller and the demo music skill, over real HTTP: each understands all that the other says. */

#include <glib/gstdio.h>
#include <string.h>

#include "daemon/daemon-music-caller.h"
#include "dbus/bus-errors.h"
#include "demo-json.h"
#include "demo-music-server.h"
#include "tests/dummies/player-dummy-engine.h"

#define DEADLINE_S 30
/* Of one attempt. */
#define TIMEOUT_MS 2000

typedef struct
{
  DemoMusicServer *server;   /* (owned) */
  DaemonConfig *config;      /* (owned) */
  DaemonMusicConfig *music;  /* owned by @config */
  DaemonContext *context;    /* (owned) */
  DaemonMusicCaller *caller; /* (owned) */
  char *token_file;          /* (owned) */
  GPtrArray *findings;       /* (owned) (element-type utf8): their ids */
  AlexaMusicReference *at;   /* (owned) (nullable): where the queue is */
  gboolean called;
  AlexaMusicAnswer *answer; /* (owned) (nullable) */
  DaemonMusicMoment received;
  GError *error; /* (owned) (nullable) */
  AlexaMusicErrorType error_type;
} Fixture;

static void
on_step (DaemonTimeline *timeline, const char *kind, GVariant *details, gpointer user_data)
{
  Fixture *f = user_data;
  if (!g_str_equal (kind, "Finding"))
    return;
  const char *id = NULL;
  g_variant_get_child (details, 2, "&s", &id);
  g_ptr_array_add (f->findings, g_strdup (id));
}

static void
set_token (Fixture *f, const char *token)
{
  g_assert_true (g_file_set_contents (f->token_file, token, -1, NULL));
}

static void
make_context (Fixture *f)
{
  g_autoptr (PlayerDummyEngine) engine = player_dummy_engine_new ();
  g_autoptr (PlayerClock) clock = player_main_clock_new ();
  g_autoptr (PlayerController) controller
      = player_controller_new (PLAYER_ENGINE (engine), clock, PLAYER_NEARLY_FINISHED_BUFFERED);
  g_autoptr (DaemonTransport) transport = daemon_soup_transport_new (TIMEOUT_MS, 122880, NULL);
  g_autoptr (DaemonStore) store = daemon_store_new (NULL, NULL);
  f->context = daemon_context_new (f->config, controller, clock, transport, store, NULL);
  g_signal_connect (f->context->timeline, "step", G_CALLBACK (on_step), f);
}

static void
set_up (Fixture *f, gconstpointer media_dir)
{
  static const char *const tracks[] = { "morning.flac", "noon.mp3", "evening.m4a", NULL };
  g_autoptr (GError) error = NULL;
  f->server = demo_music_server_new (0, media_dir, tracks, &error);
  g_assert_no_error (error);
  int fd = g_file_open_tmp ("segue-token-XXXXXX", &f->token_file, NULL);
  g_assert_true (g_close (fd, NULL));
  set_token (f, "first");
  f->findings = g_ptr_array_new_with_free_func (g_free);
  f->config = daemon_config_new_default ();
  f->music = daemon_music_config_new ("demo", demo_music_server_get_url (f->server));
  f->music->http_media = TRUE;
  f->music->access_token_path = g_strdup (f->token_file);
  g_ptr_array_add (f->config->music, f->music);
  make_context (f);
  f->caller = daemon_music_caller_new (f->context, f->music);
}

static void
forget (Fixture *f)
{
  g_clear_pointer (&f->answer, alexa_music_answer_unref);
  g_clear_error (&f->error);
  f->called = FALSE;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->caller);
  g_signal_handlers_disconnect_by_data (f->context->timeline, f);
  daemon_context_unref (f->context);
  daemon_config_unref (f->config);
  g_object_unref (f->server);
  forget (f);
  g_clear_pointer (&f->at, alexa_music_reference_unref);
  g_ptr_array_unref (f->findings);
  g_unlink (f->token_file);
  g_free (f->token_file);
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

static void
control (Fixture *f, const char *json)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = demo_json_parse_object (json, -1, &error);
  g_assert_no_error (error);
  g_assert_true (demo_music_server_control (f->server, object, &error));
  g_assert_no_error (error);
}

static void
on_answered (AlexaMusicAnswer *answer,
             const DaemonMusicMoment *received,
             const GError *error,
             AlexaMusicErrorType error_type,
             gpointer user_data)
{
  Fixture *f = user_data;
  g_assert_false (f->called);
  f->called = TRUE;
  f->answer = answer != NULL ? alexa_music_answer_ref (answer) : NULL;
  f->received = *received;
  f->error = error != NULL ? g_error_copy (error) : NULL;
  f->error_type = error_type;
}

static gboolean
is_called (Fixture *f)
{
  return f->called;
}

static void
wait_for (Fixture *f, gboolean (*condition) (Fixture *f))
{
  gint64 deadline = g_get_monotonic_time () + DEADLINE_S * G_USEC_PER_SEC;
  while (!condition (f) && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (condition (f));
}

static AlexaMusicRequest *
make (Fixture *f, AlexaMusicMessage message)
{
  AlexaMusicRequest *request = alexa_music_request_new (message);
  request->reference = f->at != NULL ? alexa_music_reference_ref (f->at) : NULL;
  return request;
}

/* Asks, and waits for the answer. Takes @request. */
static void
ask_any (Fixture *f, AlexaMusicRequest *request)
{
  forget (f);
  daemon_music_caller_ask (f->caller, request, on_answered, f);
  alexa_music_request_unref (request);
  wait_for (f, is_called);
}

static void
ask (Fixture *f, AlexaMusicRequest *request)
{
  ask_any (f, request);
  g_assert_no_error (f->error);
  g_assert_cmpint (f->answer->error, ==, ALEXA_MUSIC_ERROR_NONE);
}

static void
move_to (Fixture *f, const char *id)
{
  AlexaMusicReference *there = alexa_music_reference_new (id, f->at->queue_id, f->at->content_id);
  alexa_music_reference_unref (f->at);
  f->at = there;
}

static void
initiate (Fixture *f, const char *content, gboolean shuffle)
{
  AlexaMusicRequest *request = make (f, ALEXA_MUSIC_INITIATE);
  request->content_id = g_strdup (content);
  request->shuffle = shuffle;
  ask (f, request);
  g_clear_pointer (&f->at, alexa_music_reference_unref);
  f->at = alexa_music_reference_new (f->answer->queue->first->id, f->answer->queue->id, content);
}

static void
assert_next (Fixture *f, gboolean user, const char *id)
{
  AlexaMusicRequest *request = make (f, ALEXA_MUSIC_GET_NEXT_ITEM);
  request->user_initiated = user;
  ask (f, request);
  g_assert_cmpint (f->answer->finished, ==, id == NULL);
  g_assert_cmpstr (f->answer->item != NULL ? f->answer->item->id : NULL, ==, id);
}

static void
set_mode (Fixture *f, AlexaMusicMessage message, gboolean enable)
{
  AlexaMusicRequest *request = make (f, message);
  request->enable = enable;
  ask (f, request);
}

static void
test_search (Fixture *f, gconstpointer data)
{
  AlexaMusicRequest *request = make (f, ALEXA_MUSIC_GET_PLAYABLE_CONTENT);
  g_ptr_array_add (request->criteria, alexa_music_criterion_new ("ALBUM", "after rain", NULL));
  ask (f, request);
  g_assert_cmpstr (f->answer->content_id, ==, "album-2");
  g_assert_cmpstr (f->answer->content->name, ==, "After Rain");

  request = make (f, ALEXA_MUSIC_GET_PLAYABLE_CONTENT);
  g_ptr_array_add (request->criteria, alexa_music_criterion_new ("ALBUM", "zebra", NULL));
  ask_any (f, request);
  g_assert_error (f->error, BUS_ERROR, BUS_ERROR_NOT_FOUND);
  g_assert_cmpint (f->error_type, ==, ALEXA_MUSIC_ERROR_CONTENT_NOT_FOUND);
}

static void
test_queue (Fixture *f, gconstpointer data)
{
  initiate (f, "album-1", FALSE);
  const AlexaMusicQueue *queue = f->answer->queue;
  g_assert_cmpint (queue->controls.shuffle, ==, ALEXA_MUSIC_ENABLED);
  g_assert_false (queue->controls.shuffle_on);
  g_assert_true (queue->feedback_enabled);
  const AlexaMusicItem *first = queue->first;
  g_assert_cmpint (first->duration_ms, ==, 8000);
  g_assert_cmpstr (first->metadata->name, ==, "Morning");
  g_assert_cmpstr (first->metadata->album, ==, "Light of Day");
  g_assert_cmpstr (first->metadata->authors[0], ==, "The Four Corners");
  g_assert_cmpuint (first->metadata->art->len, ==, 5);
  g_assert_cmpint (first->controls.next, ==, ALEXA_MUSIC_ENABLED);
  g_assert_cmpint (first->controls.previous, ==, ALEXA_MUSIC_DISABLED);
  g_assert_cmpint (first->stream->valid_until_us, >, g_get_real_time ());

  assert_next (f, FALSE, "album-1.track-2");
  move_to (f, "album-1.track-2");
  assert_next (f, TRUE, "album-1.track-3");
  ask (f, make (f, ALEXA_MUSIC_GET_PREVIOUS_ITEM));
  g_assert_cmpstr (f->answer->item->id, ==, "album-1.track-1");
  AlexaMusicRequest *jump = make (f, ALEXA_MUSIC_JUMP_TO_ITEM);
  jump->target_item_id = g_strdup ("album-1.track-3");
  ask (f, jump);
  g_assert_cmpstr (f->answer->item->id, ==, "album-1.track-3");
  ask (f, make (f, ALEXA_MUSIC_GET_ITEM));
  g_assert_cmpstr (f->answer->item->id, ==, "album-1.track-2");
  ask (f, make (f, ALEXA_MUSIC_GET_VIEW));
  g_assert_cmpuint (f->answer->items->len, ==, 2);
  move_to (f, "album-1.track-3");
  assert_next (f, FALSE, NULL);
}

static void
test_modes (Fixture *f, gconstpointer data)
{
  initiate (f, "album-1", TRUE);
  g_assert_true (f->answer->queue->controls.shuffle_on);
  assert_next (f, FALSE, "album-1.track-3");
  set_mode (f, ALEXA_MUSIC_SET_SHUFFLE, FALSE);
  assert_next (f, FALSE, "album-1.track-2");
  set_mode (f, ALEXA_MUSIC_SET_REPEAT, TRUE);
  assert_next (f, FALSE, "album-1.track-1");
  set_mode (f, ALEXA_MUSIC_SET_REPEAT, FALSE);
  set_mode (f, ALEXA_MUSIC_SET_LOOP, TRUE);
  move_to (f, "album-1.track-3");
  assert_next (f, FALSE, "album-1.track-1");
  ask (f, make (f, ALEXA_MUSIC_GET_VIEW));
  g_assert_true (f->answer->controls.loop_on);
  g_assert_false (f->answer->controls.repeat_on);
}

static void
test_feedback (Fixture *f, gconstpointer data)
{
  initiate (f, "album-1", FALSE);
  AlexaMusicRequest *request = make (f, ALEXA_MUSIC_RECEIVE_FEEDBACK);
  request->positive = TRUE;
  ask (f, request);
  g_assert_false (f->answer->skip);
  ask (f, make (f, ALEXA_MUSIC_GET_ITEM));
  g_assert_cmpstr (f->answer->item->rating, ==, "POSITIVE");
  ask (f, make (f, ALEXA_MUSIC_RECEIVE_FEEDBACK));
  g_assert_true (f->answer->skip);
}

static void
test_elsewhere (Fixture *f, gconstpointer data)
{
  control (f, "{\"one_queue\":true,\"ads_every\":1}");
  initiate (f, "album-1", FALSE);
  move_to (f, "ad-1");
  ask (f, make (f, ALEXA_MUSIC_GET_ITEM));
  g_assert_cmpint (f->answer->item->playback, ==, ALEXA_MUSIC_PLAYBACK_AD);
  g_assert_cmpint (f->answer->item->controls.next, ==, ALEXA_MUSIC_DISABLED);
  AlexaMusicRequest *request = make (f, ALEXA_MUSIC_REINITIATE);
  request->offset_ms = 1234;
  ask (f, request);
  g_assert_cmpstr (f->answer->queue->id, ==, f->at->queue_id);
  g_assert_cmpstr (f->answer->queue->first->id, ==, "ad-1");
  g_autofree char *before = g_strdup (f->at->queue_id);
  initiate (f, "radio", FALSE);
  g_assert_cmpstr (f->answer->queue->deactivate[0], ==, before);
  g_assert_cmpint (f->answer->queue->first->duration_ms, ==, -1);
}

/* Of all these conversations, nothing but the plain HTTP is found fault with. */
static void
test_no_findings (Fixture *f, gconstpointer data)
{
  test_search (f, data);
  test_queue (f, data);
  test_modes (f, data);
  test_feedback (f, data);
  test_elsewhere (f, data);
  g_assert_cmpuint (f->findings->len, >, 0);
  for (guint i = 0; i < f->findings->len; i++)
    g_assert_cmpstr (g_ptr_array_index (f->findings, i), ==, "music-uri-http");
}

static void
test_deadline (Fixture *f, gconstpointer data)
{
  gboolean stale = TRUE;
  initiate (f, "album-1", FALSE);
  const AlexaMusicStream *stream = f->answer->queue->first->stream;
  g_assert_cmpint (f->received.date_us, >, 0);
  gint64 life_us
      = daemon_music_expiry_get_deadline (stream, &f->received, &stale) - f->received.monotonic_us;
  g_assert_false (stale);
  g_assert_cmpint (life_us, <=, 895 * G_USEC_PER_SEC);
  g_assert_cmpint (life_us, >, (895 - DEADLINE_S) * G_USEC_PER_SEC);

  control (f, "{\"fault\":\"stale\"}");
  ask (f, make (f, ALEXA_MUSIC_GET_ITEM));
  daemon_music_expiry_get_deadline (f->answer->item->stream, &f->received, &stale);
  g_assert_true (stale);
  g_assert_cmpstr (g_ptr_array_index (f->findings, f->findings->len - 1), ==,
                   "music-valid-until-past");

  control (f, "{\"fault\":\"valid-until\",\"value\":\"soon\"}");
  ask (f, make (f, ALEXA_MUSIC_GET_ITEM));
  g_assert_cmpint (daemon_music_expiry_get_deadline (f->answer->item->stream, &f->received, &stale),
                   ==, f->received.monotonic_us + 55 * G_USEC_PER_SEC);
  g_assert_false (stale);
}

/* What came to nothing at first; each time once. */
static void
test_faults (Fixture *f, gconstpointer data)
{
  static const char *const faults[] = {
    "{\"fault\":\"late\",\"delay_ms\":30000}",
    "{\"fault\":\"status\",\"status\":503}",
    "{\"fault\":\"garbage\"}",
    "{\"fault\":\"empty\"}",
    "{\"fault\":\"cut\"}",
  };
  initiate (f, "album-1", FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      guint n = demo_music_server_count (f->server, "request", NULL);
      g_test_message ("%s", faults[i]);
      control (f, faults[i]);
      ask (f, make (f, ALEXA_MUSIC_GET_ITEM));
      g_assert_cmpuint (demo_music_server_count (f->server, "request", NULL), ==, n + 2);

      control (f, faults[i]);
      AlexaMusicRequest *skip = make (f, ALEXA_MUSIC_GET_NEXT_ITEM);
      skip->user_initiated = TRUE;
      ask_any (f, skip);
      g_assert_nonnull (f->error);
      g_assert_cmpuint (demo_music_server_count (f->server, "request", NULL), ==, n + 3);
    }
  control (f, "{\"fault\":\"null-item\"}");
  assert_next (f, FALSE, NULL);
  control (f, "{\"fault\":\"request-namespace\"}");
  ask (f, make (f, ALEXA_MUSIC_GET_ITEM));
  control (f, "{\"fault\":\"body\",\"body\":\"null\"}");
  ask_any (f, make (f, ALEXA_MUSIC_GET_VIEW));
  g_assert_error (f->error, BUS_ERROR, BUS_ERROR_NOT_SUPPORTED);
}

/* Larger than any answer of another skill may be. */
static void
test_large (Fixture *f, gconstpointer data)
{
  initiate (f, "album-1", FALSE);
  g_autofree char *filling = g_strnfill (900 * 1024, 'x');
  g_autofree char *fault = g_strdup_printf (
      "{\"fault\":\"answer\",\"answer\":{\"header\":{\"messageId\":\"m\",\"namespace\":\"Alexa\","
      "\"name\":\"Response\",\"payloadVersion\":\"3.0\"},\"payload\":{},\"more\":\"%s\"}}",
      filling);
  control (f, fault);
  set_mode (f, ALEXA_MUSIC_SET_LOOP, TRUE);
}

static gboolean
is_asked (Fixture *f)
{
  return demo_music_server_count (f->server, "request", NULL) > 0;
}

static void
test_token (Fixture *f, gconstpointer data)
{
  control (f, "{\"token\":\"second\",\"expired_token\":\"first\"}");
  AlexaMusicRequest *request = make (f, ALEXA_MUSIC_INITIATE);
  request->content_id = g_strdup ("album-1");
  daemon_music_caller_ask (f->caller, request, on_answered, f);
  alexa_music_request_unref (request);
  wait_for (f, is_asked);
  set_token (f, "second"); /* after a second at the latest it is seen */
  wait_for (f, is_called);
  g_assert_no_error (f->error);
  g_assert_cmpuint (demo_music_server_count (f->server, "request", "Initiate"), ==, 2);

  control (f, "{\"token\":\"third\",\"expired_token\":\"\"}");
  ask_any (f, make (f, ALEXA_MUSIC_GET_PLAYABLE_CONTENT));
  g_assert_error (f->error, BUS_ERROR, BUS_ERROR_NOT_LINKED);
  g_assert_cmpint (daemon_music_caller_get_link (f->caller), ==, DAEMON_MUSIC_RELINK);
  guint n = demo_music_server_count (f->server, "request", NULL);
  ask_any (f, make (f, ALEXA_MUSIC_GET_PLAYABLE_CONTENT));
  g_assert_error (f->error, BUS_ERROR, BUS_ERROR_NOT_LINKED);
  g_assert_cmpuint (demo_music_server_count (f->server, "request", NULL), ==, n);
  set_token (f, "third");
  initiate (f, "album-1", FALSE);
  g_assert_cmpint (daemon_music_caller_get_link (f->caller), ==, DAEMON_MUSIC_LINKED);
}

static gboolean
is_told (Fixture *f)
{
  return demo_music_server_count (f->server, "event", NULL) == 3;
}

static void
test_events (Fixture *f, gconstpointer data)
{
  static const AlexaMusicEventType types[]
      = { ALEXA_MUSIC_EVENT_STARTED, ALEXA_MUSIC_EVENT_STOPPED, ALEXA_MUSIC_EVENT_FAILED };
  g_autoptr (AlexaMusicReference) reference
      = alexa_music_reference_new ("album-1.track-1", "queue-1", "album-1");
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autoptr (AlexaMusicEvent) event
          = alexa_music_event_new (types[i], reference, 100 * (gint64)i, NULL, NULL, NULL);
      daemon_music_caller_tell (f->caller, event);
    }
  wait_for (f, is_told);
  guint n = 0;
  static const char *const names[]
      = { "ItemPlaybackStarted", "ItemPlaybackStopped", "ItemPlaybackFailed" };
  GPtrArray *log = demo_music_server_get_log (f->server);
  for (guint i = 0; i < log->len; i++)
    {
      JsonObject *entry = g_ptr_array_index (log, i);
      if (g_strcmp0 (demo_json_get_string (entry, "kind"), "event") != 0)
        continue;
      g_assert_cmpstr (demo_json_get_string (entry, "name"), ==, names[n]);
      g_assert_cmpstr (demo_json_get_string (entry, "item"), ==, "album-1.track-1");
      g_assert_cmpint (demo_json_get_int (entry, "offset_ms", -1), ==, 100 * (gint64)n);
      n++;
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  const char *media_dir = g_getenv ("DEMO_MEDIA_DIR");
  g_assert_nonnull (media_dir);
#define ADD(name, func)                                                                            \
  g_test_add ("/demo-caller/" name, Fixture, media_dir, set_up, func, tear_down)
  ADD ("search", test_search);
  ADD ("queue", test_queue);
  ADD ("modes", test_modes);
  ADD ("feedback", test_feedback);
  ADD ("elsewhere", test_elsewhere);
  ADD ("no-findings", test_no_findings);
  ADD ("deadline", test_deadline);
  ADD ("faults", test_faults);
  ADD ("large", test_large);
  ADD ("token", test_token);
  ADD ("events", test_events);
  return g_test_run ();
}
