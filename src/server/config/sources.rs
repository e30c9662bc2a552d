//! Where settings come from: the environment and, for what is not set there, the file `.env` of the current folder.

use super::{ConfigError, dotenv, refuse};
use std::collections::{BTreeMap, BTreeSet};
use std::ffi::OsString;

/// What [`Config`](super::Config) reads.
pub(super) const SHOP: [&str; 26] = [
    "ALLOW_SANDBOX",
    "BOOKS_EVERY_MINUTES",
    "CONFIRM_API_KEY",
    "DATABASE_URL",
    "DEPOSIT_HOLD_SECONDS",
    "FORGET_PAID_AFTER_DAYS",
    "FORGET_UNPAID_AFTER_DAYS",
    "LOG",
    "MAIL_FROM",
    "MAIL_TRANSPORT",
    "MAX_CONNECTIONS",
    "MAX_CONNECTIONS_PER_ADDRESS",
    "METRICS_ADDR",
    "ORDER_EXPIRES_MINUTES",
    "ORDER_WEBHOOK_SECRET",
    "ORDER_WEBHOOK_URL",
    "PUBLIC_URL",
    "SANDBOX_ADDR",
    "SESSION_SECRET",
    "STOCK",
    "TOSS_API_URL",
    "TOSS_CLIENT_KEY",
    "TOSS_SAME_ACCOUNT",
    "TOSS_SDK",
    "TOSS_SECRET_KEY",
    "TOSS_WIDGET_URL",
];

/// What [`site_options`](super::site_options) reads.
pub(super) const SITE: [&str; 10] = [
    "LEPTOS_ENV",
    "LEPTOS_HASH_FILES",
    "LEPTOS_HASH_FILE_NAME",
    "LEPTOS_OUTPUT_NAME",
    "LEPTOS_RELOAD_EXTERNAL_PORT",
    "LEPTOS_RELOAD_PORT",
    "LEPTOS_RELOAD_WS_PROTOCOL",
    "LEPTOS_SITE_ADDR",
    "LEPTOS_SITE_PKG_DIR",
    "LEPTOS_SITE_ROOT",
];

/// Trimming these would change what was meant to be kept to the letter.
const TO_THE_LETTER: [&str; 2] = ["CONFIRM_API_KEY", "SESSION_SECRET"];

/// Whether the shop has a setting of that name.
pub(super) fn is_known(name: &str) -> bool {
    SHOP.contains(&name) || SITE.contains(&name)
}

/// The environment and the file, as they are.
pub(super) struct Sources {
    environment: BTreeMap<String, String>,
    file: BTreeMap<String, String>,
    /// Names that begin as settings of Toss do and are none.
    unknown: BTreeSet<String>,
}

impl Sources {
    pub(super) fn load() -> Result<Sources, ConfigError> {
        let file = match std::fs::read(".env") {
            Ok(bytes) => dotenv::parse(&bytes)?,
            Err(error) if error.kind() == std::io::ErrorKind::NotFound => BTreeMap::new(),
            Err(error) => return refuse(format!(".env cannot be read: {error}; make it a file that the shop may read, or remove it")),
        };
        Sources::new(std::env::vars_os(), file)
    }

    fn new(variables: impl IntoIterator<Item = (OsString, OsString)>, file: BTreeMap<String, String>) -> Result<Sources, ConfigError> {
        let is_unknown = |name: &str| name.starts_with("TOSS_") && !is_known(name);
        let mut unknown: BTreeSet<String> = file.keys().filter(|name| is_unknown(name)).cloned().collect();
        let mut environment = BTreeMap::new();
        for (name, value) in variables {
            let name = name.to_string_lossy();
            if is_known(&name) {
                let Ok(value) = value.into_string() else {
                    return refuse(format!("{name} in the environment is not UTF-8; set it to plain text"));
                };
                environment.insert(name.into_owned(), value);
            } else if is_unknown(&name) {
                unknown.insert(name.escape_debug().to_string());
            }
        }
        Ok(Sources { environment, file, unknown })
    }

    /// The environment wins, also with nothing: so can a setting of the file be taken back.
    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.environment.get(name).or_else(|| self.file.get(name)).cloned()
    }

    pub(super) fn warnings(&self) -> impl Iterator<Item = String> {
        self.unknown.iter().map(|name| format!("{name} is set and has no effect: the shop has no setting of that name, see .env.example"))
    }
}

/// Refuses what no setting may look like, and reads the rest without the blanks around it. Empty counts as not set.
pub(super) fn checked(names: &[&str], variable: impl Fn(&str) -> Option<String>) -> Result<impl Fn(&str) -> Option<String>, ConfigError> {
    for name in names {
        if let Some(value) = variable(name) {
            refuse_slips(name, &value)?;
        }
    }
    Ok(move |name: &str| variable(name).map(|value| value.trim().to_owned()).filter(|value| !value.is_empty()))
}

fn refuse_slips(name: &str, value: &str) -> Result<(), ConfigError> {
    let trimmed = value.trim();
    if trimmed.starts_with(['"', '\'']) || trimmed.ends_with(['"', '\'']) {
        return refuse(format!("{name} begins or ends with a quotation mark, which would count as part of it; set it without"));
    }
    if trimmed.contains(|c: char| c.is_control() || c == '\u{feff}') {
        return refuse(format!(
            "{name} holds a line break, a byte order mark or another invisible character; set it to one line of plain text"
        ));
    }
    if TO_THE_LETTER.contains(&name) && !trimmed.is_empty() && trimmed != value {
        return refuse(format!(
            "{name} has blanks or a line break at its beginning or end, which would count as part of it; set it without"
        ));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sources(environment: &[(&str, &str)], file: &str) -> Result<Sources, ConfigError> {
        Sources::new(environment.iter().map(|(name, value)| (name.into(), value.into())), dotenv::parse(file.as_bytes())?)
    }

    #[test]
    fn the_environment_wins_also_with_nothing() {
        let sources = sources(&[("LOG", "warn"), ("PUBLIC_URL", "")], "LOG=debug\nPUBLIC_URL=http://localhost\nTOSS_SDK=v2\n").unwrap();
        assert_eq!(sources.get("LOG").as_deref(), Some("warn"));
        assert_eq!(sources.get("PUBLIC_URL").as_deref(), Some(""));
        assert_eq!(sources.get("TOSS_SDK").as_deref(), Some("v2"));
        assert_eq!(sources.get("DATABASE_URL"), None);
    }

    #[test]
    fn a_name_that_only_looks_like_a_setting_is_warned_of() {
        let set = [("TOSS_SECRET_KEYS", "hunter2"), ("TOSS_SDK", "v1"), ("TOSSED", "hunter2"), ("HOME", "/hunter2")];
        let warnings: Vec<String> = sources(&set, "TOSS_CLIENT=hunter2\nOTHER=1\n").unwrap().warnings().collect();
        assert_eq!(warnings.len(), 2, "{warnings:?}");
        assert!(warnings[0].starts_with("TOSS_CLIENT is set") && warnings[1].starts_with("TOSS_SECRET_KEYS is set"), "{warnings:?}");
        assert!(!warnings.concat().contains("hunter2"), "{warnings:?}");
    }

    #[cfg(unix)]
    #[test]
    fn what_is_not_utf8_is_named() {
        use std::os::unix::ffi::OsStringExt as _;
        let broken = || OsString::from_vec(b"hunter2\xff".to_vec());
        let error = Sources::new([(OsString::from("SESSION_SECRET"), broken())], BTreeMap::new()).err().unwrap();
        assert_eq!(error.0, "SESSION_SECRET in the environment is not UTF-8; set it to plain text");
        assert!(Sources::new([(OsString::from("OTHER"), broken())], BTreeMap::new()).is_ok(), "another program's");
    }

    #[test]
    fn slips_are_named_and_not_shown() {
        let letter = ("SESSION_SECRET", "hunter2");
        for (name, value) in [
            ("LOG", "\"hunter2\"".to_owned()),
            ("LOG", "hunter2'".to_owned()),
            ("LOG", "hunter2\nhunter2".to_owned()),
            ("LOG", "\u{feff}hunter2".to_owned()),
            (letter.0, format!(" {}", letter.1)),
            (letter.0, format!("{}\n", letter.1)),
        ] {
            let error = checked(&[name], |_| Some(value.clone())).err().unwrap();
            assert!(error.0.contains(name) && !error.0.contains("hunter2") && !error.0.contains('\n'), "{error}");
        }
        let get = checked(&["LOG", "SESSION_SECRET"], |name| Some(if name == "LOG" { " info\n" } else { " " }.to_owned())).unwrap();
        assert_eq!((get("LOG").as_deref(), get("SESSION_SECRET")), (Some("info"), None));
    }
}
