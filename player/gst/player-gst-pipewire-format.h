/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/audio/audio.h>
#include <spa/param/audio/raw.h>

G_BEGIN_DECLS

/* @info, F32 or S16, in PipeWire's words. */
struct spa_audio_info_raw player_gst_pipewire_format_make (const GstAudioInfo *info);

G_END_DECLS
