//! The strongly connected components of the call graph, callees first.

use assay_index::{Idx, IndexVec};
use assay_ir::Op;
use assay_resolve::{FuncId, Resolution};

/// For each function, the functions whose summaries it needs.
pub(crate) fn callees(resolution: &Resolution<'_>) -> IndexVec<FuncId, Vec<FuncId>> {
    let program = &resolution.program;
    program
        .functions
        .ids()
        .map(|f| {
            let mut out: Vec<FuncId> =
                resolution.calls(f).iter().flat_map(|(_, t)| t.functions.iter().map(|t| t.function)).collect();
            crate::callbacks::called_back(resolution, f, &mut out);
            let module = program.functions[f].module;
            for (value, inst) in program.function(f).insts.iter_enumerated() {
                match inst.op {
                    Op::MakeFunction { function, .. } => out.push(program.func_id(module, function)),
                    Op::MakeClass { class, .. } => out.push(program.class_body(program.cls_id(module, class))),
                    Op::Attr(..) | Op::Item(..) | Op::Next(_) | Op::Enter(_) => {
                        out.extend(resolution.implicit_calls(f, value));
                    }
                    _ => {}
                }
            }
            out.extend(resolution.rendered_by(f));
            out.sort_unstable_by_key(|f| f.index());
            out.dedup();
            out
        })
        .collect()
}

/// Tarjan's algorithm, without recursion. Components come callees first.
pub(crate) fn components(edges: &IndexVec<FuncId, Vec<FuncId>>) -> Vec<Vec<FuncId>> {
    const NEW: u32 = u32::MAX;
    let count = edges.len();
    let mut index: IndexVec<FuncId, u32> = IndexVec::from_elem(NEW, count);
    let mut low: IndexVec<FuncId, u32> = IndexVec::from_elem(0, count);
    let mut on_stack: IndexVec<FuncId, bool> = IndexVec::from_elem(false, count);
    let mut stack = Vec::new();
    let mut out = Vec::new();
    let mut next = 0;
    for root in edges.ids() {
        if index[root] != NEW {
            continue;
        }
        let mut work = vec![(root, 0usize)];
        while let Some(&mut (at, ref mut edge)) = work.last_mut() {
            if *edge == 0 && index[at] == NEW {
                index[at] = next;
                low[at] = next;
                next += 1;
                stack.push(at);
                on_stack[at] = true;
            }
            if let Some(&to) = edges[at].get(*edge) {
                *edge += 1;
                if index[to] == NEW {
                    work.push((to, 0));
                } else if on_stack[to] {
                    low[at] = low[at].min(index[to]);
                }
                continue;
            }
            work.pop();
            if let Some(&(parent, _)) = work.last() {
                low[parent] = low[parent].min(low[at]);
            }
            if low[at] == index[at] {
                let mut component = Vec::new();
                while let Some(member) = stack.pop() {
                    on_stack[member] = false;
                    component.push(member);
                    if member == at {
                        break;
                    }
                }
                component.sort_unstable_by_key(|f| f.index());
                out.push(component);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn callees_come_before_callers_and_cycles_together() {
        let f = FuncId::new;
        let edges: IndexVec<FuncId, Vec<FuncId>> =
            IndexVec::from_raw(vec![vec![f(1)], vec![f(2)], vec![f(1), f(3)], vec![]]);
        assert_eq!(components(&edges), vec![vec![f(3)], vec![f(1), f(2)], vec![f(0)]]);
    }
}
