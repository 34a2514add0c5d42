/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-config-text.h"

#include "daemon-config.h"

#include <string.h>

static void
entry_free (DaemonConfigEntry *self)
{
  g_free (self->group);
  g_free (self->key);
  g_free (self->value);
  g_free (self);
}

static DaemonConfigEntry *
entry_new (const char *group, const char *key, const char *value, guint line)
{
  DaemonConfigEntry *self = g_new0 (DaemonConfigEntry, 1);
  self->group = g_strdup (group);
  self->key = g_strdup (key);
  self->value = g_strdup (value);
  self->line = line;
  return self;
}

void
daemon_config_text_problem (GPtrArray *problems,
                            int code,
                            const char *file,
                            guint line,
                            const char *group,
                            const char *key,
                            const char *format,
                            ...)
{
  g_autoptr (GString) message = g_string_new (file);

  if (line > 0)
    g_string_append_printf (message, ":%u", line);
  g_string_append (message, ": ");
  if (group != NULL)
    g_string_append_printf (message, key != NULL ? "[%s] " : "[%s]: ", group);
  if (key != NULL)
    g_string_append_printf (message, "%s: ", key);

  va_list args;
  va_start (args, format);
  g_string_append_vprintf (message, format, args);
  va_end (args);
  g_ptr_array_add (problems, g_error_new_literal (DAEMON_CONFIG_ERROR, code, message->str));
}

/* What is being scanned. */
typedef struct
{
  const char *file;
  GPtrArray *problems;
  GPtrArray *entries;
  GHashTable *seen; /* (owned) "group\nkey" → line */
  char *group;      /* (owned) (nullable) the one that is open */
} Scan;

static void
scan_group (Scan *scan, char *line, guint number)
{
  char *end = strchr (line, ']');

  g_clear_pointer (&scan->group, g_free);
  if (end == NULL || end[1] != '\0' || end == line + 1
      || memchr (line + 1, '[', end - line) != NULL)
    {
      daemon_config_text_problem (scan->problems, DAEMON_CONFIG_ERROR_SYNTAX, scan->file, number,
                                  NULL, NULL, "“%s” is no group; allowed: [NAME] alone on its line",
                                  line);
      scan->group = g_strdup (""); /* spares the keys below a second complaint */
      return;
    }
  *end = '\0';
  scan->group = g_strdup (line + 1);
  g_ptr_array_add (scan->entries, entry_new (scan->group, NULL, NULL, number));
}

static void
scan_key (Scan *scan, char *line, guint number)
{
  char *equals = strchr (line, '=');

  /* The line is not quoted: it may hold a secret that somebody has put in the wrong place. */
  if (equals == NULL || equals == line)
    {
      daemon_config_text_problem (scan->problems, DAEMON_CONFIG_ERROR_SYNTAX, scan->file, number,
                                  NULL, NULL,
                                  "not understood; allowed: [GROUP], KEY = VALUE, # comment");
      return;
    }
  *equals = '\0';
  g_strchomp (line);
  if (scan->group == NULL)
    {
      daemon_config_text_problem (scan->problems, DAEMON_CONFIG_ERROR_SYNTAX, scan->file, number,
                                  NULL, NULL, "the key “%s” stands before the first [GROUP]", line);
      return;
    }
  if (scan->group[0] == '\0')
    return;

  g_autofree char *id = g_strdup_printf ("%s\n%s", scan->group, line);
  guint first = GPOINTER_TO_UINT (g_hash_table_lookup (scan->seen, id));
  if (first != 0)
    {
      daemon_config_text_problem (scan->problems, DAEMON_CONFIG_ERROR_SYNTAX, scan->file, number,
                                  scan->group, line,
                                  "given twice, first in line %u; allowed: once in a file", first);
      return;
    }
  g_hash_table_insert (scan->seen, g_steal_pointer (&id), GUINT_TO_POINTER (number));
  g_ptr_array_add (scan->entries, entry_new (scan->group, line, g_strchug (equals + 1), number));
}

static void
scan_lines (Scan *scan, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      char *line = g_strstrip (lines[i]);
      if (line[0] == '\0' || line[0] == '#')
        continue;
      if (line[0] == '[')
        scan_group (scan, line, i + 1);
      else
        scan_key (scan, line, i + 1);
    }
}

/* Line of the byte at @where. */
static guint
line_of (const char *text, const char *where)
{
  guint line = 1;

  for (const char *c = text; c < where; c++)
    if (*c == '\n')
      line++;
  return line;
}

/* (transfer full) (nullable): @raw with its escapes in place; %NULL if one is unknown. As GKeyFile
 * would, which cannot be asked: of duplicates it gives the last one only, and at two bad escapes it
 * warns. */
static char *
unescape (const char *raw)
{
  static const char names[] = "sntr\\";
  static const char values[] = " \n\t\r\\";
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *c = raw; *c != '\0'; c++)
    {
      if (*c != '\\')
        {
          g_string_append_c (out, *c);
          continue;
        }
      const char *name = *++c != '\0' ? strchr (names, *c) : NULL;
      if (name == NULL)
        return NULL;
      g_string_append_c (out, values[name - names]);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
decode_values (Scan *scan)
{
  for (guint i = 0; i < scan->entries->len; i++)
    {
      DaemonConfigEntry *entry = g_ptr_array_index (scan->entries, i);
      if (entry->key == NULL)
        continue;

      g_autofree char *value = unescape (entry->value);
      if (value != NULL)
        {
          g_free (entry->value);
          entry->value = g_steal_pointer (&value);
        }
      else
        daemon_config_text_problem (scan->problems, DAEMON_CONFIG_ERROR_SYNTAX, scan->file,
                                    entry->line, entry->group, entry->key,
                                    "a backslash that means nothing; allowed: \\s, \\n, \\t, \\r, "
                                    "\\\\");
      g_strstrip (entry->value);
    }
}

GPtrArray *
daemon_config_text_scan (const char *file, const char *text, gsize length, GPtrArray *problems)
{
  g_autoptr (GPtrArray) entries = g_ptr_array_new_with_free_func ((GDestroyNotify)entry_free);
  const char *bad = NULL;

  if (g_str_has_prefix (text, "\xef\xbb\xbf")) /* byte order mark */
    {
      text += 3;
      length -= 3;
    }
  if (length == 0)
    return g_steal_pointer (&entries);
  if (!g_utf8_validate_len (text, length, &bad))
    {
      daemon_config_text_problem (problems, DAEMON_CONFIG_ERROR_SYNTAX, file, line_of (text, bad),
                                  NULL, NULL, "not UTF-8 text");
      return g_steal_pointer (&entries);
    }

  guint problems_before = problems->len;
  g_autoptr (GHashTable) seen = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  Scan scan = { file, problems, entries, seen, NULL };
  scan_lines (&scan, text);
  g_free (scan.group);

  /* What GKeyFile refuses beyond that has no line number. */
  g_autoptr (GKeyFile) key_file = g_key_file_new ();
  g_autoptr (GError) error = NULL;
  if (g_key_file_load_from_data (key_file, text, length, G_KEY_FILE_NONE, &error))
    decode_values (&scan);
  else if (problems->len == problems_before)
    daemon_config_text_problem (problems, DAEMON_CONFIG_ERROR_SYNTAX, file, 0, NULL, NULL, "%s",
                                error->message);
  return g_steal_pointer (&entries);
}
