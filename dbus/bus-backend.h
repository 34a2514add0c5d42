/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

#include "bus-music.h"
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

/**
 * BusVoice:
 * @microphone_open: whether somebody is waited for to speak, or speaks
 * @microphone_skill: name of the skill whose session waits; "" for none
 * @time_left_ms: until the microphone closes if nobody speaks; 0 if it is closed, or somebody
 * speaks
 * @speaking: whether something is spoken, or about to be
 *
 * Who speaks and who listens. Everything is borrowed until the next call.
 */
typedef struct
{
  gboolean microphone_open;
  const char *microphone_skill;
  guint time_left_ms;
  gboolean speaking;
} BusVoice;

/**
 * BusReports:
 * @waiting: for an answer of their skill
 * @refused: by their skill, since start
 * @dropped: since start: too old, too many, or in the way of others
 *
 * What became of the reports about streams.
 */
typedef struct
{
  guint waiting;
  guint refused;
  guint dropped;
} BusReports;

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
  void (*built_in_intent) (BusBackend *self,
                           const char *skill,
                           const char *word,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
  void (*can_fulfill) (BusBackend *self,
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
  gboolean (*play_stream) (BusBackend *self,
                           PlayerItem *item,
                           PlayerPlayBehavior behavior,
                           GError **error);
  gboolean (*renew) (BusBackend *self, const char *token, PlayerItem *source, GError **error);
  gboolean (*seek) (BusBackend *self, gint64 position_ms, GError **error);
  gboolean (*begin_user_speech) (BusBackend *self, GError **error);
  gboolean (*end_user_speech) (BusBackend *self, gboolean understood, GError **error);
  void (*get_voice) (BusBackend *self, BusVoice *voice);
  const char *(*get_locale) (BusBackend *self);
  gboolean (*set_locale) (BusBackend *self, const char *locale, GError **error);
  GVariant *(*list_skills) (BusBackend *self);
  void (*get_reports) (BusBackend *self, BusReports *reports);
  const char *(*get_directive_endpoint) (BusBackend *self);
  void (*music_play) (BusBackend *self,
                      const char *service,
                      GVariant *criteria,
                      GAsyncReadyCallback callback,
                      gpointer user_data);
  void (*music_do) (BusBackend *self,
                    BusMusicAction action,
                    const char *argument,
                    GAsyncReadyCallback callback,
                    gpointer user_data);
  GVariant *(*music_finish) (BusBackend *self, GAsyncResult *result, GError **error);
  void (*get_music) (BusBackend *self, BusMusic *music);
  GVariant *(*list_music) (BusBackend *self);
  void (*diagnose) (BusBackend *self, GAsyncReadyCallback callback, gpointer user_data);
  GVariant *(*diagnose_finish) (BusBackend *self, GAsyncResult *result, GError **error);
};

/* The next seven end with an error of the domain BUS_ERROR (bus-errors.h) where they fail.
 *
 * @skill: a configured name, an absolute http(s) URL, or "" for the default one: the skill whose
 * session is open, else the one that played last, else the only one configured.
 *
 * All but end_session answer when the skill's answer has been obeyed; that one when the
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
/* @word: "stop", "pause" ...: as the D-Bus method has them. */
void bus_backend_built_in_intent (BusBackend *self,
                                  const char *skill,
                                  const char *word,
                                  GAsyncReadyCallback callback,
                                  gpointer user_data);
/* @slots: a{ss}, name to value. */
void bus_backend_can_fulfill (BusBackend *self,
                              const char *skill,
                              const char *intent,
                              GVariant *slots,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
void bus_backend_end_session (BusBackend *self,
                              const char *skill,
                              GAsyncReadyCallback callback,
                              gpointer user_data);
/* Of all five. Returns: (transfer full): the request id, or %NULL with @error set. */
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
gboolean bus_backend_play_url (BusBackend *self, const char *url, gint64 offset_ms, GError **error);

/* Plays @item, which belongs to no skill. */
gboolean bus_backend_play_stream (BusBackend *self,
                                  PlayerItem *item,
                                  PlayerPlayBehavior behavior,
                                  GError **error);

/* The stream @token is to be had from the URL and with the headers of @source; "": the current one.
 * @error: %BUS_ERROR_NOT_PLAYING if there is none such. */
gboolean
bus_backend_renew (BusBackend *self, const char *token, PlayerItem *source, GError **error);

/* Goes to an absolute position in the current stream. */
gboolean bus_backend_seek (BusBackend *self, gint64 position_ms, GError **error);

/* Somebody has begun to speak: what is spoken is cut, what plays gives way, sessions wait. */
gboolean bus_backend_begin_user_speech (BusBackend *self, GError **error);
/* It is quiet again; if @understood, a request follows. */
gboolean bus_backend_end_user_speech (BusBackend *self, gboolean understood, GError **error);

/* Fills @voice. */
void bus_backend_get_voice (BusBackend *self, BusVoice *voice);

/* The locale sent to skills; may be changed to another one of the protocol. */
const char *bus_backend_get_locale (BusBackend *self);
gboolean bus_backend_set_locale (BusBackend *self, const char *locale, GError **error);

/* (transfer floating): a(ssb): name, endpoint, session open. */
GVariant *bus_backend_list_skills (BusBackend *self);

/* Fills @reports; zeros of a backend that has none. */
void bus_backend_get_reports (BusBackend *self, BusReports *reports);

/* Where skills send progressive responses, "" for nowhere; it does not change. */
const char *bus_backend_get_directive_endpoint (BusBackend *self);

/* Music services. A backend without any leaves these five out: what asks for one then ends with
 * %BUS_ERROR_NO_MUSIC_SERVICE. */

/* Plays what @service finds for @criteria, in place of whatever plays; ends when the service's answer
 * has been obeyed, or there is none to obey.
 * @service: a configured name, or "": the one whose queue plays or is remembered, else the only one.
 * @criteria: a{ss}. Keys in capitals are criteria: "TRACK", "ALBUM", "ARTIST", "PLAYLIST", "STATION",
 * "GENRE" … with an entity id, "MEDIA_TYPE" and "SORT_TYPE" with a value. Others are options:
 * "content" (its id: nothing is searched, so that criteria go with it no more), "shuffle", "loop",
 * "repeat" ("on"), "explicit" ("off"). Another key: %BUS_ERROR_INVALID_ARGUMENT. */
void bus_backend_music_play (BusBackend *self,
                             const char *service,
                             GVariant *criteria,
                             GAsyncReadyCallback callback,
                             gpointer user_data);
/* Ends when the service has answered and what it said has been done. */
void bus_backend_music_do (BusBackend *self,
                           BusMusicAction action,
                           const char *argument,
                           GAsyncReadyCallback callback,
                           gpointer user_data);
/* Of both. Returns: (transfer full) (nullable): for %BUS_MUSIC_VIEW a(sssxb): item id, title, authors,
 * length in ms (-1: live or unknown), whether it is the current one; else %NULL, and only @error tells
 * whether it failed: domain BUS_ERROR. */
GVariant *bus_backend_music_finish (BusBackend *self, GAsyncResult *result, GError **error);

/* Fills @music. */
void bus_backend_get_music (BusBackend *self, BusMusic *music);

/* (transfer floating): a(sss): name, endpoint, link as in BusMusic. */
GVariant *bus_backend_list_music (BusBackend *self);

/* Looks for what stands between the user and sound. */
void bus_backend_diagnose (BusBackend *self, GAsyncReadyCallback callback, gpointer user_data);
/* (transfer full): a(sssss): check, subject, verdict, text, remedy, as the D-Bus method has them; %NULL with
 * @error (BUS_ERROR). */
GVariant *bus_backend_diagnose_finish (BusBackend *self, GAsyncResult *result, GError **error);

/**
 * Signals of a backend, which the adaptors put on the bus. Every step of every conversation:
 * - "step" (const char *kind, GVariant *details): kind names the D-Bus signal of
 *   org.segue.Segue1.Conversation ("RequestSent", "AnswerReceived", "RequestFailed", "Directive",
 *   "Finding", "Card", "Speech", "SpeechState", "CanFulfillAnswered", "Session"),
 *   details are its arguments, a tuple of its type.
 * - "skills-changed": what list_skills() tells has changed.
 * - "reports-changed": what get_reports() tells has changed.
 * - "voice-changed": what get_voice() tells has changed, but for the mere passing of time.
 * - "locale-changed": what get_locale() tells has changed.
 * - "music-changed": what get_music() or list_music() tells has changed.
 */
void bus_backend_emit_step (BusBackend *self, const char *kind, GVariant *details);
void bus_backend_emit_skills_changed (BusBackend *self);
void bus_backend_emit_reports_changed (BusBackend *self);
void bus_backend_emit_voice_changed (BusBackend *self);
void bus_backend_emit_locale_changed (BusBackend *self);
void bus_backend_emit_music_changed (BusBackend *self);

G_END_DECLS
