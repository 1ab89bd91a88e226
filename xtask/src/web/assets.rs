//! The folder of files that browsers may keep for ever: hashed names, compressed copies, and a manifest.

use std::{
    collections::BTreeMap,
    ffi::OsStr,
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};

use crate::place;

/// The file that maps each name to the one it is served under.
pub const MANIFEST: &str = "manifest.json";

/// Kinds of files that shrink when compressed.
const COMPRESSIBLE: [&str; 9] =
    ["js", "css", "wasm", "svg", "json", "txt", "xml", "ico", "webmanifest"];

/// The folder under construction.
pub struct Site {
    folder: PathBuf,
    names: BTreeMap<String, String>,
}

impl Site {
    /// Opens the folder, creating it if needed.
    pub fn open(folder: PathBuf) -> Result<Self> {
        fs::create_dir_all(&folder)
            .with_context(|| format!("cannot create {}", folder.display()))?;
        Ok(Self { folder, names: BTreeMap::new() })
    }

    /// Adds a file under a name that tells its content.
    pub fn add(&mut self, name: &str, content: &[u8]) -> Result<()> {
        let is_script = Path::new(name).extension().is_some_and(|kind| kind == "js");
        let script = str::from_utf8(content).ok().filter(|_| is_script);
        let bare = script.map(bare_script);
        let content = bare.as_ref().map_or(content, |script| script.as_bytes());
        let hashed = hashed(name, content);
        let path = self.folder.join(&hashed);
        self.names.insert(name.to_owned(), hashed);
        if path.exists() {
            return Ok(());
        }
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        if COMPRESSIBLE.iter().any(|kind| path.extension() == Some(OsStr::new(kind))) {
            fs::write(beside(&path, "br"), brotli(content)?)?;
            fs::write(beside(&path, "gz"), gzip(content)?)?;
        }
        fs::write(&path, content).with_context(|| format!("cannot write {}", path.display()))
    }

    /// Adds every file of a folder.
    pub fn add_public(&mut self, folder: &Path) -> Result<()> {
        for file in files(folder) {
            let name = file.strip_prefix(folder)?.to_string_lossy().into_owned();
            self.add(
                &name,
                &fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?,
            )?;
        }
        Ok(())
    }

    /// Writes the manifest and removes what it does not name.
    pub fn finish(&self) -> Result<()> {
        let manifest = serde_json::to_string_pretty(&self.names)?;
        fs::write(self.folder.join(MANIFEST), manifest + "\n")
            .context("cannot write the manifest")?;
        for file in files(&self.folder) {
            let name = file.strip_prefix(&self.folder)?.to_string_lossy().into_owned();
            let plain =
                name.strip_suffix(".br").or_else(|| name.strip_suffix(".gz")).unwrap_or(&name);
            if name != MANIFEST && !self.names.values().any(|known| known == plain) {
                fs::remove_file(&file)
                    .with_context(|| format!("cannot remove {}", file.display()))?;
            }
        }
        Ok(())
    }

    /// What a browser downloads, for people.
    pub fn sizes(&self) -> String {
        let compressed = |name: &str| {
            let file = self.names.get(name).map(|hashed| beside(&self.folder.join(hashed), "br"));
            file.and_then(|file| file.metadata().ok()).map_or(0, |metadata| metadata.len())
        };
        let [wasm, js, css] = ["app_bg.wasm", "app.js", "style.css"].map(compressed);
        let kilo = |bytes: u64| bytes.div_ceil(1000);
        format!(
            "code {} kB, script {} kB, styles {} kB compressed",
            kilo(wasm),
            kilo(js),
            kilo(css)
        )
    }

    /// A sheet with `url(/assets/NAME)` pointing to what NAME is served as.
    fn point(&self, sheet: &str) -> String {
        let mut sheet = sheet.to_owned();
        for (name, hashed) in &self.names {
            for quote in ["", "\"", "'"] {
                let [from, to] =
                    [name, hashed].map(|name| format!("url({quote}/assets/{name}{quote})"));
                sheet = sheet.replace(&from, &to);
            }
        }
        sheet
    }
}

/// The style sheet: the files that `style/order.txt` lists, one after the other.
pub fn sheet(package: &Path, site: &Site) -> Result<String> {
    let order = package.join("style/order.txt");
    let order =
        fs::read_to_string(&order).with_context(|| format!("cannot read {}", order.display()))?;
    let mut sheet = String::new();
    for name in
        order.lines().map(str::trim).filter(|name| !name.is_empty() && !name.starts_with('#'))
    {
        let text = fs::read_to_string(package.join(name)).with_context(|| {
            format!("frontend/style/order.txt names {name}, which cannot be read")
        })?;
        sheet.push_str(&without_comments(&text));
    }
    Ok(site.point(&sheet))
}

/// CSS without its comments, indentation and empty lines.
fn without_comments(css: &str) -> String {
    let mut rest = css;
    let mut bare = String::new();
    while let Some((before, comment)) = rest.split_once("/*") {
        bare.push_str(before);
        rest = comment.split_once("*/").map_or("", |(_, after)| after);
    }
    bare.push_str(rest);
    bare.lines()
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .fold(String::new(), |all, line| all + line + "\n")
}

/// A script without indentation, empty lines and the comments that have lines of their own.
fn bare_script(script: &str) -> String {
    let mut is_comment = false;
    let mut bare = String::new();
    for line in script.lines().map(str::trim) {
        is_comment |= line.starts_with("/*");
        if !is_comment && !line.is_empty() && !line.starts_with("//") {
            bare.push_str(line);
            bare.push('\n');
        }
        is_comment &= !line.ends_with("*/");
    }
    bare
}

fn hashed(name: &str, content: &[u8]) -> String {
    let hash = place::short_hash(content);
    name.rsplit_once('.')
        .map_or_else(|| format!("{name}.{hash}"), |(stem, kind)| format!("{stem}.{hash}.{kind}"))
}

fn beside(path: &Path, kind: &str) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".");
    name.push(kind);
    PathBuf::from(name)
}

fn brotli(content: &[u8]) -> Result<Vec<u8>> {
    let mut packed = Vec::new();
    let settings = ::brotli::enc::BrotliEncoderParams {
        quality: 11,
        size_hint: content.len(),
        ..Default::default()
    };
    ::brotli::BrotliCompress(&mut &content[..], &mut packed, &settings)
        .context("cannot compress")?;
    Ok(packed)
}

fn gzip(content: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content)?;
    Ok(encoder.finish()?)
}

/// Every file at or under a path, in order, without hidden ones.
pub fn files(path: &Path) -> Vec<PathBuf> {
    if path.is_file() {
        return vec![path.to_owned()];
    }
    let entries = fs::read_dir(path).into_iter().flatten().flatten();
    let visible = entries.filter(|entry| !entry.file_name().as_encoded_bytes().starts_with(b"."));
    let mut found: Vec<_> = visible.flat_map(|entry| files(&entry.path())).collect();
    found.sort();
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hash_goes_before_the_kind() {
        assert_eq!(hashed("app.js", b""), "app.e3b0c442.js");
        assert_eq!(hashed("icons/cart.svg", b""), "icons/cart.e3b0c442.svg");
        assert_eq!(hashed("LICENSE", b""), "LICENSE.e3b0c442");
    }

    #[test]
    fn comments_and_indentation_leave_the_sheet() {
        assert_eq!(without_comments("/* a */\na {\n  b: c; /* d */\n}\n"), "a {\nb: c;\n}\n");
    }

    #[test]
    fn comments_and_indentation_leave_a_script_and_texts_stay() {
        let script = "/**\n * @param {x} y\n */\nfunction f(y) {\n\n  // Why.\n  return \"/* no */ // no\" * y;\n}\n";

        assert_eq!(bare_script(script), "function f(y) {\nreturn \"/* no */ // no\" * y;\n}\n");
    }

    #[test]
    fn a_sheet_points_to_hashed_files() {
        let names = BTreeMap::from([("a.woff2".to_owned(), "a.1.woff2".to_owned())]);
        let site = Site { folder: PathBuf::new(), names };

        assert_eq!(
            site.point("url(/assets/a.woff2) url(\"/assets/a.woff2\")"),
            "url(/assets/a.1.woff2) url(\"/assets/a.1.woff2\")"
        );
    }
}
