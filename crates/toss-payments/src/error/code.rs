//! The error codes of the calls that this crate makes. Source: Toss docs `/reference/error-codes` and the tables of the
//! endpoints. New codes appear without a version bump and arrive as `Unknown`.

use crate::words::open_enum;

open_enum! {
    /// A code such as `REJECT_CARD_COMPANY`. What it means for an order is its [`Class`](crate::Class).
    ///
    /// ```
    /// use toss_payments::ErrorCode;
    ///
    /// assert_eq!(ErrorCode::from("REJECT_CARD_COMPANY"), ErrorCode::RejectCardCompany);
    /// let new = ErrorCode::from("SOMETHING_NEW");
    /// assert_eq!((new.as_str(), &new), ("SOMETHING_NEW", &ErrorCode::from("SOMETHING_NEW")));
    /// ```
    pub enum ErrorCode {
        /// The payment is already confirmed. Look it up and compare.
        AlreadyProcessedPayment = "ALREADY_PROCESSED_PAYMENT",
        /// The payment is already complete.
        AlreadyCompletedPayment = "ALREADY_COMPLETED_PAYMENT",
        /// The order id was already approved or cancelled.
        DuplicatedOrderId = "DUPLICATED_ORDER_ID",
        /// The same request twice.
        DuplicatedRequest = "DUPLICATED_REQUEST",
        /// The order is not approved yet.
        UnapprovedOrderId = "UNAPPROVED_ORDER_ID",

        /// A passing failure at the card company or bank, sent as a 400 although nothing is decided.
        ProviderError = "PROVIDER_ERROR",
        /// The first request with this idempotency key is still running.
        IdempotentRequestProcessing = "IDEMPOTENT_REQUEST_PROCESSING",
        /// Too many of the same look-up in a row.
        ForbiddenConsecutiveRequest = "FORBIDDEN_CONSECUTIVE_REQUEST",
        /// Internal or at the provider; also "already processing" (`[S008]`) of a second concurrent confirm.
        FailedPaymentInternalSystemProcessing = "FAILED_PAYMENT_INTERNAL_SYSTEM_PROCESSING",
        /// Internal.
        FailedInternalSystemProcessing = "FAILED_INTERNAL_SYSTEM_PROCESSING",
        /// Internal.
        FailedDbProcessing = "FAILED_DB_PROCESSING",
        /// Internal.
        UnknownPaymentError = "UNKNOWN_PAYMENT_ERROR",
        /// Internal.
        UnknownError = "UNKNOWN_ERROR",
        /// Internal.
        CommonError = "COMMON_ERROR",

        /// The ten minutes between authentication and confirm have passed.
        NotFoundPaymentSession = "NOT_FOUND_PAYMENT_SESSION",

        /// Malformed.
        InvalidRequest = "INVALID_REQUEST",
        /// A required parameter is missing.
        InvalidRequiredParam = "INVALID_REQUIRED_PARAM",
        /// The order id breaks its limits.
        InvalidOrderId = "INVALID_ORDER_ID",
        /// The payment key breaks its limits.
        InvalidPaymentKey = "INVALID_PAYMENT_KEY",
        /// The currency is not known.
        InvalidCurrency = "INVALID_CURRENCY",
        /// The idempotency key breaks its limits.
        InvalidIdempotencyKey = "INVALID_IDEMPOTENCY_KEY",
        /// The header `TossPayments-Test-Code` names no code.
        InvalidTestCode = "INVALID_TEST_CODE",
        /// The authentication is of another kind.
        InvalidAuthorizeAuth = "INVALID_AUTHORIZE_AUTH",
        /// No amount.
        RequiredAmount = "REQUIRED_AMOUNT",
        /// A negative amount.
        BelowZeroAmount = "BELOW_ZERO_AMOUNT",
        /// Less than 100 KRW by card, or 200 KRW by account.
        BelowMinimumAmount = "BELOW_MINIMUM_AMOUNT",
        /// No such payment.
        NotFoundPayment = "NOT_FOUND_PAYMENT",
        /// No such thing.
        NotFound = "NOT_FOUND",
        /// No such method at this address.
        NotFoundHttpMethod = "NOT_FOUND_HTTP_METHOD",

        /// Client and secret key are no pair.
        InvalidApiKey = "INVALID_API_KEY",
        /// The key is not known.
        UnauthorizedKey = "UNAUTHORIZED_KEY",
        /// Not allowed for this key and payment.
        ForbiddenRequest = "FORBIDDEN_REQUEST",
        /// No colon behind the secret key.
        IncorrectBasicAuthFormat = "INCORRECT_BASIC_AUTH_FORMAT",
        /// The key's API version is too old.
        ApiVersionUpdateNeeded = "API_VERSION_UPDATE_NEEDED",
        /// The contract has no terminal.
        NotFoundTerminalId = "NOT_FOUND_TERMINAL_ID",
        /// No such merchant.
        NotFoundMerchant = "NOT_FOUND_MERCHANT",
        /// The sub-mall is not registered.
        InvalidUnregisteredSubmall = "INVALID_UNREGISTERED_SUBMALL",
        /// The business is not registered.
        NotRegisteredBusiness = "NOT_REGISTERED_BUSINESS",

        /// Too many months.
        ExceedMaxCardInstallmentPlan = "EXCEED_MAX_CARD_INSTALLMENT_PLAN",
        /// Not a number of months.
        InvalidCardInstallmentPlan = "INVALID_CARD_INSTALLMENT_PLAN",
        /// Card or shop without instalments.
        NotSupportedInstallmentPlanCardOrMerchant = "NOT_SUPPORTED_INSTALLMENT_PLAN_CARD_OR_MERCHANT",
        /// Card without instalments.
        NotSupportedMonthlyInstallmentPlan = "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN",
        /// The amount is too small for instalments.
        NotSupportedMonthlyInstallmentPlanBelowAmount = "NOT_SUPPORTED_MONTHLY_INSTALLMENT_PLAN_BELOW_AMOUNT",
        /// Card points cannot be used.
        NotAllowedPointUse = "NOT_ALLOWED_POINT_USE",
        /// The card was refused.
        InvalidRejectCard = "INVALID_REJECT_CARD",
        /// The card has expired.
        InvalidCardExpiration = "INVALID_CARD_EXPIRATION",
        /// The card is stopped.
        InvalidStoppedCard = "INVALID_STOPPED_CARD",
        /// The card is lost or stolen.
        InvalidCardLostOrStolen = "INVALID_CARD_LOST_OR_STOLEN",
        /// The card number is wrong.
        InvalidCardNumber = "INVALID_CARD_NUMBER",
        /// The card company failed the payment.
        CardProcessingError = "CARD_PROCESSING_ERROR",
        /// Too many payments today.
        ExceedMaxDailyPaymentCount = "EXCEED_MAX_DAILY_PAYMENT_COUNT",
        /// Over the payment limit.
        ExceedMaxPaymentAmount = "EXCEED_MAX_PAYMENT_AMOUNT",
        /// Over the limit.
        ExceedMaxAmount = "EXCEED_MAX_AMOUNT",
        /// Over the monthly limit.
        ExceedMaxMonthlyPaymentAmount = "EXCEED_MAX_MONTHLY_PAYMENT_AMOUNT",
        /// Over the daily withdrawal limit.
        ExceedMaxOneDayWithdrawAmount = "EXCEED_MAX_ONE_DAY_WITHDRAW_AMOUNT",
        /// Over the limit of one withdrawal.
        ExceedMaxOneTimeWithdrawAmount = "EXCEED_MAX_ONE_TIME_WITHDRAW_AMOUNT",
        /// Over the daily limit.
        ExceedMaxOneDayAmount = "EXCEED_MAX_ONE_DAY_AMOUNT",
        /// Too many failed authentications.
        ExceedMaxAuthCount = "EXCEED_MAX_AUTH_COUNT",
        /// The account cannot be charged.
        RestrictedTransferAccount = "RESTRICTED_TRANSFER_ACCOUNT",
        /// The account has to be registered again.
        InvalidAccountInfoReRegister = "INVALID_ACCOUNT_INFO_RE_REGISTER",
        /// Outside the hours of the service.
        NotAvailablePayment = "NOT_AVAILABLE_PAYMENT",
        /// Outside the hours of the bank.
        NotAvailableBank = "NOT_AVAILABLE_BANK",
        /// Balance or limit of the account.
        RejectAccountPayment = "REJECT_ACCOUNT_PAYMENT",
        /// Balance or limit of the card.
        RejectCardPayment = "REJECT_CARD_PAYMENT",
        /// The card company refused.
        RejectCardCompany = "REJECT_CARD_COMPANY",
        /// The account behind Toss Pay is unusable.
        RejectTosspayInvalidAccount = "REJECT_TOSSPAY_INVALID_ACCOUNT",
        /// Wrong password.
        InvalidPassword = "INVALID_PASSWORD",
        /// Refused by fraud detection.
        FdsError = "FDS_ERROR",
        /// More than 10,000,000 KRW in one transfer.
        ExceedsTransferAmountMaximum = "EXCEEDS_TRANSFER_AMOUNT_MAXIMUM",
        /// The means of payment is being maintained.
        MaintainedMethod = "MAINTAINED_METHOD",
        /// Payment failed while it was made; what became of it has to be looked up.
        PayProcessAborted = "PAY_PROCESS_ABORTED",
        /// The buyer left the payment; what became of it has to be looked up.
        PayProcessCanceled = "PAY_PROCESS_CANCELED",

        /// The payment is already cancelled.
        AlreadyCanceledPayment = "ALREADY_CANCELED_PAYMENT",
        /// The payment is already refunded.
        AlreadyRefundPayment = "ALREADY_REFUND_PAYMENT",
        /// A refund is under way.
        AlreadyRefundingPayment = "ALREADY_REFUNDING_PAYMENT",
        /// What is left differs from the balance that the request assumed; nothing was cancelled.
        NotMatchesRefundableAmount = "NOT_MATCHES_REFUNDABLE_AMOUNT",
        /// More than what is left, or nothing is left.
        NotCancelableAmount = "NOT_CANCELABLE_AMOUNT",
        /// The payment cannot be cancelled.
        NotCancelablePayment = "NOT_CANCELABLE_PAYMENT",
        /// The buyer's account with the provider is dormant.
        NotCancelablePaymentForDormantUser = "NOT_CANCELABLE_PAYMENT_FOR_DORMANT_USER",
        /// The refund account does not exist, or is not the holder's.
        InvalidRefundAccountInfo = "INVALID_REFUND_ACCOUNT_INFO",
        /// The refund account's number is wrong.
        InvalidRefundAccountNumber = "INVALID_REFUND_ACCOUNT_NUMBER",
        /// The bank is not known, or does not do this.
        InvalidBank = "INVALID_BANK",
        /// The bank refuses refunds.
        ForbiddenBankRefundRequest = "FORBIDDEN_BANK_REFUND_REQUEST",
        /// No refunds to this bank.
        NotAllowedRefundBank = "NOT_ALLOWED_REFUND_BANK",
        /// The refund was refused.
        RefundRejected = "REFUND_REJECTED",
        /// No refunds for this payment.
        NotSupportedRefund = "NOT_SUPPORTED_REFUND",
        /// Too late for a refund.
        ExceedMaxRefundDue = "EXCEED_MAX_REFUND_DUE",
        /// Over the refund limit.
        ExceedMaxRefundAmount = "EXCEED_MAX_REFUND_AMOUNT",
        /// Over the cancel limit.
        ExceedCancelLimit = "EXCEED_CANCEL_LIMIT",
        /// No partial refunds for this payment.
        NotAllowedPartialRefund = "NOT_ALLOWED_PARTIAL_REFUND",
        /// No partial cancel before the deposit.
        NotAllowedPartialRefundWaitingDeposit = "NOT_ALLOWED_PARTIAL_REFUND_WAITING_DEPOSIT",
        /// The cancel would leave less than the discount.
        ExceedCancelAmountDiscountAmount = "EXCEED_CANCEL_AMOUNT_DISCOUNT_AMOUNT",
        /// The refund amount breaks its limits.
        InvalidRefundAmount = "INVALID_REFUND_AMOUNT",
        /// The refund failed at the provider.
        FailedRefundProcess = "FAILED_REFUND_PROCESS",
        /// The cancel failed at the provider.
        FailedMethodHandlingCancel = "FAILED_METHOD_HANDLING_CANCEL",
        /// The partial refund failed.
        FailedPartialRefund = "FAILED_PARTIAL_REFUND",
        /// The refund account is closed (older lists).
        FailedClosedAccountRefund = "FAILED_CLOSED_ACCOUNT_REFUND",
        /// The means of payment failed.
        FailedMethodHandling = "FAILED_METHOD_HANDLING",

        /// The kind of registration number does not fit.
        InvalidRegistrationNumberType = "INVALID_REGISTRATION_NUMBER_TYPE",
        /// Not a day or time.
        InvalidDate = "INVALID_DATE",
        /// The deadline is too far away.
        ExceedMaxDueDate = "EXCEED_MAX_DUE_DATE",
        /// Too many hours until the deadline.
        ExceedMaxValidHours = "EXCEED_MAX_VALID_HOURS",
        /// Two deadlines.
        InvalidValidHoursWithDueDateAndSingle = "INVALID_VALID_HOURS_WITH_DUE_DATE_AND_SINGLE",

        /// The billing key belongs to another customer key.
        NotMatchesCustomerKey = "NOT_MATCHES_CUSTOMER_KEY",
        /// The means of payment cannot be used here.
        NotSupportedMethod = "NOT_SUPPORTED_METHOD",
        /// The billing key was never authenticated, or is of another kind.
        InvalidBillKeyRequest = "INVALID_BILL_KEY_REQUEST",
        /// The billing authentication cannot be used.
        InvalidBillingAuth = "INVALID_BILLING_AUTH",
        /// The card is of a kind that cannot be registered.
        NotSupportedCardType = "NOT_SUPPORTED_CARD_TYPE",
        /// The billing key is deleted.
        AlreadyRemovedBillingKey = "ALREADY_REMOVED_BILLING_KEY",
        /// No such billing key.
        NotFoundBilling = "NOT_FOUND_BILLING",
        /// The billing key could not be made.
        FailedBillKeyAuthCreation = "FAILED_BILL_KEY_AUTH_CREATION",
        /// A billing charge failed and could not be taken back.
        FailedBillingAutoCancel = "FAILED_BILLING_AUTO_CANCEL",

        /// Why a payment failed that nobody paid or confirmed in time ([`Failure`](crate::payment::Failure); no call answers it).
        ExpiredPayment = "EXPIRED_PAYMENT",

        /// The order name breaks its limits.
        InvalidOrderName = "INVALID_ORDER_NAME",
        /// The customer key breaks its limits.
        InvalidCustomerKey = "INVALID_CUSTOMER_KEY",
        /// Not an e-mail address.
        InvalidEmail = "INVALID_EMAIL",
        /// Not a URL.
        InvalidUrl = "INVALID_URL",
        /// The time between start and end of a query is too long.
        ExceedMaxQueryLimit = "EXCEED_MAX_QUERY_LIMIT",
        /// A list does not go on from there.
        InvalidPagingKey = "INVALID_PAGING_KEY",
        /// No such means of payment.
        NotFoundMethod = "NOT_FOUND_METHOD",
    }
}

impl ErrorCode {
    /// Whether a text can be a code at all. Anything else did not come from Toss.
    pub(crate) fn is_plausible(text: &str) -> bool {
        const MAX_LEN: usize = 100;
        let of_a_code = |b: u8| b.is_ascii_alphanumeric() || b == b'_' || b == b'-' || b == b'.';
        (1..=MAX_LEN).contains(&text.len()) && text.bytes().all(of_a_code)
    }
}
