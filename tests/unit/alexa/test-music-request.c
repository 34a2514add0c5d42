/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-music-fixture.h"

static const AlexaMusicEnvelope envelope = { .message_id = "m",
                                             .user_id = "user-1",
                                             .access_token = "secret",
                                             .locale = "de-DE",
                                             .country = "DE" };

#define CONTEXT                                                                                    \
  "'requestContext':{'user':{'id':'user-1','accessToken':'secret'},"                               \
  "'location':{'originatingLocale':'de-DE','countryCode':'DE'}}"
#define FLAT "{'id':'i','queueId':'q','contentId':'c'}"
#define WRAPPED "{'namespace':'Alexa.Audio.PlayQueue','name':'item','value':" FLAT "}"

static void
assert_request (const AlexaMusicRequest *request,
                const char *namespace,
                const char *name,
                const char *version,
                const char *payload)
{
  g_autofree char *whole = g_strdup_printf ("{" CONTEXT "%s}", payload);
  g_autofree char *document = music_document (namespace, name, version, whole);
  g_autofree char *expected = fixture_write (document);
  g_autoptr (GBytes) bytes = alexa_music_request_build (request, &envelope);
  fixture_assert_bytes (bytes, expected);
}

static AlexaMusicRequest *
request_new (AlexaMusicMessage message)
{
  AlexaMusicRequest *request = alexa_music_request_new (message);
  request->reference = alexa_music_reference_new ("i", "q", "c");
  return request;
}

static void
test_get_item (void)
{
  g_autoptr (AlexaMusicRequest) request = request_new (ALEXA_MUSIC_GET_ITEM);
  assert_request (request, "Alexa.Media.PlayQueue", "GetItem", "1.0",
                  ",'targetItemReference':" WRAPPED);
}

static void
test_flat (void)
{
  g_autoptr (AlexaMusicRequest) next = request_new (ALEXA_MUSIC_GET_NEXT_ITEM);
  assert_request (next, "Alexa.Audio.PlayQueue", "GetNextItem", "1.0",
                  ",'currentItemReference':" FLAT ",'isUserInitiated':false");
  next->user_initiated = TRUE;
  assert_request (next, "Alexa.Audio.PlayQueue", "GetNextItem", "1.0",
                  ",'currentItemReference':" FLAT ",'isUserInitiated':true");
  g_autoptr (AlexaMusicRequest) previous = request_new (ALEXA_MUSIC_GET_PREVIOUS_ITEM);
  assert_request (previous, "Alexa.Audio.PlayQueue", "GetPreviousItem", "1.0",
                  ",'currentItemReference':" FLAT);
  g_autoptr (AlexaMusicRequest) jump = request_new (ALEXA_MUSIC_JUMP_TO_ITEM);
  jump->target_item_id = g_strdup ("t");
  assert_request (jump, "Alexa.Audio.PlayQueue", "JumpToItem", "1.0",
                  ",'currentItemReference':" FLAT ",'targetItemId':'t'");
}

static void
test_wrapped (void)
{
  g_autoptr (AlexaMusicRequest) view = request_new (ALEXA_MUSIC_GET_VIEW);
  assert_request (view, "Alexa.Media.PlayQueue", "GetView", "1.0",
                  ",'currentItemReference':" WRAPPED);
  g_autoptr (AlexaMusicRequest) shuffle = request_new (ALEXA_MUSIC_SET_SHUFFLE);
  shuffle->enable = TRUE;
  assert_request (shuffle, "Alexa.Media.PlayQueue", "SetShuffle", "1.0",
                  ",'currentItemReference':" WRAPPED ",'enable':true");
  g_autoptr (AlexaMusicRequest) loop = request_new (ALEXA_MUSIC_SET_LOOP);
  assert_request (loop, "Alexa.Media.PlayQueue", "SetLoop", "1.0",
                  ",'currentItemReference':" WRAPPED ",'enable':false");
  g_autoptr (AlexaMusicRequest) repeat = request_new (ALEXA_MUSIC_SET_REPEAT);
  repeat->enable = TRUE;
  assert_request (repeat, "Alexa.Media.PlayQueue", "SetRepeat", "1.0",
                  ",'currentItemReference':" WRAPPED ",'mode':{'status':'ON'}");
}

static void
test_initiate (void)
{
  g_autoptr (AlexaMusicRequest) first = alexa_music_request_new (ALEXA_MUSIC_INITIATE);
  first->content_id = g_strdup ("c");
  first->explicit_allowed = TRUE;
  assert_request (first, "Alexa.Media.Playback", "Initiate", "1.0",
                  ",'filters':{'explicitLanguageAllowed':true},'contentId':'c',"
                  "'playbackModes':{'shuffle':false,'loop':false,'repeat':{'status':'OFF'}}");
  g_autoptr (AlexaMusicRequest) again = request_new (ALEXA_MUSIC_INITIATE);
  again->content_id = g_strdup ("c");
  again->shuffle = TRUE;
  again->repeat = TRUE;
  assert_request (again, "Alexa.Media.Playback", "Initiate", "1.0",
                  ",'currentItemReference':" WRAPPED ",'filters':{'explicitLanguageAllowed':false},"
                  "'contentId':'c',"
                  "'playbackModes':{'shuffle':true,'loop':false,'repeat':{'status':'ON'}}");
  g_autoptr (AlexaMusicRequest) moved = request_new (ALEXA_MUSIC_REINITIATE);
  moved->offset_ms = 61234;
  moved->loop = TRUE;
  assert_request (moved, "Alexa.Media.Playback", "Reinitiate", "1.0",
                  ",'playbackState':{'mediaReference':" WRAPPED ",'offsetInMilliseconds':61234},"
                  "'playbackModes':{'shuffle':false,'loop':true,'repeat':{'status':'OFF'}}");
}

static void
test_search (void)
{
  g_autoptr (AlexaMusicRequest) request
      = alexa_music_request_new (ALEXA_MUSIC_GET_PLAYABLE_CONTENT);
  g_ptr_array_add (request->criteria, alexa_music_criterion_new ("ARTIST", "a-7", NULL));
  g_ptr_array_add (request->criteria, alexa_music_criterion_new ("MEDIA_TYPE", NULL, "TRACK"));
  assert_request (request, "Alexa.Media.Search", "GetPlayableContent", "1.0",
                  ",'filters':{'explicitLanguageAllowed':false},'selectionCriteria':{'attributes':["
                  "{'type':'ARTIST','entityId':'a-7'},{'type':'MEDIA_TYPE','value':'TRACK'}]}");
}

static void
test_feedback (void)
{
  g_autoptr (AlexaMusicRequest) request = request_new (ALEXA_MUSIC_RECEIVE_FEEDBACK);
  assert_request (request, "Alexa.UserPreference", "ReceiveFeedback", "2.0",
                  ",'activeContext':{'content':[" WRAPPED
                  "]},'feedback':{'type':'PREFERENCE','value':'NEGATIVE'}");
  request->positive = TRUE;
  assert_request (request, "Alexa.UserPreference", "ReceiveFeedback", "2.0",
                  ",'activeContext':{'content':[" WRAPPED
                  "]},'feedback':{'type':'PREFERENCE','value':'POSITIVE'}");
}

/* What is not known is not sent; each request has an id of its own. */
static void
test_envelope (void)
{
  AlexaMusicEnvelope nobody = { .message_id = NULL };
  g_autoptr (AlexaMusicRequest) request = request_new (ALEXA_MUSIC_GET_PREVIOUS_ITEM);
  g_autofree char *last = NULL;
  for (guint i = 0; i < 2; i++)
    {
      g_autoptr (GBytes) bytes = alexa_music_request_build (request, &nobody);
      g_autofree char *text = g_strndup (g_bytes_get_data (bytes, NULL), g_bytes_get_size (bytes));
      g_autoptr (JsonNode) root = fixture_json (text);
      JsonObject *object = json_node_get_object (root);
      JsonObject *header = json_object_get_object_member (object, "header");
      JsonObject *payload = json_object_get_object_member (object, "payload");
      const char *id = json_object_get_string_member (header, "messageId");
      g_assert_true (g_uuid_string_is_valid (id));
      g_assert_cmpstr (id, !=, last);
      g_free (last);
      last = g_strdup (id);
      fixture_assert_json (json_object_get_member (payload, "requestContext"), "{\"user\":{}}");
    }
}

/* A token, and what signs a URL, is not to be seen; everything else is. */
static void
test_redact (void)
{
  static const char document[]
      = "{'requestContext':{'user':{'id':'u','accessToken':'secret'}},'a':[1,null,true,1.5,"
        "{'uri':'https://joe:pw@h.example/a.mp3?sig=secret#x'},'http://h/b','what? no'],"
        "'Authorization':{'x':'secret'},'refreshToken':null}";
  g_autofree char *text = fixture_write (document);
  g_autoptr (GBytes) bytes = fixture_bytes (text);
  g_autoptr (GBytes) redacted = alexa_music_request_redact (bytes);
  g_autofree char *expected
      = fixture_write ("{'requestContext':{'user':{'id':'u','accessToken':'<redacted>'}},"
                       "'a':[1,null,true,1.5,{'uri':'https://h.example/a.mp3?…'},'http://h/b',"
                       "'what? no'],'Authorization':'<redacted>','refreshToken':null}");
  fixture_assert_bytes (redacted, expected);
  g_autoptr (GBytes) garbage = fixture_bytes ("{\"accessToken\":\"secret\"");
  g_autoptr (GBytes) nothing = alexa_music_request_redact (garbage);
  fixture_assert_bytes (nothing, "");
}

static void
test_event (void)
{
  g_autoptr (AlexaMusicReference) reference = alexa_music_reference_new ("i", "q", "c");
  g_autoptr (AlexaMusicEvent) started
      = alexa_music_event_new (ALEXA_MUSIC_EVENT_STARTED, reference, 12, NULL, NULL, NULL);
  g_autoptr (GBytes) bytes = alexa_music_event_build (started, &envelope, 1760000000000000, "d1");
  g_autofree char *expected = fixture_write (
      "{'version':'1.0','context':{'System':{'user':{'userId':'user-1','accessToken':'secret'},"
      "'endpointIds':['d1']}},'request':{'type':'AlexaAudioPlayQueueEvent.ItemPlaybackStarted',"
      "'requestId':'m','timestamp':'2025-10-09T08:53:20Z','locale':'de-DE',"
      "'body':{'offsetInMilliseconds':12,'item':" FLAT "}}}");
  fixture_assert_bytes (bytes, expected);
  static const AlexaMusicEnvelope nobody = { .message_id = "m1" };
  g_autoptr (AlexaMusicEvent) failed
      = alexa_music_event_new (ALEXA_MUSIC_EVENT_FAILED, reference, -1, "TYPE", "words", "JUMP");
  g_autoptr (GBytes) told = alexa_music_event_build (failed, &nobody, 0, NULL);
  g_autofree char *fault
      = fixture_write ("{'version':'1.0','context':{'System':{'user':{}}},"
                       "'request':{'type':'AlexaAudioPlayQueueEvent.ItemPlaybackFailed',"
                       "'requestId':'m1','timestamp':'1970-01-01T00:00:00Z',"
                       "'body':{'offsetInMilliseconds':0,'item':" FLAT
                       ",'error':{'type':'TYPE','message':'words'},'cause':'JUMP'}}}");
  fixture_assert_bytes (told, fault);
}

static void
test_names (void)
{
  g_assert_cmpstr (alexa_music_message_to_string (ALEXA_MUSIC_GET_PLAYABLE_CONTENT), ==,
                   "GetPlayableContent");
  g_assert_cmpstr (alexa_music_message_to_string (ALEXA_MUSIC_RECEIVE_FEEDBACK), ==,
                   "ReceiveFeedback");
  g_assert_cmpstr (alexa_music_event_type_to_string (ALEXA_MUSIC_EVENT_STOPPED), ==,
                   "AlexaAudioPlayQueueEvent.ItemPlaybackStopped");
  g_assert_cmpstr (alexa_music_event_type_to_string (ALEXA_MUSIC_EVENT_FINISHED), ==,
                   "AlexaAudioPlayQueueEvent.ItemPlaybackFinished");
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alexa/music-request/get-item", test_get_item);
  g_test_add_func ("/alexa/music-request/flat", test_flat);
  g_test_add_func ("/alexa/music-request/wrapped", test_wrapped);
  g_test_add_func ("/alexa/music-request/initiate", test_initiate);
  g_test_add_func ("/alexa/music-request/search", test_search);
  g_test_add_func ("/alexa/music-request/feedback", test_feedback);
  g_test_add_func ("/alexa/music-request/envelope", test_envelope);
  g_test_add_func ("/alexa/music-request/redact", test_redact);
  g_test_add_func ("/alexa/music-request/event", test_event);
  g_test_add_func ("/alexa/music-request/names", test_names);
  return g_test_run ();
}
