/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-engine.h"

G_BEGIN_DECLS

/**
 * PlayerDummyEngine:
 *
 * A #PlayerEngine without sound. It keeps the contract of the port (which load is current, which
 * waits, which is next; pause, stop and silence emit SILENCED before they return) and writes down
 * each call as one line. Whatever takes time in a real engine happens when the test says so.
 *
 * Signal "call" (const char *line): after each call was written down, before it takes effect.
 */
#define PLAYER_TYPE_DUMMY_ENGINE (player_dummy_engine_get_type ())
G_DECLARE_FINAL_TYPE (PlayerDummyEngine, player_dummy_engine, PLAYER, DUMMY_ENGINE, GObject)

PlayerDummyEngine *player_dummy_engine_new (void);

/* The lines so far, e.g. "load 1 https://a/ 0 current", "pause", "seek 1 5000"; then forgets them.
 * (transfer full) */
GStrv player_dummy_engine_take_calls (PlayerDummyEngine *self);

/* Which generation is the current load, waits to become it, is the next one, sounds; 0 = none. */
guint64 player_dummy_engine_get_current (PlayerDummyEngine *self);
guint64 player_dummy_engine_get_waiting (PlayerDummyEngine *self);
guint64 player_dummy_engine_get_next (PlayerDummyEngine *self);
guint64 player_dummy_engine_get_sounding (PlayerDummyEngine *self);

/* What get_position() says of the current load from now on. */
void player_dummy_engine_set_position_us (PlayerDummyEngine *self, gint64 position_us);
void player_dummy_engine_set_position (PlayerDummyEngine *self, gint64 position_ms);

/* What get_output() says from now on; "output-changed" is emitted. */
void player_dummy_engine_set_output (PlayerDummyEngine *self,
                                     PlayerOutputState state,
                                     const char *message);

/* What get_flow() says from now on: nothing flows by itself. */
void player_dummy_engine_set_flow (PlayerDummyEngine *self, gint64 sounded_us, gboolean hung);

/* Emits @event with what it means for the loads: STARTED makes the load current (what sounded is
 * SILENCED, REPLACED first), FINISHED lets *next* take over, FAILED ends the load, RESUMED, SEEKED
 * set the position. An event that the contract does not allow now (unknown generation, RESUMED in a
 * pause ...) is not emitted: %FALSE. */
gboolean player_dummy_engine_emit (PlayerDummyEngine *self, const PlayerEngineEvent *event);
/* As above, for events with an offset at most. */
gboolean player_dummy_engine_emit_simple (PlayerDummyEngine *self,
                                          PlayerEngineEventType type,
                                          guint64 generation,
                                          gint64 offset_ms);

G_END_DECLS
