/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-lint.h"

#include <string.h>

#define REFERENCE "Request and Response JSON Reference, "
#define AUDIO_PLAYER "AudioPlayer Interface Reference, "
#define DIALOG "Dialog Interface Reference, "
#define CAN_FULFILL "CanFulfillIntentRequest Reference, "
#define MUSIC "Music Skill API Reference, "
#define SSML "Speech Synthesis Markup Language (SSML) Reference, "

/* As skill developers know them from the service and its tools. */
#define DISPATCH "An exception occurred while dispatching the request to the skill."
#define NULL_RESPONSE "SpeechletResponse was null"
#define NOT_SUPPORTED "The following directives are not supported"
#define NO_PLAYS "Can't respond with more than 0 play directives"
#define ONE_PLAY "Can't respond with more than 1 play directives"
#define NEEDS_URL "The URL specified in the Play directive must be defined and a valid HTTPS url"
#define NEEDS_HTTPS "The URL specified in the Play directive must be HTTPS"
#define INVALID_SSML "Invalid SSML Output Speech for requestId <id>. Error: "
/* Sentence and words of the service are the same. */
#define WORDED(text) text, text

static const AlexaLintRule rules[ALEXA_N_LINTS] = {
  [ALEXA_LINT_BODY_BOM] = { "body-bom", ALEXA_SEVERITY_INFO, REFERENCE "Response format",
                            "The document begins with a byte order mark." },
  [ALEXA_LINT_BODY_LARGE]
  = { "body-large", ALEXA_SEVERITY_WARNING, REFERENCE "Response format",
      "The document is larger than 120,000 bytes, one reading of the limit of 120 KB." },
  [ALEXA_LINT_BODY_TOO_LARGE]
  = { "body-too-large", ALEXA_SEVERITY_ERROR, REFERENCE "Response format",
      "The document is larger than 120 KB." },
  [ALEXA_LINT_BODY_NOT_JSON] = { "body-not-json", ALEXA_SEVERITY_ERROR, REFERENCE "Response format",
                                 "The document is no JSON.", DISPATCH },
  [ALEXA_LINT_BODY_STRUCTURE]
  = { "body-structure", ALEXA_SEVERITY_ERROR, REFERENCE "Response properties",
      "The document, its response, directives or shouldEndSession has a wrong JSON type.",
      DISPATCH },
  [ALEXA_LINT_BODY_CHARACTER]
  = { "body-character", ALEXA_SEVERITY_WARNING, REFERENCE "Response format",
      "A NUL, or half a character, is escaped in a text and replaced." },
  [ALEXA_LINT_BODY_NUMBER] = { "body-number", ALEXA_SEVERITY_INFO, REFERENCE "Response format",
                               "A number beyond 64 bit is taken as the nearest double." },
  [ALEXA_LINT_CONTENT_TYPE]
  = { "content-type", ALEXA_SEVERITY_INFO, REFERENCE "Response format, HTTP header",
      "The Content-Type is not application/json." },
  [ALEXA_LINT_VERSION] = { "version", ALEXA_SEVERITY_INFO, REFERENCE "Response properties",
                           "The version is not \"1.0\"." },
  [ALEXA_LINT_RESPONSE_MISSING] = { "response-missing", ALEXA_SEVERITY_ERROR,
                                    REFERENCE "Response properties", WORDED (NULL_RESPONSE) },
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
      WORDED (NOT_SUPPORTED ": Response may not have shouldEndSession set to false") },
  [ALEXA_LINT_STOP_INTENT_SESSION_OPEN]
  = { "stop-intent-session-open", ALEXA_SEVERITY_WARNING, REFERENCE "Response object",
      "The answer to AMAZON.StopIntent has to have shouldEndSession set to true." },
  [ALEXA_LINT_SPEECH_FORBIDDEN]
  = { "speech-forbidden", ALEXA_SEVERITY_ERROR, REFERENCE "OutputSpeech object",
      WORDED (NOT_SUPPORTED ": Response may not contain an outputSpeech") },
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
      "The SSML is not wrapped in a <speak> element.", INVALID_SSML },
  [ALEXA_LINT_SPEECH_SSML_INVALID]
  = { "speech-ssml-invalid", ALEXA_SEVERITY_ERROR, REFERENCE "OutputSpeech object",
      "The SSML is not well-formed, or holds what the service does not know.", INVALID_SSML },
  [ALEXA_LINT_SPEECH_AUDIO_COUNT]
  = { "speech-audio-count", ALEXA_SEVERITY_WARNING, SSML "audio",
      "There are more than five audio elements, more than some versions of the service take." },
  [ALEXA_LINT_SPEECH_AUDIO_TOO_LONG]
  = { "speech-audio-too-long", ALEXA_SEVERITY_ERROR, REFERENCE "Response format",
      "The recordings in the speech are longer than 240 seconds together, or in the reprompt than "
      "90." },
  [ALEXA_LINT_SPEECH_SSML_IGNORED]
  = { "speech-ssml-ignored", ALEXA_SEVERITY_INFO, SSML "Supported SSML tags",
      "A part of the SSML has no effect here." },
  [ALEXA_LINT_SPEECH_SSML_LIMITED]
  = { "speech-ssml-limited", ALEXA_SEVERITY_WARNING, SSML "Supported SSML tags",
      "A value in the SSML is beyond what is possible and is limited." },
  [ALEXA_LINT_SPEECH_VOICE_UNKNOWN]
  = { "speech-voice-unknown", ALEXA_SEVERITY_WARNING, SSML "voice",
      "The voice is unknown; the words are said in the usual voice." },
  [ALEXA_LINT_SPEECH_AUDIO_HTTP] = { "speech-audio-http", ALEXA_SEVERITY_ERROR, SSML "audio",
                                     "A recording in speech has to be fetched over HTTPS." },
  [ALEXA_LINT_SPEECH_AUDIO_SOUNDBANK]
  = { "speech-audio-soundbank", ALEXA_SEVERITY_INFO, SSML "audio",
      "A recording of the service's sound library cannot be fetched and is left out." },
  [ALEXA_LINT_REPROMPT_FORBIDDEN]
  = { "reprompt-forbidden", ALEXA_SEVERITY_ERROR, REFERENCE "Reprompt object",
      WORDED (NOT_SUPPORTED ": Response may not contain a reprompt") },
  [ALEXA_LINT_REPROMPT_UNUSED]
  = { "reprompt-unused", ALEXA_SEVERITY_INFO, REFERENCE "Reprompt object",
      "The reprompt is not spoken, since shouldEndSession is not false." },
  [ALEXA_LINT_REPROMPT_DIRECTIVE]
  = { "reprompt-directive", ALEXA_SEVERITY_ERROR, REFERENCE "Reprompt object",
      "A reprompt may hold Alexa.Presentation.APLA.RenderDocument only." },
  [ALEXA_LINT_CARD_FORBIDDEN] = { "card-forbidden", ALEXA_SEVERITY_ERROR, REFERENCE "Card object",
                                  WORDED (NOT_SUPPORTED ": Response may not contain a card") },
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
  [ALEXA_LINT_CAN_FULFILL_MISSING]
  = { "can-fulfill-missing", ALEXA_SEVERITY_ERROR, CAN_FULFILL "Response",
      "The answer to a CanFulfillIntentRequest has no canFulfillIntent.canFulfill." },
  [ALEXA_LINT_CAN_FULFILL_VALUE]
  = { "can-fulfill-value", ALEXA_SEVERITY_ERROR, CAN_FULFILL "Response",
      "The value is not one of those allowed." },
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
      WORDED (NOT_SUPPORTED) },
  [ALEXA_LINT_DIRECTIVE_PAYLOAD_TOO_LARGE]
  = { "directive-payload-too-large", ALEXA_SEVERITY_ERROR, REFERENCE "Response format",
      "The payload is larger than 1000 bytes." },
  [ALEXA_LINT_DIALOG_SESSION_ENDS]
  = { "dialog-session-ends", ALEXA_SEVERITY_WARNING, DIALOG "Directives",
      "The dialog cannot go on, since shouldEndSession is true." },
  [ALEXA_LINT_DIALOG_SLOT_MISSING]
  = { "dialog-slot-missing", ALEXA_SEVERITY_ERROR, DIALOG "Directives",
      "The directive does not name the slot that is asked for." },
  [ALEXA_LINT_DIALOG_SLOT_VALUE_TOO_LONG]
  = { "dialog-slot-value-too-long", ALEXA_SEVERITY_WARNING, DIALOG "Dynamic entities",
      "The value of a slot is longer than 140 characters." },
  [ALEXA_LINT_VIDEO_END_SESSION]
  = { "video-end-session", ALEXA_SEVERITY_ERROR, "VideoApp Interface Reference, Launch directive",
      "An answer with VideoApp.Launch must not have shouldEndSession." },
  [ALEXA_LINT_PLAY_FORBIDDEN]
  = { "play-forbidden", ALEXA_SEVERITY_ERROR, AUDIO_PLAYER "Responses to AudioPlayer requests",
      WORDED (NO_PLAYS) },
  [ALEXA_LINT_PLAY_MORE_THAN_ONE] = { "play-more-than-one", ALEXA_SEVERITY_ERROR,
                                      AUDIO_PLAYER "Play directive", WORDED (ONE_PLAY) },
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
  = { "play-url-missing", ALEXA_SEVERITY_ERROR, AUDIO_PLAYER "Play directive", WORDED (NEEDS_URL) },
  [ALEXA_LINT_PLAY_URL_INVALID]
  = { "play-url-invalid", ALEXA_SEVERITY_ERROR, AUDIO_PLAYER "Play directive", WORDED (NEEDS_URL) },
  [ALEXA_LINT_PLAY_URL_SCHEME] = { "play-url-scheme", ALEXA_SEVERITY_ERROR,
                                   AUDIO_PLAYER "Play directive", WORDED (NEEDS_HTTPS) },
  [ALEXA_LINT_PLAY_URL_HTTP]
  = { "play-url-http", ALEXA_SEVERITY_INFO, AUDIO_PLAYER "Play directive",
      "Plain http is taken from a skill on this machine; elsewhere the URL must be HTTPS." },
  [ALEXA_LINT_PLAY_URL_HTTP_ELSEWHERE] = { "play-url-http-elsewhere", ALEXA_SEVERITY_ERROR,
                                           AUDIO_PLAYER "Play directive", WORDED (NEEDS_HTTPS) },
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
      "ENQUEUE without expectedPreviousToken: added to the queue without a check.", NULL,
      ALEXA_LINT_STRICT_VOIDS },
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
  [ALEXA_LINT_MUSIC_NAME] = { "music-name", ALEXA_SEVERITY_WARNING, MUSIC "Message header",
                              "The name is that of the answer to a similar message; it is taken." },
  [ALEXA_LINT_MUSIC_NAMESPACE]
  = { "music-namespace", ALEXA_SEVERITY_INFO, MUSIC "Message header",
      "The namespace is not the one that is documented for this answer." },
  [ALEXA_LINT_MUSIC_VERSION]
  = { "music-version", ALEXA_SEVERITY_INFO, MUSIC "Message header",
      "The payloadVersion is not the one that is documented for this answer." },
  [ALEXA_LINT_MUSIC_ERROR_TYPE] = { "music-error-type", ALEXA_SEVERITY_WARNING,
                                    MUSIC "ErrorResponse", "The type of the error is unknown." },
  [ALEXA_LINT_MUSIC_RETRY_PERIOD]
  = { "music-retry-period", ALEXA_SEVERITY_INFO, MUSIC "ErrorResponse",
      "The retryPeriod is unknown; UNKNOWN is taken." },
  [ALEXA_LINT_MUSIC_MEMBER_MISSING]
  = { "music-member-missing", ALEXA_SEVERITY_WARNING, MUSIC "Message payload",
      "A member that is required is missing and is done without." },
  [ALEXA_LINT_MUSIC_ID_TYPE] = { "music-id-type", ALEXA_SEVERITY_INFO, MUSIC "Message payload",
                                 "An id is not a string; its text is taken." },
  [ALEXA_LINT_MUSIC_URI_HTTP] = { "music-uri-http", ALEXA_SEVERITY_INFO, MUSIC "Stream object",
                                  "The stream is offered over plain http." },
  [ALEXA_LINT_MUSIC_URI_ESCAPED]
  = { "music-uri-escaped", ALEXA_SEVERITY_WARNING, MUSIC "Stream object",
      "The URL holds characters that have to be escaped; they have been." },
  [ALEXA_LINT_MUSIC_OFFSET]
  = { "music-offset", ALEXA_SEVERITY_WARNING, MUSIC "Stream object",
      "The offsetInMilliseconds is not an integer of 0 or more; what can be made of it is taken." },
  [ALEXA_LINT_MUSIC_DURATION]
  = { "music-duration", ALEXA_SEVERITY_WARNING, MUSIC "Item object",
      "The durationInMilliseconds is not an integer above 0; what can be made of it is taken." },
  [ALEXA_LINT_MUSIC_VALID_UNTIL]
  = { "music-valid-until", ALEXA_SEVERITY_WARNING, MUSIC "Stream object",
      "The validUntil is no time in ISO 8601 with an offset from UTC; it is taken as absent." },
  [ALEXA_LINT_MUSIC_VALID_UNTIL_PAST]
  = { "music-valid-until-past", ALEXA_SEVERITY_WARNING, MUSIC "Stream object",
      "The stream had already expired when it came; it is used at once and not kept." },
  [ALEXA_LINT_MUSIC_PLAYBACK_TYPE]
  = { "music-playback-type", ALEXA_SEVERITY_WARNING, MUSIC "PlaybackInfo object",
      "The type of the playback is unknown; DEFAULT is taken." },
  [ALEXA_LINT_MUSIC_CONTROL]
  = { "music-control", ALEXA_SEVERITY_INFO, MUSIC "ItemControl and QueueControl objects",
      "The control is unknown, or of another type, and is ignored." },
  [ALEXA_LINT_MUSIC_CONTROL_ENABLED]
  = { "music-control-enabled", ALEXA_SEVERITY_WARNING, MUSIC "ItemControl and QueueControl objects",
      "The control does not say whether it is enabled; it is taken as disabled." },
  [ALEXA_LINT_MUSIC_ART] = { "music-art", ALEXA_SEVERITY_WARNING, MUSIC "Art object",
                             "The picture has no URL that may be opened and is left out." },
  [ALEXA_LINT_MUSIC_RATING] = { "music-rating", ALEXA_SEVERITY_WARNING, MUSIC "Feedback object",
                                "The feedback is neither POSITIVE nor NEGATIVE and is ignored." },
  [ALEXA_LINT_MUSIC_QUEUE_TYPE]
  = { "music-queue-type", ALEXA_SEVERITY_WARNING, MUSIC "Queue object",
      "The type of the queue is not ALEXA_AUDIO_PLAYER_QUEUE." },
  [ALEXA_LINT_MUSIC_QUEUE_RULES]
  = { "music-queue-rules", ALEXA_SEVERITY_INFO, MUSIC "Queue object",
      "The rule of feedback has the form that belongs to an item; it is taken." },
  [ALEXA_LINT_MUSIC_QUEUE_FINISHED]
  = { "music-queue-finished", ALEXA_SEVERITY_WARNING, MUSIC "GetNextItem",
      "isQueueFinished and item contradict each other; the item decides." },
  [ALEXA_LINT_MUSIC_VIEW_ITEM]
  = { "music-view-item", ALEXA_SEVERITY_WARNING, MUSIC "GetView",
      "An item of the view cannot be read, or its stream cannot; it is left out." },
  [ALEXA_LINT_MUSIC_VIEW_ITEMS] = { "music-view-items", ALEXA_SEVERITY_INFO, MUSIC "GetView",
                                    "The view has more than ten items; the others are left out." },
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

gboolean
alexa_lint_rule_voids (const AlexaLintRule *rule)
{
  g_return_val_if_fail (rule != NULL, FALSE);

  if (rule->strict == ALEXA_LINT_STRICT_BY_SEVERITY)
    return rule->severity == ALEXA_SEVERITY_ERROR;
  return rule->strict == ALEXA_LINT_STRICT_VOIDS;
}

/* (transfer full) (nullable): an open end is for what the finding says. */
static char *
service_message (const AlexaLintRule *rule, const char *message)
{
  if (rule->service == NULL)
    return NULL;
  if (g_str_equal (rule->service, rule->sentence))
    return g_strdup (message);
  gboolean open = g_str_has_suffix (rule->service, ": ");
  return g_strconcat (rule->service, open ? message : NULL, NULL);
}

AlexaFinding *
alexa_finding_new (AlexaLint lint, const char *path, const char *message)
{
  g_return_val_if_fail (lint < ALEXA_N_LINTS, NULL);
  g_return_val_if_fail (path != NULL, NULL);

  AlexaFinding *self = g_new0 (AlexaFinding, 1);
  const AlexaLintRule *rule = &rules[lint];
  self->lint = lint;
  self->id = rule->id;
  self->severity = rule->severity;
  self->voids = alexa_lint_rule_voids (rule);
  self->rule = rule->rule;
  self->path = g_strdup (path);
  self->message = g_strdup (message != NULL ? message : rule->sentence);
  self->service_message = service_message (rule, self->message);
  return self;
}

void
alexa_finding_free (AlexaFinding *self)
{
  if (self == NULL)
    return;
  g_free (self->path);
  g_free (self->message);
  g_free (self->service_message);
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

char *
alexa_finding_to_skill_message (const AlexaFinding *self, const char *request_id)
{
  g_return_val_if_fail (self != NULL && request_id != NULL, NULL);

  static const char placeholder[] = "<id>";
  if (self->service_message == NULL)
    return g_strdup (self->message);
  const char *at = strstr (self->service_message, placeholder);
  if (at == NULL || strstr (alexa_lint_rule (self->lint)->service, placeholder) == NULL)
    return g_strdup (self->service_message);
  return g_strdup_printf ("%.*s%s%s", (int)(at - self->service_message), self->service_message,
                          request_id, at + strlen (placeholder));
}

/* The lower, the sooner the service would speak of it. */
static guint
rank (const AlexaFinding *finding)
{
  switch (finding->lint)
    {
    case ALEXA_LINT_SPEECH_FORBIDDEN:
    case ALEXA_LINT_CARD_FORBIDDEN:
    case ALEXA_LINT_REPROMPT_FORBIDDEN:
    case ALEXA_LINT_END_SESSION_FORBIDDEN:
    case ALEXA_LINT_DIRECTIVE_FORBIDDEN:
    case ALEXA_LINT_PLAY_FORBIDDEN:
    case ALEXA_LINT_PLAY_MORE_THAN_ONE:
      return 0;
    default:
      return finding->service_message != NULL ? 1 : 2;
    }
}

const AlexaFinding *
alexa_lint_find_void (const GPtrArray *findings)
{
  g_return_val_if_fail (findings != NULL, NULL);

  const AlexaFinding *found = NULL;
  for (guint i = 0; i < findings->len; i++)
    {
      const AlexaFinding *finding = g_ptr_array_index (findings, i);
      if (finding->voids && (found == NULL || rank (finding) < rank (found)))
        found = finding;
    }
  return found;
}
