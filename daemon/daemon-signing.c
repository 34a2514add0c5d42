/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-signing.h"

#include "daemon-config-text.h"

#define DAY_S (24 * 60 * 60)
#define WARN_BEFORE_S (14 * DAY_S)

struct _DaemonSigning
{
  AlexaSigner *signer; /* (owned) */
  char *chain_url;     /* (owned) */
  gboolean with_sha1;
  gboolean warned;
};

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* --- Reading ---------------------------------------------------------------------------------- */

static void
add_problem (const DaemonConfig *config, const char *key, const char *fault, GPtrArray *problems)
{
  g_autofree char *id = g_strdup_printf ("signing\n%s", key);
  const char *origin = g_hash_table_lookup (config->origins, id);
  daemon_config_text_problem (problems, DAEMON_CONFIG_ERROR_READ,
                              origin != NULL ? origin : "configuration", 0, "signing", key, "%s",
                              fault);
}

static GBytes *
read_file (const DaemonConfig *config, const char *key, const char *path, GPtrArray *problems)
{
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  gsize size = 0;
  if (g_file_get_contents (path, &text, &size, &error))
    return g_bytes_new_take (text, size);
  add_problem (config, key,
               daemon_config_is_credential (path)
                   ? "there are no credentials here: $CREDENTIALS_DIRECTORY is not set"
                   : error->message,
               problems);
  return NULL;
}

/* Which of the two files a fault is in. */
static const char *
key_of_fault (const GError *error)
{
  gboolean in_key = g_error_matches (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_KEY)
                    || g_error_matches (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_KIND)
                    || g_error_matches (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_MISMATCH)
                    || g_error_matches (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_SIGN);
  return in_key ? "key-file" : "chain-file";
}

static void
warn_of_end (DaemonSigning *self, gint64 time_s)
{
  gint64 left_s = alexa_signer_get_expiry_s (self->signer) - time_s;
  if (self->warned || left_s >= WARN_BEFORE_S)
    return;
  self->warned = TRUE;
  if (left_s >= 2 * DAY_S)
    g_warning ("requests can be signed for %d days more: then a certificate of the chain expires",
               (int)(left_s / DAY_S));
  else
    g_warning ("requests can be signed for %d hours more: then a certificate of the chain expires",
               (int)(left_s / (60 * 60)));
}

/* The clock of a device without a battery starts in the past. */
static void
warn_of_early_clock (DaemonSigning *self)
{
  g_autoptr (GError) error = NULL;
  if (!alexa_signer_check_time (self->signer, now_s (), &error))
    g_warning ("requests cannot be signed, and are not sent, until the clock is set: %s",
               error->message);
}

DaemonSigning *
daemon_signing_load (const DaemonConfig *config, GPtrArray *problems)
{
  g_return_val_if_fail (config != NULL && problems != NULL, NULL);
  if (config->signing_key_path == NULL)
    return NULL;
  g_autoptr (GBytes) key = read_file (config, "key-file", config->signing_key_path, problems);
  g_autoptr (GBytes) chain = read_file (config, "chain-file", config->signing_chain_path, problems);
  if (key == NULL || chain == NULL)
    return NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaSigner) signer = alexa_signer_new (key, chain, now_s (), &error);
  if (signer == NULL)
    {
      add_problem (config, key_of_fault (error), error->message, problems);
      return NULL;
    }
  DaemonSigning *self = daemon_signing_new (g_steal_pointer (&signer), config->signing_chain_url,
                                            config->signing_sha1);
  warn_of_end (self, now_s ());
  warn_of_early_clock (self);
  return self;
}

void
daemon_signing_check (const DaemonConfig *config, GPtrArray *problems)
{
  g_return_if_fail (config != NULL && problems != NULL);
  if (config->signing_key_path != NULL && !daemon_config_is_credential (config->signing_key_path)
      && !daemon_config_is_credential (config->signing_chain_path))
    daemon_signing_free (daemon_signing_load (config, problems));
}

/* --- Signing ---------------------------------------------------------------------------------- */

AlexaSignature *
daemon_signing_sign (DaemonSigning *self, GBytes *body, GError **error)
{
  g_return_val_if_fail (self != NULL && body != NULL, NULL);
  gint64 time_s = now_s ();
  AlexaSignature *signature
      = alexa_signer_sign (self->signer, body, self->with_sha1, time_s, error);
  if (signature != NULL)
    warn_of_end (self, time_s);
  return signature;
}

const char *
daemon_signing_get_chain_url (const DaemonSigning *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->chain_url;
}

/* --- Life ------------------------------------------------------------------------------------- */

DaemonSigning *
daemon_signing_new (AlexaSigner *signer, const char *chain_url, gboolean with_sha1)
{
  g_return_val_if_fail (signer != NULL && chain_url != NULL, NULL);
  DaemonSigning *self = g_new0 (DaemonSigning, 1);
  self->signer = signer;
  self->chain_url = g_strdup (chain_url);
  self->with_sha1 = with_sha1;
  return self;
}

void
daemon_signing_free (DaemonSigning *self)
{
  if (self == NULL)
    return;
  alexa_signer_free (self->signer);
  g_free (self->chain_url);
  g_free (self);
}
