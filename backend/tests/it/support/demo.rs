//! A demo shop of a few products, written as files, for `seed`.

use std::{fs, path::Path};

/// Writes a shop of two shelves and two products into `folder`.
pub fn write(folder: &Path) {
    for inside in ["products", "pictures"] {
        fs::create_dir_all(folder.join(inside)).unwrap();
    }
    let files = [
        ("shop.toml", SHOP),
        ("categories.toml", CATEGORIES),
        ("pages.toml", PAGES),
        ("posts.toml", POSTS),
        ("products/mug.toml", MUG),
        ("products/tea.toml", TEA),
    ];
    for (name, text) in files {
        fs::write(folder.join(name), text).unwrap();
    }
    for (name, width) in
        [("mug-oat-400.webp", 400_u16), ("mug-oat-800.webp", 800), ("hero-1000.webp", 1000)]
    {
        fs::write(folder.join("pictures").join(name), webp(width, width / 2)).unwrap();
    }
    fs::write(folder.join("pictures/mug-oat-800.avif"), b"not looked into").unwrap();
}

/// The head of a WebP file of this size.
fn webp(width: u16, height: u16) -> Vec<u8> {
    let mut head = b"RIFF....WEBPVP8 ....\0\0\0\x9d\x01\x2a".to_vec();
    head.extend(width.to_le_bytes());
    head.extend(height.to_le_bytes());
    head
}

const SHOP: &str = r#"
name = "Corner shop"
tagline = "Round the corner"
promises = [{ title = "Fast", text = "Very." }]
pictures = [{ stem = "hero", width = 1000, height = 500, alt = "A street" }]
[hero]
title = "Hello"
text = "Come in."
button = "Look"
link = "/search"
picture = "hero"
[story]
title = "Once"
text = "Upon a time."
button = "Read"
link = "/pages/about"
picture = "not-drawn"
"#;

const CATEGORIES: &str = r#"
[[category]]
handle = "mugs"
title = "Mugs"
intro = "To drink from."
parent = "kitchen"
position = 1
[[category]]
handle = "kitchen"
title = "Kitchen"
intro = "For the table."
position = 1
picture = "hero"
picture_alt = "A street"
"#;

const PAGES: &str = r#"
[[page]]
slug = "about"
title = "About"
body_html = "<p onclick=\"x()\">Us</p><script>bad()</script>"
"#;

const POSTS: &str = r#"
[[post]]
slug = "clay"
title = "Clay"
summary = "Where mugs come from."
published = "2026-01-15"
picture = "hero"
body_html = "<p>Mud.</p><figure><img src=\"/api/media/hero-1000.webp\" onerror=\"x()\" alt=\"A street\"></figure>"
[[post]]
slug = "fire"
title = "Fire"
summary = "What it does."
published = "2026-02-01"
picture = "not-drawn"
body_html = "<p>Hot.</p>"
[[post]]
slug = "later"
title = "Later"
summary = "Not yet."
published = "2027-01-01"
body_html = "<p>Wait.</p>"
"#;

const MUG: &str = r##"
handle = "mug"
title = "Mug"
subtitle = "Holds a lot"
category = "mugs"
brand = "Halden"
tags = ["clay"]
published = "2026-01-10"
sold_30d = 9
tax_class = "standard"
description = "<p>Clay.</p>"
details = [["Height", "9 cm"]]
options = [{ name = "Colour", values = [{ value = "Oat", swatch = "#d9cdb8" }, { value = "Ink" }] }]
pictures = [{ stem = "mug-oat", alt = "The mug in oat", option = { name = "Colour", value = "Oat" } }]
[[variants]]
options = ["Oat"]
sku = "MUG-OAT"
weight_g = 300
stock = 40
price = { EUR = "12.00", USD = "14.00" }
compare_at = { EUR = "15.00" }
[[variants]]
options = ["Ink"]
sku = "MUG-INK"
weight_g = 310
stock = 0
price = { EUR = "13.00", USD = "15.00" }
"##;

const TEA: &str = r#"
handle = "tea"
title = "Tea"
category = "kitchen"
published = "2026-02-10"
tax_class = "reduced"
description = "<p>Leaves.</p>"
[[variants]]
sku = "TEA"
weight_g = 100
stock = 3
price = { EUR = "7.50" }
"#;
