//! A field of the contact data.

use crate::domain::customer::CustomerField;
use crate::domain::lang::Lang;
use crate::domain::texts;
use leptos::prelude::*;

/// Which field, with what a browser should know about it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum FieldKind {
    /// Full name.
    Name,
    /// E-mail address.
    Email,
    /// Mobile phone.
    Phone,
}

impl FieldKind {
    /// The widget of a field of the domain.
    #[must_use]
    pub const fn of(field: CustomerField) -> FieldKind {
        match field {
            CustomerField::Name => FieldKind::Name,
            CustomerField::Email => FieldKind::Email,
            CustomerField::Phone => FieldKind::Phone,
        }
    }

    /// The reverse of [`FieldKind::of`].
    #[must_use]
    pub const fn field(self) -> CustomerField {
        match self {
            FieldKind::Name => CustomerField::Name,
            FieldKind::Email => CustomerField::Email,
            FieldKind::Phone => CustomerField::Phone,
        }
    }

    /// The element's id.
    #[must_use]
    pub const fn id(self) -> &'static str {
        match self {
            FieldKind::Name => "customer-name",
            FieldKind::Email => "customer-email",
            FieldKind::Phone => "customer-phone",
        }
    }

    const fn error_id(self) -> &'static str {
        match self {
            FieldKind::Name => "customer-name-error",
            FieldKind::Email => "customer-email-error",
            FieldKind::Phone => "customer-phone-error",
        }
    }

    const fn label(self, lang: Lang) -> &'static str {
        match self {
            FieldKind::Name => texts::name(lang),
            FieldKind::Email => texts::email(lang),
            FieldKind::Phone => texts::phone(lang),
        }
    }

    const fn input_type(self) -> &'static str {
        match self {
            FieldKind::Name => "text",
            FieldKind::Email => "email",
            FieldKind::Phone => "tel",
        }
    }

    const fn autocomplete(self) -> &'static str {
        match self {
            FieldKind::Name => "name",
            FieldKind::Email => "email",
            FieldKind::Phone => "tel",
        }
    }
}

/// Label, input and what is wrong with it.
#[component]
pub fn Field(
    lang: Lang,
    kind: FieldKind,
    #[prop(into)] value: Signal<String>,
    #[prop(into)] error: Signal<Option<&'static str>>,
    on_input: Callback<(CustomerField, String)>,
) -> impl IntoView {
    view! {
        <div class="field">
            <label for=kind.id()>{kind.label(lang)}</label>
            <input
                id=kind.id()
                type=kind.input_type()
                autocomplete=kind.autocomplete()
                required
                value=value.get_untracked()
                prop:value=move || value.get()
                aria-invalid=move || if error.get().is_some() { "true" } else { "false" }
                aria-describedby=kind.error_id()
                on:input=move |event| on_input.run((kind.field(), event_target_value(&event)))
            />
            <p id=kind.error_id() class="error" role="alert">{move || error.get()}</p>
        </div>
    }
}
