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

/* An absolute URL; a path becomes a file: URL. On failure complains. */
static char *
make_url (CtlContext *self, const char *text)
{
  g_autofree char *scheme = g_uri_parse_scheme (text);
  if (scheme != NULL)
    return g_strdup (text);
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (text);
  GFileType type = g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL);
  if (type == G_FILE_TYPE_REGULAR)
    return g_file_get_uri (file);
  ctl_complain (self,
                type == G_FILE_TYPE_UNKNOWN ? "\"%s\" is no URL, and there is no such file"
                                            : "\"%s\" is no URL, and no regular file",
                text);
  return NULL;
}

int
ctl_run_play (CtlContext *self, int argc, char **argv)
{
  g_autofree char *offset = NULL;
  const GOptionEntry entries[] = {
    { "offset", 'o', 0, G_OPTION_ARG_STRING, &offset, NULL, NULL },
    { NULL },
  };
  if (!ctl_take_options (self, entries, &argc, &argv))
    return EX_USAGE;
  if (argc == 0 && offset == NULL)
    return ctl_run_button (self, 0, NULL);
  if (argc != 1)
    return ctl_usage (self, argc == 0 ? "the URL is missing" : "one URL at a time");
  gint64 offset_ms = 0;
  gboolean relative = FALSE;
  if (offset != NULL)
    {
      /* a plain number is milliseconds here, as in the protocol */
      g_autofree char *with_unit = strspn (offset, "0123456789") == strlen (offset)
                                       ? g_strconcat (offset, "ms", NULL)
                                       : g_strdup (offset);
      if (!ctl_parse_position (with_unit, &relative, &offset_ms) || relative)
        return ctl_usage (self, "\"%s\" is no offset; allowed: 5000, 5s, 1:23", offset);
    }
  g_autofree char *url = make_url (self, argv[0]);
  if (url == NULL)
    return EX_NOINPUT;
  g_autoptr (BusGenSegue1Player) player = ctl_context_get_player (self);
  if (player == NULL)
    return EX_UNAVAILABLE;
  g_autoptr (GError) error = NULL;
  if (!bus_gen_segue1_player_call_play_url_sync (player, url, offset_ms, NULL, &error))
    return ctl_explain (self, error);
  return EX_OK;
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
