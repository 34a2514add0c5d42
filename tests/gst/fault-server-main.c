/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "fault-server.h"

#include <glib-unix.h>

static gboolean
on_signal (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

/* fault-server DIRECTORY [PORT [CERTIFICATE.pem]]: prints its URL, serves until SIGINT or SIGTERM.
 */
int
main (int argc, char **argv)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsCertificate) certificate = NULL;
  if (argc < 2 || argc > 4)
    {
      g_printerr ("Usage: %s DIRECTORY [PORT [CERTIFICATE.pem]]\n", argv[0]);
      return 64;
    }
  if (argc == 4)
    certificate = g_tls_certificate_new_from_file (argv[3], &error);

  g_autoptr (FaultServer) server = NULL;
  if (error == NULL)
    server = fault_server_new (
        argv[1], certificate, argc > 2 ? (guint16)g_ascii_strtoull (argv[2], NULL, 10) : 0, &error);
  if (server == NULL)
    {
      g_printerr ("%s\n", error->message);
      return 1;
    }

  g_autofree char *url = fault_server_url (server, "/");
  g_print ("%s\n", url);
  g_autoptr (GMainLoop) loop = g_main_loop_new (NULL, FALSE);
  g_unix_signal_add (SIGINT, on_signal, loop);
  g_unix_signal_add (SIGTERM, on_signal, loop);
  g_main_loop_run (loop);
  return 0;
}
