/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa/alexa-json.h"
#include "alexa/alexa-music.h"
#include "fuzz.h"

static void
check_url (const char *url, gboolean secure)
{
  const char *scheme = g_uri_peek_scheme (url);
  g_assert_true (g_strcmp0 (scheme, "https") == 0 || (!secure && g_strcmp0 (scheme, "http") == 0));
  for (const char *p = url; *p != '\0'; p++)
    g_assert_true (!g_ascii_iscntrl (*p) && *p != ' ');
}

/* What has been read is stored and read again as the same. */
static void
check_item (const AlexaMusicItem *item, gboolean secure)
{
  g_assert_cmpstr (item->id, !=, "");
  g_assert_true (item->duration_ms == -1 || item->duration_ms > 0);
  if (item->stream != NULL)
    {
      check_url (item->stream->uri, secure);
      g_assert_cmpint (item->stream->offset_ms, >=, 0);
      g_assert_true (item->stream->valid_until_us == 0 || item->stream->valid_until != NULL);
    }
  for (guint i = 0; i < item->metadata->art->len; i++)
    check_url (((AlexaMusicArt *)g_ptr_array_index (item->metadata->art, i))->url, secure);
  g_autoptr (GError) error = NULL;
  g_autofree char *stored = alexa_music_item_to_json (item);
  g_autoptr (AlexaMusicItem) again = alexa_music_item_from_json (stored, &error);
  g_assert_no_error (error);
  g_autofree char *same = alexa_music_item_to_json (again);
  g_assert_cmpstr (stored, ==, same);
  if (item->stream != NULL)
    g_assert_cmpint (again->stream->valid_until_us, ==, item->stream->valid_until_us);
}

static void
check_answer (const AlexaMusicAnswer *answer, gboolean secure)
{
  g_assert_true (answer->error == ALEXA_MUSIC_ERROR_NONE || answer->item == NULL);
  if (answer->item != NULL)
    {
      g_assert_nonnull (answer->item->stream);
      check_item (answer->item, secure);
    }
  if (answer->queue != NULL)
    {
      g_assert_nonnull (answer->queue->first->stream);
      g_assert_nonnull (answer->queue->deactivate);
      check_item (answer->queue->first, secure);
    }
  g_assert_cmpuint (answer->items->len, <=, ALEXA_MUSIC_VIEW_MAX_ITEMS);
  for (guint i = 0; i < answer->items->len; i++)
    check_item (g_ptr_array_index (answer->items, i), secure);
}

static void
check_findings (GPtrArray *findings)
{
  for (guint i = 0; i < findings->len; i++)
    {
      const AlexaFinding *finding = g_ptr_array_index (findings, i);
      g_assert_true (g_utf8_validate (finding->path, -1, NULL));
      g_assert_true (g_utf8_validate (finding->message, -1, NULL));
    }
}

/* What may be shown is JSON, and stays as it is when it is made fit to be shown once more. */
static void
check_redacted (GBytes *body)
{
  g_autoptr (GBytes) shown = alexa_music_request_redact (body);
  if (g_bytes_get_size (shown) == 0 || g_bytes_get_size (shown) > ALEXA_MUSIC_ANSWER_MAX_BYTES)
    return;
  g_autoptr (GBytes) again = alexa_music_request_redact (shown);
  g_assert_true (g_bytes_equal (shown, again));
}

static void
check_reference (GBytes *body)
{
  g_autoptr (JsonNode) node = alexa_json_parse (body, G_MAXSIZE, NULL);
  if (node == NULL)
    return;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaMusicReference) reference = alexa_music_reference_parse (node, &error);
  g_assert_true ((reference == NULL) == (error != NULL));
  g_assert_true (reference == NULL || (*reference->id != '\0' && *reference->queue_id != '\0'));
}

/* A letter that says what was asked (a: GetPlayableContent; A: the same, where plain http is allowed),
 * and the answer. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  if (size == 0)
    return 0;
  gboolean secure = !g_ascii_isupper (data[0]);
  guint letter = (guchar)g_ascii_tolower ((char)data[0]);
  AlexaMusicMessage asked
      = (AlexaMusicMessage)((letter >= 'a' ? letter - 'a' : letter) % ALEXA_N_MUSIC_MESSAGES);
  g_autoptr (GBytes) body = g_bytes_new (data + 1, size - 1);
  g_autoptr (GPtrArray) findings
      = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_finding_free);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaMusicAnswer) answer
      = alexa_music_answer_parse (asked, body, secure, findings, &error);
  g_assert_true ((answer == NULL) == (error != NULL));
  check_findings (findings);
  if (answer != NULL)
    check_answer (answer, secure);
  else
    {
      g_assert_true (error->domain == ALEXA_MUSIC_ANSWER_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
    }
  check_redacted (body);
  check_reference (body);
  return 0;
}
