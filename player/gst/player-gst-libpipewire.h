/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <glib.h>
#include <pipewire/pipewire.h>

G_BEGIN_DECLS

/**
 * PlayerGstLibpipewire:
 *
 * What of PipeWire's client library is called. It is loaded when PipeWire is to be reached, and not with
 * the program.
 */
#define PLAYER_GST_LIBPIPEWIRE_SYMBOLS(X)                                                          \
  X (context_connect)                                                                              \
  X (context_destroy)                                                                              \
  X (context_new)                                                                                  \
  X (core_disconnect)                                                                              \
  X (deinit)                                                                                       \
  X (init)                                                                                         \
  X (properties_new)                                                                               \
  X (properties_set)                                                                               \
  X (properties_setf)                                                                              \
  X (proxy_destroy)                                                                                \
  X (stream_add_listener)                                                                          \
  X (stream_connect)                                                                               \
  X (stream_dequeue_buffer)                                                                        \
  X (stream_destroy)                                                                               \
  X (stream_get_time_n)                                                                            \
  X (stream_new)                                                                                   \
  X (stream_queue_buffer)                                                                          \
  X (stream_set_active)                                                                            \
  X (stream_state_as_string)                                                                       \
  X (thread_loop_destroy)                                                                          \
  X (thread_loop_get_loop)                                                                         \
  X (thread_loop_lock)                                                                             \
  X (thread_loop_new)                                                                              \
  X (thread_loop_signal)                                                                           \
  X (thread_loop_start)                                                                            \
  X (thread_loop_stop)                                                                             \
  X (thread_loop_timed_wait)                                                                       \
  X (thread_loop_unlock)

#define PLAYER_GST_LIBPIPEWIRE_MEMBER(name) __typeof__ (pw_##name) *name;

typedef struct
{
  PLAYER_GST_LIBPIPEWIRE_SYMBOLS (PLAYER_GST_LIBPIPEWIRE_MEMBER)
} PlayerGstLibpipewire;

/* FALSE: it is not installed. It stays in memory once it has been loaded. */
gboolean player_gst_libpipewire_load (PlayerGstLibpipewire *self);

G_END_DECLS
