/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The installed segue.conf says of each key what is true. */
#include "daemon/daemon-config-key.h"
#include "daemon/daemon-config.h"

#include <glib/gstdio.h>
#include <string.h>

static char *
read_vendor_file (void)
{
  g_autofree char *path = g_test_build_filename (G_TEST_DIST, "..", "daemon", "segue.conf", NULL);
  char *text = NULL;

  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return text;
}

static DaemonConfig *
parse_text (const char *text)
{
  g_autofree char *path = NULL;
  g_autoptr (GError) error = NULL;
  int fd = g_file_open_tmp ("segue-vendor-XXXXXX", &path, &error);

  g_assert_no_error (error);
  g_assert_true (g_close (fd, NULL));
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  DaemonConfig *config = daemon_config_load (path, FALSE, &error);
  g_unlink (path);
  g_assert_no_error (error);
  g_hash_table_remove_all (config->origins); /* only values are of interest */
  return config;
}

static void
test_as_it_is (void)
{
  g_autofree char *text = read_vendor_file ();
  g_autoptr (DaemonConfig) config = parse_text (text);
  g_autoptr (DaemonConfig) defaults = daemon_config_new_default ();
  g_autofree char *printed = daemon_config_to_string (config);
  g_autofree char *expected = daemon_config_to_string (defaults);

  g_assert_cmpstr (printed, ==, expected);
}

/* With the comment signs taken away it changes nothing but for the services of the examples. */
static void
test_values (void)
{
  g_autofree char *text = read_vendor_file ();
  g_autofree char *plain = NULL;
  g_autoptr (GRegex) id = g_regex_new ("^#id =$", G_REGEX_MULTILINE, 0, NULL);
  g_autoptr (GRegex) sign = g_regex_new ("^#(?=[a-z[])", G_REGEX_MULTILINE, 0, NULL);

  plain = g_regex_replace_literal (sign, text, -1, 0, "", 0, NULL);
  g_assert_true (g_regex_match (id, text, 0, NULL));
  g_autoptr (DaemonConfig) config = parse_text (plain);
  g_assert_cmpuint (config->skills->len, ==, 1);
  const DaemonSkillConfig *skill = g_ptr_array_index (config->skills, 0);
  g_autoptr (DaemonSkillConfig) fresh = daemon_skill_config_new (skill->name, skill->endpoint);
  g_assert_cmpstr (skill->application_id, ==, fresh->application_id);
  g_assert_cmpint (skill->conformance, ==, fresh->conformance);
  g_assert_cmpint (skill->sign, ==, fresh->sign);

  g_assert_cmpuint (config->music->len, ==, 1);
  const DaemonMusicConfig *music = g_ptr_array_index (config->music, 0);
  g_autoptr (DaemonMusicConfig) plain_music
      = daemon_music_config_new (music->name, music->endpoint);
  g_assert_null (music->user_id);
  g_assert_null (music->locale);
  g_assert_cmpint (music->http_media, ==, plain_music->http_media);
  g_assert_cmpuint (music->forget_hours, ==, plain_music->forget_hours);

  g_ptr_array_set_size (config->skills, 0);
  g_ptr_array_set_size (config->music, 0);
  g_autoptr (DaemonConfig) defaults = daemon_config_new_default ();
  g_autofree char *printed = daemon_config_to_string (config);
  g_autofree char *expected = daemon_config_to_string (defaults);
  g_assert_cmpstr (printed, ==, expected);
}

static void
test_names_every_key (void)
{
  g_autofree char *text = read_vendor_file ();
  gsize n_keys = 0;
  const DaemonConfigKey *keys = daemon_config_key_table (&n_keys);

  for (gsize i = 0; i < n_keys; i++)
    {
      g_autofree char *line = g_strdup_printf ("\n#%s =", keys[i].key);
      g_test_message ("%s", keys[i].key);
      g_assert_nonnull (strstr (text, line));
    }
}

/* A damaged file gives complaints or a configuration, never anything else. */
static void
test_damaged (void)
{
  g_autofree char *text = read_vendor_file ();
  gsize length = strlen (text);
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  g_autoptr (GPtrArray) files = g_ptr_array_new_with_free_func (g_free);
  g_autofree char *path = NULL;
  int fd = g_file_open_tmp ("segue-damaged-XXXXXX", &path, NULL);

  g_assert_true (g_close (fd, NULL));
  g_ptr_array_add (files, g_strdup (path));
  for (guint round = 0; round < 500; round++)
    {
      g_autofree char *damaged = g_memdup2 (text, length);
      for (guint i = 0; i < 20; i++)
        damaged[g_test_rand_int_range (0, length)]
            = "[]=#\\\n\r\t a\xff\0x"[g_test_rand_int_range (0, 13)];
      g_assert_true (g_file_set_contents (path, damaged, length, NULL));

      g_ptr_array_set_size (problems, 0);
      g_autoptr (DaemonConfig) config = daemon_config_parse_files (files, problems);
      g_assert_cmpint (config == NULL, ==, problems->len > 0);
    }
  g_unlink (path);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/vendor-config/as-it-is", test_as_it_is);
  g_test_add_func ("/vendor-config/values", test_values);
  g_test_add_func ("/vendor-config/names-every-key", test_names_every_key);
  g_test_add_func ("/vendor-config/damaged", test_damaged);
  return g_test_run ();
}
