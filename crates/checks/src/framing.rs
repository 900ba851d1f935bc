//! Parsers of HTTP messages: whether they take numbers and names for right that other parsers read otherwise.
//!
//! - A *parser* is a module that takes lines apart at the colon, knows how lines end, and names one of the headers that say where a
//!   message ends. What reads a header of a library's server is none: the message was taken apart before.
//! - A *length* is the number in `Content-Length`, a *size* the one before a chunk.
//! - The *name* of a header is what stands before the colon. It is *tested* where its characters are looked at before white space is
//!   taken off it.

use crate::code::{Code, Defect, words};
use crate::{Check, Examined};
use assay_finding::{Confidence, Outcome};
use assay_index::FxHashSet;
use assay_ir::{BinaryOp, CompareOp, Const, Function, Op, Value};
use assay_resolve::{FuncId, ModuleId};

/// Steps from a number to the header that it comes from.
const MAX_STEPS: u32 = 6;
/// Methods of texts and expressions that look at all characters of a text.
const LOOKS: &[&str] =
    &["isdigit", "isdecimal", "isnumeric", "isalnum", "isalpha", "isascii", "isidentifier", "translate"];
const MATCHES: &[&str] = &["match", "fullmatch", "search"];
/// Methods that keep a text as a name.
const KEEPS: &[&str] = &["add", "append", "setdefault", "add_header", "update", "extend", "insert"];

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = crate::check("lenient-http-framing") else { return };
    let parsers = parsers(code);
    if parsers.is_empty() {
        return;
    }
    for f in code.res.program.functions.ids() {
        if code.in_test(f) || !parsers.contains(&code.res.program.functions[f].module) {
            continue;
        }
        let function = code.function(f);
        for (value, inst) in function.insts.iter_enumerated() {
            if let Op::Call { args, .. } = &inst.op {
                if code.callee(f, value).trim_start_matches("builtins.") == "int" {
                    let base = args.get(1).map(|a| function.op(a.value));
                    let size = matches!(base, Some(Op::Const(Const::Int(16)))) && speaks_of_chunks(code, f);
                    let length = args.len() == 1 && is_length(code, f, args[0].value, MAX_STEPS);
                    if size || length {
                        examine_number(code, check, f, value, size, out);
                    }
                } else if is_split(code, f, value) {
                    examine_name(code, check, f, value, out);
                }
            }
        }
    }
}

/// Whether a module reads mail or parts of a body, which have headers, too, and are framed by what is around them.
fn reads_parts(code: &Code<'_>, module: ModuleId) -> bool {
    let name = code.text(code.res.program.modules[module].name);
    words(name).iter().any(|word| {
        let word = word.as_str();
        word.contains("multipart")
            || matches!(word, "mail" | "email" | "mime" | "formparser" | "imap" | "smtp" | "pop3")
    })
}

/// The modules that parse messages.
fn parsers(code: &Code<'_>) -> FxHashSet<ModuleId> {
    let program = &code.res.program;
    let (mut splits, mut ends, mut framed) =
        (FxHashSet::default(), FxHashSet::default(), FxHashSet::<ModuleId>::default());
    for f in program.functions.ids() {
        let module = program.functions[f].module;
        if program.module_of(f).test {
            continue;
        }
        for (value, inst) in program.function(f).insts.iter_enumerated() {
            match &inst.op {
                Op::Const(Const::Str(text) | Const::Bytes(text)) => {
                    let text = code.text(*text);
                    if frames(text) {
                        framed.insert(module);
                    }
                    if matches!(text, "\r\n" | "\r\n\r\n") {
                        ends.insert(module);
                    }
                }
                Op::Attr(_, name) | Op::Global(name) => {
                    let name = code.text(*name);
                    if matches!(name, "CONTENT_LENGTH" | "TRANSFER_ENCODING") {
                        framed.insert(module);
                    }
                    if name == "readline" {
                        ends.insert(module);
                    }
                }
                Op::Call { .. } if is_split(code, f, value) => {
                    splits.insert(module);
                }
                _ => {}
            }
        }
    }
    splits.retain(|m| ends.contains(m) && framed.contains(m) && !reads_parts(code, *m));
    splits
}

/// Whether a text names a header that says where a message ends.
fn frames(text: &str) -> bool {
    text.eq_ignore_ascii_case("content-length") || text.eq_ignore_ascii_case("transfer-encoding")
}

/// Whether a call splits a line at the first colon.
fn is_split(code: &Code<'_>, f: FuncId, call: Value) -> bool {
    let Op::Call { func, args } = code.op(f, call) else { return false };
    let method = code.text_of_attr(f, *func);
    let colon = args.first().is_some_and(|a| matches!(code.literal(f, a.value), Some(":" | ": ")));
    colon && (method == Some("partition") || method == Some("split") && args.len() > 1)
}

fn speaks_of_chunks(code: &Code<'_>, f: FuncId) -> bool {
    let about = |text: &str| text.len() < 40 && text.to_ascii_lowercase().contains("chunk");
    about(code.function_name(f))
        || code.function(f).insts.iter().any(|inst| match &inst.op {
            Op::Attr(_, name) | Op::Global(name) | Op::StoreAttr { name, .. } => about(code.text(*name)),
            _ => false,
        })
}

/// Whether a value is the length that a message gives.
fn is_length(code: &Code<'_>, f: FuncId, value: Value, depth: u32) -> bool {
    let Some(depth) = depth.checked_sub(1) else { return false };
    let value = code.plain(f, value);
    // `environ["CONTENT_LENGTH"]` is what a server has framed already.
    let named = |v: Value| match code.op(f, v) {
        Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. } => code.text(*name) == "CONTENT_LENGTH",
        _ => code.literal(f, v).is_some_and(|text| text.eq_ignore_ascii_case("content-length")),
    };
    match code.op(f, value) {
        Op::Item(base, key) => named(*key) || is_length(code, f, *base, depth),
        Op::Phi(inputs) => inputs.iter().any(|(_, v)| *v != value && is_length(code, f, *v, depth)),
        Op::Call { func, args } => match code.op(f, *func) {
            Op::Attr(base, method) => match code.text(*method) {
                "get" | "getone" | "pop" => args.first().is_some_and(|a| named(a.value)),
                "strip" | "decode" | "lower" => is_length(code, f, *base, depth),
                _ => false,
            },
            _ => false,
        },
        _ => false,
    }
}

fn examine_number(code: &Code<'_>, check: &'static Check, f: FuncId, call: Value, size: bool, out: &mut Vec<Examined>) {
    let (span, what) = (code.span(f, call), if size { "The size of a chunk" } else { "The length of a message" });
    if let Some(test) = digits_tested(code, f) {
        let detail = format!("`{}`", code.shown_value(f, test));
        out.push(code.closed(check, f, span, "int", Outcome::Safe, "digits-tested", detail));
        return;
    }
    let title = format!("{what} may be written as other parsers would not read it");
    let message = format!(
        "`{}` takes `+1`, `1_0`, and white space around a number, too, and nothing in the function asks for digits only.",
        code.shown(f, span)
    );
    let mut defect = Defect::potential("lenient-number", title, message);
    "the number is read here".clone_into(&mut defect.step);
    report(code, check, f, call, "int", defect, out);
}

/// What in a function asks for digits only.
fn digits_tested(code: &Code<'_>, f: FuncId) -> Option<Value> {
    code.function(f).insts.iter_enumerated().find_map(|(value, inst)| {
        let found = match &inst.op {
            Op::Call { func, .. } => {
                code.text_of_attr(f, *func).is_some_and(|name| LOOKS.contains(&name) || MATCHES.contains(&name))
            }
            Op::Compare(CompareOp::In | CompareOp::NotIn, _, set) => {
                code.literal(f, *set).is_some_and(|text| text.contains("0123456789"))
            }
            _ => false,
        };
        found.then_some(value)
    })
}

fn examine_name(code: &Code<'_>, check: &'static Check, f: FuncId, split: Value, out: &mut Vec<Examined>) {
    let function = code.function(f);
    let mut rows = vec![split];
    let mut names = Names::default();
    for (value, inst) in function.insts.iter_enumerated() {
        match &inst.op {
            Op::Phi(inputs) if inputs.iter().any(|(_, v)| rows.contains(v)) => rows.push(value),
            Op::Unpack { base, index: 0, rest: false } if rows.contains(base) => {
                names.raw.insert(value);
            }
            Op::Item(base, key) if rows.contains(base) && matches!(function.op(*key), Op::Const(Const::Int(0))) => {
                names.raw.insert(value);
            }
            _ => {}
        }
    }
    if names.raw.is_empty() {
        return;
    }
    while names.grow(code, f) {}
    if !names.kept(code, function) {
        return;
    }
    let (span, api) = (code.span(f, split), "split");
    if let Some(test) = names.tested(code, f) {
        let detail = format!("`{}`", code.shown_value(f, test));
        out.push(code.closed(check, f, span, api, Outcome::Safe, "name-tested", detail));
        return;
    }
    let forgiven = Names { stripped: std::mem::take(&mut names.stripped), ..Names::default() }.kept(code, function);
    let (title, message) = if forgiven {
        (
            "White space around the name of a header is forgiven",
            "`{}` takes what stands before the colon for the name of a header, white space around it is taken off, and nothing looks at its characters before.",
        )
    } else {
        (
            "The name of a header may hold any characters",
            "`{}` takes what stands before the colon for the name of a header, and nothing looks at its characters.",
        )
    };
    let message = message.replace("{}", &code.shown(f, span));
    let mut defect = Defect::potential("lenient-name", title.to_owned(), message);
    "the name is taken from the line".clone_into(&mut defect.step);
    report(code, check, f, split, api, defect, out);
}

fn report(
    code: &Code<'_>,
    check: &'static Check,
    f: FuncId,
    at: Value,
    api: &str,
    mut defect: Defect,
    out: &mut Vec<Examined>,
) {
    defect.confidence = Confidence::Medium;
    defect
        .assumptions
        .push("another parser, of a proxy or a server behind, reads the same message otherwise".to_owned());
    defect.false_if.push("nothing stands between the one who sends and this parser, and nothing behind it".to_owned());
    out.push(code.defect(check, f, code.span(f, at), api, defect));
}

/// The values of a function that are the name of a header.
#[derive(Default)]
struct Names {
    /// As it stands in the line, perhaps in other letters.
    raw: FxHashSet<Value>,
    /// Without white space around it.
    stripped: FxHashSet<Value>,
    /// What holds it.
    holding: FxHashSet<Value>,
}

impl Names {
    fn has(&self, value: Value) -> bool {
        self.raw.contains(&value) || self.stripped.contains(&value)
    }

    /// Adds what is made of the values; whether there was any.
    fn grow(&mut self, code: &Code<'_>, f: FuncId) -> bool {
        let before = self.raw.len() + self.stripped.len() + self.holding.len();
        for (value, inst) in code.function(f).insts.iter_enumerated() {
            match &inst.op {
                Op::Call { func, args } => {
                    let method = match code.op(f, *func) {
                        Op::Attr(base, method) if self.has(*base) => Some((*base, code.text(*method))),
                        _ => None,
                    };
                    match method {
                        Some((_, "strip" | "rstrip")) => {
                            self.stripped.insert(value);
                        }
                        Some((
                            base,
                            "lower" | "upper" | "title" | "decode" | "encode" | "capitalize" | "replace" | "lstrip",
                        )) => {
                            self.like(base, value);
                        }
                        Some(_) => {}
                        // `str(name)`, and functions of the program that make a text of it.
                        None => {
                            let name = code.callee(f, value);
                            let last = name.rsplit('.').next().unwrap_or(&name);
                            if matches!(last, "str" | "bytes" | "intern" | "native_str" | "to_str")
                                && let Some(first) = args.first().filter(|a| self.has(a.value))
                            {
                                self.like(first.value, value);
                            }
                        }
                    }
                }
                Op::Phi(inputs) => {
                    for (_, input) in inputs {
                        self.like(*input, value);
                    }
                }
                Op::Binary(BinaryOp::Add, left, right) => {
                    self.like(*left, value);
                    self.like(*right, value);
                }
                Op::Annotated { value: Some(inner), .. } => self.like(*inner, value),
                Op::Collection(_, elements) if elements.iter().any(|e| self.has(e.value)) => {
                    self.holding.insert(value);
                }
                _ => {}
            }
        }
        self.raw.len() + self.stripped.len() + self.holding.len() > before
    }

    fn like(&mut self, one: Value, other: Value) {
        if self.stripped.contains(&one) {
            self.stripped.insert(other);
        } else if self.raw.contains(&one) {
            self.raw.insert(other);
        }
    }

    /// Whether the name is kept as one.
    fn kept(&self, code: &Code<'_>, function: &Function) -> bool {
        let is = |v: Value| self.has(v) || self.holding.contains(&v);
        function.insts.iter().any(|inst| match &inst.op {
            Op::StoreItem { key, .. } => self.has(*key),
            Op::Accumulate { key, value, .. } => key.is_some_and(is) || is(*value),
            Op::Yield(value) => is(*value),
            Op::Call { func, args } => {
                matches!(function.op(*func), Op::Attr(_, method) if KEEPS.contains(&code.text(*method)))
                    && args.iter().any(|a| is(a.value))
            }
            _ => false,
        })
    }

    /// What looks at the characters of the name as it stands in the line.
    fn tested(&self, code: &Code<'_>, f: FuncId) -> Option<Value> {
        let raw = |v: &Value| self.raw.contains(v);
        code.function(f).insts.iter_enumerated().find_map(|(value, inst)| {
            let found = match &inst.op {
                Op::Item(base, _) | Op::Next(base) => raw(base),
                Op::Compare(CompareOp::In | CompareOp::NotIn, _, whole) => raw(whole),
                Op::Call { func, args } => {
                    let given = args.iter().any(|a| raw(&a.value));
                    if let Op::Attr(base, method) = code.op(f, *func) {
                        let method = code.text(*method);
                        raw(base) && (LOOKS.contains(&method) || matches!(method, "startswith" | "endswith"))
                            || given && (MATCHES.contains(&method) || tests(method))
                    } else {
                        let name = code.callee(f, value);
                        let last = name.rsplit('.').next().unwrap_or(&name);
                        given && (tests(last) || matches!(last, "set" | "frozenset" | "any" | "all" | "iter" | "list"))
                    }
                }
                _ => false,
            };
            found.then_some(value)
        })
    }
}

/// Whether a function says by its name that it looks at what it is given.
fn tests(name: &str) -> bool {
    const WORDS: &[&str] =
        &["check", "valid", "validate", "verify", "token", "is", "assert", "ensure", "match", "fullmatch", "search"];
    words(name).iter().any(|word| WORDS.contains(&word.as_str()))
}
