/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* So many progressive responses may be sent for one request. */
#define DAEMON_DIRECTIVE_MAX_PER_REQUEST 5

/**
 * DaemonDirectiveGrant:
 *
 * The leave of one skill to send directives as long as one request to it is pending.
 */
typedef struct
{
  char *token;         /* (owned) */
  char *skill;         /* (owned) */
  char *request_id;    /* (owned) */
  gboolean http_media; /* recordings over plain http are taken */
  guint n_used;        /* directives taken so far */
} DaemonDirectiveGrant;

/**
 * DaemonDirectiveGrants:
 *
 * All leaves that are in force.
 */
typedef struct _DaemonDirectiveGrants DaemonDirectiveGrants;

DaemonDirectiveGrants *daemon_directive_grants_new (void);
void daemon_directive_grants_free (DaemonDirectiveGrants *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonDirectiveGrants, daemon_directive_grants_free)

/* (transfer none): the token, made at random, by which @skill may speak from now on for the request
 * of @request_id; one that was there for this request is void. */
const char *daemon_directive_grants_add (DaemonDirectiveGrants *self,
                                         const char *skill,
                                         const char *request_id,
                                         gboolean http_media);

/* Nothing may be sent for that request any more; safe for one that is not known. */
void daemon_directive_grants_remove (DaemonDirectiveGrants *self, const char *request_id);

/* (nullable) (transfer none): found in a time that does not tell how much of @token is right. */
DaemonDirectiveGrant *daemon_directive_grants_find (DaemonDirectiveGrants *self, const char *token);

/* Whether both are the same, in a time that tells nothing but the length. */
gboolean daemon_directive_token_equal (const char *a, const char *b);

G_END_DECLS
