/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-herald.h"

#include "player-gst-map.h"
#include "player-gst-wakeup.h"

/* How soon to look again where it is not known what is heard. */
#define UNKNOWN_US (100 * G_TIME_SPAN_MILLISECOND)
#define SHORTEST_US (20 * G_TIME_SPAN_MILLISECOND)

struct _PlayerGstHerald
{
  PlayerGstDeck *deck;         /* (unowned) */
  PlayerGstPump *pump;         /* (unowned) */
  PlayerGstFollower *follower; /* (unowned) */
  PlayerGstEvents *events;     /* (unowned) */
  GSource *timer;              /* (owned) */
  GSourceFunc told;
  gpointer data;
};

/* In µs of @item's stream; -1: not known, or it is not @item that is heard. */
static gint64
herald_get_heard_us (PlayerGstHerald *self, PlayerGstItem *item)
{
  const guint64 heard = player_gst_follower_get_heard_frame (self->follower);
  guint64 id;
  gint64 frame;

  if (!player_gst_pump_lookup (self->pump, heard, &id, &frame)
      || id != player_gst_item_get_id (item))
    return -1;
  return player_gst_frames_to_us (frame, player_gst_deck_get_rate (self->deck));
}

/* Tells what has come to hold at @heard_us of @item, and how long it takes until something else does;
 * -1: nothing else is known. */
static gint64
herald_tell (PlayerGstHerald *self, PlayerGstItem *item, gint64 heard_us)
{
  player_gst_item_advance_tags (item, heard_us);
  if (player_gst_item_has_new_tags (item))
    player_gst_events_add_tags (self->events, item);
  player_gst_events_add_gap (self->events, item, player_gst_item_take_gap_us (item));
  const gint64 next_us = player_gst_item_get_next_tags_us (item);
  return next_us >= 0 ? MAX (next_us - heard_us, SHORTEST_US) : -1;
}

void
player_gst_herald_update (PlayerGstHerald *self)
{
  PlayerGstItem *item = player_gst_deck_get_sounding (self->deck);
  gint64 wait_us = -1;

  if (item != NULL
      && (player_gst_item_has_new_tags (item) || player_gst_item_get_next_tags_us (item) >= 0))
    {
      const gint64 heard_us = herald_get_heard_us (self, item);

      wait_us = heard_us >= 0 ? herald_tell (self, item, heard_us) : UNKNOWN_US;
    }
  g_source_set_ready_time (self->timer, wait_us >= 0 ? g_get_monotonic_time () + wait_us : -1);
}

static gboolean
herald_on_timer (gpointer data)
{
  PlayerGstHerald *self = data;

  return self->told (self->data);
}

PlayerGstHerald *
player_gst_herald_new (PlayerGstDeck *deck,
                       PlayerGstPump *pump,
                       PlayerGstFollower *follower,
                       PlayerGstEvents *events,
                       GMainContext *context,
                       GSourceFunc told,
                       gpointer data)
{
  PlayerGstHerald *self = g_new0 (PlayerGstHerald, 1);

  self->deck = deck;
  self->pump = pump;
  self->follower = follower;
  self->events = events;
  self->told = told;
  self->data = data;
  self->timer = player_gst_wakeup_new (context, herald_on_timer, self);
  return self;
}

void
player_gst_herald_free (PlayerGstHerald *self)
{
  g_source_destroy (self->timer);
  g_source_unref (self->timer);
  g_free (self);
}
