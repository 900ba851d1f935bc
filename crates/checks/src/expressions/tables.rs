//! Expressions that stand in tables: in tuples, mappings and classes, joined to one text, or found by a computed name.
//!
//! The [evaluator](crate::evaluate) says what a value is. Where it cannot tell which entry of a table is meant (by an index or a name that
//! only the run knows), every entry may be.

use super::{Expression, Expressions, MAX_EXPRESSIONS, push};
use crate::code::Code;
use crate::evaluate::{Evaluator, Known};
use assay_ir::{Const, Op, Value};
use assay_resolve::{ClsId, FuncId, Object};
use assay_values::regex::Flags;
use std::cell::Cell;

/// Steps through tables within tables.
const MAX_STEPS: u32 = 8;
/// Values that are looked at for one question.
const MAX_ASKED: u32 = 64;
/// Alternatives that are kept.
const MAX_ALTERNATIVES: usize = 96;

impl Expressions<'_> {
    /// The expressions that a value is when it comes out of tables.
    pub(super) fn in_tables(&mut self, f: FuncId, value: Value, depth: u32) -> Vec<Expression> {
        if let Some(known) = self.tables.get(&(f, value)) {
            return known.clone();
        }
        // Who asks again on the way is not answered.
        self.tables.insert((f, value), Vec::new());
        let found = Tables::new(self.code).of(f, value);
        let mut out = Vec::new();
        self.all_of(f, value, found, depth, &mut out);
        self.tables.insert((f, value), out.clone());
        out
    }

    /// The expressions of a lexicon: the first elements of its tuples.
    pub(super) fn in_lexicon(&mut self, f: FuncId, lexicon: Value, depth: u32, out: &mut Vec<Expression>) {
        let rows = Tables::new(self.code).of(f, lexicon).into_iter().flat_map(entries);
        let found = rows.filter_map(|row| entries(row).into_iter().next()).collect();
        self.all_of(f, lexicon, found, depth, out);
    }

    fn all_of(&mut self, f: FuncId, value: Value, found: Vec<Known>, depth: u32, out: &mut Vec<Expression>) {
        for known in found {
            if out.len() >= MAX_EXPRESSIONS {
                return;
            }
            match known {
                Known::Text(text) if !text.is_empty() => {
                    let place = written(self.code, f, &text).unwrap_or((f, value));
                    push(out, Expression { text, flags: Flags::NONE, place, guessed: false });
                }
                Known::Object(g, made) if (g, made) != (f, value) => self.find(g, made, depth.saturating_sub(1), out),
                _ => {}
            }
        }
    }
}

/// Where the module of a function writes a text, if one place does.
fn written(code: &Code<'_>, f: FuncId, text: &str) -> Option<(FuncId, Value)> {
    let program = &code.res.program;
    let symbol = program.strings.lookup(text)?;
    let module = program.functions[f].module;
    let mut found = None;
    for (local, function) in program.modules[module].ir.functions.iter_enumerated() {
        for (value, inst) in function.insts.iter_enumerated() {
            if matches!(inst.op, Op::Const(Const::Str(s) | Const::Bytes(s)) if s == symbol)
                && found.replace((program.func_id(module, local), value)).is_some()
            {
                return None;
            }
        }
    }
    found
}

/// All entries of a table.
fn entries(known: Known) -> Vec<Known> {
    match known {
        Known::List(items) => items,
        Known::Dict(entries) => entries.into_iter().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    }
}

struct Tables<'c, 'a> {
    code: &'c Code<'a>,
    evaluator: Evaluator<'c, 'a>,
    left: Cell<u32>,
}

impl<'c, 'a> Tables<'c, 'a> {
    fn new(code: &'c Code<'a>) -> Self {
        Self { code, evaluator: Evaluator::new(code), left: Cell::new(MAX_ASKED) }
    }

    /// What a value may be.
    fn of(&self, f: FuncId, value: Value) -> Vec<Known> {
        self.alternatives(f, value, MAX_STEPS)
    }

    fn alternatives(&self, f: FuncId, value: Value, depth: u32) -> Vec<Known> {
        if depth == 0 || self.left.get() == 0 {
            return Vec::new();
        }
        self.left.set(self.left.get() - 1);
        let value = self.code.plain(f, value);
        let mut found = self.evaluator.each(|this, cx| this.value(f, value, cx));
        found.retain(|known| *known != Known::Unknown && *known != Known::Object(f, value));
        if found.is_empty() {
            found = self.entries_behind(f, value, depth - 1);
        }
        found.truncate(MAX_ALTERNATIVES);
        found
    }

    /// What a value may be when it is any entry of something.
    fn entries_behind(&self, f: FuncId, value: Value, depth: u32) -> Vec<Known> {
        let code = self.code;
        let of = |v: Value| self.alternatives(f, v, depth);
        match code.op(f, value) {
            Op::Item(base, key) if !matches!(code.op(f, *key), Op::Slice(..)) => {
                let rows = of(*base);
                match code.op(f, *key) {
                    // The place in a row is known, the row is not.
                    Op::Const(Const::Int(at)) => rows
                        .into_iter()
                        .filter_map(|row| entries(row).into_iter().nth(usize::try_from(*at).ok()?))
                        .collect(),
                    _ => rows.into_iter().flat_map(entries).collect(),
                }
            }
            Op::Unpack { base, index, rest: false } => {
                let Ok(at) = usize::try_from(*index) else { return Vec::new() };
                of(*base).into_iter().filter_map(|row| entries(row).into_iter().nth(at)).collect()
            }
            Op::Next(base) => of(*base).into_iter().filter_map(Known::elements).flatten().collect(),
            Op::Phi(inputs) => {
                let mut out: Vec<Known> = Vec::new();
                for (_, input) in inputs.iter().filter(|(_, v)| *v != value) {
                    out.extend(of(*input));
                }
                out
            }
            Op::Attr(base, name) => {
                let mut out = Vec::new();
                for object in code.res.objects(f, *base) {
                    if let Some(class) = class_of(object) {
                        for (g, stored) in code.attribute_values(class, *name) {
                            out.extend(self.alternatives(g, stored, depth));
                        }
                    }
                }
                out
            }
            Op::Call { func, args } => match (code.op(f, *func), &args[..]) {
                (Op::Attr(base, method), [_, ..]) if code.text(*method) == "get" => {
                    of(*base).into_iter().flat_map(entries).collect()
                }
                (_, [object, name, ..]) if matches!(code.callee(f, value).as_str(), "getattr" | "builtins.getattr") => {
                    self.named(f, object.value, name.value)
                }
                _ => Vec::new(),
            },
            _ => Vec::new(),
        }
    }

    /// The texts among the variables of a class, any of which a computed name may mean.
    fn named(&self, f: FuncId, object: Value, name: Value) -> Vec<Known> {
        if self.code.literal(f, name).is_some() {
            return Vec::new();
        }
        let res = self.code.res;
        let mut bodies: Vec<FuncId> = Vec::new();
        for class in res.objects(f, object).filter_map(class_of) {
            for c in res.hierarchy.order(class).iter().chain(res.hierarchy.derived(class)) {
                let body = res.program.class_body(*c);
                if !bodies.contains(&body) && !self.code.in_test(body) {
                    bodies.push(body);
                }
            }
        }
        let mut out = Vec::new();
        for body in bodies {
            for inst in &self.code.function(body).insts {
                if let Op::StoreName(_, value) = inst.op
                    && assay_taint::constant(res, body, value).is_some()
                {
                    out.push(Known::Object(body, value));
                }
            }
        }
        out
    }
}

/// The class whose variables an object shows.
fn class_of(object: Object) -> Option<ClsId> {
    match object {
        Object::Class(class) | Object::SelfClass(class) | Object::Instance(class) | Object::SelfOf(class) => {
            Some(class)
        }
        _ => None,
    }
}
