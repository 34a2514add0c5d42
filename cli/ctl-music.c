/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-commands.h"
#include "ctl-table.h"
#include "ctl-text.h"

static const char *const service_names[] = { "name", "endpoint", "link", NULL };

static int
list_services (CtlContext *self)
{
  g_autoptr (BusGenSegue1Music) music = ctl_context_get_music (self);
  if (music == NULL)
    return EX_UNAVAILABLE;
  GVariant *services = bus_gen_segue1_music_get_services (music);
  if (self->json)
    {
      ctl_table_print_json (ctl_table_pairs (services, service_names));
      return EX_OK;
    }
  gsize n = services != NULL ? g_variant_n_children (services) : 0;
  if (n == 0)
    g_print ("No music service is known. segue.conf(5) tells how to name one.\n");
  for (gsize i = 0; i < n; i++)
    {
      const char *name = NULL, *endpoint = NULL, *link = NULL;
      g_variant_get_child (services, i, "(&s&s&s)", &name, &endpoint, &link);
      g_autofree char *clean_name = ctl_text_clean (name, 0);
      g_autofree char *clean_endpoint = ctl_text_clean (endpoint, 0);
      g_print ("%s  %s  (%s)\n", clean_name, clean_endpoint, link);
    }
  return EX_OK;
}

/* What the options of "music" say. */
typedef struct
{
  char *type;    /* (owned) (nullable) */
  char *content; /* (owned) (nullable) */
  gboolean shuffle;
  gboolean loop;
  gboolean repeat;
  gboolean no_explicit;
} Wish;

static void
wish_clear (Wish *self)
{
  g_free (self->type);
  g_free (self->content);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Wish, wish_clear)

/* (transfer floating): the argument of Play. @words: "" with a content */
static GVariant *
wish_build (const Wish *self, const char *words)
{
  g_auto (GVariantBuilder) criteria = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));
  if (self->content != NULL)
    g_variant_builder_add (&criteria, "{ss}", "content", self->content);
  else
    {
      g_autofree char *type = g_ascii_strup (self->type != NULL ? self->type : "TRACK", -1);
      g_variant_builder_add (&criteria, "{ss}", type, words);
    }
  if (self->shuffle)
    g_variant_builder_add (&criteria, "{ss}", "shuffle", "on");
  if (self->loop)
    g_variant_builder_add (&criteria, "{ss}", "loop", "on");
  if (self->repeat)
    g_variant_builder_add (&criteria, "{ss}", "repeat", "on");
  if (self->no_explicit)
    g_variant_builder_add (&criteria, "{ss}", "explicit", "off");
  return g_variant_builder_end (&criteria);
}

int
ctl_run_music (CtlContext *self, int argc, char **argv)
{
  g_auto (Wish) wish = { 0 };
  const GOptionEntry entries[] = {
    { "type", 't', 0, G_OPTION_ARG_STRING, &wish.type, NULL, NULL },
    { "content", 'c', 0, G_OPTION_ARG_STRING, &wish.content, NULL, NULL },
    { "shuffle", 0, 0, G_OPTION_ARG_NONE, &wish.shuffle, NULL, NULL },
    { "loop", 0, 0, G_OPTION_ARG_NONE, &wish.loop, NULL, NULL },
    { "repeat", 0, 0, G_OPTION_ARG_NONE, &wish.repeat, NULL, NULL },
    { "no-explicit", 0, 0, G_OPTION_ARG_NONE, &wish.no_explicit, NULL, NULL },
    { NULL },
  };
  gboolean alone = argc == 0;
  if (alone)
    return list_services (self);
  if (!ctl_take_options (self, entries, &argc, &argv))
    return EX_USAGE;
  if (wish.content == NULL && argc < 2)
    return ctl_usage (self, argc < 1 ? "the music service is missing"
                                     : "what to play is missing: words, or --content");
  if (wish.content != NULL && (argc > 1 || wish.type != NULL))
    return ctl_usage (self, "either --content or words, not both");
  g_autofree char *words = argc > 1 ? g_strjoinv (" ", argv + 1) : g_strdup ("");
  g_autoptr (BusGenSegue1Music) music = ctl_context_get_music (self);
  if (music == NULL)
    return EX_UNAVAILABLE;
  g_autoptr (GError) error = NULL;
  return bus_gen_segue1_music_call_play_sync (music, argc > 0 ? argv[0] : "",
                                              wish_build (&wish, words), NULL, &error)
             ? EX_OK
             : ctl_explain (self, error);
}

/* --- Modes ------------------------------------------------------------------------------------- */

static const struct
{
  const char *name;
  gboolean (*get) (BusGenSegue1Music *music);
  gboolean (*set) (BusGenSegue1Music *music,
                   gboolean on,
                   GCancellable *cancellable,
                   GError **error);
} modes[] = {
  { "shuffle", bus_gen_segue1_music_get_shuffle, bus_gen_segue1_music_call_set_shuffle_sync },
  { "loop", bus_gen_segue1_music_get_loop, bus_gen_segue1_music_call_set_loop_sync },
  { "repeat", bus_gen_segue1_music_get_repeat, bus_gen_segue1_music_call_set_repeat_sync },
};

static int
show_mode (CtlContext *self, gboolean on)
{
  if (self->json)
    g_print ("{\"%s\":%s}\n", self->command, on ? "true" : "false");
  else
    g_print ("%s\n", on ? "on" : "off");
  return EX_OK;
}

/* The command's name tells which mode. */
int
ctl_run_mode (CtlContext *self, int argc, char **argv)
{
  gboolean on = argc == 1 && g_str_equal (argv[0], "on");
  if (argc > 1)
    return ctl_usage (self, "unexpected argument \"%s\"", argv[1]);
  if (argc == 1 && !on && !g_str_equal (argv[0], "off"))
    return ctl_usage (self, "\"%s\" is neither \"on\" nor \"off\"", argv[0]);
  g_autoptr (BusGenSegue1Music) music = ctl_context_get_music (self);
  if (music == NULL)
    return EX_UNAVAILABLE;
  g_autoptr (GError) error = NULL;
  for (gsize i = 0; i < G_N_ELEMENTS (modes); i++)
    if (g_strcmp0 (modes[i].name, self->command) == 0)
      {
        if (argc == 0)
          return show_mode (self, modes[i].get (music));
        return modes[i].set (music, on, NULL, &error) ? EX_OK : ctl_explain (self, error);
      }
  return EX_SOFTWARE;
}

int
ctl_run_feedback (CtlContext *self, int argc, char **argv)
{
  static const char *const words[][2] = {
    { "up", "positive" },
    { "down", "negative" },
    { "positive", "positive" },
    { "negative", "negative" },
  };
  const char *rating = NULL;
  if (argc != 1)
    return ctl_usage (self, argc == 0 ? "up or down is missing" : "one word only");
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_str_equal (words[i][0], argv[0]))
      rating = words[i][1];
  if (rating == NULL)
    return ctl_usage (self, "\"%s\" is neither \"up\" nor \"down\"", argv[0]);
  g_autoptr (BusGenSegue1Music) music = ctl_context_get_music (self);
  if (music == NULL)
    return EX_UNAVAILABLE;
  g_autoptr (GError) error = NULL;
  return bus_gen_segue1_music_call_feedback_sync (music, rating, NULL, &error)
             ? EX_OK
             : ctl_explain (self, error);
}
