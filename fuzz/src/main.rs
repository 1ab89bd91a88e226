//! LLVM's fuzzer around the target that `OXCART_FUZZ` names.
#![no_main]

use std::sync::LazyLock;

use libfuzzer_sys::fuzz_target;

static TARGET: LazyLock<&fuzz::Target> = LazyLock::new(|| {
    let name = std::env::var("OXCART_FUZZ").unwrap_or_default();
    fuzz::TARGETS.iter().find(|target| target.name == name).expect("OXCART_FUZZ names a target")
});

fuzz_target!(|bytes: &[u8]| (TARGET.read)(bytes));
