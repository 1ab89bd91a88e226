//! The demo shop's pictures: which files there are of each, and how large they are.

use std::{
    collections::HashMap,
    fs::{self, File},
    io::Read,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};

use crate::media::Storage;

/// One file of a picture.
pub struct PictureFile {
    /// Where it is.
    pub path: PathBuf,
    /// Its name, and its key.
    pub key: String,
    /// Media type.
    pub mime: &'static str,
    /// Pixels.
    pub width: i32,
    /// Size of the file.
    pub bytes: i64,
}

/// The files of each picture, by its stem.
pub struct Pictures {
    by_stem: HashMap<String, Vec<PictureFile>>,
}

impl Pictures {
    /// Looks through `folder`; files that are no pictures are passed over.
    pub fn in_folder(folder: &Path) -> Result<Self> {
        let mut by_stem: HashMap<String, Vec<PictureFile>> = HashMap::new();
        let entries = match fs::read_dir(folder) {
            Ok(entries) => entries,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => {
                return Ok(Self { by_stem });
            }
            Err(error) => {
                return Err(error).with_context(|| format!("cannot read {}", folder.display()));
            }
        };
        for entry in entries {
            let entry = entry?;
            let key = entry.file_name().to_string_lossy().into_owned();
            let Some((stem, width, mime)) = parts(&key) else { continue };
            let bytes = i64::try_from(entry.metadata()?.len())?;
            let file = PictureFile { path: entry.path(), mime, width, bytes, key: key.clone() };
            by_stem.entry(stem.to_owned()).or_default().push(file);
        }
        Ok(Self { by_stem })
    }

    /// The files of one picture; none when it was not drawn.
    pub fn of(&self, stem: &str) -> &[PictureFile] {
        self.by_stem.get(stem).map_or(&[], Vec::as_slice)
    }

    /// Keeps a picture's files where pictures are kept, unless they are there.
    pub async fn keep(&self, stem: &str, storage: &Storage) -> Result<()> {
        for file in self.of(stem) {
            let there = storage.length(&file.key).await?;
            if there.map(i64::try_from) != Some(Ok(file.bytes)) {
                let content = fs::read(&file.path)
                    .with_context(|| format!("cannot read {}", file.path.display()))?;
                storage.keep(&file.key, content).await?;
            }
        }
        Ok(())
    }
}

/// Width and height of the largest file of a picture.
pub fn size(files: &[PictureFile]) -> Option<(i32, i32)> {
    let largest = files.iter().max_by_key(|file| (file.mime == "image/webp", file.width))?;
    let mut head = [0; 30];
    let read = File::open(&largest.path).and_then(|mut file| file.read_exact(&mut head));
    let (width, height) = read.ok().and_then(|()| webp_size(&head)).unwrap_or((1, 1));
    // The other format may go larger; both have the same shape.
    let most = files.iter().map(|file| file.width).max().unwrap_or(largest.width);
    Some((most, (i64::from(most) * i64::from(height) / i64::from(width)).try_into().ok()?))
}

/// `mug-oat-400.avif` is `mug-oat`, 400 pixels wide, AVIF.
fn parts(key: &str) -> Option<(&str, i32, &'static str)> {
    let (name, extension) = key.rsplit_once('.')?;
    let mime = match extension {
        "avif" => "image/avif",
        "webp" => "image/webp",
        "jpg" => "image/jpeg",
        _ => return None,
    };
    let (stem, width) = name.rsplit_once('-')?;
    Some((stem, width.parse().ok()?, mime)).filter(|_| crate::media::is_key(key))
}

/// The size that a WebP file's head tells.
fn webp_size(head: &[u8; 30]) -> Option<(i32, i32)> {
    let number = |at: usize, bytes: usize| {
        head[at..at + bytes].iter().rev().fold(0_i32, |sum, byte| sum << 8 | i32::from(*byte))
    };
    match &head[12..16] {
        b"VP8X" => Some((number(24, 3) + 1, number(27, 3) + 1)),
        b"VP8 " => Some((number(26, 2) & 0x3fff, number(28, 2) & 0x3fff)),
        b"VP8L" => Some(((number(21, 2) & 0x3fff) + 1, (number(22, 3) >> 6 & 0x3fff) + 1)),
        _ => None,
    }
    .filter(|(width, height)| *width > 0 && *height > 0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_name_tells_stem_width_and_format() {
        assert_eq!(parts("mug-oat-400.avif"), Some(("mug-oat", 400, "image/avif")));
        assert_eq!(parts("a-2-800.webp"), Some(("a-2", 800, "image/webp")));
        for key in ["mug.avif", "mug-oat.avif", "mug-400.txt", "Mug-400.webp"] {
            assert_eq!(parts(key), None, "{key}");
        }
    }

    #[test]
    fn a_webp_head_tells_its_size() {
        let mut lossy = *b"RIFF....WEBPVP8 ....\0\0\0\x9d\x01\x2a\x20\x03\x90\x01";
        assert_eq!(webp_size(&lossy), Some((800, 400)));
        lossy[12..16].copy_from_slice(b"VP8X");
        lossy[24..30].copy_from_slice(&[0x1f, 3, 0, 0x8f, 1, 0]);
        assert_eq!(webp_size(&lossy), Some((800, 400)));
    }
}
