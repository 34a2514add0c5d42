/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "bus-backend.h"

G_BEGIN_DECLS

#define BUS_SERVER_NAME "org.segue.Segue1"
#define BUS_SERVER_PATH "/org/segue/Segue1"
#define BUS_SERVER_MPRIS_NAME "org.mpris.MediaPlayer2.segue"
#define BUS_SERVER_MPRIS_PATH "/org/mpris/MediaPlayer2"

/**
 * BusServer:
 *
 * The front of the bus: all objects, both names.
 *
 * Signals:
 * - "ready": org.segue.Segue1 is owned, everything is in its place (the MPRIS name too, if it can
 * be had).
 * - "name-lost" (const char *why): the name cannot be had or was lost, or there is no bus.
 */
#define BUS_TYPE_SERVER (bus_server_get_type ())
G_DECLARE_FINAL_TYPE (BusServer, bus_server, BUS, SERVER, GObject)

BusServer *bus_server_new (PlayerController *controller, BusBackend *backend, const char *version);

/* Before the start; as bus_conversation_set_injectors(). */
void bus_server_set_injectors (BusServer *self, const char *group);

/* Exports everything on the bus of @type, then asks for the names. */
void bus_server_start (BusServer *self, GBusType type);

/* Drops names and objects, and waits until what was sent has left. Safe when not started. */
void bus_server_stop (BusServer *self);

G_END_DECLS
