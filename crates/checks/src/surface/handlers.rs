//! What is registered: functions, classes with a method for each request, and what wraps them.

use super::Operation;
use crate::access::guards::{Made, decorated, name_of_callee};
use crate::code::Code;
use crate::evaluate::{Choices, Evaluator, Known};
use assay_finding::Place;
use assay_ir::{ArgKind, Op, Value};
use assay_models::EntryKind;
use assay_resolve::{ClsId, Entry, FuncId, Object};

/// Wrappers around one handler.
const MAX_WRAPPERS: usize = 8;

/// The methods of HTTP.
const METHODS: [&str; 9] = ["GET", "POST", "PUT", "PATCH", "DELETE", "HEAD", "OPTIONS", "TRACE", "CONNECT"];

/// What answers.
#[derive(Clone, PartialEq, Eq, Debug, Default)]
pub(super) struct Handler {
    /// Functions, or instances that are called.
    pub(super) functions: Vec<FuncId>,
    /// Classes whose methods answer.
    pub(super) classes: Vec<ClsId>,
    /// Calls that wrap it.
    pub(super) wrappers: Vec<(FuncId, Value)>,
    /// Methods of the class by methods of HTTP, where the registration says so.
    pub(super) actions: Vec<(String, String)>,
}

/// The method of HTTP that a function is named after: `get`, `do_GET`, `on_get`, `on_get_item`.
pub(super) fn verb(name: &str) -> Option<&'static str> {
    let (stem, rest) = match name.strip_prefix("on_").or_else(|| name.strip_prefix("do_")) {
        Some(stem) => (stem.split('_').next().unwrap_or(stem), true),
        None => (name, false),
    };
    let found = METHODS.into_iter().find(|method| method.eq_ignore_ascii_case(stem))?;
    // A method of that name is written in small letters, but for the server of the standard library.
    (rest || name.chars().all(|c| c.is_ascii_lowercase())).then_some(found)
}

/// The method of HTTP of this name.
pub(super) fn method(name: &str) -> Option<&'static str> {
    METHODS.into_iter().find(|method| method.eq_ignore_ascii_case(name))
}

/// The methods of a class that answer to a name in the body of a request, with the name: `@action("resize")`.
pub(super) fn actions(code: &Code<'_>, class: ClsId) -> Vec<(String, FuncId)> {
    let body = code.res.program.class_body(class);
    let mut out = Vec::new();
    for inst in &code.function(body).insts {
        let Op::Call { func, args } = &inst.op else { continue };
        let (Op::Call { func: maker, args: told }, [only]) = (code.op(body, *func), args.as_slice()) else { continue };
        if name_of_callee(code, body, *maker) != Some("action") {
            continue;
        }
        let name = told.first().and_then(|a| code.literal(body, a.value));
        if let (Some(name), Some(Made::Function(f))) = (name, decorated(code, body, only.value)) {
            out.push((name.to_owned(), f));
        }
    }
    out
}

/// What a value that is registered stands for.
pub(super) fn of_value(
    code: &Code<'_>,
    evaluator: &Evaluator<'_, '_>,
    f: FuncId,
    value: Value,
    cx: &Choices,
) -> Handler {
    let mut out = Handler::default();
    let (mut f, mut value) = (f, value);
    for _ in 0..MAX_WRAPPERS {
        value = code.plain(f, value);
        if let Op::Call { func, args } = code.op(f, value) {
            // `View.as_view()`: a method of the class makes the handler.
            if let Op::Attr(base, _) = code.op(f, *func) {
                let classes: Vec<ClsId> = code
                    .res
                    .objects(f, *base)
                    .filter_map(|o| match o {
                        Object::Class(c) | Object::SelfClass(c) => Some(c),
                        _ => None,
                    })
                    .collect();
                let own = code.res.call(f, value).is_some_and(|t| !t.functions.is_empty() && t.apis.is_empty());
                if !classes.is_empty() && (!own || code.text_of_attr(f, *func) == Some("as_view")) {
                    if let Some(first) = args.iter().find(|a| a.kind == ArgKind::Positional)
                        && let Known::Dict(entries) = evaluator.value(f, first.value, cx)
                    {
                        out.actions = entries
                            .iter()
                            .filter_map(|(k, v)| Some((k.text()?.to_ascii_uppercase(), v.text()?.to_owned())))
                            .collect();
                    }
                    out.classes = classes;
                    return out;
                }
            }
            // An instance of a class of the program, or a call that wraps what it is given.
            let made: Vec<Object> = code.res.objects(f, value).collect();
            let instance = made.iter().any(|o| matches!(o, Object::Instance(_) | Object::SelfOf(_)));
            if !instance && let Some(first) = args.iter().find(|a| a.kind == ArgKind::Positional) {
                let inner = of_objects(code, f, first.value);
                let nested = matches!(code.op(f, first.value), Op::Call { .. });
                if !inner.functions.is_empty() || !inner.classes.is_empty() || nested {
                    out.wrappers.push((f, value));
                    value = first.value;
                    continue;
                }
            }
        }
        let mut found = of_objects(code, f, value);
        // Which of several it is depends on the alternative.
        if found.functions.len() + found.classes.len() > 1
            && let Known::Object(g, v) = evaluator.value(f, value, cx)
        {
            let exact = of_objects(code, g, v);
            if !exact.functions.is_empty() || !exact.classes.is_empty() {
                found = exact;
            }
        }
        if !found.functions.is_empty() || !found.classes.is_empty() {
            return Handler { wrappers: out.wrappers, ..found };
        }
        match evaluator.value(f, value, cx) {
            Known::Object(g, v) if (g, v) != (f, value) => (f, value) = (g, v),
            Known::Text(name) => match named(code, evaluator, &name, cx) {
                Some(found) => (f, value) = found,
                None => return out,
            },
            _ => return out,
        }
    }
    out
}

/// Puts the controller that a wrapper was given in the place of the wrapper, where the controller alone has the method that answers:
/// `controller=Resource(Servers()), action="index"`.
pub(super) fn unwrap_for(
    code: &Code<'_>,
    evaluator: &Evaluator<'_, '_>,
    (f, value): (FuncId, Value),
    action: &str,
    cx: &Choices,
    handler: &mut Handler,
) {
    let Some(action) = code.res.program.strings.lookup(action) else { return };
    let has = |class: &ClsId| code.res.hierarchy.method(*class, action).is_some();
    if handler.classes.iter().any(has) {
        return;
    }
    let Known::Object(mut g, mut made) = evaluator.value(f, value, cx) else { return };
    for _ in 0..MAX_WRAPPERS {
        let Op::Call { args, .. } = code.op(g, code.plain(g, made)) else { return };
        let Some(first) = args.first() else { return };
        let mut inner = of_objects(code, g, first.value);
        inner.classes.retain(has);
        if !inner.classes.is_empty() {
            handler.classes = inner.classes;
            return;
        }
        let Known::Object(next, value) = evaluator.value(g, first.value, cx) else { return };
        (g, made) = (next, value);
    }
}

/// `package.module.function`, `package.module:Class.method`
pub(super) fn named(
    code: &Code<'_>,
    evaluator: &Evaluator<'_, '_>,
    name: &str,
    _cx: &Choices,
) -> Option<(FuncId, Value)> {
    let (module, member) = name.split_once(':').or_else(|| name.rsplit_once('.'))?;
    let module = evaluator.module_named(module.trim())?;
    let member = member.trim().split(['.', '(', ' ']).next()?;
    code.res.program.single_store(module, code.res.program.strings.lookup(member)?)
}

fn of_objects(code: &Code<'_>, f: FuncId, value: Value) -> Handler {
    let mut out = Handler::default();
    for object in code.res.objects(f, value) {
        match object {
            Object::Function(g) | Object::Bound(g) | Object::Static(g) | Object::ClassMethod(g)
                if !out.functions.contains(&g) =>
            {
                out.functions.push(g);
            }
            Object::Class(c) | Object::SelfClass(c) | Object::Instance(c) | Object::SelfOf(c)
                if !out.classes.contains(&c) =>
            {
                out.classes.push(c);
            }
            _ => {}
        }
    }
    out
}

/// One request that a class answers: method of HTTP, end of the path, the function where the program has one.
pub(super) struct Answered {
    pub(super) methods: Vec<String>,
    pub(super) suffix: String,
    pub(super) function: Option<FuncId>,
}

/// What a class answers: methods that models know of its bases, and methods named after those of HTTP.
pub(super) fn answers(code: &Code<'_>, class: ClsId) -> Vec<Answered> {
    let res = code.res;
    let models = res.models();
    let mut out: Vec<(String, Answered)> = Vec::new();
    for base in res.hierarchy.external_bases(class) {
        for node in res.apis.nodes(*base).iter().filter_map(|n| models.subclass(*n)) {
            for (name, answer) in models.answers(node) {
                if out.iter().any(|(known, _)| known == name) {
                    continue;
                }
                let function = res.program.strings.lookup(name).and_then(|name| res.hierarchy.method(class, name));
                let answered = Answered { methods: answer.methods.clone(), suffix: answer.suffix.clone(), function };
                out.push((name.to_owned(), answered));
            }
        }
    }
    for c in res.hierarchy.order(class) {
        let info = res.program.classes[*c];
        let module = &res.program.modules[info.module];
        for function in module.ir.functions.iter().filter(|g| g.class == Some(info.local)) {
            let name = code.text(function.name);
            let Some(method) = verb(name) else { continue };
            if out.iter().any(|(known, _)| known == name) {
                continue;
            }
            let function = res.hierarchy.own_method(*c, function.name);
            out.push((name.to_owned(), Answered { methods: vec![method.to_owned()], suffix: String::new(), function }));
        }
    }
    out.into_iter().map(|(_, answered)| answered).collect()
}

/// The operation of a function that a library calls, without a registration that says more.
pub(super) fn of_entry(code: &Code<'_>, entry: Entry) -> Operation {
    let f = entry.function;
    let name = code.function_name(f);
    let class = code.res.program.functions[f].class;
    let methods = match (entry.kind, class) {
        (EntryKind::Http, Some(_)) => verb(name).map(str::to_owned).into_iter().collect(),
        _ => Vec::new(),
    };
    // Who calls a remote procedure or a privileged helper names it.
    let path = matches!(entry.kind, EntryKind::Rpc | EntryKind::PrivilegedHelper).then(|| name.to_owned());
    Operation {
        kind: entry.kind,
        methods,
        path,
        functions: vec![f],
        class,
        registered: None,
        wrappers: Vec::new(),
        policy: None,
        assumption: None,
    }
}

/// The place of an operation: its function, its class, or what registers it.
pub(super) fn place(code: &Code<'_>, operation: &Operation) -> Option<Place> {
    if let Some(f) = operation.functions.first() {
        return Some(code.place(*f, code.function(*f).name_span));
    }
    if let Some(class) = operation.class {
        let body = code.res.program.class_body(class);
        return Some(code.place(body, code.function(body).name_span));
    }
    operation.registered.map(|(f, v)| code.place(f, code.span(f, v)))
}

#[cfg(test)]
mod tests {
    use super::verb;

    #[test]
    fn functions_are_named_after_methods() {
        assert_eq!(verb("get"), Some("GET"));
        assert_eq!(verb("do_GET"), Some("GET"));
        assert_eq!(verb("on_post"), Some("POST"));
        assert_eq!(verb("on_get_item"), Some("GET"));
        assert_eq!(verb("get_items"), None);
        assert_eq!(verb("Get"), None);
    }
}
