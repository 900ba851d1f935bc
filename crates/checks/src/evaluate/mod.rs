//! Which constants a value may be, followed through calls, loops over constant tables and constants of libraries.
//!
//! A value is evaluated on demand, backwards from where it is used. Where the way back branches (a parameter has several
//! callers, a loop goes over the elements of a table), the evaluation stops and says which *choice* it needs; it is
//! then repeated once for each alternative. So values that are used together stay together: in
//! `for path, view in ROUTES: add(path, view)` each path comes with its own view.
//!
//! What is no constant is an [`Known::Object`]: a value of the program, where it was made.

mod calls;
mod containers;
mod operators;

use crate::code::{Caller, Code, Passed};
use assay_index::{FxHashSet, Idx};
use assay_ir::{BlockId, Const, Function, Op, Piece, Terminator, UnaryOp, Value};
use assay_models::{ClassTable, Literal, Registry};
use assay_resolve::{ClsId, FuncId, ModuleId, Object};
pub(crate) use calls::registration_facts;
use operators::{binary, compare, element, shown, text};
use std::cell::{Cell, RefCell};

/// Steps back in one evaluation.
const MAX_DEPTH: u32 = 48;
/// Values that are looked at for one question, over all choices.
const MAX_VISITS: u32 = 60_000;
/// Alternatives that one question is answered for.
const MAX_RUNS: usize = 768;
/// Choices within one evaluation.
const MAX_CHOICES: usize = 12;
/// Callers of a function that are told apart.
const MAX_CALLERS: usize = 24;
/// Elements of a table, and characters of a text.
const MAX_SIZE: usize = 2048;
/// Blocks on the way to one that joins others.
const MAX_BLOCKS: usize = 96;

/// What a value is.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Known {
    None,
    Bool(bool),
    Int(i64),
    Text(String),
    /// A list, tuple or set.
    List(Vec<Known>),
    /// A mapping, in the order in which it was filled.
    Dict(Vec<(Known, Known)>),
    /// No constant: what this value is.
    Object(FuncId, Value),
    /// A module of the program.
    Module(ModuleId),
    /// An instance of a class of the program that is found by a key.
    Instance(ClsId),
    /// Nothing is known.
    Unknown,
}

impl Known {
    pub(crate) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The value under a key.
    pub(crate) fn get(&self, key: &str) -> Option<&Self> {
        match self {
            // The last one set counts.
            Self::Dict(entries) => entries.iter().rev().find(|(k, _)| k.text() == Some(key)).map(|(_, v)| v),
            _ => None,
        }
    }

    fn truth(&self) -> Option<bool> {
        Some(match self {
            Self::None => false,
            Self::Bool(value) => *value,
            Self::Int(value) => *value != 0,
            Self::Text(text) => !text.is_empty(),
            Self::List(items) => !items.is_empty(),
            Self::Dict(entries) => !entries.is_empty(),
            Self::Module(_) | Self::Instance(_) => true,
            Self::Object(..) | Self::Unknown => return None,
        })
    }

    fn of_literal(literal: &Literal) -> Self {
        match literal {
            Literal::None => Self::None,
            Literal::Bool(value) => Self::Bool(*value),
            Literal::Int(value) => Self::Int(*value),
            Literal::Text(text) => Self::Text(text.clone()),
            Literal::List(items) => Self::List(items.iter().map(Self::of_literal).collect()),
            Literal::Map(entries) => {
                Self::Dict(entries.iter().map(|(k, v)| (Self::Text(k.clone()), Self::of_literal(v))).collect())
            }
        }
    }

    /// What iterating over it gives.
    pub(crate) fn elements(self) -> Option<Vec<Self>> {
        match self {
            Self::List(items) => Some(items),
            Self::Dict(entries) => Some(entries.into_iter().map(|(key, _)| key).collect()),
            _ => None,
        }
    }
}

/// What an attribute holds.
enum Held {
    /// What the only place that sets it sets it to.
    One(Known),
    /// Several places set it.
    Several,
}

/// What has several alternatives.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Point {
    /// The element that a loop is at.
    Element(FuncId, Value),
    /// Who called a function.
    Caller(FuncId),
    /// From where control came to a block that joins others.
    Way(FuncId, Value),
}

/// Which alternative of each choice is taken.
#[derive(Clone, Default)]
pub(crate) struct Choices(Vec<(Point, Alternative)>);

#[derive(Clone)]
enum Alternative {
    Element(Known),
    Caller(Option<Caller>),
    Way(usize),
}

/// Evaluates values of a program.
pub(crate) struct Evaluator<'c, 'a> {
    code: &'c Code<'a>,
    left: Cell<u32>,
    /// What attributes that are not known are taken for.
    assumed: RefCell<Option<String>>,
    wanted: RefCell<Option<(Point, Vec<Alternative>)>>,
}

impl<'c, 'a> Evaluator<'c, 'a> {
    pub(crate) fn new(code: &'c Code<'a>) -> Self {
        Self { code, left: Cell::new(MAX_VISITS), assumed: RefCell::new(None), wanted: RefCell::new(None) }
    }

    /// The answers of `question` for each alternative of what it depends on, in the order of the code, without
    /// duplicates. A question that needs more choices than there may be is answered with what is known so far.
    pub(crate) fn each<R: PartialEq>(&self, question: impl Fn(&Self, &Choices) -> R) -> Vec<R> {
        self.left.set(MAX_VISITS);
        self.enumerate(Choices::default(), &question, |_| true)
    }

    fn enumerate<R: PartialEq>(
        &self,
        start: Choices,
        question: &impl Fn(&Self, &Choices) -> R,
        own: impl Fn(&Point) -> bool,
    ) -> Vec<R> {
        let mut out: Vec<R> = Vec::new();
        let mut open = vec![start];
        let mut runs = 0;
        while let Some(choices) = open.pop() {
            runs += 1;
            if runs > MAX_RUNS {
                break;
            }
            let outer = self.wanted.take();
            let answer = question(self, &choices);
            let wanted = self.wanted.replace(outer);
            match wanted {
                Some((point, alternatives)) if own(&point) && choices.0.len() < MAX_CHOICES => {
                    // The first alternative is looked at first.
                    for alternative in alternatives.into_iter().rev() {
                        let mut more = choices.clone();
                        more.0.push((point, alternative));
                        open.push(more);
                    }
                }
                Some((point, _)) if own(&point) => {}
                Some(other) => {
                    // Somebody else's choice: the whole question waits for it.
                    *self.wanted.borrow_mut() = Some(other);
                    return out;
                }
                None => {
                    if !out.contains(&answer) {
                        out.push(answer);
                    }
                }
            }
        }
        out
    }

    fn want(&self, point: Point, alternatives: Vec<Alternative>) -> Known {
        let mut wanted = self.wanted.borrow_mut();
        if wanted.is_none() {
            *wanted = Some((point, alternatives));
        }
        Known::Unknown
    }

    fn waits(&self) -> bool {
        self.wanted.borrow().is_some()
    }

    /// The texts that a value may be when attributes that are not known hold `assumed`.
    pub(crate) fn texts_assuming(&self, f: FuncId, value: Value, assumed: &str) -> Vec<String> {
        *self.assumed.borrow_mut() = Some(assumed.to_owned());
        let found = self.each(|this, cx| this.value(f, value, cx));
        *self.assumed.borrow_mut() = None;
        found.iter().filter_map(|known| known.text().map(str::to_owned)).collect()
    }

    /// What a value is under these choices.
    pub(crate) fn value(&self, f: FuncId, value: Value, choices: &Choices) -> Known {
        self.eval(f, value, choices, MAX_DEPTH)
    }

    fn eval(&self, f: FuncId, value: Value, cx: &Choices, depth: u32) -> Known {
        let left = self.left.get();
        if depth == 0 || left == 0 || self.waits() {
            return Known::Unknown;
        }
        self.left.set(left - 1);
        let code = self.code;
        let depth = depth - 1;
        let eval = |v: Value| self.eval(f, v, cx, depth);
        match code.op(f, value) {
            Op::Const(constant) => self.constant(constant),
            Op::Param(index) => self.parameter(f, *index, value, cx, depth),
            Op::Annotated { value: Some(inner), .. } | Op::Await(inner) => eval(*inner),
            Op::Global(name) => {
                let module = code.res.program.functions[f].module;
                self.global(module, *name, cx, depth).unwrap_or_else(|| self.library(f, value))
            }
            Op::ImportFrom { module, level, name } => {
                let own = code.res.program.functions[f].module;
                let dotted = code.res.program.absolute_name(own, *module, *level);
                let holder = self.module(&dotted);
                if let Some(known) = holder.and_then(|m| self.global(m, *name, cx, depth)) {
                    return known;
                }
                match self.module(&format!("{dotted}.{}", code.text(*name))) {
                    Some(module) => Known::Module(module),
                    None => self.library(f, value),
                }
            }
            Op::Import { module, .. } => match self.module(code.text(*module)) {
                Some(module) => Known::Module(module),
                None => self.library(f, value),
            },
            Op::Attr(base, name) => {
                match (self.attribute(f, value, *base, *name, cx, depth), &*self.assumed.borrow()) {
                    (Known::Object(..) | Known::Unknown, Some(assumed)) if !self.waits() => {
                        Known::Text(assumed.clone())
                    }
                    (known, _) => known,
                }
            }
            Op::LoadCell(cell) => {
                let owner = code.res.program.func_id(code.res.program.functions[f].module, cell.owner);
                let mut stores = code.function(owner).insts.iter().filter_map(|inst| match inst.op {
                    Op::StoreCell(stored, v) if stored == *cell => Some(v),
                    _ => None,
                });
                match (stores.next(), stores.next()) {
                    (Some(only), None) => self.eval(owner, only, cx, depth),
                    _ => Known::Unknown,
                }
            }
            Op::Collection(..) => self.list(f, value, cx, depth),
            Op::Dict(_) => self.dict(f, value, cx, depth),
            Op::Format(pieces) => {
                let mut out = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Text(text) => out.push_str(code.text(*text)),
                        Piece::Hole { value, spec: None, .. } => match shown(&eval(*value)) {
                            Some(text) => out.push_str(&text),
                            None => return Known::Unknown,
                        },
                        Piece::Hole { .. } => return Known::Unknown,
                    }
                }
                text(out)
            }
            Op::Binary(op, a, b) | Op::InPlace(op, a, b) => binary(*op, eval(*a), eval(*b)),
            Op::Unary(UnaryOp::Not, a) => eval(*a).truth().map_or(Known::Unknown, |t| Known::Bool(!t)),
            Op::Unary(UnaryOp::Minus, a) => match eval(*a) {
                Known::Int(n) => Known::Int(n.saturating_neg()),
                _ => Known::Unknown,
            },
            Op::Compare(op, a, b) => compare(*op, &eval(*a), &eval(*b)),
            Op::Item(base, key) => self.item(f, *base, *key, cx, depth),
            Op::Unpack { base, index, rest: false } => match eval(*base).elements() {
                Some(items) => element(&items, i64::from(*index)),
                None => Known::Unknown,
            },
            Op::Next(base) => {
                let point = Point::Element(f, value);
                if let Some(Alternative::Element(element)) = chosen(cx, point) {
                    return element.clone();
                }
                match eval(*base).elements() {
                    Some(items) if !self.waits() => {
                        self.want(point, items.into_iter().take(MAX_SIZE).map(Alternative::Element).collect())
                    }
                    _ => Known::Unknown,
                }
            }
            Op::Phi(inputs) => self.joined(f, value, inputs, cx, depth),
            Op::Call { .. } => self.call(f, value, cx, depth),
            Op::MakeFunction { .. } | Op::MakeClass { .. } | Op::Enter(_) => Known::Object(f, value),
            _ => Known::Unknown,
        }
    }

    fn constant(&self, constant: &Const) -> Known {
        match constant {
            Const::None => Known::None,
            Const::Bool(value) => Known::Bool(*value),
            Const::Int(value) => Known::Int(*value),
            Const::Str(symbol) | Const::Bytes(symbol) => text(self.code.text(*symbol).to_owned()),
            _ => Known::Unknown,
        }
    }

    fn module(&self, dotted: &str) -> Option<ModuleId> {
        let program = &self.code.res.program;
        program.module_by_name(program.strings.lookup(dotted)?)
    }

    /// The module with a dotted name.
    pub(crate) fn module_named(&self, dotted: &str) -> Option<ModuleId> {
        self.module(dotted)
    }

    /// A module's variable that one place sets; `None` where the module does not set it.
    fn global(&self, module: ModuleId, name: assay_index::Symbol, cx: &Choices, depth: u32) -> Option<Known> {
        let program = &self.code.res.program;
        if let Some((f, value)) = program.single_store(module, name) {
            return Some(self.eval(f, value, cx, depth));
        }
        program.modules[module].defines(name).then_some(Known::Unknown)
    }

    /// What the models say of a library's value.
    fn library(&self, f: FuncId, value: Value) -> Known {
        let res = self.code.res;
        let models = res.models();
        let mut found = None;
        for api in res.apis_of(f, value) {
            for node in res.apis.nodes(api) {
                if let Some(literal) = &models.facts(*node).surface().value {
                    found = Some(Known::of_literal(literal));
                }
            }
        }
        found.unwrap_or(Known::Object(f, value))
    }

    fn attribute(
        &self,
        f: FuncId,
        value: Value,
        base: Value,
        name: assay_index::Symbol,
        cx: &Choices,
        depth: u32,
    ) -> Known {
        let known = self.library(f, value);
        if !matches!(known, Known::Object(..)) {
            return known;
        }
        let holder = match self.eval(f, base, cx, depth) {
            Known::Module(module) => return self.global(module, name, cx, depth).unwrap_or(Known::Object(f, value)),
            Known::Instance(class) => {
                return match self.of_instance(class, name, cx, depth) {
                    Some(Held::One(known)) => known,
                    _ => Known::Object(f, value),
                };
            }
            holder => holder,
        };
        if self.waits() {
            return Known::Unknown;
        }
        let mut found: Option<Known> = None;
        for object in self.code.res.objects(f, base) {
            match object {
                Object::Module(module) => {
                    return self.global(module, name, cx, depth).unwrap_or(Known::Object(f, value));
                }
                Object::Class(class) | Object::SelfClass(class) | Object::Instance(class) | Object::SelfOf(class) => {
                    let Some(known) = self.of_class(class, name, cx, depth) else { continue };
                    let known = match known {
                        Held::One(known) => known,
                        Held::Several => Known::Object(f, value),
                    };
                    // Several classes that do not agree say nothing.
                    if found.as_ref().is_some_and(|other| *other != known) {
                        return Known::Object(f, value);
                    }
                    found = Some(known);
                }
                _ => {}
            }
        }
        if let Some(found) = found {
            return found;
        }
        // A part of a group of routes stands for the group.
        match holder {
            Known::Object(g, made) if (g, made) != (f, base) || matches!(self.code.op(g, made), Op::Call { .. }) => {
                Known::Object(g, made)
            }
            _ => Known::Object(f, value),
        }
    }

    /// What an attribute of a class or its instances holds; `None` where nothing sets it.
    fn of_class(&self, class: ClsId, name: assay_index::Symbol, cx: &Choices, depth: u32) -> Option<Held> {
        let set = self.code.attribute_values(class, name);
        if let [(g, stored)] = set[..] {
            return Some(Held::One(self.eval(g, stored, cx, depth)));
        }
        if !set.is_empty() {
            return Some(Held::Several);
        }
        let res = self.code.res;
        let (g, stored) = res.hierarchy.declaration(&res.program, class, name)?;
        Some(Held::One(self.eval(g, stored, cx, depth)))
    }

    /// What an attribute of an instance of a class, or of one derived from it, holds.
    fn of_instance(&self, class: ClsId, name: assay_index::Symbol, cx: &Choices, depth: u32) -> Option<Held> {
        let derived = self.code.res.hierarchy.derived(class);
        std::iter::once(&class).chain(derived).find_map(|c| self.of_class(*c, name, cx, depth))
    }

    /// The entries that the classes derived from a library's class have in a mapping, where a flag of theirs is true.
    fn class_table(&self, table: &ClassTable, cx: &Choices, depth: u32) -> Known {
        let res = self.code.res;
        let lookup = |name: &str| res.program.strings.lookup(name);
        let (Some(attribute), Some(flag)) = (lookup(&table.attribute), lookup(&table.flag)) else {
            return Known::Dict(Vec::new());
        };
        let mut out = Vec::new();
        for class in res.program.classes.ids() {
            let derived = res.hierarchy.external_bases(class).iter().any(|api| res.api_name(*api) == table.base);
            if !derived || self.code.in_test(res.program.class_body(class)) {
                continue;
            }
            let held = |name| {
                let (g, stored) = res.program.class_store(class, name)?;
                Some(self.eval(g, stored, cx, depth))
            };
            if held(flag) == Some(Known::Bool(true))
                && let Some(Known::Dict(entries)) = held(attribute)
            {
                out.extend(entries);
            }
        }
        Known::Dict(out)
    }

    /// The instance that a table of the program's classes gives for a key.
    fn registered(&self, f: FuncId, call: Value, registry: &Registry, cx: &Choices, depth: u32) -> Option<Known> {
        let Op::Call { args, .. } = self.code.op(f, call) else { return None };
        let Passed::Value(at) = self.code.selected(f, args, registry.key.argument()?) else { return None };
        let key = self.eval(f, at, cx, depth);
        if !matches!(key, Known::Text(_)) {
            return None;
        }
        let res = self.code.res;
        let method = res.program.strings.lookup(&registry.method)?;
        for class in res.program.classes.ids() {
            let Some(own) = res.hierarchy.own_method(class, method) else { continue };
            if self.code.in_test(own) {
                continue;
            }
            let mut returns = self.code.function(own).blocks.iter().filter_map(|b| match b.terminator {
                Terminator::Return(value) => Some(value),
                _ => None,
            });
            if returns.next().is_some_and(|value| self.eval(own, value, cx, depth) == key) {
                return Some(Known::Instance(class));
            }
        }
        None
    }

    fn parameter(&self, f: FuncId, index: u32, value: Value, cx: &Choices, depth: u32) -> Known {
        let code = self.code;
        let point = Point::Caller(f);
        if let Some(Alternative::Caller(caller)) = chosen(cx, point) {
            let default = |this: &Self| match code.default(f, index) {
                Some((g, v)) => this.eval(g, v, cx, depth),
                None => Known::Object(f, value),
            };
            let Some(caller) = caller else { return default(self) };
            return match code.argument_for(*caller, f, index) {
                Passed::Value(passed) => self.eval(caller.function, passed, cx, depth),
                Passed::Missing => default(self),
                Passed::Unknown => Known::Unknown,
            };
        }
        let callers = code.callers(f).iter().filter(|c| c.function != f && !code.in_test(c.function));
        let mut alternatives: Vec<Alternative> = Vec::new();
        let mut seen = FxHashSet::default();
        for caller in callers {
            if seen.insert((caller.function, caller.call)) && alternatives.len() < MAX_CALLERS {
                alternatives.push(Alternative::Caller(Some(*caller)));
            }
        }
        if alternatives.is_empty() {
            return match code.default(f, index) {
                Some((g, v)) => self.eval(g, v, cx, depth),
                None => Known::Object(f, value),
            };
        }
        self.want(point, alternatives)
    }

    /// The answers for each element of the loops of this function that are not chosen yet.
    fn within<R: PartialEq>(&self, f: FuncId, cx: &Choices, question: &impl Fn(&Self, &Choices) -> R) -> Vec<R> {
        self.enumerate(cx.clone(), question, |point| matches!(point, Point::Element(g, _) if *g == f))
    }

    /// A value that depends on the way control came: the way is found by the conditions on it, as far as they are
    /// constant.
    fn joined(&self, f: FuncId, phi: Value, inputs: &[(BlockId, Value)], cx: &Choices, depth: u32) -> Known {
        let function = self.code.function(f);
        let from = |block: BlockId| inputs.iter().find(|(b, _)| *b == block).map(|(_, v)| *v);
        let Some(home) = function.blocks.iter_enumerated().find(|(_, b)| b.insts.contains(&phi)).map(|(id, _)| id)
        else {
            return Known::Unknown;
        };
        // The head of a loop: what came in, unless the loop changes it.
        let (before, later): (Vec<Value>, Vec<Value>) =
            inputs.iter().map(|(_, v)| *v).filter(|v| *v != phi).partition(|v| v.index() < phi.index());
        if !later.is_empty() {
            return match before[..] {
                [only] if later.iter().all(|v| *v == only) => self.eval(f, only, cx, depth),
                _ => Known::Unknown,
            };
        }
        if let [first, rest @ ..] = &before[..]
            && rest.iter().all(|v| v == first)
        {
            return self.eval(f, *first, cx, depth);
        }
        if let Some(Alternative::Way(at)) = chosen(cx, Point::Way(f, phi)) {
            return inputs.get(*at).map_or(Known::Unknown, |(_, v)| self.eval(f, *v, cx, depth));
        }
        match self.way(f, function, home, cx, depth) {
            Some(pred) => from(pred).map_or(Known::Unknown, |v| self.eval(f, v, cx, depth)),
            None if self.waits() => Known::Unknown,
            None => self.want(Point::Way(f, phi), (0..inputs.len()).map(Alternative::Way).collect()),
        }
    }

    /// The block from which control comes to `home`, where the conditions from the block above it on are constant.
    fn way(&self, f: FuncId, function: &Function, home: BlockId, cx: &Choices, depth: u32) -> Option<BlockId> {
        let dominators = assay_dataflow::Dominators::new(function);
        let mut at = dominators.immediate_dominator(home)?;
        for _ in 0..MAX_BLOCKS {
            let next = match &function.blocks[at].terminator {
                Terminator::Goto(to) => *to,
                Terminator::Branch { cond, then_to, else_to } => {
                    if self.eval(f, *cond, cx, depth).truth()? {
                        *then_to
                    } else {
                        *else_to
                    }
                }
                _ => return None,
            };
            if next == home {
                return Some(at);
            }
            at = next;
        }
        None
    }
}

fn chosen(cx: &Choices, point: Point) -> Option<&Alternative> {
    cx.0.iter().rev().find(|(p, _)| *p == point).map(|(_, a)| a)
}
