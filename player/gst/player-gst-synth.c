/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-synth.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

/* Six minutes of 16 bit stereo at 44.1 kHz; what a skill may let be said in one go is shorter. */
#define MAX_OUTPUT_BYTES (64 * 1024 * 1024)
#define MAX_COMPLAINT_BYTES 200

struct _PlayerGstSynth
{
  GSubprocess *process;      /* (owned) */
  GCancellable *cancellable; /* (owned): of the wait for its end */
  GSource *timer;            /* (owned) (nullable) */
  char *program;             /* (owned) */
  int output;                /* (owned) */
  int complaint;             /* (owned): its standard error */
  guint timeout_ms;
  gboolean late;
  PlayerGstSynthFunc func; /* (nullable) after cancel() */
  gpointer data;
};

char **
player_gst_synth_split (const char *command, GError **error)
{
  char **words = NULL;

  return g_shell_parse_argv (command, NULL, &words, error) ? words : NULL;
}

static char *
synth_expand (const char *word, const char *locale)
{
  GString *text = g_string_new (NULL);

  for (const char *at = word; *at != '\0'; at++)
    if (at[0] != '%' || (at[1] != 'l' && at[1] != '%'))
      g_string_append_c (text, *at);
    else if (*++at == 'l')
      g_string_append (text, locale);
    else
      g_string_append_c (text, '%');
  return g_string_free (text, FALSE);
}

static char **
synth_expand_all (const char *const *words, const char *locale)
{
  g_autoptr (GPtrArray) all = g_ptr_array_new ();

  for (gsize i = 0; words[i] != NULL; i++)
    g_ptr_array_add (all, synth_expand (words[i], locale));
  g_ptr_array_add (all, NULL);
  return (char **)g_ptr_array_steal (all, NULL);
}

/* In the child, between fork and exec: a group of its own, so that what it starts ends with it; it
 * ends with us; and it cannot fill the memory. */
static void
synth_set_up_child (gpointer data)
{
  const struct rlimit limit = { MAX_OUTPUT_BYTES, MAX_OUTPUT_BYTES };
  const struct rlimit no_core = { 0, 0 };

  setpgid (0, 0);
  prctl (PR_SET_PDEATHSIG, SIGKILL);
  setrlimit (RLIMIT_FSIZE, &limit);
  setrlimit (RLIMIT_CORE, &no_core);
}

static void
synth_free (PlayerGstSynth *self)
{
  if (self->timer != NULL)
    g_source_destroy (self->timer);
  g_clear_pointer (&self->timer, g_source_unref);
  g_clear_object (&self->process);
  g_clear_object (&self->cancellable);
  if (self->output >= 0)
    close (self->output);
  if (self->complaint >= 0)
    close (self->complaint);
  g_free (self->program);
  g_free (self);
}

/* The program with all that it has started. */
static void
synth_kill (PlayerGstSynth *self)
{
  const char *id = g_subprocess_get_identifier (self->process);

  if (id != NULL)
    kill (-(pid_t)g_ascii_strtoll (id, NULL, 10), SIGKILL);
  g_subprocess_force_exit (self->process);
}

static gboolean
synth_on_timeout (gpointer data)
{
  PlayerGstSynth *self = data;

  self->late = TRUE;
  synth_kill (self);
  return G_SOURCE_REMOVE;
}

/* ": what it complained of", or nothing. */
static char *
synth_read_complaint (PlayerGstSynth *self)
{
  char text[MAX_COMPLAINT_BYTES + 1] = "";
  const gssize length = pread (self->complaint, text, MAX_COMPLAINT_BYTES, 0);

  text[MAX (length, 0)] = '\0';
  text[strcspn (text, "\r\n")] = '\0';
  g_autofree char *valid = g_utf8_make_valid (text, -1);
  g_strstrip (valid);
  return *valid != '\0' ? g_strconcat (": ", valid, NULL) : g_strdup ("");
}

/* (transfer full) (nullable): why there is nothing to be heard. */
static char *
synth_find_problem (PlayerGstSynth *self)
{
  const gboolean exited = g_subprocess_get_if_exited (self->process);
  struct stat info = { 0 };

  fstat (self->output, &info);
  if (self->late)
    return g_strdup_printf ("%s: not done within %u ms", self->program, self->timeout_ms);
  if (info.st_size >= MAX_OUTPUT_BYTES)
    return g_strdup_printf ("%s: writes more than %d MiB", self->program, MAX_OUTPUT_BYTES >> 20);
  if (!exited)
    return g_strdup_printf ("%s: ended by signal %d", self->program,
                            g_subprocess_get_term_sig (self->process));
  g_autofree char *complaint = synth_read_complaint (self);
  const int status = g_subprocess_get_exit_status (self->process);
  if (status != 0)
    return g_strdup_printf ("%s: exit status %d%s", self->program, status, complaint);
  if (info.st_size == 0)
    return g_strdup_printf ("%s: writes nothing%s", self->program, complaint);
  return NULL;
}

static void
synth_on_exit (GObject *process, GAsyncResult *result, gpointer data)
{
  PlayerGstSynth *self = data;

  g_subprocess_wait_finish (G_SUBPROCESS (process), result, NULL);
  if (self->func != NULL)
    {
      g_autofree char *problem = synth_find_problem (self);
      const int fd = problem == NULL ? g_steal_fd (&self->output) : -1;

      self->func (fd, problem, self->data);
    }
  synth_free (self);
}

static int
synth_open_memory (const char *name)
{
  return memfd_create (name, MFD_CLOEXEC);
}

static int
synth_dup (int fd)
{
  return fcntl (fd, F_DUPFD_CLOEXEC, 3);
}

static gboolean
synth_write_all (int fd, const char *text)
{
  gsize left = strlen (text);

  while (left > 0)
    {
      const gssize some = write (fd, text, left);

      if (some < 0)
        return FALSE;
      text += some;
      left -= (gsize)some;
    }
  return lseek (fd, 0, SEEK_SET) == 0;
}

static gboolean
synth_spawn (PlayerGstSynth *self, char **argv, const char *ssml, GError **error)
{
  g_autoptr (GSubprocessLauncher) launcher = g_subprocess_launcher_new (G_SUBPROCESS_FLAGS_NONE);
  g_autoptr (GError) problem = NULL;
  const int input = synth_open_memory ("segue-ssml");

  self->output = synth_open_memory ("segue-speech");
  self->complaint = synth_open_memory ("segue-complaint");
  if (input >= 0)
    g_subprocess_launcher_take_stdin_fd (launcher, input);
  if (input < 0 || self->output < 0 || self->complaint < 0 || !synth_write_all (input, ssml))
    {
      g_set_error (error, G_IO_ERROR, g_io_error_from_errno (errno), "%s: %s", self->program,
                   g_strerror (errno));
      return FALSE;
    }
  g_subprocess_launcher_take_stdout_fd (launcher, synth_dup (self->output));
  g_subprocess_launcher_take_stderr_fd (launcher, synth_dup (self->complaint));
  g_subprocess_launcher_set_child_setup (launcher, synth_set_up_child, NULL, NULL);
  g_subprocess_launcher_unsetenv (launcher, "NOTIFY_SOCKET");
  self->process = g_subprocess_launcher_spawnv (launcher, (const char *const *)argv, &problem);
  if (self->process != NULL)
    return TRUE;
  if (g_error_matches (problem, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT))
    g_set_error (error, G_SPAWN_ERROR, G_SPAWN_ERROR_NOENT, "%s: no such program", self->program);
  else
    g_set_error (error, problem->domain, problem->code, "%s: %s", self->program, problem->message);
  return FALSE;
}

PlayerGstSynth *
player_gst_synth_start (const char *const *words,
                        const char *locale,
                        const char *ssml,
                        guint timeout_ms,
                        PlayerGstSynthFunc func,
                        gpointer data,
                        GError **error)
{
  PlayerGstSynth *self = g_new0 (PlayerGstSynth, 1);
  g_auto (GStrv) argv = synth_expand_all (words, locale);

  self->output = -1;
  self->complaint = -1;
  self->program = g_path_get_basename (argv[0]);
  if (!synth_spawn (self, argv, ssml, error))
    {
      synth_free (self);
      return NULL;
    }
  self->timeout_ms = timeout_ms;
  self->func = func;
  self->data = data;
  self->cancellable = g_cancellable_new ();
  self->timer = g_timeout_source_new (timeout_ms);
  g_source_set_callback (self->timer, synth_on_timeout, self, NULL);
  g_source_attach (self->timer, g_main_context_get_thread_default ());
  g_subprocess_wait_async (self->process, self->cancellable, synth_on_exit, self);
  return self;
}

void
player_gst_synth_cancel (PlayerGstSynth *self)
{
  self->func = NULL;
  g_source_destroy (self->timer);
  synth_kill (self);
  g_cancellable_cancel (self->cancellable);
}
