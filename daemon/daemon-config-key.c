/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-config-key.h"

#include "daemon-config-endpoint.h"
#include "daemon-config.h"

#include <string.h>

#define APPLICATION_ID_PREFIX "amzn1.ask.skill."
#define CREDENTIAL_PREFIX "credential:"
#define ID_MAX_BYTES 255
#define NAME_MAX_CHARS 64

#define LOCALES_ALLOWED                                                                            \
  "ar-SA, de-DE, en-AU, en-CA, en-GB, en-IN, en-US, es-ES, es-MX, es-US, fr-CA, fr-FR, hi-IN, "    \
  "it-IT, ja-JP, nl-NL, pt-BR"

/* The locales of the Request and Response JSON Reference. */
static const char *const locales[] = {
  "ar-SA", "de-DE", "en-AU", "en-CA", "en-GB", "en-IN", "en-US", "es-ES", "es-MX",
  "es-US", "fr-CA", "fr-FR", "hi-IN", "it-IT", "ja-JP", "nl-NL", "pt-BR", NULL,
};
static const char *const output_names[] = { "sink", "snapcast", NULL };
static const char *const replay_gain_names[] = { "off", "track", "album", NULL };
static const char *const nearly_finished_names[] = { "buffered", "early", "late", NULL };
static const char *const interruption_names[] = { "pause", "duck", NULL };
static const char *const pause_button_names[] = { "request", "local", NULL };
static const char *const resume_names[] = { "if-playing", "always", "never", NULL };
static const char *const conformance_names[] = { "lenient", "strict", NULL };

static gboolean
is_id (const char *text)
{
  for (const char *c = text; *c != '\0'; c++)
    if (!g_ascii_isgraph (*c))
      return FALSE;
  return strlen (text) <= ID_MAX_BYTES;
}

static char *
read_id (const char *text, char **wrong)
{
  if (is_id (text))
    return g_strdup (text);
  *wrong = g_strdup ("white space, a character beyond ASCII, or too long");
  return NULL;
}

static char *
read_application_id (const char *text, char **wrong)
{
  if (is_id (text) && g_str_has_prefix (text, APPLICATION_ID_PREFIX)
      && text[strlen (APPLICATION_ID_PREFIX)] != '\0')
    return g_strdup (text);
  *wrong = g_strdup_printf ("“%s” is no id of a skill", text);
  return NULL;
}

static char *
read_uuid (const char *text, char **wrong)
{
  if (g_uuid_string_is_valid (text))
    return g_strdup (text);
  *wrong = g_strdup_printf ("“%s” is no UUID", text);
  return NULL;
}

/* Split into words as a shell does; no shell runs it. */
static char *
read_command (const char *text, char **wrong)
{
  g_autoptr (GError) error = NULL;
  g_auto (GStrv) words = NULL;
  if (g_shell_parse_argv (text, NULL, &words, &error))
    return g_strdup (text);
  *wrong = g_strdup (error->message);
  return NULL;
}

#define CHAIN_URL_ALLOWED                                                                          \
  "https://s3.amazonaws.com/echo.api/ followed by a path, the only place that skills accept"

/* Verifiers compare scheme and host without regard to case, the path with regard to it. */
static char *
read_chain_url (const char *text, char **wrong)
{
  g_autoptr (GUri) uri = g_uri_parse (text, G_URI_FLAGS_NONE, NULL);
  if (uri != NULL && g_str_equal (g_uri_get_scheme (uri), "https") && g_uri_get_host (uri) != NULL
      && g_ascii_strcasecmp (g_uri_get_host (uri), "s3.amazonaws.com") == 0
      && (g_uri_get_port (uri) == -1 || g_uri_get_port (uri) == 443)
      && g_uri_get_userinfo (uri) == NULL && g_str_has_prefix (g_uri_get_path (uri), "/echo.api/")
      && strstr (g_uri_get_path (uri), "..") == NULL)
    return g_strdup (text);
  *wrong = g_strdup_printf ("skills refuse “%s”", text);
  return NULL;
}

static char *
read_locale (const char *text, char **wrong)
{
  if (g_strv_contains (locales, text))
    return g_strdup (text);
  *wrong = g_strdup_printf ("“%s” is no locale of the protocol", text);
  return NULL;
}

/* The message of daemon_config_check_endpoint() ends with what is allowed, as does the table. */
static char *
read_endpoint (const char *text, char **wrong)
{
  g_autoptr (GError) error = NULL;
  if (daemon_config_check_endpoint (text, &error))
    return g_strdup (text);

  char *tail = strstr (error->message, "; allowed: ");
  *wrong = tail != NULL ? g_strndup (error->message, tail - error->message)
                        : g_strdup (error->message);
  return NULL;
}

static char *
read_sink (const char *text, char **wrong)
{
  return g_strdup (text);
}

static char *
read_address (const char *text, char **wrong)
{
  g_autoptr (GSocketConnectable) address = g_network_address_parse (text, 0, NULL);

  if (address != NULL && g_network_address_get_port (G_NETWORK_ADDRESS (address)) > 0)
    return g_strdup (text);
  *wrong = g_strdup_printf ("“%s” is no host with a port", text);
  return NULL;
}

gboolean
daemon_config_is_credential (const char *path)
{
  return g_str_has_prefix (path, CREDENTIAL_PREFIX);
}

/* Without $CREDENTIALS_DIRECTORY (a check by hand) the name stays as it is: it is no path that
 * exists, and its user will say so. */
static char *
read_path (const char *text, char **wrong)
{
  if (g_path_is_absolute (text))
    return g_strdup (text);
  if (!g_str_has_prefix (text, CREDENTIAL_PREFIX))
    {
      *wrong = g_strdup ("not an absolute path");
      return NULL;
    }

  const char *name = text + strlen (CREDENTIAL_PREFIX);
  const char *folder = g_getenv ("CREDENTIALS_DIRECTORY");
  if (name[0] == '\0' || name[0] == '.' || strchr (name, '/') != NULL)
    {
      *wrong = g_strdup ("no name of a credential");
      return NULL;
    }
  return folder != NULL ? g_build_filename (folder, name, NULL) : g_strdup (text);
}

static char *
read_country (const char *text, char **wrong)
{
  if (strlen (text) == 2 && g_ascii_isupper (text[0]) && g_ascii_isupper (text[1]))
    return g_strdup (text);
  *wrong = g_strdup_printf ("“%s” is no code of a country", text);
  return NULL;
}

#define CONFIG(type, field) DAEMON_CONFIG_TYPE_##type, G_STRUCT_OFFSET (DaemonConfig, field)
#define SKILL(type, field) DAEMON_CONFIG_TYPE_##type, G_STRUCT_OFFSET (DaemonSkillConfig, field)
#define MUSIC(type, field) DAEMON_CONFIG_TYPE_##type, G_STRUCT_OFFSET (DaemonMusicConfig, field)
#define ID_ALLOWED "up to 255 visible ASCII characters"
#define PATH_ALLOWED "/absolute/path, or credential:NAME for a systemd credential"

static const DaemonConfigKey keys[] = {
  { "device", "id", CONFIG (STRING, device_id), .optional = TRUE, .read = read_id,
    .allowed = ID_ALLOWED },
  { "device", "locale", CONFIG (STRING, locale), .read = read_locale, .allowed = LOCALES_ALLOWED },
  { "device", "api-endpoint", CONFIG (STRING, api_endpoint), .optional = TRUE,
    .read = read_endpoint, .allowed = DAEMON_CONFIG_ENDPOINT_ALLOWED },
  { "device", "persistent-endpoint-id", CONFIG (STRING, persistent_endpoint_id), .optional = TRUE,
    .read = read_id, .allowed = ID_ALLOWED },
  { "device", "person-id", CONFIG (STRING, person_id), .optional = TRUE, .read = read_id,
    .allowed = ID_ALLOWED },
  { "device", "person-access-token-file", CONFIG (STRING, person_access_token_path),
    .optional = TRUE, .read = read_path, .allowed = PATH_ALLOWED },
  { "device", "unit-id", CONFIG (STRING, unit_id), .optional = TRUE, .read = read_id,
    .allowed = ID_ALLOWED },
  { "device", "persistent-unit-id", CONFIG (STRING, persistent_unit_id), .optional = TRUE,
    .read = read_id, .allowed = ID_ALLOWED },
  { "device", "advertising-id", CONFIG (STRING, advertising_id), .optional = TRUE,
    .read = read_uuid, .allowed = "a UUID such as 8a1d0a5c-6a0f-4b3e-9d0b-2f4f8a4c7d11" },
  { "device", "limit-ad-tracking", CONFIG (BOOL, limit_ad_tracking), .allowed = "true, false" },
  { "audio", "sink", CONFIG (STRING, sink), .read = read_sink,
    .allowed = "auto, or a GStreamer bin description such as: alsasink device=hw:1" },
  { "audio", "buffer-ms", CONFIG (UINT, buffer_ms), .min = 20, .max = 2000,
    .allowed = "a number from 20 to 2000" },
  { "audio", "idle-seconds", CONFIG (UINT, idle_seconds), .min = 0, .max = 86400,
    .allowed = "a number from 0 to 86400" },
  { "audio", "output", CONFIG (ENUM, output), .names = output_names, .allowed = "sink, snapcast" },
  { "audio", "snapcast-address", CONFIG (STRING, snapcast_address), .read = read_address,
    .allowed = "HOST:PORT of a TCP source of a snapserver" },
  { "audio", "snapcast-buffer-ms", CONFIG (UINT, snapcast_buffer_ms), .min = 0, .max = 10000,
    .allowed = "a number from 0 to 10000" },
  { "audio", "replay-gain", CONFIG (ENUM, replay_gain), .names = replay_gain_names,
    .allowed = "off, track, album" },
  { "audio", "replay-gain-preamp-db", CONFIG (INT, replay_gain_preamp_db), .min = -24, .max = 24,
    .allowed = "a number from -24 to 24" },
  { "audio", "replay-gain-fallback-db", CONFIG (INT, replay_gain_fallback_db), .min = -24,
    .max = 24, .allowed = "a number from -24 to 24" },
  { "audio", "ca-file", CONFIG (STRING, media_ca_file), .optional = TRUE, .read = read_path,
    .allowed = PATH_ALLOWED },
  { "player", "nearly-finished", CONFIG (ENUM, nearly_finished), .names = nearly_finished_names,
    .allowed = "buffered, early, late" },
  { "player", "pause-button", CONFIG (ENUM, pause_button), .names = pause_button_names,
    .allowed = "request, local" },
  { "player", "resume", CONFIG (ENUM, resume), .names = resume_names,
    .allowed = "if-playing, always, never" },
  { "player", "audio-context-in-events", CONFIG (BOOL, audio_context_in_events),
    .allowed = "true, false" },
  { "voice", "interruption", CONFIG (ENUM, interruption), .names = interruption_names,
    .allowed = "pause, duck" },
  { "voice", "duck-db", CONFIG (UINT, duck_db), .min = 3, .max = 60,
    .allowed = "a number from 3 to 60" },
  { "speech", "command", CONFIG (STRING, speech_command), .optional = TRUE, .read = read_command,
    .allowed = "a command line with a program that reads SSML and writes WAV, or nothing" },
  { "speech", "timeout-ms", CONFIG (UINT, speech_timeout_ms), .min = 100, .max = 60000,
    .allowed = "a number from 100 to 60000" },
  { "directive-service", "enabled", CONFIG (BOOL, directive_service), .allowed = "true, false" },
  { "directive-service", "port", CONFIG (UINT, directive_service_port), .min = 0, .max = 65535,
    .allowed = "a number from 0 to 65535" },
  { "signing", "key-file", CONFIG (STRING, signing_key_path), .optional = TRUE, .read = read_path,
    .allowed = PATH_ALLOWED },
  { "signing", "chain-file", CONFIG (STRING, signing_chain_path), .optional = TRUE,
    .read = read_path, .allowed = PATH_ALLOWED },
  { "signing", "chain-url", CONFIG (STRING, signing_chain_url), .optional = TRUE,
    .read = read_chain_url, .allowed = CHAIN_URL_ALLOWED },
  { "signing", "sha1", CONFIG (BOOL, signing_sha1), .allowed = "true, false" },
  { "skill", "application-id", SKILL (STRING, application_id), .optional = TRUE,
    .read = read_application_id, .allowed = "amzn1.ask.skill. followed by anything visible" },
  { "skill", "endpoint", SKILL (STRING, endpoint), .read = read_endpoint,
    .allowed = DAEMON_CONFIG_ENDPOINT_ALLOWED },
  { "skill", "ca-file", SKILL (STRING, ca_file), .optional = TRUE, .read = read_path,
    .allowed = PATH_ALLOWED },
  { "skill", "access-token-file", SKILL (STRING, access_token_path), .optional = TRUE,
    .read = read_path, .allowed = PATH_ALLOWED },
  { "skill", "conformance", SKILL (ENUM, conformance), .names = conformance_names,
    .allowed = "lenient, strict" },
  { "skill", "sign", SKILL (BOOL, sign), .allowed = "true, false" },
  { "skill", "http-media", SKILL (BOOL, http_media), .allowed = "true, false" },
  { "skill", "private-media", SKILL (BOOL, private_media), .allowed = "true, false" },
  { "music", "endpoint", MUSIC (STRING, endpoint), .read = read_endpoint,
    .allowed = DAEMON_CONFIG_ENDPOINT_ALLOWED },
  { "music", "ca-file", MUSIC (STRING, ca_file), .optional = TRUE, .read = read_path,
    .allowed = PATH_ALLOWED },
  { "music", "user-id", MUSIC (STRING, user_id), .optional = TRUE, .read = read_id,
    .allowed = ID_ALLOWED },
  { "music", "access-token-file", MUSIC (STRING, access_token_path), .optional = TRUE,
    .read = read_path, .allowed = PATH_ALLOWED },
  { "music", "locale", MUSIC (STRING, locale), .optional = TRUE, .read = read_locale,
    .allowed = LOCALES_ALLOWED },
  { "music", "country", MUSIC (STRING, country), .optional = TRUE, .read = read_country,
    .allowed = "two capital letters of ISO 3166-1, such as DE" },
  { "music", "http-media", MUSIC (BOOL, http_media), .allowed = "true, false" },
  { "music", "private-media", MUSIC (BOOL, private_media), .allowed = "true, false" },
  { "music", "forget-hours", MUSIC (UINT, forget_hours), .min = 1, .max = 8760,
    .allowed = "a number from 1 to 8760" },
};

const DaemonConfigKey *
daemon_config_key_table (gsize *n_keys)
{
  *n_keys = G_N_ELEMENTS (keys);
  return keys;
}

const DaemonConfigKey *
daemon_config_key_find (const char *group, const char *key)
{
  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_str_equal (keys[i].group, group) && g_str_equal (keys[i].key, key))
      return &keys[i];
  return NULL;
}

char *
daemon_config_key_list (const char *group)
{
  g_autoptr (GString) list = g_string_new (NULL);

  for (gsize i = 0; i < G_N_ELEMENTS (keys); i++)
    if (g_str_equal (keys[i].group, group))
      g_string_append_printf (list, "%s%s", list->len > 0 ? ", " : "", keys[i].key);
  return list->len > 0 ? g_string_free (g_steal_pointer (&list), FALSE) : NULL;
}

static gboolean
set_string (const DaemonConfigKey *self, char **field, const char *text, char **wrong)
{
  if (text[0] == '\0' && self->optional)
    {
      g_clear_pointer (field, g_free);
      return TRUE;
    }

  char *value = self->read (text, wrong);
  if (value == NULL)
    return FALSE;
  g_free (*field);
  *field = value;
  return TRUE;
}

static gboolean
set_uint (const DaemonConfigKey *self, guint *field, const char *text, char **wrong)
{
  guint64 value = 0;

  if (!g_ascii_string_to_unsigned (text, 10, (guint64)self->min, (guint64)self->max, &value, NULL))
    {
      *wrong = g_strdup_printf ("“%s” is out of range or no number", text);
      return FALSE;
    }
  *field = (guint)value;
  return TRUE;
}

static gboolean
set_int (const DaemonConfigKey *self, int *field, const char *text, char **wrong)
{
  gint64 value = 0;

  if (!g_ascii_string_to_signed (text, 10, self->min, self->max, &value, NULL))
    {
      *wrong = g_strdup_printf ("“%s” is out of range or no number", text);
      return FALSE;
    }
  *field = (int)value;
  return TRUE;
}

static gboolean
set_enum (const DaemonConfigKey *self, guint *field, const char *text, char **wrong)
{
  for (guint i = 0; self->names[i] != NULL; i++)
    if (g_str_equal (self->names[i], text))
      {
        *field = i;
        return TRUE;
      }
  *wrong = g_strdup_printf ("unknown value “%s”", text);
  return FALSE;
}

static gboolean
set_bool (gboolean *field, const char *text, char **wrong)
{
  if (!g_str_equal (text, "true") && !g_str_equal (text, "false"))
    {
      *wrong = g_strdup_printf ("“%s” is neither true nor false", text);
      return FALSE;
    }
  *field = text[0] == 't';
  return TRUE;
}

gboolean
daemon_config_key_set (const DaemonConfigKey *self, gpointer target, const char *text, char **wrong)
{
  gpointer field = G_STRUCT_MEMBER_P (target, self->offset);

  if (text[0] == '\0' && !self->optional)
    {
      *wrong = g_strdup ("no value given");
      return FALSE;
    }
  switch (self->type)
    {
    case DAEMON_CONFIG_TYPE_STRING:
      return set_string (self, field, text, wrong);
    case DAEMON_CONFIG_TYPE_UINT:
      return set_uint (self, field, text, wrong);
    case DAEMON_CONFIG_TYPE_INT:
      return set_int (self, field, text, wrong);
    case DAEMON_CONFIG_TYPE_ENUM:
      return set_enum (self, field, text, wrong);
    case DAEMON_CONFIG_TYPE_BOOL:
      return set_bool (field, text, wrong);
    }
  g_return_val_if_reached (FALSE);
}

char *
daemon_config_key_get (const DaemonConfigKey *self, gconstpointer target)
{
  gpointer field = G_STRUCT_MEMBER_P (target, self->offset);

  switch (self->type)
    {
    case DAEMON_CONFIG_TYPE_STRING:
      return g_strdup (*(char **)field);
    case DAEMON_CONFIG_TYPE_UINT:
      return g_strdup_printf ("%u", *(guint *)field);
    case DAEMON_CONFIG_TYPE_INT:
      return g_strdup_printf ("%d", *(int *)field);
    case DAEMON_CONFIG_TYPE_ENUM:
      return g_strdup (self->names[*(guint *)field]);
    case DAEMON_CONFIG_TYPE_BOOL:
      return g_strdup (*(gboolean *)field ? "true" : "false");
    }
  g_return_val_if_reached (NULL);
}

char *
daemon_config_check_name (const char *table_group, const char *name)
{
  if (name[0] == '\0')
    return g_strdup ("no name given");
  if (strstr (name, "://") != NULL)
    return g_strdup ("the name looks like a URL; the URL belongs into the key endpoint");
  if (g_str_equal (table_group, "skill") && g_str_has_prefix (name, DAEMON_MUSIC_ORIGIN_PREFIX))
    return g_strdup ("names that begin with “music:” stand for music services");
  if (name[0] == '"' || name[0] == '\'')
    return g_strdup ("the name is written without quotes");
  if (g_utf8_strlen (name, -1) > NAME_MAX_CHARS)
    return g_strdup ("the name is too long");
  for (const char *c = name; *c != '\0'; c = g_utf8_next_char (c))
    if (!g_unichar_isprint (g_utf8_get_char (c)))
      return g_strdup ("a character in the name cannot be printed");
  return NULL;
}
