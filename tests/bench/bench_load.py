# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""What playing takes, and what is heard of a stream from a bad network."""
import json
import os
import subprocess
import time

import bench_ear as hear
import bench_media as media
import bench_players as players
import bench_process as proc
from bench_ear import Pulse
from bench_rig import Skill, say
from bench_table import Goal, at_least, at_most, factor_of

SETTLE_SECONDS = 1.5
CLOSED_SECONDS = 3.5  # after a stop segued releases the sink in two, after a start it warms up
KEEP_ALIVE_MS = 200   # so long that the player's buffer decides how often the server asks
PLAY_SECONDS = 6
IDLE_SECONDS = 3
FIGURES = (('pss_kb', 'PSS', 'MB', 1e-3), ('private_kb', 'memory of its own', 'MB', 1e-3),
           ('cpu_seconds_per_hour', 'processor', 's/h', 1), ('wakeups_per_second', 'wake-ups', '1/s', 1),
           ('threads', 'threads', '', 1))


class Usage:
    """state → player → what proc.observe() gives"""

    def __init__(self):
        self.states = {}

    def observe(self, state, player, seconds, settle=SETTLE_SECONDS):
        time.sleep(settle)
        say(f'use: {player.name}, {state}')
        self.states.setdefault(state, {})[player.name] = proc.observe(player.pid, seconds)


def observe_player(rig, usage, player, sink):
    """idle, playing, paused, stopped"""
    if player.name not in ('bare', 'gst-launch') and not sink:
        usage.observe('idle', player, IDLE_SECONDS, CLOSED_SECONDS)
    for kind in ('flac', 'mp3'):
        player.play(rig.url(f'long.{kind}'))
        usage.observe(f'{kind}{sink}', player, PLAY_SECONDS)
        if not sink and kind == 'mp3' and hasattr(player, 'pause') and player.name != 'bare':
            player.pause()
            usage.observe('paused', player, IDLE_SECONDS)
        player.stop()
    if player.name not in ('bare', 'gst-launch') and not sink:
        usage.observe('stopped, after playing', player, IDLE_SECONDS, CLOSED_SECONDS)


def observe_next(rig, usage):
    """Playing with the next item open and decoded: two tracks of a skill that is asked early."""
    player = players.Segued(rig, config='[player]\nnearly-finished = early\n').start()
    skill = Skill(rig, ['long.flac', 'left.flac'])
    player.call('Launch', f"('{skill.url}',)", f'{players.SEGUE}.Conversation')
    time.sleep(1)
    usage.observe('flac, the next FLAC ready', player, PLAY_SECONDS)
    player.end()
    skill.end()


def measure_use(rig, table):
    rig.media.make(['long.flac', 'long.mp3', 'left.flac'])
    rig.start_sound(KEEP_ALIVE_MS)
    usage = Usage()
    # one after the other: what two processes share counts half in the PSS of each
    for make in (players.Segued, players.GstLaunch, *players.peers_found()):
        if make.name not in rig.options.players:
            continue
        for sink in ('', ' into a null sink'):
            if sink and make not in (players.Segued, players.GstLaunch):
                continue
            with rig.processes.scope():
                try:
                    arguments = {}
                    if make is players.GstLaunch or sink:
                        arguments['sink'] = players.NULL_SINK if sink else players.LARGE_PULSE_SINK
                    player = make(rig, **arguments).start()
                    observe_player(rig, usage, player, sink)
                    player.end()
                except (OSError, RuntimeError, TimeoutError) as error:
                    say(f'{make.name} is left out: {error}')
    observe_next(rig, usage)
    add_use_rows(table, usage)


def use_goal(key, state):
    playing = state.startswith(('flac', 'mp3'))
    if not playing:
        if key == 'pss_kb' and state == 'idle':
            return at_most(4)
        resting = state != 'paused' and key in ('wakeups_per_second', 'cpu_seconds_per_hour')
        return at_most(0.1) if resting else Goal()
    if 'next' in state:
        return at_most(10) if key == 'pss_kb' else Goal()
    return factor_of('gst-launch', 1.1) if key != 'private_kb' else Goal()


def add_use_rows(table, usage):
    for key, label, unit, scale in FIGURES:
        for state, by_player in usage.states.items():
            if key == 'private_kb' and not state.startswith(('idle', 'flac')):
                continue
            values = {name: [figures[key] * scale] for name, figures in by_player.items()}
            table.add('use', f'{label}: {state}', unit, values, use_goal(key, state),
                      0 if key == 'threads' else 1)
    table.details['use'] = usage.states


# --- faults ---

LISTEN_SECONDS = 68
SPEED = 320_000 // 8  # of the file, in bytes per second
FAULTS = (
    ('stall of 3 s, little ahead', f'rate:{SPEED * 5 // 4}+stall:{10 * SPEED}:3', 30),
    ('stall of 20 s, fast link', f'stall:{10 * SPEED}:20', 30),
    ('connection dropped', f'drop:{7 * SPEED}', 30),
    ('dropped, no Range', f'drop:{7 * SPEED}+norange', 30),
    ('64 kbit/s', 'rate:8000', LISTEN_SECONDS * 8000 / SPEED),
)
WAITS_SECONDS = 5  # of audio that may have come and not yet play when nobody listens any more
LEAST_SILENCE = hear.RATE // 50
NOTHING = 2  # of 32767
CHUNK = 8192


class Witness:
    """One player, one fault, one sink of its own."""

    def __init__(self, rig, pulse, make, number, fault):
        self.rig = rig
        self.number = number
        sink = f'{make.name}{number}'
        env = pulse.add_sink(sink)
        if make is players.Segued:
            env['DBUS_SESSION_BUS_ADDRESS'] = rig.start_bus()
        if make is players.Bare:
            self.player = make(rig, sink='pulsesink', env=env).start()
        else:
            self.player = make(rig, env=env).start()
        self.file = os.path.join(rig.folder, f'{sink}.raw')
        with open(self.file, 'wb') as file:
            self.recorder = subprocess.Popen(
                ['parec', *hear.FORMAT, f'--device={sink}.monitor', '--latency-msec=200'],
                env={**rig.processes.env, **env}, stdout=file, stderr=subprocess.DEVNULL,
                preexec_fn=proc.die_with_parent(os.getpid()))
        rig.processes.running.append(self.recorder)
        self.url = rig.url('fault.mp3', fault, f'fault-{sink}')

    def play(self):
        try:
            self.player.play(self.url)
        except RuntimeError as error:
            say(f'{self.player.name}: {error}')

    def end(self):
        self.player.end()
        self.rig.processes.stop(self.recorder)

    def words(self):
        words = hear.array.array('I')
        with open(self.file, 'rb') as file:
            data = file.read()
        words.frombytes(data[:len(data) // 4 * 4])
        return words


def what_was_heard(rig, words):
    """How far in s, dropouts, their length in s, frames lost, frames repeated."""
    left, _ = hear.sides(words)
    first, last = hear.first_above(left, NOTHING), hear.last_above(left, NOTHING)
    if first is None:
        return {'far': 0.0, 'dropouts': 0, 'silence': 0.0, 'lost': 0, 'repeated': 0}
    silent = [run for run in hear.silences(left[first:last + 1], LEAST_SILENCE, NOTHING)]
    rig.keep(words)
    lost = repeated = 0
    far = 0.0
    before = None
    for at in places_to_look(first, last, [(first + at, n) for at, n in silent]):
        quiet = sum(n for s, n in silent if before and before[0] <= first + s < at)
        expected = before[1] + at - before[0] - quiet if before else 0
        place = None
        for reach in (2048, 2 * hear.RATE, media.FAULT_SECONDS * hear.RATE):
            if place is None:
                place, _ = rig.find(at, CHUNK // 2, media.FAULT_SEED, expected - reach, expected + reach)
        if place is None:
            continue
        if before:
            jump = round(place - expected)
            # a fade's first frames are silent; one more is the correlation's
            lost += jump if jump > 2 else 0
            repeated -= jump if jump < -2 else 0
        before = (at, place)
        far = max(far, (place + CHUNK // 2) / hear.RATE)
    return {'far': far, 'dropouts': len(silent), 'silence': sum(n for _, n in silent) / hear.RATE,
            'lost': lost, 'repeated': repeated}


def places_to_look(first, last, silent):
    """Twice a second, and on both sides of each silence; windows without silence in them."""
    edges = [first, *(edge for at, n in silent for edge in (at, at + n)), last]
    places = []
    for begin, end in zip(edges[0::2], edges[1::2]):
        if end - begin < CHUNK // 2:
            continue
        places += range(begin, end - CHUNK // 2, hear.RATE // 2)
        places.append(end - CHUNK // 2)
    return sorted(set(places))


def measure_faults(rig, table):
    rig.media.make(['fault.mp3'])
    makers = [players.Segued, players.Bare, *players.peers_found()]
    faults = FAULTS
    if rig.options.quick:
        makers, faults = makers[:1], FAULTS[2:3]
    witnesses = []
    for number, (_, fault, _) in enumerate(faults):
        pulse = Pulse(rig, keep_alive_ms=200)  # one for each fault: a server takes 64 clients at most
        for make in makers:
            if make.name not in rig.options.players:
                continue
            try:
                witnesses.append((make.name, Witness(rig, pulse, make, number, fault)))
            except (OSError, RuntimeError, TimeoutError) as error:
                say(f'{make.name} is left out: {error}')
    say(f'faults: {len(witnesses)} players at once, {LISTEN_SECONDS} s')
    for _, witness in witnesses:
        witness.play()
        time.sleep(0.2)
    time.sleep(LISTEN_SECONDS)
    for _, witness in witnesses:
        witness.end()
    for number, (label, _, whole) in enumerate(faults):
        found = {name: what_was_heard(rig, witness.words())
                 for name, witness in witnesses if witness.number == number}
        add_fault_rows(table, label, whole, found)


def add_fault_rows(table, label, whole, found):
    def values(key):
        return {name: [heard[key]] for name, heard in found.items()}
    table.add('faults', f'{label}: how far', 's', values('far'), at_least(29 if whole == 30 else round(whole - WAITS_SECONDS)),
              digits=1)
    table.add('faults', f'{label}: dropouts', '', values('dropouts'),
              at_most(1 if whole == 30 else 8), digits=0)
    table.add('faults', f'{label}: silence', 's', values('silence'), Goal(), digits=1)
    table.add('faults', f'{label}: lost', 'frames', values('lost'), at_most(0), digits=0)
    table.add('faults', f'{label}: repeated', 'frames', values('repeated'), at_most(0), digits=0)


# --- the codec ---

def measure_codec(rig, table):
    say('answers and requests')
    found = json.loads(subprocess.run([rig.options.codec], check=True, capture_output=True, text=True,
                                      timeout=300).stdout)
    for answer in found['answers']:
        table.add('codec', f'answer of {answer["bytes"] / 1000:.0f} kB, bare: json-glib alone', 'µs',
                  {'segued': answer['segue_us'], 'bare': answer['json_glib_us']})
    for key, label in (('built', 'requests built'), ('signed', 'the same, signed with SHA-256'),
                       ('signed_twice', 'the same, with SHA-256 and SHA-1')):
        table.add('codec', label, '1/s', {'segued': found['requests_per_second'][key]})
