//! Getting the script into the page.

use crate::fake::{self, Page, load, load_error, options, poll_once};
use std::pin::pin;
use std::task::Poll;
use toss_widget::{ErrorCode, FetchPriority, LoadOptions, clear};
use wasm_bindgen_test::wasm_bindgen_test as test;

#[test]
async fn the_script_is_fetched_and_its_tag_stays() {
    let _page = Page::new();
    fake::watch_appends(false);
    let src = fake::script("good");
    load(&options(&src)).await.expect("loads");
    assert_eq!((fake::tag_count(&src), fake::appended_count()), (1, 1));
}

#[test]
async fn concurrent_callers_share_one_script_and_get_a_widget_each() {
    let _page = Page::new();
    fake::watch_appends(false);
    let options = options(&fake::script("good"));
    let mut second = pin!(load(&options));
    let mut third = pin!(load(&options));
    assert!(poll_once(second.as_mut()).is_pending());
    assert!(poll_once(third.as_mut()).is_pending());
    load(&options).await.expect("loads");
    second.await.expect("loads");
    third.await.expect("loads");
    assert_eq!(fake::appended_count(), 1);
    assert_eq!(fake::take_calls().lines().count(), 3);
}

#[test]
async fn a_global_that_is_there_is_used_at_once() {
    let _page = Page::new();
    fake::watch_appends(false);
    fake::define_global();
    let options = options(&fake::script("good"));
    let mut loading = pin!(load(&options));
    assert!(matches!(poll_once(loading.as_mut()), Poll::Ready(Ok(_))));
    assert_eq!(fake::appended_count(), 0);
}

#[test]
async fn an_element_with_the_globals_name_is_not_mistaken_for_it() {
    let _page = Page::new();
    fake::plant_namesake();
    assert_eq!(load_error(&options(&fake::script(""))).await, ErrorCode::NoGlobal);
    load(&options(&fake::script("good"))).await.expect("loads");
}

#[test]
async fn a_blocked_script_is_told_apart_and_can_be_tried_again() {
    let _page = Page::new();
    fake::watch_appends(false);
    let src = fake::broken_script();
    for attempt in 1..=2 {
        assert_eq!(load_error(&options(&src)).await, ErrorCode::Blocked);
        assert_eq!((fake::appended_count(), fake::tag_count(&src)), (attempt, 0));
    }
    load(&options(&fake::script("good"))).await.expect("loads");
}

#[test]
async fn a_script_without_its_global_is_told_apart() {
    let _page = Page::new();
    for source in ["", "window.PaymentWidget = { not: 'a function' }", "throw new Error('at once')"] {
        let src = fake::script(source);
        // The third one reports its error to the page itself, which is not ours to catch.
        let source_throws = source.starts_with("throw");
        assert_eq!(load_error(&options(&src)).await, ErrorCode::NoGlobal);
        assert_eq!(fake::tag_count(&src), 0);
        if source_throws {
            assert!(fake::take_uncaught().contains("at once"));
        }
    }
}

#[test]
async fn waiting_ends_and_the_next_call_starts_afresh() {
    let _page = Page::new();
    fake::watch_appends(true);
    let src = fake::script("good");
    let hasty = options(&src).timeout_ms(1);
    assert_eq!(load_error(&hasty).await, ErrorCode::TimedOut);
    fake::watch_appends(false);
    load(&options(&src)).await.expect("loads");
    assert_eq!(fake::appended_count(), 2);
}

#[test]
async fn a_failure_reaches_every_caller_and_then_is_forgotten() {
    let _page = Page::new();
    let options = options(&fake::broken_script());
    let mut second = pin!(load_error(&options));
    assert!(poll_once(second.as_mut()).is_pending());
    assert_eq!(load_error(&options).await, ErrorCode::Blocked);
    assert_eq!(second.await, ErrorCode::Blocked);
}

#[test]
async fn a_failure_that_nobody_waits_for_is_forgotten_too() {
    let _page = Page::new();
    fake::watch_appends(true);
    let src = fake::script("good");
    {
        let hasty = options(&src).timeout_ms(1);
        let mut abandoned = pin!(load(&hasty));
        assert!(poll_once(abandoned.as_mut()).is_pending());
    }
    // Timers of one length end in the order they were set: when this one has ended, so has the abandoned one.
    let other = options(&fake::script("")).timeout_ms(1);
    assert_eq!(load_error(&other).await, ErrorCode::TimedOut);
    fake::watch_appends(false);
    load(&options(&src)).await.expect("starts afresh");
    assert_eq!(fake::appended_count(), 3);
}

#[test]
async fn a_tag_of_the_html_that_is_still_loading_is_waited_for() {
    let _page = Page::new();
    fake::watch_appends(false);
    let src = fake::script("good");
    fake::plant_tag(&src, "interactive");
    let options = options(&src);
    let mut loading = pin!(load(&options));
    assert!(poll_once(loading.as_mut()).is_pending());
    assert_eq!(fake::appended_count(), 0);
    fake::define_global();
    fake::dispatch_to_tag(&src, "load");
    loading.await.expect("loads");
    assert_eq!((fake::appended_count(), fake::tag_count(&src)), (0, 1));
}

#[test]
async fn a_tag_of_the_html_that_fails_while_waited_for_is_blocked() {
    let _page = Page::new();
    let src = fake::script("good");
    fake::plant_tag(&src, "interactive");
    let options = options(&src);
    let mut loading = pin!(load_error(&options));
    assert!(poll_once(loading.as_mut()).is_pending());
    fake::dispatch_to_tag(&src, "error");
    assert_eq!(loading.await, ErrorCode::Blocked);
    assert_eq!(fake::tag_count(&src), 0);
}

#[test]
async fn a_tag_that_failed_before_the_wasm_came_is_replaced_when_the_page_has_loaded() {
    let _page = Page::new();
    fake::watch_appends(false);
    let src = fake::script("good");
    fake::plant_tag(&src, "interactive");
    let options = options(&src);
    let mut loading = pin!(load(&options));
    assert!(poll_once(loading.as_mut()).is_pending());
    fake::dispatch_page_load();
    assert_eq!((fake::appended_count(), fake::tag_count(&src)), (1, 1));
    loading.await.expect("loads");
}

#[test]
async fn a_tag_that_failed_before_the_page_was_complete_is_replaced_at_once() {
    let _page = Page::new();
    fake::watch_appends(false);
    let src = fake::script("good");
    fake::plant_tag(&src, "complete");
    load(&options(&src)).await.expect("loads");
    assert_eq!((fake::appended_count(), fake::tag_count(&src)), (1, 1));
}

#[test]
async fn late_events_of_a_tag_find_nothing_to_end() {
    let _page = Page::new();
    let src = fake::script("good");
    fake::plant_tag(&src, "interactive");
    let options = options(&src);
    let mut loading = pin!(load(&options));
    assert!(poll_once(loading.as_mut()).is_pending());
    fake::define_global();
    fake::dispatch_to_tag(&src, "load");
    fake::dispatch_to_tag(&src, "error");
    fake::dispatch_page_load();
    loading.await.expect("loads");
    assert_eq!(fake::tag_count(&src), 1);
}

#[test]
async fn clearing_ends_a_load_and_removes_tags_and_global() {
    let _page = Page::new();
    fake::watch_appends(true);
    let src = fake::script("good");
    let waiting_options = options(&src);
    let mut waiting = pin!(load_error(&waiting_options));
    assert!(poll_once(waiting.as_mut()).is_pending());
    clear();
    assert_eq!(waiting.await, ErrorCode::Cleared);

    fake::watch_appends(false);
    load(&options(&src)).await.expect("loads");
    assert_eq!(fake::tag_count(&src), 1);
    clear();
    assert_eq!(fake::tag_count(&src), 0);
    assert_eq!(fake::evaluate("'PaymentWidget' in window").as_bool(), Some(false));
}

#[test]
async fn the_tag_carries_nonce_and_priority() {
    let _page = Page::new();
    fake::watch_appends(true);
    let with = options("https://127.0.0.1/v1/payment-widget").nonce("n0nce").fetch_priority(FetchPriority::High).timeout_ms(1);
    assert_eq!(load_error(&with).await, ErrorCode::TimedOut);
    let expected = "<script src=\"https://127.0.0.1/v1/payment-widget\" nonce=\"n0nce\" fetchpriority=\"high\"></script>";
    assert_eq!(fake::last_appended(), expected);

    let without = LoadOptions::new().timeout_ms(1);
    assert_eq!(load_error(&without).await, ErrorCode::TimedOut);
    let expected = "<script src=\"https://js.tosspayments.com/v1/payment-widget\"></script>";
    assert_eq!(fake::last_appended(), expected);
}
