/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-buttons.h"

#include "dbus/bus-errors.h"

static PlayerVerdict
submit (DaemonContext *context, PlayerCommandType type)
{
  g_autoptr (PlayerCommand) command = player_command_new_simple (type);
  return daemon_router_submit (context->router, command);
}

static gboolean
set_nothing_to_play (GError **error)
{
  g_set_error (error, BUS_ERROR, BUS_ERROR_NOTHING_TO_PLAY,
               "there is no stream, no queue and no skill to ask");
  return FALSE;
}

/* Of a button for which there is nobody but the player. */
static gboolean
press_locally (DaemonContext *context, PlayerCommandType type, GError **error)
{
  PlayerVerdict verdict = submit (context, type);
  return verdict == PLAYER_VERDICT_DONE || set_nothing_to_play (error);
}

static gboolean
ask (DaemonConversation *skill, AlexaRequestType type, GError **error)
{
  g_autoptr (AlexaRequest) request = alexa_request_new (type);
  return daemon_conversation_ask (skill, request, NULL, NULL, error);
}

static gboolean
is_local (DaemonContext *context)
{
  return context->config->pause_button == DAEMON_PAUSE_BUTTON_LOCAL;
}

static gboolean
press_play (DaemonContext *context,
            DaemonConversation *owner,
            const PlayerSnapshot *now,
            GError **error)
{
  if (now->activity == PLAYER_ACTIVITY_PAUSED || is_local (context))
    if (submit (context, PLAYER_COMMAND_RESUME) == PLAYER_VERDICT_DONE)
      return TRUE;
  if (player_activity_is_active (now->activity) && owner == NULL)
    return TRUE; /* it plays */
  if (owner != NULL)
    return ask (owner, ALEXA_REQUEST_PLAY_COMMAND, error);
  return press_locally (context, PLAYER_COMMAND_RESUME, error);
}

/* The skill could not be asked to pause, or gave no usable answer: it is quiet all the same. */
static void
on_pause_answered (DaemonErrand *errand, const GError *error, gpointer user_data)
{
  DaemonContext *context = user_data;
  if (error != NULL)
    submit (context, PLAYER_COMMAND_PAUSE);
  daemon_context_unref (context);
}

static gboolean
press_pause (DaemonContext *context,
             DaemonConversation *owner,
             const PlayerSnapshot *now,
             GError **error)
{
  g_autoptr (AlexaRequest) request = alexa_request_new (ALEXA_REQUEST_PAUSE_COMMAND);
  if (!player_activity_is_active (now->activity))
    {
      g_set_error (error, BUS_ERROR, BUS_ERROR_NOT_PLAYING, "nothing plays");
      return FALSE;
    }
  if (now->activity == PLAYER_ACTIVITY_PAUSED)
    {
      submit (context, PLAYER_COMMAND_PAUSE); /* paused for somebody who speaks: it stays paused */
      return TRUE;
    }
  if (owner != NULL && !is_local (context))
    {
      if (daemon_conversation_ask (owner, request, on_pause_answered, daemon_context_ref (context),
                                   NULL))
        return TRUE;
      daemon_context_unref (context); /* it cannot be asked */
    }
  submit (context, PLAYER_COMMAND_PAUSE);
  return TRUE;
}

static gboolean
press_previous (DaemonContext *context,
                DaemonConversation *owner,
                const PlayerSnapshot *now,
                GError **error)
{
  if (owner != NULL)
    return ask (owner, ALEXA_REQUEST_PREVIOUS_COMMAND, error);
  if (now->item == NULL)
    return set_nothing_to_play (error);
  g_autoptr (PlayerCommand) rewind = player_command_new_seek (0);
  if (daemon_router_submit (context->router, rewind) == PLAYER_VERDICT_DONE)
    return TRUE;
  /* It has ended, or cannot be sought: from the start again. */
  g_autoptr (PlayerItem) item = player_item_new (now->item->url, now->item->token, 0,
                                                 now->item->origin, now->item->metadata);
  g_autoptr (PlayerCommand) again = player_command_new_play (item, PLAYER_PLAY_REPLACE_ALL, NULL);
  daemon_router_submit (context->router, again);
  return TRUE;
}

gboolean
daemon_buttons_press (DaemonContext *context,
                      DaemonSkills *skills,
                      BusButton button,
                      GError **error)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (context->controller);
  DaemonConversation *owner = daemon_skills_find_owner (skills);
  gboolean sounds = now->activity == PLAYER_ACTIVITY_PLAYING
                    || now->activity == PLAYER_ACTIVITY_BUFFER_UNDERRUN;
  switch (button)
    {
    case BUS_BUTTON_PLAY:
      return press_play (context, owner, now, error);
    case BUS_BUTTON_PAUSE:
      return press_pause (context, owner, now, error);
    case BUS_BUTTON_PLAY_PAUSE:
      return sounds ? press_pause (context, owner, now, error)
                    : press_play (context, owner, now, error);
    case BUS_BUTTON_STOP:
      daemon_voice_hush (context->voice);
      submit (context, PLAYER_COMMAND_STOP);
      return TRUE;
    case BUS_BUTTON_NEXT:
      return owner != NULL ? ask (owner, ALEXA_REQUEST_NEXT_COMMAND, error)
                           : press_locally (context, PLAYER_COMMAND_SKIP, error);
    case BUS_BUTTON_PREVIOUS:
      return press_previous (context, owner, now, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}
