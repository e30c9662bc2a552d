//! The pay page's state machine: every phase against every input, and every order that a page can meet.
#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]

mod table;
mod world;

use toss_widget::machine::{Effect, Input, Phase, step};
use toss_widget::{ErrorCode, WidgetError, Won};

/// Enough to tell "the same", "another" and "a third one" apart.
const AMOUNTS: [Won; 3] = [Won::of(45_000), Won::of(50_000), Won::of(51_000)];

fn error() -> WidgetError {
    WidgetError::new(ErrorCode::Blocked, "blocked")
}

fn other_error() -> WidgetError {
    WidgetError::new(ErrorCode::UnknownError, "broken")
}

fn inputs() -> Vec<Input> {
    let mut inputs = vec![
        Input::Loaded,
        Input::LoadFailed(other_error()),
        Input::WidgetReady,
        Input::WidgetFailed(other_error()),
        Input::AgreementChanged(true),
        Input::AgreementChanged(false),
        Input::PayPressed,
        Input::RequestFailed(other_error()),
        Input::RequestEnded,
        Input::Retry,
    ];
    inputs.extend(AMOUNTS.map(Input::AmountWanted));
    inputs.extend(AMOUNTS.map(Input::AmountApplied));
    inputs
}

/// Every value of every phase over [`AMOUNTS`], also those that no page reaches.
fn phases() -> Vec<Phase> {
    let mut phases = Vec::new();
    for wanted in AMOUNTS {
        phases.push(Phase::Loading { wanted });
        phases.push(Phase::Failed { wanted, error: error() });
        for (agreed, applied) in [false, true].into_iter().flat_map(|a| AMOUNTS.map(|b| (a, b))) {
            phases.push(Phase::Rendering { wanted, drawn: applied, agreed });
            for updating in [None].into_iter().chain(AMOUNTS.map(Some)) {
                phases.push(Phase::Ready { agreed, wanted, applied, updating });
            }
            for broken in [None, Some(error())] {
                phases.push(Phase::Requesting { agreed, wanted, applied, broken });
            }
        }
    }
    phases
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Kind {
    Loading,
    Rendering,
    Ready,
    Requesting,
    Failed,
}

fn kind(phase: &Phase) -> Kind {
    match phase {
        Phase::Loading { .. } => Kind::Loading,
        Phase::Rendering { .. } => Kind::Rendering,
        Phase::Ready { .. } => Kind::Ready,
        Phase::Requesting { .. } => Kind::Requesting,
        Phase::Failed { .. } => Kind::Failed,
    }
}

#[test]
fn the_last_amount_wins_and_is_the_one_paid() {
    let (phase, _) = Phase::start(Won::of(50_000));
    let (phase, effect) = step(phase, Input::Loaded);
    assert_eq!(effect, Some(Effect::Render { amount: Won::of(50_000) }));
    let (phase, effect) = step(phase, Input::AmountWanted(Won::of(45_000)));
    assert_eq!(effect, None, "nothing is sent to a widget that is being drawn");
    let (phase, _) = step(phase, Input::AmountWanted(Won::of(51_000)));
    let (phase, _) = step(phase, Input::AgreementChanged(true));
    let (phase, effect) = step(phase, Input::WidgetReady);
    assert_eq!(effect, Some(Effect::UpdateAmount(Won::of(51_000))));
    let (phase, effect) = step(phase, Input::AmountWanted(Won::of(45_000)));
    assert_eq!(effect, None, "one amount at a time");
    let (phase, effect) = step(phase, Input::AmountApplied(Won::of(51_000)));
    assert_eq!(effect, Some(Effect::UpdateAmount(Won::of(45_000))));
    assert!(!phase.can_pay());
    let (phase, effect) = step(phase, Input::AmountApplied(Won::of(45_000)));
    assert_eq!(effect, None);
    let (phase, effect) = step(phase, Input::PayPressed);
    assert_eq!(effect, Some(Effect::RequestPayment));
    let (_, effect) = step(phase, Input::PayPressed);
    assert_eq!(effect, None, "pressed twice, requested once");
}

#[test]
fn ticking_back_while_the_amount_is_on_its_way_keeps_the_button_shut() {
    let ready = Phase::Ready { agreed: true, wanted: Won::of(50_000), applied: Won::of(50_000), updating: None };
    let (phase, _) = step(ready, Input::AmountWanted(Won::of(45_000)));
    let (phase, effect) = step(phase, Input::AmountWanted(Won::of(50_000)));
    assert_eq!(effect, None);
    assert!(!phase.can_pay(), "the widget may show 45,000 by now");
    let (phase, effect) = step(phase, Input::AmountApplied(Won::of(45_000)));
    assert_eq!(effect, Some(Effect::UpdateAmount(Won::of(50_000))));
    let (phase, _) = step(phase, Input::AmountApplied(Won::of(50_000)));
    assert!(phase.can_pay());
}

#[test]
fn a_widget_that_breaks_during_a_payment_cannot_start_a_second_one() {
    let paying = Phase::Requesting { agreed: true, wanted: Won::of(1), applied: Won::of(1), broken: None };
    let (phase, _) = step(paying, Input::WidgetFailed(error()));
    let (phase, effect) = step(phase, Input::Retry);
    assert_eq!(effect, None);
    let (phase, _) = step(phase, Input::WidgetFailed(other_error()));
    let (phase, _) = step(phase, Input::RequestEnded);
    assert_eq!(phase, Phase::Failed { wanted: Won::of(1), error: error() }, "the first cause is kept");
}
