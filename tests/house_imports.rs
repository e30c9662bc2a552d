//! The rooms of the house and the arrows between them: imports run one way, and no two rooms import each other.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The shop's rooms, lowest first. A room may import those above it in this list, never those below.
const SHOP: [&str; 18] = [
    "domain",
    "view",
    "components",
    "server_fns",
    "islands",
    "pages",
    "app",
    "server/config",
    "server/private_files",
    "server/sandbox",
    "server/no_sandbox",
    "server/details",
    "server/place_order",
    "server/http",
    "server/start",
    "server/telemetry",
    "server",
    "lib",
];

/// The engine's rooms, lowest first.
const ENGINE: [&str; 11] = ["clock", "random", "order", "gateway", "verdict", "store", "news", "engine", "flow", "work", "lib"];

/// The program, which may import everything and is imported by nothing.
const MAIN: &str = "main";

struct Arrow {
    from: String,
    to: String,
    at: String,
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut open = vec![folder.to_owned()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|extension| extension == "rs") {
            found.push(path);
        }
    }
    found.sort();
    found
}

/// The room of a module path such as `server/http/visit`: the longest name in the list that it begins with.
fn room<'r>(rooms: &[&'r str], path: &str) -> Option<&'r str> {
    let is_in = |room: &str| path == room || path.strip_prefix(room).is_some_and(|rest| rest.starts_with('/'));
    rooms.iter().copied().filter(|room| is_in(room)).max_by_key(|room| room.len())
}

/// What a path such as `crate::server::{config, http::visit}` or `super::super::x` names, as module paths from the root.
fn named(line: &str, module: &str) -> Vec<String> {
    let mut names = Vec::new();
    for (start, prefix) in line.match_indices("crate::").chain(line.match_indices("super::")) {
        // `super::super::x` begins once.
        if line[..start].ends_with("super::") || line[..start].ends_with(|c: char| c.is_alphanumeric() || c == '_') {
            continue;
        }
        let mut rest = &line[start + prefix.len()..];
        let mut base: Vec<&str> = if prefix == "crate::" { Vec::new() } else { module.split('/').collect() };
        if prefix == "super::" {
            base.pop();
            while let Some(further) = rest.strip_prefix("super::") {
                base.pop();
                rest = further;
            }
        }
        let first: String = rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_' || *c == ':').collect();
        let path: Vec<&str> = first.split("::").filter(|part| !part.is_empty() && part.starts_with(|c: char| c.is_lowercase())).collect();
        names.push(base.iter().copied().chain(path).collect::<Vec<_>>().join("/"));
    }
    names
}

fn arrows(root: &Path, rooms: &[&str]) -> Vec<Arrow> {
    let mut arrows = Vec::new();
    for file in files(root) {
        let relative = file.strip_prefix(root).unwrap().with_extension("");
        let mut module = relative.to_str().unwrap().replace('\\', "/");
        if let Some(folder) = module.strip_suffix("/mod") {
            module = folder.to_owned();
        }
        if module == MAIN || module.ends_with("/tests") || module == "tests" {
            continue;
        }
        let from = room(rooms, &module).unwrap_or_else(|| panic!("{module} is in no room: add it to the list, where it belongs"));
        let text = fs::read_to_string(&file).unwrap();
        // A `mod.rs` is its folder: `super` leaves it.
        let is_folder = file.file_name().is_some_and(|name| name == "mod.rs" || name == "lib.rs");
        let place = if is_folder { format!("{module}/mod") } else { module.clone() };
        let mut depth = 0;
        for (index, line) in text.lines().enumerate().take_while(|(_, line)| *line != "#[cfg(test)]") {
            let code = line.split("//").next().unwrap_or_default();
            let is_body = line.starts_with(' ') && !code.trim_start().starts_with("use ");
            // Modules inside a file: their `super` is the file itself.
            if code.trim_start().starts_with("mod ") && code.trim_end().ends_with('{') {
                depth += 1;
            } else if depth > 0 && line == "}" {
                depth -= 1;
            }
            for name in named(code, &if depth > 0 { format!("{place}/inner") } else { place.clone() }) {
                let Some(to) = room(rooms, &name) else { continue };
                // The one arrow that runs up: a server function calls the server by name in its body, which the browser's build
                // leaves out.
                let is_door = from == "server_fns" && room(rooms, &name).is_some_and(|to| to.starts_with("server")) && is_body;
                if to != from && !is_door {
                    arrows.push(Arrow { from: from.to_owned(), to: to.to_owned(), at: format!("{}:{}", relative.display(), index + 1) });
                }
            }
        }
    }
    arrows
}

fn refuse_arrows_that_run_up(folder: &str, rooms: &[&str], least: usize) {
    let arrows = arrows(&Path::new(env!("CARGO_MANIFEST_DIR")).join(folder), rooms);
    let pairs: BTreeSet<(&str, &str)> = arrows.iter().map(|arrow| (arrow.from.as_str(), arrow.to.as_str())).collect();
    assert!(pairs.len() >= least, "too few arrows were found, so the rule would hold for nothing: {pairs:?}");
    let rank = |name: &str| rooms.iter().position(|room| *room == name).unwrap();
    let up = arrows.iter().filter(|arrow| rank(&arrow.to) > rank(&arrow.from));
    let up: Vec<String> = up.map(|arrow| format!("{}: {} imports {}", arrow.at, arrow.from, arrow.to)).collect();
    assert!(up.is_empty(), "imports run one way:\n  {}", up.join("\n  "));
}

#[test]
fn the_shops_imports_run_one_way() {
    refuse_arrows_that_run_up("src", &SHOP, 20);
}

#[test]
fn the_engines_imports_run_one_way() {
    refuse_arrows_that_run_up("crates/payment-engine/src", &ENGINE, 15);
}

#[test]
fn paths_are_read_as_the_compiler_reads_them() {
    for (line, module, expected) in [
        ("use crate::view::order::OrderView;", "pages/order", vec!["view/order"]),
        ("use super::lang::Lang;", "domain/cart", vec!["domain/lang"]),
        ("use super::super::config::Config;", "server/http/visit", vec!["server/config"]),
        ("use super::{config, http};", "server/start", vec!["server"]),
        ("    crate::server::http::place_order(request).await", "server_fns", vec!["server/http/place_order"]),
        ("use toss_types::OrderId;", "x", vec![]),
    ] {
        assert_eq!(named(line, module), expected, "{line}");
    }
    assert_eq!(room(&SHOP, "server/http/visit"), Some("server/http"));
    assert_eq!(room(&SHOP, "server"), Some("server"));
    assert_eq!(room(&SHOP, "view/order"), Some("view"));
}
