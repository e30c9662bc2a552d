//! A button that copies what stands beside it.

use crate::domain::lang::Lang;
use crate::domain::texts;
use leptos::nonce::use_nonce;
use leptos::prelude::*;

/// Works before the program of the page has been fetched, and shows buttons only where they work. Browsers give pages that came over
/// plain http no clipboard.
const SCRIPT: &str = "for(const b of document.querySelectorAll('[data-copy]')){b.hidden=false;\
    b.onclick=async()=>{const s=b.nextElementSibling;\
    try{await navigator.clipboard.writeText(b.dataset.copy);s.textContent=b.dataset.copied}\
    catch{s.textContent=b.dataset.failed}}}";

/// Copies `text`, and says whether that worked. In a page that the server has made: the script is a part of it.
#[component]
pub fn CopyButton(lang: Lang, text: String) -> impl IntoView {
    view! {
        <button type="button" class="copy" hidden data-copy=text data-copied=texts::copied(lang) data-failed=texts::not_copied(lang)>
            {texts::copy(lang)}
        </button>
        <span role="status" class="copy-said"></span>
        <script nonce=use_nonce() inner_html=SCRIPT></script>
    }
}
