//! What a command answers: a text for people and a document for programs, of which one is shown.

use super::failure::Failure;
use serde::Serialize;

/// An answer, which may come with a reason why not all is done.
pub(super) struct Answer {
    pub(super) text: String,
    pub(super) document: String,
    pub(super) failure: Option<Failure>,
}

impl Answer {
    pub(super) fn new(text: impl Into<String>, document: &impl Serialize) -> Answer {
        let mut document = serde_json::to_string_pretty(document).expect("invariant: texts and numbers are JSON");
        document.push('\n');
        Answer { text: text.into(), document, failure: None }
    }

    /// It is shown, and the command ends with this all the same.
    pub(super) fn but(mut self, failure: Failure) -> Answer {
        self.failure = Some(failure);
        self
    }
}
