/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-playlist.h"

#include <string.h>

#include "player-gst-load.h"
#include "player-gst-variants.h"

#define BOM "\xef\xbb\xbf"
#define PLS_HEAD "[playlist]"
#define M3U_HEAD "#EXTM3U"
#define HLS_TAG "#EXT-X-"
#define VARIANT_TAG "#EXT-X-STREAM-INF:"
/* Longer ones are told as "unknown": no track lasts a month. */
#define MAX_SECONDS (31 * 24 * 3600)

/* An entry as it is written down. */
typedef struct
{
  guint64 number; /* PLS */
  char *url;      /* (owned) (nullable) */
  char *title;    /* (owned) (nullable) */
  gint64 duration_ms;
} Line;

static void
line_free (gpointer data)
{
  Line *line = data;

  g_free (line->url);
  g_free (line->title);
  g_free (line);
}

static Line *
line_new (guint64 number)
{
  Line *line = g_new0 (Line, 1);

  line->number = number;
  line->duration_ms = -1;
  return line;
}

/* --- text --- */

/* (nullable): as UTF-8, without a byte order mark; what is no UTF-8 is taken for Latin-1. */
static char *
text_decode (const guint8 *data, gsize length)
{
  if (length > PLAYER_GST_PLAYLIST_MAX_BYTES || memchr (data, '\0', length) != NULL)
    return NULL;
  if (length >= strlen (BOM) && memcmp (data, BOM, strlen (BOM)) == 0)
    {
      data += strlen (BOM);
      length -= strlen (BOM);
    }
  if (g_utf8_validate ((const char *)data, (gssize)length, NULL))
    return g_strndup ((const char *)data, length);
  return g_convert ((const char *)data, (gssize)length, "UTF-8", "ISO-8859-1", NULL, NULL, NULL);
}

static GStrv
text_split (const char *text)
{
  GStrv lines = g_strsplit_set (text, "\r\n", -1);

  for (guint i = 0; lines[i] != NULL; i++)
    g_strstrip (lines[i]);
  return lines;
}

static const char *
lines_first (const char *const *lines)
{
  while (*lines != NULL && **lines == '\0')
    lines++;
  return *lines;
}

static gboolean
has_head (const char *line, const char *head)
{
  return line != NULL && g_ascii_strncasecmp (line, head, strlen (head)) == 0;
}

static gboolean
is_url (const char *line)
{
  return g_ascii_strncasecmp (line, "http://", 7) == 0
         || g_ascii_strncasecmp (line, "https://", 8) == 0
         || g_ascii_strncasecmp (line, "file:///", 8) == 0;
}

/* Whether it ends like the name of an audio file or of a playlist. */
static gboolean
is_audio_path (const char *line)
{
  static const char *const endings[] = { ".mp3", ".m4a", ".mp4",  ".aac", ".flac", ".ogg",
                                         ".oga", ".wav", ".opus", ".pls", ".m3u",  ".m3u8" };
  const gsize length = strcspn (line, "?");

  for (guint i = 0; i < G_N_ELEMENTS (endings); i++)
    {
      const gsize tail = strlen (endings[i]);

      if (length > tail && g_ascii_strncasecmp (line + length - tail, endings[i], tail) == 0)
        return TRUE;
    }
  return FALSE;
}

/* Without a head: nothing but comments and what can be played. */
static gboolean
lines_are_urls (GStrv lines, gboolean whole)
{
  guint n_urls = 0;

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (lines[i + 1] == NULL && !whole)
        break;
      if (*lines[i] == '\0' || *lines[i] == '#')
        continue;
      if (!is_url (lines[i]) && !is_audio_path (lines[i]))
        return FALSE;
      n_urls++;
    }
  return n_urls > 0;
}

static gboolean
lines_have_tag (GStrv lines, const char *tag)
{
  for (guint i = 0; lines[i] != NULL; i++)
    if (g_str_has_prefix (lines[i], tag))
      return TRUE;
  return FALSE;
}

static PlayerGstPlaylistKind
lines_recognise (GStrv lines, gboolean whole)
{
  const char *first = lines_first ((const char *const *)lines);

  if (has_head (first, PLS_HEAD))
    return PLAYER_GST_PLAYLIST_PLS;
  if (has_head (first, M3U_HEAD))
    {
      if (lines_have_tag (lines, VARIANT_TAG))
        return PLAYER_GST_PLAYLIST_VARIANTS;
      return lines_have_tag (lines, HLS_TAG) ? PLAYER_GST_PLAYLIST_HLS : PLAYER_GST_PLAYLIST_M3U;
    }
  return lines_are_urls (lines, whole) ? PLAYER_GST_PLAYLIST_M3U : PLAYER_GST_PLAYLIST_NONE;
}

PlayerGstPlaylistKind
player_gst_playlist_recognise (const guint8 *data, gsize length, gboolean whole)
{
  g_autofree char *text = text_decode (data, length);

  if (text == NULL)
    return PLAYER_GST_PLAYLIST_NONE;
  g_auto (GStrv) lines = text_split (text);
  return lines_recognise (lines, whole);
}

/* --- what is written down --- */

/* In ms; -1: it says nothing. */
static gint64
read_seconds (const char *text)
{
  const double seconds = g_ascii_strtod (text, NULL);

  return seconds > 0 && seconds <= MAX_SECONDS ? (gint64)(seconds * 1000 + 0.5) : -1;
}

static Line *
pls_find (GPtrArray *found, GHashTable *by_number, guint64 number)
{
  Line *line = g_hash_table_lookup (by_number, &number);

  if (line != NULL)
    return line;
  line = line_new (number);
  g_ptr_array_add (found, line);
  g_hash_table_insert (by_number, &line->number, line);
  return line;
}

/* (nullable): what follows the = if the key of @line is @name and a number. */
static const char *
pls_get_value (const char *line, const char *name, guint64 *number)
{
  char *end;

  if (!has_head (line, name) || !g_ascii_isdigit (line[strlen (name)]))
    return NULL;
  *number = g_ascii_strtoull (line + strlen (name), &end, 10);
  while (g_ascii_isspace (*end))
    end++;
  if (*end != '=')
    return NULL;
  end++;
  while (g_ascii_isspace (*end))
    end++;
  return end;
}

static void
set_string (char **where, const char *value)
{
  g_free (*where);
  *where = *value != '\0' ? g_strdup (value) : NULL;
}

static gint
line_compare (gconstpointer a, gconstpointer b)
{
  const Line *one = *(Line *const *)a;
  const Line *other = *(Line *const *)b;

  return one->number < other->number ? -1 : one->number > other->number;
}

/* By their numbers, whatever order they stand in: File10 comes behind File9. */
static GPtrArray *
read_pls (GStrv lines)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (line_free);
  g_autoptr (GHashTable) by_number = g_hash_table_new (g_int64_hash, g_int64_equal);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      guint64 number;
      const char *value;

      if ((value = pls_get_value (lines[i], "file", &number)) != NULL)
        set_string (&pls_find (found, by_number, number)->url, value);
      else if ((value = pls_get_value (lines[i], "title", &number)) != NULL)
        set_string (&pls_find (found, by_number, number)->title, value);
      else if ((value = pls_get_value (lines[i], "length", &number)) != NULL)
        pls_find (found, by_number, number)->duration_ms = read_seconds (value);
    }
  g_ptr_array_sort (found, line_compare);
  return found;
}

/* "#EXTINF:123 key="value",Artist - Title": the title begins behind the first comma that stands in no
 * quotes. */
static void
read_extinf (Line *line, const char *text)
{
  gboolean quoted = FALSE;

  line->duration_ms = read_seconds (text);
  for (; *text != '\0' && (quoted || *text != ','); text++)
    if (*text == '"')
      quoted = !quoted;
  if (*text == ',')
    {
      g_autofree char *title = g_strstrip (g_strdup (text + 1));

      set_string (&line->title, title);
    }
}

static GPtrArray *
read_m3u (GStrv lines)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (line_free);
  Line *line = line_new (0);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      if (has_head (lines[i], "#EXTINF:"))
        read_extinf (line, lines[i] + strlen ("#EXTINF:"));
      if (*lines[i] == '\0' || *lines[i] == '#')
        continue;
      line->url = g_strdup (lines[i]);
      g_ptr_array_add (found, line);
      line = line_new (0);
    }
  line_free (line);
  return found;
}

/* What sounds best of the variants first. */
static GPtrArray *
read_variants (GStrv lines)
{
  GPtrArray *found = g_ptr_array_new_with_free_func (line_free);
  g_auto (GStrv) urls = player_gst_variants_choose ((const char *const *)lines);

  for (guint i = 0; urls[i] != NULL; i++)
    {
      Line *line = line_new (0);

      line->url = g_strdup (urls[i]);
      g_ptr_array_add (found, line);
    }
  return found;
}

static GPtrArray *
read_lines (GStrv lines, PlayerGstPlaylistKind kind)
{
  switch (kind)
    {
    case PLAYER_GST_PLAYLIST_PLS:
      return read_pls (lines);
    case PLAYER_GST_PLAYLIST_M3U:
      return read_m3u (lines);
    case PLAYER_GST_PLAYLIST_VARIANTS:
      return read_variants (lines);
    case PLAYER_GST_PLAYLIST_HLS:
    case PLAYER_GST_PLAYLIST_NONE:
    default:
      return NULL;
    }
}

/* --- what may be opened --- */

static gboolean
is_scheme (GUri *uri, const char *scheme)
{
  return g_ascii_strcasecmp (g_uri_get_scheme (uri), scheme) == 0;
}

/* Hosts come out decoded, whatever was asked for. */
static gboolean
is_clean_host (const char *host)
{
  for (; *host != '\0'; host++)
    if (g_ascii_isspace (*host) || g_ascii_iscntrl (*host) || strchr ("/?#@\\%\"<>", *host) != NULL)
      return FALSE;
  return TRUE;
}

/* (nullable): absolute */
static GUri *
resolve (const char *written, GUri *base)
{
  /* What may not stand in a URL, spaces above all, but does in the wild. */
  g_autofree char *escaped = g_uri_escape_string (written, "%:/?#[]@!$&'()*+,;=", FALSE);
  g_autoptr (GUri) uri
      = g_uri_parse_relative (base, escaped, G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, NULL);

  if (uri == NULL)
    return NULL;
  if (is_scheme (uri, "file"))
    return g_uri_get_path (uri)[0] == '/' ? g_steal_pointer (&uri) : NULL;
  if (g_uri_get_host (uri) == NULL || *g_uri_get_host (uri) == '\0'
      || !is_clean_host (g_uri_get_host (uri)))
    return NULL;
  return g_steal_pointer (&uri);
}

static gboolean
may_lead (GUri *base, GUri *uri)
{
  if (is_scheme (uri, "https"))
    return TRUE;
  if (is_scheme (uri, "http"))
    return !is_scheme (base, "https");
  return is_scheme (uri, "file") && is_scheme (base, "file");
}

static GPtrArray *
resolve_all (GPtrArray *found, GUri *base, gboolean *forbidden)
{
  GPtrArray *entries = g_ptr_array_new_with_free_func ((GDestroyNotify)player_gst_entry_free);

  *forbidden = FALSE;
  for (guint i = 0; i < found->len && entries->len < PLAYER_GST_PLAYLIST_MAX_ENTRIES; i++)
    {
      const Line *line = g_ptr_array_index (found, i);
      g_autoptr (GUri) uri = line->url != NULL ? resolve (line->url, base) : NULL;

      if (uri == NULL)
        continue;
      if (!may_lead (base, uri))
        {
          *forbidden = TRUE;
          continue;
        }
      g_autofree char *url = g_uri_to_string (uri);
      PlayerGstEntry *entry = player_gst_entry_new (url, line->duration_ms);
      entry->title = g_strdup (line->title);
      g_ptr_array_add (entries, entry);
    }
  return entries;
}

/* They are one stream. */
static void
fold_variants (GPtrArray *entries)
{
  PlayerGstEntry *first = g_ptr_array_index (entries, 0);
  g_autoptr (GStrvBuilder) others = g_strv_builder_new ();

  for (guint i = 1; i < entries->len; i++)
    g_strv_builder_add (others, ((PlayerGstEntry *)g_ptr_array_index (entries, i))->url);
  first->others = g_strv_builder_end (others);
  g_ptr_array_set_size (entries, 1);
}

GPtrArray *
player_gst_playlist_parse (const guint8 *data, gsize length, const char *base, GError **error)
{
  g_autofree char *text = text_decode (data, length);
  g_auto (GStrv) lines = text != NULL ? text_split (text) : NULL;
  const PlayerGstPlaylistKind kind
      = lines != NULL ? lines_recognise (lines, TRUE) : PLAYER_GST_PLAYLIST_NONE;
  g_autoptr (GUri) from = g_uri_parse (base, G_URI_FLAGS_ENCODED | G_URI_FLAGS_PARSE_RELAXED, NULL);
  gboolean forbidden;

  g_autoptr (GPtrArray) found = from != NULL ? read_lines (lines, kind) : NULL;
  if (found == NULL)
    {
      g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_INVALID_DATA, "This is no playlist");
      return NULL;
    }
  g_autoptr (GPtrArray) entries = resolve_all (found, from, &forbidden);
  if (entries->len > 0 && kind == PLAYER_GST_PLAYLIST_VARIANTS)
    fold_variants (entries);
  if (entries->len > 0)
    return g_steal_pointer (&entries);
  if (forbidden)
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED,
                         "The playlist leads to what may not be opened from there");
  else
    g_set_error_literal (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND, "The playlist names nothing");
  return NULL;
}
