/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-deck.h"
#include "player-gst-engine.h"
#include "player-gst-voice.h"

G_BEGIN_DECLS

/**
 * PlayerGstFollower:
 *
 * Makes the output follow what there is to be heard: opened at the rate it needs, running while
 * something sounds, at rest when the last of it has been heard, released after a while. Knows what is
 * heard, and so when a load or an utterance is over. An output that breaks, or is not there, is waited
 * for.
 */
typedef struct _PlayerGstFollower PlayerGstFollower;

/**
 * PlayerGstFollowerHooks:
 * @changed: something has happened outside of a call
 * @spoken: the last frame of the utterance has been heard
 * @lost: what is spoken will not be heard: there is no output, or there has been none for too long
 */
typedef struct
{
  void (*changed) (gpointer data);
  void (*spoken) (gpointer data);
  void (*lost) (const char *message, gpointer data);
  gpointer data;
} PlayerGstFollowerHooks;

/* @options is read only here; all else is kept, and not owned. */
PlayerGstFollower *player_gst_follower_new (PlayerGstPump *pump,
                                            PlayerGstVoice *voice,
                                            PlayerGstDeck *deck,
                                            PlayerGstWorkers *workers,
                                            GMainContext *context,
                                            const PlayerGstEngineOptions *options,
                                            const PlayerGstFollowerHooks *hooks,
                                            GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Closes the output for good; no hook is called any more. To be freed when the workers are done. */
void player_gst_follower_shut (PlayerGstFollower *self);
void player_gst_follower_free (PlayerGstFollower *self);
/* After shut(): an output that does not close is left behind; the workers need not be waited for on
 * its account. */
void player_gst_follower_abandon (PlayerGstFollower *self);

/* Whatever has happened: the output follows. */
void player_gst_follower_update (PlayerGstFollower *self);

/* The sink and its buffer from the next opening on; how long it is held. FALSE: the sink cannot be parsed;
 * all stays as it was. */
gboolean player_gst_follower_configure (PlayerGstFollower *self,
                                        const PlayerGstEngineOptions *options,
                                        GError **error);

/* Something is about to come: the output is not released meanwhile. */
void player_gst_follower_stay (PlayerGstFollower *self);

/* The frame of the output that is heard now, as the pump counts them. */
guint64 player_gst_follower_get_heard_frame (PlayerGstFollower *self);

/* What the output does. *@message: (out) (nullable): why it is waited for, or has been given up. */
PlayerOutputState player_gst_follower_get_state (PlayerGstFollower *self, const char **message);

/* Whether the output took nothing any more though it was to play, and no other has played for longer since.
 */
gboolean player_gst_follower_is_hung (PlayerGstFollower *self);

/* An output that plays is given up, as if it were lost, and another one opened. */
void player_gst_follower_renew_output (PlayerGstFollower *self, const char *why);

/* (nullable): factory name of the sink opened last. */
const char *player_gst_follower_get_sink_name (PlayerGstFollower *self);

G_END_DECLS
