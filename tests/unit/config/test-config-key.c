/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* The table of keys: what each takes and refuses. */
#include "daemon/daemon-config-key.h"
#include "daemon/daemon-config.h"

#include <string.h>

typedef struct
{
  const char *group;
  const char *key;
  const char *text;
  const char *stored; /* NULL: refused */
} Row;

/* Taken: not given any more. */
#define NULL_VALUE "(null)"

static const Row rows[] = {
  { "device", "id", "amzn1.ask.device.ABC", "amzn1.ask.device.ABC" },
  { "device", "id", "two words", NULL },
  { "device", "id", "sér", NULL },
  { "device", "locale", "pt-BR", "pt-BR" },
  { "device", "locale", "pt-PT", NULL },
  { "device", "locale", "de_DE", NULL },
  { "device", "locale", "", NULL },
  { "device", "api-endpoint", "https://api.eu.amazonalexa.com", "https://api.eu.amazonalexa.com" },
  { "device", "api-endpoint", "http://api.eu.amazonalexa.com", NULL },
  { "device", "api-endpoint", "", NULL_VALUE },
  { "device", "persistent-endpoint-id", "amzn1.alexa.endpoint.1", "amzn1.alexa.endpoint.1" },
  { "device", "persistent-endpoint-id", "a b", NULL },
  { "device", "person-id", "amzn1.ask.person.A", "amzn1.ask.person.A" },
  { "device", "person-id", "a b", NULL },
  { "device", "person-access-token-file", "credential:p", "/run/credentials/segued.service/p" },
  { "device", "person-access-token-file", "p", NULL },
  { "device", "unit-id", "amzn1.ask.unit.A", "amzn1.ask.unit.A" },
  { "device", "unit-id", "a b", NULL },
  { "device", "persistent-unit-id", "amzn1.alexa.unit.A", "amzn1.alexa.unit.A" },
  { "device", "persistent-unit-id", "a b", NULL },
  { "device", "advertising-id", "00000000-0000-0000-0000-000000000000",
    "00000000-0000-0000-0000-000000000000" },
  { "device", "advertising-id", "00000000", NULL },
  { "device", "limit-ad-tracking", "true", "true" },
  { "device", "limit-ad-tracking", "yes", NULL },
  { "voice", "interruption", "duck", "duck" },
  { "voice", "interruption", "stop", NULL },
  { "voice", "duck-db", "3", "3" },
  { "voice", "duck-db", "2", NULL },
  { "voice", "duck-db", "60", "60" },
  { "voice", "duck-db", "61", NULL },
  { "speech", "command", "say '%l x' -", "say '%l x' -" },
  { "speech", "command", "say 'x", NULL },
  { "speech", "command", "", NULL_VALUE },
  { "speech", "timeout-ms", "100", "100" },
  { "speech", "timeout-ms", "99", NULL },
  { "speech", "timeout-ms", "60001", NULL },
  { "directive-service", "enabled", "false", "false" },
  { "directive-service", "enabled", "", NULL },
  { "directive-service", "port", "65535", "65535" },
  { "directive-service", "port", "65536", NULL },
  { "signing", "key-file", "credential:key", "/run/credentials/segued.service/key" },
  { "signing", "key-file", "key.pem", NULL },
  { "signing", "chain-file", "/etc/chain.pem", "/etc/chain.pem" },
  { "signing", "chain-file", "chain.pem", NULL },
  { "signing", "chain-url", "https://s3.amazonaws.com/echo.api/a.pem",
    "https://s3.amazonaws.com/echo.api/a.pem" },
  { "signing", "chain-url", "HTTPS://S3.AMAZONAWS.COM:443/echo.api/a.pem",
    "HTTPS://S3.AMAZONAWS.COM:443/echo.api/a.pem" },
  { "signing", "chain-url", "http://s3.amazonaws.com/echo.api/a.pem", NULL },
  { "signing", "chain-url", "https://s3.amazonaws.com:563/echo.api/a.pem", NULL },
  { "signing", "chain-url", "https://s3.amazonaws.com/EcHo.aPi/a.pem", NULL },
  { "signing", "chain-url", "https://s3.amazonaws.com/echo.api/../a.pem", NULL },
  { "signing", "chain-url", "https://notamazon.com/echo.api/a.pem", NULL },
  { "signing", "sha1", "false", "false" },
  { "signing", "sha1", "1", NULL },
  { "audio", "sink", "fakesink sync=true", "fakesink sync=true" },
  { "audio", "buffer-ms", "20", "20" },
  { "audio", "buffer-ms", "2000", "2000" },
  { "audio", "buffer-ms", "2001", NULL },
  { "audio", "buffer-ms", "-20", NULL },
  { "audio", "buffer-ms", "60ms", NULL },
  { "audio", "idle-seconds", "0", "0" },
  { "audio", "idle-seconds", "86400", "86400" },
  { "audio", "idle-seconds", "86401", NULL },
  { "audio", "output", "snapcast", "snapcast" },
  { "audio", "output", "pulse", NULL },
  { "audio", "snapcast-address", "rooms.example:4953", "rooms.example:4953" },
  { "audio", "snapcast-address", "[::1]:4953", "[::1]:4953" },
  { "audio", "snapcast-address", "rooms.example", NULL },
  { "audio", "snapcast-address", "", NULL },
  { "audio", "snapcast-buffer-ms", "10000", "10000" },
  { "audio", "snapcast-buffer-ms", "10001", NULL },
  { "audio", "replay-gain", "album", "album" },
  { "audio", "replay-gain", "on", NULL },
  { "audio", "replay-gain-preamp-db", "-24", "-24" },
  { "audio", "replay-gain-preamp-db", "-25", NULL },
  { "audio", "replay-gain-preamp-db", "1.5", NULL },
  { "audio", "replay-gain-fallback-db", "24", "24" },
  { "audio", "replay-gain-fallback-db", "25", NULL },
  { "audio", "ca-file", "/etc/ssl/media.pem", "/etc/ssl/media.pem" },
  { "audio", "ca-file", "media.pem", NULL },
  { "audio", "buffer-ms", "99999999999999999999", NULL },
  { "player", "nearly-finished", "early", "early" },
  { "player", "nearly-finished", "Early", NULL },
  { "player", "pause-button", "local", "local" },
  { "player", "pause-button", "remote", NULL },
  { "player", "resume", "if-playing", "if-playing" },
  { "player", "resume", "always", "always" },
  { "player", "resume", "never", "never" },
  { "player", "resume", "yes", NULL },
  { "player", "audio-context-in-events", "false", "false" },
  { "player", "audio-context-in-events", "0", NULL },
  { "skill", "application-id", "amzn1.ask.skill.x", "amzn1.ask.skill.x" },
  { "skill", "application-id", "amzn1.ask.skill.", NULL },
  { "skill", "application-id", "amzn1.ask.skill.a b", NULL },
  { "skill", "application-id", "my-skill", NULL },
  { "skill", "endpoint", "http://localhost:3000/", "http://localhost:3000/" },
  { "skill", "endpoint", "localhost:3000", NULL },
  { "skill", "ca-file", "/etc/ca.pem", "/etc/ca.pem" },
  { "skill", "ca-file", "ca.pem", NULL },
  { "skill", "ca-file", "credential:ca", "/run/credentials/segued.service/ca" },
  { "skill", "ca-file", "credential:", NULL },
  { "skill", "ca-file", "credential:../ca", NULL },
  { "skill", "ca-file", "credential:a/b", NULL },
  { "skill", "access-token-file", "credential:token", "/run/credentials/segued.service/token" },
  { "skill", "conformance", "strict", "strict" },
  { "skill", "conformance", "", NULL },
  { "skill", "sign", "false", "false" },
  { "skill", "sign", "off", NULL },
  { "music", "endpoint", "https://music.example/a", "https://music.example/a" },
  { "music", "endpoint", "http://127.0.0.1:8080/", "http://127.0.0.1:8080/" },
  { "music", "endpoint", "http://music.example/", NULL },
  { "music", "endpoint", "", NULL },
  { "music", "ca-file", "/etc/ca.pem", "/etc/ca.pem" },
  { "music", "ca-file", "ca.pem", NULL },
  { "music", "user-id", "amzn1.ask.account.A", "amzn1.ask.account.A" },
  { "music", "user-id", "two words", NULL },
  { "music", "user-id", "", NULL_VALUE },
  { "music", "access-token-file", "credential:token", "/run/credentials/segued.service/token" },
  { "music", "locale", "de-DE", "de-DE" },
  { "music", "locale", "de", NULL },
  { "music", "locale", "", NULL_VALUE },
  { "music", "country", "DE", "DE" },
  { "music", "country", "de", NULL },
  { "music", "country", "DEU", NULL },
  { "skill", "http-media", "true", "true" },
  { "skill", "http-media", "1", NULL },
  { "skill", "private-media", "true", "true" },
  { "skill", "private-media", "yes", NULL },
  { "music", "private-media", "true", "true" },
  { "music", "private-media", "yes", NULL },
  { "music", "http-media", "true", "true" },
  { "music", "http-media", "1", NULL },
  { "music", "forget-hours", "1", "1" },
  { "music", "forget-hours", "8760", "8760" },
  { "music", "forget-hours", "0", NULL },
  { "music", "forget-hours", "8761", NULL },
};

static gpointer
find_target (const char *group,
             DaemonConfig *config,
             DaemonSkillConfig *skill,
             DaemonMusicConfig *music)
{
  if (g_str_equal (group, "skill"))
    return skill;
  return g_str_equal (group, "music") ? (gpointer)music : (gpointer)config;
}

static void
test_rows (void)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const DaemonConfigKey *key = daemon_config_key_find (rows[i].group, rows[i].key);
      g_autoptr (DaemonConfig) config = daemon_config_new_default ();
      g_autoptr (DaemonSkillConfig) skill = daemon_skill_config_new ("a", "https://a/");
      g_autoptr (DaemonMusicConfig) music = daemon_music_config_new ("a", "https://a/");
      g_autofree char *wrong = NULL;
      g_assert_nonnull (key);
      gpointer target = find_target (rows[i].group, config, skill, music);
      g_autofree char *before = daemon_config_key_get (key, target);

      g_test_message ("[%s] %s = %s", rows[i].group, rows[i].key, rows[i].text);
      gboolean taken = daemon_config_key_set (key, target, rows[i].text, &wrong);
      g_autofree char *after = daemon_config_key_get (key, target);
      g_assert_cmpint (taken, ==, rows[i].stored != NULL);
      const char *stored = g_strcmp0 (rows[i].stored, NULL_VALUE) == 0 ? NULL : rows[i].stored;
      g_assert_cmpstr (after, ==, taken ? stored : before);
      g_assert_cmpint (wrong == NULL, ==, taken);
    }
}

static void
test_all_locales (void)
{
  const DaemonConfigKey *key = daemon_config_key_find ("device", "locale");
  g_auto (GStrv) locales = g_strsplit (key->allowed, ", ", -1);
  g_autoptr (DaemonConfig) config = daemon_config_new_default ();

  g_assert_cmpuint (g_strv_length (locales), ==, 17);
  for (guint i = 0; locales[i] != NULL; i++)
    {
      g_autofree char *wrong = NULL;
      g_assert_true (daemon_config_key_set (key, config, locales[i], &wrong));
      g_assert_cmpstr (config->locale, ==, locales[i]);
    }
}

static void
test_optional_can_be_emptied (void)
{
  const DaemonConfigKey *key = daemon_config_key_find ("skill", "ca-file");
  g_autoptr (DaemonSkillConfig) skill = daemon_skill_config_new ("a", "https://a/");
  g_autofree char *wrong = NULL;

  g_assert_true (daemon_config_key_set (key, skill, "/x", &wrong));
  g_assert_true (daemon_config_key_set (key, skill, "", &wrong));
  g_assert_null (skill->ca_file);
}

/* The names in the table stand in the order of the enums. */
static void
test_enums_match (void)
{
  g_autoptr (DaemonConfig) config = daemon_config_new_default ();
  g_autoptr (DaemonSkillConfig) skill = daemon_skill_config_new ("a", "https://a/");
  g_autofree char *wrong = NULL;

  g_assert_true (daemon_config_key_set (daemon_config_key_find ("player", "nearly-finished"),
                                        config, "late", &wrong));
  g_assert_cmpint (config->nearly_finished, ==, PLAYER_NEARLY_FINISHED_LATE);
  g_assert_true (daemon_config_key_set (daemon_config_key_find ("player", "pause-button"), config,
                                        "local", &wrong));
  g_assert_cmpint (config->pause_button, ==, DAEMON_PAUSE_BUTTON_LOCAL);
  g_assert_true (daemon_config_key_set (daemon_config_key_find ("skill", "conformance"), skill,
                                        "strict", &wrong));
  g_assert_cmpint (skill->conformance, ==, DAEMON_CONFORMANCE_STRICT);
}

static void
test_table_is_whole (void)
{
  gsize n_keys = 0;
  const DaemonConfigKey *keys = daemon_config_key_table (&n_keys);

  g_assert_cmpuint (n_keys, ==, 51);
  for (gsize i = 0; i < n_keys; i++)
    {
      g_assert_true (daemon_config_key_find (keys[i].group, keys[i].key) == &keys[i]);
      g_assert_nonnull (keys[i].allowed);
      g_assert_true (keys[i].type != DAEMON_CONFIG_TYPE_STRING || keys[i].read != NULL);
    }
  g_assert_null (daemon_config_key_find ("device", "nothing"));
  g_assert_null (daemon_config_key_list ("nothing"));
}

int
main (int argc, char **argv)
{
  g_setenv ("CREDENTIALS_DIRECTORY", "/run/credentials/segued.service", TRUE);
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/config-key/rows", test_rows);
  g_test_add_func ("/config-key/all-locales", test_all_locales);
  g_test_add_func ("/config-key/optional-can-be-emptied", test_optional_can_be_emptied);
  g_test_add_func ("/config-key/enums-match", test_enums_match);
  g_test_add_func ("/config-key/table-is-whole", test_table_is_whole);
  return g_test_run ();
}
