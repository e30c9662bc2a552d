//! `/v1/cash-receipts` (Toss docs `/reference`): receipts for money that did not come through Toss.

use super::astray;
use crate::body::{Body, Put as _, ToObject as _, put_text, request};
use crate::call::not_sent;
use crate::cash_receipt::{CashReceiptEntry, CashReceiptPage, CashReceiptType};
use crate::client::{Client, Response};
use crate::date::Date;
use crate::error::{DecodeError, Effect, Error};
use crate::ids::{IdempotencyKey, OrderId, ReceiptKey};
use crate::money::Won;
use crate::paging::{Entries, Fetch, Page};
use crate::text::{OrderName, ReceiptHolder};

put_text!(CashReceiptType => as_str);

request! {
    /// The receipt to issue.
    ///
    /// ```
    /// use toss_payments::cash_receipt::CashReceiptType;
    /// use toss_payments::{CashReceiptRequest, OrderId, OrderName, ReceiptHolder, Won};
    ///
    /// let request = CashReceiptRequest::new(
    ///     Won::new(45_000)?,
    ///     OrderId::parse("order-20260801-0001")?,
    ///     OrderName::parse("토스 티셔츠")?,
    ///     CashReceiptType::IncomeDeduction,
    ///     ReceiptHolder::parse("01012345678")?,
    /// );
    /// assert!(!format!("{request:?}").contains("01012345678"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct CashReceiptRequest {
        required {
            /// What was paid.
            amount: Won = "amount",
            /// The shop's order.
            order_id: OrderId = "orderId",
            /// What the order is called.
            order_name: OrderName = "orderName",
            /// What the receipt is for.
            receipt_type: CashReceiptType = "type",
            /// Whom it is for.
            customer_identity_number: ReceiptHolder = "customerIdentityNumber",
        }
        optional {
            /// The tax-free part; 0 where absent.
            tax_free_amount: Won = "taxFreeAmount",
        }
    }
}

/// Which cash receipts.
///
/// ```
/// use toss_payments::{CashReceiptQuery, Date};
///
/// let day = CashReceiptQuery::new(Date::parse("2026-08-01")?).limit(1_000);
/// # Ok::<(), toss_payments::DateError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct CashReceiptQuery {
    request_date: Date,
    cursor: Option<u64>,
    limit: u32,
}

impl CashReceiptQuery {
    /// The greatest number of receipts on a page (Toss docs `/reference`).
    pub const MAX_LIMIT: u32 = 10_000;
    /// The number of receipts on a page unless asked otherwise (Toss docs `/reference`).
    pub const DEFAULT_LIMIT: u32 = 100;

    /// Those asked for on a day.
    #[must_use]
    pub fn new(request_date: Date) -> CashReceiptQuery {
        CashReceiptQuery { request_date, cursor: None, limit: CashReceiptQuery::DEFAULT_LIMIT }
    }

    /// Only those behind [`CashReceiptPage::last_cursor`].
    #[must_use]
    pub fn cursor(mut self, cursor: u64) -> CashReceiptQuery {
        self.cursor = Some(cursor);
        self
    }

    /// So many on a page; brought within 1 to 10,000.
    #[must_use]
    pub fn limit(mut self, limit: u32) -> CashReceiptQuery {
        self.limit = limit.clamp(1, CashReceiptQuery::MAX_LIMIT);
        self
    }
}

impl Client {
    /// Issues a cash receipt. `Ok` is a receipt of this order and amount with its key; it is final only when its status
    /// says so.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::cash_receipt::CashReceiptType;
    /// use toss_payments::{CashReceiptRequest, IdempotencyKey, OrderId, OrderName, ReceiptHolder, Won};
    ///
    /// let request = CashReceiptRequest::new(
    ///     Won::new(45_000)?,
    ///     OrderId::parse("order-20260801-0001")?,
    ///     OrderName::parse("토스 티셔츠")?,
    ///     CashReceiptType::IncomeDeduction,
    ///     ReceiptHolder::parse("01012345678")?,
    /// );
    /// let receipt = client.issue_cash_receipt(&request, &IdempotencyKey::parse("receipt-0001")?).await?.value;
    /// println!("store {:?}; it is {:?}", receipt.receipt_key, receipt.issue_status);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`Client::confirm`].
    pub async fn issue_cash_receipt(
        &self,
        request: &CashReceiptRequest,
        key: &IdempotencyKey,
    ) -> Result<Response<CashReceiptEntry>, Error> {
        let answer = self.post("/v1/cash-receipts", &[], key, request.to_json()).await?;
        answer.read_if(Effect::Issue, receipt, |receipt| {
            if receipt.order_id.as_ref() != Some(&request.order_id) {
                Some("orderId")
            } else {
                (receipt.amount != Some(request.amount.into())).then_some("amount")
            }
        })
    }

    /// Cancels a cash receipt, or an amount of it. `Ok` is the record of the cancel, which has a key of its own. An amount of zero
    /// is not sent: nobody says that Toss does not take it for everything.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{IdempotencyKey, ReceiptKey, Won};
    ///
    /// let key = ReceiptKey::parse("nlkG9VcGMGVQxlwi")?;
    /// let part = client.cancel_cash_receipt(&key, Some(Won::new(15_000)?), &IdempotencyKey::parse("receipt-0001-c1")?).await?.value;
    /// println!("{:?}", part.transaction_type);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`Client::cancel`].
    pub async fn cancel_cash_receipt(
        &self,
        receipt_key: &ReceiptKey,
        amount: Option<Won>,
        key: &IdempotencyKey,
    ) -> Result<Response<CashReceiptEntry>, Error> {
        if amount == Some(Won::ZERO) {
            return Err(not_sent("a cancel of nothing"));
        }
        let mut body = Body::new();
        amount.put("amount", &mut body);
        let answer = self.post("/v1/cash-receipts/{receiptKey}/cancel", &[receipt_key.expose()], key, body.into_json()).await?;
        answer
            .read_if(Effect::Cancel, receipt, |receipt| amount.and_then(|asked| (receipt.amount != Some(asked.into())).then_some("amount")))
    }

    /// One page of cash receipts. Changes nothing at Toss.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{CashReceiptQuery, Date};
    ///
    /// let day = CashReceiptQuery::new(Date::parse("2026-08-01")?);
    /// let first = client.cash_receipts_page(&day).await?.value;
    /// if let Some(cursor) = first.last_cursor.filter(|_| first.has_next) {
    ///     let second = client.cash_receipts_page(&day.cursor(cursor)).await?.value;
    ///     println!("{} and {}", first.entries.len(), second.entries.len());
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`Client::transactions_page`].
    pub async fn cash_receipts_page(&self, query: &CashReceiptQuery) -> Result<Response<CashReceiptPage>, Error> {
        let mut pairs = vec![("requestDate", query.request_date.to_string()), ("limit", query.limit.to_string())];
        pairs.extend(query.cursor.map(|cursor| ("cursor", cursor.to_string())));
        self.list("/v1/cash-receipts", &pairs).await?.read(Effect::Lookup, CashReceiptPage::from_json)
    }

    /// All cash receipts of a day, page after page.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{CashReceiptQuery, Date};
    ///
    /// let mut receipts = client.cash_receipts(&CashReceiptQuery::new(Date::parse("2026-08-01")?));
    /// while let Some(receipt) = receipts.next().await {
    ///     println!("{:?}", receipt?.issue_status);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    pub fn cash_receipts(&self, query: &CashReceiptQuery) -> Entries<CashReceiptEntry> {
        Entries::new(fetch(self.clone(), query.clone()))
    }
}

/// A receipt without its key could neither be found nor cancelled.
fn receipt(text: &str) -> Result<CashReceiptEntry, DecodeError> {
    let receipt = CashReceiptEntry::decode(text)?;
    if receipt.receipt_key.is_some() { Ok(receipt) } else { Err(DecodeError::Field("receiptKey")) }
}

fn fetch(client: Client, query: CashReceiptQuery) -> Fetch<CashReceiptEntry> {
    Box::new(move || {
        Box::pin(async move {
            let page = client.cash_receipts_page(&query).await?;
            if !page.value.has_next {
                return Ok(Page { entries: page.value.entries, next: None });
            }
            match page.value.last_cursor {
                Some(cursor) if query.cursor != Some(cursor) => {
                    Ok(Page { entries: page.value.entries, next: Some(fetch(client, query.cursor(cursor))) })
                }
                Some(_) | None => Err(astray(page, "the list does not go on behind its cursor")),
            }
        })
    })
}
