/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* "seguectl lint" as a process, where there is no bus and no daemon. */

#include <gio/gio.h>
#include <glib/gstdio.h>
#include <json-glib/json-glib.h>
#include <string.h>
#include <sysexits.h>

#define PLAY(url)                                                                                  \
  "{\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"REPLACE_ALL\",\"audioItem\":{\"stream\":{"    \
  "\"url\":\"" url "\",\"token\":\"t1\",\"offsetInMilliseconds\":0}}}"
#define ENQUEUE                                                                                    \
  "{\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"ENQUEUE\",\"audioItem\":{\"stream\":{"        \
  "\"url\":\"https://h/a.mp3\",\"token\":\"t1\",\"offsetInMilliseconds\":0}}}"
#define TEXT(text) "\"outputSpeech\":{\"type\":\"PlainText\",\"text\":\"" text "\"}"
#define BODY(response) "{\"version\":\"1.0\",\"response\":{" response "}}"
#define DIRECTIVES(list) "\"directives\":[" list "]"

static const char *seguectl;

typedef struct
{
  int status;
  char *out; /* (owned) */
  char *err; /* (owned) */
} Run;

static void
run_clear (Run *run)
{
  g_free (run->out);
  g_free (run->err);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Run, run_clear)

static char *
text_of (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  return size > 0 ? g_strndup (data, size) : g_strdup ("");
}

static void
run_lint (Run *run, const char *arguments, const char *input, gssize length)
{
  g_autofree char *line = g_strconcat (seguectl, " lint ", arguments, NULL);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  g_shell_parse_argv (line, NULL, &argv, &error);
  g_assert_no_error (error);
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                   | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", "unix:path=/nowhere", TRUE);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  g_autoptr (GSubprocess) process
      = g_subprocess_launcher_spawnv (launcher, (const char *const *)argv, &error);
  g_assert_no_error (error);
  g_autoptr (GBytes) bytes = g_bytes_new (input, length < 0 ? strlen (input) : (gsize)length);
  g_autoptr (GBytes) out = NULL;
  g_autoptr (GBytes) err = NULL;
  g_subprocess_communicate (process, bytes, NULL, &out, &err, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  run->status = g_subprocess_get_exit_status (process);
  run->out = text_of (out);
  run->err = text_of (err);
}

static void
assert_contains (const char *text, const char *part)
{
  if (strstr (text, part) == NULL)
    g_assert_cmpstr (text, ==, part);
}

/* Severity and mode decide the exit status; each line names file, path, severity, sentence and id. */
static void
test_exit_status (void)
{
  static const struct
  {
    const char *arguments;
    const char *document;
    int status;
    const char *line; /* (nullable) */
  } cases[] = {
    { "-", BODY (TEXT ("Hi") "," DIRECTIVES (PLAY ("https://h/a.mp3"))), 0, NULL },
    { "--strict -", BODY (TEXT ("Hi") "," DIRECTIVES (PLAY ("https://h/a.mp3"))), 0, NULL },
    { "--strict -", "{\"response\":{}}", 0,
      "-: version: info: The version is not \"1.0\". [version]\n"
      "    Request and Response JSON Reference, Response properties\n" },
    { "-", BODY (DIRECTIVES (ENQUEUE)), 0,
      "-: response.directives[0].audioItem.stream.expectedPreviousToken: warning: " },
    { "--strict -", BODY (DIRECTIVES (ENQUEUE)), 1, "[play-previous-token-missing]\n" },
    { "--strict -", BODY (TEXT ("")), 1,
      "-: response.outputSpeech.text: warning: The speech has no text. [speech-text-missing]\n" },
    { "-", BODY (DIRECTIVES (PLAY ("http://h/a.mp3"))), 1,
      "-: response.directives[0].audioItem.stream.url: error: The URL specified in the Play "
      "directive must be HTTPS [play-url-scheme]\n"
      "    AudioPlayer Interface Reference, Play directive\n" },
    { "-", "{", 1, "-: document: error: Not JSON: " },
    { "-", "{\"response\":[]}", 1,
      "-: response: error: response is of type array in place of object [body-structure]\n" },
    { "-", "{}", 1, "-: response: error: SpeechletResponse was null [response-missing]\n" },
    { "-r AudioPlayer.PlaybackStopped -", "{}", 0, NULL },
    { "-r AudioPlayer.PlaybackStarted -", "{}", 1, "[response-missing]\n" },
    { "-r AudioPlayer.PlaybackStarted -", BODY (TEXT ("Hi")), 1, "[speech-forbidden]\n" },
    { "-r SessionEndedRequest -", BODY (TEXT ("Bye")), 0, "[answer-ignored]\n" },
    { "--intent AMAZON.StopIntent -", BODY (TEXT ("Bye")), 0, "[stop-intent-session-open]\n" },
    { "--intent AMAZON.StopIntent -", BODY (TEXT ("Bye") ",\"shouldEndSession\":true"), 0, NULL },
    { "--request-type=IntentRequest --intent=AMAZON.StopIntent --strict -", BODY (TEXT ("Bye")), 1,
      "[stop-intent-session-open]\n" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("case %" G_GSIZE_FORMAT, i);
      g_auto (Run) run = { 0 };
      run_lint (&run, cases[i].arguments, cases[i].document, -1);
      g_assert_cmpstr (run.err, ==, "");
      if (cases[i].line != NULL)
        assert_contains (run.out, cases[i].line);
      else
        g_assert_null (strchr (run.out, '['));
      g_assert_cmpint (run.status, ==, cases[i].status);
    }
}

static const char mixed[] = BODY (
    "\"outputSpeech\":{\"type\":\"SSML\",\"ssml\":\"<speak>Salt &amp; pepper</speak>\"},"
    "\"card\":{\"type\":\"Simple\",\"title\":\"T\"},\"shouldEndSession\":false,\"reprompt\":"
    "{" TEXT ("Well?") "}," DIRECTIVES (PLAY ("https://h/a.mp3") ",{\"type\":\"Hint\"},{\"type\":"
                                                                 "\"Dialog.Delegate\"}"));

/* What would be said and done. */
static void
test_outcome (void)
{
  g_auto (Run) lenient = { 0 };
  run_lint (&lenient, "-", mixed, -1);
  assert_contains (lenient.out, "-: in answer to LaunchRequest:\n");
  assert_contains (lenient.out, "\n  says       \"Salt & pepper\"\n");
  assert_contains (lenient.out, "\n  reprompt   \"Well?\"\n");
  assert_contains (lenient.out, "\n  card       Simple\n");
  assert_contains (lenient.out, "\n  directive  AudioPlayer.Play REPLACE_ALL, token t1, at 0 ms, "
                                "https://h/a.mp3: runs\n");
  assert_contains (lenient.out, "\n  directive  Hint: refused: ");
  assert_contains (lenient.out, "\n  directive  Dialog.Delegate: handed on, not carried out\n");
  assert_contains (lenient.out, "\n  session    stays open\n");

  g_auto (Run) event = { 0 };
  run_lint (&event, "-r PlaybackController.NextCommandIssued -", mixed, -1);
  g_assert_cmpint (event.status, ==, 1);
  assert_contains (event.out, "\n  answer     not void, but the Alexa service refuses it; "
                              "System.ExceptionEncountered would say: The following directives are "
                              "not supported: Response may not contain an outputSpeech\n");
  assert_contains (event.out, "https://h/a.mp3: runs\n");
  assert_contains (event.out, "\n  session    not touched\n");
  g_assert_null (strstr (event.out, "  says "));

  g_auto (Run) strict = { 0 };
  run_lint (&strict, "--strict -r PlaybackController.NextCommandIssued -", mixed, -1);
  g_assert_cmpint (strict.status, ==, 1);
  assert_contains (strict.out, "\n  answer     void; System.ExceptionEncountered would say: ");
  assert_contains (strict.out, "https://h/a.mp3: refused: the answer is void\n");
}

static JsonObject *
parse_object (const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = json_from_string (text, &error);
  g_assert_no_error (error);
  return json_object_ref (json_node_get_object (root));
}

static void
test_json (void)
{
  g_auto (Run) run = { 0 };
  run_lint (&run, "--json --strict -r PlaybackController.NextCommandIssued -", mixed, -1);
  g_assert_cmpint (run.status, ==, 1);
  g_autoptr (JsonObject) strict = parse_object (run.out);
  g_assert_cmpstr (json_object_get_string_member (strict, "mode"), ==, "strict");
  g_assert_true (json_object_get_boolean_member (strict, "void"));
  g_assert_cmpstr (json_object_get_string_member (strict, "service_message"), ==,
                   "The following directives are not supported: Response may not contain an "
                   "outputSpeech");
  JsonArray *findings = json_object_get_array_member (strict, "findings");
  gboolean seen = FALSE;
  for (guint i = 0; i < json_array_get_length (findings); i++)
    {
      JsonObject *finding = json_array_get_object_element (findings, i);
      g_assert_cmpstr (json_object_get_string_member (finding, "rule"), !=, "");
      if (g_str_equal (json_object_get_string_member (finding, "id"), "card-forbidden"))
        {
          seen = TRUE;
          g_assert_cmpstr (json_object_get_string_member (finding, "severity"), ==, "error");
          g_assert_cmpstr (json_object_get_string_member (finding, "path"), ==, "response.card");
          g_assert_true (json_object_get_boolean_member (finding, "void"));
        }
    }
  g_assert_true (seen);
  JsonArray *none = json_object_get_array_member (strict, "directives");
  g_assert_false (json_object_get_boolean_member (json_array_get_object_element (none, 0), "runs"));

  g_auto (Run) other = { 0 };
  run_lint (&other, "--json -", mixed, -1);
  g_autoptr (JsonObject) lenient = parse_object (other.out);
  g_assert_false (json_object_get_boolean_member (lenient, "void"));
  JsonArray *speech = json_object_get_array_member (lenient, "speech");
  g_assert_cmpstr (json_object_get_string_member (json_array_get_object_element (speech, 0), "say"),
                   ==, "Salt & pepper");
  JsonArray *directives = json_object_get_array_member (lenient, "directives");
  g_assert_cmpuint (json_array_get_length (directives), ==, 3);
  g_assert_true (
      json_object_get_boolean_member (json_array_get_object_element (directives, 0), "runs"));
}

/* What comes from outside cannot write to the terminal what it likes. */
static void
test_control_characters (void)
{
  g_auto (Run) run = { 0 };
  run_lint (&run, "-", BODY (TEXT ("a\\u001b[31mb\\nc") "," DIRECTIVES ("{\"type\":\"\\u001b]\"}")),
            -1);
  g_assert_null (strchr (run.out, '\x1b'));
  g_auto (Run) bytes = { 0 };
  run_lint (&bytes, "-", "\xff\0x", 3);
  g_assert_cmpint (bytes.status, ==, 1);
  assert_contains (bytes.out, "[body-not-json]\n");
}

static void
test_file (void)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *folder = g_dir_make_tmp ("segue-lint-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *path = g_build_filename (folder, "answer.json", NULL);
  g_assert_true (g_file_set_contents (path, BODY (DIRECTIVES (PLAY ("x"))), -1, &error));
  g_auto (Run) run = { 0 };
  run_lint (&run, path, "", -1);
  g_autofree char *start = g_strdup_printf ("%s: response.directives[0].", path);
  g_assert_true (g_str_has_prefix (run.out, start));
  g_assert_cmpint (run.status, ==, 1);
  g_remove (path);
  g_rmdir (folder);
  g_auto (Run) gone = { 0 };
  run_lint (&gone, path, "", -1);
  g_assert_cmpint (gone.status, ==, EX_NOINPUT);
  assert_contains (gone.err, "seguectl lint: cannot read ");
  assert_contains (gone.err, "No such file");
  g_assert_cmpstr (gone.out, ==, "");
  g_autofree char *huge = g_strnfill (1024 * 1024 + 1, ' ');
  g_auto (Run) large = { 0 };
  run_lint (&large, "-", huge, -1);
  g_assert_cmpint (large.status, ==, EX_DATAERR);
}

static void
test_usage (void)
{
  static const char *const bad[] = { "", "a b", "-r Bla -", "--bla -", "-i X -r LaunchRequest -" };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    {
      g_auto (Run) run = { 0 };
      run_lint (&run, bad[i], "", -1);
      g_assert_cmpint (run.status, ==, EX_USAGE);
      assert_contains (run.err, "seguectl lint: ");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 2);
  seguectl = argv[1];
  g_test_add_func ("/seguectl-lint/exit-status", test_exit_status);
  g_test_add_func ("/seguectl-lint/outcome", test_outcome);
  g_test_add_func ("/seguectl-lint/json", test_json);
  g_test_add_func ("/seguectl-lint/control-characters", test_control_characters);
  g_test_add_func ("/seguectl-lint/file", test_file);
  g_test_add_func ("/seguectl-lint/usage", test_usage);
  return g_test_run ();
}
