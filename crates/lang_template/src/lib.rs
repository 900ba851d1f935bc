//! Templates of Django, Jinja2, Mako, Tornado and Bottle: parsing and lowering.
//!
//! - A template becomes a module whose function `render` takes the context, a mapping from names to values, and the
//!   request. `{{ … }}` is a call of [`assay_ir::template::OUTPUT`] or [`assay_ir::template::ESCAPED`], by what the template does with
//!   its value and where in the document it stands.
//! - What depends on who renders (whether values are escaped by themselves) is lowered twice: `render`
//!   escapes, `raw render` does not.
//! - Blocks are functions. A template that extends another runs its own blocks, then what it inherits
//!   and does not override ([`assay_ir::template::INHERIT`]).
//! - Which file a name means, and which function a filter is, the whole program tells: the lowered code
//!   says it by the names in [`assay_ir::template`].

mod expression;
mod layout;
mod lexer;
mod lower;
mod mako;
mod python;
mod simple_template;
mod tornado;
mod tree;

use assay_frontend::{Frontend, Layout};
use assay_index::Interner;
use assay_ir::{Block, Function, FunctionKind, Gap, GapReason, Module, Terminator};
use assay_text::{Language, SourceFile, Span};
use std::panic::{AssertUnwindSafe, catch_unwind};

/// The front end for templates.
pub const TEMPLATE: TemplateFrontend = TemplateFrontend;

/// Reads templates of Django, Jinja2, Mako, Tornado and Bottle.
#[derive(Clone, Copy, Debug)]
pub struct TemplateFrontend;

impl Frontend for TemplateFrontend {
    fn language(&self) -> Language {
        Language::Template
    }

    fn lower(&self, file: &SourceFile) -> Module {
        lower_source(&file.path, &file.text)
    }

    fn layout(&self) -> Option<&dyn Layout> {
        Some(&layout::TemplateLayout)
    }
}

/// Parses and lowers a template. Its path tells whether it is a document of HTML.
pub fn lower_source(path: &str, text: &str) -> Module {
    if is_foreign(path) {
        return empty_module(text, Vec::new());
    }
    let parse_and_lower = || {
        let tree = match Engine::of(path, text) {
            Engine::Mako => mako::parse(text),
            Engine::SimpleTemplate => simple_template::parse(text),
            Engine::Tornado => {
                let (tokens, open_marks) = lexer::tokens(text, false);
                tornado::parse(text, &tokens, &open_marks)
            }
            Engine::Jinja => {
                let (tokens, open_marks) = lexer::tokens(text, true);
                tree::parse(text, &tokens, &open_marks)
            }
        };
        lower::lower(text, tree, is_markup(path, text))
    };
    match catch_unwind(AssertUnwindSafe(parse_and_lower)) {
        Ok(module) => module,
        Err(panic) => {
            let message = panic.downcast_ref::<&str>().map(ToString::to_string);
            let message = message.or_else(|| panic.downcast_ref::<String>().cloned());
            let reason = GapReason::Panic(message.unwrap_or_else(|| "unknown".to_owned()));
            empty_module(text, vec![Gap { span: Span::new(0, text.len() as u32), reason }])
        }
    }
}

/// What a template is written for.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Engine {
    /// Jinja2 or Django.
    Jinja,
    Mako,
    /// That of Bottle.
    SimpleTemplate,
    Tornado,
}

impl Engine {
    fn of(path: &str, text: &str) -> Self {
        if mako::is_mako(path, text) {
            Self::Mako
        } else if tornado::is_tornado(text) {
            Self::Tornado
        } else if simple_template::is_simple_template(text) {
            Self::SimpleTemplate
        } else {
            Self::Jinja
        }
    }
}

/// Whether the name says that the file is written for another engine.
fn is_foreign(path: &str) -> bool {
    let extension = path.rsplit_once('.').map_or("", |(_, e)| e);
    ["erb", "ejs", "hbs", "mustache", "twig"].iter().any(|e| extension.eq_ignore_ascii_case(e))
}

/// Whether a template makes a document of HTML: by its name, or else by a tag in it.
fn is_markup(path: &str, text: &str) -> bool {
    let name = path.rsplit('/').next().unwrap_or_default().to_ascii_lowercase();
    let extension = name
        .rsplit('.')
        .find(|e| !matches!(*e, "j2" | "jinja" | "jinja2" | "tmpl" | "tpl" | "template" | "mako" | "mak"));
    match extension {
        Some("html" | "htm" | "xhtml" | "svg") => true,
        Some(e) if name.len() > e.len() && name.contains('.') && e != name.split('.').next().unwrap_or_default() => {
            false
        }
        _ => TAGS.iter().any(|tag| contains_ignoring_case(text, tag)),
    }
}

/// What documents of HTML begin tags with.
const TAGS: [&str; 20] = [
    "<!doctype html",
    "<html",
    "<body",
    "<div",
    "<p>",
    "<a href",
    "<span",
    "<table",
    "<td",
    "<li>",
    "<script",
    "<b>",
    "<i>",
    "<h1",
    "<h2",
    "<br>",
    "<img ",
    "<form",
    "<input ",
    "<strong>",
];

fn contains_ignoring_case(text: &str, tag: &str) -> bool {
    text.match_indices('<').any(|(at, _)| {
        text.as_bytes().get(at..at + tag.len()).is_some_and(|found| found.eq_ignore_ascii_case(tag.as_bytes()))
    })
}

/// A function without code.
pub(crate) fn header(strings: &mut Interner, name: &str, qualified: &str, span: Span) -> Function {
    let (name, qualified) = (strings.intern(name), strings.intern(qualified));
    Function::empty(name, qualified, FunctionKind::Named, None, span, Span::new(span.start, span.start))
}

/// A module without any code.
fn empty_module(text: &str, gaps: Vec<Gap>) -> Module {
    let mut strings = Interner::new();
    let mut body = header(&mut strings, "<module>", "<module>", Span::new(0, text.len() as u32));
    body.kind = FunctionKind::ModuleBody;
    body.blocks.push(Block { insts: Vec::new(), terminator: Terminator::Unreachable, handler: None });
    Module { gaps, ..Module::new([body].into_iter().collect(), strings) }
}
