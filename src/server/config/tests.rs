//! The settings together: what they are by themselves, and which of them contradict each other.

use super::toss::DEFAULT_SANDBOX_ADDR;
use super::*;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

const EXAMPLE: &str = include_str!("../../../.env.example");

const TEST_PAIR: [(&str, &str); 2] =
    [("TOSS_CLIENT_KEY", "test_gck_docs_Ovk5rk1EwkEbP0W43n07xlzm"), ("TOSS_SECRET_KEY", "test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6")];
const LIVE_PAIR: [(&str, &str); 2] = [("TOSS_CLIENT_KEY", "live_gck_made_up_for_tests"), ("TOSS_SECRET_KEY", "live_gsk_made_up_for_tests")];
const SECRET: (&str, &str) = ("SESSION_SECRET", "0123456789abcdef0123456789abcdef");
const HTTPS: (&str, &str) = ("PUBLIC_URL", "https://shop.example");

fn read(variables: &[(&str, &str)]) -> Result<Config, ConfigError> {
    Config::read(|name| variables.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned()))
}

fn with<'a>(pair: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    pair.iter().chain(more).copied().collect()
}

#[test]
fn without_settings_it_is_the_sandbox() {
    let config = read(&[]).unwrap();
    assert!(matches!(config.toss, TossConfig::Sandbox(addr) if addr.to_string() == DEFAULT_SANDBOX_ADDR));
    assert_eq!(config.store, StoreConfig::Sqlite { path: PathBuf::from("data/checkout.db"), create: true });
    assert!(matches!(&config.session, SessionConfig::File(path) if path.as_path() == Path::new("data/session.key")));
    assert_eq!(config.orders.expire_after, Duration::from_secs(40 * 60));
    assert_eq!((config.http.max_connections, config.http.max_connections_per_address), (2048, 256));
    assert!(config.http.confirm_api_key.is_none() && config.metrics.is_none() && config.warnings.is_empty());
    assert!(!config.is_live());
    assert!(matches!(read(&[("TOSS_CLIENT_KEY", " ")]).unwrap().toss, TossConfig::Sandbox(_)), "empty is not set");
}

#[test]
fn a_pair_of_keys_leads_to_the_real_toss() {
    let config = read(&TEST_PAIR).unwrap();
    assert!(
        matches!(&config.toss, TossConfig::Remote(remote) if remote.api_url == TOSS_API_URL && remote.widget_url == Sdk::V1.default_src())
    );
    assert!(!config.is_live());
    let newer = read(&with(&TEST_PAIR, &[("TOSS_SDK", "v2")])).unwrap();
    assert!(matches!(&newer.toss, TossConfig::Remote(remote) if remote.widget_url == Sdk::V2.default_src()));
    let live = read(&with(&LIVE_PAIR, &[SECRET, ("PUBLIC_URL", "https://shop.example/")])).unwrap();
    assert!(live.is_live());
    assert_eq!(live.http.public_url, "https://shop.example");
    let written_otherwise = read(&with(&LIVE_PAIR, &[SECRET, ("PUBLIC_URL", "HTTPS://Shop.Example:443")])).unwrap();
    assert_eq!(written_otherwise.http.public_url, "https://shop.example", "as browsers send it");
    let defaults_set = [SECRET, HTTPS, ("TOSS_API_URL", TOSS_API_URL), ("TOSS_WIDGET_URL", Sdk::V1.default_src())];
    assert!(read(&with(&LIVE_PAIR, &defaults_set)).unwrap().is_live(), "what is so anyway may be set");
}

#[test]
fn another_toss_is_an_origin_and_a_script() {
    let (api, widget) = (("TOSS_API_URL", "http://LOCALHOST:3100/"), ("TOSS_WIDGET_URL", "http://LOCALHOST:3100/v1/payment-widget"));
    let config = read(&with(&TEST_PAIR, &[api, widget])).unwrap();
    assert!(matches!(&config.toss, TossConfig::Remote(remote) if remote.api_url == "http://localhost:3100"
            && remote.widget_url == "http://localhost:3100/v1/payment-widget"));
}

#[test]
fn a_shop_that_others_reach_does_not_give_its_goods_away() {
    for url in ["https://shop.example", "http://shop.example", "http://192.168.0.2:3000", "http://0.0.0.0:3000", "https://localhost"] {
        let error = read(&[("PUBLIC_URL", url)]).expect_err(url).0;
        assert!(error.contains("PUBLIC_URL") && error.contains("TOSS_SECRET_KEY") && error.contains("ALLOW_SANDBOX=yes"), "{error}");
        assert!(read(&[("PUBLIC_URL", url), ("ALLOW_SANDBOX", "no")]).is_err());
        assert!(matches!(read(&[("PUBLIC_URL", url), ("ALLOW_SANDBOX", "yes")]).unwrap().toss, TossConfig::Sandbox(_)));
        assert!(read(&with(&TEST_PAIR, &[("PUBLIC_URL", url)])).is_ok(), "keys are another matter");
    }
    for url in ["http://localhost:3000", "http://127.0.0.1:8080", "http://[::1]:3000", "http://shop.localhost:3000"] {
        assert!(read(&[("PUBLIC_URL", url)]).is_ok(), "{url}");
    }
}

#[test]
fn that_a_new_key_is_of_the_same_account_is_the_operators_word() {
    let word = |value| read(&with(&TEST_PAIR, &[("TOSS_SAME_ACCOUNT", value)])).unwrap().orders.is_same_account;
    assert!(word("yes") && !word("no") && !word(""));
    assert!(!read(&TEST_PAIR).unwrap().orders.is_same_account);
}

#[test]
fn limits_are_taken_within_their_bounds() {
    let config = read(&[
        ("ORDER_EXPIRES_MINUTES", "10"),
        ("MAX_CONNECTIONS", "100"),
        ("METRICS_ADDR", "localhost:9090"),
        ("SANDBOX_ADDR", "localhost:0"),
        ("CONFIRM_API_KEY", SECRET.1),
    ])
    .unwrap();
    assert_eq!(config.orders.expire_after, Duration::from_secs(600));
    assert_eq!((config.http.max_connections, config.http.max_connections_per_address), (100, 100), "one address has no more than all");
    assert_eq!(config.metrics.unwrap().to_string(), "127.0.0.1:9090");
    assert!(matches!(config.toss, TossConfig::Sandbox(addr) if addr.to_string() == "127.0.0.1:0"));
    assert!(config.http.confirm_api_key.unwrap().matches(SECRET.1.as_bytes()));
    for (name, taken, refused) in [
        ("ORDER_EXPIRES_MINUTES", ["10", "1440"], ["9", "1441"]),
        ("MAX_CONNECTIONS", ["16", "65536"], ["15", "65537"]),
        ("MAX_CONNECTIONS_PER_ADDRESS", ["4", "2048"], ["3", "2049"]),
    ] {
        assert!(taken.iter().all(|value| read(&[(name, *value)]).is_ok()), "{name}");
        for value in refused.iter().chain(&["-1", "1e3", "20.5", "hunter2", "99999999999999999999"]) {
            let error = read(&[(name, *value)]).expect_err(value).0;
            assert!(error.starts_with(name) && error.contains("from"), "{error}");
        }
    }
}

#[test]
fn contradictions_are_refused_with_what_to_set() {
    let api_pair =
        [("TOSS_CLIENT_KEY", "test_ck_D5GePWvyJnrK0W0k6q8gLzN97Eoq"), ("TOSS_SECRET_KEY", "test_sk_zXLkKEypNArWmo50nX3lmeaxYG5R")];
    let not_an_address = |name| (name, "shop.example");
    for (variables, named) in [
        (vec![TEST_PAIR[0]], "TOSS_SECRET_KEY"),
        (vec![TEST_PAIR[1]], "TOSS_CLIENT_KEY"),
        (vec![TEST_PAIR[0], LIVE_PAIR[1]], "TOSS_SECRET_KEY"),
        (vec![TEST_PAIR[0], api_pair[1]], "TOSS_SECRET_KEY"),
        (api_pair.to_vec(), "gck"),
        (vec![("TOSS_CLIENT_KEY", TEST_PAIR[1].1), TEST_PAIR[1]], "TOSS_CLIENT_KEY"),
        (vec![TEST_PAIR[0], ("TOSS_SECRET_KEY", "test_gsk_docs_OaPz8L5K dmQXkzRz3y47BMw6")], "TOSS_SECRET_KEY"),
        (vec![TEST_PAIR[0], ("TOSS_SECRET_KEY", "\"test_gsk_docs_OaPz8L5KdmQXkzRz3y47BMw6\"")], "TOSS_SECRET_KEY"),
        (with(&LIVE_PAIR, &[SECRET, HTTPS, ("TOSS_API_URL", "http://127.0.0.1:3100")]), "TOSS_API_URL"),
        (with(&LIVE_PAIR, &[SECRET, HTTPS, ("TOSS_WIDGET_URL", "http://127.0.0.1:3100/v1/payment-widget")]), "TOSS_WIDGET_URL"),
        (with(&LIVE_PAIR, &[SECRET]), "PUBLIC_URL"),
        (with(&LIVE_PAIR, &[HTTPS]), "SESSION_SECRET"),
        (with(&TEST_PAIR, &[("TOSS_API_URL", "http://127.0.0.1:3100/v1")]), "TOSS_API_URL"),
        (with(&TEST_PAIR, &[("TOSS_WIDGET_URL", "http://127.0.0.1:3100/v1?x")]), "TOSS_WIDGET_URL"),
        (vec![("TOSS_API_URL", "http://127.0.0.1:3100")], "TOSS_CLIENT_KEY"),
        (vec![not_an_address("SANDBOX_ADDR")], "SANDBOX_ADDR"),
        (vec![not_an_address("METRICS_ADDR")], "METRICS_ADDR"),
        (vec![("METRICS_ADDR", "localhost:3100")], "SANDBOX_ADDR"),
        (vec![("SESSION_SECRET", "short")], "SESSION_SECRET"),
        (vec![("SESSION_SECRET", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa")], "SESSION_SECRET"),
        (vec![("SESSION_SECRET", " 0123456789abcdef0123456789abcdef")], "SESSION_SECRET"),
        (vec![("SESSION_SECRET", "'0123456789abcdef0123456789abcdef'")], "SESSION_SECRET"),
        (vec![("CONFIRM_API_KEY", "short")], "CONFIRM_API_KEY"),
        (vec![("CONFIRM_API_KEY", "0123456789abcdef0123456789abcdef ")], "CONFIRM_API_KEY"),
        (vec![("MAX_CONNECTIONS", "20"), ("MAX_CONNECTIONS_PER_ADDRESS", "21")], "MAX_CONNECTIONS_PER_ADDRESS"),
        (vec![("DATABASE_URL", "mysql://x")], "DATABASE_URL"),
        (vec![not_an_address("PUBLIC_URL")], "PUBLIC_URL"),
        (vec![("PUBLIC_URL", "https://shop.example/path")], "PUBLIC_URL"),
        (vec![("LOG", "loud")], "LOG"),
        (vec![("ALLOW_SANDBOX", "maybe")], "ALLOW_SANDBOX"),
        (vec![("TOSS_SDK", "v3")], "TOSS_SDK"),
        (vec![("TOSS_SAME_ACCOUNT", "true")], "TOSS_SAME_ACCOUNT"),
        (vec![("DATABASE_URL", "sqlite://file:d/shop.db")], "DATABASE_URL"),
        (vec![("SANDBOX_ADDR", "[::1]:3100")], "127.0.0.1"),
        (with(&TEST_PAIR, &[("TOSS_WIDGET_URL", "http://[::1]:3100/v1/payment-widget")]), "127.0.0.1"),
    ] {
        let error = read(&variables).expect_err(named);
        assert!(error.0.contains(named), "{variables:?} -> {error}");
        assert!(error.0.contains("set ") || error.0.contains("unset "), "{error} does not say what to set");
        assert!(!error.0.contains('\n') && !error.0.contains("OaPz8L5K") && !error.0.contains("zXLkKEyp"), "{error}");
        assert!(!error.0.contains("0123456789abcdef"), "{error}");
    }
}

#[test]
fn no_error_shows_a_value() {
    let forms = [
        "{}",
        "{} (old)",
        "\"{}\"",
        "'{}",
        "{}\n",
        "\u{feff}{}",
        "http://{}?x",
        "http://user:{}@x",
        "https://{}_",
        "sqlite://{}?x",
        "test_gsk_{} x",
        "{}:80",
    ];
    for name in sources::SHOP.iter().copied() {
        for form in forms {
            let value = form.replace("{}", "hunter2");
            // With keys beside it, where what is tried is looked at together with keys only.
            let keys: Vec<_> = TEST_PAIR.into_iter().filter(|(key, _)| name.starts_with("TOSS_") && *key != name).collect();
            let error = read(&with(&keys, &[(name, &value)])).expect_err(name).0;
            assert!(error.contains(name) && !error.contains("hunter2") && !error.contains('\n'), "{name}: {error}");
        }
    }
}

#[test]
fn no_secret_is_printed() {
    let printed = format!("{:?}", read(&with(&TEST_PAIR, &[SECRET, ("CONFIRM_API_KEY", SECRET.1)])).unwrap());
    assert!(!printed.contains("OaPz8L5K") && !printed.contains("0123456789abcdef"), "{printed}");
}

/// What is read is listed: otherwise it would neither be looked at for slips nor count as known.
#[test]
fn every_variable_is_known() {
    let asked = RefCell::new(BTreeSet::new());
    for pair in [&TEST_PAIR[..], &[]] {
        let config = Config::read(|name| {
            asked.borrow_mut().insert(name.to_owned());
            pair.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned())
        });
        assert!(config.is_ok());
    }
    assert_eq!(asked.into_inner(), sources::SHOP.iter().map(|name| (*name).to_owned()).collect());
    for name in sources::SHOP.iter().chain(&sources::SITE) {
        assert!(EXAMPLE.contains(&format!("{name}=")), "{name} is not in .env.example");
    }
}

#[test]
fn the_example_is_a_file_that_the_shop_starts_with() {
    let example = dotenv::parse(EXAMPLE.as_bytes()).unwrap();
    let config = Config::read(|name| example.get(name).cloned()).unwrap();
    assert_eq!(format!("{config:?}"), format!("{:?}", read(&[]).unwrap()), "it names the defaults");
    assert!(example.keys().all(|name| sources::is_known(name)));
}

/// What stands behind a `#` shows what holds without it, as the lines without one do.
#[test]
fn the_example_shows_defaults_also_where_it_leaves_them_out() {
    let is_name = |name: &str| name.starts_with("LEPTOS_") && !name.contains(' ');
    let left_out = EXAMPLE
        .lines()
        .filter_map(|line| line.strip_prefix("# "))
        .filter(|line| line.split_once('=').is_some_and(|(name, _)| is_name(name)));
    let left_out = left_out.collect::<Vec<_>>().join("\n");
    let left_out = dotenv::parse(left_out.as_bytes()).unwrap();
    assert_eq!(left_out.len(), sources::SITE.len());
    let shown = site::read(|name| left_out.get(name).cloned()).unwrap();
    assert_eq!(format!("{shown:?}"), format!("{:?}", site::read(|_| None).unwrap()));
}
