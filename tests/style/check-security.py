#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""Each line of docs/security.md names tests that exist.

usage: check-security.py DOCUMENT BUILD          Prints TAP."""
import json
import os
import re
import subprocess
import sys

document, build = sys.argv[1:]
with open(os.path.join(build, 'meson-info', 'intro-tests.json'), encoding='utf-8') as file:
    programs = {test['name']: test['cmd'] for test in json.load(file)}
with open(document, encoding='utf-8') as file:
    rows = [line.rstrip().strip('|').split('|') for line in file if line.startswith('| ') and line.count('|') == 4]
rows = [row for row in rows if row[2].strip() != 'Proof']
known = {}


def cases_of(program):
    if program not in known:
        known[program] = subprocess.run(programs[program] + ['-l'], stdout=subprocess.PIPE, text=True,
                                        check=False).stdout.split()
    return known[program]


def fault_of(test):
    program, _, case = test.partition(' ')
    if program not in programs:
        return f'there is no test {program}'
    return f'{program} has no case {case}' if case and case not in cases_of(program) else None


faults = []
for row in rows:
    tests = re.findall('`([^`]+)`', row[2])
    faults += [f'{row[0].strip()}: no test'] if not tests else [fault for test in tests if (fault := fault_of(test))]
print('1..1')
print(f"{'not ' if faults or len(rows) < 10 else ''}ok 1 the {len(rows)} lines of {os.path.basename(document)} are proved")
for fault in faults:
    print(f'# {fault}')
sys.exit(bool(faults) or len(rows) < 10)
