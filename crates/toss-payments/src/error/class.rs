//! From code to consequence: the one table that says what an answer of Toss means for an order.

use super::code::ErrorCode;
use std::fmt;

/// What to do about a rejection.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Class {
    /// This attempt is over and nothing was charged: show the reason, offer another method.
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

/// The calls whose codes are read differently.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Endpoint {
    Confirm,
    Lookup,
}

/// The class of a 4xx.
///
/// A decline counts only at a status at which Toss declines: an order is not failed on half of an answer.
pub(crate) fn class(endpoint: Endpoint, status: u16, code: &ErrorCode) -> Class {
    let (on_confirm, on_lookup) = row(code);
    let class = match endpoint {
        Endpoint::Confirm => on_confirm,
        Endpoint::Lookup => on_lookup,
    };
    match class {
        Class::Declined if status != 400 && status != 403 => Class::Unknown,
        Class::Expired if status != 404 => Class::Unknown,
        Class::Declined | Class::Expired | Class::Validation | Class::Key | Class::State | Class::Unknown => class,
    }
}

/// The table: what a code means on confirm, and on a look-up.
///
/// Where the documents leave two classes, the one that fails no order is taken. A look-up charges nothing, so that none
/// of its answers declines or expires a payment.
fn row(code: &ErrorCode) -> (Class, Class) {
    match code {
        // "No such payment" answers a look-up; a confirm got its key from Toss, so there it is a bug or a forged URL.
        ErrorCode::NotFoundPayment | ErrorCode::NotFound => (Class::Validation, Class::State),

        ErrorCode::AlreadyProcessedPayment
        | ErrorCode::AlreadyCompletedPayment
        | ErrorCode::DuplicatedOrderId
        | ErrorCode::UnapprovedOrderId => (Class::State, Class::State),

        ErrorCode::NotFoundPaymentSession => (Class::Expired, Class::Unknown),

        ErrorCode::InvalidRequest
        | ErrorCode::InvalidRequiredParam
        | ErrorCode::InvalidOrderId
        | ErrorCode::InvalidPaymentKey
        | ErrorCode::InvalidCurrency
        | ErrorCode::InvalidIdempotencyKey
        | ErrorCode::InvalidTestCode
        | ErrorCode::InvalidAuthorizeAuth
        | ErrorCode::RequiredAmount
        | ErrorCode::BelowZeroAmount
        | ErrorCode::BelowMinimumAmount
        | ErrorCode::NotFoundHttpMethod => (Class::Validation, Class::Validation),

        ErrorCode::InvalidApiKey
        | ErrorCode::UnauthorizedKey
        | ErrorCode::ForbiddenRequest
        | ErrorCode::IncorrectBasicAuthFormat
        | ErrorCode::ApiVersionUpdateNeeded
        | ErrorCode::NotFoundTerminalId
        | ErrorCode::NotFoundMerchant
        | ErrorCode::InvalidUnregisteredSubmall
        | ErrorCode::NotRegisteredBusiness => (Class::Key, Class::Key),

        ErrorCode::ExceedMaxCardInstallmentPlan
        | ErrorCode::InvalidCardInstallmentPlan
        | ErrorCode::NotSupportedInstallmentPlanCardOrMerchant
        | ErrorCode::NotSupportedMonthlyInstallmentPlan
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
        | ErrorCode::RestrictedTransferAccount
        | ErrorCode::InvalidAccountInfoReRegister
        | ErrorCode::NotAvailablePayment
        | ErrorCode::NotAvailableBank
        | ErrorCode::RejectAccountPayment
        | ErrorCode::RejectCardPayment
        | ErrorCode::RejectCardCompany
        | ErrorCode::RejectTosspayInvalidAccount
        | ErrorCode::InvalidPassword
        | ErrorCode::FdsError => (Class::Declined, Class::Unknown),

        // Listed for look-ups only, without a meaning there (Toss docs `/reference/error-codes`).
        ErrorCode::NotSupportedMonthlyInstallmentPlanBelowAmount
        | ErrorCode::DuplicatedRequest
        | ErrorCode::ProviderError
        | ErrorCode::IdempotentRequestProcessing
        | ErrorCode::ForbiddenConsecutiveRequest
        | ErrorCode::FailedPaymentInternalSystemProcessing
        | ErrorCode::FailedInternalSystemProcessing
        | ErrorCode::FailedDbProcessing
        | ErrorCode::UnknownPaymentError
        | ErrorCode::UnknownError
        | ErrorCode::CommonError
        | ErrorCode::Unknown(_) => (Class::Unknown, Class::Unknown),
    }
}

#[cfg(test)]
mod tests;
