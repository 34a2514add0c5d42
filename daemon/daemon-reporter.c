/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-reporter.h"

struct _DaemonReporter
{
  GObject parent;
  DaemonSkills *skills; /* (owned) */
};

G_DEFINE_FINAL_TYPE (DaemonReporter, daemon_reporter, G_TYPE_OBJECT)

/* What the skill is told of. That a stream has failed is logged by the observer. */
static void
on_report (PlayerController *controller, PlayerReport *report, gpointer user_data)
{
  DaemonReporter *self = user_data;
  DaemonConversation *owner = daemon_skills_find (self->skills, report->item->origin);
  g_info ("%s at %" G_GINT64_FORMAT " ms", player_report_type_to_string (report->type),
          report->offset_ms);
  if (owner == NULL)
    return;
  if (report->type == PLAYER_REPORT_STARTED)
    daemon_skills_note_played (self->skills, report->item->origin);
  daemon_conversation_report (owner, report);
}

static void
daemon_reporter_finalize (GObject *object)
{
  DaemonReporter *self = DAEMON_REPORTER (object);
  g_clear_object (&self->skills);
  G_OBJECT_CLASS (daemon_reporter_parent_class)->finalize (object);
}

static void
daemon_reporter_class_init (DaemonReporterClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = daemon_reporter_finalize;
}

static void
daemon_reporter_init (DaemonReporter *self)
{
}

DaemonReporter *
daemon_reporter_new (PlayerController *controller, DaemonSkills *skills)
{
  g_return_val_if_fail (PLAYER_IS_CONTROLLER (controller) && DAEMON_IS_SKILLS (skills), NULL);
  DaemonReporter *self = g_object_new (DAEMON_TYPE_REPORTER, NULL);
  self->skills = g_object_ref (skills);
  g_signal_connect_object (controller, "report", G_CALLBACK (on_report), self, G_CONNECT_DEFAULT);
  return self;
}
