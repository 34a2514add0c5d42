# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""The Debian packages: built, looked at by lintian, and installed, upgraded and purged in a booted systemd.

usage: test-packages.py SCRATCH MEDIA SOURCE          Prints TAP."""
import glob
import os
import re
import shutil
import subprocess
import sys

import container
import scene
from container import Problem, wait_until

SCRATCH, MEDIA, SOURCE = sys.argv[1:]
UNIT = 'segued.service'
CONFIG = '/etc/segue/segue.conf'
NAMES = ('segued', 'seguectl', 'segue-dev', 'segue-doc')
container.enter(SCRATCH)
box = container.Container()
tap = scene.Tap()
# nobody else sees what is mounted over the scratch folder
work = os.path.join(SCRATCH, 'packages')


def command(*args, cwd=work, seconds=600):
    """Runs a program of this machine; a Problem with what it printed if it fails."""
    done = subprocess.run(args, cwd=cwd, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True, timeout=seconds)
    if done.returncode:
        lines = done.stdout.splitlines()
        tap.say('\n'.join(lines[-40:]))
        raise Problem(f'{" ".join(args)}: exit status {done.returncode}')
    return done.stdout


def ctl(*args, **options):
    return box.run('seguectl', '--system', *args, **options).stdout


def status():
    return ctl('status', '--json')


def packages(folder=work):
    """The files, in the order of NAMES."""
    return [file for name in NAMES for file in glob.glob(f'{folder}/{name}_*.deb')]


def install(files):
    for file in files:
        box.copy(file, '/srv/' + os.path.basename(file))
    box.run('dpkg', '-i', *('/srv/' + os.path.basename(file) for file in files), seconds=120)


def are_built():
    """dpkg-buildpackage makes source and binary packages"""
    ignored = shutil.ignore_patterns('.git', 'build*', '__pycache__')
    shutil.copytree(SOURCE, f'{work}/segue', ignore=ignored)
    shutil.copytree(f'{SOURCE}/.ci', f'{work}/segue/.ci', dirs_exist_ok=True)
    command('dpkg-buildpackage', '-us', '-uc', cwd=f'{work}/segue')
    assert len(packages()) == len(NAMES)


def are_clean():
    """lintian finds no error and nothing to warn of"""
    changes = glob.glob(f'{work}/*.changes')
    said = command('lintian', '--allow-root', '--fail-on', 'error,warning', *changes)
    assert not re.search('^[EW]:', said, re.MULTILINE), said


def install_and_start():
    """installed, the service runs, is enabled, and answers members of its group"""
    install(packages())
    assert box.show(UNIT, 'ActiveState') == 'active', box.run('systemctl', 'status', UNIT, check=False).stdout
    assert box.show(UNIT, 'NRestarts') == '0', 'it did not start at the first attempt'
    assert box.run('systemctl', 'is-enabled', UNIT).stdout.strip() == 'enabled'
    assert 'IDLE' in status()
    box.run('runuser', '-u', 'member', '--', 'seguectl', '--system', 'volume', '40%')
    box.copy(f'{SOURCE}/debian/tests/installed', '/srv/installed')
    box.run('sh', '/srv/installed')
    assert not box.run('systemctl', '--failed', '--plain', '--no-legend').stdout


def upgrade():
    """upgraded, it is the new version, keeps its configuration, and goes on playing"""
    os.mkdir(f'{work}/newer')
    for file in packages():
        command('dpkg-deb', '-R', file, 'unpacked')
        control = f'{work}/unpacked/DEBIAN/control'
        with open(control, encoding='utf-8') as text:
            changed = re.sub(r'^(Version: .*)$', r'\1+newer', text.read(), flags=re.MULTILINE)
        with open(control, 'w', encoding='utf-8') as text:
            text.write(changed)
        command('dpkg-deb', '--root-owner-group', '-b', 'unpacked', 'newer')
        shutil.rmtree(f'{work}/unpacked')
    ctl('play', scene.url('count.wav'))
    ear = scene.Ear(box)
    ear.wait(1)
    before = box.show(UNIT, 'MainPID')
    install(packages(f'{work}/newer'))
    assert box.run('dpkg-query', '-W', '-f', '${Version}', 'segued').stdout.endswith('+newer')
    assert box.show(UNIT, 'ActiveState') == 'active'
    assert box.show(UNIT, 'MainPID') != before, 'it has not been restarted'
    ear = scene.Ear(box)
    wait_until(lambda: 'PLAYING' in status(), 'playing after the upgrade')
    ear.wait(0.5)


def purge():
    """removed, it is stopped and its state is kept; purged, only its user stays"""
    box.run('dpkg', '-r', *NAMES, seconds=120)
    assert box.show(UNIT, 'ActiveState') == 'inactive'
    assert os.path.exists(box.path('/var/lib/segue/segue.db')), 'the state is gone with the program'
    os.remove(box.path(CONFIG))
    box.run('dpkg', '-P', *NAMES, seconds=120)
    left = box.run('find', '/etc', '/usr', '/lib', '/var', '-xdev', '-name', '*segue*', '-not', '-path', '/usr/src/*',
                   '-not', '-path', '/srv/*').stdout.split()
    assert not left, f'left behind: {left}'
    assert not box.run('systemctl', '--failed', '--plain', '--no-legend').stdout


try:
    os.makedirs(work)
    tap.run(box, [are_built])
    if not tap.failed:
        box.write(CONFIG, scene.CONFIG)
        scene.add_media(box, MEDIA)
        scene.add_users(box, 'g segue -\nu member - "Somebody who may control it"\nm member segue\n')
        box.boot()
        tap.run(box, [are_clean, install_and_start, upgrade, purge])
finally:
    box.cut_power()
    shutil.rmtree(work, ignore_errors=True)
tap.end()
