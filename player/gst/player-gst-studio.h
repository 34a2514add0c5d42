/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-engine.h"
#include "player-gst-pump.h"
#include "player-gst-voice.h"
#include "player-gst-web.h"
#include "player-gst-workers.h"

G_BEGIN_DECLS

/**
 * PlayerGstStudio:
 *
 * What an engine lends to whoever speaks through its output. Of this folder only.
 */
typedef struct
{
  GMainContext *context;
  PlayerGstWorkers *workers;
  PlayerGstPump *pump;
  PlayerGstVoice *voice;
  PlayerGstWeb *web;
} PlayerGstStudio;

/**
 * PlayerGstStudioHooks:
 * @noted: the voice may have notes
 * @spoken: the last frame of the utterance has been heard
 * @lost: there is no output
 *
 * Called when the engine's own events have been emitted.
 */
typedef struct
{
  void (*noted) (gpointer data);
  void (*spoken) (gpointer data);
  void (*lost) (const char *message, gpointer data);
  gpointer data;
} PlayerGstStudioHooks;

const PlayerGstStudio *player_gst_engine_get_studio (PlayerGstEngine *self);

/* @hooks: (nullable): one set at a time. */
void player_gst_engine_set_studio_hooks (PlayerGstEngine *self, const PlayerGstStudioHooks *hooks);

/* What recordings of an utterance from @origin may open. */
PlayerReach player_gst_engine_get_reach (PlayerGstEngine *self, const char *origin);

/* The rate at which an utterance that begins now is to be mixed. */
guint player_gst_engine_pick_spoken_rate (PlayerGstEngine *self);

/* The voice has been given or has lost something: the output follows. Emits nothing. */
void player_gst_engine_voice_changed (PlayerGstEngine *self);

G_END_DECLS
