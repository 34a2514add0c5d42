/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-skill.h"

#include "daemon-reach.h"
#include "daemon-token-file.h"

struct _DaemonSkill
{
  char *name;              /* (owned) */
  char *endpoint;          /* (owned) */
  char *ca_file;           /* (owned) (nullable) */
  char *application_id;    /* (owned) */
  char *user_id;           /* (owned) */
  char *access_token_path; /* (owned) (nullable) */
  gboolean strict;
  gboolean is_signed;
  gboolean takes_http;
  AlexaSession *session; /* (owned) (nullable) */
};

static char *
derive_user_id (const char *device_id, const char *application_id)
{
  g_autofree char *seed = g_strconcat (device_id, "\n", application_id, NULL);
  g_autofree char *digest = g_compute_checksum_for_string (G_CHECKSUM_SHA256, seed, -1);
  g_autofree char *upper = g_ascii_strup (digest, -1);
  return g_strconcat ("amzn1.ask.account.", upper, NULL);
}

static void
clear_config (DaemonSkill *self)
{
  g_clear_pointer (&self->endpoint, g_free);
  g_clear_pointer (&self->ca_file, g_free);
  g_clear_pointer (&self->application_id, g_free);
  g_clear_pointer (&self->user_id, g_free);
  g_clear_pointer (&self->access_token_path, g_free);
}

void
daemon_skill_configure (DaemonSkill *self, const DaemonSkillConfig *config, const char *device_id)
{
  g_return_if_fail (self != NULL && config != NULL && device_id != NULL);
  clear_config (self);
  if (self->name == NULL) /* else it is the same, and others may hold it */
    self->name = g_strdup (config->name);
  self->endpoint = g_strdup (config->endpoint);
  self->ca_file = g_strdup (config->ca_file);
  self->application_id = g_strdup (config->application_id);
  self->user_id = derive_user_id (device_id, config->application_id);
  self->access_token_path = g_strdup (config->access_token_path);
  self->strict = config->conformance == DAEMON_CONFORMANCE_STRICT;
  self->is_signed = config->sign;
  self->takes_http = (daemon_reach_of_skill (config) & PLAYER_REACH_HTTP) != 0;
}

DaemonSkill *
daemon_skill_new (const DaemonSkillConfig *config, const char *device_id)
{
  g_return_val_if_fail (config != NULL && device_id != NULL, NULL);
  DaemonSkill *self = g_new0 (DaemonSkill, 1);
  daemon_skill_configure (self, config, device_id);
  return self;
}

void
daemon_skill_free (DaemonSkill *self)
{
  if (self == NULL)
    return;
  clear_config (self);
  g_free (self->name);
  g_clear_pointer (&self->session, alexa_session_free);
  g_free (self);
}

const char *
daemon_skill_get_name (const DaemonSkill *self)
{
  return self->name;
}

const char *
daemon_skill_get_endpoint (const DaemonSkill *self)
{
  return self->endpoint;
}

const char *
daemon_skill_get_ca_file (const DaemonSkill *self)
{
  return self->ca_file;
}

const char *
daemon_skill_get_application_id (const DaemonSkill *self)
{
  return self->application_id;
}

const char *
daemon_skill_get_user_id (const DaemonSkill *self)
{
  return self->user_id;
}

gboolean
daemon_skill_is_strict (const DaemonSkill *self)
{
  return self->strict;
}

gboolean
daemon_skill_is_signed (const DaemonSkill *self)
{
  return self->is_signed;
}

gboolean
daemon_skill_takes_http (const DaemonSkill *self)
{
  return self->takes_http;
}

char *
daemon_skill_read_access_token (const DaemonSkill *self)
{
  return daemon_token_file_read (self->access_token_path, self->name);
}

AlexaSession *
daemon_skill_get_session (DaemonSkill *self)
{
  return self->session;
}

AlexaSession *
daemon_skill_open_session (DaemonSkill *self)
{
  g_return_val_if_fail (self->session == NULL, self->session);
  self->session = alexa_session_new ();
  return self->session;
}

void
daemon_skill_restore_session (DaemonSkill *self, AlexaSession *session)
{
  g_return_if_fail (self->session == NULL && session != NULL);
  self->session = session;
}

AlexaSession *
daemon_skill_take_session (DaemonSkill *self)
{
  return g_steal_pointer (&self->session);
}
