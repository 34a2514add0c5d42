/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-response.h"

#include "alexa-directive-private.h"
#include "alexa-json.h"
#include "alexa-member.h"
#include "alexa-response-private.h"

#include <string.h>

/* 120 KB may also be read as this many bytes. */
#define LARGE_BYTES 120000

/* clang-format off */
G_DEFINE_QUARK (alexa-response-error-quark, alexa_response_error)
/* clang-format on */

static AlexaResponse *
response_new (JsonNode *root)
{
  AlexaResponse *self = g_new0 (AlexaResponse, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->root = json_node_ref (root);
  self->directives = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_directive_free);
  self->reprompt_directives = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_directive_free);
  self->findings = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_finding_free);
  return self;
}

AlexaResponse *
alexa_response_ref (AlexaResponse *self)
{
  g_return_val_if_fail (self != NULL, NULL);

  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
alexa_response_unref (AlexaResponse *self)
{
  g_return_if_fail (self != NULL);

  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  json_node_unref (self->root);
  g_free (self->version);
  g_clear_pointer (&self->session_attributes, g_bytes_unref);
  alexa_speech_free (self->speech);
  alexa_speech_free (self->reprompt);
  g_ptr_array_unref (self->reprompt_directives);
  alexa_card_free (self->card);
  g_clear_pointer (&self->card_node, json_node_unref);
  g_ptr_array_unref (self->directives);
  g_clear_pointer (&self->can_fulfill_intent, json_node_unref);
  g_clear_pointer (&self->api_response, json_node_unref);
  g_ptr_array_unref (self->findings);
  g_free (self);
}

static gboolean
is_blank (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  for (gsize i = 0; i < size; i++)
    if (strchr (" \t\r\n", data[i]) == NULL || data[i] == '\0')
      return FALSE;
  return TRUE;
}

/* The document; an empty body, and "" as some frameworks send it, are `null`. */
static JsonNode *
read_root (GBytes *bytes, GBytes **attributes, AlexaJsonLoss *loss, GError **error)
{
  if (g_bytes_get_size (bytes) <= ALEXA_RESPONSE_MAX_BYTES && is_blank (bytes))
    return json_node_new (JSON_NODE_NULL);
  g_autoptr (GError) local = NULL;
  g_autoptr (JsonNode) root = alexa_json_parse_keeping (
      bytes, ALEXA_RESPONSE_MAX_BYTES, "sessionAttributes", attributes, loss, &local);
  if (root == NULL)
    {
      gboolean too_large = g_error_matches (local, ALEXA_JSON_ERROR, ALEXA_JSON_ERROR_TOO_LARGE);
      g_set_error (error, ALEXA_RESPONSE_ERROR,
                   too_large ? ALEXA_RESPONSE_ERROR_TOO_LARGE : ALEXA_RESPONSE_ERROR_NOT_JSON,
                   "%s%s", too_large ? "" : "Not JSON: ", local->message);
      return NULL;
    }
  if (alexa_member_is_string (root) && *json_node_get_string (root) == '\0')
    return json_node_new (JSON_NODE_NULL);
  return g_steal_pointer (&root);
}

static gboolean
fail_type (const char *path, JsonNode *node, const char *expected, GError **error)
{
  g_set_error (error, ALEXA_RESPONSE_ERROR, ALEXA_RESPONSE_ERROR_TYPE,
               "%s is of type %s in place of %s", path, alexa_member_type_name (node), expected);
  return FALSE;
}

static gboolean
is_empty_object (JsonNode *node)
{
  return JSON_NODE_HOLDS_OBJECT (node) && json_object_get_size (json_node_get_object (node)) == 0;
}

/* The members without which nothing can be made of an answer. */
static gboolean
check_structure (JsonNode *root, GError **error)
{
  if (JSON_NODE_HOLDS_NULL (root))
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (root))
    return fail_type ("The document", root, "object", error);
  JsonNode *response = alexa_member_get (json_node_get_object (root), "response");
  if (response == NULL)
    return TRUE;
  if (!JSON_NODE_HOLDS_OBJECT (response))
    return fail_type ("response", response, "object", error);
  JsonObject *object = json_node_get_object (response);
  JsonNode *directives = alexa_member_get (object, "directives");
  if (directives != NULL && !JSON_NODE_HOLDS_ARRAY (directives) && !is_empty_object (directives))
    return fail_type ("response.directives", directives, "array", error);
  JsonNode *end = alexa_member_get (object, "shouldEndSession");
  if (end != NULL && g_strcmp0 (alexa_member_type_name (end), "boolean") != 0)
    return fail_type ("response.shouldEndSession", end, "boolean", error);
  return TRUE;
}

static void
read_session_attributes (AlexaResponse *self, GBytes *raw)
{
  switch (alexa_session_attributes_kind (raw))
    {
    case ALEXA_SESSION_ATTRIBUTES_NONE:
      break;
    case ALEXA_SESSION_ATTRIBUTES_EMPTY:
    case ALEXA_SESSION_ATTRIBUTES_OBJECT:
      self->session_attributes = g_bytes_ref (raw);
      break;
    case ALEXA_SESSION_ATTRIBUTES_EMPTY_ARRAY:
      self->session_attributes = g_bytes_new_static ("{}", 2);
      alexa_lint_add (self->findings, ALEXA_LINT_SESSION_ATTRIBUTES_ARRAY, "sessionAttributes",
                      NULL);
      break;
    case ALEXA_SESSION_ATTRIBUTES_OTHER:
    default:
      alexa_lint_add (self->findings, ALEXA_LINT_MEMBER_TYPE, "sessionAttributes", NULL);
      break;
    }
}

/* What is good JSON and could not be kept as it is. */
static void
lint_loss (AlexaResponse *self, const AlexaJsonLoss *loss)
{
  if (loss->n_characters > 0)
    alexa_lint_add_message (self->findings, ALEXA_LINT_BODY_CHARACTER, "", NULL,
                            "A character that no text can hold (line %u, column %u) is replaced.",
                            loss->character_line, loss->character_column);
  if (loss->n_numbers > 0)
    alexa_lint_add_message (self->findings, ALEXA_LINT_BODY_NUMBER, "", NULL,
                            "A number beyond 64 bit (line %u, column %u) is taken as the nearest "
                            "double.",
                            loss->number_line, loss->number_column);
}

static AlexaEndSession
read_end_session (JsonObject *response)
{
  JsonNode *node = json_object_get_member (response, "shouldEndSession");
  if (node == NULL)
    return ALEXA_END_SESSION_ABSENT;
  if (JSON_NODE_HOLDS_NULL (node))
    return ALEXA_END_SESSION_NULL;
  return json_node_get_boolean (node) ? ALEXA_END_SESSION_TRUE : ALEXA_END_SESSION_FALSE;
}

static void
read_directives (AlexaResponse *self, JsonObject *response, gboolean http_media, const char *origin)
{
  JsonNode *node = alexa_member_get (response, "directives");
  if (node == NULL)
    return;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      alexa_lint_add (self->findings, ALEXA_LINT_EMPTY_OBJECT, "response.directives", NULL);
      return;
    }
  JsonArray *array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *path = g_strdup_printf ("response.directives[%u]", i);
      JsonNode *element = json_array_get_element (array, i);
      g_ptr_array_add (self->directives,
                       alexa_directive_parse (element, path, http_media, origin, self->findings));
    }
}

/* All directives of a reprompt are kept; none is one the player could obey. */
static void
read_reprompt_directives (AlexaResponse *self, JsonObject *reprompt)
{
  JsonNode *node = alexa_member_get (reprompt, "directives");
  if (node == NULL)
    return;
  if (!JSON_NODE_HOLDS_ARRAY (node))
    {
      alexa_lint_add (self->findings, ALEXA_LINT_MEMBER_TYPE, "response.reprompt.directives", NULL);
      return;
    }
  g_autoptr (GPtrArray) unused
      = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_finding_free);
  JsonArray *array = json_node_get_array (node);
  for (guint i = 0; i < json_array_get_length (array); i++)
    {
      g_autofree char *path = g_strdup_printf ("response.reprompt.directives[%u]", i);
      JsonNode *element = json_array_get_element (array, i);
      AlexaDirective *directive = alexa_directive_parse (element, path, FALSE, "", unused);
      g_ptr_array_add (self->reprompt_directives, directive);
      gboolean is_apla = g_str_equal (directive->type, "Alexa.Presentation.APLA.RenderDocument");
      g_clear_pointer (&directive->refused, g_free);
      alexa_directive_refuse (directive, self->findings,
                              is_apla ? ALEXA_LINT_DIRECTIVE_APLA : ALEXA_LINT_REPROMPT_DIRECTIVE,
                              path, NULL, NULL);
    }
}

static JsonNode *
ref_member (JsonObject *object, const char *name)
{
  JsonNode *node = alexa_member_get (object, name);
  return node != NULL ? json_node_ref (node) : NULL;
}

static void
read_response (AlexaResponse *self, JsonObject *response, gboolean http_media, const char *origin)
{
  self->has_response = TRUE;
  self->speech = alexa_speech_parse (response, "response", FALSE, http_media, self->findings);
  JsonObject *reprompt = alexa_member_get_object (response, "reprompt", "response", self->findings);
  if (reprompt != NULL)
    {
      self->reprompt
          = alexa_speech_parse (reprompt, "response.reprompt", TRUE, http_media, self->findings);
      read_reprompt_directives (self, reprompt);
    }
  self->card = alexa_card_parse (response, "response", self->findings);
  if (self->card != NULL)
    self->card_node = ref_member (response, "card");
  read_directives (self, response, http_media, origin);
  self->should_end_session = read_end_session (response);
  self->can_fulfill_intent = ref_member (response, "canFulfillIntent");
  self->api_response = ref_member (response, "apiResponse");
}

static void
read_version (AlexaResponse *self, JsonObject *document)
{
  JsonNode *version = alexa_member_get (document, "version");
  self->version = version != NULL ? alexa_member_to_text (version) : NULL;
  if (version == NULL || !alexa_member_is_string (version) || g_strcmp0 (self->version, "1.0") != 0)
    alexa_lint_add (self->findings, ALEXA_LINT_VERSION, "version", NULL);
}

static void
read_document (AlexaResponse *self, GBytes *attributes, gboolean http_media, const char *origin)
{
  if (!JSON_NODE_HOLDS_OBJECT (self->root))
    return;
  JsonObject *document = json_node_get_object (self->root);
  JsonNode *response = alexa_member_get (document, "response");
  /* `{}` and the like are a good way to say nothing. */
  if (json_object_get_size (document) > 0)
    read_version (self, document);
  read_session_attributes (self, attributes);
  if (response != NULL)
    read_response (self, json_node_get_object (response), http_media, origin);
}

static void
lint_bytes (AlexaResponse *self, GBytes *bytes)
{
  gsize size;
  const guint8 *data = g_bytes_get_data (bytes, &size);
  if (size >= 3 && memcmp (data, "\xef\xbb\xbf", 3) == 0)
    alexa_lint_add (self->findings, ALEXA_LINT_BODY_BOM, "", NULL);
  if (size > LARGE_BYTES)
    alexa_lint_add_message (self->findings, ALEXA_LINT_BODY_LARGE, "", NULL,
                            "The document has %" G_GSIZE_FORMAT " bytes; 120 KB may mean %d.", size,
                            LARGE_BYTES);
}

gboolean
alexa_response_keeps_session (const AlexaResponse *self)
{
  g_return_val_if_fail (self != NULL, FALSE);

  if (self->should_end_session != ALEXA_END_SESSION_ABSENT)
    return self->should_end_session != ALEXA_END_SESSION_TRUE;
  for (guint i = 0; i < self->directives->len; i++)
    if (alexa_directive_is_dialog (g_ptr_array_index (self->directives, i)))
      return TRUE;
  return FALSE;
}

AlexaFinding *
alexa_response_error_to_finding (const GError *error)
{
  g_return_val_if_fail (error != NULL && error->domain == ALEXA_RESPONSE_ERROR, NULL);

  static const AlexaLint lints[] = {
    [ALEXA_RESPONSE_ERROR_NOT_JSON] = ALEXA_LINT_BODY_NOT_JSON,
    [ALEXA_RESPONSE_ERROR_TOO_LARGE] = ALEXA_LINT_BODY_TOO_LARGE,
    [ALEXA_RESPONSE_ERROR_TYPE] = ALEXA_LINT_BODY_STRUCTURE,
    [ALEXA_RESPONSE_ERROR_NULL] = ALEXA_LINT_RESPONSE_MISSING,
  };
  g_return_val_if_fail ((gsize)error->code < G_N_ELEMENTS (lints), NULL);
  AlexaLint lint = lints[error->code];
  gboolean named = g_str_has_prefix (error->message, "response");
  g_autofree char *path = g_strndup (error->message, named ? strcspn (error->message, " ") : 0);
  return alexa_finding_new (lint, lint == ALEXA_LINT_RESPONSE_MISSING ? "response" : path,
                            error->message);
}

AlexaResponse *
alexa_response_parse (GBytes *bytes,
                      AlexaRequestType request_type,
                      gboolean http_media,
                      const char *origin,
                      GError **error)
{
  g_return_val_if_fail (bytes != NULL, NULL);
  g_return_val_if_fail (origin != NULL, NULL);

  g_autoptr (GBytes) attributes = NULL;
  AlexaJsonLoss loss = { 0 };
  g_autoptr (JsonNode) root = read_root (bytes, &attributes, &loss, error);
  if (root == NULL)
    return NULL;
  g_autoptr (AlexaResponse) self = response_new (root);
  AlexaAnswerKind kind = alexa_answer_kind (request_type);
  g_autoptr (GError) local = NULL;
  if (!check_structure (root, &local))
    {
      if (alexa_response_is_wanted (request_type))
        {
          g_propagate_error (error, g_steal_pointer (&local));
          return NULL;
        }
      alexa_lint_add_message (self->findings, ALEXA_LINT_ANSWER_IGNORED, "", NULL,
                              "The answer is ignored: %s.", local->message);
      return g_steal_pointer (&self);
    }
  lint_bytes (self, bytes);
  lint_loss (self, &loss);
  read_document (self, attributes, http_media, origin);
  if (!self->has_response && kind == ALEXA_ANSWER_FULL)
    {
      g_set_error_literal (error, ALEXA_RESPONSE_ERROR, ALEXA_RESPONSE_ERROR_NULL,
                           alexa_lint_rule (ALEXA_LINT_RESPONSE_MISSING)->sentence);
      return NULL;
    }
  alexa_response_restrict (self, request_type);
  return g_steal_pointer (&self);
}
