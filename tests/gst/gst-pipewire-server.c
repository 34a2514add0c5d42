/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "gst-pipewire-server.h"

#include <errno.h>
#include <fcntl.h>
#include <gio/gio.h>
#include <glib-unix.h>
#include <glib/gstdio.h>
#include <unistd.h>

#include "gst-child.h"

#define DEADLINE_US (30 * G_USEC_PER_SEC)
#define RATE GST_PIPEWIRE_SERVER_RATE
#define REACH_CYCLES 8
#define SINK "ear"
#define NULL_SINK                                                                                  \
  "factory.name = support.null-audio-sink object.linger = true node.group = test audio.rate = %d " \
  "audio.position = [ FL FR ]"
/* dbus-daemon, pipewire, wireplumber, pipewire-pulse */
#define SERVERS 4

typedef struct
{
  guint end; /* frames that had come */
  gint64 time_us;
} Arrival;

struct _GstPipewireServer
{
  GSubprocessLauncher *launcher; /* (owned) */
  char *directory;               /* (owned) */
  guint quantum;
  GSubprocess *servers[SERVERS]; /* (owned) (nullable) */
  GSubprocess *ear;              /* (owned) (nullable) */
  int ear_fd;                    /* (owned) */
  GThread *listener;             /* (owned) (nullable) */
  GMutex lock;
  GByteArray *heard; /* (owned) */
  GArray *arrivals;  /* (owned) (element-type Arrival) */
};

/* Everything that looks for a folder of the user finds the test's. */
static const char *const folders[]
    = { "XDG_RUNTIME_DIR", "XDG_CONFIG_HOME", "XDG_STATE_HOME", "XDG_DATA_HOME", "HOME" };

void
gst_pipewire_server_set_environment (const char *directory)
{
  g_autofree char *pulse = g_strdup_printf ("unix:%s/pulse/native", directory);
  g_autofree char *cookie = g_build_filename (directory, "cookie", NULL);
  g_autofree char *bus = g_strdup_printf ("unix:path=%s/bus", directory);

  for (guint i = 0; i < G_N_ELEMENTS (folders); i++)
    g_setenv (folders[i], directory, TRUE);
  g_setenv ("PULSE_SERVER", pulse, TRUE);
  g_setenv ("PULSE_COOKIE", cookie, TRUE);
  g_setenv ("DBUS_SESSION_BUS_ADDRESS", bus, TRUE);
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", "unix:path=/nonexistent", TRUE);
  g_unsetenv ("PIPEWIRE_REMOTE");
  g_unsetenv ("PIPEWIRE_RUNTIME_DIR");
}

static GSubprocess *
server_spawn (GstPipewireServer *self, const char *const *argv)
{
  g_autoptr (GError) error = NULL;
  GSubprocess *process = g_subprocess_launcher_spawnv (self->launcher, argv, &error);

  g_assert_no_error (error);
  return process;
}

static void
server_wait_for_socket (GstPipewireServer *self, const char *name)
{
  const gint64 deadline = g_get_monotonic_time () + DEADLINE_US;
  g_autofree char *path = g_build_filename (self->directory, name, NULL);

  while (!g_file_test (path, G_FILE_TEST_EXISTS))
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (5000);
    }
}

/* Its rate, its cycle and its sinks. The monitor of the node that drives the graph is a cycle late, as it is
 * served before that node is; so another one drives. */
static void
server_configure (GstPipewireServer *self)
{
  g_autofree char *folder = g_build_filename (self->directory, "pipewire", "pipewire.conf.d", NULL);
  g_autofree char *path = g_build_filename (folder, "test.conf", NULL);
  g_autofree char *sinks = g_strdup_printf (
      "  { factory = adapter args = { " NULL_SINK " node.name = " SINK
      " media.class = Audio/Sink priority.session = 2000 priority.driver = 10 } }\n"
      "  { factory = adapter args = { " NULL_SINK " node.name = driver"
      " media.class = Audio/Sink priority.session = 10 priority.driver = 2000 } }\n",
      RATE, RATE);
  const guint quantum = self->quantum > 0 ? self->quantum : 1024;
  g_autofree char *text
      = g_strdup_printf ("context.properties = {\n"
                         "  default.clock.rate = %d\n"
                         "  default.clock.quantum = %u\n"
                         "  default.clock.min-quantum = %u\n"
                         "  default.clock.max-quantum = %u\n"
                         "}\n"
                         "context.objects = [\n%s]\n",
                         RATE, quantum, quantum, quantum, self->quantum > 0 ? sinks : "");
  g_autoptr (GError) error = NULL;

  g_assert_cmpint (g_mkdir_with_parents (folder, 0700), ==, 0);
  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

static gpointer
server_listen (gpointer data)
{
  GstPipewireServer *self = data;
  guint8 bytes[65536];

  while (TRUE)
    {
      const gssize n = read (self->ear_fd, bytes, sizeof bytes);
      const gint64 now_us = g_get_monotonic_time ();

      if (n < 0 && errno == EINTR)
        continue;
      if (n <= 0)
        return NULL;
      g_mutex_lock (&self->lock);
      g_byte_array_append (self->heard, bytes, (guint)n);
      const Arrival arrival = { self->heard->len / 4, now_us };
      g_array_append_val (self->arrivals, arrival);
      g_mutex_unlock (&self->lock);
    }
}

static void
server_open_ear (GstPipewireServer *self)
{
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  g_autofree char *latency = g_strdup_printf ("%u", self->quantum);
  g_autofree char *rate = g_strdup_printf ("%d", RATE);
  const char *const argv[]
      = { "pw-record", "--target",  SINK,         "-P", "{ stream.capture.sink=true }",
          "--rate",    rate,        "--channels", "2",  "--format",
          "s16",       "--latency", latency,      "-",  NULL };
  const gint64 deadline = g_get_monotonic_time () + DEADLINE_US;
  g_autoptr (GError) error = NULL;
  int ends[2];

  g_assert_true (g_unix_open_pipe (ends, FD_CLOEXEC, &error));
  g_subprocess_launcher_take_stdout_fd (launcher, ends[1]);
  self->ear_fd = ends[0];
  self->ear = g_subprocess_launcher_spawnv (launcher, argv, &error);
  g_assert_no_error (error);
  g_subprocess_launcher_close (launcher);
  self->listener = g_thread_new ("ear", server_listen, self);
  while (gst_pipewire_server_count (self) < RATE / 4)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (5000);
    }
}

static void
server_start (GstPipewireServer *self)
{
  g_autofree char *address = g_strdup_printf ("--address=unix:path=%s/bus", self->directory);
  const char *const bus[]
      = { "dbus-daemon", "--session", "--nofork", "--nopidfile", address, NULL };
  const char *const argv[][2]
      = { { "pipewire", NULL }, { "wireplumber", NULL }, { "pipewire-pulse", NULL } };
  static const char *const sockets[] = { "pipewire-0", "pipewire-0", "pulse/native" };

  self->servers[0] = server_spawn (self, bus);
  server_wait_for_socket (self, "bus");
  /* pipewire-pulse makes a sink where there is none. */
  for (guint i = 0; i < G_N_ELEMENTS (argv) - (self->quantum > 0 ? 0 : 1); i++)
    {
      self->servers[i + 1] = server_spawn (self, argv[i]);
      server_wait_for_socket (self, sockets[i]);
    }
  if (self->quantum > 0)
    server_open_ear (self);
}

GstPipewireServer *
gst_pipewire_server_new (const char *directory, guint quantum)
{
  GstPipewireServer *self = g_new0 (GstPipewireServer, 1);

  self->directory = g_strdup (directory);
  self->quantum = quantum;
  self->heard = g_byte_array_new ();
  self->arrivals = g_array_new (FALSE, FALSE, sizeof (Arrival));
  g_mutex_init (&self->lock);
  self->launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE
                                              | G_SUBPROCESS_FLAGS_STDERR_SILENCE);
  gst_child_bind (self->launcher);
  g_assert_cmpint (g_mkdir_with_parents (directory, 0700), ==, 0);
  server_configure (self);
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

static void
remove_all (const char *path)
{
  const char *name;
  g_autoptr (GDir) dir
      = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);

  while (dir != NULL && (name = g_dir_read_name (dir)) != NULL)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);

      remove_all (child);
    }
  g_remove (path);
}

void
gst_pipewire_server_kill (GstPipewireServer *self)
{
  for (guint i = SERVERS; i > 0; i--)
    server_end (&self->servers[i - 1]);
  server_end (&self->ear);
  if (self->listener != NULL)
    {
      g_thread_join (g_steal_pointer (&self->listener));
      close (self->ear_fd);
    }
  remove_all (self->directory);
}

void
gst_pipewire_server_free (GstPipewireServer *self)
{
  if (self->servers[0] != NULL)
    gst_pipewire_server_kill (self);
  g_object_unref (self->launcher);
  g_byte_array_unref (self->heard);
  g_array_unref (self->arrivals);
  g_mutex_clear (&self->lock);
  g_free (self->directory);
  g_free (self);
}

guint
gst_pipewire_server_count (GstPipewireServer *self)
{
  g_mutex_lock (&self->lock);
  const guint count = self->heard->len / 4;
  g_mutex_unlock (&self->lock);
  return count;
}

GArray *
gst_pipewire_server_dup_heard (GstPipewireServer *self)
{
  GArray *frames = g_array_new (FALSE, FALSE, sizeof (guint32));

  g_mutex_lock (&self->lock);
  g_array_append_vals (frames, self->heard->data, self->heard->len / 4);
  g_mutex_unlock (&self->lock);
  return frames;
}

/* When frame 0 would have come. */
static double
arrival_get_origin (const Arrival *self)
{
  return (double)self->time_us - (double)self->end * G_USEC_PER_SEC / RATE;
}

/* Of the arrivals near @time_us. */
static double
server_find_origin (GstPipewireServer *self, gint64 time_us)
{
  const gint64 reach_us = (gint64)REACH_CYCLES * self->quantum * G_USEC_PER_SEC / RATE;
  double earliest_us = G_MAXDOUBLE;

  for (guint i = 0; i < self->arrivals->len; i++)
    {
      const Arrival *arrival = &g_array_index (self->arrivals, Arrival, i);

      if (ABS (arrival->time_us - time_us) < reach_us)
        earliest_us = MIN (earliest_us, arrival_get_origin (arrival));
    }
  return earliest_us;
}

double
gst_pipewire_server_find_frame (GstPipewireServer *self, gint64 time_us)
{
  g_mutex_lock (&self->lock);
  const double origin_us = server_find_origin (self, time_us);
  g_mutex_unlock (&self->lock);
  return ((double)time_us - origin_us) * RATE / G_USEC_PER_SEC - self->quantum;
}

gboolean
gst_pipewire_server_is_whole (GstPipewireServer *self)
{
  const double cycle_us = (double)self->quantum * G_USEC_PER_SEC / RATE;
  double least_us = G_MAXDOUBLE;
  double most_us = -G_MAXDOUBLE;

  g_mutex_lock (&self->lock);
  for (guint i = 0; i < self->arrivals->len; i++)
    {
      const gint64 time_us = g_array_index (self->arrivals, Arrival, i).time_us;
      const double origin_us = server_find_origin (self, time_us);

      least_us = MIN (least_us, origin_us);
      most_us = MAX (most_us, origin_us);
    }
  g_mutex_unlock (&self->lock);
  return most_us - least_us < cycle_us / 2;
}
