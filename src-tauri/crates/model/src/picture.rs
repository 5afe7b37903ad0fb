//! What a picture's first bytes tell of it: its form, its size, whether it moves.

/// Bytes in which the size of an AVIF or HEIC picture is looked for: it stands in the head.
const HEAD_BYTES_MAX: usize = 256 * 1024;
/// Parts of a file that are stepped over at most, so that a damaged one ends.
const STEPS_MAX: usize = 100_000;

/// How a picture is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum PictureForm {
    /// JPEG.
    Jpeg,
    /// GIF.
    Gif,
    /// PNG.
    Png,
    /// BMP.
    Bmp,
    /// TIFF.
    Tiff,
    /// AVIF.
    Avif,
    /// HEIC.
    Heic,
    /// WebP.
    Webp,
}

impl PictureForm {
    /// Its media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Gif => "image/gif",
            Self::Png => "image/png",
            Self::Bmp => "image/bmp",
            Self::Tiff => "image/tiff",
            Self::Avif => "image/avif",
            Self::Heic => "image/heic",
            Self::Webp => "image/webp",
        }
    }

    /// The ending of its files' names.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Gif => "gif",
            Self::Png => "png",
            Self::Bmp => "bmp",
            Self::Tiff => "tiff",
            Self::Avif => "avif",
            Self::Heic => "heic",
            Self::Webp => "webp",
        }
    }
}

/// What is known of a picture without drawing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct PictureFacts {
    /// How it is written, whatever its file is called.
    pub form: PictureForm,
    /// Width and height in pixels; none where the file does not tell them where it should.
    pub size: Option<(u32, u32)>,
    /// Whether it is more than one picture: an animation, or several pages.
    pub several: bool,
}

impl PictureFacts {
    /// Reads a picture's bytes; none where they are no picture of a form that is known.
    pub fn read(bytes: &[u8]) -> Option<Self> {
        let facts = |form, (size, several)| Self {
            form,
            size,
            several,
        };
        let told = match bytes {
            [0xff, 0xd8, 0xff, ..] => facts(PictureForm::Jpeg, (jpeg(bytes), false)),
            [0x89, b'P', b'N', b'G', b'\r', b'\n', 0x1a, b'\n', ..] => {
                facts(PictureForm::Png, png(bytes))
            }
            [b'G', b'I', b'F', b'8', b'7' | b'9', b'a', ..] => facts(PictureForm::Gif, gif(bytes)),
            [b'B', b'M', ..] => facts(PictureForm::Bmp, (bmp(bytes), false)),
            [b'I', b'I', 42, 0, ..] => facts(PictureForm::Tiff, tiff(bytes, little)),
            [b'M', b'M', 0, 42, ..] => facts(PictureForm::Tiff, tiff(bytes, big)),
            [
                b'R',
                b'I',
                b'F',
                b'F',
                _,
                _,
                _,
                _,
                b'W',
                b'E',
                b'B',
                b'P',
                ..,
            ] => facts(PictureForm::Webp, webp(bytes)),
            [_, _, _, _, b'f', b't', b'y', b'p', ..] => {
                let (form, several) = brand(bytes.get(8..12)?)?;
                facts(form, (boxed(bytes), several))
            }
            _ => return None,
        };
        Some(told)
    }

    /// Its longest side in pixels.
    pub fn longest(&self) -> Option<u32> {
        self.size.map(|(width, height)| width.max(height))
    }
}

/// Reads a number of some bytes at a place.
type Read = fn(&[u8], usize, usize) -> Option<u32>;

fn big(bytes: &[u8], at: usize, width: usize) -> Option<u32> {
    let part = bytes.get(at..at.checked_add(width)?)?.iter();
    Some(part.fold(0, |sum, byte| (sum << 8) | u32::from(*byte)))
}

fn little(bytes: &[u8], at: usize, width: usize) -> Option<u32> {
    let part = bytes.get(at..at.checked_add(width)?)?.iter().rev();
    Some(part.fold(0, |sum, byte| (sum << 8) | u32::from(*byte)))
}

fn place(number: u32) -> Option<usize> {
    usize::try_from(number).ok()
}

/// The size stands in the frame's own segment, behind as many others as there are.
fn jpeg(bytes: &[u8]) -> Option<(u32, u32)> {
    let mut at = 2;
    for _ in 0..STEPS_MAX {
        let (mark, code) = (bytes.get(at)?, *bytes.get(at + 1)?);
        if *mark != 0xff {
            return None;
        }
        match code {
            // A mark may be filled up, and some have no content.
            0xff => at += 1,
            0x01 | 0xd0..=0xd8 => at += 2,
            0xc0..=0xc3 | 0xc5..=0xc7 | 0xc9..=0xcb | 0xcd..=0xcf => {
                return Some((big(bytes, at + 7, 2)?, big(bytes, at + 5, 2)?));
            }
            _ => at += 2 + place(big(bytes, at + 2, 2)?)?,
        }
    }
    None
}

fn png(bytes: &[u8]) -> (Option<(u32, u32)>, bool) {
    let size = || Some((big(bytes, 16, 4)?, big(bytes, 20, 4)?));
    let mut at = 8_usize;
    let mut moves = || {
        for _ in 0..STEPS_MAX {
            match bytes.get(at + 4..at + 8)? {
                b"acTL" => return Some(true),
                b"IDAT" => return Some(false),
                _ => {
                    at = at
                        .checked_add(12)?
                        .checked_add(place(big(bytes, at, 4)?)?)?
                }
            }
        }
        None
    };
    (size(), moves().unwrap_or(false))
}

fn gif(bytes: &[u8]) -> (Option<(u32, u32)>, bool) {
    let size = || Some((little(bytes, 6, 2)?, little(bytes, 8, 2)?));
    (size(), gif_frames(bytes).unwrap_or(1) > 1)
}

/// Counts a GIF's pictures, up to the second.
fn gif_frames(bytes: &[u8]) -> Option<u32> {
    let colours = |flags: u8| match flags & 0x80 {
        0 => 0,
        _ => 3 << ((flags & 7) + 1),
    };
    let mut at = 13 + colours(*bytes.get(10)?);
    let mut frames = 0;
    for _ in 0..STEPS_MAX {
        at = match *bytes.get(at)? {
            0x21 => at + 2,
            0x2c => {
                frames += 1;
                if frames > 1 {
                    return Some(frames);
                }
                at + 11 + colours(*bytes.get(at + 9)?)
            }
            _ => return Some(frames),
        };
        loop {
            let length = usize::from(*bytes.get(at)?);
            at += 1 + length;
            if length == 0 {
                break;
            }
        }
    }
    None
}

fn bmp(bytes: &[u8]) -> Option<(u32, u32)> {
    // A negative height means that rows run downwards.
    let side = |at| Some(little(bytes, at, 4)?.cast_signed().unsigned_abs());
    Some((side(18)?, side(22)?))
}

fn tiff(bytes: &[u8], read: Read) -> (Option<(u32, u32)>, bool) {
    let first = read(bytes, 4, 4).and_then(place);
    let of_first = || {
        let at = first?;
        let count = place(read(bytes, at, 2)?)?;
        let (mut width, mut height) = (None, None);
        for entry in 0..count {
            let at = at.checked_add(2 + 12 * entry)?;
            // A short stands in the first half of its place.
            let wide = if read(bytes, at + 2, 2)? == 3 { 2 } else { 4 };
            match read(bytes, at, 2)? {
                256 => width = read(bytes, at + 8, wide),
                257 => height = read(bytes, at + 8, wide),
                _ => {}
            }
        }
        Some((
            width.zip(height),
            read(bytes, at.checked_add(2 + 12 * count)?, 4)? != 0,
        ))
    };
    of_first().unwrap_or((None, false))
}

fn webp(bytes: &[u8]) -> (Option<(u32, u32)>, bool) {
    let side = |at: usize| Some(little(bytes, at, 3)? + 1);
    match bytes.get(12..16) {
        Some(b"VP8X") => {
            let moves = bytes.get(20).is_some_and(|flags| flags & 2 != 0);
            (side(24).zip(side(27)), moves)
        }
        Some(b"VP8L") => {
            let bits = little(bytes, 21, 4);
            let size = bits.map(|bits| ((bits & 0x3fff) + 1, ((bits >> 14) & 0x3fff) + 1));
            (size, false)
        }
        Some(b"VP8 ") => {
            let side = |at: usize| Some(little(bytes, at, 2)? & 0x3fff);
            (side(26).zip(side(28)), false)
        }
        _ => (None, false),
    }
}

/// The form that a brand means, and whether it is a sequence of pictures.
fn brand(brand: &[u8]) -> Option<(PictureForm, bool)> {
    Some(match brand {
        b"avif" => (PictureForm::Avif, false),
        b"avis" => (PictureForm::Avif, true),
        b"heic" | b"heix" | b"heim" | b"heis" | b"mif1" => (PictureForm::Heic, false),
        b"hevc" | b"hevx" | b"msf1" => (PictureForm::Heic, true),
        _ => return None,
    })
}

/// The largest size that the head names: tiles and previews name their own beside the whole's.
fn boxed(bytes: &[u8]) -> Option<(u32, u32)> {
    let head = bytes.get(..HEAD_BYTES_MAX).unwrap_or(bytes);
    let places = head.windows(4).enumerate();
    let sizes = places.filter(|(_, name)| *name == b"ispe");
    let sizes = sizes.filter_map(|(at, _)| big(head, at + 8, 4).zip(big(head, at + 12, 4)));
    sizes.max_by_key(|(width, height)| u64::from(*width) * u64::from(*height))
}

#[cfg(test)]
mod tests {
    use super::{PictureFacts, PictureForm};

    fn check(bytes: &[u8], form: PictureForm, size: Option<(u32, u32)>, several: bool) {
        let facts = PictureFacts::read(bytes).unwrap();
        let told = (facts.form, facts.size, facts.several);
        assert_eq!(told, (form, size, several), "{bytes:?}");
    }

    #[test]
    fn form_and_size_are_read_whatever_the_file_is_called() {
        let jpeg = b"\xff\xd8\xff\xe0\0\x04ab\xff\xc2\0\x11\x08\x02\x58\x03\x20\x03";
        check(jpeg, PictureForm::Jpeg, Some((800, 600)), false);
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x03\x20\0\0\x02\x58\x08\x02\0\0\0crc.\
            \0\0\0\0IDAT";
        check(png, PictureForm::Png, Some((800, 600)), false);
        let bmp = [
            b"BM".as_slice(),
            &[0; 16],
            &[32, 3, 0, 0],
            &[0xa8, 0xfd, 0xff, 0xff],
        ]
        .concat();
        check(&bmp, PictureForm::Bmp, Some((800, 600)), false);
        let webp = b"RIFF....WEBPVP8X\x0a\0\0\0\x02\0\0\0\x1f\x03\0\x57\x02\0";
        check(webp, PictureForm::Webp, Some((800, 600)), true);
        let avif = b"\0\0\0\x1cftypavif....\0\0\0\x14ispe\0\0\0\0\0\0\x03\x20\0\0\x02\x58";
        check(avif, PictureForm::Avif, Some((800, 600)), false);
    }

    #[test]
    fn pages_and_movement_are_seen() {
        let moving = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x03\x20\0\0\x02\x58\x08\x02\0\0\0crc.\
            \0\0\0\x08acTL";
        check(moving, PictureForm::Png, Some((800, 600)), true);
        let frame = b"\x2c\0\0\0\0\x01\0\x01\0\0\x02\x01\x4c\0";
        let head = b"GIF89a\x20\x03\x58\x02\0\0\0";
        let still = [head.as_slice(), b"\x21\xf9\x04....\0", frame, b";"].concat();
        check(&still, PictureForm::Gif, Some((800, 600)), false);
        let moving = [head.as_slice(), frame, frame, b";"].concat();
        check(&moving, PictureForm::Gif, Some((800, 600)), true);
        let entry = |tag: u8, value: u8| [tag, 1, 3, 0, 1, 0, 0, 0, value, 2, 0, 0];
        let pages = |next: u8| {
            let head = b"II*\0\x08\0\0\0\x02\0".as_slice();
            [head, &entry(0, 88), &entry(1, 88), &[next, 0, 0, 0]].concat()
        };
        check(&pages(0), PictureForm::Tiff, Some((600, 600)), false);
        check(&pages(99), PictureForm::Tiff, Some((600, 600)), true);
    }

    #[test]
    fn what_is_cut_has_no_size_and_what_is_none_is_none() {
        check(b"\xff\xd8\xff\xe0", PictureForm::Jpeg, None, false);
        check(b"\xff\xd8\xff\xe0\xff\xff", PictureForm::Jpeg, None, false);
        check(b"GIF89a", PictureForm::Gif, None, false);
        for other in [b"%PDF-1.7".as_slice(), b"", b"\0\0\0\x1cftypmp42...."] {
            assert_eq!(PictureFacts::read(other), None);
        }
    }

    proptest::proptest! {
        #[test]
        fn no_bytes_stop_it(head in 0..7_usize, rest: Vec<u8>) {
            let heads: [&[u8]; 7] = [
                b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"GIF89a", b"BM", b"II*\0",
                b"RIFF....WEBPVP8X", b"\0\0\0\x1cftypavif",
            ];
            PictureFacts::read(&[heads[head], &rest].concat());
        }
    }
}
