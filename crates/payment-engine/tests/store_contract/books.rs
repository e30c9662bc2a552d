//! The books: who works on them, how far they are, what was listed and found, what is paid out.

use crate::{at, attempt, ended, id, order, paid, placed, started, stores};
use payment_engine::gateway::{Fingerprint, Mode};
use payment_engine::order::{Account, Cancel, CancelStanding, Event};
use payment_engine::store::{
    Books, BooksLease, BooksTaken, Closing, Finding, FindingKind, FindingQuery, Kept, Listed, SettlementRecord, Span, Store,
};
use payment_engine::toss_payments::{Amount, Currency};
use toss_types::{PaymentKey, Won};

const NOW: i64 = 1_000_000;

async fn account(store: &dyn Store) -> Account {
    let account = Account::new("account-1");
    store.add_key(&Fingerprint::new("one"), &account, Mode::Test).await.unwrap();
    account
}

fn lease(holder: &str, now_ms: i64) -> BooksLease {
    BooksLease::new(holder, now_ms + BooksLease::LONGEST_MS)
}

fn taken(taken: BooksTaken) -> Books {
    match taken {
        BooksTaken::Taken(books) => books,
        BooksTaken::UnderWay | BooksTaken::NotDue => panic!("{taken:?}"),
    }
}

#[tokio::test]
async fn books_begin_with_the_oldest_order_or_now() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        let account = account(store).await;
        let books = taken(store.take_books(&account, &lease("a", NOW), NOW, None).await.unwrap());
        assert_eq!(books, Books::new(account, NOW));
    }
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        let account = account(store).await;
        for (number, placed_at_ms) in [(1, 70), (2, 50), (3, 60)] {
            let mut order = order(number);
            order.placed_at_ms = placed_at_ms;
            store.place(&order, &placed()).await.unwrap();
        }
        let books = taken(store.take_books(&account, &lease("a", NOW), NOW, None).await.unwrap());
        assert_eq!((books.begin_ms, books.agreed_ms, books.ran_at_ms), (50, 50, None));
    }
}

#[tokio::test]
async fn one_holds_them_at_a_time_and_how_far_they_are_is_kept() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        let account = account(store).await;
        let mut books = taken(store.take_books(&account, &lease("a", NOW), NOW, None).await.unwrap());
        assert_eq!(store.take_books(&account, &lease("b", NOW + 1), NOW + 1, None).await.unwrap(), BooksTaken::UnderWay);
        let mut span = Span::new(NOW - 10, NOW + 10);
        span.after = Some("T1".to_owned());
        (books.agreed_ms, books.span, books.settled_day) = (NOW + 5, Some(span), Some("2026-08-01".to_owned()));
        assert!(!store.keep_books(&books, &lease("b", NOW), false).await.unwrap(), "who does not hold them writes nothing");
        assert!(store.keep_books(&books, &lease("a", NOW + 100), false).await.unwrap());
        let fresh = fresh.reopen().await;
        let store = fresh.store.as_ref();
        let later = NOW + BooksLease::LONGEST_MS + 50;
        assert_eq!(
            store.take_books(&account, &lease("b", later), later, None).await.unwrap(),
            BooksTaken::UnderWay,
            "the lease was renewed"
        );
        let later = later + 100;
        assert_eq!(taken(store.take_books(&account, &lease("b", later), later, None).await.unwrap()), books, "and has run out");
        assert!(!store.keep_books(&books, &lease("a", later), false).await.unwrap(), "they are another's by now");

        (books.span, books.ran_at_ms) = (None, Some(later));
        assert!(store.keep_books(&books, &lease("b", later), true).await.unwrap());
        let again = later + 1_000;
        assert_eq!(store.take_books(&account, &lease("c", again), again, Some(later - 1)).await.unwrap(), BooksTaken::NotDue);
        assert_eq!(taken(store.take_books(&account, &lease("c", again), again, Some(later)).await.unwrap()), books);
        // The clock said next year when that lease was made, and says this one again.
        let year = again + 365 * 24 * 3_600_000;
        assert!(store.keep_books(&books, &lease("c", year), false).await.unwrap());
        taken(store.take_books(&account, &lease("d", again), again, None).await.unwrap());
    }
}

#[tokio::test]
async fn what_was_listed_is_remembered_once() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        let (one, other) = (attempt("a").payment_key, attempt("b").payment_key);
        let mut charge = Listed::new(one.clone(), "T1", "DONE", false);
        (charge.order_id, charge.at_ms) = (Some(id(1)), Some(7));
        let cancel = Listed::new(one.clone(), "T2", "CANCELED", true);
        for listed in [&charge, &cancel, &charge, &Listed::new(other, "T1", "DONE", false)] {
            store.keep_listed(listed).await.unwrap();
        }
        let mut known = store.listed(&one).await.unwrap();
        known.sort_by(|a, b| a.transaction_key.cmp(&b.transaction_key));
        assert_eq!(known, [charge, cancel]);
        assert!(store.listed(&attempt("c").payment_key).await.unwrap().is_empty());
    }
}

#[tokio::test]
async fn orders_with_money_come_by_the_time_of_their_last_event() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        for (number, key, at_ms) in [(1, "a", 30), (2, "b", 20), (3, "c", 20)] {
            store.place(&order(number), &placed()).await.unwrap();
            store.apply(&id(number), &started(key), &at(10)).await.unwrap();
            store.apply(&id(number), &ended(key, paid()), &at(at_ms)).await.unwrap();
        }
        store.place(&order(4), &placed()).await.unwrap();
        let with_money = async |since_ms, behind, limit| {
            let orders = store.with_money(since_ms, behind, limit).await.unwrap();
            orders.into_iter().map(|(at_ms, record)| (at_ms, record.order.id)).collect::<Vec<_>>()
        };
        assert_eq!(with_money(0, None, 9).await, [(20, id(2)), (20, id(3)), (30, id(1))]);
        assert_eq!(with_money(0, None, 1).await, [(20, id(2))]);
        let second = id(2);
        assert_eq!(with_money(20, Some(&second), 9).await, [(20, id(3)), (30, id(1))]);
        assert_eq!(with_money(21, None, 9).await, [(30, id(1))]);
        let cancels = vec![Cancel::new(Some("T".to_owned()), Won::of(1_000).into(), CancelStanding::Done)];
        store.apply(&id(2), &Event::CancelsSeen { payment_key: attempt("b").payment_key, cancels }, &at(40)).await.unwrap();
        assert_eq!(with_money(31, None, 9).await, [(40, id(2))], "a refund counts as an event");
    }
}

fn finding(name: &str, about: &str, at_ms: i64) -> Finding {
    let mut finding = Finding::new(name, FindingKind::Charge, about, "what", at_ms);
    (finding.order_id, finding.payment_key) = (Some(id(1)), Some(attempt("a").payment_key));
    finding.amount = Some(Won::of(50_000).into());
    finding
}

#[tokio::test]
async fn a_finding_is_kept_once_until_somebody_or_something_closes_it() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        let first = finding("one", "a", 10);
        assert_eq!(store.keep_finding(&first).await.unwrap(), Kept::New);
        let mut again = finding("two", "a", 20);
        again.what = "more".to_owned();
        assert_eq!(store.keep_finding(&again).await.unwrap(), Kept::Known);
        let mut expected = first.clone();
        (expected.what, expected.checked_at_ms) = (again.what.clone(), 20);
        assert_eq!(store.findings(&FindingQuery::open(9)).await.unwrap(), [expected.clone()]);
        assert_eq!(store.findings_to_check(20, 9).await.unwrap(), []);
        assert_eq!(store.findings_to_check(21, 9).await.unwrap(), [expected]);

        assert!(store.close_finding("one", 30, &Closing::Mended).await.unwrap());
        assert!(
            !store.close_finding("one", 31, &Closing::Mended).await.unwrap()
                && !store.close_finding("no", 31, &Closing::Mended).await.unwrap()
        );
        assert_eq!(store.findings(&FindingQuery::open(9)).await.unwrap(), []);
        assert_eq!(store.findings(&FindingQuery::all(9)).await.unwrap()[0].closed, Some((30, Closing::Mended)));
        assert_eq!(store.keep_finding(&again).await.unwrap(), Kept::New, "it is back");
        let by_hand = Closing::ByHand("seen".to_owned());
        assert!(store.close_finding("one", 40, &by_hand).await.unwrap());
        assert_eq!(store.keep_finding(&again).await.unwrap(), Kept::Known, "a person has judged it");
        assert_eq!(store.findings(&FindingQuery::all(9)).await.unwrap()[0].closed, Some((40, by_hand)));

        let mut mended = finding("three", "b", 50);
        (mended.order_id, mended.closed) = (Some(id(2)), Some((50, Closing::Mended)));
        assert_eq!(store.keep_finding(&mended).await.unwrap(), Kept::New);
        assert_eq!(store.keep_finding(&mended).await.unwrap(), Kept::Known);
        let all = store.findings(&FindingQuery::all(9)).await.unwrap();
        assert_eq!(all.iter().map(|finding| finding.id.as_str()).collect::<Vec<_>>(), ["three", "one"], "newest first");
        assert_eq!(store.findings(&FindingQuery::all(9).of(id(2))).await.unwrap(), [mended]);
        assert_eq!(store.findings(&FindingQuery::all(1)).await.unwrap().len(), 1);
    }
}

#[tokio::test]
async fn every_kind_of_finding_comes_back_as_it_was() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        for (number, kind) in FindingKind::ALL.into_iter().enumerate() {
            let at_ms = i64::try_from(number).unwrap();
            store.keep_finding(&Finding::new(number.to_string(), kind, "about", "what", at_ms)).await.unwrap();
            let kept = store.findings(&FindingQuery::open(1)).await.unwrap();
            assert_eq!((kept[0].kind, kept[0].amount.clone(), kept[0].payment_key.clone()), (kind, None, None));
        }
    }
}

#[tokio::test]
async fn settlements_are_kept_once_and_summed_up_exactly() {
    for fresh in stores().await {
        let store = fresh.store.as_ref();
        store.place(&order(1), &placed()).await.unwrap();
        let settlement = |key: &str, currency, fee: Option<&str>, pay_out: &str| {
            let payment_key = PaymentKey::parse("a").unwrap();
            let mut settlement = SettlementRecord::new(payment_key, key, id(1), currency);
            (settlement.fee, settlement.pay_out) = (fee.and_then(Amount::parse), Amount::parse(pay_out));
            settlement.paid_out_day = Some("2026-08-05".to_owned());
            settlement
        };
        let mut late = settlement("T1", Currency::Krw, Some("1000"), "49000");
        late.paid_out_day = None;
        store.keep_settlements(&[late]).await.unwrap();
        assert!(store.pay_outs("2026-01-01", "2026-12-31").await.unwrap().is_empty());
        let all = [
            settlement("T1", Currency::Krw, Some("1000"), "49000"),
            settlement("T2", Currency::Krw, None, "-9000"),
            settlement("T3", Currency::Usd, Some("0.1"), "0.7"),
            settlement("T4", Currency::Usd, Some("0.2"), "0.1"),
        ];
        for _ in 0..2 {
            store.keep_settlements(&all).await.unwrap();
        }
        assert_eq!(store.settlements_of(&id(1)).await.unwrap(), all);
        assert!(store.settlements_of(&id(2)).await.unwrap().is_empty());
        let days = store.pay_outs("2026-08-05", "2026-08-05").await.unwrap();
        let told: Vec<_> = days.iter().map(|day| (day.settlements, day.incomplete, day.fee.to_string(), day.pay_out.to_string())).collect();
        assert_eq!(told, [(2, 1, "1000".to_owned(), "40000".to_owned()), (2, 0, "0.3".to_owned(), "0.8".to_owned())]);
        assert!(store.pay_outs("2026-08-06", "2026-08-31").await.unwrap().is_empty());
    }
}
