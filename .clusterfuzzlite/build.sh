#!/bin/bash -eu
# Builds every fuzz target into $OUT, with its dictionary and its seed corpus. ClusterFuzzLite and OSS-Fuzz
# run this in their image; `fuzz/check` runs it anywhere.
#
#   OUT         where to put what was built
#   SANITIZER   address (the default), memory, thread, leak; anything else (none, coverage) is the flags' affair
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/..
[ -d "$root/fuzz" ] || root=$SRC/ryokan
cd "$root"
case ${SANITIZER:-address} in
    address | memory | thread | leak) sanitizer=${SANITIZER:-address} ;;
    *) sanitizer=none ;;
esac
export RUSTC_BOOTSTRAP=1
cargo fuzz build --release -s "$sanitizer"
corpora=$(mktemp -d)
python3 fuzz/seeds --into "$corpora"
for target in $(sed -n 's/^path = "fuzz_targets\/\(.*\)\.rs"$/\1/p' fuzz/Cargo.toml); do
    cp "fuzz/target/x86_64-unknown-linux-gnu/release/$target" "$OUT/"
    python3 -m zipfile -c "$OUT/${target}_seed_corpus.zip" "$corpora/$target"/*
done
cp fuzz/dictionaries/*.dict "$OUT/"
rm -rf "$corpora"
