/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-fixture.h"

#define MAX_BYTES (120 * 1024)

static void
assert_refused (const char *bytes, gsize size, AlexaJsonError code, const char *where)
{
  g_autoptr (GBytes) document = g_bytes_new (bytes, size);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = alexa_json_parse (document, MAX_BYTES, &error);
  g_test_message ("%s", error != NULL ? error->message : "taken");
  g_assert_null (node);
  g_assert_error (error, ALEXA_JSON_ERROR, (int)code);
  g_assert_nonnull (strstr (error->message, " at byte "));
  if (where != NULL)
    g_assert_true (g_str_has_suffix (error->message, where));
}

static void
test_refused (void)
{
  static const struct
  {
    const char *text;
    AlexaJsonError code;
  } cases[] = {
    { "", ALEXA_JSON_ERROR_SYNTAX },
    { " \r\n\t", ALEXA_JSON_ERROR_SYNTAX },
    { "{}{}", ALEXA_JSON_ERROR_SYNTAX },
    { "{} x", ALEXA_JSON_ERROR_SYNTAX },
    { "[1] 2", ALEXA_JSON_ERROR_SYNTAX },
    { "{'a':1}", ALEXA_JSON_ERROR_SYNTAX },
    { "{\"a\":'b'}", ALEXA_JSON_ERROR_SYNTAX },
    { "{\"a\":1,}", ALEXA_JSON_ERROR_SYNTAX },
    { "{,}", ALEXA_JSON_ERROR_SYNTAX },
    { "[1,]", ALEXA_JSON_ERROR_SYNTAX },
    { "[1 2]", ALEXA_JSON_ERROR_SYNTAX },
    { "{\"a\" 1}", ALEXA_JSON_ERROR_SYNTAX },
    { "{a:1}", ALEXA_JSON_ERROR_SYNTAX },
    { "{1:1}", ALEXA_JSON_ERROR_SYNTAX },
    { "/* c */{}", ALEXA_JSON_ERROR_SYNTAX },
    { "{} // c", ALEXA_JSON_ERROR_SYNTAX },
    { "# c\n{}", ALEXA_JSON_ERROR_SYNTAX },
    { "var x = {};", ALEXA_JSON_ERROR_SYNTAX },
    { "True", ALEXA_JSON_ERROR_SYNTAX },
    { "nul", ALEXA_JSON_ERROR_SYNTAX },
    { "nulll", ALEXA_JSON_ERROR_SYNTAX },
    { "NaN", ALEXA_JSON_ERROR_SYNTAX },
    { "Infinity", ALEXA_JSON_ERROR_SYNTAX },
    { "-Infinity", ALEXA_JSON_ERROR_SYNTAX },
    { "undefined", ALEXA_JSON_ERROR_SYNTAX },
    { "01", ALEXA_JSON_ERROR_SYNTAX },
    { "-", ALEXA_JSON_ERROR_SYNTAX },
    { "-01", ALEXA_JSON_ERROR_SYNTAX },
    { "+1", ALEXA_JSON_ERROR_SYNTAX },
    { "1.", ALEXA_JSON_ERROR_SYNTAX },
    { ".5", ALEXA_JSON_ERROR_SYNTAX },
    { "1e", ALEXA_JSON_ERROR_SYNTAX },
    { "1e+", ALEXA_JSON_ERROR_SYNTAX },
    { "1.e5", ALEXA_JSON_ERROR_SYNTAX },
    { "0x10", ALEXA_JSON_ERROR_SYNTAX },
    { "1_000", ALEXA_JSON_ERROR_SYNTAX },
    { "\"abc", ALEXA_JSON_ERROR_SYNTAX },
    { "\"a\nb\"", ALEXA_JSON_ERROR_SYNTAX },
    { "\"a\tb\"", ALEXA_JSON_ERROR_SYNTAX },
    { "\"\\x41\"", ALEXA_JSON_ERROR_SYNTAX },
    { "\"\\u12g4\"", ALEXA_JSON_ERROR_SYNTAX },
    { "\"\\u123\"", ALEXA_JSON_ERROR_SYNTAX },
    { "\"\\", ALEXA_JSON_ERROR_SYNTAX },
    { "\"\xff\"", ALEXA_JSON_ERROR_ENCODING },
    { "\"\xc0\x80\"", ALEXA_JSON_ERROR_ENCODING },
    { "\"\xed\xa0\x80\"", ALEXA_JSON_ERROR_ENCODING },
    { "\"\xf4\x90\x80\x80\"", ALEXA_JSON_ERROR_ENCODING },
    { "\"\xe2\x82", ALEXA_JSON_ERROR_ENCODING },
    { "\xff\xfe{\"a\":1}", ALEXA_JSON_ERROR_ENCODING },
    { "\xef\xbb\xbf\xef\xbb\xbf{}", ALEXA_JSON_ERROR_SYNTAX },
    { "{}\xef\xbb\xbf", ALEXA_JSON_ERROR_SYNTAX },
    { "{\"a\":1,\"a\":2}", ALEXA_JSON_ERROR_DUPLICATE },
    { "{\"a\":1,\"\\u0061\":2}", ALEXA_JSON_ERROR_DUPLICATE },
    { "{\"\":1,\"\":2}", ALEXA_JSON_ERROR_DUPLICATE },
    { "[{\"x\":{\"b\":null,\"c\":1,\"b\":null}}]", ALEXA_JSON_ERROR_DUPLICATE },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i].text, strlen (cases[i].text), cases[i].code, NULL);
  assert_refused ("{}\0", 3, ALEXA_JSON_ERROR_ENCODING, "at byte 2, line 1, column 3");
  assert_refused ("\"a\0b\"", 5, ALEXA_JSON_ERROR_ENCODING, "at byte 2, line 1, column 3");
}

static void
test_place (void)
{
  static const struct
  {
    const char *text;
    AlexaJsonError code;
    const char *where;
  } cases[] = {
    { "x", ALEXA_JSON_ERROR_SYNTAX, "'x', expected a JSON value at byte 0, line 1, column 1" },
    { "{\n  \"\xc3\xa4\": y}", ALEXA_JSON_ERROR_SYNTAX, "at byte 10, line 2, column 8" },
    { "\xef\xbb\xbf?", ALEXA_JSON_ERROR_SYNTAX, "at byte 3, line 1, column 1" },
    { "{\"a\":1,\n\"a\":2}", ALEXA_JSON_ERROR_DUPLICATE, "at byte 8, line 2, column 1" },
    { "[1,\n2,\n 9999999999999999999x]", ALEXA_JSON_ERROR_SYNTAX, "at byte 27, line 3, column 21" },
    { "{\"a\":", ALEXA_JSON_ERROR_SYNTAX,
      "document ends, expected a JSON value at byte 5, line 1, "
      "column 6" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    assert_refused (cases[i].text, strlen (cases[i].text), cases[i].code, cases[i].where);
}

static void
test_depth (void)
{
  static const char *const open[] = { "[", "{\"a\":" };
  static const char *const close[] = { "]", "}" };
  for (guint i = 0; i < G_N_ELEMENTS (open); i++)
    {
      g_autofree char *open32 = fixture_repeat (open[i], ALEXA_JSON_MAX_DEPTH);
      g_autofree char *close32 = fixture_repeat (close[i], ALEXA_JSON_MAX_DEPTH);
      g_autofree char *good = g_strconcat (open32, "1", close32, NULL);
      g_autoptr (JsonNode) node = fixture_json (good);
      g_assert_nonnull (node);
      g_autofree char *deep = g_strconcat (open[i], open32, "1", close32, close[i], NULL);
      assert_refused (deep, strlen (deep), ALEXA_JSON_ERROR_DEPTH, NULL);
      g_autofree char *abyss = fixture_repeat (open[i], MAX_BYTES / strlen (open[i]));
      assert_refused (abyss, strlen (abyss), ALEXA_JSON_ERROR_DEPTH, NULL);
    }
  g_autofree char *hundred_thousand = fixture_repeat ("[", 100000);
  assert_refused (hundred_thousand, 100000, ALEXA_JSON_ERROR_DEPTH,
                  "at byte 32, line 1, column 33");
}

static void
test_size (void)
{
  g_autofree char *filling = fixture_repeat ("x", MAX_BYTES - 2);
  g_autofree char *good = g_strdup_printf ("\"%s\"", filling);
  g_autoptr (GBytes) bytes = fixture_bytes (good);
  g_autoptr (GError) error = NULL;
  g_autoptr (JsonNode) node = alexa_json_parse (bytes, MAX_BYTES, &error);
  g_assert_no_error (error);
  g_assert_nonnull (node);
  g_autofree char *large = g_strdup_printf ("\"%sx\"", filling);
  assert_refused (large, strlen (large), ALEXA_JSON_ERROR_TOO_LARGE, NULL);
}

static void
test_round_trip (void)
{
  static const struct
  {
    const char *text;
    const char *expected; /* NULL: as it came */
  } cases[] = {
    { "null", NULL },
    { "true", NULL },
    { "[]", NULL },
    { "{}", NULL },
    { "\"\"", NULL },
    { "{\"z\":1,\"a\":{\"y\":[],\"b\":{}},\"m\":null}", NULL },
    { "[0,-1,9007199254740993,9223372036854775807,-9223372036854775808]", NULL },
    { "[1.0,0.1,-2.5,1e+300,4.94065645841247e-324,1.7976931348623157e+308]", NULL },
    { "[0.30000000000000004,123456789.123456789]", "[0.30000000000000004,123456789.12345679]" },
    { "[1E2,10e-1,-0.0,0e1]", "[100.0,1.0,-0.0,0.0]" },
    { "[1e-400]", "[0.0]" },
    { "-0", "0" },
    { "\xef\xbb\xbf {\r\n\t\"a\" : [ 1 , 2 ] }\n", "{\"a\":[1,2]}" },
    { "\"\\\"\\\\\\/\\b\\f\\n\\r\\t\\u007f\"", "\"\\\"\\\\/\\u0008\\u000c\\n\\r\\t\\u007f\"" },
    { "\"\\u00e4\\u20ac\\ud83d\\ude00\"", "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\"" },
    { "\"\xc3\xa4\xe2\x82\xac\xf0\x9f\x98\x80\xe2\x80\xa8\xef\xbf\xbf\"", NULL },
    { "{\"\\u0061\\n\":1,\"\":2}", "{\"a\\n\":1,\"\":2}" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (JsonNode) node = fixture_json (cases[i].text);
      g_autoptr (GBytes) bytes = alexa_json_to_bytes (node);
      const char *expected = cases[i].expected != NULL ? cases[i].expected : cases[i].text;
      fixture_assert_bytes (bytes, expected);
      g_autoptr (JsonNode) again = fixture_json (expected);
      g_assert_true (json_node_equal (node, again));
    }
}

static void
test_types (void)
{
  g_autoptr (JsonNode) node = fixture_json ("[1,1.0,true,\"1\",null,{},[]]");
  JsonArray *array = json_node_get_array (node);
  g_assert_cmpuint (json_array_get_length (array), ==, 7);
  static const GType types[] = { G_TYPE_INT64, G_TYPE_DOUBLE, G_TYPE_BOOLEAN, G_TYPE_STRING };
  for (guint i = 0; i < G_N_ELEMENTS (types); i++)
    g_assert_true (json_node_get_value_type (json_array_get_element (array, i)) == types[i]);
  g_assert_true (json_array_get_null_element (array, 4));
}

/* Good JSON that neither our text nor our numbers can hold: read as near as may be, and told. */
static void
test_loss (void)
{
  static const struct
  {
    const char *text;
    const char *expected;
    guint n_characters;
    guint n_numbers;
    gsize at;
  } cases[] = {
    { "[9223372036854775807,-9223372036854775808,1e308,\"\\ud83d\\ude00\"]",
      "[9223372036854775807,-9223372036854775808,1e+308,\"\xf0\x9f\x98\x80\"]", 0, 0, 0 },
    { "9223372036854775808", "9.223372036854775808e18", 0, 1, 0 },
    { "-9223372036854775809", "-9.223372036854775808e18", 0, 1, 0 },
    { "[1,18446744073709551616]", "[1,1.8446744073709552e19]", 0, 1, 3 },
    { "[1e400, -1e400]", "[1.7976931348623157e308,-1.7976931348623157e308]", 0, 2, 1 },
    { "\"a\\u0000b\"",
      "\"a\xef\xbf\xbd"
      "b\"",
      1, 0, 2 },
    { "{\"a\\u0000b\":1}",
      "{\"a\xef\xbf\xbd"
      "b\":1}",
      1, 0, 3 },
    { "\"\\ud800\"", "\"\xef\xbf\xbd\"", 1, 0, 1 },
    { "\"\\ud83dx\"", "\"\xef\xbf\xbdx\"", 1, 0, 1 },
    { "\"\\ud83d\\u0041\"",
      "\"\xef\xbf\xbd"
      "A\"",
      1, 0, 1 },
    { "\"\\ud83d\\ud83d\\ude00\"", "\"\xef\xbf\xbd\xf0\x9f\x98\x80\"", 1, 0, 1 },
    { "\"\\ude00\\ud83d\"", "\"\xef\xbf\xbd\xef\xbf\xbd\"", 2, 0, 1 },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = fixture_bytes (cases[i].text);
      g_autoptr (GError) error = NULL;
      AlexaJsonLoss loss;
      g_autoptr (JsonNode) node
          = alexa_json_parse_keeping (bytes, MAX_BYTES, NULL, NULL, &loss, &error);
      g_assert_no_error (error);
      fixture_assert_json (node, cases[i].expected);
      g_assert_cmpuint (loss.n_characters, ==, cases[i].n_characters);
      g_assert_cmpuint (loss.n_numbers, ==, cases[i].n_numbers);
      g_assert_cmpuint (MAX (loss.number_at, loss.character_at), ==, cases[i].at);
    }
}

/* One member of the root is checked like the rest, but not read: not a byte of it changes. */
static void
test_keeping (void)
{
  static const struct
  {
    const char *text;
    const char *raw; /* NULL: none */
  } cases[] = {
    { "{\"a\":1}", NULL },
    { "{\"x\":{\"k\":1}}", NULL },
    { "[{\"k\":1}]", NULL },
    { "{\"k\": {\"b\" : 1.0,\n\"a\":1e400, \"a\":\"\\u0000\\ud800\"} ,\"z\":1}",
      "{\"b\" : 1.0,\n\"a\":1e400, \"a\":\"\\u0000\\ud800\"}" },
    { "{\"k\":123456789012345678901234567890}", "123456789012345678901234567890" },
    { "{\"\\u006b\":[ ]}", "[ ]" },
    { "{\"k\":null}", "null" },
    { "{\"k\" :\t\"\\/\" }", "\"\\/\"" },
  };
  for (guint i = 0; i < G_N_ELEMENTS (cases); i++)
    {
      g_autoptr (GBytes) bytes = fixture_bytes (cases[i].text);
      g_autoptr (GBytes) raw = NULL;
      g_autoptr (GError) error = NULL;
      AlexaJsonLoss loss;
      g_autoptr (JsonNode) node
          = alexa_json_parse_keeping (bytes, MAX_BYTES, "k", &raw, &loss, &error);
      g_assert_no_error (error);
      g_assert_cmpuint (loss.n_numbers + loss.n_characters, ==, 0);
      g_assert_true ((raw == NULL) == (cases[i].raw == NULL));
      if (raw == NULL)
        continue;
      fixture_assert_bytes (raw, cases[i].raw);
      g_assert_true (json_object_get_null_member (json_node_get_object (node), "k"));
    }
  static const char *const broken[] = {
    "{\"k\":{a:1}}",       "{\"k\":{\"a\":01}}", "{\"k\":[1,]}",      "{\"k\":\"\\x\"}",
    "{\"k\":{\"a\":tru}}", "{\"k\":}",           "{\"k\":1,\"k\":2}", "{\"k\":{\"a\" 1}}",
    "{\"k\":[1 2]}",       "{\"k\":{\"a\":1,}}",
  };
  for (guint i = 0; i < G_N_ELEMENTS (broken); i++)
    {
      g_autoptr (GBytes) bytes = fixture_bytes (broken[i]);
      g_autoptr (GBytes) raw = NULL;
      g_autoptr (GError) error = NULL;
      AlexaJsonLoss loss;
      g_assert_null (alexa_json_parse_keeping (bytes, MAX_BYTES, "k", &raw, &loss, &error));
      g_assert_true (error->domain == ALEXA_JSON_ERROR);
    }
  g_autofree char *open = fixture_repeat ("[", ALEXA_JSON_MAX_DEPTH);
  g_autofree char *close = fixture_repeat ("]", ALEXA_JSON_MAX_DEPTH);
  g_autofree char *deep = g_strconcat ("{\"k\":", open, close, "}", NULL);
  g_autoptr (GBytes) bytes = fixture_bytes (deep);
  g_autoptr (GBytes) raw = NULL;
  g_autoptr (GError) error = NULL;
  AlexaJsonLoss loss;
  g_assert_null (alexa_json_parse_keeping (bytes, MAX_BYTES, "k", &raw, &loss, &error));
  g_assert_error (error, ALEXA_JSON_ERROR, ALEXA_JSON_ERROR_DEPTH);
}

/* What never came through the front door is written as valid UTF-8 all the same. */
static void
test_invalid_text (void)
{
  g_autoptr (JsonNode) node = json_node_init_string (json_node_alloc (), "a\xff"
                                                                         "b");
  g_autoptr (GBytes) bytes = alexa_json_to_bytes (node);
  fixture_assert_bytes (bytes, "\"a\xef\xbf\xbd"
                               "b\"");
}

static void
test_truncated (void)
{
  static const char text[]
      = "{\"version\":\"1.0\",\"n\":[1,-2.5e3,true,false,null,\"\\u00e4\\ud83d\\ude00\xc3\xa4\"],"
        "\"o\":{\"a\":{\"b\":[{}]}}}";
  for (gsize i = 0; i < sizeof text - 1; i++)
    {
      /* An own copy, so that a read beyond the end is seen by the sanitizer. */
      g_autoptr (GBytes) bytes = g_bytes_new_take (g_memdup2 (text, i), i);
      g_autoptr (GError) error = NULL;
      g_autoptr (JsonNode) node = alexa_json_parse (bytes, MAX_BYTES, &error);
      g_assert_null (node);
      g_assert_nonnull (error);
      g_assert_true (error->domain == ALEXA_JSON_ERROR);
    }
  g_autoptr (JsonNode) whole = fixture_json (text);
  g_assert_nonnull (whole);
}

/* A wide document is no deep one. */
static void
test_wide (void)
{
  g_autoptr (GString) text = g_string_new ("[");
  for (guint i = 0; i < 40000; i++)
    g_string_append (text, "[],");
  g_string_append (text, "{}]");
  g_autoptr (JsonNode) node = fixture_json (text->str);
  g_assert_cmpuint (json_array_get_length (json_node_get_array (node)), ==, 40001);
  g_autoptr (GBytes) bytes = alexa_json_to_bytes (node);
  fixture_assert_bytes (bytes, text->str);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alexa/json/refused", test_refused);
  g_test_add_func ("/alexa/json/place", test_place);
  g_test_add_func ("/alexa/json/depth", test_depth);
  g_test_add_func ("/alexa/json/size", test_size);
  g_test_add_func ("/alexa/json/round-trip", test_round_trip);
  g_test_add_func ("/alexa/json/types", test_types);
  g_test_add_func ("/alexa/json/loss", test_loss);
  g_test_add_func ("/alexa/json/keeping", test_keeping);
  g_test_add_func ("/alexa/json/invalid-text", test_invalid_text);
  g_test_add_func ("/alexa/json/truncated", test_truncated);
  g_test_add_func ("/alexa/json/wide", test_wide);
  return g_test_run ();
}
