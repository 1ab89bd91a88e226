//! Looking over what was sent, field by field, so that everything wrong is told at once.

use api_types::FieldError;

use super::{ApiError, Result};

/// Most characters of a name in addresses.
pub const LONGEST_HANDLE: usize = 100;

/// What was found wrong so far.
#[derive(Debug, Default)]
pub struct Checks {
    found: Vec<FieldError>,
}

impl Checks {
    /// Notes a field that breaks a rule.
    pub fn wrong(&mut self, pointer: impl Into<String>, code: &str, message: impl Into<String>) {
        self.found.push(FieldError {
            pointer: pointer.into(),
            code: code.to_owned(),
            message: message.into(),
        });
    }

    /// Notes a field unless it keeps its rule.
    pub fn require(&mut self, is_right: bool, pointer: &str, code: &str, message: &str) {
        if !is_right {
            self.wrong(pointer, code, message);
        }
    }

    /// One line of text, trimmed: 1 to `longest` characters, blanks around it too.
    pub fn line(&mut self, pointer: &str, text: &str, longest: usize) -> String {
        self.short(pointer, text, longest);
        let text = text.trim();
        self.require(!text.is_empty(), pointer, "required", "Enter something.");
        text.to_owned()
    }

    /// One line of text that may be left out; absent when it is empty.
    pub fn optional(
        &mut self,
        pointer: &str,
        text: Option<&str>,
        longest: usize,
    ) -> Option<String> {
        let text = text?;
        self.short(pointer, text, longest);
        Some(text.trim().to_owned()).filter(|text| !text.is_empty())
    }

    /// A name in addresses.
    pub fn handle(&mut self, pointer: &str, text: &str) -> String {
        let is_plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit();
        let is_slug = text.split('-').all(|part| !part.is_empty() && part.chars().all(is_plain));
        self.require(
            is_slug && text.len() <= LONGEST_HANDLE,
            pointer,
            "handle",
            "Use lower case letters, digits and single hyphens between them, at most 100.",
        );
        text.to_owned()
    }

    /// A number from `least` to `most`.
    pub fn range(&mut self, pointer: &str, number: i64, (least, most): (i64, i64)) {
        if !(least..=most).contains(&number) {
            self.wrong(pointer, "range", format!("Enter a number from {least} to {most}."));
        }
    }

    /// All that is wrong, or nothing.
    pub fn done(self) -> Result<()> {
        if self.found.is_empty() { Ok(()) } else { Err(ApiError::Invalid(self.found)) }
    }

    fn short(&mut self, pointer: &str, text: &str, longest: usize) {
        let fits = text.chars().count() <= longest && !text.trim().chars().any(char::is_control);
        if !fits {
            let message = format!("Use at most {longest} characters in one line.");
            self.wrong(pointer, "too_long", message);
        }
    }
}

/// One line of text, trimmed: 1 to `longest` characters, where nothing else can be wrong.
pub fn line(pointer: &str, text: &str, longest: usize) -> Result<String> {
    let mut checks = Checks::default();
    let text = checks.line(pointer, text, longest);
    checks.done().map(|()| text)
}

/// Words of a query, trimmed: absent when there are none; 400 when no text of ours can hold them.
pub fn words(text: Option<&str>) -> Result<Option<String>> {
    let text = text.map(str::trim).filter(|text| !text.is_empty());
    match text {
        Some(text) if text.chars().count() > 200 || text.contains('\0') => {
            Err(ApiError::BadRequest("search for at most 200 plain characters".to_owned()))
        }
        other => Ok(other.map(str::to_owned)),
    }
}

/// What `LIKE` finds these words by, anywhere in a text of small letters: they mean nothing but themselves.
pub fn pattern(words: &str) -> String {
    let plain = words.to_lowercase().replace('\\', "\\\\").replace('%', "\\%").replace('_', "\\_");
    format!("%{plain}%")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn everything_that_is_wrong_is_told_at_once() {
        let mut checks = Checks::default();

        assert_eq!(checks.line("/a", " Mug ", 5), "Mug");
        checks.line("/b", "  ", 5);
        checks.line("/c", "a\0b", 5);
        checks.range("/d", i64::MIN, (0, 9));

        let Err(ApiError::Invalid(found)) = checks.done() else { panic!("nothing was found") };
        let pointers: Vec<_> = found.iter().map(|it| it.pointer.as_str()).collect();
        assert_eq!(pointers, ["/b", "/c", "/d"]);
    }

    #[test]
    fn a_handle_is_part_of_an_address() {
        for (text, is_right) in [
            ("mug", true),
            ("mug-2", true),
            ("", false),
            ("-a", false),
            ("a--b", false),
            ("Ä", false),
        ] {
            let mut checks = Checks::default();
            checks.handle("/handle", text);
            assert_eq!(checks.done().is_ok(), is_right, "{text}");
        }
    }
}
