/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-memory-item.h"

static const char schema[]
    = "CREATE TABLE IF NOT EXISTS player_item (id INTEGER PRIMARY KEY, url TEXT NOT NULL, token "
      "TEXT NOT NULL, offset_ms INTEGER NOT NULL, origin TEXT NOT NULL, title TEXT, subtitle TEXT, "
      "album TEXT, art_url TEXT, background_url TEXT, headers TEXT, renewable INTEGER NOT NULL, "
      "valid_until_us INTEGER NOT NULL);";

enum
{
  COLUMN_ID,
  COLUMN_URL,
  COLUMN_TOKEN,
  COLUMN_OFFSET_MS,
  COLUMN_ORIGIN,
  COLUMN_TITLE,
  COLUMN_SUBTITLE,
  COLUMN_ALBUM,
  COLUMN_ART_URL,
  COLUMN_BACKGROUND_URL,
  COLUMN_HEADERS,
  COLUMN_RENEWABLE,
  COLUMN_VALID_UNTIL_US,
};

gboolean
daemon_memory_item_create (DaemonStore *store)
{
  return daemon_store_exec (store, schema, NULL);
}

gboolean
daemon_memory_item_write (DaemonStore *store,
                          gint64 id,
                          const PlayerItem *item,
                          const DaemonMusicMoment *now)
{
  g_return_val_if_fail (DAEMON_IS_STORE (store) && item != NULL && now != NULL, FALSE);
  const PlayerMetadata none = { 0 };
  const PlayerMetadata *metadata = item->metadata != NULL ? item->metadata : &none;
  /* no value has a control character in it */
  g_autofree char *headers = item->headers != NULL ? g_strjoinv ("\n", item->headers) : NULL;
  gint64 until_us
      = item->valid_until_us != 0 ? daemon_music_expiry_to_wall (item->valid_until_us, now) : -1;
  char *sql = sqlite3_mprintf (
      "INSERT INTO player_item VALUES (%lld, %Q, %Q, %lld, %Q, %Q, %Q, %Q, %Q, %Q, %Q, %d, %lld)",
      (long long)id, item->url, item->token, (long long)item->offset_ms, item->origin,
      metadata->title, metadata->subtitle, metadata->album, metadata->art_url,
      metadata->background_url, headers, item->renewable, (long long)until_us);
  gboolean ok = daemon_store_exec (store, sql, NULL); /* the store tells what went wrong */
  sqlite3_free (sql);
  return ok;
}

sqlite3_stmt *
daemon_memory_item_select (DaemonStore *store)
{
  g_return_val_if_fail (DAEMON_IS_STORE (store), NULL);
  sqlite3_stmt *statement = NULL;
  sqlite3_prepare_v2 (daemon_store_get_handle (store),
                      "SELECT id, url, token, offset_ms, origin, title, subtitle, album, art_url, "
                      "background_url, headers, renewable, valid_until_us FROM player_item ORDER "
                      "BY id",
                      -1, &statement, NULL);
  return statement;
}

static const char *
get_text (sqlite3_stmt *row, int column)
{
  return (const char *)sqlite3_column_text (row, column);
}

/* (transfer full) (nullable) */
static PlayerMetadata *
read_metadata (sqlite3_stmt *row)
{
  gboolean any = FALSE;
  for (int column = COLUMN_TITLE; column <= COLUMN_BACKGROUND_URL; column++)
    any |= get_text (row, column) != NULL;
  return any ? player_metadata_new (get_text (row, COLUMN_TITLE), get_text (row, COLUMN_SUBTITLE),
                                    get_text (row, COLUMN_ALBUM), get_text (row, COLUMN_ART_URL),
                                    get_text (row, COLUMN_BACKGROUND_URL))
             : NULL;
}

/* (nullable): what is wrong with the row; neither URL nor headers are named: they may be secret. */
static const char *
find_fault (sqlite3_stmt *row, const char *const *headers)
{
  for (int column = COLUMN_URL; column <= COLUMN_HEADERS; column++)
    if (get_text (row, column) != NULL && !g_utf8_validate (get_text (row, column), -1, NULL))
      return "a text in it is no UTF-8";
  g_autoptr (GUri) uri
      = g_uri_parse (get_text (row, COLUMN_URL) != NULL ? get_text (row, COLUMN_URL) : "",
                     G_URI_FLAGS_PARSE_RELAXED, NULL);
  if (uri == NULL)
    return "it has no URL";
  if (get_text (row, COLUMN_TOKEN) == NULL || get_text (row, COLUMN_ORIGIN) == NULL)
    return "it has no token";
  if (sqlite3_column_int64 (row, COLUMN_OFFSET_MS) < 0)
    return "its offset is negative";
  g_autofree char *wrong = player_headers_check (headers);
  return wrong != NULL ? "its headers cannot be sent" : NULL;
}

PlayerItem *
daemon_memory_item_read (sqlite3_stmt *row, const DaemonMusicMoment *now)
{
  g_return_val_if_fail (row != NULL && now != NULL, NULL);
  const char *text = get_text (row, COLUMN_HEADERS);
  g_auto (GStrv) headers = text != NULL ? g_strsplit (text, "\n", -1) : NULL;
  const char *fault = find_fault (row, (const char *const *)headers);
  if (fault != NULL)
    {
      g_message ("a stream that was kept is dropped: %s (row %" G_GINT64_FORMAT ")", fault,
                 (gint64)sqlite3_column_int64 (row, COLUMN_ID));
      return NULL;
    }
  g_autoptr (PlayerMetadata) metadata = read_metadata (row);
  g_autoptr (PlayerItem) plain = player_item_new (
      get_text (row, COLUMN_URL), get_text (row, COLUMN_TOKEN),
      sqlite3_column_int64 (row, COLUMN_OFFSET_MS), get_text (row, COLUMN_ORIGIN), metadata);
  g_autoptr (PlayerItem) sourced = player_item_new_source (
      plain, plain->url, (const char *const *)headers, sqlite3_column_int (row, COLUMN_RENEWABLE));
  gint64 until_us = sqlite3_column_int64 (row, COLUMN_VALID_UNTIL_US);
  return player_item_new_until (sourced,
                                until_us >= 0 ? daemon_music_expiry_from_wall (until_us, now) : 0);
}
