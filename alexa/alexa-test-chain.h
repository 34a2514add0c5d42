/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * AlexaTestChain:
 * @ca: certificate of the authority, PEM
 * @key: private key of the leaf, PEM, RSA of 2048 bit, without passphrase
 * @chain: leaf and authority, PEM
 *
 * What it takes to sign requests in tests: a key for echo-api.amazon.com, certified by an authority
 * of its own. The key of the authority is forgotten, so that nothing else can be certified by it.
 */
typedef struct
{
  GBytes *ca;    /* (owned) */
  GBytes *key;   /* (owned) */
  GBytes *chain; /* (owned) */
} AlexaTestChain;

/**
 * alexa_test_chain_new:
 * @from_s: valid from this Unix time, s
 * @to_s: to this one, s, inclusively
 * @error: %ALEXA_SIGNER_ERROR_SIGN
 *
 * Makes an AlexaTestChain of the form that the verifiers of the public skill libraries want: SHA-256,
 * one subject alternative name, key usage and extended key usage, basic constraints.
 */
AlexaTestChain *
alexa_test_chain_new (gint64 from_s, gint64 to_s, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void alexa_test_chain_free (AlexaTestChain *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaTestChain, alexa_test_chain_free)

G_END_DECLS
