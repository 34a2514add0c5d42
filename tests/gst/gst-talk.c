/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "gst-talk.h"

#include "player/gst/player-gst-speech.h"
#include "tests/gst/gst-audio.h"

#define DEADLINE_US (30 * G_USEC_PER_SEC)

static void
talk_on_event (PlayerSpeech *speech, const PlayerSpeechEvent *event, gpointer data)
{
  GstTalk *self = data;
  PlayerSpeechEvent copy = *event;

  g_test_message ("speech: %s %" G_GUINT64_FORMAT " part %u%s%s",
                  player_speech_event_type_to_string (event->type), event->generation, event->part,
                  event->error_message != NULL ? ": " : "",
                  event->error_message != NULL ? event->error_message : "");
  g_assert_cmpuint (event->generation, ==, self->generation);
  g_assert_true (self->under_way);
  if (event->type == PLAYER_SPEECH_STARTED)
    {
      g_assert_false (self->started);
      self->started = TRUE;
    }
  else if (event->type == PLAYER_SPEECH_FAILED)
    g_assert_false (self->started);
  else if (event->type == PLAYER_SPEECH_FINISHED)
    g_assert_true (self->started);
  if (event->type != PLAYER_SPEECH_STARTED && event->type != PLAYER_SPEECH_FAULT)
    self->under_way = FALSE;
  if (event->type == PLAYER_SPEECH_FAULT || event->type == PLAYER_SPEECH_FAILED)
    {
      g_assert_nonnull (event->error_message);
      g_assert_null (strpbrk (event->error_message, "\r\n?"));
      g_ptr_array_add (self->problems, g_strdup (event->error_message));
    }
  copy.error_message = NULL;
  g_array_append_val (self->events, copy);
}

GstTalk *
gst_talk_new (GstRig *rig, const char *command, guint timeout_ms)
{
  GstTalk *self = g_new0 (GstTalk, 1);
  g_autoptr (GError) error = NULL;

  self->rig = rig;
  self->events = g_array_new (FALSE, FALSE, sizeof (PlayerSpeechEvent));
  self->problems = g_ptr_array_new_with_free_func (g_free);
  self->speech
      = player_gst_speech_new (PLAYER_GST_ENGINE (rig->engine), command, timeout_ms, &error);
  g_assert_no_error (error);
  g_signal_connect (self->speech, "event", G_CALLBACK (talk_on_event), self);
  return self;
}

void
gst_talk_free (GstTalk *self)
{
  g_assert_finalize_object (self->speech);
  g_array_unref (self->events);
  g_ptr_array_unref (self->problems);
  g_free (self);
}

static PlayerSpeechPart *
make_part (const char *text)
{
  const char *value = strchr (text, ':') + 1;

  if (g_str_has_prefix (text, "say:"))
    return player_speech_part_new_say (value);
  if (g_str_has_prefix (text, "audio:"))
    return player_speech_part_new_audio (value);
  return player_speech_part_new_break ((guint)g_ascii_strtoull (value, NULL, 10));
}

guint64
gst_talk_say (GstTalk *self, gint64 max_audio_ms, ...)
{
  g_autoptr (GPtrArray) parts
      = g_ptr_array_new_with_free_func ((GDestroyNotify)player_speech_part_free);
  const char *text;
  va_list args;
  const guint count = self->events->len;

  va_start (args, max_audio_ms);
  while ((text = va_arg (args, const char *)) != NULL)
    g_ptr_array_add (parts, make_part (text));
  va_end (args);
  g_autoptr (PlayerUtterance) utterance
      = player_utterance_new ("id", "", "en-US", parts, max_audio_ms);
  g_assert_false (self->under_way);
  self->under_way = TRUE;
  self->started = FALSE;
  player_speech_say (self->speech, ++self->generation, utterance);
  g_assert_cmpuint (self->events->len, ==, count);
  return self->generation;
}

char *
gst_talk_file (const char *name)
{
  g_autofree char *path = gst_rig_path (name);

  return g_strconcat ("say:", path, NULL);
}

char *
gst_talk_recording (const char *name)
{
  g_autofree char *url = gst_rig_url (name);

  return g_strconcat ("audio:", url, NULL);
}

void
gst_talk_make_audio (void)
{
  g_autofree char *p = gst_rig_path ("p.wav");
  g_autofree char *q = gst_rig_path ("q.wav");

  gst_audio_write_wav (p, GST_TALK_FILE_P, GST_TALK_FRAMES_P, GST_TALK_RATE);
  gst_audio_write_wav (q, GST_TALK_FILE_Q, GST_TALK_FRAMES_Q, GST_TALK_RATE);
}

void
gst_talk_assert_problem (GstTalk *self, const char *pattern)
{
  g_assert_cmpuint (self->problems->len, >, 0);
  const char *problem = g_ptr_array_index (self->problems, self->problems->len - 1);

  if (!g_pattern_match_simple (pattern, problem))
    g_test_message ("“%s” is not “%s”", problem, pattern);
  g_assert_true (g_pattern_match_simple (pattern, problem));
}

guint
gst_talk_count (GstTalk *self, PlayerSpeechEventType type, guint64 generation)
{
  guint count = 0;

  for (guint i = 0; i < self->events->len; i++)
    {
      const PlayerSpeechEvent *event = &g_array_index (self->events, PlayerSpeechEvent, i);

      count += event->type == type && event->generation == generation;
    }
  return count;
}

void
gst_talk_wait (GstTalk *self, PlayerSpeechEventType type, guint64 generation)
{
  const gint64 deadline = g_get_monotonic_time () + DEADLINE_US;

  while (gst_talk_count (self, type, generation) == 0)
    {
      if (g_get_monotonic_time () > deadline
          || (!self->under_way && self->generation == generation))
        g_test_message ("no event “%s”", player_speech_event_type_to_string (type));
      g_assert_cmpint (g_get_monotonic_time (), <=, deadline);
      g_assert_true (self->under_way || self->generation != generation);
      gst_rig_run (self->rig, 2);
    }
}
