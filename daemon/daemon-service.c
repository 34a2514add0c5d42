/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "config.h"

#include "daemon-service.h"

#include "alexa/alexa-response.h"
#include "daemon-audio.h"
#include "daemon-backend.h"
#include "daemon-memory.h"
#include "daemon-obey.h"
#include "daemon-reach.h"
#include "daemon-reporter.h"
#include "daemon-status.h"
#include "daemon-watchdog.h"
#include "dbus/bus-server.h"
#include "player/gst/player-gst-engine.h"
#include "player/gst/player-gst-speech.h"

#define ANSWER_TIMEOUT_MS 8000
#define STOP_TIMEOUT_MS 1000

struct _DaemonService
{
  GObject parent;
  GBusType bus_type;
  PlayerClock *clock;       /* (owned) */
  PlayerGstEngine *engine;  /* (owned) */
  DaemonContext *context;   /* (owned) */
  DaemonSkills *skills;     /* (owned) */
  DaemonReporter *reporter; /* (owned) */
  DaemonMusic *music;       /* (owned) */
  DaemonMemory *memory;     /* (owned) */
  DaemonBackend *backend;   /* (owned) */
  BusServer *server;        /* (owned) */
  DaemonWatchdog *watchdog; /* (owned) (nullable) */
  DaemonConfig *made_of;    /* (owned): the configuration at start */
  DaemonStatus *status;     /* (owned) */
  const char *doing;        /* atomic */
  guint stop_alarm;
  gboolean stopping;
  gboolean stopped;
};

G_DEFINE_FINAL_TYPE (DaemonService, daemon_service, G_TYPE_OBJECT)

static void
on_status (const char *line, gpointer user_data)
{
  DaemonService *self = user_data;
  if (self->stopping)
    return;
  g_info ("%s", line);
  g_signal_emit_by_name (self, "status", line);
}

/* --- Start and stop ----------------------------------------------------------------------------
 */

static void
on_ready (BusServer *server, gpointer user_data)
{
  DaemonService *self = user_data;
  g_signal_emit_by_name (self, "ready");
  g_signal_emit_by_name (self, "status", daemon_status_get_line (self->status));
  player_gst_engine_warm_up (self->engine);
}

static void
on_name_lost (BusServer *server, const char *why, gpointer user_data)
{
  g_signal_emit_by_name (user_data, "name-lost", why);
}

void
daemon_service_start (DaemonService *self)
{
  g_return_if_fail (DAEMON_IS_SERVICE (self));
  daemon_skills_restore (self->skills);
  daemon_music_restore (self->music);
  daemon_memory_restore (self->memory);
  bus_server_start (self->server, self->bus_type);
}

void
daemon_service_watch (DaemonService *self, DaemonNotify *notify, guint interval_ms)
{
  g_return_if_fail (DAEMON_IS_SERVICE (self));
  g_return_if_fail (self->watchdog == NULL);
  self->watchdog = daemon_watchdog_new (notify, self->clock, self->context->controller,
                                        PLAYER_ENGINE (self->engine), interval_ms);
}

const char *
daemon_service_get_doing (DaemonService *self)
{
  return g_atomic_pointer_get (&self->doing);
}

static void
set_doing (DaemonService *self, const char *what)
{
  g_atomic_pointer_set (&self->doing, (gpointer)what);
}

static void
complete_stop (DaemonService *self)
{
  if (self->stopped)
    return;
  self->stopped = TRUE;
  player_clock_remove_alarm (self->clock, self->stop_alarm);
  self->stop_alarm = 0;
  set_doing (self, "the store");
  daemon_store_commit (self->context->store);
  set_doing (self, "the bus");
  bus_server_stop (self->server);
  g_signal_emit_by_name (self, "stopped");
}

static void
on_stop_timeout (gpointer user_data)
{
  DaemonService *self = user_data;
  self->stop_alarm = 0;
  g_message ("not everything could be told to the skills in time");
  complete_stop (self);
}

static void
on_settled (DaemonSkills *skills, gpointer user_data)
{
  DaemonService *self = user_data;
  if (self->stopping)
    complete_stop (self);
}

void
daemon_service_stop (DaemonService *self)
{
  g_return_if_fail (DAEMON_IS_SERVICE (self));
  if (self->stopping)
    return;
  self->stopping = TRUE;
  g_signal_emit_by_name (self, "status", "stopping");
  daemon_memory_close (self->memory);
  daemon_backend_shut_down (self->backend);
  daemon_music_shut_down (self->music);
  g_autoptr (PlayerCommand) stop = player_command_new_simple (PLAYER_COMMAND_STOP);
  daemon_router_submit (self->context->router, stop);
  daemon_voice_hush (self->context->voice);
  daemon_skills_shut_down (self->skills);
  if (daemon_skills_is_settled (self->skills))
    complete_stop (self);
  else
    self->stop_alarm = player_clock_add_alarm (self->clock, STOP_TIMEOUT_MS, on_stop_timeout, self);
}

/* --- Composition -------------------------------------------------------------------------------
 */

static void
on_network_changed (DaemonNetwork *network, gpointer user_data)
{
  DaemonService *self = user_data;
  player_gst_engine_note_network (self->engine, daemon_network_is_available (network));
}

static void
open_network (DaemonService *self)
{
  self->context->network = daemon_network_new (self->clock, g_network_monitor_get_default ());
  g_signal_connect_object (self->context->network, "changed", G_CALLBACK (on_network_changed), self,
                           G_CONNECT_DEFAULT);
  on_network_changed (self->context->network, self);
}

/* (transfer full) */
static DaemonStore *
open_store (const char *state_dir)
{
  g_autoptr (GError) error = NULL;
  DaemonStore *store = daemon_store_new (state_dir, &error);
  if (store != NULL)
    return store;
  g_warning ("nothing will be remembered over a restart: %s", error->message);
  g_clear_error (&error);
  store = daemon_store_new (NULL, &error);
  if (store == NULL)
    g_critical ("no database in memory: %s", error->message);
  return store;
}

/* A skill says something while it prepares its answer. */
static gboolean
on_progressive (DaemonDirectiveService *directive_service,
                const char *skill,
                const char *request_id,
                AlexaSpeech *speech,
                gpointer user_data)
{
  DaemonService *self = user_data;
  DaemonAnswered asked = { .skill = skill, .request_id = request_id };
  DaemonConversation *conversation = daemon_skills_find (self->skills, skill);
  if (conversation == NULL || !daemon_conversation_may_speak (conversation, request_id))
    return FALSE;
  daemon_obey_progressive (self->context, &asked, speech);
  return TRUE;
}

static void
open_directive_service (DaemonService *self)
{
  const DaemonConfig *config = self->context->config;
  g_autoptr (GError) error = NULL;
  if (!config->directive_service)
    return;
  self->context->directive_service = daemon_directive_service_new (
      self->clock, config->directive_service_port, self->context->api_access_token, &error);
  if (self->context->directive_service == NULL)
    g_warning ("no progressive responses: the directive service cannot listen on port %u of "
               "127.0.0.1: %s",
               config->directive_service_port, error->message);
  else
    g_signal_connect_object (self->context->directive_service, "speak", G_CALLBACK (on_progressive),
                             self, G_CONNECT_DEFAULT);
}

static void
compose (DaemonService *self,
         DaemonConfig *config,
         DaemonSigning *signing,
         const char *state_dir,
         PlayerEngine *engine,
         PlayerSpeech *speech)
{
  g_autoptr (DaemonStore) store = open_store (state_dir);
  g_autoptr (DaemonTransport) transport
      = daemon_soup_transport_new (ANSWER_TIMEOUT_MS, ALEXA_RESPONSE_MAX_BYTES, signing);
  self->clock = player_main_clock_new ();
  self->engine = g_object_ref (PLAYER_GST_ENGINE (engine));
  g_autoptr (PlayerController) controller
      = player_controller_new (engine, self->clock, config->nearly_finished);

  self->context = daemon_context_new (config, controller, self->clock, transport, store, speech);
  player_gst_engine_set_reach (self->engine, daemon_reach_of_origin, self->context);
  open_directive_service (self);
  open_network (self);
  self->skills = daemon_skills_new (self->context);
  self->reporter = daemon_reporter_new (controller, self->skills);
  self->music = daemon_music_new (self->context);
  self->memory = daemon_memory_new (self->context, self->skills, self->music);
  self->backend = daemon_backend_new (self->context, self->skills, self->music);
  self->server = bus_server_new (controller, BUS_BACKEND (self->backend), SEGUE_VERSION);
  bus_server_set_injectors (self->server, SEGUE_INJECT_GROUP);
  self->status
      = daemon_status_new (controller, self->clock, self->context->outbox, on_status, self);
  g_signal_connect_object (self->server, "ready", G_CALLBACK (on_ready), self, G_CONNECT_DEFAULT);
  g_signal_connect_object (self->server, "name-lost", G_CALLBACK (on_name_lost), self,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (self->skills, "settled", G_CALLBACK (on_settled), self,
                           G_CONNECT_DEFAULT);
}

/* *@speech: (out) (transfer full) (nullable): nothing is to be spoken. */
static gboolean
make_speech (const DaemonConfig *config,
             PlayerGstEngine *engine,
             PlayerSpeech **speech,
             GError **error)
{
  if (config->speech_command == NULL)
    return TRUE;
  *speech
      = player_gst_speech_new (engine, config->speech_command, config->speech_timeout_ms, error);
  return *speech != NULL;
}

DaemonService *
daemon_service_new (DaemonConfig *config,
                    DaemonSigning *signing,
                    GBusType bus_type,
                    const char *state_dir,
                    GError **error)
{
  g_return_val_if_fail (config != NULL, NULL);
  g_autoptr (DaemonSigning) owned = signing;
  if (!daemon_audio_init (config, error))
    return NULL;
  g_autoptr (PlayerEngine) engine = daemon_audio_new_engine (config, error);
  if (engine == NULL)
    return NULL;
  g_autoptr (PlayerSpeech) speech = NULL;
  if (!make_speech (config, PLAYER_GST_ENGINE (engine), &speech, error))
    return NULL;
  DaemonService *self = g_object_new (DAEMON_TYPE_SERVICE, NULL);
  self->bus_type = bus_type;
  self->made_of = daemon_config_ref (config);
  set_doing (self, "the main loop");
  compose (self, config, g_steal_pointer (&owned), state_dir, engine, speech);
  return self;
}

/* --- Another configuration ---------------------------------------------------------------------
 */

/* There is one that speaks through an engine at a time. */
static void
configure_speech (DaemonService *self, const DaemonConfig *old)
{
  const DaemonConfig *config = self->context->config;
  g_autoptr (PlayerSpeech) speech = NULL;
  g_autoptr (GError) error = NULL;
  if (g_strcmp0 (old->speech_command, config->speech_command) == 0
      && old->speech_timeout_ms == config->speech_timeout_ms)
    return;
  daemon_voice_set_speech (self->context->voice, NULL);
  if (!make_speech (config, self->engine, &speech, &error))
    g_warning ("nothing is spoken: %s", error->message);
  daemon_voice_set_speech (self->context->voice, speech);
}

static void
configure_directive_service (DaemonService *self, const DaemonConfig *old)
{
  const DaemonConfig *config = self->context->config;
  if (old->directive_service == config->directive_service
      && old->directive_service_port == config->directive_service_port
      && (self->context->directive_service != NULL) == config->directive_service)
    return;
  g_clear_object (&self->context->directive_service);
  open_directive_service (self);
}

char *
daemon_service_reconfigure (DaemonService *self, DaemonConfig *config, DaemonSigning *signing)
{
  g_return_val_if_fail (DAEMON_IS_SERVICE (self) && config != NULL, NULL);
  g_autoptr (DaemonSigning) owned = signing;
  if (self->stopping)
    return NULL;
  g_autoptr (DaemonConfig) old = daemon_config_ref (self->context->config);
  daemon_context_configure (self->context, config);
  daemon_soup_transport_configure (self->context->transport, g_steal_pointer (&owned));
  configure_directive_service (self, old);
  daemon_skills_reconfigure (self->skills);
  daemon_music_reconfigure (self->music);
  configure_speech (self, old);
  g_signal_emit_by_name (self, "status", daemon_status_get_line (self->status));
  g_autofree char *keys = daemon_audio_configure (self->engine, self->made_of, config);
  return keys != NULL ? g_strconcat ("[audio] ", keys, NULL) : NULL;
}

/* --- The end ----------------------------------------------------------------------------------
 */

gboolean
daemon_service_close (DaemonService *self)
{
  g_return_val_if_fail (DAEMON_IS_SERVICE (self), TRUE);
  if (self->engine == NULL)
    return TRUE;
  player_clock_remove_alarm (self->clock, self->stop_alarm);
  g_clear_pointer (&self->watchdog, daemon_watchdog_free);
  g_clear_pointer (&self->status, daemon_status_free);
  set_doing (self, "the bus");
  g_clear_object (&self->server);
  set_doing (self, "the store");
  g_clear_object (&self->backend);
  g_clear_object (&self->memory);
  g_clear_object (&self->music);
  g_clear_object (&self->reporter);
  g_clear_object (&self->skills);
  player_gst_engine_set_reach (self->engine, NULL, NULL);
  g_clear_pointer (&self->context, daemon_context_unref);
  set_doing (self, "the audio");
  const gboolean closed = player_gst_engine_close (self->engine);
  g_clear_object (&self->engine);
  g_clear_object (&self->clock);
  return closed;
}

static void
daemon_service_finalize (GObject *object)
{
  DaemonService *self = DAEMON_SERVICE (object);
  if (!daemon_service_close (self))
    g_warning ("some of the audio does not end");
  g_clear_pointer (&self->made_of, daemon_config_unref);
  G_OBJECT_CLASS (daemon_service_parent_class)->finalize (object);
}

static void
daemon_service_class_init (DaemonServiceClass *klass)
{
  GType type = G_TYPE_FROM_CLASS (klass);
  G_OBJECT_CLASS (klass)->finalize = daemon_service_finalize;
  g_signal_new ("ready", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
  g_signal_new ("name-lost", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
  g_signal_new ("status", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 1,
                G_TYPE_STRING);
  g_signal_new ("stopped", type, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE, 0);
}

static void
daemon_service_init (DaemonService *self)
{
}
