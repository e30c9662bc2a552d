//! Where the shop listens and where its built front end is: what leptos and cargo-leptos agree on by `LEPTOS_…`.
//!
//! Leptos reads the same variables by itself, but its errors do not say which of them is wrong.

use super::address::{port, socket_addr};
use super::sources::{SITE, Sources, checked};
use super::{ConfigError, refuse};
use crate::domain::routes;
use leptos::config::{Env, LeptosOptions, ReloadWSProtocol};

/// `output-name` in Cargo.toml.
const OUTPUT_NAME: &str = "toss-checkout";
const SITE_ADDR: &str = "127.0.0.1:3000";
const PKG_DIR: &str = "pkg";

/// Where the shop answers itself. The front end's folder is a path beside these.
const SHOPS_OWN: [&str; 9] = [
    routes::API,
    routes::CHECKOUT,
    routes::CONFIRM,
    routes::FAIL,
    routes::HEALTH,
    routes::ORDERS,
    routes::PREFERENCES,
    routes::SUCCESS,
    routes::CSP_REPORT,
];

/// The options of leptos out of the environment, and for what is not set there the file `.env` of the current folder.
///
/// # Errors
/// The first variable that is wrong, by its name.
pub fn site_options() -> Result<LeptosOptions, ConfigError> {
    let sources = Sources::load()?;
    read(|name| sources.get(name))
}

pub(super) fn read(variable: impl Fn(&str) -> Option<String>) -> Result<LeptosOptions, ConfigError> {
    let get = checked(&SITE, variable)?;
    let or = |value: Option<String>, default: &str| value.unwrap_or_else(|| default.to_owned());

    let mut site = LeptosOptions::builder()
        .output_name(plain("LEPTOS_OUTPUT_NAME", OUTPUT_NAME, get("LEPTOS_OUTPUT_NAME"))?)
        .site_root(or(get("LEPTOS_SITE_ROOT"), "target/site"))
        .site_pkg_dir(pkg_dir(get("LEPTOS_SITE_PKG_DIR"))?)
        .build();
    site.site_addr = socket_addr("LEPTOS_SITE_ADDR", SITE_ADDR, &or(get("LEPTOS_SITE_ADDR"), SITE_ADDR))?;
    site.env = match or(get("LEPTOS_ENV"), "dev").to_ascii_lowercase().as_str() {
        "dev" | "development" => Env::DEV,
        "prod" | "production" => Env::PROD,
        _ => return refuse("LEPTOS_ENV is neither DEV nor PROD; set it to one of them"),
    };
    if let Some(value) = get("LEPTOS_RELOAD_PORT") {
        site.reload_port = port("LEPTOS_RELOAD_PORT", &value)?.into();
    }
    if let Some(value) = get("LEPTOS_RELOAD_EXTERNAL_PORT") {
        site.reload_external_port = Some(port("LEPTOS_RELOAD_EXTERNAL_PORT", &value)?.into());
    }
    site.reload_ws_protocol = match or(get("LEPTOS_RELOAD_WS_PROTOCOL"), "ws").to_ascii_lowercase().as_str() {
        "ws" => ReloadWSProtocol::WS,
        "wss" => ReloadWSProtocol::WSS,
        _ => return refuse("LEPTOS_RELOAD_WS_PROTOCOL is neither ws nor wss; set it to one of them"),
    };
    site.hash_files = match get("LEPTOS_HASH_FILES").as_deref() {
        None | Some("false") => false,
        Some("true") => true,
        Some(_) => return refuse("LEPTOS_HASH_FILES is neither true nor false; set it to what it was at the build"),
    };
    if let Some(value) = get("LEPTOS_HASH_FILE_NAME") {
        site.hash_file = value.into();
    }
    Ok(site)
}

/// What is part of a path, of a file's name and of a pattern of the router, and means nothing else in any of them.
fn plain(name: &str, default: &str, value: Option<String>) -> Result<String, ConfigError> {
    let value = value.unwrap_or_else(|| default.to_owned());
    let is_plain = value.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'.' | b'_' | b'-'));
    if is_plain && !matches!(value.as_str(), "." | "..") {
        Ok(value)
    } else {
        refuse(format!("{name} has other characters than letters, digits, dots, _ and -; set it to one name such as {default}"))
    }
}

fn pkg_dir(value: Option<String>) -> Result<String, ConfigError> {
    let name = plain("LEPTOS_SITE_PKG_DIR", PKG_DIR, value)?;
    if SHOPS_OWN.contains(&format!("/{name}").as_str()) {
        return refuse(format!("LEPTOS_SITE_PKG_DIR is a path at which the shop itself answers; set it to another such as {PKG_DIR}"));
    }
    Ok(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(variables: &[(&str, &str)]) -> Result<LeptosOptions, ConfigError> {
        read(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn without_variables_it_is_what_cargo_leptos_builds() {
        let site = with(&[("LEPTOS_SITE_ROOT", "")]).unwrap();
        assert_eq!((&*site.output_name, &*site.site_root, &*site.site_pkg_dir), ("toss-checkout", "target/site", "pkg"));
        assert_eq!((site.site_addr.to_string().as_str(), site.reload_port, site.hash_files), (SITE_ADDR, 3001, false));
        assert_eq!((&*site.hash_file, site.env), ("hash.txt", Env::DEV));
    }

    #[test]
    fn variables_are_taken() {
        let site = with(&[
            ("LEPTOS_OUTPUT_NAME", "shop"),
            ("LEPTOS_SITE_ADDR", "localhost:8080"),
            ("LEPTOS_ENV", "PROD"),
            ("LEPTOS_RELOAD_PORT", "3002"),
            ("LEPTOS_RELOAD_EXTERNAL_PORT", "443"),
            ("LEPTOS_RELOAD_WS_PROTOCOL", "wss"),
            ("LEPTOS_HASH_FILES", "true"),
            ("LEPTOS_HASH_FILE_NAME", "hashes.txt"),
        ])
        .unwrap();
        assert_eq!((&*site.output_name, site.site_addr.to_string().as_str()), ("shop", "127.0.0.1:8080"));
        assert_eq!((site.env, site.reload_port, site.reload_external_port), (Env::PROD, 3002, Some(443)));
        assert_eq!((site.reload_ws_protocol, site.hash_files, &*site.hash_file), (ReloadWSProtocol::WSS, true, "hashes.txt"));
    }

    #[test]
    fn the_front_end_has_a_folder_of_its_own() {
        let names = ["api", "checkout", "orders", "success", "fail", "confirm", "preferences", "health", "csp-report"];
        for name in names {
            let error = with(&[("LEPTOS_SITE_PKG_DIR", name)]).expect_err(name).0;
            assert!(error.starts_with("LEPTOS_SITE_PKG_DIR ") && error.contains("such as pkg"), "{error}");
            assert!(with(&[("LEPTOS_OUTPUT_NAME", name)]).is_ok(), "a file may be called so: {name}");
        }
        assert_eq!(SHOPS_OWN.len(), names.len());
        assert_eq!(&*with(&[("LEPTOS_SITE_PKG_DIR", "Front-end_2.0")]).unwrap().site_pkg_dir, "Front-end_2.0");
    }

    #[test]
    fn what_is_wrong_is_named_and_not_shown() {
        for name in SITE {
            for value in ["\"hunter2\"", "hunter2"] {
                let free = ["LEPTOS_OUTPUT_NAME", "LEPTOS_SITE_ROOT", "LEPTOS_SITE_PKG_DIR", "LEPTOS_HASH_FILE_NAME"].contains(&name);
                match with(&[(name, value)]) {
                    Ok(_) => assert!(free && value == "hunter2", "{name} took {value}"),
                    Err(error) => assert!(error.0.starts_with(name) && !error.0.contains("hunter2"), "{error}"),
                }
            }
        }
        for value in ["{hunter2", "{*hunter2}", "hunter2/x", "/hunter2", ":hunter2", "hunter2?", "hunter2 x", "상점hunter2", ".", ".."] {
            for name in ["LEPTOS_SITE_PKG_DIR", "LEPTOS_OUTPUT_NAME"] {
                let error = with(&[(name, value)]).expect_err(value).0;
                assert!(error.starts_with(name) && error.contains("set it to") && !error.contains("hunter2"), "{value} -> {error}");
            }
        }
        for (name, value) in [("LEPTOS_RELOAD_PORT", "0"), ("LEPTOS_RELOAD_PORT", "65536"), ("LEPTOS_SITE_ADDR", "shop.example:80")] {
            assert!(with(&[(name, value)]).expect_err(name).0.starts_with(name));
        }
    }
}
