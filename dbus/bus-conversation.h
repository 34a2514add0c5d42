/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

#include "bus-backend.h"
#include "bus-generated.h"

G_BEGIN_DECLS

/**
 * BusConversation:
 *
 * The interface org.segue.Segue1.Conversation: hands calls on to the backend, and puts its steps
 * and the player's activity on the bus.
 */
#define BUS_TYPE_CONVERSATION (bus_conversation_get_type ())
G_DECLARE_FINAL_TYPE (
    BusConversation, bus_conversation, BUS, CONVERSATION, BusGenSegue1ConversationSkeleton)

BusConversation *bus_conversation_new (PlayerController *controller, BusBackend *backend);

/* @group: (nullable): its members may name skills by URLs that are not known yet, besides root and the
 * user of this process. */
void bus_conversation_set_injectors (BusConversation *self, const char *group);

G_END_DECLS
