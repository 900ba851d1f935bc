//! The classes that handlers name.

use crate::code::{Code, plain_name};
use assay_ir::{Op, Value};
use assay_resolve::{FuncId, Object};

/// Classes that every error is of, or nearly.
const ALL_ERRORS: [&str; 3] = ["Exception", "BaseException", "StandardError"];

/// What a handler catches.
pub(super) struct Caught {
    /// Whether it takes errors of every kind.
    pub(super) all: bool,
    /// The classes as people write them, in one text.
    pub(super) named: String,
}

/// What the handler that gets `value` catches.
pub(super) fn caught(code: &Code<'_>, f: FuncId, value: Value) -> Caught {
    let Op::Caught(types) = code.op(f, value) else { return Caught { all: false, named: String::new() } };
    if types.is_empty() {
        return Caught { all: true, named: "every error".to_owned() };
    }
    let mut names: Vec<String> = Vec::new();
    let mut all = false;
    for kind in types {
        let name = class_name(code, f, *kind);
        all |= ALL_ERRORS.contains(&name.as_str());
        names.push(name);
    }
    Caught { all, named: names.join(", ") }
}

/// The name of a class of errors: the last part of it.
pub(super) fn class_name(code: &Code<'_>, f: FuncId, class: Value) -> String {
    let full = code.objects(f, class).into_iter().find_map(|object| match object {
        Object::Class(class) => Some(code.res.program.class_name(class)),
        Object::Api(api) => Some(plain_name(code.api(api)).to_owned()),
        _ => None,
    });
    let full = full.unwrap_or_else(|| code.shown_value(f, class));
    full.rsplit('.').next().unwrap_or(&full).to_owned()
}

/// The name of the class of an error that is raised: `E` of `raise E`, `raise E(…)` and `raise make(…)` if it is known.
pub(super) fn raised_name(code: &Code<'_>, f: FuncId, error: Value) -> String {
    match code.op(f, error) {
        Op::Call { func, .. } => class_name(code, f, *func),
        _ => class_name(code, f, error),
    }
}
