/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "alexa-fixture.h"

/* Ids are on the bus and in people's scripts: each is there, kebab-case and unique. */
static void
test_table (void)
{
  g_autoptr (GHashTable) seen = g_hash_table_new (g_str_hash, g_str_equal);
  for (AlexaLint i = 0; i < ALEXA_N_LINTS; i++)
    {
      const AlexaLintRule *rule = alexa_lint_rule (i);
      g_assert_nonnull (rule->id);
      g_assert_true (g_regex_match_simple ("^[a-z][a-z0-9]*(-[a-z0-9]+)*$", rule->id, 0, 0));
      g_assert_true (g_hash_table_add (seen, (gpointer)rule->id));
      g_assert_nonnull (strstr (rule->rule, " Reference, "));
      g_assert_cmpuint (strlen (rule->sentence), >, 10);
      /* The service has words only for what it refuses. */
      g_assert_true (rule->service == NULL || alexa_lint_rule_voids (rule));
    }
  g_assert_cmpstr (alexa_lint_rule (ALEXA_LINT_PLAY_TOKEN_MISSING)->id, ==, "play-token-missing");
  g_assert_cmpstr (alexa_lint_rule (ALEXA_LINT_CLEAR_BEHAVIOR_UNKNOWN)->id, ==,
                   "clear-behavior-unknown");
}

static void
test_severity (void)
{
  g_assert_cmpstr (alexa_severity_to_string (ALEXA_SEVERITY_INFO), ==, "info");
  g_assert_cmpstr (alexa_severity_to_string (ALEXA_SEVERITY_WARNING), ==, "warning");
  g_assert_cmpstr (alexa_severity_to_string (ALEXA_SEVERITY_ERROR), ==, "error");
}

static void
test_finding (void)
{
  g_autoptr (GPtrArray) findings
      = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_finding_free);
  alexa_lint_add (findings, ALEXA_LINT_VERSION, "", "version");
  alexa_lint_add (findings, ALEXA_LINT_VERSION, "a", NULL);
  alexa_lint_add_message (findings, ALEXA_LINT_PLAY_URL_SCHEME, "a[0]", "url", "%d faults", 2);
  fixture_assert_findings (findings, "version@version version@a play-url-scheme@a[0].url");
  const AlexaFinding *first = g_ptr_array_index (findings, 0);
  g_assert_cmpstr (first->message, ==, "The version is not \"1.0\".");
  g_assert_cmpint (first->severity, ==, ALEXA_SEVERITY_INFO);
  const AlexaFinding *last = g_ptr_array_index (findings, 2);
  g_assert_cmpstr (last->message, ==, "2 faults");
  g_assert_cmpint (last->severity, ==, ALEXA_SEVERITY_ERROR);
}

static void
assert_told (AlexaLint lint, const char *message, const char *expected)
{
  g_autoptr (AlexaFinding) finding = alexa_finding_new (lint, "a", message);
  g_autofree char *told = alexa_finding_to_skill_message (finding, "r1");
  g_assert_cmpstr (told, ==, expected);
}

/* What the skill is told: the service's words where they are known, completed. */
static void
test_skill_message (void)
{
  assert_told (ALEXA_LINT_PLAY_TOKEN_MISSING, NULL, "The stream has no token.");
  assert_told (ALEXA_LINT_PLAY_URL_SCHEME, NULL,
               "The URL specified in the Play directive must be HTTPS");
  assert_told (ALEXA_LINT_DIRECTIVE_FORBIDDEN,
               "The following directives are not supported: Hint <id>",
               "The following directives are not supported: Hint <id>");
  assert_told (ALEXA_LINT_SPEECH_SSML_INVALID, "Line 1, column 2: <id>",
               "Invalid SSML Output Speech for requestId r1. Error: Line 1, column 2: <id>");
  assert_told (ALEXA_LINT_BODY_NOT_JSON, "Not JSON: here",
               "An exception occurred while dispatching the request to the skill.");
}

static void
test_voids (void)
{
  g_autoptr (GPtrArray) findings
      = g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_finding_free);
  g_assert_null (alexa_lint_find_void (findings));
  alexa_lint_add (findings, ALEXA_LINT_BODY_BOM, "", NULL);
  alexa_lint_add (findings, ALEXA_LINT_STOP_INTENT_SESSION_OPEN, "a", NULL);
  g_assert_null (alexa_lint_find_void (findings));
  static const AlexaLint sooner[] = {
    ALEXA_LINT_PLAY_PREVIOUS_TOKEN_MISSING, /* a warning, but the service refuses it */
    ALEXA_LINT_PLAY_URL_MISSING,
    ALEXA_LINT_END_SESSION_FORBIDDEN,
  };
  for (guint i = 0; i < G_N_ELEMENTS (sooner); i++)
    {
      alexa_lint_add (findings, sooner[i], "a", NULL);
      g_assert_cmpint (alexa_lint_find_void (findings)->lint, ==, sooner[i]);
    }
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/alexa/lint/table", test_table);
  g_test_add_func ("/alexa/lint/severity", test_severity);
  g_test_add_func ("/alexa/lint/finding", test_finding);
  g_test_add_func ("/alexa/lint/skill-message", test_skill_message);
  g_test_add_func ("/alexa/lint/voids", test_voids);
  return g_test_run ();
}
