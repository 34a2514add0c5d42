/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Signed requests: over real HTTP, and what keeps a daemon from signing. */

#include <glib/gstdio.h>
#include <libsoup/soup.h>
#include <string.h>

#include "alexa/alexa-test-chain.h"
#include "daemon/daemon-signing.h"
#include "daemon/daemon-transport.h"
#include "tests/unit/alexa/signer-certificates.h"

#define URL "https://s3.amazonaws.com/echo.api/segue-test.pem"
#define DEADLINE_MS 10000
#define DAY_S (24 * 60 * 60)

/* Making keys takes long: all tests share one set. */
typedef struct
{
  AlexaTestChain *chain; /* (owned) */
  GPtrArray *warnings;   /* (owned) (element-type utf8) logged */
} Shared;

typedef struct
{
  SoupServer *server; /* (owned) */
  char *endpoint;     /* (owned) */
  guint n_requests;
  SoupMessageHeaders *headers; /* (owned) (nullable) of the last request */
  GBytes *body;                /* (owned) (nullable) */
  const AlexaTestChain *chain;
  char *folder;  /* (owned) */
  GError *error; /* (owned) (nullable) */
  gboolean done;
} Fixture;

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

static void
on_request (SoupServer *server,
            SoupServerMessage *message,
            const char *path,
            GHashTable *query,
            gpointer user_data)
{
  Fixture *f = user_data;
  f->n_requests++;
  g_clear_pointer (&f->headers, soup_message_headers_unref);
  g_clear_pointer (&f->body, g_bytes_unref);
  f->headers = soup_message_headers_ref (soup_server_message_get_request_headers (message));
  f->body = soup_message_body_flatten (soup_server_message_get_request_body (message));
  soup_server_message_set_response (message, "application/json", SOUP_MEMORY_STATIC, "{}", 2);
  soup_server_message_set_status (message, 200, NULL);
}

static void
set_up (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  f->server = soup_server_new (NULL, NULL);
  soup_server_add_handler (f->server, NULL, on_request, f, NULL);
  g_assert_true (soup_server_listen_local (f->server, 0, SOUP_SERVER_LISTEN_IPV4_ONLY, &error));
  GSList *uris = soup_server_get_uris (f->server);
  f->endpoint = g_uri_to_string (uris->data);
  g_slist_free_full (uris, (GDestroyNotify)g_uri_unref);
  f->chain = ((const Shared *)data)->chain;
  f->folder = g_dir_make_tmp ("segue-signing-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
tear_down (Fixture *f, gconstpointer data)
{
  static const char *const names[] = { "key.pem", "chain.pem", "segue.conf" };
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (f->folder, names[i], NULL);
      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (f->folder), ==, 0);
  g_free (f->folder);
  g_free (f->endpoint);
  g_clear_error (&f->error);
  g_clear_pointer (&f->headers, soup_message_headers_unref);
  g_clear_pointer (&f->body, g_bytes_unref);
  soup_server_disconnect (f->server);
  g_object_unref (f->server);
}

/* --- Over HTTP -------------------------------------------------------------------------------- */

static void
on_answer (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Fixture *f = user_data;
  g_autoptr (DaemonAnswer) answer
      = daemon_transport_send_finish (DAEMON_TRANSPORT (source), result, NULL, &f->error);
  f->done = TRUE;
}

static void
post (Fixture *f, DaemonTransport *transport, gboolean sign, GBytes *body)
{
  f->done = FALSE;
  g_clear_error (&f->error);
  daemon_transport_send (transport, f->endpoint, NULL, sign, 0, body, NULL, on_answer, f);
  gint64 deadline = g_get_monotonic_time () + DEADLINE_MS * 1000;
  while (!f->done && g_get_monotonic_time () < deadline)
    g_main_context_iteration (NULL, TRUE);
  g_assert_true (f->done);
}

/* A chain that is, or was, valid at @at_s. */
static DaemonTransport *
make_transport (const AlexaTestChain *chain, gint64 at_s, gboolean sha1)
{
  g_autoptr (GError) error = NULL;
  AlexaSigner *signer = alexa_signer_new (chain->key, chain->chain, at_s, &error);
  g_assert_no_error (error);
  return daemon_soup_transport_new (8000, 122880, daemon_signing_new (signer, URL, sha1));
}

static const char *
header (Fixture *f, const char *name)
{
  return soup_message_headers_get_list (f->headers, name);
}

/* What came is what was to be sent, and the signatures are those of the bytes that came. */
static void
check_signed (Fixture *f, DaemonTransport *transport, GBytes *body)
{
  g_autoptr (GPtrArray) chain = signer_read_chain (f->chain->chain);
  X509 *leaf = g_ptr_array_index (chain, 0);
  post (f, transport, TRUE, body);
  g_assert_no_error (f->error);
  g_assert_true (g_bytes_equal (f->body, body));
  g_assert_cmpstr (header (f, "SignatureCertChainUrl"), ==, URL);
  g_assert_true (signer_verify (leaf, "SHA256", header (f, "Signature-256"), f->body));
  g_assert_true (signer_verify (leaf, "SHA1", header (f, "Signature"), f->body));
  g_assert_cmpstr (header (f, "Accept"), ==, "application/json");
  g_assert_cmpstr (header (f, "Accept-Charset"), ==, "utf-8");
  g_assert_cmpstr (header (f, "Content-Type"), ==, "application/json;charset=UTF-8");
}

static void
test_signed (Fixture *f, gconstpointer data)
{
  g_autoptr (DaemonTransport) transport = make_transport (f->chain, now_s (), TRUE);
  g_autoptr (GBytes) small = g_bytes_new_static ("{\"a\":\"\xc3\xa4\"}", 10);
  char *text = g_strnfill (200 * 1024, 'x');
  g_autoptr (GBytes) large = g_bytes_new_take (text, 200 * 1024);
  check_signed (f, transport, small);
  g_autofree char *first = g_strdup (header (f, "Signature-256"));
  check_signed (f, transport, large);
  g_assert_cmpstr (header (f, "Signature-256"), !=, first);
  g_assert_cmpuint (f->n_requests, ==, 2);
}

static void
assert_unsigned (Fixture *f)
{
  g_assert_no_error (f->error);
  g_assert_null (header (f, "SignatureCertChainUrl"));
  g_assert_null (header (f, "Signature-256"));
  g_assert_null (header (f, "Signature"));
}

/* A skill that wants none, and a daemon that has no key. */
static void
test_unsigned (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (DaemonTransport) with_key = make_transport (f->chain, now_s (), TRUE);
  post (f, with_key, FALSE, body);
  assert_unsigned (f);
  g_autoptr (DaemonTransport) without = daemon_soup_transport_new (8000, 122880, NULL);
  post (f, without, TRUE, body);
  assert_unsigned (f);
}

static void
test_no_sha1 (Fixture *f, gconstpointer data)
{
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (DaemonTransport) transport = make_transport (f->chain, now_s (), FALSE);
  post (f, transport, TRUE, body);
  g_assert_no_error (f->error);
  g_assert_nonnull (header (f, "Signature-256"));
  g_assert_null (header (f, "Signature"));
}

/* Not a byte leaves. */
static void
test_expired (Fixture *f, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (AlexaTestChain) old
      = alexa_test_chain_new (now_s () - 2 * DAY_S, now_s () - DAY_S, &error);
  g_assert_no_error (error);
  g_autoptr (DaemonTransport) transport = make_transport (old, now_s () - DAY_S - 60, TRUE);
  post (f, transport, TRUE, body);
  g_assert_error (f->error, DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_UNSIGNED);
  g_test_message ("%s", f->error->message);
  g_assert_true (g_str_has_prefix (f->error->message, "127.0.0.1: the request cannot be signed"));
  g_assert_nonnull (strstr (f->error->message, "expired at"));
  g_assert_cmpuint (f->n_requests, ==, 0);
  post (f, transport, FALSE, body);
  assert_unsigned (f);
}

/* --- The end comes near ----------------------------------------------------------------------- */

static GLogWriterOutput
count_warnings (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  GPtrArray *warnings = user_data;
  for (gsize i = 0; level == G_LOG_LEVEL_WARNING && i < n_fields; i++)
    if (g_str_equal (fields[i].key, "MESSAGE"))
      g_ptr_array_add (warnings, g_strdup (fields[i].value));
  return level == G_LOG_LEVEL_WARNING ? G_LOG_WRITER_HANDLED
                                      : g_log_writer_default (level, fields, n_fields, NULL);
}

static void
check_warning (GPtrArray *warnings, gint64 left_s, guint n, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (AlexaTestChain) chain
      = alexa_test_chain_new (now_s () - DAY_S, now_s () + left_s, &error);
  AlexaSigner *signer = alexa_signer_new (chain->key, chain->chain, now_s (), &error);
  g_assert_no_error (error);
  g_autoptr (DaemonSigning) signing = daemon_signing_new (signer, URL, TRUE);
  g_ptr_array_set_size (warnings, 0);
  for (guint i = 0; i < 3; i++)
    {
      g_autoptr (AlexaSignature) signature = daemon_signing_sign (signing, body, &error);
      g_assert_no_error (error);
    }
  g_assert_cmpuint (warnings->len, ==, n);
  if (n > 0)
    g_assert_nonnull (strstr (g_ptr_array_index (warnings, 0), words));
}

/* --- Configuration ---------------------------------------------------------------------------- */

static void
write_file (Fixture *f, const char *name, GBytes *bytes)
{
  g_autofree char *path = g_build_filename (f->folder, name, NULL);
  gsize size = 0;
  const char *data = g_bytes_get_data (bytes, &size);
  g_assert_true (g_file_set_contents (path, data, size, NULL));
}

/* @text with "@" in place of the folder. (nullable) */
static DaemonConfig *
parse (Fixture *f, const char *text, GPtrArray *problems)
{
  g_autofree char *path = g_build_filename (f->folder, "segue.conf", NULL);
  g_autoptr (GString) whole = g_string_new (text);
  g_string_replace (whole, "@", f->folder, 0);
  g_assert_true (g_file_set_contents (path, whole->str, -1, NULL));
  g_ptr_array_set_size (problems, 0);
  return daemon_config_parse (path, FALSE, problems);
}

#define FILES "[signing]\nkey-file = @/key.pem\nchain-file = @/chain.pem\nchain-url = " URL "\n"

static void
test_warning (Fixture *f, gconstpointer data)
{
  GPtrArray *warnings = ((const Shared *)data)->warnings;
  check_warning (warnings, 14 * DAY_S + 600, 0, NULL);
  check_warning (warnings, 14 * DAY_S - 60, 1, "signed for 13 days more");
  check_warning (warnings, DAY_S + 600, 1, "signed for 24 hours more");
  check_warning (warnings, 60, 1, "signed for 0 hours more");

  /* at the start already, and not again then */
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  g_autoptr (AlexaTestChain) chain = alexa_test_chain_new (now_s () - 60, now_s () + DAY_S, &error);
  write_file (f, "key.pem", chain->key);
  write_file (f, "chain.pem", chain->chain);
  g_autoptr (DaemonConfig) config = parse (f, FILES, problems);
  g_ptr_array_set_size (warnings, 0);
  g_autoptr (DaemonSigning) signing = daemon_signing_load (config, problems);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (AlexaSignature) signature = daemon_signing_sign (signing, body, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (warnings->len, ==, 1);
}

/* The only problem, without the folder. */
static void
assert_problem (Fixture *f, GPtrArray *problems, const char *start, const char *words)
{
  g_assert_cmpuint (problems->len, ==, 1);
  const char *message = ((GError *)g_ptr_array_index (problems, 0))->message;
  g_test_message ("%s", message);
  g_assert_true (g_str_has_prefix (message, f->folder));
  g_assert_true (g_str_has_prefix (message + strlen (f->folder) + 1, start));
  g_assert_nonnull (strstr (message, words));
}

static void
check_load (Fixture *f, const char *start, const char *words)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  g_autoptr (DaemonConfig) config = parse (f, FILES, problems);
  g_assert_nonnull (config);
  g_assert_null (daemon_signing_load (config, problems));
  assert_problem (f, problems, start, words);
  g_ptr_array_set_size (problems, 0);
  daemon_signing_check (config, problems);
  assert_problem (f, problems, start, words);
}

static void
test_load (Fixture *f, gconstpointer data)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  g_autoptr (GBytes) garbage = g_bytes_new_static ("-----BEGIN", 10);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaTestChain) other
      = alexa_test_chain_new (now_s () - 2 * DAY_S, now_s () - DAY_S, &error);
  g_assert_no_error (error);

  write_file (f, "chain.pem", f->chain->chain);
  check_load (f, "segue.conf:2: [signing] key-file: ", "No such file");
  write_file (f, "key.pem", garbage);
  check_load (f, "segue.conf:2: [signing] key-file: ", "no private key in PEM form");
  write_file (f, "key.pem", other->key);
  check_load (f, "segue.conf:2: [signing] key-file: ", "not that of certificate 1");
  write_file (f, "chain.pem", other->chain);
  check_load (f, "segue.conf:3: [signing] chain-file: ", "expired at");
  write_file (f, "chain.pem", garbage);
  check_load (f, "segue.conf:3: [signing] chain-file: ", "no certificate");
  write_file (f, "key.pem", f->chain->key);
  write_file (f, "chain.pem", f->chain->ca);
  check_load (f, "segue.conf:2: [signing] key-file: ", "not that of certificate 1");

  write_file (f, "chain.pem", f->chain->chain);
  g_autoptr (DaemonConfig) config = parse (f, FILES, problems);
  g_autoptr (DaemonSigning) signing = daemon_signing_load (config, problems);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_cmpstr (daemon_signing_get_chain_url (signing), ==, URL);
  g_autoptr (DaemonConfig) empty = daemon_config_new_default ();
  g_assert_null (daemon_signing_load (empty, problems));
  g_assert_cmpuint (problems->len, ==, 0);
}

/* All of key, chain and URL, or none. */
static void
test_incomplete (Fixture *f, gconstpointer data)
{
  static const struct
  {
    const char *text;
    const char *start;
    const char *words;
  } cases[] = {
    { "[signing]\nkey-file = @/key.pem\nchain-file = @/chain.pem\n",
      "segue.conf:3: [signing] chain-url: ", "missing, but chain-file is given" },
    { "[signing]\nkey-file = @/key.pem\nchain-url = " URL "\n",
      "segue.conf:3: [signing] chain-file: ", "missing, but chain-url is given" },
    { "[signing]\nchain-url = " URL "\nchain-file = @/chain.pem\n",
      "segue.conf:2: [signing] key-file: ", "all of key-file, chain-file and chain-url, or none" },
    { "[signing]\nkey-file = @/key.pem\nchain-file = @/chain.pem\nchain-url = "
      "https://example.com/echo.api/a.pem\n",
      "segue.conf:4: [signing] chain-url: ", "skills refuse" },
  };
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  for (gsize i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (DaemonConfig) config = parse (f, cases[i].text, problems);
      g_assert_null (config);
      assert_problem (f, problems, cases[i].start, cases[i].words);
    }
  g_autoptr (DaemonConfig) alone = parse (f, "[signing]\nkey-file = @/key.pem\n", problems);
  g_assert_null (alone);
  g_assert_cmpuint (problems->len, ==, 2);
  g_autoptr (DaemonConfig) none = parse (f, "[signing]\nkey-file =\nsha1 = false\n", problems);
  g_assert_nonnull (none);
}

/* As systemd hands them over; a check by hand, where there are none, cannot know. */
static void
test_credentials (Fixture *f, gconstpointer data)
{
  static const char text[]
      = "[signing]\nkey-file = credential:key.pem\nchain-file = credential:chain.pem\n"
        "chain-url = " URL "\n";
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  write_file (f, "key.pem", f->chain->key);
  write_file (f, "chain.pem", f->chain->chain);

  g_unsetenv ("CREDENTIALS_DIRECTORY");
  g_autoptr (DaemonConfig) outside = parse (f, text, problems);
  daemon_signing_check (outside, problems);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_null (daemon_signing_load (outside, problems));
  g_assert_cmpuint (problems->len, ==, 2);
  g_assert_nonnull (strstr (((GError *)g_ptr_array_index (problems, 0))->message,
                            "$CREDENTIALS_DIRECTORY is not set"));

  g_setenv ("CREDENTIALS_DIRECTORY", f->folder, TRUE);
  g_autoptr (DaemonConfig) inside = parse (f, text, problems);
  g_autoptr (DaemonSigning) signing = daemon_signing_load (inside, problems);
  g_assert_cmpuint (problems->len, ==, 0);
  g_assert_nonnull (signing);
  g_unsetenv ("CREDENTIALS_DIRECTORY");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) warnings = g_ptr_array_new_with_free_func (g_free);
  g_autoptr (AlexaTestChain) chain
      = alexa_test_chain_new (now_s () - DAY_S, now_s () + 100 * DAY_S, &error);
  g_assert_no_error (error);
  const Shared shared = { chain, warnings };
  g_log_set_writer_func (count_warnings, warnings, NULL);
#define ADD(path, func) g_test_add ("/signing/" path, Fixture, &shared, set_up, func, tear_down)
  ADD ("signed", test_signed);
  ADD ("unsigned", test_unsigned);
  ADD ("no-sha1", test_no_sha1);
  ADD ("expired", test_expired);
  ADD ("warning", test_warning);
  ADD ("load", test_load);
  ADD ("incomplete", test_incomplete);
  ADD ("credentials", test_credentials);
#undef ADD
  return g_test_run ();
}
