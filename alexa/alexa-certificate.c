/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-chain-private.h"

#include <openssl/err.h>

/* (transfer full) */
static char *
name_to_string (const X509_NAME *name)
{
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  X509_NAME_print_ex (bio, name, 0, XN_FLAG_ONELINE & ~ASN1_STRFLGS_ESC_MSB);
  return alexa_openssl_bio_to_string (bio);
}

/* (transfer full): the library prints names as "DNS:…", one after the other. */
static char *
alternative_names_to_string (X509 *certificate)
{
  g_autoptr (GENERAL_NAMES) names
      = X509_get_ext_d2i (certificate, NID_subject_alt_name, NULL, NULL);
  g_autoptr (BIO) bio = BIO_new (BIO_s_mem ());
  for (int i = 0; i < sk_GENERAL_NAME_num (names); i++)
    {
      if (i > 0)
        BIO_puts (bio, ", ");
      GENERAL_NAME_print (bio, sk_GENERAL_NAME_value (names, i));
    }
  return alexa_openssl_bio_to_string (bio);
}

/* (transfer full) */
static char *
usage_to_string (X509 *certificate)
{
  static const struct
  {
    guint32 bit;
    const char *name;
  } usages[] = {
    { KU_DIGITAL_SIGNATURE, "digitalSignature" },
    { KU_NON_REPUDIATION, "nonRepudiation" },
    { KU_KEY_ENCIPHERMENT, "keyEncipherment" },
    { KU_DATA_ENCIPHERMENT, "dataEncipherment" },
    { KU_KEY_AGREEMENT, "keyAgreement" },
    { KU_KEY_CERT_SIGN, "keyCertSign" },
    { KU_CRL_SIGN, "cRLSign" },
  };
  g_autoptr (GString) text = g_string_new (NULL);
  if ((X509_get_extension_flags (certificate) & EXFLAG_KUSAGE) == 0)
    return g_string_free (g_steal_pointer (&text), FALSE);
  guint32 usage = X509_get_key_usage (certificate);
  for (gsize i = 0; i < G_N_ELEMENTS (usages); i++)
    if ((usage & usages[i].bit) != 0)
      g_string_append_printf (text, "%s%s", text->len > 0 ? ", " : "", usages[i].name);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

/* (transfer full) */
static char *
key_to_string (X509 *certificate)
{
  EVP_PKEY *key = X509_get0_pubkey (certificate);
  const char *kind = key != NULL ? EVP_PKEY_get0_type_name (key) : NULL;
  return kind != NULL ? g_strdup_printf ("%s of %d bit", kind, EVP_PKEY_get_bits (key))
                      : g_strdup ("of an unknown kind");
}

/* (transfer full) */
static char *
fingerprint (X509 *certificate)
{
  guint8 digest[EVP_MAX_MD_SIZE];
  unsigned int size = 0;
  g_autoptr (GString) text = g_string_new (NULL);
  if (X509_digest (certificate, EVP_sha256 (), digest, &size) != 1)
    size = 0;
  for (unsigned int i = 0; i < size; i++)
    g_string_append_printf (text, "%s%02X", i > 0 ? ":" : "", digest[i]);
  return g_string_free (g_steal_pointer (&text), FALSE);
}

AlexaCertificate *
alexa_chain_describe (const AlexaChain *self, guint index)
{
  g_return_val_if_fail (self != NULL && index < self->certificates->len, NULL);
  X509 *certificate = alexa_chain_get (self, index);
  AlexaCertificate *told = g_new0 (AlexaCertificate, 1);
  told->subject = name_to_string (X509_get_subject_name (certificate));
  told->issuer = name_to_string (X509_get_issuer_name (certificate));
  told->names = alternative_names_to_string (certificate);
  told->usage = usage_to_string (certificate);
  told->key = key_to_string (certificate);
  told->is_authority = X509_check_ca (certificate) == 1;
  alexa_chain_time_to_unix (X509_get0_notBefore (certificate), &told->from_s);
  alexa_chain_time_to_unix (X509_get0_notAfter (certificate), &told->to_s);
  told->fingerprint = fingerprint (certificate);
  ERR_clear_error ();
  return told;
}

void
alexa_certificate_free (AlexaCertificate *self)
{
  if (self == NULL)
    return;
  g_free (self->subject);
  g_free (self->issuer);
  g_free (self->names);
  g_free (self->usage);
  g_free (self->key);
  g_free (self->fingerprint);
  g_free (self);
}
