/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/gst/player-gst-patience.h"
#include "player/gst/player-gst-resource.h"

/* What a transfer decides: whether an answer is about the same resource, and whether to try again. */

/* -- the same resource? -- */

#define HERE "https://a.example/1"
#define THERE "https://b.example/1"

typedef struct
{
  guint status;
  const char *url;
  const char *length; /* (nullable): Content-Length */
  const char *range;  /* (nullable): Content-Range */
  const char *etag;   /* (nullable) */
  const char *date;   /* (nullable): Last-Modified */
  const char *icy;    /* (nullable): icy-name */
} Told;

typedef struct
{
  const char *name;
  gboolean moved; /* renewed between the two */
  Told first;
  Told then; /* asked for from byte 40 on */
  PlayerGstAnswer answer;
  guint64 start;
} JudgeCase;

/* clang-format off */
static const JudgeCase judge_cases[] = {
  { "part", FALSE, { 200, HERE, "100", NULL, "\"a\"" }, { 206, HERE, "60", "bytes 40-99/100", "\"a\"" }, PLAYER_GST_ANSWER_DATA, 40 },
  { "part-begins-early", FALSE, { 200, HERE, "100" }, { 206, HERE, "70", "bytes 30-99/100" }, PLAYER_GST_ANSWER_DATA, 30 },
  { "part-begins-late", FALSE, { 200, HERE, "100" }, { 206, HERE, "50", "bytes 50-99/100" }, PLAYER_GST_ANSWER_UNPROVEN, 0 },
  { "part-without-range", FALSE, { 200, HERE, "100" }, { 206, HERE, "60", NULL }, PLAYER_GST_ANSWER_UNPROVEN, 0 },
  { "part-of-other-length", FALSE, { 200, HERE, "100" }, { 206, HERE, "61", "bytes 40-100/101" }, PLAYER_GST_ANSWER_CHANGED, 0 },
  { "part-of-other-etag", FALSE, { 200, HERE, "100", NULL, "\"a\"" }, { 206, HERE, "60", "bytes 40-99/100", "\"b\"" }, PLAYER_GST_ANSWER_CHANGED, 0 },
  { "part-of-other-date", FALSE, { 200, HERE, "100", NULL, NULL, "x" }, { 206, HERE, "60", "bytes 40-99/100", NULL, "y" }, PLAYER_GST_ANSWER_CHANGED, 0 },
  { "etag-before-date", FALSE, { 200, HERE, "100", NULL, "\"a\"", "x" }, { 206, HERE, "60", "bytes 40-99/100", "\"a\"", "y" }, PLAYER_GST_ANSWER_DATA, 40 },
  { "elsewhere", FALSE, { 200, HERE, "100", NULL, "\"a\"" }, { 206, THERE, "60", "bytes 40-99/100", "\"b\"" }, PLAYER_GST_ANSWER_DATA, 40 },
  { "elsewhere-other-length", FALSE, { 200, HERE, "100", NULL, "\"a\"" }, { 206, THERE, "61", "bytes 40-100/101", "\"a\"" }, PLAYER_GST_ANSWER_CHANGED, 0 },
  { "elsewhere-length-unknown", FALSE, { 200, HERE, "100", NULL, "\"a\"" }, { 206, THERE, "60", "bytes 40-99/*", "\"b\"" }, PLAYER_GST_ANSWER_UNPROVEN, 0 },
  { "elsewhere-same-etag", FALSE, { 200, HERE, "100", NULL, "\"a\"" }, { 206, THERE, "60", "bytes 40-99/*", "\"a\"" }, PLAYER_GST_ANSWER_DATA, 40 },
  { "elsewhere-same-weak-etag", FALSE, { 200, HERE, "100", NULL, "W/\"a\"" }, { 206, THERE, "60", "bytes 40-99/*", "W/\"a\"" }, PLAYER_GST_ANSWER_UNPROVEN, 0 },
  { "length-unknown", FALSE, { 200, HERE }, { 206, HERE, NULL, "bytes 40-99/*" }, PLAYER_GST_ANSWER_DATA, 40 },
  { "moved-length-unknown", TRUE, { 200, HERE }, { 206, HERE, NULL, "bytes 40-99/*" }, PLAYER_GST_ANSWER_UNPROVEN, 0 },
  { "moved-same-length", TRUE, { 200, HERE, "100" }, { 206, HERE, "60", "bytes 40-99/100" }, PLAYER_GST_ANSWER_DATA, 40 },
  { "moved-other-etag", TRUE, { 200, HERE, "100", NULL, "\"a\"" }, { 206, HERE, "60", "bytes 40-99/100", "\"b\"" }, PLAYER_GST_ANSWER_CHANGED, 0 },
  { "whole", FALSE, { 200, HERE, "100" }, { 200, HERE, "100" }, PLAYER_GST_ANSWER_DATA, 0 },
  { "whole-other-length", FALSE, { 200, HERE, "100" }, { 200, HERE, "99" }, PLAYER_GST_ANSWER_CHANGED, 0 },
  { "whole-unproven", FALSE, { 200, HERE, NULL, NULL, NULL, "x" }, { 200, HERE, NULL, NULL, NULL, "x" }, PLAYER_GST_ANSWER_UNPROVEN, 0 },
  { "whole-same-etag", FALSE, { 200, HERE, NULL, NULL, "\"a\"" }, { 200, HERE, NULL, NULL, "\"a\"" }, PLAYER_GST_ANSWER_DATA, 0 },
  { "whole-nothing-known", FALSE, { 200, HERE }, { 200, HERE }, PLAYER_GST_ANSWER_COMPARE, 0 },
  { "broadcast", FALSE, { 200, HERE, .icy = "Radio" }, { 200, HERE, .icy = "Radio" }, PLAYER_GST_ANSWER_LIVE, 0 },
  { "broadcast-moved", TRUE, { 200, HERE, .icy = "Radio" }, { 200, THERE }, PLAYER_GST_ANSWER_LIVE, 0 },
  { "end", FALSE, { 200, HERE }, { 416, HERE, "0", "bytes */40" }, PLAYER_GST_ANSWER_END, 0 },
  { "end-before-the-announced", FALSE, { 200, HERE, "100" }, { 416, HERE, "0", "bytes */40" }, PLAYER_GST_ANSWER_END, 0 },
  { "shrunk", FALSE, { 200, HERE, "100" }, { 416, HERE, "0", "bytes */30" }, PLAYER_GST_ANSWER_CHANGED, 0 },
  { "error", FALSE, { 200, HERE, "100" }, { 404, HERE, "5" }, PLAYER_GST_ANSWER_NONE, 0 },
};
/* clang-format on */

static void
set (SoupMessageHeaders *headers, const char *name, const char *value)
{
  if (value != NULL)
    soup_message_headers_append (headers, name, value);
}

static PlayerGstAnswer
judge (PlayerGstResource *resource, const Told *told, guint64 position, guint64 *start)
{
  g_autoptr (GUri) uri = g_uri_parse (told->url, SOUP_HTTP_URI_FLAGS, NULL);
  g_autoptr (SoupMessageHeaders) headers = soup_message_headers_new (SOUP_MESSAGE_HEADERS_RESPONSE);

  set (headers, "Content-Length", told->length);
  set (headers, "Content-Range", told->range);
  set (headers, "ETag", told->etag);
  set (headers, "Last-Modified", told->date);
  set (headers, "icy-name", told->icy);
  return player_gst_resource_judge (resource, told->status, uri, headers, position, start);
}

static void
test_judge (gconstpointer data)
{
  const JudgeCase *test = data;
  g_auto (PlayerGstResource) resource = { 0 };
  guint64 start = 0;

  player_gst_resource_clear (&resource);
  g_assert_cmpint (judge (&resource, &test->first, 0, &start), ==, PLAYER_GST_ANSWER_DATA);
  g_assert_cmpuint (start, ==, 0);
  resource.moved = test->moved;
  g_assert_cmpint (judge (&resource, &test->then, 40, &start), ==, test->answer);
  g_assert_cmpuint (start, ==, test->start);
}

/* Who may know the resource by another validator is not asked with ours. */
static void
test_validator (void)
{
  const Told first = { 200, HERE, "100", NULL, "\"a\"", "x" };
  const Told then = { 206, THERE, "60", "bytes 40-99/100", "\"b\"", "y" };
  g_auto (PlayerGstResource) resource = { 0 };
  guint64 start = 0;

  player_gst_resource_clear (&resource);
  g_assert_null (player_gst_resource_get_validator (&resource));
  judge (&resource, &first, 0, &start);
  g_assert_cmpstr (player_gst_resource_get_validator (&resource), ==, "\"a\"");
  resource.moved = TRUE;
  g_assert_null (player_gst_resource_get_validator (&resource));
  judge (&resource, &then, 40, &start);
  g_assert_cmpstr (player_gst_resource_get_validator (&resource), ==, "\"b\"");
}

/* -- try again? -- */

#define GIVE_UP_MS 20000

static gint64
ask (PlayerGstPatience *patience, PlayerGstFaultKind kind, gint64 retry_after_ms, gint64 now_ms)
{
  g_autoptr (PlayerGstFault) fault
      = player_gst_fault_new (kind, PLAYER_MEDIA_ERROR_UNKNOWN, "%s", "a fault");

  fault->retry_after_ms = retry_after_ms;
  return player_gst_patience_ask (patience, fault, GIVE_UP_MS, now_ms * 1000);
}

/* Somebody waits for the first byte: three tries, quickly. */
static void
test_first_byte (void)
{
  PlayerGstPatience patience = { 0 };

  player_gst_patience_begin (&patience, 0);
  g_assert_cmpint (ask (&patience, PLAYER_GST_FAULT_BROKEN, 0, 10), ==, 100);
  g_assert_cmpint (ask (&patience, PLAYER_GST_FAULT_FEW, 0, 120), ==, 200);
  g_assert_cmpint (ask (&patience, PLAYER_GST_FAULT_BROKEN, 0, 330), ==, -1);

  player_gst_patience_begin (&patience, 0);
  g_assert_cmpint (ask (&patience, PLAYER_GST_FAULT_FEW, 1500, 10), ==, 1500);
  g_assert_cmpint (ask (&patience, PLAYER_GST_FAULT_FEW, 3000, 1510), ==, -1);

  player_gst_patience_begin (&patience, 0);
  g_assert_cmpint (ask (&patience, PLAYER_GST_FAULT_FINAL, 0, 10), ==, -1);
}

/* Later there is something to lose: until it is given up, less and less often. */
static void
test_later (void)
{
  static const gint64 waits_ms[] = { 100, 200, 400, 800, 1600, 3200, 5000, 5000, -1 };
  PlayerGstPatience patience = { 0 };
  gint64 now_ms = 0;

  player_gst_patience_progress (&patience, 0);
  for (guint i = 0; i < G_N_ELEMENTS (waits_ms); i++)
    {
      g_assert_cmpint (ask (&patience, PLAYER_GST_FAULT_BROKEN, 0, now_ms), ==, waits_ms[i]);
      now_ms += waits_ms[i];
    }

  player_gst_patience_progress (&patience, now_ms * 1000);
  g_assert_cmpint (ask (&patience, PLAYER_GST_FAULT_BROKEN, 12000, now_ms), ==, 12000);
  g_assert_cmpint (ask (&patience, PLAYER_GST_FAULT_BROKEN, 60000, now_ms), ==, -1);
}

/* What probably does not pass is worth a few tries, however long patience lasts otherwise. */
static void
test_few (void)
{
  PlayerGstPatience patience = { 0 };

  player_gst_patience_progress (&patience, 0);
  g_assert_cmpint (ask (&patience, PLAYER_GST_FAULT_BROKEN, 0, 0), ==, 100);
  g_assert_cmpint (ask (&patience, PLAYER_GST_FAULT_FEW, 0, 100), ==, 200);
  g_assert_cmpint (ask (&patience, PLAYER_GST_FAULT_FEW, 0, 300), ==, 400);
  g_assert_cmpint (ask (&patience, PLAYER_GST_FAULT_FEW, 0, 700), ==, -1);
}

/* Without a network of our own neither tries nor time count, for five minutes; then the server has its
 * three tries, or its time. */
static void
test_offline (gconstpointer had_byte)
{
  PlayerGstPatience patience = { .had_byte = GPOINTER_TO_INT (had_byte) };
  gint64 now_ms = 1000;
  gint64 wait_ms = 0;

  player_gst_patience_begin (&patience, now_ms * 1000);
  for (guint i = 0; i < 20; i++, now_ms += wait_ms)
    {
      wait_ms = ask (&patience, PLAYER_GST_FAULT_OFFLINE, 0, now_ms);
      g_assert_cmpint (wait_ms, ==, MIN (100 << i, 5000));
    }
  g_assert_cmpint (now_ms, >, 1000 + GIVE_UP_MS);
  g_assert_cmpint (ask (&patience, PLAYER_GST_FAULT_BROKEN, 0, now_ms), >, 0);
  g_assert_cmpint (ask (&patience, PLAYER_GST_FAULT_BROKEN, 0, now_ms), >, 0);

  player_gst_patience_begin (&patience, 0);
  for (now_ms = 0; (wait_ms = ask (&patience, PLAYER_GST_FAULT_OFFLINE, 0, now_ms)) > 0;)
    now_ms += wait_ms;
  g_assert_cmpint (now_ms, >, PLAYER_GST_PATIENCE_OFFLINE_MS - 5001);
  g_assert_cmpint (now_ms, <, PLAYER_GST_PATIENCE_OFFLINE_MS);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (judge_cases); i++)
    {
      g_autofree char *path = g_strdup_printf ("/transfer/judge/%s", judge_cases[i].name);
      g_test_add_data_func (path, &judge_cases[i], test_judge);
    }
  g_test_add_func ("/transfer/validator", test_validator);
  g_test_add_func ("/transfer/patience/first-byte", test_first_byte);
  g_test_add_func ("/transfer/patience/later", test_later);
  g_test_add_func ("/transfer/patience/few", test_few);
  g_test_add_data_func ("/transfer/patience/offline/first-byte", NULL, test_offline);
  g_test_add_data_func ("/transfer/patience/offline/later", GINT_TO_POINTER (TRUE), test_offline);
  return g_test_run ();
}
