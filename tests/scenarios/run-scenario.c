/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Plays a scenario file against the controller and compares what it does line by line.
 * See README.md beside this file. */
#include "player/player-controller.h"
#include "tests/dummies/player-dummy-clock.h"
#include "tests/dummies/player-dummy-engine.h"

#include <stdio.h>
#include <string.h>

#define URL_PREFIX "https://media.example/"

typedef struct
{
  PlayerDummyEngine *engine;    /* (owned) */
  PlayerDummyClock *clock;      /* (owned) */
  PlayerController *controller; /* (owned) */
  PlayerActivity activity;      /* last one written down */
  GString *transcript;          /* (owned): inputs and what followed */
  char *error;                  /* (owned) (nullable): the scenario itself is wrong */
} Run;

G_GNUC_PRINTF (2, 3)
static void
say (Run *run, const char *format, ...)
{
  va_list args;
  va_start (args, format);
  g_string_append (run->transcript, "> ");
  g_string_append_vprintf (run->transcript, format, args);
  g_string_append_c (run->transcript, '\n');
  va_end (args);
}

static void
on_call (PlayerDummyEngine *engine, const char *line, Run *run)
{
  g_auto (GStrv) parts = g_strsplit (line, URL_PREFIX, 2);
  g_autofree char *shorter = g_strjoinv ("", parts);
  say (run, "%s", shorter);
}

static void
on_report (PlayerController *controller, PlayerReport *report, Run *run)
{
  const char *name = player_report_type_to_string (report->type);

  if (report->type != PLAYER_REPORT_FAILED)
    {
      say (run, "%s %s #%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT, name, report->item->token,
           report->serial, report->offset_ms);
      return;
    }
  say (run, "%s %s #%" G_GUINT64_FORMAT " %s \"%s\" while %s %s %" G_GINT64_FORMAT, name,
       report->item->token, report->serial, player_error_type_to_string (report->error_type),
       report->error_message != NULL ? report->error_message : "",
       player_activity_to_string (report->state_activity),
       report->state_token != NULL ? report->state_token : "-", report->state_offset_ms);
}

static void
on_seeked (PlayerController *controller, gint64 offset_us, Run *run)
{
  say (run, "seeked %" G_GINT64_FORMAT, player_us_to_ms (offset_us));
}

static void
on_url_refused (PlayerController *controller, guint64 serial, const char *message, Run *run)
{
  say (run, "refused #%" G_GUINT64_FORMAT " \"%s\"", serial, message);
}

static void
say_activity (Run *run)
{
  g_autoptr (PlayerSnapshot) snapshot = player_controller_get_snapshot (run->controller);

  if (snapshot->activity != run->activity)
    say (run, "activity %s", player_activity_to_string (snapshot->activity));
  run->activity = snapshot->activity;
}

static void
say_snapshot (Run *run)
{
  g_autoptr (PlayerSnapshot) snapshot = player_controller_get_snapshot (run->controller);
  g_autoptr (GString) queue = g_string_new (NULL);

  for (guint i = 0; i < snapshot->queue->len; i++)
    {
      const PlayerItem *item = g_ptr_array_index (snapshot->queue, i);
      g_string_append_printf (queue, " %s", item->token);
    }
  say (run,
       "snapshot %s %s #%" G_GUINT64_FORMAT " %" G_GINT64_FORMAT " of %" G_GINT64_FORMAT
       "%s title %s queue%s",
       player_activity_to_string (snapshot->activity),
       snapshot->item != NULL ? snapshot->item->token : "-", snapshot->serial, snapshot->offset_ms,
       snapshot->duration_ms, snapshot->seekable ? " seekable" : "",
       snapshot->metadata != NULL && snapshot->metadata->title != NULL ? snapshot->metadata->title
                                                                       : "-",
       queue->len > 0 ? queue->str : " empty");
}

static gint64
number (char **words, guint index)
{
  return g_strv_length (words) > index ? g_ascii_strtoll (words[index], NULL, 10) : 0;
}

/* (transfer full): @item, with what a word until=US among @words says of it. */
static PlayerItem *
with_expiry (PlayerItem *item, char **words)
{
  for (guint i = 0; words[i] != NULL; i++)
    if (g_str_has_prefix (words[i], "until="))
      return player_item_new_until (item, g_ascii_strtoll (words[i] + strlen ("until="), NULL, 10));
  return player_item_ref (item);
}

/* The position in a table of names of the enum, whose names @to_string gives. */
#define FIND(to_string, last, name, result)                                                        \
  G_STMT_START                                                                                     \
  {                                                                                                \
    for (int value = 0; value <= (int)(last); value++)                                             \
      if (g_str_equal (to_string (value), (name)))                                                 \
        (result) = value;                                                                          \
  }                                                                                                \
  G_STMT_END

/* (transfer full) (nullable): what plays the URL made of @token; "-": nothing */
static PlayerItem *
make_item (const char *token)
{
  g_autofree char *url = g_strconcat (URL_PREFIX, token, NULL);
  return g_str_equal (token, "-") ? NULL : player_item_new (url, token, 0, "", NULL);
}

/* play BEHAVIOR TOKEN [OFFSET] [prev=TOKEN] [title=TITLE] [url=NAME] [until=US] */
static PlayerCommand *
parse_play (char **words)
{
  int behavior = -1;
  gint64 offset_ms = 0;
  const char *previous = NULL, *title = NULL, *name = NULL;

  if (g_strv_length (words) < 3)
    return NULL;
  FIND (player_play_behavior_to_string, PLAYER_PLAY_REPLACE_ENQUEUED, words[1], behavior);
  if (behavior < 0)
    return NULL;
  name = words[2];
  for (guint i = 3; words[i] != NULL; i++)
    if (g_str_has_prefix (words[i], "prev="))
      previous = words[i] + strlen ("prev=");
    else if (g_str_has_prefix (words[i], "title="))
      title = words[i] + strlen ("title=");
    else if (g_str_has_prefix (words[i], "url="))
      name = words[i] + strlen ("url=");
    else if (g_str_has_prefix (words[i], "until="))
      continue;
    else
      offset_ms = number (words, i);

  g_autofree char *url = g_strconcat (URL_PREFIX, name, NULL);
  g_autoptr (PlayerMetadata) metadata
      = title != NULL ? player_metadata_new (title, NULL, NULL, NULL, NULL) : NULL;
  g_autoptr (PlayerItem) plain = player_item_new (url, words[2], offset_ms, "", metadata);
  g_autoptr (PlayerItem) item = with_expiry (plain, words + 3);
  return player_command_new_play (item, behavior, previous);
}

/* renew SERIAL NAME [until=US] */
static PlayerCommand *
parse_renew (char **words)
{
  if (g_strv_length (words) < 3)
    return NULL;
  g_autofree char *url = g_strconcat (URL_PREFIX, words[2], NULL);
  g_autoptr (PlayerItem) plain = player_item_new (url, "", 0, "", NULL);
  g_autoptr (PlayerItem) item = with_expiry (plain, words + 3);
  return player_command_new_renew ((guint64)number (words, 1), item);
}

/* restore ACTIVITY TOKEN OFFSET [go-on] [over] [held] [starting] [nearly] [seekable] [duration=MS]
 * [queue=TOKEN,TOKEN…] */
static PlayerCommand *
parse_restore (char **words)
{
  g_autoptr (PlayerSnapshot) kept = player_snapshot_new ();
  gboolean go_on = FALSE;
  int activity = -1;

  if (g_strv_length (words) < 4)
    return NULL;
  FIND (player_activity_to_string, PLAYER_ACTIVITY_STOPPED, words[1], activity);
  if (activity < 0)
    return NULL;
  kept->activity = activity;
  kept->item = make_item (words[2]);
  kept->offset_us = number (words, 3) * 1000;
  kept->under_way = kept->item != NULL;
  for (guint i = 4; words[i] != NULL; i++)
    if (g_str_equal (words[i], "go-on"))
      go_on = TRUE;
    else if (g_str_equal (words[i], "over"))
      kept->under_way = FALSE;
    else if (g_str_equal (words[i], "held"))
      kept->held = TRUE;
    else if (g_str_equal (words[i], "starting"))
      kept->starting = TRUE;
    else if (g_str_equal (words[i], "nearly"))
      kept->nearly_told = TRUE;
    else if (g_str_equal (words[i], "seekable"))
      kept->seekable = TRUE;
    else if (g_str_has_prefix (words[i], "duration="))
      kept->duration_ms = g_ascii_strtoll (words[i] + strlen ("duration="), NULL, 10);
    else if (g_str_has_prefix (words[i], "queue="))
      {
        g_auto (GStrv) tokens = g_strsplit (words[i] + strlen ("queue="), ",", -1);
        for (guint n = 0; tokens[n] != NULL; n++)
          g_ptr_array_add (kept->queue, make_item (tokens[n]));
      }
    else
      return NULL;
  return player_command_new_restore (kept, go_on);
}

static PlayerCommand *
parse_command (char **words)
{
  static const struct
  {
    const char *word;
    PlayerCommandType type;
  } simple[] = {
    { "stop", PLAYER_COMMAND_STOP },           { "pause", PLAYER_COMMAND_PAUSE },
    { "resume", PLAYER_COMMAND_RESUME },       { "skip", PLAYER_COMMAND_SKIP },
    { "interrupt", PLAYER_COMMAND_INTERRUPT }, { "interrupt-end", PLAYER_COMMAND_INTERRUPT_END },
    { "duck", PLAYER_COMMAND_DUCK },           { "duck-end", PLAYER_COMMAND_DUCK_END },
  };

  if (g_str_equal (words[0], "play"))
    return parse_play (words);
  if (g_str_equal (words[0], "renew"))
    return parse_renew (words);
  if (g_str_equal (words[0], "restore"))
    return parse_restore (words);
  if (g_str_equal (words[0], "seek"))
    return player_command_new_seek (number (words, 1));
  if (g_str_equal (words[0], "clear") && g_strv_length (words) == 2)
    return player_command_new_clear_queue (
        g_str_equal (words[1], "CLEAR_ALL") ? PLAYER_CLEAR_ALL : PLAYER_CLEAR_ENQUEUED);
  for (guint i = 0; i < G_N_ELEMENTS (simple); i++)
    if (g_str_equal (words[0], simple[i].word))
      return player_command_new_simple (simple[i].type);
  return NULL;
}

/* engine EVENT GENERATION … ; stale EVENT GENERATION … */
static gboolean
run_event (Run *run, char **words)
{
  gboolean stale = g_str_equal (words[0], "stale");
  int type = -1;

  if (g_strv_length (words) < 3)
    return FALSE;
  FIND (player_engine_event_type_to_string, PLAYER_ENGINE_REFUSED, words[1], type);
  if (type < 0)
    return FALSE;

  PlayerEngineEvent event = { .type = type, .generation = (guint64)number (words, 2) };
  g_autofree char *message = NULL;
  g_autoptr (PlayerMetadata) tags = NULL;
  if (event.type == PLAYER_ENGINE_FAILED && g_strv_length (words) > 4)
    {
      int error_type = -1;
      event.offset_ms = number (words, 3);
      FIND (player_error_type_to_string, PLAYER_MEDIA_ERROR_INTERNAL_DEVICE_ERROR, words[4],
            error_type);
      g_return_val_if_fail (error_type >= 0, FALSE);
      event.error_type = error_type;
      event.error_message = message = g_strjoinv (" ", words + 5);
    }
  else if (event.type == PLAYER_ENGINE_DURATION)
    {
      event.duration_ms = number (words, 3);
      event.seekable = g_strv_length (words) > 4 && g_str_equal (words[4], "seekable");
    }
  else if (event.type == PLAYER_ENGINE_REFUSED)
    event.error_message = message = g_strjoinv (" ", words + 3);
  else if (event.type == PLAYER_ENGINE_TAGS)
    event.metadata = tags = player_metadata_new (words[3], "tag artist", NULL, NULL, NULL);
  else
    event.offset_ms = number (words, 3);

  if (!stale)
    return player_dummy_engine_emit (run->engine, &event);
  player_engine_emit (PLAYER_ENGINE (run->engine), &event);
  return TRUE;
}

static gboolean
run_policy (Run *run, const char *name)
{
  if (g_strcmp0 (name, "buffered") == 0)
    player_controller_set_nearly_finished (run->controller, PLAYER_NEARLY_FINISHED_BUFFERED);
  else if (g_strcmp0 (name, "early") == 0)
    player_controller_set_nearly_finished (run->controller, PLAYER_NEARLY_FINISHED_EARLY);
  else if (g_strcmp0 (name, "late") == 0)
    player_controller_set_nearly_finished (run->controller, PLAYER_NEARLY_FINISHED_LATE);
  else
    return FALSE;
  return TRUE;
}

/* One input line. FALSE: it makes no sense, or the engine's contract does not allow it now. */
static gboolean
run_line (Run *run, const char *line)
{
  g_auto (GStrv) words = g_strsplit (line, " ", -1);
  gboolean ok = TRUE;

  g_autoptr (PlayerCommand) command = parse_command (words);
  if (command != NULL)
    {
      PlayerVerdict verdict = player_controller_submit (run->controller, command);
      say_activity (run);
      say (run, "verdict %s", player_verdict_to_string (verdict));
      return TRUE;
    }
  if (g_str_equal (words[0], "engine") || g_str_equal (words[0], "stale"))
    ok = run_event (run, words);
  else if (g_str_equal (words[0], "advance"))
    player_dummy_clock_advance (run->clock, number (words, 1));
  else if (g_str_equal (words[0], "position"))
    player_dummy_engine_set_position (run->engine, number (words, 1));
  else if (g_str_equal (words[0], "policy"))
    ok = run_policy (run, words[1]);
  else if (g_str_equal (words[0], "snapshot"))
    say_snapshot (run);
  else
    ok = FALSE;
  say_activity (run);
  return ok;
}

static void
run_scenario (Run *run, const char *text)
{
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);

  for (guint i = 0; lines[i] != NULL && run->error == NULL; i++)
    {
      if (g_str_has_prefix (lines[i], ">") || (*lines[i] == '\0' && lines[i + 1] == NULL))
        continue;
      g_string_append_printf (run->transcript, "%s\n", lines[i]);
      if (*lines[i] == '\0' || *lines[i] == '#')
        continue;
      if (!run_line (run, lines[i]))
        run->error = g_strdup_printf ("line %u: not possible here: %s", i + 1, lines[i]);
    }
}

/* The lines of @actual, those that differ from @expected marked; stops at the first difference. */
static char *
describe_difference (const char *expected, const char *actual)
{
  g_auto (GStrv) want = g_strsplit (expected, "\n", -1);
  g_auto (GStrv) have = g_strsplit (actual, "\n", -1);
  guint same = 0;
  while (want[same] != NULL && have[same] != NULL && g_str_equal (want[same], have[same]))
    same++;

  GString *text = g_string_new (NULL);
  for (guint i = 0; i < same; i++)
    g_string_append_printf (text, "#    %s\n", have[i]);
  for (guint i = same; want[i] != NULL && i < same + 6; i++)
    g_string_append_printf (text, "#  - %s\n", want[i]);
  for (guint i = same; have[i] != NULL && i < same + 6; i++)
    g_string_append_printf (text, "#  + %s\n", have[i]);
  return g_string_free (text, FALSE);
}

static void
run_init (Run *run)
{
  run->engine = player_dummy_engine_new ();
  run->clock = player_dummy_clock_new ();
  run->controller = player_controller_new (PLAYER_ENGINE (run->engine), PLAYER_CLOCK (run->clock),
                                           PLAYER_NEARLY_FINISHED_BUFFERED);
  player_controller_set_duck (run->controller, 0.25);
  run->activity = PLAYER_ACTIVITY_IDLE;
  run->transcript = g_string_new (NULL);
  g_signal_connect (run->engine, "call", G_CALLBACK (on_call), run);
  g_signal_connect (run->controller, "report", G_CALLBACK (on_report), run);
  g_signal_connect (run->controller, "seeked", G_CALLBACK (on_seeked), run);
  g_signal_connect (run->controller, "url-refused", G_CALLBACK (on_url_refused), run);
}

static void
run_clear (Run *run)
{
  g_clear_object (&run->controller);
  g_clear_object (&run->engine);
  g_clear_object (&run->clock);
  g_string_free (run->transcript, TRUE);
  g_free (run->error);
}

int
main (int argc, char **argv)
{
  gboolean print = argc == 3 && g_str_equal (argv[1], "--print");
  g_autofree char *text = NULL;
  g_autoptr (GError) error = NULL;

  if (argc != 2 && !print)
    {
      g_printerr ("Usage: run-scenario [--print] FILE\n");
      return 64;
    }
  if (!g_file_get_contents (argv[argc - 1], &text, NULL, &error))
    {
      g_printerr ("%s\n", error->message);
      return 66;
    }

  g_autofree char *name = g_path_get_basename (argv[argc - 1]);
  Run run = { 0 };
  run_init (&run);
  run_scenario (&run, text);
  gboolean ok = run.error == NULL && g_str_equal (run.transcript->str, text);
  if (print)
    fputs (run.transcript->str, stdout);
  else
    g_print ("1..1\n%s 1 %s\n", ok ? "ok" : "not ok", name);
  if (run.error != NULL)
    g_printerr ("# %s: %s\n", name, run.error);
  else if (!ok && !print)
    {
      g_autofree char *difference = describe_difference (text, run.transcript->str);
      printf ("# expected (-) and found (+):\n%s", difference);
    }
  run_clear (&run);
  return ok || print ? 0 : 1;
}
