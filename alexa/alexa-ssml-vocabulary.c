/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-ssml-private.h"

#include <string.h>

#define MAX_TIME_MS (60 * 60 * 1000)

static const char *const domains[]
    = { "conversational", "fun", "long-form", "music", "news", NULL };
static const char *const effects[] = { "whispered", NULL };
static const char *const emotions[] = { "disappointed", "excited", NULL };
static const char *const intensities[] = { "high", "low", "medium", NULL };
static const char *const strengths[]
    = { "medium", "none", "strong", "weak", "x-strong", "x-weak", NULL };
static const char *const levels[] = { "moderate", "reduced", "strong", NULL };
static const char *const alphabets[] = { "ipa", "x-sampa", NULL };
static const char *const interpretations[]
    = { "address",   "cardinal",  "characters",   "date",   "digits",
        "expletive", "fraction",  "interjection", "number", "ordinal",
        "spell-out", "telephone", "time",         "unit",   NULL };
static const char *const formats[]
    = { "d", "dm", "dmy", "m", "md", "mdy", "my", "y", "ym", "ymd", NULL };
/* "ivona": the older spelling of the same roles */
static const char *const roles[]
    = { "amazon:NN",     "amazon:SENSE_1", "amazon:VB", "amazon:VBD", "ivona:NN",
        "ivona:SENSE_1", "ivona:VB",       "ivona:VBD", NULL };
static const char *const name_types[] = { "first", NULL };

/* BCP 47, the shape of it: "de", "en-US", "zh-Hant-TW". */
static gboolean
check_language (const char *value)
{
  gsize length = strlen (value);
  if (length < 2 || length > 35)
    return FALSE;
  g_auto (GStrv) tags = g_strsplit (value, "-", -1);
  for (guint i = 0; tags[i] != NULL; i++)
    {
      gsize n = strspn (tags[i], i == 0 ? G_CSET_A_2_Z G_CSET_a_2_z
                                        : G_CSET_A_2_Z G_CSET_a_2_z G_CSET_DIGITS);
      if (tags[i][n] != '\0' || n < (i == 0 ? 2 : 1) || n > (i == 0 ? 3 : 8))
        return FALSE;
    }
  return TRUE;
}

static gboolean
check_not_empty (const char *value)
{
  return *value != '\0';
}

static gboolean
check_time (const char *value)
{
  guint duration_ms;
  return alexa_ssml_parse_time (value, &duration_ms);
}

/* What can be fetched, or is at least known for what it is. */
static gboolean
check_audio (const char *value)
{
  while (g_ascii_isspace (*value))
    value++;
  static const char *const prefixes[] = { "https://", "http://", "soundbank://" };
  for (guint i = 0; i < G_N_ELEMENTS (prefixes); i++)
    if (g_ascii_strncasecmp (value, prefixes[i], strlen (prefixes[i])) == 0)
      return value[strlen (prefixes[i])] != '\0';
  return FALSE;
}

gboolean
alexa_ssml_parse_time (const char *text, guint *duration_ms)
{
  char *unit;
  if (!g_ascii_isdigit (*text) && (*text != '.' || !g_ascii_isdigit (text[1])))
    return FALSE;
  if (strspn (text, "0123456789.") + 2 < strlen (text))
    return FALSE;
  double value = g_ascii_strtod (text, &unit);
  gboolean is_ms = g_str_equal (unit, "ms");
  if (!is_ms && !g_str_equal (unit, "s"))
    return FALSE;
  *duration_ms = (guint)(MIN (is_ms ? value : value * 1000, (double)MAX_TIME_MS) + 0.5);
  return TRUE;
}

guint
alexa_ssml_strength_to_ms (const char *strength)
{
  /* As long as the service's counterparts: comma, end of a sentence, end of a paragraph. */
  if (g_strcmp0 (strength, "none") == 0 || g_strcmp0 (strength, "x-weak") == 0)
    return 0;
  if (g_strcmp0 (strength, "strong") == 0)
    return 600;
  if (g_strcmp0 (strength, "x-strong") == 0)
    return 1000;
  return 250;
}

#define LANGUAGE                                                                                   \
  {                                                                                                \
    .name = "xml:lang", .is_required = TRUE, .check = check_language,                              \
    .expected = "a language such as en-US"                                                         \
  }

/* The attributes of speak are those of W3C SSML: skills copy its head from examples. */
static const AlexaSsmlElement elements[] = {
  { "alexa:name",
    ALEXA_SSML_CONTENT_EMPTY,
    { { "type", TRUE, name_types },
      { "personId", TRUE, NULL, check_not_empty, "a person's identifier" } },
    alexa_ssml_map_name },
  { "amazon:domain", ALEXA_SSML_CONTENT_ALL, { { "name", TRUE, domains } }, NULL },
  { "amazon:effect", ALEXA_SSML_CONTENT_ALL, { { "name", TRUE, effects } }, alexa_ssml_map_effect },
  { "amazon:emotion",
    ALEXA_SSML_CONTENT_ALL,
    { { "name", TRUE, emotions }, { "intensity", TRUE, intensities } },
    alexa_ssml_map_emotion },
  { "audio",
    ALEXA_SSML_CONTENT_TEXT,
    { { "src", TRUE, NULL, check_audio, "a URL with https: or soundbank:" } },
    NULL },
  { "break",
    ALEXA_SSML_CONTENT_EMPTY,
    { { "strength", FALSE, strengths },
      { "time", FALSE, NULL, check_time, "a time such as 3s or 500ms" } },
    NULL },
  { "emphasis", ALEXA_SSML_CONTENT_ALL, { { "level", FALSE, levels } }, alexa_ssml_map_emphasis },
  { "lang", ALEXA_SSML_CONTENT_ALL, { LANGUAGE }, alexa_ssml_map_lang },
  { "p", ALEXA_SSML_CONTENT_PARAGRAPH, { { NULL } }, alexa_ssml_map_paragraph },
  { "phoneme",
    ALEXA_SSML_CONTENT_TEXT,
    { { "alphabet", FALSE, alphabets }, { "ph", TRUE, NULL, check_not_empty, "a pronunciation" } },
    alexa_ssml_map_phoneme },
  { "prosody",
    ALEXA_SSML_CONTENT_ALL,
    { { "rate", FALSE, NULL, alexa_ssml_check_rate,
        "x-slow, slow, medium, fast, x-fast or a percentage such as 80%" },
      { "pitch", FALSE, NULL, alexa_ssml_check_pitch,
        "x-low, low, medium, high, x-high or a change such as +10%" },
      { "volume", FALSE, NULL, alexa_ssml_check_volume,
        "silent, x-soft, soft, medium, loud, x-loud or a change such as -6dB" } },
    alexa_ssml_map_prosody },
  { "s", ALEXA_SSML_CONTENT_SENTENCE, { { NULL } }, alexa_ssml_map_sentence },
  { "say-as",
    ALEXA_SSML_CONTENT_TEXT,
    { { "interpret-as", TRUE, interpretations }, { "format", FALSE, formats } },
    alexa_ssml_map_say_as },
  { "speak",
    ALEXA_SSML_CONTENT_ALL,
    { { .name = "xml:lang", .check = check_language, .expected = "a language such as en-US" },
      { "version", FALSE },
      { "xmlns*", FALSE },
      { "xsi:schemaLocation", FALSE } },
    alexa_ssml_map_lang },
  { "sub", ALEXA_SSML_CONTENT_TEXT, { { "alias", TRUE } }, alexa_ssml_map_sub },
  { "voice",
    ALEXA_SSML_CONTENT_ALL,
    { { "name", TRUE, NULL, check_not_empty, "a voice of Amazon Polly" } },
    alexa_ssml_map_voice },
  { "w", ALEXA_SSML_CONTENT_TEXT, { { "role", TRUE, roles } }, NULL },
};

const AlexaSsmlElement *
alexa_ssml_element_find (const char *name)
{
  for (guint i = 0; i < G_N_ELEMENTS (elements); i++)
    if (g_str_equal (elements[i].name, name))
      return &elements[i];
  return NULL;
}

gboolean
alexa_ssml_element_is (const AlexaSsmlElement *self, const char *name)
{
  return self != NULL && g_str_equal (self->name, name);
}

char *
alexa_ssml_element_refuses (const AlexaSsmlElement *self, const AlexaSsmlElement *child)
{
  gboolean is_paragraph = alexa_ssml_element_is (child, "p");
  gboolean is_sentence = alexa_ssml_element_is (child, "s");
  gboolean refused = self->content >= ALEXA_SSML_CONTENT_TEXT
                     || alexa_ssml_element_is (child, "speak")
                     || (is_paragraph && self->content >= ALEXA_SSML_CONTENT_PARAGRAPH)
                     || (is_sentence && self->content >= ALEXA_SSML_CONTENT_SENTENCE);
  if (!refused)
    return NULL;
  return g_strdup_printf ("<%s> may not stand inside <%s>", child->name, self->name);
}

static gboolean
names (const AlexaSsmlAttribute *attribute, const char *name)
{
  if (attribute->name == NULL)
    return FALSE;
  if (g_str_equal (attribute->name, "xmlns*"))
    return g_str_equal (name, "xmlns") || g_str_has_prefix (name, "xmlns:");
  return g_str_equal (attribute->name, name);
}

static char *
check_value (const AlexaSsmlElement *self, const AlexaSsmlAttribute *attribute, const char *text)
{
  gboolean fits = attribute->values != NULL  ? g_strv_contains (attribute->values, text)
                  : attribute->check != NULL ? attribute->check (text)
                                             : TRUE;
  if (fits)
    return NULL;
  g_autofree char *listed
      = attribute->values != NULL ? g_strjoinv (", ", (char **)attribute->values) : NULL;
  g_autofree char *seen = g_utf8_substring (text, 0, MIN (g_utf8_strlen (text, -1), 64));
  return g_strdup_printf ("%s=\"%s\" of <%s>, expected %s", attribute->name, seen, self->name,
                          listed != NULL ? listed : attribute->expected);
}

static char *
read_attribute (const AlexaSsmlElement *self,
                const char *name,
                const char *text,
                const char **values)
{
  for (guint i = 0; i < ALEXA_SSML_MAX_ATTRIBUTES; i++)
    if (names (&self->attributes[i], name))
      {
        if (values[i] != NULL && g_str_equal (self->attributes[i].name, name))
          return g_strdup_printf ("<%s> has %s twice", self->name, name);
        values[i] = text;
        return check_value (self, &self->attributes[i], text);
      }
  g_autofree char *seen = g_utf8_substring (name, 0, MIN (g_utf8_strlen (name, -1), 64));
  return g_strdup_printf ("<%s> has no attribute %s", self->name, seen);
}

char *
alexa_ssml_element_read (const AlexaSsmlElement *self,
                         const char *const *attribute_names,
                         const char *const *texts,
                         const char **values)
{
  guint n = 0;
  for (guint i = 0; i < ALEXA_SSML_MAX_ATTRIBUTES; i++)
    values[i] = NULL;
  for (; attribute_names[n] != NULL; n++)
    {
      char *reason = read_attribute (self, attribute_names[n], texts[n], values);
      if (reason != NULL)
        return reason;
    }
  for (guint i = 0; i < ALEXA_SSML_MAX_ATTRIBUTES; i++)
    if (self->attributes[i].is_required && values[i] == NULL)
      return g_strdup_printf ("<%s> needs the attribute %s", self->name, self->attributes[i].name);
  if (n == 0 && alexa_ssml_element_is (self, "prosody"))
    return g_strdup ("<prosody> needs one of rate, pitch and volume");
  return NULL;
}
