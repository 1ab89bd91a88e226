//! A labelled field of a form, with its hint and its error beside it.

use leptos::prelude::*;

/// One line of text to fill in.
#[component]
pub fn Field(
    /// What to fill in.
    #[prop(into)]
    label: String,
    /// Its name in the form.
    #[prop(into)]
    name: String,
    /// What was typed.
    #[prop(into, optional)]
    value: String,
    /// `text`, `email`, `tel`, `number`.
    #[prop(default = "text")]
    kind: &'static str,
    /// What the browser may fill in by itself.
    #[prop(optional)]
    autocomplete: Option<&'static str>,
    /// Which keys a phone shows.
    #[prop(optional)]
    inputmode: Option<&'static str>,
    /// What the phone's return key says.
    #[prop(optional)]
    enterkeyhint: Option<&'static str>,
    /// Must be filled in; others are marked as optional.
    #[prop(optional)]
    required: bool,
    /// Most characters.
    #[prop(optional)]
    maxlength: Option<u16>,
    /// Help below the label.
    #[prop(into, optional)]
    hint: Option<String>,
    /// What is wrong with what was typed.
    #[prop(default = None)]
    error: Option<String>,
) -> impl IntoView {
    let id = format!("field-{}", name.replace(['/', '.', '_', '[', ']'], "-"));
    let hint_id = hint.is_some().then(|| format!("{id}-hint"));
    let error_id = error.is_some().then(|| format!("{id}-error"));
    let described = [&hint_id, &error_id].into_iter().flatten().cloned().collect::<Vec<_>>();
    view! {
        <div class="field">
            <label for=id.clone()>
                {label} {(!required).then(|| view! { <span class="muted">" (optional)"</span> })}
            </label>
            {hint.map(|hint| view! { <p class="muted small" id=hint_id>{hint}</p> })}
            <input
                id=id
                name=name
                type=kind
                value=value
                autocomplete=autocomplete
                inputmode=inputmode
                enterkeyhint=enterkeyhint
                required=required
                maxlength=maxlength
                aria-invalid=error.is_some().then_some("true")
                aria-describedby=(!described.is_empty()).then(|| described.join(" "))
            />
            {error.map(|error| view! { <p class="error small" id=error_id>{error}</p> })}
        </div>
    }
}
