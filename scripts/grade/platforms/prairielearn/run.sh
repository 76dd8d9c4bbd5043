#!/usr/bin/env bash
# PrairieLearn's external grader: the submission is in /grade/student, the result goes to /grade/results. GRADE is another root, for trying it out.
set -euo pipefail
kit="$(cd "$(dirname "${BASH_SOURCE[0]}")/../../../.." && pwd)"
root="${GRADE:-/grade}"
mkdir -p "$root/results"
exec node "$kit/scripts/gradus.js" grade "$root/student" --format prairielearn --out "$root/results/results.json"
