/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-private.h"

#include "daemon-music-criteria.h"
#include "dbus/bus-errors.h"

G_DEFINE_FINAL_TYPE (DaemonMusic, daemon_music, G_TYPE_OBJECT)

/* --- What the parts share ----------------------------------------------------------------------
 */

DaemonMusicCaller *
daemon_music_find_caller (DaemonMusic *self, const char *name)
{
  for (guint i = 0; i < self->callers->len; i++)
    {
      DaemonMusicCaller *caller = g_ptr_array_index (self->callers, i);
      if (g_str_equal (daemon_music_caller_get_config (caller)->name, name))
        return caller;
    }
  return NULL;
}

DaemonMusicCaller *
daemon_music_get_caller (DaemonMusic *self)
{
  return self->session != NULL ? daemon_music_find_caller (self, self->session->service) : NULL;
}

gint64
daemon_music_now_us (DaemonMusic *self)
{
  return daemon_music_moment_now (self->context->clock, 0).monotonic_us;
}

void
daemon_music_note_change (DaemonMusic *self)
{
  DaemonMusicMoment now = daemon_music_moment_now (self->context->clock, 0);
  daemon_music_memory_save (self->memory, self->session, &now);
  g_signal_emit_by_name (self, "changed");
}

void
daemon_music_set_problem (DaemonMusic *self, const char *why)
{
  if (g_strcmp0 (self->problem, why) == 0)
    return;
  if (why != NULL)
    g_message ("music: %s", why);
  g_free (self->problem);
  self->problem = g_strdup (why);
  g_signal_emit_by_name (self, "changed");
}

void
daemon_music_give_up (DaemonMusic *self)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->context->controller);
  daemon_music_drop (self, DAEMON_MUSIC_PURPOSE_NEXT);
  daemon_music_drop (self, DAEMON_MUSIC_PURPOSE_RENEWAL);
  if (daemon_music_owns (self, now)) /* its service is told before it is forgotten */
    daemon_music_submit (self, player_command_new_simple (PLAYER_COMMAND_STOP));
  daemon_music_stop_tick (self);
  daemon_music_end_rest (self);
  g_clear_pointer (&self->session, daemon_music_session_free);
  daemon_music_note_change (self);
}

/* --- Rest --------------------------------------------------------------------------------------
 */

static gboolean
is_forgotten (DaemonMusic *self)
{
  DaemonMusicCaller *caller = daemon_music_get_caller (self);
  return caller == NULL
         || daemon_music_session_is_forgotten (
             self->session, daemon_music_caller_get_config (caller)->forget_hours,
             g_get_real_time ());
}

static void
on_forget (gpointer user_data)
{
  DaemonMusic *self = user_data;
  self->forget = 0;
  g_message ("music: a queue that has rested for too long is given up");
  daemon_music_give_up (self);
}

static void
arm_forget (DaemonMusic *self)
{
  DaemonMusicCaller *caller = daemon_music_get_caller (self);
  if (caller == NULL)
    return;
  gint64 hours = daemon_music_caller_get_config (caller)->forget_hours;
  gint64 rested_us = g_get_real_time () - self->session->rest_since_us;
  gint64 left_us = hours * G_TIME_SPAN_HOUR - CLAMP (rested_us, 0, hours * G_TIME_SPAN_HOUR);
  player_clock_remove_alarm (self->context->clock, self->forget);
  self->forget = player_clock_add_alarm (self->context->clock, left_us / G_TIME_SPAN_MILLISECOND,
                                         on_forget, self);
}

void
daemon_music_begin_rest (DaemonMusic *self)
{
  daemon_music_stop_tick (self);
  if (self->session->rest_since_us == 0)
    self->session->rest_since_us = g_get_real_time ();
  self->session->started_us = 0;
  arm_forget (self);
}

void
daemon_music_end_rest (DaemonMusic *self)
{
  player_clock_remove_alarm (self->context->clock, self->forget);
  player_clock_remove_alarm (self->context->clock, self->starving);
  self->forget = 0;
  self->starving = 0;
  if (self->session != NULL)
    self->session->rest_since_us = 0;
}

gboolean
daemon_music_owns (DaemonMusic *self, const PlayerSnapshot *now)
{
  g_return_val_if_fail (DAEMON_IS_MUSIC (self) && now != NULL, FALSE);
  DaemonMusicCaller *caller = daemon_music_get_caller (self);
  if (caller == NULL)
    return FALSE;
  return now->item == NULL
         || g_str_equal (now->item->origin, daemon_music_caller_get_origin (caller));
}

/* --- Calls -------------------------------------------------------------------------------------
 */

/* (nullable): the service called @name; "": the one whose queue there is, else the only one. */
static DaemonMusicCaller *
resolve (DaemonMusic *self, const char *name, GError **error)
{
  DaemonMusicCaller *caller
      = *name != '\0' ? daemon_music_find_caller (self, name) : daemon_music_get_caller (self);
  if (caller == NULL && *name == '\0' && self->callers->len == 1)
    caller = g_ptr_array_index (self->callers, 0);
  if (self->closing)
    g_set_error (error, BUS_ERROR, BUS_ERROR_SHUTTING_DOWN, "the daemon is shutting down");
  else if (self->callers->len == 0)
    g_set_error (error, BUS_ERROR, BUS_ERROR_NO_MUSIC_SERVICE, "no music service is configured");
  else if (caller == NULL && *name == '\0')
    g_set_error (error, BUS_ERROR, BUS_ERROR_NO_MUSIC_SERVICE,
                 "there are several music services, and no queue of one: which is meant?");
  else if (caller == NULL)
    g_set_error (error, BUS_ERROR, BUS_ERROR_NO_MUSIC_SERVICE,
                 "no music service \"%s\" is configured", name);
  return self->closing ? NULL : caller;
}

/* Whether the session may be asked about. */
static gboolean
check_session (DaemonMusic *self, GError **error)
{
  if (self->closing)
    g_set_error (error, BUS_ERROR, BUS_ERROR_SHUTTING_DOWN, "the daemon is shutting down");
  else if (self->callers->len == 0)
    g_set_error (error, BUS_ERROR, BUS_ERROR_NO_MUSIC_SERVICE, "no music service is configured");
  else if (daemon_music_get_caller (self) == NULL)
    g_set_error (error, BUS_ERROR, BUS_ERROR_NO_MUSIC, "there is no queue of a music service");
  else
    return TRUE;
  return FALSE;
}

void
daemon_music_play (DaemonMusic *self,
                   const char *service,
                   GVariant *criteria,
                   GAsyncReadyCallback callback,
                   gpointer user_data)
{
  g_return_if_fail (DAEMON_IS_MUSIC (self) && service != NULL && criteria != NULL);
  g_autoptr (GVariant) owned = g_variant_ref_sink (criteria);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;
  DaemonMusicCaller *caller = resolve (self, service, &error);
  g_autoptr (AlexaMusicRequest) request
      = caller != NULL ? daemon_music_criteria_read (criteria, &error) : NULL;
  if (request == NULL)
    g_task_return_error (task, error);
  else
    daemon_music_search (self, caller, request, task);
}

void
daemon_music_do (DaemonMusic *self,
                 BusMusicAction action,
                 const char *argument,
                 GAsyncReadyCallback callback,
                 gpointer user_data)
{
  g_return_if_fail (DAEMON_IS_MUSIC (self) && argument != NULL);
  g_autoptr (GTask) task = g_task_new (self, NULL, callback, user_data);
  GError *error = NULL;
  gboolean on = FALSE;
  gboolean rates = action == BUS_MUSIC_FEEDBACK;
  gboolean switches = rates || action == BUS_MUSIC_SHUFFLE || action == BUS_MUSIC_LOOP
                      || action == BUS_MUSIC_REPEAT;
  if (!check_session (self, &error)
      || (switches
          && !daemon_music_criteria_read_switch (argument, rates ? "positive" : "on",
                                                 rates ? "negative" : "off", &on, &error)))
    g_task_return_error (task, error);
  else if (rates)
    daemon_music_rate (self, on, task);
  else if (switches)
    daemon_music_set_mode (self, action, on, task);
  else if (action == BUS_MUSIC_JUMP)
    daemon_music_jump (self, argument, task);
  else if (action == BUS_MUSIC_VIEW)
    daemon_music_view (self, task);
  else
    daemon_music_reinitiate (self, task);
}

GVariant *
daemon_music_finish (DaemonMusic *self, GAsyncResult *result, GError **error)
{
  g_return_val_if_fail (g_task_is_valid (result, self), NULL);
  return g_task_propagate_pointer (G_TASK (result), error);
}

/* --- Buttons -----------------------------------------------------------------------------------
 */

gboolean
daemon_music_stop_waiting (DaemonMusic *self)
{
  g_return_val_if_fail (DAEMON_IS_MUSIC (self), FALSE);
  gboolean waited = self->starving != 0 || daemon_music_is_asking (self, DAEMON_MUSIC_PURPOSE_PLAY);
  daemon_music_drop (self, DAEMON_MUSIC_PURPOSE_PLAY);
  if (self->starving != 0)
    daemon_music_drop (self, DAEMON_MUSIC_PURPOSE_NEXT);
  player_clock_remove_alarm (self->context->clock, self->starving);
  self->starving = 0;
  return waited;
}

static gboolean
press_pause (DaemonMusic *self, GError **error)
{
  gboolean waited = daemon_music_stop_waiting (self);
  if (daemon_music_submit (self, player_command_new_simple (PLAYER_COMMAND_PAUSE))
          != PLAYER_VERDICT_NOT_PLAYING
      || waited)
    return TRUE;
  g_set_error (error, BUS_ERROR, BUS_ERROR_NOT_PLAYING, "nothing plays");
  return FALSE;
}

static gboolean
is_sounding (DaemonMusic *self)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->context->controller);
  return now->activity == PLAYER_ACTIVITY_PLAYING
         || now->activity == PLAYER_ACTIVITY_BUFFER_UNDERRUN;
}

/* A queue that has rested for too long while the machine slept. */
static gboolean
check_age (DaemonMusic *self, GError **error)
{
  if (!check_session (self, error))
    return FALSE;
  if (!is_forgotten (self))
    return TRUE;
  daemon_music_give_up (self);
  g_set_error (error, BUS_ERROR, BUS_ERROR_NOTHING_TO_PLAY,
               "the queue has rested for too long and has been given up");
  return FALSE;
}

gboolean
daemon_music_press (DaemonMusic *self, BusButton button, GError **error)
{
  g_return_val_if_fail (DAEMON_IS_MUSIC (self), FALSE);
  if (!check_age (self, error))
    return FALSE;
  switch (button)
    {
    case BUS_BUTTON_PLAY:
      return daemon_music_resume (self, error);
    case BUS_BUTTON_PAUSE:
      return press_pause (self, error);
    case BUS_BUTTON_PLAY_PAUSE:
      return is_sounding (self) ? press_pause (self, error) : daemon_music_resume (self, error);
    case BUS_BUTTON_STOP:
      daemon_music_stop_waiting (self);
      daemon_voice_hush (self->context->voice);
      daemon_music_submit (self, player_command_new_simple (PLAYER_COMMAND_STOP));
      return TRUE;
    case BUS_BUTTON_NEXT:
      return daemon_music_skip (self, error);
    case BUS_BUTTON_PREVIOUS:
      return daemon_music_go_back (self, error);
    default:
      g_return_val_if_reached (FALSE);
    }
}

gboolean
daemon_music_may_seek (DaemonMusic *self, GError **error)
{
  g_return_val_if_fail (DAEMON_IS_MUSIC (self), FALSE);
  return self->session == NULL
         || daemon_music_session_may (self->session, DAEMON_MUSIC_WISH_SEEK, 0, error);
}

/* --- Life ------------------------------------------------------------------------------------ */

void
daemon_music_restore (DaemonMusic *self)
{
  g_return_if_fail (DAEMON_IS_MUSIC (self) && self->session == NULL);
  DaemonMusicMoment now = daemon_music_moment_now (self->context->clock, 0);
  self->session = daemon_music_memory_load (self->memory, &now);
  if (self->session == NULL)
    return;
  if (is_forgotten (self))
    {
      g_clear_pointer (&self->session, daemon_music_session_free);
      daemon_music_memory_save (self->memory, NULL, &now);
      return;
    }
  daemon_music_begin_rest (self);
  g_signal_emit_by_name (self, "changed");
}

void
daemon_music_shut_down (DaemonMusic *self)
{
  g_return_if_fail (DAEMON_IS_MUSIC (self));
  self->closing = TRUE;
  daemon_music_drop_all (self);
}

static void
on_rewrite (DaemonStore *store, gpointer user_data)
{
  DaemonMusic *self = user_data;
  DaemonMusicMoment now = daemon_music_moment_now (self->context->clock, 0);
  daemon_music_memory_rewrite (self->memory, self->session, &now);
}

static void
on_link_changed (DaemonMusicCaller *caller, gpointer user_data)
{
  DaemonMusic *self = user_data;
  if (daemon_music_caller_get_link (caller) == DAEMON_MUSIC_LINKED
      && daemon_music_get_caller (self) == caller)
    self->next_refused = FALSE;
  g_signal_emit_by_name (self, "changed");
}

static void
daemon_music_finalize (GObject *object)
{
  DaemonMusic *self = DAEMON_MUSIC (object);
  self->closing = TRUE;
  daemon_music_drop_all (self);
  player_clock_remove_alarm (self->context->clock, self->tick);
  player_clock_remove_alarm (self->context->clock, self->starving);
  player_clock_remove_alarm (self->context->clock, self->forget);
  g_ptr_array_unref (self->asks);
  g_ptr_array_unref (self->callers);
  g_clear_pointer (&self->session, daemon_music_session_free);
  g_clear_pointer (&self->memory, daemon_music_memory_free);
  g_clear_pointer (&self->art, g_variant_unref);
  g_clear_pointer (&self->authors, g_variant_unref);
  g_clear_pointer (&self->context, daemon_context_unref);
  g_free (self->problem);
  G_OBJECT_CLASS (daemon_music_parent_class)->finalize (object);
}

static void
daemon_music_class_init (DaemonMusicClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = daemon_music_finalize;
  g_signal_new ("changed", DAEMON_TYPE_MUSIC, G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL, G_TYPE_NONE,
                0);
}

static void
daemon_music_init (DaemonMusic *self)
{
  self->asks = g_ptr_array_new ();
  self->callers = g_ptr_array_new_with_free_func (g_object_unref);
}

static void
on_network_changed (DaemonNetwork *network, gpointer user_data)
{
  DaemonMusic *self = user_data;
  for (guint i = 0; i < self->callers->len; i++)
    daemon_music_caller_hurry (g_ptr_array_index (self->callers, i));
}

/* (transfer full): the caller of that service, as it is configured now. */
static DaemonMusicCaller *
take_or_make_caller (DaemonMusic *self, GPtrArray *known, const DaemonMusicConfig *config)
{
  for (guint i = 0; i < known->len; i++)
    {
      DaemonMusicCaller *caller = g_ptr_array_index (known, i);
      if (!g_str_equal (daemon_music_caller_get_config (caller)->name, config->name))
        continue;
      daemon_music_caller_configure (caller, config);
      return g_ptr_array_steal_index (known, i);
    }
  DaemonMusicCaller *made = daemon_music_caller_new (self->context, config);
  g_signal_connect_object (made, "link-changed", G_CALLBACK (on_link_changed), self,
                           G_CONNECT_DEFAULT);
  return made;
}

static gboolean
is_configured (DaemonMusic *self, DaemonMusicCaller *caller)
{
  const GPtrArray *configs = self->context->config->music;
  for (guint i = 0; i < configs->len; i++)
    if (g_str_equal (((const DaemonMusicConfig *)g_ptr_array_index (configs, i))->name,
                     daemon_music_caller_get_config (caller)->name))
      return TRUE;
  return FALSE;
}

/* Those that are configured take the place of those that were. */
static void
take_services (DaemonMusic *self)
{
  const GPtrArray *configs = self->context->config->music;
  g_autoptr (GPtrArray) known = g_steal_pointer (&self->callers);
  self->callers = g_ptr_array_new_with_free_func (g_object_unref);
  for (guint i = 0; i < configs->len; i++)
    g_ptr_array_add (self->callers,
                     take_or_make_caller (self, known, g_ptr_array_index (configs, i)));
}

void
daemon_music_reconfigure (DaemonMusic *self)
{
  g_return_if_fail (DAEMON_IS_MUSIC (self));
  for (guint i = self->callers->len; i > 0; i--)
    if (!is_configured (self, g_ptr_array_index (self->callers, i - 1)))
      {
        daemon_music_drop_all (self);
        break;
      }
  take_services (self);
  if (self->session != NULL && daemon_music_get_caller (self) == NULL)
    {
      g_message ("music: the service of the queue is not configured any more");
      daemon_music_stop_tick (self);
      daemon_music_end_rest (self);
      g_clear_pointer (&self->session, daemon_music_session_free);
    }
  daemon_music_note_change (self);
}

DaemonMusic *
daemon_music_new (DaemonContext *context)
{
  g_return_val_if_fail (context != NULL, NULL);
  DaemonMusic *self = g_object_new (DAEMON_TYPE_MUSIC, NULL);
  self->context = daemon_context_ref (context);
  self->memory = daemon_music_memory_new (context->store);
  g_signal_connect_object (context->store, "rewrite", G_CALLBACK (on_rewrite), self,
                           G_CONNECT_DEFAULT);
  take_services (self);
  if (context->network != NULL)
    g_signal_connect_object (context->network, "changed", G_CALLBACK (on_network_changed), self,
                             G_CONNECT_DEFAULT);
  daemon_music_follow (self);
  return self;
}
