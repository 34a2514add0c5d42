/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* When the service manager's watchdog is fed, and when not. The clock is turned by hand, the engine makes
 * no sound, the service manager is a socket. */
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "daemon/daemon-watchdog.h"
#include "tests/dummies/player-dummy-clock.h"
#include "tests/dummies/player-dummy-engine.h"

#define INTERVAL_MS 10000

typedef struct
{
  int fd;
  DaemonNotify *notify;         /* (owned) */
  PlayerDummyClock *clock;      /* (owned) */
  PlayerDummyEngine *engine;    /* (owned) */
  PlayerController *controller; /* (owned) */
  DaemonWatchdog *watchdog;     /* (owned) */
  gint64 sounded_us;
  guint n_pings;
  guint *n_warnings;
} Fixture;

static GLogWriterOutput
count_warnings (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  guint *n_warnings = user_data;
  if (!(level & G_LOG_LEVEL_WARNING))
    return g_log_writer_default (level, fields, n_fields, NULL);
  (*n_warnings)++;
  return G_LOG_WRITER_HANDLED;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->n_warnings = (guint *)data;
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autofree char *name = g_strdup_printf ("@segue-watchdog-%d", getpid ());
  strcpy (address.sun_path + 1, name + 1);
  f->fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  socklen_t length = offsetof (struct sockaddr_un, sun_path) + strlen (name);
  g_assert_cmpint (bind (f->fd, (struct sockaddr *)&address, length), ==, 0);
  f->notify = daemon_notify_new (name);
  f->clock = player_dummy_clock_new ();
  f->engine = player_dummy_engine_new ();
  f->controller = player_controller_new (PLAYER_ENGINE (f->engine), PLAYER_CLOCK (f->clock),
                                         PLAYER_NEARLY_FINISHED_BUFFERED);
  f->watchdog = daemon_watchdog_new (f->notify, PLAYER_CLOCK (f->clock), f->controller,
                                     PLAYER_ENGINE (f->engine), INTERVAL_MS);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  daemon_watchdog_free (f->watchdog);
  g_object_unref (f->controller);
  g_assert_cmpuint (player_dummy_clock_get_n_alarms (f->clock), ==, 0);
  g_object_unref (f->engine);
  g_object_unref (f->clock);
  daemon_notify_free (f->notify);
  close (f->fd);
  g_assert_cmpuint (*f->n_warnings, ==, 0);
}

/* A socket holds some ten datagrams. */
static void
receive (Fixture *f)
{
  char text[64];
  for (gssize length; (length = recv (f->fd, text, sizeof text, 0)) > 0; f->n_pings++)
    {
      g_assert_cmpint (length, ==, strlen ("WATCHDOG=1"));
      g_assert_cmpint (memcmp (text, "WATCHDOG=1", (gsize)length), ==, 0);
    }
}

/* How often it has been told that all is well, since it was asked last. */
static guint
count_pings (Fixture *f)
{
  receive (f);
  const guint n = f->n_pings;
  f->n_pings = 0;
  return n;
}

/* Nothing flows meanwhile. */
static void
pass (Fixture *f, gint64 ms)
{
  for (gint64 i = 0; i < ms; i += 500)
    {
      player_dummy_clock_advance (f->clock, 500);
      receive (f);
    }
}

static void
submit (Fixture *f, PlayerCommandType type)
{
  g_autoptr (PlayerCommand) command = player_command_new_simple (type);
  player_controller_submit (f->controller, command);
}

static void
play (Fixture *f)
{
  g_autoptr (PlayerItem) item = player_item_new ("https://a/", "a", 0, "radio", NULL);
  g_autoptr (PlayerCommand) command = player_command_new_play (item, PLAYER_PLAY_REPLACE_ALL, NULL);
  player_controller_submit (f->controller, command);
  const guint64 generation = player_dummy_engine_get_current (f->engine);
  g_assert_true (player_dummy_engine_emit_simple (f->engine, PLAYER_ENGINE_STARTED, generation, 0));
  player_dummy_engine_set_output (f->engine, PLAYER_OUTPUT_PLAYING, NULL);
  g_strfreev (player_dummy_engine_take_calls (f->engine));
}

static void
flow (Fixture *f, gint64 ms)
{
  for (gint64 i = 0; i < ms; i += 100)
    {
      player_dummy_engine_set_flow (f->engine, f->sounded_us += 100000, FALSE);
      player_dummy_clock_advance (f->clock, 100);
      receive (f);
    }
}

static void
assert_calls (Fixture *f, const char *expected)
{
  g_auto (GStrv) calls = player_dummy_engine_take_calls (f->engine);
  g_autofree char *text = g_strjoinv ("; ", calls);
  g_assert_cmpstr (text, ==, expected);
}

static void
assert_warned (Fixture *f)
{
  g_assert_cmpuint (*f->n_warnings, ==, 1);
  *f->n_warnings = 0;
}

/* Nothing plays: at least twice in each interval, and nothing is done. */
static void
test_idle (Fixture *f, gconstpointer data)
{
  pass (f, INTERVAL_MS / 2);
  g_assert_cmpuint (count_pings (f), >=, 1);
  pass (f, 10 * INTERVAL_MS);
  g_assert_cmpuint (count_pings (f), >=, 20);
  assert_calls (f, "");
}

static void
test_playing (Fixture *f, gconstpointer data)
{
  play (f);
  flow (f, 5 * INTERVAL_MS);
  g_assert_cmpuint (count_pings (f), >=, 10);
  assert_calls (f, "");
}

/* Active but silent: the output is opened anew, once; then nobody is told any more that all is well, until
 * samples flow. */
static void
test_silent (Fixture *f, gconstpointer data)
{
  play (f);
  flow (f, INTERVAL_MS);
  count_pings (f);
  pass (f, INTERVAL_MS / 2);
  assert_calls (f, "renew-output no sample leaves for the audio output");
  g_assert_cmpuint (count_pings (f), >, 0);
  g_assert_cmpuint (*f->n_warnings, ==, 0);
  pass (f, INTERVAL_MS / 2);
  assert_warned (f);
  count_pings (f);
  pass (f, 10 * INTERVAL_MS);
  g_assert_cmpuint (count_pings (f), ==, 0);
  assert_calls (f, "");
  flow (f, INTERVAL_MS);
  g_assert_cmpuint (count_pings (f), >, 0);
}

/* What helps in time is no hang. */
static void
test_repaired (Fixture *f, gconstpointer data)
{
  play (f);
  flow (f, INTERVAL_MS);
  pass (f, INTERVAL_MS / 2);
  assert_calls (f, "renew-output no sample leaves for the audio output");
  flow (f, INTERVAL_MS);
  count_pings (f);
  flow (f, 5 * INTERVAL_MS);
  g_assert_cmpuint (count_pings (f), >=, 10);
}

/* The engine has seen by itself that the output hangs, and opens others: all hang. */
static void
test_hung_output (Fixture *f, gconstpointer data)
{
  play (f);
  flow (f, INTERVAL_MS);
  player_dummy_engine_set_flow (f->engine, f->sounded_us, TRUE);
  player_dummy_engine_set_output (f->engine, PLAYER_OUTPUT_WAITING, "it takes no samples any more");
  pass (f, INTERVAL_MS);
  assert_warned (f);
  assert_calls (f, "");
  count_pings (f);
  pass (f, 10 * INTERVAL_MS);
  g_assert_cmpuint (count_pings (f), ==, 0);
}

/* One that hung works again: at once nothing is amiss, though the engine does not trust it yet. */
static void
test_hung_no_more (Fixture *f, gconstpointer data)
{
  play (f);
  player_dummy_engine_set_flow (f->engine, f->sounded_us, TRUE);
  pass (f, INTERVAL_MS / 2);
  for (guint i = 0; i < 10 * INTERVAL_MS; i += 500)
    {
      player_dummy_engine_set_flow (f->engine, f->sounded_us += 500000, TRUE);
      pass (f, 500);
    }
  g_assert_cmpuint (count_pings (f), >=, 20);
}

/* An output that is away, a pause, a stream that has run dry, one that has ended: no hang. */
static void
test_excused (Fixture *f, gconstpointer data)
{
  play (f);
  player_dummy_engine_set_output (f->engine, PLAYER_OUTPUT_WAITING, "it is gone");
  count_pings (f);
  pass (f, 5 * INTERVAL_MS);
  g_assert_cmpuint (count_pings (f), >=, 10);
  player_dummy_engine_set_output (f->engine, PLAYER_OUTPUT_PLAYING, NULL);
  const guint64 sounding = player_dummy_engine_get_sounding (f->engine);
  g_assert_true (
      player_dummy_engine_emit_simple (f->engine, PLAYER_ENGINE_UNDERRUN, sounding, 1000));
  pass (f, 5 * INTERVAL_MS);
  g_assert_cmpuint (count_pings (f), >=, 10);
  g_assert_true (
      player_dummy_engine_emit_simple (f->engine, PLAYER_ENGINE_REFILLED, sounding, 1000));
  submit (f, PLAYER_COMMAND_PAUSE);
  pass (f, 5 * INTERVAL_MS);
  g_assert_cmpuint (count_pings (f), >=, 10);
  submit (f, PLAYER_COMMAND_STOP);
  pass (f, 5 * INTERVAL_MS);
  g_assert_cmpuint (count_pings (f), >=, 10);
}

/* The machine sleeps, or the process is stopped: when it goes on all alarms are late, and samples have not
 * flowed; that is one look, whatever the clock says. */
static void
test_suspended (Fixture *f, gconstpointer data)
{
  play (f);
  flow (f, INTERVAL_MS);
  count_pings (f);
  for (guint i = 0; i < 20; i++)
    {
      player_dummy_clock_advance (f->clock, INTERVAL_MS / 4);
      flow (f, INTERVAL_MS / 4);
    }
  g_assert_cmpuint (count_pings (f), >=, 20);
  assert_calls (f, "");
}

static void
assert_taken (const char *usec, const char *pid, guint expected_ms)
{
  g_setenv ("WATCHDOG_USEC", usec, TRUE);
  if (pid != NULL)
    g_setenv ("WATCHDOG_PID", pid, TRUE);
  g_assert_cmpuint (daemon_notify_take_watchdog_ms (), ==, expected_ms);
  g_assert_null (g_getenv ("WATCHDOG_USEC"));
  g_assert_null (g_getenv ("WATCHDOG_PID"));
}

static void
test_environment (gconstpointer data)
{
  guint *n_warnings = (guint *)data;
  g_autofree char *ours = g_strdup_printf ("%d", getpid ());
  g_autofree char *other = g_strdup_printf ("%d", getppid ());
  g_unsetenv ("WATCHDOG_USEC");
  g_assert_cmpuint (daemon_notify_take_watchdog_ms (), ==, 0);
  assert_taken ("10000000", NULL, 10000);
  assert_taken ("10000000", ours, 10000);
  assert_taken ("10000000", other, 0);
  assert_taken ("10000000", "nobody", 0);
  assert_taken ("soon", ours, 0);
  assert_taken ("0", NULL, 0);
  g_assert_cmpuint (*n_warnings, ==, 2);
  *n_warnings = 0;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  static const struct
  {
    const char *path;
    void (*test) (Fixture *f, gconstpointer data);
  } tests[] = {
    { "/watchdog/idle", test_idle },
    { "/watchdog/playing", test_playing },
    { "/watchdog/silent", test_silent },
    { "/watchdog/repaired", test_repaired },
    { "/watchdog/hung-output", test_hung_output },
    { "/watchdog/hung-no-more", test_hung_no_more },
    { "/watchdog/excused", test_excused },
    { "/watchdog/suspended", test_suspended },
  };
  guint n_warnings = 0;
  g_log_set_writer_func (count_warnings, &n_warnings, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (tests); i++)
    g_test_add (tests[i].path, Fixture, &n_warnings, set_up, tests[i].test, tear_down);
  g_test_add_data_func ("/watchdog/environment", &n_warnings, test_environment);
  return g_test_run ();
}
