/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "bus-fixture.h"

#define BUS_FIXTURE_PROPERTIES "org.freedesktop.DBus.Properties"

typedef struct
{
  char *interface; /* (owned): for PropertiesChanged the one whose properties changed */
  char *member;    /* (owned) */
  GVariant *args;  /* (owned) */
} BusFixtureSignal;

static void
bus_fixture_signal_free (BusFixtureSignal *signal)
{
  g_free (signal->interface);
  g_free (signal->member);
  g_variant_unref (signal->args);
  g_free (signal);
}

static void
bus_fixture_on_signal (GDBusConnection *connection,
                       const char *sender,
                       const char *path,
                       const char *interface,
                       const char *member,
                       GVariant *args,
                       gpointer user_data)
{
  BusFixture *self = user_data;
  if (g_str_has_prefix (path, "/org/freedesktop/"))
    return;

  BusFixtureSignal *signal = g_new0 (BusFixtureSignal, 1);
  if (g_str_equal (interface, BUS_FIXTURE_PROPERTIES))
    g_variant_get_child (args, 0, "s", &signal->interface);
  else
    signal->interface = g_strdup (interface);
  signal->member = g_strdup (member);
  signal->args = g_variant_ref (args);
  g_ptr_array_add (self->signals, signal);
}

/* Life. */

static void
bus_fixture_on_ready (BusFixture *self)
{
  self->n_ready++;
}

static void
bus_fixture_on_name_lost (BusFixture *self, const char *why)
{
  g_free (self->name_lost);
  self->name_lost = g_strdup (why);
}

static void
bus_fixture_connect_client (BusFixture *self)
{
  g_autoptr (GError) error = NULL;
  self->client = g_dbus_connection_new_for_address_sync (
      g_test_dbus_get_bus_address (self->bus),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  g_assert_no_error (error);
  self->subscription_id = g_dbus_connection_signal_subscribe (self->client, NULL, NULL, NULL, NULL,
                                                              NULL, G_DBUS_SIGNAL_FLAGS_NONE,
                                                              bus_fixture_on_signal, self, NULL);
}

void
bus_fixture_set_up (BusFixture *self, gconstpointer data)
{
  self->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->bus);
  self->signals = g_ptr_array_new_with_free_func ((GDestroyNotify)bus_fixture_signal_free);
  bus_fixture_connect_client (self);

  self->clock = player_dummy_clock_new ();
  self->engine = player_dummy_engine_new ();
  self->controller = player_controller_new (
      PLAYER_ENGINE (self->engine), PLAYER_CLOCK (self->clock), PLAYER_NEARLY_FINISHED_BUFFERED);
  self->backend = bus_dummy_backend_new ();
  self->server = bus_server_new (self->controller, BUS_BACKEND (self->backend), "9.8.7");
  g_signal_connect_swapped (self->server, "ready", G_CALLBACK (bus_fixture_on_ready), self);
  g_signal_connect_swapped (self->server, "name-lost", G_CALLBACK (bus_fixture_on_name_lost), self);
  bus_server_start (self->server, G_BUS_TYPE_SESSION);
  bus_fixture_wait_until (self->n_ready > 0 || self->name_lost != NULL);
  bus_fixture_settle (self);
  bus_fixture_forget (self);
}

void
bus_fixture_tear_down (BusFixture *self, gconstpointer data)
{
  bus_server_stop (self->server);
  g_assert_finalize_object (self->server);
  g_assert_finalize_object (self->controller);
  g_assert_finalize_object (self->backend);
  g_assert_finalize_object (self->engine);
  g_assert_finalize_object (self->clock);
  g_dbus_connection_signal_unsubscribe (self->client, self->subscription_id);
  g_dbus_connection_close_sync (self->client, NULL, NULL);
  g_clear_object (&self->client);
  while (g_main_context_iteration (NULL, FALSE))
    ;
  g_ptr_array_unref (self->signals);
  g_free (self->name_lost);
  g_test_dbus_down (self->bus);
  g_object_unref (self->bus);
}

/* The player. */

static void
bus_fixture_submit_play (BusFixture *self,
                         const char *token,
                         const char *origin,
                         gint64 offset_ms,
                         PlayerPlayBehavior behavior)
{
  g_autofree char *title = g_strconcat ("Title of ", token, NULL);
  g_autofree char *url = g_strconcat ("https://audio.example/", token, "?signature=s3cret", NULL);
  g_autoptr (PlayerMetadata) metadata = player_metadata_new (
      title, "Artist", "Album", "https://art.example/1.png", "https://art.example/2.png");
  g_autoptr (PlayerItem) item = player_item_new (url, token, offset_ms, origin, metadata);
  g_autoptr (PlayerCommand) command = player_command_new_play (item, behavior, NULL);
  g_assert_cmpint (player_controller_submit (self->controller, command), ==, PLAYER_VERDICT_DONE);
}

/* Replaces what plays, and its first sample sounds at once. */
void
bus_fixture_play (BusFixture *self, const char *token, const char *origin, gint64 offset_ms)
{
  bus_fixture_submit_play (self, token, origin, offset_ms, PLAYER_PLAY_REPLACE_ALL);
  guint64 generation = player_dummy_engine_get_waiting (self->engine);
  if (generation == 0)
    generation = player_dummy_engine_get_current (self->engine);
  g_assert_true (
      player_dummy_engine_emit_simple (self->engine, PLAYER_ENGINE_STARTED, generation, offset_ms));
}

void
bus_fixture_enqueue (BusFixture *self, const char *token)
{
  bus_fixture_submit_play (self, token, "", 0, PLAYER_PLAY_ENQUEUE);
}

void
bus_fixture_submit (BusFixture *self, PlayerCommandType type)
{
  g_autoptr (PlayerCommand) command = player_command_new_simple (type);
  player_controller_submit (self->controller, command);
}

void
bus_fixture_set_position (BusFixture *self, gint64 position_ms)
{
  player_dummy_engine_set_position (self->engine, position_ms);
}

void
bus_fixture_set_duration (BusFixture *self, gint64 duration_ms, gboolean seekable)
{
  PlayerEngineEvent event = {
    .type = PLAYER_ENGINE_DURATION,
    .generation = player_dummy_engine_get_current (self->engine),
    .duration_ms = duration_ms,
    .seekable = seekable,
  };
  g_assert_true (player_dummy_engine_emit (self->engine, &event));
}

static void
bus_fixture_emit (BusFixture *self, PlayerEngineEventType type, gint64 offset_ms)
{
  guint64 generation = player_dummy_engine_get_current (self->engine);
  g_assert_true (player_dummy_engine_emit_simple (self->engine, type, generation, offset_ms));
}

/* A seek, and its landing. */
void
bus_fixture_seek (BusFixture *self, gint64 position_ms)
{
  g_autoptr (PlayerCommand) command = player_command_new_seek (position_ms);
  g_assert_cmpint (player_controller_submit (self->controller, command), ==, PLAYER_VERDICT_DONE);
  bus_fixture_emit (self, PLAYER_ENGINE_SEEKED, position_ms);
}

void
bus_fixture_starve (BusFixture *self, gint64 position_ms)
{
  bus_fixture_emit (self, PLAYER_ENGINE_UNDERRUN, position_ms);
}

void
bus_fixture_finish (BusFixture *self, gint64 position_ms)
{
  bus_fixture_emit (self, PLAYER_ENGINE_FINISHED, position_ms);
}

/* The client. */

static void
bus_fixture_on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;
  *slot = g_object_ref (result);
}

static GVariant *
bus_fixture_call_interface (BusFixture *self,
                            const char *object_of,
                            const char *interface,
                            const char *method,
                            GVariant *params,
                            GError **error)
{
  gboolean mpris = g_str_has_prefix (object_of, BUS_FIXTURE_MPRIS_ROOT);
  g_autoptr (GAsyncResult) result = NULL;
  g_dbus_connection_call (self->client, mpris ? BUS_SERVER_MPRIS_NAME : BUS_SERVER_NAME,
                          mpris ? BUS_SERVER_MPRIS_PATH : BUS_SERVER_PATH, interface, method,
                          params, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, 10000, NULL,
                          bus_fixture_on_result, &result);
  bus_fixture_wait_until (result != NULL);
  return g_dbus_connection_call_finish (self->client, result, error);
}

GVariant *
bus_fixture_call (
    BusFixture *self, const char *interface, const char *method, GVariant *params, GError **error)
{
  return bus_fixture_call_interface (self, interface, interface, method, params, error);
}

void
bus_fixture_call_ok (BusFixture *self, const char *interface, const char *method, GVariant *params)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = bus_fixture_call (self, interface, method, params, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (g_variant_get_type_string (reply), ==, "()");
}

static void
bus_fixture_assert_error (GError *error, const char *name)
{
  g_assert_nonnull (error);
  g_autofree char *remote = g_dbus_error_get_remote_error (error);
  g_assert_cmpstr (remote, ==, name);
}

void
bus_fixture_call_fails (
    BusFixture *self, const char *interface, const char *method, GVariant *params, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = bus_fixture_call (self, interface, method, params, &error);
  g_assert_null (reply);
  bus_fixture_assert_error (error, name);
}

GVariant *
bus_fixture_get (BusFixture *self, const char *interface, const char *property)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = bus_fixture_call_interface (self, interface, BUS_FIXTURE_PROPERTIES, "Get",
                                    g_variant_new ("(ss)", interface, property), &error);
  g_assert_no_error (error);
  GVariant *value = NULL;
  g_variant_get (reply, "(v)", &value);
  return value;
}

GVariant *
bus_fixture_get_all (BusFixture *self, const char *interface)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = bus_fixture_call_interface (
      self, interface, BUS_FIXTURE_PROPERTIES, "GetAll", g_variant_new ("(s)", interface), &error);
  g_assert_no_error (error);
  return g_variant_get_child_value (reply, 0);
}

void
bus_fixture_set (BusFixture *self,
                 const char *interface,
                 const char *property,
                 GVariant *value,
                 const char *error_name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = bus_fixture_call_interface (self, interface, BUS_FIXTURE_PROPERTIES, "Set",
                                    g_variant_new ("(ssv)", interface, property, value), &error);
  if (error_name == NULL)
    g_assert_no_error (error);
  else
    bus_fixture_assert_error (error, error_name);
}

/* The answer comes from the main loop, behind whatever it had to send; twice, because the loop may
 * take it up before the idle source that sends changed properties. */
void
bus_fixture_settle (BusFixture *self)
{
  for (guint i = 0; i < 2; i++)
    g_variant_unref (bus_fixture_get (self, BUS_FIXTURE_ROOT, "Version"));
}

void
bus_fixture_assert_property (BusFixture *self,
                             const char *interface,
                             const char *property,
                             const char *text)
{
  g_autoptr (GVariant) value = bus_fixture_get (self, interface, property);
  g_autofree char *printed = g_variant_print (value, FALSE);
  if (g_strcmp0 (printed, text) != 0)
    g_test_message ("%s.%s", interface, property);
  g_assert_cmpstr (printed, ==, text);
}

void
bus_fixture_assert_calls (BusFixture *self, const char *calls)
{
  g_autofree char *made = bus_dummy_backend_take_calls (self->backend);
  g_assert_cmpstr (made, ==, calls);
}

char *
bus_fixture_run (BusFixture *self, const char *program, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  va_list args;
  va_start (args, program);
  for (const char *arg = program; arg != NULL; arg = va_arg (args, const char *))
    g_ptr_array_add (argv, (char *)arg);
  va_end (args);
  g_ptr_array_add (argv, NULL);

  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process = g_subprocess_newv ((const char *const *)argv->pdata,
                                                       G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error);
  g_assert_no_error (error);

  g_autoptr (GAsyncResult) result = NULL;
  g_subprocess_communicate_utf8_async (process, NULL, NULL, bus_fixture_on_result, &result);
  bus_fixture_wait_until (result != NULL);
  char *output = NULL;
  g_subprocess_communicate_utf8_finish (process, result, &output, NULL, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process));
  return output;
}

/* What was heard. */

void
bus_fixture_forget (BusFixture *self)
{
  g_ptr_array_set_size (self->signals, 0);
}

guint
bus_fixture_count (BusFixture *self, const char *interface, const char *member)
{
  guint n = 0;
  for (guint i = 0; i < self->signals->len; i++)
    {
      const BusFixtureSignal *signal = g_ptr_array_index (self->signals, i);
      n += g_str_equal (signal->interface, interface) && g_str_equal (signal->member, member);
    }
  return n;
}

GVariant *
bus_fixture_last (BusFixture *self, const char *interface, const char *member)
{
  for (guint i = self->signals->len; i > 0; i--)
    {
      const BusFixtureSignal *signal = g_ptr_array_index (self->signals, i - 1);
      if (g_str_equal (signal->interface, interface) && g_str_equal (signal->member, member))
        return signal->args;
    }
  return NULL;
}

int
bus_fixture_index_of (BusFixture *self, const char *interface, const char *member)
{
  for (guint i = 0; i < self->signals->len; i++)
    {
      const BusFixtureSignal *signal = g_ptr_array_index (self->signals, i);
      if (g_str_equal (signal->interface, interface) && g_str_equal (signal->member, member))
        return i;
    }
  return -1;
}

guint
bus_fixture_count_changes (BusFixture *self, const char *interface, const char *property)
{
  guint n = 0;
  for (guint i = 0; i < self->signals->len; i++)
    {
      const BusFixtureSignal *signal = g_ptr_array_index (self->signals, i);
      if (!g_str_equal (signal->interface, interface)
          || !g_str_equal (signal->member, "PropertiesChanged"))
        continue;
      g_autoptr (GVariant) changed = g_variant_get_child_value (signal->args, 1);
      g_autoptr (GVariant) value = g_variant_lookup_value (changed, property, NULL);
      n += value != NULL;
    }
  return n;
}

guint
bus_fixture_count_gone (BusFixture *self, const char *interface, const char *property)
{
  guint n = 0;
  for (guint i = 0; i < self->signals->len; i++)
    {
      const BusFixtureSignal *signal = g_ptr_array_index (self->signals, i);
      if (!g_str_equal (signal->interface, interface)
          || !g_str_equal (signal->member, "PropertiesChanged"))
        continue;
      g_autofree const char **gone = NULL;
      g_variant_get_child (signal->args, 2, "^a&s", &gone);
      n += g_strv_contains (gone, property);
    }
  return n;
}
