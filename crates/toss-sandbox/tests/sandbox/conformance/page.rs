//! The table as a page.

use std::fmt::Write;

use toss_sandbox::Status;

use super::{
    known,
    row::{Change, Mark, ON_REQUEST, Rows, Rule, Section, Shown},
};

const HEAD: &str = "# Conformance

What is known of Toss Payments, row by row: where it is said, how well it is known, and which test shows that the sandbox
does it. Generated from `tests/sandbox/conformance`; a test keeps it true: every test named here exists, every code of the
sandbox has a row with its HTTP status, every change of a payment's status that it can make is made and its webhooks are
compared.

| mark | |
|---|---|
| documented | Toss's documentation says it |
| published types | the types or the source of Toss's npm packages say it |
| measured by others | somebody has measured or logged it at Toss and published that; nothing was measured for this table |
| assumed | nobody says it, or sources disagree: a choice, often one of `Config::choices` |

*On request*: nothing in the sandbox causes the code by itself. It comes with `TossPayments-Test-Code`, a fault, or a
refusal in the payment window.
";

pub fn page(sections: &[Section]) -> String {
    let mut page = HEAD.to_owned();
    let mut missing = Vec::new();
    counts(&mut page, sections);
    for section in sections {
        let _ = write!(page, "\n## {}\n\n", section.title);
        match section.rows {
            Rows::Rules(rules) => {
                page += "| what | mark | source | shown by |\n|---|---|---|---|\n";
                for rule in rules {
                    let Rule { what, mark, source, shown } = *rule;
                    if let Shown::Missing(why) = shown {
                        missing.push((section.title, what, mark, source, why));
                    } else {
                        let _ = writeln!(page, "| {what} | {} | {source} | {} |", mark.word(), tests(shown));
                    }
                }
            }
            Rows::Refusals(refusals) => {
                page += "| | code | when | mark | source | shown by |\n|---|---|---|---|---|---|\n";
                for row in refusals {
                    let (status, code, when) = (row.status, row.code, row.when);
                    let _ =
                        writeln!(page, "| {status} | `{code}` | {when} | {} | {} | {} |", row.mark.word(), row.source, tests(row.shown));
                }
            }
            Rows::Changes(changes) => {
                page += "| from | to | when | PAYMENT_STATUS_CHANGED | DEPOSIT_CALLBACK | CANCEL_STATUS_CHANGED | mark | source |\n\
                         |---|---|---|---|---|---|---|---|\n";
                for change in changes {
                    let Change { changed, deposit, cancel, when, mark, source, .. } = *change;
                    let (from, to) = (change.from.map_or("—", Status::as_str), change.to.as_str());
                    let sent = |it: bool| if it { "yes" } else { "no" };
                    let (changed, deposit, cancel) = (sent(changed), sent(deposit), sent(cancel));
                    let _ = writeln!(page, "| {from} | {to} | {when} | {changed} | {deposit} | {cancel} | {} | {source} |", mark.word());
                }
                let all = tests(Shown::By(&[super::EVERY_CHANGE]));
                let _ = write!(page, "\nEach row is made and compared by {all}.\n");
            }
        }
    }
    page += "\n## Not reproduced\n\n| section | what | mark | source | why |\n|---|---|---|---|---|\n";
    for (section, what, mark, source, why) in missing {
        let _ = writeln!(page, "| {section} | {what} | {} | {source} | {why} |", mark.word());
    }
    page
}

fn counts(page: &mut String, sections: &[Section]) {
    let mut marks = [Mark::Documented, Mark::Published, Mark::Measured, Mark::Assumed].map(|mark| (mark, 0));
    let (mut asked, mut missing) = (0, 0);
    let mut note = |mark: Mark, shown: Shown| {
        if let Some((_, count)) = marks.iter_mut().find(|(it, _)| *it == mark) {
            *count += 1;
        }
        match shown {
            Shown::By(_) => {}
            Shown::OnRequest => asked += 1,
            Shown::Missing(_) => missing += 1,
        }
    };
    for section in sections {
        match section.rows {
            Rows::Rules(rules) => rules.iter().for_each(|row| note(row.mark, row.shown)),
            Rows::Refusals(rows) => rows.iter().for_each(|row| note(row.mark, row.shown)),
            Rows::Changes(rows) => rows.iter().for_each(|row| note(row.mark, Shown::By(&[]))),
        }
    }
    let total: usize = marks.iter().map(|(_, count)| count).sum();
    let words: Vec<_> = marks.iter().map(|(mark, count)| format!("{count} {}", mark.word())).collect();
    let _ = write!(page, "\n{total} rows: {}. {asked} of them on request, {missing} not reproduced.\n", words.join(", "));
}

fn tests(shown: Shown) -> String {
    let link = |test: &&str| {
        let (file, name) = known::place(test);
        let short = file.rsplit('/').next().unwrap_or(&file);
        match file.strip_prefix(known::CRATE) {
            Some(inside) => format!("[{short}]({inside}) {name}"),
            // The package comes without it: a link would lead nowhere.
            None => format!("{file} {name}"),
        }
    };
    match shown {
        Shown::By(tests) => tests.iter().map(link).collect::<Vec<_>>().join("<br>"),
        Shown::OnRequest => format!("on request: {}", link(&ON_REQUEST)),
        Shown::Missing(why) => why.to_owned(),
    }
}
