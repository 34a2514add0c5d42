/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-lint.h"

#define REFERENCE "Request and Response JSON Reference, "
#define AUDIO_PLAYER "AudioPlayer Interface Reference, "

/* Sentences that begin with "The following directives", "Can't respond", "The URL specified" and
 * "SpeechletResponse" are worded as skill developers know them from the service and its tools. */
static const AlexaLintRule rules[ALEXA_N_LINTS] = {
  [ALEXA_LINT_BODY_BOM] = { "body-bom", ALEXA_SEVERITY_INFO, REFERENCE "Response format",
                            "The document begins with a byte order mark." },
  [ALEXA_LINT_BODY_LARGE]
  = { "body-large", ALEXA_SEVERITY_WARNING, REFERENCE "Response format",
      "The document is larger than 120,000 bytes, one reading of the limit of 120 KB." },
  [ALEXA_LINT_CONTENT_TYPE]
  = { "content-type", ALEXA_SEVERITY_INFO, REFERENCE "Response format, HTTP header",
      "The Content-Type is not application/json." },
  [ALEXA_LINT_VERSION] = { "version", ALEXA_SEVERITY_INFO, REFERENCE "Response properties",
                           "The version is not \"1.0\"." },
  [ALEXA_LINT_RESPONSE_MISSING] = { "response-missing", ALEXA_SEVERITY_ERROR,
                                    REFERENCE "Response properties", "SpeechletResponse was null" },
  [ALEXA_LINT_ANSWER_IGNORED]
  = { "answer-ignored", ALEXA_SEVERITY_INFO, REFERENCE "Response properties",
      "This request takes no answer; what it holds is ignored." },
  [ALEXA_LINT_EMPTY_OBJECT] = { "empty-object", ALEXA_SEVERITY_INFO, REFERENCE "Response object",
                                "An empty object is taken as absent." },
  [ALEXA_LINT_MEMBER_TYPE] = { "member-type", ALEXA_SEVERITY_ERROR, REFERENCE "Response properties",
                               "The member has a wrong JSON type and is ignored." },
  [ALEXA_LINT_TEXT_UTF16]
  = { "text-utf16", ALEXA_SEVERITY_WARNING, REFERENCE "Response format",
      "The text is within the limit in characters, but beyond it in UTF-16 units." },
  [ALEXA_LINT_SESSION_ATTRIBUTES_IGNORED]
  = { "session-attributes-ignored", ALEXA_SEVERITY_INFO, REFERENCE "Response properties",
      "Session attributes are ignored in the answer to this request." },
  [ALEXA_LINT_SESSION_ATTRIBUTES_ARRAY]
  = { "session-attributes-array", ALEXA_SEVERITY_WARNING, REFERENCE "Response properties",
      "An empty array is taken as an empty map of session attributes." },
  [ALEXA_LINT_END_SESSION_FORBIDDEN]
  = { "end-session-forbidden", ALEXA_SEVERITY_ERROR, REFERENCE "Response examples, directives only",
      "The following directives are not supported: Response may not have shouldEndSession set "
      "to false" },
  [ALEXA_LINT_STOP_INTENT_SESSION_OPEN]
  = { "stop-intent-session-open", ALEXA_SEVERITY_ERROR, REFERENCE "Response object",
      "The answer to AMAZON.StopIntent has to have shouldEndSession set to true." },
  [ALEXA_LINT_SPEECH_FORBIDDEN]
  = { "speech-forbidden", ALEXA_SEVERITY_ERROR, REFERENCE "OutputSpeech object",
      "The following directives are not supported: Response may not contain an outputSpeech" },
  [ALEXA_LINT_SPEECH_TYPE] = { "speech-type", ALEXA_SEVERITY_ERROR, REFERENCE "OutputSpeech object",
                               "The type of the speech is neither \"PlainText\" nor \"SSML\"." },
  [ALEXA_LINT_SPEECH_TEXT_MISSING] = { "speech-text-missing", ALEXA_SEVERITY_WARNING,
                                       REFERENCE "OutputSpeech object", "The speech has no text." },
  [ALEXA_LINT_SPEECH_PLAY_BEHAVIOR]
  = { "speech-play-behavior", ALEXA_SEVERITY_ERROR, REFERENCE "OutputSpeech object",
      "The playBehavior of the speech is unknown; ENQUEUE is taken." },
  [ALEXA_LINT_SPEECH_TOO_LONG]
  = { "speech-too-long", ALEXA_SEVERITY_ERROR, REFERENCE "Response format",
      "The speech is longer than 8000 characters." },
  [ALEXA_LINT_SPEECH_NO_SPEAK_ELEMENT]
  = { "speech-no-speak-element", ALEXA_SEVERITY_ERROR, REFERENCE "OutputSpeech object",
      "The SSML is not wrapped in a <speak> element." },
  [ALEXA_LINT_REPROMPT_FORBIDDEN]
  = { "reprompt-forbidden", ALEXA_SEVERITY_ERROR, REFERENCE "Reprompt object",
      "The following directives are not supported: Response may not contain a reprompt" },
  [ALEXA_LINT_REPROMPT_UNUSED]
  = { "reprompt-unused", ALEXA_SEVERITY_INFO, REFERENCE "Reprompt object",
      "The reprompt is not spoken, since shouldEndSession is not false." },
  [ALEXA_LINT_REPROMPT_DIRECTIVE]
  = { "reprompt-directive", ALEXA_SEVERITY_ERROR, REFERENCE "Reprompt object",
      "A reprompt may hold Alexa.Presentation.APLA.RenderDocument only." },
  [ALEXA_LINT_CARD_FORBIDDEN]
  = { "card-forbidden", ALEXA_SEVERITY_ERROR, REFERENCE "Card object",
      "The following directives are not supported: Response may not contain a card" },
  [ALEXA_LINT_CARD_TYPE] = { "card-type", ALEXA_SEVERITY_ERROR, REFERENCE "Card object",
                             "The type of the card is not one of the four." },
  [ALEXA_LINT_CARD_MEMBER_UNUSED]
  = { "card-member-unused", ALEXA_SEVERITY_INFO, REFERENCE "Card object",
      "A card of this type does not show this member." },
  [ALEXA_LINT_CARD_PERMISSIONS_MISSING]
  = { "card-permissions-missing", ALEXA_SEVERITY_ERROR, REFERENCE "Card object",
      "A card that asks for consent names no permissions." },
  [ALEXA_LINT_CARD_IMAGE_URL_TOO_LONG]
  = { "card-image-url-too-long", ALEXA_SEVERITY_ERROR, REFERENCE "Response format",
      "The image URL is longer than 2000 characters." },
  [ALEXA_LINT_CARD_TOO_LONG]
  = { "card-too-long", ALEXA_SEVERITY_ERROR, REFERENCE "Response format",
      "The texts and URLs of the card are longer than 8000 characters together." },
  [ALEXA_LINT_DIRECTIVE_TYPE]
  = { "directive-type", ALEXA_SEVERITY_ERROR, REFERENCE "Response object",
      "The directive is not an object with a type." },
  [ALEXA_LINT_DIRECTIVE_UNSUPPORTED]
  = { "directive-unsupported", ALEXA_SEVERITY_ERROR, REFERENCE "Response object",
      "The device does not support this interface; the directive is not carried out." },
  [ALEXA_LINT_DIRECTIVE_SCREEN]
  = { "directive-screen", ALEXA_SEVERITY_WARNING, REFERENCE "Response object",
      "The device has no screen; the directive is not carried out." },
  [ALEXA_LINT_DIRECTIVE_APLA]
  = { "directive-apla", ALEXA_SEVERITY_INFO, REFERENCE "Reprompt object",
      "APLA audio is not rendered; the directive is not carried out." },
  [ALEXA_LINT_DIRECTIVE_FORBIDDEN]
  = { "directive-forbidden", ALEXA_SEVERITY_ERROR, AUDIO_PLAYER "Responses to AudioPlayer requests",
      "The following directives are not supported" },
  [ALEXA_LINT_DIRECTIVE_PAYLOAD_TOO_LARGE]
  = { "directive-payload-too-large", ALEXA_SEVERITY_ERROR, REFERENCE "Response format",
      "The payload is larger than 1000 bytes." },
  [ALEXA_LINT_PLAY_FORBIDDEN]
  = { "play-forbidden", ALEXA_SEVERITY_ERROR, AUDIO_PLAYER "Responses to AudioPlayer requests",
      "Can't respond with more than 0 play directives" },
  [ALEXA_LINT_PLAY_MORE_THAN_ONE]
  = { "play-more-than-one", ALEXA_SEVERITY_ERROR, AUDIO_PLAYER "Play directive",
      "Can't respond with more than 1 play directives" },
  [ALEXA_LINT_PLAY_CUTS_CURRENT]
  = { "play-cuts-current", ALEXA_SEVERITY_WARNING, AUDIO_PLAYER "Responses to AudioPlayer requests",
      "REPLACE_ALL in the answer to PlaybackNearlyFinished cuts the current track." },
  [ALEXA_LINT_PLAY_SESSION_OPEN]
  = { "play-session-open", ALEXA_SEVERITY_INFO, AUDIO_PLAYER "Play directive",
      "The session stays open: the stream begins when it has ended." },
  [ALEXA_LINT_PLAY_BEHAVIOR_MISSING]
  = { "play-behavior-missing", ALEXA_SEVERITY_ERROR, AUDIO_PLAYER "Play directive",
      "The directive has no playBehavior; ENQUEUE is taken." },
  [ALEXA_LINT_PLAY_BEHAVIOR_UNKNOWN]
  = { "play-behavior-unknown", ALEXA_SEVERITY_ERROR, AUDIO_PLAYER "Play directive",
      "The playBehavior is unknown." },
  [ALEXA_LINT_PLAY_STREAM_MISSING]
  = { "play-stream-missing", ALEXA_SEVERITY_ERROR, AUDIO_PLAYER "Play directive",
      "The directive has no audioItem.stream object." },
  [ALEXA_LINT_PLAY_URL_MISSING]
  = { "play-url-missing", ALEXA_SEVERITY_ERROR, AUDIO_PLAYER "Play directive",
      "The URL specified in the Play directive must be defined and a valid HTTPS url" },
  [ALEXA_LINT_PLAY_URL_INVALID]
  = { "play-url-invalid", ALEXA_SEVERITY_ERROR, AUDIO_PLAYER "Play directive",
      "The URL specified in the Play directive must be defined and a valid HTTPS url" },
  [ALEXA_LINT_PLAY_URL_SCHEME]
  = { "play-url-scheme", ALEXA_SEVERITY_ERROR, AUDIO_PLAYER "Play directive",
      "The URL specified in the Play directive must be HTTPS" },
  [ALEXA_LINT_PLAY_URL_HTTP]
  = { "play-url-http", ALEXA_SEVERITY_INFO, AUDIO_PLAYER "Play directive",
      "Plain http is taken from a skill on this machine; elsewhere the URL must be HTTPS." },
  [ALEXA_LINT_PLAY_URL_ESCAPED]
  = { "play-url-escaped", ALEXA_SEVERITY_WARNING, AUDIO_PLAYER "Play directive",
      "The URL holds characters that have to be escaped; they have been." },
  [ALEXA_LINT_PLAY_URL_TOO_LONG]
  = { "play-url-too-long", ALEXA_SEVERITY_ERROR, REFERENCE "Response format",
      "The url is longer than 8000 characters." },
  [ALEXA_LINT_PLAY_TOKEN_MISSING] = { "play-token-missing", ALEXA_SEVERITY_ERROR,
                                      AUDIO_PLAYER "Play directive", "The stream has no token." },
  [ALEXA_LINT_PLAY_TOKEN_TYPE]
  = { "play-token-type", ALEXA_SEVERITY_INFO, AUDIO_PLAYER "Play directive",
      "The token is not a string; its text is taken." },
  [ALEXA_LINT_PLAY_TOKEN_INVALID] = { "play-token-invalid", ALEXA_SEVERITY_ERROR,
                                      AUDIO_PLAYER "Play directive", "The token is not a string." },
  [ALEXA_LINT_PLAY_TOKEN_TOO_LONG]
  = { "play-token-too-long", ALEXA_SEVERITY_ERROR, REFERENCE "Response format",
      "The token is longer than 1024 characters." },
  [ALEXA_LINT_PLAY_OFFSET_MISSING]
  = { "play-offset-missing", ALEXA_SEVERITY_INFO, AUDIO_PLAYER "Play directive",
      "The stream has no offsetInMilliseconds; 0 is taken." },
  [ALEXA_LINT_PLAY_OFFSET_TYPE]
  = { "play-offset-type", ALEXA_SEVERITY_WARNING, AUDIO_PLAYER "Play directive",
      "The offsetInMilliseconds is not an integer; its whole part is taken." },
  [ALEXA_LINT_PLAY_OFFSET_INVALID]
  = { "play-offset-invalid", ALEXA_SEVERITY_ERROR, AUDIO_PLAYER "Play directive",
      "The offsetInMilliseconds is not a whole number of 0 or more." },
  [ALEXA_LINT_PLAY_PREVIOUS_TOKEN_MISSING]
  = { "play-previous-token-missing", ALEXA_SEVERITY_WARNING, AUDIO_PLAYER "Play directive",
      "ENQUEUE without expectedPreviousToken: added to the queue without a check." },
  [ALEXA_LINT_PLAY_PREVIOUS_TOKEN_FORBIDDEN]
  = { "play-previous-token-forbidden", ALEXA_SEVERITY_ERROR, AUDIO_PLAYER "Play directive",
      "An expectedPreviousToken is allowed with ENQUEUE only; it is ignored." },
  [ALEXA_LINT_PLAY_PREVIOUS_TOKEN_TYPE]
  = { "play-previous-token-type", ALEXA_SEVERITY_INFO, AUDIO_PLAYER "Play directive",
      "The expectedPreviousToken is not a string; its text is taken." },
  [ALEXA_LINT_PLAY_PREVIOUS_TOKEN_INVALID]
  = { "play-previous-token-invalid", ALEXA_SEVERITY_ERROR, AUDIO_PLAYER "Play directive",
      "The expectedPreviousToken is not a string." },
  [ALEXA_LINT_PLAY_METADATA]
  = { "play-metadata", ALEXA_SEVERITY_WARNING, AUDIO_PLAYER "Play directive",
      "A part of the metadata is not as documented and is ignored." },
  [ALEXA_LINT_CLEAR_BEHAVIOR_MISSING]
  = { "clear-behavior-missing", ALEXA_SEVERITY_WARNING, AUDIO_PLAYER "ClearQueue directive",
      "The directive has no clearBehavior; CLEAR_ENQUEUED is taken." },
  [ALEXA_LINT_CLEAR_BEHAVIOR_UNKNOWN]
  = { "clear-behavior-unknown", ALEXA_SEVERITY_ERROR, AUDIO_PLAYER "ClearQueue directive",
      "The clearBehavior is unknown." },
};

const char *
alexa_severity_to_string (AlexaSeverity severity)
{
  switch (severity)
    {
    case ALEXA_SEVERITY_INFO:
      return "info";
    case ALEXA_SEVERITY_WARNING:
      return "warning";
    case ALEXA_SEVERITY_ERROR:
    default:
      return "error";
    }
}

const AlexaLintRule *
alexa_lint_rule (AlexaLint lint)
{
  g_return_val_if_fail (lint < ALEXA_N_LINTS, NULL);

  return &rules[lint];
}

AlexaFinding *
alexa_finding_new (AlexaLint lint, const char *path, const char *message)
{
  g_return_val_if_fail (lint < ALEXA_N_LINTS, NULL);
  g_return_val_if_fail (path != NULL, NULL);

  AlexaFinding *self = g_new0 (AlexaFinding, 1);
  self->id = rules[lint].id;
  self->severity = rules[lint].severity;
  self->rule = rules[lint].rule;
  self->path = g_strdup (path);
  self->message = g_strdup (message != NULL ? message : rules[lint].sentence);
  return self;
}

void
alexa_finding_free (AlexaFinding *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self->message);
  g_free (self);
}

static void
add (GPtrArray *findings, AlexaLint lint, const char *path, const char *member, const char *message)
{
  g_autofree char *joined = NULL;
  if (member != NULL && *path != '\0')
    joined = g_strdup_printf ("%s.%s", path, member);
  const char *where = joined != NULL ? joined : member != NULL ? member : path;
  g_ptr_array_add (findings, alexa_finding_new (lint, where, message));
}

void
alexa_lint_add (GPtrArray *findings, AlexaLint lint, const char *path, const char *member)
{
  add (findings, lint, path, member, NULL);
}

void
alexa_lint_add_message (GPtrArray *findings,
                        AlexaLint lint,
                        const char *path,
                        const char *member,
                        const char *format,
                        ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  add (findings, lint, path, member, message);
}
