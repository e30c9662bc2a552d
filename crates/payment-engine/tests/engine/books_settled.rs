//! What Toss pays out, with its fees.

use crate::world::World;
use payment_engine::toss_payments::settlement::Settlement;
use payment_engine::toss_payments::{Amount, Date};
use payment_engine::{NewOrder, store::SettlementRecord};
use toss_types::PaymentKey;

fn settled(order: &NewOrder, key: &PaymentKey, rest: &str) -> String {
    format!(r#"{{"paymentKey":"{}","orderId":"{}","currency":"KRW",{rest}}}"#, key.expose(), order.id)
}

fn list(entries: &[String]) -> Vec<Settlement> {
    Settlement::list_from_json(&format!("[{}]", entries.join(","))).unwrap()
}

fn amount(text: &str) -> Option<Amount> {
    Amount::parse(text)
}

impl World {
    async fn settlements(&self, order: &NewOrder) -> Vec<SettlementRecord> {
        self.engine.settlements_of(&order.id).await.unwrap()
    }
}

#[tokio::test]
async fn fees_are_kept_as_toss_says_them_and_none_is_made_up() {
    let world = World::start().await;
    let (order, key) = world.paid().await;
    let (other, other_key) = world.paid().await;
    let foreign = r#"{"paymentKey":"tk_foreign","transactionKey":"F1","orderId":"shop-2-0001","payOutAmount":9}"#.to_owned();
    let both = r#""amount":50000,"fees":[{"type":"BASE","fee":1000},{"type":"ETC","fee":10}],"vat":101,"payOutAmount":48889,"#;
    let charge = settled(&order, &key, &format!(r#""transactionKey":"T1",{both}"paidOutDate":"2026-08-05""#));
    let cancel = settled(&order, &key, r#""transactionKey":"T2","amount":-10000,"payOutAmount":-10000,"paidOutDate":"2026-08-05""#);
    let named = settled(&other, &other_key, r#""transactionKey":"T3","amount":50000,"fee":900,"payOutAmount":49100"#);
    let odd = settled(&other, &other_key, r#""amount":1"#);
    world.spoiler.settle(list(&[charge.clone(), foreign, cancel.clone(), odd, named]));
    assert_eq!(world.books().await.settlements, Some(3));
    let of_order = world.settlements(&order).await;
    let told: Vec<_> = of_order.iter().map(|kept| (kept.transaction_key.as_str(), kept.fee, kept.pay_out, kept.vat)).collect();
    assert_eq!(told, [("T1", amount("1010"), amount("48889"), amount("101")), ("T2", None, amount("-10000"), None)]);
    let of_other = world.settlements(&other).await;
    assert_eq!((of_other.len(), of_other[0].fee, of_other[0].paid_out_day.clone()), (1, amount("900"), None));

    // The next day Toss says when the rest is paid out; and all of it once more.
    let named =
        settled(&other, &other_key, r#""transactionKey":"T3","amount":50000,"fee":900,"payOutAmount":49100,"paidOutDate":"2026-08-06""#);
    world.spoiler.settle(list(&[charge, cancel, named]));
    world.books().await;
    assert_eq!((world.settlements(&order).await, world.settlements(&other).await.len()), (of_order, 1));
    let day = |day| Date::parse(day).unwrap();
    let days = world.engine.pay_outs(&day("2026-08-01"), &day("2026-08-31")).await.unwrap();
    let told: Vec<_> =
        days.iter().map(|day| (day.day.as_str(), day.settlements, day.incomplete, Some(day.fee), Some(day.pay_out))).collect();
    assert_eq!(told, [("2026-08-05", 2, 1, amount("1010"), amount("38889")), ("2026-08-06", 1, 0, amount("900"), amount("49100"))]);
    assert_eq!(world.engine.pay_outs(&day("2026-08-06"), &day("2026-08-06")).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_account_without_settlements_has_books_all_the_same() {
    let world = World::start().await;
    let (order, _) = world.paid().await;
    let refused = toss_sandbox::Fault::Status4xx { code: "FORBIDDEN_REQUEST".to_owned() };
    let scope = toss_sandbox::Scope::any(toss_sandbox::Endpoint::Settlements);
    world.sandbox.control().fault(refused, scope, toss_sandbox::Times::Once).unwrap();
    let report = world.books().await;
    assert_eq!((report.transactions, report.settlements), (1, None));
    assert_eq!(world.books().await.settlements, Some(0));
    assert!(world.settlements(&order).await.is_empty());
}
