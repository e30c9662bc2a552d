# The short way to everything. `cargo leptos watch`, `cargo test`, … work as well once `make run` has set the tools up.
SHELL := /bin/bash
.PHONY: run watch csr test e2e failover model bench-store lint fmt clean

run: ; @scripts/run
watch: ; @scripts/setup build && . scripts/lib.sh && cargo leptos watch
csr: ; @scripts/setup trunk && . scripts/lib.sh && trunk serve
test: ; @scripts/test
e2e: ; @scripts/setup test && scripts/e2e
failover: ; @scripts/failover $(TIMES)
model: ; @scripts/model
bench-store: ; @scripts/bench-store
lint: ; @scripts/lint
fmt: ; @. scripts/lib.sh && rustfmt_all
clean: ; @cargo clean && rm -rf data dist end2end/node_modules end2end/test-results
