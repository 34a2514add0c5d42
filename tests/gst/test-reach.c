/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
/* What may be opened for a stream, in a network of its own, where an address of the internet leads back
 * here: connections are counted by the address they were made to. */
#include <sched.h>
#include <string.h>
#include <unistd.h>

#include "player/gst/player-gst-reach.h"
#include "tests/gst/gst-talk.h"
#include "tests/gst/httpsrc-run.h"

#define PUBLIC "8.8.4.4"
#define LIMIT_US (20 * G_TIME_SPAN_SECOND)

/* --- a network: the internet is this machine --- */

static void
write_file (const char *path, const char *text)
{
  g_autoptr (GError) error = NULL;
  g_file_set_contents_full (path, text, -1, G_FILE_SET_CONTENTS_NONE, 0600, &error);
  g_assert_no_error (error);
}

static void
run_command (const char *command)
{
  g_autoptr (GError) error = NULL;
  int status = 0;
  g_assert_true (g_spawn_command_line_sync (command, NULL, NULL, &status, &error));
  g_assert_no_error (error);
  g_assert_true (g_spawn_check_wait_status (status, &error));
}

static void
enter_network (void)
{
  const uid_t user = getuid ();
  if (unshare (CLONE_NEWNET) != 0)
    {
      g_autofree char *map = g_strdup_printf ("0 %u 1", user);
      g_assert_cmpint (unshare (CLONE_NEWUSER | CLONE_NEWNET), ==, 0);
      write_file ("/proc/self/setgroups", "deny");
      write_file ("/proc/self/uid_map", map);
    }
  run_command ("ip link set lo up");
  run_command ("ip route add local 8.8.0.0/16 dev lo");
  run_command ("ip address add 203.0.114.1/24 dev lo");
}

/* --- names --- */

typedef struct
{
  GResolver parent;
  GResolver *system; /* (owned) */
  gint n_rebind;
} TestResolver;

typedef struct
{
  GResolverClass parent_class;
} TestResolverClass;

GType test_resolver_get_type (void);
G_DEFINE_TYPE (TestResolver, test_resolver, G_TYPE_RESOLVER)

static GList *
look_up (TestResolver *self, const char *name, GResolverNameLookupFlags flags)
{
  static const struct
  {
    const char *name;
    const char *addresses[3];
  } names[] = {
    { "public.test", { PUBLIC } },
    { "home.test", { "127.0.0.1" } },
    { "six.test", { "::1" } },
    { "both.test", { "127.0.0.1", PUBLIC } },
  };
  GList *list = NULL;
  if ((flags & G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY) == 0 && g_str_equal (name, "rebind.test"))
    return g_list_append (NULL,
                          g_inet_address_new_from_string (
                              g_atomic_int_add (&self->n_rebind, 1) == 0 ? PUBLIC : "127.0.0.1"));
  for (gsize i = 0; i < G_N_ELEMENTS (names); i++)
    for (guint j = 0; g_str_equal (name, names[i].name) && names[i].addresses[j] != NULL; j++)
      {
        GInetAddress *address = g_inet_address_new_from_string (names[i].addresses[j]);
        const gboolean six = g_inet_address_get_family (address) == G_SOCKET_FAMILY_IPV6;
        const GResolverNameLookupFlags unwanted
            = six ? G_RESOLVER_NAME_LOOKUP_FLAGS_IPV4_ONLY : G_RESOLVER_NAME_LOOKUP_FLAGS_IPV6_ONLY;
        if ((flags & unwanted) == 0)
          list = g_list_append (list, address);
        else
          g_object_unref (address);
      }
  return list;
}

static GList *
test_resolver_with_flags (GResolver *resolver,
                          const char *name,
                          GResolverNameLookupFlags flags,
                          GCancellable *cancellable,
                          GError **error)
{
  TestResolver *self = (TestResolver *)resolver;
  GList *list = look_up (self, name, flags);
  if (list == NULL && g_str_has_suffix (name, ".test"))
    g_set_error_literal (error, G_RESOLVER_ERROR, G_RESOLVER_ERROR_NOT_FOUND, "no such name");
  else if (list == NULL)
    return g_resolver_lookup_by_name_with_flags (self->system, name, flags, cancellable, error);
  return list;
}

static GList *
test_resolver_by_name (GResolver *resolver,
                       const char *name,
                       GCancellable *cancellable,
                       GError **error)
{
  return test_resolver_with_flags (resolver, name, 0, cancellable, error);
}

static void
free_addresses (gpointer list)
{
  g_resolver_free_addresses (list);
}

static void
test_resolver_with_flags_async (GResolver *resolver,
                                const char *name,
                                GResolverNameLookupFlags flags,
                                GCancellable *cancellable,
                                GAsyncReadyCallback callback,
                                gpointer data)
{
  g_autoptr (GTask) task = g_task_new (resolver, cancellable, callback, data);
  GError *error = NULL;
  GList *list = test_resolver_with_flags (resolver, name, flags, cancellable, &error);
  if (list != NULL)
    g_task_return_pointer (task, list, free_addresses);
  else
    g_task_return_error (task, error);
}

static void
test_resolver_by_name_async (GResolver *resolver,
                             const char *name,
                             GCancellable *cancellable,
                             GAsyncReadyCallback callback,
                             gpointer data)
{
  test_resolver_with_flags_async (resolver, name, 0, cancellable, callback, data);
}

static GList *
test_resolver_finish (GResolver *resolver, GAsyncResult *result, GError **error)
{
  return g_task_propagate_pointer (G_TASK (result), error);
}

static void
test_resolver_finalize (GObject *object)
{
  g_clear_object (&((TestResolver *)object)->system);
  G_OBJECT_CLASS (test_resolver_parent_class)->finalize (object);
}

static void
test_resolver_class_init (TestResolverClass *class)
{
  GResolverClass *resolver = G_RESOLVER_CLASS (class);
  G_OBJECT_CLASS (class)->finalize = test_resolver_finalize;
  resolver->lookup_by_name = test_resolver_by_name;
  resolver->lookup_by_name_async = test_resolver_by_name_async;
  resolver->lookup_by_name_finish = test_resolver_finish;
  resolver->lookup_by_name_with_flags = test_resolver_with_flags;
  resolver->lookup_by_name_with_flags_async = test_resolver_with_flags_async;
  resolver->lookup_by_name_with_flags_finish = test_resolver_finish;
}

static void
test_resolver_init (TestResolver *self)
{
  self->system = g_resolver_get_default ();
}

/* --- a server on all addresses --- */

typedef struct
{
  GSocketService *service; /* (owned) */
  GMainLoop *loop;         /* (owned) of the thread that accepts */
  GThread *thread;         /* (owned) */
  guint16 port;
  GMutex lock;
  GHashTable *documents; /* (element-type utf8 utf8): path to what is answered, under the lock */
  guint n_public;        /* connections, under the lock, too */
  guint n_home;
} Host;

static void
count (Host *self, GSocketConnection *connection)
{
  g_autoptr (GSocketAddress) address = g_socket_connection_get_local_address (connection, NULL);
  const gboolean public = player_gst_reach_is_global (
      g_inet_socket_address_get_address (G_INET_SOCKET_ADDRESS (address)));
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  self->n_public += public;
  self->n_home += !public;
}

static gboolean
on_connection (GThreadedSocketService *service,
               GSocketConnection *connection,
               GObject *source,
               gpointer user_data)
{
  Host *self = user_data;
  g_autoptr (GDataInputStream) input
      = g_data_input_stream_new (g_io_stream_get_input_stream (G_IO_STREAM (connection)));
  g_data_input_stream_set_newline_type (input, G_DATA_STREAM_NEWLINE_TYPE_CR_LF);
  count (self, connection);
  g_autofree char *request = g_data_input_stream_read_line (input, NULL, NULL, NULL);
  g_autofree char *line = g_strdup (request);
  while (line != NULL && *line != '\0')
    {
      g_free (line);
      line = g_data_input_stream_read_line (input, NULL, NULL, NULL);
    }
  if (request == NULL)
    return TRUE;
  g_auto (GStrv) words = g_strsplit (request, " ", 3);
  g_mutex_lock (&self->lock);
  g_autofree char *answer = g_strdup (g_hash_table_lookup (self->documents, words[1]));
  g_mutex_unlock (&self->lock);
  const char *said
      = answer != NULL ? answer : "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n";
  g_output_stream_write_all (g_io_stream_get_output_stream (G_IO_STREAM (connection)), said,
                             strlen (said), NULL, NULL, NULL);
  g_io_stream_close (G_IO_STREAM (connection), NULL, NULL);
  return TRUE;
}

static gpointer
accept_thread (gpointer data)
{
  Host *self = data;
  g_main_context_push_thread_default (g_main_loop_get_context (self->loop));
  g_main_loop_run (self->loop);
  g_main_context_pop_thread_default (g_main_loop_get_context (self->loop));
  return NULL;
}

static void
host_setup (Host *self, gconstpointer data)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GMainContext) context = g_main_context_new ();
  g_mutex_init (&self->lock);
  self->documents = g_hash_table_new_full (g_str_hash, g_str_equal, g_free, g_free);
  g_main_context_push_thread_default (context);
  self->service = g_threaded_socket_service_new (16);
  self->port
      = g_socket_listener_add_any_inet_port (G_SOCKET_LISTENER (self->service), NULL, &error);
  g_assert_no_error (error);
  g_signal_connect (self->service, "run", G_CALLBACK (on_connection), self);
  g_socket_service_start (self->service);
  g_main_context_pop_thread_default (context);
  self->loop = g_main_loop_new (context, FALSE);
  self->thread = g_thread_new ("host", accept_thread, self);
}

static gboolean
on_quit (gpointer loop)
{
  g_main_loop_quit (loop);
  return G_SOURCE_REMOVE;
}

static void
host_teardown (Host *self, gconstpointer data)
{
  g_autoptr (GSource) quit = g_idle_source_new ();
  g_source_set_callback (quit, on_quit, self->loop, NULL);
  g_source_attach (quit, g_main_loop_get_context (self->loop));
  g_thread_join (self->thread);
  g_socket_service_stop (self->service);
  g_socket_listener_close (G_SOCKET_LISTENER (self->service));
  g_clear_object (&self->service);
  g_main_loop_unref (self->loop);
  g_hash_table_unref (self->documents);
  g_mutex_clear (&self->lock);
}

/* What lies at @path. In it "@" stands for the port. */
static void
put (Host *self, const char *path, const char *head, const char *body)
{
  g_autofree char *port = g_strdup_printf ("%u", self->port);
  g_autoptr (GString) text = g_string_new (head);
  g_string_append (text, "\r\n\r\n");
  g_string_append (text, body);
  g_string_replace (text, "@", port, 0);
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_hash_table_insert (self->documents, g_strdup (path), g_strdup (text->str));
}

static char *
make_url (Host *self, const char *host, const char *path)
{
  return g_strdup_printf ("http://%s:%u%s", host, self->port, path);
}

static void
assert_connections (Host *self, guint n_public, guint n_home)
{
  g_autoptr (GMutexLocker) locker = g_mutex_locker_new (&self->lock);
  g_assert_cmpuint (self->n_public, ==, n_public);
  g_assert_cmpuint (self->n_home, ==, n_home);
}

/* --- one source --- */

typedef struct
{
  const char *host;
  PlayerReach reach;
  const char *refused; /* (nullable): the message's begin; NULL: it may be had */
  guint n_public;
} Asked;

static void
read_url (const char *url, PlayerReach reach, const char *refused)
{
  g_auto (HttpsrcRun) run = { 0 };
  httpsrc_run_init (&run, url);
  g_object_set (run.src, "reach", reach, NULL);
  httpsrc_run_set_state (&run, GST_STATE_PLAYING);
  httpsrc_run_wait (&run, LIMIT_US);
  if (refused == NULL)
    {
      g_assert_no_error (run.error);
      g_assert_true (run.eos);
      g_assert_cmpuint (run.bytes->len, ==, 4);
      return;
    }
  g_assert_nonnull (run.error);
  g_test_message ("%s: %s", url, run.error->message);
  g_assert_true (g_str_has_prefix (run.error->message, refused));
  if (*refused != '\0')
    g_assert_cmpint (run.error_type, ==, PLAYER_MEDIA_ERROR_INVALID_REQUEST);
}

#define HOME "an address of this machine"
#define HTTP "plain http"
#define ANY "" /* at least: not every name service knows it for what it is */
#define SCHEME "not an http or https URL"

static const Asked asked[] = {
  { PUBLIC, PLAYER_REACH_HTTP, NULL, 1 },
  { "public.test", PLAYER_REACH_HTTP, NULL, 1 },
  { PUBLIC, PLAYER_REACH_PUBLIC, HTTP, 0 },
  { PUBLIC, PLAYER_REACH_PRIVATE | PLAYER_REACH_FILES, HTTP, 0 },
  { "127.0.0.1", PLAYER_REACH_HTTP, HOME, 0 },
  { "127.1", PLAYER_REACH_HTTP, ANY, 0 },
  { "0x7f000001", PLAYER_REACH_HTTP, ANY, 0 },
  { "2130706433", PLAYER_REACH_HTTP, ANY, 0 },
  { "0177.0.0.1", PLAYER_REACH_HTTP, ANY, 0 },
  { "0.0.0.0", PLAYER_REACH_HTTP, HOME, 0 },
  { "[::1]", PLAYER_REACH_HTTP, HOME, 0 },
  { "[::ffff:127.0.0.1]", PLAYER_REACH_HTTP, HOME, 0 },
  { "[::ffff:7f00:1]", PLAYER_REACH_HTTP, HOME, 0 },
  { "localhost", PLAYER_REACH_HTTP, HOME, 0 },
  { "LOCALHOST.", PLAYER_REACH_HTTP, HOME, 0 },
  { "home.test", PLAYER_REACH_HTTP, HOME, 0 },
  { "six.test", PLAYER_REACH_HTTP, HOME, 0 },
  { "203.0.114.1", PLAYER_REACH_HTTP, HOME, 0 },
  { "203.0.114.77", PLAYER_REACH_HTTP, HOME, 0 },
  { "both.test", PLAYER_REACH_HTTP, NULL, 1 },
};

static void
test_first (Host *host, gconstpointer data)
{
  put (host, "/data", "HTTP/1.1 200 OK\r\nContent-Length: 4", "data");
  for (gsize i = 0; i < G_N_ELEMENTS (asked); i++)
    {
      g_autofree char *url = make_url (host, asked[i].host, "/data");
      read_url (url, asked[i].reach, asked[i].refused);
      assert_connections (host, asked[i].n_public, 0);
      host->n_public = 0;
    }
}

/* Else what is not counted above would prove nothing. */
static void
test_allowed (Host *host, gconstpointer data)
{
  static const char *const hosts[] = { "127.0.0.1", "localhost", "home.test", "203.0.114.1" };
  put (host, "/data", "HTTP/1.1 200 OK\r\nContent-Length: 4", "data");
  for (gsize i = 0; i < G_N_ELEMENTS (hosts); i++)
    {
      g_autofree char *url = make_url (host, hosts[i], "/data");
      read_url (url, PLAYER_REACH_HTTP | PLAYER_REACH_PRIVATE, NULL);
    }
  g_assert_cmpuint (host->n_home, >=, 3);
}

static void
test_redirect (Host *host, gconstpointer data)
{
  static const struct
  {
    const char *to;
    const char *refused;
  } ways[] = {
    { "http://127.0.0.1:@/data", HOME },   { "http://localhost:@/data", HOME },
    { "http://home.test:@/data", HOME },   { "//[::1]:@/data", HOME },
    { "http://public.test:@/data", NULL }, { "file:///etc/hostname", "redirected to something" },
  };
  g_autofree char *url = make_url (host, PUBLIC, "/moved");
  put (host, "/data", "HTTP/1.1 200 OK\r\nContent-Length: 4", "data");
  for (gsize i = 0; i < G_N_ELEMENTS (ways); i++)
    {
      g_autofree char *head
          = g_strconcat ("HTTP/1.1 302 Found\r\nContent-Length: 0\r\nLocation: ", ways[i].to, NULL);
      put (host, "/moved", head, "");
      read_url (url, PLAYER_REACH_HTTP, ways[i].refused);
      assert_connections (host, ways[i].refused != NULL ? 1 : 2, 0);
      host->n_public = 0;
    }
}

/* The name stands for another address when the connection has to be made anew. */
static void
test_rebinding (Host *host, gconstpointer data)
{
  g_autofree char *url = make_url (host, "rebind.test", "/data");
  put (host, "/data", "HTTP/1.1 200 OK\r\nAccept-Ranges: bytes\r\nETag: \"a\"\r\nContent-Length: 8",
       "data");
  read_url (url, PLAYER_REACH_HTTP, HOME);
  assert_connections (host, 1, 0);
}

/* Whatever element there is for a scheme, ours is asked first, and reads nothing but http and https. */
static void
test_schemes (Host *host, gconstpointer data)
{
  GList *all = gst_registry_get_feature_list (gst_registry_get (), GST_TYPE_ELEMENT_FACTORY);
  guint n = 0;
  for (GList *link = all; link != NULL; link = link->next)
    {
      GstElementFactory *factory = link->data;
      const char *const *protocols = gst_element_factory_get_uri_protocols (factory);
      if (gst_element_factory_get_uri_type (factory) != GST_URI_SRC || protocols == NULL)
        continue;
      for (guint i = 0; protocols[i] != NULL; i++, n++)
        {
          g_autofree char *url = g_strconcat (protocols[i], "://a/b", NULL);
          g_autoptr (GstElement) made = gst_element_make_from_uri (GST_URI_SRC, url, NULL, NULL);
          g_test_message ("%s", protocols[i]);
          g_assert_true (PLAYER_IS_GST_HTTPSRC (made));
          gst_object_ref_sink (made);
        }
    }
  gst_plugin_feature_list_free (all);
  g_assert_cmpuint (n, >, 5);
  read_url ("file:///etc/hostname", PLAYER_REACH_ALL, SCHEME);
  read_url ("data:,data", PLAYER_REACH_ALL, SCHEME);
  read_url ("fd://0", PLAYER_REACH_ALL, SCHEME);
}

/* --- what one thing names is another --- */

static PlayerReach
give_reach (const char *origin, gpointer data)
{
  return (PlayerReach)GPOINTER_TO_UINT (data);
}

/* @documents: what lies at public paths; /list is loaded. */
static void
assert_refused (Host *host, PlayerReach reach, const char *message)
{
  g_autoptr (GstRig) rig = gst_rig_new (FALSE);
  g_autofree char *url = make_url (host, PUBLIC, "/list");
  player_gst_engine_set_reach (PLAYER_GST_ENGINE (rig->engine), give_reach,
                               GUINT_TO_POINTER (reach));
  const guint64 one = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
  const PlayerEngineEvent *failed = gst_rig_wait (rig, PLAYER_ENGINE_FAILED, one);
  g_test_message ("%s", (char *)g_ptr_array_index (rig->errors, 0));
  g_assert_cmpint (failed->error_type, ==, PLAYER_MEDIA_ERROR_INVALID_REQUEST);
  g_assert_true (g_str_has_prefix (g_ptr_array_index (rig->errors, 0), message));
  g_assert_cmpuint (gst_rig_count (rig, PLAYER_ENGINE_STARTED, one), ==, 0);
  g_assert_cmpuint (host->n_home, ==, 0);
  g_assert_cmpuint (host->n_public, >, 0);
}

#define LIST "HTTP/1.1 200 OK"
#define HLS "#EXTM3U\n#EXT-X-TARGETDURATION:1\n"

static void
test_playlist (Host *host, gconstpointer data)
{
  put (host, "/list", LIST, "#EXTM3U\nhttp://127.0.0.1:@/data.mp3\n");
  assert_refused (host, PLAYER_REACH_HTTP, HOME);
  put (host, "/list", LIST, "[playlist]\nFile1=http://home.test:@/data.mp3\nNumberOfEntries=1\n");
  assert_refused (host, PLAYER_REACH_HTTP, HOME);
  put (host, "/list", LIST, "#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nhttp://127.0.0.1:@/a.m3u8\n");
  assert_refused (host, PLAYER_REACH_HTTP, HOME);
}

static void
test_hls (Host *host, gconstpointer data)
{
  g_autofree char *file = gst_rig_url ("a.wav");
  g_autofree char *part = g_strconcat (HLS "#EXTINF:1,\n", file, "\n#EXT-X-ENDLIST\n", NULL);
  g_autofree char *key = g_strconcat (HLS "#EXT-X-KEY:METHOD=AES-128,URI=\"", file,
                                      "\"\n#EXTINF:1,\n/0.aac\n#EXT-X-ENDLIST\n", NULL);
  put (host, "/0.aac", LIST, "0123456789abcdef");
  put (host, "/list", LIST, HLS "#EXTINF:1,\nhttp://127.0.0.1:@/0.aac\n#EXT-X-ENDLIST\n");
  assert_refused (host, PLAYER_REACH_HTTP, HOME);
  put (host, "/list", LIST,
       HLS "#EXT-X-KEY:METHOD=AES-128,URI=\"http://127.0.0.1:@/key\"\n"
           "#EXTINF:1,\n/0.aac\n#EXT-X-ENDLIST\n");
  assert_refused (host, PLAYER_REACH_HTTP, HOME);
  put (host, "/list", LIST,
       HLS "#EXT-X-MAP:URI=\"http://127.0.0.1:@/map\"\n#EXTINF:1,\n/0.aac\n#EXT-X-ENDLIST\n");
  assert_refused (host, PLAYER_REACH_HTTP, HOME);
  /* Not even for those who may open files: what came from the network names none. */
  put (host, "/list", LIST, part);
  assert_refused (host, PLAYER_REACH_ALL, SCHEME);
  put (host, "/list", LIST, key);
  assert_refused (host, PLAYER_REACH_ALL, SCHEME);
}

static void
test_file (Host *host, gconstpointer data)
{
  g_autoptr (GstRig) rig = gst_rig_new (FALSE);
  g_autofree char *url = gst_rig_url ("a.wav");
  PlayerGstEngine *engine = PLAYER_GST_ENGINE (rig->engine);
  player_gst_engine_set_reach (engine, give_reach,
                               GUINT_TO_POINTER (PLAYER_REACH_HTTP | PLAYER_REACH_PRIVATE));
  const guint64 one = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
  gst_rig_wait (rig, PLAYER_ENGINE_FAILED, one);
  g_assert_cmpint (gst_rig_find (rig, PLAYER_ENGINE_FAILED, one)->error_type, ==,
                   PLAYER_MEDIA_ERROR_INVALID_REQUEST);
  player_gst_engine_set_reach (engine, give_reach, GUINT_TO_POINTER (PLAYER_REACH_FILES));
  const guint64 two = gst_rig_load (rig, url, 0, PLAYER_LOAD_CURRENT);
  gst_rig_wait (rig, PLAYER_ENGINE_FINISHED, two);
}

static void
test_recording (Host *host, gconstpointer data)
{
  g_autoptr (GstRig) rig = gst_rig_new (TRUE);
  g_autofree char *url = make_url (host, "127.0.0.1", "/data");
  g_autofree char *file = gst_talk_recording ("a.wav");
  g_autofree char *part = g_strconcat ("audio:", url, NULL);
  player_gst_engine_set_reach (PLAYER_GST_ENGINE (rig->engine), give_reach,
                               GUINT_TO_POINTER (PLAYER_REACH_HTTP));
  g_autoptr (GstTalk) talk = gst_talk_new (rig, GST_TALK_CAT, 5000);
  gst_talk_wait (talk, PLAYER_SPEECH_FAILED, gst_talk_say (talk, 0, part, NULL));
  gst_talk_assert_problem (talk, HOME "*");
  gst_talk_wait (talk, PLAYER_SPEECH_FAILED, gst_talk_say (talk, 0, file, NULL));
  gst_talk_assert_problem (talk, "A file*");
  assert_connections (host, 0, 0);
  /* What the synthesiser writes is a file, too, and is spoken all the same. */
  g_autofree char *said = gst_talk_file ("a.wav");
  gst_talk_wait (talk, PLAYER_SPEECH_FINISHED, gst_talk_say (talk, 0, said, NULL));
}

/* --- addresses and hosts --- */

static void
test_addresses (void)
{
  static const char *const global[]
      = { "8.8.8.8",          "1.1.1.1",         "172.15.0.1",    "172.32.0.1",      "100.63.0.1",
          "100.128.0.1",      "192.167.0.1",     "223.255.0.1",   "2606:4700::1111", "2a00:1450::1",
          "64:ff9b::808:808", "2002:808:808::1", "::ffff:8.8.8.8" };
  static const char *const other[] = { "0.0.0.0",      "0.1.2.3",         "10.0.0.1",
                                       "100.64.0.1",   "127.0.0.1",       "127.9.9.9",
                                       "169.254.1.1",  "169.254.169.254", "172.16.0.1",
                                       "172.31.255.1", "192.0.0.1",       "192.0.2.1",
                                       "192.168.0.1",  "198.18.0.1",      "198.51.100.1",
                                       "203.0.113.1",  "224.0.0.1",       "239.255.255.250",
                                       "240.0.0.1",    "255.255.255.255", "::",
                                       "::1",          "fe80::1",         "fc00::1",
                                       "fd12::1",      "fec0::1",         "ff02::1",
                                       "2001:db8::1",  "2001::1",         "100::1",
                                       "::127.0.0.1",  "::ffff:10.0.0.1", "64:ff9b::a00:1",
                                       "64:ff9b:1::1", "2002:7f00:1::",   "2002:c0a8:1::1",
                                       "5f00::1" };
  for (gsize i = 0; i < G_N_ELEMENTS (global); i++)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (global[i]);
      g_test_message ("%s", global[i]);
      g_assert_true (player_gst_reach_is_global (address));
    }
  for (gsize i = 0; i < G_N_ELEMENTS (other); i++)
    {
      g_autoptr (GInetAddress) address = g_inet_address_new_from_string (other[i]);
      g_test_message ("%s", other[i]);
      g_assert_false (player_gst_reach_is_global (address));
    }
}

static void
test_hosts (void)
{
  static const char *const home[]
      = { "127.0.0.1", "192.168.1.9", "::1",        "fd00::1",       "localhost",   "a.localhost",
          "nas",       "NAS.Local",   "nas.local.", "nas.home.arpa", "nas.internal" };
  static const char *const away[] = { "8.8.8.8",       "2606:4700::1111",   "skill.example",
                                      "local.example", "localhost.example", "192.168.1.9.nip.io" };
  for (gsize i = 0; i < G_N_ELEMENTS (home); i++)
    g_assert_true (player_gst_reach_is_home (home[i]));
  for (gsize i = 0; i < G_N_ELEMENTS (away); i++)
    g_assert_false (player_gst_reach_is_home (away[i]));
}

static void
add_tests (void)
{
  static const struct
  {
    const char *path;
    void (*test) (Host *host, gconstpointer data);
  } all[] = {
    { "/reach/first", test_first },
    { "/reach/allowed", test_allowed },
    { "/reach/redirect", test_redirect },
    { "/reach/rebinding", test_rebinding },
    { "/reach/schemes", test_schemes },
    { "/reach/playlist", test_playlist },
    { "/reach/hls", test_hls },
    { "/reach/file", test_file },
    { "/reach/recording", test_recording },
  };
  g_test_add_func ("/reach/addresses", test_addresses);
  g_test_add_func ("/reach/hosts", test_hosts);
  for (gsize i = 0; i < G_N_ELEMENTS (all); i++)
    g_test_add (all[i].path, Host, NULL, host_setup, all[i].test, host_teardown);
}

int
main (int argc, char **argv)
{
  enter_network ();
  g_autoptr (GResolver) resolver = g_object_new (test_resolver_get_type (), NULL);
  g_resolver_set_default (resolver);
  return gst_rig_main (argc, argv, add_tests);
}
