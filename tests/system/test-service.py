# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""The system service in a booted systemd, under all directives of its unit.

usage: test-service.py SCRATCH MEDIA BUILD PREFIX SYSCONFDIR          Prints TAP."""
import math
import sys

import container
import scene
from container import wait_until

SCRATCH, MEDIA, BUILD, PREFIX, SYSCONFDIR = sys.argv[1:]
UNIT = 'segued.service'
container.enter(SCRATCH)
box = container.Container()
tap = scene.Tap()


def ctl(*args, **options):
    return box.run('seguectl', '--system', *args, **options)


def status():
    return ctl('status', '--json').stdout


def active():
    return box.show(UNIT, 'ActiveState') == 'active'


def main_pid():
    pid = int(box.show(UNIT, 'MainPID'))
    assert pid > 1, f'no main process: {pid}'
    return pid


def starts_at_boot():
    """it starts at boot, and nothing in the system has failed"""
    assert active(), box.run('systemctl', 'status', UNIT, check=False).stdout


def plays_formats():
    """WAV, FLAC, MP3, Vorbis, Opus and AAC are decoded over HTTP and reach the sink, each whole"""
    for name in scene.TONES:
        ear = scene.Ear(box)
        ctl('play', scene.url(name))
        ear.wait(0.9)
        wait_until(lambda: 'STOPPED' in status() or 'FINISHED' in status(), f'end of {name}', 10)
        frames = ear.sounding()
        assert abs(len(frames) - scene.RATE) < scene.RATE // 10, f'{name}: {len(frames)} frames were heard'
        level = math.sqrt(sum(value * value for value in frames) / len(frames))
        assert 5300 < level < 6000, f'{name}: its level is {level:.0f}, not 5657'


try:
    scene.install(box, BUILD, PREFIX, SYSCONFDIR)
    scene.add_media(box, MEDIA)
    box.write(box.config, scene.CONFIG)
    scene.enable(box, UNIT)
    box.boot()
    tap.run(box, [starts_at_boot, plays_formats])
    tap.say(status())
finally:
    box.cut_power()
tap.end()
