#!/usr/bin/env bash
# Gradescope runs this once, when the image is built: Node, bubblewrap for a wall more, and the kit's packages.
set -euo pipefail
apt-get update
apt-get install -y npm bubblewrap
npm install --prefix /autograder/node node@22
export PATH="/autograder/node/node_modules/node/bin:$PATH"
cd /autograder/source/kit
npm ci --omit=dev --no-audit --no-fund
