#!/bin/bash
# 逐个更换 Brings the running stack to the images of JIUSHU_VERSION, forward or back: all databases first, then one
# service after the other, while the others, the broker and the front door go on. Requests to the one wait.
set -euo pipefail
cd "$(dirname "$0")"

docker compose run --rm --no-deps -T migrate
for service in grid consultation property alliance notify; do
  docker compose up --detach --no-deps --no-build --wait "$service"
done
