/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-config.h"

#include "config.h"
#include "daemon-config-endpoint.h"
#include "daemon-config-files.h"
#include "daemon-config-key.h"
#include "daemon-config-text.h"
#include "daemon-log.h"

#include <string.h>

#define SKILL_GROUP_PREFIX "skill "
#define MUSIC_GROUP_PREFIX "music "
/* Reads SSML and writes WAV; %l is replaced by the locale. */
#define DEFAULT_SPEECH_COMMAND "espeak-ng -m -v %l --stdin --stdout"

/* clang-format off */
G_DEFINE_QUARK (daemon-config-error-quark, daemon_config_error)
/* clang-format on */

DaemonSkillConfig *
daemon_skill_config_new (const char *name, const char *endpoint)
{
  DaemonSkillConfig *self = g_new0 (DaemonSkillConfig, 1);

  self->name = g_strdup (name);
  self->endpoint = g_strdup (endpoint);
  if (endpoint != NULL)
    self->application_id = daemon_config_derive_application_id (endpoint);
  self->conformance = DAEMON_CONFORMANCE_LENIENT;
  self->sign = TRUE;
  return self;
}

void
daemon_skill_config_free (DaemonSkillConfig *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  g_free (self->application_id);
  g_free (self->endpoint);
  g_free (self->ca_file);
  g_free (self->access_token_path);
  g_free (self);
}

DaemonConfig *
daemon_config_new_default (void)
{
  DaemonConfig *self = g_new0 (DaemonConfig, 1);

  g_atomic_ref_count_init (&self->ref_count);
  self->locale = g_strdup ("en-US");
  self->sink = g_strdup ("auto");
  self->buffer_ms = 60;
  self->idle_seconds = 2;
  self->snapcast_address = g_strdup ("127.0.0.1:4953");
  self->snapcast_buffer_ms = 1000;
  self->nearly_finished = PLAYER_NEARLY_FINISHED_BUFFERED;
  self->pause_button = DAEMON_PAUSE_BUTTON_REQUEST;
  self->resume = DAEMON_RESUME_IF_PLAYING;
  self->audio_context_in_events = TRUE;
  self->interruption = DAEMON_INTERRUPTION_PAUSE;
  self->duck_db = 18;
  self->speech_command = g_strdup (DEFAULT_SPEECH_COMMAND);
  self->speech_timeout_ms = 10000;
  self->directive_service = TRUE;
  self->signing_sha1 = TRUE;
  self->skills = g_ptr_array_new_with_free_func ((GDestroyNotify)daemon_skill_config_free);
  self->music = g_ptr_array_new_with_free_func ((GDestroyNotify)daemon_music_config_free);
  self->files = g_ptr_array_new_with_free_func (g_free);
  self->origins = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  return self;
}

DaemonConfig *
daemon_config_ref (DaemonConfig *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
daemon_config_unref (DaemonConfig *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_free (self->device_id);
  g_free (self->locale);
  g_free (self->api_endpoint);
  g_free (self->persistent_endpoint_id);
  g_free (self->person_id);
  g_free (self->person_access_token_path);
  g_free (self->unit_id);
  g_free (self->persistent_unit_id);
  g_free (self->advertising_id);
  g_free (self->sink);
  g_free (self->snapcast_address);
  g_free (self->media_ca_file);
  g_free (self->speech_command);
  g_free (self->signing_key_path);
  g_free (self->signing_chain_path);
  g_free (self->signing_chain_url);
  g_ptr_array_unref (self->skills);
  g_ptr_array_unref (self->music);
  g_ptr_array_unref (self->files);
  g_hash_table_unref (self->origins);
  g_free (self);
}

static gpointer
find_skill (DaemonConfig *self, const char *name)
{
  for (guint i = 0; i < self->skills->len; i++)
    {
      DaemonSkillConfig *skill = g_ptr_array_index (self->skills, i);
      if (g_str_equal (skill->name, name))
        return skill;
    }
  DaemonSkillConfig *skill = daemon_skill_config_new (name, NULL);
  g_ptr_array_add (self->skills, skill);
  return skill;
}

static gpointer
find_music (DaemonConfig *self, const char *name)
{
  for (guint i = 0; i < self->music->len; i++)
    {
      DaemonMusicConfig *music = g_ptr_array_index (self->music, i);
      if (g_str_equal (music->name, name))
        return music;
    }
  DaemonMusicConfig *music = daemon_music_config_new (name, NULL);
  g_ptr_array_add (self->music, music);
  return music;
}

/* Where a value is kept: the target and the name of the keys' table for a group of a file. */
static gpointer
find_target (DaemonConfig *self, const char *group, const char **table_group)
{
  if (g_str_has_prefix (group, SKILL_GROUP_PREFIX))
    {
      *table_group = "skill";
      return find_skill (self, group + strlen (SKILL_GROUP_PREFIX));
    }
  if (g_str_has_prefix (group, MUSIC_GROUP_PREFIX))
    {
      *table_group = "music";
      return find_music (self, group + strlen (MUSIC_GROUP_PREFIX));
    }
  *table_group = group;
  return self;
}

/* Remembers where @key (or, with "", the group itself at first sight) comes from. */
static void
set_origin (DaemonConfig *self, const char *file, const DaemonConfigEntry *entry)
{
  const char *key = entry->key != NULL ? entry->key : "";
  char *id = g_strdup_printf ("%s\n%s", entry->group, key);

  if (entry->key == NULL && g_hash_table_contains (self->origins, id))
    g_free (id);
  else
    g_hash_table_replace (self->origins, id, g_strdup_printf ("%s:%u", file, entry->line));
}

/* Whether @name may stand in "[skill NAME]" or "[music NAME]". */
static gboolean
check_name (const char *file,
            const DaemonConfigEntry *entry,
            const char *table_group,
            const char *name,
            GPtrArray *problems)
{
  g_autofree char *wrong = daemon_config_check_name (table_group, name);
  if (wrong == NULL)
    return TRUE;
  daemon_config_text_problem (
      problems, DAEMON_CONFIG_ERROR_UNKNOWN_GROUP, file, entry->line, entry->group, NULL,
      "%s; allowed: [%s NAME] with up to 64 printable characters", wrong, table_group);
  return FALSE;
}

/* Whether the keys below the group line @entry can be taken. */
static gboolean
check_group (const char *file, const DaemonConfigEntry *entry, GPtrArray *problems)
{
  const char *group = entry->group;

  if (g_str_has_prefix (group, SKILL_GROUP_PREFIX))
    return check_name (file, entry, "skill", group + strlen (SKILL_GROUP_PREFIX), problems);
  if (g_str_has_prefix (group, MUSIC_GROUP_PREFIX))
    return check_name (file, entry, "music", group + strlen (MUSIC_GROUP_PREFIX), problems);

  g_autofree char *known = daemon_config_key_list (group);
  if (known != NULL && !g_str_equal (group, "skill") && !g_str_equal (group, "music"))
    return TRUE;
  daemon_config_text_problem (
      problems, DAEMON_CONFIG_ERROR_UNKNOWN_GROUP, file, entry->line, group, NULL,
      "unknown group; allowed: [device], [audio], [player], [voice], [speech], "
      "[directive-service], [signing], [skill NAME], [music NAME]");
  return FALSE;
}

static void
refuse_key (const char *file,
            const DaemonConfigEntry *entry,
            const char *table_group,
            GPtrArray *problems)
{
  g_autofree char *known = daemon_config_key_list (table_group);
  const char *why = "unknown key";

  if (g_str_equal (entry->key, "access-token"))
    why = "a secret does not belong here, where it can be read by others and ends up in backups";
  daemon_config_text_problem (problems, DAEMON_CONFIG_ERROR_UNKNOWN_KEY, file, entry->line,
                              entry->group, entry->key, "%s; allowed: %s", why,
                              g_str_equal (entry->key, "access-token")
                                  ? "access-token-file = PATH or credential:NAME"
                                  : known);
}

static void
apply_key (DaemonConfig *self,
           const char *file,
           const DaemonConfigEntry *entry,
           GPtrArray *problems)
{
  const char *table_group = NULL;
  gpointer target = find_target (self, entry->group, &table_group);
  const DaemonConfigKey *key = daemon_config_key_find (table_group, entry->key);

  if (key == NULL)
    {
      refuse_key (file, entry, table_group, problems);
      return;
    }

  g_autofree char *wrong = NULL;
  if (daemon_config_key_set (key, target, entry->value, &wrong))
    set_origin (self, file, entry);
  else
    daemon_config_text_problem (problems, DAEMON_CONFIG_ERROR_VALUE, file, entry->line,
                                entry->group, entry->key, "%s; allowed: %s", wrong, key->allowed);
}

static void
apply_file (DaemonConfig *self, const char *file, GPtrArray *problems)
{
  g_autofree char *text = NULL;
  gsize length = 0;
  g_autoptr (GError) error = NULL;

  if (!g_file_get_contents (file, &text, &length, &error))
    {
      daemon_config_text_problem (problems, DAEMON_CONFIG_ERROR_READ, file, 0, NULL, NULL, "%s",
                                  error->message);
      return;
    }
  g_ptr_array_add (self->files, g_strdup (file));

  g_autoptr (GPtrArray) entries = daemon_config_text_scan (file, text, length, problems);
  gboolean known = FALSE;
  for (guint i = 0; i < entries->len; i++)
    {
      const DaemonConfigEntry *entry = g_ptr_array_index (entries, i);
      if (entry->key != NULL)
        {
          if (known)
            apply_key (self, file, entry, problems);
          continue;
        }
      known = check_group (file, entry, problems);
      if (known)
        {
          const char *table_group = NULL;
          find_target (self, entry->group, &table_group);
          set_origin (self, file, entry);
        }
    }
}

/* What can only be said when all files have been read. */
static void
miss_endpoint (DaemonConfig *self, const char *table_group, const char *name, GPtrArray *problems)
{
  g_autofree char *group = g_strdup_printf ("%s %s", table_group, name);
  g_autofree char *id = g_strconcat (group, "\n", NULL);
  const DaemonConfigKey *key = daemon_config_key_find (table_group, "endpoint");
  daemon_config_text_problem (problems, DAEMON_CONFIG_ERROR_VALUE,
                              g_hash_table_lookup (self->origins, id), 0, group, "endpoint",
                              "missing; allowed: %s", key->allowed);
}

static void
complete_services (DaemonConfig *self, GPtrArray *problems)
{
  for (guint i = 0; i < self->skills->len; i++)
    {
      DaemonSkillConfig *skill = g_ptr_array_index (self->skills, i);
      if (skill->endpoint == NULL)
        miss_endpoint (self, "skill", skill->name, problems);
      else if (skill->application_id == NULL)
        skill->application_id = daemon_config_derive_application_id (skill->endpoint);
    }
  for (guint i = 0; i < self->music->len; i++)
    {
      DaemonMusicConfig *music = g_ptr_array_index (self->music, i);
      if (music->endpoint == NULL)
        miss_endpoint (self, "music", music->name, problems);
    }
}

/* A key alone would leave requests unsigned that somebody wanted signed. */
static void
complete_signing (DaemonConfig *self, GPtrArray *problems)
{
  const struct
  {
    const char *key;
    const char *value;
  } parts[] = {
    { "key-file", self->signing_key_path },
    { "chain-file", self->signing_chain_path },
    { "chain-url", self->signing_chain_url },
  };
  const char *given = NULL;

  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i].value != NULL)
      given = parts[i].key;
  if (given == NULL)
    return;
  g_autofree char *id = g_strdup_printf ("signing\n%s", given);
  for (gsize i = 0; i < G_N_ELEMENTS (parts); i++)
    if (parts[i].value == NULL)
      daemon_config_text_problem (
          problems, DAEMON_CONFIG_ERROR_VALUE, g_hash_table_lookup (self->origins, id), 0,
          "signing", parts[i].key,
          "missing, but %s is given; allowed: all of key-file, chain-file and "
          "chain-url, or none",
          given);
}

DaemonConfig *
daemon_config_parse_files (GPtrArray *files, GPtrArray *problems)
{
  g_autoptr (DaemonConfig) self = daemon_config_new_default ();
  guint problems_before = problems->len;

  for (guint i = 0; i < files->len; i++)
    apply_file (self, g_ptr_array_index (files, i), problems);
  /* A refused endpoint has been complained of already. */
  if (problems->len == problems_before)
    complete_services (self, problems);
  if (problems->len == problems_before)
    complete_signing (self, problems);
  return problems->len == problems_before ? g_steal_pointer (&self) : NULL;
}

DaemonConfig *
daemon_config_parse (const char *file, gboolean system, GPtrArray *problems)
{
  g_autoptr (GPtrArray) files = NULL;

  if (file != NULL)
    {
      files = g_ptr_array_new_with_free_func (g_free);
      g_ptr_array_add (files, g_strdup (file));
    }
  else
    {
      g_autofree char *folder
          = g_build_filename (system ? SEGUE_SYSCONFDIR : g_get_user_config_dir (), "segue", NULL);
      files = daemon_config_files_list (SEGUE_VENDOR_CONFIG, folder);
    }
  return daemon_config_parse_files (files, problems);
}

DaemonConfig *
daemon_config_load (const char *file, gboolean system, GError **error)
{
  g_autoptr (GPtrArray) problems = g_ptr_array_new_with_free_func ((GDestroyNotify)g_error_free);
  g_autoptr (DaemonConfig) self = daemon_config_parse (file, system, problems);

  if (self == NULL)
    g_propagate_error (error, g_error_copy (g_ptr_array_index (problems, 0)));
  return g_steal_pointer (&self);
}

/* (transfer full) (nullable): "" where a default was taken away. */
static char *
get_emptied (const DaemonConfigKey *key, gconstpointer default_target)
{
  g_autofree char *was = daemon_config_key_get (key, default_target);
  return was != NULL ? g_strdup ("") : NULL;
}

static void
print_keys (const DaemonConfig *self,
            GKeyFile *key_file,
            const char *table_group,
            const char *group,
            gconstpointer target,
            gconstpointer default_target)
{
  gsize n_keys = 0;
  const DaemonConfigKey *keys = daemon_config_key_table (&n_keys);

  for (gsize i = 0; i < n_keys; i++)
    {
      if (!g_str_equal (keys[i].group, table_group))
        continue;
      g_autofree char *value = daemon_config_key_get (&keys[i], target);
      if (value == NULL && default_target != NULL)
        value = get_emptied (&keys[i], default_target);
      if (value == NULL)
        continue;
      g_autofree char *shown = g_str_has_suffix (keys[i].key, "endpoint")
                                   ? daemon_log_redact_url (value)
                                   : g_strdup (value);
      g_key_file_set_string (key_file, group, keys[i].key, shown);

      g_autofree char *id = g_strdup_printf ("%s\n%s", group, keys[i].key);
      const char *origin = g_hash_table_lookup (self->origins, id);
      if (origin == NULL)
        continue;
      g_autofree char *comment = g_strconcat (" ", origin, NULL);
      g_key_file_set_comment (key_file, group, keys[i].key, comment, NULL);
    }
}

char *
daemon_config_to_string (const DaemonConfig *self)
{
  g_autoptr (GKeyFile) key_file = g_key_file_new ();

  static const char *const groups[]
      = { "device", "audio", "player", "voice", "speech", "directive-service", "signing" };

  g_autoptr (DaemonConfig) defaults = daemon_config_new_default ();

  for (gsize i = 0; i < G_N_ELEMENTS (groups); i++)
    print_keys (self, key_file, groups[i], groups[i], self, defaults);
  for (guint i = 0; i < self->skills->len; i++)
    {
      const DaemonSkillConfig *skill = g_ptr_array_index (self->skills, i);
      g_autofree char *group = g_strdup_printf (SKILL_GROUP_PREFIX "%s", skill->name);
      print_keys (self, key_file, "skill", group, skill, NULL);
    }
  for (guint i = 0; i < self->music->len; i++)
    {
      const DaemonMusicConfig *music = g_ptr_array_index (self->music, i);
      g_autofree char *group = g_strdup_printf (MUSIC_GROUP_PREFIX "%s", music->name);
      print_keys (self, key_file, "music", group, music, NULL);
    }
  return g_key_file_to_data (key_file, NULL, NULL);
}
