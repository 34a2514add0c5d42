/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include <glib/gstdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "daemon/daemon-music-memory.h"
#include "daemon/daemon-outbox.h"
#include "fuzz.h"

/* What the daemon finds in its state folder: a real database, with a write-ahead log that has not been
 * taken over, damaged as the input says. The first byte says what the rest is:
 *
 *   'D' the database itself, 'W' its log, instead of the real ones;
 *   anything else: damages of 6 bytes each: which, where (3 bytes), what (2 bytes).
 */
#define DAMAGE_BYTES 6
#define N_REPORTS 12
#define SKILL "fuzz"

typedef struct
{
  guint8 *bytes;
  gsize size;
} Image;

/* Made once for all inputs. */
typedef struct
{
  char *dir;
  char *file;
  char *wal;
  Image database;
  Image log;
} Base;

static Base base;

/* Damage is logged as a warning: that is what is wanted. */
static GLogWriterOutput
write_log (GLogLevelFlags level, const GLogField *fields, gsize n_fields, gpointer user_data)
{
  return level & (G_LOG_LEVEL_CRITICAL | G_LOG_LEVEL_ERROR)
             ? g_log_writer_default (level, fields, n_fields, NULL)
             : G_LOG_WRITER_HANDLED;
}

static void
empty_folder (void)
{
  g_autoptr (GDir) dir = g_dir_open (base.dir, 0, NULL);
  for (const char *name; dir != NULL && (name = g_dir_read_name (dir)) != NULL;)
    {
      g_autofree char *path = g_build_filename (base.dir, name, NULL);
      g_unlink (path);
    }
}

static void
remove_folder (void)
{
  empty_folder ();
  g_rmdir (base.dir);
}

static gint64
add_report (DaemonOutbox *outbox)
{
  g_autoptr (AlexaRequest) request = alexa_request_new (ALEXA_REQUEST_LAUNCH);
  return daemon_outbox_add (outbox, SKILL, request);
}

static Image
read_image (const char *path)
{
  Image image = { 0 };
  g_assert_true (g_file_get_contents (path, (char **)&image.bytes, &image.size, NULL));
  return image;
}

/* Reports in the database, more of them in the log. */
static void
make_base (void)
{
  for (guint round = 0; round < 2; round++)
    {
      g_autoptr (DaemonStore) store = daemon_store_new (base.dir, NULL);
      g_assert_nonnull (store);
      g_autoptr (DaemonOutbox) outbox = daemon_outbox_new (store);
      g_autoptr (DaemonMusicMemory) music = daemon_music_memory_new (store);
      g_autoptr (GPtrArray) entries = daemon_outbox_load (outbox);
      for (guint i = 0; i < N_REPORTS / 2; i++)
        add_report (outbox);
      g_assert_true (daemon_store_set (store, "volume", round == 0 ? "0.5" : "0.7", NULL));
      g_assert_true (daemon_store_commit (store));
      if (round == 1)
        base.log = read_image (base.wal);
    }
  /* that was written into the database when it was closed: the log may be played once more */
  base.database = read_image (base.file);
}

static void
set_up (void)
{
  const char *memory = g_file_test ("/dev/shm", G_FILE_TEST_IS_DIR) ? "/dev/shm" : g_get_tmp_dir ();
  g_log_set_writer_func (write_log, NULL, NULL);
  base.dir = g_build_filename (memory, "segue-fuzz-XXXXXX", NULL);
  g_assert_nonnull (g_mkdtemp (base.dir));
  base.file = g_build_filename (base.dir, DAEMON_STORE_FILE, NULL);
  base.wal = g_strconcat (base.file, "-wal", NULL);
  atexit (remove_folder);
  make_base ();
}

static void
write_image (const char *path, const guint8 *bytes, gsize size)
{
  g_assert_true (g_file_set_contents_full (path, (const char *)bytes, (gssize)size,
                                           G_FILE_SET_CONTENTS_NONE, 0600, NULL));
}

static void
damage (Image *image, guint what, gsize where, guint16 value)
{
  if (image->size == 0)
    return;
  where %= image->size;
  switch (what % 4)
    {
    case 0:
      image->bytes[where] ^= (guint8)(1u << value % 8);
      break;
    case 1:
      image->bytes[where] = (guint8)value;
      break;
    case 2:
      image->size = where;
      break;
    default:
      memset (image->bytes + where, value >> 12, MIN ((gsize)value % 4096, image->size - where));
    }
}

/* Whether the files are as they have been written by the daemon. */
static gboolean
write_damaged (const guint8 *data, gsize size)
{
  g_autofree guint8 *database = g_memdup2 (base.database.bytes, base.database.size);
  g_autofree guint8 *log = g_memdup2 (base.log.bytes, base.log.size);
  Image images[] = { { database, base.database.size }, { log, base.log.size } };
  gsize n = 0;
  for (; size >= DAMAGE_BYTES; size -= DAMAGE_BYTES, data += DAMAGE_BYTES, n++)
    damage (&images[data[0] & 1], data[0] >> 1,
            (gsize)data[1] << 16 | (gsize)data[2] << 8 | data[3],
            (guint16)(data[4] << 8 | data[5]));
  write_image (base.file, images[0].bytes, images[0].size);
  write_image (base.wal, images[1].bytes, images[1].size);
  return n == 0;
}

/* Whether the files are whole. */
static gboolean
write_files (const guint8 *data, gsize size)
{
  empty_folder ();
  if (size > 0 && data[0] == 'D')
    {
      write_image (base.file, data + 1, size - 1);
      return FALSE;
    }
  if (size > 0 && data[0] == 'W')
    {
      write_image (base.file, base.database.bytes, base.database.size);
      write_image (base.wal, data + 1, size - 1);
      return TRUE; /* a log that is not one is no log */
    }
  return write_damaged (data, size);
}

static gboolean
is_aside (void)
{
  g_autofree char *broken = g_strconcat (base.file, ".broken", NULL);
  g_autofree char *newer = g_strconcat (base.file, ".newer", NULL);
  return g_file_test (broken, G_FILE_TEST_EXISTS) || g_file_test (newer, G_FILE_TEST_EXISTS);
}

/* Opens what is there, reads all of it, and adds a report. Returns: the id of it; 0 if it could not be
 * stored. @n_entries: how many there were. */
static gint64
run (guint *n_entries)
{
  g_autoptr (GError) error = NULL;
  g_autoptr (DaemonStore) store = daemon_store_new (base.dir, &error);
  g_assert_no_error (error);
  g_autoptr (DaemonOutbox) outbox = daemon_outbox_new (store);
  g_autoptr (DaemonMusicMemory) music = daemon_music_memory_new (store);
  const DaemonMusicMoment now = { 1, 1, 0 };
  DaemonMusicSession *session = daemon_music_memory_load (music, &now);
  g_clear_pointer (&session, daemon_music_session_free);
  daemon_music_memory_note_offset (music, 1234, 1);
  g_autofree char *volume = daemon_store_get (store, "volume");
  g_autoptr (GPtrArray) entries = daemon_outbox_load (outbox);
  for (guint i = 0; i < entries->len; i++)
    {
      const DaemonOutboxEntry *entry = g_ptr_array_index (entries, i);
      g_assert_true (entry->skill != NULL && entry->request != NULL);
    }
  *n_entries = entries->len;
  gint64 id = add_report (outbox);
  return daemon_store_commit (store) ? id : 0;
}

/* Whatever is found, the daemon starts with a database that works: what can be read is there, what cannot
 * is set aside. */
int
LLVMFuzzerTestOneInput (const guint8 *data, gsize size)
{
  guint before = 0;
  guint after = 0;
  if (base.dir == NULL)
    set_up ();
  gboolean whole = write_files (data, size);
  gint64 id = run (&before);
  if (whole)
    {
      g_assert_cmpuint (before, ==, N_REPORTS);
      g_assert_false (is_aside ());
    }
  if (before < N_REPORTS && before > 0)
    g_assert_true (id != 0);
  run (&after);
  if (whole)
    g_assert_cmpuint (after, ==, N_REPORTS + 1);
  g_assert_cmpuint (after, >=, 1); /* the one that was added by the first run */
  return 0;
}
