/* SPDX-License-Identifier: MIT
 * SPDX-FileCopyrightText: The Segue authors */
#pragma once

/* All that is said between a music skill and its caller. */
#include "alexa-music-answer.h"
#include "alexa-music-item.h"
#include "alexa-music-request.h"
