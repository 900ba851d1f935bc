//! Declaration specifiers, records and enumerations.

use super::{Bail, Entity, Parsed, Parser};
use crate::lex::Kind;
use crate::words::Word;
use assay_index::Symbol;
use assay_ir::{Field, Type, TypeId};
use assay_text::limits;

/// What stands in front of the declarators.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Specifiers {
    pub(super) ty: TypeId,
    pub(super) storage: Storage,
    pub(super) constant: bool,
    pub(super) attributes: Attributes,
    /// `auto`: the type is that of the initial value.
    pub(super) deduced: bool,
    pub(super) inline: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(super) enum Storage {
    None,
    Typedef,
    Extern,
    Static,
    /// `register` and `auto` of C.
    Automatic,
}

#[derive(Clone, Copy, Default, Debug)]
pub(super) struct Attributes {
    pub(super) noreturn: bool,
    pub(super) packed: bool,
    pub(super) align: Option<u64>,
}

impl Attributes {
    pub(super) fn merge(&mut self, other: Self) {
        self.noreturn |= other.noreturn;
        self.packed |= other.packed;
        self.align = self.align.max(other.align);
    }
}

/// What a word of C++ is among specifiers.
enum CppWord {
    /// The type was read with what it names.
    Type(TypeId),
    /// One word, to be skipped.
    Skip,
    /// No specifier.
    Other,
}

/// A member as it is declared.
pub(super) struct Member {
    pub(super) name: Symbol,
    pub(super) ty: TypeId,
    pub(super) bits: Option<u64>,
    pub(super) align: Option<u64>,
}

/// The words of a type's name that were read.
#[derive(Default)]
#[expect(clippy::struct_excessive_bools, reason = "any of them may be there")]
struct Words {
    void: bool,
    char: bool,
    short: bool,
    int: bool,
    long: u8,
    float: bool,
    double: bool,
    signed: bool,
    unsigned: bool,
    bool: bool,
    int128: bool,
    wide: Option<u8>,
}

impl Words {
    fn any(&self) -> bool {
        self.void
            || self.char
            || self.short
            || self.int
            || self.long > 0
            || self.float
            || self.double
            || self.signed
            || self.unsigned
            || self.bool
            || self.int128
            || self.wide.is_some()
    }

    fn ty(&self) -> Type {
        let signed = !self.unsigned;
        if self.void {
            Type::Void
        } else if self.bool {
            Type::Bool
        } else if let Some(bits) = self.wide {
            Type::Int { bits, signed: bits == 32 }
        } else if self.char {
            Type::Int { bits: 8, signed }
        } else if self.float {
            Type::Float { bits: 32 }
        } else if self.double {
            Type::Float { bits: if self.long > 0 { 128 } else { 64 } }
        } else if self.int128 {
            Type::Int { bits: 128, signed }
        } else if self.short {
            Type::Int { bits: 16, signed }
        } else {
            Type::Int { bits: if self.long > 0 { 64 } else { 32 }, signed }
        }
    }
}

impl Parser<'_> {
    pub(super) fn is_qualifier(word: Word) -> bool {
        use Word::{
            Atomic_, Attribute, Attribute2, Const, Const2, Extension, Restrict, Restrict2, Restrict3, Volatile,
            Volatile2, Volatile3,
        };
        matches!(
            word,
            Const
                | Const2
                | Volatile
                | Volatile2
                | Volatile3
                | Restrict
                | Restrict2
                | Restrict3
                | Atomic_
                | Extension
                | Attribute
                | Attribute2
        )
    }

    pub(super) fn is_type_word(word: Word) -> bool {
        use Word::{
            Alignas_, Auto, Bool_, Char, Complex_, Declspec, Double, Enum, Extern, Float, Inline, Inline2, Inline3,
            Int, Int128, Long, Noreturn_, Register, Short, Signed, Signed2, Static, Struct, Thread, ThreadLocal_,
            Typedef, Typeof, Typeof2, Typeof3, Union, Unsigned, VaList, VaList2, Void,
        };
        Self::is_qualifier(word)
            || matches!(
                word,
                Auto | Bool_
                    | Char
                    | Complex_
                    | Declspec
                    | Double
                    | Enum
                    | Extern
                    | Float
                    | Inline
                    | Inline2
                    | Inline3
                    | Int
                    | Int128
                    | Long
                    | Noreturn_
                    | Register
                    | Short
                    | Signed
                    | Signed2
                    | Static
                    | Struct
                    | Thread
                    | ThreadLocal_
                    | Typedef
                    | Typeof
                    | Typeof2
                    | Typeof3
                    | Union
                    | Unsigned
                    | Void
                    | Alignas_
                    | VaList
                    | VaList2
            )
    }

    /// Skips `__attribute__`, `[[…]]` and their like, taking from them what matters.
    pub(super) fn attributes(&mut self) -> Attributes {
        let mut found = Attributes::default();
        loop {
            match self.word() {
                Some(Word::Attribute | Word::Attribute2 | Word::Declspec) => {
                    self.advance();
                    found.merge(self.attribute_list());
                }
                Some(Word::Asm | Word::Asm2 | Word::Asm3) if self.peek(1) == Kind::LParen => {
                    self.advance();
                    self.skip_balanced();
                }
                Some(Word::Alignas_ | Word::Alignas) if self.peek(1) == Kind::LParen => {
                    self.advance();
                    found.align = found.align.max(self.alignment());
                }
                Some(Word::Extension) => {
                    self.advance();
                }
                Some(Word::Noreturn_) => {
                    found.noreturn = true;
                    self.advance();
                }
                _ if self.kind() == Kind::LBracket && self.peek(1) == Kind::LBracket => {
                    found.merge(self.attribute_list());
                }
                _ => return found,
            }
        }
    }

    /// Skips names behind a declarator that mean nothing known: macros that stand for attributes.
    pub(super) fn unknown_attributes(&mut self) -> Attributes {
        let mut found = self.attributes();
        while self.kind() == Kind::Ident && self.word().is_none() {
            let ends = match self.peek(1) {
                Kind::Semi | Kind::LBrace | Kind::Comma | Kind::Assign | Kind::Ident => true,
                Kind::LParen => self
                    .text(self.token().name)
                    .chars()
                    .all(|c| c.is_ascii_uppercase() || c.is_ascii_digit() || c == '_'),
                _ => false,
            };
            if !ends || self.lookup(self.token().name).is_some() {
                break;
            }
            self.advance();
            if self.kind() == Kind::LParen {
                self.skip_balanced();
            }
            found.merge(self.attributes());
        }
        found
    }

    /// Whether an unknown name here is a macro in front of a type, and no type.
    fn is_prefix_macro(&mut self) -> bool {
        if self.peek(1) == Kind::LParen {
            // `MACRO(…) type name`
            let at = self.input.at;
            self.advance();
            self.skip_balanced();
            let found = self.kind() == Kind::Ident && !self.at_end() && self.starts_type(false);
            self.input.at = at;
            return found;
        }
        if self.peek(1) != Kind::Ident {
            return false;
        }
        if let Some(word) = self.word_at(1) {
            return Self::is_type_word(word) && !Self::is_qualifier(word) && word != Word::Static;
        }
        let next = self.peek_token(1).name;
        match self.peek(2) {
            Kind::Ident => self.word_at(2).is_none_or(Self::is_qualifier),
            Kind::Star => matches!(self.lookup(next), Some(Entity::Type(_))) || self.peek(3) == Kind::Ident,
            _ => false,
        }
    }

    /// The alignment in `(…)`.
    fn alignment(&mut self) -> Option<u64> {
        let start = self.input.at;
        self.advance();
        let value = if self.starts_type(false) {
            let ty = self.type_name().ok();
            ty.map(|ty| self.types.align(ty))
        } else {
            let value = self.constant_expression().ok().flatten();
            value.and_then(|value| u64::try_from(value).ok())
        };
        self.input.at = start;
        self.skip_balanced();
        value.filter(|align| align.is_power_of_two() && *align <= 1 << 20)
    }

    fn attribute_list(&mut self) -> Attributes {
        let mut found = Attributes::default();
        let start = self.input.at;
        self.skip_balanced();
        let end = self.input.at;
        let mut at = start;
        while at < end {
            let token = self.input.tokens[at];
            at += 1;
            if token.kind != Kind::Ident {
                continue;
            }
            match crate::words::any_word(token.name) {
                Some(Word::Noreturn | Word::Noreturn2 | Word::Noreturn_) => found.noreturn = true,
                Some(Word::Packed | Word::Packed2) => found.packed = true,
                Some(Word::Aligned | Word::Aligned2) => {
                    self.input.at = at;
                    let align = if self.kind() == Kind::LParen { self.alignment() } else { Some(16) };
                    found.align = found.align.max(align);
                    self.input.at = end;
                }
                _ => {}
            }
        }
        found
    }

    /// The specifiers of a declaration. There is at least one, or what stands there is no declaration.
    pub(super) fn specifiers(&mut self) -> Parsed<Specifiers> {
        let mut words = Words::default();
        let mut specifiers = Specifiers {
            ty: self.basic.int,
            storage: Storage::None,
            constant: false,
            attributes: Attributes::default(),
            deduced: false,
            inline: false,
        };
        let mut named = None;
        let first = self.input.at;
        loop {
            specifiers.attributes.merge(self.attributes());
            let Some(word) = self.word() else {
                if named.is_some() || words.any() || specifiers.deduced {
                    break;
                }
                if self.kind() == Kind::Ident && self.lookup(self.token().name).is_none() && self.is_prefix_macro() {
                    self.advance();
                    if self.kind() == Kind::LParen {
                        self.skip_balanced();
                    }
                    continue;
                }
                match self.type_of_name() {
                    Some(ty) => {
                        named = Some(ty);
                        continue;
                    }
                    None => break,
                }
            };
            let is_type_known = named.is_some() || words.any();
            match word {
                Word::Typedef => specifiers.storage = Storage::Typedef,
                Word::Extern => {
                    if specifiers.storage != Storage::Static {
                        specifiers.storage = Storage::Extern;
                    }
                }
                Word::Static => specifiers.storage = Storage::Static,
                Word::Register => specifiers.storage = Storage::Automatic,
                Word::Auto if self.cpp => specifiers.deduced = true,
                Word::Auto => specifiers.storage = Storage::Automatic,
                Word::Const | Word::Const2 => specifiers.constant = true,
                Word::Constexpr if self.cpp => specifiers.constant = true,
                Word::Inline | Word::Inline2 | Word::Inline3 => specifiers.inline = true,
                Word::Thread | Word::ThreadLocal_ | Word::Complex_ => {}
                Word::Atomic_ if self.peek(1) == Kind::LParen => {
                    self.advance();
                    self.advance();
                    named = Some(self.type_name()?);
                    self.expect(Kind::RParen, "`)`")?;
                    continue;
                }
                Word::Void => words.void = true,
                Word::Char => words.char = true,
                Word::Short => words.short = true,
                Word::Int => words.int = true,
                Word::Long => words.long += 1,
                Word::Float => words.float = true,
                Word::Double => words.double = true,
                Word::Signed | Word::Signed2 => words.signed = true,
                Word::Unsigned => words.unsigned = true,
                Word::Bool_ => words.bool = true,
                Word::Int128 => words.int128 = true,
                Word::VaList | Word::VaList2 if !is_type_known => {
                    self.advance();
                    named = Some(self.va_list());
                    continue;
                }
                Word::Struct | Word::Union if !is_type_known => {
                    named = Some(self.record(word)?);
                    continue;
                }
                Word::Class if self.cpp && !is_type_known => {
                    named = Some(self.record(word)?);
                    continue;
                }
                Word::Enum if !is_type_known => {
                    named = Some(self.enumeration()?);
                    continue;
                }
                Word::Typeof | Word::Typeof2 | Word::Typeof3 | Word::Decltype if !is_type_known => {
                    named = Some(self.typeof_specifier()?);
                    continue;
                }
                _ if Self::is_qualifier(word) => {}
                _ if self.cpp => match self.cpp_specifier(word, is_type_known, &mut words) {
                    CppWord::Type(ty) => {
                        named = Some(ty);
                        continue;
                    }
                    CppWord::Skip => {}
                    CppWord::Other => break,
                },
                _ => break,
            }
            self.advance();
        }
        if self.input.at == first {
            return Err(Bail("a declaration"));
        }
        specifiers.ty = match named {
            Some(ty) => ty,
            None if specifiers.deduced && !words.any() => self.basic.unknown,
            None => self.types.intern(words.ty()),
        };
        Ok(specifiers)
    }

    /// What a word of C++ adds to the specifiers.
    fn cpp_specifier(&mut self, word: Word, known: bool, words: &mut Words) -> CppWord {
        match word {
            Word::Bool => words.bool = true,
            Word::WcharT | Word::Char32T => words.wide = Some(32),
            Word::Char16T => words.wide = Some(16),
            Word::Char8T => words.char = true,
            Word::Consteval
            | Word::Constinit
            | Word::Explicit
            | Word::Friend
            | Word::Mutable
            | Word::Virtual
            | Word::ThreadLocal
            | Word::Export => {
                if word == Word::Explicit && self.peek(1) == Kind::LParen {
                    self.advance();
                    self.skip_balanced();
                    self.input.at -= 1;
                }
            }
            Word::Typename if !known => {
                self.advance();
                let ty = self.type_of_name();
                return CppWord::Type(ty.unwrap_or(self.basic.unknown));
            }
            _ => return CppWord::Other,
        }
        CppWord::Skip
    }

    /// `va_list`: an array of one record, as on this system.
    pub(super) fn va_list(&mut self) -> TypeId {
        let name = self.intern("__va_list_tag");
        let record = match self.scopes.first().and_then(|scope| scope.tags.get(&name)) {
            Some(record) => *record,
            None => {
                let record = self.new_record(name, false);
                if let Some(record) = self.types.record_mut(record) {
                    (record.size, record.align) = (Some(24), 8);
                }
                if let Some(scope) = self.scopes.first_mut() {
                    scope.tags.insert(name, record);
                }
                record
            }
        };
        self.types.intern(Type::Array { element: record, count: Some(1) })
    }

    /// The type that the name here means, which is read with what qualifies it.
    fn type_of_name(&mut self) -> Option<TypeId> {
        if self.cpp {
            return self.qualified_type();
        }
        let token = self.token();
        if token.kind != Kind::Ident {
            return None;
        }
        let ty = match self.lookup(token.name) {
            Some(Entity::Type(ty)) => ty,
            Some(_) => return None,
            // An unknown name with another name, or a declarator, behind it.
            None if matches!(self.peek(1), Kind::Ident | Kind::Star | Kind::RParen | Kind::Comma | Kind::LParen) => {
                if self.peek(1) == Kind::LParen && self.peek(2) != Kind::Star {
                    return None;
                }
                self.unknown_type(token.name)
            }
            None => return None,
        };
        self.advance();
        Some(ty)
    }

    fn typeof_specifier(&mut self) -> Parsed<TypeId> {
        self.advance();
        self.expect(Kind::LParen, "`(`")?;
        let ty = if self.starts_type(false) {
            self.type_name()?
        } else {
            let expr = self.expression()?;
            expr.ty
        };
        self.expect(Kind::RParen, "`)`")?;
        Ok(ty)
    }

    /// `struct`, `union` or `class`, with or without its members.
    fn record(&mut self, word: Word) -> Parsed<TypeId> {
        self.advance();
        let mut attributes = self.attributes();
        let union = word == Word::Union;
        let mut name = None;
        let mut name_span = self.span();
        while self.kind() == Kind::Ident && (self.word().is_none() || !self.cpp) {
            name_span = self.span();
            name = Some(self.advance().name);
            if self.cpp && self.kind() == Kind::Lt {
                self.template_arguments();
            }
            if !(self.cpp && self.eat(Kind::ColonColon)) {
                break;
            }
        }
        attributes.merge(self.attributes());
        self.eat_word(Word::Final);
        let defines = self.kind() == Kind::LBrace || self.cpp && self.kind() == Kind::Colon;
        let text = if union { "union" } else { "struct" };
        let name_or_none = name.unwrap_or_else(|| self.intern(""));
        let ty = match name {
            Some(name) if defines => {
                let here = self.scopes.last().and_then(|scope| scope.tags.get(&name)).copied();
                let undefined =
                    here.filter(|ty| self.types.record(*ty).is_some_and(|r| r.size.is_none() && r.fields.is_empty()));
                undefined.or_else(|| self.forward_declared(name))
            }
            Some(name) => self.tag(text, name).filter(|ty| self.is_record(*ty)),
            None => None,
        };
        let ty = match ty {
            Some(ty) => ty,
            None => {
                let ty = self.new_record(name_or_none, union);
                if let Some(name) = name {
                    self.declare_tag(name, ty, defines);
                }
                ty
            }
        };
        if defines {
            self.nested(|this| this.class_body(ty, name, name_span, union, attributes))?;
        }
        Ok(ty)
    }

    /// A record that an outer scope declared and did not define, when this scope is the same one but for the name.
    fn forward_declared(&self, name: Symbol) -> Option<TypeId> {
        let ty = *self.scopes.first()?.tags.get(&name)?;
        let undefined = self.types.record(ty).is_some_and(|record| record.size.is_none() && record.fields.is_empty());
        (self.current.is_none() && self.scopes.len() == 1 && undefined).then_some(ty)
    }

    /// A tag belongs to the scope that defines it; one that is only mentioned, to the outermost.
    fn declare_tag(&mut self, name: Symbol, ty: TypeId, defines: bool) {
        let scope = if defines { self.scopes.last_mut() } else { self.scopes.first_mut() };
        if let Some(scope) = scope {
            scope.tags.insert(name, ty);
            if self.cpp {
                scope.names.insert(name, Entity::Type(ty));
            }
        }
        if self.cpp {
            self.declare_class(name, ty);
        }
    }

    /// Gives members their places, and the record its size.
    pub(super) fn lay_out(&mut self, ty: TypeId, members: Vec<Member>, union: bool, attributes: Attributes) {
        let (mut bit, mut align, mut known) = (0_u64, 1_u64, true);
        let most_aligned = self.packing().unwrap_or(u64::MAX);
        let packed = attributes.packed || most_aligned == 1;
        let mut most = 0_u64;
        let mut fields = Vec::with_capacity(members.len());
        for member in members {
            let size = self.types.size(member.ty);
            let mut own = if packed { 1 } else { self.types.align(member.ty).min(most_aligned) };
            own = own.max(member.align.unwrap_or(1));
            if union {
                bit = 0;
            }
            // What has no known size ends what is known of the places, unless it is the array at the end.
            let open_ended = matches!(self.types.get(member.ty), Type::Array { count: None, .. });
            if let Some(width) = member.bits {
                let unit = size.unwrap_or(4).max(1) * 8;
                let width = width.min(unit);
                if width == 0 {
                    bit = bit.next_multiple_of(unit);
                    continue;
                }
                if !packed && bit % unit + width > unit {
                    bit = bit.next_multiple_of(unit);
                }
                align = align.max(own);
                let first = (bit % unit) as u8;
                let offset = known.then_some(bit / unit * (unit / 8));
                fields.push(Field { name: member.name, ty: member.ty, offset, bits: Some((first, width as u8)) });
                bit += width;
                most = most.max(bit);
                continue;
            }
            align = align.max(own);
            let start = bit.div_ceil(8).next_multiple_of(own);
            fields.push(Field { name: member.name, ty: member.ty, offset: known.then_some(start), bits: None });
            known &= size.is_some() || open_ended;
            bit = start.saturating_add(size.unwrap_or(0)).min(u64::MAX / 64).saturating_mul(8);
            most = most.max(bit);
        }
        if let Some(align_as) = attributes.align {
            align = align.max(align_as);
        }
        let bytes = most.max(bit).div_ceil(8);
        let bytes = if self.cpp && bytes == 0 { 1 } else { bytes };
        if let Some(record) = self.types.record_mut(ty) {
            record.fields = fields;
            record.align = align;
            record.union = union;
            record.size = known.then(|| bytes.next_multiple_of(align));
        }
    }

    /// `enum`, with or without its enumerators.
    fn enumeration(&mut self) -> Parsed<TypeId> {
        self.advance();
        self.attributes();
        let scoped = self.cpp && (self.eat_word(Word::Class) || self.eat_word(Word::Struct));
        let mut name = None;
        while self.kind() == Kind::Ident && self.word().is_none() {
            name = Some(self.advance().name);
            if !(self.cpp && self.eat(Kind::ColonColon)) {
                break;
            }
        }
        self.attributes();
        let mut ty = None;
        if self.cpp && self.kind() == Kind::Colon {
            self.advance();
            ty = Some(self.specifiers()?.ty);
        }
        if !self.eat(Kind::LBrace) {
            let known = name.and_then(|name| self.tag("enum", name));
            return Ok(known.or(ty).unwrap_or(if scoped { self.basic.int } else { self.basic.unsigned }));
        }
        let path = name.filter(|_| scoped);
        let (mut next, mut wide, mut negative, mut count) = (0_i64, false, false, 0_usize);
        while !self.eat(Kind::RBrace) {
            let token = self.token();
            if token.kind != Kind::Ident {
                return Err(Bail("an enumerator"));
            }
            self.advance();
            self.attributes();
            if self.eat(Kind::Assign) {
                let value = self.nested(Self::constant_expression)?;
                if let Some(value) = value {
                    next = value;
                }
            }
            wide |= i32::try_from(next).is_err() && u32::try_from(next).is_err();
            negative |= next < 0;
            let entity = Entity::Constant(next, ty.unwrap_or(self.basic.int));
            self.declare(token.name, entity);
            if self.cpp {
                self.declare_member_constant(path, name, token.name, entity);
            }
            next = next.wrapping_add(1);
            count += 1;
            if count > limits::MAX_FUNCTION_INSTRUCTIONS {
                return Err(Bail("MAX_INITIALIZERS"));
            }
            if !self.eat(Kind::Comma) && self.kind() != Kind::RBrace {
                return Err(Bail("`}`"));
            }
        }
        self.attributes();
        let ty = ty.unwrap_or(match (wide, negative) {
            (true, _) => self.basic.long,
            (false, true) => self.basic.int,
            (false, false) => self.basic.unsigned,
        });
        if let Some(name) = name
            && let Some(scope) = self.scopes.last_mut()
        {
            scope.tags.insert(name, ty);
            if self.cpp {
                scope.names.insert(name, Entity::Type(ty));
                self.declare_class(name, ty);
            }
        }
        Ok(ty)
    }
}
