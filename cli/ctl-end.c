/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-end.h"

/* A stream that was ordered may take its time to open. */
#define OPENING_FACTOR 10

void
ctl_end_init (CtlEnd *self)
{
  *self = (CtlEnd){ .pending = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, NULL) };
}

void
ctl_end_clear (CtlEnd *self)
{
  g_clear_pointer (&self->pending, g_hash_table_unref);
}

void
ctl_end_set_activity (CtlEnd *self, const char *activity)
{
  self->playing = g_strcmp0 (activity, "PLAYING") == 0 || g_strcmp0 (activity, "PAUSED") == 0
                  || g_strcmp0 (activity, "BUFFER_UNDERRUN") == 0;
  if (self->playing)
    {
      self->seen = TRUE;
      self->play_obeyed = FALSE;
    }
}

/* The argument at @i, if it is a string. */
static char *
string_at (GVariant *args, gsize i)
{
  if (i >= g_variant_n_children (args))
    return NULL;
  g_autoptr (GVariant) value = g_variant_get_child_value (args, i);
  return g_variant_is_of_type (value, G_VARIANT_TYPE_STRING) ? g_variant_dup_string (value, NULL)
                                                             : NULL;
}

/* What is said is told first, and what becomes of it ends with one of three states. */
static void
feed_speech_state (CtlEnd *self, const char *state)
{
  gboolean over = g_strcmp0 (state, "finished") == 0 || g_strcmp0 (state, "stopped") == 0
                  || g_strcmp0 (state, "failed") == 0;
  if (over && self->n_speaking > 0)
    self->n_speaking--;
}

void
ctl_end_feed (CtlEnd *self, const char *member, GVariant *args)
{
  g_autofree char *first = string_at (args, 0);
  g_autofree char *id = string_at (args, 1);
  g_autofree char *type = string_at (args, 2);
  self->seen = TRUE;
  if (g_strcmp0 (member, "RequestSent") == 0 && id != NULL)
    g_hash_table_add (self->pending, g_strdup (id));
  else if (g_strcmp0 (member, "AnswerReceived") == 0 && id != NULL)
    g_hash_table_remove (self->pending, id);
  else if (g_strcmp0 (member, "RequestFailed") == 0)
    {
      self->n_failed++;
      if (id != NULL)
        g_hash_table_remove (self->pending, id);
    }
  else if (g_strcmp0 (member, "Directive") == 0)
    {
      g_autofree char *verdict = string_at (args, 4);
      if (g_strcmp0 (type, "AudioPlayer.Play") == 0 && g_strcmp0 (verdict, "done") == 0)
        self->play_obeyed = !self->playing;
    }
  else if (g_strcmp0 (member, "Speech") == 0)
    self->n_speaking++;
  else if (g_strcmp0 (member, "SpeechState") == 0)
    feed_speech_state (self, type);
  else if (g_strcmp0 (member, "StreamFailed") == 0)
    {
      self->n_failed++;
      self->play_obeyed = FALSE;
    }
  else if (g_strcmp0 (member, "Activity") == 0)
    ctl_end_set_activity (self, first);
}

gboolean
ctl_end_is_over (const CtlEnd *self, gint64 quiet_ms, gint64 limit_ms)
{
  if (!self->seen || self->playing || self->n_speaking > 0 || g_hash_table_size (self->pending) > 0)
    return FALSE;
  return quiet_ms >= limit_ms * (self->play_obeyed ? OPENING_FACTOR : 1);
}
