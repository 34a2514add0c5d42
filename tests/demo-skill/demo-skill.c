/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "demo-skill.h"

#include "demo-answer.h"
#include "demo-json.h"

#define TOKEN_PREFIX "track-"

struct _DemoSkill
{
  char *media_url; /* (owned) */
  GStrv files;     /* (owned) */
  guint n_tracks;
  guint track;      /* the one that played last, from 1; 0 = none */
  gint64 offset_ms; /* where it stopped */
};

typedef void (*DemoHandler) (DemoSkill *self, JsonObject *envelope, JsonObject *answer);

typedef struct
{
  const char *name;
  DemoHandler handler;
} DemoRoute;

DemoSkill *
demo_skill_new (const char *media_url, const char *const *files)
{
  DemoSkill *self = g_new0 (DemoSkill, 1);
  self->media_url = g_strdup (media_url);
  self->files = g_strdupv ((GStrv)files);
  self->n_tracks = g_strv_length (self->files);
  return self;
}

void
demo_skill_free (DemoSkill *self)
{
  if (self == NULL)
    return;
  g_free (self->media_url);
  g_strfreev (self->files);
  g_free (self);
}

/* Number of the track whose token @token is; 0 if it is none of ours. */
static guint
track_of_token (DemoSkill *self, const char *token)
{
  if (token == NULL || !g_str_has_prefix (token, TOKEN_PREFIX))
    return 0;
  guint64 n;
  if (!g_ascii_string_to_unsigned (token + strlen (TOKEN_PREFIX), 10, 1, self->n_tracks, &n, NULL))
    return 0;
  return n;
}

/* The device knows best what plays; our own memory is for skills that were not told. */
static guint
current_track (DemoSkill *self, JsonObject *envelope)
{
  guint n = track_of_token (self, demo_json_get_string (envelope, "context.AudioPlayer.token"));
  return n != 0 ? n : self->track;
}

static char *
track_title (DemoSkill *self, guint n)
{
  const char *file = self->files[n - 1];
  const char *dot = strrchr (file, '.');
  char *title = g_strndup (file, dot != NULL ? (gsize)(dot - file) : strlen (file));
  title[0] = g_ascii_toupper (title[0]);
  return title;
}

static void
play_track (DemoSkill *self,
            JsonObject *answer,
            guint n,
            const char *behavior,
            const char *previous,
            gint64 offset_ms)
{
  g_autofree char *url = g_strconcat (self->media_url, self->files[n - 1], NULL);
  g_autofree char *token = g_strdup_printf (TOKEN_PREFIX "%u", n);
  g_autofree char *title = track_title (self, n);
  demo_answer_play (answer, &(DemoPlay){ .behavior = behavior,
                                         .url = url,
                                         .token = token,
                                         .previous = previous,
                                         .title = title,
                                         .offset_ms = offset_ms });
}

static void
on_launch (DemoSkill *self, JsonObject *envelope, JsonObject *answer)
{
  demo_answer_say (answer, "Welcome to the demo skill. Here are three little tracks.");
  demo_answer_card (answer, "Segue demo", "Three little tracks: a morning, a noon and an evening.");
  demo_answer_end_session (answer, TRUE);
  play_track (self, answer, 1, "REPLACE_ALL", NULL, 0);
}

static void
on_started (DemoSkill *self, JsonObject *envelope, JsonObject *answer)
{
  guint n = track_of_token (self, demo_json_get_string (envelope, "request.token"));
  if (n != 0)
    self->track = n;
  self->offset_ms = demo_json_get_int (envelope, "request.offsetInMilliseconds", 0);
}

static void
on_finished (DemoSkill *self, JsonObject *envelope, JsonObject *answer)
{
  self->offset_ms = 0;
}

static void
on_nearly_finished (DemoSkill *self, JsonObject *envelope, JsonObject *answer)
{
  const char *token = demo_json_get_string (envelope, "request.token");
  guint n = track_of_token (self, token);
  if (n != 0 && n < self->n_tracks)
    play_track (self, answer, n + 1, "ENQUEUE", token, 0);
}

/* A track that cannot be played is passed over. */
static void
on_failed (DemoSkill *self, JsonObject *envelope, JsonObject *answer)
{
  const char *token = demo_json_get_string (envelope, "request.token");
  const char *current = demo_json_get_string (envelope, "request.currentPlaybackState.token");
  const char *activity
      = demo_json_get_string (envelope, "request.currentPlaybackState.playerActivity");
  guint n = track_of_token (self, token);
  if (n == 0 || n >= self->n_tracks)
    return;
  if (g_strcmp0 (activity, "PLAYING") == 0 && g_strcmp0 (current, token) != 0)
    play_track (self, answer, n + 1, "ENQUEUE", current, 0);
  else
    play_track (self, answer, n + 1, "REPLACE_ENQUEUED", NULL, 0);
}

static void
on_next (DemoSkill *self, JsonObject *envelope, JsonObject *answer)
{
  guint n = current_track (self, envelope);
  if (n < self->n_tracks)
    play_track (self, answer, n + 1, "REPLACE_ALL", NULL, 0);
}

static void
on_previous (DemoSkill *self, JsonObject *envelope, JsonObject *answer)
{
  guint n = current_track (self, envelope);
  play_track (self, answer, n > 1 ? n - 1 : 1, "REPLACE_ALL", NULL, 0);
}

static void
on_pause (DemoSkill *self, JsonObject *envelope, JsonObject *answer)
{
  demo_answer_stop (answer);
}

static void
on_resume (DemoSkill *self, JsonObject *envelope, JsonObject *answer)
{
  guint n = track_of_token (self, demo_json_get_string (envelope, "context.AudioPlayer.token"));
  gint64 offset_ms = demo_json_get_int (envelope, "context.AudioPlayer.offsetInMilliseconds", -1);
  if (n == 0 || offset_ms < 0)
    {
      n = MAX (self->track, 1);
      offset_ms = self->offset_ms;
    }
  play_track (self, answer, n, "REPLACE_ALL", NULL, offset_ms);
}

static void
on_start_over (DemoSkill *self, JsonObject *envelope, JsonObject *answer)
{
  play_track (self, answer, MAX (current_track (self, envelope), 1), "REPLACE_ALL", NULL, 0);
}

static const char *
slot (JsonObject *envelope, const char *name, const char *fallback)
{
  g_autofree char *path = g_strdup_printf ("request.intent.slots.%s.value", name);
  const char *value = demo_json_get_string (envelope, path);
  return value != NULL ? value : fallback;
}

static void
on_play (DemoSkill *self, JsonObject *envelope, JsonObject *answer)
{
  const char *behavior = slot (envelope, "behavior", "REPLACE_ALL");
  const char *previous = slot (envelope, "previous", NULL);
  const char *url = slot (envelope, "url", NULL);
  gint64 offset_ms = g_ascii_strtoll (slot (envelope, "offset", "0"), NULL, 10);
  if (url != NULL)
    {
      demo_answer_play (answer, &(DemoPlay){ .behavior = behavior,
                                             .url = url,
                                             .token = slot (envelope, "token", "own"),
                                             .previous = previous,
                                             .title = slot (envelope, "title", NULL),
                                             .offset_ms = offset_ms });
      return;
    }
  guint64 n = g_ascii_strtoull (slot (envelope, "track", "1"), NULL, 10);
  play_track (self, answer, CLAMP (n, 1, self->n_tracks), behavior, previous, offset_ms);
}

static void
on_clear (DemoSkill *self, JsonObject *envelope, JsonObject *answer)
{
  demo_answer_clear (answer, slot (envelope, "behavior", "CLEAR_ENQUEUED"));
}

static void
on_ask (DemoSkill *self, JsonObject *envelope, JsonObject *answer)
{
  demo_answer_say (answer, "This is the demo skill.");
}

static void
on_quiz (DemoSkill *self, JsonObject *envelope, JsonObject *answer)
{
  gint64 count = demo_json_get_int (envelope, "session.attributes.count", 0) + 1;
  JsonObject *attributes = json_object_new ();
  json_object_set_int_member (attributes, "count", count);
  json_object_set_object_member (answer, "sessionAttributes", attributes);
  g_autofree char *text
      = g_strdup_printf ("Question %" G_GINT64_FORMAT ": what is playing?", count);
  demo_answer_say (answer, text);
  demo_answer_reprompt (answer, "I asked what is playing.");
  demo_answer_end_session (answer, FALSE);
}

static const DemoRoute requests[] = {
  { "LaunchRequest", on_launch },
  { "AudioPlayer.PlaybackStarted", on_started },
  { "AudioPlayer.PlaybackNearlyFinished", on_nearly_finished },
  { "AudioPlayer.PlaybackFinished", on_finished },
  { "AudioPlayer.PlaybackStopped", on_started },
  { "AudioPlayer.PlaybackFailed", on_failed },
  { "PlaybackController.NextCommandIssued", on_next },
  { "PlaybackController.PreviousCommandIssued", on_previous },
  { "PlaybackController.PauseCommandIssued", on_pause },
  { "PlaybackController.PlayCommandIssued", on_resume },
};

static const DemoRoute intents[] = {
  { "AMAZON.NextIntent", on_next },
  { "AMAZON.PreviousIntent", on_previous },
  { "AMAZON.PauseIntent", on_pause },
  { "AMAZON.StopIntent", on_pause },
  { "AMAZON.CancelIntent", on_pause },
  { "AMAZON.ResumeIntent", on_resume },
  { "AMAZON.StartOverIntent", on_start_over },
  { "PlayIntent", on_play },
  { "ClearIntent", on_clear },
  { "AskIntent", on_ask },
  { "QuizIntent", on_quiz },
};

static DemoHandler
find_route (const DemoRoute *routes, gsize n_routes, const char *name)
{
  for (gsize i = 0; i < n_routes; i++)
    if (g_strcmp0 (routes[i].name, name) == 0)
      return routes[i].handler;
  return NULL;
}

JsonObject *
demo_skill_answer (DemoSkill *self, JsonObject *envelope)
{
  JsonObject *answer = demo_answer_new ();
  const char *type = demo_json_get_string (envelope, "request.type");
  if (g_strcmp0 (type, "IntentRequest") != 0)
    {
      DemoHandler handler = find_route (requests, G_N_ELEMENTS (requests), type);
      if (handler != NULL)
        handler (self, envelope, answer);
      return answer;
    }
  const char *name = demo_json_get_string (envelope, "request.intent.name");
  DemoHandler handler = find_route (intents, G_N_ELEMENTS (intents), name);
  demo_answer_end_session (answer, TRUE);
  if (handler != NULL)
    handler (self, envelope, answer);
  else
    demo_answer_say (answer, "I do not know how to do that.");
  return answer;
}
