//! Taint flows as examined places: each sink gets an outcome with its reason.

use crate::certainty::assumed_on_way;
use crate::trace_text::TraceText;
use crate::{AttackSurface, Check, Code, Examined, Explanation, SourceSet, catalogue};
use assay_finding::{Confidence, Outcome, Reason, Severity};
use assay_index::{FxHashMap, Idx, Symbol};
use assay_ir::{ArgKind, Op, Terminator, Value};
use assay_models::{EntryKind, SinkKind, SourceKind};
use assay_resolve::{ApiId, FuncId, Object, Resolution};
use assay_taint::{
    Analysis, BlockedBy, Flags, Flow, HopKind, SHARED_FOLDERS, SinkSite, SiteId, Source, Threats, TraceStep,
    TraceStepKind, hands_result_over,
};
use assay_text::{Role, Texts};
use std::fmt::Write as _;

/// Checks that do not hold which a finding names.
const MAX_DOUBTS: usize = 3;

/// The whole program with what the taint analysis found in it.
pub struct FlowInput<'a> {
    /// Names, types and calls.
    pub resolution: &'a Resolution<'a>,
    /// The program with its text, and indexes over it.
    pub code: &'a Code<'a>,
    /// Flows.
    pub analysis: &'a Analysis,
    /// Which sources are untrusted.
    pub threats: Threats,
    /// The files.
    pub texts: Texts<'a>,
    /// Whether the package installs commands.
    pub commands: bool,
    /// What the outside can call, and what guards it.
    pub surface: &'a AttackSurface,
}

/// Every sink of the program with its outcome, in the order of functions and calls.
pub fn examine_flows(input: &FlowInput<'_>) -> Vec<Examined> {
    let mut out = Vec::new();
    let mut ids: Vec<SiteId> = input.analysis.sites.ids().collect();
    ids.sort_by_key(|id| {
        let site = &input.analysis.sites[*id];
        (site.function.index(), site.call.index(), site.kind.index())
    });
    let mut expressions = crate::expressions::Expressions::new(input.code);
    let matches = crate::check("regex-denial-of-service");
    let formatters = input.formatters();
    let amounts = crate::check("uncontrolled-amount");
    for id in ids {
        let site = &input.analysis.sites[id];
        let flows = input.analysis.flows.get(&id).map_or(&[][..], Vec::as_slice);
        match (site.kind, matches, amounts) {
            (SinkKind::RegexMatch, Some(check), _) => {
                input.examine_match(site, flows, check, &mut expressions, &mut out);
            }
            (SinkKind::ResourceAmount, _, Some(check)) => {
                input.examine_amount(site, flows, check, expressions.code, &mut out);
            }
            (SinkKind::CacheKey, ..) => input.examine_key(site, flows, expressions.code, &mut out),
            _ => input.examine(id, formatters.get(input.package(site.function)).copied(), &mut out),
        }
    }
    if let Some(check) = matches {
        input.examine_expressions(check, &mut expressions, &mut out);
    }
    if let Some(check) = crate::check("flawed-validation") {
        input.examine_checks(check, expressions.code, &mut out);
        input.examine_narrow_checks(check, &mut out);
        crate::validators::examine(&mut expressions, check, &mut out);
    }
    out
}

/// The check that looks at one kind of sink for one set of sources.
pub(crate) fn check_for(kind: SinkKind, set: SourceSet) -> Option<&'static Check> {
    catalogue().iter().find(|c| c.sinks.contains(&kind) && c.sources.contains(&set))
}

/// The set of sources that a source belongs to.
pub(crate) fn source_set(kind: Option<SourceKind>) -> SourceSet {
    match kind {
        None
        | Some(
            SourceKind::Remote | SourceKind::Response | SourceKind::Stored | SourceKind::Local | SourceKind::Process,
        ) => SourceSet::Untrusted,
        Some(SourceKind::Archive) => SourceSet::Archive,
        Some(SourceKind::Secret) => SourceSet::Secret,
        Some(SourceKind::WeakRandom) => SourceSet::WeakRandom,
        Some(SourceKind::Exception) => SourceSet::Exception,
        Some(SourceKind::SharedFolder) => SourceSet::SharedFolder,
    }
}

impl FlowInput<'_> {
    /// The packages of the program that use a library's formatter of log messages which no message can forge a line of,
    /// with its name.
    fn formatters(&self) -> FxHashMap<&str, &str> {
        let (program, apis, models) = (&self.resolution.program, &self.resolution.apis, self.resolution.models());
        let safe = |api: ApiId| {
            let mut facts = apis.nodes(api).iter().map(|node| models.facts(*node));
            facts.any(|f| f.class_of.is_some() && f.neutral_kinds.contains(SinkKind::LogInjection))
        };
        let known: Vec<ApiId> = (0..apis.len()).map(ApiId::new).filter(|api| safe(*api)).collect();
        let names: Vec<Symbol> = known
            .iter()
            .filter_map(|api| program.strings.lookup(self.resolution.api_name(*api).rsplit('.').next()?))
            .collect();
        let mut out = FxHashMap::default();
        if names.is_empty() {
            return out;
        }
        for f in program.functions.ids().filter(|f| !program.module_of(*f).test) {
            for (value, inst) in program.function(f).insts.iter_enumerated() {
                let (Op::Attr(_, name) | Op::ImportFrom { name, .. }) = &inst.op else { continue };
                if names.contains(name)
                    && let Some(api) = self.resolution.apis_of(f, value).find(|api| known.contains(api))
                {
                    out.entry(self.package(f)).or_insert_with(|| self.resolution.api_name(api));
                }
            }
        }
        out
    }

    /// The top-level package that a function stands in.
    fn package(&self, f: FuncId) -> &str {
        let program = &self.resolution.program;
        program.strings.resolve(program.module_of(f).name).split('.').next().unwrap_or_default()
    }

    fn examine(&self, id: SiteId, formatter: Option<&str>, out: &mut Vec<Examined>) {
        let site = &self.analysis.sites[id];
        // What becomes of an error is asked apart.
        if site.kind == SinkKind::InputError {
            return;
        }
        let flows = self.analysis.flows.get(&id).map_or(&[][..], Vec::as_slice);
        let test = self.resolution.program.module_of(site.function).test;
        let other_content = (site.kind == SinkKind::HtmlInjection
            && (site.api.is_some() || self.answers_server(site.function))
            && !flows.is_empty())
        .then(|| self.other_content(site))
        .flatten();
        let not_shown = (site.kind == SinkKind::HtmlInjection && !flows.is_empty())
            .then(|| self.surface.answers_no_page(self.code, site.function))
            .flatten();
        // Where nothing arrives, nothing has to be told apart.
        let formatter = (site.kind == SinkKind::LogInjection && !flows.is_empty()).then_some(formatter).flatten();
        for set in SourceSet::ALL {
            let Some(check) = check_for(self.kind(site), set) else { continue };
            let elsewhere = other_content.is_some() || formatter.is_some() || not_shown.is_some();
            let flows = if elsewhere { &[][..] } else { flows };
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
                    (
                        Outcome::Safe,
                        Reason { code: "test-code".to_owned(), detail: "code of tests or examples".to_owned() },
                    )
                } else if let Some(formatter) = formatter {
                    let detail = format!("`{formatter}` tells lines of a message from lines of the log");
                    (Outcome::Safe, Reason { code: "formatted".to_owned(), detail })
                } else if let Some(method) = &not_shown {
                    let detail = format!("the answer to a `{method}`, which a browser does not show as a page");
                    (Outcome::Safe, Reason { code: "no-page".to_owned(), detail })
                } else if let Some(kind) = &other_content {
                    (Outcome::Safe, Reason { code: "no-page".to_owned(), detail: format!("sent as `{kind}`") })
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

    pub(crate) fn is_template_output(&self, site: &SinkSite) -> bool {
        site.api.is_some_and(|api| self.resolution.api_name(api).starts_with(assay_ir::template::OUTPUT))
    }

    /// A source in words.
    pub(crate) fn source_in_words(&self, source: &Source) -> String {
        TraceText::new(self.resolution, self.texts).source_words(source)
    }

    pub(crate) fn place(&self, site: &SinkSite) -> (FuncId, assay_text::Span, String) {
        let function = self.resolution.program.function(site.function);
        (site.function, function.insts[site.call].span, self.api_name(site))
    }

    pub(crate) fn api_name(&self, site: &SinkSite) -> String {
        if let Some(api) = site.api {
            let name = self.resolution.api_name(api);
            if !name.starts_with("__template__.") {
                return name.trim_start_matches("builtins.").to_owned();
            }
            return TraceText::new(self.resolution, self.texts).code(site.function, site.call);
        }
        TraceText::new(self.resolution, self.texts).callee(site.function, site.call)
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
                // What is compiled and never matched is only asked whether it is an expression.
                let tried = site.kind == SinkKind::RegexInjection && self.is_unused(site);
                // Where something was made is told to programs; a client is not sent there.
                let told = site.kind == SinkKind::UrlRedirection && self.says_created(site);
                // What is annotated as any environment may be known to be a sandbox.
                let sandboxed = site.kind == SinkKind::TemplateInjection && self.is_sandboxed(site);
                // A peer on the message bus that can forge a log line of ours can write its own.
                let peer = site.kind == SinkKind::LogInjection && self.is_peer(source.function);
                // What is copied in from others has no users but the project itself.
                let foreign = source.kind.is_none()
                    && (self.is_copied(source.function) || self.is_of_a_command(site, source.function));
                // Who calls a library's own function means what that is for; who passes a name that a function beside its
                // classes, made for callers only, puts into a statement does not.
                let statement = site.kind == SinkKind::SqlInjection
                    && flags.has(Flags::COMPOSED)
                    && self.resolution.program.functions[source.function].class.is_none()
                    && !self.resolution.is_called(source.function);
                let contract = source.kind.is_none() && self.is_own_library(site) && !statement;
                let known_callers = source.kind.is_none() && !self.is_for_the_unknown(site, source, flags);
                // What a function makes of a page is judged where it is answered, unless others are to call it.
                let part = self.is_made_page(site)
                    && !(source.kind.is_none() && self.is_for_others(site.function, source.function));
                // A whole page that is stored is meant as one; a value within a page is not.
                let page = source.kind == Some(SourceKind::Stored)
                    && (!flags.has(Flags::COMPOSED)
                        || self.is_template_output(site)
                        || self.is_key(source)
                        || self.is_error_page(site));
                // The files of the package itself are as trusted as its code.
                // `marshal` reads what Python itself would run.
                let own = site.kind == SinkKind::UnsafeDeserialization
                    && source.kind == Some(SourceKind::Local)
                    && (self.is_own_file(source)
                        || self.is_kept_by_itself(site, source)
                        || self.api_name(site).starts_with("marshal."));
                !foreign
                    && !own
                    && self.administrators(site.kind, source.function).is_none()
                    && !tried
                    && !told
                    && !sandboxed
                    && !contract
                    && !known_callers
                    && !page
                    && !part
                    && !peer
                    && line
                    && (self.threats.untrusted(source, site.kind) || self.is_document(site, source, flow))
                    && (source.kind.is_some() || self.library_counts(site, flags, flow))
                    && self.certain(site, source.kind, flags, flow)
            }
            // Programs carry many things beside a secret or a folder, and what those are made into is rarely that too:
            // the way must be known.
            SourceSet::SharedFolder if self.asks_for_owner(site) || self.is_copied(source.function) => false,
            // The folder itself is there already.
            SourceSet::SharedFolder
                if self.is_shared_folder(source) && flow.is_some_and(|f| self.arrives_unchanged(f)) =>
            {
                false
            }
            // What a generator draws is a secret where something says so: it names files and requests as well.
            SourceSet::Secret if self.is_drawn_for_anything(source) => false,
            SourceSet::Exception if flow.is_some_and(|flow| self.is_no_showing(site, source, flow)) => false,
            SourceSet::Secret | SourceSet::SharedFolder | SourceSet::Exception => {
                flags.assumptions() == 0
                    && flow.is_none_or(|flow| assumed_on_way(flow, &self.analysis.trace(flow)) == 0)
            }
            SourceSet::Archive => self.certain(site, Some(SourceKind::Archive), flags, flow),
            SourceSet::WeakRandom => {
                flags.assumptions() == 0
                    && flow.is_none_or(|flow| assumed_on_way(flow, &self.analysis.trace(flow)) == 0)
            }
        }
    }

    /// Whether a site reads a file that people write and pass on, and that becomes objects of any class, or runs what stands
    /// in a field of one: not a cache or a module of the program's own.
    fn is_document(&self, site: &SinkSite, source: &Source, flow: Option<&Flow>) -> bool {
        source.kind == Some(SourceKind::Local)
            && match site.kind {
                SinkKind::UnsafeDeserialization => {
                    let readers = ["yaml.", "ruamel.yaml.", "jsonpickle."];
                    readers.iter().any(|reader| self.api_name(site).starts_with(reader))
                }
                SinkKind::CodeInjection => {
                    matches!(self.api_name(site).as_str(), "eval" | "exec") && flow.is_some_and(|f| self.is_parsed(f))
                }
                _ => false,
            }
    }

    /// Whether a parameter may be filled by callers that nobody described. Where a program has users of its own, those are the
    /// callers of what it hands over and nothing in it calls; that what they pass is run must be known.
    fn is_for_the_unknown(&self, site: &SinkSite, source: &Source, flags: Flags) -> bool {
        let f = source.function;
        let entry = || self.resolution.entries.binary_search_by_key(&f.index(), |e| e.function.index()).is_ok();
        let uncalled = || (!self.resolution.is_called(f) || self.resolution.is_exported(f)) && !entry();
        self.threats.library
            // The text of a whole parameter may be a colour or markup; what an object holds is data.
            || site.kind == SinkKind::HtmlInjection
                && uncalled()
                && (flags.has(Flags::FIELD)
                    || self.resolution.is_template_function(f)
                    || self.code.is_handed_over(f))
            || self.breaks_promise(site, source)
            || (flags.assumptions() == 0
                && !self.resolution.is_called(f)
                && !entry()
                && !self.reads_objects(site)
                && self.code.is_handed_over(f))
    }

    /// Whether what arrives is what came in, and nothing made from it.
    fn arrives_unchanged(&self, flow: &Flow) -> bool {
        let changes = |step: &TraceStep| {
            matches!(step.kind, TraceStepKind::Hop(HopKind::Library(_) | HopKind::Assigned | HopKind::Unresolved))
        };
        !self.analysis.trace(flow).iter().any(changes)
    }

    /// Whether a source is the name of a folder in which everybody can make files, and nothing below it.
    fn is_shared_folder(&self, source: &Source) -> bool {
        let text = self.constant_text(source.function, source.value);
        text.is_some_and(|text| SHARED_FOLDERS.contains(&text.trim_end_matches('/')))
    }

    /// Whether a function is copied in from another project.
    fn is_copied(&self, f: FuncId) -> bool {
        self.texts.role(self.resolution.program.module_of(f).file) == Role::Vendored
    }

    /// Whether the module of a site looks at who owns a file: a file or folder of somebody else's is refused then.
    fn asks_for_owner(&self, site: &SinkSite) -> bool {
        let program = &self.resolution.program;
        let owner = program.strings.lookup("st_uid");
        let asks = |op: &Op| matches!(op, Op::Attr(_, name) if Some(*name) == owner);
        let functions = program.module_of(site.function).ir.functions.iter();
        owner.is_some() && functions.into_iter().any(|f| f.insts.iter().any(|inst| asks(&inst.op)))
    }

    /// Whether a site is a page, or the head of a message, that a function puts together and returns to whoever calls it.
    fn is_made_page(&self, site: &SinkSite) -> bool {
        matches!(site.kind, SinkKind::HtmlInjection | SinkKind::HeaderInjection)
            && matches!(self.resolution.program.function(site.function).op(site.call), Op::Returned(_))
            && !hands_result_over(self.resolution, site.function)
    }

    /// Whether what a function returns to `caller` is for callers outside of the program: it is exported, or they call it
    /// and nobody else does.
    fn is_for_others(&self, f: FuncId, caller: FuncId) -> bool {
        self.resolution.is_exported(f) || (f == caller && !self.resolution.is_called(f))
    }

    /// Whether a site is the page that tells a client what was wrong with its request: what others have stored is shown
    /// there to whoever sends such a request only.
    fn is_error_page(&self, site: &SinkSite) -> bool {
        let api = self.api_name(site);
        let name = api.rsplit('.').next().unwrap_or(&api);
        ["BadRequest", "NotFound", "Forbidden", "Error", "Gone", "NotAllowed"].iter().any(|end| name.ends_with(end))
    }

    /// Whether the environment of a template is one with a sandbox.
    fn is_sandboxed(&self, site: &SinkSite) -> bool {
        let function = self.resolution.program.function(site.function);
        let Op::Call { func, .. } = function.op(site.call) else { return false };
        let Op::Attr(base, _) = function.op(*func) else { return false };
        self.resolution.apis_of(site.function, *base).any(|api| self.resolution.api_name(api).contains("Sandboxed"))
    }

    /// Whether nothing is done with the result of a call.
    fn is_unused(&self, site: &SinkSite) -> bool {
        let function = self.resolution.program.function(site.function);
        matches!(function.op(site.call), Op::Call { .. })
            && self.api_name(site).ends_with("compile")
            && !assay_dataflow::UseList::new(function).is_used(site.call)
    }

    /// Whether a site is a header of a response that something was created.
    fn says_created(&self, site: &SinkSite) -> bool {
        let program = &self.resolution.program;
        let function = program.function(site.function);
        let Op::StoreItem { base, .. } = function.op(site.call) else { return false };
        let Op::Attr(response, _) = function.op(*base) else { return false };
        let Op::Call { args, .. } = function.op(*response) else { return false };
        args.iter().any(|arg| match function.op(arg.value) {
            Op::Const(assay_ir::Const::Int(status)) => *status == 201,
            Op::Attr(_, name) => program.strings.resolve(*name).ends_with("CREATED"),
            _ => false,
        })
    }

    /// Whether a source is the key of an object of the database: a number, or something as plain.
    fn is_key(&self, source: &Source) -> bool {
        let program = &self.resolution.program;
        let Op::Attr(_, name) = program.function(source.function).op(source.value) else { return false };
        let name = program.strings.resolve(*name);
        ["pk", "id"].contains(&name) || name.ends_with("_id") || name.ends_with("_pk")
    }

    pub(crate) fn is_unescaped(&self, site: &SinkSite) -> bool {
        site.api.is_some_and(|api| self.resolution.api_name(api).ends_with(".unescaped"))
    }

    /// Whether a function is called by another part of the same deployment.
    fn is_peer(&self, f: FuncId) -> bool {
        let entries = &self.resolution.entries;
        let found = entries.binary_search_by_key(&f.index(), |e| e.function.index());
        found.is_ok_and(|i| {
            matches!(
                entries[i].kind,
                EntryKind::Rpc | EntryKind::Message | EntryKind::PrivilegedHelper | EntryKind::Event | EntryKind::Task
            )
        })
    }

    pub(crate) fn open(&self, site: &SinkSite, check: &'static Check, flow: &Flow, others: usize) -> Examined {
        let source = self.analysis.source(flow.source);
        let (function, span, api) = self.place(site);
        let text = TraceText::new(self.resolution, self.texts);
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
        if let Some(release) = &site.older {
            assumptions.push(crate::settings::runs_with_older(release));
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
        if source.kind == Some(SourceKind::Local) && !self.threats.local {
            assumptions.push("somebody else than the user who runs it can write what is read".to_owned());
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
        let value =
            site.arguments.first().map_or_else(|| code.clone(), |a| text.argument(site.function, site.call, *a));
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
            wanted: None,
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

    /// Why a sink that no reported flow reaches is safe, or what is missing to say so.
    fn closed_reason(&self, site: &SinkSite, flows: &[Flow]) -> (Outcome, Reason) {
        let safe = |code: &str, detail: String| (Outcome::Safe, Reason { code: code.to_owned(), detail });
        let text = TraceText::new(self.resolution, self.texts);
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
            if let Some(reason) = self.known_reason(site, &source, flows) {
                return reason;
            }
            let detail = format!("the way of {} rests on too much that is assumed", text.source_words(&source));
            return (Outcome::NotObserved, Reason { code: "way-uncertain".to_owned(), detail });
        }
        let data = |f: &&Flow| source_set(self.analysis.source(f.source).kind) == SourceSet::Untrusted;
        if let Some(flow) = flows.iter().find(data) {
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
                let caught = matches!(function.op(unknown), Op::Caught(_));
                let code = if caught { "exception-unknown" } else { "callee-unresolved" };
                let detail = if caught {
                    "what the exception says comes from wherever it was raised".to_owned()
                } else {
                    format!("`{}`", text.code(site.function, unknown))
                };
                return (Outcome::NotObserved, Reason { code: code.to_owned(), detail });
            }
        }
        let detail = if site.from_parameter {
            "no caller that was found passes untrusted data"
        } else {
            "nothing untrusted goes into it"
        };
        safe("not-reachable-from-untrusted-input", detail.to_owned())
    }

    /// Why untrusted data that reaches a site does no harm there, or cannot be judged, where it is not the way that is in
    /// doubt.
    fn known_reason(&self, site: &SinkSite, source: &Source, flows: &[Flow]) -> Option<(Outcome, Reason)> {
        if let Some(guard) = self.administrators(site.kind, source.function) {
            let detail = format!("only administrators get there: `{guard}`");
            return Some((Outcome::Safe, Reason { code: "trusted-source".to_owned(), detail }));
        }
        let (outcome, code, detail) = match site.kind {
            SinkKind::RegexInjection if self.is_unused(site) => {
                (Outcome::Safe, "only-tried", "it is compiled to see whether it is an expression, and never matched")
            }
            SinkKind::TemplateInjection if self.is_sandboxed(site) => {
                (Outcome::Safe, "sandbox", "the environment is a sandbox")
            }
            SinkKind::UrlRedirection if self.says_created(site) => {
                (Outcome::Safe, "created", "tells where something was made; a client is not sent there")
            }
            SinkKind::LogInjection if self.is_peer(source.function) => {
                (Outcome::Safe, "peer", "what sends it is part of the same deployment, and writes lines of its own")
            }
            SinkKind::FileContent if flows.iter().all(|f| !f.flags.has(Flags::COMPOSED)) => (
                Outcome::Safe,
                "whole-content",
                "all that is written there is the data, and no line of it is another's",
            ),
            SinkKind::HtmlInjection if source.kind == Some(SourceKind::Stored) && self.is_key(source) => {
                (Outcome::Safe, "key", "the key of an object of the database")
            }
            SinkKind::HtmlInjection if source.kind == Some(SourceKind::Stored) => {
                (Outcome::NotObserved, "stored", "whether those who store it are trusted with markup is not known")
            }
            _ => return None,
        };
        Some((outcome, Reason { code: code.to_owned(), detail: detail.to_owned() }))
    }

    /// A call of unknown callee, or an exception, that the value is made from; also where a function of the project gives
    /// back what such a call gives.
    fn unknown_part(&self, f: FuncId, value: Value, seen: &mut Vec<Value>, depth: u32) -> Option<Value> {
        if depth > 8 || seen.contains(&value) {
            return None;
        }
        seen.push(value);
        let function = self.resolution.program.function(f);
        match function.op(value) {
            Op::Caught(_) => Some(value),
            Op::Call { args, func } => {
                let targets = self.resolution.call(f, value);
                let gives_unknown = |g: FuncId| {
                    let blocks = &self.resolution.program.function(g).blocks;
                    blocks.iter().any(|block| {
                        matches!(block.terminator, Terminator::Return(result)
                            if self.unknown_part(g, result, &mut Vec::new(), depth + 4).is_some())
                    })
                };
                if depth < 4
                    && targets.is_some_and(|t| t.functions.iter().any(|t| !t.constructs && gives_unknown(t.function)))
                {
                    return Some(value);
                }
                if targets.is_some_and(|t| t.unresolved.is_some()) {
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
}

pub(crate) fn lower(severity: Severity) -> Severity {
    match severity {
        Severity::Critical => Severity::High,
        Severity::High => Severity::Medium,
        _ => Severity::Low,
    }
}

pub(crate) fn short(api: &str) -> &str {
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
