/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Every limit of an answer: what is at it is good, one more is found fault with. */
#include "alexa-fixture.h"

#define BODY(response) "{'version':'1.0','response':{" response "}}"
#define DIRECTIVES(list) BODY ("'directives':[" list "]")
#define PLAY(stream)                                                                               \
  "{'type':'AudioPlayer.Play','playBehavior':'REPLACE_ALL','audioItem':{'stream':{" stream         \
  ",'offsetInMilliseconds':0}}}"
#define GOOD PLAY ("'url':'https://h/a','token':'t'")
#define TEXT(text) "'outputSpeech':{'type':'PlainText','text':'" text "'}"
#define SSML(ssml) "'outputSpeech':{'type':'SSML','ssml':'" ssml "'}"
#define REPROMPT(reprompt) BODY ("'shouldEndSession':false,'reprompt':{" reprompt "}")
#define CARD(card) BODY ("'card':{" card "}")
#define IMAGE(urls) CARD ("'type':'Standard','title':'T','text':'x','image':{" urls "}")
#define GADGET(payload)                                                                            \
  DIRECTIVES ("{'type':'CustomInterfaceController.SendDirective','payload':" payload "}")
#define ENTITIES(name)                                                                             \
  DIRECTIVES ("{'type':'Dialog.UpdateDynamicEntities','updateBehavior':'REPLACE','types':[{"       \
              "'name':'T','values':[{'id':'1','name':{" name "}}]}]}")
/* With 5 and 6 recordings. */
#define AUDIO "<audio src=\\\"https://h/a.mp3\\\"/>"
#define AUDIO_5 AUDIO AUDIO AUDIO AUDIO AUDIO

/**
 * Limit:
 * @at: a document in which something is as large as it may be
 * @beyond: the same with one more
 * @id, @where: the finding for @beyond; @at has none of it
 * @voids: whether the service refuses the answer for it
 */
typedef struct
{
  const char *name;
  const char *at;
  const char *beyond;
  const char *id;
  const char *where;
  AlexaSeverity severity;
  gboolean voids;
} Limit;

static const Limit limits[] = {
  { "speech-text", BODY (TEXT ("@x8000@")), BODY (TEXT ("@x8001@")), "speech-too-long",
    "response.outputSpeech.text", ALEXA_SEVERITY_ERROR, TRUE },
  { "speech-ssml", BODY (SSML ("<speak>@x7985@</speak>")), BODY (SSML ("<speak>@x7986@</speak>")),
    "speech-too-long", "response.outputSpeech.ssml", ALEXA_SEVERITY_ERROR, TRUE },
  { "speech-code-points", BODY (TEXT ("\xe2\x82\xac@x7999@")), BODY (TEXT ("\xe2\x82\xac@x8000@")),
    "speech-too-long", "response.outputSpeech.text", ALEXA_SEVERITY_ERROR, TRUE },
  { "speech-utf16", BODY (TEXT ("\xf0\x9f\x98\x80@x7998@")),
    BODY (TEXT ("\xf0\x9f\x98\x80@x7999@")), "text-utf16", "response.outputSpeech.text",
    ALEXA_SEVERITY_WARNING, FALSE },
  { "reprompt-text", REPROMPT (TEXT ("@x8000@")), REPROMPT (TEXT ("@x8001@")), "speech-too-long",
    "response.reprompt.outputSpeech.text", ALEXA_SEVERITY_ERROR, TRUE },
  { "speech-audio", BODY (SSML ("<speak>" AUDIO_5 "</speak>")),
    BODY (SSML ("<speak>" AUDIO_5 AUDIO "</speak>")), "speech-audio-count",
    "response.outputSpeech.ssml", ALEXA_SEVERITY_WARNING, FALSE },
  { "speech-break", BODY (SSML ("<speak>x<break time=\\\"10s\\\"/>y</speak>")),
    BODY (SSML ("<speak>x<break time=\\\"10001ms\\\"/>y</speak>")), "speech-ssml-limited",
    "response.outputSpeech.ssml", ALEXA_SEVERITY_WARNING, FALSE },
  { "card-simple", CARD ("'type':'Simple','title':'@t1000@','content':'@c7000@'"),
    CARD ("'type':'Simple','title':'@t1000@','content':'@c7001@'"), "card-too-long",
    "response.card", ALEXA_SEVERITY_ERROR, TRUE },
  { "card-standard",
    CARD ("'type':'Standard','title':'@t2000@','text':'@x2000@','image':{'smallImageUrl':"
          "'@s2000@','largeImageUrl':'@l2000@'}"),
    CARD ("'type':'Standard','title':'@t2000@','text':'@x2001@','image':{'smallImageUrl':"
          "'@s2000@','largeImageUrl':'@l2000@'}"),
    "card-too-long", "response.card", ALEXA_SEVERITY_ERROR, TRUE },
  { "card-small-image", IMAGE ("'smallImageUrl':'@s2000@'"), IMAGE ("'smallImageUrl':'@s2001@'"),
    "card-image-url-too-long", "response.card.image.smallImageUrl", ALEXA_SEVERITY_ERROR, TRUE },
  { "card-large-image", IMAGE ("'largeImageUrl':'@l2000@'"), IMAGE ("'largeImageUrl':'@l2001@'"),
    "card-image-url-too-long", "response.card.image.largeImageUrl", ALEXA_SEVERITY_ERROR, TRUE },
  { "token", DIRECTIVES (PLAY ("'url':'https://h/a','token':'@t1024@'")),
    DIRECTIVES (PLAY ("'url':'https://h/a','token':'@t1025@'")), "play-token-too-long",
    "response.directives[0].audioItem.stream.token", ALEXA_SEVERITY_ERROR, TRUE },
  { "url", DIRECTIVES (PLAY ("'url':'https://h/@u7990@','token':'t'")),
    DIRECTIVES (PLAY ("'url':'https://h/@u7991@','token':'t'")), "play-url-too-long",
    "response.directives[0].audioItem.stream.url", ALEXA_SEVERITY_ERROR, TRUE },
  { "plays", DIRECTIVES (GOOD), DIRECTIVES (GOOD "," GOOD), "play-more-than-one",
    "response.directives[1]", ALEXA_SEVERITY_ERROR, TRUE },
  { "payload", GADGET ("{'a':'@p992@'}"), GADGET ("{'a':'@p993@'}"), "directive-payload-too-large",
    "response.directives[0].payload", ALEXA_SEVERITY_ERROR, TRUE },
  { "payload-bytes", GADGET ("{'a':'\xe2\x82\xac@p989@'}"), GADGET ("{'a':'\xe2\x82\xac@p990@'}"),
    "directive-payload-too-large", "response.directives[0].payload", ALEXA_SEVERITY_ERROR, TRUE },
  { "reprompt-directives",
    REPROMPT ("'directives':[{'type':'Alexa.Presentation.APLA.RenderDocument'}]"),
    REPROMPT ("'directives':[{'type':'Alexa.Presentation.APL.RenderDocument'}]"),
    "reprompt-directive", "response.reprompt.directives[0]", ALEXA_SEVERITY_ERROR, TRUE },
  { "entity", ENTITIES ("'value':'@v140@'"), ENTITIES ("'value':'@v141@'"),
    "dialog-slot-value-too-long", "response.directives[0].types[0].values[0].name.value",
    ALEXA_SEVERITY_WARNING, FALSE },
  { "entity-synonym", ENTITIES ("'value':'v','synonyms':['s','@s140@']"),
    ENTITIES ("'value':'v','synonyms':['s','@s141@']"), "dialog-slot-value-too-long",
    "response.directives[0].types[0].values[0].name.synonyms[1]", ALEXA_SEVERITY_WARNING, FALSE },
};

static void
test_limit (gconstpointer data)
{
  const Limit *limit = data;
  g_autofree char *at_text = fixture_write (limit->at);
  g_autofree char *beyond_text = fixture_write (limit->beyond);
  g_autoptr (AlexaResponse) at = fixture_response (at_text, ALEXA_REQUEST_INTENT);
  g_assert_null (fixture_find (at->findings, limit->id));
  g_autoptr (AlexaResponse) beyond = fixture_response (beyond_text, ALEXA_REQUEST_INTENT);
  const AlexaFinding *finding = fixture_find (beyond->findings, limit->id);
  g_assert_nonnull (finding);
  g_assert_cmpstr (finding->path, ==, limit->where);
  g_assert_cmpint (finding->severity, ==, limit->severity);
  g_assert_cmpint (finding->voids, ==, limit->voids);
  g_assert_true ((alexa_lint_find_void (beyond->findings) == finding) == limit->voids);
}

/* (transfer full): a good answer of @size bytes. */
static GBytes *
sized_document (gsize size)
{
  static const char head[] = "{\"version\":\"1.0\",\"response\":{},\"x\":\"";
  static const char tail[] = "\"}";
  gsize filling = size - strlen (head) - strlen (tail);
  g_autofree char *text = g_strdup_printf ("%s%*s%s", head, (int)filling, "", tail);
  return fixture_bytes (text);
}

/* 120 KB are 122,880 bytes; a warning is given where they may be meant to be 120,000. */
static void
test_document (void)
{
  static const struct
  {
    gsize size;
    const char *finding; /* (nullable) */
  } cases[] = {
    { 120000, NULL },
    { 120001, "body-large" },
    { 122880, "body-large" },
    { 122881, "body-too-large" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = sized_document (cases[i].size);
      g_assert_cmpuint (g_bytes_get_size (bytes), ==, cases[i].size);
      g_autoptr (GError) error = NULL;
      g_autoptr (AlexaResponse) response
          = alexa_response_parse (bytes, ALEXA_REQUEST_INTENT, FALSE, "skill", &error);
      g_assert_true ((response == NULL) == (cases[i].size > ALEXA_RESPONSE_MAX_BYTES));
      if (response == NULL)
        {
          g_assert_error (error, ALEXA_RESPONSE_ERROR, ALEXA_RESPONSE_ERROR_TOO_LARGE);
          g_autoptr (AlexaFinding) finding = alexa_response_error_to_finding (error);
          g_assert_cmpstr (finding->id, ==, cases[i].finding);
          g_assert_true (finding->voids);
          continue;
        }
      g_assert_cmpuint (response->findings->len, ==, cases[i].finding != NULL ? 1 : 0);
      if (cases[i].finding != NULL)
        g_assert_nonnull (fixture_find (response->findings, cases[i].finding));
    }
}

/* So long may recordings be: known only when they are played. */
static void
test_audio_time (void)
{
  g_autofree char *text = fixture_write (
      BODY ("'shouldEndSession':false," TEXT ("Hi") ",'reprompt':{" TEXT ("Well?") "}"));
  g_autoptr (AlexaResponse) response = fixture_response (text, ALEXA_REQUEST_INTENT);
  g_assert_cmpint (response->speech->max_audio_ms, ==, 240 * 1000);
  g_assert_cmpint (response->reprompt->max_audio_ms, ==, 90 * 1000);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  for (guint i = 0; i < G_N_ELEMENTS (limits); i++)
    {
      g_autofree char *path = g_strconcat ("/alexa/limits/", limits[i].name, NULL);
      g_test_add_data_func (path, &limits[i], test_limit);
    }
  g_test_add_func ("/alexa/limits/document", test_document);
  g_test_add_func ("/alexa/limits/audio-time", test_audio_time);
  return g_test_run ();
}
