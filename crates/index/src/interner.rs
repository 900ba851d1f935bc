use crate::{FxHashMap, Idx, IndexVec};
use std::sync::Arc;

crate::define_id!(
    /// The id of a string in one [`Interner`].
    pub struct Symbol, "s"
);

/// A table of distinct strings.
///
/// Each lowered module has one of its own, so that it can be made on any thread and kept in a
/// cache; the program has one, filled in file order, so that its numbers do not depend on
/// the schedule.
#[derive(Clone, Default)]
pub struct Interner {
    strings: IndexVec<Symbol, Arc<str>>,
    ids: FxHashMap<Arc<str>, Symbol>,
}

impl Interner {
    /// An empty table.
    pub fn new() -> Self {
        Self::default()
    }

    /// The symbol of `string`, added when it is new.
    pub fn intern(&mut self, string: &str) -> Symbol {
        if let Some(&id) = self.ids.get(string) {
            return id;
        }
        let shared: Arc<str> = Arc::from(string);
        self.intern_shared(&shared)
    }

    /// Like [`intern`](Self::intern), without copying a string that is already shared.
    pub fn intern_shared(&mut self, string: &Arc<str>) -> Symbol {
        if let Some(&id) = self.ids.get(&**string) {
            return id;
        }
        let id = self.strings.push(Arc::clone(string));
        self.ids.insert(Arc::clone(string), id);
        id
    }

    /// The symbol of `string`, if it is in the table.
    pub fn lookup(&self, string: &str) -> Option<Symbol> {
        self.ids.get(string).copied()
    }

    /// The string behind a symbol of this table.
    ///
    /// # Panics
    /// When the symbol comes from a larger table.
    pub fn resolve(&self, symbol: Symbol) -> &str {
        &self.strings[symbol]
    }

    /// The number of distinct strings.
    pub fn len(&self) -> usize {
        self.strings.len()
    }

    /// Whether the table holds no string.
    pub fn is_empty(&self) -> bool {
        self.strings.is_empty()
    }

    /// All strings in the order of their symbols.
    pub fn strings(&self) -> impl Iterator<Item = &Arc<str>> {
        self.strings.iter()
    }

    /// The bytes that the strings take.
    pub fn text_bytes(&self) -> usize {
        self.strings.iter().map(|s| s.len()).sum()
    }

    /// The id after the last one.
    pub fn next_id(&self) -> Symbol {
        Symbol::new(self.strings.len())
    }
}

impl std::fmt::Debug for Interner {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Interner({} strings)", self.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn equal_strings_share_a_symbol() {
        let mut interner = Interner::new();
        let a = interner.intern("a");
        assert_eq!(interner.intern("b"), Symbol::new(1));
        assert_eq!(interner.intern("a"), a);
        assert_eq!(interner.resolve(a), "a");
        assert_eq!(interner.lookup("c"), None);
    }
}
