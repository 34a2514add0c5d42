/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-member.h"
#include "alexa-music-private.h"

#include <gio/gio.h>

/* Beyond this a time cannot be told in nanoseconds. */
#define MAX_MS (G_MAXINT64 / 1000000)

/* clang-format off */
G_DEFINE_QUARK (alexa-music-answer-error-quark, alexa_music_answer_error)
/* clang-format on */

gboolean
alexa_music_reader_fail (const AlexaMusicReader *self,
                         AlexaMusicAnswerError code,
                         const char *path,
                         const char *member,
                         const char *what)
{
  g_set_error (self->error, ALEXA_MUSIC_ANSWER_ERROR, (int)code, "%s%s%s %s", path,
               *path != '\0' ? "." : "", member, what);
  return FALSE;
}

char *
alexa_music_read_id (const AlexaMusicReader *self,
                     JsonObject *object,
                     const char *name,
                     const char *path)
{
  JsonNode *node = alexa_member_get (object, name);
  if (node == NULL)
    return NULL;
  if (!JSON_NODE_HOLDS_VALUE (node) || json_node_get_value_type (node) == G_TYPE_BOOLEAN)
    {
      alexa_lint_add (self->findings, ALEXA_LINT_MEMBER_TYPE, path, name);
      return NULL;
    }
  g_autofree char *text = alexa_member_to_text (node);
  if (!alexa_member_is_string (node))
    alexa_lint_add (self->findings, ALEXA_LINT_MUSIC_ID_TYPE, path, name);
  return text != NULL && *text != '\0' ? g_steal_pointer (&text) : NULL;
}

char *
alexa_music_require_id (const AlexaMusicReader *self,
                        JsonObject *object,
                        const char *name,
                        const char *path)
{
  g_autofree char *id = alexa_music_read_id (self, object, name, path);
  if (id == NULL)
    alexa_music_reader_fail (self, ALEXA_MUSIC_ANSWER_ERROR_MISSING, path, name,
                             "is missing or no id");
  return g_steal_pointer (&id);
}

JsonObject *
alexa_music_require_object (const AlexaMusicReader *self,
                            JsonObject *object,
                            const char *name,
                            const char *path)
{
  JsonNode *node = alexa_member_get (object, name);
  if (node != NULL && JSON_NODE_HOLDS_OBJECT (node))
    return json_node_get_object (node);
  if (node == NULL)
    alexa_music_reader_fail (self, ALEXA_MUSIC_ANSWER_ERROR_MISSING, path, name, "is missing");
  else
    alexa_music_reader_fail (self, ALEXA_MUSIC_ANSWER_ERROR_TYPE, path, name, "is no object");
  return NULL;
}

JsonArray *
alexa_music_read_array (const AlexaMusicReader *self,
                        JsonObject *object,
                        const char *name,
                        const char *path)
{
  JsonNode *node = alexa_member_get (object, name);
  if (node == NULL)
    return NULL;
  if (JSON_NODE_HOLDS_ARRAY (node))
    return json_node_get_array (node);
  alexa_lint_add (self->findings, ALEXA_LINT_MEMBER_TYPE, path, name);
  return NULL;
}

gint64
alexa_music_read_ms (JsonNode *node, gboolean *exact)
{
  *exact = FALSE;
  if (!JSON_NODE_HOLDS_VALUE (node))
    return -1;
  GType type = json_node_get_value_type (node);
  gint64 ms = -1;
  if (type == G_TYPE_INT64)
    {
      ms = json_node_get_int (node);
      *exact = ms >= 0 && ms <= MAX_MS;
    }
  else if (type == G_TYPE_DOUBLE)
    {
      double value = json_node_get_double (node);
      ms = value >= 0 && value <= (double)MAX_MS ? (gint64)value : -1;
    }
  else if (type == G_TYPE_STRING)
    {
      const char *text = json_node_get_string (node);
      if (!g_ascii_isdigit (*text) || !g_ascii_string_to_signed (text, 10, 0, MAX_MS, &ms, NULL))
        ms = -1;
    }
  return ms >= 0 && ms <= MAX_MS ? ms : -1;
}

gint64
alexa_music_read_time (const char *text)
{
  g_autoptr (GDateTime) time = g_date_time_new_from_iso8601 (text, NULL);
  if (time == NULL)
    return 0;
  gint64 us = g_date_time_to_unix (time) * G_USEC_PER_SEC + g_date_time_get_microsecond (time);
  return us != 0 ? us : 1;
}

void
alexa_music_set_text (JsonObject *object, const char *name, const char *text)
{
  if (text != NULL)
    json_object_set_string_member (object, name, text);
}
