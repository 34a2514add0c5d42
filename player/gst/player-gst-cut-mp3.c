/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <string.h>

#include "player-gst-cut.h"
#include "player-gst-mp3.h"

/* Frames of MP3 have no numbers, so that an offset is exact only where all headers before it have
 * been counted, or where all frames are as long as the first: that is believed when frames are found
 * at the computed bytes, of the bit rate expected. */

/* How much is looked through for the first frame. */
#define MAX_JUNK_BYTES 65536
/* An encoder that pads in another order than the sum of fractions is off by some bytes; which frame it
 * is cannot be doubted as long as that is well under a frame. */
#define SLACK_BYTES 48
/* Nearer than this it is cheaper to read on than to ask again. */
#define NEAR_BYTES 131072
/* Frames which tell how the stream begins. */
#define LOOK_FRAMES 4
#define N_PROOFS 3
/* Enough to be known as MP3. */
#define KEPT_BYTES 8192

typedef enum
{
  STATE_FIND,  /* the first frame */
  STATE_TAG,   /* which may be none */
  STATE_BEGIN, /* audio begins */
  STATE_PROVE, /* reads at computed bytes */
  STATE_COUNT, /* walks from frame to frame */
  STATE_DONE,
} State;

typedef struct
{
  PlayerGstCut parent;

  State state;
  PlayerGstMp3Header first;
  PlayerGstMp3Tag tag;
  guint64 audio_at; /* byte of the first frame of audio */
  gint64 frame;     /* that the view begins with, while counting */
  gint64 target;    /* sample of the decoder that is to be heard first */
  gint64 wanted;    /* frame to feed first */
  gint64 proofs[N_PROOFS];
  guint n_proofs;
  guint proof;
  guint kept_bytes; /* of the last frames that were counted */
  guint8 kept[KEPT_BYTES];
} CutMp3;

static PlayerGstCutStep
cut_more (gsize count)
{
  return (PlayerGstCutStep){ PLAYER_GST_CUT_MORE, count, NULL };
}

static PlayerGstCutStep
cut_skip (gsize count)
{
  return (PlayerGstCutStep){ PLAYER_GST_CUT_SKIP, count, NULL };
}

static PlayerGstCutStep
cut_pass (CutMp3 *self)
{
  self->state = STATE_DONE;
  return (PlayerGstCutStep){ PLAYER_GST_CUT_PASS, 0, NULL };
}

static PlayerGstCutStep
cut_land (CutMp3 *self, gint64 frame)
{
  player_gst_trim_set_landed (self->parent.trim, frame * self->first.samples);
  return cut_pass (self);
}

/* A frame at @at that is followed by another, or by the end. @short_of: (out): bytes missing to tell. */
static gboolean
cut_is_frame (const PlayerGstCutView *view,
              gsize at,
              const PlayerGstMp3Header *like,
              PlayerGstMp3Header *header,
              gsize *short_of)
{
  PlayerGstMp3Header next;

  if (at > view->size || !player_gst_mp3_header_parse (header, view->data + at, view->size - at)
      || (like != NULL && !player_gst_mp3_header_matches (header, like)))
    return FALSE;
  if (view->size - at < header->size + 4)
    {
      *short_of = at + header->size + 4;
      return view->last && view->size - at >= header->size;
    }
  return player_gst_mp3_header_parse (&next, view->data + at + header->size, 4)
         && player_gst_mp3_header_matches (&next, header);
}

/* The next frame from @from on; what is missing to know. */
static gboolean
cut_find_frame (const PlayerGstCutView *view,
                gsize from,
                const PlayerGstMp3Header *like,
                gsize *at,
                PlayerGstMp3Header *header,
                gsize *short_of)
{
  for (*at = from; *at + 4 <= view->size; (*at)++)
    {
      *short_of = 0;
      if (cut_is_frame (view, *at, like, header, short_of))
        return TRUE;
      if (*short_of > 0 && !view->last)
        return FALSE;
    }
  *short_of = 0;
  return FALSE;
}

static PlayerGstCutStep
cut_find (CutMp3 *self, const PlayerGstCutView *view)
{
  gsize at;
  gsize short_of;

  if (!cut_find_frame (view, 0, NULL, &at, &self->first, &short_of))
    {
      if (view->last || at > MAX_JUNK_BYTES)
        return cut_pass (self);
      return cut_more (MAX (short_of, view->size + 1));
    }
  self->state = STATE_TAG;
  return at > 0 ? cut_skip (at) : cut_more (1);
}

static PlayerGstCutStep
cut_tag (CutMp3 *self, const PlayerGstCutView *view)
{
  if (view->size < self->first.size && !view->last)
    return cut_more (self->first.size);
  self->state = STATE_BEGIN;
  if (!player_gst_mp3_tag_parse (&self->tag, &self->first, view->data, view->size))
    return cut_more (1);
  return cut_skip (MIN (self->first.size, view->size));
}

/* Whether an encoder has begun here: its first frame borrows nothing of frames before, and later
 * ones do, or LAME has filled what it did not need with its name. What was cut out of a longer
 * stream begins otherwise. */
static gboolean
cut_is_beginning (const PlayerGstCutView *view, const PlayerGstMp3Header *first)
{
  PlayerGstMp3Header header = *first;
  gsize at = 0;

  if (player_gst_mp3_main_data_begin (&header, view->data, view->size) > 0)
    return FALSE;
  for (guint i = 0; i < LOOK_FRAMES; i++)
    {
      if (!player_gst_mp3_header_parse (&header, view->data + at, view->size - at))
        return FALSE;
      if (player_gst_mp3_main_data_begin (&header, view->data + at, view->size - at) > 0)
        return TRUE;
      if (memmem (view->data + at, MIN (header.size, view->size - at), "LAME", 4) != NULL)
        return TRUE;
      if (view->size - at <= header.size)
        return FALSE;
      at += header.size;
    }
  return FALSE;
}

static gboolean
cut_varies (const PlayerGstCutView *view, const PlayerGstMp3Header *first)
{
  PlayerGstMp3Header header = *first;

  for (gsize at = 0; at < view->size; at += header.size)
    if (!player_gst_mp3_header_parse (&header, view->data + at, view->size - at))
      return FALSE;
    else if (header.bitrate != first->bitrate)
      return TRUE;
  return FALSE;
}

/* The byte where @frame begins if all are as the first. */
static guint64
cut_predict (CutMp3 *self, gint64 frame)
{
  return self->audio_at
         + (guint64)frame * (self->first.samples / 8) * self->first.bitrate / self->first.rate;
}

static gsize
cut_slack (const CutMp3 *self)
{
  return MIN (self->first.size / 4, SLACK_BYTES);
}

static PlayerGstCutStep
cut_seek_proof (CutMp3 *self)
{
  const guint64 at = cut_predict (self, self->proofs[self->proof]);

  return (PlayerGstCutStep){ PLAYER_GST_CUT_SEEK, at - cut_slack (self), NULL };
}

/* What the file says of itself, or is known of such files. */
static void
cut_tell_trim (CutMp3 *self, const PlayerGstCutView *view)
{
  const gint64 samples = self->first.samples;
  gint64 lead = 0;
  gint64 total = -1;

  if (self->tag.delay >= 0)
    lead = self->tag.delay + PLAYER_GST_MP3_DECODER_DELAY;
  else if (cut_is_beginning (view, &self->first))
    lead = PLAYER_GST_MP3_ENCODER_DELAY + PLAYER_GST_MP3_DECODER_DELAY;
  if (self->tag.frames > 0 && self->tag.delay >= 0)
    total = MAX (self->tag.frames * samples - self->tag.delay - self->tag.padding, 0);
  else if (self->tag.frames > 0)
    total = MAX (self->tag.frames * samples - lead, 0);
  player_gst_trim_set_stream (self->parent.trim, self->first.rate, lead, total);
}

static void
cut_plan_proofs (CutMp3 *self)
{
  self->n_proofs = 0;
  if (self->tag.frames < 0)
    {
      self->proofs[self->n_proofs++] = self->wanted / 3;
      self->proofs[self->n_proofs++] = self->wanted / 3 * 2;
    }
  self->proofs[self->n_proofs++] = self->wanted;
}

/* The frame to feed first, so that the target comes out whole. Of a file that is shorter the last
 * frames will do: nothing of theirs is heard. */
static void
cut_choose (CutMp3 *self, const PlayerGstCutView *view, gboolean constant)
{
  const guint size = constant ? self->first.size - 1 : player_gst_mp3_min_size (&self->first);
  gint64 frames = self->tag.frames > 0 ? self->tag.frames : G_MAXINT64;

  if (constant && view->file_size > (gint64)self->audio_at)
    frames = MIN (frames, (view->file_size - (gint64)self->audio_at) / self->first.size);
  self->wanted = MIN (self->target / self->first.samples, frames - 1);
  self->wanted = MAX (self->wanted - player_gst_mp3_warm_up (&self->first, size), 0);
}

static PlayerGstCutStep
cut_begin (CutMp3 *self, const PlayerGstCutView *view)
{
  const gsize look = LOOK_FRAMES * (self->first.size + 1) * 2;
  PlayerGstMp3Header header;

  if (view->size < look && !view->last)
    return cut_more (look);
  /* A tag's frame may have another bit rate than those which follow. */
  if (player_gst_mp3_header_parse (&header, view->data, view->size)
      && player_gst_mp3_header_matches (&header, &self->first))
    self->first = header;
  const gboolean constant = !self->tag.vbr && !cut_varies (view, &self->first);
  if (player_gst_cut_is_endless (view) && self->tag.frames < 0)
    player_gst_trim_set_live (self->parent.trim);
  cut_tell_trim (self, view);
  self->audio_at = view->at;
  self->target = player_gst_trim_get_range (self->parent.trim, self->first.rate).from;
  cut_choose (self, view, constant);
  if (self->wanted == 0 || !player_gst_trim_has_offset (self->parent.trim))
    return cut_land (self, 0);
  self->state = STATE_COUNT;
  if (!constant || !view->seekable || view->file_size < 0
      || cut_predict (self, self->wanted) < view->at + NEAR_BYTES)
    return cut_more (1);
  cut_plan_proofs (self);
  self->state = STATE_PROVE;
  return cut_seek_proof (self);
}

static PlayerGstCutStep
cut_disprove (CutMp3 *self, const PlayerGstCutView *view)
{
  g_debug ("MP3 of varying bit rate: counting the headers up to the offset");
  cut_choose (self, view, FALSE);
  self->state = STATE_COUNT;
  return (PlayerGstCutStep){ PLAYER_GST_CUT_SEEK, self->audio_at, NULL };
}

static PlayerGstCutStep
cut_prove (CutMp3 *self, const PlayerGstCutView *view)
{
  const gsize slack = cut_slack (self);
  const gsize look = 2 * slack + 2 * (self->first.size + 1) + 4;
  PlayerGstMp3Header header;
  gsize short_of = 0;
  gsize at;

  if (view->size < look && !view->last)
    return cut_more (look);
  for (at = 0; at <= 2 * slack; at++)
    if (cut_is_frame (view, at, &self->first, &header, &short_of)
        && header.bitrate == self->first.bitrate)
      break;
  if (at > 2 * slack)
    return cut_disprove (self, view);
  if (++self->proof < self->n_proofs)
    return cut_seek_proof (self);
  self->state = STATE_DONE;
  player_gst_trim_set_landed (self->parent.trim, self->wanted * self->first.samples);
  return at > 0 ? cut_skip (at) : cut_pass (self);
}

/* The file ends before the offset: a decoder is given the last frames, of which nothing is heard. */
static PlayerGstCutStep
cut_exhaust (CutMp3 *self, const PlayerGstCutView *view)
{
  player_gst_trim_set_landed (self->parent.trim, 0); /* whatever it is: before the offset */
  self->state = STATE_DONE;
  return (PlayerGstCutStep){ PLAYER_GST_CUT_INSTEAD, view->size,
                             g_bytes_new (self->kept, self->kept_bytes) };
}

/* The end of what has been counted: @size bytes of whole frames. */
static void
cut_keep (CutMp3 *self, const guint8 *data, gsize size)
{
  const gsize some = MIN (size, sizeof self->kept);
  const gsize old = MIN (self->kept_bytes, sizeof self->kept - some);

  memmove (self->kept, self->kept + self->kept_bytes - old, old);
  memcpy (self->kept + old, data + size - some, some);
  self->kept_bytes = (guint)(old + some);
}

static PlayerGstCutStep
cut_count (CutMp3 *self, const PlayerGstCutView *view)
{
  PlayerGstMp3Header header;
  gsize at = 0;

  while (self->frame < self->wanted && at < view->size)
    {
      if (!player_gst_mp3_header_parse (&header, view->data + at, view->size - at)
          || !player_gst_mp3_header_matches (&header, &self->first))
        {
          gsize short_of;

          if (!cut_find_frame (view, at, &self->first, &at, &header, &short_of))
            break;
        }
      if (view->size - at < header.size)
        break;
      at += header.size;
      self->frame++;
    }
  at = MIN (at, view->size);
  if (at > 0)
    {
      cut_keep (self, view->data, at);
      return cut_skip (at);
    }
  if (self->frame >= self->wanted)
    return cut_land (self, self->frame);
  return view->last ? cut_exhaust (self, view) : cut_more (view->size + 1);
}

static PlayerGstCutStep
cut_mp3_step (PlayerGstCut *cut, const PlayerGstCutView *view)
{
  CutMp3 *self = (CutMp3 *)cut;

  switch (self->state)
    {
    case STATE_FIND:
      return cut_find (self, view);
    case STATE_TAG:
      return cut_tag (self, view);
    case STATE_BEGIN:
      return cut_begin (self, view);
    case STATE_PROVE:
      return cut_prove (self, view);
    case STATE_COUNT:
      return cut_count (self, view);
    case STATE_DONE:
    default:
      return cut_pass (self);
    }
}

static const PlayerGstCutClass mp3_class = { .name = "MP3", .lands = TRUE, .step = cut_mp3_step };

PlayerGstCut *
player_gst_cut_mp3_new (PlayerGstTrim *trim)
{
  CutMp3 *self = player_gst_cut_alloc (sizeof (CutMp3), &mp3_class, trim);

  self->tag = (PlayerGstMp3Tag){ .frames = -1, .delay = -1 };
  return &self->parent;
}
