/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player/player-reach.h"

G_BEGIN_DECLS

/**
 * PlayerGstAddress:
 * @url: http or https; what follows the ? may be secret
 * @headers: (nullable): name, value, …, %NULL: what is sent along; secret
 * @renewable: where it is refused, another address may be had
 * @valid_until_us: monotonic time after which it may not be connected to once more; 0: none
 * @reach: what may be opened on the way there
 *
 * Where a resource is to be had, and with what. Immutable, reference counted.
 */
typedef struct
{
  char *url;     /* (owned) */
  GStrv headers; /* (owned) (nullable) */
  gboolean renewable;
  gint64 valid_until_us;
  PlayerReach reach;
} PlayerGstAddress;

/* @headers: (nullable): as player_headers_check() lets through; others are dropped, with a word in the
 * log that names none. */
PlayerGstAddress *player_gst_address_new (const char *url,
                                          const char *const *headers,
                                          gboolean renewable,
                                          gint64 valid_until_us,
                                          PlayerReach reach);
PlayerGstAddress *player_gst_address_ref (PlayerGstAddress *self);
void player_gst_address_unref (PlayerGstAddress *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (PlayerGstAddress, player_gst_address_unref)

G_END_DECLS
