/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-loop-guard.h"

#define REAL_PLAY_MS 1000
#define FIRST_DELAY_MS 1000
#define MAX_DELAY_MS 60000
/* A skill that goes through a list of dead URLs: no more are remembered. */
#define MAX_URLS 256

struct _DaemonLoopGuard
{
  GHashTable *strikes;    /* (owned) (element-type utf8 guint): by URL */
  guint64 serial;         /* of the stream under way, 0 if there is none */
  gint64 start_offset_ms; /* where it began */
};

DaemonLoopGuard *
daemon_loop_guard_new (void)
{
  DaemonLoopGuard *self = g_new0 (DaemonLoopGuard, 1);
  self->strikes = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL);
  return self;
}

void
daemon_loop_guard_free (DaemonLoopGuard *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->strikes);
  g_free (self);
}

static void
add_strike (DaemonLoopGuard *self, const char *url)
{
  guint strikes = GPOINTER_TO_UINT (g_hash_table_lookup (self->strikes, url));
  if (strikes == 0 && g_hash_table_size (self->strikes) >= MAX_URLS)
    return;
  g_hash_table_insert (self->strikes, g_strdup (url), GUINT_TO_POINTER (strikes + 1));
}

/* The stream @serial has come to @offset_ms. Returns whether that makes a real play of it. */
static gboolean
has_played (DaemonLoopGuard *self, guint64 serial, gint64 offset_ms)
{
  gboolean played = serial == self->serial && offset_ms - self->start_offset_ms >= REAL_PLAY_MS;
  if (played)
    g_hash_table_remove_all (self->strikes);
  return played;
}

void
daemon_loop_guard_observe (DaemonLoopGuard *self, const PlayerReport *report)
{
  g_return_if_fail (self != NULL && report != NULL);
  switch (report->type)
    {
    case PLAYER_REPORT_STARTED:
      self->serial = report->serial;
      self->start_offset_ms = report->offset_ms;
      break;
    case PLAYER_REPORT_NEARLY_FINISHED:
      break;
    case PLAYER_REPORT_STOPPED: /* somebody's wish: no strike */
      has_played (self, report->serial, report->offset_ms);
      self->serial = 0;
      break;
    case PLAYER_REPORT_FINISHED:
      if (!has_played (self, report->serial, report->offset_ms))
        add_strike (self, report->item->url);
      self->serial = 0;
      break;
    case PLAYER_REPORT_FAILED:
      if (!has_played (self, report->serial, report->state_offset_ms))
        add_strike (self, report->item->url);
      if (self->serial == report->serial)
        self->serial = 0;
      break;
    default:
      break;
    }
}

guint
daemon_loop_guard_get_delay_ms (DaemonLoopGuard *self, const PlayerSnapshot *now, const char *url)
{
  g_return_val_if_fail (self != NULL && now != NULL && url != NULL, 0);
  has_played (self, now->serial, now->offset_ms);
  guint strikes = GPOINTER_TO_UINT (g_hash_table_lookup (self->strikes, url));
  if (strikes == 0)
    return 0;
  return strikes > 6 ? MAX_DELAY_MS : MIN (FIRST_DELAY_MS << (strikes - 1), MAX_DELAY_MS);
}
