/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* One music service and all that it may answer: attempts, tokens, limits, and how it stands to us. */
#include "daemon/daemon-music-caller.h"

#include <glib/gstdio.h>
#include <string.h>

#include "alexa/alexa-json.h"
#include "daemon/daemon-music-retry.h"
#include "dbus/bus-errors.h"
#include "test-house.h"

#define ENDPOINT "http://127.0.0.1:4000/music"

#define ANSWER(namespace, name, payload)                                                           \
  "{\"header\":{\"messageId\":\"m\",\"namespace\":\"" namespace "\",\"name\":\"" name              \
                                                                "\",\"payloadVersion\":\"1.0\"},"  \
                                                                "\"payload\":" payload "}"
#define ITEM(until)                                                                                \
  "{\"id\":\"i2\",\"playbackInfo\":{\"type\":\"DEFAULT\"},\"metadata\":{\"type\":\"TRACK\","       \
  "\"name\":{\"speech\":{\"type\":\"PLAIN_TEXT\",\"text\":\"Noon\"},\"display\":\"Noon\"}},"       \
  "\"controls\":[],\"stream\":{\"id\":\"s\",\"uri\":\"https://media.example/2?key=signature\","    \
  "\"validUntil\":\"" until "\"}}"
#define FUTURE "2099-01-01T00:00:00Z"
#define GOT_ITEM                                                                                   \
  ANSWER ("Alexa.Audio.PlayQueue", "GetItem.Response", "{\"item\":" ITEM (FUTURE) "}")
#define GOT_NEXT                                                                                   \
  ANSWER ("Alexa.Audio.PlayQueue", "GetNextItem.Response",                                         \
          "{\"isQueueFinished\":false,\"item\":" ITEM (FUTURE) "}")
#define GOT_RESPONSE ANSWER ("Alexa", "Response", "{}")

typedef struct
{
  House house;
  DaemonMusicConfig *config; /* owned by the house's configuration */
  DaemonMusicCaller *caller; /* (owned) (nullable) */
  char *token_file;          /* (owned) */
  guint n_link_changes;
  guint n_called;
  AlexaMusicAnswer *answer; /* (owned) (nullable): of the last call; so the others */
  DaemonMusicMoment received;
  GError *error; /* (owned) (nullable) */
  AlexaMusicErrorType error_type;
} Fixture;

static void
on_link_changed (DaemonMusicCaller *caller, gpointer user_data)
{
  ((Fixture *)user_data)->n_link_changes++;
}

static void
set_token (Fixture *f, const char *token)
{
  g_assert_true (g_file_set_contents (f->token_file, token, -1, NULL));
}

static void
set_up (Fixture *f, gconstpointer data)
{
  house_set_up (&f->house, NULL);
  int fd = g_file_open_tmp ("segue-token-XXXXXX", &f->token_file, NULL);
  g_assert_true (g_close (fd, NULL));
  set_token (f, "first\n");
  f->config = daemon_music_config_new ("library", ENDPOINT);
  f->config->access_token_path = g_strdup (f->token_file);
  g_ptr_array_add (f->house.config->music, f->config);
  f->caller = daemon_music_caller_new (f->house.context, f->config);
  g_signal_connect (f->caller, "link-changed", G_CALLBACK (on_link_changed), f);
}

static void
forget (Fixture *f)
{
  g_clear_pointer (&f->answer, alexa_music_answer_unref);
  g_clear_error (&f->error);
  f->error_type = ALEXA_MUSIC_ERROR_NONE;
  f->n_called = 0;
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  if (f->caller != NULL)
    g_assert_finalize_object (g_steal_pointer (&f->caller));
  forget (f);
  house_tear_down (&f->house, NULL);
  g_unlink (f->token_file);
  g_free (f->token_file);
}

static void
on_answered (AlexaMusicAnswer *answer,
             const DaemonMusicMoment *received,
             const GError *error,
             AlexaMusicErrorType error_type,
             gpointer user_data)
{
  Fixture *f = user_data;
  guint n = f->n_called;
  g_assert_true (answer != NULL || error != NULL);
  g_assert_true (error == NULL || error->domain == BUS_ERROR);
  forget (f);
  f->n_called = n + 1;
  f->answer = answer != NULL ? alexa_music_answer_ref (answer) : NULL;
  f->received = *received;
  f->error = error != NULL ? g_error_copy (error) : NULL;
  f->error_type = error_type;
}

static AlexaMusicRequest *
make (AlexaMusicMessage message, gboolean user)
{
  AlexaMusicRequest *request = alexa_music_request_new (message);
  request->user_initiated = user;
  request->content_id = g_strdup ("c");
  request->reference = alexa_music_reference_new ("i1", "q", "c");
  request->target_item_id = g_strdup ("i2");
  return request;
}

static guint
ask (Fixture *f, AlexaMusicMessage message, gboolean user)
{
  forget (f);
  g_autoptr (AlexaMusicRequest) request = make (message, user);
  guint id = daemon_music_caller_ask (f->caller, request, on_answered, f);
  g_assert_cmpuint (id, !=, 0);
  g_assert_cmpuint (f->n_called, ==, 0);
  house_settle (&f->house);
  return id;
}

static guint
n_waiting (Fixture *f)
{
  return daemon_dummy_transport_get_n_waiting (f->house.transport);
}

/* The request that waits, by its path, in full. */
static void
assert_body (Fixture *f, const char *path, const char *expected)
{
  g_assert_cmpuint (n_waiting (f), >=, 1);
  g_autoptr (JsonNode) root
      = alexa_json_parse (daemon_dummy_transport_get_body (f->house.transport), 100 * 1024, NULL);
  g_assert_nonnull (root);
  house_assert (json_node_get_object (root), path, expected);
}

static void
answer_error (Fixture *f, const char *namespace, const char *type)
{
  g_autofree char *json = g_strdup_printf (
      "{\"header\":{\"messageId\":\"m\",\"namespace\":\"%s\",\"name\":\"ErrorResponse\","
      "\"payloadVersion\":\"1.0\"},\"payload\":{\"type\":\"%s\",\"message\":\"Because.\"}}",
      namespace, type);
  house_answer (&f->house, json);
}

static void
assert_failed (Fixture *f, int code, AlexaMusicErrorType type)
{
  g_assert_cmpuint (f->n_called, ==, 1);
  g_assert_error (f->error, BUS_ERROR, code);
  g_assert_cmpint (f->error_type, ==, type);
  g_assert_cmpuint (n_waiting (f), ==, 0);
}

static void
assert_link (Fixture *f, DaemonMusicLink link)
{
  g_assert_cmpint (daemon_music_caller_get_link (f->caller), ==, link);
  g_assert_cmpint (daemon_music_caller_get_problem (f->caller) == NULL, ==,
                   link == DAEMON_MUSIC_LINKED);
}

static void
test_answer (Fixture *f, gconstpointer data)
{
  f->config->locale = g_strdup ("de-DE");
  f->config->country = g_strdup ("DE");
  daemon_dummy_transport_set_date (f->house.transport, 1234567);
  ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  g_assert_cmpstr (daemon_dummy_transport_get_endpoint (f->house.transport), ==, ENDPOINT);
  assert_body (f, "header/name", "GetItem");
  assert_body (f, "payload/requestContext/user/accessToken", "first");
  assert_body (f, "payload/requestContext/location/originatingLocale", "de-DE");
  assert_body (f, "payload/requestContext/location/countryCode", "DE");
  assert_body (f, "payload/targetItemReference/value/queueId", "q");
  house_answer (&f->house, GOT_ITEM);

  g_assert_cmpuint (f->n_called, ==, 1);
  g_assert_no_error (f->error);
  g_assert_cmpstr (f->answer->item->id, ==, "i2");
  g_assert_cmpint (f->received.date_us, ==, 1234567);
  g_assert_cmpint (f->received.monotonic_us, ==,
                   player_clock_now_ms (PLAYER_CLOCK (f->house.clock)) * 1000);
  assert_link (f, DAEMON_MUSIC_LINKED);
  g_assert_cmpuint (f->n_link_changes, ==, 0);
  house_advance (&f->house, 60000);
  g_assert_cmpuint (f->n_called, ==, 1);
}

/* Without anything of its own in the configuration. */
static void
test_defaults (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->config->access_token_path, g_free);
  ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  assert_body (f, "payload/requestContext/user/accessToken", NULL);
  assert_body (f, "payload/requestContext/location/originatingLocale", "en-US");
  assert_body (f, "payload/requestContext/location/countryCode", NULL);
  g_autoptr (JsonNode) root
      = alexa_json_parse (daemon_dummy_transport_get_body (f->house.transport), 100 * 1024, NULL);
  g_autofree char *user = house_get (json_node_get_object (root), "payload/requestContext/user/id");
  g_assert_true (g_str_has_prefix (user, "amzn1.ask.account."));
  house_answer (&f->house, GOT_ITEM);

  /* the same each time, and another one elsewhere */
  DaemonMusicConfig *other = daemon_music_config_new ("other", ENDPOINT);
  g_ptr_array_add (f->house.config->music, other);
  g_autoptr (DaemonMusicCaller) again = daemon_music_caller_new (f->house.context, f->config);
  g_autoptr (DaemonMusicCaller) elsewhere = daemon_music_caller_new (f->house.context, other);
  g_assert_cmpstr (daemon_music_caller_get_origin (elsewhere), ==, "music:other");
  g_autoptr (AlexaMusicRequest) request = make (ALEXA_MUSIC_GET_ITEM, FALSE);
  daemon_music_caller_ask (again, request, on_answered, f);
  house_settle (&f->house);
  assert_body (f, "payload/requestContext/user/id", user);
  house_answer (&f->house, GOT_ITEM);
  daemon_music_caller_ask (elsewhere, request, on_answered, f);
  house_settle (&f->house);
  g_autoptr (JsonNode) third
      = alexa_json_parse (daemon_dummy_transport_get_body (f->house.transport), 100 * 1024, NULL);
  g_autofree char *stranger
      = house_get (json_node_get_object (third), "payload/requestContext/user/id");
  g_assert_cmpstr (stranger, !=, user);
  house_answer (&f->house, GOT_ITEM);
}

static const char *
find_step (Fixture *f, const char *prefix)
{
  for (guint i = 0; i < f->house.steps->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (f->house.steps, i), prefix))
      return g_ptr_array_index (f->house.steps, i);
  g_assert_not_reached ();
}

/* All that is said is told, without secrets. */
static void
test_timeline (Fixture *f, gconstpointer data)
{
  ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  house_answer (&f->house, ANSWER ("Alexa.Audio.PlayQueue", "GetItem.Response",
                                   "{\"item\":" ITEM ("2018-05-10T19:11:35Z") "}"));
  const char *sent = find_step (f, "RequestSent music:library ");
  g_assert_nonnull (strstr (sent, " GetItem {"));
  g_assert_nonnull (strstr (sent, "accessToken"));
  g_assert_null (strstr (sent, "first"));
  const char *received = find_step (f, "AnswerReceived music:library ");
  g_assert_nonnull (strstr (received, "https://media.example/2"));
  g_assert_null (strstr (received, "signature"));
  const char *finding = find_step (f, "Finding music:library ");
  g_assert_nonnull (strstr (finding, "music-valid-until-past"));
  g_assert_nonnull (strstr (finding, "payload.item.stream.validUntil"));
  g_assert_no_error (f->error);

  ask (f, ALEXA_MUSIC_SET_LOOP, FALSE);
  house_fail (&f->house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
  g_assert_nonnull (strstr (find_step (f, "RequestFailed music:library "), " Timeout "));
}

/* Each row of the table of errors, for a message that is asked once and one that is prefetched. */
typedef struct
{
  const char *namespace;
  const char *type;
  AlexaMusicErrorType parsed;
  int code;
  DaemonMusicLink link;
  gboolean prefetch_goes_on;
} Refusal;

static const Refusal refusals[] = {
  { "Alexa", "INVALID_DIRECTIVE", ALEXA_MUSIC_ERROR_INVALID_DIRECTIVE, BUS_ERROR_NOT_SUPPORTED,
    DAEMON_MUSIC_LINKED, FALSE },
  { "Alexa", "INVALID_AUTHORIZATION_CREDENTIAL", ALEXA_MUSIC_ERROR_INVALID_AUTHORIZATION_CREDENTIAL,
    BUS_ERROR_NOT_LINKED, DAEMON_MUSIC_RELINK, FALSE },
  { "Alexa", "ACCOUNT_PROBLEM", ALEXA_MUSIC_ERROR_ACCOUNT_PROBLEM, BUS_ERROR_NOT_LINKED,
    DAEMON_MUSIC_ACCOUNT_PROBLEM, FALSE },
  { "Alexa", "RATE_LIMIT_EXCEEDED", ALEXA_MUSIC_ERROR_RATE_LIMIT_EXCEEDED, BUS_ERROR_REFUSED,
    DAEMON_MUSIC_RATE_LIMITED, TRUE },
  { "Alexa", "INTERNAL_ERROR", ALEXA_MUSIC_ERROR_INTERNAL_ERROR, BUS_ERROR_REFUSED,
    DAEMON_MUSIC_LINKED, TRUE },
  { "Alexa.Media", "CONTENT_NOT_FOUND", ALEXA_MUSIC_ERROR_CONTENT_NOT_FOUND, BUS_ERROR_NOT_FOUND,
    DAEMON_MUSIC_LINKED, FALSE },
  { "Alexa.Media", "ITEM_NOT_FOUND", ALEXA_MUSIC_ERROR_ITEM_NOT_FOUND, BUS_ERROR_NOT_FOUND,
    DAEMON_MUSIC_LINKED, FALSE },
  { "Alexa.Audio", "ITEM_NOT_FOUND", ALEXA_MUSIC_ERROR_ITEM_NOT_FOUND, BUS_ERROR_NOT_FOUND,
    DAEMON_MUSIC_LINKED, FALSE },
  { "Alexa.Media", "INVALID_ITEM", ALEXA_MUSIC_ERROR_INVALID_ITEM, BUS_ERROR_NOT_FOUND,
    DAEMON_MUSIC_LINKED, FALSE },
  { "Alexa.Media", "DEVICE_LIMIT_REACHED", ALEXA_MUSIC_ERROR_DEVICE_LIMIT_REACHED,
    BUS_ERROR_NOT_ALLOWED, DAEMON_MUSIC_LINKED, FALSE },
  { "Alexa.Audio", "SKIP_LIMIT_REACHED", ALEXA_MUSIC_ERROR_SKIP_LIMIT_REACHED,
    BUS_ERROR_NOT_ALLOWED, DAEMON_MUSIC_LINKED, TRUE },
  { "Alexa.Elsewhere", "MOON_PHASE", ALEXA_MUSIC_ERROR_UNKNOWN, BUS_ERROR_REFUSED,
    DAEMON_MUSIC_LINKED, TRUE },
};

static void
test_refusal (Fixture *f, gconstpointer data)
{
  const Refusal *row = data;
  ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, TRUE);
  answer_error (f, row->namespace, row->type);
  assert_failed (f, row->code, row->parsed);
  g_assert_nonnull (strstr (f->error->message, "Because."));
  g_assert_nonnull (f->answer);
  g_assert_cmpint (f->answer->error, ==, row->parsed);
  assert_link (f, row->link);
  g_assert_cmpuint (f->n_link_changes, ==, row->link != DAEMON_MUSIC_LINKED);
  house_advance (&f->house, 20 * 60 * 1000);
  g_assert_cmpuint (n_waiting (f), ==, 0);
  g_assert_cmpuint (f->n_called, ==, 1);
}

static void
test_refused_prefetch (Fixture *f, gconstpointer data)
{
  const Refusal *row = data;
  ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, FALSE);
  answer_error (f, row->namespace, row->type);
  if (!row->prefetch_goes_on)
    {
      assert_failed (f, row->code, row->parsed);
      return;
    }
  for (int i = 0; i < 5; i++)
    {
      g_assert_cmpuint (f->n_called, ==, 0);
      g_assert_cmpuint (n_waiting (f), ==, 0);
      house_advance (&f->house, 15 * 60 * 1000);
      g_assert_cmpuint (n_waiting (f), ==, 1);
      answer_error (f, row->namespace, row->type);
    }
  house_advance (&f->house, 15 * 60 * 1000);
  house_answer (&f->house, GOT_NEXT);
  g_assert_cmpuint (f->n_called, ==, 1);
  g_assert_no_error (f->error);
  assert_link (f, DAEMON_MUSIC_LINKED);
}

/* What each message does when no answer comes: so many attempts, 0 for without an end. */
static const struct
{
  AlexaMusicMessage message;
  gboolean user;
  guint attempts;
} patience[] = {
  { ALEXA_MUSIC_GET_PLAYABLE_CONTENT, TRUE, 3 },
  { ALEXA_MUSIC_INITIATE, TRUE, 1 },
  { ALEXA_MUSIC_REINITIATE, TRUE, 1 },
  { ALEXA_MUSIC_GET_NEXT_ITEM, FALSE, 0 },
  { ALEXA_MUSIC_GET_NEXT_ITEM, TRUE, 1 },
  { ALEXA_MUSIC_GET_PREVIOUS_ITEM, TRUE, 1 },
  { ALEXA_MUSIC_JUMP_TO_ITEM, TRUE, 1 },
  { ALEXA_MUSIC_GET_ITEM, FALSE, 3 },
  { ALEXA_MUSIC_GET_VIEW, FALSE, 3 },
  { ALEXA_MUSIC_SET_SHUFFLE, TRUE, 1 },
  { ALEXA_MUSIC_SET_LOOP, TRUE, 1 },
  { ALEXA_MUSIC_SET_REPEAT, TRUE, 1 },
  { ALEXA_MUSIC_RECEIVE_FEEDBACK, TRUE, 1 },
};

static void
spoil (Fixture *f, guint n)
{
  switch (n % 6)
    {
    case 0:
      house_fail (&f->house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
      break;
    case 1:
      house_fail (&f->house, DAEMON_TRANSPORT_ERROR_STATUS, 503);
      break;
    case 2:
      house_answer (&f->house, "<html>It works!</html>");
      break;
    case 3:
      house_fail (&f->house, DAEMON_TRANSPORT_ERROR_UNREACHABLE, 0);
      break;
    case 4:
      house_answer (&f->house, "");
      break;
    default:
      house_answer (&f->house, ANSWER ("Alexa.Audio.PlayQueue", "Other.Response", "{}"));
      break;
    }
}

static void
test_patience (Fixture *f, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (patience); i++)
    for (guint first = 0; first < 6; first++)
      {
        guint attempts = patience[i].attempts > 0 ? patience[i].attempts : 12;
        guint id = ask (f, patience[i].message, patience[i].user);
        for (guint n = 1; n <= attempts; n++)
          {
            g_assert_cmpuint (n_waiting (f), ==, 1);
            g_assert_cmpuint (f->n_called, ==, 0);
            spoil (f, first + n);
            assert_link (f, DAEMON_MUSIC_UNREACHABLE);
            if (n < attempts || patience[i].attempts == 0)
              house_advance (&f->house, 45000);
          }
        if (patience[i].attempts == 0)
          {
            house_answer (&f->house, GOT_NEXT);
            g_assert_no_error (f->error);
            assert_link (f, DAEMON_MUSIC_LINKED);
          }
        else
          {
            g_assert_nonnull (f->error);
            g_assert_cmpint (f->error_type, ==, ALEXA_MUSIC_ERROR_NONE);
            house_advance (&f->house, 45000);
          }
        g_assert_cmpuint (f->n_called, ==, 1);
        g_assert_cmpuint (n_waiting (f), ==, 0);
        daemon_music_caller_cancel (f->caller, id);
      }
}

/* The same again would come of it. */
static void
test_final (Fixture *f, gconstpointer data)
{
  ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, FALSE);
  house_fail (&f->house, DAEMON_TRANSPORT_ERROR_STATUS, 404);
  assert_failed (f, BUS_ERROR_HTTP, ALEXA_MUSIC_ERROR_NONE);
  house_advance (&f->house, 45000);
  house_expect_none (&f->house);
}

static void
test_waits (Fixture *f, gconstpointer data)
{
  static const guint expected_ms[] = { 500, 1000, 2000, 4000, 8000, 16000, 30000, 30000 };
  for (guint i = 0; i < G_N_ELEMENTS (expected_ms); i++)
    for (int round = 0; round < 200; round++)
      {
        guint wait_ms = daemon_music_retry_get_wait_ms (i + 1);
        g_assert_cmpuint (wait_ms, >=, expected_ms[i] * 2 / 3);
        g_assert_cmpuint (wait_ms, <=, expected_ms[i] * 3 / 2);
      }
  g_assert_cmpuint (daemon_music_retry_get_wait_ms (G_MAXUINT), <=, 45000);

  ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  house_fail (&f->house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
  house_advance (&f->house, 332);
  g_assert_cmpuint (n_waiting (f), ==, 0);
  house_advance (&f->house, 419);
  g_assert_cmpuint (n_waiting (f), ==, 1);
  house_answer (&f->house, GOT_ITEM);
}

static void
expire (Fixture *f)
{
  answer_error (f, "Alexa", "EXPIRED_AUTHORIZATION_CREDENTIAL");
}

static void
test_token_renewed (Fixture *f, gconstpointer data)
{
  ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, TRUE);
  set_token (f, "second");
  expire (f);
  house_advance (&f->house, 0);
  assert_body (f, "payload/requestContext/user/accessToken", "second");
  house_answer (&f->house, GOT_NEXT);
  g_assert_no_error (f->error);
  g_assert_cmpuint (f->n_called, ==, 1);
  g_assert_cmpuint (f->n_link_changes, ==, 0);
}

/* Whoever renews it is a little late. */
static void
test_token_late (Fixture *f, gconstpointer data)
{
  ask (f, ALEXA_MUSIC_INITIATE, TRUE);
  expire (f);
  house_advance (&f->house, 999);
  g_assert_cmpuint (n_waiting (f), ==, 0);
  set_token (f, "second");
  house_advance (&f->house, 1);
  assert_body (f, "payload/requestContext/user/accessToken", "second");
  expire (f);
  assert_failed (f, BUS_ERROR_NOT_LINKED, ALEXA_MUSIC_ERROR_EXPIRED_AUTHORIZATION_CREDENTIAL);
  assert_link (f, DAEMON_MUSIC_RELINK);
}

/* Nothing is asked with a token that was refused. */
static void
test_relink (Fixture *f, gconstpointer data)
{
  ask (f, ALEXA_MUSIC_INITIATE, TRUE);
  answer_error (f, "Alexa", "INVALID_AUTHORIZATION_CREDENTIAL");
  assert_failed (f, BUS_ERROR_NOT_LINKED, ALEXA_MUSIC_ERROR_INVALID_AUTHORIZATION_CREDENTIAL);
  for (guint i = 0; i < G_N_ELEMENTS (patience); i++)
    {
      ask (f, patience[i].message, patience[i].user);
      assert_failed (f, BUS_ERROR_NOT_LINKED, ALEXA_MUSIC_ERROR_INVALID_AUTHORIZATION_CREDENTIAL);
      g_assert_null (f->answer);
    }
  g_autoptr (AlexaMusicReference) reference = alexa_music_reference_new ("i", "q", "c");
  g_autoptr (AlexaMusicEvent) event
      = alexa_music_event_new (ALEXA_MUSIC_EVENT_STOPPED, reference, 5, NULL, NULL, NULL);
  daemon_music_caller_tell (f->caller, event);
  house_expect_none (&f->house);
  assert_link (f, DAEMON_MUSIC_RELINK);

  set_token (f, "second");
  ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  assert_link (f, DAEMON_MUSIC_RELINK); /* not before the service takes it */
  house_answer (&f->house, GOT_ITEM);
  assert_link (f, DAEMON_MUSIC_LINKED);
  g_assert_cmpuint (f->n_link_changes, ==, 2);
}

/* Where there is no token, the user may link the account at the service: what starts anew is tried. */
static void
test_relink_elsewhere (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->config->access_token_path, g_free);
  ask (f, ALEXA_MUSIC_INITIATE, TRUE);
  answer_error (f, "Alexa", "INVALID_AUTHORIZATION_CREDENTIAL");
  ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  assert_failed (f, BUS_ERROR_NOT_LINKED, ALEXA_MUSIC_ERROR_INVALID_AUTHORIZATION_CREDENTIAL);
  ask (f, ALEXA_MUSIC_INITIATE, TRUE);
  g_assert_cmpuint (n_waiting (f), ==, 1);
  answer_error (f, "Alexa.Media", "CONTENT_NOT_FOUND");
  assert_link (f, DAEMON_MUSIC_LINKED);
}

static void
test_account_problem (Fixture *f, gconstpointer data)
{
  ask (f, ALEXA_MUSIC_INITIATE, TRUE);
  answer_error (f, "Alexa", "ACCOUNT_PROBLEM");
  g_assert_nonnull (strstr (daemon_music_caller_get_problem (f->caller), "Because."));
  ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  house_fail (&f->house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
  assert_link (f, DAEMON_MUSIC_ACCOUNT_PROBLEM); /* it is what the user has to know */
  house_advance (&f->house, 1000);
  house_answer (&f->house, GOT_ITEM);
  assert_link (f, DAEMON_MUSIC_LINKED);
}

static void
limit (Fixture *f, gboolean by_status)
{
  if (by_status)
    house_fail (&f->house, DAEMON_TRANSPORT_ERROR_STATUS, 429);
  else
    answer_error (f, "Alexa", "RATE_LIMIT_EXCEEDED");
}

static void
test_rate_limit (Fixture *f, gconstpointer data)
{
  gboolean by_status = data != NULL;
  static const gint64 waits_ms[] = { 30000, 60000, 120000, 240000, 480000, 900000, 900000 };
  ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (waits_ms); i++)
    {
      limit (f, by_status);
      assert_link (f, DAEMON_MUSIC_RATE_LIMITED);
      house_advance (&f->house, waits_ms[i] - 1);
      g_assert_cmpuint (n_waiting (f), ==, 0);
      house_advance (&f->house, 1);
      g_assert_cmpuint (n_waiting (f), ==, 1);
    }
  house_answer (&f->house, GOT_NEXT);
  g_assert_no_error (f->error);
  assert_link (f, DAEMON_MUSIC_LINKED);

  /* from the beginning again; and nobody else asks meanwhile */
  ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  limit (f, by_status);
  assert_failed (f, BUS_ERROR_REFUSED, ALEXA_MUSIC_ERROR_RATE_LIMIT_EXCEEDED);
  ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, TRUE);
  assert_failed (f, BUS_ERROR_REFUSED, ALEXA_MUSIC_ERROR_RATE_LIMIT_EXCEEDED);
  ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, FALSE);
  g_assert_cmpuint (n_waiting (f), ==, 0);
  house_advance (&f->house, 30000);
  house_answer (&f->house, GOT_NEXT);
  g_assert_no_error (f->error);
}

static void
test_unsupported (Fixture *f, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (patience); i++)
    {
      AlexaMusicMessage message = patience[i].message;
      gboolean needed
          = message == ALEXA_MUSIC_GET_PLAYABLE_CONTENT || message == ALEXA_MUSIC_INITIATE;
      if (message == ALEXA_MUSIC_GET_NEXT_ITEM && patience[i].user)
        continue;
      g_assert_true (daemon_music_caller_supports (f->caller, message));
      ask (f, message, patience[i].user);
      if (i % 2 == 0 || needed)
        answer_error (f, "Alexa", "INVALID_DIRECTIVE");
      else
        house_answer (&f->house, " null ");
      assert_failed (f, BUS_ERROR_NOT_SUPPORTED, ALEXA_MUSIC_ERROR_INVALID_DIRECTIVE);
      g_assert_cmpint (daemon_music_caller_supports (f->caller, message), ==, needed);
      if (needed)
        continue;
      ask (f, message, patience[i].user);
      assert_failed (f, BUS_ERROR_NOT_SUPPORTED, ALEXA_MUSIC_ERROR_INVALID_DIRECTIVE);
    }
  assert_link (f, DAEMON_MUSIC_LINKED);
}

/* Before it is sent, on its way, and between two attempts. */
static void
test_cancel (Fixture *f, gconstpointer data)
{
  g_autoptr (AlexaMusicRequest) request = make (ALEXA_MUSIC_GET_ITEM, FALSE);
  guint id = daemon_music_caller_ask (f->caller, request, on_answered, f);
  daemon_music_caller_cancel (f->caller, id);
  daemon_music_caller_cancel (f->caller, id);
  daemon_music_caller_cancel (f->caller, 0);
  house_expect_none (&f->house);

  id = ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  daemon_music_caller_cancel (f->caller, id);
  house_answer (&f->house, GOT_ITEM);

  id = ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  house_fail (&f->house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
  daemon_music_caller_cancel (f->caller, id);
  house_advance (&f->house, 60000);
  house_expect_none (&f->house);
  g_assert_cmpuint (f->n_called, ==, 0);
}

static void
tell (Fixture *f, AlexaMusicEventType type, gint64 offset_ms)
{
  g_autoptr (AlexaMusicReference) reference = alexa_music_reference_new ("i", "q", "c");
  g_autoptr (AlexaMusicEvent) event
      = alexa_music_event_new (type, reference, offset_ms, NULL, NULL, NULL);
  daemon_music_caller_tell (f->caller, event);
  house_settle (&f->house);
}

/* With everything on its way. */
static void
test_dispose (Fixture *f, gconstpointer data)
{
  ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, FALSE);
  tell (f, ALEXA_MUSIC_EVENT_STARTED, 0);
  house_fail (&f->house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
  g_assert_cmpuint (n_waiting (f), ==, 2);
  g_autoptr (AlexaMusicRequest) request = make (ALEXA_MUSIC_GET_VIEW, FALSE);
  daemon_music_caller_ask (f->caller, request, on_answered, f);
  g_assert_finalize_object (g_steal_pointer (&f->caller));
  house_answer (&f->house, GOT_NEXT);
  house_answer (&f->house, "{}");
  house_advance (&f->house, 60000);
  house_expect_none (&f->house);
  g_assert_cmpuint (f->n_called, ==, 0);
}

/* Whoever is called may drop the caller, or ask on. */
static void
on_answered_drop (AlexaMusicAnswer *answer,
                  const DaemonMusicMoment *received,
                  const GError *error,
                  AlexaMusicErrorType error_type,
                  gpointer user_data)
{
  Fixture *f = user_data;
  f->n_called++;
  g_clear_object (&f->caller);
}

static void
test_dispose_inside (Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 3; i++)
    {
      forget (f);
      g_clear_object (&f->caller);
      f->caller = daemon_music_caller_new (f->house.context, f->config);
      g_autoptr (AlexaMusicRequest) request = make (ALEXA_MUSIC_SET_LOOP, FALSE);
      daemon_music_caller_ask (f->caller, request, on_answered_drop, f);
      house_settle (&f->house);
      if (i == 0)
        house_answer (&f->house, GOT_RESPONSE);
      else if (i == 1)
        answer_error (f, "Alexa", "INTERNAL_ERROR");
      else
        house_fail (&f->house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
      g_assert_cmpuint (f->n_called, ==, 1);
      g_assert_null (f->caller);
    }
}

/* A service that does not answer to events does not hold up what is asked. */
static void
test_events_aside (Fixture *f, gconstpointer data)
{
  tell (f, ALEXA_MUSIC_EVENT_STARTED, 0);
  ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  g_assert_cmpuint (n_waiting (f), ==, 2);
  house_answer (&f->house, "{}");
  house_answer (&f->house, GOT_ITEM);
  g_assert_no_error (f->error);
}

static void
test_secure (Fixture *f, gconstpointer data)
{
  static const char plain[]
      = ANSWER ("Alexa.Audio.PlayQueue", "GetItem.Response",
                "{\"item\":{\"id\":\"i\",\"playbackInfo\":{\"type\":\"DEFAULT\"},\"controls\":[],"
                "\"metadata\":{\"type\":\"TRACK\"},\"stream\":{\"uri\":\"http://media/\"}}}");
  ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  for (int i = 0; i < 3; i++)
    {
      house_answer (&f->house, plain);
      house_advance (&f->house, 45000);
    }
  assert_failed (f, BUS_ERROR_INVALID_RESPONSE, ALEXA_MUSIC_ERROR_NONE);
  f->config->http_media = TRUE;
  ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  house_answer (&f->house, plain);
  g_assert_no_error (f->error);
  g_assert_cmpstr (f->answer->item->stream->uri, ==, "http://media/");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD_DATA(path, data, func)                                                                 \
  g_test_add ("/music-caller/" path, Fixture, data, set_up, func, tear_down)
#define ADD(path, func) ADD_DATA (path, NULL, func)
  ADD ("answer", test_answer);
  ADD ("defaults", test_defaults);
  ADD ("timeline", test_timeline);
  for (gsize i = 0; i < G_N_ELEMENTS (refusals); i++)
    {
      g_autofree char *once = g_strdup_printf ("/music-caller/refusal/%s/%s", refusals[i].namespace,
                                               refusals[i].type);
      g_autofree char *prefetch = g_strdup_printf ("/music-caller/refused-prefetch/%s/%s",
                                                   refusals[i].namespace, refusals[i].type);
      g_test_add (once, Fixture, &refusals[i], set_up, test_refusal, tear_down);
      g_test_add (prefetch, Fixture, &refusals[i], set_up, test_refused_prefetch, tear_down);
    }
  ADD ("patience", test_patience);
  ADD ("final", test_final);
  ADD ("waits", test_waits);
  ADD ("token-renewed", test_token_renewed);
  ADD ("token-late", test_token_late);
  ADD ("relink", test_relink);
  ADD ("relink-elsewhere", test_relink_elsewhere);
  ADD ("account-problem", test_account_problem);
  ADD ("rate-limit", test_rate_limit);
  ADD_DATA ("rate-limit-by-status", "429", test_rate_limit);
  ADD ("unsupported", test_unsupported);
  ADD ("cancel", test_cancel);
  ADD ("dispose", test_dispose);
  ADD ("dispose-inside", test_dispose_inside);
  ADD ("events-aside", test_events_aside);
  ADD ("secure", test_secure);
  return g_test_run ();
}
