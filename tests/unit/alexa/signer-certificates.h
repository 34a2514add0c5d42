/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>
#include <openssl/evp.h>
#include <openssl/x509.h>

G_BEGIN_DECLS

/* Keys and certificates with any fault that a test wants. */

typedef struct
{
  const char *name;        /* CN */
  const char *constraints; /* extensions as in openssl.cnf; NULL: none */
  const char *usage;
  const char *names;
  gint64 from_s;
  gint64 to_s;
  const char *extended_usage;
} SignerCertificate;

/* A certificate for @key as @what says, signed by @issuer_key in the name of @issuer (nullable: of
 * itself). */
X509 *signer_certificate_new (const SignerCertificate *what,
                              EVP_PKEY *key,
                              X509 *issuer,
                              EVP_PKEY *issuer_key);

/* PEM of @certificate, appended to @text. */
void signer_append_certificate (GString *text, X509 *certificate);

/* PEM of @key; with @passphrase (nullable) it is encrypted. */
GBytes *signer_key_to_pem (EVP_PKEY *key, const char *passphrase);

GBytes *signer_text (const char *text);

/* Whether @base64 is the signature of @body by the key of @certificate, and in one line. */
gboolean signer_verify (X509 *certificate, const char *digest, const char *base64, GBytes *body);

/* The certificates in @pem, the leaf first (element-type X509). */
GPtrArray *signer_read_chain (GBytes *pem);

G_END_DECLS
