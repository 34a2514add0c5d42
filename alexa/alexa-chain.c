/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-chain-private.h"
#include "alexa-signer.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <string.h>
#include <time.h>

/* More than any chain in use; a bound for what a verifier would have to check. */
#define MAX_CERTIFICATES 16
#define MAX_PEM_BYTES (256 * 1024)

X509 *
alexa_chain_get (const AlexaChain *self, guint index)
{
  return g_ptr_array_index (self->certificates, index);
}

char *
alexa_chain_name (const AlexaChain *self, guint index)
{
  g_autoptr (AlexaCertificate) certificate = alexa_chain_describe (self, index);
  return g_strdup_printf ("certificate %u (%s)", index + 1, certificate->subject);
}

/* --- Reading ---------------------------------------------------------------------------------- */

static int
refuse_passphrase (char *buffer, int size, int writing, void *user_data)
{
  return -1;
}

static gboolean
read_all (AlexaChain *self, BIO *bio, GError **error)
{
  ERR_clear_error ();
  for (X509 *next = PEM_read_bio_X509 (bio, NULL, refuse_passphrase, NULL); next != NULL;
       next = PEM_read_bio_X509 (bio, NULL, refuse_passphrase, NULL))
    g_ptr_array_add (self->certificates, next);

  unsigned long code = ERR_peek_last_error ();
  gboolean at_end
      = ERR_GET_LIB (code) == ERR_LIB_PEM && ERR_GET_REASON (code) == PEM_R_NO_START_LINE;
  const char *reason = alexa_openssl_take_reason ();
  guint n = self->certificates->len;
  if (!at_end)
    g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_CHAIN,
                 "certificate %u cannot be read: %s", n + 1, reason);
  else if (n == 0)
    g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_CHAIN,
                 "there is no certificate in PEM form");
  else if (n > MAX_CERTIFICATES)
    g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_CHAIN,
                 "there are %u certificates, more than %d", n, MAX_CERTIFICATES);
  else
    return TRUE;
  return FALSE;
}

AlexaChain *
alexa_chain_new (GBytes *pem, GError **error)
{
  g_return_val_if_fail (pem != NULL, NULL);
  gsize size = 0;
  const char *text = g_bytes_get_data (pem, &size);
  if (size > MAX_PEM_BYTES)
    {
      g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_CHAIN,
                   "the certificates are larger than %d bytes", MAX_PEM_BYTES);
      return NULL;
    }
  if (size > 0 && g_strstr_len (text, size, "PRIVATE KEY-----") != NULL)
    {
      g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_CHAIN,
                   "there is a private key among the certificates, which are for everybody");
      return NULL;
    }
  g_autoptr (AlexaChain) self = g_new0 (AlexaChain, 1);
  self->certificates = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free);
  g_autoptr (BIO) bio = BIO_new_mem_buf (size > 0 ? text : "", (int)size);
  return read_all (self, bio, error) ? g_steal_pointer (&self) : NULL;
}

void
alexa_chain_free (AlexaChain *self)
{
  if (self == NULL)
    return;
  g_ptr_array_unref (self->certificates);
  g_free (self);
}

guint
alexa_chain_get_size (const AlexaChain *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->certificates->len;
}

/* --- Time ------------------------------------------------------------------------------------- */

gboolean
alexa_chain_time_to_unix (const ASN1_TIME *time, gint64 *unix_s)
{
  struct tm parts;
  if (ASN1_TIME_to_tm (time, &parts) != 1)
    return FALSE;
  g_autoptr (GDateTime) when
      = g_date_time_new_utc (parts.tm_year + 1900, parts.tm_mon + 1, parts.tm_mday, parts.tm_hour,
                             parts.tm_min, parts.tm_sec);
  if (when == NULL)
    return FALSE;
  *unix_s = g_date_time_to_unix (when);
  return TRUE;
}

char *
alexa_chain_format_time (gint64 time_s)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (time_s);
  return when != NULL ? g_date_time_format (when, "%Y-%m-%d %H:%M:%S UTC")
                      : g_strdup ("a time that cannot be told");
}

static gboolean
check_date (const AlexaChain *self, guint index, gint64 now_s, GError **error)
{
  X509 *certificate = alexa_chain_get (self, index);
  g_autofree char *name = alexa_chain_name (self, index);
  gint64 from_s = 0;
  gint64 to_s = 0;
  if (!alexa_chain_time_to_unix (X509_get0_notBefore (certificate), &from_s)
      || !alexa_chain_time_to_unix (X509_get0_notAfter (certificate), &to_s))
    {
      g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_EXPIRED, "%s has no valid dates",
                   name);
      return FALSE;
    }
  if (now_s >= from_s && now_s <= to_s)
    return TRUE;
  g_autofree char *limit = alexa_chain_format_time (now_s < from_s ? from_s : to_s);
  g_autofree char *now = alexa_chain_format_time (now_s);
  g_set_error (error, ALEXA_SIGNER_ERROR,
               now_s < from_s ? ALEXA_SIGNER_ERROR_EARLY : ALEXA_SIGNER_ERROR_EXPIRED,
               "%s %s %s; the clock says %s", name,
               now_s < from_s ? "is not valid before" : "expired at", limit, now);
  return FALSE;
}

gboolean
alexa_chain_check_dates (const AlexaChain *self, gint64 now_s, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  for (guint i = 0; i < self->certificates->len; i++)
    if (!check_date (self, i, now_s, error))
      return FALSE;
  return TRUE;
}

gint64
alexa_chain_get_expiry_s (const AlexaChain *self)
{
  g_return_val_if_fail (self != NULL, 0);
  gint64 expiry_s = G_MAXINT64;
  for (guint i = 0; i < self->certificates->len; i++)
    {
      gint64 to_s = 0;
      if (alexa_chain_time_to_unix (X509_get0_notAfter (alexa_chain_get (self, i)), &to_s))
        expiry_s = MIN (expiry_s, to_s + 1);
    }
  return expiry_s;
}

/* --- Form ------------------------------------------------------------------------------------- */

/* The verifiers of Node and Java know no other keys. */
static gboolean
check_kind (const AlexaChain *self, guint index, GError **error)
{
  EVP_PKEY *key = X509_get0_pubkey (alexa_chain_get (self, index));
  if (key != NULL && EVP_PKEY_is_a (key, "RSA")
      && EVP_PKEY_get_bits (key) >= ALEXA_CHAIN_MIN_KEY_BITS)
    return TRUE;
  g_autofree char *name = alexa_chain_name (self, index);
  g_autoptr (AlexaCertificate) certificate = alexa_chain_describe (self, index);
  g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_KIND,
               "the key of %s is %s, not RSA of %d bit or more", name, certificate->key,
               ALEXA_CHAIN_MIN_KEY_BITS);
  ERR_clear_error ();
  return FALSE;
}

/* (nullable): why the certificate at @index + 1 has not signed the one at @index. */
static const char *
find_break (const AlexaChain *self, guint index)
{
  X509 *subject = alexa_chain_get (self, index);
  X509 *issuer = alexa_chain_get (self, index + 1);
  if (X509_NAME_cmp (X509_get_issuer_name (subject), X509_get_subject_name (issuer)) != 0)
    return "it was issued by another one; the leaf comes first, then each one's issuer";
  if (X509_check_ca (issuer) != 1)
    return "that one is no certificate of an authority";
  int verdict = X509_check_issued (issuer, subject);
  if (verdict != X509_V_OK)
    return X509_verify_cert_error_string (verdict);
  return X509_verify (subject, X509_get0_pubkey (issuer)) == 1 ? NULL : "the signature is wrong";
}

static gboolean
check_issuer (const AlexaChain *self, guint index, GError **error)
{
  const char *fault = find_break (self, index);
  ERR_clear_error ();
  if (fault == NULL)
    return TRUE;
  g_autofree char *subject = alexa_chain_name (self, index);
  g_autofree char *issuer = alexa_chain_name (self, index + 1);
  g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_CHAIN, "%s is not signed by %s: %s",
               subject, issuer, fault);
  return FALSE;
}

/* Some verifiers compare the whole list of names with this one. */
static gboolean
check_name (const AlexaChain *self, GError **error)
{
  static const char wanted[] = "DNS:" ALEXA_CHAIN_NAME;
  g_autoptr (AlexaCertificate) leaf = alexa_chain_describe (self, 0);
  if (g_str_equal (leaf->names, wanted))
    return TRUE;
  g_autofree char *name = alexa_chain_name (self, 0);
  g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_NAME,
               "the subject alternative name of %s is %s, not %s alone", name,
               *leaf->names != '\0' ? leaf->names : "missing", wanted);
  return FALSE;
}

/* The verifier of Python wants the one usage, that of Java, which checks as for a TLS server with an
 * RSA key, the other. X509_get_key_usage() says "all" if the extension is missing, which Python does
 * not take; a missing extended key usage is none to anybody. */
static gboolean
check_usage (const AlexaChain *self, GError **error)
{
  X509 *leaf = alexa_chain_get (self, 0);
  guint32 wanted = KU_DIGITAL_SIGNATURE | KU_KEY_ENCIPHERMENT;
  gboolean signs = (X509_get_extension_flags (leaf) & EXFLAG_KUSAGE) != 0
                   && (X509_get_key_usage (leaf) & wanted) == wanted;
  if (signs && (X509_get_extended_key_usage (leaf) & (XKU_SSL_SERVER | XKU_ANYEKU)) != 0)
    return TRUE;
  g_autofree char *name = alexa_chain_name (self, 0);
  g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_USAGE, "the %s of %s lacks %s",
               signs ? "extended key usage" : "key usage", name,
               signs ? "serverAuth" : "digitalSignature or keyEncipherment");
  return FALSE;
}

gboolean
alexa_chain_check (const AlexaChain *self, gint64 now_s, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  for (guint i = 0; i < self->certificates->len; i++)
    if (!check_kind (self, i, error))
      return FALSE;
  for (guint i = 0; i + 1 < self->certificates->len; i++)
    if (!check_issuer (self, i, error))
      return FALSE;
  return check_name (self, error) && check_usage (self, error)
         && alexa_chain_check_dates (self, now_s, error);
}
