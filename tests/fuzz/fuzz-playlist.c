/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "fuzz.h"
#include "player/gst/player-gst-load.h"
#include "player/gst/player-gst-playlist.h"

#include <string.h>

/* A PLS or M3U playlist, first from a file, then from a web server over TLS. */
static void
check (const guint8 *data, gsize size, const char *base)
{
  const gboolean local = g_str_has_prefix (base, "file:");
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries = player_gst_playlist_parse (data, size, base, &error);

  g_assert_true ((entries == NULL) == (error != NULL));
  g_assert_true (entries == NULL
                 || (entries->len > 0 && entries->len <= PLAYER_GST_PLAYLIST_MAX_ENTRIES));
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const PlayerGstEntry *entry = g_ptr_array_index (entries, i);

      g_assert_true (g_uri_is_valid (entry->url, G_URI_FLAGS_PARSE_RELAXED, NULL));
      g_assert_true (g_str_has_prefix (entry->url, "https://")
                     || (local
                         && (g_str_has_prefix (entry->url, "http://")
                             || g_str_has_prefix (entry->url, "file:/"))));
      g_assert_true (strpbrk (entry->url, "\r\n ") == NULL);
      g_assert_true (entry->title == NULL || g_utf8_validate (entry->title, -1, NULL));
      g_assert_true (entry->duration_ms == -1 || entry->duration_ms > 0);
    }
}

int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  player_gst_playlist_recognise (data, size, FALSE);
  check (data, size, "file:///music/list.m3u");
  check (data, size, "https://radio.example/lists/list.m3u?a=b");
  return 0;
}
