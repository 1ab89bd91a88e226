//! A text as it will be said: words and arguments in a row, or a choice by a number.

/// A part of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words as they are.
    Words(String),
    /// The value of an argument.
    Argument(String),
    /// One of several, by the number that an argument is.
    ByNumber {
        /// Name of the argument.
        argument: String,
        /// When, and what is said then; the last is for all other numbers.
        cases: Vec<(Case, Vec<Piece>)>,
    },
}

/// When something is said.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Case {
    /// For just this number.
    Exactly(u64),
    /// For the numbers of a plural category, such as `one`.
    Category(String),
    /// For all numbers that no other case is for.
    Other,
}

/// A whole text, with its choices brought to the outside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Said {
    /// Words and arguments; none of the pieces is a choice.
    Plainly(Vec<Piece>),
    /// One of several whole texts.
    ByNumber {
        /// Name of the argument that decides.
        argument: String,
        /// When, and what is said then.
        cases: Vec<(Case, Said)>,
    },
}

impl Said {
    /// Brings choices to the outside, so that each outcome is one row of words and arguments.
    pub fn of(pieces: &[Piece]) -> Self {
        let choice = pieces.iter().enumerate().find_map(|(place, piece)| match piece {
            Piece::ByNumber { argument, cases } => Some((place, argument, cases)),
            Piece::Words(_) | Piece::Argument(_) => None,
        });
        let Some((place, argument, cases)) = choice else {
            return Self::Plainly(joined(pieces));
        };
        let whole =
            |middle: &[Piece]| Self::of(&[&pieces[..place], middle, &pieces[place + 1..]].concat());
        let cases = cases.iter().map(|(case, middle)| (case.clone(), whole(middle))).collect();
        Self::ByNumber { argument: argument.clone(), cases }
    }
}

/// An argument of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Argument {
    /// As the Fluent file calls it.
    pub name: String,
    /// Whether a choice hangs on it, so that it must be a number.
    pub is_number: bool,
}

/// The arguments of a text, in the order in which they first appear.
pub fn arguments(pieces: &[Piece]) -> Vec<Argument> {
    let mut found = Vec::new();
    collect(pieces, &mut found);
    found
}

fn collect(pieces: &[Piece], found: &mut Vec<Argument>) {
    let mut note = |name: &str, is_number: bool| {
        if let Some(known) = found.iter_mut().find(|argument| argument.name == name) {
            known.is_number |= is_number;
        } else {
            found.push(Argument { name: name.to_owned(), is_number });
        }
    };
    for piece in pieces {
        match piece {
            Piece::Words(_) => {}
            Piece::Argument(name) => note(name, false),
            Piece::ByNumber { argument, .. } => note(argument, true),
        }
    }
    for piece in pieces {
        if let Piece::ByNumber { cases, .. } = piece {
            for (_, pieces) in cases {
                collect(pieces, found);
            }
        }
    }
}

/// The same with neighbouring words as one.
fn joined(pieces: &[Piece]) -> Vec<Piece> {
    let mut all: Vec<Piece> = Vec::new();
    for piece in pieces {
        match (all.last_mut(), piece) {
            (Some(Piece::Words(before)), Piece::Words(words)) => before.push_str(words),
            _ => all.push(piece.clone()),
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(text: &str) -> Piece {
        Piece::Words(text.to_owned())
    }

    #[test]
    fn a_choice_in_the_middle_becomes_a_choice_of_whole_texts() {
        let pieces = [
            words("In it: "),
            Piece::ByNumber {
                argument: "count".to_owned(),
                cases: vec![
                    (Case::Category("one".to_owned()), vec![words("one thing")]),
                    (Case::Other, vec![Piece::Argument("count".to_owned()), words(" things")]),
                ],
            },
            words("."),
        ];

        let Said::ByNumber { cases, .. } = Said::of(&pieces) else { panic!("no choice") };

        assert_eq!(cases[0].1, Said::Plainly(vec![words("In it: one thing.")]));
        let Said::Plainly(other) = &cases[1].1 else { panic!("a choice") };
        assert_eq!(other.len(), 3);
        let count = Argument { name: "count".to_owned(), is_number: true };
        assert_eq!(arguments(&pieces), [count]);
    }
}
