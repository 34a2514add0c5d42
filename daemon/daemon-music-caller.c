/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-caller.h"

#include "daemon-fault.h"
#include "daemon-music-account.h"
#include "daemon-music-fault.h"
#include "daemon-music-retry.h"
#include "daemon-music-teller.h"

/* Whoever renews the token may be about to. */
#define TOKEN_WAIT_MS 1000
/* So often it is looked for another token, while what plays has no successor for want of one. */
#define RELINK_WAIT_MS 10000
#define HURRY_MAX_MS 1000

struct _DaemonMusicCaller
{
  GObject parent;
  DaemonMusicAccount *account;   /* (owned) */
  DaemonMusicStanding *standing; /* (owned) */
  DaemonMusicTeller *teller;     /* (owned) */
  PlayerClock *clock;            /* (owned) */
  GHashTable *calls;             /* (owned) (element-type guint Call): not over */
  guint last_id;
  gboolean unsupported[ALEXA_N_MUSIC_MESSAGES];
};

/* One question, through all its attempts. */
typedef struct
{
  gatomicrefcount ref_count;
  DaemonMusicCaller *caller; /* (nullable): the call is over */
  guint id;
  AlexaMusicRequest *request; /* (owned) */
  DaemonMusicAnswered callback;
  gpointer user_data;
  DaemonMusicAccount *account; /* (owned) */
  GCancellable *cancellable;   /* (owned) */
  GSource *kick;               /* (owned) (nullable): the first attempt, from the main loop */
  guint alarm;                 /* not 0: before the next attempt */
  gboolean unanswered;         /* @alarm is the wait after an attempt without an answer */
  char *message_id;            /* (owned) (nullable): of this attempt; so @token */
  char *token;                 /* (owned) (nullable) */
  DaemonMusicSetback setback;  /* so far */
} Call;

enum
{
  SIGNAL_LINK_CHANGED,
  N_SIGNALS
};

static guint signals[N_SIGNALS];

G_DEFINE_FINAL_TYPE (DaemonMusicCaller, daemon_music_caller, G_TYPE_OBJECT)

static void attempt (Call *call);

static Call *
call_ref (Call *self)
{
  g_atomic_ref_count_inc (&self->ref_count);
  return self;
}

static void
call_unref (Call *self)
{
  if (!g_atomic_ref_count_dec (&self->ref_count))
    return;
  alexa_music_request_unref (self->request);
  daemon_music_account_unref (self->account);
  g_object_unref (self->cancellable);
  g_free (self->message_id);
  g_free (self->token);
  g_free (self);
}
G_DEFINE_AUTOPTR_CLEANUP_FUNC (Call, call_unref)

/* Nothing happens to it any more. */
static void
call_end (Call *self)
{
  if (self->kick != NULL)
    g_source_destroy (self->kick);
  g_clear_pointer (&self->kick, g_source_unref);
  if (self->caller != NULL)
    player_clock_remove_alarm (self->caller->clock, self->alarm);
  self->alarm = 0;
  self->caller = NULL;
}

/* Of the table: whoever takes a call out of it ends it. */
static void
call_drop (Call *self)
{
  call_end (self);
  g_cancellable_cancel (self->cancellable);
  call_unref (self);
}

static const char *
get_origin (DaemonMusicCaller *self)
{
  return daemon_music_account_get_origin (self->account);
}

static void
tell_link (DaemonMusicCaller *self, gboolean changed)
{
  if (!changed)
    return;
  const char *problem = daemon_music_standing_get_problem (self->standing);
  g_message ("%s: %s%s%s", get_origin (self),
             daemon_music_link_to_string (daemon_music_standing_get_link (self->standing)),
             problem != NULL ? ": " : "", problem != NULL ? problem : "");
  g_signal_emit (self, signals[SIGNAL_LINK_CHANGED], 0);
}

/* The call is over, with @answer or @error or both. */
static void
settle (Call *call,
        AlexaMusicAnswer *answer,
        const DaemonMusicMoment *received,
        const GError *error,
        AlexaMusicErrorType type)
{
  DaemonMusicCaller *self = call->caller;
  g_autoptr (Call) kept = call_ref (call);
  g_hash_table_remove (self->calls, GUINT_TO_POINTER (call->id));
  kept->callback (answer, received, error, type, kept->user_data);
}

static void
settle_unasked (Call *call, AlexaMusicErrorType type, const char *words)
{
  DaemonMusicMoment now = daemon_music_moment_now (call->caller->clock, 0);
  g_autoptr (GError) error = daemon_music_fault_new (type, words);
  settle (call, NULL, &now, error, type);
}

static void
on_alarm (gpointer user_data)
{
  Call *call = user_data;
  call->alarm = 0;
  attempt (call);
}

static void
wait_for_next (Call *call, gint64 wait_ms)
{
  call->unanswered = FALSE;
  call->alarm = player_clock_add_alarm (call->caller->clock, wait_ms, on_alarm, call);
}

/* With another token at once, else after whoever renews it has had a moment. */
static void
attempt_with_token (Call *call)
{
  g_autofree char *token = daemon_music_account_read_token (call->account);
  gboolean same = g_strcmp0 (token, call->token) == 0;
  call->setback.token_renewed = TRUE;
  wait_for_next (call, same ? TOKEN_WAIT_MS : 0);
}

/* Whether there is to be another attempt after the setback. */
static gboolean
try_again (Call *call, const char *words)
{
  DaemonMusicCaller *self = call->caller;
  AlexaMusicErrorType refusal = call->setback.refusal;
  gboolean changed;
  switch (daemon_music_retry_decide (call->request, &call->setback))
    {
    case DAEMON_MUSIC_RETRY_LATER:
      wait_for_next (call, daemon_music_retry_get_wait_ms (call->setback.attempts));
      call->unanswered = TRUE;
      return TRUE;
    case DAEMON_MUSIC_RETRY_TOKEN:
      attempt_with_token (call);
      return TRUE;
    case DAEMON_MUSIC_RETRY_RELINK:
      if (call->token == NULL)
        return FALSE; /* there is no file that another one could come from */
      call->setback.token_renewed = FALSE;
      wait_for_next (call, RELINK_WAIT_MS);
      tell_link (self, daemon_music_standing_refused (self->standing, refusal, words, call->token));
      return TRUE;
    case DAEMON_MUSIC_RETRY_LIMIT:
      changed = daemon_music_standing_refused (self->standing, refusal, words, call->token);
      wait_for_next (call, daemon_music_standing_get_wait_ms (self->standing));
      tell_link (self, changed);
      return TRUE;
    case DAEMON_MUSIC_RETRY_NEVER:
    default:
      return FALSE;
    }
}

/* There is no answer that could be used; @error: BUS_ERROR */
static void
fail (Call *call, const DaemonMusicMoment *received, const GError *error, gboolean passing)
{
  DaemonMusicCaller *self = call->caller;
  call->setback.refusal = ALEXA_MUSIC_ERROR_NONE;
  call->setback.passing = passing;
  g_message ("%s: %s failed: %s", get_origin (self),
             alexa_music_message_to_string (call->request->message), error->message);
  tell_link (self, daemon_music_standing_failed (self->standing, error));
  if (call->caller != NULL && !try_again (call, NULL))
    settle (call, NULL, received, error, ALEXA_MUSIC_ERROR_NONE);
}

static gboolean
is_needed (AlexaMusicMessage message)
{
  return message == ALEXA_MUSIC_GET_PLAYABLE_CONTENT || message == ALEXA_MUSIC_INITIATE;
}

/* The service refuses; @answer: (nullable): its ErrorResponse. */
static void
be_refused (Call *call,
            AlexaMusicAnswer *answer,
            const DaemonMusicMoment *received,
            AlexaMusicErrorType type)
{
  DaemonMusicCaller *self = call->caller;
  AlexaMusicMessage message = call->request->message;
  const char *words = answer != NULL ? answer->error_message : NULL;
  g_message ("%s: %s is refused: %s", get_origin (self), alexa_music_message_to_string (message),
             answer != NULL && answer->error_name != NULL ? answer->error_name : "no reason given");
  if (type == ALEXA_MUSIC_ERROR_INVALID_DIRECTIVE && !is_needed (message))
    self->unsupported[message] = TRUE;
  call->setback.refusal = type;
  if (try_again (call, words))
    return;
  tell_link (self, daemon_music_standing_refused (self->standing, type, words, call->token));
  g_autoptr (GError) error = daemon_music_fault_new (type, words);
  if (call->caller != NULL)
    settle (call, answer, received, error, type);
}

static void
understand (Call *call, const DaemonAnswer *came, const DaemonMusicMoment *received)
{
  DaemonMusicCaller *self = call->caller;
  AlexaMusicMessage message = call->request->message;
  gboolean unknown = FALSE;
  g_autoptr (GError) error = NULL;
  g_autoptr (AlexaMusicAnswer) answer = daemon_music_account_read (
      call->account, message, call->message_id, came, received, &unknown, &error);
  if (answer == NULL && unknown && !is_needed (message))
    be_refused (call, NULL, received, ALEXA_MUSIC_ERROR_INVALID_DIRECTIVE);
  else if (answer == NULL)
    fail (call, received, error, TRUE);
  else if (answer->error != ALEXA_MUSIC_ERROR_NONE)
    be_refused (call, answer, received, answer->error);
  else
    {
      tell_link (self, daemon_music_standing_answered (self->standing));
      if (call->caller != NULL)
        settle (call, answer, received, NULL, ALEXA_MUSIC_ERROR_NONE);
    }
}

static void
on_posted (GObject *source, GAsyncResult *result, gpointer user_data)
{
  g_autoptr (Call) call = user_data;
  g_autoptr (GError) why = NULL;
  guint status = 0;
  g_autoptr (DaemonAnswer) came
      = daemon_music_account_post_finish (call->account, call->message_id, result, &status, &why);
  if (call->caller == NULL)
    return;
  /* Whoever hears of it may drop us. */
  g_autoptr (DaemonMusicCaller) self = g_object_ref (call->caller);
  DaemonMusicMoment received
      = daemon_music_moment_now (self->clock, came != NULL ? came->date_us : 0);
  if (came != NULL)
    understand (call, came, &received);
  else if (status == 429)
    be_refused (call, NULL, &received, ALEXA_MUSIC_ERROR_RATE_LIMIT_EXCEEDED);
  else
    {
      g_autoptr (GError) error = daemon_fault_from_transport (why);
      fail (call, &received, error, daemon_music_fault_is_passing (why, status));
    }
}

static void
send (Call *call, char *token)
{
  g_free (call->message_id);
  g_free (call->token);
  call->message_id = g_uuid_string_random ();
  call->token = token;
  call->setback.attempts++;
  AlexaMusicEnvelope envelope
      = daemon_music_account_get_envelope (call->account, call->message_id, token);
  g_autoptr (GBytes) body = alexa_music_request_build (call->request, &envelope);
  daemon_music_account_post (call->account, call->message_id,
                             alexa_music_message_to_string (call->request->message), body,
                             call->cancellable, on_posted, call_ref (call));
}

/* Sends it, unless it is known to be in vain. From the main loop only. */
static void
attempt (Call *call)
{
  g_autoptr (DaemonMusicCaller) self = g_object_ref (call->caller);
  gint64 wait_ms = daemon_music_standing_get_wait_ms (self->standing);
  gboolean prefetch = daemon_music_retry_is_prefetch (call->request);
  g_autofree char *token = daemon_music_account_read_token (self->account);
  gboolean takes
      = daemon_music_standing_takes (self->standing, token, is_needed (call->request->message));
  if (self->unsupported[call->request->message])
    settle_unasked (call, ALEXA_MUSIC_ERROR_INVALID_DIRECTIVE, NULL);
  else if (!takes && prefetch && token != NULL)
    wait_for_next (call, RELINK_WAIT_MS);
  else if (!takes)
    settle_unasked (call, ALEXA_MUSIC_ERROR_INVALID_AUTHORIZATION_CREDENTIAL, NULL);
  else if (wait_ms > 0 && prefetch)
    wait_for_next (call, wait_ms);
  else if (wait_ms > 0)
    settle_unasked (call, ALEXA_MUSIC_ERROR_RATE_LIMIT_EXCEEDED, NULL);
  else
    send (call, g_steal_pointer (&token));
}

static gboolean
on_kick (gpointer user_data)
{
  Call *call = user_data;
  g_clear_pointer (&call->kick, g_source_unref);
  attempt (call);
  return G_SOURCE_REMOVE;
}

guint
daemon_music_caller_ask (DaemonMusicCaller *self,
                         AlexaMusicRequest *request,
                         DaemonMusicAnswered callback,
                         gpointer user_data)
{
  g_return_val_if_fail (DAEMON_IS_MUSIC_CALLER (self), 0);
  g_return_val_if_fail (request != NULL && callback != NULL, 0);
  Call *call = g_new0 (Call, 1);
  g_atomic_ref_count_init (&call->ref_count);
  call->caller = self;
  call->id = ++self->last_id;
  call->request = alexa_music_request_ref (request);
  call->callback = callback;
  call->user_data = user_data;
  call->account = daemon_music_account_ref (self->account);
  call->cancellable = g_cancellable_new ();
  g_hash_table_insert (self->calls, GUINT_TO_POINTER (call->id), call);

  call->kick = g_idle_source_new ();
  g_source_set_priority (call->kick, G_PRIORITY_DEFAULT);
  g_source_set_callback (call->kick, on_kick, call, NULL);
  g_source_attach (call->kick, g_main_context_get_thread_default ());
  return call->id;
}

void
daemon_music_caller_cancel (DaemonMusicCaller *self, guint id)
{
  g_return_if_fail (DAEMON_IS_MUSIC_CALLER (self));
  g_hash_table_remove (self->calls, GUINT_TO_POINTER (id));
}

void
daemon_music_caller_tell (DaemonMusicCaller *self, AlexaMusicEvent *event)
{
  g_return_if_fail (DAEMON_IS_MUSIC_CALLER (self));
  daemon_music_teller_push (self->teller, event);
}

void
daemon_music_caller_hurry (DaemonMusicCaller *self)
{
  g_return_if_fail (DAEMON_IS_MUSIC_CALLER (self));
  GHashTableIter iter;
  Call *call;
  g_hash_table_iter_init (&iter, self->calls);
  while (g_hash_table_iter_next (&iter, NULL, (gpointer *)&call))
    if (call->alarm != 0 && call->unanswered)
      {
        player_clock_remove_alarm (self->clock, call->alarm);
        if (daemon_music_retry_is_prefetch (call->request))
          call->setback.attempts = 1; /* the waits begin anew */
        wait_for_next (call, g_random_int_range (0, HURRY_MAX_MS + 1));
        call->unanswered = TRUE;
      }
  daemon_music_teller_hurry (self->teller);
}

gboolean
daemon_music_caller_supports (DaemonMusicCaller *self, AlexaMusicMessage message)
{
  g_return_val_if_fail (DAEMON_IS_MUSIC_CALLER (self), FALSE);
  g_return_val_if_fail (message < ALEXA_N_MUSIC_MESSAGES, FALSE);
  return !self->unsupported[message];
}

DaemonMusicLink
daemon_music_caller_get_link (DaemonMusicCaller *self)
{
  g_return_val_if_fail (DAEMON_IS_MUSIC_CALLER (self), DAEMON_MUSIC_LINKED);
  return daemon_music_standing_get_link (self->standing);
}

const char *
daemon_music_caller_get_problem (DaemonMusicCaller *self)
{
  g_return_val_if_fail (DAEMON_IS_MUSIC_CALLER (self), NULL);
  return daemon_music_standing_get_problem (self->standing);
}

void
daemon_music_caller_configure (DaemonMusicCaller *self, const DaemonMusicConfig *config)
{
  g_return_if_fail (DAEMON_IS_MUSIC_CALLER (self));
  daemon_music_account_configure (self->account, config);
  daemon_music_caller_hurry (self);
}

const DaemonMusicConfig *
daemon_music_caller_get_config (DaemonMusicCaller *self)
{
  g_return_val_if_fail (DAEMON_IS_MUSIC_CALLER (self), NULL);
  return daemon_music_account_get_config (self->account);
}

const char *
daemon_music_caller_get_origin (DaemonMusicCaller *self)
{
  g_return_val_if_fail (DAEMON_IS_MUSIC_CALLER (self), NULL);
  return get_origin (self);
}

static void
daemon_music_caller_dispose (GObject *object)
{
  DaemonMusicCaller *self = DAEMON_MUSIC_CALLER (object);
  g_hash_table_remove_all (self->calls);
  g_clear_pointer (&self->teller, daemon_music_teller_free);
  G_OBJECT_CLASS (daemon_music_caller_parent_class)->dispose (object);
}

static void
daemon_music_caller_finalize (GObject *object)
{
  DaemonMusicCaller *self = DAEMON_MUSIC_CALLER (object);
  g_hash_table_unref (self->calls);
  daemon_music_standing_free (self->standing);
  daemon_music_account_unref (self->account);
  g_object_unref (self->clock);
  G_OBJECT_CLASS (daemon_music_caller_parent_class)->finalize (object);
}

static void
daemon_music_caller_class_init (DaemonMusicCallerClass *klass)
{
  GObjectClass *object_class = G_OBJECT_CLASS (klass);
  object_class->dispose = daemon_music_caller_dispose;
  object_class->finalize = daemon_music_caller_finalize;
  signals[SIGNAL_LINK_CHANGED]
      = g_signal_new ("link-changed", G_TYPE_FROM_CLASS (klass), G_SIGNAL_RUN_LAST, 0, NULL, NULL,
                      NULL, G_TYPE_NONE, 0);
}

static void
daemon_music_caller_init (DaemonMusicCaller *self)
{
  self->calls = g_hash_table_new_full (NULL, NULL, NULL, (GDestroyNotify)call_drop);
}

DaemonMusicCaller *
daemon_music_caller_new (DaemonContext *context, const DaemonMusicConfig *config)
{
  g_return_val_if_fail (context != NULL && config != NULL, NULL);
  DaemonMusicCaller *self = g_object_new (DAEMON_TYPE_MUSIC_CALLER, NULL);
  self->account = daemon_music_account_new (context, config);
  self->clock = g_object_ref (context->clock);
  self->standing = daemon_music_standing_new (context->clock);
  self->teller = daemon_music_teller_new (self->account, self->standing);
  return self;
}
