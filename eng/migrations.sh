#!/usr/bin/env bash
# The migrations of the three databases.
#
#   eng/migrations.sh add NAME   adds a migration NAME to each
#   eng/migrations.sh reset      deletes all and makes the one migration "Initial" anew (until the first release, since
#                                several people add rows at the same time); the same model gives the same files
#   eng/migrations.sh check      fails if the model has changes without a migration
#
# A rebase conflict in a Migrations folder: take the other side whole, then make them anew:
#   git checkout --ours -- 'AgentLab.Data/Databases/*/Migrations'    (in a rebase "ours" is the branch rebased onto)
#   git add -A AgentLab.Data/Databases && eng/migrations.sh reset && git add -A AgentLab.Data/Databases && git rebase --continue
set -euo pipefail
cd "$(dirname "$0")/.."

version=10.0.14
tools=artifacts/tools
initial=20260101000000_Initial
databases="Sqlite PostgreSql SqlServer"

usage() { sed -n '2,11s/^# \{0,1\}//p' "$0" >&2; exit 2; }

install() {
  [ -x "$tools/dotnet-ef" ] || dotnet tool install dotnet-ef --version "$version" --tool-path "$tools" >&2
}

build() { dotnet build AgentLab.Data -nologo -v q -clp:ErrorsOnly; }

ef() { # command, database, further arguments
  local command=$1 database=$2; shift 2
  "$tools/dotnet-ef" migrations "$command" "$@" --no-build --project AgentLab.Data --context "${database}LabDbContext"
}

add() { # NAME
  for database in $databases; do
    ef add "$database" "$1" --output-dir "Databases/$database/Migrations"
  done
}

# dotnet-ef names a migration by the present time: give the first one a fixed name, or every reset would differ.
fix_name() {
  local file made
  for database in $databases; do
    for file in AgentLab.Data/Databases/"$database"/Migrations/*_Initial.cs; do
      made=$(basename "$file" .cs)
      sed -i "s/$made/$initial/" "${file%.cs}.Designer.cs"
      mv "$file" "$(dirname "$file")/$initial.cs"
      mv "${file%.cs}.Designer.cs" "$(dirname "$file")/$initial.Designer.cs"
    done
  done
}

install
case "${1:-}" in
  add) [ $# = 2 ] || usage; build; add "$2" ;;
  reset) rm -rf AgentLab.Data/Databases/*/Migrations; build; add Initial; fix_name ;;
  check) build; for database in $databases; do ef has-pending-model-changes "$database"; done ;;
  *) usage ;;
esac
