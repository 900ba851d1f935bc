//! What the analysis of one function asks about the program around it.

use crate::ConstValue;
use assay_index::{Idx, Interner, Symbol};
use assay_ir::{Const, Function, Inst, Op, Value};

/// A regular expression as it was compiled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PatternText {
    /// The pattern.
    pub text: String,
    /// The flags given beside it.
    pub flags: crate::regex::Flags,
}

/// Knowledge of the program around one function. Every answer may be *unknown*.
pub trait Oracle {
    /// The path of the API that a call calls, such as `os.path.join`, `builtins.isinstance` or
    /// `builtins.str.format`.
    fn callee_name(&self, call: Value) -> Option<&str> {
        let _ = call;
        None
    }

    /// The path of the API that a value is, such as `os.sep` or `builtins.int`.
    fn api_path(&self, value: Value) -> Option<&str> {
        let _ = value;
        None
    }

    /// The constant that a value always is, where it is no literal of the function itself.
    fn constant(&self, value: Value) -> Option<ConstValue> {
        let _ = value;
        None
    }

    /// Whether a value always is of a type, such as `int` or `uuid.UUID`.
    fn is_type(&self, value: Value, type_name: &str) -> bool {
        let _ = (value, type_name);
        false
    }

    /// Whether the result of a call of the project's own function is a path in its normal form; `None` for calls of
    /// anything else.
    fn normalises(&self, call: Value) -> Option<bool> {
        let _ = call;
        None
    }

    /// The quote that is doubled in what a call of the project's own function gives.
    fn doubles(&self, call: Value) -> Option<char> {
        let _ = call;
        None
    }

    /// Whether a value is a text that begins with `/` and has neither backslashes nor control characters, as the path
    /// of a request has.
    fn is_rooted(&self, value: Value) -> bool {
        let _ = value;
        false
    }

    /// The pattern of a compiled regular expression that is made elsewhere.
    fn pattern(&self, value: Value) -> Option<PatternText> {
        let _ = value;
        None
    }
}

/// Knows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoOracle;

impl Oracle for NoOracle {}

/// Instructions after a collection that are searched for what fills it.
const MAX_FOLLOWING: usize = 4096;

/// A function, the strings behind its symbols, and what is known about the program around it.
#[derive(Clone, Copy)]
pub struct Context<'a> {
    /// The function.
    pub function: &'a Function,
    /// The strings.
    pub strings: &'a Interner,
    /// The program.
    pub oracle: &'a dyn Oracle,
}

impl<'a> Context<'a> {
    /// Puts the three together.
    pub fn new(function: &'a Function, strings: &'a Interner, oracle: &'a dyn Oracle) -> Self {
        Self { function, strings, oracle }
    }

    /// The operation that defines a value; [`Op::Undefined`] for a value of another function.
    pub fn op(&self, value: Value) -> &'a Op {
        self.function.insts.get(value).map_or(&Op::Undefined, |i| &i.op)
    }

    /// The string of a symbol; empty for a symbol of another table.
    pub fn text(&self, symbol: Symbol) -> &'a str {
        if symbol < self.strings.next_id() { self.strings.resolve(symbol) } else { "" }
    }

    /// The value behind annotations (`x: T = value`).
    pub fn plain(&self, mut value: Value) -> Value {
        for _ in 0..8 {
            match self.op(value) {
                Op::Annotated { value: Some(inner), .. } => value = *inner,
                _ => break,
            }
        }
        value
    }

    /// The instructions from `value` on in the order of their numbers, which follow the code: what fills a
    /// collection comes after it. Bounded, so that asking for every collection stays linear.
    pub(crate) fn following(&self, value: Value) -> impl Iterator<Item = &'a Inst> + use<'a> {
        self.function.insts.as_slice().iter().skip(value.index()).take(MAX_FOLLOWING)
    }

    /// The text that a value always is (bytes count as text).
    pub fn string(&self, value: Value) -> Option<String> {
        match self.op(self.plain(value)) {
            Op::Const(Const::Str(s) | Const::Bytes(s)) => Some(self.text(*s).to_owned()),
            Op::Const(_) => None,
            _ => match crate::constant_of(self, value)? {
                ConstValue::Str(s) | ConstValue::Bytes(s) => Some(s),
                _ => None,
            },
        }
    }
}
