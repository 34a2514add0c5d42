/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-music-fixture.h"

#define QUEUE "Alexa.Audio.PlayQueue"

static AlexaMusicAnswer *
take (AlexaMusicMessage asked,
      const char *namespace,
      const char *version,
      const char *payload,
      const char *findings)
{
  g_autofree char *name = g_strconcat (alexa_music_message_to_string (asked), ".Response", NULL);
  g_autofree char *document = music_document (namespace, name, version, payload);
  return music_take (asked, document, findings);
}

static void
test_content (void)
{
  g_autoptr (AlexaMusicAnswer) answer
      = take (ALEXA_MUSIC_GET_PLAYABLE_CONTENT, "Alexa.Media.Search", "1.0",
              "{'content':{'id':'c1','actions':{'playable':true,'browseable':false},"
              "'metadata':{'type':'ALBUM','name':{'display':'Night'}}}}",
              "");
  g_assert_cmpint (answer->error, ==, ALEXA_MUSIC_ERROR_NONE);
  g_assert_cmpstr (answer->content_id, ==, "c1");
  g_assert_cmpstr (answer->content->name, ==, "Night");
  g_autoptr (AlexaMusicAnswer) bare
      = take (ALEXA_MUSIC_GET_PLAYABLE_CONTENT, "Alexa.Media.Search", "1.0",
              "{'content':{'id':'c1'}}", "music-member-missing@payload.content.metadata");
  g_assert_cmpstr (bare->content_id, ==, "c1");
  g_assert_null (bare->content->name);
}

static void
test_initiate (void)
{
  g_autoptr (AlexaMusicAnswer) answer
      = take (ALEXA_MUSIC_INITIATE, "Alexa.Media.Playback", "1.0",
              "{'playbackMethod':{'type':'ALEXA_AUDIO_PLAYER_QUEUE','id':'q1','controls':["
              "{'type':'TOGGLE','name':'SHUFFLE','enabled':true,'selected':true},"
              "{'type':'TOGGLE','name':'LOOP','enabled':true,'selected':false},"
              "{'type':'COMMAND','name':'NEXT','enabled':true}],"
              "'rules':{'feedback':{'type':'PREFERENCE','enabled':true}},"
              "'queueIdsToDeactivate':['q-8','q-9'],'firstItem':" MUSIC_ITEM "}}",
              "");
  const AlexaMusicQueue *queue = answer->queue;
  g_assert_cmpstr (queue->id, ==, "q1");
  g_assert_cmpint (queue->controls.shuffle, ==, ALEXA_MUSIC_ENABLED);
  g_assert_true (queue->controls.shuffle_on);
  g_assert_false (queue->controls.loop_on);
  g_assert_cmpint (queue->controls.next, ==, ALEXA_MUSIC_ENABLED);
  g_assert_cmpint (queue->controls.seek, ==, ALEXA_MUSIC_UNDECLARED);
  g_assert_true (queue->feedback_enabled);
  g_assert_cmpuint (g_strv_length (queue->deactivate), ==, 2);
  g_assert_cmpstr (queue->deactivate[1], ==, "q-9");
  g_assert_cmpstr (queue->first->id, ==, "i1");
  g_autoptr (AlexaMusicAnswer) bare
      = take (ALEXA_MUSIC_REINITIATE, "Alexa.Media.Playback", "1.0",
              "{'playbackMethod':{'id':'q','type':'LIST','rules':{'feedbackEnabled':true},"
              "'queueIdsToDeactivate':[7],'firstItem':" MUSIC_ITEM "}}",
              "music-queue-type@payload.playbackMethod.type "
              "music-member-missing@payload.playbackMethod.controls "
              "music-queue-rules@payload.playbackMethod.rules.feedbackEnabled "
              "member-type@payload.playbackMethod.queueIdsToDeactivate");
  g_assert_true (bare->queue->feedback_enabled);
  g_assert_cmpuint (g_strv_length (bare->queue->deactivate), ==, 0);
}

/* The end of a queue is told with `item: null`, without it, and in ways that contradict. */
static void
test_next (void)
{
  static const struct
  {
    const char *payload;
    gboolean finished;
    const char *findings;
  } cases[] = {
    { "{'isQueueFinished':false,'item':" MUSIC_ITEM "}", FALSE, "" },
    { "{'isQueueFinished':true,'item':null}", TRUE, "" },
    { "{'isQueueFinished':true}", TRUE, "" },
    { "{'isQueueFinished':true,'item':" MUSIC_ITEM "}", FALSE,
      "music-queue-finished@payload.isQueueFinished" },
    { "{'isQueueFinished':false}", TRUE, "music-queue-finished@payload.isQueueFinished" },
    { "{'isQueueFinished':'true','item':" MUSIC_ITEM "}", FALSE,
      "music-queue-finished@payload.isQueueFinished" },
    { "{'item':" MUSIC_ITEM "}", FALSE, "music-queue-finished@payload.isQueueFinished" },
    { "{}", TRUE, "music-queue-finished@payload.isQueueFinished" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (AlexaMusicAnswer) answer
          = take (ALEXA_MUSIC_GET_NEXT_ITEM, QUEUE, "1.0", cases[i].payload, cases[i].findings);
      g_assert_cmpint (answer->finished, ==, cases[i].finished);
      g_assert_true ((answer->item == NULL) == cases[i].finished);
    }
}

static void
test_one_item (void)
{
  static const AlexaMusicMessage messages[]
      = { ALEXA_MUSIC_GET_PREVIOUS_ITEM, ALEXA_MUSIC_JUMP_TO_ITEM, ALEXA_MUSIC_GET_ITEM };
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autoptr (AlexaMusicAnswer) answer
          = take (messages[i], QUEUE, "1.0", "{'item':" MUSIC_ITEM "}", "");
      g_assert_cmpstr (answer->item->id, ==, "i1");
    }
}

/* Ten items, whether they can be played or not; the rest of a longer view is left out. */
static void
test_view (void)
{
  g_autoptr (GString) payload = g_string_new (
      "{'queueControls':[{'type':'CYCLE','name':'REPEAT','enabled':true,'value':{'status':'ON'}},"
      "{'type':'TOGGLE','name':'REPEAT','enabled':true,'selected':true}],'items':[" MUSIC_ITEM
      ",{'id':'shown','playbackInfo':{'type':'DEFAULT'},'metadata':{'type':'TRACK'},"
      "'controls':[]},{'id':'broken','playbackInfo':{'type':'DEFAULT'},'metadata':{'type':'TRACK'},"
      "'controls':[],'stream':{'uri':'http://h/x'}},{'no':'id'},7");
  for (guint i = 5; i < 12; i++)
    g_string_append (payload, "," MUSIC_ITEM);
  g_string_append (payload, "]}");
  g_autoptr (AlexaMusicAnswer) answer
      = take (ALEXA_MUSIC_GET_VIEW, QUEUE, "1.0", payload->str,
              "music-view-items@payload.items music-view-item@payload.items[2].stream "
              "music-view-item@payload.items[3] music-view-item@payload.items[4]");
  g_assert_cmpuint (answer->items->len, ==, 8);
  const AlexaMusicItem *current = g_ptr_array_index (answer->items, 0);
  const AlexaMusicItem *shown = g_ptr_array_index (answer->items, 1);
  const AlexaMusicItem *broken = g_ptr_array_index (answer->items, 2);
  g_assert_nonnull (current->stream);
  g_assert_cmpstr (shown->id, ==, "shown");
  g_assert_null (shown->stream);
  g_assert_cmpstr (broken->id, ==, "broken");
  g_assert_null (broken->stream);
  g_assert_true (answer->controls.repeat_on);
}

/* The answer to a mode is a plain Response of version 3.0, seldom another; nothing is in it. */
static void
test_modes (void)
{
  static const AlexaMusicMessage messages[]
      = { ALEXA_MUSIC_SET_SHUFFLE, ALEXA_MUSIC_SET_LOOP, ALEXA_MUSIC_SET_REPEAT };
  for (guint i = 0; i < G_N_ELEMENTS (messages); i++)
    {
      g_autofree char *plain = music_document ("Alexa", "Response", "3.0", "{}");
      g_autoptr (AlexaMusicAnswer) answer = music_take (messages[i], plain, "");
      g_assert_cmpint (answer->error, ==, ALEXA_MUSIC_ERROR_NONE);
      g_autofree char *old = music_document ("Alexa", "Response", "1.0", "null");
      g_autoptr (AlexaMusicAnswer) other = music_take (
          messages[i], old, "music-version@header.payloadVersion music-member-missing@payload");
      g_autoptr (AlexaMusicAnswer) own
          = take (messages[i], "Alexa.Media.PlayQueue", "1.0", "{}", "music-name@header.name");
    }
}

static void
test_feedback (void)
{
  g_autoptr (AlexaMusicAnswer) skip = take (
      ALEXA_MUSIC_RECEIVE_FEEDBACK, "Alexa.UserPreference.Audio", "2.0", "{'skip':true}", "");
  g_assert_true (skip->skip);
  g_autoptr (AlexaMusicAnswer) stay
      = take (ALEXA_MUSIC_RECEIVE_FEEDBACK, "Alexa.UserPreference.Audio", "2.0", "{'skip':1}", "");
  g_assert_false (stay->skip);
  g_autofree char *plain = music_document ("Alexa", "Response", "3.0", "{}");
  g_autoptr (AlexaMusicAnswer) answer = music_take (ALEXA_MUSIC_RECEIVE_FEEDBACK, plain, "");
  g_assert_false (answer->skip);
}

/* --- errors --- */

static void
test_errors (void)
{
  static const struct
  {
    const char *type;
    const char *namespace;
    const char *version;
    AlexaMusicErrorType error;
  } rows[] = {
    { "INVALID_DIRECTIVE", "Alexa", "3.0", ALEXA_MUSIC_ERROR_INVALID_DIRECTIVE },
    { "INVALID_AUTHORIZATION_CREDENTIAL", "Alexa", "3.0",
      ALEXA_MUSIC_ERROR_INVALID_AUTHORIZATION_CREDENTIAL },
    { "EXPIRED_AUTHORIZATION_CREDENTIAL", "Alexa", "3.0",
      ALEXA_MUSIC_ERROR_EXPIRED_AUTHORIZATION_CREDENTIAL },
    { "ACCOUNT_PROBLEM", "Alexa", "3.0", ALEXA_MUSIC_ERROR_ACCOUNT_PROBLEM },
    { "RATE_LIMIT_EXCEEDED", "Alexa", "3.0", ALEXA_MUSIC_ERROR_RATE_LIMIT_EXCEEDED },
    { "INTERNAL_ERROR", "Alexa", "3.0", ALEXA_MUSIC_ERROR_INTERNAL_ERROR },
    { "CONTENT_NOT_FOUND", "Alexa.Media", "1.0", ALEXA_MUSIC_ERROR_CONTENT_NOT_FOUND },
    { "ITEM_NOT_FOUND", "Alexa.Media", "1.0", ALEXA_MUSIC_ERROR_ITEM_NOT_FOUND },
    { "ITEM_NOT_FOUND", "Alexa.Audio", "1.0", ALEXA_MUSIC_ERROR_ITEM_NOT_FOUND },
    { "INVALID_ITEM", "Alexa.Media", "1.0", ALEXA_MUSIC_ERROR_INVALID_ITEM },
    { "DEVICE_LIMIT_REACHED", "Alexa.Media", "1.0", ALEXA_MUSIC_ERROR_DEVICE_LIMIT_REACHED },
    { "DEVICE_LIMIT_REACHED", "Alexa.Audio", "1.0", ALEXA_MUSIC_ERROR_DEVICE_LIMIT_REACHED },
  };
  for (guint i = 0; i < G_N_ELEMENTS (rows); i++)
    {
      g_autofree char *payload = g_strdup_printf ("{'type':'%s','message':'words'}", rows[i].type);
      g_autofree char *document
          = music_document (rows[i].namespace, "ErrorResponse", rows[i].version, payload);
      g_autoptr (AlexaMusicAnswer) answer
          = music_take ((AlexaMusicMessage)(i % ALEXA_N_MUSIC_MESSAGES), document, "");
      g_assert_cmpint (answer->error, ==, rows[i].error);
      g_assert_cmpstr (answer->error_name, ==, rows[i].type);
      g_assert_cmpstr (alexa_music_error_type_to_string (answer->error), ==, rows[i].type);
      g_assert_cmpstr (answer->error_message, ==, "words");
      g_assert_null (answer->retry_period);
    }
  g_assert_null (alexa_music_error_type_to_string (ALEXA_MUSIC_ERROR_NONE));
  g_assert_null (alexa_music_error_type_to_string (ALEXA_MUSIC_ERROR_UNKNOWN));
}

static void
test_skip_limit (void)
{
  static const struct
  {
    const char *member;
    const char *period;
    const char *findings;
  } cases[] = {
    { ",'retryPeriod':'HOURLY'", "HOURLY", "" },
    { ",'retryPeriod':'DAILY'", "DAILY", "" },
    { ",'retryPeriod':'UNKNOWN'", "UNKNOWN", "" },
    { ",'retryPeriod':'WEEKLY'", "UNKNOWN", "music-retry-period@payload.retryPeriod" },
    { "", "UNKNOWN", "music-retry-period@payload.retryPeriod" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *payload
          = g_strdup_printf ("{'type':'SKIP_LIMIT_REACHED','message':''%s}", cases[i].member);
      g_autofree char *document = music_document ("Alexa.Audio", "ErrorResponse", "1.0", payload);
      g_autoptr (AlexaMusicAnswer) answer
          = music_take (ALEXA_MUSIC_GET_NEXT_ITEM, document, cases[i].findings);
      g_assert_cmpint (answer->error, ==, ALEXA_MUSIC_ERROR_SKIP_LIMIT_REACHED);
      g_assert_cmpstr (answer->retry_period, ==, cases[i].period);
    }
}

/* Errors are known by their type, and an unknown one is still an error. */
static void
test_odd_errors (void)
{
  g_autofree char *elsewhere
      = music_document ("Alexa.Media.Search", "ErrorResponse", "2.0",
                        "{'type':'CONTENT_NOT_FOUND','message':{'text':'x'}}");
  g_autoptr (AlexaMusicAnswer) answer
      = music_take (ALEXA_MUSIC_GET_PLAYABLE_CONTENT, elsewhere,
                    "member-type@payload.message music-namespace@header.namespace "
                    "music-version@header.payloadVersion");
  g_assert_cmpint (answer->error, ==, ALEXA_MUSIC_ERROR_CONTENT_NOT_FOUND);
  g_autofree char *unknown
      = music_document ("Alexa.Media", "ErrorResponse", "1.0", "{'type':'NOT_IN_COUNTRY'}");
  g_autoptr (AlexaMusicAnswer) other
      = music_take (ALEXA_MUSIC_INITIATE, unknown, "music-error-type@payload.type");
  g_assert_cmpint (other->error, ==, ALEXA_MUSIC_ERROR_UNKNOWN);
  g_assert_cmpstr (other->error_name, ==, "NOT_IN_COUNTRY");
  g_autofree char *bare = music_document ("Alexa", "ErrorResponse", "3.0", "7");
  g_autoptr (AlexaMusicAnswer) nothing
      = music_take (ALEXA_MUSIC_INITIATE, bare, "music-error-type@payload.type");
  g_assert_cmpint (nothing->error, ==, ALEXA_MUSIC_ERROR_UNKNOWN);
  g_assert_null (nothing->error_name);
}

/* --- what differs among skills, and between text and examples of the documentation --- */

/* GetItem and GetView are asked under Alexa.Media.PlayQueue and answered under Alexa.Audio.PlayQueue;
 * one that answers where it was asked is understood. */
static void
test_namespace (void)
{
  g_autoptr (AlexaMusicAnswer) documented
      = take (ALEXA_MUSIC_GET_ITEM, QUEUE, "1.0", "{'item':" MUSIC_ITEM "}", "");
  g_autoptr (AlexaMusicAnswer) same
      = take (ALEXA_MUSIC_GET_ITEM, "Alexa.Media.PlayQueue", "1.0", "{'item':" MUSIC_ITEM "}",
              "music-namespace@header.namespace");
  g_assert_cmpstr (same->item->id, ==, documented->item->id);
  g_autoptr (AlexaMusicAnswer) view
      = take (ALEXA_MUSIC_GET_VIEW, "Alexa.Media.PlayQueue", "1.0",
              "{'items':[],'queueControls':[]}", "music-namespace@header.namespace");
  g_assert_cmpuint (view->items->len, ==, 0);
}

/* Answers are known by their name. One for another message that gives an item is understood. */
static void
test_name (void)
{
  g_autofree char *similar
      = music_document (QUEUE, "GetItem.Response", "1.0", "{'isQueueFinished':true}");
  g_autoptr (AlexaMusicAnswer) next
      = music_take (ALEXA_MUSIC_GET_NEXT_ITEM, similar, "music-name@header.name");
  g_assert_true (next->finished);
  g_autofree char *plain = music_document ("Alexa", "Response", "3.0", "{}");
  music_refuse (ALEXA_MUSIC_GET_ITEM, plain, ALEXA_MUSIC_ANSWER_ERROR_NAME,
                "header.name \"Response\" is not that of an answer to GetItem");
  g_autofree char *other = music_document (QUEUE, "GetView.Response", "1.0", "{'items':[]}");
  music_refuse (ALEXA_MUSIC_GET_ITEM, other, ALEXA_MUSIC_ANSWER_ERROR_NAME, "header.name");
  music_refuse (ALEXA_MUSIC_INITIATE, similar, ALEXA_MUSIC_ANSWER_ERROR_NAME, "header.name");
}

/* The id of an answer, its own, that of the request, or none, is for logs only. */
static void
test_message_id (void)
{
  static const char *const ids[] = { "'messageId':'m',", "'messageId':7,", "" };
  for (guint i = 0; i < G_N_ELEMENTS (ids); i++)
    {
      g_autofree char *document = g_strdup_printf (
          "{'header':{%s'namespace':'" QUEUE "','name':'GetItem.Response','payloadVersion':'1.0'},"
          "'payload':{'item':" MUSIC_ITEM "}}",
          ids[i]);
      g_autoptr (AlexaMusicAnswer) answer = music_take (ALEXA_MUSIC_GET_ITEM, document, "");
      g_assert_cmpstr (answer->item->id, ==, "i1");
    }
}

static AlexaMusicReference *
parse_reference (const char *document, GError **error)
{
  g_autofree char *text = fixture_write (document);
  g_autoptr (JsonNode) node = fixture_json (text);
  return alexa_music_reference_parse (node, error);
}

/* A reference comes flat, wrapped, in the old form, and in a string. */
static void
test_reference (void)
{
  static const char *const forms[] = {
    "{'id':'i','queueId':'q','contentId':'c'}",
    "{'namespace':'Alexa.Audio.PlayQueue','name':'item',"
    "'value':{'id':'i','queueId':'q','contentId':'c'}}",
    "{'id':'i','queueId':'q','content':{'id':'c','metadataType':'TRACK'}}",
    "{'value':{'id':'i','queueId':'q','content':{'id':'c'}}}",
    "{'namespace':'Alexa.Audio.PlayQueue','name':'item',"
    "'value':'{\\'id\\':\\'i\\',\\'queueId\\':\\'q\\',\\'contentId\\':\\'c\\'}'}",
    "'{\\'id\\':\\'i\\',\\'queueId\\':\\'q\\',\\'contentId\\':\\'c\\'}'",
  };
  g_autoptr (AlexaMusicReference) expected = alexa_music_reference_new ("i", "q", "c");
  for (guint i = 0; i < G_N_ELEMENTS (forms); i++)
    {
      g_autoptr (GError) error = NULL;
      g_autoptr (AlexaMusicReference) reference = parse_reference (forms[i], &error);
      g_assert_no_error (error);
      g_assert_true (alexa_music_reference_equal (reference, expected));
    }
  static const char *const different[] = {
    "{'id':'x','queueId':'q','contentId':'c'}",
    "{'id':'i','queueId':'x','contentId':'c'}",
    "{'id':'i','queueId':'q','contentId':'x'}",
    "{'id':'i','queueId':'q'}",
  };
  for (guint i = 0; i < G_N_ELEMENTS (different); i++)
    {
      g_autoptr (AlexaMusicReference) reference = parse_reference (different[i], NULL);
      g_assert_nonnull (reference);
      g_assert_false (alexa_music_reference_equal (reference, expected));
    }
  g_assert_false (alexa_music_reference_equal (expected, NULL));
  g_assert_true (alexa_music_reference_equal (NULL, NULL));
}

static void
test_no_reference (void)
{
  static const struct
  {
    const char *document;
    AlexaMusicAnswerError code;
  } cases[] = {
    { "7", ALEXA_MUSIC_ANSWER_ERROR_TYPE },
    { "[]", ALEXA_MUSIC_ANSWER_ERROR_TYPE },
    { "{}", ALEXA_MUSIC_ANSWER_ERROR_MISSING },
    { "{'id':'i'}", ALEXA_MUSIC_ANSWER_ERROR_MISSING },
    { "{'id':'','queueId':'q'}", ALEXA_MUSIC_ANSWER_ERROR_MISSING },
    { "{'value':'{'}", ALEXA_MUSIC_ANSWER_ERROR_NOT_JSON },
    { "{'value':'[]'}", ALEXA_MUSIC_ANSWER_ERROR_NOT_JSON },
    { "{'value':'{}'}", ALEXA_MUSIC_ANSWER_ERROR_MISSING },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GError) error = NULL;
      g_assert_null (parse_reference (cases[i].document, &error));
      g_assert_error (error, ALEXA_MUSIC_ANSWER_ERROR, (int)cases[i].code);
    }
}

/* --- what is no answer --- */

static void
test_refused (void)
{
  static const struct
  {
    const char *document;
    AlexaMusicAnswerError code;
    const char *message;
  } cases[] = {
    { "", ALEXA_MUSIC_ANSWER_ERROR_EMPTY, "empty" },
    { "null", ALEXA_MUSIC_ANSWER_ERROR_EMPTY, "null" },
    { "[]", ALEXA_MUSIC_ANSWER_ERROR_TYPE, "The body" },
    { "{}", ALEXA_MUSIC_ANSWER_ERROR_MISSING, "header is missing" },
    { "{'header':[]}", ALEXA_MUSIC_ANSWER_ERROR_TYPE, "header is no object" },
    { "{'header':{}}", ALEXA_MUSIC_ANSWER_ERROR_MISSING, "header.name is missing" },
    { "{'header':{'name':'GetItem.Response'}}", ALEXA_MUSIC_ANSWER_ERROR_MISSING,
      "payload is missing" },
    { "{'header':{'name':'GetItem.Response'},'payload':7}", ALEXA_MUSIC_ANSWER_ERROR_TYPE,
      "payload is no object" },
    { "{'header':{'name':'GetItem.Response'},'payload':{}}", ALEXA_MUSIC_ANSWER_ERROR_MISSING,
      "payload.item is missing" },
    { "{'header':{'name':'GetItem.Response'},'payload':{'item':{}}}",
      ALEXA_MUSIC_ANSWER_ERROR_MISSING, "payload.item.id is missing" },
    { "{'header':{'name':'GetItem.Resp", ALEXA_MUSIC_ANSWER_ERROR_NOT_JSON, "Not JSON" },
    { "{'header':{'name':'a','name':'b'}}", ALEXA_MUSIC_ANSWER_ERROR_NOT_JSON, "given twice" },
    { "{'header':'\xff'}", ALEXA_MUSIC_ANSWER_ERROR_NOT_JSON, "Not JSON" },
    { "{'header':@[40@@]40@}", ALEXA_MUSIC_ANSWER_ERROR_NOT_JSON, "Not JSON" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    music_refuse (ALEXA_MUSIC_GET_ITEM, cases[i].document, cases[i].code, cases[i].message);
}

/* What each message cannot do without. */
static void
test_needed (void)
{
  static const struct
  {
    AlexaMusicMessage asked;
    const char *payload;
    const char *path;
  } cases[] = {
    { ALEXA_MUSIC_GET_PLAYABLE_CONTENT, "{}", "payload.content" },
    { ALEXA_MUSIC_GET_PLAYABLE_CONTENT, "{'content':{}}", "payload.content.id" },
    { ALEXA_MUSIC_INITIATE, "{}", "payload.playbackMethod" },
    { ALEXA_MUSIC_INITIATE, "{'playbackMethod':{}}", "payload.playbackMethod.id" },
    { ALEXA_MUSIC_INITIATE, "{'playbackMethod':{'id':'q'}}", "payload.playbackMethod.firstItem" },
    { ALEXA_MUSIC_INITIATE, "{'playbackMethod':{'id':'q','firstItem':{'id':'i'}}}",
      "payload.playbackMethod.firstItem.stream" },
    { ALEXA_MUSIC_GET_NEXT_ITEM, "{'item':{'id':'i'}}", "payload.item.stream" },
    { ALEXA_MUSIC_GET_VIEW, "{}", "payload.items" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *name
          = g_strconcat (alexa_music_message_to_string (cases[i].asked), ".Response", NULL);
      g_autofree char *document = music_document ("x", name, "1.0", cases[i].payload);
      g_autofree char *message = g_strdup_printf ("%s is missing", cases[i].path);
      music_refuse (cases[i].asked, document, ALEXA_MUSIC_ANSWER_ERROR_MISSING, message);
    }
}

/* 1 MiB is read, one byte more is not. */
static void
test_size (void)
{
  g_autofree char *document = music_get_item (MUSIC_ITEM);
  g_autofree char *whole = g_strdup_printf ("%s@ %" G_GSIZE_FORMAT "@", document,
                                            ALEXA_MUSIC_ANSWER_MAX_BYTES - strlen (document));
  g_autoptr (AlexaMusicAnswer) answer = music_take (ALEXA_MUSIC_GET_ITEM, whole, "");
  g_assert_cmpstr (answer->item->id, ==, "i1");
  g_autofree char *more = g_strconcat (whole, " ", NULL);
  music_refuse (ALEXA_MUSIC_GET_ITEM, more, ALEXA_MUSIC_ANSWER_ERROR_TOO_LARGE, "");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alexa/music-answer/content", test_content);
  g_test_add_func ("/alexa/music-answer/initiate", test_initiate);
  g_test_add_func ("/alexa/music-answer/next", test_next);
  g_test_add_func ("/alexa/music-answer/one-item", test_one_item);
  g_test_add_func ("/alexa/music-answer/view", test_view);
  g_test_add_func ("/alexa/music-answer/modes", test_modes);
  g_test_add_func ("/alexa/music-answer/feedback", test_feedback);
  g_test_add_func ("/alexa/music-answer/errors", test_errors);
  g_test_add_func ("/alexa/music-answer/skip-limit", test_skip_limit);
  g_test_add_func ("/alexa/music-answer/odd-errors", test_odd_errors);
  g_test_add_func ("/alexa/music-answer/namespace", test_namespace);
  g_test_add_func ("/alexa/music-answer/name", test_name);
  g_test_add_func ("/alexa/music-answer/message-id", test_message_id);
  g_test_add_func ("/alexa/music-answer/reference", test_reference);
  g_test_add_func ("/alexa/music-answer/no-reference", test_no_reference);
  g_test_add_func ("/alexa/music-answer/refused", test_refused);
  g_test_add_func ("/alexa/music-answer/needed", test_needed);
  g_test_add_func ("/alexa/music-answer/size", test_size);
  return g_test_run ();
}
