//! The Rust that says the texts.

use std::fmt::Write as _;

use anyhow::{Context, Result, ensure};

use crate::{
    language::{Language, Text},
    plural,
    said::{Argument, Case, Piece, Said, arguments},
};

/// Numbers that choices are tried with in tests.
const TRIED: [&str; 4] = ["0", "1", "2", "21"];

/// What every file begins with, when a choice hangs on a number.
const COUNT: &str = "\
/// A number of things, which a text may choose its words by.
pub trait Count: Copy + std::fmt::Display {
    /// How many.
    fn many(self) -> u64;
}
impl Count for i32 { fn many(self) -> u64 { self.unsigned_abs().into() } }
impl Count for i64 { fn many(self) -> u64 { self.unsigned_abs() } }
impl Count for u64 { fn many(self) -> u64 { self } }
impl Count for usize { fn many(self) -> u64 { self as u64 } }
";

/// The whole file: the languages, and a function for each text.
pub fn file(languages: &[Language]) -> Result<String> {
    let first = languages.first().context("no language")?;
    let mut file = String::from("// Written by the crate `texts`; change the Fluent files.\n\n");
    file.push_str(&languages_enum(languages));
    let mut functions = String::new();
    let mut samples = String::new();
    let mut has_choices = false;
    for (name, text) in &first.texts {
        let said: Vec<_> = languages
            .iter()
            .map(|language| {
                let text = language.texts.get(name).context("not in every language")?;
                Ok((language, text))
            })
            .collect::<Result<_>>()?;
        let arguments = of_all(&said);
        has_choices |= arguments.iter().any(|argument| argument.is_number);
        functions.push_str(&function(name, text, &said, &arguments)?);
        for language in languages {
            samples.push_str(&sample(name, &arguments, language));
        }
    }
    if has_choices {
        file.push_str(COUNT);
    }
    file.push_str(&functions);
    let _ = write!(
        file,
        "\n/// Every text as it sounds, for comparison with Fluent's own formatter.\n\
         #[cfg(test)]\npub const SAMPLES: &[fn() -> ::texts::Sample] = &[\n{samples}];\n"
    );
    Ok(file)
}

/// The arguments of a text; a number in one language is a number in all.
fn of_all(said: &[(&Language, &Text)]) -> Vec<Argument> {
    let pieces: Vec<_> = said.iter().flat_map(|(_, text)| text.pieces.clone()).collect();
    arguments(&pieces)
}

fn languages_enum(languages: &[Language]) -> String {
    let mut variants = String::new();
    let mut codes = String::new();
    for language in languages {
        let (variant, code) = (variant(&language.code), &language.code);
        let _ = writeln!(variants, "    /// `{code}`.\n    {variant},");
        let _ = writeln!(codes, "            Self::{variant} => {code:?},");
    }
    format!(
        "/// A language that the texts are written in.\n\
         #[derive(Clone, Copy, Debug, PartialEq, Eq)]\n\
         pub enum Language {{\n{variants}}}\n\
         impl Language {{\n    \
             /// Its code, as documents name their language.\n    \
             pub const fn code(self) -> &'static str {{\n        \
                 match self {{\n{codes}        }}\n    }}\n}}\n"
    )
}

fn function(
    name: &str,
    text: &Text,
    said: &[(&Language, &Text)],
    arguments: &[Argument],
) -> Result<String> {
    let is_fixed = arguments.is_empty();
    let mut arms = String::new();
    for (language, text) in said {
        let says = says(&Said::of(&text.pieces), &language.code, is_fixed)
            .with_context(|| format!("{name} in `{}`", language.code))?;
        let _ = writeln!(arms, "        Language::{} => {says},", variant(&language.code));
    }
    let parameters: Vec<_> = arguments
        .iter()
        .map(|argument| {
            let kind = if argument.is_number { "impl Count" } else { "impl std::fmt::Display" };
            format!("{}: {kind}", rust_name(&argument.name))
        })
        .collect();
    let result = if is_fixed { "&'static str" } else { "String" };
    Ok(format!(
        "{}pub fn {}({}) -> {result} {{\n    match language() {{\n{arms}    }}\n}}\n",
        documentation(text),
        rust_name(name),
        parameters.join(", "),
    ))
}

fn documentation(text: &Text) -> String {
    let shown = shown(&text.pieces).replace('`', "'").replace('\n', " ");
    // What a comment has between `<` and `>` is no HTML.
    let comment = text.comment.as_deref().map(|comment| comment.replace('<', "\\<"));
    let comment = comment.map(|comment| format!("/// {comment}\n///\n"));
    format!("{}/// Says `{}`.\n", comment.unwrap_or_default(), shown.trim())
}

/// A text for readers of the documentation: arguments in braces, of a choice the last case.
fn shown(pieces: &[Piece]) -> String {
    pieces
        .iter()
        .map(|piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Argument(name) => format!("{{{name}}}"),
            Piece::ByNumber { cases, .. } => {
                cases.last().map(|(_, pieces)| shown(pieces)).unwrap_or_default()
            }
        })
        .collect()
}

/// The expression that says it; a literal when nothing in it can change.
fn says(said: &Said, language: &str, is_fixed: bool) -> Result<String> {
    let pieces = match said {
        Said::Plainly(pieces) => pieces,
        Said::ByNumber { argument, cases } => return choice(argument, cases, language),
    };
    Ok(match pieces.as_slice() {
        [] if is_fixed => "\"\"".to_owned(),
        [] => "String::new()".to_owned(),
        [Piece::Words(words)] if is_fixed => format!("{words:?}"),
        [Piece::Words(words)] => format!("{words:?}.to_owned()"),
        [Piece::Argument(name)] => format!("{}.to_string()", rust_name(name)),
        _ => {
            let format: String = pieces
                .iter()
                .map(|piece| match piece {
                    Piece::Words(words) => words.replace('{', "{{").replace('}', "}}"),
                    Piece::Argument(name) | Piece::ByNumber { argument: name, .. } => {
                        format!("{{{}}}", rust_name(name))
                    }
                })
                .collect();
            format!("format!({format:?})")
        }
    })
}

fn choice(argument: &str, cases: &[(Case, Said)], language: &str) -> Result<String> {
    let mut arms = String::new();
    let mut seen = Vec::new();
    for (case, said) in cases {
        let pattern = match case {
            Case::Exactly(number) => number.to_string(),
            Case::Category(category) => plural::pattern(language, category)
                .with_context(|| format!("`{language}` has no plural `{category}` that we know"))?
                .to_owned(),
            Case::Other => "_".to_owned(),
        };
        ensure!(!seen.contains(&pattern), "two cases are for the same numbers");
        let _ = write!(arms, "{pattern} => {}, ", says(said, language, false)?);
        seen.push(pattern);
    }
    Ok(format!("match {}.many() {{ {arms}}}", rust_name(argument)))
}

/// Calls for a test: one, or one for each number tried.
fn sample(name: &str, arguments: &[Argument], language: &Language) -> String {
    let is_counted = arguments.iter().any(|argument| argument.is_number);
    let numbers: &[&str] = if is_counted { &TRIED } else { &TRIED[..1] };
    let owned = if arguments.is_empty() { ".to_owned()" } else { "" };
    let mut samples = String::new();
    for number in numbers {
        let mut told = Vec::new();
        let mut given = Vec::new();
        for argument in arguments {
            let name = &argument.name;
            if argument.is_number {
                told.push(format!("({name:?}, {number:?})"));
                given.push(format!("{number}_u64"));
            } else {
                told.push(format!("({name:?}, \"<{name}>\")"));
                given.push(format!("\"<{name}>\""));
            }
        }
        let _ = writeln!(
            samples,
            "    || ::texts::Sample {{ language: {:?}, name: {name:?}, arguments: &[{}], \
             text: {}({}){owned} }},",
            language.code,
            told.join(", "),
            rust_name(name),
            given.join(", "),
        );
    }
    samples
}

/// `cart-title.hint` as `cart_title_hint`.
fn rust_name(name: &str) -> String {
    name.replace(['-', '.'], "_").to_lowercase()
}

/// `pt-BR` as `PtBr`.
fn variant(code: &str) -> String {
    code.split('-')
        .map(|part| {
            let (first, rest) = part.split_at(part.len().min(1));
            first.to_uppercase() + &rest.to_lowercase()
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn language(code: &str, source: &str) -> Language {
        Language::parse(code, &[("cart".to_owned(), source.to_owned())]).unwrap()
    }

    #[test]
    fn a_text_without_arguments_is_a_literal() {
        let file = file(&[language("en", "# Heading.\ncart-title = Your \"cart\" { \"{\" }\n")]);

        let file = file.unwrap();
        let function = "/// Heading.\n///\n/// Says `Your \"cart\" {`.\n\
                        pub fn cart_title() -> &'static str {\n    match language() {\n        \
                        Language::En => \"Your \\\"cart\\\" {\",\n";
        assert!(file.contains(function), "{file}");
        assert!(!file.contains("trait Count"), "{file}");
    }

    #[test]
    fn a_choice_is_a_match_in_each_language() {
        let source = "cart-count = { $count ->\n    [0] None\n    [one] One\n   *[other] { $count } of { $shop }\n}.\n";
        let languages =
            [language("en", source), language("pt-BR", "cart-count = { $count } { $shop }\n")];

        let file = file(&languages).unwrap();

        for line in [
            "pub fn cart_count(count: impl Count, shop: impl std::fmt::Display) -> String {",
            "Language::En => match count.many() { 0 => \"None.\".to_owned(), 1 => \"One.\".to_owned(), _ => format!(\"{count} of {shop}.\"), },",
            "Language::PtBr => format!(\"{count} {shop}\"),",
            "pub trait Count",
            "arguments: &[(\"count\", \"21\"), (\"shop\", \"<shop>\")], text: cart_count(21_u64, \"<shop>\")",
        ] {
            assert!(file.contains(line), "{line} in {file}");
        }
    }

    #[test]
    fn a_choice_that_can_never_be_made_is_refused() {
        for source in [
            "cart-a = { $n ->\n    [few] a\n   *[other] b\n }\n",
            "cart-a = { $n ->\n    [1] a\n    [one] b\n   *[other] c\n }\n",
        ] {
            assert!(file(&[language("en", source)]).is_err(), "{source}");
        }
    }
}
