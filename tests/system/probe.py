# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""Run in the sandbox of a unit: writes what it could do there to $STATE_DIRECTORY/probe, one word each."""
import ctypes
import glob
import mmap
import os
import resource
import socket

CLONE_NEWUSER = 0x10000000
libc = ctypes.CDLL(None, use_errno=True)


def can_write(path):
    try:
        with open(path, 'a', encoding='ascii'):
            return True
    except OSError:
        return False


def can_open(path):
    try:
        os.close(os.open(path, os.O_RDONLY))
        return True
    except OSError:
        return False


def can_call(function, *args):
    try:
        function(*args)
        return True
    except (OSError, ValueError):
        return False


def shows_others():
    return [pid for pid in glob.glob('/proc/[0-9]*') if os.stat(pid).st_uid != os.getuid()]


def capabilities():
    with open('/proc/self/status', encoding='ascii') as status:
        return any(int(line.split()[1], 16) for line in status if line.startswith(('CapEff', 'CapBnd')))


FOUND = {
    'root': os.getuid() == 0,
    'capabilities': capabilities(),
    'write-usr': can_write('/usr/written'),
    'write-etc': can_write('/etc/written'),
    'home': can_open('/home') or can_open('/run/user'),
    'shared-tmp': can_open('/tmp/secret'),
    'device': can_open('/dev/test-device'),
    'processes': shows_others(),
    'proc': os.path.exists('/proc/meminfo'),
    'kernel-tunable': can_write('/proc/sys/kernel/hostname'),
    'kernel-log': can_open('/dev/kmsg'),
    'packets': can_call(socket.socket, socket.AF_PACKET, socket.SOCK_RAW),
    'write-execute': can_call(mmap.mmap, -1, 4096, mmap.MAP_PRIVATE | mmap.MAP_ANONYMOUS,
                              mmap.PROT_WRITE | mmap.PROT_EXEC),
    'namespace': libc.unshare(CLONE_NEWUSER) == 0,
    'realtime': can_call(os.sched_setscheduler, 0, os.SCHED_FIFO, os.sched_param(1)),
    'set-uid-file': can_write(os.path.join(os.environ['STATE_DIRECTORY'], 's'))
    and can_call(os.chmod, os.path.join(os.environ['STATE_DIRECTORY'], 's'), 0o4755),
    'core': resource.getrlimit(resource.RLIMIT_CORE)[0] != 0,
}

with open(os.path.join(os.environ['STATE_DIRECTORY'], 'probe'), 'w', encoding='ascii') as result:
    result.write(' '.join(name for name, possible in FOUND.items() if possible))
