# SPDX-License-Identifier: MIT
# SPDX-FileCopyrightText: The Segue authors
# What the scripts share; to be sourced by bash.

# Installs the packages of the groups given (see scripts/packages), if any is missing.
install_packages ()
{
  command -v dpkg-query >/dev/null && command -v apt-get >/dev/null || {
    echo "Not a Debian system: taking it that the packages in scripts/packages are here."
    return 0
  }
  local group package kind
  local -a missing=()
  for group in "$@"; do
    while read -r kind package; do
      [[ $kind == "$group" ]] || continue
      [[ $(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null) == installed ]] \
        || missing+=("$package")
    done < "$(dirname "${BASH_SOURCE[0]}")/packages"
  done
  (( ${#missing[@]} )) || return 0

  local -a root=()
  if (( EUID != 0 )); then
    command -v sudo >/dev/null || {
      echo "Please install these as root: apt-get install ${missing[*]}" >&2
      return 69
    }
    root=(sudo)
  fi
  echo "Installing: ${missing[*]}"
  "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q update \
    && "${root[@]}" env DEBIAN_FRONTEND=noninteractive \
      apt-get -q -y --no-install-recommends install "${missing[@]}"
}

# Sets up a build folder, unless it is set up already: configure FOLDER OPTION…
configure ()
{
  local folder=$1 built_at=
  shift
  [[ -f $folder/built-at ]] && read -r built_at < "$folder/built-at"
  [[ -f $folder/build.ninja && $built_at == "$PWD" ]] && return
  # none yet, half of one, or one from before the sources were moved, which meson cannot use any more
  rm -rf "$folder"
  meson setup "$folder" "$@" && echo "$PWD" > "$folder/built-at"
}
