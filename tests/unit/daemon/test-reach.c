/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Who may have what opened. */
#include "daemon/daemon-context.h"
#include "daemon/daemon-reach.h"

#define HTTP PLAYER_REACH_HTTP
#define HOME PLAYER_REACH_PRIVATE

static DaemonConfig *
make_config (void)
{
  static const struct
  {
    const char *name;
    const char *endpoint;
    gboolean http;
    gboolean private;
  } skills[] = {
    { "public", "https://skill.example/", FALSE, FALSE },
    { "old", "https://skill.example/", TRUE, FALSE },
    { "trusted", "https://skill.example/", FALSE, TRUE },
    { "nas", "https://nas.local/", FALSE, FALSE },
    { "address", "https://192.168.1.9/", FALSE, FALSE },
    { "six", "https://[fd00::9]/", FALSE, FALSE },
    { "here", "http://127.0.0.1:3000/", FALSE, FALSE },
  };
  DaemonConfig *config = daemon_config_new_default ();
  for (gsize i = 0; i < G_N_ELEMENTS (skills); i++)
    {
      DaemonSkillConfig *skill = daemon_skill_config_new (skills[i].name, skills[i].endpoint);
      skill->http_media = skills[i].http;
      skill->private_media = skills[i].private;
      g_ptr_array_add (config->skills, skill);
    }
  g_ptr_array_add (config->music, daemon_music_config_new ("library", "https://music.example/"));
  g_ptr_array_add (config->music, daemon_music_config_new ("own", "http://localhost:80/"));
  return config;
}

static void
test_origins (void)
{
  static const struct
  {
    const char *origin;
    PlayerReach reach;
  } rows[] = {
    { "", PLAYER_REACH_ALL },
    { "public", PLAYER_REACH_PUBLIC },
    { "old", HTTP },
    { "trusted", HOME },
    { "nas", HOME },
    { "address", HOME },
    { "six", HOME },
    { "here", HTTP | HOME },
    { "http://127.0.0.1:4000/", HTTP | HOME },
    { "https://10.0.0.1/", HOME },
    { "https://other.example/", PLAYER_REACH_PUBLIC },
    { "http://other.example/", PLAYER_REACH_PUBLIC },
    { "not configured any more", PLAYER_REACH_PUBLIC },
    { "music:library", PLAYER_REACH_PUBLIC },
    { "music:own", HOME },
    { "music:gone", PLAYER_REACH_PUBLIC },
    { "music:", PLAYER_REACH_PUBLIC },
  };
  g_autoptr (DaemonConfig) config = make_config ();
  DaemonContext context = { .config = config };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_test_message ("%s", rows[i].origin);
      g_assert_cmpuint (daemon_reach_of_origin (rows[i].origin, &context), ==, rows[i].reach);
    }
}

/* What a reload has brought counts from then on. */
static void
test_reload (void)
{
  g_autoptr (DaemonConfig) config = make_config ();
  DaemonContext context = { .config = config };
  DaemonSkillConfig *first = g_ptr_array_index (config->skills, 0);
  g_assert_cmpuint (daemon_reach_of_origin ("public", &context), ==, PLAYER_REACH_PUBLIC);
  first->http_media = TRUE;
  g_assert_cmpuint (daemon_reach_of_origin ("public", &context), ==, HTTP);
}

int
main (int argc, char *argv[])
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/daemon/reach/origins", test_origins);
  g_test_add_func ("/daemon/reach/reload", test_reload);
  return g_test_run ();
}
