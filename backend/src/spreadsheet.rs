//! What spreadsheets make of a cell (pure).

/// What a formula begins with, in any script's width.
const FORMULA: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Whether a spreadsheet would calculate a cell, alone or once it has trimmed it.
pub fn is_formula(cell: &str) -> bool {
    cell.trim_start_matches(' ').starts_with(FORMULA)
}
