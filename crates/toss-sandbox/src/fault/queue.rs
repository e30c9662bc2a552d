//! The faults that wait for their calls.

use super::{Endpoint, Fault, Plan, Rule, ScriptFault, Times};

/// The rules that wait, in the order in which they were given. At most [`MAX_RULES`].
#[derive(Default)]
pub(crate) struct Faults {
    rules: Vec<Rule>,
    script: Vec<(ScriptFault, Times)>,
}

/// So many rules of each kind can wait at once.
pub const MAX_RULES: usize = 1_000;

/// [`MAX_RULES`] rules are waiting already.
#[derive(Clone, Copy, PartialEq, Eq, Debug, thiserror::Error)]
#[error("{MAX_RULES} faults are waiting already")]
pub struct TooManyRules;

impl Faults {
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

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    pub(crate) fn rules(&self) -> &[Rule] {
        &self.rules
    }

    pub(crate) fn script_rules(&self) -> &[(ScriptFault, Times)] {
        &self.script
    }

    /// The fault for this call, used up once. A replayed answer was decided long ago: rules that decide an outcome
    /// wait for the next call that is processed.
    pub(crate) fn take(&mut self, endpoint: Endpoint, order_id: Option<&str>, replay: bool) -> Option<Fault> {
        let fits = |rule: &Rule| {
            rule.scope.endpoint == endpoint
                && rule.scope.order_id.as_deref().is_none_or(|id| Some(id) == order_id)
                && !(replay && matches!(rule.fault.clone().plan(), Plan::Decide(_)))
        };
        let place = self.rules.iter().position(fits)?;
        let rule = &mut self.rules[place];
        let fault = rule.fault.clone();
        match rule.times.spend() {
            Some(left) => rule.times = left,
            None => drop(self.rules.remove(place)),
        }
        Some(fault)
    }

    pub(crate) fn take_script(&mut self) -> Option<ScriptFault> {
        let (fault, times) = self.script.first_mut()?;
        let taken = *fault;
        match times.spend() {
            Some(left) => *times = left,
            None => drop(self.script.remove(0)),
        }
        Some(taken)
    }
}

impl Times {
    /// What is left after one use.
    fn spend(self) -> Option<Self> {
        match self {
            Self::Always => Some(Self::Always),
            Self::Next(n @ 2..) => Some(Self::Next(n - 1)),
            Self::Once | Self::Next(0 | 1) => None,
        }
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
        let mut faults = Faults::default();
        let any = || Scope::any(Endpoint::Confirm);
        assert!(faults.add(rule(Fault::Ok, any(), Times::Once)).is_ok());
        assert!(faults.add(rule(Fault::ErrorBefore, any(), Times::Next(2))).is_ok());
        let taken: Vec<_> = (0..4).map(|_| faults.take(Endpoint::Confirm, None, false)).collect();
        assert_eq!(taken, [Some(Fault::Ok), Some(Fault::ErrorBefore), Some(Fault::ErrorBefore), None]);
    }

    #[test]
    fn no_times_is_no_fault() {
        let mut faults = Faults::default();
        assert!(faults.add(rule(Fault::ErrorBefore, Scope::any(Endpoint::Confirm), Times::Next(0))).is_ok());
        assert!(faults.add_script(ScriptFault::NotFound, Times::Next(0)).is_ok());
        assert_eq!(faults.take(Endpoint::Confirm, None, false), None);
        assert_eq!(faults.take_script(), None);
    }

    #[test]
    fn a_rule_waits_for_its_endpoint_and_order() {
        let mut faults = Faults::default();
        let scope = Scope::order(Endpoint::Lookup, "mine");
        assert!(faults.add(rule(Fault::Garbage200, scope, Times::Always)).is_ok());
        assert_eq!(faults.take(Endpoint::Confirm, Some("mine"), false), None);
        assert_eq!(faults.take(Endpoint::Lookup, Some("other"), false), None);
        assert_eq!(faults.take(Endpoint::Lookup, None, false), None);
        for _ in 0..3 {
            assert_eq!(faults.take(Endpoint::Lookup, Some("mine"), false), Some(Fault::Garbage200));
        }
    }

    #[test]
    fn a_replay_does_not_use_up_a_decision() {
        let mut faults = Faults::default();
        let decline = Fault::decline(Code::REJECT_CARD_PAYMENT);
        let any = Scope::any(Endpoint::Confirm);
        assert!(faults.add(rule(decline.clone(), any, Times::Once)).is_ok());
        assert_eq!(faults.take(Endpoint::Confirm, None, true), None);
        assert_eq!(faults.take(Endpoint::Confirm, None, false), Some(decline));
    }
}
