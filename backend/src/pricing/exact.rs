//! Whole-number arithmetic that rounds once and never wraps.

use std::cmp::Ordering;

use super::PricingError;

/// One whole in parts per million.
pub(super) const MILLION: i128 = 1_000_000;

/// A number of minor units, if 64 bits hold it.
pub(super) fn whole(number: i128) -> Result<i64, PricingError> {
    i64::try_from(number).map_err(|_| PricingError::Overflow)
}

/// All of them together.
pub(super) fn sum(numbers: impl IntoIterator<Item = i64>) -> Result<i64, PricingError> {
    whole(numbers.into_iter().map(i128::from).sum())
}

/// `numerator ÷ denominator` to the nearest whole number, a half up; neither is negative.
pub(super) fn half_up(numerator: i128, denominator: i128) -> Result<i64, PricingError> {
    let twice = denominator.checked_mul(2).ok_or(PricingError::Overflow)?;
    let raised = numerator.checked_mul(2).and_then(|number| number.checked_add(denominator));
    whole(raised.ok_or(PricingError::Overflow)? / twice)
}

/// A positive fraction in lowest terms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Ratio {
    numerator: i128,
    denominator: i128,
}

impl Ratio {
    /// What leaves an amount as it is.
    pub(super) const ONE: Self = Self { numerator: 1, denominator: 1 };

    /// `numerator ÷ denominator`; both are positive.
    pub(super) fn new(numerator: i128, denominator: i128) -> Self {
        let divisor = common_divisor(numerator, denominator);
        Self { numerator: numerator / divisor, denominator: denominator / divisor }
    }

    /// The product.
    pub(super) fn times(self, other: Self) -> Result<Self, PricingError> {
        let left = Self::new(self.numerator, other.denominator);
        let right = Self::new(other.numerator, self.denominator);
        let numerator = left.numerator.checked_mul(right.numerator);
        let denominator = left.denominator.checked_mul(right.denominator);
        match (numerator, denominator) {
            (Some(numerator), Some(denominator)) => Ok(Self { numerator, denominator }),
            _ => Err(PricingError::Overflow),
        }
    }

    /// The quotient.
    pub(super) fn over(self, other: Self) -> Result<Self, PricingError> {
        self.times(Self { numerator: other.denominator, denominator: other.numerator })
    }

    /// This part of an amount, rounded half up.
    pub(super) fn of(self, amount: i64) -> Result<i64, PricingError> {
        let numerator = self.numerator.checked_mul(amount.into());
        half_up(numerator.ok_or(PricingError::Overflow)?, self.denominator)
    }

    /// Which is larger.
    pub(super) fn compare(self, other: Self) -> Result<Ordering, PricingError> {
        let quotient = self.over(other)?;
        Ok(quotient.numerator.cmp(&quotient.denominator))
    }
}

fn common_divisor(a: i128, b: i128) -> i128 {
    if b == 0 { a } else { common_divisor(b, a % b) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_half_is_rounded_up_and_less_is_not() {
        for (numerator, denominator, rounded) in
            [(0, 7, 0), (1, 2, 1), (3, 2, 2), (5, 2, 3), (1, 3, 0), (2, 3, 1), (49, 100, 0)]
        {
            assert_eq!(half_up(numerator, denominator), Ok(rounded), "{numerator}/{denominator}");
        }
    }

    #[test]
    fn what_does_not_fit_is_an_error_and_never_wraps() {
        assert_eq!(half_up(i128::MAX, 1), Err(PricingError::Overflow));
        assert_eq!(half_up(1, i128::MAX), Err(PricingError::Overflow));
        assert_eq!(half_up(i128::from(i64::MAX) + 1, 1), Err(PricingError::Overflow));
        assert_eq!(sum([i64::MAX, 1]), Err(PricingError::Overflow));
        assert_eq!(Ratio::new(2, 1).of(i64::MAX), Err(PricingError::Overflow));
    }

    #[test]
    fn ratios_are_exact_until_they_meet_an_amount() {
        let german = Ratio::new(1_190_000, 1_000_000);
        let french = Ratio::new(1_200_000, 1_000_000);

        assert_eq!(german.over(german), Ok(Ratio::ONE));
        assert_eq!(french.over(german), Ok(Ratio::new(120, 119)));
        assert_eq!(french.compare(german), Ok(Ordering::Greater));
        assert_eq!(Ratio::ONE.over(german).and_then(|net| net.of(1_999)), Ok(1_680));
    }
}
