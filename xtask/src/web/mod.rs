//! The browser's half: WebAssembly, style sheet, fonts and icons, under names that change with their content.

mod assets;
mod toolchain;
mod tools;

use std::{
    fs,
    path::{Path, PathBuf},
    time::Instant,
};

use anyhow::{Context, Result, bail};

use self::assets::Site;
pub use self::assets::files;
use crate::{
    place,
    shell::{self, say},
};

/// What the browser code depends on, besides this program.
const INPUTS: [&str; 12] = [
    "Cargo.lock",
    "Cargo.toml",
    "crates/api-types/Cargo.toml",
    "crates/api-types/src",
    "crates/texts/Cargo.toml",
    "crates/texts/src",
    "frontend/Cargo.toml",
    "frontend/build.rs",
    "frontend/src",
    "frontend/style",
    "frontend/texts",
    "frontend/public",
];

/// The package whose library runs in the browser.
const PACKAGE: &str = "frontend";

/// Builds everything browsers load into `site` of Cargo's output folder, unless nothing changed.
pub fn build() -> Result<()> {
    let start = Instant::now();
    let site = place::target().join("site");
    let inputs = fingerprint()?;
    let stamp = site.join(".inputs");
    if site.join(assets::MANIFEST).exists()
        && fs::read_to_string(&stamp).is_ok_and(|before| before == inputs)
    {
        say("browser", "code and styles are unchanged");
        return Ok(());
    }
    let code = compile()?;
    let mut site = Site::open(site)?;
    site.add("app.js", &fs::read(code.join("app.js"))?)?;
    let wasm = fs::read(code.join("app_bg.wasm"))?;
    site.add("app_bg.wasm", &wasm)?;
    site.add_public(&place::root().join(PACKAGE).join("public"))?;
    let sheet = assets::sheet(&place::root().join(PACKAGE), &site)?;
    site.add("style.css", sheet.as_bytes())?;
    site.finish()?;
    fs::write(&stamp, inputs).with_context(|| format!("cannot write {}", stamp.display()))?;
    say("browser", &format!("{} in {}", site.sizes(), shell::took(start)));
    Ok(())
}

/// Compiles the package to WebAssembly and gives the folder with `app.js` and `app_bg.wasm`.
fn compile() -> Result<PathBuf> {
    let out = place::target().join("web");
    let toolchain = toolchain::Toolchain::find()?;
    say(
        "browser",
        &format!("compiling to WebAssembly with {toolchain} (the first time takes some minutes)"),
    );
    let mut cargo = toolchain.cargo();
    cargo.args([
        "build",
        "--package",
        PACKAGE,
        "--lib",
        "--no-default-features",
        "--features",
        "hydrate",
    ]);
    cargo.args(["--target", toolchain::TARGET, "--profile", "web", "--target-dir"]).arg(&out);
    shell::run(cargo.current_dir(place::root()), "the compiler's message is above")?;

    let wasm = out.join(toolchain::TARGET).join("web").join(format!("{PACKAGE}.wasm"));
    let bytes = fs::read(&wasm).with_context(|| format!("the build made no {}", wasm.display()))?;
    let code = out.join("code");
    let stamp = code.join(".input");
    let input = place::short_hash(&bytes);
    if fs::read_to_string(&stamp).is_ok_and(|before| before == input) {
        return Ok(code);
    }
    finish(&wasm, &code)?;
    fs::write(&stamp, input).with_context(|| format!("cannot write {}", stamp.display()))?;
    Ok(code)
}

/// Writes the JavaScript around the module, and makes the module small.
fn finish(wasm: &Path, code: &Path) -> Result<()> {
    let _ = fs::remove_dir_all(code);
    let mut bindgen = shell::command(tools::wasm_bindgen()?);
    bindgen
        .args(["--target", "web", "--no-typescript", "--out-name", "app", "--out-dir"])
        .arg(code)
        .arg(wasm);
    shell::run(&mut bindgen, "does the version of wasm-bindgen in Cargo.lock fit the code?")?;
    if code.join("snippets").exists() {
        bail!(
            "a dependency brings its own JavaScript files, which the site does not serve; do without it"
        );
    }
    let Some(mut optimizer) = tools::wasm_opt()? else {
        say("browser", "no wasm-opt (npm carries it): the code stays twice as large");
        return Ok(());
    };
    let large = code.join("app_bg.wasm");
    let small = code.join("small.wasm");
    say("browser", "making the code small");
    shell::run(optimizer.arg("-Oz").arg(&large).arg("-o").arg(&small), "its message is above")?;
    fs::rename(&small, &large).with_context(|| format!("cannot write {}", large.display()))
}

/// One line that changes whenever an input does.
fn fingerprint() -> Result<String> {
    let mut all = Vec::new();
    if let Ok(ourselves) = std::env::current_exe().and_then(|exe| exe.metadata()?.modified()) {
        all.extend(format!("{ourselves:?}").bytes());
    }
    for input in INPUTS {
        for file in files(&place::root().join(input)) {
            all.extend(file.as_os_str().as_encoded_bytes());
            let bytes =
                fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
            all.extend(place::short_hash(&bytes).bytes());
        }
    }
    Ok(place::short_hash(&all))
}
