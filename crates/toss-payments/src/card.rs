//! Card data that a shop sends itself. None of it is ever printed.

use crate::body::{Body, Put};
use crate::text::CardNumber;
use std::fmt;

/// The card to charge. Printing shows its presence only.
///
/// ```
/// use toss_payments::{CardDetails, CardExpiry, CardNumber};
///
/// let card = CardDetails::new(CardNumber::parse("9410001234567890")?, CardExpiry::new(28, 12).unwrap());
/// assert_eq!(format!("{card:?}"), "CardDetails(…)");
/// # Ok::<(), toss_payments::IdError>(())
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CardDetails {
    /// The number on the card.
    pub number: CardNumber,
    /// Until when it is valid.
    pub expiry: CardExpiry,
}

impl CardDetails {
    /// This card.
    #[must_use]
    pub fn new(number: CardNumber, expiry: CardExpiry) -> CardDetails {
        CardDetails { number, expiry }
    }
}

impl fmt::Debug for CardDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardDetails(…)")
    }
}

/// The fields of a card stand beside the others.
impl Put for CardDetails {
    fn put(&self, name: &str, body: &mut Body) {
        self.number.put(name, body);
        body.text("cardExpirationYear", &format!("{:02}", self.expiry.year));
        body.text("cardExpirationMonth", &format!("{:02}", self.expiry.month));
    }
}

/// Until when a card is valid. Printing shows its presence only.
///
/// ```
/// use toss_payments::CardExpiry;
///
/// assert!(CardExpiry::new(28, 12).is_some());
/// assert_eq!(CardExpiry::new(28, 13), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct CardExpiry {
    year: u8,
    month: u8,
}

impl CardExpiry {
    /// The last two digits of the year, and the month from 1 to 12; `None` for anything else.
    #[must_use]
    pub fn new(year: u8, month: u8) -> Option<CardExpiry> {
        (year < 100 && (1..=12).contains(&month)).then_some(CardExpiry { year, month })
    }
}

impl fmt::Debug for CardExpiry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("CardExpiry(…)")
    }
}

/// In how many months a card payment is paid off: at once, or in 2 to 12 months from 50,000 KRW (Toss docs `/reference`).
///
/// ```
/// use toss_payments::InstallmentPlan;
///
/// assert_eq!(InstallmentPlan::months(3).map(InstallmentPlan::get), Some(3));
/// assert_eq!(InstallmentPlan::months(1), None);
/// assert_eq!(InstallmentPlan::LUMP_SUM.get(), 0);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct InstallmentPlan(u8);

impl InstallmentPlan {
    /// At once.
    pub const LUMP_SUM: InstallmentPlan = InstallmentPlan(0);

    /// Over so many months; `None` outside 2 to 12.
    #[must_use]
    pub fn months(months: u8) -> Option<InstallmentPlan> {
        (2..=12).contains(&months).then_some(InstallmentPlan(months))
    }

    /// The number of months; 0 is at once.
    #[must_use]
    pub fn get(self) -> u8 {
        self.0
    }
}

impl Put for InstallmentPlan {
    fn put(&self, name: &str, body: &mut Body) {
        body.raw(name, self.0);
    }
}
