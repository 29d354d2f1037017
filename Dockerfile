FROM node:20-bookworm-slim AS front
WORKDIR /src
COPY widget widget
COPY ui ui
# npm ci throws away what was installed on the machine that builds, perhaps for another system
RUN cd widget && npm ci && npm run build && cd ../ui && npm ci && npm run build

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
RUN rm -rf widget/dist ui/dist
COPY --from=front /src/widget/dist widget/dist
COPY --from=front /src/ui/dist ui/dist
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$VERSION" -o /deskbell . && mkdir /data /empty

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /deskbell /deskbell
COPY --from=build --chown=65532:65532 /data /data
COPY --from=build --chown=65532:65532 /empty /tmp
USER 65532:65532
ENV DESKBELL_ADDR=0.0.0.0:8080 DESKBELL_DATA=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s CMD ["/deskbell", "health"]
ENTRYPOINT ["/deskbell"]
