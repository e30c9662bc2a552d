//! Cash receipts beside payments. Source: Toss docs `/reference`, object CashReceipt. A receipt is with the tax office for
//! one or two days before it is final.

use crate::error::DecodeError;
use crate::json::{Object, without_bom};
use crate::object::list;
pub use crate::payment::receipt::CashReceiptEntry;
pub use crate::payment::words::{CashReceiptTransaction, CashReceiptType, IssueStatus};

/// One page of cash receipts.
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub struct CashReceiptPage {
    /// Whether there is a page behind it.
    pub has_next: bool,
    /// Where the page behind it begins.
    pub last_cursor: Option<u64>,
    /// The receipts.
    pub entries: Vec<CashReceiptEntry>,
}

impl CashReceiptPage {
    /// Reads a page from JSON, such as a stored [`Response::raw`](crate::Response).
    ///
    /// ```
    /// use toss_payments::cash_receipt::CashReceiptPage;
    ///
    /// let page = CashReceiptPage::from_json(r#"{"hasNext":false,"lastCursor":7,"data":[{"orderId":"order-1"}]}"#)?;
    /// assert_eq!(page.entries[0].order_id.as_ref().unwrap().as_str(), "order-1");
    /// # Ok::<(), toss_payments::DecodeError>(())
    /// ```
    ///
    /// # Errors
    /// [`DecodeError`] where it is no page, says that it goes on and not where, or one of its receipts cannot be read.
    pub fn from_json(text: &str) -> Result<CashReceiptPage, DecodeError> {
        let object = Object::parse(without_bom(text)).map_err(|_| DecodeError::NotAnObject)?;
        let has_next = object.get("hasNext").ok_or(DecodeError::Field("hasNext"))?;
        let last_cursor = object.get("lastCursor");
        if has_next && last_cursor.is_none() {
            return Err(DecodeError::Field("lastCursor"));
        }
        let data = object.text("data").ok_or(DecodeError::Field("data"))?;
        let entries = list(data, CashReceiptEntry::decode).map_err(|_| DecodeError::Field("data"))?;
        Ok(CashReceiptPage { has_next, last_cursor, entries })
    }
}
