# 带插件的镜像 A service's image with plugins of your own: docs/operating/plugins.md
#   docker build --file deploy/plugins.Dockerfile --build-arg SERVICE=notify --tag jiushu/notify:site FOLDER-WITH-WHEELS
ARG SERVICE
ARG VERSION=local
FROM jiushu/$SERVICE:$VERSION
USER root
COPY *.whl /tmp/wheels/
RUN pip install --quiet --no-index --no-deps /tmp/wheels/*.whl && rm -r /tmp/wheels
USER 10001:10001
