//! `assay lsp` speaks the protocol on standard input and output.

use crate::support::command;
use std::io::{BufRead, BufReader, Read, Write};
use std::process::{ChildStdin, ChildStdout, Stdio};

fn send(input: &mut ChildStdin, message: &serde_json::Value) {
    let body = message.to_string();
    write!(input, "Content-Length: {}\r\n\r\n{body}", body.len()).expect("the server reads");
    input.flush().expect("the server reads");
}

fn receive(output: &mut BufReader<ChildStdout>) -> serde_json::Value {
    let mut length = 0;
    loop {
        let mut line = String::new();
        output.read_line(&mut line).expect("the server writes");
        match line.trim_end() {
            "" => break,
            line => {
                if let Some(value) = line.strip_prefix("Content-Length: ") {
                    length = value.parse().expect("a number");
                }
            }
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).expect("the whole message");
    serde_json::from_slice(&body).expect("JSON")
}

#[test]
fn a_session_begins_reports_and_ends() {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("a.py"), "import ssl\nc = ssl._create_unverified_context()\n").expect("written");
    let mut child = command(folder.path())
        .arg("lsp")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the binary starts");
    let (mut input, output) = (child.stdin.take().expect("piped"), child.stdout.take().expect("piped"));
    let mut output = BufReader::new(output);
    let root = format!("file://{}", folder.path().canonicalize().expect("it exists").display());
    send(
        &mut input,
        &serde_json::json!({
            "jsonrpc": "2.0", "id": 1, "method": "initialize",
            "params": { "processId": null, "rootUri": root, "capabilities": {} },
        }),
    );
    assert_eq!(receive(&mut output)["result"]["serverInfo"]["name"], "assay");
    send(&mut input, &serde_json::json!({ "jsonrpc": "2.0", "method": "initialized", "params": {} }));
    let published = receive(&mut output);
    assert_eq!(published["method"], "textDocument/publishDiagnostics");
    assert_eq!(published["params"]["diagnostics"][0]["code"], "tls-verification-disabled");
    send(&mut input, &serde_json::json!({ "jsonrpc": "2.0", "id": 2, "method": "shutdown" }));
    assert_eq!(receive(&mut output)["id"], 2);
    send(&mut input, &serde_json::json!({ "jsonrpc": "2.0", "method": "exit" }));
    assert_eq!(child.wait().expect("it ends").code(), Some(0));
}

#[test]
fn an_editor_that_goes_away_ends_the_server() {
    let folder = tempfile::tempdir().expect("a folder");
    let mut child =
        command(folder.path()).arg("lsp").stdin(Stdio::piped()).stdout(Stdio::piped()).spawn().expect("it starts");
    drop(child.stdin.take());
    assert_eq!(child.wait().expect("it ends").code(), Some(2), "no conversation was begun");
}
