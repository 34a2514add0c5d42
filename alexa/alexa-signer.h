/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * ALEXA_SIGNER_ERROR:
 *
 * Why requests cannot be signed with what was given.
 */
#define ALEXA_SIGNER_ERROR (alexa_signer_error_quark ())
GQuark alexa_signer_error_quark (void);

typedef enum
{
  ALEXA_SIGNER_ERROR_KEY,      /* no private key in PEM form, or one with a passphrase */
  ALEXA_SIGNER_ERROR_KIND,     /* not RSA, or of less than 2048 bit */
  ALEXA_SIGNER_ERROR_CHAIN,    /* no certificates in PEM form, or they do not sign one another */
  ALEXA_SIGNER_ERROR_MISMATCH, /* the leaf is of another key */
  ALEXA_SIGNER_ERROR_NAME,     /* the leaf is not for echo-api.amazon.com alone */
  ALEXA_SIGNER_ERROR_EXPIRED,  /* the leaf, or one above, is not valid any more */
  ALEXA_SIGNER_ERROR_SIGN,     /* the library refuses, e.g. by a policy */
  ALEXA_SIGNER_ERROR_USAGE,    /* the leaf is not for digital signatures and TLS servers */
  ALEXA_SIGNER_ERROR_EARLY,    /* not valid yet: try again when the clock has been set */
} AlexaSignerError;

/**
 * AlexaSigner:
 *
 * Signs requests as the Alexa service does (Request and Response JSON Reference, "HTTP header"):
 * RSASSA-PKCS1-v1_5 over the exact bytes of the body.
 */
typedef struct _AlexaSigner AlexaSigner;

/**
 * alexa_signer_new:
 * @key_pem: private key, PEM, without passphrase
 * @chain_pem: certificates, PEM, leaf first; the root may be missing
 * @now_s: Unix time, s
 * @error: #AlexaSignerError
 *
 * Takes only what the verifiers of the public skill libraries accept in form. A chain that is not valid
 * yet is taken, for a device may start before its clock has been set; alexa_signer_sign() waits for it.
 */
AlexaSigner *alexa_signer_new (GBytes *key_pem, GBytes *chain_pem, gint64 now_s, GError **error)
    G_GNUC_WARN_UNUSED_RESULT;
void alexa_signer_free (AlexaSigner *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaSigner, alexa_signer_free)

/**
 * AlexaSignature:
 * @sha256: for `Signature-256`: base64 in one line
 * @sha1: (nullable): for `Signature`; %NULL if it was not wanted or the library refuses SHA-1
 */
typedef struct
{
  char *sha256; /* (owned) */
  char *sha1;   /* (owned) (nullable) */
} AlexaSignature;

void alexa_signature_free (AlexaSignature *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaSignature, alexa_signature_free)

/**
 * alexa_signer_sign:
 * @body: the exact bytes that will be sent
 * @with_sha1: whether the old signature is wanted, too
 * @now_s: Unix time, s: a certificate may have expired since
 * @error: %ALEXA_SIGNER_ERROR_EXPIRED, %ALEXA_SIGNER_ERROR_EARLY, %ALEXA_SIGNER_ERROR_SIGN
 *
 * Returns: (transfer full)
 */
AlexaSignature *alexa_signer_sign (const AlexaSigner *self,
                                   GBytes *body,
                                   gboolean with_sha1,
                                   gint64 now_s,
                                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the chain is valid at @now_s: %ALEXA_SIGNER_ERROR_EXPIRED, %ALEXA_SIGNER_ERROR_EARLY. */
gboolean alexa_signer_check_time (const AlexaSigner *self, gint64 now_s, GError **error);

/* Unix time, s, of the first moment at which a certificate of the chain is not valid any more. */
gint64 alexa_signer_get_expiry_s (const AlexaSigner *self);

G_END_DECLS
