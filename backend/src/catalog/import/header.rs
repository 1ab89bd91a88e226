//! Which column is which, whoever wrote the file (pure).

use std::collections::HashMap;

/// The columns of a file, found by name without regard to case, spaces, hyphens and underscores.
#[derive(Clone, Debug)]
pub struct Header {
    names: Vec<String>,
    places: HashMap<String, usize>,
}

impl Header {
    /// The columns with these names; the first of a name counts.
    pub fn new<'a>(names: impl IntoIterator<Item = &'a str>) -> Self {
        let names: Vec<String> = names
            .into_iter()
            .map(|name| name.trim_start_matches('\u{feff}').trim().to_owned())
            .collect();
        let mut places = HashMap::new();
        for (place, name) in names.iter().enumerate() {
            places.entry(plain(name)).or_insert(place);
        }
        Self { names, places }
    }

    /// Where the first of `names` that the file has is.
    pub fn place(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.places.get(&plain(name)).copied())
    }

    /// What the file calls a column.
    pub fn name(&self, place: usize) -> &str {
        self.names.get(place).map_or("", String::as_str)
    }

    /// How many columns there are.
    pub fn len(&self) -> usize {
        self.names.len()
    }
}

fn plain(name: &str) -> String {
    name.chars()
        .filter(|letter| !letter.is_whitespace() && !matches!(letter, '-' | '_'))
        .flat_map(char::to_lowercase)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_however_they_are_written() {
        let header = Header::new(["\u{feff}URL handle", "variant_sku", "Image-Src", "Title", "title"]);

        assert_eq!(header.place(&["Handle", "URL Handle"]), Some(0));
        assert_eq!(header.place(&["Variant SKU"]), Some(1));
        assert_eq!(header.place(&["Image Src"]), Some(2));
        assert_eq!(header.place(&["Title"]), Some(3));
        assert_eq!(header.place(&["Price"]), None);
        assert_eq!(header.name(0), "URL handle");
    }
}
