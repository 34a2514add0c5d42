/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/* How commands print what they have found out. */

/* The names of what org.segue.Segue1.Player has as its property Queue. */
extern const char *const ctl_table_queue_names[];

/* "NAME       value" on a line, made safe for a terminal. */
void ctl_table_row (const char *name, const char *value);

/* (transfer floating): the array of tuples @rows (nullable) as aa{sv}; @names: of the members, %NULL. */
GVariant *ctl_table_pairs (GVariant *rows, const char *const *names);

/* To an a{sv}: @value, or "" where it is %NULL. */
void ctl_table_add_string (GVariantBuilder *builder, const char *name, const char *value);

/* @floating: taken; as JSON on a line. */
void ctl_table_print_json (GVariant *floating);

G_END_DECLS
