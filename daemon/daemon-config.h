/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

#include "daemon-music-config.h"
#include "player/gst/player-gst-engine.h"
#include "player/player-controller.h"

G_BEGIN_DECLS

/**
 * DAEMON_CONFIG_ERROR:
 *
 * Every message has the form "FILE:LINE: [group] key: what is wrong; allowed: …".
 */
#define DAEMON_CONFIG_ERROR (daemon_config_error_quark ())
GQuark daemon_config_error_quark (void);

typedef enum
{
  DAEMON_CONFIG_ERROR_READ,          /* a file named on the command line cannot be read */
  DAEMON_CONFIG_ERROR_SYNTAX,        /* not a key file */
  DAEMON_CONFIG_ERROR_UNKNOWN_GROUP, /* */
  DAEMON_CONFIG_ERROR_UNKNOWN_KEY,   /* */
  DAEMON_CONFIG_ERROR_VALUE,         /* out of range */
} DaemonConfigError;

typedef enum
{
  DAEMON_CONFORMANCE_LENIENT,
  DAEMON_CONFORMANCE_STRICT,
} DaemonConformance;

/**
 * DaemonInterruption:
 * @DAEMON_INTERRUPTION_PAUSE: what plays pauses while somebody or something speaks, and its skill is
 *   told so
 * @DAEMON_INTERRUPTION_DUCK: it goes on, softly, and no skill is told
 */
typedef enum
{
  DAEMON_INTERRUPTION_PAUSE,
  DAEMON_INTERRUPTION_DUCK,
} DaemonInterruption;

/* Where the sound goes. */
typedef enum
{
  DAEMON_OUTPUT_SINK,
  DAEMON_OUTPUT_SNAPCAST,
} DaemonOutput;

typedef enum
{
  DAEMON_PAUSE_BUTTON_REQUEST,
  DAEMON_PAUSE_BUTTON_LOCAL,
} DaemonPauseButton;

/**
 * DaemonResume:
 * @DAEMON_RESUME_IF_PLAYING: after a restart what played goes on; what was paused stays so
 * @DAEMON_RESUME_ALWAYS: what was paused goes on, too
 * @DAEMON_RESUME_NEVER: nothing goes on by itself
 */
typedef enum
{
  DAEMON_RESUME_IF_PLAYING,
  DAEMON_RESUME_ALWAYS,
  DAEMON_RESUME_NEVER,
} DaemonResume;

/**
 * DaemonSkillConfig:
 * @name: the group is "[skill NAME]"
 * @endpoint: where to POST; https, or http on a loopback address
 * @ca_file: (nullable): PEM file of the CA that signed the endpoint's certificate
 * @access_token_path: (nullable): file that holds the linked account's access token
 * @sign: requests to it are signed if there is a key
 * @http_media: streams and recordings may be plain http
 * @private_media: … and lie on this machine or its network
 */
typedef struct
{
  char *name;              /* (owned) */
  char *application_id;    /* (owned) never NULL: derived from the endpoint if not given */
  char *endpoint;          /* (owned) */
  char *ca_file;           /* (owned) (nullable) */
  char *access_token_path; /* (owned) (nullable) */
  DaemonConformance conformance;
  gboolean sign;
  gboolean http_media;
  gboolean private_media;
} DaemonSkillConfig;

DaemonSkillConfig *daemon_skill_config_new (const char *name, const char *endpoint);
void daemon_skill_config_free (DaemonSkillConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonSkillConfig, daemon_skill_config_free)

/* TRUE for an absolute https URL, and for http on a loopback address (127/8, ::1, localhost). */
gboolean daemon_config_check_endpoint (const char *url, GError **error);
/* Whether @path stands for a systemd credential and there are none in this process. */
gboolean daemon_config_is_credential (const char *path);
/* Whether the host of @url is a loopback address. */
gboolean daemon_config_url_is_loopback (const char *url);

/**
 * DaemonConfig:
 *
 * Everything that can be configured, checked, with the defaults filled in (segue.conf(5)).
 */
typedef struct
{
  gatomicrefcount ref_count;
  char *device_id;    /* (owned) (nullable): NULL = made once and kept in the state folder */
  char *locale;       /* (owned) [device] locale = en-US */
  char *api_endpoint; /* (owned) (nullable): [device] api-endpoint; NULL = the directive service */
  char *persistent_endpoint_id;   /* (owned) (nullable): [device] */
  char *person_id;                /* (owned) (nullable): [device]: a voice that was recognised */
  char *person_access_token_path; /* (owned) (nullable): [device] person-access-token-file */
  char *unit_id;                  /* (owned) (nullable): [device] */
  char *persistent_unit_id;       /* (owned) (nullable): [device] */
  char *advertising_id;           /* (owned) (nullable): [device]: a UUID */
  gboolean limit_ad_tracking;     /* [device]; told only with an advertising id */
  char *sink;                     /* (owned) [audio] sink = auto, or a GStreamer bin description */
  guint buffer_ms;                /* [audio] buffer-ms = 60, 20 … 2000: buffer of the sink */
  guint idle_seconds;             /* [audio] idle-seconds = 2: then the sink is released */
  DaemonOutput output;            /* [audio] output = sink | snapcast */
  char *snapcast_address;         /* (owned) [audio] snapcast-address = 127.0.0.1:4953 */
  guint snapcast_buffer_ms;       /* [audio] snapcast-buffer-ms = 1000: heard so much later */
  PlayerGstLoudness replay_gain;  /* [audio] replay-gain = off | track | album */
  int replay_gain_preamp_db;      /* [audio] replay-gain-preamp-db = 0, for what has tags */
  int replay_gain_fallback_db;    /* [audio] replay-gain-fallback-db = 0, for what has none */
  char *media_ca_file;            /* (owned) (nullable): [audio] ca-file: trusted for media, too */
  PlayerNearlyFinished nearly_finished; /* [player] nearly-finished = buffered | early | late */
  DaemonPauseButton pause_button;       /* [player] pause-button = request | local */
  DaemonResume resume;                  /* [player] resume = if-playing | always | never */
  gboolean audio_context_in_events;     /* [player] audio-context-in-events = true */
  DaemonInterruption interruption;      /* [voice] interruption = pause | duck */
  guint duck_db;                        /* [voice] duck-db = 18: softer by so much, 3 … 60 */
  char *speech_command;         /* (owned) (nullable): [speech] command; NULL = nothing is spoken */
  guint speech_timeout_ms;      /* [speech] timeout-ms = 10000: for the command, 100 … 60000 */
  gboolean directive_service;   /* [directive-service] enabled = true */
  guint directive_service_port; /* [directive-service] port = 0: any that is free */
  char *signing_key_path;   /* (owned) (nullable): [signing] key-file; NULL = nothing is signed */
  char *signing_chain_path; /* (owned) (nullable): [signing] chain-file: PEM, leaf first */
  char *signing_chain_url;  /* (owned) (nullable): [signing] chain-url: SignatureCertChainUrl */
  gboolean signing_sha1;    /* [signing] sha1 = true: the old Signature header, too */
  GPtrArray *skills;        /* (owned) (element-type DaemonSkillConfig) */
  GPtrArray *music;         /* (owned) (element-type DaemonMusicConfig) */
  GPtrArray *files;         /* (owned) (element-type filename) read, in order */
  GHashTable *origins;      /* (owned) "group\nkey" → "FILE:LINE" that set it */
} DaemonConfig;

/* What a daemon without any file runs with. */
DaemonConfig *daemon_config_new_default (void);

/**
 * daemon_config_load:
 * @file: (nullable): read this one alone, in place of the standard ones (--config)
 * @system: TRUE: vendor default < /etc/segue/segue.conf < /etc/segue/segue.conf.d/NN-*.conf;
 *   FALSE: vendor default < $XDG_CONFIG_HOME/segue/segue.conf < …/segue.conf.d
 * @error: #DaemonConfigError
 */
DaemonConfig *
daemon_config_load (const char *file, gboolean system, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/**
 * daemon_config_parse:
 * @file: (nullable): as for daemon_config_load()
 * @problems: (element-type GError): takes every fault found, in the order of the files
 *
 * daemon_config_load() for those who want to know all that is wrong, not only the first.
 *
 * Returns: (transfer full) (nullable): %NULL if there was a problem
 */
DaemonConfig *daemon_config_parse (const char *file, gboolean system, GPtrArray *problems);

/**
 * daemon_config_parse_files:
 * @files: (element-type filename): what to read, the weakest first; each must exist
 */
DaemonConfig *daemon_config_parse_files (GPtrArray *files, GPtrArray *problems);

/**
 * daemon_config_check_files:
 * @problems: (element-type GError): takes one error (%DAEMON_CONFIG_ERROR_READ) for each CA or
 * token file that cannot be used
 *
 * The files that the configuration names may come and go while the daemon runs, so that this is no
 * part of loading.
 */
void daemon_config_check_files (const DaemonConfig *self, GPtrArray *problems);

/* (transfer full): the effective configuration as a key file; secrets appear as paths only. */
char *daemon_config_to_string (const DaemonConfig *self);

DaemonConfig *daemon_config_ref (DaemonConfig *self);
void daemon_config_unref (DaemonConfig *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonConfig, daemon_config_unref)

G_END_DECLS
