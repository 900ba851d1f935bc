//! Python: parsing by `ruff_python_parser`, which this crate alone knows, and lowering.
//!
//! - After a syntax error the tree that the parser recovered is lowered; the errors become
//!   [`Gap`]s.
//! - Source nested beyond [`limits::MAX_NESTING`] or [`limits::MAX_OPERATOR_CHAIN`] is blanked before parsing,
//!   so that everything else in the file is still analysed.
//! - Python 2 is recognised by what is no longer Python.

mod layout;
mod lower;
mod nesting;
mod python2;
mod scope;

use assay_frontend::{Frontend, Layout};
use assay_index::{IndexVec, Interner};
use assay_ir::{Block, Function, FunctionKind, Gap, GapReason, Module, Terminator};
use assay_text::{Language, SourceFile, Span, limits};
use ruff_python_ast::Mod;
use ruff_python_parser::{Mode, ParseOptions, parse_unchecked};
use std::any::Any;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The Python front end.
pub const PYTHON: PythonFrontend = PythonFrontend;

/// Reads Python to 3.14, and Python 2 as far as it is the same.
#[derive(Clone, Copy, Debug)]
pub struct PythonFrontend;

impl Frontend for PythonFrontend {
    fn language(&self) -> Language {
        Language::Python
    }

    fn lower(&self, file: &SourceFile) -> Module {
        lower_source(&file.text)
    }

    fn layout(&self) -> Option<&dyn Layout> {
        Some(&layout::PythonLayout)
    }
}

/// Parses and lowers a source text.
pub fn lower_source(text: &str) -> Module {
    match catch_unwind(AssertUnwindSafe(|| parse_and_lower(text))) {
        Ok(module) => module,
        Err(panic) => {
            let reason = GapReason::Panic(panic_message(&*panic));
            empty_module(text, vec![Gap { span: Span::new(0, text.len() as u32), reason }])
        }
    }
}

fn parse_and_lower(text: &str) -> Module {
    let mut gaps = Vec::new();
    let blanked = nesting::blank_deep_parts(text, &mut gaps);
    let source = blanked.as_deref().unwrap_or(text);
    let mut parsed = parse_unchecked(source, ParseOptions::from(Mode::Module));
    let mut rewritten = None;
    if !parsed.errors().is_empty()
        && let Some(range) = python2::evidence(source, parsed.errors())
    {
        gaps.push(Gap { span: lower::span(range), reason: GapReason::OlderLanguage(python2::NAME.into()) });
        rewritten = python2::with_decimal_numbers(source, parsed.errors());
    }
    let source = rewritten.as_deref().unwrap_or(source);
    if rewritten.is_some() {
        parsed = parse_unchecked(source, ParseOptions::from(Mode::Module));
    }
    if !parsed.errors().is_empty() {
        for error in parsed.errors().iter().take(limits::MAX_SYNTAX_ERRORS) {
            let reason = GapReason::Syntax(error.error.to_string());
            gaps.push(Gap { span: lower::span(error.location), reason });
        }
        if let Some(next) = parsed.errors().get(limits::MAX_SYNTAX_ERRORS) {
            let more = parsed.errors().len() - limits::MAX_SYNTAX_ERRORS;
            let reason = GapReason::Syntax(format!("{more} more syntax errors from here on"));
            gaps.push(Gap { span: lower::span(next.location), reason });
        }
    }
    match parsed.into_syntax() {
        Mod::Module(module) => {
            let (lowered, too_deep) = lower::lower(source, &module.body, gaps);
            if too_deep {
                // Dropping the tree would recurse as deep as it is nested.
                std::mem::forget(module);
            }
            lowered
        }
        Mod::Expression(_) => empty_module(text, gaps),
    }
}

/// A module without any code.
fn empty_module(text: &str, gaps: Vec<Gap>) -> Module {
    let mut strings = Interner::new();
    let name = strings.intern("<module>");
    let mut blocks = IndexVec::new();
    blocks.push(Block { insts: Vec::new(), terminator: Terminator::Unreachable, handler: None });
    let body = Function {
        name,
        qualified: name,
        kind: FunctionKind::ModuleBody,
        parent: None,
        class: None,
        params: Vec::new(),
        signature: None,
        is_async: false,
        is_generator: false,
        cells: IndexVec::new(),
        blocks,
        insts: IndexVec::new(),
        span: Span::new(0, text.len() as u32),
        name_span: Span::new(0, 0),
    };
    Module { gaps, ..Module::new([body].into_iter().collect(), strings) }
}

/// The text of a panic.
pub(crate) fn panic_message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().map(ToString::to_string);
    text.or_else(|| panic.downcast_ref::<String>().cloned()).unwrap_or_else(|| "unknown".to_owned())
}
