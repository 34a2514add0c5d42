/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa/alexa-signer.h"
#include "daemon-config.h"

G_BEGIN_DECLS

/**
 * DaemonSigning:
 *
 * How this daemon signs requests: the key, the chain and its URL of the group [signing].
 */
typedef struct _DaemonSigning DaemonSigning;

/**
 * daemon_signing_new:
 * @signer: (transfer full)
 * @chain_url: for SignatureCertChainUrl
 * @with_sha1: whether the old header Signature is wanted, too
 */
DaemonSigning *daemon_signing_new (AlexaSigner *signer, const char *chain_url, gboolean with_sha1);
void daemon_signing_free (DaemonSigning *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonSigning, daemon_signing_free)

/**
 * daemon_signing_load:
 * @problems: (element-type GError): takes what is wrong with key or chain (#DAEMON_CONFIG_ERROR)
 *
 * Reads the files that the group [signing] names and tries them out. A warning is logged if the chain
 * has less than 14 days left.
 *
 * Returns: (transfer full) (nullable): %NULL if nothing is to be signed, or if there was a problem
 */
DaemonSigning *daemon_signing_load (const DaemonConfig *config, GPtrArray *problems);

/**
 * daemon_signing_check:
 * @problems: as for daemon_signing_load()
 *
 * The same for those who only want to know. Credentials are passed over where there are none: only
 * systemd knows where they will be.
 */
void daemon_signing_check (const DaemonConfig *config, GPtrArray *problems);

/**
 * daemon_signing_sign:
 * @body: the exact bytes that are sent
 * @error: #AlexaSignerError
 *
 * Signs at this moment. A warning is logged, once, when the chain has come to have less than 14 days
 * left.
 *
 * Returns: (transfer full)
 */
AlexaSignature *
daemon_signing_sign (DaemonSigning *self, GBytes *body, GError **error) G_GNUC_WARN_UNUSED_RESULT;

const char *daemon_signing_get_chain_url (const DaemonSigning *self);

G_END_DECLS
