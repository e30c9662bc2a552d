//! A request as JSON text. One string crosses into JavaScript where an object would cross field by field, and what crosses
//! can be tested without a browser. No serde: writing is all that is needed.

use toss_types::Won;

/// An object under construction. Fields that are not set are left out: Toss refuses ill-typed fields, and `undefined` or
/// `null` are never needed.
pub(crate) struct Json {
    text: String,
}

impl Json {
    pub(crate) fn new() -> Json {
        Json { text: "{".to_owned() }
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.text.len() == 1
    }

    pub(crate) fn finish(mut self) -> String {
        self.text.push('}');
        self.text
    }

    /// A field whose value is JSON already.
    pub(crate) fn raw(&mut self, key: &str, json: &str) {
        if !self.is_empty() {
            self.text.push(',');
        }
        quote(&mut self.text, key);
        self.text.push(':');
        self.text.push_str(json);
    }

    pub(crate) fn text(&mut self, key: &str, value: &str) {
        self.raw(key, &quoted(value));
    }

    pub(crate) fn some_text(&mut self, key: &str, value: Option<&str>) {
        if let Some(value) = value {
            self.text(key, value);
        }
    }

    pub(crate) fn flag(&mut self, key: &str, value: bool) {
        self.raw(key, if value { "true" } else { "false" });
    }

    pub(crate) fn some_flag(&mut self, key: &str, value: Option<bool>) {
        if let Some(value) = value {
            self.flag(key, value);
        }
    }

    pub(crate) fn number(&mut self, key: &str, value: impl Into<u64>) {
        self.raw(key, &digits(value.into()));
    }

    pub(crate) fn some_number(&mut self, key: &str, value: Option<u32>) {
        if let Some(value) = value {
            self.number(key, value);
        }
    }

    pub(crate) fn won(&mut self, key: &str, value: Won) {
        self.number(key, value.get().unsigned_abs());
    }

    pub(crate) fn some_won(&mut self, key: &str, value: Option<Won>) {
        if let Some(value) = value {
            self.won(key, value);
        }
    }

    /// An object inside of this one.
    pub(crate) fn object(&mut self, key: &str, value: Json) {
        self.raw(key, &value.finish());
    }

    /// An object inside of this one, unless there is nothing in it.
    pub(crate) fn some_object(&mut self, key: &str, value: Json) {
        if !value.is_empty() {
            self.object(key, value);
        }
    }

    /// A list, unless there is nothing in it. The items are JSON already.
    pub(crate) fn some_list(&mut self, key: &str, items: impl Iterator<Item = String>) {
        let mut list = String::new();
        for item in items {
            list.push(if list.is_empty() { '[' } else { ',' });
            list.push_str(&item);
        }
        if !list.is_empty() {
            list.push(']');
            self.raw(key, &list);
        }
    }
}

/// A string of JSON.
pub(crate) fn quoted(value: &str) -> String {
    let mut text = String::new();
    quote(&mut text, value);
    text
}

fn quote(text: &mut String, value: &str) {
    text.push('"');
    for character in value.chars() {
        match character {
            '"' | '\\' => {
                text.push('\\');
                text.push(character);
            }
            '\0'..='\x1f' => {
                let code = character as u8;
                text.push_str("\\u00");
                text.push(hex(code >> 4));
                text.push(hex(code & 0xf));
            }
            _ => text.push(character),
        }
    }
    text.push('"');
}

fn hex(nibble: u8) -> char {
    char::from(if nibble < 10 { b'0' + nibble } else { b'a' + nibble - 10 })
}

/// What `to_string` would do, without what it brings along in the wasm.
pub(crate) fn digits(value: u64) -> String {
    let mut text = if value < 10 { String::new() } else { digits(value / 10) };
    text.push(char::from(b'0' + (value % 10) as u8));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_object_is_written() {
        let mut json = Json::new();
        assert!(json.is_empty());
        json.text("a", "x");
        json.some_text("b", None);
        json.flag("c", false);
        json.won("d", Won::MAX);
        json.some_list("e", std::iter::empty());
        json.some_list("f", [quoted("1"), digits(0)].into_iter());
        json.some_object("g", Json::new());
        json.object("h", Json::new());
        json.number("i", 4_294_967_295_u32);
        assert_eq!(json.finish(), r#"{"a":"x","c":false,"d":9007199254740991,"f":["1",0],"h":{},"i":4294967295}"#);
    }

    #[test]
    fn nothing_breaks_out_of_a_string() {
        let odd = "\"\\/\n\r\t\0\x1f\x7f한글😀\u{2028}</script>";
        assert_eq!(quoted(odd), "\"\\\"\\\\/\\u000a\\u000d\\u0009\\u0000\\u001f\x7f한글😀\u{2028}</script>\"");
        let mut json = Json::new();
        json.text("a\"b", "\",\"amount\":1,\"");
        assert_eq!(json.finish(), r#"{"a\"b":"\",\"amount\":1,\""}"#);
    }
}
