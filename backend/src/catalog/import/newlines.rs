//! Lines that end alike, so that they can be counted.

use std::io::{Read, Result};

/// Passes a text on with `\n` where it has `\r\n`, and with one at its end.
pub struct Newlines<R> {
    inner: R,
    last: u8,
    /// A `\r` that is passed on unless a `\n` follows.
    is_held: bool,
    is_over: bool,
}

impl<R: Read> Newlines<R> {
    /// The text of `inner`.
    pub fn new(inner: R) -> Self {
        Self { inner, last: 0, is_held: false, is_over: false }
    }
}

impl<R: Read> Read for Newlines<R> {
    fn read(&mut self, buffer: &mut [u8]) -> Result<usize> {
        // Room for what was held back.
        let mut chunk = vec![0; buffer.len().saturating_sub(2)];
        while !self.is_over && !chunk.is_empty() {
            let length = self.inner.read(&mut chunk)?;
            let mut passed = 0;
            let mut pass = |byte, last: &mut u8| {
                buffer[passed] = byte;
                passed += 1;
                *last = byte;
            };
            for &byte in &chunk[..length] {
                if std::mem::take(&mut self.is_held) && byte != b'\n' {
                    pass(b'\r', &mut self.last);
                }
                if byte == b'\r' {
                    self.is_held = true;
                } else {
                    pass(byte, &mut self.last);
                }
            }
            if length == 0 {
                self.is_over = true;
                if self.last != b'\n' {
                    pass(b'\n', &mut self.last);
                }
            }
            if passed > 0 {
                return Ok(passed);
            }
        }
        Ok(0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str, size: usize) -> String {
        let mut newlines = Newlines::new(text.as_bytes());
        let (mut read, mut buffer) = (Vec::new(), vec![0; size]);
        loop {
            let length = newlines.read(&mut buffer).unwrap();
            if length == 0 {
                return String::from_utf8(read).unwrap();
            }
            read.extend_from_slice(&buffer[..length]);
        }
    }

    #[test]
    fn lines_end_alike_however_they_are_cut() {
        for (text, expected) in [
            ("a\r\nb", "a\nb\n"),
            ("a\n\r\nb\r\n", "a\n\nb\n"),
            ("a\rb\r\r\n", "a\rb\r\n"),
            ("", "\n"),
            ("é\r", "é\n"),
        ] {
            for size in [3, 4, 64] {
                assert_eq!(read(text, size), expected, "{text:?} by {size}");
            }
        }
    }
}
