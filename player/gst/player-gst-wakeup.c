/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-wakeup.h"

static gboolean
wakeup_dispatch (GSource *source, GSourceFunc func, gpointer data)
{
  g_source_set_ready_time (source, -1);
  return func (data);
}

GSource *
player_gst_wakeup_new (GMainContext *context, GSourceFunc func, gpointer data)
{
  static GSourceFuncs funcs = { .dispatch = wakeup_dispatch };
  GSource *source = g_source_new (&funcs, sizeof (GSource));

  g_source_set_callback (source, func, data, NULL);
  g_source_set_ready_time (source, -1);
  g_source_attach (source, context);
  return source;
}
