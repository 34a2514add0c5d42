#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""Measures segued against the bare pipeline in one run: a table for people, JSON for machines.

What each line means stands in docs/performance.md."""
import argparse
import json
import os
import platform
import signal
import sys
import tempfile

import bench_measures as measures
import bench_table as table
from bench_process import Processes
from bench_rig import Rig, found

SECTIONS = ('start', 'gap', 'use', 'offset', 'codec')


def parse():
    parser = argparse.ArgumentParser(description=__doc__)
    for name in ('segued', 'demo-skill', 'caller', 'bare', 'codec'):
        parser.add_argument(f'--{name}', required=True, type=os.path.abspath)
    parser.add_argument('--json', required=True, help='file to write')
    parser.add_argument('--runs', type=int, default=8, help='how often starts are timed')
    parser.add_argument('--only', nargs='+', choices=SECTIONS, default=SECTIONS)
    return parser.parse_args()


def environment(folder):
    """No proxy, no settings of whoever runs this; one registry of plug-ins for all."""
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(('DBUS_', 'GST_', 'G_MESSAGES', 'G_DEBUG', 'XDG_', 'NOTIFY_', 'PULSE_'))}
    env.update(GIO_USE_PROXY_RESOLVER='dummy', GSETTINGS_BACKEND='memory', GIO_USE_VFS='local',
               LC_ALL='C.UTF-8', XDG_CONFIG_HOME=folder, XDG_RUNTIME_DIR=folder,
               GST_REGISTRY=os.path.join(folder, 'registry.bin'))
    return env


def measure(options, folder):
    result = {'machine': {'kernel': platform.release(), 'processors': os.cpu_count(),
                          'load_before': os.getloadavg()[0]}}
    with Processes(folder, environment(folder)) as processes:
        measures.say('making the audio files')
        rig = Rig(options, folder, processes)
        rig.start_bus()
        try:
            for section in options.only:
                if section == 'start':
                    result['start'] = measures.measure_start(rig, options.runs)
                else:
                    result[section] = getattr(measures, f'measure_{section}')(rig)
        finally:
            rig.close()
    result['machine']['load_after'] = os.getloadavg()[0]
    return result


def on_signal(*_):
    sys.exit(143)


def main():
    options = parse()
    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGHUP, on_signal)
    with tempfile.TemporaryDirectory(prefix='segue-bench-') as folder:
        result = measure(options, folder)
    with open(options.json, 'w', encoding='utf-8') as file:
        json.dump(result, file, indent=2)
        file.write('\n')
    print(table.render(result))
    for peer in ('pulseaudio', 'mpd'):
        if not found(peer):
            print(f'{peer} is not installed and was left out.')
    print(f'Load of the machine: {result["machine"]["load_before"]:.1f} before,'
          f' {result["machine"]["load_after"]:.1f} after, {os.cpu_count()} processors.'
          f' All figures: {options.json}')


main()
