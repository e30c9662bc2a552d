//! The tests that exist, read from their sources.

use std::{collections::HashMap, fs, path::Path};

use crate::support::is_alone;

/// Where the crate stands in the project.
pub const CRATE: &str = "crates/toss-sandbox/";

/// File, from the project's root, and name of a test as a row names it.
pub fn place(test: &str) -> (String, &str) {
    let (file, name) = test.split_once("::").unwrap_or_else(|| panic!("{test}: not of the form file::name"));
    let file = if file.contains('/') { file.to_owned() } else { format!("{CRATE}tests/sandbox/{file}.rs") };
    (file, name)
}

/// Sources that were read, so that each is read once.
#[derive(Default)]
pub struct Known {
    files: HashMap<String, String>,
}

impl Known {
    /// The source of the test, or why it has none. Nothing of a test outside the crate where the crate is all there is.
    pub fn body(&mut self, test: &str) -> Result<Option<String>, String> {
        let (file, name) = place(test);
        let root = Path::new(env!("CARGO_MANIFEST_DIR"));
        let path = match file.strip_prefix(CRATE) {
            Some(inside) => root.join(inside),
            None if is_alone() => return Ok(None),
            None => root.join("../..").join(&file),
        };
        let text = match self.files.get(&file) {
            Some(text) => text,
            None => {
                let text = fs::read_to_string(path).map_err(|error| format!("{test}: {file}: {error}"))?;
                self.files.entry(file.clone()).or_insert(text)
            }
        };
        let body = if file.ends_with(".rs") { rust(text, name) } else { typescript(text, name) };
        body.map(Some).ok_or_else(|| format!("{test}: {file} has no such test"))
    }
}

fn rust(text: &str, name: &str) -> Option<String> {
    let lines: Vec<_> = text.lines().collect();
    let heads = [format!("fn {name}("), format!("async fn {name}(")];
    let at = lines.iter().position(|line| heads.iter().any(|head| line.trim_start().starts_with(head.as_str())))?;
    // Attributes stand above the function; one of them makes it a test.
    let attributes = lines[..at].iter().rev().take_while(|line| line.trim_start().starts_with('#') || line.trim_start().starts_with("//"));
    let is_test = attributes.clone().any(|line| line.contains("test]") || line.contains("test("));
    is_test.then(|| block(&lines[at..], "}"))
}

fn typescript(text: &str, title: &str) -> Option<String> {
    let lines: Vec<_> = text.lines().collect();
    let at = |head: String| lines.iter().position(|line| line.trim_start().starts_with(&head));
    if let Some(at) = at(format!("test('{title}',")) {
        return Some(block(&lines[at..], "});"));
    }
    // One of a table of tests, each line of which begins with its code.
    at(format!("['{title}',")).map(|at| lines[at].to_owned())
}

/// From the first line to the one that closes it at the same depth.
fn block(lines: &[&str], close: &str) -> String {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let first = depth(lines[0]);
    let end = lines.iter().position(|line| depth(line) == first && line.trim() == close).unwrap_or(lines.len() - 1);
    lines[..=end].join("\n")
}
