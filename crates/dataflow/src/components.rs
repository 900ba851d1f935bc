//! Strongly connected components of a graph.

use assay_index::{Idx, IndexVec};

/// The components of a graph by Tarjan's algorithm, without recursion. A component comes after those that its edges lead to.
pub fn components<I: Idx>(edges: &IndexVec<I, Vec<I>>) -> Vec<Vec<I>> {
    const NEW: u32 = u32::MAX;
    let count = edges.len();
    let mut index: IndexVec<I, u32> = IndexVec::from_elem(NEW, count);
    let mut low: IndexVec<I, u32> = IndexVec::from_elem(0, count);
    let mut on_stack: IndexVec<I, bool> = IndexVec::from_elem(false, count);
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

    assay_index::define_id!(
        struct Node, "n"
    );

    #[test]
    fn callees_come_before_callers_and_cycles_together() {
        let f = Node::new;
        let edges: IndexVec<Node, Vec<Node>> =
            IndexVec::from_raw(vec![vec![f(1)], vec![f(2)], vec![f(1), f(3)], vec![]]);
        assert_eq!(components(&edges), vec![vec![f(3)], vec![f(1), f(2)], vec![f(0)]]);
    }
}
