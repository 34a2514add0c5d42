/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-config.h"

G_BEGIN_DECLS

/**
 * daemon_check_config:
 * @config_file: (nullable): as for daemon_config_load()
 *
 * Does what `--check-config` promises: names on stderr everything that is wrong, the files, the
 * signing key and the sink that the configuration names included, or says on stdout what has been read.
 *
 * Returns: whether all is well
 */
gboolean daemon_check_config (const char *config_file, gboolean system);

/* Adds to @problems (element-type GError) that the sink of @config cannot be made, and where it stands. */
void daemon_check_name_sink (const DaemonConfig *config, const GError *error, GPtrArray *problems);

/* Prints @message on stderr, with the name of the program before it. */
void daemon_check_complain (const char *message);

/* Prints each error of @problems (element-type GError) that way. */
void daemon_check_print (GPtrArray *problems);

G_END_DECLS
