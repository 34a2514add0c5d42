# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""A PipeWire of the bench's own, the ear at its null sink, and the position that is told on it.

The graph's clock says when each cycle begins, and the null sink plays what it is given from then on. Its monitor
hands that on in the same cycle, unless the sink itself drives the graph: then a cycle later, which is why another
null sink drives it here."""
import array
import bisect
import os
import struct
import threading

import bench_exact as exact
import bench_players as players
import bench_process as proc
from bench_ear import RATE
from bench_rig import say
from bench_table import at_most

QUANTA = (256, 1024, 4096)  # frames of a cycle
HEAD = struct.Struct('=qQ')
SECONDS = 12
SINK = 'bench'
CONFIG = '''
context.properties = {{
  default.clock.rate = {rate}
  default.clock.quantum = {quantum}
  default.clock.min-quantum = {quantum}
  default.clock.max-quantum = {quantum}
}}
context.objects = [
  {{ factory = adapter args = {{ {sink} node.name = {name} priority.session = 2000 priority.driver = 10 }} }}
  {{ factory = adapter args = {{ {sink} node.name = driver priority.session = 10 priority.driver = 2000 }} }}
]
'''
NULL_SINK = (f'factory.name = support.null-audio-sink media.class = Audio/Sink object.linger = true '
             f'node.group = bench audio.rate = {RATE} audio.position = [ FL FR ]')


class Pipewire:
    """The server and its session manager."""

    def __init__(self, rig, quantum):
        folder = rig.new_folder('pipewire')
        config = os.path.join(folder, 'pipewire', 'pipewire.conf.d')
        os.makedirs(config)
        os.chmod(folder, 0o700)
        with open(os.path.join(config, 'bench.conf'), 'w', encoding='utf-8') as file:
            file.write(CONFIG.format(rate=RATE, quantum=quantum, sink=NULL_SINK, name=SINK))
        self.env = {name: folder for name in ('XDG_RUNTIME_DIR', 'XDG_CONFIG_HOME', 'XDG_STATE_HOME',
                                              'XDG_DATA_HOME', 'HOME')}
        self.env['DBUS_SYSTEM_BUS_ADDRESS'] = 'unix:path=/nonexistent'
        rig.processes.start(['pipewire'], env=self.env)
        proc.wait_until(lambda: os.path.exists(os.path.join(folder, 'pipewire-0')), 'PipeWire')
        rig.processes.start(['wireplumber'], env=self.env)


class CycleEar:
    """What the sink plays, and when each cycle of it began."""

    def __init__(self, rig, server):
        self.processes = rig.processes
        self.heard = bytearray()
        self.frames = 0
        self.cycles = []  # (ns, first frame, frames)
        self.lock = threading.Lock()
        self.process = rig.processes.start([rig.options.monitor, SINK, str(RATE)], pipe=True,
                                           env=server.env)
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()
        proc.wait_until(lambda: self.frames > RATE // 2, 'the monitor', 15)

    def _listen(self):
        stream = self.process.stdout
        while True:
            head = stream.read(HEAD.size)
            if len(head) < HEAD.size:
                return
            ns, frames = HEAD.unpack(head)
            block = stream.read(frames * 4)
            with self.lock:
                self.cycles.append((ns, self.frames, frames))
                self.heard += block
                self.frames += frames

    def forget(self):
        """Nothing: it does not listen for long."""

    def words(self, first=0, last=None):
        with self.lock:
            return array.array('I', bytes(self.heard[first * 4:(self.frames if last is None else last) * 4]))

    def wait_frames(self, last, seconds=60):
        proc.wait_until(lambda: self.frames >= last, 'the ear', seconds)

    def frame_at(self, ns):
        """What was heard at a time: a frame, and parts of one."""
        proc.wait_until(lambda: self.cycles[-1][0] > ns, 'the ear')
        with self.lock:
            began, first, frames = self.cycles[bisect.bisect(self.cycles, (ns,)) - 1]
        return first + min((ns - began) * RATE / 1e9, frames - 1)

    def close(self):
        self.processes.stop(self.process)


def measure_quantum(rig, table, quantum):
    server = Pipewire(rig, quantum)
    ear = CycleEar(rig, server)
    everybody = [make for make in (players.Segued(rig, 'pipewire', server.env),
                                   players.Bare(rig, 'pipewiresink', server.env))
                 if make.name in rig.options.players]
    middle, worst, back, paused = {}, {}, {}, {}
    for player in everybody:
        say(f'position on PipeWire, cycles of {quantum}: {player.name}')
        player.start()
        try:
            errors, back[player.name] = exact.follow_position(
                rig, ear, player, SECONDS / (4 if rig.options.quick else 1))
            middle[player.name] = errors
            worst[player.name] = max(errors, key=abs)
            paused[player.name] = exact.error_of_pause(ear, player)
            player.stop()
            exact.wait_silent(ear)
        except (TimeoutError, RuntimeError) as error:
            say(f'{player.name} failed: {error}')  # GStreamer's own sink hangs at times
        player.end()
    table.add('pipewire', f'median (farthest), cycles of {quantum}', 'ms', middle, at_most(0.2))
    table.add('pipewire', f'worst, cycles of {quantum}', 'ms', worst, at_most(1))
    table.add('pipewire', 'times it ran backwards', '', back, at_most(0), digits=0)
    table.add('pipewire', 'paused: reported − first sample after it', 'ms', paused, at_most(0.03))
    ear.close()


def measure_pipewire(rig, table):
    programs = ('pipewire', 'wireplumber', rig.options.monitor)
    if not all(map(players.found, programs)):
        say('PipeWire is left out: it is not installed, or segued has been built without it')
        return
    rig.media.make(['place.flac'])
    for quantum in QUANTA[1:2] if rig.options.quick else QUANTA:
        with rig.processes.scope():
            measure_quantum(rig, table, quantum)
