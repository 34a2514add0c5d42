/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-lint.h"

#include "ctl-commands.h"
#include "ctl-document.h"

#define EXIT_FINDINGS 1

gboolean
ctl_lint_is_void (const CtlLint *self)
{
  return self->response == NULL || (self->strict && self->fault != NULL);
}

static gboolean
has_severity (const CtlLint *self, AlexaSeverity least)
{
  for (guint i = 0; i < self->findings->len; i++)
    {
      const AlexaFinding *finding = g_ptr_array_index (self->findings, i);
      if (finding->severity >= least)
        return TRUE;
    }
  return FALSE;
}

static int
judge (const CtlLint *self)
{
  gboolean bad
      = ctl_lint_is_void (self)
        || has_severity (self, self->strict ? ALEXA_SEVERITY_WARNING : ALEXA_SEVERITY_ERROR);
  return bad ? EXIT_FINDINGS : EX_OK;
}

static int
lint (CtlContext *self, CtlLint *result, const char *intent, GBytes *bytes)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaResponse) response
      = alexa_response_parse (bytes, result->type, FALSE, "", &error);
  g_autoptr (GPtrArray) findings
      = response != NULL ? g_ptr_array_ref (response->findings)
                         : g_ptr_array_new_with_free_func ((GDestroyNotify)alexa_finding_free);
  if (response == NULL)
    g_ptr_array_add (findings, alexa_response_error_to_finding (error));
  else if (g_strcmp0 (intent, "AMAZON.StopIntent") == 0
           && response->should_end_session != ALEXA_END_SESSION_TRUE)
    alexa_lint_add (findings, ALEXA_LINT_STOP_INTENT_SESSION_OPEN, "response", "shouldEndSession");
  result->response = response;
  result->findings = findings;
  result->fault = alexa_response_is_wanted (result->type) ? alexa_lint_find_void (findings) : NULL;
  if (self->json)
    ctl_lint_print_json (result);
  else
    ctl_lint_print_text (result);
  return judge (result);
}

int
ctl_run_lint (CtlContext *self, int argc, char **argv)
{
  g_autofree char *type = NULL;
  g_autofree char *intent = NULL;
  gboolean strict = FALSE;
  const GOptionEntry entries[] = {
    { "request-type", 'r', 0, G_OPTION_ARG_STRING, &type, NULL, NULL },
    { "intent", 'i', 0, G_OPTION_ARG_STRING, &intent, NULL, NULL },
    { "strict", 0, 0, G_OPTION_ARG_NONE, &strict, NULL, NULL },
    { NULL },
  };
  if (!ctl_take_options (self, entries, &argc, &argv))
    return EX_USAGE;
  if (argc != 1)
    return ctl_usage (self, argc < 1 ? "the file is missing" : "one file at a time");
  CtlLint result = { .file = argv[0],
                     .type = intent != NULL ? ALEXA_REQUEST_INTENT : ALEXA_REQUEST_LAUNCH,
                     .strict = strict };
  if (type != NULL && !alexa_request_type_from_string (type, &result.type))
    return ctl_usage (self, "there is no request of type \"%s\"", type);
  if (intent != NULL && result.type != ALEXA_REQUEST_INTENT)
    return ctl_usage (self, "%s has no intent", type);
  int status = EX_OK;
  g_autoptr (GBytes) bytes = ctl_document_read (self, argv[0], &status);
  return bytes != NULL ? lint (self, &result, intent, bytes) : status;
}
