/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-status.h"

#include "daemon-log.h"

/* Every report waits a little: for the answer to it. */
#define LATE_MS 5000

struct _DaemonStatus
{
  PlayerController *controller; /* (owned) */
  PlayerClock *clock;           /* (owned) */
  DaemonOutbox *outbox;         /* (owned) */
  void (*changed) (const char *line, gpointer user_data);
  gpointer user_data;
  char *line; /* (owned) */
  guint alarm;
  gboolean late; /* reports have waited for so long */
};

/* (transfer full): what plays. */
static char *
describe_stream (const PlayerSnapshot *now)
{
  static const char *const words[] = {
    [PLAYER_ACTIVITY_IDLE] = "idle",
    [PLAYER_ACTIVITY_PLAYING] = "playing",
    [PLAYER_ACTIVITY_PAUSED] = "paused",
    [PLAYER_ACTIVITY_BUFFER_UNDERRUN] = "waiting for",
    [PLAYER_ACTIVITY_FINISHED] = "idle, finished",
    [PLAYER_ACTIVITY_STOPPED] = "idle, stopped",
  };
  const char *word = words[now->activity];
  if (now->item == NULL)
    return g_strdup (word);
  const char *title = now->metadata != NULL ? now->metadata->title : NULL;
  g_autofree char *what
      = title != NULL ? g_strdup (title) : daemon_log_redact_text (now->item->token);
  if (*now->item->origin == '\0')
    return g_strdup_printf ("%s %s", word, what);
  g_autofree char *skill = daemon_log_redact_text (now->item->origin);
  return g_strdup_printf ("%s %s of %s", word, what, skill);
}

/* (transfer full) */
static char *
describe (DaemonStatus *self)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->controller);
  g_autoptr (GString) line = g_string_new (NULL);
  if (now->output == PLAYER_OUTPUT_WAITING)
    g_string_append_printf (line, "waiting for the audio output: %s; ",
                            now->output_message != NULL ? now->output_message : "it is away");
  g_autofree char *stream = describe_stream (now);
  g_string_append (line, stream);
  const guint waiting = daemon_outbox_get_counts (self->outbox).waiting;
  if (self->late && waiting == 1)
    g_string_append (line, "; a report waits for a skill that does not answer");
  else if (self->late && waiting > 1)
    g_string_append_printf (line, "; %u reports wait for skills that do not answer", waiting);
  return g_string_free (g_steal_pointer (&line), FALSE);
}

static void
update (DaemonStatus *self)
{
  g_autofree char *line = describe (self);
  if (g_strcmp0 (line, self->line) == 0)
    return;
  g_free (self->line);
  self->line = g_steal_pointer (&line);
  if (self->changed != NULL)
    self->changed (self->line, self->user_data);
}

static void
on_changed (PlayerController *controller, gpointer user_data)
{
  update (user_data);
}

static void
on_late (gpointer user_data)
{
  DaemonStatus *self = user_data;
  self->alarm = 0;
  self->late = TRUE;
  update (self);
}

static void
on_counts_changed (DaemonOutbox *outbox, gpointer user_data)
{
  DaemonStatus *self = user_data;
  if (daemon_outbox_get_counts (outbox).waiting == 0)
    {
      player_clock_remove_alarm (self->clock, self->alarm);
      self->alarm = 0;
      self->late = FALSE;
    }
  else if (!self->late && self->alarm == 0)
    self->alarm = player_clock_add_alarm (self->clock, LATE_MS, on_late, self);
  update (self);
}

DaemonStatus *
daemon_status_new (PlayerController *controller,
                   PlayerClock *clock,
                   DaemonOutbox *outbox,
                   void (*changed) (const char *line, gpointer user_data),
                   gpointer user_data)
{
  DaemonStatus *self = g_new0 (DaemonStatus, 1);
  self->controller = g_object_ref (controller);
  self->clock = g_object_ref (clock);
  self->outbox = g_object_ref (outbox);
  g_signal_connect (controller, "changed", G_CALLBACK (on_changed), self);
  g_signal_connect (outbox, "counts-changed", G_CALLBACK (on_counts_changed), self);
  on_counts_changed (outbox, self);
  self->changed = changed;
  self->user_data = user_data;
  return self;
}

void
daemon_status_free (DaemonStatus *self)
{
  if (self == NULL)
    return;
  g_signal_handlers_disconnect_by_data (self->controller, self);
  g_signal_handlers_disconnect_by_data (self->outbox, self);
  player_clock_remove_alarm (self->clock, self->alarm);
  g_clear_object (&self->controller);
  g_clear_object (&self->clock);
  g_clear_object (&self->outbox);
  g_free (self->line);
  g_free (self);
}

const char *
daemon_status_get_line (DaemonStatus *self)
{
  return self->line;
}
