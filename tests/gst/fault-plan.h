/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* What a FaultServer does with one request: the query's "fault=" list, read for the @nth request of
 * the URL. */
typedef struct
{
  gboolean no_range;
  gboolean no_validators;
  gboolean no_length;
  gboolean chunked;
  gboolean refuse;
  gboolean hang;
  guint late_ms; /* before the answer */
  gboolean endless_headers;
  gboolean endless_fast;
  gboolean redirect_loop;
  gboolean redirect_relative;
  gboolean redirect_to_hang;
  gboolean reset;      /* break off by RST */
  gint64 break_at;     /* bytes of the body, -1 = never */
  gint64 stall_at;     /* bytes of the body, -1 = never */
  guint stall_ms;      /* then closes */
  guint64 bytes_per_s; /* 0 = as fast as can be */
  gint64 extra_length; /* < 0: announces less than there is */
  gint64 broadcast; /* bytes that each connection gets, from where the last one ended; 0 = none */
  gboolean untold;  /* that it is a broadcast */
  gint64 header_bytes; /* of a header that nobody needs */
  guint redirects;
  char *redirect_scheme; /* (owned) (nullable) */
  char *redirect_host;   /* (owned) (nullable) */
  char *encoding;        /* (owned) (nullable) */
  guint status;          /* 0 = as the request deserves */
  gint retry_after_s;    /* -1 = does not say */
  guint etag;            /* its number */
  guint extra_bytes;
} FaultPlan;

void fault_plan_parse (FaultPlan *self, const char *query, guint nth);
void fault_plan_clear (FaultPlan *self);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (FaultPlan, fault_plan_clear)

G_END_DECLS
