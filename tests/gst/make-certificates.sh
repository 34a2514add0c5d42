#!/bin/sh
# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
# make-certificates.sh DIRECTORY: a CA (ca.pem), a certificate with key for this machine (server.pem), one
# for another host (other-host.pem), one that has expired (expired.pem), and one nobody signed (self-signed.pem).
set -eu
dir=$1
work=$(mktemp -d "$dir/certificates.XXXXXX")
trap 'rm -rf "$work"' EXIT
exec 2>"$work/log"

key () { openssl ecparam -name prime256v1 -genkey -noout -out "$work/$1.key"; }
leaf () {
  key "$1"
  openssl req -new -key "$work/$1.key" -subj "/CN=$1" -out "$work/$1.csr"
  printf 'subjectAltName=%s\nbasicConstraints=CA:FALSE\n' "$2" >"$work/$1.ext"
  openssl x509 -req -in "$work/$1.csr" -CA "$work/ca.pem" -CAkey "$work/ca.key" -CAcreateserial \
    -days "${3:-3650}" -extfile "$work/$1.ext" -out "$work/$1.crt"
  cat "$work/$1.crt" "$work/$1.key" >"$dir/$1.pem"
}

key ca
openssl req -x509 -new -key "$work/ca.key" -subj '/CN=Segue test CA' -days 3650 -out "$work/ca.pem"
leaf server 'IP:127.0.0.1,IP:10.77.0.1,IP:10.77.0.2,DNS:localhost'
leaf expired 'IP:127.0.0.1' -1
leaf other-host 'DNS:example.org'
key self
openssl req -x509 -new -key "$work/self.key" -subj '/CN=127.0.0.1' -addext 'subjectAltName=IP:127.0.0.1' \
  -days 3650 -out "$work/self.crt"
cat "$work/self.crt" "$work/self.key" >"$dir/self-signed.pem"
cp "$work/ca.pem" "$dir/ca.pem"
