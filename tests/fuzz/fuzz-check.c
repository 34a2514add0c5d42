/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "fuzz.h"

#include <string.h>

/* Before the first input: what GLib or the code calls a bug is one. */
int
LLVMFuzzerInitialize (int *argc, char ***argv)
{
  g_log_set_always_fatal (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_WARNING | G_LOG_FATAL_MASK);
  return 0;
}

static void
check_document (const char *ssml)
{
  static const GMarkupParser parser = { NULL };
  g_autoptr (GMarkupParseContext) context = g_markup_parse_context_new (&parser, 0, NULL, NULL);
  g_autoptr (GError) error = NULL;
  g_assert_true (g_utf8_validate (ssml, -1, NULL));
  g_assert_true (g_str_has_prefix (ssml, "<speak "));
  g_assert_true (g_str_has_suffix (ssml, "</speak>"));
  g_assert_true (strstr (ssml, "[[") == NULL);
  g_assert_true (g_markup_parse_context_parse (context, ssml, -1, &error));
  g_assert_true (g_markup_parse_context_end_parse (context, &error));
}

void
fuzz_check_parts (GPtrArray *parts)
{
  for (guint i = 0; i < parts->len; i++)
    {
      const PlayerSpeechPart *part = g_ptr_array_index (parts, i);
      switch (part->type)
        {
        case PLAYER_SPEECH_PART_SAY:
          check_document (part->ssml);
          break;
        case PLAYER_SPEECH_PART_AUDIO:
          g_assert_true (
              g_uri_is_valid (part->url, G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_ENCODED, NULL));
          break;
        case PLAYER_SPEECH_PART_BREAK:
          g_assert_true (part->duration_ms > 0 && part->duration_ms <= 10000);
          break;
        default:
          g_assert_not_reached ();
        }
    }
}
