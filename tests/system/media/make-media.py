# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""What the container's server has to offer: make-media.py FOLDER

A tone of one second in each format, and a file of 40 s that says at each frame where it is: 64 frames have
the same value, those after them one more."""
import array
import math
import os
import subprocess
import sys
import wave

RATE = 44100
STEP = 64
FOLDER = sys.argv[1]
FORMATS = {
    'tone.flac': 'audioconvert ! flacenc',
    'tone.mp3': 'audioconvert ! lamemp3enc',
    'tone.ogg': 'audioconvert ! vorbisenc ! oggmux',
    'tone.opus': 'audioconvert ! audioresample ! opusenc ! oggmux',
    'tone.m4a': 'audioconvert ! avenc_aac ! mp4mux faststart=true',
}


def write_wave(name, values):
    path = os.path.join(FOLDER, name)
    with wave.open(path, 'wb') as file:
        file.setnchannels(2)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes(array.array('h', (value for value in values for _ in (0, 1))).tobytes())
    return path


write_wave('count.wav', (1 + frame // STEP for frame in range(40 * RATE)))
tone = write_wave('tone.wav', (int(8000 * math.sin(i * 2 * math.pi * 441 / RATE)) for i in range(RATE)))
for target, pipe in FORMATS.items():
    command = f'filesrc location={tone} ! wavparse ! {pipe} ! filesink location={FOLDER}/{target}'
    subprocess.run(['gst-launch-1.0', '-q', *command.split()], check=True)
