//! Which Toss the shop uses.

/// What pages say about the Toss in use.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Notice {
    /// Nothing: it is the real one.
    None,
    /// The offline Toss, at this address.
    Sandbox(String),
    /// The real one with test keys.
    TestKeys,
}
