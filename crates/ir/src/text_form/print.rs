use super::{BINARY, COLLECTION, COMPARE, CONVERSION, PARAM_KIND, UNARY, is_word, name_of};
use crate::{
    Arg, ArgKind, Const, Conversion, Function, FunctionId, FunctionKind, GapReason, Module, Op, Piece, Terminator,
    Value,
};
use assay_index::Symbol;
use assay_text::Span;
use std::fmt::Write;

/// The module as text.
pub fn print(module: &Module) -> String {
    let mut printer = Printer { module, out: String::new(), spans: true };
    printer.module();
    printer.out
}

/// One function as text, without spans: for people.
pub fn print_function(module: &Module, function: FunctionId) -> String {
    let mut printer = Printer { module, out: String::new(), spans: false };
    printer.function(function, &module.functions[function]);
    printer.out
}

pub(super) struct Printer<'m> {
    pub(super) module: &'m Module,
    pub(super) out: String,
    spans: bool,
}

/// Appends formatted text; writing to a string cannot fail.
macro_rules! put {
    ($printer:expr, $($arg:tt)*) => {{
        let _ = write!($printer.out, $($arg)*);
    }};
}

pub(super) use put;

impl Printer<'_> {
    fn module(&mut self) {
        self.out.push_str("module\n");
        if let Some(exports) = &self.module.exports {
            self.out.push_str("exports");
            for name in exports {
                self.symbol(*name);
            }
            self.out.push('\n');
        }
        for gap in &self.module.gaps {
            self.out.push_str("gap");
            self.span(gap.span);
            let (kind, text): (_, &str) = match &gap.reason {
                GapReason::Syntax(text) => ("syntax", text),
                GapReason::OlderLanguage(text) => ("older_language", text),
                GapReason::Construct(text) => ("construct", text),
                GapReason::Limit(text) => ("limit", text),
                GapReason::Panic(text) => ("panic", text),
            };
            put!(self, " {kind}");
            self.quoted(text);
            self.out.push('\n');
        }
        for (id, class) in self.module.classes.iter_enumerated() {
            put!(self, "class {id}");
            self.symbol(class.name);
            self.symbol(class.qualified);
            put!(self, " body {}", class.body);
            self.span(class.span);
            self.span(class.name_span);
            self.out.push('\n');
        }
        self.memory_tables();
        for (id, function) in self.module.functions.iter_enumerated() {
            self.function(id, function);
        }
    }

    fn function(&mut self, id: FunctionId, function: &Function) {
        put!(self, "function {id}");
        self.symbol(function.name);
        self.symbol(function.qualified);
        match function.kind {
            FunctionKind::ModuleBody => self.out.push_str(" module_body"),
            FunctionKind::ClassBody(class) => put!(self, " class_body {class}"),
            FunctionKind::Named => self.out.push_str(" named"),
            FunctionKind::Lambda => self.out.push_str(" lambda"),
        }
        if let Some(parent) = function.parent {
            put!(self, " parent {parent}");
        }
        if let Some(class) = function.class {
            put!(self, " class {class}");
        }
        if let Some(signature) = function.signature {
            put!(self, " signature {signature}");
        }
        self.flag(function.is_async, "async");
        self.flag(function.is_generator, "yields");
        self.span(function.span);
        self.span(function.name_span);
        self.out.push('\n');
        for param in &function.params {
            self.out.push_str("  param");
            self.symbol(param.name);
            put!(self, " {}", name_of(&PARAM_KIND, param.kind));
            self.flag(param.has_default, "default");
            self.span(param.span);
            self.out.push('\n');
        }
        for cell in &function.cells {
            self.out.push_str("  cell");
            self.symbol(cell.name);
            self.out.push('\n');
        }
        for (id, block) in function.blocks.iter_enumerated() {
            put!(self, "{id}");
            if let Some(handler) = block.handler {
                put!(self, " handler {handler}");
            }
            self.out.push_str(":\n");
            for &value in &block.insts {
                let Some(inst) = function.insts.get(value) else { continue };
                put!(self, "  {value}");
                if let Some(ty) = inst.ty {
                    put!(self, ": {ty}");
                }
                self.out.push_str(" =");
                self.op(&inst.op);
                self.span(inst.span);
                self.out.push('\n');
            }
            self.terminator(&block.terminator);
        }
    }

    fn terminator(&mut self, terminator: &Terminator) {
        match terminator {
            Terminator::Goto(to) => put!(self, "  goto {to}"),
            Terminator::Branch { cond, then_to, else_to } => put!(self, "  branch {cond} {then_to} {else_to}"),
            Terminator::Choice(targets) => {
                self.out.push_str("  choice");
                self.list("[", targets, "]", |this, target| put!(this, "{target}"));
            }
            Terminator::Return(value) => put!(self, "  return {value}"),
            Terminator::Raise(Some(value)) => put!(self, "  raise {value}"),
            Terminator::Raise(None) => self.out.push_str("  reraise"),
            Terminator::Unreachable => self.out.push_str("  unreachable"),
        }
        self.out.push('\n');
    }

    pub(super) fn flag(&mut self, set: bool, name: &str) {
        if set {
            put!(self, " {name}");
        }
    }

    pub(super) fn span(&mut self, span: Span) {
        if self.spans {
            put!(self, " @{}..{}", span.start, span.end);
        }
    }

    pub(super) fn symbol(&mut self, symbol: Symbol) {
        self.out.push(' ');
        self.bare_symbol(symbol);
    }

    pub(super) fn bare_symbol(&mut self, symbol: Symbol) {
        let module = self.module;
        let text = module.strings.resolve(symbol);
        if is_word(text) {
            self.out.push_str(text);
        } else {
            self.quote(text);
        }
    }

    fn literal(&mut self, symbol: Symbol) {
        let module = self.module;
        self.quoted(module.strings.resolve(symbol));
    }

    fn quoted(&mut self, text: &str) {
        self.out.push(' ');
        self.quote(text);
    }

    fn quote(&mut self, text: &str) {
        self.out.push('"');
        for c in text.chars() {
            match c {
                '"' => self.out.push_str("\\\""),
                '\\' => self.out.push_str("\\\\"),
                '\n' => self.out.push_str("\\n"),
                '\r' => self.out.push_str("\\r"),
                '\t' => self.out.push_str("\\t"),
                c if c.is_control() => put!(self, "\\u{{{:x}}}", c as u32),
                c => self.out.push(c),
            }
        }
        self.out.push('"');
    }

    pub(super) fn list<T>(&mut self, open: &str, items: &[T], close: &str, mut each: impl FnMut(&mut Self, &T)) {
        put!(self, " {open}");
        for (i, item) in items.iter().enumerate() {
            if i > 0 {
                self.out.push_str(", ");
            }
            each(self, item);
        }
        self.out.push_str(close);
    }

    fn values(&mut self, name: &str, values: &[Value]) {
        put!(self, " {name}");
        self.list("[", values, "]", |this, value| put!(this, "{value}"));
    }

    pub(super) fn option(&mut self, value: Option<Value>) {
        match value {
            Some(value) => put!(self, " {value}"),
            None => self.out.push_str(" _"),
        }
    }

    fn args(&mut self, args: &[Arg]) {
        self.list("(", args, ")", |this, arg| {
            match arg.kind {
                ArgKind::Positional => {}
                ArgKind::Keyword(name) => {
                    this.bare_symbol(name);
                    this.out.push('=');
                }
                ArgKind::Spread => this.out.push('*'),
                ArgKind::KeywordSpread => this.out.push_str("**"),
            }
            put!(this, "{}", arg.value);
        });
    }

    fn positions(&mut self, name: &str, items: &[(u32, Value)]) {
        if !items.is_empty() {
            put!(self, " {name}");
            self.list("(", items, ")", |this, (position, value)| put!(this, "{position}: {value}"));
        }
    }

    fn pieces(&mut self, name: &str, pieces: &[Piece]) {
        put!(self, " {name}");
        self.list("[", pieces, "]", |this, piece| match *piece {
            Piece::Text(text) => this.quote(this.module.strings.resolve(text)),
            Piece::Hole { value, conversion, spec } => {
                put!(this, "{value}");
                if conversion != Conversion::None {
                    put!(this, "!{}", name_of(&CONVERSION, conversion));
                }
                if let Some(spec) = spec {
                    put!(this, ":{spec}");
                }
            }
        });
    }

    fn constant(&mut self, value: &Const) {
        self.out.push_str(" const");
        match value {
            Const::None => self.out.push_str(" none"),
            Const::Bool(value) => put!(self, " {value}"),
            Const::Int(value) => put!(self, " int {value}"),
            Const::BigInt(digits) => {
                self.out.push_str(" big_int");
                self.literal(*digits);
            }
            Const::Float(bits) => put!(self, " float {bits:016x}"),
            Const::Complex => self.out.push_str(" complex"),
            Const::Str(text) => {
                self.out.push_str(" str");
                self.literal(*text);
            }
            Const::Bytes(text) => {
                self.out.push_str(" bytes");
                self.literal(*text);
            }
            Const::Ellipsis => self.out.push_str(" ellipsis"),
        }
    }

    fn op(&mut self, op: &Op) {
        match op {
            Op::Undefined => self.out.push_str(" undefined"),
            Op::Const(value) => self.constant(value),
            Op::Param(index) => put!(self, " param {index}"),
            Op::Phi(inputs) => {
                self.out.push_str(" phi");
                self.list("[", inputs, "]", |this, (block, value)| put!(this, "{block}: {value}"));
            }
            Op::Global(name) => {
                self.out.push_str(" global");
                self.symbol(*name);
            }
            Op::StoreGlobal(name, value) => {
                self.out.push_str(" store_global");
                self.symbol(*name);
                self.option(*value);
            }
            Op::LoadCell(cell) => put!(self, " load_cell {} {}", cell.owner, cell.cell),
            Op::StoreCell(cell, value) => put!(self, " store_cell {} {} {value}", cell.owner, cell.cell),
            Op::StoreName(name, value) => {
                self.out.push_str(" store_name");
                self.symbol(*name);
                put!(self, " {value}");
            }
            Op::Import { module, leaf } => {
                self.out.push_str(" import");
                self.symbol(*module);
                self.flag(*leaf, "leaf");
            }
            Op::ImportFrom { module, level, name } => {
                put!(self, " import_from {level}");
                self.symbol(*module);
                self.symbol(*name);
            }
            Op::ImportStar { module, level } => {
                put!(self, " import_star {level}");
                self.symbol(*module);
            }
            Op::Attr(base, name) => {
                put!(self, " attr {base}");
                self.symbol(*name);
            }
            Op::StoreAttr { base, name, value } => {
                put!(self, " store_attr {base}");
                self.symbol(*name);
                put!(self, " {value}");
            }
            Op::DeleteAttr(base, name) => {
                put!(self, " delete_attr {base}");
                self.symbol(*name);
            }
            Op::Item(base, key) => put!(self, " item {base} {key}"),
            Op::StoreItem { base, key, value } => put!(self, " store_item {base} {key} {value}"),
            Op::DeleteItem(base, key) => put!(self, " delete_item {base} {key}"),
            Op::Slice(lower, upper, step) => {
                self.out.push_str(" slice");
                for value in [lower, upper, step] {
                    self.option(*value);
                }
            }
            Op::Unpack { base, index, rest } => {
                put!(self, " unpack {base} {index}");
                self.flag(*rest, "rest");
            }
            Op::Collection(kind, elements) => {
                put!(self, " {}", name_of(&COLLECTION, *kind));
                self.list("[", elements, "]", |this, element| {
                    put!(this, "{}{}", if element.spread { "*" } else { "" }, element.value);
                });
            }
            Op::Dict(entries) => {
                self.out.push_str(" dict");
                self.list("{", entries, "}", |this, (key, value)| match key {
                    Some(key) => put!(this, "{key}: {value}"),
                    None => put!(this, "**{value}"),
                });
            }
            Op::Accumulate { into, key, value } => {
                put!(self, " accumulate {into}");
                self.option(*key);
                put!(self, " {value}");
            }
            Op::Format(pieces) => self.pieces("format", pieces),
            Op::Template(pieces) => self.pieces("template", pieces),
            Op::Binary(op, a, b) => put!(self, " binary {} {a} {b}", name_of(&BINARY, *op)),
            Op::InPlace(op, a, b) => put!(self, " in_place {} {a} {b}", name_of(&BINARY, *op)),
            Op::Unary(op, a) => put!(self, " unary {} {a}", name_of(&UNARY, *op)),
            Op::Compare(op, a, b) => put!(self, " compare {} {a} {b}", name_of(&COMPARE, *op)),
            Op::Call { func, args } => {
                put!(self, " call {func}");
                self.args(args);
            }
            Op::MakeFunction { function, defaults, annotations, returns } => {
                put!(self, " make_function {function}");
                self.positions("defaults", defaults);
                self.positions("annotations", annotations);
                if let Some(returns) = returns {
                    put!(self, " returns {returns}");
                }
            }
            Op::MakeClass { class, bases } => {
                put!(self, " make_class {class}");
                self.args(bases);
            }
            Op::Annotated { value, annotation } => {
                self.out.push_str(" annotated");
                self.option(*value);
                put!(self, " {annotation}");
            }
            Op::Next(value) => put!(self, " next {value}"),
            Op::Enter(value) => put!(self, " enter {value}"),
            Op::Exit(value) => put!(self, " exit {value}"),
            Op::Returned(value) => put!(self, " returned {value}"),
            Op::Await(value) => put!(self, " await {value}"),
            Op::Yield(value) => put!(self, " yield {value}"),
            Op::YieldFrom(value) => put!(self, " yield_from {value}"),
            Op::Caught(values) => self.values("caught", values),
            Op::Memory(op) => self.memory_op(op),
            Op::Unknown(values) => self.values("unknown", values),
        }
    }
}
