/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-follower.h"

#include "player-gst-arrivals.h"
#include "player-gst-output.h"
#include "player-gst-outage.h"
#include "player-gst-sink.h"
#include "player-gst-snapcast.h"

/* How often it is looked whether the last frame has been heard. */
#define LOOK_MS 10
/* It is taken as heard this long after the sink's buffer must have run out, whatever the sink says.
 */
#define GRACE_MS 1000
/* What a sound server plays may be heard so much later than its client says: it is not stopped before. */
#define LINGER_MS 250
/* Speech that waits so long for the output has come too late. */
#define SPEECH_WAIT_MS 3000
/* What a sink may hold besides its buffer. */
#define MORE_BUFFER_MS 100
/* What has just appeared takes so long to answer. */
#define ARRIVAL_MS 100
/* An output that has played for so long does not hang: longer than it takes to see that it does. */
#define FLOWS_US (5 * G_USEC_PER_SEC)

/* Of a stream of which nothing is known yet. */
#define GUESSED_RATE 44100

struct _PlayerGstFollower
{
  PlayerGstPump *pump;
  PlayerGstVoice *voice;
  PlayerGstDeck *deck;
  GMainContext *context;
  PlayerGstFollowerHooks hooks;
  PlayerGstOutput *output; /* (owned) */
  gboolean snapcast;
  guint buffer_ms;
  guint idle_ms; /* the sound card is released when nothing has been loaded for so long */
  guint rate;    /* wanted last */

  GSource *look_timer; /* (owned) (nullable) */
  GSource *idle_timer; /* (owned) (nullable) */
  /* When the last frame of the load, of the utterance, of all counts as heard; 0: nothing ends. */
  gint64 load_deadline_us;
  gint64 spoken_deadline_us;
  gint64 silent_deadline_us;
  gboolean prepared; /* the output, for what is coming; once */
  gboolean playing;  /* the output does, since it was opened or rested last */
  PlayerGstOutage outage;
  char *trouble; /* (owned) (nullable): why it is away, or has been given up */
  guint wait_ms;
  gboolean hung;               /* the output did, and none has played for long since */
  gint64 playing_us;           /* since when the output plays */
  GSource *retry_timer;        /* (owned) (nullable): the output is away */
  PlayerGstArrivals *arrivals; /* (owned) (nullable): likewise */
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

/* The clock of a sink may run on while the sink waits for its turn. Where none plays, all that was
 * given has been heard: the pump counts from there. */
guint64
player_gst_follower_get_heard_frame (PlayerGstFollower *self)
{
  const guint rate = player_gst_pump_get_rate (self->pump);
  GstClockTime position_ns;

  if (rate == 0 || !player_gst_output_get_position (self->output, &position_ns))
    return 0;
  return MIN (gst_util_uint64_scale_round (position_ns, rate, GST_SECOND),
              player_gst_pump_get_taken_frames (self->pump));
}

/* All that was given has been heard. */
static void
follower_rest (PlayerGstFollower *self, PlayerGstOutputState state)
{
  player_gst_pump_rest (self->pump);
  self->playing = FALSE;
  player_gst_output_set_state (self->output, state, self->rate);
}

static gboolean
follower_on_idle (gpointer data)
{
  PlayerGstFollower *self = data;

  follower_clear_timer (&self->idle_timer);
  if (player_gst_output_get_wanted (self->output) == PLAYER_GST_OUTPUT_RESTING)
    player_gst_output_set_state (self->output, PLAYER_GST_OUTPUT_CLOSED, 0);
  if (player_gst_deck_is_empty (self->deck) && player_gst_voice_get_rate (self->voice) == 0)
    player_gst_deck_forget_rate (self->deck);
  self->hooks.changed (self->hooks.data);
  /* that may have set it again */
  if (player_gst_output_get_wanted (self->output) == PLAYER_GST_OUTPUT_CLOSED)
    follower_clear_timer (&self->idle_timer);
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
    *deadline_us
        = now_us + (player_gst_sink_get_most_ms (self->buffer_ms) + GRACE_MS) * (gint64)1000;
  if (!ends || (!heard && now_us < *deadline_us))
    return FALSE;
  *deadline_us = 0;
  return TRUE;
}

static void
follower_look_at_speech (PlayerGstFollower *self, guint64 heard)
{
  guint64 end;
  const gboolean ends = player_gst_voice_has_ended (self->voice, &end);

  if (!follower_is_over (self, &self->spoken_deadline_us, ends, heard >= end))
    return;
  player_gst_voice_forget (self->voice);
  self->hooks.spoken (self->hooks.data);
}

static void
follower_look_at_load (PlayerGstFollower *self, guint64 heard)
{
  const gboolean ends = player_gst_deck_is_draining (self->deck);
  guint64 end;
  const gboolean quiet = player_gst_pump_is_quiet (self->pump, &end);

  if (follower_is_over (self, &self->load_deadline_us, ends, quiet && heard >= end))
    player_gst_deck_drained (self->deck);
}

static guint64
follower_get_linger_frames (PlayerGstFollower *self)
{
  const guint ms = player_gst_output_is_server (self->output) ? LINGER_MS : 0;

  return (guint64)player_gst_pump_get_rate (self->pump) * ms / 1000;
}

static void
follower_look_at_all (PlayerGstFollower *self, guint64 heard)
{
  const gboolean ends = !follower_is_busy (self)
                        && player_gst_output_get_wanted (self->output) == PLAYER_GST_OUTPUT_PLAYING;
  guint64 end;
  const gboolean silent = player_gst_pump_is_silent (self->pump, &end);

  end += follower_get_linger_frames (self);
  if (!follower_is_over (self, &self->silent_deadline_us, ends, silent && heard >= end))
    return;
  follower_rest (self, PLAYER_GST_OUTPUT_RESTING);
  player_gst_deck_drained (self->deck);
}

static gboolean
follower_on_look (gpointer data)
{
  PlayerGstFollower *self = data;
  const guint64 heard = player_gst_follower_get_heard_frame (self);

  follower_look_at_load (self, heard);
  follower_look_at_all (self, heard);
  follower_look_at_speech (self, heard);
  if (self->load_deadline_us == 0 && self->spoken_deadline_us == 0 && self->silent_deadline_us == 0)
    follower_clear_timer (&self->look_timer);
  self->hooks.changed (self->hooks.data);
  return G_SOURCE_CONTINUE;
}

/* --- what the output is to do --- */

static void
follower_stop_waiting (PlayerGstFollower *self)
{
  follower_clear_timer (&self->retry_timer);
  g_clear_pointer (&self->arrivals, player_gst_arrivals_free);
  self->hung = FALSE;
  if (player_gst_outage_is_waiting (&self->outage))
    player_gst_outage_forget (&self->outage);
}

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

  if (rate != self->rate
      && player_gst_output_get_wanted (self->output) == PLAYER_GST_OUTPUT_PLAYING)
    follower_rest (self, PLAYER_GST_OUTPUT_CLOSED);
  self->rate = rate;
  if (self->retry_timer == NULL)
    player_gst_output_set_state (self->output, PLAYER_GST_OUTPUT_PLAYING, rate);
}

/* Opened beside the stream that is being opened, and not after it. A stream that turns out to be
 * none does not wake a device. */
static void
follower_prepare_output (PlayerGstFollower *self)
{
  const guint rate = player_gst_deck_get_coming_rate (self->deck);

  self->prepared &= player_gst_deck_is_coming (self->deck);
  if (self->prepared || !player_gst_deck_is_coming (self->deck) || self->retry_timer != NULL
      || player_gst_output_get_wanted (self->output) != PLAYER_GST_OUTPUT_CLOSED
      || (rate == 0 && !player_gst_output_is_server (self->output)))
    return;
  self->prepared = TRUE;
  self->rate = rate > 0 ? rate : GUESSED_RATE;
  player_gst_output_prepare (self->output, self->rate);
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
  else
    follower_prepare_output (self);
  if (busy)
    self->silent_deadline_us = 0;
  else
    follower_stop_waiting (self);
  if (ends || (!busy && player_gst_output_get_wanted (self->output) == PLAYER_GST_OUTPUT_PLAYING))
    follower_set_timer (self, &self->look_timer, LOOK_MS, follower_on_look);
  else if (!busy && player_gst_deck_is_idle (self->deck))
    follower_set_timer (self, &self->idle_timer, self->idle_ms, follower_on_idle);
}

void
player_gst_follower_stay (PlayerGstFollower *self)
{
  follower_clear_timer (&self->idle_timer);
}

/* --- an output that is away --- */

static gboolean
follower_on_retry (gpointer data)
{
  PlayerGstFollower *self = data;

  follower_clear_timer (&self->retry_timer);
  player_gst_follower_update (self);
  return G_SOURCE_REMOVE;
}

static void
follower_on_arrival (gpointer data)
{
  PlayerGstFollower *self = data;

  if (self->retry_timer == NULL)
    return;
  player_gst_outage_hurry (&self->outage);
  follower_clear_timer (&self->retry_timer);
  follower_set_timer (self, &self->retry_timer, ARRIVAL_MS, follower_on_retry);
}

/* Where the sink does not say what was heard, it had its buffer full. */
static guint64
follower_find_heard (PlayerGstFollower *self, const GstClockTime *heard_ns)
{
  const guint rate = player_gst_pump_get_rate (self->pump);
  const guint64 taken = player_gst_pump_get_taken_frames (self->pump);
  const guint64 buffer = (guint64)rate * self->buffer_ms / 1000;

  if (heard_ns != NULL)
    return MIN (gst_util_uint64_scale_round (*heard_ns, rate, GST_SECOND), taken);
  return self->playing ? taken - MIN (taken, buffer) : 0;
}

static void
follower_forget_speech (PlayerGstFollower *self)
{
  guint64 end;

  if (!player_gst_voice_has_ended (self->voice, &end))
    return;
  player_gst_voice_forget (self->voice);
  self->hooks.spoken (self->hooks.data);
}

/* What is wrong with the output, in one line that names its sink. */
static void
follower_set_trouble (PlayerGstFollower *self, const char *message)
{
  const char *name = player_gst_output_get_sink_name (self->output);

  g_free (self->trouble);
  self->trouble = name != NULL ? g_strdup_printf ("%s: %s", name, message) : g_strdup (message);
  g_strdelimit (self->trouble, "\r\n", ' ');
}

static void
follower_fail (PlayerGstFollower *self)
{
  g_autofree char *line = g_strdup (self->trouble);

  self->hung = FALSE;
  player_gst_deck_fail (self->deck, line);
  self->hooks.lost (line, self->hooks.data);
  player_gst_outage_forget (&self->outage);
  g_clear_pointer (&self->arrivals, player_gst_arrivals_free);
}

/* What is to be heard waits for the output, speech for less long. */
static void
follower_wait (PlayerGstFollower *self, const char *message)
{
  const gint64 now_us = g_get_monotonic_time ();
  const gboolean waited = player_gst_outage_is_waiting (&self->outage);
  guint delay_ms = player_gst_outage_lose (&self->outage, now_us);
  const guint waited_ms = player_gst_outage_get_waited_ms (&self->outage, now_us);
  const guint speech_ms = MIN (SPEECH_WAIT_MS, self->wait_ms);
  const gboolean speech = player_gst_voice_get_rate (self->voice) > 0;

  if (waited_ms >= self->wait_ms)
    {
      follower_fail (self);
      return;
    }
  if (speech && waited_ms >= speech_ms)
    self->hooks.lost (message, self->hooks.data);
  else if (speech)
    delay_ms = MIN (delay_ms, speech_ms - waited_ms);
  if (self->arrivals == NULL)
    self->arrivals = player_gst_arrivals_new (follower_on_arrival, self);
  if (!waited)
    g_info ("The audio output is away, waiting for it: %s", message);
  follower_set_timer (self, &self->retry_timer, MIN (delay_ms, self->wait_ms - waited_ms),
                      follower_on_retry);
}

/* A sink that breaks (a server that went away) or cannot be opened is tried again and again, and
 * what plays goes on with the next frame. */
static void
follower_on_output_lost (PlayerGstFollower *self, const PlayerGstOutputNews *news)
{
  follower_clear_timer (&self->look_timer);
  follower_clear_timer (&self->retry_timer);
  self->load_deadline_us = 0;
  self->spoken_deadline_us = 0;
  self->silent_deadline_us = 0;
  player_gst_pump_lose (self->pump, follower_find_heard (self, news->heard_ns));
  self->hung = news->stuck && (self->hung || self->playing);
  self->playing = FALSE;
  player_gst_deck_drained (self->deck);
  follower_forget_speech (self);
  follower_set_trouble (self, news->message);
  if (news->hopeless)
    follower_fail (self);
  else if (follower_is_busy (self))
    follower_wait (self, news->message);
  else
    g_info ("The audio output was lost while nothing played: %s", news->message);
  self->hooks.changed (self->hooks.data);
}

static void
follower_on_output_news (PlayerGstOutput *output, const PlayerGstOutputNews *news, gpointer data)
{
  PlayerGstFollower *self = data;

  if (news->message != NULL)
    {
      follower_on_output_lost (self, news);
      return;
    }
  if (player_gst_outage_is_waiting (&self->outage))
    g_info ("The audio output is back: %s", player_gst_output_get_sink_name (output));
  player_gst_outage_find (&self->outage, g_get_monotonic_time ());
  g_clear_pointer (&self->arrivals, player_gst_arrivals_free);
  g_clear_pointer (&self->trouble, g_free);
  self->playing = TRUE;
  self->playing_us = g_get_monotonic_time ();
  self->hooks.changed (self->hooks.data);
}

PlayerOutputState
player_gst_follower_get_state (PlayerGstFollower *self, const char **message)
{
  *message = self->trouble;
  if (player_gst_outage_is_waiting (&self->outage))
    return PLAYER_OUTPUT_WAITING;
  if (self->playing)
    return PLAYER_OUTPUT_PLAYING;
  return player_gst_output_get_wanted (self->output) == PLAYER_GST_OUTPUT_CLOSED
             ? PLAYER_OUTPUT_CLOSED
             : PLAYER_OUTPUT_IDLE;
}

gboolean
player_gst_follower_is_hung (PlayerGstFollower *self)
{
  if (self->playing && g_get_monotonic_time () - self->playing_us > FLOWS_US)
    self->hung = FALSE;
  return self->hung;
}

void
player_gst_follower_renew_output (PlayerGstFollower *self, const char *why)
{
  player_gst_output_give_up (self->output, why);
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
  self->wait_ms = options->sink_wait_ms;
  self->hooks = *hooks;
  g_autofree char *snapcast = follower_use_snapcast (self, options);
  self->snapcast = snapcast != NULL;
  self->output = player_gst_output_new (pump, snapcast != NULL ? snapcast : options->sink,
                                        options->buffer_ms, context, workers,
                                        follower_on_output_news, self, error);
  if (self->output == NULL)
    g_clear_pointer (&self, g_free);
  else if (snapcast == NULL) /* what the server has, is heard */
    player_gst_pump_keep_past (pump,
                               player_gst_sink_get_most_ms (options->buffer_ms) + MORE_BUFFER_MS);
  return self;
}

gboolean
player_gst_follower_configure (PlayerGstFollower *self,
                               const PlayerGstEngineOptions *options,
                               GError **error)
{
  self->idle_ms = options->idle_ms;
  if (self->snapcast)
    return TRUE;
  if (!player_gst_output_configure (self->output, options->sink, options->buffer_ms, error))
    return FALSE;
  self->buffer_ms = options->buffer_ms;
  player_gst_pump_keep_past (self->pump,
                             player_gst_sink_get_most_ms (options->buffer_ms) + MORE_BUFFER_MS);
  return TRUE;
}

void
player_gst_follower_shut (PlayerGstFollower *self)
{
  follower_clear_timer (&self->look_timer);
  follower_clear_timer (&self->idle_timer);
  follower_clear_timer (&self->retry_timer);
  g_clear_pointer (&self->arrivals, player_gst_arrivals_free);
  player_gst_output_shut (self->output);
}

void
player_gst_follower_abandon (PlayerGstFollower *self)
{
  player_gst_output_abandon (self->output);
}

void
player_gst_follower_free (PlayerGstFollower *self)
{
  player_gst_output_free (self->output);
  g_free (self->trouble);
  g_free (self);
}
