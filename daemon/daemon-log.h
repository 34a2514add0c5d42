/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * daemon_log_init:
 * @verbose: show what the parts of Segue log with g_info() too
 *
 * Installs the log writer of the process, once, before anything is logged: to the journal with all
 * fields where stderr is connected to it, else as lines on stderr. Both pass through
 * daemon_log_redact_text(). G_MESSAGES_DEBUG works as usual.
 */
void daemon_log_init (gboolean verbose);

/**
 * daemon_log_redact_url:
 *
 * Returns: (transfer full): @url without user name and password, and with "?…" in place of the
 * query and the fragment. Signed URLs carry their secret there.
 */
char *daemon_log_redact_url (const char *url) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full): @text with every http and https URL in it redacted. */
char *daemon_log_redact_text (const char *text) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full): eight hexadecimal digits that stand for a secret or an opaque token in logs. */
char *daemon_log_redact_token (const char *token) G_GNUC_WARN_UNUSED_RESULT;

/* (transfer full): the line for stderr, without the line end; control characters are escaped. */
char *daemon_log_format (GLogLevelFlags level, const char *domain, const char *message);

G_END_DECLS
