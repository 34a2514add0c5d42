/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* A skill that misbehaves: each fault gets a clear message on the bus, and the audio goes on. */

#include <signal.h>
#include <string.h>

#include "harness.h"

typedef struct
{
  const char *fault;  /* spoils the answer to the Next button */
  const char *signal; /* that tells of it */
  const char *text;   /* in its arguments */
  gboolean exception; /* whether the skill is told by System.ExceptionEncountered */
} Fault;

static const Fault faults[] = {
  { "status", "RequestFailed", "500", TRUE },
  { "garbage", "RequestFailed", "InvalidResponse", TRUE },
  { "cut", "RequestFailed", "ended inside the answer", TRUE },
  { "empty", "Finding", "SpeechletResponse was null", FALSE },
  { "too-large", "RequestFailed", "122880", TRUE },
  { "wrong-types", "RequestFailed", "response.", TRUE },
  { "{\"fault\":\"body\",\"body\":\"{\\\"version\\\":\"}", "RequestFailed", "line 1", TRUE },
  { "no-url", "Directive", "refused", FALSE },
  { "no-token", "Directive", "refused", FALSE },
  { "unknown-directive", "Directive", "Demo.DanceAround", FALSE },
  { "speech", "Finding", "outputSpeech", FALSE },
  { "late", "RequestFailed", "Timeout", TRUE },
};

static void
test_fault (gconstpointer data)
{
  const Fault *fault = data;
  g_autoptr (Harness) h = harness_new (NULL);
  g_autofree char *long_track = g_build_filename (harness_media_dir (h), "long.wav", NULL);
  harness_write_wav (long_track, 9, 44100 * 30);
  g_autofree char *url = g_strdup_printf ("%smedia/long.wav", harness_url (h));
  g_autoptr (GVariant) slots
      = g_variant_ref_sink (g_variant_new_parsed ("{'url': %s, 'token': 'long'}", url));
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_CONVERSATION, "Intent",
                      g_variant_new ("(ss@a{ss})", harness_url (h), "PlayIntent", slots));
  harness_expect (h, "IntentRequest PlayIntent", "PlaybackStarted long 0", NULL);
  harness_fault (
      h, "{\"fault\":\"answer\",\"on\":\"AudioPlayer.PlaybackNearlyFinished\",\"count\":0}");
  g_autofree char *spoil
      = fault->fault[0] == '{'
            ? g_strdup (fault->fault)
            : g_strdup_printf ("%s@PlaybackController.NextCommandIssued", fault->fault);
  harness_fault (h, spoil);
  g_autoptr (GVariant) next = harness_call (h, HARNESS_PLAYER, "Next", NULL);
  harness_wait_signal (h, fault->signal, fault->text);
  if (!fault->exception)
    return;
  /* What plays is not touched: the very stream goes on. */
  g_autofree char *token = harness_get_string (h, HARNESS_PLAYER, "Token");
  g_assert_cmpstr (token, ==, "long");
  gint64 offset = harness_get_int64 (h, HARNESS_PLAYER, "OffsetInMilliseconds");
  harness_wait_offset (h, offset + 200);
  harness_wait_activity (h, "PLAYING");
  harness_wait_signal (h, "RequestSent", "System.ExceptionEncountered");
}

/* What a caller gets to hear when a launch goes wrong. */
static void
test_launch_errors (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  const struct
  {
    const char *fault;
    const char *error;
  } cases[] = {
    { "status@LaunchRequest", "Http" },
    { "garbage@LaunchRequest", "InvalidResponse" },
    { "{\"fault\":\"body\",\"on\":\"LaunchRequest\",\"body\":\"null\"}", "InvalidResponse" },
    { "too-large@LaunchRequest", "InvalidResponse" },
    { "late@LaunchRequest", "Timeout" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      harness_fault (h, cases[i].fault);
      g_autofree char *message = NULL;
      g_autofree char *error = harness_call_error (
          h, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", harness_url (h)), &message);
      g_assert_cmpstr (error, ==, cases[i].error);
      g_assert_cmpuint (strlen (message), >, 10);
      harness_expect (h, "LaunchRequest", "SessionEndedRequest ERROR", NULL);
    }
  harness_kill_skill (h);
  g_autofree char *gone = harness_call_error (h, HARNESS_CONVERSATION, "Launch",
                                              g_variant_new ("(s)", harness_url (h)), NULL);
  g_assert_cmpstr (gone, ==, "Unreachable");
  g_autofree char *plain = harness_call_error (h, HARNESS_CONVERSATION, "Launch",
                                               g_variant_new ("(s)", "http://example.com/"), NULL);
  g_assert_cmpstr (plain, ==, "InvalidArgument");
  g_autofree char *unknown = harness_call_error (h, HARNESS_CONVERSATION, "Launch",
                                                 g_variant_new ("(s)", "nobody"), NULL);
  g_assert_cmpstr (unknown, ==, "UnknownSkill");
}

/* The skill dies while its audio plays, and comes back: no report is lost, the order is kept. */
static void
test_skill_dies (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", harness_url (h)));
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0",
                  "PlaybackNearlyFinished track-1 *", NULL);
  harness_wait_signal (h, "Directive", "track-2");
  harness_kill_skill (h);
  g_autoptr (GVariant) stop = harness_call (h, HARNESS_PLAYER, "Stop", NULL);
  harness_wait_activity (h, "STOPPED");
  harness_wait_signal (h, "RequestFailed", NULL);
  harness_restart_skill (h);
  harness_expect (h, "PlaybackStopped track-1 *", NULL);
}

/* A document handed over instead of an answer. */
static void
test_handle_response (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  g_autofree char *json = g_strdup_printf (
      "{\"version\":\"1.0\",\"response\":{\"directives\":[{\"type\":\"AudioPlayer.Play\","
      "\"playBehavior\":\"REPLACE_ALL\",\"audioItem\":{\"stream\":{\"url\":\"%smedia/b.wav\","
      "\"token\":7,\"offsetInMilliseconds\":\"250\"}}}]}}",
      harness_url (h));
  g_autoptr (GVariant) reply = harness_call (h, HARNESS_CONVERSATION, "HandleResponse",
                                             g_variant_new ("(sss)", harness_url (h), "", json));
  harness_wait_signal (h, "Finding", "token");
  harness_expect (h, "PlaybackStarted 7 250", NULL);
  g_autofree char *message = NULL;
  g_autofree char *error = harness_call_error (
      h, HARNESS_CONVERSATION, "HandleResponse",
      g_variant_new ("(sss)", harness_url (h), "", "{\"response\":{\"directives\":7}}"), &message);
  g_assert_cmpstr (error, ==, "InvalidResponse");
  g_assert_nonnull (strstr (message, "response.directives"));
  harness_wait_activity (h, "PLAYING");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_autofree char *name
          = faults[i].fault[0] == '{' ? g_strdup ("unfinished-json") : g_strdup (faults[i].fault);
      g_autofree char *path = g_strdup_printf ("/faults/%s", name);
      g_test_add_data_func (path, &faults[i], test_fault);
    }
  g_test_add_func ("/faults/launch-errors", test_launch_errors);
  g_test_add_func ("/faults/skill-dies", test_skill_dies);
  g_test_add_func ("/faults/handle-response", test_handle_response);
  return g_test_run ();
}
