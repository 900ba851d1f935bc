//! Options of frameworks that are set by their names: in a settings module, a class of settings, or the
//! configuration of an application.
//!
//! - A *settings module* is one that a framework reads its options from; what else it sets tells which framework.
//! - What is named for development, tests or examples is meant to be open.

use crate::code::{Code, Defect, words};
use crate::settings::false_if;
use crate::subject::{Candidate, Subject};
use crate::{Check, Examined, Good, Wanted, check};
use assay_finding::{Confidence, Outcome, Severity};
use assay_index::{FxHashMap, FxHashSet};
use assay_ir::{ArgKind, Const, FunctionKind, Op, Value};
use assay_models::{Condition, OptionModel};
use assay_resolve::{FuncId, Object};
use assay_text::Role;

/// Options that nearly every project of a framework sets.
const MARKERS: &[(&str, &[&str])] = &[
    (
        "django",
        &[
            "INSTALLED_APPS",
            "ROOT_URLCONF",
            "MIDDLEWARE",
            "MIDDLEWARE_CLASSES",
            "DATABASES",
            "TEMPLATES",
            "WSGI_APPLICATION",
            "STATIC_URL",
        ],
    ),
    (
        "flask",
        &[
            "SECRET_KEY",
            "SQLALCHEMY_DATABASE_URI",
            "SQLALCHEMY_TRACK_MODIFICATIONS",
            "WTF_CSRF_ENABLED",
            "SESSION_COOKIE_NAME",
            "PERMANENT_SESSION_LIFETIME",
            "MAX_CONTENT_LENGTH",
        ],
    ),
];
/// Markers that make a module a settings module.
const ENOUGH: usize = 2;

const DEVELOPMENT: &[&str] = &[
    "dev",
    "devel",
    "develop",
    "development",
    "developer",
    "devserver",
    "devstack",
    "local",
    "localhost",
    "test",
    "tests",
    "testing",
    "unittest",
    "debug",
    "debugger",
    "example",
    "examples",
    "sample",
    "demo",
    "ci",
    "sandbox",
    "playground",
    "integration",
    "e2e",
    "mock",
];

/// The word in the name of a place that says that it is for development only.
pub(crate) fn for_development(code: &Code<'_>, f: FuncId) -> Option<String> {
    let role = code.texts.role(code.file(f));
    if matches!(role, Role::Test | Role::Example) {
        return Some(role.name().to_owned());
    }
    let module = code.res.program.module_of(f);
    // The name of the package is the project's, and says nothing.
    let name = code.text(module.name);
    let own = name.split_once('.').map_or(name, |(_, rest)| rest);
    let scope = code.res.program.qualified_name(f);
    let scope = scope.strip_prefix(name).unwrap_or(&scope).to_owned();
    let named = |text: &str| words(text).into_iter().find(|w| DEVELOPMENT.contains(&w.as_str()));
    named(own).or_else(|| named(&scope))
}

/// An option that is set, and where.
struct Set<'a> {
    function: FuncId,
    name: &'a str,
    value: Value,
    framework: &'static str,
}

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let options = code.res.models().options();
    if options.is_empty() {
        return;
    }
    let mut by_name: FxHashMap<&str, Vec<&OptionModel>> = FxHashMap::default();
    for option in options {
        by_name.entry(option.name.as_str()).or_default().push(option);
    }
    for f in code.res.program.functions.ids() {
        let set = options_of(code, f);
        if set.is_empty() {
            continue;
        }
        let mut done: FxHashSet<(&str, &str)> = FxHashSet::default();
        for (index, option) in set.iter().enumerate() {
            // What is set again later is what holds.
            if set[index + 1..].iter().any(|later| later.name == option.name && later.framework == option.framework) {
                continue;
            }
            for row in by_name.get(option.name).into_iter().flatten().filter(|r| r.framework == option.framework) {
                let Some(check) = check(&row.check) else { continue };
                if done.insert((option.name, check.id.as_str())) {
                    out.push(judged(code, check, row, option, &set));
                }
            }
        }
    }
}

/// The options that a function sets, in the order of the code.
fn options_of<'a>(code: &Code<'a>, f: FuncId) -> Vec<Set<'a>> {
    let function = code.function(f);
    let mut out = Vec::new();
    let in_class = matches!(function.kind, FunctionKind::ClassBody(_));
    if matches!(function.kind, FunctionKind::ModuleBody) || in_class {
        let named: Vec<(&'a str, Value)> = function
            .insts
            .iter()
            .filter_map(|inst| match &inst.op {
                Op::StoreGlobal(name, Some(value)) if !in_class => Some((code.text(*name), *value)),
                Op::StoreName(name, value) if in_class => Some((code.text(*name), *value)),
                _ => None,
            })
            .filter(|(name, _)| name.bytes().all(|b| b.is_ascii_uppercase() || b.is_ascii_digit() || b == b'_'))
            .collect();
        if let Some(framework) = framework_of(code, f, &named) {
            out.extend(named.into_iter().map(|(name, value)| Set { function: f, name, value, framework }));
        }
    }
    for inst in &function.insts {
        match &inst.op {
            Op::StoreItem { base, key, value } => {
                if let Some(name) = code.literal(f, *key)
                    && is_configuration(code, f, *base)
                {
                    out.push(Set { function: f, name, value: *value, framework: "flask" });
                }
            }
            Op::Call { func, args } => {
                if let Op::Attr(base, method) = function.op(*func)
                    && ["update", "from_mapping"].contains(&code.text(*method))
                    && is_configuration(code, f, *base)
                {
                    out.extend(args.iter().filter_map(|a| match a.kind {
                        ArgKind::Keyword(name) => {
                            Some(Set { function: f, name: code.text(name), value: a.value, framework: "flask" })
                        }
                        _ => None,
                    }));
                }
            }
            _ => {}
        }
    }
    out
}

/// The framework whose settings a module or class holds.
fn framework_of(code: &Code<'_>, f: FuncId, named: &[(&str, Value)]) -> Option<&'static str> {
    let has = |marker: &&&str| {
        named.iter().any(|(name, value)| {
            // The defaults of a framework itself have the names, and nothing under them.
            let empty = match code.op(f, *value) {
                Op::Collection(_, elements) => elements.is_empty(),
                Op::Dict(entries) => entries.is_empty(),
                Op::Const(constant) => !matches!(constant, Const::Str(text) if !code.text(*text).is_empty()),
                _ => false,
            };
            name == *marker && !empty
        })
    };
    let mut best = None;
    for (framework, markers) in MARKERS {
        let count = markers.iter().filter(has).count();
        // A module that takes the rest from another one is one by its name.
        let extends = code.function(f).insts.iter().any(|i| matches!(i.op, Op::ImportStar { .. }))
            && words(code.text(code.res.program.module_of(f).name)).iter().any(|w| w.starts_with("setting"));
        let wanted = if *framework == "django" && extends { 0 } else { ENOUGH };
        if count >= wanted && best.is_none_or(|(_, had)| count > had) {
            best = Some((*framework, count));
        }
    }
    best.map(|(framework, _)| framework)
}

/// Whether a value is the configuration of an application: an instance of the framework's class, or an
/// attribute `config` of an application.
fn is_configuration(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    code.res.objects(f, value).any(|o| matches!(o, Object::Api(api) if code.api(api).starts_with("flask.") && code.api(api).to_lowercase().ends_with("config")))
        || matches!(code.op(f, value), Op::Attr(base, name) if code.text(*name) == "config"
            && crate::secrets::name_of(code, f, *base).is_some_and(|n| n == "app" || n.ends_with("_app")))
}

fn judged(code: &Code<'_>, check: &'static Check, row: &OptionModel, option: &Set<'_>, all: &[Set<'_>]) -> Examined {
    let f = option.function;
    let span = code.span(f, option.value);
    let name = option.name;
    let shown = code.shown_value(f, option.value);
    let judge = |value: Value, condition: &Condition| {
        let candidates = code.candidates(f, value);
        let answers: Vec<Option<bool>> =
            candidates.iter().map(|c| code.judge(f, &[], &c.subject, Some(c.end), condition)).collect();
        // The environment, or a branch, decides.
        if answers.iter().all(|a| *a == Some(true)) {
            Some(true)
        } else if answers.contains(&Some(true)) {
            None
        } else {
            answers.first().copied().flatten()
        }
    };
    let besides = row.besides.as_ref().map(|(other, condition)| {
        let found = all.iter().rev().find(|o| o.name == other && o.framework == option.framework);
        found.map_or_else(
            || code.judge(f, &[], &Subject::Missing, None, condition),
            |found| judge(found.value, condition),
        )
    });
    let answer = match (judge(option.value, &row.condition), besides) {
        (Some(true), None | Some(Some(true))) => Some(true),
        (Some(false), _) | (_, Some(Some(false))) => Some(false),
        _ => None,
    };
    match answer {
        Some(false) => {
            code.closed(check, f, span, name, Outcome::Safe, "validated-setting", format!("`{name} = {shown}`"))
        }
        None => code.closed(
            check,
            f,
            span,
            name,
            Outcome::NotObserved,
            "value-unknown",
            format!("`{name} = {shown}`: its value is not known here"),
        ),
        Some(true) => {
            if let Some(word) = for_development(code, f) {
                let detail = format!("`{word}` says that it is for development");
                return code.closed(check, f, span, name, Outcome::Safe, "development", detail);
            }
            if let Some(module) = overridden_in(code, row, option) {
                let detail = format!("`{module}` takes these settings and sets `{name}` otherwise");
                return code.closed(check, f, span, name, Outcome::Safe, "overridden", detail);
            }
            let with =
                row.besides.as_ref().map(|(other, _)| format!(", with `{other}` set so besides")).unwrap_or_default();
            let title = format!("`{name}` is set to `{shown}`{with}");
            let mut defect = Defect::potential("setting", title.clone(), format!("{title}."));
            defect.confidence = Confidence::Medium;
            defect.assumptions.push("no other settings override it in production".to_owned());
            defect.false_if = false_if(check);
            if check.id == "insecure-cookie" {
                defect.severity = Some(Severity::Low);
            }
            defect.value = shown;
            if matches!(code.op(f, option.value), Op::Const(_)) {
                let good = Good::opposite(&row.condition);
                let (api, name) = (name.to_owned(), name.to_owned());
                defect.wanted = Some(Wanted { span, api, name, value: Some(span), good });
            }
            code.defect(check, f, span, name, defect)
        }
    }
}

/// The module that imports all names of the one where an option is set, and sets it to something harmless itself: the
/// settings for production beside those that all share.
fn overridden_in(code: &Code<'_>, row: &OptionModel, option: &Set<'_>) -> Option<String> {
    let program = &code.res.program;
    let module = program.functions[option.function].module;
    program.functions.ids().find_map(|f| {
        let owner = program.functions[f].module;
        if code.function(f).kind != FunctionKind::ModuleBody || owner == module || for_development(code, f).is_some() {
            return None;
        }
        let taken = program.modules[owner].star_imports().iter().any(|(name, level)| {
            let target = program.absolute_name(owner, *name, *level);
            let found = program.strings.lookup(&target).and_then(|target| program.imported(owner, target));
            found == Some(module)
        });
        let set = taken.then(|| options_of(code, f))?;
        let last = set.iter().rev().find(|o| o.name == option.name && o.framework == option.framework)?;
        let candidates = code.candidates(f, last.value);
        let harmless = |c: &Candidate| code.judge(f, &[], &c.subject, Some(c.end), &row.condition) == Some(false);
        (!candidates.is_empty() && candidates.iter().all(harmless))
            .then(|| code.text(program.modules[owner].name).to_owned())
    })
}

#[cfg(test)]
mod tests {
    use crate::harness::examine;
    use assay_finding::Outcome;

    #[test]
    fn settings_that_production_overrides_are_safe() {
        let common = "ROOT_URLCONF = 'shop.urls'\nINSTALLED_APPS = ['shop']\nDEBUG = True\n";
        let product = "from settings_common import *\n\nDEBUG = False\n";
        let judged = |files: &[(&str, &str)]| {
            let seen = examine(files);
            let site =
                seen.iter().find(|s| s.check == "debug-mode" && s.module == "settings_common").map(|s| s.outcome);
            site.unwrap_or(Outcome::NotObserved)
        };
        assert_eq!(judged(&[("settings_common", common)]), Outcome::Potential);
        assert_eq!(judged(&[("settings_common", common), ("settings_product", product)]), Outcome::Safe);
        assert_eq!(judged(&[("settings_common", common), ("settings_development", product)]), Outcome::Potential);
    }
}
