/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>
#include <json-glib/json-glib.h>

#include "demo-server.h"

G_BEGIN_DECLS

/**
 * Harness:
 *
 * What a user has, in one test: a private session bus, the demo skill (in this process, real HTTP
 * on loopback), and a real `segued` process with its own state and configuration folders. Every
 * wait iterates the main context and has a deadline; one that passes is a failed test which prints
 * what did happen.
 */
typedef struct _Harness Harness;

#define HARNESS_PLAYER "org.segue.Segue1.Player"
#define HARNESS_CONVERSATION "org.segue.Segue1.Conversation"
#define HARNESS_ROOT "org.segue.Segue1"
#define HARNESS_PATH "/org/segue/Segue1"

/**
 * harness_new:
 * @config: (nullable): text of the configuration file; "@URL@" is replaced by the skill's URL,
 * "@DIR@" by the test's own folder. Without an [audio] group the sink is a fakesink in real time;
 * without a [speech] group nothing is spoken.
 *
 * Media of the skill: track-1 "a.wav", track-2 "b.wav" and track-3 "c.wav", index-coded, see
 * harness_track_frames(); a test may put more files into harness_media_dir().
 */
Harness *harness_new (const char *config);
void harness_free (Harness *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Harness, harness_free)

/* Ends the test as failed, as g_assert() does, with a message of its own. */
#define harness_fail(...) harness_fail_at (__FILE__, __LINE__, G_STRFUNC, __VA_ARGS__)
void harness_fail_at (const char *file, int line, const char *func, const char *format, ...)
    G_GNUC_NORETURN G_GNUC_PRINTF (4, 5);

/* The configuration file becomes another one, which the daemon reads at its next start or SIGHUP. @config: as
 * for harness_new() */
void harness_write_config (Harness *self, const char *config);

const char *harness_url (Harness *self);
const char *harness_dir (Harness *self);
const char *harness_media_dir (Harness *self);
const char *harness_bus_address (Harness *self);
DemoServer *harness_skill (Harness *self);
GDBusConnection *harness_connection (Harness *self);
/* Frames (at 44100 Hz) of track 1, 2 or 3. */
gsize harness_track_frames (guint track);

/* The skill's process dies (the port is closed), and comes back on the same port. */
void harness_kill_skill (Harness *self);
void harness_restart_skill (Harness *self);

/* The daemon: pid; ended by @signal and waited for (returns the exit status, or 128 + signal);
 * started again with the same folders. */
int harness_daemon_pid (Harness *self);
int harness_end_daemon (Harness *self, int signal);
void harness_start_daemon (Harness *self);
/* Whether it runs; one that has ended by itself is cleared away. HARNESS_SEGUED in the environment names another
 * program than the daemon proper; that one may end before it is up. */
gboolean harness_daemon_runs (Harness *self);
/* From its next start on the daemon writes down all it could, in @name of harness_dir(). */
void harness_log_to (Harness *self, const char *name);
/* From its next start on this is in the daemon's environment (transfer full), in place of the test's. */
void harness_set_environment (Harness *self, GStrv environment);
/* All signals heard so far, printed. (transfer full) */
char *harness_print_signals (Harness *self);

/* Adds a fault to the demo skill, see DemoFault: "NAME", "NAME@REQUEST" or a JSON object. */
void harness_fault (Harness *self, const char *fault);

/* A method call that has to succeed. @args: (transfer floating) (nullable). */
GVariant *harness_call (Harness *self, const char *interface, const char *method, GVariant *args);
/* One that has to fail; returns the D-Bus error name without "org.segue.Error.", message in
 * @message. */
char *harness_call_error (
    Harness *self, const char *interface, const char *method, GVariant *args, char **message);
GVariant *harness_get (Harness *self, const char *interface, const char *property);
char *harness_get_string (Harness *self, const char *interface, const char *property);
gint64 harness_get_int64 (Harness *self, const char *interface, const char *property);

/* Launch and Intent of the demo skill (@slots: printed a{ss}, %NULL for none), returning when they
 * have been obeyed; and a button. */
void harness_launch (Harness *self);
void harness_intent (Harness *self, const char *name, const char *slots);
void harness_press (Harness *self, const char *button);
/* A call whose end nobody waits for. @args: (transfer floating) (nullable). */
void harness_send (Harness *self, const char *interface, const char *method, GVariant *args);
/* The next request of type or intent @on gets the document @answer, @delay_ms late. */
void harness_answer (Harness *self, const char *on, const char *answer, guint delay_ms);

/* Waits until the property, printed without types, is @expected. */
void harness_wait_property (Harness *self,
                            const char *interface,
                            const char *property,
                            const char *expected);
/* Waits until PlayerActivity is @activity. */
void harness_wait_activity (Harness *self, const char *activity);
/* Waits until OffsetInMilliseconds is at least @offset_ms. */
void harness_wait_offset (Harness *self, gint64 offset_ms);

/**
 * harness_expect:
 * @expected: the next requests that reach the skill, one argument each, NULL-terminated. Form:
 *   "LaunchRequest", "IntentRequest NAME", "SessionEndedRequest REASON", "PlaybackStarted TOKEN
 * OFFSET", "PlaybackFailed TOKEN TYPE", "NextCommandIssued", "ExceptionEncountered TYPE". "*"
 * stands for any word; an offset "N~" means N to N + 400 ms.
 *
 * Waits for them and compares type, order and words; they are then behind the cursor.
 */
void harness_expect (Harness *self, const char *expected, ...) G_GNUC_NULL_TERMINATED;
/* Nothing more may arrive for @ms. */
void harness_expect_quiet (Harness *self, guint ms);
/* How many requests have reached the skill, and the @n-th last of them in words, as for harness_expect().
 * (transfer full) */
guint harness_count_requests (Harness *self);
char *harness_get_words (Harness *self, guint n);
/* Body of the @n-th last request that harness_expect() has passed (0 = the last). */
JsonObject *harness_request (Harness *self, guint n);

/* Waits for a signal of the daemon of that name whose printed arguments contain @contains
 * (nullable); looks from the last one found on. Returns: (transfer none), until the
 * next one. */
GVariant *harness_wait_signal (Harness *self, const char *name, const char *contains);
/* How many signals of that name have been seen since the start of the daemon. */
guint harness_count_signals (Harness *self, const char *name);

/* Iterates the main context until @condition holds. FALSE if @ms have passed. */
typedef gboolean (*HarnessCondition) (gpointer user_data);
gboolean harness_wait (guint ms, HarnessCondition condition, gpointer user_data);
/* Runs a program to its end while the main context is iterated; returns its exit status; @out and
 * @err get what it printed. The bus address is in its environment. */
int harness_run (Harness *self, char **out, char **err, const char *program, ...)
    G_GNUC_NULL_TERMINATED;

/* Writes an index-coded stereo 16 bit WAV: left = low 16 bits of the frame number, right = @file <<
 * 8 | high bits, so that every frame tells its file and its place. */
void harness_write_wav (const char *path, guint file, gsize frames);

G_END_DECLS
