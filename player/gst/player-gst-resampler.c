/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-resampler.h"

#include <gst/audio/audio.h>

#include "player-gst-tray.h"

struct _PlayerGstResampler
{
  GstAudioResampler *resampler; /* (owned) */
  guint in_rate;
  guint out_rate;
  guint edge_in;   /* frames beyond each end, of the input … */
  guint edge_out;  /* … which are so many of the output, without a rest */
  GArray *history; /* (owned) (element-type float): before begun the first frames, then the last */
  gboolean begun;  /* enough has come to go on beyond the beginning */
  guint64 taken;   /* frames of the input */
  guint64 given;   /* frames of the output, without edges */
  guint64 to_drop; /* frames of the output that lie before the beginning */
};

/* At least as far as the filter reaches, and a whole number of frames at both rates. */
static void
resampler_choose_edge (PlayerGstResampler *self)
{
  guint a = self->in_rate;
  guint b = self->out_rate;

  while (b != 0)
    {
      const guint rest = a % b;

      a = b;
      b = rest;
    }
  const guint unit = self->in_rate / a;
  const guint reach = (guint)gst_audio_resampler_get_max_latency (self->resampler) + 1;
  const guint units = (reach + unit - 1) / unit;
  self->edge_in = units * unit;
  self->edge_out = units * (self->out_rate / a);
}

PlayerGstResampler *
player_gst_resampler_new (guint in_rate, guint out_rate)
{
  PlayerGstResampler *self = g_new0 (PlayerGstResampler, 1);
  g_autoptr (GstStructure) options = gst_structure_new_empty ("options");

  gst_audio_resampler_options_set_quality (GST_AUDIO_RESAMPLER_METHOD_KAISER,
                                           GST_AUDIO_RESAMPLER_QUALITY_DEFAULT, (gint)in_rate,
                                           (gint)out_rate, options);
  self->in_rate = in_rate;
  self->out_rate = out_rate;
  self->resampler = gst_audio_resampler_new (
      GST_AUDIO_RESAMPLER_METHOD_KAISER, GST_AUDIO_RESAMPLER_FLAG_NONE, GST_AUDIO_FORMAT_F32,
      PLAYER_GST_CHANNELS, (gint)in_rate, (gint)out_rate, options);
  self->history = g_array_new (FALSE, FALSE, PLAYER_GST_FRAME_BYTES);
  resampler_choose_edge (self);
  self->to_drop = self->edge_out;
  return self;
}

void
player_gst_resampler_free (PlayerGstResampler *self)
{
  gst_audio_resampler_free (self->resampler);
  g_array_unref (self->history);
  g_free (self);
}

guint
player_gst_resampler_get_in_rate (PlayerGstResampler *self)
{
  return self->in_rate;
}

guint
player_gst_resampler_get_out_rate (PlayerGstResampler *self)
{
  return self->out_rate;
}

guint64
player_gst_resampler_get_given (PlayerGstResampler *self)
{
  return self->given;
}

static const float *
resampler_peek (PlayerGstResampler *self, guint frame)
{
  return (const float *)(gconstpointer)(self->history->data + frame * PLAYER_GST_FRAME_BYTES);
}

/* @edge_in frames, as the history would go on beyond its frame @end, seen from there on inwards. */
static float *
resampler_mirror (PlayerGstResampler *self, guint end, int inwards, gboolean backwards)
{
  float *edge = g_new (float, self->edge_in *PLAYER_GST_CHANNELS);

  for (guint i = 0; i < self->edge_in; i++)
    {
      const guint distance = MIN (i + 1, self->history->len - 1);
      const float *from = resampler_peek (self, (guint)((int)end + inwards * (int)distance));
      const guint at = backwards ? self->edge_in - 1 - i : i;

      for (guint c = 0; c < PLAYER_GST_CHANNELS; c++)
        edge[at * PLAYER_GST_CHANNELS + c] = 2.0f * resampler_peek (self, end)[c] - from[c];
    }
  return edge;
}

/* Appends what comes of @frames frames to @out. */
static void
resampler_feed (PlayerGstResampler *self, const float *samples, guint frames, GArray *out)
{
  const gsize some = gst_audio_resampler_get_out_frames (self->resampler, frames);
  const guint old = out->len;
  gpointer in[] = { (gpointer)samples };

  g_array_set_size (out, old + (guint)some);
  gpointer to[] = { out->data + old * PLAYER_GST_FRAME_BYTES };
  gst_audio_resampler_resample (self->resampler, in, frames, to, some);
  const guint dropped = (guint)MIN (self->to_drop, some);
  self->to_drop -= dropped;
  if (dropped > 0)
    g_array_remove_range (out, old, dropped);
}

static void
resampler_begin (PlayerGstResampler *self, GArray *out)
{
  g_autofree float *edge = resampler_mirror (self, 0, 1, TRUE);

  self->begun = TRUE;
  resampler_feed (self, edge, self->edge_in, out);
  resampler_feed (self, resampler_peek (self, 0), self->history->len, out);
}

/* The last frames, for the other end. */
static void
resampler_remember (PlayerGstResampler *self, const float *samples, guint frames)
{
  const guint wanted = self->edge_in + 1;

  g_array_append_vals (self->history, samples, frames);
  if (self->begun && self->history->len > wanted)
    g_array_remove_range (self->history, 0, self->history->len - wanted);
}

/* (transfer full) (nullable) */
static GstBuffer *
resampler_wrap (PlayerGstResampler *self, GArray *out)
{
  const gsize bytes = out->len * PLAYER_GST_FRAME_BYTES;

  self->given += out->len;
  gpointer data = g_array_free (out, FALSE);
  if (bytes > 0)
    return gst_buffer_new_wrapped (data, bytes);
  g_free (data);
  return NULL;
}

GstBuffer *
player_gst_resampler_push (PlayerGstResampler *self, GstBuffer *buffer)
{
  GArray *out = g_array_new (FALSE, FALSE, PLAYER_GST_FRAME_BYTES);
  GstMapInfo info;

  if (!gst_buffer_map (buffer, &info, GST_MAP_READ))
    return resampler_wrap (self, out);
  const float *samples = (const float *)(gconstpointer)info.data;
  const guint frames = (guint)(info.size / PLAYER_GST_FRAME_BYTES);
  self->taken += frames;
  if (self->begun)
    resampler_feed (self, samples, frames, out);
  resampler_remember (self, samples, frames);
  if (!self->begun && self->history->len > self->edge_in)
    {
      resampler_begin (self, out);
      resampler_remember (self, NULL, 0);
    }
  gst_buffer_unmap (buffer, &info);
  return resampler_wrap (self, out);
}

GstBuffer *
player_gst_resampler_finish (PlayerGstResampler *self)
{
  GArray *out = g_array_new (FALSE, FALSE, PLAYER_GST_FRAME_BYTES);
  const guint64 all = gst_util_uint64_scale_round (self->taken, self->out_rate, self->in_rate);

  if (self->history->len == 0)
    return resampler_wrap (self, out);
  if (!self->begun)
    resampler_begin (self, out);
  g_autofree float *edge = resampler_mirror (self, self->history->len - 1, -1, FALSE);
  resampler_feed (self, edge, self->edge_in, out);
  if (self->given + out->len > all)
    g_array_set_size (out, (guint)(all - MIN (all, self->given)));
  return resampler_wrap (self, out);
}
