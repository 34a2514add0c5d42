/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* The directive service over real HTTP, with bytes as a client may send them, in time that is turned
 * by hand. */

#include <string.h>

#include "alexa/alexa-json.h"
#include "daemon/daemon-directive-door.h"
#include "daemon/daemon-directive-service.h"
#include "tests/dummies/player-dummy-clock.h"

#define REQUEST_ID "amzn1.echo-api.request.1"
#define BODY(speech)                                                                               \
  "{\"header\":{\"requestId\":\"" REQUEST_ID "\"},\"directive\":{\"type\":\"VoicePlayer.Speak\","  \
  "\"speech\":\"" speech "\"}}"
#define WAIT_US (10 * G_USEC_PER_SEC)

typedef struct
{
  PlayerDummyClock *clock;
  DaemonDirectiveService *service;
  char *token;
  GPtrArray *said; /* (element-type utf8): "skill type text" */
  gboolean refuses;
} Fixture;

static gboolean
on_speak (DaemonDirectiveService *service,
          const char *skill,
          const char *request_id,
          AlexaSpeech *speech,
          gpointer user_data)
{
  Fixture *f = user_data;
  g_assert_cmpstr (request_id, ==, REQUEST_ID);
  g_assert_cmpint (speech->play_behavior, ==, PLAYER_PLAY_ENQUEUE);
  g_assert_cmpuint (speech->parts->len, >=, 1);
  g_ptr_array_add (f->said, g_strdup_printf ("%s %s %s", skill,
                                             speech->type == ALEXA_SPEECH_SSML ? "ssml" : "text",
                                             speech->text));
  return !f->refuses;
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  f->clock = player_dummy_clock_new ();
  f->service = daemon_directive_service_new (PLAYER_CLOCK (f->clock), 0, "idle", &error);
  g_assert_no_error (error);
  f->said = g_ptr_array_new_with_free_func (g_free);
  g_signal_connect (f->service, "speak", G_CALLBACK (on_speak), f);
  f->token = daemon_directive_service_admit (f->service, "radio", REQUEST_ID, FALSE);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  g_assert_finalize_object (g_steal_pointer (&f->service));
  g_assert_cmpuint (player_dummy_clock_get_n_alarms (f->clock), ==, 0);
  g_clear_object (&f->clock);
  g_free (f->token);
  g_ptr_array_unref (f->said);
}

static void
settle (void)
{
  while (g_main_context_iteration (NULL, FALSE))
    ;
}

/* --- A client ---------------------------------------------------------------------------------- */

static GSocket *
connect_to (Fixture *f, GSocketFamily family)
{
  g_autoptr (GUri) uri
      = g_uri_parse (daemon_directive_service_get_endpoint (f->service), G_URI_FLAGS_NONE, NULL);
  g_assert_cmpstr (g_uri_get_host (uri), ==, "127.0.0.1");
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (family);
  g_autoptr (GSocketAddress) address
      = g_inet_socket_address_new (loopback, (guint16)g_uri_get_port (uri));
  g_autoptr (GError) error = NULL;
  GSocket *client = g_socket_new (family, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_socket_connect (client, address, NULL, &error); /* the kernel takes it in */
  g_assert_no_error (error);
  g_socket_set_blocking (client, FALSE);
  return client;
}

/* Sends as much of @data as is taken; returns FALSE when the other side has hung up. */
static gboolean
send_all (GSocket *client, const char *data, gsize size)
{
  gint64 deadline = g_get_monotonic_time () + WAIT_US;
  for (gsize sent = 0; sent < size;)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_autoptr (GError) error = NULL;
      gssize n = g_socket_send (client, data + sent, size - sent, NULL, &error);
      settle ();
      if (n >= 0)
        sent += n;
      else if (!g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return FALSE;
    }
  return TRUE;
}

/* (transfer full): all that comes until the other side hangs up. */
static char *
receive_all (GSocket *client)
{
  gint64 deadline = g_get_monotonic_time () + WAIT_US;
  g_autoptr (GString) all = g_string_new (NULL);
  for (;;)
    {
      char block[4096];
      g_autoptr (GError) error = NULL;
      settle ();
      gssize n = g_socket_receive (client, block, sizeof block, NULL, &error);
      if (n > 0)
        g_string_append_len (all, block, n);
      else if (n == 0 || !g_error_matches (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK))
        return g_string_free (g_steal_pointer (&all), FALSE);
      else
        {
          g_assert_cmpint (g_get_monotonic_time (), <, deadline);
          g_usleep (500);
        }
    }
}

/* (transfer full): what comes back for @raw on a connection of its own. */
static char *
exchange (Fixture *f, const char *raw)
{
  g_autoptr (GSocket) client = connect_to (f, G_SOCKET_FAMILY_IPV4);
  send_all (client, raw, strlen (raw));
  return receive_all (client);
}

/* (transfer full): a POST with these headers beyond the usual ones. */
static char *
make_post (const char *token, const char *headers, const char *body)
{
  return g_strdup_printf ("POST /v1/directives HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n"
                          "Authorization: Bearer %s\r\nContent-Type: application/json\r\n"
                          "%sContent-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                          token, headers, strlen (body), body);
}

static char *
post (Fixture *f, const char *token, const char *body)
{
  g_autofree char *raw = make_post (token, "", body);
  return exchange (f, raw);
}

static guint
status_of (const char *answer)
{
  if (!g_str_has_prefix (answer, "HTTP/1."))
    g_test_message ("answer: %s", answer);
  g_assert_true (g_str_has_prefix (answer, "HTTP/1."));
  return (guint)g_ascii_strtoull (answer + strlen ("HTTP/1.1 "), NULL, 10);
}

/* It is an error of the service's form, of @status, with @words in its message. */
static void
assert_error (const char *answer, guint status, const char *type, const char *words)
{
  g_assert_cmpuint (status_of (answer), ==, status);
  const char *body = strstr (answer, "\r\n\r\n");
  g_assert_nonnull (body);
  g_autoptr (GBytes) bytes = g_bytes_new (body + 4, strlen (body + 4));
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) root = alexa_json_parse (bytes, 4096, &error);
  g_assert_no_error (error);
  JsonObject *object = json_node_get_object (root);
  g_assert_cmpint (json_object_get_int_member (object, "code"), ==, status);
  g_assert_cmpstr (json_object_get_string_member (object, "type"), ==, type);
  const char *message = json_object_get_string_member (object, "message");
  if (strstr (message, words) == NULL)
    g_test_message ("message: %s, expected: %s", message, words);
  g_assert_nonnull (strstr (message, words));
  g_assert_nonnull (strstr (answer, "Content-Type: application/json\r\n"));
}

/* --- Tests ------------------------------------------------------------------------------------- */

static void
test_accepted (Fixture *f, gconstpointer data)
{
  g_autofree char *ssml = post (f, f->token, BODY ("<speak>One <break time='1s'/> moment</speak>"));
  g_assert_cmpuint (status_of (ssml), ==, 204);
  g_assert_true (g_str_has_suffix (ssml, "\r\n\r\n"));
  g_autofree char *text = post (f, f->token, BODY ("Fish & chips"));
  g_assert_cmpuint (status_of (text), ==, 204);
  g_autofree char *chunked_raw = g_strdup_printf (
      "POST /v1/directives?x=y HTTP/1.1\r\nHost: localhost:1\r\nConnection: close\r\n"
      "authorization: bearer %s\r\nContent-Type: Application/JSON; charset=utf-8\r\n"
      "Transfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n",
      f->token, (guint)strlen (BODY ("\\ud83c\\udfb5")), BODY ("\\ud83c\\udfb5"));
  g_autofree char *chunked = exchange (f, chunked_raw);
  g_assert_cmpuint (status_of (chunked), ==, 204);
  g_autofree char *expect_raw
      = make_post (f->token, "Expect: 100-continue\r\n", BODY ("<speaker>"));
  g_autofree char *expect = exchange (f, expect_raw);
  g_assert_cmpuint (status_of (expect), ==, 100);
  g_assert_nonnull (strstr (expect, "HTTP/1.1 204 "));
  g_assert_cmpuint (f->said->len, ==, 4);
  g_assert_cmpstr (f->said->pdata[0], ==,
                   "radio ssml <speak>One <break time='1s'/> moment</speak>");
  g_assert_cmpstr (f->said->pdata[1], ==, "radio text Fish & chips");
  g_assert_cmpstr (f->said->pdata[2], ==, "radio text \xf0\x9f\x8e\xb5");
  g_assert_cmpstr (f->said->pdata[3], ==, "radio text <speaker>");
}

/* A connection serves once, and says so. */
static void
test_one_each (Fixture *f, gconstpointer data)
{
  g_autoptr (GSocket) client = connect_to (f, G_SOCKET_FAMILY_IPV4);
  g_autofree char *one
      = g_strdup_printf ("POST /v1/directives HTTP/1.1\r\nHost: h\r\nAuthorization: Bearer %s\r\n"
                         "Content-Length: %" G_GSIZE_FORMAT "\r\n\r\n%s",
                         f->token, strlen (BODY ("one")), BODY ("one"));
  send_all (client, one, strlen (one));
  g_autofree char *answer = receive_all (client);
  g_assert_cmpuint (status_of (answer), ==, 204);
  g_assert_nonnull (strstr (answer, "Connection: close\r\n"));
  g_assert_cmpuint (f->said->len, ==, 1);
}

static void
test_ipv6 (Fixture *f, gconstpointer data)
{
  g_autofree char *procfs = NULL;
  if (!g_file_get_contents ("/proc/net/if_inet6", &procfs, NULL, NULL)
      || strstr (procfs, "00000000000000000000000000000001") == NULL)
    return; /* a machine without ::1 has nothing to be served there */
  g_autoptr (GSocket) client = connect_to (f, G_SOCKET_FAMILY_IPV6);
  g_autofree char *raw = make_post (f->token, "", BODY ("six"));
  send_all (client, raw, strlen (raw));
  g_autofree char *answer = receive_all (client);
  g_assert_cmpuint (status_of (answer), ==, 204);
}

static void
test_bad_bodies (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *body;
    const char *words;
  } cases[] = {
    { "", "line 1" },
    { "garbage", "line 1" },
    { "{'header':{}}", "line 1" },
    { "{\"header\":{\"requestId\":\"\xff\"}}", "UTF-8" },
    { "{\"header\":{},\"header\":{}}", "header" },
    { "[]", "the body" },
    { "null", "the body" },
    { "{}", "header:" },
    { "{\"header\":[]}", "header:" },
    { "{\"header\":{\"requestId\":5}}", "header.requestId:" },
    { "{\"header\":{\"requestId\":\"" REQUEST_ID "\"}}", "directive:" },
    { "{\"header\":{\"requestId\":\"" REQUEST_ID "\"},\"directive\":{}}", "directive.type:" },
    { "{\"header\":{\"requestId\":\"" REQUEST_ID
      "\"},\"directive\":{\"type\":\"AudioPlayer.Play\",\"speech\":\"x\"}}",
      "directive.type:" },
    { "{\"header\":{\"requestId\":\"" REQUEST_ID
      "\"},\"directive\":{\"type\":\"VoicePlayer.Speak\"}}",
      "directive.speech:" },
    { "{\"header\":{\"requestId\":\"" REQUEST_ID
      "\"},\"directive\":{\"type\":\"VoicePlayer.Speak\",\"speech\":null}}",
      "directive.speech:" },
    { "{\"header\":{\"requestId\":\"" REQUEST_ID
      "\"},\"directive\":{\"type\":\"VoicePlayer.Speak\",\"speech\":{\"text\":\"x\"}}}",
      "directive.speech:" },
    { BODY (""), "directive.speech: there is nothing" },
    { BODY (" \\n"), "directive.speech: there is nothing" },
    { BODY ("<speak> </speak>"), "directive.speech: there is nothing" },
    { BODY ("<speak>Fish & chips</speak>"), "directive.speech: Line 1" },
    { BODY ("<speak>One"), "directive.speech: Line 1" },
    { BODY ("<speak><nonsense/></speak>"), "directive.speech: Line 1" },
    { BODY (" <speak>One</speak><speak>Two</speak>"), "directive.speech: Line 1" },
    { "{\"header\":{\"requestId\":\"amzn1.echo-api.request.2\"},\"directive\":{\"type\":"
      "\"VoicePlayer.Speak\",\"speech\":\"x\"}}",
      "header.requestId: not the request" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_test_message ("case %u", i);
      g_autofree char *answer = post (f, f->token, cases[i].body);
      assert_error (answer, 400, "INVALID_REQUEST", cases[i].words);
    }
  g_assert_cmpuint (f->said->len, ==, 0);
}

/* Recordings over plain http are for skills on this machine. */
static void
test_recordings (Fixture *f, gconstpointer data)
{
  static const char plain[] = BODY ("<speak><audio src='http://127.0.0.1/a.mp3'/></speak>");
  g_autofree char *refused = post (f, f->token, plain);
  assert_error (refused, 400, "INVALID_REQUEST", "https");
  g_autofree char *secure
      = post (f, f->token, BODY ("<speak><audio src='https://h.example/a.mp3'/></speak>"));
  g_assert_cmpuint (status_of (secure), ==, 204);
  g_autofree char *local = daemon_directive_service_admit (f->service, "radio", REQUEST_ID, TRUE);
  g_autofree char *taken = post (f, local, plain);
  g_assert_cmpuint (status_of (taken), ==, 204);
}

/* Characters are counted, not bytes. */
static void
test_length (Fixture *f, gconstpointer data)
{
  g_autoptr (GString) speech = g_string_new (NULL);
  for (guint i = 0; i < 600; i++)
    g_string_append (speech, "\\ud83c\\udfb5");
  g_autofree char *at_limit
      = g_strdup_printf ("{\"header\":{\"requestId\":\"%s\"},\"directive\":{\"type\":"
                         "\"VoicePlayer.Speak\",\"speech\":\"%s\"}}",
                         REQUEST_ID, speech->str);
  g_autofree char *taken = post (f, f->token, at_limit);
  g_assert_cmpuint (status_of (taken), ==, 204);
  g_string_append_c (speech, 'x');
  g_autofree char *beyond
      = g_strdup_printf ("{\"header\":{\"requestId\":\"%s\"},\"directive\":{\"type\":"
                         "\"VoicePlayer.Speak\",\"speech\":\"%s\"}}",
                         REQUEST_ID, speech->str);
  g_autofree char *refused = post (f, f->token, beyond);
  assert_error (refused, 400, "INVALID_REQUEST", "600 characters");
  g_assert_cmpuint (f->said->len, ==, 1);
}

static void
assert_refused_head (Fixture *f, const char *head, guint status, const char *type)
{
  g_autofree char *raw
      = g_strconcat (head, "\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n", NULL);
  g_autofree char *answer = exchange (f, raw);
  g_test_message ("%s", head);
  assert_error (answer, status, type, ".");
}

static void
test_other_paths (Fixture *f, gconstpointer data)
{
  static const char *const paths[] = {
    "/",
    "/v1/directives/",
    "/V1/directives",
    "/v2/directives",
    "/v1/devices/amzn1.ask.device.1/settings/address",
    "/v2/accounts/~current/settings/Profile.email",
    "/v1/alerts/reminders",
  };
  for (guint i = 0; i < G_N_ELEMENTS (paths); i++)
    {
      g_autofree char *head
          = g_strdup_printf ("GET %s HTTP/1.1\r\nAuthorization: Bearer %s", paths[i], f->token);
      assert_refused_head (f, head, 404, "NOT_FOUND");
    }
  g_autofree char *head
      = g_strdup_printf ("GET /v1/directives HTTP/1.1\r\nAuthorization: Bearer %s", f->token);
  assert_refused_head (f, head, 405, "METHOD_NOT_ALLOWED");
  g_autofree char *raw = g_strconcat (head, "\r\nHost: h\r\nConnection: close\r\n\r\n", NULL);
  g_autofree char *answer = exchange (f, raw);
  g_assert_nonnull (strstr (answer, "Allow: POST\r\n"));
  g_autofree char *hello = exchange (f, "hello\r\n\r\n");
  g_assert_cmpuint (status_of (hello), ==, 400);
}

static void
test_tokens (Fixture *f, gconstpointer data)
{
  g_autofree char *none
      = exchange (f, "POST /v1/directives HTTP/1.1\r\nHost: h\r\nConnection: close\r\n"
                     "Content-Length: 2\r\n\r\n{}");
  assert_error (none, 401, "UNAUTHORIZED", "Authorization");
  g_assert_nonnull (strstr (none, "WWW-Authenticate: Bearer\r\n"));
  g_autofree char *basic_head
      = g_strdup_printf ("POST /v1/directives HTTP/1.1\r\nAuthorization: Basic %s", f->token);
  assert_refused_head (f, basic_head, 401, "UNAUTHORIZED");

  g_autofree char *longer = g_strconcat (f->token, "A", NULL);
  g_autofree char *shorter = g_strndup (f->token, strlen (f->token) - 1);
  g_autofree char *other = g_strdup (f->token);
  other[0] = other[0] == 'A' ? 'B' : 'A';
  const char *const wrong[] = { "", "x", longer, shorter, other };
  for (guint i = 0; i < G_N_ELEMENTS (wrong); i++)
    {
      g_autofree char *answer = post (f, wrong[i], BODY ("x"));
      assert_error (answer, 401, "UNAUTHORIZED", ".");
    }
  g_autofree char *idle = post (f, "idle", BODY ("x"));
  assert_error (idle, 403, "FORBIDDEN", "LaunchRequest");
  g_assert_cmpuint (f->said->len, ==, 0);
}

/* A token is good for its own request, and as long as that is pending. */
static void
test_pending (Fixture *f, gconstpointer data)
{
  g_autofree char *other
      = daemon_directive_service_admit (f->service, "judge", "amzn1.echo-api.request.2", FALSE);
  g_assert_cmpstr (other, !=, f->token);
  g_autofree char *mixed = post (f, other, BODY ("x"));
  assert_error (mixed, 400, "INVALID_REQUEST", "header.requestId");
  daemon_directive_service_dismiss (f->service, "amzn1.echo-api.request.2");
  g_autofree char *late = post (f, other, BODY ("x"));
  assert_error (late, 401, "UNAUTHORIZED", "pending");
  g_autofree char *own = post (f, f->token, BODY ("x"));
  g_assert_cmpuint (status_of (own), ==, 204);
  daemon_directive_service_dismiss (f->service, "unknown");
  daemon_directive_service_dismiss (f->service, REQUEST_ID);
  g_autofree char *over = post (f, f->token, BODY ("x"));
  assert_error (over, 401, "UNAUTHORIZED", "pending");
  g_assert_cmpuint (f->said->len, ==, 1);
}

/* The answer comes while the body of a directive is on its way. */
static void
test_overtaken (Fixture *f, gconstpointer data)
{
  g_autoptr (GSocket) client = connect_to (f, G_SOCKET_FAMILY_IPV4);
  g_autofree char *raw = make_post (f->token, "", BODY ("x"));
  gsize half = strlen (raw) - 20;
  send_all (client, raw, half);
  settle ();
  daemon_directive_service_dismiss (f->service, REQUEST_ID);
  send_all (client, raw + half, strlen (raw) - half);
  g_autofree char *answer = receive_all (client);
  assert_error (answer, 401, "UNAUTHORIZED", "pending");
  g_assert_cmpuint (f->said->len, ==, 0);
}

static void
test_five (Fixture *f, gconstpointer data)
{
  for (guint i = 0; i < 5; i++)
    {
      g_autofree char *bad = post (f, f->token, "{}"); /* does not count */
      g_assert_cmpuint (status_of (bad), ==, 400);
      g_autofree char *answer = post (f, f->token, BODY ("x"));
      g_assert_cmpuint (status_of (answer), ==, 204);
    }
  g_autofree char *sixth = post (f, f->token, BODY ("x"));
  assert_error (sixth, 429, "TOO_MANY_REQUESTS", "Five");
  g_assert_cmpuint (f->said->len, ==, 5);
}

static void
test_not_spoken (Fixture *f, gconstpointer data)
{
  f->refuses = TRUE;
  g_autofree char *refused = post (f, f->token, BODY ("x"));
  assert_error (refused, 403, "FORBIDDEN", "now");
  g_signal_handlers_disconnect_by_data (f->service, f);
  g_autofree char *nobody = post (f, f->token, BODY ("x"));
  assert_error (nobody, 403, "FORBIDDEN", "now");
}

static void
test_content (Fixture *f, gconstpointer data)
{
  static const char *const types[]
      = { "text/plain", "application/x-www-form-urlencoded", "application/jsonx" };
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    {
      g_autofree char *raw = g_strdup_printf (
          "POST /v1/directives HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer "
          "%s\r\nContent-Type: %s\r\nContent-Length: 2\r\n\r\n{}",
          f->token, types[i]);
      g_autofree char *answer = exchange (f, raw);
      assert_error (answer, 415, "UNSUPPORTED_MEDIA_TYPE", "application/json");
    }
  g_autofree char *zipped_raw = make_post (f->token, "Content-Encoding: gzip\r\n", BODY ("x"));
  g_autofree char *zipped = exchange (f, zipped_raw);
  assert_error (zipped, 415, "UNSUPPORTED_MEDIA_TYPE", "application/json");
  g_assert_cmpuint (f->said->len, ==, 0);
}

static void
test_large (Fixture *f, gconstpointer data)
{
  g_autofree char *spaces = g_strnfill (ALEXA_PROGRESSIVE_MAX_BYTES, ' ');
  g_autofree char *body = g_strconcat (spaces, BODY ("x"), NULL);
  g_autofree char *told = post (f, f->token, body);
  assert_error (told, 413, "REQUEST_TOO_LARGE", "too large");
  g_autofree char *raw = g_strdup_printf (
      "POST /v1/directives HTTP/1.1\r\nHost: h\r\nConnection: close\r\nAuthorization: Bearer "
      "%s\r\nTransfer-Encoding: chunked\r\n\r\n%x\r\n%s\r\n0\r\n\r\n",
      f->token, (guint)strlen (body), body);
  g_autofree char *untold = exchange (f, raw);
  assert_error (untold, 413, "REQUEST_TOO_LARGE", "too large");

  const char *fit = body + strlen (body) - ALEXA_PROGRESSIVE_MAX_BYTES;
  g_autofree char *at_limit = post (f, f->token, fit);
  g_assert_cmpuint (status_of (at_limit), ==, 204);
}

/* Somebody who sends without end is cut off soon, known or not. */
static void
test_endless (Fixture *f, gconstpointer data)
{
  static const char *const heads[] = {
    "POST /v1/directives HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n",
    "POST /v1/directives HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n40000000\r\n",
    "PUT /x HTTP/1.1\r\nHost: h\r\nContent-Length: 1000000000\r\n\r\n",
    "GET / HTTP/1.1\r\nHost: h\r\nX: ",
    "GET / HTTP/1.1\r\nHost: ",
    "",
  };
  g_autofree char *much = g_strnfill (1024 * 1024, 'x');
  for (guint i = 0; i < G_N_ELEMENTS (heads); i++)
    {
      g_test_message ("case %u", i);
      g_autoptr (GSocket) client = connect_to (f, G_SOCKET_FAMILY_IPV4);
      gboolean connected = send_all (client, heads[i], strlen (heads[i]));
      for (guint k = 0; k < 64 && connected; k++)
        connected = send_all (client, much, strlen (much));
      g_assert_false (connected);
    }
}

/* The token is right, but the head or the body does not come to an end. */
static void
test_slow (Fixture *f, gconstpointer data)
{
  g_autofree char *raw = make_post (f->token, "", BODY ("x"));
  const gsize sent[] = { 0, 30, strlen (raw) - 1 };
  for (guint i = 0; i < G_N_ELEMENTS (sent); i++)
    {
      g_autoptr (GSocket) client = connect_to (f, G_SOCKET_FAMILY_IPV4);
      send_all (client, raw, sent[i]);
      settle ();
      player_dummy_clock_advance (f->clock, DAEMON_DIRECTIVE_CONNECTION_MS - 1);
      settle ();
      g_assert_true (g_socket_is_connected (client));
      char block[16];
      g_autoptr (GError) error = NULL;
      g_assert_cmpint (g_socket_receive (client, block, sizeof block, NULL, &error), ==, -1);
      g_assert_error (error, G_IO_ERROR, G_IO_ERROR_WOULD_BLOCK);
      player_dummy_clock_advance (f->clock, 1);
      g_autofree char *answer = receive_all (client);
      g_assert_cmpstr (answer, ==, "");
    }
  settle ();
  g_assert_cmpuint (player_dummy_clock_get_n_alarms (f->clock), ==, 0);
  g_assert_cmpuint (f->said->len, ==, 0);
}

/* Those beyond the limit wait until one of the others has gone. */
static void
test_crowd (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) crowd = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < DAEMON_DIRECTIVE_MAX_CONNECTIONS; i++)
    {
      g_ptr_array_add (crowd, connect_to (f, G_SOCKET_FAMILY_IPV4));
      settle ();
    }
  gint64 deadline = g_get_monotonic_time () + WAIT_US;
  while (player_dummy_clock_get_n_alarms (f->clock) < DAEMON_DIRECTIVE_MAX_CONNECTIONS)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      settle ();
    }
  g_autoptr (GSocket) late = connect_to (f, G_SOCKET_FAMILY_IPV4);
  g_autofree char *raw = make_post (f->token, "", BODY ("late"));
  send_all (late, raw, strlen (raw));
  for (guint i = 0; i < 20; i++)
    {
      settle ();
      g_usleep (1000);
    }
  g_assert_cmpuint (f->said->len, ==, 0);
  g_assert_cmpuint (player_dummy_clock_get_n_alarms (f->clock), ==,
                    DAEMON_DIRECTIVE_MAX_CONNECTIONS);
  g_ptr_array_set_size (crowd, DAEMON_DIRECTIVE_MAX_CONNECTIONS - 1);
  g_autofree char *answer = receive_all (late);
  g_assert_cmpuint (status_of (answer), ==, 204);
  g_assert_cmpuint (f->said->len, ==, 1);
}

/* The service goes while somebody is connected. */
static void
test_end (Fixture *f, gconstpointer data)
{
  g_autoptr (GSocket) idle = connect_to (f, G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocket) busy = connect_to (f, G_SOCKET_FAMILY_IPV4);
  g_autofree char *raw = make_post (f->token, "", BODY ("x"));
  send_all (busy, raw, strlen (raw) - 1);
  gint64 deadline = g_get_monotonic_time () + WAIT_US;
  while (player_dummy_clock_get_n_alarms (f->clock) < 2)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      settle ();
    }
  g_assert_finalize_object (g_steal_pointer (&f->service));
  g_assert_cmpuint (player_dummy_clock_get_n_alarms (f->clock), ==, 0);
  g_autofree char *end_of_idle = receive_all (idle);
  g_assert_cmpstr (end_of_idle, ==, "");
  g_autofree char *end_of_busy = receive_all (busy);
  g_assert_cmpstr (end_of_busy, ==, "");
  f->service = daemon_directive_service_new (PLAYER_CLOCK (f->clock), 0, "idle", NULL);
}

static void
test_port (Fixture *f, gconstpointer data)
{
  g_autoptr (GUri) uri
      = g_uri_parse (daemon_directive_service_get_endpoint (f->service), G_URI_FLAGS_NONE, NULL);
  guint port = (guint)g_uri_get_port (uri);
  g_autoptr (GError) error = NULL;
  g_assert_null (daemon_directive_service_new (PLAYER_CLOCK (f->clock), port, "idle", &error));
  g_assert_error (error, G_IO_ERROR, G_IO_ERROR_ADDRESS_IN_USE);
  g_assert_finalize_object (g_steal_pointer (&f->service));
  f->service = daemon_directive_service_new (PLAYER_CLOCK (f->clock), port, "idle", NULL);
  g_assert_nonnull (f->service);
  g_autofree char *expected = g_strdup_printf ("http://127.0.0.1:%u", port);
  g_assert_cmpstr (daemon_directive_service_get_endpoint (f->service), ==, expected);
}

#define ADD(name, function)                                                                        \
  g_test_add ("/directive-service/" name, Fixture, NULL, set_up, function, tear_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("accepted", test_accepted);
  ADD ("one-each", test_one_each);
  ADD ("ipv6", test_ipv6);
  ADD ("bad-bodies", test_bad_bodies);
  ADD ("recordings", test_recordings);
  ADD ("length", test_length);
  ADD ("other-paths", test_other_paths);
  ADD ("tokens", test_tokens);
  ADD ("pending", test_pending);
  ADD ("overtaken", test_overtaken);
  ADD ("five", test_five);
  ADD ("not-spoken", test_not_spoken);
  ADD ("content", test_content);
  ADD ("large", test_large);
  ADD ("endless", test_endless);
  ADD ("slow", test_slow);
  ADD ("crowd", test_crowd);
  ADD ("end", test_end);
  ADD ("port", test_port);
  return g_test_run ();
}
