//! What must not compile: printing or serialising a secret, and taking for verified what is not.
//!
//! Each case is refused in words that have not changed in years, so that no new compiler breaks it. The cases stand in a
//! package of their own, since they are built from scratch with all that their package depends on.

#[test]
fn a_secret_is_neither_printed_nor_serialised_nor_taken_for_granted() {
    trybuild::TestCases::new().compile_fail("cases/*.rs");
}
