/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "harness-words.h"

#include <string.h>

#define TOLERANCE_MS 400

static const char *
member (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? json_object_get_member (object, name) : NULL;
  return node != NULL && json_node_get_value_type (node) == G_TYPE_STRING
             ? json_node_get_string (node)
             : "-";
}

static JsonObject *
child (JsonObject *object, const char *name)
{
  return json_object_has_member (object, name) ? json_object_get_object_member (object, name)
                                               : NULL;
}

char *
harness_words (JsonObject *entry)
{
  JsonObject *request
      = json_object_get_object_member (json_object_get_object_member (entry, "body"), "request");
  const char *type = member (request, "type");
  const char *dot = strchr (type, '.');
  const char *name = dot != NULL ? dot + 1 : type;
  if (g_str_equal (name, "IntentRequest"))
    return g_strdup_printf ("%s %s", name, member (child (request, "intent"), "name"));
  if (g_str_equal (name, "SessionEndedRequest"))
    return g_strdup_printf ("%s %s", name, member (request, "reason"));
  if (g_str_equal (name, "ExceptionEncountered"))
    return g_strdup_printf ("%s %s", name, member (child (request, "error"), "type"));
  if (g_str_equal (name, "PlaybackFailed"))
    return g_strdup_printf ("%s %s %s", name, member (request, "token"),
                            member (child (request, "error"), "type"));
  if (json_object_has_member (request, "token"))
    return g_strdup_printf ("%s %s %" G_GINT64_FORMAT, name, member (request, "token"),
                            json_object_get_int_member (request, "offsetInMilliseconds"));
  return g_strdup (name);
}

static gboolean
word_matches (const char *word, const char *expected)
{
  if (g_str_equal (expected, "*"))
    return TRUE;
  if (!g_str_has_suffix (expected, "~"))
    return g_str_equal (word, expected);
  gint64 is = g_ascii_strtoll (word, NULL, 10);
  gint64 from = g_ascii_strtoll (expected, NULL, 10);
  return is >= from && is <= from + TOLERANCE_MS;
}

gboolean
harness_words_match (const char *words, const char *expected)
{
  g_auto (GStrv) is = g_strsplit (words, " ", -1);
  g_auto (GStrv) wanted = g_strsplit (expected, " ", -1);
  if (g_strv_length (is) != g_strv_length (wanted))
    return FALSE;
  for (gsize i = 0; wanted[i] != NULL; i++)
    if (!word_matches (is[i], wanted[i]))
      return FALSE;
  return TRUE;
}
