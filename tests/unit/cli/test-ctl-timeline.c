/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <glib.h>

#include "ctl-end.h"
#include "ctl-json.h"
#include "ctl-music-show.h"
#include "ctl-timeline.h"

static void
check_round (const char *text, const char *expected)
{
  g_autoptr (GVariant) value = ctl_json_parse (text);
  g_autofree char *escaped = g_strescape (text, NULL);
  g_test_message ("%.60s", escaped);
  if (expected == NULL)
    {
      g_assert_null (value);
      return;
    }
  g_assert_nonnull (value);
  g_autofree char *printed = ctl_json_print (value);
  g_assert_cmpstr (printed, ==, expected);
}

static void
test_json (void)
{
  check_round ("{}", "{}");
  check_round (" [ ] ", "[]");
  check_round ("{\"a\": [1, -2.5, true, false, null, \"x\"]}",
               "{\"a\":[1,-2.5,true,false,null,\"x\"]}");
  check_round ("\"\\u00e9\\ud83d\\ude00\\n\\\"\\\\\\/\"", "\"é😀\\n\\\"\\\\/\"");
  check_round ("\"\\u0000\\u0001\"", "\"\xef\xbf\xbd\\u0001\"");
  check_round ("12345678901234567890", "1.2345678901234567e+19");
  check_round ("\"\\ud83d\"", "\"\xef\xbf\xbd\""); /* half a pair */
  static const char *const bad[] = {
    "",     "{",       "[1",     "[1,]", "{\"a\"}", "{\"a\":}", "{a:1}", "nul",
    "1 2",  "\"\\x\"", "\"open", "\"\\", "\"\\u12", "--1",      "+1",    "\"line\nbreak\"",
    "\xff", "<html>",
  };
  for (gsize i = 0; i < G_N_ELEMENTS (bad); i++)
    check_round (bad[i], NULL);
  g_autofree char *deep = g_strnfill (100000, '[');
  check_round (deep, NULL);
}

static void
test_json_get (void)
{
  g_autoptr (GVariant) root
      = ctl_json_parse ("{\"request\":{\"intent\":{\"name\":\"N\"},\"n\":3,\"z\":null}}");
  g_autofree char *name = ctl_json_get (root, "request.intent.name");
  g_autofree char *number = ctl_json_get (root, "request.n");
  g_assert_cmpstr (name, ==, "N");
  g_assert_cmpstr (number, ==, "3");
  g_assert_null (ctl_json_get (root, "request.z"));
  g_assert_null (ctl_json_get (root, "request.intent"));
  g_assert_null (ctl_json_get (root, "request.n.deeper"));
  g_assert_null (ctl_json_get (NULL, "request"));
}

static void
check_line (const char *member, GVariant *floating, const char *expected)
{
  const CtlStyle style = { .utf8 = FALSE };
  g_autoptr (GVariant) args = g_variant_ref_sink (floating);
  g_autofree char *line = ctl_timeline_format (&style, 1234, member, args);
  g_assert_cmpstr (line, ==, expected);
}

static void
test_lines (void)
{
  check_line ("RequestSent",
              g_variant_new ("(ssss)", "s", "id", "AudioPlayer.PlaybackStarted",
                             "{\"request\":{\"token\":\"t\",\"offsetInMilliseconds\":61002}}"),
              "   1.234  -> AudioPlayer.PlaybackStarted  t  1:01.002");
  check_line ("RequestSent",
              g_variant_new ("(ssss)", "s", "id", "IntentRequest",
                             "{\"request\":{\"intent\":{\"name\":\"I\",\"slots\":{\"a\":{\"value\":"
                             "\"b\"}}}}}"),
              "   1.234  -> IntentRequest  I  a=b");
  check_line ("RequestSent", g_variant_new ("(ssss)", "s", "id", "LaunchRequest", "no JSON"),
              "   1.234  -> LaunchRequest");
  check_line ("AnswerReceived", g_variant_new ("(ssuus)", "s", "id", 200, 12, "{}"),
              "   1.234  <- 200 in 12 ms");
  check_line ("RequestFailed", g_variant_new ("(ssss)", "s", "id", "Timeout", "late\033[2J"),
              "   1.234  !! Timeout: late [2J");
  check_line (
      "Directive",
      g_variant_new ("(sssss)", "s", "id", "AudioPlayer.Play",
                     "{\"playBehavior\":\"ENQUEUE\",\"audioItem\":{\"stream\":{\"token\":\"b\","
                     "\"expectedPreviousToken\":\"a\",\"offsetInMilliseconds\":0}}}",
                     "late"),
      "   1.234  *  AudioPlayer.Play  ENQUEUE  b  after a: late");
  check_line (
      "Finding",
      g_variant_new ("(sssssss)", "s", "id", "no-token", "error", "response", "Why.", "Rule"),
      "   1.234  !  error: response: Why. [no-token]");
  check_line ("Card", g_variant_new ("(sss)", "s", "id", "{\"title\":\"T\",\"content\":\"C\"}"),
              "   1.234  #  T: C");
  check_line ("Speech", g_variant_new ("(ssssb)", "s", "id", "SSML", "<speak>Hi</speak>", TRUE),
              "   1.234  \"  (reprompt) Hi");
  check_line ("Speech",
              g_variant_new ("(ssssb)", "s", "id", "SSML",
                             "<speak>Tom &amp; <break time='1s'/> Jerry</speak>", FALSE),
              "   1.234  \"  Tom & Jerry");
  check_line ("SpeechState", g_variant_new ("(ssss)", "s", "id", "started", ""),
              "   1.234  \"  speech started");
  check_line ("SpeechState", g_variant_new ("(ssss)", "s", "id", "failed", "no\033 voice"),
              "   1.234  \"  speech failed: no  voice");
  check_line ("CanFulfillAnswered", g_variant_new ("(sss)", "s", "id", "{\"canFulfill\":\"NO\"}"),
              "   1.234  ?  can fulfill: NO");
  check_line ("CanFulfillAnswered", g_variant_new ("(sss)", "s", "id", ""),
              "   1.234  ?  can fulfill: not told");
  check_line ("Session", g_variant_new ("(ssbs)", "s", "id", FALSE, "ERROR"),
              "   1.234  o  session ended  s  ERROR");
  check_line ("Activity", g_variant_new ("(ssx)", "PAUSED", "t", G_GINT64_CONSTANT (1500)),
              "   1.234  ~  PAUSED  t  0:01.500");
  check_line ("StreamFailed",
              g_variant_new ("(ssss)", "s", "t", "MEDIA_ERROR_INVALID_REQUEST", "HTTP 404"),
              "   1.234  !! t does not play: MEDIA_ERROR_INVALID_REQUEST: HTTP 404");
  check_line ("UrlRefused", g_variant_new ("(ss)", "t\033", "HTTP 403"),
              "   1.234  !! t  is refused: HTTP 403; another URL is waited for");
  check_line ("Output",
              g_variant_new_parsed ("{'state': <'waiting'>, 'message': <'alsasink: busy\\u001b'>}"),
              "   1.234  %  output waiting: alsasink: busy ");
  check_line ("Output", g_variant_new_parsed ("{'state': <'playing'>, 'message': <''>}"),
              "   1.234  %  output playing");
  check_line ("Seeked", g_variant_new ("(x)", G_GINT64_CONSTANT (2000)),
              "   1.234  >> position is now 0:02.000");
  check_line ("Unheard", g_variant_new ("(x)", G_GINT64_CONSTANT (2000)), NULL);
  check_line ("Activity", g_variant_new ("(s)", "another version"), NULL);
}

static void
test_music_lines (void)
{
  check_line ("RequestSent",
              g_variant_new ("(ssss)", "music:shelf", "id", "GetNextItem",
                             "{\"payload\":{\"currentItemReference\":{\"id\":\"i1\"}}}"),
              "   1.234  -> GetNextItem  i1");
  check_line ("RequestSent",
              g_variant_new ("(ssss)", "music:shelf", "id", "GetItem",
                             "{\"payload\":{\"targetItemReference\":{\"value\":{\"id\":\"i2\"}}}}"),
              "   1.234  -> GetItem  i2");
  check_line ("RequestSent",
              g_variant_new ("(ssss)", "music:shelf", "id", "JumpToItem",
                             "{\"payload\":{\"currentItemReference\":{\"id\":\"i1\"},"
                             "\"targetItemId\":\"i3\"}}"),
              "   1.234  -> JumpToItem  i1  to i3");
  check_line ("AnswerReceived",
              g_variant_new ("(ssuus)", "music:shelf", "id", 200, 12,
                             "{\"header\":{\"name\":\"GetItem.Response\"},"
                             "\"payload\":{\"item\":{\"id\":\"i2\"}}}"),
              "   1.234  <- 200 in 12 ms  item i2");
  check_line ("AnswerReceived",
              g_variant_new ("(ssuus)", "music:shelf", "id", 200, 12,
                             "{\"header\":{\"name\":\"ErrorResponse\"},\"payload\":{\"type\":"
                             "\"ITEM_NOT_FOUND\",\"message\":\"gone\"}}"),
              "   1.234  <- 200 in 12 ms  ITEM_NOT_FOUND  gone");
  check_line ("Music",
              g_variant_new_parsed ("{'Service': <'shelf'>, 'ItemId': <'i1'>, 'Title': "
                                    "<'One\\u001b'>, 'Shuffle': <true>}"),
              "   1.234  =  queue of shelf, item i1  One , shuffle on");
  check_line ("Music", g_variant_new_parsed ("{'Service': <''>, 'ItemId': <''>}"),
              "   1.234  =  the queue has been given up");
  check_line ("Music", g_variant_new_parsed ("{'Link': <'relink'>, 'Problem': <'link it again'>}"),
              "   1.234  =  link: relink  link it again");
  check_line ("Music", g_variant_new_parsed ("{'Controls': <['next']>}"), NULL);
}

static gint64
from_now_ms (gint64 ms)
{
  return g_get_real_time () / 1000 + ms;
}

/* Coarse, for the clock goes on meanwhile. */
static void
test_validity (void)
{
  g_autofree char *none = ctl_music_show_validity (0);
  g_autofree char *soon = ctl_music_show_validity (from_now_ms (599500));
  g_autofree char *late = ctl_music_show_validity (from_now_ms (3659500));
  g_autofree char *over = ctl_music_show_validity (from_now_ms (-3659500));
  g_assert_null (none);
  g_assert_true (g_pattern_match_simple ("good for 5?? s", soon));
  g_assert_true (g_pattern_match_simple ("good for 60 min", late));
  g_assert_true (g_pattern_match_simple ("expired 6? min ago", over));
  g_autofree char *just = ctl_music_show_validity (from_now_ms (-10));
  g_assert_true (g_str_has_prefix (just, "expired "));
}

static void
check_remark (const char *member, const char *severity, gboolean expected)
{
  g_autoptr (GVariant) args = g_variant_ref_sink (g_variant_new (
      "(sssssss)", "s", "id", "play-url-http", severity, "response", "Why.", "Rule"));
  g_assert_true (ctl_timeline_is_remark (member, args) == expected);
}

static void
test_remarks (void)
{
  check_remark ("Finding", "info", TRUE);
  check_remark ("Finding", "warning", FALSE);
  check_remark ("Finding", "error", FALSE);
  check_remark ("Other", "info", FALSE);
  g_autoptr (GVariant) other = g_variant_ref_sink (g_variant_new ("(s)", "another version"));
  g_assert_false (ctl_timeline_is_remark ("Finding", other));
}

static void
test_position_line (void)
{
  const CtlStyle style = { .columns = 40 };
  g_autoptr (GVariant) properties = g_variant_ref_sink (g_variant_new_parsed (
      "{'OffsetInMilliseconds': <int64 4000>, 'DurationInMilliseconds': <int64 8000>,"
      " 'Token': <'t'>, 'Metadata': <{'title': <'A title that is long'>}>}"));
  g_autofree char *line = ctl_timeline_position (&style, 1234, properties);
  g_assert_cmpint (g_utf8_strlen (line, -1), <=, 40);
  g_assert_true (g_str_has_prefix (line, "   1.234  >  0:04 / 0:08  [======"));
}

static void
test_json_line (void)
{
  g_autoptr (GVariant) args
      = g_variant_ref_sink (g_variant_new ("(ssuus)", "s", "id", 200, 3, "{\"a\": [1]}"));
  g_autofree char *line = ctl_timeline_json (7, "AnswerReceived", args);
  g_assert_cmpstr (line, ==,
                   "{\"t_ms\":7,\"event\":\"AnswerReceived\",\"skill\":\"s\",\"request_id\":\"id\","
                   "\"http_status\":200,\"elapsed_ms\":3,\"json\":{\"a\":[1]}}");
  g_autoptr (GVariant) broken = g_variant_ref_sink (g_variant_new ("(sss)", "s", "id", "{\n"));
  g_autofree char *quoted = ctl_timeline_json (7, "Card", broken);
  g_assert_cmpstr (quoted, ==,
                   "{\"t_ms\":7,\"event\":\"Card\",\"skill\":\"s\",\"request_id\":\"id\","
                   "\"json\":\"{\\n\"}");
}

static void
feed (CtlEnd *end, const char *member, GVariant *floating)
{
  g_autoptr (GVariant) args = g_variant_ref_sink (floating);
  ctl_end_feed (end, member, args);
}

static void
test_end (void)
{
  CtlEnd end;
  ctl_end_init (&end);
  g_assert_false (ctl_end_is_over (&end, 5000, 2000)); /* nothing has happened yet */
  feed (&end, "RequestSent", g_variant_new ("(ssss)", "s", "1", "LaunchRequest", ""));
  g_assert_false (ctl_end_is_over (&end, 5000, 2000)); /* the answer is missing */
  feed (&end, "AnswerReceived", g_variant_new ("(ssuus)", "s", "1", 200, 3, ""));
  g_assert_true (ctl_end_is_over (&end, 2000, 2000));
  g_assert_false (ctl_end_is_over (&end, 1999, 2000));
  feed (&end, "Directive", g_variant_new ("(sssss)", "s", "1", "AudioPlayer.Play", "", "done"));
  g_assert_false (ctl_end_is_over (&end, 5000, 2000)); /* the stream opens */
  g_assert_true (ctl_end_is_over (&end, 20000, 2000));
  feed (&end, "Activity", g_variant_new ("(ssx)", "PLAYING", "t", G_GINT64_CONSTANT (0)));
  g_assert_false (ctl_end_is_over (&end, 900000, 2000));
  feed (&end, "Activity", g_variant_new ("(ssx)", "PAUSED", "t", G_GINT64_CONSTANT (0)));
  g_assert_false (ctl_end_is_over (&end, 900000, 2000));
  feed (&end, "Activity", g_variant_new ("(ssx)", "FINISHED", "t", G_GINT64_CONSTANT (0)));
  g_assert_true (ctl_end_is_over (&end, 2000, 2000));
  g_assert_cmpint (end.n_failed, ==, 0);
  feed (&end, "StreamFailed",
        g_variant_new ("(ssss)", "s", "t", "MEDIA_ERROR_UNKNOWN", "HTTP 404"));
  feed (&end, "RequestSent", g_variant_new ("(ssss)", "s", "2", "AudioPlayer.PlaybackFailed", ""));
  feed (&end, "RequestFailed", g_variant_new ("(ssss)", "s", "2", "Timeout", ""));
  g_assert_cmpint (end.n_failed, ==, 2);
  g_assert_true (ctl_end_is_over (&end, 2000, 2000));
  feed (&end, "Activity", g_variant_new ("(x)", G_GINT64_CONSTANT (0))); /* another version's */
  ctl_end_clear (&end);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/ctl/json/round", test_json);
  g_test_add_func ("/ctl/timeline/music", test_music_lines);
  g_test_add_func ("/ctl/timeline/validity", test_validity);
  g_test_add_func ("/ctl/json/get", test_json_get);
  g_test_add_func ("/ctl/timeline/lines", test_lines);
  g_test_add_func ("/ctl/timeline/remarks", test_remarks);
  g_test_add_func ("/ctl/timeline/position", test_position_line);
  g_test_add_func ("/ctl/timeline/json", test_json_line);
  g_test_add_func ("/ctl/end", test_end);
  return g_test_run ();
}
