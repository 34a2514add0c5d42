/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-memory.h"

#include "daemon-journal.h"
#include "daemon-memory-player.h"
#include "daemon-memory-sessions.h"

#include <string.h>

/* A position is at most a second old, with the time that it takes to be written. */
#define TICK_MS 900
#define SOON_MS 300
/* What has sounded for so long since it went on does not end the daemon. */
#define PROVEN_MS 5000
/* So often in a row something goes on that has ended the daemon. */
#define MAX_RESUMES 3

struct _DaemonMemory
{
  GObject parent;
  DaemonContext *context;         /* (owned) */
  DaemonSkills *skills;           /* (owned) */
  DaemonMusic *music;             /* (owned) */
  DaemonMemoryPlayer *player;     /* (owned) */
  DaemonMemorySessions *sessions; /* (owned) */
  PlayerSnapshot *last;           /* (owned) (nullable): when the end began */
  guint tick;                     /* alarm: while something sounds */
  guint soon;                     /* alarm: something has changed for which nobody waits */
  guint resumes; /* in a row that have ended the daemon, the present one included */
  gint64 sounded_ms;
  guint64 resumed_serial; /* of what went on; 0: nothing, or a queue of a music service */
  gboolean awake;         /* what happens is written down */
};

G_DEFINE_FINAL_TYPE (DaemonMemory, daemon_memory, G_TYPE_OBJECT)

static DaemonMusicMoment
get_moment (DaemonMemory *self)
{
  return daemon_music_moment_now (self->context->clock, 0);
}

static gboolean
is_music (const PlayerItem *item)
{
  return g_str_has_prefix (item->origin, DAEMON_MUSIC_ORIGIN_PREFIX);
}

static gboolean
sounds (const PlayerSnapshot *now)
{
  return now->under_way
         && (now->activity == PLAYER_ACTIVITY_PLAYING
             || now->activity == PLAYER_ACTIVITY_BUFFER_UNDERRUN);
}

/* --- Writing -----------------------------------------------------------------------------------
 */

/* Whether what sounds, is paused or about to start is of a music service. */
static gboolean
is_music_under_way (const PlayerSnapshot *now)
{
  if (now->starting && now->queue->len > 0)
    return is_music (g_ptr_array_index (now->queue, 0));
  return now->under_way && is_music (now->item);
}

static void
save_player (DaemonMemory *self, PlayerSnapshot *now)
{
  g_autoptr (DaemonMemoryState) state = daemon_memory_state_new (now);
  DaemonMusicMoment moment = get_moment (self);
  state->music = is_music_under_way (now);
  state->resumes = self->resumes;
  state->last_skill = g_strdup (daemon_skills_get_last_played (self->skills));
  daemon_memory_player_save (self->player, state, &moment);
}

/* The end has begun: of what comes now only the place at which it falls silent is of interest, and that
 * this has been told. */
static void
follow_end (DaemonMemory *self, const PlayerSnapshot *now)
{
  PlayerSnapshot *last = self->last;
  if (sounds (last) && now->serial == last->serial && !now->under_way)
    {
      last->under_way = now->activity != PLAYER_ACTIVITY_FINISHED; /* it had just reached its end */
      last->activity = last->under_way ? PLAYER_ACTIVITY_PAUSED : PLAYER_ACTIVITY_FINISHED;
      last->offset_us = now->offset_us;
    }
  last->volume = now->volume;
  last->muted = now->muted;
}

/* The stream that went on does no harm, or another one sounds by now. */
static void
note_harmless (DaemonMemory *self, const PlayerSnapshot *now)
{
  if (self->resumes == 0 || !sounds (now))
    return;
  gboolean is_same
      = self->resumed_serial == 0 ? is_music (now->item) : now->serial == self->resumed_serial;
  if (is_same && self->sounded_ms < PROVEN_MS)
    return;
  self->resumes = 0;
}

static void
save_now (DaemonMemory *self)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->context->controller);
  if (self->last != NULL)
    follow_end (self, now);
  else
    note_harmless (self, now);
  save_player (self, self->last != NULL ? self->last : now);
}

static void arm_tick (DaemonMemory *self);

static void
on_told (PlayerController *controller, gpointer user_data)
{
  DaemonMemory *self = user_data;
  if (!self->awake)
    return;
  player_clock_remove_alarm (self->context->clock, self->soon);
  self->soon = 0;
  save_now (self);
  arm_tick (self);
}

static void
on_soon (gpointer user_data)
{
  DaemonMemory *self = user_data;
  self->soon = 0;
  save_now (self);
}

/* The volume, which is no event of the player: a knob that is turned says so often. */
static void
on_changed (PlayerController *controller, gpointer user_data)
{
  DaemonMemory *self = user_data;
  if (self->awake && self->soon == 0)
    self->soon = player_clock_add_alarm (self->context->clock, SOON_MS, on_soon, self);
}

/* --- The position ------------------------------------------------------------------------------
 */

static void
on_tick (gpointer user_data)
{
  DaemonMemory *self = user_data;
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->context->controller);
  guint resumes = self->resumes;
  self->tick = 0;
  self->sounded_ms += TICK_MS;
  note_harmless (self, now);
  if (self->resumes != resumes)
    save_now (self);
  else if (sounds (now) && !is_music (now->item)) /* music has a place of its own */
    daemon_memory_player_note_offset (self->player, now->offset_us);
  arm_tick (self);
}

static void
arm_tick (DaemonMemory *self)
{
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->context->controller);
  gboolean wanted = sounds (now) && self->last == NULL;
  if (wanted == (self->tick != 0))
    return;
  player_clock_remove_alarm (self->context->clock, self->tick);
  self->tick = wanted ? player_clock_add_alarm (self->context->clock, TICK_MS, on_tick, self) : 0;
}

/* --- Sessions ----------------------------------------------------------------------------------
 */

static void
save_sessions (DaemonMemory *self)
{
  const GPtrArray *all = daemon_skills_get_all (self->skills);
  gint64 wall_us = g_get_real_time ();
  for (guint i = 0; i < all->len; i++)
    {
      DaemonConversation *conversation = g_ptr_array_index (all, i);
      DaemonSkill *skill = daemon_conversation_get_skill (conversation);
      const AlexaSession *session = daemon_skill_get_session (skill);
      if (session != NULL)
        daemon_memory_sessions_keep (self->sessions, daemon_skill_get_name (skill), session,
                                     daemon_conversation_get_patience_ms (conversation), wall_us);
      else
        daemon_memory_sessions_drop (self->sessions, daemon_skill_get_name (skill));
    }
}

static void
on_sessions_changed (gpointer emitter, gpointer user_data)
{
  DaemonMemory *self = user_data;
  if (self->awake)
    save_sessions (self);
}

static void
restore_sessions (DaemonMemory *self)
{
  g_autoptr (GPtrArray) kept = daemon_memory_sessions_take (self->sessions, g_get_real_time ());
  for (guint i = 0; i < kept->len; i++)
    {
      DaemonMemorySession *one = g_ptr_array_index (kept, i);
      g_autoptr (GError) error = NULL;
      DaemonConversation *conversation = daemon_skills_resolve (self->skills, one->skill, &error);
      if (conversation == NULL || *one->skill == '\0')
        g_message ("a session of an earlier run is dropped: %s",
                   error != NULL ? error->message : "it has no skill");
      else if (!daemon_conversation_has_session (conversation))
        daemon_conversation_restore_session (conversation, g_steal_pointer (&one->session),
                                             one->left_ms);
    }
}

/* --- All of it ---------------------------------------------------------------------------------
 */

static void
on_rewrite (DaemonStore *store, gpointer user_data)
{
  DaemonMemory *self = user_data;
  if (!self->awake)
    return;
  daemon_memory_player_doubt (self->player);
  daemon_memory_sessions_doubt (self->sessions);
  save_now (self);
  save_sessions (self);
}

/* --- What goes on ------------------------------------------------------------------------------
 */

/* Skills that were named by their URL are known again before they are told of anything. */
static void
know_skill (DaemonMemory *self, const char *name)
{
  if (name != NULL && strstr (name, "://") != NULL)
    daemon_skills_resolve (self->skills, name, NULL);
}

static void
know_skills (DaemonMemory *self, const DaemonMemoryState *state)
{
  if (state->player->item != NULL)
    know_skill (self, state->player->item->origin);
  for (guint i = 0; i < state->player->queue->len; i++)
    {
      const PlayerItem *item = g_ptr_array_index (state->player->queue, i);
      know_skill (self, item->origin);
    }
  know_skill (self, state->last_skill);
  if (state->last_skill != NULL)
    daemon_skills_note_played (self->skills, state->last_skill);
}

static gboolean
is_wanted (DaemonMemory *self, const DaemonMemoryState *state)
{
  const PlayerSnapshot *player = state->player;
  gboolean was_there = player->under_way || player->starting || state->music;
  switch (self->context->config->resume)
    {
    case DAEMON_RESUME_ALWAYS:
      return was_there;
    case DAEMON_RESUME_NEVER:
      return FALSE;
    case DAEMON_RESUME_IF_PLAYING:
    default:
      return was_there && !player->held;
    }
}

/* (transfer full): of what is or was to sound, for the log */
static char *
get_name (const DaemonMemoryState *state)
{
  const PlayerSnapshot *player = state->player;
  if (state->music)
    return g_strdup ("the queue of a music service");
  const PlayerItem *item = player->starting ? g_ptr_array_index (player->queue, 0) : player->item;
  return g_strdup (item->token);
}

/* Whether it goes on, unless that has failed too often. */
static gboolean
decide (DaemonMemory *self, const DaemonMemoryState *state)
{
  if (!is_wanted (self, state))
    return FALSE;
  g_autofree char *name = get_name (state);
  self->resumes = state->resumes;
  if (state->resumes >= MAX_RESUMES)
    {
      daemon_journal_log (DAEMON_JOURNAL_NOT_RESUMED, DAEMON_JOURNAL_FIELDS ("SEGUE_TOKEN", name),
                          "going on with %s has ended the daemon %u times; it stays paused", name,
                          state->resumes);
      return FALSE;
    }
  self->resumes++;
  daemon_journal_log (DAEMON_JOURNAL_RESUMED, DAEMON_JOURNAL_FIELDS ("SEGUE_TOKEN", name),
                      "after a restart, going on with %s", name);
  return TRUE;
}

static void
restore_player (DaemonMemory *self, const DaemonMemoryState *state)
{
  gboolean go_on = decide (self, state);
  g_autoptr (PlayerCommand) command
      = player_command_new_restore (state->player, go_on && !state->music);
  daemon_router_submit (self->context->router, command);
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->context->controller);
  self->resumed_serial = now->serial + (state->player->starting ? 1 : 0);
  if (go_on && state->music && daemon_music_owns (self->music, now))
    daemon_music_press (self->music, BUS_BUTTON_PLAY, NULL);
}

void
daemon_memory_restore (DaemonMemory *self)
{
  g_return_if_fail (DAEMON_IS_MEMORY (self) && !self->awake);
  DaemonMusicMoment now = get_moment (self);
  g_autoptr (DaemonMemoryState) state = daemon_memory_player_load (self->player, &now);
  player_controller_set_volume (self->context->controller, state->player->volume);
  player_controller_set_muted (self->context->controller, state->player->muted);
  know_skills (self, state);

  self->awake = TRUE;
  restore_sessions (self);
  restore_player (self, state);
  save_now (self);
}

void
daemon_memory_close (DaemonMemory *self)
{
  g_return_if_fail (DAEMON_IS_MEMORY (self));
  if (self->last != NULL)
    return;
  self->resumes = 0; /* it does not end by a fault */
  self->last = player_controller_get_snapshot (self->context->controller);
  if (self->awake)
    save_now (self);
  arm_tick (self);
}

/* --- Life ------------------------------------------------------------------------------------ */

static void
daemon_memory_finalize (GObject *object)
{
  DaemonMemory *self = DAEMON_MEMORY (object);
  player_clock_remove_alarm (self->context->clock, self->tick);
  player_clock_remove_alarm (self->context->clock, self->soon);
  g_clear_pointer (&self->player, daemon_memory_player_free);
  g_clear_pointer (&self->sessions, daemon_memory_sessions_free);
  g_clear_pointer (&self->last, player_snapshot_unref);
  g_clear_object (&self->music);
  g_clear_object (&self->skills);
  g_clear_pointer (&self->context, daemon_context_unref);
  G_OBJECT_CLASS (daemon_memory_parent_class)->finalize (object);
}

static void
daemon_memory_class_init (DaemonMemoryClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = daemon_memory_finalize;
}

static void
daemon_memory_init (DaemonMemory *self)
{
}

DaemonMemory *
daemon_memory_new (DaemonContext *context, DaemonSkills *skills, DaemonMusic *music)
{
  g_return_val_if_fail (context != NULL && DAEMON_IS_SKILLS (skills), NULL);
  g_return_val_if_fail (DAEMON_IS_MUSIC (music), NULL);
  DaemonMemory *self = g_object_new (DAEMON_TYPE_MEMORY, NULL);
  self->context = daemon_context_ref (context);
  self->skills = g_object_ref (skills);
  self->music = g_object_ref (music);
  self->player = daemon_memory_player_new (context->store);
  self->sessions = daemon_memory_sessions_new (context->store);
  g_signal_connect_object (context->controller, "told", G_CALLBACK (on_told), self,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (context->controller, "changed", G_CALLBACK (on_changed), self,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (context->store, "rewrite", G_CALLBACK (on_rewrite), self,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (skills, "changed", G_CALLBACK (on_sessions_changed), self,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (skills, "session-answered", G_CALLBACK (on_sessions_changed), self,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (context->voice, "changed", G_CALLBACK (on_sessions_changed), self,
                           G_CONNECT_DEFAULT);
  return self;
}
