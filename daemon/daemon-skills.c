/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-skills.h"

#include <string.h>

#include "daemon-journal.h"
#include "daemon-log.h"
#include "dbus/bus-errors.h"

struct _DaemonSkills
{
  GObject parent;
  DaemonContext *context; /* (owned) */
  GPtrArray *all;         /* (owned) (element-type DaemonConversation) in order of coming */
  guint n_configured;
  GPtrArray *leaving; /* (owned) (element-type DaemonConversation): not configured any more */
  guint burial;       /* source id */
  char *last_played;  /* (owned) (nullable): name */
};

G_DEFINE_FINAL_TYPE (DaemonSkills, daemon_skills, G_TYPE_OBJECT)

static const char *
name_of (DaemonConversation *conversation)
{
  return daemon_skill_get_name (daemon_conversation_get_skill (conversation));
}

static DaemonConversation *
at (DaemonSkills *self, guint i)
{
  return g_ptr_array_index (self->all, i);
}

static void
on_session_changed (DaemonConversation *conversation, gpointer user_data)
{
  g_signal_emit_by_name (user_data, "changed");
}

static gboolean
bury (gpointer user_data)
{
  DaemonSkills *self = user_data;
  self->burial = 0;
  for (guint i = self->leaving->len; i > 0; i--)
    if (daemon_conversation_is_settled (g_ptr_array_index (self->leaving, i - 1)))
      g_ptr_array_remove_index (self->leaving, i - 1);
  return G_SOURCE_REMOVE;
}

/* Not within a signal of one of them. */
static void
bury_soon (DaemonSkills *self)
{
  if (self->burial == 0 && self->leaving->len > 0)
    self->burial = g_idle_add (bury, self);
}

static void
on_session_answered (DaemonConversation *conversation, gpointer user_data)
{
  g_signal_emit_by_name (user_data, "session-answered");
}

static void
on_settled (DaemonConversation *conversation, gpointer user_data)
{
  bury_soon (user_data);
  if (daemon_skills_is_settled (user_data))
    g_signal_emit_by_name (user_data, "settled");
}

/* (transfer full) */
static DaemonConversation *
make (DaemonSkills *self, const DaemonSkillConfig *config)
{
  DaemonSkill *skill = daemon_skill_new (config, self->context->device_id);
  DaemonConversation *conversation = daemon_conversation_new (self->context, skill);
  g_signal_connect_object (conversation, "session-changed", G_CALLBACK (on_session_changed), self,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (conversation, "session-answered", G_CALLBACK (on_session_answered), self,
                           G_CONNECT_DEFAULT);
  g_signal_connect_object (conversation, "settled", G_CALLBACK (on_settled), self,
                           G_CONNECT_DEFAULT);
  return conversation;
}

DaemonConversation *
daemon_skills_find (DaemonSkills *self, const char *name)
{
  g_return_val_if_fail (DAEMON_IS_SKILLS (self) && name != NULL, NULL);
  for (guint i = 0; i < self->all->len; i++)
    if (g_str_equal (name_of (at (self, i)), name))
      return at (self, i);
  return NULL;
}

DaemonConversation *
daemon_skills_find_owner (DaemonSkills *self)
{
  g_return_val_if_fail (DAEMON_IS_SKILLS (self), NULL);
  g_autoptr (PlayerSnapshot) now = player_controller_get_snapshot (self->context->controller);
  return now->item != NULL ? daemon_skills_find (self, now->item->origin) : NULL;
}

static DaemonConversation *
find_default (DaemonSkills *self)
{
  for (guint i = 0; i < self->all->len; i++)
    if (daemon_conversation_has_session (at (self, i)))
      return at (self, i);
  DaemonConversation *owner = daemon_skills_find_owner (self);
  if (owner == NULL && self->last_played != NULL)
    owner = daemon_skills_find (self, self->last_played);
  if (owner == NULL && self->n_configured == 1)
    owner = at (self, 0);
  return owner;
}

static DaemonConversation *
add_by_url (DaemonSkills *self, const char *url, GError **error)
{
  g_autoptr (GError) local = NULL;
  if (!daemon_config_check_endpoint (url, &local))
    {
      g_set_error_literal (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT, local->message);
      return NULL;
    }
  for (guint i = 0; i < self->all->len; i++)
    if (g_str_equal (daemon_skill_get_endpoint (daemon_conversation_get_skill (at (self, i))), url))
      return at (self, i);
  if (self->all->len - self->n_configured >= DAEMON_SKILLS_MAX_BY_URL)
    {
      g_set_error (error, BUS_ERROR, BUS_ERROR_BUSY, "%d skills have been named by URL already",
                   DAEMON_SKILLS_MAX_BY_URL);
      return NULL;
    }
  g_autoptr (DaemonSkillConfig) config = daemon_skill_config_new (url, url);
  DaemonConversation *conversation = make (self, config);
  g_ptr_array_add (self->all, conversation);
  g_signal_emit_by_name (self, "changed");
  return conversation;
}

DaemonConversation *
daemon_skills_resolve (DaemonSkills *self, const char *name, GError **error)
{
  g_return_val_if_fail (DAEMON_IS_SKILLS (self) && name != NULL, NULL);
  DaemonConversation *known = *name == '\0' ? find_default (self) : daemon_skills_find (self, name);
  if (known != NULL)
    return known;
  if (*name == '\0')
    g_set_error (error, BUS_ERROR, BUS_ERROR_NO_SKILL,
                 "no skill is named, and there is no session, no stream and no single skill");
  else if (strstr (name, "://") != NULL)
    return add_by_url (self, name, error);
  else
    g_set_error (error, BUS_ERROR, BUS_ERROR_UNKNOWN_SKILL, "there is no skill \"%s\"", name);
  return NULL;
}

void
daemon_skills_abandon_others (DaemonSkills *self, DaemonConversation *skill)
{
  g_return_if_fail (DAEMON_IS_SKILLS (self));
  for (guint i = 0; i < self->all->len; i++)
    if (at (self, i) != skill)
      daemon_conversation_abandon (at (self, i));
}

void
daemon_skills_note_played (DaemonSkills *self, const char *name)
{
  g_return_if_fail (DAEMON_IS_SKILLS (self));
  g_free (self->last_played);
  self->last_played = g_strdup (name);
}

const char *
daemon_skills_get_last_played (DaemonSkills *self)
{
  g_return_val_if_fail (DAEMON_IS_SKILLS (self), NULL);
  return self->last_played;
}

const GPtrArray *
daemon_skills_get_all (DaemonSkills *self)
{
  g_return_val_if_fail (DAEMON_IS_SKILLS (self), NULL);
  return self->all;
}

GVariant *
daemon_skills_list (DaemonSkills *self)
{
  g_return_val_if_fail (DAEMON_IS_SKILLS (self), NULL);
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a(ssb)"));
  for (guint i = 0; i < self->all->len; i++)
    {
      DaemonSkill *skill = daemon_conversation_get_skill (at (self, i));
      g_autofree char *endpoint = daemon_log_redact_url (daemon_skill_get_endpoint (skill));
      g_variant_builder_add (&list, "(ssb)", daemon_skill_get_name (skill), endpoint,
                             daemon_conversation_has_session (at (self, i)));
    }
  return g_variant_builder_end (&list);
}

void
daemon_skills_restore (DaemonSkills *self)
{
  g_return_if_fail (DAEMON_IS_SKILLS (self));
  g_autoptr (GPtrArray) entries = daemon_outbox_load (self->context->outbox);
  for (guint i = 0; i < entries->len; i++)
    {
      const DaemonOutboxEntry *entry = g_ptr_array_index (entries, i);
      g_autoptr (GError) error = NULL;
      DaemonConversation *conversation = daemon_skills_resolve (self, entry->skill, &error);
      if (conversation != NULL)
        daemon_conversation_restore (conversation, entry);
      else
        {
          daemon_journal_log (DAEMON_JOURNAL_REPORT_DROPPED,
                              DAEMON_JOURNAL_FIELDS ("SEGUE_SKILL", entry->skill),
                              "a report of an earlier run is dropped: %s", error->message);
          daemon_outbox_remove (self->context->outbox, entry->id, DAEMON_OUTBOX_DROPPED);
        }
    }
}

/* Requests in flight keep their conversation, so each has to be told that it is over. */
static void
free_conversation (gpointer conversation)
{
  g_signal_handlers_disconnect_matched (conversation, G_SIGNAL_MATCH_FUNC, 0, 0, NULL,
                                        on_session_changed, NULL);
  g_signal_handlers_disconnect_matched (conversation, G_SIGNAL_MATCH_FUNC, 0, 0, NULL,
                                        on_session_answered, NULL);
  g_signal_handlers_disconnect_matched (conversation, G_SIGNAL_MATCH_FUNC, 0, 0, NULL, on_settled,
                                        NULL);
  g_object_run_dispose (conversation);
  g_object_unref (conversation);
}

/* (transfer full): the configured skill of that name, taken out of @all; %NULL: there is none. */
static DaemonConversation *
take_configured (DaemonSkills *self, const char *name)
{
  for (guint i = 0; i < self->n_configured; i++)
    if (g_str_equal (name_of (at (self, i)), name))
      {
        self->n_configured--;
        return g_ptr_array_steal_index (self->all, i);
      }
  return NULL;
}

/* (transfer full) */
static DaemonConversation *
take_or_make (DaemonSkills *self, const DaemonSkillConfig *config)
{
  DaemonConversation *known = take_configured (self, config->name);
  if (known == NULL)
    return make (self, config);
  daemon_skill_configure (daemon_conversation_get_skill (known), config, self->context->device_id);
  daemon_conversation_try_again (known);
  return known;
}

static void
let_go (DaemonSkills *self, DaemonConversation *conversation)
{
  g_message ("the skill %s is not configured any more", name_of (conversation));
  g_ptr_array_add (self->leaving, conversation);
  daemon_conversation_shut_down (conversation);
}

void
daemon_skills_reconfigure (DaemonSkills *self)
{
  g_return_if_fail (DAEMON_IS_SKILLS (self));
  const GPtrArray *configs = self->context->config->skills;
  g_autoptr (GPtrArray) all = g_ptr_array_new_with_free_func (free_conversation);
  for (guint i = 0; i < configs->len; i++)
    g_ptr_array_add (all, take_or_make (self, g_ptr_array_index (configs, i)));
  g_autoptr (GPtrArray) gone = g_ptr_array_new ();
  for (; self->n_configured > 0; self->n_configured--)
    g_ptr_array_add (gone, g_ptr_array_steal_index (self->all, 0));
  while (self->all->len > 0) /* those named by their URL */
    g_ptr_array_add (all, g_ptr_array_steal_index (self->all, 0));
  g_ptr_array_unref (self->all);
  self->all = g_steal_pointer (&all);
  self->n_configured = configs->len;
  for (guint i = 0; i < gone->len; i++)
    let_go (self, g_ptr_array_index (gone, i));
  bury_soon (self);
  g_signal_emit_by_name (self, "changed");
}

void
daemon_skills_shut_down (DaemonSkills *self)
{
  g_return_if_fail (DAEMON_IS_SKILLS (self));
  for (guint i = 0; i < self->all->len; i++)
    daemon_conversation_shut_down (at (self, i));
}

gboolean
daemon_skills_is_settled (DaemonSkills *self)
{
  g_return_val_if_fail (DAEMON_IS_SKILLS (self), TRUE);
  for (guint i = 0; i < self->all->len; i++)
    if (!daemon_conversation_is_settled (at (self, i)))
      return FALSE;
  for (guint i = 0; i < self->leaving->len; i++)
    if (!daemon_conversation_is_settled (g_ptr_array_index (self->leaving, i)))
      return FALSE;
  return TRUE;
}

static void
daemon_skills_finalize (GObject *object)
{
  DaemonSkills *self = DAEMON_SKILLS (object);
  g_clear_handle_id (&self->burial, g_source_remove);
  g_ptr_array_unref (self->all);
  g_ptr_array_unref (self->leaving);
  g_free (self->last_played);
  g_clear_pointer (&self->context, daemon_context_unref);
  G_OBJECT_CLASS (daemon_skills_parent_class)->finalize (object);
}

static void
daemon_skills_class_init (DaemonSkillsClass *klass)
{
  G_OBJECT_CLASS (klass)->finalize = daemon_skills_finalize;
  g_signal_new ("changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
  g_signal_new ("session-answered", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                NULL, G_TYPE_NONE, 0);
  g_signal_new ("settled", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL, NULL,
                G_TYPE_NONE, 0);
}

static void
daemon_skills_init (DaemonSkills *self)
{
  self->all = g_ptr_array_new_with_free_func (free_conversation);
  self->leaving = g_ptr_array_new_with_free_func (free_conversation);
}

static void
on_network_changed (DaemonNetwork *network, gpointer user_data)
{
  DaemonSkills *self = user_data;
  for (guint i = 0; i < self->all->len; i++)
    daemon_conversation_try_again (at (self, i));
}

DaemonSkills *
daemon_skills_new (DaemonContext *context)
{
  g_return_val_if_fail (context != NULL, NULL);
  DaemonSkills *self = g_object_new (DAEMON_TYPE_SKILLS, NULL);
  self->context = daemon_context_ref (context);
  for (guint i = 0; i < context->config->skills->len; i++)
    g_ptr_array_add (self->all, make (self, g_ptr_array_index (context->config->skills, i)));
  self->n_configured = self->all->len;
  if (context->network != NULL)
    g_signal_connect_object (context->network, "changed", G_CALLBACK (on_network_changed), self,
                             G_CONNECT_DEFAULT);
  return self;
}
