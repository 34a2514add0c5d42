/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <string.h>

#include "ctl-commands.h"
#include "ctl-document.h"
#include "ctl-parse.h"

/* What the command line says of a stream. */
typedef struct
{
  char *offset;
  char *token;
  char *title;
  GStrv headers;
  char *headers_file;
  gboolean enqueue;
  gboolean renewable;
} Stream;

static void
stream_clear (Stream *self)
{
  g_free (self->offset);
  g_free (self->token);
  g_free (self->title);
  g_strfreev (self->headers);
  g_free (self->headers_file);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Stream, stream_clear)

/* An absolute URL; a path becomes a file: URL. On failure complains. */
static char *
make_url (CtlContext *self, const char *text)
{
  g_autofree char *scheme = g_uri_parse_scheme (text);
  if (scheme != NULL)
    return g_strdup (text);
  g_autoptr (GFile) file = g_file_new_for_commandline_arg (text);
  GFileType type = g_file_query_file_type (file, G_FILE_QUERY_INFO_NONE, NULL);
  if (type == G_FILE_TYPE_REGULAR)
    return g_file_get_uri (file);
  ctl_complain (self,
                type == G_FILE_TYPE_UNKNOWN ? "\"%s\" is no URL, and there is no such file"
                                            : "\"%s\" is no URL, and no regular file",
                text);
  return NULL;
}

static gboolean
parse_offset (CtlContext *self, const char *offset, gint64 *offset_ms)
{
  gboolean relative = FALSE;

  if (offset == NULL)
    return TRUE;
  /* a plain number is milliseconds here, as in the protocol */
  g_autofree char *with_unit = strspn (offset, "0123456789") == strlen (offset)
                                   ? g_strconcat (offset, "ms", NULL)
                                   : g_strdup (offset);
  if (ctl_parse_position (with_unit, &relative, offset_ms) && !relative)
    return TRUE;
  ctl_usage (self, "\"%s\" is no offset; allowed: 5000, 5s, 1:23", offset);
  return FALSE;
}

/* One "Name: value". The value may be secret: it is not repeated. */
static gboolean
add_header (CtlContext *self, GVariantBuilder *headers, const char *line, const char *where)
{
  const char *colon = strchr (line, ':');

  if (colon == NULL || colon == line)
    {
      ctl_usage (self, "%s is not of the form \"Name: value\"", where);
      return FALSE;
    }
  g_autofree char *name = g_strstrip (g_strndup (line, (gsize)(colon - line)));
  g_autofree char *value = g_strstrip (g_strdup (colon + 1));
  g_variant_builder_add (headers, "{ss}", name, value);
  return TRUE;
}

static gboolean
add_headers_of_file (CtlContext *self, GVariantBuilder *headers, const char *name, int *status)
{
  g_autoptr (GBytes) bytes = ctl_document_read (self, name, status);
  if (bytes == NULL)
    return FALSE;
  gsize length = 0;
  const char *data = g_bytes_get_data (bytes, &length);
  if (!g_utf8_validate (data, (gssize)length, NULL))
    {
      ctl_complain (self, "%s is not a UTF-8 text", name);
      *status = EX_DATAERR;
      return FALSE;
    }
  g_autofree char *text = g_strndup (data, length);
  g_auto (GStrv) lines = g_strsplit (text, "\n", -1);
  for (guint i = 0; lines[i] != NULL; i++)
    {
      g_autofree char *where = g_strdup_printf ("%s, line %u,", name, i + 1);
      g_strstrip (lines[i]);
      if (*lines[i] == '\0' || *lines[i] == '#')
        continue;
      if (!add_header (self, headers, lines[i], where))
        {
          *status = EX_DATAERR;
          return FALSE;
        }
    }
  return TRUE;
}

/* (transfer full) (nullable): a{ss}; NULL after a complaint, with the exit status. */
static GVariant *
collect_headers (CtlContext *self, const Stream *stream, int *status)
{
  g_auto (GVariantBuilder) headers = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));

  *status = EX_USAGE;
  for (guint i = 0; stream->headers != NULL && stream->headers[i] != NULL; i++)
    if (!add_header (self, &headers, stream->headers[i], "a header"))
      return NULL;
  if (stream->headers_file != NULL
      && !add_headers_of_file (self, &headers, stream->headers_file, status))
    return NULL;
  return g_variant_ref_sink (g_variant_builder_end (&headers));
}

static void
add_option (GVariantBuilder *options, const char *name, GVariant *value)
{
  g_variant_builder_add (options, "{sv}", name, value);
}

/* (transfer floating): a{sv} */
static GVariant *
build_options (const Stream *stream, gint64 offset_ms, GVariant *headers)
{
  g_auto (GVariantBuilder) options = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);

  if (offset_ms > 0)
    add_option (&options, "offset-in-milliseconds", g_variant_new_int64 (offset_ms));
  if (stream->token != NULL)
    add_option (&options, "token", g_variant_new_string (stream->token));
  if (stream->title != NULL)
    add_option (&options, "title", g_variant_new_string (stream->title));
  if (stream->enqueue)
    add_option (&options, "behavior", g_variant_new_string ("enqueue"));
  if (stream->renewable)
    add_option (&options, "renewable", g_variant_new_boolean (TRUE));
  if (g_variant_n_children (headers) > 0)
    add_option (&options, "headers", headers);
  return g_variant_builder_end (&options);
}

static gboolean
is_plain (const Stream *stream, GVariant *headers)
{
  return stream->token == NULL && stream->title == NULL && !stream->enqueue && !stream->renewable
         && g_variant_n_children (headers) == 0;
}

int
ctl_run_play (CtlContext *self, int argc, char **argv)
{
  g_auto (Stream) stream = { 0 };
  const GOptionEntry entries[] = {
    { "offset", 'o', 0, G_OPTION_ARG_STRING, &stream.offset, NULL, NULL },
    { "token", 't', 0, G_OPTION_ARG_STRING, &stream.token, NULL, NULL },
    { "title", 0, 0, G_OPTION_ARG_STRING, &stream.title, NULL, NULL },
    { "header", 'H', 0, G_OPTION_ARG_STRING_ARRAY, &stream.headers, NULL, NULL },
    { "headers-file", 0, 0, G_OPTION_ARG_FILENAME, &stream.headers_file, NULL, NULL },
    { "enqueue", 'e', 0, G_OPTION_ARG_NONE, &stream.enqueue, NULL, NULL },
    { "renewable", 0, 0, G_OPTION_ARG_NONE, &stream.renewable, NULL, NULL },
    { NULL },
  };
  if (argc == 0)
    return ctl_run_button (self, 0, NULL);
  if (!ctl_take_options (self, entries, &argc, &argv))
    return EX_USAGE;
  if (argc != 1)
    return ctl_usage (self, argc == 0 ? "the URL is missing" : "one URL at a time");
  gint64 offset_ms = 0;
  if (!parse_offset (self, stream.offset, &offset_ms))
    return EX_USAGE;
  int status = EX_OK;
  g_autoptr (GVariant) headers = collect_headers (self, &stream, &status);
  if (headers == NULL)
    return status;
  g_autofree char *url = make_url (self, argv[0]);
  if (url == NULL)
    return EX_NOINPUT;
  g_autoptr (BusGenSegue1Player) player = ctl_context_get_player (self);
  if (player == NULL)
    return EX_UNAVAILABLE;
  g_autoptr (GError) error = NULL;
  gboolean ok
      = is_plain (&stream, headers)
            ? bus_gen_segue1_player_call_play_url_sync (player, url, offset_ms, NULL, &error)
            : bus_gen_segue1_player_call_play_stream_sync (
                player, url, build_options (&stream, offset_ms, headers), NULL, &error);
  return ok ? EX_OK : ctl_explain (self, error);
}

int
ctl_run_renew (CtlContext *self, int argc, char **argv)
{
  g_auto (Stream) stream = { 0 };
  const GOptionEntry entries[] = {
    { "token", 't', 0, G_OPTION_ARG_STRING, &stream.token, NULL, NULL },
    { "header", 'H', 0, G_OPTION_ARG_STRING_ARRAY, &stream.headers, NULL, NULL },
    { "headers-file", 0, 0, G_OPTION_ARG_FILENAME, &stream.headers_file, NULL, NULL },
    { NULL },
  };
  if (!ctl_take_options (self, entries, &argc, &argv))
    return EX_USAGE;
  if (argc != 1)
    return ctl_usage (self, argc == 0 ? "the URL is missing" : "one URL at a time");
  int status = EX_OK;
  g_autoptr (GVariant) headers = collect_headers (self, &stream, &status);
  if (headers == NULL)
    return status;
  g_autofree char *url = make_url (self, argv[0]);
  if (url == NULL)
    return EX_NOINPUT;
  g_autoptr (BusGenSegue1Player) player = ctl_context_get_player (self);
  if (player == NULL)
    return EX_UNAVAILABLE;
  g_autoptr (GError) error = NULL;
  if (!bus_gen_segue1_player_call_renew_url_sync (player, stream.token != NULL ? stream.token : "",
                                                  url, headers, NULL, &error))
    return ctl_explain (self, error);
  return EX_OK;
}
