/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa/alexa-response.h"

G_BEGIN_DECLS

/**
 * CtlLint:
 * @file: as named on the command line
 * @type: what the document is taken to answer
 * @strict: whether it is judged as the service does
 * @response: (nullable): the document; %NULL if nothing can be made of it
 * @findings: (element-type AlexaFinding): all that is wrong with it
 * @fault: (nullable): for which the service refuses it
 *
 * What `seguectl lint` has found out.
 */
typedef struct
{
  const char *file;
  AlexaRequestType type;
  gboolean strict;
  AlexaResponse *response;
  GPtrArray *findings;
  const AlexaFinding *fault;
} CtlLint;

/* Whether nothing of the document takes place. */
gboolean ctl_lint_is_void (const CtlLint *self);

/* ctl-lint-print.c: on standard output */
void ctl_lint_print_text (const CtlLint *self);
void ctl_lint_print_json (const CtlLint *self);

G_END_DECLS
