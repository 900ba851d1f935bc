//! What kind of content a response is said to have.
//!
//! A browser reads markup in what is sent as a page only. The kind is said in the function that answers
//! (`response.headers["Content-Type"] = "text/csv"`, `self.set_header(…)`), or for all answers of a class in the methods
//! that the framework calls around each (`finish`, `prepare`), which derived classes inherit.

use crate::flows::FlowInput;
use assay_ir::{ArgKind, Collection, Function, Op, Value};
use assay_resolve::FuncId;
use assay_taint::SinkSite;

/// Methods that say it for all answers of a class.
const AROUND: [&str; 5] = ["finish", "initialize", "prepare", "set_default_headers", "setup"];
/// Methods that set a header, its name first.
const SETTERS: [&str; 4] = ["add_header", "send_header", "set_header", "setHeader"];

impl FlowInput<'_> {
    /// The kind of content, where a page is put out as something else.
    pub(crate) fn other_content(&self, site: &SinkSite) -> Option<String> {
        let said = self.said_in(site.function, Some(site.call));
        if !said.is_empty() {
            return said.iter().all(|kind| !is_page(kind)).then(|| said[0].clone());
        }
        // For all answers of a class that derives from one of a framework.
        let class = self.resolution.program.functions[site.function].class?;
        let hierarchy = &self.resolution.hierarchy;
        if hierarchy.external_bases(class).is_empty() {
            return None;
        }
        let strings = &self.resolution.program.strings;
        for ancestor in hierarchy.order(class) {
            for name in AROUND {
                let Some(name) = strings.lookup(name) else { continue };
                let Some(method) = hierarchy.own_method(*ancestor, name) else { continue };
                let said = self.said_in(method, None);
                if !said.is_empty() {
                    return said.iter().all(|kind| !is_page(kind)).then(|| said[0].clone());
                }
            }
        }
        None
    }

    /// Whether a function is one that a server calls by an agreement on its parameters, and its result the answer.
    pub(crate) fn answers_server(&self, f: FuncId) -> bool {
        let models = self.resolution.models();
        let mut results = models.signatures().iter().filter_map(|s| models.returned(s.type_root));
        results.any(|result| self.resolution.result_facts(f).contains(&result))
    }

    /// The kinds of content that a function gives to what it answers, but for those of answers that other calls than `answer` make.
    fn said_in(&self, f: FuncId, answer: Option<Value>) -> Vec<String> {
        let function = self.resolution.program.function(f);
        let strings = &self.resolution.program.strings;
        let mut out = Vec::new();
        for inst in &function.insts {
            match &inst.op {
                Op::Call { func, args } => {
                    let Op::Attr(_, name) = function.op(*func) else { continue };
                    let [header, kind, ..] = &args[..] else { continue };
                    let set = SETTERS.contains(&strings.resolve(*name)) && header.kind == ArgKind::Positional;
                    if set && self.is_content_type(f, header.value) {
                        out.extend(self.kind_of_content(f, kind.value));
                    }
                }
                // The list of headers that an application hands to its server.
                Op::Collection(Collection::Tuple, parts) => {
                    if let [header, kind] = &parts[..]
                        && self.is_content_type(f, header.value)
                    {
                        out.extend(self.kind_of_content(f, kind.value));
                    }
                }
                Op::StoreItem { base, key, value } => {
                    let of_response = match function.op(*base) {
                        Op::Attr(owner, name) => {
                            strings.resolve(*name) == "headers"
                                && !self.reads_as_request(f, *owner)
                                && !is_other_call(function, *owner, answer)
                        }
                        Op::Call { .. } => !is_other_call(function, *base, answer),
                        Op::Param(_) => true,
                        _ => false,
                    };
                    if of_response && self.is_content_type(f, *key) {
                        out.extend(self.kind_of_content(f, *value));
                    }
                }
                Op::StoreAttr { base, name, value }
                    if ["content_type", "mimetype"].contains(&strings.resolve(*name))
                        && !is_other_call(function, *base, answer) =>
                {
                    out.extend(self.kind_of_content(f, *value));
                }
                _ => {}
            }
        }
        out
    }

    fn reads_as_request(&self, f: FuncId, value: Value) -> bool {
        let function = self.resolution.program.function(f);
        let strings = &self.resolution.program.strings;
        match function.op(value) {
            Op::Attr(_, name) | Op::Global(name) | Op::ImportFrom { name, .. } => {
                strings.resolve(*name).contains("req")
            }
            Op::Param(index) => {
                function.params.get(*index as usize).is_some_and(|p| strings.resolve(p.name).contains("req"))
            }
            _ => false,
        }
    }

    fn is_content_type(&self, f: FuncId, value: Value) -> bool {
        self.constant_text(f, value).is_some_and(|text| text.eq_ignore_ascii_case("content-type"))
    }

    /// The constant kind of content that a value is, or is unless something else is asked for.
    fn kind_of_content(&self, f: FuncId, value: Value) -> Option<String> {
        self.constant_text(f, value).or_else(|| {
            let function = self.resolution.program.function(f);
            let Op::Call { func, args } = function.op(value) else { return None };
            let Op::Attr(_, name) = function.op(*func) else { return None };
            let [_, default] = &args[..] else { return None };
            ["get", "pop"]
                .contains(&self.resolution.program.strings.resolve(*name))
                .then(|| self.constant_text(f, default.value))?
        })
    }
}

/// Whether a value is made by another call than `answer`, where that is a call.
fn is_other_call(function: &Function, value: Value, answer: Option<Value>) -> bool {
    let is_call = |value: Value| matches!(function.op(value), Op::Call { .. });
    answer.is_some_and(|answer| answer != value && is_call(answer) && is_call(value))
}

/// Whether browsers read markup in it. What has no `/` is not understood.
fn is_page(kind: &str) -> bool {
    assay_values::contexts::is_page(kind) || !kind.contains('/')
}
