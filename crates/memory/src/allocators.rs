//! Functions that are not seen, whose names say that they allocate: `xmlMalloc(n)`, `parser->memory.realloc(p, n)`, `ngx_palloc(pool, n)`.
//!
//! Libraries let their users choose the allocator, and call it through a pointer. How large the block is can be told all the same.
//! Nothing else is: whether it can fail, who gives it back and what is in it stays open.

use crate::analyzer::{Analyzer, fresh_object};
use crate::facts::stripped;
use crate::library::{Gives, LibraryFunction};
use crate::linear::Linear;
use crate::program::Entity;
use crate::readers::words;
use crate::state::State;
use crate::value::{Content, Nullness, Obj, Origin, Pointer, Val};
use assay_ir::{MemoryOp, Op, Type, Value};

/// How a block is made, and with what it has to be given back.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Family {
    /// `malloc` and its like, and `free`.
    Malloc,
    /// `new` and `delete`.
    New,
    /// `new[]` and `delete[]`.
    NewArray,
    /// `alloca`, and the end of the function.
    Stack,
    /// `fopen` and its like, and `fclose`.
    File,
}

impl Family {
    /// That of a function of the library that gives blocks or takes them back.
    pub(crate) fn of(function: &LibraryFunction) -> Option<Self> {
        let gives = matches!(function.gives, Gives::New { .. } | Gives::Opened);
        if !function.standard || function.frees().is_none() && !gives {
            return None;
        }
        Some(match function.name.as_str() {
            "operator new" | "operator delete" => Self::New,
            "operator new[]" | "operator delete[]" => Self::NewArray,
            _ if matches!(function.gives, Gives::New { stack: true, .. }) => Self::Stack,
            _ if matches!(function.gives, Gives::Opened) => Self::File,
            _ => Self::Malloc,
        })
    }

    /// What makes such a block.
    pub(crate) fn maker(self) -> &'static str {
        match self {
            Self::Malloc => "malloc",
            Self::New => "new",
            Self::NewArray => "new[]",
            Self::Stack => "alloca",
            Self::File => "fopen",
        }
    }

    /// What gives such a block back.
    pub(crate) fn taker(self) -> &'static str {
        match self {
            Self::Malloc => "free",
            Self::New => "delete",
            Self::NewArray => "delete[]",
            Self::Stack => "the end of the function",
            Self::File => "fclose",
        }
    }
}

/// How the size of a block follows from the numbers that an allocator is given.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
enum Sized {
    /// It is the only one.
    Bytes,
    /// It is the product of two.
    Elements,
}

/// Whether a name says that the function gives a block of the size that it is given.
fn says_allocates(name: &str) -> Option<Sized> {
    let words = words(name);
    let gives = |word: &String| {
        word.ends_with("alloc") && !word.ends_with("dealloc") || word.starts_with("malloc") || word == "mallocz"
    };
    if !words.iter().any(gives) {
        return None;
    }
    let many = words.iter().any(|word| word.ends_with("calloc") || word == "array");
    Some(if many { Sized::Elements } else { Sized::Bytes })
}

impl Analyzer<'_, '_> {
    /// How a block was made, where that is known.
    pub(crate) fn family(&self, obj: Obj) -> Option<Family> {
        if let Some(family) = self.families.get(&obj) {
            return *family;
        }
        let Origin::Heap(site, 0) = self.names.objects.origin(obj) else { return None };
        let Op::Call { func, .. } = self.function.op(site) else { return None };
        let Op::Memory(MemoryOp::Address(object)) = self.function.op(stripped(self.function, *func)) else {
            return None;
        };
        match self.cx.program.entity(self.unit, *object) {
            Entity::Library(function) => Family::of(function),
            _ => None,
        }
    }

    /// A call of what is not known gives a block when its name says so.
    pub(crate) fn named_allocation(&mut self, state: &mut State, site: Value, vals: &[Val]) {
        let Op::Call { func, args } = self.function.op(site) else { return };
        let gives_bytes = self
            .ty(site)
            .and_then(|ty| self.module.types.pointee(ty))
            .is_some_and(|to| matches!(self.module.types.get(to), Type::Void | Type::Int { bits: 8, .. }));
        if !gives_bytes {
            return;
        }
        let Some(name) = self.cx.program.called_name(self.unit, self.function, *func) else { return };
        let Some(sized) = says_allocates(&name) else { return };
        let numbers: Vec<(Value, &Linear)> = args
            .iter()
            .zip(vals)
            .filter_map(|(arg, val)| match val {
                Val::Num(form) => Some((arg.value, form)),
                _ => None,
            })
            .collect();
        let width = match (sized, numbers.as_slice()) {
            (_, [(_, bytes)]) => Some((*bytes).clone()),
            (Sized::Elements, [(_, a), (_, b)]) => {
                let factor = |form: &Linear| form.as_constant().and_then(|k| i64::try_from(k).ok());
                factor(b).and_then(|k| a.times(k)).or_else(|| factor(a).and_then(|k| b.times(k)))
            }
            _ => None,
        };
        if let [(number, _)] = numbers.as_slice() {
            self.check_growth(state, site, *number, &name);
        }
        let Some(width) = width else { return };
        self.check_size(state, site, &width, &name, true);
        let obj = self.names.objects.intern(Origin::Heap(site, 0), None);
        self.assumed.insert(obj);
        self.before_allocation(state, site, obj, 0);
        let mut object = fresh_object(Some(width), Content::Unknown);
        // Who gives it back is not known, either.
        object.escaped = true;
        state.set_object(obj, object);
        state.set(site, Val::from(Pointer::at(obj, Linear::default(), Nullness::UNKNOWN)));
    }
}

#[cfg(test)]
mod tests {
    use super::{Sized, says_allocates};

    #[test]
    fn names_say_that_blocks_are_given() {
        for name in
            ["xmlMalloc", "xmlMallocAtomic", "ngx_palloc", "alloc_bytes", "realloc_fcn", "png_malloc", "g_malloc0"]
        {
            assert_eq!(says_allocates(name), Some(Sized::Bytes), "{name}");
        }
        for name in ["my_calloc", "alloc_byte_array", "xcalloc"] {
            assert_eq!(says_allocates(name), Some(Sized::Elements), "{name}");
        }
        for name in ["dealloc", "allocated", "allocator_name", "free", "new_block"] {
            assert_eq!(says_allocates(name), None, "{name}");
        }
    }
}
