//! XML-RPC without a protected parser.
//!
//! The standard library's XML-RPC parses documents of the other side with a parser that expands entities without
//! a limit. `defusedxml.xmlrpc.monkey_patch()` replaces it for the whole process, so one call anywhere
//! protects every use.

use crate::code::{Code, Defect};
use crate::{Examined, check};
use assay_finding::{Confidence, Outcome, Severity, StepKind};
use assay_ir::{Op, Value};
use assay_resolve::FuncId;

const PROTECTORS: &[&str] = &["defusedxml.xmlrpc.monkey_patch", "defusedxml.defuse_stdlib"];
/// What parses the documents of the other side.
const PARSERS: &[&str] = &[
    "ServerProxy",
    "Server",
    "SimpleXMLRPCServer",
    "DocXMLRPCServer",
    "SimpleXMLRPCDispatcher",
    "CGIXMLRPCRequestHandler",
    "SimpleXMLRPCRequestHandler",
];

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("xxe") else { return };
    let mut protected: Option<(FuncId, Value)> = None;
    let mut created: Option<(FuncId, Value)> = None;
    for f in code.res.program.functions.ids() {
        for (call, targets) in code.res.calls(f) {
            for api in &targets.apis {
                let name = code.api(*api);
                if PROTECTORS.contains(&name) && protected.is_none() {
                    protected = Some((f, *call));
                }
                if is_parser(name) && created.is_none() && !code.in_test(f) {
                    created = Some((f, *call));
                }
            }
        }
    }
    let Some((maker, made)) = created else { return };
    // The site is where the library comes in: there, before anything is made, the parser must be replaced.
    for f in code.res.program.functions.ids() {
        let function = code.function(f);
        let mut last = None;
        for (value, inst) in function.insts.iter_enumerated() {
            let api = match &inst.op {
                Op::ImportFrom { module, level, .. } => {
                    let info = code.res.program.functions[f];
                    let from = code.res.program.absolute_name(info.module, *module, *level);
                    let strings = &code.res.program.strings;
                    if strings.lookup(&from).is_some_and(|name| code.res.program.is_package(name)) {
                        continue;
                    }
                    code.res.apis_of(f, value).map(|api| code.api(api)).find(|name| is_parser(name)).map(str::to_owned)
                }
                Op::Import { .. } => {
                    let name = code
                        .res
                        .apis_of(f, value)
                        .map(|api| code.api(api))
                        .find(|name| ["xmlrpc", "xmlrpc.client", "xmlrpc.server"].contains(name));
                    name.map(str::to_owned)
                }
                _ => None,
            };
            let Some(api) = api else { continue };
            let line = code.line(f, inst.span);
            if last.is_some_and(|l: u32| line <= l + 1) {
                last = Some(line);
                continue;
            }
            last = Some(line);
            if let Some((g, call)) = protected {
                let detail = format!(
                    "`{}` in {} protects the parser",
                    code.shown_value(g, call),
                    code.res.program.qualified_name(g)
                );
                out.push(code.closed(check, f, inst.span, &api, Outcome::Safe, "protected-by", detail));
                continue;
            }
            let title = format!("`{api}` parses documents of the other side without protection");
            let message = "XML-RPC of the standard library expands the entities of every document that it gets; a small one can fill the memory.";
            let mut defect = Defect::potential("unprotected-parser", title, message.to_owned());
            defect.severity = Some(Severity::Medium);
            defect.confidence = Confidence::Medium;
            let used = format!("`{}` is made here", code.shown_value(maker, made));
            defect.lead(StepKind::Call, code.place(maker, code.span(maker, made)), used);
            defect
                .assumptions
                .push("the expat library in use does not limit the expansion of entities (before 2.4.1)".to_owned());
            defect.false_if.push("both sides are the project's own and the connection is protected".to_owned());
            "the document".clone_into(&mut defect.value);
            let mut examined = code.defect(check, f, inst.span, &api, defect);
            if let Some(explanation) = &mut examined.explanation {
                "Call `defusedxml.xmlrpc.monkey_patch()` right after this import, before a server or proxy is made."
                    .clone_into(&mut explanation.solution);
            }
            out.push(examined);
        }
    }
}

fn is_parser(name: &str) -> bool {
    let Some((module, member)) = name.rsplit_once('.') else { return false };
    ["xmlrpc.client", "xmlrpc.server"].contains(&module) && PARSERS.contains(&member)
}
