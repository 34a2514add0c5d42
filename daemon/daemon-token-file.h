/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * daemon_token_file_read:
 * @path: (nullable): a file that holds an access token alone
 * @whose: for the log, e.g. the name of a skill
 *
 * Reads the token anew, for others replace it while the daemon runs. A file that cannot be used is
 * told in the log.
 *
 * Returns: (transfer full) (nullable): the token without white space around it
 */
char *daemon_token_file_read (const char *path, const char *whose);

G_END_DECLS
