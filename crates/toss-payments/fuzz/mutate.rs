//! Known good bodies, damaged.

/// Tokens that decoders stumble over.
const TOKENS: [&[u8]; 34] = [
    b"null",
    b"true",
    b"{}",
    b"[]",
    b"\"\"",
    b"0",
    b"-0",
    b"-1",
    b"1e999",
    b"1E-7",
    b"0.1",
    b"9223372036854775807",
    b"9223372036854775808",
    b"99999999999999999999999999999999999999999",
    b"0.00000000000000000000000000000000000001",
    b"\"\\u0000\"",
    b"\"\\ud800\"",
    b"\"\\udc00\\ud800\"",
    b"\xef\xbb\xbf",
    b"\xff",
    b"\xed\xa0\x80",
    b"\"DONE\"",
    b"\"KRW\"",
    b"\"USD\"",
    b"\"..\"",
    b"{\"url\":null}",
    b"[[[[[[[[",
    b"]]]]",
    b"{\"a\":{\"a\":{\"a\":",
    b",",
    b":",
    b"\\",
    b"\"2026-02-30T25:61:61.9999999999999999999+99:99\"",
    b"\"\xed\x95\x9c\"",
];

/// Chance that a number repeats (SplitMix64, by Steele, Lea and Flood).
pub struct Dice(u64);

impl Dice {
    pub fn new(number: u64) -> Dice {
        Dice(number.wrapping_mul(0xd134_2543_de82_ef95))
    }

    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    /// 0 to one less than `end`; 0 where there is nothing to choose from.
    fn below(&mut self, end: usize) -> usize {
        usize::try_from(self.roll() % (end.max(1) as u64)).unwrap_or(0)
    }
}

/// One of the bodies after a few accidents.
pub fn mutated(corpus: &[&[u8]], dice: &mut Dice) -> Vec<u8> {
    let mut body = corpus[dice.below(corpus.len())].to_vec();
    for _ in 0..=dice.below(5) {
        let at = dice.below(body.len());
        let end = (at + 1 + dice.below(16)).min(body.len());
        match dice.below(8) {
            0 => body.truncate(at),
            1 => flip(&mut body, at, dice),
            2 => drop(body.splice(at..end.max(at), Vec::new())),
            3 => drop(body.splice(at..at, TOKENS[dice.below(TOKENS.len())].iter().copied())),
            4 | 5 => retype(&mut body, dice),
            6 => {
                let copy = body[at..end.max(at)].to_vec();
                let to = dice.below(body.len());
                drop(body.splice(to..to, copy));
            }
            _ => {
                let other = corpus[dice.below(corpus.len())];
                let from = dice.below(other.len());
                drop(body.splice(at..end.max(at), other[from..].iter().copied().take(200)));
            }
        }
    }
    body
}

fn flip(body: &mut [u8], at: usize, dice: &mut Dice) {
    if let Some(byte) = body.get_mut(at) {
        *byte ^= 1 << dice.below(8);
    }
}

/// Puts a token where a value stands, so that the rest stays readable.
fn retype(body: &mut Vec<u8>, dice: &mut Dice) {
    let colons: Vec<usize> = (0..body.len()).filter(|&at| body[at] == b':').collect();
    let Some(&colon) = colons.get(dice.below(colons.len())) else { return };
    let rest = &body[colon + 1..];
    let len = rest.iter().position(|byte| matches!(byte, b',' | b'}')).unwrap_or(rest.len());
    drop(body.splice(colon + 1..colon + 1 + len, TOKENS[dice.below(TOKENS.len())].iter().copied()));
}
