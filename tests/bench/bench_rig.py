# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""What the bench works with: bus, sound server, HTTP server, files, and what became of them."""
import os
import sys
import urllib.request

import bench_players as players
import bench_process as proc
from bench_ear import KEEP_ALIVE_MS, Ear, Pulse
from bench_media import Media


def say(text):
    print(f'# {text}', file=sys.stderr, flush=True)


class Skill:
    """The demo skill as a process; it also serves the audio files."""

    def __init__(self, rig, tracks):
        self.processes = rig.processes
        self.process = rig.processes.start(
            [rig.options.demo_skill, '--media', rig.media.folder, '--tracks', ','.join(tracks)], talk=True)
        self.url = proc.read_line(self.process)

    def end(self):
        self.processes.stop(self.process)


class Rig:
    def __init__(self, options, folder, processes):
        self.options = options
        self.folder = folder
        self.processes = processes
        self.numbers = {}
        os.chmod(folder, 0o711)  # vlc is another user where we are root
        self.media = Media(processes, options.signal, options.media)
        self.processes.env['DBUS_SESSION_BUS_ADDRESS'] = self.start_bus()
        self.server = processes.start([sys.executable, os.path.join(os.path.dirname(__file__),
                                       'bench_server.py'), self.media.folder], talk=True)
        self.server_url = proc.read_line(self.server)
        self.finder = processes.start([options.signal, 'find'], talk=True)
        self.pulse = None
        self.heard = os.path.join(folder, 'heard.raw')

    def start_bus(self):
        address = f'unix:path={self.new_folder("bus")}/socket'
        bus = self.processes.start(['dbus-daemon', '--session', '--nofork', '--nosyslog',
                                    f'--address={address}', '--print-address'], talk=True)
        return proc.read_line(bus)

    def start_sound(self, keep_alive_ms=KEEP_ALIVE_MS):
        if self.pulse is None:
            self.pulse = Pulse(self, keep_alive_ms)
            self.processes.env.update(self.pulse.add_sink('bench'))

    def make_ear(self):
        self.start_sound()
        return Ear(self)

    def new_folder(self, name):
        self.numbers[name] = self.numbers.get(name, 0) + 1
        folder = os.path.join(self.folder, f'{name}{self.numbers[name]}')
        os.mkdir(folder)
        return folder

    def start_section(self):
        """Each has its own sound server, which ends with it."""
        self.pulse = None

    # --- files over HTTP ---

    def url(self, name, fault='ok', tag='any'):
        return f'{self.server_url}{tag}/{fault}/{name}'

    def sent(self, tag):
        with urllib.request.urlopen(f'{self.server_url}{tag}/count', timeout=10) as answer:
            return int(answer.read())

    # --- where it lies which was heard ---

    def keep(self, words):
        """What find() looks at from now on."""
        with open(self.heard, 'wb') as file:
            file.write(words.tobytes())

    def find(self, frame, length, seed, first, last):
        """(place of that frame, correlation) in the noise @seed, between two places; None: nowhere."""
        answer = proc.ask(self.finder, f'{self.heard} {frame} {length} {seed} {max(0, int(first))}'
                          f' {int(last)}', 120)
        place, correlation = map(float, answer.split())
        return (place if correlation > 0.4 else None), correlation

    # --- players ---

    def make_players(self, *ours):
        """Ours, and all peers that are installed, started; those who do not come up are left out."""
        made = []
        for make in (*ours, *(() if self.options.quick else players.peers_found())):
            if make.name not in self.options.players:
                continue
            player = make(self)
            try:
                made.append(player.start())
            except (OSError, RuntimeError, TimeoutError) as error:
                if make is players.Segued:
                    raise
                say(f'{make.name} is left out: {error}')
        return made

