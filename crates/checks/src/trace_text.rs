//! Traces and code in words.

use assay_finding::{Place, Step, StepKind};
use assay_index::Idx;
use assay_ir::{ArgKind, Op, Value};
use assay_models::{EntryKind, SinkKind, SourceKind, Store};
use assay_resolve::{FuncId, Holder, Resolution};
use assay_taint::{Analysis, Cell, Doubt, HopKind, Source, TraceStep, TraceStepKind};
use assay_text::{Span, Texts, limits};

/// Characters of code that a sentence quotes.
const MAX_QUOTED: usize = 80;

/// Puts places and steps into words.
pub(crate) struct TraceText<'a> {
    resolution: &'a Resolution<'a>,
    texts: Texts<'a>,
}

impl<'a> TraceText<'a> {
    pub(crate) fn new(resolution: &'a Resolution<'a>, texts: Texts<'a>) -> Self {
        Self { resolution, texts }
    }

    /// The source text of a value, on one line and cut to what a sentence bears.
    pub(crate) fn code(&self, f: FuncId, value: Value) -> String {
        let program = &self.resolution.program;
        let span = program.function(f).insts[value].span;
        let mut out = String::new();
        for word in self.texts.words(program.module_of(f).file, span) {
            if !out.is_empty() {
                out.push(' ');
            }
            out.push_str(word);
            if out.chars().count() > MAX_QUOTED {
                let cut: String = out.chars().take(MAX_QUOTED - 1).collect();
                return format!("{cut}…");
            }
        }
        out
    }

    /// What is passed to a call, as written there; the call itself where that is not to be read off.
    pub(crate) fn argument(&self, f: FuncId, call: Value, value: Value) -> String {
        let written = self.code(f, value);
        // What has several definitions stands in no place of its own.
        if !written.is_empty() {
            return written;
        }
        let program = &self.resolution.program;
        let function = program.function(f);
        let passed = || {
            let Op::Call { func, args } = function.op(call) else { return None };
            let (whole, callee) = (function.insts[call].span, function.insts[*func].span);
            let text = self.texts.slice(program.module_of(f).file, whole);
            let text = text.get(callee.end.checked_sub(whole.start)? as usize..)?;
            let list = arguments_of(text).filter(|list| list.len() == args.len())?;
            let at = args.iter().position(|arg| arg.value == value)?;
            let text = match args[at].kind {
                ArgKind::Keyword(_) => list[at].split_once('=')?.1,
                _ => list[at],
            };
            Some(text.trim().trim_start_matches('*').to_owned()).filter(|text| !text.is_empty())
        };
        passed().unwrap_or_else(|| self.code(f, call))
    }

    /// What a call calls, as written.
    pub(crate) fn callee(&self, f: FuncId, call: Value) -> String {
        match self.resolution.program.function(f).op(call) {
            Op::Call { func, .. } => self.code(f, *func),
            _ => self.code(f, call),
        }
    }

    /// What passes a check that does not hold, as the end of a sentence; empty where nothing was found.
    pub(crate) fn passes(&self, doubt: &Doubt) -> String {
        let Some(witness) = assay_taint::witness_of(self.resolution, doubt) else { return String::new() };
        let input = witness.input.escape_default();
        match witness.given {
            Some((value, taken)) => {
                format!("; with `{taken}` for `{}`, `{input}` passes", self.code(doubt.function, value))
            }
            None => format!("; `{input}` passes"),
        }
    }

    /// The place of a value.
    pub(crate) fn place(&self, f: FuncId, span: Span) -> Place {
        let program = &self.resolution.program;
        Place { file: program.module_of(f).file, span, function: program.qualified_name(f) }
    }

    /// The source in words: ``a request: `request.args` ``.
    pub(crate) fn source_words(&self, source: &Source) -> String {
        let code = self.code(source.function, source.value);
        let what = match source.kind {
            Some(SourceKind::Remote) => "untrusted remote data",
            Some(SourceKind::Response) => "the answer of another host",
            Some(SourceKind::Stored) => "what users may have stored",
            Some(SourceKind::Local | SourceKind::Process) => "data of the local user",
            Some(SourceKind::Archive) => "a name from an archive",
            Some(SourceKind::Secret) => "a secret",
            Some(SourceKind::WeakRandom) => "a predictable number",
            Some(SourceKind::Exception) => "the text of an exception",
            Some(SourceKind::SharedFolder) => "a folder that everybody can write",
            None => "a parameter of a public function",
        };
        format!("{what} (`{code}`)")
    }

    /// Who can reach a function: the entry point it is, in words.
    pub(crate) fn reach(&self, f: FuncId) -> Vec<String> {
        let entry = self.resolution.entries.iter().find(|e| e.function == f);
        let name = self.resolution.program.qualified_name(f);
        let words = entry.map(|e| entry_words(e.kind, &name));
        words.into_iter().collect()
    }

    /// The steps of a trace for people.
    pub(crate) fn steps(&self, analysis: &Analysis, trace: &[TraceStep], source: &Source, sink: SinkKind) -> Vec<Step> {
        let program = &self.resolution.program;
        let mut out: Vec<Step> = Vec::new();
        for step in trace {
            let function = program.function(step.function);
            let mut span = function.insts[step.value].span;
            let (kind, message) = match step.kind {
                TraceStepKind::Hop(HopKind::Doubted) => {
                    let Some(doubt) = analysis.doubt(step.function, step.value, sink) else { continue };
                    span = function.insts[doubt.condition].span;
                    (StepKind::Assignment, format!("passes a check that does not hold: {}", doubt.reason))
                }
                TraceStepKind::Hop(HopKind::Source) => {
                    (StepKind::Source, format!("{} comes in here", self.source_words(source)))
                }
                TraceStepKind::Hop(HopKind::Arrives) => {
                    let name = match function.op(step.value) {
                        Op::Param(index) => {
                            function.params.get(*index as usize).map_or("?", |p| program.strings.resolve(p.name))
                        }
                        _ => continue,
                    };
                    if out.is_empty() {
                        continue;
                    }
                    (StepKind::Parameter, format!("arrives as `{name}` in `{}`", program.qualified_name(step.function)))
                }
                TraceStepKind::Hop(HopKind::Assigned) => {
                    (StepKind::Assignment, format!("becomes part of `{}`", self.code(step.function, step.value)))
                }
                TraceStepKind::Hop(HopKind::Stored(cell)) => {
                    (StepKind::Stored, format!("is kept in {}", self.cell(cell)))
                }
                TraceStepKind::Hop(HopKind::Loaded(cell)) => {
                    (StepKind::Loaded, format!("is read from {}", self.cell(cell)))
                }
                TraceStepKind::Hop(HopKind::Library(api)) => {
                    (StepKind::Library, format!("passes through `{}`", self.resolution.api_name(api)))
                }
                TraceStepKind::Hop(HopKind::Sanitised(api)) => (
                    StepKind::Library,
                    format!(
                        "passes through `{}`, which does not make it safe for this use",
                        self.resolution.api_name(api)
                    ),
                ),
                TraceStepKind::Hop(HopKind::Unresolved) => {
                    (StepKind::Library, "passes through a call whose callee is unknown".to_owned())
                }
                TraceStepKind::Hop(HopKind::Caught) => {
                    (StepKind::Assignment, "is in an error that is handled here".to_owned())
                }
                TraceStepKind::Hop(HopKind::Through(..) | HopKind::Validated) => continue,
                TraceStepKind::Call(callee) => {
                    (StepKind::Call, format!("is passed to `{}`", program.qualified_name(callee)))
                }
                TraceStepKind::Return(callee) => {
                    (StepKind::Return, format!("comes back from `{}`", program.qualified_name(callee)))
                }
                TraceStepKind::Sink(_) => (StepKind::Sink, format!("gets where it does harm ({sink})")),
            };
            let place = self.place(step.function, span);
            if out.last().is_some_and(|last| last.place == place && last.kind == kind) {
                continue;
            }
            out.push(Step { kind, place, message });
        }
        if out.len() > limits::MAX_TRACE_STEPS {
            let tail = out.split_off(out.len() - limits::MAX_TRACE_STEPS / 2);
            out.truncate(limits::MAX_TRACE_STEPS / 2);
            out.extend(tail);
        }
        out
    }

    fn cell(&self, cell: Cell) -> String {
        let program = &self.resolution.program;
        match cell {
            Cell::Attribute(class, name) => {
                format!("the attribute `{}.{}`", program.class_name(class), program.strings.resolve(name))
            }
            Cell::Attributes(class) => format!("the attributes of `{}`", program.class_name(class)),
            Cell::Global(module, name) => {
                format!(
                    "the variable `{}.{}`",
                    program.strings.resolve(program.modules[module].name),
                    program.strings.resolve(name)
                )
            }
            Cell::Added(holder, name) => {
                let of = match holder {
                    Holder::Type(root) => self.resolution.models().type_name(root).unwrap_or_default(),
                    Holder::Value(api) => self.resolution.api_name(api),
                };
                format!("the attribute `{}.{}`", of.trim_end_matches("()"), program.strings.resolve(name))
            }
            Cell::Store(Store::Session) => "the session of a client".to_owned(),
            Cell::Store(Store::Table) => "rows of a table".to_owned(),
            Cell::Store(Store::Token) => "what the program signs".to_owned(),
            Cell::Captured(owner, cell) => {
                let name = program
                    .function(owner)
                    .cells
                    .as_slice()
                    .get(cell.index())
                    .map_or("?", |c| program.strings.resolve(c.name));
                format!("the captured variable `{name}`")
            }
            Cell::Default(function, index) => {
                let parameter = program.function(function).params.get(index as usize);
                let name = parameter.map_or("?", |parameter| program.strings.resolve(parameter.name));
                format!("the default of `{name}` of `{}`", program.qualified_name(function))
            }
        }
    }
}

/// The arguments in a text that begins with their parenthesis; `None` where it has comments in it, or no end.
fn arguments_of(text: &str) -> Option<Vec<&str>> {
    let text = text.trim_start().strip_prefix('(')?;
    let (mut out, mut start, mut depth) = (Vec::new(), 0, 0_u32);
    let mut quote = None;
    let mut characters = text.char_indices();
    while let Some((at, c)) = characters.next() {
        match (quote, c) {
            (Some(_), '\\') => {
                characters.next();
            }
            (Some(open), c) => quote = (c != open).then_some(open),
            (None, '\'' | '"') => quote = Some(c),
            (None, '#') => return None,
            (None, '(' | '[' | '{') => depth += 1,
            (None, ')' | ']' | '}') if depth > 0 => depth -= 1,
            (None, ',' | ')') if depth == 0 => {
                let argument = text[start..at].trim();
                if !argument.is_empty() {
                    out.push(argument);
                }
                if c == ')' {
                    return Some(out);
                }
                start = at + 1;
            }
            _ => {}
        }
    }
    None
}

/// Who can call an entry point.
pub(crate) fn entry_words(kind: EntryKind, name: &str) -> String {
    match kind {
        EntryKind::Http | EntryKind::BeforeRequest | EntryKind::AfterRequest => {
            format!("anyone who can send a request to `{name}`")
        }
        EntryKind::Rpc => format!("anyone who can call `{name}` over RPC"),
        EntryKind::Message => format!("anyone who can send a message to `{name}`"),
        EntryKind::Command => format!("anyone who can run the command `{name}`"),
        EntryKind::Websocket => format!("anyone who can open a connection to `{name}`"),
        EntryKind::PrivilegedHelper => format!("unprivileged code that calls the privileged `{name}`"),
        EntryKind::Task | EntryKind::Event => format!("whoever triggers `{name}`"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn arguments_are_told_apart() {
        assert_eq!(arguments_of("(a, b=f(1, 2), *c,)"), Some(vec!["a", "b=f(1, 2)", "*c"]));
        assert_eq!(arguments_of(" ('a, )', \"\\\",\", {1: 2}) + (3)"), Some(vec!["'a, )'", "\"\\\",\"", "{1: 2}"]));
        assert_eq!(arguments_of("()"), Some(Vec::new()));
        for text in ["(a, # b\n c)", "(a", "a)", "", "('"] {
            assert_eq!(arguments_of(text), None, "{text}");
        }
    }
}
