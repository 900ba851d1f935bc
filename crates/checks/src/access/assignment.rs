//! Fields that a request sets although it should not.
//!
//! - *Mass assignment*: a stored object takes all that a request holds, and so whatever field a client names.
//! - A *privileged* field says what somebody may do, or whose something is.

use super::guards::Guards;
use crate::code::{Code, Defect, words};
use crate::settings::false_if;
use crate::{Check, Examined, check};
use assay_finding::{Confidence, Outcome, Severity};
use assay_index::FxHashSet;
use assay_ir::{ArgKind, Const, Op, Value};
use assay_models::{AccessKind, SourceKind};
use assay_resolve::{ClsId, FuncId, Object};

/// Definitions from a use back to the request.
const MAX_STEPS: u32 = 8;

/// Attributes of a request that hold everything a client sent in one place.
const WHOLE: &[&str] = &[
    "POST",
    "GET",
    "data",
    "json",
    "form",
    "values",
    "args",
    "body",
    "query_params",
    "json_body",
    "params",
    "QUERY_PARAMS",
];
/// Methods that give the same data in another form.
const SAME: &[&str] = &[
    "dict",
    "copy",
    "to_dict",
    "get_json",
    "items",
    "json",
    "form",
    "loads",
    "load",
    "dict_of_lists",
    "decode",
    "get_data",
    "get_json_body",
];

pub(crate) fn examine(code: &Code<'_>, guards: &Guards, out: &mut Vec<Examined>) {
    let Some(check) = check("mass-assignment") else { return };
    for f in code.res.program.functions.ids().filter(|f| !code.in_test(*f)) {
        if code.res.program.module_of(f).template {
            continue;
        }
        for (value, inst) in code.function(f).insts.iter_enumerated() {
            if let Op::StoreAttr { base, name, value: set } = inst.op {
                out.extend(privilege_set(code, check, guards, f, value, (base, code.text(name), set)));
            }
            if let Op::Call { func, args } = &inst.op {
                if let [all] = args.as_slice()
                    && all.kind == ArgKind::Positional
                    && matches!(code.op(f, *func), Op::Attr(base, n) if code.text(*n) == "update" && matches!(code.op(f, *base), Op::Call { .. }))
                {
                    out.extend(spread(code, check, f, value, *func, all.value));
                }
                for arg in args {
                    match arg.kind {
                        ArgKind::KeywordSpread => {
                            out.extend(spread(code, check, f, value, *func, arg.value));
                            out.extend(declared_privilege(code, check, guards, f, value, *func, arg.value));
                        }
                        ArgKind::Keyword(name) => {
                            out.extend(privilege(code, check, f, value, *func, code.text(name), arg.value));
                        }
                        _ => {}
                    }
                }
            }
        }
    }
    let administrators = forms_of_administrators(code);
    for class in code.res.program.classes.ids() {
        out.extend(all_fields(code, check, &administrators, class));
    }
}

/// The forms that only the pages of administrators use: what a class of the admin site names as its form.
fn forms_of_administrators(code: &Code<'_>) -> FxHashSet<ClsId> {
    let mut out = FxHashSet::default();
    for class in code.res.program.classes.ids() {
        let bases = code.res.hierarchy.external_bases(class);
        if !bases.iter().any(|b| code.api(*b).starts_with("django.contrib.") && code.api(*b).contains("admin")) {
            continue;
        }
        let body = code.res.program.class_body(class);
        for inst in &code.function(body).insts {
            let Op::StoreName(name, value) = inst.op else { continue };
            if matches!(code.text(name), "form" | "add_form" | "change_form") {
                out.extend(code.objects(body, value).into_iter().filter_map(|o| match o {
                    Object::Class(form) => Some(form),
                    _ => None,
                }));
            }
        }
    }
    out
}

/// Whether instances of a class stand for somebody: a user, or what belongs to one user.
fn is_of_person(code: &Code<'_>, class: ClsId) -> bool {
    let of_accounts = |c: ClsId| {
        code.res.hierarchy.external_bases(c).iter().any(|base| {
            let name = code.api(*base);
            name.contains("auth.models.") && !name.ends_with(".Group") && !name.ends_with(".Permission")
                || name.contains("auth.base_user.")
        })
    };
    let account = |body: FuncId, value: Value| {
        code.literal(body, value).is_some_and(|n| n.ends_with("User"))
            || code.shown_value(body, value).ends_with("AUTH_USER_MODEL")
            || code.shown_value(body, value).ends_with("get_user_model()")
            || code.res.apis_of(body, value).any(|a| code.api(a).ends_with("auth.models.User"))
            || code.objects(body, value).into_iter().any(|o| matches!(o, Object::Class(c) if of_accounts(c)))
    };
    let related = |base: &ClsId| {
        let body = code.res.program.class_body(*base);
        code.function(body).insts.iter().any(|inst| {
            let Op::StoreName(_, value) = inst.op else { return false };
            let Op::Call { args, .. } = code.op(body, value) else { return false };
            let one = code.callee(body, value);
            (one.ends_with("ForeignKey") || one.ends_with("OneToOneField"))
                && args.iter().any(|a| {
                    let to = match a.kind {
                        ArgKind::Positional => true,
                        ArgKind::Keyword(name) => code.text(name) == "to",
                        _ => false,
                    };
                    to && account(body, a.value)
                })
        })
    };
    of_accounts(class) || code.res.hierarchy.order(class).iter().any(related)
}

/// Whether a name says what somebody may do.
fn is_privilege(name: &str) -> bool {
    matches!(
        name,
        "is_admin"
            | "is_superuser"
            | "is_staff"
            | "superuser"
            | "admin"
            | "role"
            | "roles"
            | "is_owner"
            | "permissions"
            | "user_permissions"
            | "groups"
            | "is_active"
            | "is_verified"
            | "is_approved"
            | "verified"
            | "approved"
            | "privileges"
            | "is_moderator"
            | "balance"
            | "credits"
    )
}

/// Whether a privilege of this name is one of persons; a device or a document may well have a role, too.
fn is_personal(name: &str) -> bool {
    matches!(name, "role" | "roles" | "groups" | "permissions" | "user_permissions" | "privileges")
}

/// Whether a name says whose something is.
fn is_ownership(name: &str) -> bool {
    matches!(
        name,
        "owner"
            | "owner_id"
            | "user"
            | "user_id"
            | "tenant"
            | "tenant_id"
            | "project_id"
            | "organization"
            | "organization_id"
            | "created_by"
            | "author"
    )
}

/// All that a request holds, as one mapping; the code of it.
fn whole_request(code: &Code<'_>, f: FuncId, value: Value, steps: u32) -> Option<String> {
    if steps == 0 {
        return None;
    }
    let value = code.plain(f, value);
    let remote = |v: Value| {
        code.res.step_nodes(f, v).iter().any(|n| code.res.models().facts(*n).sources.contains(&SourceKind::Remote))
    };
    match code.op(f, value) {
        // What the program has put there itself is no longer what the client sent.
        // What a form holds are the fields that it declares.
        Op::Attr(base, name) if code.text(*name) == "data" && is_form(code, f, *base) => None,
        Op::Attr(_, name) if WHOLE.contains(&code.text(*name)) && remote(value) && !is_replaced(code, f, *name) => {
            Some(code.shown_value(f, value))
        }
        Op::Await(inner) => whole_request(code, f, *inner, steps - 1),
        Op::Call { func, args } => {
            let name = super::guards::name_of_callee(code, f, *func)?;
            if matches!(name, "get_json" | "json" | "form" | "get_json_body") && remote(value) {
                return Some(code.shown_value(f, value));
            }
            // What a schema loads is what it declares.
            let json = || code.res.apis_of(f, *func).any(|a| code.api(a).contains("json"));
            if !SAME.contains(&name) || matches!(name, "load" | "loads") && !json() {
                return None;
            }
            let base = match code.op(f, *func) {
                Op::Attr(base, _) => whole_request(code, f, *base, steps - 1),
                _ => None,
            };
            base.or_else(|| args.first().and_then(|a| whole_request(code, f, a.value, steps - 1)))
        }
        _ => None,
    }
}

/// Whether a value is a form, of the program's own or a library's.
fn is_form(code: &Code<'_>, f: FuncId, value: Value) -> bool {
    let of_forms = |name: &str| name.starts_with("wtforms.") || name.starts_with("flask_wtf.");
    code.res.objects(f, code.plain(f, value)).any(|object| match object {
        Object::Instance(class) | Object::SelfOf(class) => {
            code.res.hierarchy.external_bases(class).iter().any(|base| of_forms(code.api(*base)))
        }
        Object::Api(api) => of_forms(code.api(api)),
        _ => false,
    })
}

/// Whether a function sets an attribute of this name.
fn is_replaced(code: &Code<'_>, f: FuncId, attribute: assay_index::Symbol) -> bool {
    code.function(f).insts.iter().any(|i| matches!(i.op, Op::StoreAttr { name, .. } if name == attribute))
}

/// The class of stored objects that a call makes or changes.
fn stored(code: &Code<'_>, f: FuncId, func: Value) -> Option<(Option<ClsId>, String)> {
    for object in code.objects(f, func) {
        if let Object::Class(class) = object
            && is_model(code, class)
        {
            return Some((Some(class), code.text(code.res.program.class(class).name).to_owned()));
        }
    }
    let Op::Attr(base, method) = code.op(f, func) else { return None };
    let method = code.text(*method);
    if !matches!(method, "create" | "update" | "update_or_create" | "get_or_create" | "acreate" | "aupdate") {
        return None;
    }
    // `Model.objects.create`
    let mut at = *base;
    for _ in 0..MAX_STEPS {
        for object in code.objects(f, at) {
            if let Object::Class(class) = object
                && is_model(code, class)
            {
                return Some((Some(class), code.text(code.res.program.class(class).name).to_owned()));
            }
        }
        match code.op(f, at) {
            Op::Attr(base, name) if code.text(*name) == "objects" => {
                let name = super::guards::name_of_callee(code, f, *base)?;
                return Some((None, name.to_owned()));
            }
            Op::Attr(base, _) => at = *base,
            Op::Call { func, .. } => at = *func,
            _ => return None,
        }
    }
    None
}

/// Whether instances of a class are stored in a database.
pub(crate) fn is_model(code: &Code<'_>, class: ClsId) -> bool {
    code.res.hierarchy.external_bases(class).iter().any(|api| {
        let name = code.api(*api);
        name.starts_with("django.db.models") && name.ends_with("Model")
            || name.ends_with("SQLAlchemy().Model")
            || name.ends_with("declarative_base()")
            || name.ends_with(".DeclarativeBase")
            || name == "db.Model"
            || name.ends_with(".AbstractUser")
            || name.ends_with(".AbstractBaseUser")
            || name.ends_with("mongoengine.Document")
            || name.ends_with("peewee.Model")
    })
}

/// The fields of a class of stored objects.
pub(crate) fn fields<'a>(code: &Code<'a>, class: ClsId) -> Vec<&'a str> {
    let mut out = Vec::new();
    for base in code.res.hierarchy.order(class) {
        let body = code.function(code.res.program.class_body(*base));
        out.extend(body.insts.iter().filter_map(|i| match i.op {
            Op::StoreName(name, value) if matches!(body.op(value), Op::Call { .. } | Op::Annotated { .. }) => {
                Some(code.text(name))
            }
            _ => None,
        }));
    }
    let user = code.res.hierarchy.external_bases(class).iter().any(|a| code.api(*a).contains("auth.models.Abstract"));
    if user {
        out.extend(["is_staff", "is_superuser", "is_active", "groups", "user_permissions"]);
    }
    out
}

/// `Model(**request.data)`
fn spread(
    code: &Code<'_>,
    check: &'static Check,
    f: FuncId,
    call: Value,
    func: Value,
    value: Value,
) -> Option<Examined> {
    let source = whole_request(code, f, value, MAX_STEPS)?;
    let (class, name) = stored(code, f, func)?;
    let all = class.map(|c| fields(code, c)).unwrap_or_default();
    let privileged: Vec<&str> = all.iter().copied().filter(|n| is_privilege(n) || is_ownership(n)).collect();
    let span = code.span(f, call);
    let title = format!("A client can set any field of `{name}`");
    let among =
        if privileged.is_empty() { String::new() } else { format!(", `{}` among them", privileged.join("`, `")) };
    let message = format!(
        "`{}` takes all that `{source}` holds: a client sets each field by its name{among}.",
        code.shown(f, span)
    );
    let mut defect = Defect::new("mass-assignment", title, message);
    let privilege = privileged.iter().any(|n| is_privilege(n));
    defect.outcome = if privilege { Outcome::Defect } else { Outcome::Potential };
    defect.confidence = if privilege { Confidence::High } else { Confidence::Medium };
    defect.severity = Some(if privilege { Severity::High } else { Severity::Medium });
    if !privilege {
        defect.assumptions.push(format!("`{name}` has fields that clients must not set"));
    }
    defect.false_if = false_if(check);
    defect.source.clone_from(&source);
    defect.value = source;
    Some(code.defect(check, f, span, &code.callee(f, call), defect))
}

/// `User(is_admin=request.json["is_admin"])`
fn privilege(
    code: &Code<'_>,
    check: &'static Check,
    f: FuncId,
    call: Value,
    func: Value,
    name: &str,
    value: Value,
) -> Option<Examined> {
    if !RIGHTS.contains(&name) {
        return None;
    }
    let (base, key) = looked_up(code, f, value)?;
    let source = whole_request(code, f, base, MAX_STEPS)?;
    // Who may set it is decided by whoever gets here; a form of administrators has such fields.
    let (_, made) = stored(code, f, func).or_else(|| {
        let name = super::guards::name_of_callee(code, f, func)?;
        words(name)
            .iter()
            .any(|w| matches!(w.as_str(), "context" | "user" | "account"))
            .then(|| (None, name.to_owned()))
    })?;
    let admin =
        words(code.function_name(f)).iter().any(|w| matches!(w.as_str(), "admin" | "admins" | "role" | "roles"));
    if admin {
        return None;
    }
    let span = code.span(f, call);
    let message =
        format!("`{name}` of `{made}` is what `{source}` holds under `{key}`: a client gives itself the right.");
    let mut defect = given_right(check, name, message);
    defect.source.clone_from(&source);
    defect.value = source;
    Some(code.defect(check, f, span, &code.callee(f, call), defect))
}

/// What a mapping holds under a constant key: the mapping and the key.
fn looked_up<'a>(code: &Code<'a>, f: FuncId, value: Value) -> Option<(Value, &'a str)> {
    match code.op(f, code.plain(f, value)) {
        Op::Item(base, key) => Some((*base, code.literal(f, *key)?)),
        Op::Call { func, args } => match code.op(f, *func) {
            Op::Attr(base, method) if matches!(code.text(*method), "get" | "pop") => {
                Some((*base, code.literal(f, args.first()?.value)?))
            }
            _ => None,
        },
        _ => None,
    }
}

/// A right that a client gives to itself.
fn given_right(check: &Check, right: &str, message: String) -> Defect {
    let title = format!("A client says itself whether it has `{right}`");
    let mut defect = Defect::potential("privilege-from-request", title, message);
    defect.confidence = Confidence::Medium;
    defect.severity = Some(Severity::High);
    defect.assumptions.push("clients without the right get here".to_owned());
    defect.false_if = false_if(check);
    defect
}

/// Rights that nobody gives to themselves.
const RIGHTS: [&str; 7] = ["is_admin", "is_superuser", "is_staff", "superuser", "admin", "role", "roles"];

/// Whether only some of those who have logged in get to a function, as far as is seen.
fn is_restricted(code: &Code<'_>, guards: &Guards, f: FuncId) -> bool {
    !guards.everywhere.is_empty() && guards.everywhere.iter().any(|g| g.kind == AccessKind::Permission)
        || guards.of_function(code, f).iter().any(|g| matches!(g.kind, AccessKind::Permission | AccessKind::Owner))
        || words(code.function_name(f)).iter().any(|w| matches!(w.as_str(), "admin" | "admins" | "role" | "roles"))
}

/// `user.is_staff = data.get("is_staff")`
fn privilege_set(
    code: &Code<'_>,
    check: &'static Check,
    guards: &Guards,
    f: FuncId,
    store: Value,
    (base, name, value): (Value, &str, Value),
) -> Option<Examined> {
    if !RIGHTS.contains(&name) {
        return None;
    }
    let (holder, key) = looked_up(code, f, value)?;
    let source = whole_request(code, f, holder, MAX_STEPS)?;
    let whose = crate::secrets::name_of(code, f, base).unwrap_or_default();
    let of_person =
        words(whose).iter().any(|w| matches!(w.as_str(), "user" | "account" | "member" | "profile" | "person"))
            || code.objects(f, base).into_iter().any(|o| matches!(o, Object::Instance(c) if is_of_person(code, c)));
    if !of_person || is_restricted(code, guards, f) {
        return None;
    }
    let span = code.span(f, store);
    let message = format!(
        "`{}` sets the right to what `{source}` holds under `{key}`: a client gives it to itself.",
        code.shown(f, span)
    );
    let mut defect = given_right(check, name, message);
    defect.source.clone_from(&source);
    defect.value = source;
    Some(code.defect(check, f, span, name, defect))
}

/// `User(**form.dict())`, where the declared form of the request has a right among its fields.
fn declared_privilege(
    code: &Code<'_>,
    check: &'static Check,
    guards: &Guards,
    f: FuncId,
    call: Value,
    func: Value,
    value: Value,
) -> Option<Examined> {
    let Op::Call { func: dumps, .. } = code.op(f, code.plain(f, value)) else { return None };
    let Op::Attr(form, method) = code.op(f, *dumps) else { return None };
    if !matches!(code.text(*method), "dict" | "model_dump") || !matches!(code.op(f, code.plain(f, *form)), Op::Param(_))
    {
        return None;
    }
    let declares = code.objects(f, *form).into_iter().find_map(|o| match o {
        Object::Instance(class) | Object::SelfOf(class) => Some(class),
        _ => None,
    })?;
    let fields_of = code.res.declared_fields(declares);
    let right = fields_of.iter().map(|n| code.text(*n)).find(|n| RIGHTS.contains(n))?;
    let (class, name) = stored(code, f, func)?;
    if class.is_none_or(|c| !fields(code, c).contains(&right)) || is_restricted(code, guards, f) {
        return None;
    }
    let form = code.text(code.res.program.class(declares).name);
    // A form that is kept for administrators says so.
    let named = words(form);
    if named.iter().any(|w| matches!(w.as_str(), "admin" | "internal" | "db" | "superuser")) {
        return None;
    }
    let span = code.span(f, call);
    let message = format!(
        "`{}` takes over every field that `{form}` declares, and `{right}` is one: a client gives itself the right.",
        code.shown(f, span)
    );
    let mut defect = given_right(check, right, message);
    form.clone_into(&mut defect.source);
    defect.value = code.shown_value(f, value);
    Some(code.defect(check, f, span, &name, defect))
}

/// Whether a class takes fields from requests: a form, a serialiser or a schema. Filters and types of a query only name them.
fn takes_input(code: &Code<'_>, class: ClsId) -> bool {
    let says = |name: &str| {
        let last = words(name.rsplit('.').next().unwrap_or(name)).pop();
        matches!(last.as_deref(), Some("form" | "serializer" | "serialiser" | "schema"))
    };
    code.res.hierarchy.external_bases(class).iter().any(|base| says(code.api(*base)))
        || code.res.hierarchy.order(class).iter().any(|c| says(code.text(code.res.program.class(*c).name)))
}

/// A serialiser or form that takes all fields of a class with privileged ones.
fn all_fields(
    code: &Code<'_>,
    check: &'static Check,
    administrators: &FxHashSet<ClsId>,
    class: ClsId,
) -> Option<Examined> {
    if code.text(code.res.program.class(class).name) != "Meta" {
        return None;
    }
    let body = code.res.program.class_body(class);
    if code.in_test(body) {
        return None;
    }
    let set = |wanted: &str| {
        code.function(body).insts.iter().find_map(|i| match i.op {
            Op::StoreName(name, value) if code.text(name) == wanted => Some((value, i.span)),
            _ => None,
        })
    };
    let (fields_value, span) = set("fields")?;
    if !matches!(code.op(body, fields_value), Op::Const(Const::Str(text)) if code.text(*text) == "__all__") {
        return None;
    }
    let (model, _) = set("model")?;
    let model = code.objects(body, model).into_iter().find_map(|o| match o {
        Object::Class(c) if is_model(code, c) => Some(c),
        _ => None,
    })?;
    let module = code.res.program.functions[body].module;
    let outer = code.class_of_body(code.res.program.func_id(module, code.function(body).parent?))?;
    if !takes_input(code, outer) {
        return None;
    }
    let derived = code.res.hierarchy.derived(outer);
    if administrators.contains(&outer) || derived.iter().any(|c| administrators.contains(c)) {
        let (name, detail) = ("fields", "a form of the administrators' pages".to_owned());
        return Some(code.closed(check, body, span, name, Outcome::Safe, "trusted-source", detail));
    }
    let of_person = is_of_person(code, model);
    // What is read only is not taken.
    let mut fixed: FxHashSet<&str> = FxHashSet::default();
    for option in ["read_only_fields", "extra_kwargs", "exclude"] {
        let Some((value, _)) = set(option) else { continue };
        match code.op(body, value) {
            Op::Collection(_, elements) => fixed.extend(elements.iter().filter_map(|e| code.literal(body, e.value))),
            Op::Dict(entries) => fixed.extend(entries.iter().filter_map(|(k, _)| code.literal(body, (*k)?))),
            _ => return None,
        }
    }
    let privileged: Vec<&str> = fields(code, model)
        .into_iter()
        .filter(|n| is_privilege(n) && (of_person || !is_personal(n)) && *n != "is_active" && !fixed.contains(n))
        .collect();
    if privileged.is_empty() {
        return None;
    }
    let outer = code.function(body).qualified;
    let name = code.text(code.res.program.class(model).name);
    let shown = privileged.join("`, `");
    let title =
        format!("`{}` takes all fields of `{name}`, `{shown}` among them", code.text(outer).trim_end_matches(".Meta"));
    let message = format!(
        "`fields = \"__all__\"` lets whoever may write a `{name}` set `{shown}`, which say what somebody may do."
    );
    let mut defect = Defect::potential("mass-assignment", title, message);
    defect.confidence = Confidence::Medium;
    defect.severity = Some(Severity::Medium);
    defect.assumptions.push("those who may write it must not have these rights".to_owned());
    defect.false_if = false_if(check);
    "the request".clone_into(&mut defect.source);
    "fields = \"__all__\"".clone_into(&mut defect.value);
    Some(code.defect(check, body, span, "fields", defect))
}
