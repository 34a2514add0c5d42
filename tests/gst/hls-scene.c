/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "hls-scene.h"

#include <string.h>

#include "tests/gst/gst-audio.h"

static char *
make_live (HlsOrigin *origin, guint nth)
{
  GString *text = g_string_new ("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n");
  const guint end = MIN (nth + origin->window, HLS_N_SEGMENTS);
  const guint first = origin->kind != NULL ? 0 : end - origin->window;

  if (origin->kind != NULL)
    g_string_append_printf (text, "%s\n", origin->kind);
  g_string_append_printf (text, "#EXT-X-MEDIA-SEQUENCE:%u\n", first);
  for (guint i = first; i < end; i++)
    g_string_append_printf (text, "#EXTINF:%.6f,\n/%u.aac\n",
                            HLS_SEGMENT_PACKETS * HLS_PACKET / (double)HLS_RATE, i);
  if (origin->ended && end == HLS_N_SEGMENTS)
    g_string_append (text, "#EXT-X-ENDLIST\n");
  return g_string_free (text, FALSE);
}

/* As much as "Range: bytes=…" asks for, as a part; all without it. */
static void
send_range (GOutputStream *out, const char *headers, GBytes *bytes)
{
  const char *range = strstr (headers, "Range: bytes=");
  gsize length;
  const guint8 *begin = g_bytes_get_data (bytes, &length);
  const guint64 first = range != NULL ? g_ascii_strtoull (range + 13, NULL, 10) : 0;

  if (range == NULL || first >= length)
    {
      radio_send (out, "200 OK", "application/octet-stream", begin, length);
      return;
    }
  g_autofree char *status = g_strdup_printf ("206 Partial Content\r\nContent-Range: bytes %u-%u/%u",
                                             (guint)first, (guint)length - 1, (guint)length);
  radio_send (out, status, "application/octet-stream", begin + first, length - first);
}

/* (transfer full): each URL of the playlist @bytes bears the signature. */
static GBytes *
sign (GBytes *bytes, char signature)
{
  g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  g_autoptr (GString) out = g_string_new (NULL);

  for (guint i = 0; lines[i] != NULL; i++)
    {
      const gboolean url = *lines[i] != '\0' && *lines[i] != '#';
      const char *attribute = strstr (lines[i], "URI=\"");
      const char *end = attribute != NULL ? strchr (attribute + 5, '"') : NULL;

      if (end != NULL)
        g_string_append_printf (out, "%.*s?sig=%c%s\n", (int)(end - lines[i]), lines[i], signature,
                                end);
      else
        g_string_append_printf (out, url ? "%s?sig=%c\n" : "%s\n", lines[i], signature);
    }
  return g_string_free_to_bytes (g_steal_pointer (&out));
}

/* (nullable): what is wrong with the request. Under the lock. */
static const char *
find_fault (HlsOrigin *origin, const char *path, const char *signature, guint nth)
{
  const char *fault = g_hash_table_lookup (origin->faults, path);

  if (origin->window > 0 && origin->vanishes > 0 && nth >= origin->vanishes
      && g_str_equal (path, "/live.m3u8"))
    return "410 Gone";
  if (g_strcmp0 (path, origin->expires) == 0)
    {
      origin->expires = NULL;
      origin->signature++;
    }
  if (origin->signature != 0 && (signature == NULL || *signature != origin->signature))
    return "403 Forbidden";
  if (fault != NULL && g_str_has_prefix (fault, "once "))
    return nth == 0 ? fault + strlen ("once ") : NULL;
  return fault;
}

/* (transfer full) (nullable): what lies there. Under the lock. */
static GBytes *
find_document (HlsOrigin *origin, const char *path, guint nth)
{
  GBytes *found = g_hash_table_lookup (origin->documents, path);
  g_autoptr (GBytes) bytes = found != NULL ? g_bytes_ref (found) : NULL;

  if (origin->window > 0 && g_str_equal (path, "/live.m3u8"))
    {
      char *text = make_live (origin, origin->n_live++);

      bytes = g_bytes_new_take (text, strlen (text));
    }
  if (bytes == NULL || origin->signature == 0 || !g_str_has_suffix (path, ".m3u8"))
    return g_steal_pointer (&bytes);
  return sign (bytes, origin->signature);
}

static void
serve (const char *target, const char *headers, guint nth, GOutputStream *out, gpointer data)
{
  HlsOrigin *origin = data;
  g_auto (GStrv) parts = g_strsplit (target, "?sig=", 2);
  const char *path = parts[0];

  g_mutex_lock (&origin->lock);
  if (g_str_has_prefix (path, "/private/") && strstr (headers, "X-Key: secret") == NULL)
    origin->without_key++;
  while (!origin->release && (g_str_equal (path, "/hang") || g_strcmp0 (path, origin->held) == 0))
    g_cond_wait (&origin->released, &origin->lock);
  const char *fault = find_fault (origin, path, parts[1], nth);
  g_autoptr (GBytes) bytes = fault == NULL ? find_document (origin, path, nth) : NULL;
  g_mutex_unlock (&origin->lock);
  if (fault != NULL || bytes == NULL)
    radio_send (out, fault != NULL ? fault : "404 Not Found", NULL, "", 0);
  else
    send_range (out, headers, bytes);
}

void
hls_put_bytes (HlsScene *scene, const char *path, GBytes *bytes)
{
  g_mutex_lock (&scene->origin.lock);
  g_hash_table_insert (scene->origin.documents, g_strdup (path), bytes);
  g_mutex_unlock (&scene->origin.lock);
}

void
hls_put (HlsScene *scene, const char *path, const char *text)
{
  hls_put_bytes (scene, path, g_bytes_new (text, strlen (text)));
}

GBytes *
hls_read_made (const char *name)
{
  g_autofree char *path = gst_rig_path (name);
  g_autoptr (GError) error = NULL;
  char *data;
  gsize length;

  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, length);
}

/* Runs "what" over the noise in noise.wav; the files lie where those of the rig do. */
static void
encode (const char *what)
{
  g_autofree char *wav = gst_rig_path ("noise.wav");
  g_autofree char *pipeline = g_strdup_printf ("filesrc location=%s ! wavparse ! audioconvert ! "
                                               "avenc_aac bitrate=192000 ! aacparse ! %s",
                                               wav, what);

  gst_audio_run_pipeline (pipeline);
}

void
hls_put_ts (HlsScene *scene, const char *folder)
{
  g_autofree char *segments = gst_rig_path ("%u.ts");
  g_autofree char *playlist = gst_rig_path ("vod.m3u8");
  g_autofree char *list = g_strconcat (folder, "vod.m3u8", NULL);
  g_autofree char *sink
      = g_strdup_printf ("hlssink2 target-duration=1 max-files=0 playlist-length=0 "
                         "location=%s playlist-location=%s",
                         segments, playlist);

  encode (sink);
  hls_put_bytes (scene, list, hls_read_made ("vod.m3u8"));
  for (guint i = 0; i < HLS_N_SEGMENTS + 1; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.ts", i);
      g_autofree char *path = g_strconcat (folder, name, NULL);
      g_autofree char *made = gst_rig_path (name);

      if (g_file_test (made, G_FILE_TEST_EXISTS))
        hls_put_bytes (scene, path, hls_read_made (name));
    }
}

void
hls_put_adts (HlsScene *scene)
{
  g_autofree char *out = gst_rig_path ("whole.aac");
  g_autofree char *sink
      = g_strdup_printf ("audio/mpeg,stream-format=adts ! filesink location=%s", out);

  encode (sink);
  g_autoptr (GBytes) whole = hls_read_made ("whole.aac");
  gsize length;
  const guint8 *data = g_bytes_get_data (whole, &length);
  gsize begin = 0;
  gsize at = 0;
  for (guint packet = 1; at + 7 <= length; packet++)
    {
      at += (gsize)(data[at + 3] & 3) << 11 | (gsize)data[at + 4] << 3 | data[at + 5] >> 5;
      const guint segment = packet / HLS_SEGMENT_PACKETS;
      if ((packet % HLS_SEGMENT_PACKETS == 0 && segment < HLS_N_SEGMENTS) || at == length)
        {
          g_autofree char *path = g_strdup_printf ("/%u.aac", MIN (segment, HLS_N_SEGMENTS) - 1);

          hls_put_bytes (scene, path, g_bytes_new_from_bytes (whole, begin, at - begin));
          begin = at;
        }
    }
}

void
hls_put_vod (HlsScene *scene, const char *path, const char *head, const char *extension)
{
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:1\n"
                                           "#EXT-X-PLAYLIST-TYPE:VOD\n");

  g_string_append (text, head);
  for (guint i = 0; i < HLS_N_SEGMENTS; i++)
    g_string_append_printf (text, "#EXTINF:%.6f,\n/%u.%s\n",
                            HLS_SEGMENT_PACKETS * HLS_PACKET / (double)HLS_RATE, i, extension);
  g_string_append (text, "#EXT-X-ENDLIST\n");
  hls_put (scene, path, text->str);
}

static void
start (HlsScene *scene, guint how)
{
  PlayerGstEngineOptions options = PLAYER_GST_ENGINE_OPTIONS_INIT;
  g_autofree char *sink = gst_tap_describe (&scene->rig->tap, (how & HLS_REAL_TIME) != 0);
  g_autoptr (GError) error = NULL;
  /* Under sanitizers that takes longer than a server may for its answer. */
  g_autoptr (GstPlugin) libav = gst_plugin_load_by_name ("libav");

  options.sink = sink;
  if ((how & (HLS_TLS | HLS_UNKNOWN)) != 0)
    {
      g_autoptr (GTlsCertificate) certificate = g_tls_certificate_new_from_file (
          g_test_get_filename (G_TEST_BUILT, "gst", "server.pem", NULL), &error);

      g_assert_no_error (error);
      radio_server_use_tls (scene->server, certificate);
    }
  if ((how & HLS_TLS) != 0)
    options.ca_file = g_test_get_filename (G_TEST_BUILT, "gst", "ca.pem", NULL);
  gst_rig_start (scene->rig, &options);
}

static void
hls_scene_set_up (HlsScene *scene, gconstpointer data)
{
  g_autofree char *wav = gst_rig_path ("noise.wav");

  g_mutex_init (&scene->origin.lock);
  g_cond_init (&scene->origin.released);
  scene->origin.documents
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  scene->origin.faults = g_hash_table_new (g_str_hash, g_str_equal);
  scene->server = radio_server_new (serve, &scene->origin);
  scene->rig = gst_rig_new_with_sink (NULL);
  start (scene, GPOINTER_TO_UINT (data));
  scene->noise = gst_audio_make_noise (HLS_FRAMES);
  gst_audio_write_frames (wav, scene->noise, HLS_RATE, 2);
}

static void
hls_scene_tear_down (HlsScene *scene, gconstpointer data)
{
  gst_rig_free (scene->rig);
  hls_release (scene);
  radio_server_free (scene->server);
  g_hash_table_unref (scene->origin.documents);
  g_hash_table_unref (scene->origin.faults);
  g_mutex_clear (&scene->origin.lock);
  g_cond_clear (&scene->origin.released);
  g_array_unref (scene->noise);
}

guint64
hls_load (HlsScene *scene, const char *path, gint64 offset_ms)
{
  g_autofree char *url = radio_server_url (scene->server, path);

  return gst_rig_load (scene->rig, url, offset_ms, PLAYER_LOAD_CURRENT);
}

static PlayerItem *
make_signed (HlsScene *scene, const char *path)
{
  g_autofree char *bare = radio_server_url (scene->server, path);
  g_autofree char *url = g_strdup_printf ("%s?sig=%c", bare, scene->origin.signature);
  g_autoptr (PlayerItem) plain = player_item_new (url, "token", 0, "", NULL);

  return player_item_new_source (plain, url, NULL, TRUE);
}

guint64
hls_load_signed (HlsScene *scene, const char *path)
{
  g_autoptr (PlayerItem) item = make_signed (scene, path);

  player_engine_load (scene->rig->engine, ++scene->rig->generation, item, 0, PLAYER_LOAD_CURRENT);
  return scene->rig->generation;
}

void
hls_release (HlsScene *scene)
{
  g_mutex_lock (&scene->origin.lock);
  scene->origin.release = TRUE;
  g_cond_broadcast (&scene->origin.released);
  g_mutex_unlock (&scene->origin.lock);
}

void
hls_renew (HlsScene *scene, guint64 generation, const char *path)
{
  g_autoptr (PlayerItem) item = make_signed (scene, path);

  player_engine_renew (scene->rig->engine, generation, item);
}

GArray *
hls_dup_sounding (GstRig *rig)
{
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  GArray *sounding = g_array_sized_new (FALSE, FALSE, sizeof (guint32), heard->len);

  for (guint i = 0; i < heard->len; i++)
    if (g_array_index (heard, guint32, i) != 0)
      g_array_append_val (sounding, g_array_index (heard, guint32, i));
  return sounding;
}

gint
hls_locate (GArray *heard, guint at, GArray *noise, gint from, gint to)
{
  gint best = -1;
  double most = 0.4;

  for (gint i = MAX (from, 0); i < to && i + 2000 < (gint)noise->len; i++)
    {
      g_autoptr (GArray) part = g_array_sized_new (FALSE, FALSE, sizeof (guint32), 2000);

      g_array_append_vals (part, &g_array_index (noise, guint32, i), 2000);
      const double alike = gst_audio_correlate (heard, at, part, 2000);
      if (alike > most)
        {
          most = alike;
          best = i;
        }
    }
  return best;
}

void
hls_assert_all_heard (HlsScene *scene)
{
  gst_rig_settle (scene->rig);
  g_autoptr (GArray) heard = hls_dup_sounding (scene->rig);
  const gint slack = 8 * (gint)gst_rig_count (scene->rig, PLAYER_ENGINE_UNDERRUN, 1);
  static const gint places[] = { 6000, HLS_FRAMES / 3, HLS_FRAMES / 2, HLS_FRAMES - 12000 };
  gint lead = 0;

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      const gint around = i == 0 ? HLS_LEAD_MAX : slack + 2;
      const gint found = hls_locate (heard, (guint)places[i], scene->noise,
                                     places[i] - lead - around, places[i] - lead + around);

      g_test_message ("heard at %d: %d of the noise", places[i], found);
      g_assert_cmpint (found, >=, 0);
      if (i == 0)
        lead = places[i] - found;
      g_assert_cmpint (ABS (places[i] - found - lead), <=, slack);
    }
}

static guint32
box_length (const guint8 *data)
{
  return (guint32)data[0] << 24 | (guint32)data[1] << 16 | (guint32)data[2] << 8 | data[3];
}

/* /init.mp4, /0.m4s, /1.m4s …; returns how many. */
static guint
put_fragments (HlsScene *scene)
{
  g_autofree char *out = gst_rig_path ("whole.mp4");
  g_autofree char *sink = g_strdup_printf (
      "mp4mux fragment-duration=1000 streamable=true ! filesink location=%s", out);
  gsize length;
  gsize begin = 0;
  guint n = 0;

  encode (sink);
  g_autoptr (GBytes) whole = hls_read_made ("whole.mp4");
  const guint8 *data = g_bytes_get_data (whole, &length);
  for (gsize at = 0; at + 8 <= length; at += box_length (data + at))
    {
      const gsize end = at + box_length (data + at);

      if (memcmp (data + at + 4, "moov", 4) == 0)
        hls_put_bytes (scene, "/init.mp4", g_bytes_new_from_bytes (whole, 0, end));
      else if (memcmp (data + at + 4, "moof", 4) == 0)
        begin = at;
      else if (memcmp (data + at + 4, "mdat", 4) == 0)
        {
          g_autofree char *path = g_strdup_printf ("/%u.m4s", n++);

          hls_put_bytes (scene, path, g_bytes_new_from_bytes (whole, begin, end - begin));
        }
    }
  return n;
}

void
hls_put_fmp4 (HlsScene *scene)
{
  g_autoptr (GString) text
      = g_string_new ("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n"
                      "#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MAP:URI=\"init.mp4\"\n");
  const guint n = put_fragments (scene);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "#EXTINF:%.3f,\n%u.m4s\n", i + 1 < n ? 1.0 : 0.5, i);
  g_string_append (text, "#EXT-X-ENDLIST\n");
  hls_put (scene, "/fmp4.m3u8", text->str);
}

static GBytes *
hls_encrypt (GBytes *plain, const char *key_hex, const char *iv_hex)
{
  g_autofree char *in = gst_rig_path ("plain");
  g_autofree char *out = gst_rig_path ("secret");
  const char *const command[] = { "openssl", "enc", "-aes-128-cbc", "-K", key_hex, "-iv", iv_hex,
                                  "-in",     in,    "-out",         out,  NULL };
  g_autoptr (GError) error = NULL;
  gint status = -1;

  g_file_set_contents (in, g_bytes_get_data (plain, NULL), (gssize)g_bytes_get_size (plain),
                       &error);
  g_assert_no_error (error);
  g_spawn_sync (NULL, (char **)command, NULL, G_SPAWN_SEARCH_PATH, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
  return hls_read_made ("secret");
}

void
hls_put_encrypted (HlsScene *scene)
{
  static const char key[] = "0123456789abcdef";
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n"
                                           "#EXT-X-KEY:METHOD=AES-128,URI=\"key\",IV=0x"
                                           "000102030405060708090a0b0c0d0e0f\n");

  hls_put (scene, "/private/key", key);
  for (guint i = 0; i < HLS_N_SEGMENTS; i++)
    {
      g_autofree char *name = g_strdup_printf ("/%u.aac", i);
      g_autofree char *path = g_strconcat ("/private", name, NULL);

      hls_put_bytes (scene, path,
                     hls_encrypt (g_hash_table_lookup (scene->origin.documents, name),
                                  "30313233343536373839616263646566",
                                  "000102030405060708090a0b0c0d0e0f"));
      g_string_append_printf (text, "#EXTINF:1,\n%u.aac\n", i);
    }
  g_string_append (text, "#EXT-X-ENDLIST\n");
  hls_put (scene, "/private/list.m3u8", text->str);
}

void
hls_add (const char *path, guint how, void (*test) (HlsScene *, gconstpointer))
{
  g_test_add (path, HlsScene, GUINT_TO_POINTER (how), hls_scene_set_up, test, hls_scene_tear_down);
}
