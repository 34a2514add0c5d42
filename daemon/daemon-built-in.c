/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-built-in.h"

#include "dbus/bus-errors.h"

typedef struct
{
  const char *word;
  const char *intent;
} BuiltIn;

static const BuiltIn built_ins[] = {
  { "stop", "AMAZON.StopIntent" },
  { "pause", "AMAZON.PauseIntent" },
  { "resume", "AMAZON.ResumeIntent" },
  { "next", "AMAZON.NextIntent" },
  { "previous", "AMAZON.PreviousIntent" },
  { "repeat", "AMAZON.RepeatIntent" },
  { "start-over", "AMAZON.StartOverIntent" },
  { "shuffle-on", "AMAZON.ShuffleOnIntent" },
  { "shuffle-off", "AMAZON.ShuffleOffIntent" },
  { "loop-on", "AMAZON.LoopOnIntent" },
  { "loop-off", "AMAZON.LoopOffIntent" },
  { "cancel", "AMAZON.CancelIntent" },
  { "help", "AMAZON.HelpIntent" },
  { "yes", "AMAZON.YesIntent" },
  { "no", "AMAZON.NoIntent" },
};

const char *
daemon_built_in_find (const char *word, gboolean plays_outside_session, GError **error)
{
  g_return_val_if_fail (word != NULL, NULL);
  g_autoptr (GString) allowed = g_string_new (NULL);
  if (plays_outside_session && g_str_equal (word, "stop"))
    return "AMAZON.PauseIntent";
  for (guint i = 0; i < G_N_ELEMENTS (built_ins); i++)
    {
      if (g_str_equal (word, built_ins[i].word))
        return built_ins[i].intent;
      g_string_append_printf (allowed, "%s%s", i > 0 ? ", " : "", built_ins[i].word);
    }
  g_set_error (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT,
               "no built-in intent belongs to \"%s\"; allowed: %s", word, allowed->str);
  return NULL;
}
