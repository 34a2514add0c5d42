/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* What is there again after a restart, however the last run has ended. What is heard of it is counted
 * in frames. */

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "harness-music.h"

#define RATE 44100
#define LONG_FRAMES ((gsize)40 * RATE)
/* Frames that a fade may have changed so that they cannot be told any more: 10 ms. */
#define FADE_FRAMES 441

/* Each frame is written down when its time has come; all runs of the daemon write into one file. */
#define CAPTURE                                                                                    \
  "[audio]\nsink = capsfilter caps=audio/x-raw,format=S16LE ! tee name=t ! fakesink sync=true "    \
  "t. ! queue ! filesink location=@DIR@/capture.raw sync=false async=false append=true "           \
  "buffer-mode=unbuffered\n"

/* Each frame is written down when it is given to the sink, which plays all that it is given; so that what
 * a fade has made of it is there, too. */
#define CAPTURE_ALL                                                                                \
  "[audio]\nsink = capsfilter caps=audio/x-raw,format=S16LE ! tee name=t ! queue ! fakesink "      \
  "sync=true t. ! filesink location=@DIR@/capture.raw sync=false async=false append=true "         \
  "buffer-mode=unbuffered\n"

/* --- What was heard ----------------------------------------------------------------------------
 */

/* A stretch of frames that follow each other. */
typedef struct
{
  guint file;
  gsize first;
  gsize last;
} Stretch;

static gsize
get_capture_bytes (Harness *h, char **data)
{
  g_autofree char *path = g_build_filename (harness_dir (h), "capture.raw", NULL);
  gsize length = 0;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, data, &length, &error);
  g_assert_no_error (error);
  return length;
}

/* (transfer full) (element-type Stretch): what was heard, in order, without what a fade has changed. */
static GArray *
listen_to (Harness *h)
{
  GArray *stretches = g_array_new (FALSE, TRUE, sizeof (Stretch));
  g_autofree char *data = NULL;
  gsize length = get_capture_bytes (h, &data);
  Stretch now = { 0 };
  for (gsize i = 0; i + 4 <= length; i += 4)
    {
      const guint8 *frame = (const guint8 *)data + i;
      gsize index = frame[0] | frame[1] << 8 | frame[2] << 16;
      if (now.file != 0 && frame[3] == now.file && index == now.last + 1)
        {
          now.last = index;
          continue;
        }
      if (now.file != 0 && now.last - now.first > FADE_FRAMES)
        g_array_append_val (stretches, now);
      now = (Stretch){ frame[3], index, index };
    }
  if (now.file != 0 && now.last - now.first > FADE_FRAMES)
    g_array_append_val (stretches, now);
  return stretches;
}

static Stretch
get_stretch (GArray *heard, guint i)
{
  g_assert_cmpuint (i, <, heard->len);
  return g_array_index (heard, Stretch, i);
}

/* Of @file, whatever it was cut into: at each cut at most @missing frames are not heard as they were, which
 * fades have changed or the sink still held, and at most @repeated are heard again. */
static void
check_heard (GArray *heard, guint file, gsize missing, gsize repeated)
{
  gsize next = 0;
  for (guint i = 0; i < heard->len; i++)
    {
      Stretch one = get_stretch (heard, i);
      if (one.file != file)
        continue;
      g_test_message ("file %u: %" G_GSIZE_FORMAT " to %" G_GSIZE_FORMAT ", %" G_GSSIZE_FORMAT
                      " frames again",
                      file, one.first, one.last, (gssize)next - (gssize)one.first);
      g_assert_cmpuint (one.first, <=, next + missing);
      g_assert_cmpuint (one.first + repeated, >=, next);
      next = one.last + 1;
    }
}

/* --- What is done ------------------------------------------------------------------------------
 */

static Harness *
start (const char *config)
{
  Harness *h = harness_new (config);
  g_autofree char *path = g_build_filename (harness_media_dir (h), "long.wav", NULL);
  harness_write_wav (path, 9, LONG_FRAMES);
  return h;
}

/* A Play, as it stands in an answer. (transfer full) */
static char *
make_play (Harness *h, const char *behavior, const char *file, const char *token, const char *more)
{
  return g_strdup_printf ("{\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"%s\",\"audioItem\":{"
                          "\"stream\":{\"url\":\"%smedia/%s\",\"token\":\"%s\","
                          "\"offsetInMilliseconds\":0%s}}}",
                          behavior, harness_url (h), file, token, more);
}

/* The skill, which is known by its URL alone, wants @directives, as if it had been asked. */
static void
obey (Harness *h, const char *directives)
{
  g_autofree char *answer
      = g_strdup_printf ("{\"version\":\"1.0\",\"response\":{\"directives\":[%s]}}", directives);
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_CONVERSATION, "HandleResponse",
                      g_variant_new ("(sss)", harness_url (h), "LaunchRequest", answer));
}

static void
play_long (Harness *h)
{
  g_autofree char *play = make_play (h, "REPLACE_ALL", "long.wav", "long", "");
  obey (h, play);
  harness_expect (h, "PlaybackStarted long 0", NULL);
}

/* The answer to the last request has been dealt with, so that it is not sent again. */
static void
settle (Harness *h)
{
  const char *id = json_object_get_string_member (
      json_object_get_object_member (harness_request (h, 0), "request"), "requestId");
  harness_wait_signal (h, "AnswerReceived", id);
  /* it answers after the end of the turn in which that signal was sent */
  g_autofree char *version = harness_get_string (h, HARNESS_ROOT, "Version");
}

static void
crash_now (Harness *h)
{
  g_assert_cmpint (harness_end_daemon (h, SIGKILL), ==, 128 + SIGKILL);
}

static void
crash (Harness *h)
{
  settle (h);
  crash_now (h);
}

static gint64
request_offset (Harness *h, guint n)
{
  return json_object_get_int_member (
      json_object_get_object_member (harness_request (h, n), "request"), "offsetInMilliseconds");
}

static void
sleep_ms (guint ms)
{
  music_rig_sleep (ms);
}

/* --- The tests ---------------------------------------------------------------------------------
 */

/* Killed while it plays, at any moment: the skill is told that it stopped and started there, and at
 * most a second is heard again. */
static void
test_playing (void)
{
  g_autoptr (Harness) h = start (CAPTURE);
  play_long (h);
  for (guint i = 0; i < 3; i++)
    {
      sleep_ms (g_test_rand_int_range (300, 2500));
      crash (h);
      harness_start_daemon (h);
      harness_expect (h, "PlaybackStopped long *", "PlaybackStarted long *", NULL);
      g_assert_cmpint (request_offset (h, 0), ==, request_offset (h, 1));
    }
  sleep_ms (500);
  harness_end_daemon (h, SIGTERM);
  g_autoptr (GArray) heard = listen_to (h);
  g_assert_cmpuint (heard->len, >=, 4);
  check_heard (heard, 9, FADE_FRAMES, RATE * 3 / 2);
}

static void
call (Harness *h, const char *method)
{
  g_autoptr (GVariant) reply = harness_call (h, HARNESS_PLAYER, method, NULL);
}

static void
set_property (Harness *h, const char *name, GVariant *value)
{
  g_autoptr (GVariant) reply = harness_call (h, "org.freedesktop.DBus.Properties", "Set",
                                             g_variant_new ("(ssv)", HARNESS_PLAYER, name, value));
}

/* Paused: nothing is told, nothing is heard, and Play goes on with the very frame. */
static void
test_paused (void)
{
  g_autoptr (Harness) h = start (CAPTURE_ALL "[player]\npause-button = local\n");
  play_long (h);
  harness_wait_offset (h, 700);
  call (h, "Pause");
  harness_expect (h, "PlaybackStopped long *", NULL);
  gint64 offset_ms = request_offset (h, 0);
  harness_wait_property (h, HARNESS_PLAYER, "OutputState", "'idle'"); /* all has been played */
  crash (h);
  harness_start_daemon (h);
  g_autofree char *activity = harness_get_string (h, HARNESS_PLAYER, "PlayerActivity");
  g_assert_cmpstr (activity, ==, "PAUSED");
  g_assert_cmpint (harness_get_int64 (h, HARNESS_PLAYER, "OffsetInMilliseconds"), ==, offset_ms);
  harness_expect_quiet (h, 300);
  call (h, "Play");
  harness_expect (h, "PlaybackStarted long *", NULL);
  g_assert_cmpint (request_offset (h, 0), ==, offset_ms);
  harness_wait_offset (h, offset_ms + 500);
  harness_end_daemon (h, SIGTERM);
  g_autoptr (GArray) heard = listen_to (h);
  g_assert_cmpuint (heard->len, ==, 2);
  check_heard (heard, 9, 2 * FADE_FRAMES, FADE_FRAMES);
}

/* The queue, with what is current, and the volume; it is played to its end. */
static void
test_queue (void)
{
  g_autoptr (Harness) h = start (CAPTURE);
  g_autofree char *a = make_play (h, "REPLACE_ALL", "a.wav", "A", "");
  g_autofree char *b = make_play (h, "ENQUEUE", "b.wav", "B", ",\"expectedPreviousToken\":\"A\"");
  g_autofree char *c = make_play (h, "ENQUEUE", "c.wav", "C", ",\"expectedPreviousToken\":\"B\"");
  obey (h, a);
  obey (h, b);
  obey (h, c);
  set_property (h, "Volume", g_variant_new_double (1.0)); /* for the count */
  harness_expect (h, "PlaybackStarted A 0", "PlaybackNearlyFinished A *", NULL);
  g_autoptr (GVariant) before = harness_get (h, HARNESS_PLAYER, "Queue");
  g_assert_cmpuint (g_variant_n_children (before), ==, 2);
  crash (h);
  harness_start_daemon (h);
  g_autoptr (GVariant) after = harness_get (h, HARNESS_PLAYER, "Queue");
  g_assert_true (g_variant_equal (before, after));
  g_autofree char *token = harness_get_string (h, HARNESS_PLAYER, "Token");
  g_assert_cmpstr (token, ==, "A");
  harness_expect (h, "PlaybackStopped A *", "PlaybackStarted A *", "PlaybackFinished A *",
                  "PlaybackStarted B 0", "PlaybackNearlyFinished B *", NULL);
  crash (h);
  harness_start_daemon (h);
  harness_expect (h, "PlaybackStopped B *", "PlaybackStarted B *", "PlaybackFinished B *",
                  "PlaybackStarted C 0", "PlaybackNearlyFinished C *", "PlaybackFinished C *",
                  NULL);
  harness_end_daemon (h, SIGTERM);
  g_autoptr (GArray) heard = listen_to (h);
  check_heard (heard, 1, FADE_FRAMES, RATE * 3 / 2);
  check_heard (heard, 2, FADE_FRAMES, RATE * 3 / 2);
  check_heard (heard, 3, 0, 0);
}

static gboolean
is_volume_kept (gpointer user_data)
{
  g_autofree char *path = g_build_filename (harness_dir (user_data), "state/segue.db-wal", NULL);
  g_autofree char *data = NULL;
  gsize length = 0;
  if (!g_file_get_contents (path, &data, &length, NULL))
    return FALSE;
  return memmem (data, length, "\x3f\xd6\x66\x66\x66\x66\x66\x66", 8) != NULL; /* 0.35 */
}

static void
test_volume (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  set_property (h, "Muted", g_variant_new_boolean (TRUE));
  set_property (h, "Volume", g_variant_new_double (0.35));
  g_assert_true (harness_wait (10000, is_volume_kept, h));
  crash_now (h);
  harness_start_daemon (h);
  g_autoptr (GVariant) volume = harness_get (h, HARNESS_PLAYER, "Volume");
  g_assert_cmpfloat (g_variant_get_double (volume), ==, 0.35);
  g_autoptr (GVariant) muted = harness_get (h, HARNESS_PLAYER, "Muted");
  g_assert_true (g_variant_get_boolean (muted));
}

/* What the skill has been told of one token, as letters: S started, P stopped, N nearly finished, F
 * finished. */
static char
get_letter (const char *words, const char *token)
{
  static const struct
  {
    const char *type;
    char letter;
  } letters[] = { { "PlaybackStarted ", 'S' },
                  { "PlaybackStopped ", 'P' },
                  { "PlaybackNearlyFinished ", 'N' },
                  { "PlaybackFinished ", 'F' } };
  for (guint i = 0; i < G_N_ELEMENTS (letters); i++)
    if (g_str_has_prefix (words, letters[i].type)
        && g_str_has_prefix (words + strlen (letters[i].type), token))
      return letters[i].letter;
  return 0;
}

/* All tokens are told of in their order, and of each only what can be: it starts, stops and starts
 * again, and finishes last. A report may come twice. */
static void
check_told (Harness *h, const char *const *tokens)
{
  for (guint i = 0; tokens[i] != NULL; i++)
    {
      g_autoptr (GString) told = g_string_new (NULL);
      for (guint n = harness_count_requests (h); n > 0; n--)
        {
          g_autofree char *words = harness_get_words (h, n - 1);
          char letter = get_letter (words, tokens[i]);
          if (letter != 0 && (told->len == 0 || told->str[told->len - 1] != letter))
            g_string_append_c (told, letter);
        }
      g_test_message ("%s: %s", tokens[i], told->str);
      g_assert_true (g_regex_match_simple ("^S((PS|N)*)F$", told->str, 0, 0));
    }
}

/* Killed at any moment, joints included: in the end all has been heard, and told. */
static void
test_anywhere (void)
{
  static const char *const tokens[] = { "A", "B", "C", NULL };
  g_autoptr (Harness) h = start (CAPTURE);
  g_autofree char *a = make_play (h, "REPLACE_ALL", "a.wav", "A", "");
  g_autofree char *b = make_play (h, "ENQUEUE", "b.wav", "B", ",\"expectedPreviousToken\":\"A\"");
  g_autofree char *c = make_play (h, "ENQUEUE", "c.wav", "C", ",\"expectedPreviousToken\":\"B\"");
  obey (h, a);
  obey (h, b);
  obey (h, c);
  for (guint i = 0; i < 5; i++)
    {
      sleep_ms (g_test_rand_int_range (500, 1900));
      crash_now (h);
      harness_start_daemon (h);
    }
  harness_wait_activity (h, "FINISHED");
  sleep_ms (300);
  harness_end_daemon (h, SIGTERM);
  check_told (h, tokens);
  g_autoptr (GArray) heard = listen_to (h);
  for (guint i = 1; i <= 3; i++)
    check_heard (heard, i, FADE_FRAMES, RATE * 3 / 2);
}

/* While somebody speaks: it goes on as if that were over. */
static void
test_speech (void)
{
  g_autoptr (Harness) h = start (CAPTURE);
  play_long (h);
  harness_wait_offset (h, 700);
  g_autoptr (GVariant) begun = harness_call (h, HARNESS_CONVERSATION, "BeginUserSpeech", NULL);
  harness_expect (h, "PlaybackStopped long *", NULL);
  gint64 offset_ms = request_offset (h, 0);
  crash (h);
  harness_start_daemon (h);
  harness_expect (h, "PlaybackStarted long *", NULL);
  g_assert_cmpint (request_offset (h, 0), ==, offset_ms);
}

/* What is said next is said in the session that was open, with its attributes byte for byte. */
static void
test_session (void)
{
  static const char attributes[] = "{\"exact\":1.0,\"big\":123456789012345678901234567890}";
  g_autoptr (Harness) h = harness_new (NULL);
  g_autofree char *answer = g_strdup_printf (
      "{\"version\":\"1.0\",\"sessionAttributes\":%s,\"response\":{\"shouldEndSession\":false,"
      "\"reprompt\":{\"outputSpeech\":{\"type\":\"PlainText\",\"text\":\"Well?\"}}}}",
      attributes);
  g_autoptr (JsonObject) fault = json_object_new ();
  json_object_set_string_member (fault, "fault", "body");
  json_object_set_string_member (fault, "on", "LaunchRequest");
  json_object_set_string_member (fault, "body", answer);
  g_autoptr (GError) error = NULL;
  DemoFault *parsed = demo_fault_new (fault, &error);
  g_assert_no_error (error);
  demo_server_add_fault (harness_skill (h), parsed);
  harness_launch (h);
  harness_expect (h, "LaunchRequest", NULL);
  JsonObject *session = json_object_get_object_member (harness_request (h, 0), "session");
  g_autofree char *id = g_strdup (json_object_get_string_member (session, "sessionId"));
  crash (h);
  harness_start_daemon (h);
  harness_intent (h, "AskIntent", NULL);
  harness_expect (h, "IntentRequest AskIntent", NULL);
  session = json_object_get_object_member (harness_request (h, 0), "session");
  g_assert_cmpstr (json_object_get_string_member (session, "sessionId"), ==, id);
  g_assert_false (json_object_get_boolean_member (session, "new"));
  const char *sent = NULL;
  g_variant_get_child (harness_wait_signal (h, "RequestSent", "IntentRequest"), 3, "&s", &sent);
  g_assert_nonnull (strstr (sent, attributes));
}

/* resume = never: what played is paused; = always: what is paused goes on. */
static void
test_policies (void)
{
  g_autoptr (Harness) h = start ("[player]\nresume = never\npause-button = local\n");
  g_autofree char *config = g_build_filename (harness_dir (h), "segue.conf", NULL);
  play_long (h);
  crash (h);
  harness_start_daemon (h);
  harness_expect (h, "PlaybackStopped long *", NULL);
  harness_expect_quiet (h, 300);
  harness_wait_activity (h, "PAUSED");
  g_assert_cmpint (harness_end_daemon (h, SIGTERM), ==, 0);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (config, &text, NULL, NULL));
  g_autoptr (GString) changed = g_string_new (text);
  g_string_replace (changed, "resume = never", "resume = always", 1);
  g_assert_true (g_file_set_contents (config, changed->str, -1, NULL));
  harness_start_daemon (h);
  harness_expect (h, "PlaybackStarted long *", NULL);
}

/* Ended in order while it plays, and started again: it goes on, and Stopped is told once. */
static void
test_ended (void)
{
  g_autoptr (Harness) h = start (CAPTURE_ALL);
  play_long (h);
  harness_wait_offset (h, 700);
  g_assert_cmpint (harness_end_daemon (h, SIGTERM), ==, 0);
  harness_expect (h, "PlaybackStopped long *", NULL);
  gint64 offset_ms = request_offset (h, 0);
  harness_start_daemon (h);
  harness_expect (h, "PlaybackStarted long *", NULL);
  g_assert_cmpint (request_offset (h, 0), ==, offset_ms);
  harness_wait_offset (h, offset_ms + 500);
  harness_end_daemon (h, SIGTERM);
  g_autoptr (GArray) heard = listen_to (h);
  check_heard (heard, 9, 2 * FADE_FRAMES + RATE / 10, FADE_FRAMES);
}

/* A stream that ends the daemon as soon as it sounds does so three more times. */
static void
test_crash_loop (void)
{
  g_autoptr (Harness) h = start (NULL);
  play_long (h);
  crash (h);
  for (guint i = 0; i < 3; i++)
    {
      harness_start_daemon (h);
      harness_expect (h, "PlaybackStopped long *", "PlaybackStarted long *", NULL);
      crash (h);
    }
  harness_log_to (h, "log");
  g_autofree char *debug = g_strdup (g_getenv ("G_DEBUG"));
  g_setenv ("G_DEBUG", "fatal-criticals", TRUE); /* the daemon warns */
  harness_start_daemon (h);
  if (debug != NULL)
    g_setenv ("G_DEBUG", debug, TRUE);
  else
    g_unsetenv ("G_DEBUG");
  harness_expect (h, "PlaybackStopped long *", NULL);
  harness_expect_quiet (h, 300);
  harness_wait_activity (h, "PAUSED");
  g_assert_cmpint (harness_end_daemon (h, SIGTERM), ==, 0);
  g_autofree char *path = g_build_filename (harness_dir (h), "log", NULL);
  g_autofree char *log = NULL;
  g_assert_true (g_file_get_contents (path, &log, NULL, NULL));
  g_assert_nonnull (strstr (log, "going on with long has ended the daemon 3 times"));
}

/* The secrets of what is kept are in a file for its user alone. */
static void
test_secret (void)
{
  g_autoptr (Harness) h = start (NULL);
  play_long (h);
  crash (h);
  static const char *const names[] = { "segue.db", "segue.db-wal" };
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (harness_dir (h), "state", names[i], NULL);
      GStatBuf info;
      g_assert_cmpint (g_stat (path, &info), ==, 0);
      g_assert_cmpint (info.st_mode & 0777, ==, 0600);
    }
  harness_start_daemon (h);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/memory/playing", test_playing);
  g_test_add_func ("/memory/paused", test_paused);
  g_test_add_func ("/memory/queue", test_queue);
  g_test_add_func ("/memory/volume", test_volume);
  g_test_add_func ("/memory/anywhere", test_anywhere);
  g_test_add_func ("/memory/speech", test_speech);
  g_test_add_func ("/memory/session", test_session);
  g_test_add_func ("/memory/policies", test_policies);
  g_test_add_func ("/memory/ended", test_ended);
  g_test_add_func ("/memory/crash-loop", test_crash_loop);
  g_test_add_func ("/memory/secret", test_secret);
  return g_test_run ();
}
