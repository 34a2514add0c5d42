/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The sound goes away and comes back: the daemon lives, what plays waits for it, says so, and goes on where it
 * was heard last. Real sound servers, and what was heard is counted. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "harness.h"
#include "tests/gst/gst-pipewire-server.h"
#include "tests/gst/gst-sound-server.h"

#define RATE 44100
#define FILE_NUMBER 77
/* Of what is faded in, no sample is exact. */
#define FADE 441
/* A server that has gone does not say what it has played: so much may be heard twice, or not. */
#define UNKNOWN (RATE / 4)
#define CYCLE 1024
/* So many frames in a row are no accident. */
#define RUN 200

typedef struct
{
  char *dir;    /* (owned) */
  char *socket; /* (owned): of PulseAudio */
  Harness *h;   /* (owned) */
} World;

/* The daemon finds nothing but what is in the world's folder. */
static void
world_up (World *self, const char *sink)
{
  self->dir = g_dir_make_tmp ("segue-outage-XXXXXX", NULL);
  self->socket = g_build_filename (self->dir, "sound", NULL);
  g_autofree char *alsa = g_build_filename (self->dir, "asound.conf", NULL);
  g_assert_true (g_file_set_contents (alsa, "pcm.server { type pulse }\n", -1, NULL));
  g_autofree char *config
      = g_strdup_printf ("[audio]\nsink = %s\nbuffer-ms = 200\nidle-seconds = 0\n", sink);
  self->h = harness_new (config);
  harness_end_daemon (self->h, SIGTERM);
  g_autofree char *server = g_strconcat ("unix:", self->socket, NULL);
  GStrv environment = g_get_environ ();
  environment = g_environ_setenv (environment, "PULSE_SERVER", server, TRUE);
  environment = g_environ_setenv (environment, "PULSE_RUNTIME_PATH", self->dir, TRUE);
  environment = g_environ_setenv (environment, "XDG_RUNTIME_DIR", self->dir, TRUE);
  environment = g_environ_setenv (environment, "PIPEWIRE_RUNTIME_DIR", self->dir, TRUE);
  environment = g_environ_setenv (environment, "ALSA_CONFIG_PATH", alsa, TRUE);
  /* that the output is away is a warning */
  environment = g_environ_setenv (environment, "G_DEBUG", "fatal-criticals", TRUE);
  harness_set_environment (self->h, environment);
  harness_log_to (self->h, "log");
  harness_start_daemon (self->h);
}

static void
world_down (World *self)
{
  static const char *const files[]
      = { "asound.conf", "one.raw",    "two.raw",      "three.raw", "cookie",
          "one.socket",  "two.socket", "three.socket", "sound",     "long.wav" };
  g_autofree char *path = g_build_filename (harness_dir (self->h), "log", NULL);
  g_autofree char *log = NULL;
  /* one that has ended in between would not know of this */
  g_assert_cmpint (harness_end_daemon (self->h, SIGTERM), ==, 0);
  g_assert_true (g_file_get_contents (path, &log, NULL, NULL));
  g_assert_nonnull (strstr (log, "warning the audio output is away, waiting for it"));
  g_assert_nonnull (strstr (log, "message the audio output is back"));
  g_clear_pointer (&self->h, harness_free);
  for (gsize i = 0; i < G_N_ELEMENTS (files); i++)
    {
      g_autofree char *file = g_build_filename (self->dir, files[i], NULL);
      g_unlink (file);
    }
  g_rmdir (self->dir);
  g_free (self->dir);
  g_free (self->socket);
}

/* Half a minute whose frames tell their place. */
static void
play (World *self)
{
  g_autofree char *path = g_build_filename (harness_media_dir (self->h), "long.wav", NULL);
  g_autofree char *url = g_strconcat ("file://", path, NULL);
  harness_write_wav (path, FILE_NUMBER, 30 * RATE);
  g_autoptr (GVariant) played
      = harness_call (self->h, HARNESS_PLAYER, "PlayUrl", g_variant_new ("(sx)", url, (gint64)0));
}

/* --- What was heard ----------------------------------------------------------------------------
 */

static gint64
get_index (GArray *heard, guint at)
{
  const guint32 code = g_array_index (heard, guint32, at);
  return code >> 24 == FILE_NUMBER ? (gint64)((code & 0xffff) | (code >> 16 & 0xff) << 16) : -1;
}

/* The first and the last frame of the stream that were heard, exactly: those of the first and of the last of
 * the runs. There are several where the ear is late on a busy machine, and misses some. */
static void
find_ends (GArray *heard, gint64 *first, gint64 *last)
{
  gint64 begin = -1;
  *first = *last = -1;
  for (guint i = 0; i < heard->len; i++)
    {
      const gint64 index = get_index (heard, i);
      const gint64 previous = i > 0 ? get_index (heard, i - 1) : -1;
      if (previous < 0 || index != previous + 1)
        begin = index;
      if (index < 0 || index - begin < RUN)
        continue;
      *first = *first < 0 ? begin : *first;
      *last = index;
    }
  g_test_message ("from %" G_GINT64_FORMAT " to %" G_GINT64_FORMAT, *first, *last);
  g_assert_cmpint (*first, >=, 0);
}

/* Nothing was left out or heard twice beyond what nobody can know. */
static void
assert_goes_on (gint64 last, gint64 first)
{
  g_test_message ("heard up to %" G_GINT64_FORMAT ", from %" G_GINT64_FORMAT " on", last, first);
  g_assert_cmpint (first - FADE, >=, last - UNKNOWN);
  g_assert_cmpint (first - FADE, <=, last + UNKNOWN);
}

/* --- What the user sees ------------------------------------------------------------------------
 */

static void
assert_waits (World *self)
{
  const int pid = harness_daemon_pid (self->h);
  harness_wait_property (self->h, HARNESS_PLAYER, "OutputState", "'waiting'");
  g_autofree char *message = harness_get_string (self->h, HARNESS_PLAYER, "OutputMessage");
  g_assert_cmpstr (message, !=, "");
  g_autofree char *out = NULL;
  g_assert_cmpint (harness_run (self->h, &out, NULL, SEGUECTL, "status", NULL), ==, 0);
  g_assert_nonnull (strstr (out, "Output     waiting: "));
  g_autofree char *doctor = NULL;
  g_assert_cmpint (harness_run (self->h, &doctor, NULL, SEGUECTL, "doctor", NULL), ==, 1);
  g_assert_nonnull (strstr (doctor, "PROBLEM     output: "));
  g_assert_cmpint (harness_daemon_pid (self->h), ==, pid);
}

static void
assert_plays_on (World *self, gint64 more_ms)
{
  harness_wait_property (self->h, HARNESS_PLAYER, "OutputState", "'playing'");
  harness_wait_activity (self->h, "PLAYING");
  g_autofree char *message = harness_get_string (self->h, HARNESS_PLAYER, "OutputMessage");
  g_assert_cmpstr (message, ==, "");
  const gint64 from_ms = harness_get_int64 (self->h, HARNESS_PLAYER, "OffsetInMilliseconds");
  harness_wait_offset (self->h, from_ms + more_ms);
}

/* --- PulseAudio --------------------------------------------------------------------------------
 */

static GstSoundServer *
serve (World *self, const char *name)
{
  return gst_sound_server_new (self->dir, name, self->socket);
}

/* It is paused, the output is closed, and the server dies meanwhile: the next one is waited for.
 * (transfer full) */
static GstSoundServer *
resume_with_another (World *self, GstSoundServer *server, const char *name)
{
  g_autoptr (GVariant) pause = harness_call (self->h, HARNESS_PLAYER, "Pause", NULL);
  harness_wait_activity (self->h, "PAUSED");
  harness_wait_property (self->h, HARNESS_PLAYER, "OutputState", "'closed'");
  gst_sound_server_kill (server);
  g_autoptr (GVariant) resume = harness_call (self->h, HARNESS_PLAYER, "Play", NULL);
  assert_waits (self);
  GstSoundServer *next = serve (self, name);
  assert_plays_on (self, 1000);
  return next;
}

/* Not there when something is to play; killed while it plays, and while it is paused. */
static void
test_pulse (void)
{
  World world = { 0 };
  world_up (&world, "auto");
  play (&world);
  assert_waits (&world);
  g_autoptr (GstSoundServer) one = serve (&world, "one");
  assert_plays_on (&world, 1000);
  gst_sound_server_kill (one);
  assert_waits (&world);
  g_autoptr (GstSoundServer) two = serve (&world, "two");
  assert_plays_on (&world, 1000);
  g_autoptr (GstSoundServer) three = resume_with_another (&world, two, "three");

  g_autoptr (GArray) first = gst_sound_server_dup_heard (one);
  g_autoptr (GArray) second = gst_sound_server_dup_heard (two);
  g_autoptr (GArray) third = gst_sound_server_dup_heard (three);
  gint64 from[3];
  gint64 to[3];
  find_ends (first, &from[0], &to[0]);
  find_ends (second, &from[1], &to[1]);
  find_ends (third, &from[2], &to[2]);
  g_assert_cmpint (from[0], ==, 0);
  assert_goes_on (to[0], from[1]);
  assert_goes_on (to[1] + FADE, from[2]); /* what is faded out before a pause is heard, too */
  g_assert_cmpint (to[2], >, from[2] + RATE / 2);
  world_down (&world);
}

/* A device of ALSA's that cannot be opened yet, as one that is busy. */
static void
test_alsa (void)
{
  World world = { 0 };
  world_up (&world, "alsasink device=server");
  play (&world);
  assert_waits (&world);
  g_autoptr (GstSoundServer) one = serve (&world, "one");
  assert_plays_on (&world, 1000);
  g_autoptr (GstSoundServer) two = resume_with_another (&world, one, "two");
  g_autoptr (GArray) first = gst_sound_server_dup_heard (one);
  g_autoptr (GArray) second = gst_sound_server_dup_heard (two);
  gint64 from[2];
  gint64 to[2];
  find_ends (first, &from[0], &to[0]);
  find_ends (second, &from[1], &to[1]);
  g_assert_cmpint (from[0], ==, 0);
  assert_goes_on (to[0] + FADE, from[1]);
  world_down (&world);
}

/* --- PipeWire ----------------------------------------------------------------------------------
 */

static void
test_pipewire (void)
{
  World world = { 0 };
  world_up (&world, "auto");
  gst_pipewire_server_set_environment (world.dir);
  play (&world);
  assert_waits (&world);
  g_autoptr (GstPipewireServer) one = gst_pipewire_server_new (world.dir, CYCLE);
  assert_plays_on (&world, 1000);
  gst_pipewire_server_kill (one);
  assert_waits (&world);
  g_autoptr (GArray) all = gst_pipewire_server_dup_heard (one);
  g_autoptr (GstPipewireServer) two = gst_pipewire_server_new (world.dir, CYCLE);
  assert_plays_on (&world, 1000);
  g_autoptr (GArray) second = gst_pipewire_server_dup_heard (two);
  gint64 from[2];
  gint64 to[2];
  find_ends (all, &from[0], &to[0]);
  find_ends (second, &from[1], &to[1]);
  g_assert_cmpint (from[0], <=, 4 * CYCLE);
  assert_goes_on (to[0], from[1]);
  gst_pipewire_server_kill (two);
  world_down (&world);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/outages/pulseaudio", test_pulse);
  g_test_add_func ("/outages/alsa", test_alsa);
  g_test_add_func ("/outages/pipewire", test_pipewire);
  return g_test_run ();
}
