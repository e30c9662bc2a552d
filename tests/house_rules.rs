//! The rules of the house that no compiler enforces. Each names the file and line that breaks it.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::fs;
use std::path::{Path, PathBuf};

const MAX_LINES: usize = 400;

struct Source {
    /// From the project's root, with `/`.
    path: String,
    text: String,
}

impl Source {
    /// Lines outside the tests at the end of the file and outside comments, with their numbers.
    fn code(&self) -> impl Iterator<Item = (usize, &str)> {
        let lines = self.text.lines().enumerate().take_while(|(_, line)| *line != "#[cfg(test)]");
        lines.filter(|(_, line)| !line.trim_start().starts_with("//")).map(|(index, line)| (index + 1, line))
    }

    fn is_under(&self, folders: &[&str]) -> bool {
        folders.iter().any(|folder| self.path.starts_with(folder))
    }
}

fn sources(folders: &[&str], extensions: &[&str]) -> Vec<Source> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut found = Vec::new();
    let mut open: Vec<PathBuf> = folders.iter().map(|folder| root.join(folder)).collect();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            let skipped = ["target", "node_modules", "test-results", "playwright-report", ".git", "data", "dist"];
            if !path.file_name().is_some_and(|name| skipped.contains(&name.to_str().unwrap())) {
                open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
            }
        } else if extensions.contains(&path.extension().unwrap_or_default().to_str().unwrap()) {
            let relative = path.strip_prefix(root).unwrap().to_str().unwrap().replace('\\', "/");
            found.push(Source { path: relative, text: fs::read_to_string(&path).unwrap() });
        }
    }
    assert!(!found.is_empty(), "no files under {folders:?}: the rule would hold for nothing");
    found.sort_by(|a, b| a.path.cmp(&b.path));
    found
}

fn refuse(rule: &str, offences: Vec<String>) {
    assert!(offences.is_empty(), "{rule}:\n  {}", offences.join("\n  "));
}

/// Tests in files of their own, and fuzzers, which report by panicking.
fn is_test(path: &str) -> bool {
    ["/tests/", "/tests.rs", "_tests/", "_tests.rs", "/fuzz/"].iter().any(|part| path.contains(part))
}

/// Where one of the words stands in code outside the allowed places.
fn words(sources: &[Source], words: &[&str], allowed: &[&str]) -> Vec<String> {
    let mut offences = Vec::new();
    for source in sources.iter().filter(|source| !source.is_under(allowed)) {
        for (number, line) in source.code() {
            offences.extend(words.iter().filter(|word| line.contains(*word)).map(|word| format!("{}:{number}: {word}", source.path)));
        }
    }
    offences
}

const IMPURE: [&str; 10] =
    ["std::time::S", "std::time::I", "std::env", "std::fs", "std::net", "std::io", "tokio", "rusqlite", "reqwest", "axum"];

#[test]
fn the_domain_knows_no_clock_no_randomness_no_environment_and_no_io() {
    let domain = sources(&["src/domain"], &["rs"]);
    let forbidden: Vec<&str> = IMPURE.into_iter().chain(["leptos", "rand", "nanoid", "web_sys"]).collect();
    refuse("src/domain is pure", words(&domain, &forbidden, &[]));
}

#[test]
fn what_pages_show_and_what_becomes_of_orders_are_plain_values() {
    let mut all = sources(&["src/view", "crates/payment-engine/src/order", "crates/payment-engine/src/verdict.rs"], &["rs"]);
    all.retain(|source| !is_test(&source.path));
    refuse("views, orders and verdicts are pure", words(&all, &IMPURE, &[]));
}

#[test]
fn components_know_no_server_functions() {
    let components = sources(&["src/components"], &["rs"]);
    refuse("components get values and give events", words(&components, &["crate::server_fns", "crate::server", "#[server"], &[]));
}

#[test]
fn javascript_is_spoken_in_one_crate() {
    let all = sources(&["src"], &["rs"]);
    let allowed = ["src/lib.rs", "src/islands/", "src/wire/"];
    refuse("JavaScript belongs in crates/toss-widget", words(&all, &["js_sys", "web_sys", "wasm_bindgen"], &allowed));
}

#[test]
fn sql_is_in_the_store() {
    let mut all = sources(&["src", "crates"], &["rs"]);
    all.retain(|source| !is_test(&source.path));
    refuse(
        "SQL belongs in the engine's store",
        words(
            &all,
            &["rusqlite", "tokio_postgres", "SELECT ", "INSERT INTO", "UPDATE orders", "DELETE FROM"],
            &["crates/payment-engine/src/store/"],
        ),
    );
}

#[test]
fn the_hosts_of_toss_are_named_in_constants_only() {
    let all = sources(&["src", "crates", "style"], &["rs", "scss"]);
    let mut offences = words(&all, &["tosspayments.com"], &["src/server/config/toss.rs", "crates/"]);
    offences.retain(|offence| !offence.starts_with("src/components/developer.rs") && !offence.starts_with("src/server/http/csp.rs"));
    refuse("Toss's hosts belong in constants", offences);
}

#[test]
fn features_are_asked_for_where_modules_are_declared() {
    let allowed = ["src/lib.rs", "src/main.rs", "src/app.rs"];
    let mut offences = Vec::new();
    for source in sources(&["src"], &["rs"]).iter().filter(|source| !source.is_under(&allowed)) {
        let code: Vec<_> = source.code().collect();
        for (index, (number, line)) in code.iter().enumerate().filter(|(_, (_, line))| line.contains("cfg") && line.contains("feature =")) {
            let declared = code[index + 1..].iter().map(|(_, line)| *line).find(|line| !line.starts_with("#["));
            if !line.starts_with("#[cfg(") || !declared.is_some_and(|line| line.starts_with("mod ") || line.starts_with("pub mod ")) {
                offences.push(format!("{}:{number}", source.path));
            }
        }
    }
    refuse("cfg(feature) belongs in lib.rs, main.rs and module declarations", offences);
}

#[test]
fn nothing_panics_but_a_broken_invariant() {
    let all = sources(&["src", "crates"], &["rs"]);
    let mut offences = words(&all, &[".unwrap()", "panic!(", "unreachable!(", "todo!(", "unimplemented!(", "dbg!("], &[]);
    for source in all.iter().filter(|source| !is_test(&source.path)) {
        for (number, line) in source.code() {
            if line.contains(".expect(") && !line.contains(".expect(\"invariant: ") {
                offences.push(format!("{}:{number}: expect without an invariant", source.path));
            }
        }
    }
    offences.retain(|offence| !is_test(offence) && !offence.contains("/examples/"));
    refuse("outside tests only expect(\"invariant: …\") may panic", offences);
}

#[test]
fn money_is_never_a_float() {
    let all = sources(&["src", "crates"], &["rs"]);
    refuse("money is whole won", words(&all, &["f64", "f32"], &["crates/toss-widget/", "crates/toss-sandbox/"]));
}

#[test]
fn an_allow_has_its_reason_beside_it() {
    let all = sources(&["src", "crates", "tests", "bench"], &["rs"]);
    let mut offences = Vec::new();
    for source in &all {
        for (index, line) in source.text.lines().enumerate() {
            let is_allow = line.contains("#[allow(") || line.contains("#![allow(") || line.contains("allow(clippy");
            if is_allow && !line.trim_start().starts_with("//") && !line.contains("reason =") && !line.contains("line.contains") {
                offences.push(format!("{}:{}", source.path, index + 1));
            }
        }
    }
    refuse("#[allow] needs a reason", offences);
}

#[test]
fn no_file_is_longer_than_a_reader_can_hold() {
    let all = sources(&["src", "crates", "tests", "bench", "end2end", "scripts", "style"], &["rs", "ts", "js", "scss", "sh", ""]);
    let long = all.iter().map(|source| (source, source.text.lines().count())).filter(|(_, lines)| *lines > MAX_LINES);
    refuse("a file that passes 400 lines is asking to be two", long.map(|(source, lines)| format!("{}: {lines}", source.path)).collect());
}

#[test]
fn tests_are_never_skipped_and_never_wait_for_a_time() {
    let all = sources(&["src", "crates", "tests", "end2end"], &["rs", "ts"]);
    let words = ["#[ignore", "test.skip(", "test.fixme(", "test.only(", "describe.only(", "waitForTimeout(", "thread::sleep("];
    let mut offences = Vec::new();
    for source in all.iter().filter(|source| source.path != "tests/house_rules.rs") {
        for (index, line) in source.text.lines().enumerate() {
            // Only Playwright knows retries that hide a flake; elsewhere the word may be a field's.
            let retries = source.path.starts_with("end2end/").then_some("retries:");
            let words = words.iter().copied().chain(retries).filter(|word| line.contains(word));
            offences.extend(words.map(|word| format!("{}:{}: {word}", source.path, index + 1)));
        }
    }
    refuse("tests wait for conditions and all of them run", offences);
}

#[test]
fn every_variable_is_in_the_example() {
    let example = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join(".env.example")).unwrap();
    let config = sources(&["src/server/config"], &["rs"]);
    let read =
        |line: &str| line.match_indices("get(\"").map(|(at, _)| line[at + 5..].split('"').next().unwrap().to_owned()).collect::<Vec<_>>();
    let code = config.iter().filter(|source| !is_test(&source.path)).flat_map(Source::code);
    let names: Vec<String> = code.flat_map(|(_, line)| read(line)).collect();
    assert!(names.len() > 5, "the variables could not be found");
    refuse(".env.example has every variable", names.into_iter().filter(|name| !example.contains(&format!("{name}="))).collect());
}
