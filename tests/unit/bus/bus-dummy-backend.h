/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "dbus/bus-backend.h"

G_BEGIN_DECLS

/**
 * BusDummyBackend:
 *
 * Writes down what it is asked for, and answers what the test wants.
 */
#define BUS_TYPE_DUMMY_BACKEND (bus_dummy_backend_get_type ())
G_DECLARE_FINAL_TYPE (BusDummyBackend, bus_dummy_backend, BUS, DUMMY_BACKEND, GObject)

BusDummyBackend *bus_dummy_backend_new (void);

/* The calls since the last time, one a line ("press next\n"). */
char *bus_dummy_backend_take_calls (BusDummyBackend *self);

/* Lets calls fail with @code from now on; a negative one ends that. */
void bus_dummy_backend_fail (BusDummyBackend *self, int code);

/* Whether a launch, intent, end_session or something about music waits; ends the oldest with @request_id, or with @code.
 */
gboolean bus_dummy_backend_is_waiting (BusDummyBackend *self);
void bus_dummy_backend_answer (BusDummyBackend *self, const char *request_id, int code);

/* What list_skills() tells: one skill of that name, or none. */
void bus_dummy_backend_set_skill (BusDummyBackend *self, const char *name);

/* What get_voice() tells; strings are not copied. */
void bus_dummy_backend_set_voice (BusDummyBackend *self, const BusVoice *voice);

/* What get_music() tells; strings and variants are not copied. */
void bus_dummy_backend_set_music (BusDummyBackend *self, const BusMusic *music);

/* Ends the oldest call about music with @view (nullable, floating), or with @code if that is not
 * negative. */
void bus_dummy_backend_answer_music (BusDummyBackend *self, GVariant *view, int code);

/* From now on calls about music end at once: well, or with the code of bus_dummy_backend_fail(). */
void bus_dummy_backend_answer_music_at_once (BusDummyBackend *self);

G_END_DECLS
