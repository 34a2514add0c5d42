#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""The HTTP server of the bench: /TAG/FAULT/NAME serves a file of the folder, one request a connection.

TAG is anything; /TAG/count gives the bytes that were sent under it. FAULT is a list joined by "+":
  ok              as it should be
  stall:N:S       after N bytes nothing for S seconds, the first time, then it goes on
  drop:N          closes after N bytes, the first time
  norange         ignores Range
  rate:N          at most N bytes per second
Usage: bench_server.py FOLDER; prints its URL."""
import os
import socket
import sys
import threading
import time

TYPES = {'flac': 'audio/flac', 'mp3': 'audio/mpeg', 'wav': 'audio/x-wav', 'm4a': 'audio/mp4',
         'ogg': 'audio/ogg', 'opus': 'audio/ogg'}
BLOCK = 32768
# small, so that what was sent says what was wanted
SEND_BUFFER = 65536


class Tag:
    def __init__(self):
        self.sent = 0
        self.requests = 0


class Plan:
    """What goes wrong with one answer."""

    def __init__(self, text, first):
        self.stall_at = self.drop_at = None
        self.stall_seconds = 0.0
        self.range = True
        self.rate = 0
        for fault in text.split('+'):
            name, *values = fault.split(':')
            if name == 'stall' and first:
                self.stall_at, self.stall_seconds = int(values[0]), float(values[1])
            elif name == 'drop' and first:
                self.drop_at = int(values[0])
            elif name == 'norange':
                self.range = False
            elif name == 'rate':
                self.rate = int(values[0])


class Server:
    def __init__(self, folder):
        self.folder = folder
        self.tags = {}
        self.lock = threading.Lock()
        self.socket = socket.create_server(('127.0.0.1', 0), backlog=64)

    def serve(self):
        print(f'http://127.0.0.1:{self.socket.getsockname()[1]}/', flush=True)
        while True:
            connection, _ = self.socket.accept()
            threading.Thread(target=self.answer, args=(connection,), daemon=True).start()

    def answer(self, connection):
        with connection:
            try:
                connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SEND_BUFFER)
                head = b''
                while b'\r\n\r\n' not in head:
                    block = connection.recv(4096)
                    if not block:
                        return
                    head += block
                self.obey(connection, head.decode('latin-1').split('\r\n'))
            except OSError:
                pass  # they have heard enough

    def obey(self, connection, lines):
        method, path = lines[0].split(' ')[:2]
        headers = {name.lower(): value.strip()
                   for name, _, value in (line.partition(':') for line in lines[1:])}
        words = path.strip('/').split('/')
        if len(words) == 2 and words[1] == 'count':
            body = str(self.tag(words[0]).sent).encode()
            connection.sendall(b'HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: %d\r\n\r\n%s'
                               % (len(body), body))
            return
        file = os.path.join(self.folder, words[-1])
        if len(words) != 3 or not os.path.isfile(file):
            connection.sendall(b'HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n')
            return
        tag = self.tag(words[0])
        with self.lock:
            tag.requests += 1
            plan = Plan(words[1], tag.requests == 1)
        with open(file, 'rb') as opened:
            self.send(connection, opened, method, headers.get('range'), plan, tag)

    def tag(self, name):
        with self.lock:
            return self.tags.setdefault(name, Tag())

    def send(self, connection, file, method, wanted, plan, tag):
        size = os.fstat(file.fileno()).st_size
        first, last = 0, size - 1
        status = '200 OK'
        if plan.range and wanted and wanted.startswith('bytes='):
            begin, _, end = wanted[6:].split(',')[0].partition('-')
            first = int(begin) if begin else max(0, size - int(end))
            last = min(int(end), size - 1) if begin and end else size - 1
            status = '206 Partial Content'
            if first >= size:
                connection.sendall(f'HTTP/1.1 416 Range Not Satisfiable\r\nContent-Range: bytes */{size}'
                                   '\r\nConnection: close\r\nContent-Length: 0\r\n\r\n'.encode())
                return
        head = [f'HTTP/1.1 {status}', 'Connection: close', f'Content-Length: {last - first + 1}',
                f'Content-Type: {TYPES.get(file.name.rpartition(".")[2], "application/octet-stream")}',
                f'ETag: "{size}"', 'Accept-Ranges: ' + ('bytes' if plan.range else 'none')]
        if status.startswith('206'):
            head.append(f'Content-Range: bytes {first}-{last}/{size}')
        connection.sendall(('\r\n'.join(head) + '\r\n\r\n').encode())
        if method != 'HEAD':
            self.send_body(connection, file, first, last + 1, plan, tag)

    def send_body(self, connection, file, at, end, plan, tag):
        file.seek(at)
        begin, first = time.monotonic(), at
        stops = sorted(stop for stop in (plan.stall_at, plan.drop_at) if stop is not None and stop >= at)
        while at < end:
            if stops and at == stops[0]:
                if stops.pop(0) == plan.drop_at:
                    return
                time.sleep(plan.stall_seconds)
            most = min(BLOCK, end - at, (stops[0] if stops else end) - at)
            if plan.rate:
                most = min(most, plan.rate // 10)
                time.sleep(max(0, begin + (at - first) / plan.rate - time.monotonic()))
            block = file.read(most)
            connection.sendall(block)
            at += len(block)
            with self.lock:
                tag.sent += len(block)


if __name__ == '__main__':
    Server(sys.argv[1]).serve()
