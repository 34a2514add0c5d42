/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa/alexa-json.h"
#include "alexa/alexa-request.h"
#include "fuzz.h"

static GBytes *
write_request (const AlexaRequest *request)
{
  g_autoptr (JsonNode) node = alexa_request_to_node (request);
  return alexa_json_to_bytes (node);
}

/* Any JSON: written and read again it stays the same; if it is a stored request, that comes back. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_memdup2 (data, size), size);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = alexa_json_parse (bytes, G_MAXSIZE, &error);
  g_assert_true ((node == NULL) == (error != NULL));
  if (node == NULL)
    {
      g_assert_true (error->domain == ALEXA_JSON_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return 0;
    }
  g_autoptr (GBytes) written = alexa_json_to_bytes (node);
  g_autoptr (JsonNode) again = alexa_json_parse (written, G_MAXSIZE, &error);
  g_assert_true (again != NULL && json_node_equal (again, node));
  g_autoptr (GBytes) rewritten = alexa_json_to_bytes (again);
  g_assert_true (g_bytes_equal (written, rewritten));

  g_autoptr (AlexaRequest) request = alexa_request_from_node (node, "id", &error);
  g_assert_true ((request == NULL) == (error != NULL));
  if (request == NULL)
    return 0;
  g_autoptr (GBytes) stored = write_request (request);
  g_autoptr (JsonNode) read = alexa_json_parse (stored, G_MAXSIZE, &error);
  g_assert_true (read != NULL);
  g_autoptr (AlexaRequest) same = alexa_request_from_node (read, "id", &error);
  g_assert_true (same != NULL);
  g_autoptr (GBytes) stored_again = write_request (same);
  g_assert_true (g_bytes_equal (stored, stored_again));
  return 0;
}
