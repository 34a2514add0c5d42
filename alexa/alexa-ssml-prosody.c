/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-ssml-private.h"

#include <string.h>

/* What the service makes of larger values: it takes these. */
#define MIN_RATE_PERCENT 20.0
#define MAX_RATE_PERCENT 1000.0
#define MIN_PITCH_PERCENT -33.3
#define MAX_PITCH_PERCENT 50.0
#define MAX_VOLUME_DB 4.08

static const char *const rates[] = { "fast", "medium", "slow", "x-fast", "x-slow", NULL };
static const char *const pitches[] = { "high", "low", "medium", "x-high", "x-low", NULL };
static const char *const volumes[]
    = { "loud", "medium", "silent", "soft", "x-loud", "x-soft", NULL };

/* Digits with or without a fraction, then @unit. */
static gboolean
read_number (const char *text, const char *unit, double *value)
{
  gsize length = strspn (text, "0123456789.");
  if (!g_ascii_isdigit (*text) || length > 16 || !g_str_equal (text + length, unit))
    return FALSE;
  char *end;
  *value = g_ascii_strtod (text, &end);
  return end == text + length;
}

static gboolean
read_change (const char *text, const char *unit, double *value)
{
  if ((*text != '+' && *text != '-') || !read_number (text + 1, unit, value))
    return FALSE;
  if (*text == '-')
    *value = -*value;
  return TRUE;
}

gboolean
alexa_ssml_check_rate (const char *value)
{
  double percent;
  return g_strv_contains (rates, value) || read_number (value, "%", &percent);
}

gboolean
alexa_ssml_check_pitch (const char *value)
{
  double percent;
  return g_strv_contains (pitches, value) || read_change (value, "%", &percent);
}

gboolean
alexa_ssml_check_volume (const char *value)
{
  double db;
  return g_strv_contains (volumes, value) || read_change (value, "dB", &db);
}

static double
limit (double value, double low, double high, const char *name, AlexaSsmlNotes *notes)
{
  double limited = CLAMP (value, low, high);
  if (limited != value)
    alexa_lint_add_message (notes->findings, ALEXA_LINT_SPEECH_SSML_LIMITED, notes->path, NULL,
                            "The %s of <prosody> is beyond what is possible and is limited.", name);
  return limited;
}

static void
append (GString *out, const char *name, const char *format, double value)
{
  char number[G_ASCII_DTOSTR_BUF_SIZE];
  g_ascii_formatd (number, sizeof number, format, value);
  g_string_append_printf (out, " %s=\"%s%%\"", name, number);
}

static void
append_rate (GString *out, const char *text, AlexaSsmlNotes *notes)
{
  double percent;
  if (read_number (text, "%", &percent))
    append (out, "rate", "%.4g",
            limit (percent, MIN_RATE_PERCENT, MAX_RATE_PERCENT, "rate", notes));
  else
    g_string_append_printf (out, " rate=\"%s\"", text);
}

static void
append_pitch (GString *out, const char *text, AlexaSsmlNotes *notes)
{
  double percent;
  if (read_change (text, "%", &percent))
    append (out, "pitch", "%+.4g",
            limit (percent, MIN_PITCH_PERCENT, MAX_PITCH_PERCENT, "pitch", notes));
  else
    g_string_append_printf (out, " pitch=\"%s\"", text);
}

/* By the nearest word: not every synthesiser takes dB for dB. */
static const char *
volume_word (double db)
{
  if (db <= -30)
    return "silent";
  if (db <= -8)
    return "x-soft";
  if (db <= -2)
    return "soft";
  return db < 2 ? "medium" : "loud";
}

static void
append_volume (GString *out, const char *text, AlexaSsmlNotes *notes)
{
  double db;
  if (read_change (text, "dB", &db))
    text = volume_word (limit (db, -G_MAXDOUBLE, MAX_VOLUME_DB, "volume", notes));
  g_string_append_printf (out, " volume=\"%s\"", text);
}

void
alexa_ssml_map_prosody (const char *const *values, AlexaSsmlMapped *mapped, AlexaSsmlNotes *notes)
{
  g_autoptr (GString) start = g_string_new ("<prosody");
  if (values[0] != NULL)
    append_rate (start, values[0], notes);
  if (values[1] != NULL)
    append_pitch (start, values[1], notes);
  if (values[2] != NULL)
    append_volume (start, values[2], notes);
  g_string_append_c (start, '>');
  mapped->start = g_string_free (g_steal_pointer (&start), FALSE);
  mapped->end = "</prosody>";
}
