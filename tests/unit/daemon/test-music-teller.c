/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* A music service is told what playback did, in order, and not for ever. */
#include "daemon/daemon-music-teller.h"

#include <string.h>

#include "alexa/alexa-json.h"
#include "test-house.h"

typedef struct
{
  House house;
  DaemonMusicStanding *standing; /* (owned) */
  DaemonMusicTeller *teller;     /* (owned) */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  house_set_up (&f->house, NULL);
  DaemonMusicConfig *config = daemon_music_config_new ("library", "http://127.0.0.1:4000/music");
  g_ptr_array_add (f->house.config->music, config);
  g_autoptr (DaemonMusicAccount) account = daemon_music_account_new (f->house.context, config);
  f->standing = daemon_music_standing_new (PLAYER_CLOCK (f->house.clock));
  f->teller = daemon_music_teller_new (account, f->standing);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_clear_pointer (&f->teller, daemon_music_teller_free);
  daemon_music_standing_free (f->standing);
  house_tear_down (&f->house, NULL);
}

static void
tell (Fixture *f, AlexaMusicEventType type, gint64 offset_ms)
{
  g_autoptr (AlexaMusicReference) reference = alexa_music_reference_new ("i", "q", "c");
  g_autoptr (AlexaMusicEvent) event
      = alexa_music_event_new (type, reference, offset_ms, NULL, NULL, NULL);
  daemon_music_teller_push (f->teller, event);
  house_settle (&f->house);
}

static guint
n_waiting (Fixture *f)
{
  return daemon_dummy_transport_get_n_waiting (f->house.transport);
}

static void
assert_body (Fixture *f, const char *path, const char *expected)
{
  g_assert_cmpuint (n_waiting (f), ==, 1);
  g_autoptr (JsonNode) root
      = alexa_json_parse (daemon_dummy_transport_get_body (f->house.transport), 100 * 1024, NULL);
  g_assert_nonnull (root);
  house_assert (json_node_get_object (root), path, expected);
}

static void
answer_error (Fixture *f, const char *type)
{
  g_autofree char *json = g_strdup_printf (
      "{\"header\":{\"messageId\":\"m\",\"namespace\":\"Alexa\",\"name\":\"ErrorResponse\","
      "\"payloadVersion\":\"3.0\"},\"payload\":{\"type\":\"%s\",\"message\":\"Because.\"}}",
      type);
  house_answer (&f->house, json);
}

static void
test_events (Fixture *f, gconstpointer data)
{
  for (int i = 0; i < 3; i++)
    tell (f, i == 0 ? ALEXA_MUSIC_EVENT_STARTED : ALEXA_MUSIC_EVENT_STOPPED, i);
  g_assert_cmpuint (n_waiting (f), ==, 1);
  assert_body (f, "request/type", "AlexaAudioPlayQueueEvent.ItemPlaybackStarted");
  assert_body (f, "request/body/offsetInMilliseconds", "0");
  house_answer (&f->house, "{}");

  /* the second one is tried three times, then the third one has its turn */
  for (int i = 0; i < 3; i++)
    {
      g_assert_cmpuint (n_waiting (f), ==, 1);
      assert_body (f, "request/body/offsetInMilliseconds", "1");
      house_fail (&f->house, DAEMON_TRANSPORT_ERROR_STATUS, 500);
      if (i < 2)
        house_advance (&f->house, 45000);
    }
  assert_body (f, "request/body/offsetInMilliseconds", "2");
  house_fail (&f->house, DAEMON_TRANSPORT_ERROR_STATUS, 400);
  house_advance (&f->house, 45000);
  house_expect_none (&f->house);
  g_assert_true (house_saw (&f->house, "RequestSent music:library "));
}

static void
test_events_many (Fixture *f, gconstpointer data)
{
  for (gint64 i = 0; i < DAEMON_MUSIC_TELLER_MAX + 10; i++)
    tell (f, ALEXA_MUSIC_EVENT_STOPPED, i);
  assert_body (f, "request/body/offsetInMilliseconds", "0");
  house_answer (&f->house, "{}");
  assert_body (f, "request/body/offsetInMilliseconds", "11");
  guint n = 1;
  for (; n_waiting (f) == 1; n++)
    house_answer (&f->house, "{}");
  g_assert_cmpuint (n, ==, DAEMON_MUSIC_TELLER_MAX);
}

static void
test_events_unwanted (Fixture *f, gconstpointer data)
{
  tell (f, ALEXA_MUSIC_EVENT_STARTED, 0);
  tell (f, ALEXA_MUSIC_EVENT_STOPPED, 1);
  answer_error (f, "INTERNAL_ERROR"); /* of this one only */
  g_assert_cmpuint (n_waiting (f), ==, 1);
  tell (f, ALEXA_MUSIC_EVENT_FINISHED, 2);
  answer_error (f, "INVALID_DIRECTIVE");
  tell (f, ALEXA_MUSIC_EVENT_STARTED, 3);
  house_expect_none (&f->house);
}

/* Nothing leaves while the service wants to be left alone, or with a token that it refuses. */
static void
test_standing (Fixture *f, gconstpointer data)
{
  daemon_music_standing_refused (f->standing, ALEXA_MUSIC_ERROR_RATE_LIMIT_EXCEEDED, NULL, NULL);
  tell (f, ALEXA_MUSIC_EVENT_STARTED, 0);
  house_advance (&f->house, 29999);
  house_expect_none (&f->house);
  house_advance (&f->house, 1);
  assert_body (f, "request/body/offsetInMilliseconds", "0");
  house_answer (&f->house, "{}");

  daemon_music_standing_refused (f->standing, ALEXA_MUSIC_ERROR_INVALID_AUTHORIZATION_CREDENTIAL,
                                 NULL, NULL);
  tell (f, ALEXA_MUSIC_EVENT_STOPPED, 1);
  daemon_music_standing_answered (f->standing);
  tell (f, ALEXA_MUSIC_EVENT_STARTED, 2);
  assert_body (f, "request/body/offsetInMilliseconds", "2");
}

static void
test_free (Fixture *f, gconstpointer data)
{
  tell (f, ALEXA_MUSIC_EVENT_STARTED, 0);
  tell (f, ALEXA_MUSIC_EVENT_STOPPED, 1);
  g_clear_pointer (&f->teller, daemon_music_teller_free);
  house_answer (&f->house, "{}");
  house_advance (&f->house, 60000);
  house_expect_none (&f->house);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/music-teller/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("order", test_events);
  ADD ("many", test_events_many);
  ADD ("unwanted", test_events_unwanted);
  ADD ("standing", test_standing);
  ADD ("free", test_free);
  return g_test_run ();
}
