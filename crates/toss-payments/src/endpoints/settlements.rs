//! `/v1/settlements` (Toss docs `/reference`): what is paid out, the next day. Always empty with a test key.

use crate::body::{Body, Put as _};
use crate::client::{Client, Response};
use crate::date::Date;
use crate::error::{DecodeError, Effect, Error};
use crate::ids::{IdempotencyKey, PaymentKey};
use crate::object::{Essential, object};
use crate::settlement::Settlement;

/// Which day of a settlement counts.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum SettlementDate {
    /// The day of sale.
    Sold,
    /// The day of the payout.
    PaidOut,
}

/// Which settlements.
///
/// ```
/// use toss_payments::{Date, SettlementDate, SettlementQuery};
///
/// let august = SettlementQuery::new(Date::parse("2026-08-01")?, Date::parse("2026-08-31")?).by(SettlementDate::PaidOut).page(2);
/// # Ok::<(), toss_payments::DateError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct SettlementQuery {
    start: Date,
    end: Date,
    by: SettlementDate,
    page: u32,
    size: u32,
}

impl SettlementQuery {
    /// The greatest number of settlements on a page (Toss docs `/reference`).
    pub const MAX_SIZE: u32 = 5_000;
    /// The number of settlements on a page unless asked otherwise (Toss docs `/reference`).
    pub const DEFAULT_SIZE: u32 = 100;

    /// Those sold from a day to a day, the first page of them.
    #[must_use]
    pub fn new(start: Date, end: Date) -> SettlementQuery {
        SettlementQuery { start, end, by: SettlementDate::Sold, page: 1, size: SettlementQuery::DEFAULT_SIZE }
    }

    /// Which of their days counts.
    #[must_use]
    pub fn by(mut self, by: SettlementDate) -> SettlementQuery {
        self.by = by;
        self
    }

    /// Which page; the first is 1, and 0 is taken for it. A page with fewer settlements than its size is the last.
    #[must_use]
    pub fn page(mut self, page: u32) -> SettlementQuery {
        self.page = page.max(1);
        self
    }

    /// So many on a page; brought within 1 to 5,000.
    #[must_use]
    pub fn size(mut self, size: u32) -> SettlementQuery {
        self.size = size.clamp(1, SettlementQuery::MAX_SIZE);
        self
    }
}

object! {
    /// What Toss answers to a settlement that was asked for.
    pub struct Settled {
        /// Whether it took it.
        result: bool = "result",
    }
}

impl Essential for bool {}

impl Client {
    /// One page of settlements. Changes nothing at Toss.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{Date, SettlementDate, SettlementQuery};
    ///
    /// let mut query = SettlementQuery::new(Date::parse("2026-08-01")?, Date::parse("2026-08-31")?).by(SettlementDate::PaidOut).size(1_000);
    /// for page in 1.. {
    ///     query = query.page(page);
    ///     let settlements = client.settlements(&query).await?.value;
    ///     for settlement in &settlements {
    ///         println!("{:?} {:?}", settlement.transaction_key, settlement.pay_out_amount);
    ///     }
    ///     if settlements.len() < 1_000 {
    ///         break;
    ///     }
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`Client::transactions_page`].
    pub async fn settlements(&self, query: &SettlementQuery) -> Result<Response<Vec<Settlement>>, Error> {
        let by = match query.by {
            SettlementDate::Sold => "soldDate",
            SettlementDate::PaidOut => "paidOutDate",
        };
        let pairs = [
            ("startDate", query.start.to_string()),
            ("endDate", query.end.to_string()),
            ("dateType", by.to_owned()),
            ("page", query.page.to_string()),
            ("size", query.size.to_string()),
        ];
        self.list("/v1/settlements", &pairs).await?.read(Effect::Lookup, Settlement::list_from_json)
    }

    /// Asks for the settlement of one payment. Needs a contract with Toss.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{IdempotencyKey, PaymentKey};
    ///
    /// client.settle(&PaymentKey::parse("tviva20260801120000AbC12")?, &IdempotencyKey::parse("settle-0001")?).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; an answer that is not `true` is [`Error::Unknown`].
    pub async fn settle(&self, payment: &PaymentKey, key: &IdempotencyKey) -> Result<Response<()>, Error> {
        let mut body = Body::new();
        payment.put("paymentKey", &mut body);
        let answer = self.post("/v1/settlements", &[], key, body.into_json()).await?;
        answer.read(Effect::Issue, |text| match Settled::decode(text)?.result {
            true => Ok(()),
            false => Err(DecodeError::Field("result")),
        })
    }
}
