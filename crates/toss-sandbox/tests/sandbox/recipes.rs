//! The recipes of COOKBOOK.md, word for word, run with a shop. A test holds the page against this file.

use serde_json::json;
use toss_sandbox::{Clock, Config, NewPayment, Sandbox};

use crate::{
    http::send,
    receiver::Receiver,
    support::{START, basic},
};

const PAGE: &str = include_str!("../../COOKBOOK.md");
const THIS: &str = include_str!("recipes.rs");

async fn sandbox() -> Sandbox {
    Sandbox::start(Config { clock: Clock::stopped_at(START), ..Config::default() }).await.unwrap()
}

/// A shop's confirm: asks again with the same key where no answer comes. `amount` as JSON has it.
async fn confirm_at(url: &str, order_id: &str, payment_key: &str, amount: &str) -> bool {
    let body = format!(r#"{{"orderId":"{order_id}","paymentKey":"{payment_key}","amount":{amount}}}"#);
    let authorization = basic(&format!("{}:", toss_sandbox::SECRET_KEY));
    let headers = [("authorization", authorization.as_str()), ("idempotency-key", payment_key)];
    for _ in 0..3 {
        if let Ok(answer) = send("POST", &format!("{url}/v1/payments/confirm"), Some(&body), &headers).await {
            let payment: serde_json::Value = serde_json::from_str(&answer.body).unwrap();
            return payment["status"] == json!("DONE");
        }
    }
    false
}

/// Without white space and commas: the lines of this file are broken where its margins are.
fn bare(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace() && *c != ',').collect()
}

#[test]
fn every_recipe_of_the_page_is_run_here() {
    let recipes: Vec<_> = PAGE.split("```rust\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(recipes.len() > 7, "{}", recipes.len());
    for recipe in recipes {
        assert!(bare(THIS).contains(&bare(recipe)), "not in tests/sandbox/recipes.rs:\n{recipe}");
    }
}

mod a_confirm_charges_once {
    use toss_sandbox::{NewPayment, Sandbox};

    async fn a_confirm_charges_once(
        sandbox: &Sandbox,
        confirm: impl AsyncFn(&str, &str, i64) -> bool,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let control = sandbox.control();
        let payment = control.authenticate(NewPayment::new("order-0001", "토스 티셔츠 외 2건", 45_000))?;
        // What the success URL says: orderId, paymentKey, amount. A refresh of the page says it again.
        for _ in 0..2 {
            assert!(confirm(&payment.order_id, &payment.payment_key, payment.amount.get()).await);
        }
        let charged: Vec<_> = control.charges("order-0001").iter().map(|charge| charge.amount.get()).collect();
        assert_eq!(charged, [45_000]);
        Ok(())
    }

    #[tokio::test]
    async fn runs() {
        let sandbox = super::sandbox().await;
        let url = sandbox.url();

        a_confirm_charges_once(&sandbox, async |order: &str, key: &str, amount: i64| {
            super::confirm_at(&url, order, key, &amount.to_string()).await
        })
        .await
        .unwrap();
    }
}

mod a_decline_charges_nothing {
    use toss_sandbox::{NewPayment, Sandbox};

    async fn a_decline_charges_nothing(
        sandbox: &Sandbox,
        confirm: impl AsyncFn(&str, &str, i64) -> bool,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let control = sandbox.control();
        let new = NewPayment { decline_at_confirm: Some("REJECT_CARD_PAYMENT".to_owned()), ..NewPayment::new("order-0002", "책", 45_000) };
        let payment = control.authenticate(new)?;
        assert!(!confirm(&payment.order_id, &payment.payment_key, payment.amount.get()).await);
        assert!(control.charges("order-0002").is_empty());
        Ok(())
    }

    #[tokio::test]
    async fn runs() {
        let sandbox = super::sandbox().await;
        let url = sandbox.url();

        a_decline_charges_nothing(&sandbox, async |order: &str, key: &str, amount: i64| {
            super::confirm_at(&url, order, key, &amount.to_string()).await
        })
        .await
        .unwrap();
    }
}

mod a_lost_answer_is_no_decline {
    use toss_sandbox::{NewPayment, Sandbox, Scenario};

    async fn a_lost_answer_is_no_decline(
        sandbox: &Sandbox,
        confirm: impl AsyncFn(&str, &str, i64) -> bool,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let control = sandbox.control();
        let payment = control.authenticate(NewPayment::new("order-0003", "책", 45_000))?;
        control.play(Scenario::LostResponse, Some("order-0003"), None)?;
        assert!(confirm(&payment.order_id, &payment.payment_key, payment.amount.get()).await);
        assert_eq!(control.charges("order-0003").len(), 1);
        // That it did strike: a call without an answer, and one more with the same key.
        let calls: Vec<_> = control.requests().into_iter().filter(|it| it.order_id.as_deref() == Some("order-0003")).collect();
        assert!(calls.len() >= 2 && calls[0].status.is_none() && calls[0].idempotency_key == calls[1].idempotency_key);
        Ok(())
    }

    #[tokio::test]
    async fn runs() {
        let sandbox = super::sandbox().await;
        let url = sandbox.url();

        a_lost_answer_is_no_decline(&sandbox, async |order: &str, key: &str, amount: i64| {
            super::confirm_at(&url, order, key, &amount.to_string()).await
        })
        .await
        .unwrap();
    }
}

mod a_deposit_pays {
    use toss_sandbox::{Method, NewPayment, Sandbox, Status};

    async fn a_deposit_pays(sandbox: &Sandbox, confirm: impl AsyncFn(&str, &str, i64) -> bool) -> Result<(), Box<dyn std::error::Error>> {
        let control = sandbox.control();
        let new = NewPayment { method: Method::VirtualAccount, ..NewPayment::new("order-0004", "책", 45_000) };
        let payment = control.authenticate(new)?;
        assert!(!confirm(&payment.order_id, &payment.payment_key, payment.amount.get()).await, "an account is no money");
        let status = || control.payment(&payment.payment_key).map(|it| it.status);
        assert_eq!(status(), Some(Status::WaitingForDeposit));
        control.deposit(&payment.payment_key)?;
        assert_eq!((status(), control.charges("order-0004").len()), (Some(Status::Done), 1));
        control.reverse_deposit(&payment.payment_key)?;
        assert_eq!(status(), Some(Status::WaitingForDeposit));
        Ok(())
    }

    #[tokio::test]
    async fn runs() {
        let sandbox = super::sandbox().await;
        let url = sandbox.url();

        a_deposit_pays(&sandbox, async |order: &str, key: &str, amount: i64| {
            super::confirm_at(&url, order, key, &amount.to_string()).await
        })
        .await
        .unwrap();
    }
}

mod a_webhook_comes_twice {
    use std::time::Duration;

    use toss_sandbox::{DeliveryState, NewPayment, Registration, Sandbox, WebhookFault, WebhookRule};

    async fn a_webhook_comes_twice(
        sandbox: &Sandbox,
        url: &str,
        confirm: impl AsyncFn(&str, &str, i64) -> bool,
    ) -> Result<(), Box<dyn std::error::Error>> {
        let control = sandbox.control();
        control.register_webhook(&Registration::new(url))?; // or `Config { webhooks: vec![Registration::new(url)], .. }`
        control.webhook_fault(WebhookRule::next(WebhookFault::Duplicate).for_order("order-0005"))?;
        let payment = control.authenticate(NewPayment::new("order-0005", "책", 45_000))?;
        assert!(confirm(&payment.order_id, &payment.payment_key, payment.amount.get()).await);
        let both = |view: &mut toss_sandbox::View<'_>| view.webhooks().filter(|it| it.state == DeliveryState::Delivered).count() == 2;
        control.wait_for(both, Duration::from_secs(5)).await?;
        Ok(())
    }

    #[tokio::test]
    async fn runs() {
        let sandbox = super::sandbox().await;
        let url = sandbox.url();
        let receiver = super::Receiver::open().await;
        a_webhook_comes_twice(&sandbox, &receiver.url("/"), async |order: &str, key: &str, amount: i64| {
            super::confirm_at(&url, order, key, &amount.to_string()).await
        })
        .await
        .unwrap();
        assert_eq!(receiver.heard().len(), 2);
    }
}

mod an_operator_refunds_a_part {
    use toss_sandbox::{ChargeKind, OperatorRefund, Sandbox, Status};

    fn an_operator_refunds_a_part(sandbox: &Sandbox, payment_key: &str) -> Result<(), Box<dyn std::error::Error>> {
        let control = sandbox.control();
        control.refund(payment_key, OperatorRefund::part(15_000).because("단순 변심"))?;
        let payment = control.payment(payment_key).ok_or("no such payment")?;
        assert_eq!((payment.status, payment.balance.get()), (Status::PartialCanceled, 30_000));
        assert_eq!(control.ledger().last().map(|entry| entry.kind), Some(ChargeKind::Refund));
        Ok(())
    }

    #[tokio::test]
    async fn runs() {
        let sandbox = super::sandbox().await;
        let url = sandbox.url();
        let payment = sandbox.control().authenticate(super::NewPayment::new("order-0001", "책", 45_000)).unwrap();
        assert!(super::confirm_at(&url, "order-0001", &payment.payment_key, "45000").await);
        an_operator_refunds_a_part(&sandbox, &payment.payment_key).unwrap();
    }
}

mod whoever_comes_back_too_late {
    use toss_sandbox::{NewPayment, SESSION_FOR, Sandbox, Status};

    fn whoever_comes_back_too_late(sandbox: &Sandbox) -> Result<(), Box<dyn std::error::Error>> {
        let control = sandbox.control();
        let payment = control.authenticate(NewPayment::new("order-0006", "책", 45_000))?;
        control.advance(SESSION_FOR);
        assert_eq!(control.payment(&payment.payment_key).map(|it| it.status), Some(Status::Expired));
        Ok(())
    }

    #[tokio::test]
    async fn runs() {
        let sandbox = super::sandbox().await;

        whoever_comes_back_too_late(&sandbox).unwrap();
    }
}

mod paypal {
    use toss_sandbox::{CancelOutcome, Currency, Method, NewPayment, OperatorRefund, Sandbox};

    async fn paypal(sandbox: &Sandbox, confirm: impl AsyncFn(&str, &str, &str) -> bool) -> Result<(), Box<dyn std::error::Error>> {
        let control = sandbox.control();
        // Cents, so that nothing is lost; the success URL and the API say 726.24.
        let new = NewPayment { method: Method::Paypal, currency: Currency::Usd, ..NewPayment::new("order-0007", "Kiaf tickets", 72_624) };
        let payment = control.authenticate(new)?;
        assert!(confirm(&payment.order_id, &payment.payment_key, &payment.amount.to_string()).await);
        // A cancel is IN_PROGRESS until the provider abroad decides.
        control.refund(&payment.payment_key, OperatorRefund::default())?;
        control.finish_cancel(&payment.payment_key, CancelOutcome::Aborted)?;
        assert_eq!(control.payment(&payment.payment_key).map(|it| it.balance.get()), Some(72_624));
        Ok(())
    }

    #[tokio::test]
    async fn runs() {
        let sandbox = super::sandbox().await;
        let url = sandbox.url();

        paypal(&sandbox, async |order: &str, key: &str, amount: &str| super::confirm_at(&url, order, key, amount).await).await.unwrap();
    }
}

mod tidy_up {
    use toss_sandbox::{Endpoint, Fault, Sandbox, Scope, Times};

    fn tidy_up(sandbox: &Sandbox, order_id: &str) -> Result<(), Box<dyn std::error::Error>> {
        let control = sandbox.control();
        control.fault(Fault::ErrorAfter, Scope::order(Endpoint::Confirm, order_id), Times::Once)?;
        // … the test …
        control.clear_faults_of(order_id); // its faults
        control.reset_order(order_id); // its faults and everything else of it
        Ok(())
    }

    #[tokio::test]
    async fn runs() {
        let sandbox = super::sandbox().await;

        sandbox.control().authenticate(super::NewPayment::new("order-0008", "책", 45_000)).unwrap();
        tidy_up(&sandbox, "order-0008").unwrap();
        assert!(sandbox.control().payments().is_empty() && sandbox.control().faults().0.is_empty());
    }
}
