/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-music.h"
#include "daemon-skills.h"

G_BEGIN_DECLS

/**
 * DaemonMemory:
 *
 * What is there again after a restart: the current stream with its position, the queue, volume, the open
 * sessions, and the skill that played last. The queue of a music service has a memory of its own
 * (#DaemonMusic); this one knows whether it played.
 *
 * All that one command or event leads to is written in the same turn of the main loop as the reports
 * about it, so that it is there with them or not at all. The position of what sounds is written each 0.9 s,
 * and is at most a second old: after a power cut, too, but for the time that the disk takes.
 *
 * `[player] resume` says what goes on by itself. Where that has ended the daemon three times in a row,
 * before the stream had sounded for five seconds, it stays paused.
 */
#define DAEMON_TYPE_MEMORY (daemon_memory_get_type ())
G_DECLARE_FINAL_TYPE (DaemonMemory, daemon_memory, DAEMON, MEMORY, GObject)

/* Writes nothing before daemon_memory_restore(). */
DaemonMemory *daemon_memory_new (DaemonContext *context, DaemonSkills *skills, DaemonMusic *music);

/* Once, when outbox and music have been restored: all is as it was, what sounded is told to have
 * stopped, and goes on if it is to. */
void daemon_memory_restore (DaemonMemory *self);

/* To be called before what plays is stopped because the daemon ends: what is kept is how it was before
 * that. */
void daemon_memory_close (DaemonMemory *self);

G_END_DECLS
