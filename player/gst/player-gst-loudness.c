/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-loudness.h"

#include <math.h>
#include <string.h>

/* What ReplayGain calls 0 dB lies there. */
#define REFERENCE_DB 89.0
/* R128 aims at -23 LUFS, ReplayGain at -18. */
#define R128_DB 5.0
/* More than this nobody means. */
#define MOST_DB 51.0

static gboolean
gains_set (double *gain_db, double db)
{
  if (!isfinite (db) || fabs (db) > MOST_DB)
    return FALSE;
  *gain_db = db;
  return TRUE;
}

/* "R128_TRACK_GAIN=-1234": 1/256 dB. */
static void
gains_take_comment (PlayerGstGains *self, const char *comment)
{
  const char *equals = strchr (comment, '=');
  gint64 value;

  if (equals == NULL || !g_ascii_string_to_signed (equals + 1, 10, -32768, 32767, &value, NULL))
    return;
  const double db = (double)value / 256.0 + R128_DB;
  if (g_ascii_strncasecmp (comment, "R128_TRACK_GAIN=", (gsize)(equals - comment) + 1) == 0)
    self->has_track |= gains_set (&self->track_db, db);
  else if (g_ascii_strncasecmp (comment, "R128_ALBUM_GAIN=", (gsize)(equals - comment) + 1) == 0)
    self->has_album |= gains_set (&self->album_db, db);
}

void
player_gst_gains_take (PlayerGstGains *self, const GstTagList *tags)
{
  double reference_db = REFERENCE_DB;
  double db;

  gst_tag_list_get_double (tags, GST_TAG_REFERENCE_LEVEL, &reference_db);
  if (gst_tag_list_get_double (tags, GST_TAG_TRACK_GAIN, &db))
    self->has_track |= gains_set (&self->track_db, db + REFERENCE_DB - reference_db);
  if (gst_tag_list_get_double (tags, GST_TAG_ALBUM_GAIN, &db))
    self->has_album |= gains_set (&self->album_db, db + REFERENCE_DB - reference_db);
  for (guint i = 0; i < gst_tag_list_get_tag_size (tags, GST_TAG_EXTENDED_COMMENT); i++)
    {
      const char *comment;

      if (gst_tag_list_peek_string_index (tags, GST_TAG_EXTENDED_COMMENT, i, &comment))
        gains_take_comment (self, comment);
    }
}

double
player_gst_loudness_get_factor (const PlayerGstLoudnessPlan *plan, const PlayerGstGains *gains)
{
  const gboolean album
      = gains->has_album && (plan->mode == PLAYER_GST_LOUDNESS_ALBUM || !gains->has_track);
  double db = plan->fallback_db;

  if (plan->mode == PLAYER_GST_LOUDNESS_OFF)
    return 1.0;
  if (album || gains->has_track)
    db = (album ? gains->album_db : gains->track_db) + plan->preamp_db;
  return db == 0.0 ? 1.0 : pow (10.0, db / 20.0);
}
