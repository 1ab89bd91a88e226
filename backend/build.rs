//! Writes a function for each text of `texts/`.

fn main() -> texts::Result<()> {
    texts::write("texts")
}
