//! Files that strangers made, read into clean pixels: upright, in the colours of a screen, small enough,
//! and with nothing else that was in the file. What cannot be read so is refused (pure).

use std::io::Cursor;

use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbaImage,
    codecs::png::{CompressionType, FilterType, PngEncoder},
    metadata::Orientation,
};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};

use super::sizes::{MOST_HEIGHT, WIDTHS, scaled};

/// Largest file, in bytes.
pub const LARGEST: usize = 10 * 1024 * 1024;

/// Most pixels of a file.
const MOST_PIXELS: u64 = 50_000_000;

/// Longest side of a file, in pixels.
const LONGEST: u32 = 30_000;

/// Most memory that reading a file may take for its pixels: as much as the most pixels need, with 8 bits a channel.
const MOST_MEMORY: u64 = 4 * MOST_PIXELS;

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unfit {
    /// There is nothing in it.
    #[error("the file is empty")]
    Empty,
    /// It has too many bytes.
    #[error("the file is larger than 10 MB")]
    TooLarge,
    /// It is a drawing, which may hold scripts.
    #[error("SVG drawings are not taken: they may hold scripts; send a PNG of it")]
    Drawing,
    /// It is AVIF, which is written here and not read.
    #[error("AVIF pictures are not read; send the JPEG, PNG or WebP that it was made from")]
    Avif,
    /// It is no picture, or of a kind that nobody knows.
    #[error("the file is not a JPEG, PNG, WebP or GIF picture")]
    NotAPicture,
    /// It is not what it is said to be.
    #[error("the file is another kind of picture than its Content-Type says")]
    OtherKind,
    /// It has too many pixels.
    #[error("the picture has more than 50 million pixels, or a side of more than 30,000")]
    TooManyPixels,
    /// It breaks off, or is wrong inside.
    #[error("the picture is broken, or breaks off")]
    Broken,
}

impl Unfit {
    /// Its stable name for programs.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Empty => "required",
            Self::TooLarge => "too_large",
            Self::Drawing => "svg_refused",
            Self::Avif => "avif_refused",
            Self::NotAPicture => "not_a_picture",
            Self::OtherKind => "other_kind",
            Self::TooManyPixels => "too_many_pixels",
            Self::Broken => "broken_picture",
        }
    }
}

/// The media types that may be sent.
pub const KINDS: [&str; 4] = ["image/jpeg", "image/png", "image/webp", "image/gif"];

/// Pixels, and nothing but pixels.
#[derive(Debug, PartialEq)]
pub struct Clean(pub RgbaImage);

impl Clean {
    /// Reads a file that is said to be of that media type, if anybody said it. Of one that moves, the first picture.
    pub fn read(file: &[u8], said: Option<&str>) -> Result<Self, Unfit> {
        let format = kind(file)?;
        if said.is_some_and(|said| said != format.to_mime_type()) {
            return Err(Unfit::OtherKind);
        }
        let mut reader = ImageReader::with_format(Cursor::new(file), format);
        let mut limits = Limits::default();
        limits.max_image_width = Some(LONGEST);
        limits.max_image_height = Some(LONGEST);
        limits.max_alloc = Some(MOST_MEMORY);
        reader.limits(limits);
        let mut decoder = reader.into_decoder().map_err(|error| unfit(&error))?;
        let (width, height) = decoder.dimensions();
        // By what the head says, before any pixel is read.
        if u64::from(width) * u64::from(height) > MOST_PIXELS || decoder.total_bytes() > MOST_MEMORY
        {
            return Err(Unfit::TooManyPixels);
        }
        let turned = decoder.orientation().unwrap_or(Orientation::NoTransforms);
        let profile = decoder.icc_profile().ok().flatten();
        let mut picture = DynamicImage::from_decoder(decoder).map_err(|error| unfit(&error))?;
        picture.apply_orientation(turned);
        let mut pixels = small(picture)?;
        if let Some(profile) = profile {
            show_as_a_screen_does(&mut pixels, &profile);
        }
        Ok(Self(pixels))
    }

    /// The file that sizes are made from later.
    pub fn master(&self) -> Result<Vec<u8>, ImageError> {
        let mut file = Vec::new();
        let quick = PngEncoder::new_with_quality(&mut file, CompressionType::Fast, FilterType::Sub);
        self.0.write_with_encoder(quick)?;
        Ok(file)
    }

    /// Reads such a file again.
    pub fn of_master(file: &[u8]) -> Result<Self, ImageError> {
        image::load_from_memory_with_format(file, ImageFormat::Png)
            .map(|picture| Self(picture.into_rgba8()))
    }
}

/// What a file is by its first bytes; names and what others say of it do not count.
fn kind(file: &[u8]) -> Result<ImageFormat, Unfit> {
    if file.is_empty() {
        return Err(Unfit::Empty);
    }
    if file.len() > LARGEST {
        return Err(Unfit::TooLarge);
    }
    match image::guess_format(file) {
        Ok(
            format @ (ImageFormat::Jpeg | ImageFormat::Png | ImageFormat::WebP | ImageFormat::Gif),
        ) => {
            let ends = format != ImageFormat::Jpeg || jpeg_ends(file);
            if ends { Ok(format) } else { Err(Unfit::Broken) }
        }
        Ok(ImageFormat::Avif) => Err(Unfit::Avif),
        _ if is_drawing(file) => Err(Unfit::Drawing),
        _ => Err(Unfit::NotAPicture),
    }
}

/// Whether a JPEG's last picture has an end: a reader of JPEGs paints what is missing grey, and says nothing.
fn jpeg_ends(file: &[u8]) -> bool {
    let last = |marker: u8| file.windows(2).rposition(|pair| pair == [0xff, marker]);
    let (scan, end) = (last(0xda), last(0xd9));
    scan.zip(end).is_some_and(|(scan, end)| scan < end)
}

fn is_drawing(file: &[u8]) -> bool {
    let head = String::from_utf8_lossy(&file[..file.len().min(1024)]).to_lowercase();
    head.contains("<svg")
}

fn unfit(error: &ImageError) -> Unfit {
    match error {
        ImageError::Limits(_) => Unfit::TooManyPixels,
        _ => Unfit::Broken,
    }
}

/// No larger than the largest size that is ever shown.
fn small(picture: DynamicImage) -> Result<RgbaImage, Unfit> {
    let pixels = picture.into_rgba8();
    let (width, height) = pixels.dimensions();
    let widest = WIDTHS[WIDTHS.len() - 1];
    let by_height = u64::from(width) * u64::from(MOST_HEIGHT) / u64::from(height.max(1));
    let wanted = width.min(widest).min(u32::try_from(by_height).unwrap_or(u32::MAX)).max(1);
    if wanted == width && height <= MOST_HEIGHT {
        return Ok(pixels);
    }
    scaled(&pixels, wanted).map_err(|_| Unfit::Broken)
}

/// Turns the colours of a profile into those of a screen. A profile that cannot be read, or is of inks while its
/// reader made colours of light of them already, changes nothing.
fn show_as_a_screen_does(pixels: &mut RgbaImage, profile: &[u8]) {
    let Ok(profile) = ColorProfile::new_from_slice(profile) else { return };
    if profile.color_space != DataColorSpace::Rgb {
        return;
    }
    let (screen, options) = (ColorProfile::new_srgb(), TransformOptions::default());
    let found = profile.create_transform_8bit(Layout::Rgba, &screen, Layout::Rgba, options);
    let mut turned = vec![0; pixels.len()];
    if let Ok(transform) = found
        && transform.transform(pixels.as_raw(), &mut turned).is_ok()
    {
        pixels.copy_from_slice(&turned);
    }
}

#[cfg(test)]
mod tests {
    use image::{ImageEncoder, Rgb, RgbImage, Rgba, codecs::jpeg::JpegEncoder};

    use super::*;

    fn jpeg(width: u32, height: u32) -> Vec<u8> {
        let picture = RgbImage::from_fn(width, height, |x, _| Rgb([x.to_le_bytes()[0], 90, 30]));
        let mut file = Vec::new();
        picture.write_with_encoder(JpegEncoder::new(&mut file)).unwrap();
        file
    }

    fn png(picture: &RgbaImage, profile: Option<Vec<u8>>) -> Vec<u8> {
        let mut file = Vec::new();
        let mut encoder = PngEncoder::new(&mut file);
        if let Some(profile) = profile {
            encoder.set_icc_profile(profile).unwrap();
        }
        picture.write_with_encoder(encoder).unwrap();
        file
    }

    /// A JPEG with a piece of EXIF that says how it is turned.
    fn turned(file: &[u8], orientation: u8) -> Vec<u8> {
        let mut exif = b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0".to_vec();
        exif.extend([orientation, 0, 0, 0, 0, 0, 0]);
        let length = u16::try_from(exif.len() + 2).unwrap().to_be_bytes();
        [&file[..2], &[0xff, 0xe1], &length, &exif, &file[2..]].concat()
    }

    fn refused(file: &[u8]) -> Unfit {
        Clean::read(file, None).unwrap_err()
    }

    #[test]
    fn a_file_is_what_its_bytes_say_and_nothing_else_counts() {
        let file = jpeg(40, 20);

        assert_eq!(Clean::read(&file, Some("image/jpeg")).unwrap().0.dimensions(), (40, 20));
        assert_eq!(Clean::read(&file, Some("image/png")), Err(Unfit::OtherKind));
        for (file, expected) in [
            (&b""[..], Unfit::Empty),
            (b"<html><script>alert(1)</script>", Unfit::NotAPicture),
            (b"\xef\xbb\xbf<?xml version='1.0'?> <SVG onload='alert(1)'/>", Unfit::Drawing),
            (b"\0\0\0\x1cftypavif\0\0\0\0", Unfit::Avif),
            (b"%PDF-1.7", Unfit::NotAPicture),
            (b"II*\0", Unfit::NotAPicture),
            (b"MZ", Unfit::NotAPicture),
            (b"GIF89a<script>", Unfit::Broken),
        ] {
            assert_eq!(refused(file), expected, "{}", String::from_utf8_lossy(file));
        }
        assert_eq!(refused(&vec![0xff; LARGEST + 1]), Unfit::TooLarge);
    }

    #[test]
    fn a_file_that_breaks_off_is_refused_wherever_it_does() {
        let still = RgbaImage::from_fn(64, 64, |x, y| {
            Rgba([x.to_le_bytes()[0], y.to_le_bytes()[0], (x ^ y).to_le_bytes()[0], 255])
        });
        let mut webp = Vec::new();
        still
            .write_with_encoder(image::codecs::webp::WebPEncoder::new_lossless(&mut webp))
            .unwrap();
        for file in [jpeg(64, 64), png(&still, None), webp] {
            assert!(Clean::read(&file, None).is_ok());
            for share in [1, 2, 5, 9] {
                assert!(Clean::read(&file[..file.len() * share / 10], None).is_err(), "{share}");
            }
        }
    }

    #[test]
    fn a_picture_of_too_many_pixels_is_refused_by_its_head() {
        // A PNG that says 60,000 by 60,000 in a few bytes, and one of just too many pixels.
        for (width, height) in [(60_000_u32, 60_000_u32), (10_000, 5_001), (30_001, 1)] {
            let mut file = png(&RgbaImage::new(1, 1), None);
            file[16..20].copy_from_slice(&width.to_be_bytes());
            file[20..24].copy_from_slice(&height.to_be_bytes());
            let sum = crc(&file[12..29]).to_be_bytes();
            file[29..33].copy_from_slice(&sum);

            let began = std::time::Instant::now();
            assert_eq!(refused(&file), Unfit::TooManyPixels, "{width} x {height}");
            assert!(began.elapsed().as_millis() < 100, "pixels were read");
        }
    }

    fn crc(bytes: &[u8]) -> u32 {
        let mut sum = flate2::Crc::new();
        sum.update(bytes);
        sum.sum()
    }

    #[test]
    fn a_picture_stands_upright_and_forgets_that_it_was_turned() {
        let file = turned(&jpeg(40, 20), 6);

        let clean = Clean::read(&file, None).unwrap();

        assert_eq!(clean.0.dimensions(), (20, 40));
        assert!(clean.0.get_pixel(10, 38).0[0] > clean.0.get_pixel(10, 2).0[0], "not turned right");
    }

    #[test]
    fn colours_of_another_profile_become_those_of_a_screen() {
        let picture = RgbaImage::from_pixel(8, 8, Rgba([200, 100, 50, 128]));
        let wide = ColorProfile::new_display_p3().encode().unwrap();

        let seen = Clean::read(&png(&picture, Some(wide)), None).unwrap();
        let kept = Clean::read(&png(&picture, Some(b"no profile".to_vec())), None).unwrap();

        let [red, green, blue, veil] = seen.0.get_pixel(4, 4).0;
        assert!(
            red > 205 && green < 98 && blue < 40 && veil == 128,
            "{:?}",
            seen.0.get_pixel(4, 4)
        );
        assert_eq!(kept.0.get_pixel(4, 4).0, [200, 100, 50, 128]);
    }

    #[test]
    fn nothing_is_kept_larger_than_it_is_shown() {
        for ((width, height), expected) in [
            ((4000, 100), (1600, 40)),
            ((100, 8000), (40, 3200)),
            ((1, 29_999), (1, 3200)),
            ((1600, 3200), (1600, 3200)),
        ] {
            let clean = Clean::read(&png(&RgbaImage::new(width, height), None), None).unwrap();
            let again = Clean::of_master(&clean.master().unwrap()).unwrap();

            assert_eq!(clean.0.dimensions(), expected);
            assert_eq!(again, clean);
        }
    }
}
