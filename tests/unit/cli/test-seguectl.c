/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* seguectl as a process, against a daemon that writes down what it is asked. */

#include <gio/gio.h>
#include <signal.h>
#include <string.h>

#include "ctl-dummy-daemon.h"

#define DEADLINE_S 30

typedef struct
{
  const char *seguectl;
  const char *source_root;
} Paths;

typedef struct
{
  const Paths *paths;
  GTestDBus *bus;
  CtlDummyDaemon *daemon;
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->paths = data;
  fixture->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (fixture->bus);
  fixture->daemon = ctl_dummy_daemon_new (g_test_dbus_get_bus_address (fixture->bus));
  ctl_dummy_daemon_appear (fixture->daemon);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  ctl_dummy_daemon_free (fixture->daemon);
  g_test_dbus_down (fixture->bus);
  g_object_unref (fixture->bus);
}

static void
on_communicated (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;
  *slot = g_object_ref (result);
}

static gboolean
on_deadline (gpointer user_data)
{
  g_test_message ("seguectl has not done that in %d s", DEADLINE_S);
  g_assert_not_reached ();
}

static GSubprocess *
spawn (Fixture *fixture, const char *command_line)
{
  g_autofree char *line = g_strconcat (fixture->paths->seguectl, " ", command_line, NULL);
  g_auto (GStrv) argv = NULL;
  g_autoptr (GError) error = NULL;
  g_shell_parse_argv (line, NULL, &argv, &error);
  g_assert_no_error (error);
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDIN_PIPE | G_SUBPROCESS_FLAGS_STDOUT_PIPE
                                   | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS",
                                g_test_dbus_get_bus_address (fixture->bus), TRUE);
  g_subprocess_launcher_setenv (launcher, "DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nowhere", TRUE);
  g_subprocess_launcher_setenv (launcher, "LC_ALL", "C.UTF-8", TRUE);
  GSubprocess *process = g_subprocess_launcher_spawnv (launcher, (const char *const *)argv, &error);
  g_assert_no_error (error);
  return process;
}

/* Runs to the end and gives the exit status; the outputs are optional. */
static int
finish (GSubprocess *process, const char *input, char **out, char **err)
{
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_autofree char *out_text = NULL;
  g_autofree char *err_text = NULL;
  guint deadline = g_timeout_add_seconds (DEADLINE_S, on_deadline, NULL);
  g_subprocess_communicate_utf8_async (process, input, NULL, on_communicated, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline);
  g_subprocess_communicate_utf8_finish (process, result, &out_text, &err_text, &error);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_get_if_exited (process));
  if (out != NULL)
    *out = g_steal_pointer (&out_text);
  if (err != NULL)
    *err = g_steal_pointer (&err_text);
  return g_subprocess_get_exit_status (process);
}

static int
run (Fixture *fixture, const char *command_line, const char *input, char **out, char **err)
{
  g_autoptr (GSubprocess) process = spawn (fixture, command_line);
  return finish (process, input, out, err);
}

static void
check_call (Fixture *fixture, const char *command_line, const char *input, const char *call)
{
  g_autofree char *err = NULL;
  g_string_truncate (fixture->daemon->calls, 0);
  g_test_message ("%s", command_line);
  int status = run (fixture, command_line, input, NULL, &err);
  g_assert_cmpstr (err, ==, "");
  g_assert_cmpint (status, ==, 0);
  g_autofree char *expected = g_strconcat (call, "\n", NULL);
  g_assert_cmpstr (fixture->daemon->calls->str, ==, expected);
}

static void
test_calls (Fixture *fixture, gconstpointer data)
{
  check_call (fixture, "launch radio", NULL, "Launch radio");
  check_call (fixture, "launch", NULL, "Launch ");
  check_call (fixture, "intent AMAZON.NextIntent", NULL, "Intent  AMAZON.NextIntent {}");
  check_call (fixture, "intent -s radio Play station='A B' n=-5", NULL,
              "Intent radio Play {'station': 'A B', 'n': '-5'}");
  check_call (fixture, "voice -s radio start-over", NULL, "BuiltInIntent radio start-over");
  check_call (fixture, "voice stop", NULL, "BuiltInIntent  stop");
  check_call (fixture, "can-fulfill -s radio Play station=A", NULL,
              "CanFulfill radio Play {'station': 'A'}");
  check_call (fixture, "end-session radio", NULL, "EndSession radio");
  check_call (fixture, "handle -s radio -r LaunchRequest -", "{\"a\":1}",
              "HandleResponse radio LaunchRequest {\"a\":1}");
  check_call (fixture, "play https://example.org/a.mp3 --offset 5000", NULL,
              "PlayUrl https://example.org/a.mp3 5000");
  check_call (fixture, "play -o 1:23 https://example.org/a.mp3", NULL,
              "PlayUrl https://example.org/a.mp3 83000");
  check_call (
      fixture, "play --enqueue -t T --title Song -o 5s https://example.org/a.mp3", NULL,
      "PlayStream https://example.org/a.mp3 {'offset-in-milliseconds': <int64 5000>, 'token': "
      "<'T'>, 'title': <'Song'>, 'behavior': <'enqueue'>}");
  check_call (fixture, "play --renewable -H 'Cookie: a=b:c' https://example.org/a.mp3", NULL,
              "PlayStream https://example.org/a.mp3 {'renewable': <true>, 'headers': <{'Cookie': "
              "'a=b:c'}>}");
  check_call (fixture, "play --headers-file - https://example.org/a.mp3",
              "# a comment\n\nAuthorization:  Bearer x  \r\nX-Key: 1\n",
              "PlayStream https://example.org/a.mp3 {'headers': <{'Authorization': 'Bearer x', "
              "'X-Key': '1'}>}");
  check_call (fixture, "renew https://example.org/b.mp3", NULL,
              "RenewUrl '' https://example.org/b.mp3 {}");
  check_call (fixture, "renew -t T --header X-Key:1 https://example.org/b.mp3", NULL,
              "RenewUrl 'T' https://example.org/b.mp3 {'X-Key': '1'}");
  check_call (fixture, "play", NULL, "Play");
  check_call (fixture, "resume", NULL, "Play");
  check_call (fixture, "pause", NULL, "Pause");
  check_call (fixture, "stop", NULL, "Stop");
  check_call (fixture, "next", NULL, "Next");
  check_call (fixture, "previous", NULL, "Previous");
  check_call (fixture, "seek 1:23", NULL, "Seek 83000");
  check_call (fixture, "seek -10", NULL, "Seek 73000");
  check_call (fixture, "seek +500ms", NULL, "Seek 83500");
  check_call (fixture, "seek -1:00:00", NULL, "Seek 0");
  check_call (fixture, "--session next", NULL, "Next");
}

static void
test_music_calls (Fixture *fixture, gconstpointer data)
{
  check_call (fixture, "music shelf blue in green", NULL, "Play shelf {'TRACK': 'blue in green'}");
  check_call (fixture, "music --type album --shuffle --no-explicit shelf 'kind of blue'", NULL,
              "Play shelf {'ALBUM': 'kind of blue', 'shuffle': 'on', 'explicit': 'off'}");
  check_call (fixture, "music -c album-1 --loop --repeat shelf", NULL,
              "Play shelf {'content': 'album-1', 'loop': 'on', 'repeat': 'on'}");
  check_call (fixture, "music -c album-1", NULL, "Play  {'content': 'album-1'}");
  check_call (fixture, "shuffle on", NULL, "SetShuffle true");
  check_call (fixture, "loop off", NULL, "SetLoop false");
  check_call (fixture, "repeat on", NULL, "SetRepeat true");
  check_call (fixture, "feedback up", NULL, "Feedback positive");
  check_call (fixture, "feedback negative", NULL, "Feedback negative");
  check_call (fixture, "jump -i 'item 7'", NULL, "JumpTo item 7");
  check_call (fixture, "jump 2", NULL, "GetView\nJumpTo i2");
}

static void
test_volume (Fixture *fixture, gconstpointer data)
{
  BusGenSegue1Player *player = fixture->daemon->player;
  g_autofree char *shown = NULL;
  g_assert_cmpint (run (fixture, "volume 40%", NULL, NULL, NULL), ==, 0);
  g_assert_cmpfloat_with_epsilon (bus_gen_segue1_player_get_volume (player), 0.4, 1e-9);
  g_autofree char *json = NULL;
  g_assert_cmpint (run (fixture, "volume --json", NULL, &json, NULL), ==, 0);
  g_assert_cmpstr (json, ==, "{\"volume\":0.4,\"muted\":false}\n");
  g_assert_cmpint (run (fixture, "volume -50", NULL, NULL, NULL), ==, 0);
  g_assert_cmpfloat_with_epsilon (bus_gen_segue1_player_get_volume (player), 0.0, 1e-9);
  g_assert_cmpint (run (fixture, "volume +25", NULL, NULL, NULL), ==, 0);
  g_assert_cmpint (run (fixture, "volume mute", NULL, NULL, NULL), ==, 0);
  g_assert_true (bus_gen_segue1_player_get_muted (player));
  g_assert_cmpint (run (fixture, "volume", NULL, &shown, NULL), ==, 0);
  g_assert_cmpstr (shown, ==, "25 %, muted\n");
  g_assert_cmpint (run (fixture, "volume unmute", NULL, NULL, NULL), ==, 0);
  g_assert_false (bus_gen_segue1_player_get_muted (player));
}

static void
check_output (Fixture *fixture, const char *command_line, const char *expected)
{
  g_autofree char *out = NULL;
  g_assert_cmpint (run (fixture, command_line, NULL, &out, NULL), ==, 0);
  g_assert_cmpstr (out, ==, expected);
}

static void
test_output (Fixture *fixture, gconstpointer data)
{
  check_output (
      fixture, "status",
      "Activity   paused\nTitle      Seventh\nPosition   1:23 / 2:05\nToken      track-7\n"
      "Skill      radio\nQueue      1 waiting\nVolume     50 %\nOutput     idle\nDaemon     segued "
      "9.9, de-DE\n"
      "Directives http://127.0.0.1:4711\n");
  check_output (fixture, "status --json",
                "{\"version\":\"9.9\",\"locale\":\"de-DE\",\"directive_endpoint\":\"http://"
                "127.0.0.1:4711\",\"activity\":\"PAUSED\",\"token\":"
                "\"track-7\",\"skill\":\"radio\",\"offset_ms\":83000,\"duration_ms\":125000,"
                "\"can_seek\":true,\"volume\":0.5,\"muted\":false,\"output\":\"idle\","
                "\"output_message\":\"\",\"metadata\":{\"title\":"
                "\"Seventh\"},\"queue\":[{\"token\":\"track-8\",\"title\":\"Title\\u001b8\"}],"
                "\"speaking\":false,\"microphone_open\":"
                "false,\"microphone_skill\":\"\",\"microphone_ms\":0,\"reports_waiting\":0,"
                "\"reports_refused\":0,\"reports_dropped\":0}\n");
  g_object_set (fixture->daemon->player, "output-state", "waiting", "output-message", "no\033 card",
                NULL);
  g_object_set (fixture->daemon->conversation, "speaking", TRUE, "microphone-open", TRUE,
                "microphone-skill", "radio", "microphone-time-left", 7500, NULL);
  g_object_set (fixture->daemon->root, "reports-waiting", 3, "reports-dropped", 1, NULL);
  check_output (
      fixture, "status",
      "Activity   paused\nTitle      Seventh\nPosition   1:23 / 2:05\nToken      track-7\n"
      "Skill      radio\nQueue      1 waiting\nVolume     50 %\nOutput     waiting: no  card\n"
      "Speech     is being spoken\n"
      "Microphone open for radio, 7.5 s left\n"
      "Reports    3 waiting, 0 refused, 1 dropped\nDaemon     segued 9.9, de-DE\n"
      "Directives http://127.0.0.1:4711\n");
  check_output (fixture, "locale", "de-DE\n");
  check_output (fixture, "locale --json", "{\"locale\":\"de-DE\"}\n");
  check_output (fixture, "can-fulfill Play", "MAYBE\n");
  check_output (fixture, "can-fulfill --json Play", "{\"canFulfill\":\"MAYBE\"}\n");
  fixture->daemon->card = "{\"type\":\"Simple\",\"title\":\"T\",\"content\":\"C\\u001b\"}";
  check_output (fixture, "card",
                "Skill      radio\nType       Simple\nTitle      T\nText       C \n");
  check_output (fixture, "queue", "  1  track-8  Title 8\n");
  check_output (fixture, "skills", "radio  https://radio.example/  (session open)\n");
  check_output (
      fixture, "skills --json",
      "[{\"name\":\"radio\",\"endpoint\":\"https://radio.example/\",\"session\":true}]\n");
  check_output (fixture, "launch --json radio", "{\"request_id\":\"id-1\"}\n");
}

/* A queue of "shelf", whose URL was good until 2001. */
static void
give_music (Fixture *fixture)
{
  static const char *const controls[] = { "next", "seek", NULL };
  static const char *const authors[] = { "Ann", "Bob", NULL };
  g_object_set (fixture->daemon->music, "service", "shelf", "link", "relink", "problem",
                "link the account again", "queue-id", "q1", "content-id", "c1", "item-id", "i1",
                "kind", "DEFAULT", "title", "One", "album", "First", "authors", authors, "controls",
                controls, "shuffle", TRUE, "rating", "", "duration-in-milliseconds",
                G_GINT64_CONSTANT (61000), "valid-until", G_GINT64_CONSTANT (1000000000000),
                "offset-in-milliseconds", G_GINT64_CONSTANT (5000), NULL);
}

static void
test_music_output (Fixture *fixture, gconstpointer data)
{
  check_output (fixture, "music", "shelf  https://music.example/  (linked)\n");
  check_output (fixture, "music --json",
                "[{\"name\":\"shelf\",\"endpoint\":\"https://music.example/\",\"link\":"
                "\"linked\"}]\n");
  check_output (fixture, "shuffle", "off\n");
  check_output (fixture, "queue", "  1  track-8  Title 8\n");
  give_music (fixture);
  check_output (fixture, "shuffle", "on\n");
  check_output (fixture, "--json shuffle", "{\"shuffle\":true}\n");
  check_output (fixture, "queue", "  1  track-8  Title 8\n"); /* a skill's stream is current */
  g_object_set (fixture->daemon->player, "skill", "music:shelf", NULL);
  check_output (fixture, "queue", "  1* One, by Ann, Bob  1:01\n  2  i2\n");
  check_output (fixture, "queue --json",
                "[{\"id\":\"i1\",\"title\":\"One\",\"authors\":\"Ann, Bob\",\"duration_ms\":"
                "61000,\"current\":true},{\"id\":\"i2\",\"title\":\"\",\"authors\":\"\","
                "\"duration_ms\":-1,\"current\":false}]\n");
  g_autofree char *out = NULL;
  g_assert_cmpint (run (fixture, "status", NULL, &out, NULL), ==, 0);
  g_assert_nonnull (strstr (out, "\nMusic      shelf: relink: link the account again\n"
                                 "Item       One, by Ann, Bob, on First, at 0:05\n"
                                 "Modes      shuffle on, loop off, repeat off\n"
                                 "Allowed    next, seek\n"
                                 "URL        expired "));
  g_autofree char *json = NULL;
  g_assert_cmpint (run (fixture, "status --json", NULL, &json, NULL), ==, 0);
  g_assert_nonnull (strstr (
      json, "\"music\":{\"service\":\"shelf\",\"link\":\"relink\",\"problem\":\"link the account "
            "again\",\"queue_id\":\"q1\",\"content_id\":\"c1\",\"item_id\":\"i1\",\"kind\":"
            "\"DEFAULT\",\"title\":\"One\",\"authors\":[\"Ann\",\"Bob\"],\"album\":\"First\","
            "\"rating\":\"\",\"duration_ms\":61000,\"live\":false,\"controls\":[\"next\","
            "\"seek\"],\"shuffle\":true,\"loop\":false,\"repeat\":false,\"valid_until_ms\":"
            "1000000000000,\"offset_ms\":5000}"));
}

static void
check_failure (Fixture *fixture, const char *command_line, int status, const char *word)
{
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_autofree char *escaped = g_strescape (command_line, NULL);
  g_test_message ("%s", escaped);
  g_assert_cmpint (run (fixture, command_line, NULL, &out, &err), ==, status);
  g_assert_cmpstr (out, ==, "");
  g_assert_true (g_str_has_prefix (err, "seguectl"));
  g_assert_nonnull (strstr (err, word));
  g_assert_null (strstr (err, "GDBus.Error"));
}

static void
test_usage (Fixture *fixture, gconstpointer data)
{
  check_failure (fixture, "", 64, "--help");
  check_failure (fixture, "dance", 64, "dance");
  check_failure (fixture, "--loud", 64, "--loud");
  check_failure (fixture, "status now", 64, "now");
  check_failure (fixture, "launch a b", 64, "b");
  check_failure (fixture, "intent", 64, "missing");
  check_failure (fixture, "intent Play station", 64, "station");
  check_failure (fixture, "intent --bad Play", 64, "--bad");
  check_failure (fixture, "voice", 64, "missing");
  check_failure (fixture, "voice start over", 64, "over");
  check_failure (fixture, "can-fulfill", 64, "missing");
  check_failure (fixture, "can-fulfill Play station", 64, "station");
  check_failure (fixture, "locale de DE", 64, "DE");
  check_failure (fixture, "handle", 64, "missing");
  check_failure (fixture, "handle /nowhere.json", 66, "/nowhere.json");
  check_failure (fixture, "play --offset 5", 64, "URL");
  check_failure (fixture, "play --offset soon https://example.org/", 64, "soon");
  check_failure (fixture, "play nowhere.mp3", 66, "no such file");
  check_failure (fixture, "play -H secret https://example.org/", 64, "Name: value");
  check_failure (fixture, "play --headers-file /nowhere https://example.org/", 66, "/nowhere");
  check_failure (fixture, "renew", 64, "missing");
  check_failure (fixture, "music shelf", 64, "what to play");
  check_failure (fixture, "music --shuffle", 64, "service is missing");
  check_failure (fixture, "music -c album-1 shelf words", 64, "not both");
  check_failure (fixture, "shuffle perhaps", 64, "perhaps");
  check_failure (fixture, "loop on off", 64, "off");
  check_failure (fixture, "feedback", 64, "missing");
  check_failure (fixture, "feedback fine", 64, "fine");
  check_failure (fixture, "jump", 64, "missing");
  check_failure (fixture, "jump next", 64, "next");
  check_failure (fixture, "jump -i a b", 64, "one item");
  check_failure (fixture, "play /", 66, "no regular file");
  check_failure (fixture, "seek", 64, "missing");
  check_failure (fixture, "seek there", 64, "there");
  check_failure (fixture, "volume 101", 64, "101");
  check_failure (fixture, "monitor --quiet-time 0", 64, "range");
  check_failure (fixture, "launch \xff", 64, "UTF-8");
  g_assert_cmpstr (fixture->daemon->calls->str, ==, "");
}

static void
test_errors (Fixture *fixture, gconstpointer data)
{
  static const struct
  {
    const char *name;
    int status;
    const char *word;
  } errors[] = {
    { "org.segue.Error.UnknownSkill", 64, "seguectl skills" },
    { "org.segue.Error.NoSkill", 64, "which skill" },
    { "org.segue.Error.InvalidArgument", 64, "cannot be used" },
    { "org.segue.Error.InvalidResponse", 76, "not valid" },
    { "org.segue.Error.Timeout", 75, "in time" },
    { "org.segue.Error.Unreachable", 75, "reached" },
    { "org.segue.Error.Http", 76, "error" },
    { "org.segue.Error.NoSession", 1, "for a test" },
    { "org.segue.Error.Busy", 75, "for a test" },
    { "org.segue.Error.ShuttingDown", 75, "for a test" },
    { "org.segue.Error.Superseded", 1, "for a test" },
    { "org.segue.Error.NotSpeaking", 1, "for a test" },
    { "org.segue.Error.NoMusicService", 64, "seguectl music" },
    { "org.segue.Error.NoMusic", 1, "for a test" },
    { "org.segue.Error.NotAllowed", 1, "does not allow" },
    { "org.segue.Error.NotFound", 1, "nothing like that" },
    { "org.segue.Error.NotLinked", 77, "account" },
    { "org.segue.Error.NotSupported", 76, "does not know" },
    { "org.segue.Error.Refused", 76, "refused" },
    { "org.segue.Error.Unheard", 70, "for a test" },
    { "org.freedesktop.DBus.Error.AccessDenied", 77, "may not do that: for a test" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (errors); i++)
    {
      fixture->daemon->error = errors[i].name;
      check_failure (fixture, "launch radio", errors[i].status, errors[i].word);
    }
  fixture->daemon->error = "org.segue.Error.NotFound";
  fixture->daemon->words = "the music service has nothing like that: sorry";
  check_failure (fixture, "music a b", 1,
                 "seguectl music: the music service has nothing like that: sorry");
  fixture->daemon->words = NULL;
  fixture->daemon->error = NULL;
  check_failure (fixture, "jump 3", 64, "no item 3");
  check_failure (fixture, "can-fulfill Mute", 76, "does not tell");
  check_failure (fixture, "card", 1, "no card");
  fixture->daemon->error = "org.segue.Error.InvalidResponse";
  check_failure (fixture, "handle /dev/null", 65, "not valid");
  fixture->daemon->error = "org.segue.Error.NotPlaying";
  check_failure (fixture, "pause", 1, "for a test");
  fixture->daemon->error = "org.segue.Error.NothingToPlay";
  check_failure (fixture, "next", 1, "for a test");
  fixture->daemon->error = "org.segue.Error.NotSeekable";
  check_failure (fixture, "seek 1", 1, "positions");
}

static void
test_absent (Fixture *fixture, gconstpointer data)
{
  ctl_dummy_daemon_vanish (fixture->daemon);
  check_failure (fixture, "status", 69, "systemctl --user start segued");
  check_failure (fixture, "launch radio", 69, "not running");
  check_failure (fixture, "--system status", 69, "no system bus");
}

static char *
read_line (GDataInputStream *lines)
{
  guint deadline = g_timeout_add_seconds (DEADLINE_S, on_deadline, NULL);
  g_autoptr (GAsyncResult) result = NULL;
  g_autoptr (GError) error = NULL;
  g_data_input_stream_read_line_async (lines, G_PRIORITY_DEFAULT, NULL, on_communicated, &result);
  while (result == NULL)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (deadline);
  char *line = g_data_input_stream_read_line_finish_utf8 (lines, result, NULL, &error);
  g_assert_no_error (error);
  g_test_message ("%s", line != NULL ? line : "(end)");
  g_assert_nonnull (line);
  return line;
}

/* Reads lines until one holds @word. */
static void
wait_for_line (GDataInputStream *lines, const char *word)
{
  gboolean found = FALSE;
  while (!found)
    {
      g_autofree char *line = read_line (lines);
      found = strstr (line, word) != NULL;
    }
}

static void
test_monitor (Fixture *fixture, gconstpointer data)
{
  BusGenSegue1Conversation *conversation = fixture->daemon->conversation;
  ctl_dummy_daemon_vanish (fixture->daemon);
  g_autoptr (GSubprocess) process = spawn (fixture, "monitor");
  g_autoptr (GDataInputStream) lines
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  wait_for_line (lines, "waiting for segued");
  ctl_dummy_daemon_appear (fixture->daemon);
  wait_for_line (lines, "segued is there");
  bus_gen_segue1_conversation_emit_activity (conversation, "PLAYING", "t1", 0);
  wait_for_line (lines, "♪  PLAYING  t1  0:00.000");
  bus_gen_segue1_player_set_player_activity (fixture->daemon->player, "PLAYING");
  wait_for_line (lines, "▸  1:23 / 2:05");
  bus_gen_segue1_player_emit_url_refused (fixture->daemon->player, "t1", "HTTP 403");
  wait_for_line (lines, "t1 is refused: HTTP 403");
  g_object_set (fixture->daemon->player, "output-state", "waiting", "output-message", "gone", NULL);
  wait_for_line (lines, "output waiting: gone");
  g_object_set (fixture->daemon->player, "output-state", "playing", "output-message", "", NULL);
  wait_for_line (lines, "output playing");
  ctl_dummy_daemon_vanish (fixture->daemon);
  wait_for_line (lines, "segued has gone");
  ctl_dummy_daemon_appear (fixture->daemon);
  wait_for_line (lines, "segued is there");
  bus_gen_segue1_conversation_emit_activity (conversation, "STOPPED", "t1", 5);
  wait_for_line (lines, "STOPPED");
  g_subprocess_send_signal (process, SIGTERM);
  g_assert_cmpint (finish (process, NULL, NULL, NULL), ==, 0);
}

/* What is only a remark is told to those who ask; JSON leaves nothing out. */
static void
check_findings (Fixture *fixture, const char *command_line, const char *greeting, const char *first)
{
  BusGenSegue1Conversation *conversation = fixture->daemon->conversation;
  g_autoptr (GSubprocess) process = spawn (fixture, command_line);
  g_autoptr (GDataInputStream) lines
      = g_data_input_stream_new (g_subprocess_get_stdout_pipe (process));
  wait_for_line (lines, greeting);
  bus_gen_segue1_conversation_emit_finding (conversation, "s", "1", "small", "info", "", "M", "R");
  bus_gen_segue1_conversation_emit_finding (conversation, "s", "1", "large", "warning", "", "M",
                                            "R");
  g_autofree char *line = read_line (lines);
  g_assert_nonnull (strstr (line, first));
  g_subprocess_send_signal (process, SIGTERM);
  g_assert_cmpint (finish (process, NULL, NULL, NULL), ==, 0);
}

static void
test_findings (Fixture *fixture, gconstpointer data)
{
  check_findings (fixture, "monitor", "is there", "large");
  check_findings (fixture, "monitor --all", "is there", "small");
  check_findings (fixture, "monitor --json", "DaemonAppeared", "small");
}

static void
test_until_finished (Fixture *fixture, gconstpointer data)
{
  g_autofree char *out = NULL;
  g_autofree char *err = NULL;
  g_autofree char *good
      = g_strdup_printf ("monitor --json -u -q 0.5 -- %s launch radio", fixture->paths->seguectl);
  bus_gen_segue1_player_set_player_activity (fixture->daemon->player, "FINISHED");
  fixture->daemon->launch_activity = "FINISHED";
  g_assert_cmpint (run (fixture, good, NULL, &out, &err), ==, 0);
  g_assert_cmpstr (err, ==, "");
  g_assert_nonnull (strstr (out, "\"event\":\"RequestSent\",\"skill\":\"radio\""));
  g_assert_nonnull (strstr (out, "\"activity\":\"FINISHED\""));

  fixture->daemon->error = "org.segue.Error.Timeout";
  g_assert_cmpint (run (fixture, good, NULL, NULL, NULL), ==, 75); /* the command's own status */
  g_assert_cmpint (run (fixture, "monitor -u -t 1", NULL, NULL, NULL), ==, 75);
}

static char *
read_file (Fixture *fixture, const char *name)
{
  g_autofree char *path = g_build_filename (fixture->paths->source_root, name, NULL);
  g_autoptr (GError) error = NULL;
  char *text = NULL;
  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  return text;
}

/* Every command stands in the help, has a help with an example, and is known to the man page and to
 * each completion. */
static void
test_help (Fixture *fixture, gconstpointer data)
{
  static const char *const files[] = { "docs/man/seguectl.1", "cli/completion/seguectl.bash",
                                       "cli/completion/_seguectl", "cli/completion/seguectl.fish" };
  g_autofree char *help = NULL;
  g_assert_cmpint (run (fixture, "--help", NULL, &help, NULL), ==, 0);
  const char *start = strstr (help, "Commands:\n");
  g_assert_nonnull (start);
  g_auto (GStrv) lines = g_strsplit (start, "\n", -1);
  guint n = 0;
  for (gsize i = 1; lines[i] != NULL && lines[i][0] != '\0'; i++, n++)
    {
      g_auto (GStrv) words = g_strsplit (g_strstrip (lines[i]), " ", 2);
      g_autofree char *command_line = g_strdup_printf ("%s --help", words[0]);
      g_autofree char *text = NULL;
      g_assert_cmpint (run (fixture, command_line, NULL, &text, NULL), ==, 0);
      g_autofree char *example = g_strdup_printf ("\n  seguectl %s", words[0]);
      g_assert_nonnull (strstr (text, example));
      for (gsize k = 0; k < G_N_ELEMENTS (files); k++)
        {
          g_autofree char *content = read_file (fixture, files[k]);
          g_autofree char *pattern = g_strdup_printf ("\\b%s\\b", words[0]);
          g_autoptr (GString) plain = g_string_new (content);
          g_string_replace (plain, "\\-", "-", 0);
          g_test_message ("%s in %s", words[0], files[k]);
          g_assert_true (g_regex_match_simple (pattern, plain->str, 0, 0));
        }
    }
  g_assert_cmpint (n, >=, 17);
}

static void
test_version (Fixture *fixture, gconstpointer data)
{
  g_autofree char *out = NULL;
  g_assert_cmpint (run (fixture, "--version", NULL, &out, NULL), ==, 0);
  g_assert_true (g_regex_match_simple ("^seguectl \\d+\\.\\d+\\.\\d+\n$", out, 0, 0));
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, ==, 3);
  const Paths paths = { argv[1], argv[2] };
#define ADD(name, func) g_test_add ("/seguectl/" name, Fixture, &paths, set_up, func, tear_down)
  ADD ("calls", test_calls);
  ADD ("music-calls", test_music_calls);
  ADD ("music-output", test_music_output);
  ADD ("volume", test_volume);
  ADD ("output", test_output);
  ADD ("usage", test_usage);
  ADD ("errors", test_errors);
  ADD ("absent", test_absent);
  ADD ("monitor", test_monitor);
  ADD ("findings", test_findings);
  ADD ("until-finished", test_until_finished);
  ADD ("help", test_help);
  ADD ("version", test_version);
  return g_test_run ();
}
