/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "bus-backend.h"

G_BEGIN_DECLS

/**
 * BusMprisModes:
 *
 * The properties LoopStatus and Shuffle of org.mpris.MediaPlayer2.Player. They come and go with the queue
 * of a music service, which generated properties cannot: here they are read, set and signalled.
 */
typedef struct _BusMprisModes BusMprisModes;

/* @skeleton: (not owned): where they are exported */
BusMprisModes *bus_mpris_modes_new (GDBusInterfaceSkeleton *skeleton, BusBackend *backend);
void bus_mpris_modes_free (BusMprisModes *self);

/* Whether @name is one of them. */
gboolean bus_mpris_modes_have (const char *name);

/* @music: (nullable): the queue that is shown; tells the bus what has changed. */
void bus_mpris_modes_show (BusMprisModes *self, const BusMusic *music);

/* (transfer floating) (nullable). @error: %G_DBUS_ERROR_UNKNOWN_PROPERTY while there is no queue */
GVariant *bus_mpris_modes_get (BusMprisModes *self, const char *name, GError **error);

/* Asks the music service; what is shown changes when it has agreed. @error: of domain BUS_ERROR. */
gboolean
bus_mpris_modes_set (BusMprisModes *self, const char *name, GVariant *value, GError **error);

G_END_DECLS
