#!/usr/bin/env bash
# Exercism's test runner: run.sh SLUG INPUT-FOLDER OUTPUT-FOLDER. The slug is the lesson.
set -euo pipefail
kit="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../.." && pwd)"
mkdir -p "$3"
exec node "$kit/scripts/gradus.js" grade "$2" --lesson "$1" --format exercism --out "$3/results.json"
