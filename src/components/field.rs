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

/// Label, input with what stands in it to begin with, and what is wrong with it.
#[component]
pub fn Field<E, I>(lang: Lang, kind: FieldKind, value: String, error: E, on_input: I) -> impl IntoView
where
    E: Fn() -> Option<&'static str> + Copy + Send + 'static,
    I: Fn(CustomerField, String) + 'static,
{
    view! {
        <div class="field">
            <label for=kind.id()>{kind.label(lang)}</label>
            <input
                id=kind.id()
                type=kind.input_type()
                autocomplete=kind.autocomplete()
                required
                value=value
                aria-invalid=move || if error().is_some() { "true" } else { "false" }
                aria-describedby=kind.error_id()
                on:input=move |event| on_input(kind.field(), event_target_value(&event))
            />
            <p id=kind.error_id() class="error" role="alert" translate="no">{error}</p>
        </div>
    }
}
