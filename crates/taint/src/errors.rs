//! Errors as a source: what their texts tell of the inside of a program.
//!
//! - An *error* is an object of a class of exceptions. It is no text: its text is the part [`Elem::ErrorText`] of it, which
//!   `str(error)`, a format string or `error.args` give.
//! - An error is *unexpected* where a handler takes errors of every kind, or of a kind whose texts name what an outsider
//!   is not to know (paths, addresses, statements, command lines): those are the classes whose instances the models call a source. The errors
//!   that a program defines itself are written for whoever gets them, and what a value is said to be wrong in
//!   (`ValueError`, `KeyError`) is what the client sent.

use crate::driver::Engine;
use crate::function::Fun;
use crate::label::{Elem, Entry, Flags, Source};
use crate::trace::HopKind;
use assay_dataflow::Location;
use assay_ir::{Arg, Const, Op, Value};
use assay_models::{EntryKind, KindSet, NodeId, SinkKind, SourceKind};
use assay_resolve::{ApiId, Object};

/// The classes of all errors.
const ALL_ERRORS: [&str; 2] = ["builtins.Exception", "builtins.BaseException"];
/// Codecs that have a character for every byte.
const WHOLE_CODECS: [&str; 5] = ["latin1", "latin-1", "iso-8859-1", "iso8859-1", "cp437"];
/// What the machinery of errors hands out beside them.
const ERROR_OBJECTS: [&str; 2] = ["builtins.BaseException", "builtins.traceback"];

impl<'a> Engine<'a> {
    /// A handler gets an error.
    pub(crate) fn caught(&mut self, fun: &mut Fun<'a>, value: Value, types: &[Value]) {
        if types.iter().any(|kind| self.is_unexpected(fun, *kind)) {
            self.add_error(fun, value);
        }
    }

    /// Whether a class that a handler names is one of unexpected errors.
    fn is_unexpected(&self, fun: &Fun<'a>, class: Value) -> bool {
        let tells = |node: NodeId| {
            let Some(root) = self.models.facts(node).class_of else { return false };
            self.models.type_name(root).is_some_and(|name| ALL_ERRORS.contains(&name))
                || self.models.base_types(root).iter().any(|t| {
                    let all = self.models.type_name(*t).is_some_and(|name| ALL_ERRORS.contains(&name));
                    !all && self.models.facts(*t).sources.contains(&SourceKind::Exception)
                })
        };
        self.res.objects(fun.id, class).any(|object| match object {
            Object::Api(api) => self.res.apis.nodes(api).iter().any(|n| tells(*n)),
            _ => false,
        })
    }

    /// Whether a class that a handler names is that of all errors.
    pub(crate) fn is_every_error(&self, fun: &Fun<'a>, class: Value) -> bool {
        self.res.apis_of(fun.id, class).any(|api| ALL_ERRORS.contains(&self.res.api_name(api)))
    }

    /// Whether what the models describe is an error, or the trace of one.
    pub(crate) fn is_error(&self, nodes: &[NodeId]) -> bool {
        let is = |root: NodeId| {
            self.models
                .base_types(root)
                .iter()
                .any(|t| self.models.type_name(*t).is_some_and(|name| ERROR_OBJECTS.contains(&name)))
        };
        nodes.iter().any(|n| is(*n) || self.models.facts(*n).types.iter().any(|t| is(*t)))
    }

    /// Whether an attribute is a part of an error that shows its text.
    pub(crate) fn shows_error(&self, fun: &Fun<'a>, attribute: Value) -> bool {
        let nodes = self.res.step_nodes(fun.id, attribute);
        nodes.iter().any(|n| self.models.facts(*n).sources.contains(&SourceKind::Exception))
    }

    /// An error is here whose text tells of the inside.
    pub(crate) fn add_error(&mut self, fun: &mut Fun<'a>, value: Value) {
        let path = self.labels.path(&[Elem::ErrorText]);
        let kind = Some(SourceKind::Exception);
        let origin = self.labels.source(Source { function: fun.id, value, kind });
        if fun.tree(value).entries.iter().any(|e| e.origin == origin) {
            return;
        }
        let hop = self.traces.hop(None, fun.id, value, HopKind::Source);
        fun.has_source = true;
        let kinds = KindSet::of(SinkKind::ResponseContent);
        fun.add(value, Entry { path, origin, kinds, flags: Flags::default(), hop });
    }

    /// A call raises an error when what it gets is not as it should be.
    pub(crate) fn input_errors(
        &mut self,
        fun: &mut Fun<'a>,
        call: Value,
        api: Option<ApiId>,
        node: NodeId,
        at: Location,
    ) {
        if self.decodes_anything(fun, call) {
            return;
        }
        let kind = SinkKind::InputError;
        for raise in &self.models.facts(node).raises {
            for (value, _) in self.port(fun, call, &raise.input) {
                if fun.tree(value).is_empty() {
                    continue;
                }
                let site = self.site(fun, call, kind, api, value, false);
                self.sites[site].harmless_form = false;
                for (entry, rest) in self.select(fun, value, &[], at) {
                    if rest.is_empty() {
                        self.reach(fun, call, &entry, site, kind, None);
                    }
                }
            }
        }
    }

    /// Whether a call decodes with a codec that has a character for every byte.
    fn decodes_anything(&self, fun: &Fun<'a>, call: Value) -> bool {
        let Op::Call { func, args } = fun.function.op(call) else { return false };
        let (Op::Attr(_, name), Some(codec)) = (fun.function.op(*func), args.first()) else { return false };
        let Op::Const(Const::Str(codec)) = fun.function.op(codec.value) else { return false };
        self.program().strings.resolve(*name) == "decode"
            && WHOLE_CODECS.contains(&self.program().strings.resolve(*codec).to_ascii_lowercase().as_str())
    }

    /// `data.decode("utf-8")`: whatever the data is, nothing else has such a method.
    pub(crate) fn decoding(&mut self, fun: &mut Fun<'a>, call: Value, at: Location) {
        let Op::Call { func, args } = fun.function.op(call) else { return };
        let Op::Attr(base, name) = fun.function.op(*func) else { return };
        let encoding = |a: &Arg| matches!(fun.function.op(a.value), Op::Const(Const::Str(_)));
        let plain = fun.tree(*base).is_empty() || args.len() > 1 || !args.iter().all(encoding);
        if plain || self.program().strings.resolve(*name) != "decode" {
            return;
        }
        let bytes = self.models.type_root("builtins.bytes");
        if let Some(node) = bytes.and_then(|root| self.models.member(root, "decode")) {
            self.input_errors(fun, call, None, node, at);
        }
    }

    /// What a function that answers requests returns is shown to whoever sent the request.
    pub(crate) fn shown_to_client(&mut self, fun: &mut Fun<'a>, place: Value, value: Value, at: Location) {
        let entries = &self.res.entries;
        let known =
            entries.binary_search_by_key(&assay_index::Idx::index(fun.id), |e| assay_index::Idx::index(e.function));
        let answers = |kind| matches!(kind, EntryKind::Http | EntryKind::BeforeRequest | EntryKind::AfterRequest);
        if !known.is_ok_and(|i| answers(entries[i].kind)) || fun.tree(value).is_empty() {
            return;
        }
        // What an answer is made of was judged where it was made.
        let made = |object| match object {
            Object::Api(api) => {
                let mut types = self.res.apis.nodes(api).iter().filter_map(|n| self.models.type_name(*n)).peekable();
                types.peek().is_some() && !types.any(|t| t.starts_with("builtins."))
            }
            _ => false,
        };
        if self.res.objects(fun.id, value).any(made) {
            return;
        }
        let kind = SinkKind::ResponseContent;
        let site = self.site(fun, place, kind, None, value, false);
        self.sites[site].harmless_form = false;
        for (entry, rest) in self.select(fun, value, &[], at) {
            if self.harms(&entry, &rest, kind) {
                self.reach(fun, place, &entry, site, kind, None);
            }
        }
    }
}
