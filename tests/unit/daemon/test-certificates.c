/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "test-certificates.h"

#include <glib/gstdio.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <stdio.h>

#define DAY_S (24 * 60 * 60)

static void
add_extension (X509 *cert, X509 *issuer, int nid, const char *value)
{
  X509V3_CTX context;
  X509V3_set_ctx_nodb (&context);
  X509V3_set_ctx (&context, issuer, cert, NULL, NULL, 0);
  X509_EXTENSION *extension = X509V3_EXT_conf_nid (NULL, &context, nid, value);
  g_assert_nonnull (extension);
  g_assert_cmpint (X509_add_ext (cert, extension, -1), ==, 1);
  X509_EXTENSION_free (extension);
}

static X509 *
make_certificate (
    const char *name, EVP_PKEY *key, X509 *issuer, EVP_PKEY *issuer_key, long from_s, long until_s)
{
  static long serial = 1000;
  X509 *cert = X509_new ();
  X509_set_version (cert, 2);
  ASN1_INTEGER_set (X509_get_serialNumber (cert), serial++);
  X509_gmtime_adj (X509_getm_notBefore (cert), from_s);
  X509_gmtime_adj (X509_getm_notAfter (cert), until_s);
  X509_NAME *subject = X509_get_subject_name (cert);
  X509_NAME_add_entry_by_txt (subject, "CN", MBSTRING_UTF8, (const guchar *)name, -1, -1, 0);
  X509_set_issuer_name (cert, X509_get_subject_name (issuer != NULL ? issuer : cert));
  X509_set_pubkey (cert, key);
  add_extension (cert, issuer != NULL ? issuer : cert, NID_basic_constraints,
                 issuer != NULL ? "critical,CA:FALSE" : "critical,CA:TRUE");
  if (issuer != NULL)
    add_extension (cert, issuer, NID_subject_alt_name, "IP:127.0.0.1");
  g_assert_cmpint (X509_sign (cert, issuer_key, EVP_sha256 ()), >, 0);
  return cert;
}

static void
write_pem (const char *dir, const char *name, X509 *cert, EVP_PKEY *key)
{
  g_autofree char *path = g_build_filename (dir, name, NULL);
  FILE *file = fopen (path, "w");
  g_assert_nonnull (file);
  g_assert_cmpint (PEM_write_X509 (file, cert), ==, 1);
  if (key != NULL)
    g_assert_cmpint (PEM_write_PKCS8PrivateKey (file, key, NULL, NULL, 0, NULL, NULL), ==, 1);
  fclose (file);
}

void
test_certificates_make (const char *dir)
{
  EVP_PKEY *ca_key = EVP_EC_gen ("P-256");
  EVP_PKEY *other_key = EVP_EC_gen ("P-256");
  EVP_PKEY *server_key = EVP_EC_gen ("P-256");
  X509 *ca = make_certificate ("Test CA", ca_key, NULL, ca_key, -10 * DAY_S, 10 * DAY_S);
  X509 *other = make_certificate ("Other CA", other_key, NULL, other_key, -10 * DAY_S, 10 * DAY_S);
  X509 *server = make_certificate ("server", server_key, ca, ca_key, -10 * DAY_S, 10 * DAY_S);
  X509 *expired = make_certificate ("expired", server_key, ca, ca_key, -10 * DAY_S, -5 * DAY_S);
  X509 *future = make_certificate ("future", server_key, ca, ca_key, 5 * DAY_S, 10 * DAY_S);
  write_pem (dir, "ca.pem", ca, NULL);
  write_pem (dir, "other-ca.pem", other, NULL);
  write_pem (dir, "server.pem", server, server_key);
  write_pem (dir, "expired.pem", expired, server_key);
  write_pem (dir, "future.pem", future, server_key);
  X509_free (ca);
  X509_free (other);
  X509_free (server);
  X509_free (expired);
  X509_free (future);
  EVP_PKEY_free (ca_key);
  EVP_PKEY_free (other_key);
  EVP_PKEY_free (server_key);
}

void
test_certificates_remove (const char *dir)
{
  static const char *const names[]
      = { "ca.pem", "other-ca.pem", "expired.pem", "future.pem", "server.pem" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (dir, names[i], NULL);
      g_unlink (path);
    }
  g_rmdir (dir);
}
