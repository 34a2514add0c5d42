/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-timeline-music.h"

#include "ctl-json.h"
#include "ctl-music-show.h"
#include "ctl-timeline-part.h"

void
ctl_timeline_music_request (GString *out, GVariant *document)
{
  static const char *const paths[] = {
    "payload.currentItemReference.id",
    "payload.currentItemReference.value.id",
    "payload.targetItemReference.id",
    "payload.targetItemReference.value.id",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (paths); i++)
    ctl_timeline_part_member (out, document, "", paths[i]);
  ctl_timeline_part_member (out, document, "to ", "payload.targetItemId");
  ctl_timeline_part_member (out, document, "", "payload.contentId");
  ctl_timeline_part_member (out, document, "", "request.body.item.id");
  ctl_timeline_part_offset (out, document, "request.body.offsetInMilliseconds");
}

void
ctl_timeline_music_answer (GString *out, const char *json)
{
  g_autoptr (GVariant) document = ctl_json_parse (json);
  g_autofree char *name = ctl_json_get (document, "header.name");
  if (name == NULL)
    return;
  ctl_timeline_part_member (out, document, "", "payload.type");
  ctl_timeline_part_member (out, document, "", "payload.message");
  ctl_timeline_part_member (out, document, "content ", "payload.content.id");
  ctl_timeline_part_member (out, document, "queue ", "payload.playbackMethod.id");
  ctl_timeline_part_member (out, document, "item ", "payload.playbackMethod.firstItem.id");
  ctl_timeline_part_member (out, document, "item ", "payload.item.id");
}

static void
append_switch (GString *out, GVariant *changed, const char *property, const char *word)
{
  gboolean on = FALSE;
  if (g_variant_lookup (changed, property, "b", &on))
    g_string_append_printf (out, "%s%s %s", out->len > 0 ? ", " : "", word, on ? "on" : "off");
}

void
ctl_timeline_music_changed (GString *out, GVariant *changed)
{
  const char *service = NULL, *item = NULL, *title = NULL, *link = NULL, *problem = NULL;
  gint64 valid_until_ms = 0;
  if (g_variant_lookup (changed, "Service", "&s", &service))
    g_string_append (out, *service != '\0' ? "queue of " : "the queue has been given up");
  if (service != NULL)
    ctl_timeline_part_text (out, service);
  if (g_variant_lookup (changed, "ItemId", "&s", &item) && *item != '\0')
    {
      g_string_append (out, out->len > 0 ? ", item " : "item ");
      ctl_timeline_part_text (out, item);
      if (g_variant_lookup (changed, "Title", "&s", &title))
        ctl_timeline_part (out, "", title);
    }
  g_variant_lookup (changed, "ValidUntil", "x", &valid_until_ms);
  g_autofree char *validity = ctl_music_show_validity (valid_until_ms);
  if (validity != NULL)
    g_string_append_printf (out, "%sURL %s", out->len > 0 ? ", " : "", validity);
  append_switch (out, changed, "Shuffle", "shuffle");
  append_switch (out, changed, "Loop", "loop");
  append_switch (out, changed, "Repeat", "repeat");
  if (g_variant_lookup (changed, "Link", "&s", &link) && *link != '\0')
    g_string_append_printf (out, "%slink: %s", out->len > 0 ? ", " : "", link);
  if (g_variant_lookup (changed, "Problem", "&s", &problem))
    ctl_timeline_part (out, "", problem);
}
