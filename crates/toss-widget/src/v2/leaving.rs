//! What leaves the page, and who has to wait for it. `destroy` takes a while, and Toss refuses to draw a second widget while
//! the first is there (codes, `…_ALREADY_RENDERED`): a component that is mounted anew at once would meet its own past.

use crate::raw::{Latch, Pending, Value, sleep, spawn};
use std::cell::RefCell;

/// How long a widget that leaves is waited for, in ms. A script that never says so must not block the page.
const PATIENCE_MS: u32 = 2_000;

thread_local! {
    static LEAVING: RefCell<Vec<Latch>> = const { RefCell::new(Vec::new()) };
}

/// A drawn widget goes, without anybody who could be told how that went.
pub(super) fn destroy(widget: Value) {
    leave(async move { end(&widget).await });
}

/// A widget whose drawing is under way goes as soon as it is drawn.
pub(super) fn abandon(drawing: Pending) {
    leave(async move {
        if let Ok(widget) = drawing.await {
            end(&widget).await;
        }
    });
}

/// Waits until everything that is leaving has left.
pub(super) async fn all_gone() {
    loop {
        let next = LEAVING.with_borrow(|leaving| leaving.last().cloned());
        let Some(latch) = next else { return };
        latch.opened().await;
    }
}

async fn end(widget: &Value) {
    let Ok(destroyed) = widget.start("destroy", &[]) else { return };
    // Nobody is left to hear of an error; the next drawing meets it again if it matters.
    let _heard = destroyed.await;
}

fn leave(work: impl Future<Output = ()> + 'static) {
    let gone = Latch::default();
    LEAVING.with_borrow_mut(|leaving| leaving.push(gone.clone()));
    let late = gone.clone();
    spawn(async move {
        work.await;
        open(&gone);
    });
    spawn(async move {
        sleep(PATIENCE_MS).await;
        open(&late);
    });
}

fn open(gone: &Latch) {
    gone.open();
    LEAVING.with_borrow_mut(|leaving| leaving.retain(|latch| !latch.is_open()));
}
