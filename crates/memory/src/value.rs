//! Abstract values: numbers, addresses, and what they come from.
//!
//! - An [`Obj`] is an object by where it comes from ([`Origin`]): a variable, an allocation, a parameter's target. One `Obj` may
//!   stand for several objects when its allocation is in a loop.
//! - A [`Pointer`] is a set of targets with offsets in bytes, and whether it may be null, or point elsewhere.
//! - [`Val::Uninit`] is an indeterminate value; [`Val::Top`] one of which nothing is known, not even its type.

use crate::linear::{Linear, Var};
use crate::program::{FuncId, GlobalId};
use assay_index::{FxHashMap, Idx, IndexVec, Symbol};
use assay_ir::{TypeId, Value};
use assay_text::Span;
use smallvec::SmallVec;
use std::rc::Rc;

assay_index::define_id!(
    /// An object, as one function's analysis knows it.
    pub(crate) struct Obj, "obj"
);

/// Where an object comes from.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Origin {
    /// A variable of the function, by its address.
    Local(Value),
    /// A variable with a static lifetime.
    Global(GlobalId),
    /// A function.
    Function(FuncId),
    /// A string literal, without the terminator: its characters, and how many bytes each takes.
    Literal(Symbol, u8),
    /// What this call allocated; calls of own functions may allocate several.
    Heap(Value, u8),
    /// What a parameter points to when the function is called.
    Param(u32),
    /// What a pointer in that object, at that offset, points to when the function is called.
    Deref(Obj, i64),
    /// What a pointer points to that was loaded or returned here, and of which nothing else is known.
    Loaded(Value),
    /// What the instruction gave in earlier turns of a loop: an object for each turn.
    Earlier(Value, u8),
    /// The bytes of a record that an instruction gives as a value. The program has no address of them.
    Record(Value),
}

/// The table of a function's objects.
#[derive(Default)]
pub(crate) struct Objects {
    infos: IndexVec<Obj, ObjInfo>,
    ids: FxHashMap<Origin, Obj>,
}

/// What never changes of an object.
#[derive(Clone, Debug)]
pub(crate) struct ObjInfo {
    /// Where it comes from.
    pub(crate) origin: Origin,
    /// Its type, or that of its elements.
    pub(crate) ty: Option<TypeId>,
    /// How many [`Origin::Deref`] steps lead to it.
    pub(crate) depth: u8,
    /// Whether it is reached from a parameter, or from a variable that is followed through calls.
    pub(crate) entry: bool,
    /// Whether it is such a variable, or reached from one.
    pub(crate) shared: bool,
}

impl Objects {
    /// The object of that origin; `ty` when it is new.
    pub(crate) fn intern(&mut self, origin: Origin, ty: Option<TypeId>) -> Obj {
        if let Some(obj) = self.ids.get(&origin) {
            return *obj;
        }
        let (depth, entry, shared) = match origin {
            Origin::Deref(base, _) => {
                let base = &self.infos[base];
                (base.depth.saturating_add(1), base.entry, base.shared)
            }
            Origin::Param(_) => (0, true, false),
            _ => (0, false, false),
        };
        let obj = self.infos.push(ObjInfo { origin, ty, depth, entry, shared });
        self.ids.insert(origin, obj);
        obj
    }

    /// A variable is followed through calls: what it holds when the function is called has a name.
    pub(crate) fn follow(&mut self, obj: Obj) {
        let info = &mut self.infos[obj];
        (info.entry, info.shared) = (true, true);
    }

    /// What never changes of it.
    pub(crate) fn info(&self, obj: Obj) -> &ObjInfo {
        &self.infos[obj]
    }

    /// Its origin.
    pub(crate) fn origin(&self, obj: Obj) -> Origin {
        self.infos[obj].origin
    }

    /// Whether it is a variable, a literal or a function: no allocator gave it.
    pub(crate) fn is_own(&self, obj: Obj) -> bool {
        matches!(self.origin(obj), Origin::Local(_) | Origin::Global(_) | Origin::Literal(..) | Origin::Function(_))
    }

    /// How many there are.
    pub(crate) fn len(&self) -> usize {
        self.infos.len()
    }
}

/// Why a pointer may be null.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) enum NullWhy {
    /// Nothing says that it is not.
    Unknown,
    /// A function of the program gives null on some way, which callers may know not to be taken.
    Returned(Value),
    /// It was set to null.
    Constant(Span),
    /// A search in untrusted bytes gave it.
    Absent(Value),
    /// An allocation, or another call that fails with null, gave it.
    Failed(Value),
    /// The program tests it for null here, and goes on.
    Tested(Value),
}

impl NullWhy {
    /// The constant that it was set to.
    pub(crate) fn constant(self) -> Option<Span> {
        match self {
            Self::Constant(span) => Some(span),
            _ => None,
        }
    }
}

/// Whether a pointer is null.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub(crate) struct Nullness {
    /// It may be null.
    pub(crate) null: bool,
    /// It may be an address.
    pub(crate) address: bool,
    /// Why it may be null.
    pub(crate) why: NullWhy,
}

impl Nullness {
    pub(crate) const NEVER: Self = Self { null: false, address: true, why: NullWhy::Unknown };
    pub(crate) const UNKNOWN: Self = Self { null: true, address: true, why: NullWhy::Unknown };

    /// Null for certain.
    pub(crate) fn always(why: NullWhy) -> Self {
        Self { null: true, address: false, why }
    }

    /// Either.
    pub(crate) fn maybe(why: NullWhy) -> Self {
        Self { null: true, address: true, why }
    }

    pub(crate) fn join(self, other: Self) -> Self {
        let why = match (self.null, other.null) {
            (true, false) => self.why,
            (false, true) => other.why,
            // Of two reasons the one that says less counts.
            _ => self.why.min(other.why),
        };
        Self { null: self.null || other.null, address: self.address || other.address, why }
    }
}

/// A part of an object that an address was made for: an array that is a member, a row. Going on behind it is as wrong as
/// going on behind the object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Region {
    /// Where in the object it starts.
    pub(crate) start: Linear,
    /// Its size in bytes.
    pub(crate) size: i64,
    /// Whether it is a row of an array of arrays, which programs often take for a part of the whole.
    pub(crate) row: bool,
    /// What the row is a part of, when that is less than the object.
    pub(crate) outer: Option<Rc<Region>>,
}

impl Region {
    /// The region with other forms; one for which there is none is left out, with what is within it.
    pub(crate) fn map(&self, f: &mut dyn FnMut(&Linear) -> Option<Linear>) -> Option<Rc<Self>> {
        let start = f(&self.start)?;
        let outer = match &self.outer {
            Some(outer) => Some(outer.map(f)?),
            None => None,
        };
        Some(Rc::new(Self { start, outer, ..*self }))
    }

    /// Whether a form speaks of the variable.
    fn mentions(&self, var: Var) -> bool {
        !self.all(&|form| !form.mentions(var))
    }

    /// Whether `f` holds for each form.
    pub(crate) fn all(&self, f: &dyn Fn(&Linear) -> bool) -> bool {
        f(&self.start) && self.outer.as_ref().is_none_or(|outer| outer.all(f))
    }
}

/// One thing that an address may point to.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Target {
    /// The object.
    pub(crate) obj: Obj,
    /// The offset in bytes.
    pub(crate) offset: Linear,
    /// The part of the object meant.
    pub(crate) region: Option<Rc<Region>>,
}

impl Target {
    /// A place in an object.
    pub(crate) fn new(obj: Obj, offset: Linear) -> Self {
        Self { obj, offset, region: None }
    }
}

/// An address.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Pointer {
    /// What it may point to, sorted by object.
    pub(crate) targets: SmallVec<[Target; 1]>,
    /// Whether it may be null.
    pub(crate) nullness: Nullness,
    /// Whether it may point to something that is not listed.
    pub(crate) elsewhere: bool,
}

impl Pointer {
    /// The address of one object's first byte, never null.
    pub(crate) fn to(obj: Obj) -> Self {
        Self::at(obj, Linear::default(), Nullness::NEVER)
    }

    /// An address within one object.
    pub(crate) fn at(obj: Obj, offset: Linear, nullness: Nullness) -> Self {
        Self { targets: smallvec::smallvec![Target::new(obj, offset)], nullness, elsewhere: false }
    }

    /// Null.
    pub(crate) fn null(why: NullWhy) -> Self {
        Self { targets: SmallVec::new(), nullness: Nullness::always(why), elsewhere: false }
    }

    /// An address of which nothing is known.
    pub(crate) fn unknown(nullness: Nullness) -> Self {
        Self { targets: SmallVec::new(), nullness, elsewhere: true }
    }

    /// The only target, when the address can be nowhere else.
    pub(crate) fn only(&self) -> Option<&Target> {
        match self.targets.as_slice() {
            [target] if !self.elsewhere => Some(target),
            _ => None,
        }
    }

    /// Whether it is null for certain.
    pub(crate) fn is_null(&self) -> bool {
        !self.nullness.address
    }
}

/// The abstract value of an instruction or of a place in memory.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Val {
    /// A number.
    Num(Linear),
    /// An address; of a record, that of the object that holds its bytes: nothing else does.
    Ptr(Rc<Pointer>),
    /// Indeterminate: nothing set it.
    Uninit,
    /// Anything.
    Top,
}

impl From<Pointer> for Val {
    fn from(pointer: Pointer) -> Self {
        Self::Ptr(Rc::new(pointer))
    }
}

impl Val {
    /// A constant number.
    pub(crate) fn constant(number: i128) -> Self {
        Self::Num(Linear::constant(number))
    }

    /// Calls `f` with each linear form.
    pub(crate) fn for_each_form(&self, mut f: impl FnMut(&Linear)) {
        match self {
            Self::Num(form) => f(form),
            Self::Ptr(pointer) => {
                for target in &pointer.targets {
                    f(&target.offset);
                    let mut region = target.region.as_deref();
                    while let Some(part) = region {
                        f(&part.start);
                        region = part.outer.as_deref();
                    }
                }
            }
            Self::Uninit | Self::Top => {}
        }
    }

    /// Whether a form speaks of the variable.
    pub(crate) fn mentions(&self, var: Var) -> bool {
        match self {
            Self::Num(form) => form.mentions(var),
            Self::Ptr(pointer) => pointer.targets.iter().any(|target| {
                target.offset.mentions(var) || target.region.as_ref().is_some_and(|region| region.mentions(var))
            }),
            Self::Uninit | Self::Top => false,
        }
    }

    /// Whether it is an address that may be one of the object.
    pub(crate) fn leads_to(&self, obj: Obj) -> bool {
        matches!(self, Self::Ptr(pointer) if pointer.targets.iter().any(|target| target.obj == obj))
    }

    /// What points to one object points to another one.
    pub(crate) fn rename(&mut self, from: Obj, to: Obj) {
        let Self::Ptr(pointer) = self else { return };
        if !pointer.targets.iter().any(|target| target.obj == from) {
            return;
        }
        let pointer = Rc::make_mut(pointer);
        for target in pointer.targets.iter_mut().filter(|target| target.obj == from) {
            target.obj = to;
        }
        pointer.targets.sort_by_key(|target| target.obj);
        pointer.targets.dedup_by_key(|target| target.obj);
    }

    /// Whether two values differ in more than numbers.
    pub(crate) fn same_shape(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Num(_), Self::Num(_)) | (Self::Uninit, Self::Uninit) | (Self::Top, Self::Top) => true,
            (Self::Ptr(a), Self::Ptr(b)) => {
                a.elsewhere == b.elsewhere
                    && (a.nullness.null, a.nullness.address) == (b.nullness.null, b.nullness.address)
                    && a.targets.len() == b.targets.len()
                    && a.targets.iter().zip(&b.targets).all(|(x, y)| x.obj == y.obj)
            }
            _ => false,
        }
    }
}

/// Whether an object lives.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Life {
    /// It does.
    Alive,
    /// It was given back here.
    Freed(Value),
    /// It may have been given back here.
    MaybeFreed(Value),
    /// Its scope has ended.
    Ended,
}

/// What the bytes hold that no cell describes.
#[derive(Clone, Copy, PartialEq, Eq, Hash, Debug)]
pub(crate) enum Content {
    /// Anything.
    Unknown,
    /// What it held when the function was called.
    Entry,
    /// Nothing was written yet.
    Indeterminate,
    /// Zeros.
    Zero,
}

/// A string in an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) enum Text {
    /// Nothing is known.
    Unknown,
    /// The first zero byte stands at this offset.
    Length(Linear),
    /// No byte in front of this offset is zero, or no character where they take several bytes; nothing is known of those behind.
    Filled(Linear),
    /// Bytes up to this offset were written without a terminator, and none is known to be behind them.
    Unterminated(Linear),
}

/// What changes of an object.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct ObjState {
    /// Whether it lives.
    pub(crate) life: Life,
    /// Its size in bytes; `None` where nothing is known of it.
    pub(crate) size: Option<Linear>,
    /// What its bytes hold beside the cells.
    pub(crate) content: Content,
    /// The string in it.
    pub(crate) text: Text,
    /// Whether code that is not seen may know its address.
    pub(crate) escaped: bool,
    /// Whether it stands for several objects.
    pub(crate) several: bool,
    /// Whether its bytes come from outside: which source.
    pub(crate) taint: Option<TaintId>,
    /// The call that looked at the file of that name, when it is a name, and whether it followed links.
    pub(crate) checked: Option<(Value, bool)>,
}

impl ObjState {
    /// Whether a form speaks of the variable.
    pub(crate) fn mentions(&self, var: Var) -> bool {
        let text = match &self.text {
            Text::Unknown => false,
            Text::Length(form) | Text::Filled(form) | Text::Unterminated(form) => form.mentions(var),
        };
        text || self.size.as_ref().is_some_and(|size| size.mentions(var))
    }
}

assay_index::define_id!(
    /// Where untrusted data comes in, as one function's analysis knows it.
    pub(crate) struct TaintId, "taint"
);

/// A place where untrusted data comes in.
#[derive(Clone, PartialEq, Eq, Hash, Debug)]
pub(crate) struct Taint {
    /// What it is, in words: ``bytes that `read` gives``.
    pub(crate) what: String,
    /// From whom.
    pub(crate) kind: SourceKind,
    /// The instruction of this function that brings it in.
    pub(crate) at: Option<Value>,
    /// Whether it was looked at for `/`, and has none.
    pub(crate) no_slash: bool,
}

impl Taint {
    /// Where it comes in first, of the places that it came through.
    pub(crate) fn first(&self) -> &str {
        self.what.rsplit(", which is set from ").next().unwrap_or(&self.what)
    }
}

/// Who controls untrusted data.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Debug)]
pub enum SourceKind {
    /// Peers on the network, and whoever wrote a file that the program reads.
    Remote,
    /// Whoever calls a library, and passes on what others sent.
    Caller,
    /// The user who starts the program: arguments and environment.
    Local,
    /// Nobody: a number that is drawn at random, which may be every one that there is.
    Chance,
}

/// The taints of a function.
#[derive(Default)]
pub(crate) struct Taints {
    infos: IndexVec<TaintId, Taint>,
    ids: FxHashMap<Taint, TaintId>,
}

impl Taints {
    /// The id of a taint.
    pub(crate) fn intern(&mut self, taint: Taint) -> TaintId {
        if let Some(id) = self.ids.get(&taint) {
            return *id;
        }
        let id = self.infos.push(taint.clone());
        self.ids.insert(taint, id);
        id
    }

    /// The taint behind an id.
    pub(crate) fn get(&self, id: TaintId) -> &Taint {
        &self.infos[id]
    }
}

/// Two taints are one: the earlier.
pub(crate) fn join_taint(a: Option<TaintId>, b: Option<TaintId>) -> Option<TaintId> {
    match (a, b) {
        (Some(a), Some(b)) => Some(if a.index() <= b.index() { a } else { b }),
        (a, b) => a.or(b),
    }
}
