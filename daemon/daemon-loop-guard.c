/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-loop-guard.h"

#define REAL_PLAY_MS 1000
#define FIRST_DELAY_MS 1000
#define MAX_DELAY_MS 60000
/* A skill that goes through a list of dead URLs: no more are remembered. */
#define MAX_URLS 256
/* So many dead URLs in a row are somebody's list; more are a loop with a new URL each time. */
#define FREE_STRIKES 8

/* What is held against a URL. */
typedef struct
{
  guint strikes;
  guint64 last;  /* number of the last one */
  gboolean tail; /* it was begun less than a second before its end, once */
} Record;

struct _DaemonLoopGuard
{
  GHashTable *records;    /* (owned) (element-type utf8 Record): by URL */
  guint64 n_strikes;      /* ever; numbers them */
  guint64 serial;         /* of the stream under way, 0 if there is none */
  guint64 played_serial;  /* of the last that really played */
  gint64 start_offset_ms; /* where the one under way began */
  guint64 start_strikes;  /* how many there were by then */
};

DaemonLoopGuard *
daemon_loop_guard_new (void)
{
  DaemonLoopGuard *self = g_new0 (DaemonLoopGuard, 1);
  self->records = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

void
daemon_loop_guard_free (DaemonLoopGuard *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->records);
  g_free (self);
}

/* (nullable): if there are too many already. */
static Record *
get_record (DaemonLoopGuard *self, const char *url)
{
  Record *record = g_hash_table_lookup (self->records, url);
  if (record == NULL && g_hash_table_size (self->records) < MAX_URLS)
    {
      record = g_new0 (Record, 1);
      g_hash_table_insert (self->records, g_strdup (url), record);
    }
  return record;
}

static void
add_strike (DaemonLoopGuard *self, const char *url)
{
  Record *record = get_record (self, url);
  self->n_strikes++;
  if (record == NULL)
    return;
  record->strikes++;
  record->last = self->n_strikes;
}

static gboolean
is_older (gpointer url, gpointer record, gpointer user_data)
{
  return ((Record *)record)->last <= *(guint64 *)user_data;
}

/* The stream @serial has come to @offset_ms. Returns whether it has really played. What happened
 * while it played, as when the next one cannot be opened, is not forgotten for its sake. */
static gboolean
has_played (DaemonLoopGuard *self, guint64 serial, gint64 offset_ms)
{
  if (serial == 0)
    return FALSE;
  if (serial == self->serial && offset_ms - self->start_offset_ms >= REAL_PLAY_MS)
    {
      g_hash_table_foreach_remove (self->records, is_older, &self->start_strikes);
      self->played_serial = serial;
    }
  return serial == self->played_serial;
}

/* The end of a stream that did not really play. One that was begun just before its end has audio
 * enough, unless that happens again and again. */
static void
judge_end (DaemonLoopGuard *self, const PlayerReport *report)
{
  gboolean begun_late = report->serial == self->serial && self->start_offset_ms > 0
                        && report->offset_ms >= REAL_PLAY_MS;
  Record *record = begun_late ? get_record (self, report->item->url) : NULL;
  if (record == NULL || record->tail)
    add_strike (self, report->item->url);
  else
    {
      record->tail = TRUE;
      record->last = self->n_strikes;
    }
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
      self->start_strikes = self->n_strikes;
      break;
    case PLAYER_REPORT_NEARLY_FINISHED:
      break;
    case PLAYER_REPORT_STOPPED: /* somebody's wish: no strike */
      has_played (self, report->serial, report->offset_ms);
      self->serial = 0;
      break;
    case PLAYER_REPORT_FINISHED:
      if (!has_played (self, report->serial, report->offset_ms))
        judge_end (self, report);
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

/* The wait after @strikes. */
static guint
get_wait_ms (guint64 strikes)
{
  if (strikes == 0)
    return 0;
  return strikes > 6 ? MAX_DELAY_MS : MIN (FIRST_DELAY_MS << (strikes - 1), MAX_DELAY_MS);
}

guint
daemon_loop_guard_get_delay_ms (DaemonLoopGuard *self, const PlayerSnapshot *now, const char *url)
{
  g_return_val_if_fail (self != NULL && now != NULL && url != NULL, 0);
  has_played (self, now->serial, now->offset_ms);
  const Record *record = g_hash_table_lookup (self->records, url);
  guint64 all = 0;
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init (&iter, self->records);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    all += ((const Record *)value)->strikes;
  guint own_ms = get_wait_ms (record != NULL ? record->strikes : 0);
  return MAX (own_ms, get_wait_ms (all > FREE_STRIKES ? all - FREE_STRIKES : 0));
}
