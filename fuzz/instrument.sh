#!/bin/sh
# RUSTC_WORKSPACE_WRAPPER of the fuzz targets: coverage of the project's own
# crates alone, by plain codegen flags that any toolchain takes. Everything else
# is shared with what the native tests compiled.
rustc=$1
shift
case $CARGO_PKG_NAME:$CARGO_CRATE_NAME in
*:build_script_build) ;;
kasa-*)
    set -- "$@" --cfg fuzzing -Cpasses=sancov-module \
        -Cllvm-args=-sanitizer-coverage-level=4 \
        -Cllvm-args=-sanitizer-coverage-inline-8bit-counters \
        -Cllvm-args=-sanitizer-coverage-pc-table \
        -Cllvm-args=-sanitizer-coverage-trace-compares
    ;;
esac
exec "$rustc" "$@"
