/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* Whether skills and music services can be reached: the name, the connection, the certificate. Nothing
 * is sent to them: a request would be one that a user has not made. */
#include "daemon-diagnosis-private.h"

#include "daemon-transport-tls.h"
#include "player/gst/player-gst-engine.h"

#define CONNECT_SECONDS 6

/* One connection on its way. */
typedef struct
{
  DaemonStep *step;          /* (owned) */
  GSocketClient *client;     /* (owned) */
  GTlsDatabase *authorities; /* (owned) (nullable): in place of the system's */
  char *host;                /* (owned) */
  GTlsCertificateFlags flags;
  gboolean tls;
  gboolean old_tls;
} Visit;

static void
visit_free (Visit *self)
{
  g_signal_handlers_disconnect_by_data (self->client, self);
  g_object_unref (self->client);
  g_clear_object (&self->authorities);
  daemon_step_unref (self->step);
  g_free (self->host);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Visit, visit_free)

static gboolean
on_certificate (GTlsConnection *connection,
                GTlsCertificate *certificate,
                GTlsCertificateFlags flags,
                gpointer user_data)
{
  Visit *self = user_data;
  self->flags = flags;
  return FALSE;
}

static void
on_event (GSocketClient *client,
          GSocketClientEvent event,
          GSocketConnectable *connectable,
          GIOStream *stream,
          gpointer user_data)
{
  Visit *self = user_data;
  if (!G_IS_TLS_CONNECTION (stream))
    return;
  GTlsConnection *connection = G_TLS_CONNECTION (stream);
  if (event == G_SOCKET_CLIENT_TLS_HANDSHAKING)
    {
      g_signal_connect (connection, "accept-certificate", G_CALLBACK (on_certificate), self);
      if (self->authorities != NULL)
        g_tls_connection_set_database (connection, self->authorities);
    }
  else if (event == G_SOCKET_CLIENT_TLS_HANDSHAKED)
    {
      g_signal_handlers_disconnect_by_data (connection, self);
      self->old_tls
          = g_tls_connection_get_protocol_version (connection) < G_TLS_PROTOCOL_VERSION_TLS_1_2;
    }
}

static const char *
find_certificate_remedy (GTlsCertificateFlags flags)
{
  if (flags & G_TLS_CERTIFICATE_NOT_ACTIVATED)
    return "check the clock of this machine";
  if (flags & G_TLS_CERTIFICATE_EXPIRED)
    return "its operator has to renew it, unless the clock of this machine is wrong";
  if (flags & G_TLS_CERTIFICATE_BAD_IDENTITY)
    return "name the host in segue.conf(5) as its certificate does";
  if (flags & G_TLS_CERTIFICATE_UNKNOWN_CA)
    return "install ca-certificates; a private authority is named by ca-file in segue.conf(5)";
  return "its operator has to mend that";
}

static void
add_tls_fault (Visit *self, const GError *why)
{
  g_autoptr (GError) error
      = daemon_transport_tls_error_new (self->host, self->flags, self->old_tls, why);
  gboolean clock = g_error_matches (error, DAEMON_TRANSPORT_ERROR, DAEMON_TRANSPORT_ERROR_CLOCK);
  daemon_symptoms_add (self->step->symptoms, clock ? "clock" : "certificate", self->step->subject,
                       DAEMON_VERDICT_PROBLEM,
                       clock ? "set the clock of this machine: timedatectl(1)"
                             : find_certificate_remedy (self->flags),
                       "%s", error->message);
}

static void
add_fault (Visit *self, const GError *why)
{
  GPtrArray *symptoms = self->step->symptoms;
  const char *subject = self->step->subject;
  if (why->domain == G_TLS_ERROR)
    add_tls_fault (self, why);
  else if (why->domain == G_RESOLVER_ERROR)
    daemon_symptoms_add (symptoms, "dns", subject, DAEMON_VERDICT_PROBLEM,
                         "check the address in segue.conf(5), and the name server: resolvectl(1), "
                         "/etc/resolv.conf",
                         "the name %s cannot be resolved: %s", self->host, why->message);
  else if (g_error_matches (why, G_IO_ERROR, G_IO_ERROR_NETWORK_UNREACHABLE)
           || g_error_matches (why, G_IO_ERROR, G_IO_ERROR_HOST_UNREACHABLE))
    daemon_symptoms_add (symptoms, "network", subject, DAEMON_VERDICT_PROBLEM,
                         "check the network connection of this machine",
                         "there is no way to %s: %s", self->host, why->message);
  else if (g_error_matches (why, G_IO_ERROR, G_IO_ERROR_CONNECTION_REFUSED))
    daemon_symptoms_add (symptoms, self->step->check, subject, DAEMON_VERDICT_PROBLEM,
                         "start its server, or check the port in segue.conf(5)",
                         "%s takes no connection: %s", self->host, why->message);
  else
    daemon_symptoms_add (symptoms, self->step->check, subject, DAEMON_VERDICT_PROBLEM,
                         "check the address in segue.conf(5), and whether its server runs",
                         "%s cannot be reached: %s", self->host, why->message);
}

static void
on_connected (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Visit) self = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GSocketConnection) connection
      = g_socket_client_connect_to_host_finish (G_SOCKET_CLIENT (source), result, &error);
  if (self->old_tls)
    add_tls_fault (self, NULL);
  else if (connection == NULL)
    add_fault (self, error);
  else
    daemon_symptoms_add (self->step->symptoms, self->step->check, self->step->subject,
                         DAEMON_VERDICT_OK, NULL, "%s can be reached%s", self->host,
                         self->tls ? ", and its certificate is good" : "");
  if (connection != NULL)
    g_io_stream_close_async (G_IO_STREAM (connection), G_PRIORITY_DEFAULT, NULL, NULL, NULL);
  daemon_step_end (g_steal_pointer (&self->step));
}

/* (nullable) */
static Visit *
visit_new (DaemonStep *step, GUri *uri, const char *ca_file)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GTlsDatabase) authorities
      = ca_file != NULL ? g_tls_file_database_new (ca_file, &error) : NULL;
  if (error != NULL)
    {
      daemon_symptoms_add (step->symptoms, "certificate", step->subject, DAEMON_VERDICT_PROBLEM,
                           "see ca-file in segue.conf(5)", "%s: %s", ca_file, error->message);
      daemon_step_end (step);
      return NULL;
    }
  Visit *self = g_new0 (Visit, 1);
  self->step = step;
  self->host = g_strdup (g_uri_get_host (uri));
  self->tls = g_strcmp0 (g_uri_get_scheme (uri), "https") == 0;
  self->authorities = g_steal_pointer (&authorities);
  self->client = g_socket_client_new ();
  g_socket_client_set_timeout (self->client, CONNECT_SECONDS);
  g_socket_client_set_tls (self->client, self->tls);
  g_socket_client_set_enable_proxy (self->client, player_gst_uses_proxies ());
  g_signal_connect (self->client, "event", G_CALLBACK (on_event), self);
  return self;
}

static void
check_host (DaemonDiagnosis *run,
            const char *check,
            const char *name,
            const char *endpoint,
            const char *ca_file)
{
  g_autoptr (GUri) uri = g_uri_parse (endpoint, G_URI_FLAGS_NONE, NULL);
  if (uri == NULL || g_uri_get_host (uri) == NULL)
    return;
  DaemonStep *step = daemon_step_begin (run, check, name, "it does not answer in time",
                                        "check the network, and whether its server runs");
  Visit *visit = visit_new (step, uri, ca_file);
  if (visit == NULL)
    return;
  int port = g_uri_get_port (uri);
  if (port < 0)
    port = visit->tls ? 443 : 80;
  g_socket_client_connect_to_host_async (visit->client, visit->host, port, run->cancellable,
                                         on_connected, visit);
}

/* Those that have been named by their URL since start. */
static void
check_named_by_url (DaemonDiagnosis *run, DaemonSkills *skills)
{
  g_autoptr (GVariant) list = g_variant_ref_sink (daemon_skills_list (skills));
  GVariantIter iter;
  const char *name = NULL;
  const char *endpoint = NULL;
  g_variant_iter_init (&iter, list);
  while (g_variant_iter_next (&iter, "(&s&sb)", &name, &endpoint, NULL))
    if (g_str_equal (name, endpoint))
      check_host (run, "skill", name, endpoint, NULL);
}

void
daemon_diagnosis_hosts (DaemonDiagnosis *run, DaemonSkills *skills)
{
  const DaemonConfig *config = run->context->config;
  for (guint i = 0; i < config->skills->len; i++)
    {
      const DaemonSkillConfig *skill = g_ptr_array_index (config->skills, i);
      check_host (run, "skill", skill->name, skill->endpoint, skill->ca_file);
    }
  for (guint i = 0; i < config->music->len; i++)
    {
      const DaemonMusicConfig *music = g_ptr_array_index (config->music, i);
      check_host (run, "music", music->name, music->endpoint, music->ca_file);
    }
  check_named_by_url (run, skills);
  if (config->output == DAEMON_OUTPUT_SNAPCAST)
    {
      g_autofree char *url = g_strconcat ("http://", config->snapcast_address, NULL);
      check_host (run, "snapcast", config->snapcast_address, url, NULL);
    }
}
