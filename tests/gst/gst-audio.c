/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "gst-audio.h"

#include <gst/gst.h>
#include <math.h>

/* What a fade takes that an underrun or a pause makes. */
#define FADE_FRAMES 441

guint32
gst_audio_code (guint file, guint index)
{
  return (index & 0xffff) | (file << 24) | ((index >> 16) << 16);
}

guint
gst_audio_follow (GArray *heard, guint at, guint file, guint from)
{
  while (at < heard->len && g_array_index (heard, guint32, at) == gst_audio_code (file, from))
    {
      at++;
      from++;
    }
  return at;
}

guint
gst_audio_assert_run (GArray *heard, guint at, guint file, guint from, guint to)
{
  const guint end = gst_audio_follow (heard, at, file, from);

  if (end - at < to - from)
    g_test_message ("frame %u of file %u is not at %u", from + end - at, file, end);
  g_assert_cmpuint (end - at, >=, to - from);
  return at + to - from;
}

/* How far a frame is from what it is when it is scaled. */
static double
compare_scaled (guint32 heard, guint32 code, double gain)
{
  const double left = fabs ((gint16)(heard & 0xffff) - (gint16)(code & 0xffff) * gain);
  const double right = fabs ((gint16)(heard >> 16) - (gint16)(code >> 16) * gain);

  return MAX (left, right);
}

/* Equal power: a quarter of a sine. */
static double
compare_fade (GArray *heard, guint at, guint file, guint from, guint frames, gboolean out)
{
  double worst = 0.0;

  for (guint i = 0; i < frames; i++)
    {
      const guint nth = out ? frames - i : i + 1;
      const double fault = at + i < heard->len
                               ? compare_scaled (g_array_index (heard, guint32, at + i),
                                                 gst_audio_code (file, from + i),
                                                 sin (G_PI_2 * nth / (frames + 1)))
                               : G_MAXUINT16;

      worst = MAX (worst, fault);
    }
  return worst;
}

guint
gst_audio_assert_fade (GArray *heard, guint at, guint file, guint from, guint frames, gboolean out)
{
  g_assert_cmpfloat (compare_fade (heard, at, file, from, frames, out), <=, 1.0);
  return at + frames;
}

guint
gst_audio_find_fade (GArray *heard, guint at, guint file, guint from, guint frames)
{
  const guint end = gst_audio_follow (heard, at, file, from);

  for (guint n = end; n >= at && n + 40 > end; n--)
    if (compare_fade (heard, n, file, from + n - at, frames, TRUE) <= 1.0)
      return n;
  g_test_message ("no fade-out at %u", end);
  return end;
}

guint
gst_audio_skip_silence (GArray *heard, guint at)
{
  while (at < heard->len && g_array_index (heard, guint32, at) == 0)
    at++;
  return at;
}

guint
gst_audio_assert_heard (GArray *heard, guint at, guint file, guint from, guint to, guint *gaps)
{
  guint next = from;

  at = gst_audio_skip_silence (heard, at);
  while (next < to)
    {
      const guint end = MIN (gst_audio_follow (heard, at, file, next), at + to - next);

      g_assert_cmpuint (end, <=, heard->len);
      next += end - at;
      at = end;
      if (next == to)
        break;
      /* a fade-out, if it was held; silence; a fade-in: the frames go on behind them */
      ++*gaps;
      guint fade = 0;
      while (at < heard->len && g_array_index (heard, guint32, at) != 0 && fade < FADE_FRAMES)
        at++, fade++;
      next += fade;
      at = gst_audio_skip_silence (heard, at);
      if (next < to)
        {
          const guint code = gst_audio_code (file, next + FADE_FRAMES);

          /* a fade-in begins with nothing; before its end it may look like a later frame */
          at += FADE_FRAMES - 1;
          g_assert_cmpuint (at + 1, <, heard->len);
          if (g_array_index (heard, guint32, at) != code)
            at++;
          g_assert_cmphex (g_array_index (heard, guint32, at), ==, code);
          next += FADE_FRAMES;
        }
    }
  return at;
}

void
gst_audio_assert_silent_end (GArray *heard, guint at)
{
  g_assert_cmpuint (gst_audio_skip_silence (heard, at), ==, heard->len);
}

static void
put (GByteArray *to, guint32 value, guint bytes)
{
  const guint32 little = GUINT32_TO_LE (value);

  g_byte_array_append (to, (const guint8 *)&little, bytes);
}

void
gst_audio_write_frames (const char *path, GArray *frames, guint rate, guint channels)
{
  const guint frame_bytes = 2 * channels;
  g_autoptr (GByteArray) wav = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  g_byte_array_append (wav, (const guint8 *)"RIFF", 4);
  put (wav, 36 + frames->len * frame_bytes, 4);
  g_byte_array_append (wav, (const guint8 *)"WAVEfmt ", 8);
  put (wav, 16, 4);
  put (wav, 1, 2);
  put (wav, channels, 2);
  put (wav, rate, 4);
  put (wav, rate * frame_bytes, 4);
  put (wav, frame_bytes, 2);
  put (wav, 16, 2);
  g_byte_array_append (wav, (const guint8 *)"data", 4);
  put (wav, frames->len * frame_bytes, 4);
  for (guint i = 0; i < frames->len; i++)
    put (wav, g_array_index (frames, guint32, i), frame_bytes);
  g_file_set_contents (path, (const char *)wav->data, wav->len, &error);
  g_assert_no_error (error);
}

void
gst_audio_write_wav (const char *path, guint file, guint frames, guint rate)
{
  g_autoptr (GArray) coded = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < frames; i++)
    {
      const guint32 frame = gst_audio_code (file, i);
      g_array_append_val (coded, frame);
    }
  gst_audio_write_frames (path, coded, rate, 2);
}

GArray *
gst_audio_make_noise (guint frames)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (1);
  GArray *noise = g_array_new (FALSE, FALSE, sizeof (guint32));

  for (guint i = 0; i < frames; i++)
    {
      const guint16 left = (guint16)g_rand_int_range (random, -9000, 9000);
      const guint32 frame = (guint32)left | (guint32)left << 16;
      g_array_append_val (noise, frame);
    }
  return noise;
}

double
gst_audio_correlate (GArray *heard, guint at, GArray *noise, guint frames)
{
  double cross = 0.0;
  double one = 1.0;
  double two = 1.0;

  for (guint i = 0; i < frames; i++)
    {
      const double x = (gint16)g_array_index (heard, guint32, at + i);
      const double y = (gint16)g_array_index (noise, guint32, i);

      cross += x * y;
      one += x * x;
      two += y * y;
    }
  return cross / sqrt (one * two);
}

void
gst_audio_run_pipeline (const char *description)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, &error);
  g_assert_no_error (error);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_autoptr (GstMessage) message
      = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}
