/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-dummy-transport.h"

#include <string.h>

struct _DaemonDummyTransport
{
  GObject parent;
  GQueue waiting; /* (element-type GTask) (owned) */
  const char *content_type;
  gint64 date_us;
};

typedef struct
{
  char *endpoint;
  GBytes *body;
  DaemonAnswer *partial;
} Request;

static void daemon_dummy_transport_iface_init (DaemonTransportInterface *iface);

G_DEFINE_FINAL_TYPE_WITH_CODE (DaemonDummyTransport,
                               daemon_dummy_transport,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (DAEMON_TYPE_TRANSPORT,
                                                      daemon_dummy_transport_iface_init))

static void
request_free (Request *request)
{
  g_free (request->endpoint);
  g_bytes_unref (request->body);
  g_clear_pointer (&request->partial, daemon_answer_free);
  g_free (request);
}

static DaemonAnswer *
make_answer (DaemonDummyTransport *self, guint status, const char *json)
{
  DaemonAnswer *answer = g_new0 (DaemonAnswer, 1);
  answer->status = status;
  answer->content_type = g_strdup (self->content_type);
  answer->body = g_bytes_new (json, strlen (json));
  answer->elapsed_ms = 7;
  answer->date_us = self->date_us;
  return answer;
}

static void
daemon_dummy_transport_send (DaemonTransport *transport,
                             const char *endpoint,
                             const char *ca_file,
                             gboolean sign,
                             gsize max_bytes,
                             GBytes *body,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer user_data)
{
  DaemonDummyTransport *self = DAEMON_DUMMY_TRANSPORT (transport);
  GTask *task = g_task_new (self, cancellable, callback, user_data);
  Request *request = g_new0 (Request, 1);
  request->endpoint = g_strdup (endpoint);
  request->body = g_bytes_ref (body);
  g_task_set_task_data (task, request, (GDestroyNotify)request_free);
  g_queue_push_tail (&self->waiting, task);
}

static DaemonAnswer *
daemon_dummy_transport_send_finish (DaemonTransport *transport,
                                    GAsyncResult *result,
                                    DaemonAnswer **partial,
                                    GError **error)
{
  Request *request = g_task_get_task_data (G_TASK (result));
  if (partial != NULL)
    *partial = g_steal_pointer (&request->partial);
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
daemon_dummy_transport_iface_init (DaemonTransportInterface *iface)
{
  iface->send = daemon_dummy_transport_send;
  iface->send_finish = daemon_dummy_transport_send_finish;
}

static void
daemon_dummy_transport_finalize (GObject *object)
{
  DaemonDummyTransport *self = DAEMON_DUMMY_TRANSPORT (object);
  g_queue_clear_full (&self->waiting, g_object_unref);
  G_OBJECT_CLASS (daemon_dummy_transport_parent_class)->finalize (object);
}

static void
daemon_dummy_transport_class_init (DaemonDummyTransportClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = daemon_dummy_transport_finalize;
}

static void
daemon_dummy_transport_init (DaemonDummyTransport *self)
{
  g_queue_init (&self->waiting);
  self->content_type = "application/json";
}

DaemonDummyTransport *
daemon_dummy_transport_new (void)
{
  return g_object_new (DAEMON_TYPE_DUMMY_TRANSPORT, NULL);
}

guint
daemon_dummy_transport_get_n_waiting (DaemonDummyTransport *self)
{
  return self->waiting.length;
}

GBytes *
daemon_dummy_transport_get_body (DaemonDummyTransport *self)
{
  Request *request = g_task_get_task_data (g_queue_peek_head (&self->waiting));
  return request->body;
}

const char *
daemon_dummy_transport_get_endpoint (DaemonDummyTransport *self)
{
  Request *request = g_task_get_task_data (g_queue_peek_head (&self->waiting));
  return request->endpoint;
}

void
daemon_dummy_transport_set_date (DaemonDummyTransport *self, gint64 date_us)
{
  self->date_us = date_us;
}

void
daemon_dummy_transport_set_content_type (DaemonDummyTransport *self, const char *content_type)
{
  self->content_type = content_type;
}

void
daemon_dummy_transport_answer (DaemonDummyTransport *self, const char *json)
{
  g_autoptr (GTask) task = g_queue_pop_head (&self->waiting);
  g_assert_nonnull (task);
  g_task_return_pointer (task, make_answer (self, 200, json), (GDestroyNotify)daemon_answer_free);
}

void
daemon_dummy_transport_fail (DaemonDummyTransport *self, DaemonTransportError code, guint status)
{
  g_autoptr (GTask) task = g_queue_pop_head (&self->waiting);
  g_assert_nonnull (task);
  Request *request = g_task_get_task_data (task);
  if (status != 0)
    request->partial = make_answer (self, status, "<html>no</html>");
  g_task_return_new_error (task, DAEMON_TRANSPORT_ERROR, code, "127.0.0.1: dummy fault %d", code);
}

void
daemon_dummy_transport_drop_cancelled (DaemonDummyTransport *self)
{
  for (GList *link = self->waiting.head; link != NULL;)
    {
      GList *next = link->next;
      if (g_task_return_error_if_cancelled (link->data))
        {
          g_object_unref (link->data);
          g_queue_delete_link (&self->waiting, link);
        }
      link = next;
    }
}
