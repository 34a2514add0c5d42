/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "bus-backend.h"
#include "bus-mpris-generated.h"

G_BEGIN_DECLS

/**
 * BusMpris:
 *
 * The interface org.mpris.MediaPlayer2.Player (Media Player Remote Interfacing Specification 2.2).
 * Times are in microseconds there. LoopStatus and Shuffle are there for the queue of a music service only: a
 * skill decides itself what comes next.
 */
#define BUS_TYPE_MPRIS (bus_mpris_get_type ())
G_DECLARE_FINAL_TYPE (BusMpris, bus_mpris, BUS, MPRIS, BusGenMediaPlayer2PlayerSkeleton)

BusMpris *bus_mpris_new (PlayerController *controller, BusBackend *backend);

G_END_DECLS
