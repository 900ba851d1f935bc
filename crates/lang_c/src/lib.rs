//! Parses and lowers C and C++, without a build.
//!
//! 1. `lex` reads each file once, for all units that include it.
//! 2. `preprocess` makes the tokens of a *translation unit*: a file with everything it includes.
//! 3. `parse` finds declarations, types and statements in one pass, and
//! 4. `lower` makes instructions of each function as soon as it is parsed.
//! 5. `compact` leaves out of the module what no function refers to.
//!
//! Each file has a module of its own, with the functions that stand in it; in the modules of files that include it,
//! they are declared only. A header is read as its first includer sees it: the first file, in the order of paths, that
//! includes it one way or another and is included by none.

#![expect(clippy::cast_sign_loss, reason = "numbers of the program are read in the type that the program has them in")]
#![expect(
    clippy::single_match_else,
    clippy::match_same_arms,
    clippy::nonminimal_bool,
    reason = "the cases of a grammar read best as a table, one beside the other"
)]

mod commands;
mod compact;
mod lex;
mod literal;
mod lower;
mod parse;
mod prelude;
mod preprocess;
mod sources;
mod tree;
mod words;

use assay_frontend::{Frontend, ProjectFrontend};
use assay_index::{Idx, IndexVec, Interner};
use assay_ir::{Block, Definition, Function, FunctionId, FunctionKind, Gap, GapReason, Module, Terminator};
use assay_text::{FileId, Files, Language, SourceFile, Span};
use sources::Sources;

/// The front end of C.
pub const C: CFrontend = CFrontend(Language::C);
/// The front end of C++.
pub const CPP: CFrontend = CFrontend(Language::Cpp);

/// The front end of C or C++.
#[derive(Clone, Copy, Debug)]
pub struct CFrontend(Language);

impl Frontend for CFrontend {
    fn language(&self) -> Language {
        self.0
    }

    fn lower(&self, file: &SourceFile) -> Module {
        let files = Files::new(vec![file.clone()]);
        lower_unit(&Sources::new(&files), FileId::new(0), self.0 == Language::Cpp)
    }

    fn project<'a>(&'a self, files: &'a Files) -> Box<dyn ProjectFrontend + 'a>
    where
        Self: 'a,
    {
        Box::new(Project { sources: Sources::new(files), cpp: self.0 == Language::Cpp })
    }
}

struct Project<'a> {
    sources: Sources<'a>,
    cpp: bool,
}

impl ProjectFrontend for Project<'_> {
    fn lower(&self, file: FileId) -> Module {
        lower_unit(&self.sources, file, self.cpp)
    }
}

/// The module of a file that defines nothing.
fn empty(sources: &Sources<'_>, file: FileId) -> Module {
    let mut strings = Interner::new();
    let name = strings.intern("<module>");
    let whole = Span::new(0, sources.length(file));
    let mut body = Function::empty(name, name, FunctionKind::ModuleBody, None, whole, Span::default());
    body.blocks.push(Block { insts: Vec::new(), terminator: Terminator::Unreachable, handler: None });
    Module::new([body].into_iter().collect(), strings)
}

/// Lowers the functions of one file.
fn lower_unit(sources: &Sources<'_>, file: FileId, cpp: bool) -> Module {
    let root = sources.root(file);
    if root != file && !sources.has_bodies(file) {
        // A header without functions is read with what includes it.
        return empty(sources, file);
    }
    let mut parser = parse::Parser::new(sources, root, file, cpp);
    if !parser.run() {
        // The file that includes it does so under a condition that does not hold.
        parser = parse::Parser::new(sources, file, file, cpp);
        parser.run();
    }
    let mut gaps = std::mem::take(&mut parser.gaps);
    let (defined, initial) = (std::mem::take(&mut parser.defined), std::mem::take(&mut parser.initial));
    let mut strings = std::mem::replace(&mut parser.preprocessor.strings, Interner::new());
    let name = strings.intern("<module>");
    let whole = Span::new(0, sources.length(file));
    let body = Function::empty(name, name, FunctionKind::ModuleBody, None, whole, Span::default());
    let mut unit = lower::Unit { types: &mut parser.types, basic: parser.basic, objects: &parser.objects, cpp };
    let mut functions: IndexVec<FunctionId, Function> = IndexVec::with_capacity(defined.len() + 1);
    let limit = |span| Gap { span, reason: GapReason::Limit("MAX_FUNCTION_INSTRUCTIONS".into()) };
    let (body, cut) = lower::module_body(&mut unit, body, &initial);
    if cut {
        gaps.push(limit(Span::new(0, 0)));
    }
    functions.push(body);
    for one in &defined {
        let (function, cut) = lower::function(&mut unit, one);
        if cut {
            gaps.push(limit(one.span));
        }
        functions.push(function);
    }
    gaps.sort_by_key(|gap| gap.span);
    let mut module = Module::new(functions, strings);
    module.types = parser.types;
    module.objects = parser.objects;
    module.gaps = gaps;
    debug_assert!(module.objects.iter().all(|object| match object.definition {
        Definition::Function(function) => module.functions.get(function).is_some(),
        _ => true,
    }));
    compact::compact(module)
}
