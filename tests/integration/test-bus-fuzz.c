/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */

/* Calls on the bus with random arguments: every method and property that introspection shows, with the
 * right signature and with wrong ones. FUZZ_SEED repeats a run, FUZZ_CALLS makes it longer. */

#include <string.h>

#include "fuzz-value.h"
#include "harness-music.h"

#define CALLS 10000 /* in each of the two tests */
#define AT_ONCE 16
#define REPLY_MS 120000
/* What calls may leave behind in all: caches, arenas, the longest message. */
#define MAX_GROWTH_KIB (64 * 1024)

/* One method, or one property. */
typedef struct
{
  char *path;      /* (owned) */
  char *interface; /* (owned) */
  char *name;      /* (owned) */
  char *type;      /* (owned): of the arguments "(sx)", or of the property "s" */
  gboolean is_property;
  gboolean disturbs; /* what sounds may be another thing after it */
} Target;

typedef struct
{
  Harness *harness;
  FuzzValues *values; /* (owned) */
  GPtrArray *targets; /* (owned) (element-type Target) */
  guint under_way;
  guint answered;
  guint refused; /* of them */
} Fuzz;

/* What may change what sounds, when it is called as it should be. A method that is not here must
 * leave the sound alone. */
static const char *const disturbing[] = {
  "Play",          "Pause",   "PlayPause",  "Stop",          "Next",           "Previous",
  "Seek",          "PlayUrl", "PlayStream", "RenewUrl",      "SetPosition",    "OpenUri",
  "Launch",        "Intent",  "EndSession", "BuiltInIntent", "HandleResponse", "BeginUserSpeech",
  "EndUserSpeech", "JumpTo",  "Reinitiate", "SetShuffle",    "SetLoop",        "SetRepeat",
  "Volume",        "Muted",   "LoopStatus", "Shuffle",       "Rate",
};

static void
target_free (gpointer data)
{
  Target *self = data;
  g_free (self->path);
  g_free (self->interface);
  g_free (self->name);
  g_free (self->type);
  g_free (self);
}

static void
add_target (Fuzz *self, const char *path, const char *interface, const char *name, char *type)
{
  Target *target = g_new0 (Target, 1);
  target->path = g_strdup (path);
  target->interface = g_strdup (interface);
  target->name = g_strdup (name);
  target->type = type;
  target->is_property = type[0] != '(';
  for (guint i = 0; i < G_N_ELEMENTS (disturbing); i++)
    target->disturbs |= g_str_equal (disturbing[i], name);
  g_ptr_array_add (self->targets, target);
}

static void
add_interface (Fuzz *self, const char *path, const GDBusInterfaceInfo *info)
{
  for (guint i = 0; info->methods != NULL && info->methods[i] != NULL; i++)
    {
      GString *type = g_string_new ("(");
      GDBusArgInfo **args = info->methods[i]->in_args;
      for (guint k = 0; args != NULL && args[k] != NULL; k++)
        g_string_append (type, args[k]->signature);
      g_string_append_c (type, ')');
      add_target (self, path, info->name, info->methods[i]->name, g_string_free (type, FALSE));
    }
  for (guint i = 0; info->properties != NULL && info->properties[i] != NULL; i++)
    add_target (self, path, info->name, info->properties[i]->name,
                g_strdup (info->properties[i]->signature));
}

/* All objects from @path on. */
static void
introspect (Fuzz *self, const char *path)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply = g_dbus_connection_call_sync (
      harness_connection (self->harness), HARNESS_ROOT, path, "org.freedesktop.DBus.Introspectable",
      "Introspect", NULL, G_VARIANT_TYPE ("(s)"), 0, REPLY_MS, NULL, &error);
  g_assert_no_error (error);
  const char *xml = NULL;
  g_variant_get (reply, "(&s)", &xml);
  g_autoptr (GDBusNodeInfo) node = g_dbus_node_info_new_for_xml (xml, &error);
  g_assert_no_error (error);
  for (guint i = 0; node->interfaces != NULL && node->interfaces[i] != NULL; i++)
    add_interface (self, path, node->interfaces[i]);
  for (guint i = 0; node->nodes != NULL && node->nodes[i] != NULL; i++)
    {
      g_autofree char *child
          = g_strconcat (g_str_equal (path, "/") ? "" : path, "/", node->nodes[i]->path, NULL);
      introspect (self, child);
    }
}

static gboolean
has_target (Fuzz *self, const char *interface, const char *name)
{
  for (guint i = 0; i < self->targets->len; i++)
    {
      const Target *target = g_ptr_array_index (self->targets, i);
      if (g_str_equal (target->interface, interface) && g_str_equal (target->name, name))
        return TRUE;
    }
  return FALSE;
}

static void
fuzz_init (Fuzz *self, Harness *harness)
{
  const char *wish = g_getenv ("FUZZ_SEED");
  guint32 seed = wish != NULL ? (guint32)g_ascii_strtoull (wish, NULL, 10) : g_random_int ();
  g_test_message ("FUZZ_SEED=%u", seed);
  self->harness = harness;
  self->values = fuzz_values_new (seed);
  self->targets = g_ptr_array_new_with_free_func (target_free);
  introspect (self, "/");
  g_assert_true (has_target (self, HARNESS_PLAYER, "PlayStream"));
  g_assert_true (has_target (self, HARNESS_CONVERSATION, "HandleResponse"));
  g_assert_true (has_target (self, "org.mpris.MediaPlayer2.Player", "SetPosition"));
  g_ptr_array_add (self->values->words, g_strdup (harness_url (harness)));
  g_ptr_array_add (self->values->words, g_strdup_printf ("%smedia/a.wav", harness_url (harness)));
  g_ptr_array_add (self->values->words,
                   g_strdup_printf ("file://%s/media/b.wav", harness_dir (harness)));
  g_ptr_array_add (self->values->words, g_strdup ("tunes"));
  g_ptr_array_add (self->values->words, g_strdup ("album-1"));
  g_ptr_array_add (self->values->words, g_strdup ("album-1.track-2"));
  g_ptr_array_add (self->values->words, g_strdup ("PlayIntent"));
  g_ptr_array_add (self->values->words, g_strdup ("QuizIntent"));
}

static void
fuzz_clear (Fuzz *self)
{
  fuzz_values_free (self->values);
  g_ptr_array_unref (self->targets);
}
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC (Fuzz, fuzz_clear)

/* Errors that say something: ours, and those of the bus for what does not fit its description. */
static gboolean
is_named (const char *name)
{
  static const char *const names[] = {
    "InvalidArgs",     "UnknownMethod",    "UnknownInterface", "UnknownObject",
    "UnknownProperty", "PropertyReadOnly", "NotSupported",     "AccessDenied",
  };
  if (g_str_has_prefix (name, "org.segue.Error."))
    return TRUE;
  if (!g_str_has_prefix (name, "org.freedesktop.DBus.Error."))
    return FALSE;
  const char *last = strrchr (name, '.') + 1;
  for (guint i = 0; i < G_N_ELEMENTS (names); i++)
    if (g_str_equal (names[i], last))
      return TRUE;
  return FALSE;
}

typedef struct
{
  Fuzz *fuzz;
  char *what; /* (owned) */
} Call;

static void
on_answered (GObject *source, GAsyncResult *result, gpointer user_data)
{
  Call *call = user_data;
  g_autoptr (GError) error = NULL;
  g_autoptr (GVariant) reply
      = g_dbus_connection_call_finish (G_DBUS_CONNECTION (source), result, &error);
  if (reply == NULL)
    {
      g_autofree char *name = g_dbus_error_get_remote_error (error);
      if (name == NULL || !is_named (name))
        harness_fail ("%s: %s", call->what, error->message);
      call->fuzz->refused++;
    }
  call->fuzz->under_way--;
  call->fuzz->answered++;
  g_free (call->what);
  g_free (call);
}

static void
send_call (Fuzz *self, const char *path, const char *interface, const char *method, GVariant *args)
{
  Call *call = g_new0 (Call, 1);
  g_autoptr (GVariant) owned = g_variant_ref_sink (args);
  g_autofree char *text
      = g_variant_get_size (owned) < 2000 ? g_variant_print (owned, TRUE) : g_strdup ("(much)");
  call->fuzz = self;
  call->what = g_strdup_printf ("%s %s.%s%s", path, interface, method, text);
  if (g_getenv ("FUZZ_TRACE") != NULL)
    g_printerr ("%s\n", call->what);
  self->under_way++;
  g_dbus_connection_call (harness_connection (self->harness), HARNESS_ROOT, path, interface, method,
                          owned, NULL, G_DBUS_CALL_FLAGS_NO_AUTO_START, REPLY_MS, NULL, on_answered,
                          call);
}

/* As it is described, or unlike it. */
static void
fuzz_method (Fuzz *self, const Target *target, gboolean right)
{
  GVariant *args = right ? fuzz_values_make (self->values, G_VARIANT_TYPE (target->type))
                         : fuzz_values_make_any (self->values);
  if (!right && g_str_equal (g_variant_get_type_string (args), target->type))
    {
      /* right by chance */
      g_variant_unref (g_variant_ref_sink (args));
      args = g_variant_new ("(as)", NULL);
    }
  send_call (self, target->path, target->interface, target->name, args);
}

static void
fuzz_property (Fuzz *self, const Target *target, gboolean right)
{
  if (fuzz_values_once_in (self->values, 2))
    {
      send_call (self, target->path, "org.freedesktop.DBus.Properties", "Get",
                 g_variant_new ("(ss)", target->interface, target->name));
      return;
    }
  /* Where a boolean is expected, anything else is wrong, and the other way round. */
  const char *type = right ? target->type : target->type[0] == 'b' ? "s" : "b";
  send_call (self, target->path, "org.freedesktop.DBus.Properties", "Set",
             g_variant_new ("(ssv)", target->interface, target->name,
                            fuzz_values_make (self->values, G_VARIANT_TYPE (type))));
}

/* A name that nobody has. */
static void
fuzz_nowhere (Fuzz *self, const Target *target)
{
  static const char *const names[] = { "A", "_", "PlayStreams", "Quit2", "Introspect0" };
  const char *name = names[fuzz_values_below (self->values, G_N_ELEMENTS (names))];
  switch (fuzz_values_below (self->values, 3))
    {
    case 0:
      send_call (self, "/org/segue", target->interface, target->name, g_variant_new ("()"));
      break;
    case 1:
      send_call (self, target->path, "org.segue.Segue2", target->name,
                 fuzz_values_make_any (self->values));
      break;
    default:
      send_call (self, target->path, target->interface, name, fuzz_values_make_any (self->values));
    }
}

static void
fuzz_one (Fuzz *self, gboolean wild)
{
  const Target *target
      = g_ptr_array_index (self->targets, fuzz_values_below (self->values, self->targets->len));
  gboolean right = !fuzz_values_once_in (self->values, 5) && (wild || !target->disturbs);
  if (fuzz_values_once_in (self->values, 50))
    fuzz_nowhere (self, target);
  else if (target->is_property)
    fuzz_property (self, target, right);
  else
    fuzz_method (self, target, right);
}

static gboolean
is_quiet (gpointer user_data)
{
  return ((Fuzz *)user_data)->under_way == 0;
}

static void
fuzz_run (Fuzz *self, gboolean wild)
{
  const char *wish = g_getenv ("FUZZ_CALLS");
  guint calls = wish != NULL ? (guint)g_ascii_strtoull (wish, NULL, 10) : CALLS;
  for (guint i = 0; i < calls; i++)
    {
      fuzz_one (self, wild);
      while (self->under_way >= AT_ONCE)
        g_main_context_iteration (NULL, TRUE);
    }
  g_assert_true (harness_wait (REPLY_MS, is_quiet, self));
  g_assert_cmpuint (self->answered, ==, calls);
  g_test_message ("%u calls, %u of them refused", calls, self->refused);
  g_assert_cmpuint (self->refused, >, calls / 20);
  g_assert_cmpuint (self->refused, <, calls);
}

/* KiB of memory that the daemon holds. */
static guint
get_memory (Harness *harness)
{
  g_autofree char *path = g_strdup_printf ("/proc/%d/smaps_rollup", harness_daemon_pid (harness));
  g_autofree char *text = NULL;
  g_assert_true (g_file_get_contents (path, &text, NULL, NULL));
  return (guint)g_ascii_strtoull (strstr (text, "\nPss:") + strlen ("\nPss:"), NULL, 10);
}

static void
check_memory (Harness *harness, guint before_kib)
{
  guint after_kib = get_memory (harness);
  g_test_message ("memory: %u KiB before, %u KiB after", before_kib, after_kib);
#ifndef __SANITIZE_ADDRESS__ /* that keeps what is freed for a while */
  g_assert_cmpuint (after_kib, <, before_kib + MAX_GROWTH_KIB);
#endif
}

/* While calls come that must not touch it, an album sounds whole, to the sample. */
static void
test_whole (void)
{
  static const guint tracks[] = { 6000, 5000, 4000, 0 };
  g_autoptr (MusicRig) rig = music_rig_new (tracks);
  g_auto (Fuzz) fuzz = { 0 };
  fuzz_init (&fuzz, rig->harness);
  music_rig_play (rig, "album-1");
  guint before_kib = get_memory (rig->harness);
  fuzz_run (&fuzz, FALSE);
  check_memory (rig->harness, before_kib);
  harness_wait_activity (rig->harness, "FINISHED");
  music_rig_check (rig, (MusicPart[]){ { 1, 0, 0 }, { 2, 0, 0 }, { 3, 0, 0 }, { 0 } });
}

/* Everything may be called with everything; afterwards the same daemon plays an album whole. */
static void
test_wild (void)
{
  static const guint tracks[] = { 700, 600, 500, 0 };
  g_autoptr (MusicRig) rig = music_rig_new (tracks);
  g_auto (Fuzz) fuzz = { 0 };
  fuzz_init (&fuzz, rig->harness);
  music_rig_play (rig, "album-1");
  guint before_kib = get_memory (rig->harness);
  int pid = harness_daemon_pid (rig->harness);
  fuzz_run (&fuzz, TRUE);
  check_memory (rig->harness, before_kib);
  harness_send (rig->harness, HARNESS_CONVERSATION, "EndUserSpeech", g_variant_new ("(b)", FALSE));
  g_autoptr (GVariant) stop = harness_call (rig->harness, HARNESS_PLAYER, "Stop", NULL);
  music_rig_play (rig, "album-1");
  harness_wait_activity (rig->harness, "FINISHED");
  g_assert_cmpint (harness_daemon_pid (rig->harness), ==, pid);
}

int
main (int argc, char **argv)
{
  g_test_init (&argc, &argv, NULL);
  g_test_add_func ("/bus-fuzz/whole", test_whole);
  g_test_add_func ("/bus-fuzz/wild", test_wild);
  return g_test_run ();
}
