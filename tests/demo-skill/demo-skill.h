/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * DemoSkill:
 *
 * A well-behaved audio skill with a list of tracks, request in and answer out, no I/O.
 * The token of the Nth track (from 1) is "track-N".
 *
 * Requests: LaunchRequest plays track 1; PlaybackNearlyFinished enqueues the next one; the four
 * PlaybackController requests and AMAZON.Next, Previous, Pause, Stop, Cancel, Resume and StartOver
 * intents do what their names say; PlaybackFailed goes on with the next track.
 *
 * Own intents, all slots optional:
 * - PlayIntent: track, url, token, behavior, previous, offset, title
 * - ClearIntent: behavior (CLEAR_ENQUEUED)
 * - AskIntent: speech only, ends the session
 * - QuizIntent: a question with reprompt, keeps the session open and counts in its attributes
 */
typedef struct _DemoSkill DemoSkill;

/* @media_url: base URL of the tracks, ending in "/"; @files: their names there. */
DemoSkill *demo_skill_new (const char *media_url, const char *const *files);
void demo_skill_free (DemoSkill *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoSkill, demo_skill_free)

/* The answer to the request @envelope. */
JsonObject *demo_skill_answer (DemoSkill *self, JsonObject *envelope);

G_END_DECLS
