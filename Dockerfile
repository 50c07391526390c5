# The expense tracker in an image: one static binary on a base without a shell or a package manager.
#
#   docker build -t expense-tracker .
#   docker run --rm -p 127.0.0.1:5000:5000 -v expenses:/data expense-tracker     # SQLite on a volume
#
# The log shows a code: with it, the page /setup makes the first account.
# docker-compose.yml runs the same image on PostgreSQL.

# On the builder's own architecture, whichever the image is for: Go compiles for others, and nothing has to be emulated.
FROM --platform=$BUILDPLATFORM golang:1.26.8-trixie AS build
ENV CGO_ENABLED=0 GOTOOLCHAIN=local GOFLAGS=-trimpath
WORKDIR /src

# The modules are a layer of their own: it is rebuilt only when they change, not with every edit.
COPY go.mod go.sum ./
RUN go mod download

COPY . .
ARG VERSION=dev
ARG REVISION=unknown
ARG TARGETOS
ARG TARGETARCH
# -buildvcs=false: .git is not part of the build context, so the version comes in through the arguments.
# The compiler's cache outlives the layer, so that a build after an edit compiles only what the edit touched.
RUN --mount=type=cache,target=/root/.cache/go-build \
    GOOS=$TARGETOS GOARCH=$TARGETARCH go build -buildvcs=false -ldflags "-s -w -X main.version=${VERSION} -X main.revision=${REVISION}" \
      -o /out/usr/local/bin/expense-tracker ./cmd/expense-tracker \
 && mkdir -p /out/data

# What makes backups (docker build --target backups): the same program beside PostgreSQL's own, which dump and restore, and restic, which keeps.
FROM restic/restic:0.18.1 AS restic
FROM postgres:18.6-trixie AS backups
# By this a deployment finds old ones, to forget them.
LABEL org.opencontainers.image.title="expense-tracker"
COPY --from=restic /usr/bin/restic /usr/local/bin/restic
COPY --from=build /out/usr/local/bin/expense-tracker /usr/local/bin/expense-tracker
# Named volumes mounted here take over this owner. The user is the one that PostgreSQL's scratch server runs as.
RUN install -d -o postgres -g postgres -m 0700 /backups /scratch
ENV EXPENSE_TRACKER_BACKUP_PLACE=/backups \
    EXPENSE_TRACKER_BACKUP_WORK=/scratch \
    EXPENSE_TRACKER_BACKUP_LISTEN=:5001
USER postgres
EXPOSE 5001
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["expense-tracker", "backups", "healthcheck"]
ENTRYPOINT ["expense-tracker"]
CMD ["backups"]

# For deploy/pitr/compose.yml: the database with pgBackRest, which archives its log, and the same beside what makes backups.
FROM postgres:18.6-trixie AS db-pitr
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends pgbackrest && rm -rf /var/lib/apt/lists/* \
 && install -d -o postgres -g postgres -m 0700 /var/lib/pgbackrest /var/log/pgbackrest && install -d /etc/pgbackrest
FROM backups AS backups-pitr
USER root
RUN apt-get update -qq && apt-get install -y -qq --no-install-recommends pgbackrest && rm -rf /var/lib/apt/lists/* \
 && install -d -o postgres -g postgres -m 0700 /var/lib/pgbackrest /var/log/pgbackrest && install -d /etc/pgbackrest
USER postgres

FROM gcr.io/distroless/static-debian13:nonroot
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="expense-tracker" \
      org.opencontainers.image.description="Know where the money goes: expenses typed into a browser form, kept, listed and summed" \
      org.opencontainers.image.licenses="MIT" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /out/usr/local/bin/expense-tracker /usr/local/bin/expense-tracker
# A named volume mounted here takes over this owner, so the program can write without being root. There is no VOLUME
# line: with PostgreSQL nothing is written here, and an anonymous volume would be left behind by every container.
COPY --from=build --chown=65532:65532 /out/data /data

# Who reaches the container signs in: without that, the program listens on a loopback address only.
ENV EXPENSE_TRACKER_LISTEN=:5000 \
    EXPENSE_TRACKER_AUTH_MODE=password \
    EXPENSE_TRACKER_STORAGE=sqlite:/data/expenses.db
# By number, so that an orchestrator that demands "not root" can check it without reading /etc/passwd.
USER 65532:65532
EXPOSE 5000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["expense-tracker", "healthcheck"]
ENTRYPOINT ["expense-tracker"]
