/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "gst-rig.h"

#include <glib/gstdio.h>

#include "gst-audio.h"

#define DEADLINE_US (20 * G_USEC_PER_SEC)

/* Where a generation stands. */
typedef enum
{
  STATE_NEW,
  STATE_READY,
  STATE_SOUNDS,
  STATE_DRY,
  STATE_PAUSED,
  STATE_OVER,
} State;

static State
check_ready (State state)
{
  g_assert_cmpint (state, ==, STATE_NEW);
  return STATE_READY;
}

static State
check_one_of (State state, State one, State other, State then)
{
  g_assert_true (state == one || state == other);
  return then;
}

/* The next state, or a failed assertion. An underrun may end with a pause or the last event. */
static State
check_event (State state, const PlayerEngineEvent *event)
{
  g_assert_cmpint (state, !=, STATE_OVER);
  switch (event->type)
    {
    case PLAYER_ENGINE_READY:
      return check_ready (state);
    case PLAYER_ENGINE_STARTED:
      return check_one_of (state, STATE_NEW, STATE_READY, STATE_SOUNDS);
    case PLAYER_ENGINE_UNDERRUN:
      return check_one_of (state, STATE_SOUNDS, STATE_SOUNDS, STATE_DRY);
    case PLAYER_ENGINE_REFILLED:
      return check_one_of (state, STATE_DRY, STATE_DRY, STATE_SOUNDS);
    case PLAYER_ENGINE_RESUMED:
      return check_one_of (state, STATE_PAUSED, STATE_PAUSED, STATE_SOUNDS);
    case PLAYER_ENGINE_SEEKED:
      return check_one_of (state, STATE_SOUNDS, STATE_PAUSED, state);
    case PLAYER_ENGINE_SILENCED:
      g_assert_true (state == STATE_SOUNDS || state == STATE_DRY);
      return event->reason == PLAYER_SILENCED_PAUSED ? STATE_PAUSED : STATE_OVER;
    case PLAYER_ENGINE_FINISHED:
      g_assert_true (state == STATE_SOUNDS || state == STATE_DRY || state == STATE_PAUSED);
      return STATE_OVER;
    case PLAYER_ENGINE_FAILED:
      return STATE_OVER;
    case PLAYER_ENGINE_BUFFERED:
    case PLAYER_ENGINE_DURATION:
    case PLAYER_ENGINE_TAGS:
      g_assert_cmpint (state, !=, STATE_NEW);
      return state;
    case PLAYER_ENGINE_REFUSED:
      return state;
    }
  g_assert_not_reached ();
}

static void
rig_on_event (PlayerEngine *engine, const PlayerEngineEvent *event, gpointer data)
{
  GstRig *self = data;
  PlayerEngineEvent copy = *event;
  const gpointer key = GUINT_TO_POINTER (event->generation);
  const State state = GPOINTER_TO_UINT (g_hash_table_lookup (self->states, key));

  g_test_message ("%s %" G_GUINT64_FORMAT " at %" G_GINT64_FORMAT " ms%s%s",
                  player_engine_event_type_to_string (event->type), event->generation,
                  event->offset_ms, event->error_message != NULL ? ": " : "",
                  event->error_message != NULL ? event->error_message : "");
  g_assert_cmpuint (event->generation, !=, 0);
  g_hash_table_insert (self->states, key, GUINT_TO_POINTER (check_event (state, event)));
  if (event->type == PLAYER_ENGINE_FAILED)
    g_ptr_array_add (self->errors, g_strdup (event->error_message));
  if (event->type == PLAYER_ENGINE_TAGS)
    {
      g_free (self->title);
      self->title = g_strdup (event->metadata->title);
    }
  copy.error_message = NULL;
  copy.metadata = NULL;
  g_array_append_val (self->events, copy);
}

void
gst_rig_start (GstRig *self, const PlayerGstEngineOptions *options)
{
  g_autoptr (GError) error = NULL;

  self->engine = player_gst_engine_new (options, &error);
  g_assert_no_error (error);
  g_signal_connect (self->engine, "event", G_CALLBACK (rig_on_event), self);
}

GstRig *
gst_rig_new_with_sink (const char *sink)
{
  GstRig *self = g_new0 (GstRig, 1);
  gst_tap_init (&self->tap);
  self->events = g_array_sized_new (FALSE, FALSE, sizeof (PlayerEngineEvent), 4096);
  self->errors = g_ptr_array_new_with_free_func (g_free);
  self->states = g_hash_table_new (NULL, NULL);
  if (sink != NULL)
    {
      PlayerGstEngineOptions options = PLAYER_GST_ENGINE_OPTIONS_INIT;

      options.sink = sink;
      gst_rig_start (self, &options);
    }
  return self;
}

GstRig *
gst_rig_new (gboolean real_time)
{
  GstRig *self = gst_rig_new_with_sink (NULL);
  g_autofree char *sink = gst_tap_describe (&self->tap, real_time);
  PlayerGstEngineOptions options = PLAYER_GST_ENGINE_OPTIONS_INIT;

  options.sink = sink;
  gst_rig_start (self, &options);
  return self;
}

void
gst_rig_free (GstRig *self)
{
  if (self->engine != NULL)
    g_assert_finalize_object (self->engine);
  gst_tap_clear (&self->tap);
  g_array_unref (self->events);
  g_ptr_array_unref (self->errors);
  g_hash_table_unref (self->states);
  g_free (self->title);
  g_free (self);
}

gint64
gst_rig_get_position_ms (GstRig *self, guint64 generation)
{
  const gint64 position_us = player_engine_get_position_us (self->engine, generation);

  return position_us < 0 ? -1 : (position_us + 500) / 1000;
}

guint64
gst_rig_load (GstRig *self, const char *url, gint64 offset_ms, PlayerLoadMode mode)
{
  g_autoptr (PlayerItem) item = player_item_new (url, "token", offset_ms, "", NULL);

  player_engine_load (self->engine, ++self->generation, item, offset_ms, mode);
  return self->generation;
}

const PlayerEngineEvent *
gst_rig_find (GstRig *self, PlayerEngineEventType type, guint64 generation)
{
  for (guint i = self->events->len; i > 0; i--)
    {
      const PlayerEngineEvent *event = &g_array_index (self->events, PlayerEngineEvent, i - 1);

      if (event->type == type && event->generation == generation)
        return event;
    }
  return NULL;
}

guint64
gst_rig_load_file (GstRig *self, const char *name)
{
  g_autofree char *url = gst_rig_url (name);

  return gst_rig_load (self, url, 0, PLAYER_LOAD_CURRENT);
}

void
gst_rig_wait_position_ms (GstRig *self, guint64 generation, gint64 position_ms)
{
  const gint64 deadline = g_get_monotonic_time () + 20 * G_USEC_PER_SEC;

  while (gst_rig_get_position_ms (self, generation) < position_ms)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      gst_rig_run (self, 10);
    }
}

guint
gst_rig_count (GstRig *self, PlayerEngineEventType type, guint64 generation)
{
  guint count = 0;

  for (guint i = 0; i < self->events->len; i++)
    {
      const PlayerEngineEvent *event = &g_array_index (self->events, PlayerEngineEvent, i);

      count += event->type == type && event->generation == generation;
    }
  return count;
}

static gboolean
rig_on_tick (gpointer data)
{
  return G_SOURCE_CONTINUE;
}

const PlayerEngineEvent *
gst_rig_wait (GstRig *self, PlayerEngineEventType type, guint64 generation)
{
  const gint64 deadline = g_get_monotonic_time () + DEADLINE_US;
  const guint tick = g_timeout_add (50, rig_on_tick, NULL);
  const PlayerEngineEvent *event;

  while ((event = gst_rig_find (self, type, generation)) == NULL)
    {
      if (g_get_monotonic_time () > deadline)
        g_test_message ("no event “%s” of generation %" G_GUINT64_FORMAT,
                        player_engine_event_type_to_string (type), generation);
      g_assert_cmpint (g_get_monotonic_time (), <=, deadline);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (tick);
  return event;
}

void
gst_rig_wait_frames (GstRig *self, guint frames)
{
  const gint64 deadline = g_get_monotonic_time () + DEADLINE_US;
  const guint tick = g_timeout_add (2, rig_on_tick, NULL);

  while (gst_tap_count (&self->tap) < frames)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_main_context_iteration (NULL, TRUE);
    }
  g_source_remove (tick);
}

void
gst_rig_settle (GstRig *self)
{
  const gint64 deadline = g_get_monotonic_time () + DEADLINE_US;

  for (guint before = gst_tap_count (&self->tap) + 1; before != gst_tap_count (&self->tap);)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      before = gst_tap_count (&self->tap);
      gst_rig_run (self, 60);
    }
}

void
gst_rig_run (GstRig *self, guint ms)
{
  const gint64 end = g_get_monotonic_time () + (gint64)ms * 1000;
  const guint tick = g_timeout_add (2, rig_on_tick, NULL);

  while (g_get_monotonic_time () < end)
    g_main_context_iteration (NULL, TRUE);
  g_source_remove (tick);
}

void
gst_rig_assert_start (GstRig *self, guint64 generation, guint file, gint64 offset_ms)
{
  const guint first = (guint)((offset_ms * 44100 + 500) / 1000);

  g_assert_cmpint (gst_rig_wait (self, PLAYER_ENGINE_STARTED, generation)->offset_ms, ==,
                   offset_ms);
  gst_rig_wait_frames (self, 4410);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&self->tap);
  gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), file, first, first + 3000);
}

char *
gst_rig_path (const char *name)
{
  return g_build_filename (g_getenv ("GST_RIG_AUDIO"), name, NULL);
}

static void
rig_make_audio (char letter, guint file, guint frames)
{
  const char names[][8] = { { letter, '.', 'w', 'a', 'v' }, { letter, '.', 'f', 'l', 'a', 'c' } };
  g_autofree char *wav = gst_rig_path (names[0]);
  g_autofree char *flac = gst_rig_path (names[1]);
  g_autofree char *pipeline = g_strdup_printf (
      "filesrc location=%s ! wavparse ! flacenc ! filesink location=%s", wav, flac);

  gst_audio_write_wav (wav, file, frames, 44100);
  gst_audio_run_pipeline (pipeline);
}

int
gst_rig_main (int argc, char **argv, void (*add_tests) (void))
{
  g_test_init (&argc, &argv, NULL);
  g_autoptr (GError) error = NULL;
  g_assert_true (player_gst_init (&error));
  g_assert_true (gst_tap_register ());
  g_autofree char *directory = g_dir_make_tmp ("segue-engine-XXXXXX", &error);
  g_assert_no_error (error);
  g_setenv ("GST_RIG_AUDIO", directory, TRUE);
  rig_make_audio ('a', GST_RIG_FILE_A, GST_RIG_FRAMES_A);
  rig_make_audio ('b', GST_RIG_FILE_B, GST_RIG_FRAMES_B);
  rig_make_audio ('c', GST_RIG_FILE_C, GST_RIG_FRAMES_C);

  add_tests ();
  const int status = g_test_run ();
  const char *name;
  g_autoptr (GDir) files = g_dir_open (directory, 0, NULL);
  while ((name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = gst_rig_path (name);
      g_unlink (path);
    }
  g_rmdir (directory);
  return status;
}

char *
gst_rig_url (const char *name)
{
  g_autofree char *path = gst_rig_path (name);

  return g_filename_to_uri (path, NULL, NULL);
}
