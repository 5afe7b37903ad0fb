//! Bytes of a file as UTF-8, whatever they were written in.

use std::io::{self, Read};

use encoding_rs::{
    BIG5, CoderResult, Decoder, EUC_KR, GB18030, SHIFT_JIS, UTF_16BE, UTF_16LE, WINDOWS_1250,
    WINDOWS_1251, WINDOWS_1252,
};
use serde::{Deserialize, Serialize};

use crate::error::FileKind;

/// How much of a file is looked at before it is read.
pub(crate) const SAMPLE_BYTES: usize = 256 << 10;
const RAW_BYTES: usize = 64 << 10;

/// What a file's text is written in. The first four are told by the file itself, the others only by
/// a person: their bytes are those of other text as well.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(ts_rs::TS))]
#[serde(rename_all = "snake_case")]
pub enum Encoding {
    /// UTF-8, with or without its mark; plain ASCII is UTF-8.
    Utf8,
    /// UTF-16, low byte first, as Excel's "Unicode text".
    Utf16Le,
    /// UTF-16, high byte first.
    Utf16Be,
    /// Windows-1252, which older Western programs write.
    Windows1252,
    /// Windows-1250, of Central Europe.
    Windows1250,
    /// Windows-1251, Cyrillic.
    Windows1251,
    /// Big5, traditional Chinese.
    Big5,
    /// GB 18030 and what came before it, simplified Chinese.
    Gb18030,
    /// Shift JIS, Japanese.
    ShiftJis,
    /// EUC-KR, Korean.
    EucKr,
}

impl Encoding {
    /// All of them.
    pub const ALL: [Self; 10] = [
        Self::Utf8,
        Self::Utf16Le,
        Self::Utf16Be,
        Self::Windows1252,
        Self::Windows1250,
        Self::Windows1251,
        Self::Big5,
        Self::Gb18030,
        Self::ShiftJis,
        Self::EucKr,
    ];

    /// Its name in settings and messages; never changes.
    pub fn code(self) -> &'static str {
        match self {
            Self::Utf8 => "utf8",
            Self::Utf16Le => "utf16_le",
            Self::Utf16Be => "utf16_be",
            Self::Windows1252 => "windows1252",
            Self::Windows1250 => "windows1250",
            Self::Windows1251 => "windows1251",
            Self::Big5 => "big5",
            Self::Gb18030 => "gb18030",
            Self::ShiftJis => "shift_jis",
            Self::EucKr => "euc_kr",
        }
    }

    /// How it is decoded; none for UTF-8, which passes as it is.
    fn decoded_as(self) -> Option<&'static encoding_rs::Encoding> {
        match self {
            Self::Utf8 => None,
            Self::Utf16Le => Some(UTF_16LE),
            Self::Utf16Be => Some(UTF_16BE),
            Self::Windows1252 => Some(WINDOWS_1252),
            Self::Windows1250 => Some(WINDOWS_1250),
            Self::Windows1251 => Some(WINDOWS_1251),
            Self::Big5 => Some(BIG5),
            Self::Gb18030 => Some(GB18030),
            Self::ShiftJis => Some(SHIFT_JIS),
            Self::EucKr => Some(EUC_KR),
        }
    }

    /// The mark that files in it may begin with.
    fn mark(self) -> &'static [u8] {
        match self {
            Self::Utf8 => &[0xEF, 0xBB, 0xBF],
            Self::Utf16Le => &[0xFF, 0xFE],
            Self::Utf16Be => &[0xFE, 0xFF],
            _ => &[],
        }
    }
}

/// What the beginning of a file tells about its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Sniffed {
    pub(crate) encoding: Encoding,
    /// Bytes of the byte order mark.
    pub(crate) mark_bytes: u64,
    /// Whether nothing beyond ASCII was seen.
    pub(crate) ascii: bool,
}

/// Why a file is not read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Unreadable {
    /// Something else than text.
    Kind(FileKind),
    /// Text in an encoding that is not read.
    Encoding,
}

/// Tells the encoding of a file by its beginning.
pub(crate) fn sniff(sample: &[u8]) -> Result<Sniffed, Unreadable> {
    let found = |encoding, mark_bytes, ascii| {
        Ok(Sniffed {
            encoding,
            mark_bytes,
            ascii,
        })
    };
    if let Some(kind) = FileKind::of(sample) {
        return Err(Unreadable::Kind(kind));
    }
    match sample {
        [0xEF, 0xBB, 0xBF, ..] => return found(Encoding::Utf8, 3, false),
        [0xFF, 0xFE, 0, 0, ..] | [0, 0, 0xFE, 0xFF, ..] => return Err(Unreadable::Encoding),
        [0xFF, 0xFE, ..] => return found(Encoding::Utf16Le, 2, false),
        [0xFE, 0xFF, ..] => return found(Encoding::Utf16Be, 2, false),
        _ => {}
    }
    if sample.contains(&0) {
        return sniff_wide(sample);
    }
    let controls = sample
        .iter()
        .filter(|byte| **byte < 32 && !matches!(byte, b'\t' | b'\n' | b'\r' | 0x0C | 0x1A))
        .count();
    if controls * 50 > sample.len() {
        return Err(Unreadable::Kind(FileKind::Binary));
    }
    if sample.is_ascii() {
        return found(Encoding::Utf8, 0, true);
    }
    let (valid, broken) = count_utf8(sample);
    if broken == 0 || valid > broken {
        return found(Encoding::Utf8, 0, false);
    }
    // Windows-1252 leaves these five bytes unassigned; East Asian encodings are full of them.
    let unassigned = |byte: &u8| matches!(byte, 0x81 | 0x8D | 0x8F | 0x90 | 0x9D);
    if sample.iter().any(unassigned) {
        return Err(Unreadable::Encoding);
    }
    found(Encoding::Windows1252, 0, false)
}

/// A file whose encoding a person says. What is no text in any encoding is refused as ever.
pub(crate) fn said(sample: &[u8], encoding: Encoding) -> Result<Sniffed, Unreadable> {
    if let Some(kind) = FileKind::of(sample) {
        return Err(Unreadable::Kind(kind));
    }
    let mark = encoding.mark();
    let marked = !mark.is_empty() && sample.starts_with(mark);
    Ok(Sniffed {
        encoding,
        mark_bytes: if marked { mark.len() as u64 } else { 0 },
        ascii: false,
    })
}

/// UTF-16 without its mark: every second byte of Western text is zero.
fn sniff_wide(sample: &[u8]) -> Result<Sniffed, Unreadable> {
    let zeros = |from: usize| {
        sample
            .iter()
            .skip(from)
            .step_by(2)
            .filter(|b| **b == 0)
            .count()
    };
    let (even, odd) = (zeros(0), zeros(1));
    let pairs = sample.len() / 2;
    let encoding = if odd * 3 > pairs && even * 20 <= pairs {
        Encoding::Utf16Le
    } else if even * 3 > pairs && odd * 20 <= pairs {
        Encoding::Utf16Be
    } else {
        return Err(Unreadable::Kind(FileKind::Binary));
    };
    Ok(Sniffed {
        encoding,
        mark_bytes: 0,
        ascii: false,
    })
}

/// How many characters beyond ASCII are UTF-8, and how many bytes are not.
fn count_utf8(sample: &[u8]) -> (usize, usize) {
    let mut valid = 0;
    let mut broken = 0;
    let mut rest = sample;
    loop {
        match std::str::from_utf8(rest) {
            Ok(text) => {
                valid += text.chars().filter(|c| !c.is_ascii()).count();
                return (valid, broken);
            }
            Err(error) => {
                let text = std::str::from_utf8(&rest[..error.valid_up_to()]).unwrap_or_default();
                valid += text.chars().filter(|c| !c.is_ascii()).count();
                // Without a length the sample ends in the middle of a character.
                let Some(length) = error.error_len() else {
                    return (valid, broken);
                };
                broken += 1;
                rest = &rest[error.valid_up_to() + length..];
            }
        }
    }
}

/// The sample as text.
pub(crate) fn decode_sample(sample: &[u8], sniffed: Sniffed) -> String {
    let body = &sample[sniffed.mark_bytes as usize..];
    match sniffed.encoding.decoded_as() {
        None => String::from_utf8_lossy(body).into_owned(),
        Some(encoding) => encoding.decode_without_bom_handling(body).0.into_owned(),
    }
}

/// Reads a file as UTF-8. UTF-8 itself passes unchecked and uncopied; records check it.
pub(crate) struct Source<R> {
    input: R,
    decoder: Option<Decoder>,
    raw: Vec<u8>,
    raw_start: usize,
    raw_end: usize,
    input_ended: bool,
    finished: bool,
    bytes_read: u64,
}

impl<R> std::fmt::Debug for Source<R> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Source")
            .field("bytes_read", &self.bytes_read)
            .finish_non_exhaustive()
    }
}

impl<R: Read> Source<R> {
    /// A source whose input stands behind the byte order mark.
    pub(crate) fn new(input: R, encoding: Encoding) -> Self {
        let decoded_as = encoding.decoded_as();
        Self {
            input,
            decoder: decoded_as.map(|found| found.new_decoder_without_bom_handling()),
            raw: Vec::new(),
            raw_start: 0,
            raw_end: 0,
            input_ended: false,
            finished: false,
            bytes_read: 0,
        }
    }

    pub(crate) fn bytes_read(&self) -> u64 {
        self.bytes_read
    }

    /// Reads UTF-8 into `out`, which has room for at least one character; 0 at the end.
    pub(crate) fn read(&mut self, out: &mut [u8]) -> io::Result<usize> {
        let Some(decoder) = &mut self.decoder else {
            let read = read_some(&mut self.input, out)?;
            self.bytes_read += read as u64;
            return Ok(read);
        };
        while !self.finished {
            if self.raw_start == self.raw_end && !self.input_ended {
                if self.raw.is_empty() {
                    self.raw = vec![0; RAW_BYTES];
                }
                self.raw_start = 0;
                self.raw_end = read_some(&mut self.input, &mut self.raw)?;
                self.input_ended = self.raw_end == 0;
                self.bytes_read += self.raw_end as u64;
            }
            let raw = &self.raw[self.raw_start..self.raw_end];
            let (result, taken, written, _) = decoder.decode_to_utf8(raw, out, self.input_ended);
            self.raw_start += taken;
            self.finished = self.input_ended && result == CoderResult::InputEmpty;
            if written > 0 {
                return Ok(written);
            }
        }
        Ok(0)
    }
}

fn read_some(input: &mut impl Read, out: &mut [u8]) -> io::Result<usize> {
    loop {
        match input.read(out) {
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            result => return result,
        }
    }
}
