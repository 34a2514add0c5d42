/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* A source attached to @context which calls @func each time it has been made ready from any thread
 * by g_source_set_ready_time (source, 0). (transfer full) */
GSource *player_gst_wakeup_new (GMainContext *context, GSourceFunc func, gpointer data);

G_END_DECLS
