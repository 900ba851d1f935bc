//! The regular expressions behind values: their text, put together from constants, and what they cost to match.
//!
//! - An *expression* is a pattern with its flags, as it is compiled somewhere.
//! - A *wrapper* is a function of the project that compiles what it is given, now or later.
//! - A *scanner* is a `re.Scanner`, which matches with the expressions of a lexicon, one after the other.

mod tables;

use crate::code::{Caller, Code, Passed};
use assay_index::{FxHashMap, FxHashSet};
use assay_ir::{Op, Terminator, Value};
use assay_resolve::{FuncId, Object};
use assay_taint::FunctionOracle;
use assay_values::guards::flags_given;
use assay_values::regex::{Cost, Flags, Run, Slow, cost};
use assay_values::shapes::{Conversion, Piece, shapes};
use assay_values::{ConstValue, Context};

/// Steps through variables, wrappers and callers to an expression.
const MAX_STEPS: u32 = 8;
/// Expressions that one value may be.
const MAX_EXPRESSIONS: usize = 24;
/// Callers of a function that are asked what they pass.
const MAX_CALLERS: usize = 16;
/// Versions of one function.
const MAX_VERSIONS: usize = 4;
/// What stands in an expression for a part that is put in at run time.
const PLACEHOLDER: &str = "x";

/// A regular expression of the program.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Expression {
    pub(crate) text: String,
    pub(crate) flags: Flags,
    /// Where its text, or the call that compiles it, stands.
    pub(crate) place: (FuncId, Value),
    /// Whether parts of it were taken for plain text, or its flags are not all known.
    pub(crate) guessed: bool,
}

impl Expression {
    fn add(&mut self, flags: Option<Flags>) {
        match flags {
            Some(flags) => self.flags = self.flags.with(flags),
            None => self.guessed = true,
        }
    }

    /// The flags, with `re.VERBOSE` for a text that is laid out over lines: where not all flags are seen, that one
    /// would change everything.
    pub(crate) fn flags_in_effect(&self) -> Flags {
        let laid_out = self.text.lines().skip(1).any(|line| line.starts_with("  ") || line.starts_with('\t'));
        if laid_out { self.flags.with(Flags::VERBOSE) } else { self.flags }
    }
}

/// Finds expressions and knows what they cost.
pub(crate) struct Expressions<'a> {
    pub(crate) code: &'a Code<'a>,
    costs: FxHashMap<(String, Flags, Run), Cost>,
    wrappers: FxHashMap<FuncId, bool>,
    tables: FxHashMap<(FuncId, Value), Vec<Expression>>,
    /// Calls of `re.compile` whose result was seen to be matched.
    used: FxHashSet<(FuncId, Value)>,
}

/// The way in which a method of the module or of a compiled expression runs it.
pub(crate) fn run_of(method: &str) -> Option<Run> {
    Some(match method {
        "match" | "scan" => Run::Match,
        "fullmatch" => Run::FullMatch,
        "search" => Run::Search,
        "findall" | "finditer" | "split" | "sub" | "subn" => Run::All,
        _ => return None,
    })
}

/// Whether a library's function compiles the expression that it is given first.
fn compiles(name: &str) -> bool {
    matches!(name, "re.compile" | "regex.compile")
}

impl<'a> Expressions<'a> {
    pub(crate) fn new(code: &'a Code<'a>) -> Self {
        Self {
            code,
            costs: FxHashMap::default(),
            wrappers: FxHashMap::default(),
            tables: FxHashMap::default(),
            used: FxHashSet::default(),
        }
    }

    /// What an expression costs to match; nothing for one that Python refuses.
    pub(crate) fn cost(&mut self, expression: &Expression, run: Run) -> Cost {
        let flags = expression.flags_in_effect();
        let key = (expression.text.clone(), flags, run);
        self.costs.entry(key).or_insert_with(|| cost(&expression.text, flags, run).unwrap_or_default()).clone()
    }

    /// The slowest of some expressions, and what is not known of them.
    pub(crate) fn slowest<'e>(
        &mut self,
        all: &'e [Expression],
        run: Run,
    ) -> (Option<(&'e Expression, Slow)>, Vec<&'static str>) {
        let mut worst: Option<(&Expression, Slow)> = None;
        let mut gaps = Vec::new();
        for expression in all {
            let cost = self.cost(expression, run);
            gaps.extend(cost.gaps);
            if let Some(slow) = cost.slow
                && worst.as_ref().is_none_or(|(_, w)| w.growth < slow.growth)
            {
                worst = Some((expression, slow));
            }
        }
        gaps.sort_unstable();
        gaps.dedup();
        (worst, gaps)
    }

    /// Whether the result of a call of `re.compile` was seen to be matched.
    pub(crate) fn is_used(&self, f: FuncId, call: Value) -> bool {
        self.used.contains(&(f, call))
    }

    /// The expressions that a call of a method matches with, and how it runs them; `None` when it is no such call.
    pub(crate) fn of_match(&mut self, f: FuncId, call: Value) -> Option<(Vec<Expression>, Run)> {
        let Op::Call { func, .. } = self.code.op(f, call) else { return None };
        let mut names = self.code.res.call(f, call).into_iter().flat_map(|t| &t.apis).map(|api| self.code.api(*api));
        let of_module = names.find_map(|name| {
            let (module, method) = name.rsplit_once('.')?;
            matches!(module, "re" | "regex").then_some(method)
        });
        let mut out = Vec::new();
        if let Some(method) = of_module {
            let run = run_of(method)?;
            let place = match method {
                "sub" | "subn" => 4,
                "split" => 3,
                _ => 2,
            };
            let pattern = self.argument(f, call, 0, "pattern")?;
            let flags = self.flags(f, call, place);
            self.located(f, pattern, MAX_STEPS, &mut out);
            for expression in &mut out {
                expression.add(flags);
            }
            return Some((out, run));
        }
        // `find = re.compile(…).search` keeps the method.
        let (f, func) = match self.code.op(f, *func) {
            Op::Attr(..) => (f, *func),
            _ => FunctionOracle::new(self.code.res, f).definition(*func)?,
        };
        let Op::Attr(base, method) = self.code.op(f, self.code.plain(f, func)) else { return None };
        let run = run_of(self.code.text(*method))?;
        self.located(f, *base, MAX_STEPS, &mut out);
        Some((out, run))
    }

    /// The expressions that an argument of a call is.
    pub(crate) fn of_argument(&mut self, f: FuncId, call: Value, position: usize, name: &str) -> Vec<Expression> {
        let mut out = Vec::new();
        if let Some(value) = self.argument(f, call, position, name) {
            self.located(f, value, MAX_STEPS, &mut out);
        }
        out
    }

    /// The expressions that a value is.
    pub(crate) fn of_value(&mut self, f: FuncId, value: Value) -> Vec<Expression> {
        let mut out = Vec::new();
        self.located(f, value, MAX_STEPS, &mut out);
        out
    }

    /// The expression that a call of `re.compile` compiles.
    pub(crate) fn of_compile(&mut self, f: FuncId, call: Value) -> Vec<Expression> {
        let mut out = Vec::new();
        self.compiled(f, call, MAX_STEPS, &mut out);
        out
    }

    fn argument(&self, f: FuncId, call: Value, position: usize, name: &str) -> Option<Value> {
        let oracle = FunctionOracle::new(self.code.res, f);
        let cx = Context::new(self.code.function(f), &self.code.res.program.strings, &oracle);
        cx.callee(call).argument(&cx, position, name)
    }

    /// The flags that a call gives; `None` where they are not known.
    fn flags(&self, f: FuncId, call: Value, position: usize) -> Option<Flags> {
        let oracle = FunctionOracle::new(self.code.res, f);
        let cx = Context::new(self.code.function(f), &self.code.res.program.strings, &oracle);
        let Some(value) = cx.callee(call).argument(&cx, position, "flags") else { return Some(Flags::NONE) };
        flags_given(&cx, value)
    }

    /// The text that a value is, with what is not constant taken for plain text; and whether it is bytes.
    fn text(&self, f: FuncId, value: Value, depth: u32) -> Option<Expression> {
        let depth = depth.checked_sub(1)?;
        let expression = |text, flags, guessed| Some(Expression { text, flags, place: (f, value), guessed });
        match assay_taint::constant(self.code.res, f, value) {
            Some(ConstValue::Str(text)) => return expression(text, Flags::NONE, false),
            Some(ConstValue::Bytes(text)) => return expression(text, Flags::ASCII, false),
            Some(_) => return None,
            None => {}
        }
        if matches!(self.code.op(f, value), Op::Param(_) | Op::Phi(_) | Op::Attr(..) | Op::Global(_)) {
            return None;
        }
        let oracle = FunctionOracle::new(self.code.res, f);
        let cx = Context::new(self.code.function(f), &self.code.res.program.strings, &oracle);
        let shape = shapes(&cx, value).into_iter().next()?;
        if !shape.pieces.iter().any(|p| matches!(p, Piece::Text(_))) {
            return None;
        }
        let (mut text, mut guessed) = (String::new(), false);
        for piece in &shape.pieces {
            match piece {
                Piece::Text(part) => text.push_str(part),
                Piece::Hole(hole) => match self.part(f, hole.value, depth) {
                    Some(part) => {
                        guessed |= part.guessed;
                        text.push_str(&part.text);
                    }
                    None if hole.conversion == Conversion::Number => text.push('1'),
                    None => {
                        guessed = true;
                        text.push_str(PLACEHOLDER);
                    }
                },
            }
        }
        expression(text, Flags::NONE, guessed)
    }

    /// The text of a part of another text, which may stand elsewhere.
    fn part(&self, f: FuncId, value: Value, depth: u32) -> Option<Expression> {
        self.text(f, value, depth).or_else(|| {
            let (g, defined) = FunctionOracle::new(self.code.res, f).definition(self.code.plain(f, value))?;
            self.text(g, self.code.plain(g, defined), depth.checked_sub(1)?)
        })
    }

    /// The expressions that a value is; those in tables where no others are found, or only some with parts that are not known.
    fn located(&mut self, f: FuncId, value: Value, depth: u32, out: &mut Vec<Expression>) {
        let mut found = Vec::new();
        self.find(f, value, depth, &mut found);
        if found.iter().all(|e| e.guessed) {
            let more = self.in_tables(f, value, depth);
            if !more.is_empty() {
                found = more;
            }
        }
        for expression in found {
            push(out, expression);
        }
    }

    fn find(&mut self, f: FuncId, value: Value, depth: u32, out: &mut Vec<Expression>) {
        if depth == 0 || out.len() >= MAX_EXPRESSIONS {
            return;
        }
        let value = self.code.plain(f, value);
        if let Some(expression) = self.text(f, value, depth) {
            push(out, expression);
            return;
        }
        match self.code.op(f, value) {
            Op::Call { .. } => match self.converted(f, value) {
                Some(text) => {
                    let start = out.len();
                    self.find(f, text, depth - 1, out);
                    for expression in out.iter_mut().skip(start) {
                        expression.flags = expression.flags.with(Flags::ASCII);
                    }
                }
                None => self.compiled(f, value, depth, out),
            },
            Op::Phi(inputs) => {
                for (_, input) in inputs.iter().filter(|(_, v)| *v != value) {
                    self.find(f, *input, depth - 1, out);
                }
            }
            Op::Next(iterator) => self.elements(f, *iterator, depth - 1, out),
            Op::Param(index) => {
                let callers: Vec<Caller> = self.code.callers(f).iter().take(MAX_CALLERS).copied().collect();
                for caller in callers {
                    if let Passed::Value(passed) = self.code.argument_for(caller, f, *index) {
                        self.find(caller.function, passed, depth - 1, out);
                    }
                }
                if let Some((definer, default)) = self.code.default(f, *index) {
                    self.find(definer, default, depth - 1, out);
                }
            }
            op => {
                for (g, defined) in FunctionOracle::new(self.code.res, f).definitions(value) {
                    self.find(g, defined, depth - 1, out);
                }
                if let Op::Attr(base, name) = op
                    && matches!(self.code.op(f, *base), Op::Param(0))
                    && let Some(class) = self.code.res.program.functions[f].class
                {
                    for (g, stored) in self.code.attribute_values(class, *name) {
                        self.find(g, stored, depth - 1, out);
                    }
                }
            }
        }
    }

    /// The expressions among the elements of a collection.
    fn elements(&mut self, f: FuncId, collection: Value, depth: u32, out: &mut Vec<Expression>) {
        if depth == 0 {
            return;
        }
        let collection = self.code.plain(f, collection);
        match self.code.op(f, collection) {
            Op::Collection(_, elements) => {
                for element in elements.iter().take(MAX_EXPRESSIONS).filter(|e| !e.spread) {
                    self.find(f, element.value, depth - 1, out);
                }
            }
            _ => {
                for (g, defined) in FunctionOracle::new(self.code.res, f).definitions(collection) {
                    self.elements(g, defined, depth - 1, out);
                }
            }
        }
    }

    /// The expression that a call compiles.
    fn compiled(&mut self, f: FuncId, call: Value, depth: u32, out: &mut Vec<Expression>) {
        let Some(targets) = self.code.res.call(f, call) else { return };
        let direct = targets.apis.iter().any(|api| compiles(self.code.api(*api)));
        let functions: Vec<FuncId> = targets.functions.iter().map(|t| t.function).collect();
        let start = out.len();
        if self.is_scanner(f, call) {
            self.used.insert((f, call));
            let Some(lexicon) = self.argument(f, call, 0, "lexicon") else { return };
            self.in_lexicon(f, lexicon, depth, out);
            let flags = self.flags(f, call, 1);
            for expression in out.iter_mut().skip(start) {
                expression.add(flags);
            }
            return;
        }
        let mut wrapped = || functions.iter().any(|g| self.is_wrapper(*g));
        let pattern = if direct || wrapped() { self.argument(f, call, 0, "pattern") } else { None };
        if direct {
            self.used.insert((f, call));
        }
        let Some(pattern) = pattern else {
            for g in functions.into_iter().take(MAX_VERSIONS).filter(|g| !self.code.function(*g).is_generator) {
                for block in &self.code.function(g).blocks {
                    if let Terminator::Return(value) = block.terminator {
                        self.located(g, value, depth - 1, out);
                    }
                }
            }
            return;
        };
        let flags = self.flags(f, call, 1);
        self.located(f, pattern, depth - 1, out);
        for expression in out.iter_mut().skip(start) {
            expression.add(flags);
            // A text that is passed in is written, and mended, where it is passed.
            if expression.place.0 == f {
                expression.place = (f, call);
            }
        }
    }

    /// Whether a call makes a `re.Scanner`, or an instance of a class of the program that derives from it.
    pub(crate) fn is_scanner(&self, f: FuncId, call: Value) -> bool {
        let res = self.code.res;
        let is = |api: assay_resolve::ApiId| self.code.api(api) == "re.Scanner";
        let Op::Call { func, .. } = self.code.op(f, call) else { return false };
        res.call(f, call).is_some_and(|t| t.apis.iter().any(|api| is(*api)))
            || res.objects(f, *func).any(|object| match object {
                Object::Class(class) => res.hierarchy.external_bases(class).iter().any(|api| is(*api)),
                _ => false,
            })
    }

    /// The text that a call makes bytes of: `text.encode()`, `bytes(text, "ascii")`, or a function of the program that does nothing
    /// but that, in each of its versions.
    fn converted(&self, f: FuncId, call: Value) -> Option<Value> {
        if let Some(text) = encoded(self.code, f, call) {
            return Some(text);
        }
        let Op::Call { args, .. } = self.code.op(f, call) else { return None };
        let targets = &self.code.res.call(f, call)?.functions;
        let hands_on = |g: FuncId| {
            let first = |value: Value| matches!(self.code.op(g, self.code.plain(g, value)), Op::Param(0));
            let made = |value: Value| first(value) || encoded(self.code, g, value).is_some_and(first);
            let mut returns = self.code.function(g).blocks.iter().filter_map(|b| match b.terminator {
                Terminator::Return(value) => Some(value),
                _ => None,
            });
            self.code.res.program.functions[g].class.is_none() && returns.next().is_some_and(made) && returns.all(made)
        };
        let all = !targets.is_empty() && targets.len() <= MAX_VERSIONS;
        (all && targets.iter().all(|t| t.taken == 0 && hands_on(t.function))).then_some(args.first()?.value)
    }

    /// Whether a function, or one that it defines, compiles its first parameter, or what it captured of it.
    fn is_wrapper(&mut self, f: FuncId) -> bool {
        if let Some(known) = self.wrappers.get(&f) {
            return *known;
        }
        let program = &self.code.res.program;
        let module = program.functions[f].module;
        let mentions = |g: FuncId| {
            let calls =
                self.code.res.calls(g).iter().any(|(_, t)| t.apis.iter().any(|api| compiles(self.code.api(*api))));
            // Handed on to be called later.
            calls || {
                let function = program.function(g);
                function.insts.iter_enumerated().any(|(value, inst)| {
                    matches!(inst.op, Op::Attr(..) | Op::ImportFrom { .. })
                        && self.code.res.apis_of(g, value).any(|api| compiles(self.code.api(api)))
                })
            }
        };
        let inner = program.function(f).insts.iter().filter_map(|inst| match &inst.op {
            Op::MakeFunction { function, .. } => Some(program.func_id(module, *function)),
            _ => None,
        });
        let found = mentions(f) || inner.into_iter().any(mentions);
        self.wrappers.insert(f, found);
        found
    }
}

/// The text that a call encodes by itself.
fn encoded(code: &Code<'_>, f: FuncId, call: Value) -> Option<Value> {
    let Op::Call { func, args } = code.op(f, call) else { return None };
    match code.op(f, *func) {
        Op::Attr(base, name) if code.text(*name) == "encode" => Some(*base),
        _ if args.len() > 1 && code.callee(f, call) == "bytes" => args.first().map(|a| a.value),
        _ => None,
    }
}

fn push(out: &mut Vec<Expression>, expression: Expression) {
    if !out.iter().any(|e| e.text == expression.text && e.flags == expression.flags) {
        out.push(expression);
    }
}
