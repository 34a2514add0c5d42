/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* "seguectl signing" as a process; there is no bus. */

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sys/stat.h>
#include <sysexits.h>

#include "alexa/alexa-chain.h"
#include "alexa/alexa-signer.h"

typedef struct
{
  const char *seguectl;
  char *home;   /* (owned) folder of the configuration */
  char *folder; /* (owned) in it, where keys go */
  char *out;    /* (owned) (nullable) what was printed */
  char *err;    /* (owned) (nullable) */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  f->seguectl = data;
  f->home = g_dir_make_tmp ("segue-signing-XXXXXX", &error);
  g_assert_no_error (error);
  f->folder = g_build_filename (f->home, "segue", "signing", NULL);
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
  remove_all (f->home);
  g_free (f->home);
  g_free (f->folder);
  g_free (f->out);
  g_free (f->err);
}

/* Exit status of "seguectl WORDS", where @ stands for the folder; what it prints is in the fixture. */
static int
run (Fixture *f, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GString) line = g_string_new (words);
  g_string_replace (line, "@", f->folder, 0);
  g_string_prepend (line, " ");
  g_string_prepend (line, f->seguectl);
  g_auto (GStrv) argv = g_strsplit (line->str, " ", -1);
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere", TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_CONFIG_HOME", f->home, TRUE);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  g_autoptr (GSubprocess) process
      = g_subprocess_launcher_spawnv (launcher, (const char *const *)argv, &error);
  g_assert_no_error (error);
  g_clear_pointer (&f->out, g_free);
  g_clear_pointer (&f->err, g_free);
  g_assert_true (g_subprocess_communicate_utf8 (process, NULL, NULL, &f->out, &f->err, &error));
  g_assert_true (g_subprocess_get_if_exited (process));
  g_test_message ("%s: %s%s", words, f->out, f->err);
  return g_subprocess_get_exit_status (process);
}

static GBytes *
read_bytes (Fixture *f, const char *name)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  gsize size = 0;
  g_file_get_contents (path, &text, &size, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (text, size);
}

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* The files as the signer takes them; the key is nobody else's business. */
static gint64
check_files (Fixture *f)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) key = read_bytes (f, "key.pem");
  g_autoptr (GBytes) chain = read_bytes (f, "chain.pem");
  g_autoptr (AlexaSigner) signer = alexa_signer_new (key, chain, now_s (), &error);
  g_assert_no_error (error);
  g_autofree char *path = g_build_filename (f->folder, "key.pem", NULL);
  struct stat info;
  g_assert_cmpint (g_stat (path, &info), ==, 0);
  g_assert_cmpint (info.st_mode & 0777, ==, 0600);
  return alexa_signer_get_expiry_s (signer);
}

/* Whether @text holds @words, in which @ stands for the folder. */
static gboolean
says (Fixture *f, const char *text, const char *words)
{
  g_autoptr (GString) whole = g_string_new (words);
  g_string_replace (whole, "@", f->folder, 0);
  return strstr (text, whole->str) != NULL;
}

/* Without options: beside segue.conf, for a year; what is printed is what the daemon reads. */
static void
test_init (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (run (f, "signing init"), ==, EX_OK);
  g_assert_cmpstr (f->err, ==, "");
  g_assert_true (says (f, f->out,
                       "\n[signing]\nkey-file = @/key.pem\nchain-file = @/chain.pem\n"
                       "chain-url = https://s3.amazonaws.com/echo.api/segue-test.pem\n"));
  static const char *const words[] = { "certCache", "_cert_cache", "CERTIFICATE_CACHE", "Node",
                                       "Python",    "Java",        "seguectl(1)" };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    g_assert_nonnull (strstr (f->out, words[i]));
  gint64 left_s = check_files (f) - now_s ();
  g_assert_cmpint (left_s, >, 364 * 86400);
  g_assert_cmpint (left_s, <=, 365 * 86400 + 1);
}

static void
test_force (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (run (f, "signing init --directory @ --days 3"), ==, EX_OK);
  g_assert_cmpint (check_files (f) - now_s (), <=, 3 * 86400 + 1);
  g_autoptr (GBytes) first = read_bytes (f, "key.pem");
  g_assert_cmpint (run (f, "signing init -d @"), ==, EX_CANTCREAT);
  g_assert_cmpstr (f->out, ==, "");
  g_assert_true (says (f, f->err, "@/ca.pem: File exists"));
  g_assert_nonnull (strstr (f->err, "--force"));
  g_autoptr (GBytes) kept = read_bytes (f, "key.pem");
  g_assert_true (g_bytes_equal (first, kept));
  g_assert_cmpint (run (f, "signing init -d @ --force"), ==, EX_OK);
  g_autoptr (GBytes) second = read_bytes (f, "key.pem");
  g_assert_false (g_bytes_equal (first, second));
  check_files (f);
}

/* For the service of the system, systemd hands over what root alone can read. */
static void
test_system (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (run (f, "--system signing init -d @"), ==, EX_OK);
  g_assert_nonnull (strstr (f->out, "\nkey-file = credential:signing-key\n"
                                    "chain-file = credential:signing-chain\n"));
  g_assert_true (says (f, f->out,
                       "\n[Service]\nLoadCredential=signing-key:@/key.pem\n"
                       "LoadCredential=signing-chain:@/chain.pem\n"));
}

static void
test_json (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_assert_cmpint (run (f, "signing init -d @ --json"), ==, EX_OK);
  g_assert_true (json_parser_load_from_data (parser, f->out, -1, &error));
  JsonObject *made = json_node_get_object (json_parser_get_root (parser));
  g_assert_true (
      says (f, json_object_get_string_member (made, "configuration"), "key-file = @/key.pem\n"));
  g_assert_cmpint (json_object_get_int_member (made, "valid_to_s") + 1, ==, check_files (f));

  g_assert_cmpint (run (f, "signing show @/chain.pem --json"), ==, EX_OK);
  g_assert_true (json_parser_load_from_data (parser, f->out, -1, &error));
  JsonObject *shown = json_node_get_object (json_parser_get_root (parser));
  g_assert_true (json_object_get_boolean_member (shown, "accepted"));
  JsonArray *list = json_object_get_array_member (shown, "certificates");
  g_assert_cmpuint (json_array_get_length (list), ==, 2);
  JsonObject *leaf = json_array_get_object_element (list, 0);
  g_assert_cmpstr (json_object_get_string_member (leaf, "names"), ==, "DNS:echo-api.amazon.com");
  g_assert_false (json_object_get_boolean_member (leaf, "authority"));
}

static void
test_show (Fixture *f, gconstpointer data)
{
  g_assert_cmpint (run (f, "signing init -d @"), ==, EX_OK);
  g_assert_cmpint (run (f, "signing show @/chain.pem"), ==, EX_OK);
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) pem = read_bytes (f, "chain.pem");
  g_autoptr (AlexaChain) chain = alexa_chain_new (pem, &error);
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (AlexaCertificate) told = alexa_chain_describe (chain, i);
      g_assert_nonnull (strstr (f->out, told->subject));
      g_assert_nonnull (strstr (f->out, told->fingerprint));
    }
  g_assert_nonnull (strstr (f->out, "Verifiers accept its form."));

  g_assert_cmpint (run (f, "signing show @/ca.pem"), ==, EX_DATAERR);
  g_assert_nonnull (strstr (f->out, "Verifiers refuse this: the subject alternative name"));
  g_assert_cmpint (run (f, "signing show @/key.pem"), ==, EX_DATAERR);
  g_assert_cmpstr (f->out, ==, "");
  g_assert_nonnull (strstr (f->err, "private key"));
  g_assert_cmpint (run (f, "signing show @/nothing.pem"), ==, EX_NOINPUT);
}

static void
test_usage (Fixture *f, gconstpointer data)
{
  static const char *const lines[] = { "signing",
                                       "signing dance",
                                       "signing init now",
                                       "signing init --days 0",
                                       "signing init --days 3651",
                                       "signing init --bits 4096",
                                       "signing show",
                                       "signing show a b" };
  for (gsize i = 0; i < G_N_ELEMENTS (lines); i++)
    {
      g_assert_cmpint (run (f, lines[i]), ==, EX_USAGE);
      g_assert_true (g_str_has_prefix (f->err, "seguectl signing: "));
      g_assert_false (g_file_test (f->folder, G_FILE_TEST_EXISTS));
    }
}

/* A place that cannot be written to leaves nothing behind. */
static void
test_no_place (Fixture *f, gconstpointer data)
{
  g_autofree char *in_the_way = g_build_filename (f->home, "segue", NULL);
  g_assert_true (g_file_set_contents (in_the_way, "", 0, NULL));
  g_assert_cmpint (run (f, "signing init"), ==, EX_CANTCREAT);
  g_assert_true (says (f, f->err, "cannot make the folder @"));
  g_assert_cmpstr (f->out, ==, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
#define ADD(path, func)                                                                            \
  g_test_add ("/seguectl/signing/" path, Fixture, argv[1], set_up, func, tear_down)
  ADD ("init", test_init);
  ADD ("force", test_force);
  ADD ("system", test_system);
  ADD ("json", test_json);
  ADD ("show", test_show);
  ADD ("usage", test_usage);
  ADD ("no-place", test_no_place);
#undef ADD
  return g_test_run ();
}
