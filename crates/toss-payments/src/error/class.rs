//! From code to consequence: the one table that says what an answer of Toss means for an order.

use super::code::ErrorCode;
use std::fmt;

/// What to do about a rejection.
///
/// ```
/// use toss_payments::{Class, Error};
///
/// /// What to tell the shopper; `None` while nobody knows whether money was moved.
/// fn sorry(error: &Error) -> Option<&'static str> {
///     match error.class() {
///         Class::Declined => Some("the payment was refused; try another method"),
///         Class::Expired => Some("it took too long; please pay again"),
///         Class::Validation | Class::Key => Some("something is wrong on our side"),
///         Class::State | Class::Unknown => None,
///     }
/// }
/// ```
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Class {
    /// This attempt is over and no money was moved: show the reason, offer another method or, for a refund, another account.
    Declined,
    /// The authentication has expired: a new payment is needed. Where an earlier confirm of the same payment went
    /// unanswered, look it up before: that one may have charged.
    Expired,
    /// A bug of the caller: fix the request, alert. The order is not failed by it.
    Validation,
    /// Key, contract or configuration: alert. The order is not failed by it.
    Key,
    /// Toss's state differs from what the request assumed, often "already done": look up and compare.
    State,
    /// Not decided, or not understood: never a failure. Look up, keep the order pending.
    Unknown,
}

impl fmt::Display for Class {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Class::Declined => "declined",
            Class::Expired => "expired",
            Class::Validation => "invalid request",
            Class::Key => "key or contract",
            Class::State => "state differs",
            Class::Unknown => "unknown",
        })
    }
}

/// What a call does with money. Its error codes are read by this: a card that is refused declines a charge and says nothing
/// about a look-up.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Effect {
    /// Takes money: confirm, key-in, a billing charge, a BrandPay confirm.
    Charge,
    /// Reads: payments, transactions, settlements, cash receipts, promotions.
    Lookup,
    /// Takes back: a payment, a cash receipt, a billing key.
    Cancel,
    /// Makes something without taking money: a virtual account, a billing key, a cash receipt, a token.
    Issue,
}

/// The class of a 4xx.
///
/// A decline counts only at a status at which Toss declines: an order is not failed on half of an answer.
pub(crate) fn class(effect: Effect, status: u16, code: &ErrorCode) -> Class {
    let row = row(code);
    let class = match effect {
        Effect::Charge => row.charge,
        Effect::Lookup => row.lookup,
        Effect::Cancel => row.cancel,
        Effect::Issue => row.issue,
    };
    match class {
        Class::Declined if status != 400 && status != 403 => Class::Unknown,
        Class::Expired if status != 404 => Class::Unknown,
        Class::Declined | Class::Expired | Class::Validation | Class::Key | Class::State | Class::Unknown => class,
    }
}

/// What a code means on each kind of call.
struct Row {
    charge: Class,
    lookup: Class,
    cancel: Class,
    issue: Class,
}

impl Row {
    /// The same everywhere.
    const fn all(class: Class) -> Row {
        Row { charge: class, lookup: class, cancel: class, issue: class }
    }

    /// A means of payment was refused. A look-up and a cancel use none.
    const PAYMENT_DECLINED: Row = Row { charge: Class::Declined, lookup: Class::Unknown, cancel: Class::Unknown, issue: Class::Declined };
    /// A refund was refused.
    const REFUND_DECLINED: Row = Row { cancel: Class::Declined, ..Row::all(Class::Unknown) };
}

/// The table.
///
/// Where the documents leave two classes, the one that fails no order is taken. A look-up charges nothing, so that none
/// of its answers declines or expires a payment.
fn row(code: &ErrorCode) -> Row {
    match code {
        // "No such payment" answers a look-up; the other calls got their key from Toss, so there it is a bug or a forged URL.
        ErrorCode::NotFoundPayment | ErrorCode::NotFound => Row { lookup: Class::State, ..Row::all(Class::Validation) },
        // A key that is gone is what a deletion wanted.
        ErrorCode::NotFoundBilling => Row { lookup: Class::State, cancel: Class::State, ..Row::all(Class::Validation) },
        // A shopper asked for a refund to this bank; the bank of a virtual account is the shop's list.
        ErrorCode::InvalidBank => Row { cancel: Class::Declined, ..Row::all(Class::Validation) },
        ErrorCode::NotAvailableBank => Row { cancel: Class::Declined, ..Row::PAYMENT_DECLINED },

        ErrorCode::AlreadyProcessedPayment
        | ErrorCode::AlreadyCompletedPayment
        | ErrorCode::AlreadyCanceledPayment
        | ErrorCode::AlreadyRefundPayment
        | ErrorCode::AlreadyRefundingPayment
        | ErrorCode::AlreadyRemovedBillingKey
        | ErrorCode::NotMatchesRefundableAmount
        | ErrorCode::NotCancelableAmount
        | ErrorCode::DuplicatedOrderId
        | ErrorCode::UnapprovedOrderId => Row::all(Class::State),

        ErrorCode::NotFoundPaymentSession => Row { charge: Class::Expired, ..Row::all(Class::Unknown) },

        ErrorCode::InvalidRequest
        | ErrorCode::InvalidRequiredParam
        | ErrorCode::InvalidOrderId
        | ErrorCode::InvalidOrderName
        | ErrorCode::InvalidPaymentKey
        | ErrorCode::InvalidCustomerKey
        | ErrorCode::InvalidCurrency
        | ErrorCode::InvalidEmail
        | ErrorCode::InvalidUrl
        | ErrorCode::InvalidIdempotencyKey
        | ErrorCode::InvalidTestCode
        | ErrorCode::InvalidAuthorizeAuth
        | ErrorCode::InvalidRefundAmount
        | ErrorCode::InvalidRegistrationNumberType
        | ErrorCode::InvalidDate
        | ErrorCode::InvalidValidHoursWithDueDateAndSingle
        | ErrorCode::InvalidBillKeyRequest
        | ErrorCode::InvalidBillingAuth
        | ErrorCode::InvalidPagingKey
        | ErrorCode::ExceedMaxDueDate
        | ErrorCode::ExceedMaxValidHours
        | ErrorCode::ExceedMaxQueryLimit
        | ErrorCode::ExceedCancelAmountDiscountAmount
        | ErrorCode::NotMatchesCustomerKey
        | ErrorCode::NotSupportedMethod
        | ErrorCode::RequiredAmount
        | ErrorCode::BelowZeroAmount
        | ErrorCode::BelowMinimumAmount
        | ErrorCode::NotFoundMethod
        | ErrorCode::NotFoundHttpMethod => Row::all(Class::Validation),

        ErrorCode::InvalidApiKey
        | ErrorCode::UnauthorizedKey
        | ErrorCode::ForbiddenRequest
        | ErrorCode::IncorrectBasicAuthFormat
        | ErrorCode::ApiVersionUpdateNeeded
        | ErrorCode::NotFoundTerminalId
        | ErrorCode::NotFoundMerchant
        | ErrorCode::InvalidUnregisteredSubmall
        | ErrorCode::NotRegisteredBusiness => Row::all(Class::Key),

        ErrorCode::ExceedMaxCardInstallmentPlan
        | ErrorCode::InvalidCardInstallmentPlan
        | ErrorCode::NotSupportedInstallmentPlanCardOrMerchant
        | ErrorCode::NotSupportedMonthlyInstallmentPlan
        | ErrorCode::NotSupportedCardType
        | ErrorCode::NotAllowedPointUse
        | ErrorCode::InvalidRejectCard
        | ErrorCode::InvalidCardExpiration
        | ErrorCode::InvalidStoppedCard
        | ErrorCode::InvalidCardLostOrStolen
        | ErrorCode::InvalidCardNumber
        | ErrorCode::CardProcessingError
        | ErrorCode::ExceedMaxDailyPaymentCount
        | ErrorCode::ExceedMaxPaymentAmount
        | ErrorCode::ExceedMaxAmount
        | ErrorCode::ExceedMaxMonthlyPaymentAmount
        | ErrorCode::ExceedMaxOneDayWithdrawAmount
        | ErrorCode::ExceedMaxOneTimeWithdrawAmount
        | ErrorCode::ExceedMaxOneDayAmount
        | ErrorCode::ExceedMaxAuthCount
        | ErrorCode::ExceedsTransferAmountMaximum
        | ErrorCode::RestrictedTransferAccount
        | ErrorCode::InvalidAccountInfoReRegister
        | ErrorCode::MaintainedMethod
        | ErrorCode::NotAvailablePayment
        | ErrorCode::RejectAccountPayment
        | ErrorCode::RejectCardPayment
        | ErrorCode::RejectCardCompany
        | ErrorCode::RejectTosspayInvalidAccount
        | ErrorCode::InvalidPassword
        | ErrorCode::FdsError => Row::PAYMENT_DECLINED,

        ErrorCode::NotCancelablePayment
        | ErrorCode::NotCancelablePaymentForDormantUser
        | ErrorCode::InvalidRefundAccountInfo
        | ErrorCode::InvalidRefundAccountNumber
        | ErrorCode::ForbiddenBankRefundRequest
        | ErrorCode::NotAllowedRefundBank
        | ErrorCode::RefundRejected
        | ErrorCode::NotSupportedRefund
        | ErrorCode::ExceedMaxRefundDue
        | ErrorCode::ExceedMaxRefundAmount
        | ErrorCode::ExceedCancelLimit
        | ErrorCode::NotAllowedPartialRefund
        | ErrorCode::NotAllowedPartialRefundWaitingDeposit => Row::REFUND_DECLINED,

        // Listed for look-ups only, without a meaning there (Toss docs `/reference/error-codes`).
        ErrorCode::NotSupportedMonthlyInstallmentPlanBelowAmount
        | ErrorCode::DuplicatedRequest
        | ErrorCode::ProviderError
        | ErrorCode::PayProcessAborted
        | ErrorCode::PayProcessCanceled
        | ErrorCode::IdempotentRequestProcessing
        | ErrorCode::ForbiddenConsecutiveRequest
        | ErrorCode::FailedPaymentInternalSystemProcessing
        | ErrorCode::FailedInternalSystemProcessing
        | ErrorCode::FailedDbProcessing
        | ErrorCode::FailedRefundProcess
        | ErrorCode::FailedMethodHandling
        | ErrorCode::FailedMethodHandlingCancel
        | ErrorCode::FailedPartialRefund
        | ErrorCode::FailedClosedAccountRefund
        | ErrorCode::FailedBillKeyAuthCreation
        | ErrorCode::FailedBillingAutoCancel
        | ErrorCode::ExpiredPayment
        | ErrorCode::UnknownPaymentError
        | ErrorCode::UnknownError
        | ErrorCode::CommonError
        | ErrorCode::Unknown(_) => Row::all(Class::Unknown),
    }
}

#[cfg(test)]
mod tests;
