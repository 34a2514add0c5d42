/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "bus-backend.h"
#include "bus-generated.h"

G_BEGIN_DECLS

/**
 * BusMusicPlayer:
 *
 * The interface org.segue.Segue1.Music: shows the queue of a music service, hands on what is to be done
 * with it.
 */
#define BUS_TYPE_MUSIC_PLAYER (bus_music_player_get_type ())
G_DECLARE_FINAL_TYPE (
    BusMusicPlayer, bus_music_player, BUS, MUSIC_PLAYER, BusGenSegue1MusicSkeleton)

BusMusicPlayer *bus_music_player_new (PlayerController *controller, BusBackend *backend);

G_END_DECLS
