#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""The checker of docs/protocol.md finds what it is there to find. Prints TAP.

usage: test-protocol-reference.py GENERATOR SOURCE_ROOT BUILD_ROOT
"""
import os
import subprocess
import sys
import tempfile

ROW = {
    "id": '"body.version"',
    "rule": '"The version is 1.0."',
    "does": '"As the rule."',
    "code": '["alexa/alexa-request-build.c alexa_request_build"]',
    "findings": '["version"]',
    "tests": '["alexa-request /alexa/request/names", "scenario stop-idle"]',
}
# What is changed about the row, and what has to be said of it
CASES = (
    ({}, None),
    ({"id": '"Body Version"'}, "Body Version: not an id"),
    ({"does": '""'}, "body.version: no does"),
    ({"rule": None}, "body.version: no rule"),
    ({"tests": "[]"}, "body.version: no tests"),
    ({"code": None}, "body.version: no code"),
    ({"remark": '"x"'}, "body.version: unknown member remark"),
    ({"code": '["alexa/nothing.c alexa_request_build"]'}, "no file alexa/nothing.c"),
    ({"code": '["alexa/alexa-request-build.c alexa_request_buil"]'},
     "no alexa_request_buil in alexa/alexa-request-build.c"),
    ({"code": '["alexa/alexa-request-build.c"]'}, "no symbol given in alexa/alexa-request-build.c"),
    ({"findings": '["versions"]'}, "no finding versions"),
    ({"tests": '["alexa-requests /alexa/request/names"]'}, "no test alexa-requests"),
    ({"tests": '["alexa-request /alexa/request/name"]'},
     "no /alexa/request/name in test alexa-request"),
    ({"tests": '["scenario stop-idling"]'}, "no scenario stop-idling"),
)


def write_table(path, change):
    row = {**ROW, **change}
    with open(path, "w", encoding="utf-8") as file:
        file.write('title = "T"\nintro = "I"\ncolumns = { rule = "Rule", does = "Segue" }\n'
                   '[[section]]\ntitle = "S"\n[[section.row]]\n')
        file.writelines("%s = %s\n" % pair for pair in row.items() if pair[1] is not None)


def main():
    generator, source, build = sys.argv[1:]
    print("1..%d" % (len(CASES) + 1))
    with tempfile.TemporaryDirectory() as folder:
        head, page, table = (os.path.join(folder, name) for name in ("head.md", "page.md", "t.toml"))
        with open(head, "w", encoding="utf-8") as file, \
                open(os.path.join(source, "alexa", "alexa-request.c"), encoding="utf-8") as names:
            file.write(names.read())  # so that every request and locale is spoken of

        def run(*check):
            done = subprocess.run([sys.executable, generator, "--head", head, "--output", page,
                                   *check, "--", table], capture_output=True, text=True, check=False)
            return done.returncode, done.stdout + done.stderr

        for number, (change, expected) in enumerate(CASES, 1):
            write_table(table, change)
            run()
            status, said = run("--check", source, build)
            good = expected in said and status == 1 if expected else status == 0
            print("%s %d - %s" % ("ok" if good else "not ok", number, expected or "nothing to say"))
            if not good:
                print("\n".join("# " + line for line in said.splitlines()))
        write_table(table, {"does": '"Otherwise."'})
        status, said = run("--check", source, build)
        print("%s %d - out of date" % ("ok" if status == 1 and "out of date" in said else "not ok",
                                       len(CASES) + 1))


main()
