/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <sys/wait.h>

#include "fault-server.h"
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-talk.h"
#include "tests/gst/gst-usage.h"

/* Utterances by the hundred in one process: it holds no more afterwards, and no child is left. */

#define UTTERANCES 400
#define STRETCH 50
#define WARM 150 /* utterances after which growth counts */
#define LIMIT_KIB_PER_UTTERANCE 2.0

static void
speak (GstTalk *talk, FaultServer *server, guint nth)
{
  g_autofree char *s = gst_talk_file ("s.wav");
  g_autofree char *url
      = fault_server_url (server, nth % 4 == 0 ? "/s.wav?fault=status:404" : "/s.wav");
  g_autofree char *recording = g_strconcat ("audio:", url, NULL);
  const guint64 id
      = gst_talk_say (talk, 0, s, "break:10", recording, nth % 5 == 0 ? "say:/nowhere" : s, NULL);

  if (nth % 7 == 0)
    {
      gst_rig_run (talk->rig, nth % 40);
      player_speech_stop (talk->speech);
    }
  else
    gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
}

static void
rest (GstTalk *talk, FaultServer *server)
{
  const gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  gst_rig_run (talk->rig, 2500); /* the output closes after 2 s */
  while (fault_server_count_open (server) > 0 || waitpid (-1, NULL, WNOHANG | WNOWAIT) != -1)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      gst_rig_run (talk->rig, 10);
    }
  g_array_set_size (talk->events, 0);
  g_ptr_array_set_size (talk->problems, 0);
  g_ptr_array_unref (fault_server_take_requests (server));
}

static void
test_soak (void)
{
  g_autofree char *root = gst_rig_path ("");
  g_autoptr (GError) error = NULL;
  g_autoptr (FaultServer) server = fault_server_new (root, NULL, 0, &error);
  g_assert_no_error (error);
  g_autoptr (GstRig) rig = gst_rig_new_with_sink ("fakesink sync=true");
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  GstUsage warm = { 0 };
  GstUsage usage = { 0 };

  gst_usage_print_head ("said");
  for (guint nth = 1; nth <= UTTERANCES; nth++)
    {
      speak (talk, server, nth);
      if (nth % STRETCH != 0)
        continue;
      rest (talk, server);
      gst_usage_measure (&usage);
      gst_usage_print (&usage, nth);
      if (nth == WARM)
        warm = usage;
    }
  gst_usage_assert_steady (&warm, &usage, UTTERANCES - WARM, LIMIT_KIB_PER_UTTERANCE);
}

static void
add_tests (void)
{
  g_autofree char *path = gst_rig_path ("s.wav");

  gst_audio_write_wav (path, GST_TALK_FILE_P, GST_TALK_RATE / 50, GST_TALK_RATE);
  g_test_add_func ("/speech/soak", test_soak);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}
