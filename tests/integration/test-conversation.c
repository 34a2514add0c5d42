/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* The typical sequences between a skill and the device, each over the real thing: D-Bus in, HTTP
 * out, audio through the pipeline, in real time. */

#include <string.h>

#include "harness.h"

static void
launch (Harness *h)
{
  harness_launch (h);
  harness_expect (h, "LaunchRequest", NULL);
}

static gint64
request_offset (Harness *h, guint n)
{
  return json_object_get_int_member (
      json_object_get_object_member (harness_request (h, n), "request"), "offsetInMilliseconds");
}

static gint64
track_ms (guint track)
{
  return harness_track_frames (track) * 1000 / 44100;
}

/* Launch, three tracks joined by NearlyFinished and ENQUEUE, to the end of the queue. */
static void
test_playlist (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  launch (h);
  JsonObject *body = harness_request (h, 0);
  g_assert_cmpstr (json_object_get_string_member (body, "version"), ==, "1.0");
  JsonObject *session = json_object_get_object_member (body, "session");
  g_assert_true (json_object_get_boolean_member (session, "new"));

  const char *tokens[] = { "track-1", "track-2", "track-3" };
  for (guint i = 0; i < 3; i++)
    {
      g_autofree char *started = g_strdup_printf ("PlaybackStarted %s 0", tokens[i]);
      g_autofree char *nearly = g_strdup_printf ("PlaybackNearlyFinished %s *", tokens[i]);
      g_autofree char *finished = g_strdup_printf ("PlaybackFinished %s *", tokens[i]);
      harness_expect (h, started, NULL);
      g_assert_false (json_object_has_member (harness_request (h, 0), "session"));
      harness_expect (h, nearly, finished, NULL);
      g_assert_cmpint (ABS (request_offset (h, 0) - track_ms (i + 1)), <=, 1);
    }
  harness_wait_activity (h, "FINISHED");
  harness_expect_quiet (h, 300);
  g_autofree char *token = harness_get_string (h, HARNESS_PLAYER, "Token");
  g_assert_cmpstr (token, ==, "track-3");
}

/* Stopped, PauseIntent, Stop (no second Stopped); ResumeIntent, Play at the offset, Started there.
 */
static void
test_pause_by_voice (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  launch (h);
  harness_expect (h, "PlaybackStarted track-1 0", "PlaybackNearlyFinished track-1 *", NULL);
  harness_wait_offset (h, 500);
  harness_intent (h, "AMAZON.PauseIntent", NULL);
  harness_expect (h, "PlaybackStopped track-1 500~", NULL);
  gint64 stopped_at = request_offset (h, 0);
  harness_expect (h, "IntentRequest AMAZON.PauseIntent", NULL);
  JsonObject *audio = json_object_get_object_member (
      json_object_get_object_member (harness_request (h, 0), "context"), "AudioPlayer");
  g_assert_cmpstr (json_object_get_string_member (audio, "playerActivity"), ==, "PAUSED");
  g_assert_cmpint (json_object_get_int_member (audio, "offsetInMilliseconds"), ==, stopped_at);
  harness_wait_activity (h, "STOPPED");
  harness_intent (h, "AMAZON.ResumeIntent", NULL);
  harness_expect (h, "IntentRequest AMAZON.ResumeIntent", NULL);
  g_autofree char *started
      = g_strdup_printf ("PlaybackStarted track-1 %" G_GINT64_FORMAT, stopped_at);
  harness_expect (h, started, NULL);
  harness_wait_activity (h, "PLAYING");
}

/* A question while audio plays: it goes on at the very place. */
static void
test_question (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  launch (h);
  harness_expect (h, "PlaybackStarted track-1 0", "PlaybackNearlyFinished track-1 *", NULL);
  harness_wait_offset (h, 400);
  harness_intent (h, "AskIntent", NULL);
  harness_expect (h, "PlaybackStopped track-1 400~", NULL);
  g_autofree char *again
      = g_strdup_printf ("PlaybackStarted track-1 %" G_GINT64_FORMAT, request_offset (h, 0));
  harness_expect (h, "IntentRequest AskIntent", again, NULL);
  harness_wait_activity (h, "PLAYING");
}

/* A question that keeps the session open: paused until the session ends, attributes go round. */
static void
test_open_session (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  launch (h);
  harness_expect (h, "PlaybackStarted track-1 0", "PlaybackNearlyFinished track-1 *", NULL);
  harness_wait_offset (h, 200);
  harness_intent (h, "QuizIntent", NULL);
  harness_expect (h, "PlaybackStopped track-1 *", "IntentRequest QuizIntent", NULL);
  g_autofree char *first = g_strdup (json_object_get_string_member (
      json_object_get_object_member (harness_request (h, 0), "session"), "sessionId"));
  harness_wait_activity (h, "PAUSED");
  harness_intent (h, "QuizIntent", NULL);
  harness_expect (h, "IntentRequest QuizIntent", NULL);
  JsonObject *session = json_object_get_object_member (harness_request (h, 0), "session");
  g_assert_cmpstr (json_object_get_string_member (session, "sessionId"), ==, first);
  g_assert_false (json_object_get_boolean_member (session, "new"));
  g_assert_cmpuint (json_object_get_size (json_object_get_object_member (session, "attributes")), >,
                    0);
  g_autoptr (GVariant) reply = harness_call (h, HARNESS_CONVERSATION, "EndSession",
                                             g_variant_new ("(s)", harness_url (h)));
  harness_expect (h, "SessionEndedRequest USER_INITIATED", "PlaybackStarted track-1 *", NULL);
  harness_wait_activity (h, "PLAYING");
}

static void
test_skip_by_voice (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  launch (h);
  harness_expect (h, "PlaybackStarted track-1 0", "PlaybackNearlyFinished track-1 *", NULL);
  harness_wait_offset (h, 300);
  harness_intent (h, "AMAZON.NextIntent", NULL);
  harness_expect (h, "PlaybackStopped track-1 300~", "IntentRequest AMAZON.NextIntent",
                  "PlaybackStarted track-2 0", NULL);
}

static void
test_buttons (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  launch (h);
  harness_expect (h, "PlaybackStarted track-1 0", "PlaybackNearlyFinished track-1 *", NULL);
  harness_wait_offset (h, 300);
  harness_press (h, "Next");
  harness_expect (h, "NextCommandIssued", NULL);
  JsonObject *body = harness_request (h, 0);
  g_assert_false (json_object_has_member (body, "session"));
  JsonObject *audio = json_object_get_object_member (
      json_object_get_object_member (body, "context"), "AudioPlayer");
  g_assert_cmpstr (json_object_get_string_member (audio, "token"), ==, "track-1");
  harness_expect (h, "PlaybackStopped track-1 300~", "PlaybackStarted track-2 0",
                  "PlaybackNearlyFinished track-2 *", NULL);
  harness_press (h, "Previous");
  harness_expect (h, "PreviousCommandIssued", "PlaybackStopped track-2 *",
                  "PlaybackStarted track-1 0", "PlaybackNearlyFinished track-1 *", NULL);
  harness_wait_offset (h, 300);
  harness_press (h, "Pause");
  harness_expect (h, "PauseCommandIssued", "PlaybackStopped track-1 300~", NULL);
  gint64 stopped_at = request_offset (h, 0);
  harness_wait_activity (h, "STOPPED");
  harness_press (h, "Play");
  g_autofree char *started
      = g_strdup_printf ("PlaybackStarted track-1 %" G_GINT64_FORMAT, stopped_at);
  harness_expect (h, "PlayCommandIssued", started, NULL);
  harness_press (h, "Stop");
  harness_expect (h, "PlaybackNearlyFinished track-1 *", "PlaybackStopped track-1 *", NULL);
  harness_wait_activity (h, "STOPPED");
}

/* A stream that cannot be had: Failed only; what the skill then sends is played. */
static void
test_bad_url (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  g_autofree char *slots = g_strdup_printf (
      "@a{ss} {'url': '%smedia/nothing.wav', 'token': 'track-1'}", harness_url (h));
  harness_intent (h, "PlayIntent", slots);
  harness_expect (h, "IntentRequest PlayIntent",
                  "PlaybackFailed track-1 MEDIA_ERROR_INVALID_REQUEST", NULL);
  JsonObject *request = json_object_get_object_member (harness_request (h, 0), "request");
  g_assert_nonnull (strstr (
      json_object_get_string_member (json_object_get_object_member (request, "error"), "message"),
      "404"));
  JsonObject *state = json_object_get_object_member (request, "currentPlaybackState");
  g_assert_cmpstr (json_object_get_string_member (state, "playerActivity"), ==, "IDLE");
  harness_expect (h, "PlaybackStarted track-2 0", NULL);
}

/* NearlyFinished, the user stops, the late ENQUEUE arrives: it is dropped. */
static void
test_late_enqueue (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  harness_fault (
      h, "{\"fault\":\"late\",\"on\":\"AudioPlayer.PlaybackNearlyFinished\",\"delay_ms\":700}");
  launch (h);
  harness_expect (h, "PlaybackStarted track-1 0", "PlaybackNearlyFinished track-1 *", NULL);
  harness_press (h, "Stop");
  harness_wait_signal (h, "Directive", "late");
  harness_expect (h, "PlaybackStopped track-1 *", NULL);
  harness_expect_quiet (h, 300);
  harness_wait_activity (h, "STOPPED");
}

/* A Play where none may be: refused, and the skill is told with the id of the request. */
static void
test_illegal_play (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  harness_fault (h, "play@AudioPlayer.PlaybackFinished");
  harness_intent (h, "PlayIntent", "{'track': '3'}");
  harness_expect (h, "IntentRequest PlayIntent", "PlaybackStarted track-3 0",
                  "PlaybackNearlyFinished track-3 *", "PlaybackFinished track-3 *", NULL);
  g_autofree char *cause = g_strdup (json_object_get_string_member (
      json_object_get_object_member (harness_request (h, 0), "request"), "requestId"));
  harness_wait_signal (h, "Directive", "refused: Can't respond with more than 0 play directives");
  harness_expect (h, "ExceptionEncountered INVALID_RESPONSE", NULL);
  JsonObject *request = json_object_get_object_member (harness_request (h, 0), "request");
  g_assert_cmpstr (
      json_object_get_string_member (json_object_get_object_member (request, "cause"), "requestId"),
      ==, cause);
  harness_wait_activity (h, "FINISHED");
}

/* CLEAR_ENQUEUED empties the queue, what sounds goes on to its end. */
static void
test_clear_queue (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  launch (h);
  harness_expect (h, "PlaybackStarted track-1 0", "PlaybackNearlyFinished track-1 *", NULL);
  harness_wait_signal (h, "Directive", "track-2");
  harness_intent (h, "ClearIntent", NULL);
  harness_expect (h, "PlaybackStopped track-1 *", "IntentRequest ClearIntent",
                  "PlaybackStarted track-1 *", "PlaybackFinished track-1 *", NULL);
  harness_wait_activity (h, "FINISHED");
  harness_expect_quiet (h, 300);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/conversation/playlist", test_playlist);
  g_test_add_func ("/conversation/pause-by-voice", test_pause_by_voice);
  g_test_add_func ("/conversation/question", test_question);
  g_test_add_func ("/conversation/open-session", test_open_session);
  g_test_add_func ("/conversation/skip-by-voice", test_skip_by_voice);
  g_test_add_func ("/conversation/buttons", test_buttons);
  g_test_add_func ("/conversation/bad-url", test_bad_url);
  g_test_add_func ("/conversation/late-enqueue", test_late_enqueue);
  g_test_add_func ("/conversation/illegal-play", test_illegal_play);
  g_test_add_func ("/conversation/clear-queue", test_clear_queue);
  return g_test_run ();
}
