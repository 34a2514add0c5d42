/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

#include "player-gst-engine.h"

G_BEGIN_DECLS

/**
 * PlayerGstGains:
 *
 * What a stream's tags say of how much louder it should be (ReplayGain; the R128 tags of Opus, whose
 * reference is 5 dB lower). What is in the header of Opus the decoder has applied.
 */
typedef struct
{
  gboolean has_track;
  gboolean has_album;
  double track_db;
  double album_db;
} PlayerGstGains;

/* Takes what @tags say; what they do not speak of stays. */
void player_gst_gains_take (PlayerGstGains *self, const GstTagList *tags);

/**
 * PlayerGstLoudnessPlan:
 *
 * What is made of it: see #PlayerGstEngineOptions.
 */
typedef struct
{
  PlayerGstLoudness mode;
  double preamp_db;
  double fallback_db;
} PlayerGstLoudnessPlan;

/* The factor for a stream whose tags say @gains. An album's gain stands in for a missing one of the
 * track, and the other way round. */
double player_gst_loudness_get_factor (const PlayerGstLoudnessPlan *plan,
                                       const PlayerGstGains *gains);

G_END_DECLS
