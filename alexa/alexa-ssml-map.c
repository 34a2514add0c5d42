/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-ssml-private.h"

#include <string.h>

/* What becomes of the service's elements. The choices suit espeak-ng 1.51 without hurting others:
 * it knows no <lang>, reads dB as per cent, does not unescape an alias, and says "characters" but
 * neither "digits" nor "spell-out" letter by letter. */

static void open_element (AlexaSsmlMapped *mapped, const char *end, const char *format, ...)
    G_GNUC_PRINTF (3, 4);

static void
open_element (AlexaSsmlMapped *mapped, const char *end, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  mapped->start = g_strdup_vprintf (format, args);
  va_end (args);
  mapped->end = end;
}

void
alexa_ssml_map_paragraph (const char *const *values, AlexaSsmlMapped *mapped, AlexaSsmlNotes *notes)
{
  open_element (mapped, "</p>", "<p>");
}

void
alexa_ssml_map_sentence (const char *const *values, AlexaSsmlMapped *mapped, AlexaSsmlNotes *notes)
{
  open_element (mapped, "</s>", "<s>");
}

void
alexa_ssml_map_emphasis (const char *const *values, AlexaSsmlMapped *mapped, AlexaSsmlNotes *notes)
{
  open_element (mapped, "</emphasis>", "<emphasis level=\"%s\">",
                values[0] != NULL ? values[0] : "moderate");
}

void
alexa_ssml_map_lang (const char *const *values, AlexaSsmlMapped *mapped, AlexaSsmlNotes *notes)
{
  mapped->language = g_strdup (values[0]);
}

/* Who speaks is not known to the player. */
void
alexa_ssml_map_name (const char *const *values, AlexaSsmlMapped *mapped, AlexaSsmlNotes *notes)
{
  alexa_lint_add_message (notes->findings, ALEXA_LINT_SPEECH_SSML_IGNORED, notes->path, NULL,
                          "No name is known for <alexa:name>.");
}

/* --- say-as, sub, phoneme --- */

void
alexa_ssml_map_say_as (const char *const *values, AlexaSsmlMapped *mapped, AlexaSsmlNotes *notes)
{
  const char *as = values[0];
  if (g_str_equal (as, "interjection"))
    open_element (mapped, "</emphasis>", "<emphasis level=\"strong\">");
  else if (g_str_equal (as, "expletive"))
    {
      mapped->replacement = g_strdup ("beep");
      mapped->is_mute = TRUE;
    }
  else if (g_str_equal (as, "spell-out") || g_str_equal (as, "digits"))
    open_element (mapped, "</say-as>", "<say-as interpret-as=\"characters\">");
  else if (g_str_equal (as, "number"))
    open_element (mapped, "</say-as>", "<say-as interpret-as=\"cardinal\">");
  else if (g_str_equal (as, "date") && values[1] != NULL)
    open_element (mapped, "</say-as>", "<say-as interpret-as=\"date\" format=\"%s\">", values[1]);
  else
    open_element (mapped, "</say-as>", "<say-as interpret-as=\"%s\">", as);
}

void
alexa_ssml_map_sub (const char *const *values, AlexaSsmlMapped *mapped, AlexaSsmlNotes *notes)
{
  mapped->replacement = g_strdup (values[0]);
  mapped->is_mute = TRUE;
}

void
alexa_ssml_map_phoneme (const char *const *values, AlexaSsmlMapped *mapped, AlexaSsmlNotes *notes)
{
  g_autoptr (GString) ph = g_string_new (NULL);
  alexa_ssml_append_escaped (ph, values[1], -1);
  open_element (mapped, "</phoneme>", "<phoneme alphabet=\"%s\" ph=\"%s\">",
                values[0] != NULL ? values[0] : "ipa", ph->str);
}

/* --- voices --- */

static const struct
{
  const char *language;
  const char *names; /* women; men */
} voices[] = {
  { "ar-SA", " Zeina;" },
  { "cmn-CN", " Zhiyu;" },
  { "cy-GB", " Gwyneth;" },
  { "da-DK", " Naja; Mads" },
  { "de-DE", " Marlene Vicki; Hans" },
  { "en-AU", " Nicole; Russell" },
  { "en-GB", " Amy Emma; Brian Geraint" },
  { "en-IN", " Aditi Raveena;" },
  { "en-US", " Ivy Joanna Kendra Kimberly Salli; Joey Justin Matthew" },
  { "es-ES", " Conchita Lucia; Enrique" },
  { "es-MX", " Mia;" },
  { "es-US", " Lupe Penelope; Miguel" },
  { "fr-CA", " Chantal;" },
  { "fr-FR", " Celine Lea; Mathieu" },
  { "is-IS", " Dora; Karl" },
  { "it-IT", " Bianca Carla; Giorgio" },
  { "ja-JP", " Mizuki; Takumi" },
  { "ko-KR", " Seoyeon;" },
  { "nb-NO", " Liv;" },
  { "nl-NL", " Lotte; Ruben" },
  { "pl-PL", " Ewa Maja; Jacek Jan" },
  { "pt-BR", " Camila Vitoria; Ricardo" },
  { "pt-PT", " Ines; Cristiano" },
  { "ro-RO", " Carmen;" },
  { "ru-RU", " Tatyana; Maxim" },
  { "sv-SE", " Astrid;" },
  { "tr-TR", " Filiz;" },
};

/* Whether @list holds @name, and before the men. */
static gboolean
lists_voice (const char *list, const char *name, gboolean *is_woman)
{
  g_auto (GStrv) words = g_strsplit_set (list, " ;", -1);
  if (*name == '\0' || !g_strv_contains ((const char *const *)words, name))
    return FALSE;
  g_autofree char *word = g_strconcat (" ", name, NULL);
  *is_woman = strstr (list, word) < strchr (list, ';');
  return TRUE;
}

void
alexa_ssml_map_voice (const char *const *values, AlexaSsmlMapped *mapped, AlexaSsmlNotes *notes)
{
  gboolean is_woman;
  for (guint i = 0; i < G_N_ELEMENTS (voices); i++)
    if (lists_voice (voices[i].names, values[0], &is_woman))
      {
        mapped->language = g_strdup (voices[i].language);
        open_element (mapped, "</voice>", "<voice name=\"%s\" gender=\"%s\">", values[0],
                      is_woman ? "female" : "male");
        return;
      }
  g_autofree char *seen = g_utf8_substring (values[0], 0, MIN (g_utf8_strlen (values[0], -1), 64));
  alexa_lint_add_message (notes->findings, ALEXA_LINT_SPEECH_VOICE_UNKNOWN, notes->path, NULL,
                          "The voice \"%s\" is unknown; the words are said in the usual voice.",
                          seen);
}

/* --- the manner of speaking --- */

void
alexa_ssml_map_effect (const char *const *values, AlexaSsmlMapped *mapped, AlexaSsmlNotes *notes)
{
  open_element (mapped, "</prosody>", "<prosody rate=\"slow\" volume=\"x-soft\">");
}

void
alexa_ssml_map_emotion (const char *const *values, AlexaSsmlMapped *mapped, AlexaSsmlNotes *notes)
{
  guint degree = g_str_equal (values[1], "low") ? 1 : g_str_equal (values[1], "medium") ? 2 : 3;
  if (g_str_equal (values[0], "excited"))
    open_element (mapped, "</prosody>", "<prosody rate=\"%u%%\" pitch=\"+%u%%\">", 100 + 6 * degree,
                  8 * degree);
  else
    open_element (mapped, "</prosody>", "<prosody rate=\"%u%%\" pitch=\"-%u%%\">", 100 - 6 * degree,
                  6 * degree);
}
