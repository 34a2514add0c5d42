/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-directive-private.h"
#include "alexa-member.h"
#include "alexa-response-private.h"

AlexaAnswerKind
alexa_answer_kind (AlexaRequestType type)
{
  switch (type)
    {
    case ALEXA_REQUEST_LAUNCH:
    case ALEXA_REQUEST_INTENT:
      return ALEXA_ANSWER_FULL;
    case ALEXA_REQUEST_CAN_FULFILL_INTENT:
      return ALEXA_ANSWER_QUERY;
    case ALEXA_REQUEST_PLAYBACK_STARTED:
    case ALEXA_REQUEST_PLAYBACK_FINISHED:
      return ALEXA_ANSWER_NO_PLAY;
    case ALEXA_REQUEST_PLAYBACK_STOPPED:
      return ALEXA_ANSWER_EMPTY;
    case ALEXA_REQUEST_SESSION_ENDED:
    case ALEXA_REQUEST_EXCEPTION_ENCOUNTERED:
      return ALEXA_ANSWER_IGNORED;
    case ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED:
    case ALEXA_REQUEST_PLAYBACK_FAILED:
    case ALEXA_REQUEST_PLAY_COMMAND:
    case ALEXA_REQUEST_PAUSE_COMMAND:
    case ALEXA_REQUEST_NEXT_COMMAND:
    case ALEXA_REQUEST_PREVIOUS_COMMAND:
    default:
      return ALEXA_ANSWER_DIRECTIVES;
    }
}

gboolean
alexa_response_is_wanted (AlexaRequestType type)
{
  AlexaAnswerKind kind = alexa_answer_kind (type);
  return kind != ALEXA_ANSWER_EMPTY && kind != ALEXA_ANSWER_IGNORED;
}

static char *
directive_path (guint index)
{
  return g_strdup_printf ("response.directives[%u]", index);
}

static void
drop_members (AlexaResponse *self)
{
  g_clear_pointer (&self->session_attributes, g_bytes_unref);
  g_clear_pointer (&self->speech, alexa_speech_free);
  g_clear_pointer (&self->reprompt, alexa_speech_free);
  g_ptr_array_set_size (self->reprompt_directives, 0);
  g_clear_pointer (&self->card, alexa_card_free);
  g_clear_pointer (&self->card_node, json_node_unref);
  self->should_end_session = ALEXA_END_SESSION_ABSENT;
}

/* (nullable) */
static JsonObject *
response_object (AlexaResponse *self)
{
  if (!self->has_response)
    return NULL;
  return json_object_get_object_member (json_node_get_object (self->root), "response");
}

/* Whether `response` has a member that says something: not absent, not null, not {}. */
static gboolean
has_member (AlexaResponse *self, const char *name)
{
  JsonObject *response = response_object (self);
  JsonNode *node = response != NULL ? alexa_member_get (response, name) : NULL;
  if (node == NULL)
    return FALSE;
  return !JSON_NODE_HOLDS_OBJECT (node) || json_object_get_size (json_node_get_object (node)) > 0;
}

static void
restrict_members (AlexaResponse *self)
{
  static const struct
  {
    const char *name;
    AlexaLint lint;
  } forbidden[] = {
    { "outputSpeech", ALEXA_LINT_SPEECH_FORBIDDEN },
    { "card", ALEXA_LINT_CARD_FORBIDDEN },
    { "reprompt", ALEXA_LINT_REPROMPT_FORBIDDEN },
  };
  for (guint i = 0; i < G_N_ELEMENTS (forbidden); i++)
    if (has_member (self, forbidden[i].name))
      alexa_lint_add (self->findings, forbidden[i].lint, "response", forbidden[i].name);
  if (self->should_end_session == ALEXA_END_SESSION_FALSE)
    alexa_lint_add (self->findings, ALEXA_LINT_END_SESSION_FORBIDDEN, "response",
                    "shouldEndSession");
  if (alexa_session_attributes_kind (self->session_attributes) == ALEXA_SESSION_ATTRIBUTES_OBJECT)
    alexa_lint_add (self->findings, ALEXA_LINT_SESSION_ATTRIBUTES_IGNORED, "sessionAttributes",
                    NULL);
  drop_members (self);
}

/* Why @directive may not stand in an answer of @kind; ALEXA_N_LINTS if it may. */
static AlexaLint
directive_fault (const AlexaDirective *directive, AlexaAnswerKind kind, guint n_plays_before)
{
  gboolean is_play = alexa_directive_is_play (directive);
  if (kind == ALEXA_ANSWER_EMPTY || kind == ALEXA_ANSWER_QUERY)
    return ALEXA_LINT_DIRECTIVE_FORBIDDEN;
  if (kind != ALEXA_ANSWER_FULL && !alexa_directive_is_audio_player (directive))
    return ALEXA_LINT_DIRECTIVE_FORBIDDEN;
  if (kind == ALEXA_ANSWER_NO_PLAY && is_play)
    return ALEXA_LINT_PLAY_FORBIDDEN;
  return is_play && n_plays_before > 0 ? ALEXA_LINT_PLAY_MORE_THAN_ONE : ALEXA_N_LINTS;
}

/* The reason given is the service's own, whatever else is wrong with the directive. */
static void
forbid (AlexaResponse *self, guint index, AlexaLint lint)
{
  AlexaDirective *directive = g_ptr_array_index (self->directives, index);
  g_autofree char *path = directive_path (index);
  g_autofree char *message = NULL;
  if (lint == ALEXA_LINT_DIRECTIVE_FORBIDDEN)
    message = g_strdup_printf ("%s: %s", alexa_lint_rule (lint)->sentence, directive->type);
  g_clear_pointer (&directive->refused, g_free);
  alexa_directive_refuse (directive, self->findings, lint, path, NULL, message);
}

static void
restrict_directives (AlexaResponse *self, AlexaAnswerKind kind)
{
  guint n_plays = 0;
  for (guint i = 0; i < self->directives->len; i++)
    {
      const AlexaDirective *directive = g_ptr_array_index (self->directives, i);
      if (*directive->type == '\0')
        continue;
      AlexaLint fault = directive_fault (directive, kind, n_plays);
      if (alexa_directive_is_play (directive))
        n_plays++;
      if (fault != ALEXA_N_LINTS)
        forbid (self, i, fault);
    }
}

/* Plays that will be obeyed, but not as their author may think. */
static void
lint_plays (AlexaResponse *self, AlexaRequestType type)
{
  gboolean session_open
      = alexa_answer_kind (type) == ALEXA_ANSWER_FULL && alexa_response_keeps_session (self);
  for (guint i = 0; i < self->directives->len; i++)
    {
      const AlexaDirective *directive = g_ptr_array_index (self->directives, i);
      if (directive->command == NULL || directive->command->type != PLAYER_COMMAND_PLAY)
        continue;
      g_autofree char *path = directive_path (i);
      if (type == ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED
          && directive->command->play_behavior == PLAYER_PLAY_REPLACE_ALL)
        alexa_lint_add (self->findings, ALEXA_LINT_PLAY_CUTS_CURRENT, path, "playBehavior");
      if (session_open)
        alexa_lint_add (self->findings, ALEXA_LINT_PLAY_SESSION_OPEN, path, NULL);
    }
}

/* A video keeps the session as it likes. */
static void
lint_video (AlexaResponse *self)
{
  for (guint i = 0; i < self->directives->len; i++)
    {
      const AlexaDirective *directive = g_ptr_array_index (self->directives, i);
      if (g_str_equal (directive->type, "VideoApp.Launch")
          && self->should_end_session != ALEXA_END_SESSION_ABSENT)
        {
          alexa_lint_add (self->findings, ALEXA_LINT_VIDEO_END_SESSION, "response",
                          "shouldEndSession");
          return;
        }
    }
}

/* A dialog that cannot go on. */
static void
lint_dialog (AlexaResponse *self)
{
  for (guint i = 0; i < self->directives->len; i++)
    if (self->should_end_session == ALEXA_END_SESSION_TRUE
        && alexa_directive_is_dialog (g_ptr_array_index (self->directives, i)))
      {
        g_autofree char *path = directive_path (i);
        alexa_lint_add (self->findings, ALEXA_LINT_DIALOG_SESSION_ENDS, path, NULL);
      }
}

static void
lint_reprompt (AlexaResponse *self)
{
  gboolean has_reprompt = self->reprompt != NULL || self->reprompt_directives->len > 0;
  if (has_reprompt && !alexa_response_keeps_session (self))
    alexa_lint_add (self->findings, ALEXA_LINT_REPROMPT_UNUSED, "response", "reprompt");
}

/* A question that nobody has asked aloud: words are no fault, but nobody hears them. */
static void
drop_words_of_query (AlexaResponse *self)
{
  static const char *const words[] = { "outputSpeech", "card", "reprompt" };
  for (guint i = 0; i < G_N_ELEMENTS (words); i++)
    if (has_member (self, words[i]))
      alexa_lint_add_message (self->findings, ALEXA_LINT_ANSWER_IGNORED, "response", words[i],
                              "Nothing is said or shown for a CanFulfillIntentRequest.");
  drop_members (self);
  JsonObject *response = response_object (self);
  if (response != NULL)
    alexa_can_fulfill_lint (response, self->findings);
}

/* Nobody looks at such an answer, so no fault is found with it either. */
static void
ignore (AlexaResponse *self)
{
  gboolean said_something = has_member (self, "outputSpeech") || has_member (self, "card")
                            || has_member (self, "reprompt") || self->directives->len > 0;
  g_ptr_array_set_size (self->findings, 0);
  drop_members (self);
  if (!said_something)
    return;
  alexa_lint_add (self->findings, ALEXA_LINT_ANSWER_IGNORED, "response", NULL);
  for (guint i = 0; i < self->directives->len; i++)
    {
      AlexaDirective *directive = g_ptr_array_index (self->directives, i);
      g_clear_pointer (&directive->command, player_command_unref);
      g_free (directive->refused);
      directive->refused = g_strdup (alexa_lint_rule (ALEXA_LINT_ANSWER_IGNORED)->sentence);
    }
}

void
alexa_response_restrict (AlexaResponse *self, AlexaRequestType type)
{
  AlexaAnswerKind kind = alexa_answer_kind (type);
  if (kind == ALEXA_ANSWER_IGNORED)
    {
      ignore (self);
      return;
    }
  if (!self->has_response && kind != ALEXA_ANSWER_EMPTY)
    alexa_lint_add (self->findings, ALEXA_LINT_RESPONSE_MISSING, "response", NULL);
  if (kind == ALEXA_ANSWER_FULL)
    {
      lint_reprompt (self);
      lint_video (self);
      lint_dialog (self);
    }
  else if (kind == ALEXA_ANSWER_QUERY)
    drop_words_of_query (self);
  else
    restrict_members (self);
  restrict_directives (self, kind);
  lint_plays (self, type);
}
