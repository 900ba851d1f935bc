//! Lowering of the tree to the program representation.

mod expression;
mod nodes;
mod output;

use crate::expression::Expr;
use crate::tree::{Node, NodeKind, Tree};
use assay_frontend::Body;
use assay_index::{FxHashMap, Idx, IndexVec, Interner, Symbol};
use assay_ir::template as runtime;
use assay_ir::{
    Arg, ArgKind, BlockId, Const, Element, Function, FunctionId, FunctionKind, Gap, GapReason, Module, Op, Param,
    ParamKind, Value, Variable,
};
use assay_markup::Reader;
use assay_text::Span;

/// What a name stands for in the code now being lowered.
#[derive(Clone, Copy)]
struct Local {
    variable: Variable,
    /// How many scopes are around it.
    level: usize,
    /// Whether it is a template that was imported, whose attributes are macros.
    imported: bool,
}

/// A function under construction.
struct Frame {
    body: Body,
    function: FunctionId,
    /// The context that was passed.
    passed: Value,
    /// The request.
    request: Value,
    /// The context with what was assigned since.
    context: Variable,
    locals: FxHashMap<String, Local>,
    /// What to put back when scopes end.
    undo: Vec<(String, Option<Local>)>,
    level: usize,
    /// Whether this is a macro's: names that are not its own come from the template around it.
    is_macro: bool,
    /// The block whose function this is.
    block: Option<String>,
}

#[expect(clippy::struct_excessive_bools, reason = "each is a fact of its own")]
struct Lowering<'a> {
    source: &'a str,
    strings: Interner,
    functions: IndexVec<FunctionId, Function>,
    gaps: Vec<Gap>,
    /// The functions that the module makes: name and number.
    made: Vec<(String, FunctionId)>,
    frame: Frame,
    reader: Reader,
    is_markup: bool,
    is_django: bool,
    /// Whether the functions being lowered escape nothing by themselves.
    raw: bool,
    /// Whether values are escaped by themselves here.
    autoescape: bool,
    /// Whether the context is passed on to other functions.
    passes_context: bool,
    has_macros: bool,
    extends: Option<Expr>,
    macros: Vec<String>,
    blocks: Vec<String>,
    whole: Span,
}

/// Lowers a template.
pub(crate) fn lower(text: &str, tree: Tree, is_markup: bool) -> Module {
    let whole = Span::new(0, text.len() as u32);
    let mut strings = Interner::new();
    let mut module = crate::header(&mut strings, "<module>", "<module>", whole);
    module.kind = FunctionKind::ModuleBody;
    let mut facts = Facts::default();
    facts.look(&tree.nodes);
    let is_django = tree.django && !tree.jinja;
    let mut lowering = Lowering {
        source: text,
        functions: [module.clone()].into_iter().collect(),
        gaps: tree.gaps,
        made: Vec::new(),
        frame: Frame::new(Body::new(module.clone(), 0), FunctionId::new(0)),
        reader: Reader::new(),
        is_markup,
        is_django,
        raw: false,
        autoescape: true,
        passes_context: facts.passes_context || !facts.macros.is_empty(),
        has_macros: !facts.macros.is_empty(),
        extends: facts.extends,
        macros: facts.macros,
        blocks: Vec::new(),
        whole,
        strings,
    };
    let inherits = facts.has_blocks || lowering.extends.is_some();
    let variants: &[bool] = if is_markup && !is_django { &[false, true] } else { &[false] };
    for &raw in variants {
        lowering.raw = raw;
        lowering.autoescape = tree.autoescape.unwrap_or(!raw);
        lowering.template(&tree.nodes, inherits);
    }
    lowering.finish(module)
}

/// What a template has anywhere.
#[derive(Default)]
struct Facts {
    passes_context: bool,
    has_blocks: bool,
    extends: Option<Expr>,
    macros: Vec<String>,
}

impl Facts {
    fn look(&mut self, nodes: &[Node]) {
        for node in nodes {
            match &node.kind {
                NodeKind::Extends(name) if self.extends.is_none() => self.extends = Some(name.clone()),
                NodeKind::Include { .. } => self.passes_context = true,
                NodeKind::Macro { name, .. } => self.macros.push(name.clone()),
                NodeKind::Block(..) => {
                    self.has_blocks = true;
                    self.passes_context = true;
                }
                _ => {}
            }
            node.kind.for_each_body(&mut |body| self.look(body));
        }
    }
}

impl NodeKind {
    fn for_each_body<'a>(&'a self, f: &mut dyn FnMut(&'a [Node])) {
        match self {
            Self::If(branches) => branches.iter().for_each(|(_, body)| f(body)),
            Self::For { body, otherwise, .. } => {
                f(body);
                f(otherwise);
            }
            Self::With { body, .. }
            | Self::Capture(_, body)
            | Self::Block(_, body)
            | Self::Macro { body, .. }
            | Self::Autoescape(_, body)
            | Self::Group(body) => f(body),
            Self::Text
            | Self::Output(_)
            | Self::Assign(..)
            | Self::Extends(_)
            | Self::Include { .. }
            | Self::Import(..)
            | Self::ImportFrom(..)
            | Self::Evaluate(_)
            | Self::Tag { .. } => {}
        }
    }
}

impl Frame {
    fn new(body: Body, function: FunctionId) -> Self {
        let mut body = body;
        let context = body.fresh_variable();
        Self {
            body,
            function,
            passed: Value::new(0),
            request: Value::new(0),
            context,
            locals: FxHashMap::default(),
            undo: Vec::new(),
            level: 0,
            is_macro: false,
            block: None,
        }
    }
}

impl Lowering<'_> {
    /// The name of one of the template's functions in the variant being lowered.
    fn own(&self, name: &str) -> String {
        if self.raw { format!("{}{name}", runtime::RAW) } else { name.to_owned() }
    }

    fn push(&mut self, op: Op, span: Span) -> Value {
        self.frame.body.push(op, span)
    }

    fn text(&mut self, text: &str, span: Span) -> Value {
        let symbol = self.strings.intern(text);
        self.push(Op::Const(Const::Str(symbol)), span)
    }

    fn none(&mut self, span: Span) -> Value {
        self.push(Op::Const(Const::None), span)
    }

    fn global(&mut self, name: &str, span: Span) -> Value {
        let symbol = self.strings.intern(name);
        self.push(Op::Global(symbol), span)
    }

    fn call(&mut self, func: Value, args: &[Value], span: Span) -> Value {
        let args = args.iter().map(|value| Arg { kind: ArgKind::Positional, value: *value }).collect();
        self.push(Op::Call { func, args }, span)
    }

    /// Calls something of the runtime.
    fn run(&mut self, name: &str, args: &[Value], span: Span) -> Value {
        let func = self.global(name, span);
        self.call(func, args, span)
    }

    /// Begins a function with these parameters; the one before is put aside.
    fn begin(&mut self, name: &str, params: &[&str], span: Span) -> Frame {
        let own = self.own(name);
        let mut header = crate::header(&mut self.strings, &own, name, span);
        header.parent = Some(FunctionId::new(0));
        let place = Span::new(span.start, span.start);
        header.params = params
            .iter()
            .map(|param| Param {
                name: self.strings.intern(param),
                kind: ParamKind::Normal,
                has_default: false,
                span: place,
            })
            .collect();
        let function = self.functions.push(header.clone());
        self.made.push((own, function));
        let frame = Frame::new(Body::new(header, 0), function);
        std::mem::replace(&mut self.frame, frame)
    }

    /// Begins a function of the context and the request.
    fn begin_rendering(&mut self, name: &str, span: Span) -> Frame {
        let outer = self.begin(name, &["context", "request"], span);
        let place = Span::new(span.start, span.start);
        self.frame.passed = self.push(Op::Param(0), place);
        self.frame.request = self.push(Op::Param(1), place);
        let (context, passed) = (self.frame.context, self.frame.passed);
        self.frame.body.define(context, passed);
        outer
    }

    /// Ends a function with its result; goes on with the one around it.
    fn end(&mut self, result: Option<Value>, outer: Frame) {
        let end = Span::new(self.whole.end, self.whole.end);
        let result = match result {
            Some(value) => value,
            None => self.none(end),
        };
        self.frame.body.return_value(result);
        let frame = std::mem::replace(&mut self.frame, outer);
        if frame.body.overflowed() {
            let span = self.functions[frame.function].span;
            self.gaps.push(Gap { span, reason: GapReason::Limit("MAX_FUNCTION_INSTRUCTIONS".into()) });
        }
        self.functions[frame.function] = frame.body.finish();
    }

    fn template(&mut self, nodes: &[Node], inherits: bool) {
        self.reader = Reader::new();
        self.blocks.clear();
        if !inherits {
            let outer = self.begin_rendering(runtime::RENDER, self.whole);
            self.nodes(nodes);
            self.keep_context();
            self.end(None, outer);
            return;
        }
        let outer = self.begin_rendering(runtime::FRAME, self.whole);
        self.nodes(nodes);
        self.keep_context();
        let context = self.context();
        self.end(Some(context), outer);

        let outer = self.begin_rendering(runtime::RENDER, self.whole);
        let start = Span::new(0, 0);
        let (passed, request) = (self.frame.passed, self.frame.request);
        let frame = self.own(runtime::FRAME);
        let context = self.run(&frame, &[passed, request], start);
        let variable = self.frame.context;
        self.frame.body.define(variable, context);
        for block in self.blocks.clone() {
            let name = self.own(&format!("{}{block}", runtime::BLOCK));
            self.run(&name, &[context, request], start);
        }
        if let Some(name) = self.extends.clone() {
            let span = name.span;
            let parent = self.expression(&name);
            let overridden = self.blocks.clone().iter().map(|block| self.text(block, span)).collect::<Vec<_>>();
            let elements = overridden.into_iter().map(|value| Element { value, spread: false }).collect();
            let overridden = self.push(Op::Collection(assay_ir::Collection::List, elements), span);
            let inherited = self.run(runtime::INHERIT, &[parent, overridden], span);
            self.call(inherited, &[context, request], span);
        }
        self.end(None, outer);
    }

    /// Macros read the context of the template around them.
    fn keep_context(&mut self) {
        if self.has_macros {
            let context = self.context();
            let name = self.kept();
            self.push(Op::StoreGlobal(name, Some(context)), self.whole);
        }
    }

    fn kept(&mut self) -> Symbol {
        let name = self.own("context of macros");
        self.strings.intern(&name)
    }

    /// The context with what was assigned.
    fn context(&mut self) -> Value {
        let variable = self.frame.context;
        self.frame.body.read(variable)
    }

    /// Gives a name a value from here on.
    fn assign(&mut self, name: &str, value: Value, imported: bool, span: Span) {
        if name.is_empty() {
            return;
        }
        let level = self.frame.level;
        let known = self.frame.locals.get(name).copied();
        let variable = match known {
            Some(local) if local.level == level => local.variable,
            _ => {
                let variable = self.frame.body.fresh_variable();
                self.frame.undo.push((name.to_owned(), known));
                variable
            }
        };
        self.frame.locals.insert(name.to_owned(), Local { variable, level, imported });
        self.frame.body.define(variable, value);
        if self.passes_context && !self.frame.is_macro {
            let context = self.context();
            let key = self.text(name, span);
            let changed = self.push(Op::Dict(vec![(None, context), (Some(key), value)]), span);
            let variable = self.frame.context;
            self.frame.body.define(variable, changed);
        }
    }

    /// What `f` assigns ends with it.
    fn scope(&mut self, f: impl FnOnce(&mut Self)) {
        let context = self.context();
        let mark = self.frame.undo.len();
        self.frame.level += 1;
        f(self);
        self.frame.level -= 1;
        while self.frame.undo.len() > mark {
            let Some((name, before)) = self.frame.undo.pop() else { break };
            match before {
                Some(local) => self.frame.locals.insert(name, local),
                None => self.frame.locals.remove(&name),
            };
        }
        let variable = self.frame.context;
        self.frame.body.define(variable, context);
    }

    /// Goes on behind several open blocks.
    fn join_blocks(&mut self, ends: &[BlockId]) {
        let after = self.frame.body.new_block();
        for end in ends {
            self.frame.body.switch_to(*end);
            self.frame.body.goto(after);
        }
        self.frame.body.seal(after);
        self.frame.body.switch_to(after);
    }

    /// The module's body makes all functions.
    fn finish(mut self, module: Function) -> Module {
        let end = Span::new(self.whole.end, self.whole.end);
        let mut body = Body::new(module, 0);
        for (name, function) in &self.made {
            let span = self.functions[*function].name_span;
            let made =
                Op::MakeFunction { function: *function, defaults: Vec::new(), annotations: Vec::new(), returns: None };
            let value = body.push(made, span);
            let name = self.strings.intern(name);
            body.push(Op::StoreGlobal(name, Some(value)), span);
        }
        let none = body.push(Op::Const(Const::None), end);
        body.return_value(none);
        self.functions[FunctionId::new(0)] = body.finish();
        let Self { functions, strings, gaps, .. } = self;
        Module { gaps, ..Module::new(functions, strings) }
    }
}
