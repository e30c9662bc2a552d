//! Characters that nobody sees. They come along when text is copied, and they can make one text look like another.

/// Controls, blanks of no width, fillers, and what turns the direction of what follows. Not what joins the letters of some scripts and the
/// parts of an emoji.
#[must_use]
pub const fn is_hidden(c: char) -> bool {
    matches!(c,
        '\u{0}'..='\u{1f}' | '\u{7f}'..='\u{9f}'
        | '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}' | '\u{180e}'
        | '\u{200b}' | '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2060}'..='\u{206f}'
        | '\u{2800}' | '\u{3164}' | '\u{feff}' | '\u{ffa0}' | '\u{fff9}'..='\u{fffb}' | '\u{e0000}'..='\u{e007f}'
    )
}

/// The text without them.
#[must_use]
pub fn seen(text: &str) -> String {
    text.chars().filter(|c| !is_hidden(*c)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_nobody_sees_goes_and_what_somebody_has_typed_stays() {
        assert_eq!(seen("a\u{200b}b\u{202e}c\u{feff}\u{3164}\n"), "abc");
        for typed in ["김토스", "José O’Neil", "महात्मा", "می‌خواهم", "👨‍👩‍👧", "a b\u{a0}c"] {
            assert!(seen(typed).chars().filter(|c| !c.is_whitespace()).count() > 0, "{typed}");
        }
        for kept in ["می‌خواهم", "👨‍👩‍👧", "क्‍ष"] {
            assert_eq!(seen(kept), kept);
        }
    }
}
