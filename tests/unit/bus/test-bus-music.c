/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* org.segue.Segue1.Music: the queue of a music service as the bus shows it, and what is handed on. */
#include "bus-fixture.h"
#include "dbus/bus-errors.h"

#define ERROR_PREFIX "org.segue.Error."
#define MUSIC BUS_FIXTURE_MUSIC

/* A call that is under way. */
static void
on_result (GObject *source, GAsyncResult *result, gpointer user_data)
{
  GAsyncResult **slot = user_data;
  *slot = g_object_ref (result);
}

static void
begin (BusFixture *f, const char *method, GVariant *params, GAsyncResult **result)
{
  g_dbus_connection_call (f->client, BUS_SERVER_NAME, BUS_SERVER_PATH, MUSIC, method, params, NULL,
                          G_DBUS_CALL_FLAGS_NONE, 10000, NULL, on_result, result);
  bus_fixture_wait_until (bus_dummy_backend_is_waiting (f->backend));
  g_assert_null (*result);
}

static char *
end (BusFixture *f, GAsyncResult **result)
{
  bus_fixture_wait_until (*result != NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_finish (f->client, *result, &error);
  g_assert_no_error (error);
  return g_variant_print (reply, FALSE);
}

/* Each answers when the service has, not before. */
static void
test_calls (BusFixture *f, gconstpointer data)
{
  const struct
  {
    const char *method;
    const char *params;
    const char *call;
  } calls[] = {
    { "Play", "('shelf', {'TRACK': 'blue in green'})",
      "music-play 'shelf' {'TRACK': 'blue in green'}\n" },
    { "Play", "('', {'content': 'c/1', 'shuffle': 'on', 'loop': 'off', 'explicit': 'off'})",
      "music-play '' {'content': 'c/1', 'shuffle': 'on', 'loop': 'off', 'explicit': 'off'}\n" },
    { "Play", "('', {'ALBUM': 'a', 'MEDIA_TYPE': 'TRACK'})",
      "music-play '' {'ALBUM': 'a', 'MEDIA_TYPE': 'TRACK'}\n" },
    { "SetShuffle", "(true,)", "music-do shuffle 'on'\n" },
    { "SetShuffle", "(false,)", "music-do shuffle 'off'\n" },
    { "SetLoop", "(true,)", "music-do loop 'on'\n" },
    { "SetRepeat", "(false,)", "music-do repeat 'off'\n" },
    { "Feedback", "('negative',)", "music-do feedback 'negative'\n" },
    { "JumpTo", "('item 7',)", "music-do jump 'item 7'\n" },
    { "Reinitiate", "()", "music-do reinitiate ''\n" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      begin (f, calls[i].method, g_variant_new_parsed (calls[i].params), &result);
      bus_fixture_assert_calls (f, calls[i].call);
      bus_dummy_backend_answer_music (f->backend, NULL, -1);
      g_autofree char *printed = end (f, &result);
      g_assert_cmpstr (printed, ==, "()");
    }
}

static void
test_view (BusFixture *f, gconstpointer data)
{
  g_autoptr (GAsyncResult) result = NULL;
  begin (f, "GetView", NULL, &result);
  bus_fixture_assert_calls (f, "music-do view ''\n");
  bus_dummy_backend_answer_music (
      f->backend,
      g_variant_new_parsed (
          "[('i1', 'One', 'A, B', int64 1000, true), ('i2', 'Two', '', -1, false)]"),
      -1);
  g_autofree char *printed = end (f, &result);
  g_assert_cmpstr (printed, ==,
                   "([('i1', 'One', 'A, B', 1000, true), ('i2', 'Two', '', -1, false)],)");
}

static void
test_errors (BusFixture *f, gconstpointer data)
{
  const char *const names[] = {
    [BUS_ERROR_TIMEOUT] = "Timeout",
    [BUS_ERROR_BUSY] = "Busy",
    [BUS_ERROR_NO_MUSIC_SERVICE] = "NoMusicService",
    [BUS_ERROR_NO_MUSIC] = "NoMusic",
    [BUS_ERROR_NOT_ALLOWED] = "NotAllowed",
    [BUS_ERROR_NOT_FOUND] = "NotFound",
    [BUS_ERROR_NOT_LINKED] = "NotLinked",
    [BUS_ERROR_NOT_SUPPORTED] = "NotSupported",
    [BUS_ERROR_REFUSED] = "Refused",
  };

  for (guint code = 0; code < G_N_ELEMENTS (names); code++)
    {
      if (names[code] == NULL)
        continue;
      g_autoptr (GAsyncResult) result = NULL;
      begin (f, code % 2 == 0 ? "GetView" : "Reinitiate", NULL, &result);
      bus_dummy_backend_answer_music (f->backend, NULL, (int)code);
      bus_fixture_wait_until (result != NULL);
      g_autoptr (GError) error = NULL;
      g_assert_null (g_dbus_connection_call_finish (f->client, result, &error));
      g_autofree char *remote = g_dbus_error_get_remote_error (error);
      g_autofree char *expected = g_strconcat (ERROR_PREFIX, names[code], NULL);
      g_assert_cmpstr (remote, ==, expected);
      g_assert_nonnull (strstr (error->message, "told to fail"));
    }
}

/* What cannot be asked for is refused at the door, and the message says what can. */
static void
test_arguments (BusFixture *f, gconstpointer data)
{
  const struct
  {
    const char *method;
    const char *params;
    const char *word;
  } calls[] = {
    { "Play", "('shelf', @a{ss} {})", "nothing to look for" },
    { "Play", "('shelf', {'shuffle': 'on'})", "nothing to look for" },
    { "Play", "('shelf', {'track': 'x'})", "“track”" },
    { "Play", "('shelf', {'TRACK': ''})", "“TRACK”" },
    { "Play", "('shelf', {'TRACK': 'x', 'loop': 'yes'})", "loop" },
    { "Play", "('shelf', {'TRACK': 'x', 'content': 'y'})", "not both" },
    { "Play", "('shelf', {'': 'x'})", "“”" },
    { "Feedback", "('fine',)", "positive" },
    { "JumpTo", "('',)", "empty" },
  };

  for (guint i = 0; i < G_N_ELEMENTS (calls); i++)
    {
      g_test_message ("%s %s", calls[i].method, calls[i].params);
      g_autoptr (GError) error = NULL;
      g_assert_null (bus_fixture_call (f, MUSIC, calls[i].method,
                                       g_variant_new_parsed (calls[i].params), &error));
      g_autofree char *remote = g_dbus_error_get_remote_error (error);
      g_assert_cmpstr (remote, ==, ERROR_PREFIX "InvalidArgument");
      g_assert_nonnull (strstr (error->message, calls[i].word));
    }
  bus_fixture_assert_calls (f, "");
}

static void
test_too_much (BusFixture *f, gconstpointer data)
{
  g_autofree char *long_value = g_strnfill (1025, 'x');
  g_auto (GVariantBuilder) many = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));
  for (guint i = 0; i < 33; i++)
    {
      g_autofree char *key = g_strdup_printf ("TYPE_%u", i);
      g_variant_builder_add (&many, "{ss}", key, "x");
    }
  bus_fixture_call_fails (f, MUSIC, "Play", g_variant_new ("(sa{ss})", "", &many),
                          ERROR_PREFIX "InvalidArgument");
  GVariant *entry = g_variant_new_dict_entry (g_variant_new_string ("TRACK"),
                                              g_variant_new_string (long_value));
  bus_fixture_call_fails (f, MUSIC, "Play",
                          g_variant_new ("(s@a{ss})", "", g_variant_new_array (NULL, &entry, 1)),
                          ERROR_PREFIX "InvalidArgument");
  bus_fixture_assert_calls (f, "");
}

static void
test_empty (BusFixture *f, gconstpointer data)
{
  const char *const texts[] = { "Service", "Link", "Problem", "QueueId", "ContentId",
                                "ItemId",  "Kind", "Title",   "Album",   "Rating" };
  const char *const off[] = { "Live", "Shuffle", "Loop", "Repeat" };
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    bus_fixture_assert_property (f, MUSIC, texts[i], "''");
  for (guint i = 0; i < G_N_ELEMENTS (off); i++)
    bus_fixture_assert_property (f, MUSIC, off[i], "false");
  bus_fixture_assert_property (f, MUSIC, "Authors", "[]");
  bus_fixture_assert_property (f, MUSIC, "Art", "[]");
  bus_fixture_assert_property (f, MUSIC, "Controls", "[]");
  bus_fixture_assert_property (f, MUSIC, "DurationInMilliseconds", "-1");
  bus_fixture_assert_property (f, MUSIC, "ValidUntil", "0");
  bus_fixture_assert_property (f, MUSIC, "OffsetInMilliseconds", "0");
  bus_fixture_assert_property (f, MUSIC, "Services",
                               "[('shelf', 'https://music.example/', 'linked')]");
}

static void
test_queue (BusFixture *f, gconstpointer data)
{
  static const char *const names[] = { "A", "B", NULL };
  g_autoptr (GVariant) authors = g_variant_ref_sink (g_variant_new_strv (names, -1));
  g_autoptr (GVariant) art = g_variant_ref_sink (
      g_variant_new_parsed ("[('https://art.example/1', uint32 60, uint32 61)]"));
  BusMusic music = BUS_MUSIC_INIT;
  music.service = "shelf";
  music.link = "rate-limited";
  music.problem = "patience, please";
  music.queue_id = "q1";
  music.content_id = "c1";
  music.item_id = "i1";
  music.kind = "SAMPLE";
  music.title = "One";
  music.album = "First";
  music.rating = "NEGATIVE";
  music.authors = authors;
  music.art = art;
  music.duration_ms = 61000;
  music.can_next = music.can_seek = music.can_loop = music.can_rate = TRUE;
  music.loop = TRUE;
  music.valid_until_us = G_GINT64_CONSTANT (1700000000123456);
  music.offset_ms = 4321;
  bus_dummy_backend_set_music (f->backend, &music);
  bus_fixture_settle (f);

  g_assert_cmpuint (bus_fixture_count (f, MUSIC, "PropertiesChanged"), ==, 1);
  bus_fixture_assert_property (f, MUSIC, "Service", "'shelf'");
  bus_fixture_assert_property (f, MUSIC, "Link", "'rate-limited'");
  bus_fixture_assert_property (f, MUSIC, "Problem", "'patience, please'");
  bus_fixture_assert_property (f, MUSIC, "QueueId", "'q1'");
  bus_fixture_assert_property (f, MUSIC, "ContentId", "'c1'");
  bus_fixture_assert_property (f, MUSIC, "ItemId", "'i1'");
  bus_fixture_assert_property (f, MUSIC, "Kind", "'SAMPLE'");
  bus_fixture_assert_property (f, MUSIC, "Title", "'One'");
  bus_fixture_assert_property (f, MUSIC, "Album", "'First'");
  bus_fixture_assert_property (f, MUSIC, "Rating", "'NEGATIVE'");
  bus_fixture_assert_property (f, MUSIC, "Authors", "['A', 'B']");
  bus_fixture_assert_property (f, MUSIC, "Art", "[('https://art.example/1', 60, 61)]");
  bus_fixture_assert_property (f, MUSIC, "DurationInMilliseconds", "61000");
  bus_fixture_assert_property (f, MUSIC, "Controls", "['next', 'seek', 'loop', 'rate']");
  bus_fixture_assert_property (f, MUSIC, "Loop", "true");
  bus_fixture_assert_property (f, MUSIC, "Shuffle", "false");
  bus_fixture_assert_property (f, MUSIC, "ValidUntil", "1700000000123");
  bus_fixture_assert_property (f, MUSIC, "OffsetInMilliseconds", "4321");

  /* Time passes: nothing is signalled. */
  bus_fixture_forget (f);
  music.offset_ms = 5000;
  bus_dummy_backend_set_music (f->backend, &music);
  bus_fixture_settle (f);
  g_assert_cmpuint (f->signals->len, ==, 0);
  bus_fixture_assert_property (f, MUSIC, "OffsetInMilliseconds", "5000");

  music.valid_until_us += 50000; /* another clock's idea of the same moment */
  bus_dummy_backend_set_music (f->backend, &music);
  bus_fixture_settle (f);
  g_assert_cmpuint (f->signals->len, ==, 0);

  music.valid_until_us += G_USEC_PER_SEC;
  bus_dummy_backend_set_music (f->backend, &music);
  bus_fixture_settle (f);
  g_assert_cmpuint (f->signals->len, ==, 1);
  g_assert_cmpuint (bus_fixture_count_changes (f, MUSIC, "ValidUntil"), ==, 1);
}

/* While it plays the player knows where it stands; of a skill's stream the queue's place is another. */
static void
test_offset (BusFixture *f, gconstpointer data)
{
  BusMusic music = BUS_MUSIC_INIT;
  music.service = "shelf";
  music.offset_ms = 4000;
  bus_dummy_backend_set_music (f->backend, &music);
  bus_fixture_play (f, "q1/i1#1", "music:shelf", 0);
  bus_fixture_set_position (f, 4567);
  bus_fixture_assert_property (f, MUSIC, "OffsetInMilliseconds", "4567");
  bus_fixture_play (f, "token-1", "radio", 0);
  bus_fixture_set_position (f, 1234);
  bus_fixture_assert_property (f, MUSIC, "OffsetInMilliseconds", "4000");
}

/* A service that does not let seek hides what the stream could. */
static void
test_seekable (BusFixture *f, gconstpointer data)
{
  BusMusic music = BUS_MUSIC_INIT;
  music.service = "shelf";
  bus_fixture_play (f, "q1/i1#1", "music:shelf", 0);
  bus_fixture_set_duration (f, 60000, TRUE);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "CanSeek", "true"); /* nothing said of it */
  bus_dummy_backend_set_music (f->backend, &music);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "CanSeek", "false");
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "Skill", "'music:shelf'");
  music.can_seek = TRUE;
  bus_dummy_backend_set_music (f->backend, &music);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "CanSeek", "true");

  /* a queue that is only remembered has no say in a skill's stream, nor one in another's */
  music.can_seek = FALSE;
  bus_dummy_backend_set_music (f->backend, &music);
  bus_fixture_play (f, "token-1", "radio", 0);
  bus_fixture_set_duration (f, 60000, TRUE);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "CanSeek", "true");
  bus_fixture_play (f, "token-2", "music:shelves", 0);
  bus_fixture_set_duration (f, 60000, TRUE);
  bus_fixture_assert_property (f, BUS_FIXTURE_PLAYER, "CanSeek", "true");
}

/* --- A backend without music ------------------------------------------------------------------- */

#define TYPE_PLAIN_BACKEND (plain_backend_get_type ())
G_DECLARE_FINAL_TYPE (PlainBackend, plain_backend, PLAIN, BACKEND, GObject)

struct _PlainBackend
{
  GObject parent_instance;
};

static void
plain_backend_iface_init (BusBackendInterface *iface)
{
}

G_DEFINE_FINAL_TYPE_WITH_CODE (PlainBackend,
                               plain_backend,
                               G_TYPE_OBJECT,
                               G_IMPLEMENT_INTERFACE (BUS_TYPE_BACKEND, plain_backend_iface_init))

static void
plain_backend_class_init (PlainBackendClass *klass)
{
}

static void
plain_backend_init (PlainBackend *self)
{
}

static void
test_without_music (void)
{
  g_autoptr (PlainBackend) plain = g_object_new (TYPE_PLAIN_BACKEND, NULL);
  BusBackend *backend = BUS_BACKEND (plain);
  g_autoptr (GVariant) nobody
      = g_variant_ref_sink (g_variant_new_array (G_VARIANT_TYPE ("{ss}"), NULL, 0));
  BusMusic music = { .service = "not empty" };

  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GAsyncResult) result = NULL;
      g_autoptr (GError) error = NULL;
      if (i == 0)
        bus_backend_music_play (backend, "", nobody, on_result, &result);
      else
        bus_backend_music_do (backend, BUS_MUSIC_VIEW, "", on_result, &result);
      g_assert_null (result); /* never inside of the call */
      bus_fixture_wait_until (result != NULL);
      g_assert_null (bus_backend_music_finish (backend, result, &error));
      g_assert_error (error, BUS_ERROR, BUS_ERROR_NO_MUSIC_SERVICE);
      g_assert_nonnull (strstr (error->message, "no music service is configured"));
    }
  bus_backend_get_music (backend, &music);
  g_assert_cmpstr (music.service, ==, "");
  g_autoptr (GVariant) list = g_variant_ref_sink (bus_backend_list_music (backend));
  g_assert_cmpuint (g_variant_n_children (list), ==, 0);
}

/* --- Values ------------------------------------------------------------------------------------ */

static void
test_art (void)
{
  const struct
  {
    const char *art;
    const char *found;
  } cases[] = {
    { "@a(suu) []", NULL },
    { "[('a', uint32 48, uint32 48), ('b', 600, 600), ('c', 601, 10)]", "b" },
    { "[('a', uint32 10, uint32 601), ('b', 1200, 1200)]", "a" },
    { "[('a', uint32 0, uint32 0), ('b', 0, 0)]", "b" },
    { "[('a', uint32 0, uint32 0), ('b', 60, 60)]", "b" },
    { "[('a', uint32 0, uint32 0), ('b', 1000, 1000)]", "a" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      BusMusic music = BUS_MUSIC_INIT;
      g_autoptr (GVariant) art = g_variant_ref_sink (g_variant_new_parsed (cases[i].art));
      music.art = art;
      g_autofree char *found = bus_music_find_art (&music, 600);
      g_assert_cmpstr (found, ==, cases[i].found);
    }
  g_assert_null (bus_music_find_art (&(BusMusic)BUS_MUSIC_INIT, 600));
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
#define ADD(path, func)                                                                            \
  g_test_add ("/bus/music/" path, BusFixture, NULL, bus_fixture_set_up, func, bus_fixture_tear_down)
  ADD ("calls", test_calls);
  ADD ("view", test_view);
  ADD ("errors", test_errors);
  ADD ("arguments", test_arguments);
  ADD ("too-much", test_too_much);
  ADD ("empty", test_empty);
  ADD ("queue", test_queue);
  ADD ("offset", test_offset);
  ADD ("seekable", test_seekable);
  g_test_add_func ("/bus/music/without-music", test_without_music);
  g_test_add_func ("/bus/music/art", test_art);
  return g_test_run ();
}
