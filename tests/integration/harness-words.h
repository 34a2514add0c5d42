/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <json-glib/json-glib.h>

/* A request that reached the skill in a few words, e.g. "PlaybackStarted track-1 0"; see
 * harness_expect(). @entry: a log entry of kind "request". (transfer full) */
char *harness_words (JsonObject *entry);

/* Whether @words fits @expected: "*" stands for any word, "N~" for a number from N to N + 400. */
gboolean harness_words_match (const char *words, const char *expected);
