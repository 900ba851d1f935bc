//! Which values are pieces of what a peer sends.

use crate::code::Code;
use assay_index::FxHashSet;
use assay_ir::{ArgKind, Const, Op, Value};
use assay_models::SourceKind;
use assay_resolve::{CallTargets, FuncId};

/// Operations that a piece is followed back through.
const MAX_STEPS: usize = 48;
/// Methods by which a stream of bytes or messages is read, a piece at a time.
const READS: [&str; 18] = [
    "recv",
    "recvfrom",
    "recvmsg",
    "recv_multipart",
    "read",
    "read1",
    "readline",
    "readuntil",
    "readexactly",
    "readany",
    "readchunk",
    "read_chunk",
    "read_bytes",
    "read_until",
    "receive",
    "receive_text",
    "receive_bytes",
    "read_message",
];
/// Methods that give what a peer sends as something to go over.
const STREAMS: [&str; 6] = ["stream", "iter_chunked", "iter_any", "iter_chunks", "iter_lines", "chunks"];
/// Methods by which a parser is handed the next bytes.
const PUSHES: [&str; 8] = [
    "feed",
    "feed_data",
    "data_received",
    "dataReceived",
    "received",
    "receive_data",
    "bytes_received",
    "collect_incoming_data",
];
/// Methods that give a part, or another form, of the same data.
const SAME: [&str; 15] = [
    "decode",
    "encode",
    "strip",
    "rstrip",
    "lstrip",
    "tobytes",
    "get",
    "replace",
    "lower",
    "upper",
    "copy",
    "read",
    "group",
    "unpack",
    "removesuffix",
];

/// How a piece comes.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Given {
    /// A read gives it.
    Read(Value),
    /// A framework hands it over.
    HandedOver,
    /// Whoever uses the class hands it over.
    Pushed,
}

/// A piece of what a peer sends.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece {
    pub(super) given: Given,
    /// The value itself.
    pub(super) value: Value,
}

impl Piece {
    /// The read that gives it.
    pub(super) fn at(&self) -> Option<Value> {
        match self.given {
            Given::Read(at) => Some(at),
            _ => None,
        }
    }

    pub(super) fn in_words(&self, code: &Code<'_>, f: FuncId) -> String {
        let shown = code.shown_value(f, self.value);
        match self.given {
            Given::Read(_) => format!("what a peer sends (`{shown}`)"),
            _ => format!("what comes in (`{shown}`)"),
        }
    }
}

/// The piece that a value is, or is made from. Numbers that are made from a piece are none.
pub(super) fn piece_in(code: &Code<'_>, f: FuncId, value: Value, made: bool) -> Option<Piece> {
    let mut seen: FxHashSet<Value> = FxHashSet::default();
    let mut work = vec![value];
    while let Some(value) = work.pop() {
        if seen.len() > MAX_STEPS || !seen.insert(value) {
            continue;
        }
        if let Some(piece) = piece(code, f, value) {
            return Some(piece);
        }
        match code.op(f, value) {
            Op::Phi(inputs) => work.extend(inputs.iter().map(|(_, v)| *v)),
            Op::Annotated { value: Some(v), .. } | Op::Await(v) | Op::Item(v, _) | Op::Unpack { base: v, .. } => {
                work.push(*v);
            }
            Op::Collection(_, elements) if made => work.extend(elements.iter().map(|e| e.value)),
            Op::Call { func, args } if made => match code.op(f, *func) {
                Op::Attr(base, name) if SAME.contains(&code.text(*name)) => work.push(*base),
                _ if matches!(code.callee(f, value).as_str(), "bytes" | "str" | "bytearray" | "memoryview") => {
                    work.extend(args.first().map(|a| a.value));
                }
                _ => {}
            },
            _ => {}
        }
    }
    None
}

fn piece(code: &Code<'_>, f: FuncId, value: Value) -> Option<Piece> {
    let given = match code.op(f, value) {
        Op::Param(index) => {
            let named = code.res.program.functions[f].class.is_some()
                && *index == 1
                && PUSHES.contains(&code.function_name(f))
                && takes_bytes(code, f);
            if is_asked_for(code, f, value) {
                return None;
            }
            let remote = code.res.parameter_facts(f, *index).iter().any(|n| is_remote(code, *n));
            if remote && *index == 1 && PUSHES.contains(&code.function_name(f)) {
                Given::HandedOver
            } else if named {
                Given::Pushed
            } else {
                return None;
            }
        }
        Op::Call { func, .. } => {
            let Op::Attr(base, name) = code.op(f, *func) else { return None };
            if !READS.contains(&code.text(*name))
                || !comes_in(code, f, value)
                || is_of_connection(code.text(*name)) && is_asked_for(code, f, *base)
            {
                return None;
            }
            Given::Read(value)
        }
        // The next message of a request in ASGI.
        Op::Await(call) if is_receive(code, f, *call) => Given::Read(*call),
        Op::Await(call) | Op::Unpack { base: call, .. } | Op::Item(call, _) => {
            let mut call = *call;
            if let Op::Await(inner) = code.op(f, call) {
                call = *inner;
            }
            let Op::Call { func, .. } = code.op(f, call) else { return None };
            let Op::Attr(base, name) = code.op(f, *func) else { return None };
            if !READS.contains(&code.text(*name))
                || !comes_in(code, f, value)
                || is_of_connection(code.text(*name)) && is_asked_for(code, f, *base)
            {
                return None;
            }
            Given::Read(call)
        }
        Op::Next(over) => {
            let streams = match code.op(f, *over) {
                Op::Call { func, .. } => {
                    matches!(code.op(f, *func), Op::Attr(_, name) if STREAMS.contains(&code.text(*name)))
                }
                _ => code.res.apis_of(f, *over).any(|api| {
                    let name = code.api(api).to_ascii_lowercase();
                    name.contains("websocket") || name.contains("streamreader")
                }),
            };
            if !streams || !comes_in(code, f, value) || is_asked_for(code, f, *over) {
                return None;
            }
            Given::Read(value)
        }
        _ => return None,
    };
    Some(Piece { given, value })
}

/// Whether a read is not one of datagrams, which anybody sends to whoever listens.
fn is_of_connection(read: &str) -> bool {
    !matches!(read, "recvfrom" | "recvmsg")
}

fn is_receive(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    matches!(code.op(f, call), Op::Call { func, .. } if code.res.apis_of(f, *func).any(|api| code.api(api) == "asgi.Receive"))
}

/// Whether the parameter of a method that is handed data is named for bytes or text.
fn takes_bytes(code: &Code<'_>, f: FuncId) -> bool {
    code.function(f).params.get(1).is_some_and(|p| {
        matches!(
            code.text(p.name),
            "data" | "chunk" | "buf" | "buffer" | "bytes" | "text" | "line" | "raw" | "s" | "newdata"
        )
    })
}

/// Whether the models say that a value comes from outside.
fn comes_in(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    code.res.step_nodes(f, value).iter().any(|n| is_remote(code, *n))
}

fn is_remote(code: &Code<'_>, node: assay_models::NodeId) -> bool {
    code.res.models().facts(node).sources.contains(&SourceKind::Remote)
}

/// Whether a stream is one that the program opened itself, to ask somebody for something.
fn is_asked_for(code: &Code<'_>, f: FuncId, stream: Value) -> bool {
    // A program that speaks to a server is named for it.
    let of_client =
        |name: &str| crate::code::words(name).iter().any(|w| matches!(w.as_str(), "client" | "clients" | "response"));
    let class =
        code.res.program.functions[f].class.is_some_and(|c| of_client(code.text(code.res.program.class(c).name)));
    if class || of_client(code.text(code.res.program.module_of(f).name).rsplit('.').next().unwrap_or_default()) {
        return true;
    }
    let mut any = false;
    for api in code.res.apis_of(f, stream) {
        let name = code.api(api);
        if name.contains("accept") {
            return false;
        }
        any |=
            ["connect", "socket.socket()", "socketpair", "Client", "open_connection"].iter().any(|w| name.contains(w));
    }
    any
}

/// A read without a size from a stream that a peer fills.
pub(super) fn read_whole(code: &Code<'_>, f: FuncId, call: Value, targets: &CallTargets) -> Option<Piece> {
    if !targets.functions.is_empty() {
        return None;
    }
    let Op::Call { func, args } = code.op(f, call) else { return None };
    let Op::Attr(base, name) = code.op(f, *func) else { return None };
    let sized = args.iter().any(|a| {
        !matches!(code.op(f, a.value), Op::Const(Const::None))
            && !matches!(code.op(f, a.value), Op::Unary(..))
            && !matches!(code.op(f, a.value), Op::Const(Const::Int(i)) if *i < 0)
            || a.kind != ArgKind::Positional
    });
    if sized || !matches!(code.text(*name), "read" | "readline" | "readlines") {
        return None;
    }
    let open = match code.op(f, code.plain(f, *base)) {
        Op::Item(_, key) => code.literal(f, *key) == Some("wsgi.input") && comes_in(code, f, *base),
        Op::Attr(this, stream) => {
            code.text(*stream) == "rfile"
                && matches!(code.op(f, *this), Op::Param(0))
                && code.res.program.functions[f].class.is_some_and(|c| {
                    let bases = code.res.hierarchy.external_bases(c);
                    bases
                        .iter()
                        .any(|b| code.api(*b).starts_with("socketserver.") || code.api(*b).starts_with("http.server."))
                })
        }
        _ => {
            code.res.apis_of(f, *base).any(|api| code.api(api).contains("accept") && code.api(api).contains("makefile"))
        }
    };
    (open && !is_asked_for(code, f, *base)).then_some(Piece { given: Given::Read(call), value: call })
}
