//! What extensions of CPython get from the Python code that calls them.
//!
//! - `PyArg_ParseTuple` and its like take a *format*: each unit of it says which types the next arguments point to, and so
//!   what is stored there.
//! - A *buffer* is an address together with the number of bytes that there are.
//! - A method is named in a table of `PyMethodDef`, a module in its `PyModuleDef` or in the name of its `PyInit_` function.

use crate::analyzer::{Analyzer, fresh_object};
use crate::library::Whence;
use crate::library_calls::Call;
use crate::linear::Linear;
use crate::numbers::Range;
use crate::program::{FuncId, Program};
use crate::state::{State, VarOrigin, Vars};
use crate::value::{Content, NullWhy, Nullness, Origin, Pointer, SourceKind, Taint, TaintId, Text, Val};
use assay_index::FxHashMap;
use assay_ir::{Const, Function, MemoryOp, ObjectId, Op, Type, Value};

/// Units of formats that are looked at.
const MAX_UNITS: usize = 64;

/// Where the parts of a `Py_buffer` stand: the address, and the number of bytes.
const VIEW: [i64; 2] = [0, 16];

/// What a unit of a format stores.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Unit {
    /// A string with its terminator; possibly null.
    Text(bool),
    /// A string or bytes, and how many there are.
    Buffer(bool),
    /// A `Py_buffer`.
    View,
    /// A number.
    Number,
    /// An object.
    Object,
    /// Nothing: the argument is an input.
    Input,
    /// Whatever a function of the program makes of it.
    Anything,
}

/// The units of a format, with whether the caller may leave them out.
pub(crate) fn units(format: &str) -> Vec<(Unit, bool)> {
    let mut out = Vec::new();
    let mut optional = false;
    let mut chars = format.chars().peekable();
    while let Some(c) = chars.next() {
        if out.len() >= MAX_UNITS || matches!(c, ':' | ';') {
            break;
        }
        let mut follows = |mark: char| chars.next_if_eq(&mark).is_some();
        match c {
            '|' => optional = true,
            's' | 'z' | 'y' | 'w' => {
                let unit = if follows('#') {
                    Unit::Buffer(c == 'z')
                } else if follows('*') {
                    Unit::View
                } else {
                    Unit::Text(c == 'z')
                };
                out.push((unit, optional));
            }
            'e' => {
                chars.next();
                out.push((Unit::Input, optional));
                let unit = if chars.next_if_eq(&'#').is_some() { Unit::Buffer(false) } else { Unit::Text(false) };
                out.push((unit, optional));
            }
            'u' | 'Z' if follows('#') => out.extend([(Unit::Anything, optional), (Unit::Number, optional)]),
            'u' | 'Z' | 'D' => out.push((Unit::Anything, optional)),
            'b' | 'B' | 'h' | 'H' | 'i' | 'I' | 'l' | 'k' | 'L' | 'K' | 'n' | 'c' | 'C' | 'f' | 'd' | 'p' => {
                out.push((Unit::Number, optional));
            }
            'O' if follows('!') => out.extend([(Unit::Input, optional), (Unit::Object, optional)]),
            'O' if follows('&') => out.extend([(Unit::Input, optional), (Unit::Anything, optional)]),
            'O' | 'S' | 'U' | 'Y' => out.push((Unit::Object, optional)),
            _ => {}
        }
    }
    out
}

impl Analyzer<'_, '_> {
    fn caller_taint(&mut self, site: Value) -> TaintId {
        let what = "what Python code passes".to_owned();
        self.names.taints.intern(Taint { what, kind: SourceKind::Caller, at: Some(site), no_slash: false })
    }

    /// `PyArg_ParseTuple` and its like: `first` is the argument behind which the places to store to follow.
    pub(crate) fn parse_arguments(&mut self, state: &mut State, call: &Call<'_>, format: usize, first: usize) {
        let literal = call.pointer(format).and_then(Pointer::only).cloned();
        let text = literal.filter(|target| target.offset == Linear::default()).and_then(|target| {
            match self.names.objects.origin(target.obj) {
                Origin::Literal(symbol, _) => Some(self.module.strings.resolve(symbol).to_owned()),
                _ => None,
            }
        });
        let Some(text) = text else {
            for val in call.vals.iter().skip(first + 1) {
                self.sets(state, val);
            }
            return;
        };
        let taint = self.caller_taint(call.site);
        let mut at = first + 1;
        for (unit, optional) in units(&text) {
            let Some(arg) = call.args.get(at).copied() else { return };
            match unit {
                Unit::Text(null) => {
                    let address = self.passed_bytes(state, arg, None, null || optional, taint);
                    self.store_at(state, call, at, 0, 8, address);
                }
                Unit::Buffer(null) => {
                    let length = self.passed_number(state, arg, 0, taint);
                    let address = self.passed_bytes(state, arg, Some(&length), null || optional, taint);
                    self.store_at(state, call, at, 0, 8, address);
                    at += 1;
                    let width = self.pointed_width(call, at).unwrap_or(8);
                    self.store_at(state, call, at, 0, width, Val::Num(length));
                }
                Unit::View => self.view(state, call, at, VIEW, Whence::Caller),
                Unit::Number => {
                    let Some(width) = self.pointed_width(call, at) else {
                        at += 1;
                        continue;
                    };
                    let number = self.passed_scalar(state, call, at, taint);
                    self.store_at(state, call, at, 0, width, number);
                }
                Unit::Object => {
                    let nullness = if optional { Nullness::UNKNOWN } else { Nullness::NEVER };
                    self.store_at(state, call, at, 0, 8, Val::from(Pointer::unknown(nullness)));
                }
                Unit::Input => {}
                Unit::Anything => {
                    if let Some(val) = call.vals.get(at).cloned() {
                        self.sets(state, &val);
                    }
                }
            }
            at += 1;
        }
    }

    /// An address and the number of bytes there are stored at two arguments.
    pub(crate) fn buffer(&mut self, state: &mut State, call: &Call<'_>, address: usize, length: usize) {
        let Some(arg) = call.args.get(address).copied() else { return };
        let taint = self.caller_taint(call.site);
        let number = self.passed_number(state, arg, 0, taint);
        let bytes = self.passed_bytes(state, arg, Some(&number), false, taint);
        self.store_at(state, call, address, 0, 8, bytes);
        self.store_at(state, call, length, 0, 8, Val::Num(number));
    }

    /// A record is filled in that tells of untrusted bytes.
    pub(crate) fn view(&mut self, state: &mut State, call: &Call<'_>, at: usize, parts: [i64; 2], whence: Whence) {
        let Some(arg) = call.args.get(at).copied() else { return };
        let taint = match whence {
            Whence::Caller => Some(self.caller_taint(call.site)),
            whence => self.taint_of(state, call, whence),
        };
        if let Some(val) = call.vals.get(at).cloned() {
            self.sets(state, &val);
        }
        let Some(taint) = taint else { return };
        let number = self.passed_number(state, arg, 0, taint);
        let bytes = self.passed_bytes(state, arg, Some(&number), false, taint);
        // What is seen through a view need not have a terminator.
        if let Val::Ptr(pointer) = &bytes
            && let Some(target) = pointer.only()
        {
            let obj = target.obj;
            self.object(state, obj).size = Some(number.clone());
        }
        let [data, size] = parts;
        self.store_at(state, call, at, data, 8, bytes);
        self.store_at(state, call, at, size, 8, Val::Num(number));
    }

    /// An untrusted number is stored.
    pub(crate) fn stores(&mut self, state: &mut State, call: &Call<'_>, at: usize) {
        let (Some(width), Some(taint)) = (self.pointed_width(call, at), self.taint_of(state, call, Whence::Outside))
        else {
            return;
        };
        let number = self.passed_scalar(state, call, at, taint);
        self.store_at(state, call, at, 0, width, number);
    }

    /// How many bytes the type takes that an argument points to.
    fn pointed_width(&self, call: &Call<'_>, at: usize) -> Option<u32> {
        let ty = self.ty(*call.args.get(at)?)?;
        u32::try_from(self.module.types.size(self.module.types.pointee(ty)?)?).ok()
    }

    fn store_at(&mut self, state: &mut State, call: &Call<'_>, at: usize, offset: i64, width: u32, val: Val) {
        let Some(mut pointer) = call.pointer(at).cloned() else { return };
        for target in &mut pointer.targets {
            target.offset = target.offset.plus_constant(i128::from(offset));
            target.region = None;
        }
        self.put(state, &pointer, Some(u64::from(width)), val, false);
        // What is stored in the caller's memory is set: that it was not before does not matter any more.
        if let Some(target) = pointer.only()
            && let Some(offset) = target.offset.as_constant().and_then(|c| i64::try_from(c).ok())
        {
            self.changes(target.obj, Some((offset, offset + i64::from(width))));
        }
    }

    /// A number of elements that Python code passes.
    fn passed_number(&mut self, state: &mut State, arg: Value, number: u32, taint: TaintId) -> Linear {
        let form = self.fresh_var(state, VarOrigin::Extra(arg, 80 + number));
        if let Some(var) = form.as_var() {
            let limits = Range::of_type(0, (1 << 63) - 1);
            self.names.set_limits(var, limits);
            state.numbers.set_range(var, limits);
            self.names.set_taint(var, Some(taint));
        }
        form
    }

    /// A number of the type that an argument points to.
    fn passed_scalar(&mut self, state: &mut State, call: &Call<'_>, at: usize, taint: TaintId) -> Val {
        let arg = call.args[at];
        let ty = self.ty(arg).and_then(|ty| self.module.types.pointee(ty));
        if !ty.is_some_and(|ty| matches!(self.module.types.get(ty), Type::Int { .. } | Type::Bool)) {
            return Val::Top;
        }
        let form = self.fresh_var(state, VarOrigin::Extra(arg, 82));
        if let Some(var) = form.as_var() {
            let limits = crate::names::type_limits(self.module, ty);
            self.names.set_limits(var, limits);
            state.numbers.set_range(var, limits);
            self.names.set_taint(var, Some(taint));
        }
        Val::Num(form)
    }

    /// The address of bytes that Python code passes: as many as `length` says with a terminator behind them, or a string.
    fn passed_bytes(
        &mut self,
        state: &mut State,
        arg: Value,
        length: Option<&Linear>,
        null: bool,
        taint: TaintId,
    ) -> Val {
        let obj = self.names.objects.intern(Origin::Loaded(arg), None);
        self.set_apart(state, obj, arg, 9);
        state.forget_content(obj);
        let mut object = fresh_object(length.map(|length| length.plus_constant(1)), Content::Unknown);
        object.escaped = true;
        object.taint = Some(taint);
        if length.is_none() {
            let var = self.names.var(VarOrigin::Extra(arg, 83));
            state.retire(var, &mut self.names);
            let limits = Range::of_type(0, (1 << 63) - 1);
            self.names.set_limits(var, limits);
            state.numbers.set_range(var, limits);
            self.names.set_taint(var, Some(taint));
            object.size = Some(Linear::var(var).plus_constant(1));
            object.text = Text::Length(Linear::var(var));
        }
        state.set_object(obj, object);
        let nullness = if null { Nullness::maybe(NullWhy::Unknown) } else { Nullness::NEVER };
        Val::from(Pointer::at(obj, Linear::default(), nullness))
    }
}

/// A function that Python code calls as a method of a module.
#[derive(Clone, PartialEq, Eq, Debug)]
pub struct Method {
    /// The names that the module may have: as its definition says, and as its files do.
    pub modules: Vec<String>,
    /// The method's name.
    pub name: String,
    /// The function behind it.
    pub function: FuncId,
}

impl Program<'_> {
    /// The functions that tables of methods name, with their modules.
    pub fn python_methods(&self) -> Vec<Method> {
        let mut out = Vec::new();
        for at in 0..self.units.len() {
            let module = self.units[at].module;
            let body = module.functions.iter().find(|f| f.signature.is_none());
            let Some(body) = body else { continue };
            let modules = self.python_modules(at);
            let mut names: FxHashMap<(ObjectId, i64), String> = FxHashMap::default();
            let mut methods = Vec::new();
            for inst in &body.insts {
                let Op::Memory(MemoryOp::Store { to, value, .. }) = &inst.op else { continue };
                let Some((record, member)) = self.slot(at, body, *to) else { continue };
                let Some(row) = row(body, *to) else { continue };
                if record == "PyMethodDef" && member == "ml_name" {
                    if let Some(text) = literal(body, *value) {
                        names.insert(row, module.strings.resolve(text).to_owned());
                    }
                } else if record == "PyMethodDef"
                    && member == "ml_meth"
                    && let Some(function) = self.callees(at, body, *value).first()
                {
                    methods.push((row, *function));
                }
            }
            for (row, function) in methods {
                if let Some(name) = names.get(&row) {
                    out.push(Method { modules: modules.clone(), name: name.clone(), function });
                }
            }
        }
        out
    }

    /// The names that the module of a unit may have.
    fn python_modules(&self, at: usize) -> Vec<String> {
        let module = self.units[at].module;
        let mut out = Vec::new();
        for function in &module.functions {
            let name = module.strings.resolve(function.name);
            if let Some(rest) = name.strip_prefix("PyInit_").or_else(|| name.strip_prefix("init")) {
                out.push(rest.to_owned());
            }
            for inst in &function.insts {
                if let Op::Memory(MemoryOp::Store { to, value, .. }) = &inst.op
                    && let Some(slot) = self.slot(at, function, *to)
                    && slot.0 == "PyModuleDef"
                    && slot.1 == "m_name"
                    && let Some(text) = literal(function, *value)
                {
                    let whole = module.strings.resolve(text);
                    out.push(whole.rsplit('.').next().unwrap_or(whole).to_owned());
                }
            }
        }
        let stem = self.units[at].path.rsplit('/').next().and_then(|name| name.split('.').next()).unwrap_or_default();
        out.push(stem.to_owned());
        out.sort();
        out.dedup();
        out
    }
}

/// The row of a table that an address is in: the table, and which row.
fn row(function: &Function, address: Value) -> Option<(ObjectId, i64)> {
    let mut at = address;
    let mut index = 0;
    for _ in 0..6 {
        match function.op(at) {
            Op::Memory(MemoryOp::Member { base, .. }) => at = *base,
            Op::Memory(MemoryOp::Convert { value, .. }) => at = *value,
            Op::Memory(MemoryOp::Offset { base, index: by, .. }) => {
                let Op::Const(Const::Int(by)) = function.op(*by) else { return None };
                index = *by;
                at = *base;
            }
            Op::Memory(MemoryOp::Address(object)) => return Some((*object, index)),
            _ => return None,
        }
    }
    None
}

/// The text that a value is the address of.
fn literal(function: &Function, value: Value) -> Option<assay_index::Symbol> {
    let mut at = value;
    for _ in 0..4 {
        match function.op(at) {
            Op::Memory(MemoryOp::Convert { value, .. }) => at = *value,
            Op::Const(Const::Bytes(text) | Const::Str(text)) => return Some(*text),
            _ => return None,
        }
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_say_what_is_stored() {
        use Unit::{Buffer, Input, Number, Object, Text, View};
        let plain = |text| units(text).into_iter().map(|(unit, _)| unit).collect::<Vec<_>>();
        assert_eq!(plain("s#i:name"), [Buffer(false), Number]);
        assert_eq!(plain("(ii)zy*O!"), [Number, Number, Text(true), View, Input, Object]);
        assert_eq!(plain("es#n"), [Input, Buffer(false), Number]);
        assert_eq!(units("s|i"), [(Text(false), false), (Number, true)]);
    }
}
