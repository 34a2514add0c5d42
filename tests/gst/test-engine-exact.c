/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <string.h>

#include "tests/gst/fault-server.h"
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-encode.h"
#include "tests/gst/gst-rig.h"

/* Where each format begins when an offset is asked for, in frames of the PCM before it was encoded. */

#define SECONDS 57
#define REACH 1500
#define COMPARED 3000

static const gint64 offsets_ms[] = { 0, 1, 500, 1234, 10007, 30011, 55003, 56789 };

typedef struct
{
  const GstCoding *format;
  gboolean http;
} Case;

/* What all cases play: made once. */
typedef struct
{
  GArray *noise[2]; /* at 44.1 and 48 kHz */
  FaultServer *server;
} Stage;

static Stage *stage;

static GArray *
get_noise (const GstCoding *format)
{
  return stage->noise[format->rate == 48000];
}

static char *
make_url (const Case *test)
{
  g_autofree char *name = g_strconcat ("long.", test->format->name, NULL);
  g_autofree char *path = gst_rig_path (name);

  if (!g_file_test (path, G_FILE_TEST_EXISTS))
    g_free (gst_encode (test->format, "long", get_noise (test->format), test->format->rate));
  g_autofree char *place = g_strconcat ("/", name, NULL);
  return test->http ? fault_server_url (stage->server, place) : gst_rig_url (name);
}

/* What is heard after @from frames, silence left out. */
static GArray *
wait_for_sound (GstRig *rig, guint from, guint *at)
{
  guint wanted = from + COMPARED;

  while (TRUE)
    {
      gst_rig_wait_frames (rig, wanted);
      GArray *heard = gst_tap_dup_frames (&rig->tap);
      *at = gst_audio_skip_silence (heard, from);
      if (heard->len >= *at + COMPARED)
        return heard;
      wanted = *at + COMPARED;
      g_array_unref (heard);
    }
}

static gint
locate (const Case *test, GArray *heard, guint at, gint64 offset_ms)
{
  const guint expected = (guint)((offset_ms * test->format->rate + 500) / 1000);
  const gint error
      = gst_encode_locate (heard, at, get_noise (test->format), expected, REACH, COMPARED);

  g_test_message ("%s: %s at %" G_GINT64_FORMAT " ms: off by %d frames",
                  test->http ? "http" : "file", test->format->name, offset_ms, error);
  return error;
}

static void
test_offsets (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *url = make_url (test);

  /* Every other one from a file, those between over HTTP. */
  for (guint i = test->http ? 1 : 0; i < G_N_ELEMENTS (offsets_ms); i += 2)
    {
      g_autoptr (GstRig) rig = gst_rig_new (TRUE);
      const guint64 load = gst_rig_load (rig, url, offsets_ms[i], PLAYER_LOAD_CURRENT);
      guint at;

      g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_STARTED, load)->offset_ms, ==,
                       offsets_ms[i]);
      g_autoptr (GArray) heard = wait_for_sound (rig, 0, &at);
      g_assert_cmpint (locate (test, heard, at, offsets_ms[i]), ==, 0);
    }
}

/* In the middle of a track that is held; the first frames of the fade are next to silent. */
static void
test_seek (gconstpointer data)
{
  const Case *test = data;
  g_autofree char *url = make_url (test);
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  const guint64 load = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
  guint at;

  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, load);
  gst_rig_wait_frames (rig, 9000);
  player_engine_pause (rig->engine);
  gst_rig_wait (rig, PLAYER_ENGINE_SILENCED, load);
  player_engine_seek (rig->engine, load, 30011);
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_SEEKED, load)->offset_ms, ==, 30011);
  gst_rig_settle (rig);
  const guint from = gst_tap_count (&rig->tap);
  player_engine_resume (rig->engine);
  g_autoptr (GArray) heard = wait_for_sound (rig, from, &at);
  const gint error = locate (test, heard, at, 30011);
  g_assert_cmpint (error, >=, 0);
  g_assert_cmpint (error, <=, 3);
}

/* Without a length and without ranges it is live: it plays from now on. */
static void
test_live (void)
{
  const Case test = { &gst_codings[6], TRUE };
  g_autofree char *whole = make_url (&test);
  g_autofree char *url = g_strconcat (whole, "?fault=nolength,norange", NULL);
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  const guint64 load = gst_rig_load (rig, url, 10007, PLAYER_LOAD_CURRENT);
  guint at;

  g_assert_cmpstr (test.format->name, ==, "vbr-untagged.mp3");
  g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_STARTED, load)->offset_ms, ==, 0);
  g_assert_false (gst_rig_find (rig, PLAYER_ENGINE_DURATION, load)->seekable);
  g_autoptr (GArray) heard = wait_for_sound (rig, 0, &at);
  g_assert_cmpint (locate (&test, heard, at, 0), ==, 0);
}

/* 50 minutes into an hour, in MP3 without a tag: the place is computed, and what lies before it stays
 * where it is. One minute is encoded; at 48 kHz and 128 kbit/s all frames are equally long, so that it
 * can be repeated without a fault in the count. What a fast server sends ahead into the sockets and the
 * ring is counted too: some megabytes at the start, and up to all that lies behind the place. */
static void
test_hour (void)
{
  const GstCoding format = { "hour.mp3", "-b 128 --cbr -t", NULL, 48000, FALSE };
  const guint lead = 1105;
  const guint frame_bytes = 384;
  const guint minute_frames = 1152;
  const guint64 before_place = 3000 * 16000;
  GArray *noise = stage->noise[1];
  g_autofree char *name = gst_encode (&format, "one", noise, format.rate);
  g_autofree char *path = gst_rig_path (name);
  g_autofree char *minute = NULL;
  g_autofree char *url = fault_server_url (stage->server, "/hour.mp3");
  gsize bytes;

  g_assert_true (g_file_get_contents (path, &minute, &bytes, NULL));
  g_assert_cmpuint (bytes % frame_bytes, ==, 0);
  const guint64 period = bytes / frame_bytes * minute_frames;
  g_autoptr (GByteArray) hour = g_byte_array_new ();
  while (hour->len < 3600 * 16000)
    g_byte_array_append (hour, (const guint8 *)minute, (guint)bytes);
  g_autoptr (GBytes) served = g_byte_array_free_to_bytes (g_steal_pointer (&hour));
  fault_server_add (stage->server, "/hour.mp3", served);

  const guint64 before = fault_server_count_sent (stage->server);
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  gst_rig_wait (rig, PLAYER_ENGINE_STARTED, gst_rig_load (rig, url, 3000000, PLAYER_LOAD_CURRENT));
  guint at;
  g_autoptr (GArray) heard = wait_for_sound (rig, 0, &at);
  const guint expected = (guint)((G_GUINT64_CONSTANT (3000) * 48000 + lead) % period) - lead;
  g_assert_cmpint (gst_encode_locate (heard, at, noise, expected, REACH, COMPARED), ==, 0);
  g_test_message ("%" G_GUINT64_FORMAT " bytes of %" G_GSIZE_FORMAT " have been sent",
                  fault_server_count_sent (stage->server) - before, g_bytes_get_size (served));
  g_assert_cmpuint (fault_server_count_sent (stage->server) - before, <, before_place / 2);
}

static void
add_case (const GstCoding *format, gboolean http)
{
  g_autofree char *path
      = g_strdup_printf ("/engine/exact/%s/%s", http ? "http" : "file", format->name);
  Case *test = g_new (Case, 1);

  *test = (Case){ format, http };
  g_test_add_data_func_full (path, test, test_offsets, g_free);
  if (http && strchr (format->name, '-') == NULL)
    {
      g_autofree char *seek = g_strdup_printf ("/engine/exact/seek/%s", format->name);

      g_test_add_data_func_full (seek, g_memdup2 (test, sizeof *test), test_seek, g_free);
    }
}

static void
add_tests (void)
{
  g_autoptr (GError) error = NULL;

  stage = g_new0 (Stage, 1);
  stage->noise[0] = gst_encode_make_noise (SECONDS * 44100, 1);
  stage->noise[1] = gst_encode_make_noise (SECONDS * 48000, 2);
  stage->server = fault_server_new (g_getenv ("GST_RIG_AUDIO"), NULL, 0, &error);
  g_assert_no_error (error);
  g_test_add_func ("/engine/exact/live", test_live);
  g_test_add_func ("/engine/exact/hour", test_hour);
  for (guint i = 0; i < gst_n_codings; i++)
    {
      add_case (&gst_codings[i], FALSE);
      add_case (&gst_codings[i], TRUE);
    }
}

int
main (int argc, char **argv)
{
  const int status = gst_rig_main (argc, argv, add_tests);

  fault_server_free (stage->server);
  g_array_unref (stage->noise[0]);
  g_array_unref (stage->noise[1]);
  g_free (stage);
  return status;
}
