//! What stands before an operation: the checks of access on its function, in it and on its class, those of every request,
//! wrappers where it is registered, and policies by the name of the operation.

use super::Operation;
use crate::access::guards::{Guard, Guards, access_of, is_check, name_of_callee};
use crate::access::vocabulary::guard_by_name;
use crate::code::Code;
use assay_finding::{EntryGuard, GuardKind};
use assay_ir::{Op, Value};
use assay_models::EntryKind;
use assay_resolve::FuncId;

/// Guards that are listed of one operation.
const MAX_GUARDS: usize = 24;

/// What stands before operations.
pub(super) struct Standing<'c, 'a> {
    code: &'c Code<'a>,
    access: &'c Guards,
}

impl<'c, 'a> Standing<'c, 'a> {
    pub(super) fn new(code: &'c Code<'a>, access: &'c Guards) -> Self {
        Self { code, access }
    }

    pub(super) fn of(&self, operation: &Operation) -> Vec<EntryGuard> {
        let mut out = Vec::new();
        if matches!(operation.kind, EntryKind::Http | EntryKind::Websocket) {
            for guard in &self.access.everywhere {
                self.push(GuardKind::Middleware, guard, &mut out);
            }
        }
        for (f, call) in &operation.wrappers {
            self.wrapper(*f, *call, &mut out);
        }
        for f in &operation.functions {
            let class = self.code.res.program.functions[*f].class.or(operation.class);
            for guard in self.access.on(*f) {
                self.push(GuardKind::Decorator, guard, &mut out);
            }
            for guard in class.map_or_else(Vec::new, |class| self.access.of_class(self.code, class)) {
                self.push(GuardKind::Class, &guard, &mut out);
            }
            for guard in self.access.of_function(self.code, *f) {
                self.push(GuardKind::Call, &guard, &mut out);
            }
        }
        if let (true, Some(class)) = (operation.functions.is_empty(), operation.class) {
            for guard in self.access.of_class(self.code, class) {
                self.push(GuardKind::Class, &guard, &mut out);
            }
        }
        if let Some(policy) = &operation.policy {
            out.push(EntryGuard { kind: GuardKind::Policy, name: policy.clone(), place: None });
        }
        out.truncate(MAX_GUARDS);
        out
    }

    fn push(&self, kind: GuardKind, guard: &Guard, out: &mut Vec<EntryGuard>) {
        if !is_check(guard.kind) {
            return;
        }
        let place = self.code.place(guard.function, guard.span);
        // What stands on the function and on its class is among all guards of the function, too.
        if !out.iter().any(|known| known.name == guard.name && known.place.as_ref() == Some(&place)) {
            out.push(EntryGuard { kind, name: guard.name.clone(), place: Some(place) });
        }
    }

    /// A call that wraps the function where it is registered, if it is there to check.
    fn wrapper(&self, f: FuncId, call: Value, out: &mut Vec<EntryGuard>) {
        let Op::Call { func, .. } = self.code.op(f, call) else { return };
        let callee = match self.code.op(f, *func) {
            Op::Call { func: made_by, .. } => *made_by,
            _ => *func,
        };
        let Some(name) = name_of_callee(self.code, f, callee) else { return };
        let modelled = self.code.res.apis_of(f, callee).find_map(|api| access_of(self.code, api));
        if modelled.or_else(|| guard_by_name(None, name)).is_some_and(is_check) {
            let place = Some(self.code.place(f, self.code.span(f, *func)));
            out.push(EntryGuard { kind: GuardKind::Decorator, name: name.to_owned(), place });
        }
    }
}
