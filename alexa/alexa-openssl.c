/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-openssl-private.h"

#include <openssl/err.h>

const char *
alexa_openssl_take_reason (void)
{
  const char *reason = ERR_reason_error_string (ERR_peek_last_error ());
  ERR_clear_error ();
  return reason != NULL ? reason : "no reason given";
}

char *
alexa_openssl_bio_to_string (BIO *bio)
{
  char *data = NULL;
  long size = BIO_get_mem_data (bio, &data);
  return data != NULL ? g_utf8_make_valid (data, size) : g_strdup (""); /* nothing written */
}
