#!/usr/bin/env python3
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
"""Writes the D-Bus reference out of the comments in the interface XML.

A comment belongs to the element behind it:

    Name: text                 or   Name:
                                    @argument: what it is

                                    Paragraphs.

                                    States: ...
                                    Errors: ...
"""

import argparse
import difflib
import re
import sys
import textwrap
from xml.dom import minidom

LABELS = ("States", "Errors")


class Doc:
    """One comment, taken apart."""

    def __init__(self, comment):
        self.args = {}
        self.labels = {}
        self.paragraphs = []
        lines = textwrap.dedent(comment or "").strip("\n")
        text = re.sub(r"^\s*[\w.]+:[ \t]*", "", lines, count=1)
        for block in re.split(r"\n\s*\n", text):
            self._take(block)

    def _take(self, block):
        # "@name: ..." and "Label: ..." begin anew at the start of a line, a label also inside of one.
        block = re.sub(r"(?<=[.)]) (?=(?:%s): )" % "|".join(LABELS), "\n", block)
        parts = re.split(r"\n(?=\s*(?:@\w+|%s): )" % "|".join(LABELS), "\n" + block.strip("\n"))
        for part in parts:
            part = " ".join(part.split())
            arg = re.match(r"@(\w+): (.*)", part)
            label = re.match(r"(%s): (.*)" % "|".join(LABELS), part)
            if arg:
                self.args[arg.group(1)] = arg.group(2)
            elif label:
                self.labels[label.group(1)] = label.group(2)
            elif part:
                self.paragraphs.append(part)

    @property
    def title(self):
        return self.args.get("short_description", "")


def code(text):
    """@name in prose names an argument."""
    return re.sub(r"@(\w+)", r"`\1`", text)


def doc_of(element):
    node = element.previousSibling
    while node is not None and node.nodeType == node.TEXT_NODE:
        node = node.previousSibling
    if node is None or node.nodeType != node.COMMENT_NODE:
        sys.exit("%s %s has no comment" % (element.tagName, element.getAttribute("name")))
    name = element.getAttribute("name")
    if not re.match(r"\s*%s:" % re.escape(name), node.data):
        sys.exit("the comment before %s %s is about something else" % (element.tagName, name))
    return Doc(node.data)


def children(element, tag):
    return [n for n in element.childNodes if n.nodeType == n.ELEMENT_NODE and n.tagName == tag]


def signature(element):
    args = children(element, "arg")
    show = lambda a: "%s %s" % (a.getAttribute("type"), a.getAttribute("name"))
    ins = [show(a) for a in args if a.getAttribute("direction") != "out"]
    outs = [show(a) for a in args if a.getAttribute("direction") == "out"]
    text = "%s (%s)" % (element.getAttribute("name"), ", ".join(ins))
    return text + (" → (%s)" % ", ".join(outs) if outs else "")


def describe(doc, element, write):
    """Prose, arguments, states and errors of a method or signal."""
    for paragraph in doc.paragraphs:
        write(code(paragraph), "")
    names = [a.getAttribute("name") for a in children(element, "arg")]
    for name in doc.args:
        if name not in names:
            sys.exit("%s has no argument %s" % (element.getAttribute("name"), name))
    if doc.args:
        for name in names:
            if name in doc.args:
                write("* `%s`: %s" % (name, code(doc.args[name])))
        write("")
    for label in LABELS:
        if label in doc.labels:
            write("**%s:** %s" % (label, code(doc.labels[label])), "")


def emits(element, default):
    for annotation in children(element, "annotation"):
        if annotation.getAttribute("name").endswith("EmitsChangedSignal"):
            return annotation.getAttribute("value")
    return default


def write_members(interface, write):
    for tag, heading in (("method", "Methods"), ("signal", "Signals")):
        members = children(interface, tag)
        if members:
            write("### %s" % heading, "")
        for member in members:
            write("#### %s" % member.getAttribute("name"), "")
            write("```", signature(member), "```", "")
            describe(doc_of(member), member, write)


def write_properties(interface, write):
    properties = children(interface, "property")
    if not properties:
        return
    write("### Properties", "", "| Property | Type | Access | Changes signalled | Meaning |")
    write("|---|---|---|---|---|")
    for prop in properties:
        doc = doc_of(prop)
        signalled = {"true": "yes", "false": "no", "const": "constant"}[emits(prop, "true")]
        meaning = " ".join(code(p) for p in doc.paragraphs).replace("|", "\\|")
        write("| `%s` | `%s` | %s | %s | %s |" % (
            prop.getAttribute("name"), prop.getAttribute("type"),
            prop.getAttribute("access").replace("readwrite", "read, write"), signalled, meaning))
    write("")


def write_interface(interface, write):
    doc = doc_of(interface)
    write("## %s" % interface.getAttribute("name"), "", "*%s*" % doc.title, "")
    for paragraph in doc.paragraphs:
        write(code(paragraph), "")
    write_members(interface, write)
    write_properties(interface, write)


def read_errors(path):
    with open(path, encoding="utf-8") as header:
        text = header.read()
    found = re.findall(r"BUS_ERROR_\w+,\s*/\* (\w+): (.*?) \*/", text)
    if len(found) != len(re.findall(r"^  BUS_ERROR_\w+,", text, re.M)):
        sys.exit("%s: an error without a meaning" % path)
    return found


def write_errors(path, write):
    write("## Errors", "", "The names at the methods stand for `org.segue.Error.` and that name.", "")
    write("| Error | Meaning |", "|---|---|")
    for name, meaning in read_errors(path):
        write("| `org.segue.Error.%s` | %s |" % (name, meaning))
    write("", "Beside these come those of the bus itself: `org.freedesktop.DBus.Error.AccessDenied` (the policy of "
          "the system bus), `…InvalidArgs` (arguments of another type), `…UnknownMethod`, "
          "`…PropertyReadOnly`.", "")


def generate(head, errors, sources):
    lines = []
    write = lambda *more: lines.extend(more)
    with open(head, encoding="utf-8") as text:
        write(text.read().rstrip("\n"), "")
    interfaces = [i for s in sources for i in minidom.parse(s).getElementsByTagName("interface")]
    write("| Interface | |", "|---|---|")
    for interface in interfaces:
        name = interface.getAttribute("name")
        write("| [%s](#%s) | %s |" % (name, name.lower().replace(".", ""), doc_of(interface).title))
    write("| [Errors](#errors) | Named errors |", "")
    for interface in interfaces:
        write_interface(interface, write)
    write_errors(errors, write)
    return "\n".join(lines).rstrip("\n") + "\n"


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n", 1)[0])
    parser.add_argument("--head", required=True, help="text before the interfaces")
    parser.add_argument("--errors", required=True, help="header with the named errors")
    parser.add_argument("--output", required=True, help="the reference")
    parser.add_argument("--check", action="store_true", help="compare instead of writing")
    parser.add_argument("xml", nargs="+")
    options = parser.parse_args()

    new = generate(options.head, options.errors, options.xml)
    if not options.check:
        with open(options.output, "w", encoding="utf-8") as output:
            output.write(new)
        return
    with open(options.output, encoding="utf-8") as output:
        old = output.read()
    if old != new:
        sys.stdout.writelines(difflib.unified_diff(
            old.splitlines(True), new.splitlines(True), options.output, "generated"))
        sys.exit("out of date: run “ninja dbus-reference” in the build folder and check the result in")


if __name__ == "__main__":
    main()
