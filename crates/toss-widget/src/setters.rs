//! Builder methods. A struct that is built by hand may get further fields in any version, so that nobody can write it out;
//! for every field there is a method of its name, and the fields can be read and assigned.

/// One method per field: `text` for an `Option<String>`, `some` for another `Option`, `list` for a `Vec` as a whole, `set`
/// for what is always there.
macro_rules! setters {
    ($owner:ident { $($kind:ident $field:ident $(: $type:ty)?,)+ }) => {
        impl $owner {
            $($crate::setters::setter! { $kind $owner $field $(: $type)? })+
        }
    };
}

macro_rules! setter {
    (text $owner:ident $field:ident) => {
        #[doc = concat!("Sets [`", stringify!($field), "`](field@", stringify!($owner), "::", stringify!($field), ").")]
        #[must_use]
        pub fn $field(mut self, $field: impl Into<String>) -> $owner {
            self.$field = Some($field.into());
            self
        }
    };
    (some $owner:ident $field:ident: $type:ty) => {
        #[doc = concat!("Sets [`", stringify!($field), "`](field@", stringify!($owner), "::", stringify!($field), ").")]
        #[must_use]
        pub fn $field(mut self, $field: $type) -> $owner {
            self.$field = Some($field);
            self
        }
    };
    (list $owner:ident $field:ident: $type:ty) => {
        #[doc = concat!("Sets [`", stringify!($field), "`](field@", stringify!($owner), "::", stringify!($field), "), all of it.")]
        #[must_use]
        pub fn $field(mut self, $field: impl IntoIterator<Item = $type>) -> $owner {
            self.$field = $field.into_iter().collect();
            self
        }
    };
    (set $owner:ident $field:ident: $type:ty) => {
        #[doc = concat!("Sets [`", stringify!($field), "`](field@", stringify!($owner), "::", stringify!($field), ").")]
        #[must_use]
        pub fn $field(mut self, $field: $type) -> $owner {
            self.$field = $field;
            self
        }
    };
}

/// `new` for what has nothing that has to be said.
macro_rules! empty_new {
    ($($owner:ident),+) => {$(
        impl $owner {
            /// Nothing set.
            #[must_use]
            pub fn new() -> $owner {
                $owner::default()
            }
        }
    )+};
}

/// `Debug` for what holds something of JavaScript's, of which nothing can be said.
macro_rules! opaque {
    ($($owner:ident),+) => {$(
        impl ::std::fmt::Debug for $owner {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.debug_struct(stringify!($owner)).finish_non_exhaustive()
            }
        }
    )+};
}

pub(crate) use {empty_new, opaque, setter, setters};
