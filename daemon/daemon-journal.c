/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-journal.h"

#include "daemon-log.h"

#define MAX_FIELDS 8
/* MESSAGE, PRIORITY, GLIB_DOMAIN, MESSAGE_ID */
#define OWN_FIELDS 4

/* A new one: "systemd-id128 new"; and an entry of systemd/segue.catalog. */
static const struct
{
  const char *message_id;
  GLogLevelFlags level;
} events[] = {
  [DAEMON_JOURNAL_READY] = { "1c46e020f808491b88d75aff586d7766", G_LOG_LEVEL_MESSAGE },
  [DAEMON_JOURNAL_STOPPING] = { "c2d312f4c46e4886bad89e2a8ebfb978", G_LOG_LEVEL_MESSAGE },
  [DAEMON_JOURNAL_PLAYING] = { "9619f9a199c44f8a8bc0f62c8f658556", G_LOG_LEVEL_MESSAGE },
  [DAEMON_JOURNAL_STREAM_FAILED] = { "09c2d6b303314113b57253085b95ed17", G_LOG_LEVEL_MESSAGE },
  [DAEMON_JOURNAL_SKILL_UNREACHABLE] = { "7ee8dc1cda504fd8b077558b64510b5e", G_LOG_LEVEL_MESSAGE },
  [DAEMON_JOURNAL_SKILL_REACHABLE] = { "294d87ccb85146ad98d29bc4534fe76f", G_LOG_LEVEL_MESSAGE },
  [DAEMON_JOURNAL_REQUEST_FAILED] = { "d1c6be0472694d79868d5924b15e46d5", G_LOG_LEVEL_MESSAGE },
  [DAEMON_JOURNAL_REPORT_REFUSED] = { "4910b352b3244b7097c2373a03d9b027", G_LOG_LEVEL_MESSAGE },
  [DAEMON_JOURNAL_REPORT_DROPPED] = { "3e22618766b444aa839c6a7ebd61c68b", G_LOG_LEVEL_MESSAGE },
  [DAEMON_JOURNAL_OUTPUT_LOST] = { "d07360e0213c4a75aa8fb2edf03839b5", G_LOG_LEVEL_WARNING },
  [DAEMON_JOURNAL_OUTPUT_FOUND] = { "54a1ec3c9da24be393d06d121186505a", G_LOG_LEVEL_MESSAGE },
  [DAEMON_JOURNAL_OUTPUT_GIVEN_UP] = { "50639774fa1e48f7b95851bacff785a3", G_LOG_LEVEL_WARNING },
  [DAEMON_JOURNAL_SPEECH_FAILED] = { "441bd1e5e3c94a0e855fb7b8b63df5a0", G_LOG_LEVEL_MESSAGE },
  [DAEMON_JOURNAL_RELOADED] = { "a19a5e1275124529b99f6b640ac31e10", G_LOG_LEVEL_MESSAGE },
  [DAEMON_JOURNAL_RELOAD_REFUSED] = { "75ab416558a649ceb5107c86dec7d2d6", G_LOG_LEVEL_WARNING },
  [DAEMON_JOURNAL_STORE_SET_ASIDE] = { "5cddad12302241b98924767e5c15cb6d", G_LOG_LEVEL_WARNING },
  [DAEMON_JOURNAL_STORE_FAILING] = { "9c3416ec170141e98614119261a5e168", G_LOG_LEVEL_WARNING },
  [DAEMON_JOURNAL_STORE_WORKS] = { "583175f6ff944797be798c38e412cce8", G_LOG_LEVEL_MESSAGE },
  [DAEMON_JOURNAL_RESUMED] = { "0099c96843f94c21a38321f0897791f3", G_LOG_LEVEL_MESSAGE },
  [DAEMON_JOURNAL_NOT_RESUMED] = { "e2503b7d98f4465998c77123baf80b42", G_LOG_LEVEL_WARNING },
  [DAEMON_JOURNAL_HANG] = { "4023325f9d1047dc8ea8cb664b8b5152", G_LOG_LEVEL_WARNING },
  [DAEMON_JOURNAL_CLOCK_WRONG] = { "b9598568afc742939f7a86100316e77e", G_LOG_LEVEL_WARNING },
  [DAEMON_JOURNAL_CLOCK_SET] = { "1a5273feaad643e181cbf9a15d800c7f", G_LOG_LEVEL_MESSAGE },
};

const char *
daemon_journal_get_message_id (DaemonJournalEvent event)
{
  return (gsize)event < G_N_ELEMENTS (events) ? events[event].message_id : NULL;
}

/* As syslog has it. */
static const char *
level_to_priority (GLogLevelFlags level)
{
  return level == G_LOG_LEVEL_WARNING ? "4" : "5";
}

void
daemon_journal_log (DaemonJournalEvent event, const char *const *fields, const char *format, ...)
{
  g_return_if_fail ((gsize)event < G_N_ELEMENTS (events) && format != NULL);
  va_list args;
  va_start (args, format);
  g_autofree char *message = g_strdup_vprintf (format, args);
  va_end (args);
  g_autoptr (GPtrArray) values = g_ptr_array_new_with_free_func (g_free);
  GLogField all[OWN_FIELDS + MAX_FIELDS] = {
    { "MESSAGE", message, -1 },
    { "PRIORITY", level_to_priority (events[event].level), -1 },
    { "GLIB_DOMAIN", G_LOG_DOMAIN, -1 },
    { "MESSAGE_ID", events[event].message_id, -1 },
  };
  gsize n = OWN_FIELDS;
  for (gsize i = 0; fields != NULL && fields[i] != NULL && n < G_N_ELEMENTS (all); i += 2)
    {
      if (fields[i + 1] == NULL)
        continue;
      char *value = daemon_log_redact_text (fields[i + 1]);
      g_ptr_array_add (values, value);
      all[n++] = (GLogField){ fields[i], value, -1 };
    }
  g_log_structured_array (events[event].level, all, n);
}
