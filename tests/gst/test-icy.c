/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/gst/player-gst-icy.h"

#include <string.h>

static void
assert_title (const char *text, const char *expected)
{
  g_autofree char *title = player_gst_icy_parse ((const guint8 *)text, strlen (text));

  g_assert_cmpstr (title, ==, expected);
}

static void
test_parse (void)
{
  assert_title ("StreamTitle='One - Two';StreamUrl='http://a.example/';", "One - Two");
  assert_title ("StreamUrl='x';StreamTitle='Behind';", "Behind");
  assert_title ("StreamTitle='Don't stop; 'til you get';", "Don't stop; 'til you get");
  assert_title ("StreamTitle='It's; a = 'b';StreamUrl='';", "It's; a = 'b");
  assert_title ("StreamTitle='ends'; so what';", "ends'; so what");
  assert_title ("StreamTitle='no end", "no end");
  assert_title ("StreamTitle='no semicolon'", "no semicolon");
  assert_title ("StreamTitle='';StreamUrl='';", NULL);
  assert_title ("StreamTitle='  ';", NULL);
  assert_title ("StreamUrl='x';", NULL);
  assert_title ("", NULL);
  assert_title ("StreamTitle='Bj\xc3\xb6rk';", "Bj\xc3\xb6rk");
  assert_title ("StreamTitle='Bj\xf6rk \x96 J\xf3ga';", "Bj\xc3\xb6rk \xe2\x80\x93 J\xc3\xb3ga");
  assert_title ("StreamTitle='a\nb\tc';", "a b c");
}

static void
test_split (void)
{
  static const struct
  {
    const char *text, *artist, *title;
  } rows[] = {
    { "One - Two", "One", "Two" },
    { "One - Two - Three", "One", "Two - Three" },
    { "Just a name", NULL, "Just a name" },
    { "A-B", NULL, "A-B" },
    { " - Two", NULL, " - Two" },
    { "One - ", NULL, "One - " },
    { "", NULL, "" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *artist = NULL;
      g_autofree char *title = NULL;

      player_gst_icy_split (rows[i].text, &artist, &title);
      g_assert_cmpstr (artist, ==, rows[i].artist);
      g_assert_cmpstr (title, ==, rows[i].title);
    }
}

/* --- a stream --- */

#define INTERVAL 100

static void
add_text (GByteArray *stream, const char *text)
{
  const gsize length = text != NULL ? strlen (text) : 0;
  const guint8 units = (guint8)((length + 15) / 16);

  g_byte_array_append (stream, &units, 1);
  if (length > 0)
    g_byte_array_append (stream, (const guint8 *)text, (guint)length);
  while (stream->len > 0 && length < units * 16u && units > 0)
    {
      static const guint8 zeros[16];

      g_byte_array_append (stream, zeros, (guint)(units * 16u - length));
      break;
    }
}

static void
note_title (const char *title, guint64 at, gpointer data)
{
  g_string_append_printf (data, "%s@%u\n", title != NULL ? title : "-", (guint)at);
}

/* Whatever the pieces in which it comes. */
static void
test_strip (void)
{
  static const char *const texts[] = { "StreamTitle='One';",
                                       NULL,
                                       "StreamTitle='One';",
                                       "StreamTitle='A longer one, of more than sixteen bytes';",
                                       NULL,
                                       "StreamTitle='';" };
  g_autoptr (GByteArray) audio = g_byte_array_new ();
  g_autoptr (GByteArray) stream = g_byte_array_new ();

  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      for (guint k = 0; k < INTERVAL; k++)
        {
          const guint8 byte = (guint8)(i * 31 + k * 7);

          g_byte_array_append (audio, &byte, 1);
          g_byte_array_append (stream, &byte, 1);
        }
      add_text (stream, texts[i]);
    }
  for (gsize piece = 1; piece <= stream->len; piece++)
    {
      g_autoptr (GByteArray) got = g_byte_array_new ();
      g_autoptr (GString) titles = g_string_new (NULL);
      g_autoptr (PlayerGstIcy) icy = player_gst_icy_new (INTERVAL, note_title, titles);

      for (gsize at = 0; at < stream->len; at += piece)
        {
          const gsize length = MIN (piece, stream->len - at);
          g_autofree guint8 *data = g_memdup2 (stream->data + at, length);

          g_byte_array_append (got, data, (guint)player_gst_icy_strip (icy, data, length));
        }
      g_assert_cmpmem (got->data, got->len, audio->data, audio->len);
      g_assert_cmpstr (titles->str, ==,
                       "One@100\nA longer one, of more than sixteen bytes@400\n-@600\n");
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/icy/parse", test_parse);
  g_test_add_func ("/icy/split", test_split);
  g_test_add_func ("/icy/strip", test_strip);
  return g_test_run ();
}
