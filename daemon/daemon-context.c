/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-context.h"

#include <math.h>

#include "daemon-random.h"
#include "dbus/bus-errors.h"

#define DEVICE_ID_PREFIX "amzn1.ask.device."
#define DEVICE_ID_CHARS 52

/* (transfer full) */
static char *
find_device_id (const DaemonConfig *config, DaemonStore *store)
{
  if (config->device_id != NULL)
    return g_strdup (config->device_id);
  g_autofree char *kept = daemon_store_get (store, "device-id");
  if (kept != NULL)
    return g_steal_pointer (&kept);
  g_autofree char *random = daemon_random_base32 (DEVICE_ID_CHARS);
  g_autofree char *made = g_strconcat (DEVICE_ID_PREFIX, random, NULL);
  daemon_store_set (store, "device-id", made, NULL);
  return g_steal_pointer (&made);
}

static void
configure_player (DaemonContext *self)
{
  daemon_router_set_interruption (self->router, self->config->interruption);
  player_controller_set_duck (self->controller, pow (10.0, -(double)self->config->duck_db / 20.0));
}

DaemonContext *
daemon_context_new (DaemonConfig *config,
                    PlayerController *controller,
                    PlayerClock *clock,
                    DaemonTransport *transport,
                    DaemonStore *store,
                    PlayerSpeech *speech)
{
  DaemonContext *self = g_new0 (DaemonContext, 1);
  g_atomic_ref_count_init (&self->ref_count);
  self->config = daemon_config_ref (config);
  self->controller = g_object_ref (controller);
  self->clock = g_object_ref (clock);
  self->transport = g_object_ref (transport);
  self->router = daemon_router_new (controller, clock, config->interruption);
  configure_player (self);
  self->timeline = daemon_timeline_new ();
  self->observer = daemon_observer_new (controller, self->timeline);
  self->voice = daemon_voice_new (self->router, self->timeline, clock, speech);
  self->store = g_object_ref (store);
  self->outbox = daemon_outbox_new (store);
  self->device_id = find_device_id (config, store);
  self->locale = g_strdup (config->locale);
  self->api_access_token = daemon_random_token ();
  return self;
}

DaemonContext *
daemon_context_ref (DaemonContext *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

void
daemon_context_unref (DaemonContext *self)
{
  if (self == NULL || !g_atomic_ref_count_dec (&self->ref_count))
    return;
  g_clear_object (&self->directive_service);
  g_clear_object (&self->network);
  g_clear_object (&self->outbox);
  g_clear_object (&self->store);
  g_clear_object (&self->voice);
  g_clear_object (&self->observer);
  g_clear_object (&self->timeline);
  g_clear_object (&self->router);
  g_clear_object (&self->transport);
  g_clear_object (&self->clock);
  g_clear_object (&self->controller);
  daemon_config_unref (self->config);
  g_free (self->device_id);
  g_free (self->api_access_token);
  g_free (self->locale);
  g_free (self);
}

void
daemon_context_configure (DaemonContext *self, DaemonConfig *config)
{
  g_return_if_fail (self != NULL && config != NULL);
  g_autoptr (DaemonConfig) old = g_steal_pointer (&self->config);
  self->config = daemon_config_ref (config);
  configure_player (self);
  player_controller_set_nearly_finished (self->controller, config->nearly_finished);
  if (g_strcmp0 (old->device_id, config->device_id) != 0)
    {
      g_free (self->device_id);
      self->device_id = find_device_id (config, self->store);
    }
  if (!g_str_equal (old->locale, config->locale))
    {
      g_free (self->locale);
      self->locale = g_strdup (config->locale);
    }
}

gboolean
daemon_context_set_locale (DaemonContext *self, const char *locale, GError **error)
{
  g_return_val_if_fail (self != NULL && locale != NULL, FALSE);
  if (!g_strv_contains (alexa_locales (), locale))
    {
      g_autofree char *allowed = g_strjoinv (", ", (char **)alexa_locales ());
      g_set_error (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT,
                   "\"%s\" is no locale of the protocol; allowed: %s", locale, allowed);
      return FALSE;
    }
  g_autofree char *old = g_steal_pointer (&self->locale);
  self->locale = g_strdup (locale);
  return TRUE;
}
