# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""A skill and its streams, in the container: media.py FOLDER PORT

GET serves the files of FOLDER, with ranges. POST is a skill that says a word, and plays what its path
names, if anything: /skill/NAME. Each request is a line of JSON in FOLDER/requests."""
import http.server
import json
import os
import re
import sys
import time

FOLDER = sys.argv[1]
PORT = int(sys.argv[2])
TYPES = {'.wav': 'audio/wav', '.flac': 'audio/flac', '.mp3': 'audio/mpeg', '.m4a': 'audio/mp4',
         '.ogg': 'audio/ogg', '.opus': 'audio/ogg'}


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = 'HTTP/1.1'

    def do_GET(self):
        path = os.path.join(FOLDER, os.path.basename(self.path))
        if not os.path.isfile(path):
            self.send_error(404)
            return
        with open(path, 'rb') as file:
            content = file.read()
        asked = re.fullmatch(r'bytes=(\d+)-(\d*)', self.headers.get('Range', ''))
        begin = int(asked[1]) if asked else 0
        end = int(asked[2]) + 1 if asked and asked[2] else len(content)
        self.send_response(206 if asked else 200)
        self.send_header('Content-Type', TYPES[os.path.splitext(path)[1]])
        self.send_header('Accept-Ranges', 'bytes')
        self.send_header('ETag', '"1"')
        if asked:
            self.send_header('Content-Range', f'bytes {begin}-{end - 1}/{len(content)}')
        part = content[begin:end]
        self.send_header('Content-Length', str(len(part)))
        self.end_headers()
        self.wfile.write(part)

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers['Content-Length'])))
        with open(os.path.join(FOLDER, 'requests'), 'a', encoding='utf-8') as log:
            log.write(json.dumps({'at': time.monotonic(), 'body': request}) + '\n')
        answer = {'version': '1.0', 'response': {}}
        if request['request']['type'] == 'LaunchRequest':
            name = os.path.basename(self.path)
            answer['response'] = {
                'outputSpeech': {'type': 'PlainText', 'text': 'one'},
                'shouldEndSession': True,
                'directives': [] if name == '' else [{'type': 'AudioPlayer.Play', 'playBehavior': 'REPLACE_ALL', 'audioItem': {
                    'stream': {'token': name, 'url': f'http://127.0.0.1:{PORT}/{name}',
                               'offsetInMilliseconds': 0}}}],
            }
        body = json.dumps(answer).encode()
        self.send_response(200)
        self.send_header('Content-Type', 'application/json')
        self.send_header('Content-Length', str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle(self):
        try:
            super().handle()
        except ConnectionError:
            pass  # whoever asked has changed his mind

    def log_message(self, *_):
        pass


http.server.ThreadingHTTPServer(('127.0.0.1', PORT), Handler).serve_forever()
