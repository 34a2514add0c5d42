/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-commands.h"

gboolean
ctl_take_options (CtlContext *self, const GOptionEntry *entries, int *argc, char ***argv)
{
  /* GOption wants the name of a program first: it stands just before the arguments */
  int n = *argc + 1;
  char **all = *argv - 1;
  g_autoptr (GOptionContext) context = g_option_context_new (NULL);
  g_option_context_set_help_enabled (context, FALSE);
  g_option_context_add_main_entries (context, entries, NULL);
  g_autoptr (GError) error = NULL;
  if (!g_option_context_parse (context, &n, &all, &error))
    {
      ctl_usage (self, "%s", error->message);
      return FALSE;
    }
  gboolean separator = n > 1 && g_strcmp0 (all[1], "--") == 0;
  *argc = n - (separator ? 2 : 1);
  *argv = all + (separator ? 2 : 1);
  return TRUE;
}
