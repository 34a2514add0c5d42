/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "gst-stall.h"

#include <gst/base/gstbasetransform.h>

#define GST_TYPE_STALL (gst_stall_get_type ())
G_DECLARE_FINAL_TYPE (GstStall, gst_stall, GST, STALL, GstBaseTransform)

struct _GstStall
{
  GstBaseTransform parent_instance;

  guint every;
  guint ms;
  guint count;
};

G_DEFINE_FINAL_TYPE (GstStall, gst_stall, GST_TYPE_BASE_TRANSFORM)

enum
{
  PROP_EVERY = 1,
  PROP_MS,
};

static GstFlowReturn
gst_stall_transform_ip (GstBaseTransform *transform, GstBuffer *buffer)
{
  GstStall *self = GST_STALL (transform);

  if (++self->count % self->every == 0)
    g_usleep (self->ms * 1000);
  return GST_FLOW_OK;
}

static void
gst_stall_set_property (GObject *object, guint id, const GValue *value, GParamSpec *pspec)
{
  GstStall *self = GST_STALL (object);

  if (id == PROP_EVERY)
    self->every = g_value_get_uint (value);
  else
    self->ms = g_value_get_uint (value);
}

static void
gst_stall_class_init (GstStallClass *class)
{
  const GParamFlags flags = G_PARAM_WRITABLE | G_PARAM_STATIC_STRINGS;
  g_autoptr (GstCaps) caps = gst_caps_new_any ();

  G_OBJECT_CLASS (class)->set_property = gst_stall_set_property;
  GST_BASE_TRANSFORM_CLASS (class)->transform_ip = gst_stall_transform_ip;
  g_object_class_install_property (
      G_OBJECT_CLASS (class), PROP_EVERY,
      g_param_spec_uint ("every", NULL, NULL, 1, G_MAXUINT, G_MAXUINT, flags));
  g_object_class_install_property (G_OBJECT_CLASS (class), PROP_MS,
                                   g_param_spec_uint ("ms", NULL, NULL, 0, 10000, 0, flags));
  gst_element_class_add_pad_template (
      GST_ELEMENT_CLASS (class), gst_pad_template_new ("sink", GST_PAD_SINK, GST_PAD_ALWAYS, caps));
  gst_element_class_add_pad_template (
      GST_ELEMENT_CLASS (class), gst_pad_template_new ("src", GST_PAD_SRC, GST_PAD_ALWAYS, caps));
  gst_element_class_set_static_metadata (GST_ELEMENT_CLASS (class), "Stall", "Filter",
                                         "Holds up buffers", "The Segue authors");
}

static void
gst_stall_init (GstStall *self)
{
  self->every = G_MAXUINT;
}

gboolean
gst_stall_register (void)
{
  return gst_element_register (NULL, "seguestall", GST_RANK_NONE, GST_TYPE_STALL);
}
