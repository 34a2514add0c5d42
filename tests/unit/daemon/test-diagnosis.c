/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Why there is no sound, in folders that look like those of a machine with a card. */
#include <fcntl.h>
#include <gio/gunixsocketaddress.h>
#include <glib/gstdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "daemon/daemon-diagnosis-private.h"

typedef struct
{
  char *dir;  /* (owned) */
  char *dev;  /* (owned) */
  char *proc; /* (owned) */
} Machine;

static void
write_text (const char *folder, const char *name, const char *text)
{
  g_autofree char *path = g_build_filename (folder, name, NULL);
  g_autofree char *parent = g_path_get_dirname (path);
  g_assert_cmpint (g_mkdir_with_parents (parent, 0700), ==, 0);
  g_assert_true (g_file_set_contents (path, text, -1, NULL));
}

static void
machine_up (Machine *self, gconstpointer data)
{
  self->dir = g_dir_make_tmp ("segue-machine-XXXXXX", NULL);
  self->dev = g_build_filename (self->dir, "snd", NULL);
  self->proc = g_build_filename (self->dir, "proc", NULL);
  g_setenv ("PIPEWIRE_RUNTIME_DIR", self->dir, TRUE);
  g_setenv ("PULSE_SERVER", "tcp:nowhere", TRUE);
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir = g_dir_open (path, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      remove_tree (child);
    }
  g_assert_cmpint (g_remove (path), ==, 0);
}

static void
machine_down (Machine *self, gconstpointer data)
{
  remove_tree (self->dir);
  g_free (self->dir);
  g_free (self->dev);
  g_free (self->proc);
}

/* (transfer full): all that is said of ALSA */
static char *
ask_alsa (const Machine *self)
{
  g_autoptr (GPtrArray) symptoms = daemon_symptoms_new ();
  g_autoptr (GString) said = g_string_new (NULL);
  daemon_diagnosis_sound (symptoms, self->dev, self->proc);
  for (guint i = 0; i < symptoms->len; i++)
    {
      const DaemonSymptom *symptom = g_ptr_array_index (symptoms, i);
      g_assert_cmpint (symptom->verdict, ==, DAEMON_VERDICT_NOTICE);
      if (g_str_equal (symptom->check, "alsa"))
        g_string_append_printf (said, "%s: %s → %s\n", strrchr (symptom->subject, '/'),
                                symptom->text, symptom->remedy);
    }
  return g_string_free (g_steal_pointer (&said), FALSE);
}

static void
test_no_card (Machine *self, gconstpointer data)
{
  g_autofree char *said = ask_alsa (self);
  g_assert_true (g_str_has_prefix (said, "/snd: there is no sound card"));
}

/* Somebody else has it: who. */
static void
test_busy (Machine *self, gconstpointer data)
{
  write_text (self->dev, "pcmC1D3p", "");
  write_text (self->dev, "pcmC1D0c", "");
  write_text (self->dev, "controlC1", "");
  write_text (self->proc, "asound/card1/pcm3p/sub0/status",
              "state: RUNNING\nowner_pid   : 4711\ntrigger_time: 1.0\n");
  write_text (self->proc, "4711/comm", "mpd\n");
  g_autofree char *said = ask_alsa (self);
  g_assert_cmpstr (
      said, ==,
      "/pcmC1D3p: process 4711 (mpd) plays on it → end that, or have both play through a "
      "sound server\n");
}

static void
test_free (Machine *self, gconstpointer data)
{
  write_text (self->dev, "pcmC0D0p", "");
  write_text (self->proc, "asound/card0/pcm0p/sub0/status", "closed\n");
  g_autofree char *said = ask_alsa (self);
  g_assert_true (g_str_has_prefix (said, "/pcmC0D0p: nobody uses it"));
}

/* A user who is not in the group audio. Root may open everything: somebody else looks. */
static void
test_forbidden (Machine *self, gconstpointer data)
{
  write_text (self->dev, "pcmC0D0p", "");
  g_autofree char *node = g_build_filename (self->dev, "pcmC0D0p", NULL);
  g_assert_cmpint (g_chmod (node, 0), ==, 0);
  g_assert_cmpint (g_chmod (self->dir, 0755), ==, 0);
  g_assert_cmpint (g_chmod (self->dev, 0755), ==, 0);
  if (getuid () == 0)
    g_assert_cmpint (seteuid (65534), ==, 0);
  g_assert_cmpint (faccessat (AT_FDCWD, node, R_OK, AT_EACCESS), !=, 0);
  g_autofree char *said = ask_alsa (self);
  if (geteuid () != getuid ())
    g_assert_cmpint (seteuid (getuid ()), ==, 0);
  g_assert_nonnull (
      strstr (said, "may not open it → add the user that runs segued to the group audio"));
}

/* Sound servers are told apart from what does not run. */
static void
test_servers (Machine *self, gconstpointer data)
{
  g_autofree char *path = g_build_filename (self->dir, "pipewire-0", NULL);
  g_autoptr (GSocketService) service = g_socket_service_new ();
  g_autoptr (GSocketAddress) address = g_unix_socket_address_new (path);
  g_autoptr (GError) error = NULL;
  g_socket_listener_add_address (G_SOCKET_LISTENER (service), address, G_SOCKET_TYPE_STREAM,
                                 G_SOCKET_PROTOCOL_DEFAULT, NULL, NULL, &error);
  g_assert_no_error (error);
  g_autoptr (GPtrArray) symptoms = daemon_symptoms_new ();
  daemon_diagnosis_sound (symptoms, self->dev, self->proc);
  const DaemonSymptom *pipewire = g_ptr_array_index (symptoms, 0);
  const DaemonSymptom *pulse = g_ptr_array_index (symptoms, 1);
  g_assert_cmpstr (pipewire->check, ==, "pipewire");
  g_assert_cmpstr (pipewire->text, ==, "it runs, but cannot be used");
  g_assert_cmpstr (pulse->subject, ==, "tcp:nowhere");
  g_socket_listener_close (G_SOCKET_LISTENER (service));
}

/* Servers and sinks may say anything. */
static void
test_redacted (void)
{
  g_autoptr (GPtrArray) symptoms = daemon_symptoms_new ();
  daemon_symptoms_add (symptoms, "stream", "https://u:hush@a.example/?hush", DAEMON_VERDICT_OK,
                       NULL, "%s", "GET https://a.example/?hush \xff");
  const DaemonSymptom *symptom = g_ptr_array_index (symptoms, 0);
  g_assert_cmpstr (symptom->subject, ==, "https://a.example/?…");
  g_assert_cmpstr (symptom->text, ==, "GET https://a.example/?… \xef\xbf\xbd");
}

#define ADD(path, test)                                                                            \
  g_test_add ("/diagnosis/" path, Machine, NULL, machine_up, test, machine_down)

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  ADD ("no-card", test_no_card);
  ADD ("busy", test_busy);
  ADD ("free", test_free);
  ADD ("forbidden", test_forbidden);
  ADD ("servers", test_servers);
  g_test_add_func ("/diagnosis/redacted", test_redacted);
  return g_test_run ();
}
