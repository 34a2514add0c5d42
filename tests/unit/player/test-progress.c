/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player/player-progress.h"

typedef struct
{
  PlayerNearlyFinished policy;
  gboolean buffered;
  gint64 duration_ms;
  gint64 position_ms;
  gboolean now;
  gint64 wait_ms; /* where not now */
} Case;

static void
test_table (void)
{
  static const Case cases[] = {
    { PLAYER_NEARLY_FINISHED_BUFFERED, TRUE, -1, 0, TRUE, -1 },
    { PLAYER_NEARLY_FINISHED_BUFFERED, FALSE, -1, 0, FALSE, -1 },
    { PLAYER_NEARLY_FINISHED_BUFFERED, FALSE, 30000, 0, FALSE, 28000 },
    { PLAYER_NEARLY_FINISHED_BUFFERED, FALSE, 30000, 27999, FALSE, 1 },
    { PLAYER_NEARLY_FINISHED_BUFFERED, FALSE, 30000, 28000, TRUE, -1 },
    { PLAYER_NEARLY_FINISHED_BUFFERED, FALSE, 1000, 0, TRUE, -1 },
    { PLAYER_NEARLY_FINISHED_BUFFERED, FALSE, 30000, 40000, TRUE, -1 },
    { PLAYER_NEARLY_FINISHED_EARLY, FALSE, -1, 99999, FALSE, -1 },
    { PLAYER_NEARLY_FINISHED_EARLY, TRUE, -1, 0, TRUE, -1 },
    { PLAYER_NEARLY_FINISHED_EARLY, FALSE, 30000, 0, TRUE, -1 },
    { PLAYER_NEARLY_FINISHED_LATE, TRUE, 30000, 0, FALSE, 25000 },
    { PLAYER_NEARLY_FINISHED_LATE, TRUE, 30000, 25000, TRUE, -1 },
    { PLAYER_NEARLY_FINISHED_LATE, FALSE, -1, 0, FALSE, -1 },
    { PLAYER_NEARLY_FINISHED_LATE, TRUE, -1, 0, TRUE, -1 },
  };

  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      gint64 wait_ms = 12345;
      g_test_message ("case %u", i);
      gboolean now = player_progress_is_nearly_finished (
          cases[i].policy, cases[i].buffered, cases[i].duration_ms, cases[i].position_ms, &wait_ms);
      g_assert_cmpint (now, ==, cases[i].now);
      if (!now)
        g_assert_cmpint (wait_ms, ==, cases[i].wait_ms);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/progress/table", test_table);
  return g_test_run ();
}
