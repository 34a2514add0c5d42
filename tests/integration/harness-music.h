/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "demo-music-server.h"
#include "harness.h"

G_BEGIN_DECLS

#define MUSIC "org.segue.Segue1.Music"

/**
 * MusicRig:
 *
 * A #Harness whose daemon knows the music service "tunes": the demo music skill, in this process. Its
 * tracks are index-coded; all that is heard is written down, and can be counted.
 */
typedef struct
{
  Harness *harness;       /* (owned) */
  DemoMusicServer *tunes; /* (owned) */
  char *media_dir;        /* (owned) */
} MusicRig;

/* @lengths_ms: of the tracks, ended by 0: the first three letters of the alphabet. */
MusicRig *music_rig_new (const guint *lengths_ms);
void music_rig_free (MusicRig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (MusicRig, music_rig_free)

/* What the service is told to do from now on, see #DemoMusicServer: JSON, with ' for ". */
void music_rig_control (MusicRig *self, const char *json);
/* Plays @content from its first track on, and waits until it sounds. */
void music_rig_play (MusicRig *self, const char *content);
/* A call of the interface Music. @args: printed, or %NULL. */
void music_rig_do (MusicRig *self, const char *method, const char *args);
/* How often the service has been asked @name. */
guint music_rig_count (MusicRig *self, const char *name);
/* Waits until it has been asked @name, @times in all. */
void music_rig_wait_asked (MusicRig *self, const char *name, guint times);
/* Waits until the item is current and sounds. */
void music_rig_wait_item (MusicRig *self, const char *item_id);
/* Waits so long. */
void music_rig_sleep (guint ms);
/* Waits until it has been told of so many events in all. */
void music_rig_wait_events (MusicRig *self, guint times);
/* Names of all messages the service got, without events, "Initiate GetNextItem …". (transfer full) */
char *music_rig_list_asked (MusicRig *self);
/* The same of the events, with items and without the offset of Finished: "Started album-1.track-1 0"
 * … (transfer full) */
char *music_rig_list_events (MusicRig *self);

/**
 * MusicPart:
 * @track: from 1; 0 ends the list
 * @first: the first frame of it that is heard
 * @last: the one after the last; 0: to its end
 */
typedef struct
{
  guint track;
  gsize first;
  gsize last;
} MusicPart;

/* Ends the daemon and counts what was heard: the frames of @parts, in order, none lost and none twice,
 * whatever silence lies between them. A fade after a silence may hide 10 ms, which must have been
 * there. */
void music_rig_check (MusicRig *self, const MusicPart *parts);
/* Frames of @track. */
gsize music_rig_get_frames (MusicRig *self, guint track);
/* The longest silence between two frames that can be told, in frames. */
gsize music_rig_get_gap (MusicRig *self);

G_END_DECLS
