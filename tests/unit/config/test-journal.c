/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Events go to the log writer with their identifier and their fields. */
#include "daemon/daemon-journal.h"

#include <string.h>

static GLogWriterOutput
keep (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  GHashTable *kept = user_data;
  g_hash_table_remove_all (kept);
  for (gsize i = 0; i < n_fields; i++)
    {
      g_assert_cmpint (fields[i].length, ==, -1);
      g_hash_table_insert (kept, g_strdup (fields[i].key), g_strdup (fields[i].value));
    }
  return G_LOG_WRITER_HANDLED;
}

static void
assert_field (GHashTable *kept, const char *name, const char *value)
{
  g_assert_cmpstr (g_hash_table_lookup (kept, name), ==, value);
}

static void
test_fields (gconstpointer data)
{
  GHashTable *kept = (GHashTable *)data;
  daemon_journal_log (DAEMON_JOURNAL_STREAM_FAILED,
                      DAEMON_JOURNAL_FIELDS ("SEGUE_NONE", NULL, "SEGUE_URL",
                                             "https://u:hush@a.example/b?hush", "SEGUE_ERROR_TYPE",
                                             "MEDIA_ERROR_UNKNOWN"),
                      "%s %d", "in short", 1);
  assert_field (kept, "MESSAGE", "in short 1");
  assert_field (kept, "MESSAGE_ID", daemon_journal_get_message_id (DAEMON_JOURNAL_STREAM_FAILED));
  assert_field (kept, "PRIORITY", "5");
  assert_field (kept, "GLIB_DOMAIN", "segued");
  assert_field (kept, "SEGUE_URL", "https://a.example/b?…");
  assert_field (kept, "SEGUE_ERROR_TYPE", "MEDIA_ERROR_UNKNOWN");
  g_assert_false (g_hash_table_contains (kept, "SEGUE_NONE"));
  daemon_journal_log (DAEMON_JOURNAL_OUTPUT_LOST, NULL, "away");
  assert_field (kept, "PRIORITY", "4");
  g_assert_cmpuint (g_hash_table_size (kept), ==, 4);
}

static void
test_identifiers (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (guint event = 0; daemon_journal_get_message_id (event) != NULL; event++)
    {
      const char *id = daemon_journal_get_message_id (event);
      g_assert_cmpuint (strspn (id, "0123456789abcdef"), ==, 32);
      g_assert_cmpuint (strlen (id), ==, 32);
      g_assert_true (g_hash_table_add (seen, (gpointer)id));
    }
  g_assert_cmpuint (g_hash_table_size (seen), >, DAEMON_JOURNAL_CLOCK_SET);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autoptr (GHashTable) kept = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_log_set_writer_func (keep, kept, NULL);
  g_test_add_data_func ("/journal/fields", kept, test_fields);
  g_test_add_func ("/journal/identifiers", test_identifiers);
  return g_test_run ();
}
