//! Taint flows as examined places: each sink gets an outcome with its reason.

use crate::trace_text::TraceText;
use crate::{Check, Examined, Explanation, SourceSet, catalogue};
use assay_finding::{Confidence, Outcome, Reason, Severity, Step, StepKind};
use assay_index::{FxHashSet, Idx};
use assay_ir::{ArgKind, Op, Value};
use assay_models::{EntryKind, SinkKind, SourceKind};
use assay_resolve::{FuncId, Object, Resolution};
use assay_taint::{
    Analysis, BlockedBy, Doubt, Flags, Flow, HopKind, SinkSite, SiteId, Source, Threats, TraceStep, TraceStepKind,
};
use assay_text::{Files, Role};
use assay_values::Context;
use assay_values::shapes::{Piece, path_shapes};
use std::fmt::Write as _;

/// Checks that do not hold which a finding names.
const MAX_DOUBTS: usize = 3;

/// The whole program with what the taint analysis found in it.
pub struct FlowInput<'a> {
    /// Names, types and calls.
    pub resolution: &'a Resolution<'a>,
    /// Flows.
    pub analysis: &'a Analysis,
    /// Which sources are untrusted.
    pub threats: Threats,
    /// The files.
    pub files: &'a Files,
}

/// Every sink of the program with its outcome, in the order of functions and calls.
pub fn examine_flows(input: &FlowInput<'_>) -> Vec<Examined> {
    let mut out = Vec::new();
    let mut ids: Vec<SiteId> = input.analysis.sites.ids().collect();
    ids.sort_by_key(|id| {
        let site = &input.analysis.sites[*id];
        (site.function.index(), site.call.index(), site.kind.index())
    });
    let mut expressions = crate::expressions::Expressions::new(crate::code::Code::new(input.resolution, input.files));
    let matches = crate::check("regex-denial-of-service");
    for id in ids {
        let site = &input.analysis.sites[id];
        match matches.filter(|_| site.kind == SinkKind::RegexMatch) {
            Some(check) => {
                let flows = input.analysis.flows.get(&id).map_or(&[][..], Vec::as_slice);
                input.examine_match(site, flows, check, &mut expressions, &mut out);
            }
            None => input.examine(id, &mut out),
        }
    }
    if let Some(check) = matches {
        input.examine_expressions(check, &mut expressions, &mut out);
    }
    if let Some(check) = crate::check("flawed-validation") {
        input.examine_checks(check, &mut out);
        input.examine_narrow_checks(check, &mut out);
    }
    out
}

/// The check that looks at one kind of sink for one set of sources.
fn check_for(kind: SinkKind, set: SourceSet) -> Option<&'static Check> {
    catalogue().iter().find(|c| c.sinks.contains(&kind) && c.sources.contains(&set))
}

/// The set of sources that a source belongs to.
pub(crate) fn source_set(kind: Option<SourceKind>) -> SourceSet {
    match kind {
        None | Some(SourceKind::Remote | SourceKind::Response | SourceKind::Stored | SourceKind::Local) => {
            SourceSet::Untrusted
        }
        Some(SourceKind::Archive) => SourceSet::Archive,
        Some(SourceKind::Secret) => SourceSet::Secret,
        Some(SourceKind::WeakRandom) => SourceSet::WeakRandom,
        Some(SourceKind::Exception) => SourceSet::Exception,
        Some(SourceKind::SharedFolder) => SourceSet::SharedFolder,
    }
}

impl FlowInput<'_> {
    fn examine(&self, id: SiteId, out: &mut Vec<Examined>) {
        let site = &self.analysis.sites[id];
        let flows = self.analysis.flows.get(&id).map_or(&[][..], Vec::as_slice);
        let test = self.resolution.program.module_of(site.function).test;
        for set in SourceSet::ALL {
            let Some(check) = check_for(self.kind(site), set) else { continue };
            let best = flows
                .iter()
                .filter(|f| source_set(self.analysis.source(f.source).kind) == set && self.counts(site, f, set))
                .min_by_key(|f| {
                    (
                        f.flags.assumptions() + u32::from(self.analysis.source(f.source).kind.is_none()) * 2,
                        f.length,
                        f.source.index(),
                    )
                });
            if let (Some(flow), false) = (best, test) {
                let others = flows.iter().filter(|f| f.source != flow.source && self.counts(site, f, set)).count();
                out.push(self.open(site, check, flow, others));
            } else if set == SourceSet::Untrusted {
                let (outcome, reason) = if test {
                    (Outcome::Safe, Reason { code: "test-code".to_owned(), detail: "only tests run it".to_owned() })
                } else {
                    self.closed_reason(site, flows)
                };
                let explanation = None;
                let (function, span, api) = self.place(site);
                out.push(Examined { check, function, span, api, outcome, reason, explanation });
            }
        }
    }

    /// The harm of a site. An address in a page is one by its beginning, as one that a client is sent to, but what it
    /// does is that of a script.
    fn kind(&self, site: &SinkSite) -> SinkKind {
        if self.is_template_output(site) { SinkKind::HtmlInjection } else { site.kind }
    }

    fn is_template_output(&self, site: &SinkSite) -> bool {
        site.api.is_some_and(|api| self.resolution.api_name(api).starts_with(assay_ir::template::OUTPUT))
    }

    /// Functions that check a parameter: whether the check holds.
    fn examine_checks(&self, check: &'static Check, out: &mut Vec<Examined>) {
        let program = &self.resolution.program;
        let text = TraceText::new(self.resolution, self.files);
        let parameter = |f: FuncId, index: u32| {
            program.function(f).params.get(index as usize).map_or("?", |p| program.strings.resolve(p.name))
        };
        for sound in
            self.analysis.sound.iter().filter(|s| !self.analysis.flawed.iter().any(|f| f.function == s.function))
        {
            let kinds: Vec<&str> = sound.kinds.iter().map(SinkKind::id).collect();
            let kinds = if kinds.len() > 6 { "most kinds of harm".to_owned() } else { kinds.join(", ") };
            let detail = format!("`{}` is shown to be free of {kinds}", parameter(sound.function, sound.parameter));
            let span = program.function(sound.function).name_span;
            let name = program.qualified_name(sound.function);
            out.push(Examined::closed(check, sound.function, span, &name, Outcome::Safe, "check-holds", detail));
        }
        for flawed in &self.analysis.flawed {
            let name = program.qualified_name(flawed.function);
            if !is_named_as_check(&name) {
                continue;
            }
            let value = parameter(flawed.function, flawed.parameter);
            let lead = format!("`{name}` tells good values of `{value}` from bad ones by");
            let assumption = format!("callers rely on `{}` against {}", short(&name), flawed.doubt.kind);
            out.push(self.flawed(check, &flawed.doubt, value, &lead, assumption, &text));
        }
    }

    /// A source in words.
    pub(crate) fn source_in_words(&self, source: &Source) -> String {
        TraceText::new(self.resolution, self.files).source_words(source)
    }

    pub(crate) fn place(&self, site: &SinkSite) -> (FuncId, assay_text::Span, String) {
        let function = self.resolution.program.function(site.function);
        (site.function, function.insts[site.call].span, self.api_name(site))
    }

    fn api_name(&self, site: &SinkSite) -> String {
        if let Some(api) = site.api {
            let name = self.resolution.api_name(api);
            if !name.starts_with("__template__.") {
                return name.trim_start_matches("builtins.").to_owned();
            }
            return TraceText::new(self.resolution, self.files).code(site.function, site.call);
        }
        TraceText::new(self.resolution, self.files).callee(site.function, site.call)
    }

    /// Whether a flow is one that this review reports.
    pub(crate) fn counts(&self, site: &SinkSite, flow: &Flow, set: SourceSet) -> bool {
        self.source_counts(site, &self.analysis.source(flow.source), flow.flags, Some(flow), set)
    }

    /// Whether data of a source is reported at a site, given what its way rests on; `flow` is the way when all of it is
    /// known, and not only that up to a check.
    pub(crate) fn source_counts(
        &self,
        site: &SinkSite,
        source: &Source,
        flags: Flags,
        flow: Option<&Flow>,
        set: SourceSet,
    ) -> bool {
        match set {
            SourceSet::Untrusted => {
                // What a template escapes does harm by its place alone: it must be known to be plain text.
                if self.is_template_output(site) && !self.is_unescaped(site) && flags.assumptions() > 0 {
                    return false;
                }
                // A file whose whole content comes from outside is a file; a line of it within others is not.
                let line = site.kind != SinkKind::FileContent || flags.has(Flags::COMPOSED);
                // A peer on the message bus that can forge a log line of ours can write its own.
                let peer = site.kind == SinkKind::LogInjection && self.is_peer(source.function);
                // What is copied in from others has no users but the project itself.
                let file = self.resolution.program.module_of(source.function).file;
                let foreign = source.kind.is_none() && self.files.get(file).role == Role::Vendored;
                // Who calls a library's own function means what that is for.
                let contract = source.kind.is_none() && self.is_own_library(site);
                // What a function makes of a page is judged where it is answered, unless others are to call it.
                let part =
                    self.is_made_page(site) && !(source.kind.is_none() && self.resolution.is_exported(site.function));
                // A whole page that is stored is meant as one; a value within a page is not.
                let page = source.kind == Some(SourceKind::Stored)
                    && (!flags.has(Flags::COMPOSED) || self.is_template_output(site));
                !foreign
                    && !contract
                    && !page
                    && !part
                    && !peer
                    && line
                    && self.threats.untrusted(source, site.kind)
                    && (source.kind.is_some() || self.library_counts(site, flags, flow))
                    && self.certain(site, source.kind, flags, flow)
            }
            // Programs carry many things beside a secret or a folder, and what those are made into is rarely that too:
            // the way must be known.
            SourceSet::SharedFolder if self.asks_for_owner(site) => false,
            SourceSet::Secret | SourceSet::SharedFolder => {
                flags.assumptions() == 0
                    && flow.is_none_or(|flow| assumed_on_way(flow, &self.analysis.trace(flow)) == 0)
            }
            _ => true,
        }
    }

    /// Whether the module of a site looks at who owns a file: a file or folder of somebody else's is refused then.
    fn asks_for_owner(&self, site: &SinkSite) -> bool {
        let program = &self.resolution.program;
        let owner = program.strings.lookup("st_uid");
        let asks = |op: &Op| matches!(op, Op::Attr(_, name) if Some(*name) == owner);
        let functions = program.module_of(site.function).ir.functions.iter();
        owner.is_some() && functions.into_iter().any(|f| f.insts.iter().any(|inst| asks(&inst.op)))
    }

    /// Whether a site is a page that a function puts together and returns to whoever calls it.
    fn is_made_page(&self, site: &SinkSite) -> bool {
        site.kind == SinkKind::HtmlInjection
            && matches!(self.resolution.program.function(site.function).op(site.call), Op::Returned(_))
            && self.resolution.result_facts(site.function).is_empty()
    }

    /// Whether what is called is of the program itself, which is the library that the models describe.
    fn is_own_library(&self, site: &SinkSite) -> bool {
        let targets = site.api.is_none().then(|| self.resolution.call(site.function, site.call)).flatten();
        targets.is_some_and(|t| {
            t.functions.iter().any(|t| !self.resolution.identity(t.function).is_empty())
                || t.apis.iter().any(|api| self.resolution.is_own(*api))
        })
    }

    fn is_unescaped(&self, site: &SinkSite) -> bool {
        site.api.is_some_and(|api| self.resolution.api_name(api).ends_with(".unescaped"))
    }

    /// Whether a function is called by another part of the same deployment.
    fn is_peer(&self, f: FuncId) -> bool {
        let entries = &self.resolution.entries;
        let found = entries.binary_search_by_key(&f.index(), |e| e.function.index());
        found.is_ok_and(|i| {
            matches!(
                entries[i].kind,
                EntryKind::Rpc | EntryKind::Message | EntryKind::PrivilegedHelper | EntryKind::Event
            )
        })
    }

    pub(crate) fn open(&self, site: &SinkSite, check: &'static Check, flow: &Flow, others: usize) -> Examined {
        let source = self.analysis.source(flow.source);
        let (function, span, api) = self.place(site);
        let text = TraceText::new(self.resolution, self.files);
        let steps = self.analysis.trace(flow);
        let trace = text.steps(self.analysis, &steps, &source, self.kind(site));
        let doubts = self.doubts(&text, &steps, self.kind(site));
        let mut assumptions = Vec::new();
        if flow.flags.has(Flags::LIBRARY) {
            assumptions.push("a library function without a model passes its arguments on into its result".to_owned());
        }
        if flow.flags.has(Flags::UNRESOLVED) {
            assumptions.push("a call whose callee is unknown passes its arguments on into its result".to_owned());
        }
        if flow.flags.has(Flags::WEAKENED) {
            assumptions.push("data in one part of an object may be read as another part of it".to_owned());
        }
        if site.assumed {
            assumptions.push(format!(
                "the receiver of `{api}` is what its method and arguments look like: its type is unknown"
            ));
        }
        if assumed_on_way(flow, &steps) > 0 {
            assumptions.push(
                "nothing on the long way, through state that instances share, was taken for something else".to_owned(),
            );
        }
        if source.kind == Some(SourceKind::Stored) {
            assumptions.push("who may write it into the database is not trusted with scripts".to_owned());
        }
        if source.kind == Some(SourceKind::Response) {
            assumptions.push("the host that answers is not to be trusted".to_owned());
        }
        if source.kind.is_none() {
            assumptions.push("callers of this public function pass data that they do not control".to_owned());
        }
        let outcome = if assumptions.is_empty() { Outcome::Defect } else { Outcome::Potential };
        let confidence = match assumptions.len() {
            0 => Confidence::High,
            1 => Confidence::Medium,
            _ => Confidence::Low,
        };
        let severity = if outcome == Outcome::Potential { lower(check.severity) } else { check.severity };
        let origin = text.source_words(&source);
        let code = text.code(site.function, site.call);
        let value = site.arguments.first().map_or_else(|| code.clone(), |a| text.code(site.function, *a));
        let more = match others {
            0 => String::new(),
            1 => " One other source reaches the same place.".to_owned(),
            n => format!(" {n} other sources reach the same place."),
        };
        let template = site.api.and_then(|api| crate::template_output::output(self.resolution.api_name(api)));
        let why = template.as_ref().map_or(check.summary.as_str(), |t| t.why);
        let solution = match &template {
            Some(template) => template.solution.to_owned(),
            None => check.solution_for(&code, &text.code(source.function, source.value), &value),
        };
        let shown = if template.is_some() { api.as_str() } else { short(&api) };
        let explanation = Explanation {
            title: format!("{}: {origin} reaches `{shown}`", check.title),
            message: format!("`{code}` gets {origin} as `{value}`.{more}{doubts} {why}"),
            severity,
            confidence,
            trace,
            assumptions,
            reach: text.reach(source.function),
            false_if: false_if(site, &source),
            solution,
            fix: None,
            cwe: None,
        };
        let reason = Reason { code: "untrusted-data".to_owned(), detail: origin };
        Examined { check, function, span, api, outcome, reason, explanation: Some(explanation) }
    }

    /// The checks on a way that do not hold, in words.
    fn doubts(&self, text: &TraceText<'_>, steps: &[TraceStep], kind: SinkKind) -> String {
        let mut seen = Vec::new();
        let mut out = String::new();
        for step in steps.iter().filter(|s| s.kind == TraceStepKind::Hop(HopKind::Doubted)) {
            let Some(doubt) = self.analysis.doubt(step.function, step.value, kind) else { continue };
            let place = (doubt.function, doubt.condition);
            if seen.contains(&place) || seen.len() >= MAX_DOUBTS {
                continue;
            }
            seen.push(place);
            let condition = text.code(doubt.function, doubt.condition);
            let passes = text.passes(doubt);
            let _ = write!(out, " The check `{condition}` does not prevent it: {}{passes}.", doubt.reason);
        }
        out
    }

    /// Checks that keep untrusted data from a sink but for an unusual case.
    fn examine_narrow_checks(&self, check: &'static Check, out: &mut Vec<Examined>) {
        let program = &self.resolution.program;
        let text = TraceText::new(self.resolution, self.files);
        let mut seen = FxHashSet::default();
        let mut doubts: Vec<(&Doubt, Source)> = Vec::new();
        for site in &self.analysis.sites {
            for blocked in &site.blocked {
                let BlockedBy::Validator(function, condition) = blocked.by else { continue };
                let Some(doubt) = self.analysis.doubt(function, condition, site.kind).filter(|d| d.narrow) else {
                    continue;
                };
                let source = self.analysis.source(blocked.source);
                if self.source_counts(site, &source, blocked.flags, None, SourceSet::Untrusted)
                    && !program.module_of(site.function).test
                    && seen.insert((function, condition))
                {
                    doubts.push((doubt, source));
                }
            }
        }
        doubts.sort_by_key(|(d, _)| (d.function.index(), d.condition.index()));
        for (doubt, source) in doubts {
            if self.analysis.flawed.iter().any(|f| f.function == doubt.function && f.doubt.condition == doubt.condition)
            {
                continue;
            }
            let value = text.code(doubt.function, doubt.subject);
            let assumption = "the unusual case is within an attacker's reach".to_owned();
            let origin = text.source_words(&source);
            let lead = format!("{origin} is checked by");
            out.push(self.flawed(check, doubt, &value, &lead, assumption, &text));
        }
    }

    /// A check that does not hold, as an examined place.
    fn flawed(
        &self,
        check: &'static Check,
        doubt: &Doubt,
        value: &str,
        lead: &str,
        assumption: String,
        text: &TraceText<'_>,
    ) -> Examined {
        let program = &self.resolution.program;
        let name = program.qualified_name(doubt.function);
        let span = program.function(doubt.function).insts[doubt.condition].span;
        let reason = Reason { code: "check-insufficient".to_owned(), detail: doubt.reason.to_owned() };
        if program.module_of(doubt.function).test {
            let reason = Reason { code: "test-code".to_owned(), detail: String::new() };
            let (function, outcome, explanation) = (doubt.function, Outcome::Safe, None);
            return Examined { check, function, span, api: name, outcome, reason, explanation };
        }
        let condition = text.code(doubt.function, doubt.condition);
        let mut cwe = check_for(doubt.kind, SourceSet::Untrusted).map_or_else(Vec::new, |c| c.cwe.clone());
        cwe.extend(&check.cwe);
        let passes = text.passes(doubt);
        let step = Step {
            kind: StepKind::Sink,
            place: text.place(doubt.function, span),
            message: format!("the check lets harm through: {}{passes}", doubt.reason),
        };
        let explanation = Explanation {
            title: format!("The check of `{value}` in `{}` does not hold: {}", short(&name), doubt.reason),
            message: format!(
                "{lead} the condition `{condition}`, which does not rule out {}: {}{passes}.",
                doubt.kind, doubt.reason
            ),
            severity: if doubt.narrow { lower(check.severity) } else { check.severity },
            confidence: if doubt.narrow { Confidence::Low } else { Confidence::Medium },
            trace: vec![step],
            assumptions: vec![assumption],
            reach: text.reach(doubt.function),
            false_if: vec!["what the check leaves open is made up for elsewhere".to_owned()],
            solution: check.solution_for(&condition, value, value),
            fix: None,
            cwe: Some(cwe),
        };
        let (function, outcome, explanation) = (doubt.function, Outcome::Potential, Some(explanation));
        Examined { check, function, span, api: name, outcome, reason, explanation }
    }

    /// Why a sink that no reported flow reaches is safe, or what is missing to say so.
    fn closed_reason(&self, site: &SinkSite, flows: &[Flow]) -> (Outcome, Reason) {
        let safe = |code: &str, detail: String| (Outcome::Safe, Reason { code: code.to_owned(), detail });
        let text = TraceText::new(self.resolution, self.files);
        if site.harmless_form {
            return match site.kind {
                SinkKind::SqlInjection => {
                    safe("bound-parameter", "values reach the database apart from the statement".to_owned())
                }
                SinkKind::HtmlInjection => safe("escaped", "escaped by the template".to_owned()),
                SinkKind::CommandInjection => safe("no-shell", "the program gets its arguments one by one".to_owned()),
                _ => safe("harmless-form", "called in a way that leaves no room for harm".to_owned()),
            };
        }
        if let Some(blocked) = site.blocked.first() {
            return match blocked.by {
                BlockedBy::Sanitiser(api) => {
                    safe("sanitised-by", crate::template_output::shown(self.resolution.api_name(api)))
                }
                BlockedBy::Validator(function, value) => safe("validated-by", text.code(function, value)),
                BlockedBy::Position => safe(
                    "harmless-position",
                    "its place in the text, or its conversion, leaves it no room for harm".to_owned(),
                ),
            };
        }
        let uncertain = flows
            .iter()
            .map(|f| self.analysis.source(f.source))
            .find(|source| source.kind.is_some() && self.threats.untrusted(source, site.kind));
        if let Some(source) = uncertain.filter(|_| !self.is_template_output(site)) {
            let detail = format!("the way of {} rests on too much that is assumed", text.source_words(&source));
            return (Outcome::NotObserved, Reason { code: "way-uncertain".to_owned(), detail });
        }
        if let Some(flow) = flows.first() {
            let source = self.analysis.source(flow.source);
            return safe("trusted-source", text.source_words(&source));
        }
        let function = self.resolution.program.function(site.function);
        let constant = |v: &Value| assay_taint::constant(self.resolution, site.function, *v).is_some();
        if site.arguments.iter().all(constant) {
            let Op::Call { args, .. } = function.op(site.call) else { return safe("constant", String::new()) };
            let more = args.iter().any(|a| !site.arguments.contains(&a.value));
            if site.kind == SinkKind::SqlInjection && more {
                return safe("bound-parameter", "the text is constant and the values are bound".to_owned());
            }
            return safe("constant", String::new());
        }
        let mut seen = Vec::new();
        for argument in &site.arguments {
            if let Some(unknown) = self.unknown_part(site.function, *argument, &mut seen, 0) {
                let reason = Reason {
                    code: "callee-unresolved".to_owned(),
                    detail: format!("`{}`", text.code(site.function, unknown)),
                };
                return (Outcome::NotObserved, reason);
            }
        }
        let detail = if site.from_parameter {
            "no caller that was found passes untrusted data"
        } else {
            "nothing untrusted goes into it"
        };
        safe("not-reachable-from-untrusted-input", detail.to_owned())
    }

    /// A call of unknown callee that the value is made from.
    fn unknown_part(&self, f: FuncId, value: Value, seen: &mut Vec<Value>, depth: u32) -> Option<Value> {
        if depth > 8 || seen.contains(&value) {
            return None;
        }
        seen.push(value);
        let function = self.resolution.program.function(f);
        match function.op(value) {
            Op::Call { args, func } => {
                if self.resolution.call(f, value).is_some_and(|t| t.unresolved.is_some()) {
                    // What texts have a method for is no mystery: the value that it gives is followed.
                    let known = match function.op(*func) {
                        Op::Attr(base, name) => {
                            self.is_text_method(*name)
                                || self.resolution.objects(f, *base).any(|o| matches!(o, Object::Api(_)))
                        }
                        _ => false,
                    };
                    if !known {
                        return Some(value);
                    }
                }
                args.iter()
                    .filter(|a| a.kind == ArgKind::Positional)
                    .find_map(|a| self.unknown_part(f, a.value, seen, depth + 1))
            }
            op => {
                let mut operands = Vec::new();
                op.for_each_operand(|v| operands.push(v));
                operands.into_iter().find_map(|v| self.unknown_part(f, v, seen, depth + 1))
            }
        }
    }

    fn is_text_method(&self, name: assay_index::Symbol) -> bool {
        let models = self.resolution.models();
        let name = self.resolution.program.strings.resolve(name);
        models.type_root("builtins.str").is_some_and(|text| models.member(text, name).is_some())
    }

    /// A parameter of a public function is worth a word where the function itself turns it into something
    /// else: a part of a statement or path, or code. A function whose job it is to run the command it is
    /// given, or to import the module it is told, is no defect.
    /// Whether data that a caller of a public function passes is a threat at a sink. Who passes a path means that
    /// file; who passes a URL or a document does not mean the paths in it.
    fn library_counts(&self, site: &SinkSite, flags: Flags, flow: Option<&Flow>) -> bool {
        match site.kind {
            SinkKind::CodeInjection => matches!(self.api_name(site).as_str(), "eval" | "exec"),
            SinkKind::FormatString => self.fills_with_objects(site),
            SinkKind::UnsafeDeserialization
            | SinkKind::TemplateInjection
            | SinkKind::Xxe
            | SinkKind::RegexMatch
            | SinkKind::ArchiveExtraction => true,
            // Who passes the whole list of arguments means it.
            SinkKind::ArgumentInjection => flow.is_none_or(|flow| !self.analysis.is_passed_on(flow)),
            SinkKind::PathInjection => {
                flags.has(Flags::COMPOSED) && (self.in_own_folder(site) || flow.is_some_and(|f| self.is_parsed(f)))
            }
            // Who passes a host, or the base of an address, means it; who passes a document does not.
            SinkKind::RequestForgery => flags.has(Flags::COMPOSED) && flow.is_some_and(|f| self.is_parsed(f)),
            SinkKind::SqlInjection
            | SinkKind::CommandInjection
            | SinkKind::HtmlInjection
            | SinkKind::UrlRedirection
            | SinkKind::LdapInjection
            | SinkKind::XpathInjection
            | SinkKind::ConfigInjection => flags.has(Flags::COMPOSED),
            _ => false,
        }
    }

    /// Whether a path begins with a folder that the program itself fixed, by a constant or a variable of a module: who
    /// passes what stands below it names something in there.
    fn in_own_folder(&self, site: &SinkSite) -> bool {
        let function = self.resolution.program.function(site.function);
        let oracle = assay_taint::FunctionOracle::new(self.resolution, site.function);
        let cx = Context::new(function, &self.resolution.program.strings, &oracle);
        site.arguments.iter().any(|argument| {
            path_shapes(&cx, *argument).iter().any(|shape| match &shape.pieces[..] {
                // Files of the kernel are named by what they tell of.
                [Piece::Text(folder), _, ..] => {
                    folder.contains('/') && !["/proc/", "/sys/", "/dev/"].iter().any(|own| folder.starts_with(own))
                }
                [Piece::Hole(hole), _, ..] => matches!(function.op(hole.value), Op::Global(_)),
                _ => false,
            })
        })
    }

    /// Whether the data was taken out of a text by its format on the way.
    fn is_parsed(&self, flow: &Flow) -> bool {
        let models = self.resolution.models();
        let parses = |api| {
            let nodes = self.resolution.apis.nodes(api);
            nodes.iter().any(|n| models.facts(*n).flows.iter().any(|flow| flow.parses))
        };
        self.analysis
            .trace(flow)
            .iter()
            .any(|step| matches!(step.kind, TraceStepKind::Hop(HopKind::Library(api)) if parses(api)))
    }

    /// Whether what fills a format may be an object, whose attributes a format can read; a text or a number has
    /// none that matter.
    fn fills_with_objects(&self, site: &SinkSite) -> bool {
        let function = self.resolution.program.function(site.function);
        let Op::Call { args, .. } = function.op(site.call) else { return true };
        args.iter().any(|arg| {
            matches!(arg.kind, ArgKind::Spread | ArgKind::KeywordSpread)
                || self.resolution.objects(site.function, arg.value).any(|object| {
                    matches!(object, Object::Instance(_) | Object::SelfOf(_) | Object::Class(_) | Object::Module(_))
                })
        })
    }

    /// Whether a function answers with something that may be an object of another kind than a text.
    fn may_be_object(&self, site: &SinkSite) -> bool {
        let function = self.resolution.program.function(site.function);
        let Op::Returned(value) = function.op(site.call) else { return false };
        let text = |object| match object {
            Object::Api(api) => {
                let name = self.resolution.api_name(api);
                name.starts_with("builtins.str") || name.starts_with("builtins.bytes")
            }
            _ => false,
        };
        !matches!(function.op(*value), Op::Format(_) | Op::Binary(..) | Op::InPlace(..) | Op::Const(_))
            && !self.resolution.objects(site.function, *value).any(text)
    }

    /// Whether a way rests on few enough assumptions to be worth a reader's time: one, or none beside the assumption
    /// that callers of a public function, or hosts that are asked, pass untrusted data. A receiver that looks the part
    /// does not count; a way through many steps, or more than once through state that all instances of a class share, does.
    ///
    /// Where the harm is that code runs, one more is borne.
    fn certain(&self, site: &SinkSite, source: Option<SourceKind>, flags: Flags, flow: Option<&Flow>) -> bool {
        let kind = site.kind;
        let runs_code =
            matches!(kind, SinkKind::CodeInjection | SinkKind::CommandInjection | SinkKind::UnsafeDeserialization);
        // A forged line of a log or header is worth a word only where nothing is assumed: most servers refuse them. And
        // names are looked up all over a program that is put together at run time.
        let sure = matches!(
            kind,
            SinkKind::LogInjection | SinkKind::HeaderInjection | SinkKind::Reflection | SinkKind::AttributeInjection
        );
        // A page and a redirect are common ends of long ways: what is assumed on one is mostly so not.
        let guessed = matches!(kind, SinkKind::HtmlInjection | SinkKind::UrlRedirection) && flags.assumptions() > 0;
        let borne = if sure { 0 } else { 1 + u32::from(runs_code) };
        if guessed {
            return false;
        }
        let distrusted = matches!(source, None | Some(SourceKind::Response | SourceKind::Stored));
        let assumed = flags.assumptions() - u32::from(flags.has(Flags::ASSUMED_TYPE))
            + u32::from(distrusted)
            + u32::from(self.may_be_object(site));
        let on_way = |flow| assumed_on_way(flow, &self.analysis.trace(flow));
        assumed <= borne && flow.is_none_or(|flow| assumed + on_way(flow) <= borne)
    }
}

/// Steps of a way that make one assumption: at each, the analysis may have taken one thing for another.
const STEPS_PER_ASSUMPTION: u32 = 16;

/// The assumptions that the length of a way makes, and each load but one of what all instances of a class share.
fn assumed_on_way(flow: &Flow, steps: &[TraceStep]) -> u32 {
    let loads = steps.iter().filter(|step| matches!(step.kind, TraceStepKind::Hop(HopKind::Loaded(_)))).count();
    let length = flow.length.max(u32::try_from(steps.len()).unwrap_or(u32::MAX));
    length / STEPS_PER_ASSUMPTION + u32::try_from(loads).unwrap_or(u32::MAX).saturating_sub(1)
}

pub(crate) fn lower(severity: Severity) -> Severity {
    match severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        _ => Severity::Low,
    }
}

/// Words in the names of functions that tell good values from bad ones. What else looks at a value chooses what to do with
/// it.
const CHECKING: [&str; 36] = [
    "allow",
    "allowed",
    "are",
    "assert",
    "audit",
    "check",
    "checked",
    "checks",
    "clean",
    "contain",
    "contained",
    "contains",
    "ensure",
    "forbid",
    "inside",
    "is",
    "legal",
    "permitted",
    "reject",
    "relative",
    "restrict",
    "safe",
    "sanitise",
    "sanitize",
    "secure",
    "trusted",
    "valid",
    "validate",
    "validated",
    "validates",
    "validation",
    "validator",
    "verify",
    "verified",
    "within",
    "whitelisted",
];

fn is_named_as_check(qualified: &str) -> bool {
    let name = qualified.rsplit('.').next().unwrap_or(qualified);
    crate::code::words(name).iter().any(|word| CHECKING.contains(&word.as_str()))
}

fn short(api: &str) -> &str {
    let cut = api.char_indices().rev().filter(|(_, c)| *c == '.').nth(2).map_or(0, |(i, _)| i + 1);
    &api[cut..]
}

fn false_if(site: &SinkSite, source: &assay_taint::Source) -> Vec<String> {
    let mut out = Vec::new();
    if source.kind.is_none() {
        out.push("only trusted code calls the function, and with values of its own".to_owned());
    }
    if site.assumed {
        out.push("the receiver is of another type".to_owned());
    }
    out
}
