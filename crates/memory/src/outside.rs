//! What comes into a function from outside: from the user who starts the program, from whoever calls a library, and from
//! callers that pass on what they were sent.
//!
//! - A pointer parameter and the number behind it that says how many elements it leads to are *partners*.
//! - A function that nothing in the program calls and that other units can name is an *entry*: whoever calls it passes on
//!   data that nobody looked at, as far as its bytes and their number go.
//! - What a caller passes is *untrusted* in the function that it calls, too ([`Passed`]).

use crate::access::{Access, Exceeds};
use crate::analyzer::Analyzer;
use crate::facts::stripped;
use crate::linear::{INFINITY, Linear, Var};
use crate::names::type_limits;
use crate::numbers::Why;
use crate::program::{FuncId, Program, Slot};
use crate::report::{Defect, Finding, NoteKind, Problem};
use crate::state::{Place, State, VarOrigin, Vars};
use crate::summary::What;
use crate::value::{Obj, Origin, SourceKind, Taint, TaintId, Target, Text, Val};
use assay_index::{FxHashMap, Idx};
use assay_ir::{ArithOp, Const, Function, FunctionKind, MemoryOp, Module, Op, Type, TypeId, Value};
use std::collections::hash_map::Entry;

/// Parameters that callers pass untrusted data by: the bytes that a pointer leads to, or a number that nothing bounds.
pub(crate) type Passed = FxHashMap<Way, Given>;

/// How something is passed: to which function, by which parameter, and, when the parameter leads to the address of it, where that
/// address stands.
pub(crate) type Way = (FuncId, u32, Option<i64>);

/// What callers pass by a parameter that is not to be trusted.
#[expect(clippy::struct_excessive_bools, reason = "each says something of its own")]
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Given {
    /// From whom it comes.
    pub(crate) kind: SourceKind,
    /// What it is, in words.
    pub(crate) what: String,
    /// Whether it may be as large as its type lets it, at some call.
    pub(crate) up: bool,
    /// Whether it may be as small.
    pub(crate) down: bool,
    /// The numbers that it may be.
    pub(crate) range: (i128, i128),
    /// Whether it came in as a number, at some call.
    pub(crate) chosen: bool,
    /// Whether most callers pass something else.
    pub(crate) few: bool,
}

/// Adds what some call passes. Gives whether that is more than was known.
pub(crate) fn add(passed: &mut Passed, to: Way, given: Given) -> bool {
    match passed.entry(to) {
        Entry::Vacant(entry) => {
            entry.insert(given);
            true
        }
        Entry::Occupied(mut entry) => {
            let known = entry.get_mut();
            let wider = (known.range.0.min(given.range.0), known.range.1.max(given.range.1));
            let more = given.up && !known.up
                || given.down && !known.down
                || given.chosen && !known.chosen
                || wider != known.range
                || known.few && !given.few;
            known.few &= given.few;
            known.chosen |= given.chosen;
            known.range = wider;
            known.up |= given.up;
            known.down |= given.down;
            more
        }
    }
}

/// A pointer parameter with the parameter that says how many elements it leads to.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) struct Partners {
    /// The pointer.
    pub(crate) pointer: u32,
    /// The number.
    pub(crate) length: u32,
    /// The bytes of an element.
    pub(crate) element: i64,
    /// Whether the pointer is one to bytes by its type.
    pub(crate) bytes: bool,
}

/// Addresses in what is passed that are followed.
const MAX_NESTED: usize = 4;

/// As many bytes as programs put beside those that they are passed, without looking whether there can be so many.
const MOST_BESIDE: i128 = 1 << 12;

/// Words by which a parameter says that it is a number of elements.
const LENGTH_WORDS: [&str; 9] = ["len", "length", "size", "sz", "nbytes", "bytes", "buflen", "bufsize", "datalen"];

/// How names of numbers of elements begin.
const COUNTING: [&str; 4] = ["num_", "nr_", "nb_", "n_"];

/// What elements are called, of which nothing more is known.
const UNITS: [&str; 7] = ["words", "elements", "elems", "items", "entries", "values", "samples"];

/// Whether a name says that the parameter is a number of elements.
pub(crate) fn says_length(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    let last = lower.rsplit('_').find(|part| !part.is_empty()).unwrap_or_default();
    LENGTH_WORDS.contains(&last)
        || COUNTING.iter().any(|prefix| lower.starts_with(prefix)) && UNITS.contains(&last)
        || ["len", "length", "size"].iter().any(|word| last.len() > word.len() && last.ends_with(word))
}

/// Names that bytes have whatever they are.
const PLAIN_NAMES: [&str; 13] =
    ["buf", "buffer", "data", "bytes", "ptr", "mem", "payload", "content", "text", "str", "string", "val", "value"];

/// Whether a name that says that it is a number of elements says nothing of elements of something else than another name is
/// about: `peeklen` is the length of `peekbuf`, and `body_size` not that of `private_data`.
pub(crate) fn belong_together(pointer: &str, length: &str) -> bool {
    let (pointer, length) = (pointer.to_ascii_lowercase(), length.to_ascii_lowercase());
    let mut about = length.as_str();
    if let Some(rest) = COUNTING.iter().find_map(|prefix| about.strip_prefix(prefix)) {
        about = UNITS.iter().find_map(|unit| rest.strip_suffix(unit)).map_or(about, |rest| rest.trim_end_matches('_'));
    }
    while let Some(rest) = LENGTH_WORDS.iter().find_map(|word| about.strip_suffix(word)) {
        about = rest.trim_end_matches('_');
    }
    let plain = |name: &str| PLAIN_NAMES.iter().any(|word| name.ends_with(word));
    matches!(about, "" | "n" | "num" | "nr" | "max" | "total" | "cur")
        || pointer.contains(about)
        || about.starts_with(pointer.as_str())
        || plain(about) && plain(&pointer)
}

/// Whether a function takes a number times another parameter: then it is the size of elements, and the product that of all of them.
fn is_multiplied(function: &Function, parameter: usize) -> bool {
    let index = |value: Value| match function.op(stripped(function, value)) {
        Op::Param(index) => Some(*index as usize),
        _ => None,
    };
    function.insts.iter().any(|inst| {
        let Op::Memory(MemoryOp::Arith { op: ArithOp::Mul, left, right, .. }) = &inst.op else { return false };
        let (left, right) = (index(*left), index(*right));
        left.is_some() && right.is_some() && [left, right].contains(&Some(parameter))
    })
}

/// Whether a parameter that leads to anything is a handle, and not a number of bytes: its name does not say that it leads to bytes, and the
/// function takes it for the address of a record.
fn is_handle(module: &Module, function: &Function, parameter: usize) -> bool {
    let name = module.strings.resolve(function.params[parameter].name).to_ascii_lowercase();
    !PLAIN_NAMES.iter().any(|word| name.ends_with(word))
        && function.insts.iter().any(|inst| {
            let Op::Memory(MemoryOp::Convert { value, .. }) = &inst.op else { return false };
            let to = inst.ty.and_then(|ty| module.types.pointee(ty));
            matches!(function.op(*value), Op::Param(index) if *index as usize == parameter)
                && to.is_some_and(|to| module.types.record(to).is_some())
        })
}

/// The partners among the parameters of a function.
pub(crate) fn partners(module: &Module, function: &Function) -> Vec<Partners> {
    // The number that is passed for a block that is made says nothing of one that is passed.
    if module.strings.resolve(function.name).to_ascii_lowercase().contains("alloc") {
        return Vec::new();
    }
    let mut types: Vec<Option<TypeId>> = vec![None; function.params.len()];
    for inst in &function.insts {
        if let Op::Param(index) = inst.op
            && let Some(ty) = types.get_mut(index as usize)
        {
            *ty = inst.ty;
        }
    }
    let mut out: Vec<Partners> = Vec::new();
    for (at, pointer) in types.iter().enumerate() {
        let Some(Type::Pointer(to)) = pointer.map(|ty| module.types.get(ty)) else { continue };
        // The address of a number of elements is there to be set.
        if says_length(module.strings.resolve(function.params[at].name)) {
            continue;
        }
        let element = match module.types.get(*to) {
            Type::Void if is_handle(module, function, at) => continue,
            Type::Void => 1,
            Type::Int { bits, .. } => i64::from(*bits / 8),
            _ => continue,
        };
        // Where to begin may stand between them.
        for (length, ty) in types.iter().enumerate().skip(at + 1).take(2) {
            let Some(Type::Int { bits: 16..=64, .. }) = ty.map(|ty| module.types.get(ty)) else { break };
            if says_length(module.strings.resolve(function.params[length].name)) {
                let bytes = matches!(module.types.get(*to), Type::Int { bits: 8, .. });
                if is_multiplied(function, length) {
                    break;
                }
                out.push(Partners { pointer: at as u32, length: length as u32, element, bytes });
                break;
            }
        }
    }
    out
}

impl Given {
    /// Bytes of which nothing more is known.
    const BYTES: Self = Self {
        kind: SourceKind::Remote,
        what: String::new(),
        up: true,
        down: true,
        range: (0, 0),
        chosen: false,
        few: false,
    };
}

impl Program<'_> {
    /// Says which functions code in other languages calls by their names.
    #[must_use]
    pub fn called_from_outside<'n>(mut self, names: impl Iterator<Item = &'n str>) -> Self {
        for name in names {
            if let Some(f) = self.function_named(name) {
                self.foreign[f.index()] = true;
            }
        }
        self
    }

    /// The function that other units know by a name.
    pub fn function_named(&self, name: &str) -> Option<FuncId> {
        self.functions.ids().find(|f| self.external[f.index()] && self.name(*f) == name)
    }

    /// The functions that some functions reach by calls, themselves included, each with the one that it is reached from.
    pub fn reached_from(&self, roots: &[FuncId]) -> FxHashMap<FuncId, FuncId> {
        let mut out: FxHashMap<FuncId, FuncId> = FxHashMap::default();
        if roots.is_empty() {
            return out;
        }
        let graph = self.call_graph();
        for root in roots {
            let mut pending = vec![*root];
            while let Some(f) = pending.pop() {
                if let Entry::Vacant(entry) = out.entry(f) {
                    entry.insert(*root);
                    pending.extend(&graph[f]);
                }
            }
        }
        out
    }

    /// Whether code that is not seen calls a function: nothing in the program does, and other units can name it or were given
    /// its address.
    pub(crate) fn is_entry(&self, f: FuncId) -> bool {
        let function = self.function(f);
        self.foreign[f.index()]
            || (self.external[f.index()] || self.address_taken[f.index()])
                && !self.called[f.index()]
                && function.kind != FunctionKind::ModuleBody
                && self.name(f) != "main"
    }
}

impl Analyzer<'_, '_> {
    /// A number that is passed comes from outside, when that is so.
    pub(crate) fn taint_number(&mut self, state: &mut State, value: Value, index: u32, form: &Linear) {
        let Some(taint) = self.parameter_taint(value, index) else { return };
        let Some(var) = form.as_var() else { return };
        self.names.set_taint(var, Some(taint));
        if let Some(given) = self.cx.passed.get(&(self.f, index, None)) {
            bound_as_given(state, var, given.up, given.down);
            if given.chosen && !given.few {
                self.names.set_chosen(var, true);
            }
        } else if self.names.taints.get(taint).kind == SourceKind::Caller && !self.cx.program.foreign[self.f.index()] {
            // Whoever passes a number of bytes passes one, and does not have as many as there are numbers.
            let mut range = state.numbers.range(var);
            if range.lo < 0 {
                (range.lo, range.lo_why) = (0, Why::Library);
            }
            range.hi = range.hi.min(type_limits(self.module, self.ty(value)).hi - MOST_BESIDE);
            if range.lo <= range.hi {
                state.numbers.set_range(var, range);
            }
        }
    }

    /// The source of what a parameter brings in: its bytes for a pointer, itself for a number.
    pub(crate) fn parameter_taint(&mut self, value: Value, index: u32) -> Option<TaintId> {
        if let Some(given) = self.cx.passed.get(&(self.f, index, None)) {
            let taint = Taint { what: given.what.clone(), kind: given.kind, at: Some(value), no_slash: false };
            return Some(self.names.taints.intern(taint));
        }
        if self.cx.program.foreign[self.f.index()] {
            let what = "what Python code passes".to_owned();
            let taint = Taint { what, kind: SourceKind::Caller, at: Some(value), no_slash: false };
            return Some(self.names.taints.intern(taint));
        }
        let partners = self.partners.iter().find(|p| p.pointer == index || p.length == index)?;
        if !self.cx.program.is_entry(self.f) {
            return None;
        }
        // What is handed out by its address is often given something of its own, with the size of that.
        if !self.cx.program.external[self.f.index()] && !partners.bytes {
            return None;
        }
        let name = self.names.parameter_name(partners.pointer);
        let what = if partners.length == index {
            format!("the number of bytes that a caller passes for `{name}`")
        } else {
            format!("what a caller passes for `{name}`")
        };
        Some(self.names.taints.intern(Taint { what, kind: SourceKind::Caller, at: Some(value), no_slash: false }))
    }

    /// The instruction that is a parameter.
    fn parameter_value(&self, index: u32) -> Option<Value> {
        self.params.iter().copied().find(|value| matches!(self.function.op(*value), Op::Param(i) if *i == index))
    }

    /// The number that is passed for what a parameter leads to: the bytes of an element, how many elements, and its name.
    fn length_by_parameter(&mut self, state: &State, index: u32) -> Option<(i64, Linear, String)> {
        let partners = *self.partners.iter().find(|p| p.pointer == index)?;
        let length = self.parameter_value(partners.length)?;
        let var = self.names.var(VarOrigin::Value(length));
        let name = self.names.parameter_name(partners.length).to_owned();
        state.numbers.uses(var).then(|| (partners.element, Linear::var(var), name))
    }

    /// The numbers that a variable may be as far as others sent it: by what callers pass, or what is stored in a member.
    fn sent(&self, var: Var) -> Option<(i128, i128)> {
        if let Some(sent) = self.names.sent(var) {
            return Some(sent);
        }
        let VarOrigin::Value(value) = self.names.origin(var) else { return None };
        let Op::Param(index) = self.function.op(value) else { return None };
        self.cx.passed.get(&(self.f, *index, None)).map(|given| given.range)
    }

    /// Whether a form stays at most zero for all numbers that others sent.
    pub(crate) fn is_held(&self, state: &State, form: &Linear) -> bool {
        let mut all = Some(form.clone());
        let one = form.terms.iter().any(|(var, k)| {
            let Some((lo, hi)) = self.sent(*var) else { return false };
            let end = Linear::constant(if *k > 0 { hi } else { lo });
            all = all.take().and_then(|form| form.substitute(*var, &end));
            form.substitute(*var, &end).is_some_and(|form| state.numbers.is_nonpositive(&form))
        });
        one || all.is_some_and(|form| state.numbers.is_nonpositive(&form))
    }

    /// The source of a member of a record that a caller passes, when the record is made of bytes and their number.
    pub(crate) fn counted_taint(&mut self, obj: Obj, slot: &Slot) -> Option<TaintId> {
        let Origin::Param(index) = self.names.objects.origin(obj) else { return None };
        let program = self.cx.program;
        if !program.is_entry(self.f) || !program.external[self.f.index()] {
            return None;
        }
        let ty = self.names.objects.info(obj).ty?;
        let record = self.module.types.record(ty)?;
        let named = |symbol, name: &str| self.module.strings.resolve(symbol) == name;
        let at = record.fields.iter().position(|field| named(field.name, &slot.1))?;
        if !named(record.name, &slot.0) {
            return None;
        }
        let name = self.names.parameter_name(index);
        let Some((pointer, length)) = self.counted_bytes(ty) else {
            return self.uncounted_taint(index, ty, at, slot);
        };
        let what = match at {
            at if at == pointer => format!("what a caller passes in `{name}`"),
            at if at == length => format!("the number of bytes that a caller passes in `{name}`"),
            _ => return None,
        };
        let at = self.parameter_value(index);
        Some(self.names.taints.intern(Taint { what, kind: SourceKind::Caller, at, no_slash: false }))
    }

    /// The source of a number of elements in a larger record that a caller passes, when nothing in the program looks at the number.
    fn uncounted_taint(&mut self, index: u32, record: TypeId, at: usize, slot: &Slot) -> Option<TaintId> {
        if self.cx.program.tested.contains(slot) || !self.counts_beside(record, at) {
            return None;
        }
        let name = self.names.parameter_name(index);
        let what = format!("the number of elements that a caller passes in `{}` of `{name}`", slot.1);
        let at = self.parameter_value(index);
        Some(self.names.taints.intern(Taint { what, kind: SourceKind::Caller, at, no_slash: false }))
    }

    /// Whether a parameter of a function leads to as many elements as another one says: then the function itself is judged by that.
    pub(crate) fn is_counted(&self, f: FuncId, parameter: u32) -> bool {
        let (module, function) = (self.cx.program.module(f), self.cx.program.function(f));
        partners(module, function).iter().any(|partners| partners.pointer == parameter)
    }

    /// Judges an access in what a parameter or member leads to by the number that is given for it.
    pub(crate) fn judge_length(&mut self, state: &mut State, target: &Target, access: &Access<'_>) -> Option<Finding> {
        if target.region.is_some() || access.width.as_constant() == Some(0) {
            return None;
        }
        let (element, length, name) = match self.names.objects.origin(target.obj) {
            Origin::Param(index) => self.length_by_parameter(state, index)?,
            Origin::Deref(..) => self.length_by_member(state, target.obj)?,
            _ => return None,
        };
        let end = target.offset.plus(access.width)?;
        // Behind the last character of a text there may be a terminator.
        let text = matches!(self.object(state, target.obj).text, Text::Length(_)) || self.leads_to_text(target.obj);
        let over = end.plus_times(-element, &length)?.plus_constant(-i128::from(text));
        if let Text::Length(known) = self.object(state, target.obj).text.clone()
            && state.numbers.at_most(&end, &known.plus_constant(1))
        {
            return None;
        }
        // How far the rest gets must be known, or be up to whoever passes the data.
        let known = over.terms.iter().all(|(var, k)| {
            let range = state.numbers.range(*var);
            let (end, why) = if *k > 0 { (range.hi, range.hi_why) } else { (range.lo, range.lo_why) };
            length.mentions(*var) || why <= Why::Test && end.abs() < INFINITY || self.names.var_taint(*var).is_some()
        });
        if !known || length.terms.is_empty() || self.may_say_otherwise(state, &length) {
            return None;
        }
        let object = self.names.object_name(target.obj);
        match self.exceeds(state, &over) {
            // Who has thought of how many there are knows more of it than is seen here.
            Exceeds::Controlled(_) if self.looks_at_number(&length) => None,
            Exceeds::Controlled(taint) => Some(self.beyond_length(&object, &name, taint, access).finding()),
            // The tests that there are leave room for too little.
            Exceeds::Admitted(_) => {
                let taint = length.as_var().and_then(|var| self.names.var_taint(var))?;
                let at = self.names.taints.get(taint).at?;
                let Op::Param(index) = self.function.op(at) else { return None };
                let free = match self.cx.passed.get(&(self.f, *index, None)) {
                    Some(given) => given.down,
                    None => self.cx.program.is_entry(self.f),
                };
                free.then(|| self.beyond_length(&object, &name, taint, access).finding())
            }
            Exceeds::Unknown if length.terms.iter().all(|(var, _)| over.mentions(*var)) => {
                let number = self.entry_upper(state, &over)?;
                let words = format!("{object} is {} behind its end", if access.write { "written" } else { "read" });
                let what = What::AtMost { number, most: 0, write: access.write, object };
                let exact = self.entry_form(&over).is_some();
                self.need_always(state, what, access.site, &words, exact && self.is_reached_when_told());
                None
            }
            _ => None,
        }
    }

    /// Whether what should be a number of elements may be less than zero here, which the function looks for: such a number mostly says
    /// that a terminator tells where the elements end.
    fn may_say_otherwise(&self, state: &State, length: &Linear) -> bool {
        if state.numbers.lower(length) >= 0 {
            return false;
        }
        let Some(VarOrigin::Value(value)) = length.as_var().map(|var| self.names.origin(var)) else { return false };
        self.function.insts.iter().any(|inst| {
            let Op::Memory(MemoryOp::Compare { left, right, .. }) = &inst.op else { return false };
            let negative =
                |at: Value| matches!(self.function.op(stripped(self.function, at)), Op::Const(Const::Int(-1 | 0)));
            stripped(self.function, *left) == value && negative(*right)
                || stripped(self.function, *right) == value && negative(*left)
        })
    }

    /// Whether an object is made of plain characters.
    fn leads_to_text(&self, obj: Obj) -> bool {
        let ty = self.names.objects.info(obj).ty;
        ty.is_some_and(|ty| matches!(self.module.types.get(ty), Type::Int { bits: 8, signed: true }))
    }

    fn beyond_length(&mut self, object: &str, length: &str, taint: TaintId, access: &Access<'_>) -> Defect {
        let taint = self.names.taints.get(taint).clone();
        let verb = if access.write { "written" } else { "read" };
        let (problem, cwe): (_, &'static [u32]) =
            if access.write { (Problem::Overflow, &[787, 120]) } else { (Problem::OverRead, &[125, 126]) };
        let title = format!("bytes of {object} are {verb} that nothing checks against `{length}`");
        let message = format!(
            "There are as many as `{length}` says. It comes from {}, and no test on the way makes sure that there are enough.",
            taint.what
        );
        let mut steps = Vec::new();
        if let Some(at) = taint.at {
            steps.push(self.step_at(at, NoteKind::Source, format!("{} comes in", taint.what)));
        }
        steps.push(self.step_at(access.site, NoteKind::Sink, format!("{verb} here")));
        Defect::new(problem, cwe, title, message).through(steps)
    }

    /// Notes what a call passes on that is not to be trusted.
    pub(crate) fn pass_on(&mut self, state: &State, f: FuncId, vals: &[Val]) {
        if self.sites.is_none() {
            return;
        }
        let declared = self.cx.program.function(f).params.len();
        for (index, val) in vals.iter().enumerate().take(declared) {
            let index = index as u32;
            match val {
                Val::Ptr(pointer) => {
                    let mut objects = pointer.targets.iter().filter_map(|target| state.object(target.obj));
                    let taint = objects.find_map(|object| object.taint);
                    self.pass_bytes((f, index, None), taint);
                    let Some((target, start)) = pointer
                        .only()
                        .and_then(|target| Some((target, i64::try_from(target.offset.as_constant()?).ok()?)))
                    else {
                        continue;
                    };
                    let nested: Vec<(i64, Val)> = state
                        .cells_of(target.obj)
                        .filter(|(_, val)| match val {
                            Val::Ptr(pointer) => {
                                let led = pointer.only().and_then(|target| state.object(target.obj));
                                led.is_some_and(|object| object.taint.is_some())
                            }
                            Val::Num(form) => self.names.is_chosen(form),
                            Val::Uninit | Val::Top => false,
                        })
                        .map(|(place, val)| (place.offset - start, val.clone()))
                        .take(MAX_NESTED)
                        .collect();
                    for (offset, val) in nested {
                        match val {
                            Val::Ptr(pointer) => {
                                let taint = state.taint_behind(&pointer);
                                self.pass_bytes((f, index, Some(offset)), taint);
                            }
                            Val::Num(form) => self.pass_number(state, (f, index, Some(offset)), &form),
                            Val::Uninit | Val::Top => {}
                        }
                    }
                }
                Val::Num(form) => self.pass_number(state, (f, index, None), form),
                Val::Uninit | Val::Top => {}
            }
        }
    }

    /// Notes that a number is passed on.
    fn pass_number(&mut self, state: &State, to: Way, form: &Linear) {
        let up = self.is_unbounded(state, form);
        let down = form.times(-1).is_some_and(|form| self.is_unbounded(state, &form));
        let Some(taint) = self.names.taint(form).filter(|_| up || down) else { return };
        let bounds = state.numbers.bounds(form);
        let chosen = self.names.is_chosen(form);
        self.pass_one(to, taint, &Given { up, down, range: (bounds.lo, bounds.hi), chosen, ..Given::BYTES });
    }

    /// Notes that the address of bytes is passed on.
    fn pass_bytes(&mut self, to: Way, taint: Option<TaintId>) {
        if let Some(taint) = taint {
            self.pass_one(to, taint, &Given::BYTES);
        }
    }

    fn pass_one(&mut self, to: Way, taint: TaintId, given: &Given) {
        let few = self.is_passed_by_few(taint);
        let taint = self.names.taints.get(taint);
        // Who starts a program harms nobody else by what goes round about.
        if taint.kind == SourceKind::Local {
            return;
        }
        let entry = (to, Given { kind: taint.kind, what: taint.first().to_owned(), few, ..given.clone() });
        if !self.passed.contains(&entry) {
            self.passed.push(entry);
        }
    }

    /// A number that stands in what a parameter leads to comes from outside, when some caller passes such a one.
    pub(crate) fn taint_nested(&mut self, state: &mut State, place: Place, var: Var) {
        let Origin::Param(index) = self.names.objects.origin(place.obj) else { return };
        let Some(given) = self.cx.passed.get(&(self.f, index, Some(place.offset))).cloned() else { return };
        if !given.chosen || given.few {
            return;
        }
        let taint = self.nested_taint(place.obj, place.offset);
        self.names.set_taint(var, taint);
        self.names.set_sent(var, Some(given.range));
        self.names.set_chosen(var, true);
        bound_as_given(state, var, given.up, given.down);
    }

    /// The source of what the address leads to that a parameter leads to.
    pub(crate) fn nested_taint(&mut self, obj: Obj, offset: i64) -> Option<TaintId> {
        let Origin::Param(index) = self.names.objects.origin(obj) else { return None };
        let given = self.cx.passed.get(&(self.f, index, Some(offset)))?;
        let at = self.parameter_value(index);
        let taint = Taint { what: given.what.clone(), kind: given.kind, at, no_slash: false };
        Some(self.names.taints.intern(taint))
    }
}

/// A bound of the type is one that the number reaches (`up`, `down`) only where some call passes such a number.
fn bound_as_given(state: &mut State, var: Var, up: bool, down: bool) {
    let mut range = state.numbers.range(var);
    if !up {
        range.hi_why = Why::Library;
    }
    if !down {
        range.lo_why = Why::Library;
    }
    state.numbers.set_range(var, range);
}

#[cfg(test)]
mod tests {
    use super::{belong_together, says_length};

    #[test]
    fn names_belong_together() {
        for (pointer, length) in [
            ("data", "len"),
            ("peekbuf", "peeklen"),
            ("dat", "data_size"),
            ("buffer", "data_len"),
            ("name", "num_bytes"),
            ("io_ptr", "num_io_words"),
            ("keys", "nr_elements"),
        ] {
            assert!(belong_together(pointer, length), "{pointer} {length}");
        }
        for (pointer, length) in [
            ("private_data", "body_size_bytes"),
            ("next", "name_len"),
            ("opaque", "block_size"),
            ("io_ptr", "num_table_entries"),
        ] {
            assert!(!belong_together(pointer, length), "{pointer} {length}");
        }
    }

    #[test]
    fn names_say_that_something_is_a_length() {
        for name in ["len", "data_len", "size", "bufSize", "nLength", "datalen", "num_bytes", "num_io_words"] {
            assert!(says_length(name), "{name}");
        }
        for name in ["n", "level", "lens_type", "index", "flags", "words", "n_flags", "", "_"] {
            assert!(!says_length(name), "{name}");
        }
    }
}
