/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "demo-music-server.h"

#include <libsoup/soup.h>
#include <string.h>

#include "demo-json.h"
#include "demo-music-fault.h"
#include "demo-music-skill.h"

#define EVENT_PREFIX "AlexaAudioPlayQueueEvent."

struct _DemoMusicServer
{
  GObject parent;
  SoupServer *server;    /* (owned) */
  DemoMusicMedia *media; /* (owned) */
  DemoMusicSkill *skill; /* (owned) */
  char *url;             /* (owned) */
  GQueue faults;         /* (owned) (element-type DemoMusicFault) */
  GPtrArray *log;        /* (owned) (element-type JsonObject) */
  GHashTable *delayed;   /* (owned) (element-type Delayed): the set of late answers */
  gint64 start_us;
  guint n_requests;
};

typedef struct
{
  DemoMusicServer *server; /* not owned: the server holds us */
  SoupServerMessage *msg;  /* (owned) */
  DemoReply *reply;        /* (owned) */
  char *name;              /* (owned) (nullable) */
  guint n;
  GSource *timer; /* (owned) (nullable) */
} Delayed;

static guint signal_logged;

G_DEFINE_FINAL_TYPE (DemoMusicServer, demo_music_server, G_TYPE_OBJECT)

static void
delayed_free (Delayed *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_object_unref (self->msg);
  demo_reply_free (self->reply);
  g_free (self->name);
  g_free (self);
}

static JsonObject *
log_entry (DemoMusicServer *self, const char *kind)
{
  JsonObject *entry = json_object_new ();
  json_object_set_string_member (entry, "kind", kind);
  json_object_set_int_member (entry, "t_ms", (g_get_monotonic_time () - self->start_us) / 1000);
  return entry;
}

static void
log_add (DemoMusicServer *self, JsonObject *entry)
{
  g_ptr_array_add (self->log, entry);
  g_signal_emit (self, signal_logged, 0, entry);
}

static void
log_set (JsonObject *entry, const char *name, const char *value)
{
  if (value != NULL)
    json_object_set_string_member (entry, name, value);
}

/* Sends half of the body under a head that promises all of it, then hangs up. */
static void
send_cut (SoupServerMessage *msg, const DemoReply *reply)
{
  gsize length = strlen (reply->body);
  g_autofree char *half = g_strdup_printf ("HTTP/1.1 %u OK\r\nContent-Type: application/json\r\n"
                                           "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%.*s",
                                           reply->status, length, (int)(length / 2), reply->body);
  g_autoptr (GIOStream) stream = soup_server_message_steal_connection (msg);
  g_output_stream_write_all (g_io_stream_get_output_stream (stream), half, strlen (half), NULL,
                             NULL, NULL);
  g_io_stream_close (stream, NULL, NULL);
}

static void
send_reply (
    DemoMusicServer *self, SoupServerMessage *msg, DemoReply *reply, const char *name, guint n)
{
  JsonObject *entry = log_entry (self, "answer");
  json_object_set_int_member (entry, "n", n);
  log_set (entry, "name", name);
  json_object_set_int_member (entry, "status", reply->status);
  json_object_set_string_member (entry, "body", reply->body);
  log_add (self, entry);
  if (reply->cut)
    {
      send_cut (msg, reply);
      return;
    }
  soup_server_message_set_status (msg, reply->status, NULL);
  const char *type
      = reply->content_type != NULL ? reply->content_type : "application/json;charset=UTF-8";
  soup_server_message_set_response (msg, type, SOUP_MEMORY_COPY, reply->body, strlen (reply->body));
}

static gboolean
on_delay_over (gpointer user_data)
{
  Delayed *late = user_data;
  g_autoptr (DemoMusicServer) self = g_object_ref (late->server);
  soup_server_message_unpause (late->msg);
  send_reply (self, late->msg, late->reply, late->name, late->n);
  g_hash_table_remove (self->delayed, late);
  return G_SOURCE_REMOVE;
}

static void
delay_reply (
    DemoMusicServer *self, SoupServerMessage *msg, DemoReply *reply, const char *name, guint n)
{
  Delayed *late = g_new0 (Delayed, 1);
  late->server = self;
  late->msg = g_object_ref (msg);
  late->reply = reply;
  late->name = g_strdup (name);
  late->n = n;
  late->timer = g_timeout_source_new (reply->delay_ms);
  g_source_set_callback (late->timer, on_delay_over, late, NULL);
  g_source_attach (late->timer, g_main_context_get_thread_default ());
  g_hash_table_add (self->delayed, late);
  soup_server_message_pause (msg);
}

/* (transfer none) (nullable): the fault for this request, the one added first of those that match. */
static DemoMusicFault *
find_fault (DemoMusicServer *self, const char *name)
{
  for (GList *l = self->faults.head; l != NULL; l = l->next)
    if (demo_music_fault_matches (l->data, name))
      return l->data;
  return NULL;
}

/* The name of a request or, without what is before it, of an event. */
static const char *
get_name (JsonObject *request)
{
  const char *type = demo_json_get_string (request, "request.type");
  if (type == NULL)
    return demo_json_get_string (request, "header.name");
  return g_str_has_prefix (type, EVENT_PREFIX) ? type + strlen (EVENT_PREFIX) : type;
}

static void
log_request (DemoMusicServer *self, JsonObject *request, const DemoMusicFault *fault)
{
  gboolean is_event = demo_json_get_string (request, "request.type") != NULL;
  JsonObject *entry = log_entry (self, is_event ? "event" : "request");
  json_object_set_int_member (entry, "n", ++self->n_requests);
  log_set (entry, "name", get_name (request));
  log_set (entry, "namespace", demo_json_get_string (request, "header.namespace"));
  g_autoptr (JsonObject) reference = demo_music_skill_get_reference (request);
  if (reference != NULL)
    {
      log_set (entry, "item", demo_json_get_string (reference, "id"));
      log_set (entry, "queue", demo_json_get_string (reference, "queueId"));
    }
  const char *content = demo_json_get_string (request, "payload.contentId");
  if (content == NULL && reference != NULL)
    content = demo_json_get_string (reference, "contentId");
  log_set (entry, "content", content);
  JsonNode *user = demo_json_get (request, "payload.isUserInitiated");
  if (user != NULL)
    json_object_set_member (entry, "user", json_node_copy (user));
  if (is_event)
    json_object_set_int_member (
        entry, "offset_ms", demo_json_get_int (request, "request.body.offsetInMilliseconds", -1));
  log_set (entry, "fault", fault != NULL ? demo_music_fault_get_name (fault) : NULL);
  json_object_set_object_member (entry, "body", json_object_ref (request));
  log_add (self, entry);
}

static JsonObject *
read_body (SoupServerMessage *msg)
{
  g_autoptr (GError) error = NULL;
  SoupMessageBody *body = soup_server_message_get_request_body (msg);
  JsonObject *object = NULL;
  if (g_strcmp0 (soup_server_message_get_method (msg), "POST") != 0)
    soup_server_message_set_status (msg, SOUP_STATUS_METHOD_NOT_ALLOWED, NULL);
  else
    {
      object = demo_json_parse_object (body->data, body->length, &error);
      if (object == NULL)
        soup_server_message_set_status (msg, SOUP_STATUS_BAD_REQUEST, error->message);
    }
  return object;
}

static void
on_skill (SoupServer *server,
          SoupServerMessage *msg,
          const char *path,
          GHashTable *query,
          gpointer user_data)
{
  DemoMusicServer *self = user_data;
  if (g_strcmp0 (path, "/") != 0)
    {
      soup_server_message_set_status (msg, SOUP_STATUS_NOT_FOUND, NULL);
      return;
    }
  g_autoptr (JsonObject) request = read_body (msg);
  if (request == NULL)
    return;
  const char *name = get_name (request);
  DemoMusicFault *fault = find_fault (self, name);
  log_request (self, request, fault);
  guint n = self->n_requests;

  g_autoptr (JsonObject) answer = demo_music_skill_answer (self->skill, request);
  g_autoptr (DemoReply) reply = demo_music_fault_apply (fault, request, answer);
  if (fault != NULL && demo_music_fault_use (fault))
    {
      g_queue_remove (&self->faults, fault);
      demo_music_fault_free (fault);
    }
  if (reply->delay_ms > 0)
    delay_reply (self, msg, g_steal_pointer (&reply), name, n);
  else
    send_reply (self, msg, reply, name, n);
}

static void
clear_faults (DemoMusicServer *self)
{
  g_queue_clear_full (&self->faults, (GDestroyNotify)demo_music_fault_free);
}

static void
set_token (char **token, JsonObject *object, const char *name)
{
  const char *text = demo_json_get_string (object, name);
  if (text == NULL)
    return;
  g_free (*token);
  *token = text[0] != '\0' ? g_strdup (text) : NULL;
}

static gboolean
get_flag (JsonObject *object, const char *name, gboolean fallback)
{
  JsonNode *node = demo_json_get (object, name);
  return node != NULL && JSON_NODE_HOLDS_VALUE (node) ? json_node_get_boolean (node) : fallback;
}

static void
set_options (DemoMusicServer *self, JsonObject *object)
{
  DemoMusicOptions *options = demo_music_skill_get_options (self->skill);
  options->lifetime_ms = demo_json_get_int (object, "lifetime_ms", options->lifetime_ms);
  options->skip_limit = demo_json_get_int (object, "skip_limit", options->skip_limit);
  options->ads_every = demo_json_get_int (object, "ads_every", options->ads_every);
  options->one_queue = get_flag (object, "one_queue", options->one_queue);
  set_token (&options->token, object, "token");
  set_token (&options->expired_token, object, "expired_token");
}

static void
set_media (DemoMusicServer *self, JsonObject *object)
{
  if (get_flag (object, "expire", FALSE))
    demo_music_media_expire_all (self->media);
  if (json_object_has_member (object, "refusal"))
    demo_music_media_set_refusal (self->media, demo_json_get_int (object, "refusal", 403));
  if (json_object_has_member (object, "rate"))
    demo_music_media_set_rate (self->media, demo_json_get_int (object, "rate", 0));
  if (json_object_has_member (object, "cut"))
    demo_music_media_cut_next (self->media, demo_json_get_int (object, "cut", 0));
}

gboolean
demo_music_server_control (DemoMusicServer *self, JsonObject *object, GError **error)
{
  JsonObject *entry = log_entry (self, "control");
  json_object_set_object_member (entry, "body", json_object_ref (object));
  log_add (self, entry);
  if (get_flag (object, "reset", FALSE))
    clear_faults (self);
  set_options (self, object);
  set_media (self, object);
  if (!json_object_has_member (object, "fault"))
    return TRUE;
  DemoMusicFault *fault = demo_music_fault_new (object, error);
  if (fault != NULL)
    g_queue_push_tail (&self->faults, fault);
  return fault != NULL;
}

static void
on_control (SoupServer *server,
            SoupServerMessage *msg,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  DemoMusicServer *self = user_data;
  g_autoptr (JsonObject) object = read_body (msg);
  if (object == NULL)
    return;
  g_autoptr (GError) error = NULL;
  soup_server_message_set_status (msg, SOUP_STATUS_NO_CONTENT, NULL);
  if (!demo_music_server_control (self, object, &error))
    {
      soup_server_message_set_status (msg, SOUP_STATUS_BAD_REQUEST, NULL);
      soup_server_message_set_response (msg, "text/plain", SOUP_MEMORY_COPY, error->message,
                                        strlen (error->message));
    }
}

/* libsoup 3.2 keeps the socket of a connection that the client has closed. */
static void
on_request (SoupServer *server, SoupServerMessage *msg, gpointer user_data)
{
  soup_message_headers_replace (soup_server_message_get_response_headers (msg), "Connection",
                                "close");
}

static void
on_media (SoupServer *server,
          SoupServerMessage *msg,
          const char *path,
          GHashTable *query,
          gpointer user_data)
{
  DemoMusicServer *self = user_data;
  guint status = demo_music_media_serve (self->media, msg, path, query);
  JsonObject *entry = log_entry (self, "media");
  log_set (entry, "method", soup_server_message_get_method (msg));
  log_set (entry, "name", strrchr (path, '/') + 1);
  log_set (entry, "range",
           soup_message_headers_get_one (soup_server_message_get_request_headers (msg), "Range"));
  json_object_set_int_member (entry, "status", status);
  log_add (self, entry);
}

static void
demo_music_server_dispose (GObject *object)
{
  DemoMusicServer *self = DEMO_MUSIC_SERVER (object);
  g_hash_table_remove_all (self->delayed);
  g_clear_pointer (&self->media, demo_music_media_free);
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  G_OBJECT_CLASS (demo_music_server_parent_class)->dispose (object);
}

static void
demo_music_server_finalize (GObject *object)
{
  DemoMusicServer *self = DEMO_MUSIC_SERVER (object);
  clear_faults (self);
  g_hash_table_unref (self->delayed);
  g_ptr_array_unref (self->log);
  g_clear_pointer (&self->skill, demo_music_skill_free);
  g_free (self->url);
  G_OBJECT_CLASS (demo_music_server_parent_class)->finalize (object);
}

static void
demo_music_server_class_init (DemoMusicServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = demo_music_server_dispose;
  object_class->finalize = demo_music_server_finalize;
  signal_logged = g_signal_new ("logged", DEMO_TYPE_MUSIC_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                                NULL, G_TYPE_NONE, 1, JSON_TYPE_OBJECT);
}

static void
demo_music_server_init (DemoMusicServer *self)
{
  self->start_us = g_get_monotonic_time ();
  self->log = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);
  self->delayed = g_hash_table_new_full (NULL, NULL, (GDestroyNotify)delayed_free, NULL);
  g_queue_init (&self->faults);
}

DemoMusicServer *
demo_music_server_new (guint16 port,
                       const char *media_dir,
                       const char *const *tracks,
                       GError **error)
{
  g_autoptr (DemoMusicServer) self = g_object_new (DEMO_TYPE_MUSIC_SERVER, NULL);
  self->server = soup_server_new ("server-header", "segue-demo-music", NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  if (!soup_server_listen (self->server, address, 0, error))
    return NULL;
  GSList *uris = soup_server_get_uris (self->server);
  self->url = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  self->media = demo_music_media_new (media_dir, self->url);
  self->skill = demo_music_skill_new (self->media, self->url, tracks);
  g_signal_connect (self->server, "request-read", G_CALLBACK (on_request), self);
  soup_server_add_handler (self->server, "/media", on_media, self, NULL);
  soup_server_add_handler (self->server, "/live", on_media, self, NULL);
  soup_server_add_handler (self->server, "/control", on_control, self, NULL);
  soup_server_add_handler (self->server, "/", on_skill, self, NULL);
  return g_steal_pointer (&self);
}

const char *
demo_music_server_get_url (DemoMusicServer *self)
{
  return self->url;
}

gboolean
demo_music_server_add_fault (DemoMusicServer *self, const char *text, GError **error)
{
  DemoMusicFault *fault = demo_music_fault_new_parse (text, error);
  if (fault != NULL)
    g_queue_push_tail (&self->faults, fault);
  return fault != NULL;
}

GPtrArray *
demo_music_server_get_log (DemoMusicServer *self)
{
  return self->log;
}

guint
demo_music_server_count (DemoMusicServer *self, const char *kind, const char *name)
{
  guint n = 0;
  for (guint i = 0; i < self->log->len; i++)
    {
      JsonObject *entry = g_ptr_array_index (self->log, i);
      if (g_strcmp0 (demo_json_get_string (entry, "kind"), kind) == 0
          && (name == NULL || g_strcmp0 (demo_json_get_string (entry, "name"), name) == 0))
        n++;
    }
  return n;
}
