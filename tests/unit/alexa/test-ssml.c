/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-fixture.h"
#include "alexa/alexa-ssml.h"

#define HEAD "<speak version=\"1.1\" xmlns=\"http://www.w3.org/2001/10/synthesis\""

static GPtrArray *
findings_new (void)
{
  return g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_finding_free);
}

/* Parts as text: documents without the head's constant attributes, "audio URL", "break MS", one a
 * line. */
static char *
show (GPtrArray *parts)
{
  g_autoptr (GString) out = g_string_new (NULL);
  for (guint i = 0; i < parts->len; i++)
    {
      const PlayerSpeechPart *part = g_ptr_array_index (parts, i);
      if (i > 0)
        g_string_append_c (out, '\n');
      if (part->type == PLAYER_SPEECH_PART_AUDIO)
        g_string_append_printf (out, "audio %s", part->url);
      else if (part->type == PLAYER_SPEECH_PART_BREAK)
        g_string_append_printf (out, "break %u", part->duration_ms);
      else
        {
          g_assert_true (g_str_has_prefix (part->ssml, HEAD));
          g_assert_true (g_str_has_suffix (part->ssml, "</speak>"));
          g_string_append_printf (out, "<speak%s", part->ssml + strlen (HEAD));
        }
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static void
assert_parts (const char *ssml, const char *expected)
{
  g_autoptr (GPtrArray) findings = findings_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = alexa_ssml_parse (ssml, "here", findings, &error);
  g_assert_no_error (error);
  g_autofree char *seen = show (parts);
  g_assert_cmpstr (seen, ==, expected);
}

static void
assert_refused (const char *ssml, AlexaSsmlError code, const char *message)
{
  g_autoptr (GPtrArray) findings = findings_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = alexa_ssml_parse (ssml, "here", findings, &error);
  g_assert_null (parts);
  g_assert_error (error, ALEXA_SSML_ERROR, (int)code);
  if (message != NULL)
    g_assert_cmpstr (error->message, ==, message);
}

/* Every element and attribute of the service, what becomes of it, and how it must not be. */
static const struct
{
  const char *within; /* of <speak> */
  const char *parts;  /* NULL: refused */
} vocabulary[] = {
  { "Hello", "<speak>Hello</speak>" },
  { "<alexa:name type=\"first\" personId=\"p\"/>Hi", "<speak>Hi</speak>" },
  { "<alexa:name type=\"last\" personId=\"p\"/>", NULL },
  { "<alexa:name type=\"first\"/>", NULL },
  { "<alexa:name type=\"first\" personId=\"p\">Jo</alexa:name>", NULL },
  { "<amazon:domain name=\"conversational\">x</amazon:domain>", "<speak>x</speak>" },
  { "<amazon:domain name=\"long-form\">x</amazon:domain>", "<speak>x</speak>" },
  { "<amazon:domain name=\"music\">x</amazon:domain>", "<speak>x</speak>" },
  { "<amazon:domain name=\"news\">x</amazon:domain>", "<speak>x</speak>" },
  { "<amazon:domain name=\"fun\">x</amazon:domain>", "<speak>x</speak>" },
  { "<amazon:domain name=\"sad\">x</amazon:domain>", NULL },
  { "<amazon:domain>x</amazon:domain>", NULL },
  { "<amazon:effect name=\"whispered\">x</amazon:effect>",
    "<speak><prosody rate=\"slow\" volume=\"x-soft\">x</prosody></speak>" },
  { "<amazon:effect name='whispered'>x</amazon:effect>",
    "<speak><prosody rate=\"slow\" volume=\"x-soft\">x</prosody></speak>" },
  { "<amazon:effect name=\"shouted\">x</amazon:effect>", NULL },
  { "<amazon:effect phonation=\"soft\">x</amazon:effect>", NULL },
  { "<amazon:emotion name=\"excited\" intensity=\"low\">x</amazon:emotion>",
    "<speak><prosody rate=\"106%\" pitch=\"+8%\">x</prosody></speak>" },
  { "<amazon:emotion name=\"excited\" intensity=\"medium\">x</amazon:emotion>",
    "<speak><prosody rate=\"112%\" pitch=\"+16%\">x</prosody></speak>" },
  { "<amazon:emotion name=\"disappointed\" intensity=\"high\">x</amazon:emotion>",
    "<speak><prosody rate=\"82%\" pitch=\"-18%\">x</prosody></speak>" },
  { "<amazon:emotion name=\"angry\" intensity=\"high\">x</amazon:emotion>", NULL },
  { "<amazon:emotion name=\"excited\" intensity=\"10\">x</amazon:emotion>", NULL },
  { "<amazon:emotion name=\"excited\">x</amazon:emotion>", NULL },
  { "<amazon:breath/>", NULL },
  { "<audio src=\"https://h/a.mp3\"/>", "audio https://h/a.mp3" },
  { "<audio src=\"https://h/a.mp3\"></audio>", "audio https://h/a.mp3" },
  { "<audio src=\"https://h/a?b&amp;c\">no sound</audio>", "audio https://h/a?b&c" },
  { "<audio src=\"https://h/a b.mp3\"/>", "audio https://h/a%20b.mp3" },
  { "<audio src=\"soundbank://soundlibrary/x/y_01\"/>", "audio soundbank://soundlibrary/x/y_01" },
  { "<audio src=\"http://h/a.mp3\"/>", "audio http://h/a.mp3" },
  { "<audio src=\"file:///etc/passwd\"/>", NULL },
  { "<audio src=\"a.mp3\"/>", NULL },
  { "<audio src=\"https://\"/>", NULL },
  { "<audio src=\"\"/>", NULL },
  { "<audio/>", NULL },
  { "<audio src=\"https://h/a\"><p>x</p></audio>", NULL },
  { "<audio src=\"https://h/a\" speed=\"2\"/>", NULL },
  { "<break/>", "break 250" },
  { "<break strength=\"none\"/>", "" },
  { "<break strength=\"x-weak\"/>", "" },
  { "<break strength=\"weak\"/>", "break 250" },
  { "<break strength=\"medium\"/>", "break 250" },
  { "<break strength=\"strong\"/>", "break 600" },
  { "<break strength=\"x-strong\"/>", "break 1000" },
  { "<break strength=\"huge\"/>", NULL },
  { "<break time=\"3s\"/>", "break 3000" },
  { "<break time=\"1.5s\"/>", "break 1500" },
  { "<break time=\".5s\"/>", "break 500" },
  { "<break time=\"40ms\" strength=\"strong\"/>", "break 40" },
  { "<break time=\"10s\"/>", "break 10000" },
  { "<break time=\"10001ms\"/>", "break 10000" },
  { "<break time=\"99999999999999999s\"/>", "break 10000" },
  { "<break time=\"0s\"/>", "" },
  { "<break time=\"3\"/>", NULL },
  { "<break time=\"-1s\"/>", NULL },
  { "<break time=\"1.2.3s\"/>", NULL },
  { "<break time=\"1 s\"/>", NULL },
  { "<break time=\"s\"/>", NULL },
  { "<break time=\"infs\"/>", NULL },
  { "<break time=\"1e3ms\"/>", NULL },
  { "<break time=\"0x10s\"/>", NULL },
  { "<break>x</break>", NULL },
  { "<break><s/></break>", NULL },
  { "<emphasis level=\"strong\">x</emphasis>",
    "<speak><emphasis level=\"strong\">x</emphasis></speak>" },
  { "<emphasis level=\"moderate\">x</emphasis>",
    "<speak><emphasis level=\"moderate\">x</emphasis></speak>" },
  { "<emphasis level=\"reduced\">x</emphasis>",
    "<speak><emphasis level=\"reduced\">x</emphasis></speak>" },
  { "<emphasis>x</emphasis>", "<speak><emphasis level=\"moderate\">x</emphasis></speak>" },
  { "<emphasis level=\"none\">x</emphasis>", NULL },
  { "a <lang xml:lang=\"fr-FR\">b</lang> c",
    "<speak>a </speak>\n<speak xml:lang=\"fr-FR\">b</speak>\n<speak> c</speak>" },
  { "<lang xml:lang=\"french\">b</lang>", NULL },
  { "<lang xml:lang=\"fr FR\">b</lang>", NULL },
  { "<lang xml:lang=\"\">b</lang>", NULL },
  { "<lang>b</lang>", NULL },
  { "<p>a</p><p>b</p>", "<speak><p>a</p><p>b</p></speak>" },
  { "<p><s>a</s></p>", "<speak><p><s>a</s></p></speak>" },
  { "<p><p>a</p></p>", NULL },
  { "<p xml:lang=\"de-DE\">a</p>", NULL },
  { "<s>a</s>", "<speak><s>a</s></speak>" },
  { "<s><p>a</p></s>", NULL },
  { "<s><s>a</s></s>", NULL },
  { "<phoneme alphabet=\"ipa\" ph=\"p\xc9\xaa\">x</phoneme>",
    "<speak><phoneme alphabet=\"ipa\" ph=\"p\xc9\xaa\">x</phoneme></speak>" },
  { "<phoneme alphabet=\"x-sampa\" ph='pI\"k{n'>x</phoneme>",
    "<speak><phoneme alphabet=\"x-sampa\" ph=\"pI&quot;k{n\">x</phoneme></speak>" },
  { "<phoneme ph=\"a\">x</phoneme>",
    "<speak><phoneme alphabet=\"ipa\" ph=\"a\">x</phoneme></speak>" },
  { "<phoneme alphabet=\"ipa\">x</phoneme>", NULL },
  { "<phoneme alphabet=\"cmu\" ph=\"a\">x</phoneme>", NULL },
  { "<phoneme alphabet=\"ipa\" ph=\"\">x</phoneme>", NULL },
  { "<prosody rate=\"x-slow\" pitch=\"x-high\" volume=\"x-loud\">x</prosody>",
    "<speak><prosody rate=\"x-slow\" pitch=\"x-high\" volume=\"x-loud\">x</prosody></speak>" },
  { "<prosody rate=\"80%\">x</prosody>", "<speak><prosody rate=\"80%\">x</prosody></speak>" },
  { "<prosody rate=\"5%\">x</prosody>", "<speak><prosody rate=\"20%\">x</prosody></speak>" },
  { "<prosody pitch=\"+10.5%\">x</prosody>",
    "<speak><prosody pitch=\"+10.5%\">x</prosody></speak>" },
  { "<prosody pitch=\"-90%\">x</prosody>", "<speak><prosody pitch=\"-33.3%\">x</prosody></speak>" },
  { "<prosody pitch=\"+51%\">x</prosody>", "<speak><prosody pitch=\"+50%\">x</prosody></speak>" },
  { "<prosody volume=\"silent\">x</prosody>",
    "<speak><prosody volume=\"silent\">x</prosody></speak>" },
  { "<prosody volume=\"-6dB\">x</prosody>", "<speak><prosody volume=\"soft\">x</prosody></speak>" },
  { "<prosody volume=\"+0dB\">x</prosody>",
    "<speak><prosody volume=\"medium\">x</prosody></speak>" },
  { "<prosody volume=\"+20dB\">x</prosody>",
    "<speak><prosody volume=\"loud\">x</prosody></speak>" },
  { "<prosody volume=\"-60dB\">x</prosody>",
    "<speak><prosody volume=\"silent\">x</prosody></speak>" },
  { "<prosody rate=\"fastest\">x</prosody>", NULL },
  { "<prosody rate=\"%\">x</prosody>", NULL },
  { "<prosody rate=\"1.2.3%\">x</prosody>", NULL },
  { "<prosody pitch=\"10%\">x</prosody>", NULL },
  { "<prosody pitch=\"+1st\">x</prosody>", NULL },
  { "<prosody volume=\"6dB\">x</prosody>", NULL },
  { "<prosody volume=\"50\">x</prosody>", NULL },
  { "<prosody>x</prosody>", NULL },
  { "<prosody contour=\"(0%,+20Hz)\">x</prosody>", NULL },
  { "<say-as interpret-as=\"characters\">cat</say-as>",
    "<speak><say-as interpret-as=\"characters\">cat</say-as></speak>" },
  { "<say-as interpret-as=\"spell-out\">cat</say-as>",
    "<speak><say-as interpret-as=\"characters\">cat</say-as></speak>" },
  { "<say-as interpret-as=\"digits\">12</say-as>",
    "<speak><say-as interpret-as=\"characters\">12</say-as></speak>" },
  { "<say-as interpret-as=\"cardinal\">12</say-as>",
    "<speak><say-as interpret-as=\"cardinal\">12</say-as></speak>" },
  { "<say-as interpret-as=\"number\">12</say-as>",
    "<speak><say-as interpret-as=\"cardinal\">12</say-as></speak>" },
  { "<say-as interpret-as=\"ordinal\">12</say-as>",
    "<speak><say-as interpret-as=\"ordinal\">12</say-as></speak>" },
  { "<say-as interpret-as=\"fraction\">1/2</say-as>",
    "<speak><say-as interpret-as=\"fraction\">1/2</say-as></speak>" },
  { "<say-as interpret-as=\"unit\">1kg</say-as>",
    "<speak><say-as interpret-as=\"unit\">1kg</say-as></speak>" },
  { "<say-as interpret-as=\"date\" format=\"mdy\">1/2/24</say-as>",
    "<speak><say-as interpret-as=\"date\" format=\"mdy\">1/2/24</say-as></speak>" },
  { "<say-as interpret-as=\"date\">20240102</say-as>",
    "<speak><say-as interpret-as=\"date\">20240102</say-as></speak>" },
  { "<say-as interpret-as=\"time\">1'21\"</say-as>",
    "<speak><say-as interpret-as=\"time\">1'21&quot;</say-as></speak>" },
  { "<say-as interpret-as=\"telephone\">2025551212</say-as>",
    "<speak><say-as interpret-as=\"telephone\">2025551212</say-as></speak>" },
  { "<say-as interpret-as=\"address\">1 St</say-as>",
    "<speak><say-as interpret-as=\"address\">1 St</say-as></speak>" },
  { "<say-as interpret-as=\"interjection\">wow</say-as>",
    "<speak><emphasis level=\"strong\">wow</emphasis></speak>" },
  { "<say-as interpret-as=\"expletive\">damn</say-as>", "<speak>beep</speak>" },
  { "<say-as interpret-as=\"date\" format=\"us\">1/2</say-as>", NULL },
  { "<say-as interpret-as=\"currency\">1</say-as>", NULL },
  { "<say-as>1</say-as>", NULL },
  { "<say-as interpret-as=\"date\"><break/></say-as>", NULL },
  { "<sub alias=\"aluminium &amp; &quot;tin&quot;\">Al</sub>!",
    "<speak>aluminium &amp; &quot;tin&quot;!</speak>" },
  { "<sub>Al</sub>", NULL },
  { "<sub alias=\"a\"><s>Al</s></sub>", NULL },
  { "<voice name=\"Hans\">Tag</voice>",
    "<speak xml:lang=\"de-DE\"><voice name=\"Hans\" gender=\"male\">Tag</voice></speak>" },
  { "<voice name=\"Ivy\">a<lang xml:lang=\"fr-FR\">b</lang></voice>",
    "<speak xml:lang=\"en-US\"><voice name=\"Ivy\" gender=\"female\">a</voice></speak>\n"
    "<speak xml:lang=\"fr-FR\"><voice name=\"Ivy\" gender=\"female\">b</voice></speak>" },
  { "<voice name=\"Nobody\">x</voice>", "<speak>x</speak>" },
  { "<voice name=\"\">x</voice>", NULL },
  { "<voice gender=\"female\">x</voice>", NULL },
  { "<w role=\"amazon:VB\">read</w>", "<speak>read</speak>" },
  { "<w role=\"amazon:VBD\">read</w>", "<speak>read</speak>" },
  { "<w role=\"amazon:NN\">read</w>", "<speak>read</speak>" },
  { "<w role=\"amazon:SENSE_1\">bass</w>", "<speak>bass</speak>" },
  { "<w role=\"amazon:XX\">read</w>", NULL },
  { "<w>read</w>", NULL },
  { "<speak>x</speak>", NULL },
  { "<mark name=\"m\"/>", NULL },
  { "<b>x</b>", NULL },
  { "<P>x</P>", NULL },
};

static void
test_vocabulary (void)
{
  for (guint i = 0; i < G_N_ELEMENTS (vocabulary); i++)
    {
      g_autofree char *ssml = g_strconcat ("<speak>", vocabulary[i].within, "</speak>", NULL);
      g_autoptr (GPtrArray) findings = findings_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) parts = alexa_ssml_parse (ssml, "here", findings, &error);
      g_test_message ("%s: %s", ssml, error != NULL ? error->message : "taken");
      if (vocabulary[i].parts == NULL)
        {
          g_assert_null (parts);
          g_assert_true (g_error_matches (error, ALEXA_SSML_ERROR, ALEXA_SSML_ERROR_ELEMENT)
                         || g_error_matches (error, ALEXA_SSML_ERROR, ALEXA_SSML_ERROR_ATTRIBUTE));
          g_assert_true (g_str_has_prefix (error->message, "Line 1, column "));
          continue;
        }
      g_assert_no_error (error);
      g_autofree char *seen = show (parts);
      g_assert_cmpstr (seen, ==, vocabulary[i].parts);
    }
}

/* Words, recordings and silences in their order, every open element opened anew. */
static void
test_parts (void)
{
  assert_parts ("<speak>a<break time=\"1s\"/>b</speak>",
                "<speak>a</speak>\nbreak 1000\n<speak>b</speak>");
  assert_parts ("<speak><p>a <amazon:effect name=\"whispered\">b<audio src=\"https://h/a\"/>c"
                "</amazon:effect> d</p></speak>",
                "<speak><p>a <prosody rate=\"slow\" volume=\"x-soft\">b</prosody></p></speak>\n"
                "audio https://h/a\n"
                "<speak><p><prosody rate=\"slow\" volume=\"x-soft\">c</prosody> d</p></speak>");
  assert_parts ("<speak><audio src=\"https://h/a\"/>.<audio src=\"https://h/b\"/> </speak>",
                "audio https://h/a\naudio https://h/b");
  assert_parts ("<speak xml:lang='de-DE' version='1.0' xmlns='u' xmlns:amazon='v'>Tag"
                "<lang xml:lang=\"de-DE\"> Welt</lang></speak>",
                "<speak xml:lang=\"de-DE\">Tag Welt</speak>");
  assert_parts ("<speak><lang xml:lang=\"fr-FR\"><break/></lang></speak>", "break 250");
  assert_parts ("<speak/>", "");
  assert_parts ("<speak> \n </speak>", "");
  assert_parts ("<speak>&amp;</speak>", "<speak>&amp;</speak>");
  assert_parts ("<speak>a[[b]]</speak>", "<speak>a[ [b]]</speak>");
}

static void
test_syntax (void)
{
  assert_parts ("\xef\xbb\xbf<?xml version=\"1.0\"?>\n<!-- c --><speak>x</speak>\n<!-- d -->\n",
                "<speak>x</speak>");
  assert_parts ("<speak\n>a &lt; &#65;&#x42; &gt; &quot; &apos;</speak >",
                "<speak>a &lt; AB &gt; &quot; '</speak>");
  assert_parts ("<speak><![CDATA[<b> & c]]></speak>", "<speak>&lt;b&gt; &amp; c</speak>");
  assert_parts ("<speak>a<!-- <b> & -->b</speak>", "<speak>ab</speak>");
  assert_parts ("<speak>a > b</speak>", "<speak>a &gt; b</speak>");
  static const char *const broken[] = {
    "<speak>a & b</speak>",
    "<speak>a &nbsp; b</speak>",
    "<speak>&amp</speak>",
    "<speak>&#0;</speak>",
    "<speak>&#1;</speak>",
    "<speak>&#xd800;</speak>",
    "<speak>&#x110000;</speak>",
    "<speak>&#;</speak>",
    "<speak>a < b</speak>",
    "<speak>a <</speak>",
    "<speak>a <3</speak>",
    "<speak>\x01</speak>",
    "<speak>\xff</speak>",
    "<speak>]]></speak>",
    "<speak><![CDATA[</speak>",
    "<speak><!-- </speak>",
    "<speak><!-- a -- b --></speak>",
    "<speak><!--></speak>",
    "<speak><!--><s>a</s>--></speak>",
    "<speak><!---><s>a</s>--></speak>",
    "<speak><?php x ?></speak>",
    "<!DOCTYPE speak [<!ENTITY e 'v'>]><speak>&e;</speak>",
    "<!DOCTYPE speak SYSTEM \"http://h/d\"><speak/>",
    " <?xml version='1.0'?><speak/>",
    "<speak><p>x</speak>",
    "<speak><p>x</s></speak>",
    "<speak>x",
    "<speak",
    "<speak><audio src=\"https://h/a?b&c\"/></speak>",
    "<speak><sub alias=\"a<b\">x</sub></speak>",
    "<speak><break time=1s/></speak>",
    "<speak><break time/></speak>",
    "<speak><break time='1s'strength='weak'/></speak>",
    "<speak><break time=\"1s/></speak>",
    "<speak></ speak>",
  };
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autofree char *shown = g_strescape (broken[i], NULL);
      g_test_message ("%s", shown);
      assert_refused (broken[i], ALEXA_SSML_ERROR_SYNTAX, NULL);
    }
}

static void
test_root (void)
{
  assert_refused ("", ALEXA_SSML_ERROR_ROOT, NULL);
  assert_refused (" \n", ALEXA_SSML_ERROR_ROOT, NULL);
  assert_refused ("Hello", ALEXA_SSML_ERROR_ROOT, NULL);
  assert_refused ("Hello <speak>x</speak>", ALEXA_SSML_ERROR_ROOT, NULL);
  assert_refused ("<speak>x</speak> and", ALEXA_SSML_ERROR_ROOT, NULL);
  assert_refused ("<p>x</p>", ALEXA_SSML_ERROR_ROOT, "Line 1, column 1: <p>, expected <speak>");
  assert_refused ("<foo>x</foo>", ALEXA_SSML_ERROR_ROOT,
                  "Line 1, column 1: <foo>, expected <speak>");
  assert_refused ("<speak>x</speak>\n<speak>y</speak>", ALEXA_SSML_ERROR_ROOT,
                  "Line 2, column 1: <speak> after the end of <speak>");
}

/* Line, column in characters, and what was found. */
static void
test_positions (void)
{
  assert_refused ("<speak>\n  \xc3\xa4\xc3\xb6 <foo/></speak>", ALEXA_SSML_ERROR_ELEMENT,
                  "Line 2, column 6: <foo> is no element of the service");
  assert_refused ("<speak>a\nb & c</speak>", ALEXA_SSML_ERROR_SYNTAX,
                  "Line 2, column 3: an & that begins no character of XML; it has to be written "
                  "as &amp;");
  assert_refused ("<speak><p>\n<break size=\"1\"/></p></speak>", ALEXA_SSML_ERROR_ATTRIBUTE,
                  "Line 2, column 1: <break> has no attribute size");
  assert_refused ("<speak><break time=\"1s\" time=\"2s\"/></speak>", ALEXA_SSML_ERROR_ATTRIBUTE,
                  "Line 1, column 8: <break> has time twice");
  assert_refused ("<speak><emphasis level=\"max\">x</emphasis></speak>", ALEXA_SSML_ERROR_ATTRIBUTE,
                  "Line 1, column 8: level=\"max\" of <emphasis>, expected moderate, reduced, "
                  "strong");
  assert_refused ("<speak><audio/></speak>", ALEXA_SSML_ERROR_ATTRIBUTE,
                  "Line 1, column 8: <audio> needs the attribute src");
  assert_refused ("<speak>\xef\xbb\xbf<sub alias=\"b\"><p/></sub></speak>",
                  ALEXA_SSML_ERROR_ELEMENT, "Line 1, column 24: <p> may not stand inside <sub>");
  g_autoptr (GPtrArray) findings = findings_new ();
  g_autoptr (GError) error = NULL;
  g_assert_null (alexa_ssml_parse ("<speak>\n<p>x</s></speak>", "here", findings, &error));
  g_assert_true (g_str_has_prefix (error->message, "Line 2, column "));
}

static void
test_bounds (void)
{
  for (guint depth = 31; depth <= 32; depth++)
    {
      g_autofree char *start = fixture_repeat ("<emphasis>", depth);
      g_autofree char *end = fixture_repeat ("</emphasis>", depth);
      g_autofree char *ssml = g_strconcat ("<speak>", start, "x", end, "</speak>", NULL);
      g_autoptr (GPtrArray) findings = findings_new ();
      g_autoptr (GError) error = NULL;
      g_autoptr (GPtrArray) parts = alexa_ssml_parse (ssml, "here", findings, &error);
      g_assert_true ((parts != NULL) == (depth == 31));
    }
  g_autofree char *long_text = fixture_repeat ("x", 140000);
  g_autofree char *ssml = g_strconcat ("<speak>", long_text, "</speak>", NULL);
  assert_refused (ssml, ALEXA_SSML_ERROR_SYNTAX, NULL);
}

/* The largest speech of the service with as many parts as it can have. */
static void
test_many_parts (void)
{
  g_autofree char *start = fixture_repeat ("<emphasis level='moderate'>", 30);
  g_autofree char *middle = fixture_repeat ("a<break/>", 700);
  g_autofree char *end = fixture_repeat ("</emphasis>", 30);
  g_autofree char *ssml = g_strconcat ("<speak>", start, middle, end, "</speak>", NULL);
  g_autoptr (GPtrArray) findings = findings_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = alexa_ssml_parse (ssml, "here", findings, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (parts->len, ==, 1400);
}

/* Longer than the service takes, and made to swell: bounded, and told. */
static void
test_swelling (void)
{
  g_autofree char *start = fixture_repeat ("<amazon:effect name='whispered'>", 30);
  g_autofree char *middle = fixture_repeat ("a<break/>", 10000);
  g_autofree char *end = fixture_repeat ("</amazon:effect>", 30);
  g_autofree char *ssml = g_strconcat ("<speak>", start, middle, end, "</speak>", NULL);
  g_autoptr (GPtrArray) findings = findings_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = alexa_ssml_parse (ssml, "here", findings, &error);
  g_assert_no_error (error);
  fixture_assert_findings (findings, "speech-ssml-limited@here");
  gsize size = 0;
  for (guint i = 0; i < parts->len; i++)
    {
      const PlayerSpeechPart *part = g_ptr_array_index (parts, i);
      size += part->ssml != NULL ? strlen (part->ssml) : 0;
    }
  g_assert_cmpuint (size, <=, 4 * 1024 * 1024);
}

static void
assert_findings (const char *ssml, const char *expected)
{
  g_autoptr (GPtrArray) findings = findings_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts = alexa_ssml_parse (ssml, "here", findings, &error);
  g_assert_no_error (error);
  fixture_assert_findings (findings, expected);
}

static void
test_findings (void)
{
  assert_findings ("<speak>a<break time=\"10s\"/></speak>", "");
  assert_findings ("<speak>a<break time=\"11s\"/></speak>", "speech-ssml-limited@here");
  assert_findings (
      "<speak><prosody rate=\"19%\" pitch=\"+51%\" volume=\"+5dB\">x</prosody></speak>",
      "speech-ssml-limited@here speech-ssml-limited@here speech-ssml-limited@here");
  assert_findings ("<speak><voice name=\"Zoe\">x</voice></speak>", "speech-voice-unknown@here");
  assert_findings ("<speak><audio src=\"http://h/a\"/></speak>", "");
  assert_findings ("<speak><audio src=\"soundbank://soundlibrary/a\"/></speak>",
                   "speech-audio-soundbank@here");
  assert_findings ("<speak><audio src=\"https://h/a\">b</audio></speak>",
                   "speech-ssml-ignored@here");
  assert_findings ("<speak><alexa:name type=\"first\" personId=\"p\"/></speak>",
                   "speech-ssml-ignored@here");
  g_autofree char *five = fixture_repeat ("<audio src=\"https://h/a\"/>", 5);
  g_autofree char *at = g_strconcat ("<speak>", five, "</speak>", NULL);
  g_autofree char *beyond = g_strconcat ("<speak>", five, five, "</speak>", NULL);
  assert_findings (at, "");
  assert_findings (beyond, "speech-audio-count@here");
}

/* Who may have plain http fetched is not for the document to say. */
static void
test_http (void)
{
  g_autoptr (GPtrArray) findings = findings_new ();
  g_autoptr (GError) error = NULL;
  g_autoptr (GPtrArray) parts
      = alexa_ssml_parse ("<speak><audio src=\"http://h/a\"/>a<audio src=\"https://h/b\"/>"
                          "<audio src=\"HTTP://h/c\"/></speak>",
                          "here", findings, &error);
  g_assert_no_error (error);
  g_assert_cmpuint (parts->len, ==, 4);
  alexa_ssml_refuse_http (parts, "here", findings);
  g_autofree char *seen = show (parts);
  g_assert_cmpstr (seen, ==, "<speak>a</speak>\naudio https://h/b");
  fixture_assert_findings (findings, "speech-audio-http@here speech-audio-http@here");
}

static void
test_from_text (void)
{
  static const struct
  {
    const char *text;
    const char *parts;
  } cases[] = {
    { "Tom & <Jerry>", "<speak>Tom &amp; &lt;Jerry&gt;</speak>" },
    { " a\x01"
      "b\n",
      "<speak>a b</speak>" },
    { "", "" },
    { " \t\n", "" },
    { "\xff x", "<speak>\xef\xbf\xbd x</speak>" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GPtrArray) parts = alexa_ssml_from_text (cases[i].text);
      g_autofree char *seen = show (parts);
      g_assert_cmpstr (seen, ==, cases[i].parts);
    }
}

static void
test_to_text (void)
{
  static const struct
  {
    const char *ssml;
    const char *text;
  } cases[] = {
    { "<speak>Hello  <emphasis>wor</emphasis>ld</speak>", "Hello world" },
    { "<speak><p>One</p><p>Two</p>three<break/>four</speak>", "One Two three four" },
    { "<speak><sub alias=\"aluminium &amp; tin\">Al</sub> x</speak>", "aluminium & tin x" },
    { "<speak>oh <say-as interpret-as='expletive'>damn</say-as> x</speak>", "oh **** x" },
    { "<speak><say-as interpret-as='date'>1</say-as></speak>", "1" },
    { "<speak><audio src=\"https://h/a\">the sea</audio>!</speak>", "the sea !" },
    { "<speak>a &lt; b &amp; &#65;<!-- no --><![CDATA[<c>]]></speak>", "a < b & A<c>" },
    { "<speak>Tom & Jerry <3 cats</speak>", "Tom & Jerry <3 cats" },
    { "<speak><foo>x</bar> y", "x y" },
    { "<speak>x <audio src=\"https://", "x <audio src=\"https://" },
    { "no tags", "no tags" },
    { "<sub alias=\"x\">y", "x" },
    { "", "" },
    { "<", "<" },
    { "a\xff<", "a\xef\xbf\xbd<" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autofree char *text = alexa_ssml_to_text (cases[i].ssml);
      g_assert_cmpstr (text, ==, cases[i].text);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alexa/ssml/vocabulary", test_vocabulary);
  g_test_add_func ("/alexa/ssml/parts", test_parts);
  g_test_add_func ("/alexa/ssml/syntax", test_syntax);
  g_test_add_func ("/alexa/ssml/root", test_root);
  g_test_add_func ("/alexa/ssml/positions", test_positions);
  g_test_add_func ("/alexa/ssml/bounds", test_bounds);
  g_test_add_func ("/alexa/ssml/many-parts", test_many_parts);
  g_test_add_func ("/alexa/ssml/swelling", test_swelling);
  g_test_add_func ("/alexa/ssml/findings", test_findings);
  g_test_add_func ("/alexa/ssml/http", test_http);
  g_test_add_func ("/alexa/ssml/from-text", test_from_text);
  g_test_add_func ("/alexa/ssml/to-text", test_to_text);
  return g_test_run ();
}
