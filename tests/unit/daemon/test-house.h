/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <json-glib/json-glib.h>

#include "daemon-dummy-transport.h"
#include "daemon/daemon-backend.h"
#include "daemon/daemon-memory.h"
#include "daemon/daemon-reporter.h"
#include "tests/dummies/player-dummy-clock.h"
#include "tests/dummies/player-dummy-engine.h"
#include "tests/dummies/player-dummy-speech.h"

G_BEGIN_DECLS

#define HOUSE_SKILL_URL "http://127.0.0.1:3000/"

/* Answers. */
#define SAY_NOTHING "{\"version\":\"1.0\",\"response\":{}}"
#define SAY_END "{\"version\":\"1.0\",\"response\":{\"shouldEndSession\":true}}"
#define SAY_OPEN "{\"version\":\"1.0\",\"response\":{\"shouldEndSession\":false}}"

/**
 * House:
 *
 * The whole daemon but its ends: no bus, no network, no sound, no time that passes by itself. Two
 * skills are configured: "radio" (lenient) and "judge" (strict), both on loopback addresses.
 */
typedef struct
{
  DaemonConfig *config;
  PlayerDummyClock *clock;
  PlayerDummyEngine *engine;
  PlayerDummySpeech *speech; /* (nullable) */
  PlayerController *controller;
  DaemonDummyTransport *transport;
  DaemonStore *store;
  DaemonContext *context;
  DaemonSkills *skills;
  DaemonReporter *reporter;
  DaemonMusic *music;
  DaemonMemory *memory; /* (nullable) */
  DaemonBackend *backend;
  gboolean speaks;
  gboolean remembers;
  GPtrArray *steps; /* (element-type utf8): "Kind first-argument …" */
} House;

/* @data: (nullable): words: "speech": there is a voice, and what it says is over when the test says
 * so; "duck": what plays goes on softly; "music": there is a music service "tunes"; "memory": what
 * plays is there again after a restart. */
void house_set_up (House *house, gconstpointer data);
void house_tear_down (House *house, gconstpointer data);

/* As if the daemon had died and were started anew: all is made again but the store. */
void house_restart (House *house);

/* Lets everything happen that can. */
void house_settle (House *house);
void house_advance (House *house, gint64 ms);

/* The request that waits for its answer is of @type: (transfer full) its whole body. */
JsonObject *house_expect (House *house, const char *type);
/* As house_expect(), and answers it with @json; lets it be obeyed. */
void house_exchange (House *house, const char *type, const char *json);
void house_answer (House *house, const char *json);
void house_fail (House *house, DaemonTransportError code, guint status);
/* No request waits. */
void house_expect_none (House *house);

/* (transfer full): an answer with one Play. */
char *house_play (const char *behavior, const char *url, const char *token, const char *more);

/* The string or number at @path ("request/error/type") of @body, as text. (transfer full) */
char *house_get (JsonObject *body, const char *path);
void house_assert (JsonObject *body, const char *path, const char *expected);

/* Whether a step that begins with @prefix was told; forgets all steps up to it. */
gboolean house_saw (House *house, const char *prefix);

/* Launches "radio", answers with Play of @token, and lets it start; Started is answered. */
void house_start_playing (House *house, const char *token);
/* The load that waits starts at @offset_ms. */
void house_start_sound (House *house, gint64 offset_ms);

PlayerActivity house_get_activity (House *house);

G_END_DECLS
