#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""Writes the coverage tables of the skill protocol, and checks that what they claim is there.

Each table is a TOML file:

    title = "Requests"
    intro = "Text before the table."
    columns = { rule = "Rule", does = "Segue" }    # members of a row, and their headings

    [[section]]
    title = "Session"
    [[section.row]]
    id = "session.new"
    rule = "..."
    does = "..."
    code = ["alexa/alexa-session.c alexa_session_new"]      # file and symbol
    findings = ["version"]                                  # ids of alexa-lint; may be left out
    tests = ["alexa-request /alexa/request/names",          # meson test and path of the case
             "scenario stop-idle"]                          # tests/scenarios/stop-idle.scenario
"""

import argparse
import concurrent.futures
import difflib
import json
import os
import re
import subprocess
import sys
import tomllib

FIXED = {"id", "code", "tests", "findings"}


def load(path):
    with open(path, "rb") as file:
        return tomllib.load(file)


def rows_of(tables):
    for table in tables:
        for section in table["section"]:
            yield from ((table, row) for row in section["row"])


# --- writing ---

def cell(text):
    return " ".join(text.split()).replace("|", "\\|")


def show_code(row):
    shown = []
    for place in row["code"]:
        file, symbol = place.split(" ", 1)
        shown.append("[%s](../%s) `%s`" % (os.path.basename(file), file, symbol))
    return "<br>".join(shown)


def show_names(names):
    return "<br>".join("`%s`" % name for name in names)


def anchor(title):
    return re.sub(r"[^a-z0-9 -]", "", title.lower()).replace(" ", "-")


def write_section(table, section, write):
    columns = table["columns"]
    has_findings = any("findings" in row for _, row in rows_of([table]))
    headings = ["Id", *columns.values(), *(["Finding"] if has_findings else []), "Where", "Proved by"]
    write("### %s" % section["title"], "")
    if "intro" in section:
        write(section["intro"].strip(), "")
    write("| %s |" % " | ".join(headings), "|---" * len(headings) + "|")
    for row in section["row"]:
        cells = ["`%s`" % row["id"], *(cell(row[name]) for name in columns)]
        if has_findings:
            cells.append(show_names(row.get("findings", [])))
        write("| %s |" % " | ".join([*cells, show_code(row), cell(show_names(row["tests"]))]))
    write("")


def generate(head, tables):
    lines = []
    write = lambda *more: lines.extend(more)
    with open(head, encoding="utf-8") as text:
        write(text.read().rstrip("\n"), "")
    write("| Table | Rows |", "|---|---|")
    for table in tables:
        count = sum(len(section["row"]) for section in table["section"])
        write("| [%s](#%s) | %d |" % (table["title"], anchor(table["title"]), count))
    write("")
    for table in tables:
        write("## %s" % table["title"], "", table["intro"].strip(), "")
        for section in table["section"]:
            write_section(table, section, write)
    return "\n".join(lines).rstrip("\n") + "\n"


# --- checking ---

def check_form(tables):
    """Every row has what it needs, and an id of its own."""
    seen = set()
    for table, row in rows_of(tables):
        name = row.get("id", "?")
        if not re.fullmatch(r"[a-z0-9]+([.-][a-z0-9]+)*", name):
            yield "%s: not an id" % name
        if name in seen:
            yield "%s: given twice" % name
        seen.add(name)
        for member in set(row) - FIXED - set(table["columns"]):
            yield "%s: unknown member %s" % (name, member)
        for member in {"id", "code", "tests"} | set(table["columns"]):
            if not row.get(member):
                yield "%s: no %s" % (name, member)
        for place in row.get("code", []):
            if " " not in place:
                yield "%s: no symbol given in %s" % (name, place)


def check_code(tables, source):
    """The file is there, and the symbol is in it."""
    texts = {}
    for _, row in rows_of(tables):
        for place in row["code"]:
            file, symbol = place.split(" ", 1)
            path = os.path.join(source, file)
            if file not in texts:
                texts[file] = open(path, encoding="utf-8").read() if os.path.isfile(path) else None
            if texts[file] is None:
                yield "%s: no file %s" % (row["id"], file)
            elif not re.search(r"(?<!\w)%s(?!\w)" % re.escape(symbol), texts[file]):
                yield "%s: no %s in %s" % (row["id"], symbol, file)


def check_findings(tables, source):
    folder = os.path.join(source, "alexa")
    text = "".join(open(os.path.join(folder, name), encoding="utf-8").read()
                   for name in sorted(os.listdir(folder)) if name.startswith("alexa-lint"))
    for _, row in rows_of(tables):
        for name in row.get("findings", []):
            if '"%s"' % name not in text:
                yield "%s: no finding %s" % (row["id"], name)


def list_cases(test):
    """The paths that a GTest program knows."""
    command = test["cmd"] + ["-l"]
    try:
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False,
                              env=dict(os.environ, **test["env"]))
    except OSError as error:
        return str(error) + "; build all first"
    if done.returncode != 0:
        return "%s: exit status %d" % (" ".join(command), done.returncode)
    return set(re.findall(r"^(/\S+)$", done.stdout, re.M))


def check_tests(tables, build):
    """Meson runs the test, and the program has the case."""
    with open(os.path.join(build, "meson-info", "intro-tests.json"), encoding="utf-8") as file:
        tests = json.load(file)
    scenarios = {test["name"] for test in tests if any("scenarios" in s for s in test["suite"])}
    named = {test.split(" ", 1)[0] for _, row in rows_of(tables) for test in row["tests"]}
    programs = [test for test in tests if test["name"] in named - scenarios]
    cases = {}  # by name; two suites may each have a test of that name
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        for test, found in zip(programs, pool.map(list_cases, programs)):
            if isinstance(found, str):
                yield "%s: %s" % (test["name"], found)
                found = set()
            cases.setdefault(test["name"], set()).update(found)
    for _, row in rows_of(tables):
        for test in row["tests"]:
            program, _, case = test.partition(" ")
            if program == "scenario":
                if case not in scenarios:
                    yield "%s: no scenario %s" % (row["id"], case)
            elif program not in cases:
                yield "%s: no test %s" % (row["id"], program)
            elif cases[program] and case not in cases[program]:
                yield "%s: no %s in test %s" % (row["id"], case, program)


def check_names(page, source):
    """All request types and locales are spoken of."""
    with open(os.path.join(source, "alexa", "alexa-request.c"), encoding="utf-8") as file:
        text = file.read()
    for table in ("type_names", "reason_names", "locales"):
        body = re.search(r"\b%s\[\]\s*= \{(.*?)\};" % table, text, re.S)
        for name in re.findall(r'"([^"]+)"', body.group(1)) if body else [table]:
            if name not in page:
                yield "%s: spoken of nowhere" % name


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--head", required=True, help="text before the tables")
    parser.add_argument("--output", required=True, help="the page")
    parser.add_argument("--check", nargs=2, metavar=("SOURCE", "BUILD"),
                        help="compare instead of writing, and look for what the rows name")
    parser.add_argument("table", nargs="+")
    options = parser.parse_args()

    tables = [load(path) for path in options.table]
    faults = list(check_form(tables))
    if faults:
        sys.exit("\n".join(faults))
    new = generate(options.head, tables)
    if options.check is None:
        with open(options.output, "w", encoding="utf-8") as output:
            output.write(new)
        return
    source, build = options.check
    faults = [*check_code(tables, source), *check_findings(tables, source),
              *check_tests(tables, build), *check_names(new, source)]
    with open(options.output, encoding="utf-8") as output:
        old = output.read()
    if old != new:
        sys.stdout.writelines(difflib.unified_diff(
            old.splitlines(True), new.splitlines(True), options.output, "generated"))
        faults.append("out of date: run “ninja protocol-reference” in the build folder and check the result in")
    if faults:
        sys.exit("\n".join(faults))


if __name__ == "__main__":
    main()
