#!/bin/bash -eu
# Builds every fuzz target into $OUT, with its dictionary and its seed corpus. ClusterFuzzLite and OSS-Fuzz
# run this in their image; `fuzz/check` runs it anywhere.
#
#   OUT         where to put what was built
#   SANITIZER   none or address (the default)
here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$here/..
[ -d "$root/fuzz" ] || root=$SRC/ryokan
cd "$root"
sanitizer=${SANITIZER:-address}
export RUSTC_BOOTSTRAP=1
cargo fuzz build --release -s "$sanitizer"
corpora=$(mktemp -d)
python3 fuzz/seeds --into "$corpora"
for target in $(sed -n 's/^path = "fuzz_targets\/\(.*\)\.rs"$/\1/p' fuzz/Cargo.toml); do
    cp "fuzz/target/x86_64-unknown-linux-gnu/release/$target" "$OUT/"
    python3 -m zipfile -c "$OUT/${target}_seed_corpus.zip" "$corpora/$target"/*
done
cp fuzz/dictionaries/python.dict "$OUT/parse_compile.dict"
cp fuzz/dictionaries/format.dict "$OUT/format.dict"
rm -rf "$corpora"
