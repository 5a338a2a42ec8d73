# Hands out the results of a benchmark. Sourced after common.sh.
#
# The account that measures may not be allowed to write where its caller wants the results (it is
# another one where root calls). So it leaves them in build/bench, and its caller takes them there.

# split_bench_arguments ARGUMENT…: takes out what the caller does with the results; the rest becomes
# the array bench_arguments.
split_bench_arguments() {
  bench_json='' write_docs='' bench_arguments=()
  while [ "$#" -gt 0 ]; do
    case $1 in
    --json)
      [ "$#" -gt 1 ] || die 64 "--json needs a file"
      bench_json=$2
      shift
      ;;
    --json=*) bench_json=${1#--json=} ;;
    --write-docs) write_docs=1 ;;
    *) bench_arguments+=("$1") ;;
    esac
    shift
  done
  [ -n "$bench_json" ] || return 0
  bench_json=$(realpath --canonicalize-missing -- "$bench_json")
  [ -w "$(dirname "$bench_json")" ] || die 74 "nothing can be written to $(dirname "$bench_json")"
}

# Of an earlier run, so that nobody takes them for those of this one.
forget_results() { rm -rf "$root/build/bench"; }

deliver_results() {
  [ -f "$root/build/bench/results.json" ] || return 0
  [ -z "$bench_json" ] || cp "$root/build/bench/results.json" "$bench_json" ||
    die 74 "$bench_json could not be written"
  [ -z "$write_docs" ] || node "$root/dist/bench/write-docs.js" "$task"
}
