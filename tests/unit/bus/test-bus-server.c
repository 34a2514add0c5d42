/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Names, the way out, and clients that others wrote. */
#include <unistd.h>

#include "bus-fixture.h"

static gboolean
is_owned (BusFixture *f, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      f->client, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "NameHasOwner", g_variant_new ("(s)", name), NULL, G_DBUS_CALL_FLAGS_NONE, 10000, NULL,
      &error);
  g_assert_no_error (error);
  gboolean owned;
  g_variant_get (reply, "(b)", &owned);
  return owned;
}

static void
request_name (BusFixture *f, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      f->client, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "RequestName", g_variant_new ("(su)", name, 0), NULL, G_DBUS_CALL_FLAGS_NONE, 10000, NULL,
      &error);
  g_assert_no_error (error);
}

static void
test_names (BusFixture *f, gconstpointer data)
{
  g_assert_cmpuint (f->n_ready, ==, 1);
  g_assert_true (is_owned (f, BUS_SERVER_NAME));
  g_assert_true (is_owned (f, BUS_SERVER_MPRIS_NAME));
}

static void
test_stop (BusFixture *f, gconstpointer data)
{
  /* a change that has not been sent yet leaves before the objects go */
  player_controller_set_volume (f->controller, 0.5);
  bus_server_stop (f->server);
  g_assert_false (is_owned (f, BUS_SERVER_NAME));
  g_assert_false (is_owned (f, BUS_SERVER_MPRIS_NAME));
  bus_fixture_wait_until (bus_fixture_count_changes (f, BUS_FIXTURE_PLAYER, "Volume") == 1);
  g_assert_null (f->name_lost);
  bus_server_stop (f->server);

  bus_server_start (f->server, G_BUS_TYPE_SESSION);
  bus_fixture_wait_until (f->n_ready == 2);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Volume", "0.5");
}

static void
test_name_taken (BusFixture *f, gconstpointer data)
{
  bus_server_stop (f->server);
  request_name (f, BUS_SERVER_NAME);
  bus_server_start (f->server, G_BUS_TYPE_SESSION);
  bus_fixture_wait_until (f->name_lost != NULL);
  g_assert_cmpuint (f->n_ready, ==, 1);
  g_assert_nonnull (strstr (f->name_lost, "owned by another process"));
  g_assert_false (is_owned (f, BUS_SERVER_MPRIS_NAME));
}

/* Another player of that name is a warning; this one gets a name of its own. */
static void
test_mpris_name_taken (BusFixture *f, gconstpointer data)
{
  if (g_test_subprocess ())
    {
      g_log_set_always_fatal (G_LOG_FATAL_MASK);
      bus_server_stop (f->server);
      request_name (f, BUS_SERVER_MPRIS_NAME);
      bus_server_start (f->server, G_BUS_TYPE_SESSION);
      bus_fixture_wait_until (f->n_ready == 2);
      g_autofree char *instance
          = g_strdup_printf (BUS_SERVER_MPRIS_NAME ".instance%d", (int)getpid ());
      g_assert_true (is_owned (f, instance));
      g_assert_true (is_owned (f, BUS_SERVER_NAME));
      bus_server_stop (f->server);
      g_assert_false (is_owned (f, instance));
      return;
    }
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*WARNING*org.mpris.MediaPlayer2.segue is taken*");
}

static void
on_name_lost (char **slot, const char *why)
{
  g_free (*slot);
  *slot = g_strdup (why);
}

static void
test_no_bus (void)
{
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent/bus", TRUE);
  g_autoptr (PlayerDummyEngine) engine = player_dummy_engine_new ();
  g_autoptr (PlayerDummyClock) clock = player_dummy_clock_new ();
  g_autoptr (PlayerController) controller = player_controller_new (
      PLAYER_ENGINE (engine), PLAYER_CLOCK (clock), PLAYER_NEARLY_FINISHED_BUFFERED);
  g_autoptr (BusDummyBackend) backend = bus_dummy_backend_new ();
  g_autoptr (BusServer) server = bus_server_new (controller, BUS_BACKEND (backend), "1");
  g_autofree char *why = NULL;
  g_signal_connect_swapped (server, "name-lost", G_CALLBACK (on_name_lost), &why);
  bus_server_start (server, G_BUS_TYPE_SYSTEM);
  bus_fixture_wait_until (why != NULL);
  g_assert_nonnull (strstr (why, "no system bus"));
  bus_server_stop (server);
}

static void
test_playerctl (BusFixture *f, gconstpointer data)
{
  bus_fixture_play (f, "token-1", "radio", 0);
  bus_fixture_set_duration (f, 180000, TRUE);
  bus_fixture_set_position (f, 61500);

  g_autofree char *list = bus_fixture_run (f, "playerctl", "-l", NULL);
  g_assert_cmpstr (list, ==, "segue\n");
  g_autofree char *status = bus_fixture_run (f, "playerctl", "-p", "segue", "status", NULL);
  g_assert_cmpstr (status, ==, "Playing\n");
  bus_fixture_submit (f, PLAYER_COMMAND_PAUSE); /* playerctl counts on by itself while it plays */
  g_autofree char *metadata = bus_fixture_run (
      f, "playerctl", "-p", "segue", "metadata", "--format",
      "{{artist}}|{{title}}|{{album}}|{{mpris:length}}|{{position}}|{{mpris:artUrl}}", NULL);
  g_assert_cmpstr (metadata, ==,
                   "Artist|Title of token-1|Album|180000000|61500000|https://art.example/1.png\n");
  g_autofree char *position = bus_fixture_run (f, "playerctl", "-p", "segue", "position", NULL);
  g_assert_cmpstr (position, ==, "61.500000\n");

  const char *const buttons[] = { "play", "pause", "play-pause", "stop", "next", "previous" };
  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      g_autofree char *output = bus_fixture_run (f, "playerctl", "-p", "segue", buttons[i], NULL);
      g_autofree char *call = g_strdup_printf ("press %s\n", buttons[i]);
      bus_fixture_assert_calls (f, call);
    }
  g_free (bus_fixture_run (f, "playerctl", "-p", "segue", "position", "10", NULL));
  bus_fixture_assert_calls (f, "seek 10000\n");
  g_free (bus_fixture_run (f, "playerctl", "-p", "segue", "position", "5+", NULL));
  bus_fixture_assert_calls (f, "seek 66500\n");
  g_free (bus_fixture_run (f, "playerctl", "-p", "segue", "volume", "0.25", NULL));
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Volume", "0.25");
  g_free (bus_fixture_run (f, "playerctl", "-p", "segue", "open", "https://a.example/b", NULL));
  bus_fixture_assert_calls (f, "play-url https://a.example/b 0\n");
}

/* Everything the reference lists can be seen. */
static void
test_busctl (BusFixture *f, gconstpointer data)
{
  g_autofree char *address = g_strdup_printf ("--address=%s", g_test_dbus_get_bus_address (f->bus));
  g_autofree char *main_object = bus_fixture_run (f, "busctl", address, "introspect", "--no-pager",
                                                  BUS_SERVER_NAME, BUS_SERVER_PATH, NULL);
  const char *const members[] = {
    ".Launch ",
    ".Intent ",
    ".EndSession ",
    ".HandleResponse ",
    ".RequestSent ",
    ".AnswerReceived ",
    ".RequestFailed ",
    ".Directive ",
    ".Finding ",
    ".Card ",
    ".Speech ",
    ".Session ",
    ".Activity ",
    ".PlayUrl ",
    ".PlayStream ",
    ".RenewUrl ",
    ".UrlRefused ",
    ".Seeked ",
    ".PlayerActivity ",
    ".Token ",
    ".Queue ",
    ".Metadata ",
    ".Skill ",
    ".OffsetInMilliseconds ",
    ".DurationInMilliseconds ",
    ".Volume ",
    ".Muted ",
    ".CanSeek ",
    ".Version ",
    ".Locale ",
    ".DirectiveEndpoint ",
    ".Skills ",
    ".ReportsWaiting ",
    ".ReportsRefused ",
    ".ReportsDropped ",
  };
  for (guint i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_test_message ("%s", members[i]);
      g_assert_nonnull (strstr (main_object, members[i]));
    }

  g_autofree char *mpris = bus_fixture_run (f, "busctl", address, "introspect", "--no-pager",
                                            BUS_SERVER_MPRIS_NAME, BUS_SERVER_MPRIS_PATH, NULL);
  g_assert_nonnull (strstr (mpris, "org.mpris.MediaPlayer2.Player"));
  g_assert_nonnull (strstr (mpris, ".SetPosition "));

  g_autofree char *output
      = bus_fixture_run (f, "busctl", address, "set-property", BUS_SERVER_NAME, BUS_SERVER_PATH,
                         BUS_FIXTURE_PLAYER, "Volume", "d", "0.75", NULL);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Volume", "0.75");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/bus/server/" path, BusFixture, NULL, bus_fixture_set_up, func,                     \
              bus_fixture_tear_down)
  ADD ("names", test_names);
  ADD ("stop", test_stop);
  ADD ("name-taken", test_name_taken);
  ADD ("mpris-name-taken", test_mpris_name_taken);
  ADD ("playerctl", test_playerctl);
  ADD ("busctl", test_busctl);
  g_test_add_func ("/bus/server/no-bus", test_no_bus);
  return g_test_run ();
}
