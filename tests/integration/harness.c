/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "harness.h"

#include <glib/gstdio.h>
#include <signal.h>
#include <string.h>

#include "harness-words.h"

#define WAIT_MS 15000
#define RATE 44100

struct _Harness
{
  GTestDBus *bus;              /* (owned) */
  GDBusConnection *connection; /* (owned) */
  DemoServer *skill;           /* (owned) (nullable): while it runs */
  guint16 port;
  char *url;           /* (owned) */
  char *dir;           /* (owned) */
  char *media_dir;     /* (owned) */
  char *config;        /* (owned): path */
  GSubprocess *daemon; /* (owned) (nullable) */
  GPtrArray *requests; /* (owned) (element-type JsonObject): all log entries of kind "request" */
  guint cursor;        /* into requests: what harness_expect() has passed */
  char *log;           /* (owned) (nullable) */
  GStrv environment;   /* (owned) (nullable): of the daemon; the test's */
  GPtrArray *signals;  /* (owned) (element-type GVariant): (sv) name and arguments */
  guint signal_cursor;
  GVariant *found; /* (owned) (nullable): arguments of the last signal waited for */
  guint subscription;
};

static const gsize track_frames[] = { 70001, 66003, 52007 };

gsize
harness_track_frames (guint track)
{
  g_assert_cmpuint (track, >=, 1);
  g_assert_cmpuint (track, <=, G_N_ELEMENTS (track_frames));
  return track_frames[track - 1];
}

void
harness_write_wav (const char *path, guint file, gsize frames)
{
  g_autoptr (GByteArray) wav = g_byte_array_sized_new (44 + frames * 4);
  guint32 data = frames * 4;
  guint32 words[11] = { 0x46464952, data + 36, 0x45564157, 0x20746d66, 16,  0x00020001,
                        RATE,       RATE * 4,  0x00100004, 0x61746164, data };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    words[i] = GUINT32_TO_LE (words[i]);
  g_byte_array_append (wav, (const guint8 *)words, sizeof words);
  for (gsize i = 0; i < frames; i++)
    {
      guint8 frame[4] = { i & 0xff, (i >> 8) & 0xff, (i >> 16) & 0xff, file };
      g_byte_array_append (wav, frame, sizeof frame);
    }
  g_autoptr (GError) error = NULL;
  g_file_set_contents (path, (const char *)wav->data, wav->len, &error);
  g_assert_no_error (error);
}

void
harness_fail_at (const char *file, int line, const char *func, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_autofree char *text = g_strdup_vprintf (format, args);
  va_end (args);
  g_assertion_message (G_LOG_DOMAIN, file, line, func, text);
  g_abort (); /* where assertions are set not to end the test */
}

/* ---- waiting ----------------------------------------------------------------------------------
 */

/* Wakes the loop, so that conditions are looked at again. */
static gboolean
on_poll (gpointer user_data)
{
  return G_SOURCE_CONTINUE;
}

static gboolean
on_deadline (gpointer user_data)
{
  *(gboolean *)user_data = TRUE;
  return G_SOURCE_REMOVE;
}

gboolean
harness_wait (guint ms, HarnessCondition condition, gpointer user_data)
{
  gboolean late = FALSE;
  guint deadline = g_timeout_add (ms, on_deadline, &late);
  guint poll = g_timeout_add (10, on_poll, NULL);
  gboolean done = condition (user_data);
  while (!done && !late)
    {
      g_main_context_iteration (NULL, TRUE);
      done = condition (user_data);
    }
  g_source_remove (poll);
  if (!late)
    g_source_remove (deadline);
  return done;
}

static gboolean
never (gpointer user_data)
{
  return FALSE;
}

/* ---- the skill --------------------------------------------------------------------------------
 */

static void
on_logged (DemoServer *server, JsonObject *entry, gpointer user_data)
{
  Harness *self = user_data;
  if (g_strcmp0 (json_object_get_string_member (entry, "kind"), "request") == 0)
    g_ptr_array_add (self->requests, json_object_ref (entry));
}

void
harness_restart_skill (Harness *self)
{
  static const char *const tracks[] = { "a.wav", "b.wav", "c.wav", NULL };
  g_autoptr (GError) error = NULL;
  g_assert_null (self->skill);
  self->skill = demo_server_new (self->port, self->media_dir, tracks, &error);
  g_assert_no_error (error);
  g_signal_connect (self->skill, "logged", G_CALLBACK (on_logged), self);
  g_free (self->url);
  self->url = g_strdup (demo_server_get_url (self->skill));
  g_autoptr (GUri) uri = g_uri_parse (self->url, G_URI_FLAGS_NONE, NULL);
  self->port = g_uri_get_port (uri);
}

void
harness_kill_skill (Harness *self)
{
  g_clear_object (&self->skill);
}

void
harness_fault (Harness *self, const char *fault)
{
  g_autoptr (GError) error = NULL;
  DemoFault *parsed = demo_fault_new_parse (fault, &error);
  g_assert_no_error (error);
  demo_server_add_fault (self->skill, parsed);
}

/* ---- the daemon -------------------------------------------------------------------------------
 */

static void
on_signal (GDBusConnection *connection,
           const char *sender,
           const char *path,
           const char *interface,
           const char *name,
           GVariant *arguments,
           gpointer user_data)
{
  Harness *self = user_data;
  if (g_test_verbose ())
    {
      g_autofree char *text = g_variant_print (arguments, FALSE);
      g_test_message ("%s%.300s", name, text);
    }
  g_ptr_array_add (self->signals, g_variant_ref_sink (g_variant_new ("(sv)", name, arguments)));
}

static gboolean
has_owner (gpointer user_data)
{
  Harness *self = user_data;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      self->connection, "org.freedesktop.DBus", "/org/freedesktop/DBus", "org.freedesktop.DBus",
      "NameHasOwner", g_variant_new ("(s)", "org.segue.Segue1"), NULL, 0, -1, NULL, NULL);
  gboolean owned = FALSE;
  g_variant_get (reply, "(b)", &owned);
  if (!owned)
    g_usleep (2000);
  return owned;
}

static gboolean
has_exited (gpointer user_data)
{
  GSubprocess *process = user_data;
  return g_subprocess_get_identifier (process) == NULL;
}

static gboolean
is_up_or_gone (gpointer user_data)
{
  Harness *self = user_data;
  return has_exited (self->daemon) || has_owner (self);
}

gboolean
harness_daemon_runs (Harness *self)
{
  if (self->daemon == NULL || !has_exited (self->daemon))
    return self->daemon != NULL;
  g_subprocess_wait (self->daemon, NULL, NULL);
  g_clear_object (&self->daemon);
  return FALSE;
}

void
harness_start_daemon (Harness *self)
{
  const char *other = g_getenv ("HARNESS_SEGUED");
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autofree char *state = g_build_filename (self->dir, "state", NULL);
  g_autofree char *registry = g_build_filename (g_get_tmp_dir (), "segue-test-registry.bin", NULL);
  g_autoptr (GError) error = NULL;
  if (self->environment != NULL)
    g_subprocess_launcher_set_environ (launcher, self->environment);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", harness_bus_address (self),
                                TRUE);
  g_subprocess_launcher_setenv (launcher, "XDG_CONFIG_HOME", self->dir, TRUE);
  if (self->log != NULL)
    {
      g_subprocess_launcher_setenv (launcher, "G_MESSAGES_DEBUG", "all", TRUE);
      g_subprocess_launcher_set_stderr_file_path (launcher, self->log);
    }
  if (g_getenv ("GST_REGISTRY") == NULL)
    g_subprocess_launcher_setenv (launcher, "GST_REGISTRY", registry, TRUE);
  self->daemon = g_subprocess_launcher_spawn (launcher, &error, other != NULL ? other : SEGUED,
                                              "--session", "--config", self->config, "--state-dir",
                                              state, g_test_verbose () ? "--verbose" : NULL, NULL);
  g_assert_no_error (error);
  if (!harness_wait (30000, is_up_or_gone, self) || (!harness_daemon_runs (self) && other == NULL))
    harness_fail ("segued did not come up");
}

void
harness_log_to (Harness *self, const char *name)
{
  g_free (self->log);
  self->log = g_build_filename (self->dir, name, NULL);
}

void
harness_set_environment (Harness *self, GStrv environment)
{
  g_strfreev (self->environment);
  self->environment = environment;
}

int
harness_daemon_pid (Harness *self)
{
  return atoi (g_subprocess_get_identifier (self->daemon));
}

int
harness_end_daemon (Harness *self, int signal)
{
  g_assert_nonnull (self->daemon);
  g_subprocess_send_signal (self->daemon, signal);
  if (!harness_wait (WAIT_MS, has_exited, self->daemon))
    {
      g_subprocess_force_exit (self->daemon);
      harness_fail ("segued did not end");
    }
  g_subprocess_wait (self->daemon, NULL, NULL);
  int status = g_subprocess_get_if_signaled (self->daemon)
                   ? 128 + g_subprocess_get_term_sig (self->daemon)
                   : g_subprocess_get_exit_status (self->daemon);
  g_clear_object (&self->daemon);
  return status;
}

/* ---- life cycle -------------------------------------------------------------------------------
 */

void
harness_write_config (Harness *self, const char *config)
{
  g_autoptr (GString) text = g_string_new (config != NULL ? config : "");
  g_string_replace (text, "@URL@", self->url, 0);
  g_string_replace (text, "@DIR@", self->dir, 0);
  if (strstr (text->str, "[audio]") == NULL)
    g_string_append (text, "\n[audio]\nsink = fakesink sync=true\n");
  if (strstr (text->str, "[speech]") == NULL)
    g_string_append (text, "\n[speech]\ncommand =\n");
  g_free (self->config);
  self->config = g_build_filename (self->dir, "segue.conf", NULL);
  g_autoptr (GError) error = NULL;
  g_file_set_contents (self->config, text->str, text->len, &error);
  g_assert_no_error (error);
}

static void
write_media (Harness *self)
{
  static const char *const names[] = { "a.wav", "b.wav", "c.wav" };
  self->media_dir = g_build_filename (self->dir, "media", NULL);
  g_mkdir (self->media_dir, 0700);
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    {
      g_autofree char *path = g_build_filename (self->media_dir, names[i], NULL);
      harness_write_wav (path, i + 1, track_frames[i]);
    }
}

Harness *
harness_new (const char *config)
{
  Harness *self = g_new0 (Harness, 1);
  g_autoptr (GError) error = NULL;
  self->requests = g_ptr_array_new_with_free_func ((GDestroyNotify)json_object_unref);
  self->signals = g_ptr_array_new_with_free_func ((GDestroyNotify)g_variant_unref);
  self->dir = g_dir_make_tmp ("segue-test-XXXXXX", &error);
  g_assert_no_error (error);
  write_media (self);
  harness_restart_skill (self);
  harness_write_config (self, config);
  self->bus = g_test_dbus_new (G_TEST_DBUS_NONE);
  g_test_dbus_up (self->bus);
  self->connection = g_dbus_connection_new_for_address_sync (
      g_test_dbus_get_bus_address (self->bus),
      G_DBUS_CONNECTION_FLAGS_AUTHENTICATION_CLIENT
          | G_DBUS_CONNECTION_FLAGS_MESSAGE_BUS_CONNECTION,
      NULL, NULL, &error);
  g_assert_no_error (error);
  self->subscription
      = g_dbus_connection_signal_subscribe (self->connection, NULL, NULL, NULL, HARNESS_PATH, NULL,
                                            G_DBUS_SIGNAL_FLAGS_NONE, on_signal, self, NULL);
  harness_start_daemon (self);
  return self;
}

static void
remove_tree (const char *path)
{
  g_autoptr (GDir) dir
      = g_file_test (path, G_FILE_TEST_IS_SYMLINK) ? NULL : g_dir_open (path, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *child = g_build_filename (path, name, NULL);
      remove_tree (child);
    }
  g_remove (path);
}

void
harness_free (Harness *self)
{
  if (self->daemon != NULL)
    g_assert_cmpint (harness_end_daemon (self, SIGTERM), ==, 0);
  g_dbus_connection_signal_unsubscribe (self->connection, self->subscription);
  g_dbus_connection_close_sync (self->connection, NULL, NULL);
  g_clear_object (&self->connection);
  g_clear_object (&self->skill);
  g_test_dbus_down (self->bus);
  g_clear_object (&self->bus);
  remove_tree (self->dir);
  g_ptr_array_unref (self->requests);
  g_ptr_array_unref (self->signals);
  g_strfreev (self->environment);
  g_free (self->log);
  g_free (self->url);
  g_free (self->dir);
  g_free (self->media_dir);
  g_clear_pointer (&self->found, g_variant_unref);
  g_free (self->config);
  g_free (self);
}

const char *
harness_url (Harness *self)
{
  return self->url;
}

const char *
harness_dir (Harness *self)
{
  return self->dir;
}

const char *
harness_media_dir (Harness *self)
{
  return self->media_dir;
}

const char *
harness_bus_address (Harness *self)
{
  return g_test_dbus_get_bus_address (self->bus);
}

DemoServer *
harness_skill (Harness *self)
{
  return self->skill;
}

GDBusConnection *
harness_connection (Harness *self)
{
  return self->connection;
}

/* ---- calls ------------------------------------------------------------------------------------
 */

typedef struct
{
  GVariant *reply; /* (owned) (nullable) */
  GError *error;   /* (owned) (nullable) */
  gboolean done;
} Call;

static void
on_called (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  call->reply = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &call->error);
  call->done = TRUE;
}

static gboolean
call_done (gpointer user_data)
{
  return ((Call *)user_data)->done;
}

static Call
call (Harness *self, const char *interface, const char *method, GVariant *args)
{
  Call pending = { 0 };
  g_dbus_connection_call (self->connection, "org.segue.Segue1", HARNESS_PATH, interface, method,
                          args, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, 2 * WAIT_MS, NULL, on_called,
                          &pending);
  g_assert_true (harness_wait (3 * WAIT_MS, call_done, &pending));
  return pending;
}

GVariant *
harness_call (Harness *self, const char *interface, const char *method, GVariant *args)
{
  Call pending = call (self, interface, method, args);
  g_assert_no_error (pending.error);
  return pending.reply;
}

char *
harness_call_error (
    Harness *self, const char *interface, const char *method, GVariant *args, char **message)
{
  Call pending = call (self, interface, method, args);
  g_assert_null (pending.reply);
  g_autoptr (GError) error = pending.error;
  char *name = g_dbus_error_get_remote_error (error);
  g_dbus_error_strip_remote_error (error);
  if (message != NULL)
    *message = g_strdup (error->message);
  if (name != NULL && g_str_has_prefix (name, "org.segue.Error."))
    memmove (name, name + strlen ("org.segue.Error."),
             strlen (name + strlen ("org.segue.Error.")) + 1);
  return name;
}

GVariant *
harness_get (Harness *self, const char *interface, const char *property)
{
  g_autoptr (GVariant) reply = harness_call (self, "org.freedesktop.DBus.Properties", "Get",
                                             g_variant_new ("(ss)", interface, property));
  GVariant *value = NULL;
  g_variant_get (reply, "(v)", &value);
  return value;
}

char *
harness_get_string (Harness *self, const char *interface, const char *property)
{
  g_autoptr (GVariant) value = harness_get (self, interface, property);
  return g_variant_dup_string (value, NULL);
}

gint64
harness_get_int64 (Harness *self, const char *interface, const char *property)
{
  g_autoptr (GVariant) value = harness_get (self, interface, property);
  return g_variant_get_int64 (value);
}

typedef struct
{
  Harness *harness;
  const char *activity;
  gint64 offset_ms;
} Wanted;

static gboolean
activity_is (gpointer user_data)
{
  Wanted *wanted = user_data;
  g_autofree char *activity
      = harness_get_string (wanted->harness, HARNESS_PLAYER, "PlayerActivity");
  return g_strcmp0 (activity, wanted->activity) == 0;
}

void
harness_wait_activity (Harness *self, const char *activity)
{
  Wanted wanted = { self, activity, 0 };
  if (harness_wait (WAIT_MS, activity_is, &wanted))
    return;
  g_autofree char *is = harness_get_string (self, HARNESS_PLAYER, "PlayerActivity");
  harness_fail ("activity is %s, expected %s", is, activity);
}

static gboolean
offset_reached (gpointer user_data)
{
  Wanted *wanted = user_data;
  return harness_get_int64 (wanted->harness, HARNESS_PLAYER, "OffsetInMilliseconds")
         >= wanted->offset_ms;
}

void
harness_wait_offset (Harness *self, gint64 offset_ms)
{
  Wanted wanted = { self, NULL, offset_ms };
  if (!harness_wait (WAIT_MS, offset_reached, &wanted))
    harness_fail ("the offset did not reach %" G_GINT64_FORMAT " ms", offset_ms);
}

/* ---- what reached the skill -------------------------------------------------------------------
 */

typedef struct
{
  Harness *harness;
  guint count;
} More;

static gboolean
more_requests (gpointer user_data)
{
  More *more = user_data;
  return more->harness->requests->len > more->count;
}

static void
expect_one (Harness *self, const char *expected)
{
  More more = { self, self->cursor };
  if (!harness_wait (WAIT_MS, more_requests, &more))
    harness_fail ("no further request reached the skill; expected: %s", expected);
  g_autofree char *words = harness_words (g_ptr_array_index (self->requests, self->cursor));
  if (!harness_words_match (words, expected))
    harness_fail ("request %u was: %s; expected: %s", self->cursor, words, expected);
  self->cursor++;
}

void
harness_expect (Harness *self, const char *expected, ...)
{
  va_list args;
  va_start (args, expected);
  for (const char *one = expected; one != NULL; one = va_arg (args, const char *))
    expect_one (self, one);
  va_end (args);
}

void
harness_expect_quiet (Harness *self, guint ms)
{
  harness_wait (ms, never, NULL);
  if (self->requests->len == self->cursor)
    return;
  g_autofree char *words = harness_words (g_ptr_array_index (self->requests, self->cursor));
  harness_fail ("unexpected request: %s", words);
}

guint
harness_count_requests (Harness *self)
{
  return self->requests->len;
}

char *
harness_get_words (Harness *self, guint n)
{
  g_assert_cmpuint (n, <, self->requests->len);
  return harness_words (g_ptr_array_index (self->requests, self->requests->len - 1 - n));
}

JsonObject *
harness_request (Harness *self, guint n)
{
  g_assert_cmpuint (n, <, self->cursor);
  JsonObject *entry = g_ptr_array_index (self->requests, self->cursor - 1 - n);
  return json_object_get_object_member (entry, "body");
}

/* ---- signals ----------------------------------------------------------------------------------
 */

typedef struct
{
  Harness *harness;
  const char *name;
  const char *contains;
  GVariant *found; /* (owned) (nullable) */
} Search;

static gboolean
find_signal (gpointer user_data)
{
  Search *search = user_data;
  Harness *self = search->harness;
  for (guint i = self->signal_cursor; i < self->signals->len; i++)
    {
      const char *name = NULL;
      g_autoptr (GVariant) arguments = NULL;
      g_variant_get (g_ptr_array_index (self->signals, i), "(&sv)", &name, &arguments);
      g_autofree char *text = g_variant_print (arguments, FALSE);
      if (g_strcmp0 (name, search->name) != 0
          || (search->contains != NULL && strstr (text, search->contains) == NULL))
        continue;
      self->signal_cursor = i + 1;
      search->found = g_steal_pointer (&arguments);
      return TRUE;
    }
  return FALSE;
}

char *
harness_print_signals (Harness *self)
{
  g_autoptr (GString) all = g_string_new (NULL);

  for (guint i = 0; i < self->signals->len; i++)
    {
      g_autofree char *text = g_variant_print (g_ptr_array_index (self->signals, i), FALSE);
      g_string_append_printf (all, "%s\n", text);
    }
  return g_string_free (g_steal_pointer (&all), FALSE);
}

static void
print_signals (Harness *self)
{
  for (guint i = 0; i < self->signals->len; i++)
    {
      g_autofree char *text = g_variant_print (g_ptr_array_index (self->signals, i), FALSE);
      g_test_message ("%s %.400s", i == self->signal_cursor ? "->" : "  ", text);
    }
}

GVariant *
harness_wait_signal (Harness *self, const char *name, const char *contains)
{
  Search search = { self, name, contains, NULL };
  if (harness_wait (WAIT_MS, find_signal, &search))
    {
      g_clear_pointer (&self->found, g_variant_unref);
      self->found = search.found;
      return self->found;
    }
  print_signals (self);
  harness_fail ("no signal %s with \"%s\"", name, contains != NULL ? contains : "");
}

guint
harness_count_signals (Harness *self, const char *name)
{
  guint count = 0;
  for (guint i = 0; i < self->signals->len; i++)
    {
      const char *is = NULL;
      g_variant_get (g_ptr_array_index (self->signals, i), "(&sv)", &is, NULL);
      count += g_strcmp0 (is, name) == 0;
    }
  return count;
}

/* ---- other programs ---------------------------------------------------------------------------
 */

typedef struct
{
  char *out;
  char *err;
  gboolean done;
} Run;

static void
on_communicated (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Run *run = user_data;
  g_autoptr (GError) error = NULL;
  g_subprocess_communicate_utf8_finish (G_SUBPROCESS (source), result, &run->out, &run->err,
                                        &error);
  g_assert_no_error (error);
  run->done = TRUE;
}

static gboolean
run_done (gpointer user_data)
{
  return ((Run *)user_data)->done;
}

int
harness_run (Harness *self, char **out, char **err, const char *program, ...)
{
  g_autoptr (GPtrArray) argv = g_ptr_array_new ();
  va_list args;
  va_start (args, program);
  for (const char *word = program; word != NULL; word = va_arg (args, const char *))
    g_ptr_array_add (argv, (gpointer)word);
  va_end (args);
  g_ptr_array_add (argv, NULL);
  g_autoptr (GSubprocessLauncher) launcher
      = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_STDOUT_PIPE | G_SUBPROCESS_FLAGS_STDERR_PIPE);
  g_subprocess_launcher_setenv (launcher, "DBUS_SESSION_BUS_ADDRESS", harness_bus_address (self),
                                TRUE);
  g_subprocess_launcher_unsetenv (launcher, "G_DEBUG");
  g_autoptr (GError) error = NULL;
  g_autoptr (GSubprocess) process
      = g_subprocess_launcher_spawnv (launcher, (const char *const *)argv->pdata, &error);
  g_assert_no_error (error);
  Run run = { 0 };
  g_subprocess_communicate_utf8_async (process, NULL, NULL, on_communicated, &run);
  if (!harness_wait (4 * WAIT_MS, run_done, &run))
    {
      g_subprocess_force_exit (process);
      harness_fail ("%s does not end", program);
    }
  if (g_test_verbose ())
    g_test_message ("%s: %s%s", program, run.out, run.err);
  if (out != NULL)
    *out = g_steal_pointer (&run.out);
  if (err != NULL)
    *err = g_steal_pointer (&run.err);
  g_free (run.out);
  g_free (run.err);
  return g_subprocess_get_if_exited (process) ? g_subprocess_get_exit_status (process) : 128;
}
