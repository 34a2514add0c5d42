/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Speech, microphone, a front end that listens; the locale and the last card. */
#include "bus-fixture.h"
#include "dbus/bus-errors.h"

#define ERROR_PREFIX "org.segue.Error."

static void
set_voice (BusFixture *f, gboolean open, const char *skill, guint left_ms, gboolean speaking)
{
  const BusVoice voice = { open, skill, left_ms, speaking };
  bus_dummy_backend_set_voice (f->backend, &voice);
}

static void
test_properties (BusFixture *f, gconstpointer data)
{
  bus_fixture_assert_property (f, BUS_FIXTURE_CONVERSATION, "MicrophoneOpen", "false");
  bus_fixture_assert_property (f, BUS_FIXTURE_CONVERSATION, "MicrophoneSkill", "''");
  bus_fixture_assert_property (f, BUS_FIXTURE_CONVERSATION, "MicrophoneTimeLeft", "0");
  bus_fixture_assert_property (f, BUS_FIXTURE_CONVERSATION, "Speaking", "false");

  set_voice (f, FALSE, "", 0, TRUE);
  bus_fixture_settle (f);
  g_assert_cmpuint (bus_fixture_count_changes (f, BUS_FIXTURE_CONVERSATION, "Speaking"), ==, 1);
  g_assert_cmpuint (bus_fixture_count_changes (f, BUS_FIXTURE_CONVERSATION, "MicrophoneOpen"), ==,
                    0);
  bus_fixture_assert_property (f, BUS_FIXTURE_CONVERSATION, "Speaking", "true");

  set_voice (f, TRUE, "radio", 7500, FALSE);
  bus_fixture_settle (f);
  bus_fixture_assert_property (f, BUS_FIXTURE_CONVERSATION, "MicrophoneOpen", "true");
  bus_fixture_assert_property (f, BUS_FIXTURE_CONVERSATION, "MicrophoneSkill", "'radio'");
  bus_fixture_assert_property (f, BUS_FIXTURE_CONVERSATION, "MicrophoneTimeLeft", "7500");
  g_assert_cmpuint (bus_fixture_count_changes (f, BUS_FIXTURE_CONVERSATION, "MicrophoneOpen"), ==,
                    1);
  g_assert_cmpuint (bus_fixture_count_changes (f, BUS_FIXTURE_CONVERSATION, "MicrophoneTimeLeft"),
                    ==, 0);

  /* Nothing that a reader does not see has changed: nothing is signalled. */
  bus_fixture_forget (f);
  set_voice (f, TRUE, "radio", 6500, FALSE);
  bus_fixture_settle (f);
  g_assert_cmpuint (f->signals->len, ==, 0);
  bus_fixture_assert_property (f, BUS_FIXTURE_CONVERSATION, "MicrophoneTimeLeft", "6500");
}

static void
test_user_speech (BusFixture *f, gconstpointer data)
{
  bus_fixture_call_ok (f, BUS_FIXTURE_CONVERSATION, "BeginUserSpeech", NULL);
  bus_fixture_call_ok (f, BUS_FIXTURE_CONVERSATION, "BeginUserSpeech", NULL);
  bus_fixture_call_ok (f, BUS_FIXTURE_CONVERSATION, "EndUserSpeech", g_variant_new ("(b)", TRUE));
  bus_fixture_assert_calls (f, "begin-user-speech\nbegin-user-speech\nend-user-speech true\n");

  bus_dummy_backend_fail (f->backend, BUS_ERROR_NOT_SPEAKING);
  bus_fixture_call_fails (f, BUS_FIXTURE_CONVERSATION, "EndUserSpeech",
                          g_variant_new ("(b)", FALSE), ERROR_PREFIX "NotSpeaking");
  bus_dummy_backend_fail (f->backend, BUS_ERROR_SHUTTING_DOWN);
  bus_fixture_call_fails (f, BUS_FIXTURE_CONVERSATION, "BeginUserSpeech", NULL,
                          ERROR_PREFIX "ShuttingDown");
}

/* (transfer full): another client. */
static GDBusConnection *
connect_front_end (BusFixture *f)
{
  g_autoptr (GError) error = NULL;
  GDBusConnection *connection = g_dbus_connection_new_for_address_sync (
      g_test_dbus_get_bus_address (f->bus),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  g_assert_no_error (error);
  return connection;
}

static void
on_called (GObject *source, GAsyncResult *result, gpointer user_data)
{
  gboolean *done = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  g_assert_no_error (error);
  *done = TRUE;
}

static void
call_from (GDBusConnection *front_end, const char *method, GVariant *params)
{
  gboolean done = FALSE;
  g_dbus_connection_call (front_end, BUS_SERVER_NAME, BUS_SERVER_PATH, BUS_FIXTURE_CONVERSATION,
                          method, params, NULL, G_DBUS_CALL_FLAGS_NONE, 10000, NULL, on_called,
                          &done);
  bus_fixture_wait_until (done);
}

/* Whoever leaves without saying that it is over has said so. */
static void
test_front_end_vanishes (BusFixture *f, gconstpointer data)
{
  g_autoptr (GDBusConnection) front_end = connect_front_end (f);
  call_from (front_end, "BeginUserSpeech", NULL);
  bus_fixture_assert_calls (f, "begin-user-speech\n");
  g_dbus_connection_close_sync (front_end, NULL, NULL);
  g_autofree char *calls = NULL;
  bus_fixture_wait_until (*(calls = bus_dummy_backend_take_calls (f->backend)) != '\0'
                          || (g_free (g_steal_pointer (&calls)), FALSE));
  g_assert_cmpstr (calls, ==, "end-user-speech false\n");
}

/* One that has said it may leave. */
static void
test_front_end_leaves (BusFixture *f, gconstpointer data)
{
  g_autoptr (GDBusConnection) front_end = connect_front_end (f);
  call_from (front_end, "BeginUserSpeech", NULL);
  call_from (front_end, "EndUserSpeech", g_variant_new ("(b)", TRUE));
  g_dbus_connection_close_sync (front_end, NULL, NULL);
  bus_fixture_settle (f);
  bus_fixture_assert_calls (f, "begin-user-speech\nend-user-speech true\n");
}

static void
test_locale (BusFixture *f, gconstpointer data)
{
  bus_fixture_assert_property (f, BUS_FIXTURE_ROOT, "Locale", "'en-GB'");
  bus_fixture_set (f, BUS_FIXTURE_ROOT, "Locale", g_variant_new_string ("de-DE"), NULL);
  bus_fixture_assert_calls (f, "set-locale de-DE\n");
  bus_fixture_settle (f);
  bus_fixture_assert_property (f, BUS_FIXTURE_ROOT, "Locale", "'de-DE'");
  g_assert_cmpuint (bus_fixture_count_changes (f, BUS_FIXTURE_ROOT, "Locale"), ==, 1);

  bus_dummy_backend_fail (f->backend, BUS_ERROR_INVALID_ARGUMENT);
  bus_fixture_set (f, BUS_FIXTURE_ROOT, "Locale", g_variant_new_string ("x"),
                   ERROR_PREFIX "InvalidArgument");
  bus_fixture_set (f, BUS_FIXTURE_ROOT, "Locale", g_variant_new_int32 (1),
                   "org.freedesktop.DBus.Error.InvalidArgs");
  bus_fixture_set (f, BUS_FIXTURE_ROOT, "Version", g_variant_new_string ("2"),
                   "org.freedesktop.DBus.Error.InvalidArgs");
  bus_fixture_assert_property (f, BUS_FIXTURE_ROOT, "Locale", "'de-DE'");
}

static void
assert_card (BusFixture *f, const char *expected)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = bus_fixture_call (f, BUS_FIXTURE_CONVERSATION, "GetLastCard", NULL, &error);
  g_assert_no_error (error);
  g_autofree char *printed = g_variant_print (reply, FALSE);
  g_assert_cmpstr (printed, ==, expected);
}

static void
test_last_card (BusFixture *f, gconstpointer data)
{
  assert_card (f, "('', '')");
  bus_backend_emit_step (BUS_BACKEND (f->backend), "Card",
                         g_variant_new ("(sss)", "radio", "r1", "{\"title\":\"A\"}"));
  bus_backend_emit_step (BUS_BACKEND (f->backend), "Card",
                         g_variant_new ("(sss)", "quiz", "r2", "{\"title\":\"B\"}"));
  assert_card (f, "('quiz', '{\"title\":\"B\"}')");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/bus/voice/" path, BusFixture, NULL, bus_fixture_set_up, func, bus_fixture_tear_down)
  ADD ("properties", test_properties);
  ADD ("user-speech", test_user_speech);
  ADD ("front-end-vanishes", test_front_end_vanishes);
  ADD ("front-end-leaves", test_front_end_leaves);
  ADD ("locale", test_locale);
  ADD ("last-card", test_last_card);
  return g_test_run ();
}
