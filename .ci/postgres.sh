# Sets postgres_url: the server of DATABASE_URL, the one on 127.0.0.1:5432, or one of the system's packages on a free port,
# which stop_postgres ends. Where none can be had it stays empty, and the suites that need one fail.

postgres_url=${DATABASE_URL:-}
own_postgres=

# Whether the administrator may log in there.
answers() {
  node -e '
    const client = new (require("pg").Client)({ connectionString: process.argv[1], connectionTimeoutMillis: 5000 });
    client.connect().then(() => process.exit(0), () => process.exit(1));
  ' "$1"
}
# Of the oldest major version that Slipway supports, where there is a choice.
postgres_programs() { ls -d /usr/lib/postgresql/*/bin 2> /dev/null | sort -V | awk -F/ '$5 >= 15' | head -n 1; }
as_postgres() { (cd / && setpriv --reuid postgres --regid postgres --clear-groups "$@"); }
free_port() {
  node -e 'const s = require("node:net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close(); })'
}

start_postgres() {
  if [ -z "$(postgres_programs)" ]; then
    (apt-get update -qq && apt-get install -y -qq --no-install-recommends postgresql) > /dev/null 2>&1 || return 1
  fi
  local programs port options
  programs=$(postgres_programs)
  [ -n "$programs" ] || return 1
  port=$(free_port)
  own_postgres=$(mktemp -d)
  options="-c listen_addresses=127.0.0.1 -c port=$port -c unix_socket_directories=$own_postgres"
  chown postgres "$own_postgres"
  as_postgres "$programs/initdb" --pgdata "$own_postgres/data" --username postgres --auth trust --encoding UTF8 &&
    as_postgres "$programs/pg_ctl" --pgdata "$own_postgres/data" --log "$own_postgres/log" --options "$options" --wait start &&
    postgres_url=postgres://postgres@127.0.0.1:$port/postgres
}

stop_postgres() {
  [ -n "$own_postgres" ] || return 0
  as_postgres "$(postgres_programs)/pg_ctl" --pgdata "$own_postgres/data" --mode fast stop
  rm -rf "$own_postgres"
}

if [ -z "$postgres_url" ]; then
  if answers postgres://postgres@127.0.0.1:5432/postgres; then
    postgres_url=postgres://postgres@127.0.0.1:5432/postgres
  else
    echo 'No Postgres on 127.0.0.1:5432 lets its administrator in: starting one of the system packages'
    start_postgres || echo 'No Postgres could be started'
  fi
fi
