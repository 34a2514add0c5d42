/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa/alexa-json.h"
#include "alexa/alexa-request.h"
#include "alexa/alexa-response.h"
#include "fuzz.h"

#include <string.h>

static void
check_directives (GPtrArray *directives)
{
  for (guint i = 0; i < directives->len; i++)
    {
      const AlexaDirective *directive = g_ptr_array_index (directives, i);
      g_assert_true (directive->command == NULL || directive->refused == NULL);
      if (directive->command == NULL || directive->command->type != PLAYER_COMMAND_PLAY)
        continue;
      const PlayerItem *item = directive->command->item;
      g_assert_true (item->offset_ms >= 0);
      g_assert_true (*item->token != '\0');
      g_assert_true (
          g_uri_is_valid (item->url, G_URI_FLAGS_PARSE_RELAXED | G_URI_FLAGS_ENCODED, NULL));
    }
}

static void
check_findings (GPtrArray *findings)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const AlexaFinding *finding = g_ptr_array_index (findings, i);
      g_assert_true (finding->id != NULL && finding->rule != NULL);
      g_assert_true (*finding->message != '\0');
      g_assert_true (g_utf8_validate (finding->message, -1, NULL));
      g_assert_true (g_utf8_validate (finding->path, -1, NULL));
    }
}

/* What is written is read back as the same. */
static void
check_tree (JsonNode *root)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GBytes) written = alexa_json_to_bytes (root);
  g_autoptr (JsonNode) again = alexa_json_parse (written, G_MAXSIZE, &error);
  g_assert_true (again != NULL && json_node_equal (again, root));
}

/* The attributes come back in the next request byte for byte, and that is good JSON. */
static void
check_attributes (GBytes *attributes)
{
  g_autoptr (AlexaSession) session = alexa_session_new ();
  g_autoptr (PlayerSnapshot) snapshot = player_snapshot_new ();
  g_autoptr (AlexaRequest) request = alexa_request_new (ALEXA_REQUEST_LAUNCH);
  alexa_session_answered (session, attributes);
  AlexaEnvelope envelope = { .session = session, .snapshot = snapshot, .locale = "en-US" };
  g_autoptr (GBytes) body = alexa_request_build (request, &envelope);
  g_autoptr (GError) error = NULL;
  AlexaJsonLoss loss;
  g_autoptr (GBytes) raw = NULL;
  g_autoptr (JsonNode) root
      = alexa_json_parse_keeping (body, G_MAXSIZE, "session", &raw, &loss, &error);
  g_assert_true (root != NULL && raw != NULL);
  g_autoptr (GBytes) within = NULL;
  g_autoptr (JsonNode) inner
      = alexa_json_parse_keeping (raw, G_MAXSIZE, "attributes", &within, &loss, &error);
  g_assert_true (inner != NULL && within != NULL);
  g_assert_true (g_bytes_equal (within, attributes));
}

static void
check_speech (const AlexaSpeech *speech)
{
  if (speech != NULL)
    fuzz_check_parts (speech->parts);
}

/* An answer. Its length says to which request, so that a shorter one is tried as another, too. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  AlexaRequestType type = (AlexaRequestType)(size % (ALEXA_REQUEST_EXCEPTION_ENCOUNTERED + 1));
  /* An own copy of the exact size: a read beyond the end is seen by the sanitizer. */
  g_autoptr (GBytes) bytes = g_bytes_new_take (g_memdup2 (data, size), size);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaResponse) response
      = alexa_response_parse (bytes, type, size % 2 == 0, "skill", &error);
  g_assert_true ((response == NULL) == (error != NULL));
  if (response == NULL)
    {
      g_assert_true (error->domain == ALEXA_RESPONSE_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      g_autoptr (AlexaFinding) finding = alexa_response_error_to_finding (error);
      g_assert_true (finding != NULL);
      return 0;
    }
  check_directives (response->directives);
  check_findings (response->findings);
  check_tree (response->root);
  check_speech (response->speech);
  check_speech (response->reprompt);
  if (response->session_attributes != NULL)
    check_attributes (response->session_attributes);
  return 0;
}
