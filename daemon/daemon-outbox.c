/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-outbox.h"

#include "alexa/alexa-json.h"

/* Far beyond what a report can have: token (1024 characters) twice and an error message. */
#define MAX_REQUEST_BYTES (64 * 1024)

struct _DaemonOutbox
{
  GObject parent;
  DaemonStore *store;   /* (owned) */
  sqlite3_stmt *add;    /* (owned) */
  sqlite3_stmt *prune;  /* (owned) */
  sqlite3_stmt *remove; /* (owned) */
  gboolean failing;     /* said so in the log */
};

G_DEFINE_FINAL_TYPE (DaemonOutbox, daemon_outbox, G_TYPE_OBJECT)

void
daemon_outbox_entry_free (DaemonOutboxEntry *self)
{
  if (self == NULL)
    return;
  g_free (self->skill);
  g_clear_pointer (&self->request, alexa_request_unref);
  g_free (self);
}

/* Runs @statement; a fault is told once until it works again. */
static gboolean
run (DaemonOutbox *self, sqlite3_stmt *statement)
{
  g_autoptr (GError) error = NULL;
  gboolean ok = daemon_store_run (self->store, statement, &error);
  if (!ok && !self->failing)
    g_warning ("reports cannot be kept over a restart: %s", error->message);
  else if (ok && self->failing)
    g_message ("reports are kept over a restart again");
  self->failing = !ok;
  return ok;
}

gint64
daemon_outbox_add (DaemonOutbox *self, const char *skill, const AlexaRequest *request)
{
  g_return_val_if_fail (DAEMON_IS_OUTBOX (self), 0);
  g_autoptr (JsonNode) node = alexa_request_to_node (request);
  g_autoptr (GBytes) json = alexa_json_to_bytes (node);
  gsize size = 0;
  const char *text = g_bytes_get_data (json, &size);
  sqlite3_bind_text (self->add, 1, skill, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (self->add, 2, request->request_id, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (self->add, 3, text, size, SQLITE_TRANSIENT);
  gboolean ok = run (self, self->add);
  sqlite3_clear_bindings (self->add);
  if (!ok)
    return 0;
  gint64 id = sqlite3_last_insert_rowid (daemon_store_get_handle (self->store));
  if (id % 100 == 0)
    run (self, self->prune);
  return id;
}

void
daemon_outbox_remove (DaemonOutbox *self, gint64 id)
{
  g_return_if_fail (DAEMON_IS_OUTBOX (self));
  if (id == 0)
    return;
  sqlite3_bind_int64 (self->remove, 1, id);
  run (self, self->remove);
}

/* (transfer full) (nullable): the row @statement stands at; NULL if it cannot be read. */
static DaemonOutboxEntry *
read_row (sqlite3_stmt *statement)
{
  const char *skill = (const char *)sqlite3_column_text (statement, 1);
  const char *request_id = (const char *)sqlite3_column_text (statement, 2);
  const char *text = (const char *)sqlite3_column_text (statement, 3);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) bytes = g_bytes_new (text, sqlite3_column_bytes (statement, 3));
  g_autoptr (JsonNode) node = alexa_json_parse (bytes, MAX_REQUEST_BYTES, &error);
  g_autoptr (AlexaRequest) request
      = node != NULL ? alexa_request_from_node (node, request_id, &error) : NULL;
  if (request == NULL)
    {
      g_message ("a stored report cannot be read and is dropped: %s", error->message);
      return NULL;
    }
  DaemonOutboxEntry *entry = g_new0 (DaemonOutboxEntry, 1);
  entry->id = sqlite3_column_int64 (statement, 0);
  entry->skill = g_strdup (skill);
  entry->request = g_steal_pointer (&request);
  return entry;
}

GPtrArray *
daemon_outbox_load (DaemonOutbox *self)
{
  g_return_val_if_fail (DAEMON_IS_OUTBOX (self), NULL);
  g_autoptr (GPtrArray) entries
      = g_ptr_array_new_with_free_func ((GDestroyNotify)daemon_outbox_entry_free);
  g_autoptr (GArray) unreadable = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (sqlite3_stmt) statement = NULL;
  run (self, self->prune);
  sqlite3_prepare_v2 (daemon_store_get_handle (self->store),
                      "SELECT id, skill, request_id, request FROM outbox ORDER BY id", -1,
                      &statement, NULL);
  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    {
      DaemonOutboxEntry *entry = read_row (statement);
      gint64 id = sqlite3_column_int64 (statement, 0);
      if (entry != NULL)
        g_ptr_array_add (entries, entry);
      else
        g_array_append_val (unreadable, id);
    }
  g_clear_pointer (&statement, sqlite3_finalize);
  for (guint i = 0; i < unreadable->len; i++)
    daemon_outbox_remove (self, g_array_index (unreadable, gint64, i));
  return g_steal_pointer (&entries);
}

static void
daemon_outbox_finalize (GObject *object)
{
  DaemonOutbox *self = DAEMON_OUTBOX (object);
  sqlite3_finalize (self->add);
  sqlite3_finalize (self->prune);
  sqlite3_finalize (self->remove);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (daemon_outbox_parent_class)->finalize (object);
}

static void
daemon_outbox_class_init (DaemonOutboxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = daemon_outbox_finalize;
}

static void
daemon_outbox_init (DaemonOutbox *self)
{
}

DaemonOutbox *
daemon_outbox_new (DaemonStore *store)
{
  g_return_val_if_fail (DAEMON_IS_STORE (store), NULL);
  DaemonOutbox *self = g_object_new (DAEMON_TYPE_OUTBOX, NULL);
  self->store = g_object_ref (store);
  sqlite3 *handle = daemon_store_get_handle (store);
  sqlite3_prepare_v3 (handle, "INSERT INTO outbox (skill, request_id, request) VALUES (?, ?, ?)",
                      -1, SQLITE_PREPARE_PERSISTENT, &self->add, NULL);
  sqlite3_prepare_v3 (handle,
                      "DELETE FROM outbox WHERE id <= (SELECT id FROM outbox ORDER BY id DESC"
                      " LIMIT 1 OFFSET " G_STRINGIFY (DAEMON_OUTBOX_MAX) ")",
                      -1, SQLITE_PREPARE_PERSISTENT, &self->prune, NULL);
  sqlite3_prepare_v3 (handle, "DELETE FROM outbox WHERE id = ?", -1, SQLITE_PREPARE_PERSISTENT,
                      &self->remove, NULL);
  return self;
}
