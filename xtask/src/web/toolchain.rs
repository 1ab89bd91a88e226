//! Which compiler makes WebAssembly here.

use std::{
    fmt,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result};

use crate::{
    install, place,
    shell::{self, say},
};

/// The platform browsers are.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// Debian's compiler for browser code, with its standard library as source.
const DEBIAN: [&str; 3] = ["rustc-web", "cargo-web", "rust-web-src"];

/// A compiler, and how to call it.
pub enum Toolchain {
    /// The one that built this program has the target.
    Own,
    /// The distribution's, which compiles the standard library along, and this linker.
    Debian(PathBuf),
}

impl Toolchain {
    /// Finds one, or installs one.
    pub fn find() -> Result<Self> {
        let sysroot = sysroot()?;
        let own = || sysroot.join("lib/rustlib").join(TARGET).exists().then_some(Self::Own);
        let debian = || debian_is_here().then(|| linker(&sysroot)).flatten().map(Self::Debian);
        if let Some(found) = own().or_else(debian) {
            return Ok(found);
        }
        say("browser", "no compiler for WebAssembly yet; installing one");
        if install::can_apt() {
            if let Err(error) = install::apt(&DEBIAN) {
                say("browser", &format!("{error:#}"));
            } else if let Some(found) = debian() {
                return Ok(found);
            }
        }
        let mut rustup = shell::command("rustup");
        let advice = "install the Rust target wasm32-unknown-unknown by hand";
        shell::run(rustup.args(["target", "add", TARGET]).current_dir(place::root()), advice)?;
        own().with_context(|| format!("rustup installed no {TARGET}: {advice}"))
    }

    /// Its `cargo`, ready for more arguments after `build`.
    pub fn cargo(&self) -> Command {
        let mut cargo = match self {
            Self::Own => shell::cargo(),
            Self::Debian(linker) => {
                let mut cargo = shell::command("/usr/bin/cargo");
                cargo
                    .args(["-Z", "build-std=std,panic_abort"])
                    .env("RUSTC", "/usr/bin/rustc")
                    .env("RUSTC_BOOTSTRAP", "1")
                    .env("CARGO_TARGET_WASM32_UNKNOWN_UNKNOWN_LINKER", linker);
                cargo
            }
        };
        for flags in ["RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "CARGO_BUILD_TARGET"] {
            cargo.env_remove(flags);
        }
        cargo
    }
}

impl fmt::Display for Toolchain {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Own => "this Rust toolchain",
            Self::Debian(_) => "Debian's rustc-web",
        })
    }
}

fn sysroot() -> Result<PathBuf> {
    let mut rustc = shell::command("rustc");
    let printed = shell::output(rustc.args(["--print", "sysroot"]).current_dir(place::root()))?;
    Ok(PathBuf::from(printed.trim()))
}

/// Whether Debian's packages are installed, in a version new enough for the workspace.
fn debian_is_here() -> bool {
    if !Path::new("/usr/lib/rustlib/src/rust/library").exists()
        || !Path::new("/usr/bin/cargo").exists()
    {
        return false;
    }
    let said = shell::output(shell::command("/usr/bin/rustc").arg("--version")).unwrap_or_default();
    let wanted = minor(env!("CARGO_PKG_RUST_VERSION"));
    said.split_whitespace().nth(1).and_then(minor) >= wanted
}

/// The second number of a version.
fn minor(version: &str) -> Option<u32> {
    version.split('.').nth(1)?.parse().ok()
}

/// A linker for WebAssembly: the Rust toolchain's, else LLVM's.
fn linker(sysroot: &Path) -> Option<PathBuf> {
    let hosts = std::fs::read_dir(sysroot.join("lib/rustlib")).into_iter().flatten().flatten();
    let mut bundled = hosts.map(|host| host.path().join("bin/rust-lld"));
    bundled.find(|lld| lld.exists()).or_else(|| shell::which("wasm-ld"))
}
