//! The table of what is known of Toss, generated into `CONFORMANCE.md`: one row per error code of each call, per change of
//! a payment's status, and per rule. Sources are public; nothing was measured for it.

mod account_codes;
mod api_rules;
mod changes;
mod known;
mod page;
mod payment_codes;
mod payment_rules;
mod row;
mod sdk_v1;
mod sdk_v2;
mod webhook_rules;

use std::{collections::HashSet, env, fs, path::Path};

pub use changes::CHANGES;
pub use row::{Change, Product};
use row::{ON_REQUEST, Refusal, Rows, Section, Shown};
use toss_sandbox::Code;

/// The test that makes every change of status of the table.
const EVERY_CHANGE: &str = "changes::every_change_of_the_table_happens_and_tells_what_the_table_says";
/// Set, it writes the page instead of comparing it.
const WRITE: &str = "WRITE_CONFORMANCE";

fn sections() -> Vec<Section> {
    let changes = Section { title: "The life of a payment", rows: Rows::Changes(CHANGES) };
    let parts = [
        vec![changes],
        payment_rules::sections(),
        api_rules::sections(),
        webhook_rules::sections(),
        sdk_v1::sections(),
        sdk_v2::sections(),
        payment_codes::sections(),
        account_codes::sections(),
    ];
    parts.into_iter().flatten().collect()
}

fn refusals() -> Vec<(&'static str, Refusal)> {
    let rows = |section: &Section| match section.rows {
        Rows::Refusals(rows) => rows.iter().map(|row| (section.title, *row)).collect(),
        Rows::Rules(_) | Rows::Changes(_) => Vec::new(),
    };
    sections().iter().flat_map(rows).collect()
}

#[test]
fn the_page_is_what_the_table_says() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("CONFORMANCE.md");
    let page = page::page(&sections());
    if env::var_os(WRITE).is_some() {
        fs::write(&path, page).unwrap();
        return;
    }
    let stored = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        stored == page,
        "the table has changed: `{WRITE}=1 cargo test -p toss-sandbox --test sandbox conformance` writes CONFORMANCE.md"
    );
}

#[test]
fn every_test_that_is_named_exists_and_one_for_a_code_speaks_of_it() {
    let mut known = known::Known::default();
    let mut wrong = Vec::new();
    let mut tests = vec![(ON_REQUEST, None), (EVERY_CHANGE, None)];
    for section in sections() {
        match section.rows {
            Rows::Rules(rules) => {
                for rule in rules {
                    if let Shown::By(shown) = rule.shown {
                        assert!(!shown.is_empty(), "{}: shown by nothing", rule.what);
                        tests.extend(shown.iter().map(|test| (*test, None)));
                    }
                }
            }
            Rows::Refusals(rows) => {
                for row in rows {
                    if let Shown::By(shown) = row.shown {
                        assert!(!shown.is_empty(), "{}: shown by nothing", row.code);
                        tests.extend(shown.iter().map(|test| (*test, Some(row.code))));
                    }
                }
            }
            Rows::Changes(_) => {}
        }
    }
    for (test, code) in tests {
        match (known.body(test), code) {
            (Err(why), _) => wrong.push(why),
            (Ok(Some(body)), Some(code)) if !body.contains(code) => wrong.push(format!("{test}: does not speak of {code}")),
            (Ok(_), _) => {}
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_code_of_the_sandbox_has_a_row_and_every_row_its_status() {
    let rows = refusals();
    let mut listed = HashSet::new();
    for (section, row) in &rows {
        let code = Code::parse(row.code).unwrap_or_else(|| panic!("{section}: the sandbox has no {}", row.code));
        assert_eq!(row.status, code.status().as_u16(), "{section}: {}", row.code);
        assert!(listed.insert((*section, row.code)), "{section}: {} stands twice", row.code);
    }
    let missing: Vec<_> = Code::ALL.iter().map(|code| code.as_str()).filter(|code| rows.iter().all(|(_, row)| row.code != *code)).collect();
    assert!(missing.is_empty(), "no row for {missing:?}");
}
