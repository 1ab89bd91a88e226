//! Sheets of A4 with words and rules on them, written as a PDF.
//!
//! Places are points from the top left corner. The fonts are cut down to Latin, Greek and Cyrillic
//! and hold no kerning, so that the width of a text is the sum of its letters' widths.

use krilla::{
    Document,
    color::luma,
    geom::{PathBuilder, Point},
    metadata::Metadata,
    page::PageSettings,
    paint::{Fill, Stroke},
    surface::Surface,
    text::{Font, TextDirection},
};
use skrifa::{FontRef, MetadataProvider, instance::LocationRef, prelude::Size};

/// Width of a sheet.
pub const WIDTH: f32 = 595.28;
/// Height of a sheet.
pub const HEIGHT: f32 = 841.89;

const PLAIN: &[u8] = include_bytes!("../../../assets/fonts/NotoSans-400Regular.ttf");
const STRONG: &[u8] = include_bytes!("../../../assets/fonts/NotoSans-600SemiBold.ttf");
/// Stands for a letter that the fonts do not have.
const UNKNOWN: char = '\u{fffd}';

/// How words look.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Style {
    /// Size in points.
    pub size: f32,
    /// Whether they are strong.
    pub is_strong: bool,
    /// 0 is black, 255 is white.
    pub grey: u8,
}

/// Something on a sheet.
#[derive(Clone, Debug, PartialEq)]
pub enum Mark {
    /// Words that begin here.
    Words { x: f32, y: f32, style: Style, text: String },
    /// A level line from one side to another.
    Rule { x: f32, to: f32, y: f32 },
}

/// Measures and cleans words before they are placed.
pub struct Scale {
    plain: FontRef<'static>,
    strong: FontRef<'static>,
}

impl Scale {
    /// With the fonts that sheets are printed in.
    pub fn new() -> anyhow::Result<Self> {
        Ok(Self { plain: FontRef::new(PLAIN)?, strong: FontRef::new(STRONG)? })
    }

    /// The text with every letter that can be printed; the others stand as one sign.
    pub fn printable(&self, text: &str) -> String {
        let letters = self.plain.charmap();
        let printable = |c: char| if letters.map(c).is_some() { c } else { UNKNOWN };
        text.chars().map(|c| if c.is_control() { ' ' } else { printable(c) }).collect()
    }

    /// How wide a printable text stands.
    pub fn width(&self, text: &str, style: Style) -> f32 {
        let font = if style.is_strong { &self.strong } else { &self.plain };
        let widths = font.glyph_metrics(Size::new(style.size), LocationRef::default());
        let letters = font.charmap();
        text.chars().filter_map(|c| widths.advance_width(letters.map(c)?)).sum()
    }

    /// The text in lines of at most this width, broken between words where that is possible.
    pub fn wrapped(&self, text: &str, style: Style, most: f32) -> Vec<String> {
        let mut lines = vec![String::new()];
        let mut put = |word: &str| {
            let last = lines.last_mut().filter(|line| !line.is_empty());
            let longer = last.as_ref().map(|line| format!("{line} {word}"));
            match (last, longer) {
                (Some(line), Some(longer)) if self.width(&longer, style) <= most => *line = longer,
                (Some(_), _) => lines.push(word.to_owned()),
                (None, _) => word.clone_into(lines.last_mut().unwrap_or(&mut String::new())),
            }
        };
        for word in text.split_whitespace() {
            self.pieces(word, style, most).iter().for_each(|piece| put(piece));
        }
        lines
    }

    /// A word, cut where it is wider than a line.
    fn pieces(&self, word: &str, style: Style, most: f32) -> Vec<String> {
        let mut pieces = vec![String::new()];
        for letter in word.chars() {
            let Some(piece) = pieces.last_mut() else { continue };
            let longer = format!("{piece}{letter}");
            if piece.is_empty() || self.width(&longer, style) <= most {
                *piece = longer;
            } else {
                pieces.push(letter.to_string());
            }
        }
        pieces
    }
}

/// Writes the sheets.
pub fn written(title: &str, sheets: &[Vec<Mark>]) -> anyhow::Result<Vec<u8>> {
    let font = |bytes: &'static [u8]| {
        Font::new(bytes.into(), 0).ok_or_else(|| anyhow::anyhow!("a font cannot be read"))
    };
    let fonts = [font(PLAIN)?, font(STRONG)?];
    let mut document = Document::new();
    document.set_metadata(Metadata::new().title(title.to_owned()).language("en".to_owned()));
    for sheet in sheets {
        let size = PageSettings::from_wh(WIDTH, HEIGHT);
        let mut page = document.start_page_with(size.unwrap_or_default());
        let mut surface = page.surface();
        for mark in sheet {
            draw(&mut surface, mark, &fonts);
        }
        surface.finish();
        page.finish();
    }
    document.finish().map_err(|error| anyhow::anyhow!("the PDF cannot be written: {error:?}"))
}

fn draw(surface: &mut Surface<'_>, mark: &Mark, [plain, strong]: &[Font; 2]) {
    match mark {
        Mark::Words { x, y, style, text } => {
            let font = if style.is_strong { strong } else { plain };
            let paint = luma::Color::new(style.grey).into();
            surface.set_stroke(None);
            surface.set_fill(Some(Fill { paint, ..Fill::default() }));
            let place = Point::from_xy(*x, *y);
            let direction = TextDirection::LeftToRight;
            surface.draw_text(place, font.clone(), style.size, text, false, direction);
        }
        Mark::Rule { x, to, y } => {
            let mut path = PathBuilder::new();
            path.move_to(*x, *y);
            path.line_to(*to, *y);
            if let Some(path) = path.finish() {
                let paint = luma::Color::new(190).into();
                surface.set_fill(None);
                surface.set_stroke(Some(Stroke { paint, width: 0.6, ..Stroke::default() }));
                surface.draw_path(&path);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STYLE: Style = Style { size: 10.0, is_strong: false, grey: 0 };

    #[test]
    fn names_of_the_shops_countries_can_be_printed() {
        let scale = Scale::new().unwrap();

        for text in [
            "Müller & Søn, Łódź",
            "Čeněk Škvorecký, Þórr",
            "Ελένη Παππά, Θεσσαλονίκη",
            "Цветанка, София",
            "€19.99 −£5 ¥100 “Çok”",
        ] {
            assert_eq!(scale.printable(text), text);
        }
        assert_eq!(scale.printable("山\ntea"), "\u{fffd} tea");
    }

    #[test]
    fn lines_are_no_wider_than_they_may_be_and_lose_no_word() {
        let scale = Scale::new().unwrap();
        let text = "A mug with a name that is far too long for one line Donaudampfschifffahrtsgesellschaftskapitän";

        let lines = scale.wrapped(text, STYLE, 90.0);

        assert!(lines.iter().all(|line| scale.width(line, STYLE) <= 90.0), "{lines:?}");
        let kept: String = lines.concat().split_whitespace().collect();
        assert_eq!(kept, text.split_whitespace().collect::<String>());
        assert_eq!(scale.wrapped("", STYLE, 90.0), [""]);
    }
}
