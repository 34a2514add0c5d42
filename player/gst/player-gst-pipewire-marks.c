/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-pipewire-marks.h"

#define NS_PER_SECOND G_GINT64_CONSTANT (1000000000)
/* While somebody looks at the others, so many may be overwritten. */
#define SPARE 8

static PlayerGstPipewireMark *
marks_get (PlayerGstPipewireMarks *self, guint n)
{
  return &self->marks[n % PLAYER_GST_PIPEWIRE_MARKS];
}

void
player_gst_pipewire_marks_add (PlayerGstPipewireMarks *self, const PlayerGstPipewireMark *mark)
{
  const guint count = (guint)g_atomic_int_get (&self->count);

  *marks_get (self, count) = *mark;
  g_atomic_int_set (&self->count, (gint)(count + 1));
}

void
player_gst_pipewire_marks_extend (PlayerGstPipewireMarks *self, guint frames)
{
  const guint count = (guint)g_atomic_int_get (&self->count);

  if (count > 0)
    marks_get (self, count - 1)->frames += frames;
}

gboolean
player_gst_pipewire_marks_get_last (PlayerGstPipewireMarks *self, PlayerGstPipewireMark *mark)
{
  const guint count = (guint)g_atomic_int_get (&self->count);

  if (count > 0)
    *mark = *marks_get (self, count - 1);
  return count > 0;
}

/* (transfer none): @mark, or NULL: none is that old. */
static const PlayerGstPipewireMark *
marks_find (PlayerGstPipewireMarks *self, guint count, gint64 time_ns, PlayerGstPipewireMark *mark)
{
  const guint known = MIN (count, PLAYER_GST_PIPEWIRE_MARKS - SPARE);

  for (guint i = 1; i <= known; i++)
    {
      *mark = *marks_get (self, count - i);
      if (mark->time_ns <= time_ns)
        return mark;
    }
  return NULL;
}

gboolean
player_gst_pipewire_marks_find (
    PlayerGstPipewireMarks *self, gint64 time_ns, guint rate, gint64 *frame, gint64 *elapsed_ns)
{
  const guint count = (guint)g_atomic_int_get (&self->count);
  PlayerGstPipewireMark mark;

  if (marks_find (self, count, time_ns, &mark) == NULL)
    return FALSE;
  const gint64 length_ns = (gint64)mark.frames * NS_PER_SECOND / rate;
  *frame = mark.frame;
  *elapsed_ns = MIN (time_ns - mark.time_ns, length_ns);
  return TRUE;
}
