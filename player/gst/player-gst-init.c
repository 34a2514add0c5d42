/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <gio/gio.h>
#include <gst/gst.h>

#include "player-gst-engine.h"
#include "player-gst-httpsrc.h"

static void
set_rank (const char *feature, guint rank)
{
  g_autoptr (GstPluginFeature) found = gst_registry_lookup_feature (gst_registry_get (), feature);

  if (found != NULL)
    gst_plugin_feature_set_rank (found, rank);
}

gboolean
player_gst_init (GError **error)
{
  if (!gst_init_check (NULL, NULL, error))
    return FALSE;
  /* libav costs some 40 MB and is of the same rank; it is needed for AAC only, where it is exact.
   */
  set_rank ("mpg123audiodec", GST_RANK_PRIMARY + 100);
  set_rank ("avdec_aac", GST_RANK_PRIMARY + 100);
  if (!player_gst_httpsrc_register ())
    {
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_FAILED, "The HTTP source cannot be registered");
      return FALSE;
    }
  return TRUE;
}
