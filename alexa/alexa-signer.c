/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-signer.h"

#include "alexa-chain-private.h"

#include <openssl/err.h>
#include <openssl/pem.h>

#define MAX_PEM_BYTES (64 * 1024)

struct _AlexaSigner
{
  EVP_PKEY *key;     /* (owned) */
  AlexaChain *chain; /* (owned) */
};

/* clang-format off */
G_DEFINE_QUARK (alexa-signer-error-quark, alexa_signer_error)
/* clang-format on */

/* --- The key ---------------------------------------------------------------------------------- */

/* There is nobody to be asked; only notes that the library wanted to. */
static int
note_passphrase (char *buffer, int size, int writing, void *user_data)
{
  gboolean *asked = user_data;
  *asked = TRUE;
  return -1;
}

static EVP_PKEY *
read_key (GBytes *pem, GError **error)
{
  gsize size = 0;
  const char *text = g_bytes_get_data (pem, &size);
  gboolean asked = FALSE;
  ERR_clear_error ();
  g_autoptr (BIO) bio
      = BIO_new_mem_buf (size > 0 ? text : "", (int)MIN (size, (gsize)MAX_PEM_BYTES));
  EVP_PKEY *key = PEM_read_bio_PrivateKey (bio, NULL, note_passphrase, &asked);
  if (key == NULL)
    g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_KEY, "%s",
                 asked ? "the private key has a passphrase"
                       : "there is no private key in PEM form that can be read");
  ERR_clear_error ();
  return key;
}

/* The verifiers take nothing but RSASSA-PKCS1-v1_5; keys for PSS alone are of another kind. */
static gboolean
check_key_kind (EVP_PKEY *key, GError **error)
{
  if (!EVP_PKEY_is_a (key, "RSA"))
    {
      const char *kind = EVP_PKEY_get0_type_name (key);
      g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_KIND,
                   "the private key is %s, not RSA", kind != NULL ? kind : "of an unknown kind");
      return FALSE;
    }
  if (EVP_PKEY_get_bits (key) >= ALEXA_CHAIN_MIN_KEY_BITS)
    return TRUE;
  g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_KIND,
               "the private key has %d bit, fewer than %d", EVP_PKEY_get_bits (key),
               ALEXA_CHAIN_MIN_KEY_BITS);
  return FALSE;
}

static gboolean
check_match (const AlexaSigner *self, GError **error)
{
  guint n = alexa_chain_get_size (self->chain);
  guint match = 0;
  while (match < n
         && EVP_PKEY_eq (X509_get0_pubkey (alexa_chain_get (self->chain, match)), self->key) != 1)
    match++;
  ERR_clear_error ();
  if (match == 0)
    return TRUE;
  g_autofree char *name = alexa_chain_name (self->chain, match < n ? match : 0);
  if (match < n)
    g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_CHAIN,
                 "the private key is that of %s, which has to come first", name);
  else
    g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_MISMATCH,
                 "the private key is not that of %s", name);
  return FALSE;
}

/* --- Signatures ------------------------------------------------------------------------------- */

/* (transfer full) (nullable): base64 in one line; for RSA keys the padding is PKCS #1 v1.5. */
static char *
make_signature (EVP_PKEY *key, const EVP_MD *digest, GBytes *body)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  g_autofree guint8 *signature = g_malloc (EVP_PKEY_get_size (key));
  size_t length = EVP_PKEY_get_size (key);
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (body, &size);
  if (EVP_DigestSignInit (context, NULL, digest, NULL, key) != 1
      || EVP_DigestSign (context, signature, &length, size > 0 ? data : (const guint8 *)"", size)
             != 1)
    return NULL;
  return g_base64_encode (signature, length);
}

static gboolean
is_signature (EVP_PKEY *key, const char *base64, GBytes *body)
{
  g_autoptr (EVP_MD_CTX) context = EVP_MD_CTX_new ();
  gsize length = 0;
  g_autofree guint8 *signature = g_base64_decode (base64, &length);
  gsize size = 0;
  const guint8 *data = g_bytes_get_data (body, &size);
  return EVP_DigestVerifyInit (context, NULL, EVP_sha256 (), NULL, key) == 1
         && EVP_DigestVerify (context, signature, length, data, size) == 1;
}

/* The library may refuse, and the private half of a key may be damaged: better known at once. */
static gboolean
try_out (const AlexaSigner *self, GError **error)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  ERR_clear_error ();
  g_autofree char *signature = make_signature (self->key, EVP_sha256 (), body);
  gboolean good
      = signature != NULL
        && is_signature (X509_get0_pubkey (alexa_chain_get (self->chain, 0)), signature, body);
  const char *reason = alexa_openssl_take_reason ();
  if (!good)
    g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_SIGN,
                 "the private key does not sign: %s", reason);
  return good;
}

AlexaSignature *
alexa_signer_sign (
    const AlexaSigner *self, GBytes *body, gboolean with_sha1, gint64 now_s, GError **error)
{
  g_return_val_if_fail (self != NULL && body != NULL, NULL);
  if (!alexa_chain_check_dates (self->chain, now_s, error))
    return NULL;
  g_autoptr (AlexaSignature) signature = g_new0 (AlexaSignature, 1);
  ERR_clear_error ();
  signature->sha256 = make_signature (self->key, EVP_sha256 (), body);
  if (signature->sha256 == NULL)
    {
      g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_SIGN,
                   "the request cannot be signed: %s", alexa_openssl_take_reason ());
      return NULL;
    }
  if (with_sha1)
    signature->sha1 = make_signature (self->key, EVP_sha1 (), body);
  ERR_clear_error ();
  return g_steal_pointer (&signature);
}

void
alexa_signature_free (AlexaSignature *self)
{
  if (self == NULL)
    return;
  g_free (self->sha256);
  g_free (self->sha1);
  g_free (self);
}

/* --- Life ------------------------------------------------------------------------------------- */

/* Whether the chain is of use, now or as soon as the clock has been set. */
static gboolean
check_chain (const AlexaSigner *self, gint64 now_s, GError **error)
{
  g_autoptr (GError) fault = NULL;
  if (alexa_chain_check (self->chain, now_s, &fault)
      || g_error_matches (fault, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_EARLY))
    return TRUE;
  g_propagate_error (error, g_steal_pointer (&fault));
  return FALSE;
}

AlexaSigner *
alexa_signer_new (GBytes *key_pem, GBytes *chain_pem, gint64 now_s, GError **error)
{
  g_return_val_if_fail (key_pem != NULL && chain_pem != NULL, NULL);
  g_autoptr (AlexaSigner) self = g_new0 (AlexaSigner, 1);
  self->key = read_key (key_pem, error);
  if (self->key == NULL || !check_key_kind (self->key, error))
    return NULL;
  self->chain = alexa_chain_new (chain_pem, error);
  if (self->chain == NULL || !check_match (self, error) || !check_chain (self, now_s, error)
      || !try_out (self, error))
    return NULL;
  return g_steal_pointer (&self);
}

void
alexa_signer_free (AlexaSigner *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->key, EVP_PKEY_free);
  g_clear_pointer (&self->chain, alexa_chain_free);
  g_free (self);
}

gboolean
alexa_signer_check_time (const AlexaSigner *self, gint64 now_s, GError **error)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return alexa_chain_check_dates (self->chain, now_s, error);
}

gint64
alexa_signer_get_expiry_s (const AlexaSigner *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return alexa_chain_get_expiry_s (self->chain);
}
