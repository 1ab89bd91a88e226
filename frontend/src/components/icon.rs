//! The few signs of the shop, drawn as lines.

use leptos::prelude::*;

/// Which sign.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sign {
    /// A bag.
    Bag,
    /// Points down.
    Down,
    /// Points left.
    Left,
    /// Three lines.
    Menu,
    /// Points right.
    Right,
    /// A magnifying glass.
    Search,
    /// Two sliders.
    Sliders,
    /// Somebody.
    Person,
    /// A tick.
    Tick,
    /// A cross.
    Cross,
}

const PERSON: &str =
    "M10 10.5a3.5 3.5 0 1 0 0-7 3.5 3.5 0 0 0 0 7Zm-6.5 7c.6-3.2 3-5 6.5-5s5.9 1.8 6.5 5";

impl Sign {
    const fn path(self) -> &'static str {
        match self {
            Self::Bag => "M5 7h10l1 10H4L5 7Zm2.5 2V5.5a2.5 2.5 0 0 1 5 0V9",
            Self::Down => "m5.5 8 4.5 4.5L14.5 8",
            Self::Left => "m12 5-5 5 5 5",
            Self::Menu => "M3 6h14M3 10h14M3 14h14",
            Self::Right => "m8 5 5 5-5 5",
            Self::Search => "m17 17-4-4M8.5 14a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11Z",
            Self::Sliders => "M3 6.5h8m4 0h2M3 13.5h2m4 0h8M13 4.5v4M7 11.5v4",
            Self::Person => PERSON,
            Self::Tick => "m4 10.5 4 4 8-9",
            Self::Cross => "m5 5 10 10M15 5 5 15",
        }
    }
}

/// A sign beside words; says nothing to those who listen.
#[component]
pub fn Icon(sign: Sign) -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 20 20" aria-hidden="true">
            <path d=sign.path()></path>
        </svg>
    }
    .into_any()
}
