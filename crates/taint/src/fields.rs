//! What the declared fields of a form, a serializer or a model let through.
//!
//! A *form* has its data as a mapping by the names of its fields, once they are cleaned: `form.cleaned_data["page"]`. A *model* has it as
//! attributes. Either way a field is an attribute of the class, and what it is declared as decides what it can hold.

use crate::driver::Engine;
use crate::function::Fun;
use crate::oracle::{FunctionOracle, declarations_of};
use assay_index::Symbol;
use assay_ir::{Op, Value};
use assay_models::{Form, HeldAgainst, KindSet, SinkKind};
use assay_resolve::{ApiId, ClsId, FieldRead, FuncId, Object};
use assay_values::Context;
use assay_values::guards::{Judgement, MatchMethod, judge_held};

/// Parts of a declaration that are looked at.
const MAX_PARTS: u32 = 64;

impl<'a> Engine<'a> {
    /// Takes from a value that is read from a field what the field's declaration excludes.
    pub(crate) fn read_field(&mut self, fun: &mut Fun<'a>, value: Value) {
        if fun.tree(value).is_empty() {
            return;
        }
        let harmless = match fun.function.op(value) {
            Op::Attr(base, name) if self.is_narrow_attribute(fun, value, *base, *name) => {
                KindSet::ALL.minus(KindSet::of(SinkKind::ResourceAmount))
            }
            Op::Attr(base, name) => {
                let held = self.held_by_field(fun, *base, *name);
                held.union(self.held_by_form(fun, *base, *name))
            }
            _ => match FieldRead::of(fun.function, value, &self.program().strings) {
                Some(read) => self.cleaned(fun, &read),
                None => return,
            },
        };
        if !harmless.is_empty() {
            fun.restrict(value, harmless);
        }
    }

    /// What the field that is read takes from the data of its form.
    fn cleaned(&mut self, fun: &Fun<'a>, read: &FieldRead) -> KindSet {
        let mut harmless: Option<KindSet> = None;
        for class in self.classes(fun, read.form).collect::<Vec<_>>() {
            // What a method of the form's own gives comes in where the method's summary is applied.
            let cleaner = read.cleaner(self.program(), &self.res.hierarchy, class, fun.id);
            let kinds = if cleaner.is_some() { KindSet::ALL } else { self.field(class, read, fun.id) };
            harmless = Some(harmless.map_or(kinds, |before| before.intersect(kinds)));
        }
        harmless.unwrap_or(KindSet::EMPTY)
    }

    /// What a field of a class takes from data when it cleans it.
    fn field(&mut self, class: ClsId, read: &FieldRead, reader: FuncId) -> KindSet {
        let declared = read.declaration(self.program(), &self.res.hierarchy, class, reader);
        let Some((function, value)) = declared else { return KindSet::EMPTY };
        let mut harmless: Option<KindSet> = None;
        for api in self.res.apis_of(function, value) {
            let fields = self.res.apis.nodes(api).iter();
            let cleaned = fields.filter_map(|field| self.models.returned(self.models.member(*field, read.clean)?));
            let kinds = cleaned.fold(KindSet::EMPTY, |kinds, node| kinds.union(self.models.facts(node).barriers));
            harmless = Some(harmless.map_or(kinds, |before| before.intersect(kinds)));
        }
        harmless.unwrap_or(KindSet::EMPTY).union(self.held_by(function, value))
    }

    /// What the declaration of a model's field excludes by expressions.
    fn held_by_field(&mut self, fun: &Fun<'a>, base: Value, name: Symbol) -> KindSet {
        let mut harmless: Option<KindSet> = None;
        for class in self.classes(fun, base).collect::<Vec<_>>() {
            let declared = self.res.hierarchy.declaration(self.program(), class, name);
            let kinds = match declared.filter(|_| self.derives_from(class, Form::Typed)) {
                Some((f, value)) => self.held_by(f, value),
                None => KindSet::EMPTY,
            };
            harmless = Some(harmless.map_or(kinds, |before| before.intersect(kinds)));
        }
        harmless.unwrap_or(KindSet::EMPTY)
    }

    /// What the declaration of a form's field excludes by expressions, where its data is an attribute of the field: `form.name.data`.
    fn held_by_form(&mut self, fun: &mut Fun<'a>, field: Value, name: Symbol) -> KindSet {
        let Op::Attr(form, field) = *fun.function.op(field) else { return KindSet::EMPTY };
        if self.program().strings.resolve(name) != "data" {
            return KindSet::EMPTY;
        }
        let mut harmless: Option<KindSet> = None;
        for class in self.classes(fun, form).collect::<Vec<_>>() {
            let declared = self.res.hierarchy.declaration(self.program(), class, field);
            let kinds = declared.map_or(KindSet::EMPTY, |(f, value)| self.held_by(f, value));
            harmless = Some(harmless.map_or(kinds, |before| before.intersect(kinds)));
        }
        harmless.unwrap_or(KindSet::EMPTY)
    }

    /// What the declaration of a parameter excludes by expressions, for what a framework fills it with.
    pub(crate) fn held_by_parameter(&mut self, f: FuncId, parameter: u32) -> KindSet {
        let Some((around, declared)) = declarations_of(self.res, f, parameter) else { return KindSet::EMPTY };
        let said = declared.default.into_iter().chain(declared.annotation);
        said.fold(KindSet::EMPTY, |kinds, value| kinds.union(self.held_by(around, value)))
    }

    /// What the expressions exclude that a declaration holds values against: `Field(pattern="^[a-z]+$")`,
    /// `Annotated[str, …]`, `validators=[Regexp(…)]`.
    fn held_by(&mut self, f: FuncId, declared: Value) -> KindSet {
        if let Some(known) = self.held.get(&(f, declared)) {
            return *known;
        }
        let mut kinds = KindSet::EMPTY;
        let function = self.program().function(f);
        let mut open = vec![declared];
        let mut steps = 0;
        while let Some(value) = open.pop().filter(|_| steps < MAX_PARTS) {
            steps += 1;
            match function.op(value) {
                Op::Annotated { value, annotation } => open.extend(value.iter().chain([annotation])),
                Op::Item(form, parts) if self.is_named(function, *form, "Annotated") => open.push(*parts),
                Op::Item(form, _) if self.is_named(function, *form, "Literal") => kinds = KindSet::ALL,
                Op::Collection(_, elements) => open.extend(elements.iter().map(|e| e.value)),
                Op::Call { func, args } => {
                    open.extend(args.iter().map(|a| a.value));
                    for api in self.res.apis_of(f, *func) {
                        for (spec, argument) in self.res.apis.nodes(api).iter().flat_map(|n| self.models.arguments(*n))
                        {
                            let Some(held) = self.models.facts(*argument).pattern else { continue };
                            for (pattern, _) in crate::library::selected(spec, args, &self.program().strings) {
                                kinds = kinds.union(self.excluded_by(f, pattern, held));
                            }
                        }
                    }
                }
                _ => {}
            }
        }
        self.held.insert((f, declared), kinds);
        kinds
    }

    /// The harm that no text does that an expression matches.
    fn excluded_by(&self, f: FuncId, pattern: Value, held: HeldAgainst) -> KindSet {
        let oracle = FunctionOracle::new(self.res, f);
        let cx = Context::new(self.program().function(f), &self.program().strings, &oracle);
        let method = match held {
            HeldAgainst::Search => MatchMethod::Search,
            HeldAgainst::Match => MatchMethod::Match,
            HeldAgainst::FullMatch => MatchMethod::FullMatch,
        };
        let excluded = SinkKind::ALL.into_iter().filter(|kind| {
            matches!(
                judge_held(&cx, pattern, method, kind.id()),
                Judgement::Validates | Judgement::Insufficient { narrow: true, .. }
            )
        });
        excluded.fold(KindSet::EMPTY, |kinds, kind| kinds.union(KindSet::of(kind)))
    }

    /// Whether an attribute is a field of a model whose type leaves no choice of text.
    fn is_narrow_attribute(&self, fun: &Fun<'a>, value: Value, base: Value, name: Symbol) -> bool {
        let mut classes = self.classes(fun, base).peekable();
        let mut declared = true;
        let record = self.is_of_record(fun, base);
        if classes.peek().is_none()
            || !classes.all(|class| {
                declared &= self.is_declared_narrow(class, name);
                (record || self.derives_from(class, Form::Typed)) && self.res.hierarchy.declaring(class, name).is_some()
            })
        {
            return false;
        }
        if declared {
            return true;
        }
        let mut types = self.res.objects(fun.id, value).peekable();
        types.peek().is_some()
            && types.all(|object| match object {
                Object::Api(api) => self.has_form(api, Form::Narrow),
                Object::Instance(class) | Object::SelfOf(class) => self.derives_from(class, Form::Listed),
                _ => false,
            })
    }

    /// Whether the annotation of a field is a type that leaves no choice of text. A default of another type does not matter: it is the
    /// program's own.
    fn is_declared_narrow(&self, class: ClsId, name: Symbol) -> bool {
        let Some((f, value)) = self.res.hierarchy.declaration(self.program(), class, name) else { return false };
        let Op::Annotated { annotation, .. } = self.program().function(f).op(value) else { return false };
        let mut types = self.res.objects(f, *annotation).peekable();
        types.peek().is_some()
            && types.all(|object| match object {
                Object::Api(api) => self.has_form(api, Form::Narrow),
                Object::Class(class) => self.derives_from(class, Form::Listed),
                _ => false,
            })
    }

    /// Whether a parameter is declared with a class that has nothing but fields: a framework fills those from what comes in.
    pub(crate) fn is_declared_record(&self, fun: &Fun<'a>, parameter: u32, object: Object) -> bool {
        let (Object::Instance(class) | Object::SelfOf(class)) = object else { return false };
        let is_record = !self.res.hierarchy.has_methods(class) && !self.res.declared_fields(class).is_empty();
        let Some((around, declared)) = declarations_of(self.res, fun.id, parameter).filter(|_| is_record) else {
            return false;
        };
        let names_class = |value| self.res.objects(around, value).any(|object| object == Object::Class(class));
        declared.annotation.is_some_and(names_class)
    }

    /// Whether an attribute is read from such a parameter.
    fn is_of_record(&self, fun: &Fun<'a>, base: Value) -> bool {
        let Op::Param(index) = fun.function.op(base) else { return false };
        !self.res.parameter_facts(fun.id, *index).is_empty()
            && self.res.objects(fun.id, base).all(|object| self.is_declared_record(fun, *index, object))
    }

    fn has_form(&self, api: ApiId, form: Form) -> bool {
        self.res.apis.nodes(api).iter().any(|node| self.models.has_form(*node, form))
    }

    pub(crate) fn derives_from(&self, class: ClsId, form: Form) -> bool {
        self.res.hierarchy.external_bases(class).iter().any(|base| self.has_form(*base, form))
    }

    /// The program's classes that a value is an instance of.
    fn classes(&self, fun: &Fun<'a>, value: Value) -> impl Iterator<Item = ClsId> {
        self.res.objects(fun.id, value).filter_map(|object| match object {
            Object::Instance(class) | Object::SelfOf(class) => Some(class),
            _ => None,
        })
    }
}
