FROM node:20-bookworm-slim AS front
WORKDIR /src
COPY widget/package.json widget/package-lock.json widget/.npmrc widget/
COPY ui/package.json ui/package-lock.json ui/.npmrc ui/
RUN cd widget && npm ci && cd ../ui && npm ci
COPY widget widget
COPY ui ui
RUN cd widget && npm run build && cd ../ui && npm run build

FROM golang:1.26-bookworm AS build
WORKDIR /src
COPY go.mod go.sum ./
RUN go mod download
COPY . .
COPY --from=front /src/widget/dist widget/dist
COPY --from=front /src/ui/dist ui/dist
ARG VERSION=dev
RUN CGO_ENABLED=0 go build -trimpath -ldflags "-s -w -X main.version=$VERSION" -o /deskbell . && mkdir /data

FROM scratch
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/
COPY --from=build /deskbell /deskbell
COPY --from=build --chown=65532:65532 /data /data
USER 65532:65532
ENV DESKBELL_ADDR=0.0.0.0:8080 DESKBELL_DATA=/data
VOLUME /data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s CMD ["/deskbell", "health"]
ENTRYPOINT ["/deskbell"]
