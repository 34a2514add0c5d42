/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

#include "fault-server.h"
#include "player/gst/player-gst-speech.h"
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-talk.h"

/* Whatever goes wrong with a part is told, and the rest is heard. */

#define RATE GST_TALK_RATE
#define P GST_TALK_FILE_P
#define FRAMES_P GST_TALK_FRAMES_P
#define Q GST_TALK_FILE_Q
#define FRAMES_Q GST_TALK_FRAMES_Q
#define FADE (RATE / 100)
#define WORDS "say:<speak>Hello</speak>"

static FaultServer *
serve (void)
{
  g_autofree char *root = gst_rig_path ("");
  g_autoptr (GError) error = NULL;
  FaultServer *server = fault_server_new (root, NULL, 0, &error);

  g_assert_no_error (error);
  return server;
}

static char *
recording (FaultServer *server, const char *path)
{
  g_autofree char *url = fault_server_url (server, path);

  return g_strconcat ("audio:", url, NULL);
}

/* The part of a FAULT, or -1. */
static int
find_fault (GstTalk *talk, guint nth)
{
  for (guint i = 0; i < talk->events->len; i++)
    {
      const PlayerSpeechEvent *event = &g_array_index (talk->events, PlayerSpeechEvent, i);

      if (event->type == PLAYER_SPEECH_FAULT && nth-- == 0)
        return (int)event->part;
    }
  return -1;
}

/* The one part, -1 if there is none, at which recordings are found too long. */
static int
find_too_long (GstTalk *talk)
{
  int part = -1;

  for (guint i = 0; i < talk->events->len; i++)
    {
      const PlayerSpeechEvent *event = &g_array_index (talk->events, PlayerSpeechEvent, i);

      g_assert_true (!event->too_long || part < 0);
      if (event->too_long)
        part = (int)event->part;
    }
  return part;
}

/* --- the synthesiser --- */

static const struct
{
  const char *name;
  const char *command;
  guint timeout_ms;
  const char *problem;
} programs[] = {
  { "exit", "false", 5000, "false: exit status 1" },
  { "complains", "sh -c 'echo \"  no such voice\" >&2; echo more >&2; exit 3'", 5000,
    "sh: exit status 3: no such voice*" },
  { "garbage", "echo nothing to be heard here", 5000, "The synthesiser's output: *" },
  { "binary", "head -c 100000 /dev/zero", 5000, "The synthesiser's output: *" },
  { "silent", "true", 5000, "true: writes nothing" },
  { "hangs", "sleep 1000", 300, "sleep: not done within 300 ms" },
  { "hangs-later", "sh -c 'echo RIFF; sleep 1000; echo'", 300, "sh: not done within 300 ms" },
  { "floods", "cat /dev/zero", 20000, "cat: writes more than 64 MiB" },
  { "dies", "sh -c 'kill -SEGV $$'", 5000, "sh: ended by signal 11" },
  { "directory", "/", 5000, "/: *" },
};

/* What comes after it is heard all the same; alone it is a failure. */
static void
test_program (gconstpointer data)
{
  const guint i = GPOINTER_TO_UINT (data);
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, programs[i].command, programs[i].timeout_ms);
  g_autofree char *q = gst_talk_recording ("q.wav");
  guint64 id = gst_talk_say (talk, 0, "break:100", WORDS, NULL);

  gst_talk_wait (talk, PLAYER_SPEECH_FAILED, id);
  gst_talk_assert_problem (talk, programs[i].problem);
  g_assert_cmpint (find_fault (talk, 0), ==, 1);
  g_assert_cmpuint (gst_tap_count (&rig->tap), ==, 0);
  g_array_set_size (talk->events, 0);
  id = gst_talk_say (talk, 0, q, WORDS, "break:100", q, NULL);
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  g_assert_cmpuint (gst_talk_count (talk, PLAYER_SPEECH_FAULT, id), ==, 1);
  g_assert_cmpint (find_fault (talk, 0), ==, 1);
  gst_talk_assert_problem (talk, programs[i].problem);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), Q, 0, FRAMES_Q);
  at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, at), Q, 0, FRAMES_Q);
  gst_audio_assert_silent_end (heard, at);
}

static GLogWriterOutput
count_complaints (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer data)
{
  guint *complaints = data;

  for (gsize i = 0; i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE")
        && (g_str_has_prefix (fields[i].value, "Nothing can be spoken: no-such-program")
            || g_str_has_prefix (fields[i].value, "The audio output is away")))
      {
        (*complaints)++;
        return G_LOG_WRITER_HANDLED;
      }
  return g_log_writer_default (level, fields, n_fields, NULL);
}

static void
test_missing (gconstpointer data)
{
  const guint *complaints = data;
  const guint before = *complaints;
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, "no-such-program -v %l", 5000);
  g_autofree char *q = gst_talk_recording ("q.wav");

  for (guint i = 0; i < 3; i++)
    {
      gst_talk_wait (talk, PLAYER_SPEECH_FAILED, gst_talk_say (talk, 0, WORDS, WORDS, NULL));
      gst_talk_assert_problem (talk, "no-such-program: no such program");
    }
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, gst_talk_say (talk, 0, WORDS, q, NULL));
  g_assert_cmpuint (*complaints, ==, before + 1);
}

static void
test_bad_command (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  static const char *const commands[] = { "", "  ", "espeak-ng 'not closed", "\\" };

  for (guint i = 0; i < G_N_ELEMENTS (commands); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (PlayerSpeech) speech
          = player_gst_speech_new (PLAYER_GST_ENGINE (rig->engine), commands[i], 1000, &error);

      g_assert_null (speech);
      g_assert_true (error != NULL && error->domain == G_SHELL_ERROR);
    }
}

/* Killed with all that it has started, and at once. */
static void
test_killed (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autofree char *path = gst_rig_path ("pid");
  g_autofree char *command = g_strdup_printf (
      "sh -c 'sleep 1000 & echo $! > %s.new; mv %s.new %s; wait'", path, path, path);
  const gint64 deadline = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;
  g_autofree char *pid = NULL;
  g_autoptr (GstTalk) talk = gst_talk_new (rig, command, 60000);

  gst_talk_say (talk, 0, WORDS, NULL);
  while (!g_file_get_contents (path, &pid, NULL, NULL))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      gst_rig_run (rig, 5);
    }
  const gint64 before_us = g_get_monotonic_time ();
  player_speech_stop (talk->speech);
  g_assert_cmpint (g_get_monotonic_time () - before_us, <, 100000);
  g_autofree char *stat = g_strdup_printf ("/proc/%ld/stat", atol (pid));
  for (gboolean lives = TRUE; lives;)
    {
      g_autofree char *text = NULL;

      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      gst_rig_run (rig, 5);
      lives = g_file_get_contents (stat, &text, NULL, NULL) && strstr (text, ") Z ") == NULL;
    }
  while (waitpid (-1, NULL, WNOHANG | WNOWAIT) != -1)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      gst_rig_run (rig, 5);
    }
}

/* It is given nothing that is ours: no descriptor but its three, no word of the service manager. */
static void
test_inherits_nothing (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autofree char *path = gst_rig_path ("p.wav");
  g_autofree char *command = g_strconcat (
      "sh -c 'test -z \"$NOTIFY_SOCKET\" || exit 4; for f in /proc/$$/fd/*; do case ${f##*/} in "
      "[012]) ;; *) if readlink $f >&2; then exit 5; fi;; esac; done; exec cat ",
      path, "'", NULL);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, command, 5000);

  g_setenv ("NOTIFY_SOCKET", "/nowhere", TRUE);
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, gst_talk_say (talk, 0, WORDS, WORDS, NULL));
  g_unsetenv ("NOTIFY_SOCKET");
  g_assert_cmpuint (talk->problems->len, ==, 0);
}

/* --- recordings --- */

static void
test_bad_recordings (void)
{
  g_autoptr (FaultServer) server = serve ();
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *p = gst_talk_file ("p.wav");
  g_autofree char *missing = recording (server, "/q.wav?fault=status:404");
  g_autofree char *text = recording (server, "/text");
  g_autofree char *q = recording (server, "/q.wav");
  const guint64 id = gst_talk_say (talk, 0, missing, p, text, "audio:gopher://example/a", q, NULL);

  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  g_assert_cmpuint (gst_talk_count (talk, PLAYER_SPEECH_FAULT, id), ==, 3);
  g_assert_cmpint (find_fault (talk, 0), ==, 0);
  g_assert_cmpint (find_fault (talk, 1), ==, 2);
  g_assert_cmpint (find_fault (talk, 2), ==, 3);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), P, 0, FRAMES_P);
  at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, at), Q, 0, FRAMES_Q);
  gst_audio_assert_silent_end (heard, at);
}

/* What has arrived of it is heard, then the rest. */
static void
test_broken_recording (void)
{
  g_autoptr (FaultServer) server = serve ();
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *p = gst_talk_file ("p.wav");
  g_autofree char *broken = recording (server, "/q.wav?fault=norange,drop:60044");
  const guint64 id = gst_talk_say (talk, 0, broken, p, NULL);

  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  g_assert_cmpuint (gst_talk_count (talk, PLAYER_SPEECH_FAULT, id), ==, 1);
  g_assert_cmpint (find_fault (talk, 0), ==, 0);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_skip_silence (heard, 0);
  const guint first = gst_audio_follow (heard, at, Q, 0) - at; /* it may have run dry then */
  at = gst_audio_skip_silence (heard, at + first);
  at = gst_audio_assert_run (heard, at, Q, first, 15000);
  at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, at), P, 0, FRAMES_P);
  gst_audio_assert_silent_end (heard, at);
}

/* Broken and resumed, slow and stalled: each sample is heard once. */
static void
test_mended_recording (void)
{
  g_autoptr (FaultServer) server = serve ();
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *mended = recording (server, "/q.wav?fault=droponce:40044");
  g_autofree char *chunked = recording (server, "/p.wav?fault=chunked,norange");
  const guint64 id = gst_talk_say (talk, 0, mended, chunked, NULL);

  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  g_assert_cmpuint (talk->problems->len, ==, 0);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), Q, 0, FRAMES_Q);
  at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, at), P, 0, FRAMES_P);
  gst_audio_assert_silent_end (heard, at);
}

static void
test_hung_recording (void)
{
  g_autoptr (FaultServer) server = serve ();
  g_autofree char *hung = recording (server, "/q.wav?fault=hang");
  g_autofree char *p = gst_talk_file ("p.wav");
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);

  for (guint i = 0; i < 4; i++)
    {
      const guint64 id = gst_talk_say (talk, 0, i % 2 == 0 ? hung : p, hung, p, NULL);

      gst_rig_run (rig, 100);
      const gint64 before_us = g_get_monotonic_time ();
      player_speech_stop (talk->speech);
      g_assert_cmpint (g_get_monotonic_time () - before_us, <, 100000);
      g_assert_cmpuint (gst_talk_count (talk, PLAYER_SPEECH_STOPPED, id), ==, 1);
    }
  gst_talk_say (talk, 0, hung, NULL); /* and it all goes away while one hangs */
  gst_rig_run (rig, 50);
}

/* --- how long recordings may last --- */

static void
test_limit (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *p = gst_talk_file ("p.wav");
  g_autofree char *p_recorded = gst_talk_recording ("p.wav");
  g_autofree char *q = gst_talk_recording ("q.wav");
  const guint frames = RATE * 6 / 10 - FRAMES_Q; /* left of the 600 ms for the second */
  const guint64 id = gst_talk_say (talk, 600, q, p_recorded, p, q, p, NULL);

  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  g_assert_cmpuint (gst_talk_count (talk, PLAYER_SPEECH_FAULT, id), ==, 2);
  g_assert_cmpint (find_fault (talk, 0), ==, 1);
  g_assert_cmpint (find_fault (talk, 1), ==, 3);
  gst_talk_assert_problem (talk, "Recordings last longer than 600 ms in all");
  g_assert_cmpint (find_too_long (talk), ==, 1);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), Q, 0, FRAMES_Q);
  at = gst_audio_assert_run (heard, at, P, 0, frames - FADE);
  at = gst_audio_assert_fade (heard, at, P, frames - FADE, FADE, TRUE);
  at = gst_audio_assert_run (heard, at, P, 0, FRAMES_P);
  at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, at), P, 0, FRAMES_P);
  gst_audio_assert_silent_end (heard, at);
}

/* Words do not count, and what just fits is whole. */
static void
test_within_limit (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *p = gst_talk_file ("p.wav");
  g_autofree char *q = gst_talk_recording ("q.wav");
  const gint64 limit_ms = (gint64)FRAMES_Q * 1000 / RATE + 11;

  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, gst_talk_say (talk, limit_ms, p, p, q, NULL));
  g_assert_cmpuint (talk->problems->len, ==, 0);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint at = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), P, 0, FRAMES_P);
  at = gst_audio_assert_run (heard, at, P, 0, FRAMES_P);
  gst_audio_assert_silent_end (heard, gst_audio_assert_run (heard, at, Q, 0, FRAMES_Q));
}

/* --- the output --- */

static void
test_no_sink (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *p = gst_talk_file ("p.wav");

  gst_tap_set_broken (&rig->tap, TRUE);
  gst_talk_wait (talk, PLAYER_SPEECH_FAILED, gst_talk_say (talk, 0, p, NULL));
  gst_talk_assert_problem (talk, "No such sound card");
  gst_tap_set_broken (&rig->tap, FALSE);
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, gst_talk_say (talk, 0, p, NULL));
}

static void
test_sink_lost (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *p = gst_talk_file ("p.wav");
  guint64 id = gst_talk_say (talk, 0, p, p, NULL);

  gst_rig_wait_frames (rig, RATE / 10);
  gst_talk_wait (talk, PLAYER_SPEECH_STARTED, id);
  gst_tap_set_broken (&rig->tap, TRUE);
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  g_assert_cmpuint (gst_talk_count (talk, PLAYER_SPEECH_FAULT, id), ==, 1);
  gst_tap_set_broken (&rig->tap, FALSE);
  id = gst_talk_say (talk, 0, p, NULL);
  gst_talk_wait (talk, PLAYER_SPEECH_STARTED, id);
  gst_tap_break_once (&rig->tap); /* and it goes on */
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
  g_assert_cmpuint (gst_talk_count (talk, PLAYER_SPEECH_FAULT, id), ==, 0);
}

/* What has been complained of in the log; warnings are fatal otherwise. */
static guint *
count_of_complaints (void)
{
  static guint count;

  return &count;
}

static void
add_tests (void)
{
  g_autofree char *text = gst_rig_path ("text");

  gst_talk_make_audio ();
  g_assert_true (g_file_set_contents (text, "nothing to be heard here\n", -1, NULL));
  for (guint i = 0; i < G_N_ELEMENTS (programs); i++)
    {
      g_autofree char *name = g_strconcat ("/speech/program/", programs[i].name, NULL);

      g_test_add_data_func (name, GUINT_TO_POINTER (i), test_program);
    }
  g_test_add_data_func ("/speech/program/missing", count_of_complaints (), test_missing);
  g_test_add_func ("/speech/program/bad-command", test_bad_command);
  g_test_add_func ("/speech/program/killed", test_killed);
  g_test_add_func ("/speech/program/inherits-nothing", test_inherits_nothing);
  g_test_add_func ("/speech/recording/bad", test_bad_recordings);
  g_test_add_func ("/speech/recording/broken", test_broken_recording);
  g_test_add_func ("/speech/recording/mended", test_mended_recording);
  g_test_add_func ("/speech/recording/hung", test_hung_recording);
  g_test_add_func ("/speech/limit", test_limit);
  g_test_add_func ("/speech/limit/within", test_within_limit);
  g_test_add_func ("/speech/output/none", test_no_sink);
  g_test_add_func ("/speech/output/lost", test_sink_lost);
}

int
main (int argc, char **argv)
{
  g_log_set_writer_func (count_complaints, count_of_complaints (), NULL);
  return gst_rig_main (argc, argv, add_tests);
}
