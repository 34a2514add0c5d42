/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-libpulse.h"

#include <gmodule.h>

#define FILE_NAME "libpulse.so.0"
#define LOOK_UP(name) &&g_module_symbol (module, "pa_" #name, (gpointer *)&self->name)

gboolean
player_gst_libpulse_load (PlayerGstLibpulse *self)
{
  GModule *module = g_module_open (FILE_NAME, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);

  if (module == NULL)
    return FALSE;
  g_module_make_resident (module);
  return TRUE PLAYER_GST_LIBPULSE_SYMBOLS (LOOK_UP);
}
