/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "fuzz-value.h"

#include <math.h>
#include <string.h>

#define HUGE_BYTES (1024 * 1024)
#define MAX_DEPTH 12

/* Words of the API, and texts that others have stumbled over. No URL of these leaves the machine. */
static const char *const texts[] = {
  "",
  " ",
  "\n",
  "a\r\nX-Injected: yes",
  "%s%n%d",
  "../../../../etc/passwd",
  "\xc3\xa4\xe2\x82\xac\xf0\x9f\x8e\xb5",
  "\xe2\x80\xae\xef\xbb\xbf\xcc\x81",
  "\x01\x1b[31m\x7f",
  "null",
  "{}",
  "[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[",
  "{\"version\":\"1.0\",\"response\":{}}",
  "{\"version\":\"1.0\",\"response\":{\"directives\":[{\"type\":\"AudioPlayer.Stop\"}]}}",
  "{\"version\":\"1.0\",\"response\":{\"directives\":[{\"type\":\"AudioPlayer.ClearQueue\","
  "\"clearBehavior\":\"CLEAR_ALL\"}]}}",
  "{\"version\":\"1.0\",\"response\":{\"outputSpeech\":{\"type\":\"SSML\",\"ssml\":\"<speak><break "
  "time='9s'/>\"}}}",
  "{\"response\":{\"directives\":[{\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"ENQUEUE\","
  "\"audioItem\":{\"stream\":{\"url\":\"http://127.0.0.1:9/\",\"token\":\"\","
  "\"offsetInMilliseconds\":-1}}}]}}",
  "http://",
  "http://127.0.0.1:9/",
  "http://127.0.0.1:9/%00?#",
  "http://user:secret@127.0.0.1:9/a?b=c#d",
  "https://127.0.0.1:9/",
  "http://[::1]:9/",
  "http://127.0.0.1:99999/",
  "ftp://127.0.0.1/",
  "javascript:alert(1)",
  "data:audio/wav;base64,UklGRg==",
  "file:///",
  "file:///dev/null",
  "file:///dev/zero",
  "file:///proc/self/mem",
  "file://elsewhere/etc/passwd",
  "LaunchRequest",
  "AudioPlayer.PlaybackNearlyFinished",
  "AMAZON.NextIntent",
  "stop",
  "pause",
  "resume",
  "replace-all",
  "enqueue",
  "replace-enqueued",
  "positive",
  "NEGATIVE",
  "en-US",
  "de-DE",
  "Track",
  "Playlist",
  "None",
};

/* Names of options, criteria and headers: keys of dictionaries. */
static const char *const keys[] = {
  "offset-in-milliseconds",
  "token",
  "title",
  "subtitle",
  "album",
  "art-url",
  "behavior",
  "headers",
  "renewable",
  "ALBUM",
  "ARTIST",
  "TRACK",
  "content",
  "shuffle",
  "loop",
  "repeat",
  "explicit",
  "url",
  "offset",
  "Authorization",
  "Cookie",
  "X-Test",
  "Host",
  "Content-Length",
  "",
};

static const char *const paths[] = {
  "/",
  "/org/segue/Segue1",
  "/org/segue/Segue1/Track/1",
  "/org/mpris/MediaPlayer2",
  "/org/mpris/MediaPlayer2/TrackList/NoTrack",
  "/a/b/c/d/e/f/g/h/i/j/k/l/m/n/o/p/q/r/s/t/u/v/w/x/y/z",
};

static const gint64 integers[] = { 0,
                                   1,
                                   -1,
                                   2,
                                   1000,
                                   -1000,
                                   44100,
                                   G_MAXINT16,
                                   G_MININT16,
                                   G_MAXUINT16,
                                   G_MAXINT32,
                                   G_MININT32,
                                   G_MAXUINT32,
                                   G_MAXINT64,
                                   G_MININT64,
                                   G_MAXINT64 / 1000,
                                   G_MAXINT64 / 1000 + 1,
                                   G_MININT64 / 1000,
                                   G_MAXINT64 / 1000000 };

FuzzValues *
fuzz_values_new (guint32 seed)
{
  FuzzValues *self = g_new0 (FuzzValues, 1);
  self->rand = g_rand_new_with_seed (seed);
  self->words = g_ptr_array_new_with_free_func (g_free);
  self->huge = g_strnfill (HUGE_BYTES, 'x');
  return self;
}

void
fuzz_values_free (FuzzValues *self)
{
  g_rand_free (self->rand);
  g_ptr_array_unref (self->words);
  g_free (self->huge);
  g_free (self);
}

guint
fuzz_values_below (FuzzValues *self, guint limit)
{
  return limit > 0 ? (guint)g_rand_int_range (self->rand, 0, (gint32)limit) : 0;
}

gboolean
fuzz_values_once_in (FuzzValues *self, guint times)
{
  return fuzz_values_below (self, times) == 0;
}

static gint64
pick_integer (FuzzValues *self)
{
  if (fuzz_values_once_in (self, 4))
    return (gint64)((guint64)g_rand_int (self->rand) << 32 | g_rand_int (self->rand));
  if (fuzz_values_once_in (self, 3))
    return fuzz_values_below (self, 60000);
  return integers[fuzz_values_below (self, G_N_ELEMENTS (integers))];
}

static double
pick_double (FuzzValues *self)
{
  const double doubles[]
      = { 0.0, -0.0, 1.0, 0.5, -1.0, 1e308, -1e308, 5e-324, NAN, INFINITY, -INFINITY };
  return fuzz_values_once_in (self, 3) ? g_rand_double_range (self->rand, -2, 2)
                                       : doubles[fuzz_values_below (self, G_N_ELEMENTS (doubles))];
}

/* Valid UTF-8 of any characters but NUL: more cannot be sent. (transfer full) */
static char *
make_text (FuzzValues *self)
{
  g_autoptr (GString) text = g_string_new (NULL);
  for (guint n = fuzz_values_below (self, 40); n > 0; n--)
    {
      gunichar c = fuzz_values_once_in (self, 2) ? 1 + fuzz_values_below (self, 0x7f)
                                                 : 1 + fuzz_values_below (self, 0x10ffff);
      if (g_unichar_validate (c))
        g_string_append_unichar (text, c);
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

static GVariant *
make_string (FuzzValues *self)
{
  if (fuzz_values_once_in (self, 400))
    return g_variant_new_string (self->huge);
  if (fuzz_values_once_in (self, 4))
    return g_variant_new_take_string (make_text (self));
  if (self->words->len > 0 && fuzz_values_once_in (self, 3))
    return g_variant_new_string (
        g_ptr_array_index (self->words, fuzz_values_below (self, self->words->len)));
  return g_variant_new_string (texts[fuzz_values_below (self, G_N_ELEMENTS (texts))]);
}

static GVariantType *
pick_type (FuzzValues *self, guint depth)
{
  static const char *const simple[]
      = { "b", "y", "n", "q", "i", "u", "x", "t", "d", "s", "o", "g" };
  static const char *const complex[]
      = { "v", "a{sv}", "a{ss}", "as", "av", "ay", "(sv)", "a(ss)", "aai", "a{ov}" };
  if (depth < MAX_DEPTH && fuzz_values_once_in (self, 3))
    return g_variant_type_new (complex[fuzz_values_below (self, G_N_ELEMENTS (complex))]);
  return g_variant_type_new (simple[fuzz_values_below (self, G_N_ELEMENTS (simple))]);
}

static GVariant *make (FuzzValues *self, const GVariantType *type, guint depth);

static GVariant *
make_variant (FuzzValues *self, guint depth)
{
  g_autoptr (GVariantType) type = pick_type (self, depth);
  return g_variant_new_variant (make (self, type, depth + 1));
}

static GVariant *
make_array (FuzzValues *self, const GVariantType *type, guint depth)
{
  GVariantBuilder builder;
  g_variant_builder_init (&builder, type);
  guint n = depth < MAX_DEPTH ? fuzz_values_below (self, 5) : 0;
  if (depth < 2 && fuzz_values_once_in (self, 100))
    n = 1000;
  for (; n > 0; n--)
    g_variant_builder_add_value (&builder, make (self, g_variant_type_element (type), depth + 1));
  return g_variant_builder_end (&builder);
}

static GVariant *
make_entry (FuzzValues *self, const GVariantType *type, guint depth)
{
  const GVariantType *key = g_variant_type_key (type);
  gboolean known
      = g_variant_type_equal (key, G_VARIANT_TYPE_STRING) && !fuzz_values_once_in (self, 4);
  return g_variant_new_dict_entry (
      known ? g_variant_new_string (keys[fuzz_values_below (self, G_N_ELEMENTS (keys))])
            : make (self, key, depth + 1),
      make (self, g_variant_type_value (type), depth + 1));
}

static GVariant *
make_tuple (FuzzValues *self, const GVariantType *type, guint depth)
{
  GVariantBuilder builder;
  g_variant_builder_init (&builder, type);
  for (const GVariantType *item = g_variant_type_first (type); item != NULL;
       item = g_variant_type_next (item))
    g_variant_builder_add_value (&builder, make (self, item, depth + 1));
  return g_variant_builder_end (&builder);
}

static GVariant *
make_number (FuzzValues *self, char type)
{
  gint64 value = pick_integer (self);
  switch (type)
    {
    case 'b':
      return g_variant_new_boolean (value & 1);
    case 'y':
      return g_variant_new_byte ((guint8)value);
    case 'n':
      return g_variant_new_int16 ((gint16)value);
    case 'q':
      return g_variant_new_uint16 ((guint16)value);
    case 'i':
      return g_variant_new_int32 ((gint32)value);
    case 'u':
      return g_variant_new_uint32 ((guint32)value);
    case 'x':
      return g_variant_new_int64 (value);
    case 't':
      return g_variant_new_uint64 ((guint64)value);
    case 'd':
      return g_variant_new_double (pick_double (self));
    default:
      g_assert_not_reached ();
    }
}

static GVariant *
make (FuzzValues *self, const GVariantType *type, guint depth)
{
  switch (g_variant_type_peek_string (type)[0])
    {
    case 's':
      return make_string (self);
    case 'o':
      return g_variant_new_object_path (paths[fuzz_values_below (self, G_N_ELEMENTS (paths))]);
    case 'g':
      return g_variant_new_signature (fuzz_values_once_in (self, 2) ? "a{sv}" : "");
    case 'v':
      return make_variant (self, depth);
    case 'a':
      return make_array (self, type, depth);
    case '{':
      return make_entry (self, type, depth);
    case '(':
      return make_tuple (self, type, depth);
    default:
      return make_number (self, g_variant_type_peek_string (type)[0]);
    }
}

GVariant *
fuzz_values_make (FuzzValues *self, const GVariantType *type)
{
  return make (self, type, 0);
}

GVariant *
fuzz_values_make_any (FuzzValues *self)
{
  GVariantBuilder builder;
  g_variant_builder_init (&builder, G_VARIANT_TYPE_TUPLE);
  for (guint n = fuzz_values_below (self, 5); n > 0; n--)
    {
      g_autoptr (GVariantType) type = pick_type (self, 0);
      g_variant_builder_add_value (&builder, make (self, type, 1));
    }
  return g_variant_builder_end (&builder);
}
