//! The front end's files: compressed where the browser takes it, and kept for ever under names that change.

use crate::app::{DEADLINE, TestApp};
use crate::raw;
use std::fs;
use std::net::SocketAddr;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn files_come_compressed_and_are_kept() {
    let site = tempfile::tempdir().unwrap();
    fs::create_dir(site.path().join("pkg")).unwrap();
    fs::write(site.path().join("pkg/shop.abc.js"), "plain").unwrap();
    fs::write(site.path().join("pkg/shop.abc.js.br"), "compressed").unwrap();
    fs::write(site.path().join("robots.txt"), "User-agent: *").unwrap();
    // The list of hashes stands beside the program, which may run twice at the same time.
    let name = format!("hashes-of-the-files-test-{}.txt", std::process::id());
    let hashes = std::env::current_exe().unwrap().with_file_name(&name);
    fs::write(&hashes, "js: abc\nwasm: def\ncss: ghi\n").unwrap();
    let options = leptos::config::LeptosOptions::builder()
        .output_name("shop")
        .site_root(site.path().to_str().unwrap())
        .site_addr(SocketAddr::from(([127, 0, 0, 1], 0)))
        .hash_files(true)
        .hash_file(name.into())
        .build();
    let app = TestApp::start_with(options).await;
    let browser = app.browser();

    let packed = browser.get_with("/pkg/shop.abc.js", ("accept-encoding", "gzip, br")).await;
    assert_eq!((packed.status, packed.body.as_str()), (200, "compressed"));
    assert_eq!(packed.headers["content-encoding"], "br");
    assert_eq!(packed.headers["cache-control"], "public, max-age=31536000, immutable");
    assert!(packed.headers["content-type"].to_str().unwrap().contains("javascript"));
    let plain = browser.get("/pkg/shop.abc.js").await;
    assert_eq!(plain.body, "plain");

    // A browser takes the headers of a 304 over into its copy: `no-store` would throw away what it has just been told to keep.
    for (path, cache) in [("/pkg/shop.abc.js", "public, max-age=31536000, immutable"), ("/robots.txt", "public, max-age=3600")] {
        let changed = browser.get(path).await.headers["last-modified"].to_str().unwrap().to_owned();
        let unchanged = browser.get_with(path, ("if-modified-since", &changed)).await;
        assert_eq!((unchanged.status, unchanged.body.as_str()), (304, ""), "{path}");
        assert_eq!(unchanged.headers["cache-control"], cache, "{path}");
    }

    let missing = browser.get("/pkg/shop.old.js").await;
    assert_eq!((missing.status, missing.headers["cache-control"].to_str().unwrap()), (404, "no-store"));
    assert_eq!(browser.get("/robots.txt").await.status, 200);

    let page = browser.get("/checkout").await.body;
    for name in ["/pkg/shop.abc.js", "/pkg/shop.def.wasm", "/pkg/shop.ghi.css"] {
        assert!(page.contains(name), "{name} is missing");
    }
    fs::remove_file(&hashes).unwrap();
    tokio::time::timeout(DEADLINE, app.finish()).await.unwrap();
}

/// As it stands on the wire: a browser, and the tests' too, takes the dots away before it asks.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn nothing_above_the_sites_folder_is_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let site = folder.path().join("site");
    fs::create_dir_all(site.join("pkg")).unwrap();
    fs::write(site.join("inside.txt"), "for everybody").unwrap();
    fs::write(folder.path().join("above.txt"), "for nobody").unwrap();
    let options = leptos::config::LeptosOptions::builder()
        .output_name("shop")
        .site_root(site.to_str().unwrap())
        .site_addr(SocketAddr::from(([127, 0, 0, 1], 0)))
        .build();
    let app = TestApp::start_with(options).await;
    let inside = raw::send(app.addr, "GET /inside.txt", &[], "").await;
    assert!(inside.starts_with("HTTP/1.1 200") && inside.ends_with("for everybody"), "{inside}");
    let absolute = format!("/{}/above.txt", folder.path().display());
    for path in [
        "/../above.txt",
        "/pkg/../../above.txt",
        "/pkg/../above.txt",
        "/%2e%2e/above.txt",
        "/%2E./above.txt",
        "/pkg/%2e%2e/%2e%2e/above.txt",
        "/..%2fabove.txt",
        "/pkg/..%2f..%2fabove.txt",
        "/..%5cabove.txt",
        "/./../above.txt",
        "//../above.txt",
        &absolute,
        &absolute.replacen("//", "/%2f", 1),
    ] {
        let answer = raw::send(app.addr, &format!("GET {path}"), &[], "").await;
        assert!(answer.starts_with("HTTP/1.1 404") && !answer.contains("for nobody"), "{path}: {answer}");
    }
    app.finish().await;
}
