/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-gst-studio.h"
#include "player/player-utterance.h"

G_BEGIN_DECLS

/**
 * PlayerGstPart:
 *
 * One part of an utterance on its way to samples: words go through the synthesiser, a recording is
 * opened as a stream is.
 */
typedef struct _PlayerGstPart PlayerGstPart;

/**
 * PlayerGstPartHooks:
 * @ready: its first frames wait
 * @failed: once: before ready, nothing of it can be heard; after it, the rest is missing. @problem:
 *   one line
 */
typedef struct
{
  void (*ready) (PlayerGstPart *part, gpointer data);
  void (*failed) (PlayerGstPart *part, const char *problem, gpointer data);
  gpointer data;
} PlayerGstPartHooks;

/* What words are synthesised with. @reach: what recordings may open. */
typedef struct
{
  const char *const *words; /* see player_gst_synth_start() */
  const char *locale;
  guint timeout_ms;
  PlayerReach reach;
} PlayerGstPartManner;

/* @what: of type SAY or AUDIO, or %NULL for a silence, which is neither started nor ready. @studio,
 * @hooks, @what: not owned. */
PlayerGstPart *player_gst_part_new (guint index,
                                    const PlayerSpeechPart *what,
                                    const PlayerGstStudio *studio,
                                    const PlayerGstPartHooks *hooks);

/* Ends what is under way; no hook is called. The voice must have let its item go. */
void player_gst_part_free (PlayerGstPart *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstPart, player_gst_part_free)

/* Begins; @rate: of the frames. @error: as of player_gst_synth_start(): it failed at once, without
 * a hook. */
gboolean player_gst_part_start (PlayerGstPart *self,
                                const PlayerGstPartManner *manner,
                                guint rate,
                                GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Opens what was ready again, at another rate. */
void player_gst_part_reopen (PlayerGstPart *self, guint rate);

guint player_gst_part_get_index (PlayerGstPart *self);
guint player_gst_part_get_rate (PlayerGstPart *self);
gboolean player_gst_part_is_recording (PlayerGstPart *self);
/* (nullable) */
PlayerGstItem *player_gst_part_get_item (PlayerGstPart *self);

/* (transfer full) (nullable): why it broke, if that has not been told yet: now it has. */
char *player_gst_part_take_problem (PlayerGstPart *self);

G_END_DECLS
