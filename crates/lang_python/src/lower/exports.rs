//! The names in `__all__`, as far as they are literal.

use super::Lowering;
use assay_index::Symbol;
use ruff_python_ast::{Expr, Operator, Stmt};

impl Lowering<'_> {
    pub(super) fn exports(&mut self, statements: &[Stmt]) -> Option<Vec<Symbol>> {
        let mut exports = None;
        self.find_exports(statements, &mut exports);
        exports
    }

    fn find_exports(&mut self, statements: &[Stmt], exports: &mut Option<Vec<Symbol>>) {
        for statement in statements {
            match statement {
                Stmt::Assign(assign) if assign.targets.iter().any(is_all) => {
                    let mut names = Vec::new();
                    self.literal_names(&assign.value, exports.as_deref(), &mut names);
                    *exports = Some(names);
                }
                Stmt::AnnAssign(assign) if is_all(&assign.target) => {
                    let mut names = Vec::new();
                    assign.value.iter().for_each(|v| self.literal_names(v, exports.as_deref(), &mut names));
                    *exports = Some(names);
                }
                Stmt::AugAssign(assign) if is_all(&assign.target) && assign.op == Operator::Add => {
                    let mut names = exports.take().unwrap_or_default();
                    self.literal_names(&assign.value, None, &mut names);
                    *exports = Some(names);
                }
                Stmt::Expr(statement) => self.exports_call(&statement.value, exports),
                Stmt::If(statement) => {
                    self.find_exports(&statement.body, exports);
                    statement.elif_else_clauses.iter().for_each(|c| self.find_exports(&c.body, exports));
                }
                Stmt::Try(statement) => {
                    self.find_exports(&statement.body, exports);
                    for handler in &statement.handlers {
                        let ruff_python_ast::ExceptHandler::ExceptHandler(handler) = handler;
                        self.find_exports(&handler.body, exports);
                    }
                    self.find_exports(&statement.orelse, exports);
                    self.find_exports(&statement.finalbody, exports);
                }
                Stmt::With(statement) => self.find_exports(&statement.body, exports),
                _ => {}
            }
        }
    }

    /// `__all__.append(…)`, `.extend(…)`, `.remove(…)`
    fn exports_call(&mut self, call: &Expr, exports: &mut Option<Vec<Symbol>>) {
        let Expr::Call(call) = call else { return };
        let Expr::Attribute(method) = &*call.func else { return };
        let ([argument], true) = (&*call.arguments.args, is_all(&method.value)) else { return };
        let mut names = Vec::new();
        match (method.attr.as_str(), argument) {
            ("append" | "remove", Expr::StringLiteral(text)) => names.push(self.intern(text.value.to_str())),
            ("extend", list) => self.literal_names(list, None, &mut names),
            _ => return,
        }
        let all = exports.get_or_insert_default();
        if method.attr.as_str() == "remove" {
            all.retain(|name| !names.contains(name));
        } else {
            all.extend(names);
        }
    }

    fn literal_names(&mut self, value: &Expr, before: Option<&[Symbol]>, into: &mut Vec<Symbol>) {
        // Sums lean to the left; their terms are gathered without recursion.
        let (mut terms, mut left) = (Vec::new(), value);
        while let Expr::BinOp(sum) = left {
            if sum.op != Operator::Add {
                return;
            }
            terms.push(&*sum.right);
            left = &sum.left;
        }
        terms.push(left);
        for term in terms.into_iter().rev() {
            let elements = match term {
                Expr::List(list) => &list.elts,
                Expr::Tuple(tuple) => &tuple.elts,
                term if is_all(term) => {
                    into.extend(before.unwrap_or_default());
                    continue;
                }
                _ => continue,
            };
            for element in elements {
                if let Expr::StringLiteral(text) = element {
                    into.push(self.intern(text.value.to_str()));
                }
            }
        }
    }
}

fn is_all(expr: &Expr) -> bool {
    matches!(expr, Expr::Name(name) if name.id.as_str() == "__all__")
}
