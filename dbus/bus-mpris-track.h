/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "bus-music.h"

G_BEGIN_DECLS

/* What MPRIS tells of the stream that plays, or would be resumed. */

/* (transfer floating): a{sv}, the property Metadata. */
GVariant *bus_mpris_track_build_metadata (const PlayerSnapshot *now, const BusMusic *music);

/* (transfer full): its object path: another one for each play. */
char *bus_mpris_track_make_id (const PlayerSnapshot *now);

G_END_DECLS
