//! The part of a page that a browser's passkeys need scripts for; nothing without them.

use leptos::prelude::*;

use crate::{assets::asset, texts};

/// What the script is to do with passkeys, and what it says when that fails.
pub struct Ceremony {
    /// `get` one, or `create` one.
    pub act: &'static str,
    /// Where it asks how to begin.
    pub start: &'static str,
    /// Where the browser's answer goes.
    pub finish: &'static str,
    /// What every form carries.
    pub csrf: String,
}

impl Ceremony {
    /// A form that is hidden until the script finds that this browser has passkeys.
    pub fn form<V: IntoView + 'static>(self, inside: V) -> impl IntoView {
        view! {
            <form class="passkey stack" method="post" action=self.finish hidden
                data-act=self.act data-start=self.start
                data-refused=texts::account_passkey_refused()
                data-known=texts::account_passkey_known()
                data-failed=texts::account_passkey_failed()>
                <input type="hidden" name="csrf" value=self.csrf/>
                <input type="hidden" name="ceremony"/>
                <input type="hidden" name="credential"/>
                {inside}
                <p class="error" role="alert" hidden></p>
            </form>
        }
        .into_any()
    }
}

/// The script, for the head of a page with such a form.
pub fn script() -> impl IntoView {
    let url = Some(asset("passkey.js")).filter(|url| !url.is_empty());
    url.map(|url| view! { <script r#type="module" src=url></script> })
}
