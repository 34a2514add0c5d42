/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon/daemon-config.h"
#include "fuzz.h"

#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* (nullable): what @text says, as a file; @problems takes what is wrong. */
static DaemonConfig *
parse (const char *text, gsize size, GPtrArray *problems)
{
  int fd = memfd_create ("segue.conf", MFD_CLOEXEC);
  g_assert_true (fd >= 0);
  g_assert_true (write (fd, text, size) == (gssize)size);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_ptr_array_add (files, g_strdup_printf ("/proc/self/fd/%d", fd));
  DaemonConfig *config = daemon_config_parse_files (files, problems);
  close (fd);
  return config;
}

/* (transfer full): @config in writing, without the remarks where each value comes from */
static char *
write_config (const DaemonConfig *config)
{
  g_autofree char *text = daemon_config_to_string (config);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GString) out = g_string_new (NULL);
  for (guint i = 0; lines[i] != NULL; i++)
    if (lines[i][0] != '#')
      g_string_append_printf (out, "%s\n", lines[i]);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* A configuration file. What it says, written and read again, says the same. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  g_autoptr (DaemonConfig) config = parse ((const char *)data, size, problems);
  g_assert_true ((config == NULL) == (problems->len > 0));
  for (guint i = 0; i < problems->len; i++)
    {
      const GError *problem = g_ptr_array_index (problems, i);
      g_assert_true (problem->domain == DAEMON_CONFIG_ERROR);
      g_assert_true (g_utf8_validate (problem->message, -1, NULL));
    }
  if (config == NULL)
    return 0;
  g_autofree char *written = write_config (config);
  /* Queries of URLs are not written. */
  if (strstr (written, "?\xe2\x80\xa6") != NULL)
    return 0;
  g_autoptr (DaemonConfig) again = parse (written, strlen (written), problems);
  g_assert_true (again != NULL);
  g_autofree char *rewritten = write_config (again);
  g_assert_cmpstr (rewritten, ==, written);
  return 0;
}
