/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "test-house.h"

G_BEGIN_DECLS

/**
 * SECTION:test-music-fixture
 *
 * A #House with the music service "tunes" (set up with the word "music"), which the test plays: what
 * the daemon asks waits until it is answered here. Events of playback are answered on the way, and
 * written down.
 */

/* --- Answers: all (transfer full) ------------------------------------------------------------- */

/* An item of 200 s that may be skipped, gone back from and sought, at https://media.invalid/@url.
 * @lives_s: seconds for which the URL is good from now on; 0: no validUntil; negative: past. */
char *music_item (const char *id, const char *url, int lives_s);
/* As above, with @members in place of duration and controls, e.g. "\"controls\":[],". */
char *music_item_with (
    const char *id, const char *type, const char *members, const char *url, int lives_s);
/* The answer NAME.Response with @payload. */
char *music_answer (const char *name, const char *payload);
/* Initiate.Response of queue "q1" that can be shuffled, looped, repeated and rated; @more: members of
 * the queue with their commas in front. @item: (transfer full) */
char *music_queue (const char *id, char *item, const char *more);
/* An ErrorResponse. @more: members with their commas in front. */
char *music_error (const char *type, const char *more);

/* --- The service ------------------------------------------------------------------------------- */

/* The service is asked @name: (transfer full) its payload. Events before it are told to @events. */
JsonObject *music_expect (House *house, const char *name);
/* As above, and answers with @json (transfer full). */
void music_exchange (House *house, const char *name, char *json);
/* As above, answers NAME.Response with @item (transfer full). */
void music_exchange_item (House *house, const char *name, char *item);
/* Nothing is asked now. */
void music_expect_none (House *house);
/* The events so far since the last call, e.g. "Started a 0, Finished a 200000". (transfer full) */
char *music_take_events (House *house);

/* --- The user ---------------------------------------------------------------------------------- */

/* Plays content "c1" whose queue "q1" begins with @item (transfer full), and lets it sound. */
void music_begin (House *house, char *item);
/* Asks for something; the error, if there is one already. */
void music_play (House *house, const char *criteria);
void music_do (House *house, BusMusicAction action, const char *argument);
/* What became of the last of the two: "ok", the printed value, the name of the error and its message;
 * "" while it is under way. */
const char *music_get_result (House *house);
/* "" or the name of the error. (transfer full) */
char *music_press (House *house, BusButton button);

/* --- The player -------------------------------------------------------------------------------- */

/* What the engine was told since the last call, joined by ", ", without volume and duck. (transfer
 * full) */
char *music_take_calls (House *house);
/* An engine event about what sounds, or (@next) about what waits. */
void music_emit (House *house, PlayerEngineEventType type, gboolean next, gint64 offset_ms);
/* The current one is read to its end, and played for @ms in all. */
void music_listen (House *house, gint64 from_ms, gint64 ms);
/* Pauses at @offset_ms. */
void music_pause (House *house, gint64 offset_ms);

/* Asserts equality and frees @found. */
#define music_assert(found, expected)                                                              \
  G_STMT_START                                                                                     \
  {                                                                                                \
    g_autofree char *music_found = (found);                                                        \
    g_assert_cmpstr (music_found, ==, (expected));                                                 \
  }                                                                                                \
  G_STMT_END

/* As house_restart(). */
void music_restart (House *house);
/* Adds @func as a test of its own house. */
void music_add (const char *path, void (*func) (House *house, gconstpointer data));

G_END_DECLS
