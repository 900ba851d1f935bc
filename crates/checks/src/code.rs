//! What every check of code shares: the program around a place, its text, and the words for a result.
//!
//! - A *site* is a place that a check looks at. It comes out as an [`Examined`], harmless or not.
//! - The *why* of a check is the first paragraph of its documentation's section on why it matters; it
//!   closes the message of each finding.

use crate::handed::Handed;
use crate::surface::AttackSurface;
use crate::{Check, Examined, Explanation, Wanted};
use assay_finding::{Confidence, Outcome, Place, Reason, Severity, Step, StepKind};
use assay_index::{FxHashMap, Idx, Symbol};
use assay_ir::{Arg, ArgKind, BlockId, CompareOp, Const, Function, FunctionKind, Op, ParamKind, Terminator, Value};
use assay_models::ArgumentSpec;
use assay_resolve::{ApiId, ClsId, FuncId, Object, Resolution};
use assay_text::{FileId, Span, Texts};
use std::sync::OnceLock;

/// Characters of code that a title or a message shows.
const SHOWN: usize = 60;

/// A call that may reach a function.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Caller {
    /// The function that calls.
    pub(crate) function: FuncId,
    /// The call.
    pub(crate) call: Value,
    /// Parameters that are bound before the arguments.
    pub(crate) taken: u32,
}

/// What is passed for a parameter.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Passed {
    /// This value.
    Value(Value),
    /// Nothing.
    Missing,
    /// Something that `*values` or `**options` may hold.
    Unknown,
}

/// The program, its text, and indexes over it: made once for all that ask of it.
pub struct Code<'a> {
    pub(crate) res: &'a Resolution<'a>,
    pub(crate) texts: Texts<'a>,
    callers: FxHashMap<FuncId, Vec<Caller>>,
    defaults: FxHashMap<(FuncId, u32), (FuncId, Value)>,
    attributes: FxHashMap<(ClsId, Symbol), Vec<(FuncId, Value)>>,
    handed: OnceLock<Handed>,
}

/// A defect, as a check words it.
pub(crate) struct Defect {
    pub(crate) outcome: Outcome,
    pub(crate) code: &'static str,
    pub(crate) detail: String,
    pub(crate) title: String,
    /// What is so here; the check's *why* follows.
    pub(crate) message: String,
    pub(crate) severity: Option<Severity>,
    pub(crate) confidence: Confidence,
    /// Steps before the place itself.
    pub(crate) before: Vec<Step>,
    /// What happens at the place.
    pub(crate) step: String,
    pub(crate) assumptions: Vec<String>,
    pub(crate) false_if: Vec<String>,
    /// The `{source}` and `{value}` of the check's solution.
    pub(crate) source: String,
    pub(crate) value: String,
    /// The setting that it is about.
    pub(crate) wanted: Option<Wanted>,
}

impl Defect {
    /// One that rests on nothing but what was read, with nothing said yet.
    pub(crate) fn new(code: &'static str, title: String, message: String) -> Self {
        Self {
            outcome: Outcome::Defect,
            code,
            detail: title.clone(),
            step: title.clone(),
            title,
            message,
            severity: None,
            confidence: Confidence::High,
            before: Vec::new(),
            assumptions: Vec::new(),
            false_if: Vec::new(),
            source: String::new(),
            value: String::new(),
            wanted: None,
        }
    }

    /// One that rests on an assumption, with nothing said yet.
    pub(crate) fn potential(code: &'static str, title: String, message: String) -> Self {
        Self { outcome: Outcome::Potential, ..Self::new(code, title, message) }
    }

    /// Adds a step that leads to the place.
    pub(crate) fn lead(&mut self, kind: StepKind, place: Place, message: impl Into<String>) {
        self.before.push(Step { kind, place, message: message.into() });
    }
}

impl<'a> Code<'a> {
    /// Makes the indexes.
    pub fn new(res: &'a Resolution<'a>, texts: Texts<'a>) -> Self {
        let mut this = Self {
            res,
            texts,
            callers: FxHashMap::default(),
            defaults: FxHashMap::default(),
            attributes: FxHashMap::default(),
            handed: OnceLock::new(),
        };
        for f in res.program.functions.ids() {
            for (call, targets) in res.calls(f) {
                // What tests pass says nothing about the program.
                let counts = |callee| !res.program.module_of(f).test || res.program.module_of(callee).test;
                for target in targets.functions.iter().filter(|target| counts(target.function)) {
                    let caller = Caller { function: f, call: *call, taken: target.taken };
                    this.callers.entry(target.function).or_default().push(caller);
                }
            }
            let info = res.program.functions[f];
            let function = res.program.function(f);
            for inst in &function.insts {
                match &inst.op {
                    Op::MakeFunction { function: made, defaults, .. } => {
                        let made = res.program.func_id(info.module, *made);
                        for (parameter, value) in defaults {
                            this.defaults.insert((made, *parameter), (f, *value));
                        }
                    }
                    Op::StoreAttr { base, name, value } if matches!(function.op(*base), Op::Param(0)) => {
                        if let Some(class) = info.class {
                            this.attributes.entry((class, *name)).or_default().push((f, *value));
                        }
                    }
                    _ => {}
                }
            }
        }
        this
    }

    /// Whether a function is one that somebody outside of the program is to call.
    pub(crate) fn is_handed_over(&self, f: FuncId) -> bool {
        self.handed.get_or_init(|| Handed::new(self)).contains(self, f)
    }

    pub(crate) fn function(&self, f: FuncId) -> &'a Function {
        self.res.program.function(f)
    }

    pub(crate) fn op(&self, f: FuncId, value: Value) -> &'a Op {
        self.function(f).op(value)
    }

    /// The value behind annotations.
    pub(crate) fn plain(&self, f: FuncId, mut value: Value) -> Value {
        for _ in 0..8 {
            match self.op(f, value) {
                Op::Annotated { value: Some(inner), .. } => value = *inner,
                _ => break,
            }
        }
        value
    }

    pub(crate) fn text(&self, symbol: Symbol) -> &'a str {
        self.res.program.strings.resolve(symbol)
    }

    /// The name of the attribute that a value reads.
    pub(crate) fn text_of_attr(&self, f: FuncId, value: Value) -> Option<&'a str> {
        match self.op(f, value) {
            Op::Attr(_, name) => Some(self.text(*name)),
            _ => None,
        }
    }

    pub(crate) fn span(&self, f: FuncId, value: Value) -> Span {
        self.function(f).insts[value].span
    }

    pub(crate) fn file(&self, f: FuncId) -> FileId {
        self.res.program.module_of(f).file
    }

    pub(crate) fn place(&self, f: FuncId, span: Span) -> Place {
        Place { file: self.file(f), span, function: self.res.program.qualified_name(f) }
    }

    pub(crate) fn in_test(&self, f: FuncId) -> bool {
        self.res.program.module_of(f).test
    }

    /// The names of the project's top-level packages and modules.
    pub(crate) fn own_packages(&self) -> Vec<&'a str> {
        let program = &self.res.program;
        let mut out: Vec<&str> = program
            .modules
            .iter()
            .filter_map(|m| program.strings.resolve(m.name).split('.').next())
            .filter(|name| !name.is_empty())
            .collect();
        out.sort_unstable();
        out.dedup();
        out
    }

    /// The source of a whole file.
    pub(crate) fn source(&self, f: FuncId) -> &'a str {
        self.texts.whole(self.file(f))
    }

    /// The code of a range in one short line.
    pub(crate) fn shown(&self, f: FuncId, span: Span) -> String {
        let mut out = String::new();
        for word in self.texts.words(self.file(f), span) {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
            if out.chars().count() > SHOWN {
                out = out.chars().take(SHOWN).collect();
                out.push('…');
                break;
            }
        }
        out
    }

    /// The code of a value in one short line.
    pub(crate) fn shown_value(&self, f: FuncId, value: Value) -> String {
        self.shown(f, self.span(f, value))
    }

    /// The bare name of a function.
    pub(crate) fn function_name(&self, f: FuncId) -> &'a str {
        self.text(self.function(f).name)
    }

    /// The code of a named argument of a call: what stands behind `name=` in the call, and the code of the value
    /// where it is passed in another way.
    pub(crate) fn shown_argument(&self, f: FuncId, call: Value, name: &str, value: Value) -> String {
        let (whole, own) = (self.span(f, call), self.span(f, value));
        if whole.contains(own) && !own.is_empty() {
            return self.shown(f, own);
        }
        let text = self.texts.slice(self.file(f), whole);
        let found = text.match_indices(name).find_map(|(at, _)| {
            let before = text[..at].chars().next_back();
            let after = text[at + name.len()..].trim_start().strip_prefix('=')?;
            let apart = before.is_none_or(|c| !c.is_alphanumeric() && c != '_');
            (apart && !after.starts_with('=') && !name.is_empty()).then_some(after)
        });
        let Some(rest) = found else { return self.shown(f, own) };
        let mut depth = 0_i32;
        let end = rest.find(|c: char| {
            match c {
                '(' | '[' | '{' => depth += 1,
                ')' | ']' | '}' => depth -= 1,
                _ => {}
            }
            depth < 0 || depth == 0 && c == ','
        });
        let mut out = String::new();
        for word in rest[..end.unwrap_or(rest.len())].split_whitespace() {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
        }
        if out.chars().count() > SHOWN { format!("{}…", out.chars().take(SHOWN).collect::<String>()) } else { out }
    }

    /// The line of a place, as people count.
    pub(crate) fn line(&self, f: FuncId, span: Span) -> u32 {
        self.texts.line(self.file(f), span)
    }

    /// The name of a library value without the module of the built-ins.
    pub(crate) fn api(&self, api: ApiId) -> &'a str {
        plain_name(self.res.api_name(api))
    }

    /// The name of what a call calls: a library's function by its path, anything else as it is written.
    pub(crate) fn callee(&self, f: FuncId, call: Value) -> String {
        if let Some(targets) = self.res.call(f, call) {
            if let (Some(api), true) = (targets.apis.first(), targets.functions.is_empty()) {
                return self.api(*api).to_owned();
            }
            if let Some(target) = targets.functions.first() {
                let name = self.res.program.qualified_name(target.function);
                return name.strip_suffix(".__init__").map_or(name.clone(), str::to_owned);
            }
        }
        match self.op(f, call) {
            Op::Call { func, .. } => self.shown_value(f, *func),
            _ => String::new(),
        }
    }

    /// The constant text that a value always is.
    pub(crate) fn string(&self, f: FuncId, value: Value) -> Option<String> {
        match assay_taint::constant(self.res, f, value)? {
            assay_values::ConstValue::Str(text) | assay_values::ConstValue::Bytes(text) => Some(text),
            _ => None,
        }
    }

    /// Where what stands under `if __name__ == "__main__":` begins.
    pub(crate) fn program_blocks(&self, f: FuncId) -> impl Iterator<Item = BlockId> {
        let function = self.function(f);
        let name = |v| matches!(function.op(v), Op::Global(name) if self.text(*name) == "__name__");
        let main = |v| matches!(function.op(v), Op::Const(Const::Str(text)) if self.text(*text) == "__main__");
        function.blocks.iter().filter_map(move |block| {
            let Terminator::Branch { cond, then_to, .. } = block.terminator else { return None };
            let Op::Compare(CompareOp::Eq, a, b) = function.op(cond) else { return None };
            (name(*a) && main(*b) || name(*b) && main(*a)).then_some(then_to)
        })
    }

    /// Whether two values of a function are the same, as far as its code says.
    pub(crate) fn is_same(&self, f: FuncId, one: Value, other: Value) -> bool {
        let (one, other) = (self.plain(f, one), self.plain(f, other));
        let text_of = |value: Value| match self.op(f, value) {
            Op::Call { args, .. }
                if args.len() == 1 && matches!(self.callee(f, value).as_str(), "str" | "pathlib.Path") =>
            {
                Some(args[0].value)
            }
            _ => None,
        };
        let (first, second) = (self.op(f, one), self.op(f, other));
        one == other
            || match (first, second) {
                (Op::Attr(base, name), Op::Attr(own, named)) => name == named && self.is_same(f, *base, *own),
                (Op::Global(_), Op::Global(_))
                | (Op::Param(_), Op::Param(_))
                | (Op::LoadCell(_), Op::LoadCell(_))
                | (Op::Const(_), Op::Const(_)) => first == second,
                _ => match (text_of(one), text_of(other)) {
                    (Some(inner), _) => self.is_same(f, inner, other),
                    (None, Some(inner)) => self.is_same(f, one, inner),
                    (None, None) => false,
                },
            }
    }

    /// The text of a literal.
    pub(crate) fn literal(&self, f: FuncId, value: Value) -> Option<&'a str> {
        match self.op(f, self.plain(f, value)) {
            Op::Const(assay_ir::Const::Str(text) | assay_ir::Const::Bytes(text)) => Some(self.text(*text)),
            _ => None,
        }
    }

    /// The calls that may reach a function, in the order of the code.
    pub(crate) fn callers(&self, f: FuncId) -> &[Caller] {
        self.callers.get(&f).map_or(&[], Vec::as_slice)
    }

    /// The default of a parameter, and where it stands.
    pub(crate) fn default(&self, f: FuncId, parameter: u32) -> Option<(FuncId, Value)> {
        self.defaults.get(&(f, parameter)).copied()
    }

    /// What methods of the class, or of a class that it derives from, set on `self` under a name.
    pub(crate) fn attribute_values(&self, class: ClsId, name: Symbol) -> Vec<(FuncId, Value)> {
        let order = self.res.hierarchy.order(class).iter();
        order.filter_map(|c| self.attributes.get(&(*c, name))).flatten().copied().collect()
    }

    /// What a call passes for a parameter of the function that it reaches.
    pub(crate) fn argument_for(&self, caller: Caller, target: FuncId, parameter: u32) -> Passed {
        let Op::Call { args, .. } = self.op(caller.function, caller.call) else { return Passed::Unknown };
        let Some(declared) = self.function(target).params.get(parameter as usize) else { return Passed::Unknown };
        if let Some(arg) = args.iter().find(|a| a.kind == ArgKind::Keyword(declared.name)) {
            return Passed::Value(arg.value);
        }
        let spread = args.iter().any(|a| matches!(a.kind, ArgKind::Spread | ArgKind::KeywordSpread));
        if matches!(declared.kind, ParamKind::Normal | ParamKind::PositionalOnly)
            && let Some(position) = parameter.checked_sub(caller.taken)
            && let Some(arg) = args.get(position as usize)
            && args[..=position as usize].iter().all(|a| a.kind == ArgKind::Positional)
        {
            return Passed::Value(arg.value);
        }
        if spread || matches!(declared.kind, ParamKind::Rest | ParamKind::KeywordRest) {
            return Passed::Unknown;
        }
        Passed::Missing
    }

    /// The value that a specification selects among the arguments of a library call. Options that come as
    /// `**options` are looked up when the dict is made in this function.
    pub(crate) fn selected(&self, f: FuncId, args: &[Arg], spec: &ArgumentSpec) -> Passed {
        let mut position = 0;
        let mut spread = false;
        for arg in args {
            match arg.kind {
                ArgKind::Positional => {
                    if !spread && (spec.matches_position(position) || spec.any) {
                        return Passed::Value(arg.value);
                    }
                    position += 1;
                }
                ArgKind::Keyword(name) => {
                    if spec.matches_name(self.text(name)) || spec.any || spec.any_named {
                        return Passed::Value(arg.value);
                    }
                }
                ArgKind::Spread => spread = true,
                ArgKind::KeywordSpread => match self.option(f, arg.value, spec) {
                    Passed::Value(value) => return Passed::Value(value),
                    Passed::Missing => {}
                    Passed::Unknown => spread = true,
                },
            }
        }
        if spread { Passed::Unknown } else { Passed::Missing }
    }

    /// The value under a name that a specification selects in a dict made in this function.
    fn option(&self, f: FuncId, dict: Value, spec: &ArgumentSpec) -> Passed {
        self.entry_that(f, dict, &|key| spec.matches_name(key))
    }

    /// The value under a key of a dict made in this function.
    pub(crate) fn entry(&self, f: FuncId, dict: Value, key: &str) -> Passed {
        self.entry_that(f, dict, &|k| k == key)
    }

    fn entry_that(&self, f: FuncId, dict: Value, wanted: &dyn Fn(&str) -> bool) -> Passed {
        let function = self.function(f);
        let dict = self.plain(f, dict);
        let named = |key: Value| self.literal(f, key).is_some_and(wanted);
        match function.op(dict) {
            Op::Dict(entries) => {
                let stored = function.insts.iter().find_map(|inst| match &inst.op {
                    Op::StoreItem { base, key, value } if *base == dict && named(*key) => Some(*value),
                    _ => None,
                });
                if let Some(value) = stored {
                    return Passed::Value(value);
                }
                if let Some((_, value)) = entries.iter().find(|(key, _)| key.is_some_and(named)) {
                    return Passed::Value(*value);
                }
                let open = entries.iter().any(|(key, _)| key.is_none_or(|k| self.literal(f, k).is_none()));
                if open { Passed::Unknown } else { Passed::Missing }
            }
            Op::Call { func, args } if matches!(self.objects(f, *func).first(), Some(Object::Api(api)) if self.api(*api) == "dict") =>
            {
                let named = args.iter().find(|a| matches!(a.kind, ArgKind::Keyword(name) if wanted(self.text(name))));
                match named {
                    Some(arg) => Passed::Value(arg.value),
                    None if args.iter().all(|a| matches!(a.kind, ArgKind::Keyword(_))) => Passed::Missing,
                    None => Passed::Unknown,
                }
            }
            _ => Passed::Unknown,
        }
    }

    pub(crate) fn objects(&self, f: FuncId, value: Value) -> Vec<Object> {
        self.res.objects(f, value).collect()
    }

    /// Whether a function is the body of a class, and which.
    pub(crate) fn class_of_body(&self, f: FuncId) -> Option<ClsId> {
        match self.function(f).kind {
            FunctionKind::ClassBody(class) => {
                Some(self.res.program.cls_id(self.res.program.functions[f].module, class))
            }
            _ => None,
        }
    }

    /// A site without a defect.
    #[expect(clippy::too_many_arguments, reason = "the parts of a result")]
    pub(crate) fn closed(
        &self,
        check: &'static Check,
        f: FuncId,
        span: Span,
        api: &str,
        outcome: Outcome,
        code: &str,
        detail: impl Into<String>,
    ) -> Examined {
        let (outcome, code) = if self.in_test(f) { (Outcome::Safe, "test-code") } else { (outcome, code) };
        Examined::closed(check, f, span, api, outcome, code, detail)
    }

    /// A site with a defect; in test code it is counted as such.
    pub(crate) fn defect(&self, check: &'static Check, f: FuncId, span: Span, api: &str, defect: Defect) -> Examined {
        if self.in_test(f) {
            return Examined::closed(check, f, span, api, Outcome::Safe, "test-code", defect.detail);
        }
        let mut trace = defect.before;
        trace.push(Step { kind: StepKind::Sink, place: self.place(f, span), message: defect.step });
        let why = why(check);
        let message = if why.is_empty() { defect.message } else { format!("{} {why}", defect.message) };
        Examined {
            check,
            function: f,
            span,
            api: api.to_owned(),
            outcome: defect.outcome,
            reason: Reason { code: defect.code.to_owned(), detail: defect.detail },
            explanation: Some(Explanation {
                title: defect.title,
                message,
                severity: defect.severity.unwrap_or(check.severity),
                confidence: defect.confidence,
                trace,
                assumptions: defect.assumptions,
                reach: Vec::new(),
                false_if: defect.false_if,
                solution: check.solution_for(api, &defect.source, &defect.value),
                wanted: defect.wanted,
                cwe: None,
            }),
        }
    }
}

/// Examines everything that is no flow of data: settings of calls and objects, secrets in the code, comparisons of
/// secrets, temporary files, parsers. One result for each check and place, in the order of functions and places.
pub fn examine_code(code: &Code<'_>, surface: &AttackSurface) -> Vec<Examined> {
    let mut out = Vec::new();
    crate::settings::examine(code, &mut out);
    crate::secrets::examine(code, &mut out);
    crate::secrets::examine_keys(code, &mut out);
    crate::comparison::examine(code, &mut out);
    crate::files::examine(code, &mut out);
    crate::file_rights::examine(code, &mut out);
    crate::serialization::examine(code, &mut out);
    crate::switches::examine(code, &mut out);
    crate::options::examine(code, &mut out);
    crate::cookies::examine(code, &mut out);
    crate::headers::examine(code, &mut out);
    crate::containment::examine(code, &mut out);
    crate::tls_contexts::examine(code, &mut out);
    crate::exposure::examine(code, &mut out);
    crate::program_options::examine(code, &mut out);
    crate::wildcards::examine(code, &mut out);
    crate::host_names::examine(code, &mut out);
    crate::host_suffixes::examine(code, &mut out);
    crate::password_hashes::examine(code, &mut out);
    crate::pam::examine(code, &mut out);
    crate::json_bodies::examine(code, surface, &mut out);
    crate::framing::examine(code, &mut out);
    crate::websockets::examine(code, &mut out);
    crate::source_text::examine(code, &mut out);
    crate::named_secrets::examine_shown(code, &mut out);
    crate::named_secrets::examine_made(code, &mut out);
    crate::access::examine(code, surface, &mut out);
    crate::shown_fields::examine(code, &mut out);
    crate::template_folders::examine(code, &mut out);
    crate::resources::examine(code, &mut out);
    in_order(&mut out);
    out.dedup_by(|b, a| a.check.id == b.check.id && a.function == b.function && a.span == b.span);
    without_nested(out)
}

/// The name of an API without the module of the built-ins.
pub(crate) fn plain_name(name: &str) -> &str {
    name.strip_prefix("builtins.").unwrap_or(name)
}

/// The first paragraph of what a check's documentation says on why it matters, in one line.
pub(crate) fn why(check: &Check) -> String {
    let mut lines = check.documentation.lines().skip_while(|line| *line != "## Why it matters").skip(1);
    let mut out = String::new();
    for line in lines.by_ref().skip_while(|line| line.trim().is_empty()) {
        let line = line.trim();
        if line.is_empty() || line.starts_with("## ") {
            break;
        }
        if !out.is_empty() {
            out.push(' ');
        }
        out.push_str(line);
    }
    out
}

/// The words of a name, in lower case: `API_KEY`, `apiKey` and `api-key` have the same two.
pub(crate) fn words(name: &str) -> Vec<String> {
    let mut out: Vec<String> = Vec::new();
    let mut word = String::new();
    let mut previous = ' ';
    let mut characters = name.chars().peekable();
    while let Some(c) = characters.next() {
        let next_is_lower = characters.peek().is_some_and(|n| n.is_lowercase());
        let starts = c.is_uppercase()
            && (previous.is_lowercase() || previous.is_ascii_digit() || (previous.is_uppercase() && next_is_lower));
        if (starts || !c.is_alphanumeric()) && !word.is_empty() {
            out.push(std::mem::take(&mut word));
        }
        if c.is_alphanumeric() {
            word.extend(c.to_lowercase());
        }
        previous = c;
    }
    if !word.is_empty() {
        out.push(word);
    }
    out
}

/// Leaves out what is reported within a place that the same check reports as a whole: `set_policy(Unsafe())` is
/// one defect. The places of a function come sorted by their start.
fn without_nested(sites: Vec<Examined>) -> Vec<Examined> {
    let open = |e: &Examined| e.explanation.is_some();
    let mut out: Vec<Examined> = Vec::with_capacity(sites.len());
    for site in sites {
        let around = |e: &&Examined| open(e) && e.check.id == site.check.id && e.span.contains(site.span);
        let mut before = out.iter().rev().take_while(|e| e.function == site.function).take(16);
        if open(&site) && before.any(|e| around(&e)) {
            continue;
        }
        // Of two places with one start, the longer one comes second.
        if open(&site)
            && let Some(last) = out.last()
            && open(last)
            && last.function == site.function
            && last.check.id == site.check.id
            && site.span.contains(last.span)
        {
            out.pop();
        }
        out.push(site);
    }
    out
}

/// Sorts by function, place and check, the worst outcome first.
fn in_order(sites: &mut [Examined]) {
    sites.sort_by(|a, b| {
        let key = |e: &Examined| (e.function.index(), e.span.start, e.span.end, e.check.id.as_str(), e.outcome);
        key(a).cmp(&key(b))
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_taken_apart() {
        for name in ["API_KEY", "apiKey", "api-key", "ApiKey", "__api_key"] {
            assert_eq!(words(name), ["api", "key"], "{name}");
        }
        assert_eq!(words("HTTPServer2Token"), ["http", "server2", "token"]);
        assert_eq!(words("SECRET"), ["secret"]);
        assert!(words("__").is_empty());
    }

    #[test]
    fn every_check_says_why_it_matters() {
        for check in crate::catalogue() {
            assert!(why(check).ends_with('.'), "{}: {}", check.id, why(check));
        }
    }
}
