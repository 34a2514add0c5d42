/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "fuzz.h"

#include <stdlib.h>
#include <string.h>

/* The fuzz targets without libFuzzer, as an ordinary test: every file of the corpus, and each file cut
 * at every byte, with every bit turned, and changed at random with pieces of the dictionary. The seed
 * is fixed, so that a failure comes again. */

#define N_RANDOM 4000 /* if the command line does not say how many */

typedef struct
{
  char *name;        /* (owned) */
  GBytes *bytes;     /* (owned) */
  GPtrArray *pieces; /* (element-type GBytes) */
  guint n_random;
} Case;

static void
case_free (gpointer data)
{
  Case *self = data;
  g_free (self->name);
  g_bytes_unref (self->bytes);
  g_free (self);
}

static void
test_whole (gconstpointer data)
{
  const Case *self = data;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (self->bytes, &size);
  LLVMFuzzerTestOneInput (bytes, size);
  LLVMFuzzerTestOneInput (bytes, 0);
}

static void
test_truncated (gconstpointer data)
{
  const Case *self = data;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (self->bytes, &size);
  for (gsize i = 0; i < size; i++)
    LLVMFuzzerTestOneInput (bytes, i);
}

static void
test_bits (gconstpointer data)
{
  const Case *self = data;
  gsize size;
  const guint8 *bytes = g_bytes_get_data (self->bytes, &size);
  g_autofree guint8 *copy = g_memdup2 (bytes, size);
  for (gsize i = 0; i < size * 8; i++)
    {
      copy[i / 8] ^= (guint8)(1u << i % 8);
      LLVMFuzzerTestOneInput (copy, size);
      copy[i / 8] ^= (guint8)(1u << i % 8);
    }
}

static gsize
random_below (GRand *rand, gsize limit)
{
  return limit == 0 ? 0 : (gsize)g_rand_int_range (rand, 0, (gint32)limit);
}

/* Puts a piece in place of a few bytes, or moves a stretch to another place. */
static void
mutate (GRand *rand, GByteArray *document, GPtrArray *pieces)
{
  gsize at = random_below (rand, document->len + 1);
  gsize length = random_below (rand, MIN (12, document->len - at + 1));
  g_autoptr (GByteArray) tail = g_byte_array_new ();
  g_byte_array_append (tail, document->data + at + length, document->len - (guint)(at + length));
  g_byte_array_set_size (document, (guint)at);
  if (pieces->len > 0 && g_rand_boolean (rand))
    {
      gsize size;
      GBytes *piece = g_ptr_array_index (pieces, random_below (rand, pieces->len));
      const guint8 *bytes = g_bytes_get_data (piece, &size);
      g_byte_array_append (document, bytes, (guint)size);
    }
  else if (tail->len > 0)
    {
      gsize from = random_below (rand, tail->len);
      gsize n = random_below (rand, MIN (40, tail->len - from + 1));
      g_byte_array_append (document, tail->data + from, (guint)n);
    }
  g_byte_array_append (document, tail->data, tail->len);
}

static void
test_random (gconstpointer data)
{
  const Case *self = data;
  g_autoptr (GRand) rand = g_rand_new_with_seed (20241120);
  gsize size;
  const guint8 *bytes = g_bytes_get_data (self->bytes, &size);
  for (guint i = 0; i < self->n_random; i++)
    {
      g_autoptr (GByteArray) document = g_byte_array_new ();
      g_byte_array_append (document, bytes, (guint)size);
      for (gint32 n = g_rand_int_range (rand, 1, 5); n > 0; n--)
        mutate (rand, document, self->pieces);
      LLVMFuzzerTestOneInput (document->data, document->len);
    }
}

/* Lines "\"piece\"" with C's escapes, as libFuzzer reads them. */
static GPtrArray *
read_dictionary (const char *path)
{
  GPtrArray *pieces = g_ptr_array_new_with_free_func ((GDestroyNotify)g_bytes_unref);
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      gsize length = strlen (lines[i]);
      if (length < 2 || lines[i][0] != '"')
        continue;
      g_autoptr (GByteArray) piece = g_byte_array_new ();
      for (gsize at = 1; at < length - 1; at++)
        {
          guint8 byte = (guint8)lines[i][at];
          if (byte == '\\' && lines[i][at + 1] == 'x')
            {
              byte = (guint8)(g_ascii_xdigit_value (lines[i][at + 2]) * 16
                              + g_ascii_xdigit_value (lines[i][at + 3]));
              at += 3;
            }
          else if (byte == '\\')
            byte = (guint8)lines[i][++at];
          g_byte_array_append (piece, &byte, 1);
        }
      g_ptr_array_add (pieces, g_byte_array_free_to_bytes (g_steal_pointer (&piece)));
    }
  return pieces;
}

static GPtrArray *
read_cases (const char *folder, GPtrArray *pieces, guint n_random)
{
  GPtrArray *cases = g_ptr_array_new_with_free_func (case_free);
  g_autoptr (GDir) dir = g_dir_open (folder, 0, NULL);
  g_assert_nonnull (dir);
  for (const char *name = g_dir_read_name (dir); name != NULL; name = g_dir_read_name (dir))
    {
      g_autofree char *path = g_build_filename (folder, name, NULL);
      char *text;
      gsize size;
      g_assert_true (g_file_get_contents (path, &text, &size, NULL));
      Case *one = g_new0 (Case, 1);
      one->name = g_strdup (name);
      one->bytes = g_bytes_new_take (text, size);
      one->pieces = pieces;
      one->n_random = n_random;
      g_ptr_array_add (cases, one);
    }
  g_assert_cmpuint (cases->len, >, 0);
  return cases;
}

static void
add (const Case *self, const char *what, GTestDataFunc function)
{
  g_autofree char *path = g_strdup_printf ("/fuzz/%s/%s", self->name, what);
  g_test_add_data_func (path, self, function);
}

/* fuzz-corpus FOLDER DICTIONARY [N_RANDOM] */
int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_assert_cmpint (argc, >=, 3);
  guint n_random = argc > 3 ? (guint)g_ascii_strtoull (argv[3], NULL, 10) : N_RANDOM;
  LLVMFuzzerInitialize (&argc, &argv);
  g_autoptr (GPtrArray) pieces = read_dictionary (argv[2]);
  g_autoptr (GPtrArray) cases = read_cases (argv[1], pieces, n_random);
  for (guint i = 0; i < cases->len; i++)
    {
      const Case *one = g_ptr_array_index (cases, i);
      add (one, "whole", test_whole);
      add (one, "truncated", test_truncated);
      add (one, "bits", test_bits);
      add (one, "random", test_random);
    }
  return g_test_run ();
}
