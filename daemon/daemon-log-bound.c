/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-log-bound.h"

/* Of one kind of message. */
typedef struct
{
  guint admissible;
  gint64 counted_us; /* when @admissible was right */
  guint left_out;
  char *example; /* (owned) (nullable) */
} Bucket;

struct _DaemonLogBound
{
  GMutex lock;
  GHashTable *buckets; /* (owned) (element-type utf8 Bucket) */
};

static void
bucket_free (gpointer data)
{
  Bucket *self = data;
  g_free (self->example);
  g_free (self);
}

DaemonLogBound *
daemon_log_bound_new (void)
{
  DaemonLogBound *self = g_new0 (DaemonLogBound, 1);
  g_mutex_init (&self->lock);
  self->buckets = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, bucket_free);
  return self;
}

void
daemon_log_bound_free (DaemonLogBound *self)
{
  g_hash_table_unref (self->buckets);
  g_mutex_clear (&self->lock);
  g_free (self);
}

static Bucket *
find_bucket (DaemonLogBound *self, const char *kind, gint64 now_us)
{
  Bucket *bucket = g_hash_table_lookup (self->buckets, kind);
  if (bucket != NULL)
    return bucket;
  bucket = g_new0 (Bucket, 1);
  bucket->admissible = DAEMON_LOG_BOUND_BURST;
  bucket->counted_us = now_us;
  g_hash_table_insert (self->buckets, g_strdup (kind), bucket);
  return bucket;
}

static void
refill (Bucket *bucket, gint64 now_us)
{
  gint64 gained = (now_us - bucket->counted_us) / DAEMON_LOG_BOUND_INTERVAL_US;
  if (gained <= 0)
    return;
  bucket->counted_us += gained * DAEMON_LOG_BOUND_INTERVAL_US;
  bucket->admissible = MIN (bucket->admissible + gained, DAEMON_LOG_BOUND_BURST);
}

gboolean
daemon_log_bound_admit (
    DaemonLogBound *self, const char *kind, const char *message, gint64 now_us, guint *left_out)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  Bucket *bucket = find_bucket (self, kind, now_us);
  refill (bucket, now_us);
  if (bucket->admissible == 0)
    {
      bucket->left_out++;
      g_free (bucket->example);
      bucket->example = g_strdup (message);
      return FALSE;
    }
  bucket->admissible--;
  *left_out = bucket->left_out;
  bucket->left_out = 0;
  g_clear_pointer (&bucket->example, g_free);
  return TRUE;
}

void
daemon_log_bound_collect (DaemonLogBound *self, DaemonLogBoundTell tell, gpointer user_data)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  GHashTableIter iter;
  gpointer value = NULL;
  g_hash_table_iter_init (&iter, self->buckets);
  while (g_hash_table_iter_next (&iter, NULL, &value))
    {
      Bucket *bucket = value;
      if (bucket->left_out == 0)
        continue;
      tell (bucket->example, bucket->left_out, user_data);
      bucket->left_out = 0;
      g_clear_pointer (&bucket->example, g_free);
    }
}
