//! The machine with a page and a widget around it, walked through exhaustively and at random.

use crate::{AMOUNTS, Kind, inputs, kind};
use proptest::prelude::*;
use std::collections::HashSet;
use toss_widget::Won;
use toss_widget::machine::{Effect, Input, Phase, step};

/// The page and the widget outside of the machine: carries out effects the way the module's contract says.
#[derive(Clone, PartialEq, Eq, Hash, Debug, Default)]
struct World {
    loading: bool,
    drawing: bool,
    /// What the widget really shows; `None` while it is not drawn.
    shown: Option<Won>,
    sent: Option<Won>,
    paying: Option<Won>,
    page: Won,
}

impl World {
    fn carry_out(&mut self, effect: Option<Effect>) {
        match effect {
            None => {}
            Some(Effect::Load) => {
                assert!(!self.loading, "two loads at once");
                assert!(self.paying.is_none(), "a new widget beside a running payment");
                *self = World { loading: true, page: self.page, ..World::default() };
            }
            Some(Effect::Render { amount }) => {
                assert!(!self.drawing && self.shown.is_none(), "drawn twice for one load");
                (self.drawing, self.shown) = (true, Some(amount));
            }
            Some(Effect::UpdateAmount(amount)) => {
                assert!(!self.drawing, "an amount for a widget that is not drawn");
                assert_eq!(self.sent, None, "two amounts on their way");
                assert_eq!(self.paying, None, "the amount changes under a running payment");
                self.sent = Some(amount);
            }
            Some(Effect::RequestPayment) => {
                assert_eq!(self.paying, None, "two payments at once");
                assert_eq!(self.shown, Some(self.page), "an amount that is not on the page");
                assert_eq!(self.sent, None, "an amount that is about to change");
                self.paying = self.shown;
            }
        }
    }

    /// Whether this input can happen now; if so, it happens.
    fn happen(&mut self, input: &Input) -> bool {
        match input {
            Input::Loaded | Input::LoadFailed(_) => std::mem::take(&mut self.loading),
            Input::WidgetReady => std::mem::take(&mut self.drawing),
            Input::WidgetFailed(_) => {
                self.sent = None;
                std::mem::take(&mut self.drawing) || self.shown.is_some()
            }
            Input::AmountApplied(amount) => {
                let due = self.sent == Some(*amount);
                if due {
                    (self.shown, self.sent) = (self.sent, None);
                }
                due
            }
            Input::RequestFailed(_) | Input::RequestEnded => self.paying.take().is_some(),
            Input::AmountWanted(amount) => {
                self.page = *amount;
                true
            }
            Input::AgreementChanged(_) | Input::PayPressed | Input::Retry => true,
        }
    }
}

fn started() -> (Phase, World) {
    let page = AMOUNTS[0];
    let (phase, effect) = Phase::start(page);
    let mut world = World { page, ..World::default() };
    world.carry_out(effect);
    (phase, world)
}

/// The next pair, or `None` if the input cannot happen.
fn advance(mut phase: Phase, mut world: World, input: &Input) -> Option<(Phase, World)> {
    if !world.happen(input) {
        return None;
    }
    let effect;
    (phase, effect) = step(phase, input.clone());
    world.carry_out(effect);
    assert_eq!(phase.wanted(), world.page);
    if phase.can_pay() {
        assert_eq!((world.shown, world.sent), (Some(world.page), None), "{phase:?} {world:?}");
    }
    assert_eq!(kind(&phase) == Kind::Requesting, world.paying.is_some(), "{phase:?} {world:?}");
    Some((phase, world))
}

#[test]
fn whatever_a_page_can_meet_it_pays_only_what_it_shows() {
    let mut open = vec![started()];
    let mut seen: HashSet<String> = open.iter().map(|pair| format!("{pair:?}")).collect();
    let mut kinds = Vec::new();
    while let Some((phase, world)) = open.pop() {
        if !kinds.contains(&kind(&phase)) {
            kinds.push(kind(&phase));
        }
        for input in inputs() {
            let Some(next) = advance(phase.clone(), world.clone(), &input) else {
                continue;
            };
            if seen.insert(format!("{next:?}")) {
                open.push(next);
            }
        }
    }
    assert_eq!(kinds.len(), 5, "all phases are reachable: {kinds:?}");
    assert!(seen.len() > 100, "only {} states were visited", seen.len());
}

proptest! {
    #[test]
    fn long_random_sequences_hold_the_invariants(
        picks in prop::collection::vec(prop::sample::select(inputs()), 0..200),
    ) {
        let (mut phase, mut world) = started();
        for input in &picks {
            if let Some(next) = advance(phase.clone(), world.clone(), input) {
                (phase, world) = next;
            }
        }
    }

    #[test]
    fn even_impossible_sequences_never_request_twice(
        picks in prop::collection::vec(prop::sample::select(inputs()), 0..200),
    ) {
        let (mut phase, _) = Phase::start(AMOUNTS[0]);
        let mut open = false;
        for input in picks {
            let ended = matches!(input, Input::RequestFailed(_) | Input::RequestEnded);
            let effect;
            (phase, effect) = step(phase, input);
            if ended {
                open = false;
            }
            if effect == Some(Effect::RequestPayment) {
                prop_assert!(!open, "a second request beside the first");
                open = true;
            }
        }
    }
}
