/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "bus-backend.h"
#include "bus-generated.h"

G_BEGIN_DECLS

/**
 * BusPlayer:
 *
 * The interface org.segue.Segue1.Player: shows the controller's snapshots, hands buttons on to the
 * backend.
 */
#define BUS_TYPE_PLAYER (bus_player_get_type ())
G_DECLARE_FINAL_TYPE (BusPlayer, bus_player, BUS, PLAYER, BusGenSegue1PlayerSkeleton)

BusPlayer *bus_player_new (PlayerController *controller, BusBackend *backend);

G_END_DECLS
