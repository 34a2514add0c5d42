/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <string.h>

#include "harness.h"

/* What the tests of scripted answers share: "radio" is lenient, "judge" strict; both are the demo
 * skill. Inline, so that each test stays one file. */

#define CONFIG                                                                                     \
  "[player]\nnearly-finished = late\n[speech]\ncommand =\n"                                        \
  "[skill radio]\nendpoint = @URL@\n[skill judge]\nendpoint = @URL@?judge\nconformance = strict\n"

/* Bodies are written with ' in place of ", and @M@ for the URL of the media. */
#define DIRECTIVES(list) "{'version':'1.0','response':{'directives':[" list "]}}"
#define PLAY_AS(behavior, stream)                                                                  \
  "{'type':'AudioPlayer.Play','playBehavior':'" behavior "','audioItem':{'stream':{" stream "}}}"
#define PLAY(stream) PLAY_AS ("REPLACE_ALL", stream)
#define URL "'url':'@M@long.wav',"
#define TOKEN "'token':'t',"
#define OFFSET "'offsetInMilliseconds':0"
#define GOOD PLAY (URL TOKEN OFFSET)
#define STARTED "PlaybackStarted t 0"

static inline char *
fill_in (Harness *h, const char *text)
{
  g_autofree char *media = g_strdup_printf ("%smedia/", harness_url (h));
  g_autoptr (GString) out = g_string_new (text);
  g_string_replace (out, "'", "\"", 0);
  g_string_replace (out, "@M@", media, 0);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

/* @count (0: all) requests of type @on are answered like this. */
static inline void
script_as (
    Harness *h, const char *on, guint count, guint status, const char *type, const char *body)
{
  g_autoptr (JsonObject) fault = json_object_new ();
  g_autofree char *text = fill_in (h, body);
  g_autoptr (GError) error = NULL;
  json_object_set_string_member (fault, "fault", "body");
  json_object_set_string_member (fault, "on", on);
  json_object_set_int_member (fault, "count", count);
  json_object_set_int_member (fault, "status", status);
  if (type != NULL)
    json_object_set_string_member (fault, "content_type", type);
  json_object_set_string_member (fault, "body", text);
  DemoFault *parsed = demo_fault_new (fault, &error);
  g_assert_no_error (error);
  demo_server_add_fault (harness_skill (h), parsed);
}

static inline void
script (Harness *h, const char *on, const char *body)
{
  script_as (h, on, 1, 200, NULL, body);
}

static inline Harness *
set_up (void)
{
  Harness *h = harness_new (CONFIG);
  g_autofree char *path = g_build_filename (harness_media_dir (h), "long.wav", NULL);
  g_autofree char *spaced = g_build_filename (harness_media_dir (h), "my long.wav", NULL);
  harness_write_wav (path, 9, 44100 * 30);
  harness_write_wav (spaced, 9, 44100 * 30);
  return h;
}

static inline void
start (Harness *h, const char *skill)
{
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", skill));
  harness_expect (h, "LaunchRequest", NULL);
}

/* @skill plays the long stream under the token "t". */
static inline void
play (Harness *h, const char *skill)
{
  script (h, "LaunchRequest", DIRECTIVES (GOOD));
  start (h, skill);
  harness_expect (h, "PlaybackStarted t 0", NULL);
  harness_wait_activity (h, "PLAYING");
}

/* What plays is the very stream, and it goes on. */
static inline void
assert_goes_on (Harness *h)
{
  gint64 offset_ms = harness_get_int64 (h, HARNESS_PLAYER, "OffsetInMilliseconds");
  harness_wait_offset (h, offset_ms + 150);
  harness_wait_activity (h, "PLAYING");
  g_autofree char *token = harness_get_string (h, HARNESS_PLAYER, "Token");
  g_assert_cmpstr (token, ==, "t");
}

static inline JsonObject *
last_request (Harness *h)
{
  return json_object_get_object_member (harness_request (h, 0), "request");
}

static inline const char *
get_text (JsonObject *request, const char *object, const char *member)
{
  if (object != NULL)
    request = json_object_get_object_member (request, object);
  return json_object_get_string_member (request, member);
}

#define DISPATCH "An exception occurred while dispatching the request to the skill."

static inline void
add_in_both (const char *name, GTestDataFunc func)
{
  g_autofree char *lenient = g_strdup_printf ("/answers/%s/lenient", name);
  g_autofree char *strict = g_strdup_printf ("/answers/%s/strict", name);
  g_test_add_data_func (lenient, "radio", func);
  g_test_add_data_func (strict, "judge", func);
}
