#!/bin/sh
# Cargo calls this for the workspace's own crates: adds what tells the fuzzer which code an input reached.
# The compiler's sanitizers need nightly Rust and stay off; overflow checks and debug assertions are on.
case " $* " in
*" --crate-name backend "* | *" --crate-name frontend "* | *" --crate-name api_types "* | *" --crate-name fuzz "*)
	set -- "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
		-Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
		-Cllvm-args=-sanitizer-coverage-trace-compares
	;;
esac
exec "$@"
