/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-lane.h"

#define BACKOFF_FIRST_MS 1000
#define BACKOFF_MAX_MS 60000
/* Lanes that all wait for the same thing do not all rush. */
#define HURRY_MAX_MS 1000

struct _DaemonLane
{
  PlayerClock *clock; /* (owned) */
  DaemonLaneSend send;
  gpointer user_data;
  GQueue waiting;          /* (element-type DaemonErrand) (owned) */
  DaemonErrand *in_flight; /* (owned) (nullable) */
  GSource *kick;           /* (owned) (nullable): sends from the main loop */
  guint alarm;             /* not 0: reports wait for it */
  guint backoff_ms;        /* of the next wait */
  guint n_answers;
  gboolean held; /* reports do not leave */
};

DaemonLane *
daemon_lane_new (PlayerClock *clock, DaemonLaneSend send, gpointer user_data)
{
  g_return_val_if_fail (PLAYER_IS_CLOCK (clock) && send != NULL, NULL);
  DaemonLane *self = g_new0 (DaemonLane, 1);
  self->clock = g_object_ref (clock);
  self->send = send;
  self->user_data = user_data;
  self->backoff_ms = BACKOFF_FIRST_MS;
  g_queue_init (&self->waiting);
  return self;
}

static void
clear_kick (DaemonLane *self)
{
  if (self->kick != NULL)
    g_source_destroy (self->kick);
  g_clear_pointer (&self->kick, g_source_unref);
}

void
daemon_lane_free (DaemonLane *self)
{
  if (self == NULL)
    return;
  clear_kick (self);
  player_clock_remove_alarm (self->clock, self->alarm);
  g_queue_clear_full (&self->waiting, (GDestroyNotify)daemon_errand_unref);
  g_clear_pointer (&self->in_flight, daemon_errand_unref);
  g_clear_object (&self->clock);
  g_free (self);
}

/* (nullable): the link of the errand that may leave now. */
static GList *
find_next (DaemonLane *self)
{
  if (self->alarm == 0 && !self->held)
    return self->waiting.head;
  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    if (daemon_errand_is_urgent (link->data))
      return link;
  return NULL;
}

static gboolean
on_kick (gpointer user_data)
{
  DaemonLane *self = user_data;
  clear_kick (self);
  GList *next = self->in_flight == NULL ? find_next (self) : NULL;
  if (next == NULL)
    return G_SOURCE_REMOVE;
  self->in_flight = next->data;
  g_queue_delete_link (&self->waiting, next);
  self->in_flight->attempts++;
  self->send (self->in_flight, self->user_data);
  return G_SOURCE_REMOVE;
}

static void
advance (DaemonLane *self)
{
  if (self->kick != NULL || self->in_flight != NULL || find_next (self) == NULL)
    return;
  self->kick = g_idle_source_new ();
  g_source_set_priority (self->kick, G_PRIORITY_DEFAULT);
  g_source_set_callback (self->kick, on_kick, self, NULL);
  g_source_attach (self->kick, g_main_context_get_thread_default ());
}

static void
on_alarm (gpointer user_data)
{
  DaemonLane *self = user_data;
  self->alarm = 0;
  advance (self);
}

static void
wait_a_while (DaemonLane *self)
{
  guint wait_ms = g_random_int_range (self->backoff_ms * 2 / 3, self->backoff_ms * 3 / 2 + 1);
  player_clock_remove_alarm (self->clock, self->alarm);
  self->alarm = player_clock_add_alarm (self->clock, wait_ms, on_alarm, self);
  self->backoff_ms = MIN (self->backoff_ms * 2, BACKOFF_MAX_MS);
}

static void
end_wait (DaemonLane *self)
{
  player_clock_remove_alarm (self->clock, self->alarm);
  self->alarm = 0;
  self->backoff_ms = BACKOFF_FIRST_MS;
}

void
daemon_lane_hold_reports (DaemonLane *self, gboolean held)
{
  g_return_if_fail (self != NULL);
  self->held = held;
  advance (self);
}

void
daemon_lane_hurry (DaemonLane *self)
{
  g_return_if_fail (self != NULL);
  if (self->alarm == 0)
    return;
  player_clock_remove_alarm (self->clock, self->alarm);
  self->alarm = player_clock_add_alarm (self->clock, g_random_int_range (0, HURRY_MAX_MS + 1),
                                        on_alarm, self);
  self->backoff_ms = BACKOFF_FIRST_MS;
}

static guint
count (DaemonLane *self, gboolean (*matches) (const DaemonErrand *))
{
  guint n = 0;
  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    n += matches (link->data) ? 1 : 0;
  return n;
}

gboolean
daemon_lane_push (DaemonLane *self, DaemonErrand *errand)
{
  g_return_val_if_fail (self != NULL && errand != NULL, FALSE);
  if (daemon_errand_is_interactive (errand)
      && count (self, daemon_errand_is_interactive) >= DAEMON_LANE_MAX_INTERACTIVE)
    return FALSE;
  g_queue_push_tail (&self->waiting, daemon_errand_ref (errand));
  advance (self);
  return TRUE;
}

void
daemon_lane_push_next (DaemonLane *self, DaemonErrand *errand)
{
  g_return_if_fail (self != NULL && errand != NULL);
  g_queue_push_head (&self->waiting, daemon_errand_ref (errand));
  advance (self);
}

void
daemon_lane_settle (DaemonLane *self, DaemonLaneOutcome outcome)
{
  g_return_if_fail (self != NULL && self->in_flight != NULL);
  g_autoptr (DaemonErrand) errand = g_steal_pointer (&self->in_flight);
  if (outcome == DAEMON_LANE_ANSWERED)
    {
      self->n_answers++;
      end_wait (self);
    }
  else if (outcome == DAEMON_LANE_AGAIN)
    {
      g_queue_push_head (&self->waiting, g_steal_pointer (&errand));
      wait_a_while (self);
    }
  else if (outcome == DAEMON_LANE_POSTPONED)
    {
      errand->attempts--;
      g_queue_push_head (&self->waiting, g_steal_pointer (&errand));
    }
  advance (self);
}

/* (transfer full) (nullable): the oldest that waits of those that match. */
static DaemonErrand *
take (DaemonLane *self, gboolean (*matches) (const GList *link))
{
  for (GList *link = self->waiting.head; link != NULL; link = link->next)
    if (matches (link))
      {
        DaemonErrand *errand = link->data;
        g_queue_delete_link (&self->waiting, link);
        return errand;
      }
  return NULL;
}

static gboolean
is_nearly_finished (const GList *link)
{
  const DaemonErrand *errand = link->data;
  return errand->request->type == ALEXA_REQUEST_PLAYBACK_NEARLY_FINISHED;
}

/* Serials are of this run: restored reports have none. */
static gboolean
is_same_stream (const DaemonErrand *a, const DaemonErrand *b)
{
  return daemon_errand_is_outcome (b) && a->serial == b->serial
         && g_strcmp0 (a->request->token, b->request->token) == 0;
}

static gboolean
is_implied (const GList *link)
{
  const DaemonErrand *errand = link->data;
  if (errand->request->type != ALEXA_REQUEST_PLAYBACK_STARTED)
    return FALSE;
  for (const GList *later = link->next; later != NULL; later = later->next)
    if (is_same_stream (errand, later->data))
      return TRUE;
  return FALSE;
}

static gboolean
is_report (const GList *link)
{
  return daemon_errand_is_report (link->data);
}

static gboolean
is_voice (const GList *link)
{
  return daemon_errand_is_voice (link->data);
}

DaemonErrand *
daemon_lane_drop_excess (DaemonLane *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  if (count (self, daemon_errand_is_report) <= DAEMON_LANE_MAX_REPORTS)
    return NULL;
  DaemonErrand *excess = take (self, is_nearly_finished);
  if (excess == NULL)
    excess = take (self, is_implied);
  return excess != NULL ? excess : take (self, is_report);
}

guint
daemon_lane_get_n_answers (DaemonLane *self)
{
  g_return_val_if_fail (self != NULL, 0);
  return self->n_answers;
}

DaemonErrand *
daemon_lane_take (DaemonLane *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return g_queue_pop_head (&self->waiting);
}

DaemonErrand *
daemon_lane_take_voice (DaemonLane *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return take (self, is_voice);
}

DaemonErrand *
daemon_lane_get_in_flight (DaemonLane *self)
{
  g_return_val_if_fail (self != NULL, NULL);
  return self->in_flight;
}

gboolean
daemon_lane_has_waiting_voice (DaemonLane *self)
{
  g_return_val_if_fail (self != NULL, FALSE);
  return count (self, daemon_errand_is_voice) > 0;
}

gboolean
daemon_lane_is_idle (DaemonLane *self)
{
  g_return_val_if_fail (self != NULL, TRUE);
  return self->in_flight == NULL && find_next (self) == NULL;
}
