//! The pay page as a pure state machine, for any SDK. What a page shows is a function of the [`Phase`]; what it does next
//! is the [`Effect`] that a [`step`] asks for.
//!
//! What holds, whatever comes in, and in whatever order:
//!
//! * the widget is drawn exactly once per load, with the amount that was wanted by then;
//! * at most one change of amount is on its way; of those wanted meanwhile the last one wins;
//! * nobody can pay an amount that is not the one on the page ([`Phase::can_pay`]);
//! * at most one payment is requested at a time, however often the button is pressed.
//!
//! The page carries out effects in order, and drops the old widget before it carries out [`Effect::Load`], so that nothing
//! of an earlier widget comes in later. What does not belong in a phase is ignored.

use crate::error::WidgetError;
use toss_types::Won;

/// Where the page stands.
///
/// ```
/// use toss_widget::machine::Phase;
///
/// // Exhaustive on purpose: a page has to say what it shows in each of them.
/// fn hint(phase: &Phase) -> &'static str {
///     match phase {
///         Phase::Loading { .. } | Phase::Rendering { .. } => "결제 수단을 불러오고 있어요.",
///         Phase::Ready { agreed: false, .. } => "약관에 동의해 주세요.",
///         Phase::Ready { updating: Some(_), .. } => "금액을 바꾸고 있어요.",
///         Phase::Ready { .. } => "결제할 수 있어요.",
///         Phase::Requesting { .. } => "결제창에서 계속해 주세요.",
///         Phase::Failed { .. } => "결제 수단을 불러오지 못했어요.",
///     }
/// }
/// ```
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Phase {
    /// The script is on its way.
    Loading {
        /// What the page shows.
        wanted: Won,
    },
    /// The widget is being drawn.
    Rendering {
        /// What the page shows.
        wanted: Won,
        /// What the widget is being drawn with.
        drawn: Won,
        /// Whether the required terms are agreed to.
        agreed: bool,
    },
    /// The widget can be used.
    Ready {
        /// Whether the required terms are agreed to.
        agreed: bool,
        /// What the page shows.
        wanted: Won,
        /// What the widget has confirmed to show.
        applied: Won,
        /// What the widget has been told to show but has not confirmed.
        updating: Option<Won>,
    },
    /// A payment is requested.
    Requesting {
        /// Whether the required terms are agreed to.
        agreed: bool,
        /// What the page shows; another than `applied` is sent to the widget when the request is over.
        wanted: Won,
        /// What is being paid.
        applied: Won,
        /// A widget that broke meanwhile. The phase is left all the same only when the request is over: else a second one
        /// could be started beside it.
        broken: Option<WidgetError>,
    },
    /// Script or widget failed; [`Input::Retry`] starts again.
    Failed {
        /// What the page shows.
        wanted: Won,
        /// Why.
        error: WidgetError,
    },
}

/// What happened.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub enum Input {
    /// The script is there.
    Loaded,
    /// The script is not to be had.
    LoadFailed(WidgetError),
    /// The widget is drawn (v1: event `ready`; v2: the render promises).
    WidgetReady,
    /// Drawing or changing the amount failed.
    WidgetFailed(WidgetError),
    /// The page shows another amount.
    AmountWanted(Won),
    /// The widget shows this amount (v1: `updateAmount` returned; v2: `setAmount` resolved).
    AmountApplied(Won),
    /// The required terms are agreed to, or no longer.
    AgreementChanged(bool),
    /// The pay button.
    PayPressed,
    /// The request was refused or cancelled; the buyer may try again.
    RequestFailed(WidgetError),
    /// The request is over otherwise. In redirect mode the browser leaves the page: give this only if it comes back, from
    /// the page cache.
    RequestEnded,
    /// The buyer asks to try again after a failure.
    Retry,
}

/// What the page has to do.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Effect {
    /// Load the script; answer `Loaded` or `LoadFailed`.
    Load,
    /// Draw the widget with this amount; answer `WidgetReady` or `WidgetFailed`.
    Render {
        /// The amount that is wanted by now.
        amount: Won,
    },
    /// Change the widget's amount; answer `AmountApplied` with the same amount, or `WidgetFailed`.
    UpdateAmount(Won),
    /// Request the payment; answer `RequestEnded` or `RequestFailed`.
    RequestPayment,
}

impl Phase {
    /// A page that has just appeared and shows this amount.
    #[must_use]
    pub fn start(wanted: Won) -> (Phase, Option<Effect>) {
        (Phase::Loading { wanted }, Some(Effect::Load))
    }

    /// Whether the pay button does anything: the widget is ready, the terms are agreed to, the amount on the page is the
    /// one in the widget, and no request is under way.
    #[must_use]
    pub fn can_pay(&self) -> bool {
        match self {
            Phase::Ready { agreed, wanted, applied, updating } => *agreed && wanted == applied && updating.is_none(),
            Phase::Loading { .. } | Phase::Rendering { .. } | Phase::Requesting { .. } | Phase::Failed { .. } => false,
        }
    }

    /// The amount that the page shows.
    #[must_use]
    pub fn wanted(&self) -> Won {
        match self {
            Phase::Loading { wanted }
            | Phase::Rendering { wanted, .. }
            | Phase::Ready { wanted, .. }
            | Phase::Requesting { wanted, .. }
            | Phase::Failed { wanted, .. } => *wanted,
        }
    }
}

/// The next phase, and what there is to do for it: never more than one thing.
///
/// ```
/// use toss_widget::Won;
/// use toss_widget::machine::{Effect, Input, Phase, step};
///
/// let (phase, effect) = Phase::start(Won::of(50_000));
/// assert_eq!(effect, Some(Effect::Load));
/// let (phase, effect) = step(phase, Input::Loaded);
/// assert_eq!(effect, Some(Effect::Render { amount: Won::of(50_000) }));
/// let (phase, _) = step(phase, Input::AgreementChanged(true));
/// let (phase, _) = step(phase, Input::WidgetReady);
/// assert!(phase.can_pay());
/// // A coupon, and the button is shut until the widget shows the new amount:
/// let (phase, effect) = step(phase, Input::AmountWanted(Won::of(45_000)));
/// assert_eq!((phase.can_pay(), effect), (false, Some(Effect::UpdateAmount(Won::of(45_000)))));
/// let (phase, _) = step(phase, Input::AmountApplied(Won::of(45_000)));
/// assert!(phase.can_pay());
/// ```
#[must_use]
pub fn step(phase: Phase, input: Input) -> (Phase, Option<Effect>) {
    match phase {
        Phase::Loading { wanted } => loading(wanted, input),
        Phase::Rendering { wanted, drawn, agreed } => rendering(wanted, drawn, agreed, input),
        Phase::Ready { agreed, wanted, applied, updating } => ready(agreed, wanted, applied, updating, input),
        Phase::Requesting { agreed, wanted, applied, broken } => requesting(agreed, wanted, applied, broken, input),
        Phase::Failed { wanted, error } => failed(wanted, error, input),
    }
}

type Next = (Phase, Option<Effect>);

fn loading(wanted: Won, input: Input) -> Next {
    match input {
        Input::Loaded => {
            let phase = Phase::Rendering { wanted, drawn: wanted, agreed: false };
            (phase, Some(Effect::Render { amount: wanted }))
        }
        Input::LoadFailed(error) => (Phase::Failed { wanted, error }, None),
        Input::AmountWanted(wanted) => (Phase::Loading { wanted }, None),
        Input::WidgetReady
        | Input::WidgetFailed(_)
        | Input::AmountApplied(_)
        | Input::AgreementChanged(_)
        | Input::PayPressed
        | Input::RequestFailed(_)
        | Input::RequestEnded
        | Input::Retry => (Phase::Loading { wanted }, None),
    }
}

fn rendering(wanted: Won, drawn: Won, agreed: bool, input: Input) -> Next {
    match input {
        Input::WidgetReady => at_rest(agreed, wanted, drawn),
        Input::WidgetFailed(error) => (Phase::Failed { wanted, error }, None),
        Input::AmountWanted(wanted) => (Phase::Rendering { wanted, drawn, agreed }, None),
        Input::AgreementChanged(agreed) => (Phase::Rendering { wanted, drawn, agreed }, None),
        Input::Loaded
        | Input::LoadFailed(_)
        | Input::AmountApplied(_)
        | Input::PayPressed
        | Input::RequestFailed(_)
        | Input::RequestEnded
        | Input::Retry => (Phase::Rendering { wanted, drawn, agreed }, None),
    }
}

fn ready(agreed: bool, wanted: Won, applied: Won, updating: Option<Won>, input: Input) -> Next {
    let now = Phase::Ready { agreed, wanted, applied, updating };
    match input {
        Input::AmountWanted(wanted) if updating.is_none() => at_rest(agreed, wanted, applied),
        Input::AmountWanted(wanted) => (Phase::Ready { agreed, wanted, applied, updating }, None),
        Input::AmountApplied(amount) if updating == Some(amount) => at_rest(agreed, wanted, amount),
        Input::AgreementChanged(agreed) => (Phase::Ready { agreed, wanted, applied, updating }, None),
        Input::PayPressed if now.can_pay() => {
            let phase = Phase::Requesting { agreed, wanted, applied, broken: None };
            (phase, Some(Effect::RequestPayment))
        }
        Input::WidgetFailed(error) => (Phase::Failed { wanted, error }, None),
        Input::Loaded
        | Input::LoadFailed(_)
        | Input::WidgetReady
        | Input::AmountApplied(_)
        | Input::PayPressed
        | Input::RequestFailed(_)
        | Input::RequestEnded
        | Input::Retry => (now, None),
    }
}

fn requesting(agreed: bool, wanted: Won, applied: Won, broken: Option<WidgetError>, input: Input) -> Next {
    match input {
        Input::RequestFailed(_) | Input::RequestEnded => match broken {
            Some(error) => (Phase::Failed { wanted, error }, None),
            None => at_rest(agreed, wanted, applied),
        },
        Input::AmountWanted(wanted) => (Phase::Requesting { agreed, wanted, applied, broken }, None),
        Input::AgreementChanged(agreed) => (Phase::Requesting { agreed, wanted, applied, broken }, None),
        Input::WidgetFailed(error) => {
            let broken = broken.or(Some(error));
            (Phase::Requesting { agreed, wanted, applied, broken }, None)
        }
        Input::Loaded | Input::LoadFailed(_) | Input::WidgetReady | Input::AmountApplied(_) | Input::PayPressed | Input::Retry => {
            (Phase::Requesting { agreed, wanted, applied, broken }, None)
        }
    }
}

fn failed(wanted: Won, error: WidgetError, input: Input) -> Next {
    match input {
        Input::Retry => Phase::start(wanted),
        Input::AmountWanted(wanted) => (Phase::Failed { wanted, error }, None),
        Input::Loaded
        | Input::LoadFailed(_)
        | Input::WidgetReady
        | Input::WidgetFailed(_)
        | Input::AmountApplied(_)
        | Input::AgreementChanged(_)
        | Input::PayPressed
        | Input::RequestFailed(_)
        | Input::RequestEnded => (Phase::Failed { wanted, error }, None),
    }
}

/// Ready, with nothing on its way; if the amounts differ, the change sets out at once.
fn at_rest(agreed: bool, wanted: Won, applied: Won) -> Next {
    let updating = (wanted != applied).then_some(wanted);
    (Phase::Ready { agreed, wanted, applied, updating }, updating.map(Effect::UpdateAmount))
}
