//! The orders that are copied, played through a store: each from its beginning to its end.

use super::stamp::MARK;
use payment_engine::order::{
    Account, Approval, Attempt, Decline, DepositAccount, Doubt, Event, HOLD_MS, LAST_LOOK_MS, Outcome, Refund, RefundOutcome, Shown,
};
use payment_engine::store::{Inbound, Listed, Note, SettlementRecord, Store};
use payment_engine::toss_payments::{Amount, CancelRequestId, Currency, Money};
use payment_engine::{NewOrder, Owner};
use toss_types::{IdempotencyKey, OrderId, PaymentKey, Won};

/// When every story begins, in ms since 1970 UTC: no other number of a store is as large.
pub const BEGIN_MS: i64 = 4_000_000_000_000;
/// Longer than any story, in ms.
pub const LONGEST_MS: i64 = 1_000_000_000;
const LIFETIME_MS: i64 = 40 * 60_000;

pub const ORDER_ID_LENGTH: usize = 21;
pub const PAYMENT_KEY_LENGTH: usize = 24;

/// The ways on which the shop tells what happens.
pub const CHANNELS: [&str; 2] = ["mail", "webhook"];

/// What becomes of an order.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub enum Story {
    Paid,
    /// Paid, and Toss's webhook of it was looked into.
    PaidAndHeardOf,
    PaidByDeposit,
    Expired,
    DeclinedAndOver,
    Refunded,
    PartlyRefunded,
    Open,
    Declined,
    AwaitingDeposit,
    InDoubt,
}

impl Story {
    pub const ALL: [Story; 11] = [
        Story::Paid,
        Story::PaidAndHeardOf,
        Story::PaidByDeposit,
        Story::Expired,
        Story::DeclinedAndOver,
        Story::Refunded,
        Story::PartlyRefunded,
        Story::Open,
        Story::Declined,
        Story::AwaitingDeposit,
        Story::InDoubt,
    ];

    /// Its number in the names of its order.
    pub fn number(self) -> usize {
        self as usize
    }

    fn name(self, of: char, length: usize) -> String {
        format!("{MARK}{of}{:0digits$}", self.number(), digits = length - MARK.len() - 1)
    }

    fn id(self) -> OrderId {
        OrderId::parse(&self.name('o', ORDER_ID_LENGTH)).unwrap()
    }

    fn key(self) -> PaymentKey {
        PaymentKey::parse(&self.name('k', PAYMENT_KEY_LENGTH)).unwrap()
    }

    fn idempotency_key(self) -> IdempotencyKey {
        IdempotencyKey::parse(&self.name('i', 30)).unwrap()
    }

    fn events(self) -> Vec<(i64, Event)> {
        let started = (60_000, Event::ConfirmStarted(self.attempt()));
        let ended = |at_ms: i64, outcome: Outcome| {
            (at_ms, Event::ConfirmEnded { payment_key: self.key(), idempotency_key: Some(self.idempotency_key()), outcome })
        };
        let paid = || ended(61_500, Outcome::Paid(self.approval("카드")));
        let declined = || {
            ended(61_500, Outcome::Declined(Decline::new("REJECT_CARD_PAYMENT", "한도초과 혹은 잔액부족으로 결제에 실패했습니다.", 403)))
        };
        let ran_out = (LIFETIME_MS, Event::TimeRanOut);
        let refunded = |amount: u32| {
            let refund = self.refund(amount);
            let ended = Event::RefundEnded { id: refund.id.clone(), outcome: RefundOutcome::Done };
            [(90_000_000, Event::RefundStarted(refund)), (90_001_500, ended)]
        };
        let deposited_ms = 7_200_000;
        match self {
            Story::Paid | Story::PaidAndHeardOf => vec![started, paid()],
            Story::PaidByDeposit => {
                let stayed = || Event::DepositStayed { payment_key: self.key() };
                let issued = ended(61_500, Outcome::AwaitingDeposit(self.account()));
                let mut approval = self.approval("가상계좌");
                approval.account = Some(self.account());
                let came = (
                    deposited_ms,
                    Event::ConfirmEnded { payment_key: self.key(), idempotency_key: None, outcome: Outcome::Paid(approval) },
                );
                let stayed_ms = deposited_ms + HOLD_MS + 1_000;
                vec![started, issued, came, (stayed_ms, stayed()), (stayed_ms + LAST_LOOK_MS + 1_000, stayed())]
            }
            Story::Expired => vec![ran_out],
            Story::DeclinedAndOver => vec![started, declined(), ran_out],
            Story::Refunded => [started, paid()].into_iter().chain(refunded(59_000)).collect(),
            Story::PartlyRefunded => [started, paid()].into_iter().chain(refunded(19_000)).collect(),
            Story::Open => vec![],
            Story::Declined => vec![started, declined()],
            Story::AwaitingDeposit => vec![started, ended(61_500, Outcome::AwaitingDeposit(self.account()))],
            Story::InDoubt => {
                let outcome = Outcome::Unknown { cause: "no answer within 60 s".to_owned(), doubt: Doubt::new(Shown::Unheard) };
                vec![started, ended(121_000, outcome)]
            }
        }
    }

    fn attempt(self) -> Attempt {
        Attempt::new(self.key(), self.idempotency_key(), Won::of(59_000), BEGIN_MS + 60_000).account(Account::new("account-1"))
    }

    fn approval(self, method: &str) -> Approval {
        let mut approval = Approval::default();
        approval.method = Some(method.to_owned());
        approval.approved_at = Some("2026-11-27T13:05:07+09:00".to_owned());
        approval.receipt_url = Some(format!("https://receipt.example/receipt/redirection?transactionId={}&ref=PX", self.key().expose()));
        approval
    }

    fn account(self) -> DepositAccount {
        let mut account = DepositAccount::default();
        account.bank_code = Some("20".to_owned());
        account.account_number = Some("56211103218452".to_owned());
        account.holder = Some("김토스".to_owned());
        account.due_date = Some("2026-12-04T23:59:59+09:00".to_owned());
        account.due_at_ms = Some(BEGIN_MS + 7 * 24 * 60 * 60_000);
        account.secret = Some(self.name('x', 24));
        account
    }

    fn refund(self, amount: u32) -> Refund {
        let id = CancelRequestId::parse(&self.name('c', 28)).unwrap();
        let key = IdempotencyKey::parse(&self.name('j', 30)).unwrap();
        let money = |won| Money::from(Won::of(won));
        let mut refund = Refund::new(id, key, self.key(), money(amount), money(59_000), BEGIN_MS + 90_000_000);
        refund.reason = "고객 단순 변심".to_owned();
        refund
    }

    pub fn order(self) -> NewOrder {
        NewOrder {
            id: self.id(),
            owner: Owner::new(self.name('w', 43)),
            name: "토스 티셔츠 외 2건".to_owned(),
            total: Won::of(59_000).into(),
            details: format!(
                r#"{{"cart":{{"items":[{{"id":"tshirt","quantity":1}},{{"id":"mug","quantity":2}},{{"id":"cap","quantity":1}}],"coupon":"WELCOME"}},"customer":{{"name":"김토스","email":"{}@shop.example","phone":"01012345678"}},"lang":"ko"}}"#,
                self.name('m', 18)
            ),
            reserves: Vec::new(),
            placed_at_ms: BEGIN_MS,
            expires_at_ms: BEGIN_MS + LIFETIME_MS,
        }
    }

    fn is_paid(self) -> bool {
        match self {
            Story::Paid | Story::PaidAndHeardOf | Story::PaidByDeposit | Story::Refunded | Story::PartlyRefunded => true,
            Story::Expired | Story::DeclinedAndOver | Story::Open | Story::Declined | Story::AwaitingDeposit | Story::InDoubt => false,
        }
    }

    /// What Toss says of it, at the length that it has.
    pub fn toss_answer(self) -> String {
        let (key, transaction) = (self.name('k', PAYMENT_KEY_LENGTH), self.name('t', 32));
        format!(
            r#"{{"mId":"tosspayments","lastTransactionKey":"{transaction}","paymentKey":"{key}","orderId":"{}","orderName":"토스 티셔츠 외 2건","taxExemptionAmount":0,"status":"DONE","requestedAt":"2026-11-27T13:04:34+09:00","approvedAt":"2026-11-27T13:05:07+09:00","useEscrow":false,"cultureExpense":false,"card":{{"issuerCode":"71","acquirerCode":"71","number":"51379200****123*","installmentPlanMonths":0,"isInterestFree":false,"interestPayer":null,"approveNo":"00000000","useCardPoint":false,"cardType":"신용","ownerType":"개인","acquireStatus":"READY","amount":59000}},"virtualAccount":null,"transfer":null,"mobilePhone":null,"giftCertificate":null,"cashReceipt":null,"cashReceipts":null,"discount":null,"cancels":null,"secret":null,"type":"NORMAL","easyPay":null,"country":"KR","failure":null,"isPartialCancelable":true,"receipt":{{"url":"https://receipt.example/receipt/redirection?transactionId={key}&ref=PX"}},"checkout":{{"url":"https://checkout.example/v1/payments/{key}/checkout"}},"currency":"KRW","totalAmount":59000,"balanceAmount":59000,"suppliedAmount":53636,"vat":5364,"taxFreeAmount":0,"metadata":null,"method":"카드","version":"2022-11-16"}}"#,
            self.name('o', ORDER_ID_LENGTH)
        )
    }
}

/// Plays all of them.
pub async fn play(store: &dyn Store) {
    for story in Story::ALL {
        store.place(&story.order(), &Note::at(BEGIN_MS).channels(CHANNELS.into())).await.unwrap();
        for (after_ms, event) in story.events() {
            let mut note = Note::at(BEGIN_MS + after_ms).channels(CHANNELS.into());
            let is_told = matches!(&event, Event::ConfirmEnded { outcome: Outcome::Paid(_) | Outcome::AwaitingDeposit(_), .. });
            if is_told {
                note = note.toss_answer(story.toss_answer());
            }
            store.apply(&story.id(), &event, &note).await.unwrap();
        }
        if story == Story::PaidAndHeardOf || story == Story::PaidByDeposit {
            hear_of(store, story).await;
        }
        if story.is_paid() {
            list(store, story).await;
        }
    }
    for channel in CHANNELS {
        deliver(store, channel).await;
    }
}

async fn hear_of(store: &dyn Store, story: Story) {
    let (came_ms, done_ms) = (BEGIN_MS + 63_000, BEGIN_MS + 64_000);
    let inbound = Inbound::new(story.name('h', 36), story.id(), story.key(), "DONE", came_ms);
    assert!(store.keep_inbound(&inbound, 2_000).await.unwrap());
    assert_eq!(store.take_inbound(done_ms, done_ms + 90_000, 10).await.unwrap().len(), 1);
    store.inbound_done(&story.key(), came_ms, done_ms, 2_000, "nothing new").await.unwrap();
}

async fn list(store: &dyn Store, story: Story) {
    let mut listed = Listed::new(story.key(), story.name('t', 32), "DONE", false);
    (listed.order_id, listed.at_ms) = (Some(story.id()), Some(BEGIN_MS + 61_000));
    store.keep_listed(&listed).await.unwrap();
    let mut settlement = SettlementRecord::new(story.key(), story.name('t', 32), story.id(), Currency::Krw);
    settlement.amount = Amount::parse("59000");
    settlement.fee = Amount::parse("1947");
    settlement.vat = Amount::parse("177");
    settlement.pay_out = Amount::parse("57053");
    settlement.sold_day = Some("2026-11-27".to_owned());
    settlement.paid_out_day = Some("2026-12-01".to_owned());
    store.keep_settlements(&[settlement]).await.unwrap();
}

/// One after the other of each order.
async fn deliver(store: &dyn Store, channel: &str) {
    let now_ms = BEGIN_MS + LONGEST_MS / 2;
    loop {
        let messages = store.take_messages(channel, now_ms, now_ms + 30_000, 1_000).await.unwrap();
        if messages.is_empty() {
            return;
        }
        for message in messages {
            store.message_delivered(&message, message.at_ms + 1_200).await.unwrap();
        }
    }
}
