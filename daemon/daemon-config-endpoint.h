/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What daemon_config_check_endpoint() takes, for messages. */
#define DAEMON_CONFIG_ENDPOINT_ALLOWED                                                             \
  "https://HOST[:PORT]/PATH, or http:// for localhost, 127.0.0.0/8 and [::1]"

/* "amzn1.ask.skill." and a UUID that depends on @endpoint only (first half of its SHA-256). */
char *daemon_config_derive_application_id (const char *endpoint);

G_END_DECLS
