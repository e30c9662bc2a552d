//! Magic words: what people write into an order's name to see a payment go wrong, without control of the process.

use crate::fault::Fault;

/// A word that makes an approval go wrong, each time, whenever the `orderName` contains it as a word of its own.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct MagicWord {
    /// As it stands in the order's name, with `#`.
    pub word: &'static str,
    /// What happens, in English.
    pub what: &'static str,
    fault: fn() -> Fault,
}

/// Every magic word. They act where a payment is approved: confirm, BrandPay's confirm, key-in, billing charge. A fault
/// that waits for the call goes first.
pub const MAGIC_WORDS: &[MagicWord] = &[
    MagicWord {
        word: "#declined",
        what: "the card company refuses: 403 `REJECT_CARD_COMPANY`",
        fault: || Fault::Decline { code: "REJECT_CARD_COMPANY".to_owned() },
    },
    MagicWord {
        word: "#limit",
        what: "the card has not enough left: 403 `REJECT_CARD_PAYMENT`",
        fault: || Fault::Decline { code: "REJECT_CARD_PAYMENT".to_owned() },
    },
    MagicWord { word: "#expired", what: "the session is over: 404 `NOT_FOUND_PAYMENT_SESSION`, EXPIRED", fault: || Fault::SessionExpired },
    MagicWord { word: "#timeout", what: "no answer, nothing is charged", fault: || Fault::TimeoutBefore },
    MagicWord { word: "#hang", what: "no answer, but charged", fault: || Fault::TimeoutAfter },
    MagicWord { word: "#lost", what: "charged, then the connection is reset", fault: || Fault::ResetAfter },
    MagicWord { word: "#reset", what: "the connection is reset, nothing is charged", fault: || Fault::ResetBefore },
    MagicWord { word: "#error500", what: "500, nothing is charged", fault: || Fault::ErrorBefore },
    MagicWord { word: "#charged500", what: "500, but charged", fault: || Fault::ErrorAfter },
    MagicWord {
        word: "#already",
        what: "another request was faster: charged, and 400 `ALREADY_PROCESSED_PAYMENT`",
        fault: || Fault::AlreadyProcessed,
    },
    MagicWord { word: "#busy", what: "429, nothing is charged", fault: || Fault::TooManyRequests },
    MagicWord { word: "#conflict", what: "409 `IDEMPOTENT_REQUEST_PROCESSING`, nothing is charged", fault: || Fault::InProgressConflict },
    MagicWord { word: "#slow", what: "charged, half of the answer comes 5 seconds late", fault: || Fault::SlowBody { ms: 5_000 } },
    MagicWord { word: "#garbage", what: "charged, the answer is no JSON", fault: || Fault::Garbage200 },
    MagicWord { word: "#wrongamount", what: "charged, the answer names 1 KRW more", fault: || Fault::WrongAmount },
];

/// The fault of the first magic word in an order's name.
pub(crate) fn fault(order_name: &str) -> Option<Fault> {
    let words = order_name.split('#').skip(1).map(|rest| rest.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or_default());
    words.filter_map(|word| MAGIC_WORDS.iter().find(|magic| magic.word.strip_prefix('#') == Some(word))).map(|magic| (magic.fault)()).next()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_magic_word_stands_alone() {
        assert_eq!(fault("토스 티셔츠 #declined"), Some(Fault::Decline { code: "REJECT_CARD_COMPANY".to_owned() }));
        assert_eq!(fault("#unknown #lost, 외 2건"), Some(Fault::ResetAfter));
        for name in ["토스 티셔츠 외 2건", "declined", "#declinedly", "#error5000", "# declined", "#", ""] {
            assert_eq!(fault(name), None, "{name}");
        }
    }

    #[test]
    fn the_readme_has_every_magic_word() {
        let readme = include_str!("../README.md");
        for MagicWord { word, what, .. } in MAGIC_WORDS {
            assert!(readme.contains(&format!("| `{word}` | {what} |")), "{word}");
        }
    }
}
