//! The faults that wait for their calls.

use std::collections::HashSet;

use serde::{Deserialize, Serialize};

use super::{Endpoint, Fault, Plan, Rule, ScriptFault, Times};
use crate::webhook::{EventType, WebhookFault, WebhookRule};

/// The rules that wait, in the order in which they were given. At most [`MAX_RULES`] of each kind.
#[derive(Serialize, Deserialize)]
pub(crate) struct Faults {
    rules: Vec<Rule>,
    script: Vec<(ScriptFault, Times)>,
    webhooks: Vec<WebhookRule>,
    dice: Dice,
}

/// So many rules of each kind can wait at once.
pub const MAX_RULES: usize = 1_000;

/// [`MAX_RULES`] rules are waiting already.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{MAX_RULES} faults are waiting already")]
pub struct TooManyRules;

impl Faults {
    /// No rules. `seed` decides about those with a chance.
    pub(crate) fn new(seed: u64) -> Self {
        Self { rules: Vec::new(), script: Vec::new(), webhooks: Vec::new(), dice: Dice(seed) }
    }

    pub(crate) fn add(&mut self, rule: Rule) -> Result<(), TooManyRules> {
        if self.rules.len() >= MAX_RULES {
            return Err(TooManyRules);
        }
        if rule.times != Times::Next(0) {
            self.rules.push(rule);
        }
        Ok(())
    }

    pub(crate) fn add_script(&mut self, fault: ScriptFault, times: Times) -> Result<(), TooManyRules> {
        if self.script.len() >= MAX_RULES {
            return Err(TooManyRules);
        }
        if times != Times::Next(0) {
            self.script.push((fault, times));
        }
        Ok(())
    }

    pub(crate) fn add_webhook(&mut self, rule: WebhookRule) -> Result<(), TooManyRules> {
        if self.webhooks.len() >= MAX_RULES {
            return Err(TooManyRules);
        }
        if rule.times != Times::Next(0) {
            self.webhooks.push(rule);
        }
        Ok(())
    }

    /// Forgets every rule. The dice go on: clearing does not repeat what chance has brought.
    pub(crate) fn clear(&mut self) {
        self.rules.clear();
        self.script.clear();
        self.webhooks.clear();
    }

    /// Forgets the rules of the API and of webhooks that are for that order alone. The script knows no orders, and no shops.
    pub(crate) fn clear_order(&mut self, order_id: &str) {
        self.rules.retain(|rule| rule.scope.order_id.as_deref() != Some(order_id));
        self.webhooks.retain(|rule| rule.order_id.as_deref() != Some(order_id));
    }

    /// Forgets those that are for that shop alone.
    pub(crate) fn clear_shop(&mut self, client_key: &str) {
        self.rules.retain(|rule| rule.scope.client_key.as_deref() != Some(client_key));
        self.webhooks.retain(|rule| rule.client_key.as_deref() != Some(client_key));
    }

    /// Forgets those that are for one of these orders in whichever shop.
    pub(crate) fn clear_orders_of_any_shop(&mut self, order_ids: &HashSet<&str>) {
        let is_meant = |order_id: &Option<String>| order_id.as_deref().is_some_and(|id| order_ids.contains(id));
        self.rules.retain(|rule| rule.scope.client_key.is_some() || !is_meant(&rule.scope.order_id));
        self.webhooks.retain(|rule| rule.client_key.is_some() || !is_meant(&rule.order_id));
    }

    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    pub(crate) fn script_rules(&self) -> &[(ScriptFault, Times)] {
        &self.script
    }

    pub(crate) fn webhook_rules(&self) -> &[WebhookRule] {
        &self.webhooks
    }

    /// The fault for this call, used up once. A replayed answer was decided long ago: rules that decide an outcome
    /// wait for the next call that is processed.
    pub(crate) fn take(&mut self, endpoint: Endpoint, order_id: Option<&str>, client_key: Option<&str>, replay: bool) -> Option<Fault> {
        let fits = |rule: &Rule| {
            rule.scope.endpoint == endpoint
                && rule.scope.order_id.as_deref().is_none_or(|id| Some(id) == order_id)
                && rule.scope.client_key.as_deref().is_none_or(|key| Some(key) == client_key)
                && !(replay && matches!(rule.fault.clone().plan(), Plan::Decide(_)))
        };
        take_first(&mut self.rules, &mut self.dice, fits, |rule| &mut rule.times).map(|rule| rule.fault)
    }

    pub(crate) fn take_script(&mut self) -> Option<ScriptFault> {
        take_first(&mut self.script, &mut self.dice, |_| true, |(_, times)| times).map(|(fault, _)| fault)
    }

    /// The fault for this event, used up once.
    pub(crate) fn take_webhook(&mut self, event: EventType, order_id: Option<&str>, client_key: Option<&str>) -> Option<WebhookFault> {
        let fits = |rule: &WebhookRule| rule.fits(event, order_id, client_key);
        take_first(&mut self.webhooks, &mut self.dice, fits, |rule| &mut rule.times).map(|rule| rule.fault)
    }
}

/// The first rule that fits and that chance lets strike, used up once.
fn take_first<R: Clone>(rules: &mut Vec<R>, dice: &mut Dice, fits: impl Fn(&R) -> bool, times: fn(&mut R) -> &mut Times) -> Option<R> {
    let place = rules.iter_mut().position(|rule| fits(rule) && times(rule).strikes(dice))?;
    let taken = rules[place].clone();
    let left = times(&mut rules[place]);
    match left.spend() {
        Some(rest) => *left = rest,
        None => drop(rules.remove(place)),
    }
    Some(taken)
}

impl Times {
    /// Whether a rule strikes this time.
    fn strikes(self, dice: &mut Dice) -> bool {
        match self {
            Self::Once | Self::Next(_) | Self::Always => true,
            Self::Chance { percent } => dice.roll() < u64::from(percent),
        }
    }

    /// What is left after one use.
    fn spend(self) -> Option<Self> {
        match self {
            Self::Always | Self::Chance { .. } => Some(self),
            Self::Next(n @ 2..) => Some(Self::Next(n - 1)),
            Self::Once | Self::Next(0 | 1) => None,
        }
    }
}

/// Numbers that look random and are the same for the same seed: SplitMix64.
#[derive(Serialize, Deserialize)]
struct Dice(u64);

impl Dice {
    /// From 0 to 99.
    fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        (z ^ (z >> 31)) % 100
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{error::Code, fault::Scope};

    fn rule(fault: Fault, scope: Scope, times: Times) -> Rule {
        Rule { fault, scope, times }
    }

    #[test]
    fn rules_are_used_up_in_the_order_given() {
        let mut faults = Faults::new(0);
        let any = || Scope::any(Endpoint::Confirm);
        assert!(faults.add(rule(Fault::Ok, any(), Times::Once)).is_ok());
        assert!(faults.add(rule(Fault::ErrorBefore, any(), Times::Next(2))).is_ok());
        let taken: Vec<_> = (0..4).map(|_| faults.take(Endpoint::Confirm, None, None, false)).collect();
        assert_eq!(taken, [Some(Fault::Ok), Some(Fault::ErrorBefore), Some(Fault::ErrorBefore), None]);
    }

    #[test]
    fn no_times_is_no_fault() {
        let mut faults = Faults::new(0);
        assert!(faults.add(rule(Fault::ErrorBefore, Scope::any(Endpoint::Confirm), Times::Next(0))).is_ok());
        assert!(faults.add_script(ScriptFault::NotFound, Times::Next(0)).is_ok());
        assert_eq!(faults.take(Endpoint::Confirm, None, None, false), None);
        assert_eq!(faults.take_script(), None);
    }

    #[test]
    fn a_rule_waits_for_its_endpoint_and_order() {
        let mut faults = Faults::new(0);
        let scope = Scope::order(Endpoint::Lookup, "mine");
        assert!(faults.add(rule(Fault::Garbage200, scope, Times::Always)).is_ok());
        assert_eq!(faults.take(Endpoint::Confirm, Some("mine"), None, false), None);
        assert_eq!(faults.take(Endpoint::Lookup, Some("other"), None, false), None);
        assert_eq!(faults.take(Endpoint::Lookup, None, None, false), None);
        for _ in 0..3 {
            assert_eq!(faults.take(Endpoint::Lookup, Some("mine"), None, false), Some(Fault::Garbage200));
        }
    }

    #[test]
    fn a_replay_does_not_use_up_a_decision() {
        let mut faults = Faults::new(0);
        let decline = Fault::decline(Code::REJECT_CARD_PAYMENT);
        let any = Scope::any(Endpoint::Confirm);
        assert!(faults.add(rule(decline.clone(), any, Times::Once)).is_ok());
        assert_eq!(faults.take(Endpoint::Confirm, None, None, true), None);
        assert_eq!(faults.take(Endpoint::Confirm, None, None, false), Some(decline));
    }

    #[test]
    fn chance_is_the_same_for_the_same_seed_and_another_for_another() {
        let struck = |seed| {
            let mut faults = Faults::new(seed);
            let chance = Times::Chance { percent: 30 };
            assert!(faults.add(rule(Fault::ErrorBefore, Scope::any(Endpoint::Confirm), chance)).is_ok());
            assert!(faults.add(rule(Fault::ErrorAfter, Scope::any(Endpoint::Confirm), Times::Next(1))).is_ok());
            (0..1_000).map(|_| faults.take(Endpoint::Confirm, None, None, false)).collect::<Vec<_>>()
        };
        let first = struck(7);
        assert_eq!(first, struck(7));
        assert_ne!(first, struck(8));
        let of = |fault: Fault| first.iter().filter(|taken| taken.as_ref() == Some(&fault)).count();
        let before = of(Fault::ErrorBefore);
        assert!((250..350).contains(&before), "{before} of 1000");
        assert_eq!(of(Fault::ErrorAfter), 1, "where chance passes a rule by, the next one counts");
    }

    #[test]
    fn a_chance_of_a_hundred_is_always_and_of_nothing_never() {
        for (percent, expected) in [(0, 0), (100, 50), (255, 50)] {
            let mut faults = Faults::new(1);
            assert!(faults.add_script(ScriptFault::NotFound, Times::Chance { percent }).is_ok());
            assert_eq!((0..50).filter(|_| faults.take_script().is_some()).count(), expected, "{percent}");
        }
    }

    #[test]
    fn a_webhook_rule_waits_for_its_event_and_order() {
        let mut faults = Faults::new(0);
        let mine = WebhookRule::next(WebhookFault::Lose).of_event(EventType::DepositCallback).for_order("mine");
        assert!(faults.add_webhook(mine).is_ok());
        for (event, order, fault) in [
            (EventType::PaymentStatusChanged, Some("mine"), None),
            (EventType::DepositCallback, Some("other"), None),
            (EventType::DepositCallback, None, None),
            (EventType::DepositCallback, Some("mine"), Some(WebhookFault::Lose)),
            (EventType::DepositCallback, Some("mine"), None),
        ] {
            assert_eq!(faults.take_webhook(event, order, None), fault, "{event:?} {order:?}");
        }
    }

    #[test]
    fn a_rule_of_a_shop_waits_for_that_shop() {
        let mut faults = Faults::new(0);
        assert!(faults.add(rule(Fault::ErrorBefore, Scope::any(Endpoint::Transactions).in_shop("mine"), Times::Once)).is_ok());
        assert!(faults.add_webhook(WebhookRule::next(WebhookFault::Lose).in_shop("mine")).is_ok());
        for (client_key, strikes) in [(Some("other"), false), (None, false), (Some("mine"), true), (Some("mine"), false)] {
            assert_eq!(faults.take(Endpoint::Transactions, None, client_key, false).is_some(), strikes, "{client_key:?}");
            assert_eq!(faults.take_webhook(EventType::BillingDeleted, None, client_key).is_some(), strikes, "{client_key:?}");
        }
    }
}
