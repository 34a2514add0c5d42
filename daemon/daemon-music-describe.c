/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-private.h"

#include "daemon-log.h"
static const char *
or_empty (const char *text)
{
  return text != NULL ? text : "";
}

/* (transfer full) */
static GVariant *
list_art (const AlexaMusicMetadata *metadata)
{
  GVariantBuilder builder;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(suu)"));
  for (guint i = 0; i < metadata->art->len; i++)
    {
      const AlexaMusicArt *art = g_ptr_array_index (metadata->art, i);
      guint width = 0;
      guint height = 0;
      alexa_music_art_get_size (art, &width, &height);
      g_variant_builder_add (&builder, "(suu)", art->url, width, height);
    }
  return g_variant_ref_sink (g_variant_builder_end (&builder));
}

/* (transfer full) */
static GVariant *
list_authors (const AlexaMusicMetadata *metadata)
{
  return g_variant_ref_sink (g_variant_new_strv ((const char *const *)metadata->authors,
                                                 metadata->authors != NULL ? -1 : 0));
}

static void
describe_link (DaemonMusic *self, DaemonMusicCaller *caller, BusMusic *music)
{
  if (caller == NULL && self->callers->len == 1)
    caller = g_ptr_array_index (self->callers, 0);
  if (caller == NULL)
    return;
  const char *problem = daemon_music_caller_get_problem (caller);
  music->link = daemon_music_link_to_string (daemon_music_caller_get_link (caller));
  music->problem = or_empty (problem != NULL ? problem : self->problem);
}

/* The wall clock's time of a monotonic one; 0 for never. */
static gint64
to_wall (DaemonMusic *self, gint64 deadline_us)
{
  DaemonMusicMoment now = daemon_music_moment_now (self->context->clock, 0);
  return deadline_us == G_MAXINT64 ? 0 : now.wall_us + (deadline_us - now.monotonic_us);
}

/* Whether it is allowed, and the service knows @message, which it takes. */
static gboolean
may (DaemonMusic *self, DaemonMusicWish wish, AlexaMusicMessage message)
{
  return daemon_music_session_may (self->session, wish, g_get_real_time (), NULL)
         && daemon_music_caller_supports (daemon_music_get_caller (self), message);
}

static void
describe_rights (DaemonMusic *self, BusMusic *music)
{
  AlexaMusicControls controls = daemon_music_session_get_controls (self->session);
  music->can_next = may (self, DAEMON_MUSIC_WISH_NEXT, ALEXA_MUSIC_GET_NEXT_ITEM);
  music->can_previous = may (self, DAEMON_MUSIC_WISH_PREVIOUS, ALEXA_MUSIC_GET_PREVIOUS_ITEM);
  music->can_seek = daemon_music_session_may (self->session, DAEMON_MUSIC_WISH_SEEK, 0, NULL);
  music->can_shuffle = may (self, DAEMON_MUSIC_WISH_SHUFFLE, ALEXA_MUSIC_SET_SHUFFLE);
  music->can_loop = may (self, DAEMON_MUSIC_WISH_LOOP, ALEXA_MUSIC_SET_LOOP);
  music->can_repeat = may (self, DAEMON_MUSIC_WISH_REPEAT, ALEXA_MUSIC_SET_REPEAT);
  music->can_rate = may (self, DAEMON_MUSIC_WISH_RATE, ALEXA_MUSIC_RECEIVE_FEEDBACK);
  music->shuffle = controls.shuffle_on;
  music->loop = controls.loop_on;
  music->repeat = controls.repeat_on;
}

void
daemon_music_describe (DaemonMusic *self, BusMusic *music)
{
  g_return_if_fail (DAEMON_IS_MUSIC (self) && music != NULL);
  DaemonMusicCaller *caller = daemon_music_get_caller (self);
  describe_link (self, caller, music);
  if (caller == NULL)
    return;
  const DaemonMusicSession *session = self->session;
  const AlexaMusicItem *item = session->current->item;
  g_clear_pointer (&self->art, g_variant_unref);
  g_clear_pointer (&self->authors, g_variant_unref);
  self->art = list_art (item->metadata);
  self->authors = list_authors (item->metadata);
  music->service = session->service;
  music->queue_id = session->queue_id;
  music->content_id = session->content_id;
  music->item_id = session->current->reference->id;
  music->kind = alexa_music_playback_to_string (item->playback);
  music->title = or_empty (item->metadata->name);
  music->album = or_empty (item->metadata->album);
  music->authors = self->authors;
  music->art = self->art;
  music->duration_ms = item->duration_ms;
  music->live = item->duration_ms < 0;
  music->rating
      = or_empty (session->current->rating != NULL ? session->current->rating : item->rating);
  music->valid_until_us = to_wall (self, session->current->deadline_us);
  music->offset_ms = session->offset_ms;
  describe_rights (self, music);
}

GVariant *
daemon_music_list (DaemonMusic *self)
{
  g_return_val_if_fail (DAEMON_IS_MUSIC (self), NULL);
  GVariantBuilder builder;
  g_variant_builder_init (&builder, G_VARIANT_TYPE ("a(sss)"));
  for (guint i = 0; i < self->callers->len; i++)
    {
      DaemonMusicCaller *caller = g_ptr_array_index (self->callers, i);
      const DaemonMusicConfig *config = daemon_music_caller_get_config (caller);
      g_autofree char *endpoint = daemon_log_redact_url (config->endpoint);
      g_variant_builder_add (&builder, "(sss)", config->name, endpoint,
                             daemon_music_link_to_string (daemon_music_caller_get_link (caller)));
    }
  return g_variant_builder_end (&builder);
}
