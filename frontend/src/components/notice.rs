//! One message about what just happened, or what stands in the way.

use leptos::prelude::*;

use super::{Icon, Sign};

/// What kind of news it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// It worked.
    Good,
    /// Something to know.
    Plain,
    /// It did not work.
    Bad,
}

/// A notice; bad news is announced at once, the rest politely.
#[component]
pub fn Notice(
    /// What kind of news it is.
    tone: Tone,
    /// The news.
    children: Children,
) -> impl IntoView {
    let (class, role) = match tone {
        Tone::Good => ("notice good", "status"),
        Tone::Plain => ("notice", "status"),
        Tone::Bad => ("notice bad", "alert"),
    };
    view! {
        <div class=class role=role>
            {(tone == Tone::Good).then(|| view! { <Icon sign=Sign::Tick/> })}
            <div>{children()}</div>
        </div>
    }
    .into_any()
}
