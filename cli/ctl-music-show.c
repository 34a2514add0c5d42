/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-music-show.h"

#include "ctl-table.h"
#include "ctl-text.h"

#define MINUTES_FROM_S 600

char *
ctl_music_show_validity (gint64 valid_until_ms)
{
  if (valid_until_ms == 0)
    return NULL;
  gint64 left_s = (valid_until_ms - g_get_real_time () / 1000) / 1000;
  gboolean over = valid_until_ms <= g_get_real_time () / 1000;
  gint64 s = ABS (left_s);
  g_autofree char *span = s < MINUTES_FROM_S ? g_strdup_printf ("%" G_GINT64_FORMAT " s", s)
                                             : g_strdup_printf ("%" G_GINT64_FORMAT " min", s / 60);
  return over ? g_strdup_printf ("expired %s ago", span) : g_strdup_printf ("good for %s", span);
}

static gboolean
is_set (const char *text)
{
  return text != NULL && *text != '\0';
}

/* Where the account or the way to a service is not as it should be. */
static void
print_links (BusGenSegue1Music *music, const char *current)
{
  GVariant *services = bus_gen_segue1_music_get_services (music);
  for (gsize i = 0; services != NULL && i < g_variant_n_children (services); i++)
    {
      const char *name = NULL, *link = NULL;
      g_variant_get_child (services, i, "(&s&s&s)", &name, NULL, &link);
      if (g_str_equal (link, "linked") || g_strcmp0 (name, current) == 0)
        continue;
      g_autofree char *text = g_strdup_printf ("%s: %s", name, link);
      ctl_table_row ("Music", text);
    }
}

static void
print_modes (BusGenSegue1Music *music)
{
  g_autofree char *text = g_strdup_printf ("shuffle %s, loop %s, repeat %s",
                                           bus_gen_segue1_music_get_shuffle (music) ? "on" : "off",
                                           bus_gen_segue1_music_get_loop (music) ? "on" : "off",
                                           bus_gen_segue1_music_get_repeat (music) ? "on" : "off");
  ctl_table_row ("Modes", text);
}

static void
print_item (BusGenSegue1Music *music)
{
  const char *title = bus_gen_segue1_music_get_title (music);
  const char *album = bus_gen_segue1_music_get_album (music);
  const char *const *authors = bus_gen_segue1_music_get_authors (music);
  g_autofree char *by = authors != NULL ? g_strjoinv (", ", (GStrv)authors) : g_strdup ("");
  g_autofree char *position
      = ctl_text_position (bus_gen_segue1_music_get_offset_in_milliseconds (music), FALSE);
  g_autofree char *text = g_strdup_printf (
      "%s%s%s%s%s, at %s", is_set (title) ? title : bus_gen_segue1_music_get_item_id (music),
      is_set (by) ? ", by " : "", by, is_set (album) ? ", on " : "", is_set (album) ? album : "",
      position);
  ctl_table_row ("Item", text);
}

void
ctl_music_show_print (BusGenSegue1Music *music)
{
  const char *service = bus_gen_segue1_music_get_service (music);
  print_links (music, service);
  if (!is_set (service))
    return;
  const char *problem = bus_gen_segue1_music_get_problem (music);
  const char *link = bus_gen_segue1_music_get_link (music);
  g_autofree char *text
      = g_strconcat (service, ": ", link != NULL ? link : "", is_set (problem) ? ": " : "",
                     is_set (problem) ? problem : "", NULL);
  ctl_table_row ("Music", text);
  print_item (music);
  print_modes (music);
  const char *const *controls = bus_gen_segue1_music_get_controls (music);
  g_autofree char *allowed = controls != NULL ? g_strjoinv (", ", (GStrv)controls) : NULL;
  ctl_table_row ("Allowed", is_set (allowed) ? allowed : "nothing");
  g_autofree char *validity
      = ctl_music_show_validity (bus_gen_segue1_music_get_valid_until (music));
  if (validity != NULL)
    ctl_table_row ("URL", validity);
}

/* What the daemon tells, under the names that JSON has here. */
static const struct
{
  const char *name;
  const char *property;
} members[] = {
  { "service", "Service" },
  { "link", "Link" },
  { "problem", "Problem" },
  { "queue_id", "QueueId" },
  { "content_id", "ContentId" },
  { "item_id", "ItemId" },
  { "kind", "Kind" },
  { "title", "Title" },
  { "authors", "Authors" },
  { "album", "Album" },
  { "rating", "Rating" },
  { "duration_ms", "DurationInMilliseconds" },
  { "live", "Live" },
  { "controls", "Controls" },
  { "shuffle", "Shuffle" },
  { "loop", "Loop" },
  { "repeat", "Repeat" },
  { "valid_until_ms", "ValidUntil" },
  { "offset_ms", "OffsetInMilliseconds" },
};

void
ctl_music_show_add (BusGenSegue1Music *music, GVariantBuilder *builder)
{
  if (!is_set (bus_gen_segue1_music_get_service (music)))
    return;
  g_auto (GVariantBuilder) shown = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  for (gsize i = 0; i < G_N_ELEMENTS (members); i++)
    {
      g_autoptr (GVariant) value
          = g_dbus_proxy_get_cached_property (G_DBUS_PROXY (music), members[i].property);
      if (value != NULL)
        g_variant_builder_add (&shown, "{sv}", members[i].name, value);
    }
  g_variant_builder_add (builder, "{sv}", "music", g_variant_builder_end (&shown));
}
