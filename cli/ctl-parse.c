/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-parse.h"

#include <math.h>

/* No stream is longer than that: a year, in ms. */
#define MAX_MS (G_GINT64_CONSTANT (366) * 24 * 3600 * 1000)

/* A number with digits and one decimal point only: no sign, no exponent, no hex. */
static gboolean
parse_decimal (const char *text, double *value)
{
  char *end;
  if (!g_ascii_isdigit (text[0]) || strspn (text, "0123456789.") != strlen (text))
    return FALSE;
  *value = g_ascii_strtod (text, &end);
  return *end == '\0' && isfinite (*value);
}

/* "h:mm:ss", "m:ss" or "ss" in seconds; the first part may be any number. */
static gboolean
parse_clock (const char *text, double *seconds)
{
  g_auto (GStrv) parts = g_strsplit (text, ":", 4);
  guint n = g_strv_length (parts);
  if (n < 1 || n > 3)
    return FALSE;
  *seconds = 0;
  for (guint i = 0; i < n; i++)
    {
      double part;
      gboolean whole = i + 1 < n;
      if (!parse_decimal (parts[i], &part) || (i > 0 && part >= 60.0)
          || (whole && strchr (parts[i], '.') != NULL))
        return FALSE;
      *seconds = *seconds * 60.0 + part;
    }
  return TRUE;
}

gboolean
ctl_parse_position (const char *text, gboolean *relative, gint64 *ms)
{
  int sign = text[0] == '-' ? -1 : 1;
  gboolean is_relative = text[0] == '-' || text[0] == '+';
  g_autofree char *number = g_strdup (text + (is_relative ? 1 : 0));
  double value;
  if (g_str_has_suffix (number, "ms"))
    {
      number[strlen (number) - 2] = '\0';
      if (!parse_decimal (number, &value))
        return FALSE;
    }
  else
    {
      if (g_str_has_suffix (number, "s") && strchr (number, ':') == NULL)
        number[strlen (number) - 1] = '\0';
      if (!parse_clock (number, &value))
        return FALSE;
      value *= 1000.0;
    }
  if (value > (double)MAX_MS)
    return FALSE;
  *relative = is_relative;
  *ms = sign * (gint64)llround (value);
  return TRUE;
}

gboolean
ctl_parse_volume (const char *text, gboolean *relative, double *volume)
{
  int sign = text[0] == '-' ? -1 : 1;
  gboolean is_relative = text[0] == '-' || text[0] == '+';
  g_autofree char *number = g_strdup (text + (is_relative ? 1 : 0));
  double value;
  if (g_str_has_suffix (number, "%"))
    number[strlen (number) - 1] = '\0';
  if (!parse_decimal (number, &value) || value > 100.0)
    return FALSE;
  *relative = is_relative;
  *volume = sign * value / 100.0;
  return TRUE;
}

gboolean
ctl_parse_slot (const char *text, char **name, char **value)
{
  const char *equals = strchr (text, '=');
  if (equals == NULL || equals == text)
    return FALSE;
  *name = g_strndup (text, equals - text);
  *value = g_strdup (equals + 1);
  return TRUE;
}
