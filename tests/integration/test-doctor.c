/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* "seguectl doctor" in worlds that are broken, each in one way: it names what is wrong, and only that. */
#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "fake-clock.h"
#include "harness.h"
#include "unit/daemon/test-certificates.h"

/* What the doctor has said. */
typedef struct
{
  int status;
  JsonParser *parser; /* (owned) */
  JsonArray *findings;
} Report;

static void
report_clear (Report *self)
{
  g_clear_object (&self->parser);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Report, report_clear)

static void
take_report (Report *self, const char *json)
{
  g_autoptr (GError) error = NULL;
  self->parser = json_parser_new ();
  json_parser_load_from_data (self->parser, json, -1, &error);
  g_assert_no_error (error);
  JsonObject *root = json_node_get_object (json_parser_get_root (self->parser));
  self->findings = json_object_get_array_member (root, "findings");
  g_assert_cmpint (json_object_get_boolean_member (root, "ok"), ==, self->status == 0);
}

/* On a machine that is very busy something may be late, which the doctor takes for a fault: it is asked
 * again. */
static void
examine (Report *self, Harness *h)
{
  gboolean late = TRUE;
  for (guint i = 0; i < 5 && late; i++)
    {
      g_autofree char *out = NULL;
      report_clear (self);
      self->status = harness_run (h, &out, NULL, SEGUECTL, "--json", "doctor", NULL);
      take_report (self, out);
      late = strstr (out, "timed out") != NULL || strstr (out, "in time") != NULL;
    }
}

static const char *
get (JsonObject *finding, const char *member)
{
  return json_object_get_string_member (finding, member);
}

/* (nullable): the finding of @check about @subject (nullable: whatever it is about) */
static JsonObject *
find (const Report *self, const char *check, const char *subject)
{
  for (guint i = 0; i < json_array_get_length (self->findings); i++)
    {
      JsonObject *finding = json_array_get_object_element (self->findings, i);
      if (g_str_equal (get (finding, "check"), check)
          && (subject == NULL || g_str_equal (get (finding, "subject"), subject)))
        return finding;
    }
  return NULL;
}

static void
assert_finding (const Report *self,
                const char *check,
                const char *subject,
                const char *verdict,
                const char *words)
{
  JsonObject *finding = find (self, check, subject);
  if (finding == NULL)
    harness_fail ("nothing is said of %s %s", check, subject != NULL ? subject : "");
  g_assert_cmpstr (get (finding, "verdict"), ==, verdict);
  g_autofree char *all = g_strconcat (get (finding, "text"), " ", get (finding, "remedy"), NULL);
  if (strstr (all, words) == NULL)
    harness_fail ("of %s is said: %s; expected: %s", check, all, words);
  /* who names a problem says what to do */
  g_assert_true (!g_str_equal (verdict, "problem") || *get (finding, "remedy") != '\0');
}

/* @checks: the problems that there are, in the order in which they are told: "skill dns " */
static void
assert_problems (const Report *self, const char *checks)
{
  g_autoptr (GString) found = g_string_new (NULL);
  for (guint i = 0; i < json_array_get_length (self->findings); i++)
    {
      JsonObject *finding = json_array_get_object_element (self->findings, i);
      if (g_str_equal (get (finding, "verdict"), "problem"))
        g_string_append_printf (found, "%s ", get (finding, "check"));
    }
  g_assert_cmpstr (found->str, ==, checks);
  g_assert_cmpint (self->status, ==, *checks == '\0' ? 0 : 1);
}

#define RADIO "[skill radio]\nendpoint = @URL@\n"

/* While something plays, which does not notice. */
static void
test_well (void)
{
  g_autoptr (Harness) h = harness_new (RADIO);
  harness_launch (h);
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0",
                  "PlaybackNearlyFinished track-1 *", NULL);
  g_auto (Report) report = { 0 };
  examine (&report, h);
  assert_problems (&report, "");
  assert_finding (&report, "output", "", "ok", "it is open");
  assert_finding (&report, "decoder", "", "ok", "MP3, AAC, MP4, FLAC, Ogg, Vorbis, Opus, WAV, HLS");
  assert_finding (&report, "skill", "radio", "ok", "127.0.0.1 can be reached");
  assert_finding (&report, "speech", "", "notice", "no synthesiser");
  assert_finding (&report, "clock", "", "ok", "plausible");
  assert_finding (&report, "storage", "", "ok", "segue.db can be written");
  /* nothing was sent to the skill but what it would have got anyway */
  harness_expect (h, "PlaybackFinished track-1 *", "PlaybackStarted track-2 0", NULL);
  g_auto (Report) again = { 0 };
  g_autoptr (GVariant) stop = harness_call (h, HARNESS_PLAYER, "Stop", NULL);
  harness_wait_property (h, HARNESS_PLAYER, "OutputState", "'closed'");
  examine (&again, h);
  assert_finding (&again, "output", "", "ok", "fakesink can be opened");
}

/* In plain words. */
static void
test_words (void)
{
  g_autoptr (Harness) h = harness_new (RADIO);
  g_autofree char *out = NULL;
  g_assert_cmpint (harness_run (h, &out, NULL, SEGUECTL, "doctor", NULL), ==, 0);
  g_assert_nonnull (strstr (out, "ok          daemon: segued runs\n"));
  g_assert_true (g_str_has_suffix (out, "Nothing stands in the way of sound.\n"));
  harness_kill_skill (h);
  g_autofree char *mute = NULL;
  g_assert_cmpint (harness_run (h, &mute, NULL, SEGUECTL, "volume", "mute", NULL), ==, 0);
  g_autofree char *broken = NULL;
  g_assert_cmpint (harness_run (h, &broken, NULL, SEGUECTL, "doctor", NULL), ==, 1);
  g_assert_nonnull (strstr (broken, "PROBLEM     volume: it is muted\n"
                                    "            → seguectl volume unmute\n"));
  g_assert_nonnull (strstr (broken, "PROBLEM     skill radio: 127.0.0.1 takes no connection"));
  g_assert_nonnull (strstr (broken, "            → start its server"));
  g_assert_true (g_str_has_suffix (broken, "\n2 problems.\n"));
}

static void
test_no_daemon (void)
{
  g_autoptr (Harness) h = harness_new (NULL);
  g_assert_cmpint (harness_end_daemon (h, SIGTERM), ==, 0);
  g_autofree char *out = NULL;
  g_assert_cmpint (harness_run (h, &out, NULL, SEGUECTL, "doctor", NULL), ==, 69);
  g_assert_nonnull (strstr (out, "PROBLEM     daemon: segued does not run"));
  g_autofree char *none = NULL;
  g_assert_cmpint (harness_run (h, &none, NULL, "env",
                                "DBUS_SESSION_BUS_ADDRESS=unix:path=/nowhere", SEGUECTL, "doctor",
                                NULL),
                   ==, 69);
  g_assert_nonnull (strstr (none, "PROBLEM     bus session: there is none here"));
  g_auto (Report) report = { .status = 69 };
  g_autofree char *json = NULL;
  harness_run (h, &json, NULL, SEGUECTL, "--json", "doctor", NULL);
  take_report (&report, json);
  assert_finding (&report, "daemon", "", "problem", "systemctl --user start segued");
}

/* No sound server, and no card that ALSA knows. */
static void
test_no_output (void)
{
  g_autofree char *folder = g_dir_make_tmp ("segue-doctor-XXXXXX", NULL);
  g_autofree char *pulse = g_build_filename (folder, "native", NULL);
  g_autofree char *server = g_strconcat ("unix:", pulse, NULL);
  g_setenv ("PIPEWIRE_RUNTIME_DIR", folder, TRUE);
  g_setenv ("PULSE_SERVER", server, TRUE);
  g_setenv ("ALSA_CONFIG_PATH", "/dev/null", TRUE);
  g_autoptr (Harness) h = harness_new ("[audio]\nsink = auto\n");
  g_unsetenv ("PIPEWIRE_RUNTIME_DIR");
  g_unsetenv ("PULSE_SERVER");
  g_unsetenv ("ALSA_CONFIG_PATH");
  g_autofree char *pipewire = g_build_filename (folder, "pipewire-0", NULL);
  g_auto (Report) report = { 0 };
  examine (&report, h);
  assert_problems (&report, "output ");
  assert_finding (&report, "output", "", "problem", "No audio output was found");
  assert_finding (&report, "pulseaudio", pulse, "notice", "does not run for this user");
  assert_finding (&report, "pipewire", pipewire, "notice", "does not run for this user");
  g_assert_nonnull (find (&report, "alsa", NULL));
  g_rmdir (folder);
}

/* A daemon that is going to warn. (transfer full) */
static Harness *
new_warning (const char *config)
{
  g_autofree char *debug = g_strdup (g_getenv ("G_DEBUG"));
  g_setenv ("G_DEBUG", "fatal-criticals", TRUE);
  Harness *h = harness_new (config);
  if (debug != NULL)
    g_setenv ("G_DEBUG", debug, TRUE);
  return h;
}

/* A sink that cannot be opened says why; while a stream waits for it, too. */
static void
test_sink (void)
{
  g_setenv ("ALSA_CONFIG_PATH", "/dev/null", TRUE);
  g_autoptr (Harness) h = new_warning (
      "[audio]\nsink = alsasink device=nothing\n[player]\nnearly-finished = early\n" RADIO);
  g_unsetenv ("ALSA_CONFIG_PATH");
  g_auto (Report) report = { 0 };
  examine (&report, h);
  assert_problems (&report, "output ");
  assert_finding (&report, "output", "", "problem", "alsasink: ");
  g_autoptr (GVariant) launched
      = harness_call (h, HARNESS_CONVERSATION, "Launch", g_variant_new ("(s)", ""));
  harness_wait_property (h, HARNESS_PLAYER, "OutputState", "'waiting'");
  g_auto (Report) waiting = { 0 };
  examine (&waiting, h);
  assert_problems (&waiting, "output ");
  assert_finding (&waiting, "output", "", "problem", "alsasink: ");
}

/* A machine with few plug-ins. */
static void
test_decoders (void)
{
  static const char *const plugins[] = { "coreelements", "playback",      "typefindfunctions",
                                         "audioconvert", "audioresample", "audioparsers",
                                         "app",          "volume",        "ogg",
                                         "wavparse",     "audiotestsrc" };
  g_autofree char *folder = g_dir_make_tmp ("segue-doctor-XXXXXX", NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (plugins); i++)
    {
      g_autofree char *name = g_strdup_printf ("libgst%s.so", plugins[i]);
      g_autofree char *from = g_build_filename (GST_PLUGIN_DIR, name, NULL);
      g_autofree char *to = g_build_filename (folder, name, NULL);
      g_autoptr (GFile) link = g_file_new_for_path (to);
      g_assert_true (g_file_make_symbolic_link (link, from, NULL, NULL));
    }
  g_autofree char *registry = g_build_filename (folder, "registry.bin", NULL);
  g_setenv ("GST_PLUGIN_SYSTEM_PATH_1_0", folder, TRUE);
  g_setenv ("GST_REGISTRY_1_0", registry, TRUE);
  g_autoptr (Harness) h = harness_new (NULL);
  g_unsetenv ("GST_PLUGIN_SYSTEM_PATH_1_0");
  g_unsetenv ("GST_REGISTRY_1_0");
  g_auto (Report) report = { 0 };
  examine (&report, h);
  assert_finding (&report, "decoder", "MP3", "problem", "install gstreamer1.0-plugins-good");
  assert_finding (&report, "decoder", "AAC", "problem", "install gstreamer1.0-libav");
  assert_finding (&report, "decoder", "HLS", "problem", "install gstreamer1.0-plugins-bad");
  assert_finding (&report, "decoder", "Vorbis", "problem", "install gstreamer1.0-plugins-base");
  assert_finding (&report, "decoder", "", "ok", "Ogg, WAV");
  /* what has failed for that reason is named, too */
  g_autoptr (GVariant) play = harness_call (h, HARNESS_PLAYER, "PlayUrl",
                                            g_variant_new ("(sx)", "file://" MP3_FILE, (gint64)0));
  harness_wait_signal (h, "StreamFailed", NULL);
  g_auto (Report) failed = { 0 };
  examine (&failed, h);
  assert_finding (&failed, "stream", NULL, "problem", "no decoder for");
  for (gsize i = 0; i < G_N_ELEMENTS (plugins); i++)
    {
      g_autofree char *name = g_strdup_printf ("libgst%s.so", plugins[i]);
      g_autofree char *link = g_build_filename (folder, name, NULL);
      g_unlink (link);
    }
  g_unlink (registry);
  g_rmdir (folder);
}

/* --- Servers with certificates -----------------------------------------------------------------
 */

static gboolean
on_visit (GThreadedSocketService *service,
          GSocketConnection *connection,
          GObject *source,
          gpointer user_data)
{
  GTlsCertificate *certificate = user_data;
  g_autoptr (GIOStream) tls
      = g_tls_server_connection_new (G_IO_STREAM (connection), certificate, NULL);
  char byte;
  if (tls != NULL && g_tls_connection_handshake (G_TLS_CONNECTION (tls), NULL, NULL))
    g_input_stream_read (g_io_stream_get_input_stream (tls), &byte, 1, NULL, NULL);
  return TRUE;
}

/* Serves with the certificate in DIR/NAME. Returns: its port */
static guint16
serve (GPtrArray *services, const char *dir, const char *name)
{
  g_autoptr (GError) error = NULL;
  g_autofree char *path = g_build_filename (dir, name, NULL);
  GTlsCertificate *certificate = g_tls_certificate_new_from_file (path, &error);
  g_assert_no_error (error);
  GSocketService *service = g_threaded_socket_service_new (10);
  g_ptr_array_add (services, service);
  g_signal_connect_data (service, "run", G_CALLBACK (on_visit), certificate,
                         (GClosureNotify)(void (*) (void))g_object_unref, 0);
  guint16 port = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (service), NULL, &error);
  g_assert_no_error (error);
  return port;
}

static void
test_certificates (void)
{
  g_autofree char *dir = g_dir_make_tmp ("segue-doctor-XXXXXX", NULL);
  test_certificates_make (dir);
  g_autoptr (GPtrArray) services = g_ptr_array_new_with_free_func (g_object_unref);
  guint16 good = serve (services, dir, "server.pem");
  guint16 expired = serve (services, dir, "expired.pem");
  guint16 future = serve (services, dir, "future.pem");
  g_autofree char *config = g_strdup_printf (
      "[skill good]\nendpoint = https://127.0.0.1:%u/\nca-file = %s/ca.pem\n"
      "[skill unknown]\nendpoint = https://127.0.0.1:%u/\nca-file = %s/other-ca.pem\n"
      "[skill other-host]\nendpoint = https://localhost:%u/\nca-file = %s/ca.pem\n"
      "[skill expired]\nendpoint = https://127.0.0.1:%u/\nca-file = %s/ca.pem\n"
      "[skill future]\nendpoint = https://127.0.0.1:%u/\nca-file = %s/ca.pem\n"
      "[skill nowhere]\nendpoint = https://no-such-host.invalid/\n",
      good, dir, good, dir, good, dir, expired, dir, future, dir);
  g_autoptr (Harness) h = harness_new (config);
  g_auto (Report) report = { 0 };
  examine (&report, h);
  assert_problems (&report, "certificate certificate certificate certificate dns ");
  assert_finding (&report, "skill", "good", "ok", "its certificate is good");
  assert_finding (&report, "certificate", "unknown", "problem",
                  "not signed by a trusted authority");
  assert_finding (&report, "certificate", "other-host", "problem", "it is for another host");
  assert_finding (&report, "certificate", "expired", "problem", "it has expired");
  assert_finding (&report, "certificate", "future", "problem", "check the clock");
  assert_finding (&report, "dns", "nowhere", "problem", "no-such-host.invalid cannot be resolved");
  g_ptr_array_set_size (services, 0);
  test_certificates_remove (dir);
}

/* --- The machine -------------------------------------------------------------------------------
 */

static void
test_clock (void)
{
  g_autoptr (Harness) h = new_warning (RADIO);
  harness_end_daemon (h, SIGTERM);
  g_autoptr (FakeClock) clock = fake_clock_new (harness_dir (h), 0);
  GStrv environment = g_environ_setenv (g_get_environ (), "G_DEBUG", "fatal-criticals", TRUE);
  harness_set_environment (h, fake_clock_get_environment (clock, environment, CLOCK_SHIM));
  harness_start_daemon (h);
  g_auto (Report) report = { 0 };
  examine (&report, h);
  assert_problems (&report, "clock ");
  assert_finding (&report, "clock", "", "problem", "timedatectl");
  fake_clock_set_right (clock);
  g_auto (Report) well = { 0 };
  examine (&well, h);
  assert_problems (&well, "");
}

/* Files that are not there, a synthesiser that is none, a state folder that goes. */
static void
test_files (void)
{
  g_autoptr (Harness) h = harness_new (
      RADIO "access-token-file = @DIR@/token\n[speech]\ncommand = no-such-program\n");
  g_auto (Report) report = { 0 };
  examine (&report, h);
  assert_problems (&report, "speech file ");
  assert_finding (&report, "speech", "", "problem", "no-such-program");
  assert_finding (&report, "file", "", "problem", "token");
  g_autofree char *state = g_build_filename (harness_dir (h), "state", NULL);
  g_autofree char *gone = g_build_filename (harness_dir (h), "gone", NULL);
  g_assert_cmpint (g_rename (state, gone), ==, 0);
  g_auto (Report) lost = { 0 };
  examine (&lost, h);
  assert_problems (&lost, "speech file storage ");
}

/* What a skill that is away has not heard yet. */
static void
test_reports (void)
{
  g_autoptr (Harness) h = harness_new (RADIO);
  g_auto (Report) none = { 0 };
  examine (&none, h);
  assert_finding (&none, "reports", "", "ok", "told everything");
  harness_launch (h);
  harness_expect (h, "LaunchRequest", "PlaybackStarted track-1 0",
                  "PlaybackNearlyFinished track-1 *", NULL);
  harness_wait_signal (h, "Directive", "track-2");
  harness_kill_skill (h);
  g_autoptr (GVariant) stop = harness_call (h, HARNESS_PLAYER, "Stop", NULL);
  harness_wait_activity (h, "STOPPED");
  g_auto (Report) one = { 0 };
  examine (&one, h);
  assert_finding (&one, "reports", "", "notice", "1 waiting");
}

/* However many ask at once, things are looked at once. */
static void
test_crowd (void)
{
  g_autoptr (Harness) h = harness_new (
      "[speech]\ncommand = sh -c \"echo x >> @DIR@/runs; exec espeak-ng -m --stdin --stdout\"\n");
  for (guint i = 0; i < 50; i++)
    harness_send (h, HARNESS_ROOT, "Diagnose", NULL);
  g_autoptr (GVariant) last = harness_call (h, HARNESS_ROOT, "Diagnose", NULL);
  g_autofree char *path = g_build_filename (harness_dir (h), "runs", NULL);
  g_autofree char *runs = NULL;
  g_assert_true (g_file_get_contents (path, &runs, NULL, NULL));
  g_assert_cmpuint (strlen (runs), <=, 2 * strlen ("x\n"));
}

/* --- Rights ------------------------------------------------------------------------------------
 */

static gboolean
has_line (gpointer user_data)
{
  g_autoptr (GBytes) line = g_input_stream_read_bytes (user_data, 1, NULL, NULL);
  return line != NULL && g_bytes_get_size (line) > 0;
}

/* A system bus on which @denied, rules of the kind that nothing can override, hold. (transfer full) */
static GSubprocess *
start_system_bus (const char *dir, const char *denied)
{
  g_autofree char *address = g_strdup_printf ("unix:path=%s/bus", dir);
  g_autofree char *config = g_strdup_printf (
      "<busconfig><type>system</type><listen>%s</listen><auth>EXTERNAL</auth>"
      "<policy context='default'><allow user='*'/><allow own='*'/><allow send_type='method_call'/>"
      "<allow send_type='signal'/><allow send_requested_reply='true' send_type='method_return'/>"
      "<allow send_requested_reply='true' send_type='error'/><allow receive_type='method_call'/>"
      "<allow receive_type='method_return'/><allow receive_type='error'/>"
      "<allow receive_type='signal'/></policy><policy context='mandatory'>%s</policy></busconfig>",
      address, denied);
  g_autofree char *file = g_build_filename (dir, "bus.conf", NULL);
  g_assert_true (g_file_set_contents (file, config, -1, NULL));
  g_autofree char *option = g_strconcat ("--config-file=", file, NULL);
  g_autoptr (GError) error = NULL;
  GSubprocess *bus = g_subprocess_new (
      G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_SILENCE, &error, "dbus-daemon",
      option, "--nofork", "--nopidfile", "--print-address", NULL);
  g_assert_no_error (error);
  g_assert_true (has_line (g_subprocess_get_stdout_pipe (bus)));
  g_setenv ("DBUS_SYSTEM_BUS_ADDRESS", address, TRUE);
  return bus;
}

static gboolean
serves_system (gpointer user_data)
{
  g_autoptr (GSubprocess) probe
      = g_subprocess_new (G_SUBPROCESS_FLAGS_STDOUT_SILENCE | G_SUBPROCESS_FLAGS_STDERR_SILENCE,
                          NULL, SEGUECTL, "--system", "status", NULL);
  return g_subprocess_wait (probe, NULL, NULL) && g_subprocess_get_if_exited (probe)
         && g_subprocess_get_exit_status (probe) == 0;
}

/* The harness gives the folder, and runs seguectl; the daemon is one of the system. */
static void
check_rights (const char *denied, const char *verdict, const char *words)
{
  g_autoptr (Harness) h = harness_new (NULL);
  g_autoptr (GSubprocess) bus = start_system_bus (harness_dir (h), denied);
  g_autofree char *config = g_build_filename (harness_dir (h), "system.conf", NULL);
  g_autofree char *state = g_build_filename (harness_dir (h), "system", NULL);
  g_assert_true (g_file_set_contents (config, "[audio]\nsink = fakesink sync=true\n", -1, NULL));
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) daemon
      = g_subprocess_new (G_SUBPROCESS_FLAGS_NONE, &error, SEGUED, "--system", "--config", config,
                          "--state-dir", state, NULL);
  g_assert_no_error (error);
  g_assert_true (harness_wait (15000, serves_system, NULL));
  g_auto (Report) report = { 0 };
  g_autofree char *out = NULL;
  report.status = harness_run (h, &out, NULL, SEGUECTL, "--system", "--json", "doctor", NULL);
  take_report (&report, out);
  assert_finding (&report, "rights", "", verdict, words);
  g_assert_cmpint (report.status, ==, g_str_equal (verdict, "problem") ? 1 : 0);
  g_subprocess_send_signal (daemon, SIGTERM);
  g_subprocess_wait (daemon, NULL, NULL);
  g_subprocess_force_exit (bus);
  g_subprocess_wait (bus, NULL, NULL);
  g_unsetenv ("DBUS_SYSTEM_BUS_ADDRESS");
}

static void
test_rights (void)
{
  check_rights ("<deny send_destination='org.segue.Segue1'"
                " send_interface='org.segue.Segue1.Player'/>"
                "<deny send_destination='org.segue.Segue1' send_interface='org.segue.Segue1'/>",
                "problem", "usermod -aG segue");
  check_rights ("<deny send_destination='org.segue.Segue1'"
                " send_interface='org.segue.Segue1.Player' send_member='PlayUrl'/>",
                "notice", "look and control");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/doctor/well", test_well);
  g_test_add_func ("/doctor/words", test_words);
  g_test_add_func ("/doctor/no-daemon", test_no_daemon);
  g_test_add_func ("/doctor/no-output", test_no_output);
  g_test_add_func ("/doctor/sink", test_sink);
  g_test_add_func ("/doctor/decoders", test_decoders);
  g_test_add_func ("/doctor/certificates", test_certificates);
  g_test_add_func ("/doctor/clock", test_clock);
  g_test_add_func ("/doctor/files", test_files);
  g_test_add_func ("/doctor/reports", test_reports);
  g_test_add_func ("/doctor/crowd", test_crowd);
  g_test_add_func ("/doctor/rights", test_rights);
  return g_test_run ();
}
