/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <string.h>

#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-encode.h"
#include "tests/gst/gst-rig.h"

/* Two parts of one piece of noise, each encoded by itself, are played between two files whose frames
 * have names: what lies between those is the whole piece, with nothing lost and nothing added. */

#define BEFORE 6
#define AFTER 7
#define FRAMES_BEFORE 40001
#define FRAMES_AFTER 8003
#define FRAMES_ONE 43211
#define FRAMES_TWO 34567
#define COMPARED 3000
#define REACH 1500

static char *
make_mark (guint file, guint frames, guint rate)
{
  g_autofree char *name = g_strdup_printf ("mark-%u-%u.wav", file, rate);
  g_autofree char *path = gst_rig_path (name);

  gst_audio_write_wav (path, file, frames, rate);
  return gst_rig_url (name);
}

/* (transfer full): the URL of a part of @noise, encoded. */
static char *
make_part (const GstCoding *coding, const char *stem, GArray *noise, guint from, guint frames)
{
  g_autoptr (GArray) part = g_array_new (FALSE, FALSE, sizeof (guint32));

  g_array_append_vals (part, &g_array_index (noise, guint32, from), frames);
  g_autofree char *name = gst_encode (coding, stem, part, coding->rate);
  return gst_rig_url (name);
}

/* Plays all, each joined to the one before. */
static GArray *
play_all (char *const *urls, guint n_urls)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  guint64 load = gst_rig_load (rig, urls[0], 0, PLAYER_LOAD_CURRENT);

  for (guint i = 1; i < n_urls; i++)
    {
      if (i > 1)
        gst_rig_wait (rig, PLAYER_ENGINE_STARTED, load);
      load = gst_rig_load (rig, urls[i], 0, PLAYER_LOAD_NEXT);
    }
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, load);
  gst_rig_settle (rig);
  return gst_tap_dup_frames (&rig->tap);
}

static guint
find_mark (GArray *heard, guint from, guint file, guint frames)
{
  for (guint at = from; at < heard->len; at++)
    if (gst_audio_follow (heard, at, file, 0) - at == frames)
      return at;
  return heard->len;
}

static void
assert_alike (GArray *heard, guint begin, GArray *noise, guint from)
{
  const gint error = gst_encode_locate (heard, begin + from, noise, from, REACH, COMPARED);

  g_test_message ("frame %u of the piece: off by %d", from, error);
  g_assert_cmpint (error, ==, 0);
}

static void
test_join (gconstpointer data)
{
  const GstCoding *coding = data;
  const guint frames = FRAMES_ONE + FRAMES_TWO;
  g_autoptr (GArray) noise = gst_encode_make_noise (frames, 3);
  char *urls[] = {
    make_mark (BEFORE, FRAMES_BEFORE, coding->rate),
    make_part (coding, "one", noise, 0, FRAMES_ONE),
    make_part (coding, "two", noise, FRAMES_ONE, FRAMES_TWO),
    make_mark (AFTER, FRAMES_AFTER, coding->rate),
  };
  g_autoptr (GArray) heard = play_all (urls, G_N_ELEMENTS (urls));
  const guint begin
      = gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), BEFORE, 0, FRAMES_BEFORE);
  const guint end = find_mark (heard, begin, AFTER, FRAMES_AFTER);

  g_test_message ("%s: %d frames too many", coding->name, (gint)(end - begin) - (gint)frames);
  g_assert_cmpuint (end - begin, ==, frames);
  assert_alike (heard, begin, noise, 0);
  assert_alike (heard, begin, noise, FRAMES_ONE - COMPARED);
  assert_alike (heard, begin, noise, FRAMES_ONE);
  assert_alike (heard, begin, noise, frames - COMPARED);
  for (guint i = 0; i < G_N_ELEMENTS (urls); i++)
    g_free (urls[i]);
}

/* ffmpeg writes the same fields as LAME under a name of its own. */
static void
test_lavc (void)
{
  static const GstCoding coding = { "lavc.mp3", "-b 128", NULL, 44100, FALSE };
  g_autoptr (GArray) noise = gst_encode_make_noise (FRAMES_ONE, 3);
  g_autofree char *url = make_part (&coding, "one", noise, 0, FRAMES_ONE);
  g_autofree char *path = gst_rig_path ("one.lavc.mp3");
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;
  char *urls[] = {
    make_mark (BEFORE, FRAMES_BEFORE, 44100),
    url,
    make_mark (AFTER, FRAMES_AFTER, 44100),
  };

  g_assert_true (g_file_get_contents (path, &contents, &size, &error));
  char *name = memmem (contents, 300, "LAME", 4);
  g_assert_nonnull (name);
  memcpy (name, "Lavc", 4);
  g_assert_true (g_file_set_contents (path, contents, (gssize)size, &error));
  g_autoptr (GArray) heard = play_all (urls, G_N_ELEMENTS (urls));
  const guint begin = gst_audio_skip_silence (heard, 0) + FRAMES_BEFORE;
  g_assert_cmpuint (find_mark (heard, begin, AFTER, FRAMES_AFTER) - begin, ==, FRAMES_ONE);
  assert_alike (heard, begin, noise, 0);
  g_free (urls[0]);
  g_free (urls[2]);
}

static void
add_tests (void)
{
  for (guint i = 0; i < gst_n_codings; i++)
    {
      g_autofree char *path = g_strdup_printf ("/engine/join/%s", gst_codings[i].name);

      /* Without a tag nobody knows where the last sample lies. */
      if (strstr (gst_codings[i].name, "untagged") == NULL)
        g_test_add_data_func (path, &gst_codings[i], test_join);
    }
  g_test_add_func ("/engine/join/lavc.mp3", test_lavc);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}
