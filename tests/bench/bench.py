#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""Measures segued against the bare pipeline, gst-launch, and mpd, mpv and vlc where they are installed, in
one run: a table for people, JSON for machines.

    bench.py --build BUILD                        all, in some 12 minutes; -> BUILD/tests/bench/bench.json
    bench.py --build BUILD --only start           some sections only, those below
    bench.py --build BUILD --only use --players segued gst-launch
    bench.py --build BUILD --only start --runs 3 --quick

start      command to what is heard: play, switch, pause, resume, stop; silence and clicks
gap        joins: frames lost or added, silence
offset     starts at 12.345 s in eight formats, seeks
deep       starts at 50 min of an hour: error, time, bytes
position   reported − heard
pipewire   the same on PipeWire (packages pipewire and wireplumber)
cold       process started to command answered, to audible
control    round trips
use        memory, processor, wake-ups, threads
faults     a stream from a bad network
codec      answers and requests of skills
music      a music service whose URLs expire: resume with one that has to be renewed

All are heard at the monitor of a null sink in a PulseAudio of the bench's own (packages pulseaudio and
pulseaudio-utils), and served by its own HTTP server on 127.0.0.1. What each line means stands in
docs/performance.md."""
import argparse
import json
import os
import platform
import signal
import sys
import tempfile
import time

import bench_exact
import bench_latency
import bench_load
import bench_music
import bench_pipewire
from bench_players import PEERS, found
from bench_process import Processes
from bench_rig import Rig
from bench_table import PLAYERS, Table

# A machine that starves the sound server is no fault of what is measured
ATTEMPTS = 3

SECTIONS = {
    'start': bench_latency.measure_start,
    'gap': bench_exact.measure_gap,
    'offset': bench_exact.measure_offset,
    'deep': bench_exact.measure_deep,
    'position': bench_exact.measure_position,
    'pipewire': bench_pipewire.measure_pipewire,
    'cold': bench_latency.measure_cold,
    'control': bench_latency.measure_control,
    'use': bench_load.measure_use,
    'faults': bench_load.measure_faults,
    'codec': bench_load.measure_codec,
    'music': bench_music.measure_music,
}
PROGRAMS = {'segued': 'daemon/segued', 'demo_skill': 'tests/demo-skill/demo-skill',
            'demo_music': 'tests/demo-music/demo-music',
            'caller': 'tests/bench/bench-caller', 'bare': 'tests/bench/bench-bare',
            'signal': 'tests/bench/bench-signal', 'codec': 'tests/bench/bench-codec',
            'monitor': 'tests/bench/bench-monitor'}


def parse():
    parser = argparse.ArgumentParser(description=__doc__,
                                     formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument('--build', required=True, type=os.path.abspath, help='build folder')
    parser.add_argument('--json', type=os.path.abspath, help='file to write')
    parser.add_argument('--media', type=os.path.abspath, help='folder where audio files are kept')
    parser.add_argument('--runs', type=int, default=5, help='how often what is short is timed')
    parser.add_argument('--only', nargs='+', choices=SECTIONS, default=list(SECTIONS))
    parser.add_argument('--players', nargs='+', choices=PLAYERS, default=list(PLAYERS))
    parser.add_argument('--quick', action='store_true', help='one format, no peers: that it still works')
    parser.add_argument('--check', action='store_true', help='fails where segued misses a goal three times')
    options = parser.parse_args()
    for name, path in PROGRAMS.items():
        setattr(options, name, os.path.join(options.build, path))
    options.json = options.json or os.path.join(options.build, 'tests/bench/bench.json')
    options.media = options.media or os.path.join(options.build, 'tests/bench/bench-media')
    return options


def environment(folder):
    """No proxy, no settings of whoever runs this; one registry of plug-ins for all."""
    env = {name: value for name, value in os.environ.items()
           if not name.startswith(('DBUS_', 'GST_', 'G_MESSAGES', 'G_DEBUG', 'XDG_', 'NOTIFY_', 'PULSE_',
                                   'PIPEWIRE_', 'DISPLAY', 'WAYLAND_'))}
    env.update(GIO_USE_PROXY_RESOLVER='dummy', GSETTINGS_BACKEND='memory', GIO_USE_VFS='local',
               LC_ALL='C.UTF-8', XDG_CONFIG_HOME=folder, XDG_RUNTIME_DIR=folder, HOME=folder,
               GST_REGISTRY=os.path.join(folder, 'registry.bin'))
    return env


def measure(options, folder):
    table = Table()
    machine = {'kernel': platform.release(), 'processors': os.cpu_count(),
               'load_before': os.getloadavg()[0], 'seconds': {}}
    with Processes(folder, environment(folder)) as processes:
        processes.run(['gst-inspect-1.0'])  # the registry of plug-ins, so that nobody pays for it
        rig = Rig(options, folder, processes)
        for section in options.only:
            begin = time.monotonic()
            with processes.scope():
                rig.start_section()
                SECTIONS[section](rig, table)
            machine['seconds'][section] = round(time.monotonic() - begin, 1)
    machine['load_after'] = os.getloadavg()[0]
    return {'machine': machine, **table.to_json()}, table.render()


def on_signal(*_):
    sys.exit(143)


def main():
    options = parse()
    signal.signal(signal.SIGTERM, on_signal)
    signal.signal(signal.SIGHUP, on_signal)
    for program in ('pulseaudio', 'parec', 'lame', 'dbus-daemon'):
        if not found(program):
            sys.exit(f'{program} is not installed.')
    for _ in range(ATTEMPTS if options.check else 1):
        with tempfile.TemporaryDirectory(prefix='segue-bench-') as folder:
            result, text = measure(options, folder)
        missed = any(row['reached'] is False for row in result['rows'])
        if not missed:
            break
    with open(options.json, 'w', encoding='utf-8') as file:
        json.dump(result, file, indent=1)
        file.write('\n')
    print(text)
    for peer in PEERS:
        if not found(peer):
            print(f'{peer} is not installed and was left out.')
    machine = result['machine']
    print(f'Load of the machine: {machine["load_before"]:.1f} before, {machine["load_after"]:.1f} after,'
          f' {os.cpu_count()} processors. All figures: {options.json}')
    if options.check and missed:
        sys.exit(1)


main()
