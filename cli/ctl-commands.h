/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "ctl-context.h"

G_BEGIN_DECLS

/* Each runs one command; @argv is NULL-terminated, without the name of the command.
 * Returns the exit status. */
typedef int (*CtlRun) (CtlContext *self, int argc, char **argv);

/**
 * CtlCommand:
 * @arguments: for the usage line
 * @summary: a few words
 * @help: options, and examples
 * @activate: whether the bus may start the daemon for it
 */
typedef struct
{
  const char *name;
  const char *arguments;
  const char *summary;
  const char *help;
  CtlRun run;
  gboolean activate;
} CtlCommand;

/* ctl-status.c */
int ctl_run_status (CtlContext *self, int argc, char **argv);
int ctl_run_skills (CtlContext *self, int argc, char **argv);
/* ctl-doctor.c */
int ctl_run_doctor (CtlContext *self, int argc, char **argv);
/* ctl-queue.c */
int ctl_run_queue (CtlContext *self, int argc, char **argv);
int ctl_run_jump (CtlContext *self, int argc, char **argv);
/* ctl-music.c */
int ctl_run_music (CtlContext *self, int argc, char **argv);
int ctl_run_mode (CtlContext *self, int argc, char **argv);
int ctl_run_feedback (CtlContext *self, int argc, char **argv);
/* ctl-device.c */
int ctl_run_card (CtlContext *self, int argc, char **argv);
int ctl_run_locale (CtlContext *self, int argc, char **argv);
/* ctl-talk.c */
int ctl_run_launch (CtlContext *self, int argc, char **argv);
int ctl_run_intent (CtlContext *self, int argc, char **argv);
int ctl_run_voice (CtlContext *self, int argc, char **argv);
int ctl_run_can_fulfill (CtlContext *self, int argc, char **argv);
int ctl_run_end_session (CtlContext *self, int argc, char **argv);
int ctl_run_handle (CtlContext *self, int argc, char **argv);
/* ctl-lint.c */
int ctl_run_lint (CtlContext *self, int argc, char **argv);
/* ctl-stream.c */
int ctl_run_play (CtlContext *self, int argc, char **argv);
int ctl_run_renew (CtlContext *self, int argc, char **argv);
/* ctl-player.c */
int ctl_run_button (CtlContext *self, int argc, char **argv);
int ctl_run_seek (CtlContext *self, int argc, char **argv);
/* ctl-volume.c */
int ctl_run_volume (CtlContext *self, int argc, char **argv);
/* ctl-monitor.c */
int ctl_run_monitor (CtlContext *self, int argc, char **argv);
/* ctl-signing.c */
int ctl_run_signing (CtlContext *self, int argc, char **argv);

/* ctl-options.c: takes the options @entries out of @argv; on failure complains. */
gboolean ctl_take_options (CtlContext *self, const GOptionEntry *entries, int *argc, char ***argv);

G_END_DECLS
