/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerGstPulse:
 *
 * A stream of frames to a PulseAudio server, one after another: what comes too late makes a silence, and
 * nothing is lost. Frames count from the start of the stream, without such silences.
 *
 * What has been written is taken back by being overwritten in the server's queue: as the server counts
 * the frames, too, nothing is heard twice or left out.
 *
 * One thread opens, starts, writes and closes; any other asks, takes back, and interrupts.
 */
typedef struct _PlayerGstPulse PlayerGstPulse;

/* @buffer_ms: what is to lie between write() and the listener; @period_ms: how much the server asks for at
 * a time. */
typedef struct
{
  gboolean is_float; /* else 16 bit; native byte order */
  guint rate;
  guint channels;
  guint buffer_ms;
  guint period_ms;
  const char *device; /* (nullable): NULL: the server's default */
} PlayerGstPulseFormat;

/* (nullable): the library is not installed. */
PlayerGstPulse *player_gst_pulse_new (void);
void player_gst_pulse_free (PlayerGstPulse *self);

/* Connects to the server that the environment names; takes as long as that takes to answer.
 * @error: G_IO_ERROR_CONNECTION_REFUSED; G_IO_ERROR_NOT_SUPPORTED: it is another server that speaks the
 * protocol, and does not queue streams as PulseAudio does. */
gboolean player_gst_pulse_open (PlayerGstPulse *self, GError **error);
void player_gst_pulse_close (PlayerGstPulse *self);
/* Whether it is connected, and has been all the time. */
gboolean player_gst_pulse_is_open (PlayerGstPulse *self);

/* A new stream, instead of the one that there was; not waited for. @error: G_IO_ERROR_FAILED. */
gboolean
player_gst_pulse_start (PlayerGstPulse *self, const PlayerGstPulseFormat *format, GError **error);
void player_gst_pulse_stop (PlayerGstPulse *self);
/* Stands still, or goes on, as soon as the server does. */
void player_gst_pulse_set_corked (PlayerGstPulse *self, gboolean corked);

/* Interrupts write(), until it is told not to. */
void player_gst_pulse_set_interrupted (PlayerGstPulse *self, gboolean interrupted);

/**
 * player_gst_pulse_write:
 * @again: these follow those that were kept when some were taken back last: without it they are
 * thrown away after that, and so is the rest of what waits in write() meanwhile
 * @error: G_IO_ERROR_CANCELLED: interrupted, some may have been written; else the stream has broken
 *
 * Waits for room.
 */
gboolean player_gst_pulse_write (
    PlayerGstPulse *self, gconstpointer frames, guint64 count, gboolean again, GError **error);

/* How many frames have been heard. When the stream has broken: until then. */
guint64 player_gst_pulse_get_heard (PlayerGstPulse *self);

/* Takes back what can be, but not before frame @earliest: see player_gst_rewind(). @kept: (out): how
 * many frames since the start are kept. */
gboolean player_gst_pulse_take_back (PlayerGstPulse *self, guint64 earliest, guint64 *kept);

G_END_DECLS
