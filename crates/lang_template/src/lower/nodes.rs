//! Tags.

use super::Lowering;
use crate::expression::{Expr, Kind};
use crate::tree::{Node, NodeKind};
use assay_ir::template as runtime;
use assay_ir::{Arg, ArgKind, Const, Op, Value};
use assay_text::Span;

impl Lowering<'_> {
    pub(super) fn nodes(&mut self, nodes: &[Node]) {
        for node in nodes {
            self.node(node);
        }
    }

    fn node(&mut self, node: &Node) {
        let span = node.span;
        match &node.kind {
            NodeKind::Text => self.feed(span),
            NodeKind::Output(value) => self.output(value, span),
            NodeKind::If(branches) => self.branches(branches),
            NodeKind::For { target, iterable, filter, body, otherwise } => {
                self.for_each(target, iterable, filter.as_ref(), body, otherwise, span);
            }
            NodeKind::With { assigned, body } => self.scope(|this| {
                for (name, value) in assigned {
                    let value_of = this.expression(value);
                    this.assign(name, value_of, false, span);
                }
                this.nodes(body);
            }),
            NodeKind::Assign(target, value) => {
                let value = self.expression(value);
                self.assign_to(target, value, span);
            }
            NodeKind::Capture(name, body) => {
                self.nodes(body);
                // What is captured was examined where it stands.
                let value = self.text("", span);
                self.assign(name, value, false, span);
            }
            NodeKind::Block(name, body) => self.block(name, body, span),
            NodeKind::Extends(_) => {}
            NodeKind::Include { name, with, only } => self.include(name, with, *only, span),
            NodeKind::Import(name, alias) => {
                let module = self.load(name, span);
                self.assign(alias, module, true, span);
            }
            NodeKind::ImportFrom(name, names) => {
                let module = self.load(name, span);
                for (name, alias) in names {
                    let own = self.own(name);
                    let symbol = self.strings.intern(&own);
                    let value = self.push(Op::Attr(module, symbol), span);
                    self.assign(alias, value, false, span);
                }
            }
            NodeKind::Macro { name, params, body } => self.define_macro(name, params, body, span),
            NodeKind::Autoescape(on, body) => {
                let outer = std::mem::replace(&mut self.autoescape, *on);
                self.nodes(body);
                self.autoescape = outer;
            }
            NodeKind::Group(body) => self.nodes(body),
            NodeKind::Evaluate(value) => {
                self.expression(value);
            }
            NodeKind::Tag { name, arguments, target } => self.tag(name, arguments, target.as_deref(), span),
        }
    }

    fn branches(&mut self, branches: &[(Option<Expr>, Vec<Node>)]) {
        // A name that one branch assigns has its old value behind the others.
        for (_, body) in branches {
            for node in body {
                self.prepare(node);
            }
        }
        let before = self.reader.clone();
        let mut after = None;
        let mut ends = Vec::new();
        let mut complete = false;
        for (test, body) in branches {
            self.reader = before.clone();
            let mut next = None;
            if let Some(test) = test {
                let (then_to, else_to) = self.condition(test);
                self.frame.body.switch_to(then_to);
                next = Some(else_to);
            } else {
                complete = true;
            }
            self.nodes(body);
            ends.push(self.frame.body.current());
            if after.is_none() {
                after = Some(self.reader.clone());
            }
            match next {
                Some(block) => self.frame.body.switch_to(block),
                None => break,
            }
        }
        if !complete {
            ends.push(self.frame.body.current());
        }
        self.join_blocks(&ends);
        if let Some(after) = after {
            self.reader = after;
        }
    }

    /// Gives what a branch assigns the value that it has before.
    fn prepare(&mut self, node: &Node) {
        let mut names: Vec<String> = Vec::new();
        let mut bodies: Vec<&[Node]> = Vec::new();
        match &node.kind {
            NodeKind::Assign(target, _) => collect_names(target, &mut names),
            NodeKind::Capture(name, _) | NodeKind::Import(_, name) | NodeKind::Tag { target: Some(name), .. } => {
                names.push(name.clone());
            }
            NodeKind::ImportFrom(_, all) => names.extend(all.iter().map(|(_, alias)| alias.clone())),
            NodeKind::If(..) | NodeKind::Group(_) | NodeKind::Autoescape(..) => {
                node.kind.for_each_body(&mut |body| bodies.push(body));
            }
            _ => {}
        }
        for body in bodies {
            for node in body {
                self.prepare(node);
            }
        }
        for name in names {
            let level = self.frame.level;
            if self.frame.locals.get(&name).is_none_or(|local| local.level != level) {
                let value = self.name(&name, node.span);
                self.assign(&name, value, false, node.span);
            }
        }
    }

    fn assign_to(&mut self, target: &Expr, value: Value, span: Span) {
        match &target.kind {
            Kind::Name(name) => self.assign(name, value, false, span),
            Kind::Tuple(parts) | Kind::List(parts) => {
                for (index, part) in parts.iter().enumerate() {
                    let index = i32::try_from(index).unwrap_or(i32::MAX);
                    let element = self.push(Op::Unpack { base: value, index, rest: false }, span);
                    self.assign_to(part, element, span);
                }
            }
            Kind::Attr(base, name) => {
                let base = self.expression(base);
                let name = self.strings.intern(name);
                self.push(Op::StoreAttr { base, name, value }, span);
            }
            _ => {}
        }
    }

    fn for_each(
        &mut self,
        target: &Expr,
        iterable: &Expr,
        filter: Option<&Expr>,
        body: &[Node],
        otherwise: &[Node],
        span: Span,
    ) {
        let iterated = self.iterated(iterable);
        let before = self.reader.clone();
        self.scope(|this| {
            let the_loop = this.frame.body.begin_loop();
            let more = this.push(Op::Unknown(vec![iterated]), span);
            let (then_to, else_to) = this.frame.body.branch(more);
            this.frame.body.switch_to(else_to);
            this.frame.body.goto(the_loop.exit);
            this.frame.body.switch_to(then_to);
            this.scope(|this| {
                let element = this.push(Op::Next(iterated), iterable.span);
                this.assign_to(target, element, span);
                for name in ["loop", "forloop"] {
                    let number = this.push(Op::Const(Const::Int(0)), span);
                    if !mentions(target, name) {
                        this.assign_quietly(name, number);
                    }
                }
                if let Some(test) = filter {
                    let (then_to, else_to) = this.condition(test);
                    this.frame.body.switch_to(then_to);
                    this.nodes(body);
                    let end = this.frame.body.current();
                    this.join_blocks(&[end, else_to]);
                } else {
                    this.nodes(body);
                }
            });
            this.frame.body.end_loop_body(the_loop);
            this.frame.body.close_loop(the_loop);
        });
        if !otherwise.is_empty() {
            let after = std::mem::replace(&mut self.reader, before);
            self.nodes(otherwise);
            self.reader = after;
        }
    }

    /// A name that other templates need not see.
    fn assign_quietly(&mut self, name: &str, value: Value) {
        let passes = std::mem::replace(&mut self.passes_context, false);
        self.assign(name, value, false, self.whole);
        self.passes_context = passes;
    }

    /// What a loop goes through. `d.items` of Django is called by the template.
    fn iterated(&mut self, iterable: &Expr) -> Value {
        if let Kind::Attr(base, name) = &iterable.kind
            && matches!(name.as_str(), "items" | "values" | "keys")
        {
            let base = self.expression(base);
            let name = self.strings.intern(name);
            let method = self.push(Op::Attr(base, name), iterable.span);
            return self.call(method, &[], iterable.span);
        }
        self.expression(iterable)
    }

    fn block(&mut self, name: &str, body: &[Node], span: Span) {
        // Within a loop or assignment a block sees what only its place has.
        if self.frame.level > 0 || self.frame.is_macro || self.blocks.iter().any(|b| b == name) {
            return self.nodes(body);
        }
        self.blocks.push(name.to_owned());
        // Where the block of another template stands is not known here: it begins as text.
        if self.extends.is_some() && self.frame.block.is_none() {
            self.reader = assay_markup::Reader::new();
            self.reader.feed("-");
        }
        // The span tells which blocks stand in others.
        let whole = Span::new(span.start, end_of(body).max(span.end));
        let outer = self.begin_rendering(&format!("{}{name}", runtime::BLOCK), whole);
        self.frame.block = Some(name.to_owned());
        self.nodes(body);
        self.end(None, outer);
    }

    fn include(&mut self, name: &Expr, with: &[(String, Expr)], only: bool, span: Span) {
        let mut entries = if only { Vec::new() } else { vec![(None, self.context())] };
        for (key, value) in with {
            let value_of = self.expression(value);
            let key = self.text(key, value.span);
            entries.push((Some(key), value_of));
        }
        let context = match entries.as_slice() {
            [(None, context)] => *context,
            _ => self.push(Op::Dict(entries), span),
        };
        let module = self.load(name, span);
        let render = self.own(runtime::RENDER);
        let render = self.strings.intern(&render);
        let render = self.push(Op::Attr(module, render), span);
        let request = self.request(span);
        self.call(render, &[context, request], span);
    }

    pub(super) fn request(&mut self, span: Span) -> Value {
        if self.frame.is_macro { self.none(span) } else { self.frame.request }
    }

    fn load(&mut self, name: &Expr, span: Span) -> Value {
        let name = self.expression(name);
        self.run(runtime::LOAD, &[name], span)
    }

    fn define_macro(&mut self, name: &str, params: &[(String, Option<Expr>)], body: &[Node], span: Span) {
        let names: Vec<&str> = params.iter().map(|(name, _)| name.as_str()).collect();
        let reader = std::mem::take(&mut self.reader);
        let outer = self.begin(name, &names, span);
        self.frame.is_macro = true;
        for (index, (name, _)) in params.iter().enumerate() {
            let value = self.push(Op::Param(index as u32), span);
            self.assign(name, value, false, span);
        }
        let kept = self.kept();
        self.frame.passed = self.push(Op::Global(kept), span);
        let (context, passed) = (self.frame.context, self.frame.passed);
        self.frame.body.define(context, passed);
        self.nodes(body);
        self.end(None, outer);
        self.reader = reader;
    }

    fn tag(&mut self, name: &str, arguments: &[crate::expression::Argument], target: Option<&str>, span: Span) {
        match name {
            "trans" | "translate" | "firstof" | "cycle" if target.is_none() => {
                let shown = if name == "firstof" || name == "cycle" { arguments.len() } else { 1 };
                for argument in arguments.iter().take(shown).filter(|a| a.name.is_none()) {
                    if !matches!(&argument.value.kind, Kind::Name(n) if n == "noop" || n == "silent") {
                        self.output(&argument.value, argument.value.span);
                    }
                }
                return;
            }
            _ => {}
        }
        let args: Vec<Arg> = arguments
            .iter()
            .map(|argument| {
                let value = self.expression(&argument.value);
                let kind = match &argument.name {
                    Some(name) => ArgKind::Keyword(self.strings.intern(name)),
                    None => ArgKind::Positional,
                };
                Arg { kind, value }
            })
            .collect();
        let func = self.global(&format!("{}{name}", runtime::TAGS), span);
        let result = self.push(Op::Call { func, args }, span);
        match target {
            Some(target) => self.assign(target, result, false, span),
            None => self.reader.hole(),
        }
    }
}

/// Where the last of these nodes ends, with what stands in it.
fn end_of(nodes: &[Node]) -> u32 {
    let Some(last) = nodes.last() else { return 0 };
    let mut end = last.span.end;
    last.kind.for_each_body(&mut |body| end = end.max(end_of(body)));
    end
}

fn collect_names(target: &Expr, names: &mut Vec<String>) {
    match &target.kind {
        Kind::Name(name) => names.push(name.clone()),
        Kind::Tuple(parts) | Kind::List(parts) => parts.iter().for_each(|part| collect_names(part, names)),
        _ => {}
    }
}

fn mentions(target: &Expr, name: &str) -> bool {
    let mut names = Vec::new();
    collect_names(target, &mut names);
    names.iter().any(|n| n == name)
}
