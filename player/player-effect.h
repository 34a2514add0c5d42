/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-engine.h"
#include "player-input.h"

G_BEGIN_DECLS

/**
 * PlayerEffectType:
 * @PLAYER_EFFECT_LOAD: player_engine_load()
 * @PLAYER_EFFECT_UNLOAD: player_engine_unload()
 * @PLAYER_EFFECT_PAUSE: player_engine_pause()
 * @PLAYER_EFFECT_RESUME: player_engine_resume()
 * @PLAYER_EFFECT_STOP: player_engine_stop()
 * @PLAYER_EFFECT_SILENCE: player_engine_silence()
 * @PLAYER_EFFECT_SEEK: player_engine_seek()
 * @PLAYER_EFFECT_DUCK: player_engine_set_duck(), to the amplitude that is configured
 * @PLAYER_EFFECT_UNDUCK: player_engine_set_duck(), to 1.0
 * @PLAYER_EFFECT_RENEW: player_engine_renew()
 * @PLAYER_EFFECT_ARM: let @alarm ring after @delay_ms, in place of an earlier setting
 * @PLAYER_EFFECT_DISARM: @alarm shall not ring
 *
 * What the decision core wants done.
 */
typedef enum
{
  PLAYER_EFFECT_LOAD,
  PLAYER_EFFECT_UNLOAD,
  PLAYER_EFFECT_PAUSE,
  PLAYER_EFFECT_RESUME,
  PLAYER_EFFECT_STOP,
  PLAYER_EFFECT_SILENCE,
  PLAYER_EFFECT_SEEK,
  PLAYER_EFFECT_DUCK,
  PLAYER_EFFECT_UNDUCK,
  PLAYER_EFFECT_RENEW,
  PLAYER_EFFECT_ARM,
  PLAYER_EFFECT_DISARM,
} PlayerEffectType;

typedef struct
{
  PlayerEffectType type;
  guint64 generation;  /* LOAD UNLOAD SEEK RENEW */
  PlayerItem *item;    /* (owned) (nullable) LOAD RENEW */
  gint64 offset_ms;    /* LOAD SEEK */
  PlayerLoadMode mode; /* LOAD */
  PlayerAlarm alarm;   /* ARM DISARM */
  gint64 delay_ms;     /* ARM */
} PlayerEffect;

void player_effect_free (PlayerEffect *self);

/**
 * PlayerOutcome:
 * @verdict: what became of the command
 * @effects: (element-type PlayerEffect): to be carried out in this order
 * @reports: (element-type PlayerReport): to be told in this order
 * @seeked_us: the position has left its line and is here now; -1 if it has not
 * @refused_serial: the stream whose URL is refused, so that its supplier may give another; 0: none
 * @refused_message: (nullable): by what
 *
 * What one step of the decision core results in.
 */
typedef struct
{
  PlayerVerdict verdict;
  GPtrArray *effects; /* (owned) (element-type PlayerEffect) */
  GPtrArray *reports; /* (owned) (element-type PlayerReport) */
  gint64 seeked_us;
  guint64 refused_serial;
  char *refused_message; /* (owned) (nullable) */
} PlayerOutcome;

PlayerOutcome *player_outcome_new (void);
void player_outcome_free (PlayerOutcome *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerOutcome, player_outcome_free)

/* Appends an effect with only its type set, for the caller to fill in. (transfer none) */
PlayerEffect *player_outcome_add_effect (PlayerOutcome *self, PlayerEffectType type);
/* @report: (transfer full) */
void player_outcome_add_report (PlayerOutcome *self, PlayerReport *report);

G_END_DECLS
