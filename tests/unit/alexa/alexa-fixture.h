/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <string.h>

#include "alexa/alexa-json.h"
#include "alexa/alexa-response.h"

/* What the tests of the codec share. Inline, so that each test stays one file. */

static inline GBytes *
fixture_bytes (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

static inline JsonNode *
fixture_json (const char *text)
{
  g_autoptr (GBytes) bytes = fixture_bytes (text);
  g_autoptr (GError) error = NULL;
  JsonNode *node = alexa_json_parse (bytes, G_MAXSIZE, &error);
  g_assert_no_error (error);
  return node;
}

static inline void
fixture_assert_json (JsonNode *node, const char *expected)
{
  g_autoptr (JsonNode) golden = fixture_json (expected);
  if (json_node_equal (node, golden))
    return;
  g_autoptr (GBytes) bytes = alexa_json_to_bytes (node);
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_cmpstr (text, ==, expected);
}

static inline void
fixture_assert_bytes (GBytes *bytes, const char *expected)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_assert_cmpstr (text, ==, expected);
}

/* "id@path id@path ..." in order. */
static inline char *
fixture_findings (GPtrArray *findings)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (guint i = 0; i < findings->len; i++)
    {
      const AlexaFinding *finding = g_ptr_array_index (findings, i);
      g_assert_nonnull (finding->rule);
      g_assert_cmpstr (finding->message, !=, "");
      g_string_append_printf (out, "%s%s@%s", i > 0 ? " " : "", finding->id, finding->path);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static inline void
fixture_assert_findings (GPtrArray *findings, const char *expected)
{
  g_autofree char *seen = fixture_findings (findings);
  g_assert_cmpstr (seen, ==, expected);
}

static inline const AlexaFinding *
fixture_find (GPtrArray *findings, const char *id)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const AlexaFinding *finding = g_ptr_array_index (findings, i);
      if (g_str_equal (finding->id, id))
        return finding;
    }
  return NULL;
}

static inline AlexaResponse *
fixture_response (const char *text, AlexaRequestType type)
{
  g_autoptr (GBytes) bytes = fixture_bytes (text);
  g_autoptr (GError) error = NULL;
  AlexaResponse *response = alexa_response_parse (bytes, type, FALSE, "skill", &error);
  g_assert_no_error (error);
  g_assert_nonnull (response);
  return response;
}

/* @n times the UTF-8 character @c */
static inline char *
fixture_repeat (const char *c, gsize n)
{
  g_autoptr (GString) out = g_string_sized_new (n * strlen (c));
  for (gsize i = 0; i < n; i++)
    g_string_append (out, c);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* A document that is easy to write: ' stands for ", "@xN@" for N times the character x (of
 * ASCII). */
static inline char *
fixture_write (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (const char *p = text; *p != '\0'; p++)
    {
      char *end = NULL;
      guint64 n = p[0] == '@' && p[1] != '\0' ? g_ascii_strtoull (p + 2, &end, 10) : 0;
      if (end == NULL || end == p + 2 || *end != '@')
        {
          g_string_append_c (out, *p == '\'' ? '"' : *p);
          continue;
        }
      g_autofree char *filling = g_strnfill (n, p[1]);
      g_string_append (out, filling);
      p = end;
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}
