#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""release-time.py CHANGELOG: the moment of this release in Unix time: no clock that is set is earlier.

SOURCE_DATE_EPOCH if it is there, else the newest date among the headings of the changelog, else that of
the first line of development; never later than now, so that what is built can be tested on the spot.
"""
import os
import re
import sys
import time
from calendar import timegm

FIRST = "2026-11-01"


def find(changelog):
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isdigit():
        return int(epoch)
    with open(changelog, encoding="utf-8") as file:
        dates = re.findall(r"^## \[[^]]*\] - (\d{4}-\d{2}-\d{2})", file.read(), re.M)
    newest = timegm(time.strptime(max(dates, default=FIRST), "%Y-%m-%d"))
    return min(newest, int(time.time()))


print(find(sys.argv[1]))
