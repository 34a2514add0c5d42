/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "fault-server.h"
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-talk.h"

/* Speech and streams at random, good, bad and hung: the rig and its speaker check the order of the
 * events, no call blocks, and all has to be gone at the end. */

#define STORMS 9
#define COMMANDS 40
#define MAX_CALL_US 200000

static char *
random_part (FaultServer *server)
{
  g_autofree char *hung = fault_server_url (server, "/q.wav?fault=hang");
  g_autofree char *gone = fault_server_url (server, "/q.wav?fault=status:404");
  g_autofree char *slow = fault_server_url (server, "/q.wav?fault=slow:150000");

  switch (g_test_rand_int_range (0, 9))
    {
    case 0:
      return g_strconcat ("audio:", hung, NULL);
    case 1:
      return g_strconcat ("audio:", gone, NULL);
    case 2:
      return g_strconcat ("audio:", slow, NULL);
    case 3:
      return g_strdup ("say:/nowhere/at/all");
    case 4:
      return g_strdup ("break:30");
    case 5:
      return gst_talk_recording ("a.wav");
    case 6:
      return gst_talk_file ("s.wav");
    default:
      return gst_talk_file (g_test_rand_bit () ? "p.wav" : "q.wav");
    }
}

static void
random_speech (GstTalk *talk, FaultServer *server)
{
  g_autofree char *one = random_part (server);
  g_autofree char *two = random_part (server);
  g_autofree char *three = random_part (server);

  if (!talk->under_way)
    gst_talk_say (talk, g_test_rand_bit () ? 300 : 0, one, two, three, NULL);
}

static void
random_load (GstRig *rig, FaultServer *server)
{
  static const char *const names[] = { "a.wav", "c.flac", "p.wav", "s.wav" };
  g_autofree char *hung = fault_server_url (server, "/a.flac?fault=hang");
  g_autofree char *url = gst_rig_url (names[g_test_rand_int_range (0, G_N_ELEMENTS (names))]);

  gst_rig_load (rig, g_test_rand_int_range (0, 6) == 0 ? hung : url, g_test_rand_bit () ? 0 : 100,
                g_test_rand_int_range (0, 3) == 0);
}

static void
random_command (GstRig *rig, GstTalk *talk, FaultServer *server)
{
  switch (g_test_rand_int_range (0, 14))
    {
    case 0:
      player_engine_pause (rig->engine);
      break;
    case 1:
      player_engine_resume (rig->engine);
      break;
    case 2:
      player_engine_stop (rig->engine);
      break;
    case 3:
      player_engine_seek (rig->engine, rig->generation, 200);
      break;
    case 4:
      player_engine_set_volume (rig->engine, g_test_rand_double (), FALSE);
      break;
    case 5:
    case 6:
      player_engine_set_duck (rig->engine, g_test_rand_bit () ? 1.0 : 0.125);
      break;
    case 7:
    case 8:
      player_speech_stop (talk->speech);
      g_assert_false (talk->under_way);
      break;
    case 9:
    case 10:
      random_load (rig, server);
      break;
    default:
      random_speech (talk, server);
      break;
    }
}

static void
test_storm (gconstpointer data)
{
  g_autofree char *root = gst_rig_path ("");
  g_autoptr (GError) error = NULL;
  g_autoptr (FaultServer) server = fault_server_new (root, NULL, 0, &error);
  g_assert_no_error (error);

  for (guint storm = 0; storm < STORMS; storm++)
    {
      g_autoptr (GstRig) rig = gst_rig_new (GPOINTER_TO_INT (data));
      g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 300);

      for (guint i = 0; i < COMMANDS; i++)
        {
          const gint64 before_us = g_get_monotonic_time ();

          random_command (rig, talk, server);
          g_assert_cmpint (g_get_monotonic_time () - before_us, <, MAX_CALL_US);
          gst_rig_run (rig, (guint)g_test_rand_int_range (0, 50));
        }
      if (g_test_rand_bit ())
        player_speech_stop (talk->speech);
      else
        player_engine_stop (rig->engine);
    }
}

/* All the words of many utterances over many short streams, at three rates: each comes to its end. */
static void
test_relay (void)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  g_autofree char *s = gst_talk_file ("s.wav");
  static const char *const names[] = { "s.wav", "t.wav", "u.wav" };

  for (guint i = 0; i < 30; i++)
    {
      g_autofree char *url = gst_rig_url (names[i % 3]);
      const guint64 id = gst_talk_say (talk, 0, s, s, NULL);
      if (i % 5 > 0)
        gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
      const guint64 load = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
      gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, load);
      if (i % 5 == 0)
        gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, id);
      if (i % 12 == 0)
        gst_rig_run (rig, 2100); /* the output is released, the next stream has its own rate */
    }
  g_assert_cmpuint (talk->problems->len, ==, 0);
}

static void
add_tests (void)
{
  static const struct
  {
    const char *name;
    guint rate;
  } files[] = { { "s.wav", 48000 }, { "t.wav", 44100 }, { "u.wav", 16000 } };

  gst_talk_make_audio ();
  for (guint i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *path = gst_rig_path (files[i].name);

      gst_audio_write_wav (path, 8, files[i].rate / 50, files[i].rate);
    }
  g_test_add_func ("/speech/storm/relay", test_relay);
  g_test_add_data_func ("/speech/storm/real-time", GINT_TO_POINTER (TRUE), test_storm);
  g_test_add_data_func ("/speech/storm/fast", GINT_TO_POINTER (FALSE), test_storm);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}
