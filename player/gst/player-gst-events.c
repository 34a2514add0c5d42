/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-events.h"

/* Where a part is missing, what there was may have run out, too. */
#define SAME_GAP_US (200 * G_TIME_SPAN_MILLISECOND)

struct _PlayerGstEvents
{
  GQueue pending; /* (element-type Pending) */
};

typedef struct
{
  PlayerGstLoad *load; /* (owned) */
  PlayerEngineEvent event;
  char *message; /* (owned) (nullable) */
} Pending;

static void
pending_free (Pending *pending)
{
  player_gst_load_unref (pending->load);
  g_clear_pointer (&pending->event.metadata, player_metadata_unref);
  g_free (pending->message);
  g_free (pending);
}

PlayerGstEvents *
player_gst_events_new (void)
{
  PlayerGstEvents *self = g_new0 (PlayerGstEvents, 1);

  g_queue_init (&self->pending);
  return self;
}

void
player_gst_events_free (PlayerGstEvents *self)
{
  g_queue_clear_full (&self->pending, (GDestroyNotify)pending_free);
  g_free (self);
}

static gboolean
event_is_last (const PlayerEngineEvent *event)
{
  return event->type == PLAYER_ENGINE_FINISHED || event->type == PLAYER_ENGINE_FAILED
         || (event->type == PLAYER_ENGINE_SILENCED && event->reason != PLAYER_SILENCED_PAUSED);
}

void
player_gst_events_add (PlayerGstEvents *self, PlayerGstLoad *load, const PlayerEngineEvent *event)
{
  if (load->over)
    return;
  Pending *pending = g_new0 (Pending, 1);
  pending->load = player_gst_load_ref (load);
  pending->event = *event;
  pending->event.generation = load->generation;
  pending->event.offset_ms = (event->offset_us + 500) / 1000;
  pending->message = g_strdup (event->error_message);
  pending->event.error_message = pending->message;
  if (event->metadata != NULL)
    player_metadata_ref (event->metadata);
  load->over = event_is_last (event);
  load->starves &= event->type != PLAYER_ENGINE_REFILLED && event->type != PLAYER_ENGINE_SILENCED;
  if (event->type == PLAYER_ENGINE_UNDERRUN)
    {
      load->starves = TRUE;
      load->starved_us = event->offset_us;
    }
  g_queue_push_tail (&self->pending, pending);
}

void
player_gst_events_add_at (PlayerGstEvents *self,
                          PlayerGstItem *item,
                          PlayerEngineEventType type,
                          gint64 offset_us)
{
  const PlayerEngineEvent event = { .type = type, .offset_us = offset_us };

  player_gst_events_add (self, player_gst_item_get_load (item), &event);
}

void
player_gst_events_add_gap (PlayerGstEvents *self, PlayerGstItem *item, gint64 gap_us)
{
  PlayerGstLoad *load = player_gst_item_get_load (item);
  const gint64 offset_us = player_gst_item_to_load_us (item, gap_us);

  if (gap_us < 0 || load->starves || ABS (offset_us - load->starved_us) < SAME_GAP_US)
    return;
  player_gst_events_add_at (self, item, PLAYER_ENGINE_UNDERRUN, offset_us);
  player_gst_events_add_at (self, item, PLAYER_ENGINE_REFILLED, offset_us);
}

void
player_gst_events_add_failed (PlayerGstEvents *self, PlayerGstItem *item, gint64 offset_us)
{
  PlayerEngineEvent event = { .type = PLAYER_ENGINE_FAILED, .offset_us = offset_us };

  PlayerGstLoad *load = player_gst_item_get_load (item);

  event.error_message = player_gst_item_get_error (item, &event.error_type);
  if (load->error_message != NULL && !player_gst_item_is_ready (item))
    {
      event.error_type = load->error_type;
      event.error_message = load->error_message;
    }
  player_gst_events_add (self, load, &event);
}

void
player_gst_events_add_refused (PlayerGstEvents *self, PlayerGstItem *item)
{
  const PlayerEngineEvent event
      = { .type = PLAYER_ENGINE_REFUSED, .error_message = player_gst_item_get_refusal (item) };

  player_gst_events_add (self, player_gst_item_get_load (item), &event);
}

void
player_gst_events_add_tags (PlayerGstEvents *self, PlayerGstItem *item)
{
  const PlayerEngineEvent event
      = { .type = PLAYER_ENGINE_TAGS, .metadata = player_gst_item_take_tags (item) };

  if (event.metadata != NULL)
    player_gst_events_add (self, player_gst_item_get_load (item), &event);
}

void
player_gst_events_add_duration (PlayerGstEvents *self, PlayerGstItem *item)
{
  PlayerGstLoad *load = player_gst_item_get_load (item);
  PlayerEngineEvent event = { .type = PLAYER_ENGINE_DURATION };

  event.duration_ms = player_gst_item_query_duration (item, &event.seekable);
  if (load->entries != NULL)
    {
      player_gst_load_set_entry_duration (load, player_gst_item_get_start (item)->entry,
                                          event.duration_ms);
      event.duration_ms = player_gst_load_get_total_duration (load);
    }
  if (load->duration_ms == event.duration_ms && load->seekable == event.seekable)
    return;
  load->duration_ms = event.duration_ms;
  load->seekable = event.seekable;
  player_gst_events_add (self, load, &event);
}

void
player_gst_events_add_buffered (PlayerGstEvents *self, PlayerGstItem *item)
{
  PlayerGstLoad *load = player_gst_item_get_load (item);

  if (!player_gst_item_is_buffered (item) || player_gst_item_has_more (item) || !load->ready_said
      || load->buffered_said)
    return;
  load->buffered_said = TRUE;
  player_gst_events_add_at (self, item, PLAYER_ENGINE_BUFFERED, 0);
}

void
player_gst_events_add_ready (PlayerGstEvents *self, PlayerGstItem *item)
{
  PlayerGstLoad *load = player_gst_item_get_load (item);

  if (!load->ready_said)
    player_gst_events_add_at (self, item, PLAYER_ENGINE_READY, 0);
  load->ready_said = TRUE;
  player_gst_events_add_duration (self, item);
  player_gst_events_add_buffered (self, item);
}

void
player_gst_events_flush (PlayerGstEvents *self, PlayerEngine *engine)
{
  Pending *pending;

  while ((pending = g_queue_pop_head (&self->pending)) != NULL)
    {
      if (!pending->load->dropped)
        {
          pending->load->started |= pending->event.type == PLAYER_ENGINE_STARTED;
          player_engine_emit (engine, &pending->event);
        }
      pending_free (pending);
    }
}
