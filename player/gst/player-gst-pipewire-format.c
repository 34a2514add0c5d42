/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#include "player-gst-pipewire-format.h"

static const struct
{
  GstAudioChannelPosition gst;
  enum spa_audio_channel spa;
} channels[] = {
  { GST_AUDIO_CHANNEL_POSITION_MONO, SPA_AUDIO_CHANNEL_MONO },
  { GST_AUDIO_CHANNEL_POSITION_FRONT_LEFT, SPA_AUDIO_CHANNEL_FL },
  { GST_AUDIO_CHANNEL_POSITION_FRONT_RIGHT, SPA_AUDIO_CHANNEL_FR },
  { GST_AUDIO_CHANNEL_POSITION_FRONT_CENTER, SPA_AUDIO_CHANNEL_FC },
  { GST_AUDIO_CHANNEL_POSITION_LFE1, SPA_AUDIO_CHANNEL_LFE },
  { GST_AUDIO_CHANNEL_POSITION_REAR_LEFT, SPA_AUDIO_CHANNEL_RL },
  { GST_AUDIO_CHANNEL_POSITION_REAR_RIGHT, SPA_AUDIO_CHANNEL_RR },
  { GST_AUDIO_CHANNEL_POSITION_REAR_CENTER, SPA_AUDIO_CHANNEL_RC },
  { GST_AUDIO_CHANNEL_POSITION_SIDE_LEFT, SPA_AUDIO_CHANNEL_SL },
  { GST_AUDIO_CHANNEL_POSITION_SIDE_RIGHT, SPA_AUDIO_CHANNEL_SR },
};

static enum spa_audio_channel
find_channel (GstAudioChannelPosition position)
{
  for (guint i = 0; i < G_N_ELEMENTS (channels); i++)
    if (channels[i].gst == position)
      return channels[i].spa;
  return SPA_AUDIO_CHANNEL_UNKNOWN;
}

struct spa_audio_info_raw
player_gst_pipewire_format_make (const GstAudioInfo *info)
{
  struct spa_audio_info_raw raw = {
    .format = GST_AUDIO_INFO_FORMAT (info) == GST_AUDIO_FORMAT_S16 ? SPA_AUDIO_FORMAT_S16
                                                                   : SPA_AUDIO_FORMAT_F32,
    .rate = (guint)GST_AUDIO_INFO_RATE (info),
    .channels = (guint)GST_AUDIO_INFO_CHANNELS (info),
  };

  if (GST_AUDIO_INFO_IS_UNPOSITIONED (info))
    raw.flags |= SPA_AUDIO_FLAG_UNPOSITIONED;
  for (guint i = 0; i < raw.channels; i++)
    raw.position[i] = find_channel (info->position[i]);
  return raw;
}
