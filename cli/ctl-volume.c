/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-commands.h"
#include "ctl-parse.h"

static int
show (CtlContext *self, BusGenSegue1Player *player)
{
  double volume = bus_gen_segue1_player_get_volume (player);
  gboolean muted = bus_gen_segue1_player_get_muted (player);
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  if (self->json)
    g_print ("{\"volume\":%s,\"muted\":%s}\n",
             g_ascii_formatd (number, sizeof number, "%.15g", volume), muted ? "true" : "false");
  else
    g_print ("%.0f %%%s\n", volume * 100.0, muted ? ", muted" : "");
  return EX_OK;
}

/* The generated setter does not wait; a script wants to know whether it worked. */
static int
set_property (CtlContext *self, const char *name, GVariant *value)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      self->connection, CTL_BUS_NAME, CTL_OBJECT_PATH, "org.freedesktop.DBus.Properties", "Set",
      g_variant_new ("(ssv)", CTL_IFACE_PLAYER, name, value), NULL, G_DBUS_CALL_FLAGS_NONE, -1,
      NULL, &error);
  return reply != NULL ? EX_OK : ctl_explain (self, error);
}

int
ctl_run_volume (CtlContext *self, int argc, char **argv)
{
  if (argc > 1)
    return ctl_usage (self, "unexpected argument \"%s\"", argv[1]);
  gboolean mute = argc == 1 && g_strcmp0 (argv[0], "mute") == 0;
  gboolean unmute = argc == 1 && g_strcmp0 (argv[0], "unmute") == 0;
  gboolean relative = FALSE;
  double volume = 0;
  if (argc == 1 && !mute && !unmute && !ctl_parse_volume (argv[0], &relative, &volume))
    return ctl_usage (self, "\"%s\" is no volume; allowed: 0 to 100 (%%), +N, -N, mute, unmute",
                      argv[0]);
  g_autoptr (BusGenSegue1Player) player = ctl_context_get_player (self);
  if (player == NULL)
    return EX_UNAVAILABLE;
  if (argc == 0)
    return show (self, player);
  if (mute || unmute)
    return set_property (self, "Muted", g_variant_new_boolean (mute));
  if (relative)
    volume = CLAMP (bus_gen_segue1_player_get_volume (player) + volume, 0.0, 1.0);
  return set_property (self, "Volume", g_variant_new_double (volume));
}
