/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <string.h>

#include "player/gst/player-gst-cut.h"
#include "player/gst/player-gst-mp4.h"
#include "tests/gst/gst-encode.h"
#include "tests/gst/gst-rig.h"

/* The arithmetic of the formats by itself: what is read, what is fed, and that no file, however broken,
 * makes it crash or go on for ever. */

#define SECONDS 8
#define BLOCK 4096
#define MAX_STEPS 200000

/* A file as a cut sees it, and what became of it. */
typedef struct
{
  const guint8 *file;
  gsize size;
  gboolean seekable;
  gsize block;

  GByteArray *held;
  guint64 at;
  guint64 read; /* next byte to be read */
  guint64 read_bytes;
  guint jumps;
  guint64 fed_bytes;
} Reading;

static gboolean
reading_take (Reading *self)
{
  const gsize some = MIN (self->block, self->size - self->read);

  g_byte_array_append (self->held, self->file + self->read, (guint)some);
  self->read += some;
  self->read_bytes += some;
  return some > 0;
}

static void
reading_drop (Reading *self, guint64 count)
{
  while (count > self->held->len && reading_take (self))
    ;
  const guint some = (guint)MIN (count, self->held->len);

  g_byte_array_remove_range (self->held, 0, some);
  self->at += some;
}

/* FALSE: nothing more is to be decided. */
static gboolean
reading_obey (Reading *self, const PlayerGstCutStep *step)
{
  switch (step->act)
    {
    case PLAYER_GST_CUT_MORE:
      while (self->held->len < step->count && reading_take (self))
        ;
      return TRUE;
    case PLAYER_GST_CUT_SEEK:
      g_assert_true (self->seekable);
      g_assert_cmpuint (step->count, <=, self->size);
      g_byte_array_set_size (self->held, 0);
      self->at = self->read = step->count;
      self->jumps++;
      return reading_take (self);
    case PLAYER_GST_CUT_KEEP:
    case PLAYER_GST_CUT_INSTEAD:
      self->fed_bytes += step->count;
      reading_drop (self, step->count);
      return TRUE;
    case PLAYER_GST_CUT_SKIP:
      reading_drop (self, step->count);
      return TRUE;
    case PLAYER_GST_CUT_PASS:
    default:
      self->fed_bytes += self->size - self->at;
      return FALSE;
    }
}

static void
reading_run (Reading *self, PlayerGstTrim *trim)
{
  guint idle = 0;

  self->held = g_byte_array_new ();
  reading_take (self);
  g_autoptr (PlayerGstCut) cut = player_gst_cut_sniff (self->held->data, self->held->len, trim);
  for (guint steps = 0; cut != NULL; steps++)
    {
      if (self->held->len == 0 && !reading_take (self))
        break;
      const PlayerGstCutView view = {
        .data = self->held->data,
        .size = self->held->len,
        .at = self->at,
        .file_size = (gint64)self->size,
        .last = self->read >= self->size,
        .seekable = self->seekable,
      };
      const gsize held = self->held->len;
      const guint64 at = self->at;
      PlayerGstCutStep step = player_gst_cut_step (cut, &view);
      const gboolean enough = step.act == PLAYER_GST_CUT_MORE && view.last && step.count > held;
      const gboolean on = !enough && reading_obey (self, &step);

      g_clear_pointer (&step.bytes, g_bytes_unref);
      if (!on)
        break;
      idle = at == self->at && held == self->held->len ? idle + 1 : 0;
      g_assert_cmpuint (idle, <, 100);
      g_assert_cmpuint (steps, <, MAX_STEPS);
    }
  g_byte_array_unref (self->held);
}

static GArray *noise;

static char *
load_file (const GstCoding *coding, gsize *size)
{
  g_autofree char *name = gst_encode (coding, "cut", noise, coding->rate);
  g_autofree char *path = gst_rig_path (name);
  char *contents = NULL;

  g_assert_true (g_file_get_contents (path, &contents, size, NULL));
  return contents;
}

static void
run_on (const guint8 *file, gsize size, gint64 offset_ms, gboolean seekable)
{
  g_autoptr (PlayerGstTrim) trim = player_gst_trim_new (offset_ms, 1000);
  Reading reading = { .file = file, .size = size, .seekable = seekable, .block = BLOCK };

  if (size >= PLAYER_GST_CUT_SNIFF_BYTES)
    reading_run (&reading, trim);
}

/* Cut off at each byte of its beginning, and at some others. */
static void
test_truncated (gconstpointer data)
{
  gsize size;
  g_autofree char *file = load_file (data, &size);

  for (gsize end = 0; end < size; end += end < 700 ? 1 : size / 61)
    {
      g_autofree guint8 *copy = g_memdup2 (file, end);

      run_on (copy, end, 0, TRUE);
      run_on (copy, end, 6000, TRUE);
      run_on (copy, end, 6000, FALSE);
    }
}

static void
test_broken (gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (7);
  gsize size;
  g_autofree char *file = load_file (data, &size);

  for (guint round = 0; round < 150; round++)
    {
      g_autofree guint8 *copy = g_memdup2 (file, size);
      const gsize reach = round % 2 == 0 ? MIN (size, 512) : size;

      for (guint i = 0; i < 1 + round % 40; i++)
        copy[4 + g_rand_int_range (random, 0, (gint)reach - 4)]
            = (guint8)g_rand_int_range (random, 0, 256);
      run_on (copy, size, 3000, round % 3 != 0);
      run_on (copy, size, 3600000, TRUE);
    }
}

/* Random bytes that claim to be of the format. */
static void
test_random (gconstpointer data)
{
  g_autoptr (GRand) random = g_rand_new_with_seed (9);
  gsize size;
  g_autofree char *file = load_file (data, &size);
  guint8 bytes[16384];

  for (guint round = 0; round < 60; round++)
    {
      for (guint i = 0; i < sizeof bytes; i++)
        bytes[i] = (guint8)g_rand_int_range (random, 0, 256);
      memcpy (bytes, file, round * 2);
      memcpy (bytes, file, 12);
      run_on (bytes, sizeof bytes, 1000, TRUE);
    }
}

static void
add_format (const GstCoding *coding)
{
  g_autofree char *truncated = g_strdup_printf ("/cut/truncated/%s", coding->name);
  g_autofree char *broken = g_strdup_printf ("/cut/broken/%s", coding->name);
  g_autofree char *arbitrary = g_strdup_printf ("/cut/random/%s", coding->name);

  g_test_add_data_func (truncated, coding, test_truncated);
  g_test_add_data_func (broken, coding, test_broken);
  g_test_add_data_func (arbitrary, coding, test_random);
}

/* An hour of frames without a tag, each as long as the others: they are not read from the start. */
static void
test_deep_mp3 (void)
{
  static const GstCoding coding = { "deep.mp3", "-b 128 -t --nores", NULL, 48000, FALSE };
  gsize size;
  g_autofree char *once = load_file (&coding, &size);
  g_autoptr (GByteArray) hour = g_byte_array_new ();
  g_autoptr (PlayerGstTrim) trim = player_gst_trim_new (3000, 1);

  while (hour->len < 16000 * 3600)
    g_byte_array_append (hour, (const guint8 *)once, (guint)size);
  Reading reading = { .file = hour->data, .size = hour->len, .seekable = TRUE, .block = BLOCK };
  reading_run (&reading, trim);
  const PlayerGstTrimRange range = player_gst_trim_get_range (trim, 48000);
  g_test_message ("%u jumps, %" G_GUINT64_FORMAT " bytes read", reading.jumps, reading.read_bytes);
  g_assert_true (range.lands);
  g_assert_cmpint (range.base, <, range.from);
  g_assert_cmpint (range.base, >, range.from - 48000);
  g_assert_cmpint (range.base % 1152, ==, 0);
  g_assert_cmpuint (reading.read_bytes, <, 65536);
}

/* Where there is nothing but the headers' order to count by, all are read, once. */
static void
test_deep_vbr (void)
{
  static const GstCoding coding = { "deep-vbr.mp3", "-V2 -t", NULL, 44100, FALSE };
  gsize size;
  g_autofree char *file = load_file (&coding, &size);
  g_autoptr (PlayerGstTrim) trim = player_gst_trim_new (7, 1);
  Reading reading
      = { .file = (const guint8 *)file, .size = size, .seekable = TRUE, .block = BLOCK };

  reading_run (&reading, trim);
  g_assert_true (player_gst_trim_get_range (trim, 44100).lands);
  g_assert_cmpuint (reading.read_bytes, <, size + 131072);
}

static void
put_box (GByteArray *to, const char *type, const void *data, guint size)
{
  const guint32 big = GUINT32_TO_BE (size + 8);

  g_byte_array_append (to, (const guint8 *)&big, 4);
  g_byte_array_append (to, (const guint8 *)type, 4);
  g_byte_array_append (to, data, size);
}

/* A box in place of the last @n bytes of @to. */
static void
wrap_box (GByteArray *to, const char *type, guint from)
{
  g_autofree guint8 *inner = g_memdup2 (to->data + from, to->len - from);
  const guint size = to->len - from;

  g_byte_array_set_size (to, from);
  put_box (to, type, inner, size);
}

/* What iTunes writes counts before the edit list, as long as it fits the track. */
static void
test_itunes (void)
{
  static const char text[]
      = "\0\0\0\1\0\0\0\0 00000000 00000840 000001CA 00000000003F31F6 00000000";
  g_autoptr (GByteArray) moov = g_byte_array_new ();
  const guint64 all = 0x840 + 0x1ca + 0x3f31f6;
  guint8 header[100] = { 0 };
  guint8 stts[16] = { [7] = 1 };
  PlayerGstMp4Gapless gapless = { 0 };

  header[14] = 0x03;
  header[15] = 0xe8;
  put_box (moov, "mvhd", header, sizeof header);
  const guint trak = moov->len;
  header[14] = 0xac;
  header[15] = 0x44;
  put_box (moov, "mdhd", header, 24);
  memcpy (header + 8, "soun", 4);
  put_box (moov, "hdlr", header, 24);
  const guint minf = moov->len;
  const guint32 samples = GUINT32_TO_BE ((guint32)all);
  memcpy (stts + 8, &samples, 4);
  stts[15] = 1;
  put_box (moov, "stts", stts, sizeof stts);
  wrap_box (moov, "stbl", minf);
  wrap_box (moov, "minf", minf);
  wrap_box (moov, "mdia", trak);
  wrap_box (moov, "trak", trak);
  const guint udta = moov->len;
  put_box (moov, "name", "\0\0\0\0iTunSMPB", 12);
  put_box (moov, "data", text, sizeof text - 1);
  wrap_box (moov, "----", udta);
  wrap_box (moov, "ilst", udta);
  const guint ilst = moov->len;
  g_autofree guint8 *inner = g_malloc0 (4 + ilst - udta);
  memcpy (inner + 4, moov->data + udta, ilst - udta);
  g_byte_array_set_size (moov, udta);
  put_box (moov, "meta", inner, 4 + ilst - udta);
  wrap_box (moov, "udta", udta);
  wrap_box (moov, "moov", 0);
  g_assert_true (player_gst_mp4_gapless_parse (&gapless, moov->data, moov->len));
  g_assert_cmpuint (gapless.rate, ==, 44100);
  g_assert_cmpint (gapless.lead, ==, 0x840);
  g_assert_cmpint (gapless.total, ==, 0x3f31f6);
}

static void
add_tests (void)
{
  noise = gst_encode_make_noise (SECONDS * 44100, 5);
  for (guint i = 0; i < gst_n_codings; i++)
    add_format (&gst_codings[i]);
  g_test_add_func ("/cut/deep/mp3", test_deep_mp3);
  g_test_add_func ("/cut/deep/vbr", test_deep_vbr);
  g_test_add_func ("/cut/itunes", test_itunes);
}

int
main (int argc, char **argv)
{
  const int status = gst_rig_main (argc, argv, add_tests);

  g_array_unref (noise);
  return status;
}
