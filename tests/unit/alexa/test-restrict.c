/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-fixture.h"

#define PLAY(behavior, token)                                                                      \
  "{\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"" behavior "\",\"audioItem\":{\"stream\":{"   \
  "\"url\":\"https://h/" token "\",\"token\":\"" token "\",\"offsetInMilliseconds\":0}}}"
#define STOP "{\"type\":\"AudioPlayer.Stop\"}"
#define CLEAR "{\"type\":\"AudioPlayer.ClearQueue\",\"clearBehavior\":\"CLEAR_ENQUEUED\"}"
#define BODY(response) "{\"version\":\"1.0\",\"response\":{" response "}}"
#define DIRECTIVES(list) BODY ("\"directives\":[" list "]")

static const AlexaRequestType event_types[] = {
  ALEXA_REQUEST_PLAYBACK_STARTED,  ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED,
  ALEXA_REQUEST_PLAYBACK_FINISHED, ALEXA_REQUEST_PLAYBACK_STOPPED,
  ALEXA_REQUEST_PLAYBACK_FAILED,   ALEXA_REQUEST_PLAY_COMMAND,
  ALEXA_REQUEST_PAUSE_COMMAND,     ALEXA_REQUEST_NEXT_COMMAND,
  ALEXA_REQUEST_PREVIOUS_COMMAND,
};

static gboolean
takes_no_answer (AlexaRequestType type)
{
  return type == ALEXA_REQUEST_PLAYBACK_STOPPED || type == ALEXA_REQUEST_SESSION_ENDED
         || type == ALEXA_REQUEST_EXCEPTION_ENCOUNTERED;
}

/* "token token! STOP" in order; '!' marks a refused one */
static char *
describe_directives (GPtrArray *directives)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (guint i = 0; i < directives->len; i++)
    {
      const AlexaDirective *directive = g_ptr_array_index (directives, i);
      g_assert_true (directive->refused == NULL || directive->command == NULL);
      const char *name = strrchr (directive->type, '.');
      if (directive->command != NULL && directive->command->type == PLAYER_COMMAND_PLAY)
        name = directive->command->item->token;
      else
        name = name != NULL ? name + 1 : directive->type;
      g_string_append_printf (out, "%s%s%s", i > 0 ? " " : "", name,
                              directive->refused != NULL ? "!" : "");
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
assert_directives (const AlexaResponse *response, const char *expected)
{
  g_autofree char *seen = describe_directives (response->directives);
  g_assert_cmpstr (seen, ==, expected);
}

#define SPEECH(speech) BODY ("\"outputSpeech\":{" speech "}")
#define FORBIDDEN "The following directives are not supported: "

/* Speech, card, reprompt and so on in answers to events: found fault with, dropped, and the
 * directives are obeyed all the same. */
static void
test_forbidden_members (void)
{
  static const char text[] = "{\"version\":\"1.0\",\"sessionAttributes\":{\"a\":1},\"response\":{"
                             "\"outputSpeech\":{\"type\":\"PlainText\",\"text\":\"Hi\"},"
                             "\"card\":{\"type\":\"Simple\"},\"reprompt\":{\"outputSpeech\":{"
                             "\"type\":\"PlainText\",\"text\":\"Hm?\"},\"directives\":["
                             "{\"type\":\"Alexa.Presentation.APLA.RenderDocument\"}]},"
                             "\"shouldEndSession\":false,\"directives\":[" STOP "," CLEAR "]}}";
  static const struct
  {
    const char *id;
    const char *message;
  } expected[] = {
    { "speech-forbidden", FORBIDDEN "Response may not contain an outputSpeech" },
    { "card-forbidden", FORBIDDEN "Response may not contain a card" },
    { "reprompt-forbidden", FORBIDDEN "Response may not contain a reprompt" },
    { "end-session-forbidden", FORBIDDEN "Response may not have shouldEndSession set to false" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (event_types); i++)
    {
      g_autoptr (AlexaResponse) response = fixture_response (text, event_types[i]);
      for (guint k = 0; k < G_N_ELEMENTS (expected); k++)
        {
          const AlexaFinding *finding = fixture_find (response->findings, expected[k].id);
          g_assert_nonnull (finding);
          g_assert_cmpstr (finding->message, ==, expected[k].message);
          g_assert_cmpint (finding->severity, ==, ALEXA_SEVERITY_ERROR);
        }
      const AlexaFinding *ignored = fixture_find (response->findings, "session-attributes-ignored");
      g_assert_cmpint (ignored->severity, ==, ALEXA_SEVERITY_INFO);
      g_assert_null (response->speech);
      g_assert_null (response->reprompt);
      g_assert_cmpuint (response->reprompt_directives->len, ==, 0);
      g_assert_null (response->card);
      g_assert_null (response->card_node);
      g_assert_null (response->session_attributes);
      g_assert_cmpint (response->should_end_session, ==, ALEXA_END_SESSION_ABSENT);
      assert_directives (response, takes_no_answer (event_types[i]) ? "Stop! ClearQueue!"
                                                                    : "Stop ClearQueue");
    }
}

/* What the reference allows in the answer to a CanFulfillIntentRequest is no fault, but nobody is
 * there to hear it. */
static void
test_can_fulfill (void)
{
  g_autoptr (AlexaResponse) response = fixture_response (
      BODY ("\"canFulfillIntent\":{\"canFulfill\":\"YES\",\"slots\":{\"a\":{\"canUnderstand\":"
            "\"YES\",\"canFulfill\":\"NO\"}}},\"outputSpeech\":{\"type\":\"PlainText\","
            "\"text\":\"Hi\"},\"card\":{\"type\":\"Simple\"},\"shouldEndSession\":false"),
      ALEXA_REQUEST_CAN_FULFILL_INTENT);
  fixture_assert_findings (response->findings,
                           "answer-ignored@response.outputSpeech answer-ignored@response.card");
  fixture_assert_json (response->can_fulfill_intent,
                       "{\"canFulfill\":\"YES\",\"slots\":{\"a\":{\"canUnderstand\":\"YES\","
                       "\"canFulfill\":\"NO\"}}}");
  g_assert_null (response->speech);
  g_assert_null (response->card);
  g_assert_cmpint (response->should_end_session, ==, ALEXA_END_SESSION_ABSENT);
}

static void
test_forbidden_directives (void)
{
  static const char text[]
      = DIRECTIVES (STOP "," PLAY ("ENQUEUE", "t") ",{\"type\":\"Hint\"}," CLEAR);
  static const struct
  {
    AlexaRequestType type;
    const char *directives;
    const char *play_refused;
    const char *hint_refused;
  } cases[] = {
    { ALEXA_REQUEST_LAUNCH, "Stop t Hint! ClearQueue", NULL,
      "Hint: The device has no screen; the directive is not carried out." },
    { ALEXA_REQUEST_INTENT, "Stop t Hint! ClearQueue", NULL,
      "Hint: The device has no screen; the directive is not carried out." },
    { ALEXA_REQUEST_CAN_FULFILL_INTENT, "Stop! Play! Hint! ClearQueue!",
      FORBIDDEN "AudioPlayer.Play", FORBIDDEN "Hint" },
    { ALEXA_REQUEST_PLAYBACK_STARTED, "Stop Play! Hint! ClearQueue",
      "Can't respond with more than 0 play directives", FORBIDDEN "Hint" },
    { ALEXA_REQUEST_PLAYBACK_FINISHED, "Stop Play! Hint! ClearQueue",
      "Can't respond with more than 0 play directives", FORBIDDEN "Hint" },
    { ALEXA_REQUEST_PLAYBACK_STOPPED, "Stop! Play! Hint! ClearQueue!", FORBIDDEN "AudioPlayer.Play",
      FORBIDDEN "Hint" },
    { ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED, "Stop t Hint! ClearQueue", NULL, FORBIDDEN "Hint" },
    { ALEXA_REQUEST_PLAYBACK_FAILED, "Stop t Hint! ClearQueue", NULL, FORBIDDEN "Hint" },
    { ALEXA_REQUEST_PLAY_COMMAND, "Stop t Hint! ClearQueue", NULL, FORBIDDEN "Hint" },
    { ALEXA_REQUEST_PAUSE_COMMAND, "Stop t Hint! ClearQueue", NULL, FORBIDDEN "Hint" },
    { ALEXA_REQUEST_NEXT_COMMAND, "Stop t Hint! ClearQueue", NULL, FORBIDDEN "Hint" },
    { ALEXA_REQUEST_PREVIOUS_COMMAND, "Stop t Hint! ClearQueue", NULL, FORBIDDEN "Hint" },
    { ALEXA_REQUEST_SESSION_ENDED, "Stop! Play! Hint! ClearQueue!",
      "This request takes no answer; what it holds is ignored.",
      "This request takes no answer; what it holds is ignored." },
    { ALEXA_REQUEST_EXCEPTION_ENCOUNTERED, "Stop! Play! Hint! ClearQueue!",
      "This request takes no answer; what it holds is ignored.",
      "This request takes no answer; what it holds is ignored." },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlexaResponse) response = fixture_response (text, cases[i].type);
      assert_directives (response, cases[i].directives);
      const AlexaDirective *play = g_ptr_array_index (response->directives, 1);
      g_assert_cmpstr (play->refused, ==, cases[i].play_refused);
      const AlexaDirective *hint = g_ptr_array_index (response->directives, 2);
      g_assert_cmpstr (hint->refused, ==, cases[i].hint_refused);
      if (cases[i].type == ALEXA_REQUEST_SESSION_ENDED
          || cases[i].type == ALEXA_REQUEST_EXCEPTION_ENCOUNTERED)
        fixture_assert_findings (response->findings, "answer-ignored@response");
    }
}

/* Nobody looks at these answers, so even a nonsense one is no fault. */
static void
test_ignored (void)
{
  static const char *const good[]
      = { "{}", BODY (""), "{\"version\":\"1.0\",\"sessionAttributes\":{\"a\":1}}",
          "{\"response\":{\"shouldEndSession\":true}}" };
  static const AlexaRequestType types[]
      = { ALEXA_REQUEST_SESSION_ENDED, ALEXA_REQUEST_EXCEPTION_ENCOUNTERED };
  for (guint k = 0; k < G_N_ELEMENTS (types); k++)
    {
      for (guint i = 0; i < G_N_ELEMENTS (good); i++)
        {
          g_autoptr (AlexaResponse) response = fixture_response (good[i], types[k]);
          fixture_assert_findings (response->findings, "");
          g_assert_null (response->session_attributes);
          g_assert_cmpint (response->should_end_session, ==, ALEXA_END_SESSION_ABSENT);
        }
      g_autoptr (AlexaResponse) speaks
          = fixture_response (SPEECH ("\"type\":\"PlainText\",\"text\":\"Bye\""), types[k]);
      fixture_assert_findings (speaks->findings, "answer-ignored@response");
      g_assert_null (speaks->speech);
    }
}

static void
test_plays (void)
{
  static const struct
  {
    const char *text;
    AlexaRequestType type;
    const char *directives;
    const char *finding; /* (nullable) */
  } cases[] = {
    { DIRECTIVES (
          PLAY ("REPLACE_ALL", "a") "," PLAY ("REPLACE_ALL", "b") "," PLAY ("ENQUEUE", "c")),
      ALEXA_REQUEST_LAUNCH, "a Play! Play!", "play-more-than-one" },
    { DIRECTIVES (PLAY ("BOGUS", "a") "," PLAY ("REPLACE_ALL", "b")), ALEXA_REQUEST_LAUNCH,
      "Play! Play!", "play-more-than-one" },
    { DIRECTIVES (PLAY ("REPLACE_ALL", "a") "," PLAY ("REPLACE_ALL", "b")),
      ALEXA_REQUEST_NEXT_COMMAND, "a Play!", "play-more-than-one" },
    { DIRECTIVES (STOP "," CLEAR), ALEXA_REQUEST_LAUNCH, "Stop ClearQueue", NULL },
    { DIRECTIVES (CLEAR "," PLAY ("REPLACE_ALL", "a")), ALEXA_REQUEST_LAUNCH, "ClearQueue a",
      NULL },
    { DIRECTIVES (PLAY ("REPLACE_ALL", "a")), ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED, "a",
      "play-cuts-current" },
    { DIRECTIVES (PLAY ("REPLACE_ENQUEUED", "a")), ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED, "a",
      NULL },
    { DIRECTIVES (PLAY ("REPLACE_ALL", "a")), ALEXA_REQUEST_PLAYBACK_FAILED, "a", NULL },
    /* One bad directive does not take the good ones with it. */
    { DIRECTIVES ("null," STOP ",5," CLEAR), ALEXA_REQUEST_LAUNCH, "! Stop ! ClearQueue",
      "directive-type" },
    { DIRECTIVES ("{}," STOP), ALEXA_REQUEST_NEXT_COMMAND, "! Stop", "directive-type" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlexaResponse) response = fixture_response (cases[i].text, cases[i].type);
      assert_directives (response, cases[i].directives);
      if (cases[i].finding != NULL)
        g_assert_nonnull (fixture_find (response->findings, cases[i].finding));
      else
        g_assert_cmpuint (response->findings->len, ==, 0);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alexa/restrict/forbidden-members", test_forbidden_members);
  g_test_add_func ("/alexa/restrict/can-fulfill", test_can_fulfill);
  g_test_add_func ("/alexa/restrict/forbidden-directives", test_forbidden_directives);
  g_test_add_func ("/alexa/restrict/ignored", test_ignored);
  g_test_add_func ("/alexa/restrict/plays", test_plays);
  return g_test_run ();
}
