/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-text.h"

char *
ctl_text_clean (const char *text, gsize max_chars)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  GString *out = g_string_new (NULL);
  gsize n = 0;
  for (const char *p = valid; *p != '\0'; p = g_utf8_next_char (p), n++)
    {
      if (max_chars > 0 && n == max_chars - 1 && *g_utf8_next_char (p) != '\0')
        {
          g_string_append (out, "…");
          break;
        }
      gunichar c = g_utf8_get_char (p);
      /* Cf holds the marks that turn the writing direction */
      gboolean harmful = g_unichar_iscntrl (c) || g_unichar_type (c) == G_UNICODE_FORMAT
                         || g_unichar_type (c) == G_UNICODE_LINE_SEPARATOR
                         || g_unichar_type (c) == G_UNICODE_PARAGRAPH_SEPARATOR;
      g_string_append_unichar (out, harmful ? ' ' : c);
    }
  return g_string_free (out, FALSE);
}

char *
ctl_text_position (gint64 ms, gboolean fine)
{
  if (ms < 0)
    return g_strdup ("-:--");
  gint64 s = ms / 1000;
  g_autofree char *part = fine ? g_strdup_printf (".%03d", (int)(ms % 1000)) : g_strdup ("");
  if (s >= 3600)
    return g_strdup_printf ("%" G_GINT64_FORMAT ":%02d:%02d%s", s / 3600, (int)(s / 60 % 60),
                            (int)(s % 60), part);
  return g_strdup_printf ("%d:%02d%s", (int)(s / 60), (int)(s % 60), part);
}
