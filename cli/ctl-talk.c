/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-commands.h"

#include "ctl-document.h"
#include "ctl-json.h"
#include "ctl-parse.h"
#include "ctl-witness.h"

/* Ends a call that gave a request id. @witness: (nullable) */
static int
finish (
    CtlContext *self, CtlWitness *witness, gboolean ok, const char *request_id, const GError *error)
{
  if (!ok)
    return ctl_explain (self, error);
  guint refused = witness != NULL ? ctl_witness_tell (witness, self, request_id) : 0;
  if (self->json)
    g_print ("{\"request_id\":\"%s\"}\n", request_id);
  return refused == 0 ? EX_OK : EX_PROTOCOL;
}

int
ctl_run_launch (CtlContext *self, int argc, char **argv)
{
  if (argc > 1)
    return ctl_usage (self, "one skill at a time: unexpected argument \"%s\"", argv[1]);
  g_autoptr (BusGenSegue1Conversation) skill = ctl_context_get_conversation (self);
  if (skill == NULL)
    return EX_UNAVAILABLE;
  g_autoptr (CtlWitness) witness = ctl_witness_new (skill);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  gboolean ok = bus_gen_segue1_conversation_call_launch_sync (skill, argc > 0 ? argv[0] : "", &id,
                                                              NULL, &error);
  return finish (self, witness, ok, id, error);
}

/* Slots of the form NAME=VALUE; NULL after a complaint. (transfer full) */
static GVariant *
parse_slots (CtlContext *self, int argc, char **argv)
{
  g_auto (GVariantBuilder) slots = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("a{ss}"));
  for (int i = 0; i < argc; i++)
    {
      g_autofree char *name = NULL;
      g_autofree char *value = NULL;
      if (!ctl_parse_slot (argv[i], &name, &value))
        {
          ctl_usage (self, "\"%s\" is not of the form slot=value", argv[i]);
          return NULL;
        }
      g_variant_builder_add (&slots, "{ss}", name, value);
    }
  return g_variant_ref_sink (g_variant_builder_end (&slots));
}

/* What intent, voice and can-fulfill have in common. */
typedef struct
{
  char *skill;                            /* (owned) (nullable) */
  GVariant *slots;                        /* (owned) (nullable) */
  BusGenSegue1Conversation *conversation; /* (owned) */
  CtlWitness *witness;                    /* (owned) */
} Talk;

static void
talk_clear (Talk *self)
{
  g_clear_pointer (&self->witness, ctl_witness_free);
  g_clear_object (&self->conversation);
  g_clear_pointer (&self->slots, g_variant_unref);
  g_free (self->skill);
}

G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Talk, talk_clear)

static const char *
talk_skill (const Talk *self)
{
  return self->skill != NULL ? self->skill : "";
}

static gboolean
take_skill (CtlContext *self, const char *what, char **skill, int *argc, char ***argv)
{
  const GOptionEntry entries[] = {
    { "skill", 's', 0, G_OPTION_ARG_STRING, skill, NULL, NULL },
    { NULL },
  };
  if (!ctl_take_options (self, entries, argc, argv))
    return FALSE;
  if (*argc < 1)
    ctl_usage (self, "the %s is missing", what);
  return *argc >= 1;
}

/* Their beginning: the option, an argument named @what, then slots, or nothing more. EX_OK: go on. */
static int
talk_begin (
    Talk *self, CtlContext *context, const char *what, gboolean slots, int *argc, char ***argv)
{
  if (!take_skill (context, what, &self->skill, argc, argv))
    return EX_USAGE;
  if (!slots && *argc > 1)
    return ctl_usage (context, "one word at a time: unexpected argument \"%s\"", (*argv)[1]);
  self->slots = parse_slots (context, *argc - 1, *argv + 1);
  if (self->slots == NULL)
    return EX_USAGE;
  self->conversation = ctl_context_get_conversation (context);
  if (self->conversation == NULL)
    return EX_UNAVAILABLE;
  self->witness = ctl_witness_new (self->conversation);
  return EX_OK;
}

int
ctl_run_intent (CtlContext *self, int argc, char **argv)
{
  g_auto (Talk) talk = { 0 };
  int status = talk_begin (&talk, self, "name of the intent", TRUE, &argc, &argv);
  if (status != EX_OK)
    return status;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  gboolean ok = bus_gen_segue1_conversation_call_intent_sync (
      talk.conversation, talk_skill (&talk), argv[0], talk.slots, &id, NULL, &error);
  return finish (self, talk.witness, ok, id, error);
}

int
ctl_run_voice (CtlContext *self, int argc, char **argv)
{
  g_auto (Talk) talk = { 0 };
  int status = talk_begin (&talk, self, "word", FALSE, &argc, &argv);
  if (status != EX_OK)
    return status;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  gboolean ok = bus_gen_segue1_conversation_call_built_in_intent_sync (
      talk.conversation, talk_skill (&talk), argv[0], &id, NULL, &error);
  return finish (self, talk.witness, ok, id, error);
}

/* What the skill has said, or that it has said nothing. */
static int
print_can_fulfill (CtlContext *self, CtlWitness *witness, const char *request_id)
{
  g_autofree char *json = ctl_witness_get_can_fulfill (witness, request_id);
  g_autoptr (GVariant) document = json != NULL ? ctl_json_parse (json) : NULL;
  if (document == NULL)
    {
      ctl_complain (self, "the answer does not tell");
      return EX_PROTOCOL;
    }
  g_autofree char *can = ctl_json_get (document, "canFulfill");
  if (self->json)
    g_print ("%s\n", json);
  else
    g_print ("%s\n", can != NULL ? can : "?");
  return EX_OK;
}

int
ctl_run_can_fulfill (CtlContext *self, int argc, char **argv)
{
  g_auto (Talk) talk = { 0 };
  int status = talk_begin (&talk, self, "name of the intent", TRUE, &argc, &argv);
  if (status != EX_OK)
    return status;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  if (!bus_gen_segue1_conversation_call_can_fulfill_sync (talk.conversation, talk_skill (&talk),
                                                          argv[0], talk.slots, &id, NULL, &error))
    return ctl_explain (self, error);
  ctl_witness_tell (talk.witness, self, id);
  return print_can_fulfill (self, talk.witness, id);
}

int
ctl_run_end_session (CtlContext *self, int argc, char **argv)
{
  if (argc > 1)
    return ctl_usage (self, "one skill at a time: unexpected argument \"%s\"", argv[1]);
  g_autoptr (BusGenSegue1Conversation) skill = ctl_context_get_conversation (self);
  if (skill == NULL)
    return EX_UNAVAILABLE;
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  gboolean ok = bus_gen_segue1_conversation_call_end_session_sync (skill, argc > 0 ? argv[0] : "",
                                                                   &id, NULL, &error);
  return finish (self, NULL, ok, id, error);
}

/* The text in @name ("-": standard input); NULL after a complaint, with the exit status. */
static char *
read_text (CtlContext *self, const char *name, int *status)
{
  g_autoptr (GBytes) bytes = ctl_document_read (self, name, status);
  if (bytes == NULL)
    return NULL;
  gsize length;
  const char *text = g_bytes_get_data (bytes, &length);
  if (g_utf8_validate (text, length, NULL))
    return g_strndup (text, length);
  ctl_complain (self, "%s is not a UTF-8 text", name);
  *status = EX_DATAERR;
  return NULL;
}

int
ctl_run_handle (CtlContext *self, int argc, char **argv)
{
  g_autofree char *skill = NULL;
  g_autofree char *type = NULL;
  const GOptionEntry entries[] = {
    { "skill", 's', 0, G_OPTION_ARG_STRING, &skill, NULL, NULL },
    { "request-type", 'r', 0, G_OPTION_ARG_STRING, &type, NULL, NULL },
    { NULL },
  };
  if (!ctl_take_options (self, entries, &argc, &argv))
    return EX_USAGE;
  if (argc != 1)
    return ctl_usage (self, argc < 1 ? "the file is missing" : "one file at a time");
  int status = EX_OK;
  g_autofree char *text = read_text (self, argv[0], &status);
  if (text == NULL)
    return status;
  g_autoptr (BusGenSegue1Conversation) conversation = ctl_context_get_conversation (self);
  if (conversation == NULL)
    return EX_UNAVAILABLE;
  g_autoptr (CtlWitness) witness = ctl_witness_new (conversation);
  g_autoptr (GError) error = NULL;
  g_autofree char *id = NULL;
  gboolean ok = bus_gen_segue1_conversation_call_handle_response_sync (
      conversation, skill != NULL ? skill : "", type != NULL ? type : "", text, &id, NULL, &error);
  status = finish (self, witness, ok, id, error);
  return status == EX_PROTOCOL ? EX_DATAERR : status;
}
