//! Records: members of both languages; methods, constructors and bases of C++.

use super::construct::DefaultValue;
use super::declarator::{Param, Params};
use super::specifiers::{Attributes, Member, Storage};
use super::{Bail, Entity, Parsed, Parser};
use crate::lex::Kind;
use crate::tree::LocalId;
use crate::words::Word;
use assay_index::{FxHashMap, Symbol};
use assay_ir::{Definition, Linkage, Object, ObjectId, Type, TypeId};
use assay_text::Span;

/// What is known about classes and namespaces.
#[derive(Default)]
pub(super) struct Classes {
    /// The reference to each type.
    pub(super) references: FxHashMap<TypeId, TypeId>,
    /// Whether `>` ends a list of template arguments here.
    pub(super) in_template_arguments: bool,
    /// What names mean with the namespaces and classes around them.
    pub(super) qualified: FxHashMap<Symbol, Entity>,
    /// Types by their full names that were not seen declared.
    pub(super) unknown: FxHashMap<Symbol, TypeId>,
    /// Containers of the standard library, by name and type of element.
    pub(super) containers: FxHashMap<(Symbol, TypeId), TypeId>,
    /// The elements that they have.
    pub(super) elements: FxHashMap<TypeId, TypeId>,
    pub(super) info: FxHashMap<TypeId, Class>,
    /// All functions of each full name.
    pub(super) overloads: FxHashMap<Symbol, Vec<ObjectId>>,
    /// Namespaces whose names can be used without them.
    pub(super) used: Vec<Symbol>,
    /// The class whose method is parsed.
    pub(super) this_class: Option<TypeId>,
    /// The variable that the next initial value is for.
    pub(super) target: Option<LocalId>,
    /// How many classes are open.
    open: usize,
    pub(super) lambdas: u32,
    /// The types of lambdas that capture something.
    pub(super) closures: FxHashMap<TypeId, super::lambda::Closure>,
    pub(super) templates: super::template::Templates,
    /// Names of the parameters of the templates that are open.
    pub(super) template_params: Vec<Symbol>,
}

/// A class.
#[derive(Default, Clone)]
pub(super) struct Class {
    pub(super) methods: FxHashMap<Symbol, Vec<ObjectId>>,
    pub(super) constructors: Vec<ObjectId>,
    pub(super) destructor: Option<ObjectId>,
    /// How many of the first fields are bases.
    pub(super) bases: usize,
    /// The initial values that it gives its members.
    pub(super) defaults: Vec<DefaultValue>,
}

/// A method whose body is still to be parsed.
pub(super) struct Pending {
    object: ObjectId,
    name: Symbol,
    ty: TypeId,
    params: Params,
    /// The position of the body, or of what stands in front of it.
    at: usize,
    start: Span,
    name_span: Span,
    path: Vec<Symbol>,
    class: TypeId,
    template_params: Vec<Symbol>,
    bound: Vec<(Symbol, Entity)>,
}

impl Classes {
    /// Sets how many classes are open; gives how many were.
    pub(super) fn set_open(&mut self, open: usize) -> usize {
        std::mem::replace(&mut self.open, open)
    }
}

impl Parser<'_> {
    /// The members of a record, with the braces, and the bases in front of them.
    pub(super) fn class_body(
        &mut self,
        ty: TypeId,
        name: Option<Symbol>,
        _name_span: Span,
        union: bool,
        attributes: Attributes,
    ) -> Parsed<()> {
        let mut members = Vec::new();
        if self.cpp && self.eat(Kind::Colon) {
            self.bases(&mut members)?;
            self.classes.info.entry(ty).or_default().bases = members.len();
        }
        self.expect(Kind::LBrace, "`{`")?;
        if self.cpp {
            self.classes.info.entry(ty).or_default();
            if let Some(name) = name {
                self.path.push(name);
            }
            self.classes.open += 1;
        }
        let result = self.members(ty, name, &mut members);
        if self.cpp {
            if name.is_some() {
                self.path.pop();
            }
            self.classes.open -= 1;
        }
        result?;
        let mut attributes = attributes;
        attributes.merge(self.attributes());
        self.lay_out(ty, members, union, attributes);
        if self.cpp && self.classes.open == 0 {
            self.parse_pending();
        }
        Ok(())
    }

    fn members(&mut self, ty: TypeId, name: Option<Symbol>, members: &mut Vec<Member>) -> Parsed<()> {
        while !self.eat(Kind::RBrace) {
            if self.at_end() {
                return Err(Bail("`}`"));
            }
            let (at, start) = (self.input.at, self.span());
            let templates = self.classes.template_params.len();
            if let Err(bail) = self.member_declaration(ty, name, members) {
                self.syntax_gap(start, bail);
                self.input.at = at;
                self.skip_member();
            }
            self.classes.template_params.truncate(templates);
            if self.input.at == at {
                self.advance();
            }
        }
        Ok(())
    }

    fn bases(&mut self, members: &mut Vec<Member>) -> Parsed<()> {
        loop {
            while matches!(self.word(), Some(Word::Public | Word::Private | Word::Protected | Word::Virtual)) {
                self.advance();
            }
            let ty = self.qualified_type().ok_or(Bail("a class"))?;
            let name = self.types.record(ty).map(|record| record.name);
            let name = name.unwrap_or_else(|| self.intern(""));
            members.push(Member { name, ty, bits: None, align: None });
            self.eat(Kind::Ellipsis);
            if !self.eat(Kind::Comma) {
                return Ok(());
            }
        }
    }

    /// Goes on behind a member that was not understood.
    fn skip_member(&mut self) {
        while !matches!(self.kind(), Kind::RBrace | Kind::End) {
            match self.kind() {
                Kind::Semi => {
                    self.advance();
                    return;
                }
                Kind::LBrace => {
                    self.skip_balanced();
                    if self.cpp && self.kind() != Kind::Semi {
                        return;
                    }
                }
                Kind::LParen | Kind::LBracket => {
                    self.skip_balanced();
                }
                _ => {
                    self.advance();
                }
            }
        }
    }

    fn member_declaration(
        &mut self,
        class: TypeId,
        class_name: Option<Symbol>,
        members: &mut Vec<Member>,
    ) -> Parsed<()> {
        if self.eat(Kind::Semi) {
            return Ok(());
        }
        if matches!(self.word(), Some(Word::StaticAssert_ | Word::StaticAssert)) {
            return self.static_assert();
        }
        let start = self.span();
        if self.cpp && self.cpp_member_declaration(class, class_name, start)? {
            return Ok(());
        }
        let specifiers = self.specifiers()?;
        let empty = self.intern("");
        if self.eat(Kind::Semi) {
            // An anonymous record, whose members are those of the record around it.
            let anonymous = self.types.record(specifiers.ty).is_some_and(|record| record.name == empty);
            if anonymous || !self.cpp && self.is_record(specifiers.ty) {
                members.push(Member { name: empty, ty: specifiers.ty, bits: None, align: specifiers.attributes.align });
            }
            return Ok(());
        }
        loop {
            let (mut name, mut ty) = (empty, specifiers.ty);
            let mut align = specifiers.attributes.align;
            let mut method = None;
            if self.kind() != Kind::Colon {
                let declared = self.declarator(specifiers.ty, false)?;
                name = declared.name.ok_or(Bail("a member"))?;
                ty = declared.ty;
                method = declared.params.map(|params| (params, self.place(declared.token)));
            }
            if let (Some((params, span)), Type::Function { .. }, true) = (method, self.types.get(ty), self.cpp) {
                let is_static = specifiers.storage == Storage::Static;
                self.method(class, name, ty, params, is_static, start, span);
                if self.kind() == Kind::RBrace || !self.eat(Kind::Comma) {
                    self.eat(Kind::Semi);
                    return Ok(());
                }
                continue;
            }
            let bits = if self.eat(Kind::Colon) {
                let width = self.constant_expression()?;
                Some(width.and_then(|width| u64::try_from(width).ok()).unwrap_or(1))
            } else {
                None
            };
            align = align.max(self.unknown_attributes().align);
            let initial = self.input.at;
            let initialised = self.cpp && matches!(self.kind(), Kind::Assign | Kind::LBrace);
            if initialised {
                self.skip_default();
            }
            if specifiers.storage == Storage::Typedef {
                self.declare_qualified(name, Entity::Type(ty));
                self.declare_class(name, ty);
            } else if self.cpp && specifiers.storage == Storage::Static {
                let full = self.full_name(&[], name, ty);
                let object = self.object(full, ty, Linkage::External, Span::default());
                self.declare_qualified(name, Entity::Object(object));
                if initialised && specifiers.constant && self.is_integer(ty) {
                    self.member_constant(object, initial);
                }
            } else if !matches!(self.types.get(ty), Type::Function { .. }) {
                members.push(Member { name, ty, bits, align });
                if initialised {
                    let default = DefaultValue { member: name, at: initial, first: self.input.first };
                    self.classes.info.entry(class).or_default().defaults.push(default);
                }
            }
            if !self.eat(Kind::Comma) {
                break;
            }
        }
        self.expect(Kind::Semi, "`;`")
    }

    /// Notes the number that a constant of a class is; its initial value begins at `at`.
    fn member_constant(&mut self, object: ObjectId, at: usize) {
        let behind = std::mem::replace(&mut self.input.at, at + 1);
        let ty = self.objects[object].ty;
        if let Ok(Some(value)) = self.constant_expression() {
            let value = self.wrap(value, ty);
            self.constants.insert(object, value);
        }
        self.input.at = behind;
    }

    /// Members that C does not have. Gives whether one was read.
    fn cpp_member_declaration(&mut self, class: TypeId, class_name: Option<Symbol>, start: Span) -> Parsed<bool> {
        match self.word() {
            Some(Word::Public | Word::Private | Word::Protected) => {
                while !self.eat(Kind::Colon) && !self.at_end() && self.kind() != Kind::LBrace {
                    self.advance();
                }
                return Ok(true);
            }
            Some(Word::Friend) => {
                self.skip_member();
                return Ok(true);
            }
            Some(Word::Using) => {
                self.using()?;
                return Ok(true);
            }
            Some(Word::Template) => {
                self.template_head()?;
                if self.word() == Some(Word::Friend) {
                    self.skip_member();
                    return Ok(true);
                }
                let mut none = Vec::new();
                self.member_declaration(class, class_name, &mut none)?;
                return Ok(true);
            }
            _ => {}
        }
        let at = self.input.at;
        let is_static = self.word() == Some(Word::Static);
        self.attributes();
        while matches!(
            self.word(),
            Some(Word::Virtual | Word::Explicit | Word::Inline | Word::Inline2 | Word::Inline3 | Word::Constexpr)
        ) {
            let explicit = self.advance();
            if explicit.name == Word::Explicit.symbol() && self.kind() == Kind::LParen {
                self.skip_balanced();
            }
            self.attributes();
        }
        let constructor =
            self.kind() == Kind::Ident && Some(self.token().name) == class_name && self.peek(1) == Kind::LParen;
        let special = constructor || self.kind() == Kind::Tilde || self.conversion_ahead();
        if !special {
            self.input.at = at;
            // A macro that is not known, alone or with arguments.
            let alone = self.kind() == Kind::Ident
                && self.word().is_none()
                && self.lookup(self.token().name).is_none()
                && (matches!(self.peek(1), Kind::RBrace) || self.peek_token(1).flags & crate::lex::LINE_START != 0);
            if alone {
                self.advance();
                return Ok(true);
            }
            return Ok(false);
        }
        let (mut name, mut token, mut path) = (None, self.token(), Vec::new());
        self.cpp_name(&mut name, &mut token, &mut path)?;
        let name = name.ok_or(Bail("a name"))?;
        self.expect(Kind::LParen, "`(`")?;
        let params = self.nested(Self::params)?;
        self.function_qualifiers();
        let types = params.list.iter().map(|param| param.ty).collect();
        let void = self.basic.void;
        let result = if self.text(name).starts_with("operator") { self.basic.unknown } else { void };
        let ty = self.types.intern(Type::Function { result, params: types, variadic: params.variadic });
        let span = self.place(token);
        self.method(class, name, ty, params, is_static, start, span);
        self.eat(Kind::Semi);
        Ok(true)
    }

    /// A method, with its body if that stands here.
    #[expect(clippy::too_many_arguments, reason = "all of them describe one method")]
    fn method(
        &mut self,
        class: TypeId,
        name: Symbol,
        ty: TypeId,
        mut params: Params,
        is_static: bool,
        start: Span,
        name_span: Span,
    ) {
        let ty = if is_static { ty } else { self.with_this(class, ty, &mut params) };
        let full = self.full_name(&[], name, ty);
        let object = self.function_object(full, ty, name_span);
        self.add_method(class, name, object, is_static);
        self.unknown_attributes();
        if self.eat(Kind::Assign) {
            // `= default`, `= delete`, `= 0`
            self.advance();
            return;
        }
        if !matches!(self.kind(), Kind::LBrace | Kind::Colon) && self.word() != Some(Word::Try) {
            return;
        }
        let own = name_span != Span::default();
        if own && !matches!(self.objects[object].definition, Definition::Function(_)) {
            let (at, path) = (self.input.at, self.path.clone());
            let template_params = self.classes.template_params.clone();
            let bound = self.classes.templates.bound.clone();
            let one = Pending { object, name, ty, params, at, start, name_span, path, class, template_params, bound };
            self.pending.push(one);
        }
        self.skip_function_body();
    }

    fn add_method(&mut self, class: TypeId, name: Symbol, object: ObjectId, is_static: bool) {
        let text = self.text(name);
        let (destroys, converts) = (text.starts_with('~'), text.starts_with("operator"));
        let constructs = self.path.last() == Some(&name);
        let info = self.classes.info.entry(class).or_default();
        let add = |list: &mut Vec<ObjectId>| {
            if !list.contains(&object) {
                list.push(object);
            }
        };
        if destroys {
            info.destructor = Some(object);
        } else if constructs && !converts {
            add(&mut info.constructors);
        } else {
            add(info.methods.entry(name).or_default());
            if is_static {
                self.declare_qualified(name, Entity::Object(object));
            }
        }
    }

    /// A method's type and parameters with the object's address in front.
    pub(super) fn with_this(&mut self, class: TypeId, ty: TypeId, params: &mut Params) -> TypeId {
        let this = self.pointer_to(class);
        params.list.insert(0, Param { name: Some(Word::This.symbol()), ty: this, span: Span::default() });
        let Type::Function { result, params, variadic } = self.types.get(ty).clone() else { return ty };
        let params = std::iter::once(this).chain(params).collect();
        self.types.intern(Type::Function { result, params, variadic })
    }

    /// The function of this full name and these parameters.
    pub(super) fn function_object(&mut self, full: Symbol, ty: TypeId, span: Span) -> ObjectId {
        let known = self.classes.overloads.get(&full).cloned().unwrap_or_default();
        let params = |this: &Self, ty: TypeId| match this.types.get(ty) {
            Type::Function { params, .. } => params.clone(),
            _ => Vec::new(),
        };
        let wanted = params(self, ty);
        if let Some(same) = known.iter().find(|object| params(self, self.objects[**object].ty) == wanted) {
            return *same;
        }
        let name = if known.is_empty() {
            full
        } else {
            let text = format!("{}#{}", self.text(full), known.len());
            self.intern(&text)
        };
        let object = Object {
            name,
            ty,
            linkage: Linkage::External,
            definition: Definition::Elsewhere,
            constant: false,
            noreturn: false,
            span,
        };
        let id = self.objects.push(object);
        self.by_name.insert(name, id);
        self.classes.overloads.entry(full).or_default().push(id);
        id
    }

    /// Skips what stands in front of a body, and the body.
    pub(super) fn skip_function_body(&mut self) {
        while !matches!(self.kind(), Kind::LBrace | Kind::End | Kind::Semi) {
            match self.kind() {
                Kind::LParen | Kind::LBracket => {
                    self.skip_balanced();
                }
                // `member{…}` in the list of a constructor.
                Kind::Ident if self.peek(1) == Kind::LBrace && self.word() != Some(Word::Try) => {
                    self.advance();
                    self.skip_balanced();
                    if !matches!(self.kind(), Kind::Comma | Kind::LBrace) {
                        return;
                    }
                }
                _ => {
                    self.advance();
                }
            }
        }
        self.skip_balanced();
        while self.word() == Some(Word::Catch) {
            self.advance();
            self.skip_balanced();
            self.skip_balanced();
        }
    }

    /// Parses the bodies of methods of classes that are complete.
    pub(super) fn parse_pending(&mut self) {
        let here = self.input.at;
        while let Some(one) = self.pending.pop() {
            self.input.at = one.at;
            let path = std::mem::replace(&mut self.path, one.path);
            let this_class = self.classes.this_class.replace(one.class);
            let depth = std::mem::take(&mut self.depth);
            let scopes = self.scopes.len();
            let result = self.scoped(|this| {
                for param in &one.template_params {
                    this.template_param(*param);
                }
                for (name, entity) in one.bound.clone() {
                    this.declare(name, entity);
                }
                let outer = std::mem::replace(&mut this.classes.templates.bound, one.bound);
                let result = this.function_body(one.object, one.name, one.ty, &one.params, one.start, one.name_span);
                this.classes.templates.bound = outer;
                result
            });
            if let Err(bail) = result {
                self.scopes.truncate(scopes);
                self.syntax_gap(one.name_span, bail);
            }
            self.depth = depth;
            self.classes.this_class = this_class;
            self.path = path;
        }
        self.input.at = here;
    }

    /// Whether a field is a base of its class.
    pub(super) fn is_base(&self, record: TypeId, field: usize) -> bool {
        self.classes.info.get(&record).is_some_and(|info| field < info.bases)
    }

    /// The methods of this name of a class or its bases.
    pub(super) fn methods(&self, class: TypeId, name: Symbol) -> Vec<ObjectId> {
        let mut pending = vec![class];
        let mut steps = 0;
        while let Some(class) = pending.pop() {
            steps += 1;
            if steps > 64 {
                break;
            }
            if let Some(info) = self.classes.info.get(&class) {
                if let Some(found) = info.methods.get(&name) {
                    return found.clone();
                }
                if let Some(record) = self.types.record(class) {
                    pending.extend(record.fields.iter().take(info.bases).map(|field| field.ty));
                }
            }
        }
        Vec::new()
    }
}
