/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <gst/audio/audio.h>
#include <math.h>
#include <string.h>

#include "player/gst/player-gst-gauge.h"
#include "player/gst/player-gst-level.h"
#include "player/gst/player-gst-limiter.h"
#include "player/gst/player-gst-loudness.h"
#include "player/gst/player-gst-past.h"
#include "player/gst/player-gst-reader.h"
#include "player/gst/player-gst-tail.h"
#include "player/gst/player-gst-tray.h"

/* The parts between the decoder and the output, each alone: arithmetic on blocks, and the tray. */

#define RATE 44100
#define BLOCK 882
#define CHANNELS PLAYER_GST_CHANNELS

/* --- ramps and fades --- */

/* Told anew every 5 ms, in blocks of all sizes: no frame is further from the last one than the ramp
 * may go, and it ends at the very target. */
static void
test_ramp (void)
{
  static const double targets[] = { 0.0, 1.0, 0.3, 0.9, 0.1, 1.0 };
  const guint length = RATE / 50;
  PlayerGstRamp ramp = { .now = 1.0, .target = 1.0 };
  float last = 1.0f;

  for (guint i = 0; i < 600; i++)
    {
      float block[RATE / 200 * CHANNELS];
      const guint frames = 1 + (i * 37) % (RATE / 200);

      for (guint j = 0; j < frames * CHANNELS; j++)
        block[j] = 1.0f;
      player_gst_ramp_set (&ramp, targets[i % G_N_ELEMENTS (targets)], length);
      player_gst_ramp_apply (&ramp, block, frames);
      for (guint j = 0; j < frames; j++)
        {
          g_assert_cmpfloat (fabsf (block[j * CHANNELS] - last), <=, 1.001f / (float)length);
          g_assert_true (block[j * CHANNELS] == block[j * CHANNELS + 1]);
          last = block[j * CHANNELS];
        }
    }
  g_autofree float *rest = g_new0 (float, length *CHANNELS);
  player_gst_ramp_apply (&ramp, rest, length);
  g_assert_true (ramp.now == 1.0 && ramp.left == 0);
  player_gst_ramp_set (&ramp, 0.25, 0);
  g_assert_true (ramp.now == 0.25);
}

/* What is left alone is left alone to the last bit. */
static void
test_unscaled (void)
{
  PlayerGstRamp ramp = { .now = 1.0, .target = 1.0 };
  float block[BLOCK * CHANNELS];
  float before[BLOCK * CHANNELS];

  for (guint i = 0; i < BLOCK * CHANNELS; i++)
    block[i] = (float)(gint)((i * 7919) % 65536 - 32768) / 32768.0f;
  memcpy (before, block, sizeof block);
  player_gst_ramp_apply (&ramp, block, BLOCK);
  player_gst_level_scale (block, BLOCK, 1.0);
  g_assert_cmpmem (block, sizeof block, before, sizeof before);
}

static void
test_equal_power (void)
{
  const guint frames = 441;

  for (guint i = 0; i < frames; i++)
    {
      const double in = player_gst_fade_get_factor (i, frames);
      const double out = player_gst_fade_get_factor (frames - 1 - i, frames);

      g_assert_cmpfloat_with_epsilon (in * in + out * out, 1.0, 1e-12);
      g_assert_cmpfloat (in, >, 0.0);
      g_assert_cmpfloat (in, <, 1.0);
    }
}

/* --- the limiter --- */

/* Feeds @in in blocks of @block frames, as the pump does; (transfer full): what comes out. */
static GArray *
limit (const float *in, guint frames, guint block, gboolean alert)
{
  PlayerGstLimiter limiter;
  GArray *out = g_array_new (FALSE, FALSE, sizeof (float));

  player_gst_limiter_init (&limiter);
  player_gst_limiter_restart (&limiter, RATE);
  for (guint at = 0; at < frames; at += block)
    {
      const guint some = MIN (block, frames - at);
      const guint kept = player_gst_limiter_get_kept (&limiter);
      const gboolean last = at + some == frames;
      g_autofree float *both = g_new (float, (kept + some) * CHANNELS);

      player_gst_limiter_put_kept (&limiter, both);
      memcpy (both + kept * CHANNELS, in + at * CHANNELS, some * PLAYER_GST_FRAME_BYTES);
      const guint ready = player_gst_limiter_run (&limiter, both, kept + some, alert && !last);
      g_assert_cmpuint (ready + player_gst_limiter_get_kept (&limiter), ==, kept + some);
      g_array_append_vals (out, both, ready * CHANNELS);
    }
  g_assert_cmpuint (out->len, ==, frames * CHANNELS);
  player_gst_limiter_clear (&limiter);
  return out;
}

static float *
make_sine (guint frames, double hertz, double level)
{
  float *sine = g_new (float, frames *CHANNELS);

  for (guint i = 0; i < frames * CHANNELS; i++)
    sine[i] = (float)(level * sin (2.0 * G_PI * hertz * (i / CHANNELS) / RATE));
  return sine;
}

/* Up to full level: bit by bit what it was, kept back or not. */
static void
test_transparent (void)
{
  const guint frames = RATE / 2;
  g_autofree float *sine = make_sine (frames, 997.0, 1.0);

  for (guint block = 100; block < 2000; block += 449)
    for (guint alert = 0; alert < 2; alert++)
      {
        g_autoptr (GArray) out = limit (sine, frames, block, alert);

        g_assert_cmpmem (out->data, out->len * sizeof (float), sine,
                         frames * PLAYER_GST_FRAME_BYTES);
      }
}

static double
find_bend (const float *samples, guint frames)
{
  double worst = 0.0;

  for (guint i = 2; i < frames; i++)
    worst = MAX (worst, fabs ((double)samples[i * CHANNELS] - 2.0 * samples[(i - 1) * CHANNELS]
                              + samples[(i - 2) * CHANNELS]));
  return worst;
}

/* A burst that is 6 dB too loud: never beyond full level, both channels by the same factor, no bend
 * sharper than the sine's own, and when it is over all is as it was again. */
static void
test_burst (void)
{
  const guint frames = 3 * RATE;
  g_autofree float *sine = make_sine (frames, 440.0, 0.5);
  const double own_bend = 4.0 * 0.5 * pow (2.0 * G_PI * 440.0 / RATE, 2.0);

  for (guint i = RATE; i < RATE + RATE / 2; i++)
    {
      const double rise = MIN (1.0, (i - RATE) / (RATE * 0.02));
      const double fall = MIN (1.0, (RATE + RATE / 2 - i) / (RATE * 0.02));

      for (guint c = 0; c < CHANNELS; c++)
        sine[i * CHANNELS + c] *= (float)(1.0 + 3.0 * MIN (rise, fall));
    }
  for (guint block = 200; block < 1200; block += 337)
    {
      g_autoptr (GArray) out = limit (sine, frames, block, TRUE);
      const float *samples = (const float *)out->data;

      for (guint i = 0; i < frames; i++)
        {
          g_assert_cmpfloat (fabsf (samples[i * CHANNELS]), <=, 1.0f);
          g_assert_true (samples[i * CHANNELS] == samples[i * CHANNELS + 1]);
        }
      g_assert_cmpfloat (find_bend (samples, frames), <, 1.3 * own_bend);
      g_assert_cmpmem (samples, (RATE - 200) * PLAYER_GST_FRAME_BYTES, sine,
                       (RATE - 200) * PLAYER_GST_FRAME_BYTES);
      g_assert_cmpmem (samples + 5 * RATE / 2 * CHANNELS, RATE / 2 * PLAYER_GST_FRAME_BYTES,
                       sine + 5 * RATE / 2 * CHANNELS, RATE / 2 * PLAYER_GST_FRAME_BYTES);
    }
}

/* A peak that nobody expected, and what is not a number. */
static void
test_surprise (void)
{
  const guint frames = 4 * BLOCK;
  g_autofree float *block = make_sine (frames, 440.0, 0.5);

  block[BLOCK * CHANNELS] = 7.5f;
  block[(BLOCK + 1) * CHANNELS] = -INFINITY;
  g_autoptr (GArray) out = limit (block, frames, BLOCK, FALSE);
  for (guint i = 0; i < out->len; i++)
    g_assert_false (fabsf (g_array_index (out, float, i)) > 1.0f);
}

/* Wherever it lies in a block, what is above full level is found, be it by the least bit, and what is
 * at full level is left alone. */
static void
test_found_anywhere (void)
{
  const float above = nextafterf (1.0f, 2.0f);

  for (guint frames = 1; frames <= 12; frames++)
    for (guint at = 0; at < frames * CHANNELS; at++)
      {
        g_autofree float *block = g_new (float, frames *CHANNELS);

        for (guint i = 0; i < frames * CHANNELS; i++)
          block[i] = i % 3 == 0 ? -1.0f : 1.0f;
        g_autoptr (GArray) full = limit (block, frames, frames, FALSE);
        g_assert_cmpmem (full->data, full->len * sizeof (float), block,
                         frames * PLAYER_GST_FRAME_BYTES);
        block[at] *= above;
        g_autoptr (GArray) out = limit (block, frames, frames, FALSE);
        g_assert_cmpfloat (fabsf (g_array_index (out, float, at)), <=, 1.0f);
      }
}

/* --- loudness --- */

static void
test_gains (void)
{
  PlayerGstLoudnessPlan plan = { PLAYER_GST_LOUDNESS_TRACK, 3.0, -6.0 };
  g_autoptr (GstTagList) tags = gst_tag_list_new (GST_TAG_TRACK_GAIN, -9.0, NULL);
  PlayerGstGains gains = { 0 };

  g_assert_cmpfloat_with_epsilon (player_gst_loudness_get_factor (&plan, &gains),
                                  pow (10, -6.0 / 20), 1e-9);
  player_gst_gains_take (&gains, tags);
  g_assert_cmpfloat_with_epsilon (player_gst_loudness_get_factor (&plan, &gains),
                                  pow (10, -6.0 / 20), 1e-9);
  plan.mode = PLAYER_GST_LOUDNESS_ALBUM; /* has none: the track's */
  g_assert_cmpfloat_with_epsilon (player_gst_loudness_get_factor (&plan, &gains),
                                  pow (10, -6.0 / 20), 1e-9);
  g_autoptr (GstTagList) album
      = gst_tag_list_new (GST_TAG_ALBUM_GAIN, 1.0, GST_TAG_REFERENCE_LEVEL, 83.0, NULL);
  player_gst_gains_take (&gains, album);
  g_assert_cmpfloat_with_epsilon (player_gst_loudness_get_factor (&plan, &gains),
                                  pow (10, 10.0 / 20), 1e-9);
  plan.mode = PLAYER_GST_LOUDNESS_OFF;
  g_assert_true (player_gst_loudness_get_factor (&plan, &gains) == 1.0);
}

static void
test_r128 (void)
{
  const PlayerGstLoudnessPlan plan = { PLAYER_GST_LOUDNESS_TRACK, 0.0, 0.0 };
  PlayerGstGains gains = { 0 };
  g_autoptr (GstTagList) tags = gst_tag_list_new (
      GST_TAG_EXTENDED_COMMENT, "R128_ALBUM_GAIN=nonsense", GST_TAG_EXTENDED_COMMENT, "r128", NULL);

  g_assert_true (player_gst_loudness_get_factor (&plan, &gains) == 1.0);
  player_gst_gains_take (&gains, tags);
  g_assert_false (gains.has_album || gains.has_track);
  gst_tag_list_add (tags, GST_TAG_MERGE_REPLACE, GST_TAG_EXTENDED_COMMENT, "R128_TRACK_GAIN=-2560",
                    NULL);
  player_gst_gains_take (&gains, tags);
  g_assert_cmpfloat_with_epsilon (player_gst_loudness_get_factor (&plan, &gains),
                                  pow (10, -5.0 / 20), 1e-9);
  gst_tag_list_add (tags, GST_TAG_MERGE_REPLACE, GST_TAG_TRACK_GAIN, 4000.0, NULL);
  player_gst_gains_take (&gains, tags); /* nobody means that */
  g_assert_cmpfloat_with_epsilon (gains.track_db, -5.0, 1e-9);
}

/* --- the gauge --- */

static void
test_gauge (void)
{
  PlayerGstGauge gauge = { 0 };
  guint last_ms = player_gst_gauge_get_wanted_ms (&gauge);

  g_assert_cmpuint (last_ms, ==, 300);
  for (guint i = 0; i < 8; i++)
    {
      player_gst_gauge_on_dry (&gauge);
      player_gst_gauge_on_played (&gauge, RATE, RATE);
      g_assert_cmpuint (player_gst_gauge_get_wanted_ms (&gauge), >=, last_ms);
      last_ms = player_gst_gauge_get_wanted_ms (&gauge);
    }
  g_assert_cmpuint (last_ms, ==, 8000);
  for (guint i = 0; i < 200; i++)
    player_gst_gauge_on_played (&gauge, RATE, RATE);
  g_assert_cmpuint (player_gst_gauge_get_wanted_ms (&gauge), ==, 300);
}

/* --- the tray --- */

#define TRAY_BLOCK 441

typedef struct
{
  GstElement *pipeline;
  PlayerGstTray *tray;
  gint arrived; /* atomic */
} TrayRun;

static void
on_arrived (gpointer data)
{
  g_atomic_int_inc (&((TrayRun *)data)->arrived);
}

#define TRAY_CAPS "audio/x-raw,format=F32LE,channels=2,layout=interleaved,rate="

/* @description: ends with an element “i”. */
static void
tray_start_with (TrayRun *self, const char *description)
{
  g_autoptr (GError) error = NULL;

  *self = (TrayRun){ 0 };
  self->pipeline = gst_parse_launch (description, &error);
  g_assert_no_error (error);
  self->tray = PLAYER_GST_TRAY (player_gst_tray_new (0, on_arrived, self, NULL));
  g_autoptr (GstElement) last = gst_bin_get_by_name (GST_BIN (self->pipeline), "i");
  gst_bin_add (GST_BIN (self->pipeline), GST_ELEMENT (self->tray));
  g_assert_true (gst_element_link (last, GST_ELEMENT (self->tray)));
  gst_element_set_state (self->pipeline, GST_STATE_PLAYING);
}

static void
tray_start (TrayRun *self, guint buffers)
{
  g_autofree char *description = g_strdup_printf (
      "audiotestsrc num-buffers=%u samplesperbuffer=%d ! " TRAY_CAPS "44100 ! identity name=i",
      buffers, TRAY_BLOCK);

  tray_start_with (self, description);
}

static void
tray_stop (TrayRun *self)
{
  gst_element_set_state (self->pipeline, GST_STATE_NULL);
  gst_clear_object (&self->pipeline);
}

/* Until @frames wait, and the decoder has had time to go on if it does; returns how many wait then. */
static guint64
tray_wait (TrayRun *self, guint64 frames)
{
  const gint64 deadline_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (player_gst_tray_get_waiting (self->tray) < frames)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
      g_usleep (1000);
    }
  g_usleep (100000);
  return player_gst_tray_get_waiting (self->tray);
}

static guint
tray_take (TrayRun *self, guint frames)
{
  guint taken = 0;

  while (taken < frames)
    {
      g_auto (PlayerGstPortion) portion = { NULL };

      if (!player_gst_tray_take (self->tray, &portion))
        break;
      taken += (guint)(gst_buffer_get_size (portion.buffer) / PLAYER_GST_FRAME_BYTES);
      g_assert_cmpuint (portion.rate, ==, RATE);
      g_assert_true (GST_CLOCK_TIME_IS_VALID (portion.time_ns));
    }
  return taken;
}

/* Whether the decoder stays asleep when four tenths of what waits are taken, and wakes when six are. It
 * may not have fallen asleep yet. */
static gboolean
tray_sleeps_until_low (TrayRun *run)
{
  const guint64 full = tray_wait (run, RATE);
  const guint taken = tray_take (run, RATE * 4 / 10);
  const gboolean slept = tray_wait (run, 1) == full - taken;

  g_assert_cmpuint (full, <=, RATE + TRAY_BLOCK);
  while (tray_take (run, TRAY_BLOCK) > 0 && player_gst_tray_get_waiting (run->tray) > RATE * 4 / 10)
    ;
  return slept;
}

/* Little waits before anybody takes; then a second at most; the decoder is woken when half of it is
 * gone, and not before; nobody is told of each buffer. */
static void
test_watermarks (void)
{
  TrayRun run;
  guint tries = 0;

  tray_start (&run, 100000);
  g_assert_cmpuint (tray_wait (&run, RATE * 3 / 10), <=, RATE * 3 / 10 + TRAY_BLOCK);
  /* once would do if it was certain that the decoder sleeps already */
  while (player_gst_tray_get_waiting (run.tray) < RATE / 2)
    {
      g_assert_cmpuint (tray_take (&run, TRAY_BLOCK), ==, TRAY_BLOCK);
      tray_wait (&run, RATE / 10);
    }
  g_assert_cmpint (g_atomic_int_get (&run.arrived), ==, 1);
  while (!tray_sleeps_until_low (&run))
    g_assert_cmpuint (++tries, <, 10);
  g_assert_cmpuint (tray_wait (&run, RATE), <=, RATE + TRAY_BLOCK);
  tray_stop (&run);
}

/* All that goes in comes out, in order, and then the end is told. */
static void
test_to_the_end (void)
{
  TrayRun run;
  guint taken = 0;

  tray_start (&run, 500);
  const gint64 deadline_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  while (!player_gst_tray_is_eos (run.tray) || player_gst_tray_get_waiting (run.tray) > 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
      taken += tray_take (&run, 1);
    }
  g_assert_cmpuint (taken, ==, 500 * TRAY_BLOCK);
  g_assert_cmpuint (tray_take (&run, 1), ==, 0);
  tray_stop (&run);
}

/* It is stopped, paused and sought at once, however full it is. */
static void
test_unlock (void)
{
  for (guint i = 0; i < 40; i++)
    {
      TrayRun run;

      tray_start (&run, 100000);
      g_usleep (i * 500);
      if (i % 3 == 1)
        {
          gst_element_set_state (run.pipeline, GST_STATE_PAUSED);
          gst_element_set_state (run.pipeline, GST_STATE_PLAYING);
        }
      if (i % 3 == 2)
        g_assert_true (gst_element_seek_simple (run.pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH,
                                                i * GST_SECOND));
      tray_take (&run, i * 100);
      tray_stop (&run);
    }
}

/* A flush empties it; what comes then begins where it was sought to. */
static void
test_flush (void)
{
  TrayRun run;
  g_auto (PlayerGstPortion) portion = { NULL };

  tray_start (&run, 100000);
  tray_wait (&run, 1);
  gst_element_seek_simple (run.pipeline, GST_FORMAT_TIME, GST_SEEK_FLAG_FLUSH, 5 * GST_SECOND);
  tray_wait (&run, 1);
  g_assert_true (player_gst_tray_take (run.tray, &portion));
  g_assert_cmpuint (portion.time_ns, ==, 5 * GST_SECOND);
  tray_stop (&run);
}

/* A stream that changes its rate on the way: what comes has the rate that it began with. */
static void
test_one_rate (void)
{
  TrayRun run;
  guint taken = 0;

  tray_start_with (&run,
                   "audiotestsrc num-buffers=100 samplesperbuffer=441 ! " TRAY_CAPS
                   "44100 ! concat name=c ! audioconvert ! audioresample name=i "
                   "audiotestsrc num-buffers=100 samplesperbuffer=480 ! " TRAY_CAPS "48000 ! c.");
  const gint64 deadline_us = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;
  while (!player_gst_tray_is_eos (run.tray) || player_gst_tray_get_waiting (run.tray) > 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);
      taken += tray_take (&run, 1);
    }
  g_assert_cmpuint (taken, >=, 2 * RATE - 100);
  g_assert_cmpuint (taken, <=, 2 * RATE + 100);
  tray_stop (&run);
}

#define NARROW_FRAMES (65536 / CHANNELS)

/* (transfer full): every value that 16 bits can have. */
static GstBuffer *
make_narrow (void)
{
  gint16 *values = g_new (gint16, NARROW_FRAMES * CHANNELS);

  for (gint i = 0; i < NARROW_FRAMES * CHANNELS; i++)
    values[i] = (gint16)(i - 32768);
  GstBuffer *buffer
      = gst_buffer_new_wrapped (values, (gsize)NARROW_FRAMES * PLAYER_GST_NARROW_FRAME_BYTES);
  GST_BUFFER_PTS (buffer) = 0;
  return buffer;
}

/* What comes as 16 bit integers lies as such in the tray, and is read as the same floats as ever,
 * wherever a reading begins and ends. */
static void
test_narrow (void)
{
  g_autoptr (GstCaps) caps
      = gst_caps_from_string ("audio/x-raw,format=S16LE,channels=2,layout=interleaved,rate=44100");
  g_autofree float *samples = g_new (float, NARROW_FRAMES *CHANNELS);
  TrayRun run;
  GstFlowReturn flow;

  tray_start_with (&run, "appsrc name=a format=time ! audioconvert name=i");
  g_autoptr (GstElement) source = gst_bin_get_by_name (GST_BIN (run.pipeline), "a");
  player_gst_tray_expect (run.tray, caps);
  g_object_set (source, "caps", caps, NULL);
  g_autoptr (GstBuffer) buffer = make_narrow ();
  g_signal_emit_by_name (source, "push-buffer", buffer, &flow);
  g_signal_emit_by_name (source, "end-of-stream", &flow);
  g_assert_cmpuint (tray_wait (&run, NARROW_FRAMES), ==, NARROW_FRAMES);
  g_autoptr (PlayerGstReader) reader = player_gst_reader_new (run.tray, 0);
  g_assert_true (player_gst_reader_land (reader));
  for (guint at = 0, some = 1; at < NARROW_FRAMES; at += some, some = some % 997 + 1)
    {
      some = MIN (some, NARROW_FRAMES - at);
      g_assert_cmpuint (player_gst_reader_read (reader, samples + at * CHANNELS, some), ==, some);
    }
  g_autoptr (GstPad) pad = gst_element_get_static_pad (GST_ELEMENT (run.tray), "sink");
  g_autoptr (GstCaps) come = gst_pad_get_current_caps (pad);
  g_assert_true (gst_caps_is_subset (come, caps));
  for (gint i = 0; i < NARROW_FRAMES * CHANNELS; i++)
    g_assert_true (samples[i] == (float)(i - 32768) / 32768.0f);
  tray_stop (&run);
}

#define AGAIN_FRAMES 2000

/* What has been read is read once more, as often as anybody wants it, and it is the same; as much of it is
 * kept as was asked for. */
static void
test_again (void)
{
  const guint frames = 40 * TRAY_BLOCK;
  g_autofree float *first = g_new (float, frames *CHANNELS);
  g_autofree float *again = g_new (float, frames *CHANNELS);
  TrayRun run;
  guint known = 0;

  tray_start_with (&run,
                   "audiotestsrc wave=white-noise num-buffers=40 samplesperbuffer=" G_STRINGIFY (
                       TRAY_BLOCK) " ! " TRAY_CAPS "44100 ! identity name=i");
  g_autoptr (PlayerGstReader) reader = player_gst_reader_new (run.tray, 0);
  while (!player_gst_reader_land (reader))
    tray_wait (&run, 0);
  player_gst_reader_keep_past (reader, AGAIN_FRAMES);
  while (!player_gst_reader_at_end (reader))
    {
      const guint at = (guint)player_gst_reader_get_frame (reader);
      const guint wanted = (guint)g_test_rand_int_range (1, 1500);
      const guint got = player_gst_reader_read (reader, again + at * CHANNELS, wanted);
      const guint old = MIN (got, known - at);

      g_assert_cmpint (
          memcmp (first + at * CHANNELS, again + at * CHANNELS, old * PLAYER_GST_FRAME_BYTES), ==,
          0);
      memcpy (first + at * CHANNELS, again + at * CHANNELS, got * PLAYER_GST_FRAME_BYTES);
      known = MAX (known, at + got);
      const guint past = (guint)player_gst_reader_count_past (reader);
      g_assert_cmpuint (past + known - at - got, >=, MIN (AGAIN_FRAMES, known));
      g_assert_cmpuint (past, <=, AGAIN_FRAMES + TRAY_BLOCK + 1500);
      if (g_test_rand_bit ())
        player_gst_reader_rewind (reader, (guint64)g_test_rand_int_range (0, (gint32)past + 1));
    }
  g_assert_cmpuint (known, ==, frames);
  tray_stop (&run);
}

/* Blocks that have been taken back do not count as given. */
static void
test_past (void)
{
  PlayerGstPast past = { .blocks = G_QUEUE_INIT };

  for (guint i = 0; i < 5; i++)
    {
      g_autoptr (GstBuffer) block
          = gst_buffer_new_allocate (NULL, 100 * PLAYER_GST_FRAME_BYTES, NULL);

      gst_buffer_memset (block, 0, (guint8)i, 100 * PLAYER_GST_FRAME_BYTES);
      player_gst_past_add (&past, block, 1000);
    }
  player_gst_past_cut (&past, 250);
  g_assert_cmpuint (past.frames, ==, 250);
  g_assert_cmpuint (player_gst_past_rewind (&past, 60), ==, 60);
  g_autoptr (GstBuffer) older = player_gst_past_take (&past);
  g_autoptr (GstBuffer) newer = player_gst_past_take (&past);
  const guint8 one = 1;
  const guint8 two = 2;
  g_assert_cmpuint (gst_buffer_get_size (older), ==, 10 * PLAYER_GST_FRAME_BYTES);
  g_assert_cmpuint (gst_buffer_get_size (newer), ==, 50 * PLAYER_GST_FRAME_BYTES);
  g_assert_cmpint (gst_buffer_memcmp (older, 0, &one, 1), ==, 0);
  g_assert_cmpint (gst_buffer_memcmp (newer, 0, &two, 1), ==, 0);
  g_assert_null (player_gst_past_take (&past));
  player_gst_past_cut (&past, 1000);
  g_assert_cmpuint (past.frames, ==, 0);
  player_gst_past_clear (&past);
}

/* Only where nothing is to be made of it. */
static void
test_not_narrow (void)
{
  static const char *const others[] = { "format=S16LE,channels=1,layout=interleaved,rate=44100",
                                        "format=S16LE,channels=2,layout=interleaved,rate=48000",
                                        "format=S16LE,channels=2,layout=non-interleaved,rate=44100",
                                        "format=S24LE,channels=2,layout=interleaved,rate=44100",
                                        "format=F32LE,channels=2,layout=interleaved,rate=44100" };

  for (guint i = 0; i < G_N_ELEMENTS (others); i++)
    {
      g_autofree char *text = g_strdup_printf ("audio/x-raw,%s", others[i]);
      g_autoptr (GstCaps) caps = gst_caps_from_string (text);
      g_autoptr (GstElement) tray
          = gst_object_ref_sink (player_gst_tray_new (RATE, on_arrived, NULL, NULL));
      g_autoptr (GstPad) pad = gst_element_get_static_pad (tray, "sink");

      player_gst_tray_expect (PLAYER_GST_TRAY (tray), caps);
      g_autoptr (GstCaps) wanted = gst_pad_query_caps (pad, NULL);
      g_assert_cmpstr (gst_structure_get_string (gst_caps_get_structure (wanted, 0), "format"), ==,
                       GST_AUDIO_NE (F32));
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (&argc, &argv);
  g_test_add_func ("/flow/ramp", test_ramp);
  g_test_add_func ("/flow/unscaled", test_unscaled);
  g_test_add_func ("/flow/equal-power", test_equal_power);
  g_test_add_func ("/flow/limiter/transparent", test_transparent);
  g_test_add_func ("/flow/limiter/burst", test_burst);
  g_test_add_func ("/flow/limiter/surprise", test_surprise);
  g_test_add_func ("/flow/limiter/anywhere", test_found_anywhere);
  g_test_add_func ("/flow/gains", test_gains);
  g_test_add_func ("/flow/gains/r128", test_r128);
  g_test_add_func ("/flow/gauge", test_gauge);
  g_test_add_func ("/flow/tray/watermarks", test_watermarks);
  g_test_add_func ("/flow/tray/end", test_to_the_end);
  g_test_add_func ("/flow/tray/one-rate", test_one_rate);
  g_test_add_func ("/flow/tray/narrow", test_narrow);
  g_test_add_func ("/flow/tray/not-narrow", test_not_narrow);
  g_test_add_func ("/flow/reader/again", test_again);
  g_test_add_func ("/flow/past", test_past);
  g_test_add_func ("/flow/tray/unlock", test_unlock);
  g_test_add_func ("/flow/tray/flush", test_flush);
  return g_test_run ();
}
