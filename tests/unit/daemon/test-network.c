/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* What the system says about the network and the time of day. */
#include <glib/gstdio.h>

#include "daemon/daemon-network.h"
#include "fake-clock.h"
#include "tests/dummies/player-dummy-clock.h"

/* --- A monitor that says what the test wants ---------------------------------------------------
 */

#define TEST_TYPE_MONITOR (test_monitor_get_type ())
G_DECLARE_FINAL_TYPE (TestMonitor, test_monitor, TEST, MONITOR, GObject)

struct _TestMonitor
{
  GObject parent;
  gboolean available;
};

enum
{
  PROP_AVAILABLE = 1,
  PROP_METERED,
  PROP_CONNECTIVITY,
};

static void
test_monitor_init_nothing (gpointer iface, gpointer data)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (TestMonitor,
                               test_monitor,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (G_TYPE_INITABLE, test_monitor_init_nothing)
                                   G_IMPLEMENT_INTERFACE (G_TYPE_NETWORK_MONITOR,
                                                          test_monitor_init_nothing))

static void
test_monitor_get_property (GObject *object, guint id, GValue *value, GParamSpec *pspec)
{
  TestMonitor *self = TEST_MONITOR (object);
  if (id == PROP_CONNECTIVITY)
    g_value_set_enum (value,
                      self->available ? G_NETWORK_CONNECTIVITY_FULL : G_NETWORK_CONNECTIVITY_LOCAL);
  else
    g_value_set_boolean (value, id == PROP_AVAILABLE && self->available);
}

static void
test_monitor_class_init (TestMonitorClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->get_property = test_monitor_get_property;
  g_object_class_override_property (object_class, PROP_AVAILABLE, "network-available");
  g_object_class_override_property (object_class, PROP_METERED, "network-metered");
  g_object_class_override_property (object_class, PROP_CONNECTIVITY, "connectivity");
}

static void
test_monitor_init (TestMonitor *self)
{
}

static void
say (TestMonitor *self, gboolean available)
{
  self->available = available;
  g_signal_emit_by_name (self, "network-changed", available);
}

/* --- The network ------------------------------------------------------------------------------*/

typedef struct
{
  PlayerDummyClock *clock;
  TestMonitor *monitor;
  DaemonNetwork *network;
  guint n_changed;
} Fixture;

static void
on_changed (DaemonNetwork *network, gpointer user_data)
{
  Fixture *f = user_data;
  f->n_changed++;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  f->clock = player_dummy_clock_new ();
  f->monitor = g_object_new (TEST_TYPE_MONITOR, NULL);
  f->network = daemon_network_new (PLAYER_CLOCK (f->clock), G_NETWORK_MONITOR (f->monitor));
  g_signal_connect (f->network, "changed", G_CALLBACK (on_changed), f);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (f->network);
  g_assert_cmpuint (player_dummy_clock_get_n_alarms (f->clock), ==, 0);
  say (f->monitor, TRUE); /* nobody listens */
  g_assert_finalize_object (f->monitor);
  g_assert_finalize_object (f->clock);
}

/* News come in flocks, and are told once, not at once. */
static void
test_flock (Fixture *f, gconstpointer data)
{
  g_assert_false (daemon_network_is_available (f->network));
  say (f->monitor, TRUE);
  say (f->monitor, FALSE);
  say (f->monitor, TRUE);
  g_object_notify (G_OBJECT (f->monitor), "connectivity");
  g_assert_true (daemon_network_is_available (f->network));
  g_assert_cmpuint (player_dummy_clock_get_n_alarms (f->clock), ==, 1);
  player_dummy_clock_advance (f->clock, 99);
  g_assert_cmpuint (f->n_changed, ==, 0);
  player_dummy_clock_advance (f->clock, 301);
  g_assert_cmpuint (f->n_changed, ==, 1);
  say (f->monitor, FALSE);
  player_dummy_clock_advance (f->clock, 400);
  g_assert_cmpuint (f->n_changed, ==, 2);
}

static void
test_connectivity (Fixture *f, gconstpointer data)
{
  g_object_notify (G_OBJECT (f->monitor), "connectivity");
  player_dummy_clock_advance (f->clock, 400);
  g_assert_cmpuint (f->n_changed, ==, 1);
}

/* --- The time of day ---------------------------------------------------------------------------
 */

/* The clock starts in 1970, and is set: that is told without anybody looking. */
static void
test_clock (void)
{
  g_autofree char *dir = g_dir_make_tmp ("segue-clock-XXXXXX", NULL);
  g_autoptr (FakeClock) wall = fake_clock_new (dir, 100);
  const GLogLevelFlags fatal = g_log_set_always_fatal (G_LOG_LEVEL_ERROR); /* it warns */
  gint64 offset_s = 100 - g_get_real_time () / G_USEC_PER_SEC;
  g_autofree char *path = g_build_filename (dir, "clock", NULL);
  g_setenv (FAKE_CLOCK_VARIABLE, path, TRUE);
  fake_clock_use (&offset_s);
  Fixture f = { 0 };
  set_up (&f, NULL);
  g_assert_false (daemon_network_is_clock_set (f.network));
  g_assert_cmpuint (player_dummy_clock_get_n_alarms (f.clock), ==, 0); /* nobody polls */

  offset_s = 0;
  fake_clock_set (wall, 0); /* only the news of it: this process has its own clock */
  while (player_dummy_clock_get_n_alarms (f.clock) == 0)
    g_main_context_iteration (NULL, TRUE);
  player_dummy_clock_advance (f.clock, 400);
  g_assert_cmpuint (f.n_changed, ==, 1);
  g_assert_true (daemon_network_is_clock_set (f.network));

  tear_down (&f, NULL);
  fake_clock_use (NULL);
  g_unsetenv (FAKE_CLOCK_VARIABLE);
  g_log_set_always_fatal (fatal);
  g_clear_pointer (&wall, fake_clock_free);
  g_assert_cmpint (g_rmdir (dir), ==, 0);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add ("/daemon/network/flock", Fixture, NULL, set_up, test_flock, tear_down);
  g_test_add ("/daemon/network/connectivity", Fixture, NULL, set_up, test_connectivity, tear_down);
  g_test_add_func ("/daemon/network/clock", test_clock);
  return g_test_run ();
}
