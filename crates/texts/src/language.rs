//! One folder of Fluent files.

use std::{collections::BTreeMap, fs, path::Path};

use anyhow::{Context, Result, bail, ensure};

use crate::{
    entries, read,
    said::{Argument, Piece, arguments},
};

/// All that one language says.
#[derive(Debug)]
pub struct Language {
    /// Its code for browsers, which the folder is named after: `en`, `pt-BR`.
    pub code: String,
    /// Texts by name; an attribute's name is the message's, a dot and its own.
    pub texts: BTreeMap<String, Text>,
}

/// One text of a language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Text {
    /// What the file says above it, for whoever translates.
    pub comment: Option<String>,
    /// What is said.
    pub pieces: Vec<Piece>,
}

impl Language {
    /// Reads the `*.ftl` files of a folder.
    pub fn read(folder: &Path) -> Result<Self> {
        let code = folder.file_name().and_then(|name| name.to_str()).context("no language")?;
        let mut files = Vec::new();
        for path in entries(folder)? {
            let stem = path.file_stem().and_then(|stem| stem.to_str()).unwrap_or_default();
            ensure!(
                path.extension().is_some_and(|kind| kind == "ftl"),
                "{} is not a Fluent file (*.ftl)",
                path.display()
            );
            let source = fs::read_to_string(&path)
                .with_context(|| format!("cannot read {}", path.display()))?;
            files.push((stem.to_owned(), source));
        }
        Self::parse(code, &files).with_context(|| format!("in {}", folder.display()))
    }

    /// Reads files, given as their names without ending and what is in them.
    pub fn parse(code: &str, files: &[(String, String)]) -> Result<Self> {
        let mut raw = BTreeMap::new();
        for (stem, source) in files {
            for (name, text) in read::texts(source).with_context(|| format!("in {stem}.ftl"))? {
                ensure!(
                    name.starts_with(&format!("{stem}-")),
                    "{name} is in {stem}.ftl, so its name must begin with `{stem}-`"
                );
                if raw.insert(name.clone(), text).is_some() {
                    bail!("{name} is there twice");
                }
            }
        }
        let texts = raw
            .iter()
            .map(|(name, text)| {
                let pieces =
                    read::resolved(&text.pieces, &raw, 0).with_context(|| format!("in {name}"))?;
                Ok((name.clone(), Text { comment: text.comment.clone(), pieces }))
            })
            .collect::<Result<_>>()?;
        Ok(Self { code: code.to_owned(), texts })
    }

    /// The arguments of a text, by name.
    fn arguments(&self, name: &str) -> Option<Vec<Argument>> {
        let mut found = arguments(&self.texts.get(name)?.pieces);
        found.sort_by(|one, other| one.name.cmp(&other.name));
        Some(found)
    }

    /// Fails unless the other language says the same things of the same arguments.
    pub fn must_match(&self, other: &Self) -> Result<()> {
        for (here, there) in [(self, other), (other, self)] {
            for name in here.texts.keys() {
                let (code, wanted) = (&there.code, here.arguments(name).unwrap_or_default());
                let Some(found) = there.arguments(name) else {
                    bail!("`{code}` does not say {name}, which `{}` says", here.code);
                };
                let names = |all: &[Argument]| {
                    all.iter().map(|argument| argument.name.clone()).collect::<Vec<_>>()
                };
                ensure!(
                    names(&found) == names(&wanted),
                    "{name} has other arguments in `{code}` than in `{}`",
                    here.code
                );
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(code: &str, source: &str) -> Result<Language> {
        Language::parse(code, &[("cart".to_owned(), source.to_owned())])
    }

    #[test]
    fn a_second_language_must_say_all_that_the_first_says() {
        let en = language("en", "cart-title = Your cart\ncart-for = For { $name }\n").unwrap();
        let whole = "cart-title = Dein Korb\ncart-for = Für { $name }\n";

        assert!(en.must_match(&language("de", whole).unwrap()).is_ok());
        for (part, complaint) in [
            ("cart-title = Dein Korb\n", "`de` does not say cart-for"),
            ("cart-title = Dein Korb\ncart-for = Für wen\n", "other arguments"),
            (&format!("{whole}cart-more = Mehr\n"), "`en` does not say cart-more"),
        ] {
            let error = en.must_match(&language("de", part).unwrap()).unwrap_err();

            assert!(error.to_string().contains(complaint), "{error}");
        }
    }

    #[test]
    fn a_text_is_found_in_the_file_that_its_name_begins_with() {
        let error = language("en", "order-title = Your order\n").unwrap_err();

        assert!(format!("{error:#}").contains("must begin with `cart-`"), "{error:#}");
    }

    #[test]
    fn a_name_has_one_meaning() {
        let error = language("en", "cart-a = One\ncart-a = Two\n").unwrap_err();

        assert!(format!("{error:#}").contains("twice"), "{error:#}");
    }
}
