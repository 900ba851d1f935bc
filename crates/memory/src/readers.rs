//! Functions that are not seen, whose names say that they bring data in; and numbers that are put together from single bytes or
//! from digits, as it is done with data that comes from outside.
//!
//! Programs read through tables of functions and through libraries of which nothing is known (`io->read(io, to, n)`,
//! `get_bits(reader, 5)`). What comes in that way is somebody else's as much as what `read` gives.

use crate::access::Access;
use crate::analyzer::Analyzer;
use crate::facts::stripped;
use crate::linear::{Linear, Var};
use crate::names::type_limits;
use crate::numbers::Why;
use crate::program::Program;
use crate::state::{Place, State, VarOrigin};
use crate::value::{SourceKind, Taint, TaintId, Val};
use assay_index::FxHashMap;
use assay_ir::{ArithOp, Const, Function, MemoryOp, Module, Op, Type, TypeId, Value};

/// Parts of a number that are looked at when it is put together.
const MAX_PARTS: usize = 24;

/// The same for a number that is put together from digits.
const MAX_DIGIT_PARTS: usize = 8;

/// The words of a name, in small letters: `SDL_ReadLE32` is `sdl`, `read` and `le32`.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let chars: Vec<char> = name.chars().collect();
    let mut word = String::new();
    for (at, c) in chars.iter().enumerate() {
        let before = at.checked_sub(1).map(|at| chars[at]);
        let after = chars.get(at + 1);
        let starts = c.is_ascii_uppercase()
            && (before.is_some_and(|b| b.is_ascii_lowercase())
                || before.is_some_and(|b| b.is_ascii_uppercase()) && after.is_some_and(char::is_ascii_lowercase));
        if !c.is_ascii_alphanumeric() || starts {
            out.extend((!word.is_empty()).then(|| std::mem::take(&mut word)));
        }
        if c.is_ascii_alphanumeric() {
            word.push(c.to_ascii_lowercase());
        }
    }
    out.extend((!word.is_empty()).then_some(word));
    out
}

/// Whether a name says that the function fills a buffer with what it reads.
fn says_reads(name: &str) -> bool {
    words(name).iter().any(|word| matches!(word.as_str(), "read" | "fread" | "pread" | "recv" | "recvfrom" | "receive"))
}

/// Whether a name says that the function takes a number out of data: `read_u32`, `get_bits`, `ReadLE16`.
fn says_decodes(name: &str) -> bool {
    let words = words(name);
    let takes = words.iter().any(|word| matches!(word.as_str(), "read" | "get" | "peek"));
    let number = |word: &str| {
        if matches!(word, "byte" | "bits" | "ubits" | "dword" | "qword" | "lsb" | "msb") {
            return true;
        }
        let rest = word.trim_end_matches("le").trim_end_matches("be");
        let digits = rest.trim_start_matches(|c: char| c.is_ascii_lowercase());
        let kind = &rest[..rest.len() - digits.len()];
        matches!(digits, "8" | "16" | "24" | "32" | "64")
            && matches!(kind, "" | "u" | "s" | "i" | "int" | "uint" | "le" | "be" | "ule" | "ube" | "sle" | "sbe")
    };
    takes && words.iter().any(|word| number(word))
}

/// What a number is put together from.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Parts {
    /// Single bytes.
    Bytes,
    /// Decimal digits.
    Digits,
}

/// The instructions that put a number together from single bytes, `p[0] << 8 | p[1]`, or from digits, `n * 10 + (c - '0')`.
pub(crate) fn put_together(module: &Module, function: &Function) -> FxHashMap<Value, Parts> {
    let sum = |value: Value| match function.op(value) {
        Op::Memory(MemoryOp::Arith { op: ArithOp::Or | ArithOp::Add | ArithOp::Xor, left, right, .. }) => {
            Some((*left, *right))
        }
        _ => None,
    };
    let mut out = FxHashMap::default();
    for value in function.insts.ids() {
        if sum(value).is_some() && is_put_together(module, function, value, &sum) {
            out.insert(value, Parts::Bytes);
        } else if is_decimal(function, value) {
            out.insert(value, Parts::Digits);
        }
    }
    out
}

/// Whether a value is ten times a number and a digit.
fn is_decimal(function: &Function, value: Value) -> bool {
    let mut pending = vec![(value, true)];
    let (mut parts, mut tens, mut zeros) = (0, 0, 0);
    while let Some((at, added)) = pending.pop() {
        parts += 1;
        if parts > MAX_DIGIT_PARTS {
            return false;
        }
        let at = stripped(function, at);
        match function.op(at) {
            Op::Memory(MemoryOp::Arith { op: ArithOp::Add, left, right, .. }) => {
                pending.extend([(*left, added), (*right, added)]);
            }
            Op::Memory(MemoryOp::Arith { op: ArithOp::Sub, left, right, .. }) => {
                pending.extend([(*left, added), (*right, !added)]);
            }
            Op::Memory(MemoryOp::Arith { op: ArithOp::Mul, left, right, .. }) => {
                let ten = [*left, *right].iter().any(|factor| constant(function, *factor) == Some(10));
                tens += usize::from(ten && added);
            }
            Op::Const(Const::Int(48)) => zeros += usize::from(!added),
            Op::Const(Const::Int(-48)) => zeros += usize::from(added),
            _ => {}
        }
    }
    tens == 1 && zeros == 1
}

fn is_put_together(
    module: &Module,
    function: &Function,
    value: Value,
    sum: &dyn Fn(Value) -> Option<(Value, Value)>,
) -> bool {
    let mut pending = vec![value];
    let (mut parts, mut bytes, mut shifted) = (0, 0, false);
    while let Some(at) = pending.pop() {
        parts += 1;
        if parts > MAX_PARTS {
            return false;
        }
        let at = stripped(function, at);
        if let Some((left, right)) = sum(at) {
            pending.extend([left, right]);
            continue;
        }
        let (inner, by) = match function.op(at) {
            Op::Memory(MemoryOp::Arith { op: ArithOp::ShiftLeft, left, right, .. }) => match constant(function, *right)
            {
                Some(by @ (8 | 16 | 24 | 32 | 40 | 48 | 56)) => (stripped(function, *left), by),
                // What was put together before moves up as a whole.
                _ => return false,
            },
            Op::Memory(MemoryOp::Arith { op: ArithOp::Mul, left, right, .. }) => match constant(function, *right) {
                Some(256 | 65536 | 16_777_216) => (stripped(function, *left), 8),
                _ => return false,
            },
            _ => (at, 0),
        };
        if sum(inner).is_some() {
            pending.push(inner);
        } else if is_byte(module, function, inner) {
            bytes += 1;
        } else {
            return false;
        }
        shifted |= by > 0;
    }
    bytes >= 2 && shifted
}

/// Whether a value is a single byte out of memory.
fn is_byte(module: &Module, function: &Function, value: Value) -> bool {
    match function.op(value) {
        Op::Memory(MemoryOp::Load { ty, .. }) => matches!(module.types.get(*ty), Type::Int { bits: 8, .. }),
        Op::Memory(MemoryOp::Arith { op: ArithOp::And, left, right, .. })
            if constant(function, *right) == Some(255) =>
        {
            let inner = stripped(function, *left);
            matches!(function.op(inner), Op::Memory(MemoryOp::Load { ty, .. })
                if matches!(module.types.get(*ty), Type::Int { bits: 8, .. }))
        }
        _ => false,
    }
}

fn constant(function: &Function, value: Value) -> Option<i64> {
    match function.op(stripped(function, value)) {
        Op::Const(Const::Int(number)) => Some(*number),
        _ => None,
    }
}

impl Program<'_> {
    /// The name of what a call calls: of the function, or of the member that its address is read from.
    pub(crate) fn called_name(&self, unit: usize, function: &Function, func: Value) -> Option<String> {
        let func = stripped(function, func);
        match function.op(func) {
            Op::Memory(MemoryOp::Address(object)) => {
                let module = self.units[unit].module;
                module.objects.get(*object).map(|object| module.strings.resolve(object.name).to_owned())
            }
            Op::Memory(MemoryOp::Load { from, .. }) => self.slot(unit, function, *from).map(|(_, member)| member),
            _ => None,
        }
    }
}

impl Analyzer<'_, '_> {
    /// A number that is put together from single bytes or digits is somebody else's, where nothing else is known of it.
    pub(crate) fn decoded(&mut self, value: Value, val: &Val) {
        let Val::Num(form) = val else { return };
        let Some(parts) = self.put_together.get(&value) else { return };
        if form.terms.is_empty() || self.names.taint(form).is_some() {
            return;
        }
        let from = match parts {
            Parts::Bytes => "single bytes",
            Parts::Digits => "digits",
        };
        let taint = self.source(format!("a number that is put together from {from}"), value);
        for (var, _) in &form.terms {
            self.names.set_taint(*var, Some(taint));
        }
    }

    /// Data that comes from outside at an instruction.
    pub(crate) fn source(&mut self, what: String, at: Value) -> TaintId {
        self.names.taints.intern(Taint { what, kind: SourceKind::Remote, at: Some(at), no_slash: false })
    }

    /// A call of what is not known brings data in when its name says so: to the buffer that it is given, or as a number. `written`: whether
    /// it may write to what an argument leads to.
    pub(crate) fn brings_in(&mut self, state: &mut State, site: Value, vals: &[Val], written: &dyn Fn(usize) -> bool) {
        let Op::Call { func, args } = self.function.op(site) else { return };
        let Some(name) = self.cx.program.called_name(self.unit, self.function, *func) else { return };
        let (reads, decodes) = (says_reads(&name), says_decodes(&name));
        if !reads && !decodes {
            return;
        }
        let args: Vec<Value> = args.iter().map(|arg| arg.value).collect();
        let taint = self.source(format!("what `{name}` gives"), site);
        let number = |at: usize| args.get(at).is_some_and(|arg| self.is_number(self.ty(*arg)));
        let candidates: Vec<usize> =
            (0..args.len()).filter(|at| written(*at) && self.leads_to_bytes(self.ty(args[*at]))).collect();
        let followed = candidates.iter().rev().find(|at| number(**at + 1));
        let preceded = candidates.iter().rev().find(|at| at.checked_sub(1).is_some_and(number));
        if let Some(at) = followed.or(preceded).copied().filter(|_| reads)
            && let Some(Val::Ptr(pointer)) = vals.get(at)
        {
            self.keep_bytes_taint(args[at], taint);
            for target in pointer.targets.clone() {
                self.taint_bytes(state, &target, Some(taint));
            }
        } else if decodes && self.decodes_to_places(state, site, &name, &args, vals, taint) {
            // The number itself says whether there was one.
        } else if decodes
            && self.is_number(self.ty(site))
            && let Some(Val::Num(form)) = state.get(site)
            && let Some(var) = form.as_var()
        {
            self.names.set_taint(var, Some(taint));
            if let Some(bits) = asked_bits(state, &name, vals) {
                limit(state, var, bits);
            }
        }
    }

    /// Numbers that are taken out of data are stored in variables or members whose addresses are passed. Gives whether there are any.
    fn decodes_to_places(
        &mut self,
        state: &mut State,
        site: Value,
        name: &str,
        args: &[Value],
        vals: &[Val],
        taint: TaintId,
    ) -> bool {
        let mut stored = false;
        for (at, (arg, val)) in args.iter().zip(vals).enumerate() {
            let place = stripped(self.function, *arg);
            let of = match self.function.op(place) {
                Op::Memory(MemoryOp::Offset { base, .. }) => stripped(self.function, *base),
                _ => place,
            };
            let own = matches!(
                self.function.op(of),
                Op::Memory(MemoryOp::Local { .. } | MemoryOp::Member { .. } | MemoryOp::Address(_))
            );
            let to = self.ty(place).and_then(|ty| self.module.types.pointee(ty));
            let Val::Ptr(pointer) = val else { continue };
            if !own || !self.is_number(to) {
                continue;
            }
            let width = to.and_then(|to| self.module.types.size(to));
            if of != place
                && let Some(width) = width
            {
                let width = Linear::constant(i128::from(width));
                let access = Access { site, width: &width, write: true, api: name };
                self.check_bounds(state, pointer, &access, true);
            }
            let form = self.fresh_var(state, VarOrigin::Extra(*arg, 80 + at as u32));
            if let Some(var) = form.as_var() {
                let limits = type_limits(self.module, to);
                self.names.set_limits(var, limits);
                state.numbers.set_range(var, limits);
                self.names.set_taint(var, Some(taint));
                if let Some(bits) = asked_bits(state, name, vals) {
                    limit(state, var, bits);
                }
            }
            if self.is_unbounded(state, &form) {
                let bounds = state.numbers.bounds(&form);
                self.keep_taint(*arg, taint, (bounds.lo, bounds.hi));
            }
            self.put(state, &pointer.clone(), width, Val::Num(form), false);
            stored = true;
        }
        stored
    }

    /// A function of the program whose name says that it gives so many bits gives no more, in a variable that it is given the
    /// address of.
    pub(crate) fn gives_bits(&self, state: &mut State, name: &str, site: Value, vals: &[Val]) {
        let Some(bits) = asked_bits(state, name, vals) else { return };
        let Op::Call { args, .. } = self.function.op(site) else { return };
        for (arg, val) in args.iter().zip(vals) {
            let to = self.ty(arg.value).and_then(|ty| self.module.types.pointee(ty));
            if let Some(to) = to.filter(|to| self.is_number(Some(*to)))
                && let Some(width) = self.module.types.size(to).and_then(|width| u32::try_from(width).ok())
                && let Val::Ptr(pointer) = val
                && let Some(target) = pointer.only()
                && let Some(offset) = target.offset.as_constant().and_then(|offset| i64::try_from(offset).ok())
                && let Some(Val::Num(form)) = state.cell(Place { obj: target.obj, offset, width })
                && let Some(var) = form.as_var()
            {
                limit(state, var, bits);
            }
        }
    }

    fn is_number(&self, ty: Option<TypeId>) -> bool {
        ty.is_some_and(|ty| matches!(self.module.types.get(ty), Type::Int { .. }))
    }

    /// Whether a type is that of addresses of bytes.
    fn leads_to_bytes(&self, ty: Option<TypeId>) -> bool {
        let to = ty.and_then(|ty| self.module.types.pointee(ty));
        to.is_some_and(|to| matches!(self.module.types.get(to), Type::Void | Type::Int { bits: 8, .. }))
    }
}

/// How many bits are asked for at most, by the number that a function is given last whose name says that it gives bits.
fn asked_bits(state: &State, name: &str, vals: &[Val]) -> Option<u32> {
    if !words(name).iter().any(|word| matches!(word.as_str(), "bits" | "ubits")) {
        return None;
    }
    let number = vals.iter().rev().find_map(|val| if let Val::Num(form) = val { Some(form) } else { None })?;
    let range = state.numbers.bounds(number);
    (1..=32).contains(&range.hi).then(|| u32::try_from(range.hi).ok()).flatten()
}

/// A number is one of so many bits.
fn limit(state: &mut State, var: Var, bits: u32) {
    let mut range = state.numbers.range(var);
    if range.hi_why <= Why::Test && range.lo_why <= Why::Test {
        return;
    }
    range.hi = range.hi.min((1 << bits) - 1);
    (range.lo, range.lo_why, range.hi_why) = (range.lo.max(0), Why::Test, Why::Test);
    if range.lo <= range.hi {
        state.numbers.set_range(var, range);
    }
}

#[cfg(test)]
mod tests {
    use super::{says_decodes, says_reads, words};

    #[test]
    fn names_are_taken_apart() {
        assert_eq!(words("SDL_ReadLE32"), ["sdl", "read", "le32"]);
        assert_eq!(words("ReadBlobMSBLong"), ["read", "blob", "msb", "long"]);
        assert_eq!(words("gst_bit_reader_get_bits_uint32"), ["gst", "bit", "reader", "get", "bits", "uint32"]);
        assert_eq!(words("In::Stream_read"), ["in", "stream", "read"]);
    }

    #[test]
    fn names_say_that_data_comes_in() {
        for name in ["read", "SDL_RWread_read", "io_recv", "ReadBlob", "fread"] {
            assert!(says_reads(name), "{name}");
        }
        for name in ["thread", "already_done", "reader", "spread", "write"] {
            assert!(!says_reads(name), "{name}");
        }
        for name in ["SDL_ReadLE32", "get_bits", "bytestream_get_be16", "read_u8", "png_get_uint_32", "ReadBlobMSBLong"]
        {
            assert!(says_decodes(name), "{name}");
        }
        for name in ["get_value", "read", "set_u32", "getenv", "get_index", "uint32"] {
            assert!(!says_decodes(name), "{name}");
        }
    }
}
