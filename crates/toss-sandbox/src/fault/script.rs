//! What can go wrong with the browser script.

use serde::{Deserialize, Serialize};

use super::Argument;

/// One way for the browser script to go wrong, for everybody: a script is fetched before it is known for which order or with
/// which client key.
#[derive(Clone, Copy, PartialEq, Eq, Debug, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", rename_all_fields = "camelCase", deny_unknown_fields)]
#[non_exhaustive]
pub enum ScriptFault {
    /// 404.
    NotFound,
    /// 200 with text that is no JavaScript.
    Garbage,
    /// The script comes after `ms` milliseconds of the sandbox's clock.
    Slow {
        /// Milliseconds before the answer.
        ms: u64,
    },
    /// The script works, but the `call`-th call of the page into the SDK, counted over all its functions from 1,
    /// throws `UNKNOWN_ERROR`; `requestPayment` rejects with it.
    ThrowsOnCall {
        /// Which call throws, from 1.
        call: u32,
    },
}

impl ScriptFault {
    /// Every kind as JSON has it, with what it takes besides.
    pub(crate) const KINDS: &'static [(&'static str, Argument)] =
        &[("not_found", Argument::None), ("garbage", Argument::None), ("slow", Argument::Ms), ("throws_on_call", Argument::Call)];
}
