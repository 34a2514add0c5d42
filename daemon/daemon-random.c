/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-random.h"

#include <sys/random.h>

#define TOKEN_CHARS 64

char *
daemon_random_base32 (gsize n)
{
  static const char alphabet[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
  g_autofree guint8 *bytes = g_malloc0 (n);
  g_autofree char *text = g_malloc0 (n + 1);
  /* Up to 256 bytes come whole; before the kernel's pool is ready GLib's generator has to do. */
  if (getrandom (bytes, n, GRND_NONBLOCK) != (gssize)n)
    for (gsize i = 0; i < n; i++)
      bytes[i] = g_random_int_range (0, 256);
  for (gsize i = 0; i < n; i++)
    text[i] = alphabet[bytes[i] % 32];
  return g_steal_pointer (&text);
}

char *
daemon_random_token (void)
{
  return daemon_random_base32 (TOKEN_CHARS);
}
