//! What a store has written of a story, cut into what stays and what is another one in each copy: names and times.

use super::stories::{BEGIN_MS, LONGEST_MS};

/// Names of stories begin so; then comes what they name, as one small letter, and the story's number.
pub const MARK: &str = "template";

/// Which copy.
#[derive(Clone, Copy, Debug)]
pub struct Stamp {
    pub number: u64,
    pub placed_at_ms: i64,
}

#[derive(Clone, PartialEq, Eq, Debug)]
enum Piece {
    Text(String),
    Name {
        of: char,
        length: usize,
    },
    /// So long after the order was placed, in ms.
    Ms(i64),
    /// The same as the store writes it in the names of messages.
    HexMs(i64),
}

/// A text, cut.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Cut {
    pieces: Vec<Piece>,
    story: Option<usize>,
}

impl Cut {
    pub fn of(text: &str) -> Cut {
        let (mut pieces, mut story, mut rest, mut plain) = (Vec::new(), None, text, String::new());
        while let Some(first) = rest.chars().next() {
            let piece = if let Some((of, number, length)) = marked(rest) {
                story = Some(number);
                Some((Piece::Name { of, length }, length))
            } else if first.is_ascii_hexdigit() && !plain.ends_with(|c: char| c.is_ascii_alphanumeric()) {
                time(rest)
            } else {
                None
            };
            let Some((piece, length)) = piece else {
                plain.push(first);
                rest = &rest[first.len_utf8()..];
                continue;
            };
            if !plain.is_empty() {
                pieces.push(Piece::Text(std::mem::take(&mut plain)));
            }
            pieces.push(piece);
            rest = &rest[length..];
        }
        if !plain.is_empty() {
            pieces.push(Piece::Text(plain));
        }
        Cut { pieces, story }
    }

    /// Of which story it speaks.
    pub fn story(&self) -> Option<usize> {
        self.story
    }

    /// Appends the text of that copy.
    pub fn write(&self, stamp: &Stamp, into: &mut String) {
        use std::fmt::Write as _;
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => into.push_str(text),
                Piece::Name { of, length } => into.push_str(&name(*of, stamp.number, *length)),
                Piece::Ms(after_ms) => write!(into, "{}", stamp.placed_at_ms + after_ms).unwrap(),
                Piece::HexMs(after_ms) => write!(into, "{:x}", stamp.placed_at_ms + after_ms).unwrap(),
            }
        }
    }
}

/// How long after the order was placed that is, in ms, where it is a time of a story.
pub fn after_ms(at_ms: i64) -> Option<i64> {
    at_ms.checked_sub(BEGIN_MS).filter(|after_ms| (0..LONGEST_MS).contains(after_ms))
}

/// What a name that begins there is of, of which story, and its length.
fn marked(text: &str) -> Option<(char, usize, usize)> {
    let rest = text.strip_prefix(MARK)?;
    let of = rest.chars().next().filter(char::is_ascii_lowercase)?;
    let digits = rest[1..].bytes().take_while(u8::is_ascii_digit).count();
    Some((of, rest[1..=digits].parse().ok()?, MARK.len() + 1 + digits))
}

fn time(text: &str) -> Option<(Piece, usize)> {
    let run = |is_in: fn(&u8) -> bool| &text[..text.bytes().take_while(is_in).count()];
    let decimal = run(u8::is_ascii_digit);
    if decimal.len() == 13 {
        return Some((Piece::Ms(after_ms(decimal.parse().ok()?)?), 13));
    }
    let hex = run(u8::is_ascii_hexdigit);
    let at_ms = if hex.len() == 11 { i64::from_str_radix(hex, 16).ok()? } else { return None };
    Some((Piece::HexMs(after_ms(at_ms)?), 11))
}

/// A number without a pattern, the same for the same.
pub fn scattered(number: u64, of: char) -> u64 {
    // splitmix64.
    let mut z = number.wrapping_add(u64::from(of) << 40).wrapping_add(1).wrapping_mul(0x9E37_79B9_7F4A_7C15);
    z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
    z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
    z ^ (z >> 31)
}

/// A name of that length that looks as names by chance do.
pub fn name(of: char, number: u64, length: usize) -> String {
    const LETTERS: &[u8; 62] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789";
    let mut name = String::with_capacity(length);
    // Its beginning tells it from all others: the scattering takes no two numbers to one.
    let mut left = scattered(number, of);
    let mut written = 0;
    while name.len() < length {
        name.push(char::from(LETTERS[usize::try_from(left % 62).unwrap_or(0)]));
        left /= 62;
        written += 1;
        if written == 11 {
            (left, written) = (scattered(number, of.to_ascii_uppercase()).rotate_left(u32::try_from(name.len()).unwrap_or(0)), 0);
        }
    }
    name
}
