//! What nobody can guess, as something a simulation can repeat.

use std::sync::Arc;

/// A source of random bytes.
pub trait Random: Send + Sync + 'static {
    /// Fills all of it.
    fn fill(&self, bytes: &mut [u8]);
}

/// A source that somebody else holds too.
impl<R: Random + ?Sized> Random for Arc<R> {
    fn fill(&self, bytes: &mut [u8]) {
        R::fill(self, bytes);
    }
}

/// The operating system's.
///
/// # Panics
/// [`Random::fill`] does where the operating system gives no random numbers: an order number that can be guessed is worse than none.
#[derive(Clone, Copy, Debug)]
pub struct OsRandom;

impl Random for OsRandom {
    fn fill(&self, bytes: &mut [u8]) {
        getrandom::fill(bytes).expect("invariant: the operating system has random numbers");
    }
}

/// How many characters an order number and the random part of an idempotency key have; 125 bits of randomness.
pub const WORD_CHARS: usize = 21;

/// Characters of `A-Za-z0-9_-`. The first is a letter: what begins with a hyphen is taken for an option on a command line, and is not
/// marked whole by a double click.
pub(crate) fn word(random: &dyn Random) -> String {
    const ALPHABET: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_-";
    let mut bytes = [0; WORD_CHARS];
    random.fill(&mut bytes);
    let at = |(place, byte): (usize, &u8)| char::from(ALPHABET[usize::from(byte % if place == 0 { 32 } else { 64 })]);
    bytes.iter().enumerate().map(at).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_differ_and_are_order_numbers() {
        let words: Vec<String> = (0..1_000).map(|_| word(&OsRandom)).collect();
        assert!(words.iter().all(|word| word.len() == WORD_CHARS && toss_types::OrderId::parse(word).is_ok()));
        assert!(words.iter().all(|word| word.starts_with(|c: char| c.is_ascii_alphabetic())));
        assert_eq!(words.iter().collect::<std::collections::HashSet<_>>().len(), words.len());
    }
}
