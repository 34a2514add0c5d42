#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""Adds up the results of meson's test logs: count-results.py LOG.json …

Prints "N passed, N failed, N skipped"; exit status 0 only if there is a test and none failed or was
skipped. A log that is not there counts as one failure: its build or its run broke down. A part of a TAP
test that was skipped counts as skipped, too.
"""
import json
import re
import sys


def count(path):
    passed = failed = skipped = 0
    try:
        with open(path, encoding='utf-8') as log:
            tests = [json.loads(line) for line in log if line.strip()]
    except OSError:
        print(f'{path}: missing', file=sys.stderr)
        return 0, 1, 0
    for test in tests:
        parts = re.findall(r'^\s*ok\b.*#\s*skip\b.*$', test.get('stdout') or '', re.I | re.M)
        if parts:
            skipped += len(parts)
            print(f'skipped in {test["name"]}: ' + '; '.join(parts), file=sys.stderr)
        if test['result'] in ('OK', 'EXPECTEDFAIL'):
            passed += 1
        elif test['result'] == 'SKIP':
            skipped += 0 if parts else 1
        else:
            failed += 1
            print(f'{test["result"].lower()}: {test["name"]}', file=sys.stderr)
    return passed, failed, skipped


passed, failed, skipped = (sum(column) for column in zip(*map(count, sys.argv[1:])))
sys.stderr.flush()
print(f'{passed} passed, {failed} failed, {skipped} skipped')
sys.exit(0 if passed > 0 and failed == skipped == 0 else 1)
