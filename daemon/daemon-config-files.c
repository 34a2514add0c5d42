/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-config-files.h"

#include "daemon-config-text.h"
#include "daemon-config.h"

#include <string.h>

static gint
compare_names (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

static void
add_if_there (GPtrArray *files, char *path)
{
  /* A file that is there but cannot be read must not be passed over: reading it will tell. */
  if (g_file_test (path, G_FILE_TEST_EXISTS))
    g_ptr_array_add (files, path);
  else
    g_free (path);
}

GPtrArray *
daemon_config_files_list (const char *vendor, const char *folder)
{
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  add_if_there (files, g_strdup (vendor));
  add_if_there (files, g_build_filename (folder, "segue.conf", NULL));

  g_autofree char *drop_in_folder = g_build_filename (folder, "segue.conf.d", NULL);
  g_autoptr (GDir) dir = g_dir_open (drop_in_folder, 0, NULL);
  if (dir == NULL)
    return g_steal_pointer (&files);

  g_autoptr (GPtrArray) names = g_ptr_array_new_with_free_func (g_free);
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    if (g_str_has_suffix (name, ".conf") && name[0] != '.')
      g_ptr_array_add (names, g_strdup (name));
  g_ptr_array_sort (names, compare_names);
  for (guint i = 0; i < names->len; i++)
    g_ptr_array_add (files, g_build_filename (drop_in_folder, g_ptr_array_index (names, i), NULL));
  return g_steal_pointer (&files);
}

/* (nullable): what keeps @path from being used. */
static char *
find_fault (const char *path, gboolean is_certificate)
{
  g_autofree char *text = NULL;
  gsize length = 0;
  g_autoptr (GError) error = NULL;

  if (!g_file_get_contents (path, &text, &length, &error))
    return g_strdup (error->message);
  if (is_certificate && g_strstr_len (text, length, "-----BEGIN CERTIFICATE-----") == NULL)
    return g_strdup_printf ("no certificate in %s; allowed: a PEM file", path);
  if (!is_certificate && g_strstrip (text)[0] == '\0')
    return g_strdup_printf ("%s is empty; allowed: a file that holds the token alone", path);
  return NULL;
}

/* @group: e.g. "skill radio" */
static void
check_file (const DaemonConfig *self,
            const char *group,
            const char *key,
            const char *path,
            GPtrArray *problems)
{
  /* A credential outside the service: only systemd knows where it will be. */
  if (path == NULL || daemon_config_is_credential (path))
    return;

  g_autofree char *fault = find_fault (path, g_str_equal (key, "ca-file"));
  if (fault == NULL)
    return;

  g_autofree char *id = g_strdup_printf ("%s\n%s", group, key);
  const char *origin = g_hash_table_lookup (self->origins, id);
  daemon_config_text_problem (problems, DAEMON_CONFIG_ERROR_READ,
                              origin != NULL ? origin : "configuration", 0, group, key, "%s",
                              fault);
}

void
daemon_config_check_files (const DaemonConfig *self, GPtrArray *problems)
{
  check_file (self, "device", "person-access-token-file", self->person_access_token_path, problems);
  for (guint i = 0; i < self->skills->len; i++)
    {
      const DaemonSkillConfig *skill = g_ptr_array_index (self->skills, i);
      g_autofree char *group = g_strdup_printf ("skill %s", skill->name);
      check_file (self, group, "ca-file", skill->ca_file, problems);
      check_file (self, group, "access-token-file", skill->access_token_path, problems);
    }
  for (guint i = 0; i < self->music->len; i++)
    {
      const DaemonMusicConfig *music = g_ptr_array_index (self->music, i);
      g_autofree char *group = g_strdup_printf ("music %s", music->name);
      check_file (self, group, "ca-file", music->ca_file, problems);
      check_file (self, group, "access-token-file", music->access_token_path, problems);
    }
}
