# syntax=docker/dockerfile:1
# Stage 1 bundles the workflow canvas, stage 2 restores and publishes, stage 3 holds only the runtime and the published program.
FROM node:22-bookworm-slim AS canvas
WORKDIR /src/Canvas
COPY AgentLab.Web/Canvas/package.json AgentLab.Web/Canvas/package-lock.json ./
RUN npm ci --ignore-scripts --no-audit --no-fund
COPY AgentLab.Web/Canvas/ ./
RUN node build.mjs --out /bundle --minify

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1

# The project files first: as long as they do not change, the restored packages come from the cache.
COPY Directory.Build.props Directory.Packages.props ./
COPY eng/ eng/
COPY AgentLab.Core/AgentLab.Core.csproj AgentLab.Core/
COPY AgentLab.Data/AgentLab.Data.csproj AgentLab.Data/
COPY AgentLab.Web/AgentLab.Web.csproj AgentLab.Web/
RUN dotnet restore AgentLab.Web

# The documents are embedded for the document search.
COPY .editorconfig appsettings.json README.md ./
COPY docs/ docs/
COPY AgentLab.Core/ AgentLab.Core/
COPY AgentLab.Data/ AgentLab.Data/
COPY AgentLab.Web/ AgentLab.Web/
COPY --from=canvas /bundle/ AgentLab.Web/wwwroot/js/
RUN dotnet publish AgentLab.Web -c Release -o /app --no-restore -p:UseAppHost=false -p:CanvasPrebuilt=true

FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS run
# A current SQLite, the time zones that agents ask for, and curl for the health check.
RUN apt-get update \
    && apt-get install -y --no-install-recommends libsqlite3-0 tzdata curl \
    && rm -rf /var/lib/apt/lists/* \
    && mkdir /data && chown app:app /data && chmod 700 /data
WORKDIR /app
COPY --from=build /app ./
USER app
ENV ASPNETCORE_URLS=http://+:8080 \
    AgentLab__DataDirectory=/data
VOLUME /data
EXPOSE 8080
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=15s --timeout=5s --start-period=20s --retries=3 \
    CMD curl --fail --silent --show-error --max-time 4 http://127.0.0.1:8080/health/ready > /dev/null
ENTRYPOINT ["dotnet", "AgentLab.Web.dll"]
