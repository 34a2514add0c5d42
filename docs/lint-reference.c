/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Writes the table of all lint findings for docs/lint.md: lint-reference HEAD OUTPUT. With --check
 * before them it only compares, and fails where they differ. */

#include <string.h>

#include "alexa/alexa-lint.h"

static const char *
find_strict (const AlexaLintRule *rule)
{
  return alexa_lint_rule_voids (rule) ? "void" : "taken";
}

/* (transfer full): an open end is for what the finding says. */
static char *
find_service_words (const AlexaLintRule *rule)
{
  if (g_strcmp0 (rule->service, rule->sentence) == 0)
    return g_strdup ("the same");
  gboolean open = rule->service != NULL && g_str_has_suffix (rule->service, ": ");
  return g_strconcat (rule->service != NULL ? rule->service : "", open ? "…" : NULL, NULL);
}

/* A row of a table ends at a line end, a cell at a bar; what looks like a tag would be one. */
static char *
cell (const char *text)
{
  g_autoptr (GString) out = g_string_new (text);
  g_string_replace (out, "|", "\\|", 0);
  g_string_replace (out, "<", "&lt;", 0);
  g_string_replace (out, ">", "&gt;", 0);
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static char *
make_page (const char *head)
{
  g_autoptr (GString) out = g_string_new (head);
  g_string_append (out, "\n| Id | Severity | What | Rule | `strict` | The service's words |\n"
                        "|---|---|---|---|---|---|\n");
  for (AlexaLint i = 0; i < ALEXA_N_LINTS; i++)
    {
      const AlexaLintRule *rule = alexa_lint_rule (i);
      g_autofree char *sentence = cell (rule->sentence);
      g_autofree char *source = cell (rule->rule);
      g_autofree char *words = find_service_words (rule);
      g_autofree char *service = cell (words);
      g_string_append_printf (out, "| `%s` | %s | %s | %s | %s | %s |\n", rule->id,
                              alexa_severity_to_string (rule->severity), sentence, source,
                              find_strict (rule), service);
    }
  return g_string_free (g_steal_pointer (&out), FALSE);
}

static int
complain (const GError *error)
{
  g_printerr ("lint-reference: %s\n", error->message);
  return 1;
}

int
main (int argc, char **argv)
{
  gboolean check = argc > 1 && g_str_equal (argv[1], "--check");
  if (argc != (check ? 4 : 3))
    {
      g_printerr ("usage: lint-reference [--check] HEAD OUTPUT\n");
      return 2;
    }
  const char *output = argv[argc - 1];
  g_autofree char *head = NULL;
  g_autoptr (GError) error = NULL;
  if (!g_file_get_contents (argv[argc - 2], &head, NULL, &error))
    return complain (error);
  g_autofree char *page = make_page (head);
  if (!check)
    return g_file_set_contents (output, page, -1, &error) ? 0 : complain (error);
  g_autofree char *seen = NULL;
  if (!g_file_get_contents (output, &seen, NULL, &error))
    return complain (error);
  if (g_str_equal (page, seen))
    return 0;
  g_printerr ("%s is not what the table says; run \"ninja lint-reference\"\n", output);
  return 1;
}
