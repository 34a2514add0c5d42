/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "httpsrc-run.h"

#include "player/gst/player-gst-address.h"

#include <string.h>

/* An address that is renewed while it is read, and what is sent along with requests. */

#define CUT_AT 70000
#define RING_BYTES 65536

typedef struct
{
  HttpsrcFixture common;
  FaultServer *other; /* the same file elsewhere */
} Fixture;

static void
setup (Fixture *fixture, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  httpsrc_setup (&fixture->common, NULL);
  fixture->other = fault_server_new (NULL, NULL, 0, &error);
  g_assert_no_error (error);
  fault_server_add (fixture->other, "/data", fixture->common.data);
}

static void
teardown (Fixture *fixture, gconstpointer data)
{
  httpsrc_teardown (&fixture->common, NULL);
  g_clear_pointer (&fixture->other, fault_server_free);
}

/* Nothing here depends on a short patience with the headers of an answer. */
static void
run_init (HttpsrcRun *run, const char *url)
{
  httpsrc_run_init (run, url);
  g_object_set (run->src, "headers-ms", 20000, NULL);
}

static guint64
get_ahead (HttpsrcRun *run, gboolean *full)
{
  guint64 bytes = 0;
  g_assert_true (player_gst_httpsrc_get_ahead (PLAYER_GST_HTTPSRC (run->src), &bytes, full));
  return bytes;
}

static void
wait_refused (HttpsrcRun *run)
{
  gint64 deadline = g_get_monotonic_time () + HTTPSRC_LIMIT_US;
  while (run->refused == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      httpsrc_run_wait (run, 20 * G_TIME_SPAN_MILLISECOND);
      g_assert_no_error (run->error);
    }
}

/* Until no more will come. */
static void
wait_full (HttpsrcRun *run)
{
  gint64 deadline = g_get_monotonic_time () + HTTPSRC_LIMIT_US;
  gboolean full = FALSE;
  while (!full)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (2000);
      g_assert_cmpuint (get_ahead (run, &full), <=, RING_BYTES);
    }
}

static void
renew (HttpsrcRun *run, const char *url)
{
  player_gst_httpsrc_renew (PLAYER_GST_HTTPSRC (run->src), url, NULL, 0);
}

static void
assert_all (Fixture *fixture, HttpsrcRun *run)
{
  httpsrc_run_wait (run, HTTPSRC_LIMIT_US);
  g_assert_no_error (run->error);
  g_assert_true (run->eos);
  g_assert_false (run->cut);
  httpsrc_run_assert_bytes (run, fixture->common.data, 0);
}

static void
assert_cut (Fixture *fixture, HttpsrcRun *run, gsize bytes)
{
  g_autoptr (GBytes) begin = g_bytes_new_from_bytes (fixture->common.data, 0, bytes);
  httpsrc_run_wait (run, HTTPSRC_LIMIT_US);
  g_assert_no_error (run->error);
  g_assert_true (run->eos);
  g_assert_true (run->cut);
  httpsrc_run_assert_bytes (run, begin, 0);
}

/* -- refused, and renewed -- */

typedef struct
{
  const char *name;
  const char *target;
  const char *renewed;
  guint status;
  gboolean elsewhere; /* renewed on the other server */
  const char *last_request;
} RefusedCase;

/* clang-format off */
static const RefusedCase refused_cases[] = {
  { "at-begin", "/data?fault=status:403&old", "/data?new", 403, FALSE, "GET /data?new - -" },
  { "unauthorized", "/data?fault=status:401&old", "/data?new", 401, FALSE, "GET /data?new - -" },
  { "gone", "/data?fault=status:410&old", "/data?new", 410, FALSE, "GET /data?new - -" },
  { "after-drop", "/data?fault=droponce:70000,statusafter:403", "/data?new", 403, FALSE, "GET /data?new bytes=70000- -" },
  { "after-stall", "/data?fault=stall:70000:1000,statusafter:410", "/data?new", 410, FALSE, "GET /data?new bytes=70000- -" },
  { "no-range", "/data?fault=droponce:70000,statusafter:403", "/data?fault=norange&new", 403, FALSE, NULL },
  { "elsewhere", "/data?fault=droponce:70000,statusafter:403", "/data?fault=etagis:9", 403, TRUE, "GET /data?fault=etagis:9 bytes=70000- -" },
  { "elsewhere-no-range", "/data?fault=droponce:70000,statusafter:403", "/data?fault=etagis:9,norange", 403, TRUE, NULL },
  { "elsewhere-breaks", "/data?fault=droponce:70000,statusafter:403", "/data?fault=etagis:9,droponce:70000", 403, TRUE, "GET /data?fault=etagis:9,droponce:70000 bytes=140000- \"v9\"" },
};
/* clang-format on */

static void
test_refused (Fixture *fixture, gconstpointer user_data)
{
  const RefusedCase *test = user_data;
  FaultServer *server = test->elsewhere ? fixture->other : fixture->common.server;
  g_autofree char *url = fault_server_url (fixture->common.server, test->target);
  g_autofree char *renewed = fault_server_url (server, test->renewed);
  g_auto (HttpsrcRun) run = { 0 };

  run_init (&run, url);
  g_object_set (run.src, "renewable", TRUE, NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  wait_refused (&run);
  g_assert_cmpuint (run.http_status, ==, test->status);
  httpsrc_run_wait (&run, 100 * G_TIME_SPAN_MILLISECOND);
  g_assert_false (run.eos);
  renew (&run, renewed);
  assert_all (fixture, &run);
  g_assert_cmpuint (run.refused, ==, 1);

  g_autoptr (GPtrArray) requests = fault_server_take_requests (server);
  if (test->last_request != NULL)
    g_assert_cmpstr (g_ptr_array_index (requests, requests->len - 1), ==, test->last_request);
}

static void
test_refused_again (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = fault_server_url (fixture->common.server, "/data?fault=status:403&1");
  g_autofree char *again = fault_server_url (fixture->common.server, "/data?fault=status:403&2");
  g_autofree char *good = fault_server_url (fixture->common.server, "/data?3");
  g_auto (HttpsrcRun) run = { 0 };

  run_init (&run, url);
  g_object_set (run.src, "renewable", TRUE, NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  wait_refused (&run);
  run.refused = 0;
  renew (&run, again);
  wait_refused (&run);
  renew (&run, good);
  assert_all (fixture, &run);
}

static void
test_nobody_renews (Fixture *fixture, gconstpointer renewable)
{
  g_autofree char *url
      = fault_server_url (fixture->common.server, "/data?fault=droponce:70000,statusafter:403");
  g_auto (HttpsrcRun) run = { 0 };

  run_init (&run, url);
  g_object_set (run.src, "renewable", renewable != NULL, "renewal-ms", 200, NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  httpsrc_run_wait (&run, HTTPSRC_LIMIT_US);
  g_assert_cmpuint (run.refused, ==, renewable != NULL ? 1 : 0);
  g_assert_cmpint (run.error_type, ==, PLAYER_MEDIA_ERROR_INVALID_REQUEST);
  g_assert_cmpstr (run.error->message, ==, "HTTP 403 at byte 70000");
  g_assert_cmpuint (run.bytes->len, ==, CUT_AT);
}

/* What somebody has been refused does not hold up who goes away; httpsrc_run_clear() takes the time. */
static void
test_stop_refused (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = fault_server_url (fixture->common.server, "/data?fault=status:403");
  g_auto (HttpsrcRun) run = { 0 };

  run_init (&run, url);
  g_object_set (run.src, "renewable", TRUE, NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  wait_refused (&run);
}

/* -- too old to be asked once more -- */

typedef struct
{
  const char *name;
  gint64 valid_until_us; /* 1: long past */
  guint refused;
} ExpiredCase;

static const ExpiredCase expired_cases[] = {
  { "past", 1, 1 },
  { "to-come", G_MAXINT64, 0 },
  { "none", 0, 0 },
};

static guint
count_requests (FaultServer *server)
{
  g_autoptr (GPtrArray) requests = fault_server_take_requests (server);
  return requests->len;
}

/* The first connection is made in any case; when it has broken, an address that is too old is not
 * asked again. */
static void
test_expired (Fixture *fixture, gconstpointer user_data)
{
  const ExpiredCase *test = user_data;
  g_autofree char *url = fault_server_url (fixture->common.server, "/data?fault=droponce:70000");
  g_autofree char *renewed = fault_server_url (fixture->other, "/data?fault=etagis:9");
  g_auto (HttpsrcRun) run = { 0 };

  run_init (&run, url);
  g_object_set (run.src, "renewable", TRUE, "valid-until-us", test->valid_until_us, NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  if (test->refused > 0)
    {
      wait_refused (&run);
      g_assert_cmpuint (run.http_status, ==, 0);
      g_assert_false (run.eos);
      renew (&run, renewed);
    }
  assert_all (fixture, &run);
  g_assert_cmpuint (run.refused, ==, test->refused);
  g_assert_cmpuint (count_requests (fixture->common.server), ==, test->refused > 0 ? 1 : 2);
  g_assert_cmpuint (count_requests (fixture->other), ==, test->refused);
}

/* The one that has come in its place is asked once, though it is too old as well, and then is refused. */
static void
test_expired_again (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = fault_server_url (fixture->common.server, "/data?fault=droponce:70000");
  g_autofree char *again = fault_server_url (fixture->other, "/data?fault=etagis:9,droponce:70000");
  g_autofree char *good = fault_server_url (fixture->common.server, "/data?3");
  g_auto (HttpsrcRun) run = { 0 };

  run_init (&run, url);
  g_object_set (run.src, "renewable", TRUE, "valid-until-us", (gint64)1, NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  wait_refused (&run);
  run.refused = 0;
  player_gst_httpsrc_renew (PLAYER_GST_HTTPSRC (run.src), again, NULL, 1);
  wait_refused (&run);
  g_assert_cmpuint (count_requests (fixture->common.server), ==, 1);
  g_assert_cmpuint (count_requests (fixture->other), ==, 1);
  renew (&run, good);
  assert_all (fixture, &run);
}

/* Where nobody renews it, it is an error. */
static void
test_expired_for_good (Fixture *fixture, gconstpointer renewable)
{
  g_autofree char *url = fault_server_url (fixture->common.server, "/data?fault=droponce:70000");
  g_auto (HttpsrcRun) run = { 0 };

  run_init (&run, url);
  g_object_set (run.src, "renewable", renewable != NULL, "renewal-ms", 200, "valid-until-us",
                (gint64)1, NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  httpsrc_run_wait (&run, HTTPSRC_LIMIT_US);
  g_assert_cmpuint (run.refused, ==, renewable != NULL ? 1 : 0);
  g_assert_cmpint (run.error_type, ==, PLAYER_MEDIA_ERROR_INVALID_REQUEST);
  g_assert_cmpstr (run.error->message, ==, "The URL has expired");
  g_assert_cmpuint (run.bytes->len, ==, CUT_AT);
}

/* -- renewed unasked -- */

typedef struct
{
  const char *name;
  const char *target;
  guint wait_ms;
} RenewCase;

static const RenewCase renew_cases[] = {
  { "reading", "/data?fault=slow:400000", 250 },
  { "stalled", "/data?fault=stallalways:70000:60000", 250 },
  { "hung", "/data?fault=hang", 100 },
  { "backing-off", "/data?fault=droponce:70000,refusefrom:1:99", 250 },
  { "at-once", "/data?fault=slow:400000", 0 },
};

static void
test_renew (Fixture *fixture, gconstpointer user_data)
{
  const RenewCase *test = user_data;
  g_autofree char *url = fault_server_url (fixture->common.server, test->target);
  g_autofree char *renewed = fault_server_url (fixture->other, "/data?fault=etagis:5");
  g_auto (HttpsrcRun) run = { 0 };

  run_init (&run, url);
  g_object_set (run.src, "headers-ms", 60000, "stall-ms", 60000, "give-up-ms", 60000, NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  httpsrc_run_wait (&run, test->wait_ms * G_TIME_SPAN_MILLISECOND);
  renew (&run, renewed);
  assert_all (fixture, &run);
  g_autoptr (GPtrArray) requests = fault_server_take_requests (fixture->other);
  g_assert_cmpuint (requests->len, ==, 1);
}

/* Paused, the ring full: what is in it is kept, the rest comes from the new address. */
static void
test_renew_paused (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = fault_server_url (fixture->common.server, "/data");
  g_autofree char *renewed = fault_server_url (fixture->other, "/data");
  g_auto (HttpsrcRun) run = { 0 };

  run_init (&run, url);
  g_object_set (run.src, "ring-bytes", RING_BYTES, NULL);
  httpsrc_run_set_state (&run, GST_STATE_PAUSED);
  gst_element_get_state (run.pipeline, NULL, NULL, 5 * GST_SECOND);
  wait_full (&run);
  renew (&run, renewed);
  wait_full (&run);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  assert_all (fixture, &run);
}

/* It is all there: nothing is asked for, but by a seek. */
static void
test_renew_complete (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *url = fault_server_url (fixture->common.server, "/data");
  g_autofree char *renewed = fault_server_url (fixture->other, "/data");
  g_auto (HttpsrcRun) run = { 0 };

  run_init (&run, url);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  assert_all (fixture, &run);
  renew (&run, renewed);
  httpsrc_run_wait (&run, 100 * G_TIME_SPAN_MILLISECOND);
  g_autoptr (GPtrArray) none = fault_server_take_requests (fixture->other);
  g_assert_cmpuint (none->len, ==, 0);

  run.eos = FALSE;
  g_byte_array_set_size (run.bytes, 0);
  g_assert_true (gst_element_seek_simple (run.pipeline, GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH, 0));
  assert_all (fixture, &run);
  g_autoptr (GPtrArray) one = fault_server_take_requests (fixture->other);
  g_assert_cmpuint (one->len, ==, 1);
}

/* -- another resource -- */

typedef struct
{
  const char *name;
  const char *renewed;
  gboolean elsewhere;
} CutCase;

static const CutCase cut_cases[] = {
  { "etag-of-the-same-server", "/data?fault=etagis:1", FALSE },
  { "length", "/longer", TRUE },
  { "length-no-range", "/longer?fault=norange", TRUE },
  { "nothing-known", "/data?fault=norange,noetag,chunked", TRUE },
  { "broadcast", "/data?fault=broadcast:1000", TRUE },
};

static void
test_cut (Fixture *fixture, gconstpointer user_data)
{
  const CutCase *test = user_data;
  g_autofree char *url
      = fault_server_url (fixture->common.server, "/data?fault=droponce:70000,statusafter:403");
  g_autofree char *renewed
      = fault_server_url (test->elsewhere ? fixture->other : fixture->common.server, test->renewed);
  g_autoptr (GBytes) longer = httpsrc_make_data (HTTPSRC_FILE_BYTES + 1);
  g_auto (HttpsrcRun) run = { 0 };
  fault_server_add (fixture->other, "/longer", longer);

  run_init (&run, url);
  g_object_set (run.src, "renewable", TRUE, NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  wait_refused (&run);
  renew (&run, renewed);
  assert_cut (fixture, &run, CUT_AT);
}

static void
test_renewed_away (Fixture *fixture, gconstpointer user_data)
{
  g_autofree char *url
      = fault_server_url (fixture->common.server, "/data?fault=droponce:70000,statusafter:403");
  g_autofree char *gone = fault_server_url (fixture->other, "/gone");
  g_auto (HttpsrcRun) run = { 0 };

  run_init (&run, url);
  g_object_set (run.src, "renewable", TRUE, NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  wait_refused (&run);
  renew (&run, gone);
  httpsrc_run_wait (&run, HTTPSRC_LIMIT_US);
  g_assert_cmpuint (run.http_status, ==, 404);
  g_assert_cmpuint (run.bytes->len, ==, CUT_AT);
}

/* -- headers -- */

static const char *const secrets[] = { "Authorization", "Bearer one", "X-Key", "two", NULL };

typedef struct
{
  const char *name;
  const char *target;
  const char *first; /* request */
  const char *last;
} HeadersCase;

/* clang-format off */
static const HeadersCase headers_cases[] = {
  { "plain", "/data", "GET /data - - Authorization: Bearer one X-Key: two", "GET /data - - Authorization: Bearer one X-Key: two" },
  { "range", "/data?fault=droponce:70000", "GET /data?fault=droponce:70000 - - Authorization: Bearer one X-Key: two",
    "GET /data?fault=droponce:70000 bytes=70000- \"v0\" Authorization: Bearer one X-Key: two" },
  { "redirect", "/data?fault=redirect:1", "GET /data?fault=redirect:1 - - Authorization: Bearer one X-Key: two",
    "GET /data - - Authorization: Bearer one X-Key: two" },
  { "redirect-to-another-origin", "/data?fault=redirhost:localhost",
    "GET /data?fault=redirhost:localhost - - Authorization: Bearer one X-Key: two", "GET /data - -" },
};
/* clang-format on */

static void
test_headers (Fixture *fixture, gconstpointer user_data)
{
  const HeadersCase *test = user_data;
  g_autofree char *url = fault_server_url (fixture->common.server, test->target);
  g_auto (HttpsrcRun) run = { 0 };

  run_init (&run, url);
  g_object_set (run.src, "headers", secrets, NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  assert_all (fixture, &run);
  g_autoptr (GPtrArray) requests = fault_server_take_requests (fixture->common.server);
  g_assert_cmpstr (g_ptr_array_index (requests, 0), ==, test->first);
  g_assert_cmpstr (g_ptr_array_index (requests, requests->len - 1), ==, test->last);
}

static void
test_headers_renewed (Fixture *fixture, gconstpointer user_data)
{
  static const char *const renewed[] = { "Cookie", "three", NULL };
  g_autofree char *url = fault_server_url (fixture->common.server, "/data?fault=status:401");
  g_autofree char *good = fault_server_url (fixture->common.server, "/data");
  g_auto (HttpsrcRun) run = { 0 };

  run_init (&run, url);
  g_object_set (run.src, "headers", secrets, "renewable", TRUE, NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  wait_refused (&run);
  player_gst_httpsrc_renew (PLAYER_GST_HTTPSRC (run.src), good, renewed, 0);
  assert_all (fixture, &run);
  g_autoptr (GPtrArray) requests = fault_server_take_requests (fixture->common.server);
  g_assert_cmpstr (g_ptr_array_index (requests, 1), ==, "GET /data - - Cookie: three");
}

/* A header with a line end in it is a programmer's mistake here, and goes nowhere. */
static void
test_headers_unchecked (Fixture *fixture, gconstpointer user_data)
{
  static const char *const bad[] = { "X-Key", "one\r\nX-Other: second", NULL };

  if (g_test_subprocess ())
    {
      g_log_set_always_fatal (G_LOG_LEVEL_ERROR);
      g_autoptr (PlayerGstAddress) address
          = player_gst_address_new ("http://a/", bad, FALSE, 0, PLAYER_REACH_ALL);
      g_assert_null (address->headers);
      return;
    }
  g_unsetenv ("G_DEBUG");
  g_test_trap_subprocess (NULL, 0, G_TEST_SUBPROCESS_DEFAULT);
  g_test_trap_assert_passed ();
  g_test_trap_assert_stderr ("*Headers that nobody has checked*");
  g_test_trap_assert_stderr_unmatched ("*second*");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  gst_init (NULL, NULL);
  g_assert_true (player_gst_httpsrc_register ());

#define ADD(path, data, function)                                                                  \
  g_test_add ("/httpsrc/" path, Fixture, data, setup, function, teardown)
#define ADD_CASES(folder, cases, function)                                                         \
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)                                                 \
    {                                                                                              \
      g_autofree char *path = g_strdup_printf ("/httpsrc/" folder "/%s", cases[i].name);           \
      g_test_add (path, Fixture, &cases[i], setup, function, teardown);                            \
    }

  ADD_CASES ("refused", refused_cases, test_refused);
  ADD ("refused/again", NULL, test_refused_again);
  ADD ("refused/nobody-renews", "renewable", test_nobody_renews);
  ADD ("refused/not-renewable", NULL, test_nobody_renews);
  ADD ("refused/stop", NULL, test_stop_refused);
  ADD_CASES ("expired", expired_cases, test_expired);
  ADD ("expired/again", NULL, test_expired_again);
  ADD ("expired/nobody-renews", "renewable", test_expired_for_good);
  ADD ("expired/not-renewable", NULL, test_expired_for_good);
  ADD_CASES ("renewed", renew_cases, test_renew);
  ADD ("renewed/paused", NULL, test_renew_paused);
  ADD ("renewed/complete", NULL, test_renew_complete);
  ADD ("renewed/away", NULL, test_renewed_away);
  ADD_CASES ("renewed/cut", cut_cases, test_cut);
  ADD_CASES ("headers", headers_cases, test_headers);
  ADD ("headers/renewed", NULL, test_headers_renewed);
  ADD ("headers/unchecked", NULL, test_headers_unchecked);
  return g_test_run ();
}
