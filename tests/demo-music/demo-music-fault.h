/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "demo-fault.h"

G_BEGIN_DECLS

/**
 * DemoMusicFault:
 *
 * One way of a music skill to misbehave, described by a JSON object with "fault" (its name), "on" (the
 * message it spoils, "GetItem"; absent: any), "count" (default 1; 0: all) and "delay_ms", as a
 * #DemoFault. Besides those of a #DemoFault that are about any answer ("late", "cut", "status",
 * "garbage", "empty", "body", "answer") there are:
 *
 * - "error": an ErrorResponse: "type", "namespace" (default: as the type is documented), "message",
 *   "retry_period"
 * - "request-namespace": the answer has the namespace of the request
 * - "stale": validUntil lies years back
 * - "no-valid-until"; "valid-until": it is "value"
 * - "dead-uri": the URL answers 403 from the beginning
 * - "null-item": `"item": null`
 * - "other-item": the item has the id "value"
 * - "no-controls": none is declared
 */
typedef struct _DemoMusicFault DemoMusicFault;

DemoMusicFault *demo_music_fault_new (JsonObject *description, GError **error);
/* From the command line: a JSON object, or "NAME" or "NAME@ON". */
DemoMusicFault *demo_music_fault_new_parse (const char *text, GError **error);
void demo_music_fault_free (DemoMusicFault *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DemoMusicFault, demo_music_fault_free)

/* All names, separated by ", ". */
char *demo_music_fault_names (void);
const char *demo_music_fault_get_name (const DemoMusicFault *self);
gboolean demo_music_fault_matches (const DemoMusicFault *self, const char *name);
/* Counts one use. Returns: whether that was the last one. */
gboolean demo_music_fault_use (DemoMusicFault *self);
/* The reply in place of the good @answer (which may be changed) to @request. @self may be NULL. */
DemoReply *
demo_music_fault_apply (const DemoMusicFault *self, JsonObject *request, JsonObject *answer);

G_END_DECLS
