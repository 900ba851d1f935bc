//! The class hierarchy: bases, linearisations, and who defines what.

use crate::{ApiId, ClsId, FuncId, Program};
use assay_index::{FxHashMap, FxHashSet, IndexVec, Symbol};
use assay_ir::{FunctionKind, Op, ParamKind, Value};
use assay_text::limits;
use smallvec::SmallVec;

/// The class hierarchy of a program.
pub struct Hierarchy {
    /// The linearisation (method resolution order) of each class, itself first.
    order: IndexVec<ClsId, Vec<ClsId>>,
    /// The library classes among the bases of a class and its ancestors.
    external: IndexVec<ClsId, Vec<ApiId>>,
    /// All classes derived from each, itself not among them.
    derived: IndexVec<ClsId, Vec<ClsId>>,
    /// The classes that some derived class brings together with each: neither comes from the other.
    siblings: IndexVec<ClsId, Vec<ClsId>>,
    /// The functions that class bodies define, by name; the last definition counts.
    methods: FxHashMap<(ClsId, Symbol), FuncId>,
    /// The names that a class body sets.
    class_names: FxHashSet<(ClsId, Symbol)>,
    /// Whether a class is test code.
    in_test: IndexVec<ClsId, bool>,
    /// Whether a class has methods of its own, and not only those that Python calls.
    has_methods: IndexVec<ClsId, bool>,
    /// The names that methods set on `self`.
    instance_names: FxHashSet<(ClsId, Symbol)>,
    /// The same, in the order of the code.
    set_on_self: FxHashMap<ClsId, Vec<Symbol>>,
}

impl Hierarchy {
    /// The names and methods of each class, without any base yet.
    pub fn new(program: &Program) -> Self {
        let mut this = Self {
            order: program.classes.ids().map(|c| vec![c]).collect(),
            external: IndexVec::from_elem(Vec::new(), program.classes.len()),
            derived: IndexVec::from_elem(Vec::new(), program.classes.len()),
            siblings: IndexVec::from_elem(Vec::new(), program.classes.len()),
            methods: FxHashMap::default(),
            class_names: FxHashSet::default(),
            in_test: program.classes.iter().map(|info| program.modules[info.module].test).collect(),
            has_methods: IndexVec::from_elem(false, program.classes.len()),
            instance_names: FxHashSet::default(),
            set_on_self: FxHashMap::default(),
        };
        for class in program.classes.ids() {
            for inst in &program.function(program.class_body(class)).insts {
                if let Op::StoreName(name, _) = inst.op {
                    this.class_names.insert((class, name));
                }
            }
        }
        for (id, info) in program.functions.iter_enumerated() {
            let Some(class) = info.class else { continue };
            let function = program.function(id);
            this.methods.insert((class, function.name), id);
            this.has_methods[class] |=
                function.kind == FunctionKind::Named && !program.strings.resolve(function.name).starts_with("__");
            if !function.params.first().is_some_and(|p| matches!(p.kind, ParamKind::Normal | ParamKind::PositionalOnly))
            {
                continue;
            }
            for inst in &function.insts {
                if let Op::StoreAttr { base, name, .. } = inst.op
                    && matches!(function.op(base), Op::Param(0))
                    && this.instance_names.insert((class, name))
                {
                    this.set_on_self.entry(class).or_default().push(name);
                }
            }
        }
        this
    }

    /// Takes in the bases of all classes.
    pub fn set_bases(&mut self, bases: &IndexVec<ClsId, Vec<ClsId>>, external: &IndexVec<ClsId, Vec<ApiId>>) {
        let mut state = IndexVec::from_elem(0u8, bases.len());
        for class in bases.ids() {
            linearise(class, bases, &mut self.order, &mut state);
        }
        for class in bases.ids() {
            for &ancestor in &self.order[class].clone()[1..] {
                // What tests derive says nothing about the program.
                let foreign = self.in_test[class] && !self.in_test[ancestor];
                if !foreign && self.derived[ancestor].len() < limits::MAX_SUBCLASSES {
                    self.derived[ancestor].push(class);
                }
            }
            let mut list: Vec<ApiId> = Vec::new();
            for ancestor in &self.order[class] {
                for api in &external[*ancestor] {
                    if !list.contains(api) {
                        list.push(*api);
                    }
                }
            }
            self.external[class] = list;
            if bases[class].len() > 1 && !self.in_test[class] {
                self.bring_together(class);
            }
        }
    }

    /// Notes which ancestors of a class have nothing to do with each other but for it.
    fn bring_together(&mut self, class: ClsId) {
        let ancestors = self.order[class][1..].to_vec();
        for &one in &ancestors {
            for &other in &ancestors {
                let apart = !self.order[one].contains(&other) && !self.order[other].contains(&one);
                let list = &mut self.siblings[one];
                if apart && list.len() < limits::MAX_SUBCLASSES && !list.contains(&other) {
                    list.push(other);
                }
            }
        }
    }

    /// The linearisation of a class, itself first.
    pub fn order(&self, class: ClsId) -> &[ClsId] {
        &self.order[class]
    }

    /// The classes derived from a class.
    pub fn derived(&self, class: ClsId) -> &[ClsId] {
        &self.derived[class]
    }

    /// The library classes that a class derives from, directly or not.
    pub fn external_bases(&self, class: ClsId) -> &[ApiId] {
        &self.external[class]
    }

    /// The method that a class body defines under a name.
    pub fn own_method(&self, class: ClsId, name: Symbol) -> Option<FuncId> {
        self.methods.get(&(class, name)).copied()
    }

    /// Whether the class's own body defines methods, and not only those that Python calls.
    pub fn has_methods(&self, class: ClsId) -> bool {
        self.has_methods[class]
    }

    /// The method that an instance of exactly this class has under a name.
    pub fn method(&self, class: ClsId, name: Symbol) -> Option<FuncId> {
        self.order[class].iter().find_map(|c| self.own_method(*c, name))
    }

    /// Whether the class's own body sets the name.
    pub fn sets_in_body(&self, class: ClsId, name: Symbol) -> bool {
        self.class_names.contains(&(class, name))
    }

    /// The class whose body gives instances of exactly `class` the name: itself, or the first that it derives from.
    pub fn declaring(&self, class: ClsId, name: Symbol) -> Option<ClsId> {
        self.order[class].iter().copied().find(|c| self.sets_in_body(*c, name))
    }

    /// What the body of the [declaring](Self::declaring) class sets the name to, when it does so at one place only.
    pub fn declaration(&self, program: &Program, class: ClsId, name: Symbol) -> Option<(FuncId, Value)> {
        program.class_store(self.declaring(class, name)?, name)
    }

    /// Whether a method of the class, or of one that it derives from or that derives from it, sets the name
    /// on `self`.
    pub fn sets_on_instance(&self, class: ClsId, name: Symbol) -> bool {
        self.order[class].iter().chain(&self.derived[class]).any(|c| self.instance_names.contains(&(*c, name)))
    }

    /// The classes whose variable of that name an instance of exactly `class` may show: those whose
    /// methods set it on `self`, and the first whose body sets it.
    pub fn holders(&self, class: ClsId, name: Symbol) -> Vec<ClsId> {
        let mut out = Vec::new();
        let mut in_body = false;
        for &c in &self.order[class] {
            let body = !in_body && self.class_names.contains(&(c, name));
            if body || self.instance_names.contains(&(c, name)) {
                out.push(c);
            }
            in_body |= body;
        }
        out
    }

    /// Like [`holders`](Self::holders), for an instance of `class` or of any class derived from it.
    pub fn virtual_holders(&self, class: ClsId, name: Symbol) -> Vec<ClsId> {
        let mut out = self.holders(class, name);
        for &sub in &self.derived[class] {
            for holder in self.holders(sub, name) {
                if !out.contains(&holder) {
                    out.push(holder);
                }
            }
        }
        out
    }

    /// The class that stands for an attribute's state: the most basic class of the linearisation that
    /// sets it, so that all who share the attribute share the cell.
    pub fn owner(&self, class: ClsId, name: Symbol) -> ClsId {
        let holder = |c: &&ClsId| self.instance_names.contains(&(**c, name)) || self.class_names.contains(&(**c, name));
        self.order[class].iter().rev().find(holder).copied().unwrap_or(class)
    }

    /// The classes that stand for the state of an attribute of whatever a method of `class` is called on: its
    /// [`owner`](Self::owner), or where no method of its own or of its bases sets the attribute, those of the classes
    /// that derived ones mix it with.
    pub fn owners(&self, class: ClsId, name: Symbol) -> SmallVec<[ClsId; 1]> {
        let mut out = SmallVec::from_iter([self.owner(class, name)]);
        if !self.order[class].iter().any(|c| self.instance_names.contains(&(*c, name))) {
            for &sibling in &self.siblings[class] {
                if self.instance_names.contains(&(sibling, name)) {
                    let owner = self.owner(sibling, name);
                    if !out.contains(&owner) {
                        out.push(owner);
                    }
                }
            }
        }
        out
    }

    /// The attributes that methods of a class and of its bases set on `self`.
    pub fn set_on_self(&self, class: ClsId) -> impl Iterator<Item = Symbol> + '_ {
        self.order[class].iter().filter_map(|c| self.set_on_self.get(c)).flatten().copied()
    }
}

/// C3, with depth-first order where C3 has no answer; cycles are cut.
fn linearise(
    class: ClsId,
    bases: &IndexVec<ClsId, Vec<ClsId>>,
    order: &mut IndexVec<ClsId, Vec<ClsId>>,
    state: &mut IndexVec<ClsId, u8>,
) {
    let mut stack = vec![class];
    while let Some(&at) = stack.last() {
        if state[at] == 2 {
            stack.pop();
            continue;
        }
        let first = std::mem::replace(&mut state[at], 1) == 0;
        let open: Vec<ClsId> = bases[at].iter().copied().filter(|b| state[*b] == 0).collect();
        if first && !open.is_empty() {
            stack.extend(open);
            continue;
        }
        let parents: Vec<ClsId> = bases[at].iter().copied().filter(|b| state[*b] == 2).collect();
        if let [only] = parents[..] {
            // The common case, in one pass.
            let above = order[only].iter().copied().filter(|c| *c != at).take(limits::MAX_ANCESTORS - 1);
            order[at] = std::iter::once(at).chain(above).collect();
            state[at] = 2;
            stack.pop();
            continue;
        }
        let mut lists: Vec<Vec<ClsId>> = parents.iter().map(|p| order[*p].clone()).collect();
        lists.push(parents);
        order[at] = merge(at, lists);
        state[at] = 2;
        stack.pop();
    }
}

fn merge(class: ClsId, mut lists: Vec<Vec<ClsId>>) -> Vec<ClsId> {
    let mut out = vec![class];
    loop {
        lists.retain(|l| !l.is_empty());
        if lists.is_empty() || out.len() >= limits::MAX_ANCESTORS {
            return out;
        }
        let good = lists.iter().map(|l| l[0]).find(|head| !lists.iter().any(|l| l[1..].contains(head)));
        let next = good.unwrap_or(lists[0][0]);
        if !out.contains(&next) {
            out.push(next);
        }
        for list in &mut lists {
            list.retain(|c| *c != next);
        }
    }
}
