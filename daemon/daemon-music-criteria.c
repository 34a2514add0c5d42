/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "daemon-music-criteria.h"

#include <string.h>

#include "dbus/bus-errors.h"

gboolean
daemon_music_criteria_read_switch (
    const char *text, const char *on, const char *off, gboolean *value, GError **error)
{
  *value = g_str_equal (text, on);
  if (*value || g_str_equal (text, off))
    return TRUE;
  g_set_error (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT, "\"%s\" is neither \"%s\" nor \"%s\"",
               text, on, off);
  return FALSE;
}

/* One entry of what is to be played: an option, or a criterion. */
static gboolean
read_criterion (AlexaMusicRequest *request, const char *key, const char *value, GError **error)
{
  if (g_str_equal (key, "content"))
    {
      g_free (request->content_id);
      request->content_id = g_strdup (value);
      return TRUE;
    }
  gboolean *const option = g_str_equal (key, "shuffle")    ? &request->shuffle
                           : g_str_equal (key, "loop")     ? &request->loop
                           : g_str_equal (key, "repeat")   ? &request->repeat
                           : g_str_equal (key, "explicit") ? &request->explicit_allowed
                                                           : NULL;
  if (option != NULL)
    return daemon_music_criteria_read_switch (value, "on", "off", option, error);
  if (*key == '\0' || strspn (key, "ABCDEFGHIJKLMNOPQRSTUVWXYZ_") != strlen (key))
    {
      g_set_error (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT,
                   "\"%s\" is no criterion, nor content, shuffle, loop, repeat or explicit", key);
      return FALSE;
    }
  gboolean is_word = g_str_equal (key, "MEDIA_TYPE") || g_str_equal (key, "SORT_TYPE");
  g_ptr_array_add (request->criteria,
                   alexa_music_criterion_new (key, is_word ? NULL : value, is_word ? value : NULL));
  return TRUE;
}

AlexaMusicRequest *
daemon_music_criteria_read (GVariant *criteria, GError **error)
{
  g_return_val_if_fail (g_variant_is_of_type (criteria, G_VARIANT_TYPE ("a{ss}")), NULL);
  g_autoptr (AlexaMusicRequest) request
      = alexa_music_request_new (ALEXA_MUSIC_GET_PLAYABLE_CONTENT);
  request->explicit_allowed = TRUE;
  GVariantIter iter;
  const char *key = NULL;
  const char *value = NULL;
  g_variant_iter_init (&iter, criteria);
  while (g_variant_iter_next (&iter, "{&s&s}", &key, &value))
    if (!read_criterion (request, key, value, error))
      return NULL;
  if ((request->content_id == NULL) == (request->criteria->len > 0))
    return g_steal_pointer (&request);
  g_set_error (error, BUS_ERROR, BUS_ERROR_INVALID_ARGUMENT,
               "either criteria are needed, or the id of a content");
  return NULL;
}
