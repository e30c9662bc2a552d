//! `POST /v1/virtual-accounts` (Toss docs `/reference`): an account that waits for one deposit.

use super::Asked;
use crate::bank::Bank;
use crate::body::{Body, Put, ToObject as _, request};
use crate::client::{Client, Response};
use crate::date::DateTime;
use crate::error::{Effect, Error};
use crate::ids::{IdempotencyKey, OrderId};
use crate::money::Won;
use crate::payment::whole::Payment;
use crate::payment::words::CashReceiptType;
use crate::text::{CustomerEmail, CustomerName, OrderName, PhoneNumber, ReceiptHolder};

request! {
    /// The account to issue.
    ///
    /// ```
    /// use toss_payments::{Bank, CustomerName, Deadline, OrderId, OrderName, ValidHours, VirtualAccountRequest, Won};
    ///
    /// let request = VirtualAccountRequest::new(
    ///     Won::new(45_000)?,
    ///     OrderId::parse("order-20260801-0001")?,
    ///     OrderName::parse("토스 티셔츠 외 2건")?,
    ///     CustomerName::parse("김토스")?,
    ///     Bank::Woori,
    /// )
    /// .deadline(Deadline::In(ValidHours::new(24).unwrap()));
    /// assert!(!format!("{request:?}").contains("김토스"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub struct VirtualAccountRequest {
        required {
            /// What has to be paid in, to the won and in one transfer.
            amount: Won = "amount",
            /// The shop's order.
            order_id: OrderId = "orderId",
            /// What the order is called.
            order_name: OrderName = "orderName",
            /// Who pays; the account is issued in this name.
            customer_name: CustomerName = "customerName",
            /// The bank of the account.
            bank: Bank = "bank",
        }
        optional {
            /// Until when to pay; 7 days where absent.
            deadline: Deadline = "",
            /// Where Toss writes when the payment changes.
            customer_email: CustomerEmail = "customerEmail",
            /// Where Toss sends the account by text message.
            customer_mobile_phone: PhoneNumber = "customerMobilePhone",
            /// The tax-free part; 0 where absent.
            tax_free_amount: Won = "taxFreeAmount",
            /// Whether it is an escrow payment.
            use_escrow: bool = "useEscrow",
            /// The cash receipt to issue with the deposit.
            cash_receipt: ReceiptWish = "cashReceipt",
            /// What is sold, for an escrow payment.
            escrow_products: Vec<EscrowProduct> = "escrowProducts",
            /// The customer's own account number, by contract.
            fixed_account: FixedAccount = "",
        }
    }
}

/// Until when a deposit is awaited. One or the other: Toss refuses both.
///
/// ```
/// use toss_payments::{DateTime, Deadline};
///
/// assert_ne!(Deadline::Until(DateTime::parse("2026-08-08T00:00:00")?), Deadline::Until(DateTime::parse("2026-08-09T00:00:00")?));
/// # Ok::<(), toss_payments::DateError>(())
/// ```
#[derive(Clone, PartialEq, Eq, Debug)]
#[non_exhaustive]
pub enum Deadline {
    /// So many hours from now.
    In(ValidHours),
    /// Up to this second, exclusive; at most 90 days from now.
    Until(DateTime),
}

impl Put for Deadline {
    fn put(&self, _: &str, body: &mut Body) {
        match self {
            Deadline::In(hours) => body.raw("validHours", hours.0),
            Deadline::Until(time) => time.put("dueDate", body),
        }
    }
}

/// Hours until a deadline: 1 to 2160, which is 90 days.
///
/// ```
/// use toss_payments::ValidHours;
///
/// assert_eq!(ValidHours::new(2160).map(ValidHours::get), Some(2160));
/// assert_eq!(ValidHours::new(2161), None);
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct ValidHours(u16);

impl ValidHours {
    /// So many hours; `None` outside 1 to 2160.
    #[must_use]
    pub fn new(hours: u16) -> Option<ValidHours> {
        (1..=2160).contains(&hours).then_some(ValidHours(hours))
    }

    /// How many hours.
    #[must_use]
    pub fn get(self) -> u16 {
        self.0
    }
}

request! {
    /// The cash receipt that a buyer wishes for.
    ///
    /// ```
    /// use toss_payments::cash_receipt::CashReceiptType;
    /// use toss_payments::{ReceiptHolder, ReceiptWish};
    ///
    /// let wish = ReceiptWish::new(CashReceiptType::IncomeDeduction, ReceiptHolder::parse("01012345678")?);
    /// assert!(!format!("{wish:?}").contains("01012345678"));
    /// # Ok::<(), toss_payments::IdError>(())
    /// ```
    pub struct ReceiptWish {
        required {
            /// What it is for.
            receipt_type: CashReceiptType = "type",
            /// Whom it is for.
            registration_number: ReceiptHolder = "registrationNumber",
        }
        optional {}
    }
}

request! {
    /// One of the things sold with an escrow payment.
    ///
    /// ```
    /// use toss_payments::{EscrowProduct, Won};
    ///
    /// let shirts = EscrowProduct::new("1", "shirt", "토스 티셔츠", Won::new(15_000)?, 3);
    /// assert_eq!(shirts.quantity, 3);
    /// # Ok::<(), toss_payments::NotWon>(())
    /// ```
    pub struct EscrowProduct {
        required {
            /// Unique within the order.
            id: String = "id" into,
            /// The shop's code of the product.
            code: String = "code" into,
            /// What it is called.
            name: String = "name" into,
            /// The price of one.
            unit_price: Won = "unitPrice",
            /// How many.
            quantity: u32 = "quantity",
        }
        optional {}
    }
}

/// An account that stays with a customer (`accountType` 고정; a contract with Toss is needed). Printing shows its presence
/// only.
///
/// ```
/// use toss_payments::FixedAccount;
///
/// assert_eq!(format!("{:?}", FixedAccount::new("X123")), "FixedAccount(…)");
/// ```
#[derive(Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FixedAccount {
    /// The key of the account, as agreed with Toss.
    pub account_key: String,
}

impl FixedAccount {
    /// The account with this key.
    #[must_use]
    pub fn new(account_key: impl Into<String>) -> FixedAccount {
        FixedAccount { account_key: account_key.into() }
    }
}

impl std::fmt::Debug for FixedAccount {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FixedAccount(…)")
    }
}

impl Put for FixedAccount {
    fn put(&self, _: &str, body: &mut Body) {
        body.text("accountType", "고정");
        body.text("accountKey", &self.account_key);
    }
}

impl Client {
    /// Issues an account that waits for a deposit. `Ok` is a payment of this order and amount, as a rule in
    /// `WAITING_FOR_DEPOSIT`: nothing has been paid yet. Store its `secret`, with which the deposit webhook proves itself.
    ///
    /// ```no_run
    /// # async fn example(client: toss_payments::Client) -> Result<(), Box<dyn std::error::Error>> {
    /// use toss_payments::{Bank, CustomerName, IdempotencyKey, OrderId, OrderName, VirtualAccountRequest, Won};
    ///
    /// let (order, name) = (OrderId::parse("order-20260801-0001")?, OrderName::parse("토스 티셔츠")?);
    /// let request = VirtualAccountRequest::new(Won::new(45_000)?, order, name, CustomerName::parse("김토스")?, Bank::Woori);
    /// let payment = client.issue_virtual_account(&request, &IdempotencyKey::parse("attempt-7f3a")?).await?.value;
    /// if let Some(account) = payment.virtual_account {
    ///     println!("show {:?} until {:?}, store {:?}", account.account_number, account.due_date, payment.secret);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// As for [`Client::confirm`].
    pub async fn issue_virtual_account(&self, request: &VirtualAccountRequest, key: &IdempotencyKey) -> Result<Response<Payment>, Error> {
        let answer = self.post("/v1/virtual-accounts", &[], key, request.to_json()).await?;
        let asked = Asked { order_id: Some(&request.order_id), amount: Some(request.amount.into()), ..Asked::default() };
        asked.read(answer, Effect::Issue)
    }
}
