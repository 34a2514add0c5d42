/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-cutter.h"

#include <gst/base/gstadapter.h>

#include "player-gst-cut.h"
#include "player-gst-plugins.h"

/* What an answer may lead to without a byte being dealt with: more is no arithmetic, but a fault. */
/* What reads tags holds them in memory, three times over; a larger one is left out. */
#define MAX_ID3_BYTES (16 << 20)
#define MAX_IDLE_STEPS 100

struct _PlayerGstCutter
{
  GstElement parent_instance;

  GstPad *sink;        /* (unowned) */
  GstPad *source;      /* (unowned) */
  PlayerGstTrim *trim; /* (owned) */

  /* streaming thread */
  PlayerGstCut *cut;   /* (owned) (nullable) */
  GstAdapter *adapter; /* (owned): what has not been dealt with */
  guint64 at;          /* byte of the file that the adapter begins with */
  guint64 wanted;      /* bytes that are to be there before the next step */
  guint64 run;         /* bytes that go the same way without being looked at */
  gboolean run_kept;
  gboolean passing;      /* all goes on as it comes */
  gboolean segment_sent; /* for those that land by themselves: one, whatever the source seeks */
  guint64 sent_bytes;
  gint64 told_duration_ns;
  gboolean located; /* at is known */

  gint owning;  /* atomic: nothing downstream is to seek */
  gint jumping; /* atomic: the flush that comes is ours */
};

G_DEFINE_FINAL_TYPE (PlayerGstCutter, player_gst_cutter, GST_TYPE_ELEMENT)

static GstStaticPadTemplate sink_template
    = GST_STATIC_PAD_TEMPLATE ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);
static GstStaticPadTemplate source_template
    = GST_STATIC_PAD_TEMPLATE ("src", GST_PAD_SRC, GST_PAD_ALWAYS, GST_STATIC_CAPS_ANY);

/* --- what the source says --- */

static gboolean
cutter_is_seekable (PlayerGstCutter *self)
{
  g_autoptr (GstQuery) query = gst_query_new_seeking (GST_FORMAT_BYTES);
  gboolean seekable = FALSE;

  if (gst_pad_peer_query (self->sink, query))
    gst_query_parse_seeking (query, NULL, &seekable, NULL, NULL);
  return seekable;
}

static gint64
cutter_get_size (PlayerGstCutter *self)
{
  gint64 size = -1;

  return gst_pad_peer_query_duration (self->sink, GST_FORMAT_BYTES, &size) ? size : -1;
}

/* --- downstream --- */

static GstFlowReturn
cutter_push (PlayerGstCutter *self, GstBuffer *buffer)
{
  if (g_atomic_int_get (&self->owning))
    {
      buffer = gst_buffer_make_writable (buffer);
      GST_BUFFER_OFFSET (buffer) = self->sent_bytes;
      self->sent_bytes += gst_buffer_get_size (buffer);
      GST_BUFFER_OFFSET_END (buffer) = self->sent_bytes;
      if (GST_BUFFER_OFFSET (buffer) > 0)
        GST_BUFFER_FLAG_UNSET (buffer, GST_BUFFER_FLAG_DISCONT);
    }
  return gst_pad_push (self->source, buffer);
}

static GstFlowReturn
cutter_keep (PlayerGstCutter *self, gsize size)
{
  if (size == 0)
    return GST_FLOW_OK;
  GstBuffer *buffer = gst_adapter_take_buffer_fast (self->adapter, size);

  buffer = gst_buffer_make_writable (buffer);
  GST_BUFFER_OFFSET (buffer) = self->at;
  GST_BUFFER_OFFSET_END (buffer) = self->at + size;
  self->at += size;
  return cutter_push (self, buffer);
}

static void
cutter_skip (PlayerGstCutter *self, gsize size)
{
  gst_adapter_flush (self->adapter, size);
  self->at += size;
}

static GstFlowReturn
cutter_pass (PlayerGstCutter *self)
{
  self->passing = TRUE;
  /* A format, but not one of which the arithmetic is known. */
  if (!player_gst_trim_is_landed (self->trim))
    g_atomic_int_set (&self->owning, FALSE);
  return cutter_keep (self, gst_adapter_available (self->adapter));
}

static GstFlowReturn
cutter_replace (PlayerGstCutter *self, const PlayerGstCutStep *step)
{
  GstBuffer *buffer = gst_buffer_new_wrapped_bytes (step->bytes);

  GST_BUFFER_OFFSET (buffer) = self->at;
  GST_BUFFER_OFFSET_END (buffer) = self->at + step->count;
  cutter_skip (self, step->count);
  return cutter_push (self, buffer);
}

/* What has been read to its end is not what is to be heard. */
static void
cutter_tell_moved (PlayerGstCutter *self)
{
  GstStructure *structure = gst_structure_new_empty (PLAYER_GST_MESSAGE_MOVED);

  gst_element_post_message (GST_ELEMENT (self),
                            gst_message_new_element (GST_OBJECT (self), structure));
}

/* FALSE: the source cannot. In the streaming thread: the source takes its own lock again. */
static gboolean
cutter_jump (PlayerGstCutter *self, guint64 to)
{
  GstEvent *seek = gst_event_new_seek (1.0, GST_FORMAT_BYTES, GST_SEEK_FLAG_FLUSH,
                                       GST_SEEK_TYPE_SET, (gint64)to, GST_SEEK_TYPE_NONE, -1);

  g_debug ("%s: reads on at byte %" G_GUINT64_FORMAT, GST_OBJECT_NAME (self), to);
  g_atomic_int_set (&self->jumping, TRUE);
  const gboolean done = gst_pad_push_event (self->sink, seek);
  g_atomic_int_set (&self->jumping, FALSE);
  if (!done)
    return FALSE;
  cutter_tell_moved (self);
  gst_adapter_clear (self->adapter);
  self->at = to;
  self->run = 0;
  self->wanted = 1;
  return TRUE;
}

/* --- steps --- */

static void
cutter_tell_duration (PlayerGstCutter *self)
{
  const gint64 duration_ns = player_gst_trim_get_duration_ns (self->trim);

  if (duration_ns == self->told_duration_ns)
    return;
  self->told_duration_ns = duration_ns;
  gst_element_post_message (GST_ELEMENT (self),
                            gst_message_new_duration_changed (GST_OBJECT (self)));
}

/* Bytes that are known to go one way. */
static GstFlowReturn
cutter_run (PlayerGstCutter *self)
{
  const gsize size = (gsize)MIN (self->run, gst_adapter_available (self->adapter));

  self->run -= size;
  if (self->run_kept)
    return cutter_keep (self, size);
  cutter_skip (self, size);
  return GST_FLOW_OK;
}

static GstFlowReturn
cutter_sniff (PlayerGstCutter *self, gboolean last)
{
  const gsize size = gst_adapter_available (self->adapter);
  guint8 head[PLAYER_GST_CUT_SNIFF_BYTES] = { 0 };

  if (size < sizeof head && !last)
    {
      self->wanted = sizeof head;
      return GST_FLOW_OK;
    }
  gst_adapter_copy (self->adapter, head, 0, MIN (size, sizeof head));
  const gsize id3 = player_gst_cut_sniff_id3 (head, MIN (size, sizeof head));
  if (id3 > 0)
    {
      self->run = id3;
      self->run_kept = id3 <= MAX_ID3_BYTES;
      return GST_FLOW_OK;
    }
  self->cut = player_gst_cut_sniff (head, MIN (size, sizeof head), self->trim);
  if (self->cut == NULL)
    return cutter_pass (self);
  if (player_gst_cut_is_aac (self->cut))
    player_gst_plugins_expect_aac ();
  g_atomic_int_set (&self->owning, player_gst_cut_lands (self->cut));
  return GST_FLOW_OK;
}

static GstFlowReturn
cutter_step (PlayerGstCutter *self, gboolean last, gboolean *jumped)
{
  const gsize size = gst_adapter_available (self->adapter);
  const PlayerGstCutView view = {
    .data = gst_adapter_map (self->adapter, size),
    .size = size,
    .at = self->at,
    .file_size = cutter_get_size (self),
    .last = last,
    .seekable = cutter_is_seekable (self),
  };
  const PlayerGstCutStep step = player_gst_cut_step (self->cut, &view);
  g_autoptr (GBytes) bytes = step.bytes;

  gst_adapter_unmap (self->adapter);
  cutter_tell_duration (self);
  switch (step.act)
    {
    case PLAYER_GST_CUT_MORE:
      self->wanted = step.count;
      return last && step.count > size ? cutter_pass (self) : GST_FLOW_OK;
    case PLAYER_GST_CUT_SKIP:
    case PLAYER_GST_CUT_KEEP:
      self->run = step.count;
      self->run_kept = step.act == PLAYER_GST_CUT_KEEP;
      return GST_FLOW_OK;
    case PLAYER_GST_CUT_INSTEAD:
      return cutter_replace (self, &step);
    case PLAYER_GST_CUT_SEEK:
      *jumped = cutter_jump (self, step.count);
      return *jumped ? GST_FLOW_OK : cutter_pass (self);
    case PLAYER_GST_CUT_PASS:
    default:
      return cutter_pass (self);
    }
}

/* @jumped: (out): what follows is read elsewhere. */
static GstFlowReturn
cutter_work (PlayerGstCutter *self, gboolean last, gboolean *jumped)
{
  GstFlowReturn flow = GST_FLOW_OK;
  guint idle_steps = 0;

  *jumped = FALSE;
  while (flow == GST_FLOW_OK && !self->passing && !*jumped)
    {
      const gsize size = gst_adapter_available (self->adapter);

      if (self->run > 0 && size > 0)
        flow = cutter_run (self);
      else if (size == 0 || (size < self->wanted && !last))
        break;
      else
        {
          self->wanted = 1;
          flow = self->cut == NULL ? cutter_sniff (self, last) : cutter_step (self, last, jumped);
          if (idle_steps++ > MAX_IDLE_STEPS)
            flow = cutter_pass (self);
        }
      if (gst_adapter_available (self->adapter) < size)
        idle_steps = 0;
    }
  return flow;
}

static GstFlowReturn
cutter_chain (GstPad *pad, GstObject *parent, GstBuffer *buffer)
{
  PlayerGstCutter *self = PLAYER_GST_CUTTER (parent);
  gboolean jumped;

  if (self->passing)
    return cutter_push (self, buffer);
  if (!self->located && GST_BUFFER_OFFSET_IS_VALID (buffer))
    self->at = GST_BUFFER_OFFSET (buffer);
  self->located = TRUE;
  gst_adapter_push (self->adapter, buffer);
  return cutter_work (self, FALSE, &jumped);
}

/* --- events --- */

static void
cutter_reset (PlayerGstCutter *self)
{
  gst_adapter_clear (self->adapter);
  self->run = 0;
  self->wanted = 1;
  self->located = FALSE;
}

static gboolean
cutter_on_segment (PlayerGstCutter *self, GstEvent *event)
{
  GstSegment segment;

  /* While it is not known which format it is, it is the first. */
  if (!g_atomic_int_get (&self->owning))
    {
      self->segment_sent = TRUE;
      return gst_pad_push_event (self->source, event);
    }
  gst_event_unref (event);
  if (self->segment_sent)
    return TRUE;
  self->segment_sent = TRUE;
  gst_segment_init (&segment, GST_FORMAT_BYTES);
  return gst_pad_push_event (self->source, gst_event_new_segment (&segment));
}

static gboolean
cutter_on_eos (PlayerGstCutter *self, GstEvent *event)
{
  gboolean jumped = FALSE;

  if (!self->passing)
    {
      cutter_work (self, TRUE, &jumped);
      if (!jumped && !self->passing)
        cutter_pass (self);
    }
  if (!jumped)
    return gst_pad_push_event (self->source, event);
  gst_event_unref (event);
  return TRUE;
}

static gboolean
cutter_sink_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  PlayerGstCutter *self = PLAYER_GST_CUTTER (parent);

  switch (GST_EVENT_TYPE (event))
    {
    case GST_EVENT_FLUSH_START:
    case GST_EVENT_FLUSH_STOP:
      if (g_atomic_int_get (&self->jumping))
        {
          gst_event_unref (event);
          return TRUE;
        }
      if (GST_EVENT_TYPE (event) == GST_EVENT_FLUSH_STOP)
        cutter_reset (self);
      return gst_pad_event_default (pad, parent, event);
    case GST_EVENT_SEGMENT:
      return cutter_on_segment (self, event);
    case GST_EVENT_EOS:
      return cutter_on_eos (self, event);
    default:
      return gst_pad_event_default (pad, parent, event);
    }
}

static gboolean
cutter_source_event (GstPad *pad, GstObject *parent, GstEvent *event)
{
  PlayerGstCutter *self = PLAYER_GST_CUTTER (parent);

  if (GST_EVENT_TYPE (event) == GST_EVENT_SEEK && g_atomic_int_get (&self->owning))
    {
      gst_event_unref (event);
      return FALSE;
    }
  if (GST_EVENT_TYPE (event) != GST_EVENT_SEEK)
    return gst_pad_event_default (pad, parent, event);
  const gboolean done = gst_pad_push_event (self->sink, event);
  if (done)
    cutter_tell_moved (self);
  return done;
}

/* What is fed cannot be read at will. */
static gboolean
cutter_answer_scheduling (PlayerGstCutter *self, GstQuery *query)
{
  g_autoptr (GstQuery) ours = gst_query_new_scheduling ();
  GstSchedulingFlags flags = GST_SCHEDULING_FLAG_SEQUENTIAL;
  gint min = 1;
  gint max = -1;
  gint align = 0;

  if (gst_pad_peer_query (self->sink, ours))
    gst_query_parse_scheduling (ours, &flags, &min, &max, &align);
  gst_query_set_scheduling (query, flags, min, max, align);
  gst_query_add_scheduling_mode (query, GST_PAD_MODE_PUSH);
  return TRUE;
}

static gboolean
cutter_source_query (GstPad *pad, GstObject *parent, GstQuery *query)
{
  PlayerGstCutter *self = PLAYER_GST_CUTTER (parent);
  GstFormat format;

  if (GST_QUERY_TYPE (query) == GST_QUERY_SCHEDULING)
    return cutter_answer_scheduling (self, query);
  if (GST_QUERY_TYPE (query) == GST_QUERY_SEEKING && g_atomic_int_get (&self->owning))
    {
      gst_query_parse_seeking (query, &format, NULL, NULL, NULL);
      gst_query_set_seeking (query, format, FALSE, 0, -1);
      return TRUE;
    }
  return gst_pad_query_default (pad, parent, query);
}

/* --- object --- */

GstElement *
player_gst_cutter_new (PlayerGstTrim *trim)
{
  PlayerGstCutter *self = g_object_new (PLAYER_TYPE_GST_CUTTER, NULL);

  self->trim = player_gst_trim_ref (trim);
  return GST_ELEMENT (self);
}

static void
player_gst_cutter_finalize (GObject *object)
{
  PlayerGstCutter *self = PLAYER_GST_CUTTER (object);

  g_clear_pointer (&self->cut, player_gst_cut_free);
  g_clear_object (&self->adapter);
  g_clear_pointer (&self->trim, player_gst_trim_unref);
  G_OBJECT_CLASS (player_gst_cutter_parent_class)->finalize (object);
}

static void
player_gst_cutter_class_init (PlayerGstCutterClass *class)
{
  GstElementClass *element_class = GST_ELEMENT_CLASS (class);

  G_OBJECT_CLASS (class)->finalize = player_gst_cutter_finalize;
  gst_element_class_add_static_pad_template (element_class, &sink_template);
  gst_element_class_add_static_pad_template (element_class, &source_template);
  gst_element_class_set_static_metadata (element_class, "Segue cutter", "Generic",
                                         "Feeds decoders from an exact offset on",
                                         "The Segue authors");
}

static void
player_gst_cutter_init (PlayerGstCutter *self)
{
  self->adapter = gst_adapter_new ();
  self->wanted = 1;
  self->told_duration_ns = -1;
  self->sink = gst_pad_new_from_static_template (&sink_template, "sink");
  gst_pad_set_chain_function (self->sink, cutter_chain);
  gst_pad_set_event_function (self->sink, cutter_sink_event);
  GST_PAD_SET_PROXY_CAPS (self->sink);
  gst_element_add_pad (GST_ELEMENT (self), self->sink);
  self->source = gst_pad_new_from_static_template (&source_template, "src");
  gst_pad_set_event_function (self->source, cutter_source_event);
  gst_pad_set_query_function (self->source, cutter_source_query);
  gst_element_add_pad (GST_ELEMENT (self), self->source);
}
