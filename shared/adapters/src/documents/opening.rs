//! Opens what was uploaded, as its readers will: a PDF by its objects, an image by its pixels.

use std::io::Cursor;

use domain::professional::{FileFault, FileType};
use image::codecs::jpeg::JpegEncoder;
use image::imageops::FilterType;
use image::metadata::Orientation;
use image::{
    DynamicImage, ImageDecoder as _, ImageFormat, ImageReader, Limits, Rgb, RgbImage, Rgba,
};
use lopdf::{Dictionary, Document, LoadOptions, Object};

/// What one stream of a PDF may unpack to.
const MOST_UNPACKED: usize = 16 * 1024 * 1024;
/// What decoding an image may take: 40 megapixels of four bytes, and what the decoder needs.
const MOST_MEMORY: u64 = 256 * 1024 * 1024;
/// The longest side that is kept, in pixels: a sheet of A4 at 300 dots an inch.
const LONGEST_SIDE: u32 = 3508;
/// The longest side of a portrait, in pixels: the largest place that shows one, on a dense screen.
const PORTRAIT_SIDE: u32 = 192;
/// Of 100: what letters of a scanned page stay sharp at.
const JPEG_QUALITY: u8 = 85;

/// Opens a file. A PDF is kept as it came; an image is kept turned upright, without what the camera
/// wrote into it, and smaller: those are the bytes in the answer.
pub(super) fn open(bytes: &[u8], file_type: FileType) -> Result<Option<Vec<u8>>, FileFault> {
    match file_type {
        FileType::Pdf => open_pdf(bytes).map(|()| None),
        FileType::Jpeg => open_image(bytes, ImageFormat::Jpeg).map(Some),
        FileType::Png => open_image(bytes, ImageFormat::Png).map(Some),
    }
}

fn open_pdf(bytes: &[u8]) -> Result<(), FileFault> {
    // A reader finds the header further on too: what stands before it could be anything, a page for instance.
    if !bytes.starts_with(b"%PDF-") {
        return Err(FileFault::Damaged);
    }
    let options = LoadOptions {
        max_decompressed_size: Some(MOST_UNPACKED),
        ..LoadOptions::default()
    };
    let document =
        Document::load_mem_with_options(bytes, options).map_err(|error| match error {
            lopdf::Error::Decryption(_) | lopdf::Error::InvalidPassword => FileFault::Encrypted,
            _ => FileFault::Damaged,
        })?;
    if document.is_encrypted() || document.was_encrypted() {
        return Err(FileFault::Encrypted);
    }
    let acts = document.objects.values().any(acts) || acts_by(&document.trailer);
    if acts || acts_when_opened(&document) {
        return Err(FileFault::Active);
    }
    if document.get_pages().is_empty() {
        return Err(FileFault::NoPage);
    }
    Ok(())
}

/// Whether something in it does more than show a page: a script, a programme to be started, data that
/// is sent, a form that computes, a file within the file or beside it, whatever follows from looking at it.
fn acts(object: &Object) -> bool {
    match object {
        Object::Array(objects) => objects.iter().any(acts),
        Object::Dictionary(dictionary) => acts_by(dictionary),
        Object::Stream(stream) => acts_by(&stream.dict),
        Object::Null
        | Object::Boolean(_)
        | Object::Integer(_)
        | Object::Real(_)
        | Object::Name(_)
        | Object::String(..)
        | Object::Reference(_) => false,
    }
}

fn acts_by(dictionary: &Dictionary) -> bool {
    // `AA` are actions at what the reader does: opening, turning a page, closing.
    const KEYS: &[&[u8]] = &[b"JS", b"EF", b"XFA", b"AA", b"RichMediaContent"];
    const ACTIONS: &[&[u8]] = &[
        b"JavaScript",
        b"Launch",
        b"ImportData",
        b"SubmitForm",
        b"GoToE",
        b"GoToR",
        b"Rendition",
        b"RichMediaExecute",
    ];
    dictionary.iter().any(|(key, value)| {
        let key: &[u8] = key.as_ref();
        let action = key == b"S" && value.as_name().is_ok_and(|name| ACTIONS.contains(&name));
        action || KEYS.contains(&key) || acts(value)
    })
}

/// Whether opening the file does something of itself, but for showing one of its pages.
fn acts_when_opened(document: &Document) -> bool {
    let catalogue = document.catalog().ok();
    let Some(action) = catalogue.and_then(|catalogue| catalogue.get(b"OpenAction").ok()) else {
        return false;
    };
    let Ok((_, action)) = document.dereference(action) else {
        return true;
    };
    match action {
        Object::Null | Object::Array(_) | Object::Name(_) | Object::String(..) => false,
        Object::Dictionary(dictionary) => {
            let does = dictionary.get(b"S").and_then(Object::as_name);
            // A dictionary without an action is a destination.
            does.is_ok_and(|name| name != b"GoTo")
        }
        Object::Boolean(_)
        | Object::Integer(_)
        | Object::Real(_)
        | Object::Stream(_)
        | Object::Reference(_) => true,
    }
}

fn open_image(bytes: &[u8], format: ImageFormat) -> Result<Vec<u8>, FileFault> {
    let damaged = |_| FileFault::Damaged;
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    let mut limits = Limits::default();
    limits.max_alloc = Some(MOST_MEMORY);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(damaged)?;
    let (width, height) = decoder.dimensions();
    if u64::from(width) * u64::from(height) > FileFault::MOST_PIXELS {
        return Err(FileFault::TooManyPixels);
    }
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let mut image = DynamicImage::from_decoder(decoder).map_err(damaged)?;
    image.apply_orientation(orientation);
    if image.width().max(image.height()) > LONGEST_SIDE {
        image = image.resize(LONGEST_SIDE, LONGEST_SIDE, FilterType::CatmullRom);
    }
    let mut kept = Vec::new();
    let written = if format == ImageFormat::Jpeg {
        JpegEncoder::new_with_quality(&mut kept, JPEG_QUALITY).encode_image(&image.to_rgb8())
    } else if image.color().has_alpha() {
        image
            .to_rgba8()
            .write_to(&mut Cursor::new(&mut kept), format)
    } else {
        image
            .to_rgb8()
            .write_to(&mut Cursor::new(&mut kept), format)
    };
    written.map_err(damaged)?;
    Ok(kept)
}

/// A photo or a logo as pages show it: small, whole, on white where it shows through.
pub(super) fn portrait(kept: &[u8]) -> Option<Vec<u8>> {
    let image = image::load_from_memory(kept).ok()?;
    let side = PORTRAIT_SIDE;
    let image = image.resize(side, side, FilterType::CatmullRom).to_rgba8();
    let mut shown = RgbImage::from_pixel(image.width(), image.height(), Rgb([255; 3]));
    for (pixel, Rgba([red, green, blue, alpha])) in shown.pixels_mut().zip(image.pixels()) {
        let over = |colour: &u8| {
            let (colour, alpha) = (u16::from(*colour), u16::from(*alpha));
            u8::try_from((colour * alpha + 255 * (255 - alpha)) / 255).unwrap_or(u8::MAX)
        };
        *pixel = Rgb([over(red), over(green), over(blue)]);
    }
    let mut written = Vec::new();
    let encoder = JpegEncoder::new_with_quality(&mut written, JPEG_QUALITY);
    shown.write_with_encoder(encoder).ok()?;
    Some(written)
}

#[cfg(test)]
mod tests {
    use super::*;
    use image::ImageEncoder as _;
    use lopdf::{Object, dictionary};

    /// A PDF with this many pages, and whatever is added to its catalogue.
    fn pdf(pages: usize, more: &[(&str, Object)]) -> Vec<u8> {
        let mut document = Document::with_version("1.7");
        let tree = document.new_object_id();
        let kids: Vec<Object> = (0..pages)
            .map(|_| {
                let page = dictionary! { "Type" => "Page", "Parent" => tree, "MediaBox" => vec![0.into(), 0.into(), 595.into(), 842.into()] };
                document.add_object(page).into()
            })
            .collect();
        let count = i64::try_from(pages).unwrap();
        let list = dictionary! { "Type" => "Pages", "Kids" => kids, "Count" => count };
        document.objects.insert(tree, list.into());
        let mut catalogue = dictionary! { "Type" => "Catalog", "Pages" => tree };
        for (name, value) in more {
            catalogue.set(*name, value.clone());
        }
        let catalogue = document.add_object(catalogue);
        document.trailer.set("Root", catalogue);
        let mut bytes = Vec::new();
        document.save_to(&mut bytes).unwrap();
        bytes
    }

    fn script() -> Object {
        dictionary! { "S" => "JavaScript", "JS" => Object::string_literal("app.alert(1)") }.into()
    }

    #[test]
    fn a_pdf_is_opened_before_it_is_kept() {
        let launch = dictionary! { "S" => "Launch", "F" => Object::string_literal("cmd.exe") };
        let attached = dictionary! { "Names" => vec![
            Object::string_literal("a"),
            dictionary! { "Type" => "Filespec", "EF" => dictionary! { "F" => 1 } }.into(),
        ] };
        let names = dictionary! { "EmbeddedFiles" => attached };
        let link =
            || dictionary! { "S" => "URI", "URI" => Object::string_literal("https://exemple.fr") };
        let other = dictionary! { "S" => "GoToR", "F" => Object::string_literal("autre.pdf") };
        let shown =
            dictionary! { "S" => "GoTo", "D" => vec![0.into(), Object::Name(b"Fit".to_vec())] };
        // Where a reader clicks; it stands here for one of a page.
        let annotation = dictionary! { "Subtype" => "Link", "A" => link() };
        let with_a_page = dictionary! { "O" => link() };
        for (what, bytes, expected) in [
            ("one page", pdf(1, &[]), Ok(None)),
            ("forty pages", pdf(40, &[]), Ok(None)),
            ("a link", pdf(1, &[("Annots", annotation.into())]), Ok(None)),
            (
                "a page that is shown first",
                pdf(1, &[("OpenAction", shown.into())]),
                Ok(None),
            ),
            (
                "an address that opens by itself",
                pdf(1, &[("OpenAction", link().into())]),
                Err(FileFault::Active),
            ),
            (
                "another file that opens by itself",
                pdf(1, &[("OpenAction", other.into())]),
                Err(FileFault::Active),
            ),
            (
                "an address that opens with a page",
                pdf(1, &[("AA", with_a_page.into())]),
                Err(FileFault::Active),
            ),
            (
                "26 bytes",
                b"%PDF-1.4\nnothing of a PDF.".to_vec(),
                Err(FileFault::Damaged),
            ),
            (
                "a page before it",
                [b"<script>alert(1)</script>".as_slice(), &pdf(1, &[])].concat(),
                Err(FileFault::Damaged),
            ),
            ("no page", pdf(0, &[]), Err(FileFault::NoPage)),
            (
                "a script",
                pdf(1, &[("OpenAction", script())]),
                Err(FileFault::Active),
            ),
            (
                "a launch",
                pdf(1, &[("OpenAction", launch.into())]),
                Err(FileFault::Active),
            ),
            (
                "a file",
                pdf(1, &[("Names", names.into())]),
                Err(FileFault::Active),
            ),
        ] {
            assert_eq!(open(&bytes, FileType::Pdf), expected, "{what}");
        }
        let whole = pdf(1, &[]);
        assert_eq!(open(&whole[..40], FileType::Pdf), Err(FileFault::Damaged));
    }

    #[test]
    fn an_encrypted_pdf_is_not_kept() {
        for password in ["", "secret"] {
            let mut document = Document::load_mem(&pdf(1, &[])).unwrap();
            let id = Object::string_literal("0123456789abcdef");
            document.trailer.set("ID", vec![id.clone(), id]);
            let version = lopdf::EncryptionVersion::V2 {
                document: &document,
                owner_password: "owner",
                user_password: password,
                key_length: 128,
                permissions: lopdf::Permissions::all(),
            };
            let state = lopdf::EncryptionState::try_from(version).unwrap();
            document.encrypt(&state).unwrap();
            let mut bytes = Vec::new();
            document.save_to(&mut bytes).unwrap();
            assert_eq!(
                open(&bytes, FileType::Pdf),
                Err(FileFault::Encrypted),
                "{password}"
            );
        }
    }

    /// Left half red, right half blue.
    fn picture(width: u32, height: u32) -> RgbImage {
        RgbImage::from_fn(width, height, |x, _| {
            if x < width / 2 {
                Rgb([220, 20, 20])
            } else {
                Rgb([20, 20, 220])
            }
        })
    }

    /// EXIF that says: turn it by a quarter to the right; taken here.
    fn exif() -> Vec<u8> {
        let mut exif = b"MM\0*\0\0\0\x08".to_vec();
        exif.extend(b"\0\x02");
        exif.extend(b"\x01\x12\0\x03\0\0\0\x01\0\x06\0\0");
        exif.extend(b"\x01\x0f\0\x02\0\0\0\x04GPS\0");
        exif.extend(b"\0\0\0\0");
        exif
    }

    #[test]
    fn a_portrait_is_small_whole_and_white_where_a_logo_shows_through() {
        let mut logo = image::RgbaImage::new(800, 200);
        for pixel in logo.pixels_mut().take(400 * 100) {
            *pixel = Rgba([200, 0, 0, 255]);
        }
        let mut bytes = Vec::new();
        logo.write_to(&mut Cursor::new(&mut bytes), ImageFormat::Png)
            .unwrap();
        let shown = portrait(&bytes).unwrap();
        let image = image::load_from_memory(&shown).unwrap().to_rgb8();
        assert_eq!((image.width(), image.height()), (192, 48));
        assert!(image.get_pixel(100, 44).0.iter().all(|one| *one > 245));
        assert!(image.get_pixel(100, 4).0[0] > 150 && image.get_pixel(100, 4).0[1] < 90);
        assert!(portrait(b"nothing").is_none());
    }

    #[test]
    fn a_photo_is_turned_upright_and_says_nothing_of_where_it_was_taken() {
        let mut bytes = Vec::new();
        let mut encoder = JpegEncoder::new_with_quality(&mut bytes, 90);
        encoder.set_exif_metadata(exif()).unwrap();
        encoder.encode_image(&picture(80, 40)).unwrap();
        assert!(bytes.windows(3).any(|part| part == b"GPS"));
        let kept = open(&bytes, FileType::Jpeg).unwrap().unwrap();
        assert!(!kept.windows(4).any(|part| part == b"Exif"));
        let upright = image::load_from_memory(&kept).unwrap().to_rgb8();
        assert_eq!(upright.dimensions(), (40, 80));
        // What was left is on top.
        assert!(upright.get_pixel(20, 5)[0] > 150 && upright.get_pixel(20, 75)[2] > 150);
    }

    #[test]
    fn an_image_is_decoded_and_not_too_large() {
        let mut large = Vec::new();
        let picture = picture(5000, 100);
        picture
            .write_to(&mut Cursor::new(&mut large), ImageFormat::Png)
            .unwrap();
        let kept = open(&large, FileType::Png).unwrap().unwrap();
        let kept = image::load_from_memory(&kept).unwrap();
        assert_eq!((kept.width(), kept.height()), (LONGEST_SIDE, 70));
        // Half of it is missing.
        let half = open(&large[..large.len() / 2], FileType::Png);
        assert_eq!(half, Err(FileFault::Damaged));
        // 20 000 × 20 000 pixels in some bytes.
        let mut bomb = large;
        bomb[16..24].copy_from_slice(&[0, 0, 0x4e, 0x20, 0, 0, 0x4e, 0x20]);
        let sum = crc(&bomb[12..29]).to_be_bytes();
        bomb[29..33].copy_from_slice(&sum);
        assert_eq!(open(&bomb, FileType::Png), Err(FileFault::TooManyPixels));
    }

    fn crc(bytes: &[u8]) -> u32 {
        let mut sum = u32::MAX;
        for byte in bytes {
            sum ^= u32::from(*byte);
            for _ in 0..8 {
                sum = if sum & 1 == 1 {
                    (sum >> 1) ^ 0xedb8_8320
                } else {
                    sum >> 1
                };
            }
        }
        !sum
    }
}
