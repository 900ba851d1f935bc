//! The page in a real browser: headless Chromium, driven by `chromedriver` over its protocol.
//!
//! These tests need both programs and are skipped with a message where they are absent. `ASSAY_AXE=/path/to/axe.min.js` adds the
//! accessibility rules of axe-core.

use crate::fixture;

use assay_finding::Review;
use assay_report::{Format, Options, render};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

/// A page in a browser; both go when this does.
struct Page {
    driver: Child,
    port: u16,
    session: String,
    folder: tempfile::TempDir,
}

impl Page {
    /// Opens the page of a review; `None` where there is no browser.
    fn open(review: &Review) -> Option<Self> {
        let mut driver = match Command::new("chromedriver")
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
        {
            Ok(driver) => driver,
            Err(error) => {
                let _ = writeln!(std::io::stderr(), "skipped: chromedriver does not start: {error}");
                return None;
            }
        };
        let stdout = driver.stdout.take().expect("standard output is a pipe");
        let mut lines = BufReader::new(stdout).lines().map_while(Result::ok);
        let port =
            lines.find_map(|line| line.split_once("successfully on port ")?.1.trim_end_matches('.').parse().ok());
        let folder = tempfile::tempdir().expect("a folder");
        let mut page = Self { driver, port: port.expect("a port"), session: String::new(), folder };
        let capabilities = json!({"capabilities": {"alwaysMatch": {
            "goog:chromeOptions": {"args": ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage",
                                             "--window-size=1280,900"]},
            "goog:loggingPrefs": {"browser": "ALL"},
        }}});
        let answer = page.call("POST", "/session", &capabilities);
        let Some(session) = answer["value"]["sessionId"].as_str() else {
            let _ = writeln!(std::io::stderr(), "skipped: no browser: {}", answer["value"]["message"]);
            return None;
        };
        session.clone_into(&mut page.session);
        let file = page.folder.path().join("review.html");
        std::fs::write(&file, html(review)).expect("a file");
        page.post("/url", &json!({"url": format!("file://{}", file.display())}));
        Some(page)
    }

    /// One request to the driver.
    fn call(&self, method: &str, path: &str, body: &Value) -> Value {
        let mut stream = TcpStream::connect(("127.0.0.1", self.port)).expect("the driver listens");
        stream.set_read_timeout(Some(Duration::from_mins(2))).expect("a timeout");
        let body = body.to_string();
        write!(
            stream,
            "{method} {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\nContent-Type: application/json\r\n\
             Content-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .expect("the driver reads");
        let mut reader = BufReader::new(stream);
        let mut length = 0;
        loop {
            let mut line = String::new();
            reader.read_line(&mut line).expect("a header");
            if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
                length = value.trim().parse().expect("a length");
            }
            if line.trim().is_empty() {
                break;
            }
        }
        let mut answer = vec![0; length];
        reader.read_exact(&mut answer).expect("an answer");
        serde_json::from_slice(&answer).expect("JSON")
    }

    fn post(&self, path: &str, body: &Value) -> Value {
        let answer = self.call("POST", &format!("/session/{}{path}", self.session), body);
        assert!(answer["value"]["error"].is_null(), "{path}: {answer:#}");
        answer["value"].clone()
    }

    /// What a script returns.
    fn eval(&self, script: &str) -> Value {
        self.post("/execute/sync", &json!({"script": script, "args": []}))
    }

    /// Waits until a script returns what is expected.
    fn wait(&self, script: &str, expected: &Value) {
        let start = Instant::now();
        loop {
            let found = self.eval(script);
            if found == *expected {
                return;
            }
            assert!(start.elapsed() < Duration::from_secs(20), "{script}: {found}, expected {expected}");
            std::thread::sleep(Duration::from_millis(50));
        }
    }

    /// Sets a field of a form as a user does.
    fn set(&self, form: &str, field: &str, value: &str) {
        self.eval(&format!(
            "const field = document.getElementById('{form}').elements['{field}'];
             if (field.type === 'checkbox') {{ field.checked = {checked}; }} else {{ field.value = '{value}'; }}
             field.dispatchEvent(new Event('input', {{bubbles: true}}));",
            checked = value == "on"
        ));
    }

    /// What the console says.
    fn console(&self) -> Value {
        self.post("/se/log", &json!({"type": "browser"}))
    }

    /// Rules of axe-core that the page breaks, if its script is at hand.
    fn broken_rules(&self) -> Option<Value> {
        let script = std::env::var_os("ASSAY_AXE")?;
        let script = std::fs::read_to_string(script).expect("the script of axe-core");
        self.eval(&script);
        Some(self.post(
            "/execute/async",
            &json!({"script": "const done = arguments[0]; axe.run(document, {resultTypes: ['violations']}).then(r => done(\
                r.violations.map(v => v.id + ': ' + v.nodes.slice(0, 3).map(n => n.html + ' ' + n.failureSummary).join(' | '))))",
                "args": []}),
        ))
    }
}

impl Drop for Page {
    fn drop(&mut self) {
        if !self.session.is_empty() {
            self.call("DELETE", &format!("/session/{}", self.session), &json!({}));
        }
        let _ = self.driver.kill();
        let _ = self.driver.wait();
    }
}

fn html(review: &Review) -> String {
    let mut out = Vec::new();
    render(review, Format::Html, &Options::default(), &mut out).expect("a vector takes all");
    String::from_utf8(out).expect("reports are UTF-8")
}

const SHOWN: &str = "return document.querySelectorAll('.finding:not([hidden])').length";

#[test]
fn findings_are_filtered_grouped_and_opened() {
    let Some(page) = Page::open(&fixture::review()) else { return };
    page.wait("return document.getElementById('finding-count').textContent", &json!("3 of 5 findings shown"));
    for (field, value, expected) in [
        ("area", "injection", 2),
        ("area", "data-validation", 1),
        ("severity", "3", 1),
        ("confidence", "2", 2),
        ("cwe", "89", 1),
        ("cwe", "150", 1),
        ("path", "LONG.py", 1),
        ("text", "request parameter", 1),
        ("text", "no such words", 0),
        ("test", "on", 4),
        ("suppressed", "on", 4),
    ] {
        page.set("finding-filters", field, value);
        page.wait(SHOWN, &json!(expected));
        page.eval("document.querySelector('#finding-filters [type=reset]').click()");
        page.wait(SHOWN, &json!(3));
    }
    page.set("finding-filters", "group", "severity");
    page.wait(
        "return Array.from(document.querySelectorAll('.group:not([hidden]) > h3'), h => h.textContent)",
        &json!(["critical", "medium", "low"]),
    );
    page.eval("document.querySelector('[data-show-area=data-validation]').click()");
    page.wait(SHOWN, &json!(1));
    page.eval("document.querySelector('#finding-filters [type=reset]').click()");
    // The path: a picture that is seen, and the steps in words.
    let first = "document.querySelector('#f-5f2b7f5c0a4e4a0f9d1c2b3a4e5f6071')";
    assert_eq!(page.eval(&format!("return {first}.querySelector('svg').checkVisibility()")), json!(false));
    page.eval(&format!("{first}.querySelector('summary').click()"));
    page.wait(&format!("return {first}.querySelector('svg').checkVisibility()"), &json!(true));
    assert_eq!(page.eval(&format!("return {first}.querySelectorAll('.steps > li').length")), json!(5));
    assert_eq!(page.eval(&format!("return {first}.querySelectorAll('svg g').length")), json!(5));
    assert_eq!(page.eval(&format!("return {first}.querySelector('mark').textContent")), json!("cursor.execute("));
    page.eval("location.hash = 'f-00000000000000000000000000000000'");
    assert_eq!(page.console(), json!([]));
}

#[test]
fn the_ledger_is_searched_and_only_what_is_in_sight_is_made() {
    let mut review = fixture::review();
    let site = review.sites[5].clone();
    review.sites.extend((0..50_000).map(|n| assay_finding::Site { api: format!("lib.call_{n}"), ..site.clone() }));
    let Some(page) = Page::open(&review) else { return };
    let sites = review.sites.len();
    page.wait(
        "return document.getElementById('ledger-count').textContent",
        &json!(format!("{} of {sites} sites shown", sites - 1)),
    );
    let made = page.eval("return document.querySelectorAll('#ledger-rows [role=row]').length");
    assert!(made.as_u64().is_some_and(|made| (5..60).contains(&made)), "{made}");
    page.set("ledger-filters", "text", "CALL_4999 constant");
    page.wait(
        "return document.getElementById('ledger-count').textContent",
        &json!(format!("11 of {sites} sites shown")),
    );
    page.set("ledger-filters", "text", "");
    page.set("ledger-filters", "outcome", "not-observed");
    page.wait(
        "return document.getElementById('ledger-count').textContent",
        &json!(format!("3 of {sites} sites shown")),
    );
    page.set("ledger-filters", "outcome", "");
    page.wait(
        "const rows = document.getElementById('ledger-rows'); rows.focus();
         const press = key => rows.dispatchEvent(new KeyboardEvent('keydown', {key, bubbles: true, cancelable: true}));
         press('End');
         return document.getElementById('ledger-detail').textContent.includes('lib.call_49999')",
        &json!(true),
    );
    let took = page.eval("return performance.getEntriesByType('navigation')[0].domInteractive");
    assert!(took.as_f64().is_some_and(|milliseconds| milliseconds < 10_000.0), "{took}");
    assert_eq!(page.console(), json!([]));
}

#[test]
fn the_attack_surface_is_searched() {
    let mut review = fixture::review();
    let entry = review.surface[0].clone();
    review.surface = vec![
        assay_finding::EntryPoint { path: Some("/users/{id}".to_owned()), guards: Vec::new(), ..entry.clone() },
        assay_finding::EntryPoint { path: Some("/health".to_owned()), ..entry },
    ];
    let Some(page) = Page::open(&review) else { return };
    let shown = "return document.getElementById('surface-count').textContent";
    page.wait(shown, &json!("2 of 2 entry points shown"));
    page.set("surface-filters", "text", "HEALTH");
    page.wait(shown, &json!("1 of 2 entry points shown"));
    page.set("surface-filters", "text", "");
    page.set("surface-filters", "bare", "on");
    page.wait(
        "return document.querySelector('.surface tbody tr:not([hidden]) th').textContent.includes('/users/{id}')",
        &json!(true),
    );
    page.wait(shown, &json!("1 of 2 entry points shown"));
    assert_eq!(page.console(), json!([]));
}

/// A review of code that is full of markup.
fn hostile() -> Review {
    let evil = "</script><script>window.hacked=1</script></style><img src=x onerror=\"window.hacked=1\">'\"><svg/onload=window.hacked=1>\
                <!--<script>javascript:alert(1)//`${hacked}`\u{202e}]]>&lt;b&gt;";
    let mut review = fixture::review();
    let files = review.files.iter().map(|(_, file)| {
        let text = file.text.replace("'ping '", &format!("'{evil}'"));
        assay_text::SourceFile::new(&format!("{evil}/{}", file.path), file.language, file.role, text)
    });
    review.files = assay_text::Files::new(files.collect());
    for finding in &mut review.findings {
        for field in [&mut finding.title, &mut finding.message, &mut finding.solution, &mut finding.place.function] {
            field.push_str(evil);
        }
        finding.assumptions.push(evil.to_owned());
        finding.reach.push(evil.to_owned());
        finding.false_if.push(evil.to_owned());
        for step in &mut finding.trace {
            step.message.push_str(evil);
            step.place.function.push_str(evil);
        }
        if let Some(fix) = &mut finding.fix {
            fix.replacements[0].text.push_str(evil);
            fix.message.push_str(evil);
        }
        if let Some(suppression) = &mut finding.suppressed {
            suppression.reason.push_str(evil);
        }
    }
    for site in &mut review.sites {
        site.api.push_str(evil);
        site.noun.push_str(evil);
        site.reason.detail.push_str(evil);
        site.reason.code.push_str(evil);
        site.place.function.push_str(evil);
    }
    for entry in &mut review.surface {
        entry.path = Some(evil.to_owned());
        entry.methods = vec![evil.to_owned()];
        entry.assumption = Some(evil.to_owned());
        entry.place.function.push_str(evil);
        entry.inputs.iter_mut().for_each(|input| input.name.push_str(evil));
        entry.guards.iter_mut().for_each(|guard| guard.name.push_str(evil));
        entry.effects.iter_mut().for_each(|effect| effect.api.push_str(evil));
    }
    for gap in &mut review.gaps {
        gap.path.push_str(evil);
        gap.message.push_str(evil);
    }
    review.targets = vec![evil.to_owned()];
    review.notes.push(evil.to_owned());
    review
}

#[test]
fn hostile_code_changes_nothing() {
    let Some(page) = Page::open(&hostile()) else { return };
    page.eval("document.querySelectorAll('details').forEach(d => { d.open = true; })");
    page.set("finding-filters", "group", "file");
    page.set("ledger-filters", "text", "img");
    page.wait("return document.querySelectorAll('#ledger-rows [role=row]').length > 3", &json!(true));
    page.eval("document.querySelector('#ledger-rows [role=row]').click()");
    assert_eq!(page.eval("return typeof window.hacked"), json!("undefined"));
    assert_eq!(page.eval("return document.scripts.length"), json!(2));
    let strange = "return document.querySelectorAll('img, iframe, object, embed, base, [onload], [onerror], [style*=expression], \
                   a[href^=javascript]').length";
    assert_eq!(page.eval(strange), json!(0));
    assert_eq!(
        page.eval(
            "return document.querySelectorAll('svg').length === document.querySelectorAll('.picture svg').length"
        ),
        json!(true)
    );
    assert_eq!(page.console(), json!([]));
}

#[test]
fn everybody_can_use_it() {
    for dark in [false, true] {
        let Some(page) = Page::open(&fixture::review()) else { return };
        let scheme = if dark { "dark" } else { "light" };
        page.post(
            "/goog/cdp/execute",
            &json!({"cmd": "Emulation.setEmulatedMedia",
                    "params": {"features": [{"name": "prefers-color-scheme", "value": scheme}]}}),
        );
        let paper = page.eval("return getComputedStyle(document.body).backgroundColor");
        assert_eq!(paper, json!(if dark { "rgb(20, 23, 28)" } else { "rgb(255, 255, 255)" }));
        page.set("finding-filters", "test", "on");
        page.set("finding-filters", "suppressed", "on");
        page.eval("document.querySelectorAll('details').forEach(d => { d.open = true; })");
        page.wait(SHOWN, &json!(5));
        match page.broken_rules() {
            Some(broken) => assert_eq!(broken, json!([]), "{scheme}: {broken:#}"),
            None => {
                let _ = writeln!(std::io::stderr(), "skipped: ASSAY_AXE names no script of axe-core");
            }
        }
        // The button turns the theme round, for this page alone.
        page.eval("document.getElementById('theme').click()");
        assert_ne!(page.eval("return getComputedStyle(document.body).backgroundColor"), paper);
        assert_eq!(page.console(), json!([]));
    }
}
