/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* What is there again after a restart, however the last run has ended. What is heard of it is counted
 * in frames. */

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

/* Of @file, whatever it was cut into: no frame is missing but what fades have changed, and at each cut
 * at most @repeated frames are heard again. */
static void
check_heard (GArray *heard, guint file, gsize repeated)
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
      g_assert_cmpuint (one.first, <=, next + FADE_FRAMES);
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

static void
crash (Harness *h)
{
  g_assert_cmpint (harness_end_daemon (h, SIGKILL), ==, 128 + SIGKILL);
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
  check_heard (heard, 9, RATE * 3 / 2);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/memory/playing", test_playing);
  return g_test_run ();
}
