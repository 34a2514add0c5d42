#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""The journal's catalog: parses, and has what the daemon logs, no more and no less.
usage: check-catalog.py JOURNAL_SOURCE CATALOG      Prints TAP."""
import os
import re
import shutil
import subprocess
import sys
import tempfile


def compile_catalog(catalog):
    """What journalctl makes of it: its complaints, and the entries it would show."""
    with tempfile.TemporaryDirectory() as root:
        folder = os.path.join(root, 'usr/lib/systemd/catalog')
        os.makedirs(folder)
        os.makedirs(os.path.join(root, 'var/lib/systemd/catalog'))
        shutil.copy(catalog, os.path.join(folder, 'segue.catalog'))
        made = subprocess.run(['journalctl', f'--root={root}', '--update-catalog'],
                              capture_output=True, text=True)
        dump = subprocess.run(['journalctl', f'--root={root}', '--dump-catalog'],
                              capture_output=True, text=True)
    complaints = made.stderr + dump.stderr
    if made.returncode or dump.returncode:
        complaints += f'exit status {made.returncode}, {dump.returncode}'
    entries = re.split(r'^-- ([0-9a-f]{32})\n', dump.stdout, flags=re.M)
    return complaints, dict(zip(entries[1::2], entries[2::2]))


def complete(ids, entries):
    for name, message_id in ids:
        if message_id not in entries:
            yield f'DAEMON_JOURNAL_{name} ({message_id}) is not in the catalog'
    for message_id in entries:
        if message_id not in [other for _, other in ids]:
            yield f'the catalog has {message_id}, which is not logged'


def useful(entries):
    for message_id, text in entries.items():
        head, _, body = text.partition('\n\n')
        for field in ('Subject', 'Defined-By', 'Documentation'):
            if not re.search(rf'^{field}: \S', head, re.M):
                yield f'{message_id} has no {field}'
        if len(body.strip()) < 40:
            yield f'{message_id} says nothing'


def fields(ids, entries, header):
    """Fields in the text are those that the event says it comes with."""
    for name, message_id in ids:
        words = re.search(rf'@DAEMON_JOURNAL_{name}:(.*?)(?= \* @DAEMON_| \*\n)', header, re.S)
        told = set(re.findall(r'SEGUE_\w+', words.group(1))) if words else set()
        for field in set(re.findall(r'@(SEGUE_\w+)@', entries.get(message_id, ''))) - told:
            yield f'{message_id} shows {field}, which {name} does not have'


def main():
    source, catalog = sys.argv[1:]
    with open(source, encoding='utf-8') as file:
        ids = re.findall(r'\[DAEMON_JOURNAL_(\w+)\]\s*=\s*\{\s*"([^"]*)"', file.read())
    with open(source[:-1] + 'h', encoding='utf-8') as file:
        header = file.read()
    complaints, entries = compile_catalog(catalog)
    results = [
        ('the catalog parses', complaints.splitlines()),
        ('each event has an identifier of its own',
         [] if ids and len({i for _, i in ids}) == len(ids)
         and all(re.fullmatch('[0-9a-f]{32}', i) for _, i in ids) else [repr(ids)]),
        ('events and catalog agree', list(complete(ids, entries))),
        ('each entry has a subject and a text', list(useful(entries))),
        ('entries show fields that there are', list(fields(ids, entries, header))),
    ]
    print(f'1..{len(results)}')
    for number, (text, faults) in enumerate(results, 1):
        print(f'{"not " if faults else ""}ok {number} {text}')
        for fault in faults:
            print(f'# {fault}')


main()
