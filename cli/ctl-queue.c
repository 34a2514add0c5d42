/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-commands.h"
#include "ctl-table.h"
#include "ctl-text.h"

#define MUSIC_PREFIX "music:"

static const char *const view_names[]
    = { "id", "title", "authors", "duration_ms", "current", NULL };

/* --- The streams that wait --------------------------------------------------------------------- */

static int
list_waiting (CtlContext *self, BusGenSegue1Player *player)
{
  GVariant *queue = bus_gen_segue1_player_get_queue (player);
  if (self->json)
    {
      ctl_table_print_json (ctl_table_pairs (queue, ctl_table_queue_names));
      return EX_OK;
    }
  gsize n = queue != NULL ? g_variant_n_children (queue) : 0;
  if (n == 0)
    g_print ("The queue is empty.\n");
  for (gsize i = 0; i < n; i++)
    {
      const char *token;
      const char *title;
      g_variant_get_child (queue, i, "(&s&s)", &token, &title);
      g_autofree char *clean_token = ctl_text_clean (token, 60);
      g_autofree char *clean_title = ctl_text_clean (title, 0);
      g_print ("%3" G_GSIZE_FORMAT "  %s%s%s\n", i + 1, clean_token, title[0] != '\0' ? "  " : "",
               clean_title);
    }
  return EX_OK;
}

/* --- The queue of a music service -------------------------------------------------------------- */

/* Whether what plays, played last or would be resumed is of the queue of a music service. */
static gboolean
is_music (BusGenSegue1Player *player, BusGenSegue1Music *music)
{
  const char *service = bus_gen_segue1_music_get_service (music);
  const char *token = bus_gen_segue1_player_get_token (player);
  const char *skill = bus_gen_segue1_player_get_skill (player);
  if (service == NULL || *service == '\0')
    return FALSE;
  return token == NULL || *token == '\0'
         || (skill != NULL && g_str_has_prefix (skill, MUSIC_PREFIX));
}

static int
list_view (CtlContext *self, BusGenSegue1Music *music)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) items = NULL;
  if (!bus_gen_segue1_music_call_get_view_sync (music, &items, NULL, &error))
    return ctl_explain (self, error);
  if (self->json)
    {
      ctl_table_print_json (ctl_table_pairs (items, view_names));
      return EX_OK;
    }
  for (gsize i = 0; i < g_variant_n_children (items); i++)
    {
      const char *id, *title, *authors;
      gint64 duration_ms;
      gboolean current;
      g_variant_get_child (items, i, "(&s&s&sxb)", &id, &title, &authors, &duration_ms, &current);
      g_autofree char *name = ctl_text_clean (*title != '\0' ? title : id, 0);
      g_autofree char *by = ctl_text_clean (authors, 60);
      g_autofree char *duration = ctl_text_position (duration_ms, FALSE);
      g_print ("%3" G_GSIZE_FORMAT "%c %s%s%s%s%s\n", i + 1, current ? '*' : ' ', name,
               *by != '\0' ? ", by " : "", by, duration_ms >= 0 ? "  " : "",
               duration_ms >= 0 ? duration : "");
    }
  return EX_OK;
}

int
ctl_run_queue (CtlContext *self, int argc, char **argv)
{
  if (argc > 0)
    return ctl_usage (self, "unexpected argument \"%s\"", argv[0]);
  g_autoptr (BusGenSegue1Player) player = ctl_context_get_player (self);
  g_autoptr (BusGenSegue1Music) music = player != NULL ? ctl_context_get_music (self) : NULL;
  if (music == NULL)
    return EX_UNAVAILABLE;
  return is_music (player, music) ? list_view (self, music) : list_waiting (self, player);
}

/* (transfer full) (nullable): the id of the @number-th item, as list_view() numbers them. */
static char *
find_item (CtlContext *self, BusGenSegue1Music *music, int number, int *status)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) items = NULL;
  char *id = NULL;
  if (!bus_gen_segue1_music_call_get_view_sync (music, &items, NULL, &error))
    {
      *status = ctl_explain (self, error);
      return NULL;
    }
  if ((gsize)number > g_variant_n_children (items))
    {
      *status = ctl_usage (self, "there is no item %d; \"seguectl queue\" lists them", number);
      return NULL;
    }
  g_variant_get_child (items, (gsize)number - 1, "(sssxb)", &id, NULL, NULL, NULL, NULL);
  return id;
}

int
ctl_run_jump (CtlContext *self, int argc, char **argv)
{
  g_autofree char *id = NULL;
  int number = 0;
  int status = EX_OK;
  const GOptionEntry entries[] = {
    { "id", 'i', 0, G_OPTION_ARG_STRING, &id, NULL, NULL },
    { NULL },
  };
  if (!ctl_take_options (self, entries, &argc, &argv))
    return EX_USAGE;
  if (argc != (id == NULL ? 1 : 0))
    return ctl_usage (self, argc == 0 ? "the number is missing" : "one item only");
  guint64 parsed = 0;
  if (id == NULL && !g_ascii_string_to_unsigned (argv[0], 10, 1, 1000, &parsed, NULL))
    return ctl_usage (self, "\"%s\" is no number of \"seguectl queue\"", argv[0]);
  number = (int)parsed;
  g_autoptr (BusGenSegue1Music) music = ctl_context_get_music (self);
  if (music == NULL)
    return EX_UNAVAILABLE;
  if (id == NULL)
    id = find_item (self, music, number, &status);
  if (id == NULL)
    return status;
  g_autoptr (GError) error = NULL;
  return bus_gen_segue1_music_call_jump_to_sync (music, id, NULL, &error)
             ? EX_OK
             : ctl_explain (self, error);
}
