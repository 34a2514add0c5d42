/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

G_BEGIN_DECLS

/**
 * PlayerGstSynth:
 *
 * One run of the synthesiser: a process of its own that reads SSML from its standard input and
 * writes a WAV file to its standard output. Both are files in memory, so that nobody waits for the
 * other, and nothing of what is said lies on a disk.
 */
typedef struct _PlayerGstSynth PlayerGstSynth;

/* @fd: (transfer full): file with what it wrote, or -1; @problem: (nullable): why not, one line.
 * The run is over and freed. Called in the thread's default main context. */
typedef void (*PlayerGstSynthFunc) (int fd, const char *problem, gpointer data);

/**
 * player_gst_synth_split:
 * @command: words as a shell splits them
 * @error: G_SHELL_ERROR
 *
 * Returns: (transfer full): the words, or %NULL
 */
char **player_gst_synth_split (const char *command, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * player_gst_synth_start:
 * @words: program and arguments; "%l" in them stands for @locale, "%%" for a percent sign
 * @timeout_ms: how long it may take
 * @error: G_SPAWN_ERROR, G_IO_ERROR: it cannot be started; the message is one line
 *
 * Starts the program. @func is called once, unless the run is cancelled before.
 */
PlayerGstSynth *player_gst_synth_start (const char *const *words,
                                        const char *locale,
                                        const char *ssml,
                                        guint timeout_ms,
                                        PlayerGstSynthFunc func,
                                        gpointer data,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Kills the program; @func is not called any more. Does not wait. */
void player_gst_synth_cancel (PlayerGstSynth *self);

G_END_DECLS
