/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-speech.h"
#include "tests/gst/gst-rig.h"

G_BEGIN_DECLS

/* Index-coded speech at 48 kHz, p.wav and q.wav; odd lengths. */
#define GST_TALK_RATE 48000
#define GST_TALK_FILE_P 5
#define GST_TALK_FRAMES_P 30011
#define GST_TALK_FILE_Q 6
#define GST_TALK_FRAMES_Q 20219

/* A synthesiser for tests: what it is to "say" is the path of the file it writes. */
#define GST_TALK_CAT "xargs cat"

/**
 * GstTalk:
 *
 * Speech through the engine of a rig: its events are kept, and their order is checked against the
 * contract of #PlayerSpeech while they come.
 */
typedef struct
{
  GstRig *rig;
  PlayerSpeech *speech; /* (owned) */
  GArray *events;       /* (element-type PlayerSpeechEvent): messages are not kept */
  GPtrArray *problems;  /* (element-type utf8): messages of FAULT and FAILED */
  guint64 generation;   /* said last */
  gboolean under_way;
  gboolean started;
} GstTalk;

GstTalk *gst_talk_new (GstRig *rig, const char *command, guint timeout_ms);
void gst_talk_free (GstTalk *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (GstTalk, gst_talk_free)

/* Parts: "say:…", "audio:URL", "break:MS"; NULL at the end. Returns the generation. */
guint64 gst_talk_say (GstTalk *self, gint64 max_audio_ms, ...) G_GNUC_NULL_TERMINATED;
/* Writes p.wav and q.wav where the rig's files are. */
void gst_talk_make_audio (void);
/* (transfer full): the "audio:" part of the file @name of the rig. */
char *gst_talk_recording (const char *name);
/* (transfer full): the "say:" part that writes the file @name of the rig. */
char *gst_talk_file (const char *name);

guint gst_talk_count (GstTalk *self, PlayerSpeechEventType type, guint64 generation);
/* The last problem told; a failed assertion if it does not match the pattern. */
void gst_talk_assert_problem (GstTalk *self, const char *pattern);
/* Runs the main loop until the event has come. */
void gst_talk_wait (GstTalk *self, PlayerSpeechEventType type, guint64 generation);

G_END_DECLS
