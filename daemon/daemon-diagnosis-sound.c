/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Why there is no sound: what a user would look at, one after another. */
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "daemon-diagnosis-private.h"

/* --- Sound servers -----------------------------------------------------------------------------
 */

static void
check_socket (GPtrArray *symptoms, const char *server, const char *path)
{
  g_autoptr (GSocketClient) client = g_socket_client_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;
  g_socket_client_set_timeout (client, 2);
  g_socket_client_set_enable_proxy (client, FALSE);
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect (client, G_SOCKET_CONNECTABLE (address), NULL, &error);
  if (connection != NULL)
    daemon_symptoms_add (symptoms, server, path, DAEMON_VERDICT_NOTICE,
                         "see its own log: does it have an output?", "it runs, but cannot be used");
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_NOT_FOUND))
    daemon_symptoms_add (symptoms, server, path, DAEMON_VERDICT_NOTICE,
                         "start it, if it is to play", "it does not run for this user");
  else if (g_error_matches (error, G_IO_ERROR, G_IO_ERROR_PERMISSION_DENIED))
    daemon_symptoms_add (symptoms, server, path, DAEMON_VERDICT_NOTICE,
                         "run segued as the user that the sound server belongs to",
                         "user %u may not use it", (guint)geteuid ());
  else
    daemon_symptoms_add (symptoms, server, path, DAEMON_VERDICT_NOTICE, "start it anew",
                         "it does not answer: %s", error->message);
}

static void
check_server (GPtrArray *symptoms,
              const char *server,
              const char *folder,
              const char *first,
              const char *second)
{
  if (folder == NULL || *folder == '\0')
    {
      daemon_symptoms_add (
          symptoms, server, "", DAEMON_VERDICT_NOTICE,
          "a sound server belongs to a user's session; the service of the system plays "
          "through ALSA, or is given its socket in the unit",
          "XDG_RUNTIME_DIR is not set: there is none for this user");
      return;
    }
  g_autofree char *path = g_build_filename (folder, first, second, NULL);
  check_socket (symptoms, server, path);
}

/* --- ALSA -------------------------------------------------------------------------------------- */

/* (transfer full) (nullable): the text of DIR/... */
static char *
read_text (const char *path)
{
  char *text = NULL;
  return g_file_get_contents (path, &text, NULL, NULL) ? text : NULL;
}

/* (transfer full) (nullable): "PID (NAME)" of who plays on it, @status being /proc/asound/…/status */
static char *
find_owner (const char *status, const char *proc)
{
  g_autofree char *text = read_text (status);
  const char *owner = text != NULL ? strstr (text, "owner_pid") : NULL;
  if (owner == NULL || strchr (owner, ':') == NULL)
    return NULL;
  guint64 pid = g_ascii_strtoull (strchr (owner, ':') + 1, NULL, 10);
  g_autofree char *number = g_strdup_printf ("%" G_GUINT64_FORMAT, pid);
  g_autofree char *path = g_build_filename (proc, number, "comm", NULL);
  g_autofree char *name = read_text (path);
  return g_strdup_printf ("process %s (%s)", number,
                          name != NULL ? g_strstrip (name) : "of another user");
}

/* "pcmC0D3p" → /proc/asound/card0/pcm3p/sub0/status. (transfer full) (nullable) */
static char *
find_user (const char *node, const char *proc)
{
  guint card = 0;
  guint device = 0;
  if (sscanf (node, "pcmC%uD%up", &card, &device) != 2)
    return NULL;
  g_autofree char *path
      = g_strdup_printf ("%s/asound/card%u/pcm%up/sub0/status", proc, card, device);
  return find_owner (path, proc);
}

static void
check_node (GPtrArray *symptoms, const char *dev, const char *node, const char *proc)
{
  g_autofree char *path = g_build_filename (dev, node, NULL);
  g_autofree char *user = find_user (node, proc);
  if (faccessat (AT_FDCWD, path, R_OK | W_OK, AT_EACCESS) != 0)
    daemon_symptoms_add (
        symptoms, "alsa", path, DAEMON_VERDICT_NOTICE,
        "add the user that runs segued to the group audio, and log in anew or restart "
        "the service",
        "user %u may not open it", (guint)geteuid ());
  else if (user != NULL)
    daemon_symptoms_add (symptoms, "alsa", path, DAEMON_VERDICT_NOTICE,
                         "end that, or have both play through a sound server", "%s plays on it",
                         user);
  else
    daemon_symptoms_add (symptoms, "alsa", path, DAEMON_VERDICT_NOTICE, "try it: speaker-test -c 2",
                         "nobody uses it");
}

static gboolean
is_playback (const char *node)
{
  return g_str_has_prefix (node, "pcmC") && g_str_has_suffix (node, "p");
}

static void
check_cards (GPtrArray *symptoms, const char *dev, const char *proc)
{
  g_autoptr (GDir) folder = g_dir_open (dev, 0, NULL);
  const char *node = NULL;
  gboolean found = FALSE;
  while (folder != NULL && (node = g_dir_read_name (folder)) != NULL)
    if (is_playback (node))
      {
        found = TRUE;
        check_node (symptoms, dev, node, proc);
      }
  if (!found)
    daemon_symptoms_add (
        symptoms, "alsa", dev, DAEMON_VERDICT_NOTICE,
        "plug one in, or load its driver; in a container or a hardened unit, let it in",
        "there is no sound card");
}

void
daemon_diagnosis_sound (GPtrArray *symptoms, const char *dev, const char *proc)
{
  const char *runtime = g_getenv ("XDG_RUNTIME_DIR");
  const char *pipewire = g_getenv ("PIPEWIRE_RUNTIME_DIR");
  const char *pulse = g_getenv ("PULSE_SERVER");
  check_server (symptoms, "pipewire", pipewire != NULL ? pipewire : runtime, "pipewire-0", NULL);
  if (pulse != NULL && g_str_has_prefix (pulse, "unix:"))
    check_socket (symptoms, "pulseaudio", pulse + strlen ("unix:"));
  else if (pulse != NULL && *pulse != '\0')
    daemon_symptoms_add (symptoms, "pulseaudio", pulse, DAEMON_VERDICT_NOTICE,
                         "check PULSE_SERVER, and whether it runs there", "it cannot be used");
  else
    check_server (symptoms, "pulseaudio", runtime, "pulse", "native");
  check_cards (symptoms, dev, proc);
}
