#!/usr/bin/env bash
# Two nodes of AgentLab on one PostgreSQL database, Redis between them and nginx before them: on this machine, without containers.
#
#   eng/cluster.sh                      http://127.0.0.1:5090, until Ctrl+C
#     --port P          where the balancer listens; 0 takes a free port (default 5090)
#     --nodes N         how many nodes, 1 to 9 (default 2)
#     --directory D     keep the database and the logs there; without it they are deleted at the end
#     --without-redis   PostgreSQL carries the hints between the nodes
#     --attached        end when standard input ends
#
# Settings in the environment (AgentLab__Admin__Email, AgentLab__RateLimits__Api ...) go to every node. AGENTLAB_WEB names a built AgentLab.Web.dll; without it
# the program is built. It needs PostgreSQL's server programs, nginx and, unless told otherwise, Redis (Debian: apt-get install postgresql nginx-light redis-server).
set -euo pipefail
root=$(cd "$(dirname "$0")/.." && pwd)
port=5090 nodes=2 directory='' redis=1 attached=0

say() { printf '%s\n' "$*"; }
die() { printf 'cluster.sh: %s\n' "$*" >&2; exit 1; }

while [ $# -gt 0 ]; do
  case "$1" in
    --port) port=${2:?}; shift ;;
    --nodes) nodes=${2:?}; shift ;;
    --directory) directory=${2:?}; shift ;;
    --without-redis) redis=0 ;;
    --attached) attached=1 ;;
    *) die "unknown argument $1; the first lines of this file say what there is" ;;
  esac
  shift
done
[[ $nodes =~ ^[1-9]$ ]] || die "--nodes takes 1 to 9"
[[ $port =~ ^[0-9]{1,5}$ ]] || die "--port takes a number"

PATH=$PATH:/usr/sbin:/sbin
postgres=$(ls -d /usr/lib/postgresql/*/bin /usr/local/pgsql/bin 2>/dev/null | sort -V | tail -1 || true)
[ -n "$postgres" ] || postgres=$(dirname "$(command -v initdb || true)")
[ -x "$postgres/initdb" ] || die "PostgreSQL's server programs are missing (Debian: apt-get install postgresql)"
command -v nginx >/dev/null || die "nginx is missing (Debian: apt-get install nginx-light)"
[ $redis = 0 ] || command -v redis-server >/dev/null || die "redis-server is missing (Debian: apt-get install redis-server), or say --without-redis"

temporary=0
if [ -z "$directory" ]; then directory=$(mktemp -d "${TMPDIR:-/tmp}/agentlab-cluster-XXXXXX"); temporary=1; fi
mkdir -p "$directory" && directory=$(cd "$directory" && pwd)

# PostgreSQL refuses to run as root, and must reach its folder.
as_postgres=()
if [ "$(id -u)" = 0 ]; then as_postgres=(runuser -u postgres --); chmod 711 "$directory"; fi
database="$directory/postgres"
pids=()

stop() {
  trap - EXIT INT TERM
  for pid in "${pids[@]}"; do kill -TERM "$pid" 2>/dev/null || true; done
  for pid in "${pids[@]}"; do
    for _ in $(seq 300); do kill -0 "$pid" 2>/dev/null || break; sleep 0.1; done
    kill -KILL "$pid" 2>/dev/null || true
  done
  [ ! -f "$database/data/postmaster.pid" ] || "${as_postgres[@]}" "$postgres/pg_ctl" -D "$database/data" -m fast -w stop >/dev/null 2>&1 || true
  [ $temporary = 0 ] || rm -rf "$directory"
}
trap stop EXIT
trap 'exit 0' INT TERM

taken=()
free_port() { # sets $free: a port of the loopback that nobody listens on
  while free=$((20000 + RANDOM % 12000)); [[ " ${taken[*]} " == *" $free "* ]] || (exec 3<>"/dev/tcp/127.0.0.1/$free") 2>/dev/null; do :; done
  taken+=("$free")
}

wait_for() { # what, log, command...: until the command succeeds
  local what=$1 log=$2; shift 2
  for _ in $(seq 1200); do if "$@" >/dev/null 2>&1; then return; fi; sleep 0.1; done
  tail -20 "$log" >&2; die "$what did not start"
}

web=${AGENTLAB_WEB:-}
if [ -z "$web" ]; then
  say "building"
  dotnet build "$root/AgentLab.Web" -c Release -nologo -v q -clp:NoSummary
  web="$root/artifacts/bin/AgentLab.Web/release/AgentLab.Web.dll"
fi

# The database listens on a socket in its own folder, on no port.
mkdir -p "$database"
if [ "$(id -u)" = 0 ]; then chown postgres "$database"; fi
if [ ! -d "$database/data" ]; then
  (cd / && "${as_postgres[@]}" "$postgres/initdb" -D "$database/data" -U agentlab -A trust -E UTF8) >"$directory/postgres.log" 2>&1 || { tail "$directory/postgres.log" >&2; die "initdb failed"; }
fi
(cd / && "${as_postgres[@]}" "$postgres/pg_ctl" -D "$database/data" -l "$database/log" -w -o "-k $database -c listen_addresses='' -c max_connections=300" start) >>"$directory/postgres.log" 2>&1 \
  || { tail "$directory/postgres.log" >&2; die "PostgreSQL did not start"; }
say "database   $database"

if [ $redis = 1 ]; then
  free_port; redis_port=$free
  redis-server --port "$redis_port" --bind 127.0.0.1 --dir "$directory" --save '' --appendonly no >"$directory/redis.log" 2>&1 &
  pids+=($!)
  wait_for Redis "$directory/redis.log" bash -c "exec 3<>/dev/tcp/127.0.0.1/$redis_port"
  export AgentLab__Hints__Redis="127.0.0.1:$redis_port"
  say "redis      127.0.0.1:$redis_port  pid $!"
fi

# What all nodes share besides the database: the key that seals secrets and sign-ins.
key="$directory/root.key"
[ -f "$key" ] || (umask 077; od -An -N32 -tx1 /dev/urandom | tr -d ' \n' >"$key")
export AgentLab__Database__Provider=PostgreSql AgentLab__Database__ConnectionString="Host=$database;Username=agentlab;Database=agentlab" AgentLab__RootKeyFile="$key"
export AgentLab__Http__KnownProxies__0=127.0.0.1
"${as_postgres[@]}" "$postgres/psql" -h "$database" -U agentlab -d postgres -tAc "SELECT 1 FROM pg_database WHERE datname = 'agentlab'" | grep -q 1 \
  || "${as_postgres[@]}" "$postgres/createdb" -h "$database" -U agentlab agentlab

servers=''
for i in $(seq "$nodes"); do
  name=$(printf "\\x$(printf %x $((96 + i)))")
  free_port
  # The first one migrates the database; the others find it done.
  AgentLab__Node__Name=$name AgentLab__DataDirectory="$directory/node-$name" dotnet "$web" --urls "http://127.0.0.1:$free" >"$directory/node-$name.log" 2>&1 &
  pids+=($!)
  wait_for "node $name" "$directory/node-$name.log" grep -q 'AgentLab is ready at' "$directory/node-$name.log"
  say "node $name     http://127.0.0.1:$free  pid $!"
  servers+="        server 127.0.0.1:$free max_fails=1 fail_timeout=5s;\n"
done

[ "$port" != 0 ] || { free_port; port=$free; }
mkdir -p "$directory/nginx"
sed -e '/server agentlab-b:/d' -e "s|^ *server agentlab-a:.*|${servers%\\n}|" -e "s|/dev/stdout|$directory/access.log|" -e "s|listen 8080;|listen 127.0.0.1:$port;|" -e "s|/tmp/agentlab-nginx|$directory/nginx/nginx|" \
  -e "s|^worker_processes.*|&\ndaemon off;|" "$root/deploy/nginx.conf" >"$directory/nginx.conf"
nginx -p "$directory/nginx" -c "$directory/nginx.conf" -e "$directory/nginx.log" >>"$directory/nginx.log" 2>&1 &
pids+=($!)
wait_for nginx "$directory/nginx.log" bash -c "exec 3<>/dev/tcp/127.0.0.1/$port"
grep -h '^First start:' "$directory"/node-a.log | sed "s|http://[^/]*/|http://127.0.0.1:$port/|" || true
say "AgentLab's nodes are ready at http://127.0.0.1:$port"

if [ $attached = 1 ]; then
  while read -r _; do :; done
else
  say "Logs: $directory. Ctrl+C ends all of it."
  while true; do sleep 3600 & wait $!; done
fi
