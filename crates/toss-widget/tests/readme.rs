//! What the README shows is what is compiled and tested.
#![cfg(not(all(target_arch = "wasm32", target_os = "unknown")))]

const README: &str = include_str!("../README.md");

fn shows(language: &str, text: &str) -> bool {
    README.contains(&format!("```{language}\n{text}```\n"))
}

#[test]
fn the_page_of_the_readme_is_the_example() {
    assert!(shows("rust,no_run", include_str!("../examples/page/main.rs")), "examples/page/main.rs is another page");
    assert!(shows("html", include_str!("../examples/page/index.html")), "examples/page/index.html is another page");
}

/// What a newcomer adds has to be enough for the page: the example is compiled with these.
#[test]
fn the_features_of_the_readme_are_those_that_the_example_is_compiled_with() {
    let listed = README.lines().find_map(|line| line.strip_prefix("cargo add web-sys --features ")).expect("a line with features");
    let manifest = include_str!("../Cargo.toml");
    for feature in listed.split(',') {
        assert!(manifest.contains(&format!("\"{feature}\"")), "{feature} is not among the features of web-sys here");
    }
}

#[test]
fn the_least_rust_of_the_readme_is_that_of_the_package() {
    let version = env!("CARGO_PKG_RUST_VERSION");
    assert!(README.contains(&format!("Rust {version}.")), "the package needs {version}");
}
