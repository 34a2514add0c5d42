/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Writes one of the three movements of the demo's little piece as a WAV file: demo-tune N FILE.
 * Plucked notes over a chord, eight seconds, 44.1 kHz, stereo, 16 bit. The movements are cut in the
 * middle of sounding chords, so that a gap between two tracks would be heard. */

#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum
{
  RATE = 44100,
  BEAT = RATE / 2, /* samples; 16 beats make eight seconds */
  BEATS = 16,
  CHORD_NOTES = 3,
};

typedef struct
{
  int melody[BEATS];                  /* MIDI notes, 0 = rest */
  int chords[BEATS / 4][CHORD_NOTES]; /* one chord for four beats */
} Movement;

static const Movement movements[] = {
  { { 72, 76, 79, 76, 74, 77, 81, 77, 71, 74, 79, 74, 72, 76, 79, 84 },
    { { 48, 55, 64 }, { 50, 57, 65 }, { 43, 55, 62 }, { 48, 55, 64 } } },
  { { 69, 72, 76, 72, 65, 69, 72, 77, 67, 72, 76, 79, 67, 71, 74, 79 },
    { { 45, 52, 60 }, { 41, 53, 57 }, { 48, 52, 55 }, { 43, 50, 59 } } },
  { { 81, 79, 77, 76, 77, 76, 74, 72, 74, 71, 67, 71, 72, 76, 72, 0 },
    { { 41, 53, 60 }, { 50, 57, 65 }, { 43, 53, 59 }, { 48, 52, 60 } } },
};

static double
note_hz (int note)
{
  return 440.0 * pow (2.0, (note - 69) / 12.0);
}

/* Adds a plucked string: a few harmonics, the higher ones dying first. */
static void
pluck (double *out, int first, int n_samples, int note, double gain)
{
  if (note == 0)
    return;
  double step = 2.0 * M_PI * note_hz (note) / RATE;
  for (int i = 0; i < n_samples; i++)
    {
      double t = (double)i / RATE;
      double attack = i < 220 ? i / 220.0 : 1.0;
      double end = n_samples - i < 440 ? (n_samples - i) / 440.0 : 1.0;
      double sum = 0;
      for (int h = 1; h <= 4; h++)
        sum += sin (step * h * i) * exp (-t * (1.2 + 1.6 * h)) / (h * h);
      out[first + i] += gain * attack * end * sum;
    }
}

static void
put32 (unsigned char *at, uint32_t value)
{
  for (int i = 0; i < 4; i++)
    at[i] = (unsigned char)(value >> (8 * i));
}

static int
write_wav (FILE *file, const double *samples, uint32_t n_frames)
{
  unsigned char head[44] = "RIFF....WAVEfmt \x10\0\0\0\x01\0\x02\0";
  put32 (head + 4, 36 + n_frames * 4);
  put32 (head + 24, RATE);
  put32 (head + 28, RATE * 4);
  memcpy (head + 32, "\x04\0\x10\0data", 8);
  put32 (head + 40, n_frames * 4);
  if (fwrite (head, sizeof head, 1, file) != 1)
    return -1;
  for (uint32_t i = 0; i < n_frames; i++)
    {
      int16_t value = (int16_t)lrint (tanh (samples[i]) * 24000.0);
      unsigned char frame[4]
          = { value & 0xff, (value >> 8) & 0xff, value & 0xff, (value >> 8) & 0xff };
      if (fwrite (frame, sizeof frame, 1, file) != 1)
        return -1;
    }
  return 0;
}

int
main (int argc, char **argv)
{
  int n = argc == 3 ? atoi (argv[1]) : 0;
  if (n < 1 || n > (int)(sizeof movements / sizeof movements[0]))
    {
      fprintf (stderr, "usage: demo-tune 1|2|3 FILE\n");
      return 64;
    }
  const Movement *m = &movements[n - 1];
  double *samples = calloc (BEATS * BEAT, sizeof (double));
  if (samples == NULL)
    return 71;
  for (int beat = 0; beat < BEATS; beat++)
    {
      int left = (BEATS - beat) * BEAT;
      pluck (samples, beat * BEAT, left < 2 * BEAT ? left : 2 * BEAT, m->melody[beat], 0.5);
      if (beat % 4 == 0)
        for (int i = 0; i < CHORD_NOTES; i++)
          pluck (samples, beat * BEAT, 4 * BEAT, m->chords[beat / 4][i], 0.35);
    }
  FILE *file = fopen (argv[2], "wb");
  int failed = file == NULL || write_wav (file, samples, BEATS * BEAT) != 0;
  if (file != NULL && fclose (file) != 0)
    failed = 1;
  free (samples);
  if (failed)
    perror (argv[2]);
  return failed ? 74 : 0;
}
