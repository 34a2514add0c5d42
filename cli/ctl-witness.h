/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "ctl-context.h"

G_BEGIN_DECLS

/**
 * CtlWitness:
 *
 * Hears what the daemon says of an answer while a call waits for it: what was refused, and what was
 * found fault with.
 */
typedef struct _CtlWitness CtlWitness;

CtlWitness *ctl_witness_new (BusGenSegue1Conversation *conversation);
void ctl_witness_free (CtlWitness *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (CtlWitness, ctl_witness_free)

/**
 * ctl_witness_tell:
 * @request_id: what the call gave
 *
 * Says on standard error what was heard of @request_id: warnings and errors, and refused directives.
 * The daemon sends these signals before its reply, so they are all there.
 *
 * Returns: how many AudioPlayer directives were refused
 */
guint ctl_witness_tell (CtlWitness *self, const CtlContext *context, const char *request_id);

/* (transfer full) (nullable): the document of CanFulfillAnswered that was heard of @request_id; call
 * ctl_witness_tell() first. */
char *ctl_witness_get_can_fulfill (CtlWitness *self, const char *request_id);

G_END_DECLS
