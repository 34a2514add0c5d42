/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <gio/gio.h>
#include <string.h>

#include "player/gst/player-gst-load.h"
#include "player/gst/player-gst-playlist.h"

/* Reads @text as if it came from @base; the entries as "URL|title|duration in ms", line by line, or the
 * error's message. */
static char *
read_from (const char *base, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) entries
      = player_gst_playlist_parse ((const guint8 *)text, strlen (text), base, &error);
  GString *shown = g_string_new (error != NULL ? error->message : NULL);

  g_assert_true ((entries == NULL) == (error != NULL));
  for (guint i = 0; entries != NULL && i < entries->len; i++)
    {
      const PlayerGstEntry *entry = g_ptr_array_index (entries, i);

      g_string_append_printf (shown, "%s%s|%s|%d", i > 0 ? "\n" : "", entry->url,
                              entry->title != NULL ? entry->title : "", (int)entry->duration_ms);
    }
  return g_string_free (shown, FALSE);
}

static void
assert_read (const char *base, const char *text, const char *expected)
{
  g_autofree char *shown = read_from (base, text);

  g_assert_cmpstr (shown, ==, expected);
}

#define BASE "http://radio.example/lists/one.pls"
#define NOTHING "The playlist names nothing"
#define NO_PLAYLIST "This is no playlist"
#define FORBIDDEN "The playlist leads to what may not be opened from there"

static void
test_pls (void)
{
  assert_read (BASE,
               "[playlist]\nNumberOfEntries=2\nFile1=http://a.example/x\nTitle1=A - X\nLength1=-1\n"
               "File2=http://a.example/y.mp3\nLength2=61\nVersion=2\n",
               "http://a.example/x|A - X|-1\nhttp://a.example/y.mp3||61000");
}

static void
test_pls_order (void)
{
  assert_read (BASE,
               "[Playlist]\r\nfile10=http://a.example/10\r\nFILE2=http://a.example/2\r\n"
               "File9=http://a.example/9\r\nTitle2=Two\r\nTitle3=Nothing\r\n",
               "http://a.example/2|Two|-1\nhttp://a.example/9||-1\nhttp://a.example/10||-1");
}

static void
test_pls_odd (void)
{
  /* Empty lines, spaces, comments, no number, an empty value. */
  assert_read (BASE,
               "\n\n [playlist] \n; File1=http://no.example/\nFile=http://no.example/\nFile1= \n",
               NOTHING);
  assert_read (BASE, "[playlist]\nFile1 = http://a.example/a b.mp3\nFile2:http://no.example\n",
               "http://a.example/a%20b.mp3||-1");
  assert_read (BASE, "[playlist]", NOTHING);
}

static void
test_m3u (void)
{
  assert_read (
      BASE,
      "\xef\xbb\xbf#EXTM3U\r\n#EXTINF:123,Somebody - Something\r\nhttp://a.example/1.mp3\r\n"
      "# a comment\r\n\r\n#EXTINF:-1 tvg-logo=\"a,b\" radio=\"true\",Radio, live\r\n"
      "https://a.example/live?id=1&x=2#now",
      "http://a.example/1.mp3|Somebody - Something|123000\n"
      "https://a.example/live?id=1&x=2#now|Radio, live|-1");
  /* Old Macs, and no head. */
  assert_read (BASE, "http://a.example/1\rhttp://a.example/2\r",
               "http://a.example/1||-1\nhttp://a.example/2||-1");
}

static void
test_relative (void)
{
  assert_read (BASE, "#EXTM3U\nnext.mp3\n../up.mp3\n/root.mp3\n//other.example/x\n?q=1\n",
               "http://radio.example/lists/next.mp3||-1\nhttp://radio.example/up.mp3||-1\n"
               "http://radio.example/root.mp3||-1\nhttp://other.example/x||-1\n"
               "http://radio.example/lists/one.pls?q=1||-1");
  assert_read ("file:///music/list.m3u", "#EXTM3U\nA Song #1.mp3\n/else/b.flac\n",
               "file:///music/A%20Song%20#1.mp3||-1\nfile:///else/b.flac||-1");
}

static void
test_latin1 (void)
{
  assert_read (BASE, "#EXTM3U\n#EXTINF:5,Bj\xf6rk\nhttp://a.example/\xe9.mp3\n",
               "http://a.example/%C3%A9.mp3|Bj\xc3\xb6rk|5000");
}

static void
test_schemes (void)
{
  assert_read (BASE, "#EXTM3U\nfile:///etc/passwd\nftp://a.example/x\njavascript:alert(1)\n",
               FORBIDDEN);
  assert_read ("https://radio.example/l.m3u", "#EXTM3U\nhttp://a.example/x\n", FORBIDDEN);
  assert_read ("https://radio.example/l.m3u", "#EXTM3U\nhttp://a.example/x\nhttps://b.example/y\n",
               "https://b.example/y||-1");
  assert_read ("file:///l.m3u", "#EXTM3U\nhttp://a.example/x\nHTTPS://B.example/y\n",
               "http://a.example/x||-1\nhttps://B.example/y||-1");
  assert_read (BASE, "#EXTM3U\nhttp://\nhttp:///x\nhttp://a%0d%0aX-Y: 1/x\n", NOTHING);
}

static void
test_hls (void)
{
  static const char text[] = "#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:10,\nseg.ts\n";

  g_assert_cmpint (player_gst_playlist_recognise ((const guint8 *)text, strlen (text), TRUE), ==,
                   PLAYER_GST_PLAYLIST_HLS);
  assert_read (BASE, text, NO_PLAYLIST);
}

#define VARIANT(attributes, url) "#EXT-X-STREAM-INF:" attributes "\n" url "\n"

static void
test_variants (void)
{
  /* The best that is audio alone, whatever the order. */
  assert_read (BASE,
               "#EXTM3U\n" VARIANT ("BANDWIDTH=9000000,CODECS=\"avc1.64,mp4a.40.2\"", "video.m3u8")
                   VARIANT ("BANDWIDTH=64000,CODECS=\"mp4a.40.5\"", "low.m3u8")
                       VARIANT ("BANDWIDTH=256000,CODECS=\"mp4a.40.2\"", "high.m3u8")
                           VARIANT ("BANDWIDTH=128000,CODECS=\"mp4a.40.2\"", "middle.m3u8"),
               "http://radio.example/lists/high.m3u8||-1");
  /* Nothing says that there are pictures. */
  assert_read (BASE,
               "#EXTM3U\n" VARIANT ("BANDWIDTH=64000", "low.m3u8")
                   VARIANT ("BANDWIDTH=128000", "high.m3u8"),
               "http://radio.example/lists/high.m3u8||-1");
  /* Not more than can be heard. */
  assert_read (BASE,
               "#EXTM3U\n" VARIANT ("BANDWIDTH=2000000,CODECS=\"fLaC\"", "flac.m3u8")
                   VARIANT ("BANDWIDTH=320000,CODECS=\"mp4a.40.2\"", "aac.m3u8"),
               "http://radio.example/lists/aac.m3u8||-1");
  /* With pictures only: as little of them as can be … */
  assert_read (BASE,
               "#EXTM3U\n" VARIANT ("BANDWIDTH=900000,RESOLUTION=640x360", "small.m3u8")
                   VARIANT ("BANDWIDTH=400000,RESOLUTION=320x180", "tiny.m3u8"),
               "http://radio.example/lists/tiny.m3u8||-1");
  /* … unless the sound has a playlist of its own. */
  assert_read (BASE,
               "#EXTM3U\n#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"Deutsch\",URI=\"de.m3u8\"\n"
               "#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID=\"a\",NAME=\"English, too\",DEFAULT=YES,"
               "URI=\"en.m3u8\"\n"
               "#EXT-X-MEDIA:TYPE=SUBTITLES,GROUP-ID=\"s\",DEFAULT=YES,URI=\"sub.m3u8\"\n" VARIANT (
                   "BANDWIDTH=900000,RESOLUTION=640x360,AUDIO=\"a\"", "small.m3u8"),
               "http://radio.example/lists/en.m3u8||-1");
  assert_read (BASE, "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\n", NOTHING);
}

static void
test_none (void)
{
  static const char *const texts[] = { "",
                                       "\n\n",
                                       "Hello",
                                       "<html>http://a.example/x</html>",
                                       "#just a comment\n",
                                       "http://a.example/x\nnot a URL\n",
                                       "<?xml version=\"1.0\"?>\nhttp://a.example/x.mp3\n" };

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      const guint8 *data = (const guint8 *)texts[i];

      g_assert_cmpint (player_gst_playlist_recognise (data, strlen (texts[i]), TRUE), ==,
                       PLAYER_GST_PLAYLIST_NONE);
      assert_read (BASE, texts[i], NO_PLAYLIST);
    }
  g_assert_cmpint (player_gst_playlist_recognise ((const guint8 *)"[playlist]\0x", 12, TRUE), ==,
                   PLAYER_GST_PLAYLIST_NONE);
}

/* The end of what has come so far may be cut in the middle of a line. */
static void
test_begin (void)
{
  static const char text[] = "http://a.example/one\nhttp://a.exam";

  g_assert_cmpint (player_gst_playlist_recognise ((const guint8 *)text, strlen (text), FALSE), ==,
                   PLAYER_GST_PLAYLIST_M3U);
  g_assert_cmpint (player_gst_playlist_recognise ((const guint8 *)text, 9, FALSE), ==,
                   PLAYER_GST_PLAYLIST_NONE);
  g_assert_cmpint (player_gst_playlist_recognise ((const guint8 *)"ht", 2, FALSE), ==,
                   PLAYER_GST_PLAYLIST_NONE);
}

static void
test_limits (void)
{
  g_autoptr (GString) many = g_string_new ("#EXTM3U\n");
  g_autoptr (GString) large = g_string_new ("#EXTM3U\n");
  g_autoptr (GError) error = NULL;

  for (guint i = 0; i < 500; i++)
    g_string_append_printf (many, "http://a.example/%u\n", i);
  g_autoptr (GPtrArray) entries
      = player_gst_playlist_parse ((const guint8 *)many->str, many->len, BASE, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (entries->len, ==, PLAYER_GST_PLAYLIST_MAX_ENTRIES);
  while (large->len <= PLAYER_GST_PLAYLIST_MAX_BYTES)
    g_string_append (large, "http://a.example/x\n");
  assert_read (BASE, large->str, NO_PLAYLIST);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/playlist/pls", test_pls);
  g_test_add_func ("/playlist/pls/order", test_pls_order);
  g_test_add_func ("/playlist/pls/odd", test_pls_odd);
  g_test_add_func ("/playlist/m3u", test_m3u);
  g_test_add_func ("/playlist/relative", test_relative);
  g_test_add_func ("/playlist/latin1", test_latin1);
  g_test_add_func ("/playlist/schemes", test_schemes);
  g_test_add_func ("/playlist/hls", test_hls);
  g_test_add_func ("/playlist/variants", test_variants);
  g_test_add_func ("/playlist/none", test_none);
  g_test_add_func ("/playlist/begin", test_begin);
  g_test_add_func ("/playlist/limits", test_limits);
  return g_test_run ();
}
