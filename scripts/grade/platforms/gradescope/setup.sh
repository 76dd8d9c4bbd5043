#!/usr/bin/env bash
# Gradescope runs this once, when the image is built: Node, bubblewrap for a wall more, and the kit's packages.
set -euo pipefail
apt-get update
apt-get install -y bubblewrap
command -v npm || apt-get install -y npm # an image that brings its own Node has it
npm install --prefix /autograder/node node@22
export PATH="/autograder/node/node_modules/node/bin:$PATH"
cd /autograder/source/kit
npm ci --omit=dev --no-audit --no-fund
node scripts/gradus.js grade exercises --lesson 01 > /dev/null # loads the suites once, and not again for each submission
