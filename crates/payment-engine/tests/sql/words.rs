//! The words of SQL: enough of its grammar to tell texts, comments and names from what a database does.

/// One word, number, parameter or mark, and how many parentheses it stands in. Words are in capitals, but for those in quotes.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Word {
    pub text: String,
    pub depth: usize,
}

/// The statements of a text, word by word.
pub fn statements(sql: &str) -> Vec<Vec<Word>> {
    let words = words(sql);
    let statements = words.split(|word| word.text == ";" && word.depth == 0).map(<[Word]>::to_vec);
    statements.filter(|statement| !statement.is_empty()).collect()
}

/// Whether the text begins as statements do.
pub fn is_statement(sql: &str) -> bool {
    const BEGINNINGS: [&str; 41] = [
        "ABORT",
        "ALTER",
        "ANALYZE",
        "BEGIN",
        "CALL",
        "CLOSE",
        "COMMENT",
        "COMMIT",
        "COPY",
        "CREATE",
        "DEALLOCATE",
        "DECLARE",
        "DELETE",
        "DISCARD",
        "DO",
        "DROP",
        "END",
        "EXECUTE",
        "EXPLAIN",
        "FETCH",
        "GRANT",
        "INSERT",
        "LISTEN",
        "LOCK",
        "MERGE",
        "NOTIFY",
        "PRAGMA",
        "PREPARE",
        "REFRESH",
        "REINDEX",
        "RELEASE",
        "RESET",
        "REVOKE",
        "ROLLBACK",
        "SAVEPOINT",
        "SELECT",
        "SET",
        "START",
        "TRUNCATE",
        "UPDATE",
        "WITH",
    ];
    // Texts for people may begin with the same words, in small letters.
    let first = sql.trim_start().trim_start_matches('(');
    let first = first.split(|c: char| !c.is_ascii_alphabetic()).next().unwrap_or_default();
    let is_shouted = !first.is_empty() && first == first.to_ascii_uppercase();
    let others = ["VACUUM", "VALUES", "UNLISTEN", "ATTACH", "DETACH"];
    is_shouted && (BEGINNINGS.contains(&first) || others.contains(&first)) || is_whispered(sql)
}

/// SQL in small letters is SQL as well.
fn is_whispered(sql: &str) -> bool {
    let words: Vec<String> = words(sql).into_iter().map(|word| word.text).collect();
    let has = |word: &str| words.iter().any(|one| one == word);
    match words.first().map(String::as_str) {
        Some("SELECT" | "DELETE") => has("FROM"),
        Some("WITH") => has("AS") && has("SELECT"),
        Some("UPDATE") => has("SET"),
        Some("INSERT") => has("INTO"),
        Some("CREATE" | "DROP" | "ALTER" | "LOCK" | "TRUNCATE") => has("TABLE") || has("INDEX") || has("TRIGGER") || has("FUNCTION"),
        Some(_) | None => false,
    }
}

fn words(sql: &str) -> Vec<Word> {
    let chars: Vec<char> = sql.chars().collect();
    let (mut words, mut at, mut depth) = (Vec::new(), 0, 0_usize);
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    while let Some(&c) = chars.get(at) {
        let next = chars.get(at + 1).copied();
        let begins_at = at;
        let end = |from: usize, is_in: &dyn Fn(char) -> bool| (from..chars.len()).find(|at| !is_in(chars[*at])).unwrap_or(chars.len());
        match c {
            '-' if next == Some('-') => {
                at = end(at, &|c| c != '\n');
                continue;
            }
            '/' if next == Some('*') => {
                at = (at + 2..chars.len()).find(|at| chars[*at] == '/' && chars[*at - 1] == '*').map_or(chars.len(), |at| at + 1);
                continue;
            }
            '\'' | '"' => {
                at = quoted(&chars, at);
                let text: String = chars[begins_at..at].iter().collect();
                words.push(Word { text: if c == '"' { text.trim_matches('"').to_owned() } else { text }, depth });
                continue;
            }
            '$' | '?' => at = end(at + 1, &|c| c.is_ascii_digit()),
            c if is_part(c) => at = end(at, &|c| is_part(c)),
            c if c.is_whitespace() => {
                at += 1;
                continue;
            }
            _ => at += 1,
        }
        if c == ')' {
            depth = depth.saturating_sub(1);
        }
        words.push(Word { text: chars[begins_at..at].iter().collect::<String>().to_uppercase(), depth });
        if c == '(' {
            depth += 1;
        }
    }
    words
}

/// Where the quotation that begins there is over; a doubled mark does not end it.
fn quoted(chars: &[char], begins_at: usize) -> usize {
    let mark = chars[begins_at];
    let mut at = begins_at + 1;
    while at < chars.len() {
        match (chars[at] == mark, chars.get(at + 1) == Some(&mark)) {
            (true, true) => at += 2,
            (true, false) => return at + 1,
            (false, _) => at += 1,
        }
    }
    chars.len()
}
