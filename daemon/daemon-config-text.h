/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * DaemonConfigEntry:
 * @group: the group's name as written, without the brackets
 * @key: (nullable): %NULL for the line that opens a group
 * @value: (nullable): decoded and without white space around it; %NULL for a group
 * @line: counted from 1
 *
 * One line of a key file that says something. GKeyFile knows the syntax, but neither line numbers
 * nor duplicates; so the text is scanned once for these.
 */
typedef struct
{
  char *group; /* (owned) */
  char *key;   /* (owned) (nullable) */
  char *value; /* (owned) (nullable) */
  guint line;
} DaemonConfigEntry;

/**
 * daemon_config_text_scan:
 * @file: its name, for messages
 * @text: (array length=length): what it holds
 * @problems: (element-type GError): takes every fault of syntax and every duplicate key
 *
 * Returns: (transfer full) (element-type DaemonConfigEntry): in the order of the file
 */
GPtrArray *daemon_config_text_scan (const char *file,
                                    const char *text,
                                    gsize length,
                                    GPtrArray *problems) G_GNUC_WARN_UNUSED_RESULT;

/* Appends an error "FILE:LINE: [group] key: what is wrong"; line 0, group and key NULL: left out.
 */
void daemon_config_text_problem (GPtrArray *problems,
                                 int code,
                                 const char *file,
                                 guint line,
                                 const char *group,
                                 const char *key,
                                 const char *format,
                                 ...) G_GNUC_PRINTF (7, 8);

G_END_DECLS
