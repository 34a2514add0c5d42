/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-deck.h"
#include "player-gst-follower.h"

G_BEGIN_DECLS

/**
 * PlayerGstHerald:
 *
 * Tells what the current stream says of itself when that is heard, not when it is decoded.
 */
typedef struct _PlayerGstHerald PlayerGstHerald;

/* @told: called from the main context when events have been added outside of update(). None of the
 * parts is owned. */
PlayerGstHerald *player_gst_herald_new (PlayerGstDeck *deck,
                                        PlayerGstPump *pump,
                                        PlayerGstFollower *follower,
                                        PlayerGstEvents *events,
                                        GMainContext *context,
                                        GSourceFunc told,
                                        gpointer data);
void player_gst_herald_free (PlayerGstHerald *self);

/* Adds TAGS if they are due, and sees to it that those which are not yet will be. To be called
 * whenever something has happened. */
void player_gst_herald_update (PlayerGstHerald *self);

G_END_DECLS
