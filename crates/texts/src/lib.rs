//! Turns Fluent files into Rust: one function a text, with its arguments as parameters.
//!
//! A crate's `build.rs` calls [`write()`] with the folder that holds a folder per language, and
//! its `texts` module includes what was written. A text that is missing, in one language or in
//! all, or an argument that is forgotten, does not compile; a text that nobody says is dead code.
//! Nothing of Fluent is left when the program runs, so the browser's code stays small.
//!
//! Of Fluent there is what plain sentences need: texts, attributes, arguments, references to other
//! messages, and a choice by the plural of a number. `check` holds the functions against
//! Fluent's own formatter.

#[cfg(feature = "check")]
pub mod check;
mod language;
mod plural;
mod read;
mod rust;
mod said;

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, bail};

use self::language::Language;

pub use anyhow::Result;

/// One call of a text's function, for comparison with what Fluent says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sample {
    /// The folder of the language.
    pub language: &'static str,
    /// Name of the message, and of its attribute after a dot.
    pub name: &'static str,
    /// What it was told: numbers are written in digits.
    pub arguments: &'static [(&'static str, &'static str)],
    /// What the function said.
    pub text: String,
}

/// Writes `texts.rs` into Cargo's output folder from `folder/<language>/*.ftl`; for `build.rs`.
#[expect(clippy::print_stdout, reason = "this is how a build script speaks to Cargo")]
pub fn write(folder: &str) -> Result<()> {
    println!("cargo::rerun-if-changed={folder}");
    let out = std::env::var_os("OUT_DIR").context("not called by a build script")?;
    let languages = languages(Path::new(folder))?;
    fs::write(PathBuf::from(out).join("texts.rs"), rust::file(&languages)?)
        .context("cannot write texts.rs")
}

/// Reads every language below the folder; all must say the same things of the same arguments.
fn languages(folder: &Path) -> Result<Vec<Language>> {
    let languages: Vec<_> = entries(folder)?
        .into_iter()
        .filter(|path| path.is_dir())
        .map(|path| Language::read(&path))
        .collect::<Result<_>>()?;
    let Some((first, others)) = languages.split_first() else {
        bail!("{} has no folder of a language", folder.display());
    };
    for other in others {
        first.must_match(other)?;
    }
    Ok(languages)
}

/// What is in a folder, in order.
fn entries(folder: &Path) -> Result<Vec<PathBuf>> {
    let read = fs::read_dir(folder).with_context(|| format!("cannot read {}", folder.display()))?;
    let mut paths: Vec<_> = read.map(|entry| Ok(entry?.path())).collect::<std::io::Result<_>>()?;
    paths.sort();
    Ok(paths)
}
