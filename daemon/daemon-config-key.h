/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>

G_BEGIN_DECLS

typedef enum
{
  DAEMON_CONFIG_TYPE_STRING, /* char * */
  DAEMON_CONFIG_TYPE_UINT,   /* guint */
  DAEMON_CONFIG_TYPE_INT,    /* int */
  DAEMON_CONFIG_TYPE_ENUM,   /* an enum that counts from 0 */
  DAEMON_CONFIG_TYPE_BOOL,   /* gboolean */
} DaemonConfigType;

/**
 * DaemonConfigRead:
 *
 * Turns the text of a string key into what is stored, or returns %NULL and says what is @wrong.
 */
typedef char *(*DaemonConfigRead) (const char *text, char **wrong);

/**
 * DaemonConfigKey:
 * @group: "device", "audio" …, or "skill" and "music" for all groups "[skill NAME]", "[music NAME]"
 * @offset: of the member, in #DaemonConfig or, for those, #DaemonSkillConfig and #DaemonMusicConfig
 * @optional: an empty value takes a string back to "not given"
 * @min: smallest number
 * @max: largest number
 * @names: (nullable): what an enum's values are called
 * @read: (nullable): check and conversion of a string
 * @allowed: for messages and documentation
 *
 * Everything that is to be known of a key.
 */
typedef struct
{
  const char *group;
  const char *key;
  DaemonConfigType type;
  gsize offset;
  gboolean optional;
  gint64 min;
  gint64 max;
  const char *const *names;
  DaemonConfigRead read;
  const char *allowed;
} DaemonConfigKey;

/* All keys, in the order of the documentation. */
const DaemonConfigKey *daemon_config_key_table (gsize *n_keys);

/* (nullable): the key of that name. */
const DaemonConfigKey *daemon_config_key_find (const char *group, const char *key);

/* (transfer full): the names of the keys of @group, "id, locale, …"; NULL if there is no such
 * group. */
char *daemon_config_key_list (const char *group);

/**
 * daemon_config_key_set:
 * @target: #DaemonConfig, #DaemonSkillConfig or #DaemonMusicConfig
 * @wrong: (out) (transfer full): what is wrong with @text, one line without the allowed values
 *
 * Returns: %FALSE if @text is not allowed; @target is then as before
 */
gboolean daemon_config_key_set (const DaemonConfigKey *self,
                                gpointer target,
                                const char *text,
                                char **wrong);

/* (transfer full) (nullable): the value as text; NULL for a string that was not given. */
char *daemon_config_key_get (const DaemonConfigKey *self, gconstpointer target);

/* (transfer full): what is wrong with @name in "[skill NAME]" or, with @table_group "music", in
 * "[music NAME]"; NULL if nothing is. */
char *daemon_config_check_name (const char *table_group, const char *name);

G_END_DECLS
