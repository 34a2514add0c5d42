/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The configuration as a whole: layers, faults with file and line, the printed form. */
#include "daemon/daemon-config-files.h"
#include "daemon/daemon-config.h"

#include <glib/gstdio.h>
#include <string.h>

typedef struct
{
  char *folder;        /* (owned) */
  GPtrArray *files;    /* (owned) (element-type filename) */
  GPtrArray *problems; /* (owned) (element-type GError) */
} Fixture;

static void
set_up (Fixture *f, gconstpointer data)
{
  f->folder = g_dir_make_tmp ("segue-config-XXXXXX", NULL);
  g_assert_nonnull (f->folder);
  f->files = g_ptr_array_new_with_free_func (g_free);
  f->problems = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
}

static void
remove_tree (const char *path)
{
  GDir *dir = g_dir_open (path, 0, NULL);

  if (dir != NULL)
    {
      for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
        {
          g_autofree char *child = g_build_filename (path, name, NULL);
          remove_tree (child);
        }
      g_dir_close (dir);
    }
  g_remove (path);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  remove_tree (f->folder);
  g_free (f->folder);
  g_ptr_array_unref (f->files);
  g_ptr_array_unref (f->problems);
}

static char *
write_file (Fixture *f, const char *name, const char *text)
{
  char *path = g_build_filename (f->folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);

  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
  return path;
}

static void
add_file (Fixture *f, const char *name, const char *text)
{
  g_ptr_array_add (f->files, write_file (f, name, text));
}

static void
assert_problem (Fixture *f, guint index, int code, const char *expected)
{
  g_assert_cmpuint (f->problems->len, >, index);
  const GError *problem = g_ptr_array_index (f->problems, index);
  g_autofree char *prefix = g_strconcat (f->folder, "/", NULL);

  g_assert_true (problem->domain == DAEMON_CONFIG_ERROR);
  g_assert_true (g_str_has_prefix (problem->message, prefix));
  g_assert_cmpstr (problem->message + strlen (prefix), ==, expected);
  g_assert_cmpint (problem->code, ==, code);
}

static DaemonConfig *
parse_valid (Fixture *f)
{
  DaemonConfig *config = daemon_config_parse_files (f->files, f->problems);

  for (guint i = 0; i < f->problems->len; i++)
    g_test_message ("%s", ((GError *)g_ptr_array_index (f->problems, i))->message);
  g_assert_nonnull (config);
  g_assert_cmpuint (f->problems->len, ==, 0);
  return config;
}

static void
test_defaults (void)
{
  g_autoptr (DaemonConfig) config = daemon_config_new_default ();

  g_assert_null (config->device_id);
  g_assert_cmpstr (config->locale, ==, "en-US");
  g_assert_null (config->api_endpoint);
  g_assert_cmpstr (config->sink, ==, "auto");
  g_assert_cmpuint (config->buffer_ms, ==, 60);
  g_assert_cmpint (config->nearly_finished, ==, PLAYER_NEARLY_FINISHED_BUFFERED);
  g_assert_cmpint (config->pause_button, ==, DAEMON_PAUSE_BUTTON_REQUEST);
  g_assert_true (config->audio_context_in_events);
  g_assert_cmpint (config->interruption, ==, DAEMON_INTERRUPTION_PAUSE);
  g_assert_cmpuint (config->duck_db, ==, 18);
  g_assert_cmpstr (config->speech_command, ==, "espeak-ng -m -v %l --stdin --stdout");
  g_assert_true (config->directive_service);
  g_assert_null (config->signing_key_path);
  g_assert_true (config->signing_sha1);
  g_assert_cmpuint (config->skills->len, ==, 0);
  g_assert_cmpuint (config->files->len, ==, 0);
}

static void
test_all_keys (Fixture *f, gconstpointer data)
{
  add_file (f, "segue.conf",
            "# comment\n"
            "[device]\r\n"
            "id = SN-0001\n"
            "  locale=de-DE  \n"
            "api-endpoint = https://api.example\n"
            "[audio]\n"
            "sink = alsasink device=\"hw:0,0\"\n"
            "buffer-ms = 2000\n"
            "[player]\n"
            "nearly-finished = late\n"
            "pause-button = local\n"
            "audio-context-in-events = false\n"
            "[voice]\n"
            "interruption = duck\n"
            "duck-db = 12\n"
            "[speech]\n"
            "command =\n"
            "[directive-service]\n"
            "enabled = false\n"
            "port = 8080\n"
            "[skill radio eins]\n"
            "application-id = amzn1.ask.skill.1234\n"
            "endpoint = https://skill.example/alexa?code=1\n"
            "ca-file = /etc/ssl/my-ca.pem\n"
            "access-token-file = /run/token\n"
            "conformance = strict\n"
            "sign = false\n");
  g_autoptr (DaemonConfig) config = parse_valid (f);

  g_assert_cmpstr (config->device_id, ==, "SN-0001");
  g_assert_cmpstr (config->locale, ==, "de-DE");
  g_assert_cmpstr (config->api_endpoint, ==, "https://api.example");
  g_assert_cmpstr (config->sink, ==, "alsasink device=\"hw:0,0\"");
  g_assert_cmpuint (config->buffer_ms, ==, 2000);
  g_assert_cmpint (config->nearly_finished, ==, PLAYER_NEARLY_FINISHED_LATE);
  g_assert_cmpint (config->pause_button, ==, DAEMON_PAUSE_BUTTON_LOCAL);
  g_assert_false (config->audio_context_in_events);
  g_assert_cmpint (config->interruption, ==, DAEMON_INTERRUPTION_DUCK);
  g_assert_cmpuint (config->duck_db, ==, 12);
  g_assert_null (config->speech_command);
  g_assert_false (config->directive_service);
  g_assert_cmpuint (config->directive_service_port, ==, 8080);
  g_assert_cmpuint (config->skills->len, ==, 1);

  const DaemonSkillConfig *skill = g_ptr_array_index (config->skills, 0);
  g_assert_cmpstr (skill->name, ==, "radio eins");
  g_assert_cmpstr (skill->application_id, ==, "amzn1.ask.skill.1234");
  g_assert_cmpstr (skill->endpoint, ==, "https://skill.example/alexa?code=1");
  g_assert_cmpstr (skill->ca_file, ==, "/etc/ssl/my-ca.pem");
  g_assert_cmpstr (skill->access_token_path, ==, "/run/token");
  g_assert_cmpint (skill->conformance, ==, DAEMON_CONFORMANCE_STRICT);
  g_assert_false (skill->sign);

  /* What was taken away shows as such, or reading it again would bring the default back. */
  g_autofree char *printed = daemon_config_to_string (config);
  g_assert_nonnull (strstr (printed, "\ncommand=\n"));
}

static void
test_layers (Fixture *f, gconstpointer data)
{
  g_autofree char *vendor = write_file (f, "vendor.conf", "[audio]\nsink=vendor\nbuffer-ms=40\n");
  g_autofree char *main_file = write_file (f, "segue.conf",
                                           "[audio]\nsink=main\n[skill a]\nendpoint=https://a/\n"
                                           "ca-file=/a.pem\n");
  g_autofree char *ten = write_file (f, "segue.conf.d/10-x.conf", "[device]\nlocale=fr-FR\n");
  g_autofree char *nine = write_file (f, "segue.conf.d/09-x.conf",
                                      "[device]\nlocale=it-IT\nid=nine\n[skill a]\nca-file=\n");
  g_autofree char *other = write_file (f, "segue.conf.d/20-x.conf.bak", "garbage");
  g_autofree char *hidden = write_file (f, "segue.conf.d/.30.conf", "garbage");

  g_ptr_array_unref (f->files);
  f->files = daemon_config_files_list (vendor, f->folder);
  g_assert_cmpuint (f->files->len, ==, 4);
  g_assert_cmpstr (f->files->pdata[0], ==, vendor);
  g_assert_cmpstr (f->files->pdata[1], ==, main_file);
  g_assert_cmpstr (f->files->pdata[2], ==, nine);
  g_assert_cmpstr (f->files->pdata[3], ==, ten);

  g_autoptr (DaemonConfig) config = parse_valid (f);
  const DaemonSkillConfig *skill = g_ptr_array_index (config->skills, 0);
  g_assert_cmpstr (config->sink, ==, "main");
  g_assert_cmpuint (config->buffer_ms, ==, 40);
  g_assert_cmpstr (config->locale, ==, "fr-FR");
  g_assert_cmpstr (config->device_id, ==, "nine");
  g_assert_cmpuint (config->skills->len, ==, 1);
  g_assert_null (skill->ca_file); /* taken back by the drop-in */
  g_assert_cmpuint (config->files->len, ==, 4);
}

static void
test_faults (Fixture *f, gconstpointer data)
{
  add_file (f, "a.conf",
            "[devices]\n"
            "id=1\n"
            "[audio]\n"
            "volume=3\n"
            "buffer-ms=19\n"
            "sink=\n"
            "[player]\n"
            "nearly-finished=soon\n"
            "audio-context-in-events=maybe\n"
            "nearly-finished=late\n");
  g_assert_null (daemon_config_parse_files (f->files, f->problems));

  /* syntax comes first, then the keys in their order */
  assert_problem (
      f, 0, DAEMON_CONFIG_ERROR_SYNTAX,
      "a.conf:10: [player] nearly-finished: given twice, first in line 8; allowed: once in "
      "a file");
  assert_problem (f, 1, DAEMON_CONFIG_ERROR_UNKNOWN_GROUP,
                  "a.conf:1: [devices]: unknown group; allowed: [device], [audio], [player], "
                  "[voice], [speech], "
                  "[directive-service], [signing], "
                  "[skill NAME], [music NAME]");
  assert_problem (f, 2, DAEMON_CONFIG_ERROR_UNKNOWN_KEY,
                  "a.conf:4: [audio] volume: unknown key; allowed: sink, buffer-ms, idle-seconds, "
                  "output, snapcast-address, "
                  "snapcast-buffer-ms, replay-gain, replay-gain-preamp-db, "
                  "replay-gain-fallback-db, ca-file");
  assert_problem (
      f, 3, DAEMON_CONFIG_ERROR_VALUE,
      "a.conf:5: [audio] buffer-ms: “19” is out of range or no number; allowed: a number "
      "from 20 to 2000");
  assert_problem (f, 4, DAEMON_CONFIG_ERROR_VALUE,
                  "a.conf:6: [audio] sink: no value given; allowed: auto, or a GStreamer bin "
                  "description such as: alsasink device=hw:1");
  g_assert_cmpuint (f->problems->len, ==, 7);
  assert_problem (
      f, 5, DAEMON_CONFIG_ERROR_VALUE,
      "a.conf:8: [player] nearly-finished: unknown value “soon”; allowed: buffered, early, "
      "late");
  assert_problem (f, 6, DAEMON_CONFIG_ERROR_VALUE,
                  "a.conf:9: [player] audio-context-in-events: “maybe” is neither true nor false; "
                  "allowed: true, false");
}

static void
test_syntax (Fixture *f, gconstpointer data)
{
  add_file (f, "a.conf", "id=1\n\n[device\n[audio]\nsink auto\n=3\n");
  g_assert_null (daemon_config_parse_files (f->files, f->problems));
  g_assert_cmpuint (f->problems->len, ==, 4);
  assert_problem (f, 0, DAEMON_CONFIG_ERROR_SYNTAX,
                  "a.conf:1: the key “id” stands before the first [GROUP]");
  assert_problem (f, 1, DAEMON_CONFIG_ERROR_SYNTAX,
                  "a.conf:3: “[device” is no group; allowed: [NAME] alone on its line");
  assert_problem (f, 2, DAEMON_CONFIG_ERROR_SYNTAX,
                  "a.conf:5: not understood; allowed: [GROUP], KEY = VALUE, # comment");
}

static void
test_bad_bytes (Fixture *f, gconstpointer data)
{
  add_file (f, "latin1.conf", "[audio]\n# gr\xfc\xdf\n");
  add_file (f, "escape.conf", "[audio]\nsink=a\\q\n");
  g_assert_null (daemon_config_parse_files (f->files, f->problems));
  assert_problem (f, 0, DAEMON_CONFIG_ERROR_SYNTAX, "latin1.conf:2: not UTF-8 text");
  assert_problem (
      f, 1, DAEMON_CONFIG_ERROR_SYNTAX,
      "escape.conf:2: [audio] sink: a backslash that means nothing; allowed: \\s, \\n, \\t, "
      "\\r, \\\\");
}

static void
test_empty_files (Fixture *f, gconstpointer data)
{
  add_file (f, "empty.conf", "");
  add_file (f, "comments.conf", "\xef\xbb\xbf# only\n\n");
  g_autoptr (DaemonConfig) config = parse_valid (f);
  g_assert_cmpuint (config->files->len, ==, 2);
}

static void
test_skill_without_endpoint (Fixture *f, gconstpointer data)
{
  add_file (f, "a.conf", "\n[skill quiz]\nconformance=strict\n");
  g_assert_null (daemon_config_parse_files (f->files, f->problems));
  g_assert_cmpuint (f->problems->len, ==, 1);
  assert_problem (f, 0, DAEMON_CONFIG_ERROR_VALUE,
                  "a.conf:2: [skill quiz] endpoint: missing; allowed: https://HOST[:PORT]/PATH, or "
                  "http:// for localhost, 127.0.0.0/8 and [::1]");
}

static void
test_secret_refused (Fixture *f, gconstpointer data)
{
  add_file (f, "a.conf", "[skill quiz]\nendpoint=https://a/\naccess-token=Atza|hush\n");
  g_assert_null (daemon_config_parse_files (f->files, f->problems));
  assert_problem (
      f, 0, DAEMON_CONFIG_ERROR_UNKNOWN_KEY,
      "a.conf:3: [skill quiz] access-token: a secret does not belong here, where it can be "
      "read by others and ends up in backups; allowed: access-token-file = PATH or "
      "credential:NAME");
}

static void
test_skill_names (Fixture *f, gconstpointer data)
{
  add_file (f, "a.conf",
            "[skill]\n[skill https://a/]\n[skill \"x\"]\n[skill Küche 1]\nendpoint=https://a/\n");
  g_assert_null (daemon_config_parse_files (f->files, f->problems));
  g_assert_cmpuint (f->problems->len, ==, 3);
  assert_problem (
      f, 1, DAEMON_CONFIG_ERROR_UNKNOWN_GROUP,
      "a.conf:2: [skill https://a/]: the name looks like a URL; the URL belongs into the "
      "key endpoint; allowed: [skill NAME] with up to 64 printable characters");
}

static void
test_music (Fixture *f, gconstpointer data)
{
  add_file (f, "a.conf", "[music library]\nendpoint=https://a/?k=1\nforget-hours=2\n");
  add_file (f, "b.conf", "[music library]\ncountry=DE\n[music other]\nendpoint=https://b/\n");
  g_autoptr (DaemonConfig) config = parse_valid (f);
  g_assert_cmpuint (config->music->len, ==, 2);
  const DaemonMusicConfig *library = g_ptr_array_index (config->music, 0);

  g_assert_cmpstr (library->name, ==, "library");
  g_assert_cmpstr (library->endpoint, ==, "https://a/?k=1");
  g_assert_cmpstr (library->country, ==, "DE");
  g_assert_cmpuint (library->forget_hours, ==, 2);
  g_autofree char *origin = daemon_music_config_get_origin (library);
  g_assert_cmpstr (origin, ==, "music:library");

  g_autofree char *printed = daemon_config_to_string (config);
  g_assert_nonnull (strstr (printed, "[music library]"));
  g_assert_nonnull (strstr (printed, "country=DE"));
  g_assert_null (strstr (printed, "k=1"));
}

static void
test_music_problems (Fixture *f, gconstpointer data)
{
  add_file (f, "a.conf", "[music]\n[music a]\naccess-token=x\napplication-id=b\n[skill music:a]\n");
  g_assert_null (daemon_config_parse_files (f->files, f->problems));
  g_assert_cmpuint (f->problems->len, ==, 4);
  assert_problem (f, 1, DAEMON_CONFIG_ERROR_UNKNOWN_KEY,
                  "a.conf:3: [music a] access-token: a secret does not belong here, where it can "
                  "be read by others and ends up in backups; allowed: access-token-file = PATH or "
                  "credential:NAME");
  assert_problem (f, 2, DAEMON_CONFIG_ERROR_UNKNOWN_KEY,
                  "a.conf:4: [music a] application-id: unknown key; allowed: endpoint, ca-file, "
                  "user-id, access-token-file, locale, country, http-media, private-media, forget-hours");
  assert_problem (f, 3, DAEMON_CONFIG_ERROR_UNKNOWN_GROUP,
                  "a.conf:5: [skill music:a]: names that begin with “music:” stand for music "
                  "services; allowed: [skill NAME] with up to 64 printable characters");
}

static void
test_music_without_endpoint (Fixture *f, gconstpointer data)
{
  add_file (f, "a.conf", "[music a]\ncountry=DE\n");
  g_assert_null (daemon_config_parse_files (f->files, f->problems));
  g_assert_cmpuint (f->problems->len, ==, 1);
  assert_problem (f, 0, DAEMON_CONFIG_ERROR_VALUE,
                  "a.conf:1: [music a] endpoint: missing; allowed: https://HOST[:PORT]/PATH, or "
                  "http:// for localhost, 127.0.0.0/8 and [::1]");
}

static void
test_derived_application_id (Fixture *f, gconstpointer data)
{
  add_file (f, "a.conf", "[skill a]\nendpoint=https://a/\n[skill b]\nendpoint=https://b/\n");
  g_autoptr (DaemonConfig) config = parse_valid (f);
  const DaemonSkillConfig *a = g_ptr_array_index (config->skills, 0);
  const DaemonSkillConfig *b = g_ptr_array_index (config->skills, 1);
  g_autoptr (DaemonSkillConfig) same = daemon_skill_config_new ("other", "https://a/");

  g_assert_true (g_str_has_prefix (a->application_id, "amzn1.ask.skill."));
  g_assert_true (g_uuid_string_is_valid (a->application_id + strlen ("amzn1.ask.skill.")));
  g_assert_cmpstr (a->application_id, !=, b->application_id);
  g_assert_cmpstr (a->application_id, ==, same->application_id);
}

static void
test_named_file (Fixture *f, gconstpointer data)
{
  g_autofree char *path = write_file (f, "mine.conf", "[device]\nlocale=ja-JP\n");
  g_autoptr (GError) error = NULL;
  g_autoptr (DaemonConfig) config = daemon_config_load (path, FALSE, &error);

  g_assert_no_error (error);
  g_assert_cmpstr (config->locale, ==, "ja-JP");
  g_assert_cmpuint (config->files->len, ==, 1);

  g_assert_null (daemon_config_load ("/nonexistent/segue.conf", FALSE, &error));
  g_assert_error (error, DAEMON_CONFIG_ERROR, DAEMON_CONFIG_ERROR_READ);
}

/* XDG_CONFIG_HOME is read once by GLib: a process of its own. */
static void
test_user_file (Fixture *f, gconstpointer data)
{
  if (!g_test_subprocess ())
    {
      g_autofree char *path = write_file (f, "segue/segue.conf", "[device]\nlocale=ja-JP\n");
      g_autofree char *drop_in = write_file (f, "segue/segue.conf.d/1.conf", "[device]\nid=drop\n");
      g_setenv ("XDG_CONFIG_HOME", f->folder, TRUE);
      g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
      g_test_trap_assert_passed ();
      return;
    }

  g_autoptr (DaemonConfig) config = daemon_config_load (NULL, FALSE, NULL);
  g_assert_nonnull (config);
  g_assert_cmpstr (config->locale, ==, "ja-JP");
  g_assert_cmpstr (config->device_id, ==, "drop");
}

static void
test_printed_form_reads_back (Fixture *f, gconstpointer data)
{
  add_file (f, "a.conf",
            "[audio]\nsink=a \\\\ b\n[player]\nnearly-finished=early\n[skill a b]\n"
            "endpoint=https://a/x\nconformance=strict\n");
  g_autoptr (DaemonConfig) config = parse_valid (f);
  g_autofree char *text = daemon_config_to_string (config);
  g_autofree char *origin = g_strdup_printf ("# %s/a.conf:2\nsink=a \\\\ b\n", f->folder);
  g_assert_nonnull (strstr (text, origin));

  g_ptr_array_set_size (f->files, 0);
  add_file (f, "b.conf", text);
  g_autoptr (DaemonConfig) again = parse_valid (f);
  const DaemonSkillConfig *skill = g_ptr_array_index (again->skills, 0);
  g_assert_cmpstr (again->sink, ==, "a \\ b");
  g_assert_cmpint (again->nearly_finished, ==, PLAYER_NEARLY_FINISHED_EARLY);
  g_assert_cmpstr (skill->name, ==, "a b");
  g_assert_cmpint (skill->conformance, ==, DAEMON_CONFORMANCE_STRICT);
}

static void
test_printed_form_hides_query (Fixture *f, gconstpointer data)
{
  add_file (f, "a.conf", "[skill a]\nendpoint=https://a/x?code=hush\n");
  g_autoptr (DaemonConfig) config = parse_valid (f);
  g_autofree char *text = daemon_config_to_string (config);

  g_assert_nonnull (strstr (text, "endpoint=https://a/x?…\n"));
  g_assert_null (strstr (text, "hush"));
}

static void
test_named_files_are_checked (Fixture *f, gconstpointer data)
{
  g_autofree char *ca = write_file (f, "ca.pem", "nothing");
  g_autofree char *token = write_file (f, "token", "  \n");
  g_autofree char *good = write_file (f, "good", "Atza|x\n");
  g_autofree char *text
      = g_strdup_printf ("[skill a]\nendpoint=https://a/\nca-file=%s\naccess-token-file=%s\n"
                         "[skill b]\nendpoint=https://b/\nca-file=/nonexistent/ca.pem\n"
                         "access-token-file=%s\n"
                         "[device]\nperson-access-token-file=/nonexistent/person\n",
                         ca, token, good);
  add_file (f, "a.conf", text);
  g_autoptr (DaemonConfig) config = parse_valid (f);

  daemon_config_check_files (config, f->problems);
  g_assert_cmpuint (f->problems->len, ==, 4);
  assert_problem (f, 0, DAEMON_CONFIG_ERROR_READ,
                  "a.conf:10: [device] person-access-token-file: Failed to open file "
                  "\342\200\234/nonexistent/person\342\200\235: No such file or directory");
  g_autofree char *expected = g_strdup_printf (
      "a.conf:3: [skill a] ca-file: no certificate in %s; allowed: a PEM file", ca);
  assert_problem (f, 1, DAEMON_CONFIG_ERROR_READ, expected);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config/defaults", test_defaults);
#define ADD(path, func) g_test_add ("/config/" path, Fixture, NULL, set_up, func, tear_down)
  ADD ("all-keys", test_all_keys);
  ADD ("layers", test_layers);
  ADD ("faults", test_faults);
  ADD ("syntax", test_syntax);
  ADD ("bad-bytes", test_bad_bytes);
  ADD ("empty-files", test_empty_files);
  ADD ("skill-without-endpoint", test_skill_without_endpoint);
  ADD ("secret-refused", test_secret_refused);
  ADD ("skill-names", test_skill_names);
  ADD ("derived-application-id", test_derived_application_id);
  ADD ("music", test_music);
  ADD ("music-problems", test_music_problems);
  ADD ("music-without-endpoint", test_music_without_endpoint);
  ADD ("named-file", test_named_file);
  ADD ("user-file", test_user_file);
  ADD ("printed-form-reads-back", test_printed_form_reads_back);
  ADD ("printed-form-hides-query", test_printed_form_hides_query);
  ADD ("named-files-are-checked", test_named_files_are_checked);
  return g_test_run ();
}
