/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include <gio/gio.h>

#include "player/player-reach.h"

G_BEGIN_DECLS

/**
 * SECTION:player-gst-reach
 *
 * Which addresses belong to the internet, and which to this machine and the networks around it, and what of
 * that a #PlayerReach allows. No I/O, but for the addresses of this machine's own interfaces.
 */

/* What is said of an address beyond the reach. It names neither the address nor what the name stands
 * for: those who supplied the URL are told it. */
#define PLAYER_GST_REACH_PRIVATE_REFUSED                                                           \
  "an address of this machine or of its network, which may not be opened for this stream "         \
  "(private-media)"

/* Whether @address is one of the internet: global unicast, neither set aside for special use (RFC 6890:
 * loopback, link-local, private, shared, multicast, …) nor of a network that an interface of this
 * machine is in. IPv4 addresses wrapped in IPv6 count as what they are, a proxy that the user has named
 * as public. */
gboolean player_gst_reach_is_public (GSocketAddress *address);

/* As above, without a look at the interfaces. */
gboolean player_gst_reach_is_global (GInetAddress *address);

/* Whether @host is on this machine or its network, as far as can be told without asking for it: an
 * address that is not global, localhost, a name without a dot, one below .local, .internal, .home.arpa. */
gboolean player_gst_reach_is_home (const char *host);

/* (nullable): why @uri may not be opened; its name is not looked up. */
const char *player_gst_reach_find_fault (PlayerReach reach, GUri *uri);

G_END_DECLS
