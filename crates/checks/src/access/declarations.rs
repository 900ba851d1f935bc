//! Methods that Zope publishes and that lack the declaration which the others of their class have.
//!
//! - A class with a `ClassSecurityInfo` *declares* for its methods who may call them by an address: everybody, those with a permission, or
//!   code only; by decorators (`@security.private`), or by calls (`security.declarePrivate("method")`).
//! - A method is *published* when its name has no underscore in front and it has a documentation text. One that nothing is
//!   declared for is open to everybody.

use super::guards::{Made, decorated};
use super::siblings::{ENOUGH, FOR_EACH};
use crate::code::{Code, Defect};
use crate::settings::false_if;
use crate::{Check, Examined};
use assay_finding::{Confidence, Outcome, Severity, StepKind};
use assay_index::{FxHashMap, FxHashSet};
use assay_ir::{FunctionKind, Op, Value};
use assay_resolve::{ClsId, FuncId};

/// Decorators around one definition.
const MAX_DECORATORS: u32 = 8;
/// Declarations that others are shown by.
const SHOWN: usize = 3;
/// Methods that the framework calls by itself, with objects that no address brings.
const HOOKS: &[&str] =
    &["manage_afterAdd", "manage_beforeDelete", "manage_afterClone", "manage_fixupOwnershipAfterAdd"];

/// What a class declares.
#[derive(Default)]
struct Declared<'a> {
    names: FxHashSet<&'a str>,
    /// Methods that not everybody may call, with what says so.
    closed: Vec<(&'a str, Value)>,
    /// Something is declared for all methods at once.
    by_default: bool,
}

pub(super) fn examine(code: &Code<'_>, check: &'static Check, out: &mut Vec<Examined>) {
    if code.res.program.strings.lookup("ClassSecurityInfo").is_none() {
        return;
    }
    let mut all: FxHashMap<ClsId, Declared<'_>> = FxHashMap::default();
    for class in code.res.program.classes.ids() {
        if let Some(declared) = declared(code, class) {
            all.insert(class, declared);
        }
    }
    for class in code.res.program.classes.ids() {
        let Some(own) = all.get(&class).filter(|_| !code.in_test(code.res.program.class_body(class))) else { continue };
        let inherited = || code.res.hierarchy.order(class).iter().filter_map(|c| all.get(c));
        if own.closed.len() < ENOUGH || inherited().any(|d| d.by_default) {
            continue;
        }
        let published = published(code, class);
        let open: Vec<FuncId> = published
            .iter()
            .copied()
            .filter(|f| !inherited().any(|d| d.names.contains(code.function_name(*f))))
            .collect();
        for f in published.iter().filter(|f| !open.contains(f)) {
            let (name, span) = (code.function_name(*f), code.function(*f).name_span);
            let detail = format!("`{name}` is declared");
            out.push(code.closed(check, *f, span, name, Outcome::Safe, "guarded-by", detail));
        }
        if own.closed.len() >= open.len() * FOR_EACH {
            out.extend(open.into_iter().map(|f| judged(code, check, class, own, f)));
        }
    }
}

/// What a class declares, if it does by itself.
fn declared<'a>(code: &Code<'a>, class: ClsId) -> Option<Declared<'a>> {
    let body = code.res.program.class_body(class);
    let mut out = Declared::default();
    let mut has = false;
    for (value, inst) in code.function(body).insts.iter_enumerated() {
        let Op::Call { func, args } = &inst.op else { continue };
        // `security.protected("Permission")(method)`: what is called is the result of a call.
        let made = match code.op(body, *func) {
            Op::Call { func, .. } => *func,
            _ => *func,
        };
        let Op::Attr(base, name) = code.op(body, made) else { continue };
        let base = code.plain(body, *base);
        if !code.res.apis_of(body, base).any(|a| code.api(a).contains("ClassSecurityInfo")) {
            continue;
        }
        has = true;
        let name = code.text(*name);
        if name.starts_with("declareObject") || name == "setDefaultAccess" {
            out.by_default = true;
        } else if matches!(name, "private" | "protected" | "public") {
            let method = args.first().and_then(|a| decorated(code, body, a.value));
            if let Some(Made::Function(f)) = method {
                out.add(code.function_name(f), value, name != "public");
            }
        } else if name.starts_with("declare") {
            let skipped = usize::from(name == "declareProtected");
            for arg in args.iter().skip(skipped) {
                if let Some(method) = code.literal(body, arg.value) {
                    out.add(method, value, name != "declarePublic");
                }
            }
        }
    }
    has.then_some(out)
}

impl<'a> Declared<'a> {
    fn add(&mut self, name: &'a str, at: Value, closed: bool) {
        if self.names.insert(name) && closed {
            self.closed.push((name, at));
        }
    }
}

/// The methods of a class that an address leads to.
fn published(code: &Code<'_>, class: ClsId) -> Vec<FuncId> {
    let program = &code.res.program;
    let body = program.class_body(class);
    let module = program.functions[body].module;
    let mut out: Vec<FuncId> = Vec::new();
    for inst in &code.function(body).insts {
        let Op::StoreName(name, value) = inst.op else { continue };
        let Op::MakeFunction { function, .. } = innermost(code, body, value) else { continue };
        let f = program.func_id(module, *function);
        let text = code.text(name);
        if code.function(f).kind == FunctionKind::Named
            && !text.starts_with('_')
            && !HOOKS.contains(&text)
            && is_documented(code, f)
        {
            out.push(f);
        }
    }
    out
}

/// What decorators stand around.
fn innermost<'a>(code: &Code<'a>, f: FuncId, mut value: Value) -> &'a Op {
    for _ in 0..MAX_DECORATORS {
        match code.op(f, value) {
            Op::Call { args, .. } if args.len() == 1 => value = args[0].value,
            op => return op,
        }
    }
    code.op(f, value)
}

/// Whether the first thing in a function is a text.
fn is_documented(code: &Code<'_>, f: FuncId) -> bool {
    let (whole, name) = (code.function(f).span, code.function(f).name_span);
    let text = code.texts.slice(code.file(f), whole);
    let Some(rest) = text.get(name.end.saturating_sub(whole.start) as usize..) else { return false };
    let mut depth = 0_u32;
    for (at, c) in rest.char_indices() {
        match c {
            '(' | '[' | '{' => depth += 1,
            ')' | ']' | '}' => depth = depth.saturating_sub(1),
            ':' if depth == 0 => {
                let mut lines = rest[at + 1..].lines().map(str::trim).filter(|l| !l.is_empty() && !l.starts_with('#'));
                let first = lines.next().unwrap_or_default();
                return first.trim_start_matches(['r', 'R', 'u', 'U', 'b']).starts_with(['"', '\'']);
            }
            _ => {}
        }
    }
    false
}

fn judged(code: &Code<'_>, check: &'static Check, class: ClsId, own: &Declared<'_>, f: FuncId) -> Examined {
    let (name, span) = (code.function_name(f), code.function(f).name_span);
    let of = code.text(code.res.program.class(class).name);
    let title = format!(
        "`{name}` lacks the declaration that {} others of `{of}` have: everybody may call it",
        own.closed.len()
    );
    let message = format!(
        "`{of}` declares by its `ClassSecurityInfo` who may call its methods by an address. For `{name}` it declares nothing, and a method with a documentation text is then open to everybody, logged in or not."
    );
    let mut defect = Defect::potential("not-declared", title, message);
    defect.confidence = Confidence::Medium;
    defect.severity = Some(Severity::Medium);
    let body = code.res.program.class_body(class);
    for (other, at) in own.closed.iter().take(SHOWN) {
        let place = code.place(body, code.span(body, *at));
        defect.lead(StepKind::Source, place, format!("not everybody may call `{other}`"));
    }
    "nothing is declared".clone_into(&mut defect.step);
    defect.assumptions.push(format!("`{name}` is not meant for everybody"));
    defect.false_if = false_if(check);
    "an address".clone_into(&mut defect.source);
    name.clone_into(&mut defect.value);
    code.defect(check, f, span, name, defect)
}
