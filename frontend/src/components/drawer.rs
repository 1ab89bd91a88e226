//! The drawer that opens when something went into the cart.

use leptos::prelude::*;

use super::{Icon, Sign};
use crate::{islands::CartDrawer, texts};

/// Closed and empty as it is sent; the island fills and opens it. Without scripts
/// the cart's own page does its work.
#[component]
pub fn Drawer() -> impl IntoView {
    view! {
        <CartDrawer>
            <dialog class="drawer" aria-labelledby="drawer-title">
                <header>
                    <h2 id="drawer-title" tabindex="-1">{texts::drawer_title()}</h2>
                    <button type="button" class="close" aria-label=texts::drawer_close()>
                        <Icon sign=Sign::Cross/>
                    </button>
                </header>
                <ul class="lines"></ul>
                <template>
                    <li>
                        <img alt="" width="80" height="80"/>
                        <div>
                            <a class="name"></a>
                            <p class="options muted small"></p>
                            <p class="many muted small"></p>
                        </div>
                        <p class="price"></p>
                    </li>
                </template>
                <footer>
                    <p class="free small"></p>
                    <p class="sum"><span>{texts::drawer_subtotal()}</span><span class="price"></span></p>
                    <a class="button primary wide" href="/checkout">{texts::drawer_check_out()}</a>
                    <a class="button wide" href="/cart">{texts::drawer_see_cart()}</a>
                </footer>
            </dialog>
        </CartDrawer>
    }
    .into_any()
}
