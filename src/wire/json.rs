//! JSON as the codec sees it, whoever parses and prints it.

/// A value of JSON: the browser's own, and serde_json's in the tests.
pub trait Json: Sized {
    /// A string.
    fn text(text: &str) -> Self;

    /// A whole number.
    fn integer(number: i64) -> Self;

    /// Nothing.
    fn null() -> Self;

    /// A list.
    fn list(items: impl Iterator<Item = Self>) -> Self;

    /// An object.
    fn object(fields: impl IntoIterator<Item = (&'static str, Self)>) -> Self;

    /// A member of an object that is there and not null.
    fn field(&self, name: &str) -> Option<Self>;

    /// What a string says.
    fn as_text(&self) -> Option<String>;

    /// What a whole number says.
    fn as_integer(&self) -> Option<i64>;

    /// What is in a list.
    fn items(&self) -> Option<Vec<Self>>;
}
