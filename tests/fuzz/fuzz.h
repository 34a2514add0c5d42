/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

#include "player/player-utterance.h"

/* libFuzzer's entry points. fuzz-corpus.c calls the same where libFuzzer is not. */
int LLVMFuzzerInitialize (int *argc, char ***argv);
int LLVMFuzzerTestOneInput (const guint8 *data, gsize size);

/* (element-type PlayerSpeechPart): what the synthesiser gets has to be well-formed, whatever the
 * skill sent. */
void fuzz_check_parts (GPtrArray *parts);
