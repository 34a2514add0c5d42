/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-directive-private.h"
#include "alexa-host.h"
#include "alexa-member.h"

#define MAX_TOKEN_CHARACTERS 1024
#define MAX_URL_CHARACTERS 8000
#define MAX_OFFSET_MS PLAYER_MAX_OFFSET_MS

typedef struct
{
  AlexaDirective *directive;
  const char *path; /* of the directive */
  const char *stream_path;
  GPtrArray *findings;
} Play;

static void
refuse (Play *self, AlexaLint lint, const char *path, const char *member)
{
  alexa_directive_refuse (self->directive, self->findings, lint, path, member, NULL);
}

static gboolean
read_behavior (Play *self, JsonObject *directive, PlayerPlayBehavior *behavior)
{
  *behavior = PLAYER_PLAY_ENQUEUE;
  JsonNode *node = alexa_member_get (directive, "playBehavior");
  if (node == NULL)
    {
      alexa_lint_add (self->findings, ALEXA_LINT_PLAY_BEHAVIOR_MISSING, self->path, "playBehavior");
      return TRUE;
    }
  const char *name = alexa_member_is_string (node) ? json_node_get_string (node) : NULL;
  for (PlayerPlayBehavior i = PLAYER_PLAY_ENQUEUE; i <= PLAYER_PLAY_REPLACE_ENQUEUED; i++)
    if (g_strcmp0 (name, player_play_behavior_to_string (i)) == 0)
      {
        *behavior = i;
        return TRUE;
      }
  refuse (self, ALEXA_LINT_PLAY_BEHAVIOR_UNKNOWN, self->path, "playBehavior");
  return FALSE;
}

static gboolean
is_on_this_machine (const char *url)
{
  g_autoptr (GUri) uri = g_uri_parse (url, G_URI_FLAGS_PARSE_RELAXED, NULL);
  const char *host = uri != NULL ? g_uri_get_host (uri) : NULL;
  return host != NULL && alexa_host_is_loopback (host);
}

static char *
read_url (Play *self, JsonObject *stream, gboolean http_media)
{
  JsonNode *node = alexa_member_get (stream, "url");
  const char *url
      = node != NULL && alexa_member_is_string (node) ? json_node_get_string (node) : "";
  AlexaLint fault = ALEXA_N_LINTS;
  gboolean escaped = FALSE;
  g_autofree char *normal = NULL;
  if (*url == '\0')
    fault = ALEXA_LINT_PLAY_URL_MISSING;
  else if (!alexa_member_within (url, MAX_URL_CHARACTERS, self->stream_path, "url", self->findings))
    fault = ALEXA_LINT_PLAY_URL_TOO_LONG;
  else
    {
      normal = alexa_media_url_normalize (url, &escaped);
      const char *scheme = normal != NULL ? g_uri_peek_scheme (normal) : NULL;
      gboolean is_http = g_strcmp0 (scheme, "http") == 0;
      if (scheme == NULL)
        fault = ALEXA_LINT_PLAY_URL_INVALID;
      else if (g_strcmp0 (scheme, "https") != 0 && !(is_http && http_media))
        fault = ALEXA_LINT_PLAY_URL_SCHEME;
      else if (is_http)
        alexa_lint_add (self->findings,
                        is_on_this_machine (normal) ? ALEXA_LINT_PLAY_URL_HTTP
                                                    : ALEXA_LINT_PLAY_URL_HTTP_ELSEWHERE,
                        self->stream_path, "url");
    }
  if (fault != ALEXA_N_LINTS)
    {
      refuse (self, fault, self->stream_path, "url");
      return NULL;
    }
  if (escaped)
    alexa_lint_add (self->findings, ALEXA_LINT_PLAY_URL_ESCAPED, self->stream_path, "url");
  return g_steal_pointer (&normal);
}

static char *
read_token (Play *self, JsonObject *stream)
{
  JsonNode *node = alexa_member_get (stream, "token");
  g_autofree char *token = node != NULL ? alexa_member_to_text (node) : NULL;
  AlexaLint fault = ALEXA_N_LINTS;
  if (node == NULL || g_strcmp0 (token, "") == 0)
    fault = ALEXA_LINT_PLAY_TOKEN_MISSING;
  else if (token == NULL)
    fault = ALEXA_LINT_PLAY_TOKEN_INVALID;
  else if (!alexa_member_within (token, MAX_TOKEN_CHARACTERS, self->stream_path, "token",
                                 self->findings))
    fault = ALEXA_LINT_PLAY_TOKEN_TOO_LONG;
  if (fault != ALEXA_N_LINTS)
    {
      refuse (self, fault, self->stream_path, "token");
      return NULL;
    }
  if (!alexa_member_is_string (node))
    alexa_lint_add (self->findings, ALEXA_LINT_PLAY_TOKEN_TYPE, self->stream_path, "token");
  return g_steal_pointer (&token);
}

/* -1 if @node is no number of milliseconds. @exact: whether it is an integer as documented. */
static gint64
offset_from_node (JsonNode *node, gboolean *exact)
{
  *exact = FALSE;
  if (!JSON_NODE_HOLDS_VALUE (node))
    return -1;
  GType type = json_node_get_value_type (node);
  gint64 offset_ms = -1;
  if (type == G_TYPE_INT64)
    {
      *exact = TRUE;
      offset_ms = json_node_get_int (node);
    }
  else if (type == G_TYPE_DOUBLE)
    {
      double value = json_node_get_double (node);
      offset_ms = value >= 0 && value <= (double)MAX_OFFSET_MS ? (gint64)value : -1;
    }
  else if (type == G_TYPE_STRING)
    {
      const char *text = json_node_get_string (node);
      if (!g_ascii_isdigit (*text)
          || !g_ascii_string_to_signed (text, 10, 0, MAX_OFFSET_MS, &offset_ms, NULL))
        return -1;
    }
  return offset_ms <= MAX_OFFSET_MS ? offset_ms : -1;
}

static gboolean
read_offset (Play *self, JsonObject *stream, gint64 *offset_ms)
{
  static const char name[] = "offsetInMilliseconds";
  *offset_ms = 0;
  JsonNode *node = alexa_member_get (stream, name);
  if (node == NULL)
    {
      alexa_lint_add (self->findings, ALEXA_LINT_PLAY_OFFSET_MISSING, self->stream_path, name);
      return TRUE;
    }
  gboolean exact;
  *offset_ms = offset_from_node (node, &exact);
  if (*offset_ms < 0)
    {
      refuse (self, ALEXA_LINT_PLAY_OFFSET_INVALID, self->stream_path, name);
      return FALSE;
    }
  if (!exact)
    alexa_lint_add (self->findings, ALEXA_LINT_PLAY_OFFSET_TYPE, self->stream_path, name);
  return TRUE;
}

/* An empty token is no check, as on devices. */
static gboolean
read_previous_token (Play *self, JsonObject *stream, PlayerPlayBehavior behavior, char **token)
{
  static const char name[] = "expectedPreviousToken";
  JsonNode *node = alexa_member_get (stream, name);
  g_autofree char *text = node != NULL ? alexa_member_to_text (node) : NULL;
  if (node != NULL && behavior != PLAYER_PLAY_ENQUEUE)
    {
      alexa_lint_add (self->findings, ALEXA_LINT_PLAY_PREVIOUS_TOKEN_FORBIDDEN, self->stream_path,
                      name);
      return TRUE;
    }
  if (node != NULL && text == NULL)
    {
      refuse (self, ALEXA_LINT_PLAY_PREVIOUS_TOKEN_INVALID, self->stream_path, name);
      return FALSE;
    }
  if (behavior == PLAYER_PLAY_ENQUEUE && (text == NULL || *text == '\0'))
    {
      alexa_lint_add (self->findings, ALEXA_LINT_PLAY_PREVIOUS_TOKEN_MISSING, self->stream_path,
                      name);
      return TRUE;
    }
  if (node != NULL && !alexa_member_is_string (node))
    alexa_lint_add (self->findings, ALEXA_LINT_PLAY_PREVIOUS_TOKEN_TYPE, self->stream_path, name);
  *token = g_steal_pointer (&text);
  return TRUE;
}

/* NULL if @name is absent or no object; an empty one is as good as none. */
static JsonObject *
object_member (JsonObject *object, const char *name)
{
  JsonNode *node = object != NULL ? alexa_member_get (object, name) : NULL;
  return node != NULL && JSON_NODE_HOLDS_OBJECT (node) ? json_node_get_object (node) : NULL;
}

static void
read_play (Play *self, JsonObject *directive, gboolean http_media, const char *origin)
{
  PlayerPlayBehavior behavior;
  gboolean good = read_behavior (self, directive, &behavior);
  JsonObject *audio_item = object_member (directive, "audioItem");
  JsonObject *stream = object_member (audio_item, "stream");
  if (stream == NULL)
    {
      refuse (self, ALEXA_LINT_PLAY_STREAM_MISSING, self->path,
              audio_item == NULL ? "audioItem" : "audioItem.stream");
      return;
    }
  /* All members are looked at, so that a developer sees all faults at once. */
  g_autofree char *url = read_url (self, stream, http_media);
  g_autofree char *token = read_token (self, stream);
  g_autofree char *previous = NULL;
  gint64 offset_ms;
  good = read_offset (self, stream, &offset_ms) && good;
  good = read_previous_token (self, stream, behavior, &previous) && good;
  g_autofree char *item_path = g_strconcat (self->path, ".audioItem", NULL);
  g_autoptr (PlayerMetadata) metadata
      = alexa_metadata_parse (audio_item, item_path, self->findings);
  if (!good || url == NULL || token == NULL)
    return;
  g_autoptr (PlayerItem) item = player_item_new (url, token, offset_ms, origin, metadata);
  self->directive->command = player_command_new_play (item, behavior, previous);
}

void
alexa_directive_parse_play (AlexaDirective *self,
                            const char *path,
                            gboolean http_media,
                            const char *origin,
                            GPtrArray *findings)
{
  g_autofree char *stream_path = g_strconcat (path, ".audioItem.stream", NULL);
  Play play = { .directive = self, .path = path, .stream_path = stream_path, .findings = findings };
  read_play (&play, json_node_get_object (self->node), http_media, origin);
}
