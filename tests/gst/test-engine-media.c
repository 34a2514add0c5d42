/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <string.h>

#include "player/gst/player-gst-map.h"
#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-rig.h"
#include "tests/gst/radio-server.h"

/* Formats as servers send them, decoders that are not there, and playlists. */

#define RATE 44100
#define A GST_RIG_FILE_A
#define B GST_RIG_FILE_B

/* --- a server: files by their names, and documents that the test has written --- */

typedef struct
{
  GHashTable *documents; /* (element-type utf8 utf8): path to text */
  const char *type;      /* Content-Type of files, wrong on purpose */
} Shelf;

static void
serve (const char *path, const char *headers, guint nth, GOutputStream *out, gpointer data)
{
  Shelf *shelf = data;
  const char *text = g_hash_table_lookup (shelf->documents, path);
  g_autofree char *name = gst_rig_path (strrchr (path, '/') + 1);
  g_autofree char *file = NULL;
  gsize length;

  if (text != NULL && g_str_has_prefix (text, "Location: "))
    {
      g_autofree char *head
          = g_strdup_printf ("HTTP/1.1 302 Found\r\n%s\r\nContent-Length: 0\r\n\r\n", text);

      radio_write (out, head, strlen (head));
    }
  else if (text != NULL)
    radio_send (out, "200 OK", "text/html", text, strlen (text));
  else if (g_file_get_contents (name, &file, &length, NULL))
    radio_send (out, "200 OK", shelf->type, file, length);
  else
    radio_send (out, "404 Not Found", "text/plain", "no", 2);
}

typedef struct
{
  Shelf shelf;
  RadioServer *server; /* (owned) */
  GstRig *rig;         /* (owned) */
} Fixture;

static void
set_up (Fixture *fixture, gconstpointer data)
{
  fixture->shelf.documents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  fixture->shelf.type = "text/html";
  fixture->server = radio_server_new (serve, &fixture->shelf);
  fixture->rig = gst_rig_new (TRUE);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gst_rig_free (fixture->rig);
  radio_server_free (fixture->server);
  g_hash_table_unref (fixture->shelf.documents);
}

static void
put (Fixture *fixture, const char *path, const char *text)
{
  g_hash_table_insert (fixture->shelf.documents, g_strdup (path), g_strdup (text));
}

static guint64
load (Fixture *fixture, const char *path, gint64 offset_ms, PlayerLoadMode mode)
{
  g_autofree char *url = radio_server_url (fixture->server, path);

  return gst_rig_load (fixture->rig, url, offset_ms, mode);
}

static void
assert_failed (Fixture *fixture, guint64 generation, const char *message)
{
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FAILED, generation);
  g_assert_cmpstr (g_ptr_array_index (fixture->rig->errors, fixture->rig->errors->len - 1), ==,
                   message);
}

/* --- formats --- */

static void
run (const char *description)
{
  g_autofree char *wav = gst_rig_path ("format.wav");
  g_autofree char *out = gst_rig_path ("format");
  g_autofree char *pipeline
      = g_strdup_printf ("filesrc location=%s ! wavparse ! audioconvert ! audioresample ! %s ! "
                         "filesink location=%s",
                         wav, description, out);

  gst_audio_run_pipeline (pipeline);
}

static void
run_lame (const char *one, const char *other)
{
  g_autofree char *wav = gst_rig_path ("format.wav");
  g_autofree char *out = gst_rig_path ("format");
  const char *const command[] = { LAME, "--quiet", one, other, "-t", wav, out, NULL };
  g_autoptr (GError) error = NULL;
  gint status = -1;

  g_spawn_sync (NULL, (char **)command, NULL, G_SPAWN_DEFAULT, NULL, NULL, NULL, NULL, &status,
                &error);
  g_assert_no_error (error);
  g_assert_cmpint (status, ==, 0);
}

/* A second of noise: it is all there, give or take what the codec adds, whatever the server calls it. */
static void
assert_plays (Fixture *fixture)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autofree char *url = radio_server_url (fixture->server, "/format");
  const guint64 generation = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
  const gint64 end_ms = gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, generation)->offset_ms;

  g_assert_cmpint (ABS (end_ms - 1000), <, 80);
  gst_rig_settle (rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&rig->tap);
  guint loud = 0;
  for (guint i = 0; i < heard->len; i++)
    loud += g_array_index (heard, guint32, i) != 0;
  g_assert_cmpuint (loud, >, RATE * 9 / 10);
}

static void
test_formats (Fixture *fixture, gconstpointer data)
{
  static const char *const pipelines[] = {
    "wavenc",
    "flacenc",
    "vorbisenc ! oggmux",
    "opusenc ! oggmux",
    "avenc_aac ! aacparse ! audio/mpeg,stream-format=adts",
    "avenc_aac ! mp4mux",
    "avenc_aac ! mp4mux faststart=true",
  };
  static const char *const types[] = { "text/html", "audio/mpeg", NULL };
  g_autofree char *wav = gst_rig_path ("format.wav");
  g_autoptr (GArray) noise = gst_audio_make_noise (RATE);

  gst_audio_write_frames (wav, noise, RATE, 2);
  for (guint i = 0; i < G_N_ELEMENTS (pipelines); i++)
    {
      g_test_message ("%s", pipelines[i]);
      run (pipelines[i]);
      fixture->shelf.type = types[i % G_N_ELEMENTS (types)];
      assert_plays (fixture);
    }
  run_lame ("-b", "128");
  assert_plays (fixture);
  run_lame ("-V", "4");
  assert_plays (fixture);
}

/* --- decoders that are not there --- */

static void
set_ranks (const char *const *names, guint *ranks, gboolean hidden)
{
  for (guint i = 0; names[i] != NULL; i++)
    {
      g_autoptr (GstPluginFeature) feature
          = gst_registry_lookup_feature (gst_registry_get (), names[i]);

      if (feature == NULL)
        continue;
      if (hidden)
        ranks[i] = gst_plugin_feature_get_rank (feature);
      gst_plugin_feature_set_rank (feature, hidden ? GST_RANK_NONE : ranks[i]);
    }
}

static void
assert_names_package (Fixture *fixture,
                      const char *pipeline,
                      const char *const *names,
                      const char *message)
{
  g_autofree char *wav = gst_rig_path ("format.wav");
  g_autoptr (GArray) noise = gst_audio_make_noise (RATE);
  guint ranks[8] = { 0 };

  gst_audio_write_frames (wav, noise, RATE, 2);
  run (pipeline);
  set_ranks (names, ranks, TRUE);
  const guint64 generation = load (fixture, "/format", 0, PLAYER_LOAD_CURRENT);
  assert_failed (fixture, generation, message);
  g_assert_cmpint (gst_rig_find (fixture->rig, PLAYER_ENGINE_FAILED, generation)->error_type, ==,
                   PLAYER_MEDIA_ERROR_INTERNAL_DEVICE_ERROR);
  set_ranks (names, ranks, FALSE);
}

static void
test_missing_decoder (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "avdec_aac", "avdec_aac_fixed", "faad", "fdkaacdec", NULL };

  assert_names_package (fixture, "avenc_aac ! mp4mux", names,
                        "no decoder for MPEG-4 AAC: install gstreamer1.0-libav");
}

static void
test_missing_parser (Fixture *fixture, gconstpointer data)
{
  static const char *const names[] = { "flacparse", "flacdec", "avdec_flac", NULL };

  assert_names_package (
      fixture, "flacenc", names,
      "no decoder for Free Lossless Audio Codec (FLAC): install gstreamer1.0-plugins-good");
}

/* --- playlists --- */

/* One load: begun once, ended once, and what it names sounds as one. */
static void
assert_plays_a_and_b (Fixture *fixture, guint64 generation)
{
  const gint64 end_ms = gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, generation)->offset_ms;

  g_assert_cmpint (end_ms, ==, (GST_RIG_FRAMES_A + GST_RIG_FRAMES_B) * 1000 / RATE);
  g_assert_cmpuint (gst_rig_count (fixture->rig, PLAYER_ENGINE_STARTED, generation), ==, 1);
  g_assert_cmpuint (gst_rig_count (fixture->rig, PLAYER_ENGINE_FINISHED, generation), ==, 1);
  g_assert_cmpuint (gst_rig_count (fixture->rig, PLAYER_ENGINE_FAILED, generation), ==, 0);
  gst_rig_settle (fixture->rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&fixture->rig->tap);
  guint at = gst_audio_skip_silence (heard, 0);
  at = gst_audio_assert_run (heard, at, A, 0, GST_RIG_FRAMES_A);
  at = gst_audio_assert_run (heard, at, B, 0, GST_RIG_FRAMES_B);
  gst_audio_assert_silent_end (heard, at);
}

static void
test_m3u (Fixture *fixture, gconstpointer data)
{
  put (fixture, "/lists/one", "#EXTM3U\n#EXTINF:1,One\n../a.flac\n#EXTINF:1,Two\n/b.wav\n");
  assert_plays_a_and_b (fixture, load (fixture, "/lists/one", 0, PLAYER_LOAD_CURRENT));
  g_assert_cmpuint (gst_rig_count (fixture->rig, PLAYER_ENGINE_UNDERRUN, 1), ==, 0);
}

static void
test_pls_redirected (Fixture *fixture, gconstpointer data)
{
  put (fixture, "/start?id=1", "Location: /far/away/list.php");
  put (fixture, "/far/away/list.php", "[playlist]\r\nFile2=../b.flac\r\nFile1=a.wav");
  assert_plays_a_and_b (fixture, load (fixture, "/start?id=1", 0, PLAYER_LOAD_CURRENT));
}

/* Without a head; and one that lies in a file names files. */
static void
test_plain_file (Fixture *fixture, gconstpointer data)
{
  g_autofree char *list = gst_rig_path ("plain.m3u");
  g_autofree char *url = gst_rig_url ("plain.m3u");

  g_assert_true (g_file_set_contents (list, "a.flac\nb.wav", -1, NULL));
  assert_plays_a_and_b (fixture, gst_rig_load (fixture->rig, url, 0, PLAYER_LOAD_CURRENT));
}

/* What leads back is left out, what is not there is skipped. */
/* What a file says of itself goes over the bus, but not without end. */
static void
test_long_title (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GstRig) rig = gst_rig_new (FALSE);
  g_autofree char *title = g_strnfill (100000, 'x');
  g_autofree char *source = gst_rig_path ("a.wav");
  g_autofree char *target = gst_rig_path ("talkative.flac");
  g_autofree char *pipeline
      = g_strdup_printf ("filesrc location=%s ! wavparse ! taginject tags=\"title=%s\" ! flacenc ! "
                         "filesink location=%s",
                         source, title, target);

  gst_audio_run_pipeline (pipeline);
  const guint64 one = gst_rig_load_file (rig, "talkative.flac");
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, one);
  g_assert_nonnull (rig->title);
  g_assert_cmpuint (strlen (rig->title), ==, 1000);
}

/* a.flac behind a tag of that size that has a title. */
static void
write_id3 (const char *name, gsize size)
{
  static const guint8 title[] = { 'T', 'I', 'T', '2', 0, 0, 0, 4, 0, 0, 3, 'B', 'i', 'g' };
  g_autofree char *source = gst_rig_path ("a.flac");
  g_autofree char *target = gst_rig_path (name);
  g_autofree char *audio = NULL;
  gsize length;

  g_assert_true (g_file_get_contents (source, &audio, &length, NULL));
  g_autofree guint8 *data = g_malloc0 (10 + size + length);
  memcpy (data, "ID3\4", 4);
  for (guint i = 0; i < 4; i++)
    data[6 + i] = (guint8)(size >> (21 - 7 * i) & 0x7f);
  memcpy (data + 10, title, sizeof title);
  memcpy (data + 10 + size, audio, length);
  g_assert_true (
      g_file_set_contents (target, (const char *)data, (gssize)(10 + size + length), NULL));
}

/* A tag is held in memory, so it may not be of any size; the audio behind it plays all the same. */
static void
test_large_tag (Fixture *fixture, gconstpointer data)
{
  static const gsize sizes[] = { 1 << 20, 17 << 20 };

  for (guint i = 0; i < G_N_ELEMENTS (sizes); i++)
    {
      g_autoptr (GstRig) rig = gst_rig_new (FALSE);
      write_id3 ("tagged.flac", sizes[i]);
      const guint64 one = gst_rig_load_file (rig, "tagged.flac");
      gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, one);
      g_assert_cmpuint (gst_tap_count (&rig->tap), >=, GST_RIG_FRAMES_A);
      g_assert_cmpstr (rig->title, ==, i == 0 ? "Big" : "tagged.flac");
    }
}

static void
test_nested (Fixture *fixture, gconstpointer data)
{
  put (fixture, "/one.pls", "[playlist]\nFile1=two.m3u\nFile2=missing.mp3\nFile3=b.wav\n");
  put (fixture, "/two.m3u", "#EXTM3U\none.pls\ntwo.m3u\nthree.m3u\n");
  put (fixture, "/three.m3u", "#EXTM3U\n/one.pls\na.wav\n");
  assert_plays_a_and_b (fixture, load (fixture, "/one.pls", 0, PLAYER_LOAD_CURRENT));
}

static void
test_deep (Fixture *fixture, gconstpointer data)
{
  for (guint i = 0; i < 7; i++)
    {
      g_autofree char *path = g_strdup_printf ("/%u.m3u", i);
      g_autofree char *text = g_strdup_printf ("#EXTM3U\n%u.m3u\n", i + 1);

      put (fixture, path, text);
    }
  assert_failed (fixture, load (fixture, "/0.m3u", 0, PLAYER_LOAD_CURRENT),
                 "More than 5 playlists lie in one another");
  put (fixture, "/loop.m3u", "#EXTM3U\nloop.m3u\n");
  assert_failed (fixture, load (fixture, "/loop.m3u", 0, PLAYER_LOAD_CURRENT),
                 "The playlist leads back to itself");
  put (fixture, "/file.m3u", "#EXTM3U\nfile:///etc/passwd\n");
  assert_failed (fixture, load (fixture, "/file.m3u", 0, PLAYER_LOAD_CURRENT),
                 "The playlist leads to what may not be opened from there");
  put (fixture, "/empty.pls", "[playlist]\nNumberOfEntries=0\n");
  assert_failed (fixture, load (fixture, "/empty.pls", 0, PLAYER_LOAD_CURRENT),
                 "The playlist names nothing");
  g_assert_cmpint (gst_rig_find (fixture->rig, PLAYER_ENGINE_FAILED, 4)->error_type, ==,
                   PLAYER_MEDIA_ERROR_INVALID_REQUEST);
}

/* Mirrors: the first that plays does; if none does, the first says why. */
static void
test_mirrors (Fixture *fixture, gconstpointer data)
{
  put (fixture, "/mirrors.pls",
       "[playlist]\nFile1=gone\nFile2=a.wav\nFile3=gone.too\nFile4=b.wav\n");
  assert_plays_a_and_b (fixture, load (fixture, "/mirrors.pls", 0, PLAYER_LOAD_CURRENT));
  put (fixture, "/broken.pls", "[playlist]\nFile1=gone\nFile2=broken.m3u\n");
  assert_failed (fixture, load (fixture, "/broken.pls", 0, PLAYER_LOAD_CURRENT), "HTTP 404");
}

/* As the next one: between other streams, without a gap. */
static void
test_between (Fixture *fixture, gconstpointer data)
{
  put (fixture, "/list.m3u", "#EXTM3U\na.wav\nb.flac\n");
  const guint64 one = load (fixture, "/b.wav", 0, PLAYER_LOAD_CURRENT);
  const guint64 two = load (fixture, "/list.m3u", 0, PLAYER_LOAD_NEXT);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_STARTED, two);
  const guint64 three = load (fixture, "/a.flac", 0, PLAYER_LOAD_NEXT);

  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, three);
  g_assert_cmpuint (gst_rig_count (fixture->rig, PLAYER_ENGINE_FINISHED, one), ==, 1);
  g_assert_cmpuint (gst_rig_count (fixture->rig, PLAYER_ENGINE_FINISHED, two), ==, 1);
  gst_rig_settle (fixture->rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&fixture->rig->tap);
  guint at = gst_audio_skip_silence (heard, 0);
  at = gst_audio_assert_run (heard, at, B, 0, GST_RIG_FRAMES_B);
  at = gst_audio_assert_run (heard, at, A, 0, GST_RIG_FRAMES_A);
  at = gst_audio_assert_run (heard, at, B, 0, GST_RIG_FRAMES_B);
  gst_audio_assert_run (heard, at, A, 0, GST_RIG_FRAMES_A);
}

/* An offset goes on into the entries: here 300 ms into the second. */
static void
test_offset (Fixture *fixture, gconstpointer data)
{
  const gint64 second = 300;
  const gint64 offset_ms = GST_RIG_FRAMES_A * 1000 / RATE + second;

  put (fixture, "/list.m3u", "#EXTM3U\na.wav\nb.flac\n");
  const guint64 generation = load (fixture, "/list.m3u", offset_ms, PLAYER_LOAD_CURRENT);
  g_assert_cmpint (gst_rig_wait (fixture->rig, PLAYER_ENGINE_STARTED, generation)->offset_ms, ==,
                   offset_ms);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, generation);
  gst_rig_settle (fixture->rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&fixture->rig->tap);
  const guint at = gst_audio_skip_silence (heard, 0);
  const guint32 code = g_array_index (heard, guint32, at);
  const guint found = (code & 0xffff) | (code >> 16 & 0xff) << 16;
  const gint first = (gint)player_gst_ms_to_frames (offset_ms, RATE) - GST_RIG_FRAMES_A;

  /* How long an entry is, is known to the millisecond. */
  g_assert_cmpint (ABS ((gint)found - first), <=, RATE / 1000);
  gst_audio_assert_silent_end (heard, gst_audio_assert_run (heard, at, B, found, GST_RIG_FRAMES_B));
}

/* --- titles --- */

static void
assert_titled (Fixture *fixture, const char *path, const char *title)
{
  const guint64 generation = load (fixture, path, 0, PLAYER_LOAD_CURRENT);

  gst_rig_wait (fixture->rig, PLAYER_ENGINE_TAGS, generation);
  g_assert_cmpstr (fixture->rig->title, ==, title);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, generation);
}

static void
test_untitled (Fixture *fixture, gconstpointer data)
{
  g_autofree char *wav = gst_rig_path ("a.wav");
  g_autofree char *named = gst_rig_path ("A tr\xc3\xa4"
                                         "ck.wav");
  g_autofree char *bytes = NULL;
  gsize length;

  put (fixture, "/rock%2Froll%20%21.wav?token=secret", "Location: /a.wav");
  assert_titled (fixture, "/rock%2Froll%20%21.wav?token=secret", "rock/roll !.wav");
  put (fixture, "/l.m3u", "#EXTM3U\n#EXTINF:1,The Title\na.wav\n");
  assert_titled (fixture, "/l.m3u", "The Title");
  put (fixture, "/", "Location: /a.wav");
  assert_titled (fixture, "/", "127.0.0.1");
  g_assert_true (g_file_get_contents (wav, &bytes, &length, NULL));
  g_assert_true (g_file_set_contents (named, bytes, (gssize)length, NULL));
  g_autofree char *url = g_filename_to_uri (named, NULL, NULL);
  const guint64 generation = gst_rig_load (fixture->rig, url, 0, PLAYER_LOAD_CURRENT);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_TAGS, generation);
  g_assert_cmpstr (fixture->rig->title, ==,
                   "A tr\xc3\xa4"
                   "ck.wav");
}

/* What Icecast sends as Ogg: one stream behind the other, each with tags of its own. */
static void
test_chained_ogg (Fixture *fixture, gconstpointer data)
{
  g_autofree char *wav = gst_rig_path ("format.wav");
  g_autofree char *out = gst_rig_path ("format");
  g_autoptr (GByteArray) chain = g_byte_array_new ();
  g_autoptr (GArray) noise = gst_audio_make_noise (RATE);

  gst_audio_write_frames (wav, noise, RATE, 2);
  for (guint i = 0; i < 2; i++)
    {
      g_autofree char *pipeline = g_strdup_printf (
          "taginject tags=\"title=%s\" ! vorbisenc ! oggmux", i == 0 ? "First" : "Second");
      g_autofree char *bytes = NULL;
      gsize length;

      run (pipeline);
      g_assert_true (g_file_get_contents (out, &bytes, &length, NULL));
      g_byte_array_append (chain, (const guint8 *)bytes, (guint)length);
    }
  g_assert_true (g_file_set_contents (out, (const char *)chain->data, chain->len, NULL));
  const guint64 generation = load (fixture, "/format", 0, PLAYER_LOAD_CURRENT);
  gst_rig_wait (fixture->rig, PLAYER_ENGINE_TAGS, generation);
  g_assert_cmpstr (fixture->rig->title, ==, "First");
  const gint64 end_ms = gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, generation)->offset_ms;
  g_test_message ("ends at %d ms, last title %s", (int)end_ms, fixture->rig->title);
  g_assert_cmpint (ABS (end_ms - 2000), <, 20);
  g_assert_cmpstr (fixture->rig->title, ==, "Second");
}

static void
add (const char *path, void (*test) (Fixture *, gconstpointer))
{
  g_test_add (path, Fixture, NULL, set_up, test, tear_down);
}

static void
add_tests (void)
{
  add ("/media/formats", test_formats);
  add ("/media/missing/decoder", test_missing_decoder);
  add ("/media/missing/parser", test_missing_parser);
  add ("/media/playlist/m3u", test_m3u);
  add ("/media/playlist/pls", test_pls_redirected);
  add ("/media/playlist/plain", test_plain_file);
  add ("/media/playlist/nested", test_nested);
  add ("/media/long-title", test_long_title);
  add ("/media/large-tag", test_large_tag);
  add ("/media/playlist/deep", test_deep);
  add ("/media/playlist/mirrors", test_mirrors);
  add ("/media/playlist/between", test_between);
  add ("/media/playlist/offset", test_offset);
  add ("/media/chained", test_chained_ogg);
  add ("/media/untitled", test_untitled);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}
