/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "gst-audio.h"

#include <gst/gst.h>
#include <string.h>

guint32
gst_audio_code (guint file, guint index)
{
  return (index & 0xffff) | (file << 24) | ((index >> 16) << 16);
}

gboolean
gst_audio_decode (guint32 frame, guint *file, guint *index)
{
  *file = frame >> 24;
  *index = (frame & 0xffff) | ((frame >> 16 & 0xff) << 16);
  return *file != 0;
}

static void
put (GByteArray *to, guint32 value, guint bytes)
{
  const guint32 little = GUINT32_TO_LE (value);

  g_byte_array_append (to, (const guint8 *)&little, bytes);
}

void
gst_audio_write_wav (const char *path, guint file, guint frames, guint rate)
{
  g_autoptr (GByteArray) wav = g_byte_array_new ();
  g_autoptr (GError) error = NULL;

  g_byte_array_append (wav, (const guint8 *)"RIFF", 4);
  put (wav, 36 + frames * 4, 4);
  g_byte_array_append (wav, (const guint8 *)"WAVEfmt ", 8);
  put (wav, 16, 4);
  put (wav, 1, 2);
  put (wav, 2, 2);
  put (wav, rate, 4);
  put (wav, rate * 4, 4);
  put (wav, 4, 2);
  put (wav, 16, 2);
  g_byte_array_append (wav, (const guint8 *)"data", 4);
  put (wav, frames * 4, 4);
  for (guint i = 0; i < frames; i++)
    put (wav, gst_audio_code (file, i), 4);
  g_file_set_contents (path, (const char *)wav->data, wav->len, &error);
  g_assert_no_error (error);
}

void
gst_audio_run_pipeline (const char *description)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GstElement) pipeline = gst_parse_launch (description, &error);
  g_assert_no_error (error);
  g_autoptr (GstBus) bus = gst_element_get_bus (pipeline);

  gst_element_set_state (pipeline, GST_STATE_PLAYING);
  g_autoptr (GstMessage) message
      = gst_bus_timed_pop_filtered (bus, 60 * GST_SECOND, GST_MESSAGE_EOS | GST_MESSAGE_ERROR);
  g_assert_nonnull (message);
  g_assert_cmpint (GST_MESSAGE_TYPE (message), ==, GST_MESSAGE_EOS);
  gst_element_set_state (pipeline, GST_STATE_NULL);
}
