/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Signed requests as a user has them: keys made by seguectl, a real segued, a skill that verifies. */

#include <glib/gstdio.h>
#include <string.h>
#include <sysexits.h>

#include "alexa/alexa-test-chain.h"
#include "harness.h"
#include "tests/unit/alexa/signer-certificates.h"

#define URL "https://s3.amazonaws.com/echo.api/segue-test.pem"
#define DAY_S (24 * 60 * 60)
/* Between the sending of a request and its log entry. */
#define SLACK_S 5

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* --- Keys ------------------------------------------------------------------------------------- */

/* A folder with ca.pem, key.pem and chain.pem, removed in the end. */
typedef struct
{
  char *folder; /* (owned) */
} Keys;

static const char *const file_names[]
    = { "ca.pem", "key.pem", "chain.pem", "segue.conf", "other.pem" };

static void
keys_clear (Keys *keys)
{
  for (gsize i = 0; i < G_N_ELEMENTS (file_names); i++)
    {
      g_autofree char *path = g_build_filename (keys->folder, file_names[i], NULL);
      g_unlink (path);
    }
  g_assert_cmpint (g_rmdir (keys->folder), ==, 0);
  g_free (keys->folder);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Keys, keys_clear)

static void
write_key_file (const Keys *keys, const char *name, GBytes *bytes)
{
  g_autofree char *path = g_build_filename (keys->folder, name, NULL);
  gsize size = 0;
  const char *data = g_bytes_get_data (bytes, &size);
  g_assert_true (g_file_set_contents (path, data, size, NULL));
}

static void
make_folder (Keys *keys)
{
  g_autoptr (GError) error = NULL;
  keys->folder = g_dir_make_tmp ("segue-keys-XXXXXX", &error);
  g_assert_no_error (error);
}

static void
make_keys_from (const Keys *keys, gint64 from_s, gint64 to_s)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaTestChain) chain = alexa_test_chain_new (from_s, to_s, &error);
  g_assert_no_error (error);
  write_key_file (keys, "ca.pem", chain->ca);
  write_key_file (keys, "key.pem", chain->key);
  write_key_file (keys, "chain.pem", chain->chain);
}

/* As a user makes them. */
static void
make_keys_by_seguectl (const Keys *keys)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE, &error, SEGUECTL, "signing", "init",
                          "--directory", keys->folder, NULL);
  g_assert_no_error (error);
  g_assert_true (g_subprocess_wait_check (process, NULL, &error));
  g_assert_no_error (error);
}

static char *
make_config (const Keys *keys, const char *more)
{
  return g_strdup_printf ("[signing]\nkey-file = %s/key.pem\nchain-file = %s/chain.pem\n"
                          "chain-url = " URL "\n%s",
                          keys->folder, keys->folder, more);
}

/* --- What the skill has received -------------------------------------------------------------- */

static gint64
timestamp_of (JsonObject *entry)
{
  JsonObject *request
      = json_object_get_object_member (json_object_get_object_member (entry, "body"), "request");
  g_autoptr (GDateTime) when
      = g_date_time_new_from_iso8601 (json_object_get_string_member (request, "timestamp"), NULL);
  g_assert_nonnull (when);
  return g_date_time_to_unix (when);
}

/* The signatures are those of the bytes that came, by the key of @leaf. */
static void
verify (JsonObject *entry, X509 *leaf)
{
  gsize size = 0;
  g_test_message ("%s", json_object_get_string_member (entry, "type"));
  g_assert_cmpstr (json_object_get_string_member_with_default (entry, "SignatureCertChainUrl", ""),
                   ==, URL);
  guint8 *data = g_base64_decode (json_object_get_string_member (entry, "bytes"), &size);
  g_autoptr (GBytes) body = g_bytes_new_take (data, size);
  g_assert_true (
      signer_verify (leaf, "SHA256", json_object_get_string_member (entry, "Signature-256"), body));
  g_assert_true (
      signer_verify (leaf, "SHA1", json_object_get_string_member (entry, "Signature"), body));
  gint64 age_s = now_s () - timestamp_of (entry);
  g_assert_cmpint (age_s, >=, 0);
}

/* (element-type JsonObject): the log entries of requests, of @type (nullable: any). */
static GPtrArray *
list_requests (Harness *h, const char *type)
{
  GPtrArray *log = demo_server_get_log (harness_skill (h));
  GPtrArray *requests = g_ptr_array_new ();
  for (guint i = 0; i < log->len; i++)
    {
      JsonObject *entry = g_ptr_array_index (log, i);
      if (g_str_equal (json_object_get_string_member (entry, "kind"), "request")
          && (type == NULL || g_str_equal (json_object_get_string_member (entry, "type"), type)))
        g_ptr_array_add (requests, entry);
    }
  return requests;
}

static X509 *
read_leaf (const Keys *keys)
{
  g_autofree char *path = g_build_filename (keys->folder, "chain.pem", NULL);
  char *text = NULL;
  gsize size = 0;
  g_assert_true (g_file_get_contents (path, &text, &size, NULL));
  g_autoptr (GBytes) pem = g_bytes_new_take (text, size);
  g_autoptr (GPtrArray) chain = signer_read_chain (pem);
  X509 *leaf = g_ptr_array_index (chain, 0);
  X509_up_ref (leaf);
  return leaf;
}

static void
launch (Harness *h, const char *skill)
{
  g_autoptr (GVariant) reply
      = harness_call (h, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", skill));
}

/* --- Tests ------------------------------------------------------------------------------------ */

/* Whatever leaves is signed: answers to people, reports, buttons. */
static void
test_signed (void)
{
  g_auto (Keys) keys = { 0 };
  make_folder (&keys);
  make_keys_by_seguectl (&keys);
  X509 *leaf = read_leaf (&keys);
  g_autofree char *config = make_config (&keys, "");
  g_autoptr (Harness) h = harness_new (config);
  launch (h, harness_url (h));
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0",
                  "PlaybackNearlyFinished track-1 *", NULL);
  g_autoptr (GVariant) next = harness_call (h, HARNESS_PLAYER, "Next", NULL);
  harness_expect (h, "NextCommandIssued", NULL);
  g_autoptr (GPtrArray) requests = list_requests (h, NULL);
  g_assert_cmpuint (requests->len, >=, 4);
  for (guint i = 0; i < requests->len; i++)
    {
      JsonObject *entry = g_ptr_array_index (requests, i);
      verify (entry, leaf);
      g_assert_cmpint (now_s () - timestamp_of (entry), <=, SLACK_S + 10);
    }
  X509_free (leaf);
}

/* A report that is sent again is as old as its last attempt, and signed anew. */
static void
test_again (void)
{
  g_auto (Keys) keys = { 0 };
  make_folder (&keys);
  make_keys_by_seguectl (&keys);
  X509 *leaf = read_leaf (&keys);
  g_autofree char *config = make_config (&keys, "");
  g_autoptr (Harness) h = harness_new (config);
  harness_fault (h, "{\"fault\":\"status\",\"status\":503,\"delay_ms\":1100,"
                    "\"on\":\"AudioPlayer.PlaybackStarted\"}");
  launch (h, harness_url (h));
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0", "ExceptionEncountered *",
                  "PlaybackStarted track-1 0", NULL);
  g_autoptr (GPtrArray) attempts = list_requests (h, "AudioPlayer.PlaybackStarted");
  g_assert_cmpuint (attempts->len, >=, 2);
  JsonObject *first = g_ptr_array_index (attempts, 0);
  JsonObject *second = g_ptr_array_index (attempts, 1);
  verify (first, leaf);
  verify (second, leaf);
  g_assert_cmpint (timestamp_of (second), >, timestamp_of (first));
  g_assert_cmpstr (json_object_get_string_member (second, "Signature-256"), !=,
                   json_object_get_string_member (first, "Signature-256"));
  X509_free (leaf);
}

/* sha1 = false leaves the old header out, sign = false all of them. */
static void
test_less (void)
{
  g_auto (Keys) keys = { 0 };
  make_folder (&keys);
  make_keys_by_seguectl (&keys);
  g_autofree char *config
      = make_config (&keys, "sha1 = false\n[skill plain]\nendpoint = @URL@\nsign = false\n");
  g_autoptr (Harness) h = harness_new (config);
  launch (h, "plain");
  harness_expect (h, "LaunchRequest", NULL);
  g_autoptr (GPtrArray) plain = list_requests (h, "LaunchRequest");
  g_assert_false (json_object_has_member (g_ptr_array_index (plain, 0), "Signature-256"));
  g_autofree char *other = g_strconcat (harness_url (h), "?signed", NULL);
  launch (h, other);
  g_autoptr (GPtrArray) both = list_requests (h, "LaunchRequest");
  g_assert_cmpuint (both->len, ==, 2);
  JsonObject *last = g_ptr_array_index (both, 1);
  g_assert_true (json_object_has_member (last, "Signature-256"));
  g_assert_true (json_object_has_member (last, "SignatureCertChainUrl"));
  g_assert_false (json_object_has_member (last, "Signature"));
}

static gboolean
is_past (gpointer user_data)
{
  return now_s () > *(gint64 *)user_data;
}

static gboolean
has_stopped (gpointer user_data)
{
  g_autoptr (GPtrArray) stopped = list_requests (user_data, "AudioPlayer.PlaybackStopped");
  return stopped->len > 0;
}

/* A moment that is still to come when keys have been made for it and the daemon has started, also where
 * that takes long. */
static gint64
choose_moment (Keys *keys)
{
  gint64 before_s = now_s ();
  make_keys_from (keys, before_s - 60, before_s + DAY_S);
  return now_s () + 12 + 2 * (now_s () - before_s);
}

/* The chain expires while the daemon runs: nothing leaves, and what had to be told is told when there
 * is a new one. */
static void
test_expires (void)
{
  g_auto (Keys) keys = { 0 };
  make_folder (&keys);
  gint64 end_s = choose_moment (&keys);
  make_keys_from (&keys, now_s () - 60, end_s);
  g_autofree char *config = make_config (&keys, "");
  g_autofree char *debug = g_strdup (g_getenv ("G_DEBUG"));
  g_setenv ("G_DEBUG", "fatal-criticals", TRUE); /* that the end is near is a warning */
  g_autoptr (Harness) h = harness_new (config);
  g_autofree char *track = g_build_filename (harness_media_dir (h), "a.wav", NULL);
  harness_write_wav (track, 1, 60 * 44100); /* plays until it is stopped */
  launch (h, harness_url (h));
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0", NULL);
  g_assert_true (harness_wait (90000, is_past, &end_s));
  g_autoptr (GVariant) stop = harness_call (h, HARNESS_PLAYER, "Stop", NULL);
  harness_wait_signal (h, "RequestFailed", "cannot be signed");
  g_autofree char *message = NULL;
  g_autofree char *name = harness_call_error (h, HARNESS_CONVERSATION, "Launch",
                                              g_variant_new ("(s)", harness_url (h)), &message);
  g_assert_cmpstr (name, ==, "Unreachable");
  g_assert_nonnull (strstr (message, "expired at"));
  g_autoptr (GPtrArray) stopped = list_requests (h, "AudioPlayer.PlaybackStopped");
  g_assert_cmpuint (stopped->len, ==, 0);
  g_autoptr (GPtrArray) launched = list_requests (h, "LaunchRequest");
  g_assert_cmpuint (launched->len, ==, 1);

  g_assert_cmpint (harness_end_daemon (h, SIGTERM), ==, 0);
  make_keys_from (&keys, now_s () - 60, now_s () + 100 * DAY_S);
  X509 *leaf = read_leaf (&keys);
  if (debug != NULL)
    g_setenv ("G_DEBUG", debug, TRUE);
  harness_start_daemon (h);
  g_assert_true (harness_wait (30000, has_stopped, h));
  g_autoptr (GPtrArray) told = list_requests (h, "AudioPlayer.PlaybackStopped");
  g_assert_cmpuint (told->len, ==, 1);
  verify (g_ptr_array_index (told, 0), leaf);
  X509_free (leaf);
}

static gboolean
has_launched (gpointer user_data)
{
  g_autoptr (GPtrArray) launched = list_requests (user_data, "LaunchRequest");
  return launched->len > 0;
}

/* A device whose clock starts in the past is there all the same; it sends nothing until the clock is
 * set, and needs no new start then. */
static void
test_early (void)
{
  g_auto (Keys) keys = { 0 };
  make_folder (&keys);
  gint64 begin_s = choose_moment (&keys);
  make_keys_from (&keys, begin_s, now_s () + 100 * DAY_S);
  X509 *leaf = read_leaf (&keys);
  g_autofree char *config = make_config (&keys, "");
  g_autofree char *debug = g_strdup (g_getenv ("G_DEBUG"));
  g_setenv ("G_DEBUG", "fatal-criticals", TRUE); /* the daemon warns */
  g_autoptr (Harness) h = harness_new (config);
  g_autofree char *message = NULL;
  g_autofree char *name = harness_call_error (h, HARNESS_CONVERSATION, "Launch",
                                              g_variant_new ("(s)", harness_url (h)), &message);
  g_assert_cmpstr (name, ==, "Unreachable");
  g_assert_nonnull (strstr (message, "is not valid before"));
  g_assert_false (has_launched (h));

  g_assert_true (harness_wait (90000, is_past, &begin_s));
  launch (h, harness_url (h));
  g_autoptr (GPtrArray) requests = list_requests (h, "LaunchRequest");
  g_assert_cmpuint (requests->len, ==, 1);
  verify (g_ptr_array_index (requests, 0), leaf);
  X509_free (leaf);
  if (debug != NULL)
    g_setenv ("G_DEBUG", debug, TRUE);
}

/* --- At the start ----------------------------------------------------------------------------- */

typedef struct
{
  Harness *h;
  const Keys *keys;
  char *config; /* path */
  char *state;
} Start;

static void
check_refused (const Start *start, const char *words)
{
  g_autofree char *at_start = NULL;
  g_autofree char *at_check = NULL;
  int status = harness_run (start->h, NULL, &at_start, SEGUED, "--config", start->config,
                            "--state-dir", start->state, NULL);
  g_assert_cmpint (status, ==, EX_CONFIG);
  g_assert_nonnull (strstr (at_start, words));
  g_assert_cmpint (harness_run (start->h, NULL, &at_check, SEGUED, "--config", start->config,
                                "--check-config", NULL),
                   ==, EX_CONFIG);
  g_test_message ("%s", at_check);
  g_assert_nonnull (strstr (at_check, words));
}

static void
test_refusals (void)
{
  g_auto (Keys) keys = { 0 };
  make_folder (&keys);
  g_autoptr (Harness) h = harness_new (NULL);
  g_autofree char *path = g_build_filename (keys.folder, "segue.conf", NULL);
  g_autofree char *state = g_build_filename (harness_dir (h), "other", NULL);
  g_autofree char *config = make_config (&keys, "[audio]\nsink = fakesink\n");
  g_assert_true (g_file_set_contents (path, config, -1, NULL));
  Start start = { h, &keys, path, state };

  check_refused (&start, "segue.conf:2: [signing] key-file: ");
  check_refused (&start, "segue.conf:3: [signing] chain-file: ");

  make_keys_from (&keys, now_s () - 2 * DAY_S, now_s () - DAY_S);
  check_refused (&start, "segue.conf:3: [signing] chain-file: certificate 1 (O = Segue test, CN = "
                         "echo-api.amazon.com) expired at ");

  make_keys_from (&keys, now_s () - DAY_S, now_s () + DAY_S);
  EVP_PKEY *other = EVP_RSA_gen (2048);
  g_autoptr (GBytes) other_key = signer_key_to_pem (other, NULL);
  write_key_file (&keys, "key.pem", other_key);
  check_refused (&start, "segue.conf:2: [signing] key-file: the private key is not that of");
  g_autoptr (GBytes) locked = signer_key_to_pem (other, "secret");
  write_key_file (&keys, "key.pem", locked);
  check_refused (&start, "segue.conf:2: [signing] key-file: the private key has a passphrase");
  EVP_PKEY_free (other);
  EVP_PKEY *curve = EVP_EC_gen ("P-256");
  g_autoptr (GBytes) curve_key = signer_key_to_pem (curve, NULL);
  write_key_file (&keys, "key.pem", curve_key);
  check_refused (&start, "segue.conf:2: [signing] key-file: the private key is EC, not RSA");
  EVP_PKEY_free (curve);

  g_autofree char *half = g_strdup_printf ("[signing]\nkey-file = %s/key.pem\n", keys.folder);
  g_assert_true (g_file_set_contents (path, half, -1, NULL));
  check_refused (&start, "segue.conf:2: [signing] chain-file: missing, but key-file is given");
}

/* As systemd hands them over. */
static void
test_credentials (void)
{
  g_auto (Keys) keys = { 0 };
  make_folder (&keys);
  make_keys_by_seguectl (&keys);
  X509 *leaf = read_leaf (&keys);
  g_setenv ("CREDENTIALS_DIRECTORY", keys.folder, TRUE);
  g_autoptr (Harness) h = harness_new ("[signing]\nkey-file = credential:key.pem\n"
                                       "chain-file = credential:chain.pem\nchain-url = " URL "\n");
  g_unsetenv ("CREDENTIALS_DIRECTORY");
  launch (h, harness_url (h));
  g_autoptr (GPtrArray) requests = list_requests (h, "LaunchRequest");
  g_assert_cmpuint (requests->len, ==, 1);
  verify (g_ptr_array_index (requests, 0), leaf);
  X509_free (leaf);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/integration/signing/signed", test_signed);
  g_test_add_func ("/integration/signing/again", test_again);
  g_test_add_func ("/integration/signing/less", test_less);
  g_test_add_func ("/integration/signing/expires", test_expires);
  g_test_add_func ("/integration/signing/early", test_early);
  g_test_add_func ("/integration/signing/refusals", test_refusals);
  g_test_add_func ("/integration/signing/credentials", test_credentials);
  return g_test_run ();
}
