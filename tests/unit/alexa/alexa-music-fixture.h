/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "alexa-fixture.h"
#include "alexa/alexa-music.h"

/* What the tests of music messages share. Documents are written with ' for ". */

#define MUSIC_STREAM "'stream':{'id':'s1','uri':'https://media.example/one.mp3'}"
#define MUSIC_ITEM                                                                                 \
  "{'id':'i1','playbackInfo':{'type':'DEFAULT'},'metadata':{'type':'TRACK'},'controls':[]"         \
  "," MUSIC_STREAM "}"

/* An answer with what is documented in its header. */
static inline char *
music_document (const char *namespace, const char *name, const char *version, const char *payload)
{
  return g_strdup_printf ("{'header':{'messageId':'m','namespace':'%s','name':'%s',"
                          "'payloadVersion':'%s'},'payload':%s}",
                          namespace, name, version, payload);
}

/* The answer, or NULL if it is refused. @findings: (out): "id@path …", as fixture_findings() */
static inline AlexaMusicAnswer *
music_parse (
    AlexaMusicMessage asked, const char *document, gboolean secure, char **findings, GError **error)
{
  g_autofree char *text = fixture_write (document);
  g_autoptr (GBytes) bytes = fixture_bytes (text);
  g_autoptr (GPtrArray) found = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_finding_free);
  AlexaMusicAnswer *answer = alexa_music_answer_parse (asked, bytes, secure, found, error);
  if (findings != NULL)
    *findings = fixture_findings (found);
  return answer;
}

/* The answer, which has to be taken, with these findings. */
static inline AlexaMusicAnswer *
music_take (AlexaMusicMessage asked, const char *document, const char *findings)
{
  g_autofree char *seen = NULL;
  g_autoptr (GError) error = NULL;
  AlexaMusicAnswer *answer = music_parse (asked, document, TRUE, &seen, &error);
  g_assert_no_error (error);
  g_assert_nonnull (answer);
  g_assert_cmpint (answer->message, ==, asked);
  g_assert_cmpstr (seen, ==, findings);
  return answer;
}

static inline void
music_refuse (AlexaMusicMessage asked,
              const char *document,
              AlexaMusicAnswerError code,
              const char *message)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaMusicAnswer) answer = music_parse (asked, document, TRUE, NULL, &error);
  g_assert_null (answer);
  g_assert_error (error, ALEXA_MUSIC_ANSWER_ERROR, (int)code);
  if (strstr (error->message, message) == NULL)
    g_assert_cmpstr (error->message, ==, message);
}

/* A GetItem.Response with this item. */
static inline char *
music_get_item (const char *item)
{
  g_autofree char *payload = g_strdup_printf ("{'item':%s}", item);
  return music_document ("Alexa.Audio.PlayQueue", "GetItem.Response", "1.0", payload);
}

/* An item with these members beside id, and a good stream. */
static inline char *
music_item_with (const char *members)
{
  return g_strdup_printf ("{'id':'i1'," MUSIC_STREAM ",%s}", members);
}

/* As it comes out of a GetItem.Response, with these findings. */
static inline AlexaMusicItem *
music_take_item (const char *item, const char *findings)
{
  g_autofree char *document = music_get_item (item);
  g_autoptr (AlexaMusicAnswer) answer = music_take (ALEXA_MUSIC_GET_ITEM, document, findings);
  return alexa_music_item_ref (answer->item);
}
