//! A catalogue of Shopify or `WooCommerce`.

use std::{collections::BTreeSet, sync::LazyLock};

use ::csv::{ByteRecord, ReaderBuilder};
use backend::fuzzing::{Imported, imported, rewritten};

static RUNTIME: LazyLock<tokio::runtime::Runtime> =
    LazyLock::new(|| tokio::runtime::Builder::new_current_thread().build().expect("a runtime"));

pub fn read(bytes: &[u8]) {
    let Some(groups) = RUNTIME.block_on(imported(bytes)) else { return };
    let found: usize = groups.iter().map(|group| group.rows.len() + group.unreadable.len()).sum();
    assert_eq!(found, rows_of(bytes), "every row is in some product");
    for group in &groups {
        accounted(group);
    }
    written(bytes, &groups);
}

/// A row is taken or refused, and nothing is refused that is not there.
fn accounted(group: &Imported) {
    let lines: BTreeSet<u64> = group.rows.iter().map(|(line, _)| *line).collect();
    let refused: BTreeSet<u64> = group.refused.iter().copied().collect();
    assert!(refused.is_subset(&lines), "{refused:?} are refused of {lines:?}");
    assert!(group.is_taken || refused == lines, "{refused:?} are refused of {lines:?}");
}

/// Rows below the header that are not blank, counted without the shop's code.
fn rows_of(bytes: &[u8]) -> usize {
    let text = newlines(bytes);
    let mut reader = ReaderBuilder::new().flexible(true).from_reader(text.as_slice());
    let is_blank = |row: &ByteRecord| {
        row.iter().all(|cell| str::from_utf8(cell).is_ok_and(|cell| cell.trim().is_empty()))
    };
    reader.byte_records().filter(|row| !is_blank(row.as_ref().expect("bytes can be read"))).count()
}

/// The rows, written as the export writes them, are the same rows again.
fn written(bytes: &[u8], groups: &[Imported]) {
    if groups.iter().any(|group| !group.unreadable.is_empty()) {
        return;
    }
    let cells = |groups: &[Imported]| -> Vec<Vec<Vec<u8>>> {
        let rows = groups.iter().flat_map(|group| &group.rows);
        rows.map(|(_, row)| row.iter().map(|cell| newlines(cell.as_bytes())).collect()).collect()
    };
    let again = rewritten(bytes, groups);
    let groups_again = RUNTIME.block_on(imported(&again)).expect("it is a catalogue still");
    let (mut before, mut after) = (cells(groups), cells(&groups_again));
    // Variations without their product come in any order.
    before.sort();
    after.sort();
    assert_eq!(before, after, "{}", String::from_utf8_lossy(&again));
}

fn newlines(bytes: &[u8]) -> Vec<u8> {
    let mut text = Vec::with_capacity(bytes.len());
    for byte in bytes {
        if *byte == b'\n' && text.last() == Some(&b'\r') {
            text.pop();
        }
        text.push(*byte);
    }
    text
}
