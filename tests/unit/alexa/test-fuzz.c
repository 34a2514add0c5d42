/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-fixture.h"

/* Good answers, changed at random: whatever comes, the parser answers with a response or an error,
 * without a critical message, a leak or a read beyond the end. The seed is fixed, so that a failure
 * comes again. */

#define N_CASES 20000

static const char *const seeds[] = {
  "{\"version\":\"1.0\",\"sessionAttributes\":{\"a\":null,\"n\":9007199254740993},\"response\":{"
  "\"outputSpeech\":{\"type\":\"SSML\",\"ssml\":\"<speak>Hi</"
  "speak>\",\"playBehavior\":\"ENQUEUE\"},"
  "\"card\":{\"type\":\"Standard\",\"title\":\"T\",\"text\":\"X\",\"image\":{\"smallImageUrl\":"
  "\"https://i/s\"}},"
  "\"reprompt\":{\"outputSpeech\":{\"type\":\"PlainText\",\"text\":\"Hm?\"},\"directives\":["
  "{\"type\":\"Alexa.Presentation.APLA.RenderDocument\"}]},\"shouldEndSession\":false}}",
  "{\"version\":\"1.0\",\"response\":{\"directives\":[{\"type\":\"AudioPlayer.ClearQueue\","
  "\"clearBehavior\":\"CLEAR_ALL\"},{\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"ENQUEUE\","
  "\"audioItem\":{"
  "\"stream\":{\"url\":\"https://h/a "
  "b?x=%41\xc3\xa4\",\"token\":12,\"expectedPreviousToken\":\"p\","
  "\"offsetInMilliseconds\":\"1500\"},\"metadata\":{\"title\":\"T\",\"art\":{\"sources\":[{"
  "\"url\":\"https://i/1\",\"size\":\"LARGE\"},{\"url\":\"https://i/2\",\"widthPixels\":100,"
  "\"heightPixels\":1.5e2}]}}}},{\"type\":\"AudioPlayer.Stop\"},{\"type\":\"Hint\"}]}}",
  "{\"version\":\"1.0\",\"response\":{\"card\":{\"type\":\"AskForPermissionsConsent\","
  "\"permissions\":[\"a\"]},"
  "\"directives\":[{\"type\":\"CustomInterfaceController.SendDirective\",\"payload\":{\"a\":[1,2.5,"
  "true]}}],"
  "\"canFulfillIntent\":{},\"apiResponse\":{\"\\u00e4\":\"\\ud83d\\ude00\"},\"shouldEndSession\":"
  "null}}",
};

/* Pieces that turn one valid document into another, or nearly so. */
static const char *const pieces[] = {
  "null",  "true",    "{}",      "[]",      "\"\"",
  "0",     "-1",      "1.5",     "1e999",   "99999999999999999999",
  "\"x\"", ",",       ":",       "{",       "}",
  "[",     "]",       "\\u0000", "\\ud800", "\xef\xbb\xbf",
  "\xff",  "http://", "file:",   " ",       "%",
  "\\n",
};

static gsize
random_below (GRand *rand, gsize limit)
{
  return limit == 0 ? 0 : (gsize)g_rand_int_range (rand, 0, (gint32)limit);
}

static void
replace (GByteArray *document, gsize at, gsize length, const char *with)
{
  length = MIN (length, document->len - at);
  g_autoptr (GByteArray) tail = g_byte_array_new ();
  g_byte_array_append (tail, document->data + at + length, document->len - (guint)(at + length));
  g_byte_array_set_size (document, (guint)at);
  g_byte_array_append (document, (const guint8 *)with, (guint)strlen (with));
  g_byte_array_append (document, tail->data, tail->len);
}

/* The end of the value (string, number or word) that begins at @at. */
static gsize
value_length (GByteArray *document, gsize at)
{
  gsize end = at + 1;
  gboolean is_string = document->data[at] == '"';
  while (end < document->len
         && (is_string ? document->data[end] != '"' : g_ascii_isalnum (document->data[end])))
    end++;
  return end - at + (is_string ? 1 : 0);
}

static void
mutate (GRand *rand, GByteArray *document)
{
  gsize at = random_below (rand, document->len);
  const char *piece = pieces[random_below (rand, G_N_ELEMENTS (pieces))];
  if (document->len == 0)
    return;
  switch (g_rand_int_range (rand, 0, 6))
    {
    case 0:
      document->data[at] ^= (guint8)(1u << g_rand_int_range (rand, 0, 8));
      break;
    case 1:
      g_byte_array_set_size (document, (guint)at);
      break;
    case 2:
      replace (document, at, 0, piece);
      break;
    case 3:
      replace (document, at, random_below (rand, 8), "");
      break;
    default:
      /* Most often a whole value, so that the document stays JSON and the codec is reached. */
      while (at + 1 < document->len && document->data[at] != ':')
        at++;
      if (at + 1 < document->len)
        replace (document, at + 1, value_length (document, at + 1), piece);
      break;
    }
}

static gboolean
try (GByteArray *document, AlexaRequestType type)
{
  /* An own copy of the exact size: a read beyond the end is seen by the sanitizer. */
  g_autoptr (GBytes) bytes
      = g_bytes_new_take (g_memdup2 (document->data, document->len), document->len);
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaResponse) response
      = alexa_response_parse (bytes, type, type % 2 == 0, "skill", &error);
  g_assert_true ((response == NULL) == (error != NULL));
  if (response == NULL)
    {
      g_assert_true (error->domain == ALEXA_RESPONSE_ERROR);
      g_assert_true (g_utf8_validate (error->message, -1, NULL));
      return FALSE;
    }
  for (guint i = 0; i < response->directives->len; i++)
    {
      const AlexaDirective *directive = g_ptr_array_index (response->directives, i);
      g_assert_true (directive->command == NULL || directive->refused == NULL);
      if (directive->command != NULL && directive->command->type == PLAYER_COMMAND_PLAY)
        {
          g_assert_cmpint (directive->command->item->offset_ms, >=, 0);
          g_assert_cmpstr (directive->command->item->token, !=, "");
          g_assert_true (
              g_uri_is_valid (directive->command->item->url, G_URI_FLAGS_PARSE_RELAXED, NULL));
        }
    }
  g_autoptr (GBytes) written = alexa_json_to_bytes (response->root);
  g_autoptr (JsonNode) again = alexa_json_parse (written, G_MAXSIZE, &error);
  g_assert_no_error (error);
  g_assert_true (json_node_equal (again, response->root));
  return TRUE;
}

static void
test_mutations (void)
{
  g_autoptr (GRand) rand = g_rand_new_with_seed (20240910);
  guint n_taken = 0;
  for (guint i = 0; i < N_CASES; i++)
    {
      const char *seed = seeds[i % G_N_ELEMENTS (seeds)];
      g_autoptr (GByteArray) document = g_byte_array_new ();
      g_byte_array_append (document, (const guint8 *)seed, (guint)strlen (seed));
      for (gint32 n = g_rand_int_range (rand, 1, 5); n > 0; n--)
        mutate (rand, document);
      n_taken += try (
          document, (AlexaRequestType)random_below (rand, ALEXA_REQUEST_EXCEPTION_ENCOUNTERED + 1));
    }
  g_test_message ("%u of %d taken", n_taken, N_CASES);
  /* If nearly none or nearly all were taken, the mutations would test one branch only. */
  g_assert_cmpuint (n_taken, >, N_CASES / 20);
  g_assert_cmpuint (n_taken, <, N_CASES * 19 / 20);
}

/* Every answer cut at every byte is refused; PlaybackStopped too, for it is no JSON. */
static void
test_truncated (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (seeds); i++)
    {
      g_autoptr (GByteArray) document = g_byte_array_new ();
      g_byte_array_append (document, (const guint8 *)seeds[i], (guint)strlen (seeds[i]));
      g_assert_true (try (document, ALEXA_REQUEST_LAUNCH));
      while (document->len > 1)
        {
          g_byte_array_set_size (document, document->len - 1);
          g_assert_false (try (document, ALEXA_REQUEST_LAUNCH));
          g_assert_false (try (document, ALEXA_REQUEST_PLAYBACK_STOPPED));
        }
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alexa/fuzz/mutations", test_mutations);
  g_test_add_func ("/alexa/fuzz/truncated", test_truncated);
  return g_test_run ();
}
