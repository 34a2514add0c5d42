/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* All files of a set come into being, or none. */

#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "ctl-file-set.h"

typedef struct
{
  char *folder; /* (owned) */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  f->folder = g_dir_make_tmp ("segue-file-set-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
remove_all (const char *folder)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      if (g_file_test (path, G_FILE_TEST_IS_DIR))
        remove_all (path);
      else
        g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (folder), ==, 0);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  remove_all (f->folder);
  g_free (f->folder);
}

static CtlFileSet *
make_set (const char *text)
{
  g_autoptr (GBytes) bytes = g_bytes_new (text, strlen (text));
  CtlFileSet *set = ctl_file_set_new ();
  ctl_file_set_add (set, "a", bytes, 0644);
  ctl_file_set_add (set, "b", bytes, 0600);
  ctl_file_set_add (set, "c", bytes, 0644);
  return set;
}

static gint
compare (gconstpointer a, gconstpointer b)
{
  return strcmp (*(const char *const *)a, *(const char *const *)b);
}

/* The names in the folder, hidden ones too, each with what is in it. */
static void
assert_holds (const char *folder, const char *expected)
{
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (g_free);
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      g_autofree char *text = NULL;
      gboolean is_file = g_file_get_contents (path, &text, NULL, NULL);
      g_ptr_array_add (all, g_strdup_printf ("%s=%s", name, is_file ? text : "folder"));
    }
  g_ptr_array_sort (all, compare);
  g_ptr_array_add (all, NULL);
  g_autofree char *found = g_strjoinv (" ", (char **)all->pdata);
  g_assert_cmpstr (found, ==, expected);
}

static int
mode_of (const char *folder, const char *name)
{
  struct stat info;
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  return info.st_mode & 07777;
}

/* Whatever the umask is, and in folders that are not there yet. */
static void
test_new (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CtlFileSet) set = make_set ("1");
  g_autofree char *folder = g_build_filename (f->folder, "x", "y", NULL);
  mode_t before = umask (077);
  gboolean written = ctl_file_set_write (set, folder, FALSE, &error);
  umask (before);
  g_assert_no_error (error);
  g_assert_true (written);
  assert_holds (folder, "a=1 b=1 c=1");
  g_assert_cmpint (mode_of (folder, "a"), ==, 0644);
  g_assert_cmpint (mode_of (folder, "b"), ==, 0600);
}

/* One that is there already is enough to leave all as it is. */
static void
test_existing (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CtlFileSet) set = make_set ("1");
  g_autofree char *last = g_build_filename (f->folder, "c", NULL);
  g_assert_true (g_file_set_contents (last, "0", -1, NULL));
  g_assert_false (ctl_file_set_write (set, f->folder, FALSE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_EXISTS);
  g_assert_nonnull (strstr (error->message, last));
  assert_holds (f->folder, "c=0");
}

static void
test_replace (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CtlFileSet) old = make_set ("1");
  g_autoptr (CtlFileSet) new = make_set ("2");
  g_autofree char *first = g_build_filename (f->folder, "a", NULL);
  g_assert_true (ctl_file_set_write (old, f->folder, TRUE, &error));
  g_assert_cmpint (g_unlink (first), ==, 0);
  g_assert_true (ctl_file_set_write (new, f->folder, TRUE, &error));
  g_assert_no_error (error);
  assert_holds (f->folder, "a=2 b=2 c=2");
}

/* The last file has no place: what stood there before the others stands there again, and what did not
 * is gone. */
static void
test_failure (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CtlFileSet) set = make_set ("2");
  g_autofree char *first = g_build_filename (f->folder, "a", NULL);
  g_autofree char *last = g_build_filename (f->folder, "c", NULL);
  g_assert_true (g_file_set_contents (first, "1", -1, NULL));
  g_assert_cmpint (g_mkdir (last, 0700), ==, 0);
  g_assert_false (ctl_file_set_write (set, f->folder, TRUE, &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_IS_DIRECTORY);
  assert_holds (f->folder, "a=1 c=folder");
}

static void
test_no_folder (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (CtlFileSet) set = make_set ("1");
  g_autofree char *file = g_build_filename (f->folder, "file", NULL);
  g_autofree char *below = g_build_filename (file, "folder", NULL);
  g_assert_true (g_file_set_contents (file, "0", -1, NULL));
  g_assert_false (ctl_file_set_write (set, below, FALSE, &error));
  g_assert_nonnull (error);
  g_assert_nonnull (strstr (error->message, below));
  assert_holds (f->folder, "file=0");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func) g_test_add ("/file-set/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("new", test_new);
  ADD ("existing", test_existing);
  ADD ("replace", test_replace);
  ADD ("failure", test_failure);
  ADD ("no-folder", test_no_folder);
#undef ADD
  return g_test_run ();
}
