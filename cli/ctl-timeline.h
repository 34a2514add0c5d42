/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * CtlStyle:
 * @colour: whether escape sequences may be used
 * @utf8: whether the terminal shows more than ASCII
 * @columns: width of the terminal, 0 = any
 */
typedef struct
{
  gboolean colour;
  gboolean utf8;
  guint columns;
} CtlStyle;

/* The style for standard output. */
CtlStyle ctl_style_detect (void);

/**
 * ctl_timeline_format:
 * @member: name of a signal of org.segue.Segue1.Conversation or .Player, or "Output"
 * @args: its arguments; of "Output" a{sv}: "state" and "message", both s
 *
 * Returns: the line for it, without newline; %NULL for a signal that has no line of its own
 */
char *ctl_timeline_format (const CtlStyle *style, gint64 t_ms, const char *member, GVariant *args);

/**
 * ctl_timeline_is_remark:
 *
 * Returns: whether this is a finding of severity "info": nothing that needs mending, and repeated with
 *   each answer that gives rise to it
 */
gboolean ctl_timeline_is_remark (const char *member, GVariant *args);

/* A line of plain text about the watching itself. */
char *ctl_timeline_note (const CtlStyle *style, gint64 t_ms, const char *text);

/* The position line; @properties: all of org.segue.Segue1.Player as a{sv}. */
char *ctl_timeline_position (const CtlStyle *style, gint64 t_ms, GVariant *properties);

/* The same signal as one JSON object; documents in it are embedded, not quoted. @args may also be an
 * a{sv}, whose members are taken over. */
char *ctl_timeline_json (gint64 t_ms, const char *member, GVariant *args);

G_END_DECLS
