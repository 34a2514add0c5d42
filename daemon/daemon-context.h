/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "daemon-config.h"
#include "daemon-directive-service.h"
#include "daemon-network.h"
#include "daemon-observer.h"
#include "daemon-outbox.h"
#include "daemon-router.h"
#include "daemon-timeline.h"
#include "daemon-transport.h"
#include "daemon-voice.h"

G_BEGIN_DECLS

/**
 * DaemonContext:
 * @device_id: "amzn1.ask.device.…"
 * @directive_service: %NULL if it is switched off or cannot listen
 * @api_access_token: made at random for this run; sent with the requests whose answer nobody may
 *   forestall, and good for nothing
 * @locale: of the requests that leave now
 *
 * What all conversations share.
 */
typedef struct
{
  gatomicrefcount ref_count;
  DaemonConfig *config;                      /* (owned) */
  PlayerController *controller;              /* (owned) */
  PlayerClock *clock;                        /* (owned) */
  DaemonTransport *transport;                /* (owned) */
  DaemonRouter *router;                      /* (owned) */
  DaemonTimeline *timeline;                  /* (owned) */
  DaemonObserver *observer;                  /* (owned) */
  DaemonStore *store;                        /* (owned) */
  DaemonOutbox *outbox;                      /* (owned) */
  DaemonVoice *voice;                        /* (owned) */
  DaemonDirectiveService *directive_service; /* (owned) (nullable) */
  DaemonNetwork *network;                    /* (owned) (nullable): nothing is known of it */
  char *device_id;                           /* (owned) */
  char *api_access_token;                    /* (owned) */
  char *locale;                              /* (owned) */
} DaemonContext;

/* All by reference; the device id comes from @config, else from @store, else it is made and kept
 * there. @speech: (nullable): nothing can be spoken. */
DaemonContext *daemon_context_new (DaemonConfig *config,
                                   PlayerController *controller,
                                   PlayerClock *clock,
                                   DaemonTransport *transport,
                                   DaemonStore *store,
                                   PlayerSpeech *speech);
DaemonContext *daemon_context_ref (DaemonContext *self);
void daemon_context_unref (DaemonContext *self);
G_DEFINE_AUTOPTR_CLEANUP_FUNC (DaemonContext, daemon_context_unref)

/* @config takes the place of the configuration; router and player hear of it, skills and music services do
 * not. The locale stays as it was set, unless it is configured anew. */
void daemon_context_configure (DaemonContext *self, DaemonConfig *config);

/* Changes the locale of what leaves from now on, until the daemon ends.
 * @error: BUS_ERROR_INVALID_ARGUMENT: it is none of the protocol's. */
gboolean daemon_context_set_locale (DaemonContext *self, const char *locale, GError **error);

G_END_DECLS
