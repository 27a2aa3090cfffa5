# A service whose clock is told by FAKETIME; needs Debian's packages.
ARG IMAGE
FROM $IMAGE
USER root
RUN apt-get update && apt-get install --yes --no-install-recommends faketime && rm -rf /var/lib/apt/lists/*
USER 10001:10001
