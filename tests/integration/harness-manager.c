/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "harness-manager.h"

#include <glib-unix.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include "harness.h"

#define WAIT_MS 20000

struct _HarnessManager
{
  int fd;
  guint source;
  guint pings;
  GPtrArray *messages; /* (owned) (element-type utf8) */
  guint cursor;
};

static gboolean
on_readable (gint fd, GIOCondition condition, gpointer user_data)
{
  HarnessManager *self = user_data;
  char text[2048];
  const gssize length = recv (fd, text, sizeof text - 1, 0);
  if (length <= 0)
    return G_SOURCE_CONTINUE;
  text[length] = '\0';
  if (g_str_equal (text, "WATCHDOG=1"))
    self->pings++;
  else
    g_ptr_array_add (self->messages, g_strdup (text));
  return G_SOURCE_CONTINUE;
}

HarnessManager *
harness_manager_new (guint watchdog_ms)
{
  HarnessManager *self = g_new0 (HarnessManager, 1);
  struct sockaddr_un address = { .sun_family = AF_UNIX };
  g_autofree char *name
      = g_strdup_printf ("@segue-manager-%d-%" G_GINT64_FORMAT, getpid (), g_get_monotonic_time ());
  g_autofree char *usec = g_strdup_printf ("%u000", watchdog_ms);
  strcpy (address.sun_path + 1, name + 1);
  self->messages = g_ptr_array_new_with_free_func (g_free);
  self->fd = socket (AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  g_assert_cmpint (bind (self->fd, (struct sockaddr *)&address,
                         (socklen_t)(offsetof (struct sockaddr_un, sun_path) + strlen (name))),
                   ==, 0);
  self->source = g_unix_fd_add (self->fd, G_IO_IN, on_readable, self);
  g_setenv ("NOTIFY_SOCKET", name, TRUE);
  if (watchdog_ms > 0)
    g_setenv ("WATCHDOG_USEC", usec, TRUE);
  return self;
}

void
harness_manager_free (HarnessManager *self)
{
  g_unsetenv ("NOTIFY_SOCKET");
  g_unsetenv ("WATCHDOG_USEC");
  g_source_remove (self->source);
  close (self->fd);
  g_ptr_array_unref (self->messages);
  g_free (self);
}

guint
harness_manager_count_pings (HarnessManager *self)
{
  return self->pings;
}

/* Where it is, or -1. */
static int
find (HarnessManager *self, const char *text)
{
  for (guint i = self->cursor; i < self->messages->len; i++)
    if (strstr (g_ptr_array_index (self->messages, i), text) != NULL)
      return (int)i;
  return -1;
}

gboolean
harness_manager_has (HarnessManager *self, const char *text)
{
  return find (self, text) >= 0;
}

typedef struct
{
  HarnessManager *manager;
  const char *text;
} Wanted;

static gboolean
has_come (gpointer user_data)
{
  const Wanted *wanted = user_data;
  return harness_manager_has (wanted->manager, wanted->text);
}

const char *
harness_manager_expect (HarnessManager *self, const char *text)
{
  Wanted wanted = { self, text };
  if (!harness_wait (WAIT_MS, has_come, &wanted))
    {
      for (guint i = 0; i < self->messages->len; i++)
        g_printerr ("# %s %s\n", i < self->cursor ? "  " : "->",
                    (char *)g_ptr_array_index (self->messages, i));
      harness_fail ("the service manager was not told \"%s\"", text);
    }
  const guint at = (guint)find (self, text);
  self->cursor = at + 1;
  return g_ptr_array_index (self->messages, at);
}
