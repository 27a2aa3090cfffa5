#!/bin/bash
# 离线安装包 Packs all that an installation without the internet needs into one folder: bundle.sh [FOLDER]
#   install.sh          校验、装入镜像、启动 verifies, loads the images, starts
#   images.tar.gz       全部镜像（本机架构）all images of the stack, for this machine's architecture
#   wheels/             服务与依赖的安装包，供制作带插件的镜像 for images with plugins of your own: docs/operating/plugins.md
#   deploy/ docs/       配置、脚本与运维手册 configuration, scripts, the operator's pages
# COMPOSE_PROFILES=observability 时连同看板 packs the dashboards' images too; JIUSHU_AS_BUILT=yes builds nothing anew.
set -euo pipefail
cd "$(dirname "$0")/.."

to=$(realpath -m "${1:-dist/jiushu-$(git rev-parse --short HEAD)-$(uname -m)}")
python=${PYTHON:-python3}
rm -rf "$to"
mkdir -p "$to/wheels"

compose() { docker compose --project-directory deploy "$@"; }

[ -n "${JIUSHU_AS_BUILT:-}" ] || compose build --quiet
for image in $(compose config --images | sort -u); do
  docker image inspect "$image" > /dev/null 2>&1 || docker pull --quiet "$image" > /dev/null
  echo "$image"
done > "$to/images"
xargs docker save < "$to/images" | gzip --fast > "$to/images.tar.gz"

"$python" -m pip --disable-pip-version-check download --quiet --require-hashes --dest "$to/wheels" -r lock/services.txt
"$python" -m pip --disable-pip-version-check wheel --quiet --no-deps --wheel-dir "$to/wheels" ./shared ./services/*

git ls-files deploy docs README.md README.zh.md | tar -c --files-from - | tar -x -C "$to"
cat > "$to/install.sh" <<'INSTALL'
#!/bin/bash
# 在没有互联网的机器上安装并启动；升级时同样使用 Installs and starts without the internet; upgrades likewise.
set -euo pipefail
cd "$(dirname "$0")"
sha256sum --quiet --check SHA256SUMS
gunzip --stdout images.tar.gz | docker load --quiet
if [ ! -d deploy/secrets ] && docker volume inspect jiushu_postgres > /dev/null 2>&1; then
  echo "这里已有九树的数据。请先从原来的文件夹复制 deploy/secrets、.env 与 compose.override.yml" >&2
  echo "There is a stack here: copy deploy/secrets, .env and compose.override.yml from the folder before." >&2
  exit 1
fi
deploy/secrets.sh
if [ -n "$(docker compose --project-directory deploy ps --quiet grid)" ]; then
  deploy/roll.sh
else
  docker compose --project-directory deploy up --detach --no-build --pull never --wait
fi
echo "九树已启动 Jiushu is up: http://$(docker compose --project-directory deploy port front 8080)/"
INSTALL
chmod +x "$to/install.sh"
(cd "$to" && find . -type f ! -name SHA256SUMS -print0 | sort -z | xargs -0 sha256sum > SHA256SUMS)
echo "离线安装包 the bundle: $to ($(du -sh "$to" | cut -f1))"
