//! Templates of the program's own, made for the arguments that they are used with.
//!
//! What stands behind `template <…>` is parsed as it is written, its parameters being unknown types, and its place among the tokens is
//! kept. Where it is used with arguments that are known, it is parsed once more with each parameter *bound* to its argument. The classes
//! made of one template share its name; their methods, and the functions made of one template, are told apart as overloaded functions are.

use super::specifiers::Attributes;
use super::{Current, Entity, Parsed, Parser};
use crate::lex::Kind;
use crate::preprocess::Token;
use crate::tree::Expr;
use crate::words::{self, Word};
use assay_index::{FxHashMap, Symbol};
use assay_ir::{GapReason, ObjectId, Type, TypeId};
use assay_text::limits::{MAX_TEMPLATE_DEPTH, MAX_TEMPLATE_INSTANCES, MAX_TEMPLATE_NESTING};

/// A parameter of a template.
#[derive(Clone)]
pub(super) struct Parameter {
    name: Symbol,
    is_type: bool,
    /// The position of the argument that it has where none is given.
    default: Option<usize>,
}

/// A template.
#[derive(Clone)]
struct Template {
    /// What it is called, and in which namespaces and classes.
    name: Symbol,
    path: Vec<Symbol>,
    params: Vec<Parameter>,
    /// The position of what stands behind the parameters, in the tokens that begin there.
    at: usize,
    first: Option<usize>,
}

/// The template of a class, with its methods that are defined outside of it, and the classes made of it.
#[derive(Clone)]
struct ClassTemplate {
    class: Template,
    methods: Vec<Template>,
    made: Vec<(Vec<Entity>, TypeId)>,
}

/// All templates of a unit.
#[derive(Default)]
pub(super) struct Templates {
    classes: FxHashMap<Symbol, ClassTemplate>,
    functions: FxHashMap<ObjectId, Template>,
    made: Vec<(ObjectId, Vec<Entity>, Option<ObjectId>)>,
    /// What parameters are bound to in what is parsed now.
    pub(super) bound: Vec<(Symbol, Entity)>,
    count: usize,
    depth: usize,
}

impl Parser<'_> {
    /// The parameters between the brackets that begin at a position; none for a list that has no end.
    pub(super) fn template_parameters(&self, at: usize, end: usize) -> Option<Vec<Parameter>> {
        let tokens = self.input.tokens.get(at + 1..end.checked_sub(1)?)?;
        let mut out = Vec::new();
        let mut from = 0;
        for (start, part) in split(tokens) {
            debug_assert!(start >= from);
            from = start;
            let assigned = part.iter().position(|token| token.kind == Kind::Assign);
            let head = &part[..assigned.unwrap_or(part.len())];
            let plain = head.iter().all(|token| !matches!(token.kind, Kind::Ellipsis | Kind::Lt));
            let last = head.last().filter(|token| token.kind == Kind::Ident && plain && head.len() > 1)?;
            let is_type = matches!(words::word(head[0].name, true), Some(Word::Typename | Word::Class));
            let default = assigned.map(|assigned| at + 1 + start + assigned + 1);
            out.push(Parameter { name: last.name, is_type, default });
        }
        (!out.is_empty()).then_some(out)
    }

    /// Keeps the template that stands at a position. `defined`: how many functions there were before it was parsed.
    pub(super) fn note_template(&mut self, at: usize, params: Vec<Parameter>, defined: usize) {
        let (path, first) = (self.path.clone(), self.input.first);
        let token = |ahead: usize| self.input.tokens.get(at + ahead).copied().unwrap_or_else(Token::end);
        if matches!(words::word(token(0).name, true), Some(Word::Class | Word::Struct)) && token(0).kind == Kind::Ident
        {
            let name = token(1).name;
            let ends = matches!(token(2).kind, Kind::LBrace | Kind::Colon)
                || words::word(token(2).name, true) == Some(Word::Final);
            if token(1).kind == Kind::Ident && ends {
                let full = self.joined(&path, name);
                let class = Template { name, path, params, at, first };
                let template = ClassTemplate { class, methods: Vec::new(), made: Vec::new() };
                self.classes.templates.classes.insert(full, template);
            }
            return;
        }
        let Some(last) = self.defined.get(defined..).and_then(<[_]>::last) else { return };
        let (qualified, name) = (last.qualified, last.name);
        let text = self.text(qualified).to_owned();
        let class = text.rsplit_once("::").map(|(class, _)| class.to_owned()).unwrap_or_default();
        let class = self.preprocessor.strings.lookup(&class);
        let template = Template { name, path, params, at, first };
        if let Some(class) = class.filter(|class| self.classes.templates.classes.contains_key(class)) {
            let Some(of) = self.classes.templates.classes.get_mut(&class) else { return };
            of.methods.push(template.clone());
            let (name, made) = (of.class.name, of.made.clone());
            for (arguments, ty) in made {
                self.make_method(&template, name, &arguments, ty);
            }
        } else if let Some(object) = self.by_name.get(&qualified) {
            self.classes.templates.functions.insert(*object, template);
        }
    }

    /// The class that a name with template arguments means which begins at a token and was read.
    pub(super) fn made_class(&mut self, start: usize, parts: &[Symbol]) -> Option<TypeId> {
        if self.classes.templates.classes.is_empty() {
            return None;
        }
        let end = self.input.at;
        let list = (start..end).find(|at| self.input.tokens[*at].kind == Kind::Lt)?;
        let full = self.template_name(parts)?;
        let template = self.classes.templates.classes.get(&full)?.class.clone();
        self.input.at = list;
        let arguments = self.read_arguments(&template, end);
        self.input.at = end;
        let arguments = arguments?;
        let known = self.classes.templates.classes.get(&full)?;
        if let Some((_, ty)) = known.made.iter().find(|(other, _)| *other == arguments) {
            return Some(*ty);
        }
        self.make_class(full, &template, &arguments)
    }

    /// The full name of the template of a class that a name means.
    fn template_name(&mut self, parts: &[Symbol]) -> Option<Symbol> {
        let (name, path) = parts.split_last()?;
        let mut around = vec![self.path.clone()];
        around.extend(self.classes.used.iter().map(|space| vec![*space]));
        for (at, whole) in around.into_iter().enumerate() {
            let shortest = if at == 0 { 0 } else { whole.len() };
            for length in (shortest..=whole.len()).rev() {
                let mut whole = whole[..length].to_vec();
                whole.extend_from_slice(path);
                let full = self.joined(&whole, *name);
                if self.classes.templates.classes.contains_key(&full) {
                    return Some(full);
                }
            }
        }
        None
    }

    /// The arguments of the list that begins here and ends at a position; none unless all of them are known.
    fn read_arguments(&mut self, template: &Template, end: usize) -> Option<Vec<Entity>> {
        self.advance();
        let outer = std::mem::replace(&mut self.classes.in_template_arguments, true);
        let mut out = Vec::new();
        let mut more = self.kind() != Kind::Gt;
        for param in &template.params {
            let here = self.input.at;
            if !more {
                if param.default.is_none() || template.first != self.input.first {
                    break;
                }
                self.input.at = param.default.unwrap_or_default();
            }
            let argument = if param.is_type {
                self.attempt(Self::type_name).filter(|ty| !self.is_unknown(*ty)).map(Entity::Type)
            } else {
                let int = self.basic.int;
                self.attempt(Self::constant_expression).flatten().map(|value| Entity::Constant(value, int))
            };
            out.extend(argument);
            if more {
                more = self.eat(Kind::Comma);
            } else {
                self.input.at = here;
            }
            if argument.is_none() {
                break;
            }
        }
        self.classes.in_template_arguments = outer;
        let whole = self.input.at == end || self.kind() == Kind::Gt && self.input.at + 1 == end;
        (whole && out.len() == template.params.len()).then_some(out)
    }

    /// Whether one more may be made of the template that begins in these tokens.
    fn may_make(&mut self, template: &Template) -> bool {
        if template.first != self.input.first || template.first.is_none() {
            return false;
        }
        if self.classes.templates.depth >= MAX_TEMPLATE_DEPTH || self.depth >= MAX_TEMPLATE_NESTING {
            return false;
        }
        if self.classes.templates.count >= MAX_TEMPLATE_INSTANCES {
            if self.classes.templates.count == MAX_TEMPLATE_INSTANCES {
                self.classes.templates.count += 1;
                let span = self.span();
                self.gap(span, GapReason::Limit("MAX_TEMPLATE_INSTANCES".into()));
            }
            return false;
        }
        self.classes.templates.count += 1;
        true
    }

    /// Parses what stands at a template's place with its parameters bound, apart from what is being parsed.
    fn apart<T>(
        &mut self,
        template: &Template,
        bound: Vec<(Symbol, Entity)>,
        parse: impl FnOnce(&mut Self) -> Parsed<T>,
    ) -> Option<T> {
        let at = std::mem::replace(&mut self.input.at, template.at);
        let scopes = self.scopes.split_off(1);
        let path = std::mem::replace(&mut self.path, template.path.clone());
        let current: Option<Current> = self.current.take();
        let depth = std::mem::take(&mut self.depth);
        let target = self.classes.target.take();
        let in_arguments = std::mem::take(&mut self.classes.in_template_arguments);
        let this_class = self.classes.this_class.take();
        let pending = std::mem::take(&mut self.pending);
        let open = self.classes.set_open(0);
        let params = std::mem::take(&mut self.classes.template_params);
        let outer = std::mem::replace(&mut self.classes.templates.bound, bound);
        self.classes.templates.depth += 1;
        let gaps = self.gaps.len();
        let result = self.scoped(|this| {
            for (name, entity) in this.classes.templates.bound.clone() {
                this.declare(name, entity);
            }
            parse(this)
        });
        // What cannot be parsed is a gap of the template as it is written.
        self.gaps.truncate(gaps);
        self.classes.templates.depth -= 1;
        self.classes.templates.bound = outer;
        self.classes.template_params = params;
        self.classes.set_open(open);
        self.pending = pending;
        self.classes.this_class = this_class;
        self.classes.in_template_arguments = in_arguments;
        self.classes.target = target;
        self.depth = depth;
        self.current = current;
        self.path = path;
        self.scopes.truncate(1);
        self.scopes.extend(scopes);
        self.input.at = at;
        result.ok()
    }

    fn make_class(&mut self, full: Symbol, template: &Template, arguments: &[Entity]) -> Option<TypeId> {
        if !self.may_make(template) {
            return None;
        }
        let ty = self.new_record(full, false);
        let known = self.classes.templates.classes.get_mut(&full)?;
        known.made.push((arguments.to_vec(), ty));
        let methods = known.methods.clone();
        let mut bound = bind(&template.params, arguments);
        bound.push((template.name, Entity::Type(ty)));
        self.apart(template, bound, |this| {
            this.advance();
            let (name, span) = (this.advance().name, this.last_span());
            this.eat_word(Word::Final);
            this.class_body(ty, Some(name), span, false, Attributes::default())
        });
        for method in methods {
            self.make_method(&method, template.name, arguments, ty);
        }
        Some(ty)
    }

    /// Makes a method that is defined outside of its class.
    fn make_method(&mut self, method: &Template, class: Symbol, arguments: &[Entity], ty: TypeId) {
        if method.params.len() != arguments.len() || !self.may_make(method) {
            return;
        }
        let mut bound = bind(&method.params, arguments);
        bound.push((class, Entity::Type(ty)));
        self.apart(method, bound, Self::external);
    }

    /// The function that the template of a function is for the arguments of a call.
    pub(super) fn made_function(&mut self, callee: ObjectId, arguments: &[Expr]) -> Option<ObjectId> {
        let template = self.classes.templates.functions.get(&callee)?.clone();
        let bound = self.deduce(&template, arguments)?;
        self.make_function(callee, &template, &bound)
    }

    /// The same, for arguments in a list that ends here.
    pub(super) fn named_function(&mut self, callee: ObjectId, start: usize) -> Option<ObjectId> {
        let template = self.classes.templates.functions.get(&callee)?.clone();
        let end = self.input.at;
        let list = (start..end).find(|at| self.input.tokens[*at].kind == Kind::Lt)?;
        self.input.at = list;
        let arguments = self.read_arguments(&template, end);
        self.input.at = end;
        self.make_function(callee, &template, &arguments?)
    }

    fn make_function(&mut self, callee: ObjectId, template: &Template, arguments: &[Entity]) -> Option<ObjectId> {
        let made = &self.classes.templates.made;
        if let Some((_, _, known)) = made.iter().find(|(of, with, _)| *of == callee && with.as_slice() == arguments) {
            return *known;
        }
        if !self.may_make(template) {
            return None;
        }
        let at = self.classes.templates.made.len();
        self.classes.templates.made.push((callee, arguments.to_vec(), None));
        let full = self.objects[callee].name;
        let before = self.classes.qualified.get(&full).copied();
        let defined = self.defined.len();
        let bound = bind(&template.params, arguments);
        self.apart(template, bound, Self::external);
        if let Some(before) = before {
            self.classes.qualified.insert(full, before);
        }
        let last = self.defined.get(defined..).and_then(<[_]>::last)?;
        let object = self.by_name.get(&last.qualified).copied().filter(|object| *object != callee);
        self.classes.templates.made[at].2 = object;
        object
    }

    /// Whether a function was made of a template.
    pub(super) fn is_made(&self, object: ObjectId) -> bool {
        self.classes.templates.made.iter().any(|(_, _, made)| *made == Some(object))
    }

    /// What the parameters of a function's template are, by what is passed.
    fn deduce(&self, template: &Template, arguments: &[Expr]) -> Option<Vec<Entity>> {
        if template.first != self.input.first {
            return None;
        }
        let tokens = self.input.tokens.get(template.at..)?;
        let open = parameters_of(tokens)?;
        let mut depth = 0_usize;
        let close = open
            + tokens[open..].iter().position(|token| {
                match token.kind {
                    Kind::LParen => depth += 1,
                    Kind::RParen => depth = depth.saturating_sub(1),
                    _ => {}
                }
                depth == 0
            })?;
        let parts: Vec<&[Token]> = split(&tokens[open + 1..close]).into_iter().map(|(_, part)| part).collect();
        template.params.iter().map(|param| self.deduce_one(param, &parts, arguments)).collect()
    }

    fn deduce_one(&self, param: &Parameter, parts: &[&[Token]], arguments: &[Expr]) -> Option<Entity> {
        if !param.is_type {
            return None;
        }
        parts.iter().zip(arguments).find_map(|(part, argument)| {
            let part: Vec<&Token> = part
                .iter()
                .filter(|token| {
                    token.kind != Kind::Ident || !words::word(token.name, true).is_some_and(Self::is_qualifier)
                })
                .collect();
            let first = part.first().filter(|token| token.kind == Kind::Ident && token.name == param.name)?;
            debug_assert_eq!(first.name, param.name);
            let marks = part[1..].iter().take_while(|token| token.kind != Kind::Ident);
            let (mut pointers, mut reference) = (0, false);
            for mark in marks {
                match mark.kind {
                    Kind::Star => pointers += 1,
                    Kind::Amp | Kind::AndAnd => reference = true,
                    _ => return None,
                }
            }
            pointers += part.iter().filter(|token| token.kind == Kind::LBracket).count();
            let mut ty = argument.ty;
            for _ in 0..pointers {
                ty = match self.types.get(ty) {
                    Type::Array { element, .. } => *element,
                    _ => self.types.pointee(ty)?,
                };
            }
            let known = match self.types.get(ty) {
                Type::Array { .. } | Type::Function { .. } => false,
                _ => !self.is_unknown(ty),
            };
            (known && (reference || !matches!(self.types.get(ty), Type::Void))).then_some(Entity::Type(ty))
        })
    }
}

/// Each parameter with its argument.
fn bind(params: &[Parameter], arguments: &[Entity]) -> Vec<(Symbol, Entity)> {
    params.iter().zip(arguments).map(|(param, argument)| (param.name, *argument)).collect()
}

/// The parts between commas, each with its position.
fn split(tokens: &[Token]) -> Vec<(usize, &[Token])> {
    let mut out = Vec::new();
    let (mut depth, mut start) = (0_usize, 0);
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Lt | Kind::LParen | Kind::LBracket | Kind::LBrace => depth += 1,
            Kind::Gt | Kind::RParen | Kind::RBracket | Kind::RBrace => depth = depth.saturating_sub(1),
            Kind::Comma if depth == 0 => {
                out.push((start, &tokens[start..at]));
                start = at + 1;
            }
            _ => {}
        }
    }
    if start < tokens.len() {
        out.push((start, &tokens[start..]));
    }
    out
}

/// The position of the bracket in front of the parameters of the function that is declared at the beginning of tokens.
fn parameters_of(tokens: &[Token]) -> Option<usize> {
    let mut angles = 0_usize;
    for (at, token) in tokens.iter().enumerate() {
        match token.kind {
            Kind::Lt => angles += 1,
            Kind::Gt => angles = angles.saturating_sub(1),
            Kind::LParen if angles == 0 => return (at > 0 && tokens[at - 1].kind == Kind::Ident).then_some(at),
            Kind::LBrace | Kind::Semi | Kind::End => return None,
            _ => {}
        }
    }
    None
}
