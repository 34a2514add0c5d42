/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-member.h"
#include "alexa-response-private.h"
#include "alexa-ssml.h"

#define MAX_SPEECH_CHARACTERS 8000

void
alexa_speech_free (AlexaSpeech *self)
{
  if (self == NULL)
    return;
  g_free (self->text);
  g_ptr_array_unref (self->parts);
  g_free (self);
}

/* What is to be said of a broken document: the words that can be made out. */
static GPtrArray *
recover_parts (const char *ssml, const GError *error, const char *path, GPtrArray *findings)
{
  gboolean no_root = g_error_matches (error, ALEXA_SSML_ERROR, ALEXA_SSML_ERROR_ROOT);
  alexa_lint_add_message (
      findings, no_root ? ALEXA_LINT_SPEECH_NO_SPEAK_ELEMENT : ALEXA_LINT_SPEECH_SSML_INVALID, path,
      NULL, "%s", error->message);
  g_autofree char *words = alexa_ssml_to_text (ssml);
  return alexa_ssml_from_text (words);
}

static GPtrArray *
make_parts (AlexaSpeechType type,
            const char *text,
            gboolean http_media,
            const char *path,
            GPtrArray *findings)
{
  if (type == ALEXA_SPEECH_PLAIN_TEXT)
    return alexa_ssml_from_text (text);
  g_autofree char *ssml_path = g_strconcat (path, ".ssml", NULL);
  g_autoptr (GError) error = NULL;
  GPtrArray *parts = alexa_ssml_parse (text, ssml_path, findings, &error);
  if (parts == NULL)
    return recover_parts (text, error, ssml_path, findings);
  if (!http_media)
    alexa_ssml_refuse_http (parts, ssml_path, findings);
  return parts;
}

static PlayerPlayBehavior
read_behavior (JsonObject *object, const char *path, GPtrArray *findings)
{
  const char *name = alexa_member_get_string (object, "playBehavior", path, findings);
  if (name == NULL)
    return PLAYER_PLAY_ENQUEUE;
  for (PlayerPlayBehavior i = PLAYER_PLAY_ENQUEUE; i <= PLAYER_PLAY_REPLACE_ENQUEUED; i++)
    if (g_str_equal (name, player_play_behavior_to_string (i)))
      return i;
  alexa_lint_add (findings, ALEXA_LINT_SPEECH_PLAY_BEHAVIOR, path, "playBehavior");
  return PLAYER_PLAY_ENQUEUE;
}

/* The text to speak and its type. Where `type` and the text that is there disagree, the text wins.
 */
static const char *
read_text (JsonObject *object, const char *path, GPtrArray *findings, AlexaSpeechType *type)
{
  const char *name = alexa_member_get_string (object, "type", path, findings);
  const char *text = alexa_member_get_string (object, "text", path, findings);
  const char *ssml = alexa_member_get_string (object, "ssml", path, findings);
  gboolean named_ssml = g_strcmp0 (name, "SSML") == 0;
  gboolean named_text = g_strcmp0 (name, "PlainText") == 0;
  *type = named_ssml || (!named_text && ssml != NULL) ? ALEXA_SPEECH_SSML : ALEXA_SPEECH_PLAIN_TEXT;
  gboolean disagree = FALSE;
  if (*type == ALEXA_SPEECH_SSML && ssml == NULL && text != NULL)
    {
      *type = ALEXA_SPEECH_PLAIN_TEXT;
      disagree = TRUE;
    }
  else if (*type == ALEXA_SPEECH_PLAIN_TEXT && text == NULL && ssml != NULL)
    {
      *type = ALEXA_SPEECH_SSML;
      disagree = TRUE;
    }
  if (disagree || !(named_ssml || named_text))
    alexa_lint_add (findings, ALEXA_LINT_SPEECH_TYPE, path, "type");
  return *type == ALEXA_SPEECH_SSML ? ssml : text;
}

AlexaSpeech *
alexa_speech_parse (JsonObject *parent,
                    const char *path,
                    gboolean is_reprompt,
                    gboolean http_media,
                    GPtrArray *findings)
{
  JsonObject *object = alexa_member_get_object (parent, "outputSpeech", path, findings);
  if (object == NULL)
    return NULL;
  g_autofree char *speech_path = g_strconcat (path, ".outputSpeech", NULL);
  AlexaSpeechType type;
  const char *text = read_text (object, speech_path, findings, &type);
  const char *member = type == ALEXA_SPEECH_SSML ? "ssml" : "text";
  if (text == NULL || *text == '\0')
    {
      if (!is_reprompt)
        alexa_lint_add (findings, ALEXA_LINT_SPEECH_TEXT_MISSING, speech_path, member);
      return NULL;
    }
  if (!alexa_member_within (text, MAX_SPEECH_CHARACTERS, speech_path, member, findings))
    alexa_lint_add (findings, ALEXA_LINT_SPEECH_TOO_LONG, speech_path, member);
  AlexaSpeech *self = g_new0 (AlexaSpeech, 1);
  self->type = type;
  self->text = g_strdup (text);
  self->play_behavior = read_behavior (object, speech_path, findings);
  self->parts = make_parts (type, text, http_media, speech_path, findings);
  self->max_audio_ms = is_reprompt ? ALEXA_REPROMPT_MAX_AUDIO_MS : ALEXA_SPEECH_MAX_AUDIO_MS;
  return self;
}
