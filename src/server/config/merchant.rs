//! What the merchant is told, what there is to sell, and how long it is known who bought.

use super::{ConfigError, number, refuse};
use payment_engine::outbox::{WebhookSecret, WebhookUrl};
use std::time::Duration;

const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MOST_DAYS: u64 = 36_500;
const MOST_BOOKS_MINUTES: u64 = 1_440;
const MOST_HOLD_SECONDS: u64 = 86_400;

/// What the merchant's own systems are told, and what they have said.
#[derive(Debug)]
pub struct Merchant {
    /// Where orders are told, and what they are signed with: `ORDER_WEBHOOK_URL`, `ORDER_WEBHOOK_SECRET`.
    pub webhook: Option<(WebhookUrl, WebhookSecret)>,
    /// How much there is: `STOCK`. What is not named has no limit.
    pub stock: Vec<(String, u32)>,
    /// How long goods should not leave after a deposit: `DEPOSIT_HOLD_SECONDS`.
    pub hold: Duration,
    /// How long contact data of unpaid orders are kept: `FORGET_UNPAID_AFTER_DAYS`.
    pub forget_unpaid_after: Duration,
    /// How often Toss's books are compared, where not on demand alone: `BOOKS_EVERY_MINUTES`.
    pub books_every: Option<Duration>,
    /// How long those of paid orders are, where not for ever: `FORGET_PAID_AFTER_DAYS`.
    pub forget_paid_after: Option<Duration>,
}

impl Merchant {
    /// Reads it.
    ///
    /// # Errors
    /// The first setting that is wrong.
    pub(super) fn read(get: impl Fn(&str) -> Option<String>) -> Result<Merchant, ConfigError> {
        let webhook = match (get("ORDER_WEBHOOK_URL"), get("ORDER_WEBHOOK_SECRET")) {
            (None, None) => None,
            (Some(url), Some(secret)) => {
                let url = WebhookUrl::parse(&url).or_else(|error| refuse(format!("ORDER_WEBHOOK_URL: {error}")))?;
                let secret = WebhookSecret::parse(&secret).or_else(|error| refuse(format!("ORDER_WEBHOOK_SECRET: {error}")))?;
                Some((url, secret))
            }
            (Some(_), None) => return refuse("ORDER_WEBHOOK_URL is set and ORDER_WEBHOOK_SECRET is not; set both, or neither"),
            (None, Some(_)) => return refuse("ORDER_WEBHOOK_SECRET is set and ORDER_WEBHOOK_URL is not; set both, or neither"),
        };
        let days = |name: &str, default: u64| {
            number(name, get(name), default, 1..=MOST_DAYS).map(|days| DAY * u32::try_from(days).unwrap_or(u32::MAX))
        };
        Ok(Merchant {
            webhook,
            stock: stock(get("STOCK"))?,
            hold: Duration::from_secs(number("DEPOSIT_HOLD_SECONDS", get("DEPOSIT_HOLD_SECONDS"), 120, 0..=MOST_HOLD_SECONDS)?),
            books_every: match get("BOOKS_EVERY_MINUTES").as_deref() {
                Some("off") => None,
                minutes => {
                    let minutes = minutes.map(str::to_owned);
                    Some(Duration::from_secs(60 * number("BOOKS_EVERY_MINUTES", minutes, 60, 1..=MOST_BOOKS_MINUTES)?))
                }
            },
            forget_unpaid_after: days("FORGET_UNPAID_AFTER_DAYS", 7)?,
            forget_paid_after: match get("FORGET_PAID_AFTER_DAYS") {
                None => None,
                Some(_) => Some(days("FORGET_PAID_AFTER_DAYS", MOST_DAYS)?),
            },
        })
    }
}

/// `tshirt=10,WELCOME5000=100`.
fn stock(text: Option<String>) -> Result<Vec<(String, u32)>, ConfigError> {
    let Some(text) = text else { return Ok(Vec::new()) };
    let mut stock: Vec<(String, u32)> = Vec::new();
    for part in text.split(',') {
        let Some((sku, total)) = part.trim().split_once('=').and_then(|(sku, total)| Some((sku.trim(), total.trim().parse().ok()?))) else {
            return refuse(
                "STOCK is not a list such as tshirt=10,WELCOME5000=100: ids of products or codes of coupons, and how many there are",
            );
        };
        if crate::domain::catalog::find(sku).is_none() && crate::domain::coupon::find(sku).is_none() {
            return refuse("STOCK names something that is neither the id of a product nor the code of a coupon; take it out");
        }
        if stock.iter().any(|(known, _)| known == sku) {
            return refuse("STOCK names something twice; keep one of them");
        }
        stock.push((sku.to_owned(), total));
    }
    Ok(stock)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECRET: &str = "whsec_MDEyMzQ1Njc4OTAxMjM0NTY3ODkwMTIzNDU2Nzg5MDE=";

    fn read(settings: &[(&str, &str)]) -> Result<Merchant, String> {
        let get = |name: &str| settings.iter().find(|(set, _)| *set == name).map(|(_, value)| (*value).to_owned());
        Merchant::read(get).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_is_told_and_nothing_limited_unless_it_is_said() {
        let merchant = read(&[]).unwrap();
        assert!(merchant.webhook.is_none() && merchant.stock.is_empty() && merchant.forget_paid_after.is_none());
        assert_eq!((merchant.hold, merchant.forget_unpaid_after), (Duration::from_secs(120), DAY * 7));
    }

    #[test]
    fn what_is_said_counts() {
        let merchant = read(&[
            ("ORDER_WEBHOOK_URL", "https://erp.example/orders"),
            ("ORDER_WEBHOOK_SECRET", SECRET),
            ("STOCK", "tshirt=10, WELCOME5000=0"),
            ("DEPOSIT_HOLD_SECONDS", "0"),
            ("FORGET_PAID_AFTER_DAYS", "30"),
        ])
        .unwrap();
        assert!(merchant.webhook.is_some());
        assert_eq!(merchant.stock, [("tshirt".to_owned(), 10), ("WELCOME5000".to_owned(), 0)]);
        assert_eq!((merchant.hold, merchant.forget_paid_after), (Duration::ZERO, Some(DAY * 30)));
        assert_eq!(merchant.books_every, Some(Duration::from_secs(3_600)));
        assert_eq!(read(&[("BOOKS_EVERY_MINUTES", "off")]).unwrap().books_every, None);
        assert_eq!(read(&[("BOOKS_EVERY_MINUTES", "5")]).unwrap().books_every, Some(Duration::from_secs(300)));
    }

    #[test]
    fn what_is_wrong_is_named_and_no_value_is_shown() {
        for (settings, named) in [
            (&[("ORDER_WEBHOOK_URL", "https://erp.example/hunter2")][..], "ORDER_WEBHOOK_URL is set and ORDER_WEBHOOK_SECRET"),
            (&[("ORDER_WEBHOOK_SECRET", SECRET)], "ORDER_WEBHOOK_SECRET is set and ORDER_WEBHOOK_URL"),
            (&[("ORDER_WEBHOOK_URL", "http://hunter2.example/"), ("ORDER_WEBHOOK_SECRET", SECRET)], "ORDER_WEBHOOK_URL"),
            (&[("ORDER_WEBHOOK_URL", "https://erp.example/"), ("ORDER_WEBHOOK_SECRET", "hunter2")], "ORDER_WEBHOOK_SECRET"),
            (&[("STOCK", "hunter2")], "STOCK"),
            (&[("STOCK", "hunter2=3")], "STOCK"),
            (&[("STOCK", "mug=-1")], "STOCK"),
            (&[("STOCK", "mug=1,mug=2")], "STOCK"),
            (&[("DEPOSIT_HOLD_SECONDS", "hunter2")], "DEPOSIT_HOLD_SECONDS"),
            (&[("BOOKS_EVERY_MINUTES", "hunter2")], "BOOKS_EVERY_MINUTES"),
            (&[("BOOKS_EVERY_MINUTES", "0")], "BOOKS_EVERY_MINUTES"),
            (&[("FORGET_UNPAID_AFTER_DAYS", "0")], "FORGET_UNPAID_AFTER_DAYS"),
            (&[("FORGET_PAID_AFTER_DAYS", "hunter2")], "FORGET_PAID_AFTER_DAYS"),
        ] {
            let error = read(settings).unwrap_err();
            assert!(error.starts_with(named) && !error.contains("hunter2") && !error.contains('\n'), "{settings:?}: {error}");
        }
    }
}
