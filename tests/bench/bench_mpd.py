# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""As much of mpd's protocol as the bench needs."""
import socket

import bench_process as proc


class Mpd:
    def __init__(self, path):
        self.socket = socket.socket(socket.AF_UNIX)
        self.socket.settimeout(10)
        proc.wait_until(lambda: self.socket.connect_ex(path) == 0, 'mpd')
        self.file = self.socket.makefile('rw', encoding='utf-8')
        self.file.readline()

    def command(self, line):
        self.file.write(line + '\n')
        self.file.flush()
        answer = self.file.readline()
        while answer and not answer.startswith(('OK', 'ACK')):
            answer = self.file.readline()
        if not answer.startswith('OK'):
            raise RuntimeError(f'mpd: {line}: {answer.strip()}')

    def close(self):
        self.socket.close()
