/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* What the bench plays, and where in it that lies which was heard.
 * Usage: bench-signal KIND FILE SEED FIRST FRAMES makes a WAV file, 16 bit, 44.1 kHz:
 *   code    stereo; each frame is the number SEED << 28 | index
 *   noise   mono; the noise of that seed, of which each frame can be computed alone
 *   left, right   stereo; a tone of SEED Hz on one side only
 * Usage: bench-signal find; reads one search a line:
 *   FILE FRAME LENGTH SEED FIRST LAST    raw stereo, which LENGTH frames, of which noise, where to look
 * and answers PLACE CORRELATION: the place, in frames and parts of a frame, of the first of them. */

#include <glib.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define RATE 44100
#define NOISE_PEAK 12000.0
#define TONE_PEAK 12000.0
#define MOST_FRAMES (1 << 22)

typedef struct
{
  double re;
  double im;
} Complex;

/* splitmix64 of a counter: a frame of the noise without those before it. */
static double
white (guint64 seed, gint64 i)
{
  guint64 z = (seed << 40) + (guint64)i * G_GUINT64_CONSTANT (0x9e3779b97f4a7c15);

  z = (z ^ (z >> 30)) * G_GUINT64_CONSTANT (0xbf58476d1ce4e5b9);
  z = (z ^ (z >> 27)) * G_GUINT64_CONSTANT (0x94d049bb133111eb);
  return (double)(gint64)(z ^ (z >> 31)) / 9223372036854775808.0;
}

/* Without the highs, which lossy codecs throw away first. */
static double
noise (guint64 seed, gint64 i)
{
  return (white (seed, i - 2) + white (seed, i + 2)
          + 4 * (white (seed, i - 1) + white (seed, i + 1)) + 6 * white (seed, i))
         / 16;
}

static void
put_header (FILE *file, guint channels, guint64 frames)
{
  const guint32 bytes = (guint32)MIN (frames * channels * 2, G_MAXUINT32 - 64);
  const guint32 words[] = {
    GUINT32_TO_LE (bytes + 36),
    GUINT32_TO_LE (16),
    GUINT32_TO_LE (1 | channels << 16),
    GUINT32_TO_LE (RATE),
    GUINT32_TO_LE (RATE * channels * 2),
    GUINT32_TO_LE (channels * 2 | 16 << 16),
    GUINT32_TO_LE (bytes),
  };

  fwrite ("RIFF", 4, 1, file);
  fwrite (&words[0], 4, 1, file);
  fwrite ("WAVEfmt ", 8, 1, file);
  fwrite (&words[1], 4, 5, file);
  fwrite ("data", 4, 1, file);
  fwrite (&words[6], 4, 1, file);
}

static void
put_frame (FILE *file, const char *kind, guint64 seed, gint64 i)
{
  guint32 word = (guint32)seed << 28 | (guint32)i;

  if (g_str_equal (kind, "noise"))
    {
      const gint16 sample = GINT16_TO_LE ((gint16)lrint (NOISE_PEAK * noise (seed, i)));

      fwrite (&sample, 2, 1, file);
      return;
    }
  if (!g_str_equal (kind, "code"))
    {
      const gint16 sample = (gint16)lrint (TONE_PEAK * sin (2 * G_PI * seed * (double)i / RATE));

      word = g_str_equal (kind, "left") ? (guint16)sample : (guint32)(guint16)sample << 16;
    }
  word = GUINT32_TO_LE (word);
  fwrite (&word, 4, 1, file);
}

static int
make (char **words)
{
  const guint64 seed = g_ascii_strtoull (words[2], NULL, 10);
  const gint64 first = g_ascii_strtoll (words[3], NULL, 10);
  const gint64 frames = g_ascii_strtoll (words[4], NULL, 10);
  FILE *file = fopen (words[1], "wb");

  if (file == NULL)
    {
      perror (words[1]);
      return EXIT_FAILURE;
    }
  put_header (file, g_str_equal (words[0], "noise") ? 1 : 2, frames);
  for (gint64 i = first; i < first + frames; i++)
    put_frame (file, words[0], seed, i);
  const gboolean good = !ferror (file);
  return fclose (file) == 0 && good ? EXIT_SUCCESS : EXIT_FAILURE;
}

/* In place, radix 2; the inverse is not scaled. */
static void
transform (Complex *x, guint n, gboolean inverse)
{
  for (guint i = 1, j = 0; i < n; i++)
    {
      guint bit = n >> 1;

      for (; j & bit; bit >>= 1)
        j ^= bit;
      j ^= bit;
      if (i < j)
        {
          const Complex swap = x[i];

          x[i] = x[j];
          x[j] = swap;
        }
    }
  for (guint half = 1; half < n; half *= 2)
    for (guint k = 0; k < half; k++)
      {
        const double angle = (inverse ? G_PI : -G_PI) * k / half;
        const Complex w = { cos (angle), sin (angle) };

        for (guint i = k; i < n; i += 2 * half)
          {
            const Complex b = { x[i + half].re * w.re - x[i + half].im * w.im,
                                x[i + half].re * w.im + x[i + half].im * w.re };

            x[i + half] = (Complex){ x[i].re - b.re, x[i].im - b.im };
            x[i] = (Complex){ x[i].re + b.re, x[i].im + b.im };
          }
      }
}

/* Correlation of @heard with the @many places of the noise from @first on: into @x, real parts. */
static void
correlate (const double *heard, guint length, guint64 seed, gint64 first, Complex *x, guint n)
{
  g_autofree Complex *y = g_new0 (Complex, n);

  for (guint i = 0; i < length; i++)
    y[i].re = heard[i];
  for (guint i = 0; i < n; i++)
    x[i] = (Complex){ noise (seed, first + i), 0 };
  transform (x, n, FALSE);
  transform (y, n, FALSE);
  for (guint i = 0; i < n; i++)
    x[i] = (Complex){ (x[i].re * y[i].re + x[i].im * y[i].im) / n,
                      (x[i].im * y[i].re - x[i].re * y[i].im) / n };
  transform (x, n, TRUE);
}

static double
energy_of_noise (guint64 seed, gint64 first, guint length)
{
  double sum = 0;

  for (guint i = 0; i < length; i++)
    sum += noise (seed, first + i) * noise (seed, first + i);
  return sum;
}

/* The best place of one block, and how good it is. */
static double
find_in_block (const double *heard,
               guint length,
               double energy,
               guint64 seed,
               gint64 first,
               guint places,
               double *place)
{
  guint n = 1, best = 0;

  while (n < places + length + 1)
    n *= 2;
  g_autofree Complex *x = g_new (Complex, n);
  correlate (heard, length, seed, first, x, n);
  for (guint i = 1; i < places; i++)
    if (x[i].re > x[best].re)
      best = i;
  const double theirs = energy_of_noise (seed, first + best, length);
  *place = (double)(first + best);
  if (best > 0 && best + 1 < places) /* the top of the parabola through three points */
    {
      const double a = x[best - 1].re, b = x[best].re, c = x[best + 1].re;

      *place += a - 2 * b + c < 0 ? (a - c) / (2 * (a - 2 * b + c)) : 0;
    }
  return x[best].re / sqrt (energy * theirs + 1e-9);
}

static gboolean
read_heard (const char *path, gint64 frame, guint length, double *heard, double *energy)
{
  g_autofree gint16 *samples = g_new0 (gint16, 2 * (gsize)length);
  FILE *file = fopen (path, "rb");

  if (file == NULL)
    return FALSE;
  const gboolean got = fseek (file, (long)(frame * 4), SEEK_SET) == 0
                       && fread (samples, 4, length, file) == length;
  fclose (file);
  *energy = 0;
  for (guint i = 0; i < length; i++)
    {
      heard[i] = (double)GINT16_FROM_LE (samples[2 * i]) / NOISE_PEAK;
      *energy += heard[i] * heard[i];
    }
  return got;
}

static void
find (char **words)
{
  const guint length = (guint)CLAMP (g_ascii_strtoll (words[2], NULL, 10), 1, MOST_FRAMES);
  const guint64 seed = g_ascii_strtoull (words[3], NULL, 10);
  const gint64 first = g_ascii_strtoll (words[4], NULL, 10);
  const gint64 last = g_ascii_strtoll (words[5], NULL, 10);
  const guint block = MAX (1u << 17, 4 * length) - length - 1;
  g_autofree double *heard = g_new (double, length);
  double energy = 0, best = 0, best_place = 0;

  if (!read_heard (words[0], g_ascii_strtoll (words[1], NULL, 10), length, heard, &energy))
    energy = 0;
  for (gint64 at = first; energy > 0 && at <= last; at += block - 2)
    {
      double place = 0;
      const guint places = (guint)MIN ((gint64)block, last - at + 1);
      const double value = find_in_block (heard, length, energy, seed, at, places, &place);

      if (value > best)
        {
          best = value;
          best_place = place;
        }
    }
  printf ("%.3f %.4f\n", best_place, best);
  fflush (stdout);
}

int
main (int argc, char **argv)
{
  char *line = NULL;
  size_t size = 0;

  if (argc == 6)
    return make (argv + 1);
  if (argc != 2 || !g_str_equal (argv[1], "find"))
    {
      g_printerr ("usage: bench-signal find | code|noise|left|right FILE SEED FIRST FRAMES\n");
      return EXIT_FAILURE;
    }
  while (getline (&line, &size, stdin) > 0)
    {
      g_auto (GStrv) words = g_strsplit (g_strchomp (line), " ", 6);

      if (g_strv_length (words) == 6)
        find (words);
      else
        printf ("0 0\n");
      fflush (stdout);
    }
  free (line);
  return EXIT_SUCCESS;
}
