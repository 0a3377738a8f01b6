# The manager alone, as make build makes it. It needs no files of an operating system: time zones are in the binary, and the
# authority of the cluster comes with the service account.
FROM scratch
COPY bin/manager /manager
USER 65532:65532
ENTRYPOINT ["/manager"]
