/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-address.h"

#include "player/player-types.h"

PlayerGstAddress *
player_gst_address_new (const char *url,
                        const char *const *headers,
                        gboolean renewable,
                        gint64 valid_until_us,
                        PlayerReach reach)
{
  PlayerGstAddress *self = g_atomic_rc_box_new0 (PlayerGstAddress);
  g_autofree char *wrong = player_headers_check (headers);

  if (wrong != NULL)
    g_critical ("Headers that nobody has checked are not sent");
  self->url = g_strdup (url != NULL ? url : "");
  self->headers = wrong == NULL ? g_strdupv ((GStrv)headers) : NULL;
  self->renewable = renewable;
  self->valid_until_us = valid_until_us;
  self->reach = reach;
  return self;
}

PlayerGstAddress *
player_gst_address_ref (PlayerGstAddress *self)
{
  return g_atomic_rc_box_acquire (self);
}

static void
address_clear (gpointer data)
{
  PlayerGstAddress *self = data;

  g_free (self->url);
  g_strfreev (self->headers);
}

void
player_gst_address_unref (PlayerGstAddress *self)
{
  g_atomic_rc_box_release_full (self, address_clear);
}
