//! From Fluent's tree to the texts that we say.

use std::collections::BTreeMap;

use anyhow::{Context, Result, bail, ensure};
use fluent_syntax::{
    ast::{Entry, Expression, InlineExpression, Pattern, PatternElement, Variant, VariantKey},
    parser,
    unicode::unescape_unicode_to_string,
};

use crate::{
    language::Text,
    said::{Case, Piece},
};

/// Marks a reference until all files are read; no Fluent file can hold this character in a name.
const REFERENCE: char = '\0';
/// How deep references may lead before they are taken for a circle.
const DEEPEST: u8 = 8;

/// The texts of a file by name, references to others still open.
pub fn texts(source: &str) -> Result<Vec<(String, Text)>> {
    let resource = parser::parse(source).map_err(|(_, errors)| {
        let first = errors.first().map(|error| {
            let line = source[..error.pos.start.min(source.len())].lines().count().max(1);
            format!("line {line}: {error}")
        });
        anyhow::anyhow!(first.unwrap_or_default())
    })?;
    let mut texts = Vec::new();
    for entry in resource.body {
        let message = match entry {
            Entry::Message(message) => message,
            Entry::Comment(_) | Entry::GroupComment(_) | Entry::ResourceComment(_) => continue,
            Entry::Term(term) => bail!("-{}: write a message instead of a term", term.id.name),
            Entry::Junk { content } => bail!("cannot read `{content}`"),
        };
        let comment = message.comment.map(|comment| comment.content.join(" "));
        let mut add = |name: String, pattern: &Pattern<&str>, comment: Option<String>| {
            let pieces = pieces(pattern).with_context(|| format!("in {name}"))?;
            texts.push((name, Text { comment, pieces }));
            anyhow::Ok(())
        };
        if let Some(value) = &message.value {
            add(message.id.name.to_owned(), value, comment)?;
        }
        for attribute in &message.attributes {
            add(format!("{}.{}", message.id.name, attribute.id.name), &attribute.value, None)?;
        }
    }
    Ok(texts)
}

/// The same pieces with what they refer to in its place.
pub fn resolved(pieces: &[Piece], texts: &BTreeMap<String, Text>, depth: u8) -> Result<Vec<Piece>> {
    ensure!(depth < DEEPEST, "a text refers to itself");
    let mut all = Vec::new();
    for piece in pieces {
        match piece {
            Piece::Argument(name) if name.starts_with(REFERENCE) => {
                let name = &name[REFERENCE.len_utf8()..];
                let text = texts.get(name).with_context(|| format!("there is no {name}"))?;
                all.extend(resolved(&text.pieces, texts, depth + 1)?);
            }
            Piece::ByNumber { argument, cases } => {
                let cases = cases
                    .iter()
                    .map(|(case, pieces)| Ok((case.clone(), resolved(pieces, texts, depth + 1)?)))
                    .collect::<Result<_>>()?;
                all.push(Piece::ByNumber { argument: argument.clone(), cases });
            }
            Piece::Words(_) | Piece::Argument(_) => all.push(piece.clone()),
        }
    }
    Ok(all)
}

fn pieces(pattern: &Pattern<&str>) -> Result<Vec<Piece>> {
    pattern
        .elements
        .iter()
        .map(|element| match element {
            PatternElement::TextElement { value } if value.starts_with('#') => {
                bail!("`{}` is a comment in the middle of a text", value.trim())
            }
            PatternElement::TextElement { value } => Ok(Piece::Words((*value).to_owned())),
            PatternElement::Placeable { expression } => piece(expression),
        })
        .collect()
}

fn piece(expression: &Expression<&str>) -> Result<Piece> {
    match expression {
        Expression::Select { selector, variants } => choice(selector, variants),
        Expression::Inline(inline) => match inline {
            InlineExpression::StringLiteral { value } => {
                Ok(Piece::Words(unescape_unicode_to_string(value).into_owned()))
            }
            InlineExpression::NumberLiteral { value } => Ok(Piece::Words((*value).to_owned())),
            InlineExpression::VariableReference { id } => Ok(Piece::Argument(id.name.to_owned())),
            InlineExpression::MessageReference { id, attribute } => {
                let attribute = attribute.as_ref().map(|attribute| format!(".{}", attribute.name));
                let name = format!("{REFERENCE}{}{}", id.name, attribute.unwrap_or_default());
                Ok(Piece::Argument(name))
            }
            InlineExpression::Placeable { expression } => piece(expression),
            InlineExpression::FunctionReference { id, .. } => {
                bail!("{}: functions are not for our texts; format the argument", id.name)
            }
            InlineExpression::TermReference { id, .. } => {
                bail!("-{}: refer to a message instead of a term", id.name)
            }
        },
    }
}

fn choice(selector: &InlineExpression<&str>, variants: &[Variant<&str>]) -> Result<Piece> {
    let InlineExpression::VariableReference { id } = selector else {
        bail!("a choice hangs on an argument that is a number");
    };
    let mut cases = Vec::new();
    let mut default = None;
    for variant in variants {
        let pieces = pieces(&variant.value)?;
        let case = case(&variant.key)?;
        if variant.default {
            ensure!(case == Case::Other, "the case with the star is `other`");
            default = Some((case, pieces));
        } else {
            ensure!(case != Case::Other, "the case with the star is `other`");
            cases.push((case, pieces));
        }
    }
    cases.push(default.context("a choice needs a case with a star")?);
    Ok(Piece::ByNumber { argument: id.name.to_owned(), cases })
}

fn case(key: &VariantKey<&str>) -> Result<Case> {
    match key {
        VariantKey::NumberLiteral { value } => {
            Ok(Case::Exactly(value.parse().with_context(|| format!("{value} is not whole"))?))
        }
        VariantKey::Identifier { name: "other" } => Ok(Case::Other),
        VariantKey::Identifier { name } => Ok(Case::Category((*name).to_owned())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_not_ours_to_say_is_refused_by_its_name() {
        for (source, complaint) in [
            ("-shop = Oxcart\n", "instead of a term"),
            ("cart-at = { DATETIME($at) }\n", "functions are not"),
            ("cart-a = { $x ->\n    [up] a\n   *[down] b\n }\n", "the case with the star"),
            ("cart-a = { $x ->\n    [1.5] a\n   *[other] b\n }\n", "not whole"),
            ("cart-a = a\n    # Why.\n    .b = b\n", "a comment in the middle"),
            ("cart-a = a\ncart-b { oops\n", "line 2"),
        ] {
            let error = texts(source).unwrap_err();

            assert!(format!("{error:#}").contains(complaint), "{error:#}");
        }
    }

    #[test]
    fn a_reference_brings_the_words_that_it_names() {
        let all: BTreeMap<_, _> =
            texts("cart-a = One { cart-b.more }\ncart-b = two\n    .more = and { $name }\n")
                .unwrap()
                .into_iter()
                .collect();

        let pieces = resolved(&all["cart-a"].pieces, &all, 0).unwrap();

        assert_eq!(pieces.last(), Some(&Piece::Argument("name".to_owned())));
        let circle: BTreeMap<_, _> =
            texts("cart-a = { cart-b }\ncart-b = { cart-a }\n").unwrap().into_iter().collect();
        assert!(resolved(&circle["cart-a"].pieces, &circle, 0).is_err());
    }
}
