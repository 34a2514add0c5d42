/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "fault-plan.h"

#include <string.h>

static void
apply_body (FaultPlan *self, const char *name, gint64 first, gint64 second, guint nth)
{
  if (g_str_equal (name, "drop") || (g_str_equal (name, "droponce") && nth == 0))
    self->break_at = first;
  if (g_str_equal (name, "reset") || (g_str_equal (name, "resetonce") && nth == 0))
    {
      self->break_at = first;
      self->reset = TRUE;
    }
  if (g_str_equal (name, "stallalways") || (g_str_equal (name, "stall") && nth == 0))
    {
      self->stall_at = first;
      self->stall_ms = second;
    }
  if (g_str_equal (name, "slow"))
    self->bytes_per_s = first;
  if (g_str_equal (name, "long"))
    self->extra_length = first;
  if (g_str_equal (name, "short"))
    self->extra_length = -first;
  if (g_str_equal (name, "broadcast") || g_str_equal (name, "radio"))
    self->broadcast = first;
  if (g_str_equal (name, "radio"))
    self->untold = TRUE;
  if (g_str_equal (name, "grow"))
    {
      self->extra_bytes = 10 * nth;
      self->no_validators = TRUE;
    }
  if (g_str_equal (name, "retryafter"))
    self->retry_after_s = (gint)first;
  if (g_str_equal (name, "status") || (g_str_equal (name, "statusonce") && nth == 0)
      || (g_str_equal (name, "statusafter") && nth > 0))
    self->status = first;
}

static void
apply_redirect (FaultPlan *self, const char *name, const char *argument)
{
  if (g_str_equal (name, "redirloop"))
    self->redirect_loop = TRUE;
  if (g_str_equal (name, "redirect"))
    self->redirects = (guint)g_ascii_strtoull (argument, NULL, 10);
  if (g_str_equal (name, "redirrel"))
    self->redirect_relative = TRUE;
  if (g_str_equal (name, "redirhang"))
    self->redirect_to_hang = TRUE;
  if (g_str_equal (name, "redirhost") && self->redirect_host == NULL)
    self->redirect_host = g_strdup (argument);
  if (g_str_equal (name, "redirto") && self->redirect_scheme == NULL)
    self->redirect_scheme = g_strdup (argument);
}

static void
apply (FaultPlan *self, const char *name, const char *argument, gint64 second, guint nth)
{
  gint64 first = argument != NULL ? g_ascii_strtoll (argument, NULL, 10) : 0;

  apply_body (self, name, first, second, nth);
  if (g_str_equal (name, "norange"))
    self->no_range = TRUE;
  if (g_str_equal (name, "noetag"))
    self->no_validators = TRUE;
  if (g_str_equal (name, "nolength"))
    self->no_length = TRUE;
  if (g_str_equal (name, "chunked"))
    self->chunked = TRUE;
  if (g_str_equal (name, "refuse"))
    self->refuse = TRUE;
  if (g_str_equal (name, "refusefrom"))
    self->refuse |= nth >= first && nth < second;
  if (g_str_equal (name, "hang"))
    self->hang = TRUE;
  if (g_str_equal (name, "headers"))
    self->endless_headers = TRUE;
  if (g_str_equal (name, "fastheaders"))
    self->endless_fast = TRUE;
  if (g_str_equal (name, "bigheader"))
    self->header_bytes = first;
  if (g_str_equal (name, "encoding") && self->encoding == NULL)
    self->encoding = g_strdup (argument);
  apply_redirect (self, name, argument);
  if (g_str_equal (name, "etag"))
    self->etag = nth;
  if (g_str_equal (name, "etagis"))
    self->etag = (guint)first;
  if (g_str_equal (name, "etagfrom"))
    self->etag = nth >= first;
  if (g_str_equal (name, "late") && nth >= first)
    self->late_ms = (guint)second;
}

void
fault_plan_parse (FaultPlan *self, const char *query, guint nth)
{
  *self = (FaultPlan){ .break_at = -1, .stall_at = -1, .retry_after_s = -1 };

  g_auto (GStrv) members = g_strsplit (query != NULL ? query : "", "&", -1);
  for (guint i = 0; members[i] != NULL; i++)
    {
      if (!g_str_has_prefix (members[i], "fault="))
        continue;
      g_auto (GStrv) faults = g_strsplit (members[i] + strlen ("fault="), ",", -1);
      for (guint j = 0; faults[j] != NULL; j++)
        {
          g_auto (GStrv) words = g_strsplit (faults[j], ":", 3);
          guint n = g_strv_length (words);
          if (n > 0)
            apply (self, words[0], n > 1 ? words[1] : NULL,
                   n > 2 ? g_ascii_strtoll (words[2], NULL, 10) : 0, nth);
        }
    }
}

void
fault_plan_clear (FaultPlan *self)
{
  g_clear_pointer (&self->redirect_scheme, g_free);
  g_clear_pointer (&self->redirect_host, g_free);
  g_clear_pointer (&self->encoding, g_free);
}
