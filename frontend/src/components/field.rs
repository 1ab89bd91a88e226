//! A form field: label above, hint, and what is wrong beside it.

use leptos::prelude::*;

use crate::texts;

/// One field of a form.
pub struct Field {
    /// Its name in the form, and its id on the page.
    pub name: &'static str,
    /// What it asks for.
    pub label: &'static str,
    /// What is in it.
    pub value: String,
    /// Kind of input.
    pub kind: &'static str,
    /// What browsers may fill in.
    pub autocomplete: &'static str,
    /// Which keyboard a phone shows.
    pub inputmode: &'static str,
    /// Whether it may stay empty.
    pub is_optional: bool,
    /// A regular expression for it.
    pub pattern: Option<String>,
    /// What helps to fill it in.
    pub hint: Option<String>,
    /// What is wrong with it.
    pub error: Option<String>,
    /// What there is to choose from: values and words. Makes it a menu.
    pub options: Option<Vec<(String, String)>>,
}

impl Default for Field {
    fn default() -> Self {
        Self {
            name: "",
            label: "",
            value: String::new(),
            kind: "text",
            autocomplete: "off",
            inputmode: "text",
            is_optional: false,
            pattern: None,
            hint: None,
            error: None,
            options: None,
        }
    }
}

/// Draws the field.
pub fn field(field: Field) -> impl IntoView {
    let (name, error_id, hint_id) =
        (field.name, format!("{}-error", field.name), format!("{}-hint", field.name));
    let described = match (&field.error, &field.hint) {
        (Some(_), Some(_)) => Some(format!("{error_id} {hint_id}")),
        (Some(_), None) => Some(error_id.clone()),
        (None, Some(_)) => Some(hint_id.clone()),
        (None, None) => None,
    };
    let is_wrong = field.error.is_some().then_some("true");
    let label = field
        .is_optional
        .then(|| view! { <span class="muted">" " {texts::field_optional()}</span> });
    let input = if let Some(options) = field.options {
        let options = options
            .into_iter()
            .map(|(value, words)| {
                let is_chosen = value == field.value;
                view! { <option value=value selected=is_chosen>{words}</option> }
            })
            .collect_view();
        view! {
            <select id=name name=name autocomplete=field.autocomplete required=!field.is_optional
                aria-invalid=is_wrong aria-describedby=described>{options}</select>
        }
        .into_any()
    } else {
        view! {
            <input id=name name=name type=field.kind value=field.value
                autocomplete=field.autocomplete inputmode=field.inputmode enterkeyhint="next"
                required=!field.is_optional pattern=field.pattern maxlength="200"
                aria-invalid=is_wrong aria-describedby=described/>
        }
        .into_any()
    };
    view! {
        <div class="field">
            <label for=name>{field.label} {label}</label>
            {field.hint.map(|text| view! { <p class="hint" id=hint_id>{text}</p> })}
            {field.error.map(|text| view! { <p class="error" id=error_id>{text}</p> })}
            {input}
        </div>
    }
    .into_any()
}
