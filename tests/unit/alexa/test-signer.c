/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* The signer: what it refuses and how it says so, and signatures checked by OpenSSL. */

#include <openssl/pem.h>
#include <openssl/rsa.h>
#include <string.h>

#include "alexa/alexa-chain.h"
#include "alexa/alexa-signer.h"
#include "alexa/alexa-test-chain.h"
#include "signer-certificates.h"

#define NOW_S G_GINT64_CONSTANT (1795334400) /* 2026-11-22 08:00:00 UTC */
#define DAY_S 86400
#define ALEXA_NAME "DNS:echo-api.amazon.com"
#define CA_CONSTRAINTS "critical,CA:TRUE"
#define CA_USAGE "critical,keyCertSign"
#define LEAF_CONSTRAINTS "critical,CA:FALSE"
#define LEAF_USAGE "critical,digitalSignature,keyEncipherment"
#define GOOD_DATES .from_s = NOW_S - DAY_S, .to_s = NOW_S + DAY_S

/* Making keys takes long: all tests share them. */
typedef struct
{
  EVP_PKEY *key;   /* of the leaf */
  EVP_PKEY *ca;    /* of the authority */
  EVP_PKEY *other; /* of somebody else */
  EVP_PKEY *small;
  EVP_PKEY *pss;
  EVP_PKEY *ec;
} Keys;

static const SignerCertificate good_ca
    = { "Authority", CA_CONSTRAINTS, CA_USAGE, NULL, GOOD_DATES };
static const SignerCertificate good_leaf
    = { "Leaf", LEAF_CONSTRAINTS, LEAF_USAGE, ALEXA_NAME, GOOD_DATES };

/* (transfer full): PEM of a leaf with @leaf_key and its authority with @ca_key. */
static char *
make_chain (const SignerCertificate *leaf,
            EVP_PKEY *leaf_key,
            const SignerCertificate *ca,
            EVP_PKEY *ca_key)
{
  GString *text = g_string_new (NULL);
  X509 *above = signer_certificate_new (ca, ca_key, NULL, ca_key);
  X509 *below = signer_certificate_new (leaf, leaf_key, above, ca_key);
  signer_append_certificate (text, below);
  signer_append_certificate (text, above);
  X509_free (below);
  X509_free (above);
  return g_string_free (text, FALSE);
}

static void
check_fault (GBytes *key, const char *chain, AlexaSignerError code, const char *words)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) chain_pem = signer_text (chain);
  g_autoptr (AlexaSigner) signer = alexa_signer_new (key, chain_pem, NOW_S, &error);
  g_assert_null (signer);
  g_assert_error (error, ALEXA_SIGNER_ERROR, (int)code);
  g_test_message ("%s", error->message);
  g_assert_nonnull (strstr (error->message, words));
  g_assert_true (g_utf8_validate (error->message, -1, NULL));
}

static void
check_key_fault (GBytes *key, const char *chain, AlexaSignerError code, const char *words)
{
  check_fault (key, chain, code, words);
  g_bytes_unref (key);
}

static GBytes *
public_key_to_pem (EVP_PKEY *key)
{
  BIO *bio = BIO_new (BIO_s_mem ());
  PEM_write_bio_PUBKEY (bio, key);
  char *data = NULL;
  long size = BIO_get_mem_data (bio, &data);
  GBytes *bytes = g_bytes_new (data, size);
  BIO_free (bio);
  return bytes;
}

static void
test_key_faults (gconstpointer data)
{
  const Keys *keys = data;
  g_autofree char *chain = make_chain (&good_leaf, keys->key, &good_ca, keys->ca);
  const char *unread = "no private key in PEM form";
  check_key_fault (signer_text (""), chain, ALEXA_SIGNER_ERROR_KEY, unread);
  check_key_fault (signer_text ("key"), chain, ALEXA_SIGNER_ERROR_KEY, unread);
  check_key_fault (signer_text (chain), chain, ALEXA_SIGNER_ERROR_KEY, unread);
  check_key_fault (public_key_to_pem (keys->key), chain, ALEXA_SIGNER_ERROR_KEY, unread);
  check_key_fault (signer_key_to_pem (keys->key, "secret"), chain, ALEXA_SIGNER_ERROR_KEY,
                   "has a passphrase");
  check_key_fault (signer_key_to_pem (keys->small, NULL), chain, ALEXA_SIGNER_ERROR_KIND,
                   "1024 bit, fewer than 2048");
  check_key_fault (signer_key_to_pem (keys->ec, NULL), chain, ALEXA_SIGNER_ERROR_KIND,
                   "is EC, not RSA");
  check_key_fault (signer_key_to_pem (keys->pss, NULL), chain, ALEXA_SIGNER_ERROR_KIND,
                   "is RSA-PSS, not RSA");
  check_key_fault (signer_key_to_pem (keys->other, NULL), chain, ALEXA_SIGNER_ERROR_MISMATCH,
                   "not that of certificate 1 (CN = Leaf)");
  check_key_fault (signer_key_to_pem (keys->ca, NULL), chain, ALEXA_SIGNER_ERROR_CHAIN,
                   "that of certificate 2 (CN = Authority), which has to come first");
}

/* @key with a few bits turned over in its private half. */
static EVP_PKEY *
damage (EVP_PKEY *key)
{
  EVP_PKEY *damaged = NULL;
  OSSL_PARAM *params = NULL;
  g_assert_cmpint (EVP_PKEY_todata (key, EVP_PKEY_KEYPAIR, &params), ==, 1);
  for (OSSL_PARAM *param = params; param->key != NULL; param++)
    if (!g_str_equal (param->key, "n") && !g_str_equal (param->key, "e"))
      ((guint8 *)param->data)[param->data_size / 2] ^= 0x55;
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name (NULL, "RSA", NULL);
  g_assert_cmpint (EVP_PKEY_fromdata_init (context), ==, 1);
  g_assert_cmpint (EVP_PKEY_fromdata (context, &damaged, EVP_PKEY_KEYPAIR, params), ==, 1);
  EVP_PKEY_CTX_free (context);
  OSSL_PARAM_free (params);
  return damaged;
}

/* It still looks like the key of the certificate. */
static void
test_damaged_key (gconstpointer data)
{
  const Keys *keys = data;
  g_autofree char *chain = make_chain (&good_leaf, keys->key, &good_ca, keys->ca);
  EVP_PKEY *damaged = damage (keys->key);
  check_key_fault (signer_key_to_pem (damaged, NULL), chain, ALEXA_SIGNER_ERROR_SIGN,
                   "does not sign");
  EVP_PKEY_free (damaged);
}

static void
test_chain_text (gconstpointer data)
{
  const Keys *keys = data;
  g_autofree char *good = make_chain (&good_leaf, keys->key, &good_ca, keys->ca);
  g_autoptr (GBytes) key = signer_key_to_pem (keys->key, NULL);
  check_fault (key, "", ALEXA_SIGNER_ERROR_CHAIN, "no certificate in PEM form");
  check_fault (key, "certificate", ALEXA_SIGNER_ERROR_CHAIN, "no certificate in PEM form");
  check_fault (key, "-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----\n",
               ALEXA_SIGNER_ERROR_CHAIN, "certificate 1 cannot be read");
  g_autofree char *cut = g_strndup (good, strlen (good) - 100);
  check_fault (key, cut, ALEXA_SIGNER_ERROR_CHAIN, "certificate 2 cannot be read");
  g_autofree char *open = g_strconcat (good, (const char *)g_bytes_get_data (key, NULL), NULL);
  check_fault (key, open, ALEXA_SIGNER_ERROR_CHAIN, "private key among the certificates");
  g_autoptr (GString) many = g_string_new (NULL);
  for (guint i = 0; i < 9; i++)
    g_string_append (many, good);
  check_fault (key, many->str, ALEXA_SIGNER_ERROR_CHAIN, "18 certificates, more than 16");
  g_autofree char *huge = g_strnfill (300 * 1024, 'x');
  check_fault (key, huge, ALEXA_SIGNER_ERROR_CHAIN, "larger than");
}

/* Signatures and order: who has signed whom. */
static void
test_chain_signatures (gconstpointer data)
{
  const Keys *keys = data;
  g_autoptr (GBytes) key = signer_key_to_pem (keys->key, NULL);
  X509 *ca = signer_certificate_new (&good_ca, keys->ca, NULL, keys->ca);
  X509 *namesake = signer_certificate_new (&good_ca, keys->other, NULL, keys->other);
  X509 *leaf = signer_certificate_new (&good_leaf, keys->key, ca, keys->ca);
  X509 *stranger = signer_certificate_new (&good_leaf, keys->other, NULL, keys->other);
  g_autoptr (GString) text = g_string_new (NULL);

  signer_append_certificate (text, leaf);
  signer_append_certificate (text, namesake);
  check_fault (key, text->str, ALEXA_SIGNER_ERROR_CHAIN,
               "certificate 1 (CN = Leaf) is not signed by certificate 2 (CN = Authority)");
  g_string_truncate (text, 0);
  signer_append_certificate (text, leaf);
  signer_append_certificate (text, stranger);
  check_fault (key, text->str, ALEXA_SIGNER_ERROR_CHAIN, "issued by another one");
  X509_free (ca);
  X509_free (namesake);
  X509_free (leaf);
  X509_free (stranger);
}

typedef struct
{
  const char *what;
  SignerCertificate leaf;
  SignerCertificate ca;
  AlexaSignerError code;
  const char *words;
} ChainFault;

static void
test_chain_faults (gconstpointer data)
{
#define LEAF(usage, names)                                                                         \
  {                                                                                                \
    "Leaf", LEAF_CONSTRAINTS, usage, names, GOOD_DATES                                             \
  }
#define CA                                                                                         \
  {                                                                                                \
    "Authority", CA_CONSTRAINTS, CA_USAGE, NULL, GOOD_DATES                                        \
  }
  static const ChainFault faults[] = {
    { "the authority is none",
      LEAF (LEAF_USAGE, ALEXA_NAME),
      { "Authority", LEAF_CONSTRAINTS, LEAF_USAGE, NULL, GOOD_DATES },
      ALEXA_SIGNER_ERROR_CHAIN,
      "no certificate of an authority" },
    { "the authority may not certify",
      LEAF (LEAF_USAGE, ALEXA_NAME),
      { "Authority", CA_CONSTRAINTS, "critical,cRLSign", NULL, GOOD_DATES },
      ALEXA_SIGNER_ERROR_CHAIN,
      "no certificate of an authority" },
    { "expired",
      { "Leaf", LEAF_CONSTRAINTS, LEAF_USAGE, ALEXA_NAME, NOW_S - DAY_S, NOW_S - 1 },
      CA,
      ALEXA_SIGNER_ERROR_EXPIRED,
      "certificate 1 (CN = Leaf) expired at 2026-11-22 07:59:59 UTC; the clock says 2026-11-22 "
      "08:00:00 UTC" },
    { "the authority has expired",
      LEAF (LEAF_USAGE, ALEXA_NAME),
      { "Authority", CA_CONSTRAINTS, CA_USAGE, NULL, NOW_S - DAY_S, NOW_S - 1 },
      ALEXA_SIGNER_ERROR_EXPIRED,
      "certificate 2 (CN = Authority) expired at" },
    { "no name", LEAF (LEAF_USAGE, NULL), CA, ALEXA_SIGNER_ERROR_NAME, "is missing, not DNS:echo" },
    { "another name", LEAF (LEAF_USAGE, "DNS:example.com"), CA, ALEXA_SIGNER_ERROR_NAME,
      "is DNS:example.com, not" },
    { "two names", LEAF (LEAF_USAGE, ALEXA_NAME ",DNS:example.com"), CA, ALEXA_SIGNER_ERROR_NAME,
      "is DNS:echo-api.amazon.com, DNS:example.com, not" },
    { "any name", LEAF (LEAF_USAGE, "DNS:*.amazon.com"), CA, ALEXA_SIGNER_ERROR_NAME,
      "is DNS:*.amazon.com, not" },
    { "the name as something else", LEAF (LEAF_USAGE, "URI:echo-api.amazon.com"), CA,
      ALEXA_SIGNER_ERROR_NAME, "is URI:echo-api.amazon.com, not" },
    { "no usage", LEAF (NULL, ALEXA_NAME), CA, ALEXA_SIGNER_ERROR_USAGE, "digitalSignature" },
    { "no signatures", LEAF ("critical,keyEncipherment", ALEXA_NAME), CA, ALEXA_SIGNER_ERROR_USAGE,
      "key usage of certificate 1 (CN = Leaf)" },
    { "no encipherment", LEAF ("critical,digitalSignature", ALEXA_NAME), CA,
      ALEXA_SIGNER_ERROR_USAGE, "keyEncipherment" },
    { "for clients",
      { "Leaf", LEAF_CONSTRAINTS, LEAF_USAGE, ALEXA_NAME, GOOD_DATES, "clientAuth" },
      CA,
      ALEXA_SIGNER_ERROR_USAGE,
      "serverAuth" },
  };
  const Keys *keys = data;
  g_autoptr (GBytes) key = signer_key_to_pem (keys->key, NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (faults); i++)
    {
      g_test_message ("%s", faults[i].what);
      g_autofree char *chain = make_chain (&faults[i].leaf, keys->key, &faults[i].ca, keys->ca);
      check_fault (key, chain, faults[i].code, faults[i].words);
    }
}

/* The verifiers of Node and Java cannot read certificates with other keys, wherever they stand. */
static void
test_chain_kinds (gconstpointer data)
{
  const Keys *keys = data;
  g_autoptr (GBytes) key = signer_key_to_pem (keys->key, NULL);
  g_autofree char *ec = make_chain (&good_leaf, keys->key, &good_ca, keys->ec);
  check_fault (key, ec, ALEXA_SIGNER_ERROR_KIND, "the key of certificate 2 (CN = Authority) is EC");
  g_autofree char *small = make_chain (&good_leaf, keys->key, &good_ca, keys->small);
  check_fault (key, small, ALEXA_SIGNER_ERROR_KIND, "RSA of 1024 bit, not RSA of 2048 bit");
}

static AlexaSigner *
make_signer (const Keys *keys, X509 **leaf)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) key = signer_key_to_pem (keys->key, NULL);
  g_autofree char *text = make_chain (&good_leaf, keys->key, &good_ca, keys->ca);
  g_autoptr (GBytes) chain = signer_text (text);
  AlexaSigner *signer = alexa_signer_new (key, chain, NOW_S, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) certificates = signer_read_chain (chain);
  *leaf = g_ptr_array_index (certificates, 0);
  X509_up_ref (*leaf);
  return signer;
}

static void
check_signatures (AlexaSigner *signer, X509 *leaf, GBytes *body)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaSignature) both = alexa_signer_sign (signer, body, TRUE, NOW_S, &error);
  g_assert_no_error (error);
  g_assert_true (signer_verify (leaf, "SHA256", both->sha256, body));
  g_assert_true (signer_verify (leaf, "SHA1", both->sha1, body));
  g_assert_false (signer_verify (leaf, "SHA1", both->sha256, body));
  for (const char *c = both->sha256; *c != '\0'; c++)
    g_assert_true (g_ascii_isgraph (*c));
  g_autoptr (AlexaSignature) one = alexa_signer_sign (signer, body, FALSE, NOW_S, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (one->sha256, ==, both->sha256); /* PKCS #1 v1.5 knows no chance */
  g_assert_null (one->sha1);
}

static void
test_signatures (gconstpointer data)
{
  X509 *leaf = NULL;
  g_autoptr (AlexaSigner) signer = make_signer (data, &leaf);
  g_autoptr (GBytes) body = g_bytes_new_static ("{\"a\":\"\xc3\xa4\"}", 10);
  g_autoptr (GBytes) nothing = g_bytes_new_static ("", 0);
  g_autoptr (GBytes) binary = g_bytes_new_static ("\0\r\n\xff", 4);
  g_autofree char *long_text = g_strnfill (500000, 'x');
  g_autoptr (GBytes) large = g_bytes_new (long_text, 500000);
  check_signatures (signer, leaf, body);
  check_signatures (signer, leaf, nothing);
  check_signatures (signer, leaf, binary);
  check_signatures (signer, leaf, large);

  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaSignature) signature = alexa_signer_sign (signer, body, TRUE, NOW_S, &error);
  g_autoptr (GBytes) changed = g_bytes_new_static ("{\"a\":\"\xc3\xa5\"}", 10);
  g_assert_false (signer_verify (leaf, "SHA256", signature->sha256, changed));
  g_assert_false (signer_verify (leaf, "SHA1", signature->sha1, changed));
  X509_free (leaf);
}

static void
test_expiry (gconstpointer data)
{
  X509 *leaf = NULL;
  g_autoptr (AlexaSigner) signer = make_signer (data, &leaf);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  gint64 expiry_s = alexa_signer_get_expiry_s (signer);
  g_assert_cmpint (expiry_s, ==, NOW_S + DAY_S + 1);

  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaSignature) last = alexa_signer_sign (signer, body, TRUE, expiry_s - 1, &error);
  g_assert_no_error (error);
  g_assert_nonnull (last);
  g_assert_null (alexa_signer_sign (signer, body, TRUE, expiry_s, &error));
  g_assert_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_EXPIRED);
  g_assert_nonnull (strstr (error->message, "expired at 2026-11-23 08:00:00 UTC"));
  g_clear_error (&error);
  /* a clock that was set back */
  g_assert_null (alexa_signer_sign (signer, body, TRUE, NOW_S - DAY_S - 1, &error));
  g_assert_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_EARLY);
  X509_free (leaf);
}

/* A device that starts before its clock has been set signs as soon as it has been. */
static void
test_early_clock (gconstpointer data)
{
  const Keys *keys = data;
  g_autoptr (GBytes) key = signer_key_to_pem (keys->key, NULL);
  g_autofree char *text = make_chain (&good_leaf, keys->key, &good_ca, keys->ca);
  g_autoptr (GBytes) chain = signer_text (text);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaSigner) signer = alexa_signer_new (key, chain, 0, &error);
  g_assert_no_error (error);
  g_assert_false (alexa_signer_check_time (signer, 0, &error));
  g_assert_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_EARLY);
  g_assert_nonnull (strstr (error->message, "certificate 1 (CN = Leaf) is not valid before "));
  g_assert_nonnull (strstr (error->message, "; the clock says 1970-01-01 00:00:00 UTC"));
  g_clear_error (&error);
  g_assert_null (alexa_signer_sign (signer, body, TRUE, 0, &error));
  g_assert_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_EARLY);
  g_clear_error (&error);

  g_autoptr (AlexaSignature) signature = alexa_signer_sign (signer, body, TRUE, NOW_S, &error);
  g_assert_no_error (error);
  g_assert_nonnull (signature);
  g_assert_true (alexa_signer_check_time (signer, NOW_S, &error));
}

/* The certificate that ends first counts. */
static void
test_expiry_of_authority (gconstpointer data)
{
  const Keys *keys = data;
  SignerCertificate ca = good_ca;
  ca.to_s = NOW_S + 60;
  g_autofree char *text = make_chain (&good_leaf, keys->key, &ca, keys->ca);
  g_autoptr (GBytes) key = signer_key_to_pem (keys->key, NULL);
  g_autoptr (GBytes) chain = signer_text (text);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaSigner) signer = alexa_signer_new (key, chain, NOW_S, &error);
  g_assert_no_error (error);
  g_assert_cmpint (alexa_signer_get_expiry_s (signer), ==, NOW_S + 61);
}

/* A single certificate, its own authority, is enough for verifiers that look at nothing else; so is
 * a chain whose root is missing. */
static void
test_short_chains (gconstpointer data)
{
  const Keys *keys = data;
  g_autoptr (GBytes) key = signer_key_to_pem (keys->key, NULL);
  X509 *ca = signer_certificate_new (&good_ca, keys->ca, NULL, keys->ca);
  X509 *alone[] = { signer_certificate_new (&good_leaf, keys->key, NULL, keys->key),
                    signer_certificate_new (&good_leaf, keys->key, ca, keys->ca) };
  for (gsize i = 0; i < G_N_ELEMENTS (alone); i++)
    {
      g_autoptr (GString) text = g_string_new ("whatever stands before\n");
      signer_append_certificate (text, alone[i]);
      g_autoptr (GBytes) chain = signer_text (text->str);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlexaSigner) signer = alexa_signer_new (key, chain, NOW_S, &error);
      g_assert_no_error (error);
      g_assert_nonnull (signer);
      X509_free (alone[i]);
    }
  X509_free (ca);
}

static void
test_test_chain (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaTestChain) made = alexa_test_chain_new (NOW_S, NOW_S + DAY_S, &error);
  g_assert_no_error (error);
  g_autoptr (AlexaSigner) signer = alexa_signer_new (made->key, made->chain, NOW_S, &error);
  g_assert_no_error (error);
  g_assert_cmpint (alexa_signer_get_expiry_s (signer), ==, NOW_S + DAY_S + 1);

  g_autoptr (AlexaChain) chain = alexa_chain_new (made->chain, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (alexa_chain_get_size (chain), ==, 2);
  g_autoptr (AlexaCertificate) leaf = alexa_chain_describe (chain, 0);
  g_assert_cmpstr (leaf->subject, ==, "O = Segue test, CN = echo-api.amazon.com");
  g_assert_cmpstr (leaf->names, ==, "DNS:echo-api.amazon.com");
  g_assert_cmpstr (leaf->usage, ==, "digitalSignature, keyEncipherment");
  g_assert_cmpstr (leaf->key, ==, "RSA of 2048 bit");
  g_assert_false (leaf->is_authority);
  g_assert_cmpint (leaf->from_s, ==, NOW_S);
  g_assert_cmpint (leaf->to_s, ==, NOW_S + DAY_S);
  g_assert_cmpuint (strlen (leaf->fingerprint), ==, 32 * 3 - 1);
  g_autoptr (AlexaCertificate) ca = alexa_chain_describe (chain, 1);
  g_assert_true (ca->is_authority);
  g_assert_cmpstr (ca->names, ==, "");
  g_assert_cmpstr (leaf->issuer, ==, ca->subject);

  /* the authority's file is the last of the chain */
  g_autoptr (AlexaChain) root = alexa_chain_new (made->ca, &error);
  g_autoptr (AlexaCertificate) alone = alexa_chain_describe (root, 0);
  g_assert_cmpstr (alone->fingerprint, ==, ca->fingerprint);

  g_autoptr (AlexaTestChain) again = alexa_test_chain_new (NOW_S, NOW_S + DAY_S, &error);
  g_assert_false (g_bytes_equal (made->key, again->key));
  g_assert_false (g_bytes_equal (made->ca, again->ca));
}

static EVP_PKEY *
make_pss_key (void)
{
  EVP_PKEY *key = NULL;
  EVP_PKEY_CTX *context = EVP_PKEY_CTX_new_from_name (NULL, "RSA-PSS", NULL);
  g_assert_cmpint (EVP_PKEY_keygen_init (context), ==, 1);
  g_assert_cmpint (EVP_PKEY_CTX_set_rsa_keygen_bits (context, 2048), ==, 1);
  g_assert_cmpint (EVP_PKEY_generate (context, &key), ==, 1);
  EVP_PKEY_CTX_free (context);
  return key;
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  Keys keys
      = { EVP_RSA_gen (2048),  EVP_RSA_gen (2048), EVP_RSA_gen (2048), EVP_RSA_gen (1024), NULL,
          EVP_EC_gen ("P-256") };
  keys.pss = make_pss_key ();
  g_test_add_data_func ("/signer/key-faults", &keys, test_key_faults);
  g_test_add_data_func ("/signer/damaged-key", &keys, test_damaged_key);
  g_test_add_data_func ("/signer/chain-text", &keys, test_chain_text);
  g_test_add_data_func ("/signer/chain-signatures", &keys, test_chain_signatures);
  g_test_add_data_func ("/signer/chain-faults", &keys, test_chain_faults);
  g_test_add_data_func ("/signer/chain-kinds", &keys, test_chain_kinds);
  g_test_add_data_func ("/signer/signatures", &keys, test_signatures);
  g_test_add_data_func ("/signer/expiry", &keys, test_expiry);
  g_test_add_data_func ("/signer/early-clock", &keys, test_early_clock);
  g_test_add_data_func ("/signer/expiry-of-authority", &keys, test_expiry_of_authority);
  g_test_add_data_func ("/signer/short-chains", &keys, test_short_chains);
  g_test_add_func ("/signer/test-chain", test_test_chain);
  int status = g_test_run ();
  EVP_PKEY *const all[] = { keys.key, keys.ca, keys.other, keys.small, keys.pss, keys.ec };
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    EVP_PKEY_free (all[i]);
  return status;
}
