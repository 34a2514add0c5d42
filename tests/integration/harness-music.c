/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "harness-music.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "demo-json.h"

#define RATE 44100
/* Frames that a fade may have changed so that they cannot be told any more: 10 ms. */
#define FADE_FRAMES 441
/* The quietest frames of two fades are silent. */
#define FADED_FRAMES 40
#define WAIT_MS 20000
#define MAX_TRACKS 3

/* What is heard has been written down before. The sink stays open, for opening it empties the file. */
#define CONFIG                                                                                     \
  "[audio]\nidle-seconds = 600\nsink = capsfilter caps=audio/x-raw,format=S16LE ! tee name=t ! "   \
  "queue ! fakesink sync=true "                                                                    \
  "t. ! filesink location=@DIR@/capture.raw sync=false async=false buffer-mode=unbuffered\n"       \
  "[music tunes]\nendpoint = %s\nhttp-media = true\n"

/* --- The rig -----------------------------------------------------------------------------------
 */

static const char *const files[MAX_TRACKS] = { "a.wav", "b.wav", "c.wav" };

static char *
get_path (MusicRig *self, guint track)
{
  return g_build_filename (self->media_dir, files[track - 1], NULL);
}

MusicRig *
music_rig_new (const guint *lengths_ms)
{
  MusicRig *self = g_new0 (MusicRig, 1);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tracks = g_ptr_array_new_with_free_func (g_free);
  self->media_dir = g_dir_make_tmp ("segue-music-XXXXXX", &error);
  g_assert_no_error (error);
  for (guint i = 0; i < MAX_TRACKS && lengths_ms[i] != 0; i++)
    {
      g_autofree char *path = get_path (self, i + 1);
      harness_write_wav (path, i + 1, (gsize)lengths_ms[i] * RATE / 1000 + 7 * (i + 1));
      g_ptr_array_add (tracks, g_strdup_printf ("%s=%u", files[i], lengths_ms[i]));
    }
  g_ptr_array_add (tracks, NULL);
  self->tunes
      = demo_music_server_new (0, self->media_dir, (const char *const *)tracks->pdata, &error);
  g_assert_no_error (error);
  g_autofree char *config = g_strdup_printf (CONFIG, demo_music_server_get_url (self->tunes));
  self->harness = harness_new (config);
  return self;
}

void
music_rig_free (MusicRig *self)
{
  harness_free (self->harness);
  g_object_unref (self->tunes);
  for (guint i = 0; i < MAX_TRACKS; i++)
    {
      g_autofree char *path = get_path (self, i + 1);
      g_unlink (path);
    }
  g_rmdir (self->media_dir);
  g_free (self->media_dir);
  g_free (self);
}

void
music_rig_control (MusicRig *self, const char *json)
{
  g_autofree char *text = g_strdelimit (g_strdup (json), "'", '"');
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonObject) object = demo_json_parse_object (text, -1, &error);
  g_assert_no_error (error);
  demo_music_server_control (self->tunes, object, &error);
  g_assert_no_error (error);
}

void
music_rig_play (MusicRig *self, const char *content)
{
  g_autofree char *args = g_strdup_printf ("('tunes', {'content': '%s'})", content);
  music_rig_do (self, "Play", args);
  harness_wait_activity (self->harness, "PLAYING");
}

void
music_rig_do (MusicRig *self, const char *method, const char *args)
{
  g_autoptr (GVariant) reply = harness_call (self->harness, MUSIC, method,
                                             args != NULL ? g_variant_new_parsed (args) : NULL);
}

/* --- What the service was asked ----------------------------------------------------------------
 */

typedef struct
{
  MusicRig *rig;
  const char *name;
  guint times;
} Asked;

guint
music_rig_count (MusicRig *self, const char *name)
{
  return demo_music_server_count (self->tunes, "request", name);
}

static gboolean
was_asked (gpointer user_data)
{
  Asked *asked = user_data;
  return music_rig_count (asked->rig, asked->name) >= asked->times;
}

void
music_rig_wait_asked (MusicRig *self, const char *name, guint times)
{
  Asked asked = { self, name, times };
  if (harness_wait (WAIT_MS, was_asked, &asked))
    return;
  g_autofree char *all = music_rig_list_asked (self);
  harness_fail ("%s was not asked %u times: %s", name, times, all);
}

void
music_rig_wait_item (MusicRig *self, const char *item_id)
{
  g_autofree char *quoted = g_strdup_printf ("'%s'", item_id);
  harness_wait_property (self->harness, MUSIC, "ItemId", quoted);
  harness_wait_activity (self->harness, "PLAYING");
}

static gboolean
was_told (gpointer user_data)
{
  Asked *told = user_data;
  return demo_music_server_count (told->rig->tunes, "event", NULL) >= told->times;
}

void
music_rig_wait_events (MusicRig *self, guint times)
{
  Asked told = { self, NULL, times };
  if (harness_wait (WAIT_MS, was_told, &told))
    return;
  g_autofree char *all = music_rig_list_events (self);
  harness_fail ("the service was not told of %u events: %s", times, all);
}

static gboolean
never (gpointer user_data)
{
  return FALSE;
}

void
music_rig_sleep (guint ms)
{
  harness_wait (ms, never, NULL);
}

char *
music_rig_list_asked (MusicRig *self)
{
  g_autoptr (GString) text = g_string_new ("");
  GPtrArray *log = demo_music_server_get_log (self->tunes);
  for (guint i = 0; i < log->len; i++)
    {
      JsonObject *entry = g_ptr_array_index (log, i);
      if (g_strcmp0 (demo_json_get_string (entry, "kind"), "request") == 0)
        g_string_append_printf (text, "%s%s", text->len > 0 ? " " : "",
                                demo_json_get_string (entry, "name"));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

char *
music_rig_list_events (MusicRig *self)
{
  g_autoptr (GString) text = g_string_new ("");
  GPtrArray *log = demo_music_server_get_log (self->tunes);
  for (guint i = 0; i < log->len; i++)
    {
      JsonObject *entry = g_ptr_array_index (log, i);
      const char *name = demo_json_get_string (entry, "name");
      if (g_strcmp0 (demo_json_get_string (entry, "kind"), "event") != 0)
        continue;
      name += strlen ("ItemPlayback");
      g_string_append_printf (text, "%s%s %s", text->len > 0 ? ", " : "", name,
                              demo_json_get_string (entry, "item"));
      if (g_str_equal (name, "Started"))
        g_string_append_printf (text, " %" G_GINT64_FORMAT,
                                demo_json_get_int (entry, "offset_ms", -1));
    }
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* --- What was heard ----------------------------------------------------------------------------
 */

/* (transfer full) */
static GBytes *
read_capture (MusicRig *self)
{
  g_autofree char *path = g_build_filename (harness_dir (self->harness), "capture.raw", NULL);
  char *data = NULL;
  gsize length = 0;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  return g_bytes_new_take (data, length);
}

/* The frames in order; one that is silent has track 0. */
typedef struct
{
  guint track;
  gsize index;
} Frame;

static Frame
get_frame (const guint8 *bytes)
{
  return (Frame){ bytes[3], bytes[0] | bytes[1] << 8 | bytes[2] << 16 };
}

gsize
music_rig_get_frames (MusicRig *self, guint track)
{
  g_autofree char *path = get_path (self, track);
  GStatBuf status = { 0 };
  g_assert_cmpint (g_stat (path, &status), ==, 0);
  return (status.st_size - 44) / 4;
}

/* What is expected next. */
typedef struct
{
  MusicRig *rig;
  const MusicPart *part;
  gsize index;
} Place;

static void
skip_ended (Place *place)
{
  while (place->part->track != 0)
    {
      gsize last = place->part->last != 0 ? place->part->last
                                          : music_rig_get_frames (place->rig, place->part->track);
      if (place->index < last)
        return;
      place->part++;
      place->index = place->part->first;
    }
}

/* Whether @frame, after @changed frames that sounded and cannot be told, is what belongs to @place.
 * @exact: there was no silence, into which a fade may have lost some. */
static gboolean
fits (Place *place, Frame frame, gsize changed, gboolean exact)
{
  skip_ended (place);
  if (place->part->track == 0 || frame.track != place->part->track || frame.index < place->index)
    return FALSE;
  gsize missing = frame.index - place->index;
  if (missing < changed || missing > changed + (exact ? 0 : FADED_FRAMES))
    return FALSE;
  place->index = frame.index + 1;
  skip_ended (place);
  return TRUE;
}

void
music_rig_check (MusicRig *self, const MusicPart *parts)
{
  harness_end_daemon (self->harness, SIGTERM);
  g_autoptr (GBytes) capture = read_capture (self);
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (capture, &length);
  Place place = { self, parts, parts->first };
  gsize changed = 0;
  guint silent = 0;
  guint fading = 0;
  gboolean begun = FALSE;
  gboolean exact = FALSE;
  for (gsize i = 0; i + 4 <= length; i += 4, changed++)
    {
      Frame frame = get_frame (data + i);
      if (frame.track == 0 && frame.index == 0)
        {
          silent++;
          changed--;
          exact = FALSE;
          continue;
        }
      if (silent > 0 && begun)
        fading = FADE_FRAMES; /* in, after it: no frame in it is what it was */
      silent = 0;
      if (fading > 0 && fading-- > 0)
        continue;
      if (!fits (&place, frame, changed, exact))
        {
          if (changed < 2 * FADE_FRAMES)
            continue; /* it may fade out */
          harness_fail ("after %" G_GSIZE_FORMAT " frames: frame %" G_GSIZE_FORMAT
                        " of track %u is heard where %" G_GSIZE_FORMAT " of track %u belongs",
                        i / 4, frame.index, frame.track, place.index, place.part->track);
        }
      begun = TRUE;
      exact = TRUE;
      changed = -1;
    }
  if (place.part->track != 0)
    harness_fail ("what was heard ends where frame %" G_GSIZE_FORMAT " of track %u belongs",
                  place.index, place.part->track);
}

gsize
music_rig_get_gap (MusicRig *self)
{
  g_autoptr (GBytes) capture = read_capture (self);
  gsize length = 0;
  const guint8 *data = g_bytes_get_data (capture, &length);
  gsize gap = 0;
  gsize silent = 0;
  gboolean begun = FALSE;
  for (gsize i = 0; i + 4 <= length; i += 4)
    {
      Frame frame = get_frame (data + i);
      if (frame.track == 0 && frame.index == 0)
        {
          silent++;
          continue;
        }
      if (begun)
        gap = MAX (gap, silent);
      begun = TRUE;
      silent = 0;
    }
  return gap;
}
