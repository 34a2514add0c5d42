/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "gst-sound-server.h"

#include <gio/gio.h>
#include <glib/gstdio.h>

#include "gst-child.h"

#define DEADLINE_US (20 * G_USEC_PER_SEC)

struct _GstSoundServer
{
  GSubprocessLauncher *launcher; /* (owned) */
  GSubprocess *server;           /* (owned) */
  GSubprocess *keeper;           /* (owned): keeps the sink awake */
  GSubprocess *ear;              /* (owned) */
  char *socket;                  /* (owned) */
  char *ear_socket;              /* (owned) */
  char *heard_path;              /* (owned) */
};

static gboolean
server_asks (GstSoundServer *self, const char *const *argv)
{
  g_autoptr (GSubprocess) pactl = g_subprocess_launcher_spawnv (self->launcher, argv, NULL);

  return pactl != NULL && g_subprocess_wait_check (pactl, NULL, NULL);
}

static GSubprocess *
server_spawn (GstSoundServer *self, const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *process = g_subprocess_launcher_spawnv (self->launcher, argv, &error);

  g_assert_no_error (error);
  return process;
}

static void
server_wait_for_ear (GstSoundServer *self)
{
  const gint64 deadline = g_get_monotonic_time () + DEADLINE_US;
  GStatBuf status = { 0 };

  while (g_stat (self->heard_path, &status) != 0 || status.st_size == 0)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (5000);
    }
}

static void
server_start (GstSoundServer *self)
{
  const gint64 deadline = g_get_monotonic_time () + DEADLINE_US;
  g_autofree char *native = g_strdup_printf (
      "--load=module-native-protocol-unix auth-anonymous=1 socket=%s", self->ear_socket);
  g_autofree char *door = g_strdup_printf ("socket=%s", self->socket);
  const char *const server[]
      = { "pulseaudio",
          "--daemonize=no",
          "-n",
          "--exit-idle-time=-1",
          "--use-pid-file=no",
          "--load=module-null-sink sink_name=ear rate=44100 format=s16le channels=2 norewinds=1",
          native,
          NULL };
  const char *const info[] = { "pactl", "info", NULL };
  const char *const keeper[]
      = { "pacat", "--raw", "--rate=44100", "--latency-msec=20", "/dev/zero", NULL };
  const char *const ear[] = { "parec",
                              "--raw",
                              "--rate=44100",
                              "--format=s16le",
                              "--channels=2",
                              "--device=ear.monitor",
                              "--latency-msec=10",
                              self->heard_path,
                              NULL };
  const char *const let_in[]
      = { "pactl", "load-module", "module-native-protocol-unix", "auth-anonymous=1", door, NULL };

  self->server = server_spawn (self, server);
  while (!server_asks (self, info))
    g_assert_cmpint (g_get_monotonic_time (), <, deadline);
  self->keeper = server_spawn (self, keeper);
  self->ear = server_spawn (self, ear);
  server_wait_for_ear (self);
  g_assert_true (server_asks (self, let_in));
}

GstSoundServer *
gst_sound_server_new (const char *directory, const char *name, const char *socket)
{
  static const char *const folders[]
      = { "XDG_RUNTIME_DIR", "PULSE_RUNTIME_PATH", "PULSE_STATE_PATH" };
  GstSoundServer *self = g_new0 (GstSoundServer, 1);
  g_autofree char *ear_name = g_strconcat (name, ".socket", NULL);
  g_autofree char *heard_name = g_strconcat (name, ".raw", NULL);

  self->socket = g_strdup (socket);
  self->ear_socket = g_build_filename (directory, ear_name, NULL);
  self->heard_path = g_build_filename (directory, heard_name, NULL);
  self->launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                              | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  gst_child_bind (self->launcher);
  g_autofree char *address = g_strconcat ("unix:", self->ear_socket, NULL);
  g_subprocess_launcher_setenv (self->launcher, "PULSE_SERVER", address, TRUE);
  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    g_subprocess_launcher_setenv (self->launcher, folders[i], directory, TRUE);
  g_autofree char *cookie = g_build_filename (directory, "cookie", NULL);
  g_subprocess_launcher_setenv (self->launcher, "PULSE_COOKIE", cookie, TRUE);
  g_subprocess_launcher_setenv (self->launcher, "HOME", "/nonexistent", TRUE);
  g_subprocess_launcher_unsetenv (self->launcher, "DBUS_SESSION_BUS_ADDRESS");
  server_start (self);
  return self;
}

static void
server_end (GSubprocess **process)
{
  if (*process == NULL)
    return;
  g_subprocess_force_exit (*process);
  g_subprocess_wait (*process, NULL, NULL);
  g_clear_object (process);
}

void
gst_sound_server_kill (GstSoundServer *self)
{
  server_end (&self->server);
  server_end (&self->keeper);
  server_end (&self->ear);
  g_unlink (self->socket);
}

void
gst_sound_server_free (GstSoundServer *self)
{
  gst_sound_server_kill (self);
  g_object_unref (self->launcher);
  g_unlink (self->ear_socket);
  g_unlink (self->heard_path);
  g_free (self->socket);
  g_free (self->ear_socket);
  g_free (self->heard_path);
  g_free (self);
}

GArray *
gst_sound_server_dup_heard (GstSoundServer *self)
{
  GArray *frames = g_array_new (FALSE, FALSE, sizeof (guint32));
  g_autofree char *bytes = NULL;
  gsize size;

  g_assert_true (g_file_get_contents (self->heard_path, &bytes, &size, NULL));
  g_array_append_vals (frames, bytes, size / sizeof (guint32));
  return frames;
}
