#!/bin/bash
# 备份 Backs up the running stack into two folders: backup.sh [FOLDER]
#   FOLDER/postgres.tar.gz        一个时刻的全部数据库 all databases, as they were at one moment
#   FOLDER/since                  此刻之后的事件要重新发布 from when on events are said again after a restore
#   FOLDER.keys/<service>.tar.gz  服务自己的卷：数据密钥、附件 what a service keeps beside its database: its data keys
#   FOLDER.keys/secrets.tar.gz    deploy/secrets、.env 与 compose.override.yml passwords, the tokens' key
# 两个文件夹分开存放：合在一起谁都能读 Keep the two apart: whoever has both reads everything.
# The keys come after the databases: what a database was sealed with is among them for certain.
set -euo pipefail
cd "$(dirname "$0")"
umask 077

to=$(realpath -m "${1:-backups/$(date -u +%Y%m%dT%H%M%SZ)}")
rm -rf "$to.part" "$to.keys.part"
mkdir -p "$to.part" "$to.keys.part"
date -u +%Y-%m-%dT%H:%M:%S+0000 > "$to.part/since"

compose() { docker compose "$@"; }

compose exec -T postgres pg_basebackup --username postgres --pgdata - --format tar --wal-method fetch \
  --checkpoint fast | gzip --fast > "$to.part/postgres.tar.gz"
for service in grid consultation property alliance notify; do
  compose run --rm --no-deps -T --entrypoint tar "$service" -C /var/lib/jiushu -cz . > "$to.keys.part/$service.tar.gz"
done
tar -cz $(ls -d secrets .env compose.override.yml 2>/dev/null) > "$to.keys.part/secrets.tar.gz"

for folder in "$to" "$to.keys"; do
  (cd "$folder.part" && sha256sum -- * > SHA256SUMS)
  mv "$folder.part" "$folder"
done
echo "备份完成 backed up: $to ($(du -sh "$to" | cut -f1)); 密钥另存 keys, to be kept apart: $to.keys"
