//! Licences, sources and bans of everything we depend on, by the rules of `deny.toml`.
//!
//! Those rules are cargo-deny's, which the hosted workflow runs; building it takes longer than the rest of `check`.

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use toml::Table;

use crate::{place, shell};

/// Fails with every dependency that breaks a rule.
pub fn check() -> Result<()> {
    let file = place::root().join("deny.toml");
    let rules =
        fs::read_to_string(&file).with_context(|| format!("cannot read {}", file.display()))?;
    let rules = Rules::read(&rules).context("deny.toml is not as expected")?;
    let mut cargo = shell::cargo();
    cargo.args(["metadata", "--format-version", "1", "--locked"]).current_dir(place::root());
    let metadata: Value = serde_json::from_str(&shell::output(&mut cargo)?)?;
    let packages = metadata["packages"].as_array().context("cargo metadata names no packages")?;
    let broken: Vec<_> = packages.iter().filter_map(|package| rules.objection(package)).collect();
    if !broken.is_empty() {
        bail!(
            "do without these, or say in deny.toml why they are fine:\n    {}",
            broken.join("\n    ")
        );
    }
    Ok(())
}

struct Rules {
    licences: BTreeSet<String>,
    banned: BTreeSet<String>,
}

impl Rules {
    fn read(text: &str) -> Option<Self> {
        let table: Table = text.parse().ok()?;
        let allowed = table.get("licenses")?.get("allow")?.as_array()?.iter();
        let denied = table.get("bans")?.get("deny")?.as_array()?.iter();
        Some(Self {
            licences: allowed.filter_map(|licence| licence.as_str().map(str::to_owned)).collect(),
            banned: denied
                .filter_map(|rule| rule.get("crate")?.as_str().map(str::to_owned))
                .collect(),
        })
    }

    /// What is wrong with a package of `cargo metadata`.
    fn objection(&self, package: &Value) -> Option<String> {
        let name = package["name"].as_str()?;
        let source = package["source"].as_str()?;
        let licence = package["license"].as_str().unwrap_or("none named");
        if self.banned.contains(name) {
            return Some(format!("{name} is banned"));
        }
        if !source.starts_with("registry+") {
            return Some(format!("{name} comes from {source}, not from the registry"));
        }
        let tokens = licence.replace('(', " ( ").replace(')', " ) ").replace('/', " OR ");
        let tokens: Vec<_> = tokens.split_whitespace().collect();
        (!self.any(&mut tokens.as_slice()))
            .then(|| format!("{name} has a licence not allowed yet: {licence}"))
    }

    /// `a OR b`: one that we allow is enough.
    fn any(&self, tokens: &mut Tokens<'_>) -> bool {
        let mut fine = self.all(tokens);
        while skip(tokens, "OR") {
            fine |= self.all(tokens);
        }
        fine
    }

    /// `a AND b`: every one counts.
    fn all(&self, tokens: &mut Tokens<'_>) -> bool {
        let mut fine = self.one(tokens);
        while skip(tokens, "AND") {
            fine &= self.one(tokens);
        }
        fine
    }

    fn one(&self, tokens: &mut Tokens<'_>) -> bool {
        if skip(tokens, "(") {
            let fine = self.any(tokens);
            skip(tokens, ")");
            return fine;
        }
        let Some((licence, rest)) = tokens.split_first() else { return false };
        *tokens = rest;
        let mut licence = (*licence).to_owned();
        if skip(tokens, "WITH") {
            let Some((exception, rest)) = tokens.split_first() else { return false };
            *tokens = rest;
            licence = format!("{licence} WITH {exception}");
        }
        self.licences.contains(&licence)
    }
}

/// The words of a licence expression that are still to be read.
type Tokens<'a> = &'a [&'a str];

fn skip(tokens: &mut Tokens<'_>, expected: &str) -> bool {
    let Some((_, rest)) = tokens.split_first().filter(|(first, _)| **first == expected) else {
        return false;
    };
    *tokens = rest;
    true
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_licence_expression_is_understood() {
        let rules =
            Rules::read("[licenses]\nallow = ['MIT', 'Zlib']\n[bans]\ndeny = [{ crate = 'bad' }]")
                .unwrap();
        let objects = |licence: &str| {
            let package = serde_json::json!({ "name": "x", "source": "registry+somewhere", "license": licence });
            rules.objection(&package).is_some()
        };

        assert!(!objects("MIT"));
        assert!(!objects("GPL-3.0 OR MIT"));
        assert!(!objects("GPL-3.0/MIT"));
        assert!(!objects("(GPL-3.0 OR MIT) AND Zlib"));
        assert!(objects("(GPL-3.0 OR MIT) AND Unicode-3.0"));
        assert!(objects("MIT WITH something"));
        assert!(objects("GPL-3.0"));
    }

    #[test]
    fn bans_and_foreign_sources_are_named() {
        let rules =
            Rules::read("[licenses]\nallow = ['MIT']\n[bans]\ndeny = [{ crate = 'bad' }]").unwrap();
        let package = |name: &str, source: &str| serde_json::json!({ "name": name, "source": source, "license": "MIT" });

        assert_eq!(
            rules.objection(&package("bad", "registry+x")).as_deref(),
            Some("bad is banned")
        );
        assert!(rules.objection(&package("good", "git+x")).is_some());
        assert_eq!(rules.objection(&package("good", "registry+x")), None);
    }
}
