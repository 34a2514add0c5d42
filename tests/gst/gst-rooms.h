/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

#define GST_ROOMS 2

/* What one snapclient plays, and when. */
typedef struct
{
  GSubprocess *process; /* (owned) */
  GThread *thread;      /* reads what it plays */
  GMutex lock;
  GArray *frames;   /* (element-type guint32) 16 bit stereo, under the lock */
  GArray *arrivals; /* (element-type GstRoomArrival), under the lock */
} GstRoom;

/* Frame @first of a room, and those behind it, are played from @time_us on. */
typedef struct
{
  guint first;
  gint64 time_us;
} GstRoomArrival;

/**
 * GstRooms:
 *
 * A snapserver on ports of its own, and a snapclient in each room, whose sound is kept.
 */
typedef struct
{
  char *directory;     /* (owned) */
  guint16 source_port; /* of the TCP source */
  guint16 client_port;
  GSubprocess *server; /* (owned) (nullable) */
  GstRoom rooms[GST_ROOMS];
} GstRooms;

GstRooms *gst_rooms_new (void);
void gst_rooms_free (GstRooms *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstRooms, gst_rooms_free)

void gst_rooms_start_server (GstRooms *self);
void gst_rooms_stop_server (GstRooms *self);
/* Waits until each client plays something, be it silence. */
void gst_rooms_start_clients (GstRooms *self);

/* (transfer full) "HOST:PORT" */
char *gst_rooms_dup_address (GstRooms *self);

/* (transfer full): what has been played in a room up to now. */
GArray *gst_rooms_dup_frames (GstRooms *self, guint room);
GArray *gst_rooms_dup_arrivals (GstRooms *self, guint room);

G_END_DECLS
