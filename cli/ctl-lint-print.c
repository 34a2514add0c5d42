/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-lint.h"

#include "alexa/alexa-ssml.h"
#include "ctl-json.h"
#include "ctl-text.h"

#define ID_PLACEHOLDER "<id>"

/* (transfer full): the words of a part for a screen. */
static char *
part_words (const PlayerSpeechPart *part)
{
  g_autofree char *words = alexa_ssml_to_text (part->ssml);
  return ctl_text_clean (words, 0);
}

/* What becomes of @directive, as the daemon would tell it. */
static char *
find_verdict (const CtlLint *self, const AlexaDirective *directive)
{
  if (ctl_lint_is_void (self))
    return g_strdup ("refused: the answer is void");
  if (directive->refused != NULL)
    return g_strconcat ("refused: ", directive->refused, NULL);
  return g_strdup (directive->command != NULL ? "runs" : "handed on, not carried out");
}

static const char *
find_session (const CtlLint *self)
{
  if (ctl_lint_is_void (self))
    return alexa_request_type_has_session (self->type) ? "ends by an error" : "not touched";
  if (self->type != ALEXA_REQUEST_LAUNCH && self->type != ALEXA_REQUEST_INTENT)
    return "not touched";
  return alexa_response_keeps_session (self->response) ? "stays open" : "ends";
}

/* --- text --- */

static void
print_line (const char *label, const char *text)
{
  g_autofree char *clean = ctl_text_clean (text, 0);
  g_print ("  %-10s %s\n", label, clean);
}

static void
print_findings (const CtlLint *self)
{
  for (guint i = 0; i < self->findings->len; i++)
    {
      const AlexaFinding *finding = g_ptr_array_index (self->findings, i);
      const char *path = *finding->path != '\0' ? finding->path : "document";
      g_autofree char *line = g_strdup_printf ("%s: %s: %s: %s [%s]", self->file, path,
                                               alexa_severity_to_string (finding->severity),
                                               finding->message, finding->id);
      g_autofree char *clean = ctl_text_clean (line, 0);
      g_print ("%s\n    %s\n", clean, finding->rule);
    }
}

static void
print_speech (const char *label, const AlexaSpeech *speech)
{
  for (guint i = 0; speech != NULL && i < speech->parts->len; i++)
    {
      const PlayerSpeechPart *part = g_ptr_array_index (speech->parts, i);
      g_autofree char *text = NULL;
      if (part->type == PLAYER_SPEECH_PART_SAY)
        {
          g_autofree char *words = part_words (part);
          text = g_strdup_printf ("\"%s\"", words);
        }
      else if (part->type == PLAYER_SPEECH_PART_AUDIO)
        text = g_strdup_printf ("recording %s", part->url);
      else
        text = g_strdup_printf ("pause of %u ms", part->duration_ms);
      print_line (i == 0 ? label : "", text);
    }
}

static void
print_directives (const CtlLint *self)
{
  const GPtrArray *directives = self->response->directives;
  for (guint i = 0; i < directives->len; i++)
    {
      const AlexaDirective *directive = g_ptr_array_index (directives, i);
      const PlayerCommand *command = directive->command;
      g_autofree char *verdict = find_verdict (self, directive);
      g_autoptr (GString) text
          = g_string_new (*directive->type != '\0' ? directive->type : "(none)");
      if (command != NULL && command->type == PLAYER_COMMAND_PLAY)
        g_string_append_printf (text, " %s, token %s, at %" G_GINT64_FORMAT " ms, %s",
                                player_play_behavior_to_string (command->play_behavior),
                                command->item->token, command->item->offset_ms, command->item->url);
      g_string_append_printf (text, ": %s", verdict);
      print_line ("directive", text->str);
    }
}

static void
print_judgement (const CtlLint *self)
{
  if (self->fault == NULL)
    return;
  g_autofree char *message = alexa_finding_to_skill_message (self->fault, ID_PLACEHOLDER);
  g_autofree char *text = g_strdup_printf (
      "%s; %s would say: %s",
      ctl_lint_is_void (self) ? "void" : "not void, but the Alexa service refuses it",
      alexa_request_type_has_session (self->type) ? "SessionEndedRequest"
                                                  : "System.ExceptionEncountered",
      message);
  print_line ("answer", text);
}

void
ctl_lint_print_text (const CtlLint *self)
{
  print_findings (self);
  g_print ("%s: in answer to %s:\n", self->file, alexa_request_type_to_string (self->type));
  print_judgement (self);
  if (self->response != NULL)
    {
      if (!ctl_lint_is_void (self))
        {
          print_speech ("says", self->response->speech);
          print_speech ("reprompt", self->response->reprompt);
          if (self->response->card != NULL)
            print_line ("card", self->response->card->type);
        }
      print_directives (self);
    }
  print_line ("session", find_session (self));
}

/* --- JSON --- */

static void
add_string (GVariantBuilder *builder, const char *name, const char *value)
{
  if (value != NULL)
    g_variant_builder_add (builder, "{sv}", name, g_variant_new_string (value));
}

static GVariant *
findings_value (const CtlLint *self)
{
  g_auto (GVariantBuilder) array = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < self->findings->len; i++)
    {
      const AlexaFinding *finding = g_ptr_array_index (self->findings, i);
      g_variant_builder_open (&array, G_VARIANT_TYPE_VARDICT);
      add_string (&array, "id", finding->id);
      add_string (&array, "severity", alexa_severity_to_string (finding->severity));
      add_string (&array, "path", finding->path);
      add_string (&array, "message", finding->message);
      add_string (&array, "rule", finding->rule);
      g_variant_builder_add (&array, "{sv}", "void", g_variant_new_boolean (finding->voids));
      add_string (&array, "service_message", finding->service_message);
      g_variant_builder_close (&array);
    }
  return g_variant_builder_end (&array);
}

static void
add_speech (GVariantBuilder *builder, const char *name, const AlexaSpeech *speech)
{
  if (speech == NULL)
    return;
  g_auto (GVariantBuilder) array = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < speech->parts->len; i++)
    {
      const PlayerSpeechPart *part = g_ptr_array_index (speech->parts, i);
      g_variant_builder_open (&array, G_VARIANT_TYPE_VARDICT);
      if (part->type == PLAYER_SPEECH_PART_SAY)
        {
          g_autofree char *words = part_words (part);
          add_string (&array, "say", words);
        }
      else if (part->type == PLAYER_SPEECH_PART_AUDIO)
        add_string (&array, "audio", part->url);
      else
        g_variant_builder_add (&array, "{sv}", "break_ms",
                               g_variant_new_uint32 (part->duration_ms));
      g_variant_builder_close (&array);
    }
  g_variant_builder_add (builder, "{sv}", name, g_variant_builder_end (&array));
}

static GVariant *
directives_value (const CtlLint *self)
{
  const GPtrArray *directives = self->response->directives;
  g_auto (GVariantBuilder) array = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("aa{sv}"));
  for (guint i = 0; i < directives->len; i++)
    {
      const AlexaDirective *directive = g_ptr_array_index (directives, i);
      g_autofree char *verdict = find_verdict (self, directive);
      gboolean runs = directive->command != NULL && !ctl_lint_is_void (self);
      g_variant_builder_open (&array, G_VARIANT_TYPE_VARDICT);
      add_string (&array, "type", directive->type);
      g_variant_builder_add (&array, "{sv}", "runs", g_variant_new_boolean (runs));
      add_string (&array, "verdict", verdict);
      g_variant_builder_close (&array);
    }
  return g_variant_builder_end (&array);
}

void
ctl_lint_print_json (const CtlLint *self)
{
  gboolean is_void = ctl_lint_is_void (self);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  add_string (&builder, "file", self->file);
  add_string (&builder, "request_type", alexa_request_type_to_string (self->type));
  add_string (&builder, "mode", self->strict ? "strict" : "lenient");
  g_variant_builder_add (&builder, "{sv}", "void", g_variant_new_boolean (is_void));
  if (self->fault != NULL)
    {
      g_autofree char *message = alexa_finding_to_skill_message (self->fault, ID_PLACEHOLDER);
      add_string (&builder, "service_message", message);
    }
  g_variant_builder_add (&builder, "{sv}", "findings", findings_value (self));
  if (self->response != NULL && !is_void)
    {
      add_speech (&builder, "speech", self->response->speech);
      add_speech (&builder, "reprompt", self->response->reprompt);
      if (self->response->card != NULL)
        add_string (&builder, "card", self->response->card->type);
    }
  if (self->response != NULL)
    g_variant_builder_add (&builder, "{sv}", "directives", directives_value (self));
  add_string (&builder, "session", find_session (self));
  g_autoptr (GVariant) object = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_autofree char *text = ctl_json_print (object);
  g_print ("%s\n", text);
}
