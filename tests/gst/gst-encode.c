/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "gst-encode.h"

#include <math.h>
#include <string.h>

#include "gst-audio.h"
#include "gst-rig.h"

#define AAC_PRIMING 1024

const GstCoding gst_codings[] = {
  { "wav", NULL, NULL, 44100, FALSE },
  { "table.flac", NULL, "flacenc seekpoints=-5", 44100, FALSE },
  { "plain.flac", NULL, "flacenc seekpoints=0", 44100, FALSE },
  { "cbr.mp3", "-b 128", NULL, 44100, FALSE },
  { "cbr-untagged.mp3", "-b 128 -t", NULL, 44100, FALSE },
  { "vbr.mp3", "-V2", NULL, 44100, FALSE },
  { "vbr-untagged.mp3", "-V2 -t", NULL, 44100, FALSE },
  { "head.m4a", NULL, "avenc_aac bitrate=192000 ! mp4mux faststart=true", 44100, TRUE },
  { "tail.m4a", NULL, "avenc_aac bitrate=192000 ! mp4mux", 44100, TRUE },
  { "ogg", NULL, "vorbisenc quality=0.6 ! oggmux", 44100, FALSE },
  { "opus", NULL, "audioresample ! opusenc bitrate=160000 ! oggmux", 48000, FALSE },
};
const guint gst_n_codings = G_N_ELEMENTS (gst_codings);

GArray *
gst_encode_make_noise (guint frames, guint seed)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (seed);
  GArray *noise = g_array_sized_new (FALSE, FALSE, sizeof (guint32), frames);
  double value = 0.0;

  for (guint i = 0; i < frames; i++)
    {
      value = 0.9 * value + g_rand_double_range (random, -2500.0, 2500.0);
      const guint16 sample = (guint16)(gint16)CLAMP (value, -30000.0, 30000.0);
      const guint32 frame = (guint32)sample | (guint32)sample << 16;
      g_array_append_val (noise, frame);
    }
  return noise;
}

static void
run_lame (const char *options, const char *wav, const char *mp3)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *command = g_strdup_printf (LAME " --quiet %s %s %s", options, wav, mp3);
  gint status = -1;

  g_spawn_command_line_sync (command, NULL, NULL, &status, &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

static void
put_be32 (guint8 *at, guint32 value)
{
  const guint32 big = GUINT32_TO_BE (value);

  memcpy (at, &big, sizeof big);
}

/* The muxer does not know what the encoder has put before the first sample. */
static void
write_edit (const char *path, guint frames, guint rate)
{
  g_autofree char *contents = NULL;
  g_autoptr (GError) error = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (path, &contents, &size, &error));
  guint8 *edits = memmem (contents, size, "elst", 4);
  const guint8 *movie = memmem (contents, size, "mvhd", 4);
  g_assert_nonnull (edits);
  g_assert_nonnull (movie);
  guint32 scale;
  memcpy (&scale, movie + 16, sizeof scale);
  scale = GUINT32_FROM_BE (scale);
  put_be32 (edits + 12, (guint32)((guint64)frames * scale / rate));
  put_be32 (edits + 16, AAC_PRIMING);
  g_assert_true (g_file_set_contents (path, contents, (gssize)size, &error));
}

char *
gst_encode (const GstCoding *format, const char *stem, GArray *frames, guint rate)
{
  char *name = g_strconcat (stem, ".", format->name, NULL);
  g_autofree char *path = gst_rig_path (name);
  const gboolean encoded = format->lame != NULL || format->pipe != NULL;
  g_autofree char *wav = encoded ? g_strconcat (path, ".wav", NULL) : g_strdup (path);

  gst_audio_write_frames (wav, frames, rate, 2);
  if (format->lame != NULL)
    run_lame (format->lame, wav, path);
  else if (format->pipe != NULL)
    {
      g_autofree char *pipeline
          = g_strdup_printf ("filesrc location=%s ! wavparse ! audioconvert ! %s ! filesink "
                             "location=%s",
                             wav, format->pipe, path);

      gst_audio_run_pipeline (pipeline);
    }
  if (format->edited)
    write_edit (path, frames->len, rate);
  return name;
}

gint
gst_encode_locate (
    GArray *heard, guint at, GArray *noise, guint expected, guint reach, guint frames)
{
  const gint64 first = MAX ((gint64)expected - reach, 0);
  const gint64 last = MIN ((gint64)expected + reach, (gint64)noise->len - frames);
  double best = -1.0;
  gint64 place = G_MAXINT32;

  g_assert_cmpuint (at + frames, <=, heard->len);
  for (gint64 from = first; from <= last; from++)
    {
      double cross = 0.0;
      double power = 1.0;

      for (guint i = 0; i < frames; i++)
        {
          const gint x = (gint16)g_array_index (heard, guint32, at + i);
          const gint y = (gint16)g_array_index (noise, guint32, from + i);

          cross += (double)(x * y);
          power += (double)(y * y);
        }
      if (cross / sqrt (power) > best)
        {
          best = cross / sqrt (power);
          place = from;
        }
    }
  return (gint)(place - (gint64)expected);
}
