/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* What plays: the audio output, decoders, the synthesiser. */
#include <string.h>
#include <unistd.h>

#include "daemon-diagnosis-private.h"
#include "player/gst/player-gst-probe.h"
#include "player/gst/player-gst-synth.h"

/* --- The audio output --------------------------------------------------------------------------
 */

/* What the thread needs. */
typedef struct
{
  char *sink;   /* (owned) */
  char *broken; /* (owned) (nullable): what is known already: it is waited for, or was given up */
  guint buffer_ms;
} Probe;

static void
probe_free (gpointer data)
{
  Probe *probe = data;
  g_free (probe->sink);
  g_free (probe->broken);
  g_free (probe);
}

static void
probe_output (GPtrArray *symptoms, gpointer data)
{
  const Probe *probe = data;
  g_autoptr (GError) error = NULL;
  g_autofree char *name = player_gst_probe_sink (probe->sink, probe->buffer_ms, &error);
  if (name != NULL)
    {
      daemon_symptoms_add (symptoms, "output", "", DAEMON_VERDICT_OK, NULL, "%s can be opened",
                           name);
      return;
    }
  daemon_symptoms_add (
      symptoms, "output", "", DAEMON_VERDICT_PROBLEM,
      "see what the following lines say of sound servers and cards; another output is "
      "chosen by [audio] sink in segue.conf(5)",
      "%s", probe->broken != NULL ? probe->broken : error->message);
  daemon_diagnosis_sound (symptoms, "/dev/snd", "/proc");
}

/* While it is open there is nothing to try: a second attempt could only find it busy. */
void
daemon_diagnosis_output (DaemonDiagnosis *run)
{
  const DaemonConfig *config = run->context->config;
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (run->context->controller);
  DaemonStep *step
      = daemon_step_begin (run, "output", "", "the audio output does not answer while it is opened",
                           "restart the sound server; is its process stopped, or the "
                           "machine overloaded?");
  if (config->output == DAEMON_OUTPUT_SNAPCAST)
    {
      daemon_symptoms_add (step->symptoms, "output", "", DAEMON_VERDICT_OK, NULL,
                           "what plays goes to the snapserver at %s", config->snapcast_address);
      daemon_step_end (step);
      return;
    }
  if (now->output == PLAYER_OUTPUT_PLAYING || now->output == PLAYER_OUTPUT_IDLE)
    {
      daemon_symptoms_add (step->symptoms, "output", "", DAEMON_VERDICT_OK, NULL, "it is open%s",
                           now->output == PLAYER_OUTPUT_PLAYING ? " and plays" : "");
      daemon_step_end (step);
      return;
    }
  Probe *probe = g_new0 (Probe, 1);
  probe->sink = g_strdup (config->sink);
  probe->buffer_ms = config->buffer_ms;
  probe->broken = g_strdup (now->output_message);
  daemon_step_run_in_thread (step, probe_output, probe, probe_free);
}

/* --- Decoders ----------------------------------------------------------------------------------
 */

/* The packages' names are Debian's; Yocto's are the same. */
static const char *
find_remedy (const char *package)
{
  static const char *const remedies[][2] = {
    { "gstreamer1.0-plugins-base",
      "install gstreamer1.0-plugins-base (Buildroot: gst1-plugins-base)" },
    { "gstreamer1.0-plugins-good",
      "install gstreamer1.0-plugins-good (Buildroot: gst1-plugins-good)" },
    { "gstreamer1.0-plugins-bad",
      "install gstreamer1.0-plugins-bad (Buildroot: gst1-plugins-bad)" },
    { "gstreamer1.0-libav", "install gstreamer1.0-libav (Buildroot: gst1-libav)" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (remedies); i++)
    if (g_str_equal (package, remedies[i][0]))
      return remedies[i][1];
  return "install the plug-ins of GStreamer";
}

/* Of what there is, in one line. */
typedef struct
{
  GPtrArray *symptoms;
  GString *there;
} Formats;

static void
on_format (const char *format, const char *package, gpointer data)
{
  Formats *formats = data;
  if (package == NULL)
    g_string_append_printf (formats->there, "%s%s", formats->there->len > 0 ? ", " : "", format);
  else
    daemon_symptoms_add (formats->symptoms, "decoder", format, DAEMON_VERDICT_PROBLEM,
                         find_remedy (package), "%s cannot be played: %s is missing", format,
                         package);
}

static void
add_failure (GPtrArray *symptoms, DaemonObserver *observer)
{
  const char *url = NULL;
  const char *why = daemon_observer_get_failure (observer, &url);
  if (why == NULL)
    return;
  gboolean missing = strstr (why, "no decoder") != NULL;
  daemon_symptoms_add (symptoms, "stream", url,
                       missing ? DAEMON_VERDICT_PROBLEM : DAEMON_VERDICT_NOTICE,
                       missing ? "install the package that is named" : NULL,
                       "the stream that was to play last has failed: %s", why);
}

void
daemon_diagnosis_formats (DaemonDiagnosis *run)
{
  DaemonStep *step = daemon_step_begin (run, "decoder", "", "", NULL);
  Formats formats = { step->symptoms, g_string_new (NULL) };
  player_gst_probe_formats (on_format, &formats);
  if (formats.there->len > 0)
    daemon_symptoms_add (step->symptoms, "decoder", "", DAEMON_VERDICT_OK, NULL,
                         "there are decoders for %s", formats.there->str);
  g_string_free (formats.there, TRUE);
  add_failure (step->symptoms, run->context->observer);
  daemon_step_end (step);
}

/* --- The synthesiser ---------------------------------------------------------------------------
 */

#define SPEECH_LIMIT_MS 6000
#define SPEECH_REMEDY                                                                              \
  "see [speech] command in segue.conf(5); espeak-ng is one that can be installed"

static void
on_spoken (int fd, const char *problem, gpointer data)
{
  DaemonStep *step = data;
  if (fd >= 0)
    close (fd);
  if (problem != NULL)
    daemon_symptoms_add (step->symptoms, "speech", "", DAEMON_VERDICT_PROBLEM, SPEECH_REMEDY,
                         "what skills say cannot be spoken: %s", problem);
  else
    daemon_symptoms_add (step->symptoms, "speech", "", DAEMON_VERDICT_OK, NULL,
                         "the synthesiser speaks");
  daemon_step_end (step);
}

void
daemon_diagnosis_speech (DaemonDiagnosis *run)
{
  const DaemonConfig *config = run->context->config;
  DaemonStep *step = daemon_step_begin (run, "speech", "",
                                        "the synthesiser does not come to an end", SPEECH_REMEDY);
  if (config->speech_command == NULL)
    {
      daemon_symptoms_add (step->symptoms, "speech", "", DAEMON_VERDICT_NOTICE, SPEECH_REMEDY,
                           "what skills say is not spoken: no synthesiser is configured");
      daemon_step_end (step);
      return;
    }
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = player_gst_synth_split (config->speech_command, &error);
  if (words != NULL
      && player_gst_synth_start (
             (const char *const *)words, run->context->locale, "<speak>ok</speak>",
             MIN (config->speech_timeout_ms, SPEECH_LIMIT_MS), on_spoken, step, &error)
             != NULL)
    return;
  on_spoken (-1, error->message, step);
}
