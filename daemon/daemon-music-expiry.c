/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-expiry.h"

/* A machine without a battery for its clock starts somewhere before. */
#define CLOCK_IS_SET_US (G_GINT64_CONSTANT (1704067200) * G_USEC_PER_SEC) /* 2024-01-01 */
#define CLOCKS_DIFFER_US (60 * G_USEC_PER_SEC)
#define MARGIN_US (5 * G_USEC_PER_SEC)
/* Of a life too short for that margin, so much of it. */
#define MARGIN_PART 4
#define DEFAULT_LIFE_US (60 * G_USEC_PER_SEC)
#define LONGEST_LIFE_US (G_GINT64_CONSTANT (10) * 366 * 24 * 3600 * G_USEC_PER_SEC)

DaemonMusicMoment
daemon_music_moment_now (PlayerClock *clock, gint64 date_us)
{
  return (DaemonMusicMoment){
    .monotonic_us = player_clock_now_ms (clock) * 1000,
    .wall_us = g_get_real_time (),
    .date_us = date_us,
  };
}

static gboolean
is_set (gint64 wall_us)
{
  return wall_us >= CLOCK_IS_SET_US;
}

/* What time it is for the service; 0 if nobody knows. */
static gint64
get_service_time (const DaemonMusicMoment *moment)
{
  if (moment->date_us > 0
      && (!is_set (moment->wall_us) || ABS (moment->wall_us - moment->date_us) > CLOCKS_DIFFER_US))
    return moment->date_us;
  return is_set (moment->wall_us) ? moment->wall_us : 0;
}

static gint64
not_zero (gint64 monotonic_us)
{
  return monotonic_us != 0 ? monotonic_us : 1;
}

gint64
daemon_music_expiry_get_deadline (const AlexaMusicStream *stream,
                                  const DaemonMusicMoment *received,
                                  gboolean *stale)
{
  g_return_val_if_fail (stream != NULL && received != NULL, 1);
  gint64 now_us = get_service_time (received);
  gint64 life_us = DEFAULT_LIFE_US;
  if (stream->valid_until_us != 0 && now_us != 0)
    life_us = stream->valid_until_us > now_us ? stream->valid_until_us - now_us : 0;
  if (stale != NULL)
    *stale = life_us == 0;
  life_us = MIN (life_us, LONGEST_LIFE_US);
  return not_zero (received->monotonic_us + life_us - MIN (MARGIN_US, life_us / MARGIN_PART));
}

gint64
daemon_music_expiry_to_wall (gint64 deadline_us, const DaemonMusicMoment *now)
{
  g_return_val_if_fail (now != NULL, 0);
  return is_set (now->wall_us) ? now->wall_us + (deadline_us - now->monotonic_us) : 0;
}

gint64
daemon_music_expiry_from_wall (gint64 wall_us, const DaemonMusicMoment *now)
{
  g_return_val_if_fail (now != NULL, 1);
  if (!is_set (wall_us) || !is_set (now->wall_us) || wall_us <= now->wall_us)
    return not_zero (now->monotonic_us);
  return not_zero (now->monotonic_us + MIN (wall_us - now->wall_us, LONGEST_LIFE_US));
}
