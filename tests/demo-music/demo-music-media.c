/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "demo-music-media.h"

#include <string.h>

/* A live stream has so much to offer at once, then goes at its own speed. */
#define LIVE_AHEAD_BYTES (128 * 1024)
#define LIVE_BYTES_PER_S 16000
#define TICK_MS 50
/* One piece of a transfer that has no rate of its own. */
#define PIECE_BYTES 65536

struct _DemoMusicMedia
{
  char *folder;          /* (owned) */
  char *url;             /* (owned) */
  char *key;             /* (owned) of the signatures; another one: all URLs have expired */
  GHashTable *transfers; /* (owned) (element-type Transfer): the set of those under way */
  guint refusal;
  guint rate;
  guint64 cut_after;
};

/* A body on its way. */
typedef struct
{
  DemoMusicMedia *media;  /* not owned: it holds us */
  SoupServerMessage *msg; /* (owned) */
  GMappedFile *file;      /* (owned) */
  guint64 at;             /* in the file */
  guint64 end;            /* of the range; of the file if live */
  guint64 sent;
  guint64 cut_after; /* 0: not */
  guint rate;        /* 0: at once */
  gboolean live;
  gint64 started_us;
  gboolean pending; /* a piece is being written */
  GSource *timer;   /* (owned) (nullable) */
} Transfer;

static void
transfer_free (Transfer *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_signal_handlers_disconnect_by_data (self->msg, self);
  g_object_unref (self->msg);
  g_mapped_file_unref (self->file);
  g_free (self);
}

DemoMusicMedia *
demo_music_media_new (const char *folder, const char *url)
{
  DemoMusicMedia *self = g_new0 (DemoMusicMedia, 1);
  self->folder = g_strdup (folder);
  self->url = g_strdup (url);
  self->key = g_uuid_string_random ();
  self->refusal = SOUP_STATUS_FORBIDDEN;
  self->transfers = g_hash_table_new_full (NULL, NULL, (GDestroyNotify)transfer_free, NULL);
  return self;
}

void
demo_music_media_free (DemoMusicMedia *self)
{
  if (self == NULL)
    return;
  g_hash_table_unref (self->transfers);
  g_free (self->folder);
  g_free (self->url);
  g_free (self->key);
  g_free (self);
}

/* The signature is about path and time. */
static char *
make_signature (const DemoMusicMedia *self, const char *path, const char *until)
{
  g_autofree char *text = g_strconcat (path, "\n", until, NULL);
  return g_compute_hmac_for_string (G_CHECKSUM_SHA256, (const guchar *)self->key,
                                    strlen (self->key), text, -1);
}

char *
demo_music_media_sign (const DemoMusicMedia *self, const char *file, gboolean live, gint64 until_us)
{
  g_autofree char *path = g_strconcat (live ? "/live/" : "/media/", file, NULL);
  g_autofree char *until = g_strdup_printf ("%" G_GINT64_FORMAT, until_us / 1000);
  g_autofree char *signature = make_signature (self, path, until);
  return g_strdup_printf ("%s%s?until=%s&signature=%s", self->url, path + 1, until, signature);
}

void
demo_music_media_expire_all (DemoMusicMedia *self)
{
  g_free (self->key);
  self->key = g_uuid_string_random ();
}

void
demo_music_media_set_refusal (DemoMusicMedia *self, guint status)
{
  self->refusal = status;
}

void
demo_music_media_set_rate (DemoMusicMedia *self, guint bytes_per_s)
{
  self->rate = bytes_per_s;
}

void
demo_music_media_cut_next (DemoMusicMedia *self, guint64 after_bytes)
{
  self->cut_after = after_bytes;
}

static gboolean
is_valid (const DemoMusicMedia *self, const char *path, GHashTable *query)
{
  const char *until = query != NULL ? g_hash_table_lookup (query, "until") : NULL;
  const char *signature = query != NULL ? g_hash_table_lookup (query, "signature") : NULL;
  if (until == NULL || signature == NULL)
    return FALSE;
  g_autofree char *expected = make_signature (self, path, until);
  gint64 until_ms = g_ascii_strtoll (until, NULL, 10);
  return g_str_equal (signature, expected)
         && (until_ms == 0 || g_get_real_time () / 1000 <= until_ms);
}

static const char *
get_content_type (const char *name)
{
  static const char *const types[][2] = { { ".flac", "audio/flac" },
                                          { ".mp3", "audio/mpeg" },
                                          { ".m4a", "audio/mp4" },
                                          { ".ogg", "audio/ogg" },
                                          { ".wav", "audio/wav" } };
  for (gsize i = 0; i < G_N_ELEMENTS (types); i++)
    if (g_str_has_suffix (name, types[i][0]))
      return types[i][1];
  return "application/octet-stream";
}

/* How many bytes may be written now. */
static guint64
get_allowance (const Transfer *self)
{
  guint64 left = self->live ? G_MAXUINT64 : self->end - self->at;
  if (self->cut_after > 0)
    left = MIN (left, self->cut_after - self->sent);
  guint64 ahead = self->live ? LIVE_AHEAD_BYTES : 0;
  if (self->rate > 0)
    {
      guint64 due
          = (guint64)(g_get_monotonic_time () - self->started_us) * self->rate / G_USEC_PER_SEC
            + ahead;
      left = MIN (left, due > self->sent ? due - self->sent : 0);
    }
  return MIN (left, PIECE_BYTES);
}

static void
hang_up (Transfer *self)
{
  GSocket *socket = soup_server_message_get_socket (self->msg);
  if (socket != NULL)
    g_socket_shutdown (socket, TRUE, TRUE, NULL);
}

/* Writes the next piece, or waits until one is due. */
static void
advance (Transfer *self)
{
  SoupMessageBody *body = soup_server_message_get_response_body (self->msg);
  if (self->pending)
    return;
  if (!self->live && self->at == self->end)
    {
      soup_message_body_complete (body);
      soup_server_message_unpause (self->msg);
      self->pending = TRUE;
      return;
    }
  if (self->cut_after > 0 && self->sent >= self->cut_after)
    {
      self->pending = TRUE;
      hang_up (self);
      return;
    }
  if (self->live && self->at == self->end)
    self->at = 0;
  guint64 n = MIN (get_allowance (self), self->end - self->at);
  if (n == 0)
    return;
  g_autoptr (GBytes) whole = g_mapped_file_get_bytes (self->file);
  g_autoptr (GBytes) piece = g_bytes_new_from_bytes (whole, self->at, n);
  soup_message_body_append_bytes (body, piece);
  self->at += n;
  self->sent += n;
  self->pending = TRUE;
  soup_server_message_unpause (self->msg);
}

static gboolean
on_tick (gpointer user_data)
{
  advance (user_data);
  return G_SOURCE_CONTINUE;
}

static void
on_wrote_chunk (SoupServerMessage *msg, gpointer user_data)
{
  Transfer *self = user_data;
  self->pending = FALSE;
  advance (self);
}

static void
on_finished (SoupServerMessage *msg, gpointer user_data)
{
  Transfer *self = user_data;
  g_hash_table_remove (self->media->transfers, self);
}

static void
transfer_start (DemoMusicMedia *media,
                SoupServerMessage *msg,
                GMappedFile *file,
                goffset start,
                goffset end,
                gboolean live)
{
  Transfer *self = g_new0 (Transfer, 1);
  self->media = media;
  self->msg = g_object_ref (msg);
  self->file = g_mapped_file_ref (file);
  self->at = start;
  self->end = end;
  self->live = live;
  self->rate = live ? LIVE_BYTES_PER_S : media->rate;
  self->started_us = g_get_monotonic_time ();
  self->cut_after = media->cut_after;
  media->cut_after = 0;
  g_hash_table_add (media->transfers, self);
  soup_message_body_set_accumulate (soup_server_message_get_response_body (msg), FALSE);
  g_signal_connect (msg, "wrote-chunk", G_CALLBACK (on_wrote_chunk), self);
  g_signal_connect (msg, "finished", G_CALLBACK (on_finished), self);
  if (self->rate > 0)
    {
      self->timer = g_timeout_source_new (TICK_MS);
      g_source_set_callback (self->timer, on_tick, self, NULL);
      g_source_attach (self->timer, g_main_context_get_thread_default ());
    }
  advance (self);
}

/* The one range of @headers; FALSE if there is none that can be served. */
static gboolean
get_range (SoupMessageHeaders *headers, goffset size, goffset *start, goffset *end)
{
  SoupRange *ranges = NULL;
  int n = 0;
  if (!soup_message_headers_get_ranges (headers, size, &ranges, &n))
    return FALSE;
  gboolean one = n == 1;
  *start = one ? ranges[0].start : 0;
  *end = one ? ranges[0].end + 1 : size;
  soup_message_headers_free_ranges (headers, ranges);
  return one;
}

static guint
serve_file (DemoMusicMedia *self, SoupServerMessage *msg, const char *name, gboolean live)
{
  g_autofree char *path = g_build_filename (self->folder, name, NULL);
  g_autoptr (GMappedFile) file = g_mapped_file_new (path, FALSE, NULL);
  if (file == NULL)
    return SOUP_STATUS_NOT_FOUND;

  SoupMessageHeaders *headers = soup_server_message_get_response_headers (msg);
  soup_message_headers_set_content_type (headers, get_content_type (name), NULL);
  goffset size = (goffset)g_mapped_file_get_length (file);
  goffset start = 0;
  goffset end = size;
  guint status = SOUP_STATUS_OK;
  if (!live)
    {
      g_autofree char *tag = g_strdup_printf ("\"%s-%" G_GINT64_FORMAT "\"", name, (gint64)size);
      soup_message_headers_replace (headers, "ETag", tag);
      soup_message_headers_replace (headers, "Accept-Ranges", "bytes");
      if (get_range (soup_server_message_get_request_headers (msg), size, &start, &end))
        {
          status = SOUP_STATUS_PARTIAL_CONTENT;
          soup_message_headers_set_content_range (headers, start, end - 1, size);
        }
      soup_message_headers_set_content_length (headers, end - start);
    }
  else
    soup_message_headers_set_encoding (headers, SOUP_ENCODING_CHUNKED);
  if (g_str_equal (soup_server_message_get_method (msg), "GET"))
    transfer_start (self, msg, file, start, end, live);
  return status;
}

guint
demo_music_media_serve (DemoMusicMedia *self,
                        SoupServerMessage *msg,
                        const char *path,
                        GHashTable *query)
{
  const char *method = soup_server_message_get_method (msg);
  gboolean live = g_str_has_prefix (path, "/live/");
  const char *name = strrchr (path, '/') + 1;
  guint status;
  if (!g_str_equal (method, "GET") && !g_str_equal (method, "HEAD"))
    status = SOUP_STATUS_METHOD_NOT_ALLOWED;
  else if (name[0] == '\0' || name[0] == '.')
    status = SOUP_STATUS_NOT_FOUND;
  else if (!is_valid (self, path, query))
    status = self->refusal;
  else
    status = serve_file (self, msg, name, live);
  soup_server_message_set_status (msg, status, NULL);
  return status;
}
