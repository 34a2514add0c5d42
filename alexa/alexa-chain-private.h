/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa-chain.h"
#include "alexa-openssl-private.h"

G_BEGIN_DECLS

/* Verifiers take no shorter RSA key. */
#define ALEXA_CHAIN_MIN_KEY_BITS 2048

struct _AlexaChain
{
  GPtrArray *certificates; /* (owned) (element-type X509): never empty, leaf first */
};

/* (transfer none) */
X509 *alexa_chain_get (const AlexaChain *self, guint index);

/* (transfer full): "certificate 1 (CN = …)", for messages. */
char *alexa_chain_name (const AlexaChain *self, guint index);

/* Unix time of @time. FALSE if it is none. */
gboolean alexa_chain_time_to_unix (const ASN1_TIME *time, gint64 *unix_s);

G_END_DECLS
