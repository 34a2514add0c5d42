/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-music-expiry.h"
#include "daemon-store.h"
#include "player/player-types.h"

G_BEGIN_DECLS

/**
 * SECTION:daemon-memory-item
 *
 * An item as a row of the table "player_item", every member of it. That of its expiry is kept as the
 * time of day, for our clock begins anew with each start of the machine.
 */

/* Makes the table, if it is not there. */
gboolean daemon_memory_item_create (DaemonStore *store);

/* As the row @id, which must not be there. */
gboolean daemon_memory_item_write (DaemonStore *store,
                                   gint64 id,
                                   const PlayerItem *item,
                                   const DaemonMusicMoment *now);

/* (transfer full) (nullable): gives all rows in their order; the first column is the id. */
sqlite3_stmt *daemon_memory_item_select (DaemonStore *store);

/* (transfer full) (nullable): what the row at which @statement stands says; %NULL with a message: it
 * makes no sense. */
PlayerItem *daemon_memory_item_read (sqlite3_stmt *statement, const DaemonMusicMoment *now);

G_END_DECLS
