//! Downloads: conditional, bounded in time, silence and size, to a file of their own, and verified before they count.

use crate::{Error, Imported, MAX_ARCHIVE_BYTES, Store, records};
use assay_dependencies::Ecosystem;
use std::io::{self, Read, Seek, Write};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::time::Duration;

/// The public bucket of the OSV project: one folder for each ecosystem, with `all.zip` in it.
pub const BUCKET: &str = "https://osv-vulnerabilities.storage.googleapis.com";

/// Pieces of a download that wait to be written.
const PIECES: usize = 4;

/// How long a server is waited for.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Patience {
    /// Until a connection comes about.
    pub connect: Duration,
    /// Until the server answers.
    pub answer: Duration,
    /// Between two pieces of the data.
    pub idle: Duration,
    /// Until all is there.
    pub transfer: Duration,
}

impl Default for Patience {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(15),
            answer: Duration::from_secs(30),
            idle: Duration::from_secs(30),
            transfer: Duration::from_mins(15),
        }
    }
}

/// Brings ecosystems up to date from a server that is laid out like the bucket, each for itself: one that fails does not
/// keep the others from being updated.
pub fn update(
    store: &Store,
    base: &str,
    ecosystems: &[Ecosystem],
    today: &str,
    patience: Patience,
) -> Vec<(Ecosystem, Result<Imported, Error>)> {
    let base = base.trim_end_matches('/');
    ecosystems
        .iter()
        .map(|&ecosystem| {
            let url = format!("{base}/{}/all.zip", ecosystem.osv_name());
            let imported = store.lock().and_then(|_lock| import(store, &url, &url, today, patience));
            (ecosystem, imported)
        })
        .collect()
}

/// Downloads one archive or record, unless the server says that it is what the database has.
pub(crate) fn import(
    store: &Store,
    url: &str,
    source: &str,
    today: &str,
    patience: Patience,
) -> Result<Imported, Error> {
    if std::env::var_os("ASSAY_OFFLINE").is_some_and(|value| !value.is_empty() && value != "0") {
        return Err(Error::Offline);
    }
    let known = store.old()?;
    let tag = known
        .iter()
        .flat_map(assay_dependencies::Database::sources)
        .find(|info| info.source == source && !info.tag.is_empty())
        .map(|info| info.tag.clone());
    drop(known);
    let Some((file, tag)) = download(url, tag.as_deref(), patience)? else {
        return Ok(Imported {
            source: source.to_owned(),
            sections: Vec::new(),
            unreadable: Vec::new(),
            unreadable_count: 0,
        });
    };
    let records = records::archive(file, source)?;
    store.put(source, &tag, today, &records)
}

/// The body as a file without a name, and what the server calls this state; `None` when nothing has changed.
fn download(url: &str, known: Option<&str>, patience: Patience) -> Result<Option<(std::fs::File, String)>, Error> {
    let failed = |message: String| Error::Download { url: url.to_owned(), message };
    let config = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(5)
        .timeout_connect(Some(patience.connect))
        .timeout_recv_response(Some(patience.answer))
        .timeout_recv_body(Some(patience.transfer))
        .user_agent(concat!("assay/", env!("CARGO_PKG_VERSION")))
        .build();
    let agent = ureq::Agent::new_with_config(config);
    let mut request = agent.get(url);
    if let Some(tag) = known {
        request = request.header("If-None-Match", tag);
    }
    let response = request.call().map_err(|error| failed(words(&error)))?;
    let header = |name: &str| {
        let value = response.headers().get(name)?.to_str().ok()?;
        Some(value.to_owned())
    };
    let status = response.status().as_u16();
    match status {
        200 => {}
        304 => return Ok(None),
        429 | 503 => {
            let after = match header("retry-after") {
                Some(seconds) if seconds.bytes().all(|byte| byte.is_ascii_digit()) => {
                    format!(" in {seconds} seconds")
                }
                _ => String::new(),
            };
            return Err(failed(format!("the server is busy (status {status}); try again{after}")));
        }
        404 => return Err(failed("there is nothing at this address (status 404)".to_owned())),
        status => return Err(failed(format!("the server answered with status {status}"))),
    }
    let tag = header("etag").unwrap_or_default();
    let length: Option<u64> = header("content-length").and_then(|length| length.parse().ok());
    if length.is_some_and(|length| length > MAX_ARCHIVE_BYTES) {
        return Err(failed(format!("larger than {MAX_ARCHIVE_BYTES} bytes")));
    }
    let mut file = tempfile::tempfile().map_err(|error| failed(format!("no room for the download: {error}")))?;
    let body = response.into_body().into_with_config().limit(MAX_ARCHIVE_BYTES).reader();
    let received =
        copy(body, &mut file, patience.idle).map_err(|reason| failed(format!("the download broke off: {reason}")))?;
    if length.is_some_and(|length| length != received) {
        return Err(failed(format!("the download broke off after {received} bytes")));
    }
    file.rewind().map_err(|error| failed(error.to_string()))?;
    Ok(Some((file, tag)))
}

/// Copies what comes, as long as something comes. A thread reads, so that a read that never ends is not waited for.
fn copy(mut from: impl Read + Send + 'static, to: &mut dyn Write, idle: Duration) -> Result<u64, String> {
    let (give, take) = mpsc::sync_channel::<io::Result<Vec<u8>>>(PIECES);
    std::thread::spawn(move || {
        loop {
            let mut piece = vec![0; 64 * 1024];
            let read = from.read(&mut piece).map(|read| {
                piece.truncate(read);
                piece
            });
            let last = read.as_ref().map_or(true, Vec::is_empty);
            // Whoever took the pieces may have given up.
            if give.send(read).is_err() || last {
                return;
            }
        }
    });
    let mut total = 0;
    loop {
        let piece = match take.recv_timeout(idle) {
            Ok(Ok(piece)) => piece,
            Ok(Err(error)) => return Err(error.to_string()),
            Err(RecvTimeoutError::Timeout) => {
                return Err(format!("the server sent nothing for {idle:?} after {total} bytes"));
            }
            Err(RecvTimeoutError::Disconnected) => return Err("the reader failed".to_owned()),
        };
        if piece.is_empty() {
            return Ok(total);
        }
        to.write_all(&piece).map_err(|error| error.to_string())?;
        total += piece.len() as u64;
    }
}

fn words(error: &ureq::Error) -> String {
    match error {
        ureq::Error::Timeout(_) => "the server did not answer in time".to_owned(),
        ureq::Error::HostNotFound => "the server is not known: no network, or a proxy is needed".to_owned(),
        ureq::Error::ConnectionFailed => "no connection to the server".to_owned(),
        ureq::Error::TooManyRedirects => "the server redirects in circles".to_owned(),
        ureq::Error::Io(error) => format!("no connection to the server: {error}"),
        other => other.to_string(),
    }
}
