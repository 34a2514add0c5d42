/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <string.h>

#include "player-gst-cut.h"
#include "player-gst-ogg.h"

/* Pages of Ogg say where they end, so that one is searched as frames of FLAC are. Where the stream ends
 * is said by its last page; what that has too much of is not dropped by demuxer and decoder. Streams
 * in parallel, or one after the other, are left as they are. */

/* Opus asks for 80 ms before the offset, Vorbis for one block. What Opus puts before the first sample is
 * left out at the beginning of the stream only. */
#define WARM_UP_MS 100
#define AIM_MS 700
#define NEAR_MS 2500
#define TAIL_BYTES (2 * PLAYER_GST_OGG_MAX_PAGE_BYTES)
#define MIN_GAP_BYTES 32768
#define MAX_GUESSES 40
/* Of a codec's setup. */
#define MAX_SETUP_BYTES 262144

typedef enum
{
  STATE_FIRST,
  STATE_HEADERS,
  STATE_AUDIO,
  STATE_TAIL,
  STATE_SEARCH,
  STATE_WATCH, /* for the end, on the way */
  STATE_DONE,
} State;

typedef struct
{
  guint64 at;
  gint64 sample; /* position with which a decoder begins here */
} Place;

typedef struct
{
  PlayerGstCut parent;

  State state;
  PlayerGstOggCodec codec;
  guint32 serial;
  guint n_packets;   /* of the headers, that have ended */
  GByteArray *setup; /* (owned) (nullable): Vorbis' third header so far */
  gint64 end;        /* position of the last page, -1: unknown */
  gint64 target;
  Place below;
  Place above;
  gint64 base;
  guint guesses;
} CutOgg;

static PlayerGstCutStep
cut_step (PlayerGstCutAct act, guint64 count)
{
  return (PlayerGstCutStep){ act, count, NULL };
}

static PlayerGstCutStep
cut_leave (CutOgg *self)
{
  self->state = STATE_DONE;
  return cut_step (PLAYER_GST_CUT_PASS, 0);
}

/* Decoders give as many samples as packets hold: there is nothing to be read from their labels. */
static PlayerGstCutStep
cut_land (CutOgg *self)
{
  player_gst_trim_set_counted (self->parent.trim, self->base);
  return cut_leave (self);
}

/* --- headers --- */

static PlayerGstCutStep
cut_first (CutOgg *self, const PlayerGstOggPage *page, const guint8 *data)
{
  if (!page->first
      || !player_gst_ogg_codec_parse (&self->codec, data + page->head, page->size - page->head))
    return cut_leave (self);
  self->serial = page->serial;
  self->n_packets = 1;
  self->state = STATE_HEADERS;
  return cut_step (PLAYER_GST_CUT_KEEP, page->size);
}

static PlayerGstCutStep
cut_headers (CutOgg *self, const PlayerGstOggPage *page, const guint8 *data)
{
  guint segment = 0;
  gsize at = 0;
  gsize packet;
  gsize size;
  gboolean rest;

  if (page->serial != self->serial || page->first)
    return cut_leave (self);
  while (player_gst_ogg_page_next (page, data, &segment, &at, &packet, &size, &rest))
    {
      if (self->n_packets == 2 && self->setup->len < MAX_SETUP_BYTES)
        g_byte_array_append (self->setup, data + packet, (guint)size);
      self->n_packets += rest ? 0 : 1;
    }
  if (self->n_packets >= self->codec.n_headers)
    self->state = STATE_AUDIO;
  if (self->state == STATE_AUDIO && self->codec.n_headers == 3
      && !player_gst_ogg_codec_parse_setup (&self->codec, self->setup->data, self->setup->len))
    self->state = STATE_DONE;
  return cut_step (PLAYER_GST_CUT_KEEP, page->size);
}

/* --- where it ends --- */

static PlayerGstCutStep
cut_audio (CutOgg *self, const PlayerGstCutView *view)
{
  self->below = (Place){ view->at, 0 };
  if (!view->seekable || view->file_size < 0)
    {
      if (view->file_size < 0)
        player_gst_trim_set_live (self->parent.trim);
      player_gst_trim_set_counted (self->parent.trim, 0);
      self->state = STATE_WATCH;
      return cut_step (PLAYER_GST_CUT_MORE, 1);
    }
  self->state = STATE_TAIL;
  if ((guint64)view->file_size <= view->at + TAIL_BYTES)
    return cut_step (PLAYER_GST_CUT_MORE, (guint64)view->file_size - view->at);
  return cut_step (PLAYER_GST_CUT_SEEK, (guint64)view->file_size - TAIL_BYTES);
}

/* The next page of the stream from *@at on. */
static gboolean
cut_find_page (CutOgg *self, const PlayerGstCutView *view, gsize *at, PlayerGstOggPage *page)
{
  for (; *at < view->size; (*at)++)
    {
      const guint8 *next = memmem (view->data + *at, view->size - *at, "OggS", 4);

      *at = next != NULL ? (gsize)(next - view->data) : view->size;
      if (next != NULL && player_gst_ogg_page_parse (page, next, view->size - *at)
          && page->size <= view->size - *at && player_gst_ogg_page_is_whole (page, next))
        return TRUE;
    }
  return FALSE;
}

static gint64
cut_read_end (CutOgg *self, const PlayerGstCutView *view)
{
  PlayerGstOggPage page;
  gint64 end = -1;

  for (gsize at = 0; cut_find_page (self, view, &at, &page); at += page.size)
    if (page.serial != self->serial)
      return -1;
    else if (page.position >= 0)
      end = page.position;
  return end;
}

static PlayerGstCutStep cut_search_on (CutOgg *self, guint64 at);

static PlayerGstCutStep
cut_tail (CutOgg *self, const PlayerGstCutView *view)
{
  const guint64 missing = (guint64)view->file_size - MIN (view->at, (guint64)view->file_size);

  if (view->size < missing && !view->last)
    return cut_step (PLAYER_GST_CUT_MORE, missing);
  self->end = cut_read_end (self, view);
  if (self->end >= self->codec.lead)
    player_gst_trim_set_stream (self->parent.trim, self->codec.rate, 0,
                                self->end - self->codec.lead);
  self->target = player_gst_trim_get_range (self->parent.trim, self->codec.rate).from
                 + self->codec.lead - (gint64)self->codec.rate * WARM_UP_MS / 1000;
  self->target = MIN (self->target, self->end - 1);
  self->above = (Place){ (guint64)view->file_size, self->end };
  return cut_search_on (self, view->at);
}

/* --- where to begin --- */

static gboolean
cut_is_near (CutOgg *self, gint64 sample, guint ms)
{
  return sample <= self->target && self->target - sample <= (gint64)self->codec.rate * ms / 1000;
}

static PlayerGstCutStep
cut_begin_below (CutOgg *self, guint64 at)
{
  if (at == self->below.at)
    return cut_land (self);
  self->state = STATE_DONE;
  self->base = MAX (self->below.sample - (gint64)self->codec.lead, 0);
  return cut_step (PLAYER_GST_CUT_SEEK, self->below.at);
}

static PlayerGstCutStep
cut_search_on (CutOgg *self, guint64 at)
{
  const guint64 bytes = self->above.at - self->below.at;
  const gint64 samples = self->above.sample - self->below.sample;
  const gint64 ahead = (gint64)self->codec.rate * AIM_MS / 1000;
  const gint64 wanted = MAX (self->target - self->below.sample - ahead, 0);
  guint64 step = bytes / 2;

  if (self->target <= 0 || !player_gst_trim_has_offset (self->parent.trim)
      || self->above.at <= self->below.at + MIN_GAP_BYTES || samples <= 0
      || self->guesses >= MAX_GUESSES || cut_is_near (self, self->below.sample, NEAR_MS))
    return cut_begin_below (self, at);
  if (++self->guesses % 3 != 0)
    step = (guint64)((double)wanted / (double)samples * (double)bytes);
  self->state = STATE_SEARCH;
  return cut_step (PLAYER_GST_CUT_SEEK, self->below.at + MIN (step, bytes - 1));
}

static PlayerGstCutStep
cut_search (CutOgg *self, const PlayerGstCutView *view)
{
  PlayerGstOggPage page;
  gint64 sample;

  for (gsize at = 0; cut_find_page (self, view, &at, &page); at += page.size)
    {
      if (page.serial != self->serial
          || !player_gst_ogg_codec_locate (&self->codec, &page, view->data + at, &sample))
        continue;
      if (cut_is_near (self, sample, NEAR_MS))
        {
          self->state = STATE_DONE;
          self->base = sample - self->codec.lead;
          return cut_step (PLAYER_GST_CUT_SKIP, at);
        }
      if (sample > self->target)
        self->above = (Place){ MAX (view->at, self->below.at + 1), sample };
      else
        self->below = (Place){ view->at + at, sample };
      return cut_search_on (self, view->at);
    }
  if (!view->last && view->size < 2 * TAIL_BYTES
      && view->at + view->size < (guint64)view->file_size)
    return cut_step (PLAYER_GST_CUT_MORE, view->size + 8192);
  self->above.at = view->at;
  return cut_search_on (self, view->at);
}

/* What cannot be sought is read through: its end is known when it comes. */
static PlayerGstCutStep
cut_watch (CutOgg *self, const PlayerGstOggPage *page)
{
  if (page->first || page->serial != self->serial)
    {
      player_gst_trim_set_stream (self->parent.trim, self->codec.rate, 0, -1);
      return cut_leave (self);
    }
  if (page->last && page->position >= self->codec.lead)
    player_gst_trim_set_stream (self->parent.trim, self->codec.rate, 0,
                                page->position - self->codec.lead);
  return cut_step (PLAYER_GST_CUT_KEEP, page->size);
}

/* --- steps --- */

static PlayerGstCutStep
cut_page_step (CutOgg *self, const PlayerGstCutView *view)
{
  PlayerGstOggPage page;

  if (!player_gst_ogg_page_parse (&page, view->data, view->size))
    {
      if (view->last || view->size >= PLAYER_GST_OGG_MAX_PAGE_BYTES
          || memcmp (view->data, "OggS", MIN (view->size, 4)) != 0)
        return cut_leave (self);
      return cut_step (PLAYER_GST_CUT_MORE, view->size + 256);
    }
  if (self->state == STATE_WATCH)
    return cut_watch (self, &page);
  if (page.size > view->size)
    return view->last ? cut_leave (self) : cut_step (PLAYER_GST_CUT_MORE, page.size);
  if (self->state == STATE_FIRST)
    return cut_first (self, &page, view->data);
  return cut_headers (self, &page, view->data);
}

static PlayerGstCutStep
cut_ogg_step (PlayerGstCut *cut, const PlayerGstCutView *view)
{
  CutOgg *self = (CutOgg *)cut;

  switch (self->state)
    {
    case STATE_FIRST:
    case STATE_HEADERS:
    case STATE_WATCH:
      return cut_page_step (self, view);
    case STATE_AUDIO:
      return cut_audio (self, view);
    case STATE_TAIL:
      return cut_tail (self, view);
    case STATE_SEARCH:
      return cut_search (self, view);
    case STATE_DONE:
    default:
      return self->codec.rate > 0 ? cut_land (self) : cut_leave (self);
    }
}

static void
cut_ogg_clear (PlayerGstCut *cut)
{
  CutOgg *self = (CutOgg *)cut;

  g_byte_array_unref (self->setup);
}

static const PlayerGstCutClass ogg_class
    = { .name = "Ogg", .lands = TRUE, .step = cut_ogg_step, .clear = cut_ogg_clear };

PlayerGstCut *
player_gst_cut_ogg_new (PlayerGstTrim *trim)
{
  CutOgg *self = player_gst_cut_alloc (sizeof (CutOgg), &ogg_class, trim);

  self->setup = g_byte_array_new ();
  self->end = -1;
  return &self->parent;
}
