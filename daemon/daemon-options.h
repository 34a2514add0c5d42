/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * DaemonOptions:
 *
 * The command line of segued(8).
 */
typedef struct
{
  gboolean system;   /* on the system bus */
  char *config_file; /* (owned) (nullable) */
  char *state_dir;   /* (owned) never NULL: the default is filled in */
  gboolean check_config;
  gboolean print_config;
  gboolean verbose;
  gboolean version;
} DaemonOptions;

/**
 * daemon_options_parse:
 * @args: (inout): as from g_strdupv() of argv; what is understood is taken out
 * @error: #GOptionError, with a message for people
 *
 * Does not return for `--help`.
 */
DaemonOptions *daemon_options_parse (char ***args, GError **error) G_GNUC_WARN_UNUSED_RESULT;

void daemon_options_free (DaemonOptions *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonOptions, daemon_options_free)

G_END_DECLS
