/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "player-types.h"

G_BEGIN_DECLS

/**
 * SECTION:player-engine
 *
 * The port to whatever makes sound. An engine obeys, and tells what happened; it decides nothing.
 *
 * - Every load has a *generation*, chosen by the caller, never 0 and never used twice. Every
 *   event carries the generation it is about.
 * - No call blocks, whatever a server or a sound card does, and none fails: what goes wrong
 *   comes back as %PLAYER_ENGINE_FAILED.
 * - All events are emitted in the main context the engine was created in. Those which a call
 *   causes directly (see each call) may be emitted before the call returns.
 * - At most one load is *current* (sounds, or will as soon as it can) and at most one is *next*.
 *
 * Order of the events of one generation:
 *   READY? (STARTED (UNDERRUN REFILLED | SILENCED RESUMED | SEEKED)* (FINISHED | SILENCED | FAILED)
 *           | FAILED)
 * DURATION, BUFFERED and TAGS may come anywhere from READY on, REFUSED anywhere.
 * An underrun may also be ended by SILENCED, FINISHED or FAILED, without REFILLED.
 * After FINISHED, FAILED, SILENCED with reason STOPPED or REPLACED, or an unload, a generation is
 * over and no further event carries it.
 *
 * At FINISHED of the current load *next* becomes the current one, decoded or not, and starts as
 * soon as it can; only one that has failed (FAILED was emitted) leaves the place empty. At FAILED
 * of the current load *next* is dropped: after a failure nothing starts by itself.
 * "Sounds" means: STARTED was emitted, no pause, and no last event yet; an underrun sounds too.
 * Where pause(), stop() and silence() promise SILENCED for a load that has just reached its end,
 * FINISHED (or FAILED) may come in its place, likewise before the call returns.
 */
#define PLAYER_TYPE_ENGINE (player_engine_get_type ())
G_DECLARE_INTERFACE (PlayerEngine, player_engine, PLAYER, ENGINE, GObject)

/**
 * PlayerLoadMode:
 * @PLAYER_LOAD_CURRENT: becomes the current load. What sounds now goes on until the new one is
 *   decoded and is then replaced without silence (SILENCED, reason REPLACED, for the old one comes
 *   before STARTED of the new one). A preloaded *next* is dropped. Another load still waiting to
 *   become current is dropped without an event.
 * @PLAYER_LOAD_NEXT: is opened and decoded now, and joined to the current load at its end without
 *   a lost or added sample: FINISHED of the old one is followed at once by STARTED of this one.
 *   Replaces an earlier *next*. If it fails, FAILED says so at once and the current load goes on
 *   undisturbed.
 */
typedef enum
{
  PLAYER_LOAD_CURRENT,
  PLAYER_LOAD_NEXT,
} PlayerLoadMode;

/**
 * PlayerEngineEventType:
 * @PLAYER_ENGINE_READY: opened and decoded, the first samples wait
 * @PLAYER_ENGINE_STARTED: the first sample is on its way to the sink; offset_ms = where it began
 * @PLAYER_ENGINE_BUFFERED: the source has been read to its end (never for endless streams)
 * @PLAYER_ENGINE_FINISHED: played to its end; offset_ms = end position
 * @PLAYER_ENGINE_SILENCED: faded out by pause, stop or replacement; offset_ms = exact position at
 *   which it fell silent
 * @PLAYER_ENGINE_RESUMED: goes on after a pause, at the very sample; offset_ms = that position
 * @PLAYER_ENGINE_UNDERRUN: samples ran out while playing, and silence is heard; or something is missing in
 *   a broadcast, and REFILLED follows at once
 * @PLAYER_ENGINE_REFILLED: samples flow again
 * @PLAYER_ENGINE_SEEKED: a seek has landed; offset_ms = new position
 * @PLAYER_ENGINE_FAILED: cannot be opened, decoded or played on; error_type, message; offset_ms =
 *   position reached (0 before the first sample). Samples already decoded are played first.
 * @PLAYER_ENGINE_DURATION: duration_ms and seekable are known or changed
 * @PLAYER_ENGINE_TAGS: metadata found in the stream, bound to what is heard now
 * @PLAYER_ENGINE_REFUSED: of a renewable item only: its URL is refused (HTTP 401, 403 or 410;
 *   error_message, e.g. "HTTP 403"), at its begin or when it had to be asked for again; or it would
 *   have to be asked for again, and has expired meanwhile (error_message "expired"). What has been
 *   read is played; the rest waits for renew(), at most 30 s, then FAILED
 */
typedef enum
{
  PLAYER_ENGINE_READY,
  PLAYER_ENGINE_STARTED,
  PLAYER_ENGINE_BUFFERED,
  PLAYER_ENGINE_FINISHED,
  PLAYER_ENGINE_SILENCED,
  PLAYER_ENGINE_RESUMED,
  PLAYER_ENGINE_UNDERRUN,
  PLAYER_ENGINE_REFILLED,
  PLAYER_ENGINE_SEEKED,
  PLAYER_ENGINE_FAILED,
  PLAYER_ENGINE_DURATION,
  PLAYER_ENGINE_TAGS,
  PLAYER_ENGINE_REFUSED,
} PlayerEngineEventType;

/* "ready", "started", ... */
const char *player_engine_event_type_to_string (PlayerEngineEventType type);

typedef enum
{
  PLAYER_SILENCED_PAUSED,
  PLAYER_SILENCED_STOPPED,
  PLAYER_SILENCED_REPLACED,
} PlayerSilencedReason;

/**
 * PlayerEngineEvent:
 *
 * Lives on the emitter's stack; handlers copy what they keep. Members not named by the type are 0.
 */
typedef struct
{
  PlayerEngineEventType type;
  guint64 generation;
  gint64 offset_ms;            /* all from STARTED on but BUFFERED DURATION TAGS */
  gint64 offset_us;            /* the same, to the sample; 0: offset_ms says it */
  PlayerSilencedReason reason; /* SILENCED */
  PlayerErrorType error_type;  /* FAILED */
  const char *error_message;   /* FAILED REFUSED, one line without the URL's query */
  gint64 duration_ms;          /* DURATION, -1 = unknown or live */
  gboolean seekable;           /* DURATION */
  PlayerMetadata *metadata;    /* TAGS (unowned) */
} PlayerEngineEvent;

struct _PlayerEngineInterface
{
  GTypeInterface parent;

  void (*load) (PlayerEngine *self,
                guint64 generation,
                PlayerItem *item,
                gint64 offset_ms,
                PlayerLoadMode mode);
  void (*unload) (PlayerEngine *self, guint64 generation);
  void (*pause) (PlayerEngine *self);
  void (*resume) (PlayerEngine *self);
  void (*stop) (PlayerEngine *self);
  void (*silence) (PlayerEngine *self);
  void (*seek) (PlayerEngine *self, guint64 generation, gint64 offset_ms);
  void (*set_volume) (PlayerEngine *self, double volume, gboolean muted);
  void (*set_duck) (PlayerEngine *self, double amplitude);
  void (*renew) (PlayerEngine *self, guint64 generation, PlayerItem *item);
  gint64 (*get_position_us) (PlayerEngine *self, guint64 generation);
  PlayerOutputState (*get_output) (PlayerEngine *self, const char **message);
  gboolean (*get_flow) (PlayerEngine *self, gint64 *sounded_us);
  void (*renew_output) (PlayerEngine *self, const char *why);
};

/**
 * player_engine_load:
 * @generation: new, not 0
 * @item: what to open; only its URL, headers, renewable and valid_until_us are read
 * @offset_ms: where the first heard sample lies, in ms of the stream
 *
 * Opens @item. See #PlayerLoadMode.
 */
void player_engine_load (PlayerEngine *self,
                         guint64 generation,
                         PlayerItem *item,
                         gint64 offset_ms,
                         PlayerLoadMode mode);

/* Drops a load which has not started yet (a *next*, or one waiting to become current). No event. */
void player_engine_unload (PlayerEngine *self, guint64 generation);

/* Fades the current load out and holds it at that sample. SILENCED (PAUSED) is emitted before this
 * returns if it sounds. A current load that has not started yet waits until resume(). */
void player_engine_pause (PlayerEngine *self);

/* Goes on after pause(): RESUMED follows when the first sample is on its way. */
void player_engine_resume (PlayerEngine *self);

/* Fades the current load out and drops it; SILENCED (STOPPED) is emitted before this returns if
 * it sounds; a paused or not yet started one is dropped without an event. *next* is dropped too,
 * and so is a load waiting to become current. A pause is over: the next load sounds. */
void player_engine_stop (PlayerEngine *self);

/* Ends what sounds here and now, and only that: fades it out and drops it; SILENCED (STOPPED) is
 * emitted before this returns. What waits takes over as it would at the end of the stream: the load
 * waiting to become current, else *next*, is the current load from now on and starts as soon as it
 * is decoded (a pause() that follows makes it wait). Where nothing sounds, nothing happens. */
void player_engine_silence (PlayerEngine *self);

/* Goes to @offset_ms in the current load @generation; SEEKED when it has landed. Beyond the end:
 * FINISHED. Keeps a pause. */
void player_engine_seek (PlayerEngine *self, guint64 generation, gint64 offset_ms);

/* @volume: 0.0 to 1.0, cubic: amplitude = volume^3. Ramped, no zipper noise. */
void player_engine_set_volume (PlayerEngine *self, double volume, gboolean muted);

/* @amplitude: above 0.0, up to 1.0: what plays is softer by this factor, on top of the volume, until
 * 1.0 is set again; speech is not. Ramped. */
void player_engine_set_duck (PlayerEngine *self, double amplitude);

/**
 * player_engine_renew:
 * @generation: any load that is not over: current, waiting or next
 * @item: its new URL and headers, and until when they may be used; nothing else is read
 *
 * The stream is to be had from somewhere else: an expired URL has been renewed. What has been read
 * stays valid and is played; from the byte at which reading stands it goes on from the new URL, if
 * that is the same file (length, ETag), else it is opened anew at the sample at which reading stands.
 * No sample is lost or repeated, and no event says so; FAILED if the new URL does not work.
 */
void player_engine_renew (PlayerEngine *self, guint64 generation, PlayerItem *item);

/* The position of @generation that is *heard* now (what the sink still holds is taken off), in µs,
 * or -1 if it is not the current load. Never runs backwards but for a seek. */
gint64 player_engine_get_position_us (PlayerEngine *self, guint64 generation);

/**
 * player_engine_get_output:
 * @message: (out) (nullable): one line: why the output is waited for, or has been given up; valid until
 *   the next "output-changed"
 *
 * What the audio output does. An engine that has none says CLOSED.
 */
PlayerOutputState player_engine_get_output (PlayerEngine *self, const char **message);

/**
 * player_engine_get_flow:
 * @sounded_us: (out): how much of what plays has been given to the audio output since the engine was
 *   made; what is given again counts again, silence and speech do not
 *
 * For those who watch over the engine: while a load sounds and the output plays, @sounded_us
 * grows as time does.
 *
 * Returns: %FALSE while the output hangs: it has taken nothing for some seconds though it was to play, and
 *   none that was opened in its place has played for longer. An output that is away does not hang.
 *   An engine that has no output says %TRUE.
 */
gboolean player_engine_get_flow (PlayerEngine *self, gint64 *sounded_us);

/* Gives up the audio output if it plays, for the reason @why, as if it were lost: another one is opened in
 * its place, and what plays goes on with the frame after the one heard last. Else nothing happens. */
void player_engine_renew_output (PlayerEngine *self, const char *why);

/* For implementations: emits the signal
 *   "event" (PlayerEngine *self, const PlayerEngineEvent *event). */
void player_engine_emit (PlayerEngine *self, const PlayerEngineEvent *event);
/* Likewise "output-changed" (PlayerEngine *self): what get_output() says is something else. */
void player_engine_emit_output_changed (PlayerEngine *self);

G_END_DECLS
