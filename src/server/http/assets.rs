//! The names under which the browser gets the front end: with a hash of the content where the build made one.

use leptos::config::LeptosOptions;
use std::path::{Path, PathBuf};

/// Paths from the site's root.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Assets {
    /// The glue of wasm-bindgen.
    pub js: String,
    /// The program.
    pub wasm: String,
    /// The style sheet.
    pub css: String,
}

impl Assets {
    /// Reads the hashes once, at the start.
    ///
    /// # Errors
    /// When the build says that its files are hashed and the list of hashes cannot be read.
    pub fn find(site: &LeptosOptions) -> Result<Assets, std::io::Error> {
        let hashes = if site.hash_files { std::fs::read_to_string(hash_file(site)?)? } else { String::new() };
        Ok(Assets::named(&site.site_pkg_dir, &site.output_name, &hashes))
    }

    fn named(folder: &str, name: &str, hashes: &str) -> Assets {
        let path = |kind: &str, extension: &str| {
            let hash = hashes.lines().filter_map(|line| line.split_once(':')).find(|(of, _)| of.trim() == kind);
            let hash = hash.map(|(_, hash)| format!(".{}", hash.trim())).unwrap_or_default();
            format!("/{folder}/{name}{hash}.{extension}")
        };
        Assets { js: path("js", "js"), wasm: path("wasm", "wasm"), css: path("css", "css") }
    }
}

fn hash_file(site: &LeptosOptions) -> Result<PathBuf, std::io::Error> {
    let program = std::env::current_exe()?;
    Ok(program.parent().unwrap_or(Path::new("")).join(site.hash_file.as_ref()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_become_part_of_the_names() {
        let hashed = Assets::named("pkg", "toss-checkout", "css: c1\njs: j2\nwasm: w3\n");
        assert_eq!(
            (hashed.js.as_str(), hashed.wasm.as_str(), hashed.css.as_str()),
            ("/pkg/toss-checkout.j2.js", "/pkg/toss-checkout.w3.wasm", "/pkg/toss-checkout.c1.css")
        );
        assert_eq!(Assets::named("pkg", "x", "").js, "/pkg/x.js");
    }
}
