/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-outbox.h"

#include "alexa/alexa-json.h"

/* Far beyond what a report can have: token (1024 characters) twice and an error message. */
#define MAX_REQUEST_BYTES (64 * 1024)
/* 2020-01-01: a clock that shows less has not been set. */
#define CLOCK_SET_US (G_GINT64_CONSTANT (1577836800) * G_USEC_PER_SEC)

struct _DaemonOutbox
{
  GObject parent;
  DaemonStore *store;   /* (owned) */
  sqlite3_stmt *add;    /* (owned) (nullable) */
  sqlite3_stmt *remove; /* (owned) (nullable) */
  GQueue
      waiting; /* (owned) (element-type DaemonOutboxEntry): what is in the table, or ought to be */
  gint64 last_id;
  DaemonOutboxCounts counts;
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

gint64
daemon_outbox_get_age_us (gint64 at_us, gint64 now_us)
{
  return at_us < CLOCK_SET_US ? 0 : MAX (now_us - at_us, 0);
}

/* --- Writing ---------------------------------------------------------------------------------- */

static void
write_entry (DaemonOutbox *self, const DaemonOutboxEntry *entry)
{
  g_autoptr (JsonNode) node = alexa_request_to_node (entry->request);
  g_autoptr (GBytes) json = alexa_json_to_bytes (node);
  gsize size = 0;
  const char *text = g_bytes_get_data (json, &size);
  sqlite3_bind_int64 (self->add, 1, entry->id);
  sqlite3_bind_text (self->add, 2, entry->skill, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (self->add, 3, entry->request->request_id, -1, SQLITE_TRANSIENT);
  sqlite3_bind_text (self->add, 4, text, size, SQLITE_TRANSIENT);
  sqlite3_bind_int64 (self->add, 5, entry->at_us);
  daemon_store_run (self->store, self->add, NULL);
  sqlite3_clear_bindings (self->add);
}

static void
delete_row (DaemonOutbox *self, gint64 id)
{
  sqlite3_bind_int64 (self->remove, 1, id);
  daemon_store_run (self->store, self->remove, NULL);
}

static void
on_rewrite (DaemonStore *store, gpointer user_data)
{
  DaemonOutbox *self = user_data;
  daemon_store_exec (store, "DELETE FROM outbox", NULL);
  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    write_entry (self, link->data);
}

gint64
daemon_outbox_add (DaemonOutbox *self, const char *skill, AlexaRequest *request)
{
  g_return_val_if_fail (DAEMON_IS_OUTBOX (self) && skill != NULL && request != NULL, 0);
  DaemonOutboxEntry *entry = g_new0 (DaemonOutboxEntry, 1);
  entry->id = ++self->last_id;
  entry->skill = g_strdup (skill);
  entry->request = alexa_request_ref (request);
  entry->at_us = g_get_real_time ();
  g_queue_push_tail (&self->waiting, entry);
  write_entry (self, entry);
  g_signal_emit_by_name (self, "counts-changed");
  return entry->id;
}

static int
compare_id (gconstpointer entry, gconstpointer id)
{
  return ((const DaemonOutboxEntry *)entry)->id == *(const gint64 *)id ? 0 : 1;
}

void
daemon_outbox_remove (DaemonOutbox *self, gint64 id, DaemonOutboxEnd end)
{
  g_return_if_fail (DAEMON_IS_OUTBOX (self));
  GList *link = id != 0 ? g_queue_find_custom (&self->waiting, &id, compare_id) : NULL;
  if (link != NULL)
    {
      delete_row (self, id);
      daemon_outbox_entry_free (link->data);
      g_queue_delete_link (&self->waiting, link);
    }
  self->counts.refused += end == DAEMON_OUTBOX_REFUSED ? 1 : 0;
  self->counts.dropped += end == DAEMON_OUTBOX_DROPPED ? 1 : 0;
  if (link != NULL || end != DAEMON_OUTBOX_TOLD)
    g_signal_emit_by_name (self, "counts-changed");
}

DaemonOutboxCounts
daemon_outbox_get_counts (DaemonOutbox *self)
{
  g_return_val_if_fail (DAEMON_IS_OUTBOX (self), (DaemonOutboxCounts){ 0 });
  self->counts.waiting = self->waiting.length;
  return self->counts;
}

/* --- Reading ---------------------------------------------------------------------------------- */

/* (transfer full) (nullable): the row @statement stands at; NULL, and why, if it cannot be read. */
static DaemonOutboxEntry *
read_row (sqlite3_stmt *statement, GError **error)
{
  const char *skill = (const char *)sqlite3_column_text (statement, 1);
  const char *request_id = (const char *)sqlite3_column_text (statement, 2);
  const char *text = (const char *)sqlite3_column_text (statement, 3);
  g_autoptr (GBytes) bytes = g_bytes_new (text, sqlite3_column_bytes (statement, 3));
  g_autoptr (JsonNode) node = alexa_json_parse (bytes, MAX_REQUEST_BYTES, error);
  g_autoptr (AlexaRequest) request
      = node != NULL ? alexa_request_from_node (node, request_id, error) : NULL;
  if (request == NULL)
    return NULL;
  DaemonOutboxEntry *entry = g_new0 (DaemonOutboxEntry, 1);
  entry->id = sqlite3_column_int64 (statement, 0);
  entry->skill = g_strdup (skill);
  entry->request = g_steal_pointer (&request);
  entry->at_us = sqlite3_column_int64 (statement, 4);
  return entry;
}

/* Takes the row @statement stands at in; FALSE if it is of no use. */
static gboolean
take_row (DaemonOutbox *self, sqlite3_stmt *statement)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DaemonOutboxEntry) entry = read_row (statement, &error);
  if (entry == NULL)
    g_message ("a stored report cannot be read and is dropped: %s", error->message);
  else if (daemon_outbox_get_age_us (entry->at_us, g_get_real_time ()) > DAEMON_OUTBOX_MAX_AGE_US)
    g_message ("%s: a stored report is too old and is dropped", entry->skill);
  else
    {
      g_queue_push_tail (&self->waiting, g_steal_pointer (&entry));
      return TRUE;
    }
  return FALSE;
}

GPtrArray *
daemon_outbox_load (DaemonOutbox *self)
{
  g_return_val_if_fail (DAEMON_IS_OUTBOX (self), NULL);
  g_autoptr (GArray) useless = g_array_new (FALSE, FALSE, sizeof (gint64));
  g_autoptr (sqlite3_stmt) statement = NULL;
  g_queue_clear_full (&self->waiting, (GDestroyNotify)daemon_outbox_entry_free);
  sqlite3_prepare_v2 (daemon_store_get_handle (self->store),
                      "SELECT id, skill, request_id, request, at_us FROM outbox ORDER BY id", -1,
                      &statement, NULL);
  while (statement != NULL && sqlite3_step (statement) == SQLITE_ROW)
    {
      gint64 id = sqlite3_column_int64 (statement, 0);
      if (!take_row (self, statement))
        g_array_append_val (useless, id);
    }
  g_clear_pointer (&statement, sqlite3_finalize);
  for (guint i = 0; i < useless->len; i++)
    {
      delete_row (self, g_array_index (useless, gint64, i));
      self->counts.dropped++;
    }
  GPtrArray *entries = g_ptr_array_new ();
  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    g_ptr_array_add (entries, link->data);
  g_signal_emit_by_name (self, "counts-changed");
  return entries;
}

/* --- Life ------------------------------------------------------------------------------------- */

static void
daemon_outbox_finalize (GObject *object)
{
  DaemonOutbox *self = DAEMON_OUTBOX (object);
  sqlite3_finalize (self->add);
  sqlite3_finalize (self->remove);
  g_queue_clear_full (&self->waiting, (GDestroyNotify)daemon_outbox_entry_free);
  g_clear_object (&self->store);
  G_OBJECT_CLASS (daemon_outbox_parent_class)->finalize (object);
}

static void
daemon_outbox_class_init (DaemonOutboxClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = daemon_outbox_finalize;
  g_signal_new ("counts-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

static void
daemon_outbox_init (DaemonOutbox *self)
{
  g_queue_init (&self->waiting);
}

/* The last id that was ever given, also if its report has left. */
static gint64
find_last_id (sqlite3 *handle)
{
  g_autoptr (sqlite3_stmt) statement = NULL;
  sqlite3_prepare_v2 (handle, "SELECT seq FROM sqlite_sequence WHERE name = 'outbox'", -1,
                      &statement, NULL);
  if (statement == NULL || sqlite3_step (statement) != SQLITE_ROW)
    return 0;
  return MAX (sqlite3_column_int64 (statement, 0), 0);
}

DaemonOutbox *
daemon_outbox_new (DaemonStore *store)
{
  g_return_val_if_fail (DAEMON_IS_STORE (store), NULL);
  DaemonOutbox *self = g_object_new (DAEMON_TYPE_OUTBOX, NULL);
  self->store = g_object_ref (store);
  sqlite3 *handle = daemon_store_get_handle (store);
  sqlite3_prepare_v3 (handle,
                      "INSERT OR REPLACE INTO outbox (id, skill, request_id, request, at_us)"
                      " VALUES (?, ?, ?, ?, ?)",
                      -1, SQLITE_PREPARE_PERSISTENT, &self->add, NULL);
  sqlite3_prepare_v3 (handle, "DELETE FROM outbox WHERE id = ?", -1, SQLITE_PREPARE_PERSISTENT,
                      &self->remove, NULL);
  self->last_id = find_last_id (handle);
  g_signal_connect_object (store, "rewrite", G_CALLBACK (on_rewrite), self, G_CONNECT_DEFAULT);
  return self;
}
