//! Every public item is shown in use: a function, a type or a trait has an example of its own or stands in one of another.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::HashSet;
use std::fs;
use std::path::{Path, PathBuf};

fn sources(folder: &Path, into: &mut Vec<PathBuf>) {
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            sources(&path, into);
        } else if path.extension().is_some_and(|extension| extension == "rs") && !path.ends_with("tests.rs") {
            into.push(path);
        }
    }
}

/// A public item of the crate's own source. What a macro makes of a name is shown by the macro's callers.
struct Item {
    place: String,
    kind: &'static str,
    name: String,
    has_example: bool,
}

/// The lines of every example, and every public item.
fn read(path: &Path, shown: &mut String, items: &mut Vec<Item>) {
    let source = fs::read_to_string(path).unwrap();
    let (mut fenced, mut has_example) = (false, false);
    for line in source.split("#[cfg(test)]").next().unwrap().lines().map(str::trim) {
        if let Some(doc) = line.strip_prefix("///").or_else(|| line.strip_prefix("//!")) {
            if doc.trim().starts_with("```") {
                fenced = !fenced;
                has_example = true;
            } else if fenced {
                shown.push_str(doc);
                shown.push('\n');
            }
        } else if !line.starts_with("#[") {
            if let Some((kind, name)) = public_item(line) {
                items.push(Item { place: format!("{}: {kind} {name}", path.display()), kind, name, has_example });
            }
            has_example = false;
        }
    }
    assert!(!fenced, "{}: an example without an end", path.display());
}

fn public_item(line: &str) -> Option<(&'static str, String)> {
    let mut words = line.strip_prefix("pub ")?.split_whitespace().skip_while(|word| ["async", "const"].contains(word));
    let word = words.next()?;
    let kind = ["fn", "struct", "enum", "trait"].into_iter().find(|kind| *kind == word)?;
    let rest = words.next()?;
    let name: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect();
    (!name.is_empty()).then_some((kind, name))
}

/// The calls of the client, by the names of their methods.
fn calls(root: &Path) -> Vec<String> {
    let (mut files, mut calls) = (Vec::new(), Vec::new());
    sources(&root.join("src/endpoints"), &mut files);
    for file in files {
        let source = fs::read_to_string(file).unwrap();
        let of_the_client = source.split("\nimpl ").filter(|block| block.starts_with("Client {"));
        calls.extend(of_the_client.flat_map(str::lines).filter_map(|line| public_item(line.trim())).map(|(_, name)| name));
    }
    calls
}

#[test]
fn every_call_stands_in_the_table_of_the_readme() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let readme = fs::read_to_string(root.join("README.md")).unwrap();
    let table: String = readme.lines().skip_while(|line| *line != "## What there is").filter(|line| line.starts_with('|')).collect();
    let calls = calls(root);
    assert!(calls.len() >= 20, "{calls:?}");
    let missing: Vec<&String> = calls.iter().filter(|name| !table.contains(&format!("`{name}`"))).collect();
    assert!(missing.is_empty(), "not in the table: {missing:?}");
}

#[test]
fn every_public_item_is_shown_in_use() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files = Vec::new();
    sources(&root.join("src"), &mut files);
    let (mut shown, mut items) = (fs::read_to_string(root.join("README.md")).unwrap(), Vec::new());
    for file in &files {
        read(file, &mut shown, &mut items);
    }
    // A function stands behind a dot or a path; a type anywhere.
    let words: HashSet<&str> = shown.split(|c: char| !c.is_alphanumeric() && c != '_').collect();
    let is_shown = |item: &Item| match item.kind {
        "fn" => {
            [".", "::"].iter().any(|before| ["(", ")", "::<"].iter().any(|after| shown.contains(&format!("{before}{}{after}", item.name))))
        }
        _ => words.contains(item.name.as_str()),
    };
    assert!(items.len() > 200 && items.iter().filter(|item| item.has_example).count() > 120, "the search itself finds too little");
    // What a macro makes is shown where it is made. The rest nobody outside can name: the module that it stands in is private.
    let exceptions =
        ["src/body.rs: fn new", "src/limited.rs: ", "src/words.rs: ", "signature.rs: struct Signed", "settlements.rs: struct Settled"];
    let missing: Vec<&str> = items
        .iter()
        .filter(|item| !item.has_example && !is_shown(item))
        .filter(|item| !exceptions.iter().any(|exception| item.place.contains(exception)))
        .map(|item| item.place.as_str())
        .collect();
    assert!(missing.is_empty(), "no example shows\n{}", missing.join("\n"));
}
