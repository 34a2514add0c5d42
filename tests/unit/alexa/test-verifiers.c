/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* The six public verifiers of skill requests, each as far as it looks, against a signed request and
 * against requests that are spoiled in one way: each refuses what it looks at, and nothing else. */

#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <string.h>

#include "alexa/alexa-signer.h"
#include "alexa/alexa-test-chain.h"
#include "signer-certificates.h"

#define NOW_S G_GINT64_CONSTANT (1795334400) /* 2026-11-22 08:00:00 UTC */
#define DAY_S 86400
#define NAME "echo-api.amazon.com"
#define URL "https://s3.amazonaws.com/echo.api/segue-test.pem"
#define BODY_FORMAT "{\"version\":\"1.0\",\"request\":{\"timestamp\":\"%s\",\"x\":\"\xc3\xa4\"}}"

typedef struct
{
  GBytes *body;  /* (owned) */
  char *url;     /* (owned) (nullable) headers */
  char *sha256;  /* (owned) (nullable) */
  char *sha1;    /* (owned) (nullable) */
  GBytes *chain; /* (owned) what is under the URL */
  GBytes *root;  /* (owned) whom the skill trusts */
} Request;

typedef enum
{
  NAME_AMONG,  /* the leaf has the name, perhaps among others */
  NAME_ALONE,  /* and no other */
  NAME_WITHIN, /* the text of all names has it somewhere */
} NameRule;

typedef enum
{
  URL_AS_IS,
  URL_NORMALISED, /* ".." is resolved first */
} UrlRule;

typedef enum
{
  CHAIN_UNSEEN,
  CHAIN_TRUSTED,   /* up to the root */
  CHAIN_SIGNATURE, /* and the leaf is for digital signatures */
  CHAIN_SERVER,    /* and it is for a TLS server with an RSA key */
} ChainRule;

typedef struct
{
  const char *name;
  gboolean sha1;
  UrlRule url;
  NameRule names;
  gboolean not_before;
  ChainRule chain;
  gboolean only_base64; /* other decoders pass over what is not base64 */
  gint64 past_s;
  gint64 future_s; /* -1: any */
} Verifier;

static const Verifier verifiers[] = {
  { "ask-sdk-express-adapter", FALSE, URL_AS_IS, NAME_AMONG, TRUE, CHAIN_TRUSTED, FALSE, 150, -1 },
  { "ask-sdk-webservice-support", FALSE, URL_NORMALISED, NAME_AMONG, TRUE, CHAIN_SIGNATURE, FALSE,
    150, 150 },
  { "ask-sdk-servlet-support", FALSE, URL_NORMALISED, NAME_AMONG, TRUE, CHAIN_SERVER, FALSE, 30,
    30 },
  { "alexa-verifier", FALSE, URL_AS_IS, NAME_AMONG, TRUE, CHAIN_UNSEEN, TRUE, 150, -1 },
  { "flask-ask", TRUE, URL_NORMALISED, NAME_ALONE, FALSE, CHAIN_UNSEEN, FALSE, 150, 150 },
  { "amazon-alexa-php", TRUE, URL_AS_IS, NAME_WITHIN, TRUE, CHAIN_UNSEEN, FALSE, 150, -1 },
};

/* One bit for each of them. */
#define NODE 1
#define PYTHON 2
#define JAVA 4
#define ALEXA_VERIFIER 8
#define FLASK 16
#define PHP 32
#define ALL 63

/* --- The checks ------------------------------------------------------------------------------- */

static gboolean
url_is_good (UrlRule rule, const char *text)
{
  g_autofree char *scheme = NULL;
  g_autofree char *host = NULL;
  g_autofree char *raw = NULL;
  int port = -1;
  /* g_uri_parse() would resolve ".." */
  if (text == NULL
      || !g_uri_split (text, G_URI_FLAGS_NONE, &scheme, NULL, &host, &port, &raw, NULL, NULL, NULL)
      || scheme == NULL || g_ascii_strcasecmp (scheme, "https") != 0 || host == NULL
      || g_ascii_strcasecmp (host, "s3.amazonaws.com") != 0 || (port != -1 && port != 443))
    return FALSE;
  g_autofree char *path
      = rule == URL_NORMALISED ? g_canonicalize_filename (raw, "/") : g_strdup (raw);
  return g_str_has_prefix (path, "/echo.api/");
}

/* All names of @leaf as "DNS:a, DNS:b". */
static char *
list_names (X509 *leaf)
{
  GString *text = g_string_new (NULL);
  GENERAL_NAMES *names = X509_get_ext_d2i (leaf, NID_subject_alt_name, NULL, NULL);
  for (int i = 0; i < sk_GENERAL_NAME_num (names); i++)
    {
      int type = 0;
      const ASN1_STRING *value = GENERAL_NAME_get0_value (sk_GENERAL_NAME_value (names, i), &type);
      g_string_append_printf (text, "%s%s%.*s", i > 0 ? ", " : "",
                              type == GEN_DNS ? "DNS:" : "?:", ASN1_STRING_length (value),
                              ASN1_STRING_get0_data (value));
    }
  GENERAL_NAMES_free (names);
  return g_string_free (text, FALSE);
}

static gboolean
name_is_good (NameRule rule, X509 *leaf)
{
  g_autofree char *text = list_names (leaf);
  g_auto (GStrv) names = g_strsplit (text, ", ", -1);
  switch (rule)
    {
    case NAME_AMONG:
      return g_strv_contains ((const char *const *)names, "DNS:" NAME);
    case NAME_ALONE:
      return g_str_equal (text, "DNS:" NAME);
    case NAME_WITHIN:
    default:
      return strstr (text, NAME) != NULL;
    }
}

static gboolean
dates_are_good (const Verifier *verifier, X509 *leaf)
{
  time_t now = NOW_S;
  return X509_cmp_time (X509_get0_notAfter (leaf), &now) > 0
         && (!verifier->not_before || X509_cmp_time (X509_get0_notBefore (leaf), &now) < 0);
}

static gboolean
chain_is_trusted (ChainRule rule, GPtrArray *chain, GBytes *root_pem)
{
  g_autoptr (GPtrArray) root = signer_read_chain (root_pem);
  X509_STORE *store = X509_STORE_new ();
  X509_STORE_add_cert (store, g_ptr_array_index (root, 0));
  STACK_OF (X509) *above = sk_X509_new_null ();
  for (guint i = 1; i < chain->len; i++)
    sk_X509_push (above, g_ptr_array_index (chain, i));
  X509_STORE_CTX *context = X509_STORE_CTX_new ();
  X509_STORE_CTX_init (context, store, g_ptr_array_index (chain, 0), above);
  X509_STORE_CTX_set_time (context, 0, NOW_S);
  if (rule == CHAIN_SERVER)
    X509_STORE_CTX_set_purpose (context, X509_PURPOSE_SSL_SERVER);
  gboolean trusted = X509_verify_cert (context) == 1;
  X509_STORE_CTX_free (context);
  sk_X509_free (above);
  X509_STORE_free (store);
  ERR_clear_error ();
  return trusted;
}

static gboolean
chain_is_good (ChainRule rule, GPtrArray *chain, GBytes *root)
{
  X509 *leaf = g_ptr_array_index (chain, 0);
  gboolean has_usage = (X509_get_extension_flags (leaf) & EXFLAG_KUSAGE) != 0;
  guint32 usage = X509_get_key_usage (leaf);
  if (rule == CHAIN_SIGNATURE && (!has_usage || (usage & KU_DIGITAL_SIGNATURE) == 0))
    return FALSE;
  if (rule == CHAIN_SERVER && (usage & KU_KEY_ENCIPHERMENT) == 0)
    return FALSE;
  return rule == CHAIN_UNSEEN || chain_is_trusted (rule, chain, root);
}

static gboolean
is_base64 (const char *text)
{
  return g_regex_match_simple ("^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?\\z",
                               text, 0, 0);
}

static gboolean
time_is_good (const Verifier *verifier, GBytes *body)
{
  const char *text = g_bytes_get_data (body, NULL);
  const char *start = strstr (text, "\"timestamp\":\"");
  g_assert_nonnull (start);
  g_autofree char *stamp
      = g_strndup (start + strlen ("\"timestamp\":\""), strlen ("YYYY-MM-DDTHH:MM:SSZ"));
  g_autoptr (GDateTime) when = g_date_time_new_from_iso8601 (stamp, NULL);
  g_assert_nonnull (when);
  gint64 age_s = NOW_S - g_date_time_to_unix (when);
  return age_s <= verifier->past_s && (verifier->future_s < 0 || -age_s <= verifier->future_s);
}

static gboolean
accepts (const Verifier *verifier, const Request *request)
{
  const char *base64 = verifier->sha1 ? request->sha1 : request->sha256;
  g_autoptr (GPtrArray) chain = signer_read_chain (request->chain);
  X509 *leaf = g_ptr_array_index (chain, 0);
  if (base64 == NULL || !url_is_good (verifier->url, request->url)
      || (verifier->only_base64 && !is_base64 (base64)))
    return FALSE;
  g_autoptr (GString) plain = g_string_new (base64);
  g_string_replace (plain, "\n", "", 0);
  return name_is_good (verifier->names, leaf) && dates_are_good (verifier, leaf)
         && chain_is_good (verifier->chain, chain, request->root)
         && time_is_good (verifier, request->body)
         && signer_verify (leaf, verifier->sha1 ? "SHA1" : "SHA256", plain->str, request->body);
}

/* --- Requests --------------------------------------------------------------------------------- */

static GBytes *
make_body (gint64 time_s)
{
  g_autoptr (GDateTime) when = g_date_time_new_from_unix_utc (time_s);
  g_autofree char *stamp = g_date_time_format (when, "%Y-%m-%dT%H:%M:%SZ");
  char *text = g_strdup_printf (BODY_FORMAT, stamp);
  return g_bytes_new_take (text, strlen (text));
}

static void
request_free (Request *request)
{
  g_bytes_unref (request->body);
  g_bytes_unref (request->chain);
  g_bytes_unref (request->root);
  g_free (request->url);
  g_free (request->sha256);
  g_free (request->sha1);
  g_free (request);
}

static Request *
make_request (const AlexaTestChain *chain, gint64 time_s)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaSigner) signer = alexa_signer_new (chain->key, chain->chain, NOW_S, &error);
  g_assert_no_error (error);
  Request *request = g_new0 (Request, 1);
  request->body = make_body (time_s);
  g_autoptr (AlexaSignature) signature
      = alexa_signer_sign (signer, request->body, TRUE, NOW_S, &error);
  g_assert_no_error (error);
  request->url = g_strdup (URL);
  request->sha256 = g_steal_pointer (&signature->sha256);
  request->sha1 = g_steal_pointer (&signature->sha1);
  request->chain = g_bytes_ref (chain->chain);
  request->root = g_bytes_ref (chain->ca);
  return request;
}

/* Who of the six refuses @request, which is freed. */
static void
check (const char *what, Request *request, guint refusing)
{
  for (gsize i = 0; i < G_N_ELEMENTS (verifiers); i++)
    {
      g_test_message ("%s: %s", what, verifiers[i].name);
      g_assert_cmpint (accepts (&verifiers[i], request), ==, (refusing >> i & 1) == 0);
    }
  request_free (request);
}

static void
test_request (gconstpointer data)
{
  const AlexaTestChain *chain = data;
  check ("as made", make_request (chain, NOW_S), 0);
  check ("29 s on the way", make_request (chain, NOW_S - 29), 0);
  check ("31 s on the way", make_request (chain, NOW_S - 31), JAVA);
  check ("151 s on the way", make_request (chain, NOW_S - 151), ALL);
  check ("151 s ahead", make_request (chain, NOW_S + 151), PYTHON | JAVA | FLASK);

  Request *changed = make_request (chain, NOW_S);
  g_bytes_unref (changed->body);
  changed->body = make_body (NOW_S - 1);
  check ("another body", changed, ALL);

  Request *old = make_request (chain, NOW_S);
  g_clear_pointer (&old->sha256, g_free);
  check ("no Signature-256", old, NODE | PYTHON | JAVA | ALEXA_VERIFIER);
  Request *new = make_request (chain, NOW_S);
  g_clear_pointer (&new->sha1, g_free);
  check ("no Signature", new, FLASK | PHP);

  Request *broken = make_request (chain, NOW_S);
  g_autofree char *start = g_strndup (broken->sha256, 64);
  char *lines = g_strconcat (start, "\n", broken->sha256 + 64, NULL);
  g_free (broken->sha256);
  broken->sha256 = lines;
  check ("base64 in lines", broken, ALEXA_VERIFIER);
}

static void
test_urls (gconstpointer data)
{
  static const struct
  {
    const char *url;
    guint refusing;
  } urls[] = {
    { "https://s3.amazonaws.com:443/echo.api/a.pem", 0 },
    { "HTTPS://S3.AMAZONAWS.COM/echo.api/a.pem", 0 },
    { "http://s3.amazonaws.com/echo.api/a.pem", ALL },
    { "https://s3.amazonaws.com:563/echo.api/a.pem", ALL },
    { "https://example.com/echo.api/a.pem", ALL },
    { "https://s3.amazonaws.com/EcHo.api/a.pem", ALL },
    { "https://s3.amazonaws.com/echo.api/../a.pem", PYTHON | JAVA | FLASK },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (urls); i++)
    {
      Request *request = make_request (data, NOW_S);
      g_free (request->url);
      request->url = g_strdup (urls[i].url);
      check (urls[i].url, request, urls[i].refusing);
    }
}

/* Another authority than the one that is trusted. */
static void
test_trust (gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaTestChain) other = alexa_test_chain_new (NOW_S - DAY_S, NOW_S + DAY_S, &error);
  g_assert_no_error (error);
  Request *strange = make_request (data, NOW_S);
  g_bytes_unref (strange->root);
  strange->root = g_bytes_ref (other->ca);
  check ("an authority unheard of", strange, NODE | PYTHON | JAVA);

  Request *swapped = make_request (data, NOW_S);
  g_bytes_unref (swapped->chain);
  swapped->chain = g_bytes_ref (other->chain);
  check ("certificates of another key", swapped, ALL);
}

/* What the signer refuses to sign with, some verifier refuses, and for the same reason. */
static void
test_certificates (gconstpointer data)
{
#define GOOD_USAGE "critical,digitalSignature,keyEncipherment"
#define ONE_NAME "DNS:" NAME
  static const struct
  {
    SignerCertificate leaf;
    guint refusing;
  } leaves[] = {
    { { "good", NULL, GOOD_USAGE, ONE_NAME, NOW_S - 1, NOW_S + 9 }, 0 },
    { { "two names", NULL, GOOD_USAGE, ONE_NAME ",DNS:b", NOW_S - 1, NOW_S + 9 }, FLASK },
    { { "no name", NULL, GOOD_USAGE, NULL, NOW_S - 1, NOW_S + 9 }, ALL },
    { { "name as URI", NULL, GOOD_USAGE, "URI:" NAME, NOW_S - 1, NOW_S + 9 }, ALL & ~PHP },
    { { "expired", NULL, GOOD_USAGE, ONE_NAME, NOW_S - 9, NOW_S - 1 }, ALL },
    { { "too new", NULL, GOOD_USAGE, ONE_NAME, NOW_S + 1, NOW_S + 9 }, ALL & ~FLASK },
    { { "no usage", NULL, NULL, ONE_NAME, NOW_S - 1, NOW_S + 9 }, PYTHON },
    { { "no signatures", NULL, "keyEncipherment", ONE_NAME, NOW_S - 1, NOW_S + 9 }, PYTHON },
    { { "signatures only", NULL, "digitalSignature", ONE_NAME, NOW_S - 1, NOW_S + 9 }, JAVA },
    { { "for clients", NULL, GOOD_USAGE, ONE_NAME, NOW_S - 1, NOW_S + 9, "clientAuth" }, JAVA },
  };
  static const SignerCertificate authority
      = { "A", "critical,CA:TRUE", "critical,keyCertSign", NULL, NOW_S - DAY_S, NOW_S + DAY_S };
  EVP_PKEY *key = EVP_RSA_gen (2048);
  EVP_PKEY *ca_key = EVP_RSA_gen (2048);
  X509 *ca = signer_certificate_new (&authority, ca_key, NULL, ca_key);
  g_autoptr (GBytes) key_pem = signer_key_to_pem (key, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (leaves); i++)
    {
      g_autoptr (GString) root = g_string_new (NULL);
      g_autoptr (GString) pem = g_string_new (NULL);
      X509 *leaf = signer_certificate_new (&leaves[i].leaf, key, ca, ca_key);
      signer_append_certificate (root, ca);
      signer_append_certificate (pem, leaf);
      g_autoptr (GBytes) chain = signer_text (pem->str);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlexaSigner) signer = alexa_signer_new (key_pem, chain, NOW_S, &error);
      g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
      g_autoptr (AlexaSignature) signature
          = signer != NULL ? alexa_signer_sign (signer, body, TRUE, NOW_S, &error) : NULL;
      g_assert_cmpint (signature == NULL, ==, leaves[i].refusing != 0);

      /* signatures of that key, as if the signer had taken it */
      SignerCertificate fine = leaves[0].leaf;
      X509 *good = signer_certificate_new (&fine, key, ca, ca_key);
      g_autoptr (GString) good_pem = g_string_new (NULL);
      signer_append_certificate (good_pem, good);
      AlexaTestChain taken = { signer_text (root->str), key_pem, signer_text (good_pem->str) };
      Request *request = make_request (&taken, NOW_S);
      g_bytes_unref (request->chain);
      request->chain = g_bytes_ref (chain);
      check (leaves[i].leaf.name, request, leaves[i].refusing);
      g_bytes_unref (taken.ca);
      g_bytes_unref (taken.chain);
      X509_free (leaf);
      X509_free (good);
    }
  X509_free (ca);
  EVP_PKEY_free (ca_key);
  EVP_PKEY_free (key);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaTestChain) chain = alexa_test_chain_new (NOW_S - DAY_S, NOW_S + DAY_S, &error);
  g_assert_no_error (error);
  g_test_add_data_func ("/verifiers/request", chain, test_request);
  g_test_add_data_func ("/verifiers/urls", chain, test_urls);
  g_test_add_data_func ("/verifiers/trust", chain, test_trust);
  g_test_add_data_func ("/verifiers/certificates", chain, test_certificates);
  return g_test_run ();
}
