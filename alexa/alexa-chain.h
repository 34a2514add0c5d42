/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* The only name that verifiers of skill requests take in a certificate. */
#define ALEXA_CHAIN_NAME "echo-api.amazon.com"

/**
 * AlexaChain:
 *
 * Certificates in PEM form, the leaf first, as skills fetch them from SignatureCertChainUrl.
 */
typedef struct _AlexaChain AlexaChain;

/**
 * alexa_chain_new:
 * @pem: certificates, leaf first; the root may be missing
 * @error: %ALEXA_SIGNER_ERROR_CHAIN
 *
 * Reads @pem; whether the certificates are of use is told by alexa_chain_check(). A private key
 * among them is refused: the chain is for everybody.
 */
AlexaChain *alexa_chain_new (GBytes *pem, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void alexa_chain_free (AlexaChain *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaChain, alexa_chain_free)

/**
 * alexa_chain_check:
 * @now_s: Unix time, s
 * @error: #AlexaSignerError: KIND, CHAIN, NAME, USAGE, EXPIRED or, last of all, EARLY
 *
 * Whether the public verifiers of skill requests accept the certificates in form: RSA keys, each
 * signed by the next one, all valid at @now_s, the leaf for echo-api.amazon.com alone, for digital
 * signatures and for a TLS server. Whether they trust the topmost is their affair.
 */
gboolean alexa_chain_check (const AlexaChain *self, gint64 now_s, GError **error);

/* The part of alexa_chain_check() that changes with time: %ALEXA_SIGNER_ERROR_EXPIRED,
 * %ALEXA_SIGNER_ERROR_EARLY. */
gboolean alexa_chain_check_dates (const AlexaChain *self, gint64 now_s, GError **error);

/* Unix time, s, of the first moment at which a certificate is not valid any more. */
gint64 alexa_chain_get_expiry_s (const AlexaChain *self);

guint alexa_chain_get_size (const AlexaChain *self);

/**
 * AlexaCertificate:
 * @subject: whom it is of
 * @issuer: who signed it
 * @names: subject alternative names, "DNS:…, …"; empty if there are none
 * @usage: what its key is for, "digitalSignature, …"; empty if that is not said
 * @is_authority: it may sign certificates
 * @key: kind and size of the key
 * @from_s: valid from this Unix time, s
 * @to_s: to this one, s, inclusively
 * @fingerprint: SHA-256, in hexadecimal with colons
 *
 * What there is to be told of a certificate.
 */
typedef struct
{
  char *subject; /* (owned) */
  char *issuer;  /* (owned) */
  char *names;   /* (owned) */
  char *usage;   /* (owned) */
  char *key;     /* (owned) */
  gboolean is_authority;
  gint64 from_s;
  gint64 to_s;
  char *fingerprint; /* (owned) */
} AlexaCertificate;

/* (transfer full): the certificate at @index, 0 for the leaf. */
AlexaCertificate *alexa_chain_describe (const AlexaChain *self, guint index);
void alexa_certificate_free (AlexaCertificate *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaCertificate, alexa_certificate_free)

/* (transfer full): @time_s, Unix time, as "2026-11-22 08:00:00 UTC". */
char *alexa_chain_format_time (gint64 time_s);

G_END_DECLS
