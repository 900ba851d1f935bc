//! A client talks to the server over the protocol.

use assay_engine::{Date, Request as ReviewRequest};
use assay_lsp::{End, serve};
use lsp_server::{Connection, Message, Notification, Request, RequestId, Response};
use serde_json::{Value, json};
use std::path::Path;
use std::thread::JoinHandle;
use std::time::Duration;

const PATIENCE: Duration = Duration::from_mins(1);

const VULNERABLE: &str = "\
import os
from flask import Flask, request

app = Flask(__name__)


@app.route('/')
def ping():
    host = request.args['host']
    os.system('ping ' + host)
    return ''
";

struct Client {
    connection: Connection,
    server: JoinHandle<Option<End>>,
    next: i32,
}

fn start(folder: &Path, options: &Value) -> Client {
    let (server, client) = Connection::memory();
    let thread = std::thread::spawn(move || {
        let request = ReviewRequest::new(Vec::new(), Date::from_unix(1_800_000_000));
        serve(&server, &request).ok()
    });
    let mut client = Client { connection: client, server: thread, next: 0 };
    let uri = uri_of(folder);
    let result = client.ask(
        "initialize",
        json!({
            "processId": null, "rootUri": null, "capabilities": {},
            "initializationOptions": options,
            "workspaceFolders": [{ "uri": uri, "name": "project" }],
        }),
    );
    assert_eq!(result["capabilities"]["positionEncoding"], "utf-16");
    client.tell("initialized", json!({}));
    client
}

fn uri_of(path: &Path) -> String {
    format!("file://{}", path.display())
}

impl Client {
    fn send(&self, message: Message) {
        self.connection.sender.send(message).expect("the server listens");
    }

    fn tell(&self, method: &str, params: Value) {
        self.send(Message::Notification(Notification { method: method.to_owned(), params }));
    }

    fn receive(&self) -> Message {
        self.connection.receiver.recv_timeout(PATIENCE).expect("the server answers")
    }

    fn response(&mut self, method: &str, params: Value) -> Response {
        self.next += 1;
        let id = RequestId::from(self.next);
        self.send(Message::Request(Request { id: id.clone(), method: method.to_owned(), params }));
        loop {
            match self.receive() {
                Message::Response(response) if response.id == id => return response,
                _ => {}
            }
        }
    }

    fn ask(&mut self, method: &str, params: Value) -> Value {
        self.response(method, params).response_result.unwrap_or_else(|error| panic!("{method}: {error:?}"))
    }

    /// Waits for diagnostics on a document: the codes.
    fn diagnostics(&self, uri: &str) -> Vec<Value> {
        loop {
            if let Message::Notification(notification) = self.receive()
                && notification.method == "textDocument/publishDiagnostics"
                && notification.params["uri"] == uri
            {
                return notification.params["diagnostics"].as_array().cloned().unwrap_or_default();
            }
        }
    }

    fn open(&self, uri: &str, text: &str) {
        let item = json!({ "uri": uri, "languageId": "python", "version": 1, "text": text });
        self.tell("textDocument/didOpen", json!({ "textDocument": item }));
    }

    fn end(mut self) {
        assert_eq!(self.ask("shutdown", Value::Null), Value::Null);
        let late = self.response("textDocument/hover", Value::Null);
        assert!(late.response_result.is_err(), "nothing is answered after a shutdown");
        self.tell("exit", Value::Null);
        assert_eq!(self.server.join().ok().flatten(), Some(End::Orderly));
    }
}

fn project(text: &str) -> (tempfile::TempDir, String) {
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().canonicalize().expect("it exists").join("app.py");
    std::fs::write(&path, text).expect("it can be written");
    (folder, uri_of(&path))
}

#[test]
fn findings_come_and_go_with_unsaved_text() {
    let (folder, uri) = project(VULNERABLE);
    let mut client = start(folder.path(), &Value::Null);
    let found = client.diagnostics(&uri);
    assert_eq!(found[0]["code"], "command-injection");
    assert_eq!(found[0]["range"]["start"]["line"], 9);
    let related = found[0]["relatedInformation"].as_array().expect("the path of the data");
    assert_eq!(related[0]["location"]["range"]["start"]["line"], 8);

    client.open(&uri, VULNERABLE);
    let position = json!({ "line": 9, "character": 8 });
    let hover = client.ask("textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": position }));
    let said = hover["contents"]["value"].as_str().unwrap_or_default();
    assert!(said.contains("**Solution**"), "{said}");

    // The line goes, and so does the finding; nothing was saved.
    let range = json!({ "start": { "line": 9, "character": 0 }, "end": { "line": 10, "character": 0 } });
    client.tell(
        "textDocument/didChange",
        json!({
            "textDocument": { "uri": uri, "version": 2 },
            "contentChanges": [{ "range": range, "text": "" }],
        }),
    );
    assert_eq!(client.diagnostics(&uri), Vec::<Value>::new());
    // Closed unsaved: the disk counts again.
    client.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(client.diagnostics(&uri).len(), 1);
    client.end();
}

#[test]
fn a_finding_can_be_suppressed_by_an_action() {
    let (folder, uri) = project(VULNERABLE);
    let mut client = start(folder.path(), &Value::Null);
    client.open(&uri, VULNERABLE);
    assert_eq!(client.diagnostics(&uri).len(), 1);
    let at = json!({ "line": 9, "character": 6 });
    let actions = client.ask(
        "textDocument/codeAction",
        json!({
            "textDocument": { "uri": uri },
            "range": { "start": at, "end": at },
            "context": { "diagnostics": [] },
        }),
    );
    let actions = actions.as_array().expect("actions");
    let action = actions.iter().find(|a| a["title"] == "Suppress `command-injection` here").expect("one suppresses");
    let edit = &action["edit"]["changes"][&uri][0];
    assert_eq!(edit["newText"], "  # assay: ignore[command-injection] reason");
    client.tell(
        "textDocument/didChange",
        json!({
            "textDocument": { "uri": uri, "version": 2 },
            "contentChanges": [{ "range": edit["range"], "text": edit["newText"] }],
        }),
    );
    assert_eq!(client.diagnostics(&uri), Vec::<Value>::new());
    client.end();
}

#[test]
fn a_document_outside_of_the_workspace_is_reviewed_with_its_project() {
    let (empty, _) = project("");
    let (_folder, uri) = project("x = 1\n");
    let client = start(empty.path(), &Value::Null);
    client.open(&uri, VULNERABLE);
    assert_eq!(client.diagnostics(&uri).len(), 1);
    client.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(client.diagnostics(&uri), Vec::<Value>::new());
    client.end();
}

#[test]
fn nonsense_is_survived() {
    let (folder, uri) = project(VULNERABLE);
    let mut client = start(folder.path(), &json!({ "threat": "martian" }));
    assert!(client.response("textDocument/hover", json!({ "textDocument": 7 })).response_result.is_err());
    assert!(client.response("textDocument/rename", json!({})).response_result.is_err());
    client.tell("textDocument/didChange", json!([1, 2]));
    client.tell("textDocument/didOpen", json!({ "textDocument": { "uri": "untitled:1" } }));
    client.tell("no/such/thing", Value::Null);
    client.open("untitled:Untitled-1", VULNERABLE);
    client.open("file:///no/such/folder/a.py", VULNERABLE);
    let far = json!({ "start": { "line": 99999, "character": 7 }, "end": { "line": 3, "character": 99999 } });
    client.open(&uri, VULNERABLE);
    client.tell(
        "textDocument/didChange",
        json!({
            "textDocument": { "uri": uri, "version": 2 },
            "contentChanges": [{ "range": far, "text": "\u{0}'''" }],
        }),
    );
    client.tell(
        "textDocument/didChange",
        json!({ "textDocument": { "uri": uri, "version": 3 }, "contentChanges": [{ "text": VULNERABLE }] }),
    );
    while client.diagnostics(&uri).is_empty() {}
    client.end();
}

#[test]
fn an_entry_point_says_what_guards_it_and_what_it_reaches() {
    let (folder, uri) = project(VULNERABLE);
    let mut client = start(folder.path(), &Value::Null);
    client.diagnostics(&uri);
    let lenses = client.ask("textDocument/codeLens", json!({ "textDocument": { "uri": uri } }));
    assert_eq!(lenses[0]["range"]["start"]["line"], 7, "{lenses}");
    let title = lenses[0]["command"]["title"].as_str().unwrap_or_default();
    assert!(title.ends_with(" / · no guard seen · reaches process"), "{title}");
    assert_eq!(client.ask("textDocument/codeLens", json!({ "textDocument": { "uri": "file:///no/a.py" } })), json!([]));
    client.end();
}

#[test]
fn a_fix_changes_all_that_it_takes() {
    let text = "\
import os

from flask import Flask, request

app = Flask(__name__)
TOKEN = os.environ['TOKEN']


@app.route('/')
def f():
    if request.args['token'] == TOKEN:
        return 'yes'
    return 'no'
";
    let (folder, uri) = project(text);
    let mut client = start(folder.path(), &Value::Null);
    client.open(&uri, text);
    let found = client.diagnostics(&uri);
    let range = &found[0]["range"];
    let actions = client.ask(
        "textDocument/codeAction",
        json!({ "textDocument": { "uri": uri }, "range": range, "context": { "diagnostics": [] } }),
    );
    let is_fix = |action: &&Value| action["title"].as_str().is_some_and(|title| title.starts_with("Fix"));
    let fix = actions.as_array().into_iter().flatten().find(is_fix).unwrap_or_else(|| panic!("{actions}"));
    assert!(fix["isPreferred"].is_null(), "somebody has to look: {fix}");
    let edits = fix["edit"]["changes"][&uri].as_array().expect("edits");
    assert_eq!(edits.len(), 2, "the comparison and the import: {fix}");
    // The one further down comes first, so that the places hold.
    let changes: Vec<Value> =
        edits.iter().map(|edit| json!({ "range": edit["range"], "text": edit["newText"] })).collect();
    let document = json!({ "uri": uri, "version": 2 });
    client.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": changes }));
    assert_eq!(client.diagnostics(&uri), Vec::<Value>::new());
    client.end();
}

/// Numbers without a pattern (xorshift).
struct Random(u64);

impl Random {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % bound.max(1)
    }
}

#[test]
fn random_edits_and_questions_are_survived() {
    const PIECES: [&str; 9] =
        ["", "\n", "    ", "def f(x):\n", "'''", "os.system(request.args['x'])\n", "\u{1f600}é", "(", "x = 1\n"];
    let (folder, uri) = project(VULNERABLE);
    let mut client = start(folder.path(), &Value::Null);
    client.open(&uri, VULNERABLE);
    let mut random = Random(0x2545_f491_4f6c_dd1d);
    for version in 2..300 {
        let mut at = || json!({ "line": random.below(16), "character": random.below(40) });
        let (from, to, asked) = (at(), at(), at());
        let piece = usize::try_from(random.below(PIECES.len() as u64)).unwrap_or_default();
        let document = json!({ "uri": uri, "version": version });
        let change = match random.below(12) {
            0 => json!({ "text": VULNERABLE }),
            _ => json!({ "range": { "start": from, "end": to }, "text": PIECES[piece] }),
        };
        if random.below(12) == 0 {
            client.tell("textDocument/didClose", json!({ "textDocument": { "uri": uri } }));
            client.open(&uri, VULNERABLE);
        }
        client.tell("textDocument/didChange", json!({ "textDocument": document, "contentChanges": [change] }));
        // Answers come whatever the text is, and whether or not a review is under way.
        client.ask("textDocument/hover", json!({ "textDocument": { "uri": uri }, "position": asked }));
        client.ask("textDocument/codeLens", json!({ "textDocument": { "uri": uri } }));
        if random.below(40) == 0 {
            std::thread::sleep(Duration::from_millis(400));
        }
    }
    let document = json!({ "uri": uri, "version": 1000 });
    client.tell(
        "textDocument/didChange",
        json!({ "textDocument": document, "contentChanges": [{ "text": VULNERABLE }] }),
    );
    // In the end the diagnostics are those of the text.
    let last = loop {
        let found = client.diagnostics(&uri);
        if found.len() == 1 && found[0]["range"]["start"]["line"] == 9 {
            break found;
        }
    };
    assert_eq!(last[0]["code"], "command-injection");
    client.end();
}
