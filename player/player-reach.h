/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

/**
 * PlayerReach:
 * @PLAYER_REACH_PUBLIC: https, and addresses of the internet
 * @PLAYER_REACH_HTTP: plain http, too
 * @PLAYER_REACH_PRIVATE: addresses of this machine and of the networks it is in, too
 * @PLAYER_REACH_FILES: files, too
 * @PLAYER_REACH_ALL: whatever can be played
 *
 * What may be opened in somebody's name: for a URL, for where it redirects, and for what a playlist there
 * names. Who may do what is decided by whoever gives an engine its rule (docs/security.md).
 */
typedef enum
{
  PLAYER_REACH_PUBLIC = 0,
  PLAYER_REACH_HTTP = 1 << 0,
  PLAYER_REACH_PRIVATE = 1 << 1,
  PLAYER_REACH_FILES = 1 << 2,
  PLAYER_REACH_ALL = PLAYER_REACH_HTTP | PLAYER_REACH_PRIVATE | PLAYER_REACH_FILES,
} PlayerReach;

/* What may be opened for an item or an utterance whose origin is @origin, "" for none. */
typedef PlayerReach (*PlayerReachFunc) (const char *origin, gpointer data);

G_END_DECLS
