/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-libpipewire.h"

#include <gmodule.h>

#define FILE_NAME "libpipewire-0.3.so.0"
#define LOOK_UP(name) &&g_module_symbol (module, "pw_" #name, (gpointer *)&self->name)

gboolean
player_gst_libpipewire_load (PlayerGstLibpipewire *self)
{
  GModule *module = g_module_open (FILE_NAME, G_MODULE_BIND_LAZY | G_MODULE_BIND_LOCAL);

  if (module == NULL)
    return FALSE;
  g_module_make_resident (module);
  return TRUE PLAYER_GST_LIBPIPEWIRE_SYMBOLS (LOOK_UP);
}
