/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "demo-server.h"

#include <libsoup/soup.h>

#include "demo-json.h"
#include "demo-skill.h"

struct _DemoServer
{
  GObject parent;
  SoupServer *server;  /* (owned) */
  DemoSkill *skill;    /* (owned) */
  char *media_dir;     /* (owned) */
  char *url;           /* (owned) */
  GQueue faults;       /* (owned) (element-type DemoFault) */
  GPtrArray *log;      /* (owned) (element-type JsonObject) */
  GHashTable *delayed; /* (owned) (element-type DemoDelayed): the set of late answers */
  gint64 start_us;
  guint n_requests;
};

typedef struct
{
  DemoServer *server;     /* not owned: the server holds us */
  SoupServerMessage *msg; /* (owned) */
  DemoReply *reply;       /* (owned) */
  char *type;             /* (owned) */
  guint n;
  GSource *timer; /* (owned) (nullable) */
} DemoDelayed;

static guint signal_logged;

G_DEFINE_FINAL_TYPE (DemoServer, demo_server, G_TYPE_OBJECT)

static void
demo_delayed_free (DemoDelayed *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_object_unref (self->msg);
  demo_reply_free (self->reply);
  g_free (self->type);
  g_free (self);
}

static JsonObject *
log_entry (DemoServer *self, const char *kind)
{
  JsonObject *entry = json_object_new ();
  json_object_set_string_member (entry, "kind", kind);
  json_object_set_int_member (entry, "t_ms", (g_get_monotonic_time () - self->start_us) / 1000);
  return entry;
}

static void
log_add (DemoServer *self, JsonObject *entry)
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
send_reply (DemoServer *self, SoupServerMessage *msg, DemoReply *reply, const char *type, guint n)
{
  JsonObject *entry = log_entry (self, "answer");
  json_object_set_int_member (entry, "n", n);
  log_set (entry, "type", type);
  json_object_set_int_member (entry, "status", reply->status);
  json_object_set_string_member (entry, "body", reply->body);
  log_add (self, entry);
  if (reply->cut)
    {
      send_cut (msg, reply);
      return;
    }
  soup_server_message_set_status (msg, reply->status, NULL);
  if (reply->status >= 300 && reply->status < 400)
    soup_message_headers_replace (soup_server_message_get_response_headers (msg), "Location",
                                  self->url);
  const char *type_sent
      = reply->content_type != NULL ? reply->content_type : "application/json;charset=UTF-8";
  soup_server_message_set_response (msg, type_sent, SOUP_MEMORY_COPY, reply->body,
                                    strlen (reply->body));
}

static gboolean
on_delay_over (gpointer user_data)
{
  DemoDelayed *late = user_data;
  g_autoptr (DemoServer) self = g_object_ref (late->server);
  soup_server_message_unpause (late->msg);
  send_reply (self, late->msg, late->reply, late->type, late->n);
  g_hash_table_remove (self->delayed, late);
  return G_SOURCE_REMOVE;
}

static void
delay_reply (DemoServer *self, SoupServerMessage *msg, DemoReply *reply, const char *type, guint n)
{
  DemoDelayed *late = g_new0 (DemoDelayed, 1);
  late->server = self;
  late->msg = g_object_ref (msg);
  late->reply = reply;
  late->type = g_strdup (type);
  late->n = n;
  late->timer = g_timeout_source_new (reply->delay_ms);
  g_source_set_callback (late->timer, on_delay_over, late, NULL);
  g_source_attach (late->timer, g_main_context_get_thread_default ());
  g_hash_table_add (self->delayed, late);
  soup_server_message_pause (msg);
}

/* The fault for this request, used up by one; NULL for none. */
static DemoFault *
take_fault (DemoServer *self, const char *type, const char *intent)
{
  for (GList *l = self->faults.head; l != NULL; l = l->next)
    {
      DemoFault *fault = l->data;
      if (!demo_fault_matches (fault, type, intent))
        continue;
      if (fault->left == 1)
        {
          g_queue_delete_link (&self->faults, l);
          return fault;
        }
      if (fault->left > 1)
        fault->left--;
      return demo_fault_copy (fault);
    }
  return NULL;
}

/* A fault described by the slots of MisbehaveIntent. */
static DemoFault *
fault_from_slots (JsonObject *envelope, GError **error)
{
  static const char *const names[] = { "fault", "on", "count", "delay_ms", "status", "body" };
  g_autoptr (JsonObject) description = json_object_new ();
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_strdup_printf ("request.intent.slots.%s.value", names[i]);
      log_set (description, names[i], demo_json_get_string (envelope, path));
    }
  return demo_fault_new (description, error);
}

/* The headers of a signed request, and what they are about: the very bytes of the body. */
static void
log_signature (JsonObject *entry, SoupServerMessage *msg)
{
  static const char *const names[] = { "SignatureCertChainUrl", "Signature-256", "Signature" };
  SoupMessageHeaders *headers = soup_server_message_get_request_headers (msg);
  SoupMessageBody *body = soup_server_message_get_request_body (msg);
  if (soup_message_headers_get_list (headers, "Signature-256") == NULL)
    return;
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    log_set (entry, names[i], soup_message_headers_get_list (headers, names[i]));
  g_autofree char *bytes = g_base64_encode ((const guint8 *)body->data, body->length);
  log_set (entry, "bytes", bytes);
}

static void
log_request (DemoServer *self, SoupServerMessage *msg, JsonObject *envelope, DemoFault *fault)
{
  JsonObject *entry = log_entry (self, "request");
  json_object_set_int_member (entry, "n", ++self->n_requests);
  log_set (entry, "type", demo_json_get_string (envelope, "request.type"));
  log_set (entry, "intent", demo_json_get_string (envelope, "request.intent.name"));
  log_set (entry, "token", demo_json_get_string (envelope, "request.token"));
  gint64 offset_ms = demo_json_get_int (envelope, "request.offsetInMilliseconds", -1);
  if (offset_ms >= 0)
    json_object_set_int_member (entry, "offset_ms", offset_ms);
  log_set (
      entry, "content_type",
      soup_message_headers_get_one (soup_server_message_get_request_headers (msg), "Content-Type"));
  log_set (entry, "fault", fault != NULL ? fault->name : NULL);
  log_signature (entry, msg);
  json_object_set_object_member (entry, "body", json_object_ref (envelope));
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
  DemoServer *self = user_data;
  if (g_strcmp0 (path, "/") != 0)
    {
      soup_server_message_set_status (msg, SOUP_STATUS_NOT_FOUND, NULL);
      return;
    }
  g_autoptr (JsonObject) envelope = read_body (msg);
  if (envelope == NULL)
    return;
  const char *type = demo_json_get_string (envelope, "request.type");
  const char *intent = demo_json_get_string (envelope, "request.intent.name");
  g_autoptr (GError) error = NULL;
  g_autoptr (DemoFault) fault = NULL;
  if (g_strcmp0 (intent, "MisbehaveIntent") == 0)
    {
      fault = fault_from_slots (envelope, &error);
      if (fault != NULL && fault->on != NULL)
        demo_server_add_fault (self, g_steal_pointer (&fault));
    }
  else
    fault = take_fault (self, type, intent);
  log_request (self, msg, envelope, fault);
  guint n = self->n_requests;

  g_autoptr (JsonObject) answer = demo_skill_answer (self->skill, envelope);
  g_autoptr (DemoReply) reply = demo_fault_apply (fault, answer);
  if (reply->delay_ms > 0)
    delay_reply (self, msg, g_steal_pointer (&reply), type, n);
  else
    send_reply (self, msg, reply, type, n);
}

static void
on_control (SoupServer *server,
            SoupServerMessage *msg,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  DemoServer *self = user_data;
  g_autoptr (JsonObject) object = read_body (msg);
  if (object == NULL)
    return;
  JsonObject *entry = log_entry (self, "control");
  json_object_set_object_member (entry, "body", json_object_ref (object));
  log_add (self, entry);
  soup_server_message_set_status (msg, SOUP_STATUS_NO_CONTENT, NULL);
  if (json_object_has_member (object, "reset"))
    {
      demo_server_clear_faults (self);
      return;
    }
  g_autoptr (GError) error = NULL;
  DemoFault *fault = demo_fault_new (object, &error);
  if (fault != NULL)
    demo_server_add_fault (self, fault);
  else
    {
      soup_server_message_set_status (msg, SOUP_STATUS_BAD_REQUEST, NULL);
      soup_server_message_set_response (msg, "text/plain", SOUP_MEMORY_COPY, error->message,
                                        strlen (error->message));
    }
}

static const char *
content_type (const char *name)
{
  static const char *const types[][2] = { { ".flac", "audio/flac" },
                                          { ".mp3", "audio/mpeg" },
                                          { ".m4a", "audio/mp4" },
                                          { ".wav", "audio/wav" } };
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (name, types[i][0]))
      return types[i][1];
  return "application/octet-stream";
}

/* libsoup itself cuts out the ranges asked for, and leaves out the body for HEAD. */
static guint
serve_media (DemoServer *self, SoupServerMessage *msg, const char *name)
{
  const char *method = soup_server_message_get_method (msg);
  if (g_strcmp0 (method, "GET") != 0 && g_strcmp0 (method, "HEAD") != 0)
    return SOUP_STATUS_METHOD_NOT_ALLOWED;
  if (name[0] == '\0' || name[0] == '.' || strchr (name, '/') != NULL)
    return SOUP_STATUS_NOT_FOUND;
  g_autofree char *file = g_build_filename (self->media_dir, name, NULL);
  g_autoptr (GMappedFile) mapped = g_mapped_file_new (file, FALSE, NULL);
  if (mapped == NULL)
    return SOUP_STATUS_NOT_FOUND;
  g_autoptr (GBytes) bytes = g_mapped_file_get_bytes (mapped);
  SoupMessageHeaders *headers = soup_server_message_get_response_headers (msg);
  soup_message_headers_set_content_type (headers, content_type (name), NULL);
  soup_message_headers_replace (headers, "Accept-Ranges", "bytes");
  if (g_strcmp0 (method, "GET") == 0)
    soup_message_body_append_bytes (soup_server_message_get_response_body (msg), bytes);
  else
    soup_message_headers_set_content_length (headers, g_bytes_get_size (bytes));
  return SOUP_STATUS_OK;
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
  DemoServer *self = user_data;
  const char *name = g_str_has_prefix (path, "/media/") ? path + strlen ("/media/") : "";
  guint status = serve_media (self, msg, name);
  JsonObject *entry = log_entry (self, "media");
  log_set (entry, "method", soup_server_message_get_method (msg));
  log_set (entry, "name", name);
  log_set (entry, "range",
           soup_message_headers_get_one (soup_server_message_get_request_headers (msg), "Range"));
  json_object_set_int_member (entry, "status", status);
  log_add (self, entry);
  soup_server_message_set_status (msg, status, NULL);
}

static void
demo_server_dispose (GObject *object)
{
  DemoServer *self = DEMO_SERVER (object);
  g_hash_table_remove_all (self->delayed);
  if (self->server != NULL)
    soup_server_disconnect (self->server);
  g_clear_object (&self->server);
  G_OBJECT_CLASS (demo_server_parent_class)->dispose (object);
}

static void
demo_server_finalize (GObject *object)
{
  DemoServer *self = DEMO_SERVER (object);
  demo_server_clear_faults (self);
  g_hash_table_unref (self->delayed);
  g_ptr_array_unref (self->log);
  g_clear_pointer (&self->skill, demo_skill_free);
  g_free (self->media_dir);
  g_free (self->url);
  G_OBJECT_CLASS (demo_server_parent_class)->finalize (object);
}

static void
demo_server_class_init (DemoServerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = demo_server_dispose;
  object_class->finalize = demo_server_finalize;
  signal_logged = g_signal_new ("logged", DEMO_TYPE_SERVER, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                                G_TYPE_NONE, 1, JSON_TYPE_OBJECT);
}

static void
demo_server_init (DemoServer *self)
{
  self->start_us = g_get_monotonic_time ();
  self->log = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);
  self->delayed = g_hash_table_new_full (NULL, NULL, (GDestroyNotify)demo_delayed_free, NULL);
  g_queue_init (&self->faults);
}

DemoServer *
demo_server_new (guint16 port, const char *media_dir, const char *const *tracks, GError **error)
{
  g_autoptr (DemoServer) self = g_object_new (DEMO_TYPE_SERVER, NULL);
  self->media_dir = g_strdup (media_dir);
  self->server = soup_server_new ("server-header", "segue-demo-skill", NULL);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) address = g_inet_socket_address_new (loopback, port);
  if (!soup_server_listen (self->server, address, 0, error))
    return NULL;
  GSList *uris = soup_server_get_uris (self->server);
  self->url = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  g_autofree char *media_url = g_strconcat (self->url, "media/", NULL);
  self->skill = demo_skill_new (media_url, tracks);
  g_signal_connect (self->server, "request-read", G_CALLBACK (on_request), self);
  soup_server_add_handler (self->server, "/media", on_media, self, NULL);
  soup_server_add_handler (self->server, "/control", on_control, self, NULL);
  soup_server_add_handler (self->server, "/", on_skill, self, NULL);
  return g_steal_pointer (&self);
}

const char *
demo_server_get_url (DemoServer *self)
{
  return self->url;
}

void
demo_server_add_fault (DemoServer *self, DemoFault *fault)
{
  g_queue_push_tail (&self->faults, fault);
}

void
demo_server_clear_faults (DemoServer *self)
{
  g_queue_clear_full (&self->faults, (GDestroyNotify)demo_fault_free);
}

GPtrArray *
demo_server_get_log (DemoServer *self)
{
  return self->log;
}
