/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-observer.h"

#include "daemon-journal.h"
#include "daemon-log.h"

/* One skill as far as the log goes. */
typedef struct
{
  char *request; /* (owned) (nullable): type of the request sent last; there is one at a time */
  gboolean away; /* and that has been told */
} Peer;

struct _DaemonObserver
{
  GObject parent;
  GHashTable *peers;    /* (owned) (element-type utf8 Peer): by the name of the skill */
  char *playing;        /* (owned): what was told to play last, "" while nothing does */
  gboolean output_lost; /* and that has been told */
  char *failed_url;     /* (owned) (nullable) */
  char *failed_why;     /* (owned) (nullable) */
};

G_DEFINE_FINAL_TYPE (DaemonObserver, daemon_observer, G_TYPE_OBJECT)

static void
peer_free (gpointer data)
{
  Peer *peer = data;
  g_free (peer->request);
  g_free (peer);
}

static Peer *
find_peer (DaemonObserver *self, const char *skill)
{
  Peer *peer = g_hash_table_lookup (self->peers, skill);
  if (peer == NULL)
    {
      peer = g_new0 (Peer, 1);
      g_hash_table_insert (self->peers, g_strdup (skill), peer);
    }
  return peer;
}

/* --- The player --------------------------------------------------------------------------------
 */

/* (transfer full): "" unless something sounds */
static char *
describe (const PlayerSnapshot *now)
{
  if (now->activity != PLAYER_ACTIVITY_PLAYING || now->item == NULL)
    return g_strdup ("");
  const char *title = now->metadata != NULL ? now->metadata->title : NULL;
  g_autofree char *what
      = title != NULL ? g_strdup (title) : daemon_log_redact_text (now->item->token);
  g_autofree char *skill = daemon_log_redact_text (now->item->origin);
  return *skill == '\0' ? g_strdup_printf ("playing %s", what)
                        : g_strdup_printf ("playing %s of %s", what, skill);
}

static void
note_playing (DaemonObserver *self, const PlayerSnapshot *now)
{
  g_autofree char *playing = describe (now);
  if (g_str_equal (playing, self->playing))
    return;
  g_free (self->playing);
  self->playing = g_steal_pointer (&playing);
  if (*self->playing != '\0')
    daemon_journal_log (DAEMON_JOURNAL_PLAYING,
                        DAEMON_JOURNAL_FIELDS ("SEGUE_SKILL", now->item->origin), "%s",
                        self->playing);
}

static void
note_output (DaemonObserver *self, const PlayerSnapshot *now)
{
  const char *reason = now->output_message != NULL ? now->output_message : "";
  const gboolean waiting = now->output == PLAYER_OUTPUT_WAITING;
  if (waiting && !self->output_lost)
    daemon_journal_log (DAEMON_JOURNAL_OUTPUT_LOST, DAEMON_JOURNAL_FIELDS ("SEGUE_REASON", reason),
                        "the audio output is away, waiting for it: %s", reason);
  else if (self->output_lost && now->output == PLAYER_OUTPUT_PLAYING)
    daemon_journal_log (DAEMON_JOURNAL_OUTPUT_FOUND, NULL, "the audio output is back");
  if (waiting || now->output == PLAYER_OUTPUT_PLAYING)
    self->output_lost = waiting;
}

static void
on_changed (PlayerController *controller, gpointer user_data)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (controller);
  note_output (user_data, now);
  note_playing (user_data, now);
}

/* Nobody who only hears that there is silence would find out why. */
static void
note_failure (DaemonObserver *self, const PlayerReport *report)
{
  const char *type = player_error_type_to_string (report->error_type);
  g_free (self->failed_url);
  self->failed_url = daemon_log_redact_url (report->item->url);
  g_free (self->failed_why);
  self->failed_why
      = daemon_log_redact_text (report->error_message != NULL ? report->error_message : "");
  daemon_journal_log (DAEMON_JOURNAL_STREAM_FAILED,
                      DAEMON_JOURNAL_FIELDS ("SEGUE_URL", self->failed_url, "SEGUE_ERROR_TYPE",
                                             type, "SEGUE_SKILL", report->item->origin,
                                             "SEGUE_REASON", self->failed_why),
                      "%s does not play: %s: %s", self->failed_url, type, self->failed_why);
  if (!self->output_lost || report->error_type != PLAYER_MEDIA_ERROR_INTERNAL_DEVICE_ERROR)
    return;
  self->output_lost = FALSE;
  daemon_journal_log (DAEMON_JOURNAL_OUTPUT_GIVEN_UP,
                      DAEMON_JOURNAL_FIELDS ("SEGUE_REASON", self->failed_why),
                      "the audio output is given up: %s", self->failed_why);
}

static void
on_report (PlayerController *controller, PlayerReport *report, gpointer user_data)
{
  DaemonObserver *self = user_data;
  if (report->type == PLAYER_REPORT_FAILED)
    note_failure (self, report);
  else if (report->type == PLAYER_REPORT_STARTED)
    {
      g_clear_pointer (&self->failed_url, g_free);
      g_clear_pointer (&self->failed_why, g_free);
    }
}

/* --- Skills ------------------------------------------------------------------------------------
 */

static void
note_sent (DaemonObserver *self, GVariant *details)
{
  const char *skill = NULL;
  const char *type = NULL;
  g_variant_get (details, "(&s&s&s&s)", &skill, NULL, &type, NULL);
  Peer *peer = find_peer (self, skill);
  g_free (peer->request);
  peer->request = g_strdup (type);
}

static void
note_answered (DaemonObserver *self, GVariant *details)
{
  const char *skill = NULL;
  g_variant_get (details, "(&s&suu&s)", &skill, NULL, NULL, NULL, NULL);
  Peer *peer = find_peer (self, skill);
  if (peer->away)
    daemon_journal_log (DAEMON_JOURNAL_SKILL_REACHABLE,
                        DAEMON_JOURNAL_FIELDS ("SEGUE_SKILL", skill), "%s answers again", skill);
  peer->away = FALSE;
}

static void
note_failed (DaemonObserver *self, GVariant *details)
{
  const char *skill = NULL;
  const char *error = NULL;
  const char *message = NULL;
  g_variant_get (details, "(&s&s&s&s)", &skill, NULL, &error, &message);
  Peer *peer = find_peer (self, skill);
  const char *request = peer->request != NULL ? peer->request : "a request";
  if (g_strcmp0 (error, "Unreachable") != 0)
    daemon_journal_log (DAEMON_JOURNAL_REQUEST_FAILED,
                        DAEMON_JOURNAL_FIELDS ("SEGUE_SKILL", skill, "SEGUE_REQUEST", request,
                                               "SEGUE_REASON", message),
                        "%s: %s failed: %s", skill, request, message);
  else if (!peer->away)
    {
      peer->away = TRUE;
      daemon_journal_log (DAEMON_JOURNAL_SKILL_UNREACHABLE,
                          DAEMON_JOURNAL_FIELDS ("SEGUE_SKILL", skill, "SEGUE_REASON", message),
                          "%s cannot be reached: %s", skill, message);
    }
}

static void
note_speech (GVariant *details)
{
  const char *skill = NULL;
  const char *state = NULL;
  const char *message = NULL;
  g_variant_get (details, "(&s&s&s&s)", &skill, NULL, &state, &message);
  if (g_strcmp0 (state, "failed") == 0)
    daemon_journal_log (DAEMON_JOURNAL_SPEECH_FAILED,
                        DAEMON_JOURNAL_FIELDS ("SEGUE_SKILL", skill, "SEGUE_REASON", message),
                        "%s: something was not spoken: %s",
                        *skill != '\0' ? skill : "nobody's words", message);
}

static void
on_step (DaemonTimeline *timeline, const char *kind, GVariant *details, gpointer user_data)
{
  DaemonObserver *self = user_data;
  if (g_str_equal (kind, "RequestSent"))
    note_sent (self, details);
  else if (g_str_equal (kind, "AnswerReceived"))
    note_answered (self, details);
  else if (g_str_equal (kind, "RequestFailed"))
    note_failed (self, details);
  else if (g_str_equal (kind, "SpeechState"))
    note_speech (details);
}

const char *
daemon_observer_get_failure (DaemonObserver *self, const char **url)
{
  g_return_val_if_fail (DAEMON_IS_OBSERVER (self) && url != NULL, NULL);
  *url = self->failed_url;
  return self->failed_why;
}

static void
daemon_observer_finalize (GObject *object)
{
  DaemonObserver *self = DAEMON_OBSERVER (object);
  g_hash_table_unref (self->peers);
  g_free (self->playing);
  g_free (self->failed_url);
  g_free (self->failed_why);
  G_OBJECT_CLASS (daemon_observer_parent_class)->finalize (object);
}

static void
daemon_observer_class_init (DaemonObserverClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = daemon_observer_finalize;
}

static void
daemon_observer_init (DaemonObserver *self)
{
  self->peers = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, peer_free);
  self->playing = g_strdup ("");
}

DaemonObserver *
daemon_observer_new (PlayerController *controller, DaemonTimeline *timeline)
{
  g_return_val_if_fail (PLAYER_IS_CONTROLLER (controller) && DAEMON_IS_TIMELINE (timeline), NULL);
  DaemonObserver *self = g_object_new (DAEMON_TYPE_OBSERVER, NULL);
  g_signal_connect_object (controller, "changed", G_CALLBACK (on_changed), self, G_CONNECT_DEFAULT);
  g_signal_connect_object (controller, "report", G_CALLBACK (on_report), self, G_CONNECT_DEFAULT);
  g_signal_connect_object (timeline, "step", G_CALLBACK (on_step), self, G_CONNECT_DEFAULT);
  return self;
}
