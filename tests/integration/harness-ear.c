/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "harness-ear.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define LONG_FRAMES (120 * 44100)
#define FRAME_BYTES 4
#define WAIT_MS 40000

struct _HarnessEar
{
  int fd;
  guint source;
  GByteArray *heard; /* (owned) */
};

static gboolean
on_sound (gpointer user_data)
{
  HarnessEar *self = user_data;
  guint8 block[16384];
  for (gssize length; (length = read (self->fd, block, sizeof block)) > 0;)
    g_byte_array_append (self->heard, block, (guint)length);
  return G_SOURCE_CONTINUE;
}

HarnessEar *
harness_ear_new (Harness *harness)
{
  HarnessEar *self = g_new0 (HarnessEar, 1);
  g_autofree char *path = g_build_filename (harness_dir (harness), "pipe", NULL);
  g_assert_cmpint (mkfifo (path, 0600), ==, 0);
  self->fd = open (path, O_RDWR | O_NONBLOCK | O_CLOEXEC);
  g_assert_cmpint (self->fd, >=, 0);
  self->heard = g_byte_array_new ();
  harness_ear_set_listening (self, TRUE);
  return self;
}

void
harness_ear_free (HarnessEar *self)
{
  harness_ear_set_listening (self, FALSE);
  close (self->fd);
  g_byte_array_unref (self->heard);
  g_free (self);
}

void
harness_ear_set_listening (HarnessEar *self, gboolean listening)
{
  g_clear_handle_id (&self->source, g_source_remove);
  if (listening)
    self->source = g_timeout_add (10, on_sound, self);
}

typedef struct
{
  HarnessEar *ear;
  guint bytes;
} Wanted;

static gboolean
has_heard (gpointer user_data)
{
  const Wanted *wanted = user_data;
  return wanted->ear->heard->len >= wanted->bytes;
}

void
harness_ear_wait (HarnessEar *self, gsize frames)
{
  Wanted wanted = { self, self->heard->len + (guint)frames * FRAME_BYTES };
  if (!harness_wait (WAIT_MS, has_heard, &wanted))
    harness_fail ("%u bytes have been heard, not %u", self->heard->len, wanted.bytes);
}

GByteArray *
harness_ear_get (HarnessEar *self)
{
  return self->heard;
}

void
harness_play_long (Harness *self)
{
  g_autofree char *path = g_build_filename (harness_media_dir (self), "long.wav", NULL);
  g_autofree char *base = g_strdup (harness_url (self));
  *(strchr (strstr (base, "://") + 3, '/')) = '\0';
  g_autofree char *url = g_strconcat (base, "/media/long.wav", NULL);
  GVariant *options = g_variant_new_array (G_VARIANT_TYPE ("{sv}"), NULL, 0);
  harness_write_wav (path, 7, LONG_FRAMES);
  g_autoptr (GVariant) reply = harness_call (self, HARNESS_PLAYER, "PlayStream",
                                             g_variant_new ("(s@a{sv})", url, options));
  harness_wait_activity (self, "PLAYING");
  harness_wait_offset (self, 300);
}
