/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <math.h>

#include "player/gst/player-gst-resampler.h"
#include "player/gst/player-gst-tray.h"

/* The resampler alone: how many frames come, and how true they are, up to both ends. */

static const guint rates[] = { 8000, 11025, 22050, 32000, 44100, 48000, 88200, 96000, 192000 };

/* A tone of 100 Hz, a tenth of a second into its period. */
static float
get_tone (guint64 frame, guint rate)
{
  return (float)(0.5 * cos (2.0 * G_PI * 100.0 * (double)frame / rate + 1.0));
}

static GstBuffer *
make_tone (guint64 from, guint frames, guint rate)
{
  float *samples = g_new (float, frames *PLAYER_GST_CHANNELS);

  for (guint i = 0; i < frames; i++)
    {
      samples[2 * i] = get_tone (from + i, rate);
      samples[2 * i + 1] = -samples[2 * i];
    }
  return gst_buffer_new_wrapped (samples, frames * PLAYER_GST_FRAME_BYTES);
}

/* (transfer full) @buffer (nullable) */
static void
take (GArray *out, GstBuffer *buffer)
{
  GstMapInfo info;

  if (buffer == NULL)
    return;
  g_assert_true (gst_buffer_map (buffer, &info, GST_MAP_READ));
  g_assert_cmpuint (info.size, >, 0);
  g_array_append_vals (out, info.data, (guint)(info.size / PLAYER_GST_FRAME_BYTES));
  gst_buffer_unmap (buffer, &info);
  gst_buffer_unref (buffer);
}

/* What comes of @frames frames of the tone, given in pieces of up to @piece frames. */
static GArray *
resample (guint in_rate, guint out_rate, guint frames, guint piece)
{
  g_autoptr (PlayerGstResampler) resampler = player_gst_resampler_new (in_rate, out_rate);
  GArray *out = g_array_new (FALSE, FALSE, PLAYER_GST_FRAME_BYTES);

  for (guint from = 0; from < frames;)
    {
      const guint some = MIN (frames - from, 1 + (from * 7) % piece);
      g_autoptr (GstBuffer) buffer = make_tone (from, some, in_rate);

      take (out, player_gst_resampler_push (resampler, buffer));
      from += some;
      g_assert_cmpuint (player_gst_resampler_get_given (resampler), ==, out->len);
    }
  take (out, player_gst_resampler_finish (resampler));
  return out;
}

static void
test_counts (void)
{
  static const guint lengths[] = { 0, 1, 2, 30, 147, 160, 441, 1000, 4801 };

  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    for (guint j = 0; j < G_N_ELEMENTS (rates); j++)
      for (guint k = 0; i != j && k < G_N_ELEMENTS (lengths); k++)
        {
          g_autoptr (GArray) out = resample (rates[i], rates[j], lengths[k], 300);
          const guint64 wanted = gst_util_uint64_scale_round (lengths[k], rates[j], rates[i]);

          g_assert_cmpuint (out->len, ==, wanted);
        }
}

/* The first and the last frame are where the tone is, and so are all between them. */
static void
test_truth (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (rates); i++)
    for (guint j = i == 0 ? 1 : 0; j < G_N_ELEMENTS (rates); j += j + 1 == i ? 2 : 1)
      {
        const guint frames = rates[i] / 10;
        g_autoptr (GArray) out = resample (rates[i], rates[j], frames, 1024);
        const float *samples = (const float *)(gconstpointer)out->data;

        g_test_message ("%u to %u Hz", rates[i], rates[j]);

        for (guint at = 0; at < out->len; at++)
          {
            g_assert_cmpfloat_with_epsilon (samples[2 * at], get_tone (at, rates[j]), 0.01);
            g_assert_cmpfloat_with_epsilon (samples[2 * at + 1], -samples[2 * at], 1e-6);
          }
      }
}

/* In which pieces it comes makes no difference. */
static void
test_pieces (void)
{
  g_autoptr (GArray) whole = resample (44100, 48000, 10000, 100000);

  for (guint piece = 1; piece < 5000; piece = piece * 3 + 1)
    {
      g_autoptr (GArray) out = resample (44100, 48000, 10000, piece);

      g_assert_cmpmem (out->data, out->len * PLAYER_GST_FRAME_BYTES, whole->data,
                       whole->len * PLAYER_GST_FRAME_BYTES);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/resampler/counts", test_counts);
  g_test_add_func ("/resampler/truth", test_truth);
  g_test_add_func ("/resampler/pieces", test_pieces);
  return g_test_run ();
}
