//! Counting tests.

use std::{
    fmt,
    ops::{Add, AddAssign},
};

/// How many tests went which way.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Those that found what they expect.
    pub passed: u64,
    /// Those that did not.
    pub failed: u64,
    /// Those that did not run.
    pub skipped: u64,
}

impl Totals {
    /// One test that passed, or failed.
    pub fn one(passed: bool) -> Self {
        Self { passed: u64::from(passed), failed: u64::from(!passed), skipped: 0 }
    }

    /// What a line like `test result: ok. 3 passed; 0 failed; 1 ignored; …` says.
    pub fn of_line(line: &str) -> Option<Self> {
        let counts = line.trim().strip_prefix("test result: ")?;
        let number = |what: &str| {
            let part = counts.split([';', '.']).find_map(|part| part.trim().strip_suffix(what))?;
            part.trim().parse().ok()
        };
        Some(Self {
            passed: number("passed")?,
            failed: number("failed")?,
            skipped: number("ignored")?,
        })
    }
}

impl Totals {
    /// What a check's line says: `ok   what (1.2 s)`, `FAIL what: why`, `skip what: why`.
    pub fn of_proof(line: &str) -> Option<Self> {
        match line.split_whitespace().next()? {
            "ok" => Some(Self::one(true)),
            "FAIL" => Some(Self::one(false)),
            "skip" => Some(Self { skipped: 1, ..Self::default() }),
            _ => None,
        }
    }
}

impl Add for Totals {
    type Output = Self;

    fn add(self, more: Self) -> Self {
        Self {
            passed: self.passed + more.passed,
            failed: self.failed + more.failed,
            skipped: self.skipped + more.skipped,
        }
    }
}

impl AddAssign for Totals {
    fn add_assign(&mut self, more: Self) {
        *self = *self + more;
    }
}

impl fmt::Display for Totals {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} passed, {} failed", self.passed, self.failed)?;
        if self.skipped > 0 {
            write!(f, ", {} skipped", self.skipped)?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cargo_s_results_are_counted() {
        let line = "test result: FAILED. 12 passed; 3 failed; 1 ignored; 0 measured; 0 filtered out; finished in 0.01s";

        assert_eq!(Totals::of_line(line), Some(Totals { passed: 12, failed: 3, skipped: 1 }));
        assert_eq!(Totals::of_line("running 3 tests"), None);
    }

    #[test]
    fn a_check_s_lines_are_counted() {
        assert_eq!(Totals::of_proof("ok   charts: they lint (0.1 s)"), Some(Totals::one(true)));
        assert_eq!(Totals::of_proof("FAIL charts: a port is wrong"), Some(Totals::one(false)));
        assert_eq!(Totals::of_proof("skip x: no schemas").map(|it| it.skipped), Some(1));
        assert_eq!(Totals::of_proof("okay"), None);
    }

    #[test]
    fn skips_are_named_only_when_there_are_any() {
        assert_eq!(Totals { passed: 2, failed: 0, skipped: 0 }.to_string(), "2 passed, 0 failed");
        assert_eq!(
            Totals { passed: 2, failed: 1, skipped: 3 }.to_string(),
            "2 passed, 1 failed, 3 skipped"
        );
    }
}
