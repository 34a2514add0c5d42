/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-document.h"

/* Larger than any answer that is obeyed. */
#define MAX_DOCUMENT_BYTES (1024 * 1024)

GBytes *
ctl_document_read (CtlContext *self, const char *name, int *status)
{
  g_autoptr (GFile) file
      = g_file_new_for_commandline_arg (g_strcmp0 (name, "-") == 0 ? "/dev/stdin" : name);
  g_autoptr (GError) error = NULL;
  g_autoptr (GFileInputStream) stream = g_file_read (file, NULL, &error);
  g_autofree char *text = g_malloc (MAX_DOCUMENT_BYTES + 1);
  gsize length = 0;
  if (stream == NULL
      || !g_input_stream_read_all (G_INPUT_STREAM (stream), text, MAX_DOCUMENT_BYTES + 1, &length,
                                   NULL, &error))
    {
      ctl_complain (self, "cannot read %s: %s", name, error->message);
      *status = EX_NOINPUT;
      return NULL;
    }
  if (length > MAX_DOCUMENT_BYTES)
    {
      ctl_complain (self, "%s is larger than 1 MB", name);
      *status = EX_DATAERR;
      return NULL;
    }
  return g_bytes_new_take (g_steal_pointer (&text), length);
}
