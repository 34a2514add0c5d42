/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-follower.h"

#include "player-gst-output.h"
#include "player-gst-snapcast.h"

/* How often it is looked whether the last frame has been heard. */
#define LOOK_MS 10
/* It is taken as heard this long after the sink's buffer must have run out, whatever the sink says.
 */
#define GRACE_MS 1000
/* So often a broken output is opened again before it counts as a failure of what plays. */
#define MAX_LOSSES 3
#define LOSSES_MS 10000

struct _PlayerGstFollower
{
  PlayerGstPump *pump;
  PlayerGstVoice *voice;
  PlayerGstDeck *deck;
  GMainContext *context;
  PlayerGstFollowerHooks hooks;
  PlayerGstOutput *output; /* (owned) */
  guint buffer_ms;
  guint idle_ms; /* the sound card is released when nothing has been loaded for so long */
  guint rate;    /* wanted last */

  GSource *look_timer; /* (owned) (nullable) */
  GSource *idle_timer; /* (owned) (nullable) */
  /* When the last frame of the load, of the utterance, of all counts as heard; 0: nothing ends. */
  gint64 load_deadline_us;
  gint64 spoken_deadline_us;
  gint64 silent_deadline_us;
  guint losses;
  gint64 first_loss_us;
};

static void
follower_clear_timer (GSource **timer)
{
  if (*timer != NULL)
    g_source_destroy (*timer);
  g_clear_pointer (timer, g_source_unref);
}

static void
follower_set_timer (PlayerGstFollower *self, GSource **timer, guint interval_ms, GSourceFunc func)
{
  if (*timer != NULL)
    return;
  *timer = g_timeout_source_new (interval_ms);
  g_source_set_callback (*timer, func, self, NULL);
  g_source_attach (*timer, self->context);
}

/* The clock of a sink may run on while the sink waits for its turn. */
gboolean
player_gst_follower_get_heard_frame (PlayerGstFollower *self, guint64 *frame)
{
  const guint rate = player_gst_pump_get_rate (self->pump);
  GstClockTime position_ns;

  if (rate == 0 || !player_gst_output_get_position (self->output, &position_ns))
    return FALSE;
  *frame = MIN (gst_util_uint64_scale_round (position_ns, rate, GST_SECOND),
                player_gst_pump_get_taken_frames (self->pump));
  return TRUE;
}

static gboolean
follower_on_idle (gpointer data)
{
  PlayerGstFollower *self = data;

  follower_clear_timer (&self->idle_timer);
  if (player_gst_deck_is_empty (self->deck) && player_gst_voice_get_rate (self->voice) == 0)
    {
      player_gst_output_set_state (self->output, PLAYER_GST_OUTPUT_CLOSED, 0);
      player_gst_deck_forget_rate (self->deck);
    }
  return G_SOURCE_REMOVE;
}

/* --- what has been heard --- */

static gboolean
follower_is_busy (PlayerGstFollower *self)
{
  return player_gst_pump_is_busy (self->pump) || player_gst_voice_is_busy (self->voice);
}

/* Whether something @ends, that is: its last frame @left the pump, and that has been @heard, or must
 * have been long ago. */
static gboolean
follower_is_over (PlayerGstFollower *self, gint64 *deadline_us, gboolean ends, gboolean heard)
{
  const gint64 now_us = g_get_monotonic_time ();

  if (!ends)
    *deadline_us = 0;
  else if (*deadline_us == 0)
    *deadline_us = now_us + (self->buffer_ms + GRACE_MS) * (gint64)1000;
  if (!ends || (!heard && now_us < *deadline_us))
    return FALSE;
  *deadline_us = 0;
  return TRUE;
}

static void
follower_look_at_speech (PlayerGstFollower *self, gboolean known, guint64 heard)
{
  guint64 end;
  const gboolean ends = player_gst_voice_has_ended (self->voice, &end);

  if (!follower_is_over (self, &self->spoken_deadline_us, ends, known && heard >= end))
    return;
  player_gst_voice_forget (self->voice);
  self->hooks.spoken (self->hooks.data);
}

static void
follower_look_at_load (PlayerGstFollower *self, gboolean known, guint64 heard)
{
  const gboolean ends = player_gst_deck_is_draining (self->deck);
  guint64 end;
  const gboolean quiet = player_gst_pump_is_quiet (self->pump, &end);

  if (follower_is_over (self, &self->load_deadline_us, ends, quiet && known && heard >= end))
    player_gst_deck_drained (self->deck);
}

static void
follower_look_at_all (PlayerGstFollower *self, gboolean known, guint64 heard)
{
  const gboolean ends = !follower_is_busy (self)
                        && player_gst_output_get_wanted (self->output) == PLAYER_GST_OUTPUT_PLAYING;
  guint64 end;
  const gboolean silent = player_gst_pump_is_silent (self->pump, &end);

  if (!follower_is_over (self, &self->silent_deadline_us, ends, silent && known && heard >= end))
    return;
  player_gst_output_set_state (self->output, PLAYER_GST_OUTPUT_PAUSED, self->rate);
  player_gst_deck_drained (self->deck);
}

static gboolean
follower_on_look (gpointer data)
{
  PlayerGstFollower *self = data;
  guint64 heard = 0;
  const gboolean known = player_gst_follower_get_heard_frame (self, &heard);

  follower_look_at_load (self, known, heard);
  follower_look_at_all (self, known, heard);
  follower_look_at_speech (self, known, heard);
  if (self->load_deadline_us == 0 && self->spoken_deadline_us == 0 && self->silent_deadline_us == 0)
    follower_clear_timer (&self->look_timer);
  self->hooks.changed (self->hooks.data);
  return G_SOURCE_CONTINUE;
}

/* --- what the output is to do --- */

/* What is spoken keeps the output at its rate until it has been heard; then what plays has it. */
static guint
follower_pick_rate (PlayerGstFollower *self)
{
  const guint spoken = player_gst_voice_get_rate (self->voice);

  return spoken > 0 ? spoken : player_gst_deck_get_rate (self->deck);
}

static void
follower_run_output (PlayerGstFollower *self)
{
  const guint rate = follower_pick_rate (self);

  if (rate != self->rate && player_gst_output_get_wanted (self->output) != PLAYER_GST_OUTPUT_CLOSED)
    player_gst_output_set_state (self->output, PLAYER_GST_OUTPUT_CLOSED, 0);
  self->rate = rate;
  player_gst_output_set_state (self->output, PLAYER_GST_OUTPUT_PLAYING, rate);
}

void
player_gst_follower_update (PlayerGstFollower *self)
{
  guint64 end;
  const gboolean ends
      = player_gst_deck_is_draining (self->deck) || player_gst_voice_has_ended (self->voice, &end);
  const gboolean busy = follower_is_busy (self);

  /* Something may have left the pump whole before the output that was to pause did. */
  if (busy || (ends && player_gst_output_get_wanted (self->output) != PLAYER_GST_OUTPUT_PLAYING))
    {
      follower_clear_timer (&self->idle_timer);
      follower_run_output (self);
    }
  if (busy)
    self->silent_deadline_us = 0;
  if (ends || (!busy && player_gst_output_get_wanted (self->output) == PLAYER_GST_OUTPUT_PLAYING))
    follower_set_timer (self, &self->look_timer, LOOK_MS, follower_on_look);
  else if (!busy && player_gst_deck_is_empty (self->deck))
    follower_set_timer (self, &self->idle_timer, self->idle_ms, follower_on_idle);
}

void
player_gst_follower_stay (PlayerGstFollower *self)
{
  follower_clear_timer (&self->idle_timer);
}

/* A sink that breaks (a server that went away) is opened again, and what plays goes on with the
 * next frame; one that cannot be opened is the failure of what should play. */
static void
follower_on_output_failed (PlayerGstOutput *output,
                           const char *message,
                           gboolean opened,
                           gpointer data)
{
  PlayerGstFollower *self = data;
  const gint64 now = g_get_monotonic_time ();
  guint64 end;

  if (now - self->first_loss_us > LOSSES_MS * (gint64)1000)
    {
      self->losses = 0;
      self->first_loss_us = now;
    }
  follower_clear_timer (&self->look_timer);
  self->load_deadline_us = 0;
  self->spoken_deadline_us = 0;
  self->silent_deadline_us = 0;
  if (opened && ++self->losses <= MAX_LOSSES)
    g_warning ("The audio output broke, opening it again: %s", message);
  else
    {
      player_gst_deck_fail (self->deck, message);
      self->hooks.lost (message, self->hooks.data);
    }
  player_gst_deck_drained (self->deck);
  if (player_gst_voice_has_ended (self->voice, &end))
    {
      player_gst_voice_forget (self->voice);
      self->hooks.spoken (self->hooks.data);
    }
  self->hooks.changed (self->hooks.data);
}

const char *
player_gst_follower_get_sink_name (PlayerGstFollower *self)
{
  return player_gst_output_get_sink_name (self->output);
}

/* A snapserver has one rate, and what is sent to it is heard much later. (transfer full) (nullable)
 */
static char *
follower_use_snapcast (PlayerGstFollower *self, const PlayerGstEngineOptions *options)
{
  if (options->snapcast_address == NULL)
    return NULL;
  self->buffer_ms = player_gst_snapcast_get_latency_ms (options->snapcast_buffer_ms);
  player_gst_deck_fix_rate (self->deck, PLAYER_GST_SNAPCAST_RATE);
  return player_gst_snapcast_describe (options->snapcast_address, options->snapcast_buffer_ms);
}

PlayerGstFollower *
player_gst_follower_new (PlayerGstPump *pump,
                         PlayerGstVoice *voice,
                         PlayerGstDeck *deck,
                         PlayerGstWorkers *workers,
                         GMainContext *context,
                         const PlayerGstEngineOptions *options,
                         const PlayerGstFollowerHooks *hooks,
                         GError **error)
{
  PlayerGstFollower *self = g_new0 (PlayerGstFollower, 1);

  self->pump = pump;
  self->voice = voice;
  self->deck = deck;
  self->context = context;
  self->buffer_ms = options->buffer_ms;
  self->idle_ms = options->idle_ms;
  self->hooks = *hooks;
  g_autofree char *snapcast = follower_use_snapcast (self, options);
  self->output = player_gst_output_new (pump, snapcast != NULL ? snapcast : options->sink,
                                        options->buffer_ms, context, workers,
                                        follower_on_output_failed, self, error);
  if (self->output == NULL)
    g_clear_pointer (&self, g_free);
  return self;
}

void
player_gst_follower_shut (PlayerGstFollower *self)
{
  follower_clear_timer (&self->look_timer);
  follower_clear_timer (&self->idle_timer);
  player_gst_output_shut (self->output);
}

void
player_gst_follower_free (PlayerGstFollower *self)
{
  player_gst_output_free (self->output);
  g_free (self);
}
