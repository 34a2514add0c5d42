/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-progressive.h"

#include <string.h>

#include "alexa-json.h"
#include "alexa-member.h"
#include "alexa-response-private.h"
#include "alexa-ssml.h"

#define SPEECH_PATH "directive.speech"

G_DEFINE_QUARK (alexa - progressive - error - quark, alexa_progressive_error)

static gboolean
refuse (GError **error, const char *message)
{
  g_set_error_literal (error, ALEXA_PROGRESSIVE_ERROR, ALEXA_PROGRESSIVE_ERROR_INVALID, message);
  return FALSE;
}

/* (nullable) */
static JsonObject *
get_object (JsonObject *object, const char *name)
{
  JsonNode *node = alexa_member_get (object, name);
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

/* (nullable) */
static const char *
get_text (JsonObject *object, const char *name)
{
  JsonNode *node = alexa_member_get (object, name);
  return node != NULL && alexa_member_is_string (node) ? json_node_get_string (node) : NULL;
}

static gboolean
read_header (AlexaProgressive *self, JsonObject *root, GError **error)
{
  JsonObject *header = get_object (root, "header");
  if (header == NULL)
    return refuse (error, "header: an object is needed");
  self->request_id = g_strdup (get_text (header, "requestId"));
  if (self->request_id == NULL)
    return refuse (error, "header.requestId: a string is needed");
  return TRUE;
}

/* Whether @text begins with the start tag of a speak element. */
static gboolean
is_ssml (const char *text)
{
  while (g_ascii_isspace (*text))
    text++;
  if (!g_str_has_prefix (text, "<speak"))
    return g_str_has_prefix (text, "<?xml");
  char next = text[strlen ("<speak")];
  return next == '>' || next == '/' || g_ascii_isspace (next);
}

/* (transfer full) (nullable): what is to be said. */
static GPtrArray *
make_parts (AlexaSpeechType type, const char *text, gboolean http_media, GError **error)
{
  if (type == ALEXA_SPEECH_PLAIN_TEXT)
    return alexa_ssml_from_text (text);
  g_autoptr (GError) local = NULL;
  g_autoptr (GPtrArray) findings
      = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_finding_free);
  g_autoptr (GPtrArray) parts = alexa_ssml_parse (text, SPEECH_PATH, findings, &local);
  if (parts == NULL)
    {
      g_set_error (error, ALEXA_PROGRESSIVE_ERROR, ALEXA_PROGRESSIVE_ERROR_INVALID,
                   SPEECH_PATH ": %s", local->message);
      return NULL;
    }
  guint n_parts = parts->len;
  if (!http_media)
    alexa_ssml_refuse_http (parts, SPEECH_PATH, findings);
  if (parts->len < n_parts)
    {
      refuse (error, SPEECH_PATH ": the URL of a recording has to be https");
      return NULL;
    }
  return g_steal_pointer (&parts);
}

static gboolean
read_speech (AlexaProgressive *self, JsonObject *directive, gboolean http_media, GError **error)
{
  const char *text = get_text (directive, "speech");
  if (text == NULL)
    return refuse (error, SPEECH_PATH ": a string is needed");
  if (g_utf8_strlen (text, -1) > ALEXA_PROGRESSIVE_MAX_SPEECH)
    return refuse (error, SPEECH_PATH ": longer than 600 characters");
  AlexaSpeechType type = is_ssml (text) ? ALEXA_SPEECH_SSML : ALEXA_SPEECH_PLAIN_TEXT;
  g_autoptr (GPtrArray) parts = make_parts (type, text, http_media, error);
  if (parts == NULL)
    return FALSE;
  if (parts->len == 0)
    return refuse (error, SPEECH_PATH ": there is nothing to say in it");
  self->speech = g_new0 (AlexaSpeech, 1);
  self->speech->type = type;
  self->speech->text = g_strdup (text);
  self->speech->play_behavior = PLAYER_PLAY_ENQUEUE;
  self->speech->parts = g_steal_pointer (&parts);
  self->speech->max_audio_ms = ALEXA_SPEECH_MAX_AUDIO_MS;
  return TRUE;
}

static gboolean
read_directive (AlexaProgressive *self, JsonObject *root, gboolean http_media, GError **error)
{
  JsonObject *directive = get_object (root, "directive");
  if (directive == NULL)
    return refuse (error, "directive: an object is needed");
  if (g_strcmp0 (get_text (directive, "type"), "VoicePlayer.Speak") != 0)
    return refuse (error, "directive.type: \"VoicePlayer.Speak\" is needed");
  return read_speech (self, directive, http_media, error);
}

AlexaProgressive *
alexa_progressive_parse (GBytes *bytes, gboolean http_media, GError **error)
{
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonNode) root = alexa_json_parse (bytes, ALEXA_PROGRESSIVE_MAX_BYTES, &local);
  if (root == NULL)
    {
      refuse (error, local->message);
      return NULL;
    }
  if (!JSON_NODE_HOLDS_OBJECT (root))
    {
      refuse (error, "the body: an object is needed");
      return NULL;
    }
  g_autoptr (AlexaProgressive) self = g_new0 (AlexaProgressive, 1);
  if (!read_header (self, json_node_get_object (root), error)
      || !read_directive (self, json_node_get_object (root), http_media, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
alexa_progressive_free (AlexaProgressive *self)
{
  if (self == NULL)
    return;
  g_free (self->request_id);
  g_clear_pointer (&self->speech, alexa_speech_free);
  g_free (self);
}
