/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "ctl-commands.h"
#include "ctl-music-show.h"
#include "ctl-table.h"
#include "ctl-text.h"

static const char *
activity_word (const char *activity)
{
  static const char *const words[][2] = {
    { "IDLE", "nothing has been played yet" }, { "PLAYING", "playing" },   { "PAUSED", "paused" },
    { "BUFFER_UNDERRUN", "waiting for data" }, { "FINISHED", "finished" }, { "STOPPED", "stopped" },
  };
  for (gsize i = 0; i < G_N_ELEMENTS (words); i++)
    if (g_strcmp0 (words[i][0], activity) == 0)
      return words[i][1];
  return activity != NULL ? activity : "unknown";
}

static void
print_stream (BusGenSegue1Player *player)
{
  const char *token = bus_gen_segue1_player_get_token (player);
  if (token == NULL || token[0] == '\0')
    return;
  const char *title = NULL;
  const char *subtitle = NULL;
  GVariant *metadata = bus_gen_segue1_player_get_metadata (player);
  if (metadata != NULL)
    {
      g_variant_lookup (metadata, "title", "&s", &title);
      g_variant_lookup (metadata, "subtitle", "&s", &subtitle);
    }
  if (title != NULL)
    ctl_table_row ("Title", title);
  if (subtitle != NULL)
    ctl_table_row ("Subtitle", subtitle);
  gint64 duration_ms = bus_gen_segue1_player_get_duration_in_milliseconds (player);
  g_autofree char *offset
      = ctl_text_position (bus_gen_segue1_player_get_offset_in_milliseconds (player), FALSE);
  g_autofree char *duration = ctl_text_position (duration_ms, FALSE);
  g_autofree char *position = g_strdup_printf ("%s / %s", offset, duration);
  ctl_table_row ("Position", position);
  ctl_table_row ("Token", token);
  const char *skill = bus_gen_segue1_player_get_skill (player);
  ctl_table_row ("Skill", skill != NULL && skill[0] != '\0' ? skill : "none");
}

static const char *const skill_names[] = { "name", "endpoint", "session", NULL };

static void
print_output (BusGenSegue1Player *player)
{
  const char *state = bus_gen_segue1_player_get_output_state (player);
  const char *message = bus_gen_segue1_player_get_output_message (player);
  const gboolean trouble = message != NULL && *message != '\0';
  if (state == NULL)
    return;
  g_autofree char *text = g_strconcat (state, trouble ? ": " : "", trouble ? message : "", NULL);
  ctl_table_row ("Output", text);
}

/* What is said and heard, if anything is. */
static void
print_voice (BusGenSegue1Conversation *conversation)
{
  if (bus_gen_segue1_conversation_get_speaking (conversation))
    ctl_table_row ("Speech", "is being spoken");
  if (!bus_gen_segue1_conversation_get_microphone_open (conversation))
    return;
  const char *skill = bus_gen_segue1_conversation_get_microphone_skill (conversation);
  guint left_ms = bus_gen_segue1_conversation_get_microphone_time_left (conversation);
  gboolean waits = skill != NULL && *skill != '\0';
  g_autofree char *left = left_ms > 0 ? g_strdup_printf (", %.1f s left", left_ms / 1000.0)
                                      : g_strdup (", somebody speaks");
  g_autofree char *text
      = g_strconcat ("open", waits ? " for " : "", waits ? skill : "", left, NULL);
  ctl_table_row ("Microphone", text);
}

static void
add_voice (GVariantBuilder *builder, BusGenSegue1Conversation *conversation)
{
  g_variant_builder_add (
      builder, "{sv}", "speaking",
      g_variant_new_boolean (bus_gen_segue1_conversation_get_speaking (conversation)));
  g_variant_builder_add (
      builder, "{sv}", "microphone_open",
      g_variant_new_boolean (bus_gen_segue1_conversation_get_microphone_open (conversation)));
  ctl_table_add_string (builder, "microphone_skill",
                        bus_gen_segue1_conversation_get_microphone_skill (conversation));
  g_variant_builder_add (
      builder, "{sv}", "microphone_ms",
      g_variant_new_uint32 (bus_gen_segue1_conversation_get_microphone_time_left (conversation)));
}

/* What has not come, or will never come, to the skills; nothing if all has. */
static void
print_reports (BusGenSegue1 *root)
{
  guint waiting = bus_gen_segue1_get_reports_waiting (root);
  guint refused = bus_gen_segue1_get_reports_refused (root);
  guint dropped = bus_gen_segue1_get_reports_dropped (root);
  g_autofree char *text
      = g_strdup_printf ("%u waiting, %u refused, %u dropped", waiting, refused, dropped);
  if (waiting + refused + dropped > 0)
    ctl_table_row ("Reports", text);
}

static void
add_reports (GVariantBuilder *builder, BusGenSegue1 *root)
{
  g_variant_builder_add (builder, "{sv}", "reports_waiting",
                         g_variant_new_uint32 (bus_gen_segue1_get_reports_waiting (root)));
  g_variant_builder_add (builder, "{sv}", "reports_refused",
                         g_variant_new_uint32 (bus_gen_segue1_get_reports_refused (root)));
  g_variant_builder_add (builder, "{sv}", "reports_dropped",
                         g_variant_new_uint32 (bus_gen_segue1_get_reports_dropped (root)));
}

static void
print_status_json (BusGenSegue1 *root,
                   BusGenSegue1Player *player,
                   BusGenSegue1Conversation *conversation,
                   BusGenSegue1Music *music)
{
  g_auto (GVariantBuilder) b = G_VARIANT_BUILDER_INIT (G_VARIANT_TYPE_VARDICT);
  ctl_table_add_string (&b, "version", bus_gen_segue1_get_version (root));
  ctl_table_add_string (&b, "locale", bus_gen_segue1_get_locale (root));
  ctl_table_add_string (&b, "directive_endpoint", bus_gen_segue1_get_directive_endpoint (root));
  ctl_table_add_string (&b, "activity", bus_gen_segue1_player_get_player_activity (player));
  ctl_table_add_string (&b, "token", bus_gen_segue1_player_get_token (player));
  ctl_table_add_string (&b, "skill", bus_gen_segue1_player_get_skill (player));
  g_variant_builder_add (
      &b, "{sv}", "offset_ms",
      g_variant_new_int64 (bus_gen_segue1_player_get_offset_in_milliseconds (player)));
  g_variant_builder_add (
      &b, "{sv}", "duration_ms",
      g_variant_new_int64 (bus_gen_segue1_player_get_duration_in_milliseconds (player)));
  g_variant_builder_add (&b, "{sv}", "can_seek",
                         g_variant_new_boolean (bus_gen_segue1_player_get_can_seek (player)));
  g_variant_builder_add (&b, "{sv}", "volume",
                         g_variant_new_double (bus_gen_segue1_player_get_volume (player)));
  g_variant_builder_add (&b, "{sv}", "muted",
                         g_variant_new_boolean (bus_gen_segue1_player_get_muted (player)));
  ctl_table_add_string (&b, "output", bus_gen_segue1_player_get_output_state (player));
  ctl_table_add_string (&b, "output_message", bus_gen_segue1_player_get_output_message (player));
  GVariant *metadata = bus_gen_segue1_player_get_metadata (player);
  if (metadata != NULL)
    g_variant_builder_add (&b, "{sv}", "metadata", metadata);
  g_variant_builder_add (
      &b, "{sv}", "queue",
      ctl_table_pairs (bus_gen_segue1_player_get_queue (player), ctl_table_queue_names));
  add_voice (&b, conversation);
  add_reports (&b, root);
  ctl_music_show_add (music, &b);
  ctl_table_print_json (g_variant_builder_end (&b));
}

int
ctl_run_status (CtlContext *self, int argc, char **argv)
{
  if (argc > 0)
    return ctl_usage (self, "unexpected argument \"%s\"", argv[0]);
  g_autoptr (BusGenSegue1) root = ctl_context_get_root (self);
  g_autoptr (BusGenSegue1Player) player = root != NULL ? ctl_context_get_player (self) : NULL;
  g_autoptr (BusGenSegue1Conversation) conversation
      = player != NULL ? ctl_context_get_conversation (self) : NULL;
  g_autoptr (BusGenSegue1Music) music = conversation != NULL ? ctl_context_get_music (self) : NULL;
  if (music == NULL)
    return EX_UNAVAILABLE;
  if (self->json)
    {
      print_status_json (root, player, conversation, music);
      return EX_OK;
    }
  ctl_table_row ("Activity", activity_word (bus_gen_segue1_player_get_player_activity (player)));
  print_stream (player);
  GVariant *queue = bus_gen_segue1_player_get_queue (player);
  g_autofree char *waiting = g_strdup_printf ("%" G_GSIZE_FORMAT " waiting",
                                              queue != NULL ? g_variant_n_children (queue) : 0);
  ctl_table_row ("Queue", waiting);
  g_autofree char *volume
      = g_strdup_printf ("%.0f %%%s", bus_gen_segue1_player_get_volume (player) * 100.0,
                         bus_gen_segue1_player_get_muted (player) ? ", muted" : "");
  ctl_table_row ("Volume", volume);
  ctl_music_show_print (music);
  print_output (player);
  print_voice (conversation);
  print_reports (root);
  g_autofree char *daemon = g_strdup_printf ("segued %s, %s", bus_gen_segue1_get_version (root),
                                             bus_gen_segue1_get_locale (root));
  ctl_table_row ("Daemon", daemon);
  const char *endpoint = bus_gen_segue1_get_directive_endpoint (root);
  if (endpoint != NULL && *endpoint != '\0')
    ctl_table_row ("Directives", endpoint);
  return EX_OK;
}

int
ctl_run_skills (CtlContext *self, int argc, char **argv)
{
  if (argc > 0)
    return ctl_usage (self, "unexpected argument \"%s\"", argv[0]);
  g_autoptr (BusGenSegue1) root = ctl_context_get_root (self);
  if (root == NULL)
    return EX_UNAVAILABLE;
  GVariant *skills = bus_gen_segue1_get_skills (root);
  if (self->json)
    {
      ctl_table_print_json (ctl_table_pairs (skills, skill_names));
      return EX_OK;
    }
  gsize n = skills != NULL ? g_variant_n_children (skills) : 0;
  if (n == 0)
    g_print ("No skill is known. Launch one by its URL, or name it in segue.conf(5).\n");
  for (gsize i = 0; i < n; i++)
    {
      const char *name;
      const char *endpoint;
      gboolean open;
      g_variant_get_child (skills, i, "(&s&sb)", &name, &endpoint, &open);
      g_autofree char *clean_name = ctl_text_clean (name, 0);
      g_autofree char *clean_endpoint = ctl_text_clean (endpoint, 0);
      gboolean by_url = g_strcmp0 (name, endpoint) == 0;
      g_print ("%s%s%s%s\n", clean_name, by_url ? "" : "  ", by_url ? "" : clean_endpoint,
               open ? "  (session open)" : "");
    }
  return EX_OK;
}
