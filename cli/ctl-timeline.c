/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-timeline.h"

#include <sys/ioctl.h>
#include <unistd.h>

#include "alexa/alexa-ssml.h"
#include "ctl-json.h"
#include "ctl-timeline-music.h"
#include "ctl-timeline-part.h"
#include "ctl-text.h"

#define BAR_CELLS 24

typedef void (*FormatFunc) (GString *out, GVariant *args);

typedef struct
{
  const char *member;
  const char *signature;
  const char *glyph;
  const char *ascii;
  const char *colour;
  FormatFunc format;
} Row;

CtlStyle
ctl_style_detect (void)
{
  CtlStyle style = { 0 };
  const char *term = g_getenv ("TERM");
  style.utf8 = g_get_charset (NULL);
  if (!isatty (STDOUT_FILENO) || g_strcmp0 (term, "dumb") == 0)
    return style;
  const char *no_colour = g_getenv ("NO_COLOR");
  style.colour = no_colour == NULL || no_colour[0] == '\0';
  struct winsize size;
  style.columns
      = ioctl (STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0 ? size.ws_col : 80;
  return style;
}

static void
append_slots (GString *out, GVariant *document)
{
  g_autoptr (GVariant) slots = ctl_json_get_object (document, "request.intent.slots");
  if (slots == NULL)
    return;
  GVariantIter iter;
  g_variant_iter_init (&iter, slots);
  const char *name;
  GVariant *slot;
  while (g_variant_iter_loop (&iter, "{&sv}", &name, &slot))
    {
      g_autofree char *value = ctl_json_get (slot, "value");
      g_autofree char *label = g_strconcat (name, "=", NULL);
      g_autofree char *clean = ctl_text_clean (label, CTL_TIMELINE_TOKEN_CHARS);
      ctl_timeline_part (out, clean, value != NULL ? value : "-");
    }
}

static void
format_request (GString *out, GVariant *args)
{
  const char *type;
  const char *json;
  g_variant_get (args, "(&s&s&s&s)", NULL, NULL, &type, &json);
  g_autoptr (GVariant) document = ctl_json_parse (json);
  ctl_timeline_part_text (out, type);
  ctl_timeline_part_member (out, document, "", "request.intent.name");
  append_slots (out, document);
  ctl_timeline_part_member (out, document, "", "request.token");
  ctl_timeline_part_offset (out, document, "request.offsetInMilliseconds");
  ctl_timeline_part_member (out, document, "", "request.reason");
  ctl_timeline_part_member (out, document, "", "request.error.type");
  ctl_timeline_music_request (out, document);
}

static void
format_answer (GString *out, GVariant *args)
{
  guint32 status;
  guint32 elapsed_ms;
  const char *json;
  g_variant_get (args, "(&s&suu&s)", NULL, NULL, &status, &elapsed_ms, &json);
  if (status == 0)
    g_string_append_printf (out, "document");
  else
    g_string_append_printf (out, "%u in %u ms", status, elapsed_ms);
  ctl_timeline_music_answer (out, json);
}

static void
format_failed (GString *out, GVariant *args)
{
  const char *error;
  const char *message;
  g_variant_get (args, "(&s&s&s&s)", NULL, NULL, &error, &message);
  g_autofree char *text = g_strdup_printf ("%s: %s", error, message);
  ctl_timeline_part_text (out, text);
}

static void
format_stream_failed (GString *out, GVariant *args)
{
  const char *token;
  const char *error;
  const char *message;
  g_variant_get (args, "(&s&s&s&s)", NULL, &token, &error, &message);
  g_autofree char *clean = ctl_text_clean (token, CTL_TIMELINE_TOKEN_CHARS);
  g_autofree char *text = g_strdup_printf ("%s does not play: %s: %s", clean, error, message);
  ctl_timeline_part_text (out, text);
}

static void
format_directive (GString *out, GVariant *args)
{
  const char *type;
  const char *json;
  const char *verdict;
  g_variant_get (args, "(&s&s&s&s&s)", NULL, NULL, &type, &json, &verdict);
  g_autoptr (GVariant) document = ctl_json_parse (json);
  ctl_timeline_part_text (out, type);
  ctl_timeline_part_member (out, document, "", "playBehavior");
  ctl_timeline_part_member (out, document, "", "clearBehavior");
  ctl_timeline_part_member (out, document, "", "audioItem.stream.token");
  ctl_timeline_part_member (out, document, "after ", "audioItem.stream.expectedPreviousToken");
  g_autofree char *offset = ctl_json_get (document, "audioItem.stream.offsetInMilliseconds");
  if (g_strcmp0 (offset, "0") != 0)
    ctl_timeline_part_offset (out, document, "audioItem.stream.offsetInMilliseconds");
  g_string_append (out, ": ");
  ctl_timeline_part_text (out, verdict);
}

static void
format_finding (GString *out, GVariant *args)
{
  const char *id;
  const char *severity;
  const char *path;
  const char *message;
  g_variant_get (args, "(&s&s&s&s&s&s&s)", NULL, NULL, &id, &severity, &path, &message, NULL);
  g_autofree char *text = g_strdup_printf ("%s: %s%s%s [%s]", severity, path,
                                           path[0] != '\0' ? ": " : "", message, id);
  ctl_timeline_part_text (out, text);
}

static void
format_card (GString *out, GVariant *args)
{
  const char *json;
  g_variant_get (args, "(&s&s&s)", NULL, NULL, &json);
  g_autoptr (GVariant) card = ctl_json_parse (json);
  g_autofree char *title = ctl_json_get (card, "title");
  g_autofree char *content = ctl_json_get (card, "content");
  g_autofree char *text = content == NULL ? ctl_json_get (card, "text") : g_strdup (content);
  g_autofree char *line = g_strdup_printf ("%s%s%s", title != NULL ? title : "card",
                                           text != NULL ? ": " : "", text != NULL ? text : "");
  ctl_timeline_part_text (out, line);
}

static void
format_speech (GString *out, GVariant *args)
{
  const char *type;
  const char *text;
  gboolean reprompt;
  g_variant_get (args, "(&s&s&s&sb)", NULL, NULL, &type, &text, &reprompt);
  g_autofree char *plain
      = g_strcmp0 (type, "SSML") == 0 ? alexa_ssml_to_text (text) : g_strdup (text);
  g_string_append (out, reprompt ? "(reprompt) " : "");
  ctl_timeline_part_text (out, plain);
}

static void
format_speech_state (GString *out, GVariant *args)
{
  const char *state;
  const char *message;
  g_variant_get (args, "(&s&s&s&s)", NULL, NULL, &state, &message);
  g_string_append (out, "speech ");
  ctl_timeline_part_text (out, state);
  if (*message != '\0')
    {
      g_string_append (out, ": ");
      ctl_timeline_part_text (out, message);
    }
}

static void
format_can_fulfill (GString *out, GVariant *args)
{
  const char *json;
  g_variant_get (args, "(&s&s&s)", NULL, NULL, &json);
  g_autoptr (GVariant) document = ctl_json_parse (json);
  g_autofree char *can = ctl_json_get (document, "canFulfill");
  g_string_append (out, "can fulfill: ");
  ctl_timeline_part_text (out, can != NULL ? can : "not told");
}

static void
format_session (GString *out, GVariant *args)
{
  const char *skill;
  const char *reason;
  gboolean open;
  g_variant_get (args, "(&s&sb&s)", &skill, NULL, &open, &reason);
  g_string_append (out, open ? "session opened" : "session ended");
  ctl_timeline_part (out, "", skill);
  ctl_timeline_part (out, "", reason);
}

static void
format_activity (GString *out, GVariant *args)
{
  const char *activity;
  const char *token;
  gint64 offset_ms;
  g_variant_get (args, "(&s&sx)", &activity, &token, &offset_ms);
  ctl_timeline_part_text (out, activity);
  ctl_timeline_part (out, "", token);
  g_autofree char *position = ctl_text_position (offset_ms, TRUE);
  if (token[0] != '\0')
    g_string_append_printf (out, "  %s", position);
}

static void
format_seeked (GString *out, GVariant *args)
{
  gint64 ms;
  g_variant_get (args, "(x)", &ms);
  g_autofree char *position = ctl_text_position (ms, TRUE);
  g_string_append_printf (out, "position is now %s", position);
}

static void
format_refused (GString *out, GVariant *args)
{
  const char *token;
  const char *message;
  g_variant_get (args, "(&s&s)", &token, &message);
  g_autofree char *clean = ctl_text_clean (token, CTL_TIMELINE_TOKEN_CHARS);
  g_autofree char *text
      = g_strdup_printf ("%s is refused: %s; another URL is waited for", clean, message);
  ctl_timeline_part_text (out, text);
}

static void
format_output (GString *out, GVariant *args)
{
  const char *state = "";
  const char *message = "";
  g_variant_lookup (args, "state", "&s", &state);
  g_variant_lookup (args, "message", "&s", &message);
  g_autofree char *text
      = g_strconcat ("output ", state, *message != '\0' ? ": " : "", message, NULL);
  ctl_timeline_part_text (out, text);
}

#define RED "31"
#define GREEN "32"
#define YELLOW "33"
#define BLUE "34"
#define MAGENTA "35"
#define CYAN "36"
#define GREY "90"

static const Row rows[] = {
  { "RequestSent", "(ssss)", "→", "->", CYAN, format_request },
  { "AnswerReceived", "(ssuus)", "←", "<-", CYAN, format_answer },
  { "RequestFailed", "(ssss)", "✗", "!!", RED, format_failed },
  { "Directive", "(sssss)", "◆", "*", MAGENTA, format_directive },
  { "Finding", "(sssssss)", "!", "!", YELLOW, format_finding },
  { "Card", "(sss)", "▤", "#", BLUE, format_card },
  { "Speech", "(ssssb)", "“", "\"", BLUE, format_speech },
  { "SpeechState", "(ssss)", "”", "\"", BLUE, format_speech_state },
  { "CanFulfillAnswered", "(sss)", "?", "?", MAGENTA, format_can_fulfill },
  { "Session", "(ssbs)", "○", "o", GREY, format_session },
  { "Activity", "(ssx)", "♪", "~", GREEN, format_activity },
  { "StreamFailed", "(ssss)", "✗", "!!", RED, format_stream_failed },
  { "UrlRefused", "(ss)", "✗", "!!", YELLOW, format_refused },
  { "Output", "a{sv}", "♫", "%", YELLOW, format_output },
  { "Music", "a{sv}", "♬", "=", GREEN, ctl_timeline_music_changed },
  { "Seeked", "(x)", "↷", ">>", GREEN, format_seeked },
};

static char *
make_line (
    const CtlStyle *style, gint64 t_ms, const char *colour, const char *glyph, const char *text)
{
  g_autofree char *clock = g_strdup_printf ("%4d.%03d", (int)(t_ms / 1000), (int)(t_ms % 1000));
  const char *padding = g_utf8_strlen (glyph, -1) < 2 ? " " : "";
  if (!style->colour)
    return g_strdup_printf ("%s  %s%s %s", clock, glyph, padding, text);
  return g_strdup_printf ("\033[" GREY "m%s\033[0m  \033[%sm%s\033[0m%s %s", clock, colour, glyph,
                          padding, text);
}

char *
ctl_timeline_format (const CtlStyle *style, gint64 t_ms, const char *member, GVariant *args)
{
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      const Row *row = &rows[i];
      if (g_strcmp0 (row->member, member) != 0
          || !g_variant_is_of_type (args, G_VARIANT_TYPE (row->signature)))
        continue;
      g_autoptr (GString) text = g_string_new (NULL);
      row->format (text, args);
      if (text->len == 0)
        return NULL;
      return make_line (style, t_ms, row->colour, style->utf8 ? row->glyph : row->ascii, text->str);
    }
  return NULL;
}

gboolean
ctl_timeline_is_remark (const char *member, GVariant *args)
{
  const char *severity = NULL;
  if (g_strcmp0 (member, "Finding") != 0
      || !g_variant_is_of_type (args, G_VARIANT_TYPE ("(sssssss)")))
    return FALSE;
  g_variant_get_child (args, 3, "&s", &severity);
  return g_strcmp0 (severity, "info") == 0;
}

char *
ctl_timeline_note (const CtlStyle *style, gint64 t_ms, const char *text)
{
  g_autofree char *clean = ctl_text_clean (text, CTL_TIMELINE_TEXT_CHARS);
  return make_line (style, t_ms, GREY, style->utf8 ? "·" : "-", clean);
}

static void
append_bar (GString *out, const CtlStyle *style, gint64 offset_ms, gint64 duration_ms)
{
  if (duration_ms <= 0)
    return;
  int filled = (int)CLAMP (offset_ms * BAR_CELLS / duration_ms, 0, BAR_CELLS);
  g_string_append (out, style->utf8 ? "  " : "  [");
  for (int i = 0; i < BAR_CELLS; i++)
    g_string_append (out, style->utf8 ? (i < filled ? "━" : "─") : (i < filled ? "=" : "."));
  g_string_append (out, style->utf8 ? "" : "]");
}

char *
ctl_timeline_position (const CtlStyle *style, gint64 t_ms, GVariant *properties)
{
  gint64 offset_ms = -1;
  gint64 duration_ms = -1;
  const char *token = "";
  const char *title = NULL;
  g_variant_lookup (properties, "OffsetInMilliseconds", "x", &offset_ms);
  g_variant_lookup (properties, "DurationInMilliseconds", "x", &duration_ms);
  g_variant_lookup (properties, "Token", "&s", &token);
  g_autoptr (GVariant) metadata
      = g_variant_lookup_value (properties, "Metadata", G_VARIANT_TYPE_VARDICT);
  if (metadata != NULL)
    g_variant_lookup (metadata, "title", "&s", &title);
  g_autofree char *name = ctl_text_clean (title != NULL ? title : token, CTL_TIMELINE_TOKEN_CHARS);
  g_autofree char *offset = ctl_text_position (offset_ms, FALSE);
  g_autofree char *duration = ctl_text_position (duration_ms, FALSE);
  g_autoptr (GString) text = g_string_new (NULL);
  g_string_append_printf (text, "%s / %s", offset, duration);
  append_bar (text, style, offset_ms, duration_ms);
  g_string_append_printf (text, "  %s", name);
  /* a line that is rewritten in place must not wrap: the clock and the glyph take 13 columns */
  gsize room = style->columns > 24 ? style->columns - 14 : 0;
  g_autofree char *fitting = ctl_text_clean (text->str, room);
  return make_line (style, t_ms, GREEN, style->utf8 ? "▸" : ">", fitting);
}
