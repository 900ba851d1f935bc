//! What leaves a function by its `return` and `yield`, to callers of the program and to libraries that call it.

use crate::driver::Engine;
use crate::function::{Fun, Out, SummaryFlow};
use crate::label::{Elem, Flags};
use crate::oracle::FunctionOracle;
use assay_dataflow::Location;
use assay_ir::{ArgKind, Collection, Const, Op, Value};
use assay_models::SinkKind;
use assay_resolve::Object;
use assay_values::Context;
use assay_values::contexts::is_page;
use assay_values::shapes::{Shape, shapes};

impl<'a> Engine<'a> {
    pub(crate) fn returned(&mut self, fun: &mut Fun<'a>, value: Value, at: Location) {
        for entry in self.read(fun, value, at) {
            fun.leave(SummaryFlow {
                origin: entry.origin,
                out: Out::Return(entry.path),
                kinds: entry.kinds,
                flags: entry.flags,
                hop: entry.hop,
            });
        }
    }

    /// What a `return` hands to a library that calls the function: the answer of a view, for one.
    pub(crate) fn answered(&mut self, fun: &mut Fun<'a>, place: Value, value: Value, at: Location) {
        let res = self.res;
        self.made_page(fun, place, value, at);
        self.shown_to_client(fun, place, value, at);
        self.head_in(fun, place, value, at);
        if self.says_other_content(fun, value) {
            return;
        }
        for &node in res.result_facts(fun.id) {
            let listed = self.models.element(node).is_some() && matches!(fun.function.op(value), Op::Collection(..));
            if listed || self.may_be_text(fun, value) {
                self.result_sinks(fun, place, value, node, at);
            } else if matches!(fun.function.op(value), Op::Dict(_)) {
                self.result_entry_sinks(fun, place, value, node, at);
            }
        }
    }

    /// Whether an answer comes with its headers, which say that it is no page: `return text, 200, {"Content-Type": "text/plain"}`.
    fn says_other_content(&self, fun: &Fun<'a>, value: Value) -> bool {
        let Op::Collection(Collection::Tuple, parts) = fun.function.op(value) else { return false };
        let text = |value: Value| match fun.function.op(value) {
            Op::Const(Const::Str(text)) => Some(self.program().strings.resolve(*text)),
            _ => None,
        };
        parts.iter().skip(1).any(|part| {
            let Op::Dict(entries) = fun.function.op(part.value) else { return false };
            entries.iter().any(|(name, kind)| {
                name.and_then(text).is_some_and(|name| name.eq_ignore_ascii_case("content-type"))
                    && text(*kind).is_some_and(|kind| kind.contains('/') && !is_page(kind))
            })
        })
    }

    /// A text that reads as a page, put together in this function: whoever gets it shows it.
    fn made_page(&mut self, fun: &mut Fun<'a>, place: Value, value: Value, at: Location) {
        let composed = Flags::COMPOSED;
        if !fun.tree(value).entries.iter().any(|e| {
            e.flags.has(composed) && e.kinds.contains(SinkKind::HtmlInjection) && self.labels.elems(e.path).is_empty()
        }) {
            return;
        }
        let oracle = FunctionOracle::new(self.res, fun.id);
        let cx = Context::new(fun.function, &self.program().strings, &oracle);
        if !shapes(&cx, value).iter().any(Shape::reads_as_html) {
            return;
        }
        let kind = SinkKind::HtmlInjection;
        let site = self.site(fun, place, kind, None, value, false);
        self.sites[site].harmless_form = false;
        for (entry, rest) in self.select(fun, value, &[], at) {
            if rest.is_empty() && entry.flags.has(composed) {
                self.reach(fun, place, &entry, site, kind, None);
            }
        }
    }

    /// What a program that a server starts for each request prints is its answer (CGI).
    pub(crate) fn printed_page(&mut self, fun: &mut Fun<'a>, call: Value, at: Location) {
        let Op::Call { func, args } = fun.function.op(call) else { return };
        if self.program().strings.lookup("FieldStorage").is_none() {
            return;
        }
        let prints = |api| matches!(self.res.api_name(api), "builtins.print" | "sys.stdout.write");
        if self.res.apis_of(fun.id, *func).any(prints) {
            for arg in args.iter().filter(|arg| arg.kind == ArgKind::Positional) {
                self.made_page(fun, call, arg.value, at);
            }
        }
    }

    /// Whether a value can be text, or a tuple with text in it; false only for what is known to be something else.
    fn may_be_text(&self, fun: &Fun<'a>, value: Value) -> bool {
        if let Op::Collection(kind, _) = fun.function.op(value) {
            return *kind == Collection::Tuple;
        }
        let mut objects = self.res.objects(fun.id, value).peekable();
        objects.peek().is_none()
            || objects.any(|object| match object {
                Object::Api(api) => {
                    let mut types =
                        self.res.apis.nodes(api).iter().filter_map(|n| self.models.type_name(*n)).peekable();
                    types.peek().is_none() || types.any(|t| matches!(t, "builtins.str" | "builtins.bytes"))
                }
                _ => false,
            })
    }

    pub(crate) fn yielded(&mut self, fun: &mut Fun<'a>, value: Value, at: Location, all: bool) {
        for entry in self.read(fun, value, at) {
            let path = if all { entry.path } else { self.labels.prepend(Elem::Element, entry.path).0 };
            fun.leave(SummaryFlow {
                origin: entry.origin,
                out: Out::Return(path),
                kinds: entry.kinds,
                flags: entry.flags,
                hop: entry.hop,
            });
        }
    }
}
