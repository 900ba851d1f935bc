//! Keys: which loads give the same thing.
//!
//! Two loads of one attribute, constant item, module variable or captured variable count as the same
//! as long as the function itself sets nothing of that name. What callees change meanwhile is not
//! seen; that is the price for knowing that a check of `self.request.path` is about the
//! `self.request.path` used two lines later.

use assay_index::{FxHashMap, FxHashSet, Idx, IndexVec, Interner, Symbol};
use assay_ir::{Arg, ArgKind, CellRef, Const, Function, Op, Value};

/// A constant key or index of a container.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum ItemKey {
    /// A string key.
    Str(Symbol),
    /// An index, or an integer key.
    Int(i64),
}

/// One step of a load chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum PathElem {
    /// `.name`
    Attr(Symbol),
    /// `["key"]`, `[0]`, `.get("key")`
    ItemConst(ItemKey),
}

/// An expression that gives the same thing each time.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Key {
    /// Where the chain of loads starts; the first of all values that load the same.
    pub base: Value,
    /// The loads, from the base on.
    pub path: Vec<PathElem>,
}

/// The load that a value is, in one step: what it reads from, and how.
pub(crate) fn load_step(function: &Function, strings: &Interner, value: Value) -> Option<(Value, PathElem)> {
    let op = |v: Value| function.insts.get(v).map_or(&Op::Undefined, |i| &i.op);
    match op(value) {
        Op::Attr(base, name) => Some((*base, PathElem::Attr(*name))),
        Op::Item(base, key) => item_key(op(*key)).map(|k| (*base, PathElem::ItemConst(k))),
        Op::Call { func, args } => {
            let Op::Attr(base, name) = op(*func) else { return None };
            let constant = |a: &Arg| a.kind == ArgKind::Positional && matches!(op(a.value), Op::Const(_));
            let is_get = *name < strings.next_id() && strings.resolve(*name) == "get";
            if !is_get || args.is_empty() || args.len() > 2 || !args.iter().all(constant) {
                return None;
            }
            item_key(op(args[0].value)).map(|k| (*base, PathElem::ItemConst(k)))
        }
        _ => None,
    }
}

fn item_key(op: &Op) -> Option<ItemKey> {
    match op {
        Op::Const(Const::Str(s)) => Some(ItemKey::Str(*s)),
        Op::Const(Const::Int(i)) => Some(ItemKey::Int(*i)),
        _ => None,
    }
}

#[derive(PartialEq, Eq, Hash)]
enum Load {
    Global(Symbol),
    Cell(CellRef),
    Step(Value, PathElem),
}

/// What the function sets, by name.
#[derive(Default)]
struct Stores {
    attrs: FxHashSet<Symbol>,
    globals: FxHashSet<Symbol>,
    cells: FxHashSet<CellRef>,
    items: FxHashSet<ItemKey>,
    any_item: bool,
}

impl Stores {
    fn new(function: &Function) -> Self {
        let mut stores = Self::default();
        for inst in &function.insts {
            match &inst.op {
                Op::StoreAttr { name, .. } | Op::DeleteAttr(_, name) => {
                    stores.attrs.insert(*name);
                }
                Op::StoreGlobal(name, _) => {
                    stores.globals.insert(*name);
                }
                Op::StoreCell(cell, _) => {
                    stores.cells.insert(*cell);
                }
                Op::StoreItem { key, .. } | Op::DeleteItem(_, key) => {
                    match function.insts.get(*key).and_then(|i| item_key(&i.op)) {
                        Some(key) => {
                            stores.items.insert(key);
                        }
                        None => stores.any_item = true,
                    }
                }
                _ => {}
            }
        }
        stores
    }

    fn hit(&self, elem: PathElem) -> bool {
        match elem {
            PathElem::Attr(name) => self.attrs.contains(&name),
            PathElem::ItemConst(key) => self.any_item || self.items.contains(&key),
        }
    }
}

/// For each value of a function, the first value that loads the same.
#[derive(Clone, Debug, Default)]
pub struct KeyTable {
    canonical: IndexVec<Value, Value>,
}

impl KeyTable {
    /// Numbers the loads of a function.
    pub fn new(function: &Function, strings: &Interner) -> Self {
        let stores = Stores::new(function);
        let mut canonical: IndexVec<Value, Value> = function.insts.ids().collect();
        let mut first: FxHashMap<Load, Value> = FxHashMap::default();
        for block in &function.blocks {
            for &value in &block.insts {
                let Some(inst) = function.insts.get(value) else { continue };
                let load = match &inst.op {
                    Op::Annotated { value: Some(inner), .. } => {
                        canonical[value] = canonical.get(*inner).copied().unwrap_or(*inner);
                        continue;
                    }
                    Op::Global(name) if !stores.globals.contains(name) => Load::Global(*name),
                    Op::LoadCell(cell) if !stores.cells.contains(cell) => Load::Cell(*cell),
                    Op::Attr(..) | Op::Item(..) | Op::Call { .. } => match load_step(function, strings, value) {
                        Some((base, elem)) if !stores.hit(elem) => {
                            Load::Step(canonical.get(base).copied().unwrap_or(base), elem)
                        }
                        _ => continue,
                    },
                    _ => continue,
                };
                canonical[value] = *first.entry(load).or_insert(value);
            }
        }
        Self { canonical }
    }

    /// The first value that loads the same as `value`; two values have the same key exactly when
    /// they have the same canonical value.
    pub fn canonical(&self, value: Value) -> Value {
        self.canonical.get(value).copied().unwrap_or(value)
    }

    /// Whether two values load the same.
    pub fn same(&self, a: Value, b: Value) -> bool {
        self.canonical(a) == self.canonical(b)
    }

    /// The key of a value, spelled out.
    pub fn key_of(&self, function: &Function, strings: &Interner, value: Value) -> Key {
        let mut path = Vec::new();
        let mut at = self.canonical(value);
        // The base of a load has a smaller place in the code, so the chain ends; the bound guards against
        // a representation that breaks its own rules.
        while path.len() < 32
            && let Some((base, elem)) = load_step(function, strings, at)
        {
            path.push(elem);
            at = self.canonical(base);
        }
        path.reverse();
        Key { base: at, path }
    }
}

/// The key of a value. For many values of one function make a [`KeyTable`].
pub fn key_of(function: &Function, strings: &Interner, value: Value) -> Key {
    KeyTable::new(function, strings).key_of(function, strings, value)
}

/// Whether a value is a load, so that its canonical value may stand anywhere in the function.
pub(crate) fn is_load(function: &Function, strings: &Interner, value: Value) -> bool {
    value.index() < function.insts.len()
        && (matches!(function.op(value), Op::Global(_) | Op::LoadCell(_))
            || load_step(function, strings, value).is_some())
}
