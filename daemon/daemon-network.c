/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-network.h"

#include "daemon-journal.h"
#include "daemon-wall-clock.h"
#include "player/gst/player-gst-wall-clock.h"

#define FLOCK_MIN_MS 100
#define FLOCK_MAX_MS 400
/* So often the clock is looked at where the system does not tell when it is set. */
#define LOOK_MS 10000

struct _DaemonNetwork
{
  GObject parent;
  PlayerClock *clock;       /* (owned) */
  GNetworkMonitor *monitor; /* (owned) */
  GSource *watch;           /* (owned) (nullable): of the wall clock */
  guint flock;              /* alarm: news has come, and more may */
  guint look;               /* alarm: without @watch, while the clock is not set */
  gboolean clock_set;       /* as it was told last */
};

G_DEFINE_FINAL_TYPE (DaemonNetwork, daemon_network, G_TYPE_OBJECT)

static void
on_flock_over (gpointer user_data)
{
  DaemonNetwork *self = user_data;
  self->flock = 0;
  g_debug ("the network is %s, the clock %s", daemon_network_is_available (self) ? "there" : "away",
           self->clock_set ? "set" : "not set");
  g_signal_emit_by_name (self, "changed");
}

static void
note_news (DaemonNetwork *self)
{
  if (self->flock == 0)
    self->flock = player_clock_add_alarm (
        self->clock, g_random_int_range (FLOCK_MIN_MS, FLOCK_MAX_MS + 1), on_flock_over, self);
}

/* --- The network -----------------------------------------------------------------------------*/

static void
on_network_changed (GNetworkMonitor *monitor, gboolean available, gpointer user_data)
{
  note_news (user_data);
}

static void
on_connectivity (GNetworkMonitor *monitor, GParamSpec *property, gpointer user_data)
{
  note_news (user_data);
}

gboolean
daemon_network_is_available (DaemonNetwork *self)
{
  g_return_val_if_fail (DAEMON_IS_NETWORK (self), TRUE);
  return g_network_monitor_get_network_available (self->monitor);
}

/* --- The time of day ------------------------------------------------------------------------- */

static void
look_at_clock (DaemonNetwork *self)
{
  gboolean set = player_gst_wall_clock_is_set ();
  if (set && !self->clock_set)
    daemon_journal_log (DAEMON_JOURNAL_CLOCK_SET, NULL, "the clock has been set");
  else if (!set && self->clock_set)
    {
      g_autofree char *what = player_gst_wall_clock_describe_unset ();
      daemon_journal_log (DAEMON_JOURNAL_CLOCK_WRONG, NULL,
                          "%s: certificates look as if they were not valid yet, and reports wait",
                          what);
    }
  self->clock_set = set;
}

static void
on_clock_stepped (gpointer user_data)
{
  DaemonNetwork *self = user_data;
  look_at_clock (self);
  note_news (self);
}

static void
on_look (gpointer user_data)
{
  DaemonNetwork *self = user_data;
  self->look = 0;
  look_at_clock (self);
  if (self->clock_set)
    note_news (self);
  else
    self->look = player_clock_add_alarm (self->clock, LOOK_MS, on_look, self);
}

static void
watch_clock (DaemonNetwork *self)
{
  g_autoptr (GError) error = NULL;
  self->clock_set = TRUE;
  look_at_clock (self);
  self->watch = daemon_wall_clock_watch (on_clock_stepped, self, &error);
  if (self->watch != NULL)
    return;
  g_message ("the system does not tell when its clock is set: %s", error->message);
  if (!self->clock_set)
    self->look = player_clock_add_alarm (self->clock, LOOK_MS, on_look, self);
}

gboolean
daemon_network_is_clock_set (DaemonNetwork *self)
{
  g_return_val_if_fail (DAEMON_IS_NETWORK (self), TRUE);
  return player_gst_wall_clock_is_set ();
}

/* --- Life ------------------------------------------------------------------------------------ */

static void
daemon_network_dispose (GObject *object)
{
  DaemonNetwork *self = DAEMON_NETWORK (object);
  if (self->watch != NULL)
    g_source_destroy (self->watch);
  g_clear_pointer (&self->watch, g_source_unref);
  if (self->clock != NULL)
    {
      player_clock_remove_alarm (self->clock, self->flock);
      player_clock_remove_alarm (self->clock, self->look);
    }
  self->flock = self->look = 0;
  g_clear_object (&self->monitor);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (daemon_network_parent_class)->dispose (object);
}

static void
daemon_network_class_init (DaemonNetworkClass *klass)
{
  G_OBJECT_CLASS (klass)->dispose = daemon_network_dispose;
  g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

static void
daemon_network_init (DaemonNetwork *self)
{
}

DaemonNetwork *
daemon_network_new (PlayerClock *clock, GNetworkMonitor *monitor)
{
  g_return_val_if_fail (PLAYER_IS_CLOCK (clock) && G_IS_NETWORK_MONITOR (monitor), NULL);
  DaemonNetwork *self = g_object_new (DAEMON_TYPE_NETWORK, NULL);
  self->clock = g_object_ref (clock);
  self->monitor = g_object_ref (monitor);
  g_signal_connect_object (monitor, "network-changed", G_CALLBACK (on_network_changed), self,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (monitor, "notify::connectivity", G_CALLBACK (on_connectivity), self,
                           G_CONNECT_DEFAULT);
  watch_clock (self);
  return self;
}
