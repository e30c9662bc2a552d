use super::*;
use crate::order::CancelStanding;
use toss_payments::UnknownOutcome;
use toss_types::{IdempotencyKey, PaymentKey, Won};

const ID: &str = "V1StGXR8_Z5jdHi6B-myT";

fn order_id() -> OrderId {
    OrderId::parse(ID).unwrap()
}

fn attempt() -> Attempt {
    Attempt {
        payment_key: PaymentKey::parse("tk_1").unwrap(),
        idempotency_key: IdempotencyKey::parse("k").unwrap(),
        amount: Won::of(50_000).into(),
        claimed_at_ms: 0,
        account: None,
        renewals: 0,
    }
}

fn response(status: &str, key: &str, order_id: &str, amount: i64, currency: &str) -> Response<Payment> {
    let raw = format!(
        r#"{{"paymentKey":"{key}","orderId":"{order_id}","status":"{status}","totalAmount":{amount},"currency":"{currency}","balanceAmount":0,
        "method":"가상계좌","virtualAccount":{{"accountNumber":"X123","bankCode":"20","dueDate":"2026-12-01T00:00:00"}},
        "failure":{{"code":"EXPIRED_PAYMENT","message":"만료"}},"receipt":{{"url":"javascript:alert(1)"}}}}"#
    );
    Response::new(Payment::from_json(&raw).unwrap(), raw)
}

fn ours(status: &str) -> Response<Payment> {
    response(status, "tk_1", ID, 50_000, "KRW")
}

fn found(response: Response<Payment>) -> Found {
    of_look_up(&order_id(), &attempt(), Ok(response)).unwrap()
}

fn rejected(status: u16, code: ErrorCode, class: Class) -> Error {
    let mut rejected = Rejected::new(status, code, class);
    rejected.raw = "{}".to_owned();
    rejected.into()
}

fn refusal(status: u16, code: ErrorCode, class: Class) -> Judged {
    of_confirm(&order_id(), &attempt(), Err(rejected(status, code, class)))
}

fn decided(found: Found) -> Option<Outcome> {
    match found {
        Found::Decided { outcome, .. } => Some(*outcome),
        Found::Differs(_) | Found::NotYetConfirmed | Found::NoSuchPayment | Found::NotThisOrders => None,
    }
}

#[test]
fn each_status_means_one_thing() {
    let outcome = |status: &str| decided(found(ours(status)));
    assert!(
        matches!(outcome("DONE"), Some(Outcome::Paid(approval)) if approval.receipt_url.is_none()),
        "a link that is no link is left out"
    );
    assert!(
        matches!(outcome("WAITING_FOR_DEPOSIT"), Some(Outcome::AwaitingDeposit(account)) if account.account_number.as_deref() == Some("X123"))
    );
    assert_eq!(outcome("CANCELED"), Some(Outcome::Canceled), "never approved: an account that was taken back");
    for status in ["ABORTED", "EXPIRED"] {
        assert!(matches!(outcome(status), Some(Outcome::Declined(decline)) if decline.code == "EXPIRED_PAYMENT"), "{status}");
    }
    assert!(matches!(found(ours("A_NEW_WORD")), Found::Differs(_)));
    let judged = of_confirm(&order_id(), &attempt(), Ok(ours("A_NEW_WORD")));
    assert!(matches!(judged.outcome, Outcome::Unknown { .. }) && judged.refusal.is_none());
    for status in ["READY", "IN_PROGRESS"] {
        assert_eq!(found(ours(status)), Found::NotYetConfirmed, "{status}");
        assert!(matches!(of_confirm(&order_id(), &attempt(), Ok(ours(status))).outcome, Outcome::Unknown { .. }), "{status}");
    }
}

/// Whoever learns of a charge late learns of what was given back of it since, in whatever form Toss shows it.
#[test]
fn what_was_given_back_before_anybody_looked_comes_with_the_charge() {
    let cancels = |status: &str, balance: i64, cancels: &str| {
        let raw = format!(
            r#"{{"paymentKey":"tk_1","orderId":"{ID}","status":"{status}","totalAmount":50000,"currency":"KRW","balanceAmount":{balance},
            "approvedAt":"2026-08-01T12:00:00+09:00","cancels":{cancels}}}"#
        );
        let Some(Outcome::Paid(approval)) = decided(found(Response::new(Payment::from_json(&raw).unwrap(), raw))) else {
            panic!("{status}")
        };
        approval.cancels
    };
    let two = r#"[{"cancelAmount":20000,"refundableAmount":20000,"transactionKey":"B"},{"cancelAmount":10000,"refundableAmount":40000,"transactionKey":"A"}]"#;
    let shown = cancels("PARTIAL_CANCELED", 20_000, two);
    let keys: Vec<_> = shown.iter().map(|cancel| cancel.transaction_key.clone().unwrap()).collect();
    assert_eq!(keys, ["A", "B"], "in the order in which they were made");
    for (status, balance, gone) in [("CANCELED", 0, 50_000), ("PARTIAL_CANCELED", 30_000, 20_000)] {
        let shown = cancels(status, balance, "null");
        assert_eq!(shown.iter().map(|cancel| cancel.amount.as_won().unwrap().get()).collect::<Vec<_>>(), [gone], "{status}");
    }
    let standing = |word: &str| cancels("DONE", 50_000, &format!(r#"[{{"cancelAmount":1,"cancelStatus":{word}}}]"#))[0].status;
    for (word, expected) in [
        ("null", CancelStanding::Done),
        (r#""DONE""#, CancelStanding::Done),
        (r#""IN_PROGRESS""#, CancelStanding::InProgress),
        (r#""ABORTED""#, CancelStanding::Aborted),
        (r#""A_NEW_WORD""#, CancelStanding::InProgress),
    ] {
        assert_eq!(standing(word), expected, "{word}");
    }
}

#[test]
fn a_payment_that_differs_is_never_an_outcome() {
    let others = [
        response("DONE", "tk_2", ID, 50_000, "KRW"),
        response("DONE", "tk_1", "V1StGXR8_Z5jdHi6B-myX", 50_000, "KRW"),
        response("DONE", "tk_1", ID, 50_001, "KRW"),
        response("DONE", "tk_1", ID, 50_000, "USD"),
    ];
    for other in others {
        let raw = other.raw.clone();
        let judged = of_confirm(&order_id(), &attempt(), Ok(other));
        assert!(matches!(judged.outcome, Outcome::Unknown { .. }), "{raw}");
    }
}

#[test]
fn a_charge_of_another_amount_for_this_order_is_for_a_person_to_see() {
    assert!(matches!(found(response("DONE", "tk_1", ID, 100, "KRW")), Found::Differs(_)));
    assert_eq!(found(response("IN_PROGRESS", "tk_1", ID, 100, "KRW")), Found::NotThisOrders);
    assert_eq!(found(response("DONE", "tk_1", "V1StGXR8_Z5jdHi6B-myX", 50_000, "KRW")), Found::NotThisOrders);
    assert_eq!(found(ours("IN_PROGRESS")), Found::NotYetConfirmed);
}

#[test]
fn only_a_refusal_of_this_payment_is_a_decline_by_itself() {
    let declined = refusal(403, ErrorCode::RejectCardPayment, Class::Declined);
    assert!(matches!(declined.outcome, Outcome::Declined(_)) && declined.refusal.is_none());
    for (judged, about, is_repeated) in [
        (refusal(404, ErrorCode::NotFoundPayment, Class::Validation), Some(About::NoPayment), true),
        (refusal(404, ErrorCode::NotFoundPaymentSession, Class::Expired), Some(About::ExpiredSession), false),
        (refusal(400, ErrorCode::AlreadyProcessedPayment, Class::State), Some(About::Processed), false),
        (refusal(400, ErrorCode::ProviderError, Class::Unknown), Some(About::Passing), true),
        (refusal(400, ErrorCode::InvalidApiKey, Class::Key), Some(About::Key), true),
        (refusal(404, ErrorCode::NotFoundMerchant, Class::Key), Some(About::Key), true),
        (refusal(400, ErrorCode::InvalidRequest, Class::Validation), Some(About::Request), true),
        // The call may be under way: another key now could be a second one, and many of them would be called a decline.
        (refusal(403, ErrorCode::ForbiddenConsecutiveRequest, Class::Unknown), None, false),
        (refusal(400, ErrorCode::DuplicatedRequest, Class::Unknown), None, false),
        (refusal(404, ErrorCode::from("GONE"), Class::Unknown), None, false),
        (refusal(404, ErrorCode::NotFoundHttpMethod, Class::Validation), Some(About::Request), true),
    ] {
        assert_eq!(judged.refusal.as_ref().map(|refusal| refusal.about), about);
        let Outcome::Unknown { doubt, .. } = &judged.outcome else { panic!("{judged:?}") };
        assert_eq!(doubt.refused.is_some(), is_repeated, "{judged:?}");
    }
}

/// A confirm may have charged. Neither a word about keys or requests nor one about a missing payment alone undoes that.
#[test]
fn a_refusal_counts_only_beside_a_look_up_that_agrees() {
    let refused = |about| Judged {
        refusal: Some(Refused { decline: Decline { code: "C".to_owned(), message: String::new(), status: 400 }, about }),
        ..plain(unknown(String::new(), Shown::Unheard, None))
    };
    let known = |shown| Doubt { shown, refused: None };
    let paid = || Found::Decided { outcome: Box::new(Outcome::Paid(Approval::default())), toss_answer: String::new() };
    let columns = [About::NoPayment, About::ExpiredSession, About::Processed, About::Passing, About::Key, About::Request];
    let (soon, late) = (0, LONG_OVER_MS);
    for (found, shown, age_ms, declined) in [
        (Found::NotThisOrders, Shown::Unheard, soon, [true, true, true, false, true, true]),
        (Found::NoSuchPayment, Shown::Unheard, soon, [true, true, false, false, false, false]),
        (Found::NoSuchPayment, Shown::Missing, late, [true, true, false, false, false, true]),
        (Found::NoSuchPayment, Shown::Yes, late, [false; 6]),
        (Found::NotYetConfirmed, Shown::Yes, late, [false, true, false, false, false, false]),
        (Found::Differs(String::new()), Shown::Unheard, late, [false; 6]),
        (paid(), Shown::Unheard, late, [false; 6]),
    ] {
        for (about, declined) in columns.into_iter().zip(declined) {
            let outcome = refused(about).beside(&found, &known(shown), age_ms).outcome;
            assert_eq!(matches!(outcome, Outcome::Declined(_)), declined, "{found:?} {shown:?} {age_ms} {about:?}");
        }
    }
}

#[test]
fn what_toss_shows_is_not_among_the_invented() {
    let lost = |shown| plain(unknown(String::new(), shown, None));
    let shown = |judged: Judged| match judged.outcome {
        Outcome::Unknown { doubt, .. } => doubt.shown,
        decided @ (Outcome::Paid(_) | Outcome::AwaitingDeposit(_) | Outcome::Declined(_) | Outcome::Canceled) => panic!("{decided:?}"),
    };
    let known = Doubt::default();
    assert_eq!(shown(lost(Shown::Missing).beside(&Found::NotYetConfirmed, &known, 0)), Shown::Yes);
    assert_eq!(shown(lost(Shown::Unheard).beside(&Found::NoSuchPayment, &known, 0)), Shown::Unheard, "Toss may hide it");
    assert_eq!(shown(lost(Shown::Missing).beside(&Found::NoSuchPayment, &known, 0)), Shown::Missing);
}

#[test]
fn a_look_up_that_knows_no_payment_is_told_from_one_that_says_nothing() {
    let look_up = |error| of_look_up(&order_id(), &attempt(), Err(error));
    for (status, code, class) in [
        (404, ErrorCode::NotFoundPayment, Class::State),
        (404, ErrorCode::from("NO_SUCH_THING"), Class::Unknown),
        (400, ErrorCode::InvalidPaymentKey, Class::Validation),
        (405, ErrorCode::NotFoundHttpMethod, Class::Validation),
    ] {
        assert_eq!(look_up(rejected(status, code.clone(), class)), Ok(Found::NoSuchPayment), "{code}");
    }
    for (status, code, class) in [(401, ErrorCode::UnauthorizedKey, Class::Key), (400, ErrorCode::InvalidRequest, Class::Validation)] {
        assert!(look_up(rejected(status, code, class)).is_err(), "it says nothing about the payment");
    }
    // What stands before Toss may answer 404 as well; that is no word of Toss's.
    let mut proxy = UnknownOutcome::new(UnknownCause::Unreadable);
    proxy.status = Some(404);
    assert!(look_up(proxy.into()).is_err());
}

#[test]
fn a_call_that_never_left_is_told_from_one_that_may_have() {
    for (cause, expected) in [(UnknownCause::NotSent, true), (UnknownCause::Reset, false), (UnknownCause::TimedOut, false)] {
        let retry_after = Some(Duration::from_secs(7));
        let mut lost = UnknownOutcome::new(cause);
        lost.retry_after = retry_after;
        let judged = of_confirm(&order_id(), &attempt(), Err(lost.into()));
        assert!(matches!(judged.outcome, Outcome::Unknown { .. }));
        assert_eq!((judged.not_sent, judged.retry_after), (expected, retry_after));
    }
}
