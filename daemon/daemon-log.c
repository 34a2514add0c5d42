/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-log.h"

#include "daemon-log-bound.h"

#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* When messages that have been left out are told of, if no other one like them comes. */
#define QUIET_SECONDS 30

/* What the writer needs to know; made once, lives as long as the process. */
typedef struct
{
  gboolean verbose;
  gboolean journal;
  GLogLevelFlags fatal;
  DaemonLogBound *bound; /* (owned) */
  gint telling;          /* whether on_quiet() has been ordered */
} LogWriter;

/* Where a URL ends in running text. */
static gsize
url_length (const char *url)
{
  return strcspn (url, " \t\r\n\"'<>`");
}

/* Appends the URL at @url, @length bytes, without what may be secret. */
static void
append_redacted (GString *out, const char *url, gsize length)
{
  const char *end = url + length;
  const char *authority = strstr (url, "://") + 3;
  const char *authority_end = authority + strcspn (authority, "/?#");
  const char *cut = authority + strcspn (authority, "?#");

  authority_end = MIN (authority_end, end);
  cut = MIN (cut, end);
  const char *at = g_strrstr_len (authority, authority_end - authority, "@");
  const char *host = at != NULL ? at + 1 : authority;

  g_string_append_len (out, url, authority - url);
  g_string_append_len (out, host, cut - host);
  if (cut < end)
    g_string_append (out, "?…");
}

char *
daemon_log_redact_url (const char *url)
{
  g_autoptr (GString) out = g_string_new (NULL);

  if (strstr (url, "://") != NULL)
    append_redacted (out, url, strlen (url));
  else
    g_string_append_len (out, url, strcspn (url, "?#"));
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* (nullable): the next "http://" or "https://", in any case of letters. */
static const char *
find_url (const char *text)
{
  for (const char *mark = strstr (text, "://"); mark != NULL; mark = strstr (mark + 3, "://"))
    {
      if (mark - text >= 5 && g_ascii_strncasecmp (mark - 5, "https", 5) == 0)
        return mark - 5;
      if (mark - text >= 4 && g_ascii_strncasecmp (mark - 4, "http", 4) == 0)
        return mark - 4;
    }
  return NULL;
}

char *
daemon_log_redact_text (const char *text)
{
  g_autoptr (GString) out = g_string_new (NULL);

  for (const char *url = find_url (text); url != NULL; url = find_url (text))
    {
      gsize length = url_length (url);
      g_string_append_len (out, text, url - text);
      append_redacted (out, url, length);
      text = url + length;
    }
  g_string_append (out, text);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

char *
daemon_log_redact_token (const char *token)
{
  g_autofree char *hash = g_compute_checksum_for_string (G_CHECKSUM_SHA256, token, -1);

  return g_strndup (hash, 8);
}

static const char *
level_to_string (GLogLevelFlags level)
{
  if (level & G_LOG_LEVEL_ERROR)
    return "error";
  if (level & G_LOG_LEVEL_CRITICAL)
    return "critical";
  if (level & G_LOG_LEVEL_WARNING)
    return "warning";
  if (level & G_LOG_LEVEL_MESSAGE)
    return "message";
  return level & G_LOG_LEVEL_INFO ? "info" : "debug";
}

/* Text of a skill or a server must not be able to forge a line or to control a terminal. */
static void
append_escaped (GString *out, const char *text)
{
  g_autofree char *valid = g_utf8_make_valid (text, -1);

  for (const char *c = valid; *c != '\0'; c = g_utf8_next_char (c))
    {
      gunichar character = g_utf8_get_char (c);
      if (g_unichar_iscntrl (character) && character != '\t')
        g_string_append_printf (out, "\\x%02x", character);
      else
        g_string_append_unichar (out, character);
    }
}

char *
daemon_log_format (GLogLevelFlags level, const char *domain, const char *message)
{
  g_autoptr (GDateTime) now = g_date_time_new_now_local ();
  g_autofree char *time = now != NULL ? g_date_time_format (now, "%H:%M:%S.%f") : g_strdup ("");
  g_autoptr (GString) out = g_string_new (NULL);

  g_string_append_printf (out, "%.12s %s ", time, level_to_string (level));
  if (domain != NULL && !g_str_equal (domain, G_LOG_DOMAIN))
    g_string_append_printf (out, "(%s) ", domain);
  append_escaped (out, message);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static const char *
find_field (const GLogField *fields, gsize n_fields, const char *key)
{
  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, key) && fields[i].length < 0)
      return fields[i].value;
  return NULL;
}

/* g_info() of our own libraries only: those below Segue talk too much. */
static gboolean
is_wanted (const LogWriter *self, GLogLevelFlags level, const char *domain)
{
  if (!g_log_writer_default_would_drop (level, domain))
    return TRUE;
  return self->verbose && (level & G_LOG_LEVEL_INFO) != 0 && domain != NULL
         && g_str_has_prefix (domain, "segue");
}

static GLogWriterOutput
write_to_journal (GLogLevelFlags level,
                  const GLogField *fields,
                  gsize n_fields,
                  const char *message)
{
  g_autofree GLogField *copy = g_memdup2 (fields, n_fields * sizeof (GLogField));

  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (copy[i].key, "MESSAGE"))
      {
        copy[i].value = message;
        copy[i].length = -1;
      }
  return g_log_writer_journald (level, copy, n_fields, NULL);
}

/* --- The bound -----------------------------------------------------------------------------------
 */

/* Developers get all that they ask for by G_MESSAGES_DEBUG; and a bug is never left out. */
static gboolean
is_bounded (GLogLevelFlags level, const char *domain)
{
  if (level & (G_LOG_LEVEL_WARNING | G_LOG_LEVEL_MESSAGE))
    return TRUE;
  return (level & G_LOG_LEVEL_INFO) != 0 && g_log_writer_default_would_drop (level, domain);
}

/* (transfer full): the event, or the place in the code. */
static char *
find_kind (const GLogField *fields, gsize n_fields, GLogLevelFlags level, const char *domain)
{
  const char *event = find_field (fields, n_fields, "MESSAGE_ID");
  const char *file = find_field (fields, n_fields, "CODE_FILE");
  const char *line = find_field (fields, n_fields, "CODE_LINE");
  if (event != NULL)
    return g_strdup (event);
  if (file != NULL && line != NULL)
    return g_strconcat (file, ":", line, NULL);
  return g_strdup_printf ("%s %u", domain != NULL ? domain : "", (guint)level);
}

static void
write_line (const LogWriter *self,
            GLogLevelFlags level,
            const char *domain,
            const GLogField *fields,
            gsize n_fields,
            const char *message)
{
  if (self->journal && write_to_journal (level, fields, n_fields, message) == G_LOG_WRITER_HANDLED)
    return;
  g_autofree char *line = daemon_log_format (level, domain, message);
  g_fprintf (stderr, "%s\n", line);
}

static void
tell_left_out (const char *example, guint left_out, gpointer user_data)
{
  g_autofree char *message
      = g_strdup_printf ("%u messages like this one have been left out: %s", left_out, example);
  const GLogField fields[] = { { "MESSAGE", message, -1 },
                               { "PRIORITY", "5", -1 },
                               { "GLIB_DOMAIN", G_LOG_DOMAIN, -1 } };
  write_line (user_data, G_LOG_LEVEL_MESSAGE, G_LOG_DOMAIN, fields, G_N_ELEMENTS (fields), message);
}

static gboolean
on_quiet (gpointer user_data)
{
  LogWriter *self = user_data;
  g_atomic_int_set (&self->telling, FALSE);
  daemon_log_bound_collect (self->bound, tell_left_out, self);
  return G_SOURCE_REMOVE;
}

/* (inout) @message: what has been left out before is told with it. Returns: whether to write it. */
static gboolean
is_admitted (LogWriter *self, const char *kind, char **message)
{
  guint left_out = 0;
  if (!daemon_log_bound_admit (self->bound, kind, *message, g_get_monotonic_time (), &left_out))
    {
      if (g_atomic_int_compare_and_exchange (&self->telling, FALSE, TRUE))
        g_timeout_add_seconds (QUIET_SECONDS, on_quiet, self);
      return FALSE;
    }
  if (left_out > 0)
    {
      g_autofree char *bare = g_steal_pointer (message);
      *message
          = g_strdup_printf ("%s (%u messages like this one have been left out)", bare, left_out);
    }
  return TRUE;
}

static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  LogWriter *self = user_data;
  const char *domain = find_field (fields, n_fields, "GLIB_DOMAIN");
  const char *raw = find_field (fields, n_fields, "MESSAGE");

  if (!is_wanted (self, level, domain))
    return G_LOG_WRITER_HANDLED;

  g_autofree char *message = daemon_log_redact_text (raw != NULL ? raw : "(no message)");
  g_autofree char *kind = find_kind (fields, n_fields, level, domain);
  if (!is_bounded (level, domain) || is_admitted (self, kind, &message))
    write_line (self, level, domain, fields, n_fields, message);
  if (level
      & (self->fatal | G_LOG_FLAG_FATAL)) /* G_DEBUG=fatal-warnings is the writer's business */
    abort ();
  return G_LOG_WRITER_HANDLED;
}

static void
log_writer_free (gpointer data)
{
  LogWriter *self = data;
  daemon_log_bound_free (self->bound);
  g_free (self);
}

void
daemon_log_init (gboolean verbose)
{
  LogWriter *self = g_new0 (LogWriter, 1);

  self->verbose = verbose;
  self->bound = daemon_log_bound_new ();
  self->journal = g_log_writer_is_journald (STDERR_FILENO);
  /* there is no getter */
  self->fatal = g_log_set_always_fatal (G_LOG_FATAL_MASK);
  g_log_set_always_fatal (self->fatal);
  g_log_set_writer_func (write_log, self, log_writer_free);
}
