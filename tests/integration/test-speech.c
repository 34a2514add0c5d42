/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* What skills say, over the real thing: a synthesiser as a process of its own, sound in real time,
 * and what the skill and the bus see of it. */

#include <signal.h>
#include <string.h>

#include "harness.h"

#define PAUSE "[speech]\ncommand = cat @DIR@/words.wav\n"
#define DUCK PAUSE "[voice]\ninterruption = duck\n"
#define WORDS_MS 1500

/* A daemon whose every utterance is @ms long. */
static Harness *
speaking_harness (const char *config, guint ms)
{
  Harness *h = harness_new (config);
  g_autofree char *path = g_build_filename (harness_dir (h), "words.wav", NULL);
  harness_write_wav (path, 9, (gsize)ms * 44100 / 1000);
  return h;
}

static void
play_track_3 (Harness *h)
{
  harness_intent (h, "PlayIntent", "{'track': '3'}");
  harness_expect (h, "IntentRequest PlayIntent", "PlaybackStarted track-3 0",
                  "PlaybackNearlyFinished track-3 *", NULL);
}

static gint64
request_offset (Harness *h)
{
  return json_object_get_int_member (
      json_object_get_object_member (harness_request (h, 0), "request"), "offsetInMilliseconds");
}

static const char *
request_activity (Harness *h)
{
  JsonObject *context = json_object_get_object_member (harness_request (h, 0), "context");
  return json_object_get_string_member (json_object_get_object_member (context, "AudioPlayer"),
                                        "playerActivity");
}

/* The words, then the stream of the same answer. */
static void
test_before_audio (void)
{
  g_autoptr (Harness) h = speaking_harness (PAUSE, WORDS_MS);
  harness_launch (h);
  harness_expect (h, "LaunchRequest", NULL);
  harness_wait_signal (h, "Speech", "Welcome to the demo skill");
  harness_wait_signal (h, "Directive", "'done'");
  harness_wait_signal (h, "SpeechState", "'started'");
  harness_wait_property (h, HARNESS_CONVERSATION, "Speaking", "true");
  gint64 started_us = g_get_monotonic_time ();
  harness_expect_quiet (h, 300);
  harness_wait_signal (h, "SpeechState", "'finished'");
  g_assert_cmpint (g_get_monotonic_time () - started_us, >=, WORDS_MS * 1000 / 2);
  harness_wait_signal (h, "RequestSent", "AudioPlayer.PlaybackStarted");
  harness_expect (h, "PlaybackStarted track-1 0", NULL);
  harness_wait_property (h, HARNESS_CONVERSATION, "Speaking", "false");
}

/* The pause model: Stopped, Intent, the words, Started at the very place. */
static void
test_pause_model (void)
{
  g_autoptr (Harness) h = speaking_harness (PAUSE, WORDS_MS);
  play_track_3 (h);
  harness_wait_offset (h, 200);
  harness_intent (h, "AskIntent", NULL);
  harness_expect (h, "PlaybackStopped track-3 *", NULL);
  g_autofree char *again
      = g_strdup_printf ("PlaybackStarted track-3 %" G_GINT64_FORMAT, request_offset (h));
  harness_expect (h, "IntentRequest AskIntent", NULL);
  g_assert_cmpstr (request_activity (h), ==, "PAUSED");
  harness_wait_signal (h, "SpeechState", "'started'");
  g_autofree char *meanwhile = harness_get_string (h, HARNESS_PLAYER, "PlayerActivity");
  g_assert_cmpstr (meanwhile, ==, "PAUSED");
  harness_wait_signal (h, "SpeechState", "'finished'");
  harness_wait_signal (h, "RequestSent", "AudioPlayer.PlaybackStarted");
  harness_expect (h, again, "PlaybackFinished track-3 *", NULL);
}

/* The duck model: the stream goes on, and its skill hears of nothing but the question. */
static void
test_duck_model (void)
{
  g_autoptr (Harness) h = speaking_harness (DUCK, 600);
  harness_intent (h, "PlayIntent", NULL);
  harness_expect (h, "IntentRequest PlayIntent", "PlaybackStarted track-1 0",
                  "PlaybackNearlyFinished track-1 *", NULL);
  harness_wait_offset (h, 100);
  harness_intent (h, "AskIntent", NULL);
  harness_expect (h, "IntentRequest AskIntent", NULL);
  g_assert_cmpstr (request_activity (h), ==, "PLAYING");
  harness_wait_signal (h, "SpeechState", "'started'");
  gint64 then = harness_get_int64 (h, HARNESS_PLAYER, "OffsetInMilliseconds");
  harness_wait_signal (h, "SpeechState", "'finished'");
  g_assert_cmpint (harness_get_int64 (h, HARNESS_PLAYER, "OffsetInMilliseconds"), >=, then + 200);
  harness_expect (h, "PlaybackFinished track-1 *", NULL);
}

#define NEXT                                                                                       \
  "{\"version\":\"1.0\",\"response\":{\"outputSpeech\":{\"type\":\"SSML\",\"ssml\":"               \
  "\"<speak>Next one.</speak>\"},\"shouldEndSession\":true,\"directives\":[{\"type\":"             \
  "\"AudioPlayer.Play\",\"playBehavior\":\"REPLACE_ALL\",\"audioItem\":{\"stream\":{\"url\":"      \
  "\"%smedia/b.wav\",\"token\":\"track-2\",\"offsetInMilliseconds\":0}}}]}}"

/* In both models a stream that the answer brings waits for the words, and the old one has stopped
 * once. */
static void
check_play_after_words (const char *config)
{
  g_autoptr (Harness) h = speaking_harness (config, WORDS_MS);
  g_autofree char *next = g_strdup_printf (NEXT, harness_url (h));
  harness_answer (h, "AMAZON.NextIntent", next, 0);
  play_track_3 (h);
  harness_wait_offset (h, 100);
  harness_intent (h, "AMAZON.NextIntent", NULL);
  harness_wait_signal (h, "SpeechState", "'started'");
  harness_wait_signal (h, "SpeechState", "'finished'");
  harness_wait_signal (h, "RequestSent", "AudioPlayer.PlaybackStarted");
  gboolean ducks = strstr (config, "duck") != NULL;
  harness_expect (h, ducks ? "IntentRequest AMAZON.NextIntent" : "PlaybackStopped track-3 *",
                  ducks ? "PlaybackStopped track-3 *" : "IntentRequest AMAZON.NextIntent",
                  "PlaybackStarted track-2 0", "PlaybackNearlyFinished track-2 *", NULL);
}

static void
test_play_after_words (void)
{
  check_play_after_words (PAUSE);
  check_play_after_words (DUCK);
}

/* Who speaks into the words does not hear them to their end. */
static void
test_barge_in (void)
{
  g_autoptr (Harness) h = speaking_harness (PAUSE, 5000);
  harness_intent (h, "QuizIntent", NULL);
  harness_wait_signal (h, "SpeechState", "'started'");
  harness_wait_property (h, HARNESS_CONVERSATION, "MicrophoneOpen", "false");
  harness_intent (h, "QuizIntent", NULL);
  harness_wait_signal (h, "SpeechState", "'stopped'");
  harness_wait_signal (h, "RequestSent", "IntentRequest");
  harness_wait_signal (h, "SpeechState", "'started'");
  g_autoptr (GVariant) begun = harness_call (h, HARNESS_CONVERSATION, "BeginUserSpeech", NULL);
  harness_wait_signal (h, "SpeechState", "'stopped'");
  harness_wait_property (h, HARNESS_CONVERSATION, "MicrophoneOpen", "true");
  harness_expect (h, "IntentRequest QuizIntent", "IntentRequest QuizIntent", NULL);
  harness_expect_quiet (h, 200);
}

static void
hand_over (Harness *h, const char *behavior)
{
  g_autofree char *json = g_strdup_printf (
      "{\"version\":\"1.0\",\"response\":{\"outputSpeech\":{\"type\":\"PlainText\",\"text\":\"Hm\","
      "\"playBehavior\":\"%s\"}}}",
      behavior);
  g_autoptr (GVariant) reply = harness_call (h, HARNESS_CONVERSATION, "HandleResponse",
                                             g_variant_new ("(sss)", harness_url (h), "", json));
}

/* The speech queue: one after the other; in place of what waits; in place of all. The Stop button
 * ends it. */
static void
test_behaviors (void)
{
  g_autoptr (Harness) h = speaking_harness (PAUSE, 300);
  hand_over (h, "ENQUEUE");
  hand_over (h, "ENQUEUE");
  hand_over (h, "REPLACE_ENQUEUED");
  harness_wait_signal (h, "SpeechState", "'stopped'"); /* the second, unheard */
  harness_wait_signal (h, "SpeechState", "'started'");
  harness_wait_signal (h, "SpeechState", "'finished'");
  harness_wait_signal (h, "SpeechState", "'started'");
  hand_over (h, "REPLACE_ALL");
  harness_wait_signal (h, "SpeechState", "'stopped'");
  harness_wait_signal (h, "SpeechState", "'started'");
  harness_press (h, "Stop");
  harness_wait_signal (h, "SpeechState", "'stopped'");
  harness_wait_property (h, HARNESS_CONVERSATION, "Speaking", "false");
}

/* Without a synthesiser, and with one that fails, all goes on. */
static void
check_without (const char *config)
{
  g_autoptr (Harness) h = harness_new (config);
  harness_launch (h);
  harness_wait_signal (h, "Speech", "Welcome");
  harness_wait_signal (h, "SpeechState", "'failed'");
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0", NULL);
  harness_intent (h, "QuizIntent", NULL);
  harness_wait_property (h, HARNESS_CONVERSATION, "MicrophoneOpen", "true");
}

static void
test_without (void)
{
  check_without ("[speech]\ncommand =\n");
  check_without ("[speech]\ncommand = false %l\n");
}

/* The one that is configured if nothing else is: it reads what we write. */
static void
test_real_synthesiser (void)
{
  g_autoptr (Harness) h = harness_new ("[speech]\ntimeout-ms = 20000\n");
  harness_answer (h, "AskIntent",
                  "{\"version\":\"1.0\",\"response\":{\"outputSpeech\":{\"type\":\"SSML\",\"ssml\":"
                  "\"<speak>One <break time='100ms'/> <amazon:effect name='whispered'>two"
                  "</amazon:effect> &amp; <say-as interpret-as='cardinal'>3</say-as></speak>\"},"
                  "\"shouldEndSession\":true}}",
                  0);
  harness_intent (h, "AskIntent", NULL);
  g_autofree char *first = g_variant_print (harness_wait_signal (h, "SpeechState", NULL), FALSE);
  g_assert_nonnull (strstr (first, "'started'"));
  g_autofree char *last = g_variant_print (harness_wait_signal (h, "SpeechState", NULL), FALSE);
  g_assert_nonnull (strstr (last, "'finished'"));
}

/* Speech does not keep the daemon from ending. */
static void
test_shut_down (void)
{
  g_autoptr (Harness) h = speaking_harness (PAUSE, 10000);
  harness_intent (h, "QuizIntent", NULL);
  harness_wait_signal (h, "SpeechState", "'started'");
  gint64 begin_us = g_get_monotonic_time ();
  g_assert_cmpint (harness_end_daemon (h, SIGTERM), ==, 0);
  g_assert_cmpint (g_get_monotonic_time () - begin_us, <, 3 * G_USEC_PER_SEC);
  harness_expect (h, "IntentRequest QuizIntent", "SessionEndedRequest USER_INITIATED", NULL);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/speech/before-audio", test_before_audio);
  g_test_add_func ("/speech/pause-model", test_pause_model);
  g_test_add_func ("/speech/duck-model", test_duck_model);
  g_test_add_func ("/speech/play-after-words", test_play_after_words);
  g_test_add_func ("/speech/barge-in", test_barge_in);
  g_test_add_func ("/speech/behaviors", test_behaviors);
  g_test_add_func ("/speech/without", test_without);
  g_test_add_func ("/speech/real-synthesiser", test_real_synthesiser);
  g_test_add_func ("/speech/shut-down", test_shut_down);
  return g_test_run ();
}
