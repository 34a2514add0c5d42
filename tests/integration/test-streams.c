/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Streams that are late, hang, fail or begin in the middle, heard through the whole daemon. */

#include <signal.h>
#include <string.h>

#include "fault-server.h"
#include "harness.h"

#define CAPTURE                                                                                    \
  "[audio]\nsink = capsfilter caps=audio/x-raw,format=S16LE ! tee name=t ! queue ! "               \
  "filesink location=@DIR@/capture.raw sync=false async=false t. ! queue ! fakesink sync=true\n"

static void
play (Harness *h, const char *url, const char *token, const char *offset)
{
  g_autoptr (GVariant) slots = g_variant_ref_sink (
      g_variant_new_parsed ("{'url': %s, 'token': %s, 'offset': %s}", url, token, offset));
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_CONVERSATION, "Intent",
                      g_variant_new ("(ss@a{ss})", harness_url (h), "PlayIntent", slots));
  harness_expect (h, "IntentRequest PlayIntent", NULL);
}

/* Frames that a fade may have changed so that they cannot be told any more: 10 ms. */
#define FADE_FRAMES 441

/* Ends the daemon and counts: the frames of @file from @first on, in order up to @last, whatever
 * silence lies between them. Where one fades in after a silence, as many changed frames as are
 * missing have to stand right before the next one that can be told. */
static void
check_capture (Harness *h, guint file, gsize first, gsize last)
{
  harness_end_daemon (h, SIGTERM);
  g_autofree char *path = g_build_filename (harness_dir (h), "capture.raw", NULL);
  g_autofree char *data = NULL;
  gsize length = 0;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (path, &data, &length, &error);
  g_assert_no_error (error);
  gsize expected = first;
  gssize changed = 0; /* frames since the last one that could be told */
  guint silent = 0;
  guint fading = 0;
  for (gsize i = 0; i + 4 <= length; i += 4, changed++)
    {
      const guint8 *frame = (const guint8 *)data + i;
      if (frame[0] == 0 && frame[1] == 0 && frame[2] == 0 && frame[3] == 0)
        {
          silent++;
          continue;
        }
      if (silent > 0 && expected > first)
        fading = FADE_FRAMES; /* in, after it: no frame in it is what it was */
      silent = 0;
      if (fading > 0 && fading-- > 0)
        continue;
      if (frame[3] != file)
        continue; /* in a fade out */
      gsize index = frame[0] | frame[1] << 8 | frame[2] << 16;
      if (index < expected || (gssize)(index - expected) > MIN (changed, FADE_FRAMES + 2))
        harness_fail ("frame %" G_GSIZE_FORMAT " is heard where %" G_GSIZE_FORMAT " belongs", index,
                      expected);
      expected = index + 1;
      changed = -1;
    }
  g_assert_cmpuint (expected, ==, last);
}

/* The server falls silent in the middle: BUFFER_UNDERRUN, then PLAYING; not a sample is lost. */
static void
test_underrun (void)
{
  g_autoptr (Harness) h = harness_new (CAPTURE);
  g_autoptr (GError) error = NULL;
  g_autoptr (FaultServer) server = fault_server_new (harness_media_dir (h), NULL, 0, &error);
  g_assert_no_error (error);
  g_autofree char *url = fault_server_url (server, "/a.wav?fault=stall:120000:1500");
  play (h, url, "stalling", "0");
  harness_expect (h, "PlaybackStarted stalling 0", NULL);
  harness_wait_signal (h, "Activity", "BUFFER_UNDERRUN");
  harness_wait_signal (h, "Activity", "PLAYING");
  harness_expect (h, "PlaybackNearlyFinished stalling *", "PlaybackFinished stalling *", NULL);
  check_capture (h, 1, 0, harness_track_frames (1));
}

/* A server that never answers holds nobody up. */
static void
test_hang (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (FaultServer) server = fault_server_new (harness_media_dir (h), NULL, 0, &error);
  g_assert_no_error (error);
  g_autofree char *url = fault_server_url (server, "/a.wav?fault=hang");
  play (h, url, "hanging", "0");
  g_autoptr (GVariant) stop = harness_call (h, HARNESS_PLAYER, "Stop", NULL);
  harness_wait_activity (h, "IDLE"); /* nothing has sounded */
  play (h, url, "hanging", "0");
  g_autofree char *good = g_strdup_printf ("%smedia/a.wav", harness_url (h));
  play (h, good, "good", "0");
  harness_expect (h, "PlaybackStarted good 0", NULL);
}

/* The item in the queue cannot be had: the current one plays to its end, then the failure is told.
 */
static void
test_next_fails (void)
{
  g_autoptr (Harness) h = harness_new (CAPTURE);
  g_autofree char *fault = g_strdup_printf (
      "{\"fault\":\"answer\",\"on\":\"AudioPlayer.PlaybackNearlyFinished\",\"answer\":{"
      "\"response\":{"
      "\"directives\":[{\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"ENQUEUE\",\"audioItem\":{"
      "\"stream\":{\"url\":\"%smedia/nothing.wav\",\"token\":\"bad\",\"expectedPreviousToken\":"
      "\"good\",\"offsetInMilliseconds\":0}}}]}}}",
      harness_url (h));
  harness_fault (h, fault);
  g_autofree char *good = g_strdup_printf ("%smedia/a.wav", harness_url (h));
  play (h, good, "good", "0");
  harness_expect (h, "PlaybackStarted good 0", "PlaybackNearlyFinished good *",
                  "PlaybackFinished good *", "PlaybackFailed bad MEDIA_ERROR_INVALID_REQUEST",
                  NULL);
  JsonObject *request = json_object_get_object_member (harness_request (h, 0), "request");
  JsonObject *state = json_object_get_object_member (request, "currentPlaybackState");
  g_assert_cmpstr (json_object_get_string_member (state, "token"), ==, "good");
  g_assert_cmpstr (json_object_get_string_member (state, "playerActivity"), ==, "FINISHED");
  harness_wait_activity (h, "STOPPED");
  check_capture (h, 1, 0, harness_track_frames (1));
}

/* The first sample heard is the one at the offset. */
static void
test_offset (void)
{
  g_autoptr (Harness) h = harness_new (CAPTURE);
  g_autofree char *url = g_strdup_printf ("%smedia/a.wav", harness_url (h));
  play (h, url, "middle", "1000");
  harness_expect (h, "PlaybackStarted middle 1000", "PlaybackNearlyFinished middle *",
                  "PlaybackFinished middle 1587", NULL);
  check_capture (h, 1, 44100, harness_track_frames (1));
}

static void
copy_media (Harness *h, const char *name)
{
  g_autofree char *from = g_build_filename (DEMO_MEDIA_DIR, name, NULL);
  g_autofree char *to = g_build_filename (harness_media_dir (h), name, NULL);
  g_autofree char *data = NULL;
  gsize length = 0;
  g_autoptr (GError) error = NULL;
  g_file_get_contents (from, &data, &length, &error);
  g_assert_no_error (error);
  g_file_set_contents (to, data, length, &error);
  g_assert_no_error (error);
}

/* FLAC, MP3 and AAC in MP4 over HTTP, from the seventh of their eight seconds on. */
static void
test_formats (void)
{
  static const char *const names[] = { "morning.flac", "noon.mp3", "evening.m4a" };
  g_autoptr (Harness) h = harness_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      copy_media (h, names[i]);
      g_autofree char *url = g_strdup_printf ("%smedia/%s", harness_url (h), names[i]);
      play (h, url, names[i], "7000");
      g_autofree char *started = g_strdup_printf ("PlaybackStarted %s 7000", names[i]);
      g_autofree char *nearly = g_strdup_printf ("PlaybackNearlyFinished %s *", names[i]);
      g_autofree char *finished = g_strdup_printf ("PlaybackFinished %s 7990~", names[i]);
      harness_expect (h, started, nearly, finished, NULL);
    }
}

#define SECRET_1 "header-secret-1"
#define SECRET_2 "header-secret-2"

static gboolean
all_requests_have (FaultServer *server, const char *header)
{
  g_autoptr (GPtrArray) requests = fault_server_take_requests (server);
  gboolean have = requests->len > 0;

  for (guint i = 0; i < requests->len; i++)
    have = have && strstr (g_ptr_array_index (requests, i), header) != NULL;
  return have;
}

/* Neither header nor query is to be found in @text. */
static void
assert_clean (const char *text)
{
  static const char *const secrets[] = { SECRET_1, SECRET_2, "query-secret" };

  for (guint i = 0; i < G_N_ELEMENTS (secrets); i++)
    if (strstr (text, secrets[i]) != NULL)
      harness_fail ("%s has got into: %s", secrets[i], text);
}

static void
assert_bus_clean (Harness *h)
{
  g_autofree char *heard = harness_print_signals (h);
  assert_clean (heard);
  const char *const interfaces[] = { HARNESS_PLAYER, HARNESS_CONVERSATION, HARNESS_ROOT };
  for (guint i = 0; i < G_N_ELEMENTS (interfaces); i++)
    {
      g_autoptr (GVariant) all = harness_call (h, "org.freedesktop.DBus.Properties", "GetAll",
                                               g_variant_new ("(s)", interfaces[i]));
      g_autofree char *text = g_variant_print (all, FALSE);
      assert_clean (text);
    }
}

static void
assert_log_clean (Harness *h, const char *name)
{
  g_autofree char *path = g_build_filename (harness_dir (h), name, NULL);
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  g_file_get_contents (path, &text, NULL, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (strlen (text), >, 100);
  assert_clean (text);
}

/* The URL expires in the middle, its owner hears so and gives another one; not a sample is lost. The
 * headers go to the server, and nowhere else. */
static void
test_renew (void)
{
  g_autoptr (Harness) h = harness_new (CAPTURE);
  g_autoptr (GError) error = NULL;
  g_autoptr (FaultServer) server = fault_server_new (harness_media_dir (h), NULL, 0, &error);
  g_assert_no_error (error);
  g_autofree char *url
      = fault_server_url (server, "/a.wav?key=query-secret&fault=droponce:120000,statusafter:403");
  g_autofree char *renewed = fault_server_url (server, "/a.wav?key=query-secret-2");
  g_autofree char *headers = g_build_filename (harness_dir (h), "headers", NULL);
  g_file_set_contents (headers, "Authorization: Bearer " SECRET_2 "\n", -1, &error);
  g_assert_no_error (error);

  harness_end_daemon (h, SIGTERM);
  harness_log_to (h, "log");
  harness_start_daemon (h);
  GVariant *options = g_variant_new_parsed (
      "{'token': <'mine'>, 'renewable': <true>, 'headers': <{'Authorization': %s}>}",
      "Bearer " SECRET_1);
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_PLAYER, "PlayStream", g_variant_new ("(s@a{sv})", url, options));
  harness_wait_signal (h, "UrlRefused", "('mine', 'HTTP 403')");
  g_assert_true (all_requests_have (server, "Authorization: Bearer " SECRET_1));
  g_assert_cmpint (harness_run (h, NULL, NULL, SEGUECTL, "renew", "--token", "mine",
                                "--headers-file", headers, renewed, NULL),
                   ==, 0);
  harness_wait_activity (h, "FINISHED");
  g_assert_true (all_requests_have (server, "Authorization: Bearer " SECRET_2));
  assert_bus_clean (h);
  g_autofree char *message = NULL;
  g_autofree char *name = harness_call_error (
      h, HARNESS_PLAYER, "RenewUrl",
      g_variant_new_parsed ("('mine', %s, {'Authorization': %s})", renewed, SECRET_2), &message);
  g_assert_cmpstr (name, ==, "NotPlaying");
  assert_clean (message);
  check_capture (h, 1, 0, harness_track_frames (1));
  assert_log_clean (h, "log");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/streams/underrun", test_underrun);
  g_test_add_func ("/streams/hang", test_hang);
  g_test_add_func ("/streams/next-fails", test_next_fails);
  g_test_add_func ("/streams/offset", test_offset);
  g_test_add_func ("/streams/formats", test_formats);
  g_test_add_func ("/streams/renew", test_renew);
  return g_test_run ();
}
