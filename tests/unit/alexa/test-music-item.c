/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-music-fixture.h"

/* All that an item can hold. */
#define WHOLE                                                                                      \
  "{'id':'track-7','playbackInfo':{'type':'SAMPLE'},"                                              \
  "'metadata':{'type':'TRACK','name':{'speech':{'type':'PLAIN_TEXT','text':'Blue Hour'},"          \
  "'display':'blue hour'},'album':{'name':{'speech':{'text':'Night'},'display':'Night!'}},"        \
  "'authors':[{'name':'Ada'},{'name':{'speech':{'text':'Bo'},'display':''}}],"                     \
  "'art':{'contentDescription':'A lamp','sources':["                                               \
  "{'url':'https://art.example/s.jpg','size':'SMALL','widthPixels':60,'heightPixels':61},"         \
  "{'url':'https://art.example/x.jpg','size':'X_LARGE'},"                                          \
  "{'url':'https://art.example/m.jpg','size':'MEDIUM'}]}},"                                        \
  "'durationInMilliseconds':185000,"                                                               \
  "'controls':[{'type':'COMMAND','name':'NEXT','enabled':true},"                                   \
  "{'type':'COMMAND','name':'PREVIOUS','enabled':false},"                                          \
  "{'type':'ADJUST','name':'SEEK_POSITION','enabled':true}],"                                      \
  "'rules':{'feedbackEnabled':true},"                                                              \
  "'stream':{'id':'s-7','uri':'https://media.example/7.flac?sig=a%2Fb','offsetInMilliseconds':"    \
  "1500,'validUntil':'2031-02-03T04:05:06Z'},"                                                     \
  "'feedback':{'type':'PREFERENCE','value':'NEGATIVE'}}"

static void
assert_whole (const AlexaMusicItem *item)
{
  g_assert_cmpstr (item->id, ==, "track-7");
  g_assert_cmpint (item->playback, ==, ALEXA_MUSIC_PLAYBACK_SAMPLE);
  g_assert_cmpint (item->duration_ms, ==, 185000);
  const AlexaMusicMetadata *metadata = item->metadata;
  g_assert_cmpstr (metadata->type, ==, "TRACK");
  g_assert_cmpstr (metadata->name, ==, "blue hour");
  g_assert_cmpstr (metadata->album, ==, "Night!");
  g_assert_cmpuint (g_strv_length (metadata->authors), ==, 2);
  g_assert_cmpstr (metadata->authors[0], ==, "Ada");
  g_assert_cmpstr (metadata->authors[1], ==, "Bo");
  g_assert_cmpstr (metadata->art_description, ==, "A lamp");
  g_assert_cmpuint (metadata->art->len, ==, 3);
  const AlexaMusicArt *small = g_ptr_array_index (metadata->art, 0);
  g_assert_cmpstr (small->url, ==, "https://art.example/s.jpg");
  g_assert_cmpstr (small->size, ==, "SMALL");
  g_assert_cmpuint (small->width, ==, 60);
  g_assert_cmpuint (small->height, ==, 61);
  g_assert_cmpstr (alexa_music_metadata_get_largest_art (metadata)->url, ==,
                   "https://art.example/x.jpg");
  g_assert_cmpint (item->controls.next, ==, ALEXA_MUSIC_ENABLED);
  g_assert_cmpint (item->controls.previous, ==, ALEXA_MUSIC_DISABLED);
  g_assert_cmpint (item->controls.seek, ==, ALEXA_MUSIC_ENABLED);
  g_assert_cmpint (item->controls.shuffle, ==, ALEXA_MUSIC_UNDECLARED);
  g_assert_true (item->has_feedback_rule && item->feedback_enabled);
  g_assert_cmpstr (item->stream->id, ==, "s-7");
  g_assert_cmpstr (item->stream->uri, ==, "https://media.example/7.flac?sig=a%2Fb");
  g_assert_cmpint (item->stream->offset_ms, ==, 1500);
  g_assert_cmpstr (item->stream->valid_until, ==, "2031-02-03T04:05:06Z");
  g_assert_cmpint (item->stream->valid_until_us, ==, G_GINT64_CONSTANT (1927857906000000));
  g_assert_cmpstr (item->rating, ==, "NEGATIVE");
}

static void
test_whole (void)
{
  g_autoptr (AlexaMusicItem) item = music_take_item (WHOLE, "");
  assert_whole (item);
}

/* Stored and read again, an item is the same. */
static void
test_json (void)
{
  static const char *const items[] = {
    WHOLE,
    "{'id':'i'}",
    "{'id':'i','controls':[{'type':'TOGGLE','name':'SHUFFLE','enabled':true,'selected':true},"
    "{'type':'TOGGLE','name':'LOOP','enabled':false,'selected':false},"
    "{'type':'CYCLE','name':'REPEAT','enabled':true,'value':{'status':'ON'}}],"
    "'rules':{'feedbackEnabled':false}}",
    "{'id':'i','stream':{'uri':'http://h/x'}}",
  };
  for (guint i = 0; i < G_N_ELEMENTS (items); i++)
    {
      g_autofree char *text = fixture_write (items[i]);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlexaMusicItem) item = alexa_music_item_from_json (text, &error);
      g_assert_no_error (error);
      g_autofree char *stored = alexa_music_item_to_json (item);
      g_autoptr (AlexaMusicItem) again = alexa_music_item_from_json (stored, &error);
      g_assert_no_error (error);
      g_autofree char *same = alexa_music_item_to_json (again);
      g_assert_cmpstr (stored, ==, same);
      if (i == 0)
        assert_whole (again);
      g_assert_cmpint (item->controls.repeat_on, ==, i == 2);
      g_assert_cmpint (again->controls.repeat_on, ==, i == 2);
    }
  g_autoptr (GError) error = NULL;
  g_assert_null (alexa_music_item_from_json ("{", &error));
  g_assert_error (error, ALEXA_MUSIC_ANSWER_ERROR, ALEXA_MUSIC_ANSWER_ERROR_NOT_JSON);
  g_clear_error (&error);
  g_assert_null (alexa_music_item_from_json ("[]", &error));
  g_assert_error (error, ALEXA_MUSIC_ANSWER_ERROR, ALEXA_MUSIC_ANSWER_ERROR_TYPE);
  g_clear_error (&error);
  g_assert_null (alexa_music_item_from_json ("{}", &error));
  g_assert_error (error, ALEXA_MUSIC_ANSWER_ERROR, ALEXA_MUSIC_ANSWER_ERROR_MISSING);
}

/* As little as can be played; what is required beside is missed, and done without. */
static void
test_minimal (void)
{
  g_autoptr (AlexaMusicItem) documented = music_take_item (MUSIC_ITEM, "");
  g_assert_cmpint (documented->duration_ms, ==, -1);
  g_assert_null (documented->metadata->name);
  g_assert_cmpuint (g_strv_length (documented->metadata->authors), ==, 0);
  g_assert_false (documented->has_feedback_rule);
  g_assert_null (documented->rating);
  g_assert_null (documented->stream->valid_until);
  g_assert_cmpint (documented->stream->valid_until_us, ==, 0);
  g_assert_cmpint (documented->stream->offset_ms, ==, 0);
  g_autoptr (AlexaMusicItem) bare = music_take_item (
      "{'id':7,'stream':{'uri':'https://h/x'}}",
      "music-id-type@payload.item.id music-member-missing@payload.item.stream.id "
      "music-member-missing@payload.item.playbackInfo.type "
      "music-member-missing@payload.item.metadata music-member-missing@payload.item.controls");
  g_assert_cmpstr (bare->id, ==, "7");
  g_assert_cmpint (bare->playback, ==, ALEXA_MUSIC_PLAYBACK_DEFAULT);
  g_assert_null (alexa_music_metadata_get_largest_art (bare->metadata));
}

static void
test_art_size (void)
{
  static const struct
  {
    AlexaMusicArt art;
    guint width;
    guint height;
  } arts[] = {
    { { .width = 640, .height = 480, .size = (char *)"SMALL" }, 640, 480 },
    { { .size = (char *)"X_LARGE" }, 600, 600 },
    { { .width = 300, .size = (char *)"LARGE" }, 256, 256 },
    { { .size = (char *)"HUGE" }, 0, 0 },
    { { 0 }, 0, 0 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (arts); i++)
    {
      guint width = 1;
      guint height = 1;
      alexa_music_art_get_size (&arts[i].art, &width, &height);
      g_assert_cmpuint (width, ==, arts[i].width);
      g_assert_cmpuint (height, ==, arts[i].height);
    }
}

/* Where something is to be played, a stream is needed, and one that may be opened. */
static void
test_stream (void)
{
  static const struct
  {
    const char *stream;
    AlexaMusicAnswerError code;
    const char *message;
  } refused[] = {
    { "'x':1", ALEXA_MUSIC_ANSWER_ERROR_MISSING, "payload.item.stream is missing" },
    { "'stream':null", ALEXA_MUSIC_ANSWER_ERROR_MISSING, "payload.item.stream is missing" },
    { "'stream':[]", ALEXA_MUSIC_ANSWER_ERROR_TYPE, "payload.item.stream is no object" },
    { "'stream':{}", ALEXA_MUSIC_ANSWER_ERROR_MISSING, "payload.item.stream.uri is missing" },
    { "'stream':{'uri':''}", ALEXA_MUSIC_ANSWER_ERROR_MISSING, "payload.item.stream.uri" },
    { "'stream':{'uri':7}", ALEXA_MUSIC_ANSWER_ERROR_MISSING, "payload.item.stream.uri" },
    { "'stream':{'uri':'a.mp3'}", ALEXA_MUSIC_ANSWER_ERROR_URI, "payload.item.stream.uri" },
    { "'stream':{'uri':'file:///etc/passwd'}", ALEXA_MUSIC_ANSWER_ERROR_URI, "is no https URL" },
    { "'stream':{'uri':'https://'}", ALEXA_MUSIC_ANSWER_ERROR_URI, "is no https URL" },
    { "'stream':{'uri':'http://h/x'}", ALEXA_MUSIC_ANSWER_ERROR_URI, "is plain http" },
    { "'stream':{'uri':'https://h/@x8000@'}", ALEXA_MUSIC_ANSWER_ERROR_URI, "longer than 8000" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (refused); i++)
    {
      g_autofree char *item = g_strdup_printf ("{'id':'i1',%s}", refused[i].stream);
      g_autofree char *document = music_get_item (item);
      music_refuse (ALEXA_MUSIC_GET_ITEM, document, refused[i].code, refused[i].message);
    }
}

/* Some skills, and the printed examples, offer plain http. */
static void
test_plain_http (void)
{
  g_autofree char *document
      = music_get_item ("{'id':'i','playbackInfo':{'type':'DEFAULT'},'controls':[],"
                        "'metadata':{'art':{'sources':[{'url':'http://h/a.jpg'}]}},"
                        "'stream':{'id':'s','uri':' http://h/a b.mp3'}}");
  g_autofree char *findings = NULL;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaMusicAnswer) answer
      = music_parse (ALEXA_MUSIC_GET_ITEM, document, FALSE, &findings, &error);
  g_assert_no_error (error);
  g_assert_cmpstr (answer->item->stream->uri, ==, "http://h/a%20b.mp3");
  g_assert_cmpuint (answer->item->metadata->art->len, ==, 1);
  g_assert_cmpstr (findings, ==,
                   "music-uri-http@payload.item.stream.uri "
                   "music-uri-escaped@payload.item.stream.uri");
}

static void
test_valid_until (void)
{
  static const struct
  {
    const char *json;
    gint64 expected_us;
    const char *finding;
  } cases[] = {
    { "'2030-01-02T03:04:05Z'", G_GINT64_CONSTANT (1893553445000000), "" },
    { "'2030-01-02T03:04:05+00:00'", G_GINT64_CONSTANT (1893553445000000), "" },
    { "'2030-01-02T03:04:05+02:30'", G_GINT64_CONSTANT (1893544445000000), "" },
    { "'2030-01-02T03:04:05.250Z'", G_GINT64_CONSTANT (1893553445250000), "" },
    { "'2001-09-09T01:46:40Z'", G_GINT64_CONSTANT (1000000000000000), "" },
    { "'1970-01-01T00:00:00Z'", 1, "" },
    { "'1969-12-31T23:59:59Z'", -1000000, "" },
    { "'9999-12-31T23:59:59Z'", G_GINT64_CONSTANT (253402300799000000), "" },
    { "null", 0, "" },
    { "'2030-01-02T03:04:05'", 0, "music-valid-until@payload.item.stream.validUntil" },
    { "'2030-13-02T03:04:05Z'", 0, "music-valid-until@payload.item.stream.validUntil" },
    { "'soon'", 0, "music-valid-until@payload.item.stream.validUntil" },
    { "''", 0, "music-valid-until@payload.item.stream.validUntil" },
    { "1893553445", 0, "music-valid-until@payload.item.stream.validUntil" },
    { "true", 0, "music-valid-until@payload.item.stream.validUntil" },
    { "{}", 0, "music-valid-until@payload.item.stream.validUntil" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf (
          "{'id':'i','playbackInfo':{'type':'DEFAULT'},'metadata':{'type':'TRACK'},'controls':[],"
          "'stream':{'id':'s','uri':'https://h/x','validUntil':%s}}",
          cases[i].json);
      g_autoptr (AlexaMusicItem) item = music_take_item (text, cases[i].finding);
      g_assert_cmpint (item->stream->valid_until_us, ==, cases[i].expected_us);
    }
}

/* Numbers as they should not be. */
static void
test_numbers (void)
{
  static const struct
  {
    const char *offset;
    const char *duration;
    gint64 offset_ms;
    gint64 duration_ms;
    const char *findings;
  } cases[] = {
    { "0", "1", 0, 1, "" },
    { "9223372036854", "9223372036854", G_GINT64_CONSTANT (9223372036854),
      G_GINT64_CONSTANT (9223372036854), "" },
    { "1200.75", "3000.5", 1200, 3000, "OD" },
    { "'1200'", "'3000'", 1200, 3000, "OD" },
    { "-1", "-1", 0, -1, "OD" },
    { "9223372036854775807", "9223372036854775807", 0, -1, "OD" },
    { "1e300", "1e300", 0, -1, "OD" },
    { "'soon'", "{}", 0, -1, "OD" },
    { "[]", "true", 0, -1, "OD" },
    { "null", "0", 0, -1, "D" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = g_strdup_printf (
          "{'id':'i','playbackInfo':{'type':'DEFAULT'},'metadata':{'type':'TRACK'},'controls':[],"
          "'durationInMilliseconds':%s,"
          "'stream':{'id':'s','uri':'https://h/x','offsetInMilliseconds':%s}}",
          cases[i].duration, cases[i].offset);
      g_autoptr (GString) findings = g_string_new (NULL);
      if (strchr (cases[i].findings, 'O') != NULL)
        g_string_append (findings, "music-offset@payload.item.stream.offsetInMilliseconds ");
      if (strchr (cases[i].findings, 'D') != NULL)
        g_string_append (findings, "music-duration@payload.item.durationInMilliseconds");
      g_autoptr (AlexaMusicItem) item = music_take_item (text, findings->str);
      g_assert_cmpint (item->stream->offset_ms, ==, cases[i].offset_ms);
      g_assert_cmpint (item->duration_ms, ==, cases[i].duration_ms);
    }
  /* Beyond 64 bit: the reader of JSON has found fault with it before. */
  g_autofree char *item = music_item_with ("'playbackInfo':{'type':'DEFAULT'},'metadata':{'type':"
                                           "'TRACK'},'controls':[],'durationInMilliseconds':"
                                           "123456789012345678901234567890");
  g_autoptr (AlexaMusicItem) huge
      = music_take_item (item, "body-number@ music-duration@payload.item.durationInMilliseconds");
  g_assert_cmpint (huge->duration_ms, ==, -1);
}

/* An advertisement, with what it brings that is of no use here. */
static void
test_ad (void)
{
  g_autoptr (AlexaMusicItem) item = music_take_item (
      "{'id':'ad','playbackInfo':{'type':'AD'},'metadata':{'type':'AD','name':{'display':'Tea'},"
      "'manifest':{'type':'VAST','uri':'https://ads.example/vast.xml'}},"
      "'durationInMilliseconds':30000,'controls':[]," MUSIC_STREAM "}",
      "");
  g_assert_cmpint (item->playback, ==, ALEXA_MUSIC_PLAYBACK_AD);
  g_assert_cmpstr (item->metadata->type, ==, "AD");
  g_assert_cmpint (item->controls.next, ==, ALEXA_MUSIC_UNDECLARED);
}

static void
test_live (void)
{
  g_autoptr (AlexaMusicItem) item = music_take_item (
      "{'id':'r','playbackInfo':{'type':'DEFAULT'},'metadata':{'type':'STATION',"
      "'name':{'speech':{'type':'PLAIN_TEXT','text':'Radio One'}}},'controls':[]," MUSIC_STREAM
      ",'laterInvented':{'a':[1,2]}}",
      "");
  g_assert_cmpint (item->duration_ms, ==, -1);
  g_assert_cmpstr (item->metadata->name, ==, "Radio One");
}

/* What is not known does no harm to the rest. */
static void
test_unknown (void)
{
  g_autofree char *text = music_item_with (
      "'playbackInfo':{'type':'BONUS'},'metadata':{'type':'PROGRAM_SERIES','name':7,'art':"
      "{'sources':[{'url':'ftp://h/a.jpg'},'x',{'size':'SMALL'},{'url':'https://h/a.jpg','size':"
      "'HUGE','widthPixels':-5,'heightPixels':'x'}]},'authors':[{},7,'Ada']},'controls':["
      "{'type':'COMMAND','name':'STOP','enabled':true},{'type':'TOGGLE','name':'NEXT','enabled':"
      "true},"
      "7,{'type':'COMMAND','name':'PREVIOUS'},{'type':'COMMAND','name':'NEXT','enabled':true}],"
      "'rules':{'feedbackEnabled':'yes'},'feedback':{'type':'STARS','value':'5'}");
  g_autoptr (AlexaMusicItem) item = music_take_item (
      text, "music-playback-type@payload.item.playbackInfo.type "
            "member-type@payload.item.metadata.name "
            "music-member-missing@payload.item.metadata.authors[0].name "
            "music-member-missing@payload.item.metadata.authors[1].name "
            "music-art@payload.item.metadata.art.sources[0].url "
            "music-art@payload.item.metadata.art.sources[1].url "
            "music-art@payload.item.metadata.art.sources[2].url "
            "music-control@payload.item.controls[0] music-control@payload.item.controls[1] "
            "music-control@payload.item.controls[2] "
            "music-control-enabled@payload.item.controls[3].enabled "
            "member-type@payload.item.rules.feedbackEnabled "
            "music-rating@payload.item.feedback.value");
  g_assert_cmpint (item->playback, ==, ALEXA_MUSIC_PLAYBACK_DEFAULT);
  g_assert_cmpstr (item->metadata->type, ==, "PROGRAM_SERIES");
  g_assert_null (item->metadata->name);
  g_assert_cmpuint (item->metadata->art->len, ==, 1);
  const AlexaMusicArt *art = g_ptr_array_index (item->metadata->art, 0);
  g_assert_cmpuint (art->width, ==, 0);
  g_assert_cmpstr (item->metadata->authors[0], ==, "Ada");
  g_assert_cmpint (item->controls.next, ==, ALEXA_MUSIC_ENABLED);
  g_assert_cmpint (item->controls.previous, ==, ALEXA_MUSIC_DISABLED);
  g_assert_false (item->has_feedback_rule);
  g_assert_null (item->rating);
}

/* What an item declares wins over its queue; what neither does is not allowed. */
static void
test_merge (void)
{
  AlexaMusicControls queue = { .next = ALEXA_MUSIC_ENABLED,
                               .seek = ALEXA_MUSIC_ENABLED,
                               .shuffle = ALEXA_MUSIC_ENABLED,
                               .shuffle_on = TRUE,
                               .repeat = ALEXA_MUSIC_ENABLED,
                               .repeat_on = TRUE };
  AlexaMusicControls item = { .next = ALEXA_MUSIC_DISABLED, .repeat = ALEXA_MUSIC_DISABLED };
  AlexaMusicControls merged = alexa_music_controls_merge (&queue, &item);
  g_assert_cmpint (merged.next, ==, ALEXA_MUSIC_DISABLED);
  g_assert_cmpint (merged.seek, ==, ALEXA_MUSIC_ENABLED);
  g_assert_cmpint (merged.previous, ==, ALEXA_MUSIC_UNDECLARED);
  g_assert_cmpint (merged.shuffle, ==, ALEXA_MUSIC_ENABLED);
  g_assert_true (merged.shuffle_on);
  g_assert_cmpint (merged.repeat, ==, ALEXA_MUSIC_DISABLED);
  g_assert_false (merged.repeat_on);
  merged = alexa_music_controls_merge (NULL, &item);
  g_assert_cmpint (merged.next, ==, ALEXA_MUSIC_DISABLED);
  g_assert_cmpint (merged.seek, ==, ALEXA_MUSIC_UNDECLARED);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alexa/music-item/art-size", test_art_size);
  g_test_add_func ("/alexa/music-item/whole", test_whole);
  g_test_add_func ("/alexa/music-item/json", test_json);
  g_test_add_func ("/alexa/music-item/minimal", test_minimal);
  g_test_add_func ("/alexa/music-item/stream", test_stream);
  g_test_add_func ("/alexa/music-item/plain-http", test_plain_http);
  g_test_add_func ("/alexa/music-item/valid-until", test_valid_until);
  g_test_add_func ("/alexa/music-item/numbers", test_numbers);
  g_test_add_func ("/alexa/music-item/ad", test_ad);
  g_test_add_func ("/alexa/music-item/live", test_live);
  g_test_add_func ("/alexa/music-item/unknown", test_unknown);
  g_test_add_func ("/alexa/music-item/merge", test_merge);
  return g_test_run ();
}
