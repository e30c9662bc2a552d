//! The lists beside this have everything that is public, under one path each: a type that is new is asked what it promises.
#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]

use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

const LISTS: &str = include_str!("threads.rs");

/// The lines of each source outside the tests at its end, by its path.
fn sources() -> BTreeMap<String, Vec<String>> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let mut open = vec![root.clone()];
    let mut sources = BTreeMap::new();
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).expect("a folder").map(|entry| -> PathBuf { entry.expect("an entry").path() }));
        } else {
            let text = fs::read_to_string(&path).expect("a source");
            let name = path.strip_prefix(&root).expect("within").to_string_lossy().replace('\\', "/");
            sources.insert(name, text.lines().take_while(|line| *line != "#[cfg(test)]").map(str::to_owned).collect());
        }
    }
    sources
}

/// The public types that are declared in these lines.
fn declared(lines: &[String]) -> Vec<String> {
    let mut names = Vec::new();
    for (at, line) in lines.iter().enumerate() {
        let line = line.trim_start();
        let by_hand = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum "));
        // What a macro declares stands in its first line after the doc comment.
        let by_macro = ["open_words! {", "taken_words! {"].contains(&line);
        let in_macro = by_macro.then(|| lines[at..].iter().skip(1).map(|line| line.trim()).find(|line| !line.starts_with("//")));
        let name = by_hand.or(in_macro.flatten()).map(|rest| rest.split(|c: char| !c.is_alphanumeric()).next().unwrap_or_default());
        // In the macros themselves there is no name.
        names.extend(name.filter(|name| !name.is_empty()).map(str::to_owned));
    }
    names
}

/// The words of a text.
fn words(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_alphanumeric() || c == '_')).filter(|word| !word.is_empty())
}

fn unlisted(names: Vec<String>, at_least: usize) -> Vec<String> {
    assert!(names.len() >= at_least, "only {} were found: {names:?}", names.len());
    names.into_iter().filter(|name| !words(LISTS).any(|listed| listed == name)).collect()
}

#[test]
fn every_public_type_is_listed() {
    let names = sources().values().flat_map(|lines| declared(lines)).collect();
    assert_eq!(unlisted(names, 60), Vec::<String>::new());
}

#[test]
fn every_public_future_is_listed() {
    let sources = sources();
    let names = sources.values().flatten().filter_map(|line| line.trim().strip_prefix("pub async fn "));
    let names = names.map(|rest| words(rest).next().unwrap_or_default().to_owned());
    assert_eq!(unlisted(names.collect(), 20), Vec::<String>::new());
}

#[test]
fn every_public_type_has_one_path() {
    let (mut of_modules, mut exported) = (Vec::new(), Vec::new());
    for (path, lines) in sources() {
        // These two modules are public as they are; from all others types are handed on, each once.
        if !["goods.rs", "machine.rs"].contains(&path.as_str()) {
            of_modules.extend(declared(&lines));
        }
        let text = lines.join("\n");
        for statement in text.split("\npub use ").skip(1) {
            let statement = statement.split(';').next().unwrap_or_default();
            if !statement.starts_with("toss_types") {
                exported.extend(words(statement).filter(|word| word.starts_with(char::is_uppercase)).map(str::to_owned));
            }
        }
    }
    of_modules.sort_unstable();
    exported.sort_unstable();
    assert!(of_modules.len() >= 60, "only {of_modules:?} were found");
    assert_eq!(exported, of_modules);
}

#[test]
fn what_a_user_builds_or_reads_may_get_further_fields() {
    let mut closed = Vec::new();
    for lines in sources().into_values() {
        let lines: Vec<&str> = lines.iter().map(|line| line.trim_start()).collect();
        for (at, line) in lines.iter().enumerate() {
            let name = line.strip_prefix("pub struct ").or_else(|| line.strip_prefix("pub enum ")).and_then(|rest| rest.strip_suffix(" {"));
            let Some(name) = name else { continue };
            let mut body = lines[at + 1..].iter().take_while(|line| **line != "}");
            let can_be_written_out = line.starts_with("pub enum ") || body.any(|line| line.starts_with("pub "));
            let mut attributes = lines[..at].iter().rev().take_while(|line| line.starts_with("#["));
            if can_be_written_out && !attributes.any(|line| *line == "#[non_exhaustive]") {
                closed.push(name.to_owned());
            }
        }
    }
    closed.sort_unstable();
    // Those whose every case a page has to deal with.
    assert_eq!(closed, ["Amount", "Customer", "Effect", "Input", "Phase"]);
}
