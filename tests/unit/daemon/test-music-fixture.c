/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "test-music-fixture.h"

#include <string.h>

#include "alexa/alexa-json.h"
#include "dbus/bus-errors.h"

#define EVENT_PREFIX "AlexaAudioPlayQueueEvent.ItemPlayback"

/* --- Answers -----------------------------------------------------------------------------------
 */

/* (transfer full): the member with a comma before it, or nothing. */
static char *
make_valid_until (int lives_s)
{
  if (lives_s == 0)
    return g_strdup ("");
  g_autoptr (GDateTime) now = g_date_time_new_now_utc ();
  g_autoptr (GDateTime) until = g_date_time_add_seconds (now, lives_s);
  g_autofree char *text = g_date_time_format (until, "%Y-%m-%dT%H:%M:%SZ");
  return g_strdup_printf (",\"validUntil\":\"%s\"", text);
}

char *
music_item_with (
    const char *id, const char *type, const char *members, const char *url, int lives_s)
{
  g_autofree char *until = make_valid_until (lives_s);
  return g_strdup_printf (
      "{\"id\":\"%s\",\"playbackInfo\":{\"type\":\"%s\"},\"metadata\":{\"type\":\"TRACK\",\"name\":"
      "{\"speech\":{\"type\":\"PLAIN_TEXT\",\"text\":\"Title %s\"},\"display\":\"Title %s\"},"
      "\"authors\":[{\"name\":\"Author\"}]},%s\"stream\":{\"id\":\"s\",\"uri\":"
      "\"https://media.invalid/%s\",\"offsetInMilliseconds\":0%s}}",
      id, type, id, id, members, url, until);
}

char *
music_item (const char *id, const char *url, int lives_s)
{
  return music_item_with (id, "DEFAULT",
                          "\"durationInMilliseconds\":200000,\"controls\":["
                          "{\"type\":\"COMMAND\",\"name\":\"NEXT\",\"enabled\":true},"
                          "{\"type\":\"COMMAND\",\"name\":\"PREVIOUS\",\"enabled\":true},"
                          "{\"type\":\"ADJUST\",\"name\":\"SEEK_POSITION\",\"enabled\":true}],",
                          url, lives_s);
}

static char *
make_answer (const char *namespace, const char *name, const char *payload)
{
  return g_strdup_printf ("{\"header\":{\"messageId\":\"m\",\"namespace\":\"%s\",\"name\":\"%s\","
                          "\"payloadVersion\":\"1.0\"},\"payload\":%s}",
                          namespace, name, payload);
}

char *
music_answer (const char *name, const char *payload)
{
  gboolean plain = g_str_has_prefix (name, "Set");
  g_autofree char *response = plain ? g_strdup ("Response") : g_strconcat (name, ".Response", NULL);
  return make_answer (plain ? "Alexa" : "Alexa.Audio.PlayQueue", response, payload);
}

char *
music_queue (const char *id, char *item, const char *more)
{
  g_autofree char *owned = item;
  g_autofree char *payload = g_strdup_printf (
      "{\"playbackMethod\":{\"type\":\"ALEXA_AUDIO_PLAYER_QUEUE\",\"id\":\"%s\",\"controls\":["
      "{\"type\":\"TOGGLE\",\"name\":\"SHUFFLE\",\"enabled\":true,\"selected\":false},"
      "{\"type\":\"TOGGLE\",\"name\":\"LOOP\",\"enabled\":true,\"selected\":true},"
      "{\"type\":\"CYCLE\",\"name\":\"REPEAT\",\"enabled\":false,\"value\":{\"status\":\"OFF\"}}],"
      "\"rules\":{\"feedback\":{\"type\":\"PREFERENCE\",\"enabled\":true}},\"firstItem\":%s%s}}",
      id, owned, more);
  return make_answer ("Alexa.Media.Playback", "Initiate.Response", payload);
}

char *
music_error (const char *type, const char *more)
{
  g_autofree char *payload
      = g_strdup_printf ("{\"type\":\"%s\",\"message\":\"words of the service\"%s}", type, more);
  return make_answer ("Alexa.Media", "ErrorResponse", payload);
}

/* --- The service -------------------------------------------------------------------------------
 */

static void
free_events (gpointer data)
{
  g_string_free (data, TRUE);
}

/* Of this run of the daemon. */
static GString *
get_events (House *house)
{
  GString *events = g_object_get_data (G_OBJECT (house->controller), "events");
  if (events == NULL)
    {
      events = g_string_new ("");
      g_object_set_data_full (G_OBJECT (house->controller), "events", events, free_events);
    }
  return events;
}

/* The oldest request that waits. (transfer full) (nullable) */
static JsonObject *
peek (House *house)
{
  house_settle (house);
  daemon_dummy_transport_drop_cancelled (house->transport);
  if (daemon_dummy_transport_get_n_waiting (house->transport) == 0)
    return NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root
      = alexa_json_parse (daemon_dummy_transport_get_body (house->transport), 100 * 1024, &error);
  g_assert_no_error (error);
  return json_node_dup_object (root);
}

static void
note_event (House *house, JsonObject *body, const char *type)
{
  g_autofree char *id = house_get (body, "request/body/item/id");
  g_autofree char *offset = house_get (body, "request/body/offsetInMilliseconds");
  g_autofree char *cause = house_get (body, "request/body/cause");
  GString *events = get_events (house);
  g_string_append_printf (events, "%s%s %s %s%s%s", events->len > 0 ? ", " : "",
                          type + strlen (EVENT_PREFIX), id, offset, cause != NULL ? " " : "",
                          cause != NULL ? cause : "");
}

/* Answers all events that stand before the first request. (transfer full) (nullable): that */
static JsonObject *
pass_events (House *house)
{
  for (;;)
    {
      g_autoptr (JsonObject) body = peek (house);
      g_autofree char *type = body != NULL ? house_get (body, "request/type") : NULL;
      if (type == NULL || !g_str_has_prefix (type, EVENT_PREFIX))
        return g_steal_pointer (&body);
      note_event (house, body, type);
      house_answer (house, "{}");
    }
}

JsonObject *
music_expect (House *house, const char *name)
{
  g_autoptr (JsonObject) body = pass_events (house);
  if (body == NULL)
    g_error ("nothing is asked where %s should be", name);
  house_assert (body, "header/name", name);
  return json_object_ref (json_object_get_object_member (body, "payload"));
}

void
music_exchange (House *house, const char *name, char *json)
{
  g_autofree char *owned = json;
  json_object_unref (music_expect (house, name));
  house_answer (house, json);
}

void
music_exchange_item (House *house, const char *name, char *item)
{
  g_autofree char *owned = item;
  g_autofree char *payload = g_str_equal (name, "GetNextItem")
                                 ? g_strdup_printf ("{\"isQueueFinished\":false,\"item\":%s}", item)
                                 : g_strdup_printf ("{\"item\":%s}", item);
  music_exchange (house, name, music_answer (name, payload));
}

void
music_expect_none (House *house)
{
  g_autoptr (JsonObject) body = pass_events (house);
  g_autofree char *name = body != NULL ? house_get (body, "header/name") : NULL;
  g_assert_cmpstr (name, ==, NULL);
}

char *
music_take_events (House *house)
{
  g_autoptr (JsonObject) body = pass_events (house);
  GString *events = get_events (house);
  char *text = g_strdup (events->str);
  g_string_truncate (events, 0);
  return text;
}

/* --- The user ----------------------------------------------------------------------------------
 */

static void
set_result (House *house, char *text)
{
  g_object_set_data_full (G_OBJECT (house->controller), "result", text, g_free);
}

/* (transfer full) */
static char *
name_error (const GError *error)
{
  g_autofree char *name = g_dbus_error_encode_gerror (error);
  return g_strdup (strrchr (name, '.') + 1);
}

static void
on_done (GObject *source, GAsyncResult *result, gpointer user_data)
{
  House *house = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) value = bus_backend_music_finish (BUS_BACKEND (source), result, &error);
  g_autofree char *name = error != NULL ? name_error (error) : NULL;
  if (error != NULL)
    set_result (house, g_strdup_printf ("%s: %s", name, error->message));
  else
    set_result (house, value != NULL ? g_variant_print (value, FALSE) : g_strdup ("ok"));
}

void
music_play (House *house, const char *criteria)
{
  set_result (house, g_strdup (""));
  g_autoptr (GVariant) parsed
      = g_variant_ref_sink (g_variant_parse (G_VARIANT_TYPE ("a{ss}"), criteria, NULL, NULL, NULL));
  bus_backend_music_play (BUS_BACKEND (house->backend), "tunes", parsed, on_done, house);
  house_settle (house);
}

void
music_do (House *house, BusMusicAction action, const char *argument)
{
  set_result (house, g_strdup (""));
  bus_backend_music_do (BUS_BACKEND (house->backend), action, argument, on_done, house);
  house_settle (house);
}

const char *
music_get_result (House *house)
{
  house_settle (house);
  return g_object_get_data (G_OBJECT (house->controller), "result");
}

char *
music_press (House *house, BusButton button)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = bus_backend_press (BUS_BACKEND (house->backend), button, &error);
  g_assert_true (ok == (error == NULL));
  house_settle (house);
  return ok ? g_strdup ("") : name_error (error);
}

void
music_begin (House *house, char *item)
{
  music_play (house, "{'content': 'c1'}");
  music_exchange (house, "Initiate", music_queue ("q1", item, ""));
  g_assert_cmpstr (music_get_result (house), ==, "ok");
  house_start_sound (house, 0);
  g_free (music_take_calls (house));
  g_free (music_take_events (house));
}

/* --- The player --------------------------------------------------------------------------------
 */

char *
music_take_calls (House *house)
{
  house_settle (house);
  g_auto (GStrv) calls = player_dummy_engine_take_calls (house->engine);
  g_autoptr (GString) text = g_string_new ("");
  for (guint i = 0; calls[i] != NULL; i++)
    if (!g_str_has_prefix (calls[i], "volume") && !g_str_has_prefix (calls[i], "duck"))
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", calls[i]);
  /* Deadlines depend on when the test runs. */
  g_autoptr (GRegex) until = g_regex_new (" until [0-9]+", 0, 0, NULL);
  return g_regex_replace_literal (until, text->str, -1, 0, "", 0, NULL);
}

void
music_emit (House *house, PlayerEngineEventType type, gboolean next, gint64 offset_ms)
{
  guint64 generation = next ? player_dummy_engine_get_next (house->engine)
                            : player_dummy_engine_get_current (house->engine);
  PlayerEngineEvent event = { .type = type,
                              .generation = generation,
                              .offset_ms = offset_ms,
                              .error_type = PLAYER_MEDIA_ERROR_INVALID_REQUEST,
                              .error_message = "HTTP 403",
                              .duration_ms = 200000,
                              .seekable = TRUE };
  g_assert_true (player_dummy_engine_emit (house->engine, &event));
  house_settle (house);
}

void
music_listen (House *house, gint64 from_ms, gint64 ms)
{
  for (gint64 at_ms = 1000; at_ms <= ms; at_ms += 1000)
    {
      player_dummy_engine_set_position (house->engine, from_ms + at_ms);
      house_advance (house, 1000);
    }
}

void
music_pause (House *house, gint64 offset_ms)
{
  player_dummy_engine_set_position (house->engine, offset_ms);
  music_assert (music_press (house, BUS_BUTTON_PAUSE), "");
  g_assert_cmpint (house_get_activity (house), ==, PLAYER_ACTIVITY_PAUSED);
  g_free (music_take_calls (house));
}

/* --- Set up ------------------------------------------------------------------------------------
 */

void
music_restart (House *house)
{
  house_restart (house);
  house_advance (house, 1000);
  g_free (music_take_calls (house));
}

static void
set_up (House *house, gconstpointer data)
{
  house_set_up (house, "music");
  house_advance (house, 1000); /* a clock that stands at 0 has not been looked at */
}

void
music_add (const char *path, void (*func) (House *house, gconstpointer data))
{
  g_test_add (path, House, NULL, set_up, func, house_tear_down);
}
