/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* How a music service stands to us: tokens that it takes or not, accounts, limits. */
#include "test-music-service.h"

#include <string.h>

static void
expire (Service *f)
{
  service_refuse (f, "Alexa", "EXPIRED_AUTHORIZATION_CREDENTIAL");
}

static void
test_token_renewed (Service *f, gconstpointer data)
{
  service_ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, TRUE);
  service_set_token (f, "second");
  expire (f);
  house_advance (&f->house, 0);
  service_assert_body (f, "payload/requestContext/user/accessToken", "second");
  house_answer (&f->house, GOT_NEXT);
  g_assert_no_error (f->error);
  g_assert_cmpuint (f->n_called, ==, 1);
  g_assert_cmpuint (f->n_link_changes, ==, 0);
}

/* Whoever renews it is a little late. */
static void
test_token_late (Service *f, gconstpointer data)
{
  service_ask (f, ALEXA_MUSIC_INITIATE, TRUE);
  expire (f);
  house_advance (&f->house, 999);
  g_assert_cmpuint (service_count_waiting (f), ==, 0);
  service_set_token (f, "second");
  house_advance (&f->house, 1);
  service_assert_body (f, "payload/requestContext/user/accessToken", "second");
  expire (f);
  service_assert_failed (f, BUS_ERROR_NOT_LINKED,
                         ALEXA_MUSIC_ERROR_EXPIRED_AUTHORIZATION_CREDENTIAL);
  service_assert_link (f, DAEMON_MUSIC_RELINK);
}

/* Nothing is asked with a token that was refused. */
static void
test_relink (Service *f, gconstpointer data)
{
  service_ask (f, ALEXA_MUSIC_INITIATE, TRUE);
  service_refuse (f, "Alexa", "INVALID_AUTHORIZATION_CREDENTIAL");
  service_assert_failed (f, BUS_ERROR_NOT_LINKED,
                         ALEXA_MUSIC_ERROR_INVALID_AUTHORIZATION_CREDENTIAL);
  for (AlexaMusicMessage message = 0; message < ALEXA_N_MUSIC_MESSAGES; message++)
    {
      service_ask (f, message, TRUE);
      service_assert_failed (f, BUS_ERROR_NOT_LINKED,
                             ALEXA_MUSIC_ERROR_INVALID_AUTHORIZATION_CREDENTIAL);
      g_assert_null (f->answer);
    }
  g_autoptr (AlexaMusicReference) reference = alexa_music_reference_new ("i", "q", "c");
  g_autoptr (AlexaMusicEvent) event
      = alexa_music_event_new (ALEXA_MUSIC_EVENT_STOPPED, reference, 5, NULL, NULL, NULL);
  daemon_music_caller_tell (f->caller, event);
  house_expect_none (&f->house);
  service_assert_link (f, DAEMON_MUSIC_RELINK);

  service_set_token (f, "second");
  service_ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  service_assert_link (f, DAEMON_MUSIC_RELINK); /* not before the service takes it */
  house_answer (&f->house, GOT_ITEM);
  service_assert_link (f, DAEMON_MUSIC_LINKED);
  g_assert_cmpuint (f->n_link_changes, ==, 2);
}

/* What comes next is asked for as soon as there is another token, by the call that was refused and by
 * one that came later. */
static void
test_relink_prefetch (Service *f, gconstpointer data)
{
  gboolean expires = data != NULL;
  for (int round = 0; round < 2; round++)
    {
      guint id = service_ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, FALSE);
      if (round == 0 && expires)
        {
          expire (f);
          house_advance (&f->house, 1000);
        }
      if (round == 0)
        service_refuse (f, "Alexa",
                        expires ? "EXPIRED_AUTHORIZATION_CREDENTIAL"
                                : "INVALID_AUTHORIZATION_CREDENTIAL");
      for (int i = 0; i < 5; i++)
        {
          g_assert_cmpuint (service_count_waiting (f), ==, 0);
          house_advance (&f->house, 60000);
        }
      g_assert_cmpuint (f->n_called, ==, 0);
      service_assert_link (f, DAEMON_MUSIC_RELINK);
      if (round == 0)
        daemon_music_caller_cancel (f->caller, id);
    }
  service_set_token (f, "second");
  house_advance (&f->house, 10000);
  service_assert_body (f, "payload/requestContext/user/accessToken", "second");
  house_answer (&f->house, GOT_NEXT);
  g_assert_no_error (f->error);
  service_assert_link (f, DAEMON_MUSIC_LINKED);
}

/* Where there is no token, the user may link the account at the service: what starts anew is tried. */
static void
test_relink_elsewhere (Service *f, gconstpointer data)
{
  g_clear_pointer (&f->config->access_token_path, g_free);
  service_ask (f, ALEXA_MUSIC_INITIATE, TRUE);
  service_refuse (f, "Alexa", "INVALID_AUTHORIZATION_CREDENTIAL");
  service_ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  service_assert_failed (f, BUS_ERROR_NOT_LINKED,
                         ALEXA_MUSIC_ERROR_INVALID_AUTHORIZATION_CREDENTIAL);
  service_ask (f, ALEXA_MUSIC_INITIATE, TRUE);
  g_assert_cmpuint (service_count_waiting (f), ==, 1);
  service_refuse (f, "Alexa.Media", "CONTENT_NOT_FOUND");
  service_assert_link (f, DAEMON_MUSIC_LINKED);
}

static void
test_account_problem (Service *f, gconstpointer data)
{
  service_ask (f, ALEXA_MUSIC_INITIATE, TRUE);
  service_refuse (f, "Alexa", "ACCOUNT_PROBLEM");
  g_assert_nonnull (strstr (daemon_music_caller_get_problem (f->caller), "Because."));
  service_ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  house_fail (&f->house, DAEMON_TRANSPORT_ERROR_TIMEOUT, 0);
  service_assert_link (f, DAEMON_MUSIC_ACCOUNT_PROBLEM); /* it is what the user has to know */
  house_advance (&f->house, 1000);
  house_answer (&f->house, GOT_ITEM);
  service_assert_link (f, DAEMON_MUSIC_LINKED);
}

static void
limit (Service *f, gboolean by_status)
{
  if (by_status)
    house_fail (&f->house, DAEMON_TRANSPORT_ERROR_STATUS, 429);
  else
    service_refuse (f, "Alexa", "RATE_LIMIT_EXCEEDED");
}

static void
test_rate_limit (Service *f, gconstpointer data)
{
  gboolean by_status = data != NULL;
  static const gint64 waits_ms[] = { 30000, 60000, 120000, 240000, 480000, 900000, 900000 };
  service_ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, FALSE);
  for (gsize i = 0; i < G_N_ELEMENTS (waits_ms); i++)
    {
      limit (f, by_status);
      service_assert_link (f, DAEMON_MUSIC_RATE_LIMITED);
      house_advance (&f->house, waits_ms[i] - 1);
      g_assert_cmpuint (service_count_waiting (f), ==, 0);
      house_advance (&f->house, 1);
      g_assert_cmpuint (service_count_waiting (f), ==, 1);
    }
  house_answer (&f->house, GOT_NEXT);
  g_assert_no_error (f->error);
  service_assert_link (f, DAEMON_MUSIC_LINKED);

  /* from the beginning again; and nobody else asks meanwhile */
  service_ask (f, ALEXA_MUSIC_GET_ITEM, FALSE);
  limit (f, by_status);
  service_assert_failed (f, BUS_ERROR_REFUSED, ALEXA_MUSIC_ERROR_RATE_LIMIT_EXCEEDED);
  service_ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, TRUE);
  service_assert_failed (f, BUS_ERROR_REFUSED, ALEXA_MUSIC_ERROR_RATE_LIMIT_EXCEEDED);
  service_ask (f, ALEXA_MUSIC_GET_NEXT_ITEM, FALSE);
  g_assert_cmpuint (service_count_waiting (f), ==, 0);
  house_advance (&f->house, 30000);
  house_answer (&f->house, GOT_NEXT);
  g_assert_no_error (f->error);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD_DATA(path, data, func)                                                                 \
  g_test_add ("/music-link/" path, Service, data, service_set_up, func, service_tear_down)
#define ADD(path, func) ADD_DATA (path, NULL, func)
  ADD ("token-renewed", test_token_renewed);
  ADD ("token-late", test_token_late);
  ADD ("relink", test_relink);
  ADD ("relink-prefetch", test_relink_prefetch);
  ADD_DATA ("relink-prefetch-expired", "expires", test_relink_prefetch);
  ADD ("relink-elsewhere", test_relink_elsewhere);
  ADD ("account-problem", test_account_problem);
  ADD ("rate-limit", test_rate_limit);
  ADD_DATA ("rate-limit-by-status", "429", test_rate_limit);
  return g_test_run ();
}
