/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* What MPRIS has for the queue of a music service, and only for that. */
#include "bus-fixture.h"
#include "dbus/bus-errors.h"

#define ERROR_PREFIX "org.segue.Error."
#define MPRIS BUS_FIXTURE_MPRIS

/* A queue whose controls allow everything. */
static BusMusic
make_music (void)
{
  BusMusic music = BUS_MUSIC_INIT;
  music.service = "shelf";
  music.kind = "DEFAULT";
  music.can_next = music.can_previous = music.can_seek = music.can_shuffle = music.can_loop
      = music.can_repeat = TRUE;
  return music;
}

/* It plays, and nothing has been heard. */
static void
begin (BusFixture *f, const BusMusic *music)
{
  bus_fixture_play (f, "q1/i1#1", "music:shelf", 0);
  bus_fixture_set_duration (f, 60000, TRUE);
  bus_dummy_backend_set_music (f->backend, music);
  bus_fixture_settle (f);
}

static gboolean
has (BusFixture *f, const char *property)
{
  g_autoptr (GVariant) all = bus_fixture_get_all (f, MPRIS);
  g_autoptr (GVariant) value = g_variant_lookup_value (all, property, NULL);
  return value != NULL;
}

/* The two are there while the queue is. */
static void
test_come_and_go (BusFixture *f, gconstpointer data)
{
  BusMusic music = make_music ();
  bus_fixture_play (f, "token-1", "radio", 0);
  g_assert_false (has (f, "LoopStatus"));
  g_assert_false (has (f, "Shuffle"));
  bus_fixture_set (f, MPRIS, "Shuffle", g_variant_new_boolean (TRUE), ERROR_PREFIX "NoMusic");
  bus_fixture_set (f, MPRIS, "LoopStatus", g_variant_new_string ("Track"), ERROR_PREFIX "NoMusic");
  bus_dummy_backend_set_music (f->backend, &music); /* remembered; the radio plays */
  g_assert_false (has (f, "LoopStatus"));

  bus_fixture_settle (f);
  bus_fixture_forget (f);
  begin (f, &music);
  g_assert_cmpuint (bus_fixture_count_changes (f, MPRIS, "LoopStatus"), ==, 1);
  g_assert_cmpuint (bus_fixture_count_changes (f, MPRIS, "Shuffle"), ==, 1);
  bus_fixture_assert_property (f, MPRIS, "LoopStatus", "'None'");
  bus_fixture_assert_property (f, MPRIS, "Shuffle", "false");
  g_assert_true (has (f, "LoopStatus"));
  g_assert_true (has (f, "Shuffle"));

  bus_fixture_forget (f);
  bus_fixture_play (f, "token-2", "radio", 0);
  g_assert_false (has (f, "Shuffle"));
  bus_fixture_settle (f);
  g_assert_cmpuint (bus_fixture_count_gone (f, MPRIS, "LoopStatus"), ==, 1);
  g_assert_cmpuint (bus_fixture_count_gone (f, MPRIS, "Shuffle"), ==, 1);
  g_assert_cmpuint (bus_fixture_count_changes (f, MPRIS, "LoopStatus"), ==, 0);
}

static void
test_modes (BusFixture *f, gconstpointer data)
{
  const struct
  {
    gboolean loop, repeat;
    const char *status;
  } cases[] = {
    { TRUE, FALSE, "'Playlist'" },
    { TRUE, TRUE, "'Track'" },
    { FALSE, TRUE, "'Track'" },
    { FALSE, FALSE, "'None'" },
  };
  BusMusic music = make_music ();
  begin (f, &music);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      music.loop = cases[i].loop;
      music.repeat = cases[i].repeat;
      bus_dummy_backend_set_music (f->backend, &music);
      bus_fixture_assert_property (f, MPRIS, "LoopStatus", cases[i].status);
    }
  bus_fixture_settle (f);
  bus_fixture_forget (f);
  music.shuffle = TRUE;
  bus_dummy_backend_set_music (f->backend, &music);
  bus_fixture_settle (f);
  g_assert_cmpuint (bus_fixture_count (f, MPRIS, "PropertiesChanged"), ==, 1);
  g_assert_cmpuint (bus_fixture_count_changes (f, MPRIS, "Shuffle"), ==, 1);
  g_assert_cmpuint (bus_fixture_count_changes (f, MPRIS, "LoopStatus"), ==, 0);
  bus_fixture_assert_property (f, MPRIS, "Shuffle", "true");
}

static void
set_loop_status (BusFixture *f, const char *status)
{
  bus_fixture_set (f, MPRIS, "LoopStatus", g_variant_new_string (status), NULL);
}

/* From where the queue is, by as few requests as do it, one after the other. */
static void
test_set (BusFixture *f, gconstpointer data)
{
  const struct
  {
    gboolean loop, repeat;
    const char *status;
    const char *calls;
  } cases[] = {
    { FALSE, FALSE, "None", "" },
    { FALSE, FALSE, "Track", "music-do repeat 'on'\n" },
    { FALSE, FALSE, "Playlist", "music-do loop 'on'\n" },
    { TRUE, FALSE, "None", "music-do loop 'off'\n" },
    { TRUE, FALSE, "Track", "music-do repeat 'on'\n" },
    { TRUE, TRUE, "None", "music-do repeat 'off'\nmusic-do loop 'off'\n" },
    { TRUE, TRUE, "Playlist", "music-do repeat 'off'\n" },
    { FALSE, TRUE, "Playlist", "music-do repeat 'off'\nmusic-do loop 'on'\n" },
    { FALSE, TRUE, "Track", "" },
  };
  BusMusic music = make_music ();
  begin (f, &music);
  bus_dummy_backend_answer_music_at_once (f->backend);
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      music.loop = cases[i].loop;
      music.repeat = cases[i].repeat;
      bus_dummy_backend_set_music (f->backend, &music);
      set_loop_status (f, cases[i].status);
      bus_fixture_settle (f);
      bus_fixture_assert_calls (f, cases[i].calls);
    }
  bus_fixture_set (f, MPRIS, "Shuffle", g_variant_new_boolean (FALSE), NULL);
  bus_fixture_set (f, MPRIS, "Shuffle", g_variant_new_boolean (TRUE), NULL);
  bus_fixture_assert_calls (f, "music-do shuffle 'on'\n");
  bus_fixture_assert_property (f, MPRIS, "Shuffle", "false"); /* until the service says so */
}

/* The second request is not sent where the first has failed; nor one that is not allowed. */
static void
test_set_refused (BusFixture *f, gconstpointer data)
{
  BusMusic music = make_music ();
  music.loop = music.repeat = TRUE;
  begin (f, &music);
  bus_dummy_backend_answer_music_at_once (f->backend);
  bus_dummy_backend_fail (f->backend, BUS_ERROR_TIMEOUT);
  set_loop_status (f, "None");
  bus_fixture_settle (f);
  bus_fixture_assert_calls (f, "music-do repeat 'off'\n");

  bus_fixture_set (f, MPRIS, "LoopStatus", g_variant_new_string ("Forever"),
                   ERROR_PREFIX "InvalidArgument");
  music = make_music ();
  music.can_loop = music.can_repeat = music.can_shuffle = FALSE;
  bus_dummy_backend_set_music (f->backend, &music);
  bus_fixture_set (f, MPRIS, "LoopStatus", g_variant_new_string ("Track"),
                   ERROR_PREFIX "NotAllowed");
  bus_fixture_set (f, MPRIS, "LoopStatus", g_variant_new_string ("Playlist"),
                   ERROR_PREFIX "NotAllowed");
  bus_fixture_set (f, MPRIS, "Shuffle", g_variant_new_boolean (TRUE), ERROR_PREFIX "NotAllowed");
  bus_fixture_set (f, MPRIS, "Shuffle", g_variant_new_boolean (FALSE), NULL);
  bus_fixture_assert_calls (f, "");
}

/* Every control alone decides what it is about. */
static void
test_controls (BusFixture *f, gconstpointer data)
{
  BusMusic music = make_music ();
  begin (f, &music);
  bus_fixture_assert_property (f, MPRIS, "CanGoNext", "true");
  bus_fixture_assert_property (f, MPRIS, "CanGoPrevious", "true");
  bus_fixture_assert_property (f, MPRIS, "CanSeek", "true");
  music.can_next = FALSE;
  bus_dummy_backend_set_music (f->backend, &music);
  bus_fixture_assert_property (f, MPRIS, "CanGoNext", "false");
  bus_fixture_assert_property (f, MPRIS, "CanGoPrevious", "true");
  bus_fixture_call_ok (f, MPRIS, "Next", NULL);
  bus_fixture_call_ok (f, MPRIS, "Previous", NULL);
  bus_fixture_assert_calls (f, "press previous\n");

  music.can_previous = music.can_seek = FALSE;
  bus_dummy_backend_set_music (f->backend, &music);
  bus_fixture_assert_property (f, MPRIS, "CanGoPrevious", "false");
  bus_fixture_assert_property (f, MPRIS, "CanSeek", "false");
  bus_fixture_assert_property (f, MPRIS, "CanPlay", "true");
  bus_fixture_assert_property (f, MPRIS, "CanPause", "true");
  bus_fixture_call_ok (f, MPRIS, "Previous", NULL);
  bus_fixture_call_ok (f, MPRIS, "Seek", g_variant_new ("(x)", G_GINT64_CONSTANT (1000000)));
  bus_fixture_assert_calls (f, "");
}

static void
test_metadata (BusFixture *f, gconstpointer data)
{
  static const char *const names[] = { "Ann", "Bob", NULL };
  g_autoptr (GVariant) authors = g_variant_ref_sink (g_variant_new_strv (names, -1));
  g_autoptr (GVariant) art = g_variant_ref_sink (g_variant_new_parsed (
      "[('https://art.example/s', uint32 60, uint32 60), ('https://art.example/m', 600, 600),"
      " ('https://art.example/l', 1200, 1200)]"));
  BusMusic music = make_music ();
  music.authors = authors;
  music.art = art;
  music.rating = "POSITIVE";
  begin (f, &music);

  g_autoptr (GVariant) metadata = bus_fixture_get (f, MPRIS, "Metadata");
  g_autofree const char **artists = NULL;
  const char *url = NULL, *title = NULL, *album = NULL;
  double rating = -1;
  g_assert_true (g_variant_lookup (metadata, "xesam:artist", "^a&s", &artists));
  g_assert_cmpstr (artists[0], ==, "Ann");
  g_assert_cmpstr (artists[1], ==, "Bob");
  g_assert_true (g_variant_lookup (metadata, "mpris:artUrl", "&s", &url));
  g_assert_cmpstr (url, ==, "https://art.example/m");
  g_assert_true (g_variant_lookup (metadata, "xesam:userRating", "d", &rating));
  g_assert_cmpfloat (rating, ==, 1.0);
  g_assert_true (g_variant_lookup (metadata, "xesam:title", "&s", &title));
  g_assert_cmpstr (title, ==, "Title of q1/i1#1");
  g_assert_true (g_variant_lookup (metadata, "xesam:album", "&s", &album));
  g_assert_cmpstr (album, ==, "Album");

  music.rating = "NEGATIVE";
  bus_dummy_backend_set_music (f->backend, &music);
  g_autoptr (GVariant) disliked = bus_fixture_get (f, MPRIS, "Metadata");
  g_assert_true (g_variant_lookup (disliked, "xesam:userRating", "d", &rating));
  g_assert_cmpfloat (rating, ==, 0.0);

  /* another stream has nothing of it */
  bus_fixture_play (f, "token-1", "radio", 0);
  g_autoptr (GVariant) other = bus_fixture_get (f, MPRIS, "Metadata");
  g_assert_false (g_variant_lookup (other, "xesam:userRating", "d", &rating));
  g_assert_true (g_variant_lookup (other, "mpris:artUrl", "&s", &url));
  g_assert_cmpstr (url, ==, "https://art.example/1.png");
}

/* After a restart, before anything has played: what Play would go on with. */
static void
test_remembered (BusFixture *f, gconstpointer data)
{
  BusMusic music = make_music ();
  music.title = "One";
  music.album = "First";
  music.duration_ms = 61000;
  music.repeat = TRUE;
  bus_dummy_backend_set_music (f->backend, &music);
  bus_fixture_assert_property (f, MPRIS, "PlaybackStatus", "'Stopped'");
  bus_fixture_assert_property (f, MPRIS, "CanPlay", "true");
  bus_fixture_assert_property (f, MPRIS, "CanGoNext", "true");
  bus_fixture_assert_property (f, MPRIS, "CanSeek", "false"); /* there is no stream */
  bus_fixture_assert_property (f, MPRIS, "LoopStatus", "'Track'");
  bus_fixture_assert_property (f, MPRIS, "Metadata",
                               "{'mpris:trackid': <objectpath '/org/segue/Segue1/Track/0'>, "
                               "'mpris:length': <int64 61000000>, 'xesam:title': <'One'>, "
                               "'xesam:album': <'First'>}");
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/bus/mpris-music/" path, BusFixture, NULL, bus_fixture_set_up, func,                \
              bus_fixture_tear_down)
  ADD ("come-and-go", test_come_and_go);
  ADD ("modes", test_modes);
  ADD ("set", test_set);
  ADD ("set-refused", test_set_refused);
  ADD ("controls", test_controls);
  ADD ("metadata", test_metadata);
  ADD ("remembered", test_remembered);
  return g_test_run ();
}
