/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-secrecy.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

/* core(5): which mappings are dumped; a limit of 0 alone does not keep a program from being given all. */
#define FILTER "/proc/self/coredump_filter"

void
daemon_secrecy_begin (void)
{
  const struct rlimit none = { 0, 0 };
  const int filter = open (FILTER, O_WRONLY | O_CLOEXEC);

  if (setrlimit (RLIMIT_CORE, &none) != 0)
    g_debug ("core files cannot be switched off");
  if (filter < 0 || write (filter, "0", 1) != 1)
    g_debug ("%s cannot be written", FILTER);
  if (filter >= 0)
    close (filter);
}
