//! Whatever goes wrong, the old data stays, and the message says what happened.

use assay_database::{Error, Patience, Store, import, remove, update};
use assay_dependencies::Ecosystem;
use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::path::Path;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

type Answer = Box<dyn Fn(usize, &str, &mut TcpStream) + Send>;

const TODAY: &str = "2026-01-15";

fn record(id: &str, fixed: &str) -> String {
    format!(
        r#"{{"id": "{id}", "modified": "2026-01-01T00:00:00Z", "summary": "s", "affected": [{{"package": {{"ecosystem": "PyPI", "name": "lib"}}, "ranges": [{{"type": "ECOSYSTEM", "events": [{{"introduced": "0"}}, {{"fixed": "{fixed}"}}]}}], "versions": ["1.0"]}}]}}"#
    )
}

fn archive(files: &[(&str, &str)]) -> Vec<u8> {
    let mut writer = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
    for (name, text) in files {
        writer.start_file(*name, zip::write::SimpleFileOptions::default()).expect("works");
        writer.write_all(text.as_bytes()).expect("works");
    }
    writer.finish().expect("works").into_inner()
}

fn ids(store: &Store) -> Vec<String> {
    let database = store.open().expect("works").expect("works");
    database.lookup(Ecosystem::PyPI, "lib").expect("works").into_iter().map(|one| one.id).collect()
}

/// A folder with a database that knows `OLD-1`.
fn with_old() -> (tempfile::TempDir, Store) {
    let folder = tempfile::tempdir().expect("works");
    let store = Store::new(folder.path().join("data").join("advisories.db"));
    let file = folder.path().join("old.json");
    std::fs::write(&file, record("OLD-1", "2.0")).expect("works");
    import(&store, &file.to_string_lossy(), TODAY).expect("works");
    assert_eq!(ids(&store), ["OLD-1"]);
    (folder, store)
}

/// A server on this machine that answers each request by `answer`; gives its address and the requests it got.
fn server(answer: impl Fn(usize, &str, &mut TcpStream) + Send + 'static) -> (String, Arc<Mutex<Vec<String>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").expect("works");
    let address = format!("http://{}", listener.local_addr().expect("works"));
    let requests = Arc::new(Mutex::new(Vec::new()));
    let seen = Arc::clone(&requests);
    let count = AtomicUsize::new(0);
    std::thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { break };
            let mut head = Vec::new();
            let mut byte = [0];
            while !head.ends_with(b"\r\n\r\n") && stream.read(&mut byte).is_ok_and(|read| read == 1) {
                head.push(byte[0]);
            }
            let head = String::from_utf8_lossy(&head).into_owned();
            seen.lock().expect("works").push(head.clone());
            answer(count.fetch_add(1, Ordering::SeqCst), &head, &mut stream);
        }
    });
    (address, requests)
}

fn send(stream: &mut TcpStream, status: &str, headers: &str, body: &[u8]) {
    let head = format!("HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n", body.len());
    let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(body));
}

fn message(store: &Store, address: &str) -> String {
    let mut results = update(store, address, &[Ecosystem::PyPI], TODAY, Patience::default());
    let error = results.remove(0).1.expect_err("it fails");
    error.to_string()
}

#[test]
fn data_is_downloaded_once_and_asked_for_by_its_tag() {
    let (_folder, store) = with_old();
    let body = archive(&[("NEW-1.json", &record("NEW-1", "3.0"))]);
    let (address, requests) = server(move |_, head, stream| {
        if head.to_ascii_lowercase().contains("if-none-match: \"one\"") {
            let _ = stream.write_all(b"HTTP/1.1 304 Not Modified\r\nConnection: close\r\n\r\n");
        } else {
            send(stream, "200 OK", "ETag: \"one\"\r\n", &body);
        }
    });
    let first = update(&store, &address, &[Ecosystem::PyPI], TODAY, Patience::default()).remove(0).1.expect("works");
    assert_eq!((first.sections.len(), first.sections[0].records), (1, 1));
    assert_eq!(ids(&store), ["NEW-1", "OLD-1"]);
    let second = update(&store, &address, &[Ecosystem::PyPI], TODAY, Patience::default()).remove(0).1.expect("works");
    assert!(second.sections.is_empty());
    assert_eq!(ids(&store), ["NEW-1", "OLD-1"]);
    assert!(requests.lock().expect("works")[0].starts_with("GET /PyPI/all.zip "));
}

#[test]
fn servers_that_fail_leave_the_old_data() {
    let whole = archive(&[("NEW-1.json", &record("NEW-1", "3.0"))]);
    let mut damaged = whole.clone();
    let middle = damaged.len() / 3;
    damaged[middle] ^= 0xff;
    let (cut, length) = (whole[..whole.len() / 2].to_vec(), whole.len());
    let cases: Vec<(&str, Answer)> = vec![
        ("status 500", Box::new(|_, _, stream| send(stream, "500 Oops", "", b""))),
        ("try again in 7 seconds", Box::new(|_, _, stream| send(stream, "429 Too Many", "Retry-After: 7\r\n", b""))),
        ("status 404", Box::new(|_, _, stream| send(stream, "404 Not Found", "", b""))),
        ("damaged", Box::new(|_, _, stream| send(stream, "200 OK", "", b"<html>no archive</html>"))),
        ("damaged", Box::new(move |_, _, stream| send(stream, "200 OK", "", &damaged))),
        (
            "broke off",
            Box::new(move |_, _, stream| {
                let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n");
                let _ = stream.write_all(head.as_bytes()).and_then(|()| stream.write_all(&cut));
            }),
        ),
        ("no advisory in it", Box::new(|_, _, stream| send(stream, "200 OK", "", &archive(&[("readme.txt", "x")])))),
        ("no advisories", Box::new(|_, _, stream| send(stream, "200 OK", "", &archive(&[("a.json", "{}")])))),
        (
            "larger than",
            Box::new(|_, _, stream| {
                let _ =
                    stream.write_all(b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 99999999999\r\n\r\n");
            }),
        ),
        ("redirects", Box::new(|_, _, stream| send(stream, "302 Found", "Location: /PyPI/all.zip\r\n", b""))),
    ];
    for (expected, answer) in cases {
        let (_folder, store) = with_old();
        let (address, _) = server(answer);
        let message = message(&store, &address);
        assert!(message.contains(expected), "{expected}: {message}");
        assert_eq!(ids(&store), ["OLD-1"], "{expected}");
    }
    let (_folder, store) = with_old();
    // Nobody listens there any more.
    let free = TcpListener::bind("127.0.0.1:0").expect("works").local_addr().expect("works");
    assert!(!message(&store, &format!("http://{free}")).is_empty());
    assert_eq!(ids(&store), ["OLD-1"]);
}

#[test]
fn servers_that_stall_are_given_up() {
    let moment = std::time::Duration::from_millis(300);
    let short = Patience { connect: moment, answer: moment, ..Patience::default() };
    let (idle, transfer) = (Patience { idle: moment, ..short }, Patience { transfer: moment, ..short });
    let half = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1000\r\n\r\nPK";
    for (expected, start, patience) in [
        ("did not answer in time", &b""[..], short),
        ("did not answer in time", b"HTTP/1.1 200", short),
        ("broke off: the server sent nothing for 300ms after 2 bytes", half, idle),
        ("broke off", half, transfer),
    ] {
        let (_folder, store) = with_old();
        let (address, _) = server(move |_, _, stream| {
            let _ = stream.write_all(start);
            // The connection stays open for ever.
            std::mem::forget(stream.try_clone());
        });
        let error = update(&store, &address, &[Ecosystem::PyPI], TODAY, patience).remove(0).1.expect_err("it fails");
        assert!(error.to_string().contains(expected), "{expected}: {error}");
        assert_eq!(ids(&store), ["OLD-1"]);
    }
}

#[test]
fn a_server_that_is_slow_but_never_silent_is_waited_for() {
    let (_folder, store) = with_old();
    let body = archive(&[("NEW-1.json", &record("NEW-1", "3.0"))]);
    let (address, _) = server(move |_, _, stream| {
        let head = format!("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
        let _ = stream.write_all(head.as_bytes());
        for piece in body.chunks(body.len() / 6) {
            let _ = stream.write_all(piece).and_then(|()| stream.flush());
            std::thread::sleep(std::time::Duration::from_millis(200));
        }
    });
    // All of it takes longer than any silence may.
    let patience = Patience { idle: std::time::Duration::from_secs(1), ..Patience::default() };
    update(&store, &address, &[Ecosystem::PyPI], TODAY, patience).remove(0).1.expect("it comes in the end");
    assert_eq!(ids(&store), ["NEW-1", "OLD-1"]);
}

#[test]
fn of_two_updates_at_once_one_counts() {
    let (_folder, store) = with_old();
    let body = archive(&[("NEW-1.json", &record("NEW-1", "3.0"))]);
    // The first request is answered when the second update has been turned away.
    let (turned_away, wait) = std::sync::mpsc::channel::<()>();
    let wait = Mutex::new(wait);
    let (arrived, first) = std::sync::mpsc::channel::<()>();
    let (address, requests) = server(move |_, _, stream| {
        let _ = arrived.send(());
        let _ = wait.lock().expect("works").recv();
        send(stream, "200 OK", "", &body);
    });
    let results = std::thread::scope(|scope| {
        let update = || update(&store, &address, &[Ecosystem::PyPI], TODAY, Patience::default()).remove(0).1;
        let one = scope.spawn(update);
        first.recv().expect("the first update asks");
        let two = update();
        turned_away.send(()).expect("the server waits");
        (one.join().expect("works"), two)
    });
    assert!(results.0.is_ok() && matches!(results.1, Err(Error::Busy(_))), "{results:?}");
    assert_eq!(requests.lock().expect("works").len(), 1);
    assert_eq!(ids(&store), ["NEW-1", "OLD-1"]);
}

#[test]
fn a_source_is_taken_out() {
    let (folder, store) = with_old();
    let file = folder.path().join("new.json");
    std::fs::write(&file, record("NEW-1", "3.0")).expect("works");
    import(&store, &file.to_string_lossy(), TODAY).expect("works");
    assert_eq!(ids(&store), ["NEW-1", "OLD-1"]);
    assert_eq!(remove(&store, "old.json").expect("works"), 1);
    assert_eq!(ids(&store), ["NEW-1"]);
    let error = remove(&store, "old.json").expect_err("it is gone").to_string();
    assert!(error.contains("it has new.json"), "{error}");
}

#[test]
fn one_import_at_a_time() {
    let (folder, store) = with_old();
    let path = store.path().with_extension("lock");
    let lock = std::fs::File::options().write(true).open(path).expect("works");
    lock.try_lock().expect("works");
    let file = folder.path().join("old.json");
    assert!(matches!(import(&store, &file.to_string_lossy(), TODAY), Err(Error::Busy(_))));
    drop(lock);
    assert!(import(&store, &file.to_string_lossy(), TODAY).is_ok());
}

#[test]
fn a_database_of_another_format_is_named_and_replaced() {
    let (folder, store) = with_old();
    let mut bytes = std::fs::read(store.path()).expect("works");
    bytes[8] = 7;
    std::fs::write(store.path(), &bytes).expect("works");
    let error = store.open().expect_err("another format").to_string();
    assert!(error.contains("format 7") && error.contains("import the data anew"), "{error}");
    import(&store, &folder.path().join("old.json").to_string_lossy(), TODAY).expect("works");
    assert_eq!(ids(&store), ["OLD-1"]);
    // What is no database at all is not overwritten.
    std::fs::write(store.path(), "a letter").expect("works");
    assert!(import(&store, &folder.path().join("old.json").to_string_lossy(), TODAY).is_err());
    assert_eq!(std::fs::read_to_string(store.path()).expect("works"), "a letter");
}

#[test]
fn what_cannot_be_written_is_an_error() {
    let folder = tempfile::tempdir().expect("works");
    let file = folder.path().join("old.json");
    std::fs::write(&file, record("OLD-1", "2.0")).expect("works");
    // A file stands where the folder would be.
    let store = Store::new(file.join("advisories.db"));
    assert!(matches!(import(&store, &file.to_string_lossy(), TODAY), Err(Error::Io { .. })));
    assert!(matches!(import(&Store::new(folder.path().join("a.db")), "no/such/file", TODAY), Err(Error::Io { .. })));
}

#[test]
fn archives_are_read_in_bounds_and_never_unpacked() {
    let folder = tempfile::tempdir().expect("works");
    let store = Store::new(folder.path().join("a.db"));
    let write = |name: &str, bytes: &[u8]| {
        let path = folder.path().join(name);
        std::fs::write(&path, bytes).expect("works");
        path.to_string_lossy().into_owned()
    };
    let bomb = write("bomb.zip", &archive(&[("a.json", &" ".repeat(20 * 1024 * 1024))]));
    let error = import(&store, &bomb, TODAY).expect_err("a bomb").to_string();
    assert!(error.contains("unpacks to more"), "{error}");
    let escaping = write("up.zip", &archive(&[("../../up.json", &record("A-1", "2.0"))]));
    assert_eq!(import(&store, &escaping, TODAY).expect("works").sections[0].records, 1);
    assert!(!Path::new("../../up.json").exists());
    let deep = write("deep.json", "[".repeat(100_000).as_bytes());
    assert!(import(&store, &deep, TODAY).is_err());
    let some = write("some.zip", &archive(&[("a.json", &record("A-1", "2.0")), ("b.json", "{")]));
    let imported = import(&store, &some, TODAY).expect("works");
    assert_eq!((imported.unreadable_count, imported.unreadable[0].0.as_str()), (1, "b.json"));
}
