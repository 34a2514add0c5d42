/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/gst/player-gst-engine.h"
#include "tests/gst/gst-tap.h"

G_BEGIN_DECLS

/**
 * GstRig:
 *
 * An engine under test: its sink is tapped, its events are kept, and the order of the events of
 * each generation is checked against the contract of #PlayerEngine while they come.
 */
typedef struct
{
  PlayerEngine *engine; /* (owned) */
  GstTap tap;
  GArray *events;     /* (element-type PlayerEngineEvent): strings and metadata are not kept */
  GPtrArray *errors;  /* (element-type utf8): messages of FAILED */
  GHashTable *states; /* (element-type guint64 guint): of the checker */
  guint64 generation; /* given to the last load */
  char *title;        /* of the last TAGS */
} GstRig;

GstRig *gst_rig_new (gboolean real_time);
/* @sink: (nullable): NULL: gst_rig_start() makes the engine. */
GstRig *gst_rig_new_with_sink (const char *sink);
void gst_rig_start (GstRig *self, const PlayerGstEngineOptions *options);
void gst_rig_free (GstRig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstRig, gst_rig_free)

/* In ms, rounded; -1: not the current load. */
gint64 gst_rig_get_position_ms (GstRig *self, guint64 generation);
/* Loads @url with a new generation, which is returned. */
guint64 gst_rig_load (GstRig *self, const char *url, gint64 offset_ms, PlayerLoadMode mode);

/* … a file of the rig's, from its beginning, as the current load. */
guint64 gst_rig_load_file (GstRig *self, const char *name);
/* Runs the main loop until the current load has been heard up to there, 20 s at most. */
void gst_rig_wait_position_ms (GstRig *self, guint64 generation, gint64 position_ms);

/* Whether (and where, for the last) an event has come. */
guint gst_rig_count (GstRig *self, PlayerEngineEventType type, guint64 generation);
const PlayerEngineEvent *
gst_rig_find (GstRig *self, PlayerEngineEventType type, guint64 generation);

/* Runs the main loop until the event has come / @frames have been heard / @ms have gone by. */
const PlayerEngineEvent *
gst_rig_wait (GstRig *self, PlayerEngineEventType type, guint64 generation);
void gst_rig_wait_frames (GstRig *self, guint frames);
void gst_rig_run (GstRig *self, guint ms);
/* Runs the main loop until the sink has taken nothing for 60 ms: the end is said when the clock has
 * passed it, and on a busy machine the last block may reach the sink after that. */
void gst_rig_settle (GstRig *self);

/* @generation starts exactly at @offset_ms of @file, in what is said and in what is heard. */
void gst_rig_assert_start (GstRig *self, guint64 generation, guint file, gint64 offset_ms);

/* The index-coded files a, b and c, each .wav and .flac, 44.1 kHz; odd lengths, c lasts longest. */
#define GST_RIG_FILE_A 1
#define GST_RIG_FILE_B 2
#define GST_RIG_FILE_C 3
#define GST_RIG_FRAMES_A 24611
#define GST_RIG_FRAMES_B 16331
#define GST_RIG_FRAMES_C 705601

/* main() of the tests: makes the files, runs the tests, removes the files. */
int gst_rig_main (int argc, char **argv, void (*add_tests) (void));

/* Where a file of the tests lies. */
char *gst_rig_path (const char *name);
char *gst_rig_url (const char *name);

G_END_DECLS
