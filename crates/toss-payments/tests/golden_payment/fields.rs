//! Every field that a payment may lack: where it stands in JSON, and what the payment looks like without it.

use toss_payments::Payment;

pub type Clear = fn(&mut Payment);

/// Fields of the payment itself.
macro_rules! fields {
    ($($pointer:literal => $field:ident = $empty:expr;)+) => {
        &[$(($pointer, |p: &mut Payment| p.$field = $empty),)+]
    };
}

const TOP: &[(&str, Clear)] = fields! {
    "/balanceAmount" => balance_amount = None;
    "/version" => version = None;
    "/type" => payment_type = None;
    "/orderName" => order_name = None;
    "/mId" => m_id = None;
    "/method" => method = None;
    "/requestedAt" => requested_at = None;
    "/approvedAt" => approved_at = None;
    "/useEscrow" => use_escrow = None;
    "/lastTransactionKey" => last_transaction_key = None;
    "/transactionKey" => transaction_key = None;
    "/suppliedAmount" => supplied_amount = None;
    "/vat" => vat = None;
    "/taxFreeAmount" => tax_free_amount = None;
    "/taxExemptionAmount" => tax_exemption_amount = None;
    "/cultureExpense" => culture_expense = None;
    "/isPartialCancelable" => is_partial_cancelable = None;
    "/secret" => secret = None;
    "/country" => country = None;
    "/easyPayAmount" => easy_pay_amount = None;
    "/easyPayDiscountAmount" => easy_pay_discount_amount = None;
    "/metadata" => metadata = None;
    "/card" => card = None;
    "/virtualAccount" => virtual_account = None;
    "/transfer" => transfer = None;
    "/mobilePhone" => mobile_phone = None;
    "/giftCertificate" => gift_certificate = None;
    "/easyPay" => easy_pay = None;
    "/cashReceipt" => cash_receipt = None;
    "/cashReceipts" => cash_receipts = Vec::new();
    "/foreignEasyPay" => foreign_easy_pay = None;
    "/useDiscount" => use_discount = None;
    "/useCashReceipt" => use_cash_receipt = None;
    "/discountAmount" => legacy_discount_amount = None;
    "/discount" => discount_amount = None;
    "/discount/amount" => discount_amount = None;
    "/cancels" => cancels = Vec::new();
    "/receipt" => receipt_url = None;
    "/receipt/url" => receipt_url = None;
    "/checkout" => checkout_url = None;
    "/checkout/url" => checkout_url = None;
    "/failure" => failure = None;
};

/// The same inside an object or list that is there.
macro_rules! inner_fields {
    ($($pointer:literal => $owner:expr, $field:ident;)+) => {
        &[$(($pointer, |p: &mut Payment| {
            let owner: fn(&mut Payment) -> Option<&mut _> = $owner;
            owner(p).unwrap().$field = None;
        }),)+]
    };
}

const INNER: &[(&str, Clear)] = inner_fields! {
    "/card/amount" => |p| p.card.as_mut(), amount;
    "/card/company" => |p| p.card.as_mut(), company;
    "/card/provider" => |p| p.card.as_mut(), provider;
    "/card/receiptUrl" => |p| p.card.as_mut(), receipt_url;
    "/card/issuerCode" => |p| p.card.as_mut(), issuer_code;
    "/card/acquirerCode" => |p| p.card.as_mut(), acquirer_code;
    "/card/number" => |p| p.card.as_mut(), number;
    "/card/installmentPlanMonths" => |p| p.card.as_mut(), installment_plan_months;
    "/card/approveNo" => |p| p.card.as_mut(), approve_no;
    "/card/useCardPoint" => |p| p.card.as_mut(), use_card_point;
    "/card/cardType" => |p| p.card.as_mut(), card_type;
    "/card/ownerType" => |p| p.card.as_mut(), owner_type;
    "/card/acquireStatus" => |p| p.card.as_mut(), acquire_status;
    "/card/isInterestFree" => |p| p.card.as_mut(), is_interest_free;
    "/card/interestPayer" => |p| p.card.as_mut(), interest_payer;
    "/virtualAccount/accountType" => |p| p.virtual_account.as_mut(), account_type;
    "/virtualAccount/accountNumber" => |p| p.virtual_account.as_mut(), account_number;
    "/virtualAccount/bankCode" => |p| p.virtual_account.as_mut(), bank_code;
    "/virtualAccount/bank" => |p| p.virtual_account.as_mut(), bank;
    "/virtualAccount/refundReceiveAccount/bank" => |p| p.virtual_account.as_mut()?.refund_receive_account.as_mut(), bank;
    "/virtualAccount/customerName" => |p| p.virtual_account.as_mut(), customer_name;
    "/virtualAccount/depositorName" => |p| p.virtual_account.as_mut(), depositor_name;
    "/virtualAccount/dueDate" => |p| p.virtual_account.as_mut(), due_date;
    "/virtualAccount/refundStatus" => |p| p.virtual_account.as_mut(), refund_status;
    "/virtualAccount/expired" => |p| p.virtual_account.as_mut(), expired;
    "/virtualAccount/settlementStatus" => |p| p.virtual_account.as_mut(), settlement_status;
    "/virtualAccount/refundReceiveAccount" => |p| p.virtual_account.as_mut(), refund_receive_account;
    "/virtualAccount/refundReceiveAccount/bankCode" =>
        |p| p.virtual_account.as_mut()?.refund_receive_account.as_mut(), bank_code;
    "/virtualAccount/refundReceiveAccount/accountNumber" =>
        |p| p.virtual_account.as_mut()?.refund_receive_account.as_mut(), account_number;
    "/virtualAccount/refundReceiveAccount/holderName" =>
        |p| p.virtual_account.as_mut()?.refund_receive_account.as_mut(), holder_name;
    "/foreignEasyPay/provider" => |p| p.foreign_easy_pay.as_mut(), provider;
    "/transfer/bank" => |p| p.transfer.as_mut(), bank;
    "/transfer/bankCode" => |p| p.transfer.as_mut(), bank_code;
    "/transfer/settlementStatus" => |p| p.transfer.as_mut(), settlement_status;
    "/mobilePhone/customerMobilePhone" => |p| p.mobile_phone.as_mut(), customer_mobile_phone;
    "/mobilePhone/settlementStatus" => |p| p.mobile_phone.as_mut(), settlement_status;
    "/mobilePhone/receiptUrl" => |p| p.mobile_phone.as_mut(), receipt_url;
    "/giftCertificate/approveNo" => |p| p.gift_certificate.as_mut(), approve_no;
    "/giftCertificate/settlementStatus" => |p| p.gift_certificate.as_mut(), settlement_status;
    "/easyPay/provider" => |p| p.easy_pay.as_mut(), provider;
    "/easyPay/amount" => |p| p.easy_pay.as_mut(), amount;
    "/easyPay/discountAmount" => |p| p.easy_pay.as_mut(), discount_amount;
    "/cashReceipt/type" => |p| p.cash_receipt.as_mut(), receipt_type;
    "/cashReceipt/receiptKey" => |p| p.cash_receipt.as_mut(), receipt_key;
    "/cashReceipt/issueNumber" => |p| p.cash_receipt.as_mut(), issue_number;
    "/cashReceipt/receiptUrl" => |p| p.cash_receipt.as_mut(), receipt_url;
    "/cashReceipt/amount" => |p| p.cash_receipt.as_mut(), amount;
    "/cashReceipt/taxFreeAmount" => |p| p.cash_receipt.as_mut(), tax_free_amount;
    "/cashReceipts/0/receiptKey" => |p| p.cash_receipts.first_mut(), receipt_key;
    "/cashReceipts/0/orderId" => |p| p.cash_receipts.first_mut(), order_id;
    "/cashReceipts/0/orderName" => |p| p.cash_receipts.first_mut(), order_name;
    "/cashReceipts/0/type" => |p| p.cash_receipts.first_mut(), receipt_type;
    "/cashReceipts/0/issueNumber" => |p| p.cash_receipts.first_mut(), issue_number;
    "/cashReceipts/0/receiptUrl" => |p| p.cash_receipts.first_mut(), receipt_url;
    "/cashReceipts/0/businessNumber" => |p| p.cash_receipts.first_mut(), business_number;
    "/cashReceipts/0/transactionType" => |p| p.cash_receipts.first_mut(), transaction_type;
    "/cashReceipts/0/amount" => |p| p.cash_receipts.first_mut(), amount;
    "/cashReceipts/0/taxFreeAmount" => |p| p.cash_receipts.first_mut(), tax_free_amount;
    "/cashReceipts/0/issueStatus" => |p| p.cash_receipts.first_mut(), issue_status;
    "/cashReceipts/0/failure" => |p| p.cash_receipts.first_mut(), failure;
    "/cashReceipts/0/failure/code" => |p| p.cash_receipts.first_mut()?.failure.as_mut(), code;
    "/cashReceipts/0/failure/message" => |p| p.cash_receipts.first_mut()?.failure.as_mut(), message;
    "/cashReceipts/0/customerIdentityNumber" => |p| p.cash_receipts.first_mut(), customer_identity_number;
    "/cashReceipts/0/requestedAt" => |p| p.cash_receipts.first_mut(), requested_at;
    "/cancels/0/cancelAmount" => |p| p.cancels.first_mut(), cancel_amount;
    "/cancels/0/cancelReason" => |p| p.cancels.first_mut(), cancel_reason;
    "/cancels/0/taxFreeAmount" => |p| p.cancels.first_mut(), tax_free_amount;
    "/cancels/0/taxAmount" => |p| p.cancels.first_mut(), tax_amount;
    "/cancels/0/taxExemptionAmount" => |p| p.cancels.first_mut(), tax_exemption_amount;
    "/cancels/0/refundableAmount" => |p| p.cancels.first_mut(), refundable_amount;
    "/cancels/0/cardDiscountAmount" => |p| p.cancels.first_mut(), card_discount_amount;
    "/cancels/0/transferDiscountAmount" => |p| p.cancels.first_mut(), transfer_discount_amount;
    "/cancels/0/easyPayDiscountAmount" => |p| p.cancels.first_mut(), easy_pay_discount_amount;
    "/cancels/0/canceledAt" => |p| p.cancels.first_mut(), canceled_at;
    "/cancels/0/transactionKey" => |p| p.cancels.first_mut(), transaction_key;
    "/cancels/0/receiptKey" => |p| p.cancels.first_mut(), receipt_key;
    "/cancels/0/cancelStatus" => |p| p.cancels.first_mut(), cancel_status;
    "/cancels/0/cancelRequestId" => |p| p.cancels.first_mut(), cancel_request_id;
    "/failure/code" => |p| p.failure.as_mut(), code;
    "/failure/message" => |p| p.failure.as_mut(), message;
};

pub fn table() -> impl Iterator<Item = &'static (&'static str, Clear)> {
    TOP.iter().chain(INNER)
}
