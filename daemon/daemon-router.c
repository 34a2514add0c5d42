/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-router.h"

#include "daemon-log.h"
#include "daemon-loop-guard.h"

/* A Play that waits. */
typedef struct
{
  DaemonRouter *router;   /* owns this */
  PlayerCommand *command; /* (owned) */
  guint alarm;
} Delayed;

struct _DaemonRouter
{
  GObject parent;
  PlayerController *controller; /* (owned) */
  PlayerClock *clock;           /* (owned) */
  DaemonLoopGuard *guard;       /* (owned) */
  GQueue delayed;               /* (element-type Delayed): Plays that wait */
  guint64 epoch;
  DaemonInterruption configured;
  DaemonInterruption interruption; /* of the floor that is held */
  guint floor_holds;
};

G_DEFINE_FINAL_TYPE (DaemonRouter, daemon_router, G_TYPE_OBJECT)

static void
delayed_free (Delayed *delayed)
{
  player_clock_remove_alarm (delayed->router->clock, delayed->alarm);
  player_command_unref (delayed->command);
  g_free (delayed);
}

/* Whether nothing would be left of @delayed after @command, had it been carried out before. */
static gboolean
supersedes (const PlayerCommand *command, const PlayerCommand *delayed)
{
  gboolean is_queued = delayed->play_behavior != PLAYER_PLAY_REPLACE_ALL;
  if (command->type == PLAYER_COMMAND_PLAY)
    return !is_queued || command->play_behavior != PLAYER_PLAY_ENQUEUE;
  return command->type == PLAYER_COMMAND_STOP
         || (command->type == PLAYER_COMMAND_CLEAR_QUEUE
             && (is_queued || command->clear_behavior == PLAYER_CLEAR_ALL));
}

static void
drop_superseded (DaemonRouter *self, const PlayerCommand *command)
{
  for (GList *link = self->delayed.head; link != NULL;)
    {
      GList *next = link->next;
      Delayed *delayed = link->data;
      if (supersedes (command, delayed->command))
        {
          delayed_free (delayed);
          g_queue_delete_link (&self->delayed, link);
        }
      link = next;
    }
}

PlayerVerdict
daemon_router_submit (DaemonRouter *self, PlayerCommand *command)
{
  g_return_val_if_fail (DAEMON_IS_ROUTER (self) && command != NULL, PLAYER_VERDICT_NO_EFFECT);
  if (command->type == PLAYER_COMMAND_PLAY || command->type == PLAYER_COMMAND_STOP
      || command->type == PLAYER_COMMAND_CLEAR_QUEUE)
    {
      drop_superseded (self, command);
      self->epoch++;
    }
  return player_controller_submit (self->controller, command);
}

static void
submit_simple (DaemonRouter *self, PlayerCommandType type)
{
  g_autoptr (PlayerCommand) command = player_command_new_simple (type);
  player_controller_submit (self->controller, command);
}

static void
on_delay_over (gpointer user_data)
{
  Delayed *delayed = user_data;
  DaemonRouter *self = delayed->router;
  g_autoptr (PlayerCommand) command = player_command_ref (delayed->command);
  g_queue_remove (&self->delayed, delayed);
  delayed_free (delayed);
  daemon_router_submit (self, command);
}

static void
delay (DaemonRouter *self, PlayerCommand *command, guint delay_ms)
{
  drop_superseded (self, command);
  Delayed *delayed = g_new0 (Delayed, 1);
  delayed->router = self;
  delayed->command = player_command_ref (command);
  delayed->alarm = player_clock_add_alarm (self->clock, delay_ms, on_delay_over, delayed);
  g_queue_push_tail (&self->delayed, delayed);
}

static guint
get_delay_ms (DaemonRouter *self, PlayerCommand *command)
{
  if (command->type != PLAYER_COMMAND_PLAY)
    return 0;
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->controller);
  return daemon_loop_guard_get_delay_ms (self->guard, now, command->item->url);
}

char *
daemon_router_obey (DaemonRouter *self, PlayerCommand *command, gboolean answers_event)
{
  g_return_val_if_fail (DAEMON_IS_ROUTER (self) && command != NULL, NULL);
  guint delay_ms = answers_event ? get_delay_ms (self, command) : 0;
  if (delay_ms == 0)
    {
      PlayerVerdict verdict = daemon_router_submit (self, command);
      return g_strdup (player_verdict_to_string (verdict));
    }

  g_autofree char *url = daemon_log_redact_url (command->item->url);
  g_message ("%s does not play, and its skill wants it again: waiting %u ms", url, delay_ms);
  delay (self, command, delay_ms);
  return g_strdup_printf ("delayed %u ms", delay_ms);
}

guint64
daemon_router_get_epoch (DaemonRouter *self)
{
  g_return_val_if_fail (DAEMON_IS_ROUTER (self), 0);
  return self->epoch;
}

void
daemon_router_set_interruption (DaemonRouter *self, DaemonInterruption interruption)
{
  g_return_if_fail (DAEMON_IS_ROUTER (self));
  self->configured = interruption;
}

void
daemon_router_hold_floor (DaemonRouter *self)
{
  g_return_if_fail (DAEMON_IS_ROUTER (self));
  if (self->floor_holds == 0)
    self->interruption = self->configured;
  self->floor_holds++;
  submit_simple (self, self->interruption == DAEMON_INTERRUPTION_DUCK ? PLAYER_COMMAND_DUCK
                                                                      : PLAYER_COMMAND_INTERRUPT);
}

void
daemon_router_release_floor (DaemonRouter *self)
{
  g_return_if_fail (DAEMON_IS_ROUTER (self) && self->floor_holds > 0);
  self->floor_holds--;
  if (self->floor_holds == 0)
    submit_simple (self, self->interruption == DAEMON_INTERRUPTION_DUCK
                             ? PLAYER_COMMAND_DUCK_END
                             : PLAYER_COMMAND_INTERRUPT_END);
}

static void
on_report (PlayerController *controller, PlayerReport *report, gpointer user_data)
{
  DaemonRouter *self = user_data;
  daemon_loop_guard_observe (self->guard, report);
}

static void
daemon_router_finalize (GObject *object)
{
  DaemonRouter *self = DAEMON_ROUTER (object);
  g_queue_clear_full (&self->delayed, (GDestroyNotify)delayed_free);
  daemon_loop_guard_free (self->guard);
  g_clear_object (&self->controller);
  g_clear_object (&self->clock);
  G_OBJECT_CLASS (daemon_router_parent_class)->finalize (object);
}

static void
daemon_router_class_init (DaemonRouterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = daemon_router_finalize;
}

static void
daemon_router_init (DaemonRouter *self)
{
  self->guard = daemon_loop_guard_new ();
}

DaemonRouter *
daemon_router_new (PlayerController *controller,
                   PlayerClock *clock,
                   DaemonInterruption interruption)
{
  g_return_val_if_fail (PLAYER_IS_CONTROLLER (controller) && PLAYER_IS_CLOCK (clock), NULL);
  DaemonRouter *self = g_object_new (DAEMON_TYPE_ROUTER, NULL);
  self->controller = g_object_ref (controller);
  self->clock = g_object_ref (clock);
  self->configured = interruption;
  g_signal_connect_object (controller, "report", G_CALLBACK (on_report), self, G_CONNECT_DEFAULT);
  return self;
}
