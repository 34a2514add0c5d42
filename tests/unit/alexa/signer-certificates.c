/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "signer-certificates.h"

#include <openssl/err.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <string.h>

static void
add_extension (X509 *certificate, int nid, const char *value)
{
  if (value == NULL)
    return;
  X509_EXTENSION *extension = X509V3_EXT_conf_nid (NULL, NULL, nid, value);
  g_assert_nonnull (extension);
  g_assert_cmpint (X509_add_ext (certificate, extension, -1), ==, 1);
  X509_EXTENSION_free (extension);
}

X509 *
signer_certificate_new (const SignerCertificate *what,
                        EVP_PKEY *key,
                        X509 *issuer,
                        EVP_PKEY *issuer_key)
{
  X509 *certificate = X509_new ();
  X509_set_version (certificate, 2);
  ASN1_INTEGER_set (X509_get_serialNumber (certificate), g_random_int_range (1, G_MAXINT32));
  ASN1_TIME_set (X509_getm_notBefore (certificate), what->from_s);
  ASN1_TIME_set (X509_getm_notAfter (certificate), what->to_s);
  X509_NAME_add_entry_by_txt (X509_get_subject_name (certificate), "CN", MBSTRING_UTF8,
                              (const guchar *)what->name, -1, -1, 0);
  X509_set_issuer_name (certificate, X509_get_subject_name (issuer != NULL ? issuer : certificate));
  X509_set_pubkey (certificate, key);
  add_extension (certificate, NID_basic_constraints, what->constraints);
  add_extension (certificate, NID_key_usage, what->usage);
  add_extension (certificate, NID_ext_key_usage, what->extended_usage);
  add_extension (certificate, NID_subject_alt_name, what->names);
  g_assert_cmpint (X509_sign (certificate, issuer_key, EVP_sha256 ()), >, 0);
  return certificate;
}

static char *
take_text (BIO *bio)
{
  char *data = NULL;
  long size = BIO_get_mem_data (bio, &data);
  char *text = g_strndup (data, size);
  BIO_free (bio);
  return text;
}

void
signer_append_certificate (GString *text, X509 *certificate)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  g_assert_cmpint (PEM_write_bio_X509 (bio, certificate), ==, 1);
  g_autofree char *pem = take_text (bio);
  g_string_append (text, pem);
}

GBytes *
signer_key_to_pem (EVP_PKEY *key, const char *passphrase)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  g_assert_cmpint (PEM_write_bio_PKCS8PrivateKey (
                       bio, key, passphrase != NULL ? EVP_aes_128_cbc () : NULL, passphrase,
                       passphrase != NULL ? strlen (passphrase) : 0, NULL, NULL),
                   ==, 1);
  char *text = take_text (bio);
  return g_bytes_new_take (text, strlen (text));
}

GBytes *
signer_text (const char *text)
{
  return g_bytes_new (text, strlen (text));
}

gboolean
signer_verify (X509 *certificate, const char *digest, const char *base64, GBytes *body)
{
  gsize length = 0;
  gsize size = 0;
  g_autofree guint8 *signature = g_base64_decode (base64, &length);
  const guint8 *data = g_bytes_get_data (body, &size);
  EVP_MD_CTX *context = EVP_MD_CTX_new ();
  gboolean good = EVP_DigestVerifyInit (context, NULL, EVP_get_digestbyname (digest), NULL,
                                        X509_get0_pubkey (certificate))
                      == 1
                  && EVP_DigestVerify (context, signature, length, data, size) == 1;
  EVP_MD_CTX_free (context);
  ERR_clear_error ();
  g_autofree char *again = g_base64_encode (signature, length);
  return good && g_str_equal (again, base64);
}

GPtrArray *
signer_read_chain (GBytes *pem)
{
  GPtrArray *chain = g_ptr_array_new_with_free_func ((GDestroyNotify)X509_free);
  gsize size = 0;
  const char *data = g_bytes_get_data (pem, &size);
  BIO *bio = BIO_new_mem_buf (data, size);
  for (X509 *next = PEM_read_bio_X509 (bio, NULL, NULL, NULL); next != NULL;
       next = PEM_read_bio_X509 (bio, NULL, NULL, NULL))
    g_ptr_array_add (chain, next);
  BIO_free (bio);
  ERR_clear_error ();
  g_assert_cmpuint (chain->len, >, 0);
  return chain;
}
