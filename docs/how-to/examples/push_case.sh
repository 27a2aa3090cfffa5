#!/usr/bin/env bash
# 上报一个事项；同一键、同一内容可以重复执行，只会有一个事项。
#
# Pushes one case and prints the answer. The same key and file may be sent again and again: there is one case.
#
#     JIUSHU_URL=http://127.0.0.1:8000 TOKEN=… ./push_case.sh 2024-0527-000123 case.json
set -euo pipefail
key=$1 file=$2
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT

push() {
  curl --silent --show-error --max-time 30 "$JIUSHU_URL/grid/v1/cases" \
    --header "Authorization: Bearer $TOKEN" \
    --header "Content-Type: application/json" \
    --header "Idempotency-Key: $key" \
    --data-binary "@$file" \
    --dump-header "$work/headers" --output "$work/answer" --write-out '%{http_code}'
}

for pause in 1 2 4 8 16; do
  : >"$work/headers" >"$work/answer"
  status=$(push) || status=000 # 没有答复，不知是否已立案 no answer: nobody knows whether there is a case now
  after=$(sed -n 's/^[Rr]etry-[Aa]fter: *\([0-9]*\).*/\1/p' "$work/headers")
  case $status,$after in
    2??,*) cat "$work/answer" && echo && exit ;;
    000, | 5??, | *,[0-9]*) sleep "${after:-$pause}" ;; # 稍后重试 the same again, with the same key
    *) break ;;                                         # 先改内容 again only after something was changed
  esac
done
echo "$status $(cat "$work/answer")" >&2
exit 1
