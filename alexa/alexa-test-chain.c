/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-test-chain.h"

#include "alexa-chain.h"
#include "alexa-openssl-private.h"
#include "alexa-signer.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/rand.h>

#define KEY_BITS 2048
#define X509_VERSION_THREE 2
/* So that authorities made at different times can be told apart in a trust store. */
#define CA_MARK_BYTES 4

typedef struct
{
  int nid;
  const char *value; /* as in openssl.cnf */
} Extension;

static const Extension ca_extensions[] = {
  { NID_basic_constraints, "critical,CA:TRUE,pathlen:0" },
  { NID_key_usage, "critical,keyCertSign,cRLSign" },
  { NID_subject_key_identifier, "hash" },
};

static const Extension leaf_extensions[] = {
  { NID_basic_constraints, "critical,CA:FALSE" },
  { NID_key_usage, "critical,digitalSignature,keyEncipherment" },
  { NID_ext_key_usage, "serverAuth" },
  { NID_subject_alt_name, "DNS:" ALEXA_CHAIN_NAME },
  { NID_subject_key_identifier, "hash" },
  { NID_authority_key_identifier, "keyid" },
};

/* Who signs: for the authority it is itself. */
typedef struct
{
  X509 *certificate;
  EVP_PKEY *key;
} Issuer;

static gboolean
add_extensions (X509 *certificate, X509 *issuer, const Extension *extensions, gsize n)
{
  X509V3_CTX context;
  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, issuer, certificate, NULL, NULL, 0);
  for (gsize i = 0; i < n; i++)
    {
      g_autoptr (X509_EXTENSION) extension
          = X509V3_EXT_conf_nid (NULL, &context, extensions[i].nid, extensions[i].value);
      if (extension == NULL || X509_add_ext (certificate, extension, -1) != 1)
        return FALSE;
    }
  return TRUE;
}

static gboolean
set_dates (X509 *certificate, gint64 from_s, gint64 to_s)
{
  return ASN1_TIME_set (X509_getm_notBefore (certificate), (time_t)from_s) != NULL
         && ASN1_TIME_set (X509_getm_notAfter (certificate), (time_t)to_s) != NULL;
}

/* A positive number of 127 bits, as browsers and libraries want serial numbers. */
static gboolean
set_serial (X509 *certificate)
{
  g_autoptr (BIGNUM) number = BN_new ();
  return number != NULL && BN_rand (number, 127, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1
         && BN_to_ASN1_INTEGER (number, X509_get_serialNumber (certificate)) != NULL;
}

static gboolean
set_subject (X509 *certificate, const char *name)
{
  X509_NAME *subject = X509_get_subject_name (certificate);
  return X509_NAME_add_entry_by_txt (subject, "O", MBSTRING_UTF8, (const guint8 *)"Segue test", -1,
                                     -1, 0)
             == 1
         && X509_NAME_add_entry_by_txt (subject, "CN", MBSTRING_UTF8, (const guint8 *)name, -1, -1,
                                        0)
                == 1;
}

/* (nullable): a certificate for @key without its extensions and signature. */
static X509 *
begin_certificate (const char *name, EVP_PKEY *key, gint64 from_s, gint64 to_s)
{
  g_autoptr (X509) certificate = X509_new ();
  if (certificate == NULL || X509_set_version (certificate, X509_VERSION_THREE) != 1
      || !set_serial (certificate) || !set_dates (certificate, from_s, to_s)
      || !set_subject (certificate, name) || X509_set_pubkey (certificate, key) != 1)
    return NULL;
  return g_steal_pointer (&certificate);
}

static gboolean
complete_certificate (X509 *certificate, const Issuer *issuer, const Extension *extensions, gsize n)
{
  return X509_set_issuer_name (certificate, X509_get_subject_name (issuer->certificate)) == 1
         && add_extensions (certificate, issuer->certificate, extensions, n)
         && X509_sign (certificate, issuer->key, EVP_sha256 ()) > 0;
}

static X509 *
make_authority (EVP_PKEY *key, gint64 from_s, gint64 to_s)
{
  guint8 mark[CA_MARK_BYTES];
  if (RAND_bytes (mark, sizeof mark) != 1)
    return NULL;
  g_autofree char *name = g_strdup_printf ("Segue test authority %02x%02x%02x%02x", mark[0],
                                           mark[1], mark[2], mark[3]);
  g_autoptr (X509) certificate = begin_certificate (name, key, from_s, to_s);
  Issuer itself = { certificate, key };
  if (certificate == NULL
      || !complete_certificate (certificate, &itself, ca_extensions, G_N_ELEMENTS (ca_extensions)))
    return NULL;
  return g_steal_pointer (&certificate);
}

static X509 *
make_leaf (EVP_PKEY *key, const Issuer *issuer, gint64 from_s, gint64 to_s)
{
  g_autoptr (X509) certificate = begin_certificate (ALEXA_CHAIN_NAME, key, from_s, to_s);
  if (certificate == NULL
      || !complete_certificate (certificate, issuer, leaf_extensions,
                                G_N_ELEMENTS (leaf_extensions)))
    return NULL;
  return g_steal_pointer (&certificate);
}

/* (transfer full) */
static GBytes *
take_bytes (BIO *bio)
{
  char *data = NULL;
  long size = BIO_get_mem_data (bio, &data);
  return g_bytes_new (data, size);
}

/* (transfer full) (nullable): @first and @second (nullable) in PEM form. */
static GBytes *
write_certificates (X509 *first, X509 *second)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  if (PEM_write_bio_X509 (bio, first) != 1
      || (second != NULL && PEM_write_bio_X509 (bio, second) != 1))
    return NULL;
  return take_bytes (bio);
}

/* (transfer full) (nullable) */
static GBytes *
write_key (EVP_PKEY *key)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  if (PEM_write_bio_PKCS8PrivateKey (bio, key, NULL, NULL, 0, NULL, NULL) != 1)
    return NULL;
  return take_bytes (bio);
}

/* (nullable) */
static AlexaTestChain *
make (gint64 from_s, gint64 to_s)
{
  g_autoptr (EVP_PKEY) ca_key = EVP_RSA_gen (KEY_BITS);
  g_autoptr (EVP_PKEY) key = EVP_RSA_gen (KEY_BITS);
  if (ca_key == NULL || key == NULL)
    return NULL;
  g_autoptr (X509) ca = make_authority (ca_key, from_s, to_s);
  Issuer issuer = { ca, ca_key };
  g_autoptr (X509) leaf = ca != NULL ? make_leaf (key, &issuer, from_s, to_s) : NULL;
  if (leaf == NULL)
    return NULL;
  g_autoptr (AlexaTestChain) self = g_new0 (AlexaTestChain, 1);
  self->ca = write_certificates (ca, NULL);
  self->key = write_key (key);
  self->chain = write_certificates (leaf, ca);
  if (self->ca == NULL || self->key == NULL || self->chain == NULL)
    return NULL;
  return g_steal_pointer (&self);
}

AlexaTestChain *
alexa_test_chain_new (gint64 from_s, gint64 to_s, GError **error)
{
  ERR_clear_error ();
  AlexaTestChain *self = make (from_s, to_s);
  const char *reason = alexa_openssl_take_reason ();
  if (self == NULL)
    g_set_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_SIGN,
                 "the test certificates cannot be made: %s", reason);
  return self;
}

void
alexa_test_chain_free (AlexaTestChain *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->ca, g_bytes_unref);
  g_clear_pointer (&self->key, g_bytes_unref);
  g_clear_pointer (&self->chain, g_bytes_unref);
  g_free (self);
}
