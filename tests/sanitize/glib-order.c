/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Tells ThreadSanitizer what GLib orders.
 *
 * The distribution's GLib and GStreamer are not instrumented, and GLib's locks are futexes of its own: the
 * sanitizer sees neither, and would call everything a race that is guarded by them. The functions
 * here take the place of GLib's in a program built with -Dsanitize=thread, say what happens before
 * what, and call the real ones. The calls that GLib makes to itself are not seen, so that what
 * takes a lock inside (queues, sources, thread pools) is here, too. Where it cannot be told which of
 * two threads came first, more order is told than there is: a race may be missed, none is made up. */
#include <dlfcn.h>
#include <gst/gst.h>
#include <poll.h>

void __tsan_acquire (void *address);
void __tsan_release (void *address);

/* Stands for all main contexts: what was done before a source was attached anywhere comes before
 * what any loop does after it has polled. */
static char contexts;
/* The same for thread pools. */
static char pools;

/* The function @name that would be called if there were none here. */
#define REAL(name)                                                                                 \
  static __typeof__ (&name) real;                                                                  \
  if (__atomic_load_n (&real, __ATOMIC_ACQUIRE) == NULL)                                           \
  __atomic_store_n (&real, (__typeof__ (&name))dlsym (RTLD_NEXT, #name), __ATOMIC_RELEASE)

/* Locks and conditions. */

void (g_mutex_lock) (GMutex *mutex)
{
  REAL (g_mutex_lock);
  real (mutex);
  __tsan_acquire (mutex);
}

gboolean (g_mutex_trylock) (GMutex *mutex)
{
  REAL (g_mutex_trylock);
  gboolean locked = real (mutex);
  if (locked)
    __tsan_acquire (mutex);
  return locked;
}

void (g_mutex_unlock) (GMutex *mutex)
{
  REAL (g_mutex_unlock);
  __tsan_release (mutex);
  real (mutex);
}

void
g_rec_mutex_lock (GRecMutex *mutex)
{
  REAL (g_rec_mutex_lock);
  real (mutex);
  __tsan_acquire (mutex);
}

gboolean
g_rec_mutex_trylock (GRecMutex *mutex)
{
  REAL (g_rec_mutex_trylock);
  gboolean locked = real (mutex);
  if (locked)
    __tsan_acquire (mutex);
  return locked;
}

void
g_rec_mutex_unlock (GRecMutex *mutex)
{
  REAL (g_rec_mutex_unlock);
  __tsan_release (mutex);
  real (mutex);
}

void
g_cond_wait (GCond *cond, GMutex *mutex)
{
  REAL (g_cond_wait);
  __tsan_release (mutex);
  real (cond, mutex);
  __tsan_acquire (mutex);
}

gboolean
g_cond_wait_until (GCond *cond, GMutex *mutex, gint64 end_time)
{
  REAL (g_cond_wait_until);
  __tsan_release (mutex);
  gboolean signalled = real (cond, mutex, end_time);
  __tsan_acquire (mutex);
  return signalled;
}

gboolean (g_once_init_enter) (volatile void *location)
{
  REAL (g_once_init_enter);
  gboolean first = real (location);
  if (!first)
    __tsan_acquire ((void *)location);
  return first;
}

void (g_once_init_leave) (volatile void *location, gsize result)
{
  REAL (g_once_init_leave);
  __tsan_release ((void *)location);
  real (location, result);
}

/* Queues. */

void
g_async_queue_push (GAsyncQueue *queue, gpointer data)
{
  REAL (g_async_queue_push);
  __tsan_release (queue);
  real (queue, data);
}

gpointer
g_async_queue_pop (GAsyncQueue *queue)
{
  REAL (g_async_queue_pop);
  gpointer data = real (queue);
  __tsan_acquire (queue);
  return data;
}

gpointer
g_async_queue_try_pop (GAsyncQueue *queue)
{
  REAL (g_async_queue_try_pop);
  gpointer data = real (queue);
  __tsan_acquire (queue);
  return data;
}

gpointer
g_async_queue_timeout_pop (GAsyncQueue *queue, guint64 timeout)
{
  REAL (g_async_queue_timeout_pop);
  gpointer data = real (queue, timeout);
  __tsan_acquire (queue);
  return data;
}

/* Main contexts: whoever attaches, changes or ends a source comes before whoever polls next. */

int
poll (struct pollfd *fds, nfds_t n_fds, int timeout)
{
  REAL (poll);
  int ready = real (fds, n_fds, timeout);
  __tsan_acquire (&contexts);
  return ready;
}

guint
g_source_attach (GSource *source, GMainContext *context)
{
  REAL (g_source_attach);
  __tsan_release (&contexts);
  return real (source, context);
}

void
g_source_destroy (GSource *source)
{
  REAL (g_source_destroy);
  __tsan_release (&contexts);
  real (source);
  __tsan_acquire (&contexts);
}

void
g_source_set_ready_time (GSource *source, gint64 ready_time)
{
  REAL (g_source_set_ready_time);
  __tsan_release (&contexts);
  real (source, ready_time);
}

void
g_main_context_wakeup (GMainContext *context)
{
  REAL (g_main_context_wakeup);
  __tsan_release (&contexts);
  real (context);
}

void
g_main_context_invoke_full (GMainContext *context,
                            gint priority,
                            GSourceFunc function,
                            gpointer data,
                            GDestroyNotify notify)
{
  REAL (g_main_context_invoke_full);
  __tsan_release (&contexts);
  real (context, priority, function, data, notify);
}

guint
g_idle_add_full (gint priority, GSourceFunc function, gpointer data, GDestroyNotify notify)
{
  REAL (g_idle_add_full);
  __tsan_release (&contexts);
  return real (priority, function, data, notify);
}

guint
g_idle_add (GSourceFunc function, gpointer data)
{
  return g_idle_add_full (G_PRIORITY_DEFAULT_IDLE, function, data, NULL);
}

gboolean
gst_bus_post (GstBus *bus, GstMessage *message)
{
  REAL (gst_bus_post);
  __tsan_release (&contexts);
  return real (bus, message);
}

GstMessage *
gst_bus_timed_pop_filtered (GstBus *bus, GstClockTime timeout, GstMessageType types)
{
  REAL (gst_bus_timed_pop_filtered);
  GstMessage *message = real (bus, timeout, types);
  __tsan_acquire (&contexts);
  return message;
}

/* Thread pools. */

typedef struct
{
  GFunc function;
  gpointer user_data;
} Worker;

static void
work (gpointer data, gpointer user_data)
{
  const Worker *worker = user_data;
  __tsan_acquire (&pools);
  worker->function (data, worker->user_data);
  __tsan_release (&contexts); /* a GTask returns to one */
}

/* A few pools in the life of a process: their workers stay. */
GThreadPool *
g_thread_pool_new (
    GFunc function, gpointer user_data, gint max_threads, gboolean exclusive, GError **error)
{
  REAL (g_thread_pool_new);
  Worker *worker = g_new (Worker, 1);
  *worker = (Worker){ function, user_data };
  return real (work, worker, max_threads, exclusive, error);
}

gboolean
g_thread_pool_push (GThreadPool *pool, gpointer data, GError **error)
{
  REAL (g_thread_pool_push);
  __tsan_release (&pools);
  return real (pool, data, error);
}

/* References: whoever gives one up comes before whoever gives up the last one, and frees. */

void (g_object_unref) (gpointer object)
{
  REAL (g_object_unref);
  __tsan_release (object);
  __tsan_acquire (object);
  real (object);
}

void
gst_object_unref (gpointer object)
{
  REAL (gst_object_unref);
  __tsan_release (object);
  __tsan_acquire (object);
  real (object);
}

void (gst_mini_object_unref) (GstMiniObject *object)
{
  REAL (gst_mini_object_unref);
  __tsan_release (object);
  __tsan_acquire (object);
  real (object);
}

void
g_bytes_unref (GBytes *bytes)
{
  REAL (g_bytes_unref);
  if (bytes != NULL)
    {
      __tsan_release (bytes);
      __tsan_acquire (bytes);
    }
  real (bytes);
}

void
g_source_unref (GSource *source)
{
  REAL (g_source_unref);
  __tsan_release (source);
  __tsan_acquire (source);
  real (source);
}

void
g_atomic_rc_box_release_full (gpointer box, GDestroyNotify clear)
{
  REAL (g_atomic_rc_box_release_full);
  __tsan_release (box);
  __tsan_acquire (box);
  real (box, clear);
}

gboolean (g_atomic_ref_count_dec) (gatomicrefcount *count)
{
  REAL (g_atomic_ref_count_dec);
  __tsan_release (count);
  gboolean last = real (count);
  if (last)
    __tsan_acquire (count);
  return last;
}
