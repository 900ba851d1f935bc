//! What is known about the program around a function: names of callees, constants, types.

use assay_index::{FxHashSet, Idx};
use assay_ir::{Arg, ArgKind, Const, Op, Value};
use assay_models::{ArgumentSpec, Condition, Form, NodeId, SinkKind};
use assay_resolve::{FuncId, Object, Resolution};
use assay_values::guards::returns_normalised;
use assay_values::quoting::returns_doubled_quote;
use assay_values::{ConstValue, Context, Oracle, PatternText};

/// Values that are looked at between a part of a document and the document.
const MAX_DOCUMENT_STEPS: usize = 32;

/// Steps through variables to a constant.
const MAX_STEPS: u32 = 6;

/// Answers the questions that the analysis of one function's values asks.
#[derive(Clone, Copy)]
pub struct FunctionOracle<'a> {
    resolution: &'a Resolution<'a>,
    function: FuncId,
    depth: u32,
}

impl<'a> FunctionOracle<'a> {
    /// For one function.
    pub fn new(resolution: &'a Resolution<'a>, function: FuncId) -> Self {
        Self { resolution, function, depth: 0 }
    }

    /// Where the variable that a value reads is set, when it is set at one place only.
    pub fn definition(&self, value: Value) -> Option<(FuncId, Value)> {
        let program = &self.resolution.program;
        let module = program.functions[self.function].module;
        match program.function(self.function).op(value) {
            Op::Global(name) => program.single_store(module, *name),
            Op::ImportFrom { module: from, level, name } => {
                let dotted = program.absolute_name(module, *from, *level);
                let target = program.imported(module, program.strings.lookup(&dotted)?)?;
                program.single_store(target, *name)
            }
            Op::Attr(base, name) => {
                let mut found = None;
                for object in self.resolution.objects(self.function, *base) {
                    let place = match object {
                        Object::Module(target) => program.single_store(target, *name)?,
                        Object::SelfOf(class)
                        | Object::Instance(class)
                        | Object::Class(class)
                        | Object::SelfClass(class) => {
                            let hierarchy = &self.resolution.hierarchy;
                            if hierarchy.sets_on_instance(class, *name) {
                                return None;
                            }
                            hierarchy.declaration(program, class, *name)?
                        }
                        _ => return None,
                    };
                    if found.is_some_and(|f| f != place) {
                        return None;
                    }
                    found = Some(place);
                }
                found
            }
            _ => None,
        }
    }
}

impl FunctionOracle<'_> {
    /// Where the variable that a value reads may be set: its [`definition`](Self::definition), or for an attribute of
    /// instances what the bodies of their classes, bases and derived ones set it to.
    pub fn definitions(&self, value: Value) -> Vec<(FuncId, Value)> {
        if let Some(one) = self.definition(value) {
            return vec![one];
        }
        let program = &self.resolution.program;
        let hierarchy = &self.resolution.hierarchy;
        let Op::Attr(base, name) = program.function(self.function).op(value) else { return Vec::new() };
        let mut out = Vec::new();
        for object in self.resolution.objects(self.function, *base) {
            let (Object::SelfOf(class) | Object::Instance(class)) = object else { continue };
            for c in hierarchy.order(class).iter().chain(hierarchy.derived(class)) {
                out.extend(program.class_store(*c, *name).filter(|place| !out.contains(place)));
            }
        }
        out
    }
}

impl Oracle for FunctionOracle<'_> {
    fn callee_name(&self, call: Value) -> Option<&str> {
        let targets = self.resolution.call(self.function, call)?;
        match targets.apis.as_slice() {
            [api] if targets.functions.is_empty() => Some(plain(self.resolution.api_name(*api))),
            _ => None,
        }
    }

    fn api_path(&self, value: Value) -> Option<&str> {
        let mut apis = self.resolution.apis_of(self.function, value);
        let first = apis.next()?;
        apis.next().is_none().then(|| plain(self.resolution.api_name(first)))
    }

    fn normalises(&self, call: Value) -> Option<bool> {
        let targets = self.resolution.call(self.function, call)?;
        if targets.functions.is_empty() || !targets.apis.is_empty() {
            return None;
        }
        let program = &self.resolution.program;
        Some(
            self.depth < MAX_STEPS
                && targets.functions.iter().all(|target| {
                    let oracle = FunctionOracle {
                        resolution: self.resolution,
                        function: target.function,
                        depth: self.depth + 2,
                    };
                    returns_normalised(&Context::new(program.function(target.function), &program.strings, &oracle))
                }),
        )
    }

    fn doubles(&self, call: Value) -> Option<char> {
        let targets = self.resolution.call(self.function, call)?;
        if self.depth >= MAX_STEPS || !targets.apis.is_empty() {
            return None;
        }
        let program = &self.resolution.program;
        let mut quotes = targets.functions.iter().map(|target| {
            let depth = self.depth + 2;
            let oracle = FunctionOracle { resolution: self.resolution, function: target.function, depth };
            returns_doubled_quote(&Context::new(program.function(target.function), &program.strings, &oracle))
        });
        let first = quotes.next()??;
        quotes.all(|quote| quote == Some(first)).then_some(first)
    }

    fn constant(&self, value: Value) -> Option<ConstValue> {
        if self.depth >= MAX_STEPS {
            return None;
        }
        let (function, value) = self.definition(value)?;
        let oracle = FunctionOracle { resolution: self.resolution, function, depth: self.depth + 1 };
        let program = &self.resolution.program;
        assay_values::constant_of(&Context::new(program.function(function), &program.strings, &oracle), value)
    }

    fn is_type(&self, value: Value, type_name: &str) -> bool {
        let function = self.resolution.program.function(self.function);
        if matches!(function.op(value), Op::Param(_)) {
            return false;
        }
        let mut any = false;
        for object in self.resolution.objects(self.function, value) {
            let Object::Api(api) = object else { return false };
            if plain(self.resolution.api_name(api)) != type_name {
                return false;
            }
            any = true;
        }
        any
    }

    fn is_rooted(&self, value: Value) -> bool {
        let nodes = self.resolution.step_nodes(self.function, value);
        nodes.iter().any(|node| self.resolution.models().has_form(*node, Form::Rooted))
    }

    fn pattern(&self, value: Value) -> Option<PatternText> {
        if self.depth >= MAX_STEPS {
            return None;
        }
        let (function, value) = self.definition(value)?;
        let oracle = FunctionOracle { resolution: self.resolution, function, depth: self.depth + 1 };
        let program = &self.resolution.program;
        let cx = Context::new(program.function(function), &program.strings, &oracle);
        let callee = cx.callee(value);
        let text = if callee.is("re.compile") { callee.positional(0)? } else { value };
        // Flags are left out where any are given: the pattern then counts as unknown.
        if callee.is("re.compile") && callee.args.len() > 1 {
            return None;
        }
        Some(PatternText { text: cx.string(text)?, flags: assay_values::regex::Flags::NONE })
    }
}

/// The name of an API without the module of the built-ins.
fn plain(name: &str) -> &str {
    name.strip_prefix("builtins.").unwrap_or(name)
}

/// The constant that a value always is, as far as the program shows.
pub fn constant(resolution: &Resolution<'_>, f: FuncId, value: Value) -> Option<ConstValue> {
    let oracle = FunctionOracle::new(resolution, f);
    let program = &resolution.program;
    assay_values::constant_of(&Context::new(program.function(f), &program.strings, &oracle), value)
}

/// Whether a call fulfils a condition. `own` is what a clause without an argument is about; `None`: it was not passed.
pub fn holds(
    resolution: &Resolution<'_>,
    f: FuncId,
    call: Value,
    args: &[Arg],
    own: Option<Value>,
    condition: &Condition,
) -> bool {
    let truth = |value: Value| {
        constant(resolution, f, value).and_then(|c| c.truth()).or_else(|| default_choice(resolution, f, value))
    };
    let text = |value: Value| constant(resolution, f, value).and_then(|c| c.as_str().map(str::to_lowercase));
    let integer = |value: Value| match constant(resolution, f, value) {
        Some(ConstValue::Int(i)) => Some(i),
        _ => None,
    };
    let is_none = |value: Value| constant(resolution, f, value) == Some(ConstValue::None);
    match condition {
        Condition::Always => true,
        Condition::True => own.and_then(truth) == Some(true),
        Condition::False => own.and_then(truth) == Some(false),
        Condition::None => own.is_some_and(is_none),
        Condition::Missing => own.is_none(),
        Condition::MissingOrFalse => own.is_none_or(|v| truth(v) == Some(false)),
        Condition::MissingOrTrue => own.is_none_or(|v| truth(v) == Some(true)),
        Condition::MissingOrNone => own.is_none_or(is_none),
        Condition::Present => own.is_some(),
        Condition::Constant => own.is_some_and(|v| constant(resolution, f, v).is_some()),
        Condition::NonConstant => own.is_some_and(|v| constant(resolution, f, v).is_none()),
        Condition::OneOf(words) => own.and_then(text).is_some_and(|t| words.contains(&t)),
        Condition::NotOneOf(words) => own.and_then(text).is_some_and(|t| !words.contains(&t)),
        Condition::Below(bound) => own.and_then(integer).is_some_and(|i| i < *bound),
        Condition::Bits(bits) => own.and_then(integer).is_some_and(|i| i & bits != 0),
        Condition::Page => own.and_then(text).is_some_and(|kind| assay_values::contexts::is_page(&kind)),
        Condition::SaysPage => says_page(resolution, f),
        Condition::InDocument => own.is_some_and(|v| is_in_document(resolution, f, v)),
        Condition::SqlText => own.is_some_and(|v| reads_as_sql(resolution, f, v)),
        Condition::Is(names) => own.is_some_and(|v| {
            let listed = |api| resolution.apis.nodes(api).iter().any(|n| names.iter().any(|name| name.is(*n)));
            // A class of the program that derives from a named one does what that one does.
            resolution.objects(f, v).any(|object| match object {
                Object::Api(api) => listed(api),
                Object::Class(class) | Object::SelfClass(class) => {
                    resolution.hierarchy.external_bases(class).iter().any(|api| listed(*api))
                }
                _ => false,
            })
        }),
        Condition::On(spec, inner) => {
            let chosen = crate::library::selected(spec, args, &resolution.program.strings).first().map(|(v, _)| *v);
            if chosen.is_some() {
                return holds(resolution, f, call, args, chosen, inner);
            }
            // Where it is not known what `*values` or `**options` hold, nothing counts as missing.
            let mut open = false;
            for arg in args {
                match arg.kind {
                    ArgKind::Spread => open = true,
                    ArgKind::KeywordSpread => {
                        let named = options(resolution, f, arg.value, spec);
                        if named.values.iter().any(|(g, v)| holds(resolution, *g, call, args, Some(*v), inner)) {
                            return true;
                        }
                        open |= named.open || !named.values.is_empty();
                    }
                    ArgKind::Positional | ArgKind::Keyword(_) => {}
                }
            }
            !open && holds(resolution, f, call, args, None, inner)
        }
        Condition::And(left, right) => {
            holds(resolution, f, call, args, own, left) && holds(resolution, f, call, args, own, right)
        }
        Condition::Entry(key, inner) => own.is_some_and(|v| match resolution.program.function(f).op(v) {
            Op::Dict(entries) => {
                let under = |k: &Option<Value>| k.and_then(text).is_some_and(|t| t == key.to_lowercase());
                let entry = entries.iter().find(|(k, _)| under(k)).map(|(_, v)| *v);
                holds(resolution, f, call, args, entry, inner)
            }
            _ => false,
        }),
        Condition::Element(inner) => own.is_some_and(|v| match resolution.program.function(f).op(v) {
            Op::Collection(_, elements) => {
                elements.iter().any(|e| !e.spread && holds(resolution, f, call, args, Some(e.value), inner))
            }
            _ => holds(resolution, f, call, args, own, inner),
        }),
        Condition::Older(release) => resolution.program.releases.older(release) != Some(false),
        Condition::ResultCalled => is_called(resolution.program.function(f), call),
    }
}

/// Whether a function says of an answer that it is a page: by an attribute, a header, or an entry of a table of headers.
fn says_page(resolution: &Resolution<'_>, f: FuncId) -> bool {
    let function = resolution.program.function(f);
    let strings = &resolution.program.strings;
    let is_page = |value: Value| {
        let kind = constant(resolution, f, value).and_then(|kind| kind.as_str().map(str::to_lowercase));
        kind.is_some_and(|kind| kind.contains('/') && assay_values::contexts::is_page(&kind))
            || resolution.apis_of(f, value).any(|api| resolution.api_name(api).ends_with(".MEDIA_HTML"))
    };
    let is_header = |value: Value| {
        let name = constant(resolution, f, value);
        name.is_some_and(|name| name.as_str().is_some_and(|name| name.eq_ignore_ascii_case("content-type")))
    };
    function.insts.iter().any(|inst| match &inst.op {
        Op::StoreAttr { name, value, .. } => {
            matches!(strings.resolve(*name), "content_type" | "mimetype" | "media_type") && is_page(*value)
        }
        Op::StoreItem { key, value, .. } => is_header(*key) && is_page(*value),
        Op::Dict(entries) => entries.iter().any(|(key, value)| key.is_some_and(is_header) && is_page(*value)),
        Op::Collection(_, parts) => matches!(&parts[..], [a, b] if is_header(a.value) && is_page(b.value)),
        Op::Call { args, .. } => matches!(&args[..], [a, b, ..] if is_header(a.value) && is_page(b.value)),
        _ => false,
    })
}

/// Whether a value is a part of a document that somebody else makes up, of the JSON of a request, as far as its function shows.
fn is_in_document(resolution: &Resolution<'_>, f: FuncId, value: Value) -> bool {
    let function = resolution.program.function(f);
    let is_document = |value: Value| {
        let mut nodes = resolution.apis_of(f, value).flat_map(|api| resolution.apis.nodes(api));
        nodes.any(|node| resolution.models().has_form(*node, Form::Document))
    };
    let mut open = vec![value];
    let mut seen = FxHashSet::default();
    while let Some(value) = open.pop().filter(|_| seen.len() < MAX_DOCUMENT_STEPS) {
        if !seen.insert(value) {
            continue;
        }
        if is_document(value) {
            return true;
        }
        match function.op(value) {
            Op::Item(base, _) | Op::Await(base) => open.push(*base),
            Op::Phi(inputs) => open.extend(inputs.iter().map(|(_, input)| *input)),
            Op::Call { func, .. } => {
                if let Op::Attr(base, method) = function.op(*func)
                    && matches!(resolution.program.strings.resolve(*method), "get" | "pop")
                {
                    open.push(*base);
                }
            }
            _ => {}
        }
    }
    false
}

/// What a parameter that says yes or no holds for callers who do not say.
fn default_choice(resolution: &Resolution<'_>, f: FuncId, value: Value) -> Option<bool> {
    let Op::Param(parameter) = resolution.program.function(f).op(value) else { return None };
    match default_of(resolution, f, *parameter)? {
        ConstValue::Bool(choice) => Some(choice),
        _ => None,
    }
}

/// The constant that a parameter holds when nothing is passed.
pub(crate) fn default_of(resolution: &Resolution<'_>, f: FuncId, parameter: u32) -> Option<ConstValue> {
    let (around, declared) = declarations_of(resolution, f, parameter)?;
    constant(resolution, around, declared.default?)
}

/// What the definition of a function says of a parameter.
pub(crate) struct Declared {
    pub(crate) default: Option<Value>,
    pub(crate) annotation: Option<Value>,
}

/// What the definition of a function says of a parameter, and the function that it stands in.
pub(crate) fn declarations_of(resolution: &Resolution<'_>, f: FuncId, parameter: u32) -> Option<(FuncId, Declared)> {
    let program = &resolution.program;
    let info = &program.functions[f];
    let around = program.func_id(info.module, program.function(f).parent?);
    program.function(around).insts.iter().find_map(|inst| match &inst.op {
        Op::MakeFunction { function, defaults, annotations, .. } if *function == info.local => {
            let of = |list: &[(u32, Value)]| list.iter().find(|(p, _)| *p == parameter).map(|(_, value)| *value);
            Some((around, Declared { default: of(defaults), annotation: of(annotations) }))
        }
        _ => None,
    })
}

/// The calls that hand a function to a library where it is defined: the one whose result decorates it, and the one that it is passed to.
pub(crate) fn registrations(resolution: &Resolution<'_>, f: FuncId) -> Vec<(FuncId, Value)> {
    let program = &resolution.program;
    let info = &program.functions[f];
    let Some(parent) = program.function(f).parent else { return Vec::new() };
    let around = program.func_id(info.module, parent);
    let function = program.function(around);
    let mut out = Vec::new();
    for (call, inst) in function.insts.iter_enumerated() {
        let Op::Call { func, args } = &inst.op else { continue };
        let passed = args.iter().any(|arg| resolution.objects(around, arg.value).any(|o| o == Object::Function(f)));
        if passed {
            out.push((around, call));
            out.extend(matches!(function.op(*func), Op::Call { .. }).then_some((around, *func)));
        }
    }
    out
}

/// The harm that the result of a function does in the library that it is handed to, where that depends on how it is handed over.
pub(crate) fn sinks_by_registration(resolution: &Resolution<'_>, f: FuncId, node: NodeId) -> Vec<SinkKind> {
    let conditional = &resolution.models().facts(node).conditional_sinks;
    if conditional.is_empty() {
        return Vec::new();
    }
    let registrations = registrations(resolution, f);
    let holds = |condition: &Condition| {
        registrations.iter().any(|(around, call)| match resolution.program.function(*around).op(*call) {
            Op::Call { args, .. } => holds(resolution, *around, *call, args, None, condition),
            _ => false,
        })
    };
    conditional.iter().filter(|sink| holds(&sink.condition)).map(|sink| sink.kind).collect()
}

/// Whether a library does something with the result of a function.
pub fn hands_result_over(resolution: &Resolution<'_>, f: FuncId) -> bool {
    resolution.result_facts(f).iter().any(|node| {
        let facts = resolution.models().facts(*node);
        facts.conditional_sinks.is_empty()
            || !facts.sinks.is_empty()
            || !sinks_by_registration(resolution, f, *node).is_empty()
    })
}

/// What stands in a mapping of options under the names that a specification selects.
struct Options {
    values: Vec<(FuncId, Value)>,
    /// Whether something else may stand there.
    open: bool,
}

/// What `**mapping` passes under the names of a specification.
fn options(resolution: &Resolution<'_>, f: FuncId, mapping: Value, spec: &ArgumentSpec) -> Options {
    let program = &resolution.program;
    let oracle = FunctionOracle::new(resolution, f);
    let (f, mapping) = oracle.definition(mapping).unwrap_or((f, mapping));
    let function = program.function(f);
    let named = |key: Value| match function.op(key) {
        Op::Const(Const::Str(key)) => Some(spec.matches_name(program.strings.resolve(*key))),
        _ => None,
    };
    let mut out = Options { values: Vec::new(), open: false };
    match function.op(mapping) {
        Op::Dict(entries) => {
            for (key, value) in entries {
                match key.map(named) {
                    Some(Some(true)) => out.values.push((f, *value)),
                    Some(Some(false)) => {}
                    Some(None) | None => out.open = true,
                }
            }
        }
        Op::Call { func, args }
            if resolution.apis_of(f, *func).any(|api| resolution.api_name(api) == "builtins.dict") =>
        {
            for arg in args {
                match arg.kind {
                    ArgKind::Keyword(name) if spec.matches_name(program.strings.resolve(name)) => {
                        out.values.push((f, arg.value));
                    }
                    ArgKind::Keyword(_) => {}
                    _ => out.open = true,
                }
            }
        }
        _ => out.open = true,
    }
    for inst in &function.insts {
        match &inst.op {
            Op::StoreItem { base, key, value } if *base == mapping => match named(*key) {
                Some(true) => out.values.push((f, *value)),
                Some(false) => {}
                None => out.open = true,
            },
            Op::Call { args, .. } if args.iter().any(|a| a.value == mapping && a.kind == ArgKind::KeywordSpread) => {}
            // `options.setdefault("shell", True)`, `options.update(shell=True)`
            Op::Call { func, args } if is_method_of(function, *func, mapping) => {
                for (i, arg) in args.iter().enumerate() {
                    match arg.kind {
                        ArgKind::Keyword(name) if spec.matches_name(program.strings.resolve(name)) => {
                            out.values.push((f, arg.value));
                        }
                        ArgKind::Positional if i > 0 && named(args[0].value) == Some(true) => {
                            out.values.push((f, arg.value));
                        }
                        _ => {}
                    }
                }
                out.open = true;
            }
            // Whoever else has the mapping may put something in.
            op => op.for_each_operand(|operand| out.open |= operand == mapping),
        }
    }
    out
}

/// Whether a callee is a method of a mapping that adds to it.
fn is_method_of(function: &assay_ir::Function, callee: Value, mapping: Value) -> bool {
    matches!(function.op(callee), Op::Attr(base, _) if *base == mapping)
}

/// Whether a value, or what a branch makes of it, is called in the function.
fn is_called(function: &assay_ir::Function, value: Value) -> bool {
    let uses = assay_dataflow::UseList::new(function);
    let called = |v: Value| uses.insts(v).any(|u| matches!(function.op(u), Op::Call { func, .. } if *func == v));
    called(value) || uses.insts(value).any(|u| matches!(function.op(u), Op::Phi(_) | Op::Annotated { .. }) && called(u))
}

/// Whether the constant text that a value begins with reads as SQL.
fn reads_as_sql(resolution: &Resolution<'_>, f: FuncId, value: Value) -> bool {
    let program = &resolution.program;
    let mut text = String::new();
    leading_text(program, f, value, 0, &mut text);
    let oracle = FunctionOracle::new(resolution, f);
    if text.is_empty()
        && let Some(ConstValue::Str(s)) = oracle.constant(value)
    {
        text = s;
    }
    assay_values::contexts::reads_as_sql(&text)
}

fn leading_text(program: &assay_resolve::Program, f: FuncId, value: Value, depth: u32, out: &mut String) {
    if depth > MAX_STEPS {
        return;
    }
    let function = program.function(f);
    match function.op(value) {
        Op::Const(Const::Str(s) | Const::Bytes(s)) => out.push_str(program.strings.resolve(*s)),
        Op::Format(pieces) => {
            for piece in pieces {
                match piece {
                    assay_ir::Piece::Text(s) => out.push_str(program.strings.resolve(*s)),
                    assay_ir::Piece::Hole { .. } => out.push('?'),
                }
            }
        }
        Op::Binary(_, left, right) | Op::InPlace(_, left, right) => {
            leading_text(program, f, *left, depth + 1, out);
            leading_text(program, f, *right, depth + 1, out);
        }
        Op::Annotated { value: Some(inner), .. } => leading_text(program, f, *inner, depth + 1, out),
        Op::Phi(inputs) => {
            if let Some((_, first)) = inputs.iter().find(|(_, v)| v.index() < value.index()) {
                leading_text(program, f, *first, depth + 1, out);
            }
        }
        Op::Call { func, .. } => {
            if let Op::Attr(base, _) = function.op(*func) {
                leading_text(program, f, *base, depth + 1, out);
            }
        }
        _ => {}
    }
}
