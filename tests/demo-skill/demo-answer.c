/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "demo-answer.h"

JsonObject *
demo_answer_new (void)
{
  JsonObject *answer = json_object_new ();
  json_object_set_string_member (answer, "version", "1.0");
  json_object_set_object_member (answer, "response", json_object_new ());
  return answer;
}

static JsonObject *
response_of (JsonObject *answer)
{
  return json_object_get_object_member (answer, "response");
}

static JsonObject *
plain_text (const char *text)
{
  JsonObject *speech = json_object_new ();
  json_object_set_string_member (speech, "type", "PlainText");
  json_object_set_string_member (speech, "text", text);
  return speech;
}

void
demo_answer_say (JsonObject *answer, const char *text)
{
  json_object_set_object_member (response_of (answer), "outputSpeech", plain_text (text));
}

void
demo_answer_reprompt (JsonObject *answer, const char *text)
{
  JsonObject *reprompt = json_object_new ();
  json_object_set_object_member (reprompt, "outputSpeech", plain_text (text));
  json_object_set_object_member (response_of (answer), "reprompt", reprompt);
}

void
demo_answer_card (JsonObject *answer, const char *title, const char *text)
{
  JsonObject *card = json_object_new ();
  json_object_set_string_member (card, "type", "Simple");
  json_object_set_string_member (card, "title", title);
  json_object_set_string_member (card, "content", text);
  json_object_set_object_member (response_of (answer), "card", card);
}

void
demo_answer_end_session (JsonObject *answer, gboolean end)
{
  json_object_set_boolean_member (response_of (answer), "shouldEndSession", end);
}

void
demo_answer_add_directive (JsonObject *answer, JsonObject *directive)
{
  JsonObject *response = response_of (answer);
  if (!json_object_has_member (response, "directives"))
    json_object_set_array_member (response, "directives", json_array_new ());
  json_array_add_object_element (json_object_get_array_member (response, "directives"), directive);
}

static void
set_optional (JsonObject *object, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (object, name, value);
}

void
demo_answer_play (JsonObject *answer, const DemoPlay *play)
{
  JsonObject *stream = json_object_new ();
  set_optional (stream, "url", play->url);
  set_optional (stream, "token", play->token);
  set_optional (stream, "expectedPreviousToken", play->previous);
  json_object_set_int_member (stream, "offsetInMilliseconds", play->offset_ms);

  JsonObject *item = json_object_new ();
  json_object_set_object_member (item, "stream", stream);
  if (play->title != NULL)
    {
      JsonObject *metadata = json_object_new ();
      json_object_set_string_member (metadata, "title", play->title);
      json_object_set_string_member (metadata, "subtitle", "The Demo Skill");
      json_object_set_object_member (item, "metadata", metadata);
    }

  JsonObject *directive = json_object_new ();
  json_object_set_string_member (directive, "type", "AudioPlayer.Play");
  json_object_set_string_member (directive, "playBehavior", play->behavior);
  json_object_set_object_member (directive, "audioItem", item);
  demo_answer_add_directive (answer, directive);
}

void
demo_answer_stop (JsonObject *answer)
{
  JsonObject *directive = json_object_new ();
  json_object_set_string_member (directive, "type", "AudioPlayer.Stop");
  demo_answer_add_directive (answer, directive);
}

void
demo_answer_clear (JsonObject *answer, const char *behavior)
{
  JsonObject *directive = json_object_new ();
  json_object_set_string_member (directive, "type", "AudioPlayer.ClearQueue");
  json_object_set_string_member (directive, "clearBehavior", behavior);
  demo_answer_add_directive (answer, directive);
}
