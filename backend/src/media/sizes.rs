//! The sizes that a picture is shown in, and their files (pure).

use fast_image_resize::{
    PixelType, ResizeOptions, Resizer,
    images::{Image, ImageRef},
};
use image::RgbaImage;
use ravif::{Encoder, Img};

/// Widths that the shop's pages choose from, in pixels. A picture that is narrower ends with its own.
pub const WIDTHS: [u32; 3] = [400, 800, 1600];

/// Tallest size, in pixels: twice as tall as wide, and then only narrower.
pub const MOST_HEIGHT: u32 = 3200;

/// A size that is not this much narrower than the one above it is left out.
const STEP: (u32, u32) = (5, 4);

/// The widths that a picture of that width gets, small to large.
pub fn widths(own: u32) -> Vec<u32> {
    let widest = own.min(WIDTHS[WIDTHS.len() - 1]);
    let is_needed = |width: &u32| width * STEP.0 / STEP.1 <= widest;
    WIDTHS.into_iter().filter(is_needed).filter(|width| *width < widest).chain([widest]).collect()
}

/// How files are written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Quick to make, and every browser shows it.
    Webp,
    /// Smaller, and slow to make.
    Avif,
}

impl Format {
    /// Its media type.
    pub const fn mime(self) -> &'static str {
        match self {
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
        }
    }

    /// How names of its files end.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Webp => "webp",
            Self::Avif => "avif",
        }
    }

    /// Writes pixels as a file: they go in, and nothing else does.
    pub fn write(self, pixels: &RgbaImage) -> anyhow::Result<Vec<u8>> {
        let (width, height) = pixels.dimensions();
        match self {
            Self::Webp => {
                let encoder = webp::Encoder::from_rgba(pixels.as_raw(), width, height);
                let file = encoder.encode_simple(false, 80.0);
                Ok(file.map_err(|error| anyhow::anyhow!("WebP: {error:?}"))?.to_vec())
            }
            Self::Avif => {
                let plain: Vec<_> =
                    pixels.pixels().map(|pixel| ravif::RGBA8::from(pixel.0)).collect();
                let size = (usize::try_from(width)?, usize::try_from(height)?);
                let encoder =
                    Encoder::new().with_quality(62.0).with_alpha_quality(75.0).with_speed(8);
                Ok(encoder.encode_rgba(Img::new(&plain[..], size.0, size.1))?.avif_file)
            }
        }
    }
}

/// The picture at that width. Edges of what is see-through keep their colours.
pub fn scaled(pixels: &RgbaImage, width: u32) -> anyhow::Result<RgbaImage> {
    let (own, height) = pixels.dimensions();
    let tall = (u64::from(height) * u64::from(width) + u64::from(own) / 2) / u64::from(own.max(1));
    // A line of a thousand times its width is squeezed: there is no half a pixel.
    let height_then = u32::try_from(tall)?.clamp(1, MOST_HEIGHT);
    let from = ImageRef::new(own, height, pixels.as_raw(), PixelType::U8x4)?;
    let mut to = Image::new(width, height_then, PixelType::U8x4);
    Resizer::new().resize(&from, &mut to, &ResizeOptions::new())?;
    RgbaImage::from_raw(width, height_then, to.into_vec())
        .ok_or_else(|| anyhow::anyhow!("a size has other pixels than it should"))
}

#[cfg(test)]
mod tests {
    use image::Rgba;

    use super::*;

    #[test]
    fn a_picture_gets_the_usual_widths_up_to_its_own() {
        for (own, expected) in [
            (5000, &[400, 800, 1600][..]),
            (1600, &[400, 800, 1600]),
            (1000, &[400, 800, 1000]),
            (900, &[400, 900]),
            (500, &[400, 500]),
            (450, &[450]),
            (1, &[1]),
        ] {
            assert_eq!(widths(own), expected, "{own}");
        }
    }

    #[test]
    fn what_is_see_through_does_not_bleed_into_what_is_not() {
        let red_on_nothing = RgbaImage::from_fn(64, 64, |x, _| {
            if x < 32 { Rgba([255, 0, 0, 255]) } else { Rgba([0, 255, 0, 0]) }
        });

        let small = scaled(&red_on_nothing, 9).unwrap();

        for pixel in small.pixels().filter(|pixel| pixel.0[3] > 40) {
            assert!(pixel.0[0] > 240 && pixel.0[1] < 15, "{pixel:?}");
        }
    }

    #[test]
    fn both_formats_keep_what_is_see_through() {
        let half =
            RgbaImage::from_fn(40, 20, |x, _| Rgba([20, 40, 200, if x < 20 { 0 } else { 255 }]));

        let webp = Format::Webp.write(&half).unwrap();
        let avif = Format::Avif.write(&half).unwrap();

        let read = image::load_from_memory(&webp).unwrap().into_rgba8();
        assert_eq!(
            (read.dimensions(), read.get_pixel(2, 2).0[3], read.get_pixel(37, 9).0[3]),
            ((40, 20), 0, 255)
        );
        assert_eq!(&avif[4..12], b"ftypavif");
        assert!(
            avif.windows(4).any(|four| four == b"auxl"),
            "there is no layer of what is see-through"
        );
    }
}
