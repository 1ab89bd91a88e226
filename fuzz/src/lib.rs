//! One function per kind of text that comes from outside. Each reads any bytes with the shop's own code and
//! panics when a promise is broken. `cargo xtask fuzz` runs them guided by coverage; the tests here run them
//! over `corpus/`, which has seeds and whatever broke a promise once.

mod cookies;
mod csv;
mod money;
mod search;
mod webhook;

/// Something that can be fuzzed.
pub struct Target {
    /// Its name, and that of its folder in `corpus/`.
    pub name: &'static str,
    /// Reads an input; panics when a promise is broken.
    pub read: fn(&[u8]),
}

/// Every target.
pub const TARGETS: [Target; 5] = [
    Target { name: "csv", read: csv::read },
    Target { name: "cookies", read: cookies::read },
    Target { name: "money", read: money::read },
    Target { name: "search", read: search::read },
    Target { name: "webhook", read: webhook::read },
];

#[cfg(test)]
mod tests {
    use std::{fs, path::Path};

    use super::*;

    #[test]
    fn everything_that_is_kept_is_read_as_promised() {
        for target in &TARGETS {
            let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("corpus").join(target.name);
            let mut count = 0;
            for file in fs::read_dir(&folder).expect("every target has a corpus") {
                let path = file.expect("a file of the corpus").path();
                println!("{}", path.display());
                (target.read)(&fs::read(&path).expect("a file of the corpus"));
                count += 1;
            }
            assert!(count >= 3, "{} has only {count} inputs", target.name);
        }
    }
}
