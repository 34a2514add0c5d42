/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-timeline-part.h"

#include "ctl-json.h"
#include "ctl-text.h"

void
ctl_timeline_part (GString *out, const char *label, const char *value)
{
  if (value == NULL || value[0] == '\0')
    return;
  g_autofree char *clean = ctl_text_clean (value, CTL_TIMELINE_TOKEN_CHARS);
  g_string_append_printf (out, "  %s%s", label, clean);
}

void
ctl_timeline_part_member (GString *out, GVariant *document, const char *label, const char *path)
{
  g_autofree char *value = ctl_json_get (document, path);
  ctl_timeline_part (out, label, value);
}

void
ctl_timeline_part_offset (GString *out, GVariant *document, const char *path)
{
  g_autofree char *value = ctl_json_get (document, path);
  gint64 ms;
  if (value == NULL || !g_ascii_string_to_signed (value, 10, 0, G_MAXINT64, &ms, NULL))
    return;
  g_autofree char *position = ctl_text_position (ms, TRUE);
  g_string_append_printf (out, "  %s", position);
}

void
ctl_timeline_part_text (GString *out, const char *text)
{
  g_autofree char *clean = ctl_text_clean (text, CTL_TIMELINE_TEXT_CHARS);
  g_string_append (out, clean);
}
