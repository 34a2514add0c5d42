/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* One music service and all that it may answer, or not. */
#include "test-music-service.h"

#include <string.h>

#include "alexa/alexa-json.h"
#include "daemon/daemon-music-retry.h"

static void
test_answer (Service *f, gconstpointer data)
{
  f->config->locale = g_strdup ("de-DE");
  f->config->country = g_strdup ("DE");
  daemon_dummy_transport_set_date (f->house.transport, 1234567);
  service_ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  g_assert_cmpstr (daemon_dummy_transport_get_endpoint (f->house.transport), ==, SERVICE_ENDPOINT);
  service_assert_body (f, "header/name", "GetItem");
  service_assert_body (f, "payload/requestContext/user/accessToken", "first");
  service_assert_body (f, "payload/requestContext/location/originatingLocale", "de-DE");
  service_assert_body (f, "payload/requestContext/location/countryCode", "DE");
  service_assert_body (f, "payload/targetItemReference/value/queueId", "q");
  house_answer (&f->house, GOT_ITEM);

  g_assert_cmpuint (f->n_called, ==, 1);
  g_assert_no_error (f->error);
  g_assert_cmpstr (f->answer->item->id, ==, "i2");
  g_assert_cmpint (f->received.date_us, ==, 1234567);
  g_assert_cmpint (f->received.monotonic_us, ==,
                   player_clock_now_ms (PLAYER_CLOCK (f->house.clock)) * 1000);
  service_assert_link (f, DAEMON_MUSIC_LINKED);
  g_assert_cmpuint (f->n_link_changes, ==, 0);
  house_advance (&f->house, 60000);
  g_assert_cmpuint (f->n_called, ==, 1);
}

/* Without anything of its own in the configuration. */
static void
test_defaults (Service *f, gconstpointer data)
{
  g_clear_pointer (&f->config->access_token_path, g_free);
  service_ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  service_assert_body (f, "payload/requestContext/user/accessToken", NULL);
  service_assert_body (f, "payload/requestContext/location/originatingLocale", "en-US");
  service_assert_body (f, "payload/requestContext/location/countryCode", NULL);
  g_autoptr (JsonNode) root
      = alexa_json_parse (daemon_dummy_transport_get_body (f->house.transport), 100 * 1024, NULL);
  g_autofree char *user = house_get (json_node_get_object (root), "payload/requestContext/user/id");
  g_assert_true (g_str_has_prefix (user, "amzn1.ask.account."));
  house_answer (&f->house, GOT_ITEM);

  /* the same each time, and another one elsewhere */
  DaemonMusicConfig *other = daemon_music_config_new ("other", SERVICE_ENDPOINT);
  g_ptr_array_add (f->house.config->music, other);
  g_autoptr (DaemonMusicCaller) again = daemon_music_caller_new (f->house.context, f->config);
  g_autoptr (DaemonMusicCaller) elsewhere = daemon_music_caller_new (f->house.context, other);
  g_assert_cmpstr (daemon_music_caller_get_origin (elsewhere), ==, "music:other");
  g_autoptr (AlexaMusicRequest) request = service_make_request (ALEXA_MUSIC_GET_ITEM, FALSE);
  daemon_music_caller_ask (again, request, service_answered, f);
  house_settle (&f->house);
  service_assert_body (f, "payload/requestContext/user/id", user);
  house_answer (&f->house, GOT_ITEM);
  daemon_music_caller_ask (elsewhere, request, service_answered, f);
  house_settle (&f->house);
  g_autoptr (JsonNode) third
      = alexa_json_parse (daemon_dummy_transport_get_body (f->house.transport), 100 * 1024, NULL);
  g_autofree char *stranger
      = house_get (json_node_get_object (third), "payload/requestContext/user/id");
  g_assert_cmpstr (stranger, !=, user);
  house_answer (&f->house, GOT_ITEM);
}

static const char *
find_step (Service *f, const char *prefix)
{
  for (guint i = 0; i < f->house.steps->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (f->house.steps, i), prefix))
      return g_ptr_array_index (f->house.steps, i);
  g_assert_not_reached ();
}

/* All that is said is told, without secrets. */
static void
test_timeline (Service *f, gconstpointer data)
{
  service_ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
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

  service_ask (f, ALEXA_MUSIC_SET_LOOP, FALSE);
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
test_refusal (Service *f, gconstpointer data)
{
  const Refusal *row = data;
  service_ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, TRUE);
  service_refuse (f, row->namespace, row->type);
  service_assert_failed (f, row->code, row->parsed);
  g_assert_nonnull (strstr (f->error->message, "Because."));
  g_assert_nonnull (f->answer);
  g_assert_cmpint (f->answer->error, ==, row->parsed);
  service_assert_link (f, row->link);
  g_assert_cmpuint (f->n_link_changes, ==, row->link != DAEMON_MUSIC_LINKED);
  house_advance (&f->house, 20 * 60 * 1000);
  g_assert_cmpuint (service_count_waiting (f), ==, 0);
  g_assert_cmpuint (f->n_called, ==, 1);
}

static void
test_refused_prefetch (Service *f, gconstpointer data)
{
  const Refusal *row = data;
  /* without a token there is none to wait for */
  g_clear_pointer (&f->config->access_token_path, g_free);
  service_ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, FALSE);
  service_refuse (f, row->namespace, row->type);
  if (!row->prefetch_goes_on)
    {
      service_assert_failed (f, row->code, row->parsed);
      return;
    }
  for (int i = 0; i < 5; i++)
    {
      g_assert_cmpuint (f->n_called, ==, 0);
      g_assert_cmpuint (service_count_waiting (f), ==, 0);
      house_advance (&f->house, 15 * 60 * 1000);
      g_assert_cmpuint (service_count_waiting (f), ==, 1);
      service_refuse (f, row->namespace, row->type);
    }
  house_advance (&f->house, 15 * 60 * 1000);
  house_answer (&f->house, GOT_NEXT);
  g_assert_cmpuint (f->n_called, ==, 1);
  g_assert_no_error (f->error);
  service_assert_link (f, DAEMON_MUSIC_LINKED);
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
spoil (Service *f, guint n)
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
test_patience (Service *f, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (patience); i++)
    for (guint first = 0; first < 6; first++)
      {
        guint attempts = patience[i].attempts > 0 ? patience[i].attempts : 12;
        guint id = service_ask (f, patience[i].message, patience[i].user);
        for (guint n = 1; n <= attempts; n++)
          {
            g_assert_cmpuint (service_count_waiting (f), ==, 1);
            g_assert_cmpuint (f->n_called, ==, 0);
            spoil (f, first + n);
            service_assert_link (f, DAEMON_MUSIC_UNREACHABLE);
            if (n < attempts || patience[i].attempts == 0)
              house_advance (&f->house, 45000);
          }
        if (patience[i].attempts == 0)
          {
            house_answer (&f->house, GOT_NEXT);
            g_assert_no_error (f->error);
            service_assert_link (f, DAEMON_MUSIC_LINKED);
          }
        else
          {
            g_assert_nonnull (f->error);
            g_assert_cmpint (f->error_type, ==, ALEXA_MUSIC_ERROR_NONE);
            house_advance (&f->house, 45000);
          }
        g_assert_cmpuint (f->n_called, ==, 1);
        g_assert_cmpuint (service_count_waiting (f), ==, 0);
        daemon_music_caller_cancel (f->caller, id);
      }
}

/* The same again would come of it. */
static void
test_final (Service *f, gconstpointer data)
{
  service_ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, FALSE);
  house_fail (&f->house, DAEMON_TRANSPORT_ERROR_STATUS, 404);
  service_assert_failed (f, BUS_ERROR_HTTP, ALEXA_MUSIC_ERROR_NONE);
  house_advance (&f->house, 45000);
  house_expect_none (&f->house);
}

static void
test_waits (Service *f, gconstpointer data)
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

  service_ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  house_fail (&f->house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
  house_advance (&f->house, 332);
  g_assert_cmpuint (service_count_waiting (f), ==, 0);
  house_advance (&f->house, 419);
  g_assert_cmpuint (service_count_waiting (f), ==, 1);
  house_answer (&f->house, GOT_ITEM);
}

static void
test_unsupported (Service *f, gconstpointer data)
{
  for (gsize i = 0; i < G_N_ELEMENTS (patience); i++)
    {
      AlexaMusicMessage message = patience[i].message;
      gboolean needed
          = message == ALEXA_MUSIC_GET_PLAYABLE_CONTENT || message == ALEXA_MUSIC_INITIATE;
      if (message == ALEXA_MUSIC_GET_NEXT_ITEM && patience[i].user)
        continue;
      g_assert_true (daemon_music_caller_supports (f->caller, message));
      service_ask (f, message, patience[i].user);
      if (i % 2 == 0 || needed)
        service_refuse (f, "Alexa", "INVALID_DIRECTIVE");
      else
        house_answer (&f->house, " null ");
      service_assert_failed (f, BUS_ERROR_NOT_SUPPORTED, ALEXA_MUSIC_ERROR_INVALID_DIRECTIVE);
      g_assert_cmpint (daemon_music_caller_supports (f->caller, message), ==, needed);
      if (needed)
        continue;
      service_ask (f, message, patience[i].user);
      service_assert_failed (f, BUS_ERROR_NOT_SUPPORTED, ALEXA_MUSIC_ERROR_INVALID_DIRECTIVE);
    }
  service_assert_link (f, DAEMON_MUSIC_LINKED);
}

/* Before it is sent, on its way, and between two attempts. */
static void
test_cancel (Service *f, gconstpointer data)
{
  g_autoptr (AlexaMusicRequest) request = service_make_request (ALEXA_MUSIC_GET_ITEM, FALSE);
  guint id = daemon_music_caller_ask (f->caller, request, service_answered, f);
  daemon_music_caller_cancel (f->caller, id);
  daemon_music_caller_cancel (f->caller, id);
  daemon_music_caller_cancel (f->caller, 0);
  house_expect_none (&f->house);

  id = service_ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  daemon_music_caller_cancel (f->caller, id);
  house_answer (&f->house, GOT_ITEM);

  id = service_ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  house_fail (&f->house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
  daemon_music_caller_cancel (f->caller, id);
  house_advance (&f->house, 60000);
  house_expect_none (&f->house);
  g_assert_cmpuint (f->n_called, ==, 0);
}

static void
tell (Service *f, AlexaMusicEventType type, gint64 offset_ms)
{
  g_autoptr (AlexaMusicReference) reference = alexa_music_reference_new ("i", "q", "c");
  g_autoptr (AlexaMusicEvent) event
      = alexa_music_event_new (type, reference, offset_ms, NULL, NULL, NULL);
  daemon_music_caller_tell (f->caller, event);
  house_settle (&f->house);
}

/* With everything on its way. */
static void
test_dispose (Service *f, gconstpointer data)
{
  service_ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  service_ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, FALSE);
  tell (f, ALEXA_MUSIC_EVENT_STARTED, 0);
  house_fail (&f->house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
  g_assert_cmpuint (service_count_waiting (f), ==, 2);
  g_autoptr (AlexaMusicRequest) request = service_make_request (ALEXA_MUSIC_GET_VIEW, FALSE);
  daemon_music_caller_ask (f->caller, request, service_answered, f);
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
  Service *f = user_data;
  f->n_called++;
  g_clear_object (&f->caller);
}

static void
test_dispose_inside (Service *f, gconstpointer data)
{
  for (int i = 0; i < 3; i++)
    {
      service_forget (f);
      g_clear_object (&f->caller);
      f->caller = daemon_music_caller_new (f->house.context, f->config);
      g_autoptr (AlexaMusicRequest) request = service_make_request (ALEXA_MUSIC_SET_LOOP, FALSE);
      daemon_music_caller_ask (f->caller, request, on_answered_drop, f);
      house_settle (&f->house);
      if (i == 0)
        house_answer (&f->house, GOT_RESPONSE);
      else if (i == 1)
        service_refuse (f, "Alexa", "INTERNAL_ERROR");
      else
        house_fail (&f->house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
      g_assert_cmpuint (f->n_called, ==, 1);
      g_assert_null (f->caller);
    }
}

/* A service that does not answer to events does not hold up what is asked. */
static void
test_events_aside (Service *f, gconstpointer data)
{
  tell (f, ALEXA_MUSIC_EVENT_STARTED, 0);
  service_ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  g_assert_cmpuint (service_count_waiting (f), ==, 2);
  house_answer (&f->house, "{}");
  house_answer (&f->house, GOT_ITEM);
  g_assert_no_error (f->error);
}

static void
test_secure (Service *f, gconstpointer data)
{
  static const char plain[]
      = ANSWER ("Alexa.Audio.PlayQueue", "GetItem.Response",
                "{\"item\":{\"id\":\"i\",\"playbackInfo\":{\"type\":\"DEFAULT\"},\"controls\":[],"
                "\"metadata\":{\"type\":\"TRACK\"},\"stream\":{\"uri\":\"http://media/\"}}}");
  service_ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  for (int i = 0; i < 3; i++)
    {
      house_answer (&f->house, plain);
      house_advance (&f->house, 45000);
    }
  service_assert_failed (f, BUS_ERROR_INVALID_RESPONSE, ALEXA_MUSIC_ERROR_NONE);
  f->config->http_media = TRUE;
  service_ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  house_answer (&f->house, plain);
  g_assert_no_error (f->error);
  g_assert_cmpstr (f->answer->item->stream->uri, ==, "http://media/");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD_DATA(path, data, func)                                                                 \
  g_test_add ("/music-caller/" path, Service, data, service_set_up, func, service_tear_down)
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
      g_test_add (once, Service, &refusals[i], service_set_up, test_refusal, service_tear_down);
      g_test_add (prefetch, Service, &refusals[i], service_set_up, test_refused_prefetch,
                  service_tear_down);
    }
  ADD ("patience", test_patience);
  ADD ("final", test_final);
  ADD ("waits", test_waits);
  ADD ("unsupported", test_unsupported);
  ADD ("cancel", test_cancel);
  ADD ("dispose", test_dispose);
  ADD ("dispose-inside", test_dispose_inside);
  ADD ("events-aside", test_events_aside);
  ADD ("secure", test_secure);
  return g_test_run ();
}
