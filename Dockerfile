# The manager, and as the target import the plugin, built from this folder: nothing has to be built before.
#
#   docker build --build-arg VERSION=1.0 -t registry.example.com/jointplan-manager:1.0 .
#   docker buildx build --platform linux/amd64,linux/arm64 --push -t registry.example.com/jointplan-manager:1.0 .
#
# Go cross-compiles, so the first stage always runs on the machine that builds, and no other machine is emulated.
ARG GO_VERSION=1.26.8

FROM --platform=$BUILDPLATFORM golang:${GO_VERSION} AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY api api
COPY cmd/manager cmd/manager
COPY config config
COPY controllers controllers
COPY internal internal
ARG TARGETOS
ARG TARGETARCH
# The same sources give the same binary, bit for bit: no paths, no version control, no C compiler.
RUN CGO_ENABLED=0 GOOS=${TARGETOS} GOARCH=${TARGETARCH} \
    go build -trimpath -buildvcs=false -ldflags '-s -w' -o /manager ./cmd/manager

# The plugin, for imports that run by themselves: docker build --target import -t registry.example.com/jointplan-import:1.0 .
FROM build AS build-import
COPY cmd/kubectl-jointplan cmd/kubectl-jointplan
RUN CGO_ENABLED=0 GOOS=${TARGETOS} GOARCH=${TARGETARCH} \
    go build -trimpath -buildvcs=false -ldflags '-s -w' -o /kubectl-jointplan ./cmd/kubectl-jointplan

# Databases and metrics systems may be known by the authorities of the system.
FROM scratch AS import
COPY --from=build-import /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build-import /kubectl-jointplan /kubectl-jointplan
USER 65532:65532
ENTRYPOINT ["/kubectl-jointplan"]

# It needs no files of an operating system: time zones are in the binary, and the authority of the cluster comes with the service account.
FROM scratch
ARG VERSION=dev
ARG REVISION=unknown
LABEL org.opencontainers.image.title="jointplan-manager" \
      org.opencontainers.image.description="The operator for joint marketing plans of vendors and their channel partners" \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="${VERSION}" \
      org.opencontainers.image.revision="${REVISION}"
COPY --from=build /manager /manager
USER 65532:65532
ENTRYPOINT ["/manager"]
