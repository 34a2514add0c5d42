# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""A PulseAudio of the bench's own, and the ear at the monitor of its null sink.

The null sink keeps time by the clock: it renders a block when the one before it is over, and hands it to
its monitor at once. So the frame that a block ends with is heard one block after the block arrives, at
the earliest; the lower hull of all arrivals over the frames is the sink's clock, free of who was late. How
long a block is, the server says. (With blocks of 2 and of 5 ms the position that a bare pulsesink
reports agrees with what is heard so, to 0.3 ms.)"""
import array
import bisect
import os
import re
import subprocess
import threading
import time

import bench_process as proc

RATE = 44100
FORMAT = ['--raw', f'--rate={RATE}', '--format=s16le', '--channels=2']
# Blocks of the sink while the ear listens: how finely it hears.
BLOCK_MS = 2
KEEP_ALIVE_MS = 20
REACH = 2 * RATE  # of the clock's fit, to both sides
QUIET = 100  # of 32767: what is not above is silence


class Pulse:
    """The server. A silent stream keeps each sink awake, so that nobody pays for waking it."""

    def __init__(self, rig, keep_alive_ms=KEEP_ALIVE_MS):
        folder = rig.new_folder('sound')
        os.chmod(folder, 0o755)
        socket = os.path.join(folder, 'socket')
        self.processes = rig.processes
        self.keep_alive_ms = keep_alive_ms
        self.env = {'PULSE_SERVER': f'unix:{socket}'}
        self.process = rig.processes.start(
            ['pulseaudio', '--daemonize=no', '-n', '--exit-idle-time=-1', '--use-pid-file=no',
             f'--load=module-native-protocol-unix auth-anonymous=1 socket={socket}'],
            # no bus: there is one name for all servers on it
            env={'XDG_RUNTIME_DIR': folder, 'DBUS_SESSION_BUS_ADDRESS': 'unix:path=/nonexistent'})
        proc.wait_until(self._answers, 'PulseAudio', 15)
        os.chmod(socket, 0o777)

    def _answers(self):
        return subprocess.run(['pactl', 'info'], env={**self.processes.env, **self.env}, check=False,
                              stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL).returncode == 0

    def add_sink(self, name):
        """Returns the environment of those who are to play into it."""
        self.processes.run(['pactl', 'load-module', 'module-null-sink', f'sink_name={name}',
                            f'rate={RATE}', 'format=s16le', 'channels=2', 'norewinds=1'], self.env)
        self.processes.start(['pacat', *FORMAT, f'--device={name}',
                              f'--latency-msec={self.keep_alive_ms}', '/dev/zero'], env=self.env)
        return {**self.env, 'PULSE_SINK': name}


class Ear:
    """What the sink plays, with the time of each frame."""

    def __init__(self, rig, sink='bench', block_ms=BLOCK_MS):
        self.processes = rig.processes
        self.heard = bytearray()
        self.forgotten = 0  # frames before what is still held
        self.frames = 0
        self.ends = []      # (frame, ns) of each arrival
        self.lock = threading.Lock()
        self.process = rig.processes.start(
            ['parec', *FORMAT, f'--device={sink}.monitor', f'--latency-msec={block_ms}'], pipe=True)
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()
        proc.wait_until(lambda: self.frames > RATE // 2, 'the monitor', 15)
        self.block_ns = self._ask_block(sink)

    def _ask_block(self, sink):
        """Length of the sink's blocks, in ns."""
        told = subprocess.run(['pactl', 'list', 'sinks'], env=self.processes.env, check=True,
                              capture_output=True, text=True, timeout=10).stdout
        ours = next(part for part in told.split('Sink #') if f'Name: {sink}\n' in part)
        return int(re.search(r'configured (\d+) usec', ours).group(1)) * 1000

    def _listen(self):
        fd, rest = self.process.stdout.fileno(), 0
        while True:
            block = os.read(fd, 65536)
            now = time.monotonic_ns()
            if not block:
                return
            rest += len(block)
            with self.lock:
                self.heard += block
                self.frames += rest // 4
                rest %= 4
                self.ends.append((self.frames, now))

    def close(self):
        self.processes.stop(self.process)

    def forget(self):
        """All but the last two seconds, which the clock is made of."""
        with self.lock:
            first = max(self.forgotten, self.frames - REACH)
            del self.heard[:(first - self.forgotten) * 4]
            self.forgotten = first
            del self.ends[:bisect.bisect_left(self.ends, (first, 0))]

    def words(self, first=0, last=None):
        """Frames as words of 32 bits, from the frame @first on."""
        with self.lock:
            begin = max(0, first - self.forgotten) * 4
            end = (self.frames if last is None else last) - self.forgotten
            return array.array('I', bytes(self.heard[begin:end * 4]))

    def wait_frames(self, last, seconds=60):
        proc.wait_until(lambda: self.frames >= last, 'the ear', seconds)

    def _edge(self, frame):
        """The edge of the lower hull of all arrivals near @frame which lies under it."""
        with self.lock:
            near = self.ends[bisect.bisect_left(self.ends, (frame - REACH, 0)):
                             bisect.bisect_left(self.ends, (frame + REACH, 0))]
        hull = []
        for point in near:
            while len(hull) > 1 and above(hull[-2], hull[-1], point):
                hull.pop()
            hull.append(point)
        if len(hull) < 2:
            raise RuntimeError('the ear has heard too little to tell the time')
        i = bisect.bisect_left(hull, (frame, 0))
        i = min(max(i, 1), len(hull) - 1)
        # an edge at the end of the hull is that of few points: rather the one before it
        if len(hull) > 2 and hull[i][0] - hull[i - 1][0] < RATE // 4:
            longest = max(range(1, len(hull)), key=lambda k: hull[k][0] - hull[k - 1][0])
            i = longest
        (n1, t1), (n2, t2) = hull[i - 1], hull[i]
        return (n1, t1 + self.block_ns), (n2, t2 + self.block_ns)

    def time_of(self, frame):
        """When a frame was heard, in ns; wants half a second of hearing after it."""
        self.wait_frames(frame + RATE // 2)
        (n1, t1), (n2, t2) = self._edge(frame)
        return t1 + (frame - n1) * (t2 - t1) / (n2 - n1)

    def frame_at(self, ns):
        """What was heard at a time: a frame, and parts of one."""
        guess = self.frames
        with self.lock:
            i = bisect.bisect_left(self.ends, ns, key=lambda end: end[1])
            if i < len(self.ends):
                guess = self.ends[i][0]
        self.wait_frames(guess + RATE // 2)
        (n1, t1), (n2, t2) = self._edge(guess)
        return n1 + (ns - t1) * (n2 - n1) / (t2 - t1)


def above(a, b, c):
    """Whether b is no corner of the lower hull of a, b, c."""
    return (b[1] - a[1]) * (c[0] - a[0]) >= (c[1] - a[1]) * (b[0] - a[0])


# --- what is in the words ---

def sides(words):
    samples = array.array('h')
    samples.frombytes(words.tobytes())
    return samples[0::2], samples[1::2]


def first_above(samples, quiet=QUIET, first=0):
    """Index of the first sample that is no silence, None if there is none."""
    for at in range(first, len(samples), 1024):
        block = samples[at:at + 1024]
        if max(block) > quiet or min(block) < -quiet:
            return next(at + i for i, x in enumerate(block) if abs(x) > quiet)
    return None


def last_above(samples, quiet=QUIET):
    reverse = samples[::-1]
    found = first_above(reverse, quiet)
    return None if found is None else len(samples) - 1 - found


def biggest_step(samples):
    return max((abs(b - a) for a, b in zip(samples, samples[1:])), default=0)


def silences(samples, least, quiet=QUIET):
    """(first, length) of each run of at least @least samples of silence."""
    found, since = [], None
    step = max(1, least // 4)
    for at in range(0, len(samples), step):
        block = samples[at:at + step]
        if max(block) <= quiet and min(block) >= -quiet:
            since = at if since is None else since
        elif since is not None:
            if at - since >= least - 2 * step:
                found.append((since, at - since))
            since = None
    if since is not None:
        found.append((since, len(samples) - since))
    exact = []
    for first, length in found:
        while first > 0 and abs(samples[first - 1]) <= quiet:
            first, length = first - 1, length + 1
        while first + length < len(samples) and abs(samples[first + length]) <= quiet:
            length += 1
        if length >= least:
            exact.append((first, length))
    return exact
