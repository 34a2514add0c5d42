/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/* Names the file that FakeClock has made, in the environment of a program with the shim. */
#define FAKE_CLOCK_VARIABLE "SEGUE_FAKE_CLOCK"

/**
 * FakeClock:
 *
 * The time of day of another process, which has been started with fake_clock_get_environment(): it
 * shows what the test wants and goes on from there, and the process is told when it is set, as the
 * kernel tells it. All other clocks are as they are.
 */
typedef struct _FakeClock FakeClock;

/* @dir: where its files are; @unix_s: what it shows at first. */
FakeClock *fake_clock_new (const char *dir, gint64 unix_s);
void fake_clock_free (FakeClock *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (FakeClock, fake_clock_free)

/* Somebody sets the clock. */
void fake_clock_set (FakeClock *self, gint64 unix_s);
/* Somebody sets it to what it is really. */
void fake_clock_set_right (FakeClock *self);
/* Adds to @environment (transfer full) what a process needs. (transfer full) */
GStrv fake_clock_get_environment (FakeClock *self, GStrv environment, const char *shim);

/* In the shim: for a program that is linked with it, so that its own clock is off by @offset. */
void fake_clock_use (volatile const gint64 *offset);

G_END_DECLS
