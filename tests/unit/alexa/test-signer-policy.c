/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Where a policy forbids SHA-1, requests are signed with SHA-256 alone; where it forbids that, too, it
 * is an error. The policy is a provider whose digests cannot be begun. */

#include <openssl/core_dispatch.h>
#include <openssl/core_names.h>
#include <openssl/provider.h>
#include <string.h>

#include "alexa/alexa-signer.h"
#include "alexa/alexa-test-chain.h"
#include "signer-certificates.h"

#define NOW_S G_GINT64_CONSTANT (1795334400)

static void *
refuse_context (void *provider)
{
  return NULL;
}

static int
refuse_init (void *context, const OSSL_PARAM params[])
{
  return 0;
}

static void
free_context (void *context)
{
}

static int
refuse_update (void *context, const unsigned char *data, size_t size)
{
  return 0;
}

static int
refuse_final (void *context, unsigned char *out, size_t *length, size_t size)
{
  return 0;
}

static int
get_params (OSSL_PARAM params[])
{
  OSSL_PARAM *size = OSSL_PARAM_locate (params, OSSL_DIGEST_PARAM_SIZE);
  OSSL_PARAM *block = OSSL_PARAM_locate (params, OSSL_DIGEST_PARAM_BLOCK_SIZE);
  return (size == NULL || OSSL_PARAM_set_size_t (size, 20))
         && (block == NULL || OSSL_PARAM_set_size_t (block, 64));
}

static const OSSL_DISPATCH refusing_digest[] = {
  { OSSL_FUNC_DIGEST_NEWCTX, (void (*) (void))refuse_context },
  { OSSL_FUNC_DIGEST_FREECTX, (void (*) (void))free_context },
  { OSSL_FUNC_DIGEST_INIT, (void (*) (void))refuse_init },
  { OSSL_FUNC_DIGEST_UPDATE, (void (*) (void))refuse_update },
  { OSSL_FUNC_DIGEST_FINAL, (void (*) (void))refuse_final },
  { OSSL_FUNC_DIGEST_GET_PARAMS, (void (*) (void))get_params },
  { 0, NULL },
};

static const OSSL_ALGORITHM refused_sha1[] = {
  { "SHA1:SHA-1:SSL3-SHA1:1.3.14.3.2.26", "fips=yes", refusing_digest, NULL },
  { NULL, NULL, NULL, NULL },
};

static const OSSL_ALGORITHM refused_sha256[] = {
  { "SHA2-256:SHA-256:SHA256:2.16.840.1.101.3.4.2.1", "fips=yes", refusing_digest, NULL },
  { NULL, NULL, NULL, NULL },
};

static const OSSL_ALGORITHM *
query_sha1 (void *provider, int operation, int *no_store)
{
  *no_store = 0;
  return operation == OSSL_OP_DIGEST ? refused_sha1 : NULL;
}

static const OSSL_ALGORITHM *
query_sha256 (void *provider, int operation, int *no_store)
{
  *no_store = 0;
  return operation == OSSL_OP_DIGEST ? refused_sha256 : NULL;
}

static const OSSL_DISPATCH sha1_provider[] = {
  { OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*) (void))query_sha1 },
  { 0, NULL },
};

static const OSSL_DISPATCH sha256_provider[] = {
  { OSSL_FUNC_PROVIDER_QUERY_OPERATION, (void (*) (void))query_sha256 },
  { 0, NULL },
};

static int
init_sha1 (const OSSL_CORE_HANDLE *handle,
           const OSSL_DISPATCH *in,
           const OSSL_DISPATCH **out,
           void **context)
{
  *out = sha1_provider;
  *context = (void *)handle;
  return 1;
}

static int
init_sha256 (const OSSL_CORE_HANDLE *handle,
             const OSSL_DISPATCH *in,
             const OSSL_DISPATCH **out,
             void **context)
{
  *out = sha256_provider;
  *context = (void *)handle;
  return 1;
}

/* From now on @init's digests are preferred to those of the library. */
static OSSL_PROVIDER *
forbid (const char *name, OSSL_provider_init_fn *init)
{
  g_assert_cmpint (OSSL_PROVIDER_add_builtin (NULL, name, init), ==, 1);
  OSSL_PROVIDER *provider = OSSL_PROVIDER_load (NULL, name);
  g_assert_nonnull (provider);
  g_assert_cmpint (EVP_set_default_properties (NULL, "?fips=yes"), ==, 1);
  return provider;
}

static void
test_policy (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaTestChain) made = alexa_test_chain_new (NOW_S, NOW_S + 60, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) chain = signer_read_chain (made->chain);
  g_autoptr (GBytes) body = g_bytes_new_static ("{}", 2);
  g_autoptr (AlexaSigner) signer = alexa_signer_new (made->key, made->chain, NOW_S, &error);
  g_assert_no_error (error);
  g_autoptr (AlexaSignature) before = alexa_signer_sign (signer, body, TRUE, NOW_S, &error);
  g_assert_nonnull (before->sha1);

  OSSL_PROVIDER *normal = OSSL_PROVIDER_load (NULL, "default");
  OSSL_PROVIDER *no_sha1 = forbid ("no-sha1", init_sha1);
  g_autoptr (AlexaSignature) one = alexa_signer_sign (signer, body, TRUE, NOW_S, &error);
  g_assert_no_error (error);
  g_assert_null (one->sha1);
  g_assert_true (signer_verify (g_ptr_array_index (chain, 0), "SHA256", one->sha256, body));
  OSSL_PROVIDER *no_sha256 = forbid ("no-sha256", init_sha256);
  g_assert_null (alexa_signer_sign (signer, body, TRUE, NOW_S, &error));
  g_assert_error (error, ALEXA_SIGNER_ERROR, ALEXA_SIGNER_ERROR_SIGN);
  g_clear_error (&error);
  g_assert_null (alexa_signer_new (made->key, made->chain, NOW_S, &error));
  g_assert_nonnull (error);

  g_assert_cmpint (EVP_set_default_properties (NULL, ""), ==, 1);
  OSSL_PROVIDER_unload (no_sha256);
  OSSL_PROVIDER_unload (no_sha1);
  OSSL_PROVIDER_unload (normal);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/signer-policy", test_policy);
  return g_test_run ();
}
