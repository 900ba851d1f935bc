//! Secret columns among the fields that an interface shows: serializers that give back what nobody is to read.
//!
//! - A *serializer* takes the fields of a stored class that its `Meta` lists, or all of them, reads them from requests, and writes them to
//!   answers unless they are declared *write only*.

use crate::access::assignment::{fields, is_model};
use crate::code::{Code, Defect, words};
use crate::settings::false_if;
use crate::{Check, Examined, check};
use assay_finding::{Confidence, Outcome};
use assay_ir::{ArgKind, Const, Op, Value};
use assay_resolve::{FuncId, Object};

pub(crate) fn examine(code: &Code<'_>, out: &mut Vec<Examined>) {
    let Some(check) = check("secret-field-shown") else { return };
    for class in code.res.program.classes.ids() {
        let body = code.res.program.class_body(class);
        if code.text(code.res.program.class(class).name) == "Meta" && !code.in_test(body) {
            out.extend(judged(code, check, body));
        }
    }
}

/// Whether a name is that of something that nobody is to read, its owner included.
fn is_secret(name: &str) -> bool {
    let parts = words(name);
    let has = |word: &str| parts.iter().any(|w| w == word);
    // When it was set, or whether there is one, is no secret.
    let about = [
        "at", "date", "set", "changed", "expired", "expires", "expiry", "hint", "policy", "id", "url", "has", "is",
        "can", "settings", "must", "required", "enabled",
    ];
    (has("password") || has("passwd") || has("secret") || has("private") && has("key") || has("totp"))
        && !about.iter().any(|w| has(w))
}

/// A serializer's list of fields.
fn judged(code: &Code<'_>, check: &'static Check, body: FuncId) -> Option<Examined> {
    let module = code.res.program.functions[body].module;
    let outer = code.res.program.func_id(module, code.function(body).parent?);
    let serializer = code.class_of_body(outer)?;
    let derives = code.res.hierarchy.external_bases(serializer).iter().any(|base| {
        let name = code.api(*base);
        name.starts_with("rest_framework.") && name.contains("Serializer") || name.ends_with("ninja.ModelSchema")
    });
    if !derives {
        return None;
    }
    let set = |f: FuncId, wanted: &str| {
        code.function(f).insts.iter().find_map(|i| match i.op {
            Op::StoreName(name, value) if code.text(name) == wanted => Some((value, i.span)),
            _ => None,
        })
    };
    let (listed, span) = set(body, "fields")?;
    let (model, _) = set(body, "model")?;
    let model = code.objects(body, model).into_iter().find_map(|o| match o {
        Object::Class(c) if is_model(code, c) => Some(c),
        _ => None,
    });
    let names: Vec<&str> = match code.op(body, code.plain(body, listed)) {
        Op::Const(Const::Str(text)) if code.text(*text) == "__all__" => {
            let model = model?;
            let mut all = fields(code, model);
            let user = code.res.hierarchy.external_bases(model).iter();
            if user.into_iter().any(|base| code.api(*base).contains("auth.models.")) {
                all.push("password");
            }
            all
        }
        Op::Collection(_, elements) => elements.iter().filter_map(|e| code.literal(body, e.value)).collect(),
        _ => return None,
    };
    let mut secret: Vec<&str> = names.into_iter().filter(|n| is_secret(n)).collect();
    secret.sort_unstable();
    secret.dedup();
    let mut hidden: Vec<&str> = Vec::new();
    if let Some((options, _)) = set(body, "extra_kwargs") {
        hidden.extend(code.string_keys_with(body, options, "write_only")?);
    }
    for option in ["write_only_fields", "exclude"] {
        let Some((value, _)) = set(body, option) else { continue };
        match code.op(body, value) {
            Op::Collection(_, elements) => hidden.extend(elements.iter().filter_map(|e| code.literal(body, e.value))),
            _ => return None,
        }
    }
    // What the serializer does to answers itself is its own affair.
    let own_answer = ["to_representation", "to_internal_value"].iter().any(|name| {
        let method = code.res.program.strings.lookup(name);
        method.is_some_and(|m| code.res.hierarchy.method(serializer, m).is_some())
    });
    if own_answer {
        return None;
    }
    let declared = |name: &str| {
        let mut order = code.res.hierarchy.order(serializer).iter();
        order.any(|base| {
            let of = code.res.program.class_body(*base);
            set(of, name).is_some_and(|(value, _)| says_write_only(code, of, value))
        })
    };
    let total = secret.len();
    secret.retain(|name| !hidden.contains(name) && !declared(name));
    if total == 0 {
        return None;
    }
    let name = code.text(code.res.program.class(serializer).name);
    if secret.is_empty() {
        let detail = "its secret fields are declared write only".to_owned();
        return Some(code.closed(check, body, span, name, Outcome::Safe, "write-only", detail));
    }
    let shown = secret.join("`, `");
    let title = format!("`{name}` shows `{shown}` to whoever reads what it serializes");
    let message = format!(
        "`{name}` writes the fields that it takes to answers, too, and `{shown}` is not declared `write_only`: an answer holds what is stored there."
    );
    let mut defect = Defect::potential("secret-shown", title, message);
    defect.confidence = Confidence::Medium;
    "fields that are shown".clone_into(&mut defect.step);
    defect.assumptions.push("an answer is made with this serializer".to_owned());
    defect.false_if = false_if(check);
    defect.value = shown;
    Some(code.defect(check, body, span, "fields", defect))
}

/// Whether a field is declared so that it is never shown, or by something that is not read.
fn says_write_only(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    match code.op(f, code.plain(f, value)) {
        Op::Call { args, .. } => {
            args.iter().any(|a| match a.kind {
                ArgKind::Keyword(name) => {
                    code.text(name) == "write_only" && matches!(code.op(f, a.value), Op::Const(Const::Bool(true)))
                }
                ArgKind::KeywordSpread => true,
                _ => false,
            }) || code.callee(f, value).ends_with("MethodField")
        }
        _ => true,
    }
}

impl<'a> Code<'a> {
    /// The keys of a dictionary of dictionaries under which an option is true; `None` when it is not written down.
    fn string_keys_with(&self, f: FuncId, value: Value, option: &str) -> Option<Vec<&'a str>> {
        let Op::Dict(entries) = self.op(f, self.plain(f, value)) else { return None };
        let mut out = Vec::new();
        for (key, value) in entries {
            let key = self.literal(f, (*key)?)?;
            let Op::Dict(options) = self.op(f, self.plain(f, *value)) else { return None };
            let holds = options.iter().any(|(k, v)| {
                k.and_then(|k| self.literal(f, k)) == Some(option)
                    && matches!(self.op(f, *v), Op::Const(Const::Bool(true)))
            });
            if holds {
                out.push(key);
            }
        }
        Some(out)
    }
}
