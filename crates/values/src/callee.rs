//! What a call calls.
//!
//! The oracle's answer counts where there is one. Without it the source's own text serves: a chain of
//! attributes on an imported or global name is read as a path, and a method is known by its name.

use crate::{Context, PathElem};
use assay_ir::{Arg, ArgKind, Op, Value};
use std::borrow::Cow;

/// A call, seen by name.
#[derive(Clone, Debug)]
pub struct Callee<'a> {
    /// The path by the oracle, without `builtins.`.
    pub known: Option<&'a str>,
    /// The path as the source spells it, for chains that start at a global or imported name.
    pub spelled: Option<Cow<'a, str>>,
    /// The last name, when an attribute of something is called.
    pub method: Option<&'a str>,
    /// What that attribute is read from.
    pub receiver: Option<Value>,
    /// The arguments.
    pub args: &'a [Arg],
}

/// Methods that nothing but text and bytes has in common use, whatever the library's value is that has them.
const ONLY_OF_TEXT: [&str; 12] = [
    "startswith",
    "endswith",
    "isalnum",
    "isalpha",
    "isdecimal",
    "isdigit",
    "isidentifier",
    "isnumeric",
    "casefold",
    "removeprefix",
    "removesuffix",
    "splitlines",
];

/// Modules whose functions share names with methods of text.
const MODULES: &[&str] = &[
    "os.",
    "posixpath.",
    "ntpath.",
    "re.",
    "regex.",
    "shlex.",
    "urllib.",
    "operator.",
    "shutil.",
    "string.",
    "numpy.",
];

impl<'a> Callee<'a> {
    /// Whether it calls the API of this path (without `builtins.`).
    pub fn is(&self, path: &str) -> bool {
        match self.known {
            Some(known) => known == path,
            None => self.spelled.as_deref() == Some(path),
        }
    }

    /// Whether it calls one of these APIs.
    pub fn is_any(&self, paths: &[&str]) -> bool {
        paths.iter().any(|p| self.is(p))
    }

    /// The path by which it is known, or as it is spelled.
    pub fn path(&self) -> Option<&str> {
        self.known.or(self.spelled.as_deref())
    }

    /// The name of the method, when it may be a method of text or bytes.
    pub fn text_method(&self) -> Option<&'a str> {
        let method = self.method?;
        match (self.known, &self.spelled) {
            (Some(known), _) => {
                let text = ["str.", "bytes.", "bytearray."].iter().any(|p| known.starts_with(p));
                (text || ONLY_OF_TEXT.contains(&method)).then_some(method)
            }
            (None, Some(spelled)) if MODULES.iter().any(|m| spelled.starts_with(m)) => None,
            _ => Some(method),
        }
    }

    /// The argument at this position, unless a `*value` stands before it.
    pub fn positional(&self, index: usize) -> Option<Value> {
        let arg = self.args.get(index)?;
        let plain = self.args[..=index].iter().all(|a| a.kind == ArgKind::Positional);
        plain.then_some(arg.value)
    }

    /// The argument of this name.
    pub fn keyword(&self, cx: &Context<'_>, name: &str) -> Option<Value> {
        self.args.iter().find_map(|a| match a.kind {
            ArgKind::Keyword(k) if cx.text(k) == name => Some(a.value),
            _ => None,
        })
    }

    /// The argument at this position or of this name.
    pub fn argument(&self, cx: &Context<'_>, index: usize, name: &str) -> Option<Value> {
        self.positional(index).or_else(|| self.keyword(cx, name))
    }
}

impl<'a> Context<'a> {
    /// What a call calls; of something that is no call, nothing is known.
    pub fn callee(&self, call: Value) -> Callee<'a> {
        let Op::Call { func, args } = self.op(call) else {
            return Callee { known: None, spelled: None, method: None, receiver: None, args: &[] };
        };
        let known = self.oracle.callee_name(call).map(|n| n.strip_prefix("builtins.").unwrap_or(n));
        let (method, receiver) = match self.op(*func) {
            Op::Attr(base, name) => (Some(self.text(*name)), Some(*base)),
            _ => (None, None),
        };
        let spelled = if known.is_some() { None } else { self.spelled(*func) };
        Callee { known, spelled, method, receiver, args }
    }

    /// The path by which a value is known to the oracle (without `builtins.`), or as it is spelled.
    pub fn path_of(&self, value: Value) -> Option<Cow<'a, str>> {
        match self.oracle.api_path(value) {
            Some(known) => Some(Cow::Borrowed(known.strip_prefix("builtins.").unwrap_or(known))),
            None => self.spelled(value),
        }
    }

    /// Whether a value is the separator of paths, as the standard library names it.
    pub(crate) fn is_separator(&self, value: Value) -> bool {
        // The models know the separator by its type alone: what is written tells more.
        let names = ["os.sep", "os.path.sep", "os.altsep", "posixpath.sep", "sep", "path.sep"];
        [self.path_of(value), self.spelled(value)].iter().flatten().any(|p| names.contains(&&**p))
    }

    fn spelled(&self, value: Value) -> Option<Cow<'a, str>> {
        let mut names: [&str; 6] = [""; 6];
        let mut count = 0;
        let mut at = self.plain(value);
        loop {
            match self.op(at) {
                Op::Attr(base, name) if count < names.len() => {
                    names[count] = self.text(*name);
                    count += 1;
                    at = *base;
                }
                Op::Global(name) => return Some(join(None, self.text(*name), &names[..count])),
                Op::Import { module, leaf } => {
                    let module = self.text(*module);
                    let root = if *leaf { module } else { module.split('.').next().unwrap_or(module) };
                    return Some(join(None, root, &names[..count]));
                }
                Op::ImportFrom { module, level: 0, name } => {
                    return Some(join(Some(self.text(*module)), self.text(*name), &names[..count]));
                }
                _ => return None,
            }
        }
    }

    /// Whether `value` is the attribute chain `path` read as an element of a key.
    pub(crate) fn path_elem(&self, value: Value) -> Option<(Value, PathElem)> {
        crate::keys::load_step(self.function, self.strings, value)
    }
}

fn join<'a>(module: Option<&'a str>, root: &'a str, reversed: &[&'a str]) -> Cow<'a, str> {
    if module.is_none() && reversed.is_empty() {
        return Cow::Borrowed(root);
    }
    let mut out = String::with_capacity(24);
    if let Some(module) = module {
        out.push_str(module);
        out.push('.');
    }
    out.push_str(root);
    for name in reversed.iter().rev() {
        out.push('.');
        out.push_str(name);
    }
    Cow::Owned(out)
}
