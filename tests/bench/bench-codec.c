/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <stdio.h>

#include "alexa/alexa-response.h"
#include "alexa/alexa-signer.h"
#include "alexa/alexa-test-chain.h"

/* What the codec costs: answers read and checked against json-glib's bare parser, which checks
 * nothing; requests built, and signed. The two are timed in turns. Writes JSON. */

#define ROUNDS 41
#define ROUND_BYTES (1000 * 1000)
#define REQUESTS 2000
#define SIGNATURES 200

/* An answer of @size bytes or a little more: speech, a Play with its pictures, a card; what is left is
 * filled by session attributes and by a document for a screen, as much of each. */
static GBytes *
make_answer (gsize size)
{
  static const char filling[]
      = "{\"id\":%u,\"type\":\"Text\",\"text\":\"A line of a page, \\u00e4\","
        "\"width\":%u.5,\"shown\":true,\"next\":null}";
  g_autoptr (GString) attributes = g_string_new ("{\"list\":[0");
  g_autoptr (GString) page = g_string_new ("");
  static const char rest[]
      = "],\"shouldEndSession\":true,\"outputSpeech\":{\"type\":\"SSML\",\"ssml\":"
        "\"<speak>Here is <emphasis>the station</emphasis><break time=\\\"1s\\\"/>that you wanted."
        "</speak>\"},\"card\":{\"type\":\"Simple\",\"title\":\"Radio\",\"content\":\"Playing\"}}}";
  static const char play[] = "{\"type\":\"AudioPlayer.Play\",\"playBehavior\":\"REPLACE_ALL\","
                             "\"audioItem\":{\"stream\":{"
                             "\"url\":\"https://media.example/station/1/"
                             "stream.mp3?quality=high\",\"token\":\"station-1\","
                             "\"offsetInMilliseconds\":0},\"metadata\":{\"title\":\"Station\","
                             "\"subtitle\":\"News\",\"art\":"
                             "{\"sources\":[{\"url\":\"https://media.example/1.png\"}]}}}}";
  gsize fixed = sizeof rest + sizeof play + 200;
  for (guint i = 0; fixed + attributes->len + page->len < size; i++)
    {
      GString *half = i % 2 == 0 ? attributes : page;
      g_string_append_printf (half, i == 1 ? "%s" : ",%s", "");
      g_string_append_printf (half, filling, i, i % 500);
    }
  g_string_append (attributes, "]}");
  g_autofree char *text = g_strdup_printf (
      "{\"version\":\"1.0\",\"sessionAttributes\":%s,\"userAgent\":\"ask-node/2.14.0\","
      "\"response\":{\"directives\":[%s,{\"type\":\"Alexa.Presentation.APL.RenderDocument\","
      "\"document\":{\"items\":[%s]}}%s",
      attributes->str, play, page->str, rest);
  return g_bytes_new (text, strlen (text));
}

static void
read_answer (GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaResponse) response
      = alexa_response_parse (bytes, ALEXA_REQUEST_INTENT, FALSE, "skill", &error);
  g_assert_no_error (error);
  g_assert_cmpuint (response->directives->len, ==, 2);
}

static void
parse_bare (GBytes *bytes)
{
  gsize size;
  const char *data = g_bytes_get_data (bytes, &size);
  g_autoptr (JsonParser) parser = json_parser_new ();
  g_autoptr (GError) error = NULL;
  json_parser_load_from_data (parser, data, (gssize)size, &error);
  g_assert_no_error (error);
}

static double
time_us (void (*run) (GBytes *), GBytes *bytes, guint times)
{
  gint64 begin = g_get_monotonic_time ();
  for (guint i = 0; i < times; i++)
    run (bytes);
  return (double)(g_get_monotonic_time () - begin) / times;
}

static int
compare (gconstpointer a, gconstpointer b)
{
  double difference = *(const double *)a - *(const double *)b;
  return difference < 0 ? -1 : difference > 0;
}

static double
median (double *values, gsize n)
{
  qsort (values, n, sizeof *values, compare);
  return values[n / 2];
}

static void
measure_answer (gsize size, const char *separator)
{
  g_autoptr (GBytes) bytes = make_answer (size);
  guint times = MAX (ROUND_BYTES / (guint)g_bytes_get_size (bytes), 1);
  double ours[ROUNDS];
  double bare[ROUNDS];
  double ratios[ROUNDS];
  for (guint i = 0; i < ROUNDS; i++)
    {
      ours[i] = time_us (read_answer, bytes, times);
      bare[i] = time_us (parse_bare, bytes, times);
      ratios[i] = ours[i] / bare[i];
    }
  printf ("%s{\"bytes\": %" G_GSIZE_FORMAT ", \"segue_us\": %.1f, \"json_glib_us\": %.1f,"
          " \"ratio\": %.2f}",
          separator, g_bytes_get_size (bytes), median (ours, ROUNDS), median (bare, ROUNDS),
          median (ratios, ROUNDS));
}

static GBytes *
build_request (AlexaSession *session, PlayerSnapshot *snapshot)
{
  g_autoptr (AlexaRequest) request = alexa_request_new (ALEXA_REQUEST_LAUNCH);
  AlexaEnvelope envelope = {
    .application_id = "amzn1.ask.skill.1",
    .user_id = "amzn1.ask.account.1",
    .device_id = "amzn1.ask.device.1",
    .locale = "en-US",
    .session = session,
    .snapshot = snapshot,
    .now_s = g_get_real_time () / G_USEC_PER_SEC,
  };
  return alexa_request_build (request, &envelope);
}

static void
measure_requests (void)
{
  gint64 now_s = g_get_real_time () / G_USEC_PER_SEC;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaTestChain) chain = alexa_test_chain_new (now_s - 60, now_s + 86400, &error);
  g_assert_no_error (error);
  g_autoptr (AlexaSigner) signer = alexa_signer_new (chain->key, chain->chain, now_s, &error);
  g_assert_no_error (error);
  g_autoptr (AlexaSession) session = alexa_session_new ();
  g_autoptr (PlayerSnapshot) snapshot = player_snapshot_new ();

  gint64 begin = g_get_monotonic_time ();
  for (guint i = 0; i < REQUESTS; i++)
    {
      g_autoptr (GBytes) body = build_request (session, snapshot);
      g_assert_nonnull (body);
    }
  double built = REQUESTS * 1e6 / (double)(g_get_monotonic_time () - begin);

  double is_signed[2];
  for (guint with_sha1 = 0; with_sha1 < 2; with_sha1++)
    {
      begin = g_get_monotonic_time ();
      for (guint i = 0; i < SIGNATURES; i++)
        {
          g_autoptr (GBytes) body = build_request (session, snapshot);
          g_autoptr (AlexaSignature) signature
              = alexa_signer_sign (signer, body, with_sha1 == 1, now_s, &error);
          g_assert_no_error (error);
        }
      is_signed[with_sha1] = SIGNATURES * 1e6 / (double)(g_get_monotonic_time () - begin);
    }
  printf (
      "  \"requests_per_second\": {\"built\": %.0f, \"signed\": %.0f, \"signed_twice\": %.0f}\n",
      built, is_signed[0], is_signed[1]);
}

int
main (void)
{
  printf ("{\n  \"answers\": [");
  measure_answer (1000, "");
  measure_answer (10000, ", ");
  measure_answer (120000, ", ");
  printf ("],\n");
  measure_requests ();
  printf ("}\n");
  return 0;
}
