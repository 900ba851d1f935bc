//! Each entry point as an examined place: what guards it, or that nothing is seen to.

use super::before::Before;
use super::guards::{Guard, Guards, is_check};
use super::siblings::Deviation;
use super::vocabulary::{guard_by_name, is_public, is_request};
use crate::code::{Code, Defect};
use crate::settings::false_if;
use crate::surface::Operation;
use crate::{Check, Examined, check};
use assay_finding::{Confidence, Outcome, Severity, StepKind};
use assay_index::{FxHashMap, FxHashSet};
use assay_ir::{FunctionKind, Op, Terminator, Value};
use assay_models::{AccessKind, EntryKind};
use assay_resolve::FuncId;
use assay_text::Span;

/// Handlers of a service up to which a check that nothing calls was meant for one of them.
const MAX_HANDLERS: usize = 12;
/// Functions in other modules that check, up to which one that nothing calls was meant for the handlers.
const MAX_CHECKS: usize = 8;
/// Siblings that a finding shows.
const SHOWN: usize = 4;

/// A function that the outside calls.
pub(crate) struct Handler {
    pub(crate) function: FuncId,
    pub(crate) kind: EntryKind,
    /// Methods of HTTP by which it is asked, as far as its registrations say.
    pub(crate) methods: Vec<String>,
    /// Whether a registration gives it a path.
    pub(crate) has_path: bool,
    /// The rule of a policy that is asked for by the name of the operation.
    policy: Option<String>,
}

impl Handler {
    /// Whether it answers requests of the program's clients: one that is no test.
    pub(super) fn answers(&self, code: &Code<'_>) -> bool {
        self.kind == EntryKind::Http && !code.in_test(self.function)
    }
}

/// The functions that the outside calls, each once.
pub(crate) fn handlers(code: &Code<'_>, operations: &[Operation]) -> Vec<Handler> {
    let mut out: Vec<Handler> = Vec::new();
    let mut at: FxHashMap<FuncId, usize> = FxHashMap::default();
    for operation in operations {
        // Of several that it may be, none is known to be it.
        let [function] = operation.functions[..] else { continue };
        let known = *at.entry(function).or_insert(out.len());
        let policy = operation.policy.clone();
        let methods = operation.methods.iter().cloned();
        match out.get_mut(known) {
            Some(handler) => {
                handler.policy = handler.policy.take().or(policy);
                handler.methods.extend(methods);
                handler.has_path |= operation.path.is_some();
            }
            None => out.push(Handler {
                function,
                kind: operation.kind,
                methods: methods.collect(),
                has_path: operation.path.is_some(),
                policy,
            }),
        }
    }
    for entry in &code.res.entries {
        if !at.contains_key(&entry.function) {
            let (methods, has_path) = (Vec::new(), false);
            out.push(Handler { function: entry.function, kind: entry.kind, methods, has_path, policy: None });
        }
    }
    out.sort_by_key(|h| h.function);
    out
}

pub(crate) fn examine(
    code: &Code<'_>,
    guards: &Guards,
    before: &Before,
    deviations: &[Deviation],
    handlers: &[Handler],
    out: &mut Vec<Examined>,
) {
    let Some(check) = check("missing-authorization") else { return };
    let mut done: FxHashSet<FuncId> = FxHashSet::default();
    for deviation in deviations {
        done.insert(deviation.function);
        out.push(deviates(code, check, deviation));
    }
    let open = unused_checks(code, check, guards, before, handlers, out);
    for entry in handlers {
        if open.contains(&entry.function) {
            continue;
        }
        if !done.insert(entry.function) || code.res.program.module_of(entry.function).template {
            continue;
        }
        if matches!(
            entry.kind,
            EntryKind::Http | EntryKind::Websocket | EntryKind::Rpc | EntryKind::Message | EntryKind::PrivilegedHelper
        ) {
            out.push(site(code, check, guards, before, entry));
        }
    }
}

/// Handlers of a service none of which checks anything, although it has a function that would: nothing calls it.
fn unused_checks(
    code: &Code<'_>,
    check: &'static Check,
    guards: &Guards,
    before: &Before,
    handlers: &[Handler],
    out: &mut Vec<Examined>,
) -> FxHashSet<FuncId> {
    let mut done = FxHashSet::default();
    let answers = |h: &&Handler| h.answers(code) && !code.function_name(h.function).starts_with('_');
    // What has no path of its own calls those that have one.
    let placed = handlers.iter().filter(answers).any(|h| h.has_path);
    let handlers: Vec<FuncId> =
        handlers.iter().filter(answers).filter(|h| h.has_path || !placed).map(|h| h.function).collect();
    // A condition on some ways only refuses what is asked for there, not who asks.
    let partial = |f: FuncId| {
        let mut explicit = guards.own(f).iter().filter(|e| e.guard.explicit && is_check(e.guard.kind)).peekable();
        explicit.peek().is_some() && !before.is_checker(f) && explicit.all(|e| is_condition(code, f, e.at))
    };
    let own = |f: FuncId| {
        let found = guards.of_function(code, f);
        let outside = || guards.on(f).iter().any(|g| g.explicit && is_check(g.kind));
        let asks = |g: &Guard| g.explicit && is_check(g.kind) && (g.function != f || !partial(f));
        found.iter().any(asks) || outside()
    };
    if handlers.is_empty() || handlers.len() > MAX_HANDLERS || handlers.iter().any(|f| own(*f)) {
        return done;
    }
    let unused = code.res.program.functions.ids().find(|f| {
        let function = code.function(*f);
        let name = code.function_name(*f);
        code.res.program.functions[*f].class.is_none()
            && function.kind == FunctionKind::Named
            && !code.in_test(*f)
            && guard_by_name(None, name).is_some_and(is_check)
            && guards.own(*f).iter().any(|e| e.guard.explicit)
            && code.callers(*f).iter().all(|c| code.in_test(c.function))
            && function.params.first().is_some_and(|p| is_request(code.text(p.name)))
    });
    let Some(unused) = unused else { return done };
    // A project that checks in many places keeps a function for its users, too.
    if guards.count_outside(code, code.res.program.functions[unused].module) > MAX_CHECKS {
        return done;
    }
    let asks = code.res.program.qualified_name(unused);
    let checks = |f: FuncId| own(f) || guards.checks(f) && !partial(f);
    for f in handlers.into_iter().filter(|f| !checks(*f) && is_public(code.function_name(*f)).is_none()) {
        done.insert(f);
        let name = code.function_name(f);
        let span = code.function(f).name_span;
        let title = format!("`{name}` is answered without a check, and nothing calls `{}`", code.function_name(unused));
        let message = format!(
            "The project has a function that checks who may do what, `{asks}`, and nothing calls it: neither `{name}` nor any other handler asks for more than that somebody is logged in."
        );
        let mut defect = Defect::potential("check-unused", title, message);
        defect.confidence = Confidence::Medium;
        defect.severity = Some(Severity::High);
        let place = code.place(unused, code.function(unused).name_span);
        defect.lead(StepKind::Source, place, "a check that nothing calls");
        "no check here".clone_into(&mut defect.step);
        defect.assumptions.push(format!("`{name}` is not for everybody who is logged in"));
        defect.false_if = false_if(check);
        defect.source.clone_from(&asks);
        name.clone_into(&mut defect.value);
        out.push(code.defect(check, f, span, name, defect));
    }
    done
}

/// Whether a guard is a condition, not a call that asks.
fn is_condition(code: &Code<'_>, f: FuncId, at: Value) -> bool {
    !matches!(code.op(f, at), Op::Call { .. } | Op::Attr(..))
}

fn site(code: &Code<'_>, check: &'static Check, guards: &Guards, before: &Before, handler: &Handler) -> Examined {
    let (f, kind) = (handler.function, handler.kind);
    let span = code.function(f).name_span;
    let name = code.res.program.qualified_name(f);
    let close = |outcome, reason: &str, detail: String| code.closed(check, f, span, &name, outcome, reason, detail);
    if !code.function(f).blocks.iter().any(|b| matches!(b.terminator, Terminator::Return(_))) {
        return close(Outcome::Safe, "refuses", "it does not return: whoever asks is turned away".to_owned());
    }
    let found = guards.of_function(code, f);
    if found.iter().any(|g| g.kind == AccessKind::Public) {
        return close(Outcome::Safe, "public", "declared to be for everybody".to_owned());
    }
    if let Some(guard) = found.iter().find(|g| g.kind == AccessKind::Channel) {
        let detail = format!("`{}`: only the process that started the helper has the channel to it", guard.name);
        return close(Outcome::Safe, "guarded-by", detail);
    }
    let checks: Vec<&Guard> = found.iter().filter(|g| is_check(g.kind)).collect();
    if !checks.is_empty() {
        let mut names: Vec<&str> = checks.iter().map(|g| g.name.as_str()).collect();
        names.dedup();
        names.truncate(SHOWN);
        let names = names.join(", ");
        let from_outside = checks.iter().any(|g| g.function != f) || guards.on(f).iter().any(|g| is_check(g.kind));
        if !from_outside && before.is_open(f) {
            return close(
                Outcome::NotObserved,
                "guarded-on-some-ways",
                format!("{names}; {}", besides(code, before, f)),
            );
        }
        return close(Outcome::Safe, "guarded-by", names);
    }
    if let Some(policy) = &handler.policy {
        let detail = format!("the rule `{policy}`, which is asked for by the name of the operation");
        return close(Outcome::Safe, "guarded-by", detail);
    }
    if guards.checks(f) && !before.is_open(f) {
        let always = if before.is_checker(f) { ", on every way" } else { ", before anything is changed" };
        return close(Outcome::Safe, "guarded-by", format!("a function that it calls{always}"));
    }
    if let Some(guard) = guards.everywhere.first().filter(|_| kind == EntryKind::Http) {
        return close(Outcome::Safe, "guarded-by", format!("`{}`, which comes before every request", guard.name));
    }
    if let Some(word) = is_public(code.function_name(f)) {
        return close(Outcome::Safe, "public", format!("`{word}` in its name says that everybody is to reach it"));
    }
    if guards.checks(f) {
        let detail = format!("a function that it calls checks; {}", besides(code, before, f));
        return close(Outcome::NotObserved, "guarded-on-some-ways", detail);
    }
    let detail = match kind {
        EntryKind::Rpc | EntryKind::Message => {
            "no check is seen; who may send messages is decided outside of this code"
        }
        EntryKind::PrivilegedHelper => "no check is seen; who may call the helper is decided outside of this code",
        _ => "no check is seen; one may be made outside of this code",
    };
    close(Outcome::NotObserved, "no-guard-seen", detail.to_owned())
}

/// The way to the nearest change that comes behind no check, in words.
fn besides(code: &Code<'_>, before: &Before, f: FuncId) -> String {
    let way = before.way(f);
    let Some((g, effect)) = way.last() else { return "no change was found that comes behind none".to_owned() };
    let (shown, line) = (code.shown_value(*g, *effect), code.line(*g, code.span(*g, *effect)));
    let by = if *g == f { String::new() } else { format!(" of `{}`", code.res.program.qualified_name(*g)) };
    format!("a way through `{shown}` in line {line}{by} passes none of it")
}

/// Where a function or class is shown: by its name.
fn place_of(code: &Code<'_>, f: FuncId) -> Span {
    let function = code.function(f);
    match function.kind {
        FunctionKind::ClassBody(_) => {
            code.class_of_body(f).map_or(function.name_span, |c| code.res.program.class(c).name_span)
        }
        _ => function.name_span,
    }
}

fn deviates(code: &Code<'_>, check: &'static Check, deviation: &Deviation) -> Examined {
    let f = deviation.function;
    let name = code.function_name(f).to_owned();
    let name = code.class_of_body(f).map_or(name, |c| code.text(code.res.program.class(c).name).to_owned());
    let count = deviation.with.len();
    let title = format!("`{name}` lacks the check `{}` that {count} others {} make", deviation.guard, deviation.of);
    let siblings: Vec<String> = deviation
        .with
        .iter()
        .take(SHOWN)
        .map(|(g, guard)| {
            let owner =
                code.class_of_body(*g).map_or(code.function_name(*g), |c| code.text(code.res.program.class(c).name));
            format!("`{owner}` (line {})", code.line(guard.function, guard.span))
        })
        .collect();
    let more = if count > SHOWN { format!(" and {} more", count - SHOWN) } else { String::new() };
    let message = format!(
        "{count} {} are guarded by `{}`: {}{more}. In `{name}`, and in what it calls, no check of who asks is seen.",
        deviation.of,
        deviation.guard,
        siblings.join(", ")
    );
    let mut defect = Defect::potential("deviates-from-siblings", title, message);
    defect.confidence = if count >= 6 && deviation.without == 1 { Confidence::High } else { Confidence::Medium };
    defect.severity = Some(if deviation.changes { Severity::High } else { Severity::Medium });
    for (_, guard) in deviation.with.iter().take(SHOWN) {
        defect.lead(
            StepKind::Source,
            code.place(guard.function, guard.span),
            format!("a sibling is guarded by `{}`", guard.name),
        );
    }
    for (g, call) in &deviation.way {
        let place = code.place(*g, code.span(*g, *call));
        defect.lead(StepKind::Call, place, "no check comes before");
    }
    "no check here".clone_into(&mut defect.step);
    defect.assumptions.push(format!("`{name}` needs the check that its siblings make"));
    defect.false_if = false_if(check);
    defect.source.clone_from(&deviation.guard);
    defect.value.clone_from(&name);
    code.defect(check, f, place_of(code, f), &name, defect)
}

#[cfg(test)]
mod tests {
    use crate::harness::examine;
    use assay_finding::Outcome;

    /// The entry points that are judged: the line, the outcome and the reason's code.
    fn entries(text: &str) -> Vec<(String, Outcome, String)> {
        let line = |number: u32| text.lines().nth(number as usize - 1).unwrap_or_default().trim().to_owned();
        let sites = examine(&[("app", text)]).into_iter().filter(|s| s.check == "missing-authorization");
        sites.map(|s| (line(s.line), s.outcome, s.code)).collect()
    }

    const CONTROLLER: &str = r"
import pecan
from pecan import hooks


class Items(object):
    @pecan.expose()
    def index(self):
        return remember(pecan.request.body)

";

    #[test]
    fn a_hook_that_refuses_guards_every_controller_and_is_no_entry_of_its_own() {
        let hook = r"
class PolicyHook(hooks.PecanHook):
    def before(self, state):
        if not state.request.context.is_admin:
            raise pecan.abort(403)

    def after(self, state):
        state.response.headers['X-Served'] = '1'
";
        let found = entries(&format!("{CONTROLLER}{hook}"));
        assert_eq!(found, [("def index(self):".to_owned(), Outcome::Safe, "guarded-by".to_owned())]);
    }

    #[test]
    fn a_hook_that_only_looks_guards_nothing() {
        let hook = r"
class ContextHook(hooks.PecanHook):
    def before(self, state):
        state.admin = state.request.context.is_admin
";
        let found = entries(&format!("{CONTROLLER}{hook}"));
        assert_eq!(found, [("def index(self):".to_owned(), Outcome::NotObserved, "no-guard-seen".to_owned())]);
    }

    #[test]
    fn a_privileged_helper_is_called_over_a_channel_of_its_own() {
        let text = r"
from oslo_privsep import priv_context

default = priv_context.PrivContext(__name__, cfg_section='privsep')


@default.entrypoint
def remove(name):
    return drop(name)
";
        assert_eq!(entries(text), [("def remove(name):".to_owned(), Outcome::Safe, "guarded-by".to_owned())]);
    }

    #[test]
    fn a_property_is_no_remote_procedure() {
        let text = r"
import oslo_messaging


class Endpoint(object):
    @property
    def plugin(self):
        return self._plugin

    def update(self, context, name):
        return self.plugin.store(name)


def serve(transport, target):
    return oslo_messaging.get_rpc_server(transport, target, [Endpoint()])
";
        assert_eq!(
            entries(text),
            [("def update(self, context, name):".to_owned(), Outcome::NotObserved, "no-guard-seen".to_owned())]
        );
    }
}
