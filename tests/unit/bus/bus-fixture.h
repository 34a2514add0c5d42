/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "bus-dummy-backend.h"
#include "dbus/bus-server.h"
#include "tests/dummies/player-dummy-clock.h"
#include "tests/dummies/player-dummy-engine.h"

G_BEGIN_DECLS

#define BUS_FIXTURE_ROOT "org.segue.Segue1"
#define BUS_FIXTURE_PLAYER "org.segue.Segue1.Player"
#define BUS_FIXTURE_CONVERSATION "org.segue.Segue1.Conversation"
#define BUS_FIXTURE_MUSIC "org.segue.Segue1.Music"
#define BUS_FIXTURE_MPRIS_ROOT "org.mpris.MediaPlayer2"
#define BUS_FIXTURE_MPRIS "org.mpris.MediaPlayer2.Player"

/**
 * BusFixture:
 *
 * A private bus with the whole server on it, and a client on a connection of its own that writes
 * down every signal it hears.
 */
typedef struct
{
  GTestDBus *bus;               /* (owned) */
  PlayerDummyEngine *engine;    /* (owned) */
  PlayerDummyClock *clock;      /* (owned) */
  PlayerController *controller; /* (owned) */
  BusDummyBackend *backend;     /* (owned) */
  BusServer *server;            /* (owned) */
  GDBusConnection *client;      /* (owned) */
  guint subscription_id;
  GPtrArray *signals; /* (owned) (element-type BusFixtureSignal) */
  guint n_ready;
  char *name_lost; /* (owned) (nullable): why */
} BusFixture;

/* For g_test_add(). The server is ready, nothing has been heard. */
void bus_fixture_set_up (BusFixture *self, gconstpointer data);
void bus_fixture_tear_down (BusFixture *self, gconstpointer data);

/* Runs the main loop until @condition holds; a test that waits for more than 10 s has failed. */
#define bus_fixture_wait_until(condition)                                                          \
  G_STMT_START                                                                                     \
  {                                                                                                \
    gint64 deadline_us = g_get_monotonic_time () + 10 * G_USEC_PER_SEC;                            \
    while (!(condition))                                                                           \
      {                                                                                            \
        g_assert_cmpint (g_get_monotonic_time (), <, deadline_us);                                 \
        g_main_context_iteration (NULL, FALSE) ? (void)0 : g_usleep (500);                         \
      }                                                                                            \
  }                                                                                                \
  G_STMT_END

/* Until the server has sent what it has to send, and the client has heard it. */
void bus_fixture_settle (BusFixture *self);

/* The player. */
void bus_fixture_play (BusFixture *self, const char *token, const char *origin, gint64 offset_ms);
void bus_fixture_enqueue (BusFixture *self, const char *token);
void bus_fixture_submit (BusFixture *self, PlayerCommandType type);
void bus_fixture_set_position (BusFixture *self, gint64 position_ms);
void bus_fixture_set_duration (BusFixture *self, gint64 duration_ms, gboolean seekable);
void bus_fixture_seek (BusFixture *self, gint64 position_ms);
void bus_fixture_starve (BusFixture *self, gint64 position_ms);
void bus_fixture_finish (BusFixture *self, gint64 position_ms);

/* The client. The object goes with the interface. @params may be floating or %NULL. */
GVariant *bus_fixture_call (
    BusFixture *self, const char *interface, const char *method, GVariant *params, GError **error);
void
bus_fixture_call_ok (BusFixture *self, const char *interface, const char *method, GVariant *params);
/* Asserts that the call ends with the D-Bus error @name. */
void bus_fixture_call_fails (BusFixture *self,
                             const char *interface,
                             const char *method,
                             GVariant *params,
                             const char *name);
GVariant *bus_fixture_get (BusFixture *self, const char *interface, const char *property);
GVariant *bus_fixture_get_all (BusFixture *self, const char *interface);
void bus_fixture_set (BusFixture *self,
                      const char *interface,
                      const char *property,
                      GVariant *value,
                      const char *error_name);
/* (transfer full): a program's standard output; it must end with status 0. Its arguments end with
 * %NULL. */
char *bus_fixture_run (BusFixture *self, const char *program, ...) G_GNUC_NULL_TERMINATED;

/* Asserts that the property, printed, is @text. */
void bus_fixture_assert_property (BusFixture *self,
                                  const char *interface,
                                  const char *property,
                                  const char *text);
/* Asserts that the backend was asked for exactly these calls since the last time. */
void bus_fixture_assert_calls (BusFixture *self, const char *calls);

/* What was heard, after settling. */
void bus_fixture_forget (BusFixture *self);
guint bus_fixture_count (BusFixture *self, const char *interface, const char *member);
/* (transfer none) (nullable): arguments of the last such signal. */
GVariant *bus_fixture_last (BusFixture *self, const char *interface, const char *member);
/* Where the first such signal stands among all; -1 if there is none. */
int bus_fixture_index_of (BusFixture *self, const char *interface, const char *member);
/* In how many PropertiesChanged signals @property stood. */
guint bus_fixture_count_changes (BusFixture *self, const char *interface, const char *property);
/* In how many it was told to be there no more. */
guint bus_fixture_count_gone (BusFixture *self, const char *interface, const char *property);

G_END_DECLS
