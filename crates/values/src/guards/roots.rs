//! Bases that hold everything.
//!
//! Nothing lies outside of the root of the file system. Where a check of a path is left out because the base is that
//! root, no path needs it: `if dirname(root) != root: check(path)`.

use super::collect::Collector;
use assay_ir::{CompareOp, Op, Value};

impl Collector<'_, '_> {
    /// Whether an outcome of a condition says that a folder is the root of the file system: it is its own parent.
    pub(super) fn is_file_root(&self, cond: Value, truth: bool) -> bool {
        let (cond, truth) = self.without_not(cond, truth);
        let Op::Compare(op, left, right) = self.cx.op(cond) else { return false };
        match op {
            CompareOp::Eq if truth => {}
            CompareOp::NotEq if !truth => {}
            _ => return false,
        }
        self.is_parent(*left, *right) || self.is_parent(*right, *left)
    }

    fn is_parent(&self, parent: Value, folder: Value) -> bool {
        let same = |v: Value| self.keys.canonical(v) == self.keys.canonical(folder);
        match self.cx.op(parent) {
            Op::Call { .. } => {
                let callee = self.cx.callee(parent);
                callee.path().is_some_and(|p| p.rsplit('.').next() == Some("dirname"))
                    && callee.positional(0).is_some_and(same)
            }
            Op::Attr(base, name) => self.cx.strings.resolve(*name) == "parent" && same(*base),
            _ => false,
        }
    }
}
