/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

#include "bus-mpris-generated.h"

G_BEGIN_DECLS

/**
 * BusMprisRoot:
 *
 * The interface org.mpris.MediaPlayer2 (Media Player Remote Interfacing Specification 2.2).
 */
#define BUS_TYPE_MPRIS_ROOT (bus_mpris_root_get_type ())
G_DECLARE_FINAL_TYPE (BusMprisRoot, bus_mpris_root, BUS, MPRIS_ROOT, BusGenMediaPlayer2Skeleton)

BusMprisRoot *bus_mpris_root_new (void);

G_END_DECLS
