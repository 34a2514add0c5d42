/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * Recorder:
 *
 * A VFS of SQLite's between it and the disk, which writes down all that is written, and what a disk may
 * have of it after a power cut at any moment: what was synced, and of what was not, any part.
 */
typedef struct _Recorder Recorder;

/* Makes it the VFS of all databases opened from now on, until recorder_stop(). */
Recorder *recorder_start (void);
/* From now on databases are opened as ever, but sync nothing: for looking at many copies. */
void recorder_stop (Recorder *self);
void recorder_free (Recorder *self);

/* Everything has been stored that @state says. */
void recorder_mark (Recorder *self, const char *state);

/* The steps written down. */
guint recorder_get_n_steps (Recorder *self);
/* The marks that had been set before step @step. */
guint recorder_get_n_marks (Recorder *self, guint step);
/* State of mark @n, the first is 0. */
const char *recorder_get_mark (Recorder *self, guint n);

/**
 * RecorderLoss:
 * @RECORDER_LOSS_NONE: all of it is on the disk, as after the end of the program
 * @RECORDER_LOSS_ALL: nothing is that was not synced
 * @RECORDER_LOSS_SOME: a part, in any order, one write of it torn
 */
typedef enum
{
  RECORDER_LOSS_NONE,
  RECORDER_LOSS_ALL,
  RECORDER_LOSS_SOME,
} RecorderLoss;

/* Goes to the next step. FALSE after the last one. */
gboolean recorder_next (Recorder *self);
/* Makes the files in @dir as they may be after a power cut now. */
void recorder_materialise (Recorder *self, const char *dir, RecorderLoss loss, GRand *random);

G_END_DECLS
