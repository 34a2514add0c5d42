# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""Audio of the bench: frames that say which they are, music to be correlated, and the ear at the sink.

A frame is 16 bit stereo, taken as one 32 bit word. An index-coded file holds index | file << 24, so
that every frame of what comes out names its file and its place in it; word 0 is silence."""
import array
import itertools
import math
import operator
import os
import random
import threading
import time
import wave

RATE = 44100


def code(file, first, last):
    return array.array('I', (i | file << 24 for i in range(first, last)))


def music(frames, seed=7):
    """Mono 16 bit: partials that never repeat within a track; no encoder throws them away."""
    chance = random.Random(seed)
    total = array.array('d', bytes(8 * frames))
    for _ in range(16):
        step = 2 * math.pi * chance.uniform(200, 4000) / RATE
        phase = chance.uniform(0, 2 * math.pi)
        sine = math.sin
        total = array.array('d', (t + sine(step * i + phase) for i, t in enumerate(total)))
    return array.array('h', (int(1900 * t) for t in total))


def stereo(mono):
    both = array.array('h', bytes(4 * len(mono)))
    both[0::2] = mono
    both[1::2] = mono
    return both


def write_wav(path, words):
    with wave.open(path, 'wb') as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(words.tobytes())


class Ear:
    """Reads what a sink writes into a named pipe, and notes when the first sound came."""

    def __init__(self, path):
        self.path = path
        os.mkfifo(path)
        self.fd = os.open(path, os.O_RDWR)  # a writer of its own: the pipe never ends
        self.lock = threading.Lock()
        self.heard = bytearray()
        self.first_ns = None
        self.awaited = None
        self.last_ns = 0
        self.closing = False
        self.thread = threading.Thread(target=self._listen, daemon=True)
        self.thread.start()

    def _listen(self):
        while not self.closing:
            block = os.read(self.fd, 65536)
            now = time.monotonic_ns()
            with self.lock:
                self.heard += block
                self.last_ns = now
                if self.first_ns is None and (self.awaited is None
                                              or block[3::4].count(self.awaited)):
                    self.first_ns = now

    def close(self):
        self.closing = True
        os.write(self.fd, b'\0\0\0\0')
        self.thread.join(5)
        os.close(self.fd)

    def clear(self, awaited=None):
        """Forgets all; from now on waits for a frame of the index-coded file @awaited, or for any."""
        with self.lock:
            self.heard.clear()
            self.first_ns = None
            self.awaited = awaited

    def wait_end(self, seconds=0.1):
        """Waits until nothing comes any more."""
        end = time.monotonic() + 10
        while time.monotonic() < end and time.monotonic_ns() - self.last_ns < seconds * 1e9:
            time.sleep(0.01)

    def settle(self, seconds=0.1):
        """Waits until nothing comes any more, and forgets what came."""
        self.wait_end(seconds)
        self.clear()

    def wait_sound(self, seconds=15):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if self.first_ns is not None:
                return self.first_ns
            time.sleep(0.002)
        raise TimeoutError(f'no sound at {os.path.basename(self.path)}')

    def frames(self):
        with self.lock:
            return len(self.heard) // 4

    def words(self):
        with self.lock:
            return array.array('I', bytes(self.heard[:len(self.heard) // 4 * 4]))


def sound_of(words):
    """Without the silence around it."""
    first, last = 0, len(words)
    while first < last and words[first] == 0:
        first += 1
    while last > first and words[last - 1] == 0:
        last -= 1
    return words[first:last]


def joint_of_code(words, frames_a):
    """Gap, frames lost and frames added where file 1 goes over into file 2."""
    ends = [i for i, w in enumerate(words) if w >> 24 == 1]
    begins = [i for i, w in enumerate(words) if w >> 24 == 2]
    if not ends or not begins:
        return {'error': 'a track is missing'}
    last, first = ends[-1], begins[0]
    lost = frames_a - 1 - (words[last] & 0xffffff) + (words[first] & 0xffffff)
    between = first - last - 1
    heard_a, heard_b = words[ends[0]:last + 1], words[first:begins[-1] + 1]
    whole = (heard_a == code(1, words[ends[0]] & 0xffffff, frames_a)
             and heard_b == code(2, words[first] & 0xffffff, (words[begins[-1]] & 0xffffff) + 1))
    return {'gap': between - lost, 'between': between, 'lost': lost, 'bit_exact': whole}


def left_of(words):
    samples = array.array('h')
    samples.frombytes(words.tobytes())
    return samples[0::2]


def lag(heard, original, at, expected, reach, length=1200):
    """Where original[at:at + length] lies in @heard: (place - at, correlation coefficient)."""
    pattern = original[at:at + length]
    norm = math.sqrt(sum(map(operator.mul, pattern, pattern))) or 1.0
    first, last = max(0, expected - reach), min(len(heard) - length, expected + reach)
    near = heard[first:last + length]
    squares = [0, *itertools.accumulate(map(operator.mul, near, near))]
    best, place = 0.0, None
    for i in range(max(0, last - first + 1)):
        value = sum(map(operator.mul, pattern, near[i:i + length]))
        energy = squares[i + length] - squares[i]
        if energy > 0 and value / (norm * math.sqrt(energy)) > best:
            best, place = value / (norm * math.sqrt(energy)), first + i
    return (None if best < 0.7 else place - at), best


def joint_of_music(words, original, frames_a):
    """Frames between the two tracks that the recording does not have (or, negative, lacks), and
    frames in front of the first; found by correlation on both sides of the joint."""
    heard = left_of(words)
    sure = 3000  # off the joint: encoders smear what lies next to an edge
    before, one = lag(heard, original, 22050, 22050 + 1000, 4000)
    if before is None:
        return {'error': f'track one was not recognized ({one:.2f})'}
    at = frames_a - sure - 1200
    left, one = lag(heard, original, at, at + before, 1500)
    right, two = lag(heard, original, frames_a + sure, frames_a + sure + before, 5000)
    if left is None or right is None:
        return {'error': f'the joint was not recognized ({one:.2f}, {two:.2f})'}
    return {'gap': right - left, 'before': before, 'drift': left - before,
            'correlation': round(min(one, two), 4)}
