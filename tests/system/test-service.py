# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""The system service in a booted systemd, under all directives of its unit.

usage: test-service.py SCRATCH MEDIA BUILD PREFIX SYSCONFDIR          Prints TAP."""
import json
import math
import os
import sys

import container
import scene
from container import wait_until

SCRATCH, MEDIA, BUILD, PREFIX, SYSCONFDIR = sys.argv[1:]
UNIT = 'segued.service'
# What would be possible without the sandbox, as probe.py names it.
WAYS_OUT = ('capabilities write-usr write-etc home shared-tmp device processes proc packets write-execute '
            'namespace realtime set-uid-file core').split()
OPEN = """User=root
ProtectSystem=no
ProtectHome=no
PrivateTmp=no
ProtectProc=default
ProcSubset=all
DevicePolicy=auto
DeviceAllow=
RestrictAddressFamilies=
CapabilityBoundingSet=~
NoNewPrivileges=no
PrivateUsers=no
RestrictNamespaces=no
RestrictSUIDSGID=no
ProtectClock=no
ProtectControlGroups=no
ProtectHostname=no
ProtectKernelLogs=no
ProtectKernelModules=no
ProtectKernelTunables=no
RestrictRealtime=no
LockPersonality=no
MemoryDenyWriteExecute=no
SystemCallFilter=
LimitCORE=infinity"""
container.enter(SCRATCH)
box = container.Container()
tap = scene.Tap()


def ctl(*args, **options):
    return box.run('seguectl', '--system', *args, **options)


def status():
    return ctl('status', '--json').stdout


def active():
    return box.show(UNIT, 'ActiveState') == 'active'


def restarts():
    return int(box.show(UNIT, 'NRestarts'))


def playing():
    return '"activity":"PLAYING"' in status()


def requests():
    """What the skill has been sent."""
    path = box.path(f'{scene.MEDIA}/requests')
    if not os.path.exists(path):
        return []
    with open(path, encoding='utf-8') as log:
        return [json.loads(line) for line in log]


def drop_in(name, lines):
    """Adds a file to the unit, or takes it away if LINES is None. Before boot, too."""
    path = f'/etc/systemd/system/{UNIT}.d/{name}.conf'
    if lines is None:
        os.remove(box.path(path))
    else:
        box.write(path, f'[Service]\n{lines}\n')
    if box.leader is not None:
        box.run('systemctl', 'daemon-reload')


def probe():
    """What could be done in the sandbox when the service was started last."""
    with open(box.path('/var/lib/segue/probe'), encoding='ascii') as result:
        return result.read()


def goes_on(ear, before):
    """After BEFORE frames had been heard something happened: what is heard then must be what comes next, or
    at most a second from before it."""
    last = next(value for value in reversed(ear.frames()[:before]) if value)

    def first():
        after = scene.sounding(ear.frames()[before:])
        # past what is faded in
        return after[scene.RATE // 4] - scene.RATE // 4 // scene.STEP if len(after) > scene.RATE // 2 else 0
    back = last - wait_until(first, 'sound after the restart')
    assert -1 <= back * scene.STEP <= scene.RATE, f'it went back by {back * scene.STEP} frames'
    tap.say(f'went back by {back * scene.STEP * 1000 // scene.RATE} ms')


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
        frames = scene.sounding(ear.frames())
        assert abs(len(frames) - scene.RATE) < scene.RATE // 10, f'{name}: {len(frames)} frames were heard'
        level = math.sqrt(sum(value * value for value in frames) / len(frames))
        assert 5300 < level < 6000, f'{name}: its level is {level:.0f}, not 5657'


def reads_credentials():
    """a token that systemd hands over as a credential reaches the skill, and its value nobody else"""
    ctl('launch', 'radio')
    sent = [request['body'] for request in requests()]
    assert sent and sent[-1]['context']['System']['user']['accessToken'] == 'sesame', sent
    for text in (box.journal(), box.run('segued', '--system', '--print-config').stdout, status()):
        assert 'sesame' not in text, text


def speaks():
    """what a skill says is spoken by the synthesiser, in the same sandbox"""
    ear = scene.Ear(box)
    ctl('launch', scene.SKILL)
    ear.wait(0.1)


def holds():
    """the sandbox holds: from inside nothing can be reached but what the service needs"""
    box.run('touch', '/tmp/secret', '/home/secret')
    box.run('mknod', '-m', '666', '/dev/test-device', 'c', '10', '229')
    box.run('systemctl', 'restart', UNIT)
    assert probe() == '', probe()


def would_be_seen_open():
    """without the directives the same probe finds each of the ways out"""
    drop_in('probe-open', OPEN)
    box.run('systemctl', 'restart', UNIT)
    found = probe().split()
    drop_in('probe-open', None)
    missing = set(WAYS_OUT) - set(found)
    assert not missing, f'not seen: {missing}; seen: {found}'
    box.run('systemctl', 'restart', UNIT)


def comes_back_when_killed():
    """SIGKILL in mid-stream: restarted, and it goes on at most 1 s before what was heard last"""
    ear = scene.Ear(box)
    ctl('play', scene.url('count.wav'))
    ear.wait(2.5)
    before = restarts()
    box.run('systemctl', 'kill', '--kill-who=main', '--signal=KILL', UNIT)
    heard = len(ear.frames())
    wait_until(lambda: restarts() == before + 1 and active(), 'the restart')
    goes_on(ear, heard)


def stops_in_time():
    """stop in mid-stream takes less than 2 s"""
    assert playing(), status()
    box.run('systemctl', 'stop', UNIT)
    assert box.show(UNIT, 'Result') == 'success', box.show(UNIT, 'Result')
    box.run('systemctl', 'start', UNIT)


try:
    scene.install(box, BUILD, PREFIX, SYSCONFDIR)
    scene.add_media(box, MEDIA)
    scene.enable(box, UNIT)
    box.write(box.config, f'''{scene.CONFIG}
[skill radio]
endpoint = {scene.SKILL}
access-token-file = credential:radio-token
''')
    box.write('/etc/credstore/radio-token', 'sesame\n', mode=0o600)
    box.copy(os.path.join(os.path.dirname(__file__), 'probe.py'), '/usr/bin/probe.py')
    drop_in('credential', 'LoadCredential=radio-token')
    drop_in('stop', 'TimeoutStopSec=2s')
    drop_in('probe', 'ExecStartPre=/usr/bin/python3 -B /usr/bin/probe.py')
    box.boot()
    tap.run(box, [starts_at_boot, plays_formats, reads_credentials, speaks, holds, would_be_seen_open,
                  comes_back_when_killed, stops_in_time])
finally:
    box.cut_power()
tap.end()
