/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-directive-service.h"

#include <string.h>

#include "alexa/alexa-json.h"
#include "daemon-directive-door.h"
#include "daemon-directive-grants.h"

#define PATH "/v1/directives"

/* A body that is too large is read to its end up to here, for clients look for the answer only then;
 * beyond they are cut off. */
#define MAX_PATIENCE_BYTES (128 * 1024)

struct _DaemonDirectiveService
{
  GObject parent;
  SoupServer *server;            /* (owned) */
  DaemonDirectiveDoor *door;     /* (owned) */
  DaemonDirectiveGrants *grants; /* (owned) */
  char *idle_token;              /* (owned) */
  char *endpoint;                /* (owned) */
};

G_DEFINE_FINAL_TYPE (DaemonDirectiveService, daemon_directive_service, G_TYPE_OBJECT)

/* --- Answers ----------------------------------------------------------------------------------- */

/* The `type` of an error of @status. */
static const char *
type_of_error (guint status)
{
  static const struct
  {
    guint status;
    const char *type;
  } types[] = {
    { SOUP_STATUS_BAD_REQUEST, "INVALID_REQUEST" },
    { SOUP_STATUS_UNAUTHORIZED, "UNAUTHORIZED" },
    { SOUP_STATUS_FORBIDDEN, "FORBIDDEN" },
    { SOUP_STATUS_NOT_FOUND, "NOT_FOUND" },
    { SOUP_STATUS_METHOD_NOT_ALLOWED, "METHOD_NOT_ALLOWED" },
    { SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "REQUEST_TOO_LARGE" },
    { SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE, "UNSUPPORTED_MEDIA_TYPE" },
    { 429, "TOO_MANY_REQUESTS" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    if (types[i].status == status)
      return types[i].type;
  return "ERROR";
}

/* (transfer full): {"code","type","message"}. */
static GBytes *
make_error (guint status, const char *message)
{
  JsonObject *object = json_object_new ();
  json_object_set_int_member (object, "code", status);
  json_object_set_string_member (object, "type", type_of_error (status));
  json_object_set_string_member (object, "message", message);
  g_autoptr (JsonNode) root = json_node_new (JSON_NODE_OBJECT);
  json_node_take_object (root, object);
  return alexa_json_to_bytes (root);
}

/* What is left of the request's body is not kept. */
static void
refuse (SoupServerMessage *message, guint status, const char *why)
{
  g_autoptr (GBytes) body = make_error (status, why);
  gsize size = 0;
  const char *data = g_bytes_get_data (body, &size);
  g_info ("directive service: %u: %s", status, why);
  soup_message_body_set_accumulate (soup_server_message_get_request_body (message), FALSE);
  soup_server_message_set_status (message, status, NULL);
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_COPY, data, size);
}

/* --- The head ---------------------------------------------------------------------------------- */

/* (nullable): the token of "Bearer TOKEN". */
static const char *
get_token (SoupMessageHeaders *headers)
{
  const char *value = soup_message_headers_get_one (headers, "Authorization");
  if (value == NULL || g_ascii_strncasecmp (value, "Bearer ", strlen ("Bearer ")) != 0)
    return NULL;
  value += strlen ("Bearer ");
  while (*value == ' ')
    value++;
  return value;
}

/* (nullable) (transfer none): the leave of whoever has sent @message; %NULL if it was refused. */
static DaemonDirectiveGrant *
identify (DaemonDirectiveService *self, SoupServerMessage *message)
{
  const char *token = get_token (soup_server_message_get_request_headers (message));
  DaemonDirectiveGrant *grant
      = token != NULL ? daemon_directive_grants_find (self->grants, token) : NULL;
  if (grant != NULL)
    return grant;
  if (token != NULL && daemon_directive_token_equal (self->idle_token, token))
    {
      refuse (message, SOUP_STATUS_FORBIDDEN,
              "Only LaunchRequest and IntentRequest allow progressive responses.");
      return NULL;
    }
  soup_message_headers_replace (soup_server_message_get_response_headers (message),
                                "WWW-Authenticate", "Bearer");
  refuse (message, SOUP_STATUS_UNAUTHORIZED,
          token == NULL ? "An Authorization header with \"Bearer\" and a token is needed."
                        : "The token is of no request that is pending.");
  return NULL;
}

static gboolean
check_content (SoupServerMessage *message)
{
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (message);
  const char *type = soup_message_headers_get_content_type (headers, NULL);
  const char *coding = soup_message_headers_get_one (headers, "Content-Encoding");
  if ((type != NULL && g_ascii_strcasecmp (type, "application/json") != 0)
      || (coding != NULL && g_ascii_strcasecmp (coding, "identity") != 0))
    {
      refuse (message, SOUP_STATUS_UNSUPPORTED_MEDIA_TYPE,
              "The body has to be application/json as it is.");
      return FALSE;
    }
  if (soup_message_headers_get_encoding (headers) == SOUP_ENCODING_CONTENT_LENGTH
      && soup_message_headers_get_content_length (headers) > ALEXA_PROGRESSIVE_MAX_BYTES)
    {
      refuse (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "The body is too large.");
      return FALSE;
    }
  return TRUE;
}

/* Hangs up on somebody who sends without end, after a word. */
static void
cut_off (SoupServerMessage *message)
{
  g_autoptr (GBytes) body
      = make_error (SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "The body is too large.");
  gsize size = 0;
  const char *data = g_bytes_get_data (body, &size);
  g_autofree char *text = g_strdup_printf (
      "HTTP/1.1 413 Request Entity Too Large\r\nContent-Type: application/json\r\nConnection: "
      "close\r\nContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%.*s",
      size, (int)size, data);
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (message);
  if (G_IS_SOCKET_CONNECTION (stream))
    g_socket_send_with_blocking (g_socket_connection_get_socket (G_SOCKET_CONNECTION (stream)),
                                 text, strlen (text), FALSE, NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

static void
on_chunk (SoupServerMessage *message, GBytes *chunk, gpointer user_data)
{
  goffset *received = user_data;
  *received += g_bytes_get_size (chunk);
  if (*received > MAX_PATIENCE_BYTES)
    cut_off (message);
  else if (*received > ALEXA_PROGRESSIVE_MAX_BYTES && soup_server_message_get_status (message) == 0)
    refuse (message, SOUP_STATUS_REQUEST_ENTITY_TOO_LARGE, "The body is too large.");
}

static void
free_count (gpointer count, GClosure *closure)
{
  g_free (count);
}

/* All that can be known before the body is there. A status that is set here is final. */
static void
on_headers (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  DaemonDirectiveService *self = user_data;
  /* One request is served on a connection. */
  soup_message_headers_replace (soup_server_message_get_response_headers (message), "Connection",
                                "close");
  g_signal_connect_data (message, "got-chunk", G_CALLBACK (on_chunk), g_new0 (goffset, 1),
                         free_count, G_CONNECT_DEFAULT);
  if (g_strcmp0 (path, PATH) != 0)
    refuse (message, SOUP_STATUS_NOT_FOUND, "Only " PATH " of the Alexa API is there.");
  else if (g_strcmp0 (soup_server_message_get_method (message), SOUP_METHOD_POST) != 0)
    {
      soup_message_headers_replace (soup_server_message_get_response_headers (message), "Allow",
                                    "POST");
      refuse (message, SOUP_STATUS_METHOD_NOT_ALLOWED, "Directives are posted.");
    }
  else if (identify (self, message) != NULL)
    check_content (message);
}

/* --- The body ---------------------------------------------------------------------------------- */

/* Takes what @grant's skill has posted; an answer is set in any case. */
static void
take (DaemonDirectiveService *self,
      DaemonDirectiveGrant *grant,
      SoupServerMessage *message,
      const AlexaProgressive *directive)
{
  if (!g_str_equal (directive->request_id, grant->request_id))
    {
      refuse (message, SOUP_STATUS_BAD_REQUEST,
              "header.requestId: not the request that the token belongs to");
      return;
    }
  if (grant->n_used >= DAEMON_DIRECTIVE_MAX_PER_REQUEST)
    {
      refuse (message, 429, "Five progressive responses have been sent for this request.");
      return;
    }
  gboolean accepted = FALSE;
  grant->n_used++; /* whoever listens may end the request, and the grant with it */
  g_signal_emit_by_name (self, "speak", grant->skill, grant->request_id, directive->speech,
                         &accepted);
  if (!accepted)
    {
      refuse (
          message, SOUP_STATUS_FORBIDDEN,
          "The skill may not send directives now: somebody has spoken meanwhile, or has left the "
          "session.");
      return;
    }
  soup_server_message_set_status (message, SOUP_STATUS_NO_CONTENT, NULL);
}

static void
on_body (SoupServer *server,
         SoupServerMessage *message,
         const char *path,
         GHashTable *query,
         gpointer user_data)
{
  DaemonDirectiveService *self = user_data;
  /* The request may have been answered while the body was on its way. */
  DaemonDirectiveGrant *grant = identify (self, message);
  if (grant == NULL)
    return;
  g_autoptr (GBytes) bytes
      = soup_message_body_flatten (soup_server_message_get_request_body (message));
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaProgressive) directive
      = alexa_progressive_parse (bytes, grant->http_media, &error);
  if (directive == NULL)
    {
      g_message ("%s: a progressive response is refused: %s", grant->skill, error->message);
      refuse (message, SOUP_STATUS_BAD_REQUEST, error->message);
    }
  else
    take (self, grant, message, directive);
}

/* --- Life -------------------------------------------------------------------------------------- */

const char *
daemon_directive_service_get_endpoint (DaemonDirectiveService *self)
{
  g_return_val_if_fail (DAEMON_IS_DIRECTIVE_SERVICE (self), NULL);
  return self->endpoint;
}

char *
daemon_directive_service_admit (DaemonDirectiveService *self,
                                const char *skill,
                                const char *request_id,
                                gboolean http_media)
{
  g_return_val_if_fail (DAEMON_IS_DIRECTIVE_SERVICE (self), NULL);
  return g_strdup (daemon_directive_grants_add (self->grants, skill, request_id, http_media));
}

void
daemon_directive_service_dismiss (DaemonDirectiveService *self, const char *request_id)
{
  g_return_if_fail (DAEMON_IS_DIRECTIVE_SERVICE (self));
  daemon_directive_grants_remove (self->grants, request_id);
}

static void
daemon_directive_service_finalize (GObject *object)
{
  DaemonDirectiveService *self = DAEMON_DIRECTIVE_SERVICE (object);
  soup_server_remove_handler (self->server, NULL);
  g_clear_pointer (&self->door, daemon_directive_door_free);
  g_clear_object (&self->server);
  g_clear_pointer (&self->grants, daemon_directive_grants_free);
  g_free (self->idle_token);
  g_free (self->endpoint);
  G_OBJECT_CLASS (daemon_directive_service_parent_class)->finalize (object);
}

static void
daemon_directive_service_class_init (DaemonDirectiveServiceClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = daemon_directive_service_finalize;
  g_signal_new ("speak", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0,
                g_signal_accumulator_true_handled, NULL, NULL, G_TYPE_BOOLEAN, 3, G_TYPE_STRING,
                G_TYPE_STRING, G_TYPE_POINTER);
}

static void
daemon_directive_service_init (DaemonDirectiveService *self)
{
  self->grants = daemon_directive_grants_new ();
  self->server = soup_server_new (NULL, NULL);
  soup_server_add_early_handler (self->server, NULL, on_headers, self, NULL);
  soup_server_add_handler (self->server, NULL, on_body, self, NULL);
}

DaemonDirectiveService *
daemon_directive_service_new (PlayerClock *clock,
                              guint port,
                              const char *idle_token,
                              GError **error)
{
  g_return_val_if_fail (PLAYER_IS_CLOCK (clock) && idle_token != NULL, NULL);
  g_autoptr (DaemonDirectiveService) self = g_object_new (DAEMON_TYPE_DIRECTIVE_SERVICE, NULL);
  self->idle_token = g_strdup (idle_token);
  self->door = daemon_directive_door_new (self->server, clock, port, error);
  if (self->door == NULL)
    return NULL;
  self->endpoint
      = g_strdup_printf ("http://127.0.0.1:%u", daemon_directive_door_get_port (self->door));
  return g_steal_pointer (&self);
}
