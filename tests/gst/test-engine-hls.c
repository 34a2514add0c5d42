/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <string.h>

#include "player/gst/player-gst-map.h"
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-rig.h"
#include "tests/gst/radio-server.h"

/* HTTP Live Streaming (RFC 8216). The audio is one piece of noise in pieces; what is heard is compared
 * with it. AAC begins with up to two packets that are not in the noise. */

#define RATE 44100
#define PACKET 1024
#define SEGMENT_PACKETS 43
#define N_SEGMENTS 5
#define FRAMES (SEGMENT_PACKETS * N_SEGMENTS * PACKET)
#define MS (FRAMES * 1000LL / RATE)
#define LEAD_MAX (3 * PACKET)

typedef struct
{
  GMutex lock;
  GHashTable *documents; /* (element-type utf8 GBytes): path to what lies there, under the lock */
  GHashTable *faults;    /* (element-type utf8 utf8): path to a status; "once " before it */
  guint without_key;     /* requests for /private/ without the header, under the lock */
  guint window;          /* > 0: /live.m3u8 shows so many segments, one more with each request */
  gboolean ended;        /* … and comes to an end */
  guint vanishes;        /* > 0: … and is not there any more from that request on */
  GCond released;        /* whoever asks for /hang waits for it, under the lock */
  gboolean release;
} Origin;

static char *
make_live (Origin *origin, guint nth)
{
  GString *text = g_string_new ("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n");
  const guint end = MIN (nth + origin->window, N_SEGMENTS);
  const guint first = end - origin->window;

  g_string_append_printf (text, "#EXT-X-MEDIA-SEQUENCE:%u\n", first);
  for (guint i = first; i < end; i++)
    g_string_append_printf (text, "#EXTINF:%.6f,\n/%u.aac\n",
                            SEGMENT_PACKETS * PACKET / (double)RATE, i);
  if (origin->ended && end == N_SEGMENTS)
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

static void
serve (const char *path, const char *headers, guint nth, GOutputStream *out, gpointer data)
{
  Origin *origin = data;

  g_mutex_lock (&origin->lock);
  const char *fault = g_hash_table_lookup (origin->faults, path);
  GBytes *found = g_hash_table_lookup (origin->documents, path);
  g_autoptr (GBytes) bytes = found != NULL ? g_bytes_ref (found) : NULL;
  if (g_str_has_prefix (path, "/private/") && strstr (headers, "X-Key: secret") == NULL)
    origin->without_key++;
  if (origin->window > 0 && g_str_equal (path, "/live.m3u8"))
    {
      char *text = make_live (origin, nth);

      bytes = g_bytes_new_take (text, strlen (text));
      if (origin->vanishes > 0 && nth >= origin->vanishes)
        fault = "410 Gone";
    }
  while (g_str_equal (path, "/hang") && !origin->release)
    g_cond_wait (&origin->released, &origin->lock);
  g_mutex_unlock (&origin->lock);
  if (fault != NULL && g_str_has_prefix (fault, "once "))
    fault = nth == 0 ? fault + strlen ("once ") : NULL;
  if (fault != NULL || bytes == NULL)
    radio_send (out, fault != NULL ? fault : "404 Not Found", NULL, "", 0);
  else
    send_range (out, headers, bytes);
}

typedef struct
{
  Origin origin;
  RadioServer *server; /* (owned) */
  GstRig *rig;         /* (owned) */
  GArray *noise;       /* (owned) (element-type guint32) */
} Fixture;

static void
put_bytes (Fixture *fixture, const char *path, GBytes *bytes)
{
  g_mutex_lock (&fixture->origin.lock);
  g_hash_table_insert (fixture->origin.documents, g_strdup (path), bytes);
  g_mutex_unlock (&fixture->origin.lock);
}

static void
put (Fixture *fixture, const char *path, const char *text)
{
  put_bytes (fixture, path, g_bytes_new (text, strlen (text)));
}

static GBytes *
read_made (const char *name)
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

static void
put_ts (Fixture *fixture, const char *folder)
{
  g_autofree char *segments = gst_rig_path ("%u.ts");
  g_autofree char *playlist = gst_rig_path ("vod.m3u8");
  g_autofree char *list = g_strconcat (folder, "vod.m3u8", NULL);
  g_autofree char *sink
      = g_strdup_printf ("hlssink2 target-duration=1 max-files=0 playlist-length=0 "
                         "location=%s playlist-location=%s",
                         segments, playlist);

  encode (sink);
  put_bytes (fixture, list, read_made ("vod.m3u8"));
  for (guint i = 0; i < N_SEGMENTS + 1; i++)
    {
      g_autofree char *name = g_strdup_printf ("%u.ts", i);
      g_autofree char *path = g_strconcat (folder, name, NULL);
      g_autofree char *made = gst_rig_path (name);

      if (g_file_test (made, G_FILE_TEST_EXISTS))
        put_bytes (fixture, path, read_made (name));
    }
}

/* /0.aac, /1.aac … : the noise as ADTS packets, which may be cut between any two. */
static void
put_adts (Fixture *fixture)
{
  g_autofree char *out = gst_rig_path ("whole.aac");
  g_autofree char *sink
      = g_strdup_printf ("audio/mpeg,stream-format=adts ! filesink location=%s", out);

  encode (sink);
  g_autoptr (GBytes) whole = read_made ("whole.aac");
  gsize length;
  const guint8 *data = g_bytes_get_data (whole, &length);
  gsize begin = 0;
  gsize at = 0;
  for (guint packet = 1; at + 7 <= length; packet++)
    {
      at += (gsize)(data[at + 3] & 3) << 11 | (gsize)data[at + 4] << 3 | data[at + 5] >> 5;
      const guint segment = packet / SEGMENT_PACKETS;
      if ((packet % SEGMENT_PACKETS == 0 && segment < N_SEGMENTS) || at == length)
        {
          g_autofree char *path = g_strdup_printf ("/%u.aac", MIN (segment, N_SEGMENTS) - 1);

          put_bytes (fixture, path, g_bytes_new_from_bytes (whole, begin, at - begin));
          begin = at;
        }
    }
}

static void
put_vod (Fixture *fixture, const char *path, const char *head, const char *extension)
{
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n#EXT-X-VERSION:6\n#EXT-X-TARGETDURATION:1\n"
                                           "#EXT-X-PLAYLIST-TYPE:VOD\n");

  g_string_append (text, head);
  for (guint i = 0; i < N_SEGMENTS; i++)
    g_string_append_printf (text, "#EXTINF:%.6f,\n/%u.%s\n",
                            SEGMENT_PACKETS * PACKET / (double)RATE, i, extension);
  g_string_append (text, "#EXT-X-ENDLIST\n");
  put (fixture, path, text->str);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *wav = gst_rig_path ("noise.wav");

  g_mutex_init (&fixture->origin.lock);
  g_cond_init (&fixture->origin.released);
  fixture->origin.documents
      = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_bytes_unref);
  fixture->origin.faults = g_hash_table_new (g_str_hash, g_str_equal);
  fixture->server = radio_server_new (serve, &fixture->origin);
  fixture->rig = gst_rig_new (data != NULL);
  fixture->noise = gst_audio_make_noise (FRAMES);
  gst_audio_write_frames (wav, fixture->noise, RATE, 2);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gst_rig_free (fixture->rig);
  g_mutex_lock (&fixture->origin.lock);
  fixture->origin.release = TRUE;
  g_cond_broadcast (&fixture->origin.released);
  g_mutex_unlock (&fixture->origin.lock);
  radio_server_free (fixture->server);
  g_hash_table_unref (fixture->origin.documents);
  g_hash_table_unref (fixture->origin.faults);
  g_mutex_clear (&fixture->origin.lock);
  g_cond_clear (&fixture->origin.released);
  g_array_unref (fixture->noise);
}

static guint64
load (Fixture *fixture, const char *path, gint64 offset_ms)
{
  g_autofree char *url = radio_server_url (fixture->server, path);

  return gst_rig_load (fixture->rig, url, offset_ms, PLAYER_LOAD_CURRENT);
}

/* Without the silences of underruns, which a busy machine may have. */
static GArray *
dup_sounding (GstRig *rig)
{
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  GArray *sounding = g_array_sized_new (FALSE, FALSE, sizeof (guint32), heard->len);

  for (guint i = 0; i < heard->len; i++)
    if (g_array_index (heard, guint32, i) != 0)
      g_array_append_val (sounding, g_array_index (heard, guint32, i));
  return sounding;
}

/* Where in the noise lies what was heard at @at? */
static gint
locate (GArray *heard, guint at, GArray *noise, gint from, gint to)
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

/* All of the noise was heard: its begin, its middle and its end lie at the same distance, but for
 * frames that an underrun has faded to nothing. */
static void
assert_all_heard (Fixture *fixture)
{
  gst_rig_settle (fixture->rig);
  g_autoptr (GArray) heard = dup_sounding (fixture->rig);
  const gint slack = 8 * (gint)gst_rig_count (fixture->rig, PLAYER_ENGINE_UNDERRUN, 1);
  static const gint places[] = { 6000, FRAMES / 3, FRAMES / 2, FRAMES - 12000 };
  gint lead = 0;

  for (guint i = 0; i < G_N_ELEMENTS (places); i++)
    {
      const gint around = i == 0 ? LEAD_MAX : slack + 2;
      const gint found = locate (heard, (guint)places[i], fixture->noise, places[i] - lead - around,
                                 places[i] - lead + around);

      g_test_message ("heard at %d: %d of the noise", places[i], found);
      g_assert_cmpint (found, >=, 0);
      if (i == 0)
        lead = places[i] - found;
      g_assert_cmpint (ABS (places[i] - found - lead), <=, slack);
    }
}

static void
test_ts (Fixture *fixture, gconstpointer data)
{
  put_ts (fixture, "/");
  const guint64 generation = load (fixture, "/vod.m3u8", 0);
  const gint64 end_ms = gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, generation)->offset_ms;

  g_assert_cmpint (ABS (end_ms - MS), <, 100);
  assert_all_heard (fixture);
}

static void
test_packed (Fixture *fixture, gconstpointer data)
{
  put_adts (fixture);
  put_vod (fixture, "/vod.m3u8", "", "aac");
  const guint64 generation = load (fixture, "/vod.m3u8", 0);

  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, generation);
  assert_all_heard (fixture);
}

/* --- fragmented MP4 --- */

static guint32
box_length (const guint8 *data)
{
  return (guint32)data[0] << 24 | (guint32)data[1] << 16 | (guint32)data[2] << 8 | data[3];
}

/* /init.mp4, /0.m4s, /1.m4s …; returns how many. */
static guint
put_fragments (Fixture *fixture)
{
  g_autofree char *out = gst_rig_path ("whole.mp4");
  g_autofree char *sink = g_strdup_printf (
      "mp4mux fragment-duration=1000 streamable=true ! filesink location=%s", out);
  gsize length;
  gsize begin = 0;
  guint n = 0;

  encode (sink);
  g_autoptr (GBytes) whole = read_made ("whole.mp4");
  const guint8 *data = g_bytes_get_data (whole, &length);
  for (gsize at = 0; at + 8 <= length; at += box_length (data + at))
    {
      const gsize end = at + box_length (data + at);

      if (memcmp (data + at + 4, "moov", 4) == 0)
        put_bytes (fixture, "/init.mp4", g_bytes_new_from_bytes (whole, 0, end));
      else if (memcmp (data + at + 4, "moof", 4) == 0)
        begin = at;
      else if (memcmp (data + at + 4, "mdat", 4) == 0)
        {
          g_autofree char *path = g_strdup_printf ("/%u.m4s", n++);

          put_bytes (fixture, path, g_bytes_new_from_bytes (whole, begin, end - begin));
        }
    }
  return n;
}

/* --- offsets --- */

/* Where the noise begins to be heard when @path is played from each of some offsets: how many frames
 * before (< 0) or behind where the noise itself says. */
static void
assert_offsets (Fixture *fixture, const char *path, gint earliest, gint latest)
{
  static const gint64 offsets_ms[] = { 500, 1300, 2500, 3821 };

  for (guint i = 0; i < G_N_ELEMENTS (offsets_ms); i++)
    {
      g_autofree char *url = radio_server_url (fixture->server, path);
      g_autoptr (GstRig) rig = gst_rig_new (FALSE);
      const guint64 generation = gst_rig_load (rig, url, offsets_ms[i], PLAYER_LOAD_CURRENT);

      g_assert_cmpint (gst_rig_wait (rig, PLAYER_ENGINE_STARTED, generation)->offset_ms, ==,
                       offsets_ms[i]);
      g_assert_true (gst_rig_find (rig, PLAYER_ENGINE_DURATION, generation)->seekable);
      gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, generation);
      g_autoptr (GArray) heard = dup_sounding (rig);
      const gint due = (gint)player_gst_ms_to_frames (offsets_ms[i], RATE);
      const gint found
          = locate (heard, 4000, fixture->noise, due + 4000 - LEAD_MAX, due + 4000 + LEAD_MAX);

      g_test_message ("%s at %d: %d frames off", path, due, found - due - 4000);
      g_assert_cmpint (found - due - 4000, >=, earliest);
      g_assert_cmpint (found - due - 4000, <=, latest);
    }
}

/* The labels of TS hang on its clock, which is told every so often: exact to a packet. Of the encoder's
 * delay, which is a packet, it says nothing. */
static void
test_offset (Fixture *fixture, gconstpointer data)
{
  put_ts (fixture, "/");
  assert_offsets (fixture, "/vod.m3u8", -PACKET, 1);
}

static void
test_offset_packed (Fixture *fixture, gconstpointer data)
{
  put_adts (fixture);
  put_vod (fixture, "/vod.m3u8", "", "aac");
  assert_offsets (fixture, "/vod.m3u8", -PACKET - 1, -PACKET + 1);
}

static void
put_fmp4 (Fixture *fixture)
{
  g_autoptr (GString) text
      = g_string_new ("#EXTM3U\n#EXT-X-VERSION:7\n#EXT-X-TARGETDURATION:2\n"
                      "#EXT-X-PLAYLIST-TYPE:VOD\n#EXT-X-MAP:URI=\"init.mp4\"\n");
  const guint n = put_fragments (fixture);

  for (guint i = 0; i < n; i++)
    g_string_append_printf (text, "#EXTINF:%.3f,\n%u.m4s\n", i + 1 < n ? 1.0 : 0.5, i);
  g_string_append (text, "#EXT-X-ENDLIST\n");
  put (fixture, "/fmp4.m3u8", text->str);
}

static void
test_fmp4 (Fixture *fixture, gconstpointer data)
{
  put_fmp4 (fixture);
  const guint64 generation = load (fixture, "/fmp4.m3u8", 0);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, generation);
  assert_all_heard (fixture);
}

static void
test_offset_fmp4 (Fixture *fixture, gconstpointer data)
{
  put_fmp4 (fixture);
  assert_offsets (fixture, "/fmp4.m3u8", -PACKET - 1, -PACKET + 1);
}

static void
test_seek (Fixture *fixture, gconstpointer data)
{
  put_ts (fixture, "/");
  const guint64 generation = load (fixture, "/vod.m3u8", 0);

  gst_rig_wait (fixture->rig, PLAYER_ENGINE_STARTED, generation);
  player_engine_seek (fixture->rig->engine, generation, 4000);
  g_assert_cmpint (gst_rig_wait (fixture->rig, PLAYER_ENGINE_SEEKED, generation)->offset_ms, ==,
                   4000);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, generation);
}

/* --- what playlists may say --- */

static void
test_master (Fixture *fixture, gconstpointer data)
{
  put_adts (fixture);
  put_vod (fixture, "/sound/vod.m3u8", "", "aac");
  put (fixture, "/master.m3u8",
       "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=5000000,CODECS=\"avc1.640028,mp4a.40.2\"\n"
       "picture/vod.m3u8\n#EXT-X-STREAM-INF:BANDWIDTH=200000,CODECS=\"mp4a.40.2\"\n"
       "sound/vod.m3u8\n");
  const guint64 generation = load (fixture, "/master.m3u8", 0);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, generation);
  assert_all_heard (fixture);
  g_assert_cmpuint (radio_server_count (fixture->server, "/picture/vod.m3u8"), ==, 0);
  g_assert_cmpstr (fixture->rig->title, ==, "master.m3u8");
}

static GBytes *
encrypt (GBytes *plain, const char *key_hex, const char *iv_hex)
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
  return read_made ("secret");
}

/* With the item's headers for playlist, segments and key, as they have the same origin. */
static void
test_encrypted (Fixture *fixture, gconstpointer data)
{
  static const char *const headers[] = { "X-Key", "secret", NULL };
  static const char key[] = "0123456789abcdef";
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n"
                                           "#EXT-X-KEY:METHOD=AES-128,URI=\"key\",IV=0x"
                                           "000102030405060708090a0b0c0d0e0f\n");

  put_adts (fixture);
  put (fixture, "/private/key", key);
  for (guint i = 0; i < N_SEGMENTS; i++)
    {
      g_autofree char *name = g_strdup_printf ("/%u.aac", i);
      g_autofree char *path = g_strconcat ("/private", name, NULL);

      put_bytes (fixture, path,
                 encrypt (g_hash_table_lookup (fixture->origin.documents, name),
                          "30313233343536373839616263646566", "000102030405060708090a0b0c0d0e0f"));
      g_string_append_printf (text, "#EXTINF:1,\n%u.aac\n", i);
    }
  g_string_append (text, "#EXT-X-ENDLIST\n");
  put (fixture, "/private/list.m3u8", text->str);
  g_autofree char *url = radio_server_url (fixture->server, "/private/list.m3u8");
  g_autoptr (PlayerItem) plain = player_item_new (url, "token", 0, "", NULL);
  g_autoptr (PlayerItem) item = player_item_new_source (plain, url, headers, FALSE);
  player_engine_load (fixture->rig->engine, ++fixture->rig->generation, item, 0,
                      PLAYER_LOAD_CURRENT);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, fixture->rig->generation);
  assert_all_heard (fixture);
  g_assert_cmpuint (fixture->origin.without_key, ==, 0);
}

/* Two pieces, each with times of its own. */
static void
test_discontinuity (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n#EXT-X-VERSION:3\n#EXT-X-TARGETDURATION:1\n");

  put_ts (fixture, "/");
  for (guint i = 0; i < 4; i++)
    g_string_append_printf (text, "%s#EXTINF:0.998,\n%u.ts\n",
                            i == 2 ? "#EXT-X-DISCONTINUITY\n" : "", i % 2);
  g_string_append (text, "#EXT-X-ENDLIST\n");
  put (fixture, "/twice.m3u8", text->str);
  const guint64 generation = load (fixture, "/twice.m3u8", 0);
  const gint64 end_ms = gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, generation)->offset_ms;

  g_assert_cmpint (ABS (end_ms - 3990), <, 150);
  gst_rig_settle (fixture->rig);
  g_autoptr (GArray) heard = dup_sounding (fixture->rig);
  const guint begin = 0;
  const gint second = 2 * SEGMENT_PACKETS * PACKET;
  g_assert_cmpint (
      locate (heard, begin + 10000, fixture->noise, 10000 - LEAD_MAX, 10000 + LEAD_MAX), >=, 0);
  g_assert_cmpint (locate (heard, begin + (guint)second + 10000, fixture->noise,
                           10000 - 3 * LEAD_MAX, 10000 + 3 * LEAD_MAX),
                   >=, 0);
}

/* --- live --- */

static void
test_live (Fixture *fixture, gconstpointer data)
{
  put_adts (fixture);
  fixture->origin.window = 3;
  fixture->origin.ended = TRUE;
  const guint64 generation = load (fixture, "/live.m3u8", 2500); /* an offset means nothing */
  g_assert_cmpint (gst_rig_wait (fixture->rig, PLAYER_ENGINE_STARTED, generation)->offset_ms, ==,
                   0);
  const PlayerEngineEvent *told = gst_rig_find (fixture->rig, PLAYER_ENGINE_DURATION, generation);
  g_assert_cmpint (told->duration_ms, ==, -1);
  g_assert_false (told->seekable);
  g_assert_cmpuint (gst_rig_count (fixture->rig, PLAYER_ENGINE_BUFFERED, generation), ==, 0);
  /* It ends when the playlist says so. */
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, generation);
}

static void
test_live_dropped (Fixture *fixture, gconstpointer data)
{
  put_adts (fixture);
  fixture->origin.window = 3;
  const guint64 generation = load (fixture, "/live.m3u8", 0);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_STARTED, generation);
  player_engine_stop (fixture->rig->engine);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_SILENCED, generation);
}

/* --- faults --- */

static void
test_faults (Fixture *fixture, gconstpointer data)
{
  put_adts (fixture);
  put_vod (fixture, "/vod.m3u8", "", "aac");
  put_vod (fixture, "/again.m3u8", "", "aac");
  g_hash_table_insert (fixture->origin.faults, (char *)"/3.aac", (char *)"503 Busy");
  const guint64 one = load (fixture, "/vod.m3u8", 0);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FAILED, one);
  g_assert_cmpstr (g_ptr_array_index (fixture->rig->errors, 0), ==, "HTTP 503");
  g_assert_cmpint (gst_rig_find (fixture->rig, PLAYER_ENGINE_FAILED, one)->error_type, ==,
                   PLAYER_MEDIA_ERROR_SERVICE_UNAVAILABLE);
}

/* What is had at the second try is all there. */
static void
test_fault_once (Fixture *fixture, gconstpointer data)
{
  put_adts (fixture);
  put_vod (fixture, "/vod.m3u8", "", "aac");
  g_hash_table_insert (fixture->origin.faults, (char *)"/2.aac", (char *)"once 503 Busy");
  const guint64 generation = load (fixture, "/vod.m3u8", 0);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, generation);
  assert_all_heard (fixture);
}

static void
test_vanished (Fixture *fixture, gconstpointer data)
{
  put_adts (fixture);
  fixture->origin.window = 3;
  fixture->origin.vanishes = 2;
  const guint64 one = load (fixture, "/live.m3u8", 0);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FAILED, one);
  g_assert_cmpuint (gst_rig_count (fixture->rig, PLAYER_ENGINE_STARTED, one), ==, 1);
  g_assert_cmpstr (g_ptr_array_index (fixture->rig->errors, 0), ==, "HTTP 410");
}

/* A server that does not answer holds nobody up: not for a segment, not for a key. */
static void
test_hung (Fixture *fixture, gconstpointer data)
{
  put_adts (fixture);
  put (fixture, "/segment.m3u8",
       "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\n0.aac\n#EXTINF:1,\nhang\n#EXT-X-ENDLIST\n");
  put (fixture, "/key.m3u8",
       "#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXT-X-KEY:METHOD=AES-128,URI=\"hang\"\n#EXTINF:1,\n"
       "0.aac\n#EXT-X-ENDLIST\n");
  put (fixture, "/list.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhang\n");
  const guint64 one = load (fixture, "/segment.m3u8", 0);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_UNDERRUN, one);
  load (fixture, "/key.m3u8", 0);
  gst_rig_run (fixture->rig, 300);
  load (fixture, "/list.m3u8", 0);
  gst_rig_run (fixture->rig, 300);
  const gint64 begin_us = g_get_monotonic_time ();
  player_engine_stop (fixture->rig->engine);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, G_USEC_PER_SEC);
  g_assert_nonnull (gst_rig_find (fixture->rig, PLAYER_ENGINE_SILENCED, one));
  /* What is left to the end of the engine is torn down, or it says so: a warning, which is fatal. */
}

/* All segments lie in one file. */
static void
test_byterange (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GString) text = g_string_new ("#EXTM3U\n#EXT-X-VERSION:4\n#EXT-X-TARGETDURATION:1\n");
  gsize at = 0;

  put_adts (fixture);
  put_bytes (fixture, "/whole.aac", read_made ("whole.aac"));
  for (guint i = 0; i < N_SEGMENTS; i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u.aac", i);
      const gsize length = g_bytes_get_size (g_hash_table_lookup (fixture->origin.documents, path));

      g_string_append_printf (text, "#EXTINF:1,\n#EXT-X-BYTERANGE:%u@%u\nwhole.aac\n",
                              (guint)length, (guint)at);
      at += length;
    }
  g_string_append (text, "#EXT-X-ENDLIST\n");
  put (fixture, "/ranges.m3u8", text->str);
  const guint64 generation = load (fixture, "/ranges.m3u8", 0);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, generation);
  assert_all_heard (fixture);
}

static void
test_no_variant (Fixture *fixture, gconstpointer data)
{
  put (fixture, "/master.m3u8", "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=200000\nsound/vod.m3u8\n");
  const guint64 one = load (fixture, "/master.m3u8", 0);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FAILED, one);
  g_assert_cmpstr (g_ptr_array_index (fixture->rig->errors, 0), ==, "HTTP 404");
  g_assert_cmpint (gst_rig_find (fixture->rig, PLAYER_ENGINE_FAILED, one)->error_type, ==,
                   PLAYER_MEDIA_ERROR_INVALID_REQUEST);
}

/* @real_time: at the pace of a sound card, not as fast as can be. */
static void
add (const char *path, gboolean real_time, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, GINT_TO_POINTER (real_time), set_up, test, tear_down);
}

static void
add_tests (void)
{
  add ("/hls/ts", TRUE, test_ts);
  add ("/hls/packed", FALSE, test_packed);
  add ("/hls/fmp4", FALSE, test_fmp4);
  add ("/hls/offset/ts", FALSE, test_offset);
  add ("/hls/offset/packed", FALSE, test_offset_packed);
  add ("/hls/offset/fmp4", FALSE, test_offset_fmp4);
  add ("/hls/seek", TRUE, test_seek);
  add ("/hls/master", FALSE, test_master);
  add ("/hls/encrypted", FALSE, test_encrypted);
  add ("/hls/discontinuity", FALSE, test_discontinuity);
  add ("/hls/live", TRUE, test_live);
  add ("/hls/live/stopped", TRUE, test_live_dropped);
  add ("/hls/fault/segment", FALSE, test_faults);
  add ("/hls/fault/once", FALSE, test_fault_once);
  add ("/hls/byterange", FALSE, test_byterange);
  add ("/hls/live/vanished", TRUE, test_vanished);
  add ("/hls/hung", TRUE, test_hung);
  add ("/hls/fault/variant", FALSE, test_no_variant);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}
