/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "gst-scene.h"

#include "tests/gst/gst-audio.h"

#define RATE 44100

void
gst_scene_init (GstScene *scene)
{
  g_autoptr (GError) error = NULL;

  scene->server = fault_server_new (g_getenv ("GST_RIG_AUDIO"), NULL, 0, &error);
  g_assert_no_error (error);
  scene->rig = gst_rig_new (TRUE);
}

void
gst_scene_clear (GstScene *scene)
{
  gst_rig_free (scene->rig);
  fault_server_free (scene->server);
}

guint64
gst_scene_load (GstScene *scene, const char *path, gboolean renewable, gint64 offset_ms)
{
  g_autofree char *url = fault_server_url (scene->server, path);
  g_autoptr (PlayerItem) plain = player_item_new (url, "token", offset_ms, "", NULL);
  g_autoptr (PlayerItem) item = player_item_new_source (plain, url, NULL, renewable);

  const guint64 generation = ++scene->rig->generation;
  player_engine_load (scene->rig->engine, generation, item, offset_ms,
                      generation == 1 ? PLAYER_LOAD_CURRENT : PLAYER_LOAD_NEXT);
  return generation;
}

void
gst_scene_renew (GstScene *scene, guint64 generation, const char *path)
{
  g_autofree char *url = fault_server_url (scene->server, path);
  g_autoptr (PlayerItem) item = player_item_new (url, "", 0, "", NULL);

  player_engine_renew (scene->rig->engine, generation, item);
}

void
gst_scene_assert_whole (GstScene *scene, guint64 generation, guint file, guint from, guint frames)
{
  guint gaps = 0;

  gst_rig_wait (scene->rig, PLAYER_ENGINE_FINISHED, generation);
  gst_rig_settle (scene->rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&scene->rig->tap);
  gst_audio_assert_silent_end (heard, gst_audio_assert_heard (heard, 0, file, from, frames, &gaps));
  /* blocks that come late on a busy machine are gaps that nobody is told of */
  g_assert_cmpuint (gaps, >=,
                    gst_rig_count (scene->rig, PLAYER_ENGINE_REFILLED, generation)
                        + gst_rig_count (scene->rig, PLAYER_ENGINE_RESUMED, generation));
  g_assert_cmpuint (gst_rig_count (scene->rig, PLAYER_ENGINE_STARTED, generation), ==, 1);
  g_assert_cmpuint (gst_rig_count (scene->rig, PLAYER_ENGINE_SEEKED, generation), ==, 0);
  g_assert_cmpint (gst_rig_find (scene->rig, PLAYER_ENGINE_FINISHED, generation)->offset_ms, ==,
                   ((gint64)frames * 1000 + RATE / 2) / RATE);
}
