//! Reading a file without a shop, for the fuzz targets.

use api_types::Currency;
use chrono::NaiveDate;

use super::{export::csv_of, format::with_mark, format::without_mark, read};

/// What came of the rows of one product.
pub struct Imported {
    /// Where each row that could be read begins, and its cells.
    pub rows: Vec<(u64, Vec<String>)>,
    /// Where rows are that could not be read.
    pub unreadable: Vec<u64>,
    /// Rows that were refused.
    pub refused: Vec<u64>,
    /// Whether the other rows make a product.
    pub is_taken: bool,
}

/// The products of a file; nothing when it is no file of products.
pub async fn imported(bytes: &[u8]) -> Option<Vec<Imported>> {
    let file = tempfile::NamedTempFile::new().expect("a temporary file");
    std::fs::write(file.path(), bytes).expect("a temporary file");
    let mut reader = read::open(file.path().to_path_buf(), None).await.ok()?;
    let layout = reader.layout().clone();
    let mut all = Vec::new();
    while let Some(group) = reader.next().await {
        let group = group.expect("a file can be read to its end");
        let product = layout.product(&group.rows, Currency::EUR, NaiveDate::default());
        let (is_taken, refusals) = match product {
            Ok((_, refusals)) => (true, refusals),
            Err(refusals) => (false, refusals),
        };
        all.push(Imported {
            rows: group.rows.into_iter().map(|row| (row.line, unmarked(&row.cells))).collect(),
            unreadable: group.unreadable.into_iter().map(|(line, _)| line).collect(),
            refused: refusals.into_iter().map(|refusal| refusal.line).collect(),
            is_taken,
        });
    }
    Some(all)
}

/// What the cells say, without the mark of the export.
fn unmarked(cells: &[String]) -> Vec<String> {
    cells.iter().map(|cell| without_mark(cell).to_owned()).collect()
}

/// The same file as the export would write it, below the header that it has.
pub fn rewritten(bytes: &[u8], products: &[Imported]) -> Vec<u8> {
    let mut file = csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = file.byte_headers().expect("it has a header").clone();
    let mut whole = csv::Writer::from_writer(Vec::new());
    whole.write_byte_record(&header).expect("memory can be written to");
    let mut whole = whole.into_inner().expect("memory can be written to");
    for (_, cells) in products.iter().flat_map(|product| &product.rows) {
        for cell in cells {
            assert_eq!(without_mark(&with_mark(cell.clone())), cell, "a mark is taken off again");
        }
        whole.extend(csv_of([cells.clone()]).expect("memory can be written to"));
    }
    whole
}
