/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "gst-rooms.h"

#include <glib/gstdio.h>

#include "gst-child.h"

#define DEADLINE_US (20 * G_USEC_PER_SEC)

static guint16
find_port (void)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocket) socket
      = g_socket_new (G_SOCKET_FAMILY_IPV4, G_SOCKET_TYPE_STREAM, G_SOCKET_PROTOCOL_TCP, &error);
  g_assert_no_error (error);
  g_autoptr (GInetAddress) loopback = g_inet_address_new_loopback (G_SOCKET_FAMILY_IPV4);
  g_autoptr (GSocketAddress) any = g_inet_socket_address_new (loopback, 0);
  g_assert_true (g_socket_bind (socket, any, TRUE, &error));
  g_autoptr (GSocketAddress) bound = g_socket_get_local_address (socket, &error);
  g_assert_no_error (error);
  return g_inet_socket_address_get_port (G_INET_SOCKET_ADDRESS (bound));
}

static void
wait_port (guint16 port)
{
  const gint64 deadline = g_get_monotonic_time () + DEADLINE_US;
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketConnection) connection = NULL;

  while ((connection = g_socket_client_connect_to_host (client, "127.0.0.1", port, NULL, NULL))
         == NULL)
    {
      g_assert_cmpint (g_get_monotonic_time (), <, deadline);
      g_usleep (10000);
    }
}

static void
write_configuration (GstRooms *self)
{
  g_autofree char *path = g_build_filename (self->directory, "snapserver.conf", NULL);
  g_autofree char *text = g_strdup_printf (
      "[server]\nthreads = 0\ndatadir = %s\n[http]\nenabled = false\n[tcp]\nenabled = false\n"
      "[stream]\nbind_to_address = 127.0.0.1\nport = %u\nbuffer = 1000\n"
      "source = tcp://127.0.0.1:%u?name=Segue&mode=server&sampleformat=48000:16:2&codec=pcm\n"
      "[logging]\nsink = null\n",
      self->directory, self->client_port, self->source_port);
  g_autoptr (GError) error = NULL;

  g_file_set_contents (path, text, -1, &error);
  g_assert_no_error (error);
}

GstRooms *
gst_rooms_new (void)
{
  g_autoptr (GError) error = NULL;
  GstRooms *self = g_new0 (GstRooms, 1);

  self->directory = g_dir_make_tmp ("segue-rooms-XXXXXX", &error);
  g_assert_no_error (error);
  self->source_port = find_port ();
  self->client_port = find_port ();
  write_configuration (self);
  for (guint i = 0; i < GST_ROOMS; i++)
    {
      g_mutex_init (&self->rooms[i].lock);
      self->rooms[i].frames = g_array_new (FALSE, FALSE, sizeof (guint32));
      self->rooms[i].arrivals = g_array_new (FALSE, FALSE, sizeof (GstRoomArrival));
    }
  return self;
}

static GSubprocess *
spawn (GstRooms *self, GSubprocessFlags flags, const char *const *args)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (flags);

  g_subprocess_launcher_setenv (launcher, "HOME", self->directory, TRUE);
  gst_child_bind (launcher);
  GSubprocess *process = g_subprocess_launcher_spawnv (launcher, args, &error);
  g_assert_no_error (error);
  return process;
}

void
gst_rooms_start_server (GstRooms *self)
{
  g_autofree char *path = g_build_filename (self->directory, "snapserver.conf", NULL);
  const char *const args[] = { SNAPSERVER, "-c", path, NULL };

  self->server
      = spawn (self, G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, args);
  wait_port (self->client_port);
}

static void
end (GSubprocess **process)
{
  if (*process != NULL)
    {
      g_subprocess_force_exit (*process);
      g_subprocess_wait (*process, NULL, NULL);
    }
  g_clear_object (process);
}

void
gst_rooms_stop_server (GstRooms *self)
{
  end (&self->server);
}

/* Whole frames only: what is over waits for the rest of its frame. */
static gpointer
listen_to (gpointer data)
{
  GstRoom *room = data;
  GInputStream *stream = g_subprocess_get_stdout_pipe (room->process);
  guint8 bytes[65536];
  gsize filled = 0;
  gssize length;

  while ((length = g_input_stream_read (stream, bytes + filled, sizeof bytes - filled, NULL, NULL))
         > 0)
    {
      g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&room->lock);
      const GstRoomArrival arrival = { room->frames->len, g_get_monotonic_time () };

      filled += length;
      g_array_append_val (room->arrivals, arrival);
      g_array_append_vals (room->frames, bytes, filled / 4);
      memmove (bytes, bytes + filled / 4 * 4, filled % 4);
      filled %= 4;
    }
  return NULL;
}

static guint
count_frames (GstRoom *room)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&room->lock);

  return room->frames->len;
}

void
gst_rooms_start_clients (GstRooms *self)
{
  const gint64 deadline = g_get_monotonic_time () + DEADLINE_US;
  g_autofree char *port = g_strdup_printf ("%u", self->client_port);

  for (guint i = 0; i < GST_ROOMS; i++)
    {
      g_autofree char *number = g_strdup_printf ("%u", i + 1);
      const char *const args[] = { SNAPCLIENT,
                                   "--host",
                                   "127.0.0.1",
                                   "--port",
                                   port,
                                   "--instance",
                                   number,
                                   "--hostID",
                                   number,
                                   "--player",
                                   "file:filename=stdout",
                                   "--logsink",
                                   "null",
                                   NULL };

      self->rooms[i].process
          = spawn (self, G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, args);
      self->rooms[i].thread = g_thread_new ("room", listen_to, &self->rooms[i]);
    }
  for (guint i = 0; i < GST_ROOMS; i++)
    while (count_frames (&self->rooms[i]) == 0)
      {
        g_assert_cmpint (g_get_monotonic_time (), <, deadline);
        g_usleep (10000);
      }
}

char *
gst_rooms_dup_address (GstRooms *self)
{
  return g_strdup_printf ("127.0.0.1:%u", self->source_port);
}

GArray *
gst_rooms_dup_frames (GstRooms *self, guint room)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->rooms[room].lock);

  return g_array_copy (self->rooms[room].frames);
}

GArray *
gst_rooms_dup_arrivals (GstRooms *self, guint room)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->rooms[room].lock);

  return g_array_copy (self->rooms[room].arrivals);
}

void
gst_rooms_free (GstRooms *self)
{
  const char *name;

  for (guint i = 0; i < GST_ROOMS; i++)
    {
      GstRoom *room = &self->rooms[i];

      if (room->process != NULL)
        g_subprocess_force_exit (room->process);
      g_clear_pointer (&room->thread, g_thread_join);
      end (&room->process);
      g_array_unref (room->frames);
      g_array_unref (room->arrivals);
      g_mutex_clear (&room->lock);
    }
  end (&self->server);
  g_autoptr (GDir) files = g_dir_open (self->directory, 0, NULL);
  while ((name = g_dir_read_name (files)) != NULL)
    {
      g_autofree char *path = g_build_filename (self->directory, name, NULL);
      g_unlink (path);
    }
  g_rmdir (self->directory);
  g_free (self->directory);
  g_free (self);
}
