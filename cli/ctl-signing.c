/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Keys and certificates for signed requests; needs no daemon. */

#include "config.h"
#include "ctl-commands.h"
#include "ctl-file-set.h"
#include "ctl-json.h"

#include "alexa/alexa-chain.h"
#include "alexa/alexa-test-chain.h"

#define CHAIN_URL "https://s3.amazonaws.com/echo.api/segue-test.pem"
#define DAY_S (24 * 60 * 60)
#define DEFAULT_DAYS 365
#define MAX_DAYS 3650
/* Verifiers on other machines may have clocks that are behind. */
#define EARLIER_S (60 * 60)

static gint64
now_s (void)
{
  return g_get_real_time () / G_USEC_PER_SEC;
}

/* --- init ------------------------------------------------------------------------------------- */

/* What has been made, and where. */
typedef struct
{
  char *folder; /* (owned) absolute */
  char *ca;     /* (owned) paths */
  char *key;    /* (owned) */
  char *chain;  /* (owned) */
  gint64 expiry_s;
  gboolean system;
} Made;

static void
made_clear (Made *made)
{
  g_free (made->folder);
  g_free (made->ca);
  g_free (made->key);
  g_free (made->chain);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Made, made_clear)

/* (transfer full): the lines for segue.conf. A service of the system is handed the key by systemd. */
static char *
make_configuration (const Made *made)
{
  if (!made->system)
    return g_strdup_printf ("[signing]\nkey-file = %s\nchain-file = %s\nchain-url = %s\n",
                            made->key, made->chain, CHAIN_URL);
  return g_strdup_printf ("[signing]\nkey-file = credential:signing-key\nchain-file = "
                          "credential:signing-chain\nchain-url = %s\n",
                          CHAIN_URL);
}

static const char sdk_help[]
    = "\nSkills fetch the chain from that URL, where there is none of yours, and trust public\n"
      "authorities only. In the tests of a skill, tell its SDK about your chain:\n\n"
      "Node    ask-sdk-express-adapter: make a SkillRequestSignatureVerifier, put the text of\n"
      "        chain.pem into its certCache under the URL, and hand it, beside a\n"
      "        TimestampVerifier, to ExpressAdapter as the fourth argument, after two false.\n"
      "Python  ask-sdk-webservice-support: make a RequestVerifier, put the bytes of chain.pem\n"
      "        into its _cert_cache under the URL, add ca.pem to the authorities of the system,\n"
      "        and hand it to WebserviceSkillHandler: verify_signature=False, verifiers=[it].\n"
      "Java    ask-sdk-servlet-support: put the certificate of chain.pem into the map\n"
      "        CERTIFICATE_CACHE of SkillRequestSignatureVerifier under the URL, by reflection; "
      "or\n"
      "        -Dcom.amazon.ask.servlet.disableRequestSignatureCheck=true to do without the "
      "check.\n\n"
      "seguectl(1) has more of this.\n";

static void
print_made (const Made *made)
{
  g_autofree char *until = alexa_chain_format_time (made->expiry_s);
  g_autofree char *configuration = make_configuration (made);
  g_print ("A key for tests, valid until %s, in %s:\n\n"
           "  ca.pem     the authority: for the trust store of a skill under test\n"
           "  key.pem    the private key: for segued alone\n"
           "  chain.pem  the certificates of key and authority: for skills\n\n"
           "Into segue.conf:\n\n%s",
           until, made->folder, configuration);
  if (made->system)
    g_print (
        "\nInto a drop-in (\"systemctl edit segued\"), for the daemon may not read the key:\n\n"
        "[Service]\nLoadCredential=signing-key:%s\nLoadCredential=signing-chain:%s\n",
        made->key, made->chain);
  g_print ("%s", sdk_help);
}

static void
print_made_json (const Made *made)
{
  g_autofree char *configuration = make_configuration (made);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "ca", g_variant_new_string (made->ca));
  g_variant_builder_add (&builder, "{sv}", "key", g_variant_new_string (made->key));
  g_variant_builder_add (&builder, "{sv}", "chain", g_variant_new_string (made->chain));
  g_variant_builder_add (&builder, "{sv}", "chain_url", g_variant_new_string (CHAIN_URL));
  g_variant_builder_add (&builder, "{sv}", "valid_to_s", g_variant_new_int64 (made->expiry_s));
  g_variant_builder_add (&builder, "{sv}", "configuration", g_variant_new_string (configuration));
  g_autoptr (GVariant) all = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_autofree char *text = ctl_json_print (all);
  g_print ("%s\n", text);
}

static gboolean
write_files (const Made *made, AlexaTestChain *chain, gboolean force, GError **error)
{
  g_autoptr (CtlFileSet) files = ctl_file_set_new ();
  ctl_file_set_add (files, "ca.pem", chain->ca, 0644);
  ctl_file_set_add (files, "key.pem", chain->key, 0600);
  ctl_file_set_add (files, "chain.pem", chain->chain, 0644);
  return ctl_file_set_write (files, made->folder, force, error);
}

static int
make (CtlContext *self, Made *made, int days, gboolean force)
{
  g_autoptr (GError) error = NULL;
  gint64 from_s = now_s () - EARLIER_S;
  made->expiry_s = now_s () + (gint64)days * DAY_S;
  made->ca = g_build_filename (made->folder, "ca.pem", NULL);
  made->key = g_build_filename (made->folder, "key.pem", NULL);
  made->chain = g_build_filename (made->folder, "chain.pem", NULL);
  g_autoptr (AlexaTestChain) chain = alexa_test_chain_new (from_s, made->expiry_s, &error);
  if (chain == NULL)
    {
      ctl_complain (self, "%s", error->message);
      return EX_SOFTWARE;
    }
  if (write_files (made, chain, force, &error))
    return EX_OK;
  ctl_complain (self, "%s%s", error->message,
                g_error_matches (error, G_IO_ERROR, G_IO_ERROR_EXISTS)
                    ? "\n\"--force\" replaces what is there, \"--directory\" names another place."
                    : "");
  return EX_CANTCREAT;
}

/* (transfer full): absolute, for the configuration takes no other paths. */
static char *
choose_folder (const CtlContext *self, const char *wanted)
{
  if (wanted != NULL)
    return g_canonicalize_filename (wanted, NULL);
  return g_build_filename (self->bus == G_BUS_TYPE_SYSTEM ? SEGUE_SYSCONFDIR
                                                          : g_get_user_config_dir (),
                           "segue", "signing", NULL);
}

static int
run_init (CtlContext *self, int argc, char **argv)
{
  g_autofree char *folder = NULL;
  gboolean force = FALSE;
  int days = DEFAULT_DAYS;
  const GOptionEntry entries[] = {
    { "directory", 'd', 0, G_OPTION_ARG_FILENAME, &folder, NULL, NULL },
    { "force", 'f', 0, G_OPTION_ARG_NONE, &force, NULL, NULL },
    { "days", 'n', 0, G_OPTION_ARG_INT, &days, NULL, NULL },
    { NULL },
  };
  if (!ctl_take_options (self, entries, &argc, &argv))
    return EX_USAGE;
  if (argc > 0)
    return ctl_usage (self, "unexpected argument \"%s\"", argv[0]);
  if (days < 1 || days > MAX_DAYS)
    return ctl_usage (self, "%d days: allowed are 1 to %d", days, MAX_DAYS);
  g_auto (Made) made = { .system = self->bus == G_BUS_TYPE_SYSTEM };
  made.folder = choose_folder (self, folder);
  int status = make (self, &made, days, force);
  if (status != EX_OK)
    return status;
  if (self->json)
    print_made_json (&made);
  else
    print_made (&made);
  return EX_OK;
}

/* --- show ------------------------------------------------------------------------------------- */

static void
print_certificate (const AlexaChain *chain, guint index)
{
  g_autoptr (AlexaCertificate) told = alexa_chain_describe (chain, index);
  g_autofree char *from = alexa_chain_format_time (told->from_s);
  g_autofree char *to = alexa_chain_format_time (told->to_s);
  g_print ("Certificate %u%s\n", index + 1, told->is_authority ? ", of an authority" : "");
  g_print ("  Subject      %s\n", told->subject);
  g_print ("  Issuer       %s\n", told->issuer);
  g_print ("  Names        %s\n", *told->names != '\0' ? told->names : "none");
  g_print ("  Usage        %s\n", *told->usage != '\0' ? told->usage : "not said");
  g_print ("  Key          %s\n", told->key);
  g_print ("  Valid from   %s\n", from);
  g_print ("  Valid to     %s\n", to);
  g_print ("  SHA-256      %s\n", told->fingerprint);
}

static GVariant *
certificate_to_variant (const AlexaChain *chain, guint index)
{
  g_autoptr (AlexaCertificate) told = alexa_chain_describe (chain, index);
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "subject", g_variant_new_string (told->subject));
  g_variant_builder_add (&builder, "{sv}", "issuer", g_variant_new_string (told->issuer));
  g_variant_builder_add (&builder, "{sv}", "names", g_variant_new_string (told->names));
  g_variant_builder_add (&builder, "{sv}", "usage", g_variant_new_string (told->usage));
  g_variant_builder_add (&builder, "{sv}", "key", g_variant_new_string (told->key));
  g_variant_builder_add (&builder, "{sv}", "authority", g_variant_new_boolean (told->is_authority));
  g_variant_builder_add (&builder, "{sv}", "valid_from_s", g_variant_new_int64 (told->from_s));
  g_variant_builder_add (&builder, "{sv}", "valid_to_s", g_variant_new_int64 (told->to_s));
  g_variant_builder_add (&builder, "{sv}", "sha256", g_variant_new_string (told->fingerprint));
  return g_variant_builder_end (&builder);
}

/* @fault: (nullable): why verifiers refuse it. */
static void
print_chain_json (const AlexaChain *chain, const GError *fault)
{
  g_auto (GVariantBuilder) list = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE ("av"));
  for (guint i = 0; i < alexa_chain_get_size (chain); i++)
    g_variant_builder_add (&list, "v", certificate_to_variant (chain, i));
  g_auto (GVariantBuilder) builder = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  g_variant_builder_add (&builder, "{sv}", "certificates", g_variant_builder_end (&list));
  g_variant_builder_add (&builder, "{sv}", "accepted", g_variant_new_boolean (fault == NULL));
  if (fault != NULL)
    g_variant_builder_add (&builder, "{sv}", "fault", g_variant_new_string (fault->message));
  g_autoptr (GVariant) all = g_variant_ref_sink (g_variant_builder_end (&builder));
  g_autofree char *text = ctl_json_print (all);
  g_print ("%s\n", text);
}

static void
print_chain (const AlexaChain *chain, const GError *fault)
{
  guint n = alexa_chain_get_size (chain);
  for (guint i = 0; i < n; i++)
    print_certificate (chain, i);
  if (fault != NULL)
    {
      g_print ("\nVerifiers refuse this: %s.\n", fault->message);
      return;
    }
  g_autoptr (AlexaCertificate) last = alexa_chain_describe (chain, n - 1);
  g_print (
      "\nVerifiers accept its form. Whether they trust it is up to them: they would have to know\n"
      "the authority \"%s\".\n",
      last->issuer);
}

static int
run_show (CtlContext *self, int argc, char **argv)
{
  if (argc != 1)
    return ctl_usage (self, argc < 1 ? "the file is missing" : "one file at a time");
  g_autofree char *text = NULL;
  gsize size = 0;
  g_autoptr (GError) error = NULL;
  if (!g_file_get_contents (argv[0], &text, &size, &error))
    {
      ctl_complain (self, "cannot read %s: %s", argv[0], error->message);
      return EX_NOINPUT;
    }
  g_autoptr (GBytes) pem = g_bytes_new_take (g_steal_pointer (&text), size);
  g_autoptr (AlexaChain) chain = alexa_chain_new (pem, &error);
  if (chain == NULL)
    {
      ctl_complain (self, "%s: %s", argv[0], error->message);
      return EX_DATAERR;
    }
  g_autoptr (GError) fault = NULL;
  gboolean accepted = alexa_chain_check (chain, now_s (), &fault);
  if (self->json)
    print_chain_json (chain, fault);
  else
    print_chain (chain, fault);
  return accepted ? EX_OK : EX_DATAERR;
}

/* --- What of it ------------------------------------------------------------------------------- */

int
ctl_run_signing (CtlContext *self, int argc, char **argv)
{
  if (argc > 0 && g_str_equal (argv[0], "init"))
    return run_init (self, argc - 1, argv + 1);
  if (argc > 0 && g_str_equal (argv[0], "show"))
    return run_show (self, argc - 1, argv + 1);
  if (argc > 0)
    return ctl_usage (self, "there is no \"%s\", only init and show", argv[0]);
  return ctl_usage (self, "init or show?");
}
