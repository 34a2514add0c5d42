/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "demo-fault.h"

#include <gio/gio.h>

#include "demo-answer.h"
#include "demo-json.h"

#define LATE_MS 10000
#define TOO_LARGE_BYTES (130 * 1024)

typedef void (*DemoFaultFunc) (const DemoFault *self, JsonObject *answer, DemoReply *reply);

typedef struct
{
  const char *name;
  DemoFaultFunc spoil; /* (nullable): for what a delay alone does */
} DemoFaultKind;

static void
spoil_cut (const DemoFault *self, JsonObject *answer, DemoReply *reply)
{
  reply->cut = TRUE;
}

static void
spoil_status (const DemoFault *self, JsonObject *answer, DemoReply *reply)
{
  reply->status = self->status != 0 ? self->status : 500;
  reply->content_type = g_strdup (self->content_type);
  reply->body = g_strdup (self->body);
}

static void
spoil_garbage (const DemoFault *self, JsonObject *answer, DemoReply *reply)
{
  reply->body = g_strdup ("<html><body>It works!</body></html>");
}

static void
spoil_empty (const DemoFault *self, JsonObject *answer, DemoReply *reply)
{
  reply->body = g_strdup ("");
}

static void
set_head (const DemoFault *self, DemoReply *reply)
{
  reply->status = self->status != 0 ? self->status : 200;
  reply->content_type = g_strdup (self->content_type);
}

static void
spoil_body (const DemoFault *self, JsonObject *answer, DemoReply *reply)
{
  set_head (self, reply);
  reply->body = g_strdup (self->body != NULL ? self->body : "null");
}

static void
spoil_answer (const DemoFault *self, JsonObject *answer, DemoReply *reply)
{
  set_head (self, reply);
  reply->body = self->answer != NULL ? demo_json_print (self->answer) : g_strdup ("{}");
}

static void
spoil_too_large (const DemoFault *self, JsonObject *answer, DemoReply *reply)
{
  g_autofree char *filling = g_strnfill (TOO_LARGE_BYTES, 'x');
  demo_answer_say (answer, filling);
}

static void
spoil_wrong_types (const DemoFault *self, JsonObject *answer, DemoReply *reply)
{
  reply->body = g_strdup ("{\"version\":1,\"response\":{\"outputSpeech\":[],"
                          "\"shouldEndSession\":\"yes\",\"directives\":{\"type\":7}}}");
}

static void
spoil_unknown_directive (const DemoFault *self, JsonObject *answer, DemoReply *reply)
{
  JsonObject *directive = json_object_new ();
  json_object_set_string_member (directive, "type", "Demo.DanceAround");
  json_object_set_int_member (directive, "turns", 3);
  demo_answer_add_directive (answer, directive);
}

static void
spoil_no_url (const DemoFault *self, JsonObject *answer, DemoReply *reply)
{
  json_object_set_object_member (answer, "response", json_object_new ());
  demo_answer_play (answer, &(DemoPlay){ .behavior = "REPLACE_ALL", .token = "track-1" });
}

static void
spoil_no_token (const DemoFault *self, JsonObject *answer, DemoReply *reply)
{
  JsonNode *node = demo_json_get (answer, "response.directives");
  JsonArray *directives
      = node != NULL && JSON_NODE_HOLDS_ARRAY (node) ? json_node_get_array (node) : NULL;
  for (guint i = 0; directives != NULL && i < json_array_get_length (directives); i++)
    {
      JsonObject *stream = demo_json_get_object (json_array_get_object_element (directives, i),
                                                 "audioItem.stream");
      if (stream != NULL)
        json_object_remove_member (stream, "token");
    }
}

static void
spoil_play (const DemoFault *self, JsonObject *answer, DemoReply *reply)
{
  demo_answer_play (answer, &(DemoPlay){ .behavior = "REPLACE_ALL",
                                         .url = "https://demo.invalid/forbidden.mp3",
                                         .token = "forbidden" });
}

static void
spoil_speech (const DemoFault *self, JsonObject *answer, DemoReply *reply)
{
  demo_answer_say (answer, "Speech where none belongs.");
}

static void
spoil_open_session (const DemoFault *self, JsonObject *answer, DemoReply *reply)
{
  demo_answer_end_session (answer, FALSE);
}

static const DemoFaultKind kinds[] = {
  { "late", NULL },
  { "cut", spoil_cut },
  { "status", spoil_status },
  { "garbage", spoil_garbage },
  { "empty", spoil_empty },
  { "body", spoil_body },
  { "answer", spoil_answer },
  { "too-large", spoil_too_large },
  { "wrong-types", spoil_wrong_types },
  { "unknown-directive", spoil_unknown_directive },
  { "no-url", spoil_no_url },
  { "no-token", spoil_no_token },
  { "play", spoil_play },
  { "speech", spoil_speech },
  { "open-session", spoil_open_session },
};

static const DemoFaultKind *
find_kind (const char *name)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].name, name) == 0)
      return &kinds[i];
  return NULL;
}

char *
demo_fault_names (void)
{
  GString *names = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", kinds[i].name);
  return g_string_free (names, FALSE);
}

DemoFault *
demo_fault_new (JsonObject *description, GError **error)
{
  const char *name = demo_json_get_string (description, "fault");
  if (find_kind (name) == NULL)
    {
      g_autofree char *names = demo_fault_names ();
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no fault \"%s\"; allowed: %s",
                   name != NULL ? name : "", names);
      return NULL;
    }
  DemoFault *self = g_new0 (DemoFault, 1);
  gboolean late = g_strcmp0 (name, "late") == 0;
  self->name = g_strdup (name);
  self->on = g_strdup (demo_json_get_string (description, "on"));
  self->left = MAX (demo_json_get_int (description, "count", 1), 0);
  self->delay_ms = MAX (demo_json_get_int (description, "delay_ms", late ? LATE_MS : 0), 0);
  self->status = CLAMP (demo_json_get_int (description, "status", 0), 0, 599);
  self->body = g_strdup (demo_json_get_string (description, "body"));
  self->content_type = g_strdup (demo_json_get_string (description, "content_type"));
  JsonObject *answer = demo_json_get_object (description, "answer");
  self->answer = answer != NULL ? json_object_ref (answer) : NULL;
  return self;
}

DemoFault *
demo_fault_new_parse (const char *text, GError **error)
{
  g_autoptr (JsonObject) description = NULL;
  if (text[0] == '{')
    description = demo_json_parse_object (text, -1, error);
  else
    {
      g_auto (GStrv) parts = g_strsplit (text, "@", 2);
      description = json_object_new ();
      json_object_set_string_member (description, "fault", parts[0] != NULL ? parts[0] : "");
      if (parts[0] != NULL && parts[1] != NULL)
        json_object_set_string_member (description, "on", parts[1]);
    }
  return description != NULL ? demo_fault_new (description, error) : NULL;
}

DemoFault *
demo_fault_copy (const DemoFault *self)
{
  DemoFault *copy = g_new (DemoFault, 1);
  *copy = *self;
  copy->name = g_strdup (self->name);
  copy->on = g_strdup (self->on);
  copy->body = g_strdup (self->body);
  copy->content_type = g_strdup (self->content_type);
  copy->answer = self->answer != NULL ? json_object_ref (self->answer) : NULL;
  return copy;
}

void
demo_fault_free (DemoFault *self)
{
  if (self == NULL)
    return;
  g_clear_pointer (&self->answer, json_object_unref);
  g_free (self->body);
  g_free (self->content_type);
  g_free (self->name);
  g_free (self->on);
  g_free (self);
}

gboolean
demo_fault_matches (const DemoFault *self, const char *type, const char *intent)
{
  return self->on == NULL || g_strcmp0 (self->on, type) == 0
         || (intent != NULL && g_strcmp0 (self->on, intent) == 0);
}

DemoReply *
demo_fault_apply (const DemoFault *self, JsonObject *answer)
{
  DemoReply *reply = g_new0 (DemoReply, 1);
  reply->status = 200;
  if (self != NULL)
    {
      const DemoFaultKind *kind = find_kind (self->name);
      reply->delay_ms = self->delay_ms;
      if (kind->spoil != NULL)
        kind->spoil (self, answer, reply);
    }
  if (reply->body == NULL)
    reply->body = demo_json_print (answer);
  return reply;
}

void
demo_reply_free (DemoReply *self)
{
  if (self == NULL)
    return;
  g_free (self->body);
  g_free (self->content_type);
  g_free (self);
}
