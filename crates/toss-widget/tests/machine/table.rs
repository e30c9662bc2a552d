//! Every phase against every input.

use crate::{AMOUNTS, Kind, error, inputs, kind, phases};
use toss_widget::Won;
use toss_widget::machine::{Effect, Input, Phase, step};

fn is_broken(phase: &Phase) -> bool {
    matches!(phase, Phase::Requesting { broken: Some(_), .. })
}

/// The edges of the machine; every other pair stays where it is.
fn edge(phase: &Phase, input: &Input) -> Kind {
    match (kind(phase), input) {
        (Kind::Loading, Input::Loaded) => Kind::Rendering,
        (Kind::Loading, Input::LoadFailed(_)) => Kind::Failed,
        (Kind::Rendering, Input::WidgetReady) => Kind::Ready,
        (Kind::Rendering | Kind::Ready, Input::WidgetFailed(_)) => Kind::Failed,
        (Kind::Ready, Input::PayPressed) if phase.can_pay() => Kind::Requesting,
        (Kind::Requesting, Input::RequestFailed(_) | Input::RequestEnded) if is_broken(phase) => Kind::Failed,
        (Kind::Requesting, Input::RequestFailed(_) | Input::RequestEnded) => Kind::Ready,
        (Kind::Failed, Input::Retry) => Kind::Loading,
        (same, _) => same,
    }
}

#[test]
fn every_phase_answers_every_input() {
    let (phases, inputs) = (phases(), inputs());
    assert_eq!((phases.len(), inputs.len()), (132, 16));
    for phase in &phases {
        for input in &inputs {
            let (next, effect) = step(phase.clone(), input.clone());
            let case = format!("{phase:?} + {input:?} -> {next:?}, {effect:?}");
            assert_eq!(kind(&next), edge(phase, input), "{case}");

            let mut wanted = phase.wanted();
            if let Input::AmountWanted(amount) = input {
                wanted = *amount;
            }
            assert_eq!(next.wanted(), wanted, "only the page decides what is wanted: {case}");

            let loads = kind(phase) == Kind::Failed && *input == Input::Retry;
            assert_eq!(effect == Some(Effect::Load), loads, "{case}");
            let renders = kind(phase) == Kind::Loading && *input == Input::Loaded;
            assert_eq!(matches!(effect, Some(Effect::Render { .. })), renders, "{case}");
            let pays = phase.can_pay() && *input == Input::PayPressed;
            assert_eq!(effect == Some(Effect::RequestPayment), pays, "{case}");
            check_amounts(phase, &next, effect, &case);
        }
    }
}

/// An amount sets out only if none is on its way, is the one wanted, and is remembered until it is confirmed.
fn check_amounts(phase: &Phase, next: &Phase, effect: Option<Effect>, case: &str) {
    if let Some(Effect::Render { amount }) = effect {
        let rendering = Phase::Rendering { wanted: amount, drawn: amount, agreed: false };
        assert_eq!(*next, rendering, "{case}");
    }
    let Some(Effect::UpdateAmount(amount)) = effect else {
        return;
    };
    assert_eq!(amount, next.wanted(), "{case}");
    let remembered = matches!(next, Phase::Ready { updating: Some(sent), .. } if *sent == amount);
    assert!(remembered, "{case}");
    if let Phase::Ready { updating: Some(before), applied, .. } = phase {
        let confirmed = matches!(next, Phase::Ready { applied: now, .. } if now == before);
        assert!(confirmed, "a second amount set out before {before:?} was confirmed over {applied:?}: {case}");
    }
}

#[test]
fn paying_needs_ready_agreed_and_the_amount_on_the_page() {
    for phase in phases() {
        let expected = AMOUNTS.iter().any(|&amount| {
            let (wanted, applied) = (amount, amount);
            phase == Phase::Ready { agreed: true, wanted, applied, updating: None }
        });
        assert_eq!(phase.can_pay(), expected, "{phase:?}");
    }
}

#[test]
fn what_does_not_belong_changes_nothing() {
    let ready = Phase::Ready { agreed: true, wanted: Won::of(45_000), applied: Won::of(50_000), updating: Some(Won::of(45_000)) };
    for stray in [
        Input::Loaded,
        Input::LoadFailed(error()),
        Input::WidgetReady,
        Input::AmountApplied(Won::of(51_000)),
        Input::PayPressed,
        Input::RequestEnded,
        Input::Retry,
    ] {
        assert_eq!(step(ready.clone(), stray), (ready.clone(), None));
    }
}
