//! The rooms of the house and the arrows between them: imports run one way, and no two rooms import each other.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a test fails by panicking")]

use proc_macro2::{Delimiter, TokenStream, TokenTree};
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

/// The shop's rooms, lowest first. A room may import those above it in this list, never those below.
const SHOP: [&str; 23] = [
    "domain",
    "view",
    "components",
    "server_fns",
    "wire",
    "islands",
    "pages",
    "app",
    "server/config",
    "server/private_files",
    "server/sandbox",
    "server/no_sandbox",
    "server/korean_time",
    "server/details",
    "server/amounts",
    "server/mail",
    "server/place_order",
    "server/http",
    "server/start",
    "server/telemetry",
    "server/cli",
    "server",
    "lib",
];

/// The engine's rooms, lowest first.
const ENGINE: [&str; 13] =
    ["clock", "random", "order", "gateway", "verdict", "store", "outbox", "news", "engine", "flow", "work", "model_tests", "lib"];

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

/// What a file says: the module paths that it names, with their lines, and the modules that it declares in files of their own.
#[derive(Default)]
struct Said {
    names: Vec<(String, usize)>,
    declares: Vec<String>,
}

/// The children of a path: one, or those of a group.
fn branches(base: &[String], tokens: &[TokenTree], said: &mut Said) -> usize {
    let mut path = base.to_vec();
    let mut at = 0;
    let line = |token: &TokenTree| token.span().start().line;
    loop {
        match tokens.get(at) {
            Some(TokenTree::Ident(ident)) if *ident == "super" => {
                path.pop();
            }
            Some(TokenTree::Ident(ident)) if *ident == "self" => {}
            Some(TokenTree::Ident(ident)) => path.push(ident.to_string()),
            Some(TokenTree::Group(group)) => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                for branch in inner.split(|token| matches!(token, TokenTree::Punct(punct) if punct.as_char() == ',')) {
                    branches(&path, branch, said);
                }
                return at + 1;
            }
            // `*`, or the end.
            Some(_) | None => {
                said.names.push((path.join("/"), tokens.get(at.saturating_sub(1)).map_or(0, line)));
                return at;
            }
        }
        at += 1;
        let is_colon = |at: usize| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == ':');
        if !(is_colon(at) && is_colon(at + 1)) {
            said.names.push((path.join("/"), line(&tokens[at - 1])));
            return at;
        }
        at += 2;
    }
}

/// Reads as the compiler reads, so that neither line breaks nor texts nor comments make a difference; tests are left out.
fn read(stream: TokenStream, module: &[String], said: &mut Said) {
    let tokens: Vec<TokenTree> = stream.into_iter().collect();
    let is = |at: usize, word: &str| matches!(tokens.get(at), Some(TokenTree::Ident(ident)) if *ident == word);
    let is_punct = |at: usize, mark: char| matches!(tokens.get(at), Some(TokenTree::Punct(punct)) if punct.as_char() == mark);
    let (mut at, mut is_test) = (0, false);
    while at < tokens.len() {
        if is_punct(at, '#') {
            let attribute = tokens.get(at + 1).map(|attribute| attribute.to_string().replace(' ', "")).unwrap_or_default();
            is_test |= attribute == "[cfg(test)]";
            if let Some(file) = attribute.strip_prefix("[path=\"").and_then(|path| path.strip_suffix(".rs\"]")) {
                said.declares.push(module.iter().map(String::as_str).chain([file]).collect::<Vec<_>>().join("/"));
            }
            at += 2;
        } else if is(at, "mod") && matches!(tokens.get(at + 1), Some(TokenTree::Ident(_))) {
            let inner: Vec<String> = module.iter().cloned().chain([tokens[at + 1].to_string()]).collect();
            match tokens.get(at + 2) {
                Some(TokenTree::Group(body)) if !is_test => read(body.stream(), &inner, said),
                Some(TokenTree::Group(_)) => {}
                _ => said.declares.push(inner.join("/")),
            }
            (at, is_test) = (at + 3, false);
        } else if (is(at, "crate") || is(at, "super")) && is_punct(at + 1, ':') && !(at > 0 && is_punct(at - 1, ':')) {
            let begins_at = if is(at, "crate") { at + 3 } else { at };
            let base = if is(at, "crate") { &[] } else { module };
            at = begins_at + branches(base, &tokens[begins_at..], said);
        } else {
            if let TokenTree::Group(group) = &tokens[at] {
                read(group.stream(), module, said);
            }
            // `pub` and `pub(crate)` may stand between.
            is_test &= is(at, "pub") || matches!(&tokens[at], TokenTree::Group(group) if group.delimiter() == Delimiter::Parenthesis);
            at += 1;
        }
    }
}

fn arrows(root: &Path, rooms: &[&str]) -> Vec<Arrow> {
    let (mut arrows, mut files_of, mut declared) = (Vec::new(), BTreeSet::new(), BTreeSet::new());
    for file in files(root) {
        let relative = file.strip_prefix(root).unwrap().with_extension("");
        let mut module = relative.to_str().unwrap().replace('\\', "/");
        if let Some(folder) = module.strip_suffix("/mod") {
            module = folder.to_owned();
        }
        let is_root = module == "lib" || module == MAIN;
        let place: Vec<String> = if is_root { Vec::new() } else { module.split('/').map(str::to_owned).collect() };
        let mut said = Said::default();
        let tokens = fs::read_to_string(&file).unwrap().parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
        read(tokens, &place, &mut said);
        declared.extend(said.declares);
        if !is_root {
            files_of.insert(module.clone());
        }
        if module == MAIN || module.ends_with("/tests") {
            continue;
        }
        let from = room(rooms, &module).unwrap_or_else(|| panic!("{module} is in no room: add it to the list, where it belongs"));
        for (name, line) in said.names {
            // What stands at the root is named there for others; inside, things are called by where they are.
            let Some(to) = room(rooms, &name).or_else(|| name.starts_with(char::is_uppercase).then_some("lib")) else { continue };
            // The one arrow that runs up: a server function calls the server by name in its body, which the browser's build leaves
            // out.
            let is_server_function = from == "server_fns" && name.starts_with("server/") && !name.ends_with(char::is_uppercase);
            if to != from && !is_server_function {
                arrows.push(Arrow { from: from.to_owned(), to: to.to_owned(), at: format!("{}:{line}", relative.display()) });
            }
        }
    }
    let forgotten: Vec<_> = files_of.difference(&declared).collect();
    assert!(forgotten.is_empty(), "no module declares these files, so nobody compiles them: {forgotten:?}");
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
fn files_are_read_as_the_compiler_reads_them() {
    for (text, module, expected) in [
        ("use crate::view::order::OrderView;", "pages/order", vec!["view/order/OrderView"]),
        ("use super::lang::Lang;", "domain/cart", vec!["domain/lang/Lang"]),
        ("use super::super::config::Config;", "server/http/visit", vec!["server/config/Config"]),
        ("use super::{config, http::{self, Visit}};", "server/start", vec!["server/config", "server/http", "server/http/Visit"]),
        ("pub use crate::\n    {a::B,\n     c::*};", "x", vec!["a/B", "c"]),
        ("fn f() { crate::server::http::place_order(request).await }", "server_fns", vec!["server/http/place_order"]),
        ("let (a, b) = (\"crate::x\", '/'); // crate::y\nview! { <p>{crate::z::w()}</p> }", "x", vec!["z/w"]),
        ("mod inner { use super::a; } #[cfg(test)] mod tests { use crate::b; } use crate::c;", "x", vec!["x/a", "c"]),
        ("use toss_types::OrderId;", "x", vec![]),
    ] {
        let mut said = Said::default();
        let place: Vec<String> = module.split('/').map(str::to_owned).collect();
        read(text.parse().unwrap(), &place, &mut said);
        let names: Vec<String> = said.names.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, expected, "{text}");
    }
    assert_eq!(room(&SHOP, "server/http/visit"), Some("server/http"));
    assert_eq!(room(&SHOP, "server"), Some("server"));
    assert_eq!(room(&SHOP, "view/order"), Some("view"));
}
