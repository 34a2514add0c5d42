/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-commands.h"
#include "ctl-parse.h"

typedef gboolean (*ButtonFunc) (BusGenSegue1Player *player,
                                GCancellable *cancellable,
                                GError **error);

static const struct
{
  const char *name;
  ButtonFunc call;
} buttons[] = {
  { "play", bus_gen_segue1_player_call_play_sync },
  { "resume", bus_gen_segue1_player_call_play_sync },
  { "pause", bus_gen_segue1_player_call_pause_sync },
  { "stop", bus_gen_segue1_player_call_stop_sync },
  { "next", bus_gen_segue1_player_call_next_sync },
  { "previous", bus_gen_segue1_player_call_previous_sync },
};

/* The command's name tells which button. */
int
ctl_run_button (CtlContext *self, int argc, char **argv)
{
  if (argc > 0)
    return ctl_usage (self, "unexpected argument \"%s\"", argv[0]);
  g_autoptr (BusGenSegue1Player) player = ctl_context_get_player (self);
  if (player == NULL)
    return EX_UNAVAILABLE;
  g_autoptr (GError) error = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (buttons); i++)
    if (g_strcmp0 (buttons[i].name, self->command) == 0)
      return buttons[i].call (player, NULL, &error) ? EX_OK : ctl_explain (self, error);
  return EX_SOFTWARE;
}

int
ctl_run_seek (CtlContext *self, int argc, char **argv)
{
  gint64 ms = 0;
  gboolean relative = FALSE;
  if (argc != 1)
    return ctl_usage (self, argc == 0 ? "the position is missing" : "one position only");
  if (!ctl_parse_position (argv[0], &relative, &ms))
    return ctl_usage (self, "\"%s\" is no position; allowed: 83, 1:23, 1:02:03, 83500ms, +10, -10",
                      argv[0]);
  g_autoptr (BusGenSegue1Player) player = ctl_context_get_player (self);
  if (player == NULL)
    return EX_UNAVAILABLE;
  if (relative)
    ms = MAX (bus_gen_segue1_player_get_offset_in_milliseconds (player) + ms, 0);
  g_autoptr (GError) error = NULL;
  if (!bus_gen_segue1_player_call_seek_sync (player, ms, NULL, &error))
    return ctl_explain (self, error);
  return EX_OK;
}
