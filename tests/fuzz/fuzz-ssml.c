/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa/alexa-ssml.h"
#include "fuzz.h"

#include <string.h>

/* A document of SSML, or a text. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autofree char *text = g_strndup ((const char *)data, size);
  g_autoptr (GPtrArray) findings
      = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_finding_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = alexa_ssml_parse (text, "ssml", findings, &error);
  g_assert_true ((parts == NULL) == (error != NULL));
  if (parts != NULL)
    fuzz_check_parts (parts);
  else
    {
      g_assert_true (error->domain == ALEXA_SSML_ERROR);
      g_assert_true (g_str_has_prefix (error->message, "Line "));
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_assert_true (!g_str_has_suffix (error->message, ": not XML")); /* see alexa-ssml.c */
    }
  for (guint i = 0; i < findings->len; i++)
    {
      const AlexaFinding *finding = g_ptr_array_index (findings, i);
      g_assert_true (g_utf8_validate (finding->message, -1, NULL));
    }

  g_autofree char *shown = alexa_ssml_to_text (text);
  g_assert_true (g_utf8_validate (shown, -1, NULL));
  g_assert_true (strstr (shown, "  ") == NULL);

  g_autoptr (GPtrArray) plain = alexa_ssml_from_text (text);
  g_assert_true (plain->len <= 1);
  fuzz_check_parts (plain);
  return 0;
}
