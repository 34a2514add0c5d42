/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

#define PLAYER_GST_PIPEWIRE_MARKS 256

typedef struct
{
  gint64 time_ns; /* of the monotonic clock */
  gint64 frame;   /* that is heard then */
  guint frames;   /* so many follow it without a gap; then nothing, as far as is known */
  gint64 next_ns; /* when more will be taken */
} PlayerGstPipewireMark;

/**
 * PlayerGstPipewireMarks:
 *
 * Which frame is heard when, as one thread, which must never wait, sets down once for each cycle of the
 * graph, and others ask. Kept for the last 256 cycles: more than a device delays what it is given.
 */
typedef struct
{
  PlayerGstPipewireMark marks[PLAYER_GST_PIPEWIRE_MARKS];
  gint count; /* atomic, runs over */
} PlayerGstPipewireMarks;

/* Times of marks do not run backwards, but for a device that delays less than the one before. */
void player_gst_pipewire_marks_add (PlayerGstPipewireMarks *self,
                                    const PlayerGstPipewireMark *mark);
/* The latest mark has been filled by that much more. */
void player_gst_pipewire_marks_extend (PlayerGstPipewireMarks *self, guint frames);

/* FALSE: there is none. Any thread, never waits. */
gboolean player_gst_pipewire_marks_get_last (PlayerGstPipewireMarks *self,
                                             PlayerGstPipewireMark *mark);

/* What is heard at @time_ns: the frame, and how much of what follows it, in ns. FALSE: not known. Any
 * thread, never waits. @rate: frames per second. */
gboolean player_gst_pipewire_marks_find (
    PlayerGstPipewireMarks *self, gint64 time_ns, guint rate, gint64 *frame, gint64 *elapsed_ns);

G_END_DECLS
