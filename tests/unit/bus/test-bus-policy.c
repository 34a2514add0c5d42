/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The policy of the system bus, asked of a real dbus-daemon by clients of other users. Only root
 * can be somebody else: without it, reading the policy is all that is tested. */
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "bus-dummy-backend.h"
#include "dbus/bus-server.h"
#include "tests/dummies/player-dummy-clock.h"
#include "tests/dummies/player-dummy-engine.h"

#define OUTSIDER "--regid=nogroup"
#define MEMBER "--regid=daemon"
#define INJECTOR "--regid=games"

typedef struct
{
  char *folder;        /* (owned) */
  char *address;       /* (owned) */
  GSubprocess *daemon; /* (owned) */
} Bus;

static void
bus_up (Bus *bus, const char *policy)
{
  g_autoptr (GError) error = NULL;
  bus->folder = g_dir_make_tmp ("segue-policy-XXXXXX", &error);
  g_assert_no_error (error);
  g_assert_no_errno (chmod (bus->folder, 0711));
  bus->address = g_strdup_printf ("unix:path=%s/bus", bus->folder);

  /* the rules of a system bus, and then ours */
  g_autofree char *config = g_strdup_printf (
      "<busconfig><type>system</type><listen>%s</listen><auth>EXTERNAL</auth>"
      "<policy context='default'><allow user='*'/><deny own='*'/><deny send_type='method_call'/>"
      "<allow send_type='signal'/><allow send_requested_reply='true' send_type='method_return'/>"
      "<allow send_requested_reply='true' send_type='error'/>"
      "<allow receive_type='method_call'/><allow receive_type='method_return'/>"
      "<allow receive_type='error'/><allow receive_type='signal'/>"
      "<allow send_destination='org.freedesktop.DBus'"
      " send_interface='org.freedesktop.DBus'/></policy><include>%s</include></busconfig>",
      bus->address, policy);
  g_autofree char *file = g_build_filename (bus->folder, "bus.conf", NULL);
  g_file_set_contents (file, config, -1, &error);
  g_assert_no_error (error);

  g_autofree char *option = g_strconcat ("--config-file=", file, NULL);
  bus->daemon = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "dbus-daemon",
      option, "--nofork", "--nopidfile", "--print-address", NULL);
  g_assert_no_error (error);
}

/* TRUE if the bus came up: it tells its address when it has read everything. */
static gboolean
bus_is_up (Bus *bus)
{
  g_autoptr (GDataInputStream) lines
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (bus->daemon));
  g_autofree char *line = g_data_input_stream_read_line (lines, NULL, NULL, NULL);
  return line != NULL;
}

static void
bus_down (Bus *bus)
{
  g_autofree char *file = g_build_filename (bus->folder, "bus.conf", NULL);
  g_autofree char *socket = g_build_filename (bus->folder, "bus", NULL);
  g_subprocess_force_exit (bus->daemon);
  g_subprocess_wait (bus->daemon, NULL, NULL);
  g_clear_object (&bus->daemon);
  g_unlink (file);
  g_unlink (socket);
  g_assert_no_errno (g_rmdir (bus->folder));
  g_free (bus->folder);
  g_free (bus->address);
}

static void
test_reads (gconstpointer policy)
{
  Bus bus;
  bus_up (&bus, policy);
  g_assert_true (bus_is_up (&bus));
  bus_down (&bus);
}

/* What would make the test above fail does. */
static void
test_refuses (void)
{
  g_autofree char *file = g_build_filename (g_get_tmp_dir (), "segue-broken-policy.conf", NULL);
  g_assert_true (g_file_set_contents (
      file, "<busconfig><policy context='default'><alow own='x'/></policy></busconfig>", -1, NULL));
  Bus bus;
  bus_up (&bus, file);
  g_assert_false (bus_is_up (&bus));
  bus_down (&bus);
  g_unlink (file);
}

/* With other people. */

typedef struct
{
  Bus bus;
  PlayerController *controller; /* (owned) */
  BusDummyBackend *backend;     /* (owned) */
  BusServer *server;            /* (owned) */
  gboolean ready;
} World;

static void
wait_until (const gboolean *flag)
{
  gint64 deadline_us = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  while (!*flag)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
      if (!g_main_context_iteration (NULL, FALSE))
        g_usleep (500);
    }
}

static void
on_true (gboolean *flag)
{
  *flag = TRUE;
}

static void
world_up (World *w, gconstpointer policy)
{
  bus_up (&w->bus, policy);
  g_assert_true (bus_is_up (&w->bus));
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", w->bus.address, TRUE);

  g_autoptr (PlayerDummyEngine) engine = player_dummy_engine_new ();
  g_autoptr (PlayerDummyClock) clock = player_dummy_clock_new ();
  w->controller = player_controller_new (PLAYER_ENGINE (engine), PLAYER_CLOCK (clock),
                                         PLAYER_NEARLY_FINISHED_BUFFERED);
  w->backend = bus_dummy_backend_new ();
  bus_dummy_backend_answer_music_at_once (w->backend);
  w->server = bus_server_new (w->controller, BUS_BACKEND (w->backend), "1");
  g_signal_connect_swapped (w->server, "ready", G_CALLBACK (on_true), &w->ready);
  bus_server_set_injectors (w->server, "games");
  bus_server_start (w->server, G_BUS_TYPE_SYSTEM);
  wait_until (&w->ready);
}

static void
world_down (World *w, gconstpointer policy)
{
  bus_server_stop (w->server);
  g_assert_finalize_object (w->server);
  g_assert_finalize_object (w->backend);
  g_assert_finalize_object (w->controller);
  bus_down (&w->bus);
}

static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;
  *slot = g_object_ref (result);
}

/* What busctl says on standard error as nobody of @group: "" where it was allowed. */
static char *
ask (World *w, const char *group, const char *command)
{
  g_autofree char *line = g_strdup_printf (
      "setpriv --reuid=nobody %s %s busctl --address=%s --timeout=5 %s", group,
      strstr (group, "--groups") != NULL ? "" : "--clear-groups", w->bus.address, command);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  g_assert_true (g_shell_parse_argv (line, NULL, &argv, &error));
  g_autoptr (GSubprocess) process = g_subprocess_newv (
      (const char *const *)argv, G_SUBPROCESS_FLAGS_STDERR_PIPE | G_SUBPROCESS_FLAGS_STDOUT_SILENCE,
      &error);
  g_assert_no_error (error);
  g_autoptr (GAsyncResult) result = NULL;
  g_subprocess_communicate_utf8_async (process, NULL, NULL, on_result, &result);
  while (result == NULL)
    {
      g_main_context_iteration (NULL, TRUE);
      if (bus_dummy_backend_is_waiting (w->backend))
        bus_dummy_backend_answer (w->backend, "r1", 0);
    }
  char *text = NULL;
  g_subprocess_communicate_utf8_finish (process, result, NULL, &text, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_successful (process) == (*text == '\0'));
  return text;
}

static void
assert_allowed (World *w, const char *group, const char *command)
{
  g_test_message ("%s: %s", group, command);
  g_autofree char *said = ask (w, group, command);
  g_assert_cmpstr (said, ==, "");
}

static void
assert_denied (World *w, const char *group, const char *command)
{
  g_test_message ("%s: %s", group, command);
  g_autofree char *said = ask (w, group, command);
  g_assert_nonnull (strstr (said, "Access denied"));
}

#define MAIN "org.segue.Segue1 /org/segue/Segue1 "
#define PLAYER MAIN "org.segue.Segue1.Player "
#define TALK MAIN "org.segue.Segue1.Conversation "
#define MUSIC MAIN "org.segue.Segue1.Music "
#define MPRIS "org.mpris.MediaPlayer2.segue /org/mpris/MediaPlayer2 org.mpris.MediaPlayer2.Player "

static void
check_looking (World *w)
{
  const char *const looks[] = {
    "get-property " PLAYER "PlayerActivity Metadata Volume",
    "get-property " TALK "MicrophoneOpen Speaking",
    "get-property " MUSIC "Service Services Title Controls",
    "get-property " MPRIS "PlaybackStatus Position",
    "introspect " MAIN,
    "call " MAIN "org.freedesktop.DBus.Peer Ping",
  };
  for (guint i = 0; i < G_N_ELEMENTS (looks); i++)
    {
      assert_allowed (w, OUTSIDER, looks[i]);
      assert_allowed (w, MEMBER, looks[i]);
    }
}

static void
check_control (World *w)
{
  const char *const controls[] = {
    "call " PLAYER "Play",
    "call " PLAYER "Stop",
    "call " PLAYER "Seek x 5000",
    "set-property " PLAYER "Volume d 0.5",
    "set-property " MPRIS "Volume d 0.75",
    "call " MPRIS "PlayPause",
    "call " MPRIS "Seek x 5000",
    "call " TALK "BeginUserSpeech",
    "call " TALK "EndUserSpeech b true",
    "call " TALK "GetLastCard",
    "call " MUSIC "Play sa{ss} shelf 1 TRACK x",
    "call " MUSIC "SetShuffle b true",
    "call " MUSIC "SetLoop b true",
    "call " MUSIC "SetRepeat b true",
    "call " MUSIC "Feedback s positive",
    "call " MUSIC "JumpTo s item-1",
    "call " MUSIC "Reinitiate",
    "set-property " MAIN "org.segue.Segue1 Locale s de-DE",
  };
  for (guint i = 0; i < G_N_ELEMENTS (controls); i++)
    {
      assert_denied (w, OUTSIDER, controls[i]);
      assert_denied (w, INJECTOR, controls[i]);
      assert_allowed (w, MEMBER, controls[i]);
    }
  assert_denied (w, OUTSIDER, "call " MUSIC "GetView");
  assert_denied (w, OUTSIDER, "call " TALK "Launch s radio");
  assert_denied (w, OUTSIDER, "call " TALK "EndSession s radio");
  assert_denied (w, OUTSIDER, "call " TALK "BuiltInIntent ss radio stop");
  assert_denied (w, OUTSIDER, "call " TALK "CanFulfill ssa{ss} radio HelloIntent 0");
  assert_denied (w, OUTSIDER, "call " TALK "Intent ssa{ss} radio HelloIntent 0");
}

static void
check_injection (World *w)
{
  const char *const injections[] = {
    "call " PLAYER "PlayUrl sx https://a.example/b 0",
    "call " PLAYER "PlayStream sa{sv} https://a.example/b 0",
    "call " PLAYER "RenewUrl ssa{ss} '' https://a.example/b 0",
    "call " MPRIS "OpenUri s https://a.example/b",
    "call " TALK "HandleResponse sss '' '' '{}'",
  };
  for (guint i = 0; i < G_N_ELEMENTS (injections); i++)
    {
      assert_denied (w, OUTSIDER, injections[i]);
      assert_denied (w, MEMBER, injections[i]);
      assert_allowed (w, INJECTOR, injections[i]);
    }
}

/* A skill that nobody has configured commands the device: the bus cannot tell, the daemon can. */
static void
check_unknown_skills (World *w)
{
  const char *const calls[] = {
    "call " TALK "Launch s https://unknown.example/",
    "call " TALK "Intent ssa{ss} https://unknown.example/ HelloIntent 0",
    "call " TALK "BuiltInIntent ss https://unknown.example/ stop",
    "call " TALK "CanFulfill ssa{ss} https://unknown.example/ HelloIntent 0",
    "call " TALK "EndSession s https://unknown.example/",
  };
  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    assert_denied (w, MEMBER, calls[i]);
  assert_allowed (w, MEMBER " --groups=games", calls[0]);
  assert_allowed (w, MEMBER, "call " TALK "Launch s radio");
}

static void
check_own (World *w)
{
  const char *const request = "call org.freedesktop.DBus /org/freedesktop/DBus "
                              "org.freedesktop.DBus RequestName su ";
  const char *const names[]
      = { "org.segue.Segue1", "org.mpris.MediaPlayer2.segue", "org.mpris.MediaPlayer2.segue.x" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *command = g_strdup_printf ("%s %s 0", request, names[i]);
      assert_denied (w, MEMBER, command);
    }
}

/* Says something private, then something public. */
static gboolean
on_tick (gpointer user_data)
{
  World *w = user_data;
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (w->controller);
  bus_backend_emit_step (BUS_BACKEND (w->backend), "RequestSent",
                         g_variant_new ("(ssss)", "radio", "r1", "LaunchRequest", "private"));
  player_controller_set_volume (w->controller, now->volume > 0.5 ? 0.25 : 1.0);
  return G_SOURCE_CONTINUE;
}

static char *
read_line (GDataInputStream *lines)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_data_input_stream_read_line_async (lines, 0, NULL, on_result, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  return g_data_input_stream_read_line_finish (lines, result, NULL, NULL);
}

/* Whether gdbus monitor hears the private part, as nobody of @group. When the second public part
 * has come, it was listening while the private one before it was said. */
static gboolean
hears_conversation (World *w, const char *group)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) monitor = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE, &error, "setpriv", "--reuid=nobody", group, "--clear-groups",
      "gdbus", "monitor", "--address", w->bus.address, "--dest", "org.segue.Segue1", NULL);
  g_assert_no_error (error);
  g_autoptr (GDataInputStream) lines
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (monitor));
  guint tick_id = g_timeout_add (50, on_tick, w);
  gboolean heard = FALSE;
  for (guint n_public = 0; n_public < 2;)
    {
      g_autofree char *line = read_line (lines);
      g_assert_nonnull (line);
      heard = heard || strstr (line, "private") != NULL;
      n_public
          += strstr (line, "org.segue.Segue1.Player") != NULL && strstr (line, "'Volume'") != NULL;
    }
  g_source_remove (tick_id);
  g_subprocess_force_exit (monitor);
  g_subprocess_wait (monitor, NULL, NULL);
  return heard;
}

static void
check_listening (World *w)
{
  g_assert_false (hears_conversation (w, OUTSIDER));
  g_assert_false (hears_conversation (w, INJECTOR));
  g_assert_true (hears_conversation (w, MEMBER));
}

/* One test, as there is one connection to the system bus in the life of a process. */
static void
test_judges (World *w, gconstpointer policy)
{
  check_looking (w);
  check_control (w);
  check_injection (w);
  check_unknown_skills (w);
  check_own (w);
  check_listening (w);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  g_autofree char *installed = g_canonicalize_filename (argv[1], NULL);
  g_autofree char *here = g_canonicalize_filename (argv[2], NULL);

  g_test_add_data_func ("/bus/policy/reads", installed, test_reads);
  g_test_add_func ("/bus/policy/refuses", test_refuses);
  if (geteuid () == 0)
    g_test_add ("/bus/policy/judges", World, here, world_up, test_judges, world_down);
  return g_test_run ();
}
