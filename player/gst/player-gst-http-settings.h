/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gst/gst.h>

#include "player/player-reach.h"

G_BEGIN_DECLS

/**
 * PlayerGstHttpSettings:
 *
 * What the properties of the HTTP source say, as plain data; those of the fetch that it begins.
 */
typedef struct
{
  char *location; /* (owned) (nullable) */
  char *ca_file;  /* (owned) (nullable) */
  GStrv headers;  /* (owned) (nullable) */
  gboolean renewable;
  gint64 valid_until_us;
  PlayerReach reach;
  guint renewal_ms;
  guint ring_bytes;
  guint stall_ms;
  guint give_up_ms;
  guint headers_ms;
} PlayerGstHttpSettings;

/* All that the source is asked for, if it is to be nobody else; it reads the first two, http and https. */
const char *const *player_gst_http_settings_get_schemes (void);

/* The properties, for the class; their defaults are set when an object is made. */
void player_gst_http_settings_install (GObjectClass *object_class);

/* @id: of the property. FALSE: there is none such. */
gboolean player_gst_http_settings_set (PlayerGstHttpSettings *self, guint id, const GValue *value);
gboolean player_gst_http_settings_get (const PlayerGstHttpSettings *self, guint id, GValue *value);

void player_gst_http_settings_clear (PlayerGstHttpSettings *self);

G_END_DECLS
