/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "test-music-service.h"

#include <glib/gstdio.h>

#include "alexa/alexa-json.h"

static void
on_link_changed (DaemonMusicCaller *caller, gpointer user_data)
{
  ((Service *)user_data)->n_link_changes++;
}

void
service_set_token (Service *f, const char *token)
{
  g_assert_true (g_file_set_contents (f->token_file, token, -1, NULL));
}

void
service_set_up (Service *f, gconstpointer data)
{
  house_set_up (&f->house, NULL);
  int fd = g_file_open_tmp ("segue-token-XXXXXX", &f->token_file, NULL);
  g_assert_true (g_close (fd, NULL));
  service_set_token (f, "first\n");
  f->config = daemon_music_config_new ("library", SERVICE_ENDPOINT);
  f->config->access_token_path = g_strdup (f->token_file);
  g_ptr_array_add (f->house.config->music, f->config);
  f->caller = daemon_music_caller_new (f->house.context, f->config);
  g_signal_connect (f->caller, "link-changed", G_CALLBACK (on_link_changed), f);
}

void
service_forget (Service *f)
{
  g_clear_pointer (&f->answer, alexa_music_answer_unref);
  g_clear_error (&f->error);
  f->error_type = ALEXA_MUSIC_ERROR_NONE;
  f->n_called = 0;
}

void
service_tear_down (Service *f, gconstpointer data)
{
  if (f->caller != NULL)
    g_assert_finalize_object (g_steal_pointer (&f->caller));
  service_forget (f);
  house_tear_down (&f->house, NULL);
  g_unlink (f->token_file);
  g_free (f->token_file);
}

void
service_answered (AlexaMusicAnswer *answer,
                  const DaemonMusicMoment *received,
                  const GError *error,
                  AlexaMusicErrorType error_type,
                  gpointer user_data)
{
  Service *f = user_data;
  guint n = f->n_called;
  g_assert_true (answer != NULL || error != NULL);
  g_assert_true (error == NULL || error->domain == BUS_ERROR);
  service_forget (f);
  f->n_called = n + 1;
  f->answer = answer != NULL ? alexa_music_answer_ref (answer) : NULL;
  f->received = *received;
  f->error = error != NULL ? g_error_copy (error) : NULL;
  f->error_type = error_type;
}

AlexaMusicRequest *
service_make_request (AlexaMusicMessage message, gboolean user)
{
  AlexaMusicRequest *request = alexa_music_request_new (message);
  request->user_initiated = user;
  request->content_id = g_strdup ("c");
  request->reference = alexa_music_reference_new ("i1", "q", "c");
  request->target_item_id = g_strdup ("i2");
  return request;
}

guint
service_ask (Service *f, AlexaMusicMessage message, gboolean user)
{
  service_forget (f);
  g_autoptr (AlexaMusicRequest) request = service_make_request (message, user);
  guint id = daemon_music_caller_ask (f->caller, request, service_answered, f);
  g_assert_cmpuint (id, !=, 0);
  g_assert_cmpuint (f->n_called, ==, 0);
  house_settle (&f->house);
  return id;
}

guint
service_count_waiting (Service *f)
{
  return daemon_dummy_transport_get_n_waiting (f->house.transport);
}

/* The request that waits, by its path, in full. */
void
service_assert_body (Service *f, const char *path, const char *expected)
{
  g_assert_cmpuint (service_count_waiting (f), >=, 1);
  g_autoptr (JsonNode) root
      = alexa_json_parse (daemon_dummy_transport_get_body (f->house.transport), 100 * 1024, NULL);
  g_assert_nonnull (root);
  house_assert (json_node_get_object (root), path, expected);
}

void
service_refuse (Service *f, const char *namespace, const char *type)
{
  g_autofree char *json = g_strdup_printf (
      "{\"header\":{\"messageId\":\"m\",\"namespace\":\"%s\",\"name\":\"ErrorResponse\","
      "\"payloadVersion\":\"1.0\"},\"payload\":{\"type\":\"%s\",\"message\":\"Because.\"}}",
      namespace, type);
  house_answer (&f->house, json);
}

void
service_assert_failed (Service *f, int code, AlexaMusicErrorType type)
{
  g_assert_cmpuint (f->n_called, ==, 1);
  g_assert_error (f->error, BUS_ERROR, code);
  g_assert_cmpint (f->error_type, ==, type);
  g_assert_cmpuint (service_count_waiting (f), ==, 0);
}

void
service_assert_link (Service *f, DaemonMusicLink link)
{
  g_assert_cmpint (daemon_music_caller_get_link (f->caller), ==, link);
  g_assert_cmpint (daemon_music_caller_get_problem (f->caller) == NULL, ==,
                   link == DAEMON_MUSIC_LINKED);
}
