/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-member.h"
#include "alexa-response-private.h"

#define MAX_CARD_CHARACTERS 8000
#define MAX_IMAGE_URL_CHARACTERS 2000

typedef enum
{
  SHOWS_TITLE = 1 << 0,
  SHOWS_CONTENT = 1 << 1,
  SHOWS_TEXT = 1 << 2,
  SHOWS_IMAGE = 1 << 3,
  SHOWS_PERMISSIONS = 1 << 4,
} Shows;

static const struct
{
  const char *name;
  Shows shows;
} card_types[] = {
  { "Simple", SHOWS_TITLE | SHOWS_CONTENT },
  { "Standard", SHOWS_TITLE | SHOWS_TEXT | SHOWS_IMAGE },
  { "LinkAccount", 0 },
  { "AskForPermissionsConsent", SHOWS_PERMISSIONS },
};

void
alexa_card_free (AlexaCard *self)
{
  if (self == NULL)
    return;
  g_free (self->type);
  g_free (self->title);
  g_free (self->content);
  g_free (self->text);
  g_free (self->small_image_url);
  g_free (self->large_image_url);
  g_strfreev (self->permissions);
  g_free (self);
}

static char *
read_image_url (JsonObject *image, const char *name, const char *path, GPtrArray *findings)
{
  const char *url = alexa_member_get_string (image, name, path, findings);
  if (url == NULL)
    return NULL;
  if (!alexa_member_within (url, MAX_IMAGE_URL_CHARACTERS, path, name, findings))
    alexa_lint_add (findings, ALEXA_LINT_CARD_IMAGE_URL_TOO_LONG, path, name);
  return g_strdup (url);
}

static void
read_image (AlexaCard *self, JsonObject *object, const char *path, GPtrArray *findings)
{
  JsonObject *image = alexa_member_get_object (object, "image", path, findings);
  if (image == NULL)
    return;
  g_autofree char *image_path = g_strconcat (path, ".image", NULL);
  self->small_image_url = read_image_url (image, "smallImageUrl", image_path, findings);
  self->large_image_url = read_image_url (image, "largeImageUrl", image_path, findings);
}

static void
read_permissions (AlexaCard *self, JsonObject *object, const char *path, GPtrArray *findings)
{
  JsonNode *node = alexa_member_get (object, "permissions");
  g_autoptr (GStrvBuilder) permissions = g_strv_builder_new ();
  guint n = 0;
  if (node != NULL && JSON_NODE_HOLDS_ARRAY (node))
    {
      JsonArray *array = json_node_get_array (node);
      for (guint i = 0; i < json_array_get_length (array); i++)
        {
          JsonNode *element = json_array_get_element (array, i);
          if (!alexa_member_is_string (element))
            continue;
          g_strv_builder_add (permissions, json_node_get_string (element));
          n++;
        }
    }
  if (n > 0)
    self->permissions = g_strv_builder_end (permissions);
  else
    alexa_lint_add (findings, ALEXA_LINT_CARD_PERMISSIONS_MISSING, path, "permissions");
}

static char *
read_text (
    JsonObject *object, const char *name, gboolean shown, const char *path, GPtrArray *findings)
{
  const char *text = alexa_member_get_string (object, name, path, findings);
  if (text == NULL || shown)
    return g_strdup (text);
  alexa_lint_add (findings, ALEXA_LINT_CARD_MEMBER_UNUSED, path, name);
  return NULL;
}

/* All texts and URLs of @object together, shown or not, are within the limit. */
static gboolean
is_within (JsonObject *object, const char *path, GPtrArray *findings)
{
  static const char *const texts[] = { "title", "content", "text" };
  static const char *const urls[] = { "smallImageUrl", "largeImageUrl" };
  g_autoptr (GString) all = g_string_new (NULL);
  for (guint i = 0; i < G_N_ELEMENTS (texts); i++)
    {
      JsonNode *node = alexa_member_get (object, texts[i]);
      if (node != NULL && alexa_member_is_string (node))
        g_string_append (all, json_node_get_string (node));
    }
  JsonNode *image = alexa_member_get (object, "image");
  for (guint i = 0; image != NULL && JSON_NODE_HOLDS_OBJECT (image) && i < G_N_ELEMENTS (urls); i++)
    {
      JsonNode *node = alexa_member_get (json_node_get_object (image), urls[i]);
      if (node != NULL && alexa_member_is_string (node))
        g_string_append (all, json_node_get_string (node));
    }
  return alexa_member_within (all->str, MAX_CARD_CHARACTERS, path, NULL, findings);
}

static gboolean
find_type (const char *name, Shows *shows)
{
  for (guint i = 0; i < G_N_ELEMENTS (card_types); i++)
    if (g_strcmp0 (name, card_types[i].name) == 0)
      {
        *shows = card_types[i].shows;
        return TRUE;
      }
  return FALSE;
}

AlexaCard *
alexa_card_parse (JsonObject *response, const char *path, GPtrArray *findings)
{
  JsonObject *object = alexa_member_get_object (response, "card", path, findings);
  if (object == NULL)
    return NULL;
  g_autofree char *card_path = g_strconcat (path, ".card", NULL);
  const char *type = alexa_member_get_string (object, "type", card_path, findings);
  Shows shows;
  if (!find_type (type, &shows))
    {
      alexa_lint_add (findings, ALEXA_LINT_CARD_TYPE, card_path, "type");
      return NULL;
    }
  if (!is_within (object, card_path, findings))
    alexa_lint_add (findings, ALEXA_LINT_CARD_TOO_LONG, card_path, NULL);
  AlexaCard *self = g_new0 (AlexaCard, 1);
  self->type = g_strdup (type);
  self->title = read_text (object, "title", shows & SHOWS_TITLE, card_path, findings);
  self->content = read_text (object, "content", shows & SHOWS_CONTENT, card_path, findings);
  self->text = read_text (object, "text", shows & SHOWS_TEXT, card_path, findings);
  if (shows & SHOWS_IMAGE)
    read_image (self, object, card_path, findings);
  else if (alexa_member_get (object, "image") != NULL)
    alexa_lint_add (findings, ALEXA_LINT_CARD_MEMBER_UNUSED, card_path, "image");
  if (shows & SHOWS_PERMISSIONS)
    read_permissions (self, object, card_path, findings);
  return self;
}
