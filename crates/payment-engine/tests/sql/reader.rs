//! Finds the SQL in a folder of sources, reading as the compiler reads: what `concat!` and the folder's own macros put together is one
//! statement, comments and tests are none.

use super::words::is_statement;
use proc_macro2::{Delimiter, Literal, TokenStream, TokenTree};
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A text that is one statement or several, and where it stands.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Debug)]
pub struct Sql {
    /// From the folder.
    pub file: String,
    pub text: String,
}

/// All SQL of a folder.
#[derive(Default)]
pub struct Found {
    pub sql: BTreeSet<Sql>,
    /// What looks like SQL and belongs to no statement that was found, with its file. There is none where all was understood.
    pub strays: Vec<Sql>,
}

/// Patterns and what they become.
type Macro = Vec<(Vec<TokenTree>, TokenStream)>;

#[derive(Default)]
struct Source {
    file: String,
    macros: BTreeMap<String, Macro>,
    /// All texts that are no comments, nor in tests.
    texts: Vec<String>,
    tokens: TokenStream,
}

pub fn read(folder: &Path) -> Found {
    // Tests in files of their own ask what the store never does.
    let is_test = |file: &PathBuf| file.to_str().is_some_and(|file| file.ends_with("/tests.rs") || file.ends_with("_tests.rs"));
    find(files(folder, "rs").iter().filter(|file| !is_test(file)).map(|file| source(folder, file)).collect())
}

/// The same of texts, with the names of their files.
pub fn read_texts(texts: &[(&str, &str)]) -> Found {
    find(texts.iter().map(|(file, text)| parsed((*file).to_owned(), text.parse().unwrap())).collect())
}

fn find(sources: Vec<Source>) -> Found {
    // What a file has not itself it has from another one; of two with one name it is that of the rows.
    let is_of_rows = |source: &&Source| source.file.ends_with("rows.rs");
    let others = sources.iter().filter(|source| !is_of_rows(source)).chain(sources.iter().filter(is_of_rows));
    let shared: BTreeMap<String, Macro> = others.flat_map(|source| source.macros.clone()).collect();
    let (mut found, mut used) = (Found::default(), BTreeSet::new());
    for source in &sources {
        let mut macros = shared.clone();
        macros.extend(source.macros.clone());
        let mut reader = Reader { macros: &macros, file: &source.file, sql: &mut found.sql, used: &mut used, depth: 0 };
        reader.walk(source.tokens.clone());
    }
    for source in sources {
        let strays = source.texts.into_iter().filter(|text| !used.contains(text) && looks_like_sql(text));
        found.strays.extend(strays.map(|text| Sql { file: source.file.clone(), text }));
    }
    found
}

/// The files below a folder with that extension, by name.
pub fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let (mut found, mut open) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path()));
        } else if path.extension().is_some_and(|one| one == extension) {
            found.push(path);
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no {extension} files under {}", folder.display());
    found
}

fn source(folder: &Path, file: &Path) -> Source {
    let tokens: TokenStream = fs::read_to_string(file).unwrap().parse().unwrap_or_else(|error| panic!("{}: {error}", file.display()));
    let name = file.strip_prefix(folder).unwrap().to_str().unwrap().replace('\\', "/");
    parsed(name, tokens)
}

fn parsed(file: String, tokens: TokenStream) -> Source {
    let mut source = Source { file, ..Source::default() };
    source.tokens = without_tests(tokens);
    collect(source.tokens.clone(), &mut source.macros, &mut source.texts);
    source
}

/// SQL by its look: a piece of it may begin anywhere.
fn looks_like_sql(text: &str) -> bool {
    const PIECES: [&str; 13] = [
        "SELECT ",
        " FROM ",
        "WHERE ",
        "INSERT INTO",
        "UPDATE ",
        "DELETE FROM",
        " SET ",
        "ORDER BY",
        "GROUP BY",
        "RETURNING ",
        "ON CONFLICT",
        "VALUES (",
        " JOIN ",
    ];
    PIECES.iter().any(|piece| text.contains(piece))
}

/// Without attributes, which doc comments are, and what they keep for tests.
fn without_tests(tokens: TokenStream) -> TokenStream {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    let (mut kept, mut at, mut is_test) = (Vec::new(), 0, false);
    while at < tokens.len() {
        let is_attribute = matches!(&tokens[at], TokenTree::Punct(mark) if mark.as_char() == '#');
        let group = tokens.get(at + 1).filter(|next| matches!(next, TokenTree::Group(group) if group.delimiter() == Delimiter::Bracket));
        if let (true, Some(attribute)) = (is_attribute, group) {
            is_test |= attribute.to_string().replace(' ', "") == "[cfg(test)]";
            at += 2;
            continue;
        }
        let ends_item = matches!(&tokens[at], TokenTree::Group(group) if group.delimiter() == Delimiter::Brace)
            || matches!(&tokens[at], TokenTree::Punct(mark) if mark.as_char() == ';');
        if !is_test {
            kept.push(match &tokens[at] {
                TokenTree::Group(group) => TokenTree::Group(proc_macro2::Group::new(group.delimiter(), without_tests(group.stream()))),
                other @ (TokenTree::Ident(_) | TokenTree::Punct(_) | TokenTree::Literal(_)) => other.clone(),
            });
        }
        is_test &= !ends_item;
        at += 1;
    }
    kept.into_iter().collect()
}

fn collect(tokens: TokenStream, macros: &mut BTreeMap<String, Macro>, texts: &mut Vec<String>) {
    let tokens: Vec<TokenTree> = tokens.into_iter().collect();
    for (at, token) in tokens.iter().enumerate() {
        match token {
            TokenTree::Ident(ident) if *ident == "macro_rules" => {
                if let (Some(TokenTree::Ident(name)), Some(TokenTree::Group(rules))) = (tokens.get(at + 2), tokens.get(at + 3)) {
                    macros.insert(name.to_string(), arms(rules.stream()));
                }
            }
            TokenTree::Group(group) => collect(group.stream(), macros, texts),
            TokenTree::Literal(literal) => texts.extend(text_of(literal)),
            TokenTree::Ident(_) | TokenTree::Punct(_) => {}
        }
    }
}

fn arms(rules: TokenStream) -> Macro {
    let groups: Vec<_> =
        rules.into_iter().filter_map(|token| if let TokenTree::Group(group) = token { Some(group) } else { None }).collect();
    groups.chunks(2).filter_map(|arm| Some((arm.first()?.stream().into_iter().collect(), arm.get(1)?.stream()))).collect()
}

struct Reader<'f> {
    macros: &'f BTreeMap<String, Macro>,
    file: &'f str,
    sql: &'f mut BTreeSet<Sql>,
    /// Every text that has become a part of SQL.
    used: &'f mut BTreeSet<String>,
    depth: usize,
}

impl Reader<'_> {
    fn walk(&mut self, tokens: TokenStream) {
        let tokens: Vec<TokenTree> = tokens.into_iter().collect();
        let mut at = 0;
        while at < tokens.len() {
            if let Some((name, arguments)) = call(&tokens[at..]) {
                if name == "macro_rules" {
                    at += 4;
                    continue;
                }
                if name == "concat" {
                    self.keep(&tokens[at..at + 3]);
                } else {
                    if let Some(becomes) = self.expand(&name, arguments.clone()).filter(|_| self.depth < 8) {
                        self.depth += 1;
                        self.walk(becomes);
                        self.depth -= 1;
                    }
                    self.walk(arguments);
                }
                at += 3;
                continue;
            }
            match &tokens[at] {
                TokenTree::Group(group) => self.walk(group.stream()),
                TokenTree::Literal(_) => self.keep(&tokens[at..=at]),
                TokenTree::Ident(_) | TokenTree::Punct(_) => {}
            }
            at += 1;
        }
    }

    /// Keeps a text where it is SQL.
    fn keep(&mut self, expression: &[TokenTree]) {
        let mut parts = Vec::new();
        if self.evaluate(expression, &mut parts).is_none() {
            return;
        }
        let text = parts.concat();
        if is_statement(&text) {
            self.used.extend(parts);
            self.sql.insert(Sql { file: self.file.to_owned(), text });
        }
    }

    /// What a constant text is put together of; `None` where it is none.
    fn evaluate(&self, expression: &[TokenTree], parts: &mut Vec<String>) -> Option<()> {
        match expression {
            [TokenTree::Literal(literal)] => parts.push(text_of(literal).unwrap_or_else(|| literal.to_string())),
            [TokenTree::Group(group)] => {
                let inner: Vec<TokenTree> = group.stream().into_iter().collect();
                return self.evaluate(&inner, parts);
            }
            _ => {
                let (name, arguments) = call(expression).filter(|_| expression.len() == 3)?;
                let arguments: Vec<TokenTree> = arguments.into_iter().collect();
                if name != "concat" {
                    let becomes: Vec<TokenTree> = self.expand(&name, arguments.into_iter().collect())?.into_iter().collect();
                    return self.evaluate(&becomes, parts);
                }
                for argument in arguments.split(|token| is_mark(token, ',')).filter(|argument| !argument.is_empty()) {
                    self.evaluate(argument, parts)?;
                }
            }
        }
        Some(())
    }

    fn expand(&self, name: &str, arguments: TokenStream) -> Option<TokenStream> {
        let arguments: Vec<TokenTree> = arguments.into_iter().collect();
        self.macros.get(name)?.iter().find_map(|(pattern, body)| Some(filled(body.clone(), &bound(pattern, &arguments)?)))
    }
}

/// `name!(arguments)`, in any brackets.
fn call(tokens: &[TokenTree]) -> Option<(String, TokenStream)> {
    match tokens {
        [TokenTree::Ident(name), mark, TokenTree::Group(group), ..] if is_mark(mark, '!') => Some((name.to_string(), group.stream())),
        [TokenTree::Ident(name), mark, TokenTree::Ident(_), ..] if is_mark(mark, '!') && *name == "macro_rules" => {
            Some((name.to_string(), TokenStream::new()))
        }
        _ => None,
    }
}

fn is_mark(token: &TokenTree, mark: char) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == mark)
}

/// What the parameters of a pattern such as `$of:literal, $columns:expr` stand for. Patterns that repeat are not understood; what stands
/// in them remains a stray.
fn bound(pattern: &[TokenTree], arguments: &[TokenTree]) -> Option<BTreeMap<String, TokenStream>> {
    let parts = |tokens: &[TokenTree]| -> Vec<Vec<TokenTree>> {
        let parts = tokens.split(|token| is_mark(token, ',')).map(<[TokenTree]>::to_vec);
        parts.filter(|part| !part.is_empty()).collect()
    };
    let (names, values) = (parts(pattern), parts(arguments));
    if names.len() != values.len() {
        return None;
    }
    let mut bound = BTreeMap::new();
    for (name, value) in names.iter().zip(values) {
        match name.as_slice() {
            [dollar, TokenTree::Ident(name), ..] if is_mark(dollar, '$') => {
                bound.insert(name.to_string(), value.into_iter().collect());
            }
            other => {
                let text = |tokens: &[TokenTree]| tokens.iter().map(ToString::to_string).collect::<String>();
                if text(other) != text(&value) {
                    return None;
                }
            }
        }
    }
    Some(bound)
}

fn filled(body: TokenStream, bound: &BTreeMap<String, TokenStream>) -> TokenStream {
    let tokens: Vec<TokenTree> = body.into_iter().collect();
    let (mut filled_in, mut at) = (Vec::new(), 0);
    while at < tokens.len() {
        match (&tokens[at], tokens.get(at + 1)) {
            (dollar, Some(TokenTree::Ident(name))) if is_mark(dollar, '$') && bound.contains_key(&name.to_string()) => {
                filled_in.extend(bound[&name.to_string()].clone());
                at += 1;
            }
            (TokenTree::Group(group), _) => {
                let inner = filled(group.stream(), bound);
                filled_in.push(TokenTree::Group(proc_macro2::Group::new(group.delimiter(), inner)));
            }
            (other, _) => filled_in.push(other.clone()),
        }
        at += 1;
    }
    filled_in.into_iter().collect()
}

/// What a literal says, where it is a text.
fn text_of(literal: &Literal) -> Option<String> {
    let written = literal.to_string();
    if let Some(raw) = written.strip_prefix('r') {
        return Some(raw.trim_matches('#').strip_prefix('"')?.strip_suffix('"')?.to_owned());
    }
    let mut chars = written.strip_prefix('"')?.strip_suffix('"')?.chars().peekable();
    let mut text = String::new();
    while let Some(c) = chars.next() {
        if c != '\\' {
            text.push(c);
            continue;
        }
        match chars.next()? {
            'n' => text.push('\n'),
            't' => text.push('\t'),
            'r' => text.push('\r'),
            '0' => text.push('\0'),
            '\n' => while chars.next_if(|c| c.is_whitespace()).is_some() {},
            'u' => {
                let code: String = chars.by_ref().skip(1).take_while(|c| *c != '}').collect();
                text.push(char::from_u32(u32::from_str_radix(&code, 16).ok()?)?);
            }
            other => text.push(other),
        }
    }
    Some(text)
}
