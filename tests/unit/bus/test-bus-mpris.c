/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The rules of the Media Player Remote Interfacing Specification 2.2 that a client can check. */
#include <math.h>

#include "bus-fixture.h"
#include "dbus/bus-errors.h"

#define MPRIS BUS_FIXTURE_MPRIS
#define ERROR_PREFIX "org.segue.Error."

typedef struct
{
  const char *name;
  const char *type;
} Property;

/* Every one of @required is there with its type, and nothing else is. */
static void
assert_properties (GVariant *all, const Property *required, gsize n_required)
{
  for (gsize i = 0; i < n_required; i++)
    {
      g_test_message ("%s", required[i].name);
      g_autoptr (GVariant) value = g_variant_lookup_value (all, required[i].name, NULL);
      g_assert_nonnull (value);
      g_assert_cmpstr (g_variant_get_type_string (value), ==, required[i].type);
    }
  g_assert_cmpuint (g_variant_n_children (all), ==, n_required);
}

static void
test_root (BusFixture *f, gconstpointer data)
{
  const Property required[] = {
    { "CanQuit", "b" },
    { "CanRaise", "b" },
    { "HasTrackList", "b" },
    { "Identity", "s" },
    { "SupportedUriSchemes", "as" },
    { "SupportedMimeTypes", "as" },
  };
  g_autoptr (GVariant) all = bus_fixture_get_all (f, BUS_FIXTURE_MPRIS_ROOT);
  assert_properties (all, required, G_N_ELEMENTS (required));
  bus_fixture_assert_property (f, BUS_FIXTURE_MPRIS_ROOT, "Identity", "'Segue'");
  bus_fixture_assert_property (f, BUS_FIXTURE_MPRIS_ROOT, "CanQuit", "false");
  bus_fixture_assert_property (f, BUS_FIXTURE_MPRIS_ROOT, "CanRaise", "false");
  bus_fixture_assert_property (f, BUS_FIXTURE_MPRIS_ROOT, "HasTrackList", "false");
  bus_fixture_assert_property (f, BUS_FIXTURE_MPRIS_ROOT, "SupportedUriSchemes",
                               "['http', 'https', 'file']");
  bus_fixture_call_fails (f, BUS_FIXTURE_MPRIS_ROOT, "Quit", NULL,
                          "org.freedesktop.DBus.Error.NotSupported");
  bus_fixture_call_fails (f, BUS_FIXTURE_MPRIS_ROOT, "Raise", NULL,
                          "org.freedesktop.DBus.Error.NotSupported");
}

/* LoopStatus and Shuffle are absent: no queue of a music service is there (test-bus-mpris-music.c). */
static void
test_properties (BusFixture *f, gconstpointer data)
{
  const Property required[] = {
    { "PlaybackStatus", "s" }, { "Rate", "d" },      { "Metadata", "a{sv}" },
    { "Volume", "d" },         { "Position", "x" },  { "MinimumRate", "d" },
    { "MaximumRate", "d" },    { "CanGoNext", "b" }, { "CanGoPrevious", "b" },
    { "CanPlay", "b" },        { "CanPause", "b" },  { "CanSeek", "b" },
    { "CanControl", "b" },
  };
  g_autoptr (GVariant) all = bus_fixture_get_all (f, MPRIS);
  assert_properties (all, required, G_N_ELEMENTS (required));
  bus_fixture_assert_property (f, MPRIS, "PlaybackStatus", "'Stopped'");
  bus_fixture_assert_property (f, MPRIS, "Metadata", "{}");
  bus_fixture_assert_property (f, MPRIS, "Rate", "1.0");
  bus_fixture_assert_property (f, MPRIS, "MinimumRate", "1.0");
  bus_fixture_assert_property (f, MPRIS, "MaximumRate", "1.0");
  bus_fixture_assert_property (f, MPRIS, "Position", "0");
  bus_fixture_assert_property (f, MPRIS, "CanControl", "true");
  bus_fixture_assert_property (f, MPRIS, "CanPlay", "false");
  bus_fixture_assert_property (f, MPRIS, "CanPause", "false");
  bus_fixture_assert_property (f, MPRIS, "CanGoNext", "false");
  bus_fixture_assert_property (f, MPRIS, "CanGoPrevious", "false");
  bus_fixture_assert_property (f, MPRIS, "CanSeek", "false");
}

static char *
get_track_id (BusFixture *f)
{
  g_autoptr (GVariant) metadata = bus_fixture_get (f, MPRIS, "Metadata");
  char *track_id = NULL;
  g_assert_true (g_variant_lookup (metadata, "mpris:trackid", "o", &track_id));
  return track_id;
}

static void
test_metadata (BusFixture *f, gconstpointer data)
{
  bus_fixture_play (f, "token-1", "radio", 0);
  g_autoptr (GVariant) live = bus_fixture_get (f, MPRIS, "Metadata");
  g_autoptr (GVariant) no_length = g_variant_lookup_value (live, "mpris:length", NULL);
  g_assert_null (no_length);
  bus_fixture_set_duration (f, 180250, TRUE);

  const Property required[] = {
    { "mpris:trackid", "o" }, { "mpris:length", "x" }, { "xesam:title", "s" },
    { "xesam:artist", "as" }, { "xesam:album", "s" },  { "mpris:artUrl", "s" },
  };
  g_autoptr (GVariant) metadata = bus_fixture_get (f, MPRIS, "Metadata");
  assert_properties (metadata, required, G_N_ELEMENTS (required)); /* and so no xesam:url */
  gint64 length_us = 0;
  g_variant_lookup (metadata, "mpris:length", "x", &length_us);
  g_assert_cmpint (length_us, ==, 180250000);
  g_autofree const char **artists = NULL;
  g_variant_lookup (metadata, "xesam:artist", "^a&s", &artists);
  g_assert_cmpstr (artists[0], ==, "Artist");
  g_assert_null (artists[1]);
  g_autofree char *printed = g_variant_print (metadata, FALSE);
  g_assert_null (strstr (printed, "s3cret"));
}

/* The same token twice is two tracks, and neither lies below /org/mpris. */
static void
test_track_id (BusFixture *f, gconstpointer data)
{
  bus_fixture_play (f, "token-1", "radio", 0);
  g_autofree char *first = get_track_id (f);
  g_assert_true (g_str_has_prefix (first, "/org/segue/Segue1/Track/"));
  bus_fixture_settle (f);
  bus_fixture_forget (f);

  bus_fixture_play (f, "token-1", "radio", 0);
  g_autofree char *second = get_track_id (f);
  g_assert_cmpstr (first, !=, second);
  bus_fixture_settle (f);
  g_assert_cmpuint (bus_fixture_count_changes (f, MPRIS, "Metadata"), ==, 1);
}

static void
test_status (BusFixture *f, gconstpointer data)
{
  bus_fixture_play (f, "token-1", "radio", 0);
  bus_fixture_assert_property (f, MPRIS, "PlaybackStatus", "'Playing'");
  bus_fixture_settle (f);
  bus_fixture_forget (f);

  bus_fixture_starve (f, 1000);
  bus_fixture_settle (f);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "PlayerActivity", "'BUFFER_UNDERRUN'");
  bus_fixture_assert_property (f, MPRIS, "PlaybackStatus", "'Playing'");
  g_assert_cmpuint (bus_fixture_count (f, MPRIS, "PropertiesChanged"), ==, 0);

  bus_fixture_submit (f, PLAYER_COMMAND_PAUSE);
  bus_fixture_settle (f);
  bus_fixture_assert_property (f, MPRIS, "PlaybackStatus", "'Paused'");
  g_assert_cmpuint (bus_fixture_count_changes (f, MPRIS, "PlaybackStatus"), ==, 1);

  bus_fixture_submit (f, PLAYER_COMMAND_STOP);
  bus_fixture_assert_property (f, MPRIS, "PlaybackStatus", "'Stopped'");

  bus_fixture_play (f, "token-2", "radio", 0);
  bus_fixture_finish (f, 5000);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "PlayerActivity", "'FINISHED'");
  bus_fixture_assert_property (f, MPRIS, "PlaybackStatus", "'Stopped'");
}

/* Computed at each read, never signalled. */
static void
test_position (BusFixture *f, gconstpointer data)
{
  bus_fixture_play (f, "token-1", "radio", 0);
  bus_fixture_set_position (f, 1234);
  bus_fixture_assert_property (f, MPRIS, "Position", "1234000");
  player_dummy_engine_set_position_us (f->engine, 2345678); /* to the sample */
  bus_fixture_assert_property (f, MPRIS, "Position", "2345678");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "OffsetInMilliseconds", "2346");
  bus_fixture_submit (f, PLAYER_COMMAND_PAUSE);
  bus_fixture_settle (f);
  g_assert_cmpuint (bus_fixture_count_changes (f, MPRIS, "Position"), ==, 0);
  g_assert_cmpuint (bus_fixture_count_changes (f, MPRIS, "CanControl"), ==, 0);
  g_assert_cmpuint (bus_fixture_count (f, MPRIS, "Seeked"), ==, 0);
}

/* A start at an offset is a position nobody expects; the new track is told before it. */
static void
test_seeked (BusFixture *f, gconstpointer data)
{
  bus_fixture_play (f, "token-1", "radio", 30000);
  bus_fixture_settle (f);
  g_assert_cmpuint (bus_fixture_count (f, MPRIS, "Seeked"), ==, 1);
  g_assert_cmpuint (bus_fixture_count_changes (f, MPRIS, "Metadata"), ==, 1);
  g_assert_cmpint (bus_fixture_index_of (f, MPRIS, "PropertiesChanged"), <,
                   bus_fixture_index_of (f, MPRIS, "Seeked"));
  g_assert_cmpint (bus_fixture_index_of (f, BUS_FIXTURE_PLAYER, "PropertiesChanged"), <,
                   bus_fixture_index_of (f, BUS_FIXTURE_PLAYER, "Seeked"));
  gint64 position_us = 0;
  g_variant_get (bus_fixture_last (f, MPRIS, "Seeked"), "(x)", &position_us);
  g_assert_cmpint (position_us, ==, 30000000);
}

/* CanPlay and CanPause belong to the track, not to the moment; CanGo… says that somebody can be
 * asked. */
static void
test_can (BusFixture *f, gconstpointer data)
{
  bus_fixture_play (f, "token-1", "radio", 0);
  bus_fixture_submit (f, PLAYER_COMMAND_PAUSE);
  bus_fixture_assert_property (f, MPRIS, "CanPlay", "true");
  bus_fixture_assert_property (f, MPRIS, "CanPause", "true");
  bus_fixture_assert_property (f, MPRIS, "CanGoNext", "true");
  bus_fixture_assert_property (f, MPRIS, "CanGoPrevious", "true");
  bus_fixture_submit (f, PLAYER_COMMAND_STOP);
  bus_fixture_assert_property (f, MPRIS, "CanPlay", "true");

  bus_fixture_play (f, "token-2", "", 0);
  bus_fixture_assert_property (f, MPRIS, "CanPause", "true");
  bus_fixture_assert_property (f, MPRIS, "CanGoNext", "false");
  bus_fixture_enqueue (f, "token-3");
  bus_fixture_assert_property (f, MPRIS, "CanGoNext", "true");
  bus_fixture_assert_property (f, MPRIS, "CanSeek", "false");
  bus_fixture_set_duration (f, 60000, TRUE);
  bus_fixture_assert_property (f, MPRIS, "CanSeek", "true");
}

static void
test_buttons (BusFixture *f, gconstpointer data)
{
  bus_fixture_call_ok (f, MPRIS, "Next", NULL);
  bus_fixture_call_ok (f, MPRIS, "Previous", NULL);
  bus_fixture_assert_calls (f, ""); /* CanGoNext is false: no effect, no error */

  bus_fixture_play (f, "token-1", "radio", 0);
  const char *const methods[] = { "Next", "Previous", "Pause", "PlayPause", "Stop", "Play" };
  for (guint i = 0; i < G_N_ELEMENTS (methods); i++)
    bus_fixture_call_ok (f, MPRIS, methods[i], NULL);
  bus_fixture_assert_calls (f, "press next\npress previous\npress pause\npress play-pause\n"
                               "press stop\npress play\n");

  bus_dummy_backend_fail (f->backend, BUS_ERROR_NOTHING_TO_PLAY);
  bus_fixture_call_ok (f, MPRIS, "Play", NULL);
  bus_fixture_call_fails (f, MPRIS, "PlayPause", NULL, ERROR_PREFIX "NothingToPlay");
  bus_dummy_backend_fail (f->backend, BUS_ERROR_NOT_PLAYING);
  bus_fixture_call_ok (f, MPRIS, "Pause", NULL);
  bus_dummy_backend_fail (f->backend, BUS_ERROR_BUSY);
  bus_fixture_call_fails (f, MPRIS, "Next", NULL, ERROR_PREFIX "Busy");
}

static void
seek (BusFixture *f, gint64 offset_us)
{
  bus_fixture_call_ok (f, MPRIS, "Seek", g_variant_new ("(x)", offset_us));
}

static void
test_seek (BusFixture *f, gconstpointer data)
{
  seek (f, 1000000);
  bus_fixture_play (f, "token-1", "radio", 0);
  seek (f, 1000000);
  bus_fixture_assert_calls (f, ""); /* CanSeek is false */

  bus_fixture_set_duration (f, 60000, TRUE);
  bus_fixture_set_position (f, 20000);
  seek (f, 5000000);
  seek (f, -5000000);
  seek (f, -20000001);
  seek (f, G_MININT64);
  seek (f, 40000000);
  bus_fixture_assert_calls (f, "seek 25000\nseek 15000\nseek 0\nseek 0\nseek 60000\n");
  seek (f, 40001000);
  seek (f, G_MAXINT64);
  bus_fixture_assert_calls (f, "press next\npress next\n"); /* beyond the end */
}

static void
set_position (BusFixture *f, const char *track_id, gint64 position_us)
{
  bus_fixture_call_ok (f, MPRIS, "SetPosition", g_variant_new ("(ox)", track_id, position_us));
}

static void
test_set_position (BusFixture *f, gconstpointer data)
{
  bus_fixture_play (f, "token-1", "radio", 0);
  g_autofree char *stale = get_track_id (f);
  bus_fixture_play (f, "token-1", "radio", 0);
  g_autofree char *track_id = get_track_id (f);
  set_position (f, track_id, 1000000); /* CanSeek is false */
  bus_fixture_set_duration (f, 60000, TRUE);

  set_position (f, stale, 1000000);
  set_position (f, "/org/mpris/MediaPlayer2/TrackList/NoTrack", 1000000);
  set_position (f, track_id, -1);
  set_position (f, track_id, 60001000);
  bus_fixture_assert_calls (f, "");
  set_position (f, track_id, 0);
  set_position (f, track_id, 59999000);
  bus_fixture_assert_calls (f, "seek 0\nseek 59999\n");
}

static void
test_open_uri (BusFixture *f, gconstpointer data)
{
  bus_fixture_call_ok (f, MPRIS, "OpenUri", g_variant_new ("(s)", "https://a.example/b.mp3"));
  bus_fixture_assert_calls (f, "play-url https://a.example/b.mp3 0\n");
  bus_fixture_call_fails (f, MPRIS, "OpenUri", g_variant_new ("(s)", "spotify:track:1"),
                          ERROR_PREFIX "InvalidArgument");
  bus_fixture_assert_calls (f, "");
}

static void
test_volume (BusFixture *f, gconstpointer data)
{
  bus_fixture_set (f, MPRIS, "Volume", g_variant_new_double (0.5), NULL);
  bus_fixture_assert_property (f, MPRIS, "Volume", "0.5");
  bus_fixture_settle (f);
  g_assert_cmpuint (bus_fixture_count_changes (f, MPRIS, "Volume"), ==, 1);
  bus_fixture_set (f, MPRIS, "Volume", g_variant_new_double (-3.0), NULL);
  bus_fixture_assert_property (f, MPRIS, "Volume", "0.0");
  bus_fixture_set (f, MPRIS, "Volume", g_variant_new_double (1.5), NULL);
  bus_fixture_assert_property (f, MPRIS, "Volume", "1.0");
  bus_fixture_set (f, MPRIS, "Volume", g_variant_new_double (NAN), ERROR_PREFIX "InvalidArgument");
  bus_fixture_assert_property (f, MPRIS, "Volume", "1.0");
}

static void
test_rate (BusFixture *f, gconstpointer data)
{
  bus_fixture_set (f, MPRIS, "Rate", g_variant_new_double (1.0), NULL);
  bus_fixture_set (f, MPRIS, "Rate", g_variant_new_double (2.0), NULL);
  bus_fixture_assert_calls (f, "");
  bus_fixture_set (f, MPRIS, "Rate", g_variant_new_double (0.0), NULL);
  bus_fixture_assert_calls (f, "press pause\n");
  bus_dummy_backend_fail (f->backend, BUS_ERROR_NOT_PLAYING);
  bus_fixture_set (f, MPRIS, "Rate", g_variant_new_double (0.0), NULL);
  bus_dummy_backend_fail (f->backend, BUS_ERROR_SHUTTING_DOWN);
  bus_fixture_set (f, MPRIS, "Rate", g_variant_new_double (0.0), ERROR_PREFIX "ShuttingDown");
  bus_fixture_assert_property (f, MPRIS, "Rate", "1.0");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/bus/mpris/" path, BusFixture, NULL, bus_fixture_set_up, func, bus_fixture_tear_down)
  ADD ("root", test_root);
  ADD ("properties", test_properties);
  ADD ("metadata", test_metadata);
  ADD ("track-id", test_track_id);
  ADD ("status", test_status);
  ADD ("position", test_position);
  ADD ("seeked", test_seeked);
  ADD ("can", test_can);
  ADD ("buttons", test_buttons);
  ADD ("seek", test_seek);
  ADD ("set-position", test_set_position);
  ADD ("open-uri", test_open_uri);
  ADD ("volume", test_volume);
  ADD ("rate", test_rate);
  return g_test_run ();
}
