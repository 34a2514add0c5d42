/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <math.h>

#include "bus-fixture.h"
#include "dbus/bus-errors.h"

#define ERROR_PREFIX "org.segue.Error."
#define INVALID_ARGUMENT ERROR_PREFIX "InvalidArgument"

static void
test_root (BusFixture *f, gconstpointer data)
{
  bus_fixture_assert_property (f, BUS_FIXTURE_ROOT, "Version", "'9.8.7'");
  bus_fixture_assert_property (f, BUS_FIXTURE_ROOT, "Locale", "'en-GB'");
  bus_fixture_assert_property (f, BUS_FIXTURE_ROOT, "DirectiveEndpoint", "'http://127.0.0.1:4711'");
  bus_fixture_assert_property (f, BUS_FIXTURE_ROOT, "Skills", "[]");

  bus_dummy_backend_set_skill (f->backend, "radio");
  bus_fixture_assert_property (f, BUS_FIXTURE_ROOT, "Skills",
                               "[('radio', 'https://skill.example/', true)]");
  bus_fixture_settle (f);
  g_assert_cmpuint (bus_fixture_count_changes (f, BUS_FIXTURE_ROOT, "Skills"), ==, 1);
}

static void
test_idle (BusFixture *f, gconstpointer data)
{
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "PlayerActivity", "'IDLE'");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Token", "''");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "OffsetInMilliseconds", "0");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "DurationInMilliseconds", "-1");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Metadata", "{}");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Queue", "[]");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Skill", "''");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "CanSeek", "false");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Volume", "1.0");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Muted", "false");
}

static void
test_buttons (BusFixture *f, gconstpointer data)
{
  const struct
  {
    const char *method;
    const char *call;
  } buttons[] = {
    { "Play", "press play\n" }, { "Pause", "press pause\n" }, { "PlayPause", "press play-pause\n" },
    { "Stop", "press stop\n" }, { "Next", "press next\n" },   { "Previous", "press previous\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (buttons); i++)
    {
      bus_dummy_backend_fail (f->backend, -1);
      bus_fixture_call_ok (f, BUS_FIXTURE_PLAYER, buttons[i].method, NULL);
      bus_fixture_assert_calls (f, buttons[i].call);
      bus_dummy_backend_fail (f->backend, BUS_ERROR_NOTHING_TO_PLAY);
      bus_fixture_call_fails (f, BUS_FIXTURE_PLAYER, buttons[i].method, NULL,
                              ERROR_PREFIX "NothingToPlay");
      bus_fixture_assert_calls (f, buttons[i].call);
    }
}

static void
test_seek (BusFixture *f, gconstpointer data)
{
  bus_fixture_call_ok (f, BUS_FIXTURE_PLAYER, "Seek", g_variant_new ("(x)", (gint64)61000));
  bus_fixture_assert_calls (f, "seek 61000\n");
  bus_fixture_call_fails (f, BUS_FIXTURE_PLAYER, "Seek", g_variant_new ("(x)", (gint64)-1),
                          INVALID_ARGUMENT);
  bus_fixture_call_fails (f, BUS_FIXTURE_PLAYER, "Seek", g_variant_new ("(s)", "61000"),
                          "org.freedesktop.DBus.Error.InvalidArgs");
  bus_fixture_assert_calls (f, "");

  bus_dummy_backend_fail (f->backend, BUS_ERROR_NOT_SEEKABLE);
  bus_fixture_call_fails (f, BUS_FIXTURE_PLAYER, "Seek", g_variant_new ("(x)", (gint64)1),
                          ERROR_PREFIX "NotSeekable");
  bus_dummy_backend_fail (f->backend, BUS_ERROR_NOT_PLAYING);
  bus_fixture_call_fails (f, BUS_FIXTURE_PLAYER, "Seek", g_variant_new ("(x)", (gint64)1),
                          ERROR_PREFIX "NotPlaying");
}

static void
test_play_url (BusFixture *f, gconstpointer data)
{
  bus_fixture_call_ok (f, BUS_FIXTURE_PLAYER, "PlayUrl",
                       g_variant_new ("(sx)", "https://a.example/b.mp3", (gint64)1500));
  bus_fixture_assert_calls (f, "play-url https://a.example/b.mp3 1500\n");
  bus_fixture_call_fails (f, BUS_FIXTURE_PLAYER, "PlayUrl",
                          g_variant_new ("(sx)", "https://a.example/b.mp3", (gint64)-1),
                          INVALID_ARGUMENT);
  bus_fixture_call_fails (f, BUS_FIXTURE_PLAYER, "PlayUrl",
                          g_variant_new ("(sx)", "gopher://a.example/", (gint64)0),
                          INVALID_ARGUMENT);
  bus_fixture_assert_calls (f, "");

  bus_dummy_backend_fail (f->backend, BUS_ERROR_INVALID_ARGUMENT);
  bus_fixture_call_fails (f, BUS_FIXTURE_PLAYER, "PlayUrl",
                          g_variant_new ("(sx)", "https://a.example/b.mp3", (gint64)0),
                          INVALID_ARGUMENT);
}

#define STREAM "https://a.example/b.mp3?key=query-secret"
#define SECRET "Bearer header-secret"

static GVariant *
stream (const char *url, const char *options)
{
  g_autoptr (GError) error = NULL;
  GVariant *parsed = g_variant_parse (G_VARIANT_TYPE_VARDICT, options, NULL, NULL, &error);
  g_assert_no_error (error);
  return g_variant_new ("(s@a{sv})", url, parsed);
}

static void
test_play_stream (BusFixture *f, gconstpointer data)
{
  bus_fixture_call_ok (f, BUS_FIXTURE_PLAYER, "PlayStream", stream (STREAM, "{}"));
  bus_fixture_assert_calls (f,
                            "play-stream REPLACE_ALL " STREAM " 0 https://a.example/b.mp3 - -\n");
  bus_fixture_call_ok (
      f, BUS_FIXTURE_PLAYER, "PlayStream",
      stream (STREAM, "{'offset-in-milliseconds': <int64 1500>, 'token': <'t'>, 'title': <'T'>,"
                      " 'subtitle': <'S'>, 'album': <'A'>, 'art-url': <'https://a.example/i.png'>,"
                      " 'behavior': <'enqueue'>, 'renewable': <true>,"
                      " 'headers': <{'Authorization': '" SECRET "'}>}"));
  bus_fixture_assert_calls (f, "play-stream ENQUEUE " STREAM " 1500 t T Authorization," SECRET
                               " renewable\n");

  bus_dummy_backend_fail (f->backend, BUS_ERROR_SHUTTING_DOWN);
  bus_fixture_call_fails (f, BUS_FIXTURE_PLAYER, "PlayStream", stream (STREAM, "{}"),
                          ERROR_PREFIX "ShuttingDown");
}

/* What is wrong is named; what is secret is not. */
static void
test_play_stream_errors (BusFixture *f, gconstpointer data)
{
  static const struct
  {
    const char *url;
    const char *options;
    const char *says;
  } wrong[] = {
    { "gopher://a.example/", "{}", "gopher" },
    { STREAM, "{'colour': <'blue'>}", "no option “colour”" },
    { STREAM, "{'token': <int32 5>}", "“token” is of type i; wanted: s" },
    { STREAM, "{'headers': <{'Cookie': <'" SECRET "'>}>}", "“headers” is of type a{sv}" },
    { STREAM, "{'offset-in-milliseconds': <int64 -1>}", "offset -1" },
    { STREAM, "{'behavior': <'loudly'>}", "no behavior “loudly”" },
    { STREAM, "{'headers': <{'Range': '" SECRET "'}>}", "“Range”" },
    { STREAM, "{'headers': <{'Cookie': '" SECRET "\\r\\nX-A: b'}>}", "“Cookie”" },
    { "file:///a.wav", "{'headers': <{'Cookie': '" SECRET "'}>}", "http" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (bus_fixture_call (f, BUS_FIXTURE_PLAYER, "PlayStream",
                                       stream (wrong[i].url, wrong[i].options), &error));
      g_assert_nonnull (strstr (error->message, wrong[i].says));
      g_assert_null (strstr (error->message, "secret"));
      g_autofree char *name = g_dbus_error_get_remote_error (error);
      g_assert_cmpstr (name, ==, INVALID_ARGUMENT);
    }
  bus_fixture_assert_calls (f, "");
}

static GVariant *
renewal (const char *token, const char *url, const char *headers)
{
  GVariant *parsed = g_variant_parse (G_VARIANT_TYPE ("a{ss}"), headers, NULL, NULL, NULL);
  return g_variant_new ("(ss@a{ss})", token, url, parsed);
}

static void
test_renew_url (BusFixture *f, gconstpointer data)
{
  bus_fixture_call_ok (f, BUS_FIXTURE_PLAYER, "RenewUrl",
                       renewal ("t", STREAM, "{'X-Key': '" SECRET "'}"));
  bus_fixture_assert_calls (f, "renew 't' " STREAM " X-Key," SECRET "\n");
  bus_fixture_call_ok (f, BUS_FIXTURE_PLAYER, "RenewUrl", renewal ("", STREAM, "{}"));
  bus_fixture_assert_calls (f, "renew '' " STREAM " -\n");
  bus_fixture_call_fails (f, BUS_FIXTURE_PLAYER, "RenewUrl", renewal ("", STREAM, "{'Host': 'x'}"),
                          INVALID_ARGUMENT);
  bus_fixture_call_fails (f, BUS_FIXTURE_PLAYER, "RenewUrl", renewal ("", "nowhere", "{}"),
                          INVALID_ARGUMENT);
  bus_fixture_assert_calls (f, "");
}

static void
test_url_refused (BusFixture *f, gconstpointer data)
{
  bus_fixture_play (f, "token-1", "", 0);
  bus_fixture_settle (f);
  bus_fixture_forget (f);
  PlayerEngineEvent event = { .type = PLAYER_ENGINE_REFUSED,
                              .generation = player_dummy_engine_get_current (f->engine),
                              .error_message = "HTTP 403" };
  g_assert_true (player_dummy_engine_emit (f->engine, &event));
  bus_fixture_settle (f);
  g_assert_cmpuint (f->signals->len, ==, 1);
  g_autofree char *said
      = g_variant_print (bus_fixture_last (f, BUS_FIXTURE_PLAYER, "UrlRefused"), FALSE);
  g_assert_cmpstr (said, ==, "('token-1', 'HTTP 403')");
}

/* An output that is away is told apart from a network that is slow. */
static void
test_output (BusFixture *f, gconstpointer data)
{
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "OutputState", "'closed'");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "OutputMessage", "''");
  bus_fixture_forget (f);
  player_dummy_engine_set_output (f->engine, PLAYER_OUTPUT_WAITING, "alsasink: busy");
  bus_fixture_settle (f);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "OutputState", "'waiting'");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "OutputMessage", "'alsasink: busy'");
  player_dummy_engine_set_output (f->engine, PLAYER_OUTPUT_PLAYING, NULL);
  bus_fixture_settle (f);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "OutputState", "'playing'");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "OutputMessage", "''");
}

/* All that changes by one command stands in one signal, and nothing is told twice. */
static void
test_play (BusFixture *f, gconstpointer data)
{
  bus_fixture_play (f, "token-1", "radio", 0);
  bus_fixture_settle (f);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "PlayerActivity", "'PLAYING'");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Token", "'token-1'");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Skill", "'radio'");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Metadata",
                               "{'title': <'Title of token-1'>, 'subtitle': <'Artist'>, "
                               "'album': <'Album'>, 'art-url': <'https://art.example/1.png'>, "
                               "'background-url': <'https://art.example/2.png'>}");
  const char *const once[] = { "PlayerActivity", "Token", "Skill", "Metadata" };
  for (guint i = 0; i < G_N_ELEMENTS (once); i++)
    g_assert_cmpuint (bus_fixture_count_changes (f, BUS_FIXTURE_PLAYER, once[i]), ==, 1);
  const char *const never[]
      = { "OffsetInMilliseconds", "Volume", "Muted", "Queue", "CanSeek", "DurationInMilliseconds" };
  for (guint i = 0; i < G_N_ELEMENTS (never); i++)
    g_assert_cmpuint (bus_fixture_count_changes (f, BUS_FIXTURE_PLAYER, never[i]), ==, 0);

  bus_fixture_forget (f);
  bus_fixture_set_duration (f, 180000, TRUE);
  bus_fixture_settle (f);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "DurationInMilliseconds", "180000");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "CanSeek", "true");
  g_assert_cmpuint (bus_fixture_count (f, BUS_FIXTURE_PLAYER, "PropertiesChanged"), ==, 1);
}

static void
test_position (BusFixture *f, gconstpointer data)
{
  bus_fixture_play (f, "token-1", "", 0);
  bus_fixture_settle (f);
  bus_fixture_forget (f);

  bus_fixture_set_position (f, 1234);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "OffsetInMilliseconds", "1234");
  bus_fixture_set_position (f, 5678);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "OffsetInMilliseconds", "5678");
  g_autoptr (GVariant) all = bus_fixture_get_all (f, BUS_FIXTURE_PLAYER);
  gint64 offset_ms = 0;
  g_assert_true (g_variant_lookup (all, "OffsetInMilliseconds", "x", &offset_ms));
  g_assert_cmpint (offset_ms, ==, 5678);
  g_assert_cmpuint (f->signals->len, ==, 0);
}

static void
test_queue (BusFixture *f, gconstpointer data)
{
  bus_fixture_play (f, "token-1", "", 0);
  bus_fixture_settle (f);
  bus_fixture_forget (f);

  bus_fixture_enqueue (f, "token-2");
  bus_fixture_settle (f);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Queue", "[('token-2', 'Title of token-2')]");
  g_assert_cmpuint (bus_fixture_count_changes (f, BUS_FIXTURE_PLAYER, "Queue"), ==, 1);
  g_assert_cmpuint (bus_fixture_count (f, BUS_FIXTURE_PLAYER, "PropertiesChanged"), ==, 1);
}

static void
test_pause (BusFixture *f, gconstpointer data)
{
  bus_fixture_play (f, "token-1", "", 0);
  bus_fixture_settle (f);
  bus_fixture_forget (f);

  bus_fixture_submit (f, PLAYER_COMMAND_PAUSE);
  bus_fixture_settle (f);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "PlayerActivity", "'PAUSED'");
  g_assert_cmpuint (bus_fixture_count_changes (f, BUS_FIXTURE_PLAYER, "PlayerActivity"), ==, 1);

  bus_fixture_forget (f);
  bus_fixture_submit (f, PLAYER_COMMAND_PAUSE);
  bus_fixture_settle (f);
  g_assert_cmpuint (bus_fixture_count (f, BUS_FIXTURE_PLAYER, "PropertiesChanged"), ==, 0);
}

static void
test_volume (BusFixture *f, gconstpointer data)
{
  bus_fixture_set (f, BUS_FIXTURE_PLAYER, "Volume", g_variant_new_double (0.25), NULL);
  bus_fixture_settle (f);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Volume", "0.25");
  bus_fixture_assert_property (f, BUS_FIXTURE_MPRIS, "Volume", "0.25");
  g_assert_cmpuint (bus_fixture_count_changes (f, BUS_FIXTURE_PLAYER, "Volume"), ==, 1);
  g_assert_cmpuint (bus_fixture_count_changes (f, BUS_FIXTURE_MPRIS, "Volume"), ==, 1);

  bus_fixture_forget (f);
  const double refused[] = { -0.001, 1.001, NAN, INFINITY, -INFINITY };
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    bus_fixture_set (f, BUS_FIXTURE_PLAYER, "Volume", g_variant_new_double (refused[i]),
                     INVALID_ARGUMENT);
  bus_fixture_set (f, BUS_FIXTURE_PLAYER, "Volume", g_variant_new_string ("0.5"),
                   "org.freedesktop.DBus.Error.InvalidArgs");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Volume", "0.25");

  /* the same value again is no change */
  bus_fixture_set (f, BUS_FIXTURE_PLAYER, "Volume", g_variant_new_double (0.25), NULL);
  bus_fixture_settle (f);
  g_assert_cmpuint (f->signals->len, ==, 0);
}

static void
test_muted (BusFixture *f, gconstpointer data)
{
  bus_fixture_set (f, BUS_FIXTURE_PLAYER, "Muted", g_variant_new_boolean (TRUE), NULL);
  bus_fixture_settle (f);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Muted", "true");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Volume", "1.0");
  g_assert_cmpuint (bus_fixture_count_changes (f, BUS_FIXTURE_PLAYER, "Muted"), ==, 1);

  bus_fixture_set (f, BUS_FIXTURE_PLAYER, "Token", g_variant_new_string ("x"),
                   "org.freedesktop.DBus.Error.InvalidArgs");
}

static void
test_seeked (BusFixture *f, gconstpointer data)
{
  bus_fixture_play (f, "token-1", "", 30000);
  bus_fixture_settle (f);
  g_assert_cmpuint (bus_fixture_count (f, BUS_FIXTURE_PLAYER, "Seeked"), ==, 1);
  gint64 position = 0;
  g_variant_get (bus_fixture_last (f, BUS_FIXTURE_PLAYER, "Seeked"), "(x)", &position);
  g_assert_cmpint (position, ==, 30000);

  bus_fixture_set_duration (f, 180000, TRUE);
  bus_fixture_forget (f);
  bus_fixture_seek (f, 90000);
  bus_fixture_settle (f);
  g_assert_cmpuint (bus_fixture_count (f, BUS_FIXTURE_PLAYER, "Seeked"), ==, 1);
  g_variant_get (bus_fixture_last (f, BUS_FIXTURE_PLAYER, "Seeked"), "(x)", &position);
  g_assert_cmpint (position, ==, 90000);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/bus/" path, BusFixture, NULL, bus_fixture_set_up, func, bus_fixture_tear_down)
  ADD ("root", test_root);
  ADD ("player/idle", test_idle);
  ADD ("player/buttons", test_buttons);
  ADD ("player/seek", test_seek);
  ADD ("player/play-url", test_play_url);
  ADD ("player/play-stream", test_play_stream);
  ADD ("player/play-stream-errors", test_play_stream_errors);
  ADD ("player/renew-url", test_renew_url);
  ADD ("player/url-refused", test_url_refused);
  ADD ("player/output", test_output);
  ADD ("player/play", test_play);
  ADD ("player/position", test_position);
  ADD ("player/queue", test_queue);
  ADD ("player/pause", test_pause);
  ADD ("player/volume", test_volume);
  ADD ("player/muted", test_muted);
  ADD ("player/seeked", test_seeked);
  return g_test_run ();
}
