/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-clock.h"
#include "player-engine.h"
#include "player-progress.h"
#include "player-types.h"

G_BEGIN_DECLS

/**
 * PlayerController:
 *
 * The shell around the decisions: feeds commands, engine events and alarms to the pure core
 * (player-activity, player-queue), carries its effects to the engine and emits its reports.
 *
 * Signals:
 * - "report" (PlayerReport *report): in order, each once.
 * - "changed": anything a snapshot shows, but for the mere passing of time, has changed. Emitted
 *   at most once for each command or engine event, after its reports.
 * - "told": after all signals that one command or engine event leads to, "changed" included. What
 *   handlers submit is part of it.
 * - "url-refused" (guint64 serial, const char *message): a renewable stream waits for another URL:
 *   %PLAYER_COMMAND_RENEW, within 30 s.
 * - "seeked" (gint64 offset_us): the position left its line (seek, start at an offset).
 */
#define PLAYER_TYPE_CONTROLLER (player_controller_get_type ())
G_DECLARE_FINAL_TYPE (PlayerController, player_controller, PLAYER, CONTROLLER, GObject)

PlayerController *player_controller_new (PlayerEngine *engine,
                                         PlayerClock *clock,
                                         PlayerNearlyFinished nearly_finished);

/* Carries out @command, or says why not. Never blocks. Reports that become true at once are emitted
 * before this returns. */
PlayerVerdict player_controller_submit (PlayerController *self, PlayerCommand *command);

/* (transfer full): a picture of now, with the heard position. */
PlayerSnapshot *player_controller_get_snapshot (PlayerController *self);

/* (transfer full) (nullable): the stream @serial, if it is current, about to be, or waits. */
PlayerItem *player_controller_get_item (PlayerController *self, guint64 serial);
/* The serial of the stream @token, "": of the current one; the first of those that play, are about to or
 * wait. 0: there is none such. */
guint64 player_controller_find_token (PlayerController *self, const char *token);

/* @volume is clamped to 0.0 … 1.0. */
void player_controller_set_volume (PlayerController *self, double volume);
void player_controller_set_muted (PlayerController *self, gboolean muted);
/* @amplitude: above 0.0, up to 1.0: what plays while ducked is softer by this factor. At first
 * 0.125. Heard at once, if it is ducked now. */
void player_controller_set_duck (PlayerController *self, double amplitude);
void player_controller_set_nearly_finished (PlayerController *self, PlayerNearlyFinished policy);

G_END_DECLS
