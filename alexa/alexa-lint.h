/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  ALEXA_SEVERITY_INFO,    /* works, but differs from the documentation */
  ALEXA_SEVERITY_WARNING, /* the Alexa service or some devices treat it differently */
  ALEXA_SEVERITY_ERROR,   /* the Alexa service refuses the whole answer */
} AlexaSeverity;

/* "info", "warning", "error" */
const char *alexa_severity_to_string (AlexaSeverity severity);

/**
 * AlexaFinding:
 * @id: stable, kebab-case, e.g. "play-token-missing"
 * @path: JSON path of the fault, e.g. "response.directives[0].audioItem.stream.token"
 * @message: one sentence
 * @rule: where the rule comes from, e.g. "Request and Response JSON Reference, Response format"
 *
 * Something in an answer that differs from what the protocol asks for.
 */
typedef struct
{
  const char *id; /* static */
  AlexaSeverity severity;
  char *path;       /* (owned) */
  char *message;    /* (owned) */
  const char *rule; /* static */
} AlexaFinding;

void alexa_finding_free (AlexaFinding *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (AlexaFinding, alexa_finding_free)

G_END_DECLS
