//! Origins, access paths and the entries of trees.

use crate::HopId;
use assay_index::{FxHashMap, IndexVec, Symbol};
use assay_ir::{CellId, Value};
use assay_models::{KindSet, SourceKind};
use assay_resolve::FuncId;
use assay_text::limits;
use smallvec::SmallVec;

assay_index::define_id!(
    /// An interned [`Origin`].
    pub struct OriginId, "origin"
);
assay_index::define_id!(
    /// An interned access path.
    pub struct PathId, "path"
);
assay_index::define_id!(
    /// A [`Source`].
    pub struct SourceId, "source"
);

/// One step into a value.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Elem {
    /// An attribute.
    Field(Symbol),
    /// The value under a constant key.
    Key(Symbol),
    /// The element at a constant index.
    Index(i32),
    /// Any element.
    Element,
    /// Any element but the first.
    Later,
    /// What an iteration hands out: the elements of a list, but the keys of a mapping. Only ever asked for.
    Iterated,
    /// A key of a mapping: known of the mapping as a whole only. Only ever asked for.
    MapKey,
    /// The text of an exception, as `str(error)` or `error.args` give it.
    ErrorText,
}

/// Where data comes from, as one function sees it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub enum Origin {
    /// A part of a parameter.
    Param(u32, PathId),
    /// A part of a variable that a function around this one owns.
    Captured(FuncId, CellId, PathId),
    /// A concrete source.
    Source(SourceId),
}

/// A place where data enters the program.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub struct Source {
    /// The function.
    pub function: FuncId,
    /// The value that holds the data.
    pub value: Value,
    /// What kind of source it is; `None`: a parameter of a public function.
    pub kind: Option<SourceKind>,
}

/// One origin of one part of a value.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Entry {
    /// The part.
    pub path: PathId,
    /// Where its data comes from.
    pub origin: OriginId,
    /// What the data can still harm.
    pub kinds: KindSet,
    /// What the way of the data rests on.
    pub flags: Flags,
    /// How the data got here.
    pub hop: HopId,
}

/// What the way of data rests on, and what happened to it.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug, Default)]
pub struct Flags(u8);

impl Flags {
    /// Passed through a library function without a model, from an argument to its result.
    pub const LIBRARY: Self = Self(1);
    /// Passed through a call whose callee is unknown.
    pub const UNRESOLVED: Self = Self(2);
    /// The access path was cut: the data of one part stands for the whole.
    pub const WEAKENED: Self = Self(4);
    /// It is part of a longer text or path.
    pub const COMPOSED: Self = Self(8);
    /// The receiver's type was assumed from the method's name.
    pub const ASSUMED_TYPE: Self = Self(16);
    /// It is an attribute of what was passed.
    pub const FIELD: Self = Self(32);

    /// Both.
    #[must_use]
    pub fn with(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether all of `other` is in this.
    pub fn has(self, other: Self) -> bool {
        self.0 & other.0 == other.0
    }

    /// The number of assumptions among them.
    pub fn assumptions(self) -> u32 {
        (self.0 & (1 | 2 | 4 | 16)).count_ones()
    }
}

/// The tables behind the ids.
#[derive(Default)]
pub(crate) struct Labels {
    paths: IndexVec<PathId, SmallVec<[Elem; 4]>>,
    path_ids: FxHashMap<SmallVec<[Elem; 4]>, PathId>,
    origins: IndexVec<OriginId, Origin>,
    origin_ids: FxHashMap<Origin, OriginId>,
    pub(crate) sources: IndexVec<SourceId, Source>,
    source_ids: FxHashMap<Source, SourceId>,
}

impl Labels {
    pub(crate) fn new() -> Self {
        let mut this = Self::default();
        this.path(&[]);
        this
    }

    /// The empty path.
    pub(crate) const ROOT: usize = 0;

    pub(crate) fn path(&mut self, elems: &[Elem]) -> PathId {
        let key: SmallVec<[Elem; 4]> = SmallVec::from_slice(elems);
        if let Some(&id) = self.path_ids.get(&key) {
            return id;
        }
        let id = self.paths.push(key.clone());
        self.path_ids.insert(key, id);
        id
    }

    pub(crate) fn elems(&self, path: PathId) -> &[Elem] {
        &self.paths[path]
    }

    /// `elem` followed by `path`; cut at the limit, and whether it was cut.
    pub(crate) fn prepend(&mut self, elem: Elem, path: PathId) -> (PathId, bool) {
        let mut elems: SmallVec<[Elem; 5]> = SmallVec::new();
        elems.push(elem);
        elems.extend_from_slice(&self.paths[path]);
        let cut = elems.len() > limits::MAX_ACCESS_PATH;
        elems.truncate(limits::MAX_ACCESS_PATH);
        (self.path(&elems), cut)
    }

    /// `path` without its first step.
    pub(crate) fn below(&mut self, path: PathId) -> PathId {
        let elems: SmallVec<[Elem; 4]> = SmallVec::from_slice(self.elems(path));
        self.path(elems.get(1..).unwrap_or_default())
    }

    /// `path` followed by `elems`; cut at the limit.
    pub(crate) fn append(&mut self, path: PathId, elems: &[Elem]) -> PathId {
        if elems.is_empty() {
            return path;
        }
        let mut all: SmallVec<[Elem; 8]> = SmallVec::from_slice(&self.paths[path]);
        all.extend_from_slice(elems);
        all.truncate(limits::MAX_ACCESS_PATH);
        self.path(&all)
    }

    /// Whether a step in a path selects `wanted`.
    pub(crate) fn selects(have: Elem, wanted: Elem) -> bool {
        have == wanted
            || matches!(
                (have, wanted),
                (Elem::Element, Elem::Key(_) | Elem::Index(_) | Elem::Later | Elem::Iterated)
                    | (Elem::Key(_) | Elem::Index(_) | Elem::Later, Elem::Element)
                    | (Elem::Index(_) | Elem::Later, Elem::Iterated)
            )
            // Templates, and mappings that have their keys as attributes.
            || matches!((have, wanted), (Elem::Key(a), Elem::Field(b)) | (Elem::Field(a), Elem::Key(b)) if a == b)
            || matches!((have, wanted), (Elem::Later, Elem::Index(i)) | (Elem::Index(i), Elem::Later) if i != 0)
    }

    /// The number of steps in which two paths agree from the start.
    pub(crate) fn shared(have: &[Elem], wanted: &[Elem]) -> usize {
        have.iter().zip(wanted).take_while(|(have, wanted)| Self::selects(**have, **wanted)).count()
    }

    pub(crate) fn origin(&mut self, origin: Origin) -> OriginId {
        if let Some(&id) = self.origin_ids.get(&origin) {
            return id;
        }
        let id = self.origins.push(origin);
        self.origin_ids.insert(origin, id);
        id
    }

    pub(crate) fn origin_of(&self, id: OriginId) -> Origin {
        self.origins[id]
    }

    pub(crate) fn source(&mut self, source: Source) -> OriginId {
        let id = if let Some(&id) = self.source_ids.get(&source) {
            id
        } else {
            let id = self.sources.push(source);
            self.source_ids.insert(source, id);
            id
        };
        self.origin(Origin::Source(id))
    }

    /// The origin of a part of what has the given origin.
    pub(crate) fn deepen(&mut self, origin: OriginId, elems: &[Elem]) -> OriginId {
        if elems.is_empty() {
            return origin;
        }
        match self.origins[origin] {
            Origin::Param(index, path) => {
                let path = self.append(path, elems);
                self.origin(Origin::Param(index, path))
            }
            Origin::Captured(owner, cell, path) => {
                let path = self.append(path, elems);
                self.origin(Origin::Captured(owner, cell, path))
            }
            Origin::Source(_) => origin,
        }
    }

    pub(crate) fn counts(&self) -> (usize, usize, usize) {
        (self.paths.len(), self.origins.len(), self.sources.len())
    }
}

/// The tree of one value.
#[derive(Clone, Default, Debug)]
pub(crate) struct Tree {
    pub(crate) entries: SmallVec<[Entry; 1]>,
}

/// What adding an entry did.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub(crate) enum Added {
    Nothing,
    Changed,
    Limit,
}

impl Tree {
    pub(crate) fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    pub(crate) fn add(&mut self, entry: Entry) -> Added {
        for have in &mut self.entries {
            if have.path == entry.path && have.origin == entry.origin {
                let kinds = have.kinds.union(entry.kinds);
                if kinds == have.kinds {
                    return Added::Nothing;
                }
                // The way that can do harm is the one to show.
                if have.kinds.is_empty() {
                    have.hop = entry.hop;
                    have.flags = entry.flags;
                }
                have.kinds = kinds;
                return Added::Changed;
            }
        }
        if self.entries.len() >= limits::MAX_TREE_NODES {
            return Added::Limit;
        }
        self.entries.push(entry);
        Added::Changed
    }
}
