//! Templates that code holds as text.

use assay_ir::{Const, Module, Op, template};
use assay_text::{Language, SourceFile, Span};

/// Names of what compiles text to templates; a module without any of them holds none.
const COMPILERS: [&str; 6] =
    ["render_template_string", "stream_template_string", "from_string", "Template", "SimpleTemplate", "template"];

/// The constants of a module that read as templates, lowered, each with the name that `resolve` looks for.
pub(crate) fn templates(file: &SourceFile, name: &str, module: &Module) -> Vec<(String, Module)> {
    let mut out: Vec<(String, Module)> = Vec::new();
    let Some(frontend) = assay_languages::frontend_for(Language::Template) else { return out };
    if !COMPILERS.iter().any(|word| module.strings.lookup(word).is_some()) {
        return out;
    }
    for inst in module.functions.iter().flat_map(|f| &f.insts) {
        let Op::Const(Const::Str(text)) = inst.op else { continue };
        let text = module.strings.resolve(text);
        if !(text.contains("{{") || text.contains("{%")) {
            continue;
        }
        let inline = template::inline_name(name, inst.span.start);
        if out.iter().any(|(have, _)| *have == inline) {
            continue;
        }
        let mut lowered = frontend.lower(&SourceFile::new("text", Language::Template, file.role, text));
        place(&mut lowered, file, inst.span, text);
        out.push((inline, lowered));
    }
    out
}

/// Moves a template to where its text stands in the file. Where the literal is not written as it reads, all of it
/// is where the literal is.
fn place(module: &mut Module, file: &SourceFile, literal: Span, text: &str) {
    let start = file.slice(literal).find(text).map(|at| literal.start + at as u32);
    let moved = |span: &mut Span| {
        *span = match start {
            Some(start) => Span::new(span.start + start, span.end + start),
            None => literal,
        };
    };
    for function in &mut module.functions {
        moved(&mut function.span);
        moved(&mut function.name_span);
        function.params.iter_mut().for_each(|param| moved(&mut param.span));
        function.insts.iter_mut().for_each(|inst| moved(&mut inst.span));
    }
    module.gaps.clear();
}
