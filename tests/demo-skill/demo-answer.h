/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <json-glib/json-glib.h>

G_BEGIN_DECLS

/**
 * DemoPlay:
 * @previous: (nullable): expectedPreviousToken
 * @title: (nullable): metadata
 *
 * What goes into an AudioPlayer.Play directive. NULL for url or token leaves the member out.
 */
typedef struct
{
  const char *behavior;
  const char *url;
  const char *token;
  const char *previous;
  const char *title;
  gint64 offset_ms;
} DemoPlay;

/* An answer without content: {"version":"1.0","response":{}}. */
JsonObject *demo_answer_new (void);
void demo_answer_say (JsonObject *answer, const char *text);
void demo_answer_reprompt (JsonObject *answer, const char *text);
void demo_answer_card (JsonObject *answer, const char *title, const char *text);
void demo_answer_end_session (JsonObject *answer, gboolean end);
void demo_answer_play (JsonObject *answer, const DemoPlay *play);
void demo_answer_stop (JsonObject *answer);
void demo_answer_clear (JsonObject *answer, const char *behavior);
/* Adds @directive (transfer full). */
void demo_answer_add_directive (JsonObject *answer, JsonObject *directive);

G_END_DECLS
