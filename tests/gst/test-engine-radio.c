/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <string.h>

#include "tests/gst/gst-audio.h"
#include "tests/gst/gst-rig.h"
#include "tests/gst/radio-server.h"

/* Icecast and SHOUTcast: titles between the bytes of the audio, connections that break. */

#define RATE 44100
#define SECONDS 4
#define INTERVAL 1000
#define FRAME_BYTES 4

typedef struct
{
  char *audio; /* (owned): index-coded WAV */
  gsize length;
  gboolean shoutcast; /* "ICY 200 OK" */
  gsize break_at;     /* the first connection breaks off there, 0: it does not */
} Station;

/* Of the audio: where a title begins. */
static const struct
{
  gsize at;
  const char *text;
} titles[] = {
  { 50 * INTERVAL, "StreamTitle='First';StreamUrl='http://a.example/';" },
  { 200 * INTERVAL, "StreamTitle='Somebody - Don't; stop';" },
  { 400 * INTERVAL, "StreamTitle='';" },
  { 500 * INTERVAL, "StreamTitle='Bj\xf6rk - J\xf3ga';" },
};

static const char *
find_title (gsize at)
{
  for (guint i = 0; i < G_N_ELEMENTS (titles); i++)
    if (titles[i].at == at)
      return titles[i].text;
  return NULL;
}

static gboolean
write_title (GOutputStream *out, gsize at)
{
  const char *text = find_title (at);
  guint8 block[256] = { 0 };

  if (text != NULL)
    {
      block[0] = (guint8)((strlen (text) + 15) / 16);
      memcpy (block + 1, text, strlen (text));
    }
  return radio_write (out, block, 1 + block[0] * 16u);
}

/* The audio from @from on, with titles; the first text comes behind the first bytes, as it must. */
static void
broadcast (Station *station, GOutputStream *out, gsize from, gsize to)
{
  for (gsize at = from; at < to; at += INTERVAL)
    {
      const gsize some = MIN (INTERVAL, to - at);

      if (!radio_write (out, station->audio + at, some))
        return;
      if (some == INTERVAL && !write_title (out, at + INTERVAL))
        return;
    }
}

static void
serve (const char *path, const char *headers, guint nth, GOutputStream *out, gpointer data)
{
  Station *station = data;
  const gsize broken = station->break_at;
  g_autofree char *head = g_strdup_printf (
      "%s\r\nicy-name: Radio \xc3\x89toile\r\nicy-metaint:%d\r\nContent-Type: audio/x-wav\r\n\r\n",
      station->shoutcast ? "ICY 200 OK" : "HTTP/1.0 200 OK", INTERVAL);

  g_assert_nonnull (strstr (headers, "Icy-MetaData: 1"));
  if (nth > (broken > 0 ? 1 : 0))
    {
      radio_send (out, "404 Not Found", NULL, "", 0); /* off the air */
      return;
    }
  radio_write (out, head, strlen (head));
  broadcast (station, out, nth == 0 ? 0 : broken,
             nth == 0 && broken > 0 ? broken : station->length);
}

typedef struct
{
  Station station;
  RadioServer *server; /* (owned) */
  GstRig *rig;         /* (owned) */
  GString *told;       /* titles, as they are told … */
  GArray *heard;       /* (element-type guint) … and how many frames had been heard then */
} Fixture;

static void
on_event (PlayerEngine *engine, const PlayerEngineEvent *event, gpointer data)
{
  Fixture *fixture = data;
  const guint frames = gst_tap_count (&fixture->rig->tap);

  if (event->type != PLAYER_ENGINE_TAGS)
    return;
  g_string_append_printf (fixture->told, "%s|%s\n", event->metadata->title,
                          event->metadata->subtitle != NULL ? event->metadata->subtitle : "");
  g_array_append_val (fixture->heard, frames);
}

static void
set_up (Fixture *fixture, gconstpointer data)
{
  g_autofree char *wav = gst_rig_path ("radio.wav");

  gst_audio_write_wav (wav, 9, SECONDS * RATE, RATE);
  g_assert_true (
      g_file_get_contents (wav, &fixture->station.audio, &fixture->station.length, NULL));
  fixture->server = radio_server_new (serve, &fixture->station);
  fixture->rig = gst_rig_new (TRUE);
  fixture->told = g_string_new (NULL);
  fixture->heard = g_array_new (FALSE, FALSE, sizeof (guint));
  g_signal_connect (fixture->rig->engine, "event", G_CALLBACK (on_event), fixture);
}

static void
tear_down (Fixture *fixture, gconstpointer data)
{
  gst_rig_free (fixture->rig);
  radio_server_free (fixture->server);
  g_free (fixture->station.audio);
  g_string_free (fixture->told, TRUE);
  g_array_unref (fixture->heard);
}

/* Each title is told where it is heard: not before, and soon after. */
static void
assert_times (Fixture *fixture)
{
  g_autoptr (GArray) heard = gst_tap_dup_frames (&fixture->rig->tap);
  const guint begin = gst_audio_skip_silence (heard, 0);

  g_assert_cmpuint (fixture->heard->len, ==, G_N_ELEMENTS (titles) + 1);
  for (guint i = 1; i < G_N_ELEMENTS (titles); i++)
    {
      const gint at = (gint)g_array_index (fixture->heard, guint, i + 1) - (gint)begin;
      const gint due = (gint)(titles[i].at / FRAME_BYTES);

      g_test_message ("title %u is due at %d, told at %d", i, due, at);
      g_assert_cmpint (at, >, due - RATE / 20);
      g_assert_cmpint (at, <, due + RATE / 2);
    }
}

static void
play (Fixture *fixture)
{
  g_autofree char *url = radio_server_url (fixture->server, "/live");
  const guint64 generation = gst_rig_load (fixture->rig, url, 0, PLAYER_LOAD_CURRENT);

  gst_rig_wait (fixture->rig, PLAYER_ENGINE_FINISHED, generation);
  gst_rig_settle (fixture->rig);
  g_autoptr (GArray) heard = gst_tap_dup_frames (&fixture->rig->tap);
  gst_audio_assert_silent_end (
      heard, gst_audio_assert_run (heard, gst_audio_skip_silence (heard, 0), 9, 0, SECONDS * RATE));
  g_assert_cmpstr (fixture->told->str, ==,
                   "Radio \xc3\x89toile|\nFirst|\nDon't; stop|Somebody\nRadio \xc3\x89toile|\n"
                   "J\xc3\xb3ga|Bj\xc3\xb6rk\n");
}

static void
test_icecast (Fixture *fixture, gconstpointer data)
{
  play (fixture);
  assert_times (fixture);
}

static void
test_shoutcast (Fixture *fixture, gconstpointer data)
{
  fixture->station.shoutcast = TRUE;
  play (fixture);
}

/* Goes on where the next connection begins, titles too. */
static void
test_reconnected (Fixture *fixture, gconstpointer data)
{
  fixture->station.break_at = 300 * INTERVAL;
  play (fixture);
  assert_times (fixture);
}

static void
add_tests (void)
{
  g_test_add ("/radio/icecast", Fixture, NULL, set_up, test_icecast, tear_down);
  g_test_add ("/radio/shoutcast", Fixture, NULL, set_up, test_shoutcast, tear_down);
  g_test_add ("/radio/reconnected", Fixture, NULL, set_up, test_reconnected, tear_down);
}

int
main (int argc, char **argv)
{
  return gst_rig_main (argc, argv, add_tests);
}
