//! Types of languages with typed memory, and their layout (LP64, as on 64-bit Linux).
//!
//! - A *record* is a struct, class or union. Each declaration is a type of its own; all other types are the same when
//!   they are written the same, so that their ids can be compared.
//! - Names that only abbreviate (`typedef`) leave no trace. An enumeration is its integer type.
//! - [`Type::Unknown`] is what stands for a type that was not seen declared: of unknown size and meaning.

use assay_index::{FxHashMap, IndexVec, Symbol};

assay_index::define_id!(
    /// A type of one module.
    pub struct TypeId, "t"
);

/// A type.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Type {
    /// A type that was not seen declared, or depends on a parameter of a template.
    Unknown,
    /// No value.
    Void,
    /// A truth value: one byte that holds 0 or 1.
    Bool,
    /// An integer in two's complement.
    Int {
        /// Its width in bits: 8, 16, 32, 64 or 128.
        bits: u8,
        /// Whether it has negative values.
        signed: bool,
    },
    /// A floating-point number of 32, 64 or 128 bits.
    Float {
        /// The bits that it takes in memory.
        bits: u8,
    },
    /// The address of an object or function of that type, or null; references of C++, too, which are never null.
    Pointer(TypeId),
    /// Elements one after the other.
    Array {
        /// The type of each.
        element: TypeId,
        /// How many. `None` when that is known at run time only, or not at all (the last member of a record that goes on
        /// behind its end, a declaration without a size).
        count: Option<u64>,
    },
    /// A struct, class or union.
    Record(Record),
    /// A function.
    Function {
        /// The type of its result.
        result: TypeId,
        /// The types of its parameters.
        params: Vec<TypeId>,
        /// Whether further arguments of any type may follow (`...`, or a declaration that says nothing of parameters).
        variadic: bool,
    },
}

/// A struct, class or union.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Record {
    /// Its name; empty when it has none.
    pub name: Symbol,
    /// Whether all members share the same memory.
    pub union: bool,
    /// The members in the order of their declaration; bases of a class first, as members named like the base.
    /// Members of an anonymous member are reached by way of it.
    pub fields: Vec<Field>,
    /// Its size in bytes, with the padding at its end. `None` when it was not seen defined, or holds something of
    /// unknown size.
    pub size: Option<u64>,
    /// Its alignment in bytes, at least 1.
    pub align: u64,
}

/// A member of a record.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Field {
    /// Its name; empty for an anonymous member.
    pub name: Symbol,
    /// Its type.
    pub ty: TypeId,
    /// How many bytes behind the record's start it begins; for a bit-field, the unit of its type that holds it. What
    /// stands behind a member of unknown size is `None`.
    pub offset: Option<u64>,
    /// For a bit-field: its first bit, counted from the lowest of the unit, and how many bits it has.
    pub bits: Option<(u8, u8)>,
}

/// The types of a module.
#[derive(Clone, Debug, Default)]
pub struct Types {
    types: IndexVec<TypeId, Type>,
    ids: FxHashMap<Type, TypeId>,
}

impl Types {
    /// The type behind an id; [`Type::Unknown`] for an id of another table.
    pub fn get(&self, id: TypeId) -> &Type {
        self.types.get(id).unwrap_or(&Type::Unknown)
    }

    /// Whether the id is one of this table.
    pub fn contains(&self, id: TypeId) -> bool {
        self.types.get(id).is_some()
    }

    /// The id of a type. A record is always a new one.
    pub fn intern(&mut self, ty: Type) -> TypeId {
        if matches!(ty, Type::Record(_)) {
            return self.types.push(ty);
        }
        if let Some(id) = self.ids.get(&ty) {
            return *id;
        }
        let id = self.types.push(ty.clone());
        self.ids.insert(ty, id);
        id
    }

    /// Adds a type under an id of its own, even if there is one like it.
    pub fn add(&mut self, ty: Type) -> TypeId {
        let id = self.types.push(ty.clone());
        if !matches!(ty, Type::Record(_)) {
            self.ids.entry(ty).or_insert(id);
        }
        id
    }

    /// The record behind an id, to be filled in.
    pub fn record_mut(&mut self, id: TypeId) -> Option<&mut Record> {
        match self.types.get_mut(id) {
            Some(Type::Record(record)) => Some(record),
            _ => None,
        }
    }

    /// The record behind an id.
    pub fn record(&self, id: TypeId) -> Option<&Record> {
        if let Type::Record(record) = self.get(id) { Some(record) } else { None }
    }

    /// Each id with its type.
    pub fn iter_enumerated(&self) -> impl ExactSizeIterator<Item = (TypeId, &Type)> {
        self.types.iter_enumerated()
    }

    /// The number of types.
    pub fn len(&self) -> usize {
        self.types.len()
    }

    /// Whether there is no type.
    pub fn is_empty(&self) -> bool {
        self.types.is_empty()
    }

    /// The id that the next new type gets.
    pub fn next_id(&self) -> TypeId {
        self.types.next_id()
    }

    /// How many bytes an object of the type takes; `None` when that is not known before the program runs. `void` and
    /// functions count as one byte, as they do for arithmetic on their addresses.
    pub fn size(&self, id: TypeId) -> Option<u64> {
        match self.get(id) {
            Type::Unknown => None,
            Type::Void | Type::Bool | Type::Function { .. } => Some(1),
            Type::Int { bits, .. } | Type::Float { bits } => Some(u64::from(*bits) / 8),
            Type::Pointer(_) => Some(8),
            Type::Array { element, count } => self.size(*element)?.checked_mul((*count)?),
            Type::Record(record) => record.size,
        }
    }

    /// The alignment of an object of the type, in bytes.
    pub fn align(&self, id: TypeId) -> u64 {
        match self.get(id) {
            Type::Unknown | Type::Void | Type::Bool | Type::Function { .. } => 1,
            Type::Int { bits, .. } | Type::Float { bits } => (u64::from(*bits) / 8).max(1),
            Type::Pointer(_) => 8,
            Type::Array { element, .. } => self.align(*element),
            Type::Record(record) => record.align.max(1),
        }
    }

    /// Whether the type is one of integers, floating numbers or pointers.
    pub fn is_scalar(&self, id: TypeId) -> bool {
        matches!(self.get(id), Type::Bool | Type::Int { .. } | Type::Float { .. } | Type::Pointer(_))
    }

    /// Whether values of the type can be negative.
    pub fn is_signed(&self, id: TypeId) -> bool {
        matches!(self.get(id), Type::Int { signed: true, .. } | Type::Float { .. })
    }

    /// What a pointer points to, or what an array holds.
    pub fn pointee(&self, id: TypeId) -> Option<TypeId> {
        match self.get(id) {
            Type::Pointer(to) | Type::Array { element: to, .. } => Some(*to),
            _ => None,
        }
    }

    /// Calls `f` with each symbol of the table, to replace it.
    pub fn for_each_symbol(&mut self, mut f: impl FnMut(&mut Symbol)) {
        for ty in &mut self.types {
            if let Type::Record(record) = ty {
                f(&mut record.name);
                record.fields.iter_mut().for_each(|field| f(&mut field.name));
            }
        }
    }
}
