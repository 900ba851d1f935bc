//! What may be raised where: for each function the classes of errors that may leave it, with where each comes from.
//!
//! - An *error* is a class of the program or of a library.
//! - An *escape* is an error that no handler between its origin and the end of a function takes. Handlers that raise again
//!   what they caught take nothing.
//! - An escape is *by input* when it is bad input that raises it: a conversion or decoder that gets a parameter, a constant index into
//!   a parameter whose length nothing was asked of before, an assertion.
//!
//! Sets grow from callees to callers until nothing changes; each function keeps a bounded number of classes.

use super::classes;
use super::handlers::{Deed, deed};
use crate::code::{Code, Passed};
use assay_dataflow::{Dominators, Handler, ValueBlocks, handlers};
use assay_index::{FxHashMap, IndexVec};
use assay_ir::{BlockId, Const, Op, Terminator, Value};
use assay_models::PortRoot;
use assay_resolve::{ErrorClass, FuncId};
use std::cell::RefCell;

/// Classes of errors that are kept of one function.
const MAX_ERRORS: usize = 24;
/// Targets of a call beyond which it says too little of what happens.
const MAX_TARGETS: usize = 4;
/// `try` statements around one place.
const MAX_NESTING: usize = 8;
/// Steps from a value to the parameter that it is part of.
const MAX_STEPS: usize = 8;

/// An error that may leave a function.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) struct Escape {
    pub(super) error: ErrorClass,
    /// Where it is raised first.
    pub(super) origin: (FuncId, Value),
    /// Whether bad input raises it.
    pub(super) by_input: bool,
}

/// The `try` statements of one function.
struct Tries {
    handlers: Vec<Handler>,
    blocks: ValueBlocks,
}

/// What may leave each function.
pub(super) struct Raised<'a, 'b> {
    code: &'b Code<'a>,
    escapes: IndexVec<FuncId, Vec<Escape>>,
    tries: RefCell<FxHashMap<FuncId, Tries>>,
}

impl<'a, 'b> Raised<'a, 'b> {
    pub(super) fn new(code: &'b Code<'a>) -> Self {
        let functions = &code.res.program.functions;
        let mut this = Self {
            code,
            escapes: IndexVec::from_elem(Vec::new(), functions.len()),
            tries: RefCell::new(FxHashMap::default()),
        };
        let mut work: Vec<FuncId> = Vec::new();
        for f in functions.ids() {
            if code.function(f).is_callable() && !code.in_test(f) && !code.res.program.module_of(f).template {
                this.own(f);
                if !this.escapes[f].is_empty() {
                    work.push(f);
                }
            }
        }
        // Each function comes here again at most once for each class that it gains.
        while let Some(f) = work.pop() {
            let escapes = this.escapes[f].clone();
            for caller in code.callers(f) {
                let g = caller.function;
                let few = code.res.call(g, caller.call).is_some_and(|t| t.functions.len() <= MAX_TARGETS);
                if g == f || !few || code.in_test(g) || !code.function(g).is_callable() {
                    continue;
                }
                let mut gained = false;
                for escape in &escapes {
                    if this.taker(g, caller.call, escape.error).is_none() {
                        gained |= this.add(g, *escape);
                    }
                }
                if gained {
                    work.push(g);
                }
            }
        }
        this
    }

    /// The errors that may leave a function.
    pub(super) fn of(&self, f: FuncId) -> &[Escape] {
        &self.escapes[f]
    }

    /// The name of an error, without the module of built-ins.
    pub(super) fn name(&self, error: ErrorClass) -> String {
        match error {
            ErrorClass::Program(class) => self.code.res.program.class_name(class),
            ErrorClass::Library(root) => {
                let name = self.code.res.models().type_name(root).unwrap_or("an error");
                name.strip_prefix("builtins.").unwrap_or(name).to_owned()
            }
        }
    }

    /// Whether an error is that of `assert`.
    pub(super) fn is_assertion(&self, error: ErrorClass) -> bool {
        Some(error) == self.built_in("AssertionError")
    }

    /// The built-in error of this name.
    fn built_in(&self, name: &str) -> Option<ErrorClass> {
        self.code.res.models().type_root(&format!("builtins.{name}")).map(ErrorClass::Library)
    }

    fn add(&mut self, f: FuncId, escape: Escape) -> bool {
        let known = &mut self.escapes[f];
        // The same class by input says more.
        if let Some(old) = known.iter_mut().find(|e| e.error == escape.error) {
            let more = escape.by_input && !old.by_input;
            if more {
                *old = escape;
            }
            return more;
        }
        if known.len() >= MAX_ERRORS {
            return false;
        }
        known.push(escape);
        true
    }

    /// What a function raises by itself and through libraries.
    fn own(&mut self, f: FuncId) {
        let code = self.code;
        let function = code.function(f);
        let mut found: Vec<(Value, ErrorClass, bool)> = Vec::new();
        for block in &function.blocks {
            let Terminator::Raise(Some(error)) = block.terminator else { continue };
            if let Some(class) = code.res.error_class(f, error) {
                let asserts = self.is_assertion(class);
                found.push((error, class, asserts));
            }
        }
        let models = code.res.models();
        for (call, targets) in code.res.calls(f) {
            for api in &targets.apis {
                for node in code.res.apis.nodes(*api) {
                    for raise in &models.facts(*node).raises {
                        let parameter =
                            self.input_of(f, *call, &raise.input).and_then(|v| parameter_behind(code, f, v));
                        // What was asked of the value before may be what makes the call safe.
                        if let Some(parameter) = parameter {
                            let by_input =
                                !asked_before(code, f, parameter, *call, is_about_length(models, raise.error));
                            found.push((*call, ErrorClass::Library(raise.error), by_input));
                        }
                    }
                }
            }
        }
        for (name, places) in
            [("IndexError", parts_that_may_be_empty(code, f)), ("KeyError", fields_of_documents(code, f))]
        {
            if let Some(error) = self.built_in(name) {
                found.extend(places.into_iter().map(|at| (at, error, true)));
            }
        }
        if let Some(error) = self.built_in("IndexError") {
            let indexes = late_lengths(code, f);
            found.extend(indexes.into_iter().map(|(at, _)| (at, error, true)));
        }
        for (at, error, by_input) in found {
            if self.taker(f, at, error).is_none() {
                self.add(f, Escape { error, origin: (f, at), by_input });
            }
        }
    }

    /// The value that a call gets as the input that may raise.
    fn input_of(&self, f: FuncId, call: Value, input: &PortRoot) -> Option<Value> {
        let Op::Call { func, args } = self.code.op(f, call) else { return None };
        match (input, self.code.op(f, *func)) {
            (PortRoot::Argument(spec), _) => match self.code.selected(f, args, spec) {
                Passed::Value(value) => Some(value),
                _ => args.first().map(|a| a.value),
            },
            (_, Op::Attr(base, _)) => Some(*base),
            _ => args.first().map(|a| a.value),
        }
    }

    /// The handler of a function that takes an error raised at a place, if it does not raise it again.
    pub(super) fn taker(&self, f: FuncId, at: Value, error: ErrorClass) -> Option<Value> {
        let code = self.code;
        let function = code.function(f);
        if function.blocks.iter().all(|b| b.handler.is_none()) {
            return None;
        }
        let mut tries = self.tries.borrow_mut();
        let tries = tries
            .entry(f)
            .or_insert_with(|| Tries { handlers: handlers(function), blocks: ValueBlocks::new(function) });
        let mut block: BlockId = tries.blocks.block(at)?;
        for _ in 0..MAX_NESTING {
            let entry = function.blocks.get(block)?.handler?;
            for handler in tries.handlers.iter().filter(|h| h.entry == entry) {
                if takes(code, f, handler.caught, error) {
                    if deed(code, f, handler) == Deed::ReRaises {
                        break;
                    }
                    return Some(handler.caught);
                }
            }
            block = entry;
        }
        None
    }
}

/// Whether a handler takes an error. A class that is not known may be any.
pub(super) fn takes(code: &Code<'_>, f: FuncId, caught: Value, error: ErrorClass) -> bool {
    let Op::Caught(types) = code.op(f, caught) else { return false };
    types.is_empty()
        || classes::caught(code, f, caught).all
        || types.iter().any(|kind| code.res.takes_error(f, *kind, error))
}

/// The parameter that a value is, or is a part of.
pub(super) fn parameter_behind(code: &Code<'_>, f: FuncId, mut value: Value) -> Option<u32> {
    for _ in 0..MAX_STEPS {
        match code.op(f, code.plain(f, value)) {
            Op::Param(index) => {
                let method = code.res.program.functions[f].class.is_some();
                return (!method || *index > 0).then_some(*index);
            }
            Op::Item(base, _) | Op::Unpack { base, .. } | Op::Next(base) => value = *base,
            Op::Call { func, args } => match code.op(f, *func) {
                Op::Attr(base, _) if args.len() <= 1 => value = *base,
                _ => return None,
            },
            _ => return None,
        }
    }
    None
}

/// Places that take an element at a fixed place of a parameter, with the parameter, in a function that refuses it for its length,
/// where nothing was asked of its length before.
pub(super) fn late_lengths(code: &Code<'_>, f: FuncId) -> Vec<(Value, u32)> {
    let function = code.function(f);
    let indexes: Vec<(Value, u32)> = function
        .insts
        .iter_enumerated()
        .filter_map(|(at, inst)| {
            let Op::Item(base, key) = inst.op else { return None };
            let Op::Const(Const::Int(_)) = code.op(f, key) else { return None };
            let Op::Param(parameter) = code.op(f, code.plain(f, base)) else { return None };
            // It is a sequence that is read from front to back: parts of it are cut off, too.
            let cut = |inst: &assay_ir::Inst| match inst.op {
                Op::Item(other, key) => {
                    code.plain(f, other) == code.plain(f, base) && matches!(code.op(f, key), Op::Slice(..))
                }
                _ => false,
            };
            function.insts.iter().any(cut).then_some((at, *parameter))
        })
        .collect();
    if indexes.is_empty() {
        return Vec::new();
    }
    // Conditions that ask something of a parameter's length, or whether there is anything in it.
    let asks = |cond: Value, parameter: u32| asks_of(code, f, cond, parameter, MAX_STEPS);
    let refuses = |cond_block: BlockId| {
        let mut found = false;
        function.blocks[cond_block].terminator.for_each_target(|to| {
            found |= matches!(function.blocks[to].terminator, Terminator::Raise(Some(_)));
        });
        found
    };
    let mut conditions: Vec<(BlockId, Value)> = Vec::new();
    for (id, block) in function.blocks.iter_enumerated() {
        if let Terminator::Branch { cond, .. } = block.terminator {
            conditions.push((id, cond));
        }
    }
    let dominators = Dominators::new(function);
    let blocks = ValueBlocks::new(function);
    indexes
        .into_iter()
        .filter(|(at, parameter)| {
            let Some(block) = blocks.block(*at) else { return false };
            let late = conditions.iter().any(|(b, cond)| {
                asks(*cond, *parameter)
                    && refuses(*b)
                    && dominators.dominates(block, *b)
                    && mentions_length(code, f, *cond)
            });
            let early = conditions
                .iter()
                .any(|(b, cond)| *b != block && asks(*cond, *parameter) && dominators.dominates(*b, block));
            late && !early
        })
        .collect()
}

/// Whether a condition about a parameter stands before a place on every way.
fn asked_before(code: &Code<'_>, f: FuncId, parameter: u32, at: Value, length: bool) -> bool {
    let function = code.function(f);
    let asking = function.blocks.iter_enumerated().filter_map(|(id, block)| match block.terminator {
        Terminator::Branch { cond, .. }
            if asks_of(code, f, cond, parameter, MAX_STEPS)
                && !asks_for_presence(code, f, cond)
                && (length || !mentions_length(code, f, cond)) =>
        {
            Some(id)
        }
        _ => None,
    });
    let asking: Vec<BlockId> = asking.collect();
    if asking.is_empty() {
        return false;
    }
    let dominators = Dominators::new(function);
    let block = ValueBlocks::new(function).block(at);
    block.is_some_and(|block| asking.iter().any(|b| *b != block && dominators.dominates(*b, block)))
}

/// Whether an error says that data is too short, so that a question about its length rules it out.
fn is_about_length(models: &assay_models::Models, error: assay_models::NodeId) -> bool {
    models.type_name(error).is_some_and(|name| name == "struct.error" || name == "builtins.IndexError")
}

/// Whether a condition only asks whether there is anything, or of which type it is.
fn asks_for_presence(code: &Code<'_>, f: FuncId, cond: Value) -> bool {
    match code.op(f, code.plain(f, cond)) {
        Op::Param(_) => true,
        Op::Unary(_, inner) => asks_for_presence(code, f, *inner),
        Op::Call { .. } => code.callee(f, cond) == "isinstance",
        Op::Compare(assay_ir::CompareOp::Is | assay_ir::CompareOp::IsNot, _, b) => {
            matches!(code.op(f, *b), Op::Const(Const::None))
        }
        _ => false,
    }
}

/// Places that take the first or last character of a part of a parameter, cut off at a separator, that nothing asks about: it may be empty.
fn parts_that_may_be_empty(code: &Code<'_>, f: FuncId) -> Vec<Value> {
    let function = code.function(f);
    let is_part = |value: Value| {
        let (Op::Unpack { base, .. } | Op::Item(base, _)) = code.op(f, value) else { return false };
        matches!(code.op(f, *base), Op::Call { func, .. }
            if matches!(code.op(f, *func), Op::Attr(text, name)
                if matches!(code.text(*name), "partition" | "rpartition") && parameter_behind(code, f, *text).is_some()))
    };
    let asked = |value: Value| {
        function.blocks.iter().any(|b| match b.terminator {
            Terminator::Branch { cond, .. } => mentions(code, f, cond, value, MAX_STEPS),
            _ => false,
        })
    };
    let places = function.insts.iter_enumerated().filter(|(_, inst)| {
        let Op::Item(base, key) = inst.op else { return false };
        let end = match code.op(f, key) {
            Op::Const(Const::Int(0)) => true,
            Op::Unary(assay_ir::UnaryOp::Minus, one) => matches!(code.op(f, *one), Op::Const(Const::Int(1))),
            Op::Const(Const::Int(i)) => *i == -1,
            _ => false,
        };
        let base = code.plain(f, base);
        end && is_part(base) && !asked(base)
    });
    places.map(|(at, _)| at).collect()
}

/// Whether a condition looks at a value in another way than by its first or last character.
fn mentions(code: &Code<'_>, f: FuncId, cond: Value, value: Value, steps: usize) -> bool {
    let cond = code.plain(f, cond);
    if cond == value {
        return true;
    }
    if steps == 0 || matches!(code.op(f, cond), Op::Item(..) | Op::Phi(_)) {
        return false;
    }
    let mut found = false;
    code.op(f, cond).for_each_operand(|v| found |= mentions(code, f, v, value, steps - 1));
    found
}

/// Places that take a field out of a document which is parsed from a parameter, where nothing asks whether it is there.
fn fields_of_documents(code: &Code<'_>, f: FuncId) -> Vec<Value> {
    let function = code.function(f);
    let mut documents: Vec<Value> = Vec::new();
    for (call, targets) in code.res.calls(f) {
        let parses = targets
            .apis
            .iter()
            .any(|api| matches!(code.api(*api), "json.loads" | "json.load" | "yaml.safe_load" | "tomllib.loads"));
        let Op::Call { args, .. } = function.op(*call) else { continue };
        if parses && args.first().is_some_and(|a| parameter_behind(code, f, a.value).is_some()) {
            documents.push(*call);
        }
    }
    if documents.is_empty() {
        return Vec::new();
    }
    let asks = function.insts.iter().any(|inst| match &inst.op {
        Op::Compare(assay_ir::CompareOp::In | assay_ir::CompareOp::NotIn, _, b) => {
            documents.contains(&code.plain(f, *b))
        }
        // A schema, or another function of the program, may look at all of it.
        Op::Call { args, .. } => {
            args.iter().any(|a| documents.contains(&code.plain(f, a.value))) && !is_plain_call(code, f, inst)
        }
        _ => false,
    });
    if asks {
        return Vec::new();
    }
    let places = function.insts.iter_enumerated().filter(|(_, inst)| {
        matches!(inst.op, Op::Item(base, key) if documents.contains(&code.plain(f, base)) && code.literal(f, key).is_some())
    });
    places.map(|(at, _)| at).collect()
}

/// Whether a call only asks for the type of what it is given.
fn is_plain_call(code: &Code<'_>, f: FuncId, inst: &assay_ir::Inst) -> bool {
    let Op::Call { func, .. } = &inst.op else { return false };
    matches!(code.op(f, *func), Op::Global(name) if matches!(code.text(*name), "isinstance" | "len" | "type"))
}

/// Whether a condition looks at the length of something.
fn mentions_length(code: &Code<'_>, f: FuncId, cond: Value) -> bool {
    code.shown_value(f, cond).contains("len(")
}

/// Whether a condition is about a parameter: about itself, its length, or what one of its methods says.
fn asks_of(code: &Code<'_>, f: FuncId, value: Value, parameter: u32, steps: usize) -> bool {
    if steps == 0 {
        return false;
    }
    let again = |v: Value| asks_of(code, f, v, parameter, steps - 1);
    match code.op(f, code.plain(f, value)) {
        Op::Param(index) => *index == parameter,
        Op::Unary(_, a) => again(*a),
        Op::Binary(_, a, b) | Op::Compare(_, a, b) => again(*a) || again(*b),
        Op::Call { func, args } => match code.op(f, *func) {
            Op::Attr(base, _) => again(*base),
            _ => args.iter().any(|a| again(a.value)),
        },
        Op::Phi(inputs) => inputs.iter().filter(|(_, v)| *v != value).any(|(_, v)| again(*v)),
        _ => false,
    }
}
