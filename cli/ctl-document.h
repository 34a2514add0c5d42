/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "ctl-context.h"

G_BEGIN_DECLS

/* The bytes of the file @name ("-": standard input); NULL after a complaint, with the exit status
 * in @status. (transfer full) */
GBytes *ctl_document_read (CtlContext *self, const char *name, int *status);

G_END_DECLS
