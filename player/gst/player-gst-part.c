/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-part.h"

#include <unistd.h>

#include "player-gst-synth.h"

struct _PlayerGstPart
{
  guint index;
  const PlayerSpeechPart *what; /* (nullable) */
  const PlayerGstStudio *studio;
  const PlayerGstPartHooks *hooks;

  guint rate;
  PlayerReach reach;     /* of a recording */
  PlayerGstSynth *synth; /* (owned) (nullable): runs */
  int speech;            /* (owned): what it wrote, or -1 */
  PlayerGstItem *item;   /* (owned) (nullable) */
  gboolean told;         /* that it failed */
};

static void
part_close_item (PlayerGstPart *self)
{
  if (self->item != NULL)
    player_gst_item_close (self->item, self->studio->workers);
  g_clear_object (&self->item);
}

static char *
part_describe_problem (PlayerGstPart *self, const char *message)
{
  return self->speech >= 0 ? g_strconcat ("The synthesiser's output: ", message, NULL)
                           : g_strdup (message);
}

char *
player_gst_part_take_problem (PlayerGstPart *self)
{
  const char *message
      = self->item != NULL && !self->told ? player_gst_item_get_error (self->item, NULL) : NULL;

  if (message == NULL && self->item != NULL && !self->told && player_gst_item_is_cut (self->item))
    message = "The rest of it cannot be had";
  if (message == NULL)
    return NULL;
  self->told = TRUE;
  return part_describe_problem (self, message);
}

static void
part_fail (PlayerGstPart *self, const char *problem)
{
  if (self->told)
    return;
  self->told = TRUE;
  self->hooks->failed (self, problem, self->hooks->data);
}

static void
part_on_news (PlayerGstItem *item, PlayerGstItemNews news, gpointer data)
{
  PlayerGstPart *self = data;

  if (news == PLAYER_GST_ITEM_EXPANDED)
    part_fail (self, "It is a playlist");
  else if (news == PLAYER_GST_ITEM_FAILED)
    {
      g_autofree char *problem
          = part_describe_problem (self, player_gst_item_get_error (item, NULL));

      part_fail (self, problem);
    }
  else if (news == PLAYER_GST_ITEM_READY)
    {
      if (player_gst_reader_get_rate (player_gst_item_get_reader (item)) > 0)
        self->hooks->ready (self, self->hooks->data);
      else
        part_fail (self, "There is nothing to be heard in it");
    }
}

static void
part_open (PlayerGstPart *self, const char *url, PlayerReach reach)
{
  const PlayerGstItemHooks hooks = {
    .context = self->studio->context,
    .func = part_on_news,
    .func_data = self,
    .wake = player_gst_pump_wake,
    .wake_data = self->studio->pump,
    .web = self->studio->web,
  };
  g_autoptr (PlayerItem) whole = player_item_new (url, "", 0, "", NULL);
  g_autoptr (PlayerItem) item = player_item_new_within (whole, reach);
  g_autoptr (PlayerGstLoad) load = player_gst_load_new (1, item);

  self->item = player_gst_item_new (load, self->index + 1, NULL, &hooks);
  player_gst_item_open (self->item, self->rate);
}

static void
part_open_speech (PlayerGstPart *self)
{
  g_autofree char *url = g_strdup_printf ("file:///proc/self/fd/%d", self->speech);

  part_open (self, url, PLAYER_REACH_FILES);
}

static void
part_on_synthesised (int fd, const char *problem, gpointer data)
{
  PlayerGstPart *self = data;

  self->synth = NULL;
  self->speech = fd;
  if (fd >= 0)
    part_open_speech (self);
  else
    part_fail (self, problem);
}

gboolean
player_gst_part_start (PlayerGstPart *self,
                       const PlayerGstPartManner *manner,
                       guint rate,
                       GError **error)
{
  self->rate = rate;
  self->reach = manner->reach;
  if (self->what->type == PLAYER_SPEECH_PART_SAY)
    {
      self->synth = player_gst_synth_start (manner->words, manner->locale, self->what->ssml,
                                            manner->timeout_ms, part_on_synthesised, self, error);
      return self->synth != NULL;
    }
  part_open (self, self->what->url, self->reach);
  return TRUE;
}

void
player_gst_part_reopen (PlayerGstPart *self, guint rate)
{
  part_close_item (self);
  self->rate = rate;
  if (self->speech >= 0)
    part_open_speech (self);
  else
    part_open (self, self->what->url, self->reach);
}

guint
player_gst_part_get_index (PlayerGstPart *self)
{
  return self->index;
}

guint
player_gst_part_get_rate (PlayerGstPart *self)
{
  return self->rate;
}

gboolean
player_gst_part_is_recording (PlayerGstPart *self)
{
  return self->what != NULL && self->what->type == PLAYER_SPEECH_PART_AUDIO;
}

PlayerGstItem *
player_gst_part_get_item (PlayerGstPart *self)
{
  return self->item;
}

PlayerGstPart *
player_gst_part_new (guint index,
                     const PlayerSpeechPart *what,
                     const PlayerGstStudio *studio,
                     const PlayerGstPartHooks *hooks)
{
  PlayerGstPart *self = g_new0 (PlayerGstPart, 1);

  self->index = index;
  self->what = what;
  self->studio = studio;
  self->hooks = hooks;
  self->speech = -1;
  return self;
}

void
player_gst_part_free (PlayerGstPart *self)
{
  g_clear_pointer (&self->synth, player_gst_synth_cancel);
  part_close_item (self);
  if (self->speech >= 0)
    close (self->speech);
  g_free (self);
}
