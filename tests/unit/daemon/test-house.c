/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "test-house.h"

#include <string.h>

#include "alexa/alexa-json.h"

static void
on_step (DaemonTimeline *timeline, const char *kind, GVariant *details, gpointer user_data)
{
  House *house = user_data;
  g_autoptr (GString) line = g_string_new (kind);
  for (gsize i = 0; i < g_variant_n_children (details); i++)
    {
      g_autoptr (GVariant) child = g_variant_get_child_value (details, i);
      /* Request ids differ each time. */
      if (g_variant_is_of_type (child, G_VARIANT_TYPE_STRING)
          && g_str_has_prefix (g_variant_get_string (child, NULL), "amzn1.echo-api."))
        continue;
      g_autofree char *text = g_variant_is_of_type (child, G_VARIANT_TYPE_STRING)
                                  ? g_variant_dup_string (child, NULL)
                                  : g_variant_print (child, FALSE);
      g_string_append_printf (line, " %s", text);
    }
  g_ptr_array_add (house->steps, g_string_free (g_steal_pointer (&line), FALSE));
}

static void
build (House *house)
{
  house->clock = player_dummy_clock_new ();
  house->engine = player_dummy_engine_new ();
  if (house->speaks)
    house->speech = player_dummy_speech_new ();
  house->transport = daemon_dummy_transport_new ();
  house->controller = player_controller_new (
      PLAYER_ENGINE (house->engine), PLAYER_CLOCK (house->clock), PLAYER_NEARLY_FINISHED_BUFFERED);
  house->context
      = daemon_context_new (house->config, house->controller, PLAYER_CLOCK (house->clock),
                            DAEMON_TRANSPORT (house->transport), house->store,
                            house->speaks ? PLAYER_SPEECH (house->speech) : NULL);
  house->skills = daemon_skills_new (house->context);
  house->reporter = daemon_reporter_new (house->controller, house->skills);
  house->music = daemon_music_new (house->context);
  if (house->remembers)
    house->memory = daemon_memory_new (house->context, house->skills, house->music);
  house->backend = daemon_backend_new (house->context, house->skills, house->music);
  house->steps = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (house->context->timeline, "step", G_CALLBACK (on_step), house);
}

static void
tear_apart (House *house)
{
  DaemonTimeline *timeline = g_object_ref (house->context->timeline);
  g_clear_object (&house->backend);
  if (house->memory != NULL)
    g_assert_finalize_object (g_steal_pointer (&house->memory));
  g_assert_finalize_object (g_steal_pointer (&house->music));
  g_clear_object (&house->reporter);
  g_assert_finalize_object (g_steal_pointer (&house->skills));
  while (daemon_dummy_transport_get_n_waiting (house->transport) > 0)
    daemon_dummy_transport_fail (house->transport, DAEMON_TRANSPORT_ERROR_UNREACHABLE, 0);
  house_settle (house);
  g_clear_pointer (&house->context, daemon_context_unref);
  g_assert_finalize_object (g_steal_pointer (&house->transport));
  g_signal_handlers_disconnect_by_data (timeline, house);
  g_assert_finalize_object (timeline);
  g_assert_finalize_object (g_steal_pointer (&house->controller));
  g_clear_object (&house->engine);
  g_clear_object (&house->speech);
  g_assert_cmpuint (player_dummy_clock_get_n_alarms (house->clock), ==, 0);
  g_clear_object (&house->clock);
  g_clear_pointer (&house->steps, g_ptr_array_unref);
}

void
house_set_up (House *house, gconstpointer data)
{
  house->config = daemon_config_new_default ();
  DaemonSkillConfig *radio = daemon_skill_config_new ("radio", HOUSE_SKILL_URL);
  DaemonSkillConfig *judge = daemon_skill_config_new ("judge", "http://127.0.0.1:3001/");
  judge->conformance = DAEMON_CONFORMANCE_STRICT;
  g_ptr_array_add (house->config->skills, radio);
  g_ptr_array_add (house->config->skills, judge);
  const char *words = data != NULL ? data : "";
  house->speaks = strstr (words, "speech") != NULL;
  house->remembers = strstr (words, "memory") != NULL;
  if (strstr (words, "duck") != NULL)
    house->config->interruption = DAEMON_INTERRUPTION_DUCK;
  if (strstr (words, "music") != NULL)
    g_ptr_array_add (house->config->music,
                     daemon_music_config_new ("tunes", "http://127.0.0.1:3100/"));
  house->store = daemon_store_new (NULL, NULL);
  build (house);
  if (house->remembers)
    daemon_memory_restore (house->memory);
}

void
house_tear_down (House *house, gconstpointer data)
{
  tear_apart (house);
  g_assert_finalize_object (g_steal_pointer (&house->store));
  daemon_config_unref (house->config);
}

void
house_restart (House *house)
{
  tear_apart (house);
  build (house);
  daemon_skills_restore (house->skills);
  daemon_music_restore (house->music);
  if (house->remembers)
    daemon_memory_restore (house->memory);
  house_settle (house);
}

void
house_settle (House *house)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

void
house_advance (House *house, gint64 ms)
{
  player_dummy_clock_advance (house->clock, ms);
  house_settle (house);
}

JsonObject *
house_expect (House *house, const char *type)
{
  house_settle (house);
  g_assert_cmpuint (daemon_dummy_transport_get_n_waiting (house->transport), ==, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root
      = alexa_json_parse (daemon_dummy_transport_get_body (house->transport), 100 * 1024, &error);
  g_assert_no_error (error);
  JsonObject *body = json_node_dup_object (root);
  house_assert (body, "request/type", type);
  house_assert (body, "version", "1.0");
  return body;
}

void
house_answer (House *house, const char *json)
{
  daemon_dummy_transport_answer (house->transport, json);
  house_settle (house);
}

void
house_exchange (House *house, const char *type, const char *json)
{
  json_object_unref (house_expect (house, type));
  house_answer (house, json);
}

void
house_fail (House *house, DaemonTransportError code, guint status)
{
  daemon_dummy_transport_fail (house->transport, code, status);
  house_settle (house);
}

void
house_expect_none (House *house)
{
  house_settle (house);
  if (daemon_dummy_transport_get_n_waiting (house->transport) > 0)
    g_test_message ("waiting: %s", (const char *)g_bytes_get_data (
                                       daemon_dummy_transport_get_body (house->transport), NULL));
  g_assert_cmpuint (daemon_dummy_transport_get_n_waiting (house->transport), ==, 0);
}

char *
house_play (const char *behavior, const char *url, const char *token, const char *more)
{
  return g_strdup_printf (
      "{\"version\":\"1.0\",\"response\":{\"directives\":[{\"type\":\"AudioPlayer.Play\","
      "\"playBehavior\":\"%s\",\"audioItem\":{\"stream\":{\"url\":\"%s\",\"token\":\"%s\","
      "\"offsetInMilliseconds\":0}}}]%s}}",
      behavior, url, token, more);
}

char *
house_get (JsonObject *body, const char *path)
{
  g_auto (GStrv) names = g_strsplit (path, "/", -1);
  JsonNode *node = json_object_get_member (body, names[0]);
  for (guint i = 1; names[i] != NULL && node != NULL; i++)
    node = JSON_NODE_HOLDS_OBJECT (node)
               ? json_object_get_member (json_node_get_object (node), names[i])
               : NULL;
  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_VALUE (node) && json_node_get_value_type (node) == G_TYPE_STRING)
    return json_node_dup_string (node);
  g_autoptr (GBytes) bytes = alexa_json_to_bytes (node);
  return g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
}

void
house_assert (JsonObject *body, const char *path, const char *expected)
{
  g_autofree char *found = house_get (body, path);
  g_assert_cmpstr (found, ==, expected);
}

gboolean
house_saw (House *house, const char *prefix)
{
  for (guint i = 0; i < house->steps->len; i++)
    if (g_str_has_prefix (g_ptr_array_index (house->steps, i), prefix))
      {
        g_ptr_array_remove_range (house->steps, 0, i + 1);
        return TRUE;
      }
  for (guint i = 0; i < house->steps->len; i++)
    g_test_message ("step: %s", (char *)g_ptr_array_index (house->steps, i));
  return FALSE;
}

void
house_start_sound (House *house, gint64 offset_ms)
{
  guint64 waiting = player_dummy_engine_get_waiting (house->engine);
  if (waiting == 0)
    waiting = player_dummy_engine_get_current (house->engine);
  g_assert_cmpuint (waiting, !=, 0);
  g_assert_true (
      player_dummy_engine_emit_simple (house->engine, PLAYER_ENGINE_STARTED, waiting, offset_ms));
  house_settle (house);
}

void
house_start_playing (House *house, const char *token)
{
  g_autofree char *play
      = house_play ("REPLACE_ALL", "http://127.0.0.1/a.flac", token, ",\"shouldEndSession\":true");
  g_autoptr (AlexaRequest) request = alexa_request_new (ALEXA_REQUEST_LAUNCH);
  DaemonConversation *radio = daemon_skills_find (house->skills, "radio");
  g_assert_true (daemon_conversation_ask (radio, request, NULL, NULL, NULL));
  house_exchange (house, "LaunchRequest", play);
  house_start_sound (house, 0);
  house_exchange (house, "AudioPlayer.PlaybackStarted", SAY_NOTHING);
  house_expect_none (house);
}

PlayerActivity
house_get_activity (House *house)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (house->controller);
  return now->activity;
}
