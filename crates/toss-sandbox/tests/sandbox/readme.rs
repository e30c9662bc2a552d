//! What the README shows is what is tested.

use toss_sandbox::{API_CLIENT_KEY, API_SECRET_KEY, CLIENT_KEY, Endpoint, SECRET_KEY};

const README: &str = include_str!("../../README.md");
/// The shop that the end-to-end tests run.
const SHOP: &str = include_str!("../../examples/shop.mjs");

#[test]
fn the_readmes_shop_is_the_tested_one() {
    let blocks: Vec<_> = README.split("```js\n").skip(1).filter_map(|rest| rest.split("```").next()).collect();
    assert!(!blocks.is_empty(), "the README shows no JavaScript");
    for block in blocks {
        assert!(SHOP.contains(block), "not in examples/shop.mjs:\n{block}");
    }
    assert!(README.contains("examples/shop.mjs"));
}

#[test]
fn the_readme_names_every_key_and_every_call() {
    for key in [CLIENT_KEY, SECRET_KEY, API_CLIENT_KEY, API_SECRET_KEY] {
        assert!(README.contains(key), "{key}");
    }
    for endpoint in Endpoint::ALL {
        // The README writes names of parts in camel case, and some paths together.
        let words = endpoint.path().split('/').filter(|part| !part.is_empty() && !part.starts_with('{') && *part != "v1");
        for word in words {
            assert!(README.contains(word), "{} is missing: {word}", endpoint.path());
        }
    }
}
