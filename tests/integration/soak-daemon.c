/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Changes of track and launches by the thousand, with faults at random: what the daemon holds at rest
 * afterwards must be what it held when it was warm. Prints a table and the slope of it.
 * SOAK_CHANGES: how many changes; SOAK_SEED repeats a run. */

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>

#include "demo-json.h"
#include "demo-music-server.h"
#include "fault-server.h"
#include "soak-usage.h"

#define TRACKS 10
#define ITEMS 100
#define ITEMS_LONG 1000
/* 1.1 s: what sounds for less than a second is taken for a stream that does not play. */
#define TRACK_FRAMES 48510
#define CHANGES 300
#define SAMPLES 6
#define SAMPLES_LONG 25
#define WAIT_MS 60000
#define REST_MS 80
/* What a change may cost for good, where so many were made that it can be told. */
#define LIMIT_BYTES_PER_CHANGE 1.024
#define ENOUGH_CHANGES 5000
/* Else: what would be seen at once. */
#define LIMIT_BYTES_PER_CHANGE_SHORT 2000.0

typedef struct
{
  Harness *harness;       /* (owned) */
  DemoServer *skill;      /* (owned) */
  DemoMusicServer *tunes; /* (owned) */
  FaultServer *media;     /* (owned) */
  char *dir;              /* (owned) */
  GRand *rand;            /* (owned) */
  SoakUsage *usage;       /* (owned) */
  guint changes;          /* that are wanted */
  guint started;          /* so many tracks of the skill have sounded */
  guint items;            /* so many items have begun, whoever has supplied them */
  guint launches;
  guint launches_failed;
  guint calls; /* under way */
  char activity[24];
} Soak;

/* --- The servers and the daemon ---------------------------------------------------------------- */

static void
on_logged (DemoServer *server, JsonObject *entry, gpointer user_data)
{
  Soak *self = user_data;
  if (g_strcmp0 (demo_json_get_string (entry, "type"), "AudioPlayer.PlaybackStarted") == 0
      && g_strcmp0 (demo_json_get_string (entry, "kind"), "request") == 0)
    self->started++;
}

static void
on_activity (GDBusConnection *connection,
             const char *sender,
             const char *path,
             const char *interface,
             const char *name,
             GVariant *arguments,
             gpointer user_data)
{
  Soak *self = user_data;
  const char *activity = NULL;
  g_variant_get (arguments, "(&s&sx)", &activity, NULL, NULL);
  g_strlcpy (self->activity, activity, sizeof self->activity);
  if (g_str_equal (activity, "PLAYING"))
    self->items++;
}

static char *
path_of (Soak *self, const char *name)
{
  return g_build_filename (self->dir, name, NULL);
}

/* Ten tracks, of which one is not there. */
static void
start_skill (Soak *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tracks = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < TRACKS; i++)
    g_ptr_array_add (tracks, g_strdup (i == 6 ? "missing.wav" : i % 2 == 0 ? "a.wav" : "b.wav"));
  g_ptr_array_add (tracks, NULL);
  self->skill = demo_server_new (0, self->dir, (const char *const *)tracks->pdata, &error);
  g_assert_no_error (error);
  g_signal_connect (self->skill, "logged", G_CALLBACK (on_logged), self);
}

/* Of the queue: what has been begun is played to its end before a call to stop it is heard of, so fast is it
 * without a clock. */
static guint
get_items (const Soak *self)
{
  return self->changes >= ENOUGH_CHANGES ? ITEMS_LONG : ITEMS;
}

static void
start_tunes (Soak *self)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) tracks = g_ptr_array_new_with_free_func (g_free);
  for (guint i = 0; i < get_items (self); i++)
    g_ptr_array_add (tracks, g_strdup (i % 2 == 0 ? "a.wav=1100" : "b.wav=1100"));
  g_ptr_array_add (tracks, NULL);
  self->tunes = demo_music_server_new (0, self->dir, (const char *const *)tracks->pdata, &error);
  g_assert_no_error (error);
}

static Soak *
soak_new (void)
{
  Soak *self = g_new0 (Soak, 1);
  g_autoptr (GError) error = NULL;
  const char *seed = g_getenv ("SOAK_SEED");
  const char *changes = g_getenv ("SOAK_CHANGES");
  guint32 chosen = seed != NULL ? (guint32)g_ascii_strtoull (seed, NULL, 10) : g_random_int ();
  g_print ("# SOAK_SEED=%u\n", chosen);
  self->rand = g_rand_new_with_seed (chosen);
  self->changes = changes != NULL ? (guint)g_ascii_strtoull (changes, NULL, 10) : CHANGES;
  self->dir = g_dir_make_tmp ("segue-soak-XXXXXX", &error);
  g_assert_no_error (error);
  g_autofree char *a = path_of (self, "a.wav");
  g_autofree char *b = path_of (self, "b.wav");
  harness_write_wav (a, 1, TRACK_FRAMES);
  harness_write_wav (b, 2, TRACK_FRAMES + 100);
  start_skill (self);
  start_tunes (self);
  self->media = fault_server_new (self->dir, NULL, 0, &error);
  g_assert_no_error (error);
  g_autofree char *config = g_strdup_printf ("[audio]\nsink = fakesink sync=false\n"
                                             "[music tunes]\nendpoint = %s\nhttp-media = true\n",
                                             demo_music_server_get_url (self->tunes));
  self->usage = soak_usage_new (self->dir);
  self->harness = harness_new (config);
  g_dbus_connection_signal_subscribe (harness_connection (self->harness), NULL,
                                      HARNESS_CONVERSATION, "Activity", NULL, NULL,
                                      G_DBUS_SIGNAL_FLAGS_NONE, on_activity, self, NULL);
  return self;
}

static void
soak_free (Soak *self)
{
  static const char *const names[] = { "a.wav", "b.wav", "heap-probe", "heap-probe.out" };
  harness_free (self->harness);
  soak_usage_free (self->usage);
  g_object_unref (self->skill);
  g_object_unref (self->tunes);
  fault_server_free (self->media);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = path_of (self, names[i]);
      g_unlink (path);
    }
  g_rmdir (self->dir);
  g_free (self->dir);
  g_rand_free (self->rand);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Soak, soak_free)

/* --- Waiting ----------------------------------------------------------------------------------- */

static gboolean
never (gpointer user_data)
{
  return FALSE;
}

static gboolean
is_at_rest (gpointer user_data)
{
  const Soak *self = user_data;
  return self->calls == 0 && !g_str_equal (self->activity, "PLAYING")
         && !g_str_equal (self->activity, "BUFFER_UNDERRUN");
}

static gboolean
is_busy (gpointer user_data)
{
  return !is_at_rest (user_data);
}

/* Between two tracks, and before the first one, there is some rest, too. */
static void
wait_rest (Soak *self)
{
  do
    if (!harness_wait (WAIT_MS, is_at_rest, self))
      harness_fail ("no rest: %s, %u calls", self->activity, self->calls);
  while (harness_wait (REST_MS, is_busy, self));
}

static gboolean
is_closed (gpointer user_data)
{
  Soak *self = user_data;
  g_autofree char *state = harness_get_string (self->harness, HARNESS_PLAYER, "OutputState");
  return g_str_equal (state, "closed");
}

static gboolean
is_steady (gpointer user_data)
{
  Soak *self = user_data;
  return soak_usage_is_steady (self->usage, harness_daemon_pid (self->harness));
}

/* Stops what plays, waits until the output is closed and threads without work have gone, and writes
 * down what is held then. */
static void
measure (Soak *self, guint done)
{
  g_autoptr (GVariant) stop = harness_call (self->harness, HARNESS_PLAYER, "Stop", NULL);
  wait_rest (self);
  if (!harness_wait (WAIT_MS, is_closed, self))
    harness_fail ("the output is not closed");
  harness_wait (200, never, NULL);
  if (!harness_wait (WAIT_MS, is_steady, self))
    harness_fail ("more threads or descriptors than at the beginning: %s",
                  soak_usage_describe (self->usage, harness_daemon_pid (self->harness)));
  soak_usage_take (self->usage, harness_daemon_pid (self->harness), done);
}

/* So many changes lie between two looks. */
static guint
get_stretch (const Soak *self)
{
  guint samples = self->changes >= ENOUGH_CHANGES ? SAMPLES_LONG : SAMPLES;
  return MAX (self->changes / samples, 1);
}

/* --- The skill --------------------------------------------------------------------------------- */

static void
on_called (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Soak *self = user_data;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, NULL);
  self->calls--;
  if (reply == NULL)
    self->launches_failed++;
}

static void
send_call (Soak *self, const char *interface, const char *method, GVariant *args)
{
  self->calls++;
  g_dbus_connection_call (harness_connection (self->harness), HARNESS_ROOT, HARNESS_PATH, interface,
                          method, args, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, -1, NULL, on_called,
                          self);
}

/* Half of the launches meet one: the answer to the launch, or to what follows from it. */
static void
add_fault (Soak *self)
{
  static const char *const names[]
      = { "status", "garbage",           "cut",   "empty", "wrong-types", "late", "too-large",
          "no-url", "unknown-directive", "speech" };
  static const char *const requests[]
      = { "LaunchRequest", "AudioPlayer.PlaybackNearlyFinished", "AudioPlayer.PlaybackStarted",
          "AudioPlayer.PlaybackFinished", "PlaybackController.NextCommandIssued" };
  g_autoptr (GError) error = NULL;
  if (g_rand_boolean (self->rand))
    return;
  /* A skill that hangs is waited for 8 s: not often. */
  guint delay_ms = g_rand_int_range (self->rand, 0, 100) == 0 ? 9000 : 60;
  const char *name = names[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (names))];
  const char *on = requests[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (requests))];
  g_autofree char *text = g_strdup_printf ("{\"fault\":\"%s\",\"on\":\"%s\",\"delay_ms\":%u}", name,
                                           on, g_str_equal (name, "late") ? delay_ms : 0);
  DemoFault *fault = demo_fault_new_parse (text, &error);
  g_assert_no_error (error);
  demo_server_add_fault (self->skill, fault);
}

/* A stream of nobody's, from a server that misbehaves. */
static void
play_url (Soak *self)
{
  static const char *const faults[] = { "",
                                        "?fault=droponce:1000",
                                        "?fault=resetonce:3000",
                                        "?fault=chunked",
                                        "?fault=status:404",
                                        "?fault=refuse",
                                        "?fault=short:20",
                                        "?fault=redirect:2" };
  g_autofree char *path = g_strconcat (
      "/a.wav", faults[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (faults))], NULL);
  g_autofree char *url = fault_server_url (self->media, path);
  send_call (self, HARNESS_PLAYER, "PlayUrl", g_variant_new ("(sx)", url, (gint64)0));
}

static void
press_something (Soak *self)
{
  static const char *const buttons[] = { "Next", "Previous", "PlayPause", "Stop", "Play" };
  harness_wait ((guint)g_rand_int_range (self->rand, 1, 60), never, NULL);
  send_call (self, HARNESS_PLAYER,
             buttons[g_rand_int_range (self->rand, 0, G_N_ELEMENTS (buttons))], NULL);
}

static void
launch (Soak *self)
{
  demo_server_clear_faults (self->skill);
  add_fault (self);
  send_call (self, HARNESS_CONVERSATION, "Launch",
             g_variant_new ("(s)", demo_server_get_url (self->skill)));
  self->launches++;
  if (g_rand_int_range (self->rand, 0, 4) == 0)
    press_something (self);
  wait_rest (self);
  if (g_rand_int_range (self->rand, 0, 5) == 0)
    {
      play_url (self);
      wait_rest (self);
    }
}

static void
test_skill (void)
{
  g_autoptr (Soak) soak = soak_new ();
  guint launches = soak->changes / TRACKS;
  guint stretch = get_stretch (soak);
  guint next = stretch;
  soak_usage_print_head ("tracks");
  while (soak->launches < launches || soak->started < soak->changes)
    {
      launch (soak);
      if (soak->started < next)
        continue;
      measure (soak, soak->started);
      next = soak->started + stretch;
    }
  g_print ("# %u launches, %u tracks, %u calls failed\n", soak->launches, soak->started,
           soak->launches_failed);
  soak_usage_check (soak->usage, soak->started >= ENOUGH_CHANGES ? LIMIT_BYTES_PER_CHANGE
                                                                 : LIMIT_BYTES_PER_CHANGE_SHORT);
}

/* --- The music service ------------------------------------------------------------------------- */

typedef struct
{
  Soak *soak;
  guint items;
} Wanted;

static gboolean
has_played (gpointer user_data)
{
  const Wanted *wanted = user_data;
  return wanted->soak->items >= wanted->items;
}

/* A queue, from the beginning or where @from says, so many items of it. */
static void
play_items (Soak *self, guint from, guint items)
{
  g_autofree char *content = g_strdup_printf ("album-1:%u", from);
  g_autoptr (GVariant) args
      = g_variant_ref_sink (g_variant_new_parsed ("('tunes', {'content': %s})", content));
  Wanted wanted = { self, self->items + items };
  g_autoptr (GVariant) reply = harness_call (self->harness, "org.segue.Segue1.Music", "Play", args);
  if (!harness_wait (WAIT_MS + 200 * items, has_played, &wanted))
    harness_fail ("%u of %u items have played", self->items, wanted.items);
}

static void
test_music (void)
{
  g_autoptr (Soak) soak = soak_new ();
  guint stretch = get_stretch (soak);
  soak_usage_print_head ("items");
  for (guint done = 0; done < soak->changes; done += stretch)
    {
      play_items (soak, 1 + done % (get_items (soak) - stretch), stretch);
      measure (soak, soak->items);
    }
  soak_usage_check (soak->usage, soak->changes >= ENOUGH_CHANGES ? LIMIT_BYTES_PER_CHANGE
                                                                 : LIMIT_BYTES_PER_CHANGE_SHORT);
}

/* libsoup 3.2's server, which plays the skill here, keeps the sockets of connections that were closed. */
static void
take_descriptors (void)
{
  struct rlimit limit;
  g_assert_cmpint (getrlimit (RLIMIT_NOFILE, &limit), ==, 0);
  limit.rlim_cur = limit.rlim_max;
  g_assert_cmpint (setrlimit (RLIMIT_NOFILE, &limit), ==, 0);
}

int
main (int argc, char **argv)
{
  take_descriptors ();
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/soak/skill", test_skill);
  g_test_add_func ("/soak/music", test_music);
  return g_test_run ();
}
