//! Bodies that a package parses as JSON for the programs that use it, whatever type the request gives them.
//!
//! - A *form of another site* can post any text without a question to the server, as long as it calls it `text/plain`, and so can a script.
//!   Only what is called `application/json` makes the browser ask first.
//! - A *request* is an object of a library that serves, or a parameter called so in a module that imports such a library.
//! - The type is *asked for* where the function, one around it or one that calls it reads it.
//!
//! Programs with routes of their own are judged as a whole (`csrf-exemption`).

use crate::code::{Code, Defect};
use crate::surface::AttackSurface;
use crate::{Check, Examined};
use assay_finding::{Confidence, Outcome};
use assay_index::FxHashSet;
use assay_ir::{ArgKind, CompareOp, Const, Op, Value};
use assay_models::EntryKind;
use assay_resolve::{FuncId, ModuleId};

/// Steps from a text to the body that it is.
const MAX_STEPS: u32 = 6;
/// Functions around a parser that may ask for the type: levels of callers, and how many.
const MAX_LEVELS: u32 = 3;
const MAX_AROUND: usize = 32;
/// Libraries whose requests come from browsers.
const SERVERS: &[&str] = &[
    "flask",
    "quart",
    "werkzeug",
    "django",
    "rest_framework",
    "pyramid",
    "webob",
    "webapp2",
    "starlette",
    "fastapi",
    "bottle",
    "falcon",
    "aiohttp.web",
    "tornado",
    "sanic",
    "cherrypy",
];
/// Functions that parse JSON.
const LOADERS: &[&str] = &[
    "json.loads",
    "simplejson.loads",
    "ujson.loads",
    "orjson.loads",
    "rapidjson.loads",
    "flask.json.loads",
    "msgspec.json.decode",
];
/// Attributes that say what type a body has.
const TYPES: &[&str] =
    &["content_type", "mimetype", "is_json", "content_mimetype", "media_type", "get_content_maintype"];

pub(crate) fn examine(code: &Code<'_>, surface: &AttackSurface, out: &mut Vec<Examined>) {
    let Some(check) = crate::check("json-of-any-type") else { return };
    let route = |o: &crate::surface::Operation| {
        o.kind == EntryKind::Http
            && (o.path.is_some() || o.registered.is_some())
            && o.functions.iter().any(|f| !code.in_test(*f))
    };
    if surface.operations.iter().any(route) {
        return;
    }
    let serving = serving(code);
    for f in code.res.program.functions.ids() {
        let module = code.res.program.functions[f].module;
        if code.in_test(f) {
            continue;
        }
        let cx = Bodies { code, serving: serving.contains(&module) };
        for (value, inst) in code.function(f).insts.iter_enumerated() {
            match &inst.op {
                Op::Call { .. } if cx.serving && cx.parses_body(f, value) => cx.examine_parser(check, f, value, out),
                Op::Compare(CompareOp::In | CompareOp::NotIn, part, whole)
                    if code.literal(f, *part).is_some_and(is_json) && cx.is_type(f, *whole, MAX_STEPS) =>
                {
                    cx.examine_comparison(check, f, value, out);
                }
                _ => {}
            }
        }
    }
}

fn is_json(text: &str) -> bool {
    matches!(text.to_ascii_lowercase().as_str(), "application/json" | "text/json" | "/json")
}

/// The modules that import a library that serves.
fn serving(code: &Code<'_>) -> FxHashSet<ModuleId> {
    let program = &code.res.program;
    let serves = |name: &str| {
        SERVERS.iter().any(|s| name == *s || name.strip_prefix(s).is_some_and(|rest| rest.starts_with('.')))
    };
    let mut out = FxHashSet::default();
    for f in program.functions.ids() {
        let imports = program.function(f).insts.iter().any(|inst| match &inst.op {
            Op::Import { module, .. } => serves(code.text(*module)),
            Op::ImportFrom { module, level: 0, name } => {
                let module = code.text(*module);
                serves(module) || serves(&format!("{module}.{}", code.text(*name)))
            }
            _ => false,
        });
        if imports {
            out.insert(program.functions[f].module);
        }
    }
    out
}

struct Bodies<'c, 'a> {
    code: &'c Code<'a>,
    /// Whether the module imports a library that serves.
    serving: bool,
}

impl Bodies<'_, '_> {
    /// Whether a value is a request that came in.
    fn is_request(&self, f: FuncId, value: Value) -> bool {
        let code = self.code;
        let value = code.plain(f, value);
        let served =
            |name: &str| SERVERS.iter().any(|s| name.starts_with(s)) && name.to_ascii_lowercase().contains("request");
        match code.op(f, value) {
            Op::Param(index) => {
                let named = code
                    .function(f)
                    .params
                    .get(*index as usize)
                    .is_some_and(|p| matches!(code.text(p.name), "req" | "request" | "http_request"));
                named && self.serving || code.res.apis_of(f, value).any(|api| served(code.api(api)))
            }
            Op::Attr(_, name) if code.text(*name) == "request" => self.serving,
            _ => code.res.apis_of(f, value).any(|api| served(code.api(api))),
        }
    }

    /// Whether a call parses the body of a request as JSON.
    fn parses_body(&self, f: FuncId, call: Value) -> bool {
        let code = self.code;
        let Op::Call { func, args } = code.op(f, call) else { return false };
        if let Op::Attr(base, method) = code.op(f, *func) {
            let awaited = || code.function(f).insts.iter().any(|i| matches!(i.op, Op::Await(v) if v == call));
            match code.text(*method) {
                // Those of Starlette and aiohttp parse anything; the others are no calls, or look at the type.
                "json" if awaited() => return self.is_request(f, *base),
                "get_json" => {
                    let forced = args.iter().any(|a| {
                        matches!(a.kind, ArgKind::Keyword(name) if code.text(name) == "force")
                            && matches!(code.op(f, a.value), Op::Const(Const::Bool(true)))
                    });
                    return forced && self.is_request(f, *base);
                }
                _ => {}
            }
        }
        let Some(first) = args.first() else { return false };
        self.is_loader(f, call) && self.is_body(f, first.value, MAX_STEPS)
    }

    /// Whether a call is one of a function that parses JSON, of a library or of the program.
    fn is_loader(&self, f: FuncId, call: Value) -> bool {
        let code = self.code;
        let Some(targets) = code.res.call(f, call) else { return false };
        let loads = |name: &str| LOADERS.contains(&name);
        targets.apis.iter().any(|api| loads(code.api(*api)))
            || targets.functions.iter().any(|t| {
                let g = t.function;
                code.function_name(g).to_ascii_lowercase().contains("json")
                    && code.res.calls(g).iter().any(|(_, inner)| inner.apis.iter().any(|api| loads(code.api(*api))))
            })
    }

    /// Whether a value is the body of a request.
    fn is_body(&self, f: FuncId, value: Value, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let code = self.code;
        let value = code.plain(f, value);
        match code.op(f, value) {
            Op::Await(inner) => self.is_body(f, *inner, depth),
            Op::Phi(inputs) => inputs.iter().any(|(_, v)| *v != value && self.is_body(f, *v, depth)),
            Op::Attr(base, name) => {
                matches!(code.text(*name), "data" | "body" | "raw_body" | "text") && self.is_request(f, *base)
            }
            Op::Call { func, .. } => {
                let Op::Attr(base, method) = code.op(f, *func) else { return false };
                match code.text(*method) {
                    "decode" | "strip" => self.is_body(f, *base, depth),
                    "get_data" | "body" | "get_body" | "text" => self.is_request(f, *base),
                    "read" => {
                        self.is_request(f, *base)
                            || matches!(code.op(f, *base), Op::Attr(request, name)
                                if matches!(code.text(*name), "stream" | "body" | "bounded_stream" | "body_file")
                                    && self.is_request(f, *request))
                    }
                    _ => false,
                }
            }
            _ => false,
        }
    }

    /// Whether a value is the type that a request gives its body, parameters included.
    fn is_type(&self, f: FuncId, value: Value, depth: u32) -> bool {
        let Some(depth) = depth.checked_sub(1) else { return false };
        let code = self.code;
        let value = code.plain(f, value);
        let names = |v: Value| code.literal(f, v);
        let headers = |v: Value| matches!(code.op(f, v), Op::Attr(request, name) if code.text(*name) == "headers" && self.is_request(f, *request));
        match code.op(f, value) {
            Op::Phi(inputs) => inputs.iter().any(|(_, v)| *v != value && self.is_type(f, *v, depth)),
            Op::Attr(base, name) => code.text(*name) == "content_type" && self.is_request(f, *base),
            Op::Item(base, key) => names(*key).is_some_and(|name| {
                name == "CONTENT_TYPE" || name.eq_ignore_ascii_case("content-type") && headers(*base)
            }),
            Op::Call { func, args } => {
                let Op::Attr(base, method) = code.op(f, *func) else { return false };
                match code.text(*method) {
                    "lower" | "strip" | "decode" => self.is_type(f, *base, depth),
                    "get" => args.first().and_then(|a| names(a.value)).is_some_and(|name| {
                        name == "CONTENT_TYPE" || name.eq_ignore_ascii_case("content-type") && headers(*base)
                    }),
                    _ => false,
                }
            }
            _ => false,
        }
    }

    fn examine_parser(&self, check: &'static Check, f: FuncId, call: Value, out: &mut Vec<Examined>) {
        let code = self.code;
        let (span, api) = (code.span(f, call), code.callee(f, call));
        if let Some((g, asks)) = asked_for(code, f) {
            let detail = format!("`{}` in `{}`", code.shown_value(g, asks), code.function_name(g));
            out.push(code.closed(check, f, span, &api, Outcome::Safe, "type-asked-for", detail));
            return;
        }
        let title = "A body is parsed as JSON whatever type the request gives it".to_owned();
        let message = format!(
            "`{}` takes the body of a request for JSON, and neither this function nor one that calls it reads the type.",
            code.shown(f, span)
        );
        self.report(check, f, (call, &api), Defect::potential("any-type", title, message), out);
    }

    fn examine_comparison(&self, check: &'static Check, f: FuncId, value: Value, out: &mut Vec<Examined>) {
        let code = self.code;
        let title = "A type that only contains `application/json` passes for JSON".to_owned();
        let message = format!(
            "`{}` looks for the type anywhere in the header: `text/plain;application/json` passes.",
            code.shown_value(f, value)
        );
        let mut defect = Defect::potential("part-of-type", title, message);
        "the header is searched for the type".clone_into(&mut defect.step);
        let api = code.shown_value(f, value);
        self.report(check, f, (value, &api), defect, out);
    }

    fn report(
        &self,
        check: &'static Check,
        f: FuncId,
        (at, api): (Value, &str),
        mut defect: Defect,
        out: &mut Vec<Examined>,
    ) {
        defect.confidence = Confidence::Medium;
        defect.assumptions.push(
            "programs that use the package let in by a cookie, and change something by what is parsed".to_owned(),
        );
        defect.false_if.push("such programs ask for a token against forged requests".to_owned());
        let code = self.code;
        out.push(code.defect(check, f, code.span(f, at), api, defect));
    }
}

/// What asks for the type of the body: in a function, one around it, or one that calls these.
fn asked_for(code: &Code<'_>, f: FuncId) -> Option<(FuncId, Value)> {
    let program = &code.res.program;
    let mut around = vec![f];
    let mut level = vec![f];
    for _ in 0..MAX_LEVELS {
        let mut next = Vec::new();
        for g in level {
            let parent = program.function(g).parent.map(|p| program.func_id(program.functions[g].module, p));
            let callers = code.callers(g).iter().map(|c| c.function);
            for h in parent.into_iter().filter(|p| program.function(*p).is_callable()).chain(callers) {
                if !around.contains(&h) && around.len() < MAX_AROUND {
                    around.push(h);
                    next.push(h);
                }
            }
        }
        level = next;
    }
    around.into_iter().find_map(|g| asks(code, g).map(|value| (g, value)))
}

fn asks(code: &Code<'_>, f: FuncId) -> Option<Value> {
    let about = |name: &str| {
        let plain = name.to_ascii_lowercase().replace('-', "_");
        TYPES.contains(&plain.as_str()) || plain.ends_with("content_type") || plain.starts_with("is_json")
    };
    code.function(f).insts.iter_enumerated().find_map(|(value, inst)| {
        let found = match &inst.op {
            Op::Attr(_, name) | Op::Global(name) => about(code.text(*name)),
            Op::Const(Const::Str(text) | Const::Bytes(text)) => about(code.text(*text)),
            // A signature or a header that browsers do not add by themselves does as well.
            Op::Call { .. } => {
                let name = code.callee(f, value);
                let last = name.rsplit('.').next().unwrap_or(&name);
                about(last) || last.contains("signature") || last == "compare_digest"
            }
            _ => false,
        };
        found.then_some(value)
    })
}
