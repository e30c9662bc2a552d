//! The file `.env`: one variable a line, `NAME=value`.
//!
//! Read here rather than by a library, whose errors show the line that they stumble over. What programs that read such
//! files disagree about, such as what `$` does and where a comment begins, is refused: a secret that is silently another
//! one is worse than a server that does not start.

use super::sources::is_known;
use super::{ConfigError, refuse};
use std::collections::BTreeMap;

const BYTE_ORDER_MARK: &[u8] = b"\xef\xbb\xbf";
const UTF16_MARKS: [&[u8]; 2] = [b"\xff\xfe", b"\xfe\xff"];

const QUOTE_IT: &str = "put the value in 'single quotes'";

/// What is wrong with a line, and in whose value.
struct Slip<'a> {
    name: Option<&'a str>,
    reason: String,
}

/// The variables of a file.
pub(super) fn parse(bytes: &[u8]) -> Result<BTreeMap<String, String>, ConfigError> {
    if UTF16_MARKS.iter().any(|mark| bytes.starts_with(mark)) {
        return refuse(".env is UTF-16; save it as UTF-8");
    }
    let bytes = bytes.strip_prefix(BYTE_ORDER_MARK).unwrap_or(bytes);
    let mut found: BTreeMap<String, (usize, String)> = BTreeMap::new();
    for (index, line) in bytes.split(|byte| *byte == b'\n').enumerate() {
        let number = index + 1;
        let Ok(line) = std::str::from_utf8(line) else {
            return refuse(format!(".env, line {number}, is not UTF-8; save the file as UTF-8"));
        };
        match pair(line) {
            Ok(None) => {}
            Ok(Some((name, value))) => {
                if let Some((earlier, _)) = found.insert(name.to_owned(), (number, value)) {
                    return refuse(format!(".env, lines {earlier} and {number}, set {} twice; keep one of them", shown(name)));
                }
            }
            Err(Slip { name: Some(name), reason }) => return refuse(format!(".env, line {number}, {}: {reason}", shown(name))),
            Err(Slip { name: None, reason }) => return refuse(format!(".env, line {number}, {reason}")),
        }
    }
    Ok(found.into_iter().map(|(name, (_, value))| (name, value)).collect())
}

/// A setting's name. Whatever else stands before a `=` may be half of a secret.
fn shown(name: &str) -> &str {
    if is_known(name) { name } else { "a variable that is not the shop's" }
}

fn pair(line: &str) -> Result<Option<(&str, String)>, Slip<'_>> {
    let line = line.trim();
    if line.is_empty() || line.starts_with('#') {
        return Ok(None);
    }
    let nameless = || Slip { name: None, reason: "is neither NAME=value nor a comment that begins with #; write one of them".to_owned() };
    let (name, text) = line.strip_prefix("export ").unwrap_or(line).split_once('=').ok_or_else(nameless)?;
    let name = name.trim();
    let starts_well = name.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
    if !starts_well || !name.chars().all(|c| c.is_ascii_alphanumeric() || matches!(c, '_' | '.')) {
        return Err(nameless());
    }
    match value(text) {
        Ok(value) => Ok(Some((name, value))),
        Err(reason) => Err(Slip { name: Some(name), reason }),
    }
}

/// `text` is what follows the `=`.
fn value(text: &str) -> Result<String, String> {
    let trimmed = text.trim_start();
    if let Some(rest) = trimmed.strip_prefix('\'') {
        let (inside, after) = rest.split_once('\'').ok_or("a quotation mark opens and does not close on this line; close it")?;
        nothing_follows(after)?;
        return Ok(inside.to_owned());
    }
    match trimmed.strip_prefix('"') {
        Some(rest) => double_quoted(rest),
        None => bare(text),
    }
}

fn double_quoted(text: &str) -> Result<String, String> {
    let mut value = String::new();
    let mut chars = text.chars();
    loop {
        match chars.next() {
            None => return Err("a quotation mark opens and does not close on this line; close it".to_owned()),
            Some('"') => break,
            Some('$' | '`') => return Err(format!("$ and ` mean other things to other programs; {QUOTE_IT}")),
            Some('\\') => match chars.next() {
                Some(escaped @ ('\\' | '"' | '$' | '`')) => value.push(escaped),
                _ => return Err(format!("a backslash means other things to other programs; {QUOTE_IT}")),
            },
            Some(plain) => value.push(plain),
        }
    }
    nothing_follows(chars.as_str())?;
    Ok(value)
}

fn bare(text: &str) -> Result<String, String> {
    let comment = text.match_indices('#').map(|(at, _)| at).find(|at| text[..*at].ends_with(char::is_whitespace));
    let value = text[..comment.unwrap_or(text.len())].trim();
    if value.contains(char::is_whitespace) {
        return Err(format!("there is a blank in the value; {QUOTE_IT}, and begin a comment with #"));
    }
    if value.starts_with('#') || value.contains(['"', '\'', '\\', '$', '`']) {
        return Err(format!("a quotation mark, a backslash, $, ` or a # at the beginning mean other things to other programs; {QUOTE_IT}"));
    }
    Ok(value.to_owned())
}

fn nothing_follows(text: &str) -> Result<(), String> {
    let is_comment = text.starts_with(char::is_whitespace) && text.trim_start().starts_with('#');
    if text.trim().is_empty() || is_comment {
        Ok(())
    } else {
        Err("something follows the value in its quotation marks; begin a comment with a blank and #".to_owned())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn values_are_read_as_written() {
        let text = "# comment\r\n\r\nLOG=info\r\n  export  A = b#c # comment\nEMPTY=\nALSO_EMPTY= # comment\nSINGLE='a \"$b\" \\ # c' # d\n\
                    DOUBLE=\"a 'b' # \\\" \\\\ \\$\"\nLAST=1";
        let read = parse(text.as_bytes()).unwrap();
        let expected = [
            ("A", "b#c"),
            ("ALSO_EMPTY", ""),
            ("DOUBLE", "a 'b' # \" \\ $"),
            ("EMPTY", ""),
            ("LAST", "1"),
            ("LOG", "info"),
            ("SINGLE", "a \"$b\" \\ # c"),
        ];
        let expected: BTreeMap<String, String> = expected.map(|(name, value)| (name.to_owned(), value.to_owned())).into();
        assert_eq!(read, expected);
    }

    #[test]
    fn a_byte_order_mark_is_no_part_of_the_first_name() {
        assert_eq!(parse(b"\xef\xbb\xbfLOG=warn\n").unwrap().get("LOG").map(String::as_str), Some("warn"));
        assert_eq!(parse(b"\xff\xfeL\0O\0G\0").unwrap_err().0, ".env is UTF-16; save it as UTF-8");
    }

    #[test]
    fn slips_are_placed_and_not_shown() {
        for (line, names_it) in [
            ("TOSS_SECRET_KEY=hunter2 (old)", true),
            ("TOSS_SECRET_KEY=\"hunter2", true),
            ("TOSS_SECRET_KEY='hunter2", true),
            ("TOSS_SECRET_KEY=hunter2\"", true),
            ("TOSS_SECRET_KEY='hunter2'hunter2", true),
            ("TOSS_SECRET_KEY=\"hunter2\" hunter2", true),
            ("TOSS_SECRET_KEY=hunter2$HOME", true),
            ("TOSS_SECRET_KEY=\"hunter2$HOME\"", true),
            ("TOSS_SECRET_KEY=hunter2\\", true),
            ("TOSS_SECRET_KEY=\"hunter2\\", true),
            ("TOSS_SECRET_KEY=#hunter2", true),
            ("TOSS_SECRET_KEY hunter2", false),
            ("TOSS_SECRET_KEY: hunter2=", false),
            ("hunter2", false),
            ("hunter2=a b", false),
            ("=hunter2", false),
        ] {
            let error = parse(format!("# first\n{line}\nLOG=info\n").as_bytes()).unwrap_err().0;
            assert!(error.starts_with(".env, line 2"), "{line} -> {error}");
            assert_eq!(error.contains("TOSS_SECRET_KEY"), names_it, "{line} -> {error}");
            assert!(!error.contains("hunter2") && !error.contains('\n'), "{line} -> {error}");
        }
        assert_eq!(parse(b"LOG=info\nX=hunter2\xff\n").unwrap_err().0, ".env, line 2, is not UTF-8; save the file as UTF-8");
    }

    #[test]
    fn a_variable_is_set_once() {
        let error = parse(b"SESSION_SECRET=hunter2\n\nSESSION_SECRET=hunter2\n").unwrap_err().0;
        assert_eq!(error, ".env, lines 1 and 3, set SESSION_SECRET twice; keep one of them");
        let error = parse(b"hunter2=\nhunter2=\n").unwrap_err().0;
        assert!(error.starts_with(".env, lines 1 and 2") && !error.contains("hunter2"), "{error}");
    }

    proptest! {
        #[test]
        fn no_file_is_ever_shown(before in "[A-Z_=\"'$#\\\\ \n]{0,12}", after in "[a-z=\"'$#\\\\ \n]{0,12}") {
            if let Err(error) = parse(format!("{before}hunter2{after}").as_bytes()) {
                prop_assert!(!error.0.contains("hunter2") && !error.0.contains('\n'));
            }
        }
    }
}
