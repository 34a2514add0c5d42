/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Random commands and events, in sequences nobody would think of; what must never happen is checked
 * after each. The seeds are fixed: a failure can be had again. */
#include "player/player-controller.h"
#include "tests/dummies/player-dummy-clock.h"
#include "tests/dummies/player-dummy-engine.h"

#define N_SEEDS 40
#define N_STEPS 5000

/* What was told about one play of one item. */
typedef struct
{
  gboolean open; /* started, and neither stopped nor over */
  gboolean started;
  gboolean nearly;
  gboolean over; /* finished or failed */
  gint64 last_offset_ms;
} Story;

typedef struct
{
  PlayerDummyEngine *engine;    /* (owned) */
  PlayerDummyClock *clock;      /* (owned) */
  PlayerController *controller; /* (owned) */
  GRand *rand;                  /* (owned) */
  GHashTable *stories;          /* (owned) (element-type guint Story) by serial */
  guint64 open_serial;          /* the one that is open, 0 = none */
  guint64 last_started;         /* serial of the last first start */
  guint n_reports;
  guint n_by_type[PLAYER_REPORT_FAILED + 1];
  gint64 position_ms;
  gboolean voice;   /* somebody speaks */
  gboolean ducked;  /* in the model in which audio goes on */
  gboolean waiting; /* what was to start waits for the end of it: nothing may sound */
  gboolean paused;  /* by a button, and nothing decided since */
  guint n_resumes;  /* calls of the engine */
  guint n_renewals;
  guint n_refused; /* URLs, as told to suppliers */
} World;

static Story *
get_story (World *world, guint64 serial)
{
  gpointer key = GUINT_TO_POINTER ((guint)serial);
  Story *story = g_hash_table_lookup (world->stories, key);
  if (story == NULL)
    {
      story = g_new0 (Story, 1);
      g_hash_table_insert (world->stories, key, story);
    }
  return story;
}

static void
check_started (World *world, Story *story, guint64 serial)
{
  g_assert_false (story->open);
  g_assert_cmpuint (world->open_serial, ==, 0); /* the old one was ended before */
  if (!story->started)
    {
      g_assert_cmpuint (serial, >, world->last_started); /* in the order of the commands */
      world->last_started = serial;
    }
  story->started = story->open = TRUE;
  world->open_serial = serial;
}

static void
on_report (PlayerController *controller, PlayerReport *report, World *world)
{
  Story *story = get_story (world, report->serial);

  world->n_reports++;
  world->n_by_type[report->type]++;
  g_assert_false (story->over); /* nothing comes after the end */
  switch (report->type)
    {
    case PLAYER_REPORT_STARTED:
      check_started (world, story, report->serial);
      break;
    case PLAYER_REPORT_NEARLY_FINISHED:
      g_assert_true (story->open);
      g_assert_false (story->nearly);
      story->nearly = TRUE;
      break;
    case PLAYER_REPORT_FINISHED:
      g_assert_true (story->open); /* never after a stop */
      g_assert_true (story->nearly);
      story->open = FALSE;
      story->over = TRUE;
      break;
    case PLAYER_REPORT_STOPPED:
      g_assert_true (story->open); /* one for each start */
      story->open = FALSE;
      break;
    case PLAYER_REPORT_FAILED:
      story->open = FALSE;
      story->over = TRUE;
      break;
    }
  if (!story->open && world->open_serial == report->serial)
    world->open_serial = 0;
  g_assert_cmpint (report->offset_ms, >=, 0);
}

static gboolean
sounds (World *world)
{
  return player_dummy_engine_get_sounding (world->engine) != 0;
}

/* What the world is told agrees with what is heard. */
static void
check_agreement (World *world)
{
  g_autoptr (PlayerSnapshot) snapshot = player_controller_get_snapshot (world->controller);
  gboolean sounding = sounds (world);
  gboolean comes = player_dummy_engine_get_current (world->engine) != 0;

  g_assert_false (sounding && world->waiting); /* speech comes first */
  g_assert_true (snapshot->ducked == world->ducked);
  switch (snapshot->activity)
    {
    case PLAYER_ACTIVITY_PLAYING: /* between the halves of a joint the next one is sure to come */
      g_assert_true (sounding || comes);
      g_assert_true (!sounding || world->open_serial == snapshot->serial);
      break;
    case PLAYER_ACTIVITY_BUFFER_UNDERRUN:
      g_assert_true (sounding);
      g_assert_cmpuint (world->open_serial, ==, snapshot->serial);
      break;
    case PLAYER_ACTIVITY_PAUSED:
      g_assert_false (sounding);
      g_assert_true (comes);
      g_assert_cmpuint (world->open_serial, ==, 0);
      break;
    default:
      g_assert_false (sounding);
      g_assert_cmpuint (world->open_serial, ==, 0);
      break;
    }
}

/* Something new has to start: nothing was under way, or all that was is replaced. */
static gboolean
starts_anew (World *world, PlayerPlayBehavior behavior)
{
  return behavior == PLAYER_PLAY_REPLACE_ALL
         || (player_dummy_engine_get_current (world->engine) == 0
             && player_dummy_engine_get_waiting (world->engine) == 0);
}

static void
random_play (World *world)
{
  static const char *const tokens[] = { "A", "B", "C" }; /* few: they repeat */
  const char *token = tokens[g_rand_int_range (world->rand, 0, 3)];
  const char *expected = g_rand_int_range (world->rand, 0, 3) == 0
                             ? tokens[g_rand_int_range (world->rand, 0, 3)]
                             : NULL;
  gint64 offset_ms = g_rand_int_range (world->rand, 0, 2) * 1000;
  g_autofree char *url = g_strdup_printf ("https://media.example/%s", token);
  g_autoptr (PlayerItem) item = player_item_new (url, token, offset_ms, "", NULL);
  PlayerPlayBehavior behavior = g_rand_int_range (world->rand, 0, 3);
  gboolean anew = starts_anew (world, behavior);
  world->paused = world->paused && !anew;
  g_autoptr (PlayerCommand) command = player_command_new_play (item, behavior, expected);
  PlayerVerdict verdict = player_controller_submit (world->controller, command);
  if (verdict == PLAYER_VERDICT_DONE && anew && world->voice)
    world->waiting = TRUE;
}

/* What has to be told of a command of speech: nothing of a duck, but for what was to be replaced. */
static void
random_voice (World *world, PlayerCommandType type)
{
  gboolean begins = type == PLAYER_COMMAND_INTERRUPT || type == PLAYER_COMMAND_DUCK;
  gboolean replacing = player_dummy_engine_get_waiting (world->engine) != 0;
  gboolean sounded = sounds (world);
  guint before = world->n_reports, resumes = world->n_resumes;
  g_autoptr (PlayerCommand) command = player_command_new_simple (type);

  player_controller_submit (world->controller, command);
  if (type == PLAYER_COMMAND_INTERRUPT)
    {
      g_assert_false (sounds (world));
      world->ducked = FALSE;
    }
  else if (type == PLAYER_COMMAND_DUCK)
    {
      world->ducked = world->ducked || !world->voice;
      if (replacing && !world->voice)
        world->waiting = TRUE;
      else
        {
          g_assert_true (sounds (world) == sounded);
          g_assert_cmpuint (world->n_reports, ==, before);
        }
    }
  else
    {
      g_assert_cmpuint (world->n_reports, ==, before);
      g_assert_true (!world->paused || world->n_resumes == resumes);
      world->ducked = world->waiting = FALSE;
    }
  world->voice = begins;
}

/* Says nothing and changes no activity; whoever is not over is found, and only he. */
static void
random_renewal (World *world)
{
  guint64 serial = world->last_started + (guint64)g_rand_int_range (world->rand, 0, 8);
  serial -= MIN (serial, 2);
  g_autoptr (PlayerSnapshot) before = player_controller_get_snapshot (world->controller);
  guint n_reports = world->n_reports;
  g_autofree char *url = g_strdup_printf ("https://media.example/R%u", world->n_renewals);
  g_autoptr (PlayerItem) item = player_item_new (url, "other", 7, "other", NULL);
  g_autoptr (PlayerCommand) command = player_command_new_renew (serial, item);

  PlayerVerdict verdict = player_controller_submit (world->controller, command);
  g_autoptr (PlayerSnapshot) after = player_controller_get_snapshot (world->controller);
  g_assert_cmpuint (world->n_reports, ==, n_reports);
  g_assert_cmpint (after->activity, ==, before->activity);
  g_assert_cmpuint (after->serial, ==, before->serial);
  g_assert_cmpuint (after->queue->len, ==, before->queue->len);
  if (serial != 0 && world->open_serial == serial)
    g_assert_cmpint (verdict, ==, PLAYER_VERDICT_DONE);
  if (verdict == PLAYER_VERDICT_DONE)
    world->n_renewals++;
  if (verdict == PLAYER_VERDICT_DONE && after->serial == serial)
    {
      g_assert_cmpstr (after->item->url, ==, url);
      g_assert_cmpstr (after->item->token, ==, before->item->token);
    }
}

/* A button that lets what waits begin, or ends it. */
static gboolean
ends_waiting (PlayerCommandType type)
{
  return type == PLAYER_COMMAND_RESUME || type == PLAYER_COMMAND_STOP;
}

static void
random_command (World *world)
{
  static const PlayerCommandType simple[] = {
    PLAYER_COMMAND_STOP,   PLAYER_COMMAND_PAUSE, PLAYER_COMMAND_RESUME,
    PLAYER_COMMAND_RESUME, PLAYER_COMMAND_SKIP,
  };
  static const PlayerCommandType voice[] = {
    PLAYER_COMMAND_INTERRUPT, PLAYER_COMMAND_INTERRUPT_END, PLAYER_COMMAND_INTERRUPT_END,
    PLAYER_COMMAND_DUCK,      PLAYER_COMMAND_DUCK_END,      PLAYER_COMMAND_DUCK_END,
  };
  int choice = g_rand_int_range (world->rand, 0, 15);

  if (choice < 5)
    {
      random_play (world);
      return;
    }
  if (choice < 8)
    {
      random_voice (world, voice[g_rand_int_range (world->rand, 0, G_N_ELEMENTS (voice))]);
      return;
    }
  if (choice == 14)
    {
      random_renewal (world);
      return;
    }
  g_autoptr (PlayerCommand) command = NULL;
  if (choice == 8)
    command = player_command_new_clear_queue (g_rand_int_range (world->rand, 0, 2));
  else if (choice == 9)
    command = player_command_new_seek (g_rand_int_range (world->rand, 0, 40000));
  else
    command = player_command_new_simple (
        simple[g_rand_int_range (world->rand, 0, G_N_ELEMENTS (simple))]);
  player_controller_submit (world->controller, command);
  if (ends_waiting (command->type))
    world->waiting = FALSE;
  if (command->type != PLAYER_COMMAND_SEEK)
    world->paused = command->type == PLAYER_COMMAND_PAUSE;
}

/* An event about one of the loads the engine has, as far as its contract allows it now. */
static void
random_event (World *world)
{
  guint64 generations[] = {
    player_dummy_engine_get_current (world->engine),
    player_dummy_engine_get_current (world->engine),
    player_dummy_engine_get_waiting (world->engine),
    player_dummy_engine_get_next (world->engine),
  };
  PlayerEngineEvent event = {
    .type = g_rand_int_range (world->rand, 0, PLAYER_ENGINE_REFUSED + 1),
    .generation = generations[g_rand_int_range (world->rand, 0, G_N_ELEMENTS (generations))],
    .error_message = "cut off",
  };

  if (g_rand_int_range (world->rand, 0, 3) == 0)
    event.type = PLAYER_ENGINE_STARTED;
  if (event.type == PLAYER_ENGINE_FAILED && g_rand_int_range (world->rand, 0, 3) != 0)
    event.type = PLAYER_ENGINE_RESUMED;
  event.offset_ms = world->position_ms;
  event.duration_ms = g_rand_int_range (world->rand, -1, 3) * 10000;
  event.seekable = TRUE;
  player_dummy_engine_emit (world->engine, &event);
}

static gboolean
is_live (World *world, guint64 generation)
{
  return generation == player_dummy_engine_get_current (world->engine)
         || generation == player_dummy_engine_get_waiting (world->engine)
         || generation == player_dummy_engine_get_next (world->engine);
}

/* An event of a load that the engine has no more: told to the controller all the same. */
static void
stale_event (World *world)
{
  PlayerEngineEvent event = {
    .type = g_rand_int_range (world->rand, 0, PLAYER_ENGINE_REFUSED + 1),
    .generation = (guint64)g_rand_int_range (world->rand, 1, N_STEPS),
  };
  if (is_live (world, event.generation))
    return;

  guint before = world->n_reports;
  player_engine_emit (PLAYER_ENGINE (world->engine), &event);
  g_assert_cmpuint (world->n_reports, ==, before);
}

/* A player whose engine has nothing to do takes the next stream: it is never stuck. */
static void
check_not_stuck (World *world)
{
  if (player_dummy_engine_get_current (world->engine) != 0
      || player_dummy_engine_get_waiting (world->engine) != 0)
    return;

  guint before = world->n_reports;
  g_autoptr (PlayerItem) item = player_item_new ("https://media.example/D", "D", 0, "", NULL);
  g_autoptr (PlayerCommand) command = player_command_new_play (item, PLAYER_PLAY_ENQUEUE, NULL);
  g_assert_cmpint (player_controller_submit (world->controller, command), ==, PLAYER_VERDICT_DONE);
  world->waiting = world->voice;
  world->paused = FALSE;
  /* or it says that the one whose turn it was has failed */
  g_assert_true (player_dummy_engine_get_current (world->engine) != 0 || world->n_reports > before);
}

static void
step (World *world)
{
  int choice = g_rand_int_range (world->rand, 0, 20);

  if (choice < 6)
    random_command (world);
  else if (choice < 16)
    random_event (world);
  else if (choice < 18)
    {
      gint64 ms = g_rand_int_range (world->rand, 1, 2000);
      world->position_ms += ms;
      player_dummy_engine_set_position (world->engine, world->position_ms);
      player_dummy_clock_advance (world->clock, ms);
    }
  else if (choice < 19)
    stale_event (world);
  else
    check_not_stuck (world);
  check_agreement (world);
}

static void
on_call (PlayerDummyEngine *engine, const char *line, World *world)
{
  if (g_str_equal (line, "resume"))
    world->n_resumes++;
}

static void
on_url_refused (PlayerController *controller, guint64 serial, const char *message, World *world)
{
  g_assert_cmpuint (serial, !=, 0);
  world->n_refused++;
}

static void
run_world (World *world, guint seed)
{
  world->engine = player_dummy_engine_new ();
  world->clock = player_dummy_clock_new ();
  world->controller = player_controller_new (
      PLAYER_ENGINE (world->engine), PLAYER_CLOCK (world->clock), (PlayerNearlyFinished)(seed % 3));
  world->rand = g_rand_new_with_seed (seed);
  world->stories = g_hash_table_new_full (NULL, NULL, NULL, g_free);
  g_signal_connect (world->engine, "call", G_CALLBACK (on_call), world);
  g_signal_connect (world->controller, "report", G_CALLBACK (on_report), world);
  g_signal_connect (world->controller, "url-refused", G_CALLBACK (on_url_refused), world);

  for (guint i = 0; i < N_STEPS; i++)
    step (world);

  g_assert_finalize_object (world->controller);
  g_assert_cmpuint (player_dummy_clock_get_n_alarms (world->clock), ==, 0);
  g_object_unref (world->engine);
  g_object_unref (world->clock);
  g_rand_free (world->rand);
  g_hash_table_unref (world->stories);
}

static void
test_random (void)
{
  guint n_by_type[PLAYER_REPORT_FAILED + 1] = { 0 };
  guint n_renewals = 0, n_refused = 0;

  for (guint seed = 1; seed <= N_SEEDS; seed++)
    {
      World world = { 0 };
      g_test_message ("seed %u", seed);
      run_world (&world, seed);
      for (guint i = 0; i < G_N_ELEMENTS (n_by_type); i++)
        n_by_type[i] += world.n_by_type[i];
      n_renewals += world.n_renewals;
      n_refused += world.n_refused;
    }
  /* it has been everywhere, or it has shown nothing */
  for (guint i = 0; i < G_N_ELEMENTS (n_by_type); i++)
    {
      g_test_message ("%s: %u", player_report_type_to_string (i), n_by_type[i]);
      g_assert_cmpuint (n_by_type[i], >, 500);
    }
  g_assert_cmpuint (n_renewals, >, 500);
  g_assert_cmpuint (n_refused, >, 500);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/player/random", test_random);
  return g_test_run ();
}
