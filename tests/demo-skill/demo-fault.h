/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * DemoFault:
 *
 * One way to misbehave, described by a JSON object:
 *
 * - "fault": its name, see demo_fault_names()
 * - "on": type of the requests or name of the intents it spoils; absent: of any
 * - "count": how many of them (default 1; 0 = all)
 * - "delay_ms": wait before the answer (any fault; "late" has 10000 if absent)
 * - "status": HTTP status (fault "status", default 500; "answer", "body", default 200)
 * - "content_type": the Content-Type header (faults "status", "answer", "body")
 * - "answer": the document to send (fault "answer")
 * - "body": the text to send (faults "body", "status")
 */
typedef struct
{
  char *name; /* (owned) */
  char *on;   /* (owned) (nullable) */
  guint left; /* how many times more; 0 = for ever */
  guint delay_ms;
  guint status;
  JsonObject *answer; /* (owned) (nullable) */
  char *body;         /* (owned) (nullable) */
  char *content_type; /* (owned) (nullable) */
} DemoFault;

/**
 * DemoReply:
 *
 * What goes out on the wire. @cut: the connection breaks after half of the body.
 */
typedef struct
{
  char *body;         /* (owned) */
  char *content_type; /* (owned) (nullable): JSON */
  guint status;
  guint delay_ms;
  gboolean cut;
} DemoReply;

DemoFault *demo_fault_new (JsonObject *description, GError **error);
/* From the command line: a JSON object, or "NAME" or "NAME@ON". */
DemoFault *demo_fault_new_parse (const char *text, GError **error);
DemoFault *demo_fault_copy (const DemoFault *self);
void demo_fault_free (DemoFault *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoFault, demo_fault_free)

/* All names, separated by ", ". */
char *demo_fault_names (void);
/* Whether the request @type (intent @intent, or NULL) is to be spoiled. */
gboolean demo_fault_matches (const DemoFault *self, const char *type, const char *intent);
/* The spoilt reply in place of the good @answer, which may be changed. @self may be NULL. */
DemoReply *demo_fault_apply (const DemoFault *self, JsonObject *answer);

void demo_reply_free (DemoReply *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoReply, demo_reply_free)

G_END_DECLS
