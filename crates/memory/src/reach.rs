//! What code that is not seen may know and change.

use crate::analyzer::Analyzer;
use crate::state::State;
use crate::summary::Elsewhere;
use crate::value::{Obj, Origin, Val};

/// Objects that a summary names as handed to code that is not known.
const MAX_HANDED: usize = 16;

/// Variables, and what they lead to, that a summary names as changed.
const MAX_VARIABLES: usize = 16;

impl Analyzer<'_, '_> {
    /// Whether a caller can see that an object was changed: then that is part of the summary.
    pub(crate) fn changes(&mut self, obj: Obj, range: Option<(i64, i64)>) {
        if let Some(path) = self.names.path(obj) {
            // What a variable leads to, callers may know by another way.
            if path.parameter().is_none() && !path.steps.is_empty() {
                self.changes_elsewhere(Elsewhere::Found);
            }
            let changed = &mut self.summary.changed;
            let variables = changed.iter().filter(|(path, _)| path.parameter().is_none()).count();
            if path.parameter().is_none() && variables >= MAX_VARIABLES {
                self.changes_elsewhere(Elsewhere::Globals);
                return;
            }
            if changed.iter().any(|(p, r)| *p == path && (r.is_none() || *r == range)) {
                return;
            }
            if range.is_none() || changed.iter().filter(|(p, _)| *p == path).count() >= 12 {
                changed.retain(|(p, _)| *p != path);
                changed.push((path, None));
            } else {
                changed.push((path, range));
            }
        } else if matches!(self.names.objects.origin(obj), Origin::Global(_) | Origin::Loaded(_)) {
            let found = matches!(self.names.objects.origin(obj), Origin::Loaded(_));
            self.changes_elsewhere(if found { Elsewhere::Found } else { Elsewhere::Globals });
        }
    }

    fn changes_elsewhere(&mut self, elsewhere: Elsewhere) {
        if !self.leads_out.contains(self.block) {
            return;
        }
        self.summary.elsewhere = self.summary.elsewhere.max(elsewhere);
    }

    /// A function that is called changes what it finds addresses of: of those, callers may have put some where it looks.
    pub(crate) fn change_found(&mut self, state: &mut State, vals: &[Val]) {
        self.changes_elsewhere(Elsewhere::Found);
        let held = |state: &State, obj: Obj| -> Vec<Obj> {
            let pointers = state.cells_of(obj).filter_map(|(_, val)| match val {
                Val::Ptr(pointer) => Some(pointer),
                _ => None,
            });
            pointers.flat_map(|pointer| pointer.targets.iter().map(|target| target.obj)).collect()
        };
        let passed = vals.iter().filter_map(|val| match val {
            Val::Ptr(pointer) => Some(pointer),
            _ => None,
        });
        let mut work: Vec<Obj> = Vec::new();
        for target in passed.flat_map(|pointer| &pointer.targets) {
            work.extend(held(state, target.obj));
        }
        let mut seen: Vec<Obj> = Vec::new();
        while let Some(obj) = work.pop() {
            if seen.contains(&obj) {
                continue;
            }
            seen.push(obj);
            work.extend(held(state, obj));
            if matches!(self.names.objects.origin(obj), Origin::Local(_)) {
                state.lose_sight(obj);
            }
        }
    }

    /// Code that is not seen may know an address from now on.
    pub(crate) fn escape(&mut self, state: &mut State, val: &Val) {
        let Val::Ptr(pointer) = val else { return };
        let mut work: Vec<Obj> = pointer.targets.iter().map(|target| target.obj).collect();
        let mut seen: Vec<Obj> = Vec::new();
        while let Some(obj) = work.pop() {
            if seen.contains(&obj) {
                continue;
            }
            seen.push(obj);
            if let Some(parameter) = self.names.path(obj).and_then(|path| path.parameter())
                && !self.summary.kept.contains(&parameter)
            {
                self.summary.kept.push(parameter);
            }
            let object = self.object(state, obj);
            if object.escaped {
                continue;
            }
            object.escaped = true;
            for (_, val) in state.cells_of(obj) {
                if let Val::Ptr(pointer) = val {
                    work.extend(pointer.targets.iter().map(|target| target.obj));
                }
            }
        }
    }

    /// Code that is not seen may do anything to what an address leads to.
    pub(crate) fn havoc(&mut self, state: &mut State, val: &Val) {
        let Val::Ptr(pointer) = val else { return };
        let mut work: Vec<Obj> = pointer.targets.iter().map(|target| target.obj).collect();
        for obj in &work {
            if let Some(path) = self.names.path(*obj)
                && self.summary.handed.len() < MAX_HANDED
                && !self.summary.handed.contains(&path)
            {
                self.summary.handed.push(path);
            }
        }
        let mut seen: Vec<Obj> = Vec::new();
        while let Some(obj) = work.pop() {
            if seen.contains(&obj)
                || matches!(self.names.objects.origin(obj), Origin::Literal(..) | Origin::Function(_))
            {
                continue;
            }
            seen.push(obj);
            for (_, val) in state.cells_of(obj) {
                if let Val::Ptr(pointer) = val {
                    work.extend(pointer.targets.iter().map(|target| target.obj));
                }
            }
            self.changes(obj, None);
            state.lose_sight(obj);
            self.object(state, obj).escaped = true;
        }
    }

    /// Code that is not seen runs: it may change what is known by a name, or was handed out before.
    pub(crate) fn havoc_shared(&mut self, state: &mut State) {
        let shared: Vec<Obj> = state
            .objects
            .iter()
            .filter(|(obj, object)| match self.names.objects.origin(*obj) {
                Origin::Global(_) | Origin::Loaded(_) => true,
                Origin::Deref(..) => self.names.objects.info(*obj).shared,
                Origin::Local(_) | Origin::Heap(..) => object.escaped,
                _ => false,
            })
            .map(|(obj, _)| *obj)
            .collect();
        for obj in shared {
            state.lose_sight(obj);
        }
        state.disturbed = true;
        self.changes_elsewhere(Elsewhere::Globals);
    }
}
