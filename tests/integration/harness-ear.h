/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "harness.h"

G_BEGIN_DECLS

/* An output that is a pipe, in real time: whoever does not read from it makes it hang. */
#define HARNESS_PIPE                                                                               \
  "[audio]\nsink = capsfilter caps=audio/x-raw,format=S16LE ! filesink location=@DIR@/pipe "       \
  "buffer-mode=unbuffered sync=true async=false\n"

/**
 * HarnessEar:
 *
 * Hears what a daemon with %HARNESS_PIPE plays, whenever the main context is iterated.
 */
typedef struct _HarnessEar HarnessEar;

/* Before anything plays. */
HarnessEar *harness_ear_new (Harness *harness);
void harness_ear_free (HarnessEar *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (HarnessEar, harness_ear_free)

/* Whether it listens: if not, the output hangs as soon as the pipe is full. */
void harness_ear_set_listening (HarnessEar *self, gboolean listening);
/* Waits until @frames more have been heard than so far. */
void harness_ear_wait (HarnessEar *self, gsize frames);
/* (transfer none): all frames so far, of two samples of 16 bit each. */
GByteArray *harness_ear_get (HarnessEar *self);

/* Two minutes, index-coded as file 7, are played from the skill's media, without a skill; returns when they
 * are heard. */
void harness_play_long (Harness *self);

G_END_DECLS
