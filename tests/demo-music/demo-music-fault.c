/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "demo-music-fault.h"

#include <gio/gio.h>

#include "demo-json.h"
#include "demo-music-answer.h"

struct _DemoMusicFault
{
  char *name;       /* (owned) */
  DemoFault *plain; /* (owned): what it matches, how often, and the fault if it is of these */
  JsonObject *description; /* (owned) */
};

typedef void (*Spoil) (const DemoMusicFault *self, JsonObject *request, JsonObject *answer);

/* (nullable): the item that @answer brings. */
static JsonObject *
get_item (JsonObject *answer)
{
  JsonObject *item = demo_json_get_object (answer, "payload.item");
  return item != NULL ? item : demo_json_get_object (answer, "payload.playbackMethod.firstItem");
}

static JsonObject *
get_stream (JsonObject *answer)
{
  JsonObject *item = get_item (answer);
  return item != NULL ? demo_json_get_object (item, "stream") : NULL;
}

static const char *
get_value (const DemoMusicFault *self)
{
  const char *value = demo_json_get_string (self->description, "value");
  return value != NULL ? value : "other";
}

static const char *
get_namespace (const char *type)
{
  static const char *const rows[][2] = {
    { "CONTENT_NOT_FOUND", "Alexa.Media" },  { "ITEM_NOT_FOUND", "Alexa.Audio" },
    { "INVALID_ITEM", "Alexa.Media" },       { "DEVICE_LIMIT_REACHED", "Alexa.Media" },
    { "SKIP_LIMIT_REACHED", "Alexa.Audio" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (rows); i++)
    if (g_str_equal (rows[i][0], type))
      return rows[i][1];
  return "Alexa";
}

static void
spoil_error (const DemoMusicFault *self, JsonObject *request, JsonObject *answer)
{
  const char *type = demo_json_get_string (self->description, "type");
  const char *namespace = demo_json_get_string (self->description, "namespace");
  const char *message = demo_json_get_string (self->description, "message");
  if (type == NULL)
    type = "INTERNAL_ERROR";
  g_autoptr (JsonObject) error
      = demo_music_answer_refuse (namespace != NULL ? namespace : get_namespace (type), type,
                                  message != NULL ? message : "This was asked for.",
                                  demo_json_get_string (self->description, "retry_period"));
  json_object_set_object_member (answer, "header",
                                 json_object_ref (demo_json_get_object (error, "header")));
  json_object_set_object_member (answer, "payload",
                                 json_object_ref (demo_json_get_object (error, "payload")));
}

static void
spoil_namespace (const DemoMusicFault *self, JsonObject *request, JsonObject *answer)
{
  const char *namespace = demo_json_get_string (request, "header.namespace");
  JsonObject *header = demo_json_get_object (answer, "header");
  if (header != NULL && namespace != NULL)
    json_object_set_string_member (header, "namespace", namespace);
}

static void
set_valid_until (JsonObject *answer, const char *text)
{
  JsonObject *stream = get_stream (answer);
  if (stream != NULL && text != NULL)
    json_object_set_string_member (stream, "validUntil", text);
  else if (stream != NULL && json_object_has_member (stream, "validUntil"))
    json_object_remove_member (stream, "validUntil");
}

static void
spoil_stale (const DemoMusicFault *self, JsonObject *request, JsonObject *answer)
{
  set_valid_until (answer, "2018-05-10T19:11:35Z");
}

static void
spoil_no_valid_until (const DemoMusicFault *self, JsonObject *request, JsonObject *answer)
{
  set_valid_until (answer, NULL);
}

static void
spoil_valid_until (const DemoMusicFault *self, JsonObject *request, JsonObject *answer)
{
  set_valid_until (answer, get_value (self));
}

static void
spoil_uri (const DemoMusicFault *self, JsonObject *request, JsonObject *answer)
{
  JsonObject *stream = get_stream (answer);
  if (stream == NULL)
    return;
  g_autofree char *dead = g_strconcat (json_object_get_string_member (stream, "uri"), "0", NULL);
  json_object_set_string_member (stream, "uri", dead);
}

static void
spoil_null_item (const DemoMusicFault *self, JsonObject *request, JsonObject *answer)
{
  JsonObject *payload = demo_json_get_object (answer, "payload");
  if (payload == NULL)
    return;
  json_object_set_null_member (payload, "item");
  if (json_object_has_member (payload, "isQueueFinished"))
    json_object_set_boolean_member (payload, "isQueueFinished", TRUE);
}

static void
spoil_other_item (const DemoMusicFault *self, JsonObject *request, JsonObject *answer)
{
  JsonObject *item = get_item (answer);
  if (item != NULL)
    json_object_set_string_member (item, "id", get_value (self));
}

static void
spoil_controls (const DemoMusicFault *self, JsonObject *request, JsonObject *answer)
{
  JsonObject *item = get_item (answer);
  JsonObject *queue = demo_json_get_object (answer, "payload.playbackMethod");
  if (item != NULL)
    json_object_set_array_member (item, "controls", json_array_new ());
  if (queue != NULL)
    json_object_set_array_member (queue, "controls", json_array_new ());
}

static const struct
{
  const char *name;
  Spoil spoil; /* (nullable): one of DemoFault's */
} kinds[] = {
  { "late", NULL },
  { "cut", NULL },
  { "status", NULL },
  { "garbage", NULL },
  { "empty", NULL },
  { "body", NULL },
  { "answer", NULL },
  { "error", spoil_error },
  { "request-namespace", spoil_namespace },
  { "stale", spoil_stale },
  { "no-valid-until", spoil_no_valid_until },
  { "valid-until", spoil_valid_until },
  { "dead-uri", spoil_uri },
  { "null-item", spoil_null_item },
  { "other-item", spoil_other_item },
  { "no-controls", spoil_controls },
};

/* FALSE if there is none of that name. */
static gboolean
find_kind (const char *name, Spoil *spoil)
{
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    if (g_strcmp0 (kinds[i].name, name) == 0)
      {
        *spoil = kinds[i].spoil;
        return TRUE;
      }
  return FALSE;
}

char *
demo_music_fault_names (void)
{
  GString *names = g_string_new (NULL);
  for (gsize i = 0; i < G_N_ELEMENTS (kinds); i++)
    g_string_append_printf (names, "%s%s", i > 0 ? ", " : "", kinds[i].name);
  return g_string_free (names, FALSE);
}

DemoMusicFault *
demo_music_fault_new (JsonObject *description, GError **error)
{
  const char *name = demo_json_get_string (description, "fault");
  Spoil spoil = NULL;
  if (!find_kind (name, &spoil))
    {
      g_autofree char *names = demo_music_fault_names ();
      g_set_error (error, G_IO_ERROR, G_IO_ERROR_INVALID_ARGUMENT, "no fault \"%s\"; allowed: %s",
                   name != NULL ? name : "", names);
      return NULL;
    }
  DemoMusicFault *self = g_new0 (DemoMusicFault, 1);
  self->name = g_strdup (name);
  self->description = json_object_ref (description);
  if (spoil == NULL)
    self->plain = demo_fault_new (description, NULL);
  else
    {
      g_autoptr (JsonObject) plain = json_object_new ();
      json_object_set_string_member (plain, "fault", "late");
      json_object_set_int_member (plain, "delay_ms",
                                  demo_json_get_int (description, "delay_ms", 0));
      json_object_set_int_member (plain, "count", demo_json_get_int (description, "count", 1));
      const char *on = demo_json_get_string (description, "on");
      if (on != NULL)
        json_object_set_string_member (plain, "on", on);
      self->plain = demo_fault_new (plain, NULL);
    }
  return self;
}

DemoMusicFault *
demo_music_fault_new_parse (const char *text, GError **error)
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
  return description != NULL ? demo_music_fault_new (description, error) : NULL;
}

void
demo_music_fault_free (DemoMusicFault *self)
{
  if (self == NULL)
    return;
  g_free (self->name);
  demo_fault_free (self->plain);
  json_object_unref (self->description);
  g_free (self);
}

const char *
demo_music_fault_get_name (const DemoMusicFault *self)
{
  return self->name;
}

gboolean
demo_music_fault_matches (const DemoMusicFault *self, const char *name)
{
  return demo_fault_matches (self->plain, name, NULL);
}

gboolean
demo_music_fault_use (DemoMusicFault *self)
{
  if (self->plain->left > 1)
    self->plain->left--;
  else if (self->plain->left == 1)
    return TRUE;
  return FALSE;
}

DemoReply *
demo_music_fault_apply (const DemoMusicFault *self, JsonObject *request, JsonObject *answer)
{
  Spoil spoil = NULL;
  if (self != NULL && find_kind (self->name, &spoil) && spoil != NULL)
    spoil (self, request, answer);
  return demo_fault_apply (self != NULL ? self->plain : NULL, answer);
}
