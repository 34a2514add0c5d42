/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

#include "player/player-types.h"

G_BEGIN_DECLS

/**
 * PlayerGstError:
 *
 * What an ERROR message of an item means for whoever supplied it.
 */
typedef struct
{
  PlayerErrorType type;
  char *message; /* (owned): one line */
} PlayerGstError;

/* Takes the class from the message's details ("player-error-type", put there by our source), else
 * from its GError. @missing: (nullable): what it says in place of "a plug-in is missing". */
PlayerGstError *player_gst_error_new_from_message (GstMessage *message, const char *missing);
PlayerGstError *player_gst_error_new (PlayerErrorType type, const char *message);
void player_gst_error_free (PlayerGstError *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstError, player_gst_error_free)

G_END_DECLS
