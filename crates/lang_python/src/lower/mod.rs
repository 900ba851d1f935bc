//! Lowering of the syntax tree to the program representation.
//!
//! - A *frame* is the function now being lowered. Functions found on the way are put off until it is
//!   done, so that only one is under construction at a time and nesting costs no stack.
//! - Names are read and written by their [`Place`], which [`crate::scope`] found before.

mod comprehension;
mod definition;
mod exports;
mod expression;
mod pattern;
mod statement;
mod text;
mod try_statement;

use crate::scope::{Place, ScopeId, Scopes};
use assay_frontend::Body;
use assay_index::{Idx, IndexVec, Interner, Symbol};
use assay_ir::{
    Block, BlockId, CellRef, Class, ClassId, Const, Function, FunctionId, FunctionKind, Gap, GapReason, Module, Op,
    Terminator, Value,
};
use assay_text::{Span, limits};
use ruff_python_ast::{ExprLambda, Stmt, StmtClassDef, StmtFunctionDef};
use ruff_text_size::{Ranged, TextRange};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The span of a syntax node.
pub(crate) fn span_of(node: &impl Ranged) -> Span {
    span(node.range())
}

pub(crate) fn span(range: TextRange) -> Span {
    Span::new(range.start().to_u32(), range.end().to_u32())
}

/// Characters of the name around a function that its own name repeats.
const MAX_QUALIFIED: usize = 1000;

/// The code of a function that is still to be lowered.
#[derive(Clone, Copy)]
enum Code<'a> {
    Module(&'a [Stmt]),
    Function(&'a StmtFunctionDef),
    Class(&'a StmtClassDef),
    Lambda(&'a ExprLambda),
}

struct Pending<'a> {
    function: FunctionId,
    scope: ScopeId,
    code: Code<'a>,
}

/// The lowering of one file.
pub(crate) struct Lowering<'a> {
    source: &'a str,
    strings: Interner,
    scopes: Scopes,
    /// The function made for each scope that is a frame, once it is known.
    frames: IndexVec<ScopeId, Option<FunctionId>>,
    functions: IndexVec<FunctionId, Function>,
    classes: IndexVec<ClassId, Class>,
    gaps: Vec<Gap>,
    pending: Vec<Pending<'a>>,
    /// The function under construction.
    body: Body,
    function: FunctionId,
    scope: ScopeId,
    depth: usize,
    too_deep: bool,
    /// Where each loop over an iterable around the current code goes on when no element is left.
    iterations: Vec<BlockId>,
    /// The statement that the current function ends with.
    last_statement: Option<&'a Stmt>,
    /// Text put together from several literals.
    buffer: String,
}

/// Lowers a module. Also tells whether the syntax was nested too deeply to be dropped recursively.
pub(crate) fn lower(source: &str, statements: &[Stmt], gaps: Vec<Gap>) -> (Module, bool) {
    let mut strings = Interner::new();
    let scopes = Scopes::of(statements, &mut strings);
    if let Some(range) = scopes.old_except {
        let older = GapReason::OlderLanguage(crate::python2::NAME.into());
        if !gaps.iter().any(|g| g.reason == older) {
            let mut gaps = gaps;
            gaps.push(Gap { span: span(range), reason: older });
            return Lowering::new(source, strings, scopes, gaps).run(statements);
        }
    }
    Lowering::new(source, strings, scopes, gaps).run(statements)
}

impl<'a> Lowering<'a> {
    fn new(source: &'a str, mut strings: Interner, scopes: Scopes, gaps: Vec<Gap>) -> Self {
        let name = strings.intern("<module>");
        let whole = Span::new(0, source.len() as u32);
        let module = Function::empty(name, name, FunctionKind::ModuleBody, None, whole, Span::new(0, 0));
        let mut frames = IndexVec::from_elem(None, scopes.all.len());
        frames[ScopeId::new(0)] = Some(FunctionId::new(0));
        Self {
            source,
            strings,
            scopes,
            frames,
            functions: [module.clone()].into_iter().collect(),
            classes: IndexVec::new(),
            gaps,
            pending: Vec::new(),
            body: Body::new(module, 0),
            function: FunctionId::new(0),
            scope: ScopeId::new(0),
            depth: 0,
            too_deep: false,
            iterations: Vec::new(),
            last_statement: None,
            buffer: String::new(),
        }
    }

    fn run(mut self, statements: &'a [Stmt]) -> (Module, bool) {
        let exports = self.exports(statements);
        let code = Code::Module(statements);
        self.pending.push(Pending { function: FunctionId::new(0), scope: ScopeId::new(0), code });
        while let Some(pending) = self.pending.pop() {
            let function = pending.function;
            // A defect of the lowering costs the function in which it shows.
            let result = catch_unwind(AssertUnwindSafe(|| self.lower_function(&pending)));
            if let Err(panic) = result {
                let stub = &mut self.functions[function];
                stub.insts = IndexVec::new();
                stub.blocks = IndexVec::new();
                stub.blocks.push(Block { insts: Vec::new(), terminator: Terminator::Unreachable, handler: None });
                self.gaps.push(Gap { span: stub.span, reason: GapReason::Panic(crate::panic_message(&*panic)) });
            }
        }
        let too_deep = self.too_deep;
        let Self { functions, classes, strings, gaps, .. } = self;
        (Module { classes, exports, gaps, ..Module::new(functions, strings) }, too_deep)
    }

    fn lower_function(&mut self, pending: &Pending<'a>) {
        let mut header = self.functions[pending.function].clone();
        let scope = &self.scopes.all[pending.scope];
        header.cells = scope.cells.iter().map(|name| assay_ir::Cell { name: *name }).collect();
        // A class body that a defect cut short has cells that others refer to all the same.
        self.functions[pending.function].cells = header.cells.clone();
        self.body = Body::new(header, scope.variables);
        self.function = pending.function;
        self.scope = pending.scope;
        self.depth = 0;
        self.iterations.clear();
        for &(variable, name) in &scope.named {
            self.body.set_default(variable, Op::Global(name));
        }
        let end = match pending.code {
            Code::Module(statements) => {
                self.suite(statements);
                Span::new(self.source.len() as u32, self.source.len() as u32)
            }
            Code::Function(def) => {
                self.last_statement = def.body.last();
                self.parameters();
                self.suite(&def.body);
                end_of(span_of(def))
            }
            Code::Class(def) => {
                self.suite(&def.body);
                end_of(span_of(def))
            }
            Code::Lambda(lambda) => {
                self.parameters();
                let value = self.expression(&lambda.body);
                self.push(Op::Returned(value), span_of(&*lambda.body));
                self.body.return_value(value);
                end_of(span_of(lambda))
            }
        };
        if !self.body.is_dead() {
            let none = self.body.push(Op::Const(Const::None), end);
            self.body.return_value(none);
        }
        if self.body.overflowed() {
            self.gap(self.functions[self.function].span, GapReason::Limit("MAX_FUNCTION_INSTRUCTIONS".into()));
        }
        let empty = header_like(&self.functions[self.function]);
        let body = std::mem::replace(&mut self.body, Body::new(empty, 0));
        self.functions[self.function] = body.finish();
    }

    /// Defines the parameters at the start of the current function.
    fn parameters(&mut self) {
        for i in 0..self.body.function().params.len() {
            let param = self.body.function().params[i];
            let value = self.body.push(Op::Param(i as u32), param.span);
            self.store_symbol(param.name, value, param.span);
        }
    }

    fn gap(&mut self, span: Span, reason: GapReason) {
        self.gaps.push(Gap { span, reason });
    }

    /// Runs `f` one level deeper in the syntax; gives `None` beyond the limit.
    fn nested<T>(&mut self, at: Span, f: impl FnOnce(&mut Self) -> T) -> Option<T> {
        if self.depth > limits::MAX_OPERATOR_CHAIN + limits::MAX_NESTING * 4 {
            if !self.too_deep {
                self.gap(at, GapReason::Limit("MAX_NESTING".into()));
            }
            self.too_deep = true;
            return None;
        }
        self.depth += 1;
        let result = f(self);
        self.depth -= 1;
        Some(result)
    }

    fn push(&mut self, op: Op, span: Span) -> Value {
        self.body.push(op, span)
    }

    fn constant(&mut self, value: Const, span: Span) -> Value {
        self.body.push(Op::Const(value), span)
    }

    fn intern(&mut self, text: &str) -> Symbol {
        self.strings.intern(text)
    }

    /// A built-in name that the program does not write.
    fn builtin(&mut self, name: &str, span: Span) -> Value {
        let name = self.intern(name);
        self.push(Op::Global(name), span)
    }

    fn cell(&self, frame: ScopeId, cell: assay_ir::CellId) -> CellRef {
        CellRef { owner: self.frames[frame].unwrap_or(FunctionId::new(0)), cell }
    }

    /// Reads a name.
    fn load(&mut self, name: &str, span: Span) -> Value {
        let name = self.intern(name);
        match self.scopes.place(self.scope, name) {
            Place::Local(variable) => self.body.read(variable),
            Place::Module(variable) | Place::Class(variable) => {
                let value = self.body.read(variable);
                let inst = &self.body.function().insts[value];
                // What stands for "not set here" is read where the name is written.
                let unset = match inst.op {
                    Op::Undefined => true,
                    Op::Global(global) => global == name && inst.span == Span::default(),
                    _ => false,
                };
                if unset { self.push(Op::Global(name), span) } else { value }
            }
            Place::Cell(frame, cell) => {
                let cell = self.cell(frame, cell);
                self.push(Op::LoadCell(cell), span)
            }
            Place::Global => self.push(Op::Global(name), span),
        }
    }

    /// Binds a name.
    fn store(&mut self, name: &str, value: Value, span: Span) {
        let name = self.intern(name);
        self.store_symbol(name, value, span);
    }

    fn store_symbol(&mut self, name: Symbol, value: Value, span: Span) {
        match self.scopes.place(self.scope, name) {
            Place::Local(variable) => self.body.write(variable, value),
            Place::Module(variable) => {
                self.push(Op::StoreGlobal(name, Some(value)), span);
                self.body.write(variable, value);
            }
            Place::Class(variable) => {
                self.push(Op::StoreName(name, value), span);
                self.body.write(variable, value);
            }
            Place::Cell(frame, cell) => {
                let cell = self.cell(frame, cell);
                self.push(Op::StoreCell(cell, value), span);
            }
            Place::Global => {
                self.push(Op::StoreGlobal(name, Some(value)), span);
            }
        }
    }

    /// Unbinds a name.
    fn unset(&mut self, name: &str, span: Span) {
        let name = self.intern(name);
        match self.scopes.place(self.scope, name) {
            Place::Local(variable) | Place::Class(variable) => {
                let nothing = self.push(Op::Undefined, span);
                self.body.write(variable, nothing);
            }
            Place::Module(variable) => {
                self.push(Op::StoreGlobal(name, None), span);
                let nothing = self.push(Op::Undefined, span);
                self.body.write(variable, nothing);
            }
            Place::Cell(frame, cell) => {
                let cell = self.cell(frame, cell);
                let nothing = self.push(Op::Undefined, span);
                self.push(Op::StoreCell(cell, nothing), span);
            }
            Place::Global => {
                self.push(Op::StoreGlobal(name, None), span);
            }
        }
    }

    /// Runs `f` in an inline scope made by `node`.
    fn in_scope<N, T>(&mut self, node: &N, f: impl FnOnce(&mut Self) -> T) -> T {
        let outer = self.scope;
        self.scope = self.scopes.of_node(node).unwrap_or(outer);
        let result = f(self);
        self.scope = outer;
        result
    }

    /// Makes the function for the scope of `node`, whose code is lowered later.
    fn declare<N>(&mut self, node: &N, function: Function, code: Code<'a>) -> FunctionId {
        let id = self.functions.push(function);
        if let Some(scope) = self.scopes.of_node(node) {
            self.frames[scope] = Some(id);
            self.pending.push(Pending { function: id, scope, code });
        }
        id
    }

    /// The name of `name` defined in the current function, within the module.
    fn qualify(&mut self, name: &str) -> Symbol {
        let outer = &self.functions[self.function];
        let around = self.strings.resolve(outer.qualified);
        // Endless nesting would make names of endless length.
        let around = around.char_indices().nth(MAX_QUALIFIED).map_or(around, |(end, _)| &around[..end]);
        let qualified = match outer.kind {
            FunctionKind::ModuleBody => return self.strings.intern(name),
            FunctionKind::ClassBody(_) => format!("{around}.{name}"),
            FunctionKind::Named | FunctionKind::Lambda => format!("{around}.<locals>.{name}"),
        };
        self.strings.intern(&qualified)
    }
}

fn header_like(function: &Function) -> Function {
    Function::empty(
        function.name,
        function.qualified,
        function.kind,
        function.parent,
        function.span,
        function.name_span,
    )
}

fn end_of(span: Span) -> Span {
    Span::new(span.end, span.end)
}
