/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

#include "player/player-controller.h"

G_BEGIN_DECLS

/**
 * SECTION:bus-backend
 *
 * The port from the bus adaptors to the daemon: what a caller on the bus may ask for beyond the
 * player itself. Buttons go to the backend and not to the player, because a button pressed while a
 * skill's stream plays is a request to that skill. The daemon implements it.
 */
#define BUS_TYPE_BACKEND (bus_backend_get_type ())
G_DECLARE_INTERFACE (BusBackend, bus_backend, BUS, BACKEND, GObject)

typedef enum
{
  BUS_BUTTON_PLAY,
  BUS_BUTTON_PAUSE,
  BUS_BUTTON_PLAY_PAUSE,
  BUS_BUTTON_STOP,
  BUS_BUTTON_NEXT,
  BUS_BUTTON_PREVIOUS,
} BusButton;

struct _BusBackendInterface
{
  GTypeInterface parent;

  void (*launch) (BusBackend *self,
                  const char *skill,
                  GAsyncReadyCallback callback,
                  gpointer user_data);
  void (*intent) (BusBackend *self,
                  const char *skill,
                  const char *intent,
                  GVariant *slots,
                  GAsyncReadyCallback callback,
                  gpointer user_data);
  void (*end_session) (BusBackend *self,
                       const char *skill,
                       GAsyncReadyCallback callback,
                       gpointer user_data);
  char *(*finish) (BusBackend *self, GAsyncResult *result, GError **error);
  char *(*handle_response) (BusBackend *self,
                            const char *skill,
                            const char *request_type,
                            const char *json,
                            GError **error);
  gboolean (*press) (BusBackend *self, BusButton button, GError **error);
  gboolean (*play_url) (BusBackend *self, const char *url, gint64 offset_ms, GError **error);
  gboolean (*seek) (BusBackend *self, gint64 position_ms, GError **error);
  GVariant *(*list_skills) (BusBackend *self);
};

/* The next five end with an error of the domain BUS_ERROR (bus-errors.h) where they fail.
 *
 * @skill: a configured name, an absolute http(s) URL, or "" for the default one: the skill whose
 * session is open, else the one that played last, else the only one configured.
 *
 * launch and intent answer when the skill's answer has been obeyed; end_session when the
 * SessionEndedRequest has been sent. */
void bus_backend_launch (BusBackend *self,
                         const char *skill,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
/* @slots: a{ss}, name to value. */
void bus_backend_intent (BusBackend *self,
                         const char *skill,
                         const char *intent,
                         GVariant *slots,
                         GAsyncReadyCallback callback,
                         gpointer user_data);
void bus_backend_end_session (BusBackend *self,
                              const char *skill,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
/* Of all three. Returns: (transfer full): the request id, or %NULL with @error set. */
char *bus_backend_finish (BusBackend *self, GAsyncResult *result, GError **error);

/* Obeys @json as if @skill had answered a request of @request_type ("LaunchRequest" if "").
 * Returns: (transfer full): the id under which its steps are signalled, or %NULL. */
char *bus_backend_handle_response (BusBackend *self,
                                   const char *skill,
                                   const char *request_type,
                                   const char *json,
                                   GError **error);

/* A button was pressed: PlaybackController request to the skill that owns the audio, else locally.
 * Returns at once; what the skill answers is obeyed when it comes. */
gboolean bus_backend_press (BusBackend *self, BusButton button, GError **error);

/* Plays @url at once, without a skill. */
gboolean
bus_backend_play_url (BusBackend *self, const char *url, gint64 offset_ms, GError **error);

/* Goes to an absolute position in the current stream. */
gboolean bus_backend_seek (BusBackend *self, gint64 position_ms, GError **error);

/* (transfer floating): a(ssb): name, endpoint, session open. */
GVariant *bus_backend_list_skills (BusBackend *self);

/**
 * Signals of a backend, which the adaptors put on the bus. Every step of every conversation:
 * - "step" (const char *kind, GVariant *details): kind names the D-Bus signal of
 *   org.segue.Segue1.Conversation ("RequestSent", "AnswerReceived", "RequestFailed", "Directive",
 *   "Finding", "Card", "Speech", "Session"), details are its arguments, a tuple of its type.
 * - "skills-changed": what list_skills() tells has changed.
 */
void bus_backend_emit_step (BusBackend *self, const char *kind, GVariant *details);
void bus_backend_emit_skills_changed (BusBackend *self);

G_END_DECLS
