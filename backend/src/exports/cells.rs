//! Rows as CSV (RFC 4180) that a spreadsheet shows and never calculates (pure).

use std::borrow::Cow;

use csv::{Terminator, WriterBuilder};

use crate::spreadsheet::is_formula;

/// A cell as it is, led by an apostrophe where a spreadsheet would calculate it.
fn plain(cell: &str) -> Cow<'_, str> {
    if is_formula(cell) { Cow::Owned(format!("'{cell}")) } else { Cow::Borrowed(cell) }
}

/// Rows, each ended by CR LF.
pub fn lines<const N: usize>(
    rows: impl IntoIterator<Item = [String; N]>,
) -> anyhow::Result<Vec<u8>> {
    let mut writer = WriterBuilder::new().terminator(Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        writer.write_record(row.iter().map(|cell| plain(cell).into_owned()))?;
    }
    Ok(writer.into_inner().map_err(csv::IntoInnerError::into_error)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_looks_like_a_formula_is_led_by_an_apostrophe() {
        for formula in
            ["=1+1", "+49 30", "-2", "@sum", "\tx", "\r=1", "\n=1", "  =1", "＝1", "=\"a\",\"b\""]
        {
            assert_eq!(plain(formula), format!("'{formula}"));
        }
        for text in ["", "Ann", "12.50", "a=1", "ann+news@example.com", "'=1"] {
            assert_eq!(plain(text), text);
        }
    }

    #[test]
    fn a_formula_is_neutral_inside_its_quotes_too() {
        let rows = [["=cmd,\"x\"".to_owned(), "two\nlines".to_owned()]];

        let text = String::from_utf8(lines(rows).unwrap()).unwrap();

        assert_eq!(text, "\"'=cmd,\"\"x\"\"\",\"two\nlines\"\r\n");
    }
}
