//! Passwords that stand in a file: `PGPASSFILE`, or `.pgpass` at home.

use super::address::Host;
use std::path::{Path, PathBuf};

/// Of whoever may log in there; `None` where no line of the file is about it.
pub(super) fn password_of(host: &Host, database: &str, user: &str) -> Option<String> {
    let usual = || std::env::home_dir().map(|home| home.join(".pgpass"));
    let path = std::env::var_os("PGPASSFILE").map(PathBuf::from).or_else(usual)?;
    let text = std::fs::read_to_string(&path).ok()?;
    if is_open_to_others(&path) {
        tracing::warn!(path = %path.display(), "the password file can be read by others, and is not used: chmod 600");
        return None;
    }
    // As everywhere, a socket is the machine's own.
    let name = if host.name.starts_with('/') { "localhost" } else { &host.name };
    find(&text, [name, &host.port.to_string(), database, user])
}

#[cfg(unix)]
fn is_open_to_others(path: &Path) -> bool {
    use std::os::unix::fs::PermissionsExt as _;
    std::fs::metadata(path).is_ok_and(|metadata| metadata.permissions().mode() & 0o077 != 0)
}

#[cfg(not(unix))]
fn is_open_to_others(_: &Path) -> bool {
    false
}

/// `host:port:database:user:password` a line, where `*` is any and a backslash stands before a colon or another one.
fn find(text: &str, asked: [&str; 4]) -> Option<String> {
    text.lines().filter(|line| !line.starts_with('#')).find_map(|line| {
        let mut fields = vec![String::new()];
        let mut characters = line.chars();
        while let Some(character) = characters.next() {
            match character {
                '\\' => fields.last_mut()?.extend(characters.next()),
                ':' if fields.len() < 5 => fields.push(String::new()),
                other => fields.last_mut()?.push(other),
            }
        }
        let password = (fields.len() == 5).then(|| fields.pop())??;
        fields.iter().zip(asked).all(|(field, asked)| field == "*" || field == asked).then_some(password)
    })
}

#[cfg(test)]
mod tests {
    use super::find;

    #[test]
    fn the_first_line_that_fits_has_the_password() {
        let text = "# db:5432:shop:shop:comment\ndb:5433:*:shop:port\ndb:*:shop:shop:a\\:b\\\\c:d\n*:*:*:*:any\nbroken\n";
        assert_eq!(find(text, ["db", "5433", "x", "shop"]).as_deref(), Some("port"));
        assert_eq!(find(text, ["db", "5432", "shop", "shop"]).as_deref(), Some("a:b\\c:d"));
        assert_eq!(find(text, ["other", "1", "x", "y"]).as_deref(), Some("any"));
        assert_eq!(find("db:5432:shop:shop", ["db", "5432", "shop", "shop"]), None);
    }
}
